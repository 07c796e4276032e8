"""Let numbers share a unit: ranges, lists, a half after the unit, a label in brackets before the number.

In      a Quantity under way, in the tokens of its document.
Out     the Quantity with what its neighbours lend it, or None.
Never   reads digits or words itself (numerals does), or finds a unit (measures does).
Needs   captions, figures, grammar, lexicon, measures, nouns, numerals, tokens.  Used by quantities.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import takewhile

from csrbook.captions import Captions
from csrbook.figures import ONE, Reading
from csrbook.grammar import ends_sentence, entry_at, qualifier_before
from csrbook.lexicon import Lexicon
from csrbook.measures import PERCENT, Measures, Quantity, Unit
from csrbook.nouns import MONEY_NOUN, UNKNOWN, Nouns
from csrbook.numerals import Numerals
from csrbook.tokens import BLANK, DIGITS, LINE, SPACE, WORD, Token

__all__ = ["Spreads"]

LIST_ITEMS = 6  # numbers of one list that share a unit
CHANGE = 12  # tokens between the two numbers of a change
SPREAD, SPREAD_PERCENT = 2, 5  # how many times the first the second end of "by 10 to 20" is, at most
SHARES = frozenset({2, 3, 4, 5, 6, 8, 10, 20, 100, 1000})  # one in four; 5 in 12 towns is a count
CALENDAR, RECENT = frozenset(("year", "month", "week")), 10  # the last three years (近三年), but nearly a hundred years


class Spreads:
    """Looks at the neighbours of the quantities of one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, numerals: Numerals, nouns: Nouns, measures: Measures) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.numerals, self.nouns, self.measures = numerals, nouns, measures
        self.captions = Captions(tokens, lexicon, nouns, measures)

    def range(self, quantity: Quantity) -> Quantity | None:
        """5% - 7%, 50-100 bn, 3至5年: the second number gives its magnitude and unit to the first where that has none."""
        tokens = self.tokens
        mark = entry_at(tokens, quantity.last, self.lexicon, "range", place="between")
        if not mark or mark[1] >= len(tokens) or tokens[mark[1]].gap > LINE or quantity.value_max is not None:
            return None
        if (needs := mark[0].get("needs")) and not (quantity.first and tokens[quantity.first - 1].text == needs):
            return None
        reading, unit = self._second(mark[1])
        if not reading or self._has_changed(quantity.first):
            return None
        if quantity.unit == unit.unit == PERCENT and quantity.note != unit.note:
            return None  # by 7 percentage points to 83%
        low, high = quantity.value, reading.value * unit.worth(reading.value)
        if not quantity.scaled and low < reading.value / (shared := self._shared(reading)):
            low *= shared
        if unit.factor != 1 and quantity.unit is None:
            low *= unit.worth(low)
        if quantity.unit and unit.unit and quantity.unit != unit.unit or low >= high or self._is_step(quantity, unit, low, high):
            return None
        whole = replace(quantity, last=unit.end, value=low, value_max=high, unit=unit.unit or quantity.unit)
        return replace(whole, step=reading.step, rule="range", scaled=reading.scaled)

    def inverted(self, reading: Reading, first: int) -> Quantity | None:
        """The unit or noun before a number word where the order itself means about: litrov dvesti, some two hundred litres."""
        at = reading.start
        if not reading.words or reading.value < 2 or first != at or self.measures.has_unit(reading.end):
            return None
        if not self.nouns.is_inverted(at, Decimal(0) if reading.scaled else reading.value):
            return None
        unit = self.measures.unit_at(at - 1)
        if unit and unit.unit and unit.end == at:
            value, step, told = reading.value * unit.factor, reading.step * unit.factor, unit.unit
        elif (noun := self.nouns.right_before(at)) and not self.nouns.after(reading.end, reading.value):
            value, step, told = reading.value, reading.step, noun.unit
        else:
            return None
        return Quantity(at - 1, reading.end, value, None, told, "about", step, reading.scaled, "inverted order")

    def change(self, quantity: Quantity) -> Quantity | None:
        """From 612 to 745 million: two numbers of which the first leaves out what the second says, and no range."""
        tokens, at = self.tokens, quantity.last
        mark = entry_at(tokens, at, self.lexicon, "range", place="change")
        if not mark or quantity.value_max is not None or not quantity.first or tokens[quantity.first - 1].text != mark[0].needs:
            return None
        reading, unit = self._second(mark[1])
        if not reading:
            return None
        noun = None if unit.unit else self.nouns.after(reading.end)
        if quantity.unit or not quantity.value or not (unit.unit or noun):
            return None
        return self._lent(quantity, reading, unit, unit.unit or noun.unit, "unit of what it changed to")

    def _second(self, at: int) -> tuple[Reading | None, Unit | None]:
        """The number at token `at`, which a currency may open, and its unit."""
        money = self.measures.money(at)
        reading = self.numerals.number(money.end if money else at)
        return (reading, self.measures.unit(reading.end, money)) if reading else (None, None)

    def _lent(self, quantity: Quantity, reading: Reading, unit: Unit, code: str, rule: str) -> Quantity:
        """A number with the unit, and the magnitude where it has none, of the number that is read after it."""
        lends = reading.scaled and not quantity.scaled and quantity.value < reading.value
        told = quantity.times(unit.factor * (self._shared(reading) if lends else 1), code)
        return replace(told, scaled=quantity.scaled or reading.scaled, rule=f"{quantity.rule}, {rule}")

    def _is_step(self, quantity: Quantity, unit: Unit, low: Decimal, high: Decimal) -> bool:
        """True after "rose by": a change and the level that it led to, 12 to 345 schools; two numbers of one size are a range."""
        if self.tokens[quantity.last].kind != WORD:
            return False
        if quantity.unit and not unit.unit and (noun := self.nouns.after(unit.end)) and noun.rule != UNKNOWN:
            return True  # fell 3% to 45 accidents
        hedge = qualifier_before(self.tokens, quantity.first, self.lexicon, bridged=False)
        at = (hedge[1] if hedge else quantity.first) - 1
        shared = quantity.unit is None and unit.unit == PERCENT  # by 1 to 20 percent
        wide = not shared and high > low * (SPREAD_PERCENT if quantity.unit == PERCENT else SPREAD)
        return wide and at > 0 and self.nouns.is_step(at)

    def _has_changed(self, first: int) -> bool:
        """True after "grew from": the two numbers are a value before and one after."""
        opens = first and self.lexicon.trie("qualifier", place="before").root.get(self.tokens[first - 1].text, {}).get("")
        return bool(opens and opens[0].get("opens")) and self._follows_change(first - 1)

    def _follows_change(self, first: int) -> bool:
        """True where a word of change stands before token `first` in its sentence."""
        tokens, words = self.tokens, self.lexicon.words("stop", part="change")
        before = range(first - 1, max(-1, first + 1 - CHANGE), -1)
        inside = takewhile(lambda index: not ends_sentence(tokens, index, self.lexicon), before)
        return any(tokens[i].text in words for i in inside)

    def share(self, quantity: Quantity) -> Quantity | None:
        """Nine in ten, 1 in 4: a share, where the second number is one that shares are told with."""
        mark = entry_at(self.tokens, quantity.last, self.lexicon, "range", place="share")
        parts = self.numerals.number(mark[1]) if mark and not quantity.unit and not quantity.scaled and quantity.step == 1 else None
        if not parts or parts.value not in SHARES or not 0 < quantity.value < parts.value or parts.words != (quantity.rule == "words"):
            return None
        noun = self.nouns.after(parts.end, parts.value) if mark[0].get("needs") == "people" and quantity.value != 1 else None
        if noun and noun.unit not in self.nouns.people:
            return None  # 8 of 10 projects are a count
        percent = quantity.value / parts.value * 100
        return replace(quantity, last=parts.end, value=percent, unit=PERCENT, step=ONE, scaled=False, rule="share")

    def part_of(self, whole: Quantity) -> Quantity | None:
        """每十人中有七人: the whole, what was counted, a mark, then the part of it; without a word for "each" only in words."""
        mark = entry_at(self.tokens, whole.last, self.lexicon, "range", place="parts")
        told = mark and (whole.rule.startswith(("words", "magnitude")) or self.tokens[whole.first - 1].text == mark[0].needs)
        part = self.numerals.number(mark[1]) if told and whole.value in SHARES and not whole.scaled else None
        if not part or not 0 < part.value < whole.value or part.scaled:
            return None
        measure = self.nouns.measure_at(part.end)
        last = measure[1] if measure else part.end
        return replace(whole, last=last, value=part.value / whole.value * 100, unit=PERCENT, step=ONE, rule="share")

    def reaches(self, at: int) -> bool:
        """True where the "to" at token `at` follows a word of change: raised to 5 million is exact, unlike up to 5 million."""
        return self.nouns.follows_word(at, "level")

    def spans(self, at: int, quantity: Quantity) -> bool:
        """True where the "over" at token `at` says how long, or across what: paid over 3 years, spread over 12 towns."""
        tokens, first = self.tokens, quantity.first
        before = tokens[at - 1] if at and tokens[at].gap < BLANK else None
        if not self.traits["word_spacing"]:
            return quantity.unit in CALENDAR and quantity.value <= RECENT
        if tokens[first - 1].text in self.traits["article"]:
            return True
        if before is not None and before.text in self.lexicon.words("stop", part="spread"):
            return True
        if self.nouns.kind(quantity.unit) != "duration":
            return False
        if before is None or before.kind not in (WORD, DIGITS) and before.text != ")":
            return tokens[quantity.last : quantity.last + 1] != [] and tokens[quantity.last].text == ","
        return before.text not in self.nouns.stops

    def is_changed(self, first: int) -> bool:
        """True for the number at token `first` that another one changed to: its "to" is no hedge."""
        tokens = self.tokens
        mark = self.lexicon.trie("range", place="change", backward=True).longest(tokens, first - 1)
        if not mark:
            return False
        starts = range(mark[1] - 1, max(0, mark[1] - CHANGE), -1)
        return any(tokens[i].kind == DIGITS and tokens[i - 1].text == mark[0].needs and tokens[i].gap <= LINE for i in starts)

    def _shared(self, reading: Reading) -> Decimal:
        """The hundreds and magnitudes right after the first number word or digits, to be shared with a number that has none."""
        tokens, numerals, factor = self.tokens, self.numerals, ONE
        if tokens[reading.start].kind == DIGITS:
            figure = numerals.figures.read(reading.start)
            index = figure.end if figure else reading.end
        else:
            lead = numerals.numerals.longest(tokens, reading.start)
            index = lead[1] if lead and not lead[0].get("multiplies") else reading.end
        while index < reading.end and (found := numerals.multiplier(index)):
            factor, index = factor * found[0].number, found[1]
        return factor

    def plus(self, quantity: Quantity, unit: Unit) -> Quantity | None:
        """一年半, a year and a half: the half stands after the unit; 两成三 is 23 percent."""
        if unit.tenths and (digit := self.numerals.number(quantity.last)) and digit.words and 0 < digit.value < unit.factor:
            if not self.measures.has_unit(digit.end) and not self.nouns.measure_at(digit.end):
                return replace(quantity, last=digit.end, value=quantity.value + digit.value)
        half = entry_at(self.tokens, quantity.last, self.lexicon, "plus", place="unit") if unit.unit else None
        if not half or self.tokens[quantity.last].gap > SPACE:
            return None
        added = half[0].number * unit.factor
        return replace(quantity, last=half[1], value=quantity.value + added, step=added)

    def in_two(self, quantity: Quantity, unit: Unit) -> Quantity | None:
        """2 hours 20 minutes, 1 year and 6 months, 12 roubles 50 kopecks: one quantity in two units, given in the smaller."""
        tokens, at, half = self.tokens, unit.end, self.measures.lexicons.units.get(quantity.unit, {}).get("half")
        whole = quantity.value == quantity.value.to_integral_value() and quantity.value_max is None and unit.factor == 1
        money = self.nouns.kind(quantity.unit) == "money"
        if not whole or not (half or money) or at + 1 >= len(tokens):
            return None
        zero = self.numerals.numerals.longest(tokens, at)  # 1年零6个月
        at += tokens[at].text in self.traits["and"] or zero is not None and zero[1] == at + 1 and not zero[0].number
        reading, second = self._second(at) if tokens[at].gap <= LINE else (None, None)
        if not reading or reading.scaled or reading.value_max is not None or reading.value <= 0:
            return None
        if money and second.unit == quantity.unit and 0 < reading.value * second.factor < 1:
            value, told = quantity.value + reading.value * second.factor, quantity.unit
        elif half and second.unit == half[1] and second.factor == 1 and reading.value < 2 * Decimal(half[0]):
            value, told = quantity.value * 2 * Decimal(half[0]) + reading.value, half[1]
        else:
            return None
        both = replace(quantity, last=second.end, value=value, unit=told, step=second.factor, rule=f"{quantity.rule}, told in two units")
        return self.in_two(both, second) or both

    def ends_line(self, at: int) -> bool:
        """True where the line of a table may end before token `at`, so that what a label says comes before what follows."""
        return not self.traits["word_spacing"] and at < len(self.tokens) and self.tokens[at].gap >= LINE

    def one_of(self, at: int) -> Quantity | None:
        """A year and a half; a decade, which holds a number of years, but not as a rate: 30 wells a decade."""
        unit = self.measures.unit_at(at + 1) if self.tokens[at + 1 : at + 2] and self.tokens[at + 1].gap == SPACE else None
        if not unit or self.nouns.kind(unit.unit) not in ("duration", "physical"):
            return None
        half = entry_at(self.tokens, unit.end, self.lexicon, "plus", place="unit")
        if half and self.tokens[unit.end].gap <= SPACE:
            value = (1 + half[0].number) * unit.factor
            return Quantity(at, half[1], value, None, unit.unit, None, ONE, False, "words, a half after the unit")
        before = self.tokens[at - 1] if at else None
        rate = before is not None and (before.kind == DIGITS or self.nouns.may_count(at - 1) or self.measures.has_unit(at - 1))
        holds = unit.factor > 1 and self.nouns.kind(unit.unit) == "duration"
        told = Quantity(at, unit.end, unit.factor, None, unit.unit, None, ONE, False, "amount in a word")
        return told if holds and not rate else None

    def labelled(self, quantity: Quantity) -> Quantity:
        """Take magnitude and unit from a label: "Donations (RMB million) 12.5", "Water, m3  310  290", a heading over a list."""
        if not self.traits["word_spacing"] and quantity.rule == "words":
            return quantity  # 陆 in a name
        if quantity.unit or quantity.scaled or self.nouns.measure_at(quantity.last) and not self.ends_line(quantity.last):
            return quantity
        unit = self.captions.unit(quantity.first, quantity.last)
        if not unit:
            return quantity
        told = quantity.times(unit.factor, unit.unit)
        if told.value_max is not None:
            told = replace(told, value_max=told.value_max * unit.factor)
        return replace(told, scaled=unit.factor != 1, rule=f"{quantity.rule}, unit from a label")

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
            if final and (unit.unit or (noun and noun.rule != UNKNOWN and noun.unit != MONEY_NOUN)):
                break
        else:
            return None
        return self._lent(quantity, reading, unit, unit.unit or noun.unit, "unit shared in a list")
