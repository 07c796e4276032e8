"""Documents that harm whoever reads them, for tests of what becomes of the others: work that fails by the name of the file.

    monkeypatch.setattr(harvests, "harvest_one", poisons.harvest_one)

A file whose name begins with RAISES makes the reader raise; with KILLS it kills the process that reads it, with KILLS_ONCE
only the first that does; with STARVES the reader asks for more memory than there is. All else is read as ever. Workers import
this module, so its folder must be on their path.
"""

import os
import signal
from pathlib import Path
from typing import Any

from csrbook import yields

__all__ = ["KILLS", "KILLS_ONCE", "RAISES", "STARVES", "extract_one", "harvest_one", "read_one"]

RAISES, KILLS, KILLS_ONCE, STARVES = "poison-raises", "poison-kills", "once-kills", "poison-starves"


def harvest_one(item: Any, *, task: yields.Task) -> yields.Taken:
    """Read and extract one file, if that does no harm."""
    _suffer(item[0].path, item[0].file)
    return yields.harvest_one(item, task=task)


def read_one(source: Any, *, task: yields.Task) -> yields.Taken:
    """Read one file likewise."""
    _suffer(source.path, source.file)
    return yields.read_one(source, task=task)


def extract_one(item: Any, *, task: yields.Task) -> yields.Taken:
    """Extract one document likewise."""
    _suffer(item[0].path)
    return yields.extract_one(item, task=task)


def _suffer(path: str, file: Path | None = None) -> None:
    if path.startswith(RAISES):
        raise ValueError("a reader that nobody foresaw\nstops here")
    if path.startswith(KILLS):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.startswith(KILLS_ONCE) and not (mark := file.with_name(f".{file.name}")).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if path.startswith(STARVES):
        bytearray(1 << 62)
