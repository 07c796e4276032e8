"""Read every time a text tells: printed dates, with the years they leave out, and words of time.

"By the end of March 2020" is 2020-03-31 as_of; a bare "January 25" takes its year from the text around it.

In      a Text, its DateMatches, and the date of the document where it is known.
Out     Points: an ISO 8601 time, its role, and the tokens that tell it.
Never   looks at a clock or a calendar of today, and never guesses a year without a rule that has a name.
Needs   datelines, datemarks, days, lexicon, periods, relatives, texts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from csrbook.days import AS_OF, DURING, FULL_DAY, FULL_MONTH, FULL_YEAR, ON, Point
from csrbook.days import at_edge, make_iso, shift_months, split_iso, starts_after
from csrbook.datemarks import DateMatch
from csrbook.datelines import reported_span
from csrbook.lexicon import Trie
from csrbook.periods import SINCE, close_periods
from csrbook.relatives import Relatives
from csrbook.texts import Hit, Text

__all__ = ["lone_months", "read_points"]

LEAP_DAY = (2, 29)
REPUBLIC = 1911  # the year before the first of the calendar that Taiwan prints (Minguo)
MID_MONTH = 15  # a year that ends before this day of a month began in that month
LAUNCH = 8  # tokens between "since" and the date of what began: since the storm made landfall on 16 December


def read_points(
    text: Text,
    dates: Sequence[DateMatch],
    *,
    today: str | None,
    fiscal_start: int = 1,
    numbers: Sequence[int] = (),
) -> list[Point]:
    """Return every time told in the text, in text order.

    Parameters
    ----------
    today : str or None
        ISO date of the document; "to date" and years left out are read from it.
    fiscal_start : int
        Month in which the fiscal year of the document's company begins; fiscal 2021 that starts in April is 2020-04/2021-03.
    numbers : sequence of int
        Token indices of the quantities: "from A to B" is one interval only with none between.
    """
    reader = _Reader(text, today, _fiscal_start_of(text, dates) or fiscal_start)
    points = [p for match in dates if (p := reader.date(match))]
    report = reported_span(text, points)
    words = list(Relatives(text, today, report, list(points), reader.mark).read())
    return close_periods(text, _apart([*points, *words]), _last_day(today, report), numbers)


def _apart(points: Sequence[Point]) -> list[Point]:
    """Return points in text order without those that stand inside another; of two that cross, the first printed stays."""
    out: list[Point] = []
    for point in sorted(points, key=lambda p: (p.first, -p.last)):
        if not out or point.first >= out[-1].last:
            out.append(point)
    return out


def _fiscal_start_of(text: Text, dates: Sequence[DateMatch]) -> int | None:
    """Return the month in which the text says that its fiscal year opens: "the year ended 31 March", "(July to June)"."""
    for match in dates:
        month, day = match.parts.get("month"), match.parts.get("day")
        if not month:
            continue
        if "month2" in match.parts and match.parts["month2"] % 12 + 1 == month:
            return month
        if text.ends_at("time.fiscal_opens", match.first) or text.ends_at("time.fiscal_opens", match.first - 1):
            return month
        if text.ends_at("time.fiscal", match.first) or text.ends_at("time.fiscal", match.first - 1):
            return month % 12 + 1 if day is None or day > MID_MONTH else month
    return None


def _last_day(today: str | None, report: Point | None) -> str | None:
    """Return the day up to which "since A" runs: the end of the year that is reported on, else the document's date."""
    if report and len(report.when) == FULL_YEAR and today and report.start < today:
        return report.start
    return today


