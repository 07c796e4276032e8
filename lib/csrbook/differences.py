"""Pair the figures of two tellings of one announcement, also those that differ, and list every difference.

    compare(one, other, units).differences -> (Difference("slip", ..., "power of ten: 12800000 person and ... 10^1 apart"), ...)

In      Entries of two documents that tell one announcement, the Units.
Out     Comparison: pairs of places, and Differences: one a figure and kind of difference, by place.
Never   says which of the two is right; pairs figures by their words.
Needs   alignment, verdicts.  Used by twins.

Figures of one number are paired in order; then those that stand elsewhere; then, between the pairs on either side, those of
one unit, of one number in another unit, of a power of ten, or of money in another currency. What is left is missing. A time is
compared where both tell it in the figure's own sentence; one that is only less precise (2022, March 2022) is no difference. A
length of time is a promise in one and a result in the other only where a word tells it as done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from csrbook.alignment import Entry, Units, align, digits_of, in_order, is_rounded, same_number, worth
from csrbook.verdicts import Figure, is_slip, judge_conversion, print_figure, print_number, print_slip

__all__ = ["DIFFERENCES", "Comparison", "Difference", "compare"]

DIFFERENCES = ("missing", "value", "slip", "rounding", "unit", "conversion", "hedge", "time", "promise", "order")
NEAR, FAR = Decimal("1.5"), Decimal(3)  # times as great as the other: figures of one unit at one place that are one figure
MULTIPLE = "multiple"  # a kind that speaks of two times: "twice as many as a year before"
TELLING = 2  # digits from which a figure is known again wherever it stands; of fewer, in its sentence alone
SAME_AMOUNT, SAME_NUMBER, SLIPPED, CLOSE, NEARBY, ANY = 3.0, 2.5, 2.4, 2.0, 1.0, 0.5  # worth of pairs that differ

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the place of the figure in either document (None: left out there), and the arithmetic."""

    kind: str
    one: int | None
    other: int | None
    test: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pairs of places (the first `one`, the second `other`), by place, and the differences."""

    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...]


def compare(one: Sequence[Entry], other: Sequence[Entry], units: Units) -> Comparison:
    """Return how two tellings of one announcement differ, figure by figure; places are those of the two sequences."""
    sides = _Sides(one, other, units)
    kept = dict(align(one, other, units))
    links = {(one[i].sentence, other[j].sentence) for i, j in kept.items()}
    moved = dict(sides.moved(kept, links))
    again = {place for place in moved.items() if (one[place[0]].sentence, other[place[1]].sentence) not in links}
    links |= {(one[i].sentence, other[j].sentence) for i, j in moved.items()}
    paired = kept | moved
    paired |= dict(sides.changed_in_sentences(paired, links))
    paired |= dict(sides.changed_between(paired, kept, links))
    pairs = tuple(sorted(paired.items()))
    rows = [d for pair in pairs for d in sides.differences(*pair, moved=pair in again)]
    rows += sides.missing(paired)
    return Comparison(pairs, tuple(sorted(rows, key=_by_place)))


def _by_place(row: Difference) -> tuple:
    first = row.one if row.one is not None else row.other
    return first, row.one is None, DIFFERENCES.index(row.kind), row.other or 0


@dataclass(frozen=True, slots=True)
class _Sides:
    """The two tellings."""

    one: Sequence[Entry]
    other: Sequence[Entry]
    units: Units

    # ---- pairing -------------------------------------------------------------------------------------------------

    def _left(self, paired: Mapping[int, int]) -> tuple[list[int], list[int]]:
        taken = set(paired.values())
        return [i for i in range(len(self.one)) if i not in paired], [j for j in range(len(self.other)) if j not in taken]

    def moved(self, kept: Mapping[int, int], links: set[Pair]) -> Iterator[Pair]:
        """Yield equal figures that stand at other places: those of linked sentences and of most digits first."""
        left, right = self._left(kept)
        found = []
        for i in left:
            for j in right:
                value = worth(self.one[i], self.other[j], self.units)
                if value:
                    found.append((self._link(i, j) not in links, -value, abs(i - j), i, j))
        links, used, rest = set(links), (set(), set()), []
        for unlinked, value, _, i, j in sorted(found):
            if i in used[0] or j in used[1]:
                continue
            if unlinked and -value < TELLING and self._link(i, j) not in links:
                rest.append((i, j))
                continue
            used[0].add(i), used[1].add(j), links.add(self._link(i, j))
            yield i, j
        for i, j in rest:  # what stands beside a figure that was known again
            if i not in used[0] and j not in used[1] and self._link(i, j) in links:
                used[0].add(i), used[1].add(j)
                yield i, j

    def _link(self, i: int, j: int) -> Pair:
        return self.one[i].sentence, self.other[j].sentence

    def changed_in_sentences(self, paired: Mapping[int, int], links: set[Pair]) -> Iterator[Pair]:
        """Yield changed figures of sentences that share a figure."""
        left, right = self._left(paired)
        taken: set[int] = set()
        for link in sorted(links):
            here = [i for i in left if self.one[i].sentence == link[0]]
            there = [j for j in right if self.other[j].sentence == link[1] and j not in taken]
            for i, j in self._changed(here, there, linked=True):
                left.remove(i)
                taken.add(j)
                yield i, j

    def changed_between(self, paired: Mapping[int, int], kept: Mapping[int, int], links: set[Pair]) -> Iterator[Pair]:
        """Yield changed figures that stand between the same two pairs; of sentences that share no figure."""
        left, right = self._left(paired)
        ends = [(-1, -1), *sorted(kept.items()), (len(self.one), len(self.other))]
        told = {one for one, _ in links}, {other for _, other in links}
        for (i0, j0), (i1, j1) in zip(ends, ends[1:], strict=False):
            here, there = [i for i in left if i0 < i < i1], [j for j in right if j0 < j < j1]
            alone = [i for i in here if self.one[i].sentence not in told[0]], [j for j in there if self.other[j].sentence not in told[1]]
            found = list(self._changed(*alone, linked=True))
            yield from found
            here, there = [i for i in here if i not in dict(found)], [j for j in there if j not in dict(found).values()]
            yield from self._changed(here, there, linked=False)

    def _changed(self, here: Sequence[int], there: Sequence[int], *, linked: bool) -> Iterator[Pair]:
        worths = [[self._likeness(self.one[i], self.other[j], linked) for j in there] for i in here]
        for i, j in in_order(worths) if there else ():
            yield here[i], there[j]

    def _likeness(self, one: Entry, other: Entry, linked: bool) -> float:
        """Return what two figures that differ are worth as one figure at one place; 0: they are two."""
        a, b, alike = one.figure, other.figure, self.units.agree(one, other)
        if same_number(a, b):
            known_again = digits_of(a) >= TELLING and (linked or a.kind == b.kind)
            return SAME_NUMBER if known_again or a.kind == b.kind and (alike or linked) else 0.0
        if a.kind != b.kind:
            return 0.0
        if not alike:
            return self._converted(a, b, linked)
        if is_slip(a, b, least=TELLING):
            return SLIPPED
        times = _times(a, b)
        if times is None:
            return ANY if linked else 0.0
        return CLOSE if times <= NEAR else NEARBY if times <= FAR else ANY if linked else 0.0

    def _converted(self, a: Figure, b: Figure, linked: bool) -> float:
        if a.kind == b.kind == "money":
            found = judge_conversion(a, b)
            return 0.0 if found is None and not linked else SAME_AMOUNT if found and found.verdict == "equal" else NEARBY if linked else 0.0
        left, right = self.units.in_si(a), self.units.in_si(b)
        if not left or not right or left[2] != right[2]:
            return 0.0
        return SAME_AMOUNT if _meet(left, right) else NEARBY if linked else 0.0

    # ---- what differs --------------------------------------------------------------------------------------------

    def differences(self, i: int, j: int, *, moved: bool) -> Iterator[Difference]:
        """Yield what differs between two figures that are one."""
        a, b = self.one[i].figure, self.other[j].figure
        number = self._number(a, b) if self.units.agree(self.one[i], self.other[j]) else self._unit(a, b)
        if number:
            yield Difference(number[0], i, j, number[1])
        if a.qualifier != b.qualifier and not (number and number[0] == "conversion"):
            yield Difference("hedge", i, j, f"other hedge: {a.qualifier} and {b.qualifier}")
        if _is_other_time(self.one[i], self.other[j]):
            yield Difference("time", i, j, f"other time: {a.when} and {b.when}")
        if a.target != b.target and (a.kind != "duration" or (self.other[j] if a.target else self.one[i]).done):
            told = "promised, then told without a promise" if a.target else "told without a promise, then promised"
            yield Difference("promise", i, j, f"{told}: {print_figure(a)} and {print_figure(b)}")
        if moved:
            yield Difference("order", i, j, f"figure {i + 1} of {len(self.one)}, then {j + 1} of {len(self.other)}")

    def _number(self, a: Figure, b: Figure) -> tuple[str, str] | None:
        if same_number(a, b):
            return None
        if is_rounded(a, b):
            return "rounding", f"rounded: {print_figure(a)} and {print_figure(b)}"
        if is_slip(a, b, least=1):
            return "slip", print_slip(a, b)
        times = _times(a, b)
        apart = "" if times is None else f", {times:.6g} times"
        return "value", f"other number: {print_figure(a)} and {print_figure(b)}{apart}"

    def _unit(self, a: Figure, b: Figure) -> tuple[str, str]:
        if same_number(a, b):
            return "unit", f"same number, other unit: {print_figure(a)} and {print_figure(b)}"
        if a.kind == b.kind == "money":
            found = judge_conversion(a, b)
            return "conversion", found.test if found else f"other currency, no rate of its day: {print_figure(a)} and {print_figure(b)}"
        left, right = self.units.in_si(a), self.units.in_si(b)
        says = "the same" if _meet(left, right) else "not the same"
        amounts = (f"{_whole(low)} to {_whole(high)}" for low, high, _ in (left, right))
        return "conversion", f"{print_figure(a)} and {print_figure(b)}: {says} in {left[2]}, {' and '.join(amounts)}"

    def missing(self, paired: Mapping[int, int]) -> Iterator[Difference]:
        """Yield the figures that one leaves out; not those that it tells at another place."""
        left, right = self._left(paired)
        for i in left:
            if not any(worth(self.one[i], entry, self.units) for entry in self.other):
                yield Difference("missing", i, None, self._absence(self.one, i))
        for j in right:
            if not any(worth(self.other[j], entry, self.units) for entry in self.one):
                yield Difference("missing", None, j, self._absence(self.other, j))

    def _absence(self, side: Sequence[Entry], place: int) -> str:
        first = next((e for e in side if side[place].restates and e.id == side[place].restates), None)
        again = f", which restates {print_figure(first.figure)}" if first else ""
        return f"left out: {print_figure(side[place].figure)}{again}, figure {place + 1} of {len(side)}"


def _times(a: Figure, b: Figure) -> Decimal | None:
    low, high = sorted((a.value, b.value))
    return high / low if low > 0 else None


def _meet(left: tuple[Decimal, Decimal, Any], right: tuple[Decimal, Decimal, Any]) -> bool:
    return max(left[0], right[0]) <= min(left[1], right[1])


def _is_other_time(one: Entry, other: Entry) -> bool:
    """Two times of which neither is the other told more precisely; those reckoned from a document's day, by their years."""
    a, b = one.figure, other.figure
    if a.kind == MULTIPLE or not (one.dated and other.dated and a.first and a.last and b.first and b.last):
        return False
    if (a.first, a.last) == (b.first, b.last):
        return False
    if not (one.printed and other.printed):
        return a.last.year < b.first.year or b.last.year < a.first.year
    return not any("/" not in wide.when and wide.first <= fine.first and fine.last <= wide.last for wide, fine in ((a, b), (b, a)))


def _whole(number: Decimal) -> str:
    """Return an end of a converted interval; its digits after the point tell nothing beside a thousand."""
    return f"{number.quantize(Decimal(1)):f}" if abs(number) >= 1000 else print_number(number)
