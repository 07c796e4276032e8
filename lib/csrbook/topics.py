"""Find the words around a number that tell what it is about: where each stands, seen from the number.

In      a Text with hits of some kind, and a Topic: a number and what is already known of it.
Out     (place, hit) for every cue near enough; (form, row) pairs of the tables of themes, relevance and measures.
Never   weighs a cue, or reads a word that is not in a table.
Needs   texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csrbook.texts import Hit, Text

__all__ = ["BESIDE", "IN_SENTENCE", "Topic", "around", "distance", "topic_rows"]

HEADINGS, REACH = 2, 500  # headings above that count, and tokens up to the last of them
IN_SENTENCE = frozenset(["own", *(f"{part}_{side}" for part in ("clause", "statement", "sentence") for side in ("before", "after"))])

BESIDE = frozenset(["back", "paragraph"])  # the sentence before, and the rest of the paragraph


@dataclass(frozen=True, slots=True)
class Topic:
    """A number to be judged: tokens [first, last), unit, kind, and what is already known of it."""

    first: int
    last: int
    unit: str | None
    kind: str
    programme: Mapping[str, Any] | None = None
    programme_near: bool = False
    actor: str | None = None
    actor_near: bool = False
    main: str | None = None  # the actor that the document is about
    target: bool = False


def topic_rows(tables: Mapping[str, Any], language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (form, row) for the theme, relevance and indicator cues of one language, from `tables` by their names."""
    own = tables[f"{language}.topics"]
    for theme, by_strength in own["theme"].items():
        for strength, forms in by_strength.items():
            for form in forms:
                yield form, {"is": "theme", "id": theme, "tells": strength, "word": f"{language} {form}"}
    for exact, leanings in ((False, own["relevance"]), (True, own.get("printed", {}))):
        for leaning, forms in leanings.items():
            for form in forms:
                yield form, {"is": "relevance", "tells": leaning, "word": f"{language} {form}", "exact": exact}
    for entry in tables["indicators"]["indicator"]:
        row = {"is": f"indicator.{entry['id']}"}
        yield from ((form, row) for form in entry[language])


# ---- where cues stand ----------------------------------------------------------------------------------------------


def around(topic: Topic, text: Text, kind: str) -> Iterator[tuple[str, Hit]]:
    """Yield (place, hit) for the cues of the paragraph, of the headings above it and of the title."""
    sentence, paragraph = text.sentence(topic.first), text.paragraph(topic.first)
    clause, statement = text.clause(topic.first), text.statement(topic.first)
    back = text.sentence(sentence[0] - 1) if sentence[0] > paragraph[0] else (0, 0)
    for hit in text.find(kind, *paragraph):
        if topic.first <= hit.first < topic.last:
            yield "own", hit
        elif sentence[0] <= hit.first < sentence[1]:
            side = "before" if hit.first < topic.first else "after"
            part = "clause" if _holds(clause, hit) else "statement" if _holds(statement, hit) else "sentence"
            yield f"{part}_{side}", hit
        else:
            yield "back" if _holds(back, hit) else "paragraph", hit
    title = text.paragraphs[0]
    for number, heading in enumerate(_headings_above(text, paragraph), 1):
        yield from ((f"heading_{number}", hit) for hit in text.find(kind, *heading))
        title = None if heading == title else title
    if title and title != paragraph:
        yield from (("title", hit) for hit in text.find(kind, *title))


def distance(topic: Topic, hit: Hit) -> int:
    """Return the number of tokens between a number and a cue."""
    return max(hit.first - topic.last, topic.first - hit.last, 0)


def _holds(span: tuple[int, int], hit: Hit) -> bool:
    return span[0] <= hit.first < span[1]


def _headings_above(text: Text, paragraph: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the nearest headings above a paragraph."""
    found, at = 0, paragraph[0]
    while paragraph[0] > 0 and found < HEADINGS and at - paragraph[0] < REACH:
        paragraph = text.paragraph(paragraph[0] - 1)
        if text.is_heading(paragraph):
            found += 1
            yield paragraph
