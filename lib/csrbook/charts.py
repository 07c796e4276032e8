"""The figures: a table in, a Chart out, with its data, what it shows in words, and the claims behind it.

    draw_money(claims, labels=load_labels("en")).save(folder, "03-money-by-theme")

In      normalised claims (tables.normalise) or a table of pivots; the language as Labels.
Out     drawings.Chart, which `save` writes as svg, png, csv and a line of charts.json.
Never   raises for want of data (the figure then says that there is nothing to show), adds what must not be added, or
        knows a company.
Needs   columns, drawings, labels, picks, pivots, style; matplotlib, pandas.  Cells and bars are in `grids`.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from csrbook.columns import money_columns
from csrbook.drawings import Chart, close_chart, finished, measure, nothing, open_chart, short
from csrbook.labels import Labels, load_labels
from csrbook.picks import pick_disagreement, pick_money, pick_promises, pick_reach, pick_series, short_names
from csrbook.pivots import countable
from csrbook.style import PROMISE, QUIET, RESULT, Page, house, printable

__all__ = ["draw_disagreement", "draw_money", "draw_promises", "draw_reach", "draw_then_and_now"]

ROW = 0.34  # inches a row of a chart of rows
Bounds = tuple[str, str]  # the columns that hold them
BOUNDS: Bounds = ("low", "high")
ARROW = 13  # points: the side on which the wording sets no bound
UNDATED = 0.45  # years: room for promises without a date, at the right of the last


def draw_disagreement(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw the statements of one amount that documents give differently, at the dates they speak of."""
    labels = labels or load_labels()
    data = pick_disagreement(countable(claims)).dropna(subset=["dated"])
    if data.empty:
        return nothing("disagreement", data, labels)
    unit, what = data["unit"].iloc[0], measure(data.iloc[0], labels)
    with house():
        page = open_chart("disagreement", labels, height=2.9, what=what, interval=labels.text("word.interval"))
        axes, x = page.axes, mdates.date2num(pd.to_datetime(data["dated"]))
        least, most = data[["value", "low"]].min(axis=None), data[["value", "high"]].max(axis=None)
        floor = 0 if least < most * 0.4 else least - (most - least) * 0.35
        axes.set_ylim(floor, most + (most - floor) * 0.2)
        room = max((x.max() - x.min()) * 0.22, 60)
        axes.set_xlim(x.min() - room, x.max() + room)
        _by_date(axes)
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: labels.number(v)))
        axes.grid(axis="y")
        _above(axes, labels.join([labels.name("currency", unit), *([labels.text("word.not_zero")] if floor else [])]))
        close_chart(page, data, labels)
        for at, row in zip(x, data.itertuples(), strict=True):
            _interval(axes, at, row.value, row, upright=True)
            page.mark(axes, at, row.value)
        axes.scatter(x, data["value"], s=42, color=RESULT, zorder=3, linewidths=0, gid="results")
        names = short_names(claims["doc"])
        for (dated, value), told in data.groupby(["dated", "value"], sort=True):
            docs = labels.join([names[doc] for doc in sorted(set(told["doc"]))])
            hedges = told["qualifier"].unique()
            amount = labels.name("hedge", hedges[0] if len(hedges) == 1 else "exact").replace("{n}", labels.amount(value, unit))
            page.label(mdates.date2num(pd.Timestamp(dated)), value, f"{amount} \u00b7 {docs}")
    amounts = {"low": labels.amount(data["value"].min(), unit), "high": labels.amount(data["value"].max(), unit)}
    last = {"date": data["dated"].iloc[-1], "last": labels.amount(data["value"].iloc[-1], unit)}
    return finished("disagreement", page, data, labels, what=what, **amounts, **last)


