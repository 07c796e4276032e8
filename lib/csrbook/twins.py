"""Find documents that tell one announcement, in two languages or in one, and list figure by figure where they differ.

    find_twins(records, load_lexicons(), documents=documents) -> (Twin("report-en", "report-zh", "whole", 0.86, ...), ...)

In      claim records (dicts, as claims.record gives them) and, for dates and sentences, the documents that they point into.
Out     Twins, each with its pairs of figures and every difference; rows and a table of them; the same bytes twice.
Never   reads a word of a text: figures alone decide; merges or prefers a value. A reprint inside a document (repeat_of) is left out.
Needs   alignment, cells, columns, differences, lexicon, likeness, tables, verdicts; pandas.  Used by notebook 04.

Two documents are twins where chance would give so good an alignment once in a million pairs of documents (`alignment` tells
how that is reckoned), and where either half of the figures of both are paired, or most of those of the shorter: an excerpt.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pandas as pd

from csrbook.alignment import Entry, Units, align, chance, digits_of
from csrbook.cells import join
from csrbook.columns import columns_of
from csrbook.differences import Difference, compare
from csrbook.lexicon import Lexicons
from csrbook.likeness import quotation
from csrbook.tables import last_day, typed_frame
from csrbook.verdicts import make_figure, rule_of

__all__ = ["EXCERPT", "WHOLE", "TwinDifference", "Twin", "find_twins", "parity_frame", "parity_rows", "twin_rows", "twins_frame"]

WHOLE, EXCERPT = "whole", "excerpt"
HALF = 0.5  # share of the figures of both that are paired, where both tell the whole
MOST = 0.7  # share of the figures of the shorter, where it tells a part
SELDOM = -6.0  # power of ten of the alignments by chance, below which it is none
DAYS = timedelta(days=60)  # between the dates of two tellings of one announcement, where both are known
SHARED = 5  # digits of the numbers that two documents must share to be looked at, each number counted once
LIKELY = 0.35  # share of the shorter one's figures whose number stands in the other too; some of HALF may be rounded
BLOCK = 60  # documents that share a number; more of them and it tells nothing
IN_SENTENCE = ("own", "clause", "statement", "sentence")  # rules of a time told in the sentence of its figure
PRINTED = ("date", "from_to", "told_year")  # rules of a time that is printed in full, not reckoned from the document's day
AS_BEFORE, DATED = "as_before", "own:date"  # rules: of the time of the figure before it, of a time that the figure itself tells
DONE = "result"  # rule of what a word tells as done
CONTEXT = ("qualifier", "when", "target", "theme", "indicator", "programme", "per")  # decides between equal figures


@dataclass(frozen=True, slots=True)
class TwinDifference:
    """One difference: stable ids and spans of the figures, None where a document leaves it out; `test` is the arithmetic."""

    kind: str
    one: str | None
    other: str | None
    one_span: tuple[int, int] | None
    other_span: tuple[int, int] | None
    absent: str | None  # the document that leaves it out
    test: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Two documents that tell one announcement; `share` is that of the shorter one's figures that are paired as they stand.

    `form` is "whole" or "excerpt" (then `other` is the shorter); `figures` and `shares` are those of both; `chance` is the power of
    ten of the number of such alignments by chance; `pairs` are the stable ids of the figures that are one, in the order of `one`.
    """

    one: str
    other: str
    form: str
    share: float
    figures: tuple[int, int]
    shares: tuple[float, float]
    chance: float
    pairs: tuple[tuple[str, str], ...]
    differences: tuple[TwinDifference, ...]


def find_twins(records: Iterable[Mapping[str, Any]], lexicons: Lexicons, *, documents: Iterable[Any] = ()) -> tuple[Twin, ...]:
    """Return the documents that tell one announcement, by their names.

    Parameters
    ----------
    records : iterable of dict
        Claims; only doc, start, end, text, value, unit and kind must be there. Repeats are left out.
    documents : iterable of Document
        Where both are dated (doc, date), two documents more than 60 days apart are no twins.
    """
    units, known = Units.of(lexicons), {d.doc: d for d in documents}
    days = {doc: date.fromisoformat(day) for doc, d in known.items() if (day := last_day(getattr(d, "date", None)))}
    entries = _entries(records, days, {doc: getattr(d, "language", "") for doc, d in known.items()})
    found = []
    for one, other in _candidates(entries):
        if one in days and other in days and abs(days[one] - days[other]) > DAYS:
            continue
        if twin := _twin(one, other, entries, units):
            found.append(twin)
    return tuple(found)


