"""Offer the programmes that a number may belong to, each with the traits by which one is chosen.

In      a Stage, and the place of a number.
Out     Offers: the programme's Hit or None, the rule that tells where it stands, and its traits.
Never   chooses among the offers; offers a programme told in plain words beyond its clause.
Needs   choices, stage, texts.
"""

from bisect import bisect_right
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from csrbook.choices import in_style
from csrbook.stage import APPOSED, HEAD, Stage, Told, doubts, leaning, standings
from csrbook.texts import Hit

__all__ = ["BY_ORDER", "ProgrammeOffer", "programme_offers"]

ECHO_LETTERS = 10  # letters of a name that must come again for a paragraph to be about it
HEADING_REACH = 1600  # tokens that a heading with a programme governs
PARAGRAPHS = 2  # paragraphs above that are looked through
BY_ORDER = ("list_lead", "apposed", "clause", "clause_after", "sentence", "sentence_after", "paragraph", "echo", "heading")
DIRECT = ("list_lead", "apposed", "clause", "clause_after", "sentence", "sentence_after")
PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class ProgrammeOffer:
    """A programme on offer, or None for none; the rule names the best place where it stands."""

    hit: Hit | None
    rule: str
    direct: bool
    traits: Mapping[str, float]


def programme_offers(stage: Stage, at: int, *, end: int, style: str, told: Told | None = None) -> list[ProgrammeOffer]:
    """Return every programme that a number at [at, end) may belong to; the last offer is none.

    `told` is what was said of the number before.
    """
    placed = [(place, _first_of_list(stage, hit, stage.start(at)) if place in DIRECT else hit) for place, hit in _placed(stage, at, end)]
    hits = {hit.row["name"]: hit for _, hit in reversed(placed)}  # of each name the one that stands strongest
    places, met = standings((place, hit.row["name"]) for place, hit in placed)
    out = []
    for name, stands in places.items():
        hit, rule = hits[name], next(iter(stands))
        seen = dict.fromkeys(_traits(stage, at, hit, stands, stage.programme_names), 1.0) | doubts(hit.row)
        if again := stage.as_before(name, told, at):
            seen[again] = 1.0
        out.append(ProgrammeOffer(hit, rule, rule in DIRECT, in_style(seen, style)))
    none = dict.fromkeys(_of_none(stage, at, end, met), 1.0)
    if again := stage.as_before(None, told, at):
        none[f"none, {again}"] = 1.0
    return [*out, ProgrammeOffer(None, "none", False, in_style(none, style))]


# ---- what is offered -----------------------------------------------------------------------------------------------


def _placed(stage: Stage, at: int, end: int) -> Iterator[tuple[str, Hit]]:
    """Yield (place, programme): places that speak strongest first, in each the nearest first."""
    text, sentence, clause, paragraph = stage.text, stage.text.sentence(at), stage.text.clause(at), stage.text.paragraph(at)
    if lead := stage.list_lead(at):
        yield from (("list_lead", h) for h in reversed(stage.named(*lead)))
    start = stage.start(at)
    here = text.find("programme", start, text.statement(at)[1])
    inside = [h for h in here if clause[0] <= h.first < clause[1]]
    yield from (("apposed", h) for h in inside if h.last > at and h.first - end <= APPOSED)
    yield from (("clause", h) for h in reversed(inside) if h.last <= at)
    yield from (("clause_after", h) for h in inside if h.last > at)
    named = stage.named(start, text.statement(at)[1])
    yield from (("sentence", h) for h in reversed(named) if h.last <= at)
    yield from (("sentence_after", h) for h in named if h.last > at)
    yield from (("paragraph", h) for h in reversed(stage.named(paragraph[0], sentence[0])))
    if echoed := _echoed(stage, at):
        yield "echo", echoed
    number = bisect_right(stage.heading_firsts, at) - 1
    if number >= 0 and stage.headings[number][0] >= max(text.chapter(at)[0], at - HEADING_REACH):
        yield "heading", stage.headings[number][1]
    yield from _further(stage, at)


def _further(stage: Stage, at: int) -> Iterator[tuple[str, Hit]]:
    """Yield (place, programme) of places that speak by their traits only."""
    text, sentence, paragraph = stage.text, stage.text.sentence(at), stage.text.paragraph(at)
    yield from (("sentence_far", h) for h in reversed(stage.named(*sentence)))
    before = text.sentence(sentence[0] - 1)[0] if sentence[0] > paragraph[0] else sentence[0]
    yield from (("sentence_before", h) for h in reversed(stage.named(before, sentence[0])))
    yield from _above(stage, at)
    yield from _of_document(stage)


