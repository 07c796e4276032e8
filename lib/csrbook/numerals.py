"""Read one written number: "2.5 yi", "71,38 mln", "three million" become exact Decimals.

In      tokens, the index at which a number may begin, and a Lexicon.
Out     Reading: the value with its magnitude applied, the place of the last printed digit, and which rule read it; no unit.
Never   opens a file, imports pandas, or picks in silence between two readings (`Reading.note` tells).
Needs   errors, lexicon, tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from csrbook.lexicon import Lexicon
from csrbook.tokens import BLANK, JOINED, LINE, Token

__all__ = ["Reading", "read_digits", "read_joined", "read_number"]

GROUP = 3  # digits between two grouping marks; no script in use here groups otherwise but the Indian one, see `_groups`


@dataclass(frozen=True, slots=True)
class Reading:
    """What a number expression says; `start` and `end` are token indices, half-open."""

    value: Decimal
    start: int
    end: int
    step: Decimal  # worth of one in the last printed place: 100000 for "3.4 million"
    rule: str
    qualifier: str | None = None  # set when the number itself is open: "several", a trailing "odd"
    bare: bool = False  # a magnitude alone: "billions", 百亿
    scaled: bool = False  # a magnitude word was applied
    note: str | None = None


def _groups(parts: list[str]) -> bool:
    """True when digit groups are grouped as thousands (1,234,567) or as lakh and crore (12,34,567)."""
    head, *rest = parts
    thousands = all(len(part) == GROUP for part in rest)
    indian = len(rest) > 1 and len(rest[-1]) == GROUP and all(len(part) == 2 for part in rest[:-1])
    return 0 < len(head) <= GROUP and (head == "0") < 1 and (thousands or indian)


def _by_marks(tokens: Sequence[Token], at: int) -> tuple[list[str], list[str], int]:
    """Digits joined by single marks: 1.844.036.360,12 gives its digit groups, the marks between, and the index after."""
    digits, marks, index = [tokens[at].text], [], at + 1
    while index + 1 < len(tokens):
        mark, after = tokens[index], tokens[index + 1]
        if mark.text not in ".,'" or mark.gap != JOINED or after.kind != "digits" or after.gap != JOINED:
            break
        digits.append(after.text)
        marks.append(mark.text)
        index += 2
    return digits, marks, index


def _by_spaces(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int:
    """Index after digit groups parted by spaces or a line end: 10 000, 1 234 567."""
    index = at + 1
    if " " not in lexicon.traits["grouping_marks"] or len(tokens[at].text) > GROUP or tokens[at].text.startswith("0"):
        return index
    while index < len(tokens):
        token = tokens[index]
        if token.kind != "digits" or len(token.text) != GROUP or not JOINED < token.gap < BLANK:
            break
        index += 1
    return index


def read_digits(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Reading | None:
    """Return the number that the digits at `at` print, with its grouping and decimal marks, or None for a version or code.

    A single mark before exactly three digits can be read twice. It groups when the language groups with it, or when the
    three digits are zeros (nobody prints three empty decimals); else it divides.
    """
    digits, marks, end = _by_marks(tokens, at)
    if not marks:
        spaced = _by_spaces(tokens, at, lexicon)
        whole = "".join(token.text for token in tokens[at:spaced])
        after, mark, fraction = spaced, tokens[spaced : spaced + 2], ""
        if spaced > at + 1 and len(mark) == 2 and mark[0].text in ".," and mark[0].gap == mark[1].gap == JOINED:
            if mark[1].kind == "digits":
                fraction, after = mark[1].text, spaced + 2
        return _reading(whole, fraction, at, after, "grouped by spaces" if spaced > at + 1 else "digits")
    decimal, *_ = lexicon.traits["decimal_mark"]
    note = None
    if len(set(marks)) == 1 and _groups(digits):
        single = len(marks) == 1
        zeros = set(digits[-1]) == {"0"}
        if single and marks[0] == decimal and not zeros:
            return _reading(digits[0], digits[1], at, end, "decimal mark")
        if single and marks[0] != decimal and marks[0] not in lexicon.traits["grouping_marks"] and not zeros:
            note = "one mark before three digits: read as a decimal"
            return replace(_reading(digits[0], digits[1], at, end, "decimal mark"), note=note)
        return _reading("".join(digits), "", at, end, "grouped")
    if len(marks) > 1 and len(set(marks[:-1])) == 1 and marks[-1] != marks[0] and _groups(digits[:-1]):
        return _reading("".join(digits[:-1]), digits[-1], at, end, "grouped, decimal mark")
    if len(marks) == 1 and marks[0] in ".,":
        return _reading(digits[0], digits[1], at, end, "decimal mark")
    return None


def _reading(whole: str, fraction: str, start: int, end: int, rule: str) -> Reading:
    value = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return Reading(value, start, end, Decimal(1).scaleb(-len(fraction)), rule)


@dataclass(slots=True)
class _Chain:
    """A number under way: what is summed up, the section below the next magnitude, the number before the next multiplier."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    number: Decimal | None = None
    step: Decimal = Decimal(1)
    least: Decimal | None = None  # smallest magnitude so far
    last: Decimal = Decimal(1)  # multiplier that stands right before, for the spoken "two wan five"
    scaled: bool = False
    qualifier: str | None = None

    def add(self, value: Decimal, *, positional: bool) -> bool:
        """Take a number word; False when it cannot follow what is there (twenty fifty)."""
        if self.number is None:
            self.number = value
        elif positional and value < 10 and self.number == self.number.to_integral_value():
            self.number = self.number * 10 + value
        elif not positional and self._fits(value):
            self.number += value
        else:
            return False
        return True

    def _fits(self, value: Decimal) -> bool:
        tens, hundreds = self.number % 100, self.number % 1000
        if value < 10:
            return self.number >= 20 and self.number % 10 == 0 and tens != 10
        return value < 100 and hundreds >= 100 and tens == 0

    def multiply(self, factor: Decimal) -> None:
        """Take a multiplier below the first magnitude: hundred, 十 百 千."""
        self.section += (Decimal(1) if self.number is None else self.number) * factor
        self.number, self.last = None, factor

    def scale(self, factor: Decimal) -> None:
        """Take a magnitude: thousand, million, 万 亿; a larger one than before multiplies all of it (一万五千亿)."""
        below = self.section + (self.number or 0)
        if self.least is not None and factor > self.least:
            self.total = (self.total + below) * factor
        else:
            self.total += (below or Decimal(1)) * factor
        self.section, self.number, self.last, self.scaled = Decimal(0), None, factor, True
        self.least = factor if self.least is None else min(factor, self.least)

    def value(self) -> Decimal:
        return self.total + self.section + (self.number or 0)


