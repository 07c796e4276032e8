"""What a person sees while a run goes on: a bar on a terminal, plain lines in a log.

In      the events of a run.
Out     text on stderr.
Never   prints a result, or a carriage return where nobody watches; stops a run because a line could not be shown.
Needs   terminals; tqdm for the bar.  Used by runner (which only calls it), run_logs, run_cli and cli.
"""

import contextlib
import sys

from csrbook.terminals import say

__all__ = ["Bar", "Both", "Lines", "Progress", "shown"]


class Progress:
    """What a run reports as it goes; this one says nothing."""

    def name(self, run: str) -> None:
        """The run gets its name: it has something to do."""

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
        say(f"{steps} notebook{'s' * (steps != 1)}, {cells} cells")

    def step(self, name: str, cells: int, done: str) -> None:
        self.count += 1
        say(f"[{self.count}/{self.steps}] {name}: {done}")


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


class Both(Progress):
    """What two others say; where one cannot, as on a terminal that went away, the other goes on."""

    def __init__(self, one: Progress, other: Progress) -> None:
        self.all = (one, other)

    def _tell(self, event: str, *told: object) -> None:
        for each in self.all:
            with contextlib.suppress(OSError):
                getattr(each, event)(*told)

    def name(self, run: str) -> None:
        self._tell("name", run)

    def begin(self, steps: int, cells: int) -> None:
        self._tell("begin", steps, cells)

    def cell(self) -> None:
        self._tell("cell")

    def step(self, name: str, cells: int, done: str) -> None:
        self._tell("step", name, cells, done)

    def end(self) -> None:
        self._tell("end")


def shown() -> Progress:
    """Return a bar where somebody watches, else plain lines."""
    return Bar() if sys.stderr.isatty() else Lines()
