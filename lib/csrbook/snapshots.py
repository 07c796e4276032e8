"""Read a run's folder for comparing: what was read, what it says, and what it was made with.

    read_snapshot(Path("outputs/latest")).claims["letter"][0]["value"]

In      outputs/<run>/ of this or an older version: tables may lack columns, or be absent.
Out     Snapshot: the record of the run, sources by doc, claims by doc in text order, relations, decisions, stored texts.
Never   writes, or lets a damaged run through as an empty one (SchemaError says what is damaged).
Needs   digests, errors, records; pyarrow.  Used by revisions, relation_changes, changes, cli.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csrbook.digests import FORMAT
from csrbook.errors import SchemaError, UsageError
from csrbook.records import read_parquet

__all__ = ["READ", "RUN", "Row", "Snapshot", "choose_runs", "read_snapshot"]

Row = Mapping[str, Any]
NEEDED = ("doc", "start", "end", "text", "claim_id")
TABLES = ("03-tabulate/claims_normal.parquet", "02-extract/claims.parquet")  # the first holds all that the second does, and more
SOURCES, DECISIONS = "01-sources/sources.parquet", "02-extract/decisions.parquet"
RELATIONS = "04-reconcile/relations.jsonl"
READ = (*TABLES, SOURCES, DECISIONS, RELATIONS)  # a notebook that writes one of these bears on what is compared
RECORD = "run.json"
RUN = re.compile(r"(\d{8}T\d{6}Z)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one run says, and what it was made with."""

    folder: Path
    name: str
    record: Mapping[str, Any]  # run.json, as far as it is written
    sources: Mapping[str, Row]
    claims: Mapping[str, tuple[Row, ...]]
    columns: frozenset[str]  # that the table of claims has; `money` where there is a converted value
    relations: tuple[Row, ...] | None  # None: not compared in that run
    decisions: Mapping[str, Mapping[str, str]]  # by claim_id: state and value by field

    def text(self, doc: str) -> str:
        """Return the stored text of a document, "" where it has none.

        Raises
        ------
        SchemaError
            What is stored is no text.
        """
        path = self.folder / "01-sources" / "texts" / f"{doc}.txt"
        try:
            return path.read_bytes().decode("utf-8") if path.is_file() else ""
        except (OSError, ValueError) as error:
            raise SchemaError(self.name, f"the stored text of {doc} cannot be read", advice="run it again with --force") from error

    @property
    def seeds(self) -> str:
        """Return the folder that was read, as seen from the run's."""
        given = self.record.get("parameters")
        return str(given.get("seeds")) if isinstance(given, Mapping) else ""


def read_snapshot(folder: Path, record: Mapping[str, Any] | None = None) -> Snapshot:
    """Return a run as it lies in its folder.

    Parameters
    ----------
    folder : Path
        The run.
    record : mapping, optional
        What run.json will say, for a run that is still in the making; read from the folder where it is left out.

    Raises
    ------
    SchemaError
        The record is absent, damaged or of another format; the claims are absent; a table or a text is damaged.
    """
    folder = Path(folder)
    record = _read_record(folder / RECORD) if record is None else record
    try:
        claims, columns = _read_claims(folder)
        sources = {str(row.get("doc") or row.get("path")): row for row in _read_table(folder / SOURCES)}
        relations = _read_relations(folder / RELATIONS)
        decisions = _read_decisions(folder / DECISIONS)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, SchemaError):
            raise
        told = (str(error).splitlines() or [type(error).__name__])[0]
        raise SchemaError(folder.name, f"a table cannot be read: {told}", advice="run it again with --force") from error
    return Snapshot(folder, folder.name, record, sources, claims, columns, relations, decisions)


def choose_runs(out: Path, old: str | None = None, new: str | None = None) -> tuple[Path, Path]:
    """Return the folders of two runs to compare.

    Parameters
    ----------
    out : Path
        The folder of all runs.
    old, new : str, optional
        Names of runs in it, or paths; `new` is the latest where it is left out, `old` the newest that is older than `new`.

    Raises
    ------
    UsageError
        No such run, or no older one.
    """
    out = Path(out)
    later = _find_run(out, new or "latest").resolve()
    if old:
        return _find_run(out, old).resolve(), later
    runs = {path.parent for path in out.glob(f"*/{RECORD}") if RUN.fullmatch(path.parent.name)}
    older = [path for path in runs if RUN.fullmatch(later.name) and _when(path) < _when(later)]
    if not older:
        raise UsageError(str(out), f"holds no run older than {later.name}", advice="name the two runs to compare")
    return max(older, key=_when), later


def _find_run(out: Path, name: str) -> Path:
    for path in (out / name, Path(name)):
        if (path / RECORD).is_file():
            return path
    raise UsageError(name, f"is no run in {out}", "the name of a folder with a run.json", "look into that folder")


def _when(run: Path) -> tuple[str, int]:
    stamp, number = RUN.fullmatch(run.name).groups()
    return stamp, int(number or 1)


def _read_record(path: Path) -> Mapping[str, Any]:
    """Return run.json, refused where it is not of the format that is known."""
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        what = "has no record of the run" if not path.exists() else "its record is damaged"
        raise SchemaError(path.parent.name, what, "a run.json that a whole run wrote") from error
    told = record.get("format") if isinstance(record, dict) else None
    if told != FORMAT:
        raise SchemaError(path.parent.name, f"its record is of format {told}", f"format {FORMAT}")
    return record


def _read_table(path: Path) -> list[Row]:
    """Return the rows of a Parquet table; [] where there is no such table."""
    return read_parquet(path) if path.is_file() else []


def _read_claims(folder: Path) -> tuple[dict[str, tuple[Row, ...]], frozenset[str]]:
    """Return the claims by document, and the columns that their table has.

    Money is found under `money` whatever the currency, which `currency` names.
    """
    from pyarrow import parquet

    path = next((folder / name for name in TABLES if (folder / name).is_file()), None)
    if path is None:
        raise SchemaError(folder.name, "has no table of claims", f"one of {', '.join(TABLES)}")
    have = set(parquet.read_schema(path).names)
    if lacking := [name for name in NEEDED if name not in have]:
        raise SchemaError(folder.name, f"its claims have no {', '.join(lacking)}", "the columns that find a claim")
    rows: dict[str, list[dict]] = defaultdict(list)
    for row in _read_table(path):
        row |= {name: str(row[name]) for name in ("doc", "text", "claim_id")} | {"start": int(row["start"]), "end": int(row["end"])}
        rows[row["doc"]].append(row | {"money": row.get(f"value_{row.get('currency') or ''}".lower())})
    in_order = {doc: tuple(sorted(told, key=lambda row: (row["start"], row["end"]))) for doc, told in rows.items()}
    return in_order, frozenset(have | ({"money"} if "currency" in have else set()))


def _read_relations(path: Path) -> tuple[Row, ...] | None:
    """Return verdict and members of each relation."""
    if not path.is_file():
        return None
    rows = [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n") if line.strip()]
    return tuple({"verdict": str(row["verdict"]), "members": tuple(map(str, row["members"]))} for row in rows)


def _read_decisions(path: Path) -> dict[str, dict[str, str]]:
    """Return by claim and field what became of a person's decisions, with the value decided on."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _read_table(path):
        if row.get("claim_id"):  # one that fits nowhere changes nothing
            told = [str(row[name]) for name in ("state", "value") if row.get(name) is not None]
            found[str(row["claim_id"])][str(row.get("field") or "")] = " ".join(told)
    return dict(found)
