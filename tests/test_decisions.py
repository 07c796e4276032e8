"""decisions: one bad row costs no good one; what is written is read back equal, runs in no spreadsheet, and leaves the rest as it was."""

import csv
import io
import os
import tempfile
import threading
from dataclasses import astuple, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csrbook import decisions
from csrbook.corpus import store_corrections
from csrbook.decisions import COLUMNS, CORRECTIONS, LIVE, Decision, add_decision, defuse, is_same_person, read_decisions, sign_decision
from csrbook.errors import CorrectionError, DocumentError
from csrbook.lexicon import load_lexicons

LEXICONS = load_lexicons()
HEAD = ",".join(COLUMNS)
GOOD = "letter,40 schools,gave to ,.,unit,school,college,Ann Lee,2024-05-02,see the picture,,"
ONE = Decision(*next(csv.reader([GOOD])))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("written")


@pytest.fixture(autouse=True)
def limit():
    """The longest cell is a setting of the process; other libraries that tests load change it."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


def written(tmp_path, content: str | bytes):
    path = tmp_path / CORRECTIONS
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_absent_and_empty_files_hold_no_decision(tmp_path):
    assert read_decisions(tmp_path / CORRECTIONS, LEXICONS) == ()
    assert read_decisions(written(tmp_path, ""), LEXICONS) == ()
    assert read_decisions(written(tmp_path, f"{HEAD}\n\n,,,,,,,,,,,\n"), LEXICONS) == ()


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\n{GOOD}\n",
        f"{HEAD}\r\n{GOOD}\r\n",
        f"\ufeff{HEAD}\n{GOOD}",
        f"\ufeff{HEAD.replace(',', ';')}\n{GOOD.replace(',', ';')}\n",
        f"sep=;\r\n{HEAD.replace(',', ';')}\r\n{GOOD.replace(',', ';')}\r\n",
        f"{HEAD.replace(',', chr(9))}\n{GOOD.replace(',', chr(9))}\n",
        f"{HEAD.upper()},,remark\n{GOOD},,by phone\n",
        "\ufeff" + ",".join(f'"{name}"' for name in COLUMNS) + f"\n{GOOD}\n",
        f"{HEAD}\n{GOOD.removesuffix(',,')}\n",
    ],
    ids=["plain", "crlf", "bom", "semicolons", "sep", "tabs", "more columns", "quoted head", "empty ends left out"],
)
def test_what_spreadsheets_make_of_the_file_is_read(content, tmp_path):
    (one,) = read_decisions(written(tmp_path, content), LEXICONS)
    assert replace(one, line=0) == ONE


def test_columns_may_stand_in_any_order(tmp_path):
    back = [",".join(reversed(next(csv.reader([line])))) for line in (HEAD, GOOD)]
    (one,) = read_decisions(written(tmp_path, "\n".join(back)), LEXICONS)
    assert replace(one, line=0) == ONE


BAD = {
    "letter,40 schools,,,colour,school,red,Ann,2024-05-02,why,,": "unknown field 'colour'",
    "letter,40 schools,,,theme,rural,trees,Ann,2024-05-02,why,,": "no theme 'trees'",
    "letter,40 schools,,,theme,trees,rural,Ann,2024-05-02,why,,": "no theme 'trees'",
    ",40 schools,,,theme,,rural,Ann,2024-05-02,why,,": "doc is empty",
    "letter,,,,theme,,rural,Ann,2024-05-02,why,,": "quotation is empty",
    "letter,40 schools,,,theme,,rural,,2024-05-02,why,,": "who is empty",
    "letter,40 schools,,,theme,,rural,Ann,2024-05-02,,,": "why is empty",
    "letter,40 schools,,,theme,,rural,Ann,2 May,why,,": "a day was expected",
    "letter,40 schools,,,theme,,rural,Ann,2024-05-02," + "why " * 2_501 + ",,": "why is 10,003 characters long; 10,000 at most",
    "letter,40 schools,,,theme,,rural,An\0n,2024-05-02,why,,": "who holds U+0000",
    "letter,40 schools,,,theme,,rural,Ann,2024-05-02,why,Be\x1bn,2024-05-03": "signed_by holds U+001B",
    "letter,40 schools,,,theme,,rural,Ann Lee,2024-05-02,why,ann  LEE,2024-05-03": "another person signs",
    "letter,40 schools,,,theme,,rural,Ann,2024-05-02,why,Ben,": "a name and a day were expected",
    "letter,40 schools,,,theme,,rural,Ann,2024-05-02,why,,2024-05-03": "a name and a day were expected",
    "letter,40, schools,,,theme,,rural,Ann,2024-05-02,why,Ben,2024-05-03": "13 cells; 12 were expected",
    'letter,"40 schools,,,theme,,rural,Ann,2024-05-02,why,,': "a quotation mark is not closed",
    'letter,"40" schools,,,theme,,rural,Ann,2024-05-02,why,,': "a quotation mark",
    b"letter,40 \xf8coles,,,theme,,rural,Ann,2024-05-02,why,,": "not UTF-8",
    "letter," + "4" * 140_000 + ",,,theme,,rural,Ann,2024-05-02,why,,": "field larger than",
}


@pytest.mark.parametrize("row", BAD, ids=BAD.values())
def test_one_bad_row_is_told_with_its_line_and_costs_no_good_one(row, tmp_path):
    row_bytes = row if isinstance(row, bytes) else row.encode()
    path = written(tmp_path, b"\n".join([HEAD.encode(), GOOD.encode(), row_bytes, GOOD.encode(), b""]))
    found = read_decisions(path, LEXICONS)
    assert [(one.line, bool(one.problem)) for one in found] == [(2, False), (3, True), (4, False)]
    assert BAD[row] in found[1].problem


def test_a_line_is_where_a_row_begins(tmp_path):
    long = GOOD.replace("gave to ", '"It gave\nand gave to "')
    assert [one.line for one in read_decisions(written(tmp_path, f"{HEAD}\n{long}\n\n{GOOD}\n"), LEXICONS)] == [2, 5]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (HEAD.replace("expect,", ""), "has no column expect"),
        (HEAD.replace("who", "whom"), "has no column who"),
        (f"{HEAD},doc", "has a column twice"),
        (f"{HEAD}\n{GOOD}".encode("utf-16"), "is UTF-16 and not CSV in UTF-8; save it anew, as CSV in UTF-8"),
        (f"{HEAD}\n{GOOD}".encode("utf-16-be"), "is UTF-16 and not CSV in UTF-8"),
        (b"PK\x03\x04 and more", "is a workbook and not CSV in UTF-8"),
        (GOOD, "has no column"),
    ],
)
def test_a_file_without_its_columns_is_refused_in_one_line(content, told, tmp_path):
    path = written(tmp_path, content)
    with pytest.raises(CorrectionError, match=told) as caught:
        read_decisions(path, LEXICONS)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / CORRECTIONS).mkdir()
    with pytest.raises(CorrectionError, match="is no plain file"):
        read_decisions(tmp_path / CORRECTIONS, LEXICONS)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='",;\r\n\t=\'ab4\ufeff\0', max_size=80).map(str.encode), st.booleans())
def test_any_bytes_are_read_or_refused(folder, content, headed):
    path = written(folder, (HEAD.encode() + b"\n" if headed else b"") + content)
    try:
        found = read_decisions(path, LEXICONS)
    except CorrectionError:
        assert not headed
    else:
        assert all(one.line > 1 for one in found)


@pytest.mark.parametrize("apostrophe", ["", "'"])
def test_apostrophes_of_spreadsheets_are_taken_off(apostrophe, tmp_path):
    row = GOOD.replace("see the picture", f"{apostrophe}=see B2").replace("gave to ", f"{apostrophe}- ")
    (one,) = read_decisions(written(tmp_path, f"{HEAD}\n{row}\n"), LEXICONS)
    assert (one.why, one.before) == ("=see B2", "- ")


# ---- writing -----------------------------------------------------------------------------------------------------------

live = st.builds("{}{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(["", *LIVE]), st.text(max_size=8))
texts = live.map(lambda text: text.encode("utf-8", "ignore").decode())
words = texts.filter(lambda text: text.strip() and not decisions.NO_TEXT.search(text)).map(lambda text: f"x{text.strip()}" if text.strip() != text else text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts, words), min_size=1, max_size=3), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_added_is_read_back_equal_and_never_live(folder, rows, mark, ending):
    path = written(folder, HEAD.replace(",", mark) + ending)
    decisions = [replace(ONE, quotation=f"{q}4", before=b, after=a, why=why) for q, b, a, why in rows]
    lines = [add_decision(path, one) for one in decisions]
    assert [replace(one, line=0) for one in read_decisions(path, LEXICONS)] == decisions
    assert [one.line for one in read_decisions(path, LEXICONS)] == lines
    cells = [cell for row in csv.reader(io.StringIO(path.read_bytes().decode(), newline=""), delimiter=mark) for cell in row]
    assert not any(cell.startswith(LIVE) for cell in cells)


@settings(max_examples=300)
@given(texts)
def test_what_is_defused_is_never_live_and_comes_back_equal(text):
    assert not defuse(text).startswith(LIVE) and decisions._alive(defuse(text)) == text


@pytest.mark.parametrize(
    "before",
    [
        "",
        HEAD,
        f"\ufeff{HEAD}\r\n{GOOD}\r\n",
        f"\n{HEAD.replace(',', ';')};remark\n{GOOD.replace(',', ';')};x\nbad;row\n\n",
        f"{HEAD}\n{GOOD}\n  ,,,\n'=kept as it is,\n",
    ],
)
def test_adding_leaves_every_byte_that_was_there(before, tmp_path):
    path = written(tmp_path, before)
    line = add_decision(path, ONE)
    now = path.read_bytes()
    assert now.startswith(before.encode()) and len(now) > len(before.encode())
    last = read_decisions(path, LEXICONS)[-1]
    assert last == replace(ONE, line=line)


def test_adding_makes_the_file_and_leaves_no_part_of_it_behind(tmp_path):
    assert add_decision(tmp_path / CORRECTIONS, ONE) == 2
    assert (tmp_path / CORRECTIONS).read_text(encoding="utf-8") == f"{HEAD}\n{GOOD}\n"
    assert [path.name for path in tmp_path.iterdir()] == [CORRECTIONS]


def test_the_lock_is_kept_where_the_system_keeps_what_passes(tmp_path, monkeypatch):
    (tmp_path / "temp").mkdir()
    (tmp_path / "seeds").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    add_decision(tmp_path / "seeds" / CORRECTIONS, ONE)
    sign_decision(tmp_path / "seeds" / CORRECTIONS, 2, by="Ben", on="2024-06-01")
    assert [path.name for path in (tmp_path / "seeds").iterdir()] == [CORRECTIONS]


def test_who_waits_in_vain_is_told(tmp_path, monkeypatch):
    path = tmp_path / CORRECTIONS
    monkeypatch.setattr(decisions, "WAIT", 0.1)
    with decisions._locked(path), pytest.raises(CorrectionError, match="is being written by another"):
        add_decision(path, ONE)
    assert not path.exists()


@pytest.mark.parametrize("content", [f"{HEAD}\n{GOOD}\n".encode() + b"\xff\n", f'{HEAD}\nletter,"40'.encode(), b"a,b\n"])
def test_a_file_that_cannot_be_read_whole_is_not_written(content, tmp_path):
    path = written(tmp_path, content)
    with pytest.raises(CorrectionError):
        add_decision(path, ONE)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_told_and_not_made(tmp_path):
    with pytest.raises(CorrectionError, match="cannot be written"):
        add_decision(tmp_path / "absent" / CORRECTIONS, ONE)
    assert not (tmp_path / "absent").exists()


def test_a_link_stays_a_link(tmp_path):
    real = written(tmp_path, f"{HEAD}\n").rename(tmp_path / "shared.csv")
    os.symlink(real, tmp_path / CORRECTIONS)
    add_decision(tmp_path / CORRECTIONS, ONE)
    assert (tmp_path / CORRECTIONS).is_symlink() and len(read_decisions(real, LEXICONS)) == 1


def test_writers_at_once_lose_no_decision(tmp_path):
    path = tmp_path / CORRECTIONS
    writers = [threading.Thread(target=add_decision, args=(path, replace(ONE, why=f"reason {n}"))) for n in range(12)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert {one.why for one in read_decisions(path, LEXICONS)} == {f"reason {n}" for n in range(12)}


# ---- signing -----------------------------------------------------------------------------------------------------------


def test_signing_changes_one_row_alone(tmp_path):
    long = GOOD.replace("gave to ", '"It gave\nand gave to "')
    content = f"\ufeff{HEAD},remark\r\n{GOOD},a\r\nbad row\r\n{long},b\r\n{GOOD},c\r\n"
    path = written(tmp_path, content)
    one = sign_decision(path, 4, by=" Ben Roth ", on="2024-06-01")
    assert (one.signed_by, one.signed_on) == ("Ben Roth", "2024-06-01")
    assert path.read_bytes().decode() == content.replace(f"{long},b", long.removesuffix(",,") + ",Ben Roth,2024-06-01,b")
    assert [(d.line, d.signed_by) for d in read_decisions(path, LEXICONS)] == [(2, ""), (3, ""), (4, "Ben Roth"), (6, "")]


@pytest.mark.parametrize(
    ("line", "by", "on", "told"),
    [
        (3, "Ben", "2024-06-01", "no row begins at line 3"),
        (2, "ANN lee", "2024-06-01", "another person signs"),
        (2, " ", "2024-06-01", "a name and a day were expected"),
        (2, "Ben", "soon", "a name and a day were expected"),
        (4, "Ben", "2024-06-01", "was signed by Cy"),
    ],
)
def test_what_cannot_be_signed_is_refused_and_stays(line, by, on, told, tmp_path):
    long = GOOD.replace("gave to ", '"It gave\nand gave to "')
    content = f"{HEAD}\n{long}\n{GOOD.removesuffix(',,')},Cy,2024-05-09\n"
    path = written(tmp_path, content)
    with pytest.raises(CorrectionError, match=told):
        sign_decision(path, line, by=by, on=on)
    assert path.read_text(encoding="utf-8") == content


def test_columns_are_the_texts_of_a_decision():
    assert len(astuple(ONE)) == len(COLUMNS) + 2 and "line" not in COLUMNS and "problem" not in COLUMNS


def test_a_person_is_known_by_the_name_however_its_letters_are_put_together():
    assert is_same_person("Zo\u00eb  Roth", "zoe\u0308 roth") and not is_same_person("Zoe Roth", "Zo\u00eb Roth")


@pytest.mark.parametrize("kind", ["folder", "link to nothing"])
def test_what_is_no_file_is_not_passed_over(tmp_path, kind):
    path = tmp_path / CORRECTIONS
    path.mkdir() if kind == "folder" else path.symlink_to(tmp_path / "gone.csv")
    with pytest.raises(CorrectionError, match="no plain file"):
        read_decisions(path, LEXICONS)
    with pytest.raises(DocumentError, match="no plain file"):
        store_corrections(tmp_path, tmp_path)
