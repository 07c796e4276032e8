"""Date a document from its own text: a date on a line of its own, a dateline, the latest date; and the year it reports on.

In      a Text and its DateMatches, or its Points.
Out     an ISO date and the rule that gave it; a Point for the year reported on.
Never   looks at the clock or at the file.
Needs   datemarks, days, texts, tokens.
"""

from collections.abc import Callable, Sequence

from csrbook.datemarks import DateMatch
from csrbook.days import DURING, FULL_DAY, FULL_MONTH, Point, is_twelve_months, make_iso, split_iso
from csrbook.texts import Text
from csrbook.tokens import LINE

__all__ = ["date_document", "reported_span"]

HEAD_PARAGRAPHS = 3  # of a text, where a report is named
FRONT_OF_TEXT = 70  # tokens at the head of an article that hold its dateline
SOURCE_NEAR = 10  # tokens between a year and the word that names its report


def reported_span(text: Text, points: Sequence[Point]) -> Point | None:
    """Return the year, or fiscal year, that the document itself reports on, as its head names it."""
    head = _head(text)
    spans = [p for p in points if p.first < head and (p.source or _is_year(p)) and p.role == DURING and not p.since]
    return next((p for p in spans if _is_year(p)), None) or next((p for p in spans if len(p.start) < FULL_DAY), None)


def _is_year(point: Point) -> bool:
    """True for a period of twelve months told by its two ends: a fiscal year."""
    return bool(point.end) and len(point.end) >= FULL_MONTH and is_twelve_months(point.start, point.end)


def _head(text: Text) -> int:
    return text.paragraphs[min(len(text.paragraphs), HEAD_PARAGRAPHS) - 1][1] if text.paragraphs else 0


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
    line = next((m for m in dates if m.first < FRONT_OF_TEXT and _is_day(m) and not text.ends_at("time.fiscal", m.first)), None)
    if line and "year" in line.parts:
        return make_iso(*_ymd(line)), "dateline"
    if line and latest:
        year, parts = split_iso(latest)[0], line.parts
        late = make_iso(year, parts["month"], parts["day"])[: len(latest)] < latest
        return make_iso(year + late, parts["month"], parts["day"]), "dateline_year_from_text"
    if reports := [_latest(text, m) for m in told if m.first < _head(text) and _names_report(text, m)]:
        return max(reports), "report_named"
    recent = max((_latest(text, m) for m in full if not skip(m)), default=None)
    return (recent, "latest_date") if recent else (latest, "latest_year" if latest else "none")


def _is_day(match: DateMatch) -> bool:
    return {"day", "month"} <= set(match.parts) and not {"day2", "month2", "year2"} & set(match.parts)


def _names_report(text: Text, match: DateMatch) -> bool:
    sentence = text.sentence(match.first)
    near = text.find("time.source", max(sentence[0], match.first - SOURCE_NEAR), min(sentence[1], match.last + SOURCE_NEAR))
    return bool(near or text.ends_at("time.fiscal", match.first))


def _ymd(match: DateMatch) -> tuple[int, int | None, int | None]:
    return match.parts["year"], match.parts.get("month"), match.parts.get("day")


def _latest(text: Text, match: DateMatch) -> str:
    """Return the last time that a date tells: of a span its end."""
    parts = match.parts
    edge = text.starts_at("time.edge", match.last) or text.ends_at("time.edge", match.first)
    if match.gives == "year" and edge and edge.row["part"] == "end":
        return make_iso(parts["year"], 12)
    return make_iso(parts.get("year2", parts["year"]), parts.get("month2", parts.get("month")), parts.get("day2", parts.get("day")))


def _stands_alone(text: Text, match: DateMatch) -> bool:
    """True when the line holds the date and hardly anything else."""
    first, last = match.first, match.last
    while first > 0 and text.tokens[first].gap < LINE:
        first -= 1
    while last < len(text.tokens) and text.tokens[last].gap < LINE:
        last += 1
    return (last - first) - (match.last - match.first) <= 2
