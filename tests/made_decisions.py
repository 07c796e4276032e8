"""Decisions and small documents made up for tests: what matters is said, the rest filled in."""

from csrbook.claims import make_claims
from csrbook.decisions import Decision
from csrbook.documents import read_document
from csrbook.lexicon import load_lexicons
from csrbook.placements import find_claim, machine_answer, read_context

LEXICONS = load_lexicons()


def read(folder, text: str, doc: str = "letter"):
    """Return the extraction of a text that is written into a folder."""
    path = folder / f"{doc}.txt"
    path.write_bytes(text.encode("utf-8"))
    return make_claims(read_document(path, LEXICONS), LEXICONS)


def decide(extraction, quotation: str, field: str = "claim", value: str = "accept", **told) -> Decision:
    """Return a decision on a figure, with the context and the old value that hold now unless told."""
    claim = find_claim(extraction, quotation, told.get("before", ""), told.get("after", ""))
    before, after = read_context(extraction, claim)
    row = {
        "doc": extraction.document.doc, "quotation": quotation, "before": before, "after": after, "field": field,
        "expect": machine_answer(claim, field), "value": value, "who": "Ann Lee", "when": "2024-05-02", "why": "see the text", "line": 2,
    }  # fmt: skip
    return Decision(**row | told)
