"""echoes: what stands near is loud, what stands far is faint, and all that is told adds up."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_texts import lay_out

from csrbook.echoes import LATER, echoes

TEXT = lay_out("one two. three four. five six. seven eight. nine ten.")
FIRSTS = [first for first, _ in TEXT.sentences]


@pytest.mark.parametrize(
    ("cue", "at", "sentences"),
    [(0, 0, 0), (1, 0, 0), (0, 3, 1), (0, 12, 4), (3, 1, LATER), (12, 0, 4 * LATER)],  # tokens; a later cue fades faster
)
def test_a_cue_is_half_as_loud_every_so_many_sentences(cue, at, sentences):
    (heard,) = echoes(TEXT, [(cue, "tree", 3.0)], [at], half=2)
    assert heard["tree"] == pytest.approx(log2(1 + 3.0 * 0.5 ** (sentences / 2)))


def test_cues_of_one_thing_add_up_and_of_two_stay_apart():
    (heard,) = echoes(TEXT, [(0, "tree", 1.0), (1, "tree", 2.0), (1, "school", 1.0)], [2], half=1)
    assert heard == pytest.approx({"tree": 2.0, "school": 1.0})


def test_nobody_hears_where_nothing_is_told():
    assert echoes(TEXT, [], [0, 5], half=2) == [{}, {}] and echoes(TEXT, [(0, "tree", 1.0)], [], half=2) == []


@given(st.lists(st.tuples(st.sampled_from(range(15)), st.sampled_from("ab"), st.sampled_from([1.0, 2.0, 3.0]))), st.sampled_from([1, 2, 8]))
def test_every_listener_hears_what_adding_cue_by_cue_gives(cues, half):
    for place, heard in enumerate(echoes(TEXT, cues, FIRSTS, half=half)):
        for told in "ab":
            steps = [(loud, max(FIRSTS.index(first) for first in FIRSTS if first <= cue) - place) for cue, name, loud in cues if name == told]
            total = sum(loud * 0.5 ** ((LATER * step if step > 0 else -step) / half) for loud, step in steps)
            assert heard.get(told, 0.0) == pytest.approx(log2(1 + total))
