"""Break a text of a figure into lines of a width, in writing with blanks between words and without.

    wrap(figure.text(0, 0, ""), "A long title of a chart", 2.0)

In      a matplotlib Text that stands on a figure, words on one line, inches.
Out     the same Text, its words in lines.
Never   breaks before a mark of punctuation that closes what stands before it.
Needs   matplotlib.  Used by style.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from matplotlib.text import Text
from matplotlib.transforms import Bbox

__all__ = ["inches_of", "wrap"]


def wrap(text: Text, words: str, width: float) -> None:
    """Break at blanks, and anywhere in writing that has none, so that no line is wider than `width` inches."""
    text.set_text(words)
    if inches_of(text).width <= width:
        return
    pieces, lines, first = list(_pieces(words)), [], 0

    def wide(last: int) -> float:
        text.set_text("".join(pieces[first:last]).strip())
        return inches_of(text).width

    while first < len(pieces):  # a line grows with every piece, so its end can be sought by halves: to measure takes long
        last = bisect_right(range(len(pieces) + 1), width, first + 2, len(pieces) + 1, key=wide) - 1
        lines.append("".join(pieces[first:last]).strip())
        first = last
    text.set_text("\n".join(lines))


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
