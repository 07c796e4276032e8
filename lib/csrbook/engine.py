"""Run a notebook with papermill and believe only what the saved notebook shows.

In      a notebook, its parameters, the folder to run in; or several such jobs, which run two at a time.
Out     the executed notebook without times, or NAME.failed.ipynb with a banner and a RunError
        that names notebook, cell and the last line of the error.
Never   trusts an exit code, a kernel named by another installation, or a start-up file of the user.
Needs   errors, papermill.  Imported by runner only when something has to run: it costs half a second.
"""

import contextlib
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# jsonschema would import this for one rarely used format, and building its parsers takes over a second
sys.modules.setdefault("rfc3987_syntax", None)

import nbformat
import papermill
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import local_file_io_cwd
from papermill.log import logger

from csrbook.errors import NothingToRead, RunError

__all__ = ["ENGINES", "Job", "clean_notebook", "execute_notebook", "execute_notebooks"]

ENGINES = {"own": "csrbook", "stock": "nbclient"}
ERROR_TAG = "papermill-error-cell-tag"
LONGEST_SOCKET = 80  # a Unix socket's whole path may hold 107 bytes
AT_ONCE = 2  # kernels side by side: a small machine has two cores, and each holds some 200 MB


@dataclass(frozen=True, slots=True)
class Job:
    """One execution of a notebook: `name` tells it from others of the same notebook, and is safe in a file's name."""

    source: Path
    target: Path
    parameters: Mapping[str, object]
    name: str = ""


class ThisPython(KernelSpecManager):
    """Names one kernel, the interpreter that runs csrbook, whatever kernels are installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python", name=kernel_name)


class OwnEngine(NBClientEngine):
    """Papermill's engine with a kernel of this interpreter behind private sockets: no ports, no races."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, start_timeout=60, execution_timeout=None, input_path=None, **options
    ):
        folder = tempfile.mkdtemp(prefix="csrbook-")
        manager = AsyncKernelManager(
            kernel_name=kernel_name,
            kernel_spec_manager=ThisPython(),
            transport="ipc" if len(os.fsencode(folder)) < LONGEST_SOCKET else "tcp",
            connection_file=os.path.join(folder, "kernel.json"),
        )
        client = PapermillNotebookClient(
            nb_man, km=manager, kernel_name=kernel_name, log=logger, timeout=execution_timeout,
            startup_timeout=start_timeout, shutdown_kernel="immediate", **options,
        )  # fmt: skip
        try:
            client.execute(cleanup_kc=True)  # without it nbclient leaves a kernel that was passed in running
        finally:
            shutil.rmtree(folder, ignore_errors=True)


papermill_engines.register(ENGINES["own"], OwnEngine)
logger.setLevel(logging.ERROR)  # its warnings about parameters come from a reader that drops valid ones


def execute_notebook(
    source: Path,
    target: Path,
    *,
    parameters: Mapping[str, object],
    folder: Path,
    engine: str = "own",
    cell_timeout: int | None = None,
    on_cell: Callable[[], None] = lambda: None,
) -> None:
    """Run `source` in `folder` and write `target`, cleaned; on failure write its .failed.ipynb instead.

    Raises
    ------
    RunError
        A cell failed, the kernel died, a cell took too long, or a cell was never run.
    NothingToRead
        The notebook itself raised it.
    """
    with _quiet_environment(), contextlib.chdir(folder):
        _execute(Job(source, target, parameters), folder, engine, cell_timeout, on_cell)


def execute_notebooks(
    jobs: Sequence[Job],
    *,
    folder: Path,
    engine: str = "own",
    cell_timeout: int | None = None,
    on_cell: Callable[[], None] = lambda: None,
) -> list[float]:
    """Run jobs in one folder, two at a time, and return the seconds that each took, in their order.

    Each has a kernel of its own; threads only wait for them. The first failure, in the order of the jobs, is raised;
    those not yet begun are then left out.

    Raises
    ------
    RunError, NothingToRead
        As for one notebook.
    """

    def timed(job: Job) -> float:
        begun = time.monotonic()
        _execute(job, folder, engine, cell_timeout, on_cell)
        return round(time.monotonic() - begun, 2)

    # papermill notes the folder for itself, and restores what it found: noted here first, that is the same for all threads
    with _quiet_environment(), contextlib.chdir(folder), local_file_io_cwd(), ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(timed, job) for job in jobs]
        try:
            return [one.result() for one in waiting]
        finally:
            pool.shutdown(cancel_futures=True)


