"""Which claims a reader asks for: choices a facet, years, words; how many each further choice would leave; what charts draw.

    finder = Finder(frame);  found = finder.find(Query(chosen={"theme": ("rural",)}, words="loan"))
    frame.iloc[found.rows]            the claims, in the order that was asked for

In      a table of claims with the columns of FACETS, `year`, `size`, `money`, `words` and those of ORDERS; a Query.
Out     places of rows; counts a facet and value, each with the choices of the other facets in force.
Never   changes the table, reads a file, or knows how a choice is shown.
Needs   errors; pandas.  Used by explorer.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from csrbook.errors import UsageError

__all__ = ["FACETS", "ORDERS", "Finder", "Found", "Query", "fold_words"]

FACETS = ("theme", "programme", "actor", "language", "kind", "promise", "state", "verdict", "relevance", "doc")
ORDERS = {  # name of an order: the columns that it goes by
    "place": ("doc", "start"), "figure": ("unit", "size"), "printed": ("text",), "year": ("year",), "actor": ("actor", "programme"),
    "theme": ("theme",), "document": ("doc",), "verdict": ("verdict",), "money": ("money",),
}  # fmt: skip
NOTHING = ""  # the value of a claim that says nothing there


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: of every facet any of some values, all of the words, years from and to (both belong to it), and the order."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: int | None = None
    until: int | None = None
    words: str = ""
    order: str = "place"
    falling: bool = False

    def __post_init__(self) -> None:
        _check(self.chosen, FACETS, "facet")
        _check((self.order,), tuple(ORDERS), "order")

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Query":
        """Return the query of a message: lists become tuples, empty choices and years that are no numbers count for nothing."""
        chosen = {str(name): tuple(map(str, values)) for name, values in dict(told.get("chosen") or {}).items() if values}
        years = {end: int(told[end]) if str(told.get(end) or "").isdecimal() else None for end in ("since", "until")}
        order = str(told.get("order") or "place")
        return cls(chosen=chosen, words=str(told.get("words") or ""), order=order, falling=bool(told.get("falling")), **years)


@dataclass(frozen=True, slots=True)
class Found:
    """Places of the rows in their order; by facet the values with their counts."""

    rows: np.ndarray
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Facet:
    """One entry a row and value: a claim of two verdicts has two."""

    rows: np.ndarray
    codes: np.ndarray
    values: tuple[str, ...]


class Finder:
    """A table of claims made ready for questions: 20,000 rows are answered in some ten milliseconds."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame.reset_index(drop=True)
        self.facets = {name: _facet(self.frame[name]) for name in FACETS}
        self.years = self.frame["year"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
        self.hay = [fold_words(words) for words in self.frame["words"]]
        self.promise = (self.frame["promise"] == "promise").to_numpy()
        self.money = self.frame["money"].to_numpy(dtype="float64")
        self.ranks: dict[str, np.ndarray] = {}

    def find(self, query: Query) -> Found:
        """Return what a query asks for."""
        masks = {name: self._chosen(name, values) for name, values in query.chosen.items() if values}
        masks |= {"years": self._years(query)} if query.since is not None or query.until is not None else {}
        masks |= {"words": self._words(query.words)} if query.words.strip() else {}
        every = np.ones(len(self.frame), dtype=bool)
        counts = {}
        for name, facet in self.facets.items():
            left = every.copy()
            for other, mask in masks.items():
                left &= mask if other != name else every
            found = np.bincount(facet.codes[left[facet.rows]], minlength=len(facet.values))
            counts[name] = dict(zip(facet.values, found.tolist(), strict=True))
        for mask in masks.values():
            every &= mask
        rows = np.flatnonzero(every)
        return Found(rows[np.argsort(self._rank(query.order, query.falling)[rows], kind="stable")], counts)

    def count_by(self, rows: np.ndarray, name: str) -> dict[Any, tuple[int, int]]:
        """Return (results, promises) of some rows by the values of a facet, or by "year"; claims without a year are left out there."""
        if name == "year":
            dated = rows[~np.isnan(self.years[rows])]
            values, at = np.unique(self.years[dated].astype(int), return_inverse=True)
            return self._split(dated, at, values.tolist())
        facet = self.facets[name]
        wanted = np.isin(facet.rows, rows)
        return {key: told for key, told in self._split(facet.rows[wanted], facet.codes[wanted], facet.values).items() if any(told)}

    def largest(self, rows: np.ndarray, most: int) -> np.ndarray:
        """Return the rows of the largest amounts of money, largest first; amounts are set side by side, never added."""
        paid = rows[~np.isnan(self.money[rows])]
        return paid[np.argsort(-self.money[paid], kind="stable")][:most]

    def _split(self, rows: np.ndarray, codes: np.ndarray, values: Iterable[Any]) -> dict[Any, tuple[int, int]]:
        values, promise = list(values), self.promise[rows]
        results, promises = (np.bincount(codes[part], minlength=len(values)).tolist() for part in (~promise, promise))
        return dict(zip(values, zip(results, promises, strict=True), strict=True))

    def _chosen(self, name: str, values: tuple[str, ...]) -> np.ndarray:
        facet = self.facets[name]
        codes = [facet.values.index(value) for value in values if value in facet.values]
        mask = np.zeros(len(self.frame), dtype=bool)
        mask[facet.rows[np.isin(facet.codes, codes)]] = True
        return mask

    def _years(self, query: Query) -> np.ndarray:
        low = -np.inf if query.since is None else query.since
        high = np.inf if query.until is None else query.until
        return (self.years >= low) & (self.years <= high)  # an undated claim is in no period

    def _words(self, words: str) -> np.ndarray:
        needles = fold_words(words).split()
        return np.fromiter((all(one in hay for one in needles) for hay in self.hay), dtype=bool, count=len(self.hay))

    def _rank(self, order: str, falling: bool) -> np.ndarray:
        """Return the place of every row in an order; what has nothing to be ordered by comes last either way."""
        key = f"{order} {falling}"
        if key not in self.ranks:
            by = [*ORDERS[order], *(name for name in ORDERS["place"] if name not in ORDERS[order])]
            rising = [not falling if name in ORDERS[order] else True for name in by]
            sortable = self.frame[by].map(lambda value: " ".join(value) if isinstance(value, tuple) else value)
            sortable = sortable.mask(sortable == NOTHING)
            ordered = sortable.sort_values(by, ascending=rising, na_position="last", kind="stable").index.to_numpy()
            self.ranks[key] = np.empty(len(ordered), dtype=int)
            self.ranks[key][ordered] = np.arange(len(ordered))
        return self.ranks[key]


def fold_words(text: str) -> str:
    """Return a text as it is searched: capitals, width and compatibility forms count for nothing.

    >>> fold_words("Caf\\u00e9 \\uff12\\uff10 TREES")
    'caf\\xe9 20 trees'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def _facet(column: pd.Series) -> _Facet:
    entries = column.explode()
    codes, values = pd.factorize(entries.astype("object").where(entries.notna(), NOTHING))
    return _Facet(entries.index.to_numpy(), codes, tuple(map(str, values)))


def _check(given: Iterable[str], known: tuple[str, ...], what: str) -> None:
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise UsageError(f"{what} {name!r}", "does not exist", f"one of {', '.join(known)}", f"did you mean {near[0]}?" if near else "")
