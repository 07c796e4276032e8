"""A run as an object: its tables by attribute, with completion.

    run = open_run("outputs/latest");  run                  lists its tables
    run.claims                                              the table of that name, as a DataFrame

In      the folder of a run, or a folder of runs, of which the newest whole one is taken.
Out     OpenRun: `tables` names them, `run.<name>` or run["<name>"] reads one, at its first use; the caller's to change.
Never   writes into the run.
Needs   errors, exports; pandas.  Used by explorer, showings, verbs.
"""

from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from csrbook.errors import NothingToRead, UsageError
from csrbook.exports import read_table

__all__ = ["OpenRun", "latest_run", "open_run"]

LATEST, OUTPUTS = "latest", "outputs"
FIRST = "make run in a terminal (or csrbook run) makes one; then run this cell again"


class OpenRun:
    """One run: `folder`, and its tables by name; it stays this one when `latest` moves on to another."""

    def __init__(self, folder: Path) -> None:
        self.given, self.folder = folder, folder.resolve()
        folder = self.folder
        paths = sorted(folder.glob("[0-9]*/*.parquet"))
        self._paths = {path.stem: path for path in reversed(paths)}  # of two of a name the first step's
        self._read: dict[str, pd.DataFrame] = {}

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables, step by step."""
        return tuple(sorted(self._paths, key=lambda name: (self._paths[name].parent.name, name)))

    def step(self, name: str) -> str:
        """Return the step that wrote a table: "02-extract"."""
        return self._paths[name].parent.name

    def rows(self, name: str) -> int:
        """Return how many rows a table has, without reading it."""
        from pyarrow import dataset

        return dataset.dataset(self._paths[name]).count_rows()

    @property
    def is_latest(self) -> bool:
        """Whether the path that it was opened by still leads to it."""
        return self.given.resolve() == self.folder

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._paths:
            near = get_close_matches(name, self._paths, 1)
            advice = f"did you mean {near[0]}?" if near else f"tables are {', '.join(self.tables)}"
            raise UsageError(self.folder.name, f"this run has no table {name!r}", "", advice)
        if name not in self._read:
            self._read[name] = read_table(self._paths[name])
        return self._read[name].copy()

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self._paths:
            near = get_close_matches(name, self._paths, 1)
            raise AttributeError(f"this run has no table {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
        return self[name]

    def __dir__(self) -> list[str]:
        return [*self._paths, "folder", "is_latest", "rows", "step", "tables"]

    def __repr__(self) -> str:
        return f"OpenRun({self.folder.name}: {len(self._paths)} tables; {', '.join(self.tables)})"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.tables)


def open_run(folder: str | Path) -> OpenRun:
    """Return a run, whose tables are its attributes: run.claims, run.relations.

    Parameters
    ----------
    folder : path
        A run, or a folder of runs, of which `latest` is taken.

    Raises
    ------
    NothingToRead
        There is no run.

    Examples
    --------
    >>> import csrbook
    >>> run = csrbook.open_run("outputs/latest")
    >>> run.claims[["doc", "text", "value", "unit"]].columns.tolist()
    ['doc', 'text', 'value', 'unit']
    """
    path = Path(folder)
    path = path / LATEST if (path / LATEST).is_dir() else path
    run = OpenRun(path)
    if not run.tables:
        told = "holds no tables of a run" if path.is_dir() else "there is no run yet"
        raise NothingToRead(str(folder), told, "the folder of a run, as outputs/latest", FIRST)
    return run


def latest_run() -> OpenRun:
    """Return the latest whole run: that of the folder `outputs` here, or in the nearest folder above.

    Raises
    ------
    NothingToRead
        There is none yet.

    Examples
    --------
    >>> import csrbook
    >>> run = csrbook.latest_run()
    >>> "claims" in run.tables
    True
    """
    here = Path.cwd()
    found = next((path for path in (here, *here.parents) if (path / OUTPUTS / LATEST).is_dir()), here)
    return open_run(found / OUTPUTS / LATEST)
