"""Set the figures of two documents side by side, in order, and say how likely chance alone would give as many pairs.

    align(one, other, units) -> [(0, 0), (1, 1), (3, 2)]        chance([2, 3, 3], 4, 3) -> -7.4

In      Entries of two documents in text order, the Units.
Out     pairs of places, order kept; the power of ten of the number of such alignments that chance would give.
Never   pairs figures by their words, or two figures of different numbers, but for one that is the other rounded.
Needs   lexicon, scoring, verdicts.  Used by differences, twins.

The arithmetic. In seven million pairs of counts from unrelated articles, a number of one digit met the same number once in 210
pairs, of two digits once in 640, of three once in 2,600; zeros at the end do not count. Here they count as one in 10, 100 and 1,000,
which leaves room for articles on one subject. k figures can be picked in order from n and from m in C(n,k) * C(m,k) ways.
So chance gives C(n,k) * C(m,k) / 10^(digits of the pairs) alignments of k pairs.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from math import comb, log10
from typing import Any

from csrbook.lexicon import Lexicons
from csrbook.scoring import same_unit
from csrbook.verdicts import Figure, significant_digits

__all__ = ["Entry", "Units", "align", "chance", "digits_of", "in_order", "is_rounded", "same_number", "worth"]

ANNOTATION = re.compile(r"\{[^}]*\}")  # what a UCUM code says of a unit without being one: t{CO2e}
DIGITS = 3  # digits beyond which a figure is no rarer
CONTEXT = 0.05  # worth of what two equal figures share besides: it only chooses among equals
ROUNDED = 0.5  # digits that a rounded figure counts less than one that is the same
ROUNDING = {"over": ROUND_DOWN, "nearly": ROUND_UP, "upto": ROUND_UP}  # which way a hedged figure was rounded
OFF = Decimal("0.05")  # share beyond which nothing is a rounding


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure at its place in a document; `context` are attributes that decide between equal figures."""

    figure: Figure
    place: int  # 0 for the first figure of the document
    sentence: int  # where its sentence begins
    id: str
    restates: str | None = None
    language: str = ""
    dated: bool = True  # its time is told in its own sentence
    printed: bool = True  # its time is printed, not reckoned from the day of the document
    done: bool = True  # a word tells it as done
    context: tuple = ()


@dataclass(frozen=True, slots=True)
class Units:
    """What is known of units: which count the same, and the way to SI."""

    table: Mapping[str, Mapping[str, Any]]
    people: frozenset[str]
    measures: Mapping[str, frozenset[str]]  # of a counted noun: the indicators that are counted in it
    _agree: dict = field(default_factory=dict)

    @classmethod
    def of(cls, lexicons: Lexicons) -> "Units":
        """Return what the lexicons know."""
        measures: dict[str, set[str]] = {}
        for entry in lexicons.tables["indicators"]["indicator"]:
            for unit in entry.get("units", ()):
                measures.setdefault(unit, set()).add(entry["id"])
        people = frozenset(lexicons.tables["units"].get("people", ()))
        return cls(lexicons.units, people, {unit: frozenset(ids) for unit, ids in measures.items()})

    def agree(self, one: Entry, other: Entry) -> bool:
        """Return whether two figures are counted in one unit: the same, synonyms, people and a kind of people, one not read.

        Nouns that translate one another seldom read the same (town, city): of two languages, two nouns differ only where the
        tables tell them apart, as two kinds of people, or as measures of which no indicator knows both.
        """
        a, b, abroad = one.figure, other.figure, one.language != other.language
        key = a.kind, a.unit, b.kind, b.unit, abroad
        if key not in self._agree:
            self._agree[key] = a.kind == b.kind and self._decide(a, b, abroad=abroad)
        return self._agree[key]

    def _decide(self, a: Figure, b: Figure, *, abroad: bool) -> bool:
        if a.unit == b.unit or a.kind == "count" and self._nouns_agree(a.unit, b.unit, abroad=abroad):
            return True
        codes = [ANNOTATION.sub("", self.table.get(figure.unit or "", {}).get("ucum", "")) for figure in (a, b)]
        return codes[0] != "" and codes[0] == codes[1]  # tonnes of carbon dioxide and tonnes

    def _nouns_agree(self, one: str | None, other: str | None, *, abroad: bool) -> bool:
        if one is None or other is None or same_unit(one, other):
            return True
        if any(same_unit(a, "person") and b in self.people or same_unit(a, "item") for a, b in ((one, other), (other, one))):
            return True
        if one in self.people or other in self.people:
            return False
        known = self.measures.get(one), self.measures.get(other)
        return abroad and (not all(known) or bool(known[0] & known[1]))

    def in_si(self, figure: Figure) -> tuple[Decimal, Decimal, str] | None:
        """Return the bounds of a physical figure in its SI unit; None where its unit has none."""
        known = self.table.get(figure.unit or "", {})
        if "si" not in known:
            return None
        factor = Decimal(known["factor"])
        return figure.low * factor, figure.high * factor, known["si"]


