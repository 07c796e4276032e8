"""Read a run's folder back and tie every figure to its place.

In      outputs/<run>/ as the notebooks left it; any part may be missing (a run that was cut short).
Out     Run: sources with their stored texts, claims, numerals set aside, programmes told, relations, charts, brief; normal
        values, decisions of people, states of promises and scores, where the run has them.
Never   writes a file, makes HTML, or lets a quotation through that is not at its place (SpanError).
Needs   displays, errors, records.  Used by payloads, share, annotations, exports, datapackage, crate.
"""

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from csrbook.displays import format_measure, format_test
from csrbook.errors import SchemaError, SpanError
from csrbook.records import read_lines, read_parquet

__all__ = [
    "Relation",
    "Run",
    "Source",
    "account_for",
    "page_of",
    "quoted_span",
    "read_rows",
    "read_run",
    "segment",
    "sentence_of",
]

CONTEXT = 300  # code points of a sentence shown on each side of a figure; a line of 10 MB must not enter a table
# kinds of relation, or verdicts where no kind is given, between figures that agree or need not agree
AT_PEACE = {"same", "series", "fulfilled", "equal", "rounding", "period"}
AGAIN = "run its notebook again"
CLAIM_KEYS = ("doc", "start", "end", "text", "value", "unit", "kind")
ABOUT = ("title", "publisher", "date", "language", "kind", "sha256", "problem", "advice")


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
    made: frozenset[str] = frozenset()  # of "relations", "charts", "brief": what was made, even if nothing is in it
    normal: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # claim_id -> its row of claims_normal
    states: Mapping[str, str] = field(default_factory=dict)  # claim_id of a promise -> kept, partly, due, open, undated
    decisions: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)  # claim_id -> what people decided
    scores: tuple[Mapping[str, Any], ...] = ()  # rows of the accuracy card

    def __repr__(self) -> str:
        return f"Run({self.folder.name!r}: {len(self.claims):,} claims of {len(self.sources):,} documents)"


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
        A record lacks a field that the pages stand on, or a JSON file is not what its notebook writes.
    """
    sources = {source.doc: source for source in _read_sources(folder)}
    claims = dict(_check_claims(read_rows(folder / "02-extract", "claims"), sources))
    skipped = tuple(_check_skipped(read_rows(folder / "02-extract", "ledger"), sources))
    told = [row for stem in ("tellings", "sightings") for row in read_rows(folder / "02-extract", stem)]
    tellings = {row["telling_id"]: row for row in _check_tellings(told, sources)}
    names = {key: key for key in claims} | {row["id"]: key for key, row in claims.items() if row.get("id")}
    relations = tuple(_read_relations(folder, names, claims))
    charts = tuple(_read_charts(folder, names))
    brief = _read_brief(folder, names)
    own = {"related": _relations_by_claim(relations), "made": frozenset(_made(folder))}
    return Run(folder, sources, claims, skipped, tellings, relations, charts, brief, **own, **_read_more(folder, claims))


def sentence_of(row: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Return where the sentence of a row begins and ends; its line where the sentence is not known."""
    start, end, first, last = row["start"], row["end"], row.get("sentence_start"), row.get("sentence_end")
    if first is not None and last is not None and int(first) <= start < end <= int(last):
        return int(first), int(last)
    line_end = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if line_end < 0 else line_end


