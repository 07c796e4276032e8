"""Break a text of a figure into lines of a width, in writing with blanks between words and without.

    wrap(figure.text(0, 0, ""), "A long title of a chart", 2.0)

In      a matplotlib Text that stands on a figure, words on one line, inches.
Out     the same Text, its words in lines.
Never   breaks before a mark of punctuation that closes what stands before it.
Needs   matplotlib.  Used by style.
"""

import unicodedata
from collections.abc import Iterator

from matplotlib.text import Text
from matplotlib.transforms import Bbox

__all__ = ["inches_of", "wrap"]


def wrap(text: Text, words: str, width: float) -> None:
    """Break at blanks, and anywhere in writing that has none, so that no line is wider than `width` inches."""
    text.set_text(words)
    if inches_of(text).width <= width:
        return
    lines, line = [], ""
    for piece in _pieces(words):
        text.set_text((line + piece).rstrip())
        if line and inches_of(text).width > width:
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


def inches_of(text: Text) -> Bbox:
    """Return the box of a text in inches of its figure."""
    box = text.get_window_extent(text.figure.canvas.get_renderer())
    return Bbox(box.get_points() / text.figure.dpi)
