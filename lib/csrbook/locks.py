"""One at a time in a folder: the second is told who is at work, on what, since when.

    with hold(Path("outputs")): ...

In      a folder, and in a word what is done in it.
Out     nothing; while the lock is held, .holder.json in the folder names process, host, time and work.
Never   outlives its holder: the system frees the lock of a process that was killed, whatever its .holder.json still says.
Needs   errors, records; filelock.  Used by runner, retention, swaps, cli.
"""

import contextlib
import datetime
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import filelock

from csrbook.errors import RunError
from csrbook.records import read_json

__all__ = ["hold"]


@contextlib.contextmanager
def hold(out: Path, doing: str = "running the notebooks") -> Iterator[None]:
    """Hold the folder; the system frees the lock when its holder ends, however it ends.

    Raises
    ------
    RunError
        Another process holds it; which, on which machine, since when and with what is told.
    """
    holder = out / ".holder.json"
    lock = filelock.FileLock(out / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise RunError(str(out), _tell(holder), advice="wait for it, or end it") from error
    try:
        told = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now().isoformat(timespec="seconds"), "doing": doing}
        holder.unlink(missing_ok=True)  # never through a link that lies there
        holder.write_text(json.dumps(told), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _tell(holder: Path) -> str:
    """Say who holds the folder, as far as the holder has written it yet."""
    told = read_json(holder)
    if not told:
        return "another run is at work; which process it is cannot be read"
    who = f"process {told.get('pid', '?')} on {told.get('host', '?')}, since {told.get('since', '?')}"
    doing = f", {told['doing']}" if told.get("doing") else ""
    return f"another run is at work: {who}{_tell_age(told.get('since'))}{doing}"


def _tell_age(since: object) -> str:
    """Say how long that is; nothing where the time cannot be read or, by the clock of another machine, is yet to come."""
    try:
        minutes = int((_now() - datetime.datetime.fromisoformat(str(since))).total_seconds() // 60)
    except (TypeError, ValueError):
        return ""
    if minutes < 1:
        return "" if minutes < 0 else ", less than a minute ago"
    return f", {minutes} min ago" if minutes < 120 else f", {minutes // 60} h ago"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
