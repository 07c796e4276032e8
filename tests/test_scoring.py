"""scoring: one-to-one pairs by overlap, optional records that count for nothing, errors that name their line."""

import pytest

from csrbook.errors import SchemaError
from csrbook.scoring import read_records, score_records


def record(start, end, value=5, unit="tree", **more):
    """A gold or predicted record of document "a"."""
    return {"doc": "a", "start": start, "end": end, "value": value, "value_max": None, "unit": unit, "qualifier": "exact", **more}


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
    assert [g["start"] for g, _ in score.wrong] == [10, 20]


def test_missed_and_spurious_are_told():
    score = score_records([record(0, 3)], [record(50, 53)])
    assert [r["start"] for r in score.missed] == [0]
    assert [r["start"] for r in score.spurious] == [50]
    assert score.f1("mention") == 0.0


def test_pairs_are_one_to_one_and_the_right_value_wins():
    score = score_records([record(0, 10)], [record(0, 9, value=7), record(5, 10)])
    assert score.right["unit"] == 1
    assert len(score.spurious) == 1


def test_optional_records_count_neither_way():
    gold = [record(0, 3), record(10, 13, optional=True)]
    assert score_records(gold, [record(0, 3)]).f1("mention") == 1.0
    assert score_records(gold, [record(0, 3), record(10, 13, value=9)]).f1("mention") == 1.0


def test_attributes_count_where_the_gold_has_a_value():
    gold = [record(0, 3, theme="rural", target=True), record(10, 13, theme=None, target=False)]
    found = [record(0, 3, theme="rural", target=False), record(10, 13, theme="rural", target=False)]
    attributes = score_records(gold, found).attributes
    assert attributes["theme"] == (1, 1)
    assert attributes["target"] == (1, 2)


def test_other_documents_are_left_out():
    score = score_records([record(0, 3)], [record(0, 3), record(0, 3) | {"doc": "b"}])
    assert score.predicted == 1


@pytest.mark.parametrize("line", ["{", "[1]", '{"doc": "a"}'])
def test_a_bad_line_is_named(tmp_path, line):
    (tmp_path / "x.jsonl").write_text('{"doc": "a", "start": 0, "end": 1}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="x.jsonl, line 2"):
        read_records([tmp_path])
