"""A folder to explore: invented documents, the first four notebooks and the explorer, run once; what tests of the explorer stand on.

    book = make_book(tmp_path)       # seeds/, notebooks/, outputs/latest
    rerun(book)

    python tests/explored.py         the explorer's notebook is run over the results in outputs/work, and stored
"""

import shutil
import tempfile
from pathlib import Path

import nbformat

from started import ROOT, csrbook

MILL = """The Lantern Mill in the year 2020

In 2020 the Lantern Mill gave 4.5 million yuan to schools in rural counties. It planted more than 1,200 trees <script>window.PWNED=1</script> in the town.
In 2019 the Lantern Mill had given 3 million yuan to schools. By 2030 the Lantern Mill will plant 9,000 trees.
Twelve clerks of the mill taught 340 pupils \u202eonline\u202c in 2020, and =HYPERLINK("x") 85% of them stayed.
"""
RIVER = "\u6c5f\u8fb9\u7684\u4f5c\u574a2020\u5e74\u6350\u6b3e\u8fd1450\u4e07\u5143\uff0c\u79cd\u4e0b1300\u68f5\u6811\u82d7\u3002\n"
TEXTS = {"mill": MILL, "river": RIVER}


def make_book(home: Path, *, run: bool = True) -> Path:
    """Write the folder and run its notebooks; the charts and the brief, which the explorer does not read, are left out."""
    seeds, book = home / "seeds", home / "notebooks"
    seeds.mkdir(parents=True)
    book.mkdir()
    for name, text in TEXTS.items():
        (seeds / f"{name}.txt").write_text(text, encoding="utf-8")
    plan = (ROOT / "notebooks" / "plan.toml").read_text(encoding="utf-8")
    (book / "plan.toml").write_text(plan[: plan.index('[[notebook]]\nfile = "05_chart.ipynb"')], encoding="utf-8")
    for path in [*sorted((ROOT / "notebooks").glob("0[1-4]*.ipynb")), ROOT / "notebooks" / "explore.ipynb"]:
        shutil.copy(path, book)
    shutil.copy(ROOT / "requirements.lock", home)  # a part of what results depend on
    if run:
        rerun(home)
    return home


def rerun(home: Path) -> str:
    """Run what changed, as a person does; return what is printed."""
    where = ("--plan", home / "notebooks" / "plan.toml", "--seeds", home / "seeds", "--out", home / "outputs")
    return csrbook("run", *where, "-p", "gold", ROOT / "tests" / "gold", cwd=home)


def lay_out(home: Path, run: Path) -> Path:
    """Write a folder as the notebook of the explorer expects it, on a run that is there and the documents that ship; return the notebook."""
    (home / "notebooks").mkdir(parents=True)
    (home / "outputs").mkdir()
    (home / "outputs" / "latest").symlink_to(run.resolve())
    shutil.copytree(ROOT / "seeds", home / "seeds")
    return Path(shutil.copy(ROOT / "notebooks" / "explore.ipynb", home / "notebooks"))


def store(run: Path, target: Path) -> None:
    """Run the notebook of the explorer and store it; of a widget what is seen without a kernel is kept, no id and no state."""
    from csrbook.engine import execute_notebook

    with tempfile.TemporaryDirectory() as home:
        notebook = lay_out(Path(home), run)
        made = notebook.with_name("made.ipynb")
        execute_notebook(notebook, made, parameters={}, folder=notebook.parent)
        told = nbformat.read(made, 4)
    told.metadata.pop("widgets", None)
    for output in (output for cell in told.cells for output in cell.get("outputs", ())):
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(told, target)


if __name__ == "__main__":
    store(ROOT / "outputs" / "work", ROOT / "notebooks" / "explore.ipynb")
    print("explore.ipynb stored")
