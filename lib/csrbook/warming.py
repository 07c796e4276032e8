"""Start the warm process and ask it for kernels; where there is none to be had, say so and let others start kernels as ever.

    warm = start_warm([step.file for step in plan.steps])       # None where this system cannot fork
    warm.fork([python, "-m", "ipykernel_launcher", "-f", file], cwd=folder, env=environment)     # -> a Forked kernel

In      the notebooks of a run, whose import cells tell what to import ahead.
Out     kernels that are forks of one process, each with a process group of its own.
Never   waits for a warm process that does not answer longer than a kernel may take to start, or leaves one behind.
Needs   nothing but the standard library: it starts before anything heavy is imported.  Used by runner, storing, engine, warm_kernels.
"""

import ast
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["Cold", "Forked", "WarmProcess", "list_imports", "quiet_environment", "start_warm"]

AHEAD = {  # what a kernel settles before it imports these; the second keeps the debugger, which nobody uses, from talking
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
PATIENCE = 60  # seconds that a kernel may take to start
SERVE = "from csrbook.warm_process import main; main()"
KNOWN = ("csrbook", "pandas", "numpy", "pyarrow", "matplotlib", "IPython")  # packages that are the same imported earlier
LATE = {  # what these import when they are first used
    "pandas": ("pyarrow.parquet", "pyarrow.dataset", "pandas.io.formats.html", "pandas.io.parquet"),
    "csrbook.corpus": ("csrbook.claims", "csrbook.lexicon"),
    "csrbook.charts": ("matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
}


class Cold(Exception):
    """There is no warm process, or it cannot fork now; the text says why."""


def quiet_environment(profile: str) -> dict[str, str]:
    """Return this process's environment without the user's Jupyter paths, IPython profile, plot backend and hash seed."""
    dropped = ("JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH", "MPLBACKEND", "PYTHONSTARTUP")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"IPYTHONDIR": profile, "PYTHONHASHSEED": "0"}


def list_imports(notebook: Path) -> list[str]:
    """Return the modules of known packages that the code of a notebook imports, in its order, with those that they import later."""
    found: dict[str, None] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        with contextlib.suppress(SyntaxError):  # of a cell that is no plain Python
            for name in _imported(ast.parse("".join(cell["source"]))):
                if name.partition(".")[0] in KNOWN:
                    found |= dict.fromkeys((name, *LATE.get(name, ())))
    return list(found)


def _imported(tree: ast.Module) -> Iterable[str]:
    """Yield what the statements of a cell import; a name that is taken from a package may be a module of it."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            if node.module == "csrbook":
                yield from (f"csrbook.{alias.name}" for alias in node.names)


def start_warm(notebooks: Iterable[Path]) -> "WarmProcess | None":
    """Return a process that imports what these notebooks need, or None where a fork is no safe copy of a process."""
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return None
    try:
        return WarmProcess([list_imports(notebook) for notebook in notebooks])
    except (OSError, ValueError, KeyError, TypeError):
        return None


class WarmProcess:
    """The warm process, as the runner sees it; threads may ask at once."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._lock, self._why = threading.Lock(), ""
        self._socket, other = socket.socketpair()
        life, self._life = os.pipe()  # kernels end when the other end of it is closed, as the system does when this process ends
        self._folder = tempfile.TemporaryDirectory(prefix="csrbook-warm-", ignore_cleanup_errors=True)  # goes at the latest when this ends
        environment = quiet_environment(self._folder.name) | AHEAD
        environment.pop("JPY_PARENT_PID", None)
        command = [sys.executable, "-c", SERVE, str(other.fileno()), str(life), json.dumps(groups)]
        try:
            self._process = subprocess.Popen(
                command, pass_fds=(other.fileno(), life), stdin=subprocess.DEVNULL, cwd=self._folder.name, env=environment,
                start_new_session=True,
            )  # fmt: skip
        except BaseException:  # a signal too; what was started ends with the pipe
            self._socket.close()
            os.close(self._life)
            self._folder.cleanup()
            raise
        finally:
            other.close()
            os.close(life)
        self._socket.settimeout(PATIENCE)
        self._lines = self._socket.makefile("rb")

    def fork(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> "Forked":
        """Return a new kernel, about to start.

        Raises
        ------
        Cold
            The warm process did not start, ended, or cannot fork now.
        """
        answer = self._ask({"fork": list(argv), "cwd": cwd, "env": dict(env)})
        if "pid" not in answer:
            raise Cold(answer.get("problem", "no answer"))
        return Forked(self, answer["pid"])

    def poll(self, pid: int) -> int | None:
        """Return how a kernel ended, or None while it runs; when the warm process is gone, how it ended is not known."""
        try:
            return self._ask({"poll": pid})["status"]
        except Cold:
            return None if _is_alive(pid) else 1

    def _ask(self, request: Mapping[str, object]) -> dict:
        with self._lock:
            if self._why:
                raise Cold(self._why)
            try:
                self._socket.sendall(json.dumps(request).encode() + b"\n")
                return json.loads(self._lines.readline())
            except (OSError, ValueError) as error:  # no line at its end, and none in time
                self._why = f"the warm process does not answer ({type(error).__name__})"
                raise Cold(self._why) from error

    def stop(self) -> None:
        """End the warm process and whatever kernel is left; nothing is asked of it afterwards."""
        if self._life is None:
            return
        self._why = self._why or "the warm process was stopped"
        os.close(self._life)
        self._life = None
        self._socket.close()
        self._lines.close()  # the socket is closed with the last that reads from it
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


class Forked:
    """A forked kernel, with as much of Popen as a provisioner asks for."""

    stdin = stdout = stderr = None

    def __init__(self, warm: WarmProcess, pid: int) -> None:
        self._warm, self.pid, self.returncode = warm, pid, None

    def poll(self) -> int | None:
        """Return how it ended, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._warm.poll(self.pid)
        return self.returncode

    def wait(self) -> int | None:
        """Return how it ended; called when it has."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
