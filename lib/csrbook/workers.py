"""Worker processes: each is handed one job after the other, and none outlives its parent.

    with contextlib.closing(Processes(pack_work(read), count=2)) as crew:
        crew.outcomes(crew.submit(job))

In      a packed function, and jobs as `jobs.make_job` makes them.
Out     the outcomes of a job; None for a job whose worker died, and the next worker too.
Never   imports the caller's `__main__`, so a script without a guard and a notebook are not run again; forks a process that has
        threads; lets what the work prints get between the answers; leaves a process behind, even if the parent is killed.
Needs   errors, jobs.  Used by schedulers.
"""

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future, wait
from typing import IO, Any

from csrbook.errors import RunError
from csrbook.jobs import HERE, Outcome, do_job, tell

__all__ = ["Processes", "count_cores", "serve"]

STARTS, PAUSE = 5, 0.2  # in a row that may fail before all is given up; seconds before the next, times how many failed
TRIES = 2  # of a job whose worker died: it may have been killed for what is no fault of the job
PATIENCE = 10  # seconds for a thread to bury a killed worker; an interpreter that is ending may have stopped the thread for good
START = "import sys; sys.path[:] = {}; from csrbook.workers import serve; serve()"


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes:
    """Up to `count` worker processes; a thread each hands it one job after the other, also while the caller is busy.

    The threads do not keep the interpreter from ending, and the workers end when their parent does.
    """

    def __init__(self, work: bytes, *, count: int, seconds: float = 0) -> None:
        """`seconds` that an item may take, 0 for ever."""
        self.told, self.count = pickle.dumps((work, seconds)), count
        self.jobs: queue.SimpleQueue[tuple[Future, bytes] | None] = queue.SimpleQueue()
        self.lanes: list[threading.Thread] = []
        self.lock, self.workers = threading.Lock(), set()
        self.closed = threading.Event()

    def hands(self) -> int:
        """Return how many jobs are done at once."""
        return self.count

    def submit(self, job: bytes) -> Future:
        """Have a job done as soon as a worker is free."""
        future: Future = Future()
        self.jobs.put((future, job))
        if len(self.lanes) < self.count:
            self.lanes.append(threading.Thread(target=self._lane, name="csrbook worker", daemon=True))
            self.lanes[-1].start()
        return future

    def wait(self, future: Future) -> None:
        """Wait until a job is done, or has failed."""
        wait([future])

    def outcomes(self, future: Future) -> list[Outcome] | None:
        """Wait for the outcomes of a job; None when it killed its workers.

        Raises
        ------
        RunError
            No worker can be started, or none can do the work.
        """
        return future.result()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        with self.lock:
            self.closed.set()
            for worker in self.workers:
                worker.process.kill()
        for _ in self.lanes:
            self.jobs.put(None)
        for lane in self.lanes:
            lane.join(timeout=PATIENCE)

    def _lane(self) -> None:
        worker = None
        for future, job in iter(self.jobs.get, None):
            try:
                outcomes = None
                for _ in range(TRIES):
                    worker = worker or self._begin()
                    outcomes = worker.ask(job) if worker else None
                    if outcomes is not None:
                        break
                    worker = self._end(worker)
                future.set_result(outcomes)
            except Exception as error:
                future.set_exception(error)
            del future, job  # not held while the next one is waited for
        self._end(worker)

    def _begin(self) -> "_Worker | None":
        """Return a new worker that has taken the work; None when nothing is wanted any more."""
        for failed in range(STARTS):
            self.closed.wait(PAUSE * failed)
            if (worker := self._start()) is None:
                return None
            problem = worker.ask(self.told)
            if problem == "":
                return worker
            self._end(worker)
            if problem:
                raise RunError("scheduler", f"a worker process cannot do the work: {problem}", advice=HERE)
        code = worker.process.returncode
        raise RunError("scheduler", f"worker processes ended as they began, {STARTS} in a row (exit code {code})", advice=HERE)

    def _start(self) -> "_Worker | None":
        with self.lock:
            if self.closed.is_set():
                return None
            try:
                worker = _Worker()
            except OSError as error:
                raise RunError("scheduler", f"no worker process can be started: {tell(error)}", advice=HERE) from error
            self.workers.add(worker)
        return worker

    def _end(self, worker: "_Worker | None") -> None:
        if worker:
            worker.end()
            with self.lock:
                self.workers.discard(worker)


class _Worker:
    """A process of `serve` and the two pipes to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", START.format([os.fspath(path) for path in sys.path])]
        surroundings = os.environ | {"PYTHONHASHSEED": "0"}  # no order may depend on it; if one does, then every time alike
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings)

    def ask(self, told: bytes) -> Any:
        """Return the answer; None when the process ended before it had answered."""
        try:
            pickle.dump(told, self.process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()
            return pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # what could not be written goes with it
                pipe.close()


# ---- in the worker -----------------------------------------------------------------------------------------------------


def serve() -> None:
    """Be a worker process: take the work and then jobs from standard input, answer to standard output, end when the input ends.

    A thread listens, so that a worker at work notices that its parent is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends its workers
    given, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nowhere:
        for own in (0, 1):  # what the work prints
            os.dup2(nowhere.fileno(), own)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(given, jobs), daemon=True).start()
    work, seconds, told = None, 0, ""
    try:
        packed, seconds = pickle.loads(jobs.get())
        work = pickle.loads(packed)
    except Exception as error:
        told = tell(error)
    while True:
        pickle.dump(told, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
        told = None  # not held while the next job is done
        told = do_job(work, jobs.get(), seconds=seconds)


def _listen(given: IO[bytes], jobs: "queue.SimpleQueue[bytes]") -> None:
    try:
        while True:
            jobs.put(pickle.load(given))
    finally:
        os._exit(0)
