"""vectors: the same picture in fewer letters; everything stands where it stood."""

import re
from io import StringIO
from xml.etree import ElementTree

import pytest
from made_claims import corpus
from matplotlib.figure import Figure

from csrbook import charts
from csrbook.labels import load_labels
from csrbook.style import house
from csrbook.vectors import lighten

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module", params=["en", "zh"])
def pair(request):
    """One chart as matplotlib writes it, and lighter."""
    figure: Figure = charts.draw_money(corpus(), labels=load_labels(request.param)).figure
    out = StringIO()
    with house():
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue(), lighten(out.getvalue())


def shapes(svg):
    """Return the elements that draw, in their order."""
    return [node for node in ElementTree.fromstring(svg).iter() if node.tag in (f"{SVG}path", f"{SVG}use", f"{SVG}g")]


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def points(path, scale):
    """Return the points of a path, absolute, in units of `scale`."""
    found, pen, start = [], (0.0, 0.0), (0.0, 0.0)
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        if letter in "zZ":
            pen = start
            continue
        values = numbers(rest)
        here = [(x + pen[0], y + pen[1]) if letter.islower() else (x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        found += here
        pen = here[-1]
        start = pen if letter in "mM" else start
    return [(x * scale, y * scale) for x, y in found]


def test_it_is_much_shorter_and_draws_as_many_things(pair):
    heavy, light = pair
    assert len(light) < 0.65 * len(heavy) and [n.tag for n in shapes(heavy)] == [n.tag for n in shapes(light)]
    assert [n.get("style") for n in shapes(heavy)] == [n.get("style") for n in shapes(light)]


def test_no_point_moves_by_what_can_be_seen(pair):
    for old, new in zip(*map(shapes, pair), strict=True):
        if old.tag == f"{SVG}path":
            glyph = old.get("transform")
            scales = (0.015625, 0.125) if glyph else (1, 1)
            ends = [points(node.get("d") or "", scale) for node, scale in zip((old, new), scales, strict=True)]
            assert len(ends[0]) == len(ends[1])
            far = max((abs(a - b) for one, two in zip(*ends, strict=True) for a, b in zip(one, two, strict=True)), default=0)
            assert far <= (0.07 if glyph else 0.006), "a glyph is a hundred units high"
        elif old.tag == f"{SVG}use":
            x = numbers(old.get("transform") or "0 0")[0] + float(old.get("x") or 0)
            assert abs(x - float(new.get("x") or 0)) <= 0.051 and abs(float(old.get("y") or 0) - float(new.get("y") or 0)) <= 0.006


def test_every_link_leads_to_the_same_element(pair):
    heavy, light = pair
    targets = []
    for svg in (heavy, light):
        root = ElementTree.fromstring(svg)
        order = {node.get("id"): place for place, node in enumerate(n for n in root.iter() if n.tag != f"{SVG}metadata") if node.get("id")}
        targets.append([order[node.get(LINK)[1:]] - min(order.values()) for node in root.iter(f"{SVG}use")])
    assert targets[0] == targets[1]
    assert set(re.findall(r"url\(#([^)]+)\)", light)) <= set(re.findall(r' id="([^"]+)"', light))


def test_an_empty_outline_and_negative_zero():
    assert lighten('<path id="a-3" transform="scale(0.015625)"/>') == '<path id="a-3" transform="scale(0.015625)"/>'
    assert lighten('<path d="M -0.001 0.0049 \nL 1 2 \n"/>') == '<path d="M0 0L1 2"/>'
