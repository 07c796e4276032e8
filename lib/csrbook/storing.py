"""Run the notebooks where they lie and store them with their outputs, as they are kept with the code.

    store_notebooks(read_plan("notebooks/plan.toml"))

In      a plan, the stored notebooks and their defaults.
Out     the same notebooks with fresh outputs; results in the folder that the default of run_dir names.
Never   replaces some of them and leaves others: all are stored, or none.
Needs   alternatives, plan, progress, orders, warming; engine (papermill).  Used by cli.
"""

import os
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from csrbook.alternatives import AT_ONCE, FOLDER, Unit, begin, cells_of, list_alternatives, list_units, name_all
from csrbook.orders import Task, perform
from csrbook.plan import RUN_DIR, VARIANT, Plan, Step
from csrbook.progress import Progress
from csrbook.warming import start_warm

__all__ = ["store_notebooks"]


def store_notebooks(plan: Plan, *, engine: str = "warm", progress: Progress | None = None) -> None:
    """Run the notebooks where they lie, with their defaults, and store them with their outputs.

    All are replaced, or none: the first that fails leaves every stored notebook as it was.
    """
    warm = start_warm([step.file for step in plan.steps]) if engine == "warm" else None
    from csrbook.engine import Kernels

    progress, folder = progress or Progress(), plan.path.parent
    aside = folder / ".ipynb_checkpoints"  # git passes it over, and a failed notebook may stay there
    aside.mkdir(exist_ok=True)
    defaults = {name: p.default for name, p in plan.parameters.items()}
    begin(progress, plan, defaults)
    try:
        with Kernels(folder, engine=engine, warm=warm) as kernels:
            for step in plan.steps:
                if step.grid:
                    shutil.rmtree(_home(step) / step.writes[0] / FOLDER, ignore_errors=True)  # of values that are tried no more
            tasks = [_make_task(unit, kernels, aside, defaults, progress) for unit in list_units(plan, defaults)]
            perform(tasks, at_once=AT_ONCE)
        for step in plan.steps:
            os.replace(aside / step.file.name, step.file)
    finally:
        if warm:
            warm.stop()
        progress.end()
        for step in plan.steps:
            (aside / step.file.name).unlink(missing_ok=True)


def _home(step: Step) -> Path:
    """Return the folder of results, seen from the notebook."""
    return step.file.parent / str(next(p.default for p in step.parameters if p.name == RUN_DIR))


def _make_task(unit: Unit, kernels: Any, aside: Path, defaults: Mapping[str, object], progress: Progress) -> Task:
    """Return the task of running one notebook into a folder aside, or one of its alternatives among the results."""
    from csrbook.engine import Job

    step = unit.step
    if unit.one:
        target, name = unit.job_in(_home(step))
        job = Job(step.file, target, dict(unit.one.changed) | {VARIANT: name}, name)
    else:
        job = Job(step.file, aside / step.file.name, {})

    def finish(_: object) -> None:
        if not unit.one:
            every = list_alternatives(step, defaults)
            progress.step(name_all(step, every), cells_of(step, every), "stored")

    work = partial(kernels.execute, job, on_cell=progress.cell)
    return Task(unit.name, unit.needs, lambda: work, finish, partial(kernels.end, job))
