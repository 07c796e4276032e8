"""State what a corpus says in a dozen sentences, every number in them computed and tied to its claims.

    make_brief(claims, relations, ledger, labels=load_labels("en")) -> [Headline("coverage", parts), ...]

In      normalised claims (tables.normalise), relations, the ledger of numerals set aside, labels.
Out     Headlines in a fixed order; a part is plain words, or a number with the ids of the claims behind it.
Never   states what no claim states, adds what must not be added, or knows a company.
Needs   labels, pivots, tables; pandas.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csrbook.labels import Labels, load_labels
from csrbook.pivots import countable
from csrbook.tables import currency_of

__all__ = ["Headline", "Part", "headline_rows", "make_brief"]

MARK = "\x00"  # stands for a fact while the words of a label are cut into parts
MOST = 3  # sentences of one kind
SEVERAL = 2  # documents that make a claim confirmed


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a headline, with the claims behind them; none for plain words."""

    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence of the brief: what it is about, and its parts in order."""

    about: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(part.text for part in self.parts)

    def _repr_markdown_(self) -> str:
        shown = [f"**{part.text}**" if part.claims else part.text for part in self.parts]
        return "".join(shown).replace("<", "&lt;")


def make_brief(
    claims: pd.DataFrame, relations: Sequence[Mapping[str, Any]], ledger: pd.DataFrame, *, labels: Labels | None = None
) -> list[Headline]:
    """Return the headlines of a corpus, in a fixed order; a kind for which there is nothing to say is left out.

    Parameters
    ----------
    claims, ledger : DataFrame
        From tables.normalise and tables.ledger_frame.
    relations : sequence of mapping
        With `kind`, `verdict` and `members` (claim ids), and `score` where there is one: the strongest are told.
    labels : Labels
        The language of the sentences.
    """
    labels = labels or load_labels()
    kept = countable(claims)
    results = kept[~kept["target"]]
    by_id = {row.claim_id: row for row in claims.itertuples()}
    makers: list[Callable[[], Iterable[Headline]]] = [
        lambda: _coverage(claims, kept, ledger, labels),
        lambda: _largest(results[results["kind"] == "money"], "money", labels),
        lambda: _largest(results[results["unit"].isin(labels.beneficiaries)], "reach", labels),
        lambda: _largest(results[results["kind"] == "physical"], "physical", labels, most=1),
        lambda: _related(relations, by_id, "series", labels),
        lambda: _related(relations, by_id, "conflict", labels),
        lambda: _related(relations, by_id, "bad_conversion", labels),
        lambda: _related(relations, by_id, "fulfilled", labels),
        lambda: _promised(kept[kept["target"]], labels),
        lambda: _confirmed(kept, labels),
    ]
    return [headline for make in makers for headline in make()]


def headline_rows(headlines: Iterable[Headline]) -> list[dict[str, Any]]:
    """Return headlines as JSON-able rows: about, and parts of text with claims."""
    return [
        {"about": h.about, "parts": [{"text": p.text, "claims": list(p.claims)} if p.claims else p.text for p in h.parts]}
        for h in headlines
    ]


def _headline(about: str, labels: Labels, **facts: Part | str) -> Headline:
    """Fill the label brief.<about>, keeping each fact a part of its own."""
    words = labels.text(f"brief.{about}", **{name: f"{MARK}{name}{MARK}" for name in facts})
    parts = []
    for place, piece in enumerate(words.split(MARK)):
        fact = facts[piece] if place % 2 else piece
        if fact:
            parts.append(fact if isinstance(fact, Part) else Part(fact))
    return Headline(about, tuple(parts))


def _amount(row: Any, labels: Labels) -> Part:
    """Return a claim's printed value with its hedge, tied to the claim."""
    ends = [row.value] + ([row.value_max] if row.value_max == row.value_max and row.value_max is not None else [])
    low, high = labels.amount(ends[0], row.unit), labels.amount(ends[-1], row.unit)
    return Part(labels.name("hedge", row.qualifier).replace("{n}", labels.span(low, high)), (row.claim_id,))


