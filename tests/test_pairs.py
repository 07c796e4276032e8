"""A claim found again in another run: in the same text, in an edited one, in another order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_runs import read_marks

from csrbook.pairs import pair_claims, pair_documents


def pairs_of(old: str, new: str) -> list[tuple[str | None, str | None]]:
    """Pair the marked figures of two texts, told by their words."""
    (old_text, before), (new_text, after) = read_marks("a", old), read_marks("a", new)
    found = pair_claims(before, after, old_text, new_text)
    return [(None if a is None else before[a]["text"], None if b is None else after[b]["text"]) for a, b in found]


@pytest.mark.parametrize(
    "old, new, pairs",
    [
        ("It gave [5 nests|5|nest].", "It gave [6 nests|6|nest].", [("5 nests", "6 nests")]),
        ("It gave [5 nests|5|nest].", "It gave [5 hives|5|hive].", [("5 nests", "5 hives")]),
        ("It gave [5 nests|5|nest].", "", [("5 nests", None)]),
        ("", "It gave [5 nests|5|nest].", [(None, "5 nests")]),
        ("It gave [5 nests|5|nest].", "Bees slept in [6 hives|6|hive] all winter long.", [(None, "6 hives"), ("5 nests", None)]),
        ("От [5 nests|5|nest] до [9 nests|9|nest].", "От [6 nests|6|nest] до [9 nests|9|nest].", [("5 nests", "6 nests"), ("9 nests", "9 nests")]),
        ("去年捐出[5个|5|nest]鸟巢给学校。", "去年又捐出[6个|6|nest]鸟巢给学校。", [("5个", "6个")]),
        ("", "", []),
    ],
)
def test_edited_text(old, new, pairs):
    assert pairs_of(old, new) == pairs


def test_span_read_longer_in_the_same_text_is_the_same_claim():
    old = [{"start": 0, "end": 4, "text": "5 kg"}, {"start": 10, "end": 14, "text": "6 kg"}]
    new = [{"start": 10, "end": 20, "text": "6 kg of it"}, {"start": 30, "end": 34, "text": "7 kg"}]
    assert pair_claims(old, new) == [(1, 0), (None, 1), (0, None)]


SENTENCES = st.lists(st.tuples(st.sampled_from(["Mills gave", "Owls saw", "River towns had", "Bees made"]), st.integers(1, 60)), min_size=1, max_size=12)


def written(sentences) -> str:
    return " ".join(f"{words} [{n} nests|{n}|nest] there." for words, n in sentences)


@settings(deadline=None, max_examples=60)
@given(SENTENCES)
def test_same_text_pairs_each_with_itself(sentences):
    text, claims = read_marks("a", written(sentences))
    whole = [(at, at) for at in range(len(claims))]
    assert pair_claims(claims, claims) == whole and pair_claims(claims, claims, text, text) == whole


@settings(deadline=None, max_examples=60)
@given(SENTENCES, st.randoms(use_true_random=False))
def test_another_order_loses_nothing_and_pairs_like_with_like(sentences, chance):
    moved = sentences.copy()
    chance.shuffle(moved)
    assert all(a == b for a, b in pairs_of(written(sentences), written(moved)))


@settings(deadline=None, max_examples=60)
@given(SENTENCES, SENTENCES)
def test_every_claim_stands_in_one_pair(one, other):
    (old_text, before), (new_text, after) = read_marks("a", written(one)), read_marks("a", written(other))
    found = pair_claims(before, after, old_text, new_text)
    assert sorted(a for a, _ in found if a is not None) == list(range(len(before)))
    assert sorted(b for _, b in found if b is not None) == list(range(len(after)))


@pytest.mark.parametrize(
    "before, after, pairs",
    [
        ({"a": "1"}, {"a": "2"}, [("a", "a")]),
        ({"a": "1"}, {"b": "1"}, [("a", "b")]),
        ({"a": "1", "b": "2"}, {"a": "2", "b": "1"}, [("a", "b"), ("b", "a")]),
        ({"a": "1"}, {"a": "2", "b": "1"}, [("a", "b"), (None, "a")]),
        ({"a": "1", "b": "1"}, {"b": "1"}, [("a", None), ("b", "b")]),
        ({"a": None}, {"a": "1", "b": None}, [("a", "a"), (None, "b")]),
    ],
)
def test_documents(before, after, pairs):
    assert pair_documents(before, after) == pairs
