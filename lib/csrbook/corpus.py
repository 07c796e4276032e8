"""Extract from many documents, and keep what was read so that a later notebook need not read the sources again.

    harvest = extract("seeds")          every document's claims, and the files that could not be read

In      a folder or files, with a names.toml beside them where there is one; or the folder that `store_documents` wrote.
Out     Harvest(extractions, unread, lexicons), by path; rows for the tables of sources, claims, numerals set aside, programmes
        told and names to review.
Never   lets one bad document stop the rest, or gives other rows for the same bytes.
Needs   claims, confirmations, decisions, documents, errors, lexicon, scenes, sightings, tellings.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from csrbook.claims import Extraction, make_claims, record
from csrbook.confirmations import NAMES, with_names
from csrbook.decisions import CORRECTIONS
from csrbook.documents import Corpus, Document, Passage, Unread, find_folders, read_documents, stated_date
from csrbook.errors import DocumentError, SchemaError
from csrbook.lexicon import Lexicons, load_lexicons
from csrbook.scenes import read_document_text
from csrbook.sightings import sighting_record
from csrbook.tellings import telling_record

__all__ = [
    "Harvest", "claim_rows", "extract", "extract_documents", "ledger_rows", "lexicons_of", "load_documents", "sighting_rows",
    "source_rows", "store_corrections", "store_documents", "store_names", "telling_rows",
]  # fmt: skip

RECORDS = "documents.json"
TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a folder yields: an extraction a document, the files that were set aside, and the lexicons it was read by."""

    extractions: tuple[Extraction, ...]
    unread: tuple[Unread, ...]
    lexicons: Lexicons


def lexicons_of(folder_or_files: str | Path | Iterable[str | Path]) -> Lexicons:
    """Return the lexicons with the names that a person confirmed in a names.toml beside the documents, where there is one.

    Of several folders that speak of one name the last by path goes before.

    Raises
    ------
    LexiconError
        A names.toml that breaks the rules of `confirmations`.
    """
    lexicons = load_lexicons()
    for folder in find_folders(folder_or_files):
        lexicons = with_names(lexicons, folder / NAMES)
    return lexicons


def extract(
    folder_or_files: str | Path | Iterable[str | Path], *, language: str | None = None, limit_mb: float = 200
) -> Harvest:
    """Return the claims of every document of a folder, or of some files.

    Parameters
    ----------
    folder_or_files, language, limit_mb
        As for `documents.read_documents`.

    Raises
    ------
    NothingToRead
        The folder is absent or holds no file.
    LexiconError
        As `lexicons_of`.
    """
    given = [folder_or_files] if isinstance(folder_or_files, str | Path) else list(folder_or_files)
    lexicons = lexicons_of(given)
    corpus = read_documents(given, lexicons, language=language, limit_mb=limit_mb)
    return Harvest(tuple(extract_documents(corpus.documents, lexicons)), corpus.unread, lexicons)


def extract_documents(documents: Iterable[Document], lexicons: Lexicons | None = None) -> Iterator[Extraction]:
    """Yield the extraction of each document, in the order given; `lexicons_of` their folder knows the names confirmed there."""
    lexicons = lexicons or load_lexicons()
    return (make_claims(document, lexicons) for document in documents)


# ---- rows of tables ----------------------------------------------------------------------------------------------------


def source_rows(corpus: Corpus, lexicons: Lexicons | None = None) -> list[dict[str, Any]]:
    """Return one row a file, read and unread, by path; columns as in the registry of `columns`.

    A document whose date stands in no manifest and no metadata is given the day that its text speaks from.
    """
    lexicons = lexicons or load_lexicons()
    rows = [_source_row(document, lexicons) for document in corpus.documents]
    rows += [{"path": u.path, "status": "unread", "problem": u.reason, "advice": u.advice} for u in corpus.unread]
    return sorted(rows, key=lambda row: row["path"])


