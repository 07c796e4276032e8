"""Find the claims that state one measure, across places, dates and languages, and say how they agree or differ.

    find_relations(records, load_lexicons(), documents=documents) -> [Relation("series", "period", ...), ...]

In      claim records (dicts, as claims.record gives them) and the documents that they point into.
Out     Relations: a verdict, its members, the arithmetic that decided it, the measure compared; sorted, the same bytes twice.
Never   merges, drops or prefers a value; every relation names all of its members. A reprint (repeat_of) is no second voice.
Needs   cells, lexicon, likeness, pivots, sameness, tables, verdicts.  Used by notebook 04, share, cli.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

from csrbook.cells import join
from csrbook.lexicon import Lexicons
from csrbook.likeness import Likeness, Statement, Weights, compare, find_pairs, quotation, read_statements
from csrbook.pivots import parents_of
from csrbook.sameness import is_one_measure
from csrbook.tables import last_day
from csrbook.verdicts import KINDS, Figure, Verdict, judge, judge_borrowed, judge_restated, make_figure, print_when

__all__ = ["Member", "Relation", "find_relations", "relation_rows", "to_json"]

CLOSEST = 0.8  # of several claims that could be meant, those this near to the best in likeness
IN_SERIES = ("period", "conflict", "revision", "rounding", "qualifier")  # verdicts that the pairs of a series may have


class Member(NamedTuple):
    """One claim of a relation: document, half-open span, stable id."""

    doc: str
    start: int
    end: int
    claim_id: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Claims of one measure and what they are to one another; `test` is the arithmetic, `measure` what is compared."""

    kind: str
    verdict: str
    members: tuple[Member, ...]
    test: str
    measure: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    one: int
    other: int
    verdict: Verdict
    likeness: Likeness
    in_sentence: bool


class _Likeness:
    """How alike two statements are, found out when it is asked for, and once."""

    __slots__ = ("_compare", "_told")

    def __init__(self, compare: Callable[[], Likeness]) -> None:
        self._compare, self._told = compare, None

    def __call__(self) -> Likeness:
        if self._told is None:
            self._told = self._compare()
        return self._told


def find_relations(
    records: Iterable[Mapping[str, Any]], lexicons: Lexicons, *, documents: Iterable[Any] = ()
) -> list[Relation]:
    """Return what claims of one measure are to one another, by document and place of their first member.

    Pairs get a verdict each, except that claims which are all equal make one relation, and a measure told at three dates or
    more makes a further one, the whole series.

    Parameters
    ----------
    records : iterable of dict
        Claims; only doc, start, end, text, value, unit and kind must be there. Repeats are left out.
    documents : iterable of Document
        What the claims point into (doc, text, language, date, publisher). Without them words are not compared, and fewer are found.
    """
    told = ({key: None if value != value else value for key, value in record.items()} for record in records)  # NaN is not known
    kept = sorted((r for r in told if not r.get("repeat_of")), key=lambda r: (r["doc"], int(r["start"]), int(r["end"])))
    known = {d.doc: d for d in documents}
    texts, languages = ({name: getattr(d, field) for name, d in known.items()} for field in ("text", "language"))
    statements = read_statements(kept, lexicons, texts, languages)
    figures = _figures(statements, known)
    restated = list(_restated(statements, figures, lexicons))
    pairs = _choose(list(_pairs(statements, figures, lexicons)), kept)
    relations = [_relation(found, [one, other], statements, figures) for one, other, found in restated]
    relations += _relate(pairs, statements, figures)
    return sorted(relations, key=lambda r: (r.members, r.verdict))


# ---- figures -------------------------------------------------------------------------------------------------------


def _figures(statements: Sequence[Statement], documents: Mapping[str, Any]) -> list[Figure]:
    told = _told([s.record for s in statements], documents)
    out = []
    for s in statements:
        doc = s.record["doc"]
        publisher = getattr(documents.get(doc), "publisher", None)
        out.append(make_figure(s.record, told=told.get(doc), publisher=publisher, scope=s.scope))
    return out


