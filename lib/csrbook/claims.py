"""Turn mentions into claims: what each number says, when, of whom, under which programme, promised or done.

In      a Document, its Mentions, and the Lexicons.
Out     Claims in text order, one a mention; `rule` names what set every attribute, `confidence` is the share of
        attributes that had a cue of their own in the sentence.
Never   drops a mention, changes its value, or reads a word that is not in a table.
Needs   datemarks, dates, days, discoveries, documents, grammar, lemmas, lexicon, mentions, names, texts, times, tokens, topics.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import Any

from csrbook.dates import date_document, future_span, lone_months, read_points
from csrbook.days import Point, starts_after
from csrbook.discoveries import discover
from csrbook.documents import stated_date
from csrbook.datemarks import DateMatch, find_dates
from csrbook.grammar import split_sentences
from csrbook.lemmas import lemma
from csrbook.lexicon import Lexicon, Lexicons
from csrbook.mentions import Mention, Skipped, find_mentions
from csrbook.names import Cast, name_rows
from csrbook.texts import Cues, Text, read_text
from csrbook.times import find_when
from csrbook.tokens import BLANK, Token, Tokens
from csrbook.topics import Topic, indicator_of, is_target, relevance_of, theme_of, topic_rows

__all__ = ["Claim", "Extraction", "Reading", "attach", "make_claims", "read_document_text", "record"]

DIRECT = ("when", "target", "actor", "programme", "theme", "relevance", "indicator")  # attributes that confidence counts
NO_DATE = ("duration", "percent", "multiple")  # kinds that a time of an earlier sentence does not reach
OPENING_BRACKETS = "(["
RUNNING_HEAD = "running_head"


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
    low: Decimal | None
    high: Decimal | None
    claim_id: str
    rule: Mapping[str, str]
    confidence: float
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document yields: its claims and the numerals set aside, each sorted by start."""

    document: Any
    claims: tuple[Claim, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read for claims: its text laid out, its names and dates, and the day it speaks from."""

    text: Text
    cast: Cast
    dates: tuple[DateMatch, ...]
    today: str | None
    today_by: str


def make_claims(document, lexicons: Lexicons) -> Extraction:
    """Return every claim of a document, and what its ledger sets aside.

    Raises
    ------
    KeyError
        The document's language has no lexicon.
    """
    mentions, skipped = find_mentions(document, lexicons)
    return Extraction(document, attach(document, mentions, lexicons=lexicons), skipped)


def record(claim: Claim) -> dict[str, Any]:
    """Return a claim as JSON-able fields, the gold standard's names first; whole Decimals as int, others as float."""
    return {f.name: _plain(getattr(claim, f.name)) for f in fields(claim)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return dict(value) if isinstance(value, Mapping) else value


# ---- reading -------------------------------------------------------------------------------------------------------

_CUES: dict[tuple[str, str], Cues] = {}


def _cues(lexicons: Lexicons, lexicon: Lexicon) -> Cues:
    """Return every cue of a language, made once a process."""
    key = lexicons.digest, lexicon.language
    if key not in _CUES:
        tables = lexicons.tables
        own = tables[f"{lexicon.language}.claims"]
        cues = ((form, row) for row in own["cue"] for form in row["forms"])
        marks = ((mark, {"is": "list.mark", "exact": True}) for mark in own["traits"]["item_marks"])
        topics = topic_rows(tables["themes"], tables["indicators"], lexicon.language)
        _CUES[key] = Cues(chain(cues, marks, name_rows(tables["names"]), topics), partial(lemma, lexicon=lexicon))
    return _CUES[key]


def read_document_text(document, lexicons: Lexicons) -> Reading:
    """Lay a document out without its furniture, find its names and dates, and settle the day it speaks from."""
    lexicon = lexicons[document.language]
    traits = dict(lexicon.traits) | lexicons.tables[f"{lexicon.language}.claims"]["traits"]
    tokens = _body(lexicon.tokens(document.text), document.furniture)
    cues = _cues(lexicons, lexicon)
    heads = [p.end for p in document.furniture if p.reason == RUNNING_HEAD]
    sentences = split_sentences(tokens, lexicon)
    text = read_text(tokens, sentences, raw=document.text, cues=cues, traits=traits, openings=heads)
    if rows := discover(text, traits):
        text = text.with_hits(Cues(rows, cues.lemma).find(tokens))
    dates = find_dates(tokens, lexicon, document.text)
    dates = tuple(sorted((*dates, *lone_months(text, dates, months=lexicon.trie("month"))), key=lambda m: m.first))
    today, by = document.date, document.date_by or "document"
    if stated_date(document) is None:
        told, told_by = date_document(text, dates, skip=partial(_is_promised, text))
        today, by = (told, told_by) if told else (today, by)
    return Reading(text, Cast(text), dates, today, by)


def _is_promised(text: Text, match: DateMatch) -> bool:
    """True for a date in a statement of plans: it says nothing of how old the document is."""
    return bool(text.find("target.plan", *text.statement(match.first)))


def _body(tokens: Tokens, furniture: Sequence[Any]) -> Tokens:
    """Return the tokens outside furniture; what follows a cut opens a paragraph."""
    out: list[Token] = []
    passages, number, cut = sorted((p.start, p.end) for p in furniture), 0, False
    for token in tokens:
        while number < len(passages) and passages[number][1] <= token.start:
            number += 1
        if number < len(passages) and passages[number][0] <= token.start:
            cut = True
            continue
        out.append(token._replace(gap=BLANK) if cut else token)
        cut = False
    return Tokens(out, tokens.folded, tokens.offset, [t.text for t in out], [t.start for t in out])


# ---- attaching -----------------------------------------------------------------------------------------------------


def attach(document, mentions: Sequence[Mention], *, lexicons: Lexicons) -> tuple[Claim, ...]:
    """Return one Claim a mention, in text order; any mentions of the document will do."""
    reading = read_document_text(document, lexicons)
    text, spans = reading.text, []
    for mention in mentions:
        first = text.index(mention.start)
        spans.append((first, max(first + 1, text.index(mention.end - 1) + 1)))
    points = _points(reading, mentions, spans=spans, lexicons=lexicons)
    reading.cast.times = [p.first for p in points if not p.source and not p.since]
    ids = [f"{document.doc}-{number:04d}" for number in range(1, len(mentions) + 1)]
    repeats = _repeats(document, text, mentions, spans)
    claims = []
    for number, mention in enumerate(mentions):
        restated = _restated(text, mentions, spans, number)
        links = {
            "repeat_of": None if repeats[number] is None else ids[repeats[number]],
            "restates": None if restated is None else ids[restated],
        }
        claim = _claim(document, mention, spans[number], ids[number], links, reading, points, lexicons)
        claims.append(claim if repeats[number] is None else _as_first_printed(claim, claims[repeats[number]]))
    return tuple(claims)


def _as_first_printed(claim: Claim, first: Claim) -> Claim:
    """Return a claim that is printed again with what the first printing says of it."""
    told = ("when", "when_type", "target", "actor", "programme", "theme", "relevance", "indicator", "rule")
    return replace(claim, **{name: getattr(first, name) for name in told})


def _points(
    reading: Reading, mentions: Sequence[Mention], *, spans: Sequence[tuple[int, int]], lexicons: Lexicons
) -> list[Point]:
    """Return the times of the text without those that are part of a quantity, and with deadlines ("within 3 years")."""
    taken = {at for span in spans for at in range(*span)}
    dates = [d for d in reading.dates if not taken & set(range(d.first, d.last))]
    starts = {a["name"]: a["fiscal_start"] for a in lexicons.tables["names"]["actor"] if "fiscal_start" in a}
    fiscal = starts.get(reading.cast.main, 1)
    numbers = [first for first, _ in spans]
    points = read_points(reading.text, dates, today=reading.today, fiscal_start=fiscal, numbers=numbers)
    for mention, span in zip(mentions, spans, strict=True):
        if mention.kind == "duration" and mention.unit in ("year", "month") and mention.value == int(mention.value):
            months = int(mention.value) * (12 if mention.unit == "year" else 1)
            if point := future_span(reading.text, span, months=months, points=points, today=reading.today):
                points.append(point)
    return sorted(points, key=lambda p: p.first)


def _claim(document, mention: Mention, span, own_id: str, links, reading: Reading, points, lexicons: Lexicons) -> Claim:
    text, cast, (first, last) = reading.text, reading.cast, span
    tables = lexicons.tables
    programme, programme_rule, programme_near = cast.programme(first, end=last)
    actor = cast.actor(first, programme, end=last)
    when = find_when(first, text, points, last=last, carries=mention.kind not in NO_DATE)
    name = programme.row["name"] if programme else None
    topic = Topic(
        first, last, mention.unit, mention.kind,
        programme.row if programme else None, programme_near, actor.name, actor.direct,
    )  # fmt: skip
    future = bool(when.when and reading.today and starts_after(when.when, reading.today))
    target, target_rule, target_direct = is_target(topic, text, lead=cast.list_lead(first), future=future)
    theme, theme_rule, theme_direct = theme_of(topic, text, tables["themes"]["theme"])
    relevance, relevance_rule, relevance_direct = relevance_of(topic, text, target=target, theme=theme)
    indicator, indicator_rule, indicator_direct = indicator_of(topic, text, theme=theme, indicators=tables["indicators"]["indicator"])
    rules = {
        "when": when.rule, "target": target_rule, "actor": actor.rule, "programme": programme_rule, "theme": theme_rule,
        "relevance": relevance_rule, "indicator": indicator_rule,
    }  # fmt: skip
    direct = (
        not when.rule.startswith(("none", "carried")), target_direct, actor.direct, programme_near, theme_direct,
        relevance_direct, indicator_direct,
    )  # fmt: skip
    sentence = text.sentence(first)
    return Claim(
        id=own_id, doc=document.doc, start=mention.start, end=mention.end, text=mention.text, value=mention.value,
        value_max=mention.value_max, unit=mention.unit, kind=mention.kind, qualifier=mention.qualifier,
        when=when.when, when_type=when.when_type, target=target, actor=actor.name, programme=name, theme=theme,
        relevance=relevance, optional=False, **links, note=mention.note, indicator=indicator,
        low=mention.low, high=mention.high, claim_id=_digest(document, mention), rule=rules,
        confidence=round(sum(direct) / len(DIRECT), 2),
        sentence_start=text.tokens[sentence[0]].start, sentence_end=text.tokens[sentence[1] - 1].end,
    )  # fmt: skip


def _digest(document, mention: Mention) -> str:
    return sha256(f"{document.sha256}:{mention.start}:{mention.end}".encode()).hexdigest()[:16]


# ---- links ---------------------------------------------------------------------------------------------------------

AROUND = 8  # tokens on either side of a number that tell whether its sentence is printed again
SAME = 0.75  # share of the words around two numbers that must be the same
CAPTION = 0.7  # share of a caption's words that the full sentence must hold
LEAST_WORDS = 4
ALIKE = 50  # earlier figures of one value that a sentence is compared with


def _repeats(document, text: Text, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """Return for every mention the number of the first one that it prints again, or None."""
    out: list[int | None] = []
    first_printed: dict[tuple, list[int]] = defaultdict(list)
    passages = sorted(document.repeats, key=_start)
    for number, mention in enumerate(mentions):
        earlier = first_printed[mention.value, mention.value_max]
        place = bisect_right(passages, mention.start, key=_start) - 1
        again = place >= 0 and mention.start < passages[place].end
        found = _in_first_printing(passages[place], mentions, earlier) if again else None
        if found is None:
            found = next((n for n in earlier[:ALIKE] if _same_sentence(text, spans[n], spans[number])), None)
        out.append(found)
        if found is None:
            earlier.append(number)
    return out


def _start(passage: Any) -> int:
    return passage.start


def _in_first_printing(passage: Any, mentions: Sequence[Mention], earlier: Sequence[int]) -> int | None:
    length = (passage.end - passage.start) * 1.3 + 40
    return next((n for n in earlier if passage.first - 20 <= mentions[n].start < passage.first + length), None)


def _same_sentence(text: Text, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """True when the words around two numbers are the same, or the second stands in a caption of the first's sentence."""
    if text.sentence(first[0]) == text.sentence(second[0]):
        return False
    left, right = _words_around(text, first), _words_around(text, second)
    shared = sum(min(left.count(word), right.count(word)) for word in set(left))
    if len(right) >= LEAST_WORDS and shared >= SAME * max(len(left), len(right)):
        return True
    paragraph = text.paragraph(second[0])
    if not text.is_heading(paragraph):
        return False
    caption = text.lemmas(*paragraph)
    full = set(text.lemmas(*text.sentence(first[0])))
    return len(caption) >= LEAST_WORDS and sum(word in full for word in caption) >= CAPTION * len(caption)


def _words_around(text: Text, span: tuple[int, int]) -> list[str]:
    sentence = text.sentence(span[0])
    return text.words(max(sentence[0], span[0] - AROUND), min(sentence[1], span[1] + AROUND))


def _restated(text: Text, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]], number: int) -> int | None:
    """Return the number of the mention that this one converts: in brackets right after it, or after "equivalent to"."""
    if not number:
        return None
    before, (first, last) = spans[number - 1], spans[number]
    if text.sentence(before[0]) != text.sentence(first):
        return None
    between = text.tokens[before[1] : first]
    opened = [t.text for t in between if t.text in OPENING_BRACKETS]
    one, other = mentions[number - 1], mentions[number]
    converted = one.kind == other.kind and one.unit != other.unit and one.kind in ("money", "physical")
    if opened and converted and len(between) <= 5:
        return number - 1
    if text.find("equal", before[1], first):
        return number - 1
    return None
