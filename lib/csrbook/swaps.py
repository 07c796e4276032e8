"""Put a new folder in the place of an old one in one step, so that whoever looks finds the one or the other, whole.

    with make_aside(Path("outputs/site")) as fresh: ...     # fill `fresh`; it is outputs/site when the block ends

In      the path of a folder, which may be there already.
Out     the new folder under that path; the old one is gone.
Never   leaves half of a folder under the path, or nothing where something was: what was begun and killed is cleared by the next.
Needs   locks.  Used by harvests, publishing.
"""

import contextlib
import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from csrbook.locks import hold

__all__ = ["make_aside", "put_in_place"]

HERE = -100  # AT_FDCWD of Linux: paths as they are given
EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


@contextlib.contextmanager
def make_aside(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, and put it in its place when the block ends without an error.

    Raises
    ------
    RunError
        Another process does the same at the moment.
    OSError
        The folder cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    work = target.parent / f".{target.name}.part"
    if work.is_symlink():  # what it leads to is not ours to clear
        raise OSError(errno.ELOOP, f"{work.name} beside it is a link", str(work))
    work.mkdir(exist_ok=True)
    held = False
    try:
        with hold(work, "publishing"):
            held = True
            _recover(work, target)
            fresh = work / "new"
            fresh.mkdir()
            yield fresh
            put_in_place(fresh, target)
    finally:
        if held and not (work / ".holder.json").exists():  # else it is another's
            shutil.rmtree(work, ignore_errors=True)


def put_in_place(fresh: Path, target: Path) -> None:
    """Move `fresh` to `target`; a folder that was there lies under the name of `fresh` afterwards, or is gone if it was empty."""
    if not target.exists() or not any(target.iterdir()):
        os.rename(fresh, target)
    elif not _exchange(fresh, target):  # two steps where the system knows no single one
        old = fresh.with_name("old")
        os.rename(target, old)
        try:
            os.rename(fresh, target)
        except OSError:
            os.rename(old, target)
            raise


def _recover(work: Path, target: Path) -> None:
    """Clear what a killed process left; put the old folder back where it was killed between the two steps."""
    if (work / "old").exists() and not target.exists():
        os.rename(work / "old", target)
    for name in ("new", "old"):
        shutil.rmtree(work / name, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where the system or the disk cannot."""
    first, second = os.fsencode(one), os.fsencode(other)
    calls = {"renameat2": (HERE, first, HERE, second, EXCHANGE), "renamex_np": (first, second, EXCHANGE)}
    library = ctypes.CDLL(None)
    return any(call(*calls[name]) == 0 for name in calls if (call := getattr(library, name, None)))
