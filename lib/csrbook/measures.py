"""Find the unit at a place of a document: a currency, a percent sign, tonnes, person-times; before or after a number.

In      the tokens of a document in one language, and the Lexicons; then the index after a number.
Out     Unit: its code, the token index after it, what one of it is worth, what is odd about it.
Never   reads a number, or knows what is counted without a unit (nouns does).
Needs   grammar, lemmas, lexicon, nouns, tokens.  Used by spreads and quantities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from csrbook.figures import ONE
from csrbook.lemmas import is_word
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.nouns import Nouns, one_letter_off
from csrbook.tokens import JOINED, LINE, WORD, Token

__all__ = ["Measures", "Unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that was found: its code, the token index after it, what one of it is worth, what is odd about it."""

    unit: str | None
    end: int
    factor: Decimal = ONE
    tenths: bool = False
    note: str | None = None


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

    def has_unit(self, at: int) -> bool:
        return self.unit_at(at) is not None

    def unit_at(self, at: int) -> Unit | None:
        """The unit that stands at a token, or after a hyphen there (12-month), in any form that is not cut short."""
        tokens = self.tokens
        if at >= len(tokens) or tokens[at].gap > LINE:
            return None
        hyphen = tokens[at].text == "-" and tokens[at].gap == JOINED and at + 1 < len(tokens)
        for index in (at, at + 1) if hyphen else (at,):
            for entries, end in reversed(self.lexicon.trie("unit", place="after").all(tokens, index)):
                entry = self._as_printed(entries, index, end)
                if entry and not self._goes_on(end):
                    return Unit(entry.unit, end, Decimal(entry.get("value", "1")), bool(entry.get("tenths")), entry.get("note"))
            if entry := self.lexicon.words_by("unit", "joined").get(tokens[index].text):
                return Unit(entry.unit, index + 1, Decimal(entry.get("value", "1")))
        return None

    def _as_printed(self, entries: Sequence[Entry], at: int, end: int) -> Entry | None:
        """The entry whose capitals agree with the text, where one of them minds; else the one that does not."""
        printed = self.printed[self.tokens[at].start : self.tokens[end - 1].end]
        cased = [entry for entry in entries if entry.get("cased") and printed in entry.forms]
        return next(iter(cased), None) or next((entry for entry in entries if not entry.get("cased")), None)

    def unit(self, index: int, money: Entry | None) -> Unit:
        """The unit that follows a number, else the currency before it; two currencies are told."""
        found = self.unit_at(index)
        if found and (not money or self.lexicons.kind(found.unit) == "money"):
            again = self.unit_at(found.end)
            both = again and {self.lexicons.kind(again.unit), self.lexicons.kind(found.unit)} == {"money"}
            if both and self.tokens[found.end].gap == JOINED:
                return replace(found, end=again.end, note=f"two currencies: {found.unit} and {again.unit}")
            general = money and found.unit == self.traits["currency_default"]
            return replace(found, unit=money.unit) if general else found  # 港币500万元
        return Unit(money.unit if money else None, index)

    def _goes_on(self, at: int) -> bool:
        """True when a unit is but the first half of a hyphened word."""
        tokens = self.tokens
        if at + 1 >= len(tokens) or tokens[at].text != "-" or tokens[at].gap != JOINED:
            return False
        return self.spaced and tokens[at - 1].kind == WORD and tokens[at + 1].gap == JOINED and tokens[at + 1].kind == WORD

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
