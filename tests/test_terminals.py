"""What becomes of messages and results where stdout and stderr are closed, full, or read by nobody."""

import os
import subprocess
import sys

import pytest

SAY = """
import sys
from csrbook.errors import RunError
from csrbook.terminals import hand_over, prepare, say
prepare()
say("a message"); say("another")
try:
    hand_over("a result", "all is kept"); hand_over("more")
except RunError as error:
    say(str(error)); sys.exit(1)
sys.exit(3)
"""


def in_shell(redirected: str, code: str = SAY) -> subprocess.CompletedProcess:
    command = ["/bin/sh", "-c", f'exec "$0" -c "$1" {redirected}', sys.executable, code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "redirected, code, out, err",
    [
        ("", 3, "a result\nmore\n", "a message\nanother\n"),
        (">&-", 3, "", "a message\nanother\n"),
        ("2>&-", 3, "a result\nmore\n", ""),
        ("<&- >&- 2>&-", 3, "", ""),
        ("2>/dev/full", 3, "a result\nmore\n", ""),
        (">/dev/full", 1, "", "a message\nanother\nstdout: cannot be written (No space left on device); all is kept\n"),
    ],
)
def test_command_ends_as_it_would_whoever_listens(redirected, code, out, err):
    done = in_shell(redirected)
    assert (done.returncode, done.stdout, done.stderr) == (code, out, err)


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_reader_that_left_is_no_error(name):
    read, write = os.pipe()
    os.close(read)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, name: write}
    done = subprocess.run([sys.executable, "-c", SAY], text=True, check=False, **streams)
    os.close(write)
    assert done.returncode == 3 and (done.stderr or "") == ("" if name == "stderr" else "a message\nanother\n")


def test_file_that_is_opened_later_is_never_taken_for_stdout(tmp_path):
    code = "import subprocess, sys; from csrbook.terminals import prepare; prepare()\n"
    code += "with open(sys.argv[1], 'w') as file: print('loud', flush=True); subprocess.run(['echo', 'louder'], check=True)"
    command = ["/bin/sh", "-c", 'exec "$0" -c "$1" "$2" <&- >&- 2>&-', sys.executable, code, str(tmp_path / "log")]
    assert subprocess.run(command, check=False).returncode == 0 and (tmp_path / "log").read_text() == ""
