"""The rate that two sums of one sentence imply, beside the dated rate nearest to it; printed and read back in one place.

    nearest_rate("CNY", "USD", used=Decimal("0.0155"), days=[date(2020, 3, 31)]).ratio -> Decimal("0.110...")

In      two ISO 4217 codes, the ratio of two printed sums, the days whose rate may have been used.
Out     Conversion(used, rate, day), or None without a rate; its words in the test of a relation, and back.
Never   says whether a conversion is right: verdicts does, by RATE_OFF.
Needs   errors, money.  Used by verdicts, checks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from csrbook.errors import UsageError
from csrbook.money import NoRate, find_rate

__all__ = ["RATE_OFF", "Conversion", "nearest_rate", "print_conversion", "read_conversion"]

RATE_OFF = Decimal("0.08")  # share of the rate by which a conversion may be off: a rounded rate, another day of the period
PRINTED = re.compile(r"= (\S+); rate of (\d{4}-\d\d-\d\d) (\S+); off by ")


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one unit of a printed sum became in the other currency, and what it was worth on `day`."""

    used: Decimal
    rate: Decimal
    day: date

    @property
    def ratio(self) -> Decimal:
        """The converted sum in parts of what it should be: 1 is right, 0.1 ten times too little."""
        return self.used / self.rate

    @property
    def off(self) -> Decimal:
        """How far the ratio is from 1, without sign."""
        return abs(self.ratio - 1)


def nearest_rate(printed: str | None, wanted: str | None, *, used: Decimal, days: Iterable[date]) -> Conversion | None:
    """Return the ratio used with the nearest of the rates of some days, the earliest where several are equally near.

    None where no day has a rate, or a currency stands in no table of rates.
    """
    found = []
    for day in days if printed and wanted else ():
        try:
            rate = find_rate(printed, wanted, day=day)
        except UsageError:
            return None
        if not isinstance(rate, NoRate):
            found.append(Conversion(used, Decimal(str(rate.value)), rate.day))
    return min(found, key=lambda one: one.off, default=None)


def print_conversion(found: Conversion) -> str:
    """Return a conversion in the words of a test, five digits each."""
    return f"{found.used:.5g}; rate of {found.day} {found.rate:.5g}; off by {found.off * 100:.1f} %"


def read_conversion(test: str) -> Conversion | None:
    """Return the conversion that a test of a relation tells, to the digits printed there; None for any other test."""
    told = PRINTED.search(test)
    return Conversion(Decimal(told[1]), Decimal(told[3]), date.fromisoformat(told[2])) if told else None
