"""Figures of what is told twice: sums in two currencies, and figures with their equivalents, as ratios on a log axis.

    draw_conversions(claims, relations, labels=load_labels("en")).save(folder, "09-conversions-by-rate")

In      normalised claims, the relations of a run; the language as Labels.
Out     drawings.Chart, as in `charts`.
Never   raises for want of data, works out a rate, or says what an equivalent should be.
Needs   checks, conversions, drawings, labels, layouts, style; pandas.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from csrbook.checks import pick_conversions, pick_equivalents
from csrbook.conversions import RATE_OFF
from csrbook.drawings import Chart, finished, name_docs, nothing, open_chart, source_line
from csrbook.labels import Labels, load_labels
from csrbook.layouts import blunt, lay_log, lay_rows
from csrbook.style import CATEGORY, GRID, GROUND, INK, QUIET, RESULT, Page, house

__all__ = ["draw_conversions", "draw_equivalents"]

MOST = 14  # pairs in one chart
OFF = CATEGORY[5]
BELOW = 0.34  # of a row: where the second line at its right stands
BAND = 1 - float(RATE_OFF), 1 + float(RATE_OFF)
HOLLOW = {"facecolor": GROUND, "edgecolor": RESULT, "linewidth": 1.4, "gid": "figures"}
SOLID = {"color": RESULT, "linewidth": 0, "gid": "equivalents"}


def draw_conversions(claims: pd.DataFrame, relations: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw every sum that is printed in two currencies against the dated rate: printed in parts of due, on a log axis."""
    labels = labels or load_labels()
    every = pick_conversions(claims, relations)
    data = every.dropna(subset=["ratio"]).head(MOST)
    if data.empty:
        return nothing("conversions", data, labels)
    checked, failing = every["ratio"].notna().sum(), every[every["fits"].eq(False)]
    facts = {"all": int(checked), "failing": len(failing), "share": labels.amount(int(RATE_OFF * 100), "percent")}
    with house():
        page = open_chart("conversions", labels, height=0.34 * len(data) + 0.5, log=labels.text("word.log"), **facts)
        axes = page.axes
        lay_rows(axes, [_sum(row, labels) for row in data.itertuples()])
        lay_log(axes, min(data["ratio_low"].min(), 0.5), max(data["ratio_high"].max(), 2), unit="times", labels=labels)
        axes.set_xlabel(labels.text("chart.conversions.axis", log=labels.text("word.log")))
        axes.axvspan(*BAND, color=GRID, linewidth=0, zorder=0, gid="band")
        for at, row in enumerate(data.itertuples()):
            page.margin(axes, at, _off(row.ratio, labels), color=INK)
        unchecked = len(every) - checked
        more = [labels.text("chart.conversions.unchecked", n=int(unchecked))] if unchecked else []
        _close(page, data, labels, more + _hidden(checked - len(data), labels))
        _pairs_off(page, data, labels)
    worst = _worst(every.iloc[0], labels)
    return finished("conversions", page, data, labels, ids=_ids(data), worst=worst, **facts)


def _pairs_off(page: Page, data: pd.DataFrame, labels: Labels) -> None:
    """Draw a circle for each sum that fits, a cross with what it should be for each that does not."""
    axes, words = page.axes, [_due(row, labels) for row in data.itertuples()]
    page.widen([(row.ratio_high, said, False) for row, said in zip(data.itertuples(), words, strict=True) if said])
    for at, row in enumerate(data.itertuples()):
        axes.hlines(at, row.ratio_low, row.ratio_high, color=RESULT if row.fits else OFF, lw=1.6, zorder=2)
        page.mark(axes, row.ratio, at, claims=(row.of_id, row.claim_id), label=_sum(row, labels))
    for fits, look in ((True, {"marker": "o", "s": 36, "color": RESULT}), (False, {"marker": "X", "s": 52, "color": OFF})):
        part = data[data["fits"] == fits]
        axes.scatter(part["ratio"], part.index, zorder=3, linewidths=0, gid="fits" if fits else "fails", **look)
    for at, (row, said) in enumerate(zip(data.itertuples(), words, strict=True)):
        if said:
            page.label(row.ratio_high, at, said, level=True)


def _sum(row: Any, labels: Labels) -> str:
    """Return a sum and what it is printed as."""
    return labels.text("chart.conversions.row", first=_of(row, labels), second=_told(row, labels))


def _due(row: Any, labels: Labels) -> str:
    """Return what a sum that does not fit should be."""
    if row.fits:
        return ""
    return labels.text("chart.conversions.due", due=labels.amount(row.due, row.unit))


def _worst(row: Any, labels: Labels) -> str:
    if row.fits:
        return labels.text("chart.conversions.fitting", far=_off(row.ratio, labels))
    power = labels.text("chart.conversions.power") if row.power else ""
    facts = {"day": labels.date(row.rate_date), "due": labels.amount(row.due, row.unit), "power": power}
    return labels.text("chart.conversions.worst", first=_of(row, labels), second=_told(row, labels), **facts)


def _off(ratio: float, labels: Labels) -> str:
    """Return how far a ratio is from one in percent, with its sign; past twice as how many times."""
    if ratio > 2:
        return labels.amount(blunt(ratio), "times")
    percent = round((ratio - 1) * 100, 1)
    return ("+" if percent > 0 else "") + labels.amount(percent, "percent")


