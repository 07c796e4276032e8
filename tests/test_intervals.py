"""intervals: known bounds, wide where little is known, the same from day to day, quick."""

from time import process_time

import numpy as np
import pytest

from csrbook.intervals import DRAWS, ENOUGH_DOCUMENTS, draw_sums, rate, resampled

NONE = (np.zeros(1), np.zeros(1))


def interval(right, of, docs=None):
    """The interval of `right` figures of `of`, over figures or over documents."""
    rows = np.array([(1, 1)] * right + [(0, 1)] * (of - right))
    drawn = draw_sums(rows, docs or ["a"] * of)
    return rate(right, of, (drawn[:, 0], drawn[:, 1]))


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (24, 25, 0.8046, 0.9929), (1, 1, 0.2065, 1.0)],
)
def test_few_cases_take_the_bounds_of_wilson(right, of, low, high):
    assert interval(right, of) == (right / of, low, high)


def test_many_cases_come_near_the_normal_interval():
    share, low, high = interval(300, 400)
    spread = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert share == 0.75
    assert low == pytest.approx(0.75 - spread, abs=0.006) and high == pytest.approx(0.75 + spread, abs=0.006)


def test_more_wrong_never_moves_an_interval_up():
    found = [interval(100 - wrong, 100)[1:] for wrong in range(40)]
    assert [n for n, (one, other) in enumerate(zip(found, found[1:], strict=False)) if other[0] > one[0] + 0.01 or other[1] > one[1] + 0.01] == []


def test_nothing_to_divide_by_has_no_share():
    assert rate(0, 0, NONE) == (None, None, None)


def test_enough_documents_are_drawn_whole_and_widen_the_interval():
    docs = [f"d{number // 10}" for number in range(10 * ENOUGH_DOCUMENTS)]  # each wholly right or wholly wrong
    rows = np.array([(number // 10 % 2, 1) for number in range(len(docs))])
    whole, apart = draw_sums(rows, docs), draw_sums(rows, ["a"] * len(docs))
    assert (resampled(docs), resampled(docs[10:])) == ("documents", "figures")
    assert set(whole[:, 0] % 10) == {0} and set(apart[:, 0] % 10) != {0}
    assert np.ptp(whole[:, 0]) > 2 * np.ptp(apart[:, 0])


def test_draws_repeat_and_keep_the_size():
    rows = np.array([(number % 3, 1) for number in range(50)])
    one, other = draw_sums(rows, ["a"] * 50), draw_sums(rows[::-1], ["a"] * 50)
    assert one.shape == (DRAWS, 2) and (one == other).all() and (one[:, 1] == 50).all()
    assert len(np.unique(one[:, 0])) > 10
    assert one[:, 0].mean() == pytest.approx(rows[:, 0].sum(), rel=0.02)


def test_a_thousand_draws_of_many_figures_take_no_time():
    rows = np.random.default_rng(1).integers(0, 2, (100_000, 8))
    spent = []
    for _ in range(3):  # the least: a busy machine is not its cost
        begun = process_time()
        draw_sums(rows, ["a"] * len(rows))
        spent.append(process_time() - begun)
    assert min(spent) < 1
