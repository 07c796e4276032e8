"""readings: the two steps of a run give what objects give, on any scheduler, with or without what was kept."""

import json

import pandas as pd
import poisons
import pytest

from csrbook import partitions, readings
from csrbook.corpus import claim_rows, extract, load_documents, source_rows, store_corrections, store_documents, store_names
from csrbook.corrections import apply_decisions, corrected_rows, find_decisions
from csrbook.documents import read_documents
from csrbook.errors import DocumentError, UsageError
from csrbook.exports import read_table
from csrbook.ledger import account
from csrbook.readings import extract_stored, gather
from csrbook.tables import claims_frame, sources_frame
from test_harvests import TEXTS, entries, files, seeds  # noqa: F401


def steps(seeds, run, **more):  # noqa: F811
    """Both steps, as the notebooks take them."""
    read = gather(seeds, run / "01", **more)
    store_names(seeds, run / "01")
    store_corrections(seeds, run / "01")
    return read, extract_stored(run / "01", run / "02", sources_frame(read.sources), annotated={"copy"}, **more)


def test_both_steps_give_what_objects_give(seeds, tmp_path):  # noqa: F811
    read, told = steps(seeds, tmp_path)
    found = extract(seeds)
    corpus = read_documents(seeds, found.lexicons)
    decided = apply_decisions(found.extractions, find_decisions(seeds, found.lexicons), found.lexicons)
    assert read.sources == source_rows(corpus, found.lexicons) and load_documents(tmp_path / "01") == corpus.documents
    store_documents(corpus.documents, tmp_path / "objects")
    assert read.stored.read_bytes() == (tmp_path / "objects" / "documents.json").read_bytes()
    lines = (tmp_path / "02" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == corrected_rows(decided)
    pd.testing.assert_frame_equal(read_table(tmp_path / "02" / "claims.parquet"), claims_frame(corrected_rows(decided), read.sources))
    assert told.findings == decided.findings
    assert told.annotated == claim_rows(each for each in found.extractions if each.document.doc == "copy")
    sums = [account(each.document, each.claims, each.skipped, found.lexicons) for each in decided.extractions]
    assert told.numerals.total() == sum(len(one.rows) for one in sums) and told.lost == told.adrift == []


def test_processes_and_what_was_kept_change_nothing(seeds, tmp_path):  # noqa: F811
    steps(seeds, tmp_path / "here", kept=str(tmp_path / "kept"))
    steps(seeds, tmp_path / "there", scheduler="processes:1")
    first = entries(tmp_path / "kept")
    steps(seeds, tmp_path / "again", kept=str(tmp_path / "kept"))
    assert files(tmp_path / "there") == files(tmp_path / "here") == files(tmp_path / "again")
    assert entries(tmp_path / "kept") == first and len(first) == 4 + 3, "of the twin the text is read, and not extracted"


def test_poison_is_told_in_the_step_where_it_works(seeds, tmp_path, monkeypatch):  # noqa: F811
    name = f"{poisons.RAISES}.txt"
    (seeds / name).write_text(TEXTS["a-b.txt"] + " Odd.", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(readings, "read_one", poisons.read_one)
        read, told = steps(seeds, tmp_path / "one")
    assert [row["status"] for row in read.sources if row["path"] == name] == ["unread"] and told.failed == []
    monkeypatch.setattr(readings, "extract_one", poisons.extract_one)
    read, told = steps(seeds, tmp_path / "two")
    assert [one.path for one in told.failed] == [name] and "ValueError" in told.failed[0].reason and told.failed[0].advice
    assert files(tmp_path / "one" / "02") == files(tmp_path / "two" / "02")


def test_a_large_run_lies_in_parts(seeds, tmp_path, monkeypatch):  # noqa: F811
    steps(seeds, tmp_path / "one")
    monkeypatch.setattr(readings, "WHOLE", 4)
    monkeypatch.setattr(partitions, "BATCH", 2)
    steps(seeds, tmp_path / "many")
    assert (tmp_path / "many" / "02" / "claims.parquet" / "part-00000.parquet").is_file()
    both = (read_table(tmp_path / run / "02" / "claims.parquet") for run in ("one", "many"))
    claims = [table.sort_values(["doc", "start"], ignore_index=True) for table in both]
    pd.testing.assert_frame_equal(*claims)
    assert (tmp_path / "many" / "02" / "claims.jsonl").read_bytes() == (tmp_path / "one" / "02" / "claims.jsonl").read_bytes()


def test_bad_use_is_told_once(seeds, tmp_path):  # noqa: F811
    with pytest.raises(UsageError, match="no language 'xx'"):
        gather(seeds, tmp_path / "01", language="xx")
    with pytest.raises(DocumentError, match="run 01_sources first"):
        extract_stored(tmp_path, tmp_path / "02", sources_frame([]))
