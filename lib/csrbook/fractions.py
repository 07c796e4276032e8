"""Read what is told as a part: half a million, three quarters, 1/3 of the staff, 三分之一.

In      the tokens of a document, its Numerals and Measures; then the index at which a part may begin.
Out     Quantity: a percentage, or a share of a unit; Reading where it is a share of a magnitude, still to be measured.
Never   adds a noun or a qualifier (quantities does).
Needs   figures, grammar, lexicon, measures, numerals, tokens.  Used by quantities.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from csrbook.figures import ONE, Reading
from csrbook.grammar import entry_at
from csrbook.lexicon import Lexicon, Lexicons
from csrbook.measures import PERCENT, Measures, Quantity
from csrbook.numerals import Numerals
from csrbook.tokens import DIGITS, HAN, JOINED, LINE, Token

__all__ = ["Fractions", "plain"]

SLASHED = 10  # largest whole of a fraction with a slash; a larger one is a date, a page or a code
WHOLE = 100  # percent
HALF, ONE_AND_HALF = Decimal("0.5"), Decimal("1.5")


def plain(first: int, last: int, value: Decimal, unit: str | None, rule: str) -> Quantity:
    """Return the quantity of tokens [first, last) that nothing is to be added to."""
    return Quantity(first, last, value, None, unit, None, ONE, False, rule)


class Fractions:
    """Reads the parts told in one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons, numerals: Numerals, measures: Measures) -> None:
        self.tokens, self.lexicon, self.lexicons, self.traits = tokens, lexicon, lexicons, lexicon.traits
        self.numerals, self.measures = numerals, measures
        self.named = lexicon.trie("fraction", place="itself")

    def read(self, at: int) -> Quantity | Reading | None:
        """Return the part that begins at token `at`, or None."""
        return self._slashed(at) if self.tokens[at].kind == DIGITS else self._named(at)

    def _named(self, at: int) -> Quantity | Reading | None:
        """Half a million, half a day, three quarters; a bare fraction is a percentage."""
        tokens, times = self.tokens, ONE
        found = self.named.longest(tokens, at)
        if not found:
            after = self.lexicon.trie("fraction", place="number")
            reading = self.numerals.number(at) if after.root else None
            if not reading or not reading.words or reading.scaled or not (found := after.longest(tokens, reading.end)):
                return None
            times = reading.value
        percent, end = Decimal(found[0].percent) * times, found[1]
        if percent > WHOLE or tokens[at].text in self.traits["article"] and self._is_ordinal(end):
            return None  # forty second, a fourth boat
        inner = end
        while inner < len(tokens) and tokens[inner].text in self.traits["of"] + self.traits["article"]:
            inner += 1
        if magnitude := entry_at(tokens, inner, self.lexicon, "magnitude"):
            value = percent / 100 * magnitude[0].number
            return Reading(value, at, magnitude[1], value, "fraction of a magnitude", words=True, scaled=True)
        unit = self.measures.unit_at(inner)
        if unit and self.lexicons.kind(unit.unit) in ("duration", "physical", "money"):
            return self.halved(plain(at, unit.end, percent / 100 * unit.factor, unit.unit, "fraction of a unit"))
        return plain(at, end, percent, PERCENT, "fraction")

    def _is_ordinal(self, at: int) -> bool:
        """True where a noun in the singular follows: a third hospital."""
        nouns, tokens = self.measures.nouns, self.tokens
        if at >= len(tokens) or tokens[at].gap > LINE or tokens[at].text in nouns.stops or self.measures.has_unit(at):
            return False
        plain = entry_at(tokens, at, self.lexicon, "noun")
        return plain is not None and plain[1] == nouns.known_end(at) and tokens[plain[1] - 1].text not in nouns.plurals

    def _slashed(self, at: int) -> Quantity | None:
        """1/3 of the staff."""
        if at + 3 >= len(self.tokens):
            return None
        part, mark, whole, of = self.tokens[at : at + 4]
        grown = of.gap == JOINED and entry_at(self.tokens, at + 3, self.lexicon, "ordinal", place="after")
        of = self.tokens[grown[1]] if grown and grown[1] < len(self.tokens) else of  # 1/4th of the staff
        if mark.text != "/" or whole.kind != DIGITS or of.text not in self.traits["of"]:
            return None
        if mark.gap != JOINED or whole.gap != JOINED or len(whole.text) > 2 or not 0 < int(part.text) < int(whole.text):
            return None
        return plain(at, grown[1] if grown else at + 3, Decimal(int(part.text)) / int(whole.text) * 100, PERCENT, "fraction")

    def parts_of(self, reading: Reading, index: int) -> Quantity | None:
        """三分之一 and 百分之五: a number, the mark of parts, a number of parts."""
        mark = self.traits["parts_of"]
        if mark and reading.rule == "digits" and (slashed := self._after_word(reading, index)):
            return slashed
        if not mark or index >= len(self.tokens) or self.tokens[index].text != mark[0] or not reading.value:
            return None
        if "".join(token.text for token in self.tokens[index : index + len(mark)]) != mark:
            return None
        parts = self.numerals.number(index + len(mark))
        return parts and plain(reading.start, parts.end, parts.value / reading.value * 100, PERCENT, "parts of")

    def _after_word(self, reading: Reading, index: int) -> Quantity | None:
        """降低了1/3: small parts with a slash between, after a word."""
        tokens, at = self.tokens, reading.start
        if index + 1 >= len(tokens) or tokens[index].text != "/" or tokens[index + 1].gap != JOINED or not at or tokens[at - 1].kind != HAN:
            return None
        whole = self.numerals.number(index + 1)
        fits = whole and whole.rule == "digits" and 0 < reading.value < whole.value <= SLASHED
        ends = fits and (whole.end >= len(tokens) or tokens[whole.end].text != "/") and not self.measures.has_unit(whole.end)
        return plain(at, whole.end, reading.value / whole.value * 100, PERCENT, "parts of") if ends else None

    def halved(self, quantity: Quantity) -> Quantity:
        """Half a day is 12 hours, half a year 6 months."""
        smaller = self.lexicons.units.get(quantity.unit, {}).get("half")
        fits = smaller and quantity.value == HALF and not quantity.scaled and quantity.step == 1
        if smaller and quantity.value == ONE_AND_HALF and quantity.rule == "words" and quantity.last == quantity.first + 2:
            return replace(quantity, value=3 * Decimal(smaller[0]), unit=smaller[1])  # poltora chasa
        return replace(quantity, value=Decimal(smaller[0]), unit=smaller[1]) if fits else quantity
