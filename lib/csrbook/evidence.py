"""Read a run's folder back and tie every figure to its place: one row of evidence a claim.

In      outputs/<run>/ as the notebooks left it; any part may be missing (a run that was cut short).
Out     Run: sources with their stored texts, claims, numerals set aside, programmes told, relations, charts, brief.
        make_payload(run, ids) -> dict: all that a reader needs to check those figures, as columns.
Never   writes a file, makes HTML, or lets a quotation through that is not at its place (SpanError).
Needs   displays, errors, records.  Used by share, annotations, exports.
"""

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csrbook.displays import format_measure, format_number, format_test, format_unit, format_value
from csrbook.errors import SchemaError, SpanError
from csrbook.records import read_parquet

__all__ = [
    "Relation",
    "Run",
    "Source",
    "account_for",
    "format_number",
    "format_value",
    "make_payload",
    "page_of",
    "read_rows",
    "read_run",
    "segment",
]

MEMBERS = 50  # of one relation that a page carries
CONTEXT = 300  # code points of a sentence kept on each side of a figure; a line of 10 MB must not enter a table
# kinds of relation, or verdicts where no kind is given, between figures that agree or need not agree
AT_PEACE = {"same", "series", "fulfilled", "equal", "rounding", "period"}
CLAIM_KEYS = ("doc", "start", "end", "text", "value", "unit", "kind")
ABOUT = ("title", "publisher", "date", "language", "kind", "sha256", "problem", "advice")
SHOWN_KEYS = (
    "claim_id", "doc", "start", "end", "text", "value", "value_max", "unit", "kind", "qualifier", "when", "when_type",
    "actor", "programme", "theme", "relevance", "indicator", "confidence",
)  # fmt: skip
RULED = ("value", "qualifier", "when", "actor", "programme", "theme", "indicator", "target", "relevance")


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the run: what is known about it, and its stored text."""

    doc: str
    about: Mapping[str, Any]
    text: str | None
    passages: tuple[Mapping[str, Any], ...]

    @property
    def title(self) -> str:
        """Return the title, or the name of the file where it has none."""
        return str(self.about.get("title") or self.doc)

    @property
    def language(self) -> str:
        """Return the language code, "" where it is not known."""
        return str(self.about.get("language") or "")

    @property
    def page(self) -> str:
        """Return the file name of its page."""
        return page_of(self.doc)


@dataclass(frozen=True, slots=True)
class Relation:
    """What was found between claims of one measure."""

    verdict: str
    members: tuple[str, ...]  # claim_id of each
    measure: str  # what they are figures of
    note: str  # the arithmetic that decided
    is_disagreement: bool  # the figures ought to agree and do not


@dataclass(frozen=True, slots=True)
class Run:
    """All that the pages are made of; claims by claim_id in order of doc and start."""

    folder: Path
    sources: Mapping[str, Source]
    claims: Mapping[str, Mapping[str, Any]]
    skipped: tuple[Mapping[str, Any], ...]
    tellings: Mapping[str, Mapping[str, Any]]  # telling_id -> where a programme, or a name to review, is told
    relations: tuple[Relation, ...]
    charts: tuple[Mapping[str, Any], ...]
    brief: Mapping[str, Any]
    related: Mapping[str, tuple[int, ...]]  # claim_id -> places in `relations`


def page_of(doc: str) -> str:
    """Return the file name of a document's page: safe on every disk and in every address, and its own."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", doc):
        return f"doc-{doc}.html"
    plain = re.sub(r"[^A-Za-z0-9]+", "-", doc).strip("-")[:60]
    return f"doc-{plain}-{hashlib.sha256(doc.encode()).hexdigest()[:8]}.html"


