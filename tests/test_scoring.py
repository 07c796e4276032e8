"""scoring: one-to-one pairs by overlap, optional records that count for nothing, errors that name their line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from csrbook.errors import NothingToRead, SchemaError, UsageError
from csrbook.lexicon import load_lexicons
from csrbook.scoring import LEVELS, Gold, check_documents, read_gold, read_records, same_unit, score_records

SHARED = Path(__file__).parents[2] / "shared"

beside = pytest.mark.skipif(not SHARED.is_dir(), reason="the originals are not beside the project")


def record(start, end, value=5, unit="tree", **more):
    """A gold or predicted record of document "a"."""
    return {"doc": "a", "start": start, "end": end, "value": value, "value_max": None, "unit": unit, "qualifier": "exact", **more}


def write(path, *records):
    """Write records as JSON Lines; return the path."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def missed(score):
    """What was missed of a score, with the place of each."""
    return [(o.miss, o.record["start"]) for o in score.misses]


def test_same_records_score_full():
    gold = [record(0, 3), record(10, 13, unit="CNY")]
    score = score_records(gold, gold)
    assert score.right == {"mention": 2, "value": 2, "unit": 2}
    assert (score.predicted, score.gold, score.f1("unit")) == (2, 2, 1.0)


def test_levels_part_where_the_unit_then_the_value_is_wrong():
    gold = [record(0, 3), record(10, 13), record(20, 23)]
    found = [record(0, 3), record(10, 13, unit="person"), record(20, 23, value=6)]
    score = score_records(gold, found)
    assert score.right == {"mention": 3, "value": 2, "unit": 1}
    assert missed(score) == [("wrong unit", 10), ("wrong value", 20)]


def test_missed_and_spurious_are_told():
    score = score_records([record(0, 3)], [record(50, 53)])
    assert missed(score) == [("missed", 0), ("spurious", 50)]
    assert score.f1("mention") == 0.0


def test_pairs_are_one_to_one_and_the_right_value_wins():
    score = score_records([record(0, 10)], [record(0, 9, value=7), record(5, 10)])
    assert score.right["unit"] == 1
    assert missed(score) == [("spurious", 0)]


def test_optional_records_count_neither_way():
    gold = [record(0, 3), record(10, 13, optional=True)]
    assert score_records(gold, [record(0, 3)]).f1("mention") == 1.0
    assert score_records(gold, [record(0, 3), record(10, 13, value=9)]).f1("mention") == 1.0
    twice = score_records(gold, [record(0, 3), record(10, 12), record(12, 13)])
    assert (twice.predicted, missed(twice)) == (1, [])


def test_attributes_count_where_the_gold_has_a_value():
    gold = [record(0, 3, theme="rural", target=True), record(10, 13, theme=None, target=False)]
    found = [record(0, 3, theme="rural", target=False), record(10, 13, theme="rural", target=False)]
    attributes = score_records(gold, found).attributes
    assert attributes["theme"] == (1, 1)
    assert attributes["target"] == (1, 2)


def test_other_documents_are_left_out():
    score = score_records([record(0, 3)], [record(0, 3), record(0, 3) | {"doc": "b"}])
    assert score.predicted == 1


@pytest.mark.parametrize("line", ["{", "[1]", '{"doc": "a"}', '{"doc": "a", "start": "0", "end": 1}', '{"doc": 1, "start": 0, "end": 1}'])
def test_a_bad_line_is_named(tmp_path, line):
    (tmp_path / "x.jsonl").write_text('{"doc": "a", "start": 0, "end": 1}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="x.jsonl, line 2"):
        read_records([tmp_path])


def test_claims_are_those_about_csr_that_are_no_repeat():
    gold = [record(0, 3, relevance="csr"), record(10, 13, relevance="csr", repeat_of="a-1"), record(20, 23, relevance="context")]
    score = score_records(gold, [g | {"relevance": "csr", "repeat_of": None} for g in gold])
    assert [score.count(name) for name in ("claim", "claim_gold", "claim_predicted")] == [1, 1, 3]


# ---- units and parts of documents --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("shop", "store", True), ("training site", "site", True), ("Online Shop", "outlet", True), ("staff member", "worker", True),
        ("kg", "g", False), ("CNY", "USD", False), (None, None, True), (None, "person", False), ("", None, False), ("doctor", "nurse", False),
    ],
)  # fmt: skip
def test_synonyms_are_one_unit(one, other, same):
    assert same_unit(one, other) is same_unit(other, one) is same
    assert score_records([record(0, 3, unit=one)], [record(0, 3, unit=other)]).right["unit"] == same


def test_a_word_has_one_row_of_synonyms():
    words = [word for row in load_lexicons().tables["synonyms"]["same"] for word in row]
    assert len(words) > 50 and len(words) == len(set(words))


