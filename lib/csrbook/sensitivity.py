"""Compare the sentences of a brief with those under other choices: which stand, which change, which go, which come.

    compare(base, read_variants(folder / "choices", of=base["of"])[0]) -> one row a sentence and alternative

In      brief.json of a run, and those that the same notebook wrote under other choices.
Out     a table of sentences by alternatives, long to store and wide to read, and sentences that sum it up.
Never   makes a sentence up: what no notebook computed is not in the table, and is said to be missing.
Needs   columns, contested, displays, errors, labels, tables; pandas.  Used by notebook 06.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from csrbook.columns import columns_of
from csrbook.contested import CHOICES, Terms
from csrbook.displays import ditto
from csrbook.errors import SchemaError
from csrbook.labels import Labels, Sentence
from csrbook.tables import typed_frame

__all__ = ["Variant", "compare", "fingerprint", "lay_changes", "lay_wide", "read_variants", "sum_up"]

FILE = "brief.json"
OWN_WORDS = {("source", "newest"): "newest_source", ("source", "earliest"): "earliest_source", ("rate_day", "newest"): "newest_rate"}
JOINED = " + "
STANDS = "\u00b7"  # in the decision table, so that what changes is seen


@dataclass(frozen=True, slots=True)
class Variant:
    """One brief: its choices by name, and its sentences as rows of `brief.headline_rows`."""

    terms: Mapping[str, str]
    sentences: Sequence[Mapping[str, Any]]

    def differs(self, base: "Variant") -> dict[str, str]:
        """Return the choices that are not those of another brief, in the order of `CHOICES`."""
        return {name: self.terms[name] for name in CHOICES if self.terms[name] != base.terms[name]}


def fingerprint(files: Iterable[str | Path], *told: str) -> str:
    """Return a digest of what a brief rests on: two that rest on the same can be compared."""
    whole = hashlib.sha256("\0".join(told).encode())
    for file in files:
        whole.update(hashlib.sha256(Path(file).read_bytes()).digest())
    return whole.hexdigest()[:16]


def read_variants(folder: str | Path, *, of: str) -> tuple[list[Variant], list[str]]:
    """Return the briefs below a folder that rest on the same as `of`, in the order of choices, and the names of the others.

    A folder that is not there holds none. A file that is no brief counts among the others.
    """
    found, others = [], []
    for path in sorted(Path(folder).glob(f"*/{FILE}")):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            if raw["of"] != of:
                raise SchemaError(path.parent.name, "rests on other claims")
            terms = {name: raw["terms"][name] for name in CHOICES}
            Terms(**terms)
            found.append(Variant(terms, [_checked(row) for row in raw["sentences"]]))
        except (OSError, ValueError, KeyError, TypeError):
            others.append(path.parent.name)
    order = {name: {value: place for place, value in enumerate(values)} for name, values in CHOICES.items()}
    found.sort(key=lambda one: [order[name][one.terms[name]] for name in reversed(CHOICES)])
    return found, others


def _checked(row: Mapping[str, Any]) -> Mapping[str, Any]:
    _text(row), _numbers(row), row["key"], row["about"]
    return row


def compare(base: Variant, variants: Iterable[Variant]) -> pd.DataFrame:
    """Return what becomes of each sentence under each alternative.

    Grain: one row a sentence and alternative, by alternative, then in the order of the brief, sentences that come new last.
    `outcome` is same, changed, gone or new; `becomes` the sentence under the alternative, `numbers` those numbers in it that
    the brief's own does not have, `lost` those it had; `claim_ids` those behind it. Alternatives that are the brief itself are left out.
    """
    own = {row["key"]: row for row in base.sentences}
    rows = []
    for variant in variants:
        differs = variant.differs(base)
        other = {row["key"]: row for row in variant.sentences}
        for place, key in enumerate([*own, *(key for key in other if key not in own)] if differs else (), 1):
            rows.append(_row(place, key, own.get(key), other.get(key)) | {
                "choice": JOINED.join(differs), "option": JOINED.join(differs.values()),
            })  # fmt: skip
    return typed_frame(rows, columns_of("sensitivity"))


def _row(place: int, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    stated, becomes = (_text(row) if row else None for row in (before, after))
    outcome = "new" if before is None else "gone" if after is None else "same" if stated == becomes else "changed"
    told = _numbers(before) if before else {}
    fresh = [number for number in _numbers(after) if number not in told] if after and outcome == "changed" else []
    lost = [number for number in told if number not in _numbers(after)] if after and outcome == "changed" else []
    cited = {one: None for ids in _numbers(after or {"parts": []}).values() for one in ids}
    return {
        "sentence": place, "about": (before or after)["about"], "key": key, "stated": stated, "outcome": outcome,
        "becomes": becomes, "numbers": "; ".join(fresh) or None, "lost": "; ".join(lost) or None, "claim_ids": " ".join(cited) or None,
    }  # fmt: skip


def _text(row: Mapping[str, Any]) -> str:
    return "".join(part if isinstance(part, str) else part["text"] for part in row["parts"])


def _numbers(row: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the numbers of a sentence, each with the claims behind it."""
    numbers: dict[str, list[str]] = {}
    for part in row["parts"]:
        if not isinstance(part, str):
            numbers.setdefault(part["text"], []).extend(part["claims"])
    return numbers


