"""End a command when a person or the system asks for it: by Ctrl-C, SIGTERM, or a terminal that goes away.

    with heed(): ...            # the first signal raises Interrupted there; a second one ends the process at once

In      signals.
Out     Interrupted, a KeyboardInterrupt, so that whatever is open is closed on the way out; its `code` is the usual 128 + signal.
Never   takes a signal that the caller of the program has switched off, as nohup does, or lets a notebook outlive its run.
Needs   nothing but the standard library.  Used by cli, runner.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

__all__ = ["Interrupted", "end_children", "heed"]

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_state = {"told": 0, "end": False}  # the signal that came, and whether children are to end with it


class Interrupted(KeyboardInterrupt):
    """A signal asked the process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.name, self.code = signal.Signals(number).name, 128 + number


@contextlib.contextmanager
def heed() -> Iterator[None]:
    """Turn signals into an Interrupted while the block runs; outside of the main thread nothing is changed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    owner, kept = os.getpid(), {}

    def come(number: int, frame: FrameType | None) -> None:
        if os.getpid() != owner:  # a copy of this process after a fork
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        again, _state["told"] = _state["told"], number
        if _state["end"] or again:  # the second time nobody is left to close what is open
            _end(descendants(owner))
        if again:
            os._exit(128 + number)
        raise Interrupted(number)

    for number in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            kept[number] = signal.signal(number, come)
    _state["told"] = 0
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def end_children() -> Iterator[None]:
    """Have a signal that comes in this block end all processes that were started from here, so that nobody waits for them."""
    _state["end"] = True
    try:
        yield
    finally:
        _state["end"] = False


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started; none where the system does not tell."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *descendants(child)]
    return found


def _end(processes: list[int]) -> None:
    for pid in processes:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
