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
WORDING = "qualifier"  # the verdict on one number told in other words
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


def _headline(about: str, labels: Labels, **facts: Part | str | Sequence[Part]) -> Headline:
    """Fill the label brief.<about>, keeping each fact a part of its own."""
    return Headline(about, tuple(_fill(f"brief.{about}", labels, **facts)))


def _fill(key: str, labels: Labels, **facts: Part | str | Sequence[Part]) -> list[Part]:
    words = labels.text(key, **{name: f"{MARK}{name}{MARK}" for name in facts})
    parts: list[Part] = []
    for place, piece in enumerate(words.split(MARK)):
        fact = facts[piece] if place % 2 else piece
        if isinstance(fact, str):
            fact = [Part(fact)] if fact else []
        parts += [fact] if isinstance(fact, Part) else fact
    return parts


def _amount(row: Any, labels: Labels) -> Part:
    """Return a claim's printed value with its hedge, tied to the claim."""
    ends = [row.value] + ([row.value_max] if row.value_max == row.value_max and row.value_max is not None else [])
    low, high = labels.amount(ends[0], row.unit), labels.amount(ends[-1], row.unit)
    return Part(labels.name("hedge", row.qualifier).replace("{n}", labels.span(low, high)), (row.claim_id,))


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
    listed: list[Part] = []
    for row in order.head(most).itertuples():
        when = labels.text("brief.when", when=labels.date(row.when)) if isinstance(row.when, str) else ""
        who = row.actor if isinstance(row.actor, str) else row.doc
        facts = {"who": who, "what": _what([row], labels), "amount": _amount(row, labels), "when": when}
        listed += ([Part(labels.text("brief.between"))] if listed else []) + _fill("brief.item", labels, **facts)
    if listed:
        yield _headline(about, labels, list=listed)


def _related(relations: Sequence[Mapping[str, Any]], by_id: Mapping[str, Any], kind: str, labels: Labels) -> Iterable[Headline]:
    """What moved, disagrees, was fulfilled or does not convert: the figures of a relation side by side.

    Other words for one number weigh least, and documents that differ more than one that differs with itself.
    """
    told: set[str] = set()
    found = []
    for relation in relations:
        rows = [by_id[one] for one in relation["members"] if one in by_id]
        if relation["kind"] == kind and len(rows) >= SEVERAL:
            rank = relation["verdict"] == WORDING, len({row.doc for row in rows}) == 1, -float(relation.get("score") or 0)
            found.append((rank, sorted(rows, key=lambda row: (str(row.dated), row.doc, row.start))))
    for _, rows in sorted(found, key=lambda pair: pair[0]):
        first, last, what = rows[0], rows[-1], _what(rows, labels)
        if len(told) == MOST or what in told or (kind == "series" and first.value == last.value):
            continue
        told.add(what)
        within = first.doc == last.doc
        names_doc = not (within and isinstance(first.when, str))
        places = {"first_place": _place(first, labels, doc=names_doc), "last_place": _place(last, labels)}
        about = "conflict_within" if kind == "conflict" and within else kind
        if kind == "series" and what != first.programme:  # begins the sentence; a name keeps its own letters
            what = f"{what[0].upper()}{what[1:]}"
        yield _headline(about, labels, what=what, first=_amount(first, labels), last=_amount(last, labels), **places)


def _what(rows: Sequence[Any], labels: Labels) -> str:
    """Name a measure by the programme that all its claims share, else by the indicator or theme; one claim by its measure."""
    programmes = {row.programme for row in rows}
    if len(rows) > 1 and len(programmes) == 1 and isinstance(rows[0].programme, str):
        return rows[0].programme
    indicators = {row.indicator for row in rows if isinstance(row.indicator, str)}
    return labels.name("indicator", min(indicators)) if len(indicators) == 1 else labels.name("theme", rows[0].theme)


def _place(row: Any, labels: Labels, *, doc: bool = True) -> str:
    """Return document and date of a claim; the date alone where the sentence names the document anyway."""
    parts = ([row.doc] if doc else []) + ([labels.date(row.when)] if isinstance(row.when, str) else [])
    return labels.join(parts)


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
