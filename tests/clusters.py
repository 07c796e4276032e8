"""A real Dask cluster for tests: a scheduler and workers, each a process of its own, as on many machines.

    with cluster(workers=2, pythonpath=[...], folder=tmp_path) as (address, processes): ...

`processes` holds the scheduler first and then the workers. A worker has a nanny that starts it again when it dies, unless `nanny`
is False; `processes` then holds the worker itself. All of them are gone when the block ends.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

LIB = Path(__file__).parents[1] / "lib"
SETTINGS = {  # nothing is rebalanced, spilled or paused by the memory of the machine that tests run on
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "false",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "false",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "false",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
}
REGISTERED = r"(Registered to: +tcp)"
DEADLINE = 60  # seconds, generous: machines that test are busy


@contextlib.contextmanager
def cluster(
    *, workers: int = 2, folder: Path, pythonpath: Sequence[Path] = (LIB,), nanny: bool = True, failures: int = 3
) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """Yield the address and the processes, scheduler first; logs and spill files lie in `folder`.

    The scheduler has no csrbook: workers alone need it. A task that was at work in more than `failures` workers as they died is given up.
    """
    with contextlib.ExitStack() as ends:
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter", "--idle-timeout", "600s")
        without(folder / "bare")
        scheduler = ends.enter_context(_process("scheduler", *options, folder=folder, pythonpath=[folder / "bare"], failures=failures))
        address = _wait_for(folder / "scheduler.log", r"Scheduler at: +(tcp://\S+)", scheduler)
        folders = [folder / f"worker{number}" for number in range(workers)]
        begun = [ends.enter_context(_begin_worker(address, place, pythonpath, nanny)) for place in folders]
        for place, process in zip(folders, begun, strict=True):
            _wait_for(place / "worker.log", REGISTERED, process)
        yield address, [scheduler, *begun]


@contextlib.contextmanager
def worker(address: str, folder: Path, pythonpath: Sequence[Path] = (LIB,), *, nanny: bool = False) -> Iterator[subprocess.Popen]:
    """Yield one more worker of a cluster."""
    with _begin_worker(address, folder, pythonpath, nanny) as process:
        _wait_for(folder / "worker.log", REGISTERED, process)
        yield process


def without(folder: Path) -> Path:
    """Return a folder for a path on which csrbook is not installed, whatever comes after."""
    (folder / "csrbook").mkdir(parents=True)
    (folder / "csrbook" / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'csrbook'\")")
    return folder


def end(process: subprocess.Popen) -> None:
    """Kill a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _begin_worker(address: str, folder: Path, pythonpath: Sequence[Path], nanny: bool) -> contextlib.AbstractContextManager:
    options = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(folder), "--nanny" if nanny else "--no-nanny")
    return _process("worker", address, *options, folder=folder, pythonpath=pythonpath)


@contextlib.contextmanager
def _process(name: str, *options: str, folder: Path, pythonpath: Sequence[Path] = (), failures: int = 3) -> Iterator[subprocess.Popen]:
    folder.mkdir(parents=True, exist_ok=True)
    own = {"PYTHONPATH": os.pathsep.join(map(str, pythonpath)), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(failures)}
    command = [sys.executable, "-m", "dask", name, *options]
    with (folder / f"{name}.log").open("wb") as log:
        more = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True}
        process = subprocess.Popen(command, cwd=folder, env=os.environ | SETTINGS | own, **more)
    try:
        yield process
    finally:
        end(process)


def _wait_for(log: Path, pattern: str, process: subprocess.Popen) -> str:
    until = time.monotonic() + DEADLINE
    while not (found := re.search(pattern, text := log.read_text(encoding="utf-8", errors="replace"))):
        assert process.poll() is None, f"{log.name}: ended with {process.returncode}\n{text[-2000:]}"
        assert time.monotonic() < until, f"{log.name}: {pattern} not said in time\n{text[-2000:]}"
        time.sleep(0.02)
    return found[1]
