"""What a text is cut down to: the sentences around figures, paragraphs apart, nothing twice."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from share_run import build_run

from csrbook.abridgements import abridge
from csrbook.evidence import CONTEXT, Run, Source, account_for, read_run, segment


def made(text, claims=(), *, skipped=(), tellings=(), passages=()):
    """Return a run of one document; each figure is (quotation, first and last of its sentence, or None)."""

    def row(told):
        words, first, last = told if isinstance(told, tuple) else (told, None, None)
        start = text.index(words)
        return {"doc": "d", "start": start, "end": start + len(words), "text": words, "claim_id": words, "sentence_start": first, "sentence_end": last}

    rows = {one["claim_id"]: one for one in map(row, claims)}
    told = {one["claim_id"]: one for one in map(row, tellings)}
    aside = tuple(row(one) | {"reason": "date"} for one in skipped)
    return Run(None, {"d": Source("d", {}, text, tuple(passages))}, rows, aside, told, (), (), {}, {})


def shown(run) -> str:
    one = abridge(run)
    pieces = segment(one.sources["d"], one.claims.values(), one.skipped, one.tellings.values())
    return "".join("[]" if kind == "gap" else text for kind, text, _ in pieces)


@pytest.mark.parametrize(
    "text, claims, left",
    [
        ("Rain. It gave 5 trees. Sun.", [("5 trees", 6, 22)], "[] It gave 5 trees. []"),
        ("Rain.\n\nIt gave 5 trees.\n\nSun.\nFog.", ["5 trees"], "[]\n\nIt gave 5 trees.\n\n[]"),
        ("It gave 5 trees.", ["5 trees"], "It gave 5 trees."),
        ("A line of 3 cups\n \nand 4 pots", ["3 cups", "4 pots"], "A line of 3 cups\n \nand 4 pots"),
        ("no figure at all", [], "[]"),
        ("", [], ""),
        ("Two in one: 3 cups and 4 pots. Rain.", [("3 cups", 0, 30), ("4 pots", 0, 30)], "Two in one: 3 cups and 4 pots. []"),
    ],
)
def test_what_is_left(text, claims, left):
    assert shown(made(text, claims)) == left


def test_a_sentence_without_end_is_cut():
    text = "x" * 5000 + " 7 cups " + "y" * 5000
    assert shown(made(text, [("7 cups", 0, len(text))])) == "[]" + "x" * (CONTEXT - 1) + " 7 cups " + "y" * (CONTEXT - 1) + "[]"


def test_a_telling_keeps_its_sentence_and_a_numeral_in_a_gap_goes():
    run = made("Rain of 1840. Then the Garden Prize. In 1841 it gave 5 trees.", [("5 trees", 37, 61)], skipped=["1840", "1841"], tellings=[("Garden Prize", 14, 36)])
    assert shown(run) == "[] Then the Garden Prize. In 1841 it gave 5 trees."
    assert [one.get("left_out", False) for one in abridge(run).skipped] == [True, False]


def test_furniture_shows_only_outside_of_gaps():
    text = "HEAD It gave 5 trees. FOOT and rain."
    run = made(text, [("5 trees", 5, 21)], passages=[{"start": 0, "end": 4, "reason": "head"}, {"start": 14, "end": 30, "reason": "foot"}])
    told = [(one["start"], one["end"], one.get("left_out", False)) for one in abridge(run).sources["d"].passages]
    assert told == [(0, 4, True), (14, 22, False), (22, 36, True)] and shown(run) == "[] It gave 5 trees. []"


def test_spans_and_counts_of_a_run_stay(tmp_path):
    run = read_run(build_run(tmp_path / "run"))
    one = abridge(run)
    assert one.claims == run.claims and {doc: s.text for doc, s in one.sources.items()} == {doc: s.text for doc, s in run.sources.items()}
    counts = [[{k: row[k] for k in ("csr", "context", "aside", "total", "reasons")} for row in account_for(each)] for each in (run, one)]
    assert counts[0] == counts[1]


@given(st.text("ab. \n1", max_size=60), st.lists(st.tuples(st.integers(0, 59), st.integers(1, 6)), max_size=4))
def test_pieces_join_to_the_text_and_every_figure_stays(text, places):
    spans = sorted({(start, min(start + size, len(text))) for start, size in places if start < len(text)})
    run = made(text)
    claims = {str(span): {"doc": "d", "start": span[0], "end": span[1], "claim_id": str(span), "text": text[slice(*span)]} for span in spans}
    run = abridge(dataclasses.replace(run, claims=claims))
    pieces = list(segment(run.sources["d"], claims.values(), run.skipped))
    assert "".join(words for _, words, _ in pieces) == text
    kept = "".join("\0" * len(words) if kind == "gap" else words for kind, words, _ in pieces)
    assert all(kept[start:end] == text[start:end] for start, end in spans)
    for line in re.finditer(r"[^\n]+", text):
        if not any(start <= line.end() and line.start() <= end for start, end in spans):
            assert not kept[line.start() : line.end()].strip("\0 "), "a line without a figure is left out whole"
