"""Words and numbers in each language; sentences with computed numbers."""

import string
import tomllib
from importlib.resources import files

import pytest
from babel import Locale
from pymorphy3 import MorphAnalyzer

from csrbook.errors import LexiconError, UsageError
from csrbook.labels import _check, escape_markdown, languages, load_labels, sentence
from csrbook.lexicon import load_lexicons

TABLE = tomllib.loads(files("csrbook").joinpath("lexicons/labels.toml").read_text(encoding="utf-8"))
INDICATORS = tomllib.loads(files("csrbook").joinpath("lexicons/indicators.toml").read_text(encoding="utf-8"))
NB = "\u00a0"
MORPH = MorphAnalyzer()
OWN_FORMS = {"person", "student", "year"}  # another word after five, or an adjective's forms: the dictionary's agreement is wrong


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


@pytest.mark.parametrize(
    ("language", "low", "high", "unit", "hedge", "written"),
    [
        ("en", 1, 1, "child", "nearly", "nearly 1 child"), ("en", 1.5, 1.5, "h", "exact", "1.5 hours"), ("en", 1, 1, "h", "exact", "1 hour"),
        ("en", 5e10, 1e11, "CNY", "exact", "CNY 50 bn to 100 bn"), ("zh", 5e10, 1e11, "CNY", "over", "超过500亿至1000亿元"),
        ("ru", 21, 21, "country", "exact", "21 страна"),
        ("ru", 22, 22, "country", "nearly", "почти 22 страны"), ("ru", 25, 25, "country", "exact", "25 стран"),
        ("ru", 21, 21, "country", "over", "более 21 страны"),
        ("ru", 22, 22, "country", "about", "около 22 стран"), ("ru", 112, 112, "country", "exact", "112 стран"),
        ("ru", 2.5, 2.5, "country", "exact", "2,5 страны"),
        ("ru", 2.5, 2.5, "job", "exact", "2,5 рабочего места"), ("ru", 21, 21, "student", "atleast", "не менее 21 учащегося"),
        ("ru", 2, 3, "country", "exact", "от 2 до 3 стран"), ("ru", 2, 3, "country", "over", "более 2–3 стран"),
        ("en", 2, 3, "country", "about", "about 2 to 3 countries"), ("en", 1, 1, "m3", "exact", "1 m³"), ("en", 1, 1, "store", "over", "more than 1 shop"),
        ("en", 2, 2, "MWh", "exact", "2 MWh"), ("ru", 21, 21, "ha", "about", "около 21 га"), ("zh", 1.2e6, 1.2e6, "ha", "nearly", "近120万公顷"),
        ("en", 1e15, 1e15, "tree", "exact", "1,000 trn trees"), ("en", 0, 0, "person", "exact", "0 people"), ("en", -1, -1, "day", "exact", "−1 day"),
        ("ru", 21e6, 21e6, "country", "exact", f"21{NB}млн стран"), ("ru", 1, 1, "CNY", "exact", "1 юань"),
        ("ru", 5e10, 1e11, "CNY", "exact", f"от 50{NB}млрд до 100{NB}млрд юаней"), ("ru", 2, 2, "owl", "exact", "2 owl"),
    ],
)  # fmt: skip
def test_a_figure_is_stated_with_hedge_and_unit_that_agree(language, low, high, unit, hedge, written):
    assert load_labels(language).stated(low, high, unit, hedge) == written


@pytest.mark.parametrize(
    ("language", "when", "role", "written"),
    [
        ("en", "2020", "at", "in 2020"), ("en", "2020-03", "at", "in March 2020"), ("en", "2020-03-05", "as_of", "as of 5 March 2020"),
        ("en", "2020-02/2020-04", "at", "from February to April 2020"), ("en", "2020-02/2021-04", "at", "from February 2020 to April 2021"),
        ("en", "2020/2021-04", "at", "from 2020 to April 2021"),
        ("en", "2010/2020", "at", "from 2010 to 2020"),
        ("en", "2020-05-01/2020-05-09", "at", "from 1 May to 9 May 2020"),
        ("zh", "2020-02/2020-04", "at", "2020年2月至4月"), ("zh", "2020-03-05", "as_of", "截至2020年3月5日"), ("zh", "2020", "after", "2020年之后"),
        ("ru", "2020", "at", "в 2020 году"),
        ("ru", "2020-03", "at", "в марте 2020 года"), ("ru", "2020-03", "after", "после марта 2020 года"),
        ("ru", "2020-02/2020-04", "at", "с февраля по апрель 2020 года"), ("ru", "2010/2020", "at", "с 2010 года по 2020 год"),
        ("en", None, "at", ""), ("en", "soon", "at", "soon"), ("en", "2020-13", "at", "2020-13"), ("ru", "2020-00", "at", "2020-00"),
    ],
)  # fmt: skip
def test_a_time_is_told_as_a_sentence_tells_it(language, when, role, written):
    assert load_labels(language).time(when, role) == written


