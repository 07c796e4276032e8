"""wording: words in dictionary form, pairs where signs are written together, and where each stands."""

import pytest
from test_texts import lay_out

from csrbook.wording import words_around, words_of


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("trees, trees and 5 bees.", ("and", "bee", "tree")),
        ("\u6811\u6797 5 \u6797", ("\u6797", "\u6811", "\u6811\u6797")),  # two signs make a pair, but not over a number
        ("\u6811 \u6797", ("\u6797", "\u6811")),  # nor over a space
        ("5.", ()),
    ],
)
def test_words(raw, words):
    text = lay_out(raw, lemma=lambda word: word.removesuffix("s"))
    assert words_of(text, 0, len(text.tokens)) == words


def test_words_tell_where_they_stand():
    text = lay_out("it grew. in spring, it bought 5 carts. it slept.")
    (words,) = words_around(text, [text.index(30)])
    assert words == ["bought", "carts", "in", "it", "spring", "bought (clause)", "carts (clause)", "it (clause)", "grew (before)", "it (before)"]


def test_the_first_sentence_of_a_paragraph_has_none_before():
    text = lay_out("it grew.\n\nit bought 5 carts.")
    assert [[word for word in words if word.endswith("(before)")] for words in words_around(text, [text.index(20)])] == [[]]
