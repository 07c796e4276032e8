"""A whole run for tests that look at its pages, at the least cost: the real notebooks, without the alternatives of the brief.

    run_book(tmp_path, write_seeds(tmp_path / "seeds"))     # -> the run's folder
"""

import shutil
from pathlib import Path

from started import ROOT, csrbook

from csrbook.plan import read_plan


def run_book(home: Path, seeds: Path, *arguments: str, grid: str = "") -> Path:
    """Run the notebooks on a folder of documents, each alternative of the brief but those of `grid` left out; return the run's folder."""
    plan = ROOT / "notebooks" / "plan.toml"
    book = home / "notebooks"
    book.mkdir(parents=True)
    for step in read_plan(plan).steps:
        shutil.copy(step.file, book)
    shutil.copy(ROOT / "requirements.lock", home)  # a part of what results depend on
    (book / plan.name).write_text(plan.read_text(encoding="utf-8").partition("[notebook.grid]")[0] + grid, encoding="utf-8")
    csrbook("run", "--plan", book / plan.name, "--seeds", seeds, "--out", home / "out", "-p", "gold", ROOT / "tests" / "gold", *arguments)
    return home / "out" / "latest"