def _stops(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> bool:
    """True when a unit of two or more signs begins here, whose first sign is also a multiplier (千瓦时, 百分点)."""
    if lexicon.traits["word_spacing"]:
        return False
    unit = lexicon.trie("unit", place="after").longest(tokens, index)
    measure = lexicon.trie("measure").longest(tokens, index)
    return any(found and found[1] - index > 1 for found in (unit, measure))


def read_number(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Reading | None:
    """Return the number that begins at token `at`, with every magnitude that belongs to it, or None.

    Digits may be followed by magnitudes; number words are summed and multiplied; an opening "several" or a closing
    "odd" makes the reading open (qualifier over). A single sign with a second meaning is left to the caller.
    """
    chain, index, rule, words = _Chain(), at, "", 0
    numerals, magnitudes = lexicon.trie("numeral"), lexicon.trie("magnitude")
    opening = lexicon.trie("vague", place="before").longest(tokens, at)
    if opening:
        index, chain.number, chain.qualifier, rule = opening[1], opening[0].number, "over", "open number"
    while index < len(tokens):
        token = tokens[index]
        if index > at and token.gap == BLANK:
            break
        joined = index > at and token.text == "-" and token.gap == JOINED
        here = index + 1 if joined else index
        if here >= len(tokens) or (joined and tokens[here].gap > LINE):
            break
        if tokens[here].kind == "digits":
            if joined or not (index == at or (chain.scaled and not lexicon.traits["word_spacing"] and token.gap == JOINED)):
                break
            if not (reading := read_digits(tokens, here, lexicon)):
                break
            chain.number, chain.step, rule, index = reading.value, reading.step, rule or reading.rule, reading.end
            continue
        if _stops(tokens, here, lexicon):
            break
        if found := magnitudes.longest(tokens, here):
            entry, after = found
            if _blocked(entry, tokens, at, here, chain):
                break
            chain.scale(entry.number)
            chain.step *= entry.number
            index, rule = after, rule or ("magnitude" if index == at else "words")
        elif (found := numerals.longest(tokens, here)) and not (rule and chain.number is not None and "digit" in rule):
            entry, after = found
            if joined and not chain.number:
                break
            if entry.get("multiplies"):
                chain.multiply(entry.number)
            elif entry.number == 0 and (chain.scaled or chain.section):
                pass  # the filling zero of 一万零十二
            elif not chain.add(entry.number, positional=not lexicon.traits["word_spacing"]):
                break
            index, words, rule = after, words + 1, rule or "words"
        elif found and found[0].get("multiplies"):
            chain.multiply(found[0].number)
            chain.step *= found[0].number
            index = found[1]
        elif rule and (found := lexicon.trie("vague", place="within").longest(tokens, here)):
            chain.qualifier, index = "over", found[1]
        elif rule and (found := lexicon.trie("range", place="joiner").longest(tokens, here)):
            follows = numerals.longest(tokens, found[1])
            if not (words and follows and chain.section % 1000 >= 100):
                break
            index = found[1]
        else:
            break
    if opening and index == opening[1]:
        return None  # "several days": nothing to count with
    return _finish(chain, at, index, rule, tokens, lexicon)


def _blocked(entry, tokens: Sequence[Token], at: int, here: int, chain: _Chain) -> bool:
    """True for a magnitude that needs what is not there: "m" and "k" a sign of money before or digits joined to it."""
    if not (needs := entry.get("needs")):
        return False
    if needs == "joined":
        return tokens[here].gap != JOINED or here == at
    return True


def _finish(chain: _Chain, at: int, end: int, rule: str, tokens: Sequence[Token], lexicon: Lexicon) -> Reading | None:
    if not rule or end == at:
        return None
    if chain.number is not None and chain.last >= 100 and chain.number < 10 and not lexicon.traits["word_spacing"]:
        if "words" in rule and tokens[end - 2].kind == "han" and not _zero_before(tokens, end, lexicon):
            chain.number *= chain.last / 10  # 两万五 is 25,000
    bare = rule == "magnitude" or (rule == "words" and _only_multipliers(tokens, at, end, lexicon))
    return Reading(chain.value(), at, end, chain.step, rule, chain.qualifier, bare, chain.scaled)


def _zero_before(tokens: Sequence[Token], end: int, lexicon: Lexicon) -> bool:
    found = lexicon.trie("numeral").longest(tokens, end - 2)
    return bool(found and found[0].number == 0)


def _only_multipliers(tokens: Sequence[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    for index in range(at, end):
        numeral = lexicon.trie("numeral").longest(tokens, index)
        if numeral and not numeral[0].get("multiplies"):
            return False
    return True


def read_joined(token: Token, lexicon: Lexicon):
    """Return (value, unit entry) of a number and its unit grown into one word (шестимесячный, tenfold), or None."""
    if token.kind != "word":
        return None
    units = lexicon.words_by("unit", "joined")
    for cut in range(len(token.text) - 2, 1, -1):
        if entry := units.get(token.text[cut:]):
            if (number := lexicon.words_by("numeral", "joined").get(token.text[:cut])) is not None:
                return number.number, entry
    return None
