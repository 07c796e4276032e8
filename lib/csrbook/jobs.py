"""What travels between processes: items and results in bytes, each packed by itself, so that one that cannot be is alone.

    pack(item)                          bytes, or in text why it cannot be sent

In      a function of a module, items, and a job: some packed items in one block of bytes.
Out     a job done: for each item the packed result, or its problem in one line.
Never   lets an item that raises harm another of its job, or one that takes too long.
Needs   errors.  Used by schedulers, workers, clusters.
"""

import contextlib
import faulthandler
import functools
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from csrbook.errors import UsageError

__all__ = ["HERE", "Outcome", "Packed", "Work", "do_job", "make_job", "pack", "pack_work", "tell"]

Work = Callable[[Any], Any]
Packed = bytes | str  # a thing ready to be sent; text: why it cannot be
Outcome = tuple[Packed | None, str | None]  # of an item: the packed result, or the problem
HERE = "leave scheduler empty, so that all is done in this process"
LONGEST = 500  # characters of a problem
HEARD = 0.25  # of the time that an item has: so much longer until its process is ended, where it can hear that its time is up


def pack(thing: Any) -> Packed:
    """Return a thing as it travels, or in one line why it cannot."""
    try:
        return pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return f"cannot be sent between processes: {tell(error)}"


def pack_work(work: Work) -> bytes:
    """Return a function as it travels: by its name, so it must stand in a module.

    Raises
    ------
    UsageError
        It stands in no module, or a value that it is given in advance cannot be sent.
    """
    function = work
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__qualname__", repr(function))
    packed = pack(work)
    if getattr(function, "__module__", "") == "__main__":  # a worker has another one
        packed = "is defined in the notebook or script itself, where no worker finds it"
    if isinstance(packed, str):
        expected = "a function of a module, or functools.partial of one"
        raise UsageError("scheduler", f"{name} {packed}", expected, f"move it there, or {HERE}")
    return packed


def make_job(items: Iterable[Packed]) -> bytes:
    """Return packed items as one block."""
    return pickle.dumps(list(items), protocol=pickle.HIGHEST_PROTOCOL)


def do_job(work: Work, job: bytes, *, seconds: float = 0) -> list[Outcome]:
    """Return an outcome an item, in their order; with `seconds`, an item that takes longer is stopped, see `_limited`."""
    return [_do_item(work, packed, seconds) for packed in pickle.loads(job)]


def _do_item(work: Work, packed: Packed, seconds: float) -> Outcome:
    if isinstance(packed, str):
        return None, packed
    try:
        with _limited(seconds):
            done = pack(work(pickle.loads(packed)))
    except _Late as error:
        return None, str(error)
    except (Exception, SystemExit) as error:
        return None, tell(error)
    return (None, f"result {done}") if isinstance(done, str) else (done, None)


def tell(error: BaseException) -> str:
    """Return an error in one line."""
    try:
        told = " ".join(str(error).split())
    except Exception:  # whoever wrote its __str__ made a mistake too
        told = ""
    return f"{type(error).__name__}: {told[:LONGEST]}" if told else type(error).__name__


# ---- time -------------------------------------------------------------------------------------------------------------


class _Late(BaseException):
    """The time of an item is up; no Exception, so that no reader takes it for a fault of the document and goes on."""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise _Late in what takes longer; what does not hear that, or is not in the main thread, ends its process soon after."""
    if not seconds:
        yield
        return
    heard = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    faulthandler.dump_traceback_later(seconds * (1 + HEARD * heard), exit=True, file=_nowhere())  # also where nothing else can run
    if heard:
        before = signal.signal(signal.SIGALRM, functools.partial(_tell_late, seconds))
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if heard:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()


def _tell_late(seconds: float, *_: Any) -> None:
    raise _Late(f"took longer than {seconds:g} seconds")


@functools.cache
def _nowhere() -> Any:
    return open(os.devnull, "w")
