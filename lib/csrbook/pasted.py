"""Read a text that is no file: its language is told from its script, its figures are marked.

    read_text("In 2019 it planted 500 trees.").claims[0].value     -> Decimal("500")
    read_pasted("In 2019 it planted 500 trees.")["parts"]           -> [["In ", ""], ["2019", "aside"], ...]

In      a text, its language where it is known.
Out     an Extraction, or plain data for a page.
Never   leaves a file behind, or reads more than LONGEST characters of what is typed into a page.
Needs   claims, displays, documents, errors, labels, lexicon.  Used by explorer, verbs.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from csrbook.claims import Extraction, make_claims
from csrbook.displays import format_value, format_when
from csrbook.documents import read_document
from csrbook.labels import load_labels
from csrbook.lexicon import load_lexicons

__all__ = ["read_pasted", "read_text"]

NAME = "text.txt"
FIGURE = ("value", "value_max", "qualifier", "unit")
LONGEST = 20_000  # characters of a text that is read while it is typed


def read_text(text: str, *, language: str | None = None, date: str | None = None) -> Extraction:
    """Return what a text states: its claims, and the numerals set aside.

    Parameters
    ----------
    language : str, optional
        Its code; told from the text where it is left out.
    date : str, optional
        Day of the text, as 2020-04-07: what "last year" is counted from.

    Raises
    ------
    DocumentError
        The language cannot be told, or the text is empty.
    UsageError
        There is no such language.
    """
    lexicons = load_lexicons()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, NAME)
        file.write_bytes(text.encode("utf-8", "replace"))
        document = read_document(file, lexicons, language=language)
    if date:
        document = replace(document, date=date, date_by="given")
    return make_claims(replace(document, doc=f"text-{document.sha256[:8]}"), lexicons)


def read_pasted(text: str, *, language: str | None = None) -> dict[str, Any]:
    """Return a text cut into parts, each plain (""), set aside ("aside") or a figure (its number), and a row a figure."""
    cut, labels = text[:LONGEST], load_labels()
    if not cut.strip():
        return {"parts": [], "rows": [], "language": "", "cut": False}
    found = read_text(cut, language=language)
    whole = found.document.text
    spans = [(one.start, one.end, str(at)) for at, one in enumerate(found.claims)]
    spans += [(one.start, one.end, "aside") for one in found.skipped]
    parts, here = [], 0
    for start, end, kind in sorted(spans):
        if start >= here:
            parts += [[whole[here:start], ""], [whole[start:end], kind]]
            here = end
    rows = [
        {
            "text": one.text, "shown": format_value({name: getattr(one, name) for name in FIGURE}),
            "when": format_when(one.when), "who": " \u00b7 ".join(part for part in (one.actor, one.programme) if part),
            "theme": labels.name("theme", one.theme), "promise": one.target, "context": one.relevance != "csr",
        }
        for one in found.claims
    ]  # fmt: skip
    parts = [part for part in [*parts, [whole[here:], ""]] if part[0]]
    return {"parts": parts, "rows": rows, "language": found.document.language, "cut": len(text) > LONGEST}
