"""What is said around a run: summary, JSON, exit code, old runs, the log; runs themselves are made up."""

import contextlib
import json
import re
import types
from pathlib import Path

import pytest

from csrbook.errors import NothingToRead, RunError, UsageError
from csrbook.exits import read_findings
from csrbook.interrupts import Interrupted
from csrbook.run_cli import Asked, carry_out
from csrbook.summaries import summarise

COUNTS = {"documents": 2, "figures": None, "conflicts": 2, "orphans": 1, "unread": 1}


def make_run(out: Path, name: str = "20260101T000000Z", *, clean: bool = False) -> Path:
    """A run of two documents; one file was not read, two relations are conflicts, one decision is an orphan."""
    run = out / name
    for folder in ("01-sources", "02-extract", "04-reconcile", "changes"):
        (run / folder).mkdir(parents=True)
    (run / "run.json").write_text(json.dumps({"format": 1, "run": name, "notebooks": []}))
    (run / "01-sources" / "sources.csv").write_text("path,status\na.txt,read\nb.txt,read\n" + ("" if clean else "c.pdf,unread\n"))
    (run / "02-extract" / "decisions.csv").write_text("doc,state\na,kept\n" + ("" if clean else "a,orphan\n"))
    (run / "04-reconcile" / "relations.csv").write_text("kind\nsame\n" + ("" if clean else "conflict\nbad_conversion\n"))
    counts = [{"kind": "new", "cause": "text", "changes": 3}, {"kind": "revised", "cause": "text", "changes": 1}]
    counts += [{"kind": "relation_new", "cause": "text", "changes": 9}]  # of no figure
    told = {"before": "20251231T000000Z", "line": "since the run of 2025-12-31: 3 new", "counts": counts}
    (run / "changes" / "changes.json").write_text(json.dumps(told))
    (out / "latest").unlink(missing_ok=True)
    (out / "latest").symlink_to(name)
    return run


def work_of(run: Path, *, ran: bool = True):
    def work(progress, note):
        if ran:
            progress.name(run.name)
            progress.begin(1, 1)
            progress.end()
        notebooks = ("01.ipynb",)
        outcome = {"folder": run, "page": run / "index.html", "seconds": 1.25}
        return types.SimpleNamespace(ran=notebooks if ran else (), copied=() if ran else notebooks, **outcome)

    return work


# --- what there is to look at ---


@pytest.mark.parametrize(
    "text, read",
    [
        ("orphans", ("orphans",)),
        ("unread, conflicts", ("conflicts", "unread")),
        ("conflicts,orphans,unread", ("conflicts", "orphans", "unread")),
        ("none", ()),
    ],
)
def test_findings_are_read(text, read):
    assert read_findings(text) == read


@pytest.mark.parametrize("text", ["", "conflict", "none,unread", "orphans,", "all"])
def test_other_words_are_refused(text):
    with pytest.raises(UsageError, match="conflicts, orphans, unread with commas between them, or none"):
        read_findings(text)


def test_counts_come_from_the_tables_of_the_run(tmp_path):
    summary = summarise(make_run(tmp_path))
    assert summary.counts == COUNTS
    assert (summary.changes["new"], summary.changes["changed"], summary.changes["gone"]) == (3, 1, 0)
    assert summary.line == "2 documents, 2 conflicts, 1 orphan, 1 unread"


def test_run_of_other_notebooks_has_nothing_to_count(tmp_path):
    summary = summarise(tmp_path)
    assert set(summary.counts.values()) == {None} and summary.line == "" and summary.to_look_at(("conflicts",)) == ()


@pytest.mark.parametrize(
    "fail_on, ran, if_changed, clean, code",
    [
        ("orphans", True, False, False, 3),
        ("orphans", True, True, False, 3),
        ("conflicts", True, False, False, 3),
        ("unread", True, False, False, 3),
        ("none", True, False, False, 0),
        ("conflicts,orphans,unread", True, False, True, 0),
        ("orphans", False, False, False, 3),  # it is still to be looked at
        ("orphans", False, True, False, 0),  # it was told by the run that found it
    ],
)
def test_exit_code_says_whether_there_is_something_to_look_at(tmp_path, capsys, fail_on, ran, if_changed, clean, code):
    run = make_run(tmp_path, clean=clean)
    assert carry_out(Asked(tmp_path, fail_on=fail_on, if_changed=if_changed), work_of(run, ran=ran)) == code
    told = capsys.readouterr()
    assert (told.out + told.err == "") == (if_changed and not ran)
    assert (f"to look at: {fail_on}" in told.err) == (code == 3)


