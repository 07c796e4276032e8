"""brief: every number computed and tied to its claims; nothing to say is left out, not made up."""

import pandas as pd
import pytest

from csrbook.absence import coverage
from csrbook.brief import headline_rows, make_brief
from csrbook.contested import Terms
from csrbook.labels import languages, load_labels
from csrbook.lexicon import load_lexicons
from csrbook.pivots import promises
from csrbook.tables import claims_frame, ledger_frame, normalise, sources_frame

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
    assert told["sums"] == "The largest sum is nearly €3 m in 2020 (Northwind, environment; $3.68 m at the rate of 31 December 2020)."
    assert told["series"] == "Green Hills went from 76,000 trees in 2010 to 220 m trees in 2020 (a)."
    promised = "The documents make 1 promise or forecast, 1 of them with a date; 1 is due after 30 June 2021, when the newest document appeared."
    assert told["promised"] == promised
    assert told["coverage"].startswith("The 1 document read states 5 figures; 4 of them concern social responsibility, each counted once.")
    assert "Another 1 numeral was set aside" in told["coverage"]
    assert told["confirmed"].endswith("The other 4 figures rest on a single document.")


def test_documents_that_differ_go_before_other_words_for_one_number(claims):
    pair = [f"{1:016x}", f"{2:016x}"]
    wording = {"kind": "conflict", "verdict": "qualifier", "members": pair, "score": 9}
    real = {"kind": "conflict", "verdict": "conflict", "members": pair[::-1], "score": 1}
    split = claims.assign(doc=["a", "b", *claims["doc"].iloc[2:]])
    (told,) = [h for h in make_brief(split, [wording, real], LEDGER) if h.about.startswith("conflict")]
    assert told.text == "The documents disagree on Green Hills: 76,000 trees in 2010 (a) against 220 m trees in 2020 (b)."
    (within,) = [h for h in make_brief(claims, [wording], LEDGER) if h.about.startswith("conflict")]
    assert within.text == "One document (a) disagrees with itself on Green Hills: 76,000 trees in 2010 against 220 m trees in 2020."
    assert within.about == "conflict_within"


def test_figures_of_no_known_body_are_told_one_a_document():
    sums = [claim(1, 5e6, "EUR", "money"), claim(2, 4e6, "EUR", "money"), claim(3, 3e6, "EUR", "money", doc="b"), claim(4, 2e6, "EUR", "money")]
    records = [one | {"actor": None} for one in sums[:3]] + sums[3:]
    claims = normalise(claims_frame(records, [*SOURCES, SOURCES[0] | {"doc": "b"}]), load_lexicons().units)
    (told,) = [h for h in make_brief(claims, [], LEDGER) if h.about == "sums"]
    assert [one for part in told.parts for one in part.claims if part.text.startswith("\u20ac")] == [f"{number:016x}" for number in (1, 3, 4)]


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


def test_dollar_signs_make_no_formula(claims):
    (money,) = [h for h in make_brief(claims, RELATIONS, LEDGER) if h.key == "money"]
    assert r"**\$3.68 m**" in money._repr_markdown_() and "$3.68 m" in money.text


# --- what the sentences say, one rule at a time ---


def table(*records, sources=SOURCES):
    return normalise(claims_frame(records, sources), load_lexicons().units)


def brief(claims, relations=(), language="en", found=None, **choices):
    return make_brief(claims, list(relations), LEDGER, coverage=found, labels=load_labels(language), terms=Terms(**choices))


def told(claims, relations=(), language="en", found=None, **choices):
    return {h.key: h.text for h in brief(claims, relations, language, found, **choices)}


# --- what no document reports ---

MEASURES = [{"id": "schools_reached"}, {"id": "trees_planted"}, {"id": "water_saved", "needs": ["water"], "en": ["water"]}]


def searched(claims, *unread, language="en"):
    """What document "a" reports, beside files that could not be read."""
    read = {"doc": "a", "path": "a.txt", "language": language, "status": "read", "chars": 900, "furniture_chars": 0}
    files = [read, *({"doc": None, "path": path, "status": "unread"} for path in unread)]
    return coverage(claims, sources_frame(files), MEASURES, languages=languages())


