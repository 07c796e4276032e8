"""Times: every row of cases/times.toml, and the arithmetic of ISO dates."""

import tomllib
from pathlib import Path

import pytest
from test_claims import make_document, read_marked, row

from csrbook.days import make_iso
from csrbook.claims import attach
from csrbook.days import at_edge, is_twelve_months, shift_months, starts_after
from csrbook.scenes import read_document_text
from csrbook.lexicon import load_lexicons

ROWS = tomllib.loads((Path(__file__).parent / "cases" / "times.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [row(case) for case in ROWS["case"]])
def test_time_of_a_number(case):
    text, mentions = read_marked(case["text"], case.get("units", ["book"]), case.get("values"))
    claims = attach(make_document(text, case["language"], date=case.get("day")), mentions, lexicons=load_lexicons())
    counted = [claim for claim in claims if claim.kind != "duration"] or claims  # a length of time tells the time of another
    asked = counted[case.get("nth", 0)]
    assert (asked.when or "") == case["when"], asked.rule["when"]


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


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [("2022-04", "2023-03", True), ("2022-04", "2023-04", False), ("2023-02-26", "2024-02-25", True), ("2022-04", "2022-09", False)],
)
def test_a_year_that_need_not_be_the_calendar_s(start, end, whole):
    assert is_twelve_months(start, end) is whole


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2020", "2020-02"])
def test_a_date_that_is_no_day_of_ours_stops_nothing(day):
    text, mentions = read_marked("Yesterday, last week and in the past 5,000 years it gave [40 books].", ["book"])
    assert len(attach(make_document(text, "en", date=day), mentions, lexicons=load_lexicons())) == 1


def test_a_day_that_does_not_exist_is_told_by_its_month():
    assert make_iso(2019, 6, 31) == "2019-06"
    assert make_iso(2020, 2, 29) == "2020-02-29"
