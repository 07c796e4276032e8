"""Read one quantity at a place of a document: qualifier, currency, number, magnitude, unit, range, counted noun.

In      the tokens of a document in one language, and the Lexicons; then the index at which a quantity may begin.
Out     Quantity in token indices, or the reason why the number there is none.
Never   looks at furniture or dates (reasons does), or makes the record that leaves the house (mentions does).
Needs   antecedents, figures, fractions, grammar, lexicon, measures, nouns, numerals, phrases, reasons, spreads, starts, tokens.
"""

from dataclasses import replace
from decimal import Decimal

from csrbook.antecedents import Antecedents
from csrbook.figures import ONE, Habits, Reading
from csrbook.fractions import Fractions, plain
from csrbook.grammar import ends_sentence, entry_at, qualifier_after, qualifier_before
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.measures import Measures, Quantity, Unit
from csrbook.nouns import ALONE, MONEY_NOUN, PERSON, SAID_BEFORE, UNKNOWN, Counted
from csrbook.numerals import Numerals
from csrbook.phrases import nouns_of
from csrbook.reasons import is_idle, is_named, is_titled, refuse
from csrbook.spreads import Spreads
from csrbook.starts import Starts
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, SPACE, Tokens

__all__ = ["Quantity", "Quantities"]

YEARS_AHEAD = range(2100, 2200)  # four digits that no noun follows: a year, though too far to be read as a date
BEST = 10  # of a score
TEN = 10  # numbers below it are one digit
GRADES = 12  # years of school, in any country
HEAD = 4  # tokens between a bracket and the magnitude of a column head: (RMB million)
PERSONS_NEAR = 30  # tokens after which persons counted before are no longer meant by a collective number
THOUSANDTH = Decimal("0.001")
GROUPED = "one mark before three digits can group or divide: read as grouping, since people are whole"
DIVIDED = "one mark before three digits can group or divide: read as dividing"


def _scaled(reading: Reading, magnitude: Entry, end: int) -> Reading:
    """The number with a magnitude that ends before token `end` applied."""
    factor = magnitude.number
    return replace(reading, value=reading.value * factor, step=reading.step * factor, scaled=True, end=end)


