"""Group-bys over normalised claims, and sums that refuse to add what does not add.

    add_up(claims, ["theme"]).sums      one row a theme, measure, unit, promise or result
    add_up(claims, ["theme"]).left_out  one row a claim that is in none of them, with the reason

In      claims from tables.normalise; sources, ledger.
Out     tables with a fixed order of rows and columns, each row with the ids of the claims behind it.
Never   mixes promise and result, a total to date and a period, a repeat or a restatement and its original, a part and
        the whole around it; never leaves anything out without saying so.
Needs   columns; pandas.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csrbook.columns import check

__all__ = [
    "Total",
    "account",
    "add_up",
    "aggregates_of",
    "by_actor",
    "by_indicator",
    "by_programme",
    "by_theme_year",
    "countable",
    "parents_of",
    "promises",
]

NEEDED = ("doc", "claim_id", "theme", "actor", "programme", "target", "relevance", "repeat_of", "restates", "dated", "unit_si")
UNADDABLE = ("percent", "multiple", "duration")
PROMISE = [
    "claim_id", "doc", "published", "actor", "programme", "theme", "kind", "text", "value", "value_max", "unit", "qualifier",
]  # fmt: skip


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


def countable(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that count once: about CSR, no second printing, no restatement of another."""
    check(claims.columns, NEEDED, where="pivots")
    once = claims["repeat_of"].isna() & claims["restates"].isna() & (claims["relevance"] == "csr")
    return claims[once].reset_index(drop=True)


def by_theme_year(claims: pd.DataFrame) -> pd.DataFrame:
    """Return claims by theme and year: one row a pair that occurs, sorted; a claim with no date has no year and a row."""
    return _count(countable(claims), ["theme", "year"])


def by_programme(claims: pd.DataFrame) -> pd.DataFrame:
    """Return claims by programme: one row a programme, those in most documents first."""
    counts = _count(countable(claims).dropna(subset=["programme"]), ["programme"])
    return counts.sort_values(["documents", "claims", "programme"], ascending=[False, False, True], ignore_index=True)


