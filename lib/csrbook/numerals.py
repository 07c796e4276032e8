"""Read one written number: "2.5 yi", "71,38 mln", "three million" become exact Decimals.

In      the tokens of a document and a Lexicon; then the index at which a number may begin.
Out     Reading: the value with its magnitude applied, the place of the last printed digit, and which rule read it; no unit.
Never   opens a file, imports pandas, or picks between two readings in silence: `Reading.note` tells.
Needs   chains, figures, lemmas, lexicon, tokens.  Used by quantities.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from csrbook.chains import Chain
from csrbook.figures import LARGEST, LONGEST, ONE, Figures, Habits, Reading
from csrbook.lemmas import broken_word
from csrbook.lexicon import Entry, Lexicon
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, LINE, SPACE, WORD, Tokens

__all__ = ["Numerals"]

LONGEST_WORD = 40  # letters of a word that may hide a number
ZERO = Decimal(0)
DIGIT_WORDS = frozenset(range(10))  # worth of what follows a spoken decimal mark
HALVES = frozenset("2458")  # what the parts of a mixed number are told in: 2 1/2
WHOLE = 3  # digits before a decimal mark that a space follows, at most: a year is none
CODE = 3  # letters of a currency
SIZED = 5  # tokens before a number in which a word of measure is looked for: a depth of up to 40m
MIXED = 100  # whole part of a mixed number, at most


class Numerals:
    """Reads the numbers of one document; every place is read once.

    Parameters
    ----------
    tokens : sequence of Token
        The whole document.
    lexicon : Lexicon
        Supplies marks, number words and magnitudes.
    habits : mapping, optional
        How the whole document uses its marks; see figures.
    """

    def __init__(self, tokens: Tokens, lexicon: Lexicon, habits: Habits | None = None) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.spaced = lexicon.traits["word_spacing"]
        self.figures = Figures(tokens, lexicon, habits)
        self.numerals, self.magnitudes = lexicon.trie("numeral"), lexicon.trie("magnitude")
        self.grown, self.open = lexicon.trie("magnitude", forms="joined"), lexicon.trie("magnitude", forms="vague")
        self.before, self.within = lexicon.trie("vague", place="before"), lexicon.trie("vague", place="within")
        self.plus, self.joiner = lexicon.trie("plus", place="number"), lexicon.trie("range", place="joiner")
        self.money, self.stop = lexicon.trie("unit", place="before", backward=True), lexicon.trie("stop")
        self.unit, self.measure = lexicon.trie("unit", place="after"), lexicon.trie("measure")
        self._numbers: dict[int, Reading | None] = {}
        self.openers, self.parts = lexicon.once(("parts of numbers",), self._parts)
        self.opening = lexicon.once(("opening",), lambda: _opening(lexicon))
        self._words: dict[str, tuple[Decimal, Entry] | None] = {}

    def _parts(self) -> tuple[frozenset[str], frozenset[str]]:
        """What may open a number beside its own words, and every token that a number may go on with, but for digits."""
        signs = (text for text in self.plus.root if not text.isalpha())  # \u00bd billion
        openers = frozenset(self.traits["article"]).union(self.before.root, self.open.root, signs)
        tries = (self.numerals, self.magnitudes, self.grown, self.within, self.plus, self.joiner)
        return openers, frozenset(self.traits["point"]).union("-", *(trie.root for trie in tries))

    # -- numbers -----------------------------------------------------------------------------------------------------

    def number(self, at: int) -> Reading | None:
        """Return the number that begins at token `at`, with every magnitude that belongs to it, or None.

        Digits may be followed by magnitudes; number words are summed and multiplied; an opening "several" or a closing
        "odd" makes the reading open (qualifier over).
        """
        if at not in self._numbers:
            reading, spread = self._read(at, 0)
            if reading and spread:
                higher, _ = self._read(at, 1)
                reading = replace(reading, value_max=higher.value, rule="two neighbouring digits")
            self._numbers[at] = reading
        return self._numbers[at]

    def _read(self, at: int, pick: int) -> tuple[Reading | None, bool]:
        if at >= len(self.tokens):
            return None, False
        chain = Chain()
        opened = index = self._open(at, chain) if self.tokens[at].text in self.openers else at
        while index < len(self.tokens):
            token = self.tokens[index]
            after = self._next(at, index, chain, pick) if token.text in self.parts or token.kind == DIGITS else None
            after = after or (self._take_broken(index, chain) if index > opened else None)
            if after is None:
                break
            index = after
        if index == at or (index == opened and not chain.scaled):
            return None, False  # "several days": nothing to count with
        if self._is_spoken(chain):
            chain.number, chain.step = chain.number * chain.last / 10, chain.last / 10  # 两万五 is 25,000
        rule = chain.figure or ("open number" if chain.qualifier else "words" if chain.counted else "magnitude")
        bare = not chain.counted and not chain.figure
        value = chain.value()
        made = Reading(value, at, index, chain.step, rule, None, chain.qualifier, not chain.figure, bare, chain.scaled, chain.note)
        return (made, chain.spread) if value < LARGEST else (None, False)

    def _is_spoken(self, chain: Chain) -> bool:
        digit = chain.number is not None and chain.number < 10 and not chain.filled  # after digits too: 3万5 is 35,000
        return digit and chain.last >= 100 and not self.spaced

    def _open(self, at: int, chain: Chain) -> int:
        """Take what opens a number without being one: several, a hundred, tens of thousands; return the index after it."""
        tokens = self.tokens
        if (found := self.before.longest(tokens, at)) and (self.spaced or self.multiplier(found[1])):
            chain.number, chain.qualifier, chain.counted = found[0].number, "over", True
            return found[1]
        if not tokens[at].text.isalpha() and (found := self.plus.longest(tokens, at)):
            chain.number, chain.words = found[0].number, True
            return found[1]
        if tokens[at].text in self.traits["article"]:
            follows = self.multiplier(at + 1)
            if follows and not follows[0].get("needs") and tokens[at + 1].gap == SPACE:
                chain.number, chain.counted = ONE, True
                return at + 1
        index = at
        while found := self.open.longest(tokens, index):
            chain.total = (chain.total or ONE) * found[0].number
            chain.qualifier, chain.scaled, chain.counted, index = "over", True, True, found[1]
            if index < len(tokens) and tokens[index].text in self.traits["of"] and self.open.longest(tokens, index + 1):
                index += 1
            if chain.total > LARGEST:
                break
        return index

    def multiplier(self, at: int) -> tuple[Entry, int] | None:
        """Return (entry, index after it) of the hundred or magnitude at token `at`: 数百, but not the 数 of 人数三百."""
        found = self.magnitudes.longest(self.tokens, at) or self.numerals.longest(self.tokens, at)
        return found if found and (found[0].section == "magnitude" or found[0].get("multiplies")) else None

    def _next(self, at: int, index: int, chain: Chain, pick: int) -> int | None:
        """Take what stands at `index` into the chain and return the index after it; None where the number ends."""
        tokens = self.tokens
        if index > at and tokens[index].gap == BLANK:
            return None
        joined = index > at and tokens[index].text == "-" and tokens[index].gap == JOINED
        here = index + joined
        if here >= len(tokens) or (joined and tokens[here].gap > LINE):
            return None
        if tokens[here].kind == DIGITS:
            return None if joined else self._take_digits(at, here, chain)
        if self._stops(here):
            return None
        if after := self._take_magnitude(at, here, chain, joined):
            return after
        if after := self._take_point(here, chain) or self._take_word(here, chain, joined, pick):
            return after
        if index > at and (found := self.within.longest(tokens, here)):
            chain.qualifier = "over"
            return found[1]
        if index > at and (found := self.plus.longest(tokens, here)):
            worth = chain.least if chain.number is None and chain.least else ONE  # a million and a half
            chain.number = (chain.number or ZERO) + found[0].number * worth
            return found[1]
        if chain.words and (found := self.joiner.longest(tokens, here)) and (chain.section or chain.scaled):
            follows = self.numerals.longest(tokens, found[1])
            return found[1] if follows and chain.number is None and not follows[0].get("multiplies") else None
        return None

    def _take_digits(self, at: int, here: int, chain: Chain) -> int | None:
        token, reading = self.tokens[here], self.figures.read(here)
        if not reading:
            return None
        if here > at:
            begun = chain.scaled or not self.spaced and chain.section  # 2千5百
            if not begun or chain.number is not None or chain.qualifier or not (chain.counted or chain.figure):
                return None
            if not self.spaced:
                fits = token.gap == JOINED and reading.rule in ("digits", "grouped") and reading.value < chain.last
                return self._take_figure(reading, chain) if fits else None
            follows = self.magnitudes.longest(self.tokens, reading.end)
            fits = follows and follows[0].get("needs") != "joined"
            smaller = max(ONE, reading.value) * follows[0].number < chain.least if fits else self._fills_thousand(reading, chain)
            if token.gap > SPACE or not smaller:
                return None
        return self._take_figure(reading, chain)

    def _take_figure(self, reading: Reading, chain: Chain) -> int:
        reading = self._strayed(reading) or reading
        chain.number, chain.step, chain.note = reading.value, reading.step, reading.note
        chain.figure = chain.figure or reading.rule
        chain.filled = chain.filled or self.tokens[reading.start].text[0] == "0"
        return self._mixed(reading, chain) or reading.end

    def _strayed(self, reading: Reading) -> Reading | None:
        """12, 5 hectares where a comma divides: one digit after a stray space, then a unit, and no list before."""
        tokens, at, end = self.tokens, reading.start, reading.end
        mark, part, after = (*tokens[end : end + 3], None, None, None)[:3]
        if after is None or reading.rule != "digits" or len(tokens[at].text) > WHOLE or mark.text != self.traits["decimal_mark"][0]:
            return None
        if (part.kind, len(part.text), mark.gap, part.gap) != (DIGITS, 1, JOINED, SPACE) or mark.text == self.traits["grouping_marks"][0]:
            return None
        listed = at and (tokens[at - 1].text in self.traits["list_marks"] or tokens[at - 1].kind != WORD)
        unit = self.unit.longest(tokens, end + 2) or self.magnitudes.longest(tokens, end + 2)
        if listed or not unit or after.gap > SPACE:
            return None
        value = reading.value + Decimal(int(part.text)) / 10
        return replace(reading, value=value, end=end + 2, step=ONE / 10, note="misprint: a space inside a decimal")

    def _mixed(self, reading: Reading, chain: Chain) -> int | None:
        """Add the parts of a mixed number, 2 1/2; return the index after them."""
        part, mark, whole = (*self.tokens[reading.end : reading.end + 3], None, None, None)[:3]
        if reading.rule != "digits" or reading.value >= MIXED or whole is None or mark.text != "/" or whole.text not in HALVES:
            return None
        if (part.kind, part.gap, mark.gap, whole.gap) != (DIGITS, SPACE, JOINED, JOINED) or not 0 < int(part.text) < int(whole.text):
            return None
        chain.number += Decimal(int(part.text)) / int(whole.text)
        chain.step = Decimal(1) / int(whole.text)
        return reading.end + 3

    def _fills_thousand(self, reading: Reading, chain: Chain) -> bool:
        """4 thousand 218: the three digits below a thousand, which a word follows."""
        if chain.least != 1000 or reading.rule != "digits" or reading.step != 1 or not 100 <= reading.value < 1000:
            return False
        return reading.end < len(self.tokens) and self.tokens[reading.end].kind == WORD and self.tokens[reading.end].gap == SPACE

    def _take_magnitude(self, at: int, here: int, chain: Chain, joined: bool) -> int | None:
        found = self.magnitudes.longest(self.tokens, here) or (self.grown.longest(self.tokens, here) if joined else None)
        if not found:
            return None
        needs = found[0].get("needs")
        apart = here > at and self.tokens[here].gap != JOINED
        if needs in ("joined", "money") and (here == at or not chain.figure or self.tokens[here].gap > SPACE):
            return None
        if needs in ("joined", "money") and not self.money.longest(self.tokens, at - 1):
            if needs == "money" or apart and not self._is_money(found[1]) or self._is_length(at, here, found[1]):
                return None  # $5 m, 5 m euros and $5mm are millions, 5 m, 5mm and a 5m deep well lengths
        if needs == "number" and here == at:
            return None
        if chain.total * found[0].number > LARGEST:
            return None
        chain.scale(found[0].number)
        chain.step *= found[0].number
        chain.filled = False
        return found[1]

    def _is_money(self, at: int) -> bool:
        """True where a currency follows the magnitude that ends before token `at`: 5 m EUR."""
        found = self.unit.longest(self.tokens, at) if at < len(self.tokens) and self.tokens[at].gap <= SPACE else None
        return found is not None and (found[0].unit.isupper() and len(found[0].unit) == CODE or bool(found[0].get("also")))

    def _is_length(self, at: int, here: int, end: int) -> bool:
        """True for a letter that is also a unit beside a word of measure: 40m deep, 40m in length, a depth of 40m."""
        tokens, sizes = self.tokens, self.lexicon.words("stop", part="size")
        if not sizes or not self.unit.longest(tokens, here):
            return False
        before = [token.text for token in tokens[max(0, at - SIZED) : at]]
        if any(one in sizes and two in self.traits["of"] for one, two in pairwise(before)):
            return True
        after = end + (tokens[end : end + 1] != [] and tokens[end].text == "-" and tokens[end].gap == JOINED)
        found = next((last for entries, last in self.stop.all(tokens, after) if any(e.part == "size" for e in entries)), None)
        grown = found is not None and found < len(tokens) and tokens[found].text == "-" and tokens[found].gap == JOINED
        return found is not None and tokens[after].gap <= LINE and not grown  # 2m long-haul seats

    def _take_broken(self, here: int, chain: Chain) -> int | None:
        """A magnitude that is broken at a line end."""
        whole = broken_word(self.tokens, here) if self.spaced and self.tokens[here].gap <= LINE else None
        found = self.magnitudes.root.get(whole, {}).get("")
        if found and chain.total * found[0].number <= LARGEST:
            chain.scale(found[0].number)
            chain.step *= found[0].number
        return here + 3 if found else None

    def _take_word(self, here: int, chain: Chain, joined: bool, pick: int) -> int | None:
        found = self.numerals.longest(self.tokens, here)
        if not found or (joined and not chain.number):
            return None
        entry, after = found
        if entry.get("multiplies"):
            if chain.figure:
                chain.step *= entry.number
            chain.multiply(entry.number)
            chain.filled = False
            return after
        if chain.figure and chain.number is not None or self.spaced and not entry.number and (chain.scaled or chain.section):
            return None
        if (pair := self._neighbours(here)) and chain.number is None:
            chain.number, chain.spread, chain.counted, chain.words = pair[pick], True, True, True
            return here + 2
        if (pair := self._listed(here)) and not (chain.counted or chain.figure):
            chain.number, chain.spread, chain.counted, chain.words = pair[pick], True, True, True
            return here + 3
        if entry.number == 0 and chain.number is None and (chain.scaled or chain.section):
            chain.filled = True  # the filling zero of 一万零十二
            return after
        return after if chain.add(entry.number, positional=not self.spaced) else None

    def _take_point(self, here: int, chain: Chain) -> int | None:
        """Take decimals said in words: three point five, 十五点八."""
        if self.tokens[here].text not in self.traits["point"] or not chain.words:
            return None
        whole, places, index = chain.section + (chain.number or 0), "", here + 1
        while (found := self.numerals.longest(self.tokens, index)) and found[0].number in DIGIT_WORDS and len(places) < LONGEST:
            places, index = places + str(found[0].number), found[1]
        if not places:
            return None
        chain.section, chain.number = ZERO, whole + Decimal(f"0.{places}")
        chain.step, chain.last = ONE.scaleb(-len(places)), ONE
        return index

    def _neighbours(self, at: int) -> tuple[Decimal, Decimal] | None:
        """The two numbers of 三四百 or 三五年: digits that follow each other, neither of them part of a longer row."""
        if self.spaced or at + 1 >= len(self.tokens):
            return None
        row = [self._digit(index) for index in range(at - 1, at + 3)]
        if row[0] is not None or row[1] is None or row[2] is None or row[3] is not None or not row[1]:
            return None
        return (row[1], row[2]) if row[2] - row[1] == 1 or (row[1], row[2]) == (3, 5) else None

    def _listed(self, at: int) -> tuple[Decimal, Decimal] | None:
        """The two numbers of 三、四百万: neighbours with the mark of a list between, before a hundred or a magnitude."""
        if self.spaced or at + 3 >= len(self.tokens) or self.tokens[at + 1].text not in self.traits["list_marks"]:
            return None
        one, two = self._digit(at), self._digit(at + 2)
        fits = one and two and two - one == 1 and self._digit(at - 1) is None and self.multiplier(at + 3)
        return (one, two) if fits else None

    def _digit(self, index: int) -> Decimal | None:
        found = self.numerals.longest(self.tokens, index) if index >= 0 else None
        return found[0].number if found and found[0].number < 10 else None

    def _stops(self, index: int) -> bool:
        """True when a unit of two or more signs begins here, whose first sign is also a multiplier (千瓦时, 百分点)."""
        if self.spaced or self.tokens[index].kind != HAN:
            return False
        found = self.unit.longest(self.tokens, index), self.measure.longest(self.tokens, index)
        return any(hit and hit[1] - index > 1 for hit in found)

    # -- words that hide a number ------------------------------------------------------------------------------------

    def joined(self, text: str) -> tuple[Decimal, Entry] | None:
        """Return (value, entry of the unit or magnitude) of a number grown into one word (шестимесячный, tenfold), or None."""
        if not 4 <= len(text) <= LONGEST_WORD or not self.opening.match(text):
            return None
        if text not in self._words:
            self._words[text] = self._split(text)
        return self._words[text]

    def _split(self, word: str) -> tuple[Decimal, Entry] | None:
        numbers = self.lexicon.words_by("numeral", "joined")
        units, grown = self.lexicon.words_by("unit", "joined"), self.lexicon.words_by("magnitude", "joined")
        for cut in range(len(word) - 2, 1, -1):
            entry = units.get(word[cut:]) or grown.get(word[cut:])
            if entry and (number := _worth(word[:cut], numbers)) is not None:
                return number, entry
        return None


def _worth(word: str, numbers: Mapping[str, Entry]) -> Decimal | None:
    """The number that a word is, or the two that it is made of: twenty and five."""
    if word in numbers:
        return numbers[word].number
    for cut in range(2, len(word) - 1):
        first, second = numbers.get(word[:cut]), numbers.get(word[cut:])
        if first and second and 0 < second.number < 10 ** (len(str(first.number)) - 1) <= first.number and not first.number % 10:
            return first.number + second.number
    return None


def _opening(lexicon: Lexicon) -> re.Pattern:
    """Return what matches every word that may hide a number: it begins with one."""
    return re.compile("|".join(map(re.escape, lexicon.words_by("numeral", "joined"))) or r"(?!)")
