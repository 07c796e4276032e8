"""Run or copy every notebook of a run, and every alternative, side by side where the plan allows it, and tell what each did.

    Execution(run, engine="warm", force=False, warm=warm).perform() -> [{"file": "01_sources.ipynb", "ran": True, ...}, ...]

In      a run in the making: plan, values, folder, keys, what can be reused of the run before.
Out     a record a notebook, in the order of the plan, whichever ended first; executed notebooks and what they wrote, in the run's folder.
Never   lets the order in which notebooks end change a byte of results or of records, but for the seconds.
Needs   alternatives, digests, errors, plan, orders, warming, watches; engine (papermill) only when something has to run.  Used by runner.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from csrbook.alternatives import AT_ONCE, FOLDER, Unit, cells_of, list_alternatives, list_units, name_all
from csrbook.digests import digest_files
from csrbook.errors import RunError
from csrbook.orders import Task, perform
from csrbook.plan import VARIANT, Step
from csrbook.warming import WarmProcess
from csrbook.watches import Stray, Watch

__all__ = ["Execution"]


class Execution:
    """The notebooks of one run. All but the kernels' own work is done by the thread that calls `perform`."""

    def __init__(self, run: Any, *, engine: str, force: bool, warm: WarmProcess | None = None) -> None:
        self.run, self.engine, self.force, self.warm = run, engine, force, warm
        self.units = {unit.name: unit for unit in list_units(run.plan, run.values)}
        self.watch = Watch(run.work)
        self.written: dict[str, str] = {}  # digest of every file of what is finished
        self.records: dict[str, dict] = {}  # by unit
        self.reused: dict[str, dict] = {}
        self.jobs: dict[str, Any] = {}
        self.begun: dict[str, float] = {}  # by notebook, its alternatives among it
        self.kernels = None
        self.stack = contextlib.ExitStack()

    def perform(self) -> list[dict]:
        """Do all there is to do and return the records of the notebooks."""
        tasks = [
            Task(unit.name, unit.needs, partial(self.prepare, unit), partial(self.finish, unit), partial(self.end, unit))
            for unit in self.units.values()
        ]
        with self.stack:
            perform(tasks, at_once=AT_ONCE)
        return [self.records[step.output] for step in self.run.plan.steps]

    def prepare(self, unit: Unit) -> Callable[[], float] | None:
        """Copy what the latest run has of a unit, or return the work that makes it anew."""
        step, one = unit.step, unit.one
        self.begun.setdefault(step.output, time.monotonic())
        self.watch.begin(unit.name, unit.allowed)
        if not self.force:
            run = self.run
            told = run.reusable_alternative(step, self.written, one) if one else run.reusable(step, self.written)
            if told:
                self.copy(file for file in told["files"] if file not in self.written)
                self.reused[unit.name] = told
                return None
        return partial(self.execute, self.open_kernels(), self.make_job(unit))

    def open_kernels(self) -> Any:
        """Return where kernels start; the first that asks waits for papermill."""
        if self.kernels is None:
            from csrbook.engine import Kernels

            run = self.run
            opened = Kernels(run.work, engine=self.engine, cell_timeout=run.plan.cell_timeout, warm=self.warm)
            self.kernels = self.stack.enter_context(opened)
        return self.kernels

    def make_job(self, unit: Unit) -> Any:
        from csrbook.engine import Job

        target, name = unit.job_in(self.run.work)
        changed = dict(unit.one.changed) | {VARIANT: name} if unit.one else {}
        self.jobs[unit.name] = Job(unit.step.file, target, self.run.parameters_of(unit.step) | changed, name)
        return self.jobs[unit.name]

    def execute(self, kernels: Any, job: Any) -> float:
        """Run one notebook, in a thread, and return the seconds that it took."""
        begun = time.monotonic()
        kernels.execute(job, on_cell=self.run.progress.cell)
        return round(time.monotonic() - begun, 2)

    def end(self, unit: Unit) -> None:
        if self.kernels and unit.name in self.jobs:
            self.kernels.end(self.jobs[unit.name])

    def copy(self, files: Iterable[str]) -> None:
        """Copy files of the latest run."""
        for file in files:
            (self.run.work / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.run.latest / file, self.run.work / file)

    def finish(self, unit: Unit, seconds: float | None) -> None:
        """Hold a unit to what the plan says it writes, and make its record."""
        files = self.settle(unit)
        if unit.one:
            self.records[unit.name] = self.reused.get(unit.name) or {
                "changed": dict(unit.one.changed), "key": self.run.key(unit.step, self.written, unit.one.changed), "seconds": seconds,
                "files": self.digest(files),
            }  # fmt: skip
        else:
            self.records[unit.name] = self.record_step(unit.step, files, seconds)
        self.written |= self.records[unit.name]["files"]

    def record_step(self, step: Step, files: Iterable[str], seconds: float | None) -> dict:
        """Return the record of a notebook, and tell that it is done."""
        every = list_alternatives(step, self.run.values)
        units = {one.name: f"{step.output}/{one.name}" for one in every}
        tried = {name: self.records[unit] for name, unit in units.items()}
        told = self.reused.get(step.output)
        if told:
            record = told | {"ran": False}
        else:
            own = self.digest(files) | {file: sha for one in tried.values() for file, sha in one["files"].items()}
            record = {
                "file": step.file.name, "output": step.output, "code_sha256": step.code_sha256, "key": self.run.key(step, self.written),
                "parameters": self.run.parameters_of(step), "seconds": seconds, "ran": True, "files": own,
            }  # fmt: skip
        same = {step.output, *units.values()} <= self.reused.keys()
        done = "unchanged" if same else f"{time.monotonic() - self.begun[step.output]:.1f} s"
        self.run.progress.step(name_all(step, every), cells_of(step, every), done)
        return record | ({"alternatives": tried} if tried else {})

    def digest(self, files: Iterable[str]) -> dict[str, str]:
        return {file: sha for file in files for sha in digest_files(self.run.work / file).values()}

    def settle(self, unit: Unit) -> list[str]:
        """Return the files that a unit wrote; refuse those that it must not write, and miss those that it must."""
        step = unit.step
        try:
            files = self.watch.finish(unit.name)
        except Stray as stray:
            raise _blame(stray.file, [self.units[name] for name in stray.names]) from stray
        if unit.one and not any(file.rpartition("/")[2] != step.output for file in files):
            raise RunError(f"{step.file.name} ({unit.one.name})", "wrote nothing", f"results in {unit.one.folder(step)}")
        missing = [path for path in step.writes if not unit.one and not any(f == path or f.startswith(f"{path}/") for f in files)]
        if missing:
            raise RunError(step.file.name, f"did not write {missing[0]}", "all that plan.toml declares")
        return files


def _blame(file: str, units: list[Unit]) -> RunError:
    """Return the error of a file that one of these wrote or changed; where several ran, nobody can tell which."""
    steps = {unit.step.file.name: unit.step for unit in units}
    first = units[0].step
    if len(steps) > 1:
        return RunError(" or ".join(sorted(steps)), f"wrote or changed {file}", "only what plan.toml declares for each")
    if any(unit.one for unit in units):
        return RunError(first.file.name, f"an alternative wrote or changed {file}", f"only its folder in {first.writes[0]}/{FOLDER}")
    return RunError(first.file.name, f"wrote or changed {file}", f"only {', '.join(first.writes)}")