def draw_equivalents(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw each figure that is told as something else, and its equivalent: the length of a line is the ratio of the two."""
    labels = labels or load_labels()
    every = pick_equivalents(claims)
    data = every.head(MOST)
    if data.empty:
        return nothing("equivalents", data, labels)
    first = data.iloc[0]
    facts = {"first": _of(first, labels), "second": _told(first, labels), "ratio": _ratio(first.ratio, labels)}
    facts |= {"all": len(every), "units": _units(first, labels)} | _comparison(every, labels)
    with house():
        page = open_chart("equivalents", labels, height=0.5 * len(data) + 0.4, **facts)
        axes = page.axes
        names = name_docs(data["doc"], labels)
        lay_rows(axes, [f"{_what(row, labels)}\n{_units(row, labels)}\n{names[row.doc]}" for row in data.itertuples()])
        lay_log(axes, data[["x", "x_of"]].min(axis=None), data[["x", "x_of"]].max(axis=None), labels=labels)
        axes.set_xlabel(labels.text("chart.equivalents.axis", log=labels.text("word.log")))
        last = data.drop_duplicates("group", keep="last").index
        for at, row in enumerate(data.itertuples()):
            page.margin(axes, at, _ratio(row.ratio, labels), color=INK)
            if at in last and row.agree is not None:
                page.margin(axes, at + BELOW, _agreement(row, labels))
        for at in last[:-1]:
            axes.axhline(at + 0.5, color=QUIET, lw=0.8, linestyle=(0, (1, 3)), gid="break")
        _close(page, data, labels, _hidden(len(every) - len(data), labels))
        page.widen([end for row in data.itertuples() for end in _ends(row, labels)])
        for at, row in enumerate(data.itertuples()):
            _dumbbell(page, at, row, labels)
    return finished("equivalents", page, data, labels, ids=_ids(data), **facts)


def _comparison(data: pd.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what comparing the ratios of each kind gives: kinds told more than once, and the widest that do not agree."""
    first, kinds = data.iloc[0], data.drop_duplicates("group").dropna(subset=["apart"])
    finding = labels.text("chart.equivalents.pair", first=_of(first, labels), second=_told(first, labels))
    if kinds.empty:
        return {"several": 0, "finding": finding, "verdict": labels.text("chart.equivalents.alone")}
    unlike, most = kinds[~kinds["agree"].astype("bool")].sort_values("apart", ascending=False, kind="stable"), ""
    if len(unlike):
        widest = {"units": _units(unlike.iloc[0], labels), "apart": _apart(unlike.iloc[0], labels)}
        finding, most = (labels.text(f"chart.equivalents.{words}", **widest) for words in ("unlike", "most"))
    verdict = labels.text("chart.equivalents.compared", unlike=len(unlike), most=most)
    return {"several": len(kinds), "finding": finding, "verdict": verdict}


def _dumbbell(page: Page, at: int, row: Any, labels: Labels) -> None:
    axes = page.axes
    axes.hlines(at, *sorted((row.x_of, row.x)), color=RESULT, lw=1.3, zorder=2)
    axes.scatter([row.x_of], [at], s=38, zorder=3, **HOLLOW)
    axes.scatter([row.x], [at], s=38, zorder=3, **SOLID)
    page.mark(axes, row.x_of, at, claims=(row.of_id,), label=_of(row, labels))
    page.mark(axes, row.x, at, claims=(row.claim_id,), label=_told(row, labels))
    for x, words, leftward in _ends(row, labels):
        page.label(x, at, words, leftward=leftward, level=True)


def _ends(row: Any, labels: Labels) -> list[tuple[float, str, bool]]:
    """Return (x, words, leftward) of the two labels of a row, each on the side away from the other."""
    return [(row.x_of, _of(row, labels), row.x_of < row.x), (row.x, _told(row, labels), row.x <= row.x_of)]


def _ratio(ratio: float, labels: Labels) -> str:
    """Return "1,750 : 1", or "1 : 83" below one, with three digits."""
    return f"{labels.number(blunt(ratio, 3))} : 1" if ratio >= 1 else f"1 : {labels.number(blunt(1 / ratio, 3))}"


def _units(row: Any, labels: Labels) -> str:
    return f"{_unit(row.ratio_of, labels)} : {_unit(row.ratio_to, labels)}"


def _what(row: Any, labels: Labels) -> str:
    """Return what is measured: the indicator, else the theme."""
    return labels.name("indicator", row.indicator) if isinstance(row.indicator, str) else labels.name("theme", row.theme)


def _unit(unit: str, labels: Labels) -> str:
    return labels.name("currency", unit) if unit in labels.order("currency") else labels.noun(unit)


def _agreement(row: Any, labels: Labels) -> str:
    return labels.text("chart.equivalents.agree") if row.agree else labels.text("chart.equivalents.apart", ratio=_apart(row, labels))


def _apart(row: Any, labels: Labels) -> str:
    return labels.amount(blunt(row.apart), "times")


def _of(row: Any, labels: Labels) -> str:
    """Return the figure that is told again, with its hedge."""
    return _hedged(row.of_value, row.of_unit, row.of_qualifier, labels)


def _told(row: Any, labels: Labels) -> str:
    """Return what it is told as, with its hedge."""
    return _hedged(row.value, row.unit, row.qualifier, labels)


def _hedged(value: float, unit: str, qualifier: str, labels: Labels) -> str:
    return labels.stated(value, value, unit, qualifier if qualifier in labels.order("hedge") else "exact")


def _ids(data: pd.DataFrame) -> list[str]:
    """Return the claims of pairs in the order of the rows."""
    return [claim for pair in zip(data["of_id"], data["claim_id"], strict=True) for claim in pair]


def _close(page: Page, data: pd.DataFrame, labels: Labels, more: Sequence[str]) -> None:
    """Write the line of sources, both claims of a pair counted, and give the plot its room; labels come after."""
    page.note(source_line(data["doc"].unique().tolist(), len(set(_ids(data))), labels, more))
    page.fit()


def _hidden(count: int, labels: Labels) -> list[str]:
    return [labels.text("word.more", n=int(count))] if count else []
