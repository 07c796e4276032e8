"""Compare a run with the one before it, figure by figure, and name what caused each change.

    compare(read_snapshot(old), read_snapshot(new)).line
    -> "since the run of 2026-03-01 06:15: 3 figures revised, 2 new (text); 4 themes changed (lexicon)"

In      two runs, the later one perhaps still in the making.
Out     Comparison: one row a changed field of a claim, a claim or relation that is new or gone, a relation that changed, a
        document that was renamed; counts by kind and cause; one line. `write_changes` keeps them in changes/.
Never   stops a run because the run before is damaged or of another kind: that is said in the line, and no row is made.
Needs   causes, columns, errors, exports, pairs, records, relation_changes, revisions, snapshots, tables.  Used by change_pages, cli.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from csrbook.causes import CAUSES, Cause, find_differences
from csrbook.columns import columns_of
from csrbook.errors import SchemaError
from csrbook.exports import write_table
from csrbook.pairs import pair_documents
from csrbook.records import write_json
from csrbook.relation_changes import relation_rows
from csrbook.revisions import FIELDS, Document
from csrbook.snapshots import READ, RUN, Row, Snapshot, read_snapshot
from csrbook.tables import typed_frame

__all__ = ["FOLDER", "KINDS", "Comparison", "compare", "compare_runs", "read_line", "write_changes"]

FOLDER = "changes"
SAME_TEXT = Cause("file", "the text is the same")
Pair = tuple[Document, Row | None, Row | None]
KINDS = {  # in the order in which they are told; the words after a number of them
    "renamed": "renamed", "revised": "revised", "new": "new", "gone": "gone", "redated": "re-dated", "reclassified": "reclassified",
    "reconverted": "reconverted", "relation_new": "new", "relation_gone": "gone", "verdict": "changed", "members": "regrouped",
}  # fmt: skip
NOUNS = {
    "renamed": "document", "relation_new": "relation", "relation_gone": "relation", "verdict": "verdict", "members": "relation",
    "actor": "actor", "programme": "programme", "theme": "theme", "relevance": "relevance", "indicator": "measure",
}  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What changed between two runs; `note` says why nothing was compared, or what was left out."""

    before: str | None  # name of the earlier run
    rows: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    differs: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def counts(self) -> list[dict[str, Any]]:
        """Return the number of rows by kind and cause."""
        counted = Counter((row["cause"], row["kind"]) for row in self.rows)
        return [{"kind": kind, "cause": cause, "changes": counted[cause, kind]} for cause, kind in sorted(counted, key=_told_order)]

    @cached_property
    def line(self) -> str:
        """Return all in one line; "" where there is no run before."""
        if self.before is None:
            return ""
        told = "; ".join(_tell(self.rows)) or ("" if self.note else "no figure changed")
        return f"since the run of {_day(self.before)}: {'; '.join(part for part in (told, self.note) if part)}"


def write_changes(folder: Path, record: Mapping[str, Any], before: Path | None) -> Comparison:
    """Compare a run in the making with the one before it, and keep the result in its folder.

    Writes changes/changes.csv, changes.parquet (grain: one row a change; order: document, place, then relations) and
    changes.json (counts by kind and cause, what the records say differs, the line).
    """
    comparison = _compare_with(folder, record, before)
    home = Path(folder) / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    write_table(typed_frame(comparison.rows, columns_of("changes")), home, "changes")
    told = {
        "format": 1, "before": comparison.before, "line": comparison.line, "note": comparison.note,
        "counts": comparison.counts, "differs": dict(comparison.differs),
    }  # fmt: skip
    write_json(home / "changes.json", told)
    return comparison


def read_line(folder: Path) -> str:
    """Return the line that a run kept, "" where it kept none."""
    path = Path(folder) / FOLDER / "changes.json"
    return str(json.loads(path.read_bytes())["line"]) if path.is_file() else ""


def compare_runs(old: Path, new: Path) -> Comparison:
    """Compare two whole runs.

    Raises
    ------
    SchemaError
        One of them is damaged, or of another format.
    """
    return compare(read_snapshot(old), read_snapshot(new))


