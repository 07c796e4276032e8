"""Choose what the charts of checks show: conversions, equivalents, accuracy, how figures stand, what nobody reports.

    pick_conversions(claims, relations)[["of_text", "text", "ratio", "fits"]]

In      normalised claims, and tables of a run: relations, score, attributes, fitness, standing, coverage.
Out     tables, one row a mark or a part of a bar; the rows of the CSV beside a chart; empty where there is nothing.
Never   draws, judges anew what reconcile has judged, or knows what a tree or a household "is worth".
Needs   absence, cells, conversions, verdicts (bounds of a figure); pandas.  Used by check_charts.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from csrbook.absence import REPORTED
from csrbook.cells import part
from csrbook.conversions import RATE_OFF, Conversion, read_conversion
from csrbook.verdicts import make_figure

__all__ = [
    "LEVELS", "SPLIT", "pick_absence", "pick_accuracy", "pick_confidence", "pick_conversions", "pick_equivalents", "pick_standing",
]  # fmt: skip

Record = Mapping[str, Any]
PAIR = ["claim_id", "doc", "published", "text", "value", "unit", "qualifier"]  # of the figure that tells another again
FIRST = ["of_id", "of_text", "of_value", "of_unit", "of_qualifier"]  # of the figure that it tells again
CONVERSION = [*FIRST, *PAIR, "due", "rate", "rate_date", "ratio", "ratio_low", "ratio_high", "fits", "power"]
EQUIVALENT = [
    "group", "indicator", "theme", *FIRST, *PAIR, "x_of", "x", "ratio", "ratio_low", "ratio_high", "ratio_of", "ratio_to", "documents",
    "apart", "agree",
]  # fmt: skip
EQUATED = ("money", "count", "physical")  # kinds of which so much of one can be as much of another
POWERS = tuple(sign * power for power in range(1, 7) for sign in (1, -1))  # of ten: slips of a magnitude word or of a zero
LEVELS = ("mention", "value", "unit", "claim")
ACCURACY = ["part", "name", "group", "right", "of", "share", "low", "high", "documents", "verdict"]
HALF = 0.5  # confidence below which most of what was decided has no direct cue
SPLIT = ("several", "one", "none")  # how many documents report a measure


# ---- one figure told twice ---------------------------------------------------------------------------------------------


def pick_conversions(claims: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Return the sums that a source prints in two currencies: one row a pair, those that do not fit and are furthest off first.

    `ratio` is the second sum in parts of `due`, what the first comes to at `rate`; its bounds are what the rounding of both
    printed sums allows. `fits` is the verdict of reconcile. `power` is the power of ten that would make a sum fit that does not,
    0 where there is none. A pair that could not be checked, for want of a rate, has no ratio and stands last.

    Parameters
    ----------
    relations : DataFrame
        The table of 04-reconcile: verdict, claims, test.
    """
    told = zip(relations["claims"], relations["verdict"], relations["test"], strict=True)
    checked = {frozenset(part(ids)): (verdict, found) for ids, verdict, test in told if (found := read_conversion(test))}
    rows = []
    for one, other in _told_again(claims):
        if one["kind"] == other["kind"] == "money" and one["unit"] != other["unit"]:
            verdict, found = checked.get(frozenset((one["claim_id"], other["claim_id"])), ("", None))
            row = _pair(one, other) | dict.fromkeys(CONVERSION[-8:])
            rows.append(row | (_conversion(one, other, found, verdict) if found else {}))
    rows.sort(key=lambda row: (row["ratio"] is None, bool(row["fits"]), -_far(row)))
    return pd.DataFrame(rows, columns=CONVERSION)


def _conversion(one: Record, other: Record, found: Conversion, verdict: str) -> dict[str, Any]:
    first, second = make_figure(one), make_figure(other)
    low, high = second.low / first.high / found.rate, second.high / first.low / found.rate if first.low > 0 else found.ratio
    fits = verdict == "equal"
    power = 0 if fits else next((n for n in POWERS if low.scaleb(n) <= 1 + RATE_OFF and high.scaleb(n) >= 1 - RATE_OFF), 0)
    ratios = {"ratio": found.ratio, "ratio_low": min(low, found.ratio), "ratio_high": max(high, found.ratio)}
    due = {"due": float(first.value * found.rate), "rate": float(found.rate), "rate_date": found.day.isoformat()}
    return due | {name: round(float(ratio), 5) for name, ratio in ratios.items()} | {"fits": fits, "power": power}


