"""The log of a run: what stands in it, under which name, and what it may never do."""

import re

import pytest

from csrbook.errors import RunError, UsageError
from csrbook.run_logs import LINE, SIZE, RunLog


def run_of(tmp_path, name="20260101T000000Z") -> RunLog:
    log = RunLog(tmp_path, ["csrbook", "run"])
    log.name(name)
    log.begin(1, 4)
    return log


def test_log_tells_command_versions_parameters_steps_and_end_each_with_its_time(tmp_path):
    log = RunLog(tmp_path, ["csrbook", "run", "--keep", "3"])
    log.parameters({"currency": "EUR", "limit_mb": 5})
    log.name("20260101T000000Z")
    log.begin(2, 9)
    log.step("01-sources.ipynb", 4, "1.0 s")
    log.close(0)
    told = (tmp_path / "logs" / "20260101T000000Z.log").read_text().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S", line) for line in told)
    rest = [line.split(" ", 1)[1] for line in told]
    assert rest[0] == "csrbook run --keep 3" and rest[1].startswith("process ") and "papermill " in rest[2]
    assert rest[3:5] == ["parameter currency = 'EUR'", "parameter limit_mb = 5"]
    assert rest[5].startswith("run 20260101T000000Z in ") and rest[6:8] == ["2 notebooks, 9 cells", "01-sources.ipynb: 1.0 s"]
    assert re.fullmatch(r"exit 0, \d+\.\d s", rest[-1])


def test_killed_run_leaves_what_was_told_so_far(tmp_path):
    run_of(tmp_path).step("01-sources.ipynb", 4, "1.0 s")
    assert "01-sources.ipynb" in (tmp_path / "logs" / "20260101T000000Z.log").read_text()


def test_failed_run_has_the_line_and_the_traceback_of_its_cause(tmp_path):
    log = run_of(tmp_path)
    try:
        try:
            raise ZeroDivisionError("by\x1b[31m zero")
        except ZeroDivisionError as error:
            raise RunError("02.ipynb, cell [2]", "stopped", advice="see it") from error
    except RunError as error:
        log.fail(error, 1)
    assert log.path.name == "20260101T000000Z.failed.log" and [p.name for p in (tmp_path / "logs").iterdir()] == [log.path.name]
    told = log.path.read_text()
    assert "stopped: 02.ipynb, cell [2]: stopped; see it\n" in told and "Traceback (most recent call last)" in told
    assert "ZeroDivisionError: by zero" in told and "\x1b" not in told and re.search(r"exit 1, \d+\.\d s\n$", told)


def test_refused_run_has_a_log_where_there_are_runs_and_makes_no_folder(tmp_path):
    log = RunLog(tmp_path / "out", ["csrbook", "run"])
    log.fail(RunError("x", "is wrong"), 2)
    assert log.path is None and not (tmp_path / "out").exists()
    log = RunLog(tmp_path, ["csrbook", "run"])
    log.fail(RunError("x", "is wrong"), 2)
    assert log.path.name.endswith(".refused.log")
    assert "stopped: x: is wrong\n" in log.path.read_text() and "Traceback" not in log.path.read_text()


def test_interrupted_run_says_so(tmp_path):
    log = run_of(tmp_path)
    log.fail(KeyboardInterrupt(), None)
    assert "ended by a signal or Ctrl-C" in log.path.read_text()


def test_log_grows_to_its_size_and_no_further(tmp_path):
    log = run_of(tmp_path)
    for _ in range(SIZE // LINE + 20):
        log.tell("x" * (2 * LINE))
    assert SIZE - 2 * LINE < log.path.stat().st_size <= SIZE
    assert max(map(len, log.path.read_text().splitlines())) < LINE + 40


@pytest.mark.parametrize(
    "text, shown",
    [("a\x1b]0;title\x07b", "a\\u001b]0;title\\u0007b"), ("a\u202eb", "a\\u202eb"), ("a\udcffb", "a\\udcffb")],
)
def test_words_of_others_steer_nothing(tmp_path, text, shown):
    log = run_of(tmp_path)
    log.tell(text)
    assert shown in log.path.read_text()


def test_log_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "logs").write_text("a file in its place")
    log = run_of(tmp_path)
    log.step("01.ipynb", 4, "1.0 s")
    log.close(0)
    assert log.path is None


def test_command_can_be_given_again_as_it_stands_there(tmp_path):
    log = RunLog(tmp_path, ["csrbook", "run", "--seeds", "my reports", "-p", "mark", "x\nexit 0, 1.0 s"])
    log.name("20260101T000000Z")
    told = log.path.read_text().splitlines()
    assert told[0].endswith("Z csrbook run --seeds 'my reports' -p mark 'x\\u000aexit 0, 1.0 s'") and "process" in told[1]


def test_name_of_a_document_begins_no_line(tmp_path):
    log = run_of(tmp_path)
    log.fail(RunError("a\n2026-01-01T00:00:00.000Z exit 0.txt", "is wrong"), 1)
    assert len([line for line in log.path.read_text().splitlines() if " exit " in line and "stopped" not in line]) == 1


def test_bad_use_needs_no_traceback(tmp_path):
    log = RunLog(tmp_path, ["csrbook", "run"])
    try:
        try:
            raise FileNotFoundError("plan.toml")
        except FileNotFoundError as cause:
            raise UsageError("plan.toml", "cannot be read") from cause
    except UsageError as error:
        log.fail(error, 2)
    assert "stopped: plan.toml: cannot be read\n" in log.path.read_text() and "Traceback" not in log.path.read_text()


def test_a_link_in_the_place_of_the_logs_is_not_followed(tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "logs").symlink_to(tmp_path / "victim")
    log = run_of(tmp_path)
    log.close(0)
    assert log.path is None and not list((tmp_path / "victim").iterdir())
