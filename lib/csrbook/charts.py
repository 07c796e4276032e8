"""The figures of amounts: a table in, a Chart out, with its data, what it shows in words, and the claims behind it.

    draw_money(claims, labels=load_labels("en")).save(folder, "03-money-by-theme")

In      normalised claims (tables.normalise); the language as Labels.
Out     drawings.Chart, which `save` writes as svg, png, csv and an entry of charts.json.
Never   raises for want of data (the figure then says that there is nothing to show), adds what must not be added, or
        knows a company.
Needs   columns, drawings, labels, lanes, layouts, picks, pivots, promised, style; matplotlib, pandas.  Cells and bars are in `grids`.
"""

from typing import Any

import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from csrbook.columns import money_columns
from csrbook.drawings import Chart, called, close_chart, finished, measure, name_docs, name_of, nothing, open_chart, tell_mark
from csrbook.labels import Labels, load_labels
from csrbook.lanes import ARROW, draw_interval, draw_lane, key, name_tops, open_sides, top_of
from csrbook.layouts import lay_log, lay_rows
from csrbook.picks import pick_disagreement, pick_money, pick_reach, pick_series
from csrbook.pivots import countable
from csrbook.promised import draw_promises
from csrbook.style import GRID, GROUND, INK, QUIET, RESULT, SIZES, Page, house, printable

__all__ = ["draw_disagreement", "draw_money", "draw_promises", "draw_reach", "draw_then_and_now"]

LANE = 0.3  # inches a row of marks


