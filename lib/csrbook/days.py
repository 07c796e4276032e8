"""Reckon with ISO 8601 dates of any precision: 2020, 2020-03, 2020-03-31; and hold one such time told by a text.

In      ISO strings and whole numbers.
Out     ISO strings as precise as what went in, or as the part of a month or year that was asked for.
Never   looks at a clock, a time zone or a word.
Needs   nothing.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "AS_OF", "DURING", "FULL_DAY", "FULL_MONTH", "FULL_YEAR", "ON", "PARTS", "Point",
    "at_edge", "begins", "is_twelve_months", "make_iso", "shift_months", "split_iso", "starts_after", "within",
]  # fmt: skip

AS_OF, DURING, ON = "as_of", "during", "on"
FULL_YEAR, FULL_MONTH, FULL_DAY = 4, 7, 10  # letters of an ISO date of that precision
PARTS = {  # of a year: the month that opens it, and its length in months
    "first_half": (1, 6), "second_half": (7, 6), "quarter_1": (1, 3), "quarter_2": (4, 3), "quarter_3": (7, 3), "quarter_4": (10, 3),
    "spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "winter": (12, 3),
    "three_quarters": (1, 9),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """One time told in the text: tokens [first, last), ISO start, ISO end of an interval, and its role."""

    first: int
    last: int
    start: str
    end: str | None
    role: str
    rule: str
    edge: bool = False  # "end of 2020": a day that was worked out, not printed
    source: bool = False  # names a report, not a time

    @property
    def since(self) -> bool:
        """True for "since A", which goes on with what was said before it."""
        return self.rule.startswith("since")

    @property
    def when(self) -> str:
        return f"{self.start}/{self.end}" if self.end else self.start


def begins(point: Point) -> int:
    """Return the first token of a time: what times are sorted by."""
    return point.first


def within(points: Sequence[Point], first: int, last: int) -> Sequence[Point]:
    """Return the times that begin in [first, last); `points` are in text order."""
    return points[bisect_left(points, first, key=begins) : bisect_left(points, last, key=begins)]


def make_iso(year: int, month: int | None = None, day: int | None = None) -> str:
    """Return an ISO date as precise as what is given: 2020, 2020-03 or 2020-03-31; a day that its month lacks is left out."""
    exists = month and day and day <= monthrange(year, month)[1]
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if exists else "")


def split_iso(iso: str) -> tuple[int, int | None, int | None]:
    """Return year, month and day of an ISO date; None for what it does not tell."""
    parts = [int(p) for p in iso.split("-")]
    return parts[0], parts[1] if len(parts) > 1 else None, parts[2] if len(parts) > 2 else None


def shift_months(iso: str, months: int) -> str:
    """Return the month, or year, that lies so many months later.

    Examples
    --------
    >>> shift_months("2020-11", 3), shift_months("2020", 24)
    ('2021-02', '2022')
    """
    year, month, _ = split_iso(iso)
    if month is None:
        return make_iso(year + months // 12)
    total = year * 12 + month - 1 + months
    return make_iso(total // 12, total % 12 + 1)


def at_edge(iso: str, part: str) -> tuple[str, str | None]:
    """Return (start, end) of a part of a year or a month; end is None for a single day, month or year.

    Examples
    --------
    >>> at_edge("2020-02", "end"), at_edge("2020", "first_half")
    (('2020-02-29', None), ('2020-01', '2020-06'))
    """
    year, month, day = split_iso(iso)
    if day:
        return iso, None
    if part in PARTS:
        opens, length = PARTS[part]
        begin = make_iso(year, opens)
        return (begin, shift_months(begin, length - 1)) if not month else (iso, None)
    if part == "end":
        return make_iso(year, month or 12, monthrange(year, month or 12)[1]), None
    if part == "middle":
        return (make_iso(year, month, 15) if month else make_iso(year, 6)), None
    return (make_iso(year, month, 1) if month else make_iso(year, 1)), None


def starts_after(when: str, day: str) -> bool:
    """True when a time, point or interval, lies after a day, compared at the precision that both have."""
    end = when.split("/")[-1]
    short = min(len(end), len(day))
    return end[:short] > day[:short]


def is_twelve_months(start: str, end: str) -> bool:
    """True for the first and last month, or day, of a year that need not be the calendar's.

    Examples
    --------
    >>> is_twelve_months("2022-04", "2023-03"), is_twelve_months("2022-03-01", "2023-02-28"), is_twelve_months("2022-04", "2022-09")
    (True, True, False)
    """
    first, last = start[:FULL_MONTH], end[:FULL_MONTH]
    if not len(first) == len(last) == FULL_MONTH:
        return False
    days = len(start) == len(end) == FULL_DAY  # 26 February to 25 February
    return shift_months(first, 11) <= last <= shift_months(first, 12 if days else 11)