class _Reader:
    """Reads single times; remembers the years printed before."""

    def __init__(self, text: Text, today: str | None, fiscal_start: int) -> None:
        self.text, self.today, self.fiscal_start = text, today, fiscal_start
        self.known: list[tuple[int, str]] = []  # (token, ISO date with a year and a month)
        self.years: Counter[int] = Counter()

    def date(self, match: DateMatch) -> Point | None:
        """Return the time that a printed date tells, or None for a clock time and for a date inside a name."""
        parts = self._whole(match)
        if match.gives == "clock" or not {"year", "month", "quarter", "half"} & set(parts) or self._inside_name(match):
            return None
        rule = "date"
        if "year" not in parts:
            month = parts.get("month2") or parts.get("month") or 3 * parts.get("quarter", 0) or 6 * parts["half"]
            year, rule = self._year(match, month, parts.get("day2", parts.get("day")))
            if year is None:
                return None
            if rule != "year_word" and (month, parts.get("day")) == LEAP_DAY:
                year -= year % 4  # the last year that has the day
            parts["year"] = year
        else:
            self.years[parts["year"]] += 1
        start, end = self._interval(match.gives, parts)
        if len(start) >= FULL_MONTH and match.gives != "fiscal_year":
            self.known.append((match.first, start))
        return self._point(match, parts, start, end, rule)

    def _whole(self, match: DateMatch) -> dict[str, int]:
        """Return the parts of a date, years of the Republic as those of the calendar, a day alone with its month."""
        parts = dict(match.parts)
        if "era_year" in parts:
            parts["year"] = REPUBLIC + parts.pop("era_year")
        if set(parts) <= {"day", "day2"} and match.gives != "clock":
            parts |= self._month_told(match, parts)
        return parts

    def _point(self, match: DateMatch, parts: Mapping[str, int], start: str, end: str | None, rule: str) -> Point:
        """Return the Point of a date with the words beside it: the end of, until, since the launch in."""
        edge, first, last = self._edge(match.first, match.last)
        if rule == "year_word":
            beside = self._next_to("time.year", match.first, match.last)
            first, last = min(first, beside.first), max(last, beside.last)
        if edge and not end:
            start, end = at_edge(start, edge.row["part"])
        role, first, last = self._role(first, last)
        if role in (None, DURING, ON) and self._began(first):
            role = SINCE
        source = not parts.get("day") and self._is_source(first, last)
        if self.text.ends_at("time.fiscal", match.first) and not end and len(start) >= FULL_MONTH:
            return Point(match.first, last, *_year_to(start), DURING, "fiscal_year", False, source)
        if source and self.fiscal_start > 1 and end == make_iso(parts["year"] + 1):
            start, end = self._interval("fiscal_year", {"year": parts["year"], "year2": parts["year"] + 1})
        if edge and role is None and not end:
            role = AS_OF
        plain = ON if len(start) == FULL_DAY and not end else DURING
        return Point(first, last, start, end, role or plain, rule, bool(edge), source)

    def _inside_name(self, match: DateMatch) -> bool:
        found = self.text.find("programme", max(0, match.first - 12), match.last)
        return any(h.first < match.first < h.last or h.first <= match.first and h.last > match.last for h in found)

    def _year(self, match: DateMatch, month: int, day: int | None) -> tuple[int | None, str]:
        relative = self._next_to("time.year", match.first, match.last)
        if relative and self.today and "offset" in relative.row and not relative.row.get("told"):
            return split_iso(self.today)[0] + relative.row["offset"], "year_word"
        if told := self._year_told(match, month, day):
            return told
        if self.today:
            year = split_iso(self.today)[0]
            late = starts_after(make_iso(year, month, day), self.today)
            if not self._is_planned(match):
                return year - late, "year_of_document"
            passed = not late and make_iso(year, month, day)[: len(self.today)] < self.today
            announced = day and make_iso(year, month) >= shift_months(self.today[:FULL_MONTH], -1)  # the day on which a plan was told
            return year + (passed and not announced), "year_to_come"
        if self.known:
            return split_iso(self.known[-1][1])[0], "year_before"
        if self.years:
            return self.years.most_common(1)[0][0], "year_most_printed"
        return None, ""

    def _month_told(self, match: DateMatch, parts: Mapping[str, int]) -> dict[str, int]:
        """Return the year and month of a day printed alone: those told last in its paragraph, else of the document's last such day."""
        paragraph = self.text.paragraph(match.first)
        near = self.known[-1][1] if self.known and self.known[-1][0] >= paragraph[0] else None
        if not near and not (self.today and len(self.today) == FULL_DAY):
            return {}
        year, month, day = split_iso(near or self.today)
        if not near and parts.get("day2", parts["day"]) > day and not self._is_planned(match):
            year, month, _ = split_iso(shift_months(make_iso(year, month), -1))
        return {"year": year, "month": month}

    def _year_told(self, match: DateMatch, month: int, day: int | None) -> tuple[int, str] | None:
        """Return the year told last in this sentence or the one before it, unless it would date a result in the future."""
        paragraph, sentence = self.text.paragraph(match.first), self.text.sentence(match.first)
        before = self.text.sentence(sentence[0] - 1) if sentence[0] > paragraph[0] else sentence
        at, iso = self.known[-1] if self.known else (-1, "")
        if at < (before if self.today else paragraph)[0]:
            return None
        year, planned = split_iso(iso)[0], self._is_planned(match)
        if self.today and not planned and starts_after(make_iso(year, month, day), self.today):
            return None
        if self.today and planned and year < split_iso(self.today)[0]:
            return None
        return year, "year_of_paragraph"

    def _is_planned(self, match: DateMatch) -> bool:
        """True in a statement of plans that are still to come."""
        statement = self.text.statement(match.first)
        return bool(self.text.find("target.plan", *statement)) and not self.text.find("target.past", *statement)

    def _began(self, first: int) -> bool:
        """True for the date of what something is counted from: since the storm made landfall on 16 December."""
        clause = self.text.clause(first)
        return bool(self.text.find("time.start", max(clause[0], first - LAUNCH), first))

    def _next_to(self, kind: str, first: int, last: int) -> Hit | None:
        found = self.text.find(kind, max(0, first - 5), last + 3)
        return next((h for h in found if first - 1 <= h.last <= first or last <= h.first <= last + 1), None)

    def _interval(self, gives: str, parts: Mapping[str, int]) -> tuple[str, str | None]:
        year, month = parts["year"], parts.get("month")
        if gives == "fiscal_year" and "quarter" not in parts:
            if "year2" in parts:
                begin = (year, self.fiscal_start) if self.fiscal_start > 1 else (year,)
                return make_iso(*begin), make_iso(parts["year2"], *(m - 1 for m in begin[1:]))
            if self.fiscal_start == 1:
                return make_iso(year), None
            return make_iso(year - 1, self.fiscal_start), make_iso(year, self.fiscal_start - 1)
        if gives == "decade":
            return make_iso(year), make_iso(year + 9)
        if gives == "quarters":
            return make_iso(year, 1), make_iso(year, 3 * parts["quarter"])
        if "quarter" in parts:
            fiscal = gives == "fiscal_year" and self.fiscal_start > 1
            begin = make_iso(year - 1, self.fiscal_start) if fiscal else make_iso(year, 1)
            begin = shift_months(begin, 3 * (parts["quarter"] - 1))
            return begin, shift_months(begin, 2)
        if "half" in parts:
            return at_edge(make_iso(year), "first_half" if parts["half"] == 1 else "second_half")
        if parts.get("month2", 12) < (month or 0) and "year2" not in parts:
            year, parts = year - 1, dict(parts) | {"year2": year}
        start = make_iso(year, month, parts.get("day"))
        second = {key[:-1]: value for key, value in parts.items() if key.endswith("2")}
        if not second:
            return start, None
        end = {"year": year, "month": month, "day": parts.get("day")} | second
        return start, make_iso(end["year"], end["month"] if month else None, end["day"] if parts.get("day") else None)

    def _edge(self, first: int, last: int) -> tuple[Hit | None, int, int]:
        inside = next((h for h in self.text.find("time.edge", max(0, first - 1), last) if h.last <= last), None)
        if inside:  # "the first half of 2021" is one date to the grammar
            return inside, min(first, inside.first), last
        for gap in (0, 1):
            hit = self.text.ends_at("time.edge", first - gap)
            if hit and hit.row.get("place", "before") == "before":
                return hit, hit.first, last
        hit = self.text.starts_at("time.edge", last)
        if hit and hit.row.get("place") == "after":
            return hit, first, hit.last
        return None, first, last

    def _role(self, first: int, last: int) -> tuple[str | None, int, int]:
        after = self.text.starts_at("time.mark", last)
        before = self.text.ends_at("time.mark", first) or self.text.ends_at("time.mark", first - 1)
        if before and before.row.get("place", "before") == "before":
            return before.row["role"], before.first, last
        if after and after.row.get("place") == "after":
            return after.row["role"], first, after.last
        return None, first, last

    def _is_source(self, first: int, last: int) -> bool:
        """True for the year of a report: "in its results for fiscal 2020"."""
        clause = self.text.clause(first)
        near = self.text.find("time.source", max(clause[0], first - 4), min(clause[1], last + 12))
        return bool(near)

    def mark(self, first: int, last: int) -> tuple[Hit | None, str | None, int, int]:
        """Return (edge, role, first, last): what stands beside the tokens [first, last), and the range with it."""
        edge, first, last = self._edge(first, last)
        role, first, last = self._role(first, last)
        return edge, role, first, last


