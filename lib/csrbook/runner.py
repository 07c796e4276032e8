"""Run the notebooks of a plan into a new folder, and make it `latest` only when every cell ran.

In      a plan, parameters, the folder of all runs.
Out     outputs/<run>/ with the executed notebooks, what they wrote, and run.json; outputs/latest
        points to it. Notebooks whose inputs, parameters, code and library are those of the
        latest run are not run again: their files are copied from it. A notebook with a grid runs
        last of its alternatives, so that it can read what they wrote.
Never   touches `latest` before a run is whole, runs twice at once in one folder, or knows a claim.
Needs   alternatives, confirmations, decisions, digests, errors, locks, manifest, plan, progress, records; engine (papermill) only when
        something has to run.  Used by cli.
"""

import datetime
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from csrbook.alternatives import (
    FOLDER, Alternative, begin, find_strays, list_alternatives, name_all, run_alternatives, stamp_files,
)  # fmt: skip
from csrbook.confirmations import NAMES
from csrbook.decisions import CORRECTIONS
from csrbook.digests import FORMAT, are_intact, digest_files, digest_library, digest_of, read_versions, walk_files
from csrbook.errors import CsrbookError, NothingToRead, RunError, UsageError
from csrbook.locks import hold
from csrbook.manifest import MANIFEST
from csrbook.plan import OWN, RUN_DIR, VARIANT, Plan, Step, read_plan, resolve
from csrbook.progress import Progress
from csrbook.records import read_json, write_json

__all__ = ["Outcome", "run_workbook"]

