"""Run the notebooks of a plan into a new folder, and make it `latest` only when every cell ran.

In      a plan, parameters, the folder of all runs.
Out     outputs/<run>/ with the executed notebooks, what they wrote, and run.json; outputs/latest
        points to it. Notebooks whose inputs, parameters, code and library are those of the
        latest run are not run again: their files are copied from it. A notebook with a grid runs
        last of its alternatives, so that it can read what they wrote. What does not read each other runs side by side.
Never   touches `latest` before a run is whole, runs twice at once in one folder, or knows a claim.
Needs   alternatives, confirmations, decisions, digests, errors, executions, interrupts, locks, manifest, plan, progress, records, recovery,
        warming.  Used by cli.
"""

import datetime
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from csrbook.alternatives import FOLDER, Alternative, begin, list_alternatives
from csrbook.confirmations import NAMES
from csrbook.decisions import CORRECTIONS
from csrbook.digests import FORMAT, are_intact, digest_files, digest_library, digest_of, read_versions, walk_files
from csrbook.errors import CsrbookError, NothingToRead, RunError, UsageError
from csrbook.executions import Execution
from csrbook.interrupts import end_children
from csrbook.locks import hold
from csrbook.manifest import MANIFEST
from csrbook.plan import KEPT, OWN, RUN_DIR, VARIANT, Plan, Step, digest_notebook, read_plan, resolve
from csrbook.progress import Progress
from csrbook.records import write_json
from csrbook.recovery import CHANGED, KEEP, PART, clear_leftovers, explain_end, is_full, make_durable, name_changed, read_record, remove
from csrbook.warming import WarmProcess, start_warm

__all__ = ["Outcome", "run_workbook"]

BESIDE = (MANIFEST, NAMES, CORRECTIONS)
Finish = Callable[[Path, dict, Path | None], Path]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its folder, the notebooks that ran and those that were copied, the page to open."""

    folder: Path
    page: Path | None
    ran: tuple[str, ...]
    copied: tuple[str, ...]
    seconds: float


def run_workbook(
    plan: Plan | str | Path,
    *,
    seeds: str | Path | None = None,
    out: str | Path,
    parameters: Mapping[str, object] | None = None,
    engine: str = "warm",
    force: bool = False,
    finish: Finish | None = None,
    seal: Callable[[Path], object] | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Run the plan's notebooks in order and return where the results lie.

    Parameters
    ----------
    plan
        A plan or the path of its file.
    seeds
        Short for the parameter of that name.
    out
        Folder of all runs; made when absent.
    parameters
        Values by name, of exactly the declared types; an unknown name is refused.
    engine
        "warm": kernels forked from one process that has imported what notebooks need, where that is possible; "own": kernels of
        this interpreter, each started by itself; "stock": papermill's own engine.
    force
        Run everything, also when nothing changed.
    finish
        Called after the last notebook with the run's folder, what run.json will say as far as it is known, and the folder
        of the run before (None for a first one); returns the page to open.
    seal
        Called with the run's folder when run.json is written, before the run becomes `latest`; what it writes stands in no record.

    Raises
    ------
    RunError
        A notebook stopped, another run holds the folder, or the folder cannot be written.
    UsageError, NothingToRead
        A parameter or the plan does not fit; there is no file to read.
    """
    plan = plan if isinstance(plan, Plan) else read_plan(plan)
    given = dict(parameters or {}) | ({} if seeds is None else {"seeds": str(seeds)})
    values, out = resolve(plan, given), Path(out).resolve()
    _check_inputs(plan, values, out)
    begun = time.monotonic()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with hold(out), end_children():
            clear_leftovers(out)
            run = _Run(plan, values, out, finish, seal, progress or Progress())
            whole = None if force else run.find_unchanged()
            if whole:
                names = tuple(step.output for step in plan.steps)
                return Outcome(whole, run.page_of(whole), (), names, time.monotonic() - begun)
            warm = start_warm([step.file for step in plan.steps]) if engine == "warm" else None
            try:
                return run.execute(engine, force, begun, warm)
            finally:
                if warm:
                    warm.stop()
    except OSError as error:
        what = f"{error.strerror or error} ({error.filename})" if error.filename else str(error)
        need = "make room" if is_full(out, error) else "make it a folder that can be written"
        raise RunError(str(out), what, advice=f"{need}, or choose another with --out") from error


def _check_inputs(plan: Plan, values: Mapping[str, object], out: Path) -> None:
    """Refuse inputs that are absent, hold no file, or would contain their own results."""
    for name in {read.strip("{}") for step in plan.steps for read in step.reads if read.startswith("{")}:
        path = Path(str(values[name]))
        if not path.exists():
            raise NothingToRead(str(path), "no such file or folder", advice=f"correct {name}")
        if path.is_dir() and not any(True for _ in walk_files(path)):
            raise NothingToRead(str(path), "the folder holds no file", advice="put documents into it")
        if out.is_relative_to(path):
            raise UsageError(str(out), f"lies inside {name}", "results apart from inputs", "choose another --out")


