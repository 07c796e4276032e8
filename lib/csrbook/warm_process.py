"""Be the process that has imported what the notebooks need, and fork a kernel of itself whenever one is asked for.

    python -c "from csrbook.warm_process import main; main()" 5 6 '[["pandas"], ["csrbook.charts"]]'

In      the numbers of a socket to the runner and of a pipe that the runner alone holds open; modules in groups, the first of which
        is imported before anything is answered. Requests, a line of JSON each: {"fork": argv, "cwd": ..., "env": {...}} or {"poll": pid}.
Out     an answer a line: {"pid": 17}, {"status": null} while a kernel runs, {"problem": "..."} where a fork would not be safe.
Never   runs a cell, forks beside a thread of its own, shares an open file with a kernel, or outlives the runner; nor does a kernel.
Needs   ipykernel; of csrbook what the groups name, imported then.  Started by warming.

What comes later than the first group is done between requests, while kernels run on another core.
"""

import builtins
import contextlib
import gc
import importlib
import importlib.util
import io
import json
import os
import select
import socket
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

__all__ = ["main"]

KERNEL = (  # what a kernel imports as it starts
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.debugger", "IPython.core.completerlib",
    "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic", "IPython.utils.wildcard", "asyncio",
    "jupyter_client.session", "sqlite3", "tornado.platform.asyncio", "uuid", "zmq.eventloop.zmqstream",
)  # fmt: skip
DATA = {"csrbook.lexicon": "load_lexicons", "csrbook.labels": "load_labels"}  # read by these functions, and kept
EXTRACTION = "csrbook.yields"
EARLY: list[tuple] = []  # the filters of warnings that a kernel begins with


def main() -> None:
    """Serve the runner at the other end of the socket until it is gone."""
    number, life, groups = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
    if sys.path[0] == "":  # as a kernel does: nothing in the folder that it starts in stands for a package
        del sys.path[0]
    control = socket.socket(fileno=number)
    for one in (number, life):
        os.set_inheritable(one, False)  # by programs that a cell starts
    gc.disable()  # what is collected here would be copied in every kernel
    told, request = [], None
    with contextlib.suppress(ConnectionError), _listen(told), _as_in_a_kernel():  # a runner that is killed takes no answer
        steps = _steps(groups)
        for _ in range(1 + len(groups[0] if groups else ())):
            next(steps)
        request = _serve(control, life, steps, told)
    if request:  # this process is a fork now, and ends as other kernels do
        _become_kernel(request, life)
    else:
        with contextlib.suppress(OSError):  # a runner that was killed could not remove it
            os.rmdir(os.getcwd())


def _steps(groups: Sequence[Sequence[str]]) -> Iterator[None]:
    """Yield after each thing that is done ahead: imports one after the other, and what is made at first use, once it may be of use."""
    for name in KERNEL:
        _bring(name)
    EARLY.extend(warnings.filters)
    yield
    for number, group in enumerate(groups):
        for name in group:
            _bring(name)
            yield
        if number == 1 and EXTRACTION in sys.modules:  # the first group is waited for
            with contextlib.suppress(Exception):  # the notebook will tell what is wrong
                yield from importlib.import_module("csrbook.rehearsals").rehearse()


def _bring(name: str) -> None:
    """Import a module and have it read its data; what fails is told by the notebook that asks for it."""
    with contextlib.suppress(Exception):
        module = importlib.import_module(name)
        if name in DATA:
            getattr(module, DATA[name])()


