"""What the charts of checks show: pairs and their ratios, shares, standing, measures that nobody reports."""

from decimal import Decimal

import pandas as pd
import pytest
from made_checks import card, checked, covered, pair, relations_of, stands, table, told_twice

from csrbook.checks import pick_absence, pick_accuracy, pick_confidence, pick_conversions, pick_equivalents, pick_standing


def test_conversions_that_fail_come_first_the_furthest_off_first():
    data = pick_conversions(*checked())
    assert data["value"].tolist() == [565e6, 63.5e6, 17e6, 990e6, 120e3]
    assert data["fits"].tolist() == [False, False, True, True, None] and data["power"].tolist()[:4] == [1, 0, 0, 0]
    assert round(data["ratio"][0], 2) == 0.1 and round(data["ratio"][1], 2) == 1.5
    assert data["rate_date"][0] == "2020-04-17" and data["due"][0] == pytest.approx(5.65e9, rel=0.01)
    assert (data["ratio_low"][:4] <= data["ratio"][:4]).all() and (data["ratio"][:4] <= data["ratio_high"][:4]).all()


def test_a_sum_without_a_rate_stands_last_and_has_no_ratio():
    last = pick_conversions(*checked()).iloc[-1]
    assert last["of_unit"] == "XAF" and pd.isna(last["ratio"]) and last["fits"] is None


def test_verdict_is_that_of_the_relation_and_not_of_the_ratio():
    claims, relations = checked()
    turned = relations.assign(verdict=relations["verdict"].replace({"equal": "conversion"}))
    assert not pick_conversions(claims, turned)["fits"].iloc[:4].any()
    assert pick_conversions(claims, relations[:0])["ratio"].isna().all()


@pytest.mark.parametrize("value", [0, Decimal("1e400")], ids=["nought", "too great for a table"])
def test_a_sum_that_has_no_ratio_is_passed_over(value):
    rows = pair(1, (5e9, "CNY", value, "USD", "a_north"), when="2020-04-17")
    assert pick_conversions(table(rows), relations_of(rows) if not value else checked()[1][:0]).empty


def test_a_second_printing_of_a_pair_is_not_a_second_pair():
    rows = told_twice()
    again = [row | {"id": row["id"] + "b", "claim_id": row["claim_id"] + "b", "start": row["start"] + 9000, "end": row["end"] + 9000} for row in rows[:2]]
    again[0]["repeat_of"], again[1]["repeat_of"], again[1]["restates"] = rows[0]["id"], rows[1]["id"], again[0]["id"]
    found = pick_conversions(table([*rows, *again]), relations_of([*rows, *again]))
    assert found["claim_id"].tolist() == pick_conversions(*checked())["claim_id"].tolist()


def test_equivalents_of_one_kind_are_compared_in_one_unit():
    data = pick_equivalents(checked()[0])
    trees = data[data["ratio_to"] == "tree"]
    assert trees["doc"].tolist() == ["c_south", "a_north", "b_east"] and trees["ratio_of"].unique().tolist() == ["t"]
    assert trees["ratio"].round(5).tolist() == [0.045, 0.01818, 0.01818] and trees["x_of"].tolist() == [900, 12_000, 5000]
    assert trees["apart"].unique().tolist() == [2.475] and not trees["agree"].any() and trees["documents"].unique().tolist() == [3]


def test_an_equivalent_told_the_other_way_round_is_of_the_same_kind():
    meals = pick_equivalents(checked()[0]).query("indicator == 'meals_given'")
    assert meals["ratio"].tolist() == [4, 4] and meals["agree"].all() and meals["group"].nunique() == 1
    turned = meals[meals["of_unit"] == "meal"].iloc[0]
    assert (turned["x_of"], turned["x"]) == (60_000, 240_000)


def test_one_pair_alone_has_nothing_to_agree_with():
    alone = pick_equivalents(checked()[0]).query("ratio_to == 'household'").iloc[0]
    assert alone["ratio"] == 3000 and pd.isna(alone["apart"]) and alone["agree"] is None


@pytest.mark.parametrize(
    "told",
    [
        (5e6, "CNY", 7e5, "USD", "a_north"), (3, "km2", 4500, "mu", "a_north"), (20, "percent", 80, "percent", "a_north"),
        (2, "times", 30, "tree", "a_north"), (0, "t", 30, "tree", "a_north"),
    ],
    ids=["two currencies", "one size in two units", "shares", "multiple", "nought"],
)  # fmt: skip
def test_what_is_no_equivalent(told):
    assert pick_equivalents(table(pair(1, told))).empty


def test_accuracy_keeps_levels_in_order_and_the_worst_attribute_first():
    data = pick_accuracy(*card())
    assert data["name"].drop_duplicates().tolist() == ["mention", "value", "unit", "claim", "when", "actor", "theme"]
    assert data["group"].drop_duplicates().tolist() == ["all", "en", "ru", "zh"]
    assert data.set_index(["name", "group"]).loc[("when", "zh"), ["right", "of", "documents"]].tolist() == [12, 20, 2]
    assert data[data["group"] == "zh"]["verdict"].unique().tolist() == ["too few figures"]


def test_confidence_counts_what_nobody_reviewed():
    claims = checked()[0]
    low = claims.assign(confidence=[0.2] * 4 + [0.9] * (len(claims) - 4), reviewed=["accepted"] + [None] * (len(claims) - 1))
    found = pick_confidence(low)
    assert found["doubtful"].sum() == 3 and found["reviewed"].sum() == 1 and found["figures"].sum() == len(claims)
    assert sum(map(len, found["claim_ids"].str.split())) == 3


def test_standing_leaves_promises_out_and_counts_the_rest_once():
    table = stands()
    found = pick_standing(table)
    assert found["claims"].sum() == (~table["target"]).sum() < len(table)
    assert found["claim_ids"].str.split().map(len).tolist() == found["claims"].tolist()


def test_absence_ends_in_what_no_document_reports():
    data = pick_absence(covered())
    order = data.drop_duplicates("indicator")
    assert order["split"].drop_duplicates().tolist() == ["several", "one", "none"]
    assert order["indicator"].tolist()[:2] == ["money_given", "trees_planted"] and order["documents"].is_monotonic_decreasing
    assert (data[data["split"] == "none"]["claims"] == 0).all() and "d_scan.pdf" in set(data["file"])


def test_without_rows_every_pick_keeps_its_columns():
    claims, relations = checked()
    empty = [pick_conversions(claims[:0], relations[:0]), pick_equivalents(claims[:0]), pick_accuracy(*card({})), pick_confidence(claims[:0]),
             pick_standing(stands()[:0]), pick_absence(covered()[:0])]  # fmt: skip
    assert all(len(frame) == 0 and len(frame.columns) for frame in empty)
