"""Tables made up for the charts of checks: sums in two currencies, equivalents, scores, standing, coverage."""

from functools import cache

import pandas as pd
from made_claims import SOURCES, corpus, frame, record

from csrbook import absence, reconcile, standing
from csrbook.cards import ATTRIBUTE, FITNESS, SCORE
from csrbook.checks import LEVELS
from csrbook.intervals import rate
from csrbook.lexicon import load_lexicons
from csrbook.tables import claims_frame, normalise, sources_frame

SPRING = {"when": "2020-04-17", "when_type": "on"}  # 1 CNY was 0.14137 USD
SUMS = (  # first, its unit, second, its unit, document: what is wrong with it
    (40e9, "CNY", 565e6, "USD", "a_north"),  # ten times too little
    (7e9, "CNY", 990e6, "USD", "a_north"),
    (120e6, "CNY", 17e6, "USD", "b_east"),
    (300e6, "CNY", 63.5e6, "USD", "c_south"),  # half too much, and no power of ten
    (80e6, "XAF", 120e3, "EUR", "c_south"),  # no rate is known
)
EQUIVALENTS = (
    (12_000, "t", 660_000, "tree", "a_north", "emissions_avoided"),
    (5_000_000, "kg", 275_000, "tree", "b_east", "emissions_avoided"),
    (900, "t", 20_000, "tree", "c_south", "emissions_avoided"),
    (1.2e6, "CNY", 300_000, "meal", "a_north", "meals_given"),
    (60_000, "meal", 240_000, "CNY", "c_south", "meals_given"),  # the other way round, and the same
    (30e6, "kWh", 10_000, "household", "b_east", "energy_saved"),
)


def pair(number: int, told: tuple, **more) -> list[dict]:
    """Return two claims of which the second tells the first again."""
    first, of, second, unit, doc, *indicator = told
    lexicons = load_lexicons()
    about = {"doc": doc, "indicator": indicator[0] if indicator else None} | more
    rows = [record(2 * number + at, value, code, kind=lexicons.kind(code), **about) for at, (value, code) in enumerate(((first, of), (second, unit)))]
    rows[1]["restates"] = rows[0]["id"]
    return rows


def told_twice(sums=SUMS, equivalents=EQUIVALENTS) -> list[dict]:
    return [row for number, told in enumerate((*sums, *equivalents), 1) for row in pair(number, told, **(SPRING if number <= len(sums) else {}))]


def table(rows) -> pd.DataFrame:
    return normalise(claims_frame(rows, SOURCES), load_lexicons().units)


def relations_of(rows) -> pd.DataFrame:
    return standing.relations_frame(reconcile.relation_rows(reconcile.find_relations(rows, load_lexicons()), rows))


@cache
def checked() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the claims that are told twice, and their relations."""
    rows = told_twice()
    return table(rows), relations_of(rows)


def card(shares: dict[str, tuple[int, int, int]] | None = None) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return score, attributes and fitness of {group: (right, of, documents)}."""
    shares = {"all": (180, 200, 7), "en": (95, 100, 4), "zh": (18, 20, 2), "ru": (67, 80, 1)} if shares is None else shares
    scores, fields, fitness = [], [], []
    for group, (right, of, documents) in shares.items():
        by = "all" if group == "all" else "language"
        for less, level in enumerate(LEVELS):
            low = {end: rate(right - less, of, _drawn(right - less, of)) for end in ("precision", "recall", "f1")}
            row = {"by": by, "group": group, "level": level, "documents": documents, "right": right - less, "predicted": of, "gold": of}
            row |= {f"{name}{end}": value for name, ends in low.items() for end, value in zip(("", "_low", "_high"), ends, strict=True)}
            scores += [row] if level != "claim" or group == "all" else []
        for less, name in enumerate(("theme", "actor", "when")):
            ends = dict(zip(("accuracy", "accuracy_low", "accuracy_high"), rate(right - 3 * less, of, _drawn(right - 3 * less, of)), strict=True))
            fields.append({"by": by, "group": group, "attribute": name, "right": right - 3 * less, "of": of} | ends)
        verdict = "too few figures" if of < 30 else "too few documents" if documents < 3 else "measured"
        fitness += [] if group == "all" else [{"aspect": "language", "group": group, "documents": documents, "gold": of, "verdict": verdict}]
    return pd.DataFrame(scores, columns=SCORE), pd.DataFrame(fields, columns=ATTRIBUTE), pd.DataFrame(fitness, columns=FITNESS)


def _drawn(right: int, of: int):
    spread = pd.Series(range(-9, 10)).to_numpy()
    return (right + spread).clip(0, of), pd.Series([of] * 19).to_numpy()


@cache
def stands() -> pd.DataFrame:
    """Return how the claims of the small corpus stand: two contradict, two move, two of two documents agree, two of one document."""
    claims = corpus()
    told = claims.set_index("claim_id")
    pairs = {"conflict": ("c0001", "c0002"), "period": ("c0004", "c0005"), "rounding": ("c0007", "c0008"), "equal": ("c0012", "c0014")}
    members = {verdict: [reconcile.Member(*told.loc[one, ["doc", "start", "end"]], one) for one in pair] for verdict, pair in pairs.items()}
    return standing.standing(claims, [reconcile.Relation("", verdict, tuple(found), "", "", 1.0) for verdict, found in members.items()])


@cache
def many() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return claims told twice in more documents than a page has rows for, and their relations."""
    sums = [(3 * 10**n, "CNY", 10**n * (0.42 if n % 3 else 4.2), "USD", f"report {n} of the year") for n in range(4, 12)] * 2
    trees = [(1000 * n, "t", 17_000 * n * n, "tree", f"report {n} of the year", "emissions_avoided") for n in range(1, 20)]
    rows = told_twice(sums, trees)
    return table(rows), relations_of(rows)


def covered(claims: pd.DataFrame | None = None, sources: list[dict] | None = None) -> pd.DataFrame:
    """Return which document of the small corpus reports which measure; one file could not be read."""
    read = [{"path": f"{row['doc']}.txt", "status": "read", "chars": 900, "furniture_chars": 0} | row for row in SOURCES]
    sources = [*read, {"path": "d_scan.pdf", "status": "unread"}] if sources is None else sources
    lexicons = load_lexicons()
    meals = frame(record(30, 500, "meal", doc="b_east", indicator="meals_given", target=True))
    return absence.coverage(pd.concat([corpus(), meals]) if claims is None else claims, sources_frame(sources), lexicons.tables["indicators"]["indicator"], languages=lexicons)
