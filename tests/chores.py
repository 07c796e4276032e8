"""What the tests have done elsewhere: functions of a module, as workers need them."""

import os
import resource
import signal
import threading
import time
from pathlib import Path

NEEDS = 3 * 2**30  # bytes, more than LIMIT leaves
LIMIT = 2 * 2**30


class Unreadable:
    """Can be sent, and cannot be read."""

    def __reduce__(self):
        return _refuse, ()


class Mute(Exception):
    def __str__(self):
        raise ValueError("not even this")


def _refuse():
    raise LookupError("nothing of the kind here")


def turn(item):
    """Return what an item is turned into; some kinds raise."""
    print("what is printed is in nobody's way")
    os.write(1, b"nor this\n")
    if isinstance(item, str):
        raise ValueError(f"no text:\n{item}")
    return [item, type(item).__name__]


def name_thread(item):
    """Return the name of the thread in which this is done."""
    return threading.current_thread().name


def misbehave(item):
    """Do what the item says."""
    match item:
        case "exit":
            os._exit(3)
        case "kill":  # as a system does that runs out of memory
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave":
            raise SystemExit(4)
        case "mute":
            raise Mute
        case "lines":
            raise ValueError("one\n  two\n" + "x" * 9999)
        case "closure":
            return lambda: item
        case "unreadable":
            return Unreadable()
        case "deep":
            return misbehave("deep")
        case "memory":
            return _fill()
        case "interrupt":
            raise InterruptedError("not by a person")
    return item


def _fill():
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, before[1]))
    try:
        return len(bytearray(NEEDS))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def double(number):
    return 2 * number


def whoami(item):
    return os.getpid()


def hash_of(text):
    return hash(text)


def swell(number):
    """Return 200,000 bytes."""
    return bytes([number % 256]) * 200_000


def linger(number, folder):
    """Stay until told to go, where the folder says that it is this one's turn; whoever comes again finds the door open."""
    if number == 7:
        (Path(folder) / f"{os.getpid()}.here").touch()
        while not (Path(folder) / "go").exists():
            time.sleep(0.01)
    return number


def meet(number, folder):
    """Raise where another thread is at the same."""
    (Path(folder) / "busy").mkdir()
    time.sleep(0.001)
    (Path(folder) / "busy").rmdir()
    return number


def dally(number):
    """Never come back: from 3, which can be stopped, and from 5, which is deaf to it."""
    if number == 5:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while number in (3, 5):
        try:
            sum(range(1000))
        except Exception:
            continue
    return number


def stay(number, folder):
    """Tell who is here and never come back."""
    (Path(folder) / f"{os.getpid()}.here").touch()
    while True:
        sum(range(100_000))
