"""warming: one warm process forks kernels; where it cannot, or is gone, kernels start by themselves and nobody notices."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from made_notebooks import is_alive, wait_for, write_book

from csrbook import warming
from csrbook.engine import Job, Kernels
from csrbook.warming import Cold, WarmProcess, list_imports, start_warm


@pytest.fixture
def started():
    """Start warm processes that are stopped afterwards."""
    made = []

    def start(*groups):
        made.append(WarmProcess(groups))
        return made[-1]

    yield start
    for one in made:
        one.stop()


def run(folder, source, warm):
    """Run a notebook with warm kernels; return the parent of its kernel, as the notebook saw it."""
    with Kernels(folder, engine="warm", warm=warm, cell_timeout=60) as kernels:
        kernels.execute(Job(source, folder / "made.ipynb", {"run_dir": "."}))
    return int((folder / "parent").read_text())


PARENT = "import os; open('parent', 'w').write(str(os.getppid()))"


def test_imports_are_found_in_the_cells_and_only_those_of_known_packages(tmp_path):
    cells = ("import json, pandas as pd, secret_module", "from csrbook import corpus as c, tables\nfrom csrbook.labels import sentence", "%matplotlib inline")
    inside = "def f():\n    import numpy"
    found = list_imports(write_book(tmp_path / "b.ipynb", *cells, inside))
    assert found[0] == "pandas" and "pyarrow.parquet" in found
    assert {"csrbook.corpus", "csrbook.lexicon", "csrbook.tables", "csrbook.labels"} <= set(found)
    assert {name.partition(".")[0] for name in found} == {"pandas", "pyarrow", "csrbook"}


def test_notebooks_of_the_plan_name_what_is_imported_ahead(root):
    names = {name for notebook in (root / "notebooks").glob("0*.ipynb") for name in list_imports(notebook)}
    assert {"pandas", "csrbook.charts", "csrbook.reconcile", "csrbook.brief", "matplotlib.pyplot"} <= names


def test_kernel_is_a_child_of_the_warm_process(started, tmp_path):
    warm = started([])
    assert run(tmp_path, write_book(tmp_path / "b.ipynb", PARENT), warm) == warm._process.pid


def test_no_process_is_left_when_it_is_stopped(started, tmp_path):
    warm = started([])
    kernel = warm.fork([sys.executable, "-m", "ipykernel_launcher", "-f", str(tmp_path / "k.json")], cwd=str(tmp_path), env=dict(os.environ))
    assert kernel.poll() is None and is_alive(kernel.pid)
    warm.stop()
    wait_for(lambda: not is_alive(kernel.pid))
    assert not is_alive(warm._process.pid) and not os.path.exists(warm._folder.name)
    with pytest.raises(Cold, match="stopped"):
        warm.fork([], cwd="/", env={})


def test_no_folder_is_left_when_a_signal_comes_before_it_can_be_stopped(tmp_path):
    used = f"import os; open(next(os.scandir({str(tmp_path)!r})).path + '/profile', 'w').close()"
    cut = f"from csrbook.warming import WarmProcess; warm = WarmProcess([]); {used}; raise KeyboardInterrupt"
    cut_short = subprocess.run([sys.executable, "-c", cut], env=os.environ | {"TMPDIR": str(tmp_path)}, stderr=subprocess.PIPE, text=True)
    assert cut_short.stderr.endswith("\nKeyboardInterrupt\n") and not list(tmp_path.iterdir())


@pytest.mark.parametrize("serve", ["raise SystemExit(3)", "import sys; sys.stdin.close()", "import os; os.abort()", "print('not JSON')"])
def test_warm_process_that_does_not_start_is_done_without(started, tmp_path, monkeypatch, serve):
    monkeypatch.setattr(warming, "SERVE", serve)
    assert run(tmp_path, write_book(tmp_path / "b.ipynb", PARENT), started()) == os.getpid()


def test_warm_process_that_never_answers_is_given_up(started, tmp_path, monkeypatch):
    monkeypatch.setattr(warming, "SERVE", "import sys, time; time.sleep(600)")
    monkeypatch.setattr(warming, "PATIENCE", 0.2)
    assert run(tmp_path, write_book(tmp_path / "b.ipynb", PARENT), started()) == os.getpid()


def test_kernel_goes_on_when_the_warm_process_is_killed_and_the_next_starts_by_itself(started, tmp_path):
    warm = started([])
    source = write_book(tmp_path / "b.ipynb", PARENT + "\nopen('here', 'w').close()", "while not os.path.exists('go'): pass", "'reached'")
    seen = []
    thread = threading.Thread(target=lambda: seen.append(run(tmp_path, source, warm)))
    thread.start()
    wait_for((tmp_path / "here").exists)
    os.kill(warm._process.pid, signal.SIGKILL)
    warm._process.wait()
    (tmp_path / "go").touch()
    thread.join(60)
    assert seen == [warm._process.pid] and "reached" in (tmp_path / "made.ipynb").read_text()
    assert run(tmp_path, source, warm) == os.getpid()


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_have_none(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    assert start_warm([]) is None


def test_notebook_that_cannot_be_read_leaves_its_telling_to_others(tmp_path):
    (tmp_path / "b.ipynb").write_text("no notebook")
    assert start_warm([tmp_path / "b.ipynb"]) is None


@pytest.mark.parametrize(
    "source, told",
    [
        ("import warnings; warnings.warn('take care')", "an import warns: take care"),
        ("import threading, time; threading.Thread(target=time.sleep, args=(600,), daemon=True, name='busy').start()", "a thread is at work: busy"),
        ("print('shown once')", "an import prints"),
        ("kept = open(__file__)", "a file is open: imported_ahead.py"),
    ],
)
def test_what_a_fork_would_not_copy_well_is_not_forked(started, tmp_path, monkeypatch, source, told):
    (tmp_path / "imported_ahead.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    warm = started(["imported_ahead"])
    with pytest.raises(Cold, match=told):
        warm.fork([], cwd="/", env={})


def test_module_that_is_not_there_is_left_to_the_notebook(started, tmp_path):
    warm = started(["no_such_module"], ["csrbook.no_such_module"])
    assert run(tmp_path, write_book(tmp_path / "b.ipynb", PARENT), warm) == warm._process.pid
