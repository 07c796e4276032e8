"""Find the counted noun where words are parted by spaces, inflected, and what depends on the head follows it.

In      the tokens of a document and a Lexicon; then the index after a number, and the number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   lemmas, nouns, lexicon, tokens.  Used by phrases.
"""

from decimal import Decimal

from csrbook.lemmas import bases, is_word, tags
from csrbook.nouns import MONEY_NOUN, UNKNOWN, Counted, Nouns
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SPACE, WORD

__all__ = ["HeadFirst"]

ONE, PAUCAL, MANY, PART = "one", "paucal", "many", "part"  # what a number asks of its noun
OBLIQUE = ("gent", "datv", "ablt", "loct")
PLURAL = frozenset(("plur", case) for case in (*OBLIQUE, "gen2", "loc2"))
ASKS = {
    ONE: None,  # any form: 21 in every case, and plural words (21 scissors)
    PAUCAL: PLURAL | {("sing", "gent"), ("plur", "accs")},  # 2 to 4
    MANY: PLURAL,
    PART: frozenset({("sing", "gent"), ("plur", "gent")}),  # 2.5
}
LEAST_UNIT = 3  # letters; shorter ones after an adjective are other words
LABEL = 24  # tokens of a label before a colon or dash
LABEL_ENDS = frozenset(":-\u2014.\u2026|")


def _asks(count: Decimal | None) -> frozenset | None:
    """What forms a number goes with, or None where any will do."""
    if count is None:
        return None
    if count != count.to_integral_value():
        return ASKS[PART]
    tens, ones = int(count) % 100, int(count) % 10
    if 10 < tens < 20 or not 0 < ones < 5:
        return ASKS[MANY]
    return ASKS[ONE if ones == 1 else PAUCAL]


