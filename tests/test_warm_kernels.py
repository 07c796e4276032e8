"""warm_kernels: a notebook cannot tell whether its kernel was forked, started by itself, or by papermill: every byte is the same."""

import json
import os
import re
from pathlib import Path

import pytest
from made_notebooks import is_alive, wait_for, write_book

from csrbook.engine import ENGINES, Job, Kernels
from csrbook.errors import CsrbookError
from csrbook.warming import start_warm

TINY = Path(__file__).parent / "notebooks"
IMPORTS = "import matplotlib.pyplot as plt, numpy as np, pandas as pd, pyarrow.dataset\nfrom csrbook import corpus, tables\nfrom csrbook.labels import load_labels"
RICH = (
    IMPORTS,
    "from IPython.display import HTML, Markdown, display, clear_output\ndisplay(HTML('<b>bold</b>'), Markdown('*leaning*'))\n{'a': {1, 2}}",
    "shown = display('first', display_id='one')\ndisplay('between')\nshown.update('second')",
    "print('gone'); clear_output(); print('stays')\nimport sys; print('told', file=sys.stderr)",
    "pd.DataFrame(np.arange(400).reshape(10, 40), columns=[f'column {n}' for n in range(40)])",
    "pd.options.display.max_columns, pd.options.display.width, pd.options.display.max_rows, pd.options.display.encoding",
    "plt.plot([1, 3, 2]); plt.title('Drawn')",
    "figure, (left, right) = plt.subplots(1, 2); left.bar(['a', 'b'], [1, 2]); right.imshow(np.eye(5))\nplt.show()\nplt.get_backend()",
    "frame = pd.DataFrame({'n': range(200_000), 'word': ['a', 'b'] * 100_000})\nframe.to_parquet('kept.parquet', row_group_size=5_000)\n"
    "pyarrow.dataset.dataset('kept.parquet').to_table(filter=pyarrow.dataset.field('word') == 'b', use_threads=True).num_rows",
    "pd.read_parquet('kept.parquet').groupby('word')['n'].sum().to_dict()",
    "float((np.arange(250_000.0).reshape(500, 500) @ np.ones((500, 500))).sum()), np.linalg.det(np.eye(300) * 1.01)",
    "import os, subprocess\nsubprocess.run(['echo', 'from a child']); os.system('echo from a shell')\n!echo from a line",
    "subprocess.run(['cat'], capture_output=True).stdout, os.path.basename(os.getcwd()), os.getpgid(0) == os.getpid() == os.getsid(0)",
    "from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor\ndef square(n): return n * n\n"
    "with ProcessPoolExecutor(2) as pool: print(list(pool.map(square, range(5))))\nwith ThreadPoolExecutor(2) as pool: print(list(pool.map(square, range(5))))",
    "hash('word'), list({'one', 'two', 'three', 'four'}), os.environ['PYTHONHASHSEED'], os.environ['MPLBACKEND']",
    "import warnings\nwarnings.warn('take care'); warnings.warn('old', DeprecationWarning)\nwarnings.filters, warnings.showwarning.__module__",
    "import gc, signal, threading\ngc.isenabled(), gc.get_threshold(), threading.main_thread().name, __name__, sys.path[0] == '', sys.argv[0][-22:], sys.argv[1]",
    "[(number, str(signal.getsignal(number))[:12]) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)], os.umask(0o22)",
    "sorted(name for name in os.environ if not name.startswith(('PYTEST', 'PYDEVD')))",
    "corpus.load_lexicons().digest[:12], load_labels('zh').names('theme') if hasattr(load_labels(), 'names') else load_labels().order('theme')",
    "import asyncio\nawait asyncio.sleep(0, 'waited')",
    "get_ipython().__class__.__name__, In[1][:6], _ih[0], get_ipython().history_manager.enabled",
    "import csrbook\ncsrbook.extract('In 2019 it planted 500 trees in 3 villages.')",
    "import decimal, locale, faulthandler\ndecimal.getcontext(), locale.setlocale(locale.LC_ALL), faulthandler.is_enabled()",
    ("input('a question')", "raises-exception"),
    ("def wrong(): raise ValueError('a reason')\nwrong()", "raises-exception"),
    ("open('nowhere')", "raises-exception"),
)
APART = (  # what no two kernels may have in common
    "import json, os, random, secrets, ssl, uuid, multiprocessing\nimport numpy as np",
    "told = [random.random(), np.random.rand(), secrets.token_hex(), ssl.RAND_bytes(8).hex(), str(uuid.uuid4())]\n"
    "told += [multiprocessing.current_process().authkey.hex(), os.getpid()]\nsize = open(f'{len(os.listdir())}.json', 'w').write(json.dumps(told))",
    "import builtins, pandas as pd\n(hasattr(builtins, 'leaked'), 'LEAKED' in os.environ, pd.options.display.max_rows, hasattr(pd, 'leaked'), os.path.basename(os.getcwd()))",
    "builtins.leaked = pd.leaked = True; os.environ['LEAKED'] = '1'; pd.options.display.max_rows = 7; os.chdir('/')",
)
FAILING = ("fails", "dies", "exits", "exits_last", "empty_handed", "hangs")


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    home = tmp_path_factory.mktemp("books")
    return {"rich": write_book(home / "rich.ipynb", *RICH), "apart": write_book(home / "apart.ipynb", *APART)}


