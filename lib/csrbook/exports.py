"""Write tables: CSV, Parquet and one workbook, the same bytes from run to run, and no cell that a spreadsheet would run.

    write_table(frame, folder, "claims") -> [folder/claims.csv, folder/claims.parquet]

In      DataFrames with text that strangers wrote.
Out     files in UTF-8; whole numbers without ".0"; nulls empty.
Never   lets "=HYPERLINK(...)" out of a document become a formula; leaves half a file behind.
Needs   columns, errors; pandas, pyarrow, xlsxwriter.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from csrbook.columns import TABLES, column
from csrbook.errors import SchemaError

__all__ = ["read_table", "write_csv", "write_parquet", "write_table", "write_workbook"]

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full width: East Asian spreadsheets
CELL = 32_767  # characters that a cell of a workbook holds
MADE = datetime(2020, 1, 1)  # a workbook carries its date; a fixed one keeps the bytes equal
CUT = " [cut]"
WIDEST = 60


def write_table(frame: pd.DataFrame, folder: str | Path, stem: str) -> list[Path]:
    """Write `<stem>.csv` and `<stem>.parquet`; return both paths."""
    folder = Path(folder)
    return [write_csv(frame, folder / f"{stem}.csv"), write_parquet(frame, folder / f"{stem}.parquet")]


def write_csv(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV; a text that a spreadsheet would run gets an apostrophe before it."""
    safe = frame.rename(columns=_defused)
    for at, name in enumerate(frame.columns):
        safe.isetitem(at, pd.Series([_cell(value) for value in frame[name]], index=frame.index, dtype="object"))
    return _swap(path, lambda part: safe.to_csv(part, index=False, encoding="utf-8", lineterminator="\n"))


def write_parquet(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as Parquet, with its types; texts as they are."""
    return _swap(path, lambda part: frame.to_parquet(part, index=False, engine="pyarrow", compression="zstd"))


def read_table(path: str | Path) -> pd.DataFrame:
    """Return a table that `write_parquet` wrote, with the same types.

    Raises
    ------
    SchemaError
        The file is missing or is no Parquet file.
    """
    path = Path(path)
    try:
        return pd.read_parquet(path, engine="pyarrow")
    except (OSError, ValueError) as error:
        what = "no such file" if not path.exists() else str(error).splitlines()[0]
        raise SchemaError(path.name, what, "a Parquet table of this run", "run the notebook that writes it") from error


def write_workbook(tables: Mapping[str, pd.DataFrame], path: str | Path) -> Path:
    """Write one XLSX workbook: a sheet a table, heads frozen and filtered, and a first sheet that explains every column.

    Parameters
    ----------
    tables : mapping of sheet name to DataFrame
        In the order of the sheets; names of at most 31 characters.
    path : path
        The file to write.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    sheets = {"columns": _dictionary(tables), **tables}

    def write(part: Path) -> None:
        with pd.ExcelWriter(part, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
            writer.book.set_properties({"created": MADE})
            head = writer.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
            for name, frame in sheets.items():
                _sheet(writer, name, frame, head)

    return _swap(path, write)


def _sheet(writer: pd.ExcelWriter, name: str, frame: pd.DataFrame, head: Any) -> None:
    fitted = frame.copy()
    for at, key in enumerate(frame.columns):
        if not pd.api.types.is_numeric_dtype(frame[key]):
            fitted.isetitem(at, pd.Series([_fit(value) for value in frame[key]], index=frame.index, dtype="object"))
    fitted.to_excel(writer, sheet_name=name[:31], index=False)
    sheet = writer.sheets[name[:31]]
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)
    for at, key in enumerate(frame.columns):
        sheet.write_string(0, at, str(key), head)
        longest = max((len(str(value)) for value in fitted.iloc[:200, at]), default=0)
        sheet.set_column(at, at, min(WIDEST, max(longest, len(str(key))) + 2))


def _dictionary(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for name, frame in tables.items():
        for key in frame.columns:
            known = column(key, name if name in TABLES else "claims")
            rows.append((name, key, known.meaning, known.type, known.unit, known.source))
    return pd.DataFrame(rows, columns=["table", "column", "meaning", "type", "unit", "source"])


def _fit(value: Any) -> Any:
    text = _plain(value)
    return text[: CELL - len(CUT)] + CUT if isinstance(text, str) and len(text) > CELL else text


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
    return f"'{value}" if isinstance(value, str) and value.startswith(LIVE) else value


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
