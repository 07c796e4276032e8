"""A run on time: the line for cron as cron would run it, units as systemd reads them, and the workflow."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from csrbook import cli
from csrbook.errors import UsageError
from csrbook.schedule_cli import cron_line, quote_unit, units

ROOT = Path(__file__).parents[1]
TINY = Path(__file__).parent / "notebooks"
WORKFLOW = ROOT / ".github" / "workflows" / "run.yml"
ODD = "my 50% 'odd' $HOME `x` \"book\""


@pytest.fixture
def book(tmp_path) -> Path:
    """A plan of one tiny notebook in a folder whose name a shell, cron and systemd would each read otherwise."""
    folder = tmp_path / ODD
    (folder / "notebooks" / "seeds").mkdir(parents=True)
    (folder / "out").mkdir()
    (folder / "notebooks" / "seeds" / "a.txt").write_text("a")
    shutil.copy(TINY / "01_lists.ipynb", folder / "notebooks")
    plan = 'paths = ["seeds"]\n[[notebook]]\nfile = "01_lists.ipynb"\nreads = ["{seeds}"]\nwrites = ["01-lists"]\n'
    (folder / "notebooks" / "plan.toml").write_text(plan)
    return folder


def schedule(*arguments):
    return CliRunner().invoke(cli.main, ["schedule", *map(str, arguments)])


def as_cron_runs(line: str) -> str:
    """Return what cron hands to the shell: up to the first bare %, with a backslash taken from before the others."""
    command, at = "", 0
    while at < len(line) and line[at] != "%":
        at += line[at : at + 2] == r"\%"
        command += line[at]
        at += 1
    assert at == len(line), "the rest of the line would be the input of the command"
    return command


# --- cron ---


def test_line_runs_as_cron_would_run_it_and_then_says_nothing(book):
    options = ["--seeds", book / "notebooks" / "seeds", "--out", book / "out", "--keep", 2]
    told = schedule("cron", *options, "--when", "15 6 * * 1", "--", "--plan", book / "notebooks" / "plan.toml", "-p", "times", "2")
    assert told.exit_code == 0 and told.stdout.startswith("15 6 * * 1 ") and told.stdout.count("\n") == 1
    command = as_cron_runs(told.stdout.rstrip("\n").removeprefix("15 6 * * 1 "))
    bare = ["env", "-i", f"HOME={book.parent}", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "LOGNAME=me", f"PYTHONPATH={ROOT / 'lib'}"]
    for said in (True, False):
        ran = subprocess.run(
            [*bare, "/bin/sh", "-c", command], cwd=book.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            start_new_session=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0 and bool(ran.stdout + ran.stderr) == said, ran.stderr
    (log,) = (book / "out" / "logs").iterdir()
    assert "parameter times = 2" in log.read_text()


@pytest.mark.parametrize("when", ["15 6 * *", "15 6 * * 1 2", "@never", "15 6 * * 1; rm x", "15 6 * * %", "* * * *\n*", ""])
def test_time_that_cron_does_not_know_is_refused(when):
    with pytest.raises(UsageError, match="--when"):
        cron_line(["csrbook"], when)


@pytest.mark.parametrize("when", ["15 6 * * 1", "*/10 8-18 1,15 jan mon-fri", "@daily"])
def test_times_of_cron_are_known(when):
    assert cron_line(["csrbook", "a b"], when) == f"{when} csrbook 'a b'"


@given(st.lists(st.text(st.characters(exclude_characters="\\\n\r\0", exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=5))
def test_every_word_arrives_as_it_was(words):
    assert shlex.split(as_cron_runs(cron_line(words, "@daily").removeprefix("@daily "))) == words


@pytest.mark.parametrize("word", ["a\nb", "a\\b", "x" * 1000])
def test_what_cron_cannot_pass_on_is_refused(word):
    with pytest.raises(UsageError, match="csrbook schedule systemd|none"):
        cron_line(["csrbook", word], "@daily")


# --- systemd ---


@pytest.fixture
def analyze(tmp_path):
    """The checker of systemd; absent, CI fails and a person's run skips."""
    if not (found := shutil.which("systemd-analyze")):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no systemd-analyze: apt-get install systemd")
    return lambda *arguments: subprocess.run(
        [found, *map(str, arguments)], env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True
    )


