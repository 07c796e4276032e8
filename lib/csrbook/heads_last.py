"""Find the counted noun where words are parted by spaces and the head of a noun phrase stands last: small family farms.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   heads_before, nouns, lemmas, tokens.  Used by phrases.
"""

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from csrbook.heads_before import SHORT, HeadBefore
from csrbook.lemmas import is_word, lemma, mended
from csrbook.nouns import PERSON, REACH, UNKNOWN, Counted
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, SIGN, SPACE, WORD, Token

__all__ = ["HeadLast"]

PLURAL = "plural noun"
NAME = "name"
PERCENT = "percent"
SHORT_FORM = 6  # letters of an abbreviation
REACH_WORD = 60  # characters before a bracket
BRACKET = re.compile(r"\(([^\s()]{2,8})\)")
WORD_BEFORE = re.compile(r"([a-z]+)\s*$", re.IGNORECASE)
SEVERAL = Decimal(2)
CLOSES = {"(": ")", "'": "'", '"': '"', "\u201c": "\u201d\""}  # what ends an aside inside a noun phrase


@lru_cache(maxsize=1)
def _brackets(printed: str) -> dict[str, str]:
    """The word before every short word in brackets of a document, by that word, with and without a plural ending; the first tells."""
    found: dict[str, str] = {}
    for bracket in BRACKET.finditer(printed):
        word = WORD_BEFORE.search(printed, max(0, bracket.start() - REACH_WORD), bracket.start())
        for short in {bracket[1].lower(), bracket[1].lower().removesuffix("s")} if word else ():
            found.setdefault(short, word[1].lower())
    return found


