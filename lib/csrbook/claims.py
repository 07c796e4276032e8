"""Turn mentions into claims: what each number says, when, of whom, under which programme, promised or done.

In      a Document, its Mentions, and the Lexicons.
Out     Claims in text order, one a mention; `rule` names what set every attribute, `confidence` is the share of
        attributes that had a cue of their own in the sentence.
Never   drops a mention, changes its value, or reads a word that is not in a table.
Needs   days, indicators, lexicon, links, mentions, parts, places, rates, scenes, sightings, subjects, tellings, times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from csrbook.days import starts_after
from csrbook.indicators import indicator_of
from csrbook.lexicon import Lexicons
from csrbook.links import find_repeated, find_restated
from csrbook.mentions import Mention, Skipped, find_mentions
from csrbook.parts import Part, offers_of, parts_of
from csrbook.places import Place, places_of
from csrbook.rates import rate_of
from csrbook.scenes import Reading, Scene, set_scene
from csrbook.sightings import KINDS, Sighting, find_sightings
from csrbook.subjects import Subject, choose_subjects
from csrbook.tellings import Telling, find_tellings
from csrbook.times import chosen, read_when, remember

__all__ = ["Claim", "Extraction", "attach", "make_claims", "record"]

DIRECT = ("when", "target", "actor", "programme", "theme", "relevance", "indicator")  # attributes that confidence counts
FUTURE = "future_date"  # a time after the document's date is a promise
IN_SENTENCE = ("own", "clause", "statement", "sentence")  # where a time stands that is told in the number's own sentence


@dataclass(frozen=True, slots=True)
class Claim:
    """One quantity and what the document says of it; the first fields are those of the gold standard, in its order."""

    id: str
    doc: str
    start: int
    end: int
    text: str
    value: Decimal
    value_max: Decimal | None
    unit: str | None
    kind: str
    qualifier: str
    when: str | None
    when_type: str | None
    target: bool
    actor: str | None
    programme: str | None
    theme: str
    relevance: str
    optional: bool
    repeat_of: str | None
    restates: str | None
    note: str | None
    indicator: str | None
    per: str | None
    low: Decimal | None
    high: Decimal | None
    claim_id: str
    rule: Mapping[str, str]
    confidence: float
    sentence_start: int
    sentence_end: int
    country: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document yields: its claims, the numerals set aside, the programmes told, the names to review; each sorted by start."""

    document: Any
    claims: tuple[Claim, ...]
    skipped: tuple[Skipped, ...]
    tellings: tuple[Telling, ...]
    sightings: tuple[Sighting, ...]

    def __repr__(self) -> str:
        return f"Extraction({self.document.doc!r}: {len(self.claims):,} claims, {len(self.skipped):,} numerals set aside)"


def make_claims(document, lexicons: Lexicons, *, reading: Reading | None = None) -> Extraction:
    """Return every claim of a document, and what its ledger sets aside.

    Parameters
    ----------
    reading : Reading, optional
        What `scenes.read_document_text` made of the document, where it was asked before: it is a third of the work.

    Raises
    ------
    KeyError
        The document's language has no lexicon.
    """
    mentions, skipped = find_mentions(document, lexicons)
    scene = set_scene(document, mentions, lexicons, reading=reading)
    claims, tellings = _claims(document, scene, lexicons), find_tellings(document, scene, lexicons)
    used = {(kind, getattr(claim, kind)) for claim in claims for kind in KINDS} | {("programme", one.programme) for one in tellings}
    return Extraction(document, claims, skipped, tellings, find_sightings(document, scene.reading.text, used))


