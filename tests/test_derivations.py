"""derivations: what explain prints can be followed back to the line of a lexicon file."""

import tomllib
from importlib.resources import files

import pytest

from csrbook.derivations import explain, line_of
from csrbook.lexicon import load_lexicons
from csrbook.mentions import find_mentions
from marked import document

LEXICONS = load_lexicons()
LINES = {
    path.name: path.read_text(encoding="utf-8").splitlines()
    for path in files("csrbook").joinpath("lexicons").iterdir()
    if path.name.endswith(".toml")
}


def told(text, language):
    """Return the lines under each numeral as {name: what it says}, the last of a name."""
    rows = []
    for line in explain(text, LEXICONS, language=language):
        if line.startswith("  "):
            name, _, said = line.strip().partition("  ")
            rows[-1][name.strip()] = said.strip()
        else:
            rows.append({"": line})
    return rows


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_line_of_an_entry_is_the_line_it_stands_on(language):
    for entries in LEXICONS[language].entries.values():
        for entry in entries:
            name, line = line_of(entry).removeprefix("lexicons/").split(":")
            printed = LINES[name][int(line) - 1]
            printed = printed[printed.index("{") : printed.rindex("}") + 1]
            assert tomllib.loads(f"entry = {printed}")["entry"] == entry.keys, entry.where


def test_derivation_of_an_amount():
    (row,) = told("\u8fd134\u4ebf\u5143", "zh")
    assert row[""].endswith("at 1 to 5")
    assert row["tokens"] == "34 | \u4ebf | \u5143"
    assert row["qualifier"].startswith("\u8fd1 = nearly  lexicons/zh.toml:")
    assert row["magnitude"].startswith("\u4ebf = 100000000  lexicons/zh.toml:")
    assert row["unit"].startswith("\u5143 = CNY  lexicons/zh.toml:")
    assert row["reading"] == "3400000000 CNY, nearly"
    assert row["interval"] == "(3350000000, 3400000000]"


@pytest.mark.parametrize(
    ("text", "language", "interval"),
    [
        ("over 1 million users", "en", "[1000000, open)"),
        ("2.2\u4ebf\u68f5", "zh", "[215000000, 225000000)"),
        ("300 families", "en", "[300, 300]"),
        ("50-100 yuan", "en", "[50, 100]"),
        ("up to 300 families", "en", "[0, 300]"),
    ],
)
def test_interval_tells_which_end_is_left_out(text, language, interval):
    (row,) = told(text, language)
    assert row["interval"] == interval


def test_what_is_set_aside_tells_the_rule_and_where_it_stands():
    (row,) = told("COVID-19", "en")
    assert row["set aside"].startswith("name [lexicons/en.toml, lookalike")
    assert "lexicons/en.toml:" in row["lookalike"]


def test_a_number_grown_into_a_word_names_its_unit():
    (row,) = told("\u0448\u0435\u0441\u0442\u0438\u043c\u0435\u0441\u044f\u0447\u043d\u044b\u0439 \u043a\u0443\u0440\u0441", "ru")
    assert row["reading"] == "6 month, exact"
    assert "lexicons/ru.toml:" in row["unit"]


@pytest.mark.parametrize("text", ["It lent $5-7 million to 1,200 firms in 2020, up 12%.", "half a day; 3 of 4; No. 7", ""])
def test_a_text_is_explained_as_it_is_read(text):
    mentions, skipped = find_mentions(document(text, "en"), LEXICONS)
    rows = told(text, "en")
    assert len(rows) == len(mentions) + len(skipped)
    assert [row["rule"] for row in rows if "rule" in row] == [mention.rule for mention in mentions]
    assert [row["set aside"] for row in rows if "set aside" in row] == [f"{s.reason} [{s.rule}]" for s in skipped]
