"""grammar: dates, sentences, hedges and dictionary forms, by the same rules in every language."""

import pytest

from csrbook.datemarks import find_dates
from csrbook.grammar import qualifier_after, qualifier_before, split_sentences
from csrbook.lemmas import is_word, lemma
from csrbook.lexicon import load_lexicons
from csrbook.tokens import tokenize

LEXICONS = load_lexicons()


def dates(text, language):
    return [(text[d.start : d.end], d.gives, d.parts) for d in find_dates(tokenize(text), LEXICONS[language])]


@pytest.mark.parametrize(
    ("text", "language", "printed", "gives", "parts"),
    [
        ("on 25 January 2020.", "en", "25 January 2020", "day", {"day": 25, "month": 1, "year": 2020}),
        ("on January 25, 2020.", "en", "January 25, 2020", "day", {"day": 25, "month": 1, "year": 2020}),
        ("on 2020-03-31.", "en", "2020-03-31", "day", {"year": 2020, "month": 3, "day": 31}),
        ("in March 2020.", "en", "March 2020", "month", {"month": 3, "year": 2020}),
        ("in 2018-2020.", "en", "2018-2020", "span", {"year": 2018, "year2": 2020}),
        ("in 2019-20.", "en", "2019-20", "fiscal_year", {"year": 2020}),
        ("in FY21.", "en", "FY21", "fiscal_year", {"year": 2021}),
        ("in Q3 2020.", "en", "Q3 2020", "quarter", {"quarter": 3, "year": 2020}),
        ("in H1 2020.", "en", "H1 2020", "half", {"half": 1, "year": 2020}),
        ("at 12:30.", "en", "12:30", "clock", {"hour": 12, "minute": 30}),
        ("in the 1990s.", "en", "1990s", "year", {"year": 1990}),
        ("2020年4月7日", "zh", "2020年4月7日", "day", {"year": 2020, "month": 4, "day": 7}),
        ("二〇二〇年三月", "zh", "二〇二〇年三月", "month", {"year": 2020, "month": 3}),
        ("十二月二十一日", "zh", "十二月二十一日", "day", {"month": 12, "day": 21}),
        ("2021财年", "zh", "2021财年", "fiscal_year", {"year": 2021}),
        ("2017年12月至2020年12月", "zh", "2017年12月至2020年12月", "span", {"year": 2017, "month": 12, "year2": 2020, "month2": 12}),
        ("第三季度", "zh", "第三季度", "quarter", {"quarter": 3}),
        ("25 января 2020 года", "ru", "25 января 2020 года", "day", {"day": 25, "month": 1, "year": 2020}),
        ("в марте 2020 г.", "ru", "марте 2020 г.", "month", {"month": 3, "year": 2020}),
        ("в 2018-2020 годах", "ru", "2018-2020 годах", "span", {"year": 2018, "year2": 2020}),
        ("в 2020 году", "ru", "2020 году", "year", {"year": 2020}),
    ],
)
def test_date_is_found_with_its_parts(text, language, printed, gives, parts):
    assert dates(text, language) == [(printed, gives, parts)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("more than 2000 users", "en"),
        ("trained 2000 teachers", "en"),
        ("2000 tonnes", "en"),
        ("$2020", "en"),
        ("2020.5", "en"),
        ("2020%", "en"),
        ("32 January", "en"),
        ("112:305", "en"),
        ("2000多个产业带", "zh"),
        ("2000个", "zh"),
        ("三个月", "zh"),
        ("более 2000 пользователей", "ru"),
        ("2000 учителей", "ru"),
        ("9" * 10_000, "en"),
    ],
)
def test_number_that_is_no_date(text, language):
    assert dates(text, language) == []


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


@pytest.mark.parametrize(("word", "language", "base"), [("children", "en", "child"), ("школам", "ru", "школа"), ("学校", "zh", "学校")])
def test_dictionary_form(word, language, base):
    assert lemma(word, LEXICONS[language]) == base


@pytest.mark.parametrize(("word", "language", "known"), [("million", "en", True), ("milion", "en", False), ("мдн", "ru", False), ("школам", "ru", True)])
def test_dictionary_knows_words(word, language, known):
    assert is_word(word, LEXICONS[language]) is known


def test_a_word_without_end_is_left_as_it_is():
    assert lemma("ж" * 10_000, LEXICONS["ru"]) == "ж" * 10_000
