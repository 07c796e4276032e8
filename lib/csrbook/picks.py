"""Choose, by rules that hold for any corpus, what a chart shows: the rows it draws are the rows of the CSV beside it.

    pick_disagreement(countable) -> the statements of the amount that most documents give differently

In      claims from tables.normalise that count once (pivots.countable); tables of pivots.
Out     tables, one row a mark or a cell; empty where the rule finds nothing.
Never   draws, names a company, or changes a value.
Needs   pandas.  Used by drawings, charts, grids, promised.
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

__all__ = [
    "pick_confirmation",
    "pick_disagreement",
    "pick_money",
    "pick_promises",
    "pick_reach",
    "pick_series",
    "pick_shares",
    "pick_theme_year",
    "short_names",
]

NEAR, SPREAD = 1.2, 1.6  # neighbours and ends of one amount told in several ways
LANES = 20  # rows of themes and kinds of giving
APART = 3  # years between then and now
MARKS = 40  # in one row of a chart; more cannot be told apart
NEXT = 400  # code points between figures that are told side by side
SHOWN = [
    "claim_id", "doc", "published", "dated", "year", "text", "value", "value_max", "low", "high", "unit", "kind", "qualifier",
    "target", "actor", "programme", "theme", "indicator", "when",
]  # fmt: skip

RESULT = ("result_id", "result", "result_doc", "result_when", "share")
GROUPS = ["met", "due", "open", "undated"]


def pick_disagreement(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the statements of one amount that documents give differently: one row a statement, by date.

    An amount is a chain of results in one currency, of one theme and measure (or with no measure known), each within 20
    percent of the next and all within 60. Of all such chains with two documents and two figures the one with
    most documents is taken, then most figures, then the greatest.
    """
    money = claims[(claims["kind"] == "money") & ~claims["target"] & (claims["value"] > 0)]
    best, score = money.iloc[:0], (1, 1, 0.0)
    for _, group in money.groupby(["unit", "theme"], dropna=False, sort=True):
        for indicator in group["indicator"].dropna().unique().tolist() or [None]:
            alike = group[group["indicator"].isna() | (group["indicator"] == indicator)]
            for chain in _chains(alike.sort_values(["value", "doc", "start"], kind="stable")):
                reached = chain["doc"].nunique(), chain["value"].nunique(), chain["value"].max()
                if min(reached[:2]) > 1 and reached > score:
                    best, score = chain, reached
    return best.sort_values(["dated", "doc", "start"], kind="stable", ignore_index=True)[SHOWN]


def _chains(group: pd.DataFrame) -> Iterable[pd.DataFrame]:
    begin, values = 0, group["value"].tolist()
    for at in range(1, len(values) + 1):
        if at == len(values) or values[at] > values[at - 1] * NEAR or values[at] > values[begin] * SPREAD:
            yield group.iloc[begin:at]
            begin = at


def pick_series(claims: pd.DataFrame, *, most: int = 8) -> pd.DataFrame:
    """Return the first and the latest year of what is told over at least three years: one row a claim.

    Two figures make a series where they stand side by side in one document, in one unit (money also of one measure), or
    where programme, measure and unit are the same; a likeness less than that compares what is not alike. Adds `series`
    (0 is the steepest), `end` (first or latest) and `ratio` (greatest of the latest over least of the first year).
    """
    kept = claims[claims["kind"].isin(["money", "count", "physical"]) & ~claims["target"] & (claims["value_si"] > 0)]
    kept = kept[(kept["dated_by"] == "when") & kept["year"].notna()]
    found, used = [], set()
    for series in _runs(kept):
        first, last = series["year"].min(), series["year"].max()
        if last - first >= APART and not used & set(series["claim_id"]):
            ends = series[series["year"].isin([first, last])]
            end = ends["year"].eq(first).map({True: "first", False: "latest"}).astype("str")
            ratio = ends["value_si"][end == "latest"].max() / ends["value_si"][end == "first"].min()
            found.append(ends.assign(end=end, ratio=round(ratio, 4)))
            used |= set(series["claim_id"])
    found.sort(key=lambda ends: (-ends["ratio"].iloc[0], ends["claim_id"].iloc[0]))
    rows = [ends.assign(series=number) for number, ends in enumerate(found[:most])]
    columns = ["series", "end", "ratio", *SHOWN, "value_si", "unit_si"]
    frame = pd.concat(rows) if rows else kept.iloc[:0].assign(series=0, end="", ratio=0.0)
    return frame.sort_values(["series", "year", "value_si", "claim_id"], ignore_index=True)[columns]