# ---- numbers -------------------------------------------------------------------------------------------------------


def same_number(one: Figure, other: Figure) -> bool:
    """Return whether two figures print one number."""
    return one.value == other.value and one.value_max == other.value_max


def is_rounded(one: Figure, other: Figure) -> bool:
    """Return whether the figure of fewer digits is the other one rounded: "over 12.8 million" of 12,836,000.

    A plain whole number is no rounding of anything, nor is a hedged figure one of another hedged figure.
    """
    rough, fine = sorted((one, other), key=lambda figure: digits_of(figure, most=99))
    if rough.value_max is not None or fine.value_max is not None or fine.qualifier != "exact" or rough.value * fine.value <= 0:
        return False
    if rough.qualifier == "exact" and rough.low == rough.high or abs(fine.value - rough.value) > OFF * abs(fine.value):
        return False
    step = Decimal(1).scaleb(rough.value.normalize().as_tuple().exponent)
    return (fine.value / step).quantize(Decimal(1), rounding=ROUNDING.get(rough.qualifier, ROUND_HALF_UP)) * step == rough.value


def digits_of(figure: Figure, *, most: int = DIGITS) -> int:
    """Return the digits that a figure counts for, those of both ends of a range: 223000000 -> 3."""
    ends = (figure.value,) if figure.value_max is None else (figure.value, figure.value_max)
    return min(sum(map(significant_digits, ends)), most)


# ---- alignment -----------------------------------------------------------------------------------------------------


def worth(one: Entry, other: Entry, units: Units) -> float:
    """Return what a pair of figures is worth: its digits, and a little for what else is the same; 0 for no pair."""
    a, b = one.figure, other.figure
    if a.kind != b.kind:
        return 0.0
    if same_number(a, b):
        digits = float(digits_of(a))
    elif is_rounded(a, b):
        digits = min(digits_of(a), digits_of(b)) - ROUNDED
    else:
        return 0.0
    if not units.agree(one, other):
        return 0.0
    return digits + CONTEXT * sum(left == right for left, right in zip(one.context, other.context, strict=True))


def align(one: Sequence[Entry], other: Sequence[Entry], units: Units) -> list[tuple[int, int]]:
    """Return the places of the pairs of greatest worth of which no two cross, in order."""
    return in_order([[worth(a, b, units) for b in other] for a in one])


def in_order(worths: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return (row, column) of the cells of greatest sum that run down and to the right; a cell of 0 is never taken."""
    rows, columns = len(worths), len(worths[0]) if worths else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        line, below, row = best[i], best[i + 1], worths[i]
        for j in range(columns - 1, -1, -1):
            most = max(below[j], line[j + 1])
            line[j] = max(most, below[j + 1] + row[j]) if row[j] else most
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if worths[i][j] and best[i][j] == best[i + 1][j + 1] + worths[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def chance(digits: Iterable[int], one: int, other: int) -> float:
    """Return the power of ten of the number of alignments that chance gives: pairs of so many digits, of `one` and `other` figures.

    Examples
    --------
    >>> round(chance([1, 1, 1], 10, 10), 1), round(chance([2, 3, 3, 2, 1, 3, 2, 2], 10, 10), 1)
    (1.2, -14.7)
    """
    digits = list(digits)
    ways = comb(one, len(digits)) * comb(other, len(digits))
    return log10(ways) - sum(digits)