def draw_disagreement(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw the statements of one amount that documents give differently, at the dates they speak of."""
    labels = labels or load_labels()
    data = pick_disagreement(countable(claims)).dropna(subset=["dated"])
    if data.empty:
        return nothing("disagreement", data, labels)
    unit, latest = data["unit"].iloc[0], data.iloc[-1]
    facts = {"what": measure(data.iloc[0], labels), "documents": data["doc"].nunique()}
    facts |= {"range": labels.stated(data["value"].min(), data["value"].max(), unit)}
    with house():
        page = open_chart("disagreement", labels, height=2.9, interval=labels.text("word.interval"), **facts)
        axes, x = page.axes, mdates.date2num(pd.to_datetime(data["dated"]))
        floor = _set_amounts(axes, data[["value", "low"]].min(axis=None), data[["value", "high"]].max(axis=None), labels)
        axes.set_xlim(x.min() - max((x.max() - x.min()) * 0.1, 45), x.max() + max((x.max() - x.min()) * 0.42, 150))
        _by_date(axes, labels)
        _above(axes, labels.text("brief.between").join([labels.name("currency", unit), *([labels.text("word.not_zero")] if floor else [])]))
        close_chart(page, data, labels)
        for at, (_, row) in zip(x, data.iterrows(), strict=True):
            draw_interval(axes, at, row["value"], (row["low"], row["high"]), upright=True)
            page.mark(axes, at, row["value"], claims=[row["claim_id"]], label=tell_mark(row, labels, called(row["doc"], labels)))
        axes.scatter(x, data["value"], s=44, facecolor=RESULT, edgecolor=GROUND, linewidths=0.5, zorder=3, gid="results")
        _name_statements(page, data, name_docs(claims["doc"], labels), labels)
    last = {"date": labels.date(latest["dated"]), "last": labels.amount(latest["value"], unit)}
    return finished("disagreement", page, data, labels, **facts, **last)


def _name_statements(page: Page, data: pd.DataFrame, names: dict[str, str], labels: Labels) -> None:
    """Write amount and documents beside each mark, once where several stand at the same place."""
    for (dated, value), told in data.groupby(["dated", "value"], sort=True):
        docs = labels.text("brief.between").join(names[doc] for doc in sorted(set(told["doc"])))
        hedges = told["qualifier"].unique()
        hedge = hedges[0] if len(hedges) == 1 else "exact"
        amount = labels.stated(value, value, told["unit"].iloc[0], hedge)
        page.label(mdates.date2num(pd.Timestamp(dated)), value, f"{amount} \u00b7 {docs}", amount)


def draw_then_and_now(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw the first and the latest figure of each measure that is told over three years or more, on a log axis."""
    labels = labels or load_labels()
    data = pick_series(countable(claims))
    if data.empty:
        return nothing("then_and_now", data, labels)
    factor = data["value_si"] / data["value"]
    data = data.assign(x=data["value_si"], x_low=data["low"] * factor, x_high=data["high"] * factor)
    groups = [group for _, group in data.groupby("series", sort=True)]
    steepest = groups[0]
    first, last = (_told(end, labels) for _, end in steepest.groupby("end", sort=True))
    facts = {"what": measure(steepest.iloc[0], labels), "ratio": _times(steepest, labels), "first": first, "last": last}
    facts |= {"n": len(groups), "year1": str(steepest["year"].min()), "year2": str(steepest["year"].max())}
    with house():
        interval = labels.text("word.interval")
        page = open_chart("then_and_now", labels, height=0.46 * len(groups) + 0.4, interval=interval, **facts)
        lay_rows(page.axes, _apart([group.iloc[0] for group in groups], labels))
        lay_log(page.axes, data["x"].min(), data["x"].max(), labels=labels)
        page.axes.set_xlabel(labels.text("chart.then_and_now.axis", log=labels.text("word.log")))
        for at, group in enumerate(groups):
            page.margin(page.axes, at, _times(group, labels), color=INK)
        close_chart(page, data, labels)
        page.widen([end for group in groups for end in _ends(group, labels)])
        for at, group in enumerate(groups):
            _dumbbell(page, at, group, labels)
    return finished("then_and_now", page, data.drop(columns=["x", "x_low", "x_high"]), labels, **facts)


def draw_money(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw every amount of money by theme and kind of giving, done and promised apart, in the currency of the table, on a log axis."""
    labels = labels or load_labels()
    code = claims["currency"].iloc[0] if len(claims) else "USD"
    value, low, high = money_columns(code)
    kept = countable(claims)
    data = pick_money(kept, value, labels.table["giving_of"]) if len(kept) else kept
    if data.empty:
        return nothing("money", data, labels)
    shown = data.rename(columns={value: "x", low: "x_low", high: "x_high"})
    lanes = _lanes(shown, labels)
    top, counts = shown.loc[shown["x"].idxmax()], data["giving"].value_counts()
    facts = {"theme": labels.name("theme", top["theme"]), "kind": labels.name("giving", top["giving"])}
    facts |= {"high": labels.amount(top["x"], code)}
    with house():
        page = open_chart("money", labels, height=LANE * len(lanes) + 0.5, interval=labels.text("word.interval"), **facts)
        lay_rows(page.axes, [labels.name("giving", giving) for _, giving, _ in lanes])
        lay_log(page.axes, shown["x"].min(), shown["x"].max(), labels=labels)
        page.axes.set_xlabel(labels.text("chart.money.axis", currency=labels.name("currency", code), log=labels.text("word.log")))
        key(page.axes, labels)
        _name_blocks(page, [labels.name("theme", theme) for theme, _, _ in lanes])
        close_chart(page, data, labels, _left_out(kept[kept["kind"] == "money"], data, value, labels))
        for at, (_, _, lane) in enumerate(lanes):
            draw_lane(page, at, lane, labels)
        tops = [top_of(lane, at, labels.number(lane["x"].max()), labels) for at, (_, _, lane) in enumerate(lanes)]
        name_tops(page, tops)
    kinds = [f"{labels.name('giving', kind)} {labels.number(counts[kind])}" for kind in labels.order("giving") if kind in counts]
    facts |= {"themes": data["theme"].nunique(dropna=False), "promises": int(data["target"].sum()), "kinds": labels.join(kinds)}
    return finished("money", page, data, labels, **facts)


def _lanes(data: pd.DataFrame, labels: Labels) -> list[tuple[str | None, str, pd.DataFrame]]:
    """Return (theme, kind of giving, its amounts), themes and kinds in the order that every figure keeps."""
    themes = [theme for theme in labels.order("theme") if theme in set(data["theme"])]
    themes += sorted(set(data["theme"].dropna()) - set(themes)) + ([None] if data["theme"].isna().any() else [])
    found = []
    for theme in themes:
        told = data[data["theme"].isna() if theme is None else data["theme"] == theme]
        found += [(theme, kind, told[told["giving"] == kind]) for kind in labels.order("giving") if kind in set(told["giving"])]
    return found


def _left_out(money: pd.DataFrame, data: pd.DataFrame, value: str, labels: Labels) -> list[str]:
    rates = int(money["per"].notna().sum())
    missing = int((money[value].isna() & money["per"].isna()).sum())
    notes = [(missing, "note.no_rate"), (rates, "note.per_time")]
    words = [labels.text("note.left_out", n=n, why=labels.text(why)) for n, why in notes if n]
    return words + _hidden(((money[value] > 0) & money["per"].isna()).sum() - len(data), labels)


def _name_blocks(page: Page, names: list[str]) -> None:
    """Write the name of each block of rows left of the names of its rows, and a line between blocks."""
    axes = page.axes
    wide = max(tick.get_window_extent().width for tick in axes.get_yticklabels()) * 72 / page.figure.dpi
    for at, name in enumerate(names):
        if not at or names[at - 1] != name:
            axes.annotate(
                printable(name), (0, at), xycoords=("axes fraction", "data"), xytext=(-wide - 16, 0), textcoords="offset points",
                ha="right", va="center", color=INK, fontsize=SIZES["label"], annotation_clip=False, gid="block",
            )  # fmt: skip
        if at and names[at - 1] != name:
            axes.axhline(at - 0.5, color=QUIET, lw=0.5, zorder=1)
    axes.tick_params(axis="y", labelcolor=QUIET)
    axes.grid(axis="y", color=GRID, linewidth=0.5)


def draw_reach(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw who and what was reached: a row a unit, a mark a statement, on a log axis."""
    labels = labels or load_labels()
    kept = countable(claims)
    data = pick_reach(kept, labels.beneficiaries)
    if data.empty:
        return nothing("reach", data, labels)
    shown = data.assign(x=data["value"], x_low=data["low"], x_high=data["high"])
    rows, top = [row for _, row in shown.groupby("row", sort=True)], data.iloc[0]
    by = name_of(top, labels, 60)
    facts = {"high": labels.amount(top["value"], top["unit"]), "by": labels.text("brief.doc", doc=by) if by else ""}
    with house():
        page = open_chart("reach", labels, height=0.34 * len(rows) + 0.5, interval=labels.text("word.interval"), **facts)
        lay_rows(page.axes, [labels.noun(row["unit"].iloc[0]) for row in rows])
        lay_log(page.axes, data["value"].min(), data["value"].max(), labels=labels)
        page.axes.set_xlabel(labels.text("chart.reach.axis", log=labels.text("word.log")))
        key(page.axes, labels)
        units = kept["unit"].isin(data["unit"].unique()) & (kept["kind"] == "count") & (kept["value"] > 0)
        rates = int((units & kept["per"].notna()).sum())
        more = [labels.text("note.left_out", n=rates, why=labels.text("note.per_time"))] if rates else []
        close_chart(page, data, labels, more + _hidden(units.sum() - rates - len(data), labels))
        for at, row in enumerate(rows):
            draw_lane(page, at, row, labels)
        name_tops(page, [top_of(row, at, labels.number(row["x"].max()), labels) for at, row in enumerate(rows)])
    promised = sum(bool(row["target"].iloc[0]) for row in rows)
    return finished("reach", page, data, labels, n=len(rows), promised=promised, **facts)


def _set_amounts(axes: Axes, least: float, most: float, labels: Labels) -> float:
    """Set the vertical axis around amounts, from zero where they are far apart; return where it starts."""
    floor = 0 if least < most * 0.4 else least - (most - least) * 0.35
    axes.set_ylim(floor, most + (most - floor) * 0.2)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.number(value)))
    axes.grid(axis="y")
    return floor


