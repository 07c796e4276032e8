"""Find what a number counts in what stands before it, where the head of a noun phrase stands last: Wells dug: 300.

In      the tokens of a document and a Lexicon; then the index of a number.
Out     Counted, as nouns.py says.
Never   reads a number, names a language, or looks at what follows a number (heads_last does).
Needs   grammar, nouns, tokens.  Used by heads_last.
"""

from csrbook.grammar import entry_at, qualifier_before
from csrbook.nouns import MONEY_NOUN, PERSON, REACH_BACK, UNKNOWN, Counted, Nouns
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SIGN, SPACE, WORD

__all__ = ["HeadBefore"]

PERCENT = "percent"
EMPLOYEE = "employee"
YEAR_DIGITS = 4
SHORT = 3  # letters of words that lose no ending
ROW = 4  # words of the label of a row
AGE, AGE_DIGITS = 120, 3
REACH_INDEX = 4  # tokens between "age of" and its noun
LONGEST_FORM = 3  # words of a noun of the lexicon
FAR = 60  # tokens of a sentence on either side
MOVES = ("harms", "strikes")  # parts of the verbs before what they harm: only people, or whoever is named
COMES = ("comes", "joins")  # parts of the verbs after who comes: only people, or whoever is named


class HeadBefore(Nouns):
    """What English says before a number: the label of a row, "the number of", the nearest plural in the clause."""

    aged = 0  # the index after two numbers that are an age
    numbers = range(0)  # the tokens that were last found to be but numbers in a line

    def _shows_plural(self, index: int, *, opens: bool = False) -> bool:
        """Return whether the word at a token is a plural by its form."""
        raise NotImplementedError

    def who(self, first: int, last: int) -> str | None:
        """As in nouns: whom a firm employs, who works there, whom a storm kills; people are people where that is printed."""
        if self._known(last - 1, last):
            return None
        start = self._hedged(first)
        verb = self.tokens[start - 1].text if start else ""
        if verb in self.lexicon.words("stop", part="employs") or self._says(last, "works"):
            return EMPLOYEE
        return self._moved(start, last) or None

    def _moved(self, start: int, last: int | None = None) -> str | None:
        """Who or what a verb beside a number kills, moves or brings: "" where nothing tells it, None where there is no such verb."""
        found = self.lexicon.stops_before(*MOVES).longest(self.tokens, start - 1)
        part = found[0].part if found else next((p for p in COMES if last is not None and self._says(last, p)), None)
        if part is None or part == COMES[0]:
            return part and PERSON
        near = self._sentence(start)
        known = [(i, one[0].unit) for i in near if (one := self._known(i, near.stop))]
        if any(unit in self.people for _, unit in known):
            return PERSON
        herds = [unit for i, unit in known if i < start and unit in self.animals and i and self.tokens[i - 1].kind == DIGITS]
        fatal = self.lexicon.words("stop", part="disaster")
        sure = part == MOVES[0] or any(self.tokens[i].text in fatal for i in near)
        return herds[-1] if herds else PERSON if sure else ""

    def _sentence(self, at: int) -> range:
        """The tokens of the sentence around token `at`, but for what is far."""
        tokens, ends, first, last = self.tokens, self.traits["sentence_end"], at, at
        while first and at - first < FAR and tokens[first].gap != BLANK and not (tokens[first - 1].text in ends and tokens[first].gap):
            first -= 1
        while last < len(tokens) and last - at < FAR and tokens[last].gap != BLANK:
            if tokens[last].text in ends and (last + 1 == len(tokens) or tokens[last + 1].gap):
                break
            last += 1
        return range(first, last)

    def _is_share(self, index: int) -> bool:
        """True for the last digits of a percentage."""
        found = entry_at(self.tokens, index + 1, self.lexicon, "unit", place="after")
        return found is not None and found[0].unit == PERCENT

    def _says(self, at: int, part: str) -> bool:
        """True where a stop word of one part begins at token `at`."""
        near = self.tokens[at : at + 1] != [] and self.tokens[at].gap <= LINE
        return near and any(e.part == part for entries, _ in self.lexicon.trie("stop").all(self.tokens, at) for e in entries)

    def _hedged(self, first: int) -> int:
        """Where the hedge of the number at token `first` begins; that number where it has none."""
        hedge = qualifier_before(self.tokens, first, self.lexicon, bridged=False)
        return hedge[1] if hedge else first

    def compares(self, first: int) -> bool:
        """True also after "compared to", "against"."""
        return super().compares(first) or self.lexicon.stops_before("versus").longest(self.tokens, self._hedged(first) - 1) is not None

    def before(self, at: int, last: int = 0) -> Counted | None:
        """Return the nearest known plural before token `at` in the same clause; a singular there is not what is counted."""
        tokens, ends = self.tokens, self.traits["clause_end"]
        if unit := self._row_unit(at, last):
            return unit
        first, compared = self._hedged(at), self.compares(at)
        if (moved := self._moved(first)) is not None:
            return Counted(moved, at, "object of a verb") if moved else None
        if head := self._numbered(first) or self._headed(first, last):
            return head
        for index in range(first - 1, max(0, at - REACH_BACK) - 1, -1):
            if tokens[index].text in ends and not self._is_colon(index) or tokens[index + 1].gap == BLANK or self._ends_row(index):
                return None
            if compared and tokens[index].kind == DIGITS and len(tokens[index].text) != YEAR_DIGITS and not self._is_share(index):
                return None  # 11,100 hours, compared to 5,250: another measure of what is told there
            if unit := self._changed_unit(index, at):
                return unit
            for first in range(max(0, index - LONGEST_FORM + 1), index + 1):
                found = self._known(first, at)
                if found and found[1] == index + 1 and (found[0].unit == MONEY_NOUN or self._is_counted(first, index)):
                    if self._is_object(first):
                        break
                    is_other = self._is_index(first) or found[0].unit in self.people and self._is_age(index + 1, at, last)
                    return None if is_other else Counted(found[0].unit, first, "counted noun before")
        return None

    def opens_row(self, at: int) -> bool:
        """True for a capital and small letters at the head of a line, or for few words and a number that fill it."""
        tokens, end = self.tokens, at
        if tokens[at].gap != LINE:
            return False
        if tokens[at].kind == WORD and self.printed[tokens[at].start : tokens[at].end].istitle():
            return True
        while end < len(tokens) and end - at < ROW and tokens[end].kind == WORD and tokens[end].text not in self.stops:
            end += 1
        end += end < len(tokens) and tokens[end].text == ":"
        if end == at or end >= len(tokens) or tokens[end].kind != DIGITS or tokens[end].gap > SPACE:
            return False
        while end < len(tokens) and tokens[end].gap <= SPACE and (tokens[end].kind == DIGITS or tokens[end].gap == JOINED):
            end += 1
        return end >= len(tokens) or tokens[end].gap >= LINE

    def _row_unit(self, at: int, last: int) -> Counted | None:
        """The unit in the plural that opens the label of a line, where a number ends it: Hours 500; Tonnes of food saved: 812."""
        tokens, start = self.tokens, at
        if not self._ends_line(last):
            return None
        while start and tokens[start].gap < LINE and at - start < REACH_BACK and tokens[start - 1].kind != DIGITS:
            start -= 1
        if start == at or start and tokens[start].gap < LINE or not (self._has_capital(start) or self.opens_row(start)):
            return None
        found = self._unit_word(start)
        return Counted(found[0].unit, start, "unit of a row") if found else None

    def _ends_line(self, last: int) -> bool:
        """True where nothing but more numbers stands between token `last` and the end of its line: New hires 1,204  980."""
        tokens = self.tokens
        if last not in self.numbers:
            end = last
            while end < len(tokens) and tokens[end].gap < LINE and (tokens[end].kind == DIGITS or tokens[end].text in ".,%|"):
                end += 1
            self.numbers = range(last, end)
        last = self.numbers.stop if last in self.numbers else last
        last -= 0 < last < len(tokens) + 1 and tokens[last - 1].text == "."  # a sentence ends there, not a row
        return last >= len(tokens) or tokens[last].gap >= LINE

    def is_told(self, first: int) -> bool:
        at = first - 1 - (first > 1 and self.tokens[first - 1].text == ":")
        return at > 0 and self.tokens[at].kind == WORD and self.may_count(at)

    def _unit_word(self, index: int) -> tuple | None:
        """The unit that is written out in the plural at a token, and the index after it."""
        text = self.tokens[index].text
        if len(text) <= SHORT or not text.endswith(self.plural_endings):
            return None
        found = self.lexicon.trie("unit", place="after").longest(self.tokens, index)
        return found if found and not any(found[0].get(key) for key in ("also", "needs", "value", "cased")) else None

    def _changed_unit(self, index: int, at: int) -> Counted | None:
        """The unit in the plural at a token that only words of change part from a number: lost days fell from 812."""
        tokens, found = self.tokens, self._unit_word(index)
        if not found or found[1] != index + 1 or index and tokens[index - 1].kind == DIGITS:
            return None
        if self.lexicon.trie("magnitude", backward=True).longest(tokens, index - 1):
            return None  # injuries per million hours fell from 1.9
        between = [token.text for token in tokens[index + 1 : at] if token.kind == WORD]
        opens, changes = self.lexicon.trie("qualifier", place="before").root, self.lexicon.words("stop", part="change")
        told = [text in changes or bool(opens.get(text, {}).get("", [{}])[0].get("opens")) for text in between]
        plain = all(one or text in self.stops for one, text in zip(told, between, strict=True))
        return Counted(found[0].unit, index, "unit before") if plain and any(told) else None

    def _is_object(self, first: int) -> bool:
        """True for the girls of "19 for girls, 21 for boys", for whom something else is counted."""
        before = self.tokens[max(0, first - 2) : first]
        linked = len(before) == 2 and before[1].text in self.stops and before[1].text not in (*self.traits["of"], *self.traits["and"])
        return linked and before[0].kind == DIGITS and before[1].gap <= LINE

    def _numbered(self, at: int) -> Counted | None:
        """What "the number of" tells before token `at`: the number of lamps given to schools rose to 300."""
        tokens, totals = self.tokens, self.lexicon.words("stop", part="total")
        for index in range(at - 2, max(0, at - REACH_BACK) - 1, -1):
            if tokens[index + 1].text in self.traits["clause_end"] and index + 2 < at or tokens[index + 1].gap == BLANK:
                return None
            if tokens[index].text in totals and tokens[index + 1].text in self.traits["of"]:
                few = index and tokens[index - 1].text in self.traits["article"]
                return None if few else self._plural_at(index + 2, at, named=True)
        return None

    def _headed(self, at: int, last: int) -> Counted | None:
        """The head of the label that a line, or a sentence before a colon, begins with: Schools with solar panels: 45."""
        tokens, stop = self.tokens, at
        if at and tokens[at - 1].text == ":" and tokens[at].gap <= SPACE:
            stop -= 1
        elif not self._ends_line(last):
            return None
        start = stop
        while start and tokens[start].gap < LINE and tokens[start - 1].text not in self.traits["clause_end"] and stop - start < REACH_BACK:
            start -= 1
        opens = start == 0 or tokens[start].gap >= LINE or tokens[start - 1].text in self.traits["clause_end"]
        start += start < stop and tokens[start].kind == SIGN  # a bullet
        marks = [token.text for token in tokens[start:stop]]
        plain = start < stop and "|" not in marks and marks.count("(") == marks.count(")")
        return self._plural_at(start, stop) if opens and plain and self._has_capital(start) else None

    def _plural_at(self, at: int, stop: int, *, named: bool = False) -> Counted | None:
        """The noun of the phrase at token `at` that shows a plural and ends before token `stop`."""
        found = self._phrase(at)
        if not found or found.rule == UNKNOWN or found.end > stop or found.unit == MONEY_NOUN:
            return None
        word = self.tokens[found.end - 1].text
        shown = self._shows_plural(found.end - 1, opens=found.end - 1 == at) or word in self.plurals
        verb = word in self.verbs and found.end - 1 > at and not (named and self.tokens[found.end].text in ":(")
        return Counted(found.unit, at, "counted noun before") if shown and not verb else None

    def _is_colon(self, index: int) -> bool:
        """True for the mark between a label and its number, which a hedge may open: Number of wells: about 300."""
        after = self.tokens[index + 1] if self.tokens[index].text == ":" else None
        if after is None or after.gap not in (SPACE, LINE):
            return False
        hedge = after.kind == WORD and entry_at(self.tokens, index + 1, self.lexicon, "qualifier", place="before")
        return after.kind == DIGITS or bool(hedge) and hedge[1] < len(self.tokens) and self.tokens[hedge[1]].kind == DIGITS

    def _has_capital(self, at: int) -> bool:
        return self.printed[self.tokens[at].start : self.tokens[at].start + 1].isupper()

    def _ends_row(self, index: int) -> bool:
        """True for the number that ends a line above one that opens with a capital: a row of its own."""
        after = self.tokens[index + 1]
        return after.gap == LINE and self.tokens[index].kind == DIGITS and self._has_capital(index + 1)

    def _is_age(self, after: int, at: int, last: int) -> bool:
        """True for women over 60, girls between 10 and 14, people 65 and over: a person's years after people."""
        tokens, hedges = self.tokens, self.lexicon.words("stop", part="older")
        number = [token.text for token in tokens[at:last]]
        digits = [text for text in number if text.isdigit()]
        if not digits or "," in number or "." in number or any(len(text) > AGE_DIGITS or int(text) > AGE for text in digits):
            return False
        if at < self.aged:
            return True
        between = [token.text for token in tokens[after:at]]
        opens = self.lexicon.trie("qualifier", place="before").root
        if any(opens.get(text, {}).get("", [{}])[0].get("opens") for text in between):
            self.aged = last if len(digits) > 1 and hedges.issuperset(between) else 0  # from 10 to 14, but no change from 40
            return self.aged > 0
        return hedges.issuperset(between) if between else bool(hedges.intersection(number))

    def label(self, at: int) -> Counted | None:
        """What stands before "of": a staff of 300, a user base of 207 million."""
        end = at - 1
        if at < 2 or self.tokens[end].text not in self.traits["of"]:
            return None
        for first in range(max(0, end - LONGEST_FORM), end):
            found = self._known(first, end)
            if found and found[1] == end and (first < end - 1 or self.tokens[first].text in self.plurals):
                return Counted(found[0].unit, first, "counted noun before")
        return None

    def _is_index(self, first: int) -> bool:
        """True after "average age of", "ratio of": what stands there is not counted."""
        words = self.lexicon.words("stop", part="index")
        return any(token.text in words for token in self.tokens[max(0, first - REACH_INDEX) : first])

    def may_count(self, at: int) -> bool:
        found = self._known(at, at + 1)
        return found is not None and (found[0].unit == MONEY_NOUN or self._is_counted(at, at))

    def _is_counted(self, first: int, last: int) -> bool:
        text = self.tokens[last].text
        opens = self.tokens[last].gap > LINE and text.endswith(self.plural_endings) and text != self._lemma(last).text  # a paragraph
        return text in self.plurals or text not in self.verbs and (last > first or opens or self._shows_plural(last))
