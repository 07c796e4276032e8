"""Notebooks run one by one: what is not there yet is told in one line, and nothing is written outside of the run's folder."""

import json
from pathlib import Path

import pytest

from csrbook.errors import RunError, UsageError
from csrbook.steps import inside, start

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
NEED = {
    "02_extract": ["01-sources/sources.parquet"],
    "03_tabulate": ["01-sources/sources.parquet", "02-extract/claims.jsonl"],
    "04_reconcile": ["01-sources/sources.parquet", "02-extract/claims.jsonl", "03-tabulate/claims_normal.parquet"],
    "05_chart": [
        "01-sources/sources.parquet", "02-extract/claims.jsonl", "03-tabulate/claims_normal.parquet", "04-reconcile/relations.parquet",
    ],
    "06_brief": [
        "01-sources/sources.parquet", "02-extract/ledger.parquet", "03-tabulate/claims_normal.parquet", "03-tabulate/coverage.parquet",
        "04-reconcile/relations.jsonl",
    ],
}  # fmt: skip


def opening(name: str) -> tuple[str, str]:
    """Return the parameters cell of a notebook, and the code after it up to where it needs a file."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    at = code[1].index("steps.start(")
    return code[0], code[1][: code[1].index("\n", at)]


@pytest.mark.parametrize("name, missing", [(name, at) for name, needed in NEED.items() for at in range(len(needed))])
def test_notebook_run_out_of_order_names_the_one_to_run_first(tmp_path, name, missing):
    for file in NEED[name][:missing]:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    scope = {}
    parameters, code = opening(name)
    exec(parameters, scope)  # the notebook's own cells
    scope["run_dir"] = str(tmp_path)
    with pytest.raises(RunError) as caught:
        exec(code, scope)
    step = NEED[name][missing].split("/")[0].replace("-", "_")
    told = str(caught.value)
    assert f"run {step}.ipynb first, with the same run_dir" in told and "does not hold" in told and "\n" not in told


def test_what_is_there_is_found_also_as_a_folder_of_parts(tmp_path):
    (tmp_path / "02-extract" / "claims.parquet").mkdir(parents=True)
    assert start(tmp_path, "02-extract/claims.parquet") == tmp_path
    assert start(str(tmp_path)) == tmp_path


def test_number_in_place_of_a_folder_is_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "7").mkdir()
    assert start(7) == Path("7")


def test_the_first_notebook_takes_numbers_for_names():
    parameters, code = opening("01_sources")
    scope = {}
    exec(parameters, scope)
    scope |= {"run_dir": 7, "seeds": 2024}
    exec(code, scope)
    assert (scope["home"], scope["seeds"]) == (Path("7"), Path("2024"))


@pytest.mark.parametrize("name", ["..", "../x", "a/../../x", "/etc", "a\\..\\..\\x", "a\0b"])
def test_name_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="leads out of the folder of the run"):
        inside(tmp_path, "06-brief", name)


def test_names_below_are_joined(tmp_path):
    assert inside(tmp_path, "06-brief", "", "bound-low") == tmp_path / "06-brief" / "bound-low"


def test_errors_of_ours_show_as_one_line_in_a_notebook():
    assert UsageError("a", "is wrong", advice="mend it")._render_traceback_() == ["UsageError: a: is wrong; mend it"]


def test_number_that_papermill_made_of_a_name_is_a_name_again(tmp_path):
    assert inside(tmp_path, "06-brief", 12) == tmp_path / "06-brief" / "12"
