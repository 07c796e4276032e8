"""mentions: what each language writes is read as its rows say, and every numeral of a text is accounted for.

Keys of a row in tests/cases/<language>.toml: `id` (found by search), `rule` (one of tests/cases/rules.toml), `text` with the mentions in square brackets,
`value` and `unit` (one for all brackets, or a list; no unit, or "-" in a list: it has none), `value_max`, `qualifier`, `note` (begins
with or contains it), `others` (the text holds mentions that are not marked), `reason` (no brackets: how the numeral
is set aside), `expected_failure` (why it does not work yet), `why`.
"""

import re
import time
import tomllib
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import document, read, unmark

from csrbook.lexicon import load_lexicons
from csrbook.mentions import find_mentions, interval
from csrbook.tokens import fold

CASES = Path(__file__).parent / "cases"
LANGUAGES = ["en", "ru", "zh"]
KEYS = {"id", "rule", "text", "value", "unit", "value_max", "qualifier", "note", "others", "reason", "expected_failure", "why"}


def rows():
    """Every row of every language as a pytest parameter; rows that do not work yet are strict expected failures."""
    for language in LANGUAGES:
        table = tomllib.loads((CASES / f"{language}.toml").read_text(encoding="utf-8"))
        for row in table["case"]:
            marks = [pytest.mark.xfail(strict=True, reason=row["expected_failure"])] if "expected_failure" in row else []
            yield pytest.param(language, row, id=f"{language}-{row['id']}", marks=marks)


ROWS = list(rows())


def each(value, count):
    return value if isinstance(value, list) else [value] * count


def check_row(row, mention, value, unit):
    assert mention.value == Decimal(value)
    assert mention.unit == (None if unit == "-" else unit)
    assert mention.value_max == (Decimal(row["value_max"]) if "value_max" in row else None)
    if "qualifier" in row:
        assert mention.qualifier == row["qualifier"]
    if "note" in row:
        assert row["note"] in (mention.note or "")


@pytest.mark.parametrize(("language", "row"), ROWS)
def test_row_is_read_as_it_says(language, row):
    text, spans = unmark(row["text"].replace("\\n", "\n"))
    mentions, skipped = read(text, language)
    if not spans:
        assert [m.text for m in mentions] == []
        assert row["reason"] in {s.reason for s in skipped}
        return
    found = {(m.start, m.end): m for m in mentions}
    assert set(spans) <= set(found) if "others" in row else set(spans) == set(found), [m.text for m in mentions]
    for span, value, unit in zip(spans, each(row["value"], len(spans)), each(row.get("unit"), len(spans)), strict=True):
        check_row(row, found[span], value, unit)


