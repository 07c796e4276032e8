"""cards: groups with their counts, misses told with both readings, verdicts that follow the annotations."""

import json
from time import process_time
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from csrbook.cards import ATTRIBUTE, FITNESS, MISS, SCORE, card_lines, describe, make_card, share
from csrbook.cli import main
from csrbook.errors import UsageError
from csrbook.lexicon import load_lexicons
from csrbook.scoring import Gold

HAN, CYRILLIC = "\u4ebf\u5143", "\u0440\u0443\u0431"
ABOUT = {"a": {"language": "en", "kind": "news", "format": "txt"}, "b": {"language": "ru", "kind": None, "format": "pdf"}}


def record(doc, start, value=5, unit="tree", kind="count", text="5 trees", **more):
    """A gold or predicted record of three characters."""
    return {"doc": doc, "start": start, "end": start + 3, "value": value, "unit": unit, "kind": kind, "text": text, **more}


def many(doc, count, **more):
    return [record(doc, 10 * number, **more) for number in range(count)]


def card_of(gold, found, about=ABOUT, **more):
    return make_card(Gold(tuple(gold), **more), found, about)


def row_of(rows, **where):
    """The one row with these values."""
    (row,) = [row for row in rows if where.items() <= row.items()]
    return row


# ---- scores ------------------------------------------------------------------------------------------------------------


def test_groups_add_up_to_the_whole():
    gold = [*many("a", 4), *many("b", 3, unit="CNY", kind="money")]
    found = [gold[0], gold[1] | {"unit": "bush"}, gold[2] | {"value": 6}, *gold[4:], record("b", 500, kind="percent")]
    scores = card_of(gold, found).scores
    whole = row_of(scores, by="all", level="unit")
    assert (whole["right"], whole["predicted"], whole["gold"], whole["documents"]) == (4, 7, 7, 2)
    assert (whole["precision"], whole["recall"], whole["f1"]) == (round(4 / 7, 4), round(4 / 7, 4), round(4 / 7, 4))
    for by in ("language", "kind", "document"):
        for level in ("mention", "value", "unit"):
            rows = [row for row in scores if row["by"] == by and row["level"] == level]
            for name in ("right", "predicted", "gold"):
                assert sum(row[name] for row in rows) == row_of(scores, by="all", level=level)[name]
    assert row_of(scores, by="kind", group="percent", level="mention")["precision"] == 0.0
    assert row_of(scores, by="kind", group="percent", level="mention")["recall"] is None
    assert row_of(scores, by="language", group="en", level="value")["right"] == 2


def test_shares_lie_in_their_intervals():
    gold = many("a", 60, relevance="csr")
    found = [g | {"unit": "bush"} if at % 3 == 0 else g for at, g in enumerate(gold)][:50]
    card = card_of(gold, found)
    for row in card.scores:
        for name in ("precision", "recall", "f1"):
            assert 0 <= row[f"{name}_low"] <= row[name] <= row[f"{name}_high"] <= 1, (row, name)
    unit = row_of(card.scores, by="all", level="unit")
    assert unit["recall_low"] < unit["recall"] < unit["recall_high"]


def test_attributes_have_their_accuracy():
    gold = many("a", 20, theme="rural")
    attributes = card_of(gold, [g | {"theme": "rural" if at else "corporate"} for at, g in enumerate(gold)]).attributes
    theme = row_of(attributes, by="language", group="en", attribute="theme")
    assert (theme["right"], theme["of"], theme["accuracy"]) == (19, 20, 0.95)
    assert share(theme, "accuracy") == "95.0 (76.4 to 99.1)"
    assert {row["attribute"] for row in attributes} == {"theme", "target", "repeat_of", "restates"}


def test_the_same_records_give_the_same_card():
    gold = [*many("a", 40), *many("b", 30)]
    assert card_of(gold, gold[::2]).to_json() == card_of(gold, gold[::2]).to_json()


