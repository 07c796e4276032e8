"""The first two steps of a run over any number of documents: read and store them, then extract what was stored.

    gather("seeds", "run/01-sources")
    extract_stored("run/01-sources", "run/02-extract", sources)

In      a folder or files; where the work is done ("", "processes", "tcp://..."); a folder of what earlier runs made, or "".
Out     stored documents and a row a file; tables of claims (as people decided), ledger, tellings, sightings.
Never   holds more texts than are being worked on, or gives other rows on another scheduler.
Needs   corpus, corrections, documents, partitions, streams, yields; pandas.  Used by notebooks 01 and 02.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from csrbook.corpus import document_of, lexicons_of, names_of, store_documents, stored_documents, unread_row
from csrbook.corrections import find_decisions
from csrbook.documents import Document, Unread, find_sources
from csrbook.partitions import WHOLE
from csrbook.streams import Ballot, Extracted, Tables, answers, find_twin, size_of
from csrbook.yields import extract_one, make_task, read_one, read_rows

__all__ = ["Gathered", "extract_stored", "gather"]

READ, ROWS = "read", "rows"  # folders of what is kept, one a step
NEEDED = ["doc", "language", "date", "publisher"]  # of a source, by those that it yields


@dataclass(frozen=True, slots=True)
class Gathered:
    """A row a file, by path; (doc, reason, characters) of every passage that is no part of an article; the file of records."""

    sources: list[dict[str, Any]]
    passages: list[tuple[str, str, int]]
    stored: Path


def gather(
    folder_or_files: str | Path | Iterable[str | Path], to: str | Path, *, language: str | None = None, limit_mb: float = 200,
    scheduler: str = "", kept: str = "",
) -> Gathered:  # fmt: skip
    """Read every document and store it in `to`, as `corpus.store_documents` does.

    Parameters
    ----------
    folder_or_files, language, limit_mb
        As for `documents.read_documents`.
    scheduler : str
        As for `schedulers.spread`; what is read and written is the same with each.
    kept : str
        Folder of what earlier runs read, "" for none; the same either way.

    Raises
    ------
    NothingToRead, DocumentError, UsageError, LexiconError
        As `corpus.extract`; RunError as `schedulers.spread`.
    """
    given = [folder_or_files] if isinstance(folder_or_files, str | Path) else list(folder_or_files)
    lexicons_of(given)  # a names.toml that is wrong is told before any work
    task = make_task(names_of(given), language=language, limit_mb=limit_mb, kept=kept and Path(kept, READ))
    sources, unread = find_sources(given)
    rows, passages = [unread_row(one) for one in unread], []

    def documents() -> Iterator[Document]:
        met: dict[bytes, str] = {}
        for _, told in answers(read_one, sources, task=task, size=size_of, scheduler=scheduler):
            aside = told if isinstance(told, Unread) else find_twin(met, told["source"])
            rows.append(told["source"] if aside is None else unread_row(aside))
            if aside is None:
                document = document_of(told["document"], told["text"])
                passages.extend((document.doc, p.reason, p.end - p.start) for p in (*document.furniture, *document.repeats))
                yield document

    stored = store_documents(documents(), to)
    return Gathered(sorted(rows, key=lambda row: row["path"]), passages, stored)


def extract_stored(
    stored: str | Path, to: str | Path, sources: pd.DataFrame, *, annotated: Collection[str] = (), scheduler: str = "", kept: str = ""
) -> Extracted:
    """Extract the documents that `gather` stored, as people decided, into tables in `to`.

    Writes claims, ledger, tellings and sightings (csv, parquet) and claims.jsonl; a table of more than `partitions.WHOLE` rows
    as parts, see there.

    Parameters
    ----------
    stored : path
        Where they were stored, with names.toml and corrections.csv where there are any.
    sources : DataFrame
        The table of sources.
    annotated : collection of str
        Documents whose claims are asked for as the machine read them.
    scheduler, kept
        As for `gather`.

    Raises
    ------
    DocumentError, SchemaError, LexiconError, CorrectionError
        As `corpus.load_documents`, `corpus.lexicons_of` and `corrections.find_decisions`; RunError as `schedulers.spread`.
    """
    lexicons, home = lexicons_of(stored), Path(to)
    task = make_task(names_of(stored), kept=kept and Path(kept, ROWS))
    ballot = Ballot(find_decisions(stored, lexicons))
    known = {row["doc"]: row for row in sources.dropna(subset="doc")[NEEDED].to_dict("records")}
    items = ((document, ballot.of(document.doc)) for document in stored_documents(stored))
    told = Extracted()
    home.mkdir(parents=True, exist_ok=True)
    with Tables(home, whole=WHOLE) as tables, (home / "claims.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for document, one in answers(extract_one, items, task=task, size=lambda item: len(item[0].text), scheduler=scheduler):
            if isinstance(one, Unread):
                told.failed.append(one)
                continue
            rows = read_rows(one)
            told.take(rows, annotated=rows.doc in annotated)
            ballot.findings |= rows.findings
            tables.add(rows, known[document.doc])
            lines.writelines(json.dumps(claim, ensure_ascii=False) + "\n" for claim in rows.claims)
    told.findings, told.written = ballot.close(lexicons), tables.written
    return told
