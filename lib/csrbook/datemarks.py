"""Find printed dates, clock times and spans of dates by the patterns of a Lexicon.

In      the tokens of a document and a Lexicon.
Out     DateMatch in text order, disjoint: the longest pattern wins.
Never   decides what a date means for a claim (dates does), or takes a counted number for a year.
Needs   grammar, lemmas, lexicon, tokens.  Used by reasons and claims.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from csrbook.grammar import entry_at, qualifier_after, qualifier_before
from csrbook.lemmas import lemma
from csrbook.lexicon import Lexicon
from csrbook.tokens import DIGITS, HAN, JOINED, LINE, WORD, Token, tokenize

__all__ = ["DateMatch", "find_dates"]

YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A printed date or clock time: token indices [first, last), offsets [start, end), what it gives, its parts."""

    first: int
    last: int
    start: int
    end: int
    gives: str  # day month year quarter fiscal_year span clock stamp
    parts: dict[str, int]


SLOTS = {
    "year": lambda n, text: n in YEARS and len(text) == 4,
    "short_year": lambda n, text: len(text) == 2,
    "month": lambda n, text: 1 <= n <= 12 and len(text) <= 2,
    "day": lambda n, text: 1 <= n <= 31 and len(text) <= 2,
    "quarter": lambda n, text: 1 <= n <= 4 and len(text) == 1,
    "half": lambda n, text: 1 <= n <= 2 and len(text) == 1,
    "hour": lambda n, text: n <= 24 and len(text) <= 2,
    "minute": lambda n, text: n <= 59 and len(text) == 2,
}
LONGEST_SLOT = 4  # digits
NOUN_WORDS = 3  # of a noun that is looked for after four digits


@dataclass(frozen=True, slots=True)
class _Piece:
    """One token of a pattern: a slot or a literal, and the widest gap before it."""

    slot: str  # year, month_name ...; "" for a literal
    key: str  # where its number goes in `parts`
    literal: str
    gap: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    gives: str
    pieces: tuple[_Piece, ...]

    @property
    def is_bare(self) -> bool:
        """True for years and nothing else, which could as well be numbers."""
        return all(piece.slot == "year" or piece.literal == "-" for piece in self.pieces)


class _Patterns:
    """The date patterns of a language, by the token that they begin with."""

    def __init__(self, lexicon: Lexicon) -> None:
        every = [_Pattern(e.gives, _pieces(p, lexicon)) for e in lexicon.entries["date"] for p in e.patterns]
        numbered = [p for p in every if p.pieces[0].slot not in ("", "month_name")]
        self.short = [p for p in numbered if len(p.pieces) == 1 or p.pieces[1].slot]
        self.second: dict[str, list[_Pattern]] = {}  # by the token after the first number
        for pattern in numbered:
            if len(pattern.pieces) > 1 and not pattern.pieces[1].slot:
                self.second.setdefault(pattern.pieces[1].literal, []).append(pattern)
        self.named = [p for p in every if p.pieces[0].slot == "month_name"]
        self.worded: dict[str, list[_Pattern]] = {}
        for pattern in every:
            if not pattern.pieces[0].slot:
                self.worded.setdefault(pattern.pieces[0].literal, []).append(pattern)
        self.months, self.numerals = lexicon.trie("month"), lexicon.trie("numeral")
        self.spaced = lexicon.traits["word_spacing"]

    def at(self, tokens: Sequence[Token], at: int) -> list[_Pattern]:
        """Return the patterns that may begin at a token."""
        token, after = tokens[at], at + 1
        is_han = token.kind == HAN and not self.spaced and token.text in self.numerals.root
        if is_han:
            after = max(after, _han_digits(tokens, at, self)[1])
        if token.kind == DIGITS or is_han:
            follows = self.second.get(tokens[after].text, []) if after < len(tokens) else []
            short = self.short if token.kind == DIGITS or after - at == LONGEST_SLOT else []
            return short + follows + self.worded.get(token.text, [])
        if token.text in self.months.root:
            return self.named + self.worded.get(token.text, [])
        return self.worded.get(token.text, [])


def _pieces(pattern: str, lexicon: Lexicon) -> tuple[_Piece, ...]:
    """Cut a pattern: the text's own tokens, with slots in braces."""
    out, tokens, index = [], tokenize(pattern), 0
    while index < len(tokens):
        token, after = tokens[index], index + 1
        gap = JOINED if token.gap == JOINED and lexicon.traits["word_spacing"] else LINE
        if token.text == "{":
            after = next(i for i in range(index, len(tokens)) if tokens[i].text == "}") + 1
            slot = "".join(t.text for t in tokens[index + 1 : after - 1])
            name = slot.rstrip("0123456789")
            kept = {"month_name": "month", "short_year": "year"}.get(name, name)
            out.append(_Piece(name, kept + slot[len(name) :], "", gap))
        else:
            out.append(_Piece("", "", token.text, gap))
        index = after
    return tuple(out)


