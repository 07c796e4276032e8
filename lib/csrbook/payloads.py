"""All that a reader needs to check a figure, as the data of a page: one row of evidence a claim.

    make_payload(run, ["1f2e3d4c5b6a7988"])["columns"]["text"] -> ["12 clerks"]

In      a Run, whose quotations `read_run` has checked; the ids of claims.
Out     JSON-able columns, the documents they stand in, and how the claims compare with others.
Never   shortens a figure; what is written with fewer digits (a converted amount, a rate) stands whole in 03-tabulate.
Needs   citations, displays, evidence.  Used by share.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from typing import Any

from csrbook.citations import citation
from csrbook.displays import format_number, format_unit, format_value, is_promise
from csrbook.evidence import Run, quoted_span, sentence_of

__all__ = ["make_payload", "unpack", "words_around"]

MEMBERS = 50  # of one relation that a page carries
RATE_DIGITS, MONEY_DIGITS = 6, 9  # of a rate and of an amount converted with it
COPIED = (
    "claim_id", "doc", "start", "end", "text", "value", "value_max", "unit", "kind", "qualifier", "when", "when_type",
    "actor", "programme", "theme", "relevance", "indicator", "confidence",
)  # fmt: skip
MAYBE = ("reviewed", "reviewer", "note")  # empty is as good as absent
RULED = ("value", "qualifier", "when", "actor", "programme", "theme", "indicator", "target", "relevance")
DECIDED = ("state", "field", "found", "value", "who", "when", "why", "signed_by", "signed_on")
ABOUT = ("publisher", "date", "language", "sha256")


def make_payload(run: Run, ids: Iterable[str]) -> dict[str, Any]:
    """Return the evidence of some claims, and of those they are related to: JSON-able, one list a column.

    A column of few different values is {"values", "codes"}, so that 20,000 rows stay a page that opens at once; for the
    same reason a citation is cut in two: how those of its document all begin stands with the document.
    """
    cited = dict.fromkeys(ids)
    places = sorted({place for one in cited for place in run.related.get(one, ())})
    at = {place: new for new, place in enumerate(places)}
    near = dict.fromkeys(m for place in places for m in run.relations[place].members[:MEMBERS])
    wanted = [key for key in run.claims if key in cited or key in near]
    rows = [_evidence_row(run, key) for key in wanted]
    documents = _documents(run, rows)
    return {
        "rows": len(rows),
        "columns": {name: _pack([row[name] for row in rows]) for name in (rows[0] if rows else ())},
        "documents": documents,
        "relations": [
            {
                "verdict": relation.verdict,
                "note": ": ".join(words for words in (relation.measure, relation.note) if words),
                "members": list(relation.members[:MEMBERS]),
                "differs": relation.is_disagreement,
            }
            for relation in (run.relations[place] for place in places)
        ],
        "related": {key: [at[p] for p in run.related[key] if p in at] for key in wanted if key in run.related},
        "decisions": {key: [_decision(row) for row in run.decisions[key]] for key in wanted if key in run.decisions},
    }


def unpack(column: Any) -> list[Any]:
    """Return a column of a payload as one value a row."""
    return [column["values"][code] for code in column["codes"]] if isinstance(column, dict) else column


def _documents(run: Run, rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what is told of each document; takes the beginning that all of its citations share off its rows."""
    by_doc = defaultdict(list)
    for row in rows:
        by_doc[row["doc"]].append(row)
    told = {}
    for doc in sorted(by_doc):
        source, begins = run.sources[doc], os.path.commonprefix([row["cite"] for row in by_doc[doc]])
        for row in by_doc[doc]:
            row["cite"] = row["cite"][len(begins) :]
        told[doc] = {"title": source.title, "page": source.page, "cite": begins} | {key: source.about.get(key) for key in ABOUT}
    return told


