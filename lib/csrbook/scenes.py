"""Set the scene for the numbers of a document: its text laid out, its names, its times, and the day it speaks from.

In      a Document, its Mentions, and the Lexicons.
Out     a Reading of the document, and a Scene: the same with the mentions in their places.
Never   decides which name or time belongs to a number, or reads a word that is not in a table.
Needs   datelines, datemarks, dates, days, discoveries, documents, grammar, lemmas, lexicon, mentions, names, periods,
        texts, tokens, topics.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from csrbook.datemarks import DateMatch, find_dates
from csrbook.datelines import date_document, reported_span
from csrbook.dates import lone_months, read_points
from csrbook.days import Point
from csrbook.discoveries import discover
from csrbook.documents import stated_date
from csrbook.grammar import split_sentences
from csrbook.lemmas import is_word, lemma
from csrbook.lexicon import Lexicon, Lexicons
from csrbook.mentions import Mention
from csrbook.names import Cast, name_rows
from csrbook.periods import period_of
from csrbook.texts import Cues, Text, read_text
from csrbook.tokens import BLANK, Token, Tokens
from csrbook.topics import topic_rows

__all__ = ["Reading", "Scene", "read_document_text", "set_scene"]

RUNNING_HEAD = "running_head"


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read for claims: its text laid out, its names and dates, the day it speaks from, the traits of its language."""

    text: Text
    cast: Cast
    dates: tuple[DateMatch, ...]
    today: str | None
    today_by: str
    traits: Mapping[str, Any]
    is_word: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Scene:
    """A document with its mentions in their places.

    `spans` are the token ranges of the mentions, `numbers` their first tokens, `points` the times told, in text order;
    `report` is the year that the document itself reports on.
    """

    reading: Reading
    mentions: Sequence[Mention]
    spans: Sequence[tuple[int, int]]
    numbers: Sequence[int]
    points: Sequence[Point]
    report: Point | None


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
        variants = {ord(one): other for one, other in lexicon.traits["variants"]}  # as the tokens of a document are folded
        names = ((form.translate(variants), row) for form, row in name_rows(tables["names"]))
        topics = topic_rows(tables, lexicon.language)
        _CUES[key] = Cues(chain(cues, marks, names, topics), partial(lemma, lexicon=lexicon))
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
    known, weights = partial(is_word, lexicon=lexicon), lexicons.tables["weights"]
    if rows := discover(text, traits, weights["kind"], is_word=known):
        text = text.with_hits(Cues(rows, cues.lemma).find(tokens))
    dates = find_dates(tokens, lexicon, document.text)
    dates = tuple(sorted((*dates, *lone_months(text, dates, months=lexicon.trie("month"))), key=lambda m: m.first))
    today, by = document.date, document.date_by or "document"
    if stated_date(document) is None:
        told, told_by = date_document(text, dates, skip=partial(_is_promised, text))
        today, by = (told, told_by) if told else (today, by)
    return Reading(text, Cast(text, weights=weights, style=traits["name_style"]), dates, today, by, traits, known)


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


def set_scene(document, mentions: Sequence[Mention], lexicons: Lexicons, *, reading: Reading | None = None) -> Scene:
    """Return the Scene of a document for the mentions given, which may be any of its own, in text order.

    A `reading` of the document that is given becomes part of this scene, and must not be given to another.
    """
    reading = reading or read_document_text(document, lexicons)
    text, spans = reading.text, []
    for mention in mentions:
        first = text.index(mention.start)
        spans.append((first, max(first + 1, text.index(mention.end - 1) + 1)))
    points = _points(reading, mentions, spans=spans, lexicons=lexicons)
    reading.cast.times = [p.first for p in points if not p.source and not p.since]
    return Scene(reading, mentions, spans, [first for first, _ in spans], points, reported_span(text, points))


def _fiscal_start_of_money(mentions: Sequence[Mention], lexicons: Lexicons) -> int:
    """Return the month in which the fiscal year of companies opens by law where the text's own money is used; January elsewhere."""
    money = Counter(m.unit for m in mentions if m.kind == "money").most_common(1)
    return lexicons.tables["currencies"]["fiscal_start"].get(money[0][0], 1) if money else 1


def _points(
    reading: Reading, mentions: Sequence[Mention], *, spans: Sequence[tuple[int, int]], lexicons: Lexicons
) -> list[Point]:
    """Return the times of the text without those that are part of a quantity, and with deadlines ("within 3 years")."""
    taken = {at for span in spans for at in range(*span)}
    dates = [d for d in reading.dates if not taken & set(range(d.first, d.last))]
    starts = {a["name"]: a["fiscal_start"] for a in lexicons.tables["names"]["actor"] if "fiscal_start" in a}
    fiscal = starts.get(reading.cast.main) or _fiscal_start_of_money(mentions, lexicons)
    numbers = [first for first, _ in spans]
    points = read_points(reading.text, dates, today=reading.today, fiscal_start=fiscal, numbers=numbers)
    told: list[Point] = []
    points = [p for p in points if p.rule != "month_word" or not taken & set(range(p.first, p.last))]
    for mention, span in zip(mentions, spans, strict=True):
        if mention.kind == "duration" and mention.unit in ("year", "month") and mention.value == int(mention.value):
            months = int(mention.value) * (12 if mention.unit == "year" else 1)
            if point := period_of(reading.text, span, months=months, points=points, today=reading.today):
                told.append(point)
    return sorted([*points, *told], key=lambda p: p.first)
