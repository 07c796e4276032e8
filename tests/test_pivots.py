"""Group-bys, and sums that refuse to mix what does not add."""

import pytest
from made_claims import corpus, frame, record

from csrbook.errors import SchemaError
from csrbook.pivots import (
    account,
    add_up,
    aggregates_of,
    by_actor,
    by_indicator,
    by_programme,
    by_theme_year,
    countable,
    parents_of,
    promises,
)
from csrbook.tables import ledger_frame

GIFT = {"indicator": "money_given", "when": "2020", "when_type": "during"}


def reasons(*rows):
    total = add_up(frame(*rows))
    return dict(zip(total.left_out["claim_id"], total.left_out["reason"].str.split(":").str[0], strict=True)), total


def test_separate_gifts_are_added_with_their_bounds():
    said, total = reasons(record(1, 10, **GIFT | {"programme": "A"}), record(2, 5, **GIFT | {"programme": "B", "high": 6}))
    row = total.sums.iloc[0]
    assert not said and (row["total"], row["total_low"], row["total_high"], row["added"]) == (15, 15, 16, 2)
    assert row["claim_ids"] == "c0001 c0002"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"relevance": "context"}, "context"),
        ({"repeat_of": "x-0001"}, "repeat"),
        ({"restates": "x-0001"}, "restated"),
        ({"unit": "percent", "kind": "percent"}, "share or duration"),
        ({"indicator": None}, "no measure"),
        ({"when_type": "as_of"}, "total to date"),
        ({"when": None}, "no period"),
        ({"when": "2020-03", "programme": None}, "overlaps"),
    ],
)
def test_what_does_not_add_is_left_out_and_named(told, reason):
    said, total = reasons(record(1, 10, **GIFT | {"programme": "A"}), record(2, 5, **GIFT | {"programme": "B"} | told))
    assert said == {"c0002": reason}
    assert total.sums[total.sums["added"] > 0]["total"].tolist() == [10]
    assert reason in str(total) and reason in " ".join(total.sums["why"])


def test_promise_and_result_are_two_sums():
    said, total = reasons(record(1, 10, **GIFT), record(2, 5, **GIFT | {"target": True}))
    assert not said and sorted(total.sums["total"]) == [5, 10]


def test_part_of_a_longer_period_is_not_added_to_the_whole():
    said, total = reasons(record(1, 3, **GIFT | {"when": "2020-03"}), record(2, 10, **GIFT), record(3, 4, **GIFT | {"when": "2021"}))
    assert said == {"c0001": "overlaps"} and total.sums["total"].tolist() == [14]
    assert total.left_out["reason"].tolist() == ["overlaps: c0002"]


def test_two_currencies_are_two_sums():
    _, total = reasons(record(1, 10, **GIFT), record(2, 5, "USD", **GIFT | {"programme": "B"}))
    assert total.sums["unit_si"].tolist() == ["CNY", "USD"]


def test_level_is_never_added():
    total = add_up(frame(record(1, 10, **GIFT)), aggregates={"money_given": "latest"})
    assert total.left_out["reason"].tolist() == ["level or rate"]


def test_unbounded_part_leaves_the_sum_without_a_bound():
    _, total = reasons(record(1, 10, **GIFT | {"programme": "A"}), record(2, 5, **GIFT | {"programme": "B", "high": None}))
    assert total.sums["total"].tolist() == [15] and total.sums["total_high"].isna().all()


def test_every_claim_is_added_or_left_out():
    claims = corpus()
    total = add_up(claims, ["theme"])
    assert total.sums["added"].sum() + len(total.left_out) == len(claims)
    assert total.sums["left_out"].sum() == len(total.left_out)


def test_repeats_restatements_and_context_are_not_counted():
    assert set(corpus()["claim_id"]) - set(countable(corpus())["claim_id"]) == {"c0015", "c0016", "c0017"}


def test_pivots_count_each_claim_once():
    claims = corpus()
    table = by_theme_year(claims)
    assert table["claims"].sum() == len(countable(claims)) == (table["results"] + table["promises"]).sum()
    row = table[(table["theme"] == "rural") & (table["year"] == 2013)].iloc[0]
    assert (row["claims"], row["docs"], row["claim_ids"]) == (1, "c_south", "c0004")


def test_programmes_told_in_most_documents_come_first():
    table = by_programme(corpus())
    assert table["programme"].tolist()[0] == "Spring Works" and table["documents"].tolist() == [2, 2, 1]


def test_actor_rolls_up_to_its_parents_and_a_ring_ends():
    rows = [record(1, 1, actor="Shop"), record(2, 1, actor="Shop"), record(3, 1, actor="Group"), record(4, 1, actor="Loop")]
    table = by_actor(frame(*rows), {"Shop": "Retail", "Retail": "Group", "Loop": "Pool", "Pool": "Loop"}).set_index("actor")
    assert table.loc["Group", ["claims", "claims_rolled", "depth"]].tolist() == [1, 3, 0]
    assert table.loc["Retail", ["claims", "claims_rolled", "depth"]].tolist() == [0, 2, 1]
    assert table.loc["Shop", "parent"] == "Retail" and table.loc["Loop", "claims_rolled"] == 1


def test_tables_of_names_and_measures_are_read():
    assert parents_of({"actor": [{"name": "Shop", "parent": "Group"}, {"name": "Group"}]}) == {"Shop": "Group"}
    assert aggregates_of({"indicator": [{"id": "trees", "aggregate": "sum"}]}) == {"trees": "sum"}


def test_indicator_keeps_its_spread_and_no_latest_where_two_disagree():
    table = by_indicator(corpus()).set_index("indicator")
    trees = table.loc["trees_planted"]
    assert (trees["least"], trees["greatest"]) == (76_000, 223e6) and trees["latest"] != trees["latest"]
    assert table.loc["money_given", "latest"] == 3.4e9 and "total to date 3" in table.loc["money_given", "why"]


def test_promises_have_a_due_date_and_a_state():
    table = promises(corpus()).set_index("claim_id")
    assert table["due"].fillna("").to_dict() == {"c0009": "2023-04-30", "c0010": "2023-12-31", "c0011": ""}
    assert table["state"].to_dict() == {"c0009": "open", "c0010": "open", "c0011": "undated"}
    assert promises(corpus(), as_of="2023-06-01").set_index("claim_id").loc["c0009", "state"] == "due"


def test_accounts_add_up_document_by_document():
    ledger = ledger_frame([{"doc": "a_north", "start": n, "end": n + 1, "text": "1", "reason": r} for n, r in enumerate(["date", "date", None])])
    table = account(corpus(), ledger)
    assert table["numerals"].sum() == len(corpus()) + 3
    aside = table[table["group"] == "set_aside"]
    assert dict(zip(aside["reason"], aside["numerals"], strict=True)) == {"date": 2, "other": 1}
    assert table[table["reason"] == "repeat"]["numerals"].tolist() == [1]


@pytest.mark.parametrize("make", [by_theme_year, by_programme, by_actor, by_indicator, promises])
def test_empty_table_gives_an_empty_table_of_the_same_columns(make):
    assert make(frame()).empty and make(frame()).columns.tolist() == make(corpus()).columns.tolist()


def test_table_that_was_not_normalised_is_refused():
    with pytest.raises(SchemaError, match="unit_si"):
        by_theme_year(corpus().drop(columns="unit_si"))
