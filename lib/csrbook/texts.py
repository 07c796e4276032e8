"""Lay a document out for reading: sentences, paragraphs, headings, chapters, and every cue word at its place.

In      the tokens of a document, its sentences as token ranges, a Cues index, and the way to the dictionary form.
Out     Text: hits of every kind, found once, and asked for by token range.
Never   decides what a hit means, or names a language: words come from the lexicon's tables.
Needs   lexicon, tokens.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from csrbook.lexicon import Trie
from csrbook.tokens import BLANK, LINE, SIGN, WORD, Token, tokenize

__all__ = ["HEADING_TOKENS", "Cues", "Hit", "Text", "count_within", "read_text"]

WORDS = 30_000  # whose dictionary forms are held: a worker meets ever new ones
HEADING_TOKENS = 26  # a paragraph longer than this is no heading
TEMPLATE = 3  # a heading printed this often opens the same part of every chapter
CHAPTER_TOKENS = 200  # a part shorter than this is no chapter
LONGEST_SENTENCE, LONGEST_PARAGRAPH = 500, 1200  # tokens; no writer goes on longer, and context must have an end


class Hit(NamedTuple):
    """One cue found: token range [first, last) and the table row it stands for."""

    first: int
    last: int
    row: Mapping[str, Any]


class Cues:
    """Every cue of a language in two tries: as printed, and by dictionary form.

    Parameters
    ----------
    rows : iterable of (form, row)
        `row["is"]` names the kind; a row with `exact = true` is matched as printed only.
    lemma : callable
        The dictionary form of one folded word.
    """

    def __init__(self, rows: Iterable[tuple[str, Mapping[str, Any]]], lemma: Callable[[str], str]) -> None:
        rows = list(rows)
        self.lemma = lru_cache(maxsize=WORDS)(lemma)
        self.printed = Trie(rows)
        inflected = [(form, row) for form, row in rows if not row.get("exact")]
        self.by_lemma = Trie(zip(self._lemmas(form for form, _ in inflected), (row for _, row in inflected), strict=True))

    def _lemmas(self, forms: Iterable[str]) -> list[str]:
        """Return each form with its words in their dictionary form; all are cut at once, which is far quicker."""
        out: list[list[str]] = []
        for token in tokenize("\n\n".join(forms)):
            if token.gap == BLANK or not out:
                out.append([])
            out[-1].append(f"{' ' * (token.gap > 0)}{self.lemma(token.text)}")
        return ["".join(words) for words in out]

    def find(self, tokens: Sequence[Token]) -> dict[str, list[Hit]]:
        """Return hits by kind, in text order; of two hits of one kind the one inside the other is dropped."""
        lemmas = [_in_base(token, self.lemma(token.text)) if token.kind == WORD else token for token in tokens]
        found: dict[str, dict[tuple[int, int], Hit]] = defaultdict(dict)
        for trie, words in ((self.printed, tokens), (self.by_lemma, lemmas)):
            root = trie.root
            for at in [at for at, token in enumerate(words) if token.text in root]:
                for rows, last in trie.all(words, at):
                    for row in rows:
                        found[row["is"]].setdefault((at, -last, id(row)), Hit(at, last, row))
        return {kind: list(_outermost(hits[key] for key in sorted(hits))) for kind, hits in found.items()}


def _in_base(token: Token, base: str) -> Token:
    return token if base == token.text else Token(base, *token[1:])


def _outermost(hits: Iterable[Hit]) -> Iterator[Hit]:
    reach, widest = -1, (-1, -1)
    for hit in hits:
        if hit.last > reach or (hit.first, hit.last) == widest:
            reach, widest = hit.last, (hit.first, hit.last)
            yield hit


def count_within(firsts: Sequence[int], first: int, last: int) -> int:
    """Return how many of the first tokens given, in text order, lie in [first, last); less than one where last comes first."""
    return bisect_left(firsts, last) - bisect_left(firsts, first)


@dataclass(frozen=True, slots=True)
class Text:
    """A document laid out: everything is a half-open range of token indices."""

    raw: str
    tokens: Sequence[Token]
    sentences: tuple[tuple[int, int], ...]
    paragraphs: tuple[tuple[int, int], ...]
    chapters: tuple[int, ...]  # first token of every chapter
    hits: Mapping[str, list[Hit]]
    marks: frozenset[str]  # what parts two clauses
    stops: frozenset[str]  # what ends a sentence
    lemma: Callable[[str], str] = str
    _firsts: dict[str, list[int]] = field(default_factory=dict)
    _clauses: dict[int, tuple[int, int]] = field(default_factory=dict)
    _breaks: dict[int, list[int]] = field(default_factory=dict)  # where statements open, by sentence
    _starts: dict[str, list[int]] = field(default_factory=dict)  # first tokens of sentences and of paragraphs

    def index(self, offset: int) -> int:
        """Return the index of the token at, or next after, an offset of the document."""
        return bisect_right(self.tokens, offset, key=lambda t: t.end)

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the sentence that holds token `at`."""
        return self._range("sentence", self.sentences, at)

    def paragraph(self, at: int) -> tuple[int, int]:
        """Return the paragraph that holds token `at`."""
        return self._range("paragraph", self.paragraphs, at)

    def _range(self, kind: str, ranges: Sequence[tuple[int, int]], at: int) -> tuple[int, int]:
        if not ranges:
            return 0, 0
        starts = self._starts.get(kind) or self._starts.setdefault(kind, [first for first, _ in ranges])
        return ranges[max(0, bisect_right(starts, at) - 1)]

    def chapter(self, at: int) -> tuple[int, int]:
        """Return the chapter that holds token `at`."""
        number = bisect_right(self.chapters, at)
        last = self.chapters[number] if number < len(self.chapters) else len(self.tokens)
        return (self.chapters[number - 1] if number else 0), last

    def clause(self, at: int) -> tuple[int, int]:
        """Return the stretch between the clause marks around token `at`."""
        if at in self._clauses:
            return self._clauses[at]
        first, last = self.sentence(at)
        left = at
        while left > first and not self._parts(left - 1):
            left -= 1
        right = at
        while right < last and not self._parts(right):
            right += 1
        return self._clauses.setdefault(at, (left, max(right, at + 1)))

    def statement(self, at: int) -> tuple[int, int]:
        """Return the part of the sentence around token `at` between semicolons: one of several things told in a row."""
        first, last = self.sentence(at)
        breaks = self._breaks.get(first)
        if breaks is None:
            breaks = self._breaks.setdefault(first, [i + 1 for i in range(first, last) if self.tokens[i].text == ";"])
        return max([first, *(b for b in breaks if b <= at)]), min([last, *(b for b in breaks if b > at)])

    def _parts(self, at: int) -> bool:
        """True for a mark between clauses; a comma inside a number is none."""
        if self.tokens[at].text not in self.marks:
            return False
        after = at + 1 < len(self.tokens) and self.tokens[at + 1]
        return not (after and after.kind == "digits" and after.gap == 0 and self.tokens[at - 1].kind == "digits")

    def find(self, kind: str, first: int, last: int) -> list[Hit]:
        """Return the hits of a kind that begin in [first, last)."""
        firsts = self._firsts.get(kind)
        if firsts is None:
            firsts = self._firsts[kind] = [hit.first for hit in self.hits.get(kind, ())]
        low = bisect_left(firsts, first)
        if low == len(firsts) or firsts[low] >= last:
            return []
        return self.hits[kind][low : bisect_left(firsts, last, low)]

    def ends_at(self, kind: str, at: int, *, reach: int = 6) -> Hit | None:
        """Return the longest hit of a kind that ends right before token `at`."""
        return next((hit for hit in self.find(kind, max(0, at - reach), at) if hit.last == at), None)

    def starts_at(self, kind: str, at: int) -> Hit | None:
        """Return the longest hit of a kind that begins at token `at`."""
        return next(iter(self.find(kind, at, at + 1)), None)

    def is_heading(self, paragraph: tuple[int, int]) -> bool:
        """True for a short paragraph that does not end as a sentence does."""
        first, last = paragraph
        return last - first <= HEADING_TOKENS and self.tokens[last - 1].text not in self.stops | self.marks

    def is_capital(self, at: int) -> bool:
        """True when token `at` is printed with a capital letter."""
        return self.raw[self.tokens[at].start].isupper()

    def words(self, first: int, last: int) -> list[str]:
        """Return the folded words of a range, signs left out."""
        return [t.text for t in self.tokens[first:last] if t.kind != SIGN]

    def lemmas(self, first: int, last: int) -> list[str]:
        """Return the dictionary forms of the words of a range."""
        return [self.lemma(word) for word in self.words(first, last)]

    def with_hits(self, more: Mapping[str, list[Hit]]) -> "Text":
        """Return the same text with hits added, as names that only this document knows."""
        hits = dict(self.hits)
        for kind, found in more.items():
            hits[kind] = sorted([*hits.get(kind, ()), *found], key=lambda h: (h.first, -h.last))
        return replace(self, hits=hits, _firsts={})


