"""What changed in one claim from run to run: the fields that differ, which of them only follow, and what did each.

    Document(old, new, differs, "letter", "letter").changes(before, after, fields, named)
    -> Change("revised", "value", 40.0, 45.0, Cause("text", "its sentence was edited"))

In      two runs, what their records say differs, one document's names in both, a claim in both or in one of them.
Out     a Change for each field that a reader would call changed; one for a claim that is new or gone.
Never   tells a figure twice: a bound or a converted value that follows from a revised number has no row of its own.
Needs   causes, pairs, snapshots.  Used by changes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from csrbook.causes import UNKNOWN, Cause, name_cause
from csrbook.pairs import pair_claims, sentence_of
from csrbook.snapshots import Row, Snapshot

__all__ = ["FIELDS", "Change", "Document"]

FIELDS = {  # the kind of change that a difference in each is
    **dict.fromkeys(("value", "value_max", "unit", "kind", "qualifier", "per", "low", "high", "text", "optional"), "revised"),
    **dict.fromkeys(("when", "when_type", "dated"), "redated"),
    **dict.fromkeys(("actor", "programme", "theme", "relevance", "target", "indicator", "country", "place"), "reclassified"),
    **dict.fromkeys(("repeat_of", "restates"), "reclassified"),
    "reviewed": "reclassified",
    **dict.fromkeys(("value_si", "unit_si", "ucum", "money"), "reconverted"),
}
Names = Mapping[str, str]
READ = ("value", "value_max", "unit", "qualifier")
SILENT = {  # a field that only repeats what changed in one of these has no row of its own
    **dict.fromkeys(("low", "high", "text"), READ), **dict.fromkeys(("value_si", "money"), ("value", "unit")),
    "unit_si": ("unit",), "ucum": ("unit",), "dated": ("when",),
}  # fmt: skip
FOLLOWS = {"kind": ("unit",), "when_type": ("when",), "money": ("when", "dated")}  # a row of its own, of the same cause
FALLBACK = {"money": "rate", "value_si": "units", "unit_si": "units", "ucum": "units"}  # where the records tell of nothing
LINKS = ("repeat_of", "restates")  # fields that name another claim
ABOUT = ("title", "publisher", "date", "language", "kind")
CORRECTION = "correction"  # in the name of a rule: a person set the field
CLAIM = "claim"  # the field of a decision on a claim as a whole


@dataclass(frozen=True, slots=True)
class Change:
    """A field before and after; no field: the whole claim."""

    kind: str
    field: str | None
    before: Any
    after: Any
    cause: Cause


@dataclass(frozen=True)
class Document:
    """One document in two runs; no name in a run that does not have it."""

    old: Snapshot = field(repr=False)
    new: Snapshot = field(repr=False)
    differs: Mapping[str, str]
    was: str | None
    now: str | None

    @cached_property
    def is_same_text(self) -> bool:
        """Whether the stored text is the same, so that places can be compared; the texts say it where a digest is lacking."""
        told = [run.sources.get(name or "", {}).get("sha256") for run, name in ((self.old, self.was), (self.new, self.now))]
        return told[0] == told[1] if all(told) else self.texts[0] == self.texts[1]

    @cached_property
    def texts(self) -> tuple[str, str]:
        """Return both stored texts."""
        return self.old.text(self.was) if self.was else "", self.new.text(self.now) if self.now else ""

    def pairs(self) -> Iterator[tuple[Row | None, Row | None]]:
        """Yield each claim in both runs: the later run's in text order, then what is gone."""
        old, new = self.old.claims.get(self.was or "", ()), self.new.claims.get(self.now or "", ())
        texts = () if self.is_same_text else self.texts
        for a, b in pair_claims(old, new, *texts):
            yield None if a is None else old[a], None if b is None else new[b]

    def changes(self, a: Row | None, b: Row | None, fields: Iterable[str], named: tuple[Names, Names]) -> Iterator[Change]:
        """Yield what changed in a claim.

        Parameters
        ----------
        a, b : mapping or None
            The claim in the earlier and in the later run.
        fields : iterable of str
            Those of `FIELDS` that both runs have.
        named : two mappings
            claim_id in the later run by the earlier run's `id`, and by its own, for fields that name another claim.
        """
        if a is None or b is None:
            yield self._whole(a, b)
            return
        edited = "" if self.is_same_text or self._sentence(a, 0) == self._sentence(b, 1) else "its sentence was edited"
        told: dict[str, Change] = {}
        for name in fields:
            before, after = _value(a, name, named[0]), _value(b, name, named[1])
            if before == after or any(one in told for one in SILENT.get(name, ())):
                continue
            driver = next((told[one] for one in FOLLOWS.get(name, ()) if one in told), None)
            cause = Cause(driver.cause.code, f"follows from {driver.field}") if driver else self._cause(name, a, b, edited)
            told[name] = Change(FIELDS[name], _field(b, name), before, after, cause)
        yield from told.values()

    def _whole(self, a: Row | None, b: Row | None) -> Change:
        """Return the change of a claim that only one run has."""
        one, side = (b, 1) if a is None else (a, 0)
        kind, other = ("new", self.was) if a is None else ("gone", self.now)
        cause = self._absent(side) if other is None or not self._is_read(1 - side) else None
        if cause is None:
            edited = "" if self.is_same_text or self._stands(one, side) else "its sentence is in one of the texts only"
            cause = name_cause("", self.differs, corrected=self._decided(CLAIM, a, b), edited=edited, **self._about())
        shown = " ".join(str(part) for part in (_plain(one.get("value")), one.get("unit")) if part is not None)
        return Change(kind, None, *((None, shown) if a is None else (shown, None)), cause)

    def _absent(self, side: int) -> Cause:
        """Return why a document has no claims in one of the runs."""
        run, name = ((self.new, self.now), (self.old, self.was))[side]
        if name is None:
            return Cause("text", "the document is new" if side else "the document is gone")
        told = run.sources[name].get("problem") or "no stored text"
        return Cause("text", f"the document could not be read {'before' if side else 'now'}: {told}")

    def _is_read(self, side: int) -> bool:
        run, name = ((self.old, self.was), (self.new, self.now))[side]
        about = run.sources.get(name or "")
        return about is None or about.get("status") in (None, "read")

    def _cause(self, name: str, a: Row, b: Row, edited: str) -> Cause:
        """Return what changed a field."""
        if name == "money" and a.get("currency") != b.get("currency"):
            return Cause("parameter", f"currency {a.get('currency')} to {b.get('currency')}")
        cause = name_cause(name, self.differs, corrected=self._decided(name, a, b), edited=edited, **self._about())
        if name in FALLBACK and cause is UNKNOWN:
            return Cause(FALLBACK[name], "no other field of the claim changed")
        return cause

    def _decided(self, name: str, a: Row | None, b: Row | None) -> str:
        """Say what people decided about a field, if that differs between the runs or is what differs; else ""."""
        sides = ((self.old, a), (self.new, b))
        if a is None or b is None:  # the same place in the other run: its text is the same, or nothing was decided there
            sides = ((self.old, a or b), (self.new, a or b)) if self.is_same_text else sides
        states = [run.decisions.get(one["claim_id"], {}).get(name, "") if one else "" for run, one in sides]
        if states[0] != states[1]:
            return f"decision on {name}: {states[0] or 'none'}, then {states[1] or 'none'}"
        ruled = [CORRECTION in str(_rules(one).get(name, "")) for one in (a, b) if one]
        return f"a person set {name}" if any(ruled) else ""

    def _about(self) -> dict[str, Any]:
        """Return what is known of the document's own changes."""
        told = [run.sources.get(name or "", {}) for run, name in ((self.old, self.was), (self.new, self.now))]
        retold = any(told[0].get(key) != told[1].get(key) for key in ABOUT)
        return {"near": "" if self.is_same_text else "its document was edited elsewhere", "retold": retold}

    @cached_property
    def _squeezed(self) -> tuple[str, str]:
        return tuple("".join(text.split()) for text in self.texts)

    def _sentence(self, claim: Row, side: int) -> str:
        return sentence_of(claim, self.texts[side])[0]

    def _stands(self, claim: Row, side: int) -> bool:
        """Whether the sentence of a claim is in the other text too."""
        return self._sentence(claim, side) in self._squeezed[1 - side]


def _value(claim: Row, name: str, named: Names) -> Any:
    """Return a field as it is compared and shown: text, or None."""
    told = claim.get(name)
    if told is None or told == "":
        return None
    if name in LINKS:
        return named.get(str(told), str(told))
    return f"{_plain(told)} {claim.get('currency')}" if name == "money" else _plain(told)


def _field(claim: Row, name: str) -> str:
    """Return the name of the column: converted money stands in one that is named by its currency."""
    return f"value_{str(claim.get('currency')).lower()}" if name == "money" else name


def _plain(told: Any) -> str | None:
    """Return a value as text: 1200.0 as 1200, true and false in small letters."""
    if told is None:
        return None
    if isinstance(told, bool):
        return str(told).lower()
    return f"{told:.0f}" if isinstance(told, float) and told.is_integer() else str(told)


def _rules(claim: Row) -> Mapping[str, Any]:
    """Return which rule set each field, nothing where that is not told."""
    told = claim.get("rule")
    try:
        told = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}
