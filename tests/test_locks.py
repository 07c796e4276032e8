"""One at a time in a folder: who holds it is told, and a dead holder holds nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from csrbook.errors import RunError
from csrbook.locks import hold

HOLD = "import sys; from pathlib import Path; from csrbook.locks import hold\n"
HOLD += "import socket; socket.gethostname = lambda: 'far.example'\n"
HOLD += "with hold(Path(sys.argv[1]), 'storing notebooks'): print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the folder, on a machine that calls itself far.example."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def refusal(folder: Path) -> str:
    with pytest.raises(RunError) as caught, hold(folder):
        pass
    return str(caught.value)


def test_second_is_told_which_process_where_since_when_and_at_what(tmp_path, holder):
    since = json.loads((tmp_path / ".holder.json").read_text())["since"]
    who = f"process {holder.pid} on far.example, since {since}, less than a minute ago"
    told = f"{tmp_path}: another run is at work: {who}, storing notebooks; wait for it, or end it"
    assert refusal(tmp_path) == told


@pytest.mark.parametrize(
    "since, told",
    [
        ("2020-01-01T00:00:00+00:00", r"since 2020-01-01T00:00:00\+00:00, \d{4,} h ago, storing"),
        ("2999-01-01T00:00:00+00:00", r"since 2999-01-01T00:00:00\+00:00, storing"),
        ("soon", "since soon, storing"),
        (None, "since None, storing"),
    ],
)
def test_age_is_told_where_it_can_be(tmp_path, holder, since, told):
    written = json.loads((tmp_path / ".holder.json").read_text())
    (tmp_path / ".holder.json").write_text(json.dumps(written | {"since": since}))
    with pytest.raises(RunError, match=told), hold(tmp_path):
        pass


@pytest.mark.parametrize("damage", ["cut", "absent", "binary", "list"])
def test_holder_that_cannot_be_read_still_holds(tmp_path, holder, damage):
    file = tmp_path / ".holder.json"
    file.unlink()
    if damage != "absent":
        file.write_bytes({"cut": b'{"pid": 1', "binary": b"\xff\x00", "list": b"[]"}[damage])
    assert "another run is at work; which process it is cannot be read" in refusal(tmp_path)


def test_killed_holder_holds_nothing(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert json.loads((tmp_path / ".holder.json").read_text())["pid"] == holder.pid  # nobody was left to remove it
    with hold(tmp_path, "again"):
        assert json.loads((tmp_path / ".holder.json").read_text())["doing"] == "again"
    assert not (tmp_path / ".holder.json").exists()


@pytest.mark.parametrize("left", ['{"pid": %d, "host": "here", "since": "2020-01-01T00:00:00+00:00"}', "{", ""])
def test_what_a_dead_holder_left_is_taken_over_though_its_number_is_another_programs_now(tmp_path, left):
    (tmp_path / ".holder.json").write_text(left % os.getppid() if "%" in left else left)
    with hold(tmp_path):
        assert json.loads((tmp_path / ".holder.json").read_text())["pid"] == os.getpid()