def _execute(job: Job, folder: Path, engine: str, cell_timeout: int | None, on_cell: Callable[[], None]) -> None:
    """Run one job; the folder and the environment are those of this process already."""
    last = [0]

    def started(cell, cell_index, **_):
        last[0] = cell_index
        on_cell()

    # papermill formats its paths like templates, so it gets bare names and braces in folders stay safe
    mark = f"-{job.name}" if job.name else ""
    raw, asked = folder / f".running{mark}.ipynb", folder / f".asked{mark}.ipynb"
    shutil.copyfile(job.source, asked)
    problem: Exception | None = None
    try:
        papermill.execute_notebook(
            asked.name, raw.name, parameters=dict(job.parameters), engine_name=ENGINES[engine],
            kernel_name="python3", progress_bar=False, autosave_cell_every=0, record_timing=False,
            execution_timeout=cell_timeout, on_cell_execute=started,
        )  # fmt: skip
    except Exception as error:
        problem = error
    notebook = nbformat.read(raw if raw.exists() else asked, as_version=4)
    for path in (raw, asked):
        path.unlink(missing_ok=True)
    failure = _find_failure(notebook, problem, last[0])
    clean_notebook(notebook)
    if failure is None:
        nbformat.write(notebook, job.target)
        return
    _raise_failure(notebook, failure, job, problem)


def _raise_failure(notebook, failure: tuple[int, str, str], job: Job, problem) -> None:
    """Save the failed notebook with a banner and raise the error of its cell."""
    index, name, text = failure
    number = sum(c.cell_type == "code" and bool(c.source.strip()) for c in notebook.cells[: index + 1])
    kept = job.target.with_name(job.target.stem + ".failed.ipynb")
    told = job.source.name + (f" ({job.name})" if job.name else "")
    banner = f"**This run stopped at cell [{number}].**\n\n    {name}: {text}"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(banner, id="failed-banner"))
    nbformat.write(notebook, kept)
    where = f"{told}, cell [{number}]"
    if name == NothingToRead.__name__:
        raise NothingToRead(told, text) from problem
    raise RunError(where, f"{name}: {text}", advice=f"see {kept.name}") from problem


def _find_failure(notebook, problem: Exception | None, last: int) -> tuple[int, str, str] | None:
    """Return index, error name and last line of the first cell that did not end well."""
    notebook.cells = [c for c in notebook.cells if ERROR_TAG not in c.metadata.get("tags", ())]
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or "raises-exception" in cell.metadata.get("tags", ()):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return index, output.ename, _first_line(output.evalue)
    if problem is not None and not isinstance(problem, PapermillExecutionError):
        return last, type(problem).__name__, _first_line(str(problem))
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            return index, "NotRun", "the notebook ended before this cell"
    return None


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no message")


def clean_notebook(notebook) -> None:
    """Take out, in place, all that differs between two equal runs: times, counts, versions, random ids."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}
    number = 0
    for cell in notebook.cells:
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.id = "injected-parameters"
        if cell.cell_type != "code":
            continue
        number += cell.execution_count is not None
        cell.execution_count = number if cell.execution_count is not None else None
        cell.outputs = _join_streams(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count


def _join_streams(outputs: list) -> list:
    """Join neighbouring pieces of one stream: where they were cut depends on timing."""
    joined: list = []
    for output in outputs:
        if joined and output.output_type == "stream" == joined[-1].output_type and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


@contextlib.contextmanager
def _quiet_environment() -> Iterator[None]:
    """Shield the kernel from the user's Jupyter paths, IPython profile, plot backend and hash seed."""
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="csrbook-ipython-") as profile:
        os.mkdir(os.path.join(profile, "profile_default"))  # two kernels that start at once would both make it
        for name in ("JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH", "MPLBACKEND", "PYTHONSTARTUP"):
            os.environ.pop(name, None)
        os.environ |= {"IPYTHONDIR": profile, "PYTHONHASHSEED": "0"}
        try:
            yield
        finally:
            os.environ.clear()
            os.environ |= kept
