"""Sum up the words and figures of one number: "two hundred and five thousand", 一万零十二, 3 million 200 thousand.

In      the parts of a number one by one, in print order: digits, multipliers below the first magnitude, magnitudes.
Out     Chain: its exact value, the place of its last printed digit, and what was seen on the way.
Never   looks at a token (numerals does).
Needs   figures.  Used by numerals.
"""

from dataclasses import dataclass
from decimal import Decimal

from csrbook.figures import LARGEST, ONE

__all__ = ["Chain"]

ZERO = Decimal(0)


@dataclass(slots=True)
class Chain:
    """A number under way: what is summed up, the section below the next magnitude, the number before the next multiplier."""

    total: Decimal = ZERO
    section: Decimal = ZERO
    number: Decimal | None = None
    step: Decimal = ONE
    least: Decimal | None = None  # smallest magnitude so far
    last: Decimal = ONE  # multiplier that stands right before, for the spoken "two wan five"
    figure: str = ""  # how digits were read
    words: bool = False
    scaled: bool = False
    counted: bool = False  # anything but multipliers was read
    filled: bool = False  # a zero that only fills a place was the last thing read
    spread: bool = False  # two neighbouring digits: 三四百
    qualifier: str | None = None
    note: str | None = None

    def add(self, value: Decimal, *, positional: bool) -> bool:
        """Take a number word; False when it cannot follow what is there (twenty fifty)."""
        if not self.figure:
            self.step = ONE  # one million two hundred thousand is not rounded to millions of thousands
        if self.number is None:
            self.number = value
        elif positional and value < 10 and self.number == self.number.to_integral_value() and self.number < LARGEST:
            self.number = self.number * 10 + value
        elif not positional and self._fits(value):
            self.number += value
        else:
            return False
        self.counted = self.words = True
        return True

    def _fits(self, value: Decimal) -> bool:
        tens, hundreds = self.number % 100, self.number % 1000
        if value < 10:
            return tens >= 20 and tens % 10 == 0 or hundreds >= 100 and tens == 0
        return value < 100 and hundreds >= 100 and tens == 0

    def multiply(self, factor: Decimal) -> None:
        """Take a multiplier below the first magnitude: hundred, 十 百 千."""
        self.section += (ONE if self.number is None else self.number) * factor
        self.number, self.last = None, factor

    def scale(self, factor: Decimal) -> None:
        """Take a magnitude: thousand, million, 万 亿; a larger one than before multiplies all of it (一万五千亿)."""
        below = self.section + (self.number or 0)
        if self.least is not None and factor > self.least:
            self.total = (self.total + below) * factor
        else:
            self.total += (below or ONE) * factor
        self.total = min(self.total, LARGEST)
        self.section, self.number, self.last, self.scaled = ZERO, None, factor, True
        self.least = factor if self.least is None else min(factor, self.least)

    def value(self) -> Decimal:
        return self.total + self.section + (self.number or 0)
