"""Say what speaks for each theme of a number: words around it, what it counts, its programme.

In      a Topic, a Text with hits of kind theme, and the table of themes.
Out     traits for every theme, in the order of the table; how loud each theme is around a number.
Never   reads a word that is not in a table, or decides.
Needs   echoes, texts, topics.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import Any

from csrbook.echoes import echoes
from csrbook.texts import Text
from csrbook.topics import BESIDE, IN_SENTENCE, Topic, around

__all__ = ["cue_traits", "theme_echoes", "theme_traits", "units_of"]

STRENGTH = {"strong": 3.0, "normal": 2.0, "weak": 1.0, "act": 1.0}
NEAR, FAR = 0.6, 0.3  # what a word's own weight counts in the sentence, and further off
HALF = 2  # sentences after which a cue of the text around is half as loud
MONEY = "money"  # all currencies point alike


def theme_echoes(topics: Sequence[Topic], text: Text) -> list[dict[str, float]]:
    """Return for every number how loud the cues of each theme are in the sentences around."""
    cues = [(hit.first, hit.row["id"], STRENGTH[hit.row["tells"]]) for hit in text.hits.get("theme", ())]
    return echoes(text, cues, [topic.first for topic in topics], half=HALF)


def units_of(themes: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the themes that each counted noun points to."""
    found: dict[str, list[str]] = defaultdict(list)
    for theme in themes:
        for unit in theme["units"]:
            found[unit].append(theme["id"])
    return dict(found)


def theme_traits(
    topic: Topic, text: Text, themes: Iterable[str], *, heard: Mapping[str, float], units: Mapping[str, Sequence[str]]
) -> list[dict[str, float]]:
    """Return the traits of every theme; `heard` is how loud each is around this number."""
    cues = cue_traits(topic, text, "theme")
    own = topic.programme.get("theme") if topic.programme else None
    pointed = units.get(topic.unit or "", ())
    unit = MONEY if topic.kind == MONEY else topic.unit
    out = []
    for theme in themes:
        traits = cues.get(theme, {})
        traits |= {f"bias {theme}": 1.0, f"{theme} unit {unit}": 1.0, f"{theme} {topic.kind}": 1.0}
        if theme in heard:
            traits["around"] = heard[theme]
        if theme in pointed:
            traits["unit"] = 1.0
        if theme == own:
            traits["programme near" if topic.programme_near else "programme"] = 1.0
        out.append(traits)
    return out


def cue_traits(topic: Topic, text: Text, kind: str) -> dict[str | None, dict[str, float]]:
    """Return what the cues of a kind say around a number, by the id of their rows: where how many stand, and the words themselves.

    Of cues in one place each further one adds less.
    """
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    words: dict[str | None, Counter[str]] = defaultdict(Counter)
    for place, hit in around(topic, text, kind):
        row = hit.row
        if place not in BESIDE:
            counts[row.get("id")][f"{row['tells']} {place}"] += 1
        words[row.get("id")][row["word"]] += NEAR if place in IN_SENTENCE else FAR
    return {of: {name: log2(1 + count) for name, count in counts[of].items()} | told for of, told in words.items()}
