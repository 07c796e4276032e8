"""Lay out the tables of a notebook for reading: numbers to the right, words to the left, no counted rows, figures as links.

In      HTML of a notebook's outputs, clean, with tables as pandas prints them.
Out     the same HTML: a cell that holds a number gets the class "n", as does the head of a column of numbers; a date or a
        name in code, which must not be broken, the class "k". An index that only counts 0, 1, 2 ... is left out, and a
        column of ids (of claims, or of places where a programme is told) becomes links on the words of the column after
        it. A table without rows says so.
Never   changes what a cell says, or a table that it does not know.
Needs   nothing.  Used by share.
"""

import re

__all__ = ["lay_out_tables"]

TABLE = re.compile(r'<table class="dataframe">.*?</table>', re.DOTALL)
ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])[^>]*>(.*?)</\1>", re.DOTALL)
NUMBER = re.compile(r"[-\u2212]?[\d,]+(\.\d+)?(e[+-]?\d+)?|NaN|None|&lt;NA&gt;|")
IDS = re.compile(r"[0-9a-f]{16}( \| [0-9a-f]{16})*")
NO_IDS = ("", "None")  # of a row that has nothing to link to
BAR = " | "  # between the members of one cell
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
    columns = range(len(rows[0]))
    hidden = {0} if [row[0] for row in body] == [("th", str(number)) for number in range(len(body))] else set()
    numeric = [all(NUMBER.fullmatch(row[at][1].strip()) for row in body) for at in columns]
    hidden |= {at for at in columns[:-1] if _are_ids([row[at] for row in body])}
    return ROW.sub(lambda row: _row(row, numeric, hidden), table[0])


def _are_ids(cells: list[tuple[str, str]]) -> bool:
    """True for a column of ids; some of its cells may be empty, but not all."""
    if any(tag != "td" or not (words in NO_IDS or IDS.fullmatch(words)) for tag, words in cells):
        return False
    return any(words not in NO_IDS for _, words in cells)


def _row(row: re.Match, numeric: list[bool], hidden: set[int]) -> str:
    cells = CELL.findall(row[0])
    place = iter(range(len(cells)))

    def cell(found: re.Match) -> str:
        at, tag, words = next(place), found[1], found[2]
        if at in hidden:
            return ""
        mark = ' class="n"' if numeric[at] and (at or tag == "td") else ' class="k"' if KEPT.fullmatch(words) else ""
        if at - 1 in hidden and tag == "td" and cells[at - 1][0] == "td":
            words = _linked(cells[at - 1][1], words)
        return f"<{tag}{mark}>{words}</{tag}>"

    laid = CELL.sub(cell, row[0])
    return re.sub(r"\s+(?=<t[hd])", "", laid) if hidden else laid


def _linked(ids: str, words: str) -> str:
    """Return the words of a cell as links to their claims, those of a relation one under the other."""
    if ids in NO_IDS:
        return words
    claims, told = ids.split(BAR), words.split(BAR)
    if len(claims) != len(told):
        told = [words, *claims[1:]]
    return "<br>".join(f'<a href="#c-{one}">{part}</a>' for one, part in zip(claims, told, strict=True))
