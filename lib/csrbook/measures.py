"""Find the unit at a place of a document: a currency, a percent sign, tonnes, person-times; before or after a number.

In      the tokens of a document in one language, and the Lexicons; then the index after a number.
Out     Unit: its code, the token index after it, what one of it is worth, what is odd about it.
Never   reads a number, or knows what is counted without a unit (nouns does).
Needs   currencies, figures, grammar, lemmas, lexicon, nouns, tokens.  Used by spreads, fractions, antecedents, quantities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from csrbook.currencies import currencies_of
from csrbook.figures import ONE
from csrbook.grammar import entry_at
from csrbook.lemmas import broken_word, is_word
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.nouns import Nouns, one_letter_off
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SPACE, WORD, Token, fold

__all__ = ["PERCENT", "Measures", "Unit"]

POWER = "power"  # what units of it need, where their name alone may be another
CHANGE = "change"  # what points need, to be percentage points
AROUND = 12  # tokens on either side of the number in which a percentage or a word of change is looked for
NEAR = 120  # tokens after which a sum is no longer in mind
PERCENT = "percent"
BRACKET = 4  # tokens from a sum to the one in brackets after it
GROUPS = 2  # tokens of a number with one mark in it, but for its last
POINTS = 2  # digits of percentage points, at most
TENTHS_END = 10  # from here on a discount is printed with two digits (85折)
UNPRINTED = "no currency printed: read as {}, {}"


@dataclass(slots=True)
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

    def times(self, factor: Decimal, unit: str) -> "Quantity":
        """Return the quantity in a unit of which its number says so many times `factor`."""
        return replace(self, value=self.value * factor, step=self.step * factor, unit=unit)


@dataclass(slots=True)
class Unit:
    """A unit that was found: its code, the token index after it, what one of it is worth, what is odd about it."""

    unit: str | None
    end: int
    factor: Decimal = ONE
    tenths: bool = False
    note: str | None = None

    def worth(self, value: Decimal) -> Decimal:
        """Return what one of the number is worth: the two digits of a discount are percent already (85折)."""
        return ONE if self.tenths and value >= TENTHS_END else self.factor


class Measures:
    """Finds units at token positions of one document.

    Parameters
    ----------
    printed : str
        The text as it stands: capitals matter in a few units.
    """

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons, printed: str, nouns: Nouns) -> None:
        self.tokens, self.lexicon, self.lexicons, self.printed, self.nouns = tokens, lexicon, lexicons, printed, nouns
        self.traits, self.spaced = lexicon.traits, lexicon.traits["word_spacing"]
        self.powered: bool | None = None  # whether the document speaks of power
        self.sums: set[str] = set()  # the currencies of the sums read before
        self.currencies = currencies_of(printed, lexicon, lexicons)

    def has_unit(self, at: int) -> bool:
        return self.unit_at(at) is not None

    def unit_at(self, at: int) -> Unit | None:
        """The unit that stands at a token, or after a hyphen there (12-month), in any form that is not cut short."""
        tokens = self.tokens
        if at >= len(tokens) or tokens[at].gap > LINE or tokens[at].gap == LINE and self.nouns.opens_row(at):
            return None
        if (whole := broken_word(tokens, at)) and (entries := self.lexicon.trie("unit", place="after").root.get(whole, {}).get("")):
            return self._whose(entries[0], at + 3)
        hyphen = tokens[at].text == "-" and tokens[at].gap == JOINED and at + 1 < len(tokens)
        for index in (at, at + 1) if hyphen else (at,):
            for entries, end in reversed(self.lexicon.trie("unit", place="after").all(tokens, index)):
                entry = self._as_printed(entries, index, end)
                if entry and (entry.get("needs") == CHANGE and not self._is_change(index, end) or not self._is_meant(entry)):
                    continue
                if entry and not self._goes_on(end, index) and (found := self._whose(entry, end)):
                    return self._tailed(found)
            entry = self.lexicon.words_by("unit", "joined").get(tokens[index].text)
            if entry and not (index == at and tokens[at].gap > JOINED and self.nouns.is_plural_adjective(at)):
                return Unit(entry.unit, index + 1, Decimal(entry.get("value", "1")))
        return None

    def _is_meant(self, entry: Entry) -> bool:
        """True but for a unit of power in a document that never speaks of power: 300 MU students."""
        if entry.get("needs") != POWER:
            return True
        if self.powered is None:
            words = self.lexicon.words("stop", part=POWER)
            self.powered = any(token.text in words for token in self.tokens)
        return self.powered

    def _is_change(self, at: int, end: int) -> bool:
        """True for points that a percentage stands beside, or that follow a word of change where no score or index is told."""
        tokens, ends = self.tokens, self.traits["clause_end"]
        if end < len(tokens) and tokens[end].text in self.traits["of"]:
            return False  # points of sale
        if at < 1 or tokens[at].gap == JOINED or tokens[at - 1].kind == DIGITS and len(tokens[at - 1].text) > POINTS:
            return False  # a 10-point plan; an index fell 300 points

        def ends_clause(index: int) -> bool:
            joined = index + 1 < len(tokens) and tokens[index + 1].gap == JOINED
            return tokens[index].text in ends and not joined

        left, right = range(at - 2, max(-1, at - AROUND), -1), range(end, min(len(tokens), end + AROUND))
        before = [*takewhile(lambda index: tokens[index + 1].gap != BLANK and not ends_clause(index), left)]
        after = [*takewhile(lambda index: tokens[index].gap != BLANK and not ends_clause(index), right)]
        scored = self.lexicon.words("stop", part="index")
        if any(tokens[index].text in scored for index in (*before, *after)):
            return False
        signs = self.lexicon.trie("unit", place="after")
        told = (signs.longest(tokens, index) for index in (*before, *after) if tokens[index - 1].kind == DIGITS)
        if any(found and found[0].unit == PERCENT and not found[0].get("needs") for found in told):
            return True
        return any(tokens[index].text in self.lexicon.words("stop", part=CHANGE) for index in before)

    def _tailed(self, unit: Unit) -> Unit:
        """Tonnes that "of CO2 equivalent" follows are another unit; so whatever counts tonnes need not list every pair."""
        tail = entry_at(self.tokens, unit.end, self.lexicon, "unit", place="tail")
        fits = tail and tail[0].get("of") == unit.unit
        return replace(unit, unit=tail[0].unit, end=tail[1]) if fits else unit

    def money(self, at: int, said: Quantity | None = None) -> Unit | None:
        """The currency that stands before a number, from token `at` on, in any form that is printed as the lexicon has it."""
        tokens = self.tokens
        for entries, end in reversed(self.lexicon.trie("unit", place="before").all(tokens, at)):
            if end >= len(tokens) or tokens[end].gap > SPACE:
                continue
            form = " ".join(tokens.folded[tokens[at].start - tokens.offset : tokens[end - 1].end - tokens.offset].split())
            entry = self._as_printed([e for e in entries if e.get("cased") or form in map(fold, e.forms)], at, end)
            lone = entry and entry.get("needs") and tokens[end].gap > JOINED and len(form) == 1
            if not entry or lone and not self._is_large(end):
                continue  # a letter and a space are a name
            if self._converts(entry, at, said):
                return Unit(entry.unit, end, note="the sum in brackets converts another country's")
            unit, note = self.currencies.read(entry)
            if not unit and len(form) == 1 and tokens[end].gap == JOINED and self._is_large(end, words=True):
                unit, note = entry.unit, f"ambiguous: {entry.forms[0]} read as {entry.unit}, which nothing else tells"
            if unit:
                return Unit(unit, end, note=note)
        return None

    def _is_large(self, at: int, *, words: bool = False) -> bool:
        """True for a number at token `at` that only a sum after a letter would have: of several groups, or with a magnitude in words."""
        tokens, end = self.tokens, at
        while end < len(tokens) and (tokens[end].kind == DIGITS or tokens[end].text in ",.") and (end == at or tokens[end].gap == JOINED):
            end += 1
        magnitude = entry_at(tokens, end, self.lexicon, "magnitude") if end > at else None
        return magnitude is not None and not magnitude[0].get("needs") or not words and end > at + GROUPS

    def _converts(self, entry: Entry, at: int, said: Quantity | None) -> bool:
        """True for the plain sign in a bracket after the sum of another country that shares it: A$15.3 billion ($10.3 billion)."""
        if said is None or not entry.get("usual") or said.unit not in entry.get("also", ()) or at - said.last not in range(1, BRACKET):
            return False
        return self.tokens[said.last].text == "(" and self.tokens[said.first].text != self.tokens[at].text

    def currency(self, said=None, first: int = 0) -> tuple[str, str]:
        """Money without a unit, and a note that says why it is read so.

        It is of the currency of the last sum in the paragraph, else the one that the document has used so far, else whose the
        document shows that the usual name is, else the usual one.
        """
        near = said is not None and first - said.last in range(NEAR)
        if near and not any(token.gap == BLANK for token in self.tokens[said.last : first + 1]):
            return said.unit, UNPRINTED.format(said.unit, "as the sum before")
        if len(self.sums) == 1:
            code = next(iter(self.sums))
            return code, UNPRINTED.format(code, "the only one used so far")
        default = self.traits["currency_default"]
        units = self.lexicon.entries["unit"]
        entry = self.lexicon.once(
            ("usual currency",), lambda: next((e for e in units if e.unit == default and e.get("also") and not e.get("usual")), None)
        )
        code = entry and self.currencies.read(entry)[0] or default
        return code, UNPRINTED.format(code, "the usual one")

    def _whose(self, entry: Entry, end: int) -> Unit | None:
        """The unit of an entry, the document asked where it is one of several countries; None where it belongs to the next number."""
        tokens = self.tokens
        unit, note = self.currencies.read(entry)
        after = tokens[end] if end < len(tokens) else None
        if after is not None and after.kind == DIGITS and after.gap == JOINED and entry.get("place") == "both":
            return None  # A$14,000-A$16,500
        if unit != entry.unit and self.lexicons.kind(entry.unit) == "physical" and after is not None and after.text in self.traits["of"]:
            unit, note = entry.unit, None  # pounds of rice are a weight wherever
        return Unit(unit, end, Decimal(entry.get("value", "1")), bool(entry.get("tenths")), note) if unit else None

    def _as_printed(self, entries: Sequence[Entry], at: int, end: int) -> Entry | None:
        """The entry whose capitals agree with the text, where one of them minds; else the one that does not."""
        printed = self.printed[self.tokens[at].start : self.tokens[end - 1].end]
        cased = [entry for entry in entries if entry.get("cased") and printed in entry.forms]
        return next(iter(cased), None) or next((entry for entry in entries if not entry.get("cased")), None)

    def unit(self, index: int, money: Unit | None) -> Unit:
        """The unit that follows a number, else the currency before it; two currencies are told."""
        found = self.unit_at(index)
        if found and money and self._opens_next(index):
            found = None  # USD 2.61 EUR 3.09
        if found and (not money or self.lexicons.kind(found.unit) == "money"):
            again = self.unit_at(found.end)
            both = again and {self.lexicons.kind(again.unit), self.lexicons.kind(found.unit)} == {"money"}
            if both and self.tokens[found.end].gap == JOINED:
                return replace(found, end=again.end, note=f"two currencies: {found.unit} and {again.unit}")
            whose = money and entry_at(self.tokens, index, self.lexicon, "unit", place="after")
            general = money and (found.unit == self.traits["currency_default"] or bool(whose and whose[0].get("also")))
            return replace(found, unit=money.unit, note=money.note) if general else found  # 港币500万元
        return Unit(money.unit, index, note=money.note) if money else Unit(None, index)

    def _opens_next(self, at: int) -> bool:
        """True when a currency stands before the next number, not after this one."""
        before = self.money(at)
        return before is not None and self.tokens[before.end].kind == DIGITS

    def _goes_on(self, at: int, start: int) -> bool:
        """True when a unit is but the first half of a hyphened word, or the first sign of a longer noun (20成员)."""
        tokens = self.tokens
        if not self.spaced:
            return self._cuts_noun(start, at)
        if self.nouns.known_end(start) > at:
            return True  # 40 day care centres
        if at + 1 >= len(tokens) or tokens[at].text != "-" or tokens[at].gap != JOINED:
            return False
        return tokens[at - 1].kind == WORD and tokens[at + 1].gap == JOINED and tokens[at + 1].kind == WORD

    def _cuts_noun(self, start: int, at: int) -> bool:
        """True where a noun runs on past the unit that ends at `at` (20成员, 5个月饼), unless another begins there (9成员工)."""
        trie = self.lexicon.trie("noun")
        if at == start + 1:
            noun = trie.longest(self.tokens, start)
            after = trie.longest(self.tokens, at) if noun and noun[1] > at else None
            return noun is not None and noun[1] > at and not (after and after[1] > noun[1])
        found = (trie.longest(self.tokens, index) for index in range(start + 1, at))
        return any(noun and noun[1] > at for noun in found)

    def is_share_of(self, at: int) -> bool:
        """True where the word at token `at` follows a percentage, so that it leads to the whole: 30 % of 12 million."""
        found = self.lexicon.trie("unit", place="after", backward=True).longest(self.tokens, at - 1)
        return found is not None and found[0].unit == PERCENT

    def misprint(self, at: int) -> tuple[Entry, int] | None:
        """A magnitude one letter off, where no dictionary knows the word and a unit or a known noun follows it."""
        tokens = self.tokens
        if at + 1 >= len(tokens) or tokens[at].kind != WORD or tokens[at].gap > LINE or len(tokens[at].text) < 3:
            return None
        word = tokens[at].text
        if self.has_unit(at) or is_word(word, self.lexicon) or self.lexicon.trie("noun").longest(tokens, at):
            return None
        entry = one_letter_off(word, self.lexicon, "magnitude", least=3)
        follows = self.has_unit(at + 1) or self.nouns.is_known_at(at + 1)
        return (entry, at + 1) if entry and follows else None
