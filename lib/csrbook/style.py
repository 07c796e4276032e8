"""The house style of figures: fonts for every script, a page to draw on, labels that never overlap, marks that know their place.

    page = open_page(height=3.2, title=..., subtitle=...)
    page.axes.plot(...); page.mark(page.axes, x, y, claims=["1f2e..."]); page.label(x, y, "3.4 bn")

In      titles, notes and labels as text; heights in inches; claims behind a mark.
Out     Page: a matplotlib Figure of column width with one or more Axes, everything inside it; boxes around its marks.
Never   uses pyplot or its global state; lets a glyph go missing unseen; draws one text over another.
Needs   fonts, palettes, vectors, wraps; matplotlib.  Used by drawings, lanes, charts, grids, promised.
"""

import logging
import math
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import chain, product
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox

from csrbook.fonts import chinese_font
from csrbook.palettes import CATEGORY, GRID, GROUND, INK, PROMISE, QUIET, RESULT, SHADES, on
from csrbook.vectors import lighten
from csrbook.wraps import inches_of, wrap

__all__ = [
    "CATEGORY",
    "GRID",
    "GROUND",
    "HEAT",
    "INK",
    "PLATE",
    "PROMISE",
    "QUIET",
    "RESULT",
    "SIZES",
    "WIDTH",
    "Mark",
    "Page",
    "house",
    "on",
    "open_page",
    "picture",
    "printable",
]

WIDTH = 7.0  # inches: a column of text
HEAT = "csrbook_heat"  # a colour map whose shades the dark scheme knows
MARGIN = 0.12  # inches between the edge and anything
SIZES = {"title": 12, "subtitle": 9, "label": 8.6, "note": 8}  # points; a narrow screen shows them a little larger
LEAST = 0.32  # of the width, for what is drawn: the rest is for words
REACH = 5.0  # points from the middle of a mark to the edge of its box
DPI = 160
GAP = 1.1  # inches between Axes: room for a heading and a key
PLATE = {"boxstyle": "square,pad=0.12", "facecolor": GROUND, "edgecolor": "none"}  # a grid line behind a word does not strike it out
STEPS = (  # where a label may stand, in points from its mark, the best place first
    (7, 0), (19, 0), (-7, 0), (-19, 0), (0, 8), (0, -8), (6, 10), (6, -10), (-6, 10), (-6, -10), (0, 18), (0, -18),
    (6, 21), (6, -21), (-6, 21), (-6, -21),
)  # fmt: skip
mpl.colormaps.register(ListedColormap(SHADES, name=HEAT), force=True)


@cache
def _family() -> tuple[str, ...]:
    path = str(chinese_font())
    font_manager.fontManager.addfont(path)
    return "DejaVu Sans", font_manager.FontProperties(fname=path).get_name()  # DejaVu first: its minus and tick spacing


@cache
def _glyphs() -> frozenset[int]:
    paths = [font_manager.findfont(name) for name in _family()]
    return frozenset().union(*(font_manager.get_font(path).get_charmap() for path in paths))


@contextmanager
def house() -> Iterator[None]:
    """Set fonts, sizes and colours for what is drawn inside; a missing glyph is an error there."""
    options = {
        "font.family": list(_family()),
        "font.size": SIZES["label"],
        "text.parse_math": False,  # a dollar sign is money
        "text.hinting": "none",  # widths are then the same at every resolution: what fits when laid out fits in every file
        "text.color": INK,
        "axes.edgecolor": QUIET,
        "axes.labelcolor": QUIET,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.linewidth": 0.6,
        "grid.color": GRID,
        "grid.linewidth": 0.6,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "ytick.labelcolor": INK,
        "axes.facecolor": GROUND,
        "figure.facecolor": GROUND,
        "svg.fonttype": "path",  # the same on a machine that has no Chinese font
        "svg.hashsalt": "csrbook",
        "figure.dpi": 100,
        "savefig.dpi": DPI,
        "savefig.facecolor": GROUND,
    }
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(options), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing")
        yield


