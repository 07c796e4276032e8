"""naming: documents by publisher, title and date; bodies and programmes in the reader's language."""

import pytest

from csrbook.labels import languages, load_labels
from csrbook.lexicon import load_lexicons
from csrbook.naming import document_names, own_names, own_nouns

LABELS = load_labels("en")


def names(*rows, language="en"):
    sources = [{"doc": f"file-{n}", "publisher": None, "title": None, "date": None} | row for n, row in enumerate(rows, 1)]
    return list(document_names(sources, labels=load_labels(language)).values())


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([{"publisher": "The Post"}, {"publisher": "The Guild"}], ["The Post", "The Guild"]),
        ([{"publisher": "The Post", "date": day} for day in ("2021-06-01", "2021-07")], ["The Post, 1 June 2021", "The Post, July 2021"]),
        ([{"publisher": "News", "date": "2021"}, {"publisher": "Evening News"}], ["News, 2021", "Evening News"]),
        ([{"publisher": "The Post", "title": "A"}, {"publisher": "The Post", "title": "B"}], ["“A”", "“B”"]),
        ([{"title": "A", "date": "2021"}, {"title": "A", "date": "2022"}], ["“A”, 2021", "“A”, 2022"]),
        ([{"title": "A"}, {"title": "A"}], ["file-1", "file-2"]),
        ([{"publisher": float("nan"), "title": "A"}, {}], ["“A”", "file-2"]),
        ([{"publisher": "the post"}, {"publisher": "The Post", "title": "B"}], ["file-1", "“B”"]),
        ([{"title": "The town garden and all the villages that lie along its old river"}], ["“The town garden and all the villages that lie along its old…”"]),
        ([{"publisher": "The\u202e Post\n"}], ["The Post"]),
    ],
)
def test_a_document_has_the_shortest_name_that_tells_it_apart(rows, named):
    assert names(*rows) == named and len(set(named)) == len(named)


def test_dates_and_titles_are_written_in_the_language_of_the_reader():
    rows = [{"title": "A", "date": "2021-06-01"}, {"title": "A", "date": "2022"}]
    assert names(*rows, language="zh") == ["《A》，2021年6月1日", "《A》，2022年"]
    assert names(*rows, language="ru") == ["«A», 1 июня 2021 года", "«A», 2022 год"]


TABLE = {
    "actor": [
        {"name": "Lantern Mill", "forms": ["Lantern Mill", "мельница Lantern", "фонд «Фонарь»", "灯笼坊"]},
        {"name": "Orchard", "forms": ["Orchard", "сад Orchard"]},
    ],
    "programme": [
        {"name": "Town Garden", "forms": ["Town Garden", "сад Town", "городской сад"]},
        {"name": "Plain words", "weak": True, "forms": ["сажали"]},
    ],
}


@pytest.mark.parametrize(
    ("language", "named"),
    [("en", {}), ("ru", {"Lantern Mill": "фонд «Фонарь»", "Town Garden": "Городской сад"}), ("zh", {"Lantern Mill": "灯笼坊"})],
)
def test_names_are_those_that_the_table_has_in_the_language(language, named):
    labels = load_labels(language)
    told = own_names(TABLE, labels=labels)
    assert {name: told[name] for name in told if name not in labels.order("programme")} == named


def test_every_name_of_the_labels_is_one_of_the_table_told_in_plain_words():
    weak = {row["name"] for row in load_lexicons().tables["names"]["programme"] if row.get("weak")}
    assert weak == set(LABELS.order("programme"))


@pytest.mark.parametrize("language", languages())
def test_no_two_programmes_have_one_name(language):
    told = own_names(load_lexicons().tables["names"], labels=load_labels(language))
    twice = [name for name in told.values() if list(told.values()).count(name) > 1]
    assert not twice


@pytest.mark.parametrize(
    ("name", "language", "shown"),
    [
        ("Sberbank", "ru", "Сбербанк"), ("Google", "zh", "谷歌"), ("Google", "en", None),
        ("Ele.me", "ru", None),  # two Cyrillic letters that a keyboard slipped into a Latin name
    ],
)  # fmt: skip
def test_a_body_is_called_as_its_readers_call_it(name, language, shown):
    assert own_names(load_lexicons().tables["names"], labels=load_labels(language)).get(name) == shown


@pytest.mark.parametrize("language", languages())
def test_no_slip_of_a_machine_translation_is_a_name(language):
    table = load_lexicons().tables["names"]
    told = own_names(table, labels=load_labels(language))
    assert not [row["name"] for row in (*table["actor"], *table["programme"]) if told.get(row["name"]) in row.get("slips", ())]


@pytest.mark.parametrize(
    ("language", "value", "unit", "written"),
    [
        ("en", 3, "library", "3 libraries"), ("en", 1, "library", "1 library"), ("en", 7, "boy", "7 boys"),
        ("en", 2, "goose", "2 geese"), ("en", 2, "poor_county", "2 poor counties"),
        ("ru", 21, "library", "21 библиотека"), ("ru", 2, "library", "2 библиотеки"), ("ru", 5, "library", "5 библиотек"),
        ("zh", 3, "museum", "3家博物馆"), ("zh", 3, "economist", "3位经济学家"), ("zh", 2, "owl", "2个猫头鹰"),
        ("en", 2, "HKD", "HKD 2"), ("ru", 2, "unemployed person", "2 безработных"), ("ru", 2, "shower", "2 душевые"),
        ("ru", 3, "no such thing", "3 no such thing"), ("en", 3, "school", "3 schools"),
    ],
)  # fmt: skip
def test_a_noun_that_the_labels_lack_is_the_one_that_the_lexicon_counts(language, value, unit, written):
    assert own_nouns(load_lexicons(), [unit], labels=load_labels(language)).stated(value, value, unit) == written


def test_only_what_is_asked_for_is_looked_up():
    words = own_nouns(load_lexicons(), ["library", "school"], labels=load_labels("en"))
    assert list(words.nouns) == ["library"] and not load_labels("en").nouns
