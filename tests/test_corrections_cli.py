"""csrbook corrections as a person meets it, and what a run makes of the file: tables, workbook, exit code."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner

from csrbook import cli, corrections_cli
from csrbook.decisions import CORRECTIONS, read_decisions
from csrbook.lexicon import load_lexicons

ROOT = Path(__file__).parents[1]
TEXT = """The year at Larkspur

Larkspur gave 2.5 million euros to 40 schools in March 2021. Volunteers cleaned 12 beaches.

Pens went to 40 schools in the hills. It plans to plant 3,000 trees by 2025.
"""
ANN = ("--who", "Ann Lee", "--why", "see the picture", "--on", "2024-05-02")


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "letter.txt").write_text(TEXT, encoding="utf-8")
    return folder


def call(command, seeds, *arguments):
    return CliRunner().invoke(cli.main, ["corrections", command, *map(str, arguments), "--seeds", str(seeds)])


def add(seeds, quotation, field, value, *more):
    return call("add", seeds, "letter", quotation, "--field", field, "--value", value, *(more or ANN))


def rows(seeds):
    return read_decisions(seeds / CORRECTIONS, load_lexicons())


# ---- add ---------------------------------------------------------------------------------------------------------------


def test_add_looks_up_place_and_old_value(seeds):
    result = add(seeds, "12 beaches", "theme", "environment")
    assert result.exit_code == 0 and "line 2: letter '12 beaches', theme " in result.stdout
    (one,) = rows(seeds)
    assert (one.before, one.after) == ("Volunteers cleaned ", ".")
    assert one.expect and one.expect != "environment" and not one.problem
    assert (one.who, one.when, one.why, one.signed_by) == ("Ann Lee", "2024-05-02", "see the picture", "")


def test_add_takes_the_day_when_none_is_given(seeds):
    assert add(seeds, "12 beaches", "claim", "accept", "--who", "Ann", "--why", "read").exit_code == 0
    assert len(rows(seeds)[0].when) == len("2024-05-02")


def test_add_asks_for_context_where_a_figure_is_printed_twice(seeds):
    result = add(seeds, "40 schools", "unit", "college")
    assert result.exit_code == 1 and "printed 2 times" in result.stderr and not (seeds / CORRECTIONS).exists()
    assert add(seeds, "40 schools", "unit", "college", *ANN, "--before", "Pens went to ").exit_code == 0
    assert add(seeds, "40 schools", "unit", "college", *ANN, "--after", " in March").exit_code == 0
    assert [one.before for one in rows(seeds)] == ["Pens went to ", "Larkspur gave 2.5 million euros to "]
    assert call("check", seeds).exit_code == 0


@pytest.mark.parametrize(
    ("doc", "quotation", "field", "value", "code", "told"),
    [
        ("lettr", "12 beaches", "theme", "environment", 1, "did you mean letter?"),
        ("letter", "12 beach", "theme", "environment", 1, "did you mean '12 beaches'?"),
        ("letter", "12 beaches", "theme", "environmnt", 1, "did you mean environment?"),
        ("letter", "12 beaches", "them", "rural", 1, "did you mean theme?"),
        ("letter", "12 beaches", "value", "2,5", 1, "digits and a point"),
        ("letter", "12 beaches", "claim", "maybe", 1, "one of accept, reject"),
    ],
)
def test_add_refuses_in_one_line_and_writes_nothing(doc, quotation, field, value, code, told, seeds):
    result = call("add", seeds, doc, quotation, "--field", field, "--value", value, *ANN)
    assert result.exit_code == code and told in result.stderr
    assert result.stderr.count("\n") == 1 and not (seeds / CORRECTIONS).exists()


def test_add_refuses_a_day_that_is_none_and_a_folder_that_is_not_there(seeds):
    assert add(seeds, "12 beaches", "claim", "accept", "--who", "A", "--why", "b", "--on", "today").exit_code == 2
    result = add(seeds / "absent", "12 beaches", "claim", "accept")
    assert result.exit_code == 2 and "is no folder" in result.stderr


# ---- sign, list, check -------------------------------------------------------------------------------------------------


def test_a_dispute_is_listed_with_its_agreement_and_ends_when_one_is_signed(seeds):
    add(seeds, "12 beaches", "theme", "environment")
    add(seeds, "12 beaches", "theme", "community", "--who", "Ben Roth", "--why", "a town's own", "--on", "2024-05-03")
    listed = call("list", seeds)
    assert listed.exit_code == 0 and listed.stdout.count("disputed") == 2
    assert "agreement on theme: 0% of pairs, alpha 0.000; 1 claims, 2 people" in listed.stdout
    checked = call("check", seeds)
    assert checked.exit_code == 3 and checked.stderr == "2 disputed\n"
    assert call("sign", seeds, 2, "--who", "ann LEE").exit_code == 1
    assert "signed by Cy Sand" in call("sign", seeds, 2, "--who", "Cy Sand", "--on", "2024-06-01").stdout
    checked = call("check", seeds)
    assert checked.exit_code == 0 and checked.stderr == "1 kept, 1 overruled\n" and checked.stdout == ""
    assert "Ann Lee 2024-05-02, signed by Cy Sand" in call("list", seeds).stdout


def test_bad_rows_are_listed_with_their_line_beside_the_good(seeds):
    add(seeds, "12 beaches", "theme", "environment")
    with (seeds / CORRECTIONS).open("a", encoding="utf-8") as file:
        file.write("letter,12 beaches,,,theme,,trees,Ann,2024-05-02,why,,\n")
    checked = call("check", seeds)
    assert checked.exit_code == 3 and checked.stdout.startswith("line 3  bad  letter") and "no theme 'trees'" in checked.stdout
    assert "line 2  kept" in call("list", seeds).stdout


def test_what_a_file_says_steers_no_terminal(seeds):
    add(seeds, "12 beaches", "unit", "shore", "--who", "Ann \x9b31m\u202eLee", "--why", "why", "--on", "2024-05-02")
    (line,) = call("list", seeds).stdout.splitlines()
    assert "Ann \\u009b31m\\u202eLee" in line and line.isprintable()
    file = seeds / "corrections.csv"
    file.write_bytes(file.read_bytes().replace("\x9b".encode(), b"\x1b["))
    (line,) = call("list", seeds).stdout.splitlines()
    assert "who holds U+001B" in line and line.isprintable()


def test_without_decisions_all_is_well(seeds):
    assert call("list", seeds).stdout == ""
    checked = call("check", seeds)
    assert checked.exit_code == 0 and checked.stderr == "no decisions\n"


def test_a_file_without_its_columns_is_one_line(seeds):
    (seeds / CORRECTIONS).write_text("doc,quotation\n", encoding="utf-8")
    checked = call("check", seeds)
    assert checked.exit_code == 1 and "has no column before" in checked.stderr and checked.stderr.count("\n") == 1


@pytest.mark.parametrize("command", sorted(corrections_cli.corrections.commands))
def test_every_command_has_an_example_and_help_for_its_options(command):
    told = CliRunner().invoke(cli.main, ["corrections", command, "-h"]).stdout
    assert f"Example: csrbook corrections {command}" in told
    options = [one for one in corrections_cli.corrections.commands[command].params if isinstance(one, click.Option)]
    assert options and all(one.help for one in options)


# ---- extract and reconcile ---------------------------------------------------------------------------------------------


def test_extract_prints_the_machines_reading_unless_asked(seeds):
    add(seeds, "12 beaches", "theme", "environment")
    add(seeds, "3,000 trees", "claim", "reject")

    def printed(*more):
        result = CliRunner().invoke(cli.main, ["extract", str(seeds), "--jsonl", *more])
        return {row["text"]: row for row in map(json.loads, result.stdout.splitlines())}

    assert "3,000 trees" in printed() and "reviewed" not in printed()["12 beaches"]
    decided = printed("--corrected")
    assert "3,000 trees" not in decided
    assert (decided["12 beaches"]["theme"], decided["12 beaches"]["reviewed"]) == ("environment", "corrected")


def test_reconcile_honours_decisions_and_tells_those_that_do_not_hold(tmp_path):
    for name, number in (("a", "61,400"), ("b", "61,500")):
        text = f"The Harbour Fund of Northwind gave {number} masks to hospitals in March 2020. Told in {name}."
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")

    def verdicts():
        result = CliRunner().invoke(cli.main, ["reconcile", str(tmp_path), "--jsonl"])
        return [json.loads(line)["verdict"] for line in result.stdout.splitlines()], result.stderr

    assert verdicts()[0] != ["equal"]
    told = ("--field", "value", "--value", "61400", *ANN)
    assert call("add", tmp_path, "b", "61,500 masks", *told).exit_code == 0
    assert verdicts() == (["equal"], "")
    (tmp_path / "b.txt").write_text((tmp_path / "b.txt").read_text().replace("61,500", "61,600"), encoding="utf-8")
    found, stderr = verdicts()
    assert found != ["equal"] and stderr.startswith("corrections.csv, line 2: orphan; ")


# ---- a run -------------------------------------------------------------------------------------------------------------

PLAN = """format = 1
paths = ["seeds", "gold"]
cell_timeout = 600
[[notebook]]
file = "01_sources.ipynb"
reads = ["{seeds}"]
writes = ["01-sources"]
[[notebook]]
file = "02_extract.ipynb"
reads = ["{seeds}", "{gold}", "01-sources"]
writes = ["02-extract"]
[[notebook]]
file = "03_tabulate.ipynb"
reads = ["01-sources", "02-extract"]
writes = ["03-tabulate"]
"""


def run(tmp_path, seeds):
    """Run the first three notebooks; return exit code and what was told."""
    (tmp_path / "notebooks").mkdir(exist_ok=True)
    (tmp_path / "notebooks" / "plan.toml").write_text(PLAN, encoding="utf-8")
    for path in (ROOT / "notebooks").glob("0[123]_*.ipynb"):
        shutil.copyfile(path, tmp_path / "notebooks" / path.name)
    command = ["run", "--seeds", seeds, "--out", tmp_path / "out", "--plan", tmp_path / "notebooks" / "plan.toml"]
    command += ["-p", "gold", ROOT / "tests" / "gold"]
    ran = subprocess.run([sys.executable, "-m", "csrbook", *map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr


def test_a_run_applies_decisions_and_tells_those_to_look_at(tmp_path, seeds):
    add(seeds, "12 beaches", "unit", "shore")
    add(seeds, "3,000 trees", "claim", "reject")
    (seeds / "letter.txt").write_text(TEXT.replace("3,000", "4,000"), encoding="utf-8")
    code, told = run(tmp_path, seeds)
    assert code == 3, told
    last = told.splitlines()[-1]
    assert last == "corrections to look at: 1 orphan; see 02-extract/decisions.csv, or csrbook corrections check"
    latest = tmp_path / "out" / "latest"
    first = os.readlink(latest)

    decisions = pd.read_parquet(latest / "02-extract" / "decisions.parquet")
    assert list(decisions["state"]) == ["kept", "orphan"]
    assert (latest / "01-sources" / CORRECTIONS).read_bytes() == (seeds / CORRECTIONS).read_bytes()
    claims = pd.read_parquet(latest / "03-tabulate" / "claims_normal.parquet").set_index("text")
    assert (claims["unit"]["12 beaches"], claims["reviewed"]["12 beaches"]) == ("shore", "corrected")
    assert claims["reviewer"]["12 beaches"] == "Ann Lee" and claims["reviewed"].isna()["4,000 trees"]
    with zipfile.ZipFile(latest / "workbook.xlsx") as book:
        assert ">shore<" in book.read("xl/sharedStrings.xml").decode()

    assert run(tmp_path, seeds)[0] == 3 and os.readlink(latest) == first  # nothing changed, and it is told again
    (seeds / "letter.txt").write_text(TEXT, encoding="utf-8")
    code, told = run(tmp_path, seeds)
    assert code == 0 and "corrections" not in told
    assert list(pd.read_parquet(latest / "02-extract" / "decisions.parquet")["state"]) == ["kept", "kept"]
    claims = pd.read_parquet(latest / "03-tabulate" / "claims_normal.parquet").set_index("text")
    assert claims["unit"]["12 beaches"] == "shore" and "3,000 trees" not in claims.index
    accounting = pd.read_parquet(latest / "02-extract" / "accounting.parquet")
    assert accounting.set_index("reason")["numerals"]["rejected"] == 1


def test_a_run_without_such_a_table_has_nothing_to_tell(tmp_path):
    assert corrections_cli.tell_open(tmp_path) == ""
