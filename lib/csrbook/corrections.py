"""Apply what people decided to what the machine read: a decision holds where its words stand exactly once, or not at all.

    corrected = apply_decisions(extractions, find_decisions("seeds", lexicons), lexicons)
    corrected_rows(corrected)[0]["reviewed"]     -> "corrected", "accepted" or None

In      extractions as the machine read them, and the decisions of corrections.csv.
Out     extractions with the decisions applied: a corrected claim keeps its id and place, and its `rule` says "correction"; a rejected
        one stands among the numerals set aside. A Finding a decision: kept, overruled, orphan, ambiguous, disputed or bad.
Never   changes what it was given, puts a decision where its words do not stand, or loses a numeral.
Needs   agreements, answers, bounds, claims, decisions, documents, indicators, lexicon, mentions, placements, settlements, states.

Of claims that point to a rejected one: a repeat of it is a repeat of what the rejected one repeated, or else the first of its repeats
is told first from then on; a restatement restates what the rejected one restated, or nothing.
What the machine took over from a first printing is not corrected with it: a decision speaks of one place.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from csrbook.agreements import Agreement, Coding, measure_agreement
from csrbook.answers import CLAIM, REJECT, read_answer, write_answer
from csrbook.bounds import bounds_of
from csrbook.claims import Claim, Extraction, make_claims, record
from csrbook.decisions import COLUMNS, CORRECTIONS, Decision, read_decisions
from csrbook.documents import Document, find_folders
from csrbook.indicators import fits
from csrbook.lexicon import Lexicons
from csrbook.mentions import Skipped
from csrbook.placements import machine_answer, place
from csrbook.settlements import Vote, settle
from csrbook.states import AMBIGUOUS, BAD, DISPUTED, KEPT, ORPHAN, OVERRULED, count_states

__all__ = [
    "Corrected", "Finding", "apply_decisions", "corrected_rows", "count_states", "decision_rows", "find_agreement",
    "find_decisions", "judge",
]  # fmt: skip

BY = "correction"  # the rule of what a person set
REJECTED = "rejected"  # the reason of a figure that a person says is none
UNSIGNED = ("money", "count", "duration")
ACCEPTED, CHANGED = "accepted", "corrected"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a decision: its state and why; the claim that it speaks of, and what the machine says there (None: no claim).

    `answer` is its value in one spelling; None where it speaks of no claim, or its author took it back.
    """

    decision: Decision
    state: str
    told: str
    claim_id: str | None = None
    found: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """Extractions with decisions applied; (reviewed, reviewer) by claim_id; a finding a decision, in the order of the decisions."""

    extractions: tuple[Extraction, ...]
    reviews: Mapping[str, tuple[str, str]]
    findings: tuple[Finding, ...]


def find_decisions(folder_or_files: str | Path | Iterable[str | Path], lexicons: Lexicons) -> tuple[Decision, ...]:
    """Return the decisions of the corrections.csv beside the documents, folder by folder.

    Raises
    ------
    CorrectionError
        Such a file cannot be read, or lacks a column; never for a row.
    """
    return tuple(one for folder in find_folders(folder_or_files) for one in read_decisions(folder / CORRECTIONS, lexicons))


def judge(documents: Iterable[Document], decisions: Sequence[Decision], lexicons: Lexicons) -> Corrected:
    """Return what becomes of the decisions on these documents; only those that a decision speaks of are extracted."""
    named = {one.doc for one in decisions if not one.problem}
    return apply_decisions([make_claims(document, lexicons) for document in documents if document.doc in named], decisions, lexicons)


