"""datemarks: printed dates, clock times and spans, by the patterns of every language."""

import time

import pytest

from csrbook.datemarks import find_dates
from csrbook.lexicon import load_lexicons

LEXICONS = load_lexicons()


def dates(text, language):
    return [(text[d.start : d.end], d.gives, d.parts) for d in find_dates(LEXICONS[language].tokens(text), LEXICONS[language])]


@pytest.mark.parametrize(
    ("text", "language", "printed", "gives", "parts"),
    [
        ("on 25 January 2020.", "en", "25 January 2020", "day", {"day": 25, "month": 1, "year": 2020}),
        ("on January 25, 2020.", "en", "January 25, 2020", "day", {"day": 25, "month": 1, "year": 2020}),
        ("on 2020-03-31.", "en", "2020-03-31", "day", {"year": 2020, "month": 3, "day": 31}),
        ("in March 2020.", "en", "March 2020", "month", {"month": 3, "year": 2020}),
        ("in 2018-2020.", "en", "2018-2020", "span", {"year": 2018, "year2": 2020}),
        ("in 2019-20.", "en", "2019-20", "fiscal_year", {"year": 2019, "year2": 2020}),
        ("in FY21.", "en", "FY21", "fiscal_year", {"year": 2021}),
        ("in Q3 2020.", "en", "Q3 2020", "quarter", {"quarter": 3, "year": 2020}),
        ("in H1 2020.", "en", "H1 2020", "half", {"half": 1, "year": 2020}),
        ("at 12:30.", "en", "12:30", "clock", {"hour": 12, "minute": 30}),
        ("in the 1990s.", "en", "1990s", "decade", {"year": 1990}),
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


@pytest.mark.parametrize("language", sorted(LEXICONS))
@pytest.mark.parametrize("heap", ["2020-", "12:", "\u5341", "1", "2020 ", "q3 ", "\u4e8c\u3007"])
def test_heaps_cost_in_step_with_their_length(language, heap):
    """Ten times the tokens are looked at ten times, whatever stands there: nothing is read to the end of the text."""
    lexicon = LEXICONS[language]

    def cost(count):
        tokens = lexicon.tokens(heap * count)
        start = time.process_time()
        find_dates(tokens, lexicon)
        return time.process_time() - start

    few = min(cost(2_000) for _ in range(3))  # the least: a collection of garbage is not its cost
    assert any(cost(20_000) < 40 * few + 0.05 for _ in range(3))
