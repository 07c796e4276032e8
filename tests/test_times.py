"""Times: every row of cases/times.toml, and the arithmetic of ISO dates."""

import tomllib
from pathlib import Path

import pytest
from test_claims import make_document, read_marked

from csrbook.days import make_iso
from csrbook.claims import attach, read_document_text
from csrbook.days import at_edge, shift_months, starts_after
from csrbook.lexicon import load_lexicons

ROWS = tomllib.loads((Path(__file__).parent / "cases" / "times.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in ROWS["case"]])
def test_time_of_a_number(case):
    text, mentions = read_marked(case["text"], case.get("units", ["book"]))
    claims = attach(make_document(text, case["language"], date=case.get("day")), mentions, lexicons=load_lexicons())
    assert (claims[0].when or "") == case["when"], claims[0].rule["when"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in ROWS["document"]])
def test_date_of_a_document(case):
    reading = read_document_text(make_document(case["text"], case["language"]), load_lexicons())
    assert (reading.today or "") == case["day"], reading.today_by


@pytest.mark.parametrize(
    ("iso", "part", "expected"),
    [
        ("2020-02", "end", ("2020-02-29", None)),
        ("2021", "end", ("2021-12-31", None)),
        ("2021-04", "middle", ("2021-04-15", None)),
        ("2021-04", "start", ("2021-04-01", None)),
        ("2021", "second_half", ("2021-07", "2021-12")),
        ("2021-04-03", "end", ("2021-04-03", None)),
    ],
)
def test_part_of_a_month_or_year(iso, part, expected):
    assert at_edge(iso, part) == expected


@pytest.mark.parametrize(
    ("iso", "months", "expected"), [("2020-11", 3, "2021-02"), ("2020-01", -1, "2019-12"), ("2020-05-31", 1, "2020-06"), ("2020", 36, "2023")]
)
def test_months_later(iso, months, expected):
    assert shift_months(iso, months) == expected


@pytest.mark.parametrize(
    ("when", "day", "expected"),
    [("2030", "2021-07-09", True), ("2021", "2021-07-09", False), ("2019/2022", "2021-07-09", True), ("2021-07", "2021-08", False)],
)
def test_later_at_the_precision_of_both(when, day, expected):
    assert starts_after(when, day) is expected


def test_a_day_that_does_not_exist_is_told_by_its_month():
    assert make_iso(2019, 6, 31) == "2019-06"
    assert make_iso(2020, 2, 29) == "2020-02-29"
