"""Run a notebook with papermill and believe only what the executed notebook shows.

    with Kernels(folder, engine="own") as kernels: kernels.execute(Job(source, target, {"run_dir": "."}))

In      a notebook, its parameters, the folder to run in; several such jobs may run at once, each in a thread.
Out     the executed notebook without times, or NAME.failed.ipynb with a banner and a RunError
        that names notebook, cell and the last line of the error.
Never   trusts an exit code, a kernel named by another installation, or a start-up file of the user.
Needs   errors, warming, warm_kernels; papermill.  Imported only when something has to run: it costs half a second.

Engines: "warm" forks kernels from one process that has imported what notebooks need, "own" starts each by itself, "stock" leaves it to
papermill. Outputs are the same; where no warm process is to be had, "warm" is "own".
"""

import contextlib
import copy
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

# jsonschema would import this for one rarely used format, and building its parsers takes over a second
sys.modules.setdefault("rfc3987_syntax", None)

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import local_file_io_cwd
from papermill.log import logger

from csrbook.errors import NothingToRead, RunError
from csrbook.warm_kernels import QuickManager, tell_end
from csrbook.warming import WarmProcess, quiet_environment, start_warm

__all__ = ["ENGINES", "Job", "Kernels", "clean_notebook", "execute_notebook"]

ENGINES = {"warm": "csrbook", "own": "csrbook", "stock": "csrbook-stock"}
ERROR_TAG = "papermill-error-cell-tag"
STREAMS = ("stdout", "stderr")
LONGEST_SOCKET = 80  # a Unix socket's whole path may hold 107 bytes


@dataclass(frozen=True, slots=True)
class Job:
    """One execution of a notebook: `name` tells it from others of the same notebook, and is safe in a file's name."""

    source: Path
    target: Path
    parameters: Mapping[str, object]
    name: str = ""


class StockEngine(NBClientEngine):
    """Papermill's own engine, which also tells how far a notebook came."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, seen, warm, **options):
        _note(nb_man, seen)
        super().execute_managed_notebook(nb_man, kernel_name, **options)


class OwnEngine(NBClientEngine):
    """Papermill's engine with a kernel of this interpreter behind private sockets: no ports, no races."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, *, seen, warm, start_timeout=60, execution_timeout=None, input_path=None, **options
    ):
        folder = tempfile.mkdtemp(prefix="csrbook-")
        manager = QuickManager(
            warm=warm,
            kernel_name=kernel_name,
            transport="ipc" if len(os.fsencode(folder)) < LONGEST_SOCKET else "tcp",
            connection_file=os.path.join(folder, "kernel.json"),
        )
        _note(nb_man, seen)
        seen["manager"] = manager
        client = PapermillNotebookClient(
            nb_man, km=manager, kernel_name=kernel_name, log=logger, timeout=execution_timeout,
            startup_timeout=start_timeout, shutdown_kernel="immediate", **options,
        )  # fmt: skip
        try:
            client.execute(cleanup_kc=True)  # without it nbclient leaves a kernel that was passed in running
        except DeadKernelError as error:
            raise DeadKernelError("; ".join(filter(None, (str(error), tell_end(manager))))) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _note(nb_man: Any, seen: dict[str, Any]) -> None:
    """Have the notebook noted as it is executed; as it stood when a kernel died or was stopped, without what still came in then."""
    seen["notebook"], complete = nb_man.nb, nb_man.cell_complete

    def completed(*told: Any, **more: Any) -> None:
        complete(*told, **more)
        if sys.exc_info()[0]:
            seen["notebook"] = copy.deepcopy(nb_man.nb)

    nb_man.cell_complete = completed


papermill_engines.register(ENGINES["own"], OwnEngine)
papermill_engines.register(ENGINES["stock"], StockEngine)
logger.setLevel(logging.ERROR)  # its warnings about parameters come from a reader that drops valid ones


class Kernels(contextlib.AbstractContextManager):
    """The kernels of one run: all start in one folder, in one environment, shielded from the user's Jupyter and IPython.

    Parameters
    ----------
    folder
        Where the notebooks run; this process stands there as well, as long as the context lasts.
    engine
        One of ENGINES.
    warm
        The process that "warm" forks kernels from; without one they start by themselves.
    """

    def __init__(self, folder: Path, *, engine: str = "own", cell_timeout: int | None = None, warm: WarmProcess | None = None) -> None:
        self.folder, self.engine, self.cell_timeout = folder, engine, cell_timeout
        self.warm = warm if engine == "warm" else None
        self._running: dict[int, dict[str, Any]] = {}

    def __enter__(self) -> "Kernels":
        with contextlib.ExitStack() as stack:
            kept = dict(os.environ)
            profile = stack.enter_context(tempfile.TemporaryDirectory(prefix="csrbook-ipython-", ignore_cleanup_errors=True))
            os.mkdir(os.path.join(profile, "profile_default"))  # two kernels that start at once would both make it
            stack.callback(_replace_environment, kept)
            _replace_environment(quiet_environment(profile))
            stack.enter_context(contextlib.chdir(self.folder))
            # papermill notes the folder for itself, and restores what it found: noted here first, that is the same for all threads
            stack.enter_context(local_file_io_cwd())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *told: object) -> None:
        self._stack.close()

    def execute(self, job: Job, *, on_cell: Callable[[], None] = lambda: None) -> None:
        """Run a notebook and write its target, cleaned; on failure write its .failed.ipynb instead.

        Raises
        ------
        RunError
            A cell failed, the kernel died, a cell took too long, or a cell was never run.
        NothingToRead
            The notebook itself raised it.
        """
        last, seen, problem = [0], {}, None
        self._running[id(job)] = seen

        def started(cell, cell_index, **_):
            last[0] = cell_index
            on_cell()

        notebook = nbformat.read(job.source, as_version=4)
        try:
            # papermill formats its paths like templates and writes the notebook anew at every cell, so it gets none
            papermill.execute_notebook(
                notebook, None, parameters=dict(job.parameters), engine_name=ENGINES[self.engine],
                kernel_name="python3", progress_bar=False, autosave_cell_every=0, record_timing=False,
                execution_timeout=self.cell_timeout, on_cell_execute=started, seen=seen, warm=self.warm,
            )  # fmt: skip
        except Exception as error:
            problem = error
        finally:
            del self._running[id(job)]
        notebook = seen.get("notebook", notebook)
        failure = _find_failure(notebook, problem, last[0])
        clean_notebook(notebook)
        if failure is None:
            nbformat.write(notebook, job.target)
            return
        _raise_failure(notebook, failure, job, problem)

    def end(self, job: Job) -> None:
        """End a job that runs in another thread, where the kernel is in our hands; it fails soon after."""
        if manager := self._running.get(id(job), {}).get("manager"):
            manager.end()


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
    """Run the one notebook `source` in `folder` and write `target`, as Kernels.execute does."""
    warm = start_warm([source]) if engine == "warm" else None
    try:
        with Kernels(folder, engine=engine, cell_timeout=cell_timeout, warm=warm) as kernels:
            kernels.execute(Job(source, target, parameters), on_cell=on_cell)
    finally:
        if warm:
            warm.stop()


def _replace_environment(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ |= environment


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
    """Join neighbouring pieces of streams, standard output first: where they were cut, and which came first, depends on timing."""
    joined: list = []
    for is_stream, run in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not is_stream:
            joined += run
            continue
        for _, pieces in groupby(sorted(run, key=lambda piece: STREAMS.index(piece.name)), key=lambda piece: piece.name):
            first, *others = pieces
            first.text += "".join(piece.text for piece in others)
            joined.append(first)
    return joined