def printable(text: Any) -> str:
    """Return a text on one line that the house fonts can draw: file names may hold emoji, marks of direction, controls."""
    flat = " ".join(str(text).split())
    seen = (c for c in unicodedata.normalize("NFC", flat) if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))
    return "".join(c if ord(c) in _glyphs() else "\ufffd" for c in seen)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader may point at: a mark at x, y of the data, or a cell from there of some width and height."""

    axes: Axes
    x: float
    y: float
    width: float = 0
    height: float = 0
    arrow: float = 0  # points to the right, to the left where negative: no label covers it
    claims: tuple[str, ...] = ()
    label: str = ""

    def box(self, reach: float) -> Bbox:
        """Return its box in points of the figure, `reach` around a mark that has no width."""
        corners = self.axes.transData.transform([(self.x, self.y), (self.x + self.width, self.y + self.height)])
        (x0, y0), (x1, y1) = corners * 72 / self.axes.figure.dpi
        more = 0 if self.width or self.height else reach
        return Bbox.from_extents(min(x0, x1) - more, min(y0, y1) - more, max(x0, x1) + more, max(y0, y1) + more)

    def keep_off(self) -> Bbox:
        """Return the pixels that no label may cover."""
        box, scale = self.box(3.5), self.axes.figure.dpi / 72
        left, right = min(self.arrow, 0), max(self.arrow, 0)
        return Bbox.from_extents((box.x0 + left) * scale, box.y0 * scale, (box.x1 + right) * scale, box.y1 * scale)


@dataclass(slots=True)
class Page:
    """A figure being drawn: its Axes from top to bottom, the texts around them, and the marks and labels inside."""

    figure: Figure
    plots: list[Axes]
    head: list[Text]
    labels: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    dropped: int = 0
    source: str = ""  # the line under the figure, unbroken

    @property
    def axes(self) -> Axes:
        """The first, most often the only, Axes."""
        return self.plots[0]

    def mark(self, axes: Axes, x: float, y: float, *, arrow: float = 0, claims: Iterable[str] = (), label: str = "") -> None:
        """Remember a mark at x, y of the data, an arrow of so many points to its right (left where negative), and what it shows."""
        self.marks.append(Mark(axes, x, y, arrow=arrow, claims=_ids(claims), label=printable(label)))

    def cell(
        self, axes: Axes, x: float, y: float, width: float, height: float, *, claims: Iterable[str] = (), label: str = ""
    ) -> None:
        """Remember a cell or a part of a bar, in data coordinates from the corner x, y, and what it shows."""
        self.marks.append(Mark(axes, x, y, width, height, claims=_ids(claims), label=printable(label)))

    def boxes(self) -> list[dict[str, Any]]:
        """Return a box around every mark and cell, in points from the top left as in the picture; call when all is in its place."""
        top, rows = 72 * self.figure.get_figheight(), []
        for mark in self.marks:
            box = mark.box(REACH)
            sides = {"x": box.x0, "y": top - box.y1, "width": box.width, "height": box.height}
            told = {"claims": list(mark.claims), "label": mark.label}
            rows.append({name: round(float(side), 1) for name, side in sides.items()} | told)
        return rows

    def widen(self, ends: Sequence[tuple[float, str, bool]]) -> None:
        """Widen the logarithmic first Axes until each text fits beside its point, and fit the page again.

        What is drawn keeps a third of the width, whatever the texts want.

        Parameters
        ----------
        ends : sequence of (x, words, leftward)
            As they will be given to `label`.
        """
        axes = self.axes
        before = [math.log10(limit) for limit in axes.get_xlim()]
        needs = [(math.log10(x), self.wide(words) + 30 / 72 * self.figure.dpi, leftward) for x, words, leftward in ends]
        for _ in range(4):  # a wider scale moves every point, so once is not enough
            wide = axes.get_window_extent().width
            low, high = (math.log10(limit) for limit in axes.get_xlim())
            for x, need, leftward in needs:
                part = min(need / wide, 0.8)
                if leftward:
                    low = min(low, (x - part * high) / (1 - part))
                else:
                    high = max(high, (x - part * low) / (1 - part))
            too_much = max((high - low) * LEAST / (before[1] - before[0]), 1)
            axes.set_xlim(10 ** (before[0] - (before[0] - low) / too_much), 10 ** (before[1] + (high - before[1]) / too_much))
        self.fit()
        self._thin(axes)

    def wide(self, words: str) -> float:
        """Return the width of a label in pixels, of its widest line."""
        probe = self.figure.text(0, 0, "\n".join(map(printable, words.split("\n"))), fontsize=SIZES["label"])
        wide = probe.get_window_extent().width
        probe.remove()
        return wide

    def fold(self, words: str, inches: float) -> str:
        """Return a label broken into lines that are no wider, where its words allow that."""
        probe = self.figure.text(0, 0, "", fontsize=SIZES["label"])
        wrap(probe, printable(words), inches)
        folded = probe.get_text()
        probe.remove()
        return folded

    def _thin(self, axes: Axes) -> None:
        """Leave out every second tick, or two of three, and so on, until the numbers under the first Axes stand well apart."""
        ticks = [(tick.get_loc(), tick.label1.get_window_extent()) for tick in axes.xaxis._update_ticks()]
        for stride in range(1, len(ticks)):
            rows = sorted((ticks[first::stride] for first in range(stride)), key=len, reverse=True)
            for row in rows:
                if all(b.x0 - a.x1 >= 12 for (_, a), (_, b) in zip(row, row[1:], strict=False)):
                    axes.xaxis.set_major_locator(FixedLocator([place for place, _ in row]))
                    return

    def label(self, x: float, y: float, *offers: str, leftward: bool = False, level: bool = False) -> bool:
        """Write the first of some offered words that has room beside a point of the first Axes, free of marks and other words.

        Call after `fit`. `level` keeps them at the height of the point, for above or below is another row, and all offers on its
        better side go before any on the other. Returns False, and
        counts the label as dropped, where there is no room.
        """
        axes = self.axes
        note = axes.annotate(
            "", (x, y), xytext=(0, 0), textcoords="offset points", fontsize=SIZES["label"], annotation_clip=False,
            zorder=5, bbox=PLATE, gid="label",
        )  # fmt: skip
        taken = [t.get_window_extent() for t in self.labels] + [mark.keep_off() for mark in self.marks]
        room = axes.get_window_extent().padded(1)
        steps = [step for step in STEPS if not (level and step[1])]
        steps = sorted(steps, key=lambda step: (abs(step[1]), step[0] > 0)) if leftward else steps
        sides = [[step for step in steps if (step[0] < 0) == (away != leftward)] for away in (False, True)] if level else [steps]
        for words, (dx, dy) in chain.from_iterable(product(offers, side) for side in sides):
            note.set_text(printable(words))
            note.set_position((dx, dy))
            note.set_ha("left" if dx > 0 else "right" if dx < 0 else "center")
            note.set_va("center" if dy == 0 else "bottom" if dy > 0 else "top")
            box = note.get_window_extent()
            inside = room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1
            if inside and not any(box.overlaps(other) for other in taken):
                self.labels.append(note)
                return True
        note.remove()
        self.dropped += 1
        return False

    def margin(self, axes: Axes, y: float, words: str, *, color: str = QUIET) -> None:
        """Write words to the right of the Axes at the height y of its data."""
        axes.annotate(
            printable(words), (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
            va="center", color=color, fontsize=SIZES["label"], annotation_clip=False, gid="margin",
        )  # fmt: skip

    def fit(self) -> None:
        """Give the Axes all the room that the texts around them leave; call once limits and tick labels are set."""
        figure, (wide, high) = self.figure, self.figure.get_size_inches()
        top = high - MARGIN
        for text in self.head:
            text.set_position((MARGIN / wide, top / high))
            top -= inches_of(text).height + 0.05
        bottom = MARGIN + 0.02 + sum(inches_of(t).height for t in figure.texts if t.get_gid() == "note")
        figure.subplots_adjust(left=0.2, right=0.8, top=(top - 0.1) / high, bottom=0.3)
        keys = [key for key in (axes.get_legend() for axes in self.plots) if key]
        for key in keys:
            key.set_in_layout(False)  # a long key must not narrow the plot
        for _ in range(2):  # a second time, for the tick labels change with the size
            boxes = [Bbox.union([b for b in (a.get_tightbbox(figure.canvas.get_renderer()),) if b]) for a in self.plots]
            inner = [a.get_window_extent() for a in self.plots]
            left = max(i.x0 - b.x0 for i, b in zip(inner, boxes, strict=True)) / figure.dpi
            right = max(b.x1 - i.x1 for i, b in zip(inner, boxes, strict=True)) / figure.dpi
            tops = [boxes[0].y1, *(key.get_window_extent().y1 for key in keys if key.axes is self.axes)]
            over = (max(tops) - inner[0].y1) / figure.dpi
            under = (inner[-1].y0 - boxes[-1].y0) / figure.dpi
            begin = min((MARGIN + left) / wide, 1 - 2 * LEAST)  # words without an end must not leave nothing to draw on
            figure.subplots_adjust(
                left=begin,
                right=max(1 - (MARGIN + right) / wide, begin + LEAST),
                top=(top - 0.06 - over) / high,
                bottom=(bottom + 0.06 + under) / high,
            )

        for key in keys:
            _pull_in(key, figure.bbox.x1 - MARGIN * figure.dpi)

    def note(self, words: str) -> None:
        """Write the line of sources under the figure, broken to its width; call before `fit`."""
        self.source = words
        self.figure.texts[:] = [t for t in self.figure.texts if t.get_gid() != "note"]
        _put(self.figure, words, "note", color=QUIET, y=MARGIN / self.figure.get_figheight(), va="bottom")


def open_page(*, height: float, title: str, subtitle: str = "", rows: Sequence[float] = (1,)) -> Page:
    """Return a page with its title and subtitle set; call inside `house()`.

    Parameters
    ----------
    height : float
        Inches of the plot itself; titles and notes are added to it.
    rows : sequence of float
        Heights of the Axes from top to bottom, as ratios.
    """
    figure = Figure(figsize=(WIDTH, height + 1.0))
    FigureCanvasAgg(figure)
    head = [_put(figure, title, "title", color=INK, bold=True)]
    if subtitle:
        head.append(_put(figure, subtitle, "subtitle", color=QUIET))
    extra = sum(inches_of(text).height for text in head) - 0.35
    figure.set_figheight(height + 1.0 + max(extra, 0))
    mean = max(height - GAP * (len(rows) - 1), GAP) / len(rows)
    plots = figure.subplots(len(rows), 1, squeeze=False, gridspec_kw={"height_ratios": list(rows), "hspace": GAP / mean})[:, 0]
    return Page(figure, list(plots), head)


def picture(figure: Figure, ending: str) -> bytes:
    """Return a figure as a file of a kind (svg, png): the same bytes each time, no date, no version."""
    metadata: dict[str, Any] = {"Date": None, "Creator": None} if ending == "svg" else {"Software": None}
    buffer = BytesIO()
    with house():
        figure.savefig(buffer, format=ending, metadata=metadata)
    drawn = buffer.getvalue()
    return lighten(drawn.decode()).encode() if ending == "svg" else drawn


def _put(figure: Figure, words: str, role: str, *, color: str, y: float = 0.5, va: str = "top", bold: bool = False) -> Text:
    left, wide = MARGIN / figure.get_figwidth(), any(unicodedata.east_asian_width(char) == "W" for char in words)
    weight = "bold" if bold and not wide else "normal"
    text = figure.text(left, y, "", fontsize=SIZES[role], color=color, va=va, ha="left", fontweight=weight, gid=role)
    text.set_linespacing(1.25)
    wrap(text, printable(words), figure.get_figwidth() - 2 * MARGIN)
    if bold and wide:
        text.set_path_effects([withStroke(linewidth=0.7, foreground=color)])  # the Chinese font has one weight
    return text


def _pull_in(key: Legend, edge: float) -> None:
    """Move a key above its Axes to the left where it would run over the edge: it may stand above the names of the rows."""
    over = key.get_window_extent().x1 - edge
    if over > 0:
        key.set_bbox_to_anchor((-over / key.axes.get_window_extent().width, 1), transform=key.axes.transAxes)


def _ids(claims: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claims))
