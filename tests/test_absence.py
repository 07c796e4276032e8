"""Absence: every measure and file has a state, and none of them could be read as zero."""

import pytest
from made_claims import frame, record

from csrbook.absence import NOT_FOUND, NOT_SEARCHED, REPORTED, coverage, matrix, tally
from csrbook.lexicon import load_lexicons
from csrbook.tables import sources_frame

MEASURES = [{"id": "trees_planted", "en": ["plant"]}, {"id": "money_raised", "needs": True, "en": ["raise"], "ru": []}, {"id": "meals_given"}]
FILES = sources_frame([
    {"doc": "a_north", "path": "a.txt", "language": "en", "status": "read", "chars": 500, "furniture_chars": 20},
    {"doc": "b_east", "path": "b.txt", "language": "ru", "status": "read", "chars": 500, "furniture_chars": 0},
    {"doc": "c_south", "path": "c.txt", "language": "ar", "status": "read", "chars": 500, "furniture_chars": 0},
    {"doc": "d_empty", "path": "d.txt", "language": "en", "status": "read", "chars": 40, "furniture_chars": 40},
    {"path": "e.pdf", "status": "unread", "problem": "is a PDF without a text layer"},
])  # fmt: skip


def table(*rows, files=FILES):
    return coverage(frame(*rows), files, MEASURES, languages=["en", "ru", "zh"])


def states(made):
    return {(row["indicator"], row["path"]): (row["state"], row["reason"] if row["reason"] == row["reason"] else None) for row in made.to_dict("records")}


def test_every_measure_and_file_has_one_row_with_a_state():
    made = table(record(1, 5, "tree", indicator="trees_planted"))
    assert len(made) == len(MEASURES) * len(FILES) and not made.duplicated(["indicator", "path"]).any()
    assert set(made["state"]) == {REPORTED, NOT_FOUND, NOT_SEARCHED} and made["state"].notna().all()


@pytest.mark.parametrize(
    ("indicator", "path", "state", "reason"),
    [
        ("trees_planted", "a.txt", REPORTED, None),
        ("meals_given", "a.txt", NOT_FOUND, None),
        ("trees_planted", "b.txt", NOT_FOUND, None),
        ("money_raised", "b.txt", NOT_SEARCHED, "no words"),
        ("trees_planted", "c.txt", NOT_SEARCHED, "no lexicon"),
        ("trees_planted", "d.txt", NOT_SEARCHED, "no text"),
        ("trees_planted", "e.pdf", NOT_SEARCHED, "unread"),
    ],
)
def test_state_and_its_reason(indicator, path, state, reason):
    assert states(table(record(1, 5, "tree", indicator="trees_planted")))[indicator, path] == (state, reason)


def test_reported_counts_each_claim_once_and_keeps_its_ids():
    told = {"indicator": "trees_planted"}
    rows = [record(1, 5, "tree", **told), record(2, 6, "tree", target=True, **told), record(3, 5, "tree", repeat_of="x-0001", **told)]
    rows += [record(4, 7, "tree", relevance="context", **told)]
    row = table(*rows).set_index(["indicator", "path"]).loc[("trees_planted", "a.txt")]
    assert row[["claims", "promises", "claim_ids"]].tolist() == [2, 1, "c0001 c0002"]


def test_matrix_has_no_empty_cell_and_its_marks_say_the_states():
    wide = matrix(table(record(1, 5, "tree", indicator="trees_planted")))
    assert wide["indicator"].tolist()[0] == "trees_planted" and not wide.isna().any().any()
    assert wide.iloc[0].tolist() == ["trees_planted", "1", "\u00b7", "not searched", "not searched", "not searched"]
    assert not (wide == "0").any().any() and not (wide == "").any().any()


def test_tally_adds_up():
    made = table(record(1, 5, "tree", indicator="trees_planted"))
    counts = tally(made)
    assert counts["reported"] + counts["not_found"] + counts["not_searched"] == len(made)
    assert (counts["measures"], counts["nobody"], counts["files"], counts["unsearched_files"]) == (3, 2, 5, 3)


def test_corpus_without_files_gives_an_empty_table_of_the_same_columns():
    none = table(files=FILES[:0])
    assert none.empty and none.columns.tolist() == table().columns.tolist() and matrix(none).empty
    assert tally(none)["files"] == 0


def test_all_measures_of_the_lexicon_have_a_row():
    measures = load_lexicons().tables["indicators"]["indicator"]
    made = coverage(frame(), FILES, measures, languages=load_lexicons())
    assert made["indicator"].nunique() == len(measures) and len(made) == len(measures) * len(FILES)
