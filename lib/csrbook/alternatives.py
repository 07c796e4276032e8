"""Run a notebook again for every contested choice of its grid, each into a folder of its own beside the results.

    list_alternatives(step, values) -> (Alternative("bound-low", {"bound": "low"}), Alternative("bound-high", ...), ...)

In      a step of the plan with a grid, the values of its parameters.
Out     alternatives in the order of the grid, one choice changed at a time, or every combination where the plan asks for
        the product; an executed notebook and what it wrote in <its first folder>/choices/<name>/.
Never   knows what a choice means, changes a result outside that folder, or lets one alternative see another.
Needs   digests, errors, plan, progress; engine (papermill) only when something has to run.  Used by runner, storing.

One at a time says which choice moves a sentence, at the price of one kernel a value; the product of four choices would
start some ninety and would not say which of them did it.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from csrbook.digests import walk_files
from csrbook.errors import RunError
from csrbook.plan import VARIANT, Plan, Step
from csrbook.progress import Progress

__all__ = ["FOLDER", "Alternative", "begin", "find_strays", "list_alternatives", "name_all", "run_alternatives", "stamp_files"]

FOLDER = "choices"  # inside the first folder that the notebook writes


@dataclass(frozen=True, slots=True)
class Alternative:
    """One run of a notebook with other choices: its name, and the parameters that differ from those of the run."""

    name: str
    changed: Mapping[str, object]

    def folder(self, step: Step) -> str:
        """Where it writes, seen from the folder of the run."""
        return f"{step.writes[0]}/{FOLDER}/{self.name}"


def list_alternatives(step: Step, values: Mapping[str, object]) -> tuple[Alternative, ...]:
    """Return the alternatives of a step; `values` are those that the notebook itself runs with, and are none of them."""
    others = {name: [value for value in grid if value != values[name]] for name, grid in step.grid.items()}
    if step.product:
        rows = itertools.product(*([(name, value) for value in (values[name], *others[name])] for name in others))
        changes = [{name: value for name, value in row if value != values[name]} for row in rows]
    else:
        changes = [{name: value} for name in others for value in others[name]]
    named: dict[str, Alternative] = {}
    for changed in filter(None, changes):
        name = "+".join(f"{name}-{_as_name(value)}" for name, value in changed.items())
        while name in named:  # "a b" and "a-b" make one name
            name += "-"
        named[name] = Alternative(name, changed)
    return tuple(named.values())


def run_alternatives(
    step: Step,
    wanted: Iterable[Alternative],
    *,
    values: Mapping[str, object],
    folder: Path,
    home: Path,
    engine: str = "own",
    cell_timeout: int | None = None,
    on_cell: Callable[[], None] = lambda: None,
) -> dict[str, float]:
    """Run alternatives, two at a time, and return the seconds of each by name.

    Parameters
    ----------
    step, wanted
        The notebook, and those of its alternatives that have to run.
    values
        Parameters that are passed to every one of them, below its own.
    folder, home
        The folder that the notebook runs in, and the folder of the run, where results lie.

    Raises
    ------
    RunError, NothingToRead
        One failed; the message names notebook and alternative.
    """
    wanted, jobs = tuple(wanted), []
    if not wanted:
        return {}
    from csrbook.engine import Job, execute_notebooks

    for one in wanted:
        place = home / one.folder(step)
        place.mkdir(parents=True, exist_ok=True)
        jobs.append(Job(step.file, place / step.output, dict(values) | dict(one.changed) | {VARIANT: one.name}, one.name))
    before = stamp_files(home)
    seconds = execute_notebooks(jobs, folder=folder, engine=engine, cell_timeout=cell_timeout, on_cell=on_cell)
    _check_written(step, wanted, home, before)
    return dict(zip((one.name for one in wanted), seconds, strict=True))


def _check_written(step: Step, wanted: Iterable[Alternative], home: Path, before: Mapping[str, object]) -> None:
    """Hold alternatives to their folders: each wrote there, and none of them elsewhere."""
    strays, after = find_strays(home, before, [one.folder(step) for one in wanted])
    if strays:
        raise RunError(step.file.name, f"an alternative wrote or changed {strays[0]}", f"only its folder in {step.writes[0]}/{FOLDER}")
    for one in wanted:
        if not any(Path(file).is_relative_to(one.folder(step)) and Path(file).name != step.output for file in after):
            raise RunError(f"{step.file.name} ({one.name})", "wrote nothing", f"results in {one.folder(step)}")


def begin(progress: Progress, plan: Plan, values: Mapping[str, object]) -> None:
    """Tell how much there is to do; the alternatives of a notebook are one step."""
    tried = [(step, len(list_alternatives(step, values))) for step in plan.steps]
    cells = sum(step.cells * (1 + count) for step, count in tried)
    progress.begin(len(tried) + sum(count > 0 for _, count in tried), cells)


def name_all(step: Step, every: Sequence[Alternative]) -> str:
    """Return what a line of progress calls them."""
    return f"{step.output}, {len(every)} alternatives"


def stamp_files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file, to see what a notebook touched."""
    stats = ((file, file.lstat()) for file in walk_files(folder))
    return {file.relative_to(folder).as_posix(): (s.st_size, s.st_mtime_ns) for file, s in stats}


def find_strays(folder: Path, before: Mapping[str, object], allowed: Iterable[str]) -> tuple[list[str], Mapping[str, object]]:
    """Return, sorted, the files that were changed or written where they should not be; and all that are there now."""
    after, allowed = stamp_files(folder), tuple(allowed)
    touched = {file for file in before.keys() | after.keys() if before.get(file) != after.get(file)}
    return sorted(f for f in touched if f in before or not any(Path(f).is_relative_to(w) for w in allowed)), after


def _as_name(value: object) -> str:
    """Return a value as part of a folder's name on any system."""
    return re.sub(r"[^A-Za-z0-9_.]+", "_", str(value)).strip(".")[:40] or "none"
