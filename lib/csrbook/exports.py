"""Write tables: CSV, Parquet and one workbook, the same bytes from run to run, and no cell that a spreadsheet would run.

    write_table(frame, folder, "claims") -> [folder/claims.csv, folder/claims.parquet]

In      DataFrames with text that strangers wrote.
Out     files in UTF-8; whole numbers without ".0"; nulls empty.
Never   lets "=HYPERLINK(...)" out of a document become a formula; leaves half a file behind.
Needs   columns, decisions (what a spreadsheet runs), digests, errors, evidence (names of pages); pandas, pyarrow, xlsxwriter.
"""

import csv
import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from math import isfinite
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
from xlsxwriter import Workbook

from csrbook import __version__
from csrbook.columns import column
from csrbook.decisions import defuse
from csrbook.digests import fingerprint
from csrbook.errors import SchemaError
from csrbook.evidence import page_of

__all__ = ["WORKBOOK", "read_table", "write_csv", "write_parquet", "write_run_workbook", "write_table", "write_workbook"]

WORKBOOK = "workbook.xlsx"
AHEAD = ("sources", "claims_normal")  # sheets that come first
WITHOUT = {"claims", "sightings"}  # tables that another sheet holds whole
CELL = 32_767  # characters that a cell of a workbook holds
MADE = datetime(2020, 1, 1)  # a workbook carries its date; a fixed one keeps the bytes equal
CUT = " [cut]"
WIDEST = 60
ROWS, LINKS = 1_048_575, 65_530  # that a sheet holds beside its heads, and may have
EXACT = 2**53  # a spreadsheet counts in floats: a whole number past this would be another one
FIRST_DAY = date(1900, 3, 1)  # spreadsheets count a 29 February 1900
LINKED = {"claim_id": "claim_id", "claim_ids": "claim_id", "figure_ids": "claim_id", "telling_id": "telling_id"}  # column: whose place
FIRST = re.compile("[^ |]*")  # of several ids
FRONT = "read me"
LOOKS = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "link": {"font_color": "#0b57d0", "underline": 1},
    "day": {"num_format": "yyyy-mm-dd"},
    "whole": {"num_format": "#,##0"},
    "plain": {},
}
ABOUT = "Every figure that the documents of a run state, what it says, and sums of those that may be added. Read by rules alone."
READ_ME = (
    ("units", "value, value_max, low and high are in `unit` (percent as 96), those ending in _si in `unit_si`, those ending in a "
     "currency in that currency, at `rate` of `rate_date`. An empty cell is not known, never zero."),
    ("dates", "A whole day is a date. A month, a year or an interval (start/end) is text, no more precise than the document."),
    ("links", "claim_id, the first of several, and telling_id lead to the place in the pages of the run: leave the workbook in its folder. "
     "A link goes nowhere else, and nothing is loaded when the workbook is opened."),
    ("how to cite", "Column `cite` of the claims is the citation line of each. Of the whole: csrbook with its version, the number of "
     "documents and the fingerprint above. The quotations are their publishers'."),
)  # fmt: skip


def write_table(frame: pd.DataFrame, folder: str | Path, stem: str) -> list[Path]:
    """Write `<stem>.csv` and `<stem>.parquet`; return both paths."""
    folder = Path(folder)
    return [write_csv(frame, folder / f"{stem}.csv"), write_parquet(frame, folder / f"{stem}.parquet")]


def write_csv(frame: pd.DataFrame, path: str | Path, *, follows: bool = False) -> Path:
    """Write a table as CSV; a text that a spreadsheet would run gets an apostrophe before it. What `follows` goes after what is there."""
    rows = zip(*([_cell(value) for value in frame.iloc[:, at]] for at in range(len(frame.columns))), strict=True)
    if follows:
        return _write_rows(rows, Path(path), "a")
    return _swap(path, lambda part: _write_rows(chain([map(_defused, frame.columns)], rows), part, "w"))


