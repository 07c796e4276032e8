"""Find the counted noun where words are not parted, and modifiers stand before their head.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   nouns, lexicon, tokens, rjieba by way of lemmas.  Used by phrases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from csrbook.lemmas import tag_han
from csrbook.nouns import MONEY_NOUN, REACH_HAN, Counted, Nouns
from csrbook.tokens import DIGITS, LINE, SIGN, Token

__all__ = ["Unspaced"]

REACH_QUOTED = 20  # signs of a name in quotation marks


class Unspaced(Nouns):
    """The order of Chinese."""

    def _phrase(self, at: int) -> Counted | None:
        near = self._after_han(at)
        return (self._after_modifier(at) if near is None or near.unit == MONEY_NOUN else None) or near

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
