"""Write values and tables for a reader: "over 1,000,000 people", not 1000000.0 person; no code, nothing cut.

    format_value({"value": 1000000, "qualifier": "over", "unit": "person"}) -> "over 1,000,000 people"
    show(claims, {"claim_id": "claim", "text": "printed", "figure": "read as"})

In      a claim as a mapping, a table of claims, sums or relations.
Out     text; tables of text with short headings, for notebooks and pages.
Never   rounds a value, changes the table it was given, or is read back by a later step.
Needs   cells, frames, labels.  Used by evidence, payloads, sensitivity, templates and the notebooks.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from csrbook.cells import BAR, join, part
from csrbook.frames import DITTO
from csrbook.labels import Labels, load_labels

__all__ = [
    "ditto", "format_measure", "format_number", "format_test", "format_unit", "format_value", "format_when", "is_promise",
    "name_measure", "show", "side_by_side",
]  # fmt: skip

QUALIFIERS = {"about": "about ", "over": "over ", "nearly": "nearly ", "upto": "up to "}
NAMED = {name: name for name in ("theme", "indicator", "reason", "language", "verdict", "relation")}
DATES = {"when", "due", "date", "dates", "rate_date", "published"}
DOCUMENTS = {"doc", "docs", "one", "other"}
DECIDED = {"found", "value"}  # columns of a decision that hold what stands in its field
LONG_NUMBER = re.compile(r"(?<![\d.-])\d{4,}(?=[^\d-]|$)(?! ?\d)")
MANY = 5  # of a unit without its number
DIGITS = 5  # of a bound: with fewer, 269.95 and 270.05 billion would read the same
YEAR = re.compile(r"(1[89]|20)\d\d$")
DAY = r"\d{4}(?:-\d\d){0,2}"
SPAN = re.compile(rf"({DAY})/({DAY})")


def format_number(value: Any) -> str:
    """Write a number out in full with grouped digits: 3400000000 -> "3,400,000,000", 17.60 -> "17.6"."""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_unit(unit: Any, value: Any = None) -> str:
    """Return a unit as it stands after a number: "person" -> "people", after one "person"; a currency as its code."""
    if _is_null(unit) or not unit:
        return ""
    labels = load_labels()
    return labels.counted(MANY if _is_null(value) else value, unit) if labels.knows(unit) else str(unit)


def is_promise(claim: Mapping[str, Any]) -> bool:
    """Return whether a claim is a promise or forecast, in whatever form its table tells that."""
    return str(claim.get("target")).lower() in ("true", "1")


def format_value(claim: Mapping[str, Any]) -> str:
    """Write the normal value with its hedge and unit, a range with both ends: "over 1,000 doctors"."""
    ends = [end for end in (claim["value"], claim.get("value_max")) if not _is_null(end)]
    number = " to ".join(format_number(end) for end in ends)
    return f"{QUALIFIERS.get(claim.get('qualifier'), '')}{number} {format_unit(claim.get('unit'), ends[-1])}".strip()


def format_when(when: Any) -> str:
    """Return a date or a time between two: "2020-04/2021-03" -> "2020-04 to 2021-03"; both ends belong to it."""
    return "" if _is_null(when) else str(when).replace("/", " to ")


def format_measure(claims: Iterable[Mapping[str, Any]]) -> str:
    """Say what claims measure: the programmes and measures that they name, their theme where they name none."""
    claims, labels = list(claims), load_labels()
    told = list(dict.fromkeys(c["programme"] for c in claims if c.get("programme") and not _is_null(c["programme"])))
    named = [c["indicator"] for c in claims if c.get("indicator") and not _is_null(c["indicator"])]
    parts = [" / ".join(told), " / ".join(dict.fromkeys(labels.name("indicator", one) for one in named))]
    if not any(parts):
        parts = [labels.name("theme", next((c["theme"] for c in claims if c.get("theme")), None))]
    return ", ".join(part for part in parts if part)


def format_test(test: str, units: Iterable[str] = ()) -> str:
    """Return the arithmetic that decided a verdict with its digits grouped, its units and dates in words.

    >>> format_test("same number, other hedge: upto 20000 person and 20000 person, 2020-04/2021-03", ["person"])
    'same number, other hedge: up to 20,000 people and 20,000 people, 2020-04 to 2021-03'
    """
    for unit in sorted(set(units), key=len, reverse=True):
        words = format_unit(unit)
        if words != unit:
            test = re.sub(rf"(?<![\w.,])((?!1 )[\d.]+) {re.escape(unit)}(?!\w)", lambda found, words=words: f"{found[1]} {words}", test)
    test = LONG_NUMBER.sub(lambda found: found[0] if YEAR.match(found[0]) else f"{int(found[0]):,}", test)
    test = SPAN.sub(r"\1 to \2", test)
    return test.replace("upto ", "up to ").replace(" %", "%")


def show(
    frame: Any, columns: Mapping[str, str] | None = None, *, heads: str = "", labels: Labels | None = None,
    docs: Mapping[str, str] | None = None,
) -> Any:  # fmt: skip
    """Return a table as text to read: numbers grouped, codes named, line breaks gone, nulls empty.

    Parameters
    ----------
    frame : DataFrame
        Any table; it stays as it is.
    columns : mapping, optional
        Columns to show, in order, and their headings; all of them where it is left out. Two may be asked for that no
        table has: "figure" (value with hedge and unit) and "bounds" (what the wording allows).
    heads : str
        A section of the labels, for headings that are codes, as in a pivot by kind.
    docs : mapping
        Names of documents by their ids (naming.document_names), in place of the ids.
    """
    labels = labels or load_labels()
    columns = {name: name for name in frame.columns} if columns is None else columns
    rows = frame.to_dict("records")
    table = frame.reset_index(drop=True)[[]]
    for name, heading in columns.items():
        heading = labels.name(heads, heading) if heads and isinstance(heading, str) else heading
        cells = [_named(row[name], docs) if docs and name in DOCUMENTS else _cell(name, row, labels) for row in rows]
        table[str(heading).replace("_", " ")] = cells
    return table


def name_measure(measure: str, labels: Labels) -> str:
    """Name what is compared; the unit, which stands beside every figure, only where no measure says what is counted."""
    parts = [part.split(" / ") for part in measure.split(", ")]
    if any(code in labels.order("indicator") for part in parts[:-1] for code in part):
        parts = parts[:-1]
    return ", ".join(" / ".join(_code(code, labels) for code in part) for part in parts)


def side_by_side(relations: Any) -> Any:
    """Return a row a member of relations (reconcile.relation_rows as a table), with its own words and sentence.

    What is told of the relation as a whole stands in the row of its first member; below it stands a ditto mark.
    """
    parts = ["claims", "values", "docs", "dates", "quotations"]
    if not len(relations):
        return relations
    cut = relations.assign(**{name: relations[name].str.split(BAR, regex=False) for name in parts}).reset_index(drop=True)
    cut = cut.explode(parts)
    return ditto(cut, ["measure", "verdict", "test"], below=cut.index.duplicated()).reset_index(drop=True)


def ditto(frame: Any, columns: Iterable[str], *, below: Any) -> Any:
    """Return a table with a ditto mark in `columns` wherever `below` says that a row is as the one above; a page shows one cell."""
    return frame.assign(**{name: frame[name].astype("object").mask(below, DITTO) for name in columns if name in frame})


def _cell(name: str, row: Mapping[str, Any], labels: Labels) -> Any:
    if name == "figure":
        return format_value(row)
    if name == "bounds":
        return _bounds(row, labels)
    value = row[name]
    if isinstance(value, str) and value == DITTO:
        return value
    if name == "measure":
        return name_measure(str(value), labels)
    if name == "test":
        return format_test(str(value), str(row.get("measure", "")).replace(" / ", ", ").split(", "))
    if name == "docs":
        return ", ".join(dict.fromkeys(part(str(value))))
    if _is_null(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    section = NAMED.get(row.get("field")) if name in DECIDED else NAMED.get(name)
    if section:
        return labels.name(section, value) if value in labels.order(section) or name not in DECIDED else value
    if name in ("unit", "unit_si"):
        return format_unit(value)
    if name in DATES:
        return join(format_when(day) for day in part(str(value)))
    if name in ("values", "figures"):
        return SPAN.sub(r"\1 to \2", " ".join(str(value).split()))
    return " ".join(value.split()) if isinstance(value, str) else format_number(value)


def _named(told: Any, docs: Mapping[str, str]) -> str:
    """Return the documents of a cell by their names, each once, or the ditto mark."""
    return "" if _is_null(told) else "; ".join(dict.fromkeys(docs.get(doc, doc) for doc in part(str(told))))


def _code(code: str, labels: Labels) -> str:
    """Name a code of whichever kind: measure, theme or unit; a name of a programme stays as it is."""
    for section in ("indicator", "theme", "unit"):
        if code in labels.order(section):
            return labels.name(section, code)
    return code


def _bounds(row: Mapping[str, Any], labels: Labels) -> str:
    low, high = (None if _is_null(row[end]) else row[end] for end in ("low", "high"))
    if low == high:
        return ""
    if low is None or high is None:
        return f"{labels.number(high, figures=DIGITS)} or less" if low is None else f"{labels.number(low, figures=DIGITS)} or more"
    return labels.span(labels.number(low, figures=DIGITS), labels.number(high, figures=DIGITS))


def _is_null(value: Any) -> bool:
    return value is None or value != value
