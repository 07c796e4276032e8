"""Tell which words go together by their forms: what a number asks of its noun, what an adjective agrees with.

In      the tokens of a document in an inflected language, and its Lexicon; then the index of a word, and a number.
Out     whether the word can stand there, and the dictionary form that it has there.
Never   reads a number, or finds the head of a phrase (heads_first does).
Needs   lemmas, nouns, tokens.  Used by first_before and heads_first.
"""

from decimal import Decimal

from csrbook.lemmas import bases, is_word, noun_bases, tags
from csrbook.nouns import UNKNOWN, Counted, Nouns
from csrbook.tokens import BLANK, LINE, WORD

__all__ = ["ASKS", "MANY", "Inflected", "asks"]

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
LIVING = frozenset({"anim"})
NAMES = frozenset({"Surn", "Name", "Patr", "Geox"})
NOMINALS, AGREES = frozenset({"NOUN", "NPRO"}), frozenset({"sing", "plur", "masc", "femn", "neut"})
GENDERS = frozenset({"masc", "femn", "neut"})
TRANSITIVE, ACTIONS = frozenset({"tran"}), frozenset({"VERB", "INFN"})
BY_FORM = "noun by its form"  # a dictionary has the word, and its form goes with the number


def asks(count: Decimal | None) -> frozenset | None:
    """What forms a number goes with, or None where any will do."""
    if count is None:
        return None
    if count != count.to_integral_value():
        return ASKS[PART]
    tens, ones = int(count) % 100, int(count) % 10
    if 10 < tens < 20 or not 0 < ones < 5:
        return ASKS[MANY]
    return ASKS[ONE if ones == 1 else PAUCAL]


class Inflected(Nouns):
    """Nouns of a language in which the form of a word tells what it goes with."""

    def _bases(self, index: int) -> tuple[str, ...]:
        return bases(self.tokens[index].text, self.traits["lemmatiser"])

    def _tags(self, index: int):
        return tags(self.tokens[index].text, self.traits["lemmatiser"])

    def is_plural_adjective(self, index: int) -> bool:
        return any(part == "adjective" and number == "plur" for part, (number, _), _ in self._tags(index))

    def is_verb(self, index: int) -> bool:
        return 0 <= index < len(self.tokens) and self.tokens[index].kind == WORD and self._part(index) == "verb"

    def _is_preposition(self, index: int) -> bool:
        return any("PREP" in own for _, _, own in self._tags(index)[:1])

    def takes_object(self, index: int, since: int = 0) -> bool:
        tags = self._tags(index) if 0 <= index < len(self.tokens) else ()
        verbs = [own for _, _, own in tags if TRANSITIVE <= own and own & ACTIONS or "PRTS" in own]
        return bool(verbs) and not self._has_subject(index, since, verbs)

    def _has_subject(self, index: int, since: int, verbs: list[frozenset[str]]) -> bool:
        """True where a noun or pronoun in the nominative that agrees with one of these verbs stands before it in its clause."""
        ends = (*self.traits["clause_end"], *self.traits["sentence_end"], ",")
        for at in range(index - 1, since - 1, -1):
            if self.tokens[at].text in ends or self.tokens[at + 1].gap == BLANK:
                return False
            tags = self._tags(at) if self.tokens[at].kind == WORD else ()
            named = [own for _, _, own in tags if "nomn" in own and own & NOMINALS] if tags and tags[0][2] & NOMINALS else []
            if any(verb & AGREES <= own | GENDERS - own & GENDERS for verb in verbs for own in named) and not self._after_preposition(at):
                return True
        return False

    def _after_preposition(self, index: int) -> bool:
        while index > 0 and self.tokens[index].gap <= LINE and self.tokens[index - 1].kind == WORD and self._part(index - 1) == "adjective":
            index -= 1
        return index > 0 and self.tokens[index].gap <= LINE and self._is_preposition(index - 1)

    def _is_plural_noun(self, index: int, case: str) -> bool:
        token = self.tokens[index]
        if token.kind != WORD or len(token.text) < LEAST_UNIT or token.text in self.stops:
            return False
        if len(token.text) <= LEAST_UNIT and self.tokens[index + 1].text == "-":
            return False  # the first half of a short form
        return any(part == "noun" and forms == ("plur", case) for part, forms, _ in self._tags(index))

    def _is_capital(self, index: int) -> bool:
        """True for a word that opens with a capital and goes on in small letters; what is all capitals is a short name."""
        start = self.tokens[index].start
        return self.printed[start : start + 2].istitle() and self.printed[start : start + 1].isupper()

    def _unknown(self, index: int, asked: frozenset | None = None) -> Counted:
        """As in nouns, but in the dictionary form of the reading that the number asks for, no name where it may be a word."""
        if alike := self._alike(index):
            return alike
        found = super()._unknown(index)
        if found.rule != UNKNOWN or asked is None:
            return found
        fits = [(base, own) for base, forms, own in noun_bases(self.tokens[index].text, self.traits["lemmatiser"]) if forms in asked]
        if not fits:
            return found
        base = min(fits, key=lambda one: (bool(one[1] & NAMES), "anim" not in one[1] and not is_word(one[0], self.lexicon)))[0]
        rule = BY_FORM if is_word(self.tokens[index].text, self.lexicon) else UNKNOWN
        return Counted(base, found.end, rule)

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

    def _describes(self, index: int, window: range, asked: frozenset | None = None) -> bool:
        """True for a word that is a noun or an adjective, before a noun that it agrees with: working days, sick children."""
        if index + 1 >= window.stop or self.tokens[index + 1].kind != WORD or self.tokens[index + 1].text in self.stops:
            return False
        mine = [(forms, own) for part, forms, own in self._tags(index) if part == "adjective"]
        if not mine:
            return False
        alone = any("Subx" in own for _, own in mine)
        beside, pure = self._tags(index + 1), all(part != "noun" for part, *_ in self._tags(index))
        theirs = [(forms, own) for part, forms, own in beside if part == "noun" or pure and not alone and part == "adjective"]
        single = any(part == "noun" and forms == ("sing", "gent") and "anim" in own for part, forms, own in beside)
        if asked is ASKS[PAUCAL] and (single or self._unit(index + 1)) and any(forms == ("plur", "gent") for forms, _ in mine):
            return True  # two working days, three sick children: the adjective is plural, the noun after 2 to 4 singular
        # in the genitive the second could depend on the first: sick children, but pupils of schools; in the accusative what lives
        # has a form of its own: pupils of the capital
        pairs = ((one, own, mark & LIVING == own & LIVING) for one, mark in mine for two, own in theirs if one == two)
        agree = ((one, own) for one, own, alike in pairs if alike or one[1] != "accs")
        return any(not alone or one[1] != "gent" or "anim" in own for one, own in agree)
