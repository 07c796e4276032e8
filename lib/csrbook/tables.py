"""Claims as a DataFrame: one row a claim, typed, dated, in normal units and in one currency.

    normalise(claims_frame(records, sources), units).loc[0, ["value_si", "unit_si", "value_usd", "rate_date"]]

In      claim records (dicts with the field names of GUIDELINES and the extra ones), rows of sources, of the ledger, of
        programmes told, of names to review.
Out     frames whose columns stand in `columns`; sorted by doc and start; the same rows and types for any input.
Never   changes a printed value: what is computed is a second column beside it; invents no rate, no date, no unit.
Needs   errors, columns, money; pandas.  Used by notebooks, pivots by what they hand on.
"""

import json
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

import pandas as pd

from csrbook.columns import Column, check, columns_of, money_columns
from csrbook.errors import SchemaError
from csrbook.money import Rate, find_rate

__all__ = [
    "claims_frame", "currency_of", "first_day", "last_day", "ledger_frame", "normalise", "sightings_frame", "sources_frame",
    "tellings_frame", "typed_frame",
]  # fmt: skip

DTYPES = {"text": "str", "date": "str", "day": "str", "json": "str", "integer": "Int64", "number": "float64", "boolean": "bool"}


def claims_frame(records: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Return claims as a table, each with language, date and publisher of its document.

    Grain: one row a claim, sorted by doc and start. `value` in `unit`, percent as 96. Decimals become floats here and
    nowhere else; of more than 15 digits the text alone keeps the last. A field that a record lacks is null (false for
    the two booleans); without `claim_id` the `id` serves.

    Parameters
    ----------
    records : iterable of dict
        As `claims.record` gives them.
    sources : iterable of dict, or DataFrame
        Rows of the sources table; documents that it does not hold leave language, published and publisher null.

    Raises
    ------
    SchemaError
        A record without doc, start, end, text or value.
    """
    rows = [_checked(number, record) for number, record in enumerate(records, 1)]
    frame = typed_frame(rows, columns_of("claims")).sort_values(["doc", "start", "end"], kind="stable", ignore_index=True)
    frame["claim_id"] = frame["claim_id"].fillna(frame["id"])
    known = sources_frame(sources).drop_duplicates("doc").set_index("doc")
    for name, origin in (("language", "language"), ("published", "date"), ("publisher", "publisher")):
        frame[name] = frame["doc"].map(known[origin]).astype("str")
    return frame


def sources_frame(rows: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Return the sources table: one row a file, in the order given (read first, then unread)."""
    if isinstance(rows, pd.DataFrame):
        rows = rows.to_dict("records")
    return typed_frame([dict(row) for row in rows], columns_of("sources"))


def ledger_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the numerals that were set aside: one row each, sorted by doc and start."""
    frame = typed_frame([dict(row) for row in rows], columns_of("ledger"))
    return frame.sort_values(["doc", "start", "end"], kind="stable", ignore_index=True)


def tellings_frame(rows: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Return the places where programmes are told, each with the date of its document: one row a place, sorted by doc and start."""
    return _dated(typed_frame([dict(row) for row in rows], columns_of("tellings")), sources)


def sightings_frame(rows: Iterable[Mapping[str, Any]], sources: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Return the names that no table knows, each with the date of its document: one row a document and name, sorted by doc and start."""
    told = [dict(row) | {"forms": json.dumps(row["forms"], ensure_ascii=False)} for row in rows]
    return _dated(typed_frame(told, columns_of("sightings")), sources)


def _dated(frame: pd.DataFrame, sources: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return places sorted by doc and start, each with the date of its document."""
    frame = frame.sort_values(["doc", "start"], kind="stable", ignore_index=True)
    known = sources_frame(sources).drop_duplicates("doc").set_index("doc")
    frame["published"] = frame["doc"].map(known["date"]).astype("str")
    return frame


def normalise(claims: pd.DataFrame, units: Mapping[str, Mapping[str, Any]], *, currency: str = "USD") -> pd.DataFrame:
    """Return the claims with their date, normal unit and converted money beside what is printed.

    Adds begun, dated, dated_by, year; value_si, low_si, high_si, unit_si, ucum; currency, value_<currency>, low_<currency>,
    high_<currency>, rate, rate_date, rate_source, rate_note. Same rows, same order.

    Parameters
    ----------
    claims : DataFrame
        From `claims_frame`.
    units : mapping of unit code to row
        `lexicons.units`: kind, and where there is one `si`, `factor`, `ucum`. A unit that it does not hold is a counted
        noun and its own normal unit.
    currency : str
        ISO 4217 code that money is converted to, at the rate of the day the claim speaks of; of the day the document
        appeared where that is earlier (a promise cannot have the rate of a day to come).

    Raises
    ------
    UsageError
        No rates are known for `currency`.
    """
    check(claims.columns, [c.name for c in columns_of("claims")] + ["published"], where="tables.normalise")
    frame = claims.copy()
    ends = frame["when"].map(last_day, na_action="ignore")
    frame["begun"] = frame["when"].map(first_day, na_action="ignore").astype("str")
    frame["dated"] = ends.where(ends.notna(), frame["published"].map(last_day, na_action="ignore")).astype("str")
    frame["dated_by"] = [_dated_by(end, day) for end, day in zip(ends, frame["dated"], strict=True)]
    frame["year"] = pd.array([_year(day) for day in frame["dated"]], dtype="Int64")
    _to_si(frame, units)
    _to_money(frame, units, currency.upper())
    for name in ("dated_by", "unit_si", "ucum", "currency", "rate_date", "rate_source", "rate_note"):
        frame[name] = frame[name].astype("str")
    return frame


def currency_of(claims: pd.DataFrame) -> str:
    """Return the currency that a normalised table was converted to."""
    check(claims.columns, ["currency"], where="tables.currency_of")
    return claims["currency"].iloc[0] if len(claims) else ""


def last_day(when: Any) -> str | None:
    """Return the last day of an ISO date, month, year or interval; None for anything else.

    >>> last_day("2020"), last_day("2020-02"), last_day("2017-12/2020-12")
    ('2020-12-31', '2020-02-29', '2020-12-31')
    """
    return _day(when.rpartition("/")[2], first=False) if isinstance(when, str) else None


def first_day(when: Any) -> str | None:
    """Return the first day of an ISO date, month, year or interval; None for anything else.

    >>> first_day("2020"), first_day("2017-12/2020-12")
    ('2020-01-01', '2017-12-01')
    """
    return _day(when.partition("/")[0], first=True) if isinstance(when, str) else None


def _day(point: str, *, first: bool) -> str | None:
    try:
        numbers = [int(part) for part in point.split("T")[0].split("-")]
        year, month = numbers[0], numbers[1] if len(numbers) > 1 else 1 if first else 12
        day = numbers[2] if len(numbers) > 2 else 1 if first else monthrange(year, month)[1]
        return date(year, month, day).isoformat()
    except (ValueError, IndexError):  # a doubtful date in a document is no date; it never stops a run
        return None


def _checked(number: int, record: Mapping[str, Any]) -> dict[str, Any]:
    lacking = [name for name in ("doc", "start", "end", "text", "value") if record.get(name) is None]
    if lacking:
        where = f"claim {number} {record.get('id', '')}".strip()
        raise SchemaError(where, f"no {', '.join(lacking)}", "a whole record", "extract it again")
    row = dict(record)
    for name in ("value", "value_max", "low", "high"):
        row[name] = _float(row.get(name))
    row["rule"] = json.dumps(row["rule"], sort_keys=True, ensure_ascii=False) if row.get("rule") else None
    return row


def _float(value: Any) -> float | None:
    """Return the nearest float; null for a number that none can hold: a doubtful text never stops a run."""
    try:
        number = float("nan" if value is None else value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def typed_frame(rows: Sequence[Mapping[str, Any]], schema: Iterable[Column]) -> pd.DataFrame:
    """Build a frame with exactly the columns of a schema, whatever the rows hold; extra keys are left out."""
    return pd.DataFrame({c.name: _series([row.get(c.name) for row in rows], c.type) for c in schema})


def _series(values: list[Any], kind: str) -> pd.Series:
    blank = [None if value is None or value != value else value for value in values]
    if kind == "boolean":
        return pd.Series([bool(value) for value in blank], dtype="bool")
    if DTYPES[kind] == "str":
        return pd.Series([None if value is None else str(value) for value in blank], dtype="str")
    return pd.Series(pd.array(blank, dtype=DTYPES[kind])) if kind == "integer" else pd.Series(blank, dtype="float64")


def _dated_by(end: Any, day: Any) -> str | None:
    if isinstance(end, str):
        return "when"
    return "published" if isinstance(day, str) else None


def _year(day: Any) -> int | None:
    return int(day[:4]) if isinstance(day, str) else None


def _to_si(frame: pd.DataFrame, units: Mapping[str, Mapping[str, Any]]) -> None:
    rows = [units.get(unit, {}) if isinstance(unit, str) else {} for unit in frame["unit"]]
    factor = pd.Series([float(row.get("factor", 1)) for row in rows], index=frame.index, dtype="float64")
    for name in ("value", "low", "high"):
        frame[f"{name}_si"] = frame[name] * factor
    frame["unit_si"] = [row.get("si", unit) for row, unit in zip(rows, frame["unit"], strict=True)]
    frame["ucum"] = [row.get("ucum") for row in rows]


def _to_money(frame: pd.DataFrame, units: Mapping[str, Mapping[str, Any]], currency: str) -> None:
    rates = [_rate(claim, currency) for claim in frame[["kind", "unit", "dated", "published"]].itertuples(index=False)]
    frame["currency"] = currency
    factor = pd.Series([r.value if isinstance(r, Rate) else None for r in rates], index=frame.index, dtype="float64")
    for name, converted in zip(("value", "low", "high"), money_columns(currency), strict=True):
        frame[converted] = (frame[name] * factor).round(2)
    frame["rate"] = factor
    frame["rate_date"] = [r.day.isoformat() if isinstance(r, Rate) else None for r in rates]
    frame["rate_source"] = [r.source if isinstance(r, Rate) else None for r in rates]
    frame["rate_note"] = [None if r is None or isinstance(r, Rate) else r if isinstance(r, str) else r.reason for r in rates]


def _rate(claim: Any, currency: str) -> Any:
    if claim.kind != "money":
        return None
    days = [day for day in (claim.dated, last_day(claim.published)) if isinstance(day, str)]
    if not days:
        return "neither the claim nor its document has a date"
    return find_rate(claim.unit, currency, day=date.fromisoformat(min(days)))
