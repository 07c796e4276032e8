"""contested: each choice changes what is stated where it should, and nothing where it should not."""

import pandas as pd
import pytest
from made_claims import frame, record

from csrbook.contested import CHOICES, Terms, convert, find_outdone
from csrbook.errors import UsageError
from csrbook.labels import languages
from csrbook.pivots import newest_day
from csrbook.plan import read_plan, resolve


def rival(*members, kind="conflict", verdict="conflict"):
    return {"kind": kind, "verdict": verdict, "members": list(members)}


@pytest.fixture
def rivals():
    """One measure in three documents, at first, last and in between; the one in between is the most precise."""
    return frame(
        record(1, 3e9, low=2.5e9, high=3.5e9, when="2020-01"),
        record(2, 3.3e9, low=3.25e9, high=3.35e9, doc="b_east", when="2020-01"),
        record(3, 3.4e9, low=3.3e9, high=None, doc="c_south", when="2020-01"),
        record(4, 7, "school"),
    )


@pytest.mark.parametrize("name", CHOICES)
def test_a_value_that_is_none_of_the_choices_is_refused(name):
    with pytest.raises(UsageError, match=f"parameter {name}: 'other' was given; one of {', '.join(CHOICES[name])}"):
        Terms(**{name: "other"})
    assert Terms().told[name] == CHOICES[name][0]


def test_a_near_miss_is_told():
    with pytest.raises(UsageError, match="did you mean newest"):
        Terms(source="newst")


# --- promises ---


def test_promises_are_results_only_where_they_are_counted():
    claims = frame(record(1, 5, "school"), record(2, 9, "school", target=True))
    assert list(Terms().results(claims)["value"]) == [5]
    assert list(Terms(promises="counted").results(claims)["value"]) == [5, 9]


# --- source ---


@pytest.mark.parametrize(
    "source, lost", [("all", []), ("newest", ["c0001", "c0002"]), ("earliest", ["c0002", "c0003"]), ("precise", ["c0001", "c0003"])]
)
def test_one_document_wins_where_several_state_one_measure(rivals, source, lost):
    relations = [rival("c0001", "c0002"), rival("c0002", "c0003", kind="same", verdict="equal")]
    assert sorted(find_outdone(rivals, relations, source)) == lost


@pytest.mark.parametrize("source", ["newest", "earliest", "precise"])
@pytest.mark.parametrize(
    "relation",
    [
        rival("c0001", "c0002", kind="series", verdict="period"),
        rival("c0001", "c0002", kind="fulfilled", verdict="fulfilled"),
        rival("c0001", "c0004"),
        rival("c0001", "nobody"),
    ],
    ids=["other dates", "promise and result", "one document", "unknown claim"],
)
def test_nobody_gives_way_where_there_is_no_contest(rivals, source, relation):
    assert find_outdone(rivals, [relation], source) == frozenset()


def test_a_revision_is_a_contest(rivals):
    revised = [rival("c0001", "c0003", kind="series", verdict="revision")]
    assert find_outdone(rivals, revised, "newest") == {"c0001"}


@pytest.mark.parametrize("source", ["newest", "earliest", "precise"])
def test_a_promise_outdoes_no_result(source):
    """The promise is the newer, the result the more precise; a second promise contests the first alone."""
    rows = [record(1, 5, "well"), record(2, 6, "well", doc="b_east", target=True, low=3), record(3, 7, "well", doc="c_south", target=True, low=2)]
    relations = [rival("c0001", "c0002"), rival("c0002", "c0003"), rival("c0001", "c0003", kind="same", verdict="equal")]
    winner, counted = {"newest": ("c0003",) * 2, "earliest": ("c0002", "c0001"), "precise": ("c0002", "c0001")}[source]
    assert find_outdone(frame(*rows), relations, source) == {"c0002", "c0003"} - {winner}
    assert find_outdone(frame(*rows), relations, source, promises="counted") == {"c0001", "c0002", "c0003"} - {counted}


def test_figures_of_one_relation_contest_each_in_its_camp():
    rows = [record(n, 5, "well", doc=doc, target=n > 2) for n, doc in enumerate(("a_north", "b_east", "a_north", "b_east"), 1)]
    whole = [rival("c0001", "c0002", "c0003", "c0004")]
    assert find_outdone(frame(*rows), whole, "newest") == {"c0001", "c0003"}
    assert find_outdone(frame(*rows[1:3]), whole, "newest") == frozenset()


@pytest.mark.parametrize("source", ["newest", "earliest"])
def test_a_document_without_a_date_gives_way(source):
    claims = frame(record(1, 3, "school"), record(2, 4, "school", doc="undated"))
    assert find_outdone(claims, [rival("c0001", "c0002")], source) == {"c0002"}


