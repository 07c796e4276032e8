"""Find a claim of one run again in another, also where the document was edited, renamed or put in another order.

    pair_claims(old, new, old_text, new_text) -> [(0, 0), (1, None), (None, 1), ...]   # places in old and new

In      the claims of one document in two runs, in text order, and the two stored texts; documents by name and digest.
Out     pairs of places; None where a claim, or a document, has no other.
Never   pairs by likeness what an equal sentence or an equal place can pair; gives one claim two others.
Needs   nothing.  Used by changes.

In a text that is the same a claim is at its place, or it overlaps it (a span read longer than before). In an edited text
the same words at the same place in the same sentence come first, wherever that sentence stands now; then a sentence that
differs in its figures only, claim by claim; then sentences that are alike, in which only claims of the same quotation,
of the same number or of the same unit are one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

__all__ = ["pair_claims", "pair_documents", "sentence_of"]

ALIKE = 0.6  # share of neighbouring characters in common that makes two sentences one, edited
COMMON = 60  # sentences with the same two neighbouring characters; past that these tell nothing apart
CANDIDATES = 8  # sentences that one is compared with
AROUND = 300  # characters on each side that serve where the sentence is not known
CUT = "\0"  # stands for a figure in a sentence of which the other words count
Claim = Mapping[str, Any]
Pair = tuple[int | None, int | None]
Sentence = tuple[str, list[int]]  # its words without blanks, the claims in it


def pair_documents(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> list[tuple[str | None, str | None]]:
    """Pair documents, given as digest of the stored text by name: same name and text, same text, same name.

    Examples
    --------
    >>> pair_documents({"a": "1", "b": "2", "c": "3"}, {"a": "1", "new": "2", "c": "4"})
    [('a', 'a'), ('b', 'new'), ('c', 'c')]
    """
    old, new = sorted(before.items()), sorted(after.items())
    found: dict[int, int] = {}
    for key in (lambda told: told, lambda told: told[1], lambda told: told[0]):
        found |= _pair_by(old, new, found, key)
    taken = set(found.values())
    pairs = [(name, new[found[at]][0] if at in found else None) for at, (name, _) in enumerate(old)]
    return pairs + [(None, name) for at, (name, _) in enumerate(new) if at not in taken]


def pair_claims(old: Sequence[Claim], new: Sequence[Claim], old_text: str | None = None, new_text: str | None = None) -> list[Pair]:
    """Pair the claims of a document in two runs.

    Parameters
    ----------
    old, new : sequence of mapping
        Claims with start, end, text, value, unit, sentence_start and sentence_end, in text order.
    old_text, new_text : str, optional
        The stored texts where they differ; left out where the text is the same.

    Returns
    -------
    list of (place in old or None, place in new or None)
        Every claim once; those of the new run in its order, then what is gone.
    """
    found = _pair_places(old, new) if old_text is None or new_text is None else _pair_edited(old, new, old_text, new_text)
    back = {b: a for a, b in found.items()}
    return [(back.get(at), at) for at in range(len(new))] + [(at, None) for at in range(len(old)) if at not in found]


def sentence_of(claim: Claim, text: str) -> tuple[str, int]:
    """Return the sentence around a claim without its blanks, and how many characters of that stand before the claim.

    What stands around it in its line serves where the sentence is not known. Blanks count for nothing: a paragraph set
    anew says what it said.
    """
    start, end = claim["start"], claim["end"]
    first, last = claim.get("sentence_start"), claim.get("sentence_end")
    if first is None or last is None or not first <= start < end <= last:
        first = max(text.rfind("\n", 0, start) + 1, start - AROUND)
        last = min((text.find("\n", end) + 1 or len(text) + 1) - 1, end + AROUND)
    return _squeeze(text[int(first) : int(last)]), len(_squeeze(text[int(first) : start]))


def _pair_places(old: Sequence[Claim], new: Sequence[Claim]) -> dict[int, int]:
    """Pair claims of one text: at the same place, then at places that overlap."""
    found = _pair_by(old, new, {}, lambda claim: (claim["start"], claim["end"]))
    taken, here = set(found.values()), 0
    free = [at for at in range(len(new)) if at not in taken]
    for at, claim in enumerate(old):
        if at in found:
            continue
        while here < len(free) and new[free[here]]["end"] <= claim["start"]:
            here += 1
        if here < len(free) and new[free[here]]["start"] < claim["end"]:
            found[at] = free[here]
            here += 1
    return found


def _pair_edited(old: Sequence[Claim], new: Sequence[Claim], old_text: str, new_text: str) -> dict[int, int]:
    """Pair claims of two texts by their sentences."""
    before, after = ([sentence_of(claim, text) for claim in claims] for claims, text in ((old, old_text), (new, new_text)))
    keys = [
        [(*where, _squeeze(claim["text"])) for where, claim in zip(told, claims, strict=True)]
        for told, claims in ((before, old), (after, new))
    ]
    found: dict[int, int] = {}
    around = [list(zip([None, *told], told, [*told[1:], None], strict=False)) for told in keys]
    for key in (lambda told: told, lambda told: told[0] and told[:2], lambda told: told[2] and told[1:], lambda told: told[1]):
        found |= _pair_by(*around, found, key)  # of a sentence printed twice that which stands where it stood
    left = _left(before, found), _left(after, found.values())
    masked = [[_mask(one, claims, told) for one in part] for part, claims, told in zip(left, (old, new), (before, after), strict=True)]
    for a, b in _pair_by(masked[0], masked[1], {}, lambda words: words).items():
        found |= dict(zip(left[0][a][1], left[1][b][1], strict=True))
    left = _left(before, found), _left(after, found.values())
    for a, b in _pair_alike([words for words, _ in left[0]], [words for words, _ in left[1]]):
        found |= _pair_within(old, new, left[0][a][1], left[1][b][1])
    return found


def _pair_by(old: Sequence, new: Sequence, found: Mapping[int, int], key: Callable[[Any], Hashable | None]) -> dict[int, int]:
    """Pair what is free and has the same key, the first with the first; None is no key."""
    taken = set(found.values())
    free: dict[Hashable, list[int]] = defaultdict(list)
    for at in range(len(new) - 1, -1, -1):
        if at not in taken:
            free[key(new[at])].append(at)
    own = {at: key(one) for at, one in enumerate(old) if at not in found}
    return {at: free[told].pop() for at, told in own.items() if told is not None and free.get(told)}


def _left(places: Sequence[tuple[str, int]], found: Iterable[int]) -> list[Sentence]:
    """Return the sentences with claims that have no other yet, in order, each with those claims.

    A sentence printed twice in a row is two: the second begins where the place in the sentence falls back.
    """
    taken, sentences = set(found), []
    for words, group in groupby((at for at in range(len(places)) if at not in taken), key=lambda at: places[at][0]):
        last = None
        for at in group:
            if last is None or places[at][1] <= last:
                sentences.append((words, []))
            sentences[-1][1].append(at)
            last = places[at][1]
    return sentences


def _mask(sentence: Sentence, claims: Sequence[Claim], places: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """Return the words of a sentence with its figures cut out, and how many these are."""
    words, here, kept = sentence[0], 0, []
    for at in sentence[1]:
        first = places[at][1]
        kept += [words[here:first], CUT]
        here = max(here, first + len(_squeeze(claims[at]["text"])))
    return "".join([*kept, words[here:]]), len(sentence[1])


def _pair_alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair sentences that have most of their neighbouring characters in common, the likest first."""
    after = [_neighbours(words) for words in new]
    holders: dict[str, list[int]] = defaultdict(list)
    for at, told in enumerate(after):
        for pair in told:
            holders[pair].append(at)
    scored = []
    for a, words in enumerate(old):
        own = _neighbours(words)
        shared = Counter(at for pair in sorted(own) if len(holders[pair]) <= COMMON for at in holders[pair])
        for b, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]:
            likeness = 2 * len(own & after[b]) / (len(own) + len(after[b]))
            if likeness >= ALIKE:
                scored.append((-likeness, abs(a - b), a, b))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, a, b in sorted(scored):
        if a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    return sorted(pairs.items())


def _pair_within(old: Sequence[Claim], new: Sequence[Claim], a: Sequence[int], b: Sequence[int]) -> dict[int, int]:
    """Pair the claims of one sentence, edited: by quotation, by number and unit, by unit, by number."""
    was, now = [old[at] for at in a], [new[at] for at in b]
    pairs: dict[int, int] = {}
    for key in (
        lambda claim: _squeeze(claim["text"]),
        lambda claim: (claim.get("value"), claim.get("unit")),
        lambda claim: claim.get("unit"),
        lambda claim: claim.get("value"),
    ):
        pairs |= _pair_by(was, now, pairs, key)
    return {a[one]: b[other] for one, other in pairs.items()}


def _neighbours(words: str) -> frozenset[str]:
    """Return all two neighbouring characters: a measure of likeness that needs no words, and so no language."""
    return frozenset(words[at : at + 2] for at in range(max(1, len(words) - 1)))


def _squeeze(text: str) -> str:
    return "".join(text.split())
