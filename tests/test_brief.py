"""brief: every number computed and tied to its claims; nothing to say is left out, not made up."""

import pandas as pd
import pytest

from csrbook.brief import headline_rows, make_brief
from csrbook.labels import languages, load_labels
from csrbook.lexicon import load_lexicons
from csrbook.tables import claims_frame, ledger_frame, normalise

SOURCES = [{"doc": "a", "date": "2021-06-30", "language": "en", "status": "read", "path": "a.txt"}]
LEDGER = ledger_frame([{"doc": "a", "start": 900, "end": 904, "text": "2020", "reason": "date", "rule": "year"}])


def claim(number, value, unit, kind, **more):
    """A claim record of document "a"; its span follows from its number."""
    told = {"id": f"a-{number:04d}", "doc": "a", "start": 10 * number, "end": 10 * number + 5, "text": f"{value}", "value": value}
    told |= {"unit": unit, "kind": kind, "qualifier": "exact", "theme": "environment", "relevance": "csr", "target": False}
    return told | {"claim_id": f"{number:016x}", "actor": "Northwind"} | more


@pytest.fixture
def claims():
    """Two trees of a series, a sum, a promise and a figure of context."""
    records = [
        claim(1, 76_000, "tree", "count", when="2010", programme="Green Hills"),
        claim(2, 220_000_000, "tree", "count", when="2020", programme="Green Hills"),
        claim(3, 3_000_000, "EUR", "money", when="2020", qualifier="nearly"),
        claim(4, 500, "school", "count", when="2025", target=True),
        claim(5, 9_000_000, "EUR", "money", relevance="context"),
    ]
    return normalise(claims_frame(records, SOURCES), load_lexicons().units)


RELATIONS = [{"kind": "series", "verdict": "period", "members": [f"{1:016x}", f"{2:016x}"], "measure": "trees", "score": 5}]


@pytest.mark.parametrize("language", languages())
def test_every_number_leads_to_claims(claims, language):
    headlines = make_brief(claims, RELATIONS, LEDGER, labels=load_labels(language))
    known = set(claims["claim_id"])
    numbers = [part for h in headlines for part in h.parts if part.claims]
    assert numbers and {one for part in numbers for one in part.claims} <= known
    assert all(any(c.isdigit() for c in part.text) for part in numbers)


def test_sentences_say_what_the_claims_say(claims):
    told = {h.about: h.text for h in make_brief(claims, RELATIONS, LEDGER, labels=load_labels("en"))}
    assert told["money"] == "Largest sums: Northwind, environment: nearly €3 m (2020)."
    assert told["series"] == "Green Hills: from 76,000 trees (2010) to 220 m trees (a, 2020)."
    assert told["promised"] == "Promises and forecasts stated: 1; of these with a date: 1."


def test_documents_that_differ_go_before_other_words_for_one_number(claims):
    pair = [f"{1:016x}", f"{2:016x}"]
    wording = {"kind": "conflict", "verdict": "qualifier", "members": pair, "score": 9}
    real = {"kind": "conflict", "verdict": "conflict", "members": pair[::-1], "score": 1}
    split = claims.assign(doc=["a", "b", *claims["doc"].iloc[2:]])
    (told,) = [h for h in make_brief(split, [wording, real], LEDGER) if h.about.startswith("conflict")]
    assert told.text == "Documents differ on Green Hills: 76,000 trees (a, 2010) against 220 m trees (b, 2020)."
    (within,) = [h for h in make_brief(claims, [wording], LEDGER) if h.about.startswith("conflict")]
    assert within.about == "conflict_within" and "with itself" in within.text


def test_context_is_never_a_headline(claims):
    headlines = make_brief(claims, RELATIONS, LEDGER)
    assert f"{5:016x}" not in {one for h in headlines for part in h.parts for one in part.claims}


def test_nothing_to_say_says_nothing():
    empty = normalise(claims_frame([], SOURCES), load_lexicons().units)
    assert make_brief(empty, [], LEDGER) == []


def test_a_relation_of_unknown_claims_is_passed_over(claims):
    headlines = make_brief(claims, [RELATIONS[0] | {"members": ["f" * 16, "e" * 16]}], LEDGER)
    assert "series" not in {h.about for h in headlines}


def test_rows_join_to_the_sentence(claims):
    headlines = make_brief(claims, RELATIONS, LEDGER)
    for row, headline in zip(headline_rows(headlines), headlines, strict=True):
        assert "".join(p if isinstance(p, str) else p["text"] for p in row["parts"]) == headline.text


def test_markdown_keeps_markup_of_a_document_from_being_read_as_such(claims):
    hostile = claims.assign(actor="<script>alert(1)</script>")
    shown = "".join(h._repr_markdown_() for h in make_brief(hostile, RELATIONS, LEDGER))
    assert "<script>" not in shown and isinstance(hostile, pd.DataFrame)
