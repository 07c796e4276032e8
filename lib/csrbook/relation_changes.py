"""What changed between figures that are compared with each other: relations new, gone, with another verdict or other members.

    [row["kind"] for row in relation_rows(old, new, ids, causes, differs)] -> ["relation_new", "verdict"]

In      two runs, claim_id in the later run by that in the earlier, what caused each claim's own changes.
Out     rows of the table of changes, in the order of the later run's relations, then what is gone.
Never   calls a relation changed because its claims have new ids: an edited document gives all of its claims new ones.
Needs   cells, causes, snapshots.  Used by changes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from csrbook.causes import Cause, join_causes, name_cause
from csrbook.cells import join
from csrbook.snapshots import Row, Snapshot

__all__ = ["relation_rows"]

OVERLAP = 0.5  # share of members in common that makes two relations one, regrouped
Members = frozenset[str]


def relation_rows(
    old: Snapshot, new: Snapshot, ids: Mapping[str, str], causes: Mapping[str, Iterable[Cause]], differs: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the changes of relations.

    Parameters
    ----------
    old, new : Snapshot
        Both with relations.
    ids : mapping
        claim_id in the later run by claim_id in the earlier.
    causes : mapping
        What changed a claim, by its claim_id in the later run, in the earlier one where it is gone.
    differs : mapping
        From `causes.find_differences`.
    """
    before = [frozenset(ids.get(one, one) for one in relation["members"]) for relation in old.relations]
    after = [frozenset(relation["members"]) for relation in new.relations]
    claims = [{row["claim_id"]: row for rows in run.claims.values() for row in rows} for run in (old, new)]
    rows = []
    for at, other in _pair(before, after):
        was, now = (None if at is None else old.relations[at]), (None if other is None else new.relations[other])
        members = (before[at] if was else frozenset()) | (after[other] if now else frozenset())
        told = [cause for one in sorted(members) for cause in causes.get(one, ())]
        cause = Cause(join_causes(told).code, "follows from its figures") if told else name_cause("verdict", differs)
        for kind, field, *values in _differences(was, now, at is None or other is None or before[at] == after[other]):
            rows.append({"kind": kind, "cause": cause.code, "field": field, "evidence": cause.evidence} | _about(was, now, claims, values))
    return rows


def _pair(before: list[Members], after: list[Members]) -> list[tuple[int | None, int | None]]:
    """Pair relations of the same members, then those that have most in common; the first with the first."""
    free: dict[Members, list[int]] = defaultdict(list)
    for at in range(len(after) - 1, -1, -1):
        free[after[at]].append(at)
    found = {at: free[members].pop() for at, members in enumerate(before) if free.get(members)}
    left = {at for places in free.values() for at in places}
    holders: dict[str, list[int]] = defaultdict(list)
    for at in sorted(left):
        for one in after[at]:
            holders[one].append(at)
    scored = []
    for at, members in enumerate(before):
        if at not in found:
            shared = Counter(other for one in members for other in holders[one])
            likeness = {other: count / len(members | after[other]) for other, count in shared.items()}
            scored += [(-share, at, other) for other, share in likeness.items() if share >= OVERLAP]
    for _, at, other in sorted(scored):
        if at not in found and other in left:
            found[at] = other
            left.remove(other)
    back = {other: at for at, other in found.items()}
    return [(back.get(other), other) for other in range(len(after))] + [(at, None) for at in range(len(before)) if at not in found]


def _differences(was: Row | None, now: Row | None, is_same_group: bool) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Yield kind, field, before and after of what differs."""
    if was is None or now is None:
        yield ("relation_new", None, None, now["verdict"]) if was is None else ("relation_gone", None, was["verdict"], None)
        return
    if was["verdict"] != now["verdict"]:
        yield "verdict", "verdict", was["verdict"], now["verdict"]
    if not is_same_group:
        yield "members", "members", str(len(was["members"])), str(len(now["members"]))


def _about(was: Row | None, now: Row | None, claims: list[Mapping[str, Row]], values: list[str | None]) -> dict[str, Any]:
    """Return documents, quotations and ids of a relation's members, before and after."""
    told: dict[str, Any] = {"before": values[0], "after": values[1]}
    for relation, known, end in ((was, claims[0], "before"), (now, claims[1], "after")):
        ids = relation["members"] if relation else ()
        rows = [known.get(one, {}) for one in ids]
        told[f"quotation_{end}"] = join(row.get("text", "") for row in rows) or None
        told[f"claim_id_{end}"] = join(ids) or None
        told["doc_before" if end == "before" else "doc"] = join(row.get("doc", "") for row in rows) or None
    return told | {"doc": told["doc"] or told["doc_before"]}
