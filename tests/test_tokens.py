"""tokens: offsets never move, whatever is folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.tokens import BLANK, JOINED, LINE, SPACE, cut_forms, fold, tokenize


@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_tokens_cover_all_but_white_space(text):
    tokens = tokenize(text)
    covered = {offset for token in tokens for offset in range(token.start, token.end)}
    assert all(text[offset].isspace() or fold(text[offset]).isspace() for offset in set(range(len(text))) - covered)
    assert all(first.end <= second.start for first, second in zip(tokens, tokens[1:], strict=False))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\uff13\uff05", "3%"),  # full width
        ("Of\u00a0ALL", "of all"),
        ("2018\u20132020", "2018-2020"),
        ("\u0401\u0436", "\u0435\u0436"),  # yo as ye
        ("1\u202f000", "1 000"),
        ("\u0130", "\u0130"),  # its small form has two code points: kept
        ("\u22c5", "\u00b7"),
    ],
)
def test_variants_fold_to_one_form(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "texts", "kinds"),
    [
        ("71,38 \u043c\u043b\u043d", ["71", ",", "38", "\u043c\u043b\u043d"], ["digits", "sign", "digits", "word"]),
        ("34\u4ebf\u5143", ["34", "\u4ebf", "\u5143"], ["digits", "han", "han"]),
        ("CO2", ["co", "2"], ["word", "digits"]),
        ("m\u00b2", ["m\u00b2"], ["word"]),
        ("\U00020bb7", ["\U00020bb7"], ["han"]),
        ("a_b", ["a", "_", "b"], ["word", "sign", "word"]),
        ("", [], []),
    ],
)
def test_text_is_cut_by_what_it_is_made_of(text, texts, kinds):
    tokens = tokenize(text)
    assert [t.text for t in tokens] == texts
    assert [t.kind for t in tokens] == kinds


def test_gap_tells_what_lies_before():
    tokens = tokenize("a-b c\nd\n \ne")
    assert [t.gap for t in tokens] == [JOINED, JOINED, JOINED, SPACE, LINE, BLANK]


def test_astral_characters_count_as_one():
    token = tokenize("\U0001f333\U00020bb75")[-1]
    assert (token.text, token.start, token.end) == ("5", 2, 3)


@given(st.lists(st.text("Ab1 %,\u00a0\uff13\u4e2d\u0451-", min_size=1).filter(str.strip), max_size=5))
def test_forms_are_cut_as_texts_are(forms):
    assert cut_forms(forms) == [[token.text for token in tokenize(form)] for form in forms]
