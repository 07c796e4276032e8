"""Say how two figures of one measure differ, by a fixed order of arithmetic tests; the test that decided is kept.

    judge(over(220), exactly(223)) -> Verdict("rounding", "intervals meet: over 220 [220, 231] and 223 [223, 223] share [223, 223]")

In      pairs of Figures; for a sum converted in brackets also the dated rate of exchange.
Out     Verdict(verdict, test), or None where nothing can be said.
Never   asks whether two figures are of one measure (likeness does), rounds a value, or uses a float.
Needs   conversions, tables (days of a date).

The order of judge: promise and result, same number, power of ten, parted dates, intervals, a total that falls, other date,
revision, scope; what is left is a conflict.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from csrbook.conversions import RATE_OFF, nearest_rate, print_conversion
from csrbook.tables import first_day, last_day

__all__ = [
    "KINDS", "Figure", "Verdict", "is_slip", "judge", "judge_borrowed", "judge_conversion", "judge_restated", "make_figure",
    "print_figure", "print_number", "print_slip", "print_when", "rule_of", "significant_digits",
]  # fmt: skip

KINDS = {  # what a scorer calls each verdict
    "equal": "same", "rounding": "same", "period": "series", "revision": "series", "fulfilled": "fulfilled",
    "qualifier": "conflict", "scope": "conflict", "slip": "conflict", "conflict": "conflict", "conversion": "bad_conversion",
}  # fmt: skip
WIDEST = Decimal("0.05")  # share of a value beyond which nothing is a rounding of it: "3 billion" is no way to write 3.3
SLIP_DIGITS = 2  # figures of one digit (10 and 100) are a power of ten apart by chance
RATE_STEP = timedelta(days=15)
HUNDRED = Decimal(100)
LENGTHS = ("duration",)
MONTH = len("2020-04")
ELSEWHERE = ("back_", "earlier", "heading", "lead")  # rules of `when` that take a date from another sentence
TAKEN_OVER = " [taken over]"
OWNER = "owner_"  # rules of `actor` that take the owner of a programme


@dataclass(frozen=True, slots=True)
class Figure:
    """What a claim says in numbers and days: `low` and `high` are exact bounds, None nowhere; days are inclusive.

    `first`, `last` are the days that the claim speaks of, `told` the last day its document can speak of; each None if not known.
    """

    doc: str
    start: int
    end: int
    claim_id: str
    text: str
    value: Decimal
    value_max: Decimal | None
    low: Decimal
    high: Decimal
    unit: str | None
    kind: str
    qualifier: str
    when: str | None
    when_type: str | None
    first: date | None
    last: date | None
    told: date | None
    target: bool
    publisher: str | None = None
    scope: frozenset[str] = frozenset()
    borrowed: bool = False  # its date stands in another sentence
    inferred: bool = False  # its actor is the owner of the programme: nobody is named


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict of KINDS and the arithmetic that decided it, numbers included."""

    verdict: str
    test: str


# ---- figures -------------------------------------------------------------------------------------------------------


def make_figure(
    record: Mapping[str, Any], *, told: date | None = None, publisher: str | None = None, scope: frozenset[str] = frozenset()
) -> Figure:
    """Return the figure of a claim record; bounds that the record lacks follow from the printed digits and the hedge."""
    value, top = _exact(record["value"]), _exact(record.get("value_max"))
    qualifier, when = record.get("qualifier") or "exact", _known(record.get("when"))
    low, high = _bounds(value, top, qualifier, _exact(record.get("low")), _exact(record.get("high")))
    return Figure(
        doc=record["doc"], start=int(record["start"]), end=int(record["end"]),
        claim_id=str(_known(record.get("claim_id")) or record.get("id") or ""), text=record["text"],
        value=value, value_max=top, low=low, high=high, unit=_known(record.get("unit")), kind=record.get("kind") or "count",
        qualifier=qualifier, when=when, when_type=_known(record.get("when_type")),
        first=_date(first_day(when)), last=_date(last_day(when)), told=told,
        target=bool(_known(record.get("target"))), publisher=publisher, scope=scope,
        borrowed=rule_of(record, "when").startswith(ELSEWHERE), inferred=rule_of(record, "actor").startswith(OWNER),
    )  # fmt: skip


