"""Find the unit that a caption gives to numbers without one: a bracket before them, the label of their row, a heading over rows.

In      the tokens of a document in one language; then the place of a number.
Out     Unit: the caption's unit, with its magnitude as the factor.
Never   reads a number, or gives a unit to a number that a word follows.
Needs   grammar, lexicon, measures, nouns, tokens.  Used by spreads.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from csrbook.figures import ONE
from csrbook.grammar import entry_at
from csrbook.lexicon import Lexicon
from csrbook.measures import Measures, Unit
from csrbook.nouns import MONEY_NOUN, Nouns
from csrbook.tokens import DIGITS, LINE, SPACE, WORD, Token

__all__ = ["Captions"]

LABEL = 8  # tokens of a unit with its magnitude
ROW = 64  # tokens of one row of a table, on either side of a number
ROWS = 12  # rows under one heading
FILLERS = frozenset(".,:;()|-\u2014\u2026")  # what stands between the numbers of a row
OPENERS = frozenset(",(:")  # what a unit stands behind in a caption


class Captions:
    """Finds captions in the tokens of one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, nouns: Nouns, measures: Measures) -> None:
        self.tokens, self.lexicon, self.nouns, self.measures = tokens, lexicon, nouns, measures

    def unit(self, first: int, last: int) -> Unit | None:
        """Return the unit for the number at tokens [first, last): "Gifts (RMB million) 12.5", "Water, m3  310  290"."""
        if unit := self._bracket(first):
            return unit
        tokens, end = self.tokens, last
        while end < len(tokens) and tokens[end].gap <= SPACE and self._fills(end) and end - last < ROW:
            end += 1
        start = self._start(first)
        stop = first
        while stop > start and self._fills(stop - 1):
            stop -= 1
        if stop == start or end < len(tokens) and tokens[end].gap <= SPACE and (stop < first - 1 or tokens[end].kind == WORD and end == last):
            return None  # words follow: this is no row of numbers
        return self._ending(start, stop, whole=False) or self._heading(start)

    def _fills(self, index: int) -> bool:
        """True for what rows of numbers are made of: digits, signs, and the word after a year."""
        token = self.tokens[index]
        if token.kind == DIGITS or token.text in FILLERS:
            return True
        dated = token.kind == WORD and index > 0 and self.tokens[index - 1].kind == DIGITS and len(self.tokens[index - 1].text) == 4
        return dated and entry_at(self.tokens, index, self.lexicon, "ordinal", place="after") is not None

    def _start(self, at: int) -> int:
        """Where the line of token `at` begins."""
        first = at
        while first > 0 and self.tokens[first].gap < LINE and at - first < ROW:
            first -= 1
        return first

    def _bracket(self, first: int) -> Unit | None:
        """What the bracket right before a number holds, where it is magnitude and unit and nothing else."""
        tokens, close = self.tokens, first - 1
        if close < 1 or tokens[close].text != ")" or tokens[first].gap > SPACE:
            return None
        start = next((i for i in range(close - 1, max(-1, close - LABEL), -1) if tokens[i].text == "("), None)
        unit = self._label(start + 1) if start is not None else None
        return unit if unit and unit.end == close else None

    def _heading(self, start: int) -> Unit | None:
        """What a heading above ends with (years may follow), where every line from there on ends with a number."""
        tokens, above = self.tokens, start
        for _ in range(ROWS):
            if above == 0 or tokens[above].gap < LINE:
                return None
            stop, above = above, self._start(above - 1)
            numbered = tokens[stop - 1].kind == DIGITS
            while stop > above and self._fills(stop - 1):
                stop -= 1
            if stop > above and (unit := self._ending(above, stop, whole=True)):
                return unit
            if not numbered:
                return None
        return None

    def _ending(self, start: int, stop: int, *, whole: bool) -> Unit | None:
        """Magnitude and unit that end the caption [start, stop), behind a comma, bracket or wide gap, or are all of it."""
        tokens = self.tokens
        for at in range(stop - 1, max(start, stop - LABEL) - 1, -1):
            opened = self._opens(at, heading=whole) if at > start else whole
            if not opened or tokens[at].kind == DIGITS:
                continue
            unit = self._label(at, noun=at > start)
            end = unit.end
            if end + 1 < len(tokens) and tokens[end].text == "/" and tokens[end + 1].kind == WORD:
                end += 2  # kg/t
            if unit.unit and end in (stop, stop + 1):  # a full stop that ends an abbreviation is part of it
                return unit
        return None

    def _opens(self, at: int, *, heading: bool) -> bool:
        """True where a unit may begin: after a comma or bracket; in a row also where a column does."""
        before = self.tokens[at - 1].text
        return before in OPENERS or not heading and (before == "|" or self._is_wide(at))

    def _is_wide(self, at: int) -> bool:
        """True where a column begins: two spaces or a tab before token `at`; one space where words are not parted by any."""
        gap = self.measures.printed[self.tokens[at - 1].end : self.tokens[at].start]
        return len(gap) > self.lexicon.traits["word_spacing"] or gap == "\t"

    def _label(self, at: int, *, noun: bool = True) -> Unit:
        """Magnitude and unit, or a known noun, that a label begins with at token `at`."""
        money = self.measures.money(at)
        index = money.end if money else at
        factor, index = self._multipliers(index)
        magnitude = entry_at(self.tokens, index, self.lexicon, "magnitude")
        if magnitude and not money and magnitude[0].get("needs") and not self.measures.has_unit(magnitude[1]):
            magnitude = None  # "(m)" and "(t)" are units, "($m)" is not
        index = magnitude[1] if magnitude else index
        unit = self.measures.unit(index, money)
        if noun and not unit.unit and (column := self.nouns.column(at, index)):
            return replace(unit, unit=column.unit, end=column.end, factor=factor * (magnitude[0].number if magnitude else 1))
        found = self.nouns.after(index) if noun and not unit.unit else None
        if found and found.rule == "counted noun" and found.unit != MONEY_NOUN:
            unit = replace(unit, unit=found.unit, end=found.end)
        return replace(unit, factor=unit.factor * factor * (magnitude[0].number if magnitude else 1))

    def _multipliers(self, at: int) -> tuple[Decimal, int]:
        """The hundred or thousand that stands before a magnitude or unit where words are not parted: 百万元, 千元."""
        found = None if self.lexicon.traits["word_spacing"] else entry_at(self.tokens, at, self.lexicon, "numeral")
        if not found or not found[0].get("multiplies") or self.measures.has_unit(at):
            return ONE, at
        return found[0].number, found[1]
