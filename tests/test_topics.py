"""Topics: themes, promises and measures, by the tables alone."""

import pytest
from test_claims import make_document, read_marked

from csrbook.claims import attach
from csrbook.lexicon import load_lexicons


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


@pytest.mark.parametrize("key", ["units", "sdg", "gri", "en", "zh", "ru"])
def test_every_theme_has_every_key(key):
    assert all(key in theme for theme in load_lexicons().tables["themes"]["theme"])
