"""Contested choices: whether promises count, which document wins, which end of an interval, the rate of which day.

    Terms(bound="low").ends(row) -> (3_350_000_000.0, 3_350_000_000.0, "atleast")

In      normalised claims (tables.normalise), relations.
Out     what a headline picks from and states under one set of choices; the claims themselves stay as they are.
Never   changes a value that is printed, drops a claim from a table, or makes up an end that an interval does not have.
Needs   errors, money, pivots, tables; pandas.  Used by brief, notebook 06.

The choices, the first of each being what the sentences state by themselves:

promises   apart: a plan, promise or forecast is no result, and no rival of one; counted: it is ranked, counted and heard like one.
source     all: every document is heard; where several documents state one measure (relations equal, rounding, qualifier,
           scope, slip, conflict and revision join their figures; other dates are no contest): newest or earliest: the
           document that appeared last or first wins; precise: the one whose figure has the narrowest interval. Whoever
           publishes a document is free text of a manifest, or unknown, so "first hand" cannot be told from it.
bound      stated: as printed, a range ranked by its lower end; low, high: that end of the interval which the printed
           digits and the hedge allow; middle: half way. Without an end ("more than 5") the figure stays as printed.
rate_day   claim: the day the claim speaks of, or that of its document where that is earlier; published: the day the
           document appeared; newest: one day for all, that of the newest document, so that years compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import pandas as pd

from csrbook.errors import UsageError
from csrbook.money import Rate, find_rate
from csrbook.pivots import newest_day
from csrbook.tables import currency_of, last_day

__all__ = ["CHOICES", "Terms", "convert", "find_outdone"]

CHOICES = {
    "promises": ("apart", "counted"),
    "source": ("all", "newest", "earliest", "precise"),
    "bound": ("stated", "low", "middle", "high"),
    "rate_day": ("claim", "published", "newest"),
}
HEDGES = {"low": "atleast", "middle": "about", "high": "atmost"}
RIVAL_KINDS, RIVAL_VERDICT = ("same", "conflict"), "revision"
OPEN = float("inf")  # width of an interval without an end


@dataclass(frozen=True, slots=True)
class Terms:
    """One value of each contested choice; a value that is none of `CHOICES` is refused."""

    promises: str = "apart"
    source: str = "all"
    bound: str = "stated"
    rate_day: str = "claim"

    def __post_init__(self) -> None:
        for name, value in self.told.items():
            if value not in CHOICES[name]:
                near = get_close_matches(str(value), CHOICES[name], 1)
                advice = f"did you mean {near[0]}?" if near else ""
                raise UsageError(f"parameter {name}", f"{value!r} was given", f"one of {', '.join(CHOICES[name])}", advice)

    @property
    def told(self) -> dict[str, str]:
        """The choices by name."""
        return asdict(self)

    def results(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Return the claims that count as results."""
        return claims if self.promises == "counted" else claims[~claims["target"]]

    def sizes(self, claims: pd.DataFrame) -> pd.Series:
        """Return what claims are ranked by: money as converted, all else in normal units, at the chosen end."""
        currency = currency_of(claims).lower()
        money = claims["kind"] == "money"

        def column(name: str) -> pd.Series:
            normal, converted = claims[f"{name}_si"], f"{name}_{currency}"
            return claims[converted].where(money, normal) if converted in claims else normal

        value = column("value")
        if self.bound in ("low", "high"):
            return column(self.bound).where(value.notna()).fillna(value)
        return ((column("low") + column("high")) / 2).where(value.notna()).fillna(value) if self.bound == "middle" else value

    def ends(self, row: Any) -> tuple[float, float, str]:
        """Return what a claim is stated as: lower end, upper end (the same where it is one number), and the hedge.

        A number that the choice leaves as it is printed keeps its printed hedge.
        """
        upper = row.value if pd.isna(row.value_max) else row.value_max
        whole = {"low": row.low, "high": row.high, "middle": (row.low + row.high) / 2}
        chosen = whole.get(self.bound)
        if chosen is None or pd.isna(chosen) or chosen == row.value == upper:
            return row.value, upper, row.qualifier
        return chosen, chosen, HEDGES[self.bound]


