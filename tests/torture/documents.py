"""Damaged documents, by the thousand: each is read alone under limits, and some hundred of them together in a whole run."""

import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path

from book import Book, require, scratch
from damage import KINDS, damaged
from reading import Told, read_many
from runs import scenario

SEED = 1  # of all documents; the driver sets its own
COUNT = 2_000
STRIDE = 200


def tally(told: list[Told]) -> dict[str, dict[str, float]]:
    """Count by kind what became of documents."""
    kinds: dict[str, dict[str, float]] = defaultdict(lambda: {"read": 0, "unread": 0, "broken": 0, "slowest": 0.0})
    for one in told:
        kinds[one.kind][one.status] += 1
        kinds[one.kind]["slowest"] = max(kinds[one.kind]["slowest"], one.seconds)
    return dict(kinds)


def read_all(count: int) -> list[Told]:
    """Read so many damaged documents one by one, and tell now and then how far it is."""
    told, begun = [], time.monotonic()
    for one in read_many(range(count), seed=SEED):
        told.append(one)
        if len(told) % STRIDE == 0:
            print(f"  damaged_documents: {len(told)} of {count}, {time.monotonic() - begun:.0f} s", flush=True)
    return told


@scenario(
    "no crash, no hang: each has one row in the table of sources, read, or set aside with a reason and advice; figures quote the text"
)
def damaged_documents(chance: random.Random, size: str) -> tuple[int, str, dict]:
    """documents cut, garbled, in other encodings, endless, deep, looping, expanding, lying of themselves, or badly named, each read alone
    under limits of time and memory"""
    told = read_all(COUNT if size == "full" else len(KINDS))
    broken = [f"{one.number} ({one.kind}) {one.words}" for one in told if one.status == "broken"]
    kinds = tally(told)
    require(not broken, "; ".join(broken[:5]) + f": {len(broken)} of {len(told)}")
    counts = Counter(one.status for one in told)
    claims = sum(one.claims for one in told)
    return len(told), f"{counts['read']} read, with {claims:,} figures, {counts['unread']} set aside, none broken", kinds


@scenario("exit 0 or 3, `latest` whole, one row of the table of sources for every file")
def damaged_together(chance: random.Random, size: str) -> tuple[int, str]:
    """a whole run of the real notebooks over damaged documents and three good ones in one folder"""
    import pandas

    with scratch() as home:
        book = Book(Path(home) / "a book")
        for number in range(76 if size == "full" else 0):
            one = damaged(number, seed=SEED)
            if len(one.data) < 150_000:
                (book.seeds / one.name).write_bytes(one.data)
        count = len(list(book.seeds.iterdir()))
        ran = book.run()
        require(ran.code in (0, 3), f"exit {ran.code}: {ran.told}")
        book.require_whole()
        rows = pandas.read_parquet(book.out / "latest" / "01-sources" / "sources.parquet")
        require(len(rows) == count and set(rows["status"]) <= {"read", "unread"}, f"{len(rows)} rows for {count} files")
        record = json.loads((book.out / "latest" / "run.json").read_bytes())
        require(len(record["inputs"]["seeds"]) <= count, "inputs that are no files")
    counts = Counter(rows["status"])
    return count, f"{counts['read']} read, {counts['unread']} set aside, every table and page made"
