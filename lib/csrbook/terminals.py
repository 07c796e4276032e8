"""Write to stdout and stderr, whatever they are by now: closed, a pipe that nobody reads any more, a file on a full disk.

    prepare();  say("5 documents, 354 figures");  hand_over("outputs/latest/index.html")

In      lines.
Out     the same lines, as far as somebody takes them.
Never   stops a command because nobody listens to its messages, lets a file that is opened later be taken for stdout, or shows a traceback.
Needs   errors.  Used by progress, run_cli, site_cli, cli.
"""

import errno
import os
import sys
from pathlib import Path

from csrbook.errors import RunError

__all__ = ["hand_over", "near", "prepare", "say"]


def prepare() -> None:
    """Open what was closed before the command began, and have both take any character of a file's name."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it takes the lowest number that is free: this one
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False))
        elif stream.encoding.lower() != "utf-8" or stream.errors == "strict":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def near(path: Path) -> Path:
    """Return a path as seen from where the person stands, if it lies below."""
    path = path.absolute()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def say(line: str) -> None:
    """Print a message on stderr; one that nobody takes is dropped."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _drop(2)


def hand_over(line: str, advice: str = "") -> None:
    """Print a result on stdout; a reader that has left is no error.

    Raises
    ------
    RunError
        It cannot be written, as on a full disk; `advice` says what is lost.
    """
    try:
        print(line, flush=True)
    except OSError as error:
        _drop(1)
        if error.errno != errno.EPIPE:
            raise RunError("stdout", f"cannot be written ({error.strerror})", advice=advice) from error


def _drop(number: int) -> None:
    """Lead what is still held back nowhere, so that the end of the process does not try it again."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
