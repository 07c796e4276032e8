"""The whole workbook on real documents: `csrbook run` as a person starts it, and what it promises of its results."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
SEEDS = ROOT / "seeds"
UNIT_F1, UNIT_F1_EACH = 0.80, 0.70  # bars of the first cut, measured on the originals

beside = pytest.mark.skipif(not SHARED.is_dir(), reason="the originals are not beside the project")


def csrbook(*arguments, cwd=ROOT):
    """Run the command line as a person would, and return what it printed."""
    command = [sys.executable, "-m", "csrbook", *map(str, arguments)]
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


@pytest.fixture(scope="session")
def latest(tmp_path_factory):
    """The newest run on the shipped corpus, in a folder with a space and Chinese in its name."""
    out = tmp_path_factory.mktemp("my runs \u8f93\u51fa")
    csrbook("run", "--out", out)
    return out / "latest"


@pytest.fixture(scope="session")
def claims(latest):
    return [json.loads(line) for line in (latest / "02-extract" / "claims.jsonl").read_text(encoding="utf-8").splitlines()]


def texts_of(run):
    return {p.stem: p.read_bytes().decode("utf-8") for p in (run / "01-sources" / "texts").glob("*.txt")}


def digests(folder):
    """Digest of every file of a run but its record, which holds times."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != "run.json")
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


def test_reconciliation_finds_what_does_not_convert(latest):
    rows = [json.loads(x) for x in (latest / "04-reconcile" / "relations.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "bad_conversion" in {row["kind"] for row in rows}
    assert "series" in {row["kind"] for row in rows}


def test_a_second_run_elsewhere_gives_the_same_bytes(latest, tmp_path):
    csrbook("run", "--out", tmp_path, cwd=tmp_path)
    one, other = digests(latest), digests(tmp_path / "latest")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_pictures_of_the_readme_are_those_of_a_run(latest):
    pictures = sorted((ROOT / "docs" / "img").glob("*.png"))
    assert pictures
    stale = [p.name for p in pictures if p.read_bytes() != (latest / "05-chart" / p.name).read_bytes()]
    assert stale == [], "make notebooks renews them"


def test_every_label_language_runs(tmp_path):
    csrbook("run", "--out", tmp_path, "-p", "labels", "zh")
    charts = json.loads((tmp_path / "latest" / "05-chart" / "charts.json").read_text(encoding="utf-8"))
    assert all(any("\u4e00" <= c <= "\u9fff" for c in chart["title"]) for chart in charts)


@beside
def test_the_originals_run_whole_without_a_manifest(tmp_path):
    csrbook("run", "--seeds", SHARED / "seeds", "--out", tmp_path)
    sources = pd.read_parquet(tmp_path / "latest" / "01-sources" / "sources.parquet")
    assert sorted(sources["language"]) == ["en", "en", "ru", "zh", "zh"]
    assert (tmp_path / "latest" / "index.html").is_file()


@beside
def test_extraction_of_the_originals_reaches_its_bar(tmp_path):
    found = tmp_path / "found.jsonl"
    found.write_text(csrbook("extract", SHARED / "seeds", "--jsonl"), encoding="utf-8")
    f1 = {}
    for docs in ("*", "000*", "001*", "002*", "003*", "004*"):
        command = [sys.executable, SHARED / "gold" / "score.py", "--gold", SHARED / "gold", "--json", "--docs", docs, found]
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONUTF8": "1"})
        f1[docs] = json.loads(told.stdout)["unit"]["f1"]
    assert f1.pop("*") >= UNIT_F1
    assert min(f1.values()) >= UNIT_F1_EACH, f1
