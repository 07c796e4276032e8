"""sensitivity: what becomes of a sentence under another choice, and what is not known."""

import json

import pytest
from made_claims import corpus, frame, record

from csrbook.brief import headline_rows, make_brief
from csrbook.columns import columns_of
from csrbook.contested import CHOICES, Terms
from csrbook.exports import write_table
from csrbook.frames import DITTO
from csrbook.labels import languages, load_labels
from csrbook.sensitivity import Variant, compare, fingerprint, lay_changes, lay_wide, read_variants, sum_up
from csrbook.tables import ledger_frame

LEDGER = ledger_frame([])


def sentence(key, *parts):
    return {"about": key, "key": key, "parts": [p if isinstance(p, str) else {"text": p[0], "claims": list(p[1:])} for p in parts]}


BASE = Variant(Terms().told, [sentence("a", "Given: ", ("5", "c1"), "."), sentence("b", "Moved: ", ("7", "c2")), sentence("c", "Open: ", ("1", "c3"))])
HIGH = Variant(Terms(bound="high").told, [sentence("a", "Given: ", ("6", "c1"), "."), sentence("c", "Open: ", ("1", "c3")), sentence("d", "Met: ", ("2", "c4"))])


def store(folder, name, variant, of="x"):
    place = folder / name
    place.mkdir(parents=True)
    raw = {"terms": dict(variant.terms), "of": of, "sentences": list(variant.sentences)}
    (place / "brief.json").write_text(json.dumps(raw), encoding="utf-8")


def test_each_sentence_has_its_outcome():
    table = compare(BASE, [HIGH])
    assert list(table.columns) == [c.name for c in columns_of("sensitivity")]
    told = table[["key", "outcome", "numbers", "claim_ids"]].astype(object).where(table.notna(), None).values.tolist()
    assert told == [
        ["a", "changed", "6", "c1"], ["b", "gone", None, None], ["c", "same", None, "c3"], ["d", "new", None, "c4"],
    ]  # fmt: skip
    assert set(table["choice"]) == {"bound"} and set(table["option"]) == {"high"}


def test_the_brief_itself_is_no_alternative():
    assert compare(BASE, [BASE]).empty and sum_up(compare(BASE, []), load_labels()) == []


def test_a_sentence_that_only_loses_a_number_says_which():
    listed = Variant(BASE.terms, [sentence("a", ("5", "c1"), ", ", ("7", "c2"))])
    table = compare(listed, [Variant(HIGH.terms, [sentence("a", ("5", "c1"))])])
    assert table["lost"].tolist() == ["7"] and lay_changes(table, load_labels("en")).values.tolist() == [[1, "high end", "changed: without 7"]]


def test_two_choices_at_once_are_one_alternative():
    both = Variant(Terms(bound="high", promises="counted").told, HIGH.sentences)
    table = compare(BASE, [both])
    assert set(table["choice"]) == {"promises + bound"}
    assert list(lay_wide(table, load_labels("en")).columns)[1:] == ["promises counted + high end"]


def test_wide_table_and_sentences_for_a_reader():
    table, words = compare(BASE, [HIGH, Variant(Terms(source="newest").told, BASE.sentences)]), load_labels("en")
    wide = lay_wide(table, words)
    assert list(wide.columns) == ["", "high end", "newest document wins"]
    assert wide.values.tolist() == [
        ["1. Given: 5.", "changed", "\u00b7"], ["2. Moved: 7", "gone", "\u00b7"], ["3. Open: 1", "\u00b7", "\u00b7"], ["4. (new) Met: 2", "new", ""],
    ]  # fmt: skip
    changes = lay_changes(table, words)
    assert list(changes.columns) == ["sentence", "under", "what becomes of it"]
    assert changes.values.tolist() == [[1, "high end", "changed: 6"], [2, "high end", "gone"], [4, "high end", "new: Met: 2"]]
    assert [str(told) for told in sum_up(table, words)] == [
        "1 of 3 sentences stand under every choice.",
        "High end: 1 sentence changes, 1 is gone, 1 is new.",
        "Newest document wins: nothing changes.",
    ]


