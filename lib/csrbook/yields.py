"""What one document yields, as bytes: made wherever a worker is, kept from run to run, and read back as rows.

    taken = extract_one((document, ()), task=make_task(names))       # anywhere
    rows = read_rows(unpack(taken.data))                             # here: rows.claims, rows.ledger, ...

In      a Source or a Document, the decisions of people on it, and a Task: all else that its rows depend on.
Out     a Taken: JSON, packed. The same bytes from any process, and from what an earlier run kept.
Never   asks another document, sends a text where rows will do, or takes over what another version of the library made.
Needs   claims, corpus, corrections, decisions, digests, documents, errors, keeps, ledger, lexicon, scenes, sightings,
        tellings.
        Used by streams, readings, harvests.
"""

import json
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from csrbook.claims import Extraction, make_claims, record
from csrbook.corpus import document_record, lexicons_with, source_row
from csrbook.corrections import Finding, apply_decisions, corrected_rows
from csrbook.decisions import Decision
from csrbook.digests import LIBRARY, digest_files, digest_library, digest_of, read_versions
from csrbook.documents import Document, Source, read_source
from csrbook.errors import CsrbookError, DocumentError, RunError
from csrbook.keeps import Keep
from csrbook.ledger import account
from csrbook.lexicon import Lexicons
from csrbook.scenes import Reading, read_document_text
from csrbook.sightings import sighting_record
from csrbook.tellings import telling_record

__all__ = ["Decided", "Rows", "Taken", "Task", "extract_one", "harvest_one", "make_task", "pack", "read_one", "read_rows", "unpack"]

Row = dict[str, Any]
Decided = tuple[tuple[int, Decision], ...]  # the decisions on one document, each with its place among all
UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Task:
    """What the rows of every document depend on beside it, and where what was made before is kept."""

    library: str
    names: tuple[tuple[str, bytes], ...]
    language: str | None
    limit_mb: float
    keep: Keep


@dataclass(frozen=True, slots=True)
class Taken:
    """What a worker made of a document: its packed rows; or an `error` that concerns all documents, so that no more are to be asked."""

    data: bytes
    error: CsrbookError | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one document.

    `claims` are as people decided, with `reviewed` and `reviewer`; `machine` as they were before, and `found` is how many figures
    and numerals set aside there were then. `numerals` counts outcomes of `ledger.account`; `lost` are its faults; `adrift` the ids of what
    does not stand at its place in the text. `findings` lie at their places among all decisions.
    """

    doc: str
    claims: list[Row]
    machine: list[Row]
    ledger: list[Row]
    tellings: list[Row]
    sightings: list[Row]
    found: int
    numerals: Mapping[str, int]
    lost: list[Row]
    adrift: list[str]
    findings: Mapping[int, Row]


def make_task(
    names: Iterable[tuple[str, bytes]] = (), *, language: str | None = None, limit_mb: float = 200, kept: str | Path = ""
) -> Task:
    """Return the task of this process's library; `names` as `corpus.names_of` gives them, `kept` the folder of what was made before."""
    return Task(_library(), tuple(names), language, limit_mb, Keep(os.path.abspath(kept) if kept else None))


def pack(told: Any) -> bytes:
    """Return anything that JSON can tell as bytes, the same for the same."""
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 6)


