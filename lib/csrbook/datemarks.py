"""Find printed dates, clock times and spans of dates by the patterns of a Lexicon.

In      the tokens of a document and a Lexicon.
Out     DateMatch in text order, disjoint: the longest pattern wins.
Never   decides what a date means for a claim (dates does), or takes a counted number for a year.
Needs   grammar, lemmas, lexicon, tokens.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from csrbook.grammar import entry_at, qualifier_after, qualifier_before
from csrbook.lemmas import lemma
from csrbook.lexicon import Lexicon
from csrbook.tokens import DIGITS, JOINED, LINE, WORD, Token, Tokens, fold, is_han, tokenize

__all__ = ["DateMatch", "find_dates"]

YEARS = range(1900, 2100)
ERA = 130  # years of an era that is counted from its own beginning (114年12月6日); dates takes the year from elsewhere


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A printed date or clock time: token indices [first, last), offsets [start, end), what it gives, its parts."""

    first: int
    last: int
    start: int
    end: int
    gives: str  # day month year quarter quarters half fiscal_year span clock stamp
    parts: dict[str, int]


SLOTS = {  # digits of a slot, and what its number may be
    "year": (r"[0-9]{4}", lambda n, text: n in YEARS and len(text) == 4),
    "short_year": (r"[0-9]{2}", lambda n, text: len(text) == 2),
    "era_year": (r"1[0-9]{2}", lambda n, text: n < ERA),
    "month": (r"[0-9]{1,2}", lambda n, text: 1 <= n <= 12 and len(text) <= 2),
    "day": (r"[0-9]{1,2}", lambda n, text: 1 <= n <= 31 and len(text) <= 2),
    "quarter": (r"[0-9]", lambda n, text: 1 <= n <= 4 and len(text) == 1),
    "half": (r"[0-9]", lambda n, text: 1 <= n <= 2 and len(text) == 1),
    "hour": (r"[0-9]{1,2}", lambda n, text: n <= 24 and len(text) <= 2),
    "minute": (r"[0-9]{2}", lambda n, text: n <= 59 and len(text) == 2),
}
CLOCK = ("hour", "minute")  # never in Chinese numerals: three o'clock is three points too
LONGEST_SLOT = 4  # digits
LONGEST_DATE = 60  # code points
HEAD = 3  # letters of a month that rule out what is none
NOUN_WORDS = 3  # of a noun that is looked for after four digits
TEN = 10
SPACES = r"(?:[^\S\n]|\n(?![^\S\n]*\n))*"  # anything but a blank line
LETTER = r"[^\W\d_]"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One pattern for folded text; slot i of `slots` is group i + 1."""

    gives: str
    shape: str  # the form without spaces, every number a 0, up to the name of a month: what rules most patterns out
    source: str  # of the regular expression
    slots: tuple[tuple[str, str], ...]  # (slot, key of its number in `parts`)
    is_named: bool  # the name of a month follows the shape
    is_bare: bool  # years and nothing else, which could as well be numbers


class _Patterns:
    """The date patterns of a language, by the token that they begin with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.spaced, months = lexicon.traits["word_spacing"], lexicon.entries["month"]
        self.months = {_plain(form): int(entry.number) for entry in months for form in entry.forms}
        single = {} if self.spaced else {f: e.number for e in lexicon.entries["numeral"] for f in e.forms if len(f) == 1}
        self.han = {fold(form): int(value) for form, value in single.items() if value <= TEN}
        self.number_run = re.compile(f"[0-9{''.join(self.han)}]+")
        self.heads = tuple({self._shape(name)[:HEAD] for name in self.months})
        self.numbered: dict[str, list[_Pattern]] = {}  # by the first two signs of their shape
        self.worded: dict[str, list[_Pattern]] = {}
        for entry in lexicon.entries["date"]:
            for form in entry.patterns:
                self._add(self._compile(form, entry.gives), form)
        self.seconds = frozenset(pattern[1] for pattern in self.numbered if len(pattern) > 1) | {" ", "\n"}

    def _add(self, pattern: _Pattern, form: str) -> None:
        first = tokenize(form)[0].text
        if first != "{":
            self.worded.setdefault(first, []).append(pattern)
        elif pattern.slots[0][0] == "month_name":
            for name in self.months:
                kept = self.worded.setdefault(tokenize(name)[0].text, [])
                kept.append(pattern) if pattern not in kept else None
        else:
            self.numbered.setdefault(pattern.shape[:2], []).append(pattern)

    def _compile(self, form: str, gives: str) -> _Pattern:
        """Return a pattern: the text's own tokens, with slots in braces."""
        parts, slots, tokens, index, bare = [], [], tokenize(form), 0, True
        while index < len(tokens):
            token, after = tokens[index], index + 1
            gap = "" if index == 0 or (token.gap == JOINED and self.spaced) else SPACES
            if token.text == "{":
                after = next(i for i in range(index, len(tokens)) if tokens[i].text == "}") + 1
                slot = "".join(t.text for t in tokens[index + 1 : after - 1])
                name = slot.rstrip("0123456789")
                kept = {"month_name": "month", "short_year": "year"}.get(name, name)
                slots.append((name, kept + slot[len(name) :]))
                parts.append(f"{gap}({self._slot(name)})")
            else:
                parts.append(gap + _word(token.text))
            bare = bare and (token.text == "-" or (token.text == "{" and name == "year"))
            index = after
        shape = "".join(fold(re.sub(r"\{\w+\}", "0", form.partition("{month_name")[0])).split())
        shape = self.number_run.sub("0", shape)  # as in the text: the zero of midnight in numerals
        return _Pattern(gives, shape, "".join(parts), tuple(slots), "{month_name" in form, bare)

    def _shape(self, folded: str) -> str:
        """Return a text without spaces, every number a 0."""
        return "".join(self.number_run.sub("0", folded).split())

    def _is_month(self, shape: str, at: int) -> bool:
        """Return whether the name of a month may stand at a place of a shape, which may end there."""
        return len(shape) < at + HEAD or shape.startswith(self.heads, at)

    def _slot(self, name: str) -> str:
        if name == "month_name":
            return _any_word(sorted(self.months, key=len, reverse=True))
        signs = "".join(self.han)
        digits = rf"(?<![0-9]){SLOTS[name][0]}(?![0-9])"
        return digits if self.spaced or name in CLOCK else rf"{digits}|[{signs}]{{1,{LONGEST_SLOT}}}+(?![{signs}])"

    def may_open(self, text: str) -> bool:
        """Return whether a date may begin with a token."""
        return text in self.worded or text in self.han or (text[0] in "0123456789" and len(text) <= LONGEST_SLOT)

    def at(self, text: str, folded: str, place: int) -> list[_Pattern]:
        """Return the patterns that may begin at a place with the token `text`."""
        first = self.number_run.match(folded, place, place + LONGEST_DATE)
        if first and not (folded[first.end() : first.end() + 1] in self.seconds or text in self.worded):
            return self.numbered.get("0", []) if first.end() - place == LONGEST_SLOT else []
        found, shape = self.worded.get(text, []), self._shape(folded[place : place + LONGEST_DATE])
        if shape[:1] == "0":
            found = [*self.numbered.get("0", ()), *self.numbered.get(shape[:2], ()), *found]
        told = (pattern for pattern in found if shape.startswith(pattern.shape))
        return [pattern for pattern in told if not pattern.is_named or self._is_month(shape, len(pattern.shape))]

    def number(self, slot: str, printed: str) -> int | None:
        """Return the number that a slot prints, or None where it cannot be one."""
        if slot == "month_name":
            return self.months.get(_plain(printed))
        text = printed if printed[0] in "0123456789" else self._han_digits(printed)
        return int(text) if 0 < len(text) <= LONGEST_SLOT and SLOTS[slot][1](int(text), text) else None

    def _han_digits(self, printed: str) -> str:
        """Digits of a date in Chinese numerals: one sign a digit (二〇二〇), or tens and ones (二十一); "" for neither."""
        values = [self.han[sign] for sign in printed]
        if TEN not in values:
            return "".join(map(str, values))
        place = values.index(TEN)
        tens, ones = values[:place] or [1], values[place + 1 :] or [0]
        whole = len(tens) == len(ones) == 1 and TEN not in ones
        return str(tens[0] * TEN + ones[0]) if whole else ""


