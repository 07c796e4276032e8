"""Do risky work in a child process, under limits: what breaks there breaks nothing else.

    call("csrbook.formats:tell_content", "report.pdf", data)       # -> what that function returned

In      the name of a function, a name and bytes that it takes.
Out     what it returned, which JSON can tell; or an Ended that says in words how the child came to its end.
Never   waits for ever, lets a child use more than its memory, leaves one behind, or puts one document's blame on another:
        what ends a child that has read others is tried once more in a fresh one, which has seen nothing else.
Needs   errors.  Used by formats.

One child serves all calls of a process, one after the other; it ends with its parent, whatever it is doing, and by itself once
it has grown large. A process that is forked from one with a child gets a child of its own.
"""

import atexit
import contextlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from csrbook.errors import CsrbookError

__all__ = ["MEMORY", "SECONDS", "Ended", "call", "serve"]

SECONDS = 60               # CPU time that one call may take
WALL = 5 * SECONDS         # time by the clock, for one that sleeps, or on a machine that is very busy
MEMORY = 2 << 30           # bytes of address space of the child
LARGE = 400 << 20          # a child that has ever held more makes room for a fresh one
HOME = str(Path(__file__).resolve().parents[1])
START = "import sys; sys.path.insert(0, sys.argv[1]); from csrbook.apart import serve; serve()"


class Ended(CsrbookError, RuntimeError):
    """The child did not come back with an answer."""


class _Child:
    """One child process, and the pipes to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-c", START, HOME]  # -P: a module.py where the call is made is no module of ours
        self.fresh, self.late = True, False
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        )  # fmt: skip

    def ask(self, head: bytes, data: bytes) -> dict[str, Any] | None:
        """Return its answer, or None where it ended without one."""
        clock = threading.Timer(WALL, self._stop)
        clock.daemon = True
        clock.start()
        try:
            return self._ask(head, data)
        except OSError:  # it has gone while it was written to
            return None
        finally:
            clock.cancel()

    def _ask(self, head: bytes, data: bytes) -> dict[str, Any] | None:
        for part in (head, data):
            view = memoryview(part)
            while view:
                view = view[self.process.stdin.write(view) :]
        answer = bytearray()
        while not answer.endswith(b"\n"):
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                return None
            answer += piece
        return json.loads(answer)

    def _stop(self) -> None:
        self.late = True
        self.process.kill()

    def close(self) -> int:
        """End it, if it has not ended, and return how it did: a code, or a signal as a negative number."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(0.2)
        except subprocess.TimeoutExpired:
            self.process.kill()
        code = self.process.wait()
        self.process.stdout.close()
        return code

    def forget(self) -> None:
        """Let go of another process's child: with its pipes open here it would not see that its parent has gone."""
        self.process.returncode = 0
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()


_child: _Child | None = None
_lock = threading.Lock()


def call(work: str, name: str, data: bytes) -> Any:
    """Call a function `module:name` with a name and bytes in the child, and return what it returns.

    Raises
    ------
    Ended
        The child crashed, or needed more time or memory than it may; a fresh one, which had read nothing else.
    """
    global _child
    head = json.dumps({"work": work, "name": name, "size": len(data)}).encode() + b"\n"
    with _lock:
        while True:
            child = _child = _child or _Child()
            fresh, child.fresh = child.fresh, False
            answer = child.ask(head, data)
            if answer is None or answer["last"]:
                code = _close()
            if answer is not None:
                return answer["result"]
            if fresh:
                raise Ended(name, _tell(code, child.late))


def _close() -> int:
    global _child
    child, _child = _child, None
    return child.close() if child else 0


def _part() -> None:
    """In a fork: the child belongs to the other process, and whoever held the lock is not here."""
    global _child, _lock
    child, _child, _lock = _child, None, threading.Lock()
    if child:
        child.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_part)
atexit.register(_close)


def _tell(code: int, late: bool) -> str:
    """Say how a child ended."""
    if late or -code == getattr(signal, "SIGXCPU", None):
        return f"takes more than {SECONDS} s to read"
    told = signal.Signals(-code).name if code < 0 else f"exit {code}"
    return f"ends the program that reads it ({told})"


# ---- in the child ----------------------------------------------------------------------------------------------------


def serve() -> None:
    """Answer calls until the parent has gone; a thread listens, so that this is noticed in the middle of a call too."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person who interrupts the parent closes this one's input
    calls: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked, calls), daemon=True).start()
    last = False
    while not last:
        told, data = calls.get()
        module, _, name = told["work"].partition(":")
        _limit()
        result = getattr(importlib.import_module(module), name)(told["name"], data)
        last = _held() > LARGE
        answers.write(json.dumps({"result": result, "last": last}).encode() + b"\n")
        answers.flush()


def _listen(asked: IO[bytes], calls: "queue.SimpleQueue[tuple[dict[str, Any], bytes]]") -> None:
    try:
        while head := asked.readline():
            told = json.loads(head)
            data = asked.read(told["size"])
            if len(data) < told["size"]:
                return
            calls.put((told, data))
            del data  # not held while the next one is waited for
    finally:
        os._exit(0)


def _limit() -> None:
    """Give the call that comes its time and memory; the system ends who takes more, whatever it is doing."""
    try:
        import resource
    except ImportError:  # a system without them: the clock of the parent is left
        return
    for what, most in ((resource.RLIMIT_CPU, int(time.process_time()) + SECONDS), (resource.RLIMIT_AS, MEMORY)):
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _held() -> int:
    """Return the most bytes that this process has held; what the system accounts of a child begins with its parent's."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
