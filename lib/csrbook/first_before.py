"""Find what a number counts in what stands before it, where words are inflected: of trees were planted 310, staff: 310 persons.

In      the tokens of a document and a Lexicon; then the index of a number.
Out     Counted, as nouns.py says; who the persons of a number are; what a label says is counted.
Never   reads a number, or looks for the head of a phrase after it (heads_first does).
Needs   inflections, lemmas, nouns, tokens.  Used by heads_first.
"""

from csrbook.inflections import NAMES, Inflected
from csrbook.lemmas import mended
from csrbook.nouns import MONEY_NOUN, REACH_BACK, Counted
from csrbook.tokens import BLANK, DIGITS, LINE, WORD

__all__ = ["LABEL_ENDS", "FirstBefore"]

FRONT = 8  # tokens from a noun that opens its clause to its number
CLAUSE = 12  # tokens before a number in which the word that says who the persons are is looked for
EMPLOYEE = "employee"
BESIDE = 3  # tokens between "they" and their number
SUBJECT = (("sing", "nomn"), ("sing", "accs"))
LABEL = 24  # tokens of a label before a colon or dash
LABEL_ENDS = frozenset(":-\u2014.\u2026|")


class FirstBefore(Inflected):
    """What stands before the numbers of one document."""

    def __init__(self, tokens, lexicon, lexicons) -> None:
        super().__init__(mended(tokens, lexicon), lexicon, lexicons)
        self.totals = lexicon.words("stop", part="total")
        self.them = lexicon.words("stop", part="them")
        self.anybody, self.bridges = lexicon.words("stop", part="anybody"), lexicon.words("stop", part="bridge")
        self.phrases = lexicon.stops_before("phrase")  # prepositions of several words: in the result of, by data of

    def before(self, at: int, last: int = 0) -> Counted | None:
        """As in nouns, but a thing in the singular counts nothing, unless the number has a magnitude: a crowd of 2 million."""
        if fronted := self._fronted(at):
            return fronted
        found = self._total(at) or super().before(at, last)
        if found is None and any(token.text in self.them for token in self.tokens[max(0, at - BESIDE) : at]):  # grew: they were 310 in May
            colon = next((i for i in range(at - 1, max(0, at - REACH_BACK), -1) if self.tokens[i].text == ":"), None)
            found = super().before(colon, last) if colon else None
        if found is None or "|" in (token.text for token in self.tokens[found.end : at]) or self._is_name(found.end):
            return None
        found = self._governor(found)
        if any(index >= 0 and self.phrases.longest(self.tokens, index) for index in (at - 1, found.end, found.end - 1)):
            return None  # in the result 25, by data of sites 25
        if self._is_governed(found.end) or self._is_past_total(found.end, at):
            return None
        scaled = last > 0 and self.tokens[last - 1].kind == WORD
        forms = [own for _, own, _ in self._tags(found.end)]
        plural = any(number == "plur" for number, _ in forms)
        people = found.unit in self.people
        acts = any(form in forms for form in SUBJECT) and any(self._acts(i, people) for i in range(found.end + 1, at))
        return found if plural or found.unit == MONEY_NOUN or (scaled or people) and not acts else None

    def _acts(self, index: int, people: bool) -> bool:
        """True for a verb between a singular and a number: the bank gave 12 thousand; but the staff grew to 2 thousand."""
        told = people and (self.tokens[index].text in self.bridges or self._grows(index))
        return self.is_verb(index) and not told

    def _is_governed(self, first: int) -> bool:
        """True where a preposition that may also be an adverb stands before the noun phrase at a token: after events, around schools."""
        while first > 0 and self.tokens[first].gap <= LINE and self._modifies(first - 1):
            first -= 1
        return first > 0 and self.tokens[first].gap <= LINE and self._is_two_ways(first - 1)

    def _is_two_ways(self, index: int) -> bool:
        own = frozenset().union(*(mark for _, _, mark in self._tags(index)))
        return {"PREP", "ADVB"} <= own

    def _is_past_total(self, first: int, at: int) -> bool:
        """True where a noun stands beside another number, after the word for number: the number of pupils in 12 schools grew by 5."""
        digits = False
        for index in range(at - 1, max(0, at - REACH_BACK) - 1, -1):
            token = self.tokens[index]
            if token.text in (*self.traits["clause_end"], ",") or self.tokens[index + 1].gap == BLANK:
                return False
            if index < first and self._lemma(index).text in self.totals:
                return digits
            digits = digits or index < first and token.kind == DIGITS
        return False

    def is_told(self, first: int) -> bool:
        return (self._fronted(first) or self._total(first)) is not None

    def _fronted(self, at: int) -> Counted | None:
        """The noun that opens the clause in the genitive plural, its number at the end: of trees were planted 4,100."""
        tokens, ends = self.tokens, (*self.traits["clause_end"], ",")
        inside = range(at - 1, max(-1, at - FRONT), -1)
        comma = next((i for i in inside if tokens[i].text == ","), None)
        if comma is not None and (opens := self._clause(comma)) is not None:
            inside = range(opens - 1, max(-1, opens - FRONT), -1)  # of staff, trained last year, there are 310
        for index in inside:
            if tokens[index].kind != WORD or tokens[index + 1].gap > LINE:
                return None
            if not self._is_plural_noun(index, "gent") or self._describes(index, range(index, at)):
                continue
            if any(forms == ("sing", "nomn") for _, forms, _ in self._tags(index)):
                return None
            found, first = self._known(index, at), index
            while first > 0 and tokens[first].gap <= LINE and self._modifies(first - 1):
                first -= 1
            before = tokens[first - 1] if first and tokens[first].gap <= LINE else None
            free = before is None or before.text in ends or any(t.text in self.them for t in tokens[first:index])
            dated = before is not None and (self._unit(first - 1) is not None or before.text in self.lexicon.words("month"))
            dated = dated or before is not None and any("ADVB" in own for _, _, own in self._tags(first - 1))  # two years ago
            dated = dated and not self._is_two_ways(first - 1)
            free = free or dated or self.is_verb(first - 1)
            return Counted(found[0].unit, first, "counted noun before") if found and free and found[0].unit != MONEY_NOUN else None
        return None

    def _clause(self, comma: int) -> int | None:
        """The comma that opens the participle's clause which another comma ends, or None."""
        tokens = self.tokens
        for index in range(comma - 2, max(0, comma - FRONT), -1):
            if tokens[index].text == ",":
                return index if any("PRTF" in own for _, _, own in self._tags(index + 1)) else None
            if tokens[index].kind not in (WORD, DIGITS):
                return None
        return None

    def _modifies(self, index: int) -> bool:
        return self.tokens[index].kind == WORD and (self._part(index) == "adjective" or self.tokens[index].text in self.them)

    def who(self, first: int, last: int) -> str | None:
        """As in nouns: the people that are named before their number, and employees where the clause says that they work."""
        if self.tokens[last - 1].text in self.anybody:
            named = self._fronted(first) or self._total(first) or self.label(first)
            if named and named.unit in self.people:
                return named.unit
        at = first - 1 - (first > 0 and self.tokens[first - 1].text in LABEL_ENDS)
        return EMPLOYEE if self._works(range(at, max(-1, first - CLAUSE), -1)) or self._works(range(last, last + 2)) else None

    def _works(self, reach: range) -> bool:
        """True where a word of employment stands among these tokens, in the clause of the number."""
        tokens, words, ends, verbs = self.tokens, self.lexicon.words("stop", part="employs"), (*self.traits["clause_end"], ","), 0
        for index in reach:
            if index >= len(tokens) or tokens[index].text in ends or tokens[index].kind == DIGITS:
                return False
            if tokens[index + (reach.step < 0)].gap == BLANK:
                return False
            if tokens[index].text in words or self._is_staff(index):
                return not verbs or self.is_verb(index)
            verbs += self.is_verb(index) and tokens[index].text not in self.bridges and not self._grows(index)
        return False

    def _is_staff(self, index: int) -> bool:
        """True for a word that means staff where its owner follows, or right before its number: the staff of a clinic, on staff 300."""
        if self.tokens[index].text not in self.lexicon.words("stop", part="staff"):
            return False
        after = index + 1
        while after < len(self.tokens) and self.tokens[after].gap <= LINE and self._part(after) == "adjective":
            after += 1
        if after >= len(self.tokens) or self.tokens[after].kind != WORD or self.tokens[after].gap > LINE:
            parts = set()
        else:
            parts = {(part, case, bool(own & NAMES)) for part, (_, case), own in self._tags(after) if part == "noun"}
        located = any(forms == ("sing", "loct") for _, forms, _ in self._tags(index))
        return any(one[:2] == ("noun", "gent") for one in parts) and not any(name for *_, name in parts) or located and not parts

    def _grows(self, index: int) -> bool:
        return self._lemma(index).text in self.lexicon.words("stop", part="level")

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
                inside = range(index + 1, at)
                heads = (i for i in inside if self._part(i) != "adjective" or self._known(i, at) and not self._describes(i, inside))
                first = next(heads, at - 1)
                plural = first < at and any(forms == ("plur", "gent") for part, forms, _ in self._tags(first) if part != "other")
                found = self._known(first, at) if plural else None
                return Counted(found[0].unit, first, "counted noun before") if found and found[0].unit != MONEY_NOUN else None
        return None

    def in_label(self, label: range) -> str | None:
        for index in label:
            found = self._known(index, label.stop)
            plural = self._is_plural_noun(index, "gent") or self._is_plural_noun(index, "nomn")
            if found and found[0].unit != MONEY_NOUN and (plural or found[1] > index + 1) and not self._describes(index, label):
                return found[0].unit
        return None

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
            single = single or index > 0 and self._is_preposition(index - 1)  # at our suppliers - another 15 thousand
            if self._is_plural_noun(index, "gent") and not single and not self._describes(index, range(first, stop)):
                unit, found = self._unit(index), self._known(index, stop)
                told = unit.unit if unit else found[0].unit if found else self._lemma(index).text
                return Counted(told, first, "counted noun in a label")
        if tokens[stop].text == "|" and (row := self._row(range(first, stop))):
            return row
        alone = stop < 2 or not self._is_preposition(stop - 2)  # 1.9 million on pipes, on pumps - 400 thousand
        beside = self._known(stop - 1, stop) if alone and self._is_plural_noun(stop - 1, "nomn") else None
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