def _who(row: Any) -> str:
    return row.actor if isinstance(row.actor, str) else row.doc


def _when(row: Any, labels: Labels) -> str:
    return f" ({row.when})" if isinstance(row.when, str) else ""


def _coverage(claims: pd.DataFrame, kept: pd.DataFrame, ledger: pd.DataFrame, labels: Labels) -> Iterable[Headline]:
    if claims.empty:
        return
    facts = {"documents": claims["doc"].nunique(), "figures": len(claims), "csr": len(kept), "aside": len(ledger)}
    yield _headline("coverage", labels, **{name: labels.number(n) for name, n in facts.items()})


def _largest(claims: pd.DataFrame, about: str, labels: Labels, *, most: int = MOST) -> Iterable[Headline]:
    """The largest figures, one a body, so that the list is no list of one body's figures."""
    money = f"value_{currency_of(claims).lower()}"
    size = claims[money].where(claims["kind"] == "money", claims["value_si"]) if money in claims else claims["value_si"]
    order = claims.assign(size=size).dropna(subset=["size"])
    order = order.sort_values(["size", "doc", "start"], ascending=[False, True, True], kind="stable").drop_duplicates(["actor"])
    for row in order.head(most).itertuples():
        theme = labels.name("theme", row.theme)
        yield _headline(about, labels, who=_who(row), amount=_amount(row, labels), theme=theme, when=_when(row, labels))


def _related(relations: Sequence[Mapping[str, Any]], by_id: Mapping[str, Any], kind: str, labels: Labels) -> Iterable[Headline]:
    """What moved, disagrees, was fulfilled or does not convert: the figures of a relation side by side."""
    told: set[str] = set()
    for relation in sorted(relations, key=lambda r: -float(r.get("score") or 0)):
        rows = [by_id[one] for one in relation["members"] if one in by_id]
        if relation["kind"] != kind or len(rows) < SEVERAL or len(told) == MOST:
            continue
        rows = sorted(rows, key=lambda row: (str(row.dated), row.doc, row.start))
        first, last, what = rows[0], rows[-1], _what(rows, labels)
        if what in told or (kind == "series" and first.value == last.value):
            continue
        told.add(what)
        facts = {"first": _amount(first, labels), "last": _amount(last, labels)}
        facts |= {"first_doc": _place(first), "last_doc": _place(last)}
        yield _headline(kind, labels, what=what, **facts)


def _what(rows: Sequence[Any], labels: Labels) -> str:
    """Name a measure by the programme that all its claims share, else by the indicator or theme, with what is counted."""
    programmes = {row.programme for row in rows}
    if len(programmes) == 1 and isinstance(rows[0].programme, str):
        return rows[0].programme
    indicators = {row.indicator for row in rows if isinstance(row.indicator, str)}
    name = labels.name("indicator", min(indicators)) if len(indicators) == 1 else labels.name("theme", rows[0].theme)
    return name if rows[0].kind == "money" else f"{name}, {labels.noun(rows[0].unit)}"


def _place(row: Any) -> str:
    return f"{row.doc}, {row.when}" if isinstance(row.when, str) else str(row.doc)


def _promised(promised: pd.DataFrame, labels: Labels) -> Iterable[Headline]:
    if promised.empty:
        return
    dated = promised[promised["dated_by"] == "when"]
    every = Part(labels.number(len(promised)), tuple(promised["claim_id"]))
    yield _headline("promised", labels, promises=every, dated=Part(labels.number(len(dated)), tuple(dated["claim_id"])))


def _confirmed(kept: pd.DataFrame, labels: Labels) -> Iterable[Headline]:
    named = kept.dropna(subset=["programme"])
    told = named.groupby("programme")["doc"].nunique()
    if told.empty:
        return
    several = named[named["programme"].isin(told[told >= SEVERAL].index)]
    facts = {"programmes": labels.number(len(told))}
    yield _headline("confirmed", labels, several=Part(labels.number(int((told >= SEVERAL).sum())), tuple(several["claim_id"])), **facts)
