"""The figure of promises: what was promised, by when, and what these documents say came of it.

    draw_promises(results, labels=load_labels("en")).save(folder, "07-promises-and-results")

In      standing.promise_results, or pivots.promises where results are not known; the language as Labels.
Out     drawings.Chart.
Never   says that a promise was broken: only that these documents tell of no result.
Needs   drawings, labels, lanes, layouts, picks, style, tables; matplotlib, pandas.  Used by charts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from csrbook.drawings import Chart, amount_of, called, close_chart, finished, name_of, nothing, open_chart, short, tell_mark
from csrbook.labels import Labels, load_labels
from csrbook.lanes import HOLLOW, legend
from csrbook.layouts import lay_rows
from csrbook.picks import GROUPS, pick_promises
from csrbook.style import GROUND, INK, PLATE, PROMISE, QUIET, RESULT, SIZES, Page, house, printable
from csrbook.tables import last_day

__all__ = ["draw_promises"]

ROW = 0.3  # inches
STUB = 0.09  # of the width: the line of a promise that has no date


def draw_promises(promises: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw promises from the document that made them to the date they are due, with what came of them, grouped by that."""
    labels = labels or load_labels()
    data = pick_promises(promises)
    if data.empty:
        return nothing("promises", data, labels)
    facts = _facts(promises, labels)
    rows = _rows(data)
    with house():
        page = open_chart("promises", labels, height=ROW * len(rows) + 0.5, **facts)
        named = {at: amount_of(told.iloc[0], labels) for at, (_, told) in enumerate(rows) if told is not None}
        lay_rows(page.axes, [named.get(at, "") for at in range(len(rows))])
        page.axes.set_yticks(list(named), [short(name, 36) for name in named.values()])  # no line runs through a heading
        _set_time(page.axes, data, labels)
        for at, (group, told) in enumerate(rows):
            if told is None:
                _head(page.axes, at, _state(group, promises["as_of"].iloc[0], labels), first=not at)
            else:
                page.margin(page.axes, at, name_of(told.iloc[0], labels), color=INK)
        _judge(page.axes, data, labels)
        _key(page.axes, set(data["group"]), labels)
        spans = promises.loc[promises["kind"] == "duration", "claim_id"].nunique()
        more = [labels.text("note.left_out", n=spans, why=labels.name("kind", "duration"))] if spans else []
        hidden = promises["claim_id"].nunique() - spans - data["claim_id"].nunique()
        close_chart(page, data, labels, more + ([labels.text("word.more", n=hidden)] if hidden else []))
        for at, (_, told) in enumerate(rows):
            if told is not None:
                _draw(page, at, told, labels)
    ids = [*data["claim_id"], *data["result_id"].dropna()]
    return finished("promises", page, data.drop(columns=["group"]), labels, ids=ids, **facts)


def _facts(promises: pd.DataFrame, labels: Labels) -> dict[str, Any]:
    """Count promises by what came of them, each once, durations not; the day of judgement as the language writes it."""
    counted = promises[promises["kind"] != "duration"].drop_duplicates("claim_id")
    states = counted["state"].value_counts()
    facts = {"all": len(counted), "met": int(states.get("kept", 0) + states.get("partly", 0))}
    facts |= {"passed": int(states.get("due", 0)), "open": int(states.get("open", 0)), "undated": int(states.get("undated", 0))}
    return facts | {"day": labels.date(promises["as_of"].iloc[0]) or labels.text("word.undated")}


def _state(group: str, day: Any, labels: Labels) -> str:
    """Return what came of a promise in words, with the day on which that was judged where it is known."""
    told = labels.date(day)
    return labels.text(f"promise.{group}", day=told) if told or group != "open" else labels.text("promise.open_any")


def _rows(data: pd.DataFrame) -> list[tuple[str, pd.DataFrame | None]]:
    """Return the rows from top to bottom: before each group its heading, which has no table, then a table a promise."""
    rows: list[tuple[str, pd.DataFrame | None]] = []
    for group in GROUPS:
        told = data[data["group"] == group]
        if len(told):
            rows += [(group, None), *((group, one) for _, one in told.groupby("claim_id", sort=False))]
    return rows


