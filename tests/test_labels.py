"""Words and numbers in each language; sentences with computed numbers."""

import string
import tomllib
from importlib.resources import files

import pytest

from csrbook.errors import LexiconError, UsageError
from csrbook.labels import _check, languages, load_labels, sentence

TABLE = tomllib.loads(files("csrbook").joinpath("lexicons/labels.toml").read_text(encoding="utf-8"))
INDICATORS = tomllib.loads(files("csrbook").joinpath("lexicons/indicators.toml").read_text(encoding="utf-8"))
NB = "\u00a0"


def leaves(node, path=""):
    for key, value in node.items():
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            yield f"{path}{key}", value
        elif isinstance(value, dict) and key != "numbers":
            yield from leaves(value, f"{path}{key}.")


@pytest.mark.parametrize(
    ("language", "value", "written"),
    [
        ("en", 3.4e9, "3.4 bn"), ("zh", 3.4e9, "34亿"), ("ru", 3.4e9, f"3,4{NB}млрд"),
        ("en", 76_000, "76,000"), ("zh", 76_000, "7.6万"), ("ru", 76_000, f"76{NB}тыс."),
        ("en", 5425, "5,425"), ("zh", 5425, "5425"), ("ru", 5425, "5425"),
        ("en", 999.96e6, "1 bn"), ("zh", 99_999_999, "1亿"), ("en", 2.235e8, "224 m"),
        ("en", 17.6, "17.6"), ("ru", 17.6, "17,6"), ("en", 0, "0"), ("en", -12, "\u221212"), ("en", 0.14137, "0.141"),
        ("en", 12_345, "12,345"), ("en", None, ""), ("en", float("nan"), ""),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_the_language(language, value, written):
    assert load_labels(language).number(value) == written


@pytest.mark.parametrize(
    ("language", "value", "unit", "written"),
    [
        ("en", 3.4e9, "CNY", "CNY 3.4 bn"), ("zh", 3.4e9, "CNY", "34亿元"), ("ru", 3.4e9, "CNY", f"3,4{NB}млрд юаней"),
        ("en", 96, "percent", "96%"), ("ru", 96, "percent", f"96{NB}%"), ("en", 3, "THB", "THB 3"), ("en", 60, "times", "×60"),
        ("en", 5425, "village", "5,425 villages"), ("en", 3, "odd_thing", "3 odd thing"), ("en", 3, None, "3"),
    ],
)  # fmt: skip
def test_amounts_are_written_with_their_unit(language, value, unit, written):
    assert load_labels(language).amount(value, unit) == written


@pytest.mark.parametrize(
    ("language", "when", "written"),
    [
        ("en", "2020-03-05", "5 March 2020"), ("en", "2020-04/2021-03", "April 2020 to March 2021"), ("en", "2020", "2020"),
        ("zh", "2020-03-05", "2020年3月5日"), ("ru", "2020-03-05", "5 марта 2020"), ("ru", "2020-04/2021", "апрель 2020 — 2021"),
        ("en", None, ""), ("en", "soon", "soon"),
    ],
)  # fmt: skip
def test_dates_are_written_as_in_the_language(language, when, written):
    assert load_labels(language).date(when) == written


def test_one_of_a_kind_is_singular_in_english():
    assert load_labels("en").amount(1, "person") == "1 person" and load_labels("zh").amount(1, "person") == "1人"


@pytest.mark.parametrize(("key", "words"), list(leaves(TABLE)))
def test_every_label_has_all_languages_and_the_same_blanks(key, words):
    assert set(words) == set(languages()) and all(words.values())
    blanks = {code: {name for _, name, _, _ in string.Formatter().parse(text) if name} for code, text in words.items()}
    most = set().union(*blanks.values())
    # a language may leave out a blank whose words another chart text already holds
    assert all(found >= most - {"interval", "log"} for found in blanks.values()), blanks


@pytest.mark.parametrize("indicator", [row["id"] for row in INDICATORS["indicator"]])
def test_every_measure_has_a_name(indicator):
    assert indicator in TABLE["indicator"]


def test_code_without_a_name_is_shown_without_underscores():
    assert load_labels("en").name("theme", "deep_sea") == "deep sea"


def test_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="no labels in 'xx'"):
        load_labels("xx")


def test_unknown_label_is_refused_by_its_key():
    with pytest.raises(UsageError, match="chart.pie.title"):
        load_labels("en").text("chart.pie.title")


def test_words_that_lack_a_language_are_refused():
    with pytest.raises(LexiconError, match="theme, sea"):
        _check({"theme": {"sea": {"en": "sea"}}}, {"en", "zh"}, "labels.toml")


def test_sentence_rounds_in_one_place_and_keeps_its_facts():
    said = sentence("{docs} documents give {low:CNY} to {high:CNY} in {year:raw}.", docs=3, low=3e9, high=3.3999e9, year=2020, claims=["c1", "c2"])
    assert str(said) == "3 documents give CNY 3 bn to CNY 3.4 bn in 2020."
    assert said.facts["high"] == 3.3999e9 and said.claims == ("c1", "c2")


def test_sentence_shows_itself_as_markdown_and_keeps_facts_from_being_read_as_such():
    assert sentence("{who} gave {x:USD}", who="<b>_A_</b>", x=5e6)._repr_markdown_() == "&lt;b&gt;\\_A\\_&lt;/b&gt; gave \\$5 m"


@pytest.mark.parametrize("template", ["{missing}", "{x.__class__}", "{x[0]}"])
def test_sentence_names_facts_and_nothing_else(template):
    with pytest.raises(UsageError, match="no fact"):
        sentence(template, x=1)
