"""Say what a run does: every notebook of the plan, and again for every contested choice of its grid, in a folder of its own.

    list_alternatives(step, values) -> (Alternative("bound-low", {"bound": "low"}), Alternative("bound-high", ...), ...)

In      a plan, the values of its parameters.
Out     alternatives in the order of the grid, one choice changed at a time, or every combination where the plan asks for
        the product, each with its folder <first folder of the notebook>/choices/<name>/; units, which are alternatives and
        notebooks, with what each has to wait for.
Never   runs anything, knows what a choice means, or lets one alternative see another.
Needs   plan, progress.  Used by executions, runner, storing.

One at a time says which choice moves a sentence, at the price of one kernel a value; the product of four choices would
start some ninety and would not say which of them did it.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from csrbook.plan import Plan, Step
from csrbook.progress import Progress

__all__ = ["AT_ONCE", "FOLDER", "Alternative", "Unit", "begin", "cells_of", "list_alternatives", "list_units", "name_all"]

AT_ONCE = 2  # kernels side by side: a small machine has two cores, and each holds some 200 MB
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


@dataclass(frozen=True, slots=True)
class Unit:
    """What one kernel does: a notebook of the plan itself, or one of its alternatives; `needs` names the units it waits for."""

    step: Step
    one: Alternative | None
    needs: frozenset[str]

    @property
    def name(self) -> str:
        """Tell it from all others of the plan; with a slash where it is an alternative."""
        return f"{self.step.output}/{self.one.name}" if self.one else self.step.output

    @property
    def allowed(self) -> tuple[str, ...]:
        """Files and folders that it may write, seen from the folder of the run."""
        return (self.one.folder(self.step),) if self.one else (*self.step.writes, self.step.output)

    def job_in(self, home: Path) -> tuple[Path, str]:
        """Return the file of the executed notebook in the folder of a run, made ready for it, and the name of the alternative."""
        target = home / (f"{self.one.folder(self.step)}/{self.step.output}" if self.one else self.step.output)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target, self.one.name if self.one else ""


def list_units(plan: Plan, values: Mapping[str, object]) -> list[Unit]:
    """Return all that a run does, in the order of the plan, alternatives before their notebook.

    A unit needs the notebooks before it that write what it reads, and those that write where it writes; a notebook needs its
    alternatives. Whatever else stands in the plan may run beside it.
    """
    units: list[Unit] = []
    for place, step in enumerate(plan.steps):
        touched = (*step.reads, *step.writes)
        needs = frozenset(other.output for other in plan.steps[:place] if any(_meet(a, b) for a in touched for b in other.writes))
        tried = [Unit(step, one, needs) for one in list_alternatives(step, values)]
        units += [*tried, Unit(step, None, needs | {unit.name for unit in tried})]
    return units


def _meet(path: str, other: str) -> bool:
    return Path(path).is_relative_to(other) or Path(other).is_relative_to(path)


def begin(progress: Progress, plan: Plan, values: Mapping[str, object]) -> None:
    """Tell how much there is to do; a notebook and its alternatives are one step."""
    progress.begin(len(plan.steps), sum(cells_of(step, list_alternatives(step, values)) for step in plan.steps))


def cells_of(step: Step, every: Sequence[Alternative]) -> int:
    """Return the cells of a notebook and of all its alternatives."""
    return step.cells * (1 + len(every))


def name_all(step: Step, every: Sequence[Alternative]) -> str:
    """Return what a line of progress calls a notebook with its alternatives."""
    return f"{step.output}, {len(every)} alternatives" if every else step.output


def _as_name(value: object) -> str:
    """Return a value as part of a folder's name on any system."""
    return re.sub(r"[^A-Za-z0-9_.]+", "_", str(value)).strip(".")[:40] or "none"
