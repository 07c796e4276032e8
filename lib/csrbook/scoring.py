"""Compare extracted claims with annotated ones: found, valued, with the right unit, attribute by attribute.

In      gold records and predicted records (dicts with the field names of the records; `doc`, `start`, `end` at least).
Out     Score: one Outcome a figure, and the counts over them; counts, not percentages first, because near 100 percent
        only counts tell two readers apart.
Never   reads a document, rewards an optional record, or looks outside the part of a document that was annotated.
Needs   errors, lexicon.  Used by cards, notebook 02 and the command `score`.

A prediction belongs to the gold record that its span overlaps; pairs are one to one, right values first, then right
units, then the longer overlap. Optional gold records count neither for nor against. Units that are synonyms
(lexicons/synonyms.toml) are the same unit. A `scope.json` beside the gold names the part [start, end) of a document that
was annotated, where that is not the whole: {"report": [0, 80031]}.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from csrbook.errors import NothingToRead, SchemaError, UsageError
from csrbook.lexicon import load_lexicons

__all__ = ["COUNTS", "LEVELS", "Gold", "Outcome", "Score", "check_documents", "read_gold", "read_records", "same_unit", "score_records"]

LEVELS = ("mention", "value", "unit")
NAMED = ("qualifier", "when", "actor", "programme", "theme", "relevance")  # compared where the gold has a value
YES_NO = ("target", "repeat_of", "restates")
COUNTS = ("gold", "predicted", *LEVELS, "claim_gold", "claim_predicted", "claim")  # of one outcome, each 0 or 1
SCOPE = "scope.json"
NEAR = 1e-6
SHOWN = 5  # names in a message

Record = Mapping[str, Any]
Scopes = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Gold:
    """Annotated records, and the annotated part of each document that was not annotated as a whole."""

    records: tuple[Record, ...] = ()
    scopes: Scopes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One figure: what is annotated (None: nothing), what was read (None: nothing), and how the two compare.

    `miss` is "missed", "spurious", "wrong value", "wrong unit" or None; `counts` as COUNTS, all 0 where the gold is optional;
    `attributes` tells {name: right} of those that could be compared.
    """

    gold: Record | None
    found: Record | None
    miss: str | None
    counts: tuple[int, ...]
    attributes: Mapping[str, bool]

    @property
    def record(self) -> Record:
        """The annotated record, or the predicted one where nothing is annotated."""
        return self.found if self.gold is None else self.gold


@dataclass(frozen=True, slots=True)
class Score:
    """All outcomes of a comparison, by document and text, and the sums over them."""

    outcomes: tuple[Outcome, ...]

    def count(self, name: str) -> int:
        """Return the sum of one of COUNTS."""
        return sum(o.counts[COUNTS.index(name)] for o in self.outcomes)

    @property
    def right(self) -> dict[str, int]:
        """How many are right at each level."""
        return {level: self.count(level) for level in LEVELS}

    @property
    def predicted(self) -> int:
        """Predictions that count."""
        return self.count("predicted")

    @property
    def gold(self) -> int:
        """Gold records that count."""
        return self.count("gold")

    @property
    def attributes(self) -> dict[str, tuple[int, int]]:
        """(right, of) by attribute, over the figures whose value is right."""
        told = {name: [o.attributes[name] for o in self.outcomes if name in o.attributes] for name in (*NAMED, *YES_NO)}
        return {name: (sum(each), len(each)) for name, each in told.items()}

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """What was missed, read where nothing is, or read wrong."""
        return tuple(o for o in self.outcomes if o.miss)

    def f1(self, level: str) -> float:
        """Harmonic mean of precision and recall at a level, 0 where nothing is right."""
        both = self.predicted + self.gold
        return 2 * self.count(level) / both if both else 0.0


# ---- reading -----------------------------------------------------------------------------------------------------------


