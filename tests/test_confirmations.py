"""confirmations: what a person says of names goes before the table, and a mistake is told where it stands."""

import os
import pickle
import tomllib
from pathlib import Path
from unicodedata import normalize
from unittest.mock import Mock

import pytest
from test_claims import make_document

from csrbook.claims import make_claims
from csrbook.confirmations import with_names
from csrbook.corpus import lexicons_of
from csrbook.errors import LexiconError
from csrbook.lexicon import load_lexicons
from csrbook.names import name_rows

LEXICONS = load_lexicons()
LEXICONS_FOLDER = Path(__file__).parents[1] / "lib" / "csrbook" / "lexicons"
TEXT = "The Rainbow Valley Foundation began the “Two Wheels” programme. With Two Wheels it gave 300 books to 12 schools."
WHALE = 'actor = [{ name = "White Whale", forms = ["Rainbow Valley Foundation", "Rainbow Valley"] }]\n'


def told(tmp_path, written):
    """Return the lexicons with a names.toml of that text."""
    path = tmp_path / "names.toml"
    path.write_bytes(written.encode("utf-8"))
    return with_names(LEXICONS, path)


def used(tmp_path, written, text=TEXT):
    """Return the bodies and programmes that the claims of a text carry, and the names that wait for a person."""
    extraction = make_claims(make_document(text, "en"), told(tmp_path, written))
    names = {(claim.actor, claim.programme) for claim in extraction.claims}
    return names, {(one.kind, one.name) for one in extraction.sightings}


# ---- what is honoured --------------------------------------------------------------------------------------------------


def test_without_a_file_nothing_changes(tmp_path):
    assert with_names(LEXICONS, tmp_path / "names.toml") is LEXICONS


@pytest.mark.parametrize("written", ["", "format = 1\n", "\ufeffneither = []\r\n"])
def test_an_empty_file_confirms_nothing(tmp_path, written):
    assert list(name_rows(told(tmp_path, written).tables["names"])) == list(name_rows(LEXICONS.tables["names"]))


def test_names_of_the_text_wait_until_they_are_confirmed(tmp_path):
    names, waiting = used(tmp_path, "")
    assert names == {("Rainbow Valley Foundation", "Two Wheels")}
    assert waiting == {("actor", "Rainbow Valley Foundation"), ("programme", "Two Wheels")}


def test_claims_carry_the_canonical_name(tmp_path):
    names, waiting = used(tmp_path, WHALE)
    assert names == {("White Whale", "Two Wheels")} and waiting == {("programme", "Two Wheels")}


def test_owner_and_theme_are_used(tmp_path):
    written = WHALE + 'programme = [{ name = "Two Wheels", owner = "rainbow valley", theme = "employment" }]'
    text = "They met in town.\n\nTwo Wheels gave 300 books to 12 schools."
    extraction = make_claims(make_document(text, "en"), told(tmp_path, written))
    assert {(claim.actor, claim.programme) for claim in extraction.claims} == {("White Whale", "Two Wheels")}
    assert extraction.tellings[0].found is False
    row = next(row for row in told(tmp_path, written).tables["names"]["programme"] if row["name"] == "Two Wheels")
    assert (row["owner"], row["theme"]) == ("White Whale", "employment")


@pytest.mark.parametrize("word", ["Two Wheels", "two wheels"])
def test_a_word_that_is_no_name_is_never_offered(tmp_path, word):
    names, waiting = used(tmp_path, f'neither = ["{word}"]')
    assert names == {("Rainbow Valley Foundation", None)} and waiting == {("actor", "Rainbow Valley Foundation")}


def test_a_name_shown_without_its_legal_form_is_taken_back_as_it_is_shown(tmp_path):
    text = "Calder Vale Foods Limited sells bread. Calder Vale Foods gave 5 books to a school."
    assert used(tmp_path, "", text)[1] == {("actor", "Calder Vale Foods")}
    assert used(tmp_path, 'neither = ["Calder Vale Foods"]', text) == ({(None, None)}, set())


@pytest.mark.parametrize(
    ("written", "actor"),
    [
        ("", "Huawei"),
        ('actor = [{ name = "Blossom", forms = ["Huawei"] }]', "Blossom"),
        ('actor = [{ name = "Huawei", forms = ["Blossom"] }]', "Huawei"),
        ('neither = ["Huawei"]', None),
    ],
)
def test_a_person_goes_before_the_table(tmp_path, written, actor):
    assert {one for one, _ in used(tmp_path, written, "Huawei gave 5 books to a school.")[0]} == {actor}


