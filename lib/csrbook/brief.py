"""State what a corpus says in a dozen sentences, every number in them computed and tied to its claims.

    make_brief(claims, relations, ledger, coverage=coverage, labels=load_labels("en")) -> [Headline("coverage", parts), ...]

In      normalised claims (tables.normalise), relations, the ledger of numerals set aside, the table of what each document reports
        (absence.coverage), labels, the contested choices.
Out     Headlines in a fixed order; a part is plain words, or a number with the ids of the claims behind it.
Never   states what no claim states, calls absent what nobody could look for, adds what must not be added, or knows a company.
Needs   absence, contested, labels, pivots, tables, verdicts; pandas.  Used by sensitivity, notebook 06.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csrbook.absence import NOT_SEARCHED, REPORTED, tally
from csrbook.contested import Terms, convert, find_outdone
from csrbook.labels import Labels, load_labels
from csrbook.pivots import countable, promises
from csrbook.tables import currency_of
from csrbook.verdicts import RATE_OFF

__all__ = ["Headline", "Part", "headline_rows", "make_brief"]

YEAR = re.compile(r"\d{4}")
MARKUP = re.compile(r"[\\`*_{}\[\]$|]")  # two dollar signs would make a formula of what lies between
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
    """Words of a headline, with the claims behind them; none for plain words."""

    text: str
    claims: tuple[str, ...] = ()


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
        plain = [MARKUP.sub(r"\\\g<0>", part.text).replace("<", "&lt;") for part in self.parts]
        return "".join(f"**{text}**" if part.claims else text for text, part in zip(plain, self.parts, strict=True))


def make_brief(
    claims: pd.DataFrame,
    relations: Sequence[Mapping[str, Any]],
    ledger: pd.DataFrame,
    *,
    coverage: pd.DataFrame | None = None,
    labels: Labels | None = None,
    terms: Terms | None = None,
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
    """
    if claims.empty:
        return []
    writer = _Writer(convert(claims, (terms or Terms()).rate_day), relations, labels or load_labels(), terms or Terms())
    return writer.write(ledger, coverage)


def headline_rows(headlines: Iterable[Headline]) -> list[dict[str, Any]]:
    """Return headlines as JSON-able rows: about, key, and parts of text with claims."""
    return [
        {"about": h.about, "key": h.key, "parts": [{"text": p.text, "claims": list(p.claims)} if p.claims else p.text for p in h.parts]}
        for h in headlines
    ]


