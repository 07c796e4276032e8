"""Say when: of the times that a text tells, find the one that governs a number.

"By the end of March the fund had given 5 million to schools; 200 pupils ..." dates the money, and the pupils too.

In      a Text, its Points, and the place of a number.
Out     When: ISO 8601, the type of time, and the rule that found it.
Never   makes up a time that no Point tells.
Needs   days, texts.  Used by claims.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from csrbook.days import AS_OF, DURING, FULL_DAY, ON, Point
from csrbook.texts import Text

__all__ = ["When", "find_when"]

NEAR = 12  # tokens between a number and a time printed after it
FRONT = 9  # a time that begins this early in its sentence carries on to the next


@dataclass(frozen=True, slots=True)
class When:
    """The time of a claim: ISO 8601 or None, its type, and the rule that found it."""

    when: str | None
    when_type: str | None
    rule: str


def find_when(at: int, text: Text, points: Sequence[Point], *, last: int, carries: bool = True) -> When:
    """Return the time that governs the number at token `at`.

    Nearest first: its clause, a time printed shortly after, its sentence, then a time that opened an earlier sentence of
    the paragraph and carries on (`carries` is False for durations and rates of change, which have no date of their own).
    """
    sentence, clause = text.sentence(at), text.clause(at)
    here = [p for p in _within(points, *sentence) if not p.source and not _founding(text, p)]
    before = _after_break(text, sentence, at, [p for p in here if p.last <= at and p.rule != "deadline"])
    own = [p for p in here if p.first < last and at < p.last]
    after = [p for p in here if p.first >= last and p.rule != "deadline"]
    deadline = [p for p in here if p.rule == "deadline" and (text.statement(at)[0] <= p.first <= at or p.first < clause[1])]
    for rule, found in (
        ("own", own[0] if own else None),
        ("deadline", deadline[-1] if deadline else None),
        ("cumulative", _cumulative(text, clause, before)),
        ("clause", next((p for p in reversed(before) if p.first >= clause[0]), None)),
        ("after", next((p for p in after if p.first < clause[1] and p.first - at <= NEAR), None)),
        ("sentence", before[-1] if before else None),
        ("sentence_end", next((p for p in after if p.role == AS_OF), None)),
        ("carried", _carried(text, sentence, points) if carries else None),
    ):
        if found:
            return When(found.when, _type(text, clause, found), f"{rule}:{found.rule}")
    return When(None, None, "none")


def _within(points: Sequence[Point], first: int, last: int) -> Sequence[Point]:
    """The times that begin in [first, last); `points` are in text order."""
    return points[bisect_left(points, first, key=_begins) : bisect_left(points, last, key=_begins)]


def _begins(point: Point) -> int:
    return point.first


def _after_break(text: Text, sentence: tuple[int, int], at: int, before: list[Point]) -> list[Point]:
    """Leave out times told before a semicolon, unless they open the sentence and so hold for all of it."""
    start = text.statement(at)[0]
    return [p for p in before if p.first >= start or p.first - sentence[0] < FRONT]


def _cumulative(text: Text, clause: tuple[int, int], before: Sequence[Point]) -> Point | None:
    if not text.find("time.total", *clause) or any(p.first >= clause[0] for p in before):
        return None
    return next((p for p in before if p.role == AS_OF), None)


def _founding(text: Text, point: Point) -> bool:
    """True when the date tells when something was founded: history, not the time of the number."""
    if point.role != DURING or point.end:
        return False
    clause = text.clause(point.first)
    return bool(text.find("time.founding", max(clause[0], point.first - 6), min(clause[1], point.last + 4)))


def _carried(text: Text, sentence: tuple[int, int], points: Sequence[Point]) -> Point | None:
    paragraph = text.paragraph(sentence[0])
    linked = bool(text.find("time.link", sentence[0], min(sentence[1], sentence[0] + FRONT)))
    told = (p for p in reversed(_within(points, paragraph[0], sentence[0])) if not p.source)
    last = next((p for p in told if not _founding(text, p)), None)
    if last is None:
        return None
    fronted = last.first - text.sentence(last.first)[0] < FRONT
    return last if fronted or linked or last.role == AS_OF else None


def _type(text: Text, clause: tuple[int, int], point: Point) -> str:
    if point.end or point.role == AS_OF:
        return DURING if point.end else AS_OF
    if text.find("time.total", *clause) or text.find("time.state", *clause):
        return AS_OF
    return ON if len(point.start) == FULL_DAY else DURING
