"""Say in one line what a notebook lacks when it is run before those that it reads from; keep what it writes in the run's folder.

    home = start("../outputs/work", "01-sources/sources.parquet", "02-extract/claims.jsonl")
    folder = inside(home, "06-brief", "choices", "bound-low")

In      the folder of a run; the files in it that a notebook is about to read, or names of a folder to write into.
Out     the folder, as a path.
Never   reads a file, or looks outside of that folder.
Needs   errors.  Used by the notebooks.
"""

from pathlib import Path, PurePosixPath

from csrbook.errors import RunError, UsageError

__all__ = ["inside", "start"]


def start(run_dir: str | Path, *needed: str) -> Path:
    """Return the folder of a run when all that is needed is there: a file, or a folder of parts.

    Raises
    ------
    RunError
        Something is not there; the notebook that writes it is named.
    """
    home = Path(str(run_dir))  # papermill takes "7" for a number
    absent = sorted(name for name in needed if not (home / name).exists())
    if absent:
        first = PurePosixPath(absent[0]).parts[0]
        told = f"{absent[0]} and {len(absent) - 1} more" if len(absent) > 1 else absent[0]
        raise RunError(str(home), f"does not hold {told}", "", f"run {first.replace('-', '_', 1)}.ipynb first, with the same run_dir")
    return home


def inside(home: Path, *names: str | int) -> Path:
    """Return a folder below the folder of a run; empty names are passed over.

    Raises
    ------
    UsageError
        A name would lead out of it: "..", or an absolute path.
    """
    told = [str(name) for name in names]  # papermill takes "7" for a number
    for name in told:
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or "\0" in name:
            raise UsageError(repr(name), "leads out of the folder of the run", "a name of a folder in it")
    return home.joinpath(*told)
