"""Count what a run found, for the person or program that is told of it: documents, figures, what is new, what to look at.

    summary = summarise(Path("outputs/latest"))
    summary.line                                "5 documents, 354 figures (2 new, 1 changed), 10 conflicts, 0 orphans, 0 unread"

In      the folder of a run.
Out     counts; None where the notebooks of its plan write no such table.
Never   reads a text, or fails where a table is absent.
Needs   exits, records, states; pyarrow for the figures.  Used by corrections_cli, run_cli.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csrbook.exits import FINDINGS
from csrbook.records import read_json
from csrbook.states import OPEN, count_states

__all__ = ["DECISIONS", "Summary", "open_decisions", "summarise"]

SOURCES, CLAIMS = Path("01-sources", "sources.csv"), Path("02-extract", "claims.parquet")
DECISIONS, RELATIONS = Path("02-extract", "decisions.csv"), Path("04-reconcile", "relations.csv")
CHANGES = Path("changes", "changes.json")
CONFLICTS = ("conflict", "bad_conversion")  # kinds of relations in which sources contradict each other
CHANGED = ("revised", "redated", "reclassified", "reconverted")  # kinds of changes of a figure
NAMES = ("documents", "figures", *FINDINGS)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts by name (NAMES); what changed since the run before: its name, the counts, the line that tells them."""

    counts: Mapping[str, int | None]
    changes: Mapping[str, Any]

    @property
    def line(self) -> str:
        """All counts in one line; those that are not known are left out."""
        told = [f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in self.counts.items() if count is not None]
        if self.counts["figures"] is not None and self.changes["since"]:
            told[1] += f" ({self.changes['new']} new, {self.changes['changed']} changed, {self.changes['gone']} gone)"
        return ", ".join(told)

    def to_look_at(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Return which of the findings that were asked about there are."""
        return tuple(name for name in asked if self.counts[name])


def summarise(run: Path) -> Summary:
    """Return the counts of a run.

    `figures` are claims, repeats of them included; `conflicts` are relations in which sources contradict each other, also by a
    conversion that does not fit; `orphans` are decisions of corrections.csv that a person has to look at; `unread` are files.
    """
    status = Counter(row.get("status") for row in _rows(run / SOURCES) or ())
    relations, decisions = _rows(run / RELATIONS), open_decisions(run)
    counts = {
        "documents": status["read"] if (run / SOURCES).is_file() else None,
        "figures": _count_figures(run / CLAIMS),
        "conflicts": None if relations is None else sum(row.get("kind") in CONFLICTS for row in relations),
        "orphans": None if decisions is None else sum(decisions.values()),
        "unread": status["unread"] if (run / SOURCES).is_file() else None,
    }
    return Summary(counts, _read_changes(run / CHANGES))


def open_decisions(run: Path) -> dict[str, int] | None:
    """Return how many decisions of each state a person has to look at; None where the run keeps no decisions."""
    rows = _rows(run / DECISIONS)
    if rows is None:
        return None
    counts = count_states(row.get("state", "") for row in rows)
    return {state: count for state, count in counts.items() if state in OPEN}


def _rows(path: Path) -> Iterator[Mapping[str, str]] | None:
    """Return the rows of a CSV table, None where there is none that can be read."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            csv.field_size_limit(2**31 - 1)  # a quotation may be long
            return iter(list(csv.DictReader(lines)))
    except (OSError, ValueError, csv.Error):
        return None


def _count_figures(path: Path) -> int | None:
    """Return the rows of a Parquet table: a file, or the parts in a folder."""
    if not path.exists():
        return None
    from pyarrow import ArrowInvalid, parquet

    parts = [path] if path.is_file() else sorted(path.rglob("*.parquet"))
    try:
        return sum(parquet.read_metadata(part).num_rows for part in parts)
    except (OSError, ArrowInvalid):
        return None


def _read_changes(path: Path) -> dict[str, Any]:
    told = read_json(path)
    counts: Counter[str] = Counter()
    for row in told.get("counts", ()):
        counts["changed" if row["kind"] in CHANGED else row["kind"]] += row["changes"]
    kinds = {name: counts[name] for name in ("new", "changed", "gone")}
    return {"since": told.get("before"), **kinds, "line": told.get("line", "")}
