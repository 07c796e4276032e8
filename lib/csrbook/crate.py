"""Seal a run as an RO-Crate: which files it holds, and what made them out of what, when, and with which parameters.

    write_crate(Path("outputs/20200101T000000Z")) -> .../ro-crate-metadata.json

In      a run's folder with its run.json: made when that is written, before the run becomes `latest`.
Out     ro-crate-metadata.json (RO-Crate 1.1): every file with digest, size and format; one CreateAction for the run and one
        for each notebook, with inputs, parameters and software.
Never   fetches anything, holds a path that run.json does not, or grants a licence for words that are other people's.
Needs   digests, errors, evidence (rows of the sources), records.  Used by cli, as the seal of a run.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csrbook.digests import digest_files
from csrbook.errors import SchemaError
from csrbook.evidence import read_rows
from csrbook.records import write_json

__all__ = ["CRATE", "FORMATS", "RIGHTS", "make_crate", "write_crate"]

CRATE = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/crate/1.1"
RECORD = "run.json"
CONTEXT = [f"{PROFILE}/context", {"sha256": "https://schema.org/sha256"}]
FORMATS = {
    ".csv": "text/csv", ".parquet": "application/vnd.apache.parquet", ".json": "application/json", ".jsonl": "application/x-ndjson",
    ".jsonld": "application/ld+json", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain", ".html": "text/html", ".ipynb": "application/x-ipynb+json", ".svg": "image/svg+xml", ".png": "image/png",
    ".toml": "application/toml", ".xml": "application/xml", ".pdf": "application/pdf",
}  # fmt: skip
MIT = "https://spdx.org/licenses/MIT"
RIGHTS = (
    "No licence is granted by this record. The stored texts, and the quotations from them in tables, pages and annotations, are their "
    "publishers'. The software is under the MIT licence."
)
NEEDED = {"run", "started", "ended", "parameters", "versions", "digests", "inputs", "notebooks"}
Entity = dict[str, Any]


def write_crate(folder: Path) -> Path:
    """Write ro-crate-metadata.json into a run's folder and return its path.

    Raises
    ------
    SchemaError
        The folder has no run.json, or one that no run wrote.
    """
    folder = Path(folder)
    crate = make_crate(folder, _record(folder))
    return write_json(folder / CRATE, crate)


def make_crate(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the crate's JSON-LD: descriptor, root, files, inputs, parameters, software and actions, flat and in this order."""
    inputs = list(_inputs(record["inputs"]))
    files = list(_files(folder, {entity["@id"] for entity in inputs}))
    parameters = [_value(f"#parameter/{quote(name)}", name, told) for name, told in record["parameters"].items()]
    steps = [entity for number, entry in enumerate(record["notebooks"], 1) for entity in _step(entry, number)]
    software = list(_software(record))
    codes = [entity for entity in steps if "HowToStep" in entity["@type"]]
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run {record['run']} of the workbook",
        "startTime": record["started"],
        "endTime": record["ended"],
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
        "instrument": _ids([software[0], *codes]),
        "object": _ids([*inputs, *parameters]),
        "result": _ids(files),
    }
    root = _root(record, _ids(files), _ids([run, *(e for e in steps if e["@type"] == "CreateAction")]))
    return {"@context": CONTEXT, "@graph": [_descriptor(), root, *files, *inputs, *parameters, run, *steps, *software, *_rights()]}


def _record(folder: Path) -> Mapping[str, Any]:
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError) as error:
        raise SchemaError(RECORD, f"cannot be read ({error})", "the record of a run", "run the workbook again") from error
    if not isinstance(record, dict) or not NEEDED <= record.keys():
        raise SchemaError(RECORD, "lacks what a run records", f"the record of a run: {', '.join(sorted(NEEDED))}", "run the workbook again")
    return record


def _descriptor() -> Entity:
    return {"@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": PROFILE}, "about": {"@id": "./"}}


def _root(record: Mapping[str, Any], parts: list[Entity], actions: list[Entity]) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"csrbook run {record['run']}",
        "description": "Figures that documents state about corporate social responsibility, each tied to its place in the stored text: "
        "the texts, tables, charts, pages and executed notebooks of one run.",
        "datePublished": record["ended"][:10],
        "license": {"@id": "#rights"},
        "hasPart": parts,
        "mentions": actions,
    }


