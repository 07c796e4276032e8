"""bench: the benchmark scripts still run, at a tiny size; nothing here is timed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent / "bench"


def run(script: str, *arguments: str) -> subprocess.CompletedProcess:
    call = [sys.executable, str(BENCH / script), *arguments]
    return subprocess.run(call, capture_output=True, text=True, encoding="utf-8", timeout=300, env=os.environ | {"PYTHONUTF8": "1"})


def test_all_run_and_keep_their_tables(tmp_path):
    done = run("run.py", "--quick", "--out", str(tmp_path / "bench.md"))
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert page.removeprefix("# Benchmarks\n\n").strip() == done.stdout.removesuffix("kept in bench.md\n").strip()
    for language in ("en", "zh", "ru"):
        assert re.search(rf"^\| {language} \| 300 \| [\d,]+ \| [\d.]+ \| 0 \|$", page, re.MULTILINE)
        assert len(re.findall(rf"^\| {language} \|", page, re.MULTILINE)) == 5
    assert re.search(r"^\| two processes \|.*\| yes \|", page, re.MULTILINE) and "10 million such documents" in page
    assert re.search(r"^\| 1 documents, 0 figures \| \d+ s, \d+ MB \|$", page, re.MULTILINE)
    for name in ("papermill, 1 empty notebooks", "csrbook run, warm kernels", "csrbook run, own kernels", "csrbook run, nothing changed"):
        assert re.search(rf"^\| {name} \|( [\d.]+ \([\d.]+ to [\d.]+\) \|){{2}} [\d.]+ \|$", page, re.MULTILINE)


@pytest.mark.parametrize("script", sorted(path.name for path in BENCH.glob("*.py") if path.stem not in ("bench", "run")))
def test_script_tells_its_options(script):
    assert "usage" in run(script, "--help").stdout


def test_peers_are_pinned():
    lines = [line for line in (BENCH / "peers.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines == sorted(lines) and all("==" in line for line in lines)