def read_run(folder: Path) -> Run:
    """Return the run in `folder`, every quotation checked against the stored text.

    Raises
    ------
    SpanError
        A claim's text is not at its place, or a chart or sentence cites a claim that does not exist.
    SchemaError
        A record lacks a field that the pages stand on.
    """
    sources = {source.doc: source for source in _read_sources(folder)}
    claims = dict(_check_claims(read_rows(folder / "02-extract", "claims"), sources))
    skipped = tuple(_check_skipped(read_rows(folder / "02-extract", "ledger"), sources))
    told = [row for stem in ("tellings", "sightings") for row in read_rows(folder / "02-extract", stem)]
    tellings = {row["telling_id"]: row for row in _check_tellings(told, sources)}
    names = {key: key for key in claims} | {row["id"]: key for key, row in claims.items() if row.get("id")}
    relations = tuple(_read_relations(folder, names, claims))
    charts = _read_json(folder / "05-chart" / "charts.json", [])
    charts = [{"stem": k, **v} for k, v in charts.items()] if isinstance(charts, dict) else charts
    charts = tuple({**chart, "claims": _cited(chart, names, "charts.json")} for chart in charts)
    brief = _read_json(folder / "06-brief" / "brief.json", {})
    sentences = [_sentence(sentence, names) for sentence in brief.get("sentences", [])]
    told = {"question": brief.get("question") or brief.get("title") or "", "choices": brief.get("sensitivity") or []}
    brief = told | {"sentences": sentences}
    return Run(folder, sources, claims, skipped, tellings, relations, charts, brief, _relations_by_claim(relations))


def make_payload(run: Run, ids: Iterable[str]) -> dict[str, Any]:
    """Return the evidence of some claims, and of those they are related to: JSON-able, one list a column.

    A column of few different values is {"values", "codes"}, so that 20,000 rows stay a page that opens at once.
    """
    cited = dict.fromkeys(ids)
    places = sorted({place for one in cited for place in run.related.get(one, ())})
    at = {place: new for new, place in enumerate(places)}
    near = dict.fromkeys(m for place in places for m in run.relations[place].members[:MEMBERS])
    wanted = [key for key in run.claims if key in cited or key in near]
    rows = [_evidence_row(run, key) for key in wanted]
    shown = {row["doc"]: run.sources[row["doc"]] for row in rows}
    keys = ("publisher", "date", "language", "sha256")
    return {
        "rows": len(rows),
        "columns": {name: _pack([row[name] for row in rows]) for name in (rows[0] if rows else ())},
        "documents": {
            doc: {"title": s.title, "page": s.page} | {key: s.about.get(key) for key in keys}
            for doc, s in sorted(shown.items())
        },
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
    }


def account_for(run: Run) -> list[dict[str, Any]]:
    """Return one row a document: numerals extracted (csr, context) and set aside (by reason), in order of doc."""
    found, aside = defaultdict(Counter), defaultdict(Counter)
    for claim in run.claims.values():
        found[claim["doc"]]["csr" if claim.get("relevance") == "csr" else "context"] += 1
    for numeral in run.skipped:
        aside[numeral["doc"]][str(numeral["reason"])] += 1
    rows = []
    for doc, source in run.sources.items():
        csr, context, set_aside = found[doc]["csr"], found[doc]["context"], aside[doc].total()
        counts = {"csr": csr, "context": context, "aside": set_aside, "total": csr + context + set_aside}
        rows.append({"source": source, **counts, "reasons": sorted(aside[doc].items(), key=lambda p: (-p[1], p[0]))})
    return rows


def segment(
    source: Source, claims: Iterable[Mapping], skipped: Iterable[Mapping], tellings: Iterable[Mapping] = ()
) -> Iterator[tuple[str, str, Any]]:
    """Cut a stored text into (kind, text, record), in order; the texts join to the whole.

    Kinds: "claim", "skipped", "telling", "passage" (furniture or printed before) and "plain". A span that begins inside
    an earlier one is given with what is left of it, even nothing, so that its anchor still exists. A telling is its
    anchor and nothing else: the figure in "20 measures" keeps its mark.
    """
    text, here = source.text or "", 0
    spans = [(c["start"], c["end"], "claim", c) for c in claims]
    spans += [(s["start"], s["end"], "skipped", s) for s in skipped]
    spans += [(t["start"], t["start"], "telling", t) for t in tellings]
    passages = sorted(source.passages, key=lambda passage: (passage["start"], passage["end"]))
    for start, end, kind, record in sorted(spans, key=lambda span: span[:3]):
        yield from _between(text, here, start, passages)
        here = max(here, start)
        yield kind, text[here:end], record
        here = max(here, end)
    yield from _between(text, here, len(text), passages)


