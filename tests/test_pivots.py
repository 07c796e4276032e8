"""Group-bys: each claim once, every table with the ids behind its rows."""

from functools import partial

import pytest
from made_claims import corpus, frame, record

from csrbook.errors import SchemaError, UsageError
from csrbook.pivots import (
    account,
    aggregates_of,
    by_actor,
    by_indicator,
    by_place,
    by_programme,
    by_theme_year,
    countable,
    parents_of,
    promises,
    rates_used,
    reach,
)
from csrbook.tables import ledger_frame

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


@pytest.mark.parametrize(
    ("published", "state", "as_of"),
    [("2021", "undated", "2021-12-31"), ("2021-06", "undated", "2021-06-30"), ("2021-05", "due", "2021-05-31"), ("2020-12", "open", "2020-12-31")],
)
def test_a_document_of_a_month_or_a_year_appeared_on_its_last_day(published, state, as_of):
    (row,) = promises(frame(record(1, 5, "well", target=True, when="2021-05-31")).assign(published=published)).to_dict("records")
    assert (row["state"], row["as_of"]) == (state, as_of)


def test_without_a_dated_document_no_promise_is_due():
    rows = [record(1, 5, "well", doc="undated", target=True, when="2021"), record(2, 5, "well", doc="undated", target=True)]
    table = promises(frame(*rows))
    assert table["state"].tolist() == ["open", "undated"] and table["as_of"].isna().all()


def test_accounts_add_up_document_by_document():
    ledger = ledger_frame([{"doc": "a_north", "start": n, "end": n + 1, "text": "1", "reason": r} for n, r in enumerate(["date", "date", None])])
    table = account(corpus(), ledger)
    assert table["numerals"].sum() == len(corpus()) + 3
    aside = table[table["group"] == "set_aside"]
    assert dict(zip(aside["reason"], aside["numerals"], strict=True)) == {"date": 2, "other": 1}
    assert table[table["reason"] == "repeat"]["numerals"].tolist() == [1]


@pytest.mark.parametrize("as_of", ["2023-06-01", "2023-05", "2023"])
def test_day_of_judgement_may_be_a_day_a_month_or_a_year(as_of):
    table = promises(corpus(), as_of=as_of).set_index("claim_id")
    assert table.loc["c0009", "state"] == "due" and (table["as_of"] >= "2023-05-31").all()
    assert table.loc["c0010", "state"] == ("due" if as_of == "2023" else "open")


@pytest.mark.parametrize("as_of", ["soon", "2023-13", "31.12.2023"])
def test_day_of_judgement_that_is_no_date_is_refused(as_of):
    with pytest.raises(UsageError, match="as_of"):
        promises(corpus(), as_of=as_of)


def placed():
    here = {"country": "CN", "place": "Hubei"}
    return frame(
        record(1, 3, "school", **here), record(2, 2, "school", **here | {"target": True, "doc": "b_east"}), record(3, 9, "school", country="CN"),
        record(4, 7, "school", country="IN", place="India"), record(5, 8, "school"), record(6, 3, "school", repeat_of="x-0001", **here),
        record(7, 1, "school", relevance="context", **here),
    )  # fmt: skip


def test_places_count_each_claim_once_and_leave_out_what_names_none():
    table = by_place(placed())
    assert table["country"].tolist() == ["CN", "CN", "IN"] and table["place"].fillna("").tolist() == ["Hubei", "", "India"]
    assert table.iloc[0][["claims", "results", "promises", "documents", "claim_ids"]].tolist() == [2, 1, 1, 2, "c0001 c0002"]
    assert table["claims"].sum() == countable(placed())["country"].notna().sum()


def test_reach_states_least_greatest_and_latest_and_never_a_sum():
    told = {"indicator": "people_helped"}
    rows = [record(1, 300, "farmer", when="2019", **told), record(2, 500, "farmer", when="2021", doc="b_east", **told)]
    rows += [record(3, 400, "farmer", when="2020", **told), record(4, 9, "farmer", target=True, **told), record(5, 8, "tree", **told)]
    rows += [record(6, 2, "farmer", per="day", **told)]
    table = reach(frame(*rows), {"farmer", "family"})
    done = table[~table["target"]].iloc[0]
    assert done[["least", "greatest", "latest", "claims", "documents"]].tolist() == [300, 500, 500, 3, 2]
    assert len(table) == 2 and not {"total", "added"} & set(table.columns)


def test_reach_has_no_latest_where_its_day_has_two_numbers():
    rows = [record(1, 300, "family", when="2020"), record(2, 500, "family", when="2020")]
    assert reach(frame(*rows), {"family"})["latest"].isna().all()


def test_rates_used_tell_day_rate_and_claims_or_why_there_is_none():
    rows = [record(1, 10, when="2020-04-17"), record(2, 20, when="2020-04-18"), record(3, 5, "USD", when="2020-04-17"), record(4, 9, "RUB", when="2023", doc="d")]
    table = rates_used(frame(*rows)).set_index("unit")
    assert table.loc["CNY", ["rate_date", "claims", "claim_ids"]].tolist() == ["2020-04-17", 2, "c0001 c0002"]
    assert table.loc["CNY", "rate"] > 0 and table.loc["CNY", "rate_source"].startswith("ECB")
    assert table.loc["RUB", "rate"] != table.loc["RUB", "rate"] and "2022-03-01" in table.loc["RUB", "rate_note"]
    assert "USD" not in table.index


@pytest.mark.parametrize("make", [by_theme_year, by_programme, by_actor, by_indicator, promises, by_place, partial(reach, beneficiaries={"student"}), rates_used])
def test_empty_table_gives_an_empty_table_of_the_same_columns(make):
    assert make(frame()).empty and make(frame()).columns.tolist() == make(corpus()).columns.tolist()


def test_table_that_was_not_normalised_is_refused():
    with pytest.raises(SchemaError, match="unit_si"):
        by_theme_year(corpus().drop(columns="unit_si"))