def test_units_are_such_as_systemd_takes_without_a_word(book, analyze):
    home = book.parent / "units"
    told = schedule("systemd", "--seeds", book / "notebooks", "--out", book / "out", "--to", home)
    assert told.stdout.split() == [str(home / "csrbook.service"), str(home / "csrbook.timer")], told.stderr
    checked = analyze("verify", "--user", home / "csrbook.service", home / "csrbook.timer")
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    (home / "csrbook.service").write_text((home / "csrbook.service").read_text().replace("ProtectSystem", "ProtectSistem"))
    assert "Unknown key" in analyze("verify", "--user", home / "csrbook.service").stderr  # so that it can say something


@pytest.mark.parametrize("when", ["*-*-* 06:15:00", "Mon 06:15", "hourly"])
def test_times_of_systemd_are_such(analyze, when):
    text = units(["csrbook"], when, out=Path("/srv"), seeds=Path("/srv"))["csrbook.timer"]
    (line,) = (line for line in text.splitlines() if line.startswith("OnCalendar="))
    assert "Next elapse" in analyze("calendar", line.removeprefix("OnCalendar=")).stdout


def test_service_runs_the_same_command_confined(book):
    texts = units([sys.executable, "-m", "csrbook", ODD], "daily", out=book / "out", seeds=Path("/srv/reports"))
    service = dict(line.split("=", 1) for line in texts["csrbook.service"].splitlines() if "=" in line and line[0] != "#")
    words = [word.replace("$$", "$").replace("%%", "%") for word in shlex.split(service["ExecStart"])]
    assert words == [sys.executable, "-m", "csrbook", ODD]
    kept = ("Type", "ProtectSystem", "PrivateNetwork", "NoNewPrivileges", "TimeoutStartSec", "MemoryMax")
    assert [service[name] for name in kept] == ["oneshot", "strict", "yes", "yes", "6h", "80%"]
    assert "SuccessExitStatus" not in service


@pytest.mark.parametrize("address, alone", [("tcp://10.0.0.1:8786", False), ("tls://h:1", False), ("processes", True)])
def test_network_is_left_where_a_cluster_is_asked_for(address, alone):
    text = units(["csrbook", "-p", "scheduler", address], "daily", out=Path("/srv"), seeds=Path("/srv"))["csrbook.service"]
    assert ("PrivateNetwork=yes" in text) == alone


@pytest.mark.parametrize("folder, private", [("/srv/runs", True), ("/tmp/runs", False), ("/var/tmp/runs", False)])
def test_runs_under_tmp_are_not_hidden(folder, private):
    text = units(["csrbook"], "daily", out=Path(folder), seeds=Path("/srv"))["csrbook.service"]
    assert ("PrivateTmp=yes" in text) == private and ("ReadWritePaths=/tmp" in text) != private


@pytest.mark.parametrize("text, quoted", [("a b", '"a b"'), ('a"b', '"a\\"b"'), ("50%", '"50%%"'), ("a\\b", '"a\\\\b"'), ("$x", '"$$x"')])
def test_words_are_quoted_for_units(text, quoted):
    assert quote_unit(text, dollars=True) == quoted


def test_unit_of_another_maker_stays(book):
    (book / "csrbook.timer").write_text("[Timer]\n")
    told = schedule("systemd", "--out", book / "out", "--to", book)
    assert told.exit_code == 2 and "was not made by csrbook schedule" in told.stderr
    assert (book / "csrbook.timer").read_text() == "[Timer]\n" and not (book / "csrbook.service").exists()


def test_folder_of_runs_must_be_there(tmp_path):
    told = schedule("cron", "--out", tmp_path / "nowhere")
    assert told.exit_code == 2 and "is no folder" in told.stderr