class HeadFirst(Nouns):
    """The order of Russian: adjectives, then the head in the form that the number asks for; what depends on it follows."""

    def after(self, at: int, count: Decimal | None = None) -> Counted | None:
        """Return the counted noun that follows directly at token `at`, in a form that goes with the number, or None."""
        if at >= len(self.tokens) or self.tokens[at].gap == BLANK:
            return None
        if at and self.tokens[at - 1].kind == WORD and "adjective" in (part for part, *_ in self._tags(at - 1)):
            count = None  # the number is an adjective itself: a 10-million audience
        found = self._head(self._window(at), _asks(count))
        return self._both(found) if found else None

    def is_ordinal(self, at: int, count: Decimal) -> bool:
        """True where the word at token `at` is a noun in a singular that the number cannot count: element 13, 5 klass."""
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is not None and token.text == "-" and token.gap == JOINED and at + 1 < len(self.tokens):
            return self.tokens[at + 1].gap == JOINED and self.tokens[at + 1].kind == WORD and self._part(at + 1) == "adjective"  # 3-room flats
        asked = _asks(count)
        if token is None or token.kind != WORD or token.gap != SPACE or count >= 1000 or count != count.to_integral_value():
            return False
        if (at < 2 or self.tokens[at - 1].gap >= LINE) and self._is_capital(at):
            return True  # 1 Potential: the number of a heading
        if asked is None or at + 1 < len(self.tokens) and self.tokens[at + 1].text == "-" and self.tokens[at + 1].gap == JOINED:
            return False
        every = self._tags(at)
        nouns = [forms for part, forms, own in every if part == "noun" and "Fixd" not in own]
        return bool(nouns) and len(nouns) == len(every) and all(number == "sing" and (number, case) not in asked for number, case in nouns)

    def _bases(self, index: int) -> tuple[str, ...]:
        return bases(self.tokens[index].text, self.traits["lemmatiser"])

    def _tags(self, index: int):
        return tags(self.tokens[index].text, self.traits["lemmatiser"])

    # -- the phrase --------------------------------------------------------------------------------------------------

    def _window(self, at: int) -> range:
        """As in nouns, but a line that opens with a capital is another one: in print a counted noun has none."""
        window = super()._window(at)
        for index in window:
            if self.tokens[index].gap == LINE and self._is_capital(index):
                return range(at, index)
        return window

    def _is_capital(self, index: int) -> bool:
        """True for a word that opens with a capital and goes on in small letters; what is all capitals is a short name."""
        start = self.tokens[index].start
        return self.printed[start : start + 2].istitle() and self.printed[start : start + 1].isupper()

    def _head(self, window: range, asked: frozenset | None = None) -> Counted | None:
        last = None  # adjective that is a noun where no noun follows
        for index in window:
            token = self.tokens[index]
            if last is not None and (unit := self._unit(index)):
                return unit
            found = self._known(index, window.stop)
            if found and self._goes(self._inflected(index, found[1]), asked) and not (found[1] == index + 1 and self._describes(index, window)):
                return self._listed(*found, window)
            if token.kind != WORD or token.text in self.lexicon.words("stop", part="modifier") or token.text in self.traits["and"]:
                continue
            followed = index + 1 < window.stop and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
            part = self._part(index)
            if part == "noun" and not followed and self._goes(index, asked) and not self._describes(index, window):
                return self._unknown(index)
            if part == "noun" and not followed and last is None and not self._describes(index, window):
                return None  # a noun in another case: the number is not its number
            foreign = part == "other" and token.text.isalpha() and not token.text.isascii() and not is_word(token.text, self.lexicon)
            if foreign and not followed:
                return self._unknown(index)
            if part in ("verb", "other") and not followed and token.text.isalpha() and not token.text.isascii():
                break
            if part in ("adjective", "noun") and self._goes(index, asked):
                last = index
        return self._unknown(last) if last is not None else None

    def _inflected(self, index: int, end: int) -> int:
        """The word of a known noun that shows its form: the last of a compound with a hyphen, else the first."""
        joined = index + 1 < end and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
        return end - 1 if joined else index

    def _listed(self, entry, end: int, window: range) -> Counted:
        if entry.get("weak") and end < window.stop:
            inner = self._head(range(end, min(window.stop, end + 4)))
            if inner and inner.rule != UNKNOWN:
                return inner
        return Counted(entry.unit, end, "counted noun")

    def _unit(self, index: int) -> Counted | None:
        """A unit that adjectives part from its number: 10 working days, 5 full years."""
        found = self.lexicon.trie("unit", place="after").longest(self.tokens, index)
        if not found or found[0].get("value") or found[0].get("cased") or len(self.tokens[index].text) < LEAST_UNIT:
            return None
        return Counted(found[0].unit, found[1], "unit after an adjective")

    def _goes(self, index: int, asked: frozenset | None) -> bool:
        """True when a word can stand in a form that the number asks for; what no dictionary knows can."""
        if asked is None or self.tokens[index].kind != WORD or not is_word(self.tokens[index].text, self.lexicon):
            return True
        every = [one for one in self._tags(index) if one[0] in ("noun", "adjective")]
        return not every or any(self._fits(*one, asked) for one in every)

    def _fits(self, part: str, forms: tuple[str, str], own: frozenset[str], asked: frozenset) -> bool:
        paucal = asked is ASKS[PAUCAL] and part == "adjective" and forms == ("plur", "nomn")  # two large schools
        return forms in asked or paucal or "Fixd" in own

    def _describes(self, index: int, window: range) -> bool:
        """True for a word that is a noun or an adjective, before a noun that it agrees with: working days, sick children."""
        if index + 1 >= window.stop or self.tokens[index + 1].kind != WORD:
            return False
        mine = [(forms, own) for part, forms, own in self._tags(index) if part == "adjective"]
        if not mine:
            return False
        theirs = [(forms, own) for part, forms, own in self._tags(index + 1) if part == "noun"]
        alone = any("Subx" in own for _, own in mine)
        # in the genitive the second could depend on the first: sick children, but pupils of schools
        return any(one == two and (not alone or one[1] != "gent" or "anim" in own) for one, _ in mine for two, own in theirs)

    def is_verb(self, index: int) -> bool:
        return index >= 0 and self.tokens[index].kind == WORD and self._part(index) == "verb"

    # -- before the number -------------------------------------------------------------------------------------------

    def before(self, at: int, last: int = 0) -> Counted | None:
        """As in nouns, but a thing in the singular counts nothing, unless the number has a magnitude: a crowd of 2 million."""
        found = super().before(at, last)
        if found is None or "|" in (token.text for token in self.tokens[found.end : at]):
            return None
        scaled = last > 0 and self.tokens[last - 1].kind == WORD
        plural = any(number == "plur" for _, (number, _), _ in self._tags(found.end))
        return found if scaled or plural or found.unit == MONEY_NOUN or found.unit in self.people else None

    def label(self, at: int) -> Counted | None:
        """What a label before a colon, dash or leader says is counted: its first noun in the genitive plural, or the word beside it."""
        tokens, first = self.tokens, at
        while first > 0 and tokens[first - 1].text in LABEL_ENDS and tokens[first].gap < LINE:
            first -= 1
        stop = first
        if stop == at:
            return None
        while first > 0 and stop - first < LABEL and tokens[first].gap < LINE and self._labels(first - 1):
            first -= 1
        if first > 0 and tokens[first].gap < LINE and tokens[first - 1].kind == DIGITS:  # what follows a number is counted by that one
            first = next((i for i in range(first, stop) if tokens[i].text == ","), stop)
        for index in range(first, stop):
            if self._is_plural_noun(index, "gent") and not self._describes(index, range(first, stop)):
                unit, found = self._unit(index), self._known(index, stop)
                told = unit.unit if unit else found[0].unit if found else self._lemma(index).text
                return Counted(told, first, "counted noun in a label")
        beside = self._known(stop - 1, stop) if self._is_plural_noun(stop - 1, "nomn") else None
        return Counted(beside[0].unit, stop - 1, "counted noun before") if beside and beside[0].unit != MONEY_NOUN else None

    def _labels(self, index: int) -> bool:
        token = self.tokens[index]
        return token.kind != DIGITS and token.text not in self.traits["clause_end"]

    def _is_plural_noun(self, index: int, case: str) -> bool:
        token = self.tokens[index]
        if token.kind != WORD or len(token.text) < LEAST_UNIT or token.text in self.stops:
            return False
        if len(token.text) <= LEAST_UNIT and self.tokens[index + 1].text == "-":
            return False  # the first half of a short form
        return any(part == "noun" and forms == ("plur", case) for part, forms, _ in self._tags(index))