def _far(row: Mapping[str, Any]) -> float:
    """Return how many times too much or too little a sum is."""
    return max(row["ratio"], 1 / row["ratio"]) if row["ratio"] else 0.0


def pick_equivalents(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that are said to be as much as another thing: one row a pair, kinds that can be compared first.

    Pairs of one measure and the same two units make a `group`, 0 upward; all its numbers stand in the units of its first pair,
    `ratio_of` and `ratio_to`. `ratio` is how many of the first are said to be one of the second; its bounds are what the rounding
    of both allows. In a group of several, `apart` is the greatest ratio over the least, and `agree` says that one ratio lies within
    the bounds of all. Money in two currencies, one size in two units, and shares are no equivalents.
    """
    groups: dict[Any, list[tuple[Record, Record]]] = {}
    for one, other in _told_again(claims):
        if _is_equivalent(one, other):
            groups.setdefault((frozenset((one["unit_si"], other["unit_si"])), one["indicator"]), []).append((one, other))
    found = [_equivalents(pairs) for pairs in groups.values()]
    found.sort(key=lambda rows: (-rows[0]["documents"], -len(rows), -(rows[0]["apart"] or 0), rows[0]["claim_id"]))
    rows = [row | {"group": number} for number, group in enumerate(found) for row in group]
    return pd.DataFrame(rows, columns=EQUIVALENT)


def _is_equivalent(one: Record, other: Record) -> bool:
    kinds, units = {one["kind"], other["kind"]}, {one["unit_si"], other["unit_si"]}
    return kinds <= set(EQUATED) and kinds != {"money"} and len(units - {None}) == 2


def _equivalents(pairs: list[tuple[Record, Record]]) -> list[dict[str, Any]]:
    """Return the rows of one group, the greatest ratio first."""
    first, second = pairs[0]
    rows = []
    for one, other in pairs:
        turned = one["unit_si"] != first["unit_si"]
        (low, value, high), (least, size, most) = _sized(other if turned else one, first), _sized(one if turned else other, second)
        ends = {"x_of": size, "x": value} if turned else {"x_of": value, "x": size}
        ratios = {"ratio": value / size, "ratio_low": low / most, "ratio_high": high / least if least > 0 else value / size}
        about = {"indicator": one["indicator"], "theme": one["theme"], "ratio_of": first["unit"], "ratio_to": second["unit"]}
        rows.append(_pair(one, other) | about | {name: float(f"{number:.9g}") for name, number in (ends | ratios).items()})
    several = len(rows) > 1
    greatest, least = max(row["ratio"] for row in rows), min(row["ratio"] for row in rows)
    agree = max(row["ratio_low"] for row in rows) <= min(row["ratio_high"] for row in rows)
    shared = {"documents": len({row["doc"] for row in rows}), "apart": round(greatest / least, 4) if several else None}
    return [row | shared | {"agree": agree if several else None} for row in sorted(rows, key=lambda row: -row["ratio"])]


def _sized(record: Record, like: Record) -> tuple[float, float, float]:
    """Return the least, the printed and the greatest number of a figure in the unit of another of its dimension."""
    scale = Decimal(str(record["value_si"])) / Decimal(str(record["value"])) * Decimal(str(like["value"])) / Decimal(str(like["value_si"]))
    figure = make_figure(record)
    return float(figure.low * scale), float(figure.value * scale), float(figure.high * scale)


def _told_again(claims: pd.DataFrame) -> Iterator[tuple[Record, Record]]:
    """Yield the figures that tell another again, each after that one, in the order of the claims: printings once, none of nought."""
    table = claims.sort_values(["doc", "start"], kind="stable")
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    known = {record["id"]: record for record in records}
    for record in records:
        one = known.get(record["restates"])
        if one is not None and record["repeat_of"] is None and min(one["value"] or 0, record["value"] or 0) > 0:
            yield one, record


def _pair(one: Record, other: Record) -> dict[str, Any]:
    first = {"of_id": one["claim_id"]} | {f"of_{name}": one[name] for name in ("text", "value", "unit", "qualifier")}
    return first | {name: other[name] for name in PAIR}


# ---- how well it was read, and how it stands ---------------------------------------------------------------------------


def pick_accuracy(score: pd.DataFrame, attributes: pd.DataFrame, fitness: pd.DataFrame) -> pd.DataFrame:
    """Return how well figures and their attributes were read, over all and by language: one row a mark.

    `share` is F1 of a level (LEVELS, in their order) and then the accuracy of an attribute, the worst first; `of` counts the
    annotated figures. `verdict` is that of the card on the language: measured, too few figures, too few documents.
    """
    judged = fitness[fitness["aspect"] == "language"].set_index("group")["verdict"]
    levels = score.rename(columns={"level": "name", "gold": "of", "f1": "share", "f1_low": "low", "f1_high": "high"}).assign(part="level")
    fields = attributes.rename(columns={"attribute": "name", "accuracy": "share", "accuracy_low": "low", "accuracy_high": "high"})
    documents = levels[levels["name"] == LEVELS[0]].set_index(["by", "group"])["documents"]
    counts = [documents.get(key, 0) for key in zip(fields["by"], fields["group"], strict=True)]
    whole = fields[fields["by"] == "all"].sort_values(["share", "name"], kind="stable")["name"]
    place = {name: number for number, name in enumerate([*LEVELS, *whole])}
    rows = pd.concat([levels, fields.assign(part="attribute", documents=counts)], ignore_index=True)
    rows = rows[rows["by"].isin(["all", "language"]) & rows["name"].isin(place) & rows["share"].notna()]
    rows = rows.assign(verdict=rows["group"].map(judged), at=rows["name"].map(place), split=rows["by"] == "language")
    return rows.sort_values(["at", "split", "group"], kind="stable", ignore_index=True)[ACCURACY]


def pick_confidence(claims: pd.DataFrame) -> pd.DataFrame:
    """Return, by language, the figures of which less than half of what was decided has a direct cue: what to review first.

    One row a language, the one with most figures first: figures, doubtful, share (percent), reviewed by a person, claim_ids.
    """
    rows = []
    for language, told in claims.groupby(claims["language"].fillna(""), sort=True):
        doubtful = told[told["reviewed"].isna() & (told["confidence"] < HALF)]
        row = {"language": language or None, "figures": len(told), "doubtful": len(doubtful)}
        row |= {"share": round(100 * len(doubtful) / len(told), 2), "reviewed": int(told["reviewed"].notna().sum())}
        rows.append(row | {"claim_ids": " ".join(doubtful["claim_id"])})
    columns = ["language", "figures", "doubtful", "share", "reviewed", "claim_ids"]
    return pd.DataFrame(sorted(rows, key=lambda row: -row["figures"]), columns=columns)


def pick_standing(standing: pd.DataFrame) -> pd.DataFrame:
    """Return results by theme and standing: one row a pair that occurs, with its `claims` and their `claim_ids`.

    Promises stay out: there is nothing yet that another document could confirm.
    """
    results = standing[~standing["target"]]
    rows = []
    for (theme, place), told in results.groupby(["theme", "standing"], dropna=False, sort=True):
        row = {"theme": None if theme != theme else theme, "standing": place, "claims": len(told)}
        rows.append(row | {"claim_ids": " ".join(told["claim_id"])})
    return pd.DataFrame(rows, columns=["theme", "standing", "claims", "claim_ids"])


def pick_absence(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return coverage, one row a measure and file, measures in three groups (`split`): by several documents, by one, by none.

    In each group the measures that most documents report stand first, then the order of the table. `documents` counts those that
    report it, `file` names the document, or the file where it could not be read.
    """
    reported = coverage[coverage["state"] == REPORTED].groupby("indicator")["path"].nunique()
    documents = coverage["indicator"].map(reported).fillna(0).astype("int64")
    split = documents.map(lambda count: SPLIT[0] if count > 1 else SPLIT[1] if count else SPLIT[2]).astype("str")
    order = pd.Series(range(len(coverage)), index=coverage.index)
    file = coverage["doc"].fillna(coverage["path"])
    rows = coverage.assign(documents=documents, split=split, file=file, at=order)
    return rows.sort_values(["documents", "at"], ascending=[False, True], kind="stable", ignore_index=True).drop(columns="at")