def record(claim: Claim) -> dict[str, Any]:
    """Return a claim as JSON-able fields, the gold standard's names first; whole Decimals as int, others as float."""
    return {f.name: _plain(getattr(claim, f.name)) for f in fields(claim)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return dict(value) if isinstance(value, Mapping) else value


# ---- attaching -----------------------------------------------------------------------------------------------------


def attach(document, mentions: Sequence[Mention], *, lexicons: Lexicons) -> tuple[Claim, ...]:
    """Return one Claim a mention, in text order; any mentions of the document will do."""
    return _claims(document, set_scene(document, mentions, lexicons), lexicons)


def _claims(document, scene: Scene, lexicons: Lexicons) -> tuple[Claim, ...]:
    text, mentions, spans = scene.reading.text, scene.mentions, scene.spans
    if not text.tokens:
        return ()
    ids = [f"{document.doc}-{number:04d}" for number in range(1, len(mentions) + 1)]
    repeats = find_repeated(document, text, mentions, spans)
    parts, tables = parts_of(scene), lexicons.tables
    topics = [part.topic for part in parts]
    subjects = choose_subjects(
        topics, text, themes=tables["themes"]["theme"], weights=tables["weights"], words=tables["words"]
    )
    place_of = places_of(scene, document.language, lexicons)
    claims: list[Claim] = []
    before, earlier = None, ()
    for number in range(len(mentions)):
        restated = find_restated(text, mentions, spans, number)
        links = {
            "repeat_of": None if repeats[number] is None else ids[repeats[number]],
            "restates": None if restated is None else ids[restated],
        }
        told = parts[number], subjects[number], place_of(number)
        claim = _claim(document, scene, number, *told, before, earlier, ids[number], links, lexicons)
        before = claim
        earlier = remember(earlier, claim.when, claim.rule["when"])
        claims.append(claim if repeats[number] is None else _as_first_printed(claim, claims[repeats[number]]))
    return tuple(claims)


def _as_first_printed(claim: Claim, first: Claim) -> Claim:
    """Return a claim that is printed again with what the first printing says of it."""
    told = ("when", "when_type", "target", "actor", "programme", "theme", "relevance", "indicator", "rule")
    same = replace(claim, **{name: getattr(first, name) for name in told})
    return replace(same, rule={**same.rule, "place": claim.rule["place"]})


def _claim(
    document, scene: Scene, number: int, part: Part, subject: Subject, place: Place,
    before: Claim | None, earlier: tuple[str, ...], own_id: str, links, lexicons: Lexicons,
) -> Claim:  # fmt: skip
    mention, (first, last) = scene.mentions[number], scene.spans[number]
    text, tables, topic, actor = scene.reading.text, lexicons.tables, part.topic, part.actor
    found = offers_of(scene, number, part, told=before and before.when, earlier=earlier)
    when = read_when(chosen(found, tables["weights"]["when"]), text, first)
    future = when.rule.startswith(IN_SENTENCE) and bool(scene.reading.today) and starts_after(when.when, scene.reading.today)
    target_rule = FUTURE if future and not topic.target else part.promise_rule
    indicator, indicator_rule, indicator_direct = indicator_of(
        topic, text, theme=subject.theme, indicators=tables["indicators"]["indicator"]
    )
    rules = {
        "when": when.rule, "target": target_rule, "actor": actor.rule, "programme": part.programme_rule,
        "theme": subject.theme_rule, "relevance": subject.relevance_rule, "indicator": indicator_rule,
        "place": place.rule,
    }  # fmt: skip
    direct = (
        when.rule.startswith(IN_SENTENCE), target_rule == FUTURE or part.promise_direct, actor.direct, topic.programme_near,
        subject.theme_direct, subject.relevance_direct, indicator_direct,
    )  # fmt: skip
    sentence = text.sentence(first)
    return Claim(
        id=own_id, doc=document.doc, start=mention.start, end=mention.end, text=mention.text, value=mention.value,
        value_max=mention.value_max, unit=mention.unit, kind=mention.kind, qualifier=mention.qualifier,
        when=when.when, when_type=when.when_type, target=topic.target or future, actor=actor.name, programme=part.programme,
        theme=subject.theme, relevance=subject.relevance, optional=False, **links, note=mention.note, indicator=indicator,
        per=rate_of(text, first, last, scene.numbers),
        low=mention.low, high=mention.high, claim_id=_digest(document, mention), rule=rules,
        confidence=round(sum(direct) / len(DIRECT), 2),
        sentence_start=text.tokens[sentence[0]].start, sentence_end=text.tokens[sentence[1] - 1].end,
        country=place.country, place=place.name,
    )  # fmt: skip


def _digest(document, mention: Mention) -> str:
    return sha256(f"{document.sha256}:{mention.start}:{mention.end}".encode()).hexdigest()[:16]
