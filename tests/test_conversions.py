"""Rates that two sums imply: the nearest dated rate, printed in a test and read back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.conversions import RATE_OFF, Conversion, nearest_rate, print_conversion, read_conversion
from csrbook.verdicts import judge_conversion, make_figure

DAYS = [date(2020, 4, 17), date(2014, 1, 7)]


def test_nearest_of_several_days_is_taken():
    found = nearest_rate("CNY", "USD", used=Decimal("0.1400"), days=DAYS)
    assert found.day == DAYS[0] and Decimal("0.141") < found.rate < Decimal("0.142") and found.off < RATE_OFF
    assert nearest_rate("CNY", "USD", used=Decimal("0.165"), days=DAYS).day == DAYS[1]


@pytest.mark.parametrize(
    ("printed", "wanted", "days"),
    [("CNY", "USD", []), ("CNY", "XAF", DAYS), ("XAF", "USD", DAYS), ("CNY", None, DAYS), (None, "USD", DAYS), ("CNY", "USD", [date(1950, 1, 1)])],
)
def test_without_a_rate_there_is_no_conversion(printed, wanted, days):
    assert nearest_rate(printed, wanted, used=Decimal(1), days=days) is None


numbers = st.decimals(min_value=Decimal("1e-9"), max_value=Decimal("1e9"), allow_nan=False).map(lambda n: Decimal(f"{n:.5g}"))


@given(used=numbers, rate=numbers, day=st.dates())
def test_what_is_printed_is_read_back(used, rate, day):
    found = Conversion(used, rate, day)
    assert read_conversion(f"dated rate: 7 USD / 50 CNY = {print_conversion(found)}") == found


@pytest.mark.parametrize("test", ["", "same number: 3 tree = 3 tree", "same in m2: 3 ha [2, 4] and 3 mu [2, 4]", "rate of 2020"])
def test_other_tests_tell_no_conversion(test):
    assert read_conversion(test) is None


def test_verdict_tells_the_conversion_that_it_judged():
    rows = ({"doc": "a", "start": n, "end": n + 1, "text": "x", "value": v, "unit": u, "kind": "money", "when": "2020-04-17"} for n, (v, u) in enumerate(((40e9, "CNY"), (565e6, "USD"))))
    verdict = judge_conversion(*map(make_figure, rows))
    found = read_conversion(verdict.test)
    assert verdict.verdict == "conversion" and found.off > RATE_OFF and round(float(found.ratio), 3) == 0.1
