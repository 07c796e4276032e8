"""Find the counted noun where words are parted by spaces, inflected, and what depends on the head follows it.

In      the tokens of a document and a Lexicon; then the index after a number, and the number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   first_before, inflections, lemmas, nouns, tokens.  Used by phrases.
"""

from dataclasses import replace
from decimal import Decimal

from csrbook.first_before import LABEL_ENDS, FirstBefore
from csrbook.inflections import ASKS, MANY, asks
from csrbook.lemmas import HYPHENS, is_word
from csrbook.nouns import ALONE, REACH, UNKNOWN, Counted
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SPACE, WORD

__all__ = ["HeadFirst"]

PARTED = 8  # words between a participle and its noun: 20 classes equipped for the new standard
AGED = frozenset({"nomn", "gent", "accs", "ablt"})  # in the dative a time may be what somebody is given: a loan for 3 years
AGES = frozenset({"year", "month"})


class HeadFirst(FirstBefore):
    """The order of Russian: adjectives, then the head in the form that the number asks for; what depends on it follows."""

    def after(self, at: int, count: Decimal | None = None) -> Counted | None:
        """Return the counted noun that follows directly at token `at`, in a form that goes with the number, or None."""
        if at >= len(self.tokens) or self.tokens[at].gap == BLANK:
            return None
        at = self._past_size(self._past_code(at))
        if at and self.tokens[at - 1].kind == WORD and "adjective" in (part for part, *_ in self._tags(at - 1)):
            count = None  # the number is an adjective itself: a 10-million audience
        return self._head(self._window(at), asks(count))

    def is_ordinal(self, at: int, count: Decimal) -> bool:
        """True where the word at token `at` is a noun in a singular that the number cannot count: element 13, 5 klass."""
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is not None and token.text == "-" and token.gap == JOINED and at + 1 < len(self.tokens):
            return self.tokens[at + 1].gap == JOINED and self.tokens[at + 1].kind == WORD and self._part(at + 1) == "adjective"
        asked = asks(count)
        if token is None or token.kind != WORD or token.gap != SPACE or count >= 1000 or count != count.to_integral_value():
            return False
        if (at < 2 or self.tokens[at - 1].gap >= LINE) and self._is_capital(at):
            return True  # 1 Potential: the number of a heading
        if asked is None or at + 1 < len(self.tokens) and self.tokens[at + 1].text == "-" and self.tokens[at + 1].gap == JOINED:
            return False
        every = self._tags(at)
        nouns = [forms for part, forms, own in every if part == "noun" and "Fixd" not in own]
        return bool(nouns) and len(nouns) == len(every) and all(number == "sing" and (number, case) not in asked for number, case in nouns)

    def is_inverted(self, at: int, count: Decimal) -> bool:
        tokens = self.tokens
        if at < 1 or tokens[at - 1].kind != WORD or tokens[at].gap > LINE:
            return False
        roots = [self.lexicon.trie(section).root for section in ("numeral", "magnitude")]
        first = at - 2
        while first > 0 and tokens[first].kind == WORD and self._part(first) == "adjective":
            first -= 1
        before = tokens[first] if at > 1 else None
        numbered = before is not None and (before.kind == DIGITS or before.text == "." or any(before.text in root for root in roots))
        asked = asks(count)
        forms = ("plur", "gent") if asked is ASKS[MANY] else ("sing", "gent")
        return not numbered and asked is not None and any(part == "noun" and own == forms for part, own, _ in self._tags(at - 1))

    def right_before(self, at: int) -> Counted | None:
        found = self._known(at - 1, at)
        return Counted(found[0].unit, at - 1, "counted noun before") if found else None

    def _past_code(self, at: int) -> int:
        """The index after a code that is grown to the noun: 60 3D-printers."""
        tokens = self.tokens
        if tokens[at].kind != DIGITS or tokens[at].gap != SPACE or at + 3 >= len(tokens) or tokens[at + 1].kind != WORD:
            return at
        joined = all(token.gap == JOINED for token in tokens[at + 1 : at + 4])
        return at + 3 if joined and tokens[at + 2].text == "-" and tokens[at + 3].kind == WORD else at

    def _past_size(self, at: int) -> int:
        """The index after a number that is grown to an adjective: three 3-storey houses."""
        tokens = self.tokens
        if tokens[at].kind != DIGITS or tokens[at].gap != SPACE or at + 3 >= len(tokens) or tokens[at + 1].text != "-":
            return at
        joined = tokens[at + 1].gap == tokens[at + 2].gap == JOINED and tokens[at + 2].kind == WORD
        return at + 3 if joined and self._part(at + 2) == "adjective" and tokens[at + 3].gap <= LINE else at

    # -- the phrase --------------------------------------------------------------------------------------------------

    def _window(self, at: int) -> range:
        """As in nouns, but a line that opens with a capital is another one: in print a counted noun has none."""
        window = self._bracketed(super()._window(at))
        for index in window:
            if self.tokens[index].gap == LINE and self._is_capital(index):
                return range(at, index)
        return window

    def _bracketed(self, window: range) -> range:
        """The window with a word in brackets and what follows it: 40 peasant (farmer) households."""
        tokens, at = self.tokens, window.stop
        if not window or at + 3 >= len(tokens) or (tokens[at].text, tokens[at + 2].text) != ("(", ")") or tokens[at + 3].gap > LINE:
            return window
        if self._part(at - 1) != "adjective" or tokens[at + 1].kind != WORD or self._part(at + 1) != "adjective":
            return window
        return range(window.start, super()._window(at + 3).stop)

    def _parted(self, window: range, asked: frozenset | None) -> Counted | None:
        """The noun that a participle's own words part from it: 30 schools that are built in the region (Russian puts them between)."""
        first, tokens = window.start, self.tokens
        participle = any("PRTF" in own and forms == ("plur", "gent") for _, forms, own in self._tags(first)) if window else False
        if not participle or window.stop != first + 1 or window.stop >= len(tokens) or tokens[window.stop].kind != WORD:
            return None
        nouns = 0
        for index in range(window.stop, min(len(tokens), window.stop + PARTED)):
            if tokens[index].kind != WORD or tokens[index].gap > LINE:
                return None
            part = self._part(index)
            if part == "verb":
                return None
            if nouns and (index == first or self._is_plural_noun(index, "gent")) and self._goes(index, asked):
                found = self._known(index, len(tokens))
                return self._listed(*found, range(index, found[1])) if found else self._unknown(index, asked)
            nouns += part == "noun"
        return None

    def _is_adverb(self, index: int, window: range) -> bool:
        """True for the adverb of an adjective: 47 socially important places."""
        if not any("ADVB" in own for _, _, own in self._tags(index)) or index + 1 >= window.stop:
            return False
        return self.tokens[index + 1].kind == WORD and self._part(index + 1) == "adjective"

    def _head(self, window: range, asked: frozenset | None = None) -> Counted | None:
        last = None  # adjective that is a noun where no noun follows
        if parted := self._parted(window, asked):
            return parted
        for index in window:
            token = self.tokens[index]
            if self._is_adverb(index, window):
                continue
            if last is not None and (unit := self._unit(index)):
                return unit
            found = self._known(index, window.stop)
            describes = (not found or found[1] == index + 1) and self._describes(index, window, asked)
            if found and index == window.start and self._is_named(index, found[1], asked):
                return Counted(found[0].unit, found[1], "counted noun")
            last = index if found and describes else last
            if found and not describes and self._goes(self._inflected(index, found[1]), asked):
                return self._listed(*found, window)
            if token.kind == WORD and index > 1 and self.tokens[index - 1].text in HYPHENS and (unit := self._unit(index)):
                return unit  # broken at a line end
            if token.kind != WORD or token.text in self.lexicon.words("stop", part="modifier") or token.text in self.traits["and"]:
                continue
            followed = index + 1 < window.stop and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
            part = self._part(index)
            if part == "noun" and not followed and self._goes(index, asked) and not describes:
                return self._unknown(index, asked)
            if part == "noun" and not followed and last is None and not describes:
                return None  # a noun in another case: the number is not its number
            foreign = part == "other" and token.text.isalpha() and not token.text.isascii() and not is_word(token.text, self.lexicon)
            if foreign and not followed:
                return self._unknown(index)
            if part in ("verb", "other") and not followed and token.text.isalpha() and not token.text.isascii():
                break
            if part in ("adjective", "noun") and self._goes(index, asked):
                last = index
        return self._alone(last, asked) if last is not None else None

    def _alone(self, index: int, asked: frozenset | None) -> Counted:
        """An adjective with no noun after it: of 12 requests 5 anonymous ones."""
        found = self._unknown(index, asked)
        part, _, own = next(iter(self._tags(index)), ("", None, frozenset()))
        return replace(found, rule=ALONE) if part == "adjective" and "Subx" not in own else found

    def _is_named(self, index: int, end: int, asked: frozenset | None) -> bool:
        """True for persons in the nominative right after a number that asks for a genitive: 597 volunteers came, as is often written."""
        if asked is None or end != index + 1 or not self._is_person(index) or self._goes(index, asked):
            return False
        return any(part == "noun" and forms == ("plur", "nomn") for part, forms, _ in self._tags(index))

    def _inflected(self, index: int, end: int) -> int:
        """The word of a known noun that shows its form: the last of a compound with a hyphen, else the first."""
        joined = index + 1 < end and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
        return end - 1 if joined else index

    def _listed(self, entry, end: int, window: range) -> Counted:
        if entry.get("weak") and end < window.stop:
            inner = self._head(range(end, min(window.stop, end + 4)))
            if inner and inner.rule not in (UNKNOWN, ALONE):
                return inner
        return Counted(entry.unit, end, "counted noun")

    # -- around the number -------------------------------------------------------------------------------------------

    def of(self, at: int) -> Counted | None:
        """As in nouns, but with no number after "of" only persons are parts: 45 from rural districts are none of districts."""
        found = super().of(at)
        direct = found and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == WORD and self.tokens[at + 1].text not in self.passed
        return None if direct and found.unit not in self.people else found

    def is_aside(self, first: int, last: int) -> bool:
        """As in nouns, and for ages beside the persons that they are told of: children from 7 to 14 years, 12-year-old pupils."""
        if super().is_aside(first, last) or self._part(last - 1) == "adjective" and self._is_person(last):
            return True
        index = first - 1
        while index > 0 and first - index < REACH and (self.tokens[index].kind == DIGITS or self.tokens[index].text in self.within):
            if self.tokens[index].text in LABEL_ENDS and self.tokens[index - 1].kind != DIGITS:
                return False  # the average age of employees - 38 years
            index -= 1
        ends = any(token.text in self.within for token in self.tokens[first:last])
        if self.tokens[index + 1].text == "," and not ends and not self._is_apposition(index, last):
            return False  # 40 people came, 12 days went by; the director, 10 years ago
        spread = index < first - 1 or ends
        return spread and self._is_person(index) and any(part == "noun" and case in AGED for part, (_, case), _ in self._tags(index))

    def _is_apposition(self, index: int, last: int) -> bool:
        """True where a time between commas may be the age of the person at a token: years or months of one person, with no word after."""
        unit, after = self._unit(last - 1), self.tokens[last] if last < len(self.tokens) else None
        followed = after is not None and after.kind in (WORD, DIGITS) and after.gap <= LINE
        single = any(part == "noun" and number == "sing" for part, (number, _), _ in self._tags(index))
        return single and not followed and unit is not None and unit.unit in AGES
