"""Where a decision stands: the one claim of a document whose quotation, context and old value are those of the row.

    place(decision, extraction, lexicons) -> Place(claim, "", "")     or (None, "ambiguous", "stands at 2 places")

In      a Decision, the Extraction of its document as the machine read it, the Lexicons.
Out     the claim, or why there is none: orphan or ambiguous; the least context that tells a claim from all others.
Never   takes the likeliest place, or one that differs in a single letter.
Needs   answers, claims, decisions, errors, lexicon, states.  Used by corrections.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from csrbook.answers import CLAIM, read_answer, write_answer
from csrbook.claims import Claim, Extraction
from csrbook.decisions import Decision
from csrbook.errors import CorrectionError
from csrbook.lexicon import Lexicons
from csrbook.states import AMBIGUOUS, ORPHAN

__all__ = ["Place", "find_claim", "machine_answer", "place", "read_context"]

CONTEXT = 24  # letters beyond its sentence that are looked at first where that is printed twice
WIDEST = 16_000  # letters on each side that a cell of a spreadsheet holds with ease
SHOWN = 3  # quotations or places named in a message


class Place(NamedTuple):
    """The claim of a decision; else its state and what is wrong."""

    claim: Claim | None
    state: str
    told: str


def place(decision: Decision, extraction: Extraction | None, lexicons: Lexicons) -> Place:
    """Return the claim that a decision speaks of.

    Places are told apart by what is printed alone: at two of the same print the decision is ambiguous, whichever of them still
    has the old value, because a change of rules could give it to the other.
    """
    if extraction is None:
        return Place(None, ORPHAN, f"no document {decision.doc!r} was read")
    claims = _matching(extraction, decision.quotation, decision.before, decision.after)
    if len(claims) > 1:
        return Place(None, AMBIGUOUS, f"stands at {len(claims)} places: {_starts(claims)}; more context tells them apart")
    if not claims:
        return Place(None, ORPHAN, _missing(decision, extraction))
    now = machine_answer(claims[0], decision.field)
    if not _is_same(decision, now, claims[0], lexicons):
        return Place(None, ORPHAN, f"{decision.field} is read as {now or 'nothing'!r} now, no more as {decision.expect or 'nothing'!r}")
    return Place(claims[0], "", "")


def find_claim(extraction: Extraction, quotation: str, before: str = "", after: str = "") -> Claim:
    """Return the one claim that is printed so.

    Raises
    ------
    CorrectionError
        There is none, or there are several; the message names those that come close.
    """
    doc = extraction.document.doc
    claims = _matching(extraction, quotation, before, after)
    if len(claims) == 1:
        return claims[0]
    if claims:
        near = "; ".join(" ".join(_around(extraction, claim, CONTEXT)) for claim in claims[:SHOWN])
        told = f"{quotation!r} is printed {len(claims)} times so: {near}"
        raise CorrectionError(doc, " ".join(told.split()), "one place", "give more of what stands before or after it (--before, --after)")
    texts = sorted({claim.text for claim in extraction.claims})
    holding = [text for text in texts if text in quotation or quotation in text]
    near = list(dict.fromkeys([*holding, *get_close_matches(quotation, texts, SHOWN, 0.5)]))[:SHOWN]
    advice = f"did you mean {' or '.join(map(repr, near))}?" if near else "see csrbook extract"
    raise CorrectionError(doc, f"no figure is printed as {quotation!r} there", "a figure as csrbook extract quotes it", advice)


def read_context(extraction: Extraction, claim: Claim) -> tuple[str, str]:
    """Return what is printed before and after a claim, as much of it as tells the claim from all others of its document.

    Of its own sentence first, so that the sentence may move.

    Raises
    ------
    CorrectionError
        Pages on pages are printed alike around two such claims.
    """
    for before, after in _contexts(extraction, claim):
        if len(_matching(extraction, claim.text, before, after)) == 1:
            return before, after
    told = f"{claim.text!r} is printed again among the same words, for {WIDEST} letters"
    raise CorrectionError(extraction.document.doc, told, "", "take one of the two out of the document")


def _contexts(extraction: Extraction, claim: Claim) -> Iterator[tuple[str, str]]:
    """Yield ever more of what stands around a claim: its whole sentence, for a word changed there may change what it says; then beyond."""
    text, (first, last) = extraction.document.text, (claim.sentence_start, claim.sentence_end)
    width = 0
    while width <= WIDEST:
        yield text[max(0, first - width) : claim.start], text[claim.end : last + width]
        width = 2 * width or CONTEXT


def machine_answer(claim: Claim, field: str) -> str:
    """Return what the machine says in a field, as a person writes it; of the claim as a whole its figure: "5 to 7 percent"."""
    if field != CLAIM:
        return write_answer(getattr(claim, field))
    ends = " to ".join(write_answer(end) for end in (claim.value, claim.value_max) if end is not None)
    return f"{ends} {claim.unit or ''}".strip()


def _matching(extraction: Extraction, quotation: str, before: str, after: str) -> list[Claim]:
    text = extraction.document.text
    return [
        claim
        for claim in extraction.claims
        if claim.text == quotation and text.startswith(after, claim.end) and text.endswith(before, 0, claim.start)
    ]


def _sides(extraction: Extraction, claim: Claim, width: int) -> tuple[str, str]:
    text = extraction.document.text
    return text[max(0, claim.start - width) : claim.start], text[claim.end : claim.end + width]


def _around(extraction: Extraction, claim: Claim, width: int) -> tuple[str, str, str]:
    before, after = _sides(extraction, claim, width)
    return f"\u2026{before}", f"[{claim.text}]", f"{after}\u2026"


def _starts(claims: Sequence[Claim]) -> str:
    return ", ".join(str(claim.start) for claim in claims[:SHOWN]) + (" ..." if len(claims) > SHOWN else "")


def _missing(decision: Decision, extraction: Extraction) -> str:
    if any(claim.text == decision.quotation for claim in extraction.claims):
        return "other words stand before or after the quotation now"
    if decision.quotation in extraction.document.text:
        return "no figure is read at the quotation now"
    return "the quotation stands nowhere in the document"


def _is_same(decision: Decision, now: str, claim: Claim, lexicons: Lexicons) -> bool:
    """True where `expect` says what the machine says now, however it is written: 2.5e6 is 2500000."""
    expect = " ".join(decision.expect.split())
    if expect == now or decision.field == CLAIM:
        return expect == now
    try:
        told: Any = read_answer(decision.field, expect, lexicons)
    except ValueError:
        return False
    return told == getattr(claim, decision.field)
