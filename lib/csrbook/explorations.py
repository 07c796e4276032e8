"""What is shown of a run that is explored: rows of a page, counts a choice, charts, the evidence of one figure; all as plain data.

    Exploration(read_run(folder)).answer(Query(words="loan"))["total"]     -> 12

In      a Run (evidence.read_run), its quotations checked; a Query.
Out     JSON-able mappings of words that are data: whoever shows them escapes them.
Never   adds amounts up, shortens a figure, or writes a file.
Needs   displays, evidence, filters, labels, naming, payloads; pandas.  Used by explorer, showings.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import pandas as pd

from csrbook.displays import format_value, format_when, is_promise
from csrbook.evidence import Run, sentence_of
from csrbook.filters import FACETS, Finder, Found, Query, fold_words
from csrbook.labels import load_labels
from csrbook.naming import document_names
from csrbook.payloads import make_payload, unpack

__all__ = ["PAGE", "Exploration"]

PAGE = 50  # rows of a page of the table
CHOICES = 200  # values of a facet that are offered, those of most figures
YEARS, AMOUNTS, THEMES = 24, 8, 12  # bars of a chart
YEAR = re.compile(r"[0-9]{4}(?![0-9])")
SENTENCE = 2_000  # characters of a sentence that are searched, each side of its figure
TITLES = {
    "theme": "Theme", "programme": "Programme", "actor": "Body", "language": "Language", "kind": "Kind",
    "promise": "Promise or result", "state": "Promise kept", "verdict": "Compared", "relevance": "About CSR", "doc": "Document",
}  # fmt: skip
NAMES = {
    "promise": {"promise": "promise or forecast", "result": "result"}, "relevance": {"csr": "about CSR", "context": "context"},
    "state": {
        "kept": "kept: a result reaches it", "partly": "kept in part", "due": "its day is past, no result is told",
        "open": "its day is to come", "undated": "no day is set", "untold": "not judged",
    },
}  # fmt: skip
NOTHING = {"verdict": "with none", "theme": "no theme", "state": "no promise"}
MEANT = {  # what a verdict says, for who has not read the notebook
    "equal": "both places give the same number",
    "rounding": "the numbers differ only as far as one of them is rounded",
    "qualifier": "the number is the same; one place hedges it (over, nearly, up to), the other does not",
    "period": "the numbers differ because they are of different dates: no conflict",
    "revision": "a later text gives another number for the same time",
    "scope": "the numbers are probably of a wider and a narrower circle: check what each one counts",
    "slip": "the same digits, a power of ten apart: probably a mistake of printing or translation",
    "conversion": "the amount in the other currency does not follow from the rate of its days",
    "fulfilled": "one is a promise, the other the result that it can be held against",
    "conflict": "same measure, same time, different numbers, and nothing found explains it",
}
SHOWN = ("doc", "text", "confidence", "rule", "before", "after", "shown", "normal", "money", "state")


class Exploration:
    """A run made ready to be asked: `ids` and `frame` a row a claim, in order of document and place."""

    def __init__(self, run: Run) -> None:
        self.run, self.labels = run, load_labels()
        self.docs = document_names([{"doc": one.doc, **one.about} for one in run.sources.values()])
        self.ids = list(run.claims)
        self.frame = pd.DataFrame([self._row(one) for one in self.ids], columns=[*FACETS, *MORE])
        self.finder = Finder(self.frame)

    def options(self) -> dict[str, Any]:
        """Return what does not change with a query: facets with their titles, the years there are, the themes that may be set."""
        years = self.frame["year"].dropna()
        return {
            "facets": [{"name": name, "title": TITLES[name]} for name in FACETS],
            "years": sorted({int(year) for year in years}),
            "themes": [{"id": code, "name": self.labels.name("theme", code)} for code in self.labels.order("theme") if code != "none"],
            "claims": len(self.ids), "documents": len({self.run.claims[one]["doc"] for one in self.ids}),
        }  # fmt: skip

    def answer(self, query: Query, *, page: int = 0, find: Mapping[str, str] | None = None) -> tuple[Found, dict[str, Any]]:
        """Return what a query finds, and how a page of it is shown; `find` are words that the choices of a facet are searched by."""
        found = self.finder.find(query)
        last = max((len(found.rows) - 1) // PAGE, 0)
        page = min(max(page, 0), last)
        rows = found.rows[page * PAGE : (page + 1) * PAGE]
        return found, {
            "total": len(found.rows), "page": page, "pages": last + 1, "first": page * PAGE + 1,
            "rows": [self._cells(at) for at in rows.tolist()],
            "counts": {name: self._offers(name, found, query, fold_words(str((find or {}).get(name) or ""))) for name in FACETS},
            "charts": self._charts(found),
        }  # fmt: skip

    def evidence(self, claim_id: str) -> dict[str, Any]:
        """Return all that tells where a figure stands, how it was read, and what it was compared with."""
        payload = make_payload(self.run, [claim_id])
        columns = {name: unpack(column) for name, column in payload["columns"].items()}
        rows = {row["claim_id"]: row for row in (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))}
        row, claim = rows[claim_id], self.run.claims[claim_id]
        document = payload["documents"][row["doc"]]
        source = {key: document[key] for key in ("title", "publisher", "date", "language")}
        return {key: row[key] for key in SHOWN} | {
            "id": claim_id, "document": source, "cite": document["cite"] + row["cite"], "place": f"{document['page']}#c-{claim_id}",
            "facts": [(name, value) for name, value in self._facts(claim, row) if value],
            "now": {key: _plain(claim.get(key)) for key in ("value", "unit", "when", "theme")},
            "others": [self._relation(one, rows, claim_id) for one in payload["relations"] if claim_id in one["members"]],
        }  # fmt: skip

    def name(self, facet: str, value: str) -> str:
        """Return a value of a facet as a reader calls it."""
        if not value:
            return NOTHING.get(facet, "none told")
        if facet == "doc":
            return self.docs.get(value, value)
        names = NAMES.get(facet)
        return names.get(value, value) if names else self.labels.name(facet, value) if facet in NAMED else value

    # ---- one row -------------------------------------------------------------------------------------------------------

    def _row(self, claim_id: str) -> tuple[Any, ...]:
        claim, normal = self.run.claims[claim_id], self.run.normal.get(claim_id) or {}
        source = self.run.sources[claim["doc"]]
        start, end = sentence_of(claim, source.text or "")
        sentence = (source.text or "")[max(start, claim["start"] - SENTENCE) : min(end, claim["end"] + SENTENCE)]
        verdicts = tuple(dict.fromkeys(self.run.relations[place].verdict for place in self.run.related.get(claim_id, ())))
        promise = is_promise(claim)
        once = not (claim.get("repeat_of") or claim.get("restates"))
        money = normal.get(f"value_{str(normal.get('currency')).lower()}") if claim.get("kind") == "money" and once else None
        told = (claim["text"], format_value(claim), sentence, claim.get("actor"), claim.get("programme"), source.title, claim_id)
        facets = {
            "theme": claim.get("theme"), "programme": claim.get("programme"), "actor": claim.get("actor"), "language": source.language,
            "kind": claim.get("kind"), "promise": "promise" if promise else "result",
            "state": (self.run.states.get(claim_id) or "untold") if promise else "", "verdict": verdicts or ("",),
            "relevance": claim.get("relevance"), "doc": claim["doc"],
        }  # fmt: skip
        year = normal.get("year") or (YEAR.match(str(claim.get("when") or "").rpartition("/")[2]) or (None,))[0]
        more = (
            claim["start"], claim["text"], claim.get("unit") or "", float(normal.get("value_si") or claim["value"]),
            int(year) if year else None, float("nan") if money is None else float(money), "\n".join(str(part) for part in told if part),
        )  # fmt: skip
        return (*(facets[name] or "" for name in FACETS), *more)

    def _cells(self, at: int) -> dict[str, Any]:
        claim_id, claim = self.ids[at], self.run.claims[self.ids[at]]
        money, currency = float(self.frame["money"].iat[at]), (self.run.normal.get(claim_id) or {}).get("currency")
        verdicts = dict.fromkeys(self.run.relations[place].verdict for place in self.run.related.get(claim_id, ()))
        return {
            "id": claim_id, "shown": format_value(claim), "text": " ".join(claim["text"].split()), "when": format_when(claim.get("when")),
            "who": " \u00b7 ".join(part for part in (claim.get("actor"), claim.get("programme")) if part),
            "theme": self.name("theme", claim.get("theme") or ""), "promise": is_promise(claim), "doc": self.docs[claim["doc"]],
            "verdict": ", ".join(self.name("verdict", one) for one in verdicts), "language": self.run.sources[claim["doc"]].language,
            "reviewed": claim.get("reviewed") or "",
            "money": self.labels.amount(money, currency) if money == money and currency != claim.get("unit") else "",
        }  # fmt: skip

    def _facts(self, claim: Mapping[str, Any], row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        yield "range", _range(row["low"], row["high"])
        yield "normal units", row["normal"] or ""
        yield "converted", row["money"] or ""
        yield "when", format_when(claim.get("when"))
        yield "body", claim.get("actor") or ""
        yield "programme", claim.get("programme") or ""
        yield "theme", self.name("theme", claim.get("theme") or "")
        yield "measure", self.labels.name("indicator", claim["indicator"]) if claim.get("indicator") else ""
        yield "said as", f"promise or forecast; {self.name('state', row['state'])}" if row["target"] else "result"
        yield "about CSR", "" if claim.get("relevance") == "csr" else "no: context"
        yield "reviewed", ", ".join(str(claim[key]) for key in ("reviewed", "reviewer") if claim.get(key))

    def _relation(self, relation: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]], claim_id: str) -> dict[str, Any]:
        others = [rows[one] for one in relation["members"] if one != claim_id and one in rows]
        return {
            "verdict": self.name("verdict", relation["verdict"]), "meant": MEANT.get(relation["verdict"], ""),
            "note": relation["note"], "differs": relation["differs"],
            "members": [{"id": one["claim_id"], "shown": one["shown"], "doc": self.docs[one["doc"]]} for one in others],
        }  # fmt: skip

    # ---- counts and charts ---------------------------------------------------------------------------------------------

    def _offers(self, name: str, found: Found, query: Query, words: str) -> list[tuple[str, str, int]]:
        """Return (value, name, count): by their own order where there is one, else those of most figures; chosen ones stay at none."""
        kept = [(value, count) for value, count in found.counts[name].items() if count or value in query.chosen.get(name, ())]
        order = {code: at for at, code in enumerate(self.labels.order(name))} if name in NAMED else {}
        kept.sort(key=lambda one: (order.get(one[0], len(order)), -one[1], one[0]))
        named = ((value, self.name(name, value), count) for value, count in kept)
        return list(islice((one for one in named if not words or words in fold_words(one[1])), CHOICES))

    def _charts(self, found: Found) -> dict[str, Any]:
        themes = self.finder.count_by(found.rows, "theme")
        order = sorted(themes, key=lambda one: (-sum(themes[one]), one))[:THEMES]
        years = sorted(self.finder.count_by(found.rows, "year").items())[-YEARS:]
        return {
            "theme": [(one, self.name("theme", one), *themes[one]) for one in order],
            "year": [(str(year), str(year), *counts) for year, counts in years],
            "money": [self._amount(at) for at in self.finder.largest(found.rows, AMOUNTS).tolist()],
        }

    def _amount(self, at: int) -> dict[str, Any]:
        claim, normal = self.run.claims[self.ids[at]], self.run.normal[self.ids[at]]
        value = float(self.frame["money"].iat[at])
        who = claim.get("programme") or claim.get("actor") or self.docs[claim["doc"]]
        return {
            "id": self.ids[at], "name": who, "value": value, "promise": is_promise(claim),
            "shown": self.labels.amount(value, normal["currency"]),
        }  # fmt: skip


MORE = ("start", "text", "unit", "size", "year", "money", "words")
NAMED = ("theme", "language", "kind", "verdict")


def _range(low: str | None, high: str | None) -> str:
    """Return the interval that a hedged figure stands for; "" for an exact one."""
    if low == high:
        return ""
    return f"up to {high}" if not low else f"{low} or more" if not high else f"{low} to {high}"


def _plain(value: Any) -> str:
    """Return a value as a person would type it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
