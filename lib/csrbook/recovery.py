"""What a run needs so that whatever ends it leaves whole runs alone, and so that the next one goes on by itself.

    clear_leftovers(out); before = read_record(out / "latest"); ...; make_durable(folder)

In      the folder of all runs, or that of one run.
Out     a folder of runs without what a killed run left; a record that can be believed, or {}; files that survive a loss of power.
Never   follows a link that lies where a run writes, believes a record that names a file elsewhere, or removes a whole run.
Needs   digests, errors, records.  Used by runner.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from csrbook.digests import FORMAT, walk_files
from csrbook.errors import CsrbookError
from csrbook.records import read_json

__all__ = ["KEEP", "PART", "clear_leftovers", "explain_end", "is_full", "make_durable", "name_changed", "read_record", "remove"]

PART = ".part"  # one name for every unfinished run: nothing in it may depend on the run's name
KEEP = ".kept"  # the folder of what earlier runs read
LINK = ".latest"
NEEDED = {"notebooks", "finish", "page", "pages"}  # without these a record tells nothing of what can be kept
STEP = {"output": str, "key": str, "files": dict}
ROOM = 1 << 20  # bytes; where less is left the disk is full
DEAD, SHORT = "DeadKernelError", "MemoryError"
MEMORY = "the system ended it, as it does where memory runs out: free some, or read fewer documents at once"
CHANGED = "changed while the run went on"


def clear_leftovers(out: Path) -> None:
    """Remove what a run that was killed left in the folder of all runs, and a link out of it; call it with the lock held."""
    for name in (PART, LINK):
        remove(out / name)
    if (out / KEEP).is_symlink() or (out / KEEP).is_file():  # in its place a folder is made
        remove(out / KEEP)


def remove(path: Path) -> None:
    """Remove a file, a folder, or a link itself and never what it leads to.

    Raises
    ------
    OSError
        It is still there.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def read_record(folder: Path) -> Mapping[str, Any]:
    """Return run.json of a whole run, or {} where it is absent, damaged, of another format, or names files elsewhere."""
    record = read_json(folder / "run.json")
    steps = record.get("notebooks")
    sound = (
        record.get("format") == FORMAT
        and record.keys() >= NEEDED
        and isinstance(steps, list)
        and all(_is_step(step) for step in steps)
        and _are_files(record["pages"])
        and (record["page"] is None or _is_inside(record["page"]))
    )
    return record if sound else {}


def _is_step(told: object) -> bool:
    if not isinstance(told, dict) or not all(isinstance(told.get(key), kind) for key, kind in STEP.items()):
        return False
    tried = told.get("alternatives", {})
    if not isinstance(tried, dict) or not all(isinstance(one, dict) and "key" in one for one in tried.values()):
        return False
    return all(_are_files(one.get("files")) for one in (told, *tried.values()))


def _are_files(told: object) -> bool:
    return isinstance(told, dict) and all(_is_inside(name) and isinstance(sha, str) for name, sha in told.items())


def _is_inside(name: object) -> bool:
    """Whether a name stays inside the folder that it is read from."""
    path = PurePosixPath(name) if isinstance(name, str) and "\0" not in name else PurePosixPath("..")
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def make_durable(folder: Path) -> None:
    """Have the system write every file of a folder, and the folder itself, before it is given its name.

    After a loss of power `latest` is then the old run or the new one, each whole, on any file system that keeps the order of what
    it was told to write.
    """
    for path in (*walk_files(folder), *(Path(place) for place, _, _ in os.walk(folder)), folder.parent):
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOENT, errno.ENXIO):  # no plain file: nothing of ours
                continue
            raise
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # a file system that cannot
                raise
        finally:
            os.close(handle)


def is_full(folder: Path, error: BaseException) -> bool:
    """Whether a run failed because there was no room left: what it wrote must then make room for the next."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return True
        if isinstance(error, CsrbookError) and any(f"[Errno {code}]" in error.what for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)):
            return True
        error = error.__cause__
    with contextlib.suppress(OSError):  # the folder could not be made
        return shutil.disk_usage(folder).free < ROOM
    return False


def explain_end(error: Exception) -> str:
    """Return what to do about a notebook that the system ended, "" where that is not what happened."""
    told = str(error)
    return MEMORY if DEAD in told or SHORT in told else ""


def name_changed(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    """Yield the names that stand for something else now, or for nothing."""
    yield from sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
