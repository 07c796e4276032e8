"""The citation line of a claim: who printed it, where it stands, and what it is called here.

    citation(claim, source) -> 'The Post. “A garden”. 1 June 2021. “12 clerks”, code points 90 to 99. Claim 1f..., csrbook 0.1.0.'

In      a claim and the row of its document, as mappings or Series; a language that has labels.
Out     one line of text; what a document does not tell is left out of it.
Never   holds a line break, a control or a mark that turns the direction of what follows, whatever a document says.
Needs   labels.  Used by naming, payloads, exports, annotations and the notebooks.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from csrbook import __version__
from csrbook.labels import load_labels

__all__ = ["citation", "citations_of", "one_line"]

STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def citation(claim: Mapping[str, Any], source: Mapping[str, Any] | None = None, *, language: str | None = None) -> str:
    """Return publisher, title, date, quotation with its place, claim_id and version of csrbook as one line.

    Parameters
    ----------
    claim : mapping
        With claim_id, doc, text, start and end: code points of the stored text, from 0, `end` after the last.
    source : mapping, optional
        With publisher, title and date of the document, any of them null; its `doc` stands for a title that it has not.
    language : str, optional
        Of the line's own words and marks; by default the first one that has labels.

    Raises
    ------
    UsageError
        There are no labels in that language.
    """
    labels, told = load_labels(language), {} if source is None else source
    publisher, title, date = (one_line(told.get(name)) for name in ("publisher", "title", "date"))
    place = {"text": one_line(claim["text"]), "start": str(claim["start"]), "end": str(claim["end"])}
    return labels.sentences(
        publisher,
        labels.text("citation.title", title=title or one_line(claim["doc"])),
        labels.date(date),
        labels.text("citation.quotation", **place),
        labels.text("citation.claim", claim_id=str(claim["claim_id"]), version=__version__),
    )


def citations_of(claims: Any, sources: Any, *, language: str | None = None) -> list[str]:
    """Return the citation line of every claim, in the order given.

    Parameters
    ----------
    claims, sources : DataFrame, or iterable of mapping
        As for `citation`; a document that `sources` does not hold is named by its id.
    """
    about = {row["doc"]: row for row in _rows(sources)}
    return [citation(row, about.get(row["doc"]), language=language) for row in _rows(claims)]


def _rows(table: Any) -> Iterable[Mapping[str, Any]]:
    return table.to_dict("records") if hasattr(table, "to_dict") else table


def one_line(words: Any) -> str:
    """Return words on one line, free of marks that steer what follows; "" for a null."""
    if words is None or words != words:
        return ""
    return " ".join(STEERING.sub(" ", str(words)).split())
