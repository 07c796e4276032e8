"""Offer the bodies that may have acted where a number stands, each with the traits by which one is chosen.

In      a Stage, and the place of a number.
Out     Offers: a name or None, the rule that tells where it stands, and its traits.
Never   chooses among the offers.
Needs   choices, stage, texts.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from csrbook.choices import in_style
from csrbook.stage import APPOSED, HEAD, Stage, Told, doubts, leaning, standings
from csrbook.texts import Hit

__all__ = ["ActorOffer", "actor_offers"]

PARAGRAPHS = 3  # paragraphs above that are looked through
HEADINGS = 400  # tokens up to a heading that still names who acts
DIRECT = (
    "subject_of_clause", "owner_beside", "agent_after", "subject_of_sentence", "owner_before", "named_before", "named_after",
    "named_in_clause", "named_in_sentence",
)  # fmt: skip
GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class ActorOffer:
    """A body on offer, or None for nobody; the rule names the best place where it stands."""

    name: str | None
    rule: str
    direct: bool
    traits: Mapping[str, float]


def actor_offers(stage: Stage, at: int, programme: Hit | None, *, end: int, style: str, told: Told | None = None) -> list[ActorOffer]:
    """Return every body that may have acted where a number stands at [at, end); the last offer is nobody.

    `told` is what was said of the number before.
    """
    places, met = standings(_placed(stage, at, programme, end))
    out = []
    for name, stands in places.items():
        row, rule = stage.rows.get(name, {}), next(iter(stands))
        seen = dict.fromkeys(_traits(stage, at, name, stands, row), 1.0) | doubts(row)
        if again := stage.as_before(name, told, at):
            seen[again] = 1.0
        out.append(ActorOffer(name, rule, rule in DIRECT, in_style(seen, style)))
    nobody = dict.fromkeys(_of_nobody(stage, at, programme, met, end), 1.0)
    if again := stage.as_before(None, told, at):
        nobody[f"nobody, {again}"] = 1.0
    return [*out, ActorOffer(None, "nobody", False, in_style(nobody, style))]


# ---- what is offered -----------------------------------------------------------------------------------------------


def _placed(stage: Stage, at: int, programme: Hit | None, end: int) -> Iterator[tuple[str, str]]:
    """Yield (place, name): places that speak strongest first, in each the nearest first."""
    text, sentence, clause = stage.text, stage.text.sentence(at), stage.text.clause(at)
    start, paragraph = stage.start(at), text.paragraph(at)
    yield from (("subject_of_clause", h.row["name"]) for h in reversed(stage.subjects(clause[0], at)))
    owner = stage.owners.get(programme.row["name"]) if programme and not programme.row.get("weak") else None
    if owner and (clause[0] <= programme.first < at or end <= programme.first < min(clause[1], end + APPOSED + 1)):
        yield "owner_beside", owner
    yield from (("agent_after", h.row["name"]) for h in stage.between(end, sentence[1]) if text.ends_at("name.agent", h.first))
    yield from (("subject_of_sentence", h.row["name"]) for h in reversed(stage.subjects(start, at)))
    if owner and start <= programme.first < at:
        yield "owner_before", owner
    yield from (("subject_of_paragraph", h.row["name"]) for h in reversed(stage.subjects(paragraph[0], sentence[0])))
    yield from (("named_before", h.row["name"]) for h in stage.between(start, at))
    if owner:
        yield "owner_of_programme", owner
    yield from (("named_after", h.row["name"]) for h in stage.between(end, sentence[1]))
    if lead := stage.lead(at):
        yield "chapter" if lead != stage.main else "document", lead
    yield from _further(stage, at, programme)


def _further(stage: Stage, at: int, programme: Hit | None) -> Iterator[tuple[str, str]]:
    """Yield (place, name) of places that speak by their traits only."""
    text, sentence, paragraph = stage.text, stage.text.sentence(at), stage.text.paragraph(at)
    if stage.main:
        yield "document", stage.main
    yield from (("named_in_clause", h.row["name"]) for h in reversed(stage.between(text.clause(at)[0], at)))
    yield from (("named_in_sentence", h.row["name"]) for h in reversed(stage.between(sentence[0], at)))
    yield from _by_noun(stage, "called_so", stage.start(at), at)
    yield from _by_noun(stage, "called_so_before", paragraph[0], sentence[0])
    yield from (("named_in_paragraph", h.row["name"]) for h in reversed(stage.between(paragraph[0], sentence[0])))
    if programme and (beside := stage.beside(programme.row["name"])):
        yield "with_programme", beside
    if last := next((h for h in reversed(stage.between(paragraph[0], at)) if h.row.get("rival", 0) <= 0), None):
        yield "named_last", last.row["name"]
    yield from _above(stage, at)


def _by_noun(stage: Stage, place: str, first: int, last: int) -> Iterator[tuple[str, str]]:
    """Yield who is called what the text calls the one that acts: "the bank", "the brewery"."""
    for body in reversed(stage.bodies(first, last)):
        if not body.row.get(GENERIC):
            yield from ((place, name) for name in stage.called.get(stage.noun(body), ()))


def _above(stage: Stage, at: int) -> Iterator[tuple[str, str]]:
    """Yield who is named in the paragraphs and the headings above."""
    text, above = stage.text, stage.text.paragraph(at)
    for _ in range(PARAGRAPHS):
        if above[0] == 0 or at - above[0] > HEADINGS:
            return
        above = text.paragraph(above[0] - 1)
        place = "heading" if text.is_heading(above) else "paragraph_above"
        yield from ((place, h.row["name"]) for h in reversed(stage.between(*above)))


# ---- traits --------------------------------------------------------------------------------------------------------


def _traits(stage: Stage, at: int, name: str, stands: Mapping[str, int], row: Mapping) -> Iterator[str]:
    """Yield the traits of one body on offer."""
    text, clause = stage.text, stage.text.clause(at)
    for place, rank in stands.items():
        yield place if not rank else f"{place} not nearest"
    yield f"stands {next(iter(stands))}"
    if not row.get("found"):
        yield "known"
    if row.get("minor"):
        yield "minor"
    yield f"named as number {min(stage.ranks[name] + 1, 3)}" if name in stage.ranks else "named nowhere"
    if stage.counts[name] == 1:
        yield "named once"
    others = len(stage.ranks) > 1
    near = "clause" if text.find("name.self", *clause) else "sentence" if text.find("name.self", *text.sentence(at)) else ""
    if near:
        yield f"self in {near}, {'main' if name == stage.main else 'other'}"
    if any(body.row.get(GENERIC) for body in stage.bodies(text.sentence(at)[0], at)):
        yield f"the company, {'main' if name == stage.main else 'other'}"
    if name == stage.main:
        yield "main among others" if others else "main alone"
    if next(iter(stage.between(0, HEAD)), None) and stage.between(0, HEAD)[0].row["name"] == name:
        yield "named first"
    for of in sorted(stage.kinds.get(name, ())):
        yield f"is a {of}"
        yield f"is a {of}, stands {next(iter(stands))}"


def _of_nobody(stage: Stage, at: int, programme: Hit | None, met: Container[str], end: int) -> Iterator[str]:
    """Yield the traits of nobody at all: a source is named, another body acts, no name is near."""
    text, sentence = stage.text, stage.text.sentence(at)
    yield "nobody"
    for place in ("subject_of_clause", "subject_of_sentence", "named_before", "named_after", "subject_of_paragraph", "called_so"):
        if place not in met:
            yield f"nobody {place}"
    for near, (first, last) in stage.sides(at, end):
        for of in sorted({h.row["of"] for h in stage.bodies(first, last)}):
            yield f"nobody, {of} in {near}"
        if text.find("name.source", first, last):
            yield f"nobody, source in {near}"
        if text.find("name.self", first, last):
            yield f"nobody, self in {near}"
        if text.find("name.does", first, last):
            yield f"nobody, deed in {near}"
    if text.find("programme", *sentence):
        yield "nobody, programme in the sentence"
    elif programme:
        yield "nobody, programme near"
    yield f"nobody, {leaning(text, *sentence)} sentence"
    paragraph = text.paragraph(at)
    if sentence[0] > paragraph[0] and text.find("name.source", *text.sentence(sentence[0] - 1)):
        yield "nobody, source in the sentence before"
    if sentence[0] == paragraph[0]:
        yield "nobody, opens a paragraph"