RULES = tomllib.loads((CASES / "rules.toml").read_text(encoding="utf-8"))["rules"]
LEAST = 150  # rows a language


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_well_formed_and_many(language):
    table = tomllib.loads((CASES / f"{language}.toml").read_text(encoding="utf-8"))
    ids = [row["id"] for row in table["case"]]
    assert len(ids) == len(set(ids)) >= LEAST
    assert [row["id"] for row in table["case"] if not (set(row) <= KEYS and row["why"] and row["rule"] in RULES)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_row_in_every_language(rule, language):
    assert any(p.values[0] == language and p.values[1]["rule"] == rule and "expected_failure" not in p.values[1] for p in ROWS)


# ---- nothing silent --------------------------------------------------------------------------------------------------

ALPHABET = {
    "en": "0123456789 ,.-%$()\n'\"/:+ abkm million thousand yuan Q3 2020 may one and half to",
    "zh": "0123456789 ,.-%$()\n“”/:+一二三十百千万亿半成折个人元年月日第至分之点几多余的和、",
    "ru": "0123456789 ,.-%$()\n«»/:+ млн тыс руб пять сто полтора до и года раз лет",
}


def account_for(text, language, furniture=()):
    """Check the promises that hold for any text whatever."""
    doc = SimpleNamespace(doc="any", text=text, language=language, furniture=furniture)
    mentions, skipped = find_mentions(doc, load_lexicons())
    assert all(text[found.start : found.end] == found.text for found in (*mentions, *skipped))
    spans = sorted((found.start, found.end) for found in (*mentions, *skipped))
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False)), "disjoint"
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    covered = {offset for start, end in spans for offset in range(start, end)}
    assert {at for at, char in enumerate(fold(text)) if char in "0123456789"} <= covered, "a digit in no row"
    return mentions


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_digit_of_a_number_like_text_is_accounted_for(language, data):
    account_for(data.draw(st.text(alphabet=ALPHABET[language], max_size=60)), language)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_raises_nothing_and_is_accounted_for(language, text):
    account_for(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_text_made_of_forms_is_accounted_for(language, data):
    entries = load_lexicons()[language].entries
    forms = [form for rows in entries.values() for e in rows for form in (*e.get("forms", ()), *e.get("joined", ()))]
    pieces = st.one_of(st.sampled_from(forms), st.integers(0, 99999).map(str), st.sampled_from([" ", ",", ".", "-", "\n\n", "(", ")"]))
    gap = "" if language == "zh" else " "
    account_for(gap.join(data.draw(st.lists(pieces, max_size=12))), language)


def test_furniture_holds_no_mention_and_is_accounted_for():
    text = "It fed 300 families. Read also: 12 tips for 5 gardens."
    passage = SimpleNamespace(start=21, end=len(text), reason="related")
    mentions = account_for(text, "en", (passage,))
    assert [m.text for m in mentions] == ["300 families"]
    _, skipped = find_mentions(SimpleNamespace(doc="a", text=text, language="en", furniture=(passage,)), load_lexicons())
    assert [(s.text, s.reason, s.rule) for s in skipped] == [("12", "furniture", "related"), ("5", "furniture", "related")]


# ---- intervals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("投入近34亿元。", "zh", "3350000000", "3400000000"),
        ("It has over 1 million users.", "en", "1000000", None),
        ("种下2.2亿棵。", "zh", "215000000", "225000000"),
        ("Платят до 300 рублей.", "ru", "0", "300"),
        ("It fed 300 families.", "en", "300", "300"),
        ("It costs 50-100 yuan.", "en", "50", "100"),
        ("It fed about 300 families.", "en", "285", "315"),
        ("It planted 2.5 million trees.", "en", "2450000", "2550000"),
        ("It planted one million two hundred thousand trees.", "en", "1199500", "1200500"),
        ("It planted nearly 2,000 trees.", "en", "1500", "2000"),
    ],
)
def test_interval_is_what_digits_and_hedge_allow(text, language, low, high):
    (mention,), _ = read(text, language)
    assert mention.low == Decimal(low)
    assert mention.high == (None if high is None else Decimal(high))


def test_interval_of_a_range_is_its_ends():
    assert interval(Decimal(5), Decimal(7), qualifier="over", step=Decimal(1), rounded=True) == (5, 7)


# ---- a sentence alone and in its document; cost ----------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_reads_the_same_alone_and_in_its_document(language):
    texts = [unmark(p.values[1]["text"])[0] for p in ROWS if p.values[0] == language and "\\n" not in p.values[1]["text"]]
    texts = [text for text in texts if not re.search(r"\d[.,]\d{3}\b", text)]  # what the marks of others decide, by design
    whole = "\n\n".join(texts)
    alone, start = [], 0
    for text in texts:
        alone += [(m.start + start, m.text, m.value, m.unit) for m in read(text, language)[0]]
        start += len(text) + 2
    assert [(m.start, m.text, m.value, m.unit) for m in read(whole, language)[0]] == alone


HEAPS = {
    "digits": "7", "letters": "a", "cyrillic": "\u0436", "han": "\u5341", "magnitudes": "\u4e07", "versions": "1.", "dashes": "1-",
    "list": "5, ", "brackets": "(", "words": "million ", "thousands": "hundred thousand ", "spaces": "000 ", "half": "\u534a", "years": "2020 ", "ones": "1 ",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("heap", HEAPS)
def test_cost_grows_with_the_length(language, heap):
    lexicons = load_lexicons()
    find_mentions(document(HEAPS[heap] * 10, language), lexicons)

    def cost(count):
        start = time.process_time()
        find_mentions(document(HEAPS[heap] * count, language), lexicons)
        return time.process_time() - start

    short = min(cost(1000) for _ in range(3))
    assert any(cost(10_000) < 40 * short + 0.05 for _ in range(2)), "ten times the text, not a hundred times the work"
