"""State what a corpus says in a dozen sentences, every number in them computed and tied to its claims.

    make_brief(claims, relations, ledger, coverage=coverage, labels=load_labels("en")) -> [Headline("coverage", parts), ...]

In      normalised claims (tables.normalise), relations, the ledger of numerals set aside, the table of what each document reports
        (absence.coverage), labels, the contested choices.
Out     Headlines in a fixed order; a part is plain words, or a number with the ids of the claims behind it.
Never   states what no claim states, calls absent what nobody could look for, adds what must not be added, or knows a company.
Needs   absence, contested, labels, naming, pivots, tables, verdicts; pandas.  Used by sensitivity, notebook 06.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from csrbook.absence import NOT_SEARCHED, REPORTED, tally
from csrbook.contested import Terms, convert, find_outdone
from csrbook.labels import Labels, Marked, escape_markdown, load_labels
from csrbook.naming import document_names
from csrbook.pivots import countable, promises
from csrbook.tables import currency_of
from csrbook.verdicts import RATE_OFF

__all__ = ["Headline", "Part", "headline_rows", "make_brief"]

BRACKETS = re.compile(r"\s*\([^()]*\)$")  # of a measure's name; beside its unit a figure needs none
MARK = "\x00"  # stands for a fact while the words of a label are cut into parts
MOST = {"series": 3, "conflict": 2, "bad_conversion": 2, "fulfilled": 2}  # sentences of one kind
LISTED = 3  # figures in one sentence
WORDING = "qualifier"  # the verdict on one number told in other words
SEVERAL = 2  # documents that make a claim confirmed
LEAST_SURE = 0.5  # share of a sum's readings that had a direct cue: given, lent and sold are told apart by little else
SHARED = ("same", "series", "conflict", "fulfilled")  # relations in which a second document tells of a measure
GIVEN = "money_given"


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a headline, with the claims behind them; none for plain words. `n` is the number that other words agree with."""

    text: str
    claims: tuple[str, ...] = ()
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """One sentence of the brief: what it is about, its parts in order, and a `key`, the same under all choices."""

    about: str
    parts: tuple[Part, ...]
    key: str = ""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(part.text for part in self.parts)

    def _repr_markdown_(self) -> str:
        plain = [escape_markdown(part.text) for part in self.parts]
        return "".join(f"**{text}**" if part.claims else text for text, part in zip(plain, self.parts, strict=True))


def make_brief(
    claims: pd.DataFrame,
    relations: Sequence[Mapping[str, Any]],
    ledger: pd.DataFrame,
    *,
    coverage: pd.DataFrame | None = None,
    labels: Labels | None = None,
    terms: Terms | None = None,
    sources: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Headline]:
    """Return the headlines of a corpus, in a fixed order; a kind for which there is nothing to say is left out.

    Parameters
    ----------
    claims, ledger : DataFrame
        From tables.normalise and tables.ledger_frame.
    relations : sequence of mapping
        With `kind`, `verdict` and `members` (claim ids), and `score` where there is one: the strongest are told.
    coverage : DataFrame
        From absence.coverage; without it nothing is said of measures that nobody reports.
    labels : Labels
        The language of the sentences.
    terms : Terms
        The contested choices; by default those of `Terms()`.
    sources : DataFrame
        The documents, which are named by publisher, title and date (naming.document_names); without it by their ids.
    names : mapping
        How the reader knows a body or a programme (naming.own_names); one that it lacks is named as the claims name it.
    """
    if claims.empty:
        return []
    words = labels or load_labels()
    writer = _Writer(convert(claims, (terms or Terms()).rate_day), relations, words, terms or Terms(), names or {})
    writer.docs = document_names(sources, labels=words) if sources is not None else {}
    return writer.write(ledger, coverage)


def headline_rows(headlines: Iterable[Headline]) -> list[dict[str, Any]]:
    """Return headlines as JSON-able rows: about, key, and parts of text with claims."""
    return [
        {"about": h.about, "key": h.key, "parts": [{"text": p.text, "claims": list(p.claims)} if p.claims else p.text for p in h.parts]}
        for h in headlines
    ]


