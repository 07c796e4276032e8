"""Read what digits and the marks between them print: 1,234.5 and 1.234,5 and 12,34,567 and 1 234.

In      the tokens of a document and a Lexicon; then the index of a token of digits.
Out     Reading: the exact value and the worth of one in its last place.
Never   reads a magnitude or a number word (numerals does), or picks between two readings in silence: `Reading.note` tells.
Needs   lexicon, tokens.  Used by numerals.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from csrbook.lexicon import Lexicon
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, SPACE, WORD, Token, Tokens, fold

__all__ = ["GROUP", "LARGEST", "LONGEST", "ONE", "Figures", "Habits", "Reading", "read_habits"]

MYRIAD = 4  # digits of a group that counts by ten thousands, as the words of Chinese do
GROUP = 3  # digits between two grouping marks; the Indian way of twos is told apart in `_groups`
LONGEST = 18  # digits; more of them are a code, not a quantity
LARGEST = Decimal(10) ** 24
GROUPS, DIVIDES, GROUPED = "groups", "divides", "may group"
FIGURE, MARK = re.compile(r"[0-9]+"), re.compile(r"[.,']")
MARKED = re.compile(r"(?<![0-9\uff10-\uff19])[0-9\uff10-\uff19]++(?:[.,'\u2018\u2019\u02bc\uff07\uff0c\uff0e][0-9\uff10-\uff19]+)+")
Habits = Mapping[str, set[str]]
ONE = Decimal(1)


@dataclass(slots=True)
class Reading:
    """What a number expression says; `start` and `end` are token indices, half-open."""

    value: Decimal
    start: int
    end: int
    step: Decimal  # worth of one in the last printed place: 100000 for "3.4 million"
    rule: str
    value_max: Decimal | None = None  # 三四百 is 300 to 400
    qualifier: str | None = None  # set when the number itself is open: "several", a trailing "odd"
    words: bool = False  # written in words
    bare: bool = False  # a magnitude alone: "billions", 百亿
    scaled: bool = False  # a magnitude word was applied
    note: str | None = None


def _groups(parts: Sequence[str]) -> bool:
    """True when digit groups are grouped as thousands (1,234,567) or as lakh and crore (12,34,567)."""
    head, *rest = parts
    thousands = all(len(part) == GROUP for part in rest)
    indian = len(rest) > 1 and len(rest[-1]) == GROUP and all(len(part) == 2 for part in rest[:-1])
    return 0 < len(head) <= GROUP and head != "0" and (thousands or indian)


def _by_marks(tokens: Sequence[Token], at: int) -> tuple[list[str], list[str], int]:
    """Digits joined by single marks: 1.844.036.360,12 gives its digit groups, the marks between, and the index after."""
    digits, marks, index = [tokens[at].text], [], at + 1
    while index + 1 < len(tokens):
        mark, after = tokens[index], tokens[index + 1]
        if mark.text not in ".,'" or mark.gap != JOINED or after.kind != DIGITS or after.gap != JOINED:
            break
        digits.append(after.text)
        marks.append(mark.text)
        index += 2
    return digits, marks, index


def read_habits(text: str) -> Habits:
    """Return what each mark is seen to do in a text where only one reading is possible: {".": {"groups"}}."""
    seen: dict[str, set[str]] = defaultdict(set)
    for match in MARKED.finditer(text):
        printed = fold(match[0])
        digits, marks = FIGURE.findall(printed), MARK.findall(printed)
        if len(set(marks)) == 1 and _groups(digits):
            seen[marks[0]].add(GROUPS if len(marks) > 1 else GROUPED)
        elif len(marks) == 1:
            seen[marks[0]].add(DIVIDES)
        elif len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and _groups(digits[:-1]):
            seen[marks[0]].add(GROUPS)
            seen[marks[-1]].add(DIVIDES)
    return seen


class Figures:
    """Reads the digits of one document; what its marks are seen to do decides what could be read twice.

    Parameters
    ----------
    tokens : sequence of Token
        The whole document.
    lexicon : Lexicon
        Supplies the marks of the language, the usual ones first.
    habits : mapping, optional
        What `read_habits` says of the whole document, where the tokens are but a stretch of it.
    """

    def __init__(self, tokens: Tokens, lexicon: Lexicon, habits: Habits | None = None) -> None:
        self.tokens, self.traits = tokens, lexicon.traits
        self.habits = read_habits(tokens.folded) if habits is None else habits
        self._read: dict[int, Reading | None] = {}
        self.stops = lexicon.words("stop", part="noun")
        self.passed = lexicon.once(("no number after",), lambda: _named_before(lexicon)).__contains__

    def extent(self, at: int) -> int:
        """Return the index after the digits at `at` and all that marks join to them, a number or not."""
        return _by_marks(self.tokens, at)[2]

    def read(self, at: int) -> Reading | None:
        """Return the number that the digits at `at` print, or None for a version or a code."""
        if at not in self._read:
            reading = self._figure(at)
            self._read[at] = reading if reading and reading.value < LARGEST else None
        return self._read[at]

    def _figure(self, at: int) -> Reading | None:
        digits, marks, end = _by_marks(self.tokens, at)
        if max(map(len, digits)) > LONGEST:
            return None
        if not marks:
            return self._torn(at) or self._spaced_decimal(at, end) or self._by_spaces(at)
        if len(set(marks)) == 1 and _groups(digits):
            return self._by_habit(digits, marks, at, end)
        if len(marks) > 1 and len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and _groups(digits[:-1]):
            return _reading("".join(digits[:-1]), digits[-1], at, end, "grouped, decimal mark")
        usual = set(marks) == {self.traits["grouping_marks"][0]} and not self.traits["word_spacing"]
        if usual and {len(part) for part in digits[1:]} == {MYRIAD}:
            found = _reading("".join(digits), "", at, end, "grouped")
            return replace(found, note="misprint: grouped by ten thousands")
        if len(marks) == 1 and marks[0] in ".,":
            return _reading(digits[0], digits[1], at, end, "decimal mark")
        return None

    def _spaced_decimal(self, at: int, end: int) -> Reading | None:
        """5. 5亿, 1. 22亿棵: a decimal mark and a space within a line, where words are not parted and signs stand on both sides."""
        if self.traits["word_spacing"] or not at or end + 2 >= len(self.tokens):
            return None
        before, mark, rest, after = self.tokens[at - 1], *self.tokens[end : end + 3]
        inside = before.kind == HAN and self.tokens[at].gap <= SPACE and after.kind == HAN and after.gap <= SPACE
        parted = mark.text in self.traits["decimal_mark"] and mark.gap == JOINED and rest.gap == SPACE
        fits = inside and parted and rest.kind == DIGITS and len(rest.text) < GROUP
        return _reading(self.tokens[at].text, rest.text, at, end + 2, "decimal mark") if fits else None

    def _by_spaces(self, at: int) -> Reading:
        """Digit groups parted by spaces or a line end: 10 000, 1 234 567,8."""
        tokens, end = self.tokens, at + 1
        if " " in self.traits["grouping_marks"] and len(tokens[at].text) <= GROUP and not tokens[at].text.startswith("0"):
            while end < len(tokens) and end - at < LONGEST // GROUP and self._is_group(end):
                end += 1
        if end == at + 1 and not self.traits["word_spacing"]:
            end = self._tied(at)
        if end > at + 1 and self._are_cells(at, end):
            end = at + 1
        whole = "".join(token.text for token in tokens[at:end])
        if end == at + 1:
            return _reading(whole, "", at, end, "digits")
        mark = tokens[end : end + 2]
        divides = len(mark) == 2 and mark[0].text in ".," and mark[0].gap == mark[1].gap == JOINED and mark[1].kind == DIGITS
        return _reading(whole, mark[1].text if divides else "", at, end + 2 * divides, "grouped by spaces")

    def _torn(self, at: int) -> Reading | None:
        """A number that a stray space tears: $1 .4 million, and 14, 200 pieces after a word that asks for a number."""
        tokens, (mark, rest, after) = self.tokens, (*self.tokens[at + 1 : at + 4], None, None, None)[:3]
        if rest is None or rest.kind != DIGITS or not self.traits["word_spacing"]:
            return None
        if mark.text == self.traits["decimal_mark"][0] == "." and (mark.gap, rest.gap) == (SPACE, JOINED):
            return _reading(tokens[at].text, rest.text, at, at + 3, "decimal mark, a space before it")
        asks = at and tokens[at].gap == SPACE and tokens[at - 1].kind == WORD and not self.passed(tokens[at - 1].text)
        parted = mark.text == self.traits["grouping_marks"][0] == "," and (mark.gap, rest.gap) == (JOINED, SPACE)
        torn = asks and parted and len(tokens[at].text) <= GROUP == len(rest.text)
        if not torn or after is None or after.kind != WORD or after.text in self.stops:
            return None
        return _reading(tokens[at].text + rest.text, "", at, at + 3, "grouped, a space after the mark")

    def _are_cells(self, at: int, end: int) -> bool:
        """True for three digits each in the cells of a row, 845 902 988, in a document that groups by a mark, as its language does."""
        tokens, usual = self.tokens, self.traits["grouping_marks"][0]
        if usual == " " or GROUPED not in self.habits.get(usual, ()) or any(t.text.startswith("0") for t in tokens[at:end]):
            return False
        return end >= len(tokens) or tokens[end].gap > SPACE or tokens[end].kind == DIGITS

    def _tied(self, at: int) -> int:
        """Where words are not parted, a space may group only what one unit follows: 1 260万, but not two cells of a table."""
        tokens, end = self.tokens, at + 1
        if len(tokens[at].text) > GROUP or tokens[at].text[0] == "0" or at and tokens[at - 1].kind == DIGITS:
            return end
        while end < len(tokens) and end - at <= LONGEST // GROUP and self._is_group(end) and tokens[end].gap == SPACE:
            end += 1
        fits = end < len(tokens) and tokens[end].kind == HAN and tokens[end].gap == JOINED
        return end if fits else at + 1

    def _is_group(self, index: int) -> bool:
        token = self.tokens[index]
        if token.kind != DIGITS or len(token.text) != GROUP or not JOINED < token.gap < BLANK:
            return False
        return token.gap > SPACE or token.start - self.tokens[index - 1].end == 1 and not self._is_tab(token.start - 1)

    def _is_tab(self, at: int) -> bool:
        """True where a tab stands: it parts columns, never the groups of a number."""
        tokens = self.tokens
        return isinstance(tokens, Tokens) and tokens.folded[at - tokens.offset] == "\t"

    def _by_habit(self, digits: list[str], marks: list[str], at: int, end: int) -> Reading:
        """Read what can group or, with one mark before three digits, divide.

        Three zeros are never decimals. Else the document decides where it uses the mark one way only, then the language;
        a mark that the language seldom uses so is told in the note.
        """
        mark, seen = marks[0], self.habits.get(marks[0], set()) - {GROUPED}
        grouped = _reading("".join(digits), "", at, end, "grouped")
        if len(marks) > 1 or set(digits[-1]) == {"0"}:
            return grouped
        divided = _reading(digits[0], digits[1], at, end, "decimal mark")
        usual, rare = self.traits["grouping_marks"], self.traits["decimal_mark"]
        if seen == {GROUPS}:
            return replace(grouped, rule="grouped, as in this document") if mark in rare else grouped
        if seen == {DIVIDES} and mark != usual[0]:
            return divided
        if mark in rare:
            return divided
        if mark == usual[0]:
            return grouped
        told = "one mark before three digits can group or divide: read as grouping"
        return replace(grouped, note=told) if mark in usual else replace(divided, note=told.replace("grouping", "dividing"))


def _named_before(lexicon: Lexicon) -> frozenset[str]:
    """Words before a number that is no quantity of its own, or has no noun: by 12, 200; in phase 2, 300."""
    words = (entry for section in ("lookalike", "ordinal") for entry in lexicon.entries[section] if entry.get("place") == "before")
    small = (lexicon.words("stop", part=part) for part in ("where", "bridge", "older"))
    return frozenset(lexicon.words_by("month", "forms")).union(*small, *(entry.forms for entry in words))


def _reading(whole: str, fraction: str, start: int, end: int, rule: str) -> Reading:
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return Reading(value, start, end, ONE.scaleb(-len(fraction)), rule)