@contextlib.contextmanager
def _listen(told: list[str]) -> Iterator[None]:
    """Note the warnings of imports: in a kernel of its own a notebook would show them."""
    kept, warnings.showwarning = warnings.showwarning, lambda message, *_, **__: told.append(f"an import warns: {message}")
    try:
        yield
    finally:
        warnings.showwarning = kept


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Answer those who ask at their import whether they are in a notebook: pandas shows other columns where they are not.

    Standard output has the encoding of a kernel, as it spells it, and keeps what is printed from that of the runner.
    """
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)
    try:
        with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="UTF-8", write_through=True)):
            yield
    finally:
        del builtins.get_ipython


def _serve(control: socket.socket, life: int, later: Iterator[object], told: list[str]) -> dict[str, Any] | None:
    """Answer requests as they come, and go on with what is left between; return None in the end, and in a fork what was asked for."""
    lines = control.makefile("rb")  # a request comes only after the answer to the one before, so that nothing waits in here
    more = True
    while True:
        while more and not select.select([control], [], [], 0)[0]:
            more = next(later, lines) is not lines
        line = lines.readline()
        if not line:
            return None
        request = json.loads(line)
        if "poll" in request:
            answer = {"status": _poll(request["poll"])}
        elif problem := next(iter(told), "") or ("an import prints" if sys.stdout.tell() else _find_problem()):
            answer = {"problem": problem}
        else:
            answer = _fork()
        if answer is None:
            os.close(control.detach())  # else the runner would not see that the warm process is gone
            return request
        control.sendall(json.dumps(answer).encode() + b"\n")


def _poll(pid: int) -> int | None:
    """Return how a kernel ended, as Popen.poll does; None while it runs."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if ended else None


def _find_problem() -> str:
    """Say why a fork would not be safe: a thread would be missing in it, an open file be read by two."""
    if threading.active_count() > 1:
        return f"a thread is at work: {threading.enumerate()[-1].name}"
    folder = Path("/proc/self/fd")
    for entry in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            if int(entry.name) > 2 and (target := os.readlink(entry)).startswith("/") and not target.startswith(("/dev/", "/proc/")):
                return f"a file is open: {Path(target).name}"
    return ""


def _fork() -> dict[str, Any] | None:
    """Fork, and return the answer; None in the fork."""
    gc.freeze()
    try:
        pid = os.fork()
    except OSError as error:
        return {"problem": f"cannot fork: {error.strerror}"}
    return {"pid": pid} if pid else None


def _become_kernel(request: dict[str, Any], life: int) -> None:
    """Take on all that is a kernel's own: session, folder, surroundings, input, random numbers; then run it to its end."""
    os.setsid()
    os.chdir(request["cwd"])
    end, other = os.pipe()
    os.close(other)
    os.dup2(end, 0)  # an input that is at its end, as that of other kernels is
    os.close(end)
    os.environ.clear()
    os.environ.update(request["env"])
    arguments = request["fork"][3:]
    sys.orig_argv = list(request["fork"])
    sys.argv = [importlib.util.find_spec("ipykernel_launcher").origin, *arguments]
    _part()
    gc.enable()
    threading.Thread(target=_follow, args=(life,), name="follows-the-runner", daemon=True).start()
    from ipykernel.kernelapp import IPKernelApp

    late = warnings.filters[: -len(EARLY)]  # of what the notebook imports, which a kernel meets when it has begun
    warnings.filters[:] = EARLY
    app = IPKernelApp.instance()
    app.initialize([*arguments, "--IPKernelApp.parent_handle=1"])  # it has a parent; it need not watch it
    warnings.filters[:0] = late
    importlib.import_module("csrbook.showings").register(app.shell)  # as `import csrbook` does where there is a notebook already
    app.start()


def _part() -> None:
    """Make anew what two kernels must not have in common; `random` and OpenSSL see a fork themselves."""
    if numbers := sys.modules.get("numpy.random"):
        numbers.seed()
    if processes := sys.modules.get("multiprocessing.process"):
        processes.ORIGINAL_DIR = os.getcwd()
        processes.current_process().authkey = os.urandom(32)


def _follow(life: int) -> None:
    """End this kernel when the runner is gone, however it ended; the warm process may end before."""
    poll = select.poll()
    poll.register(life, 0)
    if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
        os._exit(1)