@pytest.mark.parametrize("language", languages())
def test_every_choice_has_a_name_of_its_own(language):
    others = [Variant(Terms(**{name: value}).told, BASE.sentences) for name in CHOICES for value in CHOICES[name][1:]]
    heads = list(lay_wide(compare(BASE, others), load_labels(language)).columns)[1:]
    assert len(set(heads)) == len(others) == 9 and not any("_" in head for head in heads)


def test_stored_alternatives_come_in_the_order_of_choices(tmp_path):
    for name, value in [("bound", "high"), ("bound", "low"), ("source", "newest"), ("promises", "counted")]:
        store(tmp_path, f"{name}-{value}", Variant(Terms(**{name: value}).told, BASE.sentences))
    found, others = read_variants(tmp_path, of="x")
    assert [one.differs(BASE) for one in found] == [{"promises": "counted"}, {"source": "newest"}, {"bound": "low"}, {"bound": "high"}]
    assert others == []


def test_a_sentence_is_numbered_once_for_all_that_becomes_of_it():
    low = Variant(Terms(bound="low").told, [sentence("a", ("4", "c1")), *BASE.sentences[1:]])
    told = lay_changes(compare(BASE, [low, HIGH]), load_labels("en"))
    assert told["sentence"].tolist()[:2] == [1, DITTO] and told["under"].tolist()[:2] == ["low end", "high end"]


def test_nothing_changed_leaves_no_rows():
    assert len(lay_changes(compare(BASE, [Variant(HIGH.terms, BASE.sentences)]), load_labels("en"))) == 0


def test_what_rests_on_other_claims_is_left_out_and_named(tmp_path):
    store(tmp_path, "old", HIGH, of="y")
    store(tmp_path, "odd", Variant(Terms().told | {"bound": "sideways"}, []))
    store(tmp_path, "rough", Variant(HIGH.terms, [{"parts": 3}]))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "brief.json").write_text("{", encoding="utf-8")
    assert read_variants(tmp_path, of="x") == ([], ["broken", "odd", "old", "rough"])
    assert read_variants(tmp_path / "absent", of="x") == ([], [])


def test_fingerprint_changes_with_what_it_rests_on(tmp_path):
    file = tmp_path / "claims"
    file.write_text("1")
    first = fingerprint([file], "en")
    assert first == fingerprint([file], "en") != fingerprint([file], "zh")
    file.write_text("2")
    assert first != fingerprint([file], "en")


def test_text_of_a_document_stays_text_in_every_file(tmp_path):
    hostile = "=HYPERLINK(1)"
    table = compare(BASE, [Variant(HIGH.terms, [sentence("a", hostile)])])
    write_table(table, tmp_path, "sensitivity")
    assert "'=HYPERLINK" in (tmp_path / "sensitivity.csv").read_text(encoding="utf-8")
    assert "&lt;" in lay_wide(compare(BASE, [Variant(HIGH.terms, [sentence("e", "<b>")])]), load_labels()).to_html()


@pytest.mark.parametrize("language", languages())
def test_real_sentences_compare_whatever_the_language(language):
    claims, words = corpus(), load_labels(language)
    told = [headline_rows(make_brief(claims, [], LEDGER, labels=words, terms=terms)) for terms in (Terms(), Terms(bound="low"))]
    table = compare(Variant(Terms().told, told[0]), [Variant(Terms(bound="low").told, told[1])])
    given = table[table["key"] == "given"].iloc[0]
    assert given["outcome"] == "changed" and given["numbers"]
    assert table[table["key"] == "coverage"].iloc[0]["outcome"] == "same"


def test_a_sentence_keeps_its_key_in_every_language():
    claims = frame(record(1, 5, "school", indicator="schools_reached"), record(2, 9, "school", doc="b_east", indicator="schools_reached"))
    relation = {"kind": "conflict", "verdict": "conflict", "members": ["c0001", "c0002"]}
    keys = {tuple(h.key for h in make_brief(claims, [relation], LEDGER, labels=load_labels(code))) for code in languages()}
    assert len(keys) == 1 and "conflict: schools_reached" in keys.pop()
