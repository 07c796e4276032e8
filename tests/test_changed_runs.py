"""What changed, on real runs: an invented corpus is read, edited, read again with another currency, other names, more documents."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from csrbook import cli
from csrbook.plan import read_plan

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
GOLD = Path(__file__).parent / "gold"
ORCHARD = (
    "Orchard letter\n\nPublished on 4 March 2022\n\n"
    "In 2021 the Larkspur Foundation planted 12,400 trees along the river with 320 volunteers.\n"
    "Bellweather Foods gave 3.5 million yuan to rural schools in 2021. It donated 40 tonnes of grain to flood victims in July 2021.\n"
)
MILL = "Mill story\n\nPublished on 2 June 2022\n\nThe Juniper Mill donated 77 wheelchairs to two hospitals in May 2022.\n"
NAMES = 'actor = [ { name = "Larkspur Trust", forms = ["Larkspur Foundation"] } ]\n'


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """Runs one after the other, each after one edit; stderr and table of changes by the edit's name."""
    home = tmp_path_factory.mktemp("book")
    corpus, found, given = home / "corpus", {}, []
    (home / "notebooks").mkdir()
    corpus.mkdir()
    plan = (NOTEBOOKS / "plan.toml").read_text(encoding="utf-8")
    head, *entries = plan.split("[[notebook]]")
    (home / "notebooks" / "plan.toml").write_text("[[notebook]]".join([head, *entries[:4]]), encoding="utf-8")
    for step in read_plan(NOTEBOOKS / "plan.toml").steps[:4]:
        shutil.copy(step.file, home / "notebooks")

    def run(name: str) -> None:
        command = ["run", "--plan", home / "notebooks" / "plan.toml", "--seeds", corpus, "--out", home / "out", "-p", "gold", GOLD]
        result = CliRunner().invoke(cli.main, [str(a) for a in (*command, *given)])
        assert result.exit_code == 0, result.stderr
        latest = home / "out" / "latest"
        found[name] = result.stderr, pd.read_parquet(latest / "changes" / "changes.parquet"), latest.resolve()

    (corpus / "orchard.txt").write_text(ORCHARD, encoding="utf-8")
    run("first")
    (corpus / "orchard.txt").write_text(ORCHARD.replace("12,400", "15,700"), encoding="utf-8")
    (corpus / "mill.txt").write_text(MILL, encoding="utf-8")
    run("texts")
    given += ["-p", "currency", "EUR"]
    run("currency")
    (corpus / "names.toml").write_text(NAMES, encoding="utf-8")
    run("names")
    run("nothing")
    return found


def told(steps, name: str) -> list[tuple]:
    table = steps[name][1][["kind", "field", "before", "after", "cause"]].astype(object)
    return [tuple(row) for row in table.where(table.notna(), None).itertuples(index=False)]


def test_first_run_has_nothing_before_it(steps):
    assert told(steps, "first") == [] and "since the run" not in steps["first"][0]
    assert "Nothing to compare with" in (steps["first"][2] / "changes.html").read_text(encoding="utf-8")


def test_edited_figure_is_revised_by_text(steps):
    assert [row for row in told(steps, "texts") if row[0] != "new"] == [("revised", "value", "12400", "15700", "text")]
    assert ": 1 figure revised, 2 new (text)\n" in steps["texts"][0]
    page = (steps["texts"][2] / "changes.html").read_text(encoding="utf-8")
    assert "12,400 trees" in page and "15,700 trees</a>" in page


def test_another_currency_reconverts_money_by_parameter(steps):
    (row,) = told(steps, "currency")
    assert (row[0], row[1], row[4]) == ("reconverted", "value_eur", "parameter") and row[2].endswith("USD") and row[3].endswith("EUR")


def test_confirmed_name_reclassifies_by_names(steps):
    rows = told(steps, "names")
    assert ("reclassified", "actor", "Larkspur Foundation", "Larkspur Trust", "names") in rows
    assert {row[4] for row in rows} == {"names"}


def test_added_document_has_new_figures_by_text(steps):
    rows = told(steps, "texts")
    assert ("new", None, None, "77 wheelchair", "text") in rows and {row[4] for row in rows} == {"text"}


def test_unchanged_folder_prints_what_it_printed(steps):
    assert steps["nothing"][2] == steps["names"][2]
    assert "; nothing changed since" in steps["nothing"][0] and "since the run of" not in steps["nothing"][0]


def test_what_was_written_is_part_of_the_record(steps):
    record = json.loads((steps["texts"][2] / "run.json").read_text())
    assert {"changes.html", "changes/changes.csv", "changes/changes.json", "changes/changes.parquet"} <= record["pages"].keys()
    assert record["digests"]["data"].keys() >= {"lexicons/units.toml", "lexicons/names.toml"}
