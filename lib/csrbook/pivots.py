"""Group-bys over normalised claims: by theme and year, programme, body, measure, place, and who was reached.

    by_place(claims)    one row a country and place: claims, results, promises, documents, ids

In      claims from tables.normalise; sources, ledger.
Out     tables with a fixed order of rows and columns, each row with the ids of the claims behind it.
Never   adds a value to another (sums does); counts a repeat, a restatement or a figure that is not about CSR.
Needs   columns, errors, sums, tables; pandas.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from csrbook.columns import check
from csrbook.errors import UsageError
from csrbook.sums import NEEDED, add_up, line_of
from csrbook.tables import last_day

__all__ = [
    "account", "aggregates_of", "by_actor", "by_indicator", "by_place", "by_programme", "by_theme_year", "countable", "newest_day",
    "parents_of", "promises", "rates_used", "reach",
]  # fmt: skip

PROMISE = [
    "claim_id", "doc", "published", "actor", "programme", "theme", "kind", "text", "value", "value_max", "unit", "qualifier", "country",
    "place",
]  # fmt: skip


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
    lines = {actor: line_of(actor, parents) for actor in own["actor"]}
    names = sorted({name for line in lines.values() for name in line})
    frame = pd.DataFrame({"actor": pd.Series(names, dtype="str")}).merge(own, on="actor", how="left")
    for name in ("claims", "results", "promises", "documents"):
        frame[name] = frame[name].fillna(0).astype("int64")
    frame.insert(1, "parent", frame["actor"].map(parents).astype("str"))
    frame.insert(2, "depth", [len(line_of(name, parents)) - 1 for name in frame["actor"]])
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


def by_indicator(
    claims: pd.DataFrame, aggregates: Mapping[str, str] | None = None, parents: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return what was stated of each measure: one row an indicator, unit and promise or result.

    `least`, `greatest` and `latest` are values that were stated; `total` is a sum only where claims may be added, with
    `added`, `left_out` and `why`.
    """
    keys = ["indicator", "unit_si", "target"]
    kept = countable(claims).dropna(subset=["indicator"])
    sums = add_up(kept, aggregates=aggregates, parents=parents).sums.drop(columns=["claim_ids"])
    frame = _count(kept, keys).merge(_spread(kept, keys, "value_si"), on=keys, how="left")
    return frame.merge(sums, on=keys, how="left").sort_values(keys, ignore_index=True)


def by_place(claims: pd.DataFrame) -> pd.DataFrame:
    """Return claims by the country and place that their sentence names: one row a pair, those of most claims first.

    A claim whose sentence names no place is in no row; of several countries told in one breath neither is taken.
    """
    counts = _count(countable(claims).dropna(subset=["country"]), ["country", "place"])
    return counts.sort_values(["claims", "country", "place"], ascending=[False, True, True], ignore_index=True)


def reach(claims: pd.DataFrame, beneficiaries: Iterable[str]) -> pd.DataFrame:
    """Return who was reached: one row a counted noun, measure, and promise or result; those of most claims first.

    `least`, `greatest` and `latest` are numbers that were stated; nothing is added, because the same people are counted in
    many of them.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    beneficiaries : iterable of str
        Units that name who or what is reached; rates (meals a day) and other units are left out.
    """
    keys = ["unit", "indicator", "target"]
    kept = countable(claims)
    kept = kept[kept["unit"].isin(list(beneficiaries)) & (kept["kind"] == "count") & kept["per"].isna()]
    frame = _count(kept, keys).drop(columns=["results", "promises"]).merge(_spread(kept, keys, "value"), on=keys, how="left")
    return frame.sort_values(["claims", *keys], ascending=[False, True, True, True], ignore_index=True)


def rates_used(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the rates of exchange behind converted money: one row a printed currency and day, by currency, then day.

    Where there is no rate, `rate` is null and `rate_note` says why. Money printed in the chosen currency needs none.
    """
    keys = ["unit", "currency", "rate_date", "rate", "rate_source", "rate_note"]
    money = claims[(claims["kind"] == "money") & (claims["unit"] != claims["currency"])]
    groups = money.groupby(keys, dropna=False, sort=True)
    frame = groups.agg(claims=("claim_id", "size"), claim_ids=("claim_id", " ".join)).reset_index()
    return frame.astype({"rate_note": "str", "claim_ids": "str"})


def newest_day(claims: pd.DataFrame) -> str | None:
    """Return the last day on which a document of the claims appeared; None where none is dated.

    >>> newest_day(pd.DataFrame({"published": ["2020-04", None, "2019"]}))
    '2020-04-30'
    """
    days = {last_day(told) for told in claims["published"].dropna().unique()} - {None}
    return max(days, default=None)


def promises(claims: pd.DataFrame, *, as_of: str | None = None) -> pd.DataFrame:
    """Return every promise with its due date and state: one row a claim with `target`, the earliest due first.

    `due` is the last day of `when`, where that is not before the document itself (of a month or a year, its last day); `state` is
    undated, due (it has passed) or open. Whether a promise was kept is for reconciliation to say.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    as_of : ISO date, optional
        The day to judge on, of a month or a year its last; `newest_day` where it is not given, so that a run does not depend
        on the day it is made.

    Raises
    ------
    UsageError
        `as_of` is no date.
    """
    day = last_day(as_of) if as_of else newest_day(claims)
    if as_of and day is None:
        raise UsageError("as_of", f"{as_of!r} is no date", "a day such as 2021-06-30, a month or a year", "correct it, or leave it empty")
    kept = countable(claims)
    kept = kept[kept["target"]]
    due = kept["dated"].where(kept["dated_by"] == "when")
    told = kept["published"].map(last_day, na_action="ignore").astype("str")
    due = due.mask(due < told)  # a day before the document is when the promise was made, or began to run
    passed = due <= day if day else due.notna() & False
    frame = kept[PROMISE].copy()
    frame["due"] = due.astype("str")
    frame["state"] = pd.Series("open", index=kept.index, dtype="str").mask(passed, "due").mask(due.isna(), "undated")
    frame["as_of"] = pd.Series(day, index=frame.index, dtype="str")
    return frame.sort_values(["due", "doc", "claim_id"], kind="stable", na_position="last", ignore_index=True)


def account(claims: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return where every numeral went: one row a document, group (extracted, set_aside) and reason, with `numerals`.

    The reason of what was extracted is its relevance (csr, context) or "repeat"; of the rest, the ledger's, among them
    "rejected" for what a person took out. Summed over a document the rows are all numerals met in it.
    """
    reason = claims["relevance"].fillna("context").mask(claims["repeat_of"].notna(), "repeat")
    taken = pd.DataFrame({"doc": claims["doc"], "group": "extracted", "reason": reason})
    aside = pd.DataFrame({"doc": ledger["doc"], "group": "set_aside", "reason": ledger["reason"].fillna("other")})
    both = pd.concat([taken, aside], ignore_index=True).astype("str")
    return both.groupby(["doc", "group", "reason"], sort=True).size().rename("numerals").reset_index()


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


def _spread(claims: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    """Return the least, the greatest and the latest value by `keys`; no latest where the last day has several."""
    groups = claims.groupby(keys, dropna=False, sort=True)
    newest = claims[claims["dated"] == groups["dated"].transform("max")]
    latest = newest.groupby(keys, dropna=False)[value].agg(lambda v: v.iloc[0] if v.nunique() == 1 else None)
    spread = groups[value].agg(least="min", greatest="max").reset_index()
    return spread.merge(latest.rename("latest").astype("float64").reset_index(), on=keys, how="left")
