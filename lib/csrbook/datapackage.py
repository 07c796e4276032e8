"""Describe the tables of a run as a Frictionless Data Package: datapackage.json, beside them.

    write_package(Path("outputs/latest")) -> outputs/latest/datapackage.json

In      a run's folder: its CSV tables, but for those beside charts, which draw what stands in the others.
Out     a tabular data package: for each table its columns with type, unit and meaning, its keys, size and digest; the
        documents as sources. No clock, no path of a machine: same tables, same bytes.
Never   changes a table, says what a value is where the registry of columns does not, or takes a person's own file for a table.
Needs   columns, decisions (the name of that file), digests, errors, evidence (rows of the sources), records.
        Used by cli, at the end of a run.

A text that a spreadsheet would take for a formula has an apostrophe before it in the CSV; the Parquet file beside it does not.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from csrbook import __version__
from csrbook.columns import Column, column
from csrbook.decisions import CORRECTIONS
from csrbook.digests import digest_files
from csrbook.errors import SchemaError
from csrbook.evidence import read_rows
from csrbook.records import write_json

__all__ = ["write_package"]

PACKAGE = "datapackage.json"
DRAWN = "05-chart"  # the folder of tables that charts draw
TYPES = {  # of columns: types of a Table Schema; an imprecise date and JSON are text there
    "text": "string", "date": "string", "json": "string", "day": "date", "integer": "integer", "number": "number", "boolean": "boolean",
}  # fmt: skip
NOTES = {"date": "ISO 8601, as precise as the document: a day, month or year, or an interval start/end", "json": "JSON"}
KEYS = {"claims": "claim_id", "claims_normal": "claim_id", "sources": "path", "tellings": "telling_id"}
LOOSE = ("decisions", "changes")  # may speak of a document or claim that is not in this run
LINKS = {"doc": ("sources", "doc"), "claim_id": ("claims", "claim_id")}  # column: the table and column that it points to
ABOUT = (
    "Figures that documents state about corporate social responsibility, each tied to its place in the stored text, and tables of them. "
    "Read by rules; the quotations are their publishers'. A text that a spreadsheet would take for a formula has an apostrophe before it."
)


def write_package(folder: Path) -> Path:
    """Write datapackage.json into a run's folder and return its path; a table without a head is left out."""
    folder = Path(folder)
    paths = (path for path in sorted(folder.glob("*/*.csv")) if path.name != CORRECTIONS and path.parent.name != DRAWN)
    heads = {path: head for path in paths if (head := _head(path))}
    names = _names(list(heads))
    resources = [_resource(folder, path, name, heads[path], set(names.values())) for path, name in names.items()]
    package = {
        "profile": "tabular-data-package",
        "name": "csrbook-run",
        "title": "Figures stated in documents, and where",
        "description": ABOUT,
        "version": __version__,
        "sources": [_source(row) for row in read_rows(folder / "01-sources", "sources")],
        "resources": resources,
    }
    return write_json(folder / PACKAGE, {key: told for key, told in package.items() if told != []})


def _head(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines), [])


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Return a name for each table: that of its file, with its step where two steps have a file of one name."""
    stems = [path.stem.lower() for path in paths]
    return {p: stem if stems.count(stem) == 1 else f"{p.parent.name}.{stem}" for p, stem in zip(paths, stems, strict=True)}


def _resource(folder: Path, path: Path, name: str, head: Iterable[str], tables: set[str]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path.relative_to(folder).as_posix(),
        "title": path.stem.replace("_", " "),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest_files(path)[path.name]}",
        "schema": _schema(name, list(head), tables),
    }


def _schema(name: str, head: Sequence[str], tables: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(key, name) for key in head], "missingValues": [""]}
    if (key := KEYS.get(name)) in head:
        schema["primaryKey"] = [key]
    links = [
        {"fields": [key], "reference": {"resource": table, "fields": [there]}}
        for key, (table, there) in LINKS.items()
        if key in head and table in tables and name not in (table, *LOOSE)
    ]
    return schema | ({"foreignKeys": links} if links else {})


def _field(key: str, table: str) -> dict[str, str]:
    """Return the description of a column; of one that is not in the registry, its name alone."""
    try:
        known: Column = column(key, table)
    except SchemaError:
        return {"name": key, "type": "any"}
    meaning = f"{known.meaning} ({NOTES[known.type]})" if known.type in NOTES else known.meaning
    field = {"name": key, "type": TYPES[known.type], "description": meaning, "unit": known.unit, "source": known.source}
    return {name: told for name, told in field.items() if told}


def _source(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a document as the package's source; by its file's name where it has no title or could not be read."""
    told = [str(row[name]) for name in ("publisher", "date") if row.get(name)]
    title = str(row.get("title") or row.get("doc") or row["path"])
    found = {"title": f"{title} ({', '.join(told)})" if told else title}
    return found | ({"path": f"01-sources/texts/{row['doc']}.txt"} if row.get("doc") else {})