class _Run:
    """One run in the making, beside the record of the latest whole one."""

    def __init__(
        self, plan: Plan, values: dict, out: Path, finish: Finish | None, seal: Callable | None, progress: Progress
    ) -> None:
        self.plan, self.out, self.finish, self.seal, self.progress = plan, out, finish, seal, progress
        self.work, self.latest = out / PART, out / "latest"
        # notebooks run inside the run's folder: seen from there a path is the same in every run
        self.values = {
            name: os.path.relpath(value, self.work) if name in plan.paths and value else value
            for name, value in values.items()
        } | {RUN_DIR: ".", VARIANT: "", KEPT: os.path.relpath(out / KEEP, self.work)}
        self.inputs = {name: _digest_input(Path(str(values[name]))) for name in plan.paths if values[name]}
        self.given, self.lock = values, plan.path.parent.parent / "requirements.lock"
        self.digests = digest_library(self.lock)
        self.versions = read_versions()
        self.before = read_record(self.latest)

    def key(self, step: Step, written: Mapping[str, str], changed: Mapping[str, object] | None = None) -> str:
        """Digest all that a notebook's results depend on; `written` are the files of the notebooks before.

        A notebook with a grid depends on what its alternatives wrote; each of those, on none of the others.
        """
        reads = {}
        for read in step.reads:
            if read.startswith("{"):
                reads[read] = self.inputs.get(read.strip("{}"))
            else:
                reads[read] = {name: sha for name, sha in written.items() if Path(name).is_relative_to(read)}
        tried = {name: sha for name, sha in written.items() if step.grid and Path(name).is_relative_to(f"{step.writes[0]}/{FOLDER}")}
        told = {
            "code": step.code_sha256,
            "parameters": self.parameters_of(step) | dict(changed or {}),
            "alternatives": {} if changed else tried,
            "digests": self.digests,
            "versions": self.versions,
            "reads": reads,
        }
        return digest_of(told)

    def parameters_of(self, step: Step) -> dict[str, object]:
        return {p.name: self.values[p.name] for p in step.parameters}

    def reusable_alternative(self, step: Step, written: Mapping[str, str], one: Alternative) -> dict | None:
        """Return the latest run's record of an alternative that would give the same again, if its files are whole."""
        for entry in self.before.get("notebooks", ()):
            told = entry.get("alternatives", {}).get(one.name) if entry["output"] == step.output else None
            if told and told["key"] == self.key(step, written, one.changed):
                return told if are_intact(self.latest, told["files"]) else None
        return None

    def reusable(self, step: Step, written: Mapping[str, str]) -> dict | None:
        """Return the latest run's record of a notebook that would give the same again, if its files are whole."""
        for entry in self.before.get("notebooks", ()):
            if entry["output"] == step.output and entry["key"] == self.key(step, written):
                return entry if are_intact(self.latest, entry["files"]) else None
        return None

    def find_unchanged(self) -> Path | None:
        """Return the latest run when a new one would repeat it file by file."""
        if not self.before or self.before["finish"] != _name(self.finish):
            return None
        if len(self.before["notebooks"]) != len(self.plan.steps) or not are_intact(self.latest, self.before["pages"]):
            return None
        written: dict[str, str] = {}
        for step in self.plan.steps:
            tried = [self.reusable_alternative(step, written, one) for one in list_alternatives(step, self.values)]
            if None in tried:
                return None
            for told in tried:
                written |= told["files"]
            entry = self.reusable(step, written)
            if entry is None:
                return None
            written |= entry["files"]
        return self.latest.resolve()

    def page_of(self, folder: Path) -> Path | None:
        page = self.before.get("page")
        return folder / page if page else None

    def execute(self, engine: str, force: bool, begun: float, warm: WarmProcess | None) -> Outcome:
        """Run what has to run in a fresh folder, then publish it; a failed run is kept beside `latest`."""
        if self.latest.exists() and not self.latest.is_symlink():
            raise RunError(str(self.latest), "is no link made by a run", advice="move it away")
        self.work.mkdir()
        started, entries = _now(), []
        name = _free_name(self.out, started)
        self.progress.name(name)
        begin(self.progress, self.plan, self.values)
        try:
            entries = Execution(self, engine=engine, force=force, warm=warm).perform()
            written = {file for entry in entries for file in entry["files"]}
            if warm:
                warm.stop()  # what follows has no use for it
            self.check_unchanged(entries)
            page = self.finish(self.work, self.record(name, started, entries), self.run_before()) if self.finish else None
            pages = {file: sha for file, sha in digest_files(self.work).items() if file not in written}
            record = self.record(name, started, entries, pages, page)
            write_json(self.work / "run.json", record)
            if self.seal:
                self.seal(self.work)
            make_durable(self.work)
        except Exception as error:
            advice = self.end_failed(name, error)
            if isinstance(error, CsrbookError):
                raise type(error)(error.where, error.what, error.expected, advice) from error
            where = "after the last notebook" if entries else "while notebooks ran"
            raise RunError(where, f"{type(error).__name__}: {error}", advice=advice) from error
        finally:
            self.progress.end()
        folder = self.publish(name)
        ran, copied = (tuple(e["output"] for e in entries if e["ran"] is how) for how in (True, False))
        page = folder / record["page"] if page else None
        return Outcome(folder, page, ran, copied, time.monotonic() - begun)

    def check_unchanged(self, entries: list[dict]) -> None:
        """Refuse a run whose code changed under its hands; what read documents that changed is not kept for the next run.

        Raises
        ------
        RunError
            A notebook or the library is no longer what it was at the start.
        """
        now = {step.file.name: digest_notebook(step.file) for step in self.plan.steps} | {"the library": digest_library(self.lock)}
        then = {step.file.name: step.code_sha256 for step in self.plan.steps} | {"the library": self.digests}
        for name in name_changed(then, now):
            raise RunError(name, CHANGED, "one and the same code from start to end", "run again")
        given = {name: _digest_input(Path(str(self.given[name]))) for name in self.inputs}
        changed = {f"{{{name}}}" for name in name_changed(self.inputs, given)}
        for step, entry in zip(self.plan.steps, entries, strict=True):
            if entry["ran"] and changed.intersection(step.reads):
                entry["key"] = CHANGED
                entry["alternatives"] = {name: told | {"key": CHANGED} for name, told in entry.get("alternatives", {}).items()}

    def run_before(self) -> Path | None:
        """Return the folder of the latest whole run, whatever its record is worth."""
        return self.latest.resolve() if self.latest.is_dir() else None

    def record(
        self, name: str, started: datetime.datetime, entries: list, pages: dict | None = None, page: Path | None = None
    ) -> dict:
        """Return what run.json says; pages are not known before they are made."""
        ended = _now()
        return {
            "format": FORMAT,
            "run": name,
            "started": started.isoformat(timespec="seconds"),
            "ended": ended.isoformat(timespec="seconds"),
            "seconds": round(max(0.0, (ended - started).total_seconds()), 2),  # a clock may be set back
            "parameters": {n: v for n, v in self.values.items() if n not in OWN},
            "versions": self.versions,
            "digests": self.digests,
            "inputs": self.inputs,
            "notebooks": entries,
            "finish": _name(self.finish),
            "page": str(Path(page).relative_to(self.work)) if page else None,
            "pages": pages or {},
        }

    def publish(self, name: str) -> Path:
        """Give the run its name, then move `latest` onto it in one step."""
        folder, link = self.out / name, self.out / ".latest"
        self.work.rename(folder)
        link.symlink_to(name, target_is_directory=True)
        os.replace(link, self.latest)
        return folder

    def end_failed(self, name: str, error: Exception) -> str:
        """Keep a failed run, or make room where it failed for want of it; return what to do."""
        if is_full(self.out, error):
            remove(self.work)
            return "the disk is full: make room, or choose another folder with --out; latest is as it was"
        return "; ".join(filter(None, (explain_end(error), f"{self.keep_failed(name)} was kept; latest is as it was")))

    def keep_failed(self, name: str) -> str:
        """Keep the newest failed run, and only that one."""
        for old in self.out.glob("*.failed"):
            shutil.rmtree(old, ignore_errors=True)
        failed = self.out / f"{name}.failed"
        (self.work / "run.json").unlink(missing_ok=True)  # of a run that was not sealed: only whole runs have a record
        self.work.rename(failed)
        notebooks = sorted(failed.rglob("*.failed.ipynb"))
        return os.path.relpath(notebooks[-1] if notebooks else failed)


def _digest_input(path: Path) -> dict[str, str]:
    """Digest a folder, or a file with what is told of it beside it; hidden files are no documents."""
    beside = () if path.is_dir() else (path.with_name(name) for name in BESIDE)
    found = digest_files(path) | {name: sha for one in beside for name, sha in digest_files(one).items()}
    return {name: sha for name, sha in found.items() if not any(part.startswith(".") for part in PurePosixPath(name).parts)}


def _free_name(out: Path, when: datetime.datetime) -> str:
    """Return a UTC stamp that no run bears yet."""
    stamp = when.strftime("%Y%m%dT%H%M%SZ")
    names = [stamp, *(f"{stamp}-{n}" for n in range(2, 1000))]
    return next(n for n in names if not (out / n).exists() and not (out / f"{n}.failed").exists())


def _name(finish: Callable | None) -> str | None:
    return None if finish is None else f"{finish.__module__}.{finish.__qualname__}"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
