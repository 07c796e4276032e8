"""Files: the same bytes twice, types kept, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile

import pandas as pd
import pytest
from made_claims import corpus, frame, record

from csrbook.columns import column
from csrbook.errors import SchemaError
from csrbook.exports import read_table, write_csv, write_table, write_workbook
from csrbook.pivots import by_theme_year

HOSTILE = ["=1+1", "+7 999", "-5", "@SUM(A1)", "\tx", "\uff1dcmd", '=HYPERLINK("javascript:x")']


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cell_from_a_document_is_no_formula(tmp_path, text):
    path = write_csv(frame(record(1, 5, text=text)), tmp_path / "claims.csv")
    row = next(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert row["text"] == f"'{text}"


def test_csv_writes_whole_numbers_and_empty_nulls(tmp_path):
    rows = list(csv.DictReader(io.StringIO(write_csv(corpus(), tmp_path / "c.csv").read_text(encoding="utf-8"))))
    assert rows[0]["value"] == "3000000000" and rows[0]["value_max"] == "" and rows[0]["year"] == "2020"


def test_negative_number_is_not_taken_for_a_formula(tmp_path):
    assert write_csv(pd.DataFrame({"value": [-5.5]}), tmp_path / "n.csv").read_text() == "value\n-5.5\n"


def test_workbook_holds_texts_as_texts(tmp_path):
    path = write_workbook({"claims": frame(*[record(n, 5, text=text) for n, text in enumerate(HOSTILE)])}, tmp_path / "w.xlsx")
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 2 and not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
        assert all('state="frozen"' in sheet for sheet in sheets)
        assert "HYPERLINK" in book.read("xl/sharedStrings.xml").decode()


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
