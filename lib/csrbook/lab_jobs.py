"""Run a job of JupyterLab's own scheduler with papermill, its parameters read by what the notebook declares.

    jupyter lab --Scheduler.execution_manager_class=csrbook.lab_jobs.WorkbookJobs

In      a job: a copy of a notebook, parameters as text, the formats to keep.
Out     the executed notebook in those formats, also of a job that failed; its status, with one line of why.
Never   pastes a parameter into code as it was typed, passes an unknown name, or guesses a type.
Needs   errors, plan; jupyter_scheduler, nbformat, papermill.  Used by JupyterLab alone.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
import papermill
from jupyter_scheduler.executors import DefaultExecutionManager
from papermill.exceptions import PapermillExecutionError

from csrbook.errors import RunError, UsageError
from csrbook.plan import read_given, read_parameters

__all__ = ["WorkbookJobs", "find_home", "read_values"]

BOOK = "notebooks"  # folder of the workbook, under the folder that JupyterLab shows


class WorkbookJobs(DefaultExecutionManager):
    """A notebook of the workbook runs in its own folder, as in JupyterLab, so that its paths lead where they do there.

    The scheduler copies a notebook alone to a folder of its own, where `../seeds` would lead nowhere. Any other notebook, and
    one whose folder was copied with it, runs in that folder, as with the scheduler's own class.
    """

    def execute(self) -> None:
        """Run the job; what stops it becomes its message."""
        job, copy = self.model, Path(self.staging_paths["input"])
        notebook = nbformat.read(copy, as_version=4)
        values = read_values(notebook, job.parameters or {}, copy.name)
        home = copy.parent if job.package_input_folder else find_home(Path(self.root_dir), copy)
        with tempfile.TemporaryDirectory(prefix="csrbook-job-") as folder:
            written = os.path.join(folder, "executed.ipynb")
            try:
                papermill.execute_notebook(
                    notebook, written, parameters=values, cwd=str(home), progress_bar=False, autosave_cell_every=0,
                    kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "python3"),
                )  # fmt: skip
            except PapermillExecutionError as error:
                told = next((line.strip() for line in error.evalue.splitlines() if line.strip()), "no message")
                raise RunError(f"{copy.name}, cell [{error.exec_count}]", f"{error.ename}: {told}") from error
            finally:
                if os.path.exists(written):
                    if job.package_input_folder:
                        self.add_side_effects_files(str(copy.parent))
                    self.create_output_files(job, nbformat.read(written, as_version=4))


def find_home(root: Path, copy: Path) -> Path:
    """Return the folder of the workbook's notebook of that name, else the folder of the copy."""
    return next((folder for folder in (root / BOOK, root) if (folder / copy.name).is_file()), copy.parent)


def read_values(notebook: nbformat.NotebookNode, given: Mapping[str, object], where: str) -> dict[str, object]:
    """Return parameters, which the scheduler hands on as text, by the types that the notebook's parameters cell declares.

    Raises
    ------
    UsageError
        A name that is not declared, a value of another type or not among its choices, or no cell to declare any.
    """
    if not given:
        return {}
    cells = [cell.source for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    if len(cells) != 1:
        raise UsageError(where, f"has {len(cells)} parameters cells", "one cell tagged `parameters`", "or a job without parameters")
    return read_given(read_parameters(cells[0], where), given, where)
