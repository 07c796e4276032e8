"""Old runs: which are removed, and what never is."""

import json
import os
import shutil
from pathlib import Path

import pytest

from csrbook.errors import RunError, UsageError
from csrbook.locks import hold
from csrbook.retention import find_old, remove_old, trim_logs

RUNS = ["20260101T000000Z", "20260102T000000Z", "20260102T000000Z-2", "20260102T000000Z-10", "20260103T000000Z"]


def make_run(out: Path, name: str, **more) -> Path:
    (out / name / "01-sources").mkdir(parents=True)
    (out / name / "run.json").write_text(json.dumps({"format": 1, "run": name, "notebooks": []} | more))
    (out / name / "01-sources" / "sources.csv").write_text("doc\n")
    (out / "logs").mkdir(exist_ok=True)
    (out / "logs" / f"{name}.log").write_text("done\n")
    return out / name


@pytest.fixture
def out(tmp_path) -> Path:
    """A folder of five runs, the last of them latest."""
    for name in RUNS:
        make_run(tmp_path, name)
    (tmp_path / "latest").symlink_to(RUNS[-1])
    return tmp_path


@pytest.mark.parametrize("keep, gone", [(1, 4), (2, 3), (3, 2), (5, 0), (99, 0)])
def test_the_latest_and_those_before_it_stay(out, keep, gone):
    assert remove_old(out, keep) == tuple(RUNS[:gone])
    assert sorted(p.name for p in out.iterdir() if p.name.startswith("2026")) == sorted(RUNS[gone:])
    assert {p.stem for p in (out / "logs").iterdir()} == set(RUNS[gone:])
    assert (out / "latest" / "run.json").is_file() and not list(out.glob(".removed-*"))


def test_latest_stays_wherever_it_stands_in_time(out):
    """A clock that was set back, or a person who set the link."""
    (out / "latest").unlink()
    (out / "latest").symlink_to(RUNS[0])
    assert remove_old(out, 1) == tuple(RUNS[1:])
    assert (out / "latest" / "run.json").is_file()


@pytest.mark.parametrize("keep", [0, -1])
def test_fewer_than_one_is_refused(out, keep):
    with pytest.raises(UsageError, match="1 or more"):
        remove_old(out, keep)


@pytest.mark.parametrize("state", ["absent", "dangling", "folder"])
def test_without_a_latest_run_nothing_is_removed(out, state):
    (out / "latest").unlink()
    if state == "dangling":
        (out / "latest").symlink_to("20270101T000000Z")
    elif state == "folder":
        (out / "latest").mkdir()
    assert find_old(out, 1) == []


def test_what_no_run_of_ours_made_stays(out, tmp_path_factory):
    elsewhere = make_run(tmp_path_factory.mktemp("elsewhere"), "20250101T000000Z")
    (out / "20250101T000000Z").symlink_to(elsewhere)
    (out / "20250102T000000Z").mkdir()  # no record
    make_run(out, "20250103T000000Z", run="20260101T000000Z")  # a copy under another name
    make_run(out, "20250104T000000Z", format=99)
    make_run(out, "my-best-run", run="my-best-run")
    make_run(out, "20250105T000000Z.failed", run="20250105T000000Z.failed")
    shutil.copytree(elsewhere, out / "20250106T000000Z")
    (out / "20250106T000000Z" / "run.json").unlink()
    (out / "20250106T000000Z" / "run.json").symlink_to(elsewhere / "run.json")
    (out / ".removed-mine").mkdir()
    (out / ".removed-20250101T000000Z").symlink_to(elsewhere)
    before = {p.name for p in out.iterdir()} - set(RUNS)
    assert remove_old(out, 1) == tuple(RUNS[:4])
    assert {p.name for p in out.iterdir()} - {RUNS[4], ".lock"} == before - {".lock"}
    assert (elsewhere / "run.json").is_file()


def test_killed_half_way_leaves_no_half_run_and_the_next_clears_it(out, monkeypatch):
    monkeypatch.setattr("csrbook.retention.shutil.rmtree", lambda path, **_: os._exit(9))
    pid = os.fork()
    if pid == 0:
        remove_old(out, 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    monkeypatch.undo()
    assert sorted(p.name for p in out.iterdir() if not p.name.startswith(".")) == [*sorted(RUNS[1:]), "latest", "logs"]
    assert (out / f".removed-{RUNS[0]}" / "run.json").is_file()
    assert remove_old(out, 2) == tuple(RUNS[1:3])
    assert not list(out.glob(".removed-*"))


def test_nothing_is_removed_while_another_is_at_work(out):
    with hold(out), pytest.raises(RunError, match="another run is at work"):
        remove_old(out, 1)
    assert all((out / name).is_dir() for name in RUNS)


def test_logs_without_a_run_are_bounded(out):
    lone = [f"202601{day:02}T060000Z{kind}.log" for day in range(1, 29) for kind in (".failed", "-77.refused", "")]
    for name in [*lone, "mine.log"]:
        (out / "logs" / name).touch()
    trim_logs(out, 5)
    assert {p.name for p in (out / "logs").iterdir()} == {*sorted(lone)[-5:], *(f"{run}.log" for run in RUNS), "mine.log"}
    trim_logs(out / "nowhere")


def test_logs_behind_a_link_are_another_s(tmp_path):
    (tmp_path / "victim").mkdir()
    for run in RUNS:
        (tmp_path / "victim" / f"{run}.log").touch()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "logs").symlink_to(tmp_path / "victim")
    trim_logs(tmp_path / "out", 0)
    assert len(list((tmp_path / "victim").iterdir())) == len(RUNS)