def apply_decisions(extractions: Iterable[Extraction], decisions: Sequence[Decision], lexicons: Lexicons) -> Corrected:
    """Return the extractions, in their order, with the decisions applied where they hold."""
    known = {each.document.doc: each for each in extractions}
    findings: dict[int, Finding] = {}
    votes: dict[tuple[str, str], dict[int, Vote]] = defaultdict(dict)
    claims: dict[str, Claim] = {}
    for at, one in enumerate(decisions):
        claim, state, told = (None, BAD, one.problem) if one.problem else place(one, known.get(one.doc), lexicons)
        if claim is None:
            findings[at] = Finding(one, state, told)
        else:
            claims[claim.claim_id] = claim
            value = read_answer(one.field, one.value, lexicons)
            votes[one.doc, claim.claim_id][at] = Vote(one, value, one.field != CLAIM and value == getattr(claim, one.field))
    reviews: dict[str, tuple[str, str]] = {}
    changed: dict[str, dict[str, Claim | None]] = defaultdict(dict)
    for (doc, claim_id), cast in votes.items():
        claim, found = _review(claims[claim_id], cast, known[doc].document, lexicons)
        findings |= found
        if any(one.state == KEPT for one in found.values()):
            changed[doc][claim_id] = claim
            if claim is not None:
                reviews[claim_id] = _review_told(claims[claim_id], claim, list(found.values()))
    extracted = tuple(_replaced(each, changed.get(doc, {})) for doc, each in known.items())
    return Corrected(extracted, reviews, tuple(findings[at] for at in range(len(decisions))))


# ---- rows of tables ----------------------------------------------------------------------------------------------------


def corrected_rows(corrected: Corrected) -> list[dict[str, Any]]:
    """Return one record a claim, as `claims.record` gives it, with `reviewed` and `reviewer` (null where nobody looked)."""
    rows = []
    for claim in (claim for each in corrected.extractions for claim in each.claims):
        reviewed, reviewer = corrected.reviews.get(claim.claim_id, (None, None))
        rows.append(record(claim) | {"reviewed": reviewed, "reviewer": reviewer})
    return rows


def decision_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return one row a decision, in the order given; columns as in the registry of `columns`."""
    own = ("line", *COLUMNS)
    return [
        {"state": one.state, "told": one.told or None, "claim_id": one.claim_id, "found": one.found}
        | {name: getattr(one.decision, name) or None for name in own}
        for one in findings
    ]


def find_agreement(findings: Iterable[Finding]) -> list[Agreement]:
    """Return how far people agree, field by field, where two of them decided on one field of one claim.

    What a person took back later is left out.
    """
    coded = [one for one in findings if one.answer is not None and one.state in (KEPT, OVERRULED, DISPUTED)]
    coded.sort(key=lambda one: (one.decision.when, one.decision.line))
    who = {one: " ".join(one.casefold().split()) for one in (each.decision.who for each in coded)}
    return measure_agreement(Coding(who[d.who], one.claim_id, d.field, one.answer) for one in coded for d in [one.decision])


# ---- one claim ---------------------------------------------------------------------------------------------------------


def _review(
    claim: Claim, cast: Mapping[int, Vote], document: Document, lexicons: Lexicons
) -> tuple[Claim | None, dict[int, Finding]]:
    """Return a claim with what applies to it (None: it is rejected), and the finding on each decision by its place."""
    rulings, applied = settle(list(cast.values()))
    refused: Mapping[str, str] = {}
    if applied.get(CLAIM) == REJECT:
        changed = None
    else:
        changes, refused = _coherent(claim, applied, lexicons)
        changed = _changed(claim, changes, document, lexicons)
    findings = {}
    for (at, vote), ruling in zip(cast.items(), rulings, strict=True):
        one, state, told = vote.decision, ruling.state, ruling.told
        if state == KEPT and one.field in refused:
            state, told = BAD, refused[one.field]
        answer = None if ruling.taken_back else write_answer(vote.value)
        findings[at] = Finding(one, state, told, claim.claim_id, machine_answer(claim, one.field), answer)
    return changed, findings


def _coherent(claim: Claim, applied: Mapping[str, Any], lexicons: Lexicons) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the changes that go together, and why the others do not, by field.

    The kind follows from the unit, and a measure that is not counted in it goes; a time that is taken away takes its type with it,
    and a country that is changed its place.
    """
    changes = {field: value for field, value in applied.items() if field != CLAIM and value != getattr(claim, field)}
    refused = {}

    def told(field: str) -> Any:
        return changes.get(field, getattr(claim, field))

    kind = lexicons.kind(told("unit"))
    if applied.get("kind", kind) != kind:
        refused["kind"] = f"a number of {told('unit') or 'no unit'} is {kind}, no {applied['kind']}; correct its unit"
    if told("value") < 0 and kind in UNSIGNED:
        refused["value"] = f"{kind} of {told('value'):f} is none; a number below zero is a change in percent or a measurement"
    if told("value_max") is not None and told("value_max") < told("value"):
        refused |= dict.fromkeys(("value", "value_max"), f"value_max {told('value_max'):f} would lie below value {told('value'):f}")
    if "unit" in changes and "indicator" not in applied and claim.indicator:
        entry = next(row for row in lexicons.tables["indicators"]["indicator"] if row["id"] == claim.indicator)
        changes |= {} if fits(entry, kind, changes["unit"]) else {"indicator": None}
    if changes.get("when", "") is None:
        changes.setdefault("when_type", None)
    if "country" in changes and "place" not in applied and claim.place is not None:
        changes["place"] = None
    if told("when") is None and told("when_type") is not None:
        refused["when_type"] = "a claim without a time has no type of time; correct its when"
    changes = {field: value for field, value in changes.items() if field not in refused}
    if changes.get("when", "") is None:
        changes["when_type"] = None
    return changes | ({"kind": kind} if "unit" in changes and kind != claim.kind else {}), refused


