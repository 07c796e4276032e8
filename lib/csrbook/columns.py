"""The registry of columns: every column of every table is defined once, in columns.csv.

    column("value_usd").unit -> "USD"

In      a column's name; a table's.
Out     Column(name, meaning, type, unit, source); `dictionary(names)` gives the rows of a data dictionary.
Never   imports pandas, or knows how a value is made.
Needs   errors.  Used by tables, pivots, exports, datapackage, charts.

A row of columns.csv belongs to a table; where that is "*", to any: what is computed from a claim means the same wherever it stands.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from importlib.resources import files

from csrbook.errors import SchemaError

__all__ = ["COLUMNS", "Column", "check", "column", "columns_of", "dictionary", "money_columns", "name_column", "read_columns"]

ANY = "*"
MADE_OF = {"programmes": "tellings", "names_to_review": "sightings", "coverage": "sources"}  # tables that take columns over from another


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what a cell means, its type, its unit ("" where it has none) and where it comes from."""

    name: str
    meaning: str
    type: str  # text, integer, number, boolean, date (ISO 8601 text, at the precision printed), day (a whole ISO date), json
    unit: str = ""
    source: str = "text"  # text, rules, lexicon, manifest, file, rates, computed


def read_columns(lines: Iterable[str]) -> dict[str, dict[str, Column]]:
    """Return table -> name -> Column, in the order of the lines.

    Raises
    ------
    SchemaError
        A table defines a name twice.
    """
    tables: dict[str, dict[str, Column]] = {}
    for row in csv.DictReader(lines):
        known = tables.setdefault(row.pop("table"), {})
        if row["name"] in known:
            raise SchemaError("columns.csv", f"defines {row['name']} twice in one table", "one row a column")
        known[row["name"]] = Column(**row)
    return tables


with (files("csrbook") / "columns.csv").open(encoding="utf-8", newline="") as _file:
    COLUMNS = read_columns(_file)
_MONEY = re.compile(r"(value|low|high)_([a-z]{3})")
_NAME = re.compile(r"name_[a-z]{2,3}")


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns that a table defines itself, in their order."""
    return tuple(COLUMNS[table].values())


def column(name: str, table: str = "claims") -> Column:
    """Return the definition of a column; `value_eur` and its like are money in the currency they name.

    Parameters
    ----------
    name : str
        Column.
    table : str
        The table it stands in. A source's `kind` (news, report) is not a claim's; where the table does not define the name, what
        any table may have answers, then the claims, then every other.

    Raises
    ------
    SchemaError
        No such column.
    """
    for one in (table, MADE_OF.get(table), ANY, *COLUMNS):
        if name in COLUMNS.get(one, ()):
            return COLUMNS[one][name]
    if match := _MONEY.fullmatch(name):
        pattern = COLUMNS[ANY][f"{match[1]}_*"]
        return replace(pattern, name=name, unit=match[2].upper())
    if _NAME.fullmatch(name):
        return replace(COLUMNS["programmes"]["name_*"], name=name)
    raise SchemaError(f"column {name!r}", "not in the registry", "every column is defined once", "add it to columns.csv")


def money_columns(currency: str) -> tuple[str, str, str]:
    """Return the names of converted value, low and high: ("value_usd", "low_usd", "high_usd")."""
    code = currency.lower()
    return f"value_{code}", f"low_{code}", f"high_{code}"


def name_column(language: str) -> str:
    """Return the name of the column of names in a language: "name_zh"."""
    return f"name_{language}"


def dictionary(names: Iterable[str], table: str = "claims") -> list[dict[str, str]]:
    """Return the definitions of `names` as rows of a data dictionary, in the given order."""
    return [asdict(column(name, table)) for name in names]


def check(have: Iterable[str], needed: Iterable[str], *, where: str) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    SchemaError
        With the names that are missing and what the first of them means.
    """
    present = set(have)
    missing = [name for name in needed if name not in present]
    if missing:
        what = f"no column {', '.join(missing)}"
        raise SchemaError(where, what, f"{missing[0]} is: {column(missing[0]).meaning}", "make the table with csrbook.tables")
