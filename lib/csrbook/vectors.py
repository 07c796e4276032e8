"""A drawn picture in as few letters as show the same: no comments, short ids, no digits that no screen can show.

    lighten('<use xlink:href="#DejaVuSans-4c" transform="translate(27.8125 0)"/>') -> '<use xlink:href="#g0" x="27.8"/>'

In      an SVG as matplotlib writes it, with text as paths.
Out     an SVG of the same elements in the same order, colours and ids of groups as they were, about half as long.
Never   moves anything by more than a hundredth of a point; touches what stands in a text; parses what others wrote.
Needs   nothing.  Used by style.
"""

import re
from collections.abc import Callable

__all__ = ["lighten"]

_ASIDE = re.compile(r"<!--.*?-->|<!DOCTYPE[^>]*>|<metadata>.*?</metadata>", re.DOTALL)
_BETWEEN = re.compile(r">\s+<")
_GLYPH_AT = re.compile(r'(<use xlink:href="#[^"]*") transform="translate\((-?[\d.]+) 0\)"/>')
_PATH = re.compile(r' d="([^"]*)"')
_PLACE = re.compile(r'(?<= )((?:x|y|transform)=")([^"]*)"')
_FINE = re.compile(r"-?\d+\.\d{3,}")
_ID = re.compile(r'(?<= id=")[^"]+(?=")')
_LINK = re.compile(r'(?<=href="#)[^"]+(?=")|(?<=url\(#)[^)]+(?=\))')
_GLYPH = re.compile(r' d="([^"]*)" transform="scale\(0\.015625\)"/>')
_MOVE = re.compile(r"([MLQC])([^A-Za-z]*)|z")
COARSE = 8  # units of a glyph that make one: a hundredth of a point in a text of nine
_LETTER = re.compile(r"\s*([A-Za-z])\s*")


def lighten(svg: str) -> str:
    """Return the same picture in fewer letters.

    >>> lighten('<path d="M 1.234567 2 \\nL 3 4 \\nz\\n" style="fill: #ffffff"/>')
    '<path d="M1.23 2L3 4z" style="fill: #ffffff"/>'
    """
    svg = _BETWEEN.sub("><", _ASIDE.sub("", svg))
    svg = _GLYPH_AT.sub(lambda use: f'{use[1]} x="{_plain(float(use[2]), 1)}"/>', svg)
    svg = _GLYPH.sub(lambda glyph: f' d="{_drawn_on(glyph[1])}" transform="scale(0.125)"/>', svg)
    svg = _PATH.sub(lambda path: f' d="{_LETTER.sub(lambda move: move[1], _rounded(path[1])).strip()}"', svg)
    svg = _PLACE.sub(lambda place: place[0] if "scale" in place[2] else f'{place[1]}{_rounded(place[2])}"', svg)
    short = _short(svg)
    return _LINK.sub(short, _ID.sub(short, svg))


def _drawn_on(path: str) -> str:
    """Return the outline of a glyph with each point told from where the pen stands, in coarser units.

    >>> _drawn_on("M 80 160 \\nL 96 168 \\nz\\n")
    'm10 20l2 1z'
    """
    told, start, pen = [], (0, 0), (0, 0)
    for move in _MOVE.finditer(path):
        if not move[1]:
            told.append("z")
            pen = start
            continue
        numbers = [round(float(number) / COARSE) for number in move[2].split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        told.append(move[1].lower() + " ".join(f"{x - pen[0]} {y - pen[1]}" for x, y in points).replace(" -", "-"))
        pen = points[-1]
        start = pen if move[1] == "M" else start
    return "".join(told)


def _rounded(numbers: str) -> str:
    return _FINE.sub(lambda number: _plain(float(number[0]), 2), numbers)


def _plain(number: float, digits: int) -> str:
    """Return a number without the zeros that say nothing."""
    return f"{round(number, digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".")


def _short(svg: str) -> Callable[[re.Match[str]], str]:
    """Return what replaces the ids that something points at by g0, g1 ..., in the order in which they stand."""
    wanted = set(_LINK.findall(svg))
    names = {name: f"g{number}" for number, name in enumerate(dict.fromkeys(n for n in _ID.findall(svg) if n in wanted))}
    return lambda found: names.get(found[0], found[0])
