"""Say which names that no table knows a document puts to use, how it prints them, and where it tells of each first.

In      a Document, its Text, and the names that its claims and tellings use.
Out     Sightings in text order: one a kind and name.
Never   judges a name: how sure it is was settled when it was found.
Needs   documents, tellings, texts.
"""

from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import asdict, dataclass
from typing import Any

from csrbook.documents import Document
from csrbook.tellings import Place, place_of
from csrbook.texts import Hit, Text

__all__ = ["KINDS", "Sighting", "find_sightings", "sighting_record"]

KINDS = ("actor", "programme")


@dataclass(frozen=True, slots=True)
class Sighting(Place):
    """A name in one document: its forms as printed, the most frequent first, and the first place in running text, else in a heading."""

    kind: str
    name: str
    forms: tuple[str, ...]
    sure: float


def find_sightings(document: Document, text: Text, used: Container[tuple[str, str]]) -> tuple[Sighting, ...]:
    """Return the names found in the text that `used` holds as (kind, name), by the place that is shown."""
    places: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    for kind in KINDS:
        for hit in text.hits.get(kind, ()):
            if hit.row.get("found") and (kind, hit.row["name"]) in used:
                places[kind, hit.row["name"]].append(hit)
    sightings = (_sighting(document, text, kind, hits) for (kind, _), hits in places.items())
    return tuple(sorted(sightings, key=lambda one: (one.start, one.end, one.kind)))


def sighting_record(sighting: Sighting) -> dict[str, Any]:
    """Return a sighting as JSON-able fields, in their order."""
    return asdict(sighting)


def _sighting(document: Document, text: Text, kind: str, hits: list[Hit]) -> Sighting:
    printed = (document.text[text.tokens[hit.first].start : text.tokens[hit.last - 1].end] for hit in hits)
    forms = Counter(" ".join(form.split()) for form in printed)
    first = min(hits, key=lambda hit: (text.is_heading(text.paragraph(hit.first)), hit.first))
    row = first.row
    sure = round(min(row["sure"], -row["rival"]), 2)
    place = place_of(document, text, first, kind=kind)
    return Sighting(kind=kind, name=row["name"], forms=tuple(form for form, _ in forms.most_common()), sure=sure, **place)