def rule_of(record: Mapping[str, Any], field: str) -> str:
    """Return the rule that set a field of a claim; a table holds the rules as JSON."""
    rules = _known(record.get("rule")) or {}
    return str((json.loads(rules) if isinstance(rules, str) else rules).get(field, ""))


def _exact(value: Any) -> Decimal | None:
    """Return a number as printed: 71.38 is Decimal("71.38"), not the float nearest to it."""
    value = _known(value)
    return None if value is None else value if isinstance(value, Decimal) else Decimal(str(value))


def _known(value: Any) -> Any:
    """Return None for the many ways in which a table says that it does not know."""
    return None if value is None or value != value else value


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


def _bounds(value: Decimal, top: Decimal | None, qualifier: str, low: Decimal | None, high: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return the interval that a figure allows, never wider than WIDEST on a side."""
    if top is not None:
        return min(value, top), max(value, top)
    reach = abs(value) * WIDEST
    half = min(reach, _last_place(value) / 2)
    narrow = {"exact": (half, half), "over": (Decimal(0), reach), "nearly": (reach, Decimal(0)), "upto": (reach, Decimal(0))}
    down, up = narrow.get(qualifier, (reach, reach))
    least, most = value - down, value + up
    if low is not None:
        least = max(low, value - reach)
    if high is not None:
        most = min(high, value + reach)
    return least, most


def _last_place(value: Decimal) -> Decimal:
    """Return what one of the last significant digit stands for: 220000000 -> 10000000, 2.5 -> 0.1."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if exponent else Decimal(0)


def significant_digits(value: Decimal) -> int:
    """Return how many digits a number has without its zeros at either end: 223000000 -> 3."""
    return len(value.normalize().as_tuple().digits)


# ---- two figures of one measure ------------------------------------------------------------------------------------


def judge(a: Figure, b: Figure) -> Verdict | None:
    """Return how two figures in one unit differ; the order of the two does not matter.

    None where a promise and an earlier or undated figure differ: neither confirms nor denies the other.
    """
    a, b = sorted((a, b), key=lambda f: (f.doc, f.start, f.end))
    same = (a.value, a.value_max) == (b.value, b.value_max)
    if a.target != b.target:
        if found := _fulfilled(*((a, b) if a.target else (b, a))):
            return found
        if not same:
            return None
    if same:
        return _same_number(a, b)
    return _slip(a, b) or _parted(a, b) or _rounding(a, b) or _fall(a, b) or _other_date(a, b) or _same_date(a, b)


def _fulfilled(promise: Figure, result: Figure) -> Verdict | None:
    if result.last is None or promise.told is None or result.last <= promise.told:
        return None
    if promise.doc == result.doc or promise.kind in LENGTHS:
        return None  # one document cannot tell how its own promise ended; a length of time is no amount to be reached
    if promise.last and result.last < promise.last and result.high < promise.low:
        return None  # not due yet
    share = (result.value / promise.value * HUNDRED).quantize(Decimal("0.1")) if promise.value else HUNDRED
    told = f"{print_figure(promise)} promised by {promise.told}, {print_figure(result)} in {result.when} ({share} %)"
    return Verdict("fulfilled", f"target and result: {told}")


def _same_number(a: Figure, b: Figure) -> Verdict:
    if a.qualifier == b.qualifier:
        note = ", one of them promised" if a.target != b.target else ""
        return Verdict("equal", f"same number: {print_figure(a)} = {print_figure(b)}{note}")
    return Verdict("qualifier", f"same number, other hedge: {print_figure(a)} and {print_figure(b)}")


def _slip(a: Figure, b: Figure) -> Verdict | None:
    return Verdict("slip", print_slip(a, b)) if is_slip(a, b, least=SLIP_DIGITS) else None


def is_slip(a: Figure, b: Figure, *, least: int) -> bool:
    """True for two numbers of the same digits, `least` or more of them, at other powers of ten; a range is none."""
    if a.value_max is not None or b.value_max is not None or not a.value or not b.value:
        return False
    one, other = a.value.normalize().as_tuple(), b.value.normalize().as_tuple()
    return one.digits == other.digits and one.sign == other.sign and one.exponent != other.exponent and len(one.digits) >= least


def _parted(a: Figure, b: Figure) -> Verdict | None:
    """Dates that share no day: a series, unless a running total has fallen."""
    spans = _days(a, b)
    if spans is None or not (spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]):
        return None
    if "during" not in (a.when_type, b.when_type) and (found := _fall(a, b)):
        return found
    return _series(a, b, spans)