def _year_to(end: str) -> tuple[str, str]:
    """Return the twelve months that end with a month or a day."""
    if len(end) == FULL_MONTH:
        return shift_months(end, -11), end
    year, month, day = split_iso(end)
    month_end = at_edge(make_iso(year, month), "end")[0]
    if month_end == end or (month, day) == (2, 28):
        return shift_months(make_iso(year, month), -11), make_iso(year, month)
    return make_iso(year - 1, month, day + 1), end


def lone_months(text: Text, dates: Sequence[DateMatch], *, months: Trie) -> list[DateMatch]:
    """Return month names without day or year that a time word stands beside: "since January", "the end of March".

    Without one a month is not read: in more than one language its name is a word, or a person's.
    """
    taken = {at for d in dates for at in range(d.first, d.last)}
    out = []
    for at, token in enumerate(text.tokens):
        if token.text not in months.root or at in taken:
            continue
        found = months.longest(text.tokens, at)
        before = text.ends_at("time.mark", at) or text.ends_at("time.edge", at) or text.ends_at("time.last", at)
        if found and (before or text.find("time.year", found[1], found[1] + 2)):
            last = found[1]
            match = DateMatch(at, last, token.start, text.tokens[last - 1].end, "month", {"month": int(found[0].number)})
            out.append(match)
    return out
