"""One run at a time in a folder: the second is told who is at work.

    with hold(Path("outputs")): ...

In      a folder.
Out     nothing; while the lock is held, .holder.json in the folder names process, host and time.
Never   outlives its holder: the system frees the lock of a process that was killed.
Needs   errors, records; filelock.  Used by runner.
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
def hold(out: Path) -> Iterator[None]:
    """Hold the folder; the system frees the lock when its holder ends, however it ends."""
    holder = out / ".holder.json"
    lock = filelock.FileLock(out / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise RunError(str(out), f"another run is at work: {_tell(holder)}", advice="wait for it, or end it") from error
    try:
        since = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        told = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
        holder.write_text(json.dumps(told), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _tell(holder: Path) -> str:
    """Say who holds the folder, as far as the holder has written it yet."""
    told = read_json(holder)
    return f"process {told.get('pid', '?')} on {told.get('host', '?')}, since {told.get('since', '?')}"
