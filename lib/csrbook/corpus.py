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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from csrbook.claims import Extraction, make_claims, record
from csrbook.confirmations import NAMES, add_names, read_names
from csrbook.decisions import CORRECTIONS
from csrbook.documents import Corpus, Document, Passage, Unread, find_folders, read_documents, stated_date
from csrbook.errors import DocumentError, SchemaError
from csrbook.lexicon import Lexicons, load_lexicons
from csrbook.scenes import Reading, read_document_text
from csrbook.sightings import sighting_record
from csrbook.tellings import telling_record

__all__ = [
    "Harvest", "claim_rows", "document_of", "document_record", "extract", "extract_documents", "ledger_rows", "lexicons_of",
    "lexicons_with", "load_documents", "names_of", "sighting_rows", "source_row", "source_rows", "store_corrections",
    "store_documents", "store_names", "stored_documents", "telling_rows", "unread_row",
]  # fmt: skip

RECORDS = "documents.json"
TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a folder yields: an extraction a document, the files that were set aside, and the lexicons it was read by."""

    extractions: tuple[Extraction, ...]
    unread: tuple[Unread, ...]
    lexicons: Lexicons

    def __repr__(self) -> str:
        return f"Harvest({len(self.extractions):,} documents, {len(self.unread):,} unread)"


def lexicons_of(folder_or_files: str | Path | Iterable[str | Path]) -> Lexicons:
    """Return the lexicons with the names that a person confirmed in a names.toml beside the documents, where there is one.

    Of several folders that speak of one name the last by path goes before.

    Raises
    ------
    LexiconError
        A names.toml that breaks the rules of `confirmations`.
    """
    return lexicons_with(names_of(folder_or_files))


def names_of(folder_or_files: str | Path | Iterable[str | Path]) -> tuple[tuple[str, bytes], ...]:
    """Return path and content of each names.toml beside the documents, so that a process elsewhere knows the same names.

    Raises
    ------
    LexiconError
        One that cannot be read.
    """
    told = ((str(folder / NAMES), read_names(folder / NAMES)) for folder in find_folders(folder_or_files))
    return tuple((path, content) for path, content in told if content is not None)


@lru_cache(maxsize=4)
def lexicons_with(names: tuple[tuple[str, bytes], ...]) -> Lexicons:
    """Return the lexicons with such names, the last going before; made once a process.

    Raises
    ------
    LexiconError
        As `lexicons_of`.
    """
    lexicons = load_lexicons()
    for path, content in names:
        lexicons = add_names(lexicons, content, Path(path))
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
    rows = [source_row(document, lexicons) for document in corpus.documents]
    return sorted([*rows, *map(unread_row, corpus.unread)], key=lambda row: row["path"])


def source_row(document: Document, lexicons: Lexicons, *, reading: Reading | None = None) -> dict[str, Any]:
    """Return the row of a document that was read; its `reading`, where there is one, is not made again."""
    names = ("doc", "path", "title", "publisher", "language", "language_by", "kind", "format", "encoding", "sha256")
    row = {name: getattr(document, name) for name in names} | {"status": "read", "chars": len(document.text)}
    row["date"] = stated_date(document) or (reading or read_document_text(document, lexicons)).today
    row["furniture_chars"] = sum(p.end - p.start for p in document.furniture)
    row["repeat_chars"] = sum(p.end - p.start for p in document.repeats)
    return row


def unread_row(unread: Unread) -> dict[str, Any]:
    """Return the row of a file that was set aside."""
    return {"path": unread.path, "status": "unread", "problem": unread.reason, "advice": unread.advice}


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

    Documents are taken one at a time, and none is held. The texts are written byte for byte: no newline is translated, so that
    every offset stays.
    """
    folder = Path(folder)
    (folder / TEXTS).mkdir(parents=True, exist_ok=True)
    path = folder / RECORDS
    with path.open("w", encoding="utf-8", newline="\n") as file:
        between = "[\n"
        for document in documents:
            (folder / TEXTS / f"{document.doc}.txt").write_bytes(document.text.encode("utf-8"))
            lines = json.dumps(document_record(document), ensure_ascii=False, indent=1).split("\n")
            file.write(between + "\n".join(f" {line}" for line in lines))
            between = ",\n"
        file.write("[]\n" if between == "[\n" else "\n]\n")
    return path


def document_record(document: Document) -> dict[str, Any]:
    """Return all that is known of a document but its text, as JSON can tell it; `document_of` reads it back."""
    return {name: value for name, value in asdict(document).items() if name != "text"}


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
    return tuple(stored_documents(folder))


def stored_documents(folder: str | Path) -> Iterator[Document]:
    """Yield the documents that `store_documents` wrote, each text read when it is asked for.

    Raises
    ------
    DocumentError, SchemaError
        As `load_documents`.
    """
    folder = Path(folder)
    try:
        for row in json.loads((folder / RECORDS).read_text(encoding="utf-8")):
            yield document_of(row, (folder / TEXTS / f"{row['doc']}.txt").read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        raise DocumentError(Path(error.filename).name, "is not there", "documents stored by notebook 01", "run 01_sources first") from error


def document_of(row: Mapping[str, Any], text: str) -> Document:
    """Return the document of a record and its text.

    Raises
    ------
    SchemaError
        The record does not fit.
    """
    try:
        passages = {name: tuple(Passage(**one) for one in row[name]) for name in ("furniture", "repeats")}
        return Document(**{**row, **passages, "text": text})
    except TypeError as error:
        raise SchemaError(RECORDS, str(error), "the fields of a Document", "run 01_sources again") from error
