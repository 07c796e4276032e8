"""recovery: what a dead run left is cleared, a record is believed only where it is one."""

import json

import pytest

from csrbook.digests import FORMAT
from csrbook.errors import RunError
from csrbook.recovery import clear_leftovers, explain_end, is_full, make_durable, name_changed, read_record, remove

STEP = {"output": "a.ipynb", "key": "k", "files": {"a/b.csv": "0"}}
RECORD = {"format": FORMAT, "notebooks": [STEP], "finish": None, "page": "index.html", "pages": {"index.html": "1"}}


def read(tmp_path, record):
    (tmp_path / "run.json").write_text(record if isinstance(record, str) else json.dumps(record))
    return read_record(tmp_path)


def test_a_sound_record_is_believed(tmp_path):
    assert read(tmp_path, RECORD) == RECORD
    tried = RECORD | {"notebooks": [STEP | {"alternatives": {"x": {"key": "k", "files": {"a/x": "1"}}}}], "page": None}
    assert read(tmp_path, tried) == tried


@pytest.mark.parametrize(
    "record",
    [
        "", "{", "[]", "null", "{}", {"format": FORMAT}, RECORD | {"format": 0}, RECORD | {"notebooks": {}}, RECORD | {"notebooks": [3]},
        RECORD | {"notebooks": [{}]}, RECORD | {"notebooks": [STEP | {"files": ["a"]}]}, RECORD | {"notebooks": [STEP | {"files": {"../a": "0"}}]},
        RECORD | {"notebooks": [STEP | {"files": {"/a": "0"}}]}, RECORD | {"notebooks": [STEP | {"files": {"a": 7}}]},
        RECORD | {"notebooks": [STEP | {"alternatives": {"x": {"key": "k", "files": {"a/../../b": "0"}}}}]},
        RECORD | {"notebooks": [STEP | {"alternatives": {"x": {"files": {}}}}]}, RECORD | {"pages": {"../up": "0"}}, RECORD | {"page": "/etc/passwd"},
        RECORD | {"pages": {"a\0": "0"}},
    ],
)  # fmt: skip
def test_a_damaged_record_is_none(tmp_path, record):
    assert read(tmp_path, record) == {}


def test_leftovers_are_cleared_and_links_are_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept").touch()
    out = tmp_path / "out"
    (out / ".part" / "deep").mkdir(parents=True)
    (out / ".latest").symlink_to("nowhere")
    clear_leftovers(out)
    assert list(out.iterdir()) == []
    (out / ".part").symlink_to(victim)
    (out / ".latest").write_text("")
    clear_leftovers(out)
    assert list(out.iterdir()) == [] and (victim / "kept").exists()
    remove(out / "never there")


def test_a_cache_that_is_a_link_out_or_a_file_is_taken_away_and_a_real_one_is_not(tmp_path):
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    victim.mkdir()
    for make in (lambda path: path.symlink_to(victim), lambda path: path.write_text(""), lambda path: path.mkdir()):
        make(out / ".kept")
        clear_leftovers(out)
        assert (out / ".kept").exists() is (out / ".kept").is_dir() and not (out / ".kept").is_symlink()
    assert (out / ".kept").is_dir() and victim.is_dir()


def test_files_are_written_through(tmp_path):
    (tmp_path / "run" / "deep").mkdir(parents=True)
    (tmp_path / "run" / "deep" / "file").write_text("x")
    (tmp_path / "run" / "gone").symlink_to("nowhere")
    make_durable(tmp_path / "run")


def test_a_full_disk_is_known_by_its_error(tmp_path):
    assert is_full(tmp_path, OSError(28, "No space left on device"))
    assert is_full(tmp_path, RunError("a.ipynb, cell [2]", "OSError: [Errno 28] No space left on device"))
    assert not is_full(tmp_path, RunError("a.ipynb, cell [28]", "ValueError: 28"))


@pytest.mark.parametrize(("what", "told"), [("DeadKernelError: Kernel died", True), ("MemoryError: no message", True), ("KeyError: 'a'", False)])
def test_what_the_system_ended_is_told(what, told):
    assert ("memory" in explain_end(RunError("a.ipynb", what))) is told


def test_what_changed_is_named():
    assert list(name_changed({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "d": 4})) == ["b", "c", "d"]
