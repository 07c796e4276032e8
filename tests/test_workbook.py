"""The whole workbook on real documents: `csrbook run` as a person starts it, and what it promises of its results."""

import hashlib
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import frictionless
import openpyxl
import pandas as pd
import pytest
import rdflib
from annotation_graph import graph_of
from pictures import PICTURES, is_fresh
from rocrate.rocrate import ROCrate
from started import csrbook
from whole_runs import run_book

from csrbook.contested import CHOICES
from csrbook.engine import execute_notebook

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="session")
def latest(tmp_path_factory):
    """The newest run on the shipped corpus, in a folder with a space and Chinese in its name."""
    out = tmp_path_factory.mktemp("my runs \u8f93\u51fa") / "out"
    csrbook("run", "--out", out)
    return out / "latest"


@pytest.fixture(scope="session")
def claims(latest):
    return [json.loads(line) for line in (latest / "02-extract" / "claims.jsonl").read_text(encoding="utf-8").splitlines()]


def texts_of(run):
    return {p.stem: p.read_bytes().decode("utf-8") for p in (run / "01-sources" / "texts").glob("*.txt")}


def digests(folder):
    """Digest of every file of a run but its records, which hold times."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name not in ("run.json", "ro-crate-metadata.json"))
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_every_notebook_left_its_page_and_its_tables(latest):
    record = json.loads((latest / "run.json").read_text(encoding="utf-8"))
    assert [n["file"][:2] for n in record["notebooks"]] == ["01", "02", "03", "04", "05", "06"]
    pages = {p.name for p in latest.glob("*.html")}
    assert {"index.html", "claims.html", "brief.html", "04-reconcile.html", "doc-csr-report-2021.html"} <= pages
    assert (latest / "brief.html").stat().st_size < 3_000_000


def test_stored_texts_are_the_files_byte_for_byte(latest):
    for doc, text in texts_of(latest).items():
        assert text.encode("utf-8") == (SEEDS / f"{doc}.txt").read_bytes()


def test_every_figure_is_at_its_place(latest, claims):
    texts = texts_of(latest)
    assert len(claims) > 400
    assert [c["id"] for c in claims if texts[c["doc"]][c["start"] : c["end"]] != c["text"]] == []


def test_every_digit_is_accounted_for(latest, claims):
    ledger = pd.read_parquet(latest / "02-extract" / "ledger.parquet").to_dict("records")
    for doc, text in texts_of(latest).items():
        covered = {i for r in [*claims, *ledger] if r["doc"] == doc for i in range(r["start"], r["end"])}
        lost = [text[max(0, i - 20) : i + 20] for i, c in enumerate(text) if c.isdigit() and c.isascii() and i not in covered]
        assert lost == [], doc


def test_every_chart_has_its_table_and_its_words(latest):
    charts = json.loads((latest / "05-chart" / "charts.json").read_text(encoding="utf-8"))
    assert len(charts) >= 6
    for chart in charts:
        assert chart["alt"] and chart["caption"] and chart["title"]
        for ending in ("svg", "png", "csv"):
            assert (latest / "05-chart" / f"{chart['stem']}.{ending}").stat().st_size > 0


def test_every_number_of_the_brief_leads_to_a_claim(latest, claims):
    known = {c["claim_id"] for c in claims}
    brief = json.loads((latest / "06-brief" / "brief.json").read_text(encoding="utf-8"))
    parts = [p for s in brief["sentences"] for p in s["parts"] if isinstance(p, dict)]
    assert parts and all(set(p["claims"]) <= known for p in parts)


def test_every_sentence_is_tried_under_every_contested_choice(latest, claims):
    briefs = {p.parent.name: json.loads(p.read_text(encoding="utf-8")) for p in latest.glob("06-brief/choices/*/brief.json")}
    assert sorted(briefs) == sorted(f"{name}-{value}" for name, values in CHOICES.items() for value in values[1:])
    table = pd.read_parquet(latest / "06-brief" / "sensitivity.parquet")
    own = json.loads((latest / "06-brief" / "brief.json").read_text(encoding="utf-8"))
    tried = table[table["outcome"] != "new"].groupby(["choice", "option"]).size()
    assert len(tried) == len(briefs) and set(tried) == {len(own["sentences"])}
    assert {"same", "changed"} <= set(table["outcome"])
    assert {one for ids in table["claim_ids"].dropna() for one in ids.split()} <= {c["claim_id"] for c in claims}
    assert own["sensitivity"][0].endswith("sentences stand under every choice.")


@pytest.fixture(scope="session")
def other_labels(latest, tmp_path_factory):
    """Two runs after `latest` with a parameter of the last notebooks: what is needed alone; and all of it, with papermill's own kernels."""
    made = []
    for arguments in ((), ("--force", "--engine", "stock")):
        home = tmp_path_factory.mktemp("labels")
        shutil.copytree(latest.parent, home / "out", symlinks=True)
        made.append(run_book(home, SEEDS, "-p", "language", "zh", *arguments, grid='[notebook.grid]\nbound = ["stated", "low"]\n'))
    return made