def _read_sources(folder: Path) -> Iterator[Source]:
    """Yield every source, those without a stored text (a file that could not be read) too, in order of doc."""
    home = folder / "01-sources"
    # bytes, decoded: reading as text would turn \r\n into \n and move every offset
    texts = {path.stem: path.read_bytes().decode("utf-8") for path in sorted(home.glob("texts/*.txt"))}
    rows = {str(row.get("doc") or row["path"]): row for row in read_rows(home, "sources")}
    spans = _read_json(home / "documents.json", {})
    spans = {row.get("doc"): row for row in spans} if isinstance(spans, list) else spans
    for doc in sorted(rows.keys() | texts.keys()):
        about = spans.get(doc) or {}
        passages = [p for key in ("furniture", "repeats") for p in about.get(key) or ()]
        yield Source(doc, dict.fromkeys(ABOUT) | rows.get(doc, {}), texts.get(doc), tuple(passages))


def _check_claims(rows: Iterable[dict], sources: Mapping[str, Source]) -> Iterator[tuple[str, dict]]:
    """Yield (claim_id, claim) for every claim, or raise at the first that is not at its place."""
    for row in sorted(rows, key=lambda row: (str(row.get("doc")), int(row.get("start") or 0))):
        missing = [key for key in (*CLAIM_KEYS, "claim_id") if key not in row]
        if missing:
            raise SchemaError("02-extract/claims", f"a claim has no {missing[0]}", "one row a claim, all fields")
        row |= {"start": int(row["start"]), "end": int(row["end"])}
        _check_span(row, sources, f"claim {row['claim_id']}")
        yield str(row["claim_id"]), row


def _check_skipped(rows: Iterable[dict], sources: Mapping[str, Source]) -> Iterator[dict]:
    for row in sorted(rows, key=lambda row: (str(row["doc"]), int(row["start"]), int(row["end"]))):
        row |= {"start": int(row["start"]), "end": int(row["end"])}
        _check_span(row, sources, f"numeral set aside as {row['reason']}")
        yield row


def _check_tellings(rows: Iterable[dict], sources: Mapping[str, Source]) -> Iterator[dict]:
    for row in sorted(rows, key=lambda row: (str(row["doc"]), int(row["start"]))):
        row |= {"start": int(row["start"]), "end": int(row["end"])}
        _check_span(row, sources, f"telling of {row.get('programme') or row.get('name')}")
        yield row


def _check_span(row: Mapping[str, Any], sources: Mapping[str, Source], who: str) -> None:
    """Raise SpanError unless the stored text holds the quotation exactly where the row says."""
    where, source = f"{row['doc']}[{row['start']}:{row['end']}]", sources.get(row["doc"])
    advice = "the stored text and the claims are of different runs: run again from notebook 01"
    if source is None or source.text is None:
        raise SpanError(where, f"{who} has no stored text", advice=advice)
    found = source.text[row["start"] : row["end"]]
    if found != row["text"] or not found:
        raise SpanError(where, f"{who} says {row['text']!r}, the text says {found[:80]!r}", advice=advice)


def _read_relations(folder: Path, names: Mapping[str, str], claims: Mapping[str, Mapping]) -> Iterator[Relation]:
    for row in read_rows(folder / "04-reconcile", "relations"):
        members = row.get("members") or row.get("claims") or [row[k] for k in ("a", "b") if row.get(k)]
        members = members.split() if isinstance(members, str) else members
        kind = str(row.get("kind") or row.get("verdict") or "related")
        verdict = str(row.get("verdict") or kind)
        cited = _cited({"claims": members}, names, "relations")
        if len(cited) > 1:
            told = [claims[one] for one in cited]
            test = format_test(str(row.get("note") or row.get("test") or ""), [str(claim["unit"] or "") for claim in told])
            yield Relation(verdict, cited, format_measure(told), test, kind not in AT_PEACE)