def quoted_span(row: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Return what may be quoted around a figure: its sentence, at most CONTEXT code points on either side."""
    first, last = sentence_of(row, text)
    return max(first, row["start"] - CONTEXT), min(last, row["end"] + CONTEXT)


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

    Kinds: "claim", "skipped", "telling", "passage" (furniture or printed before), "gap" (left out) and "plain". A span that
    begins inside an earlier one is given with what is left of it, even nothing, so that its anchor still exists. A telling is its
    anchor and nothing else: the figure in "20 measures" keeps its mark.
    """
    text, here = source.text or "", 0
    spans = [(c["start"], c["end"], "claim", c) for c in claims]
    spans += [(s["start"], s["end"], "skipped", s) for s in skipped if not s.get("left_out")]
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
    rows = list(rows)
    for row in rows:
        missing = [key for key in (*CLAIM_KEYS, "claim_id") if key not in row]
        if missing:
            raise SchemaError("02-extract/claims", f"a claim has no {missing[0]}", "one row a claim, all fields")
    for row in _by_place(rows, "02-extract/claims"):
        _check_span(row, sources, f"claim {row['claim_id']}")
        yield str(row["claim_id"]), row


def _by_place(rows: Iterable[dict], table: str) -> list[dict]:
    """Return the rows in order of document and place, their ends as whole numbers."""
    placed = []
    for row in rows:
        try:
            placed.append(row | {"start": int(row["start"]), "end": int(row["end"])})
        except (KeyError, TypeError, ValueError) as error:
            told = f"start {row.get('start')!r} and end {row.get('end')!r} are no place in a text"
            raise SchemaError(table, told, "whole numbers", advice="run again from notebook 02") from error
    return sorted(placed, key=lambda row: (str(row.get("doc")), row["start"], row["end"]))


def _check_skipped(rows: Iterable[dict], sources: Mapping[str, Source]) -> Iterator[dict]:
    for row in _by_place(rows, "02-extract/ledger"):
        _check_span(row, sources, f"numeral set aside as {row['reason']}")
        yield row


def _check_tellings(rows: Iterable[dict], sources: Mapping[str, Source]) -> Iterator[dict]:
    for row in _by_place(rows, "02-extract/tellings"):
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


def _read_charts(folder: Path, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every chart with the claims that it and its marks cite."""
    charts = _read_json(folder / "05-chart" / "charts.json", [])
    if isinstance(charts, dict):
        charts = [{"stem": stem, **chart} for stem, chart in zip(charts, _objects(list(charts.values()), "charts.json"), strict=True)]
    for chart in _objects(charts, "charts.json"):
        yield {**chart, "claims": _cited(chart, names, "charts.json"), "marks": _marks(chart, names)}


def _read_brief(folder: Path, names: Mapping[str, str]) -> dict[str, Any]:
    """Return question, language, sentences and how they stand; empty where no brief was made."""
    [brief] = _objects([_read_json(folder / "06-brief" / "brief.json", {})], "brief.json")
    told = {key: brief.get(key) or "" for key in ("question", "language")} | {"choices": brief.get("sensitivity") or []}
    sentences = [{"parts": [one]} if isinstance(one, str) else one for one in _listed(brief.get("sentences") or [], "brief.json")]
    return told | {"sentences": [_sentence(sentence, names) for sentence in _objects(sentences, "brief.json")]}


def _made(folder: Path) -> Iterator[str]:
    """Yield what this run has made, be it empty: a page must not say that a notebook has not run when it has."""
    if any((folder / "04-reconcile" / f"relations.{ending}").is_file() for ending in ("jsonl", "parquet", "csv")):
        yield "relations"
    yield from (name for name, home in (("charts", "05-chart"), ("brief", "06-brief")) if (folder / home / f"{name}.json").is_file())


def _read_more(folder: Path, claims: Mapping[str, Mapping]) -> dict[str, Any]:
    """Return what later notebooks tell of single claims; rows of claims that this run does not have are passed over."""
    normal = {row["claim_id"]: row for row in read_rows(folder / "03-tabulate", "claims_normal") if row.get("claim_id") in claims}
    told = (*read_rows(folder / "03-tabulate", "promises"), *read_rows(folder / "04-reconcile", "promise_results"))
    states = {row["claim_id"]: str(row["state"]) for row in told if row.get("claim_id") in claims and row.get("state")}
    decisions = defaultdict(list)
    for row in read_rows(folder / "02-extract", "decisions"):
        if row.get("claim_id") in claims:
            decisions[row["claim_id"]].append(row)
    return {
        "normal": normal,
        "states": states,
        "decisions": {one: tuple(rows) for one, rows in decisions.items()},
        "scores": tuple(read_rows(folder / "02-extract", "score")),
    }


def _marks(chart: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the boxes of a chart's marks with the claims that each draws; a mark without any is left out."""
    marks = _objects(chart.get("marks") or [], "charts.json")
    return [{**mark, "claims": cited} for mark in marks if (cited := _cited(mark, names, "charts.json"))]


def _sentence(raw: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a headline as parts {text, claims}; claims is empty for plain words.

    Three forms are read: {"parts": ["words", {"text", "claims"}]}, {"text", "numbers": [{"text", "claims"}]}
    with the numbers in order of their place in the text, and {"text", "claims"} for the whole.
    """
    parts, rest = raw.get("parts"), str(raw.get("text") or "")
    if parts is None:
        parts = []
        for number in _objects(raw.get("numbers") or [], "brief.json", "text"):
            words, found, rest = rest.partition(number["text"])
            if not found:
                raise SpanError("brief.json", f"{number['text']!r} is not in its sentence", "numbers in text order")
            parts += [words, number]
        parts += [rest]
        if not raw.get("numbers") and _cited(raw, names, "brief.json"):
            parts = [{"text": rest, "claims": _cited(raw, names, "brief.json")}]
    parts = [{"text": part} if isinstance(part, str) else part for part in _listed(parts, "brief.json")]
    parts = _objects(parts, "brief.json", "text")
    return [{"text": p["text"], "claims": _cited(p, names, "brief.json")} for p in parts if p["text"]]


def _cited(raw: Mapping[str, Any], names: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Return the claim_ids that a record cites; it may cite by `id` as well."""
    cited = _listed(raw.get("claims") or raw.get("claim_ids") or (), where)
    for name in cited:
        if not isinstance(name, str) or name not in names:
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
        yield "gap" if passage.get("left_out") else "passage", text[here:end], passage
        here = end


def read_rows(folder: Path, stem: str) -> list[dict[str, Any]]:
    """Return the rows of <stem>.jsonl, .parquet or .csv, whichever is there; [] if none is."""
    if (path := folder / f"{stem}.jsonl").is_file():
        return list(read_lines(path))
    if (path := folder / f"{stem}.parquet").is_file():
        return read_parquet(path)
    if (path := folder / f"{stem}.csv").is_file():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [{key: value or None for key, value in row.items()} for row in csv.DictReader(lines)]
    return []


def _read_json(path: Path, otherwise: Any) -> Any:
    try:
        return json.loads(path.read_bytes()) if path.is_file() else otherwise
    except (ValueError, RecursionError) as error:
        raise SchemaError(path.name, "cannot be read as JSON", "what its notebook writes", AGAIN) from error


def _listed(raw: Any, where: str) -> list[Any] | tuple[Any, ...]:
    """Return a list as it is, or raise SchemaError."""
    if not isinstance(raw, list | tuple):
        raise SchemaError(where, f"holds {str(raw)[:40]!r} in the place of a list", "what its notebook writes", AGAIN)
    return raw


def _objects(raw: Any, where: str, *words: str) -> list[Any] | tuple[Any, ...]:
    """Return a list as it is, or raise SchemaError at the first in it that is no object, or lacks one of these words."""
    for one in _listed(raw, where):
        if not isinstance(one, Mapping) or not all(isinstance(one.get(word), str) for word in words):
            told = " with ".join(("an object", *words))
            raise SchemaError(where, f"holds {str(one)[:40]!r} in the place of {told}", "what its notebook writes", AGAIN)
    return raw
