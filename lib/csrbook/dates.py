"""Read every time a text tells: dates, "to date", festivals, "from A to B", deadlines; and the date of the text itself.

"By the end of March 2020" is 2020-03-31 as_of; a bare "January 25" takes its year from the text around it.

In      a Text, its DateMatches, and the date of the document where it is known.
Out     Points: an ISO 8601 time, its role, and the tokens that tell it.
Never   looks at a clock or a calendar of today, and never guesses a year without a rule that has a name.
Needs   datemarks, days, lexicon, texts, tokens.  Used by claims.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from csrbook.days import AS_OF, DURING, FULL_DAY, FULL_MONTH, FULL_YEAR, ON, Point
from csrbook.days import at_edge, make_iso, shift_months, split_iso, starts_after
from csrbook.datemarks import DateMatch
from csrbook.lexicon import Trie
from csrbook.texts import Hit, Text
from csrbook.tokens import LINE

__all__ = ["date_document", "future_span", "lone_months", "read_points"]

SINCE = "since"
FROM = "from"  # opens an interval only where its end is told too
FRONT_OF_TEXT = 70  # tokens at the head of an article that hold its dateline


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
    reader = _Reader(text, today, fiscal_start)
    points = [p for match in dates if (p := reader.date(match))]
    for word in reader.words(points):
        inside = [p for p in points if p.first < word.last and word.first < p.last]
        if all(word.first <= p.first and p.last <= word.last for p in inside):
            points = [p for p in points if p not in inside] + [word]
    points.sort(key=lambda p: (p.first, -p.last))
    return _close_intervals(text, points, today, numbers)


class _Reader:
    """Reads single times; remembers the years printed before."""

    def __init__(self, text: Text, today: str | None, fiscal_start: int) -> None:
        self.text, self.today, self.fiscal_start = text, today, fiscal_start
        self.known: list[tuple[int, str]] = []  # (token, ISO date with a year and a month)
        self.years: Counter[int] = Counter()

    def date(self, match: DateMatch) -> Point | None:
        parts = dict(match.parts)
        if match.gives == "clock" or not {"year", "month"} & set(parts) or self._inside_name(match):
            return None
        rule = "date"
        if "year" not in parts:
            year, rule = self._year(match, parts["month"], parts.get("day"))
            if year is None:
                return None
            parts["year"] = year
        else:
            self.years[parts["year"]] += 1
        start, end = self._interval(match.gives, parts)
        edge, first, last = self._edge(match.first, match.last)
        if rule == "year_word":
            beside = self._next_to("time.year", match.first, match.last)
            first, last = min(first, beside.first), max(last, beside.last)
        if edge and not end:
            start, end = at_edge(start, edge.row["part"])
        if len(start) >= FULL_MONTH:
            self.known.append((match.first, start))
        role, first, last = self._role(first, last)
        plain = ON if len(start) == FULL_DAY and not end else DURING
        if edge and role is None and not end:
            role = AS_OF
        source = not parts.get("day") and self._is_source(first, last)
        return Point(first, last, start, end, role or plain, rule, bool(edge), source)

    def _inside_name(self, match: DateMatch) -> bool:
        found = self.text.find("programme", max(0, match.first - 12), match.last)
        return any(h.first < match.first < h.last or h.first <= match.first and h.last > match.last for h in found)

    def _year(self, match: DateMatch, month: int, day: int | None) -> tuple[int | None, str]:
        relative = self._next_to("time.year", match.first, match.last)
        if relative and self.today:
            return split_iso(self.today)[0] + relative.row["offset"], "year_word"
        paragraph = self.text.paragraph(match.first)
        near = [iso for at, iso in self.known if at >= paragraph[0]]
        if near:
            return split_iso(near[-1])[0], "year_of_paragraph"
        if self.today:
            year = split_iso(self.today)[0]
            return year - starts_after(make_iso(year, month, day), self.today), "year_of_document"
        if self.known:
            return split_iso(self.known[-1][1])[0], "year_before"
        if self.years:
            return self.years.most_common(1)[0][0], "year_most_printed"
        return None, ""

    def _next_to(self, kind: str, first: int, last: int) -> Hit | None:
        found = self.text.find(kind, max(0, first - 5), last + 3)
        return next((h for h in found if first - 1 <= h.last <= first or last <= h.first <= last + 1), None)

    def _interval(self, gives: str, parts: Mapping[str, int]) -> tuple[str, str | None]:
        year, month = parts["year"], parts.get("month")
        if gives == "fiscal_year" and "quarter" not in parts:
            if self.fiscal_start == 1:
                return make_iso(year), None
            return make_iso(year - 1, self.fiscal_start), make_iso(year, self.fiscal_start - 1)
        if "quarter" in parts:
            fiscal = gives == "fiscal_year" and self.fiscal_start > 1
            begin = make_iso(year - 1, self.fiscal_start) if fiscal else make_iso(year, 1)
            begin = shift_months(begin, 3 * (parts["quarter"] - 1))
            return begin, shift_months(begin, 2)
        if "half" in parts:
            return at_edge(make_iso(year), "first_half" if parts["half"] == 1 else "second_half")
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

    def words(self, points: Sequence[Point]) -> list[Point]:
        """Return the times told by words alone: to date, last year, a festival."""
        out = []
        kinds = {"time.now": self._now, "time.year": self._relative_year, "event": self._event, "time.month": self._month}
        for kind, read in kinds.items():
            for hit in self.text.find(kind, 0, len(self.text.tokens)):
                if point := read(hit, points):
                    out.append(point)
        return out

    def _now(self, hit: Hit, points: Sequence[Point]) -> Point | None:
        return self.today and Point(hit.first, hit.last, self.today, None, AS_OF, "document_date")

    def _relative_year(self, hit: Hit, points: Sequence[Point]) -> Point | None:
        if not self.today:
            return None
        if hit.row.get("span"):
            report = next((p for p in points if p.source and p.end and len(p.start) == FULL_YEAR), None)
            if report and self.fiscal_start > 1:
                start = make_iso(split_iso(report.start)[0], self.fiscal_start)
                end = make_iso(split_iso(report.end)[0], self.fiscal_start - 1)
                return Point(hit.first, hit.last, start, end, DURING, "reporting_year")
            return Point(hit.first, hit.last, shift_months(self.today, -12), self.today[:FULL_MONTH], DURING, "past_year")
        return Point(hit.first, hit.last, make_iso(split_iso(self.today)[0] + hit.row["offset"]), None, DURING, "year_word")

    def _event(self, hit: Hit, points: Sequence[Point]) -> Point | None:
        if "month" not in hit.row and not hit.row.get("yearly"):
            return None
        sentence = self.text.paragraph(hit.first)
        near = [p for p in points if sentence[0] <= p.first < hit.last and not p.source]
        month, day = hit.row.get("month"), hit.row.get("day")
        if near:
            year, first = split_iso(near[-1].start)[0], near[-1].first if hit.first - near[-1].last <= 2 else hit.first
        elif self.today:
            year, first = split_iso(self.today)[0], hit.first
            year -= make_iso(year, month, day) > self.today
        else:
            return None
        return Point(first, hit.last, make_iso(year, month, day), None, ON if day else DURING, "event")

    def _month(self, hit: Hit, points: Sequence[Point]) -> Point | None:
        before = [p for p in points if p.first < hit.first and len(p.start) >= FULL_MONTH]
        base = before[-1].start if before else self.today
        if not base or len(base) < FULL_MONTH:
            return None
        edge, first, last = self._edge(hit.first, hit.last)
        start, end = at_edge(base[:FULL_MONTH], edge.row["part"]) if edge else (base[:FULL_MONTH], None)
        role, first, last = self._role(first, last)
        return Point(first, last, start, end, AS_OF if edge else role or DURING, "month_word", bool(edge))


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
        before = text.ends_at("time.mark", at) or text.ends_at("time.edge", at)
        if found and (before or text.find("time.year", found[1], found[1] + 2)):
            last = found[1]
            match = DateMatch(at, last, token.start, text.tokens[last - 1].end, "month", {"month": int(found[0].number)})
            out.append(match)
    return out


def future_span(
    text: Text, span: tuple[int, int], *, months: int, points: Sequence[Point], today: str | None
) -> Point | None:
    """Return the time from now, or from the date of the sentence, to a deadline: "within three years"."""
    first, last = span
    before, after = text.ends_at("time.within", first), text.starts_at("time.within", last)
    marked = (before and before.row["place"] == "before") or (after and after.row["place"] == "after")
    sentence = text.sentence(first)
    if not marked or not today:
        return None
    dated = [p.start for p in points if sentence[0] <= p.first < first and len(p.start) >= FULL_MONTH]
    start = (dated[-1] if dated else today)[:FULL_MONTH]
    if len(start) < FULL_MONTH or not (months >= 12 or text.find("target.plan", *sentence)):
        return None  # "within three months" of a result tells how long it took
    return Point(first, last, start, shift_months(start, months), DURING, "deadline")


def _close_intervals(text: Text, points: list[Point], today: str | None, numbers: Sequence[int]) -> list[Point]:
    """Join "since A" to the "until B" after it, or to the other date of the sentence, or to the document's date."""
    out: list[Point] = []
    for point in points:
        if out and out[-1].role in (SINCE, FROM) and not out[-1].end and point.role == AS_OF and not point.end:
            begin = out[-1]
            same = text.sentence(begin.first) == text.sentence(point.first)
            told = any(begin.last <= n < point.first for n in numbers)
            if same and told:
                out[-1] = replace(begin, role=DURING)  # "from 5 in 2008 to 9 in 2020": two times, two numbers
            elif same and point.start >= begin.start:
                end = point.start[: len(begin.start)] if point.edge else point.start
                out[-1] = replace(begin, last=point.last, end=end, role=DURING, rule="from_to")
                continue
        out.append(point)
    out = [replace(p, role=DURING) if p.role == FROM else p for p in out]
    return [_until_known(text, p, out, today) if p.role == SINCE and not p.end else p for p in out]


