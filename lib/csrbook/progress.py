"""What a person sees while a run goes on: a bar on a terminal, plain lines in a log.

In      the events of a run.
Out     text on stderr.
Never   prints a result, or a carriage return where nobody watches.
Needs   tqdm for the bar.  Used by runner (which only calls it) and cli.
"""

import sys

__all__ = ["Bar", "Lines", "Progress"]


class Progress:
    """What a run reports as it goes; this one says nothing."""

    def begin(self, steps: int, cells: int) -> None:
        """A run starts with so many notebooks, and so many code cells to execute."""

    def cell(self) -> None:
        """One code cell starts."""

    def step(self, name: str, cells: int, done: str) -> None:
        """One notebook of so many cells ended; `done` says how."""

    def end(self) -> None:
        """The run is over, whole or not."""


class Lines(Progress):
    """One line a notebook."""

    def __init__(self) -> None:
        self.steps = self.count = 0

    def begin(self, steps: int, cells: int) -> None:
        self.steps, self.count = steps, 0
        print(f"{steps} notebooks, {cells} cells", file=sys.stderr, flush=True)

    def step(self, name: str, cells: int, done: str) -> None:
        self.count += 1
        print(f"[{self.count}/{self.steps}] {name}: {done}", file=sys.stderr, flush=True)


class Bar(Progress):
    """One bar over the cells of all notebooks."""

    def begin(self, steps: int, cells: int) -> None:
        from tqdm import tqdm

        self.bar = tqdm(total=cells, unit="cell", file=sys.stderr, leave=False)
        self.due = 0

    def cell(self) -> None:
        self.bar.update()

    def step(self, name: str, cells: int, done: str) -> None:
        self.due += cells
        self.bar.update(self.due - self.bar.n)  # cells of a notebook that was not run, or injected ones
        self.bar.write(f"{name}: {done}", file=sys.stderr)

    def end(self) -> None:
        self.bar.close()
