"""Send many documents to workers and their rows into tables, a few at a time.

    for item, told in answers(read_one, sources, task=task, size=size_of, scheduler="processes"): ...
    with Tables(folder, whole=0) as tables: tables.add(rows, source)

In      a function of `yields`, its items, where it is to run; rows of documents.
Out     each item with what it yields, in order, or an Unread that says what to do; tables as `partitions` writes them.
Never   lets one document stop the others, or holds more than some documents at a time.
Needs   corrections, decisions, documents, lexicon, partitions, schedulers, tables, yields; pandas.
        Used by readings, harvests.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

import pandas as pd

from csrbook.corrections import Finding, judge
from csrbook.decisions import Decision
from csrbook.documents import Source, Unread
from csrbook.lexicon import Lexicons
from csrbook.partitions import Partitions
from csrbook.schedulers import spread
from csrbook.tables import claims_frame, ledger_frame, sightings_frame, tellings_frame
from csrbook.yields import UNREAD, Decided, Rows, Taken, Task, unpack

__all__ = ["Ballot", "Extracted", "Tables", "answers", "find_twin", "size_of"]

SECONDS = 3600  # that a document may take in another process: one that never ends must not stop all others
CHUNK = 300_000  # bytes of documents that one task of a scheduler takes: some seconds of work
ADVICE = "take it out, or send it to whoever keeps csrbook; the others are read without it"
TWIN = "its figures are counted once, there"
Row = dict[str, Any]


def answers(
    work: Callable[..., Taken], items: Iterable[Any], *, task: Task, size: Callable[[Any], int], scheduler: str, seconds: float = SECONDS
) -> Iterator[tuple[Any, Row | Unread]]:
    """Yield each item, or the first of its parts, with what `work` of `yields` makes of it; afterwards forget what nobody asked for.

    `seconds` that a document may take, as for `schedulers.spread`.

    Raises
    ------
    CsrbookError
        What concerns all documents: the scheduler, the lexicons, a parameter.
    """
    with closing(spread(partial(work, task=task), items, scheduler=scheduler, size=size, chunk=CHUNK, seconds=seconds)) as stream:
        for answer in stream:
            first = answer.item[0] if isinstance(answer.item, tuple) else answer.item
            if answer.problem is not None:
                yield first, Unread(first.path, f"stops the reader ({answer.problem})", ADVICE)
                continue
            if answer.result.error is not None:
                raise answer.result.error
            told = unpack(answer.result.data)
            yield first, Unread(*told[UNREAD]) if UNREAD in told else told
    task.keep.sweep()


def size_of(source: Source) -> int:
    """Return the bytes of a file; 0 where it is gone, which its reader tells."""
    try:
        return source.file.stat().st_size
    except OSError:
        return 0


def find_twin(met: dict[bytes, str], source: Row) -> Unread | None:
    """Return the row of a document whose text another had before, else remember it; `met` holds paths by digest."""
    path = met.setdefault(bytes.fromhex(source["sha256"]), source["path"])
    return None if path == source["path"] else Unread(source["path"], f"has the same text as {path}", TWIN)


class Ballot:
    """The decisions of people, given out by document, and what became of them."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self.decisions = decisions
        self.findings: dict[int, Row] = {}
        self._by_doc: dict[str, list[tuple[int, Decision]]] = defaultdict(list)
        for at, one in enumerate(decisions):
            if not one.problem:
                self._by_doc[one.doc].append((at, one))

    def of(self, doc: str) -> Decided:
        """Return the decisions on one document."""
        return tuple(self._by_doc.get(doc, ()))

    def close(self, lexicons: Lexicons) -> tuple[Finding, ...]:
        """Return a finding a decision; those that no document answered are bad, or speak of a document that is not there."""
        open_ones = [at for at in range(len(self.decisions)) if at not in self.findings]
        rest = iter(judge([], [self.decisions[at] for at in open_ones], lexicons).findings)
        told = ((one, self.findings.get(at)) for at, one in enumerate(self.decisions))
        return tuple(Finding(one, **found) if found is not None else next(rest) for one, found in told)


@dataclass(slots=True)
class Extracted:
    """What was extracted, beside the tables.

    `findings` one a decision; `failed` the documents that could not be extracted; `annotated` the claims, as the machine read them, of the
    documents asked for; `found` figures and numerals as the machine read them; `numerals`, `lost`, `adrift` as in `yields.Rows`.
    """

    findings: tuple[Finding, ...] = ()
    failed: list[Unread] = field(default_factory=list)
    annotated: list[Row] = field(default_factory=list)
    found: int = 0
    numerals: Counter = field(default_factory=Counter)
    lost: list[Row] = field(default_factory=list)
    adrift: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    def take(self, rows: Rows, *, annotated: bool = False) -> None:
        """Add what one document tells."""
        self.annotated += rows.machine if annotated else ()
        self.found += rows.found
        self.numerals.update(rows.numerals)
        self.lost += rows.lost
        self.adrift += rows.adrift


class Tables:
    """The four tables of what documents yield, under way; a context that finishes them."""

    def __init__(self, folder: Path, *, whole: int) -> None:
        """`whole` as for `partitions.Partitions`; with 0 there are no CSV files."""
        self._tables = {name: Partitions(folder, name, frame, whole=whole, csv=whole > 0) for name, frame in FRAMES.items()}
        self._open = ExitStack()

    def add(self, rows: Rows, source: Row) -> None:
        """Take the rows of a document, with the row of its file."""
        for name, table in self._tables.items():
            table.add(row | {SOURCE: source} for row in getattr(rows, name))

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table got."""
        return {name: table.rows for name, table in self._tables.items()}

    @property
    def written(self) -> list[Path]:
        """The files written, and folders of parts."""
        return [path for table in self._tables.values() for path in table.written]

    def __enter__(self) -> Self:
        for table in self._tables.values():
            self._open.enter_context(table)
        return self

    def __exit__(self, *told: Any) -> None:
        self._open.__exit__(*told)


SOURCE = "source"  # what every row carries of its document until its table is made


def _sources(rows: Iterable[Row]) -> list[Row]:
    return list({row["doc"]: row[SOURCE] for row in rows}.values())


def _claims(rows: list[Row]) -> pd.DataFrame:
    return claims_frame(rows, _sources(rows))


def _tellings(rows: list[Row]) -> pd.DataFrame:
    return tellings_frame(rows, _sources(rows))


def _sightings(rows: list[Row]) -> pd.DataFrame:
    return sightings_frame(rows, _sources(rows))


FRAMES = {"claims": _claims, "ledger": ledger_frame, "tellings": _tellings, "sightings": _sightings}