def read_records(paths: Iterable[str | Path]) -> list[dict[str, Any]]:
    """Return the records of JSON Lines files, or of every such file in a folder, in order.

    Raises
    ------
    SchemaError
        A line that is no record with `doc`, `start` and `end`; file and line are named.
    NothingToRead
        A path that is not there.
    """
    records = []
    for path in map(Path, paths):
        if not path.exists():
            raise NothingToRead(str(path), "no such file or folder", "JSON Lines, one record a line", "check the path")
        for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
            for number, line in enumerate(_text(file).split("\n"), 1):
                if line.strip():
                    records.append(_record(line, f"{file.name}, line {number}"))
    return records


def read_gold(paths: Iterable[str | Path], *, docs: Collection[str] | None = None) -> Gold:
    """Return the annotations of files or folders with their scopes; of some documents only, where `docs` names them.

    Raises
    ------
    NothingToRead
        A path that is not there or holds no record.
    SchemaError
        A line that is no annotation, or a scope that is no [start, end].
    UsageError
        Two of the paths annotate the same document, which would count it twice.
    """
    records, scopes, owners = [], {}, {}
    for path in map(Path, paths):
        each = read_records([path])
        if not each:
            raise NothingToRead(str(path), "holds no annotated record", "*.jsonl, one record a line", "give a folder of annotations")
        for doc in sorted({record["doc"] for record in each}):
            if doc in owners:
                raise UsageError(str(path), f"annotates {doc}, as {owners[doc]} does", "one gold a document", "leave one of them out")
            owners[doc] = path
        for record in each:
            if lacking := {"value", "unit"} - record.keys():
                told = f"no {' and no '.join(sorted(lacking))}"
                raise SchemaError(f"{path}, {record['doc']} at {record['start']}", told, "value and unit in every annotation", "add them")
        records += each
        scopes |= _read_scopes((path if path.is_dir() else path.parent) / SCOPE)
    return Gold(tuple(r for r in records if docs is None or r["doc"] in docs), scopes)


def check_documents(gold: Gold, found: Sequence[Record], *, where: str) -> None:
    """Refuse predictions of which no document is annotated: their score would be zeros that mean nothing.

    Raises
    ------
    NothingToRead
        There are no predictions at all.
    UsageError
        No document of theirs is in the gold.
    """
    if not found:
        raise NothingToRead(where, "holds no record", "one predicted record a line", "csrbook extract DIR --jsonl writes them")
    told, known = {f["doc"] for f in found}, {g["doc"] for g in gold.records}
    if not told & known:
        what = f"none of its documents is annotated ({_some(told)})"
        advice = "give the predictions for these, or the gold that belongs to yours"
        raise UsageError(where, what, f"the gold has {_some(known)}", advice)


