"""The house style of figures: fonts for every script, colours, a page to draw on, and labels that never overlap.

    page = open_page(height=3.2, title=..., subtitle=...)
    page.axes.plot(...); page.label(x, y, "3.4 bn"); page.close(note=...)

In      titles, notes and labels as text; heights in inches.
Out     Page: a matplotlib Figure of column width with one or more Axes, everything inside it.
Never   uses pyplot or its global state; lets a glyph go missing unseen; draws one text over another.
Needs   matplotlib and the font of pylopdf_fonts_zh_cn.  Used by charts.
"""

import logging
import math
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox

__all__ = [
    "CATEGORY",
    "GRID",
    "HEAT",
    "INK",
    "PROMISE",
    "QUIET",
    "RESULT",
    "WIDTH",
    "Page",
    "house",
    "open_page",
    "printable",
    "write_figure",
]

WIDTH = 7.0  # inches: a column of text
INK, QUIET, GRID = "#1a1a1a", "#595959", "#d9d9d9"
RESULT, PROMISE = "#0072b2", "#d55e00"  # blue and vermilion stay apart in every kind of colour blindness
CATEGORY = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c", "#f0e442")  # Okabe and Ito
HEAT = "Blues"
MARGIN = 0.12  # inches between the edge and anything
SIZES = {"title": 11.5, "subtitle": 8.8, "label": 8.2, "note": 7.4}
DPI = 160
GAP = 0.5  # between Axes, in parts of their mean height: room for a heading and a key
HALO = withStroke(linewidth=2.2, foreground="white")  # a grid line behind a word does not strike it out
STEPS = (  # where a label may stand, in points from its mark, the best place first
    (5, 0), (18, 0), (-5, 0), (-18, 0), (0, 7), (0, -7), (5, 9), (5, -9), (-5, 9), (-5, -9), (0, 17), (0, -17),
    (5, 20), (5, -20), (-5, 20), (-5, -20),
)  # fmt: skip


@cache
def _family() -> tuple[str, ...]:
    path = str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")
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
        "svg.fonttype": "path",  # the same on a machine that has no Chinese font
        "svg.hashsalt": "csrbook",
        "figure.dpi": 100,
        "savefig.dpi": DPI,
        "savefig.facecolor": "white",
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