def test_measures_that_no_document_reports_are_counted():
    claims = table(claim(1, 5, "school", "count", indicator="schools_reached"), claim(2, 7, "school", "count", indicator="schools_reached"))
    (sentence,) = [h for h in brief(claims, found=searched(claims)) if h.key == "absence"]
    assert sentence.text == (
        "Of 3 measures of social responsibility looked for, 1 is reported; the other 2 appear in no document that was searched."
    )
    assert [part.claims for part in sentence.parts if part.claims] == [(f"{1:016x}", f"{2:016x}")]


@pytest.mark.parametrize("unread, noun", [(["b.pdf"], "document"), (["b.pdf", "c.pdf", "d.pdf", "e.pdf"], "documents")])
def test_documents_that_nobody_could_search_are_told_of(unread, noun):
    claims = table(claim(1, 5, "school", "count", indicator="schools_reached"))
    text = told(claims, found=searched(claims, *unread))["absence"]
    assert text.endswith(f"2 appear in no document that was searched; {len(unread)} {noun} could not be searched.")
    for language in languages():
        whole, part = (told(claims, language=language, found=found)["absence"] for found in (searched(claims), searched(claims, *unread)))
        assert part.startswith(whole[:-1]) and str(len(unread)) in part.removeprefix(whole[:-1])


def test_a_measure_that_nobody_could_look_for_is_not_absent():
    claims = table(claim(1, 5, "school", "count", indicator="schools_reached"))
    text = told(claims, found=searched(claims, language="ru"))["absence"]
    assert text.endswith("looked for, 1 is reported; the other 1 appears in no document that was searched.")


def test_a_measure_that_is_only_promised_counts_as_reported_as_in_the_table():
    claims = table(claim(1, 5, "school", "count", indicator="schools_reached", target=True, when="2025"))
    found = searched(claims)
    assert (found["state"] == "reported").sum() == 1
    assert "1 is reported;" in told(claims, found=found)["absence"]


def test_without_the_table_of_what_is_reported_nothing_is_called_absent():
    assert "absence" not in told(table(claim(1, 5, "school", "count", indicator="schools_reached")))


# --- promises ---


def kept_promise():
    """A promise due after the day of its result."""
    promised = claim(1, 1000, "school", "count", when="2025-12-31", target=True, programme="Open Class")
    return table(promised, claim(2, 1200, "school", "count", when="2021-06", doc="b", start=5, end=9, programme="Open Class"), sources=TWO)


@pytest.mark.parametrize("members", [(1, 2), (2, 1)])
def test_a_promise_is_told_before_its_result_whenever_it_is_due(members):
    relation = {"kind": "fulfilled", "verdict": "fulfilled", "members": [f"{n:016x}" for n in members]}
    text = told(kept_promise(), [relation])["fulfilled: Open Class"]
    assert text == "On Open Class, a promise of 1,000 schools on 31 December 2025 (a) stands against a result of 1,200 schools in June 2021 (b)."


@pytest.mark.parametrize("published", ["2021-06-30", "2021-06", "2021", None])
def test_promises_are_counted_as_their_table_has_them(published):
    rows = [claim(n, 5, "school", "count", target=True, when=when) for n, when in enumerate(("2020", "2021-05", "2021", "2023", None), 1)]
    claims = table(*rows, sources=[SOURCES[0] | {"date": published}])
    states = promises(claims)["state"].value_counts()
    text = told(claims)["promised"]
    assert f"make 5 promises and forecasts, {5 - states['undated']} of them with a date" in text
    assert f"; {states['open']} {'is' if states['open'] == 1 else 'are'} due after" in text if published else "due" not in text


def test_most_money_given_is_no_sum_that_its_document_calls_otherwise():
    given = {"indicator": "money_given", "when": "2020"}
    claims = table(
        claim(1, 9e9, "EUR", "money", **given), claim(2, 9e9, "EUR", "money", indicator="produce_sold_value", when="2020"),
        claim(3, 2e6, "EUR", "money", actor="Southgate", **given), claim(4, 8e9, "EUR", "money", actor="Unsure", confidence=0.2, **given),
    )  # fmt: skip
    assert told(claims)["given"] == "The largest sum given is €2 m by Southgate in 2020 ($2.45 m at the rate of 31 December 2020)."
    assert told(claims)["money"].startswith("The largest other sum is €9 bn in 2020 (Northwind, farm produce sold; ")