def test_summary_is_one_line_that_says_where_to_look(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert carry_out(Asked(Path("."), fail_on="none"), work_of(make_run(tmp_path))) == 0
    told = capsys.readouterr()
    assert told.out == "latest/index.html\n"
    line = "2 documents, 2 conflicts, 1 orphan, 1 unread; 1 notebook run, 0 unchanged, 1 s; see latest/index.html"
    assert line in told.err.splitlines() and line in (tmp_path / "logs" / "20260101T000000Z.log").read_text()
    assert "corrections to look at: 1 orphan" in told.err and "since the run of 2025-12-31: 3 new" in told.err


# --- for programs ---


def test_json_tells_all_in_one_object(tmp_path, capsys):
    run = make_run(tmp_path)
    carry_out(Asked(tmp_path, as_json=True, keep=1), work_of(run))
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == COUNTS and told["changes"]["new"] == 3
    rest = {key: value for key, value in told.items() if key not in ("counts", "changes")}
    assert rest == {
        "format": 1, "state": "done", "exit": 3, "run": run.name, "folder": str(run), "page": str(run / "index.html"),
        "to_look_at": ["orphans"], "notebooks": {"run": ["01.ipynb"], "unchanged": []}, "seconds": 1.25, "removed": [],
        "log": str(tmp_path / "logs" / f"{run.name}.log"), "error": None,
    }  # fmt: skip


def test_json_of_an_unchanged_run_is_printed_all_the_same(tmp_path, capsys):
    assert carry_out(Asked(tmp_path, as_json=True, if_changed=True), work_of(make_run(tmp_path), ran=False)) == 0
    told = capsys.readouterr()
    assert told.err == "" and (json.loads(told.out)["state"], json.loads(told.out)["log"]) == ("unchanged", None)


@pytest.mark.parametrize(
    "error, state, code",
    [
        (RunError("02.ipynb", "stopped", "", "see it"), "failed", 1),
        (NothingToRead("seeds", "holds nothing"), "refused", 2),
        (ZeroDivisionError("by zero"), "failed", 1),
    ],
)
def test_json_of_a_failure_says_where_what_and_what_to_do(tmp_path, capsys, error, state, code):
    def work(progress, note):
        progress.name("20260101T000000Z")
        raise error

    with pytest.raises(type(error)):
        carry_out(Asked(tmp_path, as_json=True), work)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["exit"], told["run"]) == (state, code, None) and told["seconds"] >= 0
    assert told["error"].keys() == {"kind", "where", "what", "expected", "advice"} and told["error"]["kind"] == type(error).__name__
    assert ("Traceback" in Path(told["log"]).read_text()) == isinstance(error, ZeroDivisionError)


@pytest.mark.parametrize("asked", [{"force": True, "if_changed": True}, {"keep": 0}, {"fail_on": "x"}])
def test_what_does_not_fit_together_is_refused_before_anything_runs(tmp_path, asked):
    with pytest.raises(UsageError):
        carry_out(Asked(tmp_path, **asked), lambda *_: pytest.fail("it ran"))
    (log,) = (tmp_path / "logs").iterdir()
    assert re.fullmatch(r"\d{8}T\d{6}Z-\d+\.refused\.log", log.name)


# --- old runs ---


def test_old_runs_go_after_a_good_run_and_are_named(tmp_path, capsys):
    for day in (1, 2, 3):
        make_run(tmp_path, f"2026010{day}T000000Z")
    carry_out(Asked(tmp_path, keep=2), work_of(tmp_path / "20260103T000000Z"))
    assert "removed 1 old run: 20260101T000000Z" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.glob("2026*")) == ["20260102T000000Z", "20260103T000000Z"]


def test_run_is_whole_though_old_ones_could_not_be_removed(tmp_path, capsys, monkeypatch):
    def remove_old(out, keep):
        raise RunError("out", "another run is at work")

    monkeypatch.setattr("csrbook.retention.remove_old", remove_old)
    assert carry_out(Asked(tmp_path, keep=1, fail_on="none"), work_of(make_run(tmp_path))) == 0
    assert "old runs were not removed: out: another run is at work" in capsys.readouterr().err


def test_json_of_an_interrupted_run_says_so(tmp_path, capsys):
    def work(progress, note):
        progress.name("20260101T000000Z")
        raise Interrupted(15)

    with pytest.raises(Interrupted):
        carry_out(Asked(tmp_path, as_json=True), work)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["exit"], told["error"]["what"]) == ("interrupted", 143, "SIGTERM")
    assert "ended by a signal" in Path(told["log"]).read_text()


def test_result_that_cannot_be_handed_over_is_an_error_and_the_run_stays(tmp_path, monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        monkeypatch.setattr("csrbook.terminals._drop", lambda number: None)
        with pytest.raises(RunError, match="stdout: cannot be written .*; the run is whole"):
            carry_out(Asked(tmp_path, fail_on="none"), work_of(make_run(tmp_path)))
        monkeypatch.undo()
        with contextlib.suppress(OSError):
            full.close()
