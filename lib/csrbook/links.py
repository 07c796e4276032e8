"""Link mentions of one document: the same sentence printed again, and an amount converted or told once more in its sentence.

In      a Document, its Text, its Mentions and their token ranges.
Out     for every mention the number of the one that it repeats, or restates, or None.
Never   links two mentions of different value as one printing, or looks beyond the document.
Needs   mentions, texts.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from csrbook.mentions import Mention
from csrbook.texts import Text

__all__ = ["find_repeated", "find_restated"]

OPENING_BRACKETS = "(["
AROUND = 8  # tokens on either side of a number that tell whether its sentence is printed again
SAME = 0.75  # share of the words around two numbers that must be the same
CAPTION = 0.7  # share of a caption's words that the full sentence must hold
LEAST_WORDS = 4
ALIKE = 50  # earlier figures of one value that a sentence is compared with


def find_repeated(document, text: Text, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """Return for every mention the number of the first one that it prints again, or None."""
    out: list[int | None] = []
    first_printed: dict[tuple, list[int]] = defaultdict(list)
    passages = sorted(document.repeats, key=_start)
    for number, mention in enumerate(mentions):
        earlier = first_printed[mention.value, mention.value_max]
        place = bisect_right(passages, mention.start, key=_start) - 1
        again = place >= 0 and mention.start < passages[place].end
        found = _in_first_printing(passages[place], mentions, earlier) if again else None
        if found is None:
            found = next((n for n in earlier[:ALIKE] if _same_sentence(text, spans[n], spans[number])), None)
        out.append(found)
        if found is None:
            earlier.append(number)
    return out


def _start(passage: Any) -> int:
    return passage.start


def _in_first_printing(passage: Any, mentions: Sequence[Mention], earlier: Sequence[int]) -> int | None:
    length = (passage.end - passage.start) * 1.3 + 40
    return next((n for n in earlier if passage.first - 20 <= mentions[n].start < passage.first + length), None)


def _same_sentence(text: Text, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """True when the words around two numbers are the same, or the second stands in a caption of the first's sentence."""
    if text.sentence(first[0]) == text.sentence(second[0]):
        return False
    left, right = _words_around(text, first), _words_around(text, second)
    shared = sum(min(left.count(word), right.count(word)) for word in set(left))
    if len(right) >= LEAST_WORDS and shared >= SAME * max(len(left), len(right)):
        return True
    paragraph = text.paragraph(second[0])
    if not text.is_heading(paragraph):
        return False
    caption = text.lemmas(*paragraph)
    full = set(text.lemmas(*text.sentence(first[0])))
    return len(caption) >= LEAST_WORDS and sum(word in full for word in caption) >= CAPTION * len(caption)


def _words_around(text: Text, span: tuple[int, int]) -> list[str]:
    sentence = text.sentence(span[0])
    return text.words(max(sentence[0], span[0] - AROUND), min(sentence[1], span[1] + AROUND))


def find_restated(text: Text, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]], number: int) -> int | None:
    """Return the number of the mention that this one converts: in brackets right after it, or after "equivalent to"."""
    if not number:
        return None
    before, (first, last) = spans[number - 1], spans[number]
    if text.sentence(before[0]) != text.sentence(first):
        return None
    between = text.tokens[before[1] : first]
    opened = [t.text for t in between if t.text in OPENING_BRACKETS]
    one, other = mentions[number - 1], mentions[number]
    converted = one.kind == other.kind and one.unit != other.unit and one.kind in ("money", "physical")
    if opened and converted and len(between) <= 5:
        return number - 1
    if text.find("equal", before[1], first):
        return number - 1
    return None
