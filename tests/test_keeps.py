"""What is kept comes back whole or not at all, and nothing that befalls it reaches whoever keeps."""

import errno
import hashlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from csrbook import keeps
from csrbook.keeps import Keep
from hypothesis import given
from hypothesis import strategies as some

KEYS = [hashlib.sha256(bytes([n])).hexdigest() for n in range(8)]
KEY, OTHER = KEYS[:2]
LONG_AGO = 10**18  # ns: of 2001
FAR_AHEAD = 4 * 10**18  # of 2096


def place(folder, key=KEY):
    return folder / key[:2] / key[2:]


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def kept(tmp_path):
    """A folder where something was kept long ago, and nothing has asked for it since."""
    keep = Keep(tmp_path / "kept")
    for key in (KEY, OTHER):
        keep.put(key, b"data of " + key.encode())
        os.utime(place(tmp_path / "kept", key), ns=(LONG_AGO, LONG_AGO))
    return tmp_path / "kept"


# ---- whole or not at all -------------------------------------------------------------------------------------------------


@given(entries=some.dictionaries(some.binary(min_size=4, max_size=64).map(bytes.hex), some.binary(), max_size=9))
def test_whatever_is_put_comes_back(tmp_path_factory, entries):
    folder = tmp_path_factory.mktemp("kept")
    keep = Keep(folder)
    for key, data in entries.items():
        keep.put(key, b"of before")
        keep.put(key, data)
    assert all(Keep(str(folder)).get(key) == data for key, data in entries.items())
    assert files(folder) == sorted(place(folder, key) for key in entries)


def test_large_data_come_back(tmp_path):
    data = os.urandom(5_000_000)
    Keep(tmp_path).put(KEY, data)
    assert Keep(tmp_path).get(KEY) == data


