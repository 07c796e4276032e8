"""Questions of the fit: a choice among options, some of which are right; and the scenes of the articles they come from."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles import documents

from csrbook.lexicon import load_lexicons
from csrbook.mentions import find_mentions
from csrbook.scenes import Scene, set_scene

__all__ = ["Question", "scenes"]


@dataclass(frozen=True)
class Question:
    """One choice: the article it stands in, its options, the numbers of the right ones, and how much it counts."""

    article: str
    options: Sequence[Mapping[str, float]]
    right: frozenset[int]
    weight: float = 1.0


def pairs(mentions, marks) -> Iterator[tuple[int, dict]]:
    """Yield (number of a mention, its mark), each mark once."""
    free = list(range(len(mentions)))
    for mark in marks:
        found = next((n for n in free if mentions[n].start < mark["end"] and mark["start"] < mentions[n].end), None)
        if found is not None:
            free.remove(found)
            yield found, mark


def scenes(
    language: str, folder: Path, only: Container[str] | None = None, *, whole: bool = False
) -> Iterator[tuple[str, Scene, dict[int, dict[str, Any]]]]:
    """Yield (article id, scene, {number of mention: mark}), of all articles, of some, or of those whose marks are whole."""
    lexicons = load_lexicons()
    for document, article in documents(language, folder):
        if (only is None or article.id in only) and (article.whole or not whole):
            mentions, _ = find_mentions(document, lexicons)
            yield article.id, set_scene(document, mentions, lexicons), dict(pairs(mentions, article.marks))
