"""A folder of runs to be hard on: the real notebooks without the alternatives of the brief, a few documents, and what must hold afterwards.

    book = Book(Path("/tmp/x")); book.run(); book.require_whole(); book.require_seeds()

Everything is done through the command line and looked at in files, as a person would: it holds for any engine.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ground import HERE, ROOT

sys.path.insert(0, str(HERE.parent))
from hostile_seeds import MEADOW, MILL, ORCHARD  # noqa: E402

TEXTS = {"orchard.txt": ORCHARD, "meadow.txt": MEADOW, "mill.txt": MILL}
MARK = "CSRBOOK_TORTURE"  # in the environment of all that a book starts
BEFORE = re.compile(rb'(?i)since the run of [0-9-]+ [0-9:]+|"before": "[0-9TZ-]+"')  # where changes are told
PATIENCE = 600  # seconds for a command, on a machine that is very busy


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its code, and the last line that it told."""

    code: int
    told: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class Book:
    """Notebooks, documents and a folder of runs in a folder of their own."""

    home: Path
    real: bool = True  # the notebooks of the workbook; else the tiny ones of the tests
    steps: int = 0  # of the real ones only so many, without pages; 0 for all
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        (self.home / "notebooks").mkdir(parents=True)
        self.seeds.mkdir()
        if self.real:
            for path in sorted((ROOT / "notebooks").glob("0*.ipynb")):
                shutil.copy(path, self.plan.parent)
            plan = (ROOT / "notebooks" / "plan.toml").read_text(encoding="utf-8")
            plan = plan.partition("[notebook.grid]")[0]
            parts = plan.split("[[notebook]]")
            self.plan.write_text("[[notebook]]".join(parts[: self.steps + 1] if self.steps else parts), encoding="utf-8")
        else:
            for name in ("01_lists.ipynb", "02_counts.ipynb"):
                shutil.copy(HERE.parent / "notebooks" / name, self.plan.parent)
            self.plan.write_text(TINY, encoding="utf-8")
        shutil.copy(ROOT / "requirements.lock", self.home)
        for name, text in TEXTS.items():
            (self.seeds / name).write_text(text, encoding="utf-8")

    @property
    def plan(self) -> Path:
        return self.home / "notebooks" / "plan.toml"

    @property
    def seeds(self) -> Path:
        return self.home / "seeds"

    @property
    def out(self) -> Path:
        return self.home / "out"

    def command(self, *more: object, out: Path | None = None) -> list[str]:
        """Return the command line of a run."""
        gold = ["-p", "gold", ROOT / "tests" / "gold"] if self.real else []
        given = ["--plan", self.plan, "--seeds", self.seeds, "--out", out or self.out, *gold, *more]
        return [sys.executable, str(HERE / "command.py"), "run", *map(str, given)]

    def start(self, *more: object, out: Path | None = None, **options) -> subprocess.Popen:
        """Start a run; the options are those of `spawn`."""
        return self.spawn(self.command(*more, out=out)[2:], **options)

    def spawn(
        self, command: Sequence[object], *, before: tuple[str, ...] = (), env: Mapping[str, str] | None = None, **options
    ) -> subprocess.Popen:
        """Start a command of csrbook; `before` stands in front of its line."""
        stand_in = {"CSRBOOK_TINY": "1"} if self.steps or not self.real else {}
        return subprocess.Popen(
            [*before, sys.executable, str(HERE / "command.py"), *map(str, command)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=self.home,
            env=os.environ | {MARK: self.token, "PYTHONUTF8": "1"} | stand_in | dict(env or {}), **({"preexec_fn": _hear} | options),
        )  # fmt: skip

    def run(self, *more: object, **options) -> Ran:
        """Run to the end, and return how it ended."""
        return self.end(self.start(*more, **options))

    def end(self, process: subprocess.Popen) -> Ran:
        """Wait for a run, and hold it to leave no process and no traceback."""
        try:
            _, told = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        self.require_nobody()
        lines = tuple(line for line in told.splitlines() if line.strip())
        require("Traceback" not in told, f"a traceback: {told[-300:]}")
        return Ran(process.returncode, lines[-1] if lines else "", lines)

    def change(self, number: int) -> None:
        """Give one document another figure, so that every notebook has something to do."""
        text = TEXTS["orchard.txt"] + f"In 2021 the Larkspur Foundation gave {300 + number} lamps to schools.\n"
        (self.seeds / "orchard.txt").write_text(text, encoding="utf-8")

    def edit(self, name: str, source: str) -> None:
        """Put another last cell into a notebook."""
        path = self.plan.parent / name
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"][-1]["source"] = source
        path.write_text(json.dumps(notebook), encoding="utf-8")

    # ---- what must hold ------------------------------------------------------------------------------------------------

    def latest(self) -> str:
        return os.readlink(self.out / "latest") if (self.out / "latest").is_symlink() else ""

    def require_whole(self, out: Path | None = None) -> None:
        """Hold `latest` to be a whole run: every file as the record says, no other file, and the name that the record tells."""
        folder = (out or self.out) / "latest"
        record = json.loads((folder / "run.json").read_bytes())
        told = dict(record["pages"])
        for step in record["notebooks"]:
            told |= step["files"]
        require(bool(told) and record["run"] == folder.resolve().name, "the record is of another run")
        for name, sha in told.items():
            require(hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha, f"{name} is not what the record says")
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        left = sorted(there - told.keys() - {"run.json", "ro-crate-metadata.json"})
        require(not left, f"files that no record tells: {left[:3]}")

    def digest(self) -> dict[str, str]:
        """Return digests of the documents and of what is told of them."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(self.seeds.iterdir())}

    def files(self) -> dict[str, bytes]:
        """Return what the latest run holds, but for the records that tell its time and name, and the name of the run before."""
        folder = self.out / "latest"
        never = {"run.json", "ro-crate-metadata.json"}
        return {
            path.relative_to(folder).as_posix(): BEFORE.sub(b"", path.read_bytes())
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in never
        }  # fmt: skip

    def processes(self) -> list[int]:
        """Return the processes that were started from here and are alive."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                alive = place.joinpath("stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
                if alive and f"{MARK}={self.token}".encode() in place.joinpath("environ").read_bytes():
                    found.append(int(place.name))
            except OSError:
                continue
        return found

    def require_nobody(self, seconds: float = 30) -> None:
        """Hold that nobody is left soon."""
        end = time.monotonic() + seconds
        while left := self.processes():
            if time.monotonic() > end:
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                raise Broken(f"{len(left)} processes were left")
            time.sleep(0.1)

    def require_clean(self) -> None:
        """Hold the folder of runs to hold runs alone."""
        left = {path.name for path in self.out.iterdir()} & {".part", ".latest", ".holder.json"}
        require(not left, f"left behind: {sorted(left)}")


class Broken(AssertionError):
    """A promise was not kept."""


def require(kept: bool, told: str) -> None:
    """Raise Broken unless a promise was kept."""
    if not kept:
        raise Broken(told)


def require_line(ran: Ran, code: int, *words: str) -> None:
    """Hold a run to its exit code, and its last line to say what to do."""
    require(ran.code == code, f"exit {ran.code} and not {code}: {ran.told}")
    missing = [word for word in words if word not in ran.told]
    require(not missing, f"the line says nothing of {missing}: {ran.told}")


def _hear() -> None:
    """Switch on the signals that a shell switches off for what runs in the background."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def scratch() -> tempfile.TemporaryDirectory:
    """Return a folder that goes away."""
    return tempfile.TemporaryDirectory(prefix="csrbook-torture-", ignore_cleanup_errors=True)


TINY = """
paths = ["seeds"]
[[notebook]]
file = "01_lists.ipynb"
reads = ["{seeds}"]
writes = ["01-lists"]
[[notebook]]
file = "02_counts.ipynb"
reads = ["01-lists"]
writes = ["02-counts.csv"]
"""
