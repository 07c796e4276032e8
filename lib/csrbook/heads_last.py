"""Find the counted noun where words are parted by spaces and the head of a noun phrase stands last: small family farms.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   grammar, nouns, lemmas, lexicon, tokens.  Used by phrases.
"""

from decimal import Decimal

from csrbook.grammar import entry_at, qualifier_before
from csrbook.lemmas import is_word
from csrbook.nouns import MONEY_NOUN, PERSON, REACH, REACH_BACK, UNKNOWN, Counted, Nouns
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SIGN, SPACE, WORD, Token

__all__ = ["HeadLast"]

PLURAL = "plural noun"
NAME = "name"
SEVERAL = Decimal(2)
SHORT = 3  # letters of words that lose no ending
ROW = 4  # words of the label of a row
AGE, AGE_DIGITS = 120, 3
REACH_INDEX = 4  # tokens between "age of" and its noun
LONGEST_FORM = 3  # words of a noun of the lexicon


class HeadLast(Nouns):
    """The order of English: what is counted is the first plural, with the plurals that follow it (women farmers).

    A noun of the lexicon that shows no plural is taken where no plural follows. Any other word of the dictionary is a verb or
    an adjective there, since nothing is counted in the singular; a word of no dictionary may be a unit or a term (tev).
    """

    aged = 0  # the index after two numbers that are an age

    def _phrase(self, at: int) -> Counted | None:
        tokens = self.tokens
        if at + 1 < len(tokens) and tokens[at].text == "-" and tokens[at].gap == JOINED and tokens[at + 1].gap == JOINED:
            return self._hyphened(at + 1)
        plural, known = self._head(at)
        best = plural or known
        if not best:
            return self._unlisted(at)
        entry, first, last = best
        if entry and entry.get("weak") and last < len(tokens) and tokens[last].text in self.traits["of"]:
            inner = self.after(last + 1, SEVERAL)
            if inner and inner.rule != UNKNOWN:
                return inner
        return Counted(self._prefix(first) + entry.unit, last, "counted noun") if entry else self._named(first, last)

    def after(self, at: int, count: Decimal | None = None) -> Counted | None:
        """Return the counted noun that follows at token `at`; a singular counts only one, or stands in "a 300 bed hospital"."""
        if at < len(self.tokens) and self.tokens[at].gap == LINE and (self._has_capital(at) or self.opens_row(at)):
            return None  # the label of the next line
        found = super().after(at, count)
        if not found or found.rule == UNKNOWN or count == 1:
            return found
        last = found.end - 1
        if self._shows_plural(last) or self.tokens[last].text in self.plurals or self.tokens[at].text == "-":
            return found
        if found.unit == PERSON and self._ends_at(found.end):
            return found  # 90 Sudanese, but not 90 Sudanese schools
        return found if self._has_article(at) else None

    def _has_article(self, at: int) -> bool:
        """True when an article opens the phrase whose number ends before token `at`."""
        opens = (i for i in range(at - 1, max(-1, at - REACH), -1) if self.tokens[i].kind == WORD)
        words = [next(opens, None), next(opens, None)]
        return any(i is not None and self.tokens[i].text in self.traits["article"] for i in words)

    def before(self, at: int, last: int = 0) -> Counted | None:
        """Return the nearest known plural before token `at` in the same clause; a singular there is not what is counted."""
        tokens, ends = self.tokens, self.traits["clause_end"]
        if unit := self._row_unit(at, last):
            return unit
        hedge = qualifier_before(tokens, at, self.lexicon, bridged=False)
        first = hedge[1] if hedge else at
        if head := self._numbered(first) or self._headed(first, last):
            return head
        for index in range(first - 1, max(0, at - REACH_BACK) - 1, -1):
            if tokens[index].text in ends and not self._is_colon(index) or tokens[index + 1].gap == BLANK or self._ends_row(index):
                return None
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
        while last < len(tokens) and tokens[last].gap < LINE and (tokens[last].kind == DIGITS or tokens[last].text in ".,%|"):
            last += 1
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
                return None if few else self._plural_at(index + 2, at)
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

    def _plural_at(self, at: int, stop: int) -> Counted | None:
        """The noun of the phrase at token `at` that shows a plural and ends before token `stop`."""
        found = self._phrase(at)
        if not found or found.rule == UNKNOWN or found.end > stop or found.unit == MONEY_NOUN:
            return None
        word = self.tokens[found.end - 1].text
        shown = self._shows_plural(found.end - 1, opens=found.end - 1 == at) or word in self.plurals
        verb = word in self.verbs and found.end - 1 > at
        return Counted(found.unit, at, "counted noun before") if shown and not verb else None

    def _is_colon(self, index: int) -> bool:
        """True for the mark between a label and its number, which a hedge may open: Number of wells: about 300."""
        after = self.tokens[index + 1] if self.tokens[index].text == ":" else None
        if after is None or after.gap not in (SPACE, LINE):
            return False
        hedge = after.kind == WORD and entry_at(self.tokens, index + 1, self.lexicon, "qualifier", place="before")
        return after.kind == DIGITS or bool(hedge) and hedge[1] < len(self.tokens) and self.tokens[hedge[1]].kind == DIGITS

    def _has_capital(self, at: int) -> bool:
        return self.printed[self.tokens[at].start :][:1].isupper()

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

    def _lemma(self, index: int) -> Token:
        """The dictionary form; a word of no dictionary that ends as plurals do loses the ending (ngos, microloans)."""
        if index not in self._lemmas:
            token = self.tokens[index]
            if token.text.endswith(self.plural_endings) or token.text in self.plurals:
                token = super()._lemma(index)  # of no other word: struck is no strike, grown no grow
            ending = next((e for e in self.plural_endings if token.text.endswith(e)), "")
            base, same = token.text.removesuffix(ending), ending and token.text == self.tokens[index].text
            known = self.trie.root.get(base, {}).get("")  # poles: the lemmatiser takes them for a people
            cut = same and len(token.text) > SHORT and (known or not is_word(token.text, self.lexicon))
            self._lemmas[index] = token._replace(text=base) if cut else token
        return self._lemmas[index]

    def _head(self, at: int) -> tuple[tuple | None, tuple | None]:
        """The head among the words from `at` on, and the last known noun that shows no plural: (entry, first, index after)."""
        plural = known = None
        index, words = at, 0
        while (step := self._step(index, at, plural or known)) and words < REACH:
            found = self._known(index, len(self.tokens)) if self.tokens[index].kind == WORD else None
            after = found[1] if found else index + 1
            shown = self._shows_plural(after - 1, opens=after - 1 == at)
            if plural and not self._owns(plural[2]) and not (shown and self._leads(plural[1])):
                break
            head = (found[0] if found else None), index, after
            if self._is_joined(after) or shown and self.tokens[after - 1].text in self.modifiers:
                known = known if self._is_joined(after) else head  # women-led firms, sports clubs
            elif shown or found and self.tokens[index].text in self.plurals:
                plural = head
                if self.tokens[index].text in self.plurals and not shown and not self._shows_plural(after):
                    break
            elif found:
                known = head
            elif known and self.tokens[index].text.endswith(self.endings) and self.tokens[index].gap > JOINED:
                break
            words += self.tokens[index].kind == WORD
            index = max(after, step)
        return plural, known

    def _step(self, index: int, at: int, found: tuple | None) -> int | None:
        """The index after a token that may belong to the phrase, or None where the phrase ends."""
        tokens = self.tokens
        if index >= len(tokens) or index > at and tokens[index].gap == BLANK:
            return None
        token = tokens[index]
        named = self.lexicon.trie("lookalike", place="itself").longest(tokens, index)
        if named and named[0].reason == NAME and any(t.kind == DIGITS for t in tokens[index : named[1]]):
            return named[1]  # 300 N95 masks
        if token.kind == DIGITS and token.gap == JOINED and index > at and tokens[index - 1].kind == WORD:
            return index + 1  # 12 A320 jets
        if token.kind == DIGITS:
            graded = index > at and tokens[index - 1].text in self.lexicon.trie("lookalike", place="before").root
            return index + 1 if graded and token.gap == SPACE else None
        if token.text in self.stops and not (self._in_compound(index) or self._is_code(index) or self.known_end(index) > index + 1):
            joins = token.text in self.traits["and"] and index > at and not found
            return index + 1 if joins else None
        if token.text == ",":
            return index + 1 if index > at and not found and tokens[index - 1].kind == WORD else None
        return None if token.kind == SIGN and token.text not in self.traits["inside_noun"] else index + 1

    def _ends_at(self, index: int) -> bool:
        """True where no noun phrase goes on at token `index`; after "and" only a number shows that."""
        after = (*self.tokens[index : index + 2], None, None)[:2]
        if after[0] is None or after[0].gap > LINE or after[0].kind == SIGN:
            return True
        joins = after[0].text in self.traits["and"]
        return after[1] is not None and after[1].kind == DIGITS if joins else after[0].text in self.stops

    def _is_code(self, index: int) -> bool:
        """True for letters that digits are joined to: the A of A320, which is no article."""
        follows = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        return follows is not None and follows.kind == DIGITS and follows.gap == JOINED

    def _in_compound(self, index: int) -> bool:
        """True for the little words of state-of-the-art."""
        tokens = self.tokens
        after = index + 1 < len(tokens) and tokens[index + 1].text == "-" and tokens[index + 1].gap == JOINED
        return after or tokens[index].gap == JOINED and index > 0 and tokens[index - 1].text == "-"

    def _is_joined(self, at: int) -> bool:
        """True where a hyphen joins the word before token `at` to the next."""
        return at < len(self.tokens) and self.tokens[at].text == "-" and self.tokens[at].gap == JOINED

    def _leads(self, index: int) -> bool:
        """True where a plural may be but part of the noun: women farmers, staff members; not in "gave 5 schools computers"."""
        return self.tokens[index].text in self.plurals

    def _owns(self, at: int) -> bool:
        """True where the plural before is a possessor: farmers' markets, women's groups."""
        return at < len(self.tokens) and self.tokens[at].text == "'" and self.tokens[at].gap == JOINED

    def _shows_plural(self, index: int, *, opens: bool = False) -> bool:
        """True for a word that ends as plurals do and whose dictionary form differs, or that no dictionary knows (ngos)."""
        if index >= len(self.tokens):
            return False
        token = self.tokens[index]
        if token.kind != WORD or token.gap > LINE and not opens:
            return False
        if token.text == self._lemma(index).text:  # mechanics, barracks: the lemmatiser takes them for words of their own
            found = self._known(index, index + 1) if token.text.endswith(self.plural_endings) else None
            return found is not None and token.text != found[0].unit
        return token.text.endswith(self.plural_endings) or self._known(index, index + 1) is not None

    def _named(self, first: int, last: int) -> Counted:
        """A plural that the lexicon lacks, in its dictionary form, with what a hyphen joins to it (e-bikes)."""
        tokens = self.tokens
        forms = self.lexicon.trie("unit", place="after").all(tokens, last - 1)
        measured = next((entries[0] for entries, end in forms if end == last), None)
        if measured and not (measured.get("also") or measured.get("needs") or measured.get("value")):
            return Counted(measured.unit, last, PLURAL)  # 500 guided hours
        plain = self._unknown(last - 1)
        if plain.rule != UNKNOWN:
            return plain
        return Counted(self._prefix(first) + plain.unit, last, PLURAL)

    def _prefix(self, first: int) -> str:
        """What hyphens join to the head: e- of e-bikes."""
        tokens, start = self.tokens, first
        while start >= 2 and tokens[start - 1].text == "-" and tokens[start].gap == tokens[start - 1].gap == JOINED:
            start -= 2
        return "".join(token.text for token in tokens[start:first])

    def _hyphened(self, at: int) -> Counted | None:
        """The noun that a hyphen joins to its number: a 50-bed ward."""
        if self.tokens[at].text in self.modifiers:
            return self._phrase(at + 1)  # a 300-strong workforce
        if self.tokens[at].kind != WORD or self.tokens[at].text in self.stops:
            return None
        if found := self._known(at, at + 1):
            return Counted(found[0].unit, found[1], "counted noun")
        return Counted(self._lemma(at).text, at + 1, UNKNOWN)

    def _unlisted(self, at: int) -> Counted | None:
        """A misprint, or a term that no dictionary knows, of at most three words from `at` on."""
        words = [i for i in self._window(at) if self.tokens[i].kind == WORD]
        if not words:
            return None
        index = words[-1] if len(words) <= 3 else words[0]
        if is_word(self.tokens[index].text, self.lexicon):
            return None
        return self._unknown(index)