def test_other_labels_renew_what_is_drawn_and_told_and_read_nothing_again(other_labels):
    run = other_labels[0]
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in record["notebooks"] if entry["ran"]] == ["05_chart.ipynb", "06_brief.ipynb"]
    charts = json.loads((run / "05-chart" / "charts.json").read_text(encoding="utf-8"))
    brief = json.loads((run / "06-brief" / "brief.json").read_text(encoding="utf-8"))
    told = [chart["title"] for chart in charts] + ["".join(p if isinstance(p, str) else p["text"] for p in s["parts"]) for s in brief["sentences"]]
    assert len(charts) >= 6 and [words for words in told if not re.search("[\u4e00-\u9fff]", words)] == []


def test_skipping_changes_no_byte_nor_do_forked_kernels(other_labels):
    """Notebooks, alternatives, tables, pictures and pages: one run copied four notebooks, the other ran all, by kernels of another kind."""
    records = [json.loads((run / "run.json").read_text(encoding="utf-8")) for run in other_labels]
    assert [sum(entry["ran"] for entry in record["notebooks"]) for record in records] == [2, 6]
    one, other = map(digests, other_labels)
    assert one.keys() == other.keys() and {"06-brief/choices/bound-low/06-brief.ipynb", "index.html", "brief.html"} <= one.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert {path[-1] for path in differing(*records)} <= {"run", "started", "ended", "seconds", "ran"}, "records differ in times and in what ran"


def test_the_brief_alone_says_that_other_choices_were_not_tried(latest, tmp_path):
    for name in ("01-sources", "02-extract", "03-tabulate", "04-reconcile"):
        shutil.copytree(latest / name, tmp_path / name)
    execute_notebook(ROOT / "notebooks" / "06_brief.ipynb", tmp_path / "06.ipynb", parameters={"run_dir": "."}, folder=tmp_path)
    assert "Not computed: the sentences under other choices" in (tmp_path / "06.ipynb").read_text(encoding="utf-8")
    one, other = (json.loads((run / "06-brief" / "brief.json").read_text(encoding="utf-8")) for run in (latest, tmp_path))
    assert one["sentences"] == other["sentences"] and not (tmp_path / "06-brief" / "sensitivity.csv").exists()