BESIDE = (MANIFEST, NAMES, CORRECTIONS)
NEEDED = {"notebooks", "finish", "page", "pages"}  # without these a record tells nothing of what can be kept
Finish = Callable[[Path, dict, Path | None], Path]
PART = ".part"  # one name for every unfinished run: nothing in it may depend on the run's name


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
    engine: str = "own",
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
        "own": kernels of this interpreter; "stock": papermill's own engine.
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
        with hold(out):
            run = _Run(plan, values, out, finish, seal, progress or Progress())
            whole = None if force else run.find_unchanged()
            if whole:
                names = tuple(step.output for step in plan.steps)
                return Outcome(whole, run.page_of(whole), (), names, time.monotonic() - begun)
            return run.execute(engine, force, begun)
    except OSError as error:
        what = f"{error.strerror or error} ({error.filename})" if error.filename else str(error)
        raise RunError(str(out), what, advice="make room or choose another folder with --out") from error


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
        } | {RUN_DIR: ".", VARIANT: ""}
        self.inputs = {name: _digest_input(Path(str(values[name]))) for name in plan.paths if values[name]}
        self.digests = digest_library(plan.path.parent.parent / "requirements.lock")
        self.versions = read_versions()
        record = read_json(self.latest / "run.json")
        self.before = record if record.get("format") == FORMAT and record.keys() >= NEEDED else {}

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

    def execute(self, engine: str, force: bool, begun: float) -> Outcome:
        """Run what has to run in a fresh folder, then publish it; a failed run is kept beside `latest`."""
        if self.latest.exists() and not self.latest.is_symlink():
            raise RunError(str(self.latest), "is no link made by a run", advice="move it away")
        shutil.rmtree(self.work, ignore_errors=True)  # of a run that was killed
        self.work.mkdir()
        started, entries, written = _now(), [], {}
        name = _free_name(self.out, started)
        begin(self.progress, self.plan, self.values)
        try:
            for step in self.plan.steps:
                entries.append(self.do_step(step, written, engine, force))
                written |= entries[-1]["files"]
            page = self.finish(self.work, self.record(name, started, entries), self.run_before()) if self.finish else None
            pages = {file: sha for file, sha in digest_files(self.work).items() if file not in written}
            record = self.record(name, started, entries, pages, page)
            write_json(self.work / "run.json", record)
            if self.seal:
                self.seal(self.work)
        except Exception as error:
            advice = f"{self.keep_failed(name)} was kept; latest is as it was"
            if isinstance(error, CsrbookError):
                raise type(error)(error.where, error.what, error.expected, advice) from error
            raise RunError("after the last notebook", f"{type(error).__name__}: {error}", advice=advice) from error
        finally:
            self.progress.end()
        folder = self.publish(name)
        ran, copied = (tuple(e["output"] for e in entries if e["ran"] is how) for how in (True, False))
        page = folder / record["page"] if page else None
        return Outcome(folder, page, ran, copied, time.monotonic() - begun)

    def do_step(self, step: Step, written: Mapping[str, str], engine: str, force: bool) -> dict:
        """Run or copy one notebook, its alternatives first, and return its record."""
        tried = self.do_alternatives(step, written, engine, force)
        written = dict(written) | {file: sha for told in tried.values() for file, sha in told["files"].items()}
        begun = time.monotonic()
        entry = None if force else self.reusable(step, written)
        if entry:
            self.copy(entry["files"])
            self.progress.step(step.output, step.cells, "unchanged")
            return entry | {"ran": False} | ({"alternatives": tried} if tried else {})
        self.run_step(step, engine)
        own = {file: sha for file, sha in digest_files(self.work).items() if file not in written}
        own |= {file: sha for told in tried.values() for file, sha in told["files"].items()}
        seconds = round(time.monotonic() - begun, 2)
        self.progress.step(step.output, step.cells, f"{seconds:.1f} s")
        return {
            "file": step.file.name, "output": step.output, "code_sha256": step.code_sha256, "key": self.key(step, written),
            "parameters": self.parameters_of(step), "seconds": seconds, "ran": True, "files": own,
        } | ({"alternatives": tried} if tried else {})  # fmt: skip

    def do_alternatives(self, step: Step, written: Mapping[str, str], engine: str, force: bool) -> dict[str, dict]:
        """Run or copy the alternatives of a notebook and return their records by name."""
        begun, every = time.monotonic(), list_alternatives(step, self.values)
        found = {} if force else {one.name: self.reusable_alternative(step, written, one) for one in every}
        records = {name: told for name, told in found.items() if told}
        for told in records.values():
            self.copy(told["files"])
        wanted = [one for one in every if one.name not in records]
        seconds = run_alternatives(
            step, wanted, values=self.parameters_of(step), folder=self.work, home=self.work,
            engine=engine, cell_timeout=self.plan.cell_timeout, on_cell=self.progress.cell,
        )  # fmt: skip
        for one in wanted:
            files = {f"{one.folder(step)}/{name}": sha for name, sha in digest_files(self.work / one.folder(step)).items()}
            key = self.key(step, written, one.changed)
            records[one.name] = {"changed": dict(one.changed), "key": key, "seconds": seconds[one.name], "files": files}
        if every:
            done = f"{time.monotonic() - begun:.1f} s" if wanted else "unchanged"
            self.progress.step(name_all(step, every), len(every) * step.cells, done)
        return {one.name: records[one.name] for one in every}

    def copy(self, files: Iterable[str]) -> None:
        """Copy files of the latest run."""
        for file in files:
            (self.work / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.latest / file, self.work / file)

    def run_step(self, step: Step, engine: str) -> None:
        """Execute one notebook and hold it to what the plan says it writes."""
        from csrbook.engine import execute_notebook

        before = stamp_files(self.work)
        execute_notebook(
            step.file, self.work / step.output, parameters=self.parameters_of(step),
            folder=self.work, engine=engine, cell_timeout=self.plan.cell_timeout, on_cell=self.progress.cell,
        )  # fmt: skip
        strays, after = find_strays(self.work, before, (*step.writes, step.output))
        missing = [w for w in step.writes if not any(Path(f).is_relative_to(w) and f not in before for f in after)]
        if strays:
            raise RunError(step.file.name, f"wrote or changed {strays[0]}", f"only {', '.join(step.writes)}")
        if missing:
            raise RunError(step.file.name, f"did not write {missing[0]}", "all that plan.toml declares")

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
            "seconds": round((ended - started).total_seconds(), 2),
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
        link.unlink(missing_ok=True)
        link.symlink_to(name, target_is_directory=True)
        os.replace(link, self.latest)
        return folder

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