@cache
def _compiled(source: str) -> re.Pattern:
    """Compile a pattern when a text first has its shape: of the hundreds that a language has, few documents need ten."""
    return re.compile(source)


def _plain(form: str) -> str:
    return " ".join(token.text for token in tokenize(form))


def _word(text: str) -> str:
    """A literal of a pattern as a whole word."""
    before, after = _edges(text)
    return before + re.escape(text).replace(r"\ ", " ") + after


def _any_word(texts: Iterable[str]) -> str:
    """One of some literals as a whole word, the first that fits; the same edges are written once, which compiles far quicker."""
    runs = ((edges, [re.escape(text).replace(r"\ ", SPACES) for text in same]) for edges, same in groupby(texts, key=_edges))
    return "|".join(f"{before}(?:{'|'.join(words)}){after}" for (before, after), words in runs)


def _edges(text: str) -> tuple[str, str]:
    """What stands before and after a literal, so that it is no part of a longer word."""
    before = f"(?<!{LETTER})" if text[0].isalpha() and not is_han(text[0]) else ""
    after = f"(?!{LETTER})" if text[-1].isalpha() and not is_han(text[-1]) else ""
    return before, after


def _match(pattern: _Pattern, tokens: Tokens, at: int, patterns: _Patterns, lexicon: Lexicon) -> DateMatch | None:
    start = tokens.starts[at]
    found = _compiled(pattern.source).match(tokens.folded, start - tokens.offset)
    if not found:
        return None
    parts: dict[str, int] = {}
    for (slot, key), printed in zip(pattern.slots, found.groups(), strict=True):
        number = patterns.number(slot, printed)
        if number is not None and slot == "short_year":
            number = _whole_year(number, parts.get("year"))
        if number is None:
            return None
        parts[key] = number
    last = tokens.at(found.end())
    end = found.end() + tokens.offset
    if tokens[last - 1].end != end or _glued(tokens, at, last) or (pattern.is_bare and _counts(tokens, at, last, lexicon)):
        return None
    return DateMatch(at, last, start, end, pattern.gives, parts)


