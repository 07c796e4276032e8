"""Each notebook by papermill itself: in order, from wherever a person stands."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from started import quick_environment

from csrbook.plan import read_plan

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "notebooks"
LETTER = "The Harbour Fund of Northwind gave 40 schools new paint in May 2020. It will plant 3,000 trees by 2030.\n"
REPORT = "In May 2020 the Harbour Fund of Northwind gave 45 schools paint. It spent 1.2 million euros on books in 2021.\n"


def papermill(notebook: Path, out: Path, *, cwd: Path, env: dict[str, str], **parameters: object):
    """Run a notebook as a person does who stands in `cwd`."""
    given = [word for name, value in parameters.items() for word in ("-p", name, str(value))]
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(notebook), str(out), *given]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("by hand")
    (folder / "docs").mkdir()
    (folder / "docs" / "letter.txt").write_text(LETTER)
    (folder / "docs" / "report.txt").write_text(REPORT)
    return folder


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> dict[str, str]:
    return quick_environment(tmp_path_factory.mktemp("quick") / "lib")


def test_all_run_in_order_from_the_top_folder_from_their_own_and_from_elsewhere(home, env):
    stands = (ROOT, BOOK, home) * 2
    more = {"01_sources": {"limit_mb": 5}, "02_extract": {"gold": "nowhere"}}
    more |= {"03_tabulate": {"currency": "EUR"}, "06_brief": {"bound": "low"}}
    for step, cwd in zip(read_plan(BOOK / "plan.toml").steps, stands, strict=True):
        # relative paths where that is what a person would type, absolute ones from elsewhere
        seen = (lambda path: path) if cwd == home else (lambda path, cwd=cwd: Path(os.path.relpath(path, cwd)))
        given = {"run_dir": seen(home / "run")} | more.get(step.file.stem, {})
        given |= {"seeds": seen(home / "docs")} if step.file.stem == "01_sources" else {}
        ran = papermill(seen(step.file), seen(home / step.output), cwd=cwd, env=env, **given)
        assert ran.returncode == 0, ran.stderr[-3000:]
        cells = [cell for cell in nbformat.read(home / step.output, 4).cells if cell.cell_type == "code" and cell.source.strip()]
        assert all(cell.execution_count for cell in cells)
        assert all((home / "run" / written).is_dir() for written in step.writes)
    claims = pd.read_parquet(home / "run" / "03-tabulate" / "claims_normal.parquet")
    assert set(claims["doc"]) == {"letter", "report"} and "value_eur" in claims.columns
    assert (home / "run" / "06-brief" / "brief.json").is_file()
    assert sorted(p.name for p in home.iterdir() if not p.name.endswith(".ipynb")) == ["docs", "run"]


def test_one_run_out_of_order_says_what_to_run_first(tmp_path, env):
    ran = papermill(BOOK / "04_reconcile.ipynb", tmp_path / "04.ipynb", cwd=tmp_path, env=env, run_dir="run")
    last = ran.stderr.rstrip().splitlines()[-1]
    told = "run: does not hold 01-sources/sources.parquet and 2 more; run 01_sources.ipynb first, with the same run_dir"
    assert ran.returncode == 1 and last == f"RunError: {told}"
    (error,) = (o for cell in nbformat.read(tmp_path / "04.ipynb", 4).cells for o in cell.get("outputs", ()) if o.output_type == "error")
    assert error.traceback == [last]
    assert not (tmp_path / "run").exists()