def _source_row(document: Document, lexicons: Lexicons) -> dict[str, Any]:
    names = ("doc", "path", "title", "publisher", "language", "language_by", "kind", "format", "encoding", "sha256")
    row = {name: getattr(document, name) for name in names} | {"status": "read", "chars": len(document.text)}
    row["date"] = stated_date(document) or read_document_text(document, lexicons).today
    row["furniture_chars"] = sum(p.end - p.start for p in document.furniture)
    row["repeat_chars"] = sum(p.end - p.start for p in document.repeats)
    return row


def claim_rows(extractions: Iterable[Extraction]) -> list[dict[str, Any]]:
    """Return one record a claim, in the order of the documents and of the text."""
    return [record(claim) for each in extractions for claim in each.claims]


def ledger_rows(extractions: Iterable[Extraction]) -> list[dict[str, Any]]:
    """Return one row a numeral that was set aside, in the order of the documents and of the text."""
    return [asdict(one) for each in extractions for one in each.skipped]


def telling_rows(extractions: Iterable[Extraction]) -> list[dict[str, Any]]:
    """Return one row a place where a programme is told, in the order of the documents and of the text."""
    return [telling_record(one) for each in extractions for one in each.tellings]


def sighting_rows(extractions: Iterable[Extraction]) -> list[dict[str, Any]]:
    """Return one row a document and name that no table knows, in the order of the documents and of the text."""
    return [sighting_record(one) for each in extractions for one in each.sightings]


# ---- documents kept for the notebooks that follow ----------------------------------------------------------------------


def store_documents(documents: Iterable[Document], folder: str | Path) -> Path:
    """Write texts/<doc>.txt and documents.json (all else that is known of each document); return the path of the latter.

    The texts are written byte for byte: no newline is translated, so that every offset stays.
    """
    folder = Path(folder)
    (folder / TEXTS).mkdir(parents=True, exist_ok=True)
    rows = []
    for document in documents:
        (folder / TEXTS / f"{document.doc}.txt").write_bytes(document.text.encode("utf-8"))
        rows.append({name: value for name, value in asdict(document).items() if name != "text"})
    path = folder / RECORDS
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def store_names(seeds: str | Path, folder: str | Path) -> list[Path]:
    """Keep the names.toml of the documents, byte for byte, so that `lexicons_of(folder)` knows them too; return its path, if any."""
    return _keep(seeds, folder, NAMES)


def store_corrections(seeds: str | Path, folder: str | Path) -> list[Path]:
    """Keep the corrections.csv of the documents likewise, for `corrections.find_decisions(folder)`; return its path, if any."""
    return _keep(seeds, folder, CORRECTIONS)


def _keep(seeds: str | Path, folder: str | Path, name: str) -> list[Path]:
    (home,), kept = find_folders(seeds), Path(folder) / name
    if not (home / name).is_file():
        if os.path.lexists(home / name):  # a folder, or a link to what is not there: to pass over it would lose what people said
            raise DocumentError(name, "is no plain file", "a file beside the documents", "put it back, or take this out")
        kept.unlink(missing_ok=True)  # of a run before
        return []
    kept.write_bytes((home / name).read_bytes())
    return [kept]


def load_documents(folder: str | Path) -> tuple[Document, ...]:
    """Return the documents that `store_documents` wrote, equal to those it was given.

    Raises
    ------
    DocumentError
        The folder holds no stored documents, or a text is absent.
    SchemaError
        A record does not fit.
    """
    folder = Path(folder)
    try:
        rows = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
        texts = [(folder / TEXTS / f"{row['doc']}.txt").read_bytes().decode("utf-8") for row in rows]
    except FileNotFoundError as error:
        raise DocumentError(Path(error.filename).name, "is not there", "documents stored by notebook 01", "run 01_sources first") from error
    try:
        return tuple(_document(row, text) for row, text in zip(rows, texts, strict=True))
    except TypeError as error:
        raise SchemaError(RECORDS, str(error), "the fields of a Document", "run 01_sources again") from error


def _document(row: dict[str, Any], text: str) -> Document:
    passages = {name: tuple(Passage(**one) for one in row[name]) for name in ("furniture", "repeats")}
    return Document(**{**row, **passages, "text": text})
