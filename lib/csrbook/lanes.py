"""Rows of marks on one axis: results filled and promises hollow, each with what its wording allows, the greatest named.

    draw_lane(page, at, data, labels);  name_tops(page, tops)

In      a Page; tables with x, x_low, x_high, target and the columns of a claim, one row a mark.
Out     marks, lines and arrows on the Axes, each mark remembered by the Page with its claim.
Never   picks what is drawn.
Needs   drawings, labels, style; matplotlib, pandas.  Used by charts, promised.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from csrbook.drawings import called, name_of, tell_mark
from csrbook.labels import Labels
from csrbook.style import GROUND, PROMISE, RESULT, Page

__all__ = [
    "ARROW", "HOLLOW", "draw_interval", "draw_lane", "key", "legend", "name_tops", "open_sides", "top_of",
]  # fmt: skip

LONGEST = (44, 30, 22)  # letters of a name, the most that there is room for
ARROW = 13  # points: the side on which the wording sets no bound
LOWER = 0.16  # of a row: how much lower promises stand than results
HOLLOW = {"marker": "D", "s": 30, "facecolor": GROUND, "edgecolor": PROMISE, "linewidth": 1.4, "gid": "promises"}
FILLED = {"marker": "o", "s": 38, "facecolor": RESULT, "edgecolor": GROUND, "linewidth": 0.5, "gid": "results"}


def open_sides(low: float, high: float) -> list[int]:
    """Return -1 where the wording gives no lower bound, 1 where no upper; nothing where it gives neither."""
    return [side for side, bound, other in ((-1, low, high), (1, high, low)) if bound != bound and other == other]


def draw_interval(axes: Axes, x: float, y: float, bounds: tuple[float, float], *, upright: bool = False, color: str = RESULT) -> None:
    """Draw what the wording allows: a line between both bounds, a short arrow on the side that has none."""
    here = y if upright else x
    ends = tuple(bound if bound == bound else here for bound in bounds)
    if ends[0] != ends[1]:
        (axes.vlines if upright else axes.hlines)(x if upright else y, *ends, color=color, lw=1.3, zorder=2, gid="interval")
    for side in open_sides(*bounds):
        shift = (0, ARROW * side) if upright else (ARROW * side, 0)
        arrow = {"arrowstyle": "<|-", "color": color, "lw": 1, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 6}
        axes.annotate("", xy=(x, y), xytext=shift, textcoords="offset points", arrowprops=arrow, gid="arrow", zorder=2)


def draw_lane(page: Page, at: float, data: pd.DataFrame, labels: Labels) -> None:
    """Draw one row of marks: results as filled marks, promises as hollow diamonds a little lower, each with its interval."""
    for _, row in data.iterrows():
        bounds = _on_log(row["x_low"]), row["x_high"]
        y = at + LOWER * row["target"]
        draw_interval(page.axes, row["x"], y, bounds, color=PROMISE if row["target"] else RESULT)
        arrow = ARROW * sum(open_sides(*bounds))
        page.mark(page.axes, row["x"], y, arrow=arrow, claims=[row["claim_id"]], label=tell_mark(row, labels, called(row["doc"], labels)))
    for promised in (False, True):
        part = data[data["target"] == promised]
        page.axes.scatter(part["x"], [at + LOWER * promised] * len(part), zorder=3, **(HOLLOW if promised else FILLED))


def top_of(data: pd.DataFrame, at: float, words: str, labels: Labels) -> tuple[float, float, list[str]]:
    """Return x, y and the words of the greatest mark of a row: the amount and who it is of, in full, cut, and the amount alone."""
    top = data.loc[data["x"].idxmax()]
    names = dict.fromkeys(name_of(top, labels, longest) for longest in LONGEST)
    return top["x"], at + LOWER * top["target"], [*(f"{words} \u00b7 {name}" for name in names if name), words]


def name_tops(page: Page, tops: Sequence[tuple[float, float, Sequence[str]]]) -> None:
    """Write the words of the greatest mark of each row to its right, as many as there is room for once it is made for a cut name."""
    page.widen([(x, words[-2:][0], False) for x, _, words in tops])
    for x, y, words in tops:
        page.label(x, y, *words, level=True)


def key(axes: Axes, labels: Labels) -> None:
    """Write above the Axes how results and promises are told apart."""
    for look, word in ((FILLED, "word.result"), (HOLLOW, "word.promise")):
        axes.scatter([], [], label=labels.text(word), **(look | {"gid": "key"}))
    legend(axes)


def legend(axes: Axes, **options: Any) -> None:
    """Write the key above the Axes, without a frame."""
    close: Mapping[str, Any] = {"borderaxespad": 0.1, "handletextpad": 0.3, "borderpad": 0, "columnspacing": 1.4, "ncols": 5} | options
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, fontsize=8.2, **close)


def _on_log(low: float) -> float:
    """Return a lower bound as a logarithmic axis can show it: zero lies infinitely far to the left, like no bound at all."""
    return low if low > 0 else math.nan
