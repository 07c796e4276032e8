"""When: of the times that an article tells, which is the number's own."""

from collections.abc import Iterator, Mapping
from typing import Any

from questions import Question

from csrbook.parts import offers_of, parts_of
from csrbook.scenes import Scene
from csrbook.times import remember

__all__ = ["ask_when"]

NULL_WEIGHT = 0.25  # a number without a time says less of how times are told


def ask_when(name: str, scene: Scene, marks: Mapping[int, dict[str, Any]]) -> Iterator[Question]:
    earlier: tuple[str, ...] = ()
    parts = parts_of(scene)
    for number, mark in sorted(marks.items()):
        told = marks[number - 1]["when"] if number - 1 in marks else None
        found = offers_of(scene, number, parts[number], told=told, earlier=earlier)
        earlier = remember(earlier, mark["when"])
        right = frozenset(n for n, offer in enumerate(found) if offer.when == mark["when"])
        yield Question(name, [o.traits for o in found], right, 1.0 if mark["when"] else NULL_WEIGHT)
