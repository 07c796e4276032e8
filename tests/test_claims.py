"""Claims: every row of cases/claims_*.toml, and what must hold for any text."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from csrbook.claims import attach, make_claims, record
from csrbook.documents import Document
from csrbook.furniture import Passage
from csrbook.lexicon import load_lexicons
from csrbook.mentions import Mention

GOLD_ORDER = (
    "id doc start end text value value_max unit kind qualifier when when_type target actor programme theme relevance "
    "optional repeat_of restates note"
).split()
GIVEN = ("id", "text", "units", "values", "date", "why", "expected_failure")


def row(case, *given, name=None):
    """Return a row of cases as a parameter; one with `expected_failure` has to fail, for the reason it states."""
    marks = [pytest.mark.xfail(reason=case["expected_failure"], strict=True)] if "expected_failure" in case else []
    return pytest.param(*given, case, id=name or case["id"], marks=marks)


CASES = [
    row(case, data["language"], name=f"{data['language']}-{case['id']}")
    for path in sorted((Path(__file__).parent / "cases").glob("claims_*.toml"))
    for data in [tomllib.loads(path.read_text(encoding="utf-8"))]
    for case in data["case"]
]
BOOLEAN = ("repeat_of", "restates")


def make_document(text, language, *, date=None, furniture=(), repeats=()):
    return Document(
        doc="made-up", path="made-up.txt", text=text, sha256="0" * 64, language=language, language_by="given", title="",
        title_by="none", publisher=None, date=date, date_by="manifest" if date else None, kind=None, encoding="utf-8",
        format="txt", furniture=furniture, repeats=repeats,
    )  # fmt: skip


def make_mention(text, start, end, unit, *, value="1"):
    kind = load_lexicons().kind(unit)
    return Mention("made-up", start, end, text[start:end], Decimal(value), None, unit, kind, "exact", None, None, "made")


def read_marked(marked, units, values=None):
    """Return (text, mentions) of a text with its numbers in brackets; `values` are those of the numbers, 1 where left out."""
    text, spans = "", []
    for piece in marked.replace("[", "\0[").replace("]", "]\0").split("\0"):
        if piece.startswith("["):
            spans.append((len(text), len(text) + len(piece) - 2))
            piece = piece[1:-1]
        text += piece
    assert len(spans) == len(units), "one unit for every number in brackets"
    values = [str(value) for value in values or [1] * len(units)]
    told = zip(spans, units, values, strict=True)
    return text, [make_mention(text, start, end, unit, value=value) for (start, end), unit, value in told]


@pytest.mark.parametrize(("language", "case"), CASES)
def test_context_of_a_number(language, case):
    text, mentions = read_marked(case["text"], case["units"], case.get("values"))
    claim = attach(make_document(text, language, date=case.get("date")), mentions, lexicons=load_lexicons())[-1]
    expected = {key: value for key, value in case.items() if key not in GIVEN}
    found = {key: bool(getattr(claim, key)) if key in BOOLEAN else getattr(claim, key) or "" for key in expected}
    found |= {"target": claim.target} if "target" in expected else {}
    assert found == expected, claim.rule


def test_record_has_the_gold_names_first_and_is_json():
    text = "By May 2021 Huawei gave [2.5 million yuan] to schools."
    text, mentions = read_marked(text, ["CNY"])
    claim = attach(make_document(text, "en"), mentions, lexicons=load_lexicons())[0]
    row = record(claim)
    assert list(row)[: len(GOLD_ORDER)] == GOLD_ORDER
    assert json.loads(json.dumps(row)) == row
    assert row["id"] == "made-up-0001"
    assert isinstance(row["value"], int)


def test_claim_id_depends_on_document_and_span_alone():
    text, mentions = read_marked("Huawei gave [5 books] and [7 books] to schools.", ["book", "book"])
    document = make_document(text, "en")
    first = attach(document, mentions, lexicons=load_lexicons())
    second = attach(document, mentions[1:], lexicons=load_lexicons())
    assert first[1].claim_id == second[0].claim_id != first[0].claim_id
    assert len(first[0].claim_id) == 16


def test_furniture_names_nobody():
    text = "The fund gave [5 books] to a school.\n\nRelated: Huawei, Huawei and Huawei again."
    text, mentions = read_marked(text, ["book"])
    document = make_document(text, "en", furniture=(Passage(text.index("Related"), len(text), "related"),))
    assert attach(document, mentions, lexicons=load_lexicons())[0].actor is None


def test_passage_printed_again_takes_what_the_first_printing_says():
    text = "In 2019 Huawei gave [500 books] to a school in the hills.\n\nMuch later.\n\nIn 2019 Huawei gave [500 books] to a"
    text, mentions = read_marked(text, ["book", "book"])
    again = text.rindex("In 2019")
    document = make_document(text, "en", repeats=(Passage(again, len(text), "repeat", 0),))
    first, second = attach(document, mentions, lexicons=load_lexicons())
    assert second.repeat_of == first.id
    assert (second.when, second.actor, second.theme) == (first.when, first.actor, first.theme) == ("2019", "Huawei", "education")


def test_every_attribute_names_its_rule():
    text, mentions = read_marked("Huawei gave [5 books] to a school.", ["book"])
    claim = attach(make_document(text, "en"), mentions, lexicons=load_lexicons())[0]
    assert set(claim.rule) == {"when", "target", "actor", "programme", "theme", "relevance", "indicator", "place"}
    assert all(claim.rule.values())
    assert 0 < claim.confidence < 1


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
@pytest.mark.parametrize("text", ["", "\n\n", "5", "(", "。。；", "«", "2020", "A" * 5000, "1 " * 3000])
def test_any_text_is_read(language, text):
    extraction = make_claims(make_document(text, language), load_lexicons())
    assert [c.start for c in extraction.claims] == sorted(c.start for c in extraction.claims)
    assert all(text[c.start : c.end] == c.text for c in extraction.claims)


@pytest.mark.parametrize("stem", ["names", "themes", "indicators"])
def test_shared_tables_are_loaded(stem):
    assert load_lexicons().tables[stem]


def test_owners_parents_and_themes_exist():
    names, themes = load_lexicons().tables["names"], load_lexicons().tables["themes"]
    actors = {a["name"] for a in names["actor"]}
    assert {a["parent"] for a in names["actor"] if "parent" in a} <= actors
    assert {p["owner"] for p in names["programme"] if "owner" in p} <= actors
    assert {p["theme"] for p in names["programme"] if "theme" in p} <= {t["id"] for t in themes["theme"]}
    assert len({p["name"] for p in names["programme"]}) == len(names["programme"])


def test_indicators_are_defined_in_one_sentence_in_three_languages():
    indicators, units = load_lexicons().tables["indicators"]["indicator"], load_lexicons().units
    assert len(indicators) >= 25
    for entry in indicators:
        assert entry["definition"].endswith(".") and entry["definition"].count(". ") == 0, entry["id"]
        assert entry["aggregate"] in {"sum", "latest", "mean", "none"}, entry["id"]
        assert all(entry[language] for language in ("en", "zh", "ru")), entry["id"]
        assert all(load_lexicons().kind(u) in entry["kinds"] for u in entry.get("units", ()) if u in units), entry["id"]


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_every_language_has_every_kind_of_cue(language):
    kinds = {row["is"] for row in load_lexicons().tables[f"{language}.claims"]["cue"]}
    every = {row["is"] for code in ("en", "zh", "ru") for row in load_lexicons().tables[f"{code}.claims"]["cue"]}
    assert kinds == every
