"""What is seen in a drawn chart: its texts with their boxes, its marks, and what it wrote down of them."""

import json

from csrbook.style import house


def texts(figure):
    """Return every visible text of a figure: words, gid, box in pixels."""
    with house():
        figure.draw_without_rendering()
    found = list(figure.texts)
    for axes in figure.axes:
        keys = axes.get_legend().get_texts() if axes.get_legend() else []
        shown = [tick for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks()] if axes.axison else []
        ticks = [label for tick in shown for label in (tick.label1, tick.label2)]
        heads = [axes.title, axes._left_title, axes._right_title, axes.xaxis.label, axes.yaxis.label]
        found += [*axes.texts, *keys, *ticks, *heads]
    seen = [(t.get_text(), t.get_gid(), t.get_window_extent()) for t in found if t.get_visible() and t.get_text().strip()]
    return [(words, gid, box) for words, gid, box in seen if box.width]


def pixels(figure, mark):
    """Return the box of a mark in pixels from the bottom left, as matplotlib counts; a point without the room around it."""
    scale, high = figure.dpi / 72, figure.bbox.y1
    less = 1.8 if mark["width"] == mark["height"] == 10 else 0.2
    x0, y0 = (mark["x"] + less) * scale, high - (mark["y"] + mark["height"] - less) * scale
    return x0, y0, x0 + (mark["width"] - 2 * less) * scale, y0 + (mark["height"] - 2 * less) * scale


def clashes(figure, marks=()):
    """Return what a reader would stumble over: texts that are cut off, lie over one another or on a mark."""
    found, page, told = texts(figure), figure.bbox, []
    for at, (words, gid, box) in enumerate(found):
        if box.x0 < -1 or box.y0 < -1 or box.x1 > page.x1 + 1 or box.y1 > page.y1 + 1:
            told.append(f"clipped: {words!r}")
        told += [f"{words!r} over {other!r}" for other, _, there in found[at + 1 :] if meet(box.extents, there.extents)]
        boxes = [pixels(figure, mark) for mark in marks] if gid != "cell" else []
        told += [f"{words!r} on a mark" for there in boxes if meet(box.extents, there)]
    return told


def meet(one, other):
    return not (one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] + 1 or other[3] <= one[1] + 1)


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
