"""Find the counted noun where words are parted by spaces, inflected, and what depends on the head follows it.

In      the tokens of a document and a Lexicon; then the index after a number, and the number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   lemmas, nouns, tokens.  Used by phrases.
"""

from dataclasses import replace
from decimal import Decimal

from csrbook.lemmas import HYPHENS, bases, is_word, mended, noun_bases, tags
from csrbook.nouns import ALONE, MONEY_NOUN, REACH, REACH_BACK, UNKNOWN, Counted, Nouns
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
PARTED = 8  # words between a participle and its noun: 20 classes equipped for the new standard
LIVING = frozenset({"anim"})
AGED = frozenset({"nomn", "gent", "accs", "ablt"})  # in the dative a time may be what somebody is given: a loan for 3 years
NAMES = frozenset({"Surn", "Name", "Patr", "Geox"})
BY_FORM = "noun by its form"  # a dictionary has the word, and its form goes with the number
BESIDE = 3  # tokens between "they" and their number
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

    def __init__(self, tokens, lexicon, lexicons) -> None:
        super().__init__(mended(tokens, lexicon), lexicon, lexicons)
        self.totals = lexicon.words("stop", part="total")
        self.them = lexicon.words("stop", part="them")
        self.phrases = lexicon.stops_before("phrase")  # prepositions of several words: in the result of, by data of

    def after(self, at: int, count: Decimal | None = None) -> Counted | None:
        """Return the counted noun that follows directly at token `at`, in a form that goes with the number, or None."""
        if at >= len(self.tokens) or self.tokens[at].gap == BLANK:
            return None
        at = self._past_code(at)
        if at and self.tokens[at - 1].kind == WORD and "adjective" in (part for part, *_ in self._tags(at - 1)):
            count = None  # the number is an adjective itself: a 10-million audience
        return self._head(self._window(at), _asks(count))

    def is_ordinal(self, at: int, count: Decimal) -> bool:
        """True where the word at token `at` is a noun in a singular that the number cannot count: element 13, 5 klass."""
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is not None and token.text == "-" and token.gap == JOINED and at + 1 < len(self.tokens):
            return self.tokens[at + 1].gap == JOINED and self.tokens[at + 1].kind == WORD and self._part(at + 1) == "adjective"
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
        asked = _asks(count)
        forms = ("plur", "gent") if asked is ASKS[MANY] else ("sing", "gent")
        return not numbered and asked is not None and any(part == "noun" and own == forms for part, own, _ in self._tags(at - 1))

    def right_before(self, at: int) -> Counted | None:
        found = self._known(at - 1, at)
        return Counted(found[0].unit, at - 1, "counted noun before") if found else None

    def is_plural_adjective(self, index: int) -> bool:
        return any(part == "adjective" and number == "plur" for part, (number, _), _ in self._tags(index))

    def _past_code(self, at: int) -> int:
        """The index after a code that is grown to the noun: 60 3D-printers."""
        tokens = self.tokens
        if tokens[at].kind != DIGITS or tokens[at].gap != SPACE or at + 3 >= len(tokens) or tokens[at + 1].kind != WORD:
            return at
        joined = all(token.gap == JOINED for token in tokens[at + 1 : at + 4])
        return at + 3 if joined and tokens[at + 2].text == "-" and tokens[at + 3].kind == WORD else at

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

    def _is_capital(self, index: int) -> bool:
        """True for a word that opens with a capital and goes on in small letters; what is all capitals is a short name."""
        start = self.tokens[index].start
        return self.printed[start : start + 2].istitle() and self.printed[start : start + 1].isupper()

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
            describes = found and found[1] == index + 1 and self._describes(index, window)
            if found and not describes and self._goes(self._inflected(index, found[1]), asked):
                return self._listed(*found, window)
            if token.kind == WORD and index > 1 and self.tokens[index - 1].text in HYPHENS and (unit := self._unit(index)):
                return unit  # broken at a line end
            if token.kind != WORD or token.text in self.lexicon.words("stop", part="modifier") or token.text in self.traits["and"]:
                continue
            followed = index + 1 < window.stop and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
            part = self._part(index)
            if part == "noun" and not followed and self._goes(index, asked) and not self._describes(index, window):
                return self._unknown(index, asked)
            if part == "noun" and not followed and last is None and not self._describes(index, window):
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

    def _describes(self, index: int, window: range) -> bool:
        """True for a word that is a noun or an adjective, before a noun that it agrees with: working days, sick children."""
        if index + 1 >= window.stop or self.tokens[index + 1].kind != WORD or self.tokens[index + 1].text in self.traits["and"]:
            return False
        mine = [(forms, own) for part, forms, own in self._tags(index) if part == "adjective"]
        if not mine:
            return False
        theirs = [(forms, own) for part, forms, own in self._tags(index + 1) if part == "noun"]
        alone = any("Subx" in own for _, own in mine)
        # in the genitive the second could depend on the first: sick children, but pupils of schools; in the accusative what lives
        # has a form of its own: pupils of the capital
        pairs = ((one, own, mark & LIVING == own & LIVING) for one, mark in mine for two, own in theirs if one == two)
        agree = ((one, own) for one, own, alike in pairs if alike or one[1] != "accs")
        return any(not alone or one[1] != "gent" or "anim" in own for one, own in agree)

    def is_verb(self, index: int) -> bool:
        return index >= 0 and self.tokens[index].kind == WORD and self._part(index) == "verb"

    # -- before the number -------------------------------------------------------------------------------------------

    def before(self, at: int, last: int = 0) -> Counted | None:
        """As in nouns, but a thing in the singular counts nothing, unless the number has a magnitude: a crowd of 2 million."""
        found = self._total(at) or super().before(at, last)
        if found is None and any(token.text in self.them for token in self.tokens[max(0, at - BESIDE) : at]):  # grew: they were 310 in May
            colon = next((i for i in range(at - 1, max(0, at - REACH_BACK), -1) if self.tokens[i].text == ":"), None)
            found = super().before(colon, last) if colon else None
        if found is None or "|" in (token.text for token in self.tokens[found.end : at]) or self._is_name(found.end):
            return None
        found = self._governor(found)
        if any(index >= 0 and self.phrases.longest(self.tokens, index) for index in (at - 1, found.end, found.end - 1)):
            return None  # in the result 25, by data of sites 25
        scaled = last > 0 and self.tokens[last - 1].kind == WORD
        plural = any(number == "plur" for _, (number, _), _ in self._tags(found.end))
        return found if scaled or plural or found.unit == MONEY_NOUN or found.unit in self.people else None

    def _is_name(self, index: int) -> bool:
        """True for a word with a capital within a sentence: the name of a street or course."""
        before = self.tokens[index - 1] if index else None
        inside = before is not None and self.tokens[index].gap < LINE and before.text not in self.traits["sentence_end"]
        return inside and self._is_capital(index) and before.text not in LABEL_ENDS

    def _total(self, at: int) -> Counted | None:
        """The noun that depends on "number" or "quantity" in the clause of token `at`: the number of accidents in plants fell to 18."""
        for index in range(at - 1, max(0, at - REACH_BACK) - 1, -1):
            token = self.tokens[index]
            if token.text in self.traits["clause_end"] or token.kind == DIGITS or self.tokens[index + 1].gap == BLANK:
                return None
            if self._lemma(index).text in self.totals:
                first = next((i for i in range(index + 1, at) if self._part(i) != "adjective"), at - 1)
                found = self._known(first, at) if first < at and self._is_plural_noun(first, "gent") else None
                return Counted(found[0].unit, first, "counted noun before") if found and found[0].unit != MONEY_NOUN else None
        return None

    def of(self, at: int) -> Counted | None:
        """As in nouns, but with no number after "of" only persons are parts: 45 from rural districts are none of districts."""
        found = super().of(at)
        direct = found and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == WORD and self.tokens[at + 1].text not in self.passed
        return None if direct and found.unit not in self.people else found

    def in_label(self, label: range) -> str | None:
        for index in label:
            found = self._known(index, label.stop)
            plural = self._is_plural_noun(index, "gent") or self._is_plural_noun(index, "nomn")
            if found and found[0].unit != MONEY_NOUN and (plural or found[1] > index + 1) and not self._describes(index, label):
                return found[0].unit
        return None

    def is_aside(self, first: int, last: int) -> bool:
        """As in nouns, and for ages beside the persons that they are told of: children from 7 to 14 years, 12-year-old pupils."""
        if super().is_aside(first, last) or self._part(last - 1) == "adjective" and self._is_person(last):
            return True
        index = first - 1
        while index > 0 and first - index < REACH and (self.tokens[index].kind == DIGITS or self.tokens[index].text in self.within):
            if self.tokens[index].text in LABEL_ENDS and self.tokens[index - 1].kind != DIGITS:
                return False  # the average age of employees - 38 years
            index -= 1
        spread = index < first - 1 or any(token.text in self.within for token in self.tokens[first:last])
        return spread and self._is_person(index) and any(part == "noun" and case in AGED for part, (_, case), _ in self._tags(index))

    def _is_person(self, index: int) -> bool:
        found = self._known(index, index + 1) if 0 <= index < len(self.tokens) and self.tokens[index].kind == WORD else None
        return found is not None and found[0].unit in self.people

    def _governor(self, found: Counted) -> Counted:
        """The first of two known nouns of which the second depends on it: the users of a platform; not the total of users."""
        index, head = found.end - 1, found
        while index >= 0 and self.tokens[index].kind == WORD and self.tokens[index + 1].gap <= LINE:
            text = self.tokens[index].text
            known = None if text in self.stops else self._known(index, head.end)
            described = known and known[1] == index + 1 and self._describes(index, range(index, head.end + 1))
            if known and not described and known[0].unit != MONEY_NOUN and self._lemma(index).text not in self.totals:
                genitive = any(part == "noun" and case == "gent" for part, (_, case), _ in self._tags(head.end))
                if not genitive:
                    return head
                head = Counted(known[0].unit, index, found.rule)
            elif self._part(index) != "adjective" or text in self.stops:
                return head
            index -= 1
        return head

    def label(self, at: int) -> Counted | None:
        """What a label before a colon, dash or leader says is counted: its first noun in the genitive plural, or the word beside it."""
        tokens, first = self.tokens, at
        while first > 0 and at - first < LABEL and tokens[first].gap < LINE and self._ends_label(first - 1):
            first -= 1
        stop = first
        if stop == at:
            return None
        while first > 0 and stop - first < LABEL and tokens[first].gap < LINE and self._labels(first - 1):
            first -= 1
        if first > 0 and tokens[first].gap < LINE and tokens[first - 1].kind == DIGITS:  # what follows a number is counted by that one
            first = next((i for i in range(first, stop) if tokens[i].text == ","), stop)
        for index in range(first, stop):
            single = index > first and ("adjective", ("sing", "nomn")) in [tag[:2] for tag in self._tags(index - 1)]
            if self._is_plural_noun(index, "gent") and not single and not self._describes(index, range(first, stop)):
                unit, found = self._unit(index), self._known(index, stop)
                told = unit.unit if unit else found[0].unit if found else self._lemma(index).text
                return Counted(told, first, "counted noun in a label")
        if tokens[stop].text == "|" and (row := self._row(range(first, stop))):
            return row
        beside = self._known(stop - 1, stop) if self._is_plural_noun(stop - 1, "nomn") else None
        return Counted(beside[0].unit, stop - 1, "counted noun before") if beside and beside[0].unit != MONEY_NOUN else None

    def _ends_label(self, index: int) -> bool:
        """True for what parts a label from its number: a colon, dash, bar; in a table also "pieces", and the cells between."""
        token, after = self.tokens[index], self.tokens[index + 1]
        return token.text in LABEL_ENDS or token.text in self.totals or token.kind == DIGITS and after.text == "|"

    def _row(self, label: range) -> Counted | None:
        """The noun that a row of a table begins with: accidents at work."""
        for index in label:
            if self._is_plural_noun(index, "nomn") and not self._describes(index, label):
                found = self._known(index, label.stop) or self._known(max(label.start, index - 1), label.stop)
                longer = self._known(index - 1, label.stop) if index > label.start else None
                return Counted((longer or found)[0].unit, label.start, "counted noun in a label") if longer or found else None
            if self._part(index) != "adjective":
                return None
        return None

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
