"""corpus: the same rows by file, by folder and after being stored; one bad document never stops the rest."""

import json

import pytest

from csrbook.scenes import read_document_text
from csrbook.corpus import (
    claim_rows, extract, extract_documents, ledger_rows, lexicons_of, load_documents, source_rows, store_documents, store_names,
)  # fmt: skip
from csrbook.documents import read_documents
from csrbook.errors import DocumentError, NothingToRead, SchemaError
from csrbook.lexicon import load_lexicons

TEXTS = {
    "en.txt": "Northwind gave 2.5 million euros to 40 schools in March 2021. It plans to plant 3,000 trees by 2025.",
    "zh.txt": "2021年3月,北风公司向40所学校捐款250万元。公司计划到2025年种树3000棵。",
    "ru.txt": "В марте 2021 года компания «Северный ветер» передала 40 школам 2,5 млн рублей.\r\nЕще 300 деревьев высадят к 2025 году.",
}


@pytest.fixture
def folder(tmp_path):
    """Three small documents, and a file that cannot be read."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, text in TEXTS.items():
        (seeds / name).write_bytes(text.encode("utf-8"))
    (seeds / "empty.txt").write_bytes(b"")
    return seeds


def test_every_readable_document_is_extracted(folder):
    harvest = extract(folder)
    assert [e.document.doc for e in harvest.extractions] == ["en", "ru", "zh"]
    assert all(len(e.claims) >= 3 for e in harvest.extractions)
    assert [u.path for u in harvest.unread] == ["empty.txt"]


def test_one_measure_reads_alike_in_three_languages(folder):
    counted = {e.document.doc: {(c.value, c.unit) for c in e.claims} for e in extract(folder).extractions}
    assert all((40, "school") in found for found in counted.values())


def test_a_document_gives_the_same_alone_and_in_its_folder(folder):
    together = {e.document.doc: claim_rows([e]) for e in extract(folder).extractions}
    for name in TEXTS:
        (alone,) = extract([folder / name]).extractions
        assert claim_rows([alone]) == together[alone.document.doc]


def test_stored_documents_come_back_equal(folder, tmp_path):
    documents = read_documents(folder, load_lexicons()).documents
    store_documents(documents, tmp_path / "kept")
    again = load_documents(tmp_path / "kept")
    assert again == documents
    assert "\r\n" in next(d.text for d in again if d.doc == "ru")
    assert claim_rows(extract_documents(again)) == claim_rows(extract_documents(documents))


def test_rows_of_every_file_and_every_numeral(folder):
    lexicons = load_lexicons()
    rows = source_rows(read_documents(folder, lexicons), lexicons)
    assert [(row["path"], row["status"]) for row in rows] == [("empty.txt", "unread"), *((n, "read") for n in sorted(TEXTS))]
    assert rows[0]["problem"] and rows[0]["advice"]
    extractions = extract(folder).extractions
    assert {row["reason"] for row in ledger_rows(extractions)} == {"date"}


def test_nothing_to_read_is_told(tmp_path):
    with pytest.raises(NothingToRead):
        extract(tmp_path)


def test_a_folder_without_stored_documents_says_what_to_run(tmp_path):
    with pytest.raises(DocumentError, match="run 01_sources first"):
        load_documents(tmp_path)


def test_a_record_that_does_not_fit_is_refused(folder, tmp_path):
    path = store_documents(read_documents(folder, load_lexicons()).documents, tmp_path / "kept")
    rows = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([row | {"colour": "red"} for row in rows]), encoding="utf-8")
    with pytest.raises(SchemaError, match="colour"):
        load_documents(tmp_path / "kept")


def test_a_text_without_blank_lines_takes_linear_time(tmp_path):
    lines = [f"Unit {n} of Acme Ltd gave {140_000 + n * 37:,} dollars to {n + 2100:,} schools." for n in range(2000)]
    (tmp_path / "long.txt").write_text("\n".join(lines), encoding="utf-8")
    (extraction,) = extract(tmp_path).extractions
    read = read_document_text(extraction.document, load_lexicons()).text
    assert len(extraction.claims) >= 4000
    assert max(last - first for first, last in read.paragraphs) <= 1300


def test_a_day_that_does_not_exist_stops_nothing(tmp_path):
    (tmp_path / "odd.txt").write_text("Northwind planted 10,000 trees on 31 June 2019, and 8,000 trees in 2018.", encoding="utf-8")
    (extraction,) = extract(tmp_path).extractions
    assert [c.when for c in extraction.claims] == ["2019-06", "2018"]


# ---- names that a person confirmed -------------------------------------------------------------------------------------

WIND = 'actor = [{ name = "North Wind", forms = ["Northwind", "北风公司", "Северный ветер"] }]\n'


def actors(extractions):
    return {claim["actor"] for claim in claim_rows(extractions)}


def test_names_of_a_folder_are_honoured_for_it_and_for_its_files(folder):
    (folder / "names.toml").write_text(WIND, encoding="utf-8")
    assert actors(extract(folder).extractions) == {"North Wind"}
    assert actors(extract(path for path in [folder / "zh.txt"]).extractions) == {"North Wind"}
    assert [u.path for u in extract(folder).unread] == ["empty.txt"], "names.toml is no document"


def test_names_are_kept_for_the_notebooks_that_follow(folder, tmp_path):
    (folder / "names.toml").write_bytes(WIND.encode("utf-8"))
    path = store_documents(read_documents(folder, load_lexicons()).documents, tmp_path / "kept")
    (kept,) = store_names(folder, path.parent)
    assert kept.read_bytes() == WIND.encode("utf-8")
    assert actors(extract_documents(load_documents(path.parent), lexicons_of(path.parent))) == {"North Wind"}
    (folder / "names.toml").unlink()
    assert store_names(folder, path.parent) == [] and lexicons_of(path.parent) is load_lexicons()


def test_of_two_folders_the_last_by_path_goes_before(folder, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "names.toml").write_text('actor = [{ name = "South Wind", forms = ["Northwind"] }]', encoding="utf-8")
    (folder / "names.toml").write_text(WIND, encoding="utf-8")
    for given in ([folder, tmp_path / "more"], [tmp_path / "more", folder]):
        rows = {row["name"]: row["forms"] for row in lexicons_of(given).tables["names"]["actor"]}
        assert "Northwind" in rows["North Wind"] and rows["South Wind"] == ["South Wind"]
