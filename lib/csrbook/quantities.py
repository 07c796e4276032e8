"""Read one quantity at a place of a document: qualifier, currency, number, magnitude, unit, range, counted noun.

In      the tokens of a document in one language, and the Lexicons; then the index at which a quantity may begin.
Out     Quantity in token indices, or the reason why the number there is none.
Never   looks at furniture or dates (reasons does), or makes the record that leaves the house (mentions does).
Needs   figures, grammar, lexicon, measures, nouns, numerals, phrases, reasons, spreads, tokens.  Used by mentions.
"""

from dataclasses import replace
from decimal import Decimal

from csrbook.figures import ONE, Habits, Reading
from csrbook.grammar import entry_at, qualifier_after, qualifier_before
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.measures import Measures
from csrbook.nouns import MONEY_NOUN
from csrbook.numerals import Numerals
from csrbook.phrases import nouns_of
from csrbook.reasons import refuse
from csrbook.spreads import Quantity, Spreads
from csrbook.tokens import JOINED, SPACE, Tokens

__all__ = ["Quantity", "Quantities"]

TENTHS_END = 10  # from here on a discount is printed with two digits (85折)


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
        self.measures = Measures(tokens, lexicon, lexicons, printed, self.nouns)
        self.spreads = Spreads(tokens, lexicon, self.numerals, self.nouns, self.measures)
        self.starts = lexicon.once(("starts",), self._starts)

    def _starts(self) -> frozenset[str]:
        """Every token that a quantity may begin with, but for digits and joined words."""
        tries = [self.lexicon.trie(s) for s in ("numeral", "magnitude", "amount", "fraction")]
        tries += [self.lexicon.trie(s, place="before") for s in ("vague", "unit")]
        tries += [self.lexicon.trie("magnitude", forms="vague")]
        return frozenset(self.traits["article"]).union(*(trie.root for trie in tries))

    def may_start(self, text: str) -> bool:
        """Return whether a quantity can begin with a token; to be asked once for every word of a document."""
        return text in self.starts or text[0] in "0123456789" or self.numerals.joined(text) is not None

    def read(self, at: int) -> Quantity | str | None:
        """Return the quantity that begins at token `at`, the reason why a number there is none, or None for no number."""
        if grown := self.numerals.joined(self.tokens[at].text):
            return self._grown(at, *grown)
        if amount := self.lexicon.trie("amount").longest(self.tokens, at):
            return self._hedged(self._plain(at, amount[1], amount[0].number, amount[0].unit, "amount in a word"))
        before = self.lexicon.trie("unit", place="before").longest(self.tokens, at)
        number = before[1] if before else at
        if number >= len(self.tokens) or (before and self.tokens[number].gap > SPACE):
            before, number = None, at
        if not before and (fraction := self._fraction(at)):
            return fraction
        reading = self.numerals.number(number)
        if not reading:
            return None
        if not before and (reason := refuse(self.tokens, reading, self.lexicon, self.measures.has_unit)):
            return reason
        found = self._measured(reading, at, before[0] if before else None)
        return found if isinstance(found, str) else self._hedged(found)

    # -- what is no plain number -------------------------------------------------------------------------------------

    def _plain(self, first: int, last: int, value: Decimal, unit: str | None, rule: str) -> Quantity:
        return Quantity(first, last, value, None, unit, None, ONE, False, rule)

    def _grown(self, at: int, value: Decimal, entry: Entry) -> Quantity | str:
        """A number and its unit or magnitude in one word: шестимесячный, tenfold, полмиллиона."""
        value *= Decimal(entry.get("value", "1"))
        if entry.section == "magnitude":
            found = self._measured(Reading(value, at, at + 1, value, "joined word", words=True, scaled=True), at, None)
            return found if isinstance(found, str) else self._hedged(found)
        return self._hedged(self._halved(self._plain(at, at + 1, value, entry.unit, "joined word")))

    def _fraction(self, at: int) -> Quantity | str | None:
        """Half a million, half a day, three quarters; a bare fraction is a percentage."""
        tokens, times = self.tokens, ONE
        found = self.lexicon.trie("fraction", place="itself").longest(tokens, at)
        if not found:
            after = self.lexicon.trie("fraction", place="number")
            reading = self.numerals.number(at) if after.root else None
            if not reading or not reading.words or reading.scaled or not (found := after.longest(tokens, reading.end)):
                return None
            times = reading.value
        percent, end = Decimal(found[0].percent) * times, found[1]
        inner = end
        while inner < len(tokens) and tokens[inner].text in self.traits["of"] + self.traits["article"]:
            inner += 1
        if magnitude := entry_at(tokens, inner, self.lexicon, "magnitude"):
            value = percent / 100 * magnitude[0].number
            scaled = Reading(value, at, magnitude[1], value, "fraction of a magnitude", words=True, scaled=True)
            found = self._measured(scaled, at, None)
            return found if isinstance(found, str) else self._hedged(found)
        unit = self.measures.unit_at(inner)
        if unit and self.lexicons.kind(unit.unit) in ("duration", "physical", "money"):
            return self._hedged(self._halved(self._plain(at, unit.end, percent / 100 * unit.factor, unit.unit, "fraction of a unit")))
        return self._hedged(self._plain(at, end, percent, "percent", "fraction"))

    def _halved(self, quantity: Quantity) -> Quantity:
        """Half a day is 12 hours, half a year 6 months."""
        smaller = self.lexicons.units.get(quantity.unit, {}).get("half")
        fits = smaller and quantity.value == Decimal("0.5") and not quantity.scaled and quantity.step == 1
        return replace(quantity, value=Decimal(smaller[0]), unit=smaller[1]) if fits else quantity

    def _parts_of(self, reading: Reading, index: int) -> Quantity | None:
        """三分之一 and 百分之五: a number, the mark of parts, a number of parts."""
        mark = self.traits["parts_of"]
        if not mark or "".join(t.text for t in self.tokens[index : index + len(mark)]) != mark or not reading.value:
            return None
        parts = self.numerals.number(index + len(mark))
        return parts and self._plain(reading.start, parts.end, parts.value / reading.value * 100, "percent", "parts of")

    # -- number, unit, range -----------------------------------------------------------------------------------------

    def _measured(self, reading: Reading, first: int, money: Entry | None) -> Quantity | str:
        """Add unit, range and noun to a number; a reason where a bare number measures nothing."""
        index, qualifier = reading.end, reading.qualifier
        tail = entry_at(self.tokens, index, self.lexicon, "stop")
        if tail and tail[0].part == "suffix" and self.tokens[index].gap == JOINED:
            index = tail[1]
        if hedge := qualifier_after(self.tokens, index, self.lexicon):
            qualifier, index = qualifier or hedge[0].qualifier, hedge[1]
        if parts := self._parts_of(reading, index):
            return parts
        if not reading.scaled and not reading.words and (meant := self.measures.misprint(index)):
            (entry, index), factor = meant, meant[0].number
            reading = replace(reading, value=reading.value * factor, step=reading.step * factor, scaled=True, end=index)
            reading = replace(reading, note=f"misprint: read as {entry.forms[0]}")
        unit = self.measures.unit(index, money)
        value = reading.value * unit.factor
        if unit.tenths and reading.value >= TENTHS_END:
            value = reading.value
        quantity = Quantity(
            first, unit.end, value, reading.value_max and reading.value_max * unit.factor, unit.unit, qualifier,
            reading.step * unit.factor, reading.scaled, reading.rule, reading.note or unit.note,
        )  # fmt: skip
        quantity = self.spreads.range(quantity) or self.spreads.plus(quantity, unit) or self.spreads.labelled(quantity)
        if quantity.unit is None:
            return self._counted(quantity, reading)
        if reason := self._measures_nothing(reading, quantity):
            return reason
        return self._halved(quantity)

    def _measures_nothing(self, reading: Reading, quantity: Quantity) -> str | None:
        """One of a thing is a word; a magnitude alone in brackets, or where the language needs a number, is a label."""
        if reading.words and reading.value == 1 and not reading.scaled and self.lexicons.kind(quantity.unit) == "count":
            return "word"
        if reading.bare and reading.scaled and reading.end == reading.start + 1:
            bracketed = reading.start and self.tokens[reading.start - 1].text == "("
            if bracketed or not (self.traits["magnitude_alone"] or self._hedge_before(quantity)):
                return "word"
        return None

    # -- what is counted ---------------------------------------------------------------------------------------------

    def _counted(self, quantity: Quantity, reading: Reading) -> Quantity | str:
        """Give a number without a unit the noun that it counts; a small number word needs a noun that is known."""
        measure = entry_at(self.tokens, quantity.last, self.lexicon, "measure")
        index, default = (measure[1], measure[0].get("unit")) if measure else (quantity.last, None)
        if measure and (hedge := qualifier_after(self.tokens, index, self.lexicon)):
            quantity, index = replace(quantity, qualifier=quantity.qualifier or hedge[0].qualifier), hedge[1]
        half = measure and entry_at(self.tokens, index, self.lexicon, "plus", place="unit")
        if half and (unit := self.measures.unit_at(half[1])):
            value = (quantity.value + half[0].number) * unit.factor
            return replace(quantity, last=unit.end, value=value, unit=unit.unit, step=half[0].number)  # 两个半月
        if self._is_word(reading, quantity):
            return "word"
        noun = self.nouns.after(index)
        known = noun is not None and noun.rule != "unknown noun"
        if noun and (not reading.words or known or reading.scaled) and noun.unit != MONEY_NOUN:
            near = noun.end if noun.direct else index
            told = quantity.note or noun.note
            return replace(quantity, last=near, unit=noun.unit, rule=f"{quantity.rule}, {noun.rule}", note=told)
        if reading.words and not measure and not (reading.scaled and (not reading.bare or self._hedge_before(quantity))):
            return "word"
        if not measure and (shared := self.spreads.listed(quantity)):
            return shared
        return self._counted_before(quantity, reading, index, default, is_measured=measure is not None)

    def _is_word(self, reading: Reading, quantity: Quantity) -> bool:
        """One, none, and a magnitude alone are words more often than counts."""
        if reading.value == 0 or reading.value == 1 and reading.words and not reading.scaled:
            return True
        alone = reading.bare and reading.scaled and reading.end == reading.start + 1
        return alone and not (self.traits["magnitude_alone"] or self._hedge_before(quantity))

    def _counted_before(self, quantity: Quantity, reading: Reading, last: int, default: str | None, *, is_measured: bool) -> Quantity | str:
        """The measure word's own meaning, the noun that "of" leads to, or the noun before the number."""
        default = self._told_before(quantity, default) if default else None
        noun = None if default else self.nouns.of(last) or self.nouns.before(quantity.first)
        unit = default or (noun.unit if noun else None)
        if noun and unit == MONEY_NOUN:
            unit = self.traits["currency_default"]
        if unit is None and not (reading.scaled or reading.step > 1 or "grouped" in reading.rule or is_measured):
            return "other"
        if unit is not None and not default and reading.step < 1 and not reading.scaled and self.lexicons.kind(unit) == "count":
            return "other"  # nobody counts in fractions; the number is a ratio or an index
        return replace(quantity, last=last, unit=unit, rule=f"{quantity.rule}, {noun.rule if noun else 'measure word'}")

    def _told_before(self, quantity: Quantity, default: str) -> str:
        """What a measure word counts where the noun stands right before the number, or before its hedge."""
        hedge = qualifier_before(self.tokens, quantity.first, self.lexicon, bridged=False)
        noun = self.nouns.right_before(hedge[1] if hedge else quantity.first)
        fits = noun and (noun.unit in self.nouns.people if default in self.nouns.people else noun.unit != MONEY_NOUN)
        return noun.unit if fits else default

    # -- qualifiers --------------------------------------------------------------------------------------------------

    def _hedge_before(self, quantity: Quantity) -> bool:
        return qualifier_before(self.tokens, quantity.first, self.lexicon) is not None

    def _hedged(self, quantity: Quantity) -> Quantity:
        """Add the qualifier that stands before or after; what opens a range (from, between) hedges nothing there."""
        qualifier = None if quantity.rule.startswith("open number") and self._hedge_before(quantity) else quantity.qualifier
        if qualifier is None and (found := qualifier_before(self.tokens, quantity.first, self.lexicon)):
            qualifier = None if quantity.value_max is not None and found[0].get("opens") else found[0].qualifier
        if qualifier is None and (found := qualifier_after(self.tokens, quantity.last, self.lexicon)):
            qualifier = found[0].qualifier
        return replace(quantity, qualifier=qualifier)
