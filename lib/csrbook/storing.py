"""Run the notebooks where they lie and store them with their outputs, as they are kept with the code.

    store_notebooks(read_plan("notebooks/plan.toml"))

In      a plan, the stored notebooks and their defaults.
Out     the same notebooks with fresh outputs; results in the folder that the default of run_dir names.
Never   replaces some of them and leaves others: all are stored, or none.
Needs   alternatives, plan, progress; engine (papermill).  Used by cli.
"""

import os
import shutil

from csrbook.alternatives import FOLDER, begin, list_alternatives, name_all, run_alternatives
from csrbook.plan import RUN_DIR, Plan
from csrbook.progress import Progress

__all__ = ["store_notebooks"]


def store_notebooks(plan: Plan, *, engine: str = "own", progress: Progress | None = None) -> None:
    """Run the notebooks where they lie, with their defaults, and store them with their outputs.

    All are replaced, or none: the first that fails leaves every stored notebook as it was.
    """
    from csrbook.engine import execute_notebook

    progress, folder = progress or Progress(), plan.path.parent
    aside = folder / ".ipynb_checkpoints"  # git passes it over, and a failed notebook may stay there
    aside.mkdir(exist_ok=True)
    fresh = [(step, aside / step.file.name) for step in plan.steps]
    defaults = {name: p.default for name, p in plan.parameters.items()}
    begin(progress, plan, defaults)
    try:
        for step, path in fresh:
            if every := list_alternatives(step, defaults):
                home = folder / str(next(p.default for p in step.parameters if p.name == RUN_DIR))
                shutil.rmtree(home / step.writes[0] / FOLDER, ignore_errors=True)  # of values that are tried no more
                run_alternatives(step, every, values={}, folder=folder, home=home, engine=engine, on_cell=progress.cell)
                progress.step(name_all(step, every), len(every) * step.cells, "run")
            execute_notebook(step.file, path, parameters={}, folder=folder, engine=engine, on_cell=progress.cell)
            progress.step(step.file.name, step.cells, "stored")
        for step, path in fresh:
            os.replace(path, step.file)
    finally:
        progress.end()
        for _, path in fresh:
            path.unlink(missing_ok=True)