def _above(axes: Axes, words: str) -> None:
    """Write the unit of a vertical axis above it, where it can be read without turning the head."""
    axes.set_title(printable(words), loc="left", fontsize=8.2, color=QUIET, pad=7)


def _by_date(axes: Axes, labels: Labels) -> None:
    """Ticks as the language writes a month, or a year where they are years apart."""
    first, last = axes.get_xlim()
    pattern = "%Y" if last - first > 1800 else "%Y-%m"
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: _month(mdates.num2date(day).strftime(pattern), labels)))


def _month(told: str, labels: Labels) -> str:
    return labels.date(told) if "-" in told else labels.text("word.year", y=told)


def _dumbbell(page: Page, at: int, group: pd.DataFrame, labels: Labels) -> None:
    axes, old, new = page.axes, group[group["end"] == "first"], group[group["end"] == "latest"]
    axes.hlines(at, old["x"].min(), new["x"].max(), color=QUIET, lw=1, zorder=1.9, gid="span")
    for _, row in group.iterrows():
        bounds = row["x_low"], row["x_high"]
        draw_interval(axes, row["x"], at, bounds)
        told = tell_mark(row, labels, labels.text("word.year", y=str(row["year"])), called(row["doc"], labels))
        page.mark(axes, row["x"], at, arrow=ARROW * sum(open_sides(*bounds)), claims=[row["claim_id"]], label=told)
    axes.scatter(old["x"], [at] * len(old), s=38, zorder=3, facecolor=GROUND, edgecolor=RESULT, linewidth=1.4, gid="first")
    axes.scatter(new["x"], [at] * len(new), s=40, zorder=3, facecolor=RESULT, edgecolor=GROUND, linewidth=0.5, gid="latest")
    for x, words, leftward in _ends(group, labels):
        page.label(x, at, words, leftward=leftward, level=True)


