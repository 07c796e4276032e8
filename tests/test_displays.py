"""displays: values and tables as a reader sees them; nothing cut, no code, nothing changed underneath."""

import pandas as pd
import pytest

from csrbook.displays import format_measure, format_test, format_unit, format_value, format_when, show, side_by_side
from csrbook.frames import DITTO

CLAIMS = pd.DataFrame(
    {
        "claim_id": ["0123456789abcdef", "fedcba9876543210"],
        "text": ["1 million\npeople", "7%"],
        "value": [1e6, 7.0],
        "value_max": [None, 9.0],
        "low": [950_000.0, None],
        "high": [1_050_000.0, 9.0],
        "unit": ["person", "percent"],
        "qualifier": ["over", "exact"],
        "when": ["2020-04/2021-03", None],
        "indicator": ["people_taking_part", None],
        "target": [True, False],
    }
)


def rows(frame, columns):
    return show(frame, columns).to_dict("records")


def test_a_claim_is_shown_in_words():
    one, other = rows(CLAIMS, {"text": "printed", "figure": "read as", "when": "when", "indicator": "measure", "target": "promised"})
    assert one == {
        "printed": "1 million people", "read as": "over 1,000,000 people", "when": "2020-04 to 2021-03",
        "measure": "people taking part in giving", "promised": "yes",
    }  # fmt: skip
    assert other == {"printed": "7%", "read as": "7 to 9 percent", "when": "", "measure": "", "promised": ""}


def test_bounds_say_which_side_is_open():
    assert [row["b"] for row in rows(CLAIMS, {"bounds": "b"})] == ["950,000 to 1.05 m", "9 or less"]


def test_the_table_itself_stays_as_it_is():
    before = CLAIMS.copy()
    show(CLAIMS)
    pd.testing.assert_frame_equal(CLAIMS, before)


def test_headings_that_are_codes_are_named():
    assert show(pd.DataFrame({"doc": ["a"], "money": [2], "physical": [0]}), heads="kind").columns.tolist() == ["doc", "money", "physical units"]


def test_an_empty_table_keeps_its_headings():
    assert show(CLAIMS.iloc[:0], {"text": "printed"}).columns.tolist() == ["printed"]


def test_a_relation_is_cut_into_its_members():
    told = {"claims": "a | b", "values": "1 | 2", "docs": "x | y", "dates": " | 2020", "quotations": "One. | Two.", "verdict": "conflict"}
    cut = side_by_side(pd.DataFrame([told]))
    assert cut["values"].tolist() == ["1", "2"] and cut["verdict"].tolist() == ["conflict", DITTO]
    assert rows(pd.DataFrame([told | {"measure": "rural, tree"}]), {"measure": "m", "docs": "d"}) == [{"m": "rural areas, trees", "d": "x, y"}]


def test_documents_are_named_where_names_are_given():
    told = pd.DataFrame({"doc": ["x", DITTO, None], "docs": ["x | y | x", "z", "y"]})
    shown = show(told, {"doc": "in", "docs": "documents"}, docs={"x": "The Post, 2021", "y": "The Guild"})
    assert shown["in"].tolist() == ["The Post, 2021", DITTO, ""] and shown["documents"].tolist() == ["The Post, 2021; The Guild", "z", "The Guild"]


def test_what_is_told_once_of_a_relation_stays_a_mark():
    told = {"claims": "a | b", "values": "1 (2016/2020-09) | 2 (no date)", "docs": "x | y", "dates": " | ", "quotations": "One. | Two."}
    shown = rows(side_by_side(pd.DataFrame([told | {"measure": "rural, tree", "verdict": "conflict"}])), {"measure": "m", "verdict": "v", "values": "p"})
    assert shown[0] == {"m": "rural areas, trees", "v": "conflict", "p": "1 (2016 to 2020-09)"}
    assert shown[1] == {"m": DITTO, "v": DITTO, "p": "2 (no date)"}


@pytest.mark.parametrize(
    ("measure", "named"),
    [("trees_planted, tree", "trees planted"), ("Green, trees_planted, tree / sapling", "Green, trees planted"), ("Green, tree", "Green, trees"), ("tree", "trees")],
)
def test_the_unit_of_a_measure_is_told_where_nothing_else_says_it(measure, named):
    assert rows(pd.DataFrame([{"measure": measure}]), {"measure": "m"}) == [{"m": named}]


def test_a_decision_is_told_in_words():
    told = pd.DataFrame([{"field": "indicator", "found": None, "value": "trees_planted"}, {"field": "unit", "found": "ant", "value": "tree"}])
    assert rows(told, {"found": "read as", "value": "decided"}) == [{"read as": "", "decided": "trees planted"}, {"read as": "ant", "decided": "tree"}]


def test_relations_that_are_none_stay_none():
    assert len(side_by_side(pd.DataFrame())) == 0


@pytest.mark.parametrize(
    ("test", "units", "written"),
    [
        ("upto 20000 person and 1 person", ["person"], "up to 20,000 people and 1 person"),
        ("76000 tree 2010, 220000000 tree 2020-03-31", ["tree"], "76,000 trees 2010, 220,000,000 trees 2020-03-31"),
        ("77510000000 USD / 5000000000000 CNY = 0.015502; off by 89.0 %", ["USD", "CNY"], "77,510,000,000 USD / 5,000,000,000,000 CNY = 0.015502; off by 89.0%"),
        ("5425 village 2020-04/2021-03", ["village"], "5,425 villages 2020-04 to 2021-03"),
        ("words alone", [], "words alone"),
    ],
)
def test_arithmetic_is_told_in_words(test, units, written):
    assert format_test(test, units) == written


def test_small_parts():
    assert (format_unit("person"), format_unit("person", 1), format_unit("CNY"), format_unit("owl"), format_unit(None)) == ("people", "person", "CNY", "owl", "")
    assert (format_unit("store"), format_unit("store", 1), format_unit("m3", 1), format_unit("day", 1), format_unit("h", 0.5)) == ("shops", "shop", "m³", "day", "hours")
    assert format_when("2016/2020-09-26") == "2016 to 2020-09-26" and format_when(None) == ""
    assert format_value({"value": 3}) == "3"
    assert format_measure([{"programme": None, "indicator": None, "theme": "rural"}]) == "rural areas"
    assert format_measure([{"programme": "Green", "indicator": "trees_planted"}] * 2) == "Green, trees planted"
