"""Themes and relevance: the numbers of an article in text order, as a chain whose neighbours tend to be of one kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csrbook.parts import parts_of
from csrbook.lexicon import load_lexicons
from csrbook.scenes import Scene
from csrbook.subjects import RELEVANCES, Evidence, evidence_of, links_of

__all__ = ["Row", "ask_subjects", "theme_names", "without_rare"]

SEVERAL, COMMON = 3, 8  # articles in which a trait must stand, and a plain word, before it gets a weight of its own


@dataclass(frozen=True)
class Row:
    """The numbers of one article: what speaks for each, what ties it to the one before, and the right (theme, relevance)."""

    article: str
    evidence: Sequence[Evidence]
    links: Sequence[Sequence[str]]
    right: Sequence[tuple[int, int]]


def theme_names() -> list[str]:
    return [theme["id"] for theme in load_lexicons().tables["themes"]["theme"]]


def ask_subjects(name: str, scene: Scene, marks: Mapping[int, dict[str, Any]]) -> Row:
    """Return the chain of one article; numbers without a mark are left out."""
    themes, names = load_lexicons().tables["themes"]["theme"], theme_names()
    parts = parts_of(scene)
    numbers = sorted(marks)
    topics, text = [parts[number].topic for number in numbers], scene.reading.text
    right = [(names.index(marks[n]["theme"]), RELEVANCES.index(marks[n]["relevance"])) for n in numbers]
    return Row(name, list(evidence_of(topics, text, themes)), links_of(topics, text), right)


def without_rare(rows: Iterable[Row]) -> list[Row]:
    """Return the rows without traits and words that stand in too few articles to be learnt from."""
    rows = list(rows)
    traits = _articles(rows, lambda e: (trait for traits in (*e.themes, e.csr) for trait in traits))
    words = _articles(rows, lambda e: e.words)

    def kept(found: Mapping[str, float]) -> dict[str, float]:
        return {trait: amount for trait, amount in found.items() if traits[trait] >= SEVERAL}

    def common(e: Evidence) -> Evidence:
        return Evidence([kept(t) for t in e.themes], kept(e.csr), [word for word in e.words if words[word] >= COMMON])

    return [Row(row.article, [common(e) for e in row.evidence], row.links, row.right) for row in rows]


def _articles(rows: Iterable[Row], things: Callable[[Evidence], Iterable[str]]) -> Counter[str]:
    """Return in how many articles each thing stands."""
    return Counter(thing for row in rows for thing in {t for e in row.evidence for t in things(e)})
