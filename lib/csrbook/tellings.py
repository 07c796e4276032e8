"""Say where programmes are told, with a figure or without: the name as printed, its sentence, and the time told there.

In      a Document, its Scene, and the Lexicons.
Out     Tellings in text order; `found` marks a name that no table knows. The place of any name, with its sentence.
Never   reads a document again, makes up a name, or tells twice of one place. What is told in plain words alone ("online
        classes") is nobody's programme where neither its owner nor a body of the same family is named.
Needs   days, documents, lexicon, scenes, texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from csrbook.days import Point, within
from csrbook.documents import Document
from csrbook.lexicon import Lexicons
from csrbook.scenes import Scene
from csrbook.texts import Hit, Text

__all__ = ["Place", "Telling", "find_tellings", "place_of", "telling_record"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document tells of a name, with the sentence around it; offsets as in a claim."""

    telling_id: str
    doc: str
    language: str
    start: int
    end: int
    text: str
    heading: bool
    sentence_start: int
    sentence_end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Telling(Place):
    """One place where a programme is told, by a name (`named`) or in plain words."""

    programme: str
    named: bool
    found: bool
    when: str | None


def find_tellings(document: Document, scene: Scene, lexicons: Lexicons) -> tuple[Telling, ...]:
    """Return every place where a programme is told, each once, in text order; of two names in one place the longer."""
    text = scene.reading.text
    parents = {row["name"]: row.get("parent") for row in lexicons.tables["names"]["actor"]}
    families = {_family(hit.row["name"], parents) for hit in text.hits.get("actor", ())}
    told = (h for h in text.hits.get("programme", ()) if not h.row.get("weak") or _family(h.row["owner"], parents) in families)
    return tuple(_telling(document, text, hit, scene.points) for hit in _apart(filter(_is_programme, told)))


def _is_programme(hit: Hit) -> bool:
    """True for a name of the table, and for one of the text that is a programme's rather than a body's or nobody's."""
    return not hit.row.get("found") or (hit.row["sure"] > 0 and hit.row["rival"] <= 0)


def telling_record(telling: Telling) -> dict[str, Any]:
    """Return a telling as JSON-able fields, in their order."""
    return asdict(telling)


def _family(name: str, parents: Mapping[str, str | None]) -> str:
    """Return the topmost body that a name belongs to; a ring in the table ends where it closes."""
    line = [name]
    while (parent := parents.get(line[-1])) and parent not in line:
        line.append(parent)
    return line[-1]


def _apart(hits: Iterator[Hit]) -> Iterator[Hit]:
    """Yield hits that share no token with the one before; they come sorted, of one first token the longest first."""
    reach = 0
    for hit in hits:
        if hit.first >= reach:
            reach = hit.last
            yield hit


def place_of(document: Document, text: Text, hit: Hit, *, kind: str) -> dict[str, Any]:
    """Return where a name stands and the sentence around it, as the fields of a Place; its id is that of the place and the kind."""
    start, end = text.tokens[hit.first].start, text.tokens[hit.last - 1].end
    first, last = _sentence(text, hit)
    begin, stop = text.tokens[first].start, text.tokens[last - 1].end
    return {
        "telling_id": sha256(f"{document.sha256}:{kind}:{start}:{end}".encode()).hexdigest()[:16],
        "doc": document.doc, "language": document.language, "start": start, "end": end, "text": document.text[start:end],
        "heading": text.is_heading(text.paragraph(hit.first)),
        "sentence_start": begin, "sentence_end": stop, "sentence": document.text[begin:stop],
    }  # fmt: skip


def _sentence(text: Text, hit: Hit) -> tuple[int, int]:
    """Return the tokens of the sentence around a name, which may have a full stop in it."""
    first, last = text.sentence(hit.first)
    return first, max(last, hit.last)


def _telling(document: Document, text: Text, hit: Hit, points: Sequence[Point]) -> Telling:
    near = [p for p in within(points, *_sentence(text, hit)) if not p.source]
    point = min(near, key=lambda p: max(p.first - hit.last, hit.first - p.last), default=None)
    told = {"programme": hit.row["name"], "named": not hit.row.get("weak"), "found": bool(hit.row.get("found"))}
    return Telling(**told, **place_of(document, text, hit, kind="programme"), when=point.when if point else None)
