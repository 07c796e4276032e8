"""The ledger: every digit and number word of a text is found on its own, and told apart when no row, or two, hold it."""

import re
import types

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from csrbook import cli, ledger
from csrbook.ledger import account, numerals, tell
from csrbook.lexicon import load_lexicons
from csrbook.mentions import Skipped, find_mentions

LEXICONS = load_lexicons()
LANGUAGES = sorted(LEXICONS)


def found(text, language):
    return [text[start:end] for start, end, _ in numerals(text, LEXICONS[language])]


def page(text, language="en"):
    return types.SimpleNamespace(doc="page", text=text, language=language, furniture=(), repeats=())


def rows(text, *parts, language="en", mentions=()):
    """The ledger of a text whose `parts` were set aside and whose `mentions` were extracted, each given as printed."""
    place = {part: (text.index(part), text.index(part) + len(part)) for part in (*parts, *mentions)}
    skipped = [Skipped("page", *place[part], part, "date", "year") for part in parts]
    spans = [types.SimpleNamespace(start=place[part][0], end=place[part][1]) for part in mentions]
    return account(page(text, language), spans, skipped, LEXICONS)


# --- what a numeral is ---


@given(st.text(), st.sampled_from(LANGUAGES))
def test_every_decimal_digit_of_any_text_is_found_once(text, language):
    spans = [(start, end) for start, end, kind in numerals(text, LEXICONS[language]) if kind == "digits"]
    assert [i for span in spans for i in range(*span)] == [i for i, sign in enumerate(text) if sign.isdecimal()]


@given(st.data(), st.sampled_from(LANGUAGES))
def test_every_number_word_is_found_wherever_it_stands(data, language):
    """Signs that stand for one character each need no space; so the words are joined as the language joins them."""
    spaced = LEXICONS[language].traits["word_spacing"]
    words = data.draw(st.lists(st.sampled_from(numbers(language)), min_size=1, max_size=6))
    text = (" " if spaced else "").join(words)
    spans = [span for *span, _ in numerals(text, LEXICONS[language])]
    assert {i for span in spans for i in range(*span)} >= {i for i, sign in enumerate(text) if sign.isalpha()}
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))


def numbers(language):
    return [form for e in LEXICONS[language].entries["numeral"] for form in e.forms]


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "Often ten tenths of a tent, attention: ten.", ["ten", "ten"]),
        ("en", "Twenty-five, ONE_TWO; one's 7th", ["Twenty", "five", "ONE", "TWO", "one", "7"]),
        ("en", "one third or two\u2011thirds or one\nhalf, not one\n\nhalf", ["one third", "two\u2011thirds", "one\nhalf", "one", "half"]),
        ("en", "sales doubled tenfold to tens of thousands", ["doubled", "tenfold", "tens", "thousands"]),
        ("en", "40k of several people; \uff11\uff12\uff0c\u0663\u0664 \u00bd \u2463 IV", ["40", "\uff11\uff12", "\u0663\u0664"]),
        ("en", "one\u0301 \u0301one four\u0301x five\u0130six", []),
        ("ru", "трёхсот и ТРЕХСОТ, полдня за полу", ["трёхсот", "ТРЕХСОТ", "полдня"]),
        ("ru", "столица, сторона, сто; шестимесячный полный", ["сто", "шестимесячный"]),
        ("ru", "одна треть из 5 млн и 7тыс.", ["одна треть", "5", "млн", "7", "тыс"]),
        ("ru", "на порядок\u00a0ниже, на  порядок", ["на порядок", "на  порядок"]),
        ("zh", "统一的二百三十万亿元和三万億、5萬", ["一", "二百三十万亿", "三万億", "5", "萬"]),
        ("zh", "一半、一百半、翻了一番、数十个", ["一半", "一百", "半", "翻了一番", "十"]),
        ("zh", "第三，１２3月 ten", ["三", "１２3"]),
    ],
)
def test_numerals_are(language, text, told):
    assert found(text, language) == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_gives_no_number_alone_is_none(language):
    entries = LEXICONS[language].entries
    known = {form for section in ("numeral", "magnitude", "fraction", "amount") for e in entries[section] for form in e.forms}
    for entry in (*entries["ordinal"], *(e for e in entries["magnitude"] if e.get("needs") == "joined")):
        assert not [found(form, language) for form in entry.forms if form not in known and found(form, language)]


