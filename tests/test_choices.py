"""choices: the highest sum wins, equals go to the first, and a trait without a weight says nothing."""

import pytest

from csrbook.choices import best, score


def test_score_is_the_sum_of_weights_times_amounts():
    assert score({"near": 2.0, "far": 1.0, "unheard of": 9.0}, {"near": 1.5, "far": -1.0}) == 2.0


def test_the_highest_wins_and_tells_its_lead():
    assert best([{"a": 1.0}, {"b": 1.0}, {}], {"a": 1.0, "b": 3.0}) == (1, 3.0, 2.0)


def test_of_equals_the_first_wins():
    assert best([{}, {}], {"a": 1.0}).number == 0


def test_an_only_option_leads_without_end():
    assert best([{}], {}).lead == float("inf")


def test_nothing_to_choose_from_is_refused():
    with pytest.raises(ValueError, match="nothing to choose from"):
        best([], {})