def _told(records: Iterable[Mapping[str, Any]], documents: Mapping[str, Any]) -> dict[str, date]:
    """Return the day each document speaks from: its own date, else the latest day that it tells of as past."""
    told: dict[str, date] = {}
    for record in records:
        doc, when = record["doc"], record.get("when")
        day = last_day(getattr(documents.get(doc), "date", None))
        if day is None and when and not record.get("target") and len(when.rpartition("/")[2]) > len("2020"):
            day = last_day(when)
        if day is not None:
            told[doc] = max(told.get(doc, date.min), date.fromisoformat(day))
    return told


def _restated(statements: Sequence[Statement], figures: Sequence[Figure], lexicons: Lexicons) -> Iterator[tuple[int, int, Verdict]]:
    """Yield what a sentence says twice in two units: a sum of money and its conversion, a share and the rest."""
    by_id = {s.record.get("id"): number for number, s in enumerate(statements)}
    for other, statement in enumerate(statements):
        one = by_id.get(statement.record.get("restates")) if statement.record.get("restates") else None
        if one is not None and (found := judge_restated(figures[one], figures[other], lexicons.units)):
            yield one, other, found


# ---- pairs ---------------------------------------------------------------------------------------------------------


def _pairs(statements: Sequence[Statement], figures: Sequence[Figure], lexicons: Lexicons) -> Iterator[_Pair]:
    """Yield the pairs of one measure, each with its verdict."""
    weights = Weights(statements)
    parents = parents_of(lexicons.tables["names"])
    for one, other in find_pairs(statements, weights=weights, families=_families(lexicons)):
        a, b = statements[one], statements[other]
        if a.record.get("restates") or b.record.get("restates"):
            continue
        likeness = _Likeness(partial(compare, a, b, weights=weights, parents=parents))
        pair = figures[one], figures[other]
        if is_one_measure(a, b, pair, likeness, weights=weights) and (found := judge(*pair)):
            yield _Pair(one, other, found, likeness(), a.sentence == b.sentence)


def _families(lexicons: Lexicons) -> dict[str, frozenset[str]]:
    """Return, for every unit that measures are counted in, those measures."""
    families: dict[str, set[str]] = defaultdict(set)
    for entry in lexicons.tables["indicators"]["indicator"]:
        for unit in entry.get("units", ()):
            if lexicons.kind(unit) == "count":
                families[unit].add(entry["id"])
    return {unit: frozenset(found) for unit, found in families.items()}


def _choose(pairs: Sequence[_Pair], records: Sequence[Mapping[str, Any]]) -> list[_Pair]:
    """Keep, where a claim could mean several of one document, those that are about as alike as the best."""
    best: dict[tuple[int, str, bool], float] = defaultdict(float)
    keys = {}
    for pair in pairs:
        same = records[pair.one]["value"] == records[pair.other]["value"]
        keys[pair] = (pair.one, records[pair.other]["doc"], same), (pair.other, records[pair.one]["doc"], same)
        for key in keys[pair]:
            best[key] = max(best[key], pair.likeness.score)
    return [p for p in pairs if p.in_sentence or all(p.likeness.score >= CLOSEST * best[key] for key in keys[p])]


# ---- relations -----------------------------------------------------------------------------------------------------


def _relate(pairs: Sequence[_Pair], statements: Sequence[Statement], figures: Sequence[Figure]) -> list[Relation]:
    """Return equal claims as one relation, every other pair as one, and each series of three or more as one besides."""
    by_pair = {(p.one, p.other): p for p in pairs}
    left, out = dict(by_pair), []
    equal = [place for place, pair in by_pair.items() if pair.verdict.verdict == "equal"]
    for group in _groups(equal, share=1.0):
        verdict = by_pair[group[0], group[1]].verdict
        out.append(_relation(verdict, group, statements, figures, _score(group, by_pair)))
        for place in combinations(group, 2):
            del left[place]
    for (one, other), pair in left.items():
        out.append(_relation(pair.verdict, [one, other], statements, figures, pair.likeness.score))
        if pair.verdict.verdict == "period" and not pair.in_sentence and (besides := judge_borrowed(figures[one], figures[other])):
            out.append(_relation(besides, [one, other], statements, figures, pair.likeness.score))
    unequal = [place for place, pair in by_pair.items() if pair.verdict.verdict in IN_SERIES]
    for group in _groups(unequal, share=0.5):
        inside = [by_pair[place] for place in combinations(group, 2) if place in by_pair]
        if len(group) > 2 and any(pair.verdict.verdict == "period" for pair in inside):
            out.append(_relation(_series(group, figures), group, statements, figures, _score(group, by_pair)))
    return out