def test_what_was_never_put_is_none_and_makes_no_folder(tmp_path):
    keep = Keep(tmp_path / "kept")
    assert keep.get(KEY) is None
    keep.sweep()
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("folder", [None, ""])
def test_no_folder_keeps_nothing(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keep = Keep(folder)
    keep.put(KEY, b"data")
    keep.sweep()
    assert keep.get(KEY) is None and not os.listdir(tmp_path)


@pytest.mark.parametrize("key", ["", "ab", "../../../../etc/passwd", KEY.upper(), KEY + "\n", "é" * 64, KEY * 3, f"{KEY[:30]}/{KEY[30:]}"])
def test_a_key_that_is_no_digest_is_a_mistake_of_the_code(tmp_path, key):
    for keep in (Keep(tmp_path), Keep(None)):
        with pytest.raises(ValueError, match="is no hex digest"):
            keep.get(key)
        with pytest.raises(ValueError, match="is no hex digest"):
            keep.put(key, b"")


@given(some.data())
def test_damaged_entries_are_removed(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("kept")
    Keep(folder).put(KEY, b"something kept")
    path = place(folder)
    whole = path.read_bytes()
    at = data.draw(some.integers(0, len(whole) - 1))
    way = data.draw(some.sampled_from(["cut", "flip", "more", "foreign"]))
    broken = {
        "cut": whole[:at],
        "flip": whole[:at] + bytes([whole[at] ^ data.draw(some.integers(1, 255))]) + whole[at + 1 :],
        "more": whole + data.draw(some.binary(min_size=1)),
        "foreign": data.draw(some.binary()),
    }[way]
    path.write_bytes(broken)
    assert Keep(folder).get(KEY) is None and not path.exists()


def test_an_entry_under_the_name_of_another_is_not_taken_for_it(kept):
    place(kept, OTHER).write_bytes(place(kept).read_bytes())
    assert Keep(kept).get(OTHER) is None and not place(kept, OTHER).exists() and Keep(kept).get(KEY)


# ---- what is swept -------------------------------------------------------------------------------------------------------


def test_sweep_removes_what_was_neither_asked_for_nor_put(kept):
    keep = Keep(kept)
    assert keep.get(KEY)
    keep.put(KEYS[2], b"new")
    keep.sweep()
    assert [bool(keep.get(key)) for key in KEYS[:4]] == [True, False, True, False]
    assert files(kept) == sorted(place(kept, key) for key in (KEY, KEYS[2]))
    assert not place(kept, OTHER).parent.exists()


def test_sweep_leaves_what_another_process_asked_for_or_put(kept):
    keep = Keep(kept)
    script = "import sys; from csrbook.keeps import Keep; k = Keep(sys.argv[1]); assert k.get(sys.argv[2]); k.put(sys.argv[3], b'new')"
    subprocess.run([sys.executable, "-c", script, kept, OTHER, KEYS[2]], check=True)
    keep.sweep()
    assert [bool(keep.get(key)) for key in KEYS[:4]] == [False, True, True, False]


def test_sweep_leaves_what_is_not_its_own(kept, tmp_path):
    for name in ("README", "ab", "zz/0123456789abcdef", "ab/notes.txt", "ab/cd/0123456789"):
        (kept / name).parent.mkdir(exist_ok=True, parents=True)
        if name != "ab":
            (kept / name).write_text("mine")
            os.utime(kept / name, ns=(LONG_AGO, LONG_AGO))
    Keep(kept).sweep()
    left = {path.relative_to(kept).as_posix() for path in files(kept)}
    assert left == {"README", "zz/0123456789abcdef", "ab/notes.txt", "ab/cd/0123456789"}


def test_sweep_clears_what_a_killed_process_had_begun(kept):
    begun, fresh = (place(kept).with_name(f".{digit * 16}.part") for digit in "ab")
    begun.write_bytes(b"half")
    os.utime(begun, ns=(LONG_AGO, LONG_AGO))
    keep = Keep(kept)
    fresh.write_bytes(b"another process is at it")
    keep._stamp(fresh)
    keep.sweep()
    assert files(kept) == [fresh]


def test_clocks_that_were_wrong_lose_nothing_that_is_wanted(kept, monkeypatch):
    os.utime(place(kept, OTHER), ns=(FAR_AHEAD, FAR_AHEAD))
    keep = Keep(kept)
    monkeypatch.setattr(keeps.time, "time_ns", lambda: LONG_AGO + 1)  # set back after it was opened
    assert keep.get(KEY)
    keep.put(KEYS[2], b"new")
    keep.sweep()
    assert [bool(keep.get(key)) for key in KEYS[:3]] == [True, False, True]


def test_what_travels_to_a_worker_counts_from_the_same_moment(kept):
    keep = Keep(kept)
    there = pickle.loads(pickle.dumps(keep))
    assert there.get(KEY)
    keep.sweep()
    assert files(kept) == [place(kept)] and vars(there) == vars(keep)


# ---- what befalls folders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_when_nothing_more_can_be_kept_nothing_more_is_tried(kept, monkeypatch, number):
    tried, real = [], os.open

    def refuse(path, flags, *mode, **more):
        if flags & os.O_CREAT:
            tried.append(path)
            raise OSError(number, os.strerror(number))
        return real(path, flags, *mode, **more)

    monkeypatch.setattr(os, "open", refuse)
    keep = Keep(kept)
    keep.put(KEYS[2], b"new")
    keep.put(KEYS[3], b"new")
    assert len(tried) == 1 and keep.get(KEYS[2]) is None and keep.get(KEY)


def test_a_write_that_the_system_cuts_leaves_no_half(kept):
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    keep = Keep(kept)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        keep.put(KEYS[2], bytes(300_000))
        keep.put(KEYS[3], b"small enough")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert keep.get(KEYS[2]) is None and keep.get(KEYS[3]) == b"small enough"
    assert files(kept) == sorted(place(kept, key) for key in (KEY, OTHER, KEYS[3]))


def test_folder_without_rights(kept):
    """Whoever may do everything keeps all the same; anybody else keeps nothing; nobody is told."""
    for folder in (place(kept).parent, kept):
        folder.chmod(0o500)
    keep = Keep(kept)
    try:
        keep.put(KEY, b"new")
        assert keep.get(KEY) in (b"new", b"data of " + KEY.encode())
        keep.sweep()
    finally:
        for folder in (kept, place(kept).parent):
            folder.chmod(0o700)


@pytest.mark.parametrize("below", ["kept", "kept/deeper", "kept\0", "x" * 300])
def test_a_folder_that_cannot_be(tmp_path, below):
    (tmp_path / "kept").write_text("a file")
    keep = Keep(tmp_path / below)
    keep.put(KEY, b"data")
    keep.put(OTHER, b"data")
    keep.sweep()
    assert keep.get(KEY) is None and (tmp_path / "kept").read_text() == "a file" and os.listdir(tmp_path) == ["kept"]


@pytest.mark.parametrize("kind", ["folder", "full folder", "pipe", "loop"])
def test_something_else_in_the_place_of_an_entry(kept, kind):
    path = place(kept)
    path.unlink()
    match kind:
        case "folder" | "full folder":
            path.mkdir()
            if kind == "full folder":
                (path / "mine").touch()
        case "pipe":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(path)
    keep = Keep(kept)
    assert keep.get(KEY) is None
    keep.put(KEY, b"data")
    assert keep.get(KEY) == (None if "folder" in kind else b"data")
    keep.put(KEYS[2], b"the next")
    keep.sweep()
    assert keep.get(KEYS[2]) == b"the next" and not list(kept.rglob("*.part"))


def test_what_cannot_be_read_just_now_stays_and_no_descriptor_is_lost(kept, monkeypatch):
    place(kept, KEYS[2]).mkdir(parents=True)
    before = len(os.listdir("/proc/self/fd"))
    assert [Keep(kept).get(KEYS[2]) for _ in range(9)] == [None] * 9 and len(os.listdir("/proc/self/fd")) == before

    def refuse(*arguments, **more):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        assert Keep(kept).get(KEY) is None
    assert Keep(kept).get(KEY)


def test_a_file_in_the_place_of_a_home(tmp_path):
    (tmp_path / KEY[:2]).write_text("mine")
    keep = Keep(tmp_path)
    keep.put(KEY, b"data")
    keep.put(OTHER, b"more")
    assert keep.get(KEY) is None and keep.get(OTHER) == b"more"
    keep.sweep()
    assert (tmp_path / KEY[:2]).read_text() == "mine"


def test_links_are_not_followed(tmp_path, kept):
    """A link in the place of the folder, of a home and of an entry: what it leads to is neither read, nor written, nor swept."""
    before = {path: path.read_bytes() for path in files(kept)}
    (tmp_path / "link").symlink_to(kept)
    homes, entries = tmp_path / "homes", tmp_path / "entries"
    homes.mkdir()
    (homes / KEY[:2]).symlink_to(place(kept).parent)
    place(entries).parent.mkdir(parents=True)
    place(entries).symlink_to(place(kept))
    for folder in (tmp_path / "link", homes, entries):
        keep = Keep(folder)
        assert keep.get(KEY) is None
        keep.put(KEY, b"new")
        assert keep.get(KEY) == (b"new" if folder == entries else None)
        Keep(folder).sweep()
        assert {path: path.read_bytes() for path in files(kept)} == before
    assert not os.path.lexists(place(entries))


BUSY = """
    import random, sys
    from csrbook.keeps import Keep
    folder, seed, *keys = sys.argv[1:]
    random.seed(int(seed))
    for _ in range(30):
        keep = Keep(folder)
        for key in random.choices(keys, k=12):
            found = keep.get(key)
            assert found is None or found == key.encode() * 999, (key, found[:99])
            keep.put(key, key.encode() * 999)
        keep.sweep()
"""


def test_processes_that_keep_and_sweep_at_once_get_whole_data_or_none(tmp_path):
    script = "\n".join(line.removeprefix("    ") for line in BUSY.splitlines())
    both = [subprocess.Popen([sys.executable, "-c", script, tmp_path, str(n), *KEYS]) for n in range(2)]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert not list(tmp_path.rglob("*.part"))


def test_killed_as_it_writes_the_old_or_the_new_is_there(tmp_path):
    put = "for letter in (b'a', b'b'): Keep(sys.argv[1]).put(sys.argv[2], letter * 400_000)"
    script = f"import sys; from csrbook.keeps import Keep\nwhile True:\n {put}"
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", script, tmp_path, KEY])
        until = time.monotonic() + 60
        while not (begun := Keep(tmp_path).get(KEY)) or list(tmp_path.rglob("*.part")) == []:
            assert time.monotonic() < until
        writer.kill()
        writer.wait()
        assert begun and Keep(tmp_path).get(KEY) in (b"a" * 400_000, b"b" * 400_000)
        for part in Path(tmp_path).rglob("*.part"):
            os.utime(part, ns=(LONG_AGO, LONG_AGO))
        keep = Keep(tmp_path)
        assert keep.get(KEY)
        keep.sweep()
        assert files(tmp_path) == [place(tmp_path)]
