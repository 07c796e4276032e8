"""The RO-Crate, read back by the rocrate library: every file with its digest, what made it, and the spec's MUSTs."""

import hashlib
import json
import os
import re
from urllib.parse import unquote

import pytest
from rocrate.rocrate import ROCrate
from share_run import build_hostile, build_run

from csrbook.crate import write_crate
from csrbook.digests import digest_files, digest_library
from csrbook.errors import SchemaError

pytestmark = pytest.mark.usefixtures("offline")

SHA = "ab" * 32
ODD = "b\u00e9\udcff #1.txt"  # a name on disk that is no text


def seal(folder, **more):
    """Write a record as the runner does, then the crate; `more` are further parameters of a notebook."""
    files = {name: sha for name, sha in digest_files(folder).items() if name.startswith("0")}
    entry = {
        "file": "01_sources.ipynb", "output": "01-sources.ipynb", "code_sha256": SHA, "key": SHA, "seconds": 8.46, "ran": True,
        "parameters": {"seeds": f"../{ODD}", "limit_mb": 200, "language": "", "strict": False} | more, "files": files,
    }  # fmt: skip
    record = {
        "format": 1, "run": "20210601T080000Z", "started": "2021-06-01T08:00:00+00:00", "ended": "2021-06-02T00:00:01+00:00", "seconds": 1.0,
        "parameters": entry["parameters"], "versions": {"python": "3.11.1", "csrbook": "0.1.0", "pandas": "3.0"},
        "digests": digest_library(folder / "absent.lock"),
        "inputs": {"seeds": {"garden.txt": SHA, ODD: SHA, "locked.pdf": "unreadable: Permission denied"}},
        "notebooks": [entry, entry | {"file": "02_extract.ipynb", "output": "02-extract.ipynb", "ran": False, "files": {}}],
        "finish": None, "page": None, "pages": {},
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
    (folder / "run.json").write_bytes(text)
    write_crate(folder)
    assert (folder / "run.json").read_bytes() == text
    return folder


@pytest.fixture(params=[build_run, build_hostile], ids=["honest", "hostile"])
def folder(request, tmp_path):
    return seal(request.param(tmp_path / "a run 空"))


def graph_of(folder):
    return json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))


def test_every_file_is_there_with_its_digest_and_size(folder):
    crate, there = ROCrate(folder), {p for p in folder.rglob("*") if p.is_file()} - {folder / "ro-crate-metadata.json"}
    told = {folder / unquote(entity.id): entity for entity in crate.data_entities}
    assert set(told) == there and len(there) > 5
    for path, entity in told.items():
        assert entity["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert int(entity["contentSize"]) == path.stat().st_size
        assert "/" in entity["encodingFormat"] and not entity["encodingFormat"].startswith("application/octet")


def test_root_tells_what_the_spec_asks(folder):
    root = ROCrate(folder).root_dataset
    assert root["name"] and root["description"] and root["datePublished"] == "2021-06-02"
    assert root["license"]["name"] and root["license"]["description"]


def test_graph_keeps_the_musts_of_the_spec(folder):
    told = graph_of(folder)
    assert told["@context"][0] == "https://w3id.org/ro/crate/1.1/context" and set(told) == {"@context", "@graph"}
    by_id = {entity["@id"]: entity for entity in told["@graph"]}
    assert len(by_id) == len(told["@graph"]), "an @id stands once"
    descriptor, root = by_id["ro-crate-metadata.json"], by_id["./"]
    assert descriptor["@type"] == "CreativeWork" and descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset" and re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"])
    assert all(entity["@type"] and entity.get("name", "./") for entity in told["@graph"])
    files = {e["@id"] for e in told["@graph"] if "File" in e["@type"]}
    assert files == {part["@id"] for part in root["hasPart"]} and not any(re.search(r"[ <>\"{}|\\^`]|^/|^#|//|\.\./", one) for one in files)
    for entity in told["@graph"]:  # flat: values are plain, or lead to an entity
        for value in (v for values in entity.values() for v in (values if isinstance(values, list) else [values])):
            assert not isinstance(value, dict) or (set(value) == {"@id"} and (value["@id"] in by_id or "://" in value["@id"]))