def _rounding(a: Figure, b: Figure) -> Verdict | None:
    low, high = max(a.low, b.low), min(a.high, b.high)
    if low > high or (low == high and not (a.low == a.high or b.low == b.high)):
        return None  # touching at the edge of both: 3.3 ends where nearly 3.4 begins
    numbers = f"{print_figure(a)} {_interval(a.low, a.high)} and {print_figure(b)} {_interval(b.low, b.high)}"
    return Verdict("rounding", f"intervals meet: {numbers} share {_interval(low, high)}")


def _fall(a: Figure, b: Figure) -> Verdict | None:
    """A total up to a later day that is lower than one up to an earlier day; which is later must be certain."""
    spans = _days(a, b)
    if spans is None or spans[0][1] == spans[1][1]:
        return None
    (early, day), (late, after) = sorted(((a, spans[0][1]), (b, spans[1][1])), key=lambda pair: pair[1])
    if late.high >= early.low or _soonest(late, after) < day:
        return None
    return Verdict("conflict", f"a total falls: {print_figure(early)} by {day}, {print_figure(late)} by {after}")


def _soonest(figure: Figure, last: date) -> date:
    """Return the first of the days that may end what a figure speaks of: of "2020-04" any day of April."""
    end = (figure.when or "").rpartition("/")[2]
    return last.replace(day=1) if len(end) == MONTH else last


def _other_date(a: Figure, b: Figure) -> Verdict | None:
    """A series, where the later is not lower: else the two dates are too near to each other to part them."""
    spans = _days(a, b)
    if spans is None or spans[0][1] == spans[1][1]:
        return None
    early, late = (a, b) if spans[0][1] < spans[1][1] else (b, a)
    return None if late.high < early.low else _series(a, b, spans)


def _same_date(a: Figure, b: Figure) -> Verdict:
    numbers = f"{print_figure(a)} and {print_figure(b)}, {_apart(a, b)} % apart"
    if a.when and a.when == b.when and a.publisher and a.publisher == b.publisher and a.told != b.told:
        return Verdict("revision", f"same date {a.when}, told anew: {numbers}, told by {a.told} and {b.told}")
    if a.scope != b.scope:
        return Verdict("scope", f"other boundary ({', '.join(sorted(a.scope ^ b.scope))}): {numbers}")
    return Verdict("conflict", f"no test reconciles them: {numbers}")


def _days(a: Figure, b: Figure) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """Return the days that each speaks of; an undated claim speaks of the day of its document, where the other is of another."""
    if a.doc == b.doc and not (a.last and b.last):
        return None
    one, other = a.last or a.told, b.last or b.told
    if one is None or other is None:
        return None
    return (a.first or one, one), (b.first or other, other)


def _series(a: Figure, b: Figure, spans: tuple[tuple[date, date], tuple[date, date]]) -> Verdict:
    dated = sorted(zip((a, b), spans, strict=True), key=lambda pair: pair[1][1])
    told = (f"{print_figure(f)} {print_when(f) or f'as told by {span[1]}'}" for f, span in dated)
    return Verdict("period", f"other date: {', '.join(told)}")


def judge_borrowed(a: Figure, b: Figure) -> Verdict | None:
    """Return the conflict that follows where a date taken over from another sentence is not that of the figure.

    Such a figure may as well be as of the day of its document: is it lower than one of an earlier day, both cannot be totals.
    """
    for figure, other in ((a, b), (b, a)):
        if not figure.borrowed or other.borrowed or figure.told is None or figure.target or other.target:
            continue
        found = _fall(replace(figure, when=None, first=None, last=figure.told), other)
        if found and figure.high < other.low:
            return Verdict(found.verdict, f"{found.test}, if {print_figure(figure)} is as told by {figure.told}: its sentence has no date")
    return None


