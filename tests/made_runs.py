"""Small run folders made up for tests of changes: texts in which figures are marked, written as a whole run leaves them.

    write_run(folder, {"letter": "The mill gave [40 schools|40|school] paint."})

A mark is [words|value|unit], then what else a claim says: [40 schools|40|school|theme=education;when=2021].
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from csrbook.columns import columns_of
from csrbook.exports import write_table
from csrbook.tables import claims_frame, normalise, sources_frame, typed_frame

MARK = re.compile(r"\[([^\]|]+)\|([^\]|]+)\|([^\]|]*)(?:\|([^\]]*))?\]")
UNITS = {"CZK": {"kind": "money"}, "EUR": {"kind": "money"}, "USD": {"kind": "money"}, "t": {"kind": "physical", "si": "kg", "factor": "1000", "ucum": "t"}}
FILES = ("01-sources/sources.parquet", "02-extract/claims.parquet", "03-tabulate/claims_normal.parquet", "04-reconcile/relations.jsonl")


def read_marks(doc: str, marked: str) -> tuple[str, list[dict[str, Any]]]:
    """Return a text without its marks, and the claims that they tell."""
    text, claims, here = "", [], 0
    for number, mark in enumerate(MARK.finditer(marked), 1):
        text += marked[here : mark.start()]
        start, here = len(text), mark.end()
        text += mark[1]
        told = dict(pair.split("=") for pair in (mark[4] or "").split(";") if pair)
        claims.append({"id": f"{doc}-{number:04}", "doc": doc, "start": start, "end": len(text), "text": mark[1], "value": float(mark[2]), "unit": mark[3] or None} | told)
    text += marked[here:]
    sha = hashlib.sha256(text.encode()).hexdigest()
    for claim in claims:
        first = max(text.rfind(stop, 0, claim["start"]) + len(stop) for stop in (". ", "\n") if stop in "\n" + text[: claim["start"]])
        last = min([place for stop in (". ", "\n") if (place := text.find(stop, claim["end"])) >= 0] or [len(text.rstrip("."))])
        claim |= {"claim_id": hashlib.sha256(f"{sha}:{claim['start']}:{claim['end']}".encode()).hexdigest()[:16]}
        claim |= {"sentence_start": first, "sentence_end": last, "low": claim["value"], "high": claim["value"]}
        claim["kind"] = UNITS.get(claim["unit"], {}).get("kind", "count")
        claim["target"] = claim.get("target") == "true"
        claim["rule"] = {claim.pop("rule_of"): "correction"} if claim.get("rule_of") else {"value": "digits"}
        claim |= {name: float(claim[name]) for name in ("low", "high") if claim.get(name) is not None}
    return text, claims


def make_record(**more: Any) -> dict[str, Any]:
    """Return a record such as the runner keeps, with some of its parts told."""
    record = {
        "format": 1, "run": "", "parameters": {"seeds": "seeds", "currency": "USD"}, "versions": {"python": "3", "currencyconverter": "1"},
        "digests": {"library": "l", "lexicons": "x", "data": {"lexicons/en.toml": "1", "lexicons/units.toml": "1", "pages/style.css": "1"}},
        "inputs": {"seeds": {}},
        "notebooks": [
            {"file": "02_extract.ipynb", "code_sha256": "c", "parameters": {"language": ""}, "files": {FILES[1]: "f"}},
            {"file": "03_tabulate.ipynb", "code_sha256": "c", "parameters": {"currency": "USD"}, "files": {FILES[2]: "f"}},
            {"file": "05_chart.ipynb", "code_sha256": "c", "parameters": {"language": "en"}, "files": {"05-chart/charts.json": "f"}},
        ],
    }  # fmt: skip
    return json.loads(json.dumps(record | more))


def write_run(
    folder: Path, marked: dict[str, str], *, record: dict | None = None, relations: list[tuple[str, list[tuple[str, int]]]] = (),
    changed: Any = None, decisions: list[tuple[str, int | None, dict]] = (), about: dict[str, dict] | None = None, currency: str = "USD", units: dict | None = None,
) -> Path:  # fmt: skip
    """Write a run: stored texts, sources, claims in both tables, relations as (verdict, [(doc, number of the claim)]), its record.

    `decisions` are (doc, number of the claim, row). `changed` gets the table of normal claims before it is written; `about` adds to a document's row of sources.
    """
    read = {doc: read_marks(doc, text) for doc, text in marked.items()}
    (folder / "01-sources" / "texts").mkdir(parents=True)
    rows = []
    for doc, (text, _) in read.items():
        (folder / "01-sources" / "texts" / f"{doc}.txt").write_bytes(text.encode())
        sha = hashlib.sha256(text.encode()).hexdigest()
        rows.append({"doc": doc, "path": f"{doc}.txt", "sha256": sha, "language": "en", "date": "2021-06-01", "status": "read"} | (about or {}).get(doc, {}))
    sources = sources_frame(rows)
    claims = claims_frame([claim for _, told in read.values() for claim in told], sources)
    normal = normalise(claims, UNITS | (units or {}), currency=currency)
    normal = changed(normal) if changed else normal
    for frame, home, stem in ((sources, "01-sources", "sources"), (claims, "02-extract", "claims"), (normal, "03-tabulate", "claims_normal")):
        (folder / home).mkdir(exist_ok=True)
        write_table(frame, folder / home, stem)
    if decisions:
        told = [{"claim_id": None if at is None else read[doc][1][at]["claim_id"], "doc": doc} | row for doc, at, row in decisions]
        write_table(typed_frame(told, columns_of("decisions")), folder / "02-extract", "decisions")
    told = [{"verdict": verdict, "members": [read[doc][1][at]["claim_id"] for doc, at in members]} for verdict, members in relations]
    (folder / "04-reconcile").mkdir()
    (folder / FILES[3]).write_text("".join(json.dumps(row) + "\n" for row in told))
    record = make_record() if record is None else record
    (folder / "run.json").write_text(json.dumps(record))
    return folder
