"""Compare extracted claims with annotated ones: found, valued, with the right unit, attribute by attribute.

In      gold records and predicted records (dicts with the field names of the records; `doc`, `start`, `end` at least).
Out     Score: counts, not percentages first, because near 100 percent only counts tell two readers apart.
Never   reads a document, or rewards an optional record.
Needs   errors.  Used by notebook 02 and the command `score`.

A prediction belongs to the gold record that its span overlaps; pairs are one to one, right values first, then right
units, then the longer overlap. Optional gold records count neither for nor against.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csrbook.errors import SchemaError

__all__ = ["LEVELS", "Score", "read_records", "score_records"]

LEVELS = ("mention", "value", "unit")
NAMED = ("qualifier", "when", "actor", "programme", "theme", "relevance")  # compared where the gold has a value
YES_NO = ("target", "repeat_of", "restates")
NEAR = 1e-6

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one comparison: `right` by level, all predicted, all gold; `attributes` as {name: (right, of)}."""

    right: dict[str, int]
    predicted: int
    gold: int
    attributes: dict[str, tuple[int, int]]
    missed: tuple[Record, ...]
    spurious: tuple[Record, ...]
    wrong: tuple[tuple[Record, Record], ...]

    def f1(self, level: str) -> float:
        """Harmonic mean of precision and recall at a level, 0 where nothing is right."""
        both = self.predicted + self.gold
        return 2 * self.right[level] / both if both else 0.0


def read_records(paths: Iterable[str | Path]) -> list[dict[str, Any]]:
    """Return the records of JSON Lines files, or of every such file in a folder, in order.

    Raises
    ------
    SchemaError
        A line that is no record with `doc`, `start` and `end`; file and line are named.
    """
    files = [f for p in map(Path, paths) for f in (sorted(p.glob("*.jsonl")) if p.is_dir() else [p])]
    records = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                records.append(_record(line, f"{file.name}, line {number}"))
    return records


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise SchemaError(where, f"no JSON ({error})", "one JSON object a line", "correct the line") from error
    if not isinstance(record, dict) or not {"doc", "start", "end"} <= record.keys():
        raise SchemaError(where, "no record", "an object with doc, start and end", "correct the line")
    return record


def _number(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    return abs(float(a) - float(b)) <= NEAR * max(1.0, abs(float(a)))


def _value(gold: Record, found: Record) -> bool:
    return _number(gold["value"], found.get("value")) and _number(gold.get("value_max"), found.get("value_max"))


def _unit(gold: Record, found: Record) -> bool:
    return _value(gold, found) and gold["unit"] == found.get("unit")


def _pairs(gold: Sequence[Record], found: Sequence[Record]) -> dict[int, int]:
    near = []
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            overlap = min(g["end"], f["end"]) - max(g["start"], f["start"])
            if overlap > 0:
                near.append((_value(g, f), _unit(g, f), overlap, -i, -j))
    pairs: dict[int, int] = {}
    for *_, i, j in sorted(near, reverse=True):
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def score_records(gold: Sequence[Record], found: Sequence[Record]) -> Score:
    """Return how `found` compares with `gold`; only documents that the gold holds are looked at."""
    right = dict.fromkeys(LEVELS, 0)
    attributes = {name: [0, 0] for name in (*NAMED, *YES_NO)}
    missed, spurious, wrong, predicted = [], [], [], 0
    for doc in sorted({g["doc"] for g in gold}):
        ours = [g for g in gold if g["doc"] == doc]
        theirs = [f for f in found if f["doc"] == doc]
        pairs = _pairs(ours, theirs)
        optional = [g for g in ours if g.get("optional")]
        partner = {j: ours[i] for i, j in pairs.items()}
        for i, g in enumerate(ours):
            f = theirs[pairs[i]] if i in pairs else None
            if not g.get("optional"):
                _count(g, f, right, missed, wrong)
            if f is not None and _value(g, f):
                _compare(g, f, attributes)
        for j, f in enumerate(theirs):
            g = partner.get(j)
            near_optional = any(o["start"] < f["end"] and f["start"] < o["end"] for o in optional)
            if not (g.get("optional") if g else near_optional):
                predicted += 1
                if g is None:
                    spurious.append(f)
    told = {name: (ok, of) for name, (ok, of) in attributes.items()}
    total = sum(not g.get("optional") for g in gold)
    return Score(right, predicted, total, told, tuple(missed), tuple(spurious), tuple(wrong))


def _count(g: Record, f: Record | None, right: dict[str, int], missed: list, wrong: list) -> None:
    if f is None:
        missed.append(g)
        return
    right["mention"] += 1
    right["value"] += _value(g, f)
    right["unit"] += _unit(g, f)
    if not _unit(g, f):
        wrong.append((g, f))


def _compare(g: Record, f: Record, attributes: dict[str, list[int]]) -> None:
    for name in NAMED:
        if g.get(name) is not None:
            attributes[name][1] += 1
            attributes[name][0] += g[name] == f.get(name)
    for name in YES_NO:
        attributes[name][1] += 1
        attributes[name][0] += bool(g.get(name)) == bool(f.get(name))
