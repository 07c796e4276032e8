"""Let numbers share a unit: ranges, lists, a half after the unit, a label in brackets before the number.

In      a Quantity under way, in the tokens of its document.
Out     the Quantity with what its neighbours lend it, or None.
Never   reads digits or words itself (numerals does), or finds a unit (measures does).
Needs   figures, grammar, lexicon, measures, nouns, numerals, tokens.  Used by quantities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from csrbook.figures import ONE, Reading
from csrbook.grammar import entry_at
from csrbook.lexicon import Lexicon
from csrbook.measures import Measures, Unit
from csrbook.nouns import MONEY_NOUN, Nouns
from csrbook.numerals import Numerals
from csrbook.tokens import DIGITS, LINE, SPACE, Token

__all__ = ["Quantity", "Spreads"]

LIST_ITEMS = 6  # numbers of one list that share a unit
LABEL = 8  # tokens of a label in brackets before a number


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity under way, in token indices."""

    first: int
    last: int
    value: Decimal
    value_max: Decimal | None
    unit: str | None
    qualifier: str | None
    step: Decimal
    scaled: bool
    rule: str
    note: str | None = None


class Spreads:
    """Looks at the neighbours of the quantities of one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, numerals: Numerals, nouns: Nouns, measures: Measures) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.numerals, self.nouns, self.measures = numerals, nouns, measures

    def range(self, quantity: Quantity) -> Quantity | None:
        """5% - 7%, 50-100 bn, 3至5年: the second number gives its magnitude and unit to the first where that has none."""
        tokens = self.tokens
        mark = entry_at(tokens, quantity.last, self.lexicon, "range", place="between")
        if not mark or mark[1] >= len(tokens) or tokens[mark[1]].gap > LINE or quantity.value_max is not None:
            return None
        if (needs := mark[0].get("needs")) and not (quantity.first and tokens[quantity.first - 1].text == needs):
            return None
        money = entry_at(tokens, mark[1], self.lexicon, "unit", place="before")
        reading = self.numerals.number(money[1] if money else mark[1])
        if not reading:
            return None
        unit = self.measures.unit(reading.end, money[0] if money else None)
        low, high = quantity.value, reading.value * unit.factor
        if reading.scaled and not quantity.scaled and (shared := self._shared(reading)) and low < high / shared:
            low *= shared
        if unit.factor != 1 and quantity.unit is None:
            low *= unit.factor
        if quantity.unit and unit.unit and quantity.unit != unit.unit or low >= high:
            return None
        whole = replace(quantity, last=unit.end, value=low, value_max=high, unit=unit.unit or quantity.unit)
        return replace(whole, step=reading.step, rule="range", scaled=reading.scaled)

    def _shared(self, reading: Reading) -> Decimal:
        """The magnitude of a number, to be shared with one that has none (5 to 7 million)."""
        if self.tokens[reading.start].kind == DIGITS:
            figure = self.numerals.figures.read(reading.start)
            return reading.value / figure.value if figure and figure.value else ONE
        magnitude = self.lexicon.trie("magnitude", backward=True).longest(self.tokens, reading.end - 1)
        return magnitude[0].number if magnitude else ONE

    def plus(self, quantity: Quantity, unit: Unit) -> Quantity | None:
        """一年半, a year and a half: the half stands after the unit."""
        half = entry_at(self.tokens, quantity.last, self.lexicon, "plus", place="unit") if unit.unit else None
        if not half or self.tokens[quantity.last].gap > SPACE:
            return None
        added = half[0].number * unit.factor
        return replace(quantity, last=half[1], value=quantity.value + added, step=added)

    def labelled(self, quantity: Quantity) -> Quantity:
        """Take magnitude and unit from a label in brackets before the number: "Donations (RMB million) 12.5"."""
        tokens, close = self.tokens, quantity.first - 1
        if quantity.unit or quantity.scaled or close < 1 or tokens[close].text != ")" or tokens[quantity.first].gap > SPACE:
            return quantity
        start = next((i for i in range(close - 1, max(-1, close - LABEL), -1) if tokens[i].text == "("), None)
        if start is None:
            return quantity
        money = entry_at(tokens, start + 1, self.lexicon, "unit", place="before")
        index = money[1] if money else start + 1
        magnitude = entry_at(tokens, index, self.lexicon, "magnitude")
        unit = self.measures.unit(magnitude[1] if magnitude else index, money[0] if money else None)
        if unit.end != close:
            return quantity
        factor = unit.factor * (magnitude[0].number if magnitude else 1)
        told = replace(quantity, value=quantity.value * factor, unit=unit.unit, step=quantity.step * factor)
        return replace(told, scaled=bool(magnitude), rule=f"{quantity.rule}, unit from a label")

    def listed(self, quantity: Quantity) -> Quantity | None:
        """Take unit or noun from the end of a list: "21.2 and 21.6 %", "5, 6 and 7 schools"."""
        tokens, at = self.tokens, quantity.last
        for _ in range(LIST_ITEMS):
            if at + 1 >= len(tokens) or tokens[at].text not in self.traits["list_marks"] or tokens[at].gap > LINE:
                return None
            final = tokens[at].text not in ",;"
            at += 1
            if not final and tokens[at].text in self.traits["and"]:
                final, at = True, at + 1
            reading = self.numerals.number(at)
            if not reading or reading.words != (quantity.rule == "words"):
                return None
            unit, at = self.measures.unit(reading.end, None), reading.end
            noun = self.nouns.after(at) if final and not unit.unit else None
            if final and (unit.unit or (noun and noun.rule != "unknown noun" and noun.unit != MONEY_NOUN)):
                break
        else:
            return None
        factor = unit.factor
        if reading.scaled and not quantity.scaled and quantity.value < reading.value:
            factor *= self._shared(reading)
        told = replace(quantity, value=quantity.value * factor, step=quantity.step * factor, unit=unit.unit or noun.unit)
        return replace(told, scaled=quantity.scaled or reading.scaled, rule=f"{quantity.rule}, unit shared in a list")