def read_text(
    tokens: Sequence[Token],
    sentences: Iterable[tuple[int, int]],
    *,
    raw: str,
    cues: Cues,
    traits: Mapping[str, Any],
    openings: Iterable[int] = (),
) -> Text:
    """Lay out the tokens of the document `raw`.

    Parameters
    ----------
    traits : mapping
        What marks clauses and sentences, and whether every line is a paragraph.
    openings : iterable of int
        Offsets at which a part of the document is known to open, such as its running heads.
    """
    widest = LINE if traits.get("line_is_paragraph") else BLANK
    starts = [i for i, token in enumerate(tokens) if i == 0 or token.gap >= widest]
    sentences = tuple(_cut(sentences, LONGEST_SENTENCE))
    paragraphs = tuple(_cut(pairwise([*starts, len(tokens)]), LONGEST_PARAGRAPH, at=[first for first, _ in sentences]))
    stops, marks = frozenset(traits["sentence_end"]), frozenset(traits["clause_marks"])
    heads = (bisect_left(tokens, offset, key=lambda t: t.start) for offset in openings)
    chapters = _apart(sorted({*heads, *_chapters(tokens, starts, raw)}))
    return Text(raw, tokens, sentences, paragraphs, chapters, cues.find(tokens), marks, stops, cues.lemma)


