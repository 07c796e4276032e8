"""Places: every row of cases/places.toml, the table of places, and what must hold for any text."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from test_claims import make_document

from csrbook.claims import make_claims
from csrbook.lexicon import load_lexicons
from csrbook.places import place_rows
from csrbook.tokens import fold

CASES = tomllib.loads((Path(__file__).parent / "cases" / "places.toml").read_text(encoding="utf-8"))["case"]
TABLE = load_lexicons().tables["places"]
LANGUAGES = ("en", "zh", "ru")


def claims_of(text, language):
    return make_claims(make_document(text, language), load_lexicons()).claims


@pytest.mark.parametrize("case", CASES, ids=[f"{case['language']}-{case['text'][:40]}" for case in CASES])
def test_place_of_a_number(case):
    start = case["text"].index("[")
    text = case["text"].replace("[", "").replace("]", "")
    claim = next(claim for claim in claims_of(text, case["language"]) if claim.start <= start < claim.end)
    assert (claim.country or "", claim.place or "") == (case["country"], case["place"]), claim.rule


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_rows(language):
    rows = [case for case in CASES if case["language"] == language]
    assert len(rows) >= 15 and any(case["place"] for case in rows) and any(not case["country"] for case in rows)


def test_rule_says_how_a_place_was_found():
    rules = {claim.rule["place"] for case in CASES for claim in claims_of(re.sub(r"[\[\]]", "", case["text"]), case["language"])}
    assert rules == {"clause", "opening", "list", "none"}


def test_sentence_alone_and_in_its_document_give_the_same_place():
    text = "It opened in Peru. In Kenya it lent 40,000 dollars to shops. Later 7,000 people joined in Chile. In all 90,000 people came."
    assert [claim.place for claim in claims_of(text, "en")] == ["Kenya", "Chile", None]


def test_figure_printed_again_keeps_the_place_of_the_first():
    text = "In Kenya the scheme lent 40,000 dollars to small shops and their suppliers.\n\n" * 2
    claims = claims_of(text, "en")
    assert [claim.place for claim in claims] == ["Kenya", "Kenya"] and claims[1].repeat_of == claims[0].id


# ---- the table -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_means_two_places(language):
    owners = defaultdict(set)
    for form, row in place_rows(TABLE, language):
        assert form == form.strip() and form, row
        owners[fold(form)].add(row[:4])
    assert not {form: found for form, found in owners.items() if len(found) > 1}


def test_rows_are_whole_and_regions_exist():
    lines = [line.split("|") for line in TABLE["rows"].strip().splitlines()]
    assert all(len(cells) == 4 + len(TABLE["languages"]) and any(cells[4:]) for cells in lines)
    regions = {(cells[0], cells[1]) for cells in lines if cells[3] == "region"}
    assert all(re.fullmatch("[A-Z]{2}", cells[0]) and cells[3] in ("country", "region", "city") for cells in lines)
    assert all((cells[0], cells[2]) in regions for cells in lines if cells[2])
    assert len({(cells[0], cells[1]) for cells in lines}) == len(lines), "a place stands there twice"


def test_table_holds_every_region_typed_by_hand():
    lines = (Path(__file__).parent / "places" / "regions.txt").read_text(encoding="utf-8").splitlines()
    typed = [[cell.split(";")[0].strip() for cell in line.split("|")] for line in lines if line.strip() and not line.startswith("#")]
    held = {row[:2] for language in LANGUAGES for _, row in place_rows(TABLE, language)}
    assert len(typed) > 190 and not [cells for cells in typed if (cells[0], cells[1]) not in held]


@pytest.mark.parametrize("name", ["Hubei", "Zhejiang", "Xinjiang", "Tatarstan", "Tomsk Oblast", "Kerala", "California", "Wuhan", "Nairobi", "India"])
def test_place_is_known_in_every_language(name):
    assert all(any(row.name == name for _, row in place_rows(TABLE, language)) for language in LANGUAGES)


@pytest.mark.parametrize("word", ["Reading", "Nice", "Orange", "Mobile", "Jordan", "Victoria", "us"])
def test_words_and_names_of_persons_are_no_places(word):
    assert word not in {form for form, _ in place_rows(TABLE, "en")}


@pytest.mark.parametrize("form", ["\u0425\u0443\u0431\u044d\u0435", "\u0418\u0442\u0430\u043b\u0438\u0438", "\u041a\u0438\u0442\u0430\u0435", "\u041c\u043e\u0441\u043a\u0432\u043e\u0439"])
def test_russian_names_are_listed_in_their_cases(form):
    assert form in {form for form, _ in place_rows(TABLE, "ru")}