def _relations_by_claim(relations: Iterable[Relation]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for place, relation in enumerate(relations):
        for one in dict.fromkeys(relation.members):
            found.setdefault(one, []).append(place)
    return {one: tuple(places) for one, places in found.items()}


def _sentence(raw: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a headline as parts {text, claims}; claims is empty for plain words.

    Three forms are read: {"parts": ["words", {"text", "claims"}]}, {"text", "numbers": [{"text", "claims"}]}
    with the numbers in order of their place in the text, and {"text", "claims"} for the whole.
    """
    raw = {"parts": [raw]} if isinstance(raw, str) else raw
    parts, rest = raw.get("parts"), str(raw.get("text") or "")
    if parts is None:
        parts = []
        for number in raw.get("numbers") or ():
            words, found, rest = rest.partition(number["text"])
            if not found:
                raise SpanError("brief.json", f"{number['text']!r} is not in its sentence", "numbers in text order")
            parts += [words, number]
        parts += [rest]
        if not raw.get("numbers") and _cited(raw, names, "brief.json"):
            parts = [{"text": rest, "claims": _cited(raw, names, "brief.json")}]
    parts = [{"text": part} if isinstance(part, str) else part for part in parts]
    return [{"text": p["text"], "claims": _cited(p, names, "brief.json")} for p in parts if p["text"]]


def _cited(raw: Mapping[str, Any], names: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Return the claim_ids that a record cites; it may cite by `id` as well."""
    cited = raw.get("claims") or raw.get("claim_ids") or ()
    for name in cited:
        if name not in names:
            raise SpanError(where, f"cites {name}, which is no claim of this run", advice="run again from notebook 03")
    return tuple(names[name] for name in cited)


def _between(text: str, here: int, stop: int, passages: list[Mapping]) -> Iterator[tuple[str, str, Any]]:
    """Yield the words without a figure in them, those of furniture apart; takes done passages off the list."""
    while here < stop:
        while passages and passages[0]["end"] <= here:
            passages.pop(0)
        passage = passages[0] if passages else None
        if passage is None or passage["start"] >= stop:
            yield "plain", text[here:stop], None
            return
        if passage["start"] > here:
            yield "plain", text[here : passage["start"]], None
            here = passage["start"]
        end = min(stop, passage["end"])
        yield "passage", text[here:end], passage
        here = end


def _evidence_row(run: Run, claim_id: str) -> dict[str, Any]:
    """Return what the drawer shows of one claim, numbers written out beside their value."""
    claim = run.claims[claim_id]
    before, after = _sentence_around(claim, run.sources[claim["doc"]].text or "")
    rule = claim.get("rule") or {}
    rule = json.loads(rule) if isinstance(rule, str) else rule
    told = [key for key in sorted(rule, key=_rule_order) if rule[key] not in (None, "", "none")]
    low, high = (None if claim.get(end) is None else format_number(claim[end]) for end in ("low", "high"))
    return {key: claim.get(key) for key in SHOWN_KEYS} | {
        "target": str(claim.get("target")).lower() in ("true", "1"),
        "note": claim.get("note") or None,
        "before": before,
        "after": after,
        "shown": format_value(claim),
        "counted": format_unit(claim.get("unit"), claim["value"] if claim.get("value_max") is None else claim["value_max"]),
        "low": low,
        "high": high,
        "rule": "\n".join(f"{key}: {rule[key]}" for key in told),
    }


def _pack(values: list[Any]) -> Any:
    """Return a column as it is, or as distinct values and codes where that is shorter."""
    if not all(isinstance(value, str | None) for value in values):
        return values
    distinct = {value: code for code, value in enumerate(dict.fromkeys(values))}
    if len(distinct) * 2 > len(values):
        return values
    return {"values": list(distinct), "codes": [distinct[value] for value in values]}


def _sentence_around(claim: Mapping[str, Any], text: str) -> tuple[str, str]:
    """Return the words of the sentence before and after the figure; its line where the sentence is not known."""
    start, end = claim["start"], claim["end"]
    first, last = claim.get("sentence_start"), claim.get("sentence_end")
    if first is None or last is None or not first <= start < end <= last:
        first = text.rfind("\n", 0, start) + 1
        last = (text.find("\n", end) + 1 or len(text) + 1) - 1
    before, after = text[max(int(first), start - CONTEXT) : start], text[end : min(int(last), end + CONTEXT)]
    mark = "\u2026"
    before, after = before.lstrip(), after.rstrip()
    return (mark if first < start - CONTEXT else "") + before, after + (mark if last > end + CONTEXT else "")


def _rule_order(attribute: str) -> tuple[int, str]:
    return (RULED.index(attribute) if attribute in RULED else len(RULED), attribute)


def read_rows(folder: Path, stem: str) -> list[dict[str, Any]]:
    """Return the rows of <stem>.jsonl, .parquet or .csv, whichever is there; [] if none is."""
    if (path := folder / f"{stem}.jsonl").is_file():
        return [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n") if line.strip()]
    if (path := folder / f"{stem}.parquet").is_file():
        return read_parquet(path)
    if (path := folder / f"{stem}.csv").is_file():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [{key: value or None for key, value in row.items()} for row in csv.DictReader(lines)]
    return []


def _read_json(path: Path, otherwise: Any) -> Any:
    return json.loads(path.read_bytes()) if path.is_file() else otherwise