def test_the_order_of_relations_does_not_matter(rivals):
    relations = [rival("c0001", "c0002"), rival("c0003", "c0002"), rival("c0001", "c0003")]
    for source in CHOICES["source"]:
        assert find_outdone(rivals, relations, source) == find_outdone(rivals, relations[::-1], source)


# --- bound ---


@pytest.mark.parametrize(
    "bound, told, ends",
    [
        ("stated", {}, (3.4e9, 3.4e9, "nearly")),
        ("low", {}, (3.35e9, 3.35e9, "atleast")),
        ("high", {}, (3.4e9, 3.4e9, "nearly")),
        ("middle", {}, (3.375e9, 3.375e9, "about")),
        ("stated", {"value_max": 5e9}, (3.4e9, 5e9, "nearly")),
        ("high", {"value_max": 5e9, "high": 5e9}, (5e9, 5e9, "atmost")),
        ("high", {"high": None, "qualifier": "over"}, (3.4e9, 3.4e9, "over")),
        ("middle", {"high": None, "qualifier": "over"}, (3.4e9, 3.4e9, "over")),
        ("low", {"low": 3.4e9}, (3.4e9, 3.4e9, "nearly")),
    ],
)
def test_a_figure_is_stated_by_the_chosen_end(bound, told, ends):
    row = record(1, 3.4e9) | {"low": 3.35e9, "high": 3.4e9, "qualifier": "nearly"} | told
    (claim,) = frame(row).itertuples()
    assert Terms(bound=bound).ends(claim) == ends


@pytest.mark.parametrize("bound, first", [("stated", "c0002"), ("low", "c0002"), ("middle", "c0001"), ("high", "c0001")])
def test_figures_are_ranked_by_the_chosen_end(bound, first):
    claims = frame(record(1, 50, "school", value_max=100, low=50, high=100), record(2, 60, "school"), record(3, 8, "school", high=None))
    sizes = Terms(bound=bound).sizes(claims)
    assert claims["claim_id"][sizes.idxmax()] == first and sizes.iloc[2] == 8


def test_money_is_ranked_as_converted():
    claims = frame(record(1, 100, when="2020-04-17"), record(2, 90, "USD", when="2020-04-17"), record(3, 50, "school"))
    assert list(Terms().sizes(claims).round(1)) == [14.1, 90, 50]


# --- the day of the rate ---


@pytest.mark.parametrize("day, dates", [("claim", ["2019-01-02", "2020-04-17"]), ("published", ["2020-04-17"] * 2), ("newest", ["2021-08-05"] * 2)])
def test_money_is_converted_at_the_rate_of_the_chosen_day(day, dates):
    claims = frame(record(1, 100, when="2019-01-02"), record(2, 100), record(3, 5, "school"), record(4, 1, "school", doc="c_south"))
    told = convert(claims, day)
    assert list(told["rate_date"][:2]) == dates
    assert (told["value_usd"][:2].round(2) == (100 * told["rate"][:2]).round(2)).all()
    assert told["rate"][2:].isna().all() and told["value_si"].equals(claims["value_si"])
    pd.testing.assert_index_equal(told.columns, claims.columns)
    assert told.dtypes.equals(claims.dtypes)


def test_a_document_without_a_date_has_no_rate_of_publication():
    claims = frame(record(1, 100, doc="undated", when="2020-04-17"), record(2, 100))
    told = convert(claims, "published")
    assert told["rate_note"][1] == "its document has no date" and pd.isna(told["value_usd"][1])
    assert convert(claims, "newest")["rate_date"][1] == "2020-04-17"


@pytest.mark.parametrize("day", CHOICES["rate_day"])
def test_nothing_to_convert_is_no_error(day):
    assert convert(frame(), day).empty and newest_day(frame()) is None


# --- the workbook names the same choices ---


def test_notebook_and_plan_name_every_choice(root):
    plan = read_plan(root / "notebooks" / "plan.toml")
    (brief,) = [step for step in plan.steps if step.grid]
    assert {name: tuple(values) for name, values in brief.grid.items()} == CHOICES
    assert {name: plan.parameters[name].choices for name in CHOICES} == CHOICES
    assert {name: plan.parameters[name].default for name in CHOICES} == Terms().told


@pytest.mark.parametrize("name", [*CHOICES, "language"])
def test_the_workbook_refuses_what_is_no_choice(root, name):
    with pytest.raises(UsageError, match=f"-p {name}: parameter {name} is 'xx'; one of "):
        resolve(read_plan(root / "notebooks" / "plan.toml"), {name: "xx"})


def test_labels_are_those_that_there_are(root):
    assert read_plan(root / "notebooks" / "plan.toml").parameters["language"].choices == languages()
