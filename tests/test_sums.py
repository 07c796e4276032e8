"""Sums that refuse to mix what does not add, and say what they left out."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_claims import corpus, frame, record

from csrbook.sums import add_up, line_of

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


HOUSE = {"Shop": "Retail", "Retail": "Group", "Pool": "Group"}


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [
        ({"actor": "Group"}, {"actor": "Shop"}, [10]),
        ({"actor": "Shop"}, {"actor": "Pool"}, [15]),
        ({"actor": "Group"}, {"actor": "Stranger"}, [15]),
        ({"actor": "Group"}, {"actor": None}, [10]),
        ({"country": "IN"}, {"country": "KE"}, [15]),
        ({"country": "IN"}, {"country": None}, [10]),
        ({"country": "CN", "place": "Hubei"}, {"country": "CN", "place": "Wuhan"}, [10]),
    ],
    ids=["parent and child", "two of one house", "strangers", "nobody named", "two countries", "country and the world", "two places of one country"],
)
def test_part_and_whole_by_body_and_by_country(one, other, total):
    rows = frame(record(1, 10, **GIFT | one), record(2, 5, **GIFT | other))
    assert add_up(rows, parents=HOUSE).sums["total"].tolist() == total


def test_without_parents_every_body_stands_alone():
    rows = frame(record(1, 10, **GIFT | {"actor": "Group"}), record(2, 5, **GIFT | {"actor": "Shop"}))
    assert add_up(rows).sums["total"].tolist() == [15]


def test_line_goes_up_and_a_ring_ends():
    assert line_of("Shop", HOUSE) == ["Shop", "Retail", "Group"] and line_of("a", {"a": "b", "b": "a"}) == ["a", "b"]


CLAIM = st.fixed_dictionaries({
    "value": st.integers(1, 50), "when": st.sampled_from(["2019", "2020", "2020-03", "2020-05", "2019/2020"]),
    "actor": st.sampled_from(["Group", "Shop", "Pool", "Stranger", None]), "programme": st.sampled_from(["A", "B", None]),
    "country": st.sampled_from(["IN", "KE", None]), "target": st.booleans(),
})  # fmt: skip
CLAIMS = st.lists(CLAIM, min_size=1, max_size=7)


def made(told):
    return frame(*(record(n, c["value"], **GIFT | {k: v for k, v in c.items() if k != "value"}) for n, c in enumerate(told, 1)))


def may_hold(one, other):
    """Return whether two claims may speak of one thing, told apart from the library: by days, houses, names."""
    if one["target"] != other["target"] or one["begun"] > other["dated"] or other["begun"] > one["dated"]:
        return False
    apart = {name: isinstance(one[name], str) and isinstance(other[name], str) and one[name] != other[name] for name in ("programme", "country")}
    if apart["country"] or apart["programme"] and one["when"] == other["when"]:
        return False
    above = {"Shop": {"Shop", "Retail", "Group"}, "Pool": {"Pool", "Group"}, "Group": {"Group"}, "Stranger": {"Stranger"}}
    a, b = one["actor"], other["actor"]
    return not isinstance(a, str) or not isinstance(b, str) or a in above[b] or b in above[a]


def greatest(rows):
    """Return the greatest sum of claims of which no two may hold the same, by trying all."""
    most = 0
    for size in range(1, len(rows) + 1):
        for some in combinations(rows, size):
            if not any(may_hold(a, b) for a, b in combinations(some, 2)):
                most = max(most, sum(row["value"] for row in some))
    return most


@settings(max_examples=60, deadline=None)
@given(CLAIMS)
def test_total_is_a_sum_of_claims_that_hold_nothing_twice(told):
    claims = made(told)
    total = add_up(claims, parents=HOUSE)
    by_id = {row["claim_id"]: row for row in claims.to_dict("records")}
    for row in total.sums.to_dict("records"):
        added = [by_id[one] for one in row["claim_ids"].split()]
        assert not any(may_hold(a, b) for a, b in combinations(added, 2))
        assert row["total"] == sum(one["value"] for one in added)
        assert row["total"] <= greatest([one for one in by_id.values() if one["target"] == row["target"]])
    left = [by_id[one] for one in total.left_out["claim_id"]]
    kept = [by_id[one] for row in total.sums["claim_ids"] for one in row.split()]
    assert all(any(may_hold(a, b) for b in kept) for a in left), "a claim was left out that nothing overlaps"


@settings(max_examples=40, deadline=None)
@given(CLAIMS, st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order_of_the_claims(told, random):
    claims = made(told)
    order = list(range(len(claims)))
    random.shuffle(order)
    one, other = add_up(claims, parents=HOUSE), add_up(claims.iloc[order].reset_index(drop=True), parents=HOUSE)
    assert one.sums.equals(other.sums) and one.left_out.equals(other.left_out)


@settings(max_examples=40, deadline=None)
@given(CLAIMS, st.integers(0, 6))
def test_adding_a_repeat_changes_no_total(told, which):
    again = told[which % len(told)]
    repeated = record(99, again["value"], **GIFT | {k: v for k, v in again.items() if k != "value"} | {"repeat_of": "x-0001"})
    rows = [record(n, c["value"], **GIFT | {k: v for k, v in c.items() if k != "value"}) for n, c in enumerate(told, 1)]
    one, other = add_up(frame(*rows), parents=HOUSE).sums, add_up(frame(*rows, repeated), parents=HOUSE).sums
    assert one[["target", "total", "added", "claim_ids"]].equals(other[["target", "total", "added", "claim_ids"]])