@dataclass(slots=True)
class Page:
    """A figure being drawn: its Axes from top to bottom, the texts around them, and the labels inside."""

    figure: Figure
    plots: list[Axes]
    head: list[Text]
    labels: list[Text] = field(default_factory=list)
    marks: list[tuple[Axes, float, float, float]] = field(default_factory=list)
    dropped: int = 0

    @property
    def axes(self) -> Axes:
        """The first, most often the only, Axes."""
        return self.plots[0]

    def mark(self, axes: Axes, x: float, y: float, *, arrow: float = 0) -> None:
        """Remember where a mark is, and an arrow of so many points to its right (left where negative): no label covers it."""
        self.marks.append((axes, x, y, arrow))

    def widen(self, ends: Sequence[tuple[float, str, bool]]) -> None:
        """Widen the logarithmic first Axes until each text fits beside its point, and fit the page again.

        Parameters
        ----------
        ends : sequence of (x, words, leftward)
            As they will be given to `label`.
        """
        axes = self.axes
        for _ in range(4):  # a wider scale moves every point, so once is not enough
            wide = axes.get_window_extent().width
            low, high = (math.log10(limit) for limit in axes.get_xlim())
            for x, words, leftward in ends:
                probe = axes.text(0, 0, printable(words), fontsize=SIZES["label"])
                part = min((probe.get_window_extent().width + 26 / 72 * self.figure.dpi) / wide, 0.8)
                probe.remove()
                if leftward:
                    low = min(low, (math.log10(x) - part * high) / (1 - part))
                else:
                    high = max(high, (math.log10(x) - part * low) / (1 - part))
            axes.set_xlim(10**low, 10**high)
        self.fit()
        self._thin(axes)

    def _thin(self, axes: Axes) -> None:
        """Leave out every second tick until the numbers under the first Axes stand well apart."""
        while True:
            boxes = [tick.label1.get_window_extent() for tick in axes.xaxis._update_ticks()]
            close = any(b.x0 - a.x1 < 12 for a, b in zip(boxes, boxes[1:], strict=False))
            places = axes.xaxis.get_majorticklocs()
            if not close or len(places) < 3:
                return
            axes.xaxis.set_major_locator(FixedLocator(places[::2]))

    def label(self, x: float, y: float, words: str, *, leftward: bool = False, level: bool = False) -> bool:
        """Write words beside a point of the first Axes, at the first place where they are free of marks and other words.

        Call after `fit`. `level` keeps them at the height of the point: above or below is another row. Returns False, and
        counts the label as dropped, where there is no room.
        """
        axes = self.axes
        note = axes.annotate(
            printable(words), (x, y), xytext=(0, 0), textcoords="offset points", fontsize=SIZES["label"], annotation_clip=False,
            zorder=5, path_effects=[HALO], gid="label",
        )  # fmt: skip
        taken = [t.get_window_extent() for t in self.labels] + [_around(*mark) for mark in self.marks]
        room = axes.get_window_extent().padded(1)
        steps = [step for step in STEPS if not (level and step[1])]
        for dx, dy in sorted(steps, key=lambda step: (abs(step[1]), step[0] > 0)) if leftward else steps:
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
            top -= _inches(text).height + 0.05
        bottom = MARGIN + 0.02 + sum(_inches(t).height for t in figure.texts if t.get_gid() == "note")
        figure.subplots_adjust(left=0.2, right=0.8, top=(top - 0.1) / high, bottom=0.3)
        for _ in range(2):  # a second time, for the tick labels change with the size
            boxes = [Bbox.union([b for b in (a.get_tightbbox(figure.canvas.get_renderer()),) if b]) for a in self.plots]
            inner = [a.get_window_extent() for a in self.plots]
            left = max(i.x0 - b.x0 for i, b in zip(inner, boxes, strict=True)) / figure.dpi
            right = max(b.x1 - i.x1 for i, b in zip(inner, boxes, strict=True)) / figure.dpi
            over = (boxes[0].y1 - inner[0].y1) / figure.dpi
            under = (inner[-1].y0 - boxes[-1].y0) / figure.dpi
            figure.subplots_adjust(
                left=(MARGIN + left) / wide,
                right=1 - (MARGIN + right) / wide,
                top=(top - 0.06 - over) / high,
                bottom=(bottom + 0.06 + under) / high,
            )

    def note(self, words: str) -> None:
        """Write the line of sources under the figure, broken to its width; call before `fit`."""
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
    head = [_put(figure, title, "title", color=INK, weight="bold")]
    if subtitle:
        head.append(_put(figure, subtitle, "subtitle", color=QUIET))
    extra = sum(_inches(text).height for text in head) - 0.35
    figure.set_figheight(height + 1.0 + max(extra, 0))
    plots = figure.subplots(len(rows), 1, squeeze=False, gridspec_kw={"height_ratios": list(rows), "hspace": GAP})[:, 0]
    return Page(figure, list(plots), head)


def write_figure(figure: Figure, path: str | Path) -> Path:
    """Write a figure as its ending says (svg, png): the same bytes each time, no date, no version."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".svg":
        metadata: dict[str, Any] = {"Date": None, "Creator": None}
    else:
        metadata = {"Software": None}
    with house():
        figure.savefig(path, metadata=metadata)
    return path


def _put(figure: Figure, words: str, role: str, *, color: str, y: float = 0.5, va: str = "top", weight: str = "normal") -> Text:
    left = MARGIN / figure.get_figwidth()
    text = figure.text(left, y, "", fontsize=SIZES[role], color=color, va=va, ha="left", fontweight=weight, gid=role)
    text.set_linespacing(1.25)
    _wrap(text, printable(words), figure.get_figwidth() - 2 * MARGIN)
    if weight == "bold" and any(unicodedata.east_asian_width(char) == "W" for char in words):
        text.set_path_effects([withStroke(linewidth=0.7, foreground=color)])  # the Chinese font has one weight
    return text


def _wrap(text: Text, words: str, width: float) -> None:
    """Break at blanks, and anywhere in writing that has none, so that no line is wider than `width` inches."""
    lines, line = [], ""
    for piece in _pieces(words):
        text.set_text((line + piece).rstrip())
        if line and _inches(text).width > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    text.set_text("\n".join([*lines, line.rstrip()]))


def _pieces(words: str) -> Iterator[str]:
    piece = ""
    for char in words:
        wide = unicodedata.east_asian_width(char) in "WF" and unicodedata.category(char)[0] != "P"
        if wide and piece:
            yield piece
            piece = ""
        piece += char
        if char == " ":
            yield piece
            piece = ""
    yield piece


def _inches(text: Text) -> Bbox:
    box = text.get_window_extent(text.figure.canvas.get_renderer())
    return Bbox(box.get_points() / text.figure.dpi)


def _around(axes: Axes, x: float, y: float, arrow: float) -> Bbox:
    px, py = axes.transData.transform((x, y))
    half, more = 3.5 / 72 * axes.figure.dpi, arrow / 72 * axes.figure.dpi
    return Bbox.from_extents(px - half + min(more, 0), py - half, px + half + max(more, 0), py + half)
