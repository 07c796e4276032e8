"""Find what a number counts: the noun after it (or, failing that, before it), as a canonical English singular.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted(unit, end, rule): the unit code of the noun, the token index after it, how it was found.
Never   reads a number; an unknown noun is given as it stands, in its dictionary form, never dropped.
Needs   grammar, lexicon, tokens.  Used by quantities.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from csrbook.grammar import is_word, lemma, parse, tag_han
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, LINE, SIGN, WORD, Token

__all__ = ["MONEY_NOUN", "Counted", "Nouns", "one_letter_off"]

REACH = 7  # words looked at after a number; a longer noun phrase is rare and a longer reach finds the next clause
REACH_HAN = 14  # signs
REACH_BACK = 12
REACH_QUOTED = 20
REACH_OF = 6  # tokens between "of" and its noun: 300 of the 1,000 villages
SHORT = 3  # letters; an abbreviation keeps its length in a misprint
LEAST_MISPRINT = 6  # letters; shorter words have too many neighbours
MONEY_NOUN = "money"  # unit of nouns that name a sum (turnover): the number after them is money in the default currency
PERSON = "person"
UNKNOWN = "unknown noun"


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted noun: its unit code, the token index after it (or of its first token, before a number), how it was found."""

    unit: str
    end: int
    rule: str
    note: str | None = None
    direct: bool = True  # nothing stands between number and noun


def _edits(word: str, form: str) -> bool:
    """True when one letter added, lost, changed, or two neighbours swapped make a form of a word."""
    if abs(len(word) - len(form)) > 1 or word == form:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, form, strict=False)) if a != b), min(len(word), len(form)))
    rest, other = word[head:], form[head:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])


def one_letter_off(word: str, lexicon: Lexicon, section: str, *, least: int) -> Entry | None:
    """Return the one entry with a form that `word` misses by a letter, or None where none or several do."""
    forms = lexicon.words_by(section, "forms")
    alike = ((form, e) for form, e in forms.items() if len(form) >= least and (len(form) > SHORT or len(form) == len(word)))
    found = {id(e): e for form, e in alike if _edits(word, form)}
    return next(iter(found.values())) if len(found) == 1 else None


