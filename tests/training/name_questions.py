"""Who and under which programme: what a name stands for, which body acts where a number stands, and in which programme."""

from collections.abc import Iterator, Mapping
from typing import Any

from questions import Question

from csrbook.candidates import find_candidates
from csrbook.discoveries import KINDS, kind_options
from csrbook.names import Told
from csrbook.scenes import Scene
from csrbook.texts import Hit

__all__ = ["ask_actor", "ask_kind", "ask_programme"]

NULL_WEIGHT = {"actor": 0.6, "programme": 0.25}  # a number of nobody, or of no programme, says less of how names are told
IDLE_WEIGHT = 0.3  # a name that looks like a body's, and does nothing that the article counts
LOOKS = ("ends in suffix of actor", "charity before", "company before")


def ask_kind(name: str, scene: Scene, marks: Mapping[int, dict[str, Any]]) -> Iterator[Question]:
    """Ask of every candidate for a name whether it is an actor's, a programme's, or neither."""
    text, traits = scene.reading.text, scene.reading.traits
    wanted = {kind: {mark[kind] for mark in marks.values()} for kind in KINDS[:-1]}
    found = find_candidates(text, traits)
    for candidate, options in zip(found, kind_options(text, found, style=traits["name_style"], is_word=scene.reading.is_word), strict=True):
        forms = {candidate.name, *candidate.forms, *candidate.short}
        kind = next((kind for kind, names in wanted.items() if forms & names), KINDS[-1])
        idle = kind == KINDS[-1] and any(f"{KINDS[0]}: {look}" in options[0] for look in LOOKS)
        yield Question(name, options, frozenset({KINDS.index(kind)}), IDLE_WEIGHT if idle else 1.0)


def ask_programme(name: str, scene: Scene, marks: Mapping[int, dict[str, Any]]) -> Iterator[Question]:
    """Ask of every number under which programme it stands."""
    for number, (told, _) in enumerate(_told(scene)):
        if number in marks:
            first, last = scene.spans[number]
            offers = scene.reading.cast.programme_offers(first, end=last, told=told[0])
            wanted = marks[number]["programme"]
            right = frozenset(n for n, o in enumerate(offers) if _same(o.hit.row["name"] if o.hit else None, wanted))
            yield Question(name, [o.traits for o in offers], right, 1.0 if wanted else NULL_WEIGHT["programme"])


def ask_actor(name: str, scene: Scene, marks: Mapping[int, dict[str, Any]]) -> Iterator[Question]:
    """Ask of every number who acts."""
    for number, (told, programme) in enumerate(_told(scene)):
        if number in marks:
            first, last = scene.spans[number]
            offers = scene.reading.cast.actor_offers(first, programme, end=last, told=told[1])
            wanted = marks[number]["actor"]
            right = frozenset(n for n, o in enumerate(offers) if _same(o.name, wanted))
            yield Question(name, [o.traits for o in offers], right, 1.0 if wanted else NULL_WEIGHT["actor"])


def _told(scene: Scene) -> Iterator[tuple[tuple[Told | None, Told | None], Hit | None]]:
    """Yield for every number what the workbook itself says of the number before, and the programme that it finds for this one.

    What the article says would be a better teacher than there is at work: the workbook goes on from its own answers.
    """
    cast, told = scene.reading.cast, (None, None)
    for first, last in scene.spans:
        programme, _, _ = cast.programme(first, end=last, told=told[0])
        yield told, programme
        if cast.weights["actor"]:
            actor = cast.actor(first, programme, end=last, told=told[1])
            told = Told(first, programme.row["name"] if programme else None), Told(first, actor.name)


def _same(one: str | None, other: str | None) -> bool:
    """True for one name, or none at all, whatever its capitals."""
    return (one or "").casefold() == (other or "").casefold()
