"""Say when: of the times that a text tells, find the one that governs a number.

"By the end of March the fund had given 5 million to schools; 200 pupils ..." dates the money, and the pupils too.

In      a Text, its Points, and the place of a number.
Out     the times on offer with their traits, and the one chosen as a When: ISO 8601, the type of time, the rule.
Never   makes up a time that no Point tells.
Needs   choices, days, texts.
"""

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from csrbook.choices import best
from csrbook.days import AS_OF, DURING, FULL_DAY, ON, Point, starts_after, within
from csrbook.texts import Text, count_within

__all__ = ["Moment", "Offer", "When", "chosen", "offers", "read_when", "remember"]

FRONT = 9  # a time that begins this early in its sentence may carry on to the next
BACK = 4  # sentences that a time reaches on
HEADINGS = 300  # tokens up to a heading whose time still holds
LEAD = 2  # paragraphs below a headline
SAID = 4  # tokens between a verb of saying and the day it was said
FOUNDED = 5  # tokens between a founding and its date
UNPLACED = ("report", "document", "earlier")  # times that stand nowhere near the number
REACH = 150  # tokens from a number to the next that may share its time
RANKS = 4  # times of one place that are offered, the nearest first
CUES = ("time.total", "time.state", "time.link")  # words of a clause that go with one kind of time
LOOKS_BACK = "own:past_span"  # "the past twenty years" date themselves, and nothing that follows
EARLIER = 3  # times of numbers before that are still on offer
BRACKETS = "(["


@dataclass(frozen=True, slots=True)
class When:
    """The time of a claim: ISO 8601 or None, its type, and the rule that found it."""

    when: str | None
    when_type: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The number whose time is asked for: tokens [first, last), and what is known of it and of the number before it."""

    first: int
    last: int
    kind: str
    target: bool
    before: int | None = None  # first token of the number before it
    told: str | None = None  # the time of that number
    earlier: tuple[str, ...] = ()  # the times of the numbers before it, as `remember` keeps them


@dataclass(frozen=True, slots=True)
class Offer:
    """A time on offer: the Point, or None for no time at all; where it stands; its traits."""

    point: Point | None
    place: str
    traits: Mapping[str, float]

    @property
    def when(self) -> str | None:
        return self.point.when if self.point else None

    @property
    def rule(self) -> str:
        return f"{self.place}:{self.point.rule}" if self.point else self.place


def chosen(found: Sequence[Offer], weights: Mapping[str, float]) -> Offer:
    """Return the offer with the highest score."""
    return found[best([offer.traits for offer in found], weights).number]


def read_when(offer: Offer, text: Text, at: int) -> When:
    """Return what an offer says of the number at token `at`."""
    return When(offer.when, offer.point and _type(text, text.clause(at), offer.point), offer.rule)


def remember(earlier: tuple[str, ...], when: str | None, rule: str = "") -> tuple[str, ...]:
    """Return the last few times of numbers with one more in front, each once; one that looks back is not kept.

    Examples
    --------
    >>> remember(("2020", "2019"), "2019"), remember(("2020",), None)
    (('2019', '2020'), ('2020',))
    """
    if not when or rule == LOOKS_BACK:
        return earlier
    return (when, *(other for other in earlier if other != when))[:EARLIER]


def offers(
    moment: Moment, text: Text, points: Sequence[Point], *, numbers: Sequence[int], today: str | None, report: Point | None
) -> list[Offer]:
    """Return every time that may govern a number, each with its traits; the last offer is no time at all.

    Parameters
    ----------
    points : sequence of Point
        The times of the text, in text order.
    numbers : sequence of int
        First tokens of all quantities, in text order.
    """
    placed = list(_placed(moment, text, points))
    if report:
        placed.append(("report", report))
    near = moment.before is not None and moment.first - moment.before <= REACH
    earlier = [w for w in moment.earlier if near and (moment.target or not (today and starts_after(w, today)))]
    placed += [("earlier", Point(0, 0, *_ends(when), DURING, "as_before")) for when in earlier]
    if today:
        placed.append(("document", Point(0, 0, today, None, ON if len(today) == FULL_DAY else DURING, "document_date")))
    seen: dict[str, int] = {}
    out = []
    clause = text.clause(moment.first)
    own = _own(moment, clause, points, numbers)
    cues = [cue for cue in CUES if text.find(cue, *clause)]
    since = _since(moment, points)
    for place, point in placed:
        rank = seen.get(place, 0)
        seen[place] = rank + 1
        if rank < RANKS:
            names = _traits(moment, text, point, place, rank=rank, numbers=numbers, points=points, today=today)
            told = _told(moment, text, point, place, cues=cues, own=own, since=since)
            out.append(Offer(point, place, dict.fromkeys([*names, *told], 1.0)))
    out.append(Offer(None, "none", dict.fromkeys(_of_none(moment, text, seen), 1.0)))
    return out


# ---- what is offered -----------------------------------------------------------------------------------------------


def _placed(moment: Moment, text: Text, points: Sequence[Point]) -> Iterator[tuple[str, Point]]:
    """Yield (place, point): the sentence's own, nearest first, but for foundings; the sentences before it; the headings above."""
    sentence = text.sentence(moment.first)
    clause, statement = text.clause(moment.first), text.statement(moment.first)
    here = sorted(within(points, *sentence), key=lambda p: _distance(moment, p))
    yield from ((_place(moment, p, clause, statement), p) for p in here if not _is_founding(text, p))
    paragraph, back = text.paragraph(moment.first), sentence
    for steps in range(1, BACK + 1):
        if back[0] <= paragraph[0]:
            break
        back = text.sentence(back[0] - 1)
        yield from ((f"back_{min(steps, 3)}", p) for p in reversed(within(points, *back)))
    if text.is_heading(paragraph):  # a headline tells in short what the text below it dates
        below = paragraph
        for _ in range(LEAD):
            if below[1] >= len(text.tokens):
                break
            below = text.paragraph(below[1])
            yield from (("lead", p) for p in within(points, *below))
    above, steps = paragraph, 0
    while above[0] > 0 and steps < 2 and moment.first - above[0] < HEADINGS:
        above = text.paragraph(above[0] - 1)
        heading = text.is_heading(above)
        steps += 1
        yield from (("heading" if heading else "paragraph_before", p) for p in reversed(within(points, *above)[-2:]))


