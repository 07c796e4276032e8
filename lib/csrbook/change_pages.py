"""What the page of changes shows: the rows of changes/ with links to the claims of this run, and a few words for each kind.

In      a Run as `evidence.read_run` gives it; changes/ in its folder, which an older run does not have.
Out     names and values for the template changes.html.j2, and the claims whose evidence the page carries.
Never   makes HTML, or links to a claim that this run does not have.
Needs   cells, changes, displays, evidence, records.  Used by share.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from csrbook.cells import part
from csrbook.changes import FOLDER, KINDS
from csrbook.displays import format_number, format_when
from csrbook.evidence import Run
from csrbook.records import read_parquet

__all__ = ["describe_changes"]

SHOWN = 1000  # rows that the page carries; the table has the rest
NAMES = {
    "renamed": "document renamed", "new": "new", "gone": "gone", "revised": "revised", "redated": "re-dated",
    "reclassified": "reclassified", "reconverted": "reconverted", "relation_new": "relation new",
    "relation_gone": "relation gone", "verdict": "verdict changed", "members": "relation regrouped",
}  # fmt: skip
SECTIONS = dict.fromkeys(("verdict", "relation_new", "relation_gone"), "verdict") | {"theme": "theme", "indicator": "indicator"}
FIELDS = {"target": "promise", "indicator": "measure", "actor": "body", "when_type": "sort of date", "verdict": ""}
ANSWERS = {"true": "yes", "false": "no"}
COUNTED = {"new", "gone", "revised", "reconverted"}  # their values begin with a number
NUMBER = re.compile(r"-?\d+(\.\d+)?(?= |$)")
EMPTY = {"before": None, "line": "", "note": "this run was not compared", "counts": [], "differs": {}}


def describe_changes(run: Run, href: Callable[[str], str], named: Callable[[str, str], str]) -> dict[str, Any]:
    """Return what the template asks for.

    Parameters
    ----------
    run : Run
        The run whose page it is.
    href : callable
        The address of a claim's place in its document.
    named : callable
        The name of a code of a section of the labels: ("theme", "rural").
    """
    told, every = _read(run)
    rows = [_shown(row, run, href, named) for row in every[:SHOWN]]
    cited = [part["claim"] for row in rows for part in row["now"] if part["claim"]]
    return told | {
        "differs": list(told["differs"].items()),
        "rows": rows,
        "total": len(every),
        "cited": list(dict.fromkeys(cited)),
        "names": NAMES,
        "kinds": [kind for kind in KINDS if any(row["kind"] == kind for row in rows)],
        "causes": list(dict.fromkeys(one["cause"] for one in told["counts"])),
    }


def _read(run: Run) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the summary and the rows; those of a run that was not compared where there are none."""
    home = run.folder / FOLDER
    summary, table = home / "changes.json", home / "changes.parquet"
    if not (summary.is_file() and table.is_file()):
        return EMPTY, []
    return EMPTY | json.loads(summary.read_bytes()), read_parquet(table)


def _shown(row: dict[str, Any], run: Run, href: Callable[[str], str], named: Callable[[str, str], str]) -> dict[str, Any]:
    """Return a row with its quotations as parts, those of this run with a link."""
    was, now = (_parts(row[f"quotation_{end}"], row[f"claim_id_{end}"]) for end in ("before", "after"))
    values = {end: _worded(row, row[end], named) for end in ("before", "after")}
    linked = [_linked(text, one, run, href) for text, one in now]
    about = {"field": FIELDS.get(row["field"], row["field"]), "doc": ", ".join(part(row["doc"] or ""))}
    return row | values | about | {"was": [{"text": text, "href": None, "claim": None} for text, _ in was], "now": linked}


def _worded(row: dict[str, Any], told: str | None, named: Callable[[str, str], str]) -> str | None:
    """Return a value as a reader knows it: codes by their names, digits grouped, a time without a slash."""
    section = SECTIONS.get(row["field"] or row["kind"])
    if told and section:
        return named(section, told)
    if told and row["field"] in ("when", "target"):
        return format_when(ANSWERS.get(told, told))
    number = NUMBER.match(told) if told and row["kind"] in COUNTED else None
    return format_number(number[0]) + told[number.end() :] if number else told


def _parts(quotations: str | None, ids: str | None) -> list[tuple[str, str]]:
    """Return each quotation with its claim_id; a bar inside of a quotation leaves them whole, with the first id."""
    if quotations is None or ids is None:
        return []
    texts, claims = part(quotations), part(ids)
    return list(zip(texts, claims, strict=True)) if len(texts) == len(claims) else [(quotations, claims[0])]


def _linked(text: str, one: str, run: Run, href: Callable[[str], str]) -> dict[str, Any]:
    claim = run.claims.get(one)
    if claim is None:
        return {"text": text, "href": None, "claim": None}
    return {"text": text, "href": href(one), "claim": one, "language": run.sources[claim["doc"]].language}
