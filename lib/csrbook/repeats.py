"""Find passages that a document prints twice, over other line ends, hyphens and small differences.

In      the text of a document; spans to look past (running heads, page numbers); what one letter weighs.
Out     Repeats: the span of the later printing, in whole words, and the start of the first printing.
Never   calls two passages the same that differ in a digit, or in more than a few letters at a place.
Needs   nothing.  Used by documents.

Only letters and digits count, in lower case. Every BLOCK letters of the text so far are looked up under each letter of
what follows (as rsync does), a hit is drawn out both ways, and small differences are stepped over. Time and memory grow
with the length of the text, whatever it repeats.
"""

import re
from array import array
from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import category

__all__ = ["Repeat", "find_repeats"]

Stretch = tuple[int, int, int]     # place in the first printing, place in the second, letters that are the same

WORD = re.compile(r"[^\W_]+")
LEAST = 60      # letters of an alphabet that must be the same: about ten words, or 24 Chinese characters
BLOCK = 22      # any 2 * BLOCK letters hold a whole block, so that no passage of LEAST is missed
GAP = 8         # letters that one printing may have more or other than the other at one place
ANCHOR = 3      # ... if at least ANCHOR + 2 * gap letters after it are the same again
WIDE = "\u2e80"  # from here on scripts write words without blanks between them
MARKS = ".,' \u00a0\u202f"


class Repeat(NamedTuple):
    """A half-open span that was printed before, from `first` on."""

    start: int
    end: int
    first: int


def find_repeats(text: str, *, skip: Iterable[tuple[int, int]] = (), weight: float = 1.0) -> tuple[Repeat, ...]:
    """Return the passages that were printed before, in text order.

    Parameters
    ----------
    text : str
        A document as read.
    skip : iterable of (start, end)
        Sorted, disjoint spans that are looked past: they neither repeat nor part a passage.
    weight : float
        How many letters of an alphabet one letter of the document is worth (Script.weight).

    Examples
    --------
    >>> line = "The fund sent forty lorries of drinking water to the towns along the northern coast."
    >>> [(p.start, p.first) for p in find_repeats(line + " Then again: " + line.replace(" of ", "\\\\nof "))]
    [(97, 0)]
    """
    stream, places = _fold(text, skip)
    mirror, block, least = stream[::-1], max(int(BLOCK / weight), 6), int(LEAST / weight)
    index: dict[str, int] = {}
    found: list[Repeat] = []
    at = indexed = floor = 0
    while at + block <= len(stream):
        while indexed + block <= at:
            index.setdefault(stream[indexed : indexed + block], indexed)
            indexed += block
        first = index.get(stream[at : at + block])
        if first is None:
            at += 1
            continue
        before, after = _draw_out(stream, mirror, first, at, max(floor, first + block))
        matched = _whole_words(text, places, before + after)
        if sum(n for _, _, n in matched) >= least:
            found.append(_repeat(text, places, matched, found[-1].end if found else 0))
            at = floor = after[-1][1] + after[-1][2]
        else:
            at += max(after[0][2] - block + 1, 1)      # inside this stretch the same hit would come again
    return tuple(found)


def _draw_out(stream: str, mirror: str, i: int, j: int, floor: int) -> tuple[list[Stretch], list[Stretch]]:
    """Return what is the same before i and j, and from them on; neither printing runs into the other, nor below `floor`."""
    size = len(stream)
    back = _follow(mirror, size - i, size - j, size, size - floor)
    before = [(size - a - n, size - b - n, n) for a, b, n in reversed(back)]
    return before, _follow(stream, i, j, before[0][1] if before else j, size)


def _fold(text: str, skip: Iterable[tuple[int, int]]) -> tuple[str, array]:
    """Return the letters and digits in lower case, and the place of each in the text."""
    letters: list[str] = []
    places = array("L")
    at = 0
    for start, end in [*skip, (len(text), len(text))]:
        for word in WORD.finditer(text, at, start):
            low = word[0].lower()
            letters.append(low if len(low) == len(word[0]) else word[0])     # one capital has two letters for its small
            places.extend(range(*word.span()))
        at = end
    return "".join(letters), places