def _above(stage: Stage, at: int) -> Iterator[tuple[str, Hit]]:
    """Yield what the paragraphs right above name."""
    text, above = stage.text, stage.text.paragraph(at)
    for step in range(1, PARAGRAPHS + 1):
        if above[0] == 0:
            return
        above = text.paragraph(above[0] - 1)
        yield from ((f"above_{step}", h) for h in reversed(stage.named(*above)))


def _of_document(stage: Stage) -> Iterator[tuple[str, Hit]]:
    """Yield the programme that the head of the document names, and the only one it has."""
    named = stage.programmes
    if named and named[0].first < HEAD:
        yield "head", named[0]
    if len(stage.programme_names) == 1:
        yield "only_one", named[0]


def _first_of_list(stage: Stage, hit: Hit, start: int) -> Hit:
    """Return the first of "A, B and C": of joint programmes the first named stands for all."""
    for before in reversed(stage.text.find("programme", start, hit.first)):
        if not stage.joined(before, hit):
            break
        hit = before
    return hit


def _echoed(stage: Stage, at: int) -> Hit | None:
    """Return the programme of the chapter whose name's words the paragraph uses again, most of them and most of all."""
    chapter, paragraph = stage.text.chapter(at), stage.text.paragraph(at)
    if paragraph[0] in stage.echoes:
        return stage.echoes[paragraph[0]]
    if chapter[0] not in stage.words:
        named = stage.named(*chapter)
        stage.words[chapter[0]] = [(h, {w for w in stage.text.lemmas(h.first, h.last) if len(w) > 1}) for h in named]
    here = set(stage.text.lemmas(*paragraph))
    best, score = None, 0.0
    for hit, words in stage.words[chapter[0]]:
        shared = sum(len(word) for word in words & here)
        if shared >= ECHO_LETTERS and shared * 2 >= sum(map(len, words)) and shared > score:
            best, score = hit, shared
    return stage.echoes.setdefault(paragraph[0], best)


# ---- traits --------------------------------------------------------------------------------------------------------


def _traits(stage: Stage, at: int, hit: Hit, places: Mapping[str, int], names: frozenset[str]) -> Iterator[str]:
    """Yield the traits of one programme on offer."""
    text, sentence, clause = stage.text, stage.text.sentence(at), stage.text.clause(at)
    for place, rank in places.items():
        yield place if not rank else f"{place} not nearest"
    stand = next(iter(places))
    yield f"stands {stand}"
    if not hit.row.get("found"):
        yield "known"
    if hit.row.get("weak"):
        yield "weak"
    yield f"of {min(len(names), 3)}"
    yield f"of {min(len(names), 3)}, stands {stand}"
    nouns = [h for h in text.find("name.role", sentence[0], at) if h.row["of"] == PROGRAMME]
    if nouns:
        yield f"noun for it before, stands {stand}"
    if any(h.row["of"] == PROGRAMME for h in text.find("name.role", *clause)):
        yield "noun for it in the clause"
    if text.is_heading(text.paragraph(hit.first)):
        yield "named in a heading"
    if hit.last < sentence[0] and stage.count(hit.last + 1, sentence[0]) > 1:
        yield "bodies named since"
    since = text.paragraph(at)[0] - hit.last
    if since > 0:
        yield f"far {min(since // 60, 3)}"


def _of_none(stage: Stage, at: int, end: int, met: Container[str]) -> Iterator[str]:
    """Yield the traits of no programme: the company is spoken of, or a source, or none is near."""
    text, sentence = stage.text, stage.text.sentence(at)
    yield "none"
    for place in ("clause", "sentence", "sentence_before", "paragraph", "above_1", "heading", "head"):
        if place not in met:
            yield f"none {place}"
    for near, (first, last) in stage.sides(at, end):
        for cue in ("name.source", "name.self", "name.does", "name.own"):
            if text.find(cue, first, last):
                yield f"none, {cue.removeprefix('name.')} in {near}"
        if stage.between(first, last):
            yield f"none, a body in {near}"
        for of in sorted({h.row["of"] for h in text.find("name.role", first, last)}):
            yield f"none, {of} in {near}"
    yield f"none, {leaning(text, *sentence)} sentence"
    if sentence[0] == text.paragraph(at)[0]:
        yield "none, opens a paragraph"
    if text.is_heading(text.paragraph(at)):
        yield "none in a heading"
