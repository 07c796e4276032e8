"""The table of programmes: one row each, with a figure or without, and the sentence that tells of it.

    programme_table(claims, tellings, names=lexicons.tables["names"], languages=lexicons)

In      normalised claims, the places where programmes are told, the table of names.
Out     a table with names as printed in each language, owner, theme, documents, dates, figures, and the first telling.
        For proposals: rows by a column, figures quoted, the first telling, what most claims have.
Never   leaves out a programme because no number stands beside it; prints a name that no document prints.
Needs   cells, columns, pivots, tables; pandas.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from csrbook.cells import join
from csrbook.columns import column, name_column
from csrbook.pivots import countable, parents_of
from csrbook.tables import first_day, last_day, typed_frame

__all__ = ["common", "first_told", "programme_table", "quote_figures", "rows_by"]

FIGURES = 8  # quotations shown a programme
ABOUT = ("owner", "parent", "theme", "found", "languages", "documents", "docs", "first", "last")
COUNTS = ("claims", "results", "promises", "figures", "figure_ids", "claim_ids", "tellings")
FIRST = ("telling_id", "doc", "start", "end", "text", "sentence_start", "sentence_end", "sentence")
Rows = Sequence[Mapping[str, Any]]


def programme_table(
    claims: pd.DataFrame, tellings: pd.DataFrame, *, names: Mapping[str, Any] | None = None, languages: Iterable[str] = ()
) -> pd.DataFrame:
    """Return one row a programme that a document tells of or a claim names; those in most documents first.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims; figures are those that count once (`pivots.countable`), results before promises, earliest first.
    tellings : DataFrame
        From `tables.tellings_frame`.
    names : mapping, optional
        The table of names: owners, themes, and whom a body belongs to.
    languages : iterable of str
        Codes; each gets a column of the name as printed most often in its documents.
    """
    names, languages = names or {}, sorted(languages)
    known, parents = {row["name"]: row for row in names.get("programme", ())}, parents_of(names)
    kept = countable(claims).dropna(subset=["programme"]).sort_values(["target", "dated", "doc", "start"], kind="stable")
    stated, told = rows_by(kept, "programme"), rows_by(tellings, "programme")
    rows = []
    for name in sorted(stated.keys() | told.keys()):
        row = {"programme": name} | quote_figures(stated[name]) | _dates(stated[name], told[name])
        row |= _owner(known.get(name), stated[name], parents) | _telling(told[name], languages)
        rows.append(row | {"found": name not in known})
    rows.sort(key=lambda row: (-row["documents"], -row["claims"], row["programme"]))
    order = ("programme", *map(name_column, languages), *ABOUT, *COUNTS, *FIRST)
    return typed_frame(rows, [column(name, "programmes") for name in order])


def rows_by(frame: pd.DataFrame, key: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each programme, or of whatever a column names, in the order given; nulls as None."""
    out: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in frame.to_dict("records"):
        out[row[key]].append({name: None if value != value else value for name, value in row.items()})
    return out


def quote_figures(claims: Rows) -> dict[str, Any]:
    """Return how many claims there are, and the first of them as quotations with their ids; equal ones once."""
    quoted: dict[str, str] = {}
    for claim in claims[:FIGURES]:
        quoted.setdefault(f"{' '.join(claim['text'].split())} ({claim['when'] or 'no date'})", claim["claim_id"])
    promises = sum(bool(claim["target"]) for claim in claims)
    return {
        "claims": len(claims), "results": len(claims) - promises, "promises": promises,
        "figures": join(quoted) or None, "figure_ids": join(quoted.values()) or None,
        "claim_ids": " ".join(claim["claim_id"] for claim in claims) or None,
    }  # fmt: skip


def _dates(claims: Rows, tellings: Rows) -> dict[str, Any]:
    """Return the documents that tell of a programme, and the first and last day that they or its claims speak of."""
    both = [*claims, *tellings]
    docs = sorted({row["doc"] for row in both})
    tongues = sorted({row["language"] for row in both if row["language"]})
    times = [time for row in both for time in (row["when"], row["published"]) if time]
    first = min((day for time in times if (day := first_day(time))), default=None)
    last = max((day for time in times if (day := last_day(time))), default=None)
    return {"documents": len(docs), "docs": " ".join(docs), "languages": " ".join(tongues), "first": first, "last": last}


def _owner(known: Mapping[str, Any] | None, claims: Rows, parents: Mapping[str, str]) -> dict[str, Any]:
    """Return owner, its parent and the theme: the table's; of a name that no table knows, those of most of its claims."""
    owner, theme = (known or {}).get("owner"), (known or {}).get("theme")
    owner, theme = owner or common(claims, "actor"), theme or common(claims, "theme")
    return {"owner": owner, "parent": parents.get(owner), "theme": theme}


def _telling(tellings: Rows, languages: Iterable[str]) -> dict[str, Any]:
    """Return the first telling in running text, else in a heading, and the name as printed in each language."""
    row: dict[str, Any] = {"tellings": len(tellings)}
    for language in languages:
        printed = Counter(" ".join(one["text"].split()) for one in tellings if one["named"] and one["language"] == language)
        row[name_column(language)] = printed.most_common(1)[0][0] if printed else None
    if not tellings:
        return row
    first = first_told(tellings)
    return row | {name: first[name] for name in FIRST}


def first_told(places: Rows) -> Mapping[str, Any]:
    """Return the place that tells of a name first: in running text before a heading, in the oldest document."""
    return min(places, key=lambda one: (one["heading"], one["published"] is None, one["published"] or "", one["doc"], one["start"]))


def common(claims: Rows, name: str) -> str | None:
    """Return what most claims have in a column, of equals the first by name; nulls do not count."""
    counts = Counter(claim[name] for claim in claims if claim[name])
    return min(counts, key=lambda value: (-counts[value], value), default=None)