def _set_time(axes: Axes, data: pd.DataFrame, labels: Labels) -> None:
    """Set the axis of years around every day that is drawn."""
    days = [day for name in ("published", "due", "result_when", "as_of") for day in data[name].map(_year).dropna()]
    first, last = (min(days), max(days)) if days else (0.0, 1.0)
    room = max(last - first, 0.6)
    axes.set_xlim(first - room * 0.05, last + room * 0.12)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: labels.text("word.year", y=f"{year:.0f}") if days else ""))


def _head(axes: Axes, at: int, words: str, *, first: bool) -> None:
    """Write the heading of a group over its rows."""
    if not first:
        axes.axhline(at - 0.5, color=QUIET, lw=0.5, zorder=1)
    axes.text(
        0, at + 0.06, printable(words), transform=axes.get_yaxis_transform(), ha="left", va="center", color=QUIET, fontsize=SIZES["label"],
        fontstyle="normal", bbox=PLATE, zorder=4, gid="head",
    )  # fmt: skip


def _judge(axes: Axes, data: pd.DataFrame, labels: Labels) -> None:
    """Draw the day on which the state of promises was judged."""
    judged = _year(data["as_of"].iloc[0])
    if judged is not None:
        axes.axvline(judged, color=QUIET, lw=0.9, linestyle=(0, (4, 2)), zorder=1, label=labels.text("chart.promises.judged"))


def _key(axes: Axes, groups: set[str], labels: Labels) -> None:
    looks: Mapping[str, Mapping[str, Any]] = {
        "made": {"marker": "|", "s": 60, "color": PROMISE},
        "due": dict(HOLLOW),
        "no_day": HOLLOW | {"marker": ">", "edgecolor": QUIET},
        "result": {"marker": "o", "s": 38, "facecolor": RESULT, "edgecolor": GROUND, "linewidth": 0.5},
    }
    seen = {"made": True, "due": groups != {"undated"}, "no_day": "undated" in groups, "result": "met" in groups}
    for name, look in looks.items():
        if seen[name]:
            axes.scatter([], [], label=labels.text(f"chart.promises.{name}"), **(look | {"gid": "key"}))
    legend(axes)


def _draw(page: Page, at: int, told: pd.DataFrame, labels: Labels) -> None:
    """Draw one promise from the day it was stated to the day it is due, and its results with their share of it."""
    axes, promise = page.axes, told.iloc[0]
    left, right = axes.get_xlim()
    made, due = (_year(promise[name]) for name in ("published", "due"))
    made = made if made is not None else due if due is not None else left
    end = due if due is not None else made + (right - left) * STUB
    axes.hlines(at, made, end, color=PROMISE, lw=1.2, linestyle=(0, ()) if due is not None else (0, (1, 3)), zorder=2, gid="term")
    axes.scatter([made], [at], marker="|", s=60, color=PROMISE, zorder=3, gid="made")
    look = HOLLOW | ({"gid": "due"} if due is not None else {"marker": ">", "edgecolor": QUIET, "gid": "undated"})
    axes.scatter([end], [at], zorder=3, **look)
    state = _state(promise["group"], promise["as_of"], labels)
    page.mark(axes, end, at, claims=[promise["claim_id"]], label=tell_mark(promise, labels, labels.date(promise["due"]), state))
    for _, result in told.dropna(subset=["result_id"]).iterrows():
        _draw_result(page, at, result, labels, else_at=end)


def _draw_result(page: Page, at: int, result: Any, labels: Labels, *, else_at: float) -> None:
    when = next((day for day in (_year(result["result_when"]), _year(result["as_of"])) if day is not None), else_at)
    share = labels.text("promise.share", share=labels.amount(float(result["share"]), "percent"))
    page.axes.scatter([when], [at], s=38, facecolor=RESULT, edgecolor=GROUND, linewidth=0.5, zorder=3.5, gid="results")
    told = " \u00b7 ".join([share, labels.text("word.printed", text=printable(result["result"])), called(result["result_doc"], labels)])
    page.mark(page.axes, when, at, claims=[result["result_id"]], label=told)
    page.label(when, at, share, level=True)


def _year(day: Any) -> float | None:
    """Return the last day of an ISO day, month, year or time between two as a year with a fraction; None for none."""
    last = last_day(day)
    if last is None:
        return None
    found = date.fromisoformat(last)
    return round(found.year + (found.timetuple().tm_yday - 1) / 366, 4)
