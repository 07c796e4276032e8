"""Give a number with no noun or unit of its own what was said before it: 58 of them, and 25 more, of which 7 million.

In      a Quantity under way and those read before it, in the tokens of its document.
Out     the Quantity with their noun, currency or unit, or None.
Never   reads a number, or looks at what has a noun of its own.
Needs   figures, grammar, lexicon, measures, nouns, numerals, tokens.  Used by quantities.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from csrbook.figures import Reading
from csrbook.grammar import ends_sentence, qualifier_before
from csrbook.lexicon import Lexicon
from csrbook.measures import Measures, Quantity
from csrbook.nouns import PERSON, Nouns
from csrbook.numerals import Numerals
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SPACE, WORD, Token

__all__ = ["Antecedents"]

LAST = "last"
THEM = 3  # tokens between "they" and their number
COUNTS = 8  # counts that a part may be of
ELIDED = 1000  # a noun is left out after smaller numbers only: handed over eight, another twelve to come
INCLUDED = 8  # tokens between "including" and its number, with no verb among them
ALIKE = 3  # how many times another a number of the same measure may be
FAR = 60  # tokens after which a noun is no longer in mind
DASHES = frozenset("-\u2014")


class Antecedents:
    """What the quantities of one document said before lend to those after."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, numerals: Numerals, nouns: Nouns, measures: Measures) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.numerals, self.nouns, self.measures = numerals, nouns, measures
        self.counts: deque[Quantity] = deque(maxlen=COUNTS)  # what was counted, for a part that must not exceed its whole
        self.counted: dict[str, Quantity] = {}  # the last count with each measure word

    def kept(self, quantity: Quantity, at: int) -> Quantity:
        """Keep what was counted with the measure word at a token, for a number after it that says no more than that word."""
        if word := self._measure_word(at):
            self.counted[word] = quantity
        if quantity.unit in self.nouns.people:
            self.counted[PERSON] = quantity
        return quantity

    def again(self, quantity: Quantity, last: int) -> Quantity | None:
        """采集水样764份,超标的仅五份: the noun said with the same measure word before in the sentence."""
        said = self.counted.get(self._measure_word(quantity.last)) or self._persons(quantity)
        if not said or not self.follows(quantity, said):
            return None
        return replace(quantity, last=last, unit=said.unit, rule=f"{quantity.rule}, noun said before")

    def _persons(self, quantity: Quantity) -> Quantity | None:
        """全校230名学生里只有17人: the people of whom the number is told to be a part."""
        said, measure = self.counted.get(PERSON), self.nouns.measure_at(quantity.last)
        fits = said and measure and measure[0].get("unit") == PERSON and said.value >= quantity.value
        return said if fits and self.nouns.is_among(quantity.first) else None

    def _measure_word(self, at: int) -> str:
        """The measure word at a token; none where it tells by itself what is counted (人次)."""
        measure = self.nouns.measure_at(at)
        itself = measure is None or measure[0].get("counts") in ("itself", "role")
        return "" if itself else "".join(t.text for t in self.tokens[at : measure[1]])

    def carried(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """Give a number with no noun the one counted before it: 58 of them; and 25 more; "57 - North" in a list."""
        tokens, last = self.tokens, quantity.last
        if said is None or quantity.first - said.last not in range(FAR) or (quantity.step < 1 and not quantity.scaled):
            return None
        hedge = qualifier_before(tokens, quantity.first, self.lexicon, bridged=False)
        first = hedge[1] if hedge else quantity.first
        between = range(said.last, quantity.first + 1)
        if any(tokens[i].gap == BLANK for i in between) or self.nouns.is_told(first):
            return None
        if self._is_of_them(last) or self._stands_for(first):
            said = self._whole(quantity, said)
        else:
            more = first > 0 and tokens[first - 1].text in self.lexicon.words("stop", part="more")
            if first > 0 and tokens[first - 1].text in self.lexicon.words("stop", part="rest"):
                said = self._whole(quantity, said)  # the other 64 will follow
                more = more or quantity.value < said.value
            # 8,340 staff and 15 thousand more at its suppliers
            counted = more and not self._ends(between) and not self.nouns.follows_word(first, "pays")
            if quantity.scaled and not said.scaled and not counted or self._is_part(last):
                return None  # helped 12 schools and gave 3 million; 30 nurses and hundreds of farmers
            told = more or self._dashed(first) or self._dashed(last + 1) or quantity.scaled
            colon = said.last == first - 1 and tokens[first - 1].text == ":"
            told = told or colon or self.nouns.is_verb(first - 1) or self._in_row(between)
            if not (told and (not self._followed(last) or self.nouns.is_verb(last)) or self._is_subject(last)):
                return None
            if self._ends(between) and not (more and self.traits["noun_head"] == LAST and last < len(tokens) and tokens[last].kind == WORD):
                return None  # but: we will build a further 500 by 2030
        unit = said.unit
        if self._dashed(last + 1) and (told := self.nouns.after(last + 1)) and {told.unit, unit} <= self.nouns.people:
            unit = told.unit  # 12 of them are women
        return replace(quantity, unit=unit, rule=f"{quantity.rule}, noun said before")

    def elided(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """26 shops were looted, eight burned down; another forty will follow: at the head of a clause, before its verb, a part or more."""
        tokens, first, last = self.tokens, quantity.first, quantity.last
        if said is None or not said.unit or first - said.last not in range(FAR) or quantity.scaled and not said.scaled:
            return None
        if not (self.nouns.is_verb(last) or self._is_subject(last)):
            return None
        before = tokens[first - 1].text
        more = before in self.lexicon.words("stop", part="more")
        near = before == "," and not any(token.kind == DIGITS for token in tokens[said.last : first])
        opens = more or near or before in (*self.traits["clause_end"], *self.traits["sentence_end"], *self.traits["and"])
        if not opens or not more and quantity.value >= said.value or any(tokens[i].gap == BLANK for i in range(said.last, first + 1)):
            return None
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, noun said before")

    def changed(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """From 25 minutes to four: what it changed to takes the unit of what it was, which stands right before the "to"."""
        mark = self.lexicon.trie("range", place="change", backward=True).longest(self.tokens, quantity.first - 1)
        near = mark and said and said.last == mark[1]
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, unit said before") if near else None

    def _whole(self, part: Quantity, said: Quantity) -> Quantity:
        """What "of them" means: the last count, or the first one before it that is as large as its part."""
        if said.value >= part.value:
            return said
        for whole in self.counts:
            between = range(whole.last, part.first + 1)
            near = len(between) < FAR and not any(self.tokens[i].gap == BLANK for i in between) and self._sentences(between) <= 1
            if near and whole.value >= part.value:
                return whole
        return said

    def left_out(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """Repaired 43 schools. Handed over eight, planning another twelve: the noun left out after a verb that asks for one."""
        tokens, first, last = self.tokens, quantity.first, quantity.last
        far = said is None or not said.unit or first - said.last not in range(FAR)  # asked first: what is far may be very far
        if far or any(t.gap == BLANK for t in tokens[said.last : first + 1]):
            return None
        hedge = qualifier_before(tokens, first, self.lexicon, bridged=False)
        first = hedge[1] if hedge else first
        more = first > 1 and tokens[first - 1].text in self.lexicon.words("stop", part="more")
        ends = last >= len(tokens) or tokens[last].kind not in (WORD, DIGITS) and tokens[last].text not in DASHES
        ends = ends and not (last + 1 < len(tokens) and self.numerals.number(last + 1))
        if not ends or not self.nouns.takes_object(first - 1 - more, said.last) or self.nouns.is_told(first):
            return None
        ends = self._sentences(range(said.last, quantity.first + 1))
        if ends > 1:
            return None
        told = (one for one in self.counts if self._sentences(range(one.last, quantity.first + 1)) == ends)
        said = next(told, said)  # the first count of its sentence is what the text is about
        if quantity.value >= ELIDED and not more or quantity.scaled and self.nouns.follows_word(first, "pays"):
            return None
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, noun said before")

    def _stands_for(self, first: int) -> bool:
        """True where "of them" or "they were" stands before token `first`."""
        them = self.lexicon.words("stop", part="them")
        if first > 1 and (self._is_of_them(first - 2) or any(t.text in them for t in self.tokens[max(0, first - THEM) : first])):
            return True
        for index in range(first - 1, max(-1, first - INCLUDED), -1) if self.traits["noun_head"] != LAST else ():
            if self.tokens[index].text in them:
                return True  # including over the last year: 168
            if self.tokens[index].kind == DIGITS or self.tokens[index].text in ",.;" or self.nouns.is_verb(index):
                return False
        return False

    def _is_part(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].text in self.traits["of"]

    def _is_of_them(self, at: int) -> bool:
        tokens = self.tokens
        if at + 1 >= len(tokens) or tokens[at].gap > LINE:
            return False
        return tokens[at].text in self.traits["of"] and tokens[at + 1].text in self.lexicon.words("stop", part="them")

    def _is_subject(self, at: int) -> bool:
        """True when the number itself is what the sentence is about: 3 are women."""
        return at < len(self.tokens) and self.tokens[at].gap <= LINE and self.tokens[at].text in self.lexicon.words("stop", part="subject")

    def _followed(self, last: int) -> bool:
        """True where a word follows on the same line that may go with the number; a preposition does not."""
        follows = last < len(self.tokens) and self.tokens[last].kind == WORD and self.tokens[last].gap <= SPACE
        return follows and self.tokens[last].text not in self.nouns.stops

    def _in_row(self, between: range) -> bool:
        """True where nothing but years and marks parts two numbers: 4,100 (2021), 12,650 (2022)."""
        inside = [token for token in self.tokens[between.start : between.stop - 1] if token.kind != DIGITS]
        marks = {token.text for token in inside if token.kind != WORD}
        words = self.lexicon.words("stop", part="dated") | self.lexicon.words("ordinal")
        signs = {",", "("} <= marks and not any(mark.isalpha() for mark in marks)
        return signs and all(token.kind != WORD or token.text in words for token in inside)

    def _dashed(self, at: int) -> bool:
        """True when a dash between spaces stands right before token `at`."""
        tokens = self.tokens
        if not 0 < at < len(tokens):
            return False
        return tokens[at - 1].text in DASHES and tokens[at - 1].gap > JOINED and tokens[at].gap in (SPACE, LINE)

    def compared(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """55 litres, up from 20: what it was before takes the unit of what it is."""
        near = said is not None and self.nouns.compares(quantity.first) and self.follows(quantity, said)
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, unit said before") if near else None

    def alike(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """It was 2.8 litres and has to be 2.4: a decimal of the same size with nothing after it takes the unit said before it."""
        tokens, last = self.tokens, quantity.last
        if said is None or self.nouns.kind(said.unit) == "count":
            return None  # nobody counts in fractions
        if quantity.step != said.step or not 0 < quantity.step < 1 or not self.follows(quantity, said):
            return None
        ends = last >= len(tokens) or tokens[last].text in ".;," and (last + 1 >= len(tokens) or tokens[last + 1].kind == WORD)
        where = self.lexicon.words("stop", part="where")
        ends = ends or tokens[last].text in where and last + 1 < len(tokens) and tokens[last + 1].kind == DIGITS  # and 2.4 in 2020
        fits = ends and said.value / ALIKE <= quantity.value <= said.value * ALIKE and not self.nouns.is_told(quantity.first)
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, unit said before") if fits else None

    def same_money(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """Give a number with a magnitude and no unit the currency or weight said before it in the sentence: of them 7 million."""
        if said is None or not quantity.scaled or not self.follows(quantity, said):
            return None
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, unit said before")

    def like_whole(self, quantity: Quantity) -> Quantity | None:
        """240 of 300 km: the part takes the unit of the whole."""
        whole = self.numerals.number(quantity.last + 1) if self._is_part(quantity.last) else None
        unit = self.measures.unit_at(whole.end) if whole else None
        if unit and whole.scaled and not quantity.scaled and quantity.value < (lead := self._lead(whole)):
            told = quantity.times(whole.value / lead * unit.factor, unit.unit)
            return replace(told, scaled=True, rule=f"{quantity.rule}, unit of the whole")
        if not unit or whole.scaled:
            return None
        return replace(quantity.times(unit.factor, unit.unit), rule=f"{quantity.rule}, unit of the whole")

    def _lead(self, whole: Reading) -> Decimal:
        """The number before the magnitude: 4 of 4 trillion."""
        if self.tokens[whole.start].kind == DIGITS:
            figure = self.numerals.figures.read(whole.start)
            return figure.value if figure else whole.value
        word = self.numerals.numerals.longest(self.tokens, whole.start)
        return word[0].number if word else whole.value

    def is_placed(self, found: Quantity, said: Quantity | None) -> bool:
        """True for the places of what was counted before them: 12 schools in 5 towns, 4 of them new."""
        return said is not None and self.nouns.is_in(found.first) and not self.nouns.is_in(said.first) and self.follows(found, said)

    def follows(self, quantity: Quantity, said: Quantity) -> bool:
        """True for a number soon after another in the same sentence."""
        between = range(said.last, quantity.first + 1)
        near = quantity.first - said.last in range(FAR) and not any(self.tokens[i].gap == BLANK for i in between)
        return near and not self._ends(between)

    def _ends(self, between: range) -> bool:
        """True when a sentence ends among these tokens."""
        return self._sentences(between) > 0

    def _sentences(self, between: range) -> int:
        """How many sentences end among these tokens."""
        return sum(ends_sentence(self.tokens, index, self.lexicon) for index in between)
