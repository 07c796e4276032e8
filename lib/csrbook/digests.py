"""Digests of files, of the library and of its surroundings: what a run's results depend on.

In      files and folders.
Out     SHA-256 in hexadecimal, by relative name with forward slashes, in sorted order.
Never   follows a linked folder, waits on a pipe, or stops at a file that cannot be read.
Needs   nothing but the standard library.  Used by runner, crate, share, templates, lost_pages, exports, snapshots.
"""

import base64
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = [
    "FORMAT", "are_intact", "digest_files", "digest_library", "digest_of", "fingerprint", "policy_hash", "read_versions", "walk_files",
]  # fmt: skip

FORMAT = 1  # of run.json; a record of another format is not reused, nor compared with
LIBRARY = Path(__file__).resolve().parent


def policy_hash(text: str) -> str:
    """Return how a Content-Security-Policy names a style or a script that it allows."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def digest_library(lock: Path) -> dict[str, Any]:
    """Digest the library's code, its data files (together, and each) and the lock of the environment."""
    files = {name: sha for name, sha in digest_files(LIBRARY).items() if "__pycache__" not in name}
    code = {name: sha for name, sha in files.items() if name.endswith(".py")}
    data = {name: sha for name, sha in files.items() if name not in code}
    return {
        "library": digest_of(code),
        "lexicons": digest_of(data),
        "data": data,
        "lock": digest_files(lock).get(lock.name, "absent"),
    }


def digest_files(path: Path) -> dict[str, str]:
    """Return SHA-256 by relative name, sorted; a file that cannot be read has the reason in its place."""
    if not path.is_dir():
        return {path.name: _digest_file(path)} if path.exists() else {}
    return {file.relative_to(path).as_posix(): _digest_file(file) for file in walk_files(path)}


def walk_files(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder in sorted order; linked folders are not entered."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(files))


def _digest_file(path: Path) -> str:
    try:
        if not path.is_file():  # a pipe would never end
            return "no file"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"


@functools.cache
def read_versions() -> dict[str, str]:
    """Return the versions of Python, csrbook and its direct dependencies."""
    found = {"python": platform.python_version(), "csrbook": importlib.metadata.version("csrbook")}
    for line in importlib.metadata.requires("csrbook") or ():
        if "extra ==" not in line:
            name = re.match(r"[A-Za-z0-9._-]+", line).group()
            found[name] = importlib.metadata.version(name)
    return found


def are_intact(folder: Path, files: Mapping[str, str]) -> bool:
    """Whether every file is still what its digest says."""
    return all(_digest_file(folder / name) == sha for name, sha in files.items())


def digest_of(told: object) -> str:
    """Digest anything that JSON can tell."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def fingerprint(texts: Mapping[str, str]) -> str:
    """Return sixteen digits that stand for stored texts, given SHA-256 by document: with the same ones the same words were read."""
    lines = (f"{doc}\0{sha}\n".encode("utf-8", "surrogateescape") for doc, sha in sorted(texts.items()))
    return hashlib.sha256(b"".join(lines)).hexdigest()[:16]
