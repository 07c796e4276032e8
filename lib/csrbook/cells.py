"""Several values in one cell of a table: parted by a bar, so that they can be told apart again.

    join(["3 billion", "a | b"]) -> "3 billion | a / b"

In      values, or a cell.
Out     a cell of one line; its values.
Never   lets a bar that a text has of its own part it in two.
Needs   nothing.
"""

from collections.abc import Iterable
from typing import Any

__all__ = ["BAR", "join", "part"]

BAR = " | "


def join(values: Iterable[Any]) -> str:
    """Return values as one cell, each on one line; a bar in one of them becomes a slash."""
    return BAR.join(" ".join(str(value).split()).replace(BAR, " / ") for value in values)


def part(cell: str) -> list[str]:
    """Return the values of a cell."""
    return cell.split(BAR)