def _write_rows(rows: Iterable[Iterable[Any]], path: Path, mode: str) -> Path:
    """Write rows that end in a line feed, with quotation marks round a cell that holds any end of a line."""
    with path.open(mode, encoding="utf-8", newline="") as file:
        lines = SimpleNamespace(write=lambda line: file.write(f"{line[:-2]}\n"))
        csv.writer(lines, lineterminator="\r\n").writerows(rows)  # it puts marks round the signs that it ends a row with: both
    return path


def write_parquet(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as Parquet, with its types; texts as they are."""
    return _swap(path, lambda part: frame.to_parquet(part, index=False, engine="pyarrow", compression="zstd"))


def read_table(path: str | Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table that `write_parquet` wrote, or a folder of its parts, with the same types; only some columns, where they are named.

    Raises
    ------
    SchemaError
        The file is missing or is no Parquet file.
    """
    path = Path(path)
    try:
        return pd.read_parquet(path, engine="pyarrow", columns=columns and list(columns))
    except (OSError, ValueError) as error:
        what = "no such file" if not path.exists() else str(error).splitlines()[0]
        raise SchemaError(path.name, what, "a Parquet table of this run", "run the notebook that writes it") from error


def write_run_workbook(folder: str | Path) -> Path:
    """Write one workbook of all tables of a run, in the order of its steps, into the run's folder; return its path."""
    folder = Path(folder)
    paths = {path.stem: path for path in sorted(folder.glob("*/*.parquet")) if path.stem not in WITHOUT}
    names = [*(name for name in AHEAD if name in paths), *(name for name in paths if name not in AHEAD)]
    return write_workbook({name: read_table(paths[name]) for name in names}, folder / WORKBOOK)


def write_workbook(tables: Mapping[str, pd.DataFrame], path: str | Path) -> Path:
    """Write one XLSX workbook: what it is, what every column means, then a sheet a table, heads frozen and filtered.

    Numbers are numbers, whole days are dates, all else is text, whatever it looks like. A claim_id, the first of several,
    a telling_id and the documents of `sources` lead to their place in the pages of the run, beside the workbook.

    Parameters
    ----------
    tables : mapping of sheet name to DataFrame
        In the order of the sheets; names of at most 31 characters. Rows past what a sheet holds, and links past what
        a sheet may have, are left out, and the first sheet says so.
    path : path
        The file to write.
    """
    sheets, places = {"columns": _dictionary(tables), **tables}, _places(tables)

    def write(part: Path) -> None:
        with Workbook(str(part)) as book:
            book.set_properties({"created": MADE})
            formats = {name: book.add_format(look) for name, look in LOOKS.items()}
            front = book.add_worksheet(FRONT)
            links = {n: _sheet(book.add_worksheet(n[:31]), n, frame, places, formats) for n, frame in sheets.items()}
            _read_me(front, tables, links, formats)

    return _swap(path, write)


def _sheet(sheet: Any, name: str, frame: pd.DataFrame, places: Mapping[str, Mapping[str, str]], formats: Mapping[str, Any]) -> int:
    """Fill a sheet and return how many links it would have, were there no limit."""
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, max(min(len(frame), ROWS), 1), len(frame.columns) - 1)
    links = 0
    for at, key in enumerate(frame.columns):
        values = [_plain(value) for value in frame[key].head(ROWS).tolist()]
        there = places[LINKED[key]] if key in LINKED else places["doc"] if key == "doc" and name == "sources" else {}
        is_dated = name != "columns" and column(key, name).type in ("date", "day")
        sheet.write_string(0, at, str(key), formats["head"])
        longest = max((len(str(value)) for value in values[:200] if value is not None), default=0)
        sheet.set_column(at, at, min(WIDEST, max(longest, len(str(key))) + 2))
        for row, value in enumerate(values, 1):
            place = there.get(value) or there.get(FIRST.match(value)[0]) if there and isinstance(value, str) else None
            links += place is not None
            if place and links <= LINKS:
                sheet.write_url(row, at, f"external:{place}", formats["link"], _fit(value))
            else:
                _write(sheet, (row, at), value, formats, dated=is_dated)
    return links