# ---- one figure told twice in a sentence ---------------------------------------------------------------------------


def judge_conversion(printed: Figure, converted: Figure) -> Verdict | None:
    """Return whether a sum of money and its conversion agree with the rate of the days it speaks of; None without a rate."""
    if not printed.value or printed.unit == converted.unit:
        return None
    found = nearest_rate(printed.unit, converted.unit, used=converted.value / printed.value, days=_days_between(printed))
    if found is None:
        return None
    numbers = f"{print_figure(converted)} / {print_figure(printed)} = {print_conversion(found)}"
    return Verdict("conversion" if found.off > RATE_OFF else "equal", f"dated rate: {numbers}")


def _days_between(figure: Figure) -> list[date]:
    """Return days of the time a figure speaks of, and the day it is told: some convert at the rate of the day they write."""
    if not (figure.last or figure.told):
        return []
    last = min(day for day in (figure.last, figure.told) if day)
    day = min(figure.first or last.replace(day=1), last)
    days = {last, figure.told or last}
    while day < last:
        days.add(day)
        day += RATE_STEP
    return sorted(days)


def judge_restated(a: Figure, b: Figure, units: Mapping[str, Mapping[str, Any]]) -> Verdict | None:
    """Return whether a figure and what the same sentence makes of it agree; None where they are of different dimensions."""
    if a.kind == b.kind == "money":
        return judge_conversion(a, b)
    if a.kind == b.kind == "percent":
        return _complement(a, b)
    one, other = (units.get(f.unit or "", {}) for f in (a, b))
    if a.unit == b.unit or "si" not in one or one["si"] != other.get("si"):
        return None
    left, right = ((f.low * Decimal(u["factor"]), f.high * Decimal(u["factor"])) for f, u in ((a, one), (b, other)))
    numbers = f"{print_figure(a)} {_interval(*left)} and {print_figure(b)} {_interval(*right)}"
    meets = max(left[0], right[0]) <= min(left[1], right[1])
    return Verdict("equal", f"same in {one['si']}: {numbers}") if meets else Verdict("conflict", f"not the same in {one['si']}: {numbers}")


def _complement(a: Figure, b: Figure) -> Verdict | None:
    """A cut by 20 percent is the same as what is left, 80."""
    rest = HUNDRED - b.value
    if a.value in (b.value, rest):
        return Verdict("equal", f"same share: {print_figure(a)}, {print_figure(b)} (the rest is {print_number(rest)})")
    nearer = min((b.value, rest), key=lambda share: abs(share - a.value))
    return Verdict("conflict", f"restated: {print_figure(a)}, then {print_figure(b)}, that is {print_number(nearer)}")


# ---- printing ------------------------------------------------------------------------------------------------------


def print_number(number: Decimal) -> str:
    """Return a number with all its digits, and no zeros after its point."""
    return f"{number.normalize():f}"


def print_figure(figure: Figure) -> str:
    """Return hedge, number or range, and unit: "nearly 3400000000 CNY"."""
    number = print_number(figure.value) if figure.value_max is None else f"{print_number(figure.value)} to {print_number(figure.value_max)}"
    hedge = "" if figure.qualifier == "exact" else f"{figure.qualifier} "
    return f"{hedge}{number} {figure.unit or ''}".rstrip()


def print_slip(a: Figure, b: Figure) -> str:
    """Return how many powers of ten two numbers are apart."""
    apart = abs(a.value.normalize().as_tuple().exponent - b.value.normalize().as_tuple().exponent)
    return f"power of ten: {print_figure(a)} and {print_figure(b)} are 10^{apart} apart"


def print_when(figure: Figure) -> str:
    """Return the time a figure speaks of, and whether it was taken over from another sentence or number; "" for none."""
    return (figure.when or "") + (TAKEN_OVER if figure.when and figure.borrowed else "")


def _interval(low: Decimal, high: Decimal) -> str:
    return f"[{print_number(low)}, {print_number(high)}]"


def _apart(a: Figure, b: Figure) -> str:
    least = min(abs(a.value), abs(b.value))
    return f"{abs(a.value - b.value) / least * HUNDRED:.1f}" if least else "over 100"