def test_one_of_a_kind_is_singular_in_english():
    assert load_labels("en").amount(1, "person") == "1 person" and load_labels("zh").amount(1, "person") == "1人"


@pytest.mark.parametrize(("key", "words"), list(leaves(TABLE)))
def test_every_label_has_all_languages_and_the_same_blanks(key, words):
    assert set(words) == set(languages()) and all(words.values())
    blanks = {code: {name for _, name, _, _ in string.Formatter().parse(text) if name} for code, text in words.items()}
    most = set().union(*blanks.values())
    # a language may leave out a blank whose words another chart text already holds, and one that only chooses words
    shown = {name for text in words.values() for _, name, spec, _ in string.Formatter().parse(text) if name and "|" not in spec}
    assert all(found >= shown & most - {"interval", "log", "unit"} for found in blanks.values()), blanks


@pytest.mark.parametrize(("key", "words"), [(key, words) for key, words in leaves(TABLE) if any("|" in text for text in words.values())])
def test_words_that_agree_have_a_form_for_every_number(key, words):
    for code, text in words.items():
        forms = {len(spec.split("|")) for _, name, spec, _ in string.Formatter().parse(text) if name and spec}
        assert forms <= {len(TABLE["agreement"][code]["rules"]) + 1}, (key, code)


@pytest.mark.parametrize("language", languages())
def test_forms_go_by_the_plural_categories_of_cldr(language):
    rule, words = Locale.parse(language).plural_form, load_labels(language)
    order = [name for name in ("one", "few", "many", "other") if name in {*rule.tags, "other"} and not (name == "other" and "many" in rule.tags)]
    for number in [*range(0, 130), 201, 211, 999]:
        assert words.choose(number, order) == rule(number), number


REGULAR = [(unit, forms) for unit, forms in TABLE["counted"]["ru"].items() if unit not in OWN_FORMS and " " not in forms[0]]


@pytest.mark.parametrize(("unit", "forms"), REGULAR)
def test_forms_of_a_counted_noun_are_those_of_the_dictionary(unit, forms):
    noun = next(p for p in MORPH.parse(forms[0]) if p.tag.POS == "NOUN" and p.tag.case == "nomn")
    assert [noun.make_agree_with_number(n).word.replace("\u0451", "\u0435") for n in (1, 2, 5)] == forms


@pytest.mark.parametrize("unit", list(TABLE["noun"]))
def test_many_of_a_noun_is_told_alike_everywhere(unit):
    assert TABLE["counted"]["ru"][unit][2] == TABLE["unit"][unit]["ru"]


@pytest.mark.parametrize("indicator", [row["id"] for row in INDICATORS["indicator"]])
def test_every_measure_has_a_name(indicator):
    assert indicator in TABLE["indicator"]


@pytest.mark.parametrize("unit", [unit for unit, row in load_lexicons().units.items() if row["kind"] != "money"])
def test_every_unit_of_measure_has_a_name(unit):
    assert load_labels().knows(unit)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("AT&T &copy;", "AT&amp;T &amp;copy;"), ("~~old~~ $1 to $2", "\\~\\~old\\~\\~ \\$1 to \\$2"),
        ("see https://a.example, www.b.example, c@d.example", "see https\\://a.example, www\\.b.example, c\\@d.example"),
        ("[x](javascript:y) <b>", "\\[x\\](javascript:y) &lt;b&gt;"),
    ],
)  # fmt: skip
def test_words_are_no_markdown(said, shown):
    assert escape_markdown(said) == shown


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