def _follow(stream: str, i: int, j: int, most_i: int, most_j: int) -> list[Stretch]:
    """Return the stretches (i, j, length) that are the same from i and j on, small differences between them."""
    stretches = []
    while True:
        if n := _same(stream, i, j, min(most_i - i, most_j - j)):
            stretches.append((i, j, n))
        more_i, more_j = _step_over(stream, i + n, j + n, most_i, most_j)
        if not (more_i or more_j):
            return stretches
        i, j = i + n + more_i, j + n + more_j


def _same(stream: str, i: int, j: int, most: int) -> int:
    """Return how many letters are the same from i and j on, at most `most`: by doubling, then by halving."""
    n, size = 0, 32
    while size <= most - n and stream[i + n : i + n + size] == stream[j + n : j + n + size]:
        n, size = n + size, 2 * size
    size = min(size, most - n)
    while size > 0:
        half = (size + 1) // 2
        if stream[i + n : i + n + half] == stream[j + n : j + n + half]:
            n, size = n + half, size - half
        else:
            size = half - 1 if half > 1 else 0
    return max(n, 0)


def _step_over(stream: str, i: int, j: int, most_i: int, most_j: int) -> tuple[int, int]:
    """Return how many letters to pass in each printing to be on common ground again; (0, 0) where there is none."""
    ways = []
    probe = ANCHOR + 2
    for a in range(GAP + 1):
        b = stream.find(stream[i + a : i + a + probe], j, min(j + GAP + probe, most_j)) - j
        need = ANCHOR + 2 * max(a, b)
        if b < 0 or i + a + need > most_i or j + b + need > most_j:
            continue
        if stream[i + a : i + a + need] == stream[j + b : j + b + need]:
            ways.append((max(a, b), a, b))
    _, a, b = min(ways, default=(0, 0, 0))
    return (a, b) if not any(map(str.isdigit, stream[i : i + a] + stream[j : j + b])) else (0, 0)


def _whole_words(text: str, places: array, stretches: list[Stretch]) -> list[Stretch]:
    """Cut the ends until neither printing begins or ends inside a word or a number."""
    kept = list(stretches)
    while kept:
        i, j, n = kept[0]
        if not (_is_inside(text, places[i]) or _is_inside(text, places[j])):
            break
        kept[:1] = [(i + 1, j + 1, n - 1)] if n > 1 else []
    while kept:
        i, j, n = kept[-1]
        if not (_is_inside(text, places[i + n - 1] + 1) or _is_inside(text, places[j + n - 1] + 1)):
            break
        kept[-1:] = [(i, j, n - 1)] if n > 1 else []
    return kept


def _is_inside(text: str, at: int) -> bool:
    """True if a word, or a number with its marks, goes on from one side of a place to the other."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return max(before, after) < WIDE
    around = text[max(at - 2, 0) : at + 2]
    return any(a.isdigit() and mark in MARKS and b.isdigit() for a, mark, b in zip(around, around[1:], around[2:], strict=False))


def _repeat(text: str, places: array, stretches: list[Stretch], floor: int) -> Repeat:
    """The span of the later printing, with the signs that hang on its ends."""
    start, end = places[stretches[0][1]], places[stretches[-1][1] + stretches[-1][2] - 1] + 1
    while start > floor and _is_opening(text[start - 1]):
        start -= 1
    while end < len(text) and not (text[end].isalnum() or text[end].isspace() or _is_opening(text[end])):
        end += 1
    return Repeat(start, end, places[stretches[0][0]])


def _is_opening(char: str) -> bool:
    """An opening bracket or quotation mark, or the sign of a currency."""
    return category(char) in ("Ps", "Pi", "Sc")
