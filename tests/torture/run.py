"""Be hard on csrbook in every way of runs.py and documents.py; print a table and write docs/RELIABILITY.md. Called by `make torture`.

    python tests/torture/run.py [--only killed clock] [--seed 20260101] [--documents 2000] [--jobs 2] [--quick] [--fresh]

Scenarios run side by side, one a core. Results are kept in outputs/torture.jsonl as they come: what was done with the same library is not
done again, unless it is named.
Exit 1 when a promise was not kept.
"""

import argparse
import json
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

import documents
import report
import runs
import signals  # noqa: F401  its scenarios
from book import Broken
from ground import ROOT
from report import PAGE, Result

from csrbook.interrupts import end_children, heed

KEPT = ROOT / "outputs" / "torture.jsonl"
LONG = ("damaged_documents", "killed_whole_runs", "interrupted_commands", "killed", "corrupt", "corrupt_cache")  # begin first


def told() -> dict[str, tuple[str, str]]:
    """Return what is done and required in every scenario."""
    return {name: (" ".join(make.__doc__.split()), runs.REQUIRED[name]) for name, make in runs.SCENARIOS.items()}


def run_one(name: str, *, seed: int, size: str, count: int) -> Result:
    """Do one scenario; what it breaks is a result too."""
    documents.SEED, documents.COUNT, begun, library = seed, count, time.monotonic(), report.library()
    times, happened, broken, kinds = 0, "", "", None
    try:
        times, happened, *more = runs.SCENARIOS[name](random.Random(f"{seed} {name}"), size)
        kinds = more[0] if more else None
    except (Broken, OSError, ValueError, KeyError) as error:
        broken = f"{type(error).__name__}: {error}"
    return Result(name, times, happened, broken, round(time.monotonic() - begun, 1), library, seed, report.machine(), kinds)


def read_kept(path: Path) -> dict[str, Result]:
    """Return the last result of each scenario that is known."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {one["name"]: Result(**one) for one in map(json.loads, lines) if one["name"] in runs.SCENARIOS}


def keep(one: Result) -> None:
    """Add a result to those that are kept."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(one.to_json(), ensure_ascii=False) + "\n")


def main() -> int:
    """Do what was asked, or all; write the page, which says of each scenario that has no result that it was not done yet."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--only", nargs="+", choices=list(runs.SCENARIOS), help="these, also where they were done before")
    ask.add_argument("--seed", type=int, default=20260101, help="of moments and damages")
    ask.add_argument("--documents", type=int, default=documents.COUNT, help="so many damaged ones")
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many scenarios at once")
    ask.add_argument("--quick", action="store_true", help="small sizes; the page is not written")
    ask.add_argument("--fresh", action="store_true", help="all anew")
    given = ask.parse_args()
    done, code = {} if given.fresh or given.quick else read_kept(KEPT), 0
    known = {name for name, one in done.items() if one.library == report.library() and one.seed == given.seed and not one.broken}
    wanted = given.only or [name for name in runs.SCENARIOS if name not in known]
    names = sorted(wanted, key=lambda name: LONG.index(name) if name in LONG else len(LONG))
    print(f"seed {given.seed}; library {report.library()}; {report.machine()}; {len(names)} to do, {given.jobs} at once", flush=True)
    work = partial(run_one, seed=given.seed, size="quick" if given.quick else "full", count=given.documents)
    with ProcessPoolExecutor(given.jobs) as crew:
        for number, future in enumerate(as_completed([crew.submit(work, name) for name in names]), 1):
            one = future.result()
            done[one.name], code = one, code or int(bool(one.broken))
            how = f"{'BROKEN' if one.broken else 'held'}  {one.name}  {one.times} times, {one.seconds:.0f} s"
            print(f"{number}/{len(names)} {how}: {one.broken or one.happened}", flush=True)
            if not given.quick:
                keep(one)
    if not given.quick:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(report.page(done.values(), told()), encoding="utf-8")
        print(f"kept in {PAGE.relative_to(ROOT)}")
    return code


if __name__ == "__main__":
    with heed(), end_children():
        sys.exit(main())