def test_a_name_is_a_form_too(tmp_path):
    written = 'programme = [{ name = "Two Wheels", forms = ["Two Wheels Initiative"] }]'
    assert used(tmp_path, written) == ({("Rainbow Valley Foundation", "Two Wheels")}, {("actor", "Rainbow Valley Foundation")})


@pytest.mark.parametrize(
    "written",
    [
        'actor = [{ name = "Two Wheels", forms = ["Rainbow Valley Foundation"] }, { name = "Bikes", forms = ["Two Wheels"] }]',
        'actor = [{ name = "Two Wheels", forms = ["Rainbow Valley Foundation"] }]\nneither = ["Two Wheels"]',
        'actor = [{ name = "Alibaba", forms = ["Rainbow Valley Foundation"] }]',
    ],
    ids=["another row", "no name", "the table"],
)
def test_a_name_that_belongs_elsewhere_is_no_form(tmp_path, written):
    rows = told(tmp_path, written).tables["names"]["actor"]
    (row,) = (row for row in rows if row["name"] in ("Two Wheels", "Alibaba"))
    assert row["forms"] == ["Rainbow Valley Foundation"]


def test_a_name_of_the_table_is_found_in_any_capitals(tmp_path):
    written = 'actor = [{ name = "alibaba group", forms = ["Blossom"] }, { name = "White Whale", parent = "ALIBABA GROUP" }]'
    rows = {row["name"]: row for row in told(tmp_path, written).tables["names"]["actor"]}
    assert "alibaba group" not in rows and {"Alibaba Group", "Blossom"} <= set(rows["Alibaba Group"]["forms"])
    assert rows["White Whale"]["parent"] == "Alibaba Group"


TRADITIONAL = "白帆集團成立於1990年。2021年，白帆集團啟動「清風書屋」項目，向學校捐贈圖書500冊。"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("", ("白帆集團", "清風書屋")),
        ('actor = [{ name = "Sail", forms = ["白帆集團"] }]\nprogramme = [{ name = "Breeze", forms = ["清風書屋"] }]', ("Sail", "Breeze")),
        ('actor = [{ name = "White Sail", forms = ["白帆集团"] }]\nneither = ["清風書屋"]', ("White Sail", None)),
    ],
)
def test_characters_that_are_variants_of_one_another_are_one(tmp_path, written, names):
    extraction = make_claims(make_document(TRADITIONAL, "zh"), told(tmp_path, written))
    assert {(claim.actor, claim.programme) for claim in extraction.claims} == {names}
    assert len(extraction.sightings) == (0 if written else 2)


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("Calder Group began the “Two Wheels” programme. The Two Wheels Programme gave 300 books to 12 schools.", "en", "Two Wheels"),
        ("Компания «Белый кит» передала 5 книг. Книги от «Белого кита» получили 7 школ. Белый кит дал 9 парт.", "ru", "Белый кит"),
    ],
)
def test_a_part_of_what_is_no_name_is_none(tmp_path, text, language, word):
    before = make_claims(make_document(text, language), told(tmp_path, "")).sightings
    after = make_claims(make_document(text, language), told(tmp_path, f'neither = ["{word}"]')).sightings
    assert {one.name for one in after} <= {one.name for one in before} - {word}


def test_names_are_composed_and_forms_may_be_printed_either_way(tmp_path):
    apart = "Cafe\u0301 Nero Foundation"
    for text in (f"{apart} gave 5 books.", f"{normalize('NFC', apart)} gave 5 books."):
        names, waiting = used(tmp_path, f'actor = [{{ name = "{apart}" }}]', text)
        assert names == {(normalize("NFC", apart), None)} and waiting == set()


def test_of_two_files_the_second_goes_before(tmp_path):
    first = told(tmp_path, WHALE + 'neither = ["Two Wheels"]')
    (tmp_path / "names.toml").write_text('programme = [{ name = "Two Wheels" }]\nneither = ["Rainbow Valley"]', encoding="utf-8")
    names = with_names(first, tmp_path / "names.toml").tables["names"]
    whale = next(row for row in names["actor"] if row["name"] == "White Whale")
    assert names["neither"] == ["Rainbow Valley"] and whale["forms"] == ["Rainbow Valley Foundation", "White Whale"]


def test_a_name_of_the_table_keeps_its_facts_and_gets_forms(tmp_path):
    rows = told(tmp_path, 'actor = [{ name = "Ant Group", forms = ["Little Ants"] }]').tables["names"]["actor"]
    (row,) = (row for row in rows if row["name"] == "Ant Group")
    assert row["parent"] == "Alibaba Group" and {"Ant Financial", "Little Ants"} <= set(row["forms"])