def _write(sheet: Any, cell: tuple[int, int], value: Any, formats: Mapping[str, Any], *, dated: bool) -> None:
    """Write one value by its type: never by what a text looks like."""
    if isinstance(value, bool):
        sheet.write_boolean(*cell, value)
    elif (isinstance(value, float) and isfinite(value)) or (isinstance(value, int) and abs(value) <= EXACT):
        whole = isinstance(value, int) and abs(value) >= 10_000
        sheet.write_number(*cell, value, formats["whole" if whole else "plain"])
    elif dated and isinstance(value, str) and (day := _day(value)):
        sheet.write_datetime(*cell, day, formats["day"])
    elif value is not None:
        sheet.write_string(*cell, _fit(str(value)))


def _day(value: str) -> date | None:
    """Return a whole date that a spreadsheet can count; a month or an interval stays text, as do days before March 1900."""
    try:
        day = date.fromisoformat(value) if len(value) == len("2020-01-31") else None
    except ValueError:
        return None
    return day if day and day >= FIRST_DAY else None


def _places(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Return the address of every claim, telling and document that the tables tell of, seen from the workbook's folder."""
    found: dict[str, dict[str, str]] = {"claim_id": {}, "telling_id": {}}
    for key, mark in (("claim_id", "c"), ("telling_id", "t")):
        for frame in tables.values():
            if {key, "doc"} <= set(frame.columns):
                told = frame[[key, "doc"]].dropna().drop_duplicates()
                found[key] |= {one: f"{page_of(doc)}#{mark}-{one}" for one, doc in told.itertuples(index=False)}
    docs = tables["sources"]["doc"].dropna() if "sources" in tables else ()
    return found | {"doc": {doc: page_of(doc) for doc in docs}}


def _read_me(sheet: Any, tables: Mapping[str, pd.DataFrame], links: Mapping[str, int], formats: Mapping[str, Any]) -> None:
    """Fill the first sheet: what this is, in which units, how to cite it, and what every sheet holds and leaves out."""
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110, formats["wrapped"])
    lines = [("csrbook", __version__), ("what", ABOUT), ("texts", _texts(tables.get("sources"))), *READ_ME, ("sheet", "rows")]
    for row, line in enumerate(lines):
        for at, words in enumerate(line):
            sheet.write_string(row, at, words, formats["head" if line[0] in ("csrbook", "sheet") else "wrapped"])
    for row, (name, count) in enumerate(links.items(), len(lines)):
        frame = tables.get(name)
        told = "what every column means" if frame is None else f"{len(frame):,}"
        told += f"; the first {ROWS:,} stand here, the others in the CSV of that name" if frame is not None and len(frame) > ROWS else ""
        told += f"; links: {count:,}" if count else ""
        told += f"; a sheet holds no more than the first {LINKS:,} of them" if count > LINKS else ""
        sheet.write_url(row, 0, f"internal:'{name[:31]}'!A1", formats["link"], name)
        sheet.write_string(row, 1, told, formats["wrapped"])


def _texts(sources: pd.DataFrame | None) -> str:
    if sources is None:
        return "the documents of this run"
    rows = sources[["doc", "path", "sha256"]].to_dict("records")
    shas = {_plain(r["doc"]) or r["path"]: _plain(r["sha256"]) or hashlib.sha256(b"").hexdigest() for r in rows}
    unread = int(sources["doc"].isna().sum())
    return f"{len(sources) - unread} documents read, {unread} files not; fingerprint of their texts {fingerprint(shas)}"


def _dictionary(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for name, frame in tables.items():
        for key in frame.columns:
            known = column(key, name)
            rows.append((name, key, known.meaning, known.type, known.unit, known.source))
    return pd.DataFrame(rows, columns=["table", "column", "meaning", "type", "unit", "source"], dtype="str")


def _fit(text: str) -> str:
    return text[: CELL - len(CUT)] + CUT if len(text) > CELL else text


def _cell(value: Any) -> Any:
    return _defused(_plain(value))


def _plain(value: Any) -> Any:
    """Return a null as None and a whole float as an integer: 3400000000, not 3400000000.0."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _defused(value: Any) -> Any:
    return defuse(value) if isinstance(value, str) else value


def _swap(path: str | Path, write: Any) -> Path:
    """Write beside, then move into place: a reader never sees half a file."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part{path.suffix}")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path
