"""Make periods of points: from A to B, since A, the past three years, within five years, over three years from A.

In      a Text, its Points in text order, the document's date, and the places of its numbers.
Out     Points with an end.
Never   closes a period that two numbers part: "from 5 in 2008 to 9 in 2020" tells two times.
Needs   days, texts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from csrbook.days import (
    AS_OF, DURING, FULL_DAY, FULL_MONTH, FULL_YEAR, ON, Point, at_edge, is_twelve_months, make_iso, shift_months, split_iso, within,
)  # fmt: skip
from csrbook.texts import Text

__all__ = ["SINCE", "close_periods", "period_of"]

SINCE = "since"
FROM, BETWEEN = "from", "between"  # open a period only where its end is told too
LAUNCH = 8  # tokens between the two dates of "between A and B"


def close_periods(text: Text, points: list[Point], today: str | None, numbers: Sequence[int]) -> list[Point]:
    """Join "since A" to the "until B" after it, or to the other date of the sentence, or to the document's date."""
    out: list[Point] = []
    for point in points:
        if out and not out[-1].end and not point.end and _closes(text, out[-1], point):
            begin = _with_year_of(out[-1], point)
            same = text.sentence(begin.first) == text.sentence(point.first)
            told = any(begin.last <= n < point.first for n in numbers)
            if same and told:  # "from 5 in 2008 to 9 in 2020": two times, two numbers
                out[-1] = begin if begin.role == SINCE else replace(begin, role=DURING)
            elif same and point.start >= begin.start:
                end = point.start[: len(begin.start)] if point.edge else point.start
                out[-1] = replace(begin, last=point.last, end=end, role=DURING, rule="from_to")
                continue
        out.append(point)
    out = [replace(p, role=DURING, rule="opened") if p.role == FROM else p for p in out]
    out = [replace(p, role=DURING) if p.role == BETWEEN else p for p in out]
    return [_until_known(text, p, out, today) if p.role == SINCE and not p.end else _in_months(p) for p in out]


def _in_months(point: Point) -> Point:
    """Return twelve whole months told by their first and last day as months, as a financial year is told elsewhere."""
    if not point.end or not len(point.start) == len(point.end) == FULL_DAY:
        return point
    first, last = point.start[:FULL_MONTH], point.end[:FULL_MONTH]
    whole = point.start == make_iso(*split_iso(first)[:2], 1) and point.end == at_edge(last, "end")[0]
    return replace(point, start=first, end=last) if whole and is_twelve_months(first, last) else point


def _closes(text: Text, begin: Point, point: Point) -> bool:
    """True when a point may end what another begins: since A until B, from A to B, between A and B."""
    if begin.role == BETWEEN:
        return bool(text.find("name.joint", begin.last, point.first)) and point.first - begin.last <= LAUNCH
    return begin.role in (SINCE, FROM) and point.role == AS_OF


def _with_year_of(begin: Point, end: Point) -> Point:
    """Return the beginning of an interval in the year of its end, where it has none of its own: between March and May 2020."""
    if end.rule != "date" or begin.rule == "date" or len(begin.start) < FULL_MONTH:
        return begin
    year, month, day = split_iso(begin.start)
    year = split_iso(end.start)[0]
    return replace(begin, start=make_iso(year - (make_iso(year, month, day) > end.start), month, day))


def _until_known(text: Text, point: Point, points: Sequence[Point], today: str | None) -> Point:
    sentence = text.sentence(point.first)
    others = [p for p in points if p.role in (ON, AS_OF) and sentence[0] <= p.first < point.first and not p.source]
    if others and others[-1].start > point.start:
        return replace(point, end=others[-1].start, role=DURING, rule="since_until_date")
    if today and today[: len(point.start)] > point.start[: len(today)]:
        return replace(point, end=today, role=DURING, rule="since_until_document")
    return replace(point, role=DURING)


# ---- periods told by their length ----------------------------------------------------------------------------------

YEAR = 12  # months
LONGEST = 150 * YEAR  # a longer time is no plan and no report, and may leave the calendar


