"""placements: a decision is found again where its words stand exactly once, and nowhere else, however the document was edited."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from made_decisions import LEXICONS, decide, read

from csrbook.errors import CorrectionError
from csrbook.placements import find_claim, machine_answer, place, read_context

EDITS = tomllib.loads((Path(__file__).parent / "cases" / "corrections.toml").read_text(encoding="utf-8"))["edit"]
TWO = "Larkspur gave books to 40 schools last year. Pens went to 40 schools in the hills."


def marked(text: str) -> tuple[str, str, int]:
    """Return a text without its brackets, what stood in them, and where."""
    found = re.search(r"\[(.+?)\]", text)
    return re.sub(r"[\[\]]", "", text), found[1], found.start()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["why"])
def test_decision_after_an_edit(edit, tmp_path):
    text, quotation, start = marked(edit["text"])
    first = read(tmp_path, text)
    claim = next(c for c in first.claims if c.start == start)
    before, after = read_context(first, claim)
    decision = decide(first, claim.text, before=before, after=after)
    decision = replace(decision, **{key: edit[key] for key in ("before", "after", "quotation") if key in edit})
    edited = None
    if "edited" in edit:
        now = edit["edited"]
        edited = read(tmp_path, marked(now)[0] if "[" in now else now)
    found = place(decision, edited, LEXICONS)
    assert (found.state or "kept") == edit["state"]
    assert edit.get("told", "") in found.told
    if edit["state"] == "kept":
        assert found.claim.start == marked(edit["edited"])[2] and found.claim.text == quotation
    else:
        assert found.claim is None and found.told


def test_old_value_that_differs_makes_an_orphan_and_is_named(tmp_path):
    extraction = read(tmp_path, TWO)
    decision = decide(extraction, "40 schools", "unit", "college", before="Pens went to ", expect="college")
    found = place(decision, extraction, LEXICONS)
    assert found.state == "orphan" and "read as 'school' now, no more as 'college'" in found.told


@pytest.mark.parametrize(("field", "expect"), [("value", "4.0e1"), ("value", "40"), ("target", "FALSE"), ("target", "no"), ("per", " ")])
def test_old_value_may_be_written_otherwise(field, expect, tmp_path):
    extraction = read(tmp_path, TWO)
    decision = decide(extraction, "40 schools", field, "", before="Pens went to ", expect=expect)
    assert place(decision, extraction, LEXICONS).claim.start == TWO.rindex("40 schools")


def test_old_value_does_not_tell_two_places_of_the_same_print_apart(tmp_path):
    """The times of the two differ; were the first edited away, the second would be taken for it."""
    extraction = read(tmp_path, "In 2019 Larkspur gave 40 schools books. Its friends by the sea, in 2021, then gave 40 schools books of maps.")
    assert [c.when for c in extraction.claims] == ["2019", "2021"]
    decision = decide(extraction, "40 schools", "when", "2018", before="In 2019 Larkspur gave ")
    assert place(decision, extraction, LEXICONS).claim.when == "2019"
    assert place(replace(decision, before="gave ", after=" books"), extraction, LEXICONS).state == "ambiguous"


def test_context_grows_until_it_stands_once(tmp_path):
    common = "and with the help of many friends from near and far it gave books to 40 schools there."
    extraction = read(tmp_path, f"In the north Larkspur came early, {common}\n\nIn the south Larkspur came late, {common}")
    for claim in extraction.claims:
        before, after = read_context(extraction, claim)
        assert find_claim(extraction, claim.text, before, after) == claim


def test_context_keeps_within_the_sentence_where_that_is_enough(tmp_path):
    extraction = read(tmp_path, TWO)
    contexts = [read_context(extraction, claim) for claim in extraction.claims]
    assert contexts == [("Larkspur gave books to ", " last year."), ("Pens went to ", " in the hills.")]


def test_pages_printed_alike_are_refused(tmp_path):
    page = "Larkspur gave books to 40 schools last year. " * 900
    extraction = read(tmp_path, page)
    middle = extraction.claims[450]
    with pytest.raises(CorrectionError, match="printed again among the same words"):
        read_context(extraction, middle)


@pytest.mark.parametrize(
    ("quotation", "told"),
    [
        ("40 schools", r"printed 2 times so: .*\[40 schools\] last year.*\[40 schools\] in the hills.*--before"),
        ("some 40 schools", "did you mean '40 schools'"),
        ("60 rafts", "no figure is printed as '60 rafts'"),
    ],
)
def test_a_figure_that_is_not_one_is_refused(quotation, told, tmp_path):
    with pytest.raises(CorrectionError, match=told):
        find_claim(read(tmp_path, TWO), quotation)


def test_figure_of_a_claim_as_a_whole(tmp_path):
    extraction = read(tmp_path, "Sales rose by 5% - 7% in 2020. Larkspur gave 2.5 million euros.")
    assert [machine_answer(claim, "claim") for claim in extraction.claims] == ["5 to 7 percent", "2500000 EUR"]
