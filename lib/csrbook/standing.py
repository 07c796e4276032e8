"""Say how every claim stands among the others: who confirms it, who contradicts it, and what came of a promise.

    standing(claims, relations)[["claim_id", "standing", "confirmed_by"]]      "single source", "solid", ...
    promise_results(promises, claims, relations)[["claim_id", "state", "share"]]
    leading(table, ["period"])                                                 the series to look at first

In      normalised claims (tables.normalise), relations (reconcile.find_relations), the promises of pivots.
Out     tables: one row a countable claim; one row a promise and result of it.
Never   chooses a value, or takes a document for its own witness: confirmation comes from another document, and from the same
        publisher it is none. A promise that is spoken of again is not thereby kept, and confirms no result.
Needs   cells, columns, likeness, pivots, tables; pandas.  Used by notebook 04.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from csrbook.cells import part
from csrbook.columns import check, column, columns_of
from csrbook.likeness import quotation
from csrbook.pivots import countable
from csrbook.tables import typed_frame

__all__ = ["STANDINGS", "leading", "promise_results", "relations_frame", "single_sources", "standing"]

AGREES, HEDGED, MOVED = ("equal", "rounding"), ("qualifier",), ("period", "revision")
DIFFERS = ("conflict", "scope", "slip", "conversion")
STANDINGS = ("contradicted", "solid", "same publisher", "other hedge", "moved", "repeated", "single source")
ABOUT = (
    "claim_id", "doc", "language", "publisher", "published", "text", "value", "value_max", "unit", "qualifier", "when", "target", "actor",
    "programme", "theme", "indicator",
)  # fmt: skip
NEEDED = (*ABOUT, "restates", "sentence_start", "sentence_end")
MADE = ("standing", "confirmed_by", "independent", "contradicted_by", "moved_with", "related_ids", "sentence")
RESULT = ("result_id", "result", "result_doc", "result_when", "share")
SHORT = ("nearly", "upto")  # a result that falls short of the number printed
WHOLE = 100.0
ROWS = 15  # of a table that is read, not searched


def standing(claims: pd.DataFrame, relations: Iterable[Any], *, documents: Iterable[Any] = ()) -> pd.DataFrame:
    """Return one row a claim that counts once (pivots.countable), sorted by standing, then doc and place.

    `standing` is the first of STANDINGS that holds: contradicted (a relation of which a test failed), solid (another document, of
    another publisher or one not known, has the same number or its rounding), same publisher (all of those documents are of one),
    other hedge, moved (another date), repeated (in its own document), single source. A promise and its result do not confirm one
    another, nor does a sum of money its conversion.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims.
    relations : iterable of Relation
        Anything with verdict and members (doc, claim_id).
    documents : iterable of Document
        The stored texts, for the column of sentences.

    Raises
    ------
    SchemaError
        The table lacks a column.
    """
    check(claims.columns, NEEDED, where="standing")
    kept = countable(claims).sort_values(["doc", "start"], kind="stable")
    told = {row["claim_id"]: row for row in _records(claims[list(NEEDED)])}
    known = {document.doc: document for document in documents}
    near = _neighbours(relations)
    rows = []
    for row in _records(kept[list(NEEDED)]):
        others = {verdict: found - {row["claim_id"]} for verdict, found in near[row["claim_id"]].items()}
        sentence = quotation(row, known.get(row["doc"])) or None
        rows.append(told[row["claim_id"]] | _place(row["claim_id"], others, told) | {"sentence": sentence})
    rows.sort(key=lambda row: STANDINGS.index(row["standing"]))
    return typed_frame(rows, [column(name, "standing") for name in (*ABOUT, *MADE)])


def single_sources(table: pd.DataFrame) -> pd.DataFrame:
    """Return the results of a measure or a programme that nobody confirms: rows of `standing`.

    First what is told once, then what its own document repeats; in each first what has both a measure and a programme. A promise
    has nothing to be confirmed.
    """
    alone = table[table["standing"].isin(["single source", "repeated"]) & ~table["target"]]
    named = alone["indicator"].notna().astype("int64") + alone["programme"].notna()
    order = alone.assign(_named=-named, _told=alone["standing"] == "repeated")[named > 0]
    return order.sort_values(["_told", "_named"], kind="stable", ignore_index=True).drop(columns=["_named", "_told"])


def relations_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows of reconcile.relation_rows as a table: one row a relation, in their order; all columns even where there is none."""
    return typed_frame([dict(row) for row in rows], columns_of("relations"))