def test_five_hundred_figures_take_less_than_a_second():
    gold = [one for number in range(25) for one in many(f"d{number}", 20)]
    about = {f"d{number}": ABOUT["a"] for number in range(25)}
    spent = []
    for _ in range(3):  # the least: a busy machine is not its cost
        begun = process_time()
        card = card_of(gold, gold[::3], about)
        spent.append(process_time() - begun)
    assert min(spent) < 1
    assert {row["resampled"] for row in card.scores if row["by"] in ("all", "language")} == {"documents"}
    assert {row["resampled"] for row in card.scores if row["by"] == "document"} == {"figures"}


def test_columns_are_those_of_the_rows():
    card = card_of(many("a", 2), many("b", 1) + many("a", 1))
    for columns, rows in ((SCORE, card.scores), (ATTRIBUTE, card.attributes), (MISS, card.misses), (FITNESS, card.fitness)):
        assert rows and {tuple(row) for row in rows} == {tuple(columns)}


# ---- misses ------------------------------------------------------------------------------------------------------------


def test_every_miss_tells_place_and_both_readings():
    gold = [record("a", 0), record("a", 10, value_max=7, text="5\n\x1b to 7"), record("a", 20, value=5000), record("a", 30, optional=True)]
    found = [record("a", 10, value_max=7, unit=None), record("a", 20, value="6"), record("a", 40)]
    misses = card_of(gold, found).misses
    assert [(m["miss"], m["start"], m["gold"], m["read"]) for m in misses] == [
        ("missed", 0, "5 tree", None), ("wrong unit", 10, "5 to 7 tree", "5 to 7 (no unit)"),
        ("wrong value", 20, "5,000 tree", "6 tree"), ("spurious", 40, None, "5 tree"),
    ]  # fmt: skip
    lines = card_lines(card_of(gold, found), misses=2)
    assert "wrong unit   a [10:13] '5 to 7': gold 5 to 7 tree, read 5 to 7 (no unit)" in lines
    assert "... and 2 more misses; --misses 4 lists all" in lines and not any("spurious" in line for line in lines)
    assert sum("more misses" in line for line in card_lines(card_of(gold, found), misses=4)) == 0


# ---- fitness -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("documents", "figures", "right", "verdict"),
    [(1, 29, 29, "too few figures"), (1, 30, 30, "too few documents"), (3, 12, 12, "measured"), (3, 12, 6, "unfit"), (1, 40, 5, "unfit")],
)
def test_verdict_follows_figures_documents_and_f1(documents, figures, right, verdict):
    gold = [one for number in range(documents) for one in many(f"d{number}", figures)]
    about = {f"d{number}": ABOUT["a"] for number in range(documents)}
    found = [g if g["start"] < 10 * right else g | {"unit": "bush"} for g in gold]
    fitness = card_of(gold, found, about).fitness
    assert row_of(fitness, aspect="language", group="en")["verdict"] == verdict
    assert row_of(fitness, aspect="document kind", group="news")["gold"] == documents * figures


def test_what_no_annotation_holds_is_untested():
    card = card_of(many("a", 40), many("a", 40))
    untested = {(row["aspect"], row["group"]) for row in card.fitness if row["verdict"] == "untested"}
    assert {("language", lang) for lang in load_lexicons()} - untested == {("language", "en")}
    assert {("figure kind", "money"), ("language and kind", "en percent"), ("format", "docx"), ("theme", "rural")} <= untested
    (said,) = [str(one) for one in card.statement if str(one).startswith("Untested")]
    assert "language: ru, zh;" in said and "docx" in said


def test_optional_figures_make_no_group_tested():
    fitness = card_of([*many("a", 5), record("b", 0, optional=True)], many("a", 5)).fitness
    assert row_of(fitness, aspect="language", group="ru") | {"aspect": ""} == {
        "aspect": "", "group": "ru", "documents": 0, "gold": 0, "f1_unit": None, "verdict": "untested",
    }  # fmt: skip


def test_without_documents_language_is_told_by_predictions_or_script():
    gold = [record("a", 0), record("b", 0, text=f"5 {CYRILLIC}"), record("c", 0, text=f"5{HAN}"), record("d", 0, text="5%")]
    card = card_of(gold, [record("a", 0, language="xx")], None)
    assert card.facts["by_language"] == {"not stated": 1, "ru": 1, "xx": 1, "zh": 1}
    assert not {"format", "document kind"} & {row["aspect"] for row in card.fitness}
    assert "Not known of any document here, and so not judged: kind, format." in map(str, card.statement)