def test_no_unit_of_the_lexicons_has_a_synonym_that_is_another_unit():
    units = load_lexicons().units
    measured = {code for code, row in units.items() if row["kind"] != "count"}
    assert [(a, b) for a in measured for b in measured if a < b and same_unit(a, b) and a.lower() != b.lower()] == []


def test_outside_the_annotated_part_nothing_is_spurious():
    found = [record(0, 3), record(50, 53), record(49, 52)]
    assert missed(score_records([record(0, 3)], found, scopes={"a": (0, 50)})) == [("spurious", 49)]
    assert missed(score_records([record(0, 3)], found, scopes={"b": (0, 50)})) == [("spurious", 49), ("spurious", 50)]


def test_scope_is_read_from_beside_the_gold(tmp_path):
    write(tmp_path / "a.jsonl", record(0, 3))
    (tmp_path / "scope.json").write_text('{"a": [0, 50]}')
    assert read_gold([tmp_path]).scopes == read_gold([tmp_path / "a.jsonl"]).scopes == {"a": (0, 50)}
    (tmp_path / "scope.json").write_text('{"a": 50}')
    with pytest.raises(SchemaError, match="scope.json"):
        read_gold([tmp_path])


# ---- reading the gold --------------------------------------------------------------------------------------------------


def test_several_folders_are_one_gold(tmp_path):
    one, other = write(tmp_path / "x" / "a.jsonl", record(0, 3)), write(tmp_path / "y" / "b.jsonl", record(0, 3) | {"doc": "b"})
    assert [g["doc"] for g in read_gold([one.parent, other.parent]).records] == ["a", "b"]
    assert [g["doc"] for g in read_gold([one.parent, other.parent], docs={"b"}).records] == ["b"]
    with pytest.raises(UsageError, match="annotates a, as"):
        read_gold([one.parent, one])


def test_gold_must_be_there_and_hold_values(tmp_path):
    with pytest.raises(NothingToRead, match="no such file"):
        read_gold([tmp_path / "gone"])
    with pytest.raises(NothingToRead, match="no annotated record"):
        read_gold([tmp_path])
    write(tmp_path / "a.jsonl", {"doc": "a", "start": 0, "end": 3, "value": 5})
    with pytest.raises(SchemaError, match="a at 0: no unit"):
        read_gold([tmp_path])


def test_predictions_of_other_documents_are_refused():
    gold = Gold((record(0, 3),))
    check_documents(gold, [record(0, 3), record(0, 3) | {"doc": "b"}], where="found.jsonl")
    with pytest.raises(UsageError, match=r"found.jsonl: none of its documents is annotated \(b\); the gold has a; give"):
        check_documents(gold, [record(0, 3) | {"doc": "b"}], where="found.jsonl")
    with pytest.raises(NothingToRead, match="holds no record"):
        check_documents(gold, [], where="found.jsonl")


def test_a_value_that_is_no_number_is_wrong_and_stops_nothing():
    for value in ("5", True, [5], None):
        assert missed(score_records([record(0, 3)], [record(0, 3, value=value)])) == [("wrong value", 0)]


@beside
@pytest.mark.parametrize("gap", [1, 3])
def test_counts_are_those_of_the_scorer_beside_the_gold(tmp_path, gap):
    """On the annotations themselves, spoiled: every third left out, moved, given another value, unit or theme."""
    gold = read_gold([SHARED / "gold"])
    found = []
    for number, g in enumerate(gold.records):
        spoiled = [{}, {"value": 3}, {"unit": "odd thing"}, {"theme": "rural", "relevance": "csr"}, {"start": g["start"] + 1}, {"unit": "shop"}]
        if number % 7:
            found.append(g | spoiled[number // gap % 6])
    found += [g | {"start": g["end"], "end": g["end"] + 9} for g in gold.records[::5]]
    file = write(tmp_path / "found.jsonl", *found)
    command = [sys.executable, SHARED / "gold" / "score.py", "--gold", SHARED / "gold", "--json", file]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    score = score_records(gold.records, read_records([file]), scopes=gold.scopes)
    assert {level: (score.right[level], score.predicted, score.gold) for level in LEVELS} == {
        level: tuple(told[level][name] for name in ("tp", "predicted", "gold")) for level in LEVELS
    }
    assert [score.count(f"claim{end}") for end in ("", "_predicted", "_gold")] == [told["claim"][n] for n in ("tp", "predicted", "gold")]
    assert {name: (round(ok / of, 4), of) for name, (ok, of) in score.attributes.items()} == {
        name: (row["accuracy"], row["n"]) for name, row in told["attributes"].items()
    }


def test_a_line_ends_with_a_line_feed_alone(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"doc": "a", "start": 0, "end": 3, "text": "5\u2028t\u0085"}\n', encoding="utf-8")
    assert [one["text"] for one in read_records([tmp_path / "a.jsonl"])] == ["5\u2028t\u0085"]
