"""What a person decides about a figure: written into corrections.csv with its guard, shown with its state, taken back by its author.

    desk = Desk("seeds");  desk.decide("report", "40 schools", field="unit", value="college", who="Ann Lee", why="see the picture")
    [one.state for one in desk.findings()]                 -> ["kept"]

In      the folder of the documents, with its corrections.csv where there is one; a figure by its document and quotation.
Out     rows of corrections.csv, by decisions.add_decision; a Finding a decision.
Never   writes a decision that would not hold, or takes back what another person decided or signed.
Needs   claims, corpus, corrections, decisions, documents, errors, lexicon, placements.  Used by corrections_cli, explorer.
"""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches
from filecmp import cmp
from pathlib import Path
from typing import Any

from csrbook.claims import Claim, Extraction, make_claims
from csrbook.corpus import lexicons_of
from csrbook.corrections import Finding, apply_decisions, find_decisions
from csrbook.decisions import CORRECTIONS, Decision, add_decision, problem_of, withdraw_decision
from csrbook.documents import Document, Source, find_sources, read_source
from csrbook.errors import CorrectionError, DocumentError, NothingToRead
from csrbook.lexicon import Lexicons
from csrbook.placements import find_claim, machine_answer, read_context

__all__ = ["Desk", "corrections_file"]

BY_HAND = "csrbook corrections add"  # what a message calls the act


def corrections_file(seeds: Path) -> Path:
    """Return the path of the corrections of a folder of documents.

    Raises
    ------
    NothingToRead
        There is no such folder.
    """
    if not seeds.is_dir():
        raise NothingToRead(str(seeds), "is no folder", "the folder of the documents", "correct --seeds")
    return seeds / CORRECTIONS


class Desk:
    """A folder of documents at which a person decides; one is read and extracted when a decision names it, and kept until it changes."""

    def __init__(self, seeds: str | Path) -> None:
        self.seeds = Path(seeds)
        self.file = corrections_file(self.seeds)
        self._read: dict[Path, tuple[Any, Document]] = {}
        self._extracted: dict[tuple[str, str, str], Extraction] = {}

    def decide(
        self, doc: str, quotation: str, *, field: str, value: str, who: str, why: str, before: str = "", after: str = "",
        day: str = "", start: int | None = None,
    ) -> tuple[Decision, int]:  # fmt: skip
        """Write one decision, its guard looked up in the document; return it and the line that it stands on.

        Parameters
        ----------
        before, after : str
            Words around the quotation, where it is printed several times.
        day : str
            Day of it, as 2024-05-31; today when empty.
        start : int, optional
            Where the quotation begins, in code points of the document: in place of words around it.

        Raises
        ------
        CorrectionError
            The decision would not hold, or the file cannot be written; nothing was changed.
        """
        lexicons = lexicons_of(self.seeds)
        day = day or datetime.date.today().isoformat()
        told = Decision(doc, quotation, before, after, field, "", value, who.strip(), day, why.strip())
        if problem := problem_of(told, lexicons):
            raise CorrectionError(BY_HAND, problem, "", "nothing was written")
        extraction = self._extraction(self._document(doc, lexicons), lexicons)
        claim = _claim_at(extraction, quotation, start) if start is not None else find_claim(extraction, quotation, before, after)
        before, after = read_context(extraction, claim)
        told = replace(told, before=before, after=after, expect=machine_answer(claim, field))
        return told, add_decision(self.file, told)

    def take_back(self, line: int, *, who: str) -> Decision:
        """Remove the decision that begins at a line, made by this very person and signed by nobody; return it."""
        return withdraw_decision(self.file, line, by=who)

    def findings(self) -> tuple[Finding, ...]:
        """Return every decision of the folder with its state, as the next run will find it."""
        lexicons = lexicons_of(self.seeds)
        decisions = find_decisions(self.seeds, lexicons)
        named = {one.doc for one in decisions if not one.problem}
        documents = self._documents(named, lexicons) if named else ()
        return apply_decisions([self._extraction(one, lexicons) for one in documents], decisions, lexicons).findings

    def _document(self, doc: str, lexicons: Lexicons) -> Document:
        for document in self._documents({doc}, lexicons):
            return document
        names = sorted(one.doc for one in find_sources(self.seeds)[0])
        near = get_close_matches(doc, names, 1, 0.4) or names[:1]
        advice = f"did you mean {near[0]}?" if near else "none could be read"
        raise CorrectionError(str(self.seeds), f"holds no document {doc!r}", "", advice)

    def _documents(self, named: Collection[str], lexicons: Lexicons) -> Iterator[Document]:
        """Yield the documents of these names; as in a run, none that cannot be read, or whose file is the copy of an earlier one."""
        earlier: dict[int, list[Path]] = {}
        for source in find_sources(self.seeds)[0]:
            size = source.file.stat().st_size
            if source.doc in named and not any(cmp(source.file, other, shallow=False) for other in earlier.get(size, ())):
                try:
                    yield self._document_of(source, lexicons)
                except DocumentError:
                    continue
            earlier.setdefault(size, []).append(source.file)

    def _document_of(self, source: Source, lexicons: Lexicons) -> Document:
        told = source.file.stat()
        key = (told.st_mtime_ns, told.st_size, told.st_ino, dict(source.row), source.doc, lexicons.digest)
        if self._read.get(source.file, (None,))[0] != key:
            self._read[source.file] = (key, read_source(source, lexicons))
        return self._read[source.file][1]

    def _extraction(self, document: Document, lexicons: Lexicons) -> Extraction:
        key = (document.doc, document.sha256, lexicons.digest)
        if key not in self._extracted or self._extracted[key].document != document:
            self._extracted[key] = make_claims(document, lexicons)
        return self._extracted[key]


def _claim_at(extraction: Extraction, quotation: str, start: int) -> Claim:
    for claim in extraction.claims:
        if (claim.start, claim.text) == (start, quotation):
            return claim
    told = f"{quotation!r} is no figure at its place {start} there any more"
    raise CorrectionError(extraction.document.doc, told, "the document as the run read it", "run the workbook again; nothing was written")
