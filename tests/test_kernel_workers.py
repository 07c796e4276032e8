"""Workers that a notebook starts: they do their work inside every kind of kernel, and none outlives its kernel."""

import functools
import os
from pathlib import Path

import pytest
from made_notebooks import is_alive, wait_for, write_book

from csrbook.engine import Job, Kernels
from csrbook.errors import CsrbookError
from csrbook.warming import start_warm

TESTS = Path(__file__).parent
BEGIN = f"""
import functools, os, signal, threading, time
import sys; sys.path.append({os.fspath(TESTS)!r})
from pathlib import Path
import chores
from csrbook.schedulers import spread
"""
DOES = "print([answer.result for answer in spread(chores.double, range(300), scheduler='processes:2')] == list(range(0, 600, 2)))"
STAYS = """
def at_work():
    while len(list(Path().glob("*.here"))) < 2: time.sleep(0.01)
    {then}
threading.Thread(target=at_work, daemon=True).start()
for answer in spread(functools.partial(chores.stay, folder=os.getcwd()), range(9), scheduler="processes:2", chunk=1): pass
"""
ENDS = {
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "ended by SIGKILL"),
    "interrupted": ("os.killpg(0, signal.SIGINT)", "KeyboardInterrupt"),
}


@pytest.fixture(scope="module")
def open_kernels():
    warm = start_warm([])
    yield functools.partial(Kernels, cell_timeout=60, warm=warm)
    warm.stop()


def execute(kernels, source):
    """Run a notebook; return what it made, and the error's message."""
    target = source.with_name("made.ipynb")
    try:
        with kernels:
            kernels.execute(Job(source, target, {"run_dir": "."}))
    except CsrbookError as error:
        return "", str(error)
    return target.read_text(), ""


@pytest.mark.parametrize("engine", ["warm", "own"])
def test_workers_do_their_work_in_a_kernel(open_kernels, engine, tmp_path):
    made, told = execute(open_kernels(tmp_path, engine=engine), write_book(tmp_path / "b.ipynb", BEGIN, DOES))
    assert told == "" and "True" in made


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("engine", ["warm", "own"])
def test_no_worker_outlives_its_kernel(open_kernels, engine, how, tmp_path):
    """Neither a kernel that is killed nor a cell that is interrupted leaves workers, though they are in the midst of work."""
    then, expected = ENDS[how]
    _, told = execute(open_kernels(tmp_path, engine=engine), write_book(tmp_path / "b.ipynb", BEGIN, STAYS.format(then=then)))
    assert expected in told
    workers = [int(path.stem) for path in tmp_path.glob("*.here")]
    assert len(workers) >= 2
    wait_for(lambda: not any(map(is_alive, workers)))
