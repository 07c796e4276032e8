"""Write every claim as a Web Annotation: the quotation by its words and by its place, and what it was read as.

    write_annotations(read_run(Path("outputs/latest"))) -> outputs/latest/annotations.jsonld

In      a run's folder, every quotation checked against its stored text.
Out     one AnnotationCollection with one page, JSON-LD. An annotation's target is the stored text, by its relative address, with a
        TextQuoteSelector and a TextPositionSelector (code points); its bodies are the reading in words and, field by field, as
        columns of the claims table. No clock: same run, same bytes.
Never   fetches the standard context that it names; every field of its own is described in the file.
Needs   citations, columns, displays, evidence, labels.  Used by cli, at the end of a run, and publishing.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csrbook import __version__
from csrbook.citations import citation
from csrbook.columns import column
from csrbook.displays import format_value, format_when, is_promise
from csrbook.evidence import Run, Source, page_of
from csrbook.labels import load_labels

__all__ = ["STANDARD", "make_annotations", "write_annotations"]

ANNOTATIONS = "annotations.jsonld"
OWN = "urn:csrbook:"
AROUND = 32  # code points of the text before and after a quotation
READING = (  # columns of the claims table that a body holds, in this order
    "value", "value_max", "low", "high", "unit", "kind", "qualifier", "per", "when", "when_type", "target", "actor", "programme",
    "theme", "indicator", "country", "place", "relevance", "confidence", "reviewed", "reviewer",
)  # fmt: skip
OURS = {"target": "is_target"}  # these names mean something else in an annotation
STANDARD = "http://www.w3.org/ns/anno.jsonld"  # the model wants this very address; programs that read annotations have it on board
TERMS = {  # what that context does not define
    "csr": OWN, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dcterms": "http://purl.org/dc/terms/", "Property": "rdf:Property", "Reading": "csr:Reading",
    "title": "dcterms:title", "publisher": "dcterms:publisher", "date": "dcterms:date", "cite": "dcterms:bibliographicCitation",
    "comment": "rdfs:comment", "sha256": "csr:sha256", "seeAlso": {"@type": "@id", "@id": "rdfs:seeAlso"},
    "documents": {"@type": "@id", "@id": "csr:documents"}, "vocabulary": {"@type": "@id", "@id": "csr:vocabulary"},
} | {OURS.get(name, name): f"{OWN}{name}" for name in READING if name != "value"}  # fmt: skip


def write_annotations(run: Run) -> Path:
    """Write annotations.jsonld into the run's folder and return its path."""
    path = run.folder / ANNOTATIONS
    path.write_bytes(make_annotations(run).encode("utf-8", "backslashreplace"))
    return path


def make_annotations(run: Run) -> str:
    """Return the collection as text: an annotation a line, in order of document and place."""
    gaps = {doc: _gaps(source) for doc, source in run.sources.items()}
    items = ",\n".join(_dump(_annotation(c, run.sources[c["doc"]], gaps[c["doc"]])) for c in run.claims.values())
    page = {"id": f"{ANNOTATIONS}#page", "type": "AnnotationPage", "partOf": ANNOTATIONS, "startIndex": 0, "items": []}
    collection = {
        "@context": [STANDARD, TERMS],
        "id": ANNOTATIONS,
        "type": "AnnotationCollection",
        "label": "Figures that the documents of a run state",
        "generator": {"id": OWN + "software", "type": "Software", "name": f"csrbook {__version__}"},
        "vocabulary": [_term(name) for name in READING if name != "value"],
        "documents": [_document(source) for source in run.sources.values() if source.text is not None],
        "total": len(run.claims),
        "first": page,
    }
    head = json.dumps(collection, ensure_ascii=False, indent=1)
    return head.replace('"items": []', f'"items": [\n{items}\n]') + "\n"  # no text holds this: its quotation marks are escaped


def _gaps(source: Source) -> list[tuple[int, int]]:
    """Return the stretches of a text that were left out, in order; see `abridgements`."""
    return sorted((one["start"], one["end"]) for one in source.passages if one.get("left_out"))


def _around(start: int, end: int, gaps: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return where the words before a quotation begin and those after it end: nothing is quoted that was left out."""
    at = bisect_right(gaps, (start, end))
    least = gaps[at - 1][1] if at else 0
    most = gaps[at][0] if at < len(gaps) else end + AROUND
    return max(least, start - AROUND), min(most, end + AROUND)


def _annotation(claim: Mapping[str, Any], source: Source, gaps: Sequence[tuple[int, int]]) -> dict[str, Any]:
    one, start, end, text = str(claim["claim_id"]), claim["start"], claim["end"], source.text or ""
    first, last = _around(start, end, gaps)
    quotation = {
        "type": "TextQuoteSelector", "exact": text[start:end],
        "prefix": text[first:start], "suffix": text[end:last],
    }  # fmt: skip
    words = {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "language": load_labels().language}
    told = {OURS.get(name, name): _number(claim.get(name)) for name in READING}
    return {
        "id": f"{OWN}claim:{quote(one)}",
        "type": "Annotation",
        "motivation": "describing",
        "body": [words | {"value": _words(claim)}, {"type": "Reading"} | {name: v for name, v in told.items() if v is not None}],
        "target": {
            "type": "SpecificResource",
            "source": _address(source),
            "selector": [quotation, {"type": "TextPositionSelector", "start": start, "end": end}],
        },
        "cite": citation(claim, _about(source)),
        "seeAlso": f"{page_of(source.doc)}#c-{quote(one)}",
    }


def _words(claim: Mapping[str, Any]) -> str:
    """Return the reading for a person: "over 1,200 trees; 2021; Town Garden"."""
    return "; ".join(str(part) for part in (
        format_value(claim), format_when(claim.get("when")), claim.get("actor"), claim.get("programme"),
        *(load_labels().name(section, claim[section]) for section in ("indicator", "theme") if claim.get(section)),
        "promised" if is_promise(claim) else "",
    ) if part)  # fmt: skip


def _number(value: Any) -> Any:
    """Return a whole float as an integer, as tables write it, and null for one that JSON cannot tell."""
    if not isinstance(value, float):
        return value
    return (int(value) if value.is_integer() and abs(value) < 1e15 else value) if isfinite(value) else None


def _document(source: Source) -> dict[str, Any]:
    about = {key: value for key in ("publisher", "date", "language") if (value := _about(source)[key])}
    sha = hashlib.sha256((source.text or "").encode()).hexdigest()
    return {"id": _address(source), "type": "Text", "format": "text/plain", "title": source.title, **about, "sha256": sha}


def _about(source: Source) -> dict[str, Any]:
    return {"doc": source.doc, "title": source.title} | {key: source.about.get(key) for key in ("publisher", "date", "language")}


def _address(source: Source) -> str:
    return f"01-sources/texts/{quote(source.doc)}.txt"


def _term(name: str) -> dict[str, str]:
    known = column(name)
    meaning = f"{known.meaning}; in: {known.unit}" if known.unit else known.meaning
    return {"id": OWN + name, "type": "Property", "label": name, "comment": meaning}


def _dump(annotation: Mapping[str, Any]) -> str:
    return json.dumps(annotation, ensure_ascii=False, separators=(",", ":"))
