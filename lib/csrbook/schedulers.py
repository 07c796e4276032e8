"""Do one thing to many items, here, in worker processes or on a Dask cluster: the same answers in the same order.

    for answer in spread(read, paths, scheduler="processes"): ...

In      a function of a module, the items, and where the work is done: "", "processes", "processes:N" or "tcp://host:port".
Out     Answer(item, result, problem), one an item, in the order of the items.
Never   lets an item that raises, or that kills its worker, harm another; runs far ahead of whoever takes the answers; leaves a
        process behind.
Needs   errors, jobs, workers, clusters.  Used by streams.
"""

import contextlib
import itertools
import pickle
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from csrbook.clusters import Cluster
from csrbook.errors import UsageError
from csrbook.jobs import Outcome, Packed, Work, make_job, pack, pack_work, tell
from csrbook.workers import Processes, count_cores

__all__ = ["Answer", "spread"]

SCHEDULERS = re.compile(r"|processes(:[1-9][0-9]{0,3})?|(tcp|tls)://[^\s/]+:[0-9]{1,5}")
EXPECTED = "empty, processes, processes:2, or the address of a Dask scheduler such as tcp://127.0.0.1:8786"
ENDED = "ended its process"
PIECES = 16  # into so many a chunk that kills its workers is taken apart, again and again
MOST = 256  # items of a chunk, however small they are
FIRST, GROWTH = 64, 2 ** (1 / 4)  # the first chunk is so much smaller, and the next ones grow, so that few items too are shared out
FADING = 0.9  # a chunk: one huge result among small ones does not make all that follow travel alone


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one item: the result, or in one line the problem: what was raised, or that it ended its process."""

    item: Any
    result: Any = None
    problem: str | None = None


def spread(
    work: Work, items: Iterable[Any], *, scheduler: str = "", size: Callable[[Any], int] | None = None, chunk: int = 4_000_000,
    seconds: float = 0,
) -> Iterator[Answer]:
    """Yield the answer of `work` to every item, in the order of the items, whatever the scheduler.

    Parameters
    ----------
    work
        A function of a module, or functools.partial of one; what it raises is the problem of its item alone. Elsewhere than
        in this process items and results are pickled; one that cannot be is a problem of its item too.
    items
        Consumed as needed: beyond what was answered, no more than some chunks for each worker.
    scheduler
        "" this process, one item after the other; "processes" as many worker processes as there are cores, "processes:N" so
        many; "tcp://host:port" (or tls://) a Dask scheduler that is there already.
    size, chunk
        Bytes of an item, of which about `chunk` make one task, fewer where results are larger than items; without `size`, what
        the item takes when it is sent.
    seconds
        That an item may take in another process, 0 for ever; then it is stopped and has that for its problem. Code that cannot be
        stopped ends with its process. In this process nothing is stopped.

    Raises
    ------
    UsageError
        The scheduler is none of these, or `work` cannot be sent to another process.
    RunError
        Nobody answers at the address, the cluster goes away, its workers run another csrbook or Python, or no worker process
        can be started.
    """
    if not SCHEDULERS.fullmatch(scheduler):
        raise UsageError("scheduler", f"is {scheduler!r}", EXPECTED)
    if not scheduler:
        return _spread_here(work, items)
    return _spread_out(scheduler, pack_work(work), items, _Share(size, chunk), seconds)


def _spread_here(work: Work, items: Iterable[Any]) -> Iterator[Answer]:
    for item in items:
        try:
            answer = Answer(item, work(item))
        except (Exception, SystemExit) as error:
            answer = Answer(item, None, tell(error))
        yield answer


def _spread_out(scheduler: str, work: bytes, items: Iterable[Any], share: "_Share", seconds: float) -> Iterator[Answer]:
    """Keep a bounded number of chunks under way, and wait for the oldest when there is room for no more."""
    with contextlib.closing(_open_crew(scheduler, work, seconds)) as crew:
        under_way: deque[tuple[_Chunk, Any]] = deque()
        for chunk in itertools.chain(share.chunks(items), [None]):
            if chunk is not None:
                under_way.append((chunk, crew.submit(chunk.job())))
            while under_way and (chunk is None or len(under_way) > 2 * crew.hands() + 2 or under_way[0][1].done()):
                oldest, future = under_way.popleft()
                outcomes = crew.outcomes(future)
                if outcomes is None:  # another chunk may have killed the workers, so each piece is done while nothing else is
                    for _, other in under_way:
                        crew.wait(other)
                    outcomes = list(_apart(crew, oldest))
                share.heed(oldest, outcomes)
                yield from _answers(oldest, outcomes)
                del oldest, future, outcomes  # not held while the next chunk is waited for


def _open_crew(scheduler: str, work: bytes, seconds: float) -> Processes | Cluster:
    kind, _, count = scheduler.partition(":")
    if kind == "processes":
        return Processes(work, count=int(count or count_cores()), seconds=seconds)
    return Cluster(work, address=scheduler, seconds=seconds)


def _apart(crew: Processes | Cluster, chunk: "_Chunk") -> Iterator[Outcome]:
    """Yield the outcomes of a chunk that kills its workers; an item alone that does has this for its outcome."""
    step = -(-len(chunk.items) // PIECES)
    for at in range(0, len(chunk.items), step):
        piece = _Chunk(chunk.items[at : at + step], chunk.packed[at : at + step])
        outcomes = crew.outcomes(crew.submit(piece.job()))
        if outcomes is None:
            outcomes = [(None, ENDED)] if len(piece.items) == 1 else _apart(crew, piece)
        yield from outcomes


def _answers(chunk: "_Chunk", outcomes: list[Outcome]) -> Iterator[Answer]:
    for item, (packed, problem) in zip(chunk.items, outcomes, strict=True):
        result = None
        if problem is None:
            try:
                result = pickle.loads(packed)
            except Exception as error:
                problem = f"result cannot be read: {tell(error)}"
        yield Answer(item, result, problem)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Items that are done together, and how they travel."""

    items: list[Any]
    packed: list[Packed]
    weight: float = 0.0

    def job(self) -> bytes:
        return make_job(self.packed)


class _Share:
    """How much makes one chunk: little at first, then more, and never so much that its results would fill the memory."""

    def __init__(self, size: Callable[[Any], int] | None, chunk: int) -> None:
        self.size, self.chunk = size, chunk
        self.limit, self.swelling = chunk / FIRST, 1.0

    def chunks(self, items: Iterable[Any]) -> Iterator[_Chunk]:
        gathered, packed, weight = [], [], 0.0
        for item in items:
            gathered.append(item)
            packed.append(pack(item))
            weight += max(self._weigh(item, packed[-1]), self.chunk / MOST)
            if weight >= min(self.limit, self.chunk / self.swelling):
                yield _Chunk(gathered, packed, weight)
                gathered, packed, weight = [], [], 0.0
                self.limit = min(self.limit * GROWTH, self.chunk)
        if gathered:
            yield _Chunk(gathered, packed, weight)

    def heed(self, chunk: _Chunk, outcomes: list[Outcome]) -> None:
        """Learn how much larger results are than what they were weighed by, and forget it by and by."""
        swelled = sum(len(packed or b"") for packed, _ in outcomes) / chunk.weight
        self.swelling = max(1.0, swelled, self.swelling * FADING)

    def _weigh(self, item: Any, packed: Packed) -> int:
        try:
            return self.size(item) if self.size else len(packed)
        except Exception:  # a file that is gone, say: that is for `work` to tell
            return 0
