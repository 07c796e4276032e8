"""A Dask cluster that is there already, as a crew that does jobs.

    with contextlib.closing(Cluster(pack_work(read), address="tcp://127.0.0.1:8786")) as crew:
        crew.outcomes(crew.submit(job))

In      a packed function, the address of a scheduler, and jobs as `jobs.make_job` makes them.
Out     the outcomes of a job; None for a job that killed more workers than the cluster allows (`allowed-failures`).
Never   takes an answer of a worker that runs another Python or another csrbook; waits for ever on a cluster that is gone.
Needs   digests, errors, jobs; dask, distributed.  Used by schedulers.
"""

import contextlib
import functools
import itertools
import logging
import pickle
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

from csrbook.digests import digest_library
from csrbook.errors import RunError
from csrbook.jobs import HERE, Outcome, Work, do_job, tell

__all__ = ["Cluster"]

REACH, LOOK = 10.0, 2.0  # seconds: until a scheduler must have answered; between two looks whether it is still there
ALONE = 60.0  # seconds that a cluster may be without any worker
ONE_BY_ONE = threading.Lock()  # a worker of many threads does one job at a time: some readers of documents are not made for threads
LOGGERS = ("distributed", "distributed.client")  # they print tracebacks of what is told here in one line
WARNING = "distributed.admin.large-graph-warning-threshold"  # one large document is no graph to be warned of


class Cluster:
    """A connection to a Dask scheduler and the workers that it has at the moment.

    Raises
    ------
    RunError
        Nobody answers at the address, or dask.distributed is not installed.
    """

    def __init__(self, work: bytes, *, address: str, seconds: float = 0) -> None:
        """`seconds` that an item may take, 0 for ever."""
        try:
            import dask
            import distributed
        except ImportError as error:
            raise RunError("scheduler", "dask.distributed is not installed", advice=f'pip install "csrbook[cluster]", or {HERE}') from error
        self.dask, self.work, self.seconds, self.address = distributed, work, seconds, address
        self.name, self.numbers = f"csrbook-{uuid.uuid4().hex}", itertools.count()
        self.quiet = contextlib.ExitStack()
        self.quiet.enter_context(_silence())
        self.quiet.enter_context(dask.config.set({WARNING: "1 TiB"}))
        try:
            self.client = _connect(functools.partial(distributed.Client, address, timeout=REACH, set_as_default=False))
        except Exception as error:
            self.quiet.close()
            advice = f"start one (dask scheduler, dask worker), correct the address, or {HERE}"
            raise RunError(address, f"no Dask scheduler answers: {tell(error)}", advice=advice) from error
        self.seen = time.monotonic()  # when there last was a worker
        self.looked, self.count = -LOOK, 1

    def hands(self) -> int:
        """Return how many jobs are done at once, as of some seconds ago: workers come and go."""
        if time.monotonic() > self.looked + LOOK:
            self._look()
        return self.count

    def submit(self, job: bytes) -> Any:
        """Have a job done as soon as a worker is free."""
        call = pickle.dumps(_Call(self.work, job, self.seconds))
        return self.client.submit(pickle.loads, call, key=f"{self.name}-{next(self.numbers)}", pure=False)

    def wait(self, future: Any) -> None:
        """Wait until a job is done, or has failed.

        Raises
        ------
        RunError
            The scheduler went away, or has had no worker for a minute.
        """
        while not future.done():
            with contextlib.suppress(TimeoutError, CancelledError), self.client.as_current():
                self.dask.wait(future, timeout=LOOK)
            self._look()

    def outcomes(self, future: Any) -> list[Outcome] | None:
        """Wait for the outcomes of a job; None when it killed its workers.

        Raises
        ------
        RunError
            As for `wait`, or a worker cannot do the work, or runs something else than this process.
        """
        self.wait(future)
        try:
            told, outcomes = future.result()
        except self.dask.KilledWorker:
            return None
        except Exception as error:
            self._look()
            advice = "install the same csrbook, and what else the work needs, on every worker"
            raise RunError(self.address, f"a worker cannot do the work: {tell(error)}", advice=advice) from error
        finally:
            future.release()
        if told != _describe():
            raise RunError(self.address, f"a worker runs {told}", f"{_describe()}, as here", "install the same on every worker")
        return outcomes

    def close(self) -> None:
        """Leave the cluster as it was; what is not yet done there is dropped."""
        with self.quiet, contextlib.suppress(TimeoutError, OSError):
            self.client.close(timeout=LOOK)

    def _look(self) -> None:
        """See that the scheduler is there, and count its workers."""
        self.looked = time.monotonic()
        if self.client.status != "running":
            raise RunError(self.address, "the Dask scheduler went away", advice="see why it ended, start it, and run again")
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        self.count = max(len(workers), 1)
        if workers:
            self.seen = self.looked
        elif self.looked > self.seen + ALONE:
            advice = f"start workers: dask worker {self.address}"
            raise RunError(self.address, f"the Dask scheduler has had no worker for {ALONE:.0f} seconds", advice=advice)


def _connect(client: Callable[[], Any]) -> Any:
    """Return the client, or raise when that takes too long: it would wait for ever for somebody who lets it in and says nothing."""
    answer = _begin(client)
    try:
        return answer.result(timeout=REACH + LOOK)
    except TimeoutError:
        if answer.done():
            raise
        raise TimeoutError("it takes calls and says nothing") from None


def _begin(work: Callable[[], Any]) -> Future:
    """Do something in a thread of its own, which nobody has to wait for at the end."""
    answer: Future = Future()

    def do() -> None:
        try:
            answer.set_result(work())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=do, name="csrbook cluster", daemon=True).start()
    return answer


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    levels = {logger: logger.level for logger in map(logging.getLogger, LOGGERS)}
    for logger in levels:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


# ---- in the worker -----------------------------------------------------------------------------------------------------


class _Call:
    """A call that is made where it is unpickled: the scheduler passes bytes on, so only workers need csrbook."""

    def __init__(self, work: bytes, job: bytes, seconds: float) -> None:
        self.given = work, job, seconds

    def __reduce__(self) -> tuple:
        return _do_far, self.given


def _do_far(work: bytes, job: bytes, seconds: float) -> tuple[str, list[Outcome]]:
    """Do a job, and say with it what is run here: workers come and go, so each answer is asked.

    In a thread of its own: of its own threads a Dask worker notes the stack a hundred times a second, and keeps the notes of an hour;
    they would take more memory than the work.
    """
    with ONE_BY_ONE:
        return _describe(), _begin(lambda: do_job(_unpack_work(work), job, seconds=seconds)).result()


@functools.cache
def _describe() -> str:
    """Return what must be the same on every worker, since the rows depend on it."""
    library = digest_library(Path())
    python = ".".join(platform.python_version_tuple()[:2])
    return f"Python {python} and csrbook {library['library'][:8]} with lexicons {library['lexicons'][:8]}"


@functools.lru_cache(maxsize=8)
def _unpack_work(work: bytes) -> Work:
    return pickle.loads(work)
