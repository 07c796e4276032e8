"""The command line as a person meets it: what is printed where, and with which exit code."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from made_runs import write_run

from csrbook import cli, read_cli
from csrbook.arguments import LEXICONS
from csrbook.errors import DocumentError, NothingToRead, UsageError

TINY = Path(__file__).parent / "notebooks"
COMMANDS = sorted(cli.main.commands)


@dataclasses.dataclass
class Set_aside:
    doc: str
    start: int
    end: int
    text: str
    reason: str
    rule: str


HARVEST = types.SimpleNamespace(
    extractions=(
        types.SimpleNamespace(
            document=None,
            claims=({"doc": "a", "start": 3, "end": 8, "text": "5 亿\n元", "value": 5e8, "unit": "CNY"},),
            skipped=(Set_aside("a", 10, 14, "2020", "date", "year"),),
        ),
    ),
    unread=(types.SimpleNamespace(path="broken.pdf", reason="is encrypted", advice="remove the password"),),
)
RECORD = {"doc": None, "qualifier": None, "when": None, "relevance": "csr"}


@pytest.fixture
def library(monkeypatch):
    """Stand-ins for the modules that the commands call; returns what they were called with."""
    calls = {}

    def extract(paths, *, language=None, limit_mb=200):
        calls.update(paths=paths, language=language, limit_mb=limit_mb)
        if "nothing" in str(paths):
            return types.SimpleNamespace(extractions=(), unread=HARVEST.unread)
        if "raises" in str(paths):
            raise calls["error"]
        return HARVEST

    def explain(text, lexicons, *, language=None):
        return [f"{text} [{language}]", "rule x"]

    stand_in(monkeypatch, "corpus", extract=extract)
    stand_in(monkeypatch, "claims", record=lambda claim: RECORD | claim)
    stand_in(monkeypatch, "derivations", explain=explain)
    stand_in(monkeypatch, "explanations", explain_claims=lambda text, lexicons, *, language: [])
    stand_in(monkeypatch, "lexicon", load_lexicons=lambda: types.SimpleNamespace(digest="0123456789abcdef", check=lambda: None))
    return calls


def stand_in(monkeypatch, name: str, **attributes) -> None:
    module = types.ModuleType(f"csrbook.{name}")
    vars(module).update(attributes)
    monkeypatch.setitem(sys.modules, f"csrbook.{name}", module)


def call(*arguments) -> click.testing.Result:
    return CliRunner().invoke(cli.main, [str(a) for a in arguments])


def lines(result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


# --- reading commands ---


def test_extract_prints_one_record_a_line(library):
    result = call("extract", "some folder", "b.txt", "--jsonl", "--limit-mb", "5")
    assert result.exit_code == 0
    assert lines(result) == [RECORD | HARVEST.extractions[0].claims[0]]
    assert "亿" in result.stdout
    assert library["paths"] == [Path("some folder"), Path("b.txt")] and library["limit_mb"] == 5


def test_what_could_not_be_read_goes_to_stderr(library):
    result = call("extract", "x")
    assert result.stderr == "broken.pdf: is encrypted; remove the password\n"
    assert lines(result)


def test_ledger_prints_what_was_set_aside(library):
    assert lines(call("ledger", "x")) == [dataclasses.asdict(HARVEST.extractions[0].skipped[0])]


def test_reconcile_prints_kind_verdict_and_places(tmp_path):
    for name in ("a.txt", "b.txt"):
        text = f"The Harbour Fund of Northwind gave 61,400 masks to hospitals in March 2020. Told in {name[0]}."
        (tmp_path / name).write_text(text, encoding="utf-8")
    (told,) = lines(call("reconcile", tmp_path, "--jsonl"))
    assert (told["kind"], told["verdict"]) == ("same", "equal")
    assert [(m["doc"], m["start"]) for m in told["members"]] == [("a", 35), ("b", 35)]


def test_explain_prints_lines(library):
    code = next(path.stem for path in LEXICONS.glob("??.toml"))
    assert call("explain", "5 亿", "--language", code).stdout == f"5 亿 [{code}]\nrule x\n"


def test_explain_decides_the_language_as_for_a_document(library, monkeypatch):
    def read_document(file):
        if not file.read_text(encoding="utf-8").isascii():
            raise DocumentError(file.name, "is not in a language that is read")
        return types.SimpleNamespace(language="decided")

    stand_in(monkeypatch, "documents", read_document=read_document)
    assert call("explain", "5 kg").stdout.startswith("5 kg [decided]")
    unknown = call("explain", "あ")
    assert unknown.exit_code == 2 and "give --language" in unknown.stderr


def test_columns_on_a_terminal(library, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    read_cli.print_rows([RECORD | {"doc": "a", "text": "5\n6"}], ("doc", "when", "text"), False)
    read_cli.print_rows([{"doc": "a"}], ("doc",), True)
    assert capsys.readouterr().out == 'a  -  5 6\n{"doc": "a"}\n'


def test_score_counts(tmp_path):
    gold = {"doc": "a", "start": 0, "end": 5, "text": "5 kg!", "value": 5, "unit": "kg", "kind": "physical"}
    lines = (gold, gold | {"start": 10, "end": 15}), (gold | {"unit": "g"},)
    for name, records in zip(("gold.jsonl", "found.jsonl"), lines, strict=True):
        (tmp_path / name).write_text("\n".join(map(json.dumps, records)))
    told = call("score", tmp_path / "gold.jsonl", tmp_path / "found.jsonl").stdout.splitlines()
    assert told[1].split() == "value 1 right, 1 predicted, 2 gold, F1 0.667".split()
    assert told[2].split()[:3] == ["unit", "0", "right,"]


# --- exit codes and messages ---


@pytest.mark.parametrize(
    "error, code",
    [
        (DocumentError("a.pdf", "is cut short"), 1),
        (NothingToRead("a", "holds no document"), 2),
        (UsageError("x", "no such name"), 2),
        (ZeroDivisionError("division by zero"), 1),
    ],
)
def test_error_is_one_line(library, error, code):
    library["error"] = error
    result = call("extract", "raises")
    assert result.exit_code == code and result.stdout == ""
    assert result.stderr.count("\n") == 1 and str(error) in result.stderr
    assert "Traceback" not in result.stderr


def test_debug_shows_the_traceback(library):
    library["error"] = ZeroDivisionError()
    assert isinstance(call("--debug", "extract", "raises").exception, ZeroDivisionError)


def test_nothing_read_at_all_is_bad_use(library):
    result = call("extract", "nothing")
    assert result.exit_code == 2 and "no document could be read" in result.stderr


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["extrct", "x"], "extract"),
        (["extract", "x", "--langage", "en"], "--language"),
        (["extract", "x", "--language", "klingon"], "is not one of"),
        (["extract"], "Missing argument"),
        (["run", "-p", "seeds"], "-p"),
    ],
)
def test_bad_use_exits_2_and_suggests(arguments, told):
    result = call(*arguments)
    assert result.exit_code == 2 and told in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example_that_parses(command):
    result = call(command, "-h")
    assert result.exit_code == 0 and f"Example: csrbook {command}" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help(command):
    for parameter in cli.main.commands[command].params:
        assert isinstance(parameter, click.Argument) or parameter.help


def test_commands_are_short():
    """Ten statements at most: a command parses, calls and prints."""
    import ast
    import inspect

    for command in cli.main.commands.values():
        tree = ast.parse(inspect.getsource(command.callback)).body[0]
        assert len(tree.body) <= 10, command.name


# --- run, check, notebooks: on tiny notebooks, with real kernels ---


@pytest.fixture
def book(tmp_path, monkeypatch) -> Path:
    """A folder with a plan of two notebooks and a document; pages are made by a stand-in."""
    folder = tmp_path / "my book"
    (folder / "notebooks" / "seeds").mkdir(parents=True)
    (folder / "notebooks" / "seeds" / "a.txt").write_text("a")
    for name in ("01_lists.ipynb", "02_counts.ipynb"):
        shutil.copy(TINY / name, folder / "notebooks")
    (folder / "notebooks" / "plan.toml").write_text(
        'paths = ["seeds"]\n'
        '[[notebook]]\nfile = "01_lists.ipynb"\nreads = ["{seeds}"]\nwrites = ["01-lists"]\n'
        '[[notebook]]\nfile = "02_counts.ipynb"\nreads = ["01-lists"]\nwrites = ["02-counts.csv"]\n'
    )

    def make_pages(run):
        (run.folder / "index.html").write_text("page")
        return run.folder / "index.html"

    stand_in(monkeypatch, "share", make_pages=make_pages)
    monkeypatch.setattr("csrbook.runner.digest_library", lambda lock: {})
    monkeypatch.chdir(folder)
    return folder


def run(*arguments):
    return call("run", "--plan", "notebooks/plan.toml", "--out", "out", *arguments)


def test_run_says_where_to_look_and_again_does_nothing(book):
    first = run()
    assert (first.exit_code, first.stdout) == (0, f"{Path('out', 'latest', 'index.html')}\n")
    assert re.search(r"\[1/2\] 01-lists.ipynb: \d+\.\d s\n\[2/2\] 02-counts.ipynb", first.stderr)
    assert "2 notebooks run, 0 unchanged" in first.stderr
    assert (book / "out" / "latest" / "index.html").read_text() == "page"
    again = run()
    assert (again.exit_code, again.stdout) == (0, first.stdout) and "nothing changed since" in again.stderr
    assert "2 notebooks run" in run("--force").stderr


def test_run_reads_parameters_by_their_types(book):
    assert run("-p", "times", "2", "-p", "only", "a, b", "-p", "loud", "True", "-p", "note", "none").exit_code == 0
    told = json.loads((book / "out" / "latest" / "run.json").read_text())["parameters"]
    assert (told["times"], told["only"], told["loud"], told["note"]) == (2, ["a", "b"], True, None)


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("tims", "2", "did you mean times?"),
        ("times", "2.5", "'2.5' was given; a value of type int"),
        ("times", "0012", "a value of type int"),
        ("times", "1_000", "a value of type int"),
        ("round_to", "nan", "a value of type float"),
        ("loud", "yes", "a value of type bool"),
        ("run_dir", "x", "is set by the runner"),
        ("seeds", "nowhere", "no such file or folder"),
    ],
)
def test_run_refuses_what_does_not_fit(book, name, value, told):
    result = run("-p", name, value)
    assert result.exit_code == 2 and told in result.stderr and not (book / "out").exists()


@pytest.mark.parametrize("given", [["--seeds", ""], ["--out", ""], ["--plan", ""], ["-p", "seeds", ""]])
def test_variable_that_is_not_set_is_not_the_folder_where_one_stands(book, given):
    result = run(*given)
    assert result.exit_code == 2 and "is empty" in result.stderr and not (book / "out").exists()


def test_run_refuses_seeds_twice(book):
    result = run("--seeds", "notebooks", "-p", "seeds", "notebooks")
    assert result.exit_code == 2 and "-p seeds: was given twice" in result.stderr


def test_seeds_are_taken_from_where_the_person_stands(book):
    (book / "docs").mkdir()
    (book / "docs" / "mine.txt").touch()
    assert run("--seeds", "docs").exit_code == 0
    assert "mine.txt" in (book / "out" / "latest" / "01-lists" / "names.txt").read_text()


def test_failed_notebook_is_one_line_and_exit_1(book):
    path = book / "notebooks" / "02_counts.ipynb"
    path.write_text(path.read_text().replace("letters", "{1/0}"))
    result = run()
    assert result.exit_code == 1 and result.stdout == ""
    last = result.stderr.splitlines()[-1]
    assert "02_counts.ipynb, cell [4]: ZeroDivisionError: division by zero" in last
    assert os.path.exists(re.search(r"out/\S+\.failed/02-counts\.failed\.ipynb", last).group())


def test_check_lists_the_parameters(book, library):
    result = call("check", "--plan", "notebooks/plan.toml")
    assert result.exit_code == 0 and "its 2 notebooks agree" in result.stderr
    assert "-p times 1  int; how often to list it" in result.stdout


def test_notebooks_stores_outputs(book):
    (book / "notebooks" / "work").mkdir()
    assert call("notebooks", "--plan", "notebooks/plan.toml").exit_code == 0
    assert '"execution_count": 4' in (book / "notebooks" / "01_lists.ipynb").read_text()


# --- in a process of its own ---


def test_help_is_quick_and_imports_little():
    code = (
        "import sys; from csrbook.cli import main; main(['-h'], standalone_mode=False); "
        "print(sorted({'pandas', 'papermill', 'csrbook.lexicon', 'csrbook.runner'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command_once_under_what_it_is_for_and_cuts_no_line():
    told = call("-h").stdout
    assert sorted(name for names in cli.SECTIONS.values() for name in names) == COMMANDS
    assert "..." not in told.replace("[ARGS]...", "") and told.index("  run ") < told.index("  serve ") < told.index("  harvest ")
    assert all(len(command.get_short_help_str(200)) <= 67 for command in cli.main.commands.values())


def test_module_runs_as_the_command():
    done = subprocess.run([sys.executable, "-m", "csrbook", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("csrbook, version") and done.returncode == 0


def test_bar_ends_where_the_cells_do(capsys):
    from csrbook.progress import Bar

    bar = Bar()
    bar.begin(2, 7)
    bar.cell()
    bar.step("01.ipynb", 3, "1.0 s")
    bar.step("02.ipynb", 4, "unchanged")
    assert bar.bar.n == 7
    bar.end()
    assert "02.ipynb: unchanged" in capsys.readouterr().err


# --- changes ---


def test_changes_prints_the_line_and_a_row_a_change(tmp_path):
    first, second, third = (tmp_path / name for name in ("20260301T061500Z", "20260308T061500Z", "20260315T061500Z"))
    write_run(first, {"letter": "It gave [40 schools|40|school] paint."})
    write_run(second, {"letter": "It gave [45 schools|45|school] paint."})
    write_run(third, {"letter": "It gave [50 schools|50|school] paint."})
    (tmp_path / "latest").symlink_to(third.name)
    (row,) = lines(result := call("changes", "--out", tmp_path, "--jsonl"))
    assert (row["before"], row["after"], row["cause"]) == ("45", "50", "text") and result.exit_code == 0
    assert result.stderr == "since the run of 2026-03-08 06:15: 1 figure revised (text)\n"
    assert [row["after"] for row in lines(call("changes", first.name, second, "--out", tmp_path))] == ["45"]
    assert call("changes", "--out", tmp_path / "nowhere").exit_code == 2
    (first / "run.json").write_text("{}")
    broken = call("changes", first.name, "--out", tmp_path)
    assert broken.exit_code == 1 and broken.stderr.count("\n") == 1 and "format None" in broken.stderr


def test_run_tells_what_changed_since_the_run_before(book):
    assert "since the run of" not in run().stderr
    assert "since the run of" not in run().stderr
    again = run("--force").stderr
    assert re.search(r"since the run of \d{4}-\d\d-\d\d \d\d:\d\d: not compared: \S+: has no table of claims", again)


# --- on a schedule ---


def test_schedule_says_nothing_until_something_changes(book):
    assert "01-lists" in run("--if-changed").stderr
    quiet = run("--if-changed")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")
    log = next((book / "out" / "logs").glob("*.log"))
    told = log.read_text()
    assert log.stem == os.readlink(book / "out" / "latest") and "parameter times = 1" in told and "02-counts.ipynb: " in told
    (book / "notebooks" / "seeds" / "b.txt").write_text("b")
    assert "2 notebooks run" in run("--if-changed", "--keep", "1").stderr
    assert [p.stem for p in (book / "out" / "logs").iterdir()] == [os.readlink(book / "out" / "latest")]
    both = run("--if-changed", "--force")
    assert both.exit_code == 2 and "--force: was given with --if-changed; one of the two" in both.stderr


def test_failed_run_tells_a_program_where_and_leaves_its_traceback_in_the_log(book):
    path = book / "notebooks" / "02_counts.ipynb"
    path.write_text(path.read_text().replace("letters", "{1/0}"))
    result = run("--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["exit"], told["state"]) == (1, 1, "failed") and "Traceback" not in result.stderr
    assert told["error"]["where"] == "02_counts.ipynb, cell [4]" and "latest is as it was" in told["error"]["advice"]
    assert Path(told["log"]).name.endswith(".failed.log") and "ZeroDivisionError" in Path(told["log"]).read_text()
    assert "Traceback" in Path(told["log"]).read_text()


@pytest.mark.parametrize("arguments", [["--keep", "some"], ["--nonsense"], ["-p", "tims", "2"]])
def test_bad_use_is_told_to_a_program_too(book, arguments):
    result = run("--json", *arguments)
    told = json.loads(result.stdout)
    assert (result.exit_code, told["exit"], told["state"], told["log"]) == (2, 2, "refused", None) and told["error"]["what"]
    assert not (book / "out").exists()


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("currency", "dollars", "parameter currency is 'dollars'; one of AUD, "),
        ("currency", "usd", "parameter currency is 'usd'"),
        ("as_of", "2024-02-30", "parameter as_of is '2024-02-30'; a day, as 2024-05-31"),
        ("as_of", "2024", "a day, as 2024-05-31"),
    ],
)
def test_day_and_currency_are_looked_at_before_anything_runs(tmp_path, name, value, told):
    result = call("run", "--out", tmp_path / "out", "-p", name, value)
    assert result.exit_code == 2 and told in result.stderr and not (tmp_path / "out").exists()


def test_second_that_stores_notebooks_is_told_who_does(book):
    from csrbook.locks import hold

    before = (book / "notebooks" / "01_lists.ipynb").read_bytes()
    (book / "notebooks" / ".ipynb_checkpoints").mkdir()
    with hold(book / "notebooks" / ".ipynb_checkpoints", "storing notebooks"):
        result = call("notebooks", "--plan", "notebooks/plan.toml")
    assert result.exit_code == 1 and f"process {os.getpid()} on " in result.stderr and "storing notebooks; wait for it" in result.stderr
    assert (book / "notebooks" / "01_lists.ipynb").read_bytes() == before


def test_second_run_is_told_who_holds_the_folder_also_as_json(book):
    from csrbook.locks import hold

    (book / "out").mkdir()
    with hold(book / "out"):
        result = run("--if-changed", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["exit"]) == (1, 1) and f"another run is at work: process {os.getpid()} on " in told["error"]["what"]
    assert Path(told["log"]).name.endswith(".refused.log") and "another run is at work" in Path(told["log"]).read_text()