# ---- reading -------------------------------------------------------------------------------------------------------


def _entries(
    records: Iterable[Mapping[str, Any]], days: Mapping[str, date], languages: Mapping[str, str]
) -> dict[str, list[Entry]]:
    """Return the figures of every document in text order."""
    told = ({key: None if value != value else value for key, value in record.items()} for record in records)  # NaN is not known
    kept = sorted((r for r in told if not r.get("repeat_of")), key=lambda r: (r["doc"], int(r["start"]), int(r["end"])))
    entries: dict[str, list[Entry]] = defaultdict(list)
    for record in kept:
        doc, before = record["doc"], entries[record["doc"]]
        entry = _entry(record, len(before), days.get(doc), languages.get(doc, ""))
        if _way(record) == AS_BEFORE and _goes_on(entry, before):
            entry = replace(entry, dated=True, printed=before[-1].printed)
        before.append(entry)
    return dict(entries)


def _way(record: Mapping[str, Any]) -> str:
    return (rule_of(record, "when") or DATED).partition(":")[2]


def _goes_on(entry: Entry, before: Sequence[Entry]) -> bool:
    """True for a figure that has the time which its sentence told of the one before it."""
    last = before[-1] if before else None
    return last is not None and last.dated and last.sentence == entry.sentence and last.figure.when == entry.figure.when


def _entry(record: Mapping[str, Any], place: int, told: date | None, language: str) -> Entry:
    sentence = record.get("sentence_start")
    return Entry(
        figure=make_figure(record, told=told), place=place, sentence=int(record["start"] if sentence is None else sentence),
        id=str(record.get("id") or ""), restates=record.get("restates"), language=language,
        dated=(rule_of(record, "when") or DATED).startswith(IN_SENTENCE), printed=_way(record) in PRINTED,
        done=(rule_of(record, "target") or DONE) == DONE, context=tuple(record.get(name) for name in CONTEXT),
    )  # fmt: skip


