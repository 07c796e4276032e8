"""One folder in the place of another: whoever looks finds a whole one."""

import os
import threading

import pytest

from csrbook import swaps
from csrbook.errors import RunError
from csrbook.swaps import make_aside, put_in_place


def fill(folder, word):
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("a", "b"):
        (folder / name).write_text(word)


@pytest.fixture(params=[True, False], ids=["one step", "two steps"])
def steps(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(swaps, "_exchange", lambda one, other: False)
    return request.param


def test_absent_empty_and_full_folders_are_replaced(tmp_path, steps):
    target = tmp_path / "deep" / "site"
    for word in ("first", "second", "third"):
        with make_aside(target) as fresh:
            fill(fresh, word)
        assert (target / "a").read_text() == word and os.listdir(target.parent) == ["site"]
    (tmp_path / "empty").mkdir()
    with make_aside(tmp_path / "empty") as fresh:
        fill(fresh, "new")
    assert (tmp_path / "empty" / "b").read_text() == "new"


def test_an_error_leaves_the_old_one(tmp_path, steps):
    fill(tmp_path / "site", "old")
    with pytest.raises(ZeroDivisionError), make_aside(tmp_path / "site") as fresh:
        fill(fresh, "new")
        raise ZeroDivisionError
    assert (tmp_path / "site" / "a").read_text() == "old" and os.listdir(tmp_path) == ["site"]


def test_killed_between_two_steps_the_old_one_comes_back(tmp_path):
    fill(tmp_path / ".site.part" / "old", "old")
    fill(tmp_path / ".site.part" / "new", "half")
    with pytest.raises(ZeroDivisionError), make_aside(tmp_path / "site"):
        assert (tmp_path / "site" / "a").read_text() == "old"
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == ["site"]


def test_a_step_that_fails_is_taken_back(tmp_path, monkeypatch):
    monkeypatch.setattr(swaps, "_exchange", lambda one, other: False)
    fill(tmp_path / "site", "old")
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "absent", tmp_path / "site")
    assert (tmp_path / "site" / "a").read_text() == "old"


def test_two_at_once(tmp_path):
    with make_aside(tmp_path / "site") as fresh:
        fill(fresh, "first")
        with pytest.raises(RunError, match="another run is at work"), make_aside(tmp_path / "site"):
            pass
    assert (tmp_path / "site" / "a").read_text() == "first"


def test_a_reader_never_finds_nothing(tmp_path):
    fill(tmp_path / "site", "0")
    lost, done = [], threading.Event()

    def read():
        while not done.is_set():
            try:
                (tmp_path / "site" / "a").read_text()
            except OSError as error:
                lost.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        fill(tmp_path / "new", str(number))
        put_in_place(tmp_path / "new", tmp_path / "site")
    done.set()
    reader.join()
    assert lost == [] and (tmp_path / "site" / "b").read_text() == "299"


def test_a_link_in_the_way_is_not_followed(tmp_path):
    fill(tmp_path / "other" / "old", "mine")
    (tmp_path / ".site.part").symlink_to("other")
    with pytest.raises(OSError, match=r"\.site\.part beside it is a link"), make_aside(tmp_path / "site"):
        pass
    assert sorted(os.listdir(tmp_path / "other")) == ["old"] and not (tmp_path / "site").exists()
