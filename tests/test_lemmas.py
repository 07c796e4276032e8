"""lemmas: dictionary forms, and what a dictionary knows."""

import pytest

from csrbook.lemmas import is_word, lemma, tag_han
from csrbook.lexicon import load_lexicons

LEXICONS = load_lexicons()


@pytest.mark.parametrize(("word", "language", "base"), [("children", "en", "child"), ("школам", "ru", "школа"), ("学校", "zh", "学校")])
def test_dictionary_form(word, language, base):
    assert lemma(word, LEXICONS[language]) == base


@pytest.mark.parametrize(("word", "language", "known"), [("million", "en", True), ("milion", "en", False), ("мдн", "ru", False), ("школам", "ru", True)])
def test_dictionary_knows_words(word, language, known):
    assert is_word(word, LEXICONS[language]) is known


def test_a_word_without_end_is_left_as_it_is():
    assert lemma("ж" * 10_000, LEXICONS["ru"]) == "ж" * 10_000


def test_words_of_a_run_of_chinese_are_tagged():
    assert list(tag_han("\u4f01\u4e1a\u6350\u8d60")) == [("\u4f01\u4e1a", "n"), ("\u6350\u8d60", "v")]