@pytest.fixture(scope="module")
def engines(tmp_path_factory, books):
    """Kernels of every engine at work, each in a folder `run` of its own; the warm ones from one process."""

    def opened(engine, warm=None):
        folder = tmp_path_factory.mktemp(engine) / "run"
        folder.mkdir()
        return folder, Kernels(folder, engine=engine, cell_timeout=30, warm=warm)

    warm = start_warm(books.values())
    assert warm is not None
    yield {engine: opened(engine, warm) for engine in ENGINES}
    warm.stop()


def execute(engines, engine, source, *, timeout=30):
    """Run a notebook; return (bytes of what was executed, the error's message)."""
    folder, kernels = engines[engine]
    target, kernels.cell_timeout, told = folder.parent / source.name, timeout, ""
    try:
        with kernels:
            kernels.execute(Job(source, target, {"run_dir": "."}))
    except CsrbookError as error:
        told, target = str(error), target.with_name(f"{target.stem}.failed.ipynb")
    return re.sub(rb"ipykernel_\d+", b"ipykernel", target.read_bytes()), told  # a warning names the process


@pytest.fixture(scope="module")
def rich(engines, books):
    return {engine: execute(engines, engine, books["rich"]) for engine in ENGINES}


@pytest.mark.parametrize("engine", ["own", "stock"])
def test_every_byte_of_outputs_is_that_of_other_kernels(rich, engine):
    (made, told), (other, also) = rich["warm"], rich[engine]
    assert told == also == ""
    cells = [json.loads(one)["cells"] for one in (made, other)]
    differing = [(a["source"], a["outputs"], b["outputs"]) for a, b in zip(*cells, strict=True) if a != b]
    assert differing == [] and made == other


def test_the_notebook_that_is_compared_shows_what_it_is_for(rich):
    cells = json.loads(rich["warm"][0])["cells"]
    kinds = {kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {output["output_type"]: 0})}
    assert kinds >= {"text/plain", "text/html", "text/markdown", "image/png", "stream", "error"}
    errors = [output["ename"] for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert errors == ["StdinNotImplementedError", "ValueError", "FileNotFoundError"]


def test_warm_kernels_are_forks_and_have_nothing_of_one_another(engines, books):
    folder, kernels = engines["warm"]
    first, second = (execute(engines, "warm", books["apart"])[0] for _ in range(2))
    assert first == second and b"(False, False, 60, False, 'run')" in first
    told = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    assert len(told) == 2 and all(a != b for a, b in zip(*told, strict=True))


@pytest.mark.parametrize("name", FAILING)
def test_failures_are_told_alike(engines, name):
    made = {engine: execute(engines, engine, TINY / f"{name}.ipynb", timeout=2 if name == "hangs" else 30) for engine in ENGINES}
    if name == "dies":  # whether a kernel still tells the number of the cell that ends it is chance
        made = {engine: (re.sub(rb'"execution_count": (\d+|null)', b"", notebook), told) for engine, (notebook, told) in made.items()}
    assert made["warm"] == made["own"]
    assert made["warm"][1].startswith(made["stock"][1].split(";")[0]), "stock kernels do not tell how they ended"
    if name != "dies":
        assert made["warm"] == made["stock"]


@pytest.mark.parametrize("engine", ["warm", "own"])
@pytest.mark.parametrize(
    "code, told",
    [
        ("import os; os._exit(7)", "Kernel died; its process ended with exit status 7"),
        ("import os; os.kill(os.getpid(), 9)", "Kernel died; its process was ended by SIGKILL, most likely because memory ran out"),
    ],
)
def test_dead_kernel_tells_how_it_ended(engines, tmp_path, engine, code, told):
    assert f"cell [3]: DeadKernelError: {told}" in execute(engines, engine, write_book(tmp_path / "b.ipynb", code))[1]


def test_interrupt_reaches_the_cell_and_what_it_started(engines, tmp_path):
    source = write_book(tmp_path / "b.ipynb", "import subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid)", "time.sleep(600)")
    made, told = execute(engines, "warm", source, timeout=4)
    assert "cell [4]: CellTimeoutError" in told
    child = int(re.search(rb'"text": \[\s*"(\d+)', made)[1])
    wait_for(lambda: not is_alive(child))  # the whole group of the kernel was ended with it