class _Writer:
    """Writes the sentences of one corpus under one set of choices."""

    def __init__(self, claims: pd.DataFrame, relations: Sequence[Mapping[str, Any]], labels: Labels, terms: Terms) -> None:
        self.claims, self.relations, self.labels, self.terms = claims, relations, labels, terms
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
        facts = {"documents": self.claims["doc"].nunique(), "figures": len(self.claims), "aside": aside}
        yield self.headline("coverage", **{name: self.labels.number(n) for name, n in facts.items()}, csr=self.count(self.kept))

    def miss(self, coverage: pd.DataFrame) -> Iterable[Headline]:
        """Of the measures that could be looked for, how many no document reports, done or promised."""
        found = tally(coverage[coverage["state"] != NOT_SEARCHED])
        behind = " ".join(coverage.loc[coverage["state"] == REPORTED, "claim_ids"]).split()
        reported = Part(self.labels.number(found["measures"] - found["nobody"]), tuple(behind))
        facts = {"measures": self.labels.number(found["measures"]), "absent": self.labels.number(found["nobody"])}
        unread = tally(coverage)["unsearched_files"]
        unsearched = self.fill("brief.unsearched", n=self.labels.number(unread)) if unread else []
        yield self.headline("absence", reported=reported, unsearched=unsearched, **facts)

    def give(self, money: pd.DataFrame) -> Iterable[Headline]:
        """The most money given, then the largest other sums."""
        given = list(self.rank(_given(money), "given"))
        others = money[money["indicator"].isna() | (money["indicator"] != GIVEN)]
        yield from given
        yield from self.rank(others, "money" if given else "sums", key="money")

    def rank(self, claims: pd.DataFrame, about: str, *, most: int = LISTED, key: str = "") -> Iterable[Headline]:
        """The largest figures, one a body, so that the list is no list of one body's figures."""
        order = claims.assign(size=self.terms.sizes(claims)).dropna(subset=["size"])
        order = order.sort_values(["size", "doc", "start"], ascending=[False, True, True], kind="stable").drop_duplicates(["actor"])
        listed: list[Part] = []
        for row in order.head(most).itertuples():
            when = self.labels.text("brief.when", when=self.date(row.when)) if isinstance(row.when, str) else ""
            who = row.actor if isinstance(row.actor, str) else row.doc
            facts = {"who": who, "what": self.what([row]), "when": when}
            facts |= {"amount": self.amount(row), "converted": self.converted(row, self.terms)}
            listed += [Part(self.labels.text("brief.between"))] if listed else []
            listed += self.fill("brief.item_given" if about == "given" else "brief.item", **facts)
        if listed:
            yield self.headline(about, key, list=listed)

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
            places = {"first_place": self.place(first, doc=not (within and isinstance(first.when, str))), "last_place": self.place(last)}
            about = "conflict_within" if kind == "conflict" and within else kind
            if kind == "series" and what != first.programme:  # begins the sentence; a name keeps its own letters
                what = f"{what[0].upper()}{what[1:]}"
            facts = {"what": what, "first": self.amount(first), "last": self.amount(last)}
            if kind == "bad_conversion":  # what a document prints has no other end
                due = self.converted(first, Terms(), "due") if last.unit == self.currency else ""
                facts = {"first": self.amount(first, Terms()), "last": self.amount(last, Terms()), "due": due}
            yield self.headline(about, f"{kind}: {key}", **facts, **places)

    def promise(self, promised: pd.DataFrame) -> Iterable[Headline]:
        if promised.empty:
            return
        dated = promised[promised["state"] != "undated"]
        newest = promised["as_of"].iloc[0]
        is_told = isinstance(newest, str)
        facts = {"promises": self.count(promised), "dated": self.count(dated)}
        if is_told:
            facts |= {"open": self.count(dated[dated["state"] == "open"]), "day": self.date(newest)}
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
        facts = {"programmes": self.labels.number(len(told)), "figures": self.labels.number(len(self.kept))}
        facts |= {"several": Part(self.labels.number(int((told >= SEVERAL).sum())), tuple(several["claim_id"]))}
        yield self.headline("confirmed", **facts, shared=self.count(self.kept[shared]), single=self.count(self.kept[~shared]))

    # ---- words and numbers -----------------------------------------------------------------------------------------

    def headline(self, about: str, key: str = "", **facts: Part | str | Sequence[Part]) -> Headline:
        """Fill the label brief.<about>, keeping each fact a part of its own."""
        return Headline(about, tuple(self.fill(f"brief.{about}", **facts)), key or about)

    def fill(self, label: str, **facts: Part | str | Sequence[Part]) -> list[Part]:
        words = self.labels.text(label, **{name: f"{MARK}{name}{MARK}" for name in facts})
        parts: list[Part] = []
        for place, piece in enumerate(words.split(MARK)):
            fact = facts[piece] if place % 2 else piece
            if isinstance(fact, str):
                fact = [Part(fact)] if fact else []
            parts += [fact] if isinstance(fact, Part) else fact
        return parts

    def count(self, claims: pd.DataFrame) -> Part:
        return Part(self.labels.number(len(claims)), tuple(claims["claim_id"]))

    def amount(self, row: Any, terms: Terms | None = None) -> Part:
        """Return what a claim is stated as, with its hedge, tied to the claim."""
        low, high, hedge = (terms or self.terms).ends(row)
        printed = Terms().ends(row)
        text = self.span(low, high, row.unit)
        if text == self.span(*printed[:2], row.unit):  # rounded, the end of the interval reads as printed
            hedge = printed[2]
        return Part(self.labels.name("hedge", hedge).replace("{n}", text), (row.claim_id,))

    def span(self, low: float, high: float, unit: str) -> str:
        return self.labels.span(self.labels.amount(low, unit), self.labels.amount(high, unit))

    def converted(self, row: Any, terms: Terms, label: str = "converted") -> list[Part]:
        """Return a sum in the currency of the tables, with the day of its rate; nothing where it is printed in it."""
        if row.kind != "money" or row.unit == self.currency or pd.isna(row.rate):
            return []
        low, high, _ = terms.ends(row)
        n = Part(self.span(low * row.rate, high * row.rate, self.currency), (row.claim_id,))
        return self.fill(f"brief.{label}", n=n, day=self.date(row.rate_date))

    def date(self, when: str) -> str:
        """Return a date; a year alone with the word for it, where the language sets one."""
        return self.labels.text("brief.year", y=when) if YEAR.fullmatch(when) else self.labels.date(when)

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
        if len(rows) > 1 and (programme := _programme(rows)):
            return programme
        indicators = {row.indicator for row in rows if isinstance(row.indicator, str)}
        return self.labels.name("indicator", min(indicators)) if len(indicators) == 1 else self.labels.name("theme", rows[0].theme)

    def place(self, row: Any, *, doc: bool = True) -> str:
        """Return document and date of a claim; the date alone where the sentence names the document anyway."""
        when = self.date(row.when) if isinstance(row.when, str) else ""
        return self.labels.text("brief.place", doc=row.doc, when=when) if doc and when else when or row.doc


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