def test_a_language_without_number_words_has_digits_only():
    bare = types.SimpleNamespace(
        traits={"word_spacing": True, "variants": []}, entries=dict.fromkeys(("numeral", "magnitude", "fraction", "amount", "unit"), ()),
        once=lambda key, make: make(),
    )  # fmt: skip
    assert list(numerals("ten 10", bare)) == [(4, 6, "digits")]


# --- where every numeral went ---


def test_a_numeral_is_extracted_or_set_aside():
    told = rows("In 2020 it sold three million masks.", "2020", mentions=["three million masks"])
    assert [(r.text, r.kind, r.outcome, r.reason, r.by) for r in told.rows] == [
        ("2020", "digits", "set aside", "date", "year"),
        ("three", "word", "mention", None, "16-35"),
        ("million", "word", "mention", None, "16-35"),
    ]
    assert told.adds_up and not told.silent and told.every == list(told.rows)


def test_a_hole_is_reported_with_its_place():
    told = rows("In 2020 it sold one of 7 masks.", "2020", mentions=["7 masks"])
    assert [(r.text, r.start, r.outcome) for r in told.uncovered] == [("one", 16, "no row")]
    assert not told.adds_up


def test_a_row_that_holds_half_a_number_is_a_hole():
    told = rows("It sold 2020 masks.", "20")
    assert [(r.text, r.outcome, r.by) for r in told.uncovered] == [("2020", "no row", "date year")]


@pytest.mark.parametrize("parts", [("2034", "34 masks"), ("203", "034 masks"), ("sold 2034 masks", "2034"), ("2034", "2034 masks")])
def test_a_numeral_in_two_rows_is_reported(parts):
    told = rows("It sold 2034 masks.", parts[0], mentions=parts[1:])
    assert [r.text for r in told.twice] == ["2034"] and not told.uncovered and not told.rows and not told.adds_up


def test_digits_cut_between_two_rows_are_in_both():
    told = account(page("2020"), [], [Skipped("page", 0, 2, "20", "date", "a"), Skipped("page", 2, 4, "20", "date", "b")], LEXICONS)
    assert [(r.text, r.by) for r in told.twice] == [("2020", "date a, date b")]


def test_a_run_of_signs_may_be_divided_but_not_left():
    text = "\u7edf\u4e00\u4e09\u5927"  # a word that ends in "one", then "three big"
    cut = [Skipped("page", 0, 2, text[:2], "word", "w")]
    told = account(page(text, "zh"), [types.SimpleNamespace(start=2, end=4)], cut, LEXICONS)
    assert [(r.text, r.outcome) for r in told.rows] == [(text[1], "set aside"), (text[2], "mention")] and told.adds_up
    assert [r.text for r in account(page(text, "zh"), [], cut, LEXICONS).uncovered] == [text[2]]


def test_words_of_a_form_may_stand_in_rows_of_their_own():
    assert rows("one third", "one", "third").adds_up
    left = rows("one third", "one")
    assert [(r.text, r.by) for r in left.uncovered] == [("one third", "date year")] and not left.rows


def test_a_row_without_a_numeral_is_told_but_no_fault():
    told = rows("The first of 3", "first", "3")
    assert [r.text for r in told.silent] == ["first"] and told.adds_up


@given(st.data())
def test_each_numeral_goes_to_one_place_whatever_the_rows(data):
    text = data.draw(st.text("one 12\u4e00\u4e8c,", max_size=30))
    cut = st.integers(0, len(text))
    spans = [sorted(pair) for pair in data.draw(st.lists(st.tuples(cut, cut), max_size=6))]
    language = data.draw(st.sampled_from(LANGUAGES))
    told = account(page(text, language), [], [Skipped("page", *span, "", "date", "year") for span in spans], LEXICONS)
    letters = [i for start, end, _ in numerals(text, LEXICONS[language]) for i in range(start, end) if not text[i].isspace()]
    assert [i for row in told.every for i in range(row.start, row.end) if not text[i].isspace()] == letters
    depth = [sum(start <= i < end for start, end in spans) for i in range(len(text))]
    assert all(depth[i] == 1 for row in told.rows for i in range(row.start, row.end))
    assert all(0 in depth[row.start : row.end] for row in told.uncovered)


