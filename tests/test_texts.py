"""Texts: sentences, clauses, statements, chapters and cues are found at their tokens."""

import pytest

from csrbook.texts import Cues, read_text
from csrbook.tokens import tokenize

TRAITS = {"sentence_end": ["."], "clause_marks": [","], "line_is_paragraph": False}


def lay_out(raw, rows=(), lemma=str):
    tokens = tokenize(raw)
    ends = [i + 1 for i, t in enumerate(tokens) if t.text == "."]
    sentences = list(zip([0, *ends], [*ends, len(tokens)], strict=True))[: len(ends) or 1]
    return read_text(tokens, sentences, raw=raw, cues=Cues(rows, lemma), traits=TRAITS)


def told(text, span):
    return " ".join(t.text for t in text.tokens[span[0] : span[1]])


def test_longest_of_nested_cues_wins_within_its_kind():
    rows = [("red fox", {"is": "animal", "name": "fox"}), ("fox", {"is": "animal", "name": "any"}), ("red", {"is": "colour"})]
    text = lay_out("a red fox ran.", rows)
    assert [h.row["name"] for h in text.hits["animal"]] == ["fox"]
    assert len(text.hits["colour"]) == 1


def test_cue_is_met_by_dictionary_form_but_not_where_exact():
    stem = {"foxes": "fox", "ran": "run"}
    rows = [("fox", {"is": "animal"}), ("run", {"is": "move", "exact": True})]
    text = lay_out("foxes ran.", rows, lambda word: stem.get(word, word))
    assert "animal" in text.hits and "move" not in text.hits


def test_clause_ends_at_marks_but_not_inside_a_number():
    text = lay_out("first part, with 1,000 sheep, and more.")
    assert told(text, text.clause(text.index(17))) == "with 1 , 000 sheep"


def test_statement_ends_at_a_semicolon():
    text = lay_out("one thing; another thing; a third.")
    assert told(text, text.statement(text.index(11))) == "another thing ;"


@pytest.mark.parametrize(("offset", "token"), [(0, 0), (3, 0), (4, 1), (6, 1)])
def test_index_of_an_offset(offset, token):
    assert lay_out("word next.").index(offset) == token


def test_chapters_open_at_the_heading_printed_most_often():
    fill = "word " * 250 + "."
    text = lay_out("\n\n".join(f"OUR WORK\n\n{fill}" for _ in range(3)))
    assert [told(text, (at, at + 2)) for at in text.chapters] == ["our work"] * 3
    assert lay_out(f"OUR WORK\n\n{fill}").chapters == ()