def test_a_conversion_is_set_beside_what_the_rate_gives():
    claims = table(
        claim(1, 100e6, "EUR", "money", when="2020-04-17"), claim(2, 7e6, "USD", "money", when="2020-04-17", restates="a-0001"),
    )  # fmt: skip
    relation = {"kind": "bad_conversion", "verdict": "conversion", "members": [f"{1:016x}", f"{2:016x}"]}
    (sentence,) = [text for key, text in told(claims, [relation]).items() if key.startswith("bad_conversion")]
    assert "€100 m is printed as $7 m (a), but comes to $109 m at the rate of that day." in sentence


def test_a_sum_in_the_currency_of_the_tables_is_not_converted():
    assert "rate" not in told(table(claim(1, 5e6, "USD", "money", when="2020")))["money"]


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_written_in_every_language(claims, language):
    pair = [f"{1:016x}", f"{2:016x}"]
    kinds = [("series", "period"), ("conflict", "conflict"), ("fulfilled", "fulfilled")]
    texts = told(claims, [{"kind": k, "verdict": v, "members": pair} for k, v in kinds], language=language)
    assert len(texts) == 7 and not any("{" in text or "\x00" in text or "  " in text for text in texts.values())


# --- contested choices ---

TWO = [*SOURCES, {"doc": "b", "date": "2022-01-31", "language": "ru", "status": "read", "path": "b.txt"}]


def two_voices():
    """Two documents on one measure, and a promise larger than any result."""
    return table(
        claim(1, 100, "student", "count", when="2020", low=95, high=105, indicator="pupils_taught", programme="Open Class"),
        claim(2, 120, "student", "count", when="2020", doc="b", start=5, end=9, low=120, high=120, indicator="pupils_taught", programme="Open Class"),
        claim(3, 900, "student", "count", when="2023", target=True, actor="Eastbank", indicator="courses_given"),
        sources=TWO,
    )  # fmt: skip


RIVALS = [{"kind": "conflict", "verdict": "conflict", "members": [f"{1:016x}", f"{2:016x}"]}]


def test_promises_are_ranked_only_where_they_are_counted():
    apart, counted = (told(two_voices(), RIVALS, promises=promises) for promises in ("apart", "counted"))
    assert "900" not in apart["reach"]
    assert counted["reach"].startswith("The widest reach is told by these figures: 900 students in 2023 (Eastbank, courses and lessons")
    assert {key for key in apart if apart[key] != counted[key]} == {"reach"}


def test_a_promise_outdoes_no_result_unless_promises_are_counted():
    claims = two_voices()
    claims["target"] = claims["claim_id"] == f"{2:016x}"
    apart, counted = (told(claims, RIVALS, source="newest", promises=promises) for promises in ("apart", "counted"))
    assert "100 students" in apart["reach"] and "100 students" not in counted["reach"]


def test_a_promise_contradicts_a_result_only_where_promises_are_counted():
    relation = [{"kind": "conflict", "verdict": "conflict", "members": [f"{1:016x}", f"{3:016x}"]}]
    assert not [key for key in told(two_voices(), relation) if key.startswith("conflict")]
    assert [key for key in told(two_voices(), relation, promises="counted") if key.startswith("conflict")]


@pytest.mark.parametrize("source, value", [("newest", "120 students"), ("earliest", "100 students"), ("precise", "120 students")])
def test_where_one_source_wins_its_figure_is_stated_and_nothing_conflicts(source, value):
    heard, won = told(two_voices(), RIVALS), told(two_voices(), RIVALS, source=source)
    assert value in won["reach"] and "conflict: Open Class" in heard and "conflict: Open Class" not in won
    assert won["coverage"] == heard["coverage"] and won["confirmed"] == heard["confirmed"]


@pytest.mark.parametrize("bound, value", [("low", "at least 95 students"), ("high", "at most 105 students"), ("middle", "100 students")])
def test_the_end_of_an_interval_is_stated_and_exact_figures_stay(bound, value):
    text = told(two_voices(), RIVALS, bound=bound)["conflict: Open Class"]
    assert f"{value} in 2020 (a) against 120 students in 2020 (b)" in text


