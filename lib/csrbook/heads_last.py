"""Find the counted noun where words are parted by spaces and the head of a noun phrase stands last: small family farms.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   nouns, lemmas, lexicon, tokens.  Used by phrases.
"""

from decimal import Decimal

from csrbook.lemmas import is_word
from csrbook.nouns import MONEY_NOUN, PERSON, REACH, REACH_BACK, UNKNOWN, Counted, Nouns
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SIGN, SPACE, WORD, Token

__all__ = ["HeadLast"]

PLURAL = "plural noun"
NAME = "name"
SEVERAL = Decimal(2)
SHORT = 3  # letters of words that lose no ending
REACH_INDEX = 4  # tokens between "age of" and its noun
LONGEST_FORM = 3  # words of a noun of the lexicon


class HeadLast(Nouns):
    """The order of English: what is counted is the first plural, with the plurals that follow it (women farmers).

    A noun of the lexicon that shows no plural is taken where no plural follows. Any other word of the dictionary is a verb or
    an adjective there, since nothing is counted in the singular; a word of no dictionary may be a unit or a term (tev).
    """

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
        if at < len(self.tokens) and self.tokens[at].gap == LINE and self.printed[self.tokens[at].start :][:1].isupper():
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
        labels = at > 1 and tokens[at - 1].text == ":" and tokens[at].gap <= SPACE  # Number of wells: 300
        for index in range(at - 1 - labels, max(0, at - REACH_BACK) - 1, -1):
            if tokens[index].text in ends or tokens[index + 1].gap == BLANK:
                return None
            for first in range(max(0, index - LONGEST_FORM + 1), index + 1):
                found = self._known(first, at)
                if found and found[1] == index + 1 and (found[0].unit == MONEY_NOUN or self._is_counted(first, index)):
                    return None if self._is_index(first) else Counted(found[0].unit, first, "counted noun before")
        return None

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
            shown = self._shows_plural(after - 1)
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
        if index >= len(tokens) or tokens[index].gap == BLANK:
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
        if token.text in self.stops and not self._in_compound(index) and not self._is_code(index):
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

    def _shows_plural(self, index: int) -> bool:
        """True for a word that ends as plurals do and whose dictionary form differs, or that no dictionary knows (ngos)."""
        if index >= len(self.tokens):
            return False
        token = self.tokens[index]
        if token.kind != WORD or token.gap > LINE:
            return False
        if token.text == self._lemma(index).text:  # mechanics, barracks: the lemmatiser takes them for words of their own
            found = self._known(index, index + 1) if token.text.endswith(self.plural_endings) else None
            return found is not None and token.text != found[0].unit
        return token.text.endswith(self.plural_endings) or self._known(index, index + 1) is not None

    def _named(self, first: int, last: int) -> Counted:
        """A plural that the lexicon lacks, in its dictionary form, with what a hyphen joins to it (e-bikes)."""
        tokens = self.tokens
        measured = self.lexicon.trie("unit", place="after").longest(tokens, last - 1)
        if measured and measured[1] == last and not (measured[0].get("also") or measured[0].get("needs") or measured[0].get("value")):
            return Counted(measured[0].unit, last, PLURAL)  # 500 guided hours
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