class HeadLast(HeadBefore):
    """The order of English: what is counted is the first plural, with the plurals that follow it (women farmers).

    A noun of the lexicon that shows no plural is taken where no plural follows. Any other word of the dictionary is a verb or
    an adjective there, since nothing is counted in the singular; a word of no dictionary may be a unit or a term (tev).
    """

    def __init__(self, tokens, lexicon, lexicons) -> None:
        super().__init__(mended(tokens, lexicon), lexicon, lexicons)
        self.contrasts = lexicon.words("stop", part="contrast")

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
        if self._opens_label(at):
            return None
        if (beside := self._past_share(at)) and (found := self.after(beside, count)):
            return replace(found, end=at, direct=False)
        found = super().after(at, count)
        if not found or found.rule == UNKNOWN or count == 1:
            return found
        last = found.end - 1
        if self._shows_plural(last) or self.tokens[last].text in self.plurals or self.tokens[at].text == "-":
            return found
        if found.unit == PERSON and self._ends_at(found.end):
            return found  # 90 Sudanese, but not 90 Sudanese schools
        return found if self._has_article(at) else None

    def _opens_label(self, at: int) -> bool:
        """True where a line begins at token `at` that a label, an item or a row of its own opens."""
        if at >= len(self.tokens) or self.tokens[at].gap != LINE:
            return False
        bullet = self.tokens[at].kind == SIGN and self._is_bullet(at)
        placed = at > 1 and self.tokens[at - 2].text in self.lexicon.words("stop", part="where")  # in 32 States
        return bullet or self.opens_row(at) and not placed or self._has_capital(at) and not (placed and self._shows_plural(at))

    def of(self, at: int) -> Counted | None:
        """As in nouns, also past a share in brackets: 210 (70%) of the trainees."""
        beside = self._past_share(at)
        found = self._of_owned(beside or at) or super().of(beside or at)
        return replace(found, end=at) if found and beside else found

    def _of_owned(self, at: int) -> Counted | None:
        """What is counted after an owner and the number of the whole: 18 of the Group's 23 hotels."""
        tokens = self.tokens
        if at >= len(tokens) or tokens[at].text not in self.traits["of"]:
            return None
        for index in range(at + 2, min(len(tokens) - 2, at + REACH)):
            if tokens[index].kind == DIGITS:
                return None
            if self._owns(index) and tokens[index + 1].text in self.plural_endings and tokens[index + 2].kind == DIGITS:
                index += 3
                while index < len(tokens) and tokens[index].gap == JOINED:
                    index += 1
                found = self.after(index, SEVERAL)
                return replace(found, end=at, rule="counted noun after of") if found and found.rule != UNKNOWN else None
        return None

    def _past_share(self, at: int) -> int | None:
        """The index after a bracket between a number and its noun: 50 (71%) companies, 50 (2020: 40) schools."""
        tokens = self.tokens
        if at >= len(tokens) or tokens[at].text != "(" or tokens[at].gap > LINE:
            return None
        if [t.kind for t in tokens[at + 1 : at + 4]] == [DIGITS, SIGN, DIGITS] and tokens[at + 2].text == ":":
            return next((i + 1 for i in range(at + 4, min(len(tokens), at + REACH)) if tokens[i].text == ")"), None)
        close = next((i for i in range(at + 1, min(len(tokens) - 1, at + REACH)) if tokens[i].text == ")"), None)
        told = close and close > at + 2 and self.lexicon.trie("unit", place="after", backward=True).longest(tokens, close - 1)
        return close + 1 if told and told[0].unit == PERCENT and tokens[at + 1].kind == DIGITS else None

    def _has_article(self, at: int) -> bool:
        """True when an article opens the phrase whose number ends before token `at`."""
        opens = (i for i in range(at - 1, max(-1, at - REACH), -1) if self.tokens[i].kind == WORD)
        words = [next(opens, None), next(opens, None)]
        return any(i is not None and self.tokens[i].text in self.traits["article"] for i in words)

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
            if self._is_joined(after) or shown and (self.tokens[after - 1].text in self.modifiers or self._is_named(index, after)):
                known = known if self._is_joined(after) else head  # women-led firms, sports clubs
            elif shown or found and self.tokens[index].text in self.plurals:
                plural = head
                if self.tokens[index].text in self.plurals and not shown and not self._shows_plural(after):
                    break
            elif found:
                known = head
                if found[0].get("weak") and index == at:
                    break  # a 300 capacity hall
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
        if token.text in self.stops and not self._is_part(index):
            joins = token.text in self.traits["and"] or token.text in self.contrasts and self._goes_on(index + 1)
            return index + 1 if joins and index > at and not found else None
        ended = found and (self._shows_plural(found[2] - 1) or tokens[found[2] - 1].text in self.plurals)
        if passed := None if ended else self._past_aside(index):
            return passed
        if token.text == ",":
            return index + 1 if index > at and not found and tokens[index - 1].kind == WORD else None
        return None if token.kind == SIGN and token.text not in self.traits["inside_noun"] else index + 1

    def _is_part(self, index: int) -> bool:
        """True for a stop word that is part of a longer word or name: state-of-the-art, the A of A320, Self Help Groups."""
        if self._in_compound(index) or self._is_code(index) or self.known_end(index) > index + 1:
            return True
        titled = index + 1 < len(self.tokens) and self._has_capital(index) and self._has_capital(index + 1)
        return titled and self._shows_plural(index + 1)

    def _goes_on(self, index: int) -> bool:
        """True for a word of the dictionary that may go on a noun phrase: the needy of brilliant but needy students."""
        word = self.tokens[index] if index < len(self.tokens) else None
        return word is not None and word.kind == WORD and word.gap <= LINE and word.text not in self.stops

    def _past_aside(self, index: int) -> int | None:
        """The index after what may stand inside a noun phrase: an abbreviation in brackets, a saying in quotation marks."""
        tokens, token = self.tokens, self.tokens[index]
        closes = CLOSES.get(token.text)
        if not closes or token.gap == JOINED or index + 1 >= len(tokens) or tokens[index + 1].gap != JOINED:
            return None
        end = next((i for i in range(index + 2, min(len(tokens), index + REACH)) if tokens[i].text in closes), None)
        if end is None or not self._goes_on(end + 1):
            return None
        if token.text == "(":
            short = end == index + 2 and self.printed[tokens[index + 1].start : tokens[index + 1].end].rstrip("s").isupper()
            return end + 1 if short else None
        return end + 1 if any(t.text in self.stops for t in tokens[index + 1 : end]) else None

    def _is_named(self, index: int, after: int) -> bool:
        """True for a plural with a capital that is but the name of what follows: Lexus dealerships, Minerals Council X's members."""
        tokens = self.tokens
        if not self._has_capital(index) or after >= len(tokens) or tokens[after].kind != WORD or tokens[after].gap > LINE:
            return False
        if self._shows_plural(after):
            return tokens[after].text not in self.verbs
        while after < len(tokens) and tokens[after].kind == WORD and tokens[after].gap <= LINE and self._has_capital(after):
            after += 1
        return after + 1 < len(tokens) and self._owns(after) and tokens[after + 1].text in self.plural_endings

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

    def _unknown(self, index: int) -> Counted:
        meant = self._meant(index)
        return Counted(meant, index + 1, UNKNOWN) if meant else super()._unknown(index)

    def _meant(self, index: int) -> str | None:
        """What the document says that an abbreviation stands for, in a bracket after its words: social enterprises (SEs)."""
        token = self.tokens[index]
        short = self.printed[token.start : token.end]
        stem = short.rstrip("s")
        if not (1 < len(stem) <= SHORT_FORM and stem.isupper()):
            return None
        told = _brackets(self.printed).get(stem.lower())
        word = told and lemma(told, self.lexicon)
        entries = self.trie.root.get(word, {}).get("") if word else None
        return entries[0].unit if entries else word

    def _prefix(self, first: int) -> str:
        """What hyphens join to the head: e- of e-bikes."""
        tokens, start = self.tokens, first
        while start >= 2 and tokens[start - 1].text == "-" and tokens[start].gap == tokens[start - 1].gap == JOINED:
            if tokens[start - 2].kind == SIGN:
                break  # a broken word that was put together
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