@pytest.mark.parametrize(
    "given, told",
    [
        (["cron", "--", "--nonsense"], "No such option"),
        (["cron", "--", "--keep", "some"], "is not a valid integer"),
        (["cron", "--", "--fail-on", "conflict"], "conflicts, orphans, unread with commas"),
        (["systemd", "--", "--force"], "--force: was given"),
        (["cron", "--to", "."], "--to: was given with cron"),
        (["cron", "--seeds", "nowhere"], "nowhere: no such file or folder"),
        (["cron", "--seeds", ""], "is empty"),
    ],
)
def test_what_would_fail_every_night_is_refused_now(book, given, told):
    refused = schedule(given[0], "--out", book / "out", *given[1:])
    assert refused.exit_code == 2 and told in refused.stderr and refused.stdout == ""


def test_time_that_systemd_does_not_know_is_refused(book, analyze):
    refused = schedule("systemd", "--out", book / "out", "--when", "never ever")
    assert refused.exit_code == 2 and "--when: 'never ever' was given" in refused.stderr


# --- workflow ---


@pytest.fixture(scope="module")
def workflow() -> dict:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


def test_workflow_runs_on_time_and_by_hand_one_at_a_time_and_keeps_what_it_made(workflow):
    on = workflow[True]  # YAML takes the word "on" for a truth value
    assert on["schedule"] and set(on["workflow_dispatch"]["inputs"]) == {"seeds", "currency", "fail_on"}
    assert workflow["permissions"] == {"contents": "read"} and workflow["concurrency"] == {"group": "run", "cancel-in-progress": False}
    used = {step["uses"].split("@")[0]: step for step in workflow["jobs"]["run"]["steps"] if "uses" in step}
    assert used["actions/upload-artifact"]["if"] == used["actions/cache/save"]["if"] == "always()"  # also of a run that ends with 1 or 3
    kept, found = (used[f"actions/cache/{what}"]["with"] for what in ("save", "restore"))
    assert kept["path"] == found["path"] == "outputs" and kept["key"].startswith(found["restore-keys"])


def test_no_input_is_read_by_a_shell(workflow, tmp_path):
    steps = workflow["jobs"]["run"]["steps"]
    assert not any("${{" in step.get("run", "") for step in steps)
    (step,) = (step for step in steps if "csrbook run" in step.get("run", ""))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    fake = tmp_path / ".venv" / "bin" / "csrbook"
    fake.write_text('#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "<$word>"; done\n')
    fake.chmod(0o755)
    evil = '"; touch pwned; $(touch pwned) `touch pwned` #'
    ran = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=os.environ | dict.fromkeys(step["env"], evil), check=False)
    assert ran.returncode == 0 and not (tmp_path / "pwned").exists()
    assert (tmp_path / "outcome.json").read_text().splitlines().count(f"<{evil}>") == 3


def test_archive_takes_every_name_and_leaves_out_what_is_hidden(workflow, tmp_path):
    (step,) = (step for step in workflow["jobs"]["run"]["steps"] if "tar" in step.get("run", ""))
    for name in ("20260101T000000Z/a: b?.txt", ".kept/x", ".lock"):
        (tmp_path / "outputs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "outputs" / name).touch()
    (tmp_path / "outputs" / "latest").symlink_to("20260101T000000Z")
    assert subprocess.run(["bash", "-e", "-c", step["run"]], cwd=tmp_path, capture_output=True, check=False).returncode == 0  # no outcome.json
    listed = subprocess.run(["tar", "-tzf", tmp_path / "outputs.tar.gz"], capture_output=True, text=True, check=True).stdout.split("\n")
    assert {"outputs/latest", "outputs/20260101T000000Z/a: b?.txt"} <= set(listed) and not any("/." in name for name in listed)


def test_workflow_gives_options_that_there_are(workflow):
    (step,) = (step for step in workflow["jobs"]["run"]["steps"] if "csrbook run" in step.get("run", ""))
    known = {name for option in cli.run.params for name in option.opts}
    assert {word for word in step["run"].split() if word.startswith("-")} <= known
