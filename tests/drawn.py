"""What is seen in a drawn chart: its texts with their boxes, its marks, and what it wrote down of them."""

import json

from csrbook.style import house


def texts(figure):
    """Return every visible text of a figure, with its box in pixels."""
    with house():
        figure.canvas.draw()
        found = list(figure.texts)
        for axes in figure.axes:
            keys = axes.get_legend().get_texts() if axes.get_legend() else []
            shown = [tick for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks()] if axes.axison else []
            heads = [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label] if axes.axison else []
            found += [*axes.texts, *keys, *heads, *(label for tick in shown for label in (tick.label1, tick.label2))]
        seen = [(t.get_text(), t.get_window_extent()) for t in found if t.get_visible() and t.get_text().strip()]
    return [(words, box) for words, box in seen if box.width]


def clashes(figure):
    """Return what lies outside the page, and the pairs of texts of which one lies over the other."""
    found, page = texts(figure), figure.bbox
    bad = [words for words, box in found if box.x0 < -1 or box.y0 < -1 or box.x1 > page.x1 + 1 or box.y1 > page.y1 + 1]
    for at, (words, box) in enumerate(found):
        for other, there in found[at + 1 :]:
            apart = box.x1 <= there.x0 + 1 or there.x1 <= box.x0 + 1 or box.y1 <= there.y0 + 1 or there.y1 <= box.y0 + 1
            bad += [] if apart else [(words, other)]
    return bad


def points(figure, gid):
    """Return the places of the marks of one name."""
    return [tuple(point) for axes in figure.axes for c in axes.collections if c.get_gid() == gid for point in c.get_offsets().tolist()]


def bars(figure, gid=None):
    """Return (left, width, row) of the bars of one name, or of all."""
    found = [(c, patch) for axes in figure.axes for c in axes.containers for patch in c.patches]
    return [(p.get_x(), p.get_width(), round(p.get_y() + p.get_height() / 2)) for _, p in found if gid is None or p.get_gid() == gid]


def astray(chart):
    """Return the boxes of a chart that do not lie on its page."""
    wide, high = (72 * side + 1 for side in chart.figure.get_size_inches())
    return [m for m in chart.marks if min(m["x"], m["y"]) < -1 or m["x"] + m["width"] > wide or m["y"] + m["height"] > high]


def entry(chart, folder):
    """Return what charts.json says of a chart."""
    chart.save(folder, "09-x")
    return json.loads((folder / "charts.json").read_text(encoding="utf-8"))[0]
