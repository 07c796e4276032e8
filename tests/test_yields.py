"""yields: what travels is the same bytes for the same document, and comes back as the rows it was made of."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.claims import make_claims, record
from csrbook.documents import find_sources, read_documents
from csrbook.errors import RunError, UsageError
from csrbook.ledger import account
from csrbook.lexicon import load_lexicons
from csrbook.yields import extract_one, harvest_one, make_task, pack, read_one, read_rows, unpack

TEXT = "Northwind gave 2.5 million euros to 40 schools on 3 March 2021. It reached 1,200 pupils.\n\nIn all, 40 schools."
PLAIN = st.none() | st.booleans() | st.integers() | st.text()
ANY = st.recursive(PLAIN, lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside))


@pytest.fixture
def source(tmp_path):
    (tmp_path / "letter.txt").write_text(TEXT, encoding="utf-8")
    (one,), _ = find_sources(tmp_path)
    return one


@given(ANY)
def test_what_is_packed_comes_back(told):
    assert unpack(pack(told)) == told and pack(told) == pack(json.loads(json.dumps(told)))


def test_lone_surrogates_travel_too():
    assert unpack(pack({"a": "\ud800"})) == {"a": "\ud800"}


def test_rows_are_those_of_the_objects(source):
    (document,) = read_documents(source.file).documents
    lexicons = load_lexicons()
    extraction = make_claims(document, lexicons)
    rows = read_rows(unpack(extract_one((document, ()), task=make_task()).data))
    assert rows.claims == [record(claim) | {"reviewed": None, "reviewer": None} for claim in extraction.claims] and rows.claims
    assert [(row["start"], row["reason"]) for row in rows.ledger] == [(one.start, one.reason) for one in extraction.skipped]
    assert rows.found == len(extraction.claims) + len(extraction.skipped)
    assert sum(rows.numerals.values()) == len(account(document, extraction.claims, extraction.skipped, lexicons).rows)
    assert rows.lost == rows.adrift == [] and rows.findings == {}


def test_one_pass_yields_what_two_do(source):
    task = make_task()
    both, read = unpack(harvest_one((source, ()), task=task).data), unpack(read_one(source, task=task).data)
    (document,) = read_documents(source.file).documents
    assert both == {"source": read["source"], "rows": unpack(extract_one((document, ()), task=task).data)}
    assert read["text"] == TEXT


def test_what_is_kept_is_what_is_made(source, tmp_path):
    task = make_task(kept=tmp_path / "kept")
    first = harvest_one((source, ()), task=task)
    assert first == harvest_one((source, ()), task=task) == harvest_one((source, ()), task=make_task())
    assert len([path for path in (tmp_path / "kept").rglob("*") if path.is_file()]) == 1


def test_a_file_that_cannot_be_read_is_told_and_never_kept(source, tmp_path):
    source.file.write_bytes(b"")
    taken = read_one(source, task=make_task(kept=tmp_path / "kept"))
    assert unpack(taken.data)["unread"][0] == "letter.txt" and not (tmp_path / "kept").exists()


def test_what_concerns_all_documents_is_no_fault_of_one(source):
    assert isinstance(read_one(source, task=make_task(language="xx")).error, UsageError)
    assert isinstance(read_one(source, task=replace(make_task(), library="another")).error, RunError)