def _ends(group: pd.DataFrame, labels: Labels) -> list[tuple[float, str, bool]]:
    """Return (x, words, leftward) of the two labels of a series: each on the side away from the other."""
    old, new = group[group["end"] == "first"], group[group["end"] == "latest"]
    grew = new["x"].max() >= old["x"].min()
    years = [labels.text("word.year", y=str(end["year"].iloc[0])) for end in (old, new)]
    told = zip((_told(end, labels) for end in (old, new)), years, strict=True)
    words = [labels.text("chart.then_and_now.end", amount=amount, year=year) for amount, year in told]
    ends = ("min", "max") if grew else ("max", "min")
    return [(old["x"].agg(ends[0]), words[0], grew), (new["x"].agg(ends[1]), words[1], not grew)]


def _apart(rows: list[Any], labels: Labels) -> list[str]:
    """Return the name of each row; where two read the same, with the noun, or else the programme, that tells them apart."""
    names = [measure(row, labels) for row in rows]
    nouns = [labels.noun(row["unit"]) for row in rows]
    more = [name_of(row, labels) if noun == name else noun for row, name, noun in zip(rows, names, nouns, strict=True)]
    return [f"{name}: {told}" if told and names.count(name) > 1 else name for name, told in zip(names, more, strict=True)]


def _times(group: pd.DataFrame, labels: Labels) -> str:
    """Return how many times as much, with two digits: the figures that it is made of have no more."""
    return labels.amount(float(f"{group['ratio'].iloc[0]:.2g}"), "times")


def _told(end: pd.DataFrame, labels: Labels) -> str:
    row = end.iloc[0]
    unit = row["unit_si"] if row["kind"] == "money" else None
    return labels.span(*(labels.amount(v, unit) for v in (end["value_si"].min(), end["value_si"].max())))


def _hidden(count: int, labels: Labels) -> list[str]:
    return [labels.text("word.more", n=int(count))] if count else []