def by_actor(claims: pd.DataFrame, parents: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return claims by actor with the roll-up to the body it belongs to: one row an actor.

    `claims` are the actor's own; `claims_rolled` add those of all bodies under it, each claim once. Parents without a
    claim of their own have a row too.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    parents : mapping of actor to parent, optional
        See `parents_of`; without it every actor stands alone.
    """
    parents = parents or {}
    own = _count(countable(claims).dropna(subset=["actor"]), ["actor"])
    lines = {actor: _line(actor, parents) for actor in own["actor"]}
    names = sorted({name for line in lines.values() for name in line})
    frame = pd.DataFrame({"actor": pd.Series(names, dtype="str")}).merge(own, on="actor", how="left")
    for name in ("claims", "results", "promises", "documents"):
        frame[name] = frame[name].fillna(0).astype("int64")
    frame.insert(1, "parent", frame["actor"].map(parents).astype("str"))
    frame.insert(2, "depth", [len(_line(name, parents)) - 1 for name in frame["actor"]])
    counts = dict(zip(own["actor"], own["claims"], strict=True))
    rolled = [sum(count for actor, count in counts.items() if name in lines[actor]) for name in frame["actor"]]
    frame.insert(4, "claims_rolled", pd.Series(rolled, dtype="int64"))
    return frame.sort_values(["claims_rolled", "depth", "actor"], ascending=[False, True, True], ignore_index=True)


def parents_of(names: Mapping[str, Any]) -> dict[str, str]:
    """Return actor -> parent from the table of names: rows of its `actor` list that have `name` and `parent`."""
    return {row["name"]: row["parent"] for row in names.get("actor", ()) if row.get("parent")}


def aggregates_of(indicators: Mapping[str, Any]) -> dict[str, str]:
    """Return indicator -> sum, latest, mean or none from the table of indicators: rows with `id` and `aggregate`."""
    return {row["id"]: row["aggregate"] for row in indicators.get("indicator", ()) if row.get("aggregate")}


def by_indicator(claims: pd.DataFrame, aggregates: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return what was stated of each measure: one row an indicator, unit and promise or result.

    `least`, `greatest` and `latest` are values that were stated; `total` is a sum only where claims may be added, with
    `added`, `left_out` and `why`.
    """
    keys = ["indicator", "unit_si", "target"]
    kept = countable(claims).dropna(subset=["indicator"])
    counts = _count(kept, keys)
    groups = kept.groupby(keys, dropna=False, sort=True)["value_si"]
    spread = groups.agg(least="min", greatest="max").reset_index()
    newest = kept[kept["dated"] == kept.groupby(keys, dropna=False)["dated"].transform("max")]
    latest = newest.groupby(keys, dropna=False)["value_si"].agg(lambda v: v.iloc[0] if v.nunique() == 1 else None)
    sums = add_up(kept, aggregates=aggregates).sums.drop(columns=["claim_ids"])
    frame = counts.merge(spread, on=keys, how="left").merge(latest.rename("latest").reset_index(), on=keys, how="left")
    return frame.merge(sums, on=keys, how="left").sort_values(keys, ignore_index=True)


def promises(claims: pd.DataFrame, *, as_of: str | None = None) -> pd.DataFrame:
    """Return every promise with its due date and state: one row a claim with `target`, the earliest due first.

    `due` is the last day of `when`, where that is not before the document itself; `state` is undated, due (it has passed) or open.
    Whether a promise was kept is for reconciliation to say.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    as_of : ISO date, optional
        The day to judge on; the latest date of a document where it is not given, so that a run does not depend on the
        day it is made.
    """
    kept = countable(claims)
    kept = kept[kept["target"]]
    day = as_of or claims["published"].max()
    due = kept["dated"].where(kept["dated_by"] == "when")
    due = due.mask(due < kept["published"])  # a day before the document is when the promise was made, or began to run
    passed = due <= day if isinstance(day, str) else due.notna() & False
    frame = kept[PROMISE].copy()
    frame["due"] = due.astype("str")
    frame["state"] = pd.Series("open", index=kept.index, dtype="str").mask(passed, "due").mask(due.isna(), "undated")
    frame["as_of"] = pd.Series(day, index=frame.index, dtype="str")
    return frame.sort_values(["due", "doc", "claim_id"], kind="stable", na_position="last", ignore_index=True)


def account(claims: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return where every numeral went: one row a document, group (extracted, set_aside) and reason, with `numerals`.

    The reason of what was extracted is its relevance (csr, context) or "repeat"; of the rest, the ledger's. Summed over
    a document the rows are all numerals met in it.
    """
    reason = claims["relevance"].fillna("context").mask(claims["repeat_of"].notna(), "repeat")
    taken = pd.DataFrame({"doc": claims["doc"], "group": "extracted", "reason": reason})
    aside = pd.DataFrame({"doc": ledger["doc"], "group": "set_aside", "reason": ledger["reason"].fillna("other")})
    both = pd.concat([taken, aside], ignore_index=True).astype("str")
    return both.groupby(["doc", "group", "reason"], sort=True).size().rename("numerals").reset_index()


def add_up(claims: pd.DataFrame, by: Sequence[str] = (), *, aggregates: Mapping[str, str] | None = None) -> Total:
    """Add what may be added, within each group, indicator, unit and promise or result.

    Left out, in this order: context, repeats, restatements, shares and durations, rates ("a day", "a year"), claims without
    a measure, measures that are levels or rates (`aggregates` says other than "sum"), totals to date (`as_of`), claims
    without a period, and those that overlap in time with a longer one of the same or a related body and programme: part
    and whole.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    by : sequence of str
        Further columns to group by.
    aggregates : mapping of indicator to aggregate, optional
        See `aggregates_of`; without it every measure is taken to add.
    """
    check(claims.columns, [*NEEDED, "begun", "indicator", "per", "kind", "when", "when_type", *by], where="pivots.add_up")
    keys = [*by, "indicator", "unit_si", "target"]
    frame = claims.assign(reason=_refusals(claims, aggregates or {}))
    for _, group in frame[frame["reason"].isna()].groupby(keys, dropna=False, sort=True):
        for index, reason in _overlaps(group):
            frame.loc[index, "reason"] = reason
    out = [_sum(key, group, keys) for key, group in frame.groupby(keys, dropna=False, sort=True)]
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


def _overlaps(group: pd.DataFrame) -> Iterable[tuple[Any, str]]:
    """Yield (index, reason) of claims whose time meets that of one already taken; the longest time goes first."""
    days = pd.to_datetime(group["dated"]) - pd.to_datetime(group["begun"])
    longest = group.assign(days=days).sort_values(["days", "begun", "doc", "start"], ascending=[False, True, True, True])
    taken: list[Any] = []
    for row in longest.itertuples():
        meets = [o for o in taken if row.begun <= o.dated and o.begun <= row.dated and _related(row, o)]
        if meets:
            yield row.Index, f"overlaps: {meets[0].claim_id}"
        else:
            taken.append(row)


def _related(one: Any, other: Any) -> bool:
    """True where the two may hold the same thing: neither actor nor programme tells them apart."""
    same = []
    for name in ("actor", "programme"):
        a, b = getattr(one, name), getattr(other, name)
        same.append(not isinstance(a, str) or not isinstance(b, str) or a == b)
    return all(same)


def _sum(key: Any, group: pd.DataFrame, keys: list[str]) -> dict[str, Any]:
    kept, left = group[group["reason"].isna()], group["reason"].dropna()
    counts = left.str.split(":").str[0].value_counts()
    row = dict(zip(keys, key, strict=True))
    for name, column in (("total", "value_si"), ("total_low", "low_si"), ("total_high", "high_si")):
        row[name] = kept[column].sum(skipna=False) if len(kept) else None
    row |= {"added": len(kept), "left_out": len(left), "claim_ids": " ".join(kept["claim_id"])}
    return row | {"why": ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))}


def _count(claims: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Count claims, results, promises and documents by `keys`; nulls are a group of their own."""
    work = claims.assign(promised=claims["target"].astype("int64"))
    groups = work.groupby(keys, dropna=False, sort=True)
    frame = groups.agg(
        claims=("claim_id", "size"),
        promises=("promised", "sum"),
        documents=("doc", "nunique"),
        docs=("doc", lambda docs: " ".join(sorted(set(docs)))),
        first=("dated", "min"),
        last=("dated", "max"),
        claim_ids=("claim_id", " ".join),
    ).reset_index()
    frame.insert(len(keys) + 1, "results", frame["claims"] - frame["promises"])
    return frame.astype({"docs": "str", "first": "str", "last": "str", "claim_ids": "str"})


def _line(actor: str, parents: Mapping[str, str]) -> list[str]:
    """Return the actor and the bodies above it; a ring in the table ends where it closes."""
    line = [actor]
    while (parent := parents.get(line[-1])) and parent not in line:
        line.append(parent)
    return line
