"""figures and numerals: a number that is written is read back, in digits and in words of every language."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.lexicon import load_lexicons
from csrbook.numerals import Numerals
from csrbook.tokens import fold

LEXICONS = load_lexicons()
LANGUAGES = ["en", "ru", "zh"]
LARGE = 10**15


def number(text, language, at=0):
    lexicon = LEXICONS[language]
    return Numerals(lexicon.tokens(text), lexicon).number(at)


def words_of(language):
    """The first form of every numeral by its value."""
    return {int(e.number): e.forms[0] for e in LEXICONS[language].entries["numeral"] if e.forms and e.number == int(e.number)}


def magnitudes_of(language):
    """The first form of every magnitude by its value, largest first; the steps of the language only."""
    steps = {"zh": (10**12, 10**8, 10**4)}.get(language, (10**15, 10**12, 10**9, 10**6, 10**3))
    rows = [e for e in LEXICONS[language].entries["magnitude"] if e.forms and e.get("needs") != "joined"]
    return {step: next(e.forms[0] for e in rows if e.number == step) for step in steps}


# ---- writers: the other way round, for the properties below ------------------------------------------------------------


def below_thousand(value, words):
    """Number words of 0 < value < 1000, in languages that say hundreds, tens and ones."""
    out, hundreds, rest = [], value // 100 * 100, value % 100
    if hundreds:
        out += [words[hundreds]] if 200 in words else [words[hundreds // 100], words[100]]
    if rest:
        out += [words[rest]] if rest in words else [words[rest // 10 * 10], words[rest % 10]]
    return out


def in_words(value, language):
    """An integer in English or Russian words."""
    words, out = words_of(language), []
    for step, form in magnitudes_of(language).items():
        count, value = divmod(value, step)
        out += [*below_thousand(count, words), form] if count else []
    return " ".join(out + (below_thousand(value, words) if value else []))


def below_wan(value, words):
    """Chinese numerals of 0 < value < 10000, zeros filled."""
    out, gap = "", False
    for step in (1000, 100, 10, 1):
        digit, value = divmod(value, step)
        if digit:
            out += (words[0] if gap and out else "") + words[digit] + (words[step] if step > 1 else "")
        gap = not digit
    return out


def in_han(value):
    """An integer in Chinese numerals."""
    words, forms = words_of("zh"), magnitudes_of("zh")
    if value >= 10**8:
        high, low = divmod(value, 10**8)
        head = in_han(high) + forms[10**8]
        return head + (words[0] if 0 < low < 10**7 else "") + (in_han(low) if low else "")
    high, low = divmod(value, 10**4)
    head = below_wan(high, words) + forms[10**4] if high else ""
    return head + (words[0] if high and 0 < low < 1000 else "") + (below_wan(low, words) if low else "")


@given(st.integers(1, LARGE))
def test_english_words_are_read_back(value):
    reading = number(in_words(value, "en"), "en")
    assert reading.value == value


@given(st.integers(1, LARGE))
def test_russian_words_are_read_back(value):
    text = in_words(value, "ru")
    reading = number(text, "ru")
    assert reading.value == value, text


@given(st.integers(1, LARGE))
def test_chinese_numerals_are_read_back(value):
    text = in_han(value)
    reading = number(text, "zh")
    assert reading.value == value, text


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.integers(0, 10**17))
def test_digits_are_read_back(language, value):
    assert number(str(value), language).value == value


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.integers(1000, 10**17), places=st.integers(0, 2), tail=st.integers(0, 99))
def test_grouped_decimals_are_read_back(language, value, places, tail):
    usual = {"en": (",", "."), "zh": (",", "."), "ru": (" ", ",")}[language]
    whole, fraction = f"{value:,}".replace(",", usual[0]), f"{tail:02d}"[:places]
    printed = whole + (usual[1] + fraction if fraction else "")
    expected = Decimal(f"{value}.{fraction}") if fraction else Decimal(value)
    assert number(printed, language).value == expected


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=st.decimals(min_value="0.01", max_value="999.99", places=2), data=st.data())
def test_decimals_with_a_magnitude_are_exact(language, value, data):
    step, form = data.draw(st.sampled_from(sorted(magnitudes_of(language).items())))
    mark, gap = {"en": (".", " "), "zh": (".", ""), "ru": (",", " ")}[language]
    reading = number(str(value).replace(".", mark) + gap + form, language)
    assert reading.value == value * step
    assert reading.step == Decimal("0.01") * step and reading.scaled


# ---- rows that say what rule read them --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "value", "rule"),
    [
        ("1,234", "en", "1234", "grouped"),
        ("1.234", "en", "1.234", "decimal mark"),
        ("1.000", "en", "1000", "grouped"),
        ("1.234,56", "en", "1234.56", "grouped, decimal mark"),
        ("0.125", "en", "0.125", "decimal mark"),
        ("1 234 567,8", "ru", "1234567.8", "grouped by spaces"),
        ("1,234", "ru", "1.234", "decimal mark"),
        ("1,000", "ru", "1000", "grouped"),
        ("007", "en", "7", "digits"),
    ],
)
def test_marks_group_or_divide(text, language, value, rule):
    reading = number(text, language)
    assert (reading.value, reading.rule) == (Decimal(value), rule)


@pytest.mark.parametrize("text", ["1.2.3", "1,2,3", "1234567890123456789", "12.34.56.78"])
def test_a_version_or_code_is_no_number(text):
    assert number(text, "en") is None


def test_a_code_is_skipped_as_a_whole():
    lexicon = LEXICONS["en"]
    assert Numerals(lexicon.tokens("1.2.3 x"), lexicon).figures.extent(0) == 5


def test_the_document_decides_what_a_mark_does():
    assert number("1,234 2.345.678", "ru", 3).value == 2345678
    assert number("1.234", "ru").note is not None
    assert number("1.234 5.678.901", "ru").note is None
    assert number("1.234 5.6", "ru").value == Decimal("1.234")


def test_neighbouring_digits_are_a_range():
    reading = number("\u4e09\u56db\u767e", "zh")
    assert (reading.value, reading.value_max) == (300, 400)


def test_a_magnitude_alone_is_bare():
    assert number("\u767e\u4ebf", "zh").bare and not number("3\u4ebf", "zh").bare


def test_too_large_a_number_is_none():
    assert number("9 " + "quadrillion " * 40, "en") is None or number("9 " + "quadrillion " * 40, "en").value < 10**24


@pytest.mark.parametrize(
    ("text", "language", "value", "code"),
    [
        ("fivefold", "en", "5", "times"),
        ("\u0448\u0435\u0441\u0442\u0438\u043c\u0435\u0441\u044f\u0447\u043d\u044b\u0439", "ru", "6", "month"),
        ("\u043f\u043e\u043b\u0433\u043e\u0434\u0430", "ru", "0.5", "year"),
    ],
)
def test_a_number_grown_into_a_word_is_cut_out(text, language, value, code):
    lexicon = LEXICONS[language]
    found, entry = Numerals(lexicon.tokens(text), lexicon).joined(fold(text))
    assert (found, entry.unit) == (Decimal(value), code)


@pytest.mark.parametrize("text", ["blindfold", "week", "a" * 10_000, "scaffold"])
def test_other_words_hide_no_number(text):
    lexicon = LEXICONS["en"]
    assert Numerals(lexicon.tokens(text), lexicon).joined(fold(text)) is None
