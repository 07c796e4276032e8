"""Keep a log of every run, beside the runs: what it was asked, what it did when, and why it stopped.

    log = RunLog(Path("outputs"), ["csrbook", "run"]);  ...;  log.close(0)          # outputs/logs/<run>.log

In      the events of a run, messages, an error.
Out     logs/<run>.log; <run>.failed.log where the run failed, <time>.refused.log where none began; a line each, its time in UTC before it.
Never   stands in the way of a run (a log that cannot be written is left out), follows a link, makes the folder of all runs,
        grows past SIZE, or lets a document's words steer the terminal it is read on.
Needs   digests, errors, exits, progress.  Used by run_cli; retention removes what is old.
"""

import contextlib
import datetime
import os
import re
import shlex
import socket
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from csrbook.digests import read_versions
from csrbook.errors import CsrbookError
from csrbook.exits import BAD_USE
from csrbook.progress import Progress

__all__ = ["LOGS", "RunLog"]

LOGS = "logs"  # in the folder of all runs, outside of every run: its bytes depend on no clock
SIZE, LINE, TRACE = 1_000_000, 4000, 400  # bytes of a log, characters of a line, lines of a traceback
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class RunLog(Progress):
    """The log of one run; it is written from the moment when the run has a name, so that a killed one leaves it too."""

    def __init__(self, out: Path, command: Sequence[str]) -> None:
        self.out, self.path, self.begun = Path(out), None, False
        self.lines: list[str] = []  # until there is a file
        self.size = 0
        self.started = _now()
        self._line(shlex.join(command))
        self.tell(f"process {os.getpid()} on {socket.gethostname()}, in {os.getcwd()}")
        self.tell(", ".join(f"{name} {version}" for name, version in read_versions().items()))

    def tell(self, text: str) -> None:
        """Add a line for every line of a text."""
        for line in COLOURS.sub("", text).splitlines() or [""]:
            self._line(line)

    def parameters(self, values: Mapping[str, object]) -> None:
        """Add the value of every parameter."""
        for name, value in values.items():
            self.tell(f"parameter {name} = {value!r}")

    def name(self, run: str) -> None:
        self._open(run)
        self.tell(f"run {run} in {self.out.absolute()}")

    def begin(self, steps: int, cells: int) -> None:
        self.begun = True
        self.tell(f"{steps} notebooks, {cells} cells")

    def step(self, name: str, cells: int, done: str) -> None:
        self.tell(f"{name}: {done}")

    def fail(self, error: BaseException, code: int | None) -> None:
        """Add what stopped the run, with the traceback of what nobody foresaw, and close the log under a name that says so."""
        self._line(f"stopped: {error}" if isinstance(error, CsrbookError) else f"stopped: {type(error).__name__}: {error}")
        if code != BAD_USE and not all(isinstance(one, CsrbookError) for one in _chain(error)):
            told = "".join(traceback.format_exception(error)).splitlines()
            self.tell("\n".join(told[-TRACE:]))
        if self.path is None:
            if not self.out.is_dir():
                return  # a refused run leaves nothing, and makes no folder
            self._open(f"{self.started:%Y%m%dT%H%M%SZ}-{os.getpid()}.refused")
        else:
            failed = self.path.with_name(f"{self.path.stem}.failed.log")
            with contextlib.suppress(OSError):
                self.path = self.path.rename(failed)
        self.close(code)

    def close(self, code: int | None) -> None:
        """Add the exit code and the time that all took."""
        took = (_now() - self.started).total_seconds()
        self.tell(f"ended by a signal or Ctrl-C, {took:.1f} s" if code is None else f"exit {code}, {took:.1f} s")

    def _open(self, name: str) -> None:
        path = self.out.absolute() / LOGS / f"{name}.log"
        try:
            path.parent.mkdir(exist_ok=True)
            if path.parent.is_symlink() or path.is_symlink():
                return
            path.write_text("".join(self.lines), encoding="utf-8", errors="backslashreplace")
        except OSError:
            return
        self.path, self.lines = path, []

    def _line(self, text: str) -> None:
        """Add one line, whatever the text holds: a line's end in a document's name begins no line of the log."""
        shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text[:LINE])
        self._add(f"{_now():%Y-%m-%dT%H:%M:%S.%f}"[:-3] + f"Z {shown}\n")

    def _add(self, line: str) -> None:
        self.size += len(line.encode("utf-8", "backslashreplace"))
        if self.size > SIZE:
            return
        if self.path is None:
            self.lines.append(line)
            return
        with contextlib.suppress(OSError), self.path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(line)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what caused it."""
    while error is not None:
        yield error
        error = error.__cause__


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
