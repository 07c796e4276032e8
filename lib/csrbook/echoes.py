"""Hear what the sentences around a number tell: the nearer a cue, the louder; each sentence further off takes off a part.

In      a Text, cues as (token, what each tells, how loud), and the tokens where one listens.
Out     for every listener, in the order given, how loud each thing is.
Never   reads a word, or weighs what it hears.
Needs   texts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log2

from csrbook.texts import Text

__all__ = ["echoes"]

LATER = 1.5  # what is told only after a number fades faster: a sentence counts as this many


def echoes(text: Text, cues: Iterable[tuple[int, str, float]], at: Sequence[int], *, half: float) -> list[dict[str, float]]:
    """Return for every token of `at` how loud each thing told is there, on a scale where doubling adds about one.

    Parameters
    ----------
    cues : iterable of (token, told, loudness)
        In any order.
    half : float
        Sentences after which a cue is half as loud; those before and in the listener's own sentence count from there.
    """
    starts = [first for first, _ in text.sentences]
    placed = sorted((bisect_right(starts, token), told, loudness) for token, told, loudness in cues)
    places = [bisect_right(starts, token) for token in at]
    before = dict(_carried(placed, sorted(set(places)), 0.5 ** (1 / half)))
    mirrored = [(-place, told, loudness) for place, told, loudness in reversed(placed)]
    after = dict(_carried(mirrored, sorted({-place - 1 for place in places}), 0.5 ** (LATER / half)))
    kept = 0.5 ** (LATER / half)
    return [_together(before[place], after[-place - 1], kept) for place in places]


def _carried(
    cues: Sequence[tuple[int, str, float]], places: Sequence[int], kept: float
) -> Iterator[tuple[int, Mapping[str, float]]]:
    """Yield (place, loudness of each thing there), from cues up to and at that place; both come in order of place."""
    sums: dict[str, float] = {}
    here, number = 0, 0
    for place in places:
        while number < len(cues) and cues[number][0] <= place:
            at, told, loudness = cues[number]
            sums = {name: value * kept ** (at - here) for name, value in sums.items()} if at != here else sums
            sums[told] = sums.get(told, 0.0) + loudness
            here, number = at, number + 1
        sums = {name: value * kept ** (place - here) for name, value in sums.items()} if place != here else sums
        here = place
        yield place, dict(sums)


def _together(before: Mapping[str, float], after: Mapping[str, float], kept: float) -> dict[str, float]:
    names = [*before, *(name for name in after if name not in before)]
    return {name: log2(1 + before.get(name, 0.0) + kept * after.get(name, 0.0)) for name in names}