def _files(folder: Path, inputs: set[str]) -> Iterable[Entity]:
    """Yield every file of the run but the one that is being written; a stored text leads to the document that it was read from."""
    read = {f"01-sources/texts/{row['doc']}.txt": row["path"] for row in read_rows(folder / "01-sources", "sources") if row.get("doc")}
    for name, sha in digest_files(folder).items():
        if name == CRATE:
            continue
        path = Path(name)
        entity = {
            "@id": _quoted(name),
            "@type": ["File", "SoftwareSourceCode"] if path.suffix == ".ipynb" else "File",
            "name": _printable(name),
            "encodingFormat": FORMATS.get(path.suffix, "application/octet-stream"),
            "contentSize": str((folder / name).stat().st_size),
            "sha256": sha,
        }
        origin = f"#input/seeds/{_quoted(read.get(name, ''))}"
        yield entity | ({"isBasedOn": {"@id": origin}} if origin in inputs else {})


def _inputs(inputs: Mapping[str, Mapping[str, str]]) -> Iterable[Entity]:
    """Yield every file that the run was given, with its digest, or with the reason why it has none."""
    for parameter, files in inputs.items():
        for name, sha in files.items():
            told = {"sha256": sha} if re.fullmatch("[0-9a-f]{64}", sha) else {"description": _printable(sha)}
            yield {"@id": f"#input/{quote(parameter)}/{_quoted(name)}", "@type": "DigitalDocument", "name": _printable(name)} | told


def _step(entry: Mapping[str, Any], number: int) -> Iterable[Entity]:
    """Yield a notebook as a step, what it was told, and the action that made its files."""
    code = f"#notebook/{quote(entry['file'])}"
    told = [_value(f"{code}/{quote(name)}", name, value) for name, value in entry["parameters"].items()]
    how = f"ran for {entry['seconds']} s" if entry["ran"] else "unchanged since the run before, its files were copied"
    yield {
        "@id": code, "@type": ["SoftwareSourceCode", "HowToStep"], "name": entry["file"], "position": number,
        "programmingLanguage": {"@id": "#python"}, "identifier": {"@id": f"{code}/code"},
    }  # fmt: skip
    yield _value(f"{code}/code", "SHA-256 of the code of its cells", entry["code_sha256"])
    yield from told
    yield {
        "@id": f"#step/{quote(entry['output'])}", "@type": "CreateAction", "name": f"Step {number}: {entry['file']}", "description": how,
        "instrument": {"@id": code}, "object": _ids(told), "result": [{"@id": _quoted(name)} for name in entry["files"]],
    }  # fmt: skip


def _software(record: Mapping[str, Any]) -> Iterable[Entity]:
    """Yield csrbook first, then what it stands on."""
    versions = dict(record["versions"])
    own, python = versions.pop("csrbook", ""), versions.pop("python", "")
    packages = [
        {"@id": f"#package/{quote(name)}", "@type": "SoftwareApplication", "name": name, "softwareVersion": version}
        for name, version in versions.items()
    ]
    language = {"@id": "#python", "@type": "ComputerLanguage", "name": "Python", "version": python}
    shas = {name: sha for name, sha in record["digests"].items() if isinstance(sha, str)}  # those of single files are in `lexicons`
    digests = [_value(f"#digest/{quote(name)}", f"SHA-256 of {name}", sha) for name, sha in shas.items()]
    yield {
        "@id": "#csrbook", "@type": "SoftwareApplication", "name": "csrbook", "softwareVersion": own, "license": {"@id": MIT},
        "programmingLanguage": {"@id": "#python"}, "softwareRequirements": _ids(packages), "identifier": _ids(digests),
    }  # fmt: skip
    yield from (language, *packages, *digests)


def _rights() -> Iterable[Entity]:
    yield {"@id": "#rights", "@type": "CreativeWork", "name": "Rights of the publishers", "description": RIGHTS}
    yield {"@id": MIT, "@type": "CreativeWork", "name": "MIT License", "identifier": MIT}


def _value(where: str, name: str, value: Any) -> Entity:
    return {"@id": where, "@type": "PropertyValue", "name": name, "value": _printable(value) if isinstance(value, str) else value}


def _ids(entities: Iterable[Entity]) -> list[Entity]:
    return [{"@id": entity["@id"]} for entity in entities]


def _quoted(name: str) -> str:
    """Return a file's name as an address; the bytes of a name that is no text keep their values."""
    return quote(os.fsencode(name))


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
