"""The colours of figures by what they stand for, in a light and a dark scheme.

    darken('<path style="fill: #ffffff"/>') -> '<path style="fill: #14171a"/>'

In      a picture as SVG, as it was drawn in the light colours.
Out     the same picture in the dark ones: nothing but colours differs.
Never   gives one colour two meanings that differ in the dark; is asked for a colour by anything but its name.
Needs   nothing.  Used by style.
"""

import re

__all__ = ["CATEGORY", "DARK", "GRID", "GROUND", "INK", "ON_PART", "PROMISE", "QUIET", "RESULT", "SHADES", "contrast", "darken", "on"]

GROUND, INK, QUIET, GRID = "#ffffff", "#1a1a1a", "#595959", "#d9d9d9"
RESULT, PROMISE = "#0072b2", "#d55e00"  # blue and vermilion stay apart in every kind of colour blindness
# After Okabe and Ito, the pale ones darkened until they stand out from paper
CATEGORY = ("#0072b2", "#c77c00", "#00845a", "#cc79a7", "#3c9bd6", "#b84a00", "#757575", "#6a2c70")
SHADES = ("#dce9f6", "#c6dbef", "#a6cde4", "#82badb", "#5fa6d1", "#2c76b5", "#1a62a8", "#084a91", "#08306b")  # few to many
ON_PART = "#111111"  # words on a part of middling colour: dark on both grounds
READABLE = 4.5  # contrast of words to what they stand on
DARK = {
    GROUND: "#14171a",
    INK: "#e8e6e3",
    QUIET: "#b0b4b9",
    GRID: "#363c42",
    PROMISE: "#ff8a4d",
    ON_PART: "#101214",
    **dict(zip(CATEGORY, ("#5cb3f0", "#e69f00", "#2fbf91", "#e39ac4", "#a5d8ff", "#f2803e", "#a8a8a8", "#f0e442"), strict=True)),
    **dict(
        zip(SHADES, ("#1c2c3c", "#1e3a56", "#20476d", "#235585", "#28639c", "#5a9fd8", "#7bb5e6", "#a3cdf2", "#cfe5fb"), strict=True)
    ),
}
_STYLE = re.compile(r'style="[^"]*"')
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def darken(svg: str) -> str:
    """Return a drawn picture with every colour of the light scheme replaced by that of the dark one.

    >>> darken('<use style="fill: #1a1a1a; stroke: #d55e00"/>')
    '<use style="fill: #e8e6e3; stroke: #ff8a4d"/>'
    """
    return _STYLE.sub(lambda style: _COLOUR.sub(lambda colour: DARK.get(colour[0], colour[0]), style[0]), svg)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on(colour: str) -> str:
    """Return the colour of words that can be read on a part of a bar or on a cell, in both schemes."""
    if contrast(GROUND, colour) >= READABLE:
        return GROUND
    return INK if colour in SHADES else ON_PART


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
