"""Say what a number is about: theme, relevance to society, promise or result, and the measure it states.

In      a Text with hits of kinds theme, relevance, target.* and indicator; a number's place, unit and kind.
Out     (value, rule, direct) for each; every score is a sum of weights that stand in the tables.
Never   reads a word that is not in a table.
Needs   texts.  Used by claims.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csrbook.texts import Hit, Text

__all__ = ["Topic", "indicator_of", "is_target", "relevance_of", "theme_of", "topic_rows"]

STRENGTH = {"strong": 3.0, "normal": 2.0, "weak": 1.0}
CLAUSE, SENTENCE, BEFORE, HEADING, PARAGRAPH = 2.0, 1.0, 0.4, 0.7, 0.15  # what a cue is worth by where it stands
UNIT, PROGRAMME = 4.0, 6.0  # what the counted noun, and the programme's own theme, add
FADE = 18  # tokens at which a cue of the sentence is worth half
CSR, CONTEXT = "csr", "context"
CORPORATE = "corporate"


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


def topic_rows(
    themes: Mapping[str, Any], indicators: Mapping[str, Any], language: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (form, row) for the theme and indicator cues of one language."""
    for theme in themes["theme"]:
        for strength, weight in STRENGTH.items():
            row = {"is": "theme", "id": theme["id"], "weight": weight}
            yield from ((form, row) for form in theme[language][strength])
    for entry in indicators["indicator"]:
        row = {"is": f"indicator.{entry['id']}"}
        yield from ((form, row) for form in entry[language])


# ---- theme ---------------------------------------------------------------------------------------------------------


def theme_of(topic: Topic, text: Text, themes: Sequence[Mapping[str, Any]]) -> tuple[str, str, bool]:
    """Return (theme, rule, direct): the theme with the highest sum; a tie goes to the one that stands first in the table."""
    scores: dict[str, float] = defaultdict(float)
    for hit, worth in _around(topic, text, "theme"):
        scores[hit.row["id"]] += hit.row["weight"] * worth
    near = dict(scores)
    for theme in themes:
        if topic.unit in theme["units"]:
            scores[theme["id"]] += UNIT
    if topic.programme and topic.programme.get("theme"):
        scores[topic.programme["theme"]] += PROGRAMME * (1.0 if topic.programme_near else 0.6)
    for theme in themes:
        scores[theme["id"]] *= theme.get("share", 1.0)
    order = [theme["id"] for theme in themes]
    best = max(order, key=lambda name: (scores[name], -order.index(name)))
    if not scores[best]:
        return CORPORATE, "no_cue", False
    return best, "cues" if near.get(best) else "unit_or_programme", True


def _around(topic: Topic, text: Text, kind: str) -> Iterator[tuple[Hit, float]]:
    """Yield the cues around a number, each with what it is worth there."""
    clause, sentence, paragraph = text.clause(topic.first), text.sentence(topic.first), text.paragraph(topic.first)
    statement = text.statement(topic.first)
    for hit in text.find(kind, *sentence):
        if not statement[0] <= hit.first < statement[1]:
            yield hit, BEFORE
            continue
        distance = max(hit.first - topic.last, topic.first - hit.last, 0)
        inside = clause[0] <= hit.first < clause[1] or 0 <= hit.first - topic.first < topic.last - topic.first
        yield hit, (CLAUSE if inside else SENTENCE) / (1 + distance / FADE)
    before = text.sentence(sentence[0] - 1) if sentence[0] > paragraph[0] else None
    for hit in text.find(kind, *paragraph):
        if not sentence[0] <= hit.first < sentence[1]:
            yield hit, BEFORE if before and before[0] <= hit.first < before[1] else PARAGRAPH
    for heading in _headings_above(topic.first, text):
        yield from ((hit, HEADING) for hit in text.find(kind, *heading))


def _headings_above(at: int, text: Text, reach: int = 500) -> Iterator[tuple[int, int]]:
    """Yield the nearest two headings above."""
    found, paragraph = 0, text.paragraph(at)
    while paragraph[0] > 0 and found < 2 and at - paragraph[0] < reach:
        paragraph = text.paragraph(paragraph[0] - 1)
        if text.is_heading(paragraph):
            found += 1
            yield paragraph