def draw_then_and_now(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw the first and the latest figure of each measure that is told over three years or more, on a log axis."""
    labels = labels or load_labels()
    data = pick_series(countable(claims))
    if data.empty:
        return nothing("then_and_now", data, labels)
    groups = [group for _, group in data.groupby("series", sort=True)]
    with house():
        page = open_chart("then_and_now", labels, height=0.5 * len(groups) + 0.4)
        axes = page.axes
        _rows(axes, _apart([group.iloc[0] for group in groups], labels))
        _log(axes, data["value_si"].min(), data["value_si"].max(), labels)
        axes.set_xlabel(labels.text("chart.then_and_now.axis", log=labels.text("word.log")))
        for at, group in enumerate(groups):
            page.margin(axes, at, labels.amount(_blunt(group["ratio"].iloc[0]), "times"), color="black")
        close_chart(page, data, labels)
        page.widen([end for group in groups for end in _ends(group, labels)])
        for at, group in enumerate(groups):
            _dumbbell(page, at, group, labels)
    top = [_told(end, labels) for _, end in groups[0].groupby("end", sort=True)]
    years = groups[0]["year"].min(), groups[0]["year"].max()
    facts = {"first": top[0], "last": top[1], "year1": str(years[0]), "year2": str(years[1]), "n": len(groups)}
    ratio = labels.amount(_blunt(groups[0]["ratio"].iloc[0]), "times")
    return finished("then_and_now", page, data, labels, what=measure(groups[0].iloc[0], labels), ratio=ratio, **facts)


def draw_money(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw every amount of money by theme, done and promised apart, in the currency of the table, on a log axis."""
    labels = labels or load_labels()
    code = claims["currency"].iloc[0] if len(claims) else "USD"
    value, low, high = money_columns(code)
    kept = countable(claims)
    data = pick_money(kept, value) if len(kept) else kept
    if data.empty:
        return nothing("money", data, labels)
    themes = [theme for theme in labels.order("theme") if theme in set(data["theme"])]
    themes += sorted(set(data["theme"].dropna()) - set(themes)) + ([None] if data["theme"].isna().any() else [])
    with house():
        page = open_chart("money", labels, height=0.42 * len(themes) + 0.5, interval=labels.text("word.interval"))
        axes = page.axes
        _rows(axes, [labels.name("theme", theme) for theme in themes])
        _log(axes, data[value].min(), data[value].max(), labels)
        axes.set_xlabel(labels.text("chart.money.axis", currency=labels.name("currency", code), log=labels.text("word.log")))
        _key(axes, labels)
        missing = int(((kept["kind"] == "money") & kept[value].isna()).sum())
        more = [labels.text("note.left_out", n=missing, why=labels.text("note.no_rate"))] if missing else []
        close_chart(page, data, labels, more + _hidden((kept[value] > 0).sum() - len(data), labels))
        shown = data.rename(columns={value: "x", low: "x_low", high: "x_high"})
        _marks(page, shown, [_is(data["theme"], theme) for theme in themes])
        tops = [data[_is(data["theme"], theme)].sort_values(value).iloc[-1] for theme in themes]
        _name_tops(page, [(top[value], labels.amount(top[value], code) + _by(top), top["target"]) for top in tops])
    top, least = data.loc[data[value].idxmax()], data[value].min()
    facts = {"themes": len(themes), "promises": int(data["target"].sum()), "theme": labels.name("theme", top["theme"])}
    return finished("money", page, data, labels, high=labels.amount(top[value], code), low=labels.amount(least, code), **facts)


def draw_reach(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw who and what was reached: a row a unit, a mark a statement, on a log axis."""
    labels = labels or load_labels()
    kept = countable(claims)
    data = pick_reach(kept, labels.beneficiaries)
    if data.empty:
        return nothing("reach", data, labels)
    units = data["unit"].drop_duplicates().tolist()
    with house():
        page = open_chart("reach", labels, height=ROW * len(units) + 0.5, interval=labels.text("word.interval"))
        axes = page.axes
        _rows(axes, [labels.noun(unit) for unit in units])
        _log(axes, data["value"].min(), data["value"].max(), labels)
        axes.set_xlabel(labels.text("chart.reach.axis", log=labels.text("word.log")))
        _key(axes, labels)
        every = kept["unit"].isin(units) & (kept["kind"] == "count") & (kept["value"] > 0)
        close_chart(page, data, labels, _hidden(every.sum() - len(data), labels))
        shown = data.assign(x=data["value"], x_low=data["low"], x_high=data["high"])
        _marks(page, shown, [data["unit"] == unit for unit in units])
        tops = [data[data["unit"] == unit].iloc[0] for unit in units]
        _name_tops(page, [(top["value"], labels.number(top["value"]) + _by(top), top["target"]) for top in tops])
    ratios = data.groupby("unit")["value"].agg(lambda v: v.max() / v.min()).median()
    facts = {"high": labels.number(data["value"].iloc[0]), "who": measure(data.iloc[0], labels)}
    return finished("reach", page, data, labels, n=len(units), ratio=labels.amount(ratios, "times"), **facts)


def draw_promises(promises: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw promises (pivots.promises) from the document that made them to the date they are due, undated ones to the right."""
    labels = labels or load_labels()
    data = pick_promises(promises)
    if data.empty:
        return nothing("promises", data, labels)
    due, made = _when(data["due"]), _when(data["published"])
    known = pd.concat([due, made]).dropna()
    first, last = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    edge = last + max(UNDATED, (last - first) * 0.12)
    with house():
        page = open_chart("promises", labels, height=ROW * len(data) + 0.5)
        axes = page.axes
        _rows(axes, [labels.amount(row.value, row.unit) for row in data.itertuples()])
        axes.set_xlim(first - (last - first + 1) * 0.04, edge + (last - first + 1) * 0.03)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}" if year <= last + 0.6 else ""))
        for at, row in enumerate(data.itertuples()):
            page.margin(axes, at, short(row.programme if isinstance(row.programme, str) else row.actor), color="black")
        _terms(axes, made, due, edge=edge, labels=labels)
        judged = _when(promises["as_of"]).iloc[0]
        if judged == judged:
            axes.axvline(judged, color=QUIET, lw=0.9, linestyle=(0, (4, 2)), zorder=1, label=labels.text("chart.promises.judged"))
        _legend(axes)
        close_chart(page, data, labels, _hidden(len(promises) - len(data), labels))
    dated, passed = promises["due"].dropna(), int((promises["state"] == "due").sum())
    facts = {"all": len(promises), "dated": len(dated), "passed": passed, "day": str(promises["as_of"].iloc[0])}
    latest = dated.max() if len(dated) else labels.text("word.undated")
    return finished("promises", page, data, labels, last=latest, **facts)


def _terms(axes: Axes, made: pd.Series, due: pd.Series, *, edge: float, labels: Labels) -> None:
    """Draw each promise from the day it was stated to the day it is due; without one a dotted line to the edge."""
    rows, open_ended = range(len(due)), due.isna()
    end, hollow = due.fillna(edge), {"facecolor": "white", "zorder": 3}
    dashes = [(0, (1, 3)) if undated else (0, ()) for undated in open_ended]
    axes.hlines(rows, made.fillna(end), end, color=PROMISE, lw=1.1, linestyle=dashes, zorder=2)
    axes.scatter(made, rows, marker="|", s=60, color=PROMISE, zorder=3, label=labels.text("chart.promises.made"))
    axes.scatter(due, rows, marker="D", s=30, edgecolor=PROMISE, label=labels.text("chart.promises.due"), gid="due", **hollow)
    if open_ended.any():
        words = labels.text("word.undated")
        axes.scatter(end[open_ended], due.index[open_ended], marker=">", s=22, edgecolor=QUIET, label=words, **hollow)


def _above(axes: Axes, words: str) -> None:
    """Write the unit of a vertical axis above it, where it can be read without turning the head."""
    axes.set_title(printable(words), loc="left", fontsize=7.8, color=QUIET, pad=7)


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [short(name, 34) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y")


def _log(axes: Axes, least: float, most: float, labels: Labels) -> None:
    """Set a logarithmic axis around the data, with a tick at each power of ten (at every second or third of many)."""
    axes.set_xscale("log")
    axes.set_xlim(least / 2, most * 2)
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    axes.xaxis.set_major_locator(FixedLocator([10.0**power for power in range(first, last + 1, 1 + (last - first) // 7)]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: labels.number(v)))


def _by_date(axes: Axes) -> None:
    """Ticks as figures (2020-04): month names would have a language."""
    first, last = axes.get_xlim()
    axes.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=7))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y" if last - first > 1800 else "%Y-%m"))


def _interval(
    axes: Axes, x: float, y: float, row: Any, *, upright: bool = False, color: str = RESULT, names: Bounds = BOUNDS
) -> None:
    """Draw what the wording allows: a line between both bounds, a short arrow on the side that has none."""
    low, high = (getattr(row, name) for name in names)
    here = y if upright else x
    ends = (low if low == low else here, high if high == high else here)
    if ends[0] != ends[1]:
        (axes.vlines if upright else axes.hlines)(x if upright else y, *ends, color=color, lw=1.6, alpha=0.55, zorder=2)
    for side in _open_sides(row, names):
        shift = (0, ARROW * side) if upright else (ARROW * side, 0)
        arrow = {"arrowstyle": "<|-", "color": color, "lw": 1, "alpha": 0.7, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 6}
        axes.annotate("", xy=(x, y), xytext=shift, textcoords="offset points", arrowprops=arrow)


def _open_sides(row: Any, names: Bounds) -> list[int]:
    """Return -1 where the wording gives no lower bound, 1 where no upper; nothing where it gives neither."""
    low, high = (getattr(row, name) for name in names)
    return [side for side, bound, other in ((-1, low, high), (1, high, low)) if bound != bound and other == other]


def _marks(page: Page, data: pd.DataFrame, rows: Sequence[pd.Series]) -> None:
    """Draw results as filled circles and promises as hollow diamonds a little lower in the row, each with its interval."""
    for at, chosen in enumerate(rows):
        for row in data[chosen].itertuples():
            y = at + 0.13 * row.target
            _interval(page.axes, row.x, y, row, color=PROMISE if row.target else RESULT, names=("x_low", "x_high"))
            page.mark(page.axes, row.x, y, arrow=ARROW * sum(_open_sides(row, ("x_low", "x_high"))))
        for promised in (False, True):
            part = data[chosen & (data["target"] == promised)]
            page.axes.scatter(part["x"], [at + 0.13 * promised] * len(part), zorder=3, **_look(promised))


def _name_tops(page: Page, tops: Sequence[tuple[float, str, bool]]) -> None:
    """Write the words of the greatest mark of each row to its right, with room made for them first."""
    page.widen([(x, words, False) for x, words, _ in tops])
    for at, (x, words, promised) in enumerate(tops):
        page.label(x, at + 0.13 * promised, words, level=True)


def _look(promised: bool) -> dict[str, Any]:
    hollow = {"marker": "D", "s": 30, "facecolor": "white", "edgecolor": PROMISE, "linewidth": 1.3, "gid": "promises"}
    return hollow if promised else {"marker": "o", "s": 36, "color": RESULT, "alpha": 0.75, "linewidth": 0, "gid": "results"}


def _key(axes: Axes, labels: Labels) -> None:
    for promised, word in ((False, "word.result"), (True, "word.promise")):
        axes.scatter([], [], label=labels.text(word), **(_look(promised) | {"gid": "key"}))
    _legend(axes)


def _legend(axes: Axes) -> None:
    close = {"borderaxespad": 0.1, "handletextpad": 0.2, "borderpad": 0}
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, fontsize=8, **close)


def _dumbbell(page: Page, at: int, group: pd.DataFrame, labels: Labels) -> None:
    axes, old, new = page.axes, group[group["end"] == "first"], group[group["end"] == "latest"]
    axes.hlines(at, old["value_si"].min(), new["value_si"].max(), color=RESULT, lw=1.4, alpha=0.45, zorder=2)
    hollow = {"facecolor": "white", "edgecolor": RESULT, "linewidth": 1.4}
    axes.scatter(old["value_si"], [at] * len(old), s=38, zorder=3, gid="first", **hollow)
    axes.scatter(new["value_si"], [at] * len(new), s=38, color=RESULT, linewidth=0, zorder=3, gid="latest")
    for value in group["value_si"]:
        page.mark(axes, value, at)
    for x, words, leftward in _ends(group, labels):
        page.label(x, at, words, leftward=leftward, level=True)


def _ends(group: pd.DataFrame, labels: Labels) -> list[tuple[float, str, bool]]:
    """Return (x, words, leftward) of the two labels of a series: each on the side away from the other."""
    old, new = group[group["end"] == "first"], group[group["end"] == "latest"]
    grew = new["value_si"].max() >= old["value_si"].min()
    words = [f"{_told(end, labels)} ({end['year'].iloc[0]})" for end in (old, new)]
    ends = ("min", "max") if grew else ("max", "min")
    return [(old["value_si"].agg(ends[0]), words[0], grew), (new["value_si"].agg(ends[1]), words[1], not grew)]


def _apart(rows: Sequence[Any], labels: Labels) -> list[str]:
    """Return the name of each row; where two read the same, with the noun that tells them apart."""
    names = [measure(row, labels) for row in rows]
    nouns = [labels.noun(row["unit"]) for row in rows]
    return [f"{name}: {noun}" if names.count(name) > 1 else name for name, noun in zip(names, nouns, strict=True)]


def _blunt(ratio: float) -> float:
    """Return a ratio with two digits: the figures that it is made of have no more."""
    return float(f"{ratio:.2g}")


def _told(end: pd.DataFrame, labels: Labels) -> str:
    row = end.iloc[0]
    unit = row["unit_si"] if row["kind"] == "money" else None
    return labels.span(*(labels.amount(v, unit) for v in (end["value_si"].min(), end["value_si"].max())))


def _hidden(count: int, labels: Labels) -> list[str]:
    return [labels.text("word.more", n=int(count))] if count else []


def _is(values: pd.Series, code: str | None) -> pd.Series:
    return values.isna() if code is None else values == code


def _by(row: Any) -> str:
    who = row["programme"] if isinstance(row["programme"], str) else row["actor"]
    return f" \u00b7 {short(who, 26)}" if isinstance(who, str) else ""


def _when(days: pd.Series) -> pd.Series:
    """Return ISO days as years with a fraction, NaN where there is none."""
    dates = pd.to_datetime(days, errors="coerce", format="ISO8601")
    return dates.dt.year + (dates.dt.day_of_year - 1) / 366