def compare(old: Snapshot, new: Snapshot) -> Comparison:
    """Return what changed from one run to a later one."""
    differs = find_differences(old.record, new.record, READ)
    paired = pair_documents(_digests(old), _digests(new))
    if _is_another_folder(old, new, paired):
        return Comparison(old.name, note="another folder was read, so its figures are not compared", differs=differs)
    documents = [Document(old, new, differs, was, now) for was, now in paired]
    claims = [(document, a, b) for document in documents for a, b in document.pairs()]
    fields = [name for name in FIELDS if name in old.columns & new.columns]
    named = _named(claims)
    rows = [_row("renamed", "doc", d.was, d.now, SAME_TEXT, d) for d in documents if d.was and d.now and d.was != d.now]
    causes: dict[str, list[Cause]] = defaultdict(list)
    for document, a, b in claims:
        for one in document.changes(a, b, fields, named):
            rows.append(_row(one.kind, one.field, one.before, one.after, one.cause, document, a, b))
            if one.kind != "reconverted":  # no verdict but that of a conversion hangs on it
                causes[(b or a)["claim_id"]].append(one.cause)
    if old.relations is None or new.relations is None:
        lacking = "the earlier" if old.relations is None else "the later"
        return Comparison(old.name, tuple(rows), f"{lacking} run has no relations to compare", differs)
    ids = {a["claim_id"]: b["claim_id"] for _, a, b in claims if a and b}
    return Comparison(old.name, (*rows, *relation_rows(old, new, ids, causes, differs)), differs=differs)


def _compare_with(folder: Path, record: Mapping[str, Any], before: Path | None) -> Comparison:
    """Compare a run in the making with the one before; what hinders that becomes the note."""
    if before is None:
        return Comparison(None, note="there is no run before this one")
    try:
        return compare(read_snapshot(before), read_snapshot(folder, record))
    except SchemaError as error:
        where = "this run" if error.where == Path(folder).name else error.where
        return Comparison(before.name, note=f"not compared: {where}: {error.what}")


def _digests(run: Snapshot) -> dict[str, str | None]:
    """Return the digest of the stored text by document, of those too that only claims speak of."""
    return {doc: run.sources.get(doc, {}).get("sha256") or None for doc in {*run.sources, *run.claims}}


def _is_another_folder(old: Snapshot, new: Snapshot, paired: Iterable[tuple[str | None, str | None]]) -> bool:
    """Whether the runs read different folders that have no text and few names in common."""
    if old.seeds == new.seeds or not old.sources or not new.sources:
        return False
    both = [(was, now) for was, now in paired if was and now]
    before, after = _digests(old), _digests(new)
    if any(before[was] and before[was] == after[now] for was, now in both):
        return False
    return len(both) * 2 < min(len(before), len(after))


def _named(claims: Iterable[Pair]) -> tuple[dict[str, str], dict[str, str]]:
    """Return claim_id in the later run by the earlier run's `id`, and by its own: these count, and shift when one is new."""
    before, after = {}, {}
    for _, a, b in claims:
        if a and a.get("id"):
            before[str(a["id"])] = (b or a)["claim_id"]
        if b and b.get("id"):
            after[str(b["id"])] = b["claim_id"]
    return before, after


def _row(
    kind: str, field: str | None, before: Any, after: Any, cause: Cause, document: Document, a: Row | None = None, b: Row | None = None
) -> dict[str, Any]:
    """Return a row of the table, by the names of table `changes`."""
    return {
        "kind": kind, "cause": cause.code, "doc": document.now or document.was, "doc_before": document.was, "field": field,
        "before": before, "after": after, "quotation_before": a and a["text"], "quotation_after": b and b["text"],
        "claim_id_before": a and a["claim_id"], "claim_id_after": b and b["claim_id"], "evidence": cause.evidence,
    }  # fmt: skip


def _tell(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what each cause changed: "3 figures revised, 2 new (text)"; a figure counts once under each kind."""
    counted: dict[str, dict[tuple[str, str | None], set]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        what = (row["kind"], row["field"] if row["kind"] == "reclassified" else None)
        counted[row["cause"]][what].add((row["doc"], row["claim_id_after"] or row["claim_id_before"]))
    for cause in sorted(counted, key=_cause_order):
        kinds, told, said = counted[cause], [], False
        for kind in KINDS:
            found = {field: those for (one, field), those in kinds.items() if one == kind}
            if not found:
                continue
            count, field = len(set().union(*found.values())), next(iter(found))
            noun = NOUNS.get(field if len(found) == 1 and field in NOUNS else kind)
            words = "changed" if kind == "reclassified" and noun else KINDS[kind]
            noun = noun or ("" if said else "figure")
            said = said or noun == "figure"  # "3 figures revised, 2 new"
            noun = f"{noun}s" if noun and count != 1 else noun
            told.append(" ".join(part for part in (f"{count:,}", noun, words) if part))
        yield f"{', '.join(told)} ({cause})"


def _cause_order(cause: str) -> tuple[list[int], str]:
    return [CAUSES.index(code) for code in cause.split(" or ")], cause


def _told_order(key: tuple[str, str]) -> tuple[Any, int]:
    cause, kind = key
    return _cause_order(cause), list(KINDS).index(kind)


def _day(name: str) -> str:
    """Return the time that a run's name tells, as a person writes it; a folder of another name keeps it."""
    found = RUN.fullmatch(name)
    if not found:
        return name
    stamp = found[1]
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]} {stamp[9:11]}:{stamp[11:13]}"