def _some(names: Collection[str]) -> str:
    return ", ".join(sorted(names)[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaError(file.name, f"cannot be read ({error})", "JSON Lines in UTF-8", "save it so") from error


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise SchemaError(where, f"no JSON ({error})", "one JSON object a line", "correct the line") from error
    if not isinstance(record, dict) or not {"doc", "start", "end"} <= record.keys():
        raise SchemaError(where, "no record", "an object with doc, start and end", "correct the line")
    if not isinstance(record["doc"], str) or not all(type(record[name]) is int for name in ("start", "end")):
        raise SchemaError(where, "no place in a document", "doc as text, start and end as whole numbers", "correct the line")
    return record


def _read_scopes(file: Path) -> dict[str, Sequence[int]]:
    if not file.is_file():
        return {}
    try:
        scopes = {doc: (int(low), int(high)) for doc, (low, high) in json.loads(_text(file)).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise SchemaError(str(file), f"no scopes ({error})", '{"doc": [start, end]}', "correct it, or take it out") from error
    return scopes


# ---- comparing ---------------------------------------------------------------------------------------------------------


@cache
def _synonyms() -> Mapping[str, str]:
    return {word: row[0] for row in load_lexicons().tables["synonyms"]["same"] for word in row}


def _plainest(unit: Any) -> str | None:
    """Return the word that a unit is compared by: itself, its first synonym, else its last word or that one's synonym."""
    if unit is None:
        return None
    words = str(unit).lower()
    last = words.split()[-1] if words.split() else words
    return _synonyms().get(words) or _synonyms().get(last, last)


def same_unit(one: Any, other: Any) -> bool:
    """Return whether two units are the same or synonyms.

    Examples
    --------
    >>> same_unit("shop", "online store"), same_unit("kg", "g")
    (True, False)
    """
    return _plainest(one) == _plainest(other)


def _number(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    if any(isinstance(x, bool) or not isinstance(x, int | float | Decimal) for x in (a, b)):
        return False
    a, b = float(a), float(b)
    return abs(a - b) <= NEAR * max(1.0, abs(a), abs(b))


def _value(gold: Record, found: Record) -> bool:
    return _number(gold["value"], found.get("value")) and _number(gold.get("value_max"), found.get("value_max"))


def _unit(gold: Record, found: Record) -> bool:
    return _value(gold, found) and same_unit(gold["unit"], found.get("unit"))


def _pairs(gold: Sequence[Record], found: Sequence[Record]) -> dict[int, int]:
    near = []
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            overlap = min(g["end"], f["end"]) - max(g["start"], f["start"])
            if overlap > 0:
                near.append((_value(g, f), _unit(g, f), overlap, -i, -j))
    pairs: dict[int, int] = {}
    taken = set()
    for *_, i, j in sorted(near, reverse=True):
        if -i not in pairs and -j not in taken:
            pairs[-i] = -j
            taken.add(-j)
    return pairs


def score_records(gold: Sequence[Record], found: Sequence[Record], *, scopes: Scopes | None = None) -> Score:
    """Return how `found` compares with `gold`; only documents that the gold holds, and their annotated parts, are looked at."""
    ours, theirs = defaultdict(list), defaultdict(list)
    for g in gold:
        ours[g["doc"]].append(g)
    for f in found:
        low, high = (scopes or {}).get(f["doc"], (0, float("inf")))
        if f["doc"] in ours and low <= f["start"] < high:
            theirs[f["doc"]].append(f)
    return Score(tuple(o for doc in sorted(ours) for o in _compare_document(ours[doc], theirs[doc])))


def _compare_document(ours: Sequence[Record], theirs: Sequence[Record]) -> list[Outcome]:
    pairs = _pairs(ours, theirs)
    optional = [g for g in ours if g.get("optional")]
    outcomes = [_outcome(g, theirs[pairs[i]] if i in pairs else None) for i, g in enumerate(ours)]
    for j in sorted(set(range(len(theirs))) - set(pairs.values())):
        f = theirs[j]
        if not any(o["start"] < f["end"] and f["start"] < o["end"] for o in optional):
            outcomes.append(_outcome(None, f))
    return sorted(outcomes, key=lambda o: (o.record["start"], o.record["end"]))


def _outcome(g: Record | None, f: Record | None) -> Outcome:
    value, unit = (g is not None and f is not None and same(g, f) for same in (_value, _unit))
    attributes = _attributes(g, f) if value else {}
    if g is not None and g.get("optional"):
        return Outcome(g, f, None, (0,) * len(COUNTS), attributes)
    miss = "spurious" if g is None else "missed" if f is None else "wrong value" if not value else None if unit else "wrong unit"
    said = [r is not None and r.get("relevance") == "csr" and not r.get("repeat_of") for r in (g, f)]
    found = (g is not None, f is not None, g is not None and f is not None, value, unit, *said, unit and all(said))
    return Outcome(g, f, miss, tuple(map(int, found)), attributes)


def _attributes(g: Record, f: Record) -> dict[str, bool]:
    named = {name: g[name] == f.get(name) for name in NAMED if g.get(name) is not None}
    return named | {name: bool(g.get(name)) == bool(f.get(name)) for name in YES_NO}
