"""Sums that refuse to add what does not add, and say what they left out.

    add_up(claims, ["theme"]).sums      one row a theme, measure, unit, promise or result
    add_up(claims, ["theme"]).left_out  one row a claim that is in none of them, with the reason

In      claims from tables.normalise.
Out     Total(sums, left_out); the same whatever the order of the claims.
Never   mixes promise and result, a total to date and a period, a repeat or a restatement and its original, a part and
        the whole around it, in time, of a body or of the world; never leaves anything out without saying so.
Needs   columns; pandas.  Used by pivots, which also tells who belongs to whom.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from csrbook.columns import check

__all__ = ["NEEDED", "Total", "add_up", "line_of"]

NEEDED = ("doc", "claim_id", "theme", "actor", "programme", "target", "relevance", "repeat_of", "restates", "dated", "unit_si")
PERIODS = ("start", "begun", "indicator", "per", "kind", "when", "when_type", "country")
ASKED = ("begun", "dated", "doc", "start", "claim_id", "actor", "programme", "country")  # where two claims may be part and whole
ADDED = {"total": "value_si", "total_low": "low_si", "total_high": "high_si"}
UNADDABLE = ("percent", "multiple", "duration")


@dataclass(frozen=True, slots=True)
class Total:
    """Sums, and what they left out.

    `sums`: one row a group, indicator, unit_si and target: total, total_low, total_high, added, left_out, why, claim_ids.
    `left_out`: one row a claim: claim_id, doc, text, reason.
    """

    sums: pd.DataFrame
    left_out: pd.DataFrame

    def __str__(self) -> str:
        reasons = self.left_out["reason"].str.split(":").str[0].value_counts()
        said = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        return f"added {int(self.sums['added'].sum())}, left out {len(self.left_out)}{': ' if said else ''}{said}"


def add_up(
    claims: pd.DataFrame, by: Sequence[str] = (), *, aggregates: Mapping[str, str] | None = None, parents: Mapping[str, str] | None = None
) -> Total:
    """Add what may be added, within each group, indicator, unit and promise or result.

    Left out, in this order: context, repeats, restatements, shares and durations, rates ("a day", "a year"), claims without
    a measure, measures that are levels or rates (`aggregates` says other than "sum"), totals to date (`as_of`), claims
    without a period, and those that overlap in time with a longer one that may hold them: part and whole. One may hold the
    other unless a body, a programme or a country tells them apart, each named by both: a body does not where one of the two
    belongs to the other, and what names no country may be of the whole world.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    by : sequence of str
        Further columns to group by.
    aggregates : mapping of indicator to aggregate, optional
        See `pivots.aggregates_of`; without it every measure is taken to add.
    parents : mapping of actor to parent, optional
        See `pivots.parents_of`; without it every body stands alone.
    """
    check(claims.columns, [*NEEDED, *PERIODS, *by], where="sums.add_up")
    keys = [*by, "indicator", "unit_si", "target"]
    frame = claims.sort_values(["doc", "start", "claim_id"], kind="stable", ignore_index=True)
    frame["reason"] = _refusals(frame, aggregates or {})
    related = partial(_related, parents=parents or {})
    told = frame.loc[frame["reason"].isna(), list(dict.fromkeys([*keys, *ASKED]))]  # few columns: each group copies them all
    for _, group in told.groupby(keys, dropna=False, sort=True):
        for index, reason in _overlaps(group, related):
            frame.loc[index, "reason"] = reason
    counted = frame[list(dict.fromkeys([*keys, "claim_id", "reason", *ADDED.values()]))]
    out = [_sum(key, group, keys) for key, group in counted.groupby(keys, dropna=False, sort=True)]
    names = [*keys, "total", "total_low", "total_high", "added", "left_out", "why", "claim_ids"]
    left = frame[frame["reason"].notna()][["claim_id", "doc", "text", *keys, "reason"]].reset_index(drop=True)
    types = dict.fromkeys(["total", "total_low", "total_high"], "float64") | {"why": "str", "claim_ids": "str"}
    return Total(pd.DataFrame(out, columns=names).astype(types), left)


def _refusals(claims: pd.DataFrame, aggregates: Mapping[str, str]) -> pd.Series:
    """Return the first reason why a claim may not be added, null where there is none."""
    tests = (
        (claims["relevance"] != "csr", "context"),
        (claims["repeat_of"].notna(), "repeat"),
        (claims["restates"].notna(), "restated"),
        (claims["kind"].isin(UNADDABLE), "share or duration"),
        (claims["per"].notna(), "per day or year"),
        (claims["indicator"].isna(), "no measure"),
        (claims["indicator"].isin([name for name, way in aggregates.items() if way != "sum"]), "level or rate"),
        (claims["when_type"] == "as_of", "total to date"),
        (claims["when"].isna() | claims["when_type"].isna(), "no period"),
    )
    reason = pd.Series(None, index=claims.index, dtype="str")
    for test, name in tests:
        reason = reason.mask(test & reason.isna(), name)
    return reason


def _overlaps(group: pd.DataFrame, related: Callable[[Any, Any], bool]) -> Iterable[tuple[Any, str]]:
    """Yield (index, reason) of claims whose time meets that of one already taken; the longest time goes first."""
    days = pd.to_datetime(group["dated"]) - pd.to_datetime(group["begun"])
    longest = group.assign(days=days).sort_values(["days", "begun", "doc", "start"], ascending=[False, True, True, True], kind="stable")
    taken: list[Any] = []
    for row in longest.itertuples():
        meets = [o for o in taken if row.begun <= o.dated and o.begun <= row.dated and related(row, o)]
        if meets:
            yield row.Index, f"overlaps: {meets[0].claim_id}"
        else:
            taken.append(row)


def _related(one: Any, other: Any, *, parents: Mapping[str, str]) -> bool:
    """True where the two may hold the same thing: no body, programme or country tells them apart.

    Two programmes are two where both are told of the same days; of a year and of a longer time one may be part of the other.
    """
    for name in ("actor", "programme", "country"):
        a, b = getattr(one, name), getattr(other, name)
        if not isinstance(a, str) or not isinstance(b, str) or a == b:
            continue
        if name == "actor" and (a in line_of(b, parents) or b in line_of(a, parents)):
            continue
        if name != "programme" or (one.begun, one.dated) == (other.begun, other.dated):
            return False
    return True


def _sum(key: Any, group: pd.DataFrame, keys: list[str]) -> dict[str, Any]:
    kept, left = group[group["reason"].isna()], group["reason"].dropna()
    counts = left.str.split(":").str[0].value_counts()
    row = dict(zip(keys, key, strict=True))
    for name, column in ADDED.items():
        row[name] = kept[column].sum(skipna=False) if len(kept) else None
    row |= {"added": len(kept), "left_out": len(left), "claim_ids": " ".join(kept["claim_id"])}
    return row | {"why": ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))}


def line_of(actor: str, parents: Mapping[str, str]) -> list[str]:
    """Return the actor and the bodies above it; a ring in the table ends where it closes."""
    line = [actor]
    while (parent := parents.get(line[-1])) and parent not in line:
        line.append(parent)
    return line
