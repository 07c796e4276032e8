"""Who confirms a claim, who contradicts it, and what came of a promise."""

from types import SimpleNamespace

import pytest
from made_claims import frame, record

from csrbook import columns
from csrbook.errors import SchemaError
from csrbook.pivots import promises
from csrbook.standing import STANDINGS, leading, promise_results, relations_frame, single_sources, standing

DOCS = {"a": "a_north", "b": "b_east", "c": "c_south"}


def relation(verdict, *numbers):
    """A relation as reconcile gives it, of the claims with these numbers."""
    return SimpleNamespace(verdict=verdict, members=[SimpleNamespace(claim_id=f"c{number:04}") for number in numbers])


def claims_of(*docs, **told):
    """One claim a document, numbered from 1; "aab" is two in one document and one in another."""
    return frame(*(record(number, 5, "tree", doc=DOCS[doc], indicator="trees_planted", **told) for number, doc in enumerate(docs, 1)))


def first(claims, *relations):
    table = standing(claims, relations).set_index("claim_id")
    return table.loc["c0001"]


@pytest.mark.parametrize(
    ("docs", "verdicts", "stands", "independent"),
    [
        ("a", [], "single source", None),
        ("ab", ["equal"], "solid", "yes"),
        ("ab", ["rounding"], "solid", "yes"),
        ("aa", ["equal"], "repeated", None),
        ("ab", ["qualifier"], "other hedge", None),
        ("ab", ["period"], "moved", None),
        ("ab", ["revision"], "moved", None),
        ("ab", ["conflict"], "contradicted", None),
        ("ab", ["scope"], "contradicted", None),
        ("ab", ["slip"], "contradicted", None),
        ("ab", ["equal", "conflict"], "contradicted", "yes"),
        ("ab", ["period", "equal"], "solid", "yes"),
        ("ab", ["fulfilled"], "single source", None),
    ],
)
def test_the_first_standing_that_holds(docs, verdicts, stands, independent):
    found = first(claims_of(*docs), *(relation(verdict, 1, 2) for verdict in verdicts))
    assert (found["standing"], found["independent"] if found["independent"] == found["independent"] else None) == (stands, independent)
    assert (found["related_ids"] == "c0002") == bool(verdicts)


def test_every_standing_is_told_of():
    assert len(set(STANDINGS)) == 7 and STANDINGS[-1] == "single source"


@pytest.mark.parametrize(("publisher", "stands", "independent"), [("North", "same publisher", "no"), (None, "solid", "not known")])
def test_a_publisher_is_no_witness_for_itself(publisher, stands, independent):
    claims = claims_of("a", "b")
    claims["publisher"] = ["North", publisher]
    found = first(claims, relation("equal", 1, 2))
    assert (found["standing"], found["independent"], found["confirmed_by"]) == (stands, independent, "c0002")


@pytest.mark.parametrize(("verdict", "stands"), [("equal", "solid"), ("rounding", "solid"), ("qualifier", "other hedge")])
def test_a_promise_and_a_result_do_not_confirm_one_another(verdict, stands):
    for promised, expected in (((True, True), stands), ((False, True), "single source"), ((True, False), "single source")):
        claims = claims_of("a", "b").assign(target=promised)
        found = first(claims, relation(verdict, 1, 2))
        assert found["standing"] == expected and found["related_ids"] == "c0002"
        assert (found["confirmed_by"] == "c0002") == (expected == "solid")


def test_a_conversion_is_no_second_voice():
    claims = frame(record(1, 5e9), record(2, 7e8, "USD", restates="x-0001"))
    assert standing(claims, [relation("equal", 1, 2)])["standing"].tolist() == ["single source"]
    assert standing(claims, [relation("conversion", 1, 2)])["standing"].tolist() == ["contradicted"]


def test_reprints_and_context_have_no_standing_but_may_confirm():
    claims = frame(record(1, 5), record(2, 5, repeat_of="x-0001"), record(3, 5, doc="b_east", relevance="context"))
    table = standing(claims, [relation("equal", 1, 3)])
    assert table["claim_id"].tolist() == ["c0001"] and table["standing"].tolist() == ["solid"]


def test_sentences_come_from_the_stored_texts():
    claims = frame(record(1, 5, sentence_start=4, sentence_end=9))
    document = SimpleNamespace(doc="a_north", text="One. Two. Three.")
    assert standing(claims, [], documents=[document])["sentence"].tolist() == [" Two."]
    assert standing(claims, [])["sentence"].isna().all()


def test_columns_are_those_of_the_registry_even_where_nothing_is_told():
    for table in (standing(claims_of("a"), []), standing(claims_of("a").iloc[:0], [])):
        assert all(columns.column(name, "standing") for name in table.columns)
    assert relations_frame([]).columns.tolist() == [c.name for c in columns.columns_of("relations")]