def test_an_unknown_language_is_an_error():
    with pytest.raises(KeyError):
        account(page("7", "xx"), [], [], LEXICONS)


# --- what a person is told ---


def test_sums_classes_samples_and_faults_are_told():
    text = "In 2020, 2021, 2020 and 2022 and 2023 it\nsold five masks."
    years = [match.span() for match in re.finditer("20..", text)]
    one = account(page(text), [], [Skipped("page", *span, "", "date", "year") for span in years], LEXICONS)
    assert list(tell([one])) == [
        "page: 6 numerals = 0 extracted + 5 set aside (date 5) + 1 in no row",
        "all 1 documents: 6 numerals = 0 extracted + 5 set aside (date 5) + 1 in no row",
        "",
        "set aside, by reason and rule (1 classes)",
        "  5 date by year",  # 2020 comes twice and is quoted once
        "      page 3: In [2020], 2021, 2020 and 2022 an",
        "      page 9: In 2020, [2021], 2020 and 2022 and 2023",
        "      page 24: In 2020, 2021, 2020 and [2022] and 2023 it sold five m",
        "page 46-50: word in no row: d 2022 and 2023 it sold [five] masks.",
    ]


def test_only_the_largest_classes_are_told(monkeypatch):
    monkeypatch.setattr(ledger, "CLASSES", 1)
    aside = [Skipped("page", i, i + 1, "", "other", "x" if i else "y") for i in (0, 2, 4)]
    lines = list(tell([account(page("1 2 3"), [], aside, LEXICONS)]))
    assert "  2 other by x" in lines and lines[-1] == "  1 in 1 smaller classes"


def test_a_quotation_never_moves_the_terminal():
    one = rows("a\x1b[2J\r\n7 b\u202e", "7")
    assert one.quote(one.rows[0]) == "a [2J [7] b"


# --- the command ---


def call(*arguments):
    return CliRunner().invoke(cli.main, ["ledger", *map(str, arguments)])


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("The company gave 61,400 masks to three hospitals in March 2020.", encoding="utf-8")
    return path


def test_check_proves_a_document(report):
    result = call(report, "--check")
    assert result.exit_code == 0 and not result.stderr
    assert result.stdout.startswith("report: 4 numerals = 3 extracted + 1 set aside (date 1)\n")


def test_check_fails_where_a_numeral_is_lost(report, monkeypatch):
    real = numerals
    monkeypatch.setattr(ledger, "numerals", lambda text, lexicon: [*real(text, lexicon), (len(text) - 1, len(text), "word")])
    result = call(report, "--check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "report 62-63: word in no row: hospitals in March 2020[.]"
    assert result.stderr.startswith("ledger: 1 numerals stand in no row and 0 in two; every numeral stands in exactly one;")


def test_all_prints_extracted_numerals_too(report):
    result = call(report, "--all", "--jsonl")
    assert [line.count('"mention"') for line in result.stdout.splitlines()] == [1, 1, 1, 0]


@pytest.mark.parametrize("other", ["--all", "--jsonl"])
def test_check_stands_alone(report, other):
    result = call(report, "--check", other)
    assert result.exit_code == 2 and "leave out --all and --jsonl" in result.stderr


# --- the proof ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_of_the_lexicon_add_up(language):
    """Every sample sentence of every section, a document each."""
    faults = []
    for entries in LEXICONS[language].entries.values():
        for entry in entries:
            text = entry.sample.replace("[", "").replace("]", "")
            one = account(page(text, language), *find_mentions(page(text, language), LEXICONS), LEXICONS)
            faults += [one.quote(row) for row in (*one.uncovered, *one.twice)]
    assert not faults
