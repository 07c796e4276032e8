"""Rows, keys and scales that charts of rows share.

    lay_rows(page.axes, ["trees", "meals"]);  lay_log(page.axes, 0.1, 12, labels=labels);  lay_key(page, columns=2)

In      Axes of a Page, names from top to bottom, the ends of the data; the language as Labels.
Out     the same Axes with their limits, ticks and key; call before `Page.fit`.
Never   draws a mark, or hides that a scale is logarithmic or begins above zero: the caller says so in words.
Needs   drawings, labels, style; matplotlib.  Used by charts, promised, ratio_charts, trust_charts.
"""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from csrbook.drawings import short
from csrbook.labels import Labels
from csrbook.style import Page

__all__ = ["blunt", "lay_counts", "lay_key", "lay_log", "lay_percent", "lay_rows", "percents"]

LONGEST = 36  # characters of a line of a row's name
KEY = 5.2  # inches that a key may be wide
STEPS = ((1, 2, 5), (1, 3), (1,))  # ticks in a power of ten, for one power, for three, for more


def lay_rows(axes: Axes, names: Sequence[str]) -> None:
    """Set one row a name, the first on top; a name may have two lines."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), ["\n".join(short(line, LONGEST) for line in name.split("\n")) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y")


def lay_log(axes: Axes, least: float, most: float, *, labels: Labels, unit: str | None = None) -> None:
    """Set a logarithmic axis around the data, with at most some seven ticks at round numbers, written in `unit`."""
    axes.set_xscale("log")
    axes.set_xlim(least / 1.6, most * 1.6)
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    wide = last - first
    steps, stride = STEPS[0 if wide < 3 else 1 if wide < 4 else 2], 1 + wide // 7
    ticks = [step * 10.0**power for power in range(first, last + 1, stride) for step in steps]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.amount(value, unit)))


def lay_percent(axes: Axes, labels: Labels) -> None:
    """Write the ticks of an axis as percent."""
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.amount(round(value, 6), "percent")))


def lay_counts(axes: Axes, most: float, labels: Labels) -> None:
    """Set an axis of whole numbers from zero."""
    axes.set_xlim(0, most * 1.02)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.number(value)))


def lay_key(page: Page, *, columns: int) -> None:
    """Write the key above the first Axes, in at most so many columns, and in as few as the width of the page asks for."""
    close = {"borderaxespad": 0.2, "handletextpad": 0.4, "columnspacing": 1.2, "handlelength": 1.0, "borderpad": 0}
    for count in range(columns, 0, -1):
        key = page.axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=count, frameon=False, fontsize=8, **close)
        if key.get_window_extent(page.figure.canvas.get_renderer()).width / page.figure.dpi < KEY:
            return


def blunt(ratio: float, digits: int = 2) -> float:
    """Return a ratio with few digits: the figures that it is made of have no more."""
    return float(f"{ratio:.{digits}g}")


def percents(share: float, labels: Labels) -> str:
    """Return a share of one as percent with three digits."""
    return labels.amount(round(float(share) * 100, 1), "percent")