def leading(relations: pd.DataFrame, verdicts: Iterable[str], *, rows: int = ROWS) -> pd.DataFrame:
    """Return the relations of some verdicts that a page has room for: across languages, then across documents, then the rest.

    Verdicts come in the order given. Each relation has its measure once, and all together at most `rows` members, unless the first
    has more: it is shown all the same. One that no longer fits is passed over for those that do.
    """
    order = {verdict: place for place, verdict in enumerate(verdicts)}
    kept = relations[relations["verdict"].isin(order)]
    rank = kept.assign(
        _verdict=kept["verdict"].map(order),
        _languages=[-len(set(part(cell))) for cell in kept["languages"]],
        _docs=[-len(set(part(cell))) for cell in kept["docs"]],
        _members=[-len(part(cell)) for cell in kept["claims"]],
    )
    rank = rank.sort_values(["_verdict", "_languages", "_docs", "_members"], kind="stable").drop_duplicates(["measure", "verdict"])
    shown: list[Any] = []
    for index, members in (-rank["_members"]).items():
        if not shown or members <= rows:
            shown.append(index)
            rows -= members
    return kept.loc[shown].reset_index(drop=True)


def promise_results(promises: pd.DataFrame, claims: pd.DataFrame, relations: Iterable[Any]) -> pd.DataFrame:
    """Return every promise with what came of it: one row a promise and result, a promise without one in a row of its own.

    `share` is the result in percent of what was promised. `state` becomes kept (all of it, or more) or partly (less, or "nearly"
    all); without a result it stays as pivots.promises has it: due (the day has passed), open or undated.

    Parameters
    ----------
    promises : DataFrame
        From pivots.promises.
    claims : DataFrame
        Normalised claims, results among them.
    relations : iterable of Relation
        Those with the verdict "fulfilled" join a promise to its result.
    """
    told = {row["claim_id"]: row for row in _records(claims)}
    results: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for relation in relations:
        if relation.verdict == "fulfilled":
            members = [told[m.claim_id] for m in relation.members if m.claim_id in told]
            for promise in (m for m in members if m["target"]):
                results[promise["claim_id"]] += [m for m in members if not m["target"]]
    rows = []
    for promise in _records(promises):
        found = sorted(results[promise["claim_id"]], key=lambda r: (str(r["dated"]), r["doc"], r["start"]))
        rows += [promise | _result(promise, result) for result in found] or [promise | dict.fromkeys(RESULT)]
    return typed_frame(rows, [column(name, "promise_results") for name in (*promises.columns, *RESULT)])


def _neighbours(relations: Iterable[Any]) -> dict[str, dict[str, set[str]]]:
    """Return, for every claim, the claims that it is related to, by verdict."""
    near: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for relation in relations:
        together = {member.claim_id for member in relation.members}
        for one in together:
            near[one][relation.verdict] |= together
    return near


def _place(claim_id: str, others: Mapping[str, set[str]], told: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns of a claim that its relations decide."""

    def having(*verdicts: str) -> set[str]:
        return set().union(*(others.get(verdict, set()) for verdict in verdicts))

    def alike(*verdicts: str) -> set[str]:
        return {one for one in having(*verdicts) if one in told and told[one]["target"] == told[claim_id]["target"]}

    agreeing = {one for one in alike(*AGREES) if not told[one]["restates"]}
    abroad = {one for one in agreeing if told[one]["doc"] != told[claim_id]["doc"]}
    voices = {told[one]["publisher"] for one in (*abroad, claim_id)}
    independent = None if not abroad else "not known" if None in voices else "yes" if len(voices) > 1 else "no"
    differing, moving = having(*DIFFERS), having(*MOVED)
    holds = {
        "contradicted": differing, "solid": abroad and independent != "no", "same publisher": abroad, "other hedge": alike(*HEDGED),
        "moved": moving, "repeated": agreeing, "single source": True,
    }  # fmt: skip
    return {
        "standing": next(name for name in STANDINGS if holds[name]), "confirmed_by": _ids(abroad), "independent": independent,
        "contradicted_by": _ids(differing), "moved_with": _ids(moving), "related_ids": _ids(having(*others)),
    }  # fmt: skip


def _ids(claims: Iterable[str]) -> str | None:
    return " ".join(sorted(claims)) or None


def _result(promise: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    share = round(result["value"] / promise["value"] * WHOLE, 1) if promise["value"] else WHOLE
    state = "partly" if share < WHOLE or share == WHOLE and result["qualifier"] in SHORT else "kept"
    return {
        "result_id": result["claim_id"], "result": result["text"], "result_doc": result["doc"], "result_when": result["when"],
        "share": share, "state": state,
    }  # fmt: skip


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as rows, with None for the ways in which it says that it does not know."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