def _ends(when: str) -> tuple[str, str | None]:
    start, _, end = when.partition("/")
    return start, end or None


def _distance(moment: Moment, point: Point) -> int:
    return max(point.first - moment.last, moment.first - point.last, 0)


def _place(moment: Moment, point: Point, clause: tuple[int, int], statement: tuple[int, int]) -> str:
    if point.first < moment.last and moment.first < point.last:
        return "own"
    side = "before" if point.last <= moment.first else "after"
    if clause[0] <= point.first < clause[1]:
        return f"clause_{side}"
    return f"statement_{side}" if statement[0] <= point.first < statement[1] else f"sentence_{side}"


# ---- traits --------------------------------------------------------------------------------------------------------


def _traits(
    moment: Moment, text: Text, point: Point, place: str, *,
    rank: int, numbers: Sequence[int], points: Sequence[Point], today: str | None,
) -> Iterator[str]:  # fmt: skip
    """Yield the traits of one time on offer."""
    role = "interval" if point.end else point.role
    yield place
    yield f"{place} {role}"
    yield f"{place} length {len(point.start)}"
    if rank:
        yield f"{place} not nearest"
    if place in UNPLACED:
        if place == "earlier" and moment.before is not None:
            yield _reach(text, moment.before, moment.first)
    else:
        yield f"rule {point.rule}"
        yield from _of_words(text, point, place)
        yield from _between(moment, text, point, place, numbers, points)
    if today:
        yield f"{'plan' if moment.target else 'result'} {'to come' if starts_after(point.when, today) else 'past'}"
    if moment.kind in ("duration", "percent", "multiple"):
        yield f"{moment.kind} {place}"


def _told(
    moment: Moment, text: Text, point: Point, place: str, *, cues: Sequence[str], own: Container[str], since: Set[str]
) -> Iterator[str]:
    """Yield how a time goes with the words of the number's clause, with the clause's own times, and with the number before.

    `since` are the times told between the number before and this one.
    """
    yield from (f"{cue} {'interval' if point.end else point.role}" for cue in cues)
    over = bool(own) and point.when not in own
    if over:
        yield "passes over the time of its clause"
    if moment.before is not None and moment.told == point.when:
        same = text.sentence(moment.before) == text.sentence(moment.first)
        passed = " over its own" if over else " past another" if since - {point.when} else ""
        yield "as the number before" + (" in the sentence" if same else "") + passed


