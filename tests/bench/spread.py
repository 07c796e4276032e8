"""What spreading costs: the same work in a plain loop, here, in processes and on a Dask cluster, side by side in one run.

    python tests/bench/spread.py [--seconds 8] [--rounds 3]

The work counts words in a made text, over and over. On a machine that is busy with other things wall time says little, so the
table also gives, in CPU time, how much less the busiest worker does than the loop (2 with two workers would be perfect; start-up
of worker processes counts), and what the caller itself spends on an item.
"""

import argparse
import contextlib
import functools
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "lib"), str(TESTS / "bench")]

from clusters import LIB, cluster  # noqa: E402
from csrbook.schedulers import spread  # noqa: E402

TEXT = "one two three four five six seven eight nine ten " * 40


def count(number: int, *, times: int) -> tuple[int, float, float]:
    """Count words, `times` over; return the process and its CPU seconds before and after."""
    begun, found = time.process_time(), {}
    for _ in range(times):
        for word in re.findall(r"\w+", TEXT):
            found[word] = found.get(word, 0) + number
    return os.getpid(), begun, time.process_time()


def busiest(done: list[tuple[int, float, float]], fresh: bool) -> float:
    """Return the CPU seconds of the process that did most; of a fresh one its start-up counts."""
    spans = {pid: [begun, ended] for pid, begun, ended in done}
    for pid, begun, ended in done:
        spans[pid] = [min(spans[pid][0], begun), max(spans[pid][1], ended)]
    return max(ended - (0 if fresh else begun) for begun, ended in spans.values())


def calibrate() -> float:
    """Return how many counts this machine does in a second."""
    begun = time.process_time()
    count(1, times=1000)
    return 1000 / (time.process_time() - begun)


@contextlib.contextmanager
def ways(workers: int) -> Iterator[dict[str, Callable]]:
    """Yield the ways by name: work and items to results."""

    def by(scheduler: str) -> Callable:
        return lambda work, items: [answer.result for answer in spread(work, items, scheduler=scheduler)]

    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        address, _ = ends.enter_context(cluster(workers=workers, folder=folder / "cluster", pythonpath=[LIB, TESTS / "bench"]))
        yield {
            "plain loop": lambda work, items: [work(item) for item in items],
            "spread, here": by(""),
            f"spread, {workers} processes": by(f"processes:{workers}"),
            f"spread, Dask, {workers} workers": by(address),
        }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8, help="of work in the plain loop")
    parser.add_argument("--rounds", type=int, default=3, help="of which the medians are given")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    from spread import count as work  # as workers know it, not as of __main__

    speed = calibrate()
    print("| items | way | seconds | to the loop | busiest worker to the loop, CPU | caller's CPU, ms an item |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    with ways(given.workers) as each:
        for items in (50, 1000, 20_000):
            job = functools.partial(work, times=max(1, round(speed * given.seconds / items)))
            figures: dict[str, list[tuple[float, ...]]] = {name: [] for name in each}
            for _ in range(given.rounds):
                for name, do in each.items():
                    wall, own = time.perf_counter(), time.process_time()
                    done = do(job, range(items))
                    wall, own = time.perf_counter() - wall, time.process_time() - own
                    assert len(done) == items
                    figures[name].append((wall, busiest(done, "processes" in name), own))
            middle = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in figures.items()}
            for name, (wall, busy, own) in middle.items():
                loop_wall, loop_busy, _ = middle["plain loop"]
                print(f"| {items:,} | {name} | {wall:.2f} | {loop_wall / wall:.2f} | {loop_busy / busy:.2f} | {1000 * own / items:.3f} |")
    print(f"\n{os.cpu_count()} cores; medians of {given.rounds} rounds.")


if __name__ == "__main__":
    main()
