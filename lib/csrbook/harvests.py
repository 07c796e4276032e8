"""Read and extract many documents in one pass into a folder of partitioned Parquet, without notebooks.

    harvest("reports", "outputs/harvest", scheduler="processes", kept="outputs/.kept")

In      a folder or files; where the work is done ("", "processes", "tcp://..."); a folder of what earlier harvests made, or "".
Out     sources, claims (as people decided), ledger, tellings, sightings, decisions, each a folder of parts; harvest.json sums up.
Never   stores a text, holds more than some documents at a time, or leaves half a harvest under its name.
Needs   columns, corpus, corrections, documents, errors, partitions, records, states, streams, swaps, tables, yields; pandas.
        Used by harvest_cli.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from csrbook.columns import columns_of
from csrbook.corpus import lexicons_of, names_of, unread_row
from csrbook.corrections import decision_rows, find_decisions
from csrbook.documents import Unread, find_sources
from csrbook.errors import NothingToRead, UsageError
from csrbook.partitions import Partitions
from csrbook.records import write_json
from csrbook.states import count_states
from csrbook.streams import SECONDS, Ballot, Extracted, Tables, answers, find_twin, size_of
from csrbook.swaps import make_aside
from csrbook.tables import sources_frame, typed_frame
from csrbook.yields import harvest_one, make_task, read_rows

__all__ = ["SUMMARY", "harvest"]

SUMMARY = "harvest.json"
FORMAT = 1
HARVESTED = "harvested"  # the folder of what is kept
FILES = 1_000  # rows of a group of the sources: a row a document, so that a larger group would grow for as many documents
Row = dict[str, Any]


def harvest(
    folder_or_files: str | Path | Iterable[str | Path], to: str | Path, *, language: str | None = None, limit_mb: float = 200,
    scheduler: str = "", kept: str = "", seconds: float = SECONDS,
) -> Row:  # fmt: skip
    """Read and extract every document into `to`; return what harvest.json tells.

    Writes sources, claims (as people decided), ledger, tellings, sightings and decisions, each as <table>.parquet/part-00000.parquet ...,
    in the order of the files. A folder that was there is replaced in one step, when all is done.

    Parameters
    ----------
    folder_or_files, language, limit_mb
        As for `documents.read_documents`.
    to : path
        A folder that is not there, is empty, or holds an earlier harvest.
    scheduler : str
        As for `schedulers.spread`; the same is written with each.
    kept : str
        Folder of what earlier harvests made, "" for none; the same either way.
    seconds : float
        That a document may take in a worker, 0 for ever; one that takes longer is an unread row.

    Raises
    ------
    UsageError
        The folder holds anything else; there is no such language.
    NothingToRead
        Not one document could be read.
    DocumentError, LexiconError, CorrectionError
        manifest.toml, names.toml or corrections.csv cannot be read.
    RunError
        As `schedulers.spread`; another process writes there at the moment.
    """
    to = Path(to)
    if to.exists() and not (to.is_dir() and ((to / SUMMARY).is_file() or not any(to.iterdir()))):
        raise UsageError(to.name, "holds something else than a harvest", "a new folder", "name one that is not there")
    given = [folder_or_files] if isinstance(folder_or_files, str | Path) else list(folder_or_files)
    lexicons = lexicons_of(given)
    task = make_task(names_of(given), language=language, limit_mb=limit_mb, kept=kept and Path(kept, HARVESTED))
    sources, unread = find_sources(given)
    ballot = Ballot(find_decisions(given, lexicons))
    items = ((source, ballot.of(source.doc)) for source in sources)
    with make_aside(to) as fresh:
        stream = answers(harvest_one, items, task=task, size=lambda item: size_of(item[0]), scheduler=scheduler, seconds=seconds)
        with closing(stream):
            told, totals = _write(fresh, _by_path(stream, unread), ballot)
        if not totals["documents"]:
            where = ", ".join(Path(path).name for path in given)
            raise NothingToRead(where, "no document could be read", advice="csrbook extract tells of each why")
        told.findings = ballot.close(lexicons)
        with Partitions(fresh, "decisions", _decisions_frame, whole=0, csv=False) as table:
            table.add(decision_rows(told.findings))
        states = count_states(one.state for one in told.findings)
        summary = {"format": FORMAT, "library": task.library, "lexicons": lexicons.digest} | totals | {"decisions": states}
        write_json(fresh / SUMMARY, summary)
    return summary


def _by_path(stream: Iterator[tuple[Any, Row | Unread]], unread: Sequence[Unread]) -> Iterator[Row | Unread]:
    """Yield what was read, and what could be told without reading, in the order of the files."""
    both = (((first.path, told) for first, told in stream), ((one.path, one) for one in unread))
    return (told for _, told in heapq.merge(*both, key=lambda pair: pair[0].split("/")))


def _write(folder: Path, stream: Iterable[Row | Unread], ballot: Ballot) -> tuple[Extracted, Row]:
    """Write the tables of what documents yield; return what they tell beside, and the sums."""
    told, totals, met = Extracted(), Counter(documents=0, unread=0, characters=0), {}
    with Tables(folder, whole=0) as tables, Partitions(folder, "sources", sources_frame, whole=0, batch=FILES, csv=False) as files:
        for one in stream:
            aside = one if isinstance(one, Unread) else find_twin(met, one["source"])
            files.add([one["source"] if aside is None else unread_row(aside)])
            totals["documents" if aside is None else "unread"] += 1
            if aside is None:
                rows = read_rows(one["rows"])
                totals["characters"] += one["source"]["chars"]
                told.take(rows)
                ballot.findings |= rows.findings
                tables.add(rows, one["source"])
    faults = {"lost": len(told.lost), "adrift": len(told.adrift)}
    return told, dict(totals) | tables.rows | {"numerals": dict(sorted(told.numerals.items()))} | faults


def _decisions_frame(rows: list[Row]) -> pd.DataFrame:
    return typed_frame(rows, columns_of("decisions"))
