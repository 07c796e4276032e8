"""interrupts: a signal is an exception once, and the end of the process the second time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from csrbook.interrupts import Interrupted, descendants, heed

WAITS = """
import signal, subprocess, sys, time
from csrbook.interrupts import end_children, heed
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
try:
    with heed(), end_children():
        print(child.pid, flush=True)
        time.sleep(600)
except KeyboardInterrupt as told:
    print(told.name, child.wait(30), flush=True)
    {after}
    sys.exit(told.code)
"""


@pytest.fixture(autouse=True)
def heard():
    """Signals arrive, also where the tests run in the background; what is started inherits that."""
    kept = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_is_raised_once_and_handlers_are_put_back(name):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with pytest.raises(Interrupted) as caught, heed():
        os.kill(os.getpid(), number)
    assert (caught.value.name, caught.value.code) == (name, 128 + number) and isinstance(caught.value, KeyboardInterrupt)
    assert signal.getsignal(number) == before


def test_a_signal_that_was_switched_off_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with heed():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_children_end_with_the_first_signal():
    with subprocess.Popen([sys.executable, "-c", WAITS.format(after="")], stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        assert child in descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "SIGTERM -9\n"
    assert process.returncode == 143


def test_a_second_signal_ends_the_process_during_clean_up():
    code = WAITS.replace("    with heed(), end_children():\n", "    with heed(), end_children():\n      try:\n").replace(
        "        print(child.pid, flush=True)\n        time.sleep(600)\n",
        "        print(child.pid, flush=True)\n        time.sleep(600)\n      finally:\n        print('cleaning', flush=True); time.sleep(600)\n",
    )
    with subprocess.Popen([sys.executable, "-c", code.format(after="")], stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "cleaning\n"
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == 129


def test_a_second_signal_ends_the_children_too():
    code = """
import subprocess, sys, time
from csrbook.interrupts import heed
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
with heed():
    try:
        print(child.pid, flush=True)
        time.sleep(600)
    finally:
        print("cleaning", flush=True)
        time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "cleaning\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    end = time.monotonic() + 30
    while is_alive(child):
        assert time.monotonic() < end
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