def _since(moment: Moment, points: Sequence[Point]) -> Set[str]:
    """Return the times told between the number before and this one."""
    return set() if moment.before is None else {p.when for p in within(points, moment.before, moment.first) if not p.source}


def _own(moment: Moment, clause: tuple[int, int], points: Sequence[Point], numbers: Sequence[int]) -> set[str]:
    """Return the times that the clause of a number tells with no other number between."""
    out = set()
    for point in within(points, *clause):
        first, last = (point.last, moment.first) if point.last <= moment.first else (moment.last, point.first)
        if not point.source and count_within(numbers, first, last) <= 0:
            out.add(point.when)
    return out


def _of_words(text: Text, point: Point, place: str) -> Iterator[str]:
    """Yield what the words beside a time say of it: a report, a comparison, the day on which something was said."""
    if point.source:
        yield "names a report"
    if text.ends_at("time.base", point.first) or text.ends_at("time.base", point.first + 1):
        yield f"base {place}"
    sentence = text.sentence(point.first)
    if text.find("time.said", max(sentence[0], point.first - SAID), min(sentence[1], point.last + 2)):
        yield f"said {place}"
    if point.first - sentence[0] < FRONT:
        yield f"fronted {place}"
    if point.first and text.tokens[point.first - 1].text in BRACKETS:
        yield f"in brackets {place}"


def _reach(text: Text, before: int, at: int) -> str:
    """Say how far back the number before stands: the less lies between, the likelier its time goes on."""
    if text.sentence(before) == text.sentence(at):
        return "earlier in the sentence"
    paragraph = text.paragraph(at)
    if paragraph[0] <= before:
        return "earlier in the paragraph"
    above = text.paragraph(paragraph[0] - 1)
    if text.is_heading(above):
        return "earlier beyond a heading"
    return "earlier in the paragraph before" if above[0] <= before else "earlier far before"


def _between(
    moment: Moment, text: Text, point: Point, place: str, numbers: Sequence[int], points: Sequence[Point]
) -> Iterator[str]:
    """Yield what stands between a number and a time of its sentence: other numbers, other times, a new clause."""
    if place == "own" or not place.endswith(("_before", "_after")) or place == "paragraph_before":
        return
    first, last = (point.last, moment.first) if point.last <= moment.first else (moment.last, point.first)
    yield f"{place} numbers between {min(count_within(numbers, first, last), 2)}"
    if within(points, first, last):
        yield f"{place} times between"
    if last - first <= 2:
        yield f"{place} adjacent"
    if place.endswith("after"):
        opens = text.tokens[point.first - 1].text in text.marks
        joint = text.ends_at("name.joint", point.first)
        if opens or (joint and text.tokens[joint.first - 1].text in text.marks):
            yield "opens a clause after"


def _is_founding(text: Text, point: Point) -> bool:
    """True when a date tells when something was founded, which is history: "founded in 2010", not "in 2010 it founded"."""
    if point.role != DURING or point.end:
        return False
    return bool(text.find("time.founding", max(text.clause(point.first)[0], point.first - FOUNDED), point.first))


def _of_none(moment: Moment, text: Text, seen: Mapping[str, int]) -> Iterator[str]:
    """Yield the traits of no time at all."""
    yield "none"
    yield f"none {moment.kind}"
    if moment.target:
        yield "none plan"
    if not any(place.startswith(("own", "clause", "statement", "sentence")) for place in seen):
        yield "none, no time in the sentence"
    if not seen:
        yield "none, no time near"
    if "report" in seen:
        yield "none in a report"
    if moment.before is not None and moment.told is None:
        same = text.sentence(moment.before) == text.sentence(moment.first)
        yield "none as the number before" + (" in the sentence" if same else "")


def _type(text: Text, clause: tuple[int, int], point: Point) -> str:
    if point.end or point.role == AS_OF:
        return DURING if point.end else AS_OF
    if text.find("time.total", *clause) or text.find("time.state", *clause):
        return AS_OF
    return ON if len(point.start) == FULL_DAY else DURING
