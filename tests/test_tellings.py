"""tellings, programmes: every programme of the corpus has a place and a row, with a figure or without."""

import csv
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_claims import SOURCES, frame, record
from test_claims import make_document

from csrbook import columns
from csrbook.claims import make_claims
from csrbook.corpus import claim_rows, extract, telling_rows
from csrbook.lexicon import load_lexicons
from csrbook.catalogue import programme_table
from csrbook.tables import claims_frame, normalise, tellings_frame

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
LEXICONS = load_lexicons()
NAMES = {
    "actor": [{"name": "Shop", "parent": "Group"}],
    "programme": [{"name": "Green Desert", "owner": "Shop", "theme": "environment"}, {"name": "Quiet Help", "owner": "Shop", "theme": "community"}],
}

beside = pytest.mark.skipif(not SHARED.is_dir(), reason="the originals are not beside the project")


def listed(path):
    """Rows of a list of programmes with the words that tell them."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def harvest(folder):
    return extract(folder).extractions


@cache
def told_in(folder):
    return telling_rows(harvest(folder))


def tellings_of(text, language="en"):
    return telling_rows([make_claims(make_document(text, language), LEXICONS)])


def telling(number, programme, text, **told):
    """Return a telling as the corpus gives it, made up."""
    row = {
        "telling_id": f"{number:016x}", "doc": "a_north", "language": "en", "start": number * 100, "end": number * 100 + len(text),
        "text": text, "programme": programme, "named": True, "found": False, "heading": False, "when": None,
        "sentence_start": number * 100, "sentence_end": number * 100 + 60, "sentence": f"{text} began.",
    }  # fmt: skip
    return row | told


def table_of(records, tellings):
    return programme_table(frame(*records), tellings_frame(tellings, SOURCES), names=NAMES, languages=["en", "zh"]).set_index("programme")


# ---- the corpus --------------------------------------------------------------------------------------------------------


def test_every_listed_programme_is_found_in_the_corpus():
    wanted = {row["programme"] for row in listed(ROOT / "tests" / "gold" / "programmes.tsv")}
    assert len(wanted) == 135
    assert wanted - {one["programme"] for one in told_in(ROOT / "seeds")} == set()


def test_nearly_all_are_found_in_every_document_that_tells_of_them():
    pairs = {(one["programme"], one["doc"]) for one in told_in(ROOT / "seeds")}
    wanted = {(row["programme"], row["doc"]) for row in listed(ROOT / "tests" / "gold" / "programmes.tsv")}
    assert len(wanted & pairs) >= 0.98 * len(wanted), sorted(wanted - pairs)


@beside
def test_every_listed_programme_is_found_in_the_originals():
    wanted = {row["programme"] for row in listed(SHARED / "gold" / "programmes.tsv")}
    assert wanted - {one["programme"] for one in told_in(SHARED / "seeds")} == set()


def test_every_name_and_sentence_is_at_its_place():
    texts = {each.document.doc: each.document.text for each in harvest(ROOT / "seeds")}
    for one in told_in(ROOT / "seeds"):
        text = texts[one["doc"]]
        assert text[one["start"] : one["end"]] == one["text"]
        assert text[one["sentence_start"] : one["sentence_end"]] == one["sentence"]
        assert one["sentence_start"] <= one["start"] < one["end"] <= one["sentence_end"]


def test_nothing_is_told_twice_at_one_place():
    for one, other in pairwise(told_in(ROOT / "seeds")):
        assert one["doc"] != other["doc"] or one["end"] <= other["start"]
    assert max(Counter(one["telling_id"] for one in told_in(ROOT / "seeds")).values()) == 1


def test_furniture_tells_of_nothing():
    passages = [(each.document.doc, p.start, p.end) for each in harvest(ROOT / "seeds") for p in each.document.furniture]
    inside = [one for one in told_in(ROOT / "seeds") for doc, start, end in passages if one["doc"] == doc and start <= one["start"] < end]
    assert inside == []


def test_every_programme_of_the_corpus_has_a_row():
    claims = normalise(claims_frame(claim_rows(harvest(ROOT / "seeds"))), LEXICONS.units)
    tellings = tellings_frame(told_in(ROOT / "seeds"))
    table = programme_table(claims, tellings, names=LEXICONS.tables["names"], languages=LEXICONS)
    assert table["programme"].is_unique
    assert {row["programme"] for row in listed(ROOT / "tests" / "gold" / "programmes.tsv")} <= set(table["programme"])
    silent = table[table["claims"] == 0]
    assert len(silent) >= 30 and silent["sentence"].notna().all() and silent["figures"].isna().all()
    assert table["telling_id"].dropna().isin(tellings["telling_id"]).all()
    assert all(columns.column(name, "programmes").meaning for name in table.columns)


# ---- what is told ------------------------------------------------------------------------------------------------------


def test_a_programme_is_told_without_a_figure_and_dated_by_its_sentence():
    (one,) = tellings_of("On 3 May 2021 the Lantern Mill began the “Two Wheels” programme for nurses. It was glad.")
    assert (one["programme"], one["text"], one["when"]) == ("Two Wheels", "Two Wheels", "2021-05-03")
    assert one["found"] and one["named"] and not one["heading"]


def test_a_known_name_is_told_in_english_whatever_the_language():
    (one,) = tellings_of("各地居民都在用健康码。", "zh")
    assert (one["programme"], one["text"], one["found"]) == ("Health Code", "健康码", False)


@pytest.mark.parametrize(("text", "count"), [("DingTalk let pupils take online classes.", 1), ("The town let pupils take online classes.", 0)])
def test_plain_words_tell_of_a_programme_only_beside_its_house(text, count):
    assert sum(one["programme"] == "DingTalk online classes" for one in tellings_of(text)) == count


WORDS = st.sampled_from(["health code", "Ant Forest", "“Two Wheels” programme", "Alibaba", "gave 20 support measures", "in May 2020", ".", "\n\n", "the", "forest"])


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=14))
def test_any_text_tells_each_place_once(words):
    text = " ".join(words)
    told = tellings_of(text)
    assert all(text[one["start"] : one["end"]] == one["text"] for one in told)
    assert all(one["end"] <= other["start"] for one, other in pairwise(told))


# ---- the table ---------------------------------------------------------------------------------------------------------


def test_a_programme_without_a_figure_has_a_row():
    row = table_of([], [telling(1, "Quiet Help", "helped quietly", named=False)]).loc["Quiet Help"]
    assert (row["claims"], row["tellings"], row["documents"]) == (0, 1, 1)
    assert row[["owner", "parent", "theme"]].tolist() == ["Shop", "Group", "community"]
    assert row["sentence"] == "helped quietly began." and row[["figures", "name_en"]].isna().all()


def test_names_are_those_printed_most_often_in_each_language():
    told = [telling(1, "Green Desert", "green\ndesert"), telling(2, "Green Desert", "Desert Green"), telling(3, "Green Desert", "Desert Green")]
    told += [telling(4, "Green Desert", "\u7eff\u6d32", language="zh", doc="b_east")]
    row = table_of([], told).loc["Green Desert"]
    assert row[["name_en", "name_zh", "languages", "docs"]].tolist() == ["Desert Green", "\u7eff\u6d32", "en zh", "a_north b_east"]


def test_figures_are_quoted_with_their_ids_results_first():
    stated = {"programme": "Green Desert", "actor": "Other"}
    row = table_of([record(1, 9, "tree", target=True, **stated), record(2, 5, "tree", when="2019", **stated)], []).loc["Green Desert"]
    assert row["figures"] == "5 tree (2019) | 9 tree (no date)" and row["figure_ids"] == "c0002 | c0001"
    assert row[["claims", "results", "promises", "first", "owner"]].tolist() == [2, 1, 1, "2019-01-01", "Shop"]


def test_dates_are_those_of_claims_sentences_and_documents():
    told = [telling(1, "Green Desert", "Green Desert", when="2016-08"), telling(2, "Green Desert", "Green Desert", doc="b_east")]
    assert table_of([], told).loc["Green Desert", ["first", "last"]].tolist() == ["2016-08-01", "2020-09-26"]


def test_running_text_is_shown_before_a_heading():
    told = [telling(1, "Green Desert", "GREEN DESERT", heading=True), telling(2, "Green Desert", "Green Desert")]
    assert table_of([], told).loc["Green Desert", "text"] == "Green Desert"


def test_a_new_name_takes_owner_and_theme_from_its_claims():
    new = telling(1, "Two Wheels", "Two Wheels", found=True)
    row = table_of([record(2, 5, "nurse", programme="Two Wheels", actor="Shop", theme="public_health")], [new]).loc["Two Wheels"]
    assert row[["owner", "parent", "theme", "found"]].tolist() == ["Shop", "Group", "public_health", True]


def test_types_are_the_same_with_and_without_rows():
    full, empty = table_of([], [telling(1, "Quiet Help", "x")]), table_of([], [])
    assert full.dtypes.to_dict() == empty.dtypes.to_dict() and len(empty) == 0
