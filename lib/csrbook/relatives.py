"""Read the times told by words alone: to date, last year, on Tuesday, that month, a festival, the end of the year.

In      a Text, the Points of its printed dates, the date of the document, and the span that the document reports on.
Out     Points, each with the rule that read it.
Never   looks at a clock: every word is reckoned from the document's date, or from the time told last before it.
Needs   days, texts.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from csrbook.days import AS_OF, DURING, FULL_DAY, FULL_MONTH, FULL_YEAR, ON, PARTS, Point
from csrbook.days import at_edge, begins, is_twelve_months, make_iso, shift_months, split_iso
from csrbook.texts import Hit, Text

__all__ = ["Relatives"]

WEEK = 7
NEAR = 3  # points before one that may still reach into it
SEASONS = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True, slots=True)
class Relatives:
    """What a word of time is reckoned from.

    Parameters
    ----------
    today : str or None
        ISO date of the document.
    report : Point or None
        The year, or fiscal year, that the document reports on.
    points : list of Point
        The printed dates, in text order; words that are read join them, for "that year" may point to "last year".
    mark : callable
        Finds the edge ("end of") and the role ("until") beside a token range: (edge, role, first, last).
    """

    text: Text
    today: str | None
    report: Point | None
    points: list[Point]
    mark: Callable[[int, int], tuple[Hit | None, str | None, int, int]]

    def read(self) -> Iterator[Point]:
        """Yield a Point for every word of time that can be reckoned."""
        kinds = {
            "time.now": self._now, "time.year": self._year, "time.month": self._month, "time.week": self._week,
            "time.day": self._day, "time.weekday": self._weekday, "time.same": self._same, "event": self._event,
        }  # fmt: skip
        hits = [(hit, kind) for kind in kinds for hit in self.text.find(kind, 0, len(self.text.tokens))]
        for hit, kind in sorted(hits, key=lambda pair: (pair[0].first, -pair[0].last)):
            point = kinds[kind](hit)
            if point and (kind == "event" or not self._is_part_of_date(hit, point)):
                yield point
                if kind == "time.year" and point.rule == "year_word":
                    insort(self.points, point, key=begins)

    def _is_part_of_date(self, hit: Hit, point: Point) -> bool:
        """True for the "this year" of "as of September this year"."""
        after = bisect_left(self.points, point.last, key=begins)
        near = (p for p in self.points[max(0, after - NEAR) : after] if point.first < p.last)
        return any(p.first < hit.first or hit.last < p.last for p in near)

    def _now(self, hit: Hit) -> Point | None:
        return self.today and Point(hit.first, hit.last, self.today, None, AS_OF, "document_date")

    # ---- years and months ----

    def _year(self, hit: Hit) -> Point | None:
        if hit.row.get("span"):
            return self._past_year(hit)
        edge, role, first, last = self.mark(hit.first, hit.last)
        part = edge.row["part"] if edge else hit.row.get("part")
        if hit.row.get("since"):
            return self._since_start_of_year(hit)
        if hit.row.get("edge_only") and not part:
            return None
        if hit.row.get("told") and (period := self._told_period(hit, part)):
            return period
        base, rule = (self._told_year(hit), "told_year") if hit.row.get("told") else (self.today, "year_word")
        if not base:
            return None
        year = make_iso(split_iso(base)[0] + self._years_off(hit, part, base))
        if last_year := hit.row.get("through"):
            return Point(first, last, year, make_iso(split_iso(year)[0] + last_year), DURING, rule)
        start, end = at_edge(year, part) if part else (year, None)
        if edge and end:
            role = None
        elif part and not end:
            role = AS_OF
        return Point(first, last, start, end, role or DURING, rule, bool(part))

    def _years_off(self, hit: Hit, part: str | None, base: str) -> int:
        """Return the years from the base: a part of the year is the last that is over, or begun, or the next where it is planned."""
        offset = hit.row.get("offset", 0)
        if part not in PARTS or not self.today or len(self.today) < FULL_MONTH:
            return offset
        start, end = at_edge(base[:FULL_YEAR], part)
        planned = self.text.find("target.plan", *self.text.statement(hit.first))
        if offset < 0 and base == self.today and part in SEASONS:
            return 0 if end < self.today[:FULL_MONTH] else -1
        if offset or base != self.today:
            return offset
        return 1 if planned and end < self.today[:FULL_MONTH] else -1 if not planned and start > self.today[:FULL_MONTH] else 0

    def _since_start_of_year(self, hit: Hit) -> Point | None:
        if not self.today or len(self.today) < FULL_MONTH:
            return None
        return Point(hit.first, hit.last, make_iso(split_iso(self.today)[0], 1), self.today, DURING, "since_start_of_year")

    def _told_period(self, hit: Hit, part: str | None) -> Point | None:
        """Return the fiscal year told last, or its last day, where "the year" is none of the calendar's."""
        told = self._told(hit)
        if not told or not told.end or not is_twelve_months(told.start, told.end) or "offset" in hit.row or part not in (None, "end"):
            return None
        if part == "end":
            end = told.end if len(told.end) == FULL_DAY else at_edge(told.end, "end")[0]
            return Point(hit.first, hit.last, end, None, AS_OF, "told_year", True)
        return Point(hit.first, hit.last, told.start, told.end, DURING, "told_year")

    def _last(self, at: int) -> Point | None:
        """Return the time told last before a token in its paragraph, else the year that is reported on."""
        return next((p for p in self._before(at, self.text.paragraph(at)[0]) if not p.source), self.report)

    def _before(self, at: int, start: int = 0) -> Iterator[Point]:
        """Yield the points that begin before a token and not before `start`, the last first."""
        for number in range(bisect_left(self.points, at, key=begins) - 1, -1, -1):
            if self.points[number].first < start:
                return
            yield self.points[number]

    def _same(self, hit: Hit) -> Point | None:
        """"Since then" runs from the time told last to the document's date, "in that time" is the period told last."""
        told = self._last(hit.first)
        if not told or told is self.report and hit.row.get("since"):
            return None
        if not hit.row.get("since"):
            return Point(hit.first, hit.last, told.start, told.end, told.role, "same_period") if told.end else None
        if not self.today or told.start >= self.today[: len(told.start)]:
            return None
        return Point(hit.first, hit.last, told.start, self.today, DURING, "since_then")

    def _told(self, hit: Hit) -> Point | None:
        """Return what "the year" points to: the year told last, but "the year under review" the one that is reported on."""
        return self.report if hit.row.get("report") and self.report else self._last(hit.first)

    def _told_year(self, hit: Hit) -> str | None:
        told = self._told(hit)
        return (told.end or told.start) if told else self.today

    def _past_year(self, hit: Hit) -> Point | None:
        if not self.today:
            return None
        report = self.report
        if report and report.end:
            return Point(hit.first, hit.last, report.start, report.end, DURING, "reporting_year")
        return Point(hit.first, hit.last, shift_months(self.today, -12), self.today[:FULL_MONTH], DURING, "past_year")

    def _month(self, hit: Hit) -> Point | None:
        before = next((p for p in self._before(hit.first) if len(p.start) >= FULL_MONTH), None)
        offset = hit.row.get("offset")
        base = before.start if before and offset is None else self.today
        if not base or len(base) < FULL_MONTH:
            return None
        edge, role, first, last = self.mark(hit.first, hit.last)
        month = shift_months(base[:FULL_MONTH], offset or 0)
        part = edge.row["part"] if edge else hit.row.get("part")
        start, end = at_edge(month, part) if part else (month, None)
        return Point(first, last, start, end, AS_OF if part else role or DURING, "month_word", bool(part))

    # ---- days ----

    def _today(self) -> date | None:
        """Return the document's date; one at either end of the calendar is a placeholder, and nothing is reckoned from it."""
        known = self.today and len(self.today) == FULL_DAY and MINYEAR < split_iso(self.today)[0] < MAXYEAR
        return date.fromisoformat(self.today) if known else None

    def _day(self, hit: Hit) -> Point | None:
        today = self._today()
        return today and self._on(hit, today + timedelta(hit.row["offset"]), "day_word")

    def _weekday(self, hit: Hit) -> Point | None:
        """The day of that name before the document's date, or after it in a sentence of plans."""
        today = self._today()
        if not today:
            return None
        if "week" in hit.row:
            monday = today - timedelta(today.weekday())
            return self._on(hit, monday + timedelta(WEEK * hit.row["week"] + hit.row["day"] - 1), "weekday")
        ago = (today.isoweekday() - hit.row["day"]) % WEEK
        planned = self.text.find("target.plan", *self.text.statement(hit.first))
        ahead = (hit.row["day"] - today.isoweekday()) % WEEK
        return self._on(hit, today + timedelta(ahead) if planned else today - timedelta(ago), "weekday")

    def _on(self, hit: Hit, day: date, rule: str) -> Point:
        _, role, first, last = self.mark(hit.first, hit.last)
        return Point(first, last, day.isoformat(), None, ON if role in (None, DURING) else role, rule)

    def _week(self, hit: Hit) -> Point | None:
        today = self._today()
        if not today:
            return None
        monday = today - timedelta(today.weekday()) + timedelta(WEEK * hit.row["offset"])
        return Point(hit.first, hit.last, monday.isoformat(), (monday + timedelta(WEEK - 1)).isoformat(), DURING, "week_word")

    # ---- events of the calendar ----

    def _event(self, hit: Hit) -> Point | None:
        if "month" not in hit.row and not hit.row.get("yearly"):
            return None
        near = next((p for p in self._before(hit.last, self.text.paragraph(hit.first)[0]) if not p.source), None)
        month, day = hit.row.get("month"), hit.row.get("day")
        if near:
            year, first = split_iso(near.start)[0], near.first if hit.first - near.last <= 2 else hit.first
        elif self.today:
            year, first = split_iso(self.today)[0], hit.first
            year -= make_iso(year, month, day) > self.today
        else:
            return None
        return Point(first, hit.last, make_iso(year, month, day), None, ON if day else DURING, "event")