def _series(group: Sequence[int], figures: Sequence[Figure]) -> Verdict:
    """Return the verdict on a whole series: every figure with its date, in their order."""
    told = sorted((figures[n] for n in group), key=lambda f: f.last or f.told or date.min)
    parts = (f"{' '.join(f.text.split())} ({print_when(f) or f'told by {f.told}'})" for f in told)
    return Verdict("period", f"series: {', '.join(parts)}")


def _score(group: Sequence[int], pairs: Mapping[tuple[int, int], _Pair]) -> float:
    return min(pairs[pair].likeness.score for pair in combinations(group, 2) if pair in pairs)


def _groups(pairs: Sequence[tuple[int, int]], *, share: float) -> list[list[int]]:
    """Return disjoint groups in which each member, as it came in, was paired with at least `share` of those before it."""
    linked: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        linked[one].add(other)
        linked[other].add(one)
    groups, used = [], set()
    for number in sorted(linked, key=lambda n: (-len(linked[n]), n)):
        if number in used:
            continue
        group = {number}
        for other in sorted(linked[number] - used, key=lambda n: (-len(linked[n] & linked[number]), n)):
            if len(linked[other] & group) >= share * len(group):
                group.add(other)
        if len(group) > 1:
            groups.append(sorted(group))
            used |= group
    return groups


def _relation(
    found: Verdict, group: Sequence[int], statements: Sequence[Statement], figures: Sequence[Figure], score: float = 0.0
) -> Relation:
    members = tuple(sorted(Member(f.doc, f.start, f.end, f.claim_id) for f in (figures[n] for n in group)))
    measure = _measure([statements[n].record for n in group])
    return Relation(KINDS[found.verdict], found.verdict, members, found.test, measure, round(score, 2))


def _measure(records: Sequence[Mapping[str, Any]]) -> str:
    """Return what is compared, in the codes that the claims share: programme, indicator or theme, unit."""
    shared = []
    for field in ("programme", "indicator", "theme", "unit"):
        told = dict.fromkeys(str(r[field]) for r in records if r.get(field))
        if told and not (field == "theme" and shared):
            shared.append(" / ".join(told))
    return ", ".join(shared)


# ---- handing on ----------------------------------------------------------------------------------------------------


def to_json(relation: Relation) -> dict[str, Any]:
    """Return a relation as JSON-able fields."""
    members = [member._asdict() for member in relation.members]
    return {
        "kind": relation.kind, "verdict": relation.verdict, "measure": relation.measure, "test": relation.test,
        "score": relation.score, "members": members,
    }  # fmt: skip


def relation_rows(
    relations: Iterable[Relation], records: Iterable[Mapping[str, Any]], *, documents: Iterable[Any] = ()
) -> list[dict[str, Any]]:
    """Return a row a relation, for tables: members in the order of their documents, parted by " | ".

    Columns: verdict, kind, measure, values (as printed, each with its date), docs, dates, quotations (sentences, where the text is
    given), test, claims (ids), languages.
    """
    by_place = {(r["doc"], int(r["start"]), int(r["end"])): r for r in records}
    known = {d.doc: d for d in documents}
    rows = []
    for relation in relations:
        told = [by_place[m.doc, m.start, m.end] for m in relation.members]
        cells = {
            "values": [f"{r['text']} ({r.get('when') or 'no date'})" for r in told],
            "docs": [r["doc"] for r in told],
            "dates": [r.get("when") or "" for r in told],
            "languages": [getattr(known.get(r["doc"]), "language", "") for r in told],
            "quotations": [quotation(r, known.get(r["doc"])) for r in told],
            "claims": [m.claim_id for m in relation.members],
        }
        joined = {name: join(values) for name, values in cells.items()}
        rows.append({"verdict": relation.verdict, "kind": relation.kind, "measure": relation.measure, **joined, "test": relation.test})
    return rows