def _runs(kept: pd.DataFrame) -> Iterable[pd.DataFrame]:
    """Yield what may be a series: claims within 400 code points of the next, then claims of one programme and measure."""
    alike = kept["indicator"].fillna(kept["theme"]).where(kept["kind"] == "money")
    for _, told in kept.sort_values(["doc", "start"]).groupby(["doc", "unit_si", alike], dropna=False, sort=True):
        yield from (run for _, run in told.groupby((told["start"].diff().fillna(0) > NEXT).cumsum()))
    named = kept.dropna(subset=["programme", "indicator"])
    yield from (group for _, group in named.groupby(["programme", "indicator", "unit_si"], sort=True))


def pick_money(claims: pd.DataFrame, value: str, kinds: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the amounts of money that could be converted: one row a claim, by theme and kind of giving, the greatest first.

    Of a theme and kind there are at most 40, of these lanes at most 20, those of the greatest amounts. A rate (so much a day)
    is no amount and stays out.

    Parameters
    ----------
    value : str
        Names the converted column.
    kinds : mapping of kind to indicators
        Any other measure of money, and none, is of the kind "other".
    """
    low, high = value.replace("value", "low", 1), value.replace("value", "high", 1)
    kind_of = {indicator: kind for kind, indicators in kinds.items() for indicator in indicators}
    kept = claims[(claims["kind"] == "money") & (claims[value] > 0) & claims["per"].isna()]
    kept = kept.assign(giving=kept["indicator"].map(kind_of).fillna("other").astype("str"))
    kept = kept.sort_values(["theme", "giving", value, "claim_id"], ascending=[True, True, False, True])
    lanes = kept.groupby(["theme", "giving"], dropna=False, sort=False)
    place = lanes[value].transform("max").rank(method="dense", ascending=False)
    kept = kept[(lanes.cumcount() < MARKS) & (place <= LANES)].reset_index(drop=True)
    return kept[["giving", *SHOWN, value, low, high, "rate", "rate_date", "rate_source"]]


def pick_reach(claims: pd.DataFrame, beneficiaries: Iterable[str], *, most: int = 12) -> pd.DataFrame:
    """Return who or what was reached: one row a claim, the units with the greatest figure first, 40 of each at most.

    A rate (so many a day) counts the same people again, and stays out.
    """
    kept = claims[claims["unit"].isin(list(beneficiaries)) & (claims["kind"] == "count") & (claims["value"] > 0)]
    kept = kept[kept["per"].isna()]
    greatest = kept.groupby("unit")["value"].max().rename("greatest").reset_index()
    first = greatest.sort_values(["greatest", "unit"], ascending=[False, True])["unit"].head(most).tolist()
    kept = kept[kept["unit"].isin(first)].assign(row=lambda f: f["unit"].map(first.index))
    kept = kept.sort_values(["row", "value", "claim_id"], ascending=[True, False, True])
    return kept.groupby("row", sort=False).head(MARKS).reset_index(drop=True)[["row", *SHOWN]]


def pick_confirmation(claims: pd.DataFrame, *, programmes: int = 14, documents: int = 10) -> pd.DataFrame:
    """Return programmes by documents: claims a cell, 0 for none; most confirmed first, the documents in order of date.

    The columns are documents, the index is `programme`; the last column, `documents`, counts those that tell of it, shown
    or not.
    """
    named = claims.dropna(subset=["programme"])
    matrix = named.groupby(["programme", "doc"]).size().unstack(fill_value=0)
    counts = pd.DataFrame({"documents": (matrix > 0).sum(axis=1), "claims": matrix.sum(axis=1)}).reset_index()
    rows = counts.sort_values(["documents", "claims", "programme"], ascending=[False, False, True])["programme"].head(programmes)
    told = named.groupby("doc")["published"].first().reindex(matrix.columns)
    most = (matrix > 0).sum().sort_values(ascending=False, kind="stable").head(documents).index
    order = sorted(most, key=lambda doc: (str(told[doc]), doc))
    out = matrix.loc[rows.tolist(), order]
    out["documents"] = counts.set_index("programme")["documents"].reindex(out.index)
    out.columns.name = None
    return out


def pick_theme_year(counts: pd.DataFrame, *, years: int = 12) -> pd.DataFrame:
    """Return themes by years from pivots.by_theme_year: claims a cell; of more than twelve years the oldest are one.

    The index is `theme`; columns are years as text, the first "<=2012" where years were joined, the last "none" where
    claims have no date.
    """
    dated = counts.dropna(subset=["theme"])
    known = sorted(int(year) for year in dated["year"].dropna().unique())
    joined = known[-years] if len(known) > years else None
    names = {y: f"<={joined}" if joined and y <= joined else str(y) for y in known}
    year = dated["year"].map(lambda y: "none" if pd.isna(y) else names[int(y)])
    matrix = dated.assign(year=year).pivot_table(index="theme", columns="year", values="claims", aggfunc="sum", fill_value=0)
    order = [name for name in [*dict.fromkeys(names.values()), "none"] if name in matrix.columns]
    matrix = matrix[order].astype("int64")
    matrix.columns.name = None
    return matrix


def pick_shares(counts: pd.DataFrame, column: str, *, most: int = 6, documents: int = 12) -> pd.DataFrame:
    """Return the share of each value of `column` in each document: one row a pair, with `numerals`, `share`, `whole`.

    Beyond `most` the rarest values are joined as "other"; documents with the most numerals come first.
    """
    summed = counts.groupby(["doc", column])["numerals"].sum().reset_index()
    whole = summed.groupby("doc")["numerals"].sum()
    docs = sorted(whole.index, key=lambda doc: (-whole[doc], doc))[:documents]
    totals = summed.groupby(column)["numerals"].sum().drop("other", errors="ignore")
    common = totals.sort_values(ascending=False, kind="stable").index
    kept = summed[summed["doc"].isin(docs)].copy()
    kept[column] = kept[column].where(kept[column].isin(common[:most]), "other")
    kept = kept.groupby(["doc", column])["numerals"].sum().reset_index()
    kept["whole"] = kept["doc"].map(whole)
    kept["share"] = (100 * kept["numerals"] / kept["whole"]).round(4)
    return kept.assign(at=kept["doc"].map(docs.index)).sort_values(["at", column], ignore_index=True).drop(columns="at")


def pick_promises(promises: pd.DataFrame, *, most: int = 14) -> pd.DataFrame:
    """Return the promises to draw, of standing.promise_results or pivots.promises: one row a promise and result.

    Those with a result come first, then those whose date has passed without one, those still open, those without a date;
    `group` names these four. Where there are more than `most` each group keeps its first, the earliest due and then the
    greatest. Durations stay out: "for three years" is how long a promise runs, and stands beside what is promised.
    """
    kept = promises[promises["kind"] != "duration"].reindex(columns=[*dict.fromkeys([*promises.columns, *RESULT])])
    kept = kept.assign(group=kept["state"].where(~kept["state"].isin(["kept", "partly"]), "met"))
    kept = kept.assign(at=kept["group"].map(GROUPS.index))
    kept = kept.sort_values(["at", "due", "value", "claim_id"], ascending=[True, True, False, True], kind="stable")
    once = kept.drop_duplicates("claim_id")
    once = once.assign(turn=once.groupby("at").cumcount()).sort_values(["turn", "at"], kind="stable").head(most)
    return kept[kept["claim_id"].isin(once["claim_id"])].drop(columns="at").reset_index(drop=True)


def short_names(docs: Sequence[str], *, longest: int = 18) -> dict[str, str]:
    """Return a short name for each document that still tells it from the others: a beginning up to a mark, or a cut.

    >>> short_names(["2020_report_en", "2021_report_en"])
    {'2020_report_en': '2020', '2021_report_en': '2021'}
    """
    docs = sorted(set(docs))
    for marks in range(1, 4):
        names = ["_".join(doc.replace("-", "_").split("_")[:marks]) for doc in docs]
        if len(set(names)) == len(docs) and all(2 < len(name) <= longest for name in names):
            return dict(zip(docs, names, strict=True))
    cut = [doc if len(doc) <= longest else doc[: longest - 6] + "..." + doc[-3:] for doc in docs]
    if len(set(cut)) == len(docs):
        return dict(zip(docs, cut, strict=True))
    return {doc: f"{number}. {doc[: longest - 6]}" for number, doc in enumerate(docs, 1)}