def _match(pattern: _Pattern, tokens: Sequence[Token], at: int, patterns: _Patterns, lexicon: Lexicon) -> DateMatch | None:
    index, parts = at, {}
    for piece in pattern.pieces:
        if index >= len(tokens) or (index > at and tokens[index].gap > piece.gap):
            return None
        if not piece.slot:
            if tokens[index].text != piece.literal:
                return None
            index += 1
        elif found := _slot(piece.slot, tokens, index, patterns):
            number, index = found
            if piece.slot.startswith("short_year") and (number := _whole_year(number, parts.get("year"))) is None:
                return None
            parts[piece.key] = number
        else:
            return None
    if _glued(tokens, at, index) or (pattern.is_bare and _counts(tokens, at, index, lexicon)):
        return None
    return DateMatch(at, index, tokens[at].start, tokens[index - 1].end, pattern.gives, parts)


def _whole_year(short: int, before: int | None) -> int | None:
    """Return the year that two digits stand for: after a year, the one that follows it (2019-20); alone, of this century."""
    if before is None:
        return 2000 + short
    return before + 1 if (before + 1) % 100 == short else None


def _slot(name: str, tokens: Sequence[Token], at: int, patterns: _Patterns) -> tuple[int, int] | None:
    """Return (number, index after it) of a slot filled by digits, a month's name, or the digits of 二〇二〇 and 十二."""
    if name == "month_name":
        found = patterns.months.longest(tokens, at)
        return (int(found[0].number), found[1]) if found else None
    if tokens[at].kind == DIGITS:
        text, after = tokens[at].text, at + 1
    elif not patterns.spaced and tokens[at].kind == HAN and name not in ("hour", "minute"):  # 三点 is three points too
        text, after = _han_digits(tokens, at, patterns)
    else:
        return None
    return (int(text), after) if 0 < len(text) <= LONGEST_SLOT and SLOTS[name](int(text), text) else None


def _han_digits(tokens: Sequence[Token], at: int, patterns: _Patterns) -> tuple[str, int]:
    """Digits of a date in Chinese numerals: one sign a digit (二〇二〇), or tens and ones (二十一)."""
    values, index = [], at
    while len(values) <= LONGEST_SLOT and (found := patterns.numerals.longest(tokens, index)):
        values.append(int(found[0].number))
        index = found[1]
    if all(value < 10 for value in values):
        return "".join(map(str, values)), index
    if 10 in values and max(values) == 10 and len(values) <= 3 and values.count(10) == 1:
        place = values.index(10)
        tens, ones = values[:place] or [1], values[place + 1 :] or [0]
        return (str(tens[0] * 10 + ones[0]), index) if len(tens) == len(ones) == 1 else ("", at)
    return "", at


def _glued(tokens: Sequence[Token], first: int, last: int) -> bool:
    """True when the digits at either end go on: 2020.5 is no year and 12:30 no part of 112:305."""
    if first and tokens[first].kind == DIGITS and tokens[first].gap == JOINED:
        before = tokens[first - 1]
        if before.kind in (DIGITS, WORD) or before.text == "$":
            return True
        if before.text in ".,:/" and first > 1 and tokens[first - 2].kind == DIGITS and before.gap == JOINED:
            return True
    if last < len(tokens) and tokens[last - 1].kind == DIGITS and tokens[last].gap == JOINED:
        after = tokens[last]
        if after.kind == WORD or after.text in "%$":
            return True
        if after.text in ".,:/" and last + 1 < len(tokens) and tokens[last + 1].kind == DIGITS:
            return tokens[last + 1].gap == JOINED
    return False


def _counts(tokens: Sequence[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """True when four bare digits count something (more than 2000 users, 2000多个, 2000 t) and are no year."""
    hedge = qualifier_before(tokens, at, lexicon, bridged=False)
    if hedge and not hedge[0].get("opens") or qualifier_after(tokens, end, lexicon):
        return True
    if lexicon.trie("unit", place="before", backward=True).longest(tokens, at - 1):
        return True
    if end >= len(tokens) or tokens[end].gap > LINE:
        return False
    if any(entry_at(tokens, end, lexicon, section, place="after") for section in ("unit", "measure", "magnitude")):
        return True
    if not lexicon.traits["word_spacing"] or tokens[end].kind != WORD:
        return False
    told = at and tokens[at - 1].kind == WORD and tokens[at - 1].text not in lexicon.words("stop", part="noun")
    if not told and lexicon.traits["noun_head"] != "first":
        return False
    words = [t._replace(text=lemma(t.text, lexicon)) for t in tokens[end : end + NOUN_WORDS]]
    found = lexicon.trie("noun").longest(words, 0)
    return bool(found) and words[found[1] - 1].text != tokens[end + found[1] - 1].text  # 2000 teachers, the 2022 report


def find_dates(tokens: Sequence[Token], lexicon: Lexicon) -> list[DateMatch]:
    """Return every printed date, clock time and span of dates, in text order and disjoint; the longest pattern wins."""
    patterns: _Patterns = lexicon.once(("date patterns",), lambda: _Patterns(lexicon))
    found, index = [], 0
    openers = patterns.worded.keys() | patterns.months.root.keys() | (set() if patterns.spaced else patterns.numerals.root.keys())
    while index < len(tokens):
        token = tokens[index]
        match = None
        if token.kind == DIGITS or token.text in openers:
            matches = (_match(pattern, tokens, index, patterns, lexicon) for pattern in patterns.at(tokens, index))
            match = max((m for m in matches if m), key=lambda m: m.last, default=None)
        if match:
            found.append(match)
        index = match.last if match else index + 1
    return found
