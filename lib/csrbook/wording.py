"""Take the words of a stretch of text for what they are: dictionary forms, and where words are written together, signs and pairs.

In      a Text, and tokens or a range of them.
Out     words, each once, sorted; those around a number say where they stand.
Never   reads a numeral, or knows one word from another.
Needs   texts, tokens.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from csrbook.texts import Text
from csrbook.tokens import HAN, WORD

__all__ = ["words_around", "words_of"]


def words_around(text: Text, places: Iterable[int]) -> Iterator[list[str]]:
    """Yield for every token of `places` the words of its sentence, again those of its clause, and those of the sentence before.

    The latter are marked "(clause)" and "(before)"; a sentence opens where its paragraph does.
    """
    cut = cache(partial(_marked, text))
    for at in places:
        sentence, paragraph = text.sentence(at), text.paragraph(at)
        before = text.sentence(sentence[0] - 1) if sentence[0] > paragraph[0] else (at, at)
        yield [*cut("", *sentence), *cut(" (clause)", *text.clause(at)), *cut(" (before)", *before)]


def _marked(text: Text, mark: str, first: int, last: int) -> list[str]:
    return [word + mark for word in words_of(text, first, last)]


def words_of(text: Text, first: int, last: int) -> tuple[str, ...]:
    """Return the words of tokens [first, last): most words of an unspaced script are pairs of its signs."""
    return tuple(sorted(set(_words(text, first, last))))


def _words(text: Text, first: int, last: int) -> Iterator[str]:
    before = None
    for token in text.tokens[first:last]:
        if token.kind == WORD:
            yield text.lemma(token.text)
        elif token.kind == HAN:
            yield token.text
            if before is not None and before.kind == HAN and token.gap == 0:
                yield before.text + token.text
        before = token