# ---- relevance -----------------------------------------------------------------------------------------------------

IDLE = -2.0  # years and weeks that measure no service
NAMED = 1.0  # a programme in the sentence
ACTOR = 0.5  # an actor in the sentence
THRESHOLD = 0.0


def relevance_of(topic: Topic, text: Text, *, target: bool, theme: str) -> tuple[str, str, bool]:
    """Return (csr or context, rule, direct): the sum of what is done for others and what is only told."""
    score = direct = 0.0
    for hit, worth in _around(topic, text, "relevance"):
        score += hit.row["weight"] * worth
        direct += abs(hit.row["weight"]) if worth >= BEFORE else 0
    score += NAMED * (2 if topic.programme_near else 1) if topic.programme else 0
    score += ACTOR if topic.actor_near else -ACTOR
    score += 0.5 if target else 0
    score += -1.5 if theme == CORPORATE else 1.0
    if topic.kind == "duration" and topic.unit in ("year", "week", "century"):
        score += IDLE
    return CSR if score > THRESHOLD else CONTEXT, f"score {score:+.1f}", direct > 0


# ---- promise or result ---------------------------------------------------------------------------------------------

PLAN_AFTER = 8  # tokens between a number and a verb after it that promises it


def is_target(topic: Topic, text: Text, *, lead: tuple[int, int] | None, future: bool) -> tuple[bool, str, bool]:
    """Return (target, rule, direct): the nearest governing verb before the number decides, promise or result.

    A list under "the measures are:" takes the promise of its first line; a time after the document's date is a promise.
    """
    clause = text.clause(topic.first)
    if lead and text.find("target.list", *lead):
        return True, "list_of_measures", True
    start = text.statement(topic.first)[0]
    plan = [h for h in text.find("target.plan", start, topic.first) if not _negated(h, text) and not _in_name(h, text)]
    done = [h for h in text.find("target.done", start, topic.first) if not _in_name(h, text)]
    if plan and not any(h.first > plan[-1].last for h in done):
        return True, "plan_before", True
    after = [h for h in text.find("target.plan", topic.last, clause[1]) if not _negated(h, text) and not _in_name(h, text)]
    if after and after[0].first - topic.last <= PLAN_AFTER and not any(h.first >= clause[0] for h in done):
        if not text.find("name.joint", topic.last, after[0].first):  # "planted 5 trees and will water them"
            return True, "plan_after", True
    if future:
        return True, "future_date", True
    return False, "result" if done else "no_plan", bool(done)


def _negated(hit: Hit, text: Text) -> bool:
    return bool(text.ends_at("target.not", hit.first) or text.starts_at("target.not", hit.last))


def _in_name(hit: Hit, text: Text) -> bool:
    found = text.find("programme", max(0, hit.first - 12), hit.last)
    return any(h.first <= hit.first and h.last >= hit.last for h in found)


# ---- indicator -----------------------------------------------------------------------------------------------------


def indicator_of(
    topic: Topic, text: Text, *, theme: str, indicators: Sequence[Mapping[str, Any]]
) -> tuple[str | None, str, bool]:
    """Return (indicator, rule, direct): kind and unit must fit, cues and theme decide."""
    best, score, cued = None, 0.0, False
    for entry in indicators:
        if topic.kind not in entry["kinds"] or (entry.get("units") and topic.unit not in entry["units"]):
            continue
        cues = sum(worth for _, worth in _around(topic, text, f"indicator.{entry['id']}") if worth > PARAGRAPH)
        if entry.get("needs") and not cues:
            continue
        total = cues + (1.5 if entry.get("units") else 0.2) + (1.5 if theme in entry.get("themes", ()) else 0)
        if entry.get("themes") and theme not in entry["themes"]:
            total -= 2
        if total > score:
            best, score, cued = entry["id"], total, bool(cues)
    return best, "cues" if cued else "unit" if best else "none", cued
