"""Read and write the records of a run: JSON files, JSON lines, and the rows of a Parquet table.

    write_json(Path("run.json"), {"run": "20200101T000000Z"}); read_json(Path("run.json"))["run"]

In      a path; anything that JSON can tell.
Out     files in UTF-8, the same bytes for the same data; rows as mappings, no number as None.
Never   asks what a record says.
Needs   errors; pyarrow, for tables alone.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from csrbook.errors import SchemaError

__all__ = ["read_json", "read_lines", "read_parquet", "write_json"]


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file tells; {} where it is absent, damaged or no object."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def write_json(path: Path, data: Any) -> Path:
    """Write data as indented JSON and return the path; bytes of a file's name that are no text are told by their code."""
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    path.write_bytes(text.encode("utf-8", "backslashreplace"))
    return path


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the object of every line that is not empty.

    Raises
    ------
    SchemaError
        A line is no object, and which one.
    """
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:  # no JSON, or no UTF-8
            row = None
        if not isinstance(row, dict):
            where = f"{path.parent.name}/{path.name}, line {number}"
            raise SchemaError(where, f"{line[:40].decode('utf-8', 'replace')!r} is no record", "one JSON object", advice="run again")
        yield row


def read_parquet(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    from pyarrow import parquet

    return [{key: None if value != value else value for key, value in row.items()} for row in parquet.read_table(path).to_pylist()]