def test_run_tells_when_with_what_and_of_what(folder):
    crate = ROCrate(folder)
    run = crate.dereference("#run")
    assert run.type == "CreateAction" and run["startTime"] < run["endTime"] == "2021-06-02T00:00:01+00:00"
    own, *codes = run["instrument"]
    assert (own["name"], own["softwareVersion"]) == ("csrbook", "0.1.0") and own["programmingLanguage"]["version"] == "3.11.1"
    assert [code["name"] for code in codes] == ["01_sources.ipynb", "02_extract.ipynb"] and codes[0]["identifier"]["value"] == SHA
    assert {p["name"]: p["softwareVersion"] for p in own["softwareRequirements"]} == {"pandas": "3.0"}
    inputs = {e["name"]: e for e in run["object"] if e.type == "DigitalDocument"}
    assert inputs["garden.txt"]["sha256"] == SHA and "unreadable" in inputs["locked.pdf"]["description"]
    values = {e["name"]: e["value"] for e in run["object"] if e.type == "PropertyValue"}
    assert values == {"seeds": "../b\u00e9\\udcff #1.txt", "limit_mb": 200, "language": "", "strict": False}
    assert {e.id for e in run["result"]} == {e.id for e in crate.data_entities}


def test_digests_of_the_software_are_texts_alone(folder):
    crate, told = ROCrate(folder), digest_library(folder / "absent.lock")
    assert isinstance(told["data"], dict), "the shape that a run records"
    shas = {e["name"].removeprefix("SHA-256 of "): e["value"] for e in crate.dereference("#csrbook")["identifier"]}
    assert shas == {name: told[name] for name in ("library", "lexicons", "lock")}


def test_parameter_that_is_no_text_is_written_escaped(tmp_path):
    folder = seal(build_run(tmp_path / "run"), languages=["en", ODD])
    values = [e["value"] for e in graph_of(folder)["@graph"] if e.get("name") == "languages"]
    assert values and all(value == ["en", ODD] for value in values)
    assert b"\\udcff" in (folder / "ro-crate-metadata.json").read_bytes()


def test_each_step_tells_its_files(folder):
    crate = ROCrate(folder)
    first, second = (crate.dereference(f"#step/{name}.ipynb") for name in ("01-sources", "02-extract"))
    assert first["instrument"]["position"] == 1 and first["description"] == "ran for 8.46 s" and "copied" in second["description"]
    assert {unquote(e.id) for e in first["result"]} == {name for name in digest_files(folder) if name.startswith("0")}
    assert {e["name"] for e in first["object"]} == {"seeds", "limit_mb", "language", "strict"}
    assert {e.id for e in crate.root_dataset["mentions"]} == {"#run", first.id, second.id}


def test_stored_text_leads_to_the_document_it_was_read_from(tmp_path):
    crate = ROCrate(seal(build_run(tmp_path / "run")))
    assert crate.dereference("01-sources/texts/garden.txt")["isBasedOn"]["sha256"] == SHA
    assert "isBasedOn" not in crate.dereference("01-sources/texts/river.txt"), "no input of that name"


def test_name_that_is_no_text_keeps_its_bytes(folder):
    (entity,) = [e for e in graph_of(folder)["@graph"] if e["name" if "name" in e else "@id"] == "b\u00e9\\udcff #1.txt"]
    assert entity["@id"] == "#input/seeds/b%C3%A9%FF%20%231.txt" and os.fsdecode(b"b\xc3\xa9\xff #1.txt") == ODD


def test_crate_written_again_is_the_same(folder):
    before = (folder / "ro-crate-metadata.json").read_bytes()
    write_crate(folder)
    assert (folder / "ro-crate-metadata.json").read_bytes() == before and str(folder).encode() not in before


@pytest.mark.parametrize("record", [None, "", "[]", "{}", '{"run": 1}'])
def test_folder_without_a_record_is_told(tmp_path, record):
    if record is not None:
        (tmp_path / "run.json").write_text(record)
    with pytest.raises(SchemaError, match=r"run.json: .*; the record of a run.*; run the workbook again"):
        write_crate(tmp_path)
    assert not (tmp_path / "ro-crate-metadata.json").exists()