def _cut(ranges: Iterable[tuple[int, int]], longest: int, at: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """Yield ranges none of which is much longer than `longest`, cut where one of `at` begins: context has to end somewhere.

    A text of one line, or of ten thousand lines without a blank one, would otherwise be the context of all its numbers.
    """
    for first, last in ranges:
        while last - first > longest:
            place = bisect_right(at, first + longest) - 1
            cut = at[place] if place >= 0 and at[place] > first else first + longest
            yield first, cut
            first = cut
        yield first, last


def _apart(openings: Iterable[int]) -> tuple[int, ...]:
    """Return the openings without those that follow another too closely to hold a chapter between them."""
    out: list[int] = []
    for at in openings:
        if not out or at - out[-1] >= CHAPTER_TOKENS:
            out.append(at)
    return tuple(out)


def _chapters(tokens: Sequence[Token], starts: Sequence[int], raw: str) -> Iterator[int]:
    """Yield where chapters open: at the line of capitals, heading a paragraph, that is printed most often.

    A guide that tells of one business after another repeats its headings.
    """
    lines = {}
    for at in starts:
        last = at + 1
        while last < len(tokens) and tokens[last].gap < LINE:
            last += 1
        line = raw[tokens[at].start : tokens[last - 1].end]
        if line.isupper() and last - at >= 2:
            lines[at] = line
    often = Counter(lines.values()).most_common(1)
    if often and often[0][1] >= TEMPLATE:
        yield from (at for at, line in lines.items() if line == often[0][0])