class Nouns:
    """Finds counted nouns at token positions of one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.trie, self.stops = lexicon.trie("noun"), lexicon.words("stop", part="noun")
        self.people = frozenset(lexicons.tables["units"].get("people", ()))
        self._lemmas: dict[int, Token] = {}

    def after(self, at: int) -> Counted | None:
        """Return the counted noun that follows directly at token `at`, or None."""
        if at >= len(self.tokens) or self.tokens[at].gap == BLANK:
            return None
        if not self.traits["word_spacing"]:
            near = self._after_han(at)
            return self._both((self._after_modifier(at) if near is None or near.unit == MONEY_NOUN else None) or near)
        window = self._window(at)
        if not window:
            return None
        return self._both(self._head_first(window) if self.traits["noun_head"] == "first" else self._head_last(window))

    def of(self, at: int) -> Counted | None:
        """Return the noun that "of" leads to: 300 of the 1,000 villages; 5 из 12 школ."""
        tokens = self.tokens
        if at >= len(tokens) or tokens[at].text not in self.traits["of"] or tokens[at].gap > LINE:
            return None
        index, end = at + 1, min(len(tokens), at + REACH_OF)
        while index < end and (tokens[index].kind == DIGITS or tokens[index].text in self.stops or tokens[index].text in ",."):
            index += 1
        found = self.after(index)
        return replace(found, end=at, rule="counted noun after of") if found and found.rule != UNKNOWN else None

    def before(self, at: int) -> Counted | None:
        """Return the nearest known noun before token `at` in the same clause ("a user base of 207 million"), or None."""
        tokens, ends = self.tokens, self.traits["clause_end"]
        for index in range(at - 1, max(0, at - REACH_BACK) - 1, -1):
            token = tokens[index]
            if token.text in ends or tokens[index + 1].gap == BLANK:
                return None
            if token.kind == DIGITS or not (found := self._known(index, at)):
                continue
            if token.kind == HAN and found[1] == index + 1:
                continue  # one sign is part of a word more often than a word
            first = index
            for start in range(index - 1, max(0, index - 6), -1):
                longer = self._known(start, at)
                if longer and longer[1] >= found[1]:
                    first, found = start, longer
            return Counted(found[0].unit, first, "counted noun before")
        return None

    def right_before(self, at: int) -> Counted | None:
        """Return the longest known noun that ends where token `at` begins (专利105,845件), or None."""
        for first in range(max(0, at - REACH), at - 1):
            if (found := self._known(first, at)) and found[1] == at:
                return Counted(found[0].unit, first, "counted noun before")
        return None

    def is_known_at(self, at: int) -> bool:
        """Return whether a noun of the lexicon begins at token `at`."""
        return at < len(self.tokens) and self._known(at, len(self.tokens)) is not None

    # -- parts -------------------------------------------------------------------------------------------------------

    def _lemma(self, index: int) -> Token:
        if index not in self._lemmas:
            token = self.tokens[index]
            self._lemmas[index] = token._replace(text=lemma(token.text, self.lexicon)) if token.kind == WORD else token
        return self._lemmas[index]

    def _part(self, index: int) -> str:
        return parse(self.tokens[index].text, self.traits["lemmatiser"], self.lexicon.language)[1]

    def _known(self, at: int, end: int) -> tuple[Entry, int] | None:
        """The longest lexicon noun at `at`, each word as printed or in its dictionary form."""
        node, found, index = self.trie.root, None, at
        while index < min(end, len(self.tokens), at + REACH_HAN):
            token = self.tokens[index]
            if index > at and token.gap == BLANK:
                break
            child = node.get(token.text)
            if child is None and token.kind == WORD:
                child = node.get(self._lemma(index).text)
            if child is None:
                break
            node, index = child, index + 1
            if "" in node:
                found = node[""][0], index
        return found

    def _is_plural(self, index: int) -> bool:
        return self.tokens[index].text != self._lemma(index).text

    def _both(self, noun: Counted | None) -> Counted | None:
        """Teachers and pupils, doctors and nurses: two kinds of people counted as one number are persons."""
        tokens = self.tokens
        if not noun or noun.unit not in self.people or noun.end + 1 >= len(tokens) or tokens[noun.end].gap > LINE:
            return noun
        if tokens[noun.end].text not in self.traits["and"] or tokens[noun.end + 1].gap > LINE:
            return noun
        second = self._known(noun.end + 1, len(tokens))
        if not second or second[0].unit not in self.people or second[0].unit == noun.unit:
            return noun
        return Counted(PERSON, second[1], "two counted nouns")

    # -- words between spaces ----------------------------------------------------------------------------------------

    def _window(self, at: int) -> range:
        """Token indices that may hold the noun phrase: words, hyphens and quotes up to a stop word or another sign."""
        index, words = at, 0
        while index < len(self.tokens) and words < REACH and index - at < 3 * REACH:
            token = self.tokens[index]
            if token.gap == BLANK or token.kind == DIGITS:
                break
            if token.text in self.stops and not (index > at and self._between_adjectives(index)):
                break
            if token.kind == SIGN and token.text not in self.traits["inside_noun"]:
                break
            words += token.kind == WORD
            index += 1
        return range(at, index)

    def _between_adjectives(self, index: int) -> bool:
        """True for the "and" of "small and medium enterprises" where the language tells adjectives apart."""
        if self.tokens[index].text not in self.traits["and"] or index + 1 >= len(self.tokens):
            return False
        if self._part(index - 1) != "adjective":
            return False
        return self._part(index + 1) == "adjective" or self._known(index + 1, index + 3) is not None

    def _head_last(self, window: range) -> Counted | None:
        """English order: the first known noun, carried on while the next word is a known noun too (office workers)."""
        tokens, best = self.tokens, None
        for index in window:
            if best and index < best[1]:
                continue
            if found := self._known(index, len(tokens)):
                best = found
            if best and (not found or self._is_plural(best[1] - 1)):
                break
        if best and best[0].get("weak") and best[1] < len(tokens) and tokens[best[1]].text in self.traits["of"]:
            inner = self.after(best[1] + 1)
            if inner and inner.rule != UNKNOWN:
                return inner
        if best:
            return Counted(best[0].unit, best[1], "counted noun")
        words = [i for i in window if tokens[i].kind == WORD]
        if not words:
            return None
        return self._unknown(words[-1] if len(words) <= 3 else words[0])

    def _head_first(self, window: range) -> Counted | None:
        """Russian order: adjectives, then the head; what depends on it follows."""
        for index in window:
            token = self.tokens[index]
            if found := self._known(index, len(self.tokens)):
                entry, end = found
                if entry.get("weak") and end < window.stop:
                    inner = self._head_first(range(end, min(window.stop, end + 4)))
                    if inner and inner.rule != UNKNOWN:
                        return inner
                return Counted(entry.unit, end, "counted noun")
            if token.kind != WORD or token.text in self.lexicon.words("stop", part="modifier") or token.text in self.traits["and"]:
                continue
            followed = index + 1 < window.stop and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
            part = self._part(index)
            if part == "noun" and not followed:
                return self._unknown(index)
            if part in ("verb", "other") and not followed and token.text.isalpha() and not token.text.isascii():
                return None
        return None

    def _unknown(self, index: int) -> Counted:
        """A noun that the lexicon lacks, in its dictionary form; a misprint of one that it has is read as that."""
        base = self._lemma(index).text
        if len(base) >= LEAST_MISPRINT and not is_word(self.tokens[index].text, self.lexicon):
            if entry := one_letter_off(base, self.lexicon, "noun", least=LEAST_MISPRINT):
                return Counted(entry.unit, index + 1, "misprinted noun", f"misprint: read as {entry.forms[0]}")
        return Counted(base, index + 1, UNKNOWN)

    # -- no spaces ---------------------------------------------------------------------------------------------------

    def _after_han(self, at: int) -> Counted | None:
        """Chinese order: modifiers, then the head; a word that is neither noun nor modifier ends the phrase."""
        tokens, end = self.tokens, self._end_han(at)
        if end == at:
            return None
        if quoted := self._quoted(at):
            return quoted
        words, index, best, direct = _Words(tokens, at, end), at, None, False
        while index < end:
            found = self.trie.longest(tokens, index)
            verb = best and words.at.get(index, ("", 0, ""))[2] == "v"  # 国家捐赠: a noun of the lexicon, but a verb here
            if found and found[1] <= end and not verb and not words.cuts(found[1]) and not (best and found[0].unit == MONEY_NOUN):
                direct = index == at or (best is not None and direct)
                best, index = found, found[1]
                continue
            if best and (best[0].get("weak") is None or tokens[index].kind == SIGN):
                break
            word, after, tag = words.at.get(index, ("", index + 1, "n"))
            if word in self.stops or tag[:1] in "pcdurmy" or (tag == "v" and best):
                break
            index = max(after, index + 1)
        return Counted(best[0].unit, best[1], "counted noun", None, direct) if best else None

    def _quoted(self, at: int) -> Counted | None:
        """A name in quotation marks has its head at its end: 1000个“菜鸟县域快递共配中心”."""
        tokens = self.tokens
        if tokens[at].text not in self.traits["inside_noun"]:
            return None
        marks = (i for i in range(at + 1, min(len(tokens), at + REACH_QUOTED)) if tokens[i].text in self.traits["inside_noun"])
        close = next(marks, at)
        for first in range(at + 1, close):
            if (found := self.trie.longest(tokens, first)) and found[1] == close:
                return Counted(found[0].unit, close, "counted noun", None, False)
        return None

    def _after_modifier(self, at: int) -> Counted | None:
        """10个产值过百亿的产业集群: a clause stands between the number and its noun, and a mark ends it."""
        tokens, mark = self.tokens, self.traits["modifier_mark"]
        for index in range(at, min(len(tokens) - 1, at + REACH_HAN)):
            if tokens[index].gap >= LINE or (tokens[index].kind == SIGN and tokens[index].text not in self.traits["inside_noun"]):
                return None
            if tokens[index].text == mark and index > at:
                found = self._after_han(index + 1)
                return found and replace(found, direct=False)
        return None

    def _end_han(self, at: int) -> int:
        end = at
        while end < len(self.tokens) and end - at < REACH_HAN:
            token = self.tokens[end]
            if token.gap >= LINE or token.kind == DIGITS or (token.kind == SIGN and token.text not in self.traits["inside_noun"]):
                break
            end += 1
        return end


class _Words:
    """The words of a stretch of Chinese by the index of their first token: (word, index after, part of speech)."""

    def __init__(self, tokens: Sequence[Token], at: int, end: int) -> None:
        starts, position = dict(self._starts(tokens, at, end)), 0
        self.at: dict[int, tuple[str, int, str]] = {}
        for word, tag in tag_han("".join(token.text for token in tokens[at:end])):
            first, position = starts.get(position), position + len(word)
            if first is not None:
                self.at[first] = (word, starts.get(position, end), tag)

    @staticmethod
    def _starts(tokens: Sequence[Token], at: int, end: int) -> Iterator[tuple[int, int]]:
        position = 0
        for index in range(at, end):
            yield position, index
            position += len(tokens[index].text)

    def cuts(self, end: int) -> bool:
        """Return whether a form that ends there ends inside a word: 国家 in 国家级."""
        return any(first < end < after for first, (_, after, _) in self.at.items())
