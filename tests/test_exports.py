"""Files: the same bytes twice, types kept, and nothing that a spreadsheet would run."""

import csv
import io
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_claims import corpus, frame, record

from csrbook import __version__
from csrbook.columns import column
from csrbook.decisions import COLUMNS, LIVE, read_decisions
from csrbook.errors import SchemaError
from csrbook.evidence import page_of
from csrbook.exports import read_table, write_csv, write_parquet, write_run_workbook, write_table, write_workbook
from csrbook.lexicon import load_lexicons
from csrbook.pivots import by_theme_year
from csrbook.tables import sources_frame

LEXICONS = load_lexicons()
HOSTILE = ["=1+1", "'=1+1", "+7 999", "-5", "@SUM(A1)", "\tx", "\uff1dcmd", '=HYPERLINK("javascript:x")']


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cell_from_a_document_is_no_formula(tmp_path, text):
    path = write_csv(frame(record(1, 5, text=text)), tmp_path / "claims.csv")
    row = next(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert row["text"] == f"'{text}"


def whole_lines(text: str) -> str:
    """Return a text without a carriage return that stands alone: see the test after this property."""
    return text.replace("\r\n", "\n").replace("\r", "\r\n")


@settings(max_examples=60, deadline=None)
@given(st.builds("{}{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(["", *LIVE]), st.text(st.characters(codec="utf-8"), max_size=6)).map(whole_lines))
def test_texts_in_a_table_are_defused_as_those_in_the_file_of_decisions(text):
    row = dict.fromkeys(COLUMNS, "x") | {"quotation": text}
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(pd.DataFrame([row]), Path(folder) / "rows.csv")
        cell = next(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))["quotation"]
        assert not cell.startswith(LIVE)
        (one,) = read_decisions(path, LEXICONS)
    assert one.quotation == text


def test_lone_carriage_return_begins_no_row(tmp_path):
    text = write_csv(pd.DataFrame({"text": ["40\rschools"], "n": [1]}), tmp_path / "rows.csv").read_bytes().decode()
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == [{"text": "40\rschools", "n": "1"}]


@pytest.mark.parametrize("rows", [{"a": [1.5, None, 2**60, True]}, {"a": ["x\ny", 'q"q', "", ",", "t\t"], "b": list("abcde")}, {"a": []}, {}, {"a": [None, ""]}])
def test_csv_is_what_pandas_writes(tmp_path, rows):
    table = pd.DataFrame(rows, dtype="object")
    assert write_csv(table, tmp_path / "a.csv").read_bytes() == table.to_csv(index=False, lineterminator="\n").encode()


def test_csv_writes_whole_numbers_and_empty_nulls(tmp_path):
    rows = list(csv.DictReader(io.StringIO(write_csv(corpus(), tmp_path / "c.csv").read_text(encoding="utf-8"))))
    assert rows[0]["value"] == "3000000000" and rows[0]["value_max"] == "" and rows[0]["year"] == "2020"


def test_negative_number_is_not_taken_for_a_formula(tmp_path):
    assert write_csv(pd.DataFrame({"value": [-5.5]}), tmp_path / "n.csv").read_text() == "value\n-5.5\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A workbook of hostile texts and of claims in documents with odd names, opened by another library."""
    live = [f"{mark}HYPERLINK(1)" for mark in LIVE]
    rows = [record(n, 5, text=text, doc="odd name #1") for n, text in enumerate([*HOSTILE, *live])]
    claims = frame(*rows, record(90, 3.4e9, when="2020-04-19"), record(91, 0.5, "percent", when="2020-04"), record(92, 1e22, target=True))
    sources = sources_frame([
        {"doc": "odd name #1", "path": "odd name #1.txt", "sha256": "0" * 64, "date": "1899-12-31"},
        {"path": "=unread.pdf", "status": "unread", "problem": "-empty"},
    ])  # fmt: skip
    tables = {"sources": sources, "claims": claims, "by_theme_year": by_theme_year(claims)}
    return openpyxl.load_workbook(write_workbook(tables, tmp_path_factory.mktemp("book") / "w.xlsx"))


def column_of(sheet, name):
    at = [cell.value for cell in sheet[1]].index(name) + 1
    return [sheet.cell(row, at) for row in range(2, sheet.max_row + 1)]


def test_workbook_holds_texts_as_texts(book):
    texts = [cell for cell in column_of(book["claims"], "text") if cell.value]
    wanted = {*HOSTILE, *(f"{mark}HYPERLINK(1)" for mark in LIVE)}
    assert {text.replace("\r", "\n") for text in wanted} <= {cell.value for cell in texts}, "XML has one kind of line end"
    assert len(texts) == len(HOSTILE) + len(LIVE) + 3
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b", "d"}, "no formula"


def test_workbook_freezes_the_head_of_every_sheet(book):
    assert book.sheetnames == ["read me", "columns", "sources", "claims", "by_theme_year"]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}


def test_workbook_keeps_numbers_dates_and_truths(book):
    cells = {name: [c.value for c in column_of(book["claims"], name)][:3] for name in ("value", "target", "when", "dated", "start")}
    assert cells["value"] == [3_400_000_000, 0.5, 1e22] and cells["target"] == [False, False, True]
    assert cells["when"] == [datetime(2020, 4, 19), "2020-04", None]
    assert cells["dated"][1] == datetime(2020, 4, 30) and cells["start"] == [9000, 9100, 9200]
    assert column_of(book["sources"], "date")[0].value == "1899-12-31", "a day that spreadsheets cannot count"


def test_workbook_leads_to_the_place_of_a_claim(book):
    found = {(c.value, c.hyperlink.target.replace("\\", "/"), c.hyperlink.location) for c in column_of(book["claims"], "claim_id")}
    assert ("c0090", "doc-a_north.html", "c-c0090") in found
    assert ("c0000", page_of("odd name #1"), "c-c0000") in found and len(found) == len(HOSTILE) + len(LIVE) + 3
    assert {c.hyperlink.target for c in column_of(book["sources"], "doc") if c.value} == {page_of("odd name #1")}
    ids = column_of(book["by_theme_year"], "claim_ids")
    assert all(cell.hyperlink.location == f"c-{cell.value.split()[0]}" for cell in ids)


def test_workbook_begins_with_what_it_is(book):
    told = {row[0]: row[1] for row in book["read me"].iter_rows(values_only=True)}
    assert told["csrbook"] == __version__ and "cite" in told["how to cite"] and "unit" in told["units"]
    assert told["texts"].startswith("1 documents read, 1 files not; fingerprint of their texts ")
    assert told["claims"] == f"{len(HOSTILE) + len(LIVE) + 3}; links: {len(HOSTILE) + len(LIVE) + 3}"


def test_workbook_says_which_rows_and_links_it_leaves_out(tmp_path, monkeypatch):
    monkeypatch.setattr("csrbook.exports.ROWS", 4)
    monkeypatch.setattr("csrbook.exports.LINKS", 3)
    book = openpyxl.load_workbook(write_workbook({"claims": corpus()}, tmp_path / "w.xlsx"))
    told = {row[0]: row[1] for row in book["read me"].iter_rows(values_only=True)}
    assert told["claims"].endswith("; the first 4 stand here, the others in the CSV of that name; links: 4; a sheet holds no more than the first 3 of them")
    assert [bool(c.hyperlink) for c in column_of(book["claims"], "claim_id")] == [True, True, True, False]


def test_workbook_of_nothing_is_whole(tmp_path):
    book = openpyxl.load_workbook(write_workbook({"sources": sources_frame([]), "claims": frame()}, tmp_path / "w.xlsx"))
    assert book["claims"].max_row == 1 and book["claims"]["A1"].value == "id"


def test_workbook_explains_each_column(tmp_path):
    path = write_workbook({"by_theme_year": by_theme_year(corpus())}, tmp_path / "w.xlsx")
    with zipfile.ZipFile(path) as book:
        assert column("results").meaning in book.read("xl/sharedStrings.xml").decode()


def test_workbook_cuts_a_text_that_no_cell_holds(tmp_path):
    path = write_workbook({"claims": frame(record(1, 5, note="x" * 40_000))}, tmp_path / "w.xlsx")
    with zipfile.ZipFile(path) as book:
        assert "x [cut]<" in book.read("xl/sharedStrings.xml").decode()


def test_parquet_gives_back_the_same_types(tmp_path):
    claims = corpus()
    write_table(claims, tmp_path, "claims")
    pd.testing.assert_frame_equal(read_table(tmp_path / "claims.parquet"), claims)


def test_missing_table_says_what_to_run(tmp_path):
    with pytest.raises(SchemaError, match="nothing.parquet: no such file.*run the notebook"):
        read_table(tmp_path / "nothing.parquet")


def test_same_table_gives_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        write_table(corpus(), tmp_path / folder, "claims")
        write_workbook({"claims": corpus()}, tmp_path / folder / "w.xlsx")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["claims.csv", "claims.parquet", "w.xlsx"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_workbook_of_a_run_holds_every_table_once(tmp_path):
    for name in ("03-tabulate/claims_normal", "02-extract/claims", "01-sources/sources", "04-reconcile/standing"):
        home = tmp_path / name
        home.parent.mkdir(exist_ok=True)
        write_parquet(pd.DataFrame({"doc": ["a"], "path": ["a.txt"], "sha256": ["0"]}), home.with_suffix(".parquet"))
    book = openpyxl.load_workbook(write_run_workbook(tmp_path))
    assert book.sheetnames == ["read me", "columns", "sources", "claims_normal", "standing"]