def test_a_confirmed_name_does_not_silence_those_that_are_not(tmp_path):
    text = f"{TEXT} Rainbow Valley Foundation is old. Rainbow Valley Foundation is large. Northwind gave 7 desks to a school."
    assert used(tmp_path, "", text)[1] - used(tmp_path, WHALE, text)[1] == {("actor", "Rainbow Valley Foundation")}


def test_lexicons_with_names_reach_another_process(tmp_path):
    one = told(tmp_path, WHALE)
    other = pickle.loads(pickle.dumps(one))
    assert other.digest == one.digest != LEXICONS.digest and other.tables["names"] == one.tables["names"]


def test_the_table_itself_is_left_as_it_was(tmp_path):
    before = tomllib.loads((LEXICONS_FOLDER / "names.toml").read_text(encoding="utf-8"))
    told(tmp_path, WHALE + 'neither = ["Alibaba"]')
    assert LEXICONS.tables["names"] == before


# ---- mistakes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("actor = [", r"names\.toml: cannot be read .*TOML in UTF-8"),
        ("a = " + "[" * 5000, r"names\.toml: holds brackets in brackets"),
        ('actors = [{ name = "A b" }]', r"unknown table 'actors'; tables are actor, programme, neither, format; did you mean actor\?"),
        ("actor = 3", "actor is no list of rows"),
        ('actor = ["A b"]', "actor is no list of rows"),
        ('[actor]\nname = "A b"', "actor is no list of rows"),
        ('actor = [{ nane = "A b" }]', r"actor 1: unknown key 'nane'; keys are name, parent, forms; did you mean name\?"),
        ('actor = [{ name = "A b", owner = "C d" }]', "actor 1: unknown key 'owner'"),
        ('actor = [{ forms = ["A b"] }]', "actor 1: no name"),
        ('actor = [{ name = "A b" }, { name = "  " }]', "actor 2: name is '  '"),
        ('actor = [{ name = "A b", forms = "A b" }]', "actor 1: forms is 'A b'; a list of words"),
        ('actor = [{ name = "A b", forms = [] }]', "actor 1: forms is empty"),
        ('actor = [{ name = "A b", forms = ["A b", "-"] }]', "actor 1: forms 2 is '-'"),
        ('actor = [{ name = "A b", forms = [7] }]', "actor 1: forms 1 is 7"),
        ('actor = [{ name = "A b" }, { name = "A B" }]', r"names\.toml, actor 2: name 'A B' also belongs to actor 1"),
        ('actor = [{ name = "A b" }, { name = "C", forms = ["a  B"] }]', "actor 2: form 'a B' also belongs to actor 1"),
        ('actor = [{ name = "A b" }]\nneither = ["a b"]', "actor 1: form 'A b' also belongs to neither"),
        ('actor = [{ name = "A b", parent = "Alibaba Gruop" }]', r"actor 1: parent 'Alibaba Gruop' is no body .* did you mean Alibaba Group\?"),
        ('programme = [{ name = "P q", owner = "Xyzzy Qqq" }]', "programme 1: owner 'Xyzzy Qqq' is no body .* add a row for it to actor"),
        ('programme = [{ name = "P q", theme = "educatoin" }]', r"programme 1: no theme 'educatoin'; themes are .* did you mean education\?"),
        ('neither = "A b"', "neither is 'A b'; a list of words"),
        ('neither = ["A b", 3]', "neither 2 is 3"),
        ("format = 2", r"names\.toml: format is 2; format = 1"),
        ('actor = [{ name = "A\u200b b" }]', r"actor 1: name holds what prints nothing: 'A\\u200b b'"),
        ('actor = [{ name = "A\u202e b", forms = ["A b"] }]', "actor 1: name holds what prints nothing"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path, written, message):
    with pytest.raises(LexiconError, match=message):
        told(tmp_path, written)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_plain_file_is_told(tmp_path, make):
    make(tmp_path / "names.toml")
    with pytest.raises(LexiconError, match=r"names\.toml: is no plain file; .* rename it, or take it out"):
        with_names(LEXICONS, tmp_path / "names.toml")


def test_a_file_without_the_right_to_read_it_is_told(tmp_path, monkeypatch):
    (tmp_path / "names.toml").touch()
    monkeypatch.setattr(Path, "read_bytes", Mock(side_effect=PermissionError(13, "Permission denied")))
    with pytest.raises(LexiconError, match=r"names\.toml: cannot be opened \(Permission denied\); give yourself the right"):
        with_names(LEXICONS, tmp_path / "names.toml")


def test_a_mistake_names_the_file_as_it_was_given(tmp_path, monkeypatch):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "names.toml").write_text("actor = 3", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LexiconError, match=r"^reports/names\.toml: actor is no list"):
        lexicons_of("reports")
