"""Find the unit that a caption gives to numbers without one: a bracket before them, the label of their row, a heading over rows.

In      the tokens of a document in one language; then the place of a number.
Out     Unit: the caption's unit, with its magnitude as the factor.
Never   reads a number, or gives a unit to a number that a word follows.
Needs   figures, grammar, lexicon, measures, nouns, tokens.  Used by spreads.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from csrbook.figures import ONE
from csrbook.grammar import entry_at
from csrbook.lexicon import Lexicon
from csrbook.measures import Measures, Unit
from csrbook.nouns import MONEY_NOUN, PERSON, Nouns
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SPACE, WORD, Token

__all__ = ["Captions"]

GENERAL = frozenset((PERSON, "item"))  # what the label of a row may tell more of
CODE = 3  # letters of a currency
LABEL = 10  # tokens of a unit with its magnitude
ROW = 64  # tokens of one row of a table, on either side of a number
ROWS = 12  # rows under one heading
YEAR_DIGITS = 4
HEADS = 2  # years of a line of column heads, at least
FILLERS = frozenset(".,:;()[]|-*\u2014\u2026\u2020\u2021")  # what stands between the numbers of a row
POWER, POWER_MARKS = re.compile("1?(?:000)+"), frozenset(",. '")
OPENERS = frozenset(",(:[")  # what a unit stands behind in a caption


class Captions:
    """Finds captions in the tokens of one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, nouns: Nouns, measures: Measures) -> None:
        self.tokens, self.lexicon, self.nouns, self.measures = tokens, lexicon, nouns, measures
        self.vague, self.inside = lexicon.trie("magnitude", forms="vague"), lexicon.words("stop", part="label")

    def unit(self, first: int, last: int) -> Unit | None:
        """Return the unit for the number at tokens [first, last): "Gifts (RMB million) 12.5", "Water, m3  310  290"."""
        if unit := self._bracket(first):
            return unit
        tokens, end = self.tokens, last
        while end < len(tokens) and tokens[end].gap <= SPACE and self._fills(end) and end - last < ROW:
            end += 1
        start = self._start(first)
        stop = first
        while stop > start and self._fills(stop - 1) and not self._closes_power(stop - 1):
            stop -= 1
        if counted := self._number_column(start, first):
            return counted
        goes_on = end < len(tokens) and tokens[end].gap <= SPACE
        if stop == start or goes_on and (stop < first - 1 or tokens[end].kind == WORD and end == last):
            return None  # words follow: this is no row of numbers
        unit = self._ending(start, stop, whole=False)
        if unit and unit.unit in GENERAL and (told := self.nouns.in_label(range(start, stop))):
            unit = replace(unit, unit=told)  # Volunteers, persons
        return unit or self._heading(start)

    def _fills(self, index: int) -> bool:
        """True for what rows of numbers are made of: digits, signs, and the word after a year."""
        token = self.tokens[index]
        if token.kind == DIGITS or token.text in FILLERS:
            return True
        dated = token.kind == WORD and index > 0 and self.tokens[index - 1].kind == DIGITS and len(self.tokens[index - 1].text) == 4
        return dated and entry_at(self.tokens, index, self.lexicon, "ordinal", place="after") is not None

    def _closes_power(self, close: int) -> bool:
        """True for the bracket of "Staff (1,000)", which is no cell of its row."""
        first = range(close - 1, max(-1, close - LABEL), -1) if self.tokens[close].text == ")" else ()
        start = next((i for i in first if self.tokens[i].text == "("), None)
        power = None if start is None else self._power(start + 1)
        return power is not None and power[1] == close

    def _start(self, at: int) -> int:
        """Where the line of token `at` begins."""
        first = at
        while first > 0 and self.tokens[first].gap < LINE and at - first < ROW:
            first -= 1
        return first

    def _bracket(self, first: int) -> Unit | None:
        """What the bracket right before a number holds, where it is magnitude and unit and nothing else."""
        tokens, close = self.tokens, first - 1
        close -= close > 0 and tokens[close].text == ":" and tokens[close].gap == JOINED
        if close < 1 or tokens[close].text != ")" or tokens[first].gap > SPACE:
            return None
        start = next((i for i in range(close - 1, max(-1, close - LABEL), -1) if tokens[i].text == "("), None)
        unit = self._counting(self._label(start + 1), start + 1) if start is not None else None
        return unit if unit and unit.end == close else None

    def _number_column(self, start: int, stop: int) -> Unit | None:
        """What a row counts whose own column says "No.", whatever the heading above: Staff   No.   1,160."""
        trie = self.lexicon.trie("ordinal", place="before")
        for index in range(start + 1, stop):
            found = trie.longest(self.tokens, index) if self._is_wide(index) else None
            if found and (found[1] >= len(self.tokens) or self._is_wide(found[1])):
                noun = self.nouns.before(index)
                return Unit(noun.unit, index) if noun and noun.unit != MONEY_NOUN else None
        return None

    def _heading(self, start: int) -> Unit | None:
        """What a heading above ends with (years may follow), where every line from there on ends with a number."""
        tokens, above = self.tokens, start
        for _ in range(ROWS):
            if above == 0 or tokens[above].gap < LINE:
                return None
            stop, above = above, self._start(above - 1)
            numbered, end = tokens[stop - 1].kind == DIGITS, stop
            while stop > above and self._fills(stop - 1):
                stop -= 1
            if any(token.kind == DIGITS and len(token.text) != YEAR_DIGITS for token in tokens[stop:end]):
                continue  # a row of its own, whose unit is not that of the rows below
            if stop > above and (unit := self._ending(above, stop, whole=True)):
                return unit
            years = sum(token.kind == DIGITS and len(token.text) == YEAR_DIGITS for token in tokens[above:end])
            if not numbered and (years < HEADS or any(tokens[i].gap == BLANK for i in range(end, start + 1))):
                return None
        return None

    def _ending(self, start: int, stop: int, *, whole: bool) -> Unit | None:
        """Magnitude and unit that end the caption [start, stop), behind a comma, bracket or wide gap, or are all of it."""
        tokens = self.tokens
        for at in range(stop - 1, max(start, stop - LABEL) - 1, -1):
            opened = self._opens(at, heading=whole) if at > start else whole
            inside = tokens[at].gap == JOINED and at > 1 and tokens[at - 2].kind == DIGITS
            if not opened or tokens[at].kind == DIGITS and (inside or not self._power(at)):
                continue
            unit = self._counting(self._label(at, noun=at > start), at)
            end = unit.end
            if end + 1 < len(tokens) and tokens[end].text == "/" and tokens[end + 1].kind == WORD:
                end += 2  # kg/t
            if tokens[at - 1].text in self.inside and at > start and unit.factor == 1 and not self.measures.money(at):
                continue  # in Year 1
            closed = end == stop - 1 and tokens[end].text == ")"
            if unit.unit and (closed or end in (stop, stop + 1)):  # a full stop that ends an abbreviation is part of it
                return unit
        return None

    def _opens(self, at: int, *, heading: bool) -> bool:
        """True where a unit may begin: after a comma or bracket; in a row also where a column does."""
        before = self.tokens[at - 1].text
        return before in OPENERS or before in self.inside or not heading and (before == "|" or self._is_wide(at))

    def _is_wide(self, at: int) -> bool:
        """True where a column begins: two spaces or a tab before token `at`; one space where words are not parted by any."""
        gap = self.measures.printed[self.tokens[at - 1].end : self.tokens[at].start]
        return len(gap) > self.lexicon.traits["word_spacing"] or gap == "\t"

    def is_label(self, first: int, last: int) -> bool:
        """True for the power of ten of a label, "(1,000 t)", "in 1000 t: 34.5", "(in millions of euros)", which counts nothing itself."""
        tokens, money, opens = self.tokens, self.measures.money(first), first
        worth = self._power(money.end if money else first)
        opener = tokens[first - 1].text if first else ""
        if worth is None and not (opener in self.inside and self.vague.longest(tokens, first)):
            return False
        while opens and tokens[opens - 1].text in self.inside:
            opens -= 1
        bracketed, index = opens > 0 and tokens[opens - 1].text == "(", self._label(first).end
        if index < last or not (bracketed or opens < first or tokens[first].gap >= LINE or tokens[first - 1].text == ":"):
            return False
        index += index < len(tokens) and tokens[index].text == "." and tokens[index].gap == JOINED
        closed = index < len(tokens) and tokens[index].text == ")"
        if bracketed and not closed:
            return False
        index += closed
        colon = index < len(tokens) and tokens[index].text == ":"
        index += colon
        return self._is_row(index, bracketed=bracketed, colon=colon)

    def _is_row(self, at: int, *, bracketed: bool, colon: bool) -> bool:
        """True where a number stands at token `at`, with no noun of its own after a colon, or where the next line ends with one."""
        tokens = self.tokens
        if at >= len(tokens):
            return False
        if tokens[at].gap <= SPACE:
            last = at
            while last < len(tokens) and tokens[last].gap <= SPACE and self._fills(last):
                last += 1
            alone = last >= len(tokens) or tokens[last].gap > SPACE
            return tokens[at].kind == DIGITS and (bracketed or colon and alone)
        end = at + 1
        while end < len(tokens) and tokens[end].gap < LINE and end - at < ROW:
            end += 1
        return tokens[at].gap == LINE and tokens[end - 1].kind == DIGITS

    def _power(self, at: int) -> tuple[Decimal, int] | None:
        """(1000, index after it) for a power of ten in digits at token `at`: 1,000, 1000000, or the '000 of $'000 and 000s."""
        tokens = self.tokens
        at += at + 1 < len(tokens) and tokens[at].text == "'" and tokens[at + 1].gap == JOINED
        if at >= len(tokens) or tokens[at].kind != DIGITS:
            return None
        digits, end = tokens[at].text, at + 1
        while end + 1 < len(tokens) and tokens[end].text in POWER_MARKS and tokens[end].gap == tokens[end + 1].gap == JOINED:
            if tokens[end + 1].kind != DIGITS:
                break
            digits, end = digits + tokens[end + 1].text, end + 2
        if not POWER.fullmatch(digits):
            return None
        plural = end < len(tokens) and tokens[end].text in self.lexicon.traits["plural_endings"] and tokens[end].gap == JOINED
        return Decimal(10) ** digits.count("0"), end + plural

    def _label(self, at: int, *, noun: bool = True) -> Unit:
        """Magnitude and unit, or a known noun, that a label begins with at token `at`."""
        tokens = self.tokens
        at += at + 1 < len(tokens) and tokens[at].text in self.inside
        if tokens[at].kind == WORD and len(tokens[at].text) > CODE and (grown := self._grown(at)):
            return self._scaled(*grown)
        money = self.measures.money(at)
        index = money.end if money else at
        index += bool(money) and index + 1 < len(tokens) and tokens[index].text in self.inside
        if power := self._power(index):
            return self._scaled(self.measures.unit(power[1], money), power[0])
        vague = self.vague.longest(tokens, index)
        if vague and vague[1] < len(tokens) and (money or tokens[vague[1]].text in self.lexicon.traits["of"]):
            of = tokens[vague[1]].text in self.lexicon.traits["of"]
            return self._scaled(self.measures.unit(vague[1] + of, money), vague[0].number)
        factor, index = self._multipliers(index)
        magnitude = entry_at(self.tokens, index, self.lexicon, "magnitude")
        if magnitude and not money and magnitude[0].get("needs") and not self.measures.has_unit(magnitude[1]):
            magnitude = None  # "(m)" and "(t)" are units, "($m)" is not
        if magnitude and (printed := self.measures.unit_at(index)) and printed.end > magnitude[1]:
            magnitude = None  # 兆瓦 is a megawatt
        index = magnitude[1] if magnitude else index
        unit = self.measures.unit(index, money)
        if noun and not unit.unit and (column := self.nouns.column(at, index)):
            return replace(unit, unit=column.unit, end=column.end, factor=factor * (magnitude[0].number if magnitude else 1))
        found = self.nouns.after(index) if noun and not unit.unit else None
        if found and found.rule == "counted noun" and found.unit != MONEY_NOUN:
            unit = replace(unit, unit=found.unit, end=found.end)
        return replace(unit, factor=unit.factor * factor * (magnitude[0].number if magnitude else 1))

    def _counting(self, unit: Unit, at: int) -> Unit:
        """A magnitude alone in a bracket takes what the caption counts: Customers (million), Staff (1,000)."""
        alone = unit.unit is None and unit.factor != 1 and at > 1 and self.tokens[at - 1].text == "("
        closed = unit.end < len(self.tokens) and self.tokens[unit.end].text == ")"
        noun = self.nouns.before(at - 1) if alone and closed else None
        return replace(unit, unit=noun.unit) if noun and noun.unit != MONEY_NOUN else unit

    def _grown(self, at: int) -> tuple[Unit, Decimal] | None:
        """A currency and a magnitude in one word: EURm, USDbn."""
        text, before, scale = self.tokens[at].text, self.lexicon.trie("unit", place="before"), self.lexicon.trie("magnitude")
        for cut in range(1, len(text) - 1):
            money, magnitude = before.root.get(text[:-cut], {}).get(""), scale.root.get(text[-cut:], {}).get("")
            if money and magnitude and not (money[0].get("also") or money[0].get("needs") or money[0].get("cased")):
                return Unit(money[0].unit, at + 1), magnitude[0].number
        return None

    def _scaled(self, unit: Unit, factor: Decimal) -> Unit:
        return replace(unit, factor=unit.factor * factor)

    def _multipliers(self, at: int) -> tuple[Decimal, int]:
        """The hundred or thousand that stands before a magnitude or unit where words are not parted: 百万元, 千元."""
        found = None if self.lexicon.traits["word_spacing"] else entry_at(self.tokens, at, self.lexicon, "numeral")
        if not found or not found[0].get("multiplies") or self.measures.has_unit(at):
            return ONE, at
        return found[0].number, found[1]
