"""Give a number with no noun or unit of its own what was said before it: 58 of them, and 25 more, of which 7 million.

In      a Quantity under way and those read before it, in the tokens of its document.
Out     the Quantity with their noun, currency or unit, or None.
Never   reads a number, or looks at what has a noun of its own.
Needs   grammar, lexicon, measures, nouns, numerals, tokens.  Used by quantities.
"""

from collections.abc import Sequence
from dataclasses import replace

from csrbook.grammar import qualifier_before
from csrbook.lexicon import Lexicon
from csrbook.measures import Measures, Quantity
from csrbook.nouns import Nouns
from csrbook.numerals import Numerals
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SPACE, WORD, Token

__all__ = ["Antecedents"]

LAST = "last"
THEM = 3  # tokens between "they" and their number
FAR = 60  # tokens after which a noun is no longer in mind
DASHES = frozenset("-\u2014")


class Antecedents:
    """What the quantities of one document said before lend to those after."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, numerals: Numerals, nouns: Nouns, measures: Measures) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.numerals, self.nouns, self.measures = numerals, nouns, measures
        self.counted: dict[str, Quantity] = {}  # the last count with each measure word

    def kept(self, quantity: Quantity, at: int) -> Quantity:
        """Keep what was counted with the measure word at a token, for a number after it that says no more than that word."""
        if word := self._measure_word(at):
            self.counted[word] = quantity
        return quantity

    def again(self, quantity: Quantity, last: int) -> Quantity | None:
        """采集水样764份,超标的仅五份: the noun said with the same measure word before in the sentence."""
        said = self.counted.get(self._measure_word(quantity.last))
        if not said or not self.follows(quantity, said):
            return None
        return replace(quantity, last=last, unit=said.unit, rule=f"{quantity.rule}, noun said before")

    def _measure_word(self, at: int) -> str:
        """The measure word at a token; none where it tells by itself what is counted (人次)."""
        measure = self.nouns.measure_at(at)
        return "".join(t.text for t in self.tokens[at : measure[1]]) if measure and measure[0].get("counts") != "itself" else ""

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
        if not self._is_of_them(last) and not self._stands_for(first):
            more = first > 0 and tokens[first - 1].text in self.lexicon.words("stop", part="more")
            if quantity.scaled and not said.scaled or self._is_part(last):
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

    def _stands_for(self, first: int) -> bool:
        """True where "of them" or "they were" stands before token `first`."""
        them = self.lexicon.words("stop", part="them")
        return first > 1 and (self._is_of_them(first - 2) or any(t.text in them for t in self.tokens[max(0, first - THEM) : first]))

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

    def same_money(self, quantity: Quantity, said: Quantity | None) -> Quantity | None:
        """Give a number with a magnitude and no unit the currency or weight said before it in the sentence: of them 7 million."""
        if said is None or not quantity.scaled or not self.follows(quantity, said):
            return None
        return replace(quantity, unit=said.unit, rule=f"{quantity.rule}, unit said before")

    def like_whole(self, quantity: Quantity) -> Quantity | None:
        """240 of 300 km: the part takes the unit of the whole."""
        whole = self.numerals.number(quantity.last + 1) if self._is_part(quantity.last) else None
        unit = self.measures.unit_at(whole.end) if whole else None
        if not unit or whole.scaled:
            return None
        return replace(quantity.times(unit.factor, unit.unit), rule=f"{quantity.rule}, unit of the whole")

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
        tokens, enders, short = self.tokens, self.traits["sentence_end"], self.lexicon.words("abbreviation")
        stops = (i for i in between if tokens[i].text in enders and i + 1 < len(tokens) and tokens[i + 1].gap > JOINED)
        return any(tokens[i - 1].text not in short for i in stops)
