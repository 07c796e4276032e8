"""The Data Package, read back by the frictionless library: valid, typed, linked, and the same twice."""

import json

import frictionless
import pandas as pd
import pytest
from made_claims import corpus, frame, record
from share_run import build_hostile, build_run

from csrbook.columns import column, columns_of
from csrbook.datapackage import TYPES, write_package
from csrbook.decisions import CORRECTIONS
from csrbook.exports import write_csv, write_table
from csrbook.pivots import by_indicator, by_theme_year, promises
from csrbook.tables import ledger_frame, sources_frame, typed_frame

SOURCES = [
    {"doc": "a_north", "path": "a/north.txt", "title": "=North\u202e\n", "publisher": "N", "date": "2020-04-19", "sha256": "0" * 64, "status": "read"},
    *({"doc": doc, "path": f"{doc}.txt", "date": "2021"} for doc in ("b_east", "c_south", "d_west", "odd 'name' #?%2e, 空")),
    {"path": "bad\\udcff.txt", "status": "unread", "problem": "empty", "advice": "-delete it"},
    {"path": "two.pdf", "status": "unread", "problem": "encrypted"},
]
ODD = [record(40, 1e22, doc="odd 'name' #?%2e, 空", text="=1+1\r\n\"x\"", actor="@x", note=",;\t"), record(41, 0.1, value_max=0.3)]


def build(folder, claims):
    """Write tables of a run as the notebooks do: of some claims, or of none."""
    write_table(sources_frame(SOURCES), folder / "01-sources", "sources")
    write_table(claims, folder / "02-extract", "claims")
    write_table(ledger_frame([{"doc": "a_north", "start": 1, "end": 2, "text": "+7", "reason": "phone"}] if len(claims) else []), folder / "02-extract", "ledger")
    made = {"claims_normal": claims, "by_theme_year": by_theme_year(claims), "promises": promises(claims), "by_indicator": by_indicator(claims, {})}
    for stem, table in made.items():
        write_table(table, folder / "03-tabulate", stem)
    write_csv(pd.DataFrame(), folder / "04-reconcile" / "relations.csv")  # no relation was found: a table without a head
    return write_package(folder)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    corpus_and_odd = frame(*corpus().to_dict("records"), *ODD)
    return build(tmp_path_factory.mktemp("a run 空"), corpus_and_odd)


def errors_of(path):
    """Return what the validator finds, as (table, kind of error)."""
    report = frictionless.validate(str(path))
    return [(task.name, error.type) for task in report.tasks for error in task.errors] + [("", e.type) for e in report.errors]


def test_package_of_claims_is_valid(package):
    told = json.loads(package.read_bytes())
    assert [r["name"] for r in told["resources"]] == ["sources", "claims", "ledger", "by_indicator", "by_theme_year", "claims_normal", "promises"]
    assert errors_of(package) == []


@pytest.mark.parametrize("claims", [frame()], ids=["no claims"])
def test_package_of_nothing_is_valid(tmp_path, claims):
    assert errors_of(build(tmp_path, claims)) == []


@pytest.mark.parametrize("make", [build_run, build_hostile])
def test_package_of_tables_that_are_not_ours_is_valid(tmp_path, make):
    path = write_package(make(tmp_path / "run"))
    assert len(json.loads(path.read_bytes())["resources"]) > 1 and errors_of(path) == []


def test_values_are_read_as_the_types_that_are_told(package):
    rows = {row["claim_id"]: row for row in frictionless.Package(str(package)).get_resource("claims_normal").read_rows()}
    first, odd = rows["c0001"], rows["c0040"]
    assert (first["value"], first["target"], first["start"], first["value_max"]) == (3_000_000_000, False, 100, None)
    assert first["dated"].isoformat() == "2020-04-19" and first["published"] == "2020-04-19"
    assert odd["value"] == 10**22 and odd["text"] == "'=1+1\r\n\"x\"" and odd["actor"] == "'@x" and odd["note"] == ",;\t"


def test_columns_are_described_by_the_registry(package):
    for resource in json.loads(package.read_bytes())["resources"]:
        for field in resource["schema"]["fields"]:
            known = column(field["name"], resource["name"] if resource["name"] in ("sources", "ledger") else "claims")
            assert field["type"] == TYPES[known.type] and field["description"].startswith(known.meaning)
            assert field.get("unit", "") == known.unit


