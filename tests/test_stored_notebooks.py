"""The notebooks as they are stored: run in their order in the work folder, every cell still gives what is kept below it."""

import json
import shutil
import subprocess
import sys

from explored import lay_out

from csrbook.evidence import read_run
from csrbook.explorations import Exploration
from csrbook.showings import first_rows

ASKED = ("-o", "addopts=", "-p", "no:cacheprovider", "-q", "--nbval", "--nbval-current-env", "--nbval-cell-timeout", "300")


def check_cells(root, *notebooks):
    """Run the cells of stored notebooks and compare what they give with what is kept."""
    command = [sys.executable, "-m", "pytest", *ASKED, "--nbval-sanitize-with", root / "tests" / "nbval_sanitize.cfg", *notebooks]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]


def test_stored_notebooks_still_give_what_they_hold(root):
    notebooks = sorted((root / "notebooks").glob("0*.ipynb"))
    shutil.rmtree(root / "outputs" / "work", ignore_errors=True)  # what an earlier run left there must not help
    assert len(notebooks) == 6
    check_cells(root, *notebooks)


def test_stored_explorer_still_gives_what_it_holds(root, tmp_path):
    """On what the test before left in outputs/work; the cells of the two widgets are run, and their still pictures compared here."""
    notebook = lay_out(tmp_path / "a book", root / "outputs" / "work")
    check_cells(root, notebook)
    outputs = [one for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] for one in cell.get("outputs", ())]
    stills = ["".join(one["data"]["text/html"]) for one in outputs if "Explorer" in "".join(one.get("data", {}).get("text/plain", ""))]
    assert stills == [first_rows(Exploration(read_run(root / "outputs" / "work")))]
