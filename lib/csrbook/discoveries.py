"""Find names that no table knows, and say of each whether it is an actor's or a programme's.

In      a Text with hits of kinds name.*, the traits of its language, and a table of weights.
Out     (form, row) pairs, as name_rows gives them, with found = true: a person may confirm them.
Never   invents an English name: the fullest form that the document prints is the name.
Needs   candidates, choices, lemmas, stage, texts, tokens.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any

from csrbook.candidates import Candidate, find_candidates, initials, source_line
from csrbook.choices import in_style, score
from csrbook.lemmas import tag_han
from csrbook.stage import HEAD
from csrbook.texts import Text
from csrbook.tokens import HAN, LINE, SIGN, fold, is_han

__all__ = ["KINDS", "discover", "kind_options"]

KINDS = ("actor", "programme", "nobody")
LEAST, LEAST_OF_BEST = -2.0, -4.0  # a name that is more likely nobody's is not proposed; near the line the choice for a number decides
RIVAL = 2.0  # a name is proposed as an actor's and a programme's where neither leads by more
LEAST_BESIDE_KNOWN = 3.0  # where names of the table are at work, one that it lacks must be sure
OFTEN = 3  # such names
NEAR, BESIDE = 4, 2  # tokens between a name and a cue that speaks of it
SIGNS = {"'": "possessive", "(": "bracket", ",": "comma", ":": "colon", "-": "dash"}
MANY = (1, 2, 4, 7)  # steps in which printings are counted
ONCE = (" before", " after", "after a mark")  # what is told of a name once is told of it for good
RANKS = 3  # names printed most
COUNTED = 3  # words of a name that are counted apart


def discover(
    text: Text, traits: Mapping[str, Any], weights: Mapping[str, float], *, is_word: Callable[[str], bool]
) -> list[tuple[str, dict[str, Any]]]:
    """Return (form, row) for the actors and programmes that only this document names.

    In a row, `sure` is its lead over a name of nobody, `rival` that of the other kind over this one. `is_word` says whether a
    dictionary of the language knows a folded word.
    """
    found = find_candidates(text, traits)
    options = kind_options(text, found, style=traits["name_style"], is_word=is_word)
    rows = [row for candidate, each in zip(found, options, strict=True) for row in _rows(candidate, each, weights)]
    actors = [row["sure"] for _, row in rows if row["is"] == "actor" and row["rival"] <= 0]
    named = text.hits.get("actor", ())
    known = sum(not (hit.row.get("minor") or hit.row.get("confirmed")) for hit in named) >= OFTEN
    least = {"actor": LEAST, "programme": LEAST}
    if known:
        least = dict.fromkeys(least, LEAST_BESIDE_KNOWN)
    elif actors and not _confirmed(text, "actor"):  # somebody acts in every document
        least["actor"] = max(min(LEAST, max(actors)), LEAST_OF_BEST)
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for candidate, row in rows:
        if row["sure"] >= least[row["is"]] and row["rival"] <= (0 if known else RIVAL):
            gap = "" if is_han(candidate.key[0][0]) else " "
            for form in (candidate.name, *candidate.forms, gap.join(candidate.key), *candidate.short):
                out.setdefault((row["is"], form), row)
    return [(form, row) for (_, form), row in out.items()]


def _confirmed(text: Text, *kinds: str) -> Counter[str]:
    """How often the names that a person confirmed are printed: were they not known, they would be candidates."""
    return Counter(hit.row["name"] for kind in kinds for hit in text.hits.get(kind, ()) if hit.row.get("confirmed"))


def _rows(
    candidate: Candidate, options: Sequence[Mapping[str, float]], weights: Mapping[str, float]
) -> Iterator[tuple[Candidate, dict[str, Any]]]:
    """Yield the row of a name as an actor and as a programme: its lead over a name of nobody, and how far the other kind leads."""
    *kinds, nobody = (score(option, weights) for option in options)
    for kind, own, other in zip(KINDS, kinds, reversed(kinds), strict=False):
        row = {"is": kind, "name": candidate.name, "found": True, "sure": round(own - nobody, 2), "rival": round(other - own, 2)}
        yield candidate, row


def kind_options(
    text: Text, found: Sequence[Candidate], *, style: str, is_word: Callable[[str], bool]
) -> list[list[Mapping[str, float]]]:
    """Return for every candidate the options of KINDS, each with its traits: what is seen of the name, told of the kind."""
    out = []
    counts = [_count(text, candidate) for candidate in found]
    most = sorted([*counts, *_confirmed(text, *KINDS).values()], reverse=True)[:RANKS]
    source = set(source_line(text))
    for candidate, count in zip(found, counts, strict=True):
        rank = most.index(count) if count in most else RANKS
        looks = [*_looks(text, candidate, is_word), *_in_source(candidate, source)]
        looks.append(f"printed as number {rank + 1}" if rank < RANKS else "printed less")
        seen = _shares(text, candidate) | dict.fromkeys(looks, 1.0)
        told = [in_style({f"{kind}: {trait}": amount for trait, amount in seen.items()}, style) for kind in KINDS[:-1]]
        out.append([*told, {"nobody": 1.0}])
    return out


def _looks(text: Text, candidate: Candidate, is_word: Callable[[str], bool]) -> Iterator[str]:
    """Yield what is seen of a name as a whole."""
    count, name = len(candidate.spans), candidate.name
    yield "any"
    yield f"printed {sum(count >= step for step in MANY)}"
    size = len(candidate.key) if text.tokens[next(iter(candidate.spans))[0]].kind != HAN else (len(candidate.key) + 1) // 2
    yield f"words {min(size, COUNTED)}"
    yield "quoted always" if all(candidate.spans.values()) else "quoted once" if any(candidate.spans.values()) else "quoted never"
    first = min(first for first, _ in candidate.spans)
    if first < text.paragraphs[0][1]:
        yield "in the title"
    elif first < HEAD:
        yield "at the head"
    if again := _count(text, candidate) - count:
        yield f"short form printed {min(again, 3)}"
    if any(len(candidate.key) == 1 and initials(candidate.key) == form for form in candidate.short):
        yield "has initials"
    if name.isupper():
        yield "shouted"
    if name.isascii() and _in_other_letters(text, name):
        yield "in other letters"
    yield from _own_words(text, candidate)
    yield from _rare(text, candidate, is_word)


def _in_source(candidate: Candidate, source: Container[int]) -> Iterator[str]:
    """Yield whether a name stands in the line that tells source, place and date, and nowhere else."""
    inside = sum(first in source for first, _ in candidate.spans)
    if inside:
        yield "in the source line" if inside < len(candidate.spans) else "in the source line only"


def _count(text: Text, candidate: Candidate) -> int:
    """How often a name is printed, short forms included."""
    return max([len(candidate.spans), *(text.raw.count(form) for form in candidate.short)])


def _rare(text: Text, candidate: Candidate, is_word: Callable[[str], bool]) -> Iterator[str]:
    """Yield whether the words of a name are words of the language: names are often made up, or come from another one."""
    if not is_han(candidate.key[0][0]):
        strange = sum(not is_word(word) for word in candidate.key if len(word) > 1)
        how = "all" if strange == len(candidate.key) else "some" if strange else "none"
        yield f"strange words {how}"
        yield f"strange words {how}, words {min(len(candidate.key), COUNTED)}"
        if not any(_opens_line(text, first, quoted) for (first, _), quoted in candidate.spans.items()):
            yield f"strange words {how}, words {min(len(candidate.key), COUNTED)}, within sentences"
        elif not all(_opens_line(text, first, quoted) for (first, _), quoted in candidate.spans.items()):
            yield f"strange words {how}, words {min(len(candidate.key), COUNTED)}, anywhere"
        return
    head = min(candidate.short, key=len, default=candidate.name)
    words = list(tag_han(fold(head)))
    yield f"one word {words[0][1][:2]}" if len(words) == 1 else "no one word"
    if words[0][1][:1] in "vdrcp":
        yield "begins as a phrase"


def _opens_line(text: Text, first: int, quoted: bool) -> bool:
    """True for a name at the head of a sentence or a line."""
    return first - quoted <= text.sentence(first)[0] or text.tokens[first - quoted].gap >= LINE


def _in_other_letters(text: Text, name: str) -> bool:
    """True for a name in Latin letters in a text that is not."""
    return sum(map(str.isascii, text.raw[:2000])) * 2 < min(len(text.raw), 2000) and any(map(str.isalpha, name))


def _own_words(text: Text, candidate: Candidate) -> Iterator[str]:
    """Yield what the words of the name itself tell: it ends in bank, or holds a small word."""
    first, last = next(span for span in candidate.spans if tuple(text.lemmas(*span)) == candidate.key)
    for hit in text.find("name.role", first, last):
        if hit.last == last:
            yield f"ends in {hit.row['of']}" if hit.first > first else f"is {hit.row['of']}"
        elif hit.first == first:
            yield f"begins with {hit.row['of']}"
    for hit in text.find("name.suffix", first, last):
        if hit.last == last and hit.first > first:
            yield f"ends in suffix of {'actor' if hit.row.get('actor') else 'programme'}"
    if text.find("name.inside", first + 1, last - 1):
        yield "holds a small word"
    if text.tokens[first].kind != HAN and any(text.raw[t.start].islower() for t in text.tokens[first:last] if t.kind != SIGN):
        yield "holds small letters"


def _shares(text: Text, candidate: Candidate) -> dict[str, float]:
    """Return what stands around a name, each with the share of its printings; but what stands right beside it once counts in full."""
    counts: Counter[str] = Counter()
    for (first, last), quoted in candidate.spans.items():
        counts.update(sorted(set(_around(text, first - quoted, last + quoted))))
    return {trait: 1.0 if trait.endswith(ONCE) else 0.5 + 0.5 * count / len(candidate.spans) for trait, count in counts.items()}


def _around(text: Text, first: int, last: int) -> Iterator[str]:
    """Yield what stands around one printing of a name, quotation marks included in [first, last)."""
    sentence = text.sentence(min(max(first, 0), len(text.tokens) - 1))
    if first <= sentence[0] or text.tokens[first].gap >= LINE:
        yield "opens a sentence"
    elif text.tokens[first - 1].text in text.marks:
        yield "opens a clause"
    for hit in text.find("name.role", max(sentence[0], first - NEAR), first):
        if hit.last == first:
            yield f"{hit.row['of']} before"
        elif hit.last < first:
            yield f"{hit.row['of']} near before"
    for hit in text.find("name.role", last, min(sentence[1], last + NEAR + 1)):
        comma = text.tokens[last].text in text.marks
        if hit.first == last:
            yield f"{hit.row['of']} after"
        else:
            yield f"{hit.row['of']} {'after a mark' if comma else 'near after'}"
    for kind in ("name.launch", "name.called", "name.says", "name.made", "name.does"):
        word = kind.removeprefix("name.")
        if any(first - BESIDE - 1 <= h.last <= first for h in text.find(kind, max(sentence[0], first - NEAR), first)):
            yield f"{word} before"
        if text.find(kind, last, min(sentence[1], last + BESIDE + 1)):
            yield f"{word} after"
    for kind in ("name.object", "name.agent", "name.joint", "time.mark"):
        if text.ends_at(kind, first):
            yield f"after {kind.removeprefix('name.')}"
    if last < len(text.tokens) and (sign := SIGNS.get(text.tokens[last].text)):
        yield f"then a {sign}"
    if text.ends_at("name.own", first):
        yield "own before"
    if text.find("name.own", max(sentence[0], first - NEAR), first):
        yield "own near before"
    clause = text.clause(min(max(first, 0), len(text.tokens) - 1))
    for of in sorted({h.row["of"] for h in text.find("name.role", *clause) if not first <= h.first < last}):
        yield f"{of} in the clause"
    if any(t.kind == "digits" for t in text.tokens[clause[0] : clause[1]]):
        yield "number in the clause"
    if text.is_heading(text.paragraph(first)):
        yield "in a heading"
