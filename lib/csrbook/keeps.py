"""Keep what is dear to make, so that the next run need not make it again; to lose any of it changes no result.

    keep = Keep("outputs/.kept");  keep.get(key) or make(...);  keep.put(key, data);  keep.sweep()

In      bytes under a key: a hex digest of everything that they depend on.
Out     the same bytes, or None.
Never   gives bytes that are not those that were put, follows a link, touches a file that is not its own, or lets a full disk,
        a read-only folder or a damaged file reach the caller. It guards from damage, not from malice.
Needs   nothing but the standard library.  Used by yields.
"""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Keep"]

KEY = re.compile(r"[0-9a-f]{8,128}")
HOME = re.compile(r"[0-9a-f]{2}")  # entries lie in folders named by the first two digits: no folder grows beyond what disks like
PART = re.compile(r"\.[0-9a-f]+\.part")  # what is being written, or was when its writer ended
HEAD = b"csrbook keep 1 "
HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}  # to try again would fail again
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a pipe in the place of a file would be waited for
BINARY = getattr(os, "O_BINARY", 0)
AHEAD = 60 * 10**9  # ns: an entry from further in the future than this was stamped by a clock that was wrong


class Keep:
    """Bytes by key in a folder, for this run and the next; several processes may use it at once, and it can be pickled.

    Parameters
    ----------
    folder
        Made when the first entry is put; None or "" keeps nothing, and so does a link.
    """

    def __init__(self, folder: str | Path | None) -> None:
        self.folder = Path(folder) if folder else None
        self.opened = time.time_ns()
        self.full = self.folder is None  # nothing more can be put

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key; an entry that is not whole is removed, and None.

        Raises
        ------
        ValueError
            The key is no hex digest of 8 to 128 small digits.
        """
        path = self._path(key)
        if path is None:
            return None
        try:
            head, data = _read(path)
        except OSError as error:
            if error.errno != errno.ELOOP:  # a link is removed; what cannot be read just now may be sound
                return None
            head, data = b"", b""
        if head != _seal(key, data):
            data = None
        with contextlib.suppress(OSError):  # a folder cannot be unlinked, and stays
            if data is None:
                path.unlink()
            else:
                self._stamp(path)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes, whole or not at all.

        Raises
        ------
        ValueError
            As for `get`.
        """
        path = self._path(key, make=True)
        if path is None or self.full:
            return
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | BINARY, 0o666), "wb") as file:
                file.write(_seal(key, data))
                file.write(data)
            self._stamp(part)
            os.replace(part, path)
        except OSError as error:
            self.full = error.errno in HOPELESS
            with contextlib.suppress(OSError):
                part.unlink()

    def sweep(self) -> None:
        """Remove every entry that nobody asked for or put since this was opened, whether here or in another process."""
        for path in self._entries():
            with contextlib.suppress(OSError):
                if not self.opened <= path.lstat().st_mtime_ns <= max(time.time_ns(), self.opened) + AHEAD:
                    path.unlink()
        for home in self._homes():
            with contextlib.suppress(OSError):
                home.rmdir()  # refused unless it is empty

    def _path(self, key: str, *, make: bool = False) -> Path | None:
        """Return where the entry lies; None where nothing can be kept, or a link would have to be followed."""
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no hex digest")
        if self.folder is None or (make and self.full):
            return None
        home = self.folder / key[:2]
        try:
            if make:
                self.folder.mkdir(parents=True, exist_ok=True)
            if make and _is_folder(self.folder):
                home.mkdir(exist_ok=True)
        except (OSError, ValueError) as error:
            self.full = getattr(error, "errno", None) in HOPELESS
            return None
        return home / key[2:] if _is_folder(self.folder) and _is_folder(home) else None

    def _stamp(self, path: Path) -> None:
        """Say that the entry is wanted; a clock that was set back does not make it look older than the run."""
        now = max(time.time_ns(), self.opened)
        os.utime(path, ns=(now, now))

    def _homes(self) -> Iterator[Path]:
        if self.folder is not None and _is_folder(self.folder):
            homes = (self.folder / name for name in _names(self.folder) if HOME.fullmatch(name))
            yield from filter(_is_folder, homes)

    def _entries(self) -> Iterator[Path]:
        """Yield the paths of entries and of those begun, and of nothing that only lies beside them."""
        for home in self._homes():
            yield from (home / name for name in _names(home) if PART.fullmatch(name) or KEY.fullmatch(home.name + name))


def _is_folder(path: Path) -> bool:
    """Whether it is a folder and no link to one; a path that cannot be one is none."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _read(path: Path) -> tuple[bytes, bytes]:
    """Return the head line and the data of an entry; of anything but a plain file, nothing."""
    number = os.open(path, os.O_RDONLY | NO_LINK | NO_WAIT | BINARY)
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return b"", b""
        with open(number, "rb", closefd=False) as file:
            return file.readline(len(HEAD) + 65), file.read()
    finally:
        os.close(number)


def _seal(key: str, data: bytes) -> bytes:
    """Return the head line; the digest covers the key, so that an entry under another's name is not taken for it."""
    digest = hashlib.sha256(key.encode() + b"\n")
    digest.update(data)
    return HEAD + digest.hexdigest().encode() + b"\n"
