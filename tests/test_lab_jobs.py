"""Jobs of JupyterLab's own scheduler: a real server, a real notebook of the workbook, parameters over REST."""

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from lab_server import lab

from csrbook.errors import UsageError
from csrbook.lab_jobs import find_home, read_values

ROOT = Path(__file__).parents[1]
CELL = 'limit: int = 3  # a limit\nname: str = ""\nwords: list[str] = []\nratio: float = 0.5\nloud: bool = False\n'
CELL += 'size: str = "s"  # one of: s, l'


def notebook(*cells, tags=("parameters",)):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL), *map(nbformat.v4.new_code_cell, cells)])
    made.cells[0].metadata["tags"] = list(tags)
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return made


# --- parameters, as the scheduler hands them on: text ---


@pytest.mark.parametrize(
    "given, read",
    [
        ({}, {}),
        ({"limit": "7"}, {"limit": 7}),
        ({"limit": 7}, {"limit": 7}),
        ({"name": "007"}, {"name": "007"}),
        ({"name": "None"}, {"name": "None"}),
        ({"name": 'x"; import os #'}, {"name": 'x"; import os #'}),
        ({"words": "a, b"}, {"words": ["a", "b"]}),
        ({"ratio": "1"}, {"ratio": 1.0}),
        ({"loud": "True"}, {"loud": True}),
        ({"size": "l"}, {"size": "l"}),
    ],
)
def test_parameters_are_read_by_their_declared_types(given, read):
    assert read_values(notebook(), given, "a.ipynb") == read


@pytest.mark.parametrize(
    "given, told",
    [
        ({"limt": "7"}, "no parameter 'limt'.*did you mean limit"),
        ({"limit": "7.5"}, "value of type int"),
        ({"limit": "__import__('os')"}, "value of type int"),
        ({"size": "xl"}, "one of s, l"),
        ({"limit=1;import os": "7"}, "no parameter"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_in_one_line(given, told):
    with pytest.raises(UsageError, match=told) as caught:
        read_values(notebook(), given, "a.ipynb")
    assert "\n" not in str(caught.value)


def test_notebook_that_declares_nothing_takes_nothing():
    with pytest.raises(UsageError, match="has 0 parameters cells"):
        read_values(notebook(tags=()), {"limit": "7"}, "a.ipynb")
    assert read_values(notebook(tags=()), {}, "a.ipynb") == {}


def test_notebook_of_the_workbook_runs_in_its_own_folder(tmp_path):
    copy = tmp_path / "staging" / "a.ipynb"
    assert find_home(tmp_path, copy) == copy.parent
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "a.ipynb").touch()
    assert find_home(tmp_path, copy) == tmp_path / "notebooks"
    assert find_home(tmp_path / "notebooks", copy) == tmp_path / "notebooks"


# --- on a real server ---


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on a workbook of one notebook and two tiny documents, in a folder with a space in its name."""
    root, home = tmp_path_factory.mktemp("my book"), tmp_path_factory.mktemp("server")
    (root / "notebooks").mkdir()
    (root / "seeds").mkdir()
    shutil.copy(ROOT / "notebooks" / "01_sources.ipynb", root / "notebooks")
    (root / "seeds" / "letter.txt").write_text("The Harbour Fund of Northwind gave 40 schools new paint in May 2020.\n")
    (root / "seeds" / "report.txt").write_text("Northwind planted 1,200 trees along the quay in 2021. The yard was cleaned.\n")
    nbformat.write(notebook("print(limit, words, repr(name))", "raise ValueError('no\\nmore')"), root / "fails.ipynb")
    with lab(root, home) as started:
        yield started


def test_job_runs_a_notebook_of_the_workbook_on_its_own_inputs(server):
    told, folder = server.run_job("notebooks/01_sources.ipynb", {"limit_mb": "5", "run_dir": "../outputs/007"}, ("ipynb", "html"))
    assert told["status"] == "COMPLETED", (told, server.log.read_text()[-3000:])
    sources = pd.read_parquet(server.root / "outputs" / "007" / "01-sources" / "sources.parquet")
    assert list(sources["doc"]) == ["letter", "report"]
    executed = nbformat.read(next(p for p in folder.glob("*.ipynb") if p.name != "01_sources.ipynb"), 4)
    (injected,) = (cell.source for cell in executed.cells if "injected-parameters" in cell.metadata.get("tags", ()))
    assert "limit_mb = 5\n" in injected and 'run_dir = "../outputs/007"' in injected
    assert all(cell.execution_count for cell in executed.cells if cell.cell_type == "code" and cell.source.strip())
    assert "2 documents in 1 languages" in next(folder.glob("*.html")).read_text(encoding="utf-8")
    assert sorted(p.name for p in server.root.iterdir()) == ["fails.ipynb", "notebooks", "outputs", "seeds"]


def test_job_of_a_schedule_runs_in_the_same_folder(server):
    """Its copy is a copy of a copy: only the name tells which notebook it is."""
    told = {
        "name": "weekly", "input_uri": "notebooks/01_sources.ipynb", "output_formats": ["ipynb"], "parameters": {"run_dir": "../outputs/first"},
        "runtime_environment_name": server.ask("scheduler/runtime_environments")[0]["name"], "schedule": "0 6 * * 1", "timezone": "UTC",
    }  # fmt: skip
    definition = server.ask("scheduler/job_definitions", told)["job_definition_id"]
    job = server.ask(f"scheduler/job_definitions/{definition}/jobs", {"parameters": {"run_dir": "../outputs/weekly"}})["job_id"]
    told, _ = server.wait(job)
    assert told["status"] == "COMPLETED", (told, server.log.read_text()[-3000:])
    assert (server.root / "outputs" / "weekly" / "01-sources" / "sources.parquet").is_file()
    assert not (server.root / "outputs" / "first").exists()


def test_job_that_does_not_fit_or_fails_says_why_in_one_line(server):
    refused, _ = server.run_job("notebooks/01_sources.ipynb", {"limit_mbs": "5"})
    assert refused["status"] == "FAILED"
    assert "no parameter 'limit_mbs'" in refused["status_message"] and "did you mean limit_mb?" in refused["status_message"]
    failed, folder = server.run_job("fails.ipynb", {"words": "a,b", "name": "import os"})
    assert failed["status_message"] == "fails.ipynb, cell [4]: ValueError: no"
    (kept,) = (p for p in folder.glob("*.ipynb") if p.name != "fails.ipynb")
    assert "3 ['a', 'b'] 'import os'" in kept.read_text()
    assert "\n" not in refused["status_message"] + failed["status_message"]
