"""Claims as a table: types, dates, normal units, money at a dated rate; the registry of columns."""

import datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_claims import SOURCES, UNITS, corpus, frame, record

from csrbook import columns
from csrbook.errors import SchemaError, UsageError
from csrbook.money import NoRate, Rate, find_rate
from csrbook.tables import claims_frame, currency_of, first_day, last_day, ledger_frame, normalise, sources_frame


def test_rows_are_sorted_by_document_and_place():
    table = claims_frame([record(3, 1, doc="b_east"), record(2, 1), record(1, 1)], SOURCES)
    assert table["claim_id"].tolist() == ["c0001", "c0002", "c0003"]


def test_document_gives_language_date_and_publisher():
    table = claims_frame([record(1, 1, doc="b_east"), record(2, 1, doc="nowhere")], SOURCES)
    assert table.loc[0, ["language", "published", "publisher"]].tolist() == ["zh", "2020-09-26", "East"]
    assert table.loc[1, ["language", "published", "publisher"]].isna().all()


def test_types_are_the_same_with_and_without_rows():
    assert corpus().dtypes.to_dict() == frame().dtypes.to_dict()


def test_every_column_is_in_the_registry():
    for name in corpus().columns:
        assert columns.column(name).meaning


def test_registry_defines_a_name_once_in_a_table():
    head, row = "table,name,type,unit,source,meaning", "claims,value,number,unit,rules,the number"
    assert columns.read_columns([head, row, row.replace("claims", "sources")])["sources"]["value"].type == "number"
    with pytest.raises(SchemaError, match="value twice"):
        columns.read_columns([head, row, row])


@pytest.mark.parametrize("c", [c for t in columns.COLUMNS for c in columns.columns_of(t)], ids=lambda c: c.name)
def test_registry_speaks_of_known_types_and_origins(c):
    assert c.type in {"text", "integer", "number", "boolean", "date", "day", "json"}
    assert c.source in {"text", "rules", "lexicon", "manifest", "file", "rates", "computed"}


def test_money_columns_are_named_by_their_currency():
    assert columns.column("value_eur").unit == "EUR" and columns.column("low_rub").unit == "RUB"
    with pytest.raises(SchemaError, match="columns.csv"):
        columns.column("value_dollars")


def test_kind_of_a_source_is_not_kind_of_a_claim():
    assert columns.column("kind", "sources").meaning != columns.column("kind").meaning


def test_record_without_a_value_is_refused():
    with pytest.raises(SchemaError, match="x-0001.*no value"):
        claims_frame([record(1, 1) | {"value": None}])


