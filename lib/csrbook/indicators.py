"""Say which measure a number states: trees planted, money lent, pupils taught.

In      a Topic, its theme, a Text with hits of the kinds indicator.*, and the table of indicators.
Out     (indicator or None, rule, direct).
Never   reads a word that is not in a table.
Needs   texts, topics.  Used by claims.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from csrbook.texts import Hit, Text
from csrbook.topics import Topic, around, distance

__all__ = ["fits", "indicator_of"]

WORTH = {"own": 2.0, "clause": 2.0, "statement": 1.0, "sentence": 0.4, "back": 0.4, "heading_1": 0.7, "heading_2": 0.7}
FADE = 18  # tokens at which a cue of the statement is worth half


def fits(entry: Mapping[str, Any], kind: str, unit: str | None) -> bool:
    """Return whether a measure may be stated by a number of this kind and unit."""
    return kind in entry["kinds"] and (not entry.get("units") or unit in entry["units"])


def indicator_of(
    topic: Topic, text: Text, *, theme: str, indicators: Sequence[Mapping[str, Any]]
) -> tuple[str | None, str, bool]:
    """Return (indicator, rule, direct): kind and unit must fit, cues and theme decide."""
    best, score, cued = None, 0.0, False
    for entry in indicators:
        if not fits(entry, topic.kind, topic.unit):
            continue
        cues = sum(_worth(place, hit, topic) for place, hit in around(topic, text, f"indicator.{entry['id']}"))
        if entry.get("needs") and not cues:
            continue
        total = cues + (1.5 if entry.get("units") else 0.2) + (1.5 if theme in entry.get("themes", ()) else 0)
        if entry.get("themes") and theme not in entry["themes"]:
            total -= 2
        if total > score:
            best, score, cued = entry["id"], total, bool(cues)
    return best, "cues" if cued else "unit" if best else "none", cued


def _worth(place: str, hit: Hit, topic: Topic) -> float:
    """Return what a cue is worth where it stands."""
    part = place.removesuffix("_before").removesuffix("_after")
    worth = WORTH.get(part, 0.0)
    return worth / (1 + distance(topic, hit) / FADE) if part in ("clause", "statement") else worth
