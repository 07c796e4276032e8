"""A whole run as the runner leaves it, small and invented, and a look at every link of a folder of pages."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nbformat.v4 import new_code_cell, new_markdown_cell
from share_run import TEXTS, build_run, write_json, write_notebook

from csrbook.annotations import write_annotations
from csrbook.crate import write_crate
from csrbook.digests import digest_files
from csrbook.evidence import read_run
from csrbook.share import make_pages

SEEDS = "../../home/mira/reports"
LONG = " Nobody counted the lanterns of the evening, and nobody meant to."  # said without a figure
SCRIPTED = ("verdict=", "group=", "doc=", "c-")  # fragments of claims.html that its script reads
LINK = re.compile(r'\b(?:href|src|srcset)="([^"]*)"')
EVIDENCE = re.compile(r'<script type="application/json" class="evidence">(.*?)</script>', re.DOTALL)


def build_whole(folder: Path, *, printed: str = "") -> Path:
    """Write a sealed run with pages; its record and a notebook name a folder of a person; `printed` is an output of the notebook."""
    kept = dict(TEXTS)
    TEXTS["garden"] = (kept["garden"][0], kept["garden"][1].replace("\nBy 2025", f"\n{LONG.strip()}\n\nIt was a day of 1840 words.{LONG * 3}\n\nBy 2025"))
    try:
        build_run(folder)
    finally:
        TEXTS.update(kept)
    given = new_code_cell(f'# Parameters\nseeds = "{SEEDS}"\nlimit_mb = 200\n', metadata={"tags": ["injected-parameters"]})
    write_notebook(folder / "03_tabulate.ipynb", [new_markdown_cell("# What was given?"), given, new_code_cell(f"print({printed!r})")])
    write_json(folder / "datapackage.json", {"sources": [{"title": "A garden", "path": "01-sources/texts/garden.txt"}], "resources": []})
    written = digest_files(folder)
    made = read_run(folder)
    make_pages(made)
    write_annotations(made)
    parameters = {"seeds": SEEDS, "limit_mb": 200}
    entry = {"file": "01_sources.ipynb", "output": "01-sources.ipynb", "code_sha256": "0" * 64, "key": "0" * 64, "seconds": 1.5, "ran": True}
    record = {
        "format": 1, "run": folder.name, "started": "2021-06-01T08:00:00+00:00", "ended": "2021-06-02T09:10:11+00:00", "seconds": 1.0,
        "parameters": parameters, "versions": {"python": "3.11.1", "csrbook": "0.1.0"}, "digests": {"library": "0" * 64},
        "inputs": {"seeds": {"garden.txt": "0" * 64}}, "finish": None, "page": "index.html",
        "notebooks": [entry | {"parameters": parameters | {"run_dir": "."}, "files": written}],
        "pages": {name: sha for name, sha in digest_files(folder).items() if name not in written},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    write_crate(folder)
    return folder


def dead_links(folder: Path) -> Iterator[str]:
    """Yield every link of the pages, and of the evidence in them, that leads to no file or no place in it, or out of the folder."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    ids = {name: set(map(html.unescape, re.findall(r'\bid="([^"]*)"', page))) for name, page in pages.items()}
    for name, page in pages.items():
        for link in _links(page):
            parts = urlsplit(link)
            target = unquote(parts.path) or name
            if parts.scheme == "data" or (name == "404.html" and link == "./"):
                continue
            outside = parts.scheme or parts.netloc or target.startswith("/") or ".." in target.split("/")
            if outside or not (folder / target).is_file():
                yield f"{name}: {link}"
            elif parts.fragment and not (target == "claims.html" and parts.fragment.startswith(SCRIPTED)):
                if unquote(parts.fragment) not in ids[target]:
                    yield f"{name}: {link}"


def _links(page: str) -> Iterator[str]:
    yield from (html.unescape(link) for link in LINK.findall(EVIDENCE.sub("", page)))
    for told in EVIDENCE.findall(page):
        evidence = json.loads(told)
        columns = {name: _unpack(column) for name, column in evidence.get("columns", {}).items()}
        for one, doc in zip(columns.get("claim_id", ()), columns.get("doc", ()), strict=True):
            yield f"{evidence['documents'][doc]['page']}#c-{one}"


def _unpack(column) -> list:
    return [column["values"][code] for code in column["codes"]] if isinstance(column, dict) else column
