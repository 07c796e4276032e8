"""Lay out the tables of a notebook for reading: numbers to the right, words to the left, no counted rows.

In      HTML of a notebook's outputs, clean, with tables as pandas prints them.
Out     the same HTML: a cell that holds a number gets the class "n", as does the head of a column of numbers, and an
        index that only counts 0, 1, 2 ... is left out.
Never   changes what a cell says, or a table that it does not know.
Needs   nothing.  Used by share.
"""

import re

__all__ = ["lay_out_tables"]

TABLE = re.compile(r'<table class="dataframe">.*?</table>', re.DOTALL)
ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])[^>]*>(.*?)</\1>", re.DOTALL)
NUMBER = re.compile(r"[-\u2212]?[\d,]+(\.\d+)?(e[+-]?\d+)?|NaN|None|&lt;NA&gt;|")


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
    if not body or len(widths) != 1:  # a head of two rows, a group that spans rows: left as pandas has it
        return table[0]
    counted = [row[0] for row in body] == [("th", str(number)) for number in range(len(body))]
    numeric = [all(NUMBER.fullmatch(row[at][1].strip()) for row in body) for at in range(len(rows[0]))]
    return ROW.sub(lambda row: _row(row, numeric, counted), table[0])


def _row(row: re.Match, numeric: list[bool], counted: bool) -> str:
    place = iter(range(len(numeric)))

    def cell(found: re.Match) -> str:
        at = next(place)
        if at == 0 and counted:
            return ""
        mark = ' class="n"' if numeric[at] and (at or found[1] == "td") else ""
        return f"<{found[1]}{mark}>{found[2]}</{found[1]}>"

    laid = CELL.sub(cell, row[0])
    return re.sub(r"\s+(?=<t[hd])", "", laid) if counted else laid
