"""Hold notebooks that run side by side to the folders that they may write.

    watch = Watch(Path("outputs/.part"))
    watch.begin("05-chart.ipynb", ("05-chart", "05-chart.ipynb")); ...; watch.finish("05-chart.ipynb") -> ["05-chart/charts.json", ...]

In      a folder; what runs in it, each with the paths that it may write.
Out     the files that one wrote, sorted; Stray where a file is not where it should be, or one of a finished notebook is another now.
Never   reads a file: size and time tell whether it was touched. What one writes into the folder of another that runs beside it,
        nobody can tell.
Needs   digests.  Used by executions.
"""

from collections.abc import Iterable
from pathlib import Path

from csrbook.digests import walk_files

__all__ = ["Stray", "Watch"]


class Stray(Exception):
    """A file was written where none of those at work may write; `names` are theirs, in the order in which they began."""

    def __init__(self, file: str, names: tuple[str, ...]) -> None:
        super().__init__(file, names)
        self.file, self.names = file, names


class Watch:
    """One folder, and who is at work in it; of one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settled = self._stamp()  # what is there, and nobody may touch
        self._at_work: dict[str, tuple[str, ...]] = {}

    def begin(self, name: str, allowed: Iterable[str]) -> None:
        """Note that one starts to write to these files and folders."""
        self._at_work[name] = tuple(allowed)

    def finish(self, name: str) -> list[str]:
        """Return the files that one wrote, which from now on nobody may touch.

        Raises
        ------
        Stray
            A file was changed, removed, or written elsewhere, by this one or by one that runs beside it.
        """
        now, names = self._stamp(), tuple(self._at_work)
        changed = {file for file, stamp in self._settled.items() if now.get(file) != stamp}
        everybody = [path for allowed in self._at_work.values() for path in allowed]
        changed |= {file for file in now.keys() - self._settled.keys() if not _is_under(file, everybody)}
        own = self._at_work.pop(name)
        written = sorted(file for file in now.keys() - self._settled.keys() if _is_under(file, own))
        self._settled |= {file: now[file] for file in written}
        if changed:
            raise Stray(min(changed), names)
        return written

    def _stamp(self) -> dict[str, tuple[int, int]]:
        """Return size and time of every file."""
        stamps = {}
        for file in walk_files(self._folder):
            try:
                told = file.lstat()
            except FileNotFoundError:  # another notebook has just removed what it had just written
                continue
            stamps[file.relative_to(self._folder).as_posix()] = (told.st_size, told.st_mtime_ns)
        return stamps


def _is_under(file: str, paths: Iterable[str]) -> bool:
    return any(Path(file).is_relative_to(path) for path in paths)