def _whole_year(short: int, before: int | None) -> int | None:
    """Return the year that two digits stand for: after a year, the one that follows it (2019-20); alone, of this century."""
    if before is None:
        return 2000 + short
    return before + 1 if (before + 1) % 100 == short else None


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
    if (mark := entry_at(tokens, end, lexicon, "range", place="between")) and mark[1] < len(tokens):
        text = tokens[mark[1]].text
        if tokens[mark[1]].kind == DIGITS and len(text) == LONGEST_SLOT and int(text) not in YEARS:
            return True  # 2000 to 3000
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


def _is_word(match: DateMatch, tokens: Tokens, lexicon: Lexicon, printed: str) -> bool:
    """True where the name of a month, in small letters and with no year, is a word of its own: those over 18 may leave."""
    if "month" not in match.parts or "year" in match.parts:
        return False
    inside, stops = tokens[match.first : match.last], lexicon.words("stop", part="noun")
    return any(t.kind == WORD and t.text in stops and printed[t.start] == t.text[0] for t in inside if t.text in lexicon.words("month"))


def find_dates(tokens: Tokens, lexicon: Lexicon, printed: str = "") -> list[DateMatch]:
    """Return every printed date, clock time and span of dates, in text order and disjoint; the longest pattern wins.

    `printed` is the document as it stands, where the capitals of months are to be looked at.
    """
    patterns: _Patterns = lexicon.once(("date patterns",), lambda: _Patterns(lexicon))
    out, after = [], 0
    for at in tokens.where(patterns.may_open):
        if at < after:
            continue
        tried = patterns.at(tokens[at].text, tokens.folded, tokens.starts[at] - tokens.offset)
        matches = [match for pattern in tried if (match := _match(pattern, tokens, at, patterns, lexicon))]
        longest = max(matches, key=lambda match: match.last, default=None)
        if longest and not (printed and _is_word(longest, tokens, lexicon, printed)):
            out.append(longest)
            after = longest.last
    return out
