"""Remove old runs: the newest stay, `latest` and what it leads to always, and nothing that no run of ours made.

    remove_old(Path("outputs"), keep=10)        # names of the runs that were removed, oldest first

In      the folder of all runs; how many runs stay, `latest` among them.
Out     whole runs removed, each with its log; logs of runs that failed or never began, but for the newest.
Never   follows a link, removes a folder without our run.json or under another name than its own run's, or anything where there is
        no latest run; leaves half a run behind under its name, however it ends.
Needs   digests, errors, locks, records, run_logs, snapshots.  Used by run_cli.
"""

import contextlib
import re
import shutil
from pathlib import Path

from csrbook.digests import FORMAT
from csrbook.errors import UsageError
from csrbook.locks import hold
from csrbook.records import read_json
from csrbook.run_logs import LOGS
from csrbook.snapshots import RUN

__all__ = ["find_old", "remove_old", "trim_logs"]

ASIDE = ".removed-"  # before the name of a run that is being removed
LONE_LOGS = 20  # logs that stay without a run: of those that failed, were killed, or never began
LOG = re.compile(r"(\d{8}T\d{6}Z(?:-\d+)?)(\.failed|\.refused)?\.log")


def find_old(out: Path, keep: int) -> list[Path]:
    """Return the runs that are older than the `keep` ones that stay, the oldest first; `latest` always is among those that stay.

    Raises
    ------
    UsageError
        `keep` is less than 1.
    """
    if keep < 1:
        raise UsageError("--keep", f"{keep} was given", "1 or more", "1 keeps the latest run alone")
    latest = out / "latest"
    if not latest.is_symlink() or not latest.is_dir():
        return []
    last = latest.resolve()
    runs = sorted((path for path in out.iterdir() if _is_run(path)), key=_when)
    others = [path for path in runs if path.resolve() != last]
    return others[: max(0, len(others) - (keep - 1))]


def remove_old(out: Path, keep: int) -> tuple[str, ...]:
    """Remove the runs of `find_old`; return their names.

    Each is first renamed, in one step, and then deleted: a run is there whole or not at all. What a killed call left is cleared
    by the next. Where another run is at work in the folder by now, that one is left to do it.

    Raises
    ------
    RunError
        Another process holds the folder.
    OSError
        A run could not be renamed.
    """
    out = Path(out)
    with hold(out, "removing old runs"):
        for rest in out.glob(f"{ASIDE}*"):
            if RUN.fullmatch(rest.name.removeprefix(ASIDE)) and not rest.is_symlink():
                shutil.rmtree(rest, ignore_errors=True)
        old = find_old(out, keep)
        for run in old:
            aside = run.rename(out / f"{ASIDE}{run.name}")
            if not (out / LOGS).is_symlink():
                (out / LOGS / f"{run.name}.log").unlink(missing_ok=True)
            shutil.rmtree(aside, ignore_errors=True)
    return tuple(run.name for run in old)


def trim_logs(out: Path, most: int = LONE_LOGS) -> None:
    """Remove the oldest logs without a run, so that a schedule that fails for weeks fills no disk."""
    if (out / LOGS).is_symlink():  # what lies there is another's
        return
    found = [path for path in (out / LOGS).glob("*.log") if LOG.fullmatch(path.name) and not path.is_symlink()]
    lone = sorted((path for path in found if not (out / path.stem).is_dir()), key=lambda path: path.name)
    for path in lone[: max(0, len(lone) - most)]:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_run(path: Path) -> bool:
    """True for a folder that a run made, still under the name that it gave."""
    if not RUN.fullmatch(path.name) or path.is_symlink() or not path.is_dir() or (path / "run.json").is_symlink():
        return False
    record = read_json(path / "run.json")
    return record.get("format") == FORMAT and record.get("run") == path.name and isinstance(record.get("notebooks"), list)


def _when(run: Path) -> tuple[str, int]:
    stamp, number = RUN.fullmatch(run.name).groups()
    return stamp, int(number or 1)
