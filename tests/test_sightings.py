"""sightings: the names that no table knows, how a document prints them and where it tells of each first."""

import pytest
from test_claims import make_document

from csrbook.claims import make_claims
from csrbook.lexicon import load_lexicons
from csrbook.scenes import read_document_text
from csrbook.sightings import find_sightings, sighting_record

BODY = "REDLEAF GROUP\n\nIn May Redleaf\nGroup gave 5 books to a school. Redleaf is old. Redleaf Group is large."


def extraction_of(text, language="en"):
    return make_claims(make_document(text, language), load_lexicons())


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("The Rainbow Valley Foundation gave 300 books.", "en", {("actor", "Rainbow Valley Foundation")}),
        ("On 3 May the Lantern Mill began the “Bright Path” programme for nurses.", "en", {("programme", "Bright Path")}),
        ("Компания «Белый кит» открыла программу «Две реки» и дала 5 книг.", "ru", {("actor", "Белый кит"), ("programme", "Две реки")}),
        ("白帆集团成立。白帆集团启动“清风书屋”项目，捐书500册。", "zh", {("actor", "白帆集团"), ("programme", "清风书屋")}),
        ("Huawei gave 300 books through Ant Forest.", "en", set()),
        ("The Rainbow Valley Foundation is old.", "en", set()),
        ("", "en", set()),
    ],
    ids=["body", "programme told without a figure", "Russian", "Chinese", "known", "used by nothing", "empty"],
)
def test_names_that_are_used_are_seen(text, language, names):
    assert {(one.kind, one.name) for one in extraction_of(text, language).sightings} == names


def test_a_name_has_its_forms_and_its_first_place_in_running_text():
    (one,) = extraction_of(BODY).sightings
    assert (one.name, one.forms[0], set(one.forms)) == ("Redleaf Group", "Redleaf Group", {"REDLEAF GROUP", "Redleaf Group", "Redleaf"})
    assert BODY[one.start : one.end] == one.text == "Redleaf\nGroup" and not one.heading
    assert BODY[one.sentence_start : one.sentence_end] == one.sentence == "In May Redleaf\nGroup gave 5 books to a school."


def test_only_what_is_used_is_seen():
    extraction = extraction_of(BODY)
    text = read_document_text(extraction.document, load_lexicons()).text
    assert find_sightings(extraction.document, text, {("programme", "Redleaf Group"), ("actor", "Huawei")}) == ()


def test_a_programme_told_and_seen_at_one_place_has_one_id():
    extraction = extraction_of("The Lantern Mill began the “Bright Path” programme for nurses.")
    (told,), (seen,) = extraction.tellings, extraction.sightings
    assert told.telling_id == seen.telling_id and sighting_record(seen)["sentence"] == told.sentence
