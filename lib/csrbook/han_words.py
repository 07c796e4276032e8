"""Part a run of Chinese into words with their parts of speech, by the index of their first token.

In      the tokens of a document, and the run [at, end).
Out     HanWords: (word, index after it, tag) at every token that begins a word.
Never   knows a number, a noun of the lexicon, or names a language.
Needs   tokens, rjieba by way of lemmas.  Used by heads_unspaced and unspaced_before.
"""

from collections.abc import Iterator, Sequence

from csrbook.lemmas import tag_han
from csrbook.tokens import Token

__all__ = ["DEEDS", "SURE", "HanWords"]

SURE = 3  # signs of a noun that no cut between words overrules
DEEDS = frozenset(("v", "vn"))  # 40家|倡议 is what they do


class HanWords:
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

    def cuts(self, start: int, end: int) -> bool:
        """Return whether a form ends inside a word: 国家 in 国家级; a longer form is surer than how the words were parted."""
        return end - start < SURE and any(first < end < after for first, (_, after, _) in self.at.items())