def test_a_table_that_lacks_a_column_is_refused():
    with pytest.raises(SchemaError, match="publisher"):
        standing(claims_of("a").drop(columns="publisher"), [])


def test_single_sources_are_results_of_a_measure_or_a_programme():
    wells, gift = {"programme": "Wells"}, {"indicator": "money_given"}
    rows = [record(1, 5), record(2, 5, **wells), record(3, 5, **gift), record(4, 5, target=True, **gift), record(5, 5, **wells, **gift)]
    rows += [record(6, 5, **wells), record(7, 5, doc="b_east", **wells), record(8, 9, **wells), record(9, 9, **wells)]
    alone = single_sources(standing(frame(*rows), [relation("equal", 6, 7), relation("equal", 8, 9)]))
    assert alone["claim_id"].tolist() == ["c0005", "c0002", "c0003", "c0008", "c0009"]
    assert alone["standing"].tolist() == ["single source"] * 3 + ["repeated"] * 2


# ---- promises ------------------------------------------------------------------------------------------------------


def results_of(promise, *results):
    """The row of a promise (claim 1) with these results."""
    rows = [record(1, **{"value": 1000, "unit": "well", "target": True} | promise)]
    later = {"unit": "well", "doc": "c_south", "when": "2021", "when_type": "as_of"}
    rows += [record(n, **later | told) for n, told in enumerate(results, 2)]
    claims = frame(*rows)
    fulfilled = [relation("fulfilled", 1, n) for n in range(2, len(results) + 2)]
    return promise_results(promises(claims), claims, fulfilled)


@pytest.mark.parametrize(
    ("promise", "result", "state", "share"),
    [
        ({}, {"value": 1000}, "kept", 100.0),
        ({}, {"value": 1200}, "kept", 120.0),
        ({}, {"value": 640}, "partly", 64.0),
        ({}, {"value": 1000, "qualifier": "nearly"}, "partly", 100.0),
        ({}, {"value": 1000, "qualifier": "over"}, "kept", 100.0),
        ({"value": 0}, {"value": 3}, "kept", 100.0),
        ({"when": "2020-12", "when_type": "as_of"}, {"value": 640}, "partly", 64.0),
    ],
)
def test_a_result_decides_the_state(promise, result, state, share):
    (row,) = results_of(promise, result).to_dict("records")
    assert (row["state"], row["share"], row["result_id"], row["result_doc"]) == (state, share, "c0002", "c_south")


@pytest.mark.parametrize(
    ("promise", "state"),
    [({}, "undated"), ({"when": "2020-12", "when_type": "as_of"}, "due"), ({"when": "2029", "when_type": "as_of"}, "open")],
)
def test_without_a_result_the_date_decides(promise, state):
    claims = frame(record(1, 1000, "well", target=True, **promise), record(2, 5, "well", doc="c_south"))
    (row,) = promise_results(promises(claims), claims, [relation("equal", 1, 2)]).to_dict("records")
    assert row["state"] == state and row["result_id"] is None or row["result_id"] != row["result_id"]


def test_every_result_of_a_promise_has_a_row():
    table = results_of({}, {"value": 900, "when": "2021-06"}, {"value": 400, "when": "2020"})
    assert table["result_id"].tolist() == ["c0003", "c0002"] and table["share"].tolist() == [40.0, 90.0]


# ---- what a page has room for --------------------------------------------------------------------------------------


def row(verdict, measure, docs, languages="en"):
    size = len(docs.split())
    cells = {"docs": " | ".join(docs.split()), "languages": " | ".join([languages] * (size - 1) + ["en"])}
    return {"verdict": verdict, "measure": measure, "claims": " | ".join("x" * size), **cells}


def test_languages_come_first_then_documents_and_rows_have_an_end():
    rows = [row("equal", "within", "a a"), row("equal", "across", "a b"), row("equal", "languages", "a b", "zh")]
    table = relations_frame([*rows, row("period", "other", "a b")])
    assert leading(table, ["equal"])["measure"].tolist() == ["languages", "across", "within"]
    assert leading(table, ["period", "equal"], rows=4)["measure"].tolist() == ["other", "languages"]
    assert leading(table, ["slip"]).empty and leading(relations_frame([]), ["equal"]).empty


def test_the_first_is_shown_however_long_and_only_what_does_not_fit_is_passed_over():
    long, short = row("equal", "long", "a b " * 8), row("equal", "short", "a b")
    assert leading(relations_frame([long, short | {"docs": "a | a"}]), ["equal"])["measure"].tolist() == ["long"]
    led = row("period", "led", "a b")
    assert leading(relations_frame([led, long, short]), ["period", "equal"])["measure"].tolist() == ["led", "short"]


def test_a_measure_is_shown_once_by_its_longest_series():
    table = relations_frame([row("period", "trees", "a b"), row("period", "trees", "a b c"), row("conflict", "trees", "a b")])
    assert leading(table, ["period"])["docs"].tolist() == ["a | b | c"]