def _until_known(text: Text, point: Point, points: Sequence[Point], today: str | None) -> Point:
    sentence = text.sentence(point.first)
    others = [p for p in points if p.role in (ON, AS_OF) and sentence[0] <= p.first < point.first and not p.source]
    if others and others[-1].start > point.start:
        return replace(point, end=others[-1].start, role=DURING, rule="since_until_date")
    if today and today[: len(point.start)] > point.start:
        return replace(point, end=today[: len(point.start)], role=DURING, rule="since_until_document")
    return replace(point, role=DURING)


# ---- the document --------------------------------------------------------------------------------------------------


def date_document(
    text: Text, dates: Sequence[DateMatch], *, skip: Callable[[DateMatch], bool] = lambda match: False
) -> tuple[str | None, str]:
    """Return (ISO date of the document or None, rule): a date on a line of its own, a dateline, the latest date.

    A dateline without a year takes the first year that is not before the latest date told in the text, and not before
    the events it tells of. `skip` leaves out dates of promises.
    """
    full = [m for m in dates if "year" in m.parts and "month" in m.parts]
    alone = [m for m in full if _stands_alone(text, m)]
    if alone:
        return max(make_iso(*_ymd(m)) for m in alone), "date_line"
    told = [m for m in dates if "year" in m.parts and not skip(m) and m.gives != "stamp"]
    events = [h.row["not_before"] for h in text.hits.get("event", []) if "not_before" in h.row]
    latest = max([_latest(text, m) for m in told] + events, default=None)
    line = next((m for m in dates if m.first < FRONT_OF_TEXT and "day" in m.parts and "month" in m.parts), None)
    if line and "year" in line.parts:
        return make_iso(*_ymd(line)), "dateline"
    if line and latest:
        year, parts = split_iso(latest)[0], line.parts
        late = make_iso(year, parts["month"], parts["day"])[: len(latest)] < latest
        return make_iso(year + late, parts["month"], parts["day"]), "dateline_year_from_text"
    recent = max((make_iso(*_ymd(m)) for m in full if not skip(m)), default=None)
    return (recent, "latest_date") if recent else (latest, "latest_year" if latest else "none")


def _ymd(match: DateMatch) -> tuple[int, int | None, int | None]:
    return match.parts["year"], match.parts.get("month"), match.parts.get("day")


def _latest(text: Text, match: DateMatch) -> str:
    parts = match.parts
    edge = text.starts_at("time.edge", match.last) or text.ends_at("time.edge", match.first)
    if match.gives == "year" and edge and edge.row["part"] == "end":
        return make_iso(parts["year"], 12)
    return make_iso(parts.get("year2", parts["year"]), parts.get("month2", parts.get("month")))


def _stands_alone(text: Text, match: DateMatch) -> bool:
    """True when the line holds the date and hardly anything else."""
    first, last = match.first, match.last
    while first > 0 and text.tokens[first].gap < LINE:
        first -= 1
    while last < len(text.tokens) and text.tokens[last].gap < LINE:
        last += 1
    return (last - first) - (match.last - match.first) <= 2