def test_documents_are_the_sources_with_their_titles(package):
    told = json.loads(package.read_bytes())["sources"]
    assert told[0] == {"title": "=North\u202e\n (N, 2020-04-19)", "path": "01-sources/texts/a_north.txt"}
    assert [one["title"] for one in told[-2:]] == ["bad\\udcff.txt", "two.pdf"] and "path" not in told[-1]


def test_column_that_nobody_defined_may_hold_anything(tmp_path):
    write_csv(pd.DataFrame({"doc": ["a"], "never_told": ["1 x"]}), tmp_path / "03-tabulate" / "new.csv")
    path = write_package(tmp_path)
    assert json.loads(path.read_bytes())["resources"][0]["schema"]["fields"][1] == {"name": "never_told", "type": "any"}
    assert errors_of(path) == []


def test_file_of_a_person_is_no_table(tmp_path):
    build(tmp_path, corpus())
    (tmp_path / "01-sources" / CORRECTIONS).write_bytes(b"\xef\xbb\xbfdoc;quotation;when\r\na;caf\xe9;yesterday\r\n")
    path = write_package(tmp_path)
    assert CORRECTIONS not in path.read_text(encoding="utf-8") and errors_of(path) == []


def test_decision_may_speak_of_what_is_not_there(tmp_path):
    build(tmp_path, corpus())
    rows = [
        {"state": "orphan", "told": "no document", "doc": "gone", "line": 2, "when": "2024-05-02"},
        {"state": "kept", "claim_id": "rejected", "doc": "a_north", "line": 3, "when": "2024-05-02"},
        {"state": "kept", "claim_id": "c0001", "doc": "a_north", "line": 4, "when": "2024-05-02"},
    ]
    write_table(typed_frame(rows, columns_of("decisions")), tmp_path / "02-extract", "decisions")
    path = write_package(tmp_path)
    schema = next(r["schema"] for r in json.loads(path.read_bytes())["resources"] if r["name"] == "decisions")
    assert "foreignKeys" not in schema and errors_of(path) == []


def test_tables_of_later_steps_are_taken_where_their_columns_are_known(tmp_path):
    build(tmp_path, corpus())
    change = {"kind": "document-gone", "cause": "document", "doc": None, "doc_before": "gone", "evidence": "=gone"}
    write_table(typed_frame([change, change | {"doc": "new"}], columns_of("changes")), tmp_path / "changes", "changes")
    write_table(typed_frame([{"sentence": 1, "outcome": "changes", "claim_ids": "c0001"}], columns_of("sensitivity")), tmp_path / "06-brief", "sensitivity")
    write_csv(pd.DataFrame({"theme": ["rural"], "2020": [1]}), tmp_path / "05-chart" / "drawn.csv")
    path = write_package(tmp_path)
    names = {r["name"]: r["path"] for r in json.loads(path.read_bytes())["resources"]}
    assert (names["changes"], names["sensitivity"]) == ("changes/changes.csv", "06-brief/sensitivity.csv") and "drawn" not in names
    assert errors_of(path) == []


def test_tables_of_one_name_are_told_apart(tmp_path):
    for folder in ("02-extract", "03-tabulate"):
        write_csv(pd.DataFrame({"doc": ["a"]}), tmp_path / folder / "New.csv")
    path = write_package(tmp_path)
    assert [r["name"] for r in json.loads(path.read_bytes())["resources"]] == ["02-extract.new", "03-tabulate.new"]
    assert errors_of(path) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "error"),
    [
        ("02-extract/claims.csv", "c0002,", "c0001,", "primary-key"),
        ("02-extract/claims.csv", ",c_south,", ",nowhere,", "foreign-key"),
        ("03-tabulate/promises.csv", "c0009,", "c0999,", "foreign-key"),
        ("02-extract/claims.csv", ",False,", ",perhaps,", "type-error"),
        ("03-tabulate/claims_normal.csv", "2020-04-19,", "2020-04-31,", "type-error"),
        ("02-extract/ledger.csv", "phone", "other", "hash-count"),
    ],
)
def test_validator_sees_what_was_changed_afterwards(tmp_path, table, old, new, error):
    path = build(tmp_path, corpus())
    text = (tmp_path / table).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / table).write_text(text.replace(old, new), encoding="utf-8")
    assert error in {kind for _, kind in errors_of(path)}


def test_same_tables_give_the_same_bytes(tmp_path):
    one, other = (build(tmp_path / name, corpus()).read_bytes() for name in ("one", "other"))
    assert one == other and str(tmp_path).encode() not in one
