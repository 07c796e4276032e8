"""apart: what breaks a child process breaks nothing else, and is told in words."""

import os
import signal
import subprocess
import sys
import time

import pytest

from csrbook import apart
from csrbook.errors import DocumentError
from csrbook.formats import read_content

HERE = "test_apart:"


def double(name: str, data: bytes) -> list[object]:
    """Return what JSON can tell."""
    return [name, len(data), os.getpid()]


def die(name: str, data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def spin(name: str, data: bytes) -> None:
    while True:
        pass


def grow(name: str, data: bytes) -> int:
    try:
        return len(bytearray(2 * apart.MEMORY))
    except MemoryError:
        return -1


def swell(name: str, data: bytes) -> int:
    return len(b"1" * (apart.LARGE + (1 << 20))) and os.getpid()


def pid_then_spin(name: str, data: bytes) -> None:
    """Tell who it is in a file, and never end."""
    with open(name, "w", encoding="utf-8") as told:
        told.write(f"{os.getpid()}\n")
    spin(name, data)


def note_and_die(name: str, data: bytes) -> None:
    with open(name, "a", encoding="utf-8") as told:
        told.write("x")
    os._exit(3)


def chatter(name: str, data: bytes) -> str:
    print("{}")
    os.write(1, b"no answer\n")
    return "an answer"


def alive(pid: int) -> bool:
    """Whether a process is there, and not only its end to be told."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as told:
            return told.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def wait_for(true) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def found(monkeypatch):
    """A child of its own that finds this module."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([os.path.dirname(__file__), os.environ.get("PYTHONPATH", "")]))
    apart._close()
    yield
    apart._close()


def test_one_child_answers_all_calls():
    first, second = (apart.call(f"{HERE}double", "ü\n", bytes(size)) for size in (0, 3 << 20))
    assert first[:2] == ["ü\n", 0] and second[:2] == ["ü\n", 3 << 20] and first[2] == second[2] != os.getpid()


def test_what_ends_a_child_is_told_and_the_next_call_is_answered():
    with pytest.raises(apart.Ended, match=r"^bad\.pdf: ends the program that reads it \(SIGSEGV\)$"):
        apart.call(f"{HERE}die", "bad.pdf", b"")
    assert apart.call(f"{HERE}double", "a", b"1")[:2] == ["a", 1]


def test_a_child_has_so_much_time_and_memory(monkeypatch):
    assert apart.call(f"{HERE}grow", "a", b"") == -1
    monkeypatch.setattr(apart, "START", apart.START.replace("serve()", "import csrbook.apart as a; a.SECONDS = 1; serve()"))
    apart._close()
    with pytest.raises(apart.Ended, match="takes more than"):
        apart.call(f"{HERE}spin", "a", b"")


def test_a_child_that_has_grown_makes_room():
    grown = apart.call(f"{HERE}swell", "a", b"")
    assert apart.call(f"{HERE}double", "a", b"")[2] != grown


def test_a_large_parent_does_not_make_its_child_large():
    held = b"1" * (apart.LARGE + (50 << 20))
    assert apart.call(f"{HERE}double", "a", b"")[2] == apart.call(f"{HERE}double", "a", b"")[2] and held


def test_a_fresh_child_is_not_asked_twice(tmp_path):
    for before, tries in ((False, 1), (True, 2)):
        apart._close()
        if before:
            apart.call(f"{HERE}double", "a", b"")
        with pytest.raises(apart.Ended):
            apart.call(f"{HERE}note_and_die", str(tmp_path / f"{before}"), b"")
        assert len((tmp_path / f"{before}").read_text()) == tries


def test_a_fork_gets_a_child_of_its_own_and_leaves_its_parents_alone():
    first = apart.call(f"{HERE}double", "a", b"")[2]
    reader, writer = os.pipe()
    if not (fork := os.fork()):
        try:
            os.write(writer, b"%d" % apart.call(f"{HERE}double", "a", b"")[2])
            apart._close()
        finally:
            os._exit(0)
    os.waitpid(fork, 0)
    assert int(os.read(reader, 99)) not in (first, fork) and apart.call(f"{HERE}double", "a", b"")[2] == first
    os.close(reader), os.close(writer)


def test_a_child_at_work_ends_with_a_parent_that_is_killed(tmp_path):
    told = tmp_path / "told"
    code = f"import os; from csrbook import apart; apart.call('{HERE}pid_then_spin', {str(told)!r}, b'')"
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        wait_for(lambda: told.exists() and told.read_text().endswith("\n"))
        parent.kill()
    wait_for(lambda: not alive(int(told.read_text())))


def test_what_a_library_prints_is_no_answer():
    assert apart.call(f"{HERE}chatter", "a", b"") == "an answer"


def test_no_child_outlives_its_parent():
    child = apart.call(f"{HERE}double", "a", b"")[2]
    apart._close()
    wait_for(lambda: not alive(child))


def test_a_document_that_ends_its_reader_is_set_aside(monkeypatch):
    monkeypatch.setattr(apart, "call", lambda work, name, data: (_ for _ in ()).throw(apart.Ended(name, "takes more than 60 s to read")))
    with pytest.raises(DocumentError, match=r"^a\.pdf: takes more than 60 s to read; get the file again"):
        read_content("a.pdf", b"%PDF-")