def test_reconciliation_finds_what_does_not_convert(latest):
    rows = [json.loads(x) for x in (latest / "04-reconcile" / "relations.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "bad_conversion" in {row["kind"] for row in rows}
    assert "series" in {row["kind"] for row in rows}


def test_tables_are_a_valid_data_package_with_every_column_described(latest):
    report = frictionless.validate(str(latest / "datapackage.json"))
    assert [(task.name, error.message) for task in report.tasks for error in task.errors] == [] and report.valid
    package = json.loads((latest / "datapackage.json").read_text(encoding="utf-8"))
    tables = {p.relative_to(latest).as_posix() for p in latest.glob("*/*.csv") if p.parent.name != "05-chart"} - {"01-sources/corrections.csv"}
    assert {resource["path"] for resource in package["resources"]} == tables
    untold = [(r["name"], f["name"]) for r in package["resources"] for f in r["schema"]["fields"] if not f.get("description")]
    assert untold == [], "columns.py defines every column"


def test_every_claim_is_an_annotation(latest, claims):
    found = graph_of(latest).subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/oa#Annotation"))
    assert {str(one) for one in found} == {f"urn:csrbook:claim:{claim['claim_id']}" for claim in claims}


def test_crate_holds_every_file_as_it_is(latest):
    told = {unquote(entity.id): entity["sha256"] for entity in ROCrate(latest.resolve()).data_entities}
    assert told == digests(latest) | {"run.json": hashlib.sha256((latest / "run.json").read_bytes()).hexdigest()}


def test_links_of_the_workbook_lead_to_places_in_the_pages(latest, claims):
    book = openpyxl.load_workbook(latest / "workbook.xlsx")
    links = {(c.hyperlink.target, c.hyperlink.location) for sheet in book for row in sheet.iter_rows() for c in row if c.hyperlink and c.hyperlink.target}
    pages = {page.name: page.read_text(encoding="utf-8") for page in latest.glob("doc-*.html")}
    assert len(links) > len(claims)
    assert [link for link in links if link[1] and f'id="{link[1]}"' not in pages[link[0]]] == []
    texts = next(row[1] for row in book["read me"].iter_rows(values_only=True) if row[0] == "texts")
    assert texts.rpartition(" ")[2] in (latest / "index.html").read_text(encoding="utf-8"), "the fingerprint is that of the pages"


def differing(one, other, path=()):
    """Paths in two JSON trees at which they differ; numbers of places in lists are left out."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {found for key in one.keys() | other.keys() for found in differing(one.get(key), other.get(key), (*path, key))}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return {found for pair in zip(one, other, strict=True) for found in differing(*pair, path)}
    return set() if one == other else {path}


def test_a_second_run_elsewhere_gives_the_same_bytes(latest, tmp_path):
    csrbook("run", "--out", tmp_path / "out", cwd=tmp_path)
    second = tmp_path / "out" / "latest"
    one, other = digests(latest), digests(second)
    assert one.keys() == other.keys() and len(one) > 100
    assert [name for name in one if one[name] != other[name]] == []
    names = {path.relative_to(latest).as_posix() for path in latest.rglob("*") if path.is_file()} - one.keys()
    assert names == {"run.json", "ro-crate-metadata.json"}, "every other file is compared byte for byte"
    records = {name: [json.loads((run / name).read_text(encoding="utf-8")) for run in (latest, second)] for name in names}
    assert {path[-1] for path in differing(*records["run.json"])} <= {"run", "started", "ended", "seconds"}, "a record differs in its times alone"
    told = {("@graph", key) for key in ("name", "datePublished", "startTime", "endTime", "description", "contentSize", "sha256")}
    assert differing(*records["ro-crate-metadata.json"]) <= told
    crates = [{entity["@id"]: entity for entity in crate["@graph"]} for crate in records["ro-crate-metadata.json"]]
    changed = {name for name, entity in crates[0].items() if entity.get("sha256") != crates[1][name].get("sha256")}
    assert changed <= {"run.json"}, "of the files it describes, the record alone is another"


def test_pictures_of_the_readme_are_those_of_a_run(latest):
    stored = {path.name for path in PICTURES.glob("*.png")}
    assert stored and stored == set(re.findall(r"docs/img/([\w.-]+\.png)", (ROOT / "README.md").read_text(encoding="utf-8")))
    stale = [name for name in sorted(stored) if not is_fresh(PICTURES / name, latest)]
    assert stale == [], "make notebooks renews them"
