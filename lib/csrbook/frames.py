"""Lay out the tables of a notebook for reading: numbers to the right, words to the left, no counted rows, figures as links.

In      HTML of a notebook's outputs, clean, with tables as pandas prints them.
Out     the same HTML: a cell that holds a number gets the class "n", as does the head of a column of numbers; a date or a
        name in code, which must not be broken, the class "k", and long words, which need room, the class "w". An index that
        only counts 0, 1, 2 ... is left out, and so is a column that is empty in every row; a column of ids (of claims, or of
        places where a programme is told) becomes links on the words of the column after it. A ditto mark lets the cell above
        it reach down. A table of long words, or of many columns of words, gets the class "stack", and its cells name their
        columns: a narrow screen can show its rows one under the other. A table without rows says so.
Never   changes what a cell says, or a table that it does not know.
Needs   cells.  Used by notebook_pages.
"""

import re
from collections.abc import Sequence

from csrbook.cells import part

__all__ = ["DITTO", "lay_out_tables"]

TABLE = re.compile(r'<table class="dataframe">.*?</table>', re.DOTALL)
ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])[^>]*>(.*?)</\1>", re.DOTALL)
NUMBER = re.compile(r"[-\u2212]?[\d,]+(\.\d+)?(e[+-]?\d+)?|NaN|None|&lt;NA&gt;|\u00b7|")
IDS = re.compile(r"[0-9a-f]{16}( \| [0-9a-f]{16})*")
NO_IDS = ("", "None")  # of a row that has nothing to link to
DOT = "\u00b7"  # among numbers: looked for, and not found
DITTO = "\u2033"  # says that a cell is as the one above it
LONG = 60  # letters of a cell that want a broad column
BROAD = 4  # columns of words that are more than a narrow screen holds side by side
DAY = r"\d{4}-\d\d(-\d\d)?"
KEPT = re.compile(rf"{DAY}|(?=.{{1,22}}$)[a-z0-9]+([-_][a-z0-9]+)+")
NO_ROWS = '<p class="missing">No rows.</p>'


def lay_out_tables(body: str) -> str:
    """Return `body` with every pandas table laid out.

    Examples
    --------
    >>> lay_out_tables('<table class="dataframe"><tr><th></th><th>a</th></tr><tr><th>0</th><td>7</td></tr></table>')
    '<table class="dataframe"><tr><th class="n">a</th></tr><tr><td class="n">7</td></tr></table>'
    """
    return TABLE.sub(_lay_out, body)


def _lay_out(table: re.Match) -> str:
    rows = [CELL.findall(row) for row in ROW.findall(table[0])]
    body = [row for row in rows if any(tag == "td" for tag, _ in row)]
    widths = {len(row) for row in rows}
    if len(widths) != 1:  # a head of two rows, a group that spans rows: left as pandas has it
        return table[0]
    if not body:
        return NO_ROWS
    told = [[row[at][1].strip() for row in body] for at in range(len(rows[0]))]  # by column
    hidden = {0} if [row[0] for row in body] == [("th", str(number)) for number in range(len(body))] else set()
    hidden |= {at for at, cells in enumerate(told) if not any(cells) and body[0][at][0] == "td"}
    hidden |= {at for at in range(len(told) - 1) if _are_ids([row[at] for row in body])}
    if len(hidden) == len(told):
        return table[0]
    numeric = [all(NUMBER.fullmatch(words) or words == DITTO for words in cells) and set(cells) - {""} != {DOT} for cells in told]
    broad = any(_is_long(words) for row in body for _, words in row)
    broad |= sum(at not in hidden and not numeric[at] for at in range(len(told))) >= BROAD
    heads = [_plain(cell[1]) for cell in rows[0]] if broad else None
    spans = iter([[1] * len(told)] * (len(rows) - len(body)) + list(zip(*map(_spans, told), strict=True)))
    laid = ROW.sub(lambda row: _row(row, numeric, hidden, next(spans), heads), table[0])
    return laid.replace('class="dataframe"', 'class="dataframe stack"', 1) if heads else laid


def _spans(cells: list[str]) -> list[int]:
    """Return how many rows each cell of a column takes: none where it is a ditto mark below another cell."""
    spans, top = [1] * len(cells), 0
    for at, words in enumerate(cells):
        if words == DITTO and at:
            spans[at], spans[top] = 0, spans[top] + 1
        else:
            top = at
    return spans


def _are_ids(cells: list[tuple[str, str]]) -> bool:
    """True for a column of ids; some of its cells may be empty, but not all."""
    if any(tag != "td" or not (words in NO_IDS or IDS.fullmatch(words)) for tag, words in cells):
        return False
    return any(words not in NO_IDS for _, words in cells)


def _row(row: re.Match, numeric: list[bool], hidden: set[int], spans: Sequence[int], heads: Sequence[str] | None) -> str:
    cells = CELL.findall(row[0])
    place = iter(range(len(cells)))

    def cell(found: re.Match) -> str:
        at, tag, words = next(place), found[1], found[2]
        if at in hidden or not spans[at]:
            return ""
        mark = "n" if numeric[at] and (at or tag == "td") else "k" if KEPT.fullmatch(words) else ""
        if not mark and tag == "td" and _is_long(words):
            mark = "w"
        mark = f' class="{mark}"' * bool(mark) + f' rowspan="{spans[at]}"' * (spans[at] > 1)
        mark += f' data-head="{heads[at]}"' if heads and tag == "td" else ""
        if at - 1 in hidden and tag == "td" and cells[at - 1][0] == "td":
            words = _linked(cells[at - 1][1], words)
        return f"<{tag}{mark}>{words}</{tag}>"

    laid = CELL.sub(cell, row[0])
    return re.sub(r"\s+(?=<t[hd])", "", laid) if hidden else laid


def _is_long(words: str) -> bool:
    return max(map(len, part(words))) > LONG


def _plain(head: str) -> str:
    """Return the words of a heading for an attribute: no markup, no quotation mark."""
    return re.sub("<[^>]*>", "", head).replace('"', "&quot;").strip()


def _linked(ids: str, words: str) -> str:
    """Return the words of a cell as links to their claims, those of a relation one under the other."""
    if ids in NO_IDS:
        return words
    claims, told = part(ids), part(words)
    if len(claims) != len(told):
        told = [words, *claims[1:]]
    return "<br>".join(f'<a href="#c-{one}">{part}</a>' for one, part in zip(claims, told, strict=True))