def _candidates(entries: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of documents that share enough numbers, some of them seldom, so that few need be aligned."""
    numbers = {doc: Counter((e.figure.kind, e.figure.value, digits_of(e.figure)) for e in told) for doc, told in entries.items()}
    blocks: dict[tuple, list[str]] = defaultdict(list)
    for doc in sorted(numbers):
        for key in numbers[doc]:
            blocks[key].append(doc)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for (_, _, digits), members in blocks.items():
        for pair in combinations(members, 2) if len(members) <= BLOCK else ():
            shared[pair] += digits
    for one, other in sorted(pair for pair, digits in shared.items() if digits >= SHARED):
        if (numbers[one] & numbers[other]).total() >= LIKELY * min(len(entries[one]), len(entries[other])):
            yield one, other


# ---- deciding ------------------------------------------------------------------------------------------------------


def _twin(one: str, other: str, entries: Mapping[str, Sequence[Entry]], units: Units) -> Twin | None:
    """Return the twin that two documents make, the longer first where one is an excerpt; None where they are none."""
    a, b = entries[one], entries[other]
    kept = align(a, b, units)
    likely = chance((min(digits_of(a[i].figure), digits_of(b[j].figure)) for i, j in kept), len(a), len(b))
    if likely > SELDOM:
        return None
    found = compare(a, b, units)
    differing = {(d.one, d.other) for d in found.differences if d.kind in ("value", "slip", "unit", "conversion")}
    same = sum(pair not in differing for pair in found.pairs)
    shares = same / len(a), same / len(b)
    form = WHOLE if min(shares) >= HALF else EXCERPT if max(shares) >= MOST else None
    if form is None:
        return None
    if form == EXCERPT and len(b) > len(a):
        return _twin(other, one, entries, units)
    return Twin(
        one, other, form, round(max(shares), 3), (len(a), len(b)), (round(shares[0], 3), round(shares[1], 3)), round(likely, 1),
        tuple((a[i].figure.claim_id, b[j].figure.claim_id) for i, j in found.pairs),
        tuple(_difference(d, a, b, (one, other)) for d in found.differences),
    )  # fmt: skip


def _difference(found: Difference, a: Sequence[Entry], b: Sequence[Entry], docs: tuple[str, str]) -> TwinDifference:
    left = None if found.one is None else a[found.one].figure
    right = None if found.other is None else b[found.other].figure
    return TwinDifference(
        found.kind, left and left.claim_id, right and right.claim_id, left and (left.start, left.end), right and (right.start, right.end),
        docs[0] if left is None else docs[1] if right is None else None, found.test,
    )  # fmt: skip


# ---- handing on ----------------------------------------------------------------------------------------------------


def twin_rows(
    twins: Iterable[Twin], records: Iterable[Mapping[str, Any]], *, documents: Iterable[Any] = ()
) -> list[dict[str, Any]]:
    """Return one row a difference, by twin and place; a twin without a difference has one row of kind "none".

    Columns as in table `twins`. Cells of both figures are parted by " | ", the first document's first; what one document leaves
    out stands alone, with that document named in `absent`. Sentences are given where the texts are.
    """
    by_id = {str(r.get("claim_id") or r.get("id")): r for r in records}
    known = {d.doc: d for d in documents}
    return [row for twin in twins for row in _rows(twin, by_id, known)]


def _rows(twin: Twin, by_id: Mapping[str, Mapping[str, Any]], known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    head = {
        "one": twin.one, "other": twin.other, "form": twin.form, "share": twin.share, "chance": twin.chance, "pairs": len(twin.pairs),
        "languages": " ".join(getattr(known.get(doc), "language", "") for doc in (twin.one, twin.other)).strip(),
    }  # fmt: skip
    if not twin.differences:
        empty = dict.fromkeys(("claims", "values", "docs", "dates", "quotations"), "")
        yield head | {"difference": "none", "absent": None, **empty, "test": "every figure of the one stands in the other"}
    for found in twin.differences:
        told = [by_id[claim] for claim in (found.one, found.other) if claim]
        cells = {
            "claims": [claim for claim in (found.one, found.other) if claim],
            "values": [r["text"] for r in told], "docs": [r["doc"] for r in told], "dates": [r.get("when") or "" for r in told],
            "quotations": [quotation(r, known.get(r["doc"])) for r in told],
        }  # fmt: skip
        joined = {name: join(values) for name, values in cells.items()}
        yield head | {"difference": found.kind, "absent": found.absent, **joined, "test": found.test}


def parity_rows(twins: Iterable[Twin], *, documents: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Return two rows a twin, one for each of its documents: how many figures it has, and how far they stand in the other.

    Columns: doc, language, other, figures, paired, share (with the same number and unit), left_out (figures of the other that it lacks).
    """
    known = {d.doc: getattr(d, "language", "") for d in documents}
    return [
        {
            "doc": doc, "language": known.get(doc, ""), "other": other, "figures": figures, "paired": len(twin.pairs), "share": share,
            "left_out": sum(d.absent == doc for d in twin.differences),
        }
        for twin in twins
        for doc, other, figures, share in zip((twin.one, twin.other), (twin.other, twin.one), twin.figures, twin.shares, strict=True)
    ]  # fmt: skip


def parity_frame(twins: Iterable[Twin], *, documents: Iterable[Any] = ()) -> pd.DataFrame:
    """Return the rows of `parity_rows` as a table with the columns and types of table `twins_parity`; they are there when it is empty."""
    return typed_frame(parity_rows(twins, documents=documents), columns_of("twins_parity"))


def twins_frame(
    twins: Iterable[Twin], records: Iterable[Mapping[str, Any]], *, documents: Iterable[Any] = ()
) -> pd.DataFrame:
    """Return the rows of `twin_rows` as a table with the columns and types of table `twins`; they are there when it is empty."""
    return typed_frame(twin_rows(twins, records, documents=documents), columns_of("twins"))
