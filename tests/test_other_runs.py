"""The whole workbook on other documents: the originals that lie beside the project."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from started import ROOT, csrbook
from whole_runs import run_book

SHARED = ROOT.parent / "shared"
UNIT_F1, UNIT_F1_EACH = 0.80, 0.70  # bars of the first cut, measured on the originals

beside = pytest.mark.skipif(not SHARED.is_dir(), reason="the originals are not beside the project")


@beside
def test_the_originals_run_whole_without_a_manifest(tmp_path):
    latest = run_book(tmp_path, SHARED / "seeds")
    sources = pd.read_parquet(latest / "01-sources" / "sources.parquet")
    assert sorted(sources["language"]) == ["en", "en", "ru", "zh", "zh"]
    assert (latest / "index.html").is_file()


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