class Quantities:
    """Reads quantities at token positions of one document.

    Parameters
    ----------
    tokens, lexicon : sequence of Token, Lexicon
        The document, and its language.
    lexicons : Lexicons
        For the kinds of units.
    printed : str
        The text as it stands: capitals matter in a few units.
    habits : mapping, optional
        How the whole document uses the marks in its numbers; see figures.
    """

    def __init__(self, tokens: Tokens, lexicon: Lexicon, lexicons: Lexicons, printed: str, habits: Habits | None = None) -> None:
        self.tokens, self.lexicon, self.lexicons, self.traits = tokens, lexicon, lexicons, lexicon.traits
        self.numerals, self.nouns = Numerals(tokens, lexicon, habits), nouns_of(tokens, lexicon, lexicons)
        self.nouns.printed = printed
        self.measures = Measures(tokens, lexicon, lexicons, printed, self.nouns)
        self.spreads = Spreads(tokens, lexicon, self.numerals, self.nouns, self.measures)
        self.antecedents = Antecedents(tokens, lexicon, self.numerals, self.nouns, self.measures)
        self.amounts, self.signs = lexicon.trie("amount"), lexicon.trie("unit", place="before")
        self.fractions = Fractions(tokens, lexicon, lexicons, self.numerals, self.measures)
        others = (self.amounts, self.signs, lexicon.trie("fraction"), self.numerals.open)
        self.quick = lexicon.once(("quick starts",), lambda: Starts(lexicon, others, self.numerals))
        self.said: Quantity | None = None  # the last count that had a noun, but for the places of another: 12 schools in 5 towns
        self.placed: Quantity | None = None  # with those
        self.latest: Quantity | None = None  # the last count, weight or time
        self.money: Quantity | None = None  # the last sum
        self.ended = 0  # the index after the last quantity: 10% above the 500 planned is no hedge
        self.paid: Quantity | None = None  # the last sum or weight with a magnitude, where no count came after it

    def may_start(self, text: str) -> bool:
        """Return whether a quantity can begin with a token; to be asked once for every word of a document."""
        return text in self.quick.every or text[0] in "0123456789" or self.numerals.joined(text) is not None

    def read(self, at: int) -> Quantity | str | None:
        """Return the quantity that begins at token `at`, the reason why a number there is none, or None for no number."""
        first = self.tokens[at]
        if self.quick.lone(self.tokens, at):
            return "word"
        if grown := self.numerals.joined(first.text):
            return self._grown(at, *grown)
        if first.text in self.amounts.root and (amount := self.amounts.longest(self.tokens, at)):
            return self._hedged(plain(at, amount[1], amount[0].number, amount[0].unit, "amount in a word"))
        if first.text in self.traits["article"] and (told := self.spreads.one_of(at)):
            return self._hedged(told)
        before = self.measures.money(at, self.money) if first.text in self.signs.root else None
        number = before.end if before else at
        if not before and (part := self.fractions.read(at)):
            return self._hedged(self._measured(part, at, None) if isinstance(part, Reading) else part)
        if not before and first.text not in self.quick.numeric and first.kind != DIGITS:
            return None
        reading = self.numerals.number(number)
        if not reading:
            return None
        if not before and (reason := refuse(self.tokens, reading, self.lexicon, self.measures.has_unit)):
            return reason
        if not before and is_titled(self.tokens, reading, self.measures.printed, self.lexicon):
            return "name"
        found = self._measured(reading, at, before)
        if isinstance(found, str):
            return found
        if found.last == reading.end > reading.start + 1 and self.tokens[found.last - 1].text in self.traits["sentence_end"]:
            found = replace(found, last=found.last - 1)  # the full stop of "bn." where no unit follows
        if self.spreads.captions.is_label(at, found.last):
            return "word"
        self._remember(found)
        found, self.ended = self._hedged(found), found.last
        return found

    def _remember(self, found: Quantity) -> None:
        """Keep what later numbers may take their noun, unit or currency from."""
        kind = self.lexicons.kind(found.unit)
        if kind in ("count", "physical", "duration") and found.unit:
            self.latest = found
        if kind == "money":
            self.money = found
            self.measures.sums.add(found.unit)
        if found.unit and kind == "count":
            self.antecedents.counts.append(found)
            self.said, self.placed, self.paid = self.said if self.antecedents.is_placed(found, self.said) else found, found, None
        elif kind in ("money", "physical"):
            self.paid = found if found.scaled else None

    # -- what is no plain number -------------------------------------------------------------------------------------

    def _grown(self, at: int, value: Decimal, entry: Entry) -> Quantity | str:
        """A number and its unit or magnitude in one word: шестимесячный, tenfold, полмиллиона."""
        value *= Decimal(entry.get("value", "1"))
        if entry.section == "magnitude":
            return self._hedged(self._measured(Reading(value, at, at + 1, value, "joined word", words=True, scaled=True), at, None))
        return self._hedged(self.fractions.halved(plain(at, at + 1, value, entry.unit, "joined word")))

    def _is_weight(self, quantity: Quantity) -> bool:
        """运送万吨物资: a magnitude with a physical unit after a word; after a mark it is the head of a column."""
        before = self.tokens[quantity.first - 1] if quantity.first else None
        joined = before is not None and before.kind == HAN and self.tokens[quantity.first].gap == JOINED
        return joined and not self.traits["word_spacing"] and self.lexicons.kind(quantity.unit) == "physical"

    # -- number, unit, range -----------------------------------------------------------------------------------------

    def _measured(self, reading: Reading, first: int, money: Unit | None) -> Quantity | str:
        """Add unit, range and noun to a number; a reason where a bare number measures nothing."""
        reading = self._said_twice(reading)
        if money and not self.traits["word_spacing"] and self.nouns.measure_at(reading.end):
            money, first = None, reading.start  # AED 80台 are machines
        if inverted := self.spreads.inverted(reading, first):
            return inverted
        index, qualifier = reading.end, reading.qualifier
        tail = entry_at(self.tokens, index, self.lexicon, "stop")
        if tail and tail[0].part == "suffix" and self.tokens[index].gap == JOINED:
            index = tail[1]
        if hedge := qualifier_after(self.tokens, index, self.lexicon):
            qualifier, index = qualifier or hedge[0].qualifier, hedge[1]
            if not reading.scaled and (more := entry_at(self.tokens, index, self.lexicon, "magnitude")):  # 350+ thousand
                index = more[1]
                reading = _scaled(reading, *more)
        if parts := self.fractions.parts_of(reading, index):
            return parts
        if not reading.scaled and not reading.words and (meant := self.measures.misprint(index)):
            index = meant[1]
            reading = replace(_scaled(reading, *meant), note=f"misprint: read as {meant[0].forms[0]}")
        in_row = money is None and self.spreads.ends_line(index) and self.spreads.captions.unit(first, index)
        unit = Unit(None, index) if in_row else self.measures.unit(index, money)
        if unit.unit is None and self._ends_sentence(unit.end, reading):
            unit = replace(unit, end=unit.end - 1)
        quantity, spreads = self._in_unit(reading, first, unit, qualifier), self.spreads
        shared = spreads.in_two(quantity, unit) or spreads.share(quantity) or spreads.range(quantity) or spreads.plus(quantity, unit)
        quantity = shared or spreads.change(quantity) or spreads.labelled(quantity)
        if quantity.unit is None:
            found = self._counted(quantity, reading)
            return found if isinstance(found, str) else self.spreads.part_of(found) or found
        if reason := self._measures_nothing(reading, quantity):
            return reason
        return self.fractions.halved(quantity)

    def _in_unit(self, reading: Reading, first: int, unit: Unit, qualifier: str | None) -> Quantity:
        """The number times what its unit is worth."""
        factor = unit.worth(reading.value)
        return Quantity(
            first, unit.end, reading.value * factor, reading.value_max and reading.value_max * factor, unit.unit, qualifier,
            reading.step * factor, reading.scaled, reading.rule, reading.note or unit.note,
        )  # fmt: skip

    def _ends_sentence(self, at: int, reading: Reading) -> bool:
        """True where the full stop of an abbreviated magnitude ends the sentence too: another 15 thous. Taxes rose."""
        tokens = self.tokens
        stop = at == reading.end > reading.start + 1 and tokens[at - 1].text in self.traits["sentence_end"]
        return stop and at < len(tokens) and self.measures.printed[tokens[at].start : tokens[at].start + 1].isupper()

    def _said_twice(self, reading: Reading) -> Reading:
        """Three (3) days, 3 (three) days: the number in brackets repeats the one before."""
        at, tokens = reading.end, self.tokens
        if at + 2 >= len(tokens) or tokens[at].text != "(" or tokens[at].gap > SPACE:
            return reading
        again = self.numerals.number(at + 1)
        same = again and again.value == reading.value and again.words != reading.words
        return replace(reading, end=again.end + 1) if same and again.end < len(tokens) and tokens[again.end].text == ")" else reading

    def _measures_nothing(self, reading: Reading, quantity: Quantity) -> str | None:
        """One of a thing is a word; a magnitude alone in brackets, or where the language needs a number, is a label."""
        kind, one = self.lexicons.kind(quantity.unit), reading.words and reading.value == 1 and not reading.scaled
        if kind == "duration" and self.nouns.is_aside(quantity.first, quantity.last):
            return "name"
        if one and (kind in ("count", "physical") or kind == "duration" and is_idle(self.tokens, quantity, self.lexicon)):
            return "word"
        if not (reading.bare and reading.scaled):
            return None
        bracketed = "(" in (token.text for token in self.tokens[max(0, quantity.first - HEAD) : quantity.first])
        closed = [token.text for token in self.tokens[quantity.last : quantity.last + 1]] == [")"]
        told = self.traits["magnitude_alone"] or self._hedge_before(quantity) or self._is_weight(quantity)
        return "word" if bracketed and closed or reading.end == reading.start + 1 and (bracketed or not told) else None

    # -- what is counted ---------------------------------------------------------------------------------------------

    def _counted(self, quantity: Quantity, reading: Reading) -> Quantity | str:
        """Give a number without a unit the noun that it counts; a small number word needs a noun that is known."""
        measure = self.nouns.measure_at(quantity.last)
        index, default = (measure[1], measure[0].get("unit")) if measure else (quantity.last, None)
        if measure and (hedge := qualifier_after(self.tokens, index, self.lexicon)) and not self.nouns.runs_on(index, hedge[1]):
            quantity, index = replace(quantity, qualifier=quantity.qualifier or hedge[0].qualifier), hedge[1]
        if measure and (more := self._and_a_half(quantity, index)):
            return more
        if self._is_word(reading, quantity):
            return "word"
        if quantity.value_max is not None and self._is_grade(quantity):
            return "ordinal"
        if not (reading.words or quantity.scaled or measure) and self.nouns.is_ordinal(index, quantity.value_max or quantity.value):
            return "ordinal"
        noun = self.nouns.after(index, Decimal(0) if quantity.scaled else quantity.value_max or quantity.value)
        known = noun is not None and noun.rule not in (UNKNOWN, ALONE)
        if noun and noun.rule == ALONE and self.said and quantity.first - self.said.last in range(PERSONS_NEAR):
            return replace(quantity, last=noun.end, unit=self.said.unit, rule=f"{quantity.rule}, noun said before")
        if noun and not noun.direct and not measure and self._is_small_word(reading):
            return "word"  # 三叶饮料
        if noun and (not reading.words or known or reading.scaled) and noun.unit != MONEY_NOUN:
            return self._named(quantity, noun, index)
        if noun and noun.unit == MONEY_NOUN and noun.direct and reading.scaled and not (measure or self.traits["word_spacing"]):
            code, note = self.measures.currency()
            return replace(quantity, last=noun.end, unit=code, rule=f"{quantity.rule}, {noun.rule}", note=note)
        if not measure and (self._is_score(quantity) or is_named(self.tokens, reading, self.measures.printed, self.nouns)):
            return "name"
        unspaced = not (measure or self.traits["word_spacing"])
        told = self.nouns.before(quantity.first, quantity.last) if unspaced else None
        told = told or unspaced and quantity.scaled and self.nouns.follows_word(quantity.first, "pays")
        if not measure and not told and (carried := self._carried(quantity)):
            return carried
        if reading.words and not measure and (people := self._collective(quantity, reading)):
            return people
        told = reading.scaled and (not reading.bare or self._hedge_before(quantity)) or self.nouns.is_told(quantity.first)
        if reading.words and not measure and not self.nouns.of(index) and not told:
            return self.spreads.listed(quantity) or "word"
        if not measure and (shared := self.spreads.listed(quantity)):
            return shared
        return self._counted_before(quantity, reading, index, default, is_measured=measure is not None)

    def _and_a_half(self, quantity: Quantity, at: int) -> Quantity | None:
        """两个半月: the half between the measure word and the unit."""
        half = entry_at(self.tokens, at, self.lexicon, "plus", place="unit")
        unit = self.measures.unit_at(half[1]) if half else None
        value = unit and (quantity.value + half[0].number) * unit.factor
        return replace(quantity, last=unit.end, value=value, unit=unit.unit, step=half[0].number) if unit else None

    def _named(self, quantity: Quantity, noun: Counted, index: int) -> Quantity:
        """A number with the noun that it counts; bare persons are whoever their clause says that they are."""
        near = noun.end if noun.direct else index
        unit = noun.unit != PERSON and noun.unit or self.nouns.who(quantity.first, noun.end) or PERSON
        quantity = self._whole(quantity, unit)
        told = quantity.note or noun.note
        found = replace(quantity, last=near, unit=unit, rule=f"{quantity.rule}, {noun.rule}", note=told)
        return self.antecedents.kept(found, quantity.last)

    def _whole(self, quantity: Quantity, unit: str) -> Quantity:
        """12.500 people are no fraction of a person; of other things the note tells how the mark was read."""
        if quantity.rule != "decimal mark" or quantity.step != THOUSANDTH or quantity.value < 1 or quantity.value_max is not None:
            return quantity
        if unit not in self.nouns.people:
            return replace(quantity, note=quantity.note or DIVIDED)
        return replace(quantity, value=quantity.value * 1000, step=ONE, rule="grouped", note=GROUPED)

    def _is_score(self, quantity: Quantity) -> bool:
        """Rated 4.5 out of 5: no share is told in decimals."""
        out_of = entry_at(self.tokens, quantity.last, self.lexicon, "range", place="share")
        whole = self.numerals.number(out_of[1]) if out_of and quantity.step < 1 and not quantity.scaled else None
        return whole is not None and quantity.value <= whole.value <= BEST

    def _is_grade(self, quantity: Quantity) -> bool:
        """Pupils of grades 5 to 11: the classes are numbered, not counted."""
        at = quantity.last
        return at < len(self.tokens) and quantity.value_max <= GRADES and self.tokens[at].text in self.lexicon.words("stop", part="grade")

    def _carried(self, quantity: Quantity) -> Quantity | None:
        """What a label, or the number before, says that a number with no noun counts."""
        if quantity.step >= 1 or quantity.scaled:
            hedge = qualifier_before(self.tokens, quantity.first, self.lexicon, bridged=False)
            if noun := self.nouns.label(hedge[1] if hedge else quantity.first):
                return replace(quantity, unit=noun.unit, rule=f"{quantity.rule}, {noun.rule}")
        told, said = self.antecedents, self.placed if self.nouns.is_in(quantity.first) else self.said
        return (
            told.same_money(quantity, self.paid) or told.like_whole(quantity) or told.compared(quantity, self.latest)
            or told.alike(quantity, self.latest)
            or told.changed(quantity, self.latest) or told.carried(quantity, said) or told.carried(quantity, self.latest)
            or told.elided(quantity, self.said) or told.left_out(quantity, self.said)
        )  # fmt: skip

    def _collective(self, quantity: Quantity, reading: Reading) -> Quantity | None:
        """Five of a kind that only people are counted with, where the language has such numbers: pyatero are five persons."""
        words = self.lexicon.words("stop", part="people")
        if not words or self.tokens[reading.end - 1].text not in words:
            return None
        near = self.said and quantity.first - self.said.last in range(PERSONS_NEAR) and self.said.unit in self.nouns.people
        return replace(quantity, unit=self.said.unit if near else PERSON, rule=f"{quantity.rule}, persons")

    def _is_small_word(self, reading: Reading) -> bool:
        """True for one digit in words where words are not parted: before a longer phrase it is part of a name."""
        return reading.words and not self.traits["word_spacing"] and reading.end == reading.start + 1 and reading.value < TEN

    def _is_word(self, reading: Reading, quantity: Quantity) -> bool:
        """One, none, and a magnitude alone are words more often than counts."""
        if reading.value == 0 or reading.value == 1 and reading.words and not reading.scaled:
            return True
        alone = reading.bare and reading.scaled and reading.end == reading.start + 1
        return alone and not (self.traits["magnitude_alone"] or self._hedge_before(quantity))

    def _counted_before(self, quantity: Quantity, reading: Reading, last: int, default: str | None, *, is_measured: bool) -> Quantity | str:
        """The noun that "of" leads to, the noun before the number, or the measure word's own meaning."""
        of = self.nouns.of(last)
        pays = reading.scaled and not (of or is_measured) and self.nouns.follows_word(quantity.first, "pays")
        world = self.traits["currency_default"] in self.measures.currencies.world  # which any country counts in
        paid = pays and (not world or self._near_sum(quantity)) or reading.scaled and not (of or is_measured) and self._adds(quantity)
        is_year = reading.rule == "digits" and not is_measured and reading.value in YEARS_AHEAD
        noun = of or (None if pays or paid or is_year else self.nouns.before(quantity.first, last))
        if noun and not of and reading.scaled and self.said and not self.said.scaled and noun.end < self.said.last:
            noun = None  # helped 12 schools and gave 3 million: the schools are counted already
        unit = noun.unit if noun else default or (None if paid else self.nouns.who(quantity.first, last))
        if paid or noun and unit == MONEY_NOUN:
            unit, note = self.measures.currency(self.money, quantity.first)
            quantity = replace(quantity, note=quantity.note or note)
        if is_measured and (not noun or noun.rule == SAID_BEFORE) and (again := self.antecedents.again(quantity, last)):
            return again
        divided = reading.step < 1 and not reading.scaled and not self._is_section(reading)
        if unit is not None and not default and not of and divided and self.lexicons.kind(unit) == "count":
            noun = unit = None  # nobody counts in fractions; the number is a ratio or an index
        if unit is None and not (reading.scaled or reading.step > 1 or "grouped" in reading.rule or is_measured or divided):
            return "other"
        rule = noun.rule if noun else "money" if paid else "measure word"
        told = replace(quantity, last=last, unit=unit, rule=f"{quantity.rule}, {rule}")
        return self.antecedents.kept(told, quantity.last) if noun else told

    def _adds(self, quantity: Quantity) -> bool:
        """True for another 7.8 million after a sum of money in the paragraph, where no count came between."""
        more, words = self._hedge_start(quantity) - 1, self.lexicon.words("stop", part="more")
        if self.paid is None or self.lexicons.kind(self.paid.unit) != "money" or self.tokens[more].text not in words:
            return False
        opens = more < 1 or ends_sentence(self.tokens, more - 1, self.lexicon)  # Another 2 million watched
        return not opens and self._near_sum(quantity)

    def _near_sum(self, quantity: Quantity) -> bool:
        """True where a sum was told before in the paragraph."""
        said = self.money
        return said is not None and not any(token.gap == BLANK for token in self.tokens[said.last : quantity.first + 1])

    def _is_section(self, reading: Reading) -> bool:
        """True for 13.1 where the language divides by a comma: the number of a section or goal, not a ratio."""
        return self.tokens[reading.end - 2].text != self.traits["decimal_mark"][0]

    # -- qualifiers --------------------------------------------------------------------------------------------------

    def _hedge_start(self, quantity: Quantity) -> int:
        hedge = qualifier_before(self.tokens, quantity.first, self.lexicon, bridged=False)
        return hedge[1] if hedge else quantity.first

    def _hedge_before(self, quantity: Quantity) -> bool:
        return qualifier_before(self.tokens, quantity.first, self.lexicon) is not None

    def _hedged(self, quantity: Quantity | str) -> Quantity | str:
        """Add the qualifier that stands before or after; what opens a range (from, between) hedges nothing there. A reason stays."""
        if isinstance(quantity, str):
            return quantity
        qualifier = None if quantity.rule.startswith("open number") and self._hedge_before(quantity) else quantity.qualifier
        before = None if self.spreads.is_changed(quantity.first) else qualifier_before(self.tokens, quantity.first, self.lexicon)
        if before and before[0].get("measured") and quantity.unit and self.lexicons.kind(quantity.unit) == "count":
            before = None  # gifts from 340 companies
        before = None if before and before[0].get("measured") and self.measures.is_share_of(before[1]) else before
        before = None if before and before[0].get("spans") and self.spreads.spans(before[1], quantity) else before
        before = None if before and before[0].get("level") and self.spreads.reaches(before[1]) else before
        ends = before and before[1] == self.ended and self.traits["noun_head"] == "last"  # what depends on the head may open with a hedge
        before = None if ends and self._hedge_start(quantity) == quantity.first else before
        if qualifier is None and (found := before):
            qualifier = None if quantity.value_max is not None and found[0].get("opens") else found[0].qualifier
        if qualifier is None and (found := qualifier_after(self.tokens, quantity.last, self.lexicon)):
            qualifier = found[0].qualifier
        return quantity if qualifier == quantity.qualifier else replace(quantity, qualifier=qualifier)