def period_of(
    text: Text, span: tuple[int, int], *, months: int, points: Sequence[Point], today: str | None
) -> Point | None:
    """Return the period that a length of time tells, or None where it tells how long a thing takes.

    "The past ten years" end with the document, "within three years" begin with it, or with the date of their sentence,
    "the first nine months" are those of the year, and "six months from 1 April" begin there.
    """
    if not 0 < months <= LONGEST:
        return None
    first, last = span
    told = _dated(text, first, last, points)
    if _marked(text, "time.first_months", first, last) and months < YEAR and today:
        return _of_the_year(first, last, months, told, today)
    if _marked(text, "time.ago", first, last) and today and months % YEAR == 0:
        return Point(first, last, make_iso(split_iso(today)[0] - months // YEAR), None, DURING, "years_ago")
    if _marked(text, "time.past", first, last):
        return _past(first, last, months, today)
    ahead, planned = _marked(text, "time.within", first, last), bool(text.find("target.plan", *text.sentence(first)))
    over = _marked(text, "time.length", first, last)
    opened = told and (told.role == SINCE or told.rule in OPENED or len(told.start) == FULL_YEAR)
    if over and opened and not ahead and (months >= YEAR or len(told.start) > FULL_YEAR):
        return Point(first, last, told.start, _end_after(told.start, months), DURING, "length")
    if not today or not (ahead or (over and planned)):
        return None
    start = (told.start if told and len(told.start) >= FULL_MONTH else today)[:FULL_MONTH]
    if len(start) < FULL_MONTH or not (months >= YEAR or planned):
        return None  # "within three months" of a result tells how long it took
    return Point(first, last, start, shift_months(start, months), DURING, "deadline")


OPENED = ("opened", "since_until_document", "since_until_date")  # rules of points that say when a thing began


def _marked(text: Text, kind: str, first: int, last: int) -> bool:
    before, after = text.ends_at(kind, first), text.starts_at(kind, last)
    return bool(before and before.row["place"] == "before") or bool(after and after.row["place"] == "after")


def _dated(text: Text, first: int, last: int, points: Sequence[Point]) -> Point | None:
    """Return the date of the sentence that a length may be counted from: the last before it, else the next after it."""
    sentence = text.sentence(first)
    here = [p for p in within(points, *sentence) if not p.source and p.role != AS_OF]
    before, after = [p for p in here if p.last <= first], [p for p in here if p.first >= last]
    return before[-1] if before else after[0] if after else None


def _of_the_year(first: int, last: int, months: int, told: Point | None, today: str) -> Point:
    beside = told and (0 <= told.first - last <= 2 or 0 <= first - told.last <= 2)
    told = told if beside else None  # nine months of 2020
    year = split_iso(told.start if told else today)[0]
    if not told and len(today) >= FULL_MONTH and make_iso(year, months) > today[:FULL_MONTH]:
        year -= 1
    return Point(first, last, make_iso(year, 1), make_iso(year, months), DURING, "first_months")


def _past(first: int, last: int, months: int, today: str | None) -> Point | None:
    if not today:
        return None
    if months % YEAR == 0 and months > YEAR:
        year = split_iso(today)[0]
        return Point(first, last, make_iso(year - months // YEAR), make_iso(year), DURING, "past_span")
    month = today[:FULL_MONTH]
    return Point(first, last, shift_months(month, -months), month, DURING, "past_span") if len(month) == FULL_MONTH else None


def _end_after(start: str, months: int) -> str:
    """Return the last year, month or day of a period of so many months from `start`, itself included."""
    if len(start) == FULL_YEAR:
        return make_iso(split_iso(start)[0] + max(months // YEAR, 1) - 1)
    if len(start) == FULL_MONTH:
        return shift_months(start, months - 1)
    year, month, day = split_iso(start)
    end = shift_months(make_iso(year, month), months)
    return (date.fromisoformat(make_iso(*split_iso(end)[:2], 1)) + timedelta(day - 2)).isoformat()