def unpack(data: bytes) -> Any:
    """Return what `pack` packed."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def read_rows(told: Mapping[str, Any]) -> Rows:
    """Return the rows of a document as `extract_one` packed them."""
    tables = {name: _rows(told[name]) for name in ("claims", "ledger", "tellings", "sightings")}
    machine = tables["claims"] if told["machine"] is None else _rows(told["machine"])
    findings = {int(at): finding for at, finding in told["findings"].items()}
    return Rows(**{f.name: told[f.name] for f in fields(Rows)} | tables | {"machine": machine, "findings": findings})


# ---- what a worker does --------------------------------------------------------------------------------------------------


def read_one(source: Source, *, task: Task) -> Taken:
    """Read one file: {document, text, source}, or {unread} where it cannot be read."""
    return _taken(task, source, lambda lexicons: _read(source, task, lexicons))


def extract_one(item: tuple[Document, Decided], *, task: Task) -> Taken:
    """Extract one document that was read: what `read_rows` takes."""
    document, decided = item
    told = [document_record(document), [(at, asdict(one)) for at, one in decided]]
    return _taken(task, told, lambda lexicons: _extract(document, decided, lexicons))


def harvest_one(item: tuple[Source, Decided], *, task: Task) -> Taken:
    """Read one file and extract it: {source, rows}, or {unread} where it cannot be read."""
    source, decided = item

    def make(lexicons: Lexicons) -> Row:
        document = read_source(source, lexicons, language=task.language, limit_mb=task.limit_mb)
        reading = read_document_text(document, lexicons)
        return {"source": source_row(document, lexicons, reading=reading), "rows": _extract(document, decided, lexicons, reading)}

    return _taken(task, source, make, [(at, asdict(one)) for at, one in decided])


def _taken(task: Task, item: Any, make: Callable[[Lexicons], Row], more: Any = None) -> Taken:
    """Return what was kept for an item, or is made now and kept for the next run; a file that cannot be read is read again then."""
    try:
        if task.library != _library():
            raise RunError("a worker", "has another csrbook, or other packages", "those of this process", "install the same lock there")
        if not task.keep.folder:
            return Taken(pack(make(lexicons_with(task.names))))
        state = _state(item) if isinstance(item, Source) else item
        key = digest_of([make.__qualname__, task.library, lexicons_with(task.names).digest, task.language, state, more])
        if (data := task.keep.get(key)) is None:
            data = pack(make(lexicons_with(task.names)))
            if not isinstance(item, Source) or state == _state(item):  # else it was written while it was read
                task.keep.put(key, data)
        return Taken(data)
    except DocumentError as error:
        return Taken(pack({UNREAD: [error.where, "; ".join(filter(None, (error.what, error.expected))), error.advice]}))
    except CsrbookError as error:
        return Taken(b"", error=error)


def _state(source: Source) -> list[Any]:
    return [source.path, source.doc, dict(source.row), digest_files(source.file)]


@cache
def _library() -> str:
    """Digest all code and data that rows depend on; once a process."""
    return digest_of([digest_library(LIBRARY / "no lock"), read_versions()])


def _read(source: Source, task: Task, lexicons: Lexicons) -> Row:
    document = read_source(source, lexicons, language=task.language, limit_mb=task.limit_mb)
    return {"document": document_record(document), "text": document.text, "source": source_row(document, lexicons)}


def _extract(document: Document, decided: Decided, lexicons: Lexicons, reading: Reading | None = None) -> Row:
    machine = make_claims(document, lexicons, reading=reading)
    corrected = apply_decisions([machine], [one for _, one in decided], lexicons)
    (extraction,) = corrected.extractions
    numerals = account(document, extraction.claims, extraction.skipped, lexicons)
    return {
        "doc": document.doc,
        "claims": _columns(corrected_rows(corrected)),
        "machine": _columns([record(claim) for claim in machine.claims]) if decided else None,
        "ledger": _columns([asdict(one) for one in extraction.skipped]),
        "tellings": _columns([telling_record(one) for one in extraction.tellings]),
        "sightings": _columns([sighting_record(one) for one in extraction.sightings]),
        "found": len(machine.claims) + len(machine.skipped),
        "numerals": Counter(row.outcome for row in numerals.rows),
        "lost": [asdict(row) for row in (*numerals.uncovered, *numerals.twice)],
        "adrift": list(_adrift(document, extraction)),
        "findings": {at: _finding(one) for (at, _), one in zip(decided, corrected.findings, strict=True)},
    }


def _adrift(document: Document, extraction: Extraction) -> Iterable[str]:
    """Yield the ids of what does not stand at its place in the text; there are none, and the notebook says so."""
    for one in (*extraction.claims, *extraction.tellings, *extraction.sightings):
        if document.text[one.start : one.end] != one.text:
            yield getattr(one, "claim_id", None) or one.telling_id


def _finding(one: Finding) -> Row:
    return {f.name: getattr(one, f.name) for f in fields(Finding) if f.name != "decision"}


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Return rows of the same names turned: names once."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _rows(columns: Mapping[str, Sequence[Any]]) -> list[Row]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
