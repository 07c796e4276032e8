"""The table of names to review: what the text alone names, with its sentence, and the line that confirms it.

    names_to_review(claims, sightings, names=lexicons.tables["names"])

In      normalised claims, the names found in each document, the table of names.
Out     a table with one row a kind and name: forms, uses, owner and theme as its claims have them, first sentence, entry.
Never   passes over a name that a document found and used; offers lines that contradict one another or the table.
Needs   catalogue, cells, columns, confirmations, pivots, tables, tokens; pandas.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from csrbook.catalogue import common, first_told, quote_figures, rows_by
from csrbook.cells import join
from csrbook.columns import column, columns_of
from csrbook.confirmations import without_unseen
from csrbook.pivots import countable
from csrbook.tables import typed_frame
from csrbook.tokens import fold, tokenize

__all__ = ["names_to_review"]

KINDS = ("actor", "programme")
PLACE = ("telling_id", "doc", "start", "end", "text", "sentence_start", "sentence_end", "sentence")
Rows = Sequence[Mapping[str, Any]]


def names_to_review(claims: pd.DataFrame, sightings: pd.DataFrame, *, names: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return one row a kind and name that a person may confirm; those that most claims use first, of equals the least sure.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims. Every claim that uses a name counts; owner and theme are those of claims that count once.
    sightings : DataFrame
        From `tables.sightings_frame`.
    names : mapping, optional
        The table of names: a line offers none of its forms, and no owner that neither it nor a line knows.
    """
    once = countable(claims)
    rows, printed = [], {}
    for kind in KINDS:
        stated, counted = rows_by(claims.dropna(subset=[kind]), kind), rows_by(once.dropna(subset=[kind]), kind)
        for name, seen in rows_by(sightings[sightings["kind"] == kind], "name").items():
            printed[kind, name] = _forms(seen)
            facts = _facts(kind, name, counted[name])
            rows.append({"kind": kind, "name": name} | facts | _uses(seen) | quote_figures(stated[name]))
    rows.sort(key=lambda row: (-row["claims"], -row["documents"], row["sure"], row["kind"], row["name"]))
    _add_entries(rows, printed, {kind: (names or {}).get(kind, ()) for kind in KINDS})
    return typed_frame(rows, [column(name, "names_to_review") for name in (*(c.name for c in columns_of("names_to_review")), *PLACE)])


def _facts(kind: str, name: str, claims: Rows) -> dict[str, Any]:
    """Return who acts in most claims of a programme, itself apart, and their theme; nothing of a body."""
    if kind == "actor":
        return {}
    return {"owner": common([claim for claim in claims if claim["actor"] != name], "actor"), "theme": common(claims, "theme")}


def _uses(seen: Rows) -> dict[str, Any]:
    """Return forms, documents and the first place of a name; it is as sure as the document that makes it surest."""
    docs, tongues = (sorted({one[key] for one in seen if one[key]}) for key in ("doc", "language"))
    first = first_told(seen)
    return {
        "forms": join(_forms(seen)), "sure": max(one["sure"] for one in seen),
        "documents": len(docs), "docs": " ".join(docs), "languages": " ".join(tongues),
    } | {name: first[name] for name in PLACE}  # fmt: skip


def _forms(seen: Rows) -> list[str]:
    """Return the forms as printed, each once, those of most documents first."""
    counts = Counter(form for one in seen for form in json.loads(one["forms"]))
    return [form for form, _ in counts.most_common()]


# ---- the lines that confirm --------------------------------------------------------------------------------------------


def _add_entries(rows: Sequence[dict[str, Any]], printed: Mapping[tuple[str, str], Sequence[str]], names: Mapping[str, Any]) -> None:
    """Give each row its line, so that all lines together are taken: a form stands in one of a kind, that of the name used most.

    Of names that differ in capitals alone only the first has a line.
    """
    known = {(kind, fold(word)) for kind in names for row in names[kind] for word in (row["name"], *row.get("forms", ()))}
    own = {(row["kind"], fold(row["name"])): row["name"] for row in reversed(rows)}
    begun = _begun(word for _, word in known | own.keys())
    taken = known | own.keys()
    for row in rows:
        kind, name = row["kind"], fold(row["name"])
        if own[kind, name] != row["name"]:
            continue
        forms = [row["name"]]
        for form in printed[kind, row["name"]]:
            shared = " " not in form and len(form) < len(name) and begun[_words(form)] - {name}
            if (kind, fold(form)) not in taken and not shared:
                taken.add((kind, fold(form)))
                forms.append(form)
        facts = {key: row[key] for key in ("owner", "theme") if row.get(key)}
        if ("actor", fold(facts.get("owner", ""))) not in known | own.keys():
            facts.pop("owner", None)
        row["entry"] = _entry(row["name"], facts, forms)


def _begun(names: Iterable[str]) -> Mapping[tuple[str, ...], set[str]]:
    """Return the names that go on after some words, by these."""
    out: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name in names:
        words = _words(name)
        for size in range(1, len(words)):
            out[words[:size]].add(name)
    return out


def _words(text: str) -> tuple[str, ...]:
    return tuple(tokenize(text).texts)


def _entry(name: str, facts: Mapping[str, str], forms: Sequence[str]) -> str:
    """Return the line for the list of its kind in names.toml."""
    told = {key: _quoted(without_unseen(value)) for key, value in ({"name": name} | facts).items()}
    told["forms"] = f"[{', '.join(map(_quoted, forms))}]"
    return f"{{ {', '.join(f'{key} = {value}' for key, value in told.items())} }},"


def _quoted(text: str) -> str:
    """Return a text as TOML writes it, which is as JSON does but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