def lay_wide(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return the decision table for a reader: numbered sentences by alternatives, "changed", "gone", "new", or a dot where one stands."""
    words = {code: labels.name("outcome", code) for code in labels.order("outcome")} | {"same": STANDS}
    heads, (numbers, said) = _heads(table, labels), _numbered(table, labels)
    cells = pd.DataFrame({"key": table["key"], "head": heads, "cell": table["outcome"].map(words)})
    wide = cells.pivot(index="key", columns="head", values="cell").reindex(index=list(numbers), columns=list(dict.fromkeys(heads)))
    wide.insert(0, "", [f"{numbers[key]}. {said[key]}" for key in numbers])
    wide.columns.name = None
    return wide.fillna("").reset_index(drop=True)  # empty: comes new under another alternative alone


def lay_changes(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return what becomes of each sentence that does not stand, a row an alternative; numbered as in `lay_wide`."""
    words = {code: labels.name("outcome", code) for code in labels.order("outcome")}
    numbers, _ = _numbered(table, labels)
    names = [labels.text(f"sensitivity.{name}") for name in ("number", "under", "then")]
    rows = []
    for row, head in zip(table.itertuples(), _heads(table, labels), strict=True):
        told = row.numbers if isinstance(row.numbers, str) else row.becomes
        if isinstance(row.lost, str) and not isinstance(row.numbers, str):
            told = labels.text("sensitivity.without", numbers=row.lost)
        if row.outcome != "same":
            rows.append((numbers[row.key], head, words[row.outcome] if row.outcome == "gone" else f"{words[row.outcome]}: {told}"))
    frame = pd.DataFrame(sorted(rows, key=lambda row: row[0]), columns=names)
    return ditto(frame, names[:1], below=frame[names[0]].duplicated())


def _numbered(table: pd.DataFrame, labels: Labels) -> tuple[dict[str, int], dict[str, str]]:
    """Return the number of each sentence by key, in the order of the brief, those that come new last, and its words."""
    own = table["outcome"] != "new"
    order = pd.concat([table[own], table[~own]]).drop_duplicates("key")
    fresh = "(" + labels.name("outcome", "new") + ") "
    said = {row.key: fresh + row.becomes if row.outcome == "new" else row.stated for row in order.itertuples()}
    return {key: number for number, key in enumerate(said, 1)}, said


def sum_up(table: pd.DataFrame, labels: Labels) -> list[Sentence]:
    """Return how many sentences stand under every choice, then what each alternative does; nothing for an empty table."""
    if table.empty:
        return []
    own = table[table["outcome"] != "new"]
    stands = own.groupby("key")["outcome"].agg(lambda told: (told == "same").all())
    facts = {"stand": int(stands.sum()), "all": len(stands)}
    told = [Sentence(labels.text("sensitivity.stand", **facts), facts)]
    for head, rows in table.groupby(_heads(table, labels), sort=False):
        counts = {code: int((rows["outcome"] == code).sum()) for code in ("changed", "gone", "new")}
        facts = {"option": f"{head[0].upper()}{head[1:]}"} | counts
        told.append(Sentence(labels.text("sensitivity.effect" if any(counts.values()) else "sensitivity.none", **facts), facts))
    return told


def _heads(table: pd.DataFrame, labels: Labels) -> pd.Series:
    """Return the name of each row's alternative."""

    def name(choice: str, option: str) -> str:
        pairs = zip(choice.split(JOINED), option.split(JOINED), strict=True)
        return JOINED.join(labels.name("option", OWN_WORDS.get(pair, pair[1])) for pair in pairs)

    told = [name(*pair) for pair in zip(table["choice"], table["option"], strict=True)]
    return pd.Series(told, index=table.index, dtype="str", name="head")
