"""nouns: what a number counts, as a canonical English singular, after it and before it."""

import pytest

from csrbook.lexicon import load_lexicons
from csrbook.nouns import one_letter_off
from csrbook.phrases import nouns_of

LEXICONS = load_lexicons()


def nouns(text, language):
    lexicon = LEXICONS[language]
    return nouns_of(lexicon.tokens(text), lexicon, LEXICONS)


@pytest.mark.parametrize(
    ("text", "language", "unit", "rule"),
    [
        ("families there", "en", "family", "counted noun"),
        ("green jobs", "en", "job", "counted noun"),
        ("office workers", "en", "employee", "counted noun"),
        ("nurses home", "en", "nurse", "counted noun"),
        ("charging stations", "en", "charging station", "counted noun"),
        ("small and medium-sized enterprises", "en", "company", "counted noun"),
        ("doctors and nurses", "en", "person", "two counted nouns"),
        ("doctors and tables", "en", "doctor", "counted noun"),
        ("kits of masks", "en", "mask", "counted noun"),
        ("glockenspiels", "en", "glockenspiel", "plural noun"),
        ("公益项目", "zh", "project", "counted noun"),
        ("数字化产业集群", "zh", "cluster", "counted noun"),
        ("国家和地区", "zh", "country", "counted noun"),
        ("教师和学生", "zh", "person", "two counted nouns"),
        ("产值很高的工厂", "zh", "factory", "counted noun"),
        ("“县域快递共配中心”", "zh", "center", "counted noun"),
        ("семьям", "ru", "family", "counted noun"),
        ("рабочих мест", "ru", "job", "counted noun"),
        ("малых и средних предприятий", "ru", "company", "counted noun"),
        ("предприятий общественного питания", "ru", "restaurant", "counted noun"),
        ("комплектов халатов", "ru", "gown", "counted noun"),
        ("врачей и медсестер", "ru", "doctor", "counted noun"),
        ("пациетов", "ru", "patient", "misprinted noun"),
        ("глокеншпилей", "ru", "глокеншпиль", "unknown noun"),
    ],
)
def test_noun_after_a_number(text, language, unit, rule):
    found = nouns(text, language).after(0)
    assert (found.unit, found.rule) == (unit, rule)


@pytest.mark.parametrize(("text", "language"), [("of it", "en"), (". Families", "en"), ("的", "zh"), ("и врачей", "ru"), ("", "en")])
def test_no_noun_after(text, language):
    assert nouns(text, language).after(0) is None


def test_a_blank_line_parts_number_and_noun():
    assert nouns("5\n\nfamilies", "en").after(1) is None


def test_noun_before_a_number():
    assert nouns("a user base of 207 million", "en").before(4).unit == "user"
    assert nouns("It helped families. In all 207", "en").before(6) is None, "another clause"


def test_noun_after_of():
    found = nouns("300 of the 1,000 villages", "en").of(1)
    assert (found.unit, found.end) == ("village", 1)


def test_a_single_sign_is_no_noun_before():
    assert nouns("全国5", "zh").before(2) is None, "the last sign of a word is not the word"


@pytest.mark.parametrize(
    ("word", "section", "value"),
    [("milion", "magnitude", "1000000"), ("millionn", "magnitude", "1000000"), ("mililon", "magnitude", "1000000"), ("mission", "magnitude", None), ("million", "magnitude", None)],
)
def test_one_letter_off(word, section, value):
    entry = one_letter_off(word, LEXICONS["en"], section, least=3)
    assert (entry and entry.value) == value