@pytest.mark.parametrize(
    ("value", "held"), [(Decimal("5000000000000"), 5e12), (2**53 + 1, 2.0**53), (Decimal("0.1"), 0.1), (10**400, None), (Decimal("1e999"), None)]
)
def test_value_becomes_the_nearest_float_or_null(value, held):
    found = claims_frame([record(1, 1) | {"value": value}])["value"][0]
    assert found == held or (held is None and pd.isna(found))


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-03-31", "2020-03-31", "2020-03-31"),
        ("2017-12/2020-12", "2017-12-01", "2020-12-31"),
        ("2020-13", None, None),
        ("soon", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_ends_of_a_time(when, first, last):
    assert (first_day(when), last_day(when)) == (first, last)


def test_claim_is_dated_by_what_it_speaks_of_else_by_its_document():
    table = frame(record(1, 1, when="2010"), record(2, 1), record(3, 1, doc="nowhere"))
    assert table.set_index("claim_id")["dated"].fillna("").to_dict() == {"c0001": "2010-12-31", "c0002": "2020-04-19", "c0003": ""}
    assert table.set_index("claim_id")["dated_by"].fillna("").to_dict() == {"c0001": "when", "c0002": "published", "c0003": ""}
    assert table["year"].isna().sum() == 1


def test_units_become_normal_and_counted_nouns_stay():
    table = frame(record(1, 3, "mu", low=3, high=None), record(2, 4, "tree"), record(3, 96, "percent"))
    assert table["value_si"].round(6).tolist() == [2000.0, 4.0, 96.0]
    assert table["unit_si"].tolist() == ["m2", "tree", "percent"]
    assert table["low_si"].round(6).tolist()[0] == 2000.0 and pd.isna(table["high_si"][0])
    assert table["value"].tolist() == [3, 4, 96], "the printed value stays"


def test_money_takes_the_rate_of_the_last_day_of_trade():
    row = frame(record(1, 1e9, when="2020-04-19", high=None)).iloc[0]  # a Sunday
    assert row["rate_date"] == "2020-04-17" and row["rate_source"].startswith("ECB")
    assert row["value_usd"] == pytest.approx(1e9 * row["rate"], abs=0.01)
    assert row["low_usd"] == row["value_usd"] and pd.isna(row["high_usd"])
    assert 0.12 < row["rate"] < 0.16


def test_promise_takes_no_rate_of_a_day_to_come():
    row = frame(record(1, 1e9, when="2036", target=True)).iloc[0]
    assert row["rate_date"] == "2020-04-17" and row["dated"] == "2036-12-31"


def test_rouble_after_its_last_fixing_has_a_reason_instead_of_a_rate():
    row = frame(record(1, 1e9, "RUB", when="2023", doc="late")).iloc[0]
    assert pd.isna(row["value_usd"]) and pd.isna(row["rate"]) and "2022-03-01" in row["rate_note"]


def test_undated_money_has_a_reason():
    row = frame(record(1, 1e9, doc="nowhere")).iloc[0]
    assert pd.isna(row["value_usd"]) and "date" in row["rate_note"]


def test_other_currency_names_other_columns():
    table = frame(record(1, 1e9), currency="EUR")
    assert "value_eur" in table and "value_usd" not in table and currency_of(table) == "EUR"


def test_unknown_currency_is_a_usage_error():
    with pytest.raises(UsageError, match="no rates for 'XYZ'"):
        frame(record(1, 1e9), currency="XYZ")


def test_only_money_is_converted():
    assert frame(record(1, 5, "tree"))["rate"].isna().all()


@pytest.mark.parametrize(
    ("printed", "day", "found"),
    [("CNY", (2020, 4, 17), Rate), ("CNY", (1990, 1, 1), NoRate), ("RUB", (2022, 6, 1), NoRate), ("RUB", (2022, 3, 1), Rate), ("XAU", (2020, 1, 2), NoRate)],
)
def test_rates_come_from_the_history_or_not_at_all(printed, day, found):
    assert isinstance(find_rate(printed, "USD", day=datetime.date(*day)), found)


def test_one_currency_in_itself_is_one():
    assert find_rate("USD", "USD", day=datetime.date(1980, 1, 1)).value == 1.0


def test_normalise_names_the_missing_column():
    with pytest.raises(SchemaError, match="published"):
        normalise(frame().drop(columns="published"), UNITS)


def test_sources_keep_their_order_and_ledger_is_sorted():
    assert sources_frame(reversed(SOURCES))["doc"].tolist() == ["c_south", "b_east", "a_north"]
    rows = [{"doc": "b", "start": 1, "end": 2, "text": "1", "reason": "date"}, {"doc": "a", "start": 5, "end": 6, "text": "2", "reason": "date"}]
    assert ledger_frame(rows)["doc"].tolist() == ["a", "b"]


BOUND = st.one_of(st.none(), st.floats(1e-3, 1e9))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["CNY", "USD", "mu", "t", "tree"]), st.floats(1e-3, 1e9), BOUND, BOUND), min_size=1, max_size=6))
def test_intervals_go_through_conversion_as_values_do(told):
    rows = [record(n, value, unit, low=low and min(low, value), high=high and max(high, value)) for n, (unit, value, low, high) in enumerate(told, 1)]
    table = frame(*rows)
    for row in table.to_dict("records"):
        factor = float(UNITS.get(row["unit"], {}).get("factor", 1))
        for end in ("value", "low", "high"):
            stated, normal, money = row[end], row[f"{end}_si"], row[f"{end}_usd"]
            assert pd.isna(stated) == pd.isna(normal) and (pd.isna(stated) or normal == stated * factor)
            assert pd.isna(money) if pd.isna(stated) or pd.isna(row["rate"]) else money == pytest.approx(stated * row["rate"], rel=1e-12, abs=0.00501)
        for low, high in (("low_si", "value_si"), ("value_si", "high_si"), ("low_usd", "value_usd"), ("value_usd", "high_usd")):
            assert pd.isna(row[low]) or pd.isna(row[high]) or row[low] <= row[high]


def test_every_converted_amount_has_rate_day_and_source():
    money = corpus()[corpus()["kind"] == "money"]
    converted = money["value_usd"].notna()
    assert money.loc[converted, ["rate", "rate_date", "rate_source"]].notna().all().all()
    assert money.loc[~converted, "rate_note"].notna().all() and money.loc[converted, "rate_note"].isna().all()