def _changed(claim: Claim, changes: Mapping[str, Any], document: Document, lexicons: Lexicons) -> Claim:
    if not changes:
        return claim
    claim = replace(claim, **changes, rule=dict(claim.rule) | dict.fromkeys(changes, BY))
    if changes.keys() & {"value", "value_max", "qualifier"}:
        lexicon = lexicons[document.language]
        number = {"value": claim.value, "value_max": claim.value_max, "qualifier": claim.qualifier}
        low, high = bounds_of(claim, **number, document=document, lexicon=lexicon)
        claim = replace(claim, low=low, high=high)
    return claim


def _review_told(before: Claim, after: Claim, findings: Sequence[Finding]) -> tuple[str, str]:
    """Return whether a claim was corrected or accepted, and whose decisions stand: "Ann Lee, signed by Ben Roth; Carl Sand"."""
    kept = [one.decision for one in findings if one.state == KEPT]
    people = (f"{one.who}, signed by {one.signed_by}" if one.signed_by else one.who for one in kept)
    return ACCEPTED if after is before else CHANGED, "; ".join(dict.fromkeys(people))


# ---- one document ------------------------------------------------------------------------------------------------------


def _replaced(extraction: Extraction, changed: Mapping[str, Claim | None]) -> Extraction:
    """Return an extraction with its changed claims; the rejected (None) stand among the numerals set aside."""
    if not changed:
        return extraction
    rejected = {claim.id: claim for claim in extraction.claims if changed.get(claim.claim_id, claim) is None}
    claims = [changed.get(claim.claim_id, claim) for claim in extraction.claims if claim.id not in rejected]
    aside = (Skipped(one.doc, one.start, one.end, one.text, REJECTED, BY) for one in rejected.values())
    skipped = sorted((*extraction.skipped, *aside), key=lambda one: (one.start, one.end))
    return replace(extraction, claims=tuple(_relinked(claims, rejected)), skipped=tuple(skipped))


def _relinked(claims: Sequence[Claim], rejected: Mapping[str, Claim]) -> list[Claim]:
    """Return claims of which none points to a rejected one; see the head of this module."""
    heirs: dict[str, str] = {}
    out = []
    for claim in claims:
        repeat_of, root = _through(claim.repeat_of, "repeat_of", rejected)
        if root is not None:
            repeat_of = heirs.get(root)
            heirs.setdefault(root, claim.id)
        restates, _ = _through(claim.restates, "restates", rejected)
        same = (repeat_of, restates) == (claim.repeat_of, claim.restates)
        out.append(claim if same else replace(claim, repeat_of=repeat_of, restates=restates))
    return out


def _through(target: str | None, link: str, rejected: Mapping[str, Claim]) -> tuple[str | None, str | None]:
    """Follow a link through rejected claims: the first that stands, or None and the rejected one where the links end."""
    while target in rejected:
        further = getattr(rejected[target], link)
        if further is None:
            return None, target
        target = further
    return target, None