def test_statement_tells_what_is_counted_and_what_not():
    gold = [*many("a", 3, when="2019/2021-03", actor="Fund"), record("b", 0, optional=True, when="2020-05-01")]
    found = [*[g | {"unit": "small tree"} for g in gold[:3]], record("c", 0)]
    card = card_of(gold, found, scopes={"a": (0, 90)})
    assert card.facts | {"documents": 2, "annotated": 4, "optional": 1, "optional_share": 25.0, "synonyms": 3} == card.facts
    assert card.facts | {"scoped": ["a"], "without_predictions": ["b"], "not_annotated": 1} == card.facts
    assert card.facts | {"first_year": "2019", "last_year": "2021", "top_actor": "Fund", "top_actor_share": 100.0} == card.facts
    said = " ".join(map(str, card.statement))
    assert "Figures in them: 4, of which 1 (25%) are optional" in said and "2019 to 2021" in said and "synonyms: 3" in said


def test_no_annotation_makes_an_empty_card_that_says_so():
    card = make_card(Gold(), many("a", 3), ABOUT)
    assert (card.scores, card.attributes, card.misses, card.fitness) == ((), (), (), ())
    assert [str(one) for one in card.statement] == ["No document of these is annotated: nothing is known of how well they are read."]
    assert card_lines(card)


def test_documents_that_are_not_those_annotated_are_refused():
    with pytest.raises(UsageError, match="none of them is annotated"):
        card_of(many("z", 3), many("z", 3))


def test_documents_describe_themselves():
    document = SimpleNamespace(doc="a", language="en", kind="news", format="txt", text="")
    assert describe([document]) == {"a": ABOUT["a"]}


# ---- as printed --------------------------------------------------------------------------------------------------------


def test_lines_begin_with_the_counts_and_stand_in_columns():
    lines = card_lines(card_of(many("a", 4), many("a", 3)))
    assert lines[0] == "mention  3 right, 3 predicted, 4 gold, F1 0.857"
    head, first = lines[5], lines[6]
    assert head.split()[:5] == ["all", "level", "right", "read", "gold"]
    assert first.index("100.0 (") == head.index("precision %") and first.index("75.0 (") == head.index("recall %")
    assert [line.split()[1] for line in lines if line.startswith("a  ")] == ["unit"]  # a document has one line


def test_card_is_plain_json():
    told = json.loads(json.dumps(card_of(many("a", 4), many("a", 3)).to_json()))
    assert set(told) == {"facts", "scores", "attributes", "misses", "fitness", "statement"}
    assert row_of(told["scores"], by="all", level="unit")["right"] == 3


def score(folder, gold, found, *options):
    """Run `csrbook score` on records."""
    for name, records in (("gold", gold), ("found", found)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return CliRunner().invoke(main, ["score", str(folder / "gold.jsonl"), str(folder / "found.jsonl"), *options])


def test_command_prints_lines_or_json(tmp_path):
    gold = many("a", 4)
    assert score(tmp_path, gold, gold[1:], "--misses", "0").stdout.splitlines() == card_lines(card_of(gold, gold[1:], None), misses=0)
    assert json.loads(score(tmp_path, gold, gold[1:], "--json", "--misses", "0").stdout)["misses"][0]["miss"] == "missed"


def test_command_knows_the_documents_of_seeds(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.md").write_text("5 trees were planted by the fund.\n" * 9, encoding="utf-8")
    told = json.loads(score(tmp_path, many("a", 4), many("a", 4), "--json", "--seeds", str(tmp_path / "seeds")).stdout)
    assert row_of(told["fitness"], aspect="format", group="md")["gold"] == 4


def test_command_refuses_predictions_of_other_documents(tmp_path):
    refused = score(tmp_path, many("a", 4), many("b", 4))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "found.jsonl: none of its documents is annotated (b); the gold has a" in refused.stderr
    assert score(tmp_path, many("a", 4), []).exit_code == score(tmp_path, [], many("a", 4)).exit_code == 2
