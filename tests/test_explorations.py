"""explorations: what is shown of a run that is explored, as plain data; a hostile run changes nothing but words."""

import json

import pytest
from share_run import build_full, build_hostile, build_large, claim_id

from csrbook.evidence import read_run
from csrbook.explorations import PAGE, Exploration
from csrbook.filters import FACETS, Query


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    return Exploration(read_run(build_full(tmp_path_factory.mktemp("run"))))


def test_a_page_tells_each_figure_in_words(garden):
    _, told = garden.answer(Query({"programme": ("Town Garden",)}, words="SAPLINGS more"))
    assert told["total"] == 1 and told["rows"][0]["shown"] == "over 1,200 trees" and told["rows"][0]["who"] == "Town Garden"
    assert told["rows"][0]["text"] == "1,200 saplings" and told["rows"][0]["verdict"] == "conflict"
    assert json.loads(json.dumps(told, allow_nan=False)) and set(told["counts"]) == set(FACETS)


def test_promises_are_told_from_results(garden):
    found, told = garden.answer(Query({"promise": ("promise",)}))
    assert [row["promise"] for row in told["rows"]] == [True] and ("promise", "promise or forecast", 1) in told["counts"]["promise"]
    assert told["charts"]["year"] == [("2021", "2021", 0, 1)]


def test_choices_without_a_name_are_told_as_such(garden):
    _, told = garden.answer(Query())
    assert dict((value, name) for value, name, _ in told["counts"]["verdict"])[""] == "with none"
    assert dict((value, name) for value, name, _ in told["counts"]["actor"])[""] == "none told"


def test_a_choice_that_leaves_nothing_stays_to_be_taken_back(garden):
    _, told = garden.answer(Query({"actor": ("Lantern Mill",)}, words="nowhere"))
    assert told["total"] == 0 and ("Lantern Mill", "Lantern Mill", 0) in told["counts"]["actor"] and told["rows"] == []


def test_evidence_is_the_sentence_and_what_it_was_compared_with(garden):
    told = garden.evidence(claim_id("garden", "1,200 saplings"))
    assert (told["before"][-21:], told["text"], told["after"]) == ("It planted more than ", "1,200 saplings", ", and 12 clerks watched.")
    assert told["now"] == {"value": "1200", "unit": "tree", "when": "", "theme": "environment"}
    assert [(one["verdict"], [other["id"] for other in one["members"]]) for one in told["others"]] == [("conflict", [claim_id("river", "1300\u68f5")])]


@pytest.mark.parametrize(("page", "shown"), [(0, 0), (1, 1), (99, 3), (-5, 0)])
def test_a_page_that_is_not_there_is_the_nearest(tmp_path, page, shown):
    run = Exploration(read_run(build_large(tmp_path / "run", 200)))
    _, told = run.answer(Query(), page=page)
    assert (told["page"], told["pages"], told["total"]) == (shown, 200 // PAGE, 200)


def test_a_hostile_run_is_words_like_any_other(tmp_path):
    run = Exploration(read_run(build_hostile(tmp_path / "run")))
    _, told = run.answer(Query())
    assert told["total"] == 2 and json.dumps([told, run.options(), run.evidence(run.ids[0])], allow_nan=False)
