"""grammar: sentences and hedges, by the same rules in every language."""

import pytest

from csrbook.grammar import qualifier_after, qualifier_before, split_sentences
from csrbook.lexicon import load_lexicons
from csrbook.tokens import tokenize

LEXICONS = load_lexicons()


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Dr. Li gave 3.5 million. It helped.", "en", 2),
        ("He said \u201cyes.\u201d Then left.", "en", 2),
        ("It cost $1.5m. See www.a.com.", "en", 2),
        ("Head\n\nBody", "en", 2),
        ("一。二!三?", "zh", 3),
        ("标题\n正文", "zh", 2),
        ("Дали 5 млн руб. школам. Все рады.", "ru", 2),
        ("", "en", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, language, count):
    assert len(split_sentences(tokenize(text), LEXICONS[language])) == count


def test_sentences_cover_every_token_once():
    tokens = tokenize("One. Two! \u201cThree?\u201d Four\n\nfive")
    spans = split_sentences(tokens, LEXICONS["en"])
    assert [i for first, last in spans for i in range(first, last)] == list(range(len(tokens)))


def test_hedge_before_may_stand_off_by_a_bridge():
    tokens = tokenize("more than a total of 5")
    entry, first = qualifier_before(tokens, 5, LEXICONS["en"])
    assert (entry.qualifier, first) == ("over", 0)
    assert qualifier_before(tokens, 5, LEXICONS["en"], bridged=False) is None


def test_no_hedge_across_a_blank_line():
    assert qualifier_before(tokenize("nearly\n\n5"), 1, LEXICONS["en"]) is None
    assert qualifier_after(tokenize("5\n\nor more"), 1, LEXICONS["en"]) is None


def test_hedge_after_is_found():
    entry, after = qualifier_after(tokenize("5 or more"), 1, LEXICONS["en"])
    assert (entry.qualifier, after) == ("over", 3)