class _Writer:
    """Writes the sentences of one corpus under one set of choices."""

    def __init__(
        self, claims: pd.DataFrame, relations: Sequence[Mapping[str, Any]], labels: Labels, terms: Terms, names: Mapping[str, str]
    ) -> None:
        self.claims, self.relations, self.labels, self.terms, self.names = claims, relations, labels, terms, names
        self.docs: Mapping[str, str] = {}
        self.outdone = find_outdone(claims, relations, terms.source, promises=terms.promises)
        self.kept = countable(claims)
        self.by_id = {row.claim_id: row for row in claims.itertuples()}
        self.currency = currency_of(claims)

    def write(self, ledger: pd.DataFrame, coverage: pd.DataFrame | None) -> list[Headline]:
        results = self.terms.results(self.kept)
        heard = results[~results["claim_id"].isin(self.outdone)]
        money = heard[(heard["kind"] == "money") & ~(heard["confidence"] < LEAST_SURE)]
        reach = heard[heard["unit"].isin(self.labels.beneficiaries)]
        makers: list[Callable[[], Iterable[Headline]]] = [
            lambda: self.cover(len(ledger)),
            lambda: () if coverage is None else self.miss(coverage),
            lambda: self.give(money),
            lambda: self.rank(reach, "reach"),
            lambda: self.rank(heard[heard["kind"] == "physical"], "physical", most=1),
            *(lambda kind=kind: self.relate(kind) for kind in MOST),
            lambda: self.promise(promises(self.claims)),
            lambda: self.confirm(),
        ]
        return [headline for make in makers for headline in make()]

    # ---- one maker a kind of sentence ------------------------------------------------------------------------------

    def cover(self, aside: int) -> Iterable[Headline]:
        documents, figures = self.number(self.claims["doc"].nunique()), self.number(len(self.claims))
        yield self.headline("coverage", documents=documents, figures=figures, aside=self.number(aside), csr=self.count(self.kept))

    def miss(self, coverage: pd.DataFrame) -> Iterable[Headline]:
        """Of the measures that could be looked for, how many no document reports, done or promised."""
        found = tally(coverage[coverage["state"] != NOT_SEARCHED])
        behind = " ".join(coverage.loc[coverage["state"] == REPORTED, "claim_ids"]).split()
        reported = self.number(found["measures"] - found["nobody"], behind)
        unread = tally(coverage)["unsearched_files"]
        unsearched = self.fill("brief.unsearched", n=self.number(unread)) if unread else []
        facts = {"measures": self.number(found["measures"]), "absent": self.number(found["nobody"])}
        yield self.headline("absence", reported=reported, unsearched=unsearched, **facts)

    def give(self, money: pd.DataFrame) -> Iterable[Headline]:
        """The most money given, then the largest other sums."""
        given = list(self.rank(_given(money), "given"))
        others = money[money["indicator"].isna() | (money["indicator"] != GIVEN)]
        yield from given
        yield from self.rank(others, "money" if given else "sums", key="money")

    def rank(self, claims: pd.DataFrame, about: str, *, most: int = LISTED, key: str = "") -> Iterable[Headline]:
        """The largest figures, one a body, or a document where none is told, so that the list is no list of one body's figures."""
        order = claims.assign(size=self.terms.sizes(claims)).dropna(subset=["size"])
        order = order.sort_values(["size", "doc", "start"], ascending=[False, True, True], kind="stable")
        order = order[~order["actor"].fillna(order["doc"]).duplicated()].head(most)
        label = "brief.item_given" if about == "given" else "brief.item"
        listed: list[Part] = []
        for place, row in enumerate(order.itertuples(), 1):
            facts = {"who": self.known(row.actor) if isinstance(row.actor, str) else self.doc(row), "what": self.what([row])}
            facts |= {"amount": self.amount(row), "when": self.when(row)}
            facts["converted"] = self.converted(row, self.terms, "converted" if about == "given" else "converted_item")
            if place > 1:
                listed.append(Part(self.labels.text("brief.last" if place == len(order) else "brief.between")))
            listed += self.fill(label, **facts)
        if listed:
            yield self.headline(about, key, list=listed, n=Part("", n=len(order)))

    def relate(self, kind: str) -> Iterable[Headline]:
        """What moved, disagrees, was fulfilled or does not convert: the figures of a relation side by side.

        Other words for one number weigh least, and documents that differ more than one that differs with itself.
        """
        told: set[str] = set()
        for rows in self.related(kind):
            first, last, what, key = rows[0], rows[-1], self.what(rows), _key(rows)
            if len(told) == MOST[kind] or key in told or self.is_settled(kind, first, last):
                continue
            told.add(key)
            within = first.doc == last.doc
            facts: dict[str, Any] = {"first": self.amount(first), "last": self.amount(last), "doc": self.doc(last)}
            facts |= {"first_when": self.when(first), "last_when": self.when(last), "last_doc": self.told_by(last)}
            facts["first_doc"] = "" if within else self.told_by(first)  # the sentence names the document anyway
            about = "conflict_within" if kind == "conflict" and within else kind
            if kind == "bad_conversion":  # what a document prints has no other end
                facts["due"] = self.converted(first, Terms(), "due") if last.unit == self.currency else ""
                facts |= {"first": self.amount(first, Terms()), "last": self.amount(last, Terms())}
            yield self.headline(about, f"{kind}: {key}", what=Part(what) if _programme(rows) else what, **facts)

    def promise(self, promised: pd.DataFrame) -> Iterable[Headline]:
        if promised.empty:
            return
        dated = promised[promised["state"] != "undated"]
        newest = promised["as_of"].iloc[0]
        is_told = isinstance(newest, str)
        facts = {"promises": self.count(promised), "dated": self.count(dated)}
        if is_told:
            facts |= {"open": self.count(dated[dated["state"] == "open"]), "day": self.labels.time(newest, "after")}
        yield self.headline("promised" if is_told else "promised_undated", "promised", **facts)

    def confirm(self) -> Iterable[Headline]:
        """How much more than one document tells of: programmes by name, figures by what they are to one another."""
        named = self.kept.dropna(subset=["programme"])
        told = named.groupby("programme")["doc"].nunique()
        several = named[named["programme"].isin(told[told >= SEVERAL].index)]
        met: set[str] = set()
        for relation in self.relations:
            members = [one for one in relation["members"] if one in self.by_id]
            if relation["kind"] in SHARED and len({self.by_id[one].doc for one in members}) >= SEVERAL:
                met |= set(members)
        shared = self.kept["claim_id"].isin(met)
        facts = {"programmes": self.number(len(told)), "figures": self.number(len(self.kept))}
        facts |= {"several": self.number(int((told >= SEVERAL).sum()), several["claim_id"])}
        yield self.headline("confirmed", **facts, shared=self.count(self.kept[shared]), single=self.count(self.kept[~shared]))

    # ---- words and numbers -----------------------------------------------------------------------------------------

    def headline(self, about: str, key: str = "", **facts: Part | str | Sequence[Part]) -> Headline:
        """Fill the label brief.<about>, keeping each fact a part of its own.

        A plain word that opens the sentence takes a capital, a name given as a part keeps its letters; an abbreviation
        that ends it brings its own stop.
        """
        parts = [part for part in self.fill(f"brief.{about}", **facts) if part.text]
        first, last = parts[0].text, parts[-1]
        if first == facts.get("what"):
            parts[0] = Part(f"{first[0].upper()}{first[1:]}")
        if "".join(part.text for part in parts).endswith(".."):
            parts[-1] = replace(last, text=last.text[:-1])
        return Headline(about, tuple(part for part in parts if part.text), key or about)

    def fill(self, label: str, **facts: Part | str | Sequence[Part]) -> list[Part]:
        marks = {name: Marked(f"{MARK}{name}{MARK}", fact.n if isinstance(fact, Part) else None) for name, fact in facts.items()}
        parts: list[Part] = []
        for place, piece in enumerate(self.labels.text(label, **marks).split(MARK)):
            fact = facts[piece] if place % 2 else piece
            if isinstance(fact, str):
                fact = [Part(fact)] if fact else []
            parts += [fact] if isinstance(fact, Part) else fact
        return parts

    def number(self, n: int, claims: Iterable[str] = ()) -> Part:
        return Part(self.labels.number(n), tuple(claims), n)

    def count(self, claims: pd.DataFrame) -> Part:
        return self.number(len(claims), claims["claim_id"])

    def amount(self, row: Any, terms: Terms | None = None) -> Part:
        """Return what a claim is stated as, with its hedge, tied to the claim."""
        low, high, hedge = (terms or self.terms).ends(row)
        printed = Terms().ends(row)
        if self.labels.stated(low, high, row.unit) == self.labels.stated(*printed[:2], row.unit):
            hedge = printed[2]  # rounded, the end of the interval reads as printed
        return Part(self.labels.stated(low, high, row.unit, hedge), (row.claim_id,))

    def converted(self, row: Any, terms: Terms, label: str) -> list[Part]:
        """Return a sum in the currency of the tables, with the day of its rate; nothing where it is printed in it."""
        if row.kind != "money" or row.unit == self.currency or pd.isna(row.rate):
            return []
        low, high, _ = terms.ends(row)
        n = Part(self.labels.stated(low * row.rate, high * row.rate, self.currency), (row.claim_id,))
        day = self.labels.text("brief.that_day") if row.rate_date == row.when else self.labels.time(row.rate_date, "plain")
        return self.fill(f"brief.{label}", n=n, day=day)

    def is_settled(self, kind: str, first: Any, last: Any) -> bool:
        """Whether two figures are no news: a series that stays, ends of intervals that meet, a conversion that is right after all."""
        alike = first.unit == last.unit and self.terms.ends(first)[:2] == self.terms.ends(last)[:2]
        if kind == "series":
            return alike
        if kind == "bad_conversion" and last.unit == self.currency and not pd.isna(first.rate) and first.value:
            return abs(last.value / (first.value * first.rate) - 1) <= float(RATE_OFF)
        return kind == "conflict" and alike and self.terms.bound != Terms().bound

    def related(self, kind: str) -> list[list[Any]]:
        """Return the figures of each relation of a kind, by date; of rivals those that the chosen source leaves.

        A promise goes before its result, whose date may be earlier: that of a promise is the day it is due.
        """

        def order(row: Any) -> tuple[bool, str, str, int]:
            return kind == "fulfilled" and not row.target, str(row.dated), row.doc, row.start

        found = []
        for relation in self.relations:
            rows = [self.by_id[one] for one in relation["members"] if one in self.by_id]
            if kind in ("series", "conflict"):
                rows = [row for row in rows if row.claim_id not in self.outdone]
                if self.terms.promises == "apart" and len({row.target for row in rows}) > 1:
                    continue  # a promise neither contradicts a result nor moves to it: where it is met, it is fulfilled
            if relation["kind"] == kind and len(rows) >= SEVERAL:
                rank = relation["verdict"] == WORDING, len({row.doc for row in rows}) == 1, -float(relation.get("score") or 0)
                found.append((rank, sorted(rows, key=order)))
        return [rows for _, rows in sorted(found, key=lambda pair: pair[0])]

    def what(self, rows: Sequence[Any]) -> str:
        """Name a measure by the programme that all its claims share, else by the indicator or theme; one claim by its measure."""
        indicators = {row.indicator for row in rows if isinstance(row.indicator, str)}
        measure = BRACKETS.sub("", self.labels.name("indicator", min(indicators))) if len(indicators) == 1 else ""
        if len(rows) > 1 and (programme := _programme(rows)):
            name = self.labels.text("brief.programme", name=self.known(programme))
            return self.labels.text("brief.measured", name=name, measure=measure) if measure else name
        return measure or self.labels.name("theme", rows[0].theme)

    def known(self, name: str) -> str:
        """Return the name by which the reader knows a body or a programme."""
        return self.names.get(name, name)

    def doc(self, row: Any) -> str:
        return self.docs.get(row.doc, row.doc)

    def told_by(self, row: Any) -> str:
        return self.labels.text("brief.doc", doc=self.doc(row))

    def when(self, row: Any) -> str:
        """Return the time that a claim speaks of, as of a day or on it; nothing where it tells none."""
        told = self.labels.time(row.when, "as_of" if row.when_type == "as_of" else "at")
        return self.labels.text("brief.when", when=told) if told else ""


def _given(money: pd.DataFrame) -> pd.DataFrame:
    """Return what is read as money given, but for a sum that the same document states again as something else."""
    told = money.groupby(["doc", "unit", "value", "when"], dropna=False)["indicator"].transform("nunique")
    return money[(money["indicator"] == GIVEN) & (told == 1)]


def _programme(rows: Sequence[Any]) -> str | None:
    """Return the programme that all claims share."""
    named = {row.programme for row in rows}
    return rows[0].programme if len(named) == 1 and isinstance(rows[0].programme, str) else None


def _key(rows: Sequence[Any]) -> str:
    """Name a measure the same in every language."""
    indicators = sorted({row.indicator for row in rows if isinstance(row.indicator, str)})
    return _programme(rows) or (indicators[0] if len(indicators) == 1 else str(rows[0].theme))
