"""Topics: themes, promises and measures, by the tables alone."""

import re

import pytest
from test_claims import make_document, read_marked

from csrbook.claims import attach
from csrbook.lexicon import load_lexicons
from csrbook.sequences import settle
from csrbook.themes import units_of


def claim_of(marked, language, unit, date="2021-03-01"):
    text, mentions = read_marked(marked, [unit])
    return attach(make_document(text, language, date=date), mentions, lexicons=load_lexicons())[0]


@pytest.mark.parametrize(
    ("marked", "language", "unit", "indicator"),
    [
        ("It planted [5 trees] in the hills.", "en", "tree", "trees_planted"),
        ("It lent [5 million yuan] in cheap loans to shops.", "en", "CNY", "money_lent"),
        ("It donated [5 million yuan] to clinics.", "en", "CNY", "money_given"),
        ("It cut carbon emissions by [5 tons].", "en", "t", "emissions_avoided"),
        ("捐赠口罩[5只]给医院。", "zh", "mask", "items_donated"),
        ("募集善款[5万元]用于公益。", "zh", "CNY", "money_raised"),
        ("提供就业岗位[5个]。", "zh", "job", "jobs_created"),
        ("Помощь дошла до [5 стран].", "ru", "country", "countries_reached"),
        ("Курсы посетили [5 студентов], идет обучение.", "ru", "student", "pupils_taught"),
        ("Врачи заметили [5 слонов].", "ru", "elephant", None),
    ],
)
def test_measure(marked, language, unit, indicator):
    assert claim_of(marked, language, unit).indicator == indicator


@pytest.mark.parametrize(
    ("marked", "language", "target"),
    [
        ("It will plant [5 trees].", "en", True),
        ("It planted [5 trees] and will go on.", "en", False),
        ("It will not plant [5 trees].", "en", False),
        ("It has planted [5 trees] and hopes for rain.", "en", False),
        ("将向学校捐树[5棵]。", "zh", True),
        ("已向学校捐树[5棵]。", "zh", False),
        ("Фонд намерен посадить [5 деревьев].", "ru", True),
        ("Фонд не намерен сажать [5 деревьев].", "ru", False),
        ("Фонд высадил [5 деревьев] и будет их поливать.", "ru", False),
    ],
)
def test_promise_or_result(marked, language, target):
    assert claim_of(marked, language, "tree").target is target


@pytest.mark.parametrize("key", ["units", "sdg", "gri"])
def test_every_theme_has_every_key(key):
    assert all(key in theme for theme in load_lexicons().tables["themes"]["theme"])


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_words_of_every_theme_stand_in_every_language(language):
    tables = load_lexicons().tables
    own = tables[f"{language}.topics"]
    assert list(own["theme"]) == [theme["id"] for theme in tables["themes"]["theme"]]
    assert list(own["relevance"]) == ["given", "built", "told", "leaning"]
    for words in (own["theme"].values(), [own["relevance"]]):
        forms = [form for group in words for kind in group.values() for form in kind]
        assert len(forms) == len(set(forms))


def test_a_unit_points_to_one_theme():
    found = units_of(load_lexicons().tables["themes"]["theme"])
    assert len(found) > 1500
    several = {unit for unit, themes in found.items() if len(themes) > 1}
    assert several == {"restaurant"}  # a small business, and a place where a town meets
    assert all(len(themes) == len(set(themes)) for themes in found.values())


def test_goals_and_topics_are_those_of_the_lists():
    for theme in load_lexicons().tables["themes"]["theme"]:
        assert set(theme["sdg"]) <= set(range(1, 18))
        assert all(re.fullmatch(r"2|20[1-7]|30[1-8]|4(0[1-9]|1[0-8])", topic) for topic in theme["gri"])


def test_measures_are_many_and_their_themes_exist():
    tables = load_lexicons().tables
    entries, themes = tables["indicators"]["indicator"], {theme["id"] for theme in tables["themes"]["theme"]}
    assert len(entries) >= 40 and len({entry["id"] for entry in entries}) == len(entries)
    assert all(set(entry.get("themes", ())) <= themes and (entry["unit"] and entry["title"]) for entry in entries)


@pytest.mark.parametrize(
    ("marked", "language", "unit", "theme", "relevance"),
    [
        ("The bank waived [5 million yuan] in fees for small merchants.", "en", "CNY", "business_support", "csr"),
        ("The ministry of health counted [5 cases] of cholera across the country.", "en", "case", "public_health", "context"),
        ("Net profit rose to [5 million yuan], and the share price with it.", "en", "CNY", "corporate", "context"),
        ("Компания бесплатно обучила [5 учителей] сельских школ.", "ru", "teacher", "education", "csr"),
        ("Чистая прибыль и выручка группы составили [5 млрд юаней].", "ru", "CNY", "corporate", "context"),
        ("公司为独居老人免费安装了扶手[5套]，方便残疾人士。", "zh", "item", "inclusion", "csr"),
        ("据统计局数据，全国失业率为[5%]。", "zh", "percent", "employment", "context"),
    ],
)
def test_theme_and_relevance(marked, language, unit, theme, relevance):
    claim = claim_of(marked, language, unit)
    assert (claim.theme, claim.relevance) == (theme, relevance)


def test_numbers_in_a_row_hold_together():
    """Told of alone a sum says nothing; beside numbers of schools it is about schools."""
    tables = [[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.2, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]
    alone = settle(tables, [(0.0, 0.0)] * 3)[1]
    beside = settle(tables, [(0.0, 0.0), (2.0, 0.5), (2.0, 0.5)])[1]
    assert alone[1][0] == max(map(max, alone)) and beside[0][0] == max(map(max, beside))
    assert abs(sum(map(sum, beside)) - 1) < 1e-9


def test_nothing_is_settled_where_nothing_is_asked():
    assert settle([], []) == []