def _evidence_row(run: Run, claim_id: str) -> dict[str, Any]:
    """Return what the drawer shows of one claim, numbers written out beside their value."""
    claim, normal = run.claims[claim_id], run.normal.get(claim_id) or {}
    source = run.sources[claim["doc"]]
    before, after = words_around(claim, source.text or "")
    target = is_promise(claim)
    return {key: claim.get(key) for key in COPIED} | {key: claim.get(key) or None for key in MAYBE} | {
        "target": target,
        "state": (run.states.get(claim_id) or "promise") if target else None,
        "year": _year(claim, normal),
        "before": before,
        "after": after,
        "shown": format_value(claim),
        "counted": format_unit(claim.get("unit"), claim["value"] if claim.get("value_max") is None else claim["value_max"]),
        **{end: None if claim.get(end) is None else format_number(claim[end]) for end in ("low", "high")},
        "normal": _normal(claim, normal),
        "money": _money(claim, normal),
        "rule": _rules(claim),
        "cite": citation(claim, {"doc": source.doc, **source.about}),
    }  # fmt: skip


def _normal(claim: Mapping[str, Any], row: Mapping[str, Any]) -> str | None:
    """Return the value in normal units, with its interval where the unit is not the one printed; None where it has none."""
    value, unit = row.get("value_si"), format_unit(row.get("unit_si"), row.get("value_si"))
    if value is None:
        return None
    told = f"{format_number(value)} {unit}".strip()
    low, high = (None if row.get(end) is None else format_number(row[end]) for end in ("low_si", "high_si"))
    if row.get("unit_si") == claim.get("unit") or low == high:
        return told
    return f"{told} ({f'up to {high}' if low is None else f'{low} or more' if high is None else f'{low} to {high}'})"


def _money(claim: Mapping[str, Any], row: Mapping[str, Any]) -> str | None:
    """Return a converted amount with its rate and the day of that, or why there is none; None for what is no money."""
    code = row.get("currency")
    if claim.get("kind") != "money" or not code or code == claim.get("unit"):
        return None
    value = row.get(f"value_{str(code).lower()}")
    if value is None:
        return f"none in {code}: {row['rate_note']}" if row.get("rate_note") else None
    rate = f"1 {claim['unit']} = {_round(row['rate'], RATE_DIGITS)} {code}"
    told = ", ".join(str(part) for part in (rate, row.get("rate_date"), row.get("rate_source")) if part)
    return f"{_round(value, MONEY_DIGITS)} {code} ({told})"


def _round(value: Any, digits: int) -> str:
    return format_number(Context(prec=digits).create_decimal(Decimal(str(value))))


def _year(claim: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
    """Return the year that a claim speaks of: that of its normal row, else of the end of its time."""
    if row.get("year"):
        return int(row["year"])
    found = re.match(r"\d{4}", str(claim.get("when") or "").rpartition("/")[2])
    return int(found[0]) if found else None


def _rules(claim: Mapping[str, Any]) -> str:
    """Return which rule set each attribute, one a line."""
    rule = claim.get("rule") or {}
    rule = json.loads(rule) if isinstance(rule, str) else rule
    told = [key for key in sorted(rule, key=_rule_order) if rule[key] not in (None, "", "none")]
    return "\n".join(f"{key}: {rule[key]}" for key in told)


def _rule_order(attribute: str) -> tuple[int, str]:
    return (RULED.index(attribute) if attribute in RULED else len(RULED), attribute)


def _decision(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(row[key]) for key in DECIDED if row.get(key) not in (None, "")}


def _pack(values: list[Any]) -> Any:
    """Return a column as it is, or as distinct values and codes where that is shorter."""
    if not all(isinstance(value, str | None) for value in values):
        return values
    distinct = {value: code for code, value in enumerate(dict.fromkeys(values))}
    if len(distinct) * 2 > len(values):
        return values
    return {"values": list(distinct), "codes": [distinct[value] for value in values]}


def words_around(claim: Mapping[str, Any], text: str) -> tuple[str, str]:
    """Return the words of the sentence before and after the figure, with a mark where it was cut."""
    start, end, mark = claim["start"], claim["end"], "\u2026"
    (first, last), (whole_first, whole_last) = quoted_span(claim, text), sentence_of(claim, text)
    before, after = text[first:start].lstrip(), text[end:last].rstrip()
    return (mark if whole_first < first else "") + before, after + (mark if whole_last > last else "")
