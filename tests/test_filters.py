"""filters: choices, years and words leave the right rows; counts tell what a further choice would leave; orders put nothing last."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.errors import UsageError
from csrbook.filters import FACETS, ORDERS, Finder, Query

ROWS = [  # theme, actor, promise, verdict, year, money, words
    ("rural", "Mill", "result", ("equal", "period"), 2019, 3.0, "3 million for Schools"),
    ("rural", "", "promise", ("",), 2030, np.nan, "9,000 trees"),
    ("environment", "Mill", "result", ("equal",), 2019, np.nan, "1,200 trees \uff12\uff10"),
    ("environment", "River", "result", ("",), None, 9.0, "caf\u00e9 trees"),
]


@pytest.fixture(scope="module")
def finder():
    frame = pd.DataFrame(
        [
            {
                "theme": theme, "programme": "", "actor": actor, "language": "en", "kind": "count", "promise": promise, "state": "", "verdict": verdict,
                "relevance": "csr", "doc": "d", "start": at, "text": f"t{at}", "unit": "tree", "size": 10.0 - at, "year": year, "money": money, "words": words,
            }
            for at, (theme, actor, promise, verdict, year, money, words) in enumerate(ROWS)
        ]
    )  # fmt: skip
    return Finder(frame)


def rows(finder, **told):
    return finder.find(Query.of(told)).rows.tolist()


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ({}, [0, 1, 2, 3]),
        ({"chosen": {"theme": ["rural"]}}, [0, 1]),
        ({"chosen": {"theme": ["rural", "environment"], "actor": ["Mill"]}}, [0, 2]),
        ({"chosen": {"verdict": ["period"]}}, [0]),
        ({"chosen": {"verdict": ["equal"]}}, [0, 2]),
        ({"chosen": {"actor": [""]}}, [1]),
        ({"chosen": {"actor": ["nobody"]}}, []),
        ({"chosen": {"actor": []}}, [0, 1, 2, 3]),
        ({"since": 2019, "until": "2019"}, [0, 2]),
        ({"since": 2020}, [1]),
        ({"until": 2030}, [0, 1, 2]),
        ({"words": "TREES"}, [1, 2, 3]),
        ({"words": "trees 20"}, [2]),
        ({"words": "CAF\u00c9"}, [3]),
        ({"words": "  "}, [0, 1, 2, 3]),
        ({"words": "(.*"}, []),
        ({"order": "figure", "falling": True}, [0, 1, 2, 3]),
        ({"order": "figure"}, [3, 2, 1, 0]),
        ({"order": "year"}, [0, 2, 1, 3]),
        ({"order": "money", "falling": True}, [3, 0, 1, 2]),
        ({"order": "year", "falling": True}, [1, 0, 2, 3]),
        ({"order": "actor"}, [0, 2, 3, 1]),
        ({"order": "actor", "falling": True}, [3, 0, 2, 1]),
    ],
)
def test_what_is_asked_for_is_left(finder, told, left):
    assert rows(finder, **told) == left


def test_counts_of_a_facet_pass_over_its_own_choice(finder):
    counts = finder.find(Query({"theme": ("rural",)})).counts
    assert counts["theme"] == {"rural": 2, "environment": 2}
    assert counts["actor"] == {"Mill": 1, "": 1, "River": 0} and counts["verdict"] == {"equal": 1, "period": 1, "": 1}


@given(st.dictionaries(st.sampled_from(("theme", "actor", "verdict", "promise")), st.sampled_from(("rural", "Mill", "equal", "", "promise"))))
def test_a_count_is_what_its_choice_leaves(finder, chosen):
    told = {name: (value,) for name, value in chosen.items()}
    counts = finder.find(Query(told)).counts
    for name in FACETS:
        for value, count in counts[name].items():
            assert len(finder.find(Query(told | {name: (value,)})).rows) == count


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_keeps_every_row(finder, order):
    assert sorted(rows(finder, order=order)) == sorted(rows(finder, order=order, falling=True)) == [0, 1, 2, 3]


def test_charts_count_results_and_promises_apart(finder):
    every = np.arange(4)
    assert finder.count_by(every, "theme") == {"rural": (1, 1), "environment": (2, 0)}
    assert finder.count_by(every, "year") == {2019: (2, 0), 2030: (0, 1)}
    assert finder.count_by(np.array([], dtype=int), "theme") == finder.count_by(np.array([], dtype=int), "year") == {}


def test_largest_amounts_are_set_side_by_side(finder):
    assert finder.largest(np.arange(4), 5).tolist() == [3, 0] and finder.largest(np.arange(3), 5).tolist() == [0]


@pytest.mark.parametrize("told", [{"chosen": {"thme": ["rural"]}}, {"order": "thme"}])
def test_an_unknown_facet_or_order_is_refused(told):
    with pytest.raises(UsageError, match="did you mean theme"):
        Query.of(told)


@pytest.mark.parametrize("year", ["twenty", "", None, "-3", [2]])
def test_a_year_that_is_no_number_counts_for_nothing(year):
    assert Query.of({"since": year}).since is None