def test_figures_that_meet_at_the_chosen_end_differ_no_more():
    claims = table(
        claim(1, 100, "base", "count", when="2020", low=95, high=100, qualifier="nearly"),
        claim(2, 100, "base", "count", when="2020", low=100, high=100, doc="b"), sources=TWO,
    )  # fmt: skip
    assert [key for key in told(claims, RIVALS) if key.startswith("conflict")]
    assert [key for key in told(claims, RIVALS, bound="low") if key.startswith("conflict")]
    assert not [key for key in told(claims, RIVALS, bound="high") if key.startswith("conflict")]


def test_an_end_that_reads_as_printed_keeps_the_printed_words():
    claims = table(claim(1, 303_700_000, "student", "count", low=303_650_000, high=303_750_000, qualifier="about"))
    assert "about 304 m students" in told(claims)["reach"] == told(claims, bound="low")["reach"]


@pytest.mark.parametrize("day, rate", [("claim", "31 December 2015"), ("published", "30 June 2021"), ("newest", "31 January 2022")])
def test_the_day_of_the_rate_is_the_one_chosen(day, rate):
    claims = table(claim(1, 1e6, "EUR", "money", when="2015"), claim(2, 3, "school", "count", doc="b"), sources=TWO)
    assert f"at the rate of {rate}" in told(claims, rate_day=day)["money"]
    assert told(claims, rate_day=day)["coverage"] == told(claims)["coverage"]


def test_a_conversion_that_is_right_by_the_chosen_day_is_no_news():
    claims = table(
        claim(1, 100e6, "EUR", "money", when="2015-01-02"), claim(2, 119e6, "USD", "money", when="2015-01-02", restates="a-0001"),
    )  # fmt: skip
    relation = [{"kind": "bad_conversion", "verdict": "conversion", "members": [f"{1:016x}", f"{2:016x}"]}]
    assert not [key for key in told(claims, relation, rate_day="published") if key.startswith("bad")]


# --- as a reader would say it ---


@pytest.mark.parametrize(
    "language, sentence",
    [
        ("en", "went from 21 children as of 3 May 2020 (The Post) to nearly 23 children from February to April 2021 (The Guild)."),
        ("zh", "由截至2020年5月3日的21名儿童（The Post）变为2021年2月至4月的近23名儿童（The Guild）。"),
        ("ru", "21 ребенок на 3 мая 2020 года (The Post), затем почти 23 ребенка с февраля по апрель 2021 года (The Guild)."),
    ],
)
def test_documents_are_named_and_words_agree(language, sentence):
    sources = [SOURCES[0] | {"publisher": "The Post"}, TWO[1] | {"publisher": "The Guild"}]
    one = claim(1, 21, "child", "count", when="2020-05-03", when_type="as_of", programme="Open Class")
    two = claim(2, 23, "child", "count", when="2021-02/2021-04", when_type="during", programme="Open Class", qualifier="nearly", doc="b")
    relation = {"kind": "series", "verdict": "period", "members": [f"{1:016x}", f"{2:016x}"]}
    claims, files = table(one, two, sources=TWO), sources_frame(sources)
    made = make_brief(claims, [relation], LEDGER, labels=load_labels(language), sources=files, names={"Open Class": "Alpha"})
    (text,) = [h.text for h in made if h.key == "series: Open Class"]
    assert text.endswith(sentence) and "Alpha" in text, text


@pytest.mark.parametrize("language", languages())
def test_no_number_of_things_leaves_a_gap_or_a_second_stop(language):
    for n in (1, 2, 5, 21):
        rows = [claim(k, k, "USD", "money", when="2020", target=k % 2 == 0) for k in range(1, n + 1)]
        for text in told(table(*rows), language=language).values():
            assert not any(bad in text for bad in ("..", "|", "{", "\x00", "( ", " )", "()")), text


def test_names_that_open_a_sentence_keep_their_letters(claims):
    small = claims.assign(programme=claims["programme"].replace("Green Hills", "eGreen"))
    assert told(small, RELATIONS)["series: eGreen"].startswith("eGreen went")


def test_markup_in_the_name_of_a_document_is_not_read_as_such(claims):
    sources = sources_frame([SOURCES[0] | {"publisher": "<b>*P*</b>\x00first\x00"}])
    (series,) = [h for h in make_brief(claims, RELATIONS, LEDGER, sources=sources) if h.about == "series"]
    assert "&lt;b&gt;" in series._repr_markdown_() and "\\*P\\*" in series._repr_markdown_() and series.text.count("76,000") == 1