def convert(claims: pd.DataFrame, rate_day: str) -> pd.DataFrame:
    """Return normalised claims with their money converted at the rate of another day; the same rows, columns and types.

    Changed are value_<currency>, low_<currency>, high_<currency>, rate, rate_date, rate_source and rate_note of money. Where
    no rate is known for that day they are null, and rate_note says why.

    Parameters
    ----------
    claims : DataFrame
        From tables.normalise; "claim" is the rule that it follows, and gives the same table.
    rate_day : {"claim", "published", "newest"}
        Which day; see the head of this module.
    """
    if rate_day == "claim" or claims.empty:
        return claims
    frame, currency = claims.copy(), currency_of(claims)
    money = frame["kind"] == "money"
    newest = newest_day(claims)
    days = [newest if rate_day == "newest" else last_day(told) for told in frame["published"]]
    found = [_rate(unit, currency, day) if is_money else None for unit, day, is_money in zip(frame["unit"], days, money, strict=True)]
    rate = pd.Series([one.value if isinstance(one, Rate) else None for one in found], index=frame.index, dtype="float64")
    for name in ("value", "low", "high"):
        frame[f"{name}_{currency.lower()}"] = (frame[name] * rate).round(2)
    frame["rate"] = rate
    frame["rate_date"] = [one.day.isoformat() if isinstance(one, Rate) else None for one in found]
    frame["rate_source"] = [one.source if isinstance(one, Rate) else None for one in found]
    frame["rate_note"] = [None if one is None or isinstance(one, Rate) else one for one in found]
    return frame.astype({name: "str" for name in ("rate_date", "rate_source", "rate_note")})


def _rate(unit: Any, currency: str, day: str | None) -> Rate | str:
    if day is None:
        return "its document has no date"
    found = find_rate(unit, currency, day=date.fromisoformat(day))
    return found if isinstance(found, Rate) else found.reason


def find_outdone(
    claims: pd.DataFrame, relations: Iterable[Mapping[str, Any]], source: str, *, promises: str = "apart"
) -> frozenset[str]:
    """Return the claims that give way to those of another document on the same measure; none where every document is heard.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    relations : iterable of mapping
        With `kind`, `verdict` and `members` (claim ids).
    source : {"all", "newest", "earliest", "precise"}
        Which document wins. A document without a date is neither newest nor earliest while another has one; what is still
        undecided falls to the newest, then to the first by name.
    promises : {"apart", "counted"}
        Apart, a promise gives way to promises alone, and a result to results.
    """
    if source == "all":
        return frozenset()
    rows = claims.drop_duplicates("claim_id").set_index("claim_id")
    doc, day = rows["doc"].to_dict(), rows["published"].map(last_day, na_action="ignore").to_dict()
    width = {one: _width(*told) for one, told in zip(rows.index, rows[["value", "low", "high"]].itertuples(index=False), strict=True)}
    outdone: set[str] = set()
    camp = rows["target"].to_dict() if promises == "apart" else dict.fromkeys(doc, False)
    for group in _rivals(relations, doc, camp):
        narrowest: dict[str, float] = {}
        for one in group:
            narrowest[doc[one]] = min(width[one], narrowest.get(doc[one], OPEN))
        told = {doc[one]: day[one] for one in group}
        winner = min(told, key=lambda name: (_rank(source, told[name], narrowest[name]), name))
        outdone |= {one for one in group if doc[one] != winner}
    return frozenset(outdone)


def _rank(source: str, day: Any, width: float) -> tuple[float, bool, int]:
    """Order documents, the winner first."""
    dated = isinstance(day, str)
    age = date.fromisoformat(day).toordinal() if dated else 0
    return width if source == "precise" else 0, not dated, age if source == "earliest" else -age


def _width(value: float, low: float, high: float) -> float:
    """Return the width of an interval as a share of its value."""
    return OPEN if pd.isna(low) or pd.isna(high) else abs(high - low) / (abs(value) or 1)


def _rivals(relations: Iterable[Mapping[str, Any]], doc: Mapping[str, str], camp: Mapping[str, bool]) -> list[Sequence[str]]:
    """Return claims of one measure, one time and one camp as groups in which more than one document speaks, in the order met."""
    group_of: dict[str, list[str]] = {}
    for relation in relations:
        if relation["kind"] not in RIVAL_KINDS and relation["verdict"] != RIVAL_VERDICT:
            continue
        members = [one for one in relation["members"] if one in doc]
        for side in dict.fromkeys(camp[one] for one in members):
            joined = list(dict.fromkeys(one for m in members if camp[m] == side for one in group_of.get(m, [m])))
            group_of.update(dict.fromkeys(joined, joined))
    groups = {id(group): group for group in group_of.values()}
    return [group for group in groups.values() if len({doc[one] for one in group}) > 1]
