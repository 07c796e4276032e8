"""Which document reports which measure: reported, not found, or not searched; never an empty cell that could mean zero.

    coverage(claims, sources, lexicons.tables["indicators"]["indicator"], languages=lexicons)

In      normalised claims, the table of sources with the files that could not be read, the measures of indicators.toml.
Out     one row a measure and file; the same as a matrix of marks, for reading.
Never   calls absent what nobody could look for, or takes "not found" for zero.
Needs   columns, pivots, tables; pandas.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from csrbook.columns import column
from csrbook.pivots import countable
from csrbook.tables import typed_frame

__all__ = ["MARKS", "NOT_FOUND", "NOT_SEARCHED", "REPORTED", "coverage", "matrix", "tally"]

REPORTED, NOT_FOUND, NOT_SEARCHED = "reported", "not found", "not searched"
MARKS = {NOT_FOUND: "\u00b7", NOT_SEARCHED: "not searched"}  # a reported measure shows how many claims state it
ORDER = ("indicator", "path", "doc", "language", "state", "claims", "promises", "reason", "claim_ids")


def coverage(
    claims: pd.DataFrame, sources: pd.DataFrame, indicators: Sequence[Mapping[str, Any]], *, languages: Iterable[str]
) -> pd.DataFrame:
    """Return one row a measure and file, measures in the order of their table, files by path.

    `state` is reported (the document makes a claim of the measure that counts once, done or promised), not found, or not
    searched; then `reason` says why: the file is unread, holds no text of its own, is in a language without a lexicon,
    or the measure has no words in that language.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims; those that count once are counted.
    sources : DataFrame
        From `tables.sources_frame`, unread files included.
    indicators : sequence of mappings
        Rows of indicators.toml: `id`, cues by language, `needs` where a cue has to stand in the sentence.
    languages : iterable of str
        Codes of the languages that have a lexicon.
    """
    stated = {key: group for key, group in countable(claims).dropna(subset=["indicator"]).groupby(["indicator", "doc"])}
    files, known = sources.sort_values("path", kind="stable").to_dict("records"), frozenset(languages)
    rows = [_cell(measure, file, stated.get((measure["id"], file["doc"])), known) for measure in indicators for file in files]
    return typed_frame(rows, [column(name, "coverage") for name in ORDER])


def _cell(measure: Mapping[str, Any], file: Mapping[str, Any], stated: pd.DataFrame | None, languages: frozenset[str]) -> dict[str, Any]:
    row = {"indicator": measure["id"], **{name: file[name] for name in ("path", "doc", "language")}, "claims": 0, "promises": 0}
    if stated is not None:
        ids = " ".join(stated["claim_id"])
        return row | {"state": REPORTED, "claims": len(stated), "promises": int(stated["target"].sum()), "claim_ids": ids}
    reason = _unsearched(measure, file, languages)
    return row | {"state": NOT_SEARCHED if reason else NOT_FOUND, "reason": reason}


def _unsearched(measure: Mapping[str, Any], file: Mapping[str, Any], languages: frozenset[str]) -> str | None:
    """Return why nobody could find a measure in a file; None where it was looked for."""
    if file["status"] != "read":
        return "unread"
    if file["language"] not in languages:
        return "no lexicon"
    chars, furniture = (0 if pd.isna(file[name]) else int(file[name]) for name in ("chars", "furniture_chars"))
    if chars <= furniture:
        return "no text"
    return "no words" if measure.get("needs") and not measure.get(file["language"]) else None


def matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Return coverage as measures by files: how many claims, or a mark of MARKS; measures that nobody reports stand last."""
    marks = table.assign(mark=table["state"].map(MARKS).fillna(table["claims"].astype("str")), file=table["doc"].fillna(table["path"]))
    if marks.empty:
        return pd.DataFrame({"indicator": pd.Series(dtype="str")})
    reported = marks[marks["state"] == REPORTED].groupby("indicator").size()
    order = sorted(dict.fromkeys(marks["indicator"]), key=lambda name: -reported.get(name, 0))
    wide = marks.pivot_table(index="indicator", columns="file", values="mark", aggfunc="first").reindex(order)
    return wide.reset_index().rename_axis(columns=None)


def tally(table: pd.DataFrame) -> dict[str, int]:
    """Return the numbers of a sentence about coverage: cells of each state, measures that no document reports, files not searched."""
    states = table["state"].value_counts()
    measures, files = (table.groupby(key)["state"].agg(set).tolist() for key in ("indicator", "path"))
    counts = {name.replace(" ", "_"): int(states.get(name, 0)) for name in (REPORTED, NOT_FOUND, NOT_SEARCHED)}
    counts |= {"measures": len(measures), "nobody": sum(REPORTED not in states for states in measures)}
    return counts | {"files": len(files), "unsearched_files": files.count({NOT_SEARCHED})}
