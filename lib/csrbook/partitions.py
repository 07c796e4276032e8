"""Write a table that may be larger than memory: one file while it is small, a folder of parts once it is not.

    with Partitions(folder, "claims", make_frame) as table: table.add(rows)      -> claims.csv, claims.parquet, as exports.write_table

In      rows, a few at a time, and how a table is made of rows.
Out     up to `whole` rows the very files of `exports.write_table`; beyond, <stem>.parquet/part-00000.parquet ... in the order in which
        rows came, one set of types whatever they hold, and one CSV beside. `exports.read_table` reads either.
Never   holds more than `whole` rows, or a group where that is more.
Needs   exports; pandas, pyarrow.  Used by streams, harvests.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from csrbook.exports import write_csv, write_table

__all__ = ["BATCH", "PART", "WHOLE", "Partitions"]

WHOLE = 50_000  # rows of a table that is held, sorted and written as one file
BATCH = 10_000  # rows of a group, which is what is read and written at a time, where nothing else is said
PART = 100 * BATCH  # rows of a file

Row = dict[str, Any]


class Partitions:
    """A table under way; a context that finishes it, or leaves what there is where an error ends the block."""

    def __init__(
        self, folder: Path, stem: str, frame_of: Callable[[list[Row]], pd.DataFrame], *, whole: int = WHOLE, batch: int | None = None,
        csv: bool = True,
    ) -> None:  # fmt: skip
        """`frame_of` makes the table of some rows, with the same columns and types also of none; `whole=0` always writes parts.

        `batch` rows make a group of a part, BATCH where it is not said: fewer where a row takes much memory.
        """
        self.folder, self.stem, self.frame_of, self.whole, self.batch, self.csv = folder, stem, frame_of, whole, batch or BATCH, csv
        self.held: list[Row] = []
        self.rows = self.files = 0
        self.written: list[Path] = []
        self._file: Any = None

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows, which follow those before."""
        self.held += rows
        while len(self.held) > (self.whole if not self.rows else 0) and len(self.held) >= self.batch:
            self._write(self.held[: self.batch])
            del self.held[: self.batch]

    def __enter__(self) -> Self:
        folder = self.folder / f"{self.stem}.parquet"
        if folder.is_dir():  # of a larger run before
            shutil.rmtree(folder)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None and (self.rows or not self.whole):
            if self.held or not self.rows:
                self._write(self.held)
        elif kind is None:
            self.rows = len(self.held)
            self.written = write_table(self.frame_of(self.held), self.folder, self.stem)
        self.held = []
        self._close()

    def _write(self, rows: list[Row]) -> None:
        from pyarrow import Table, parquet

        frame = _in_order(self.frame_of(rows), rows)
        if self._file is None:
            if not self.files:
                self._begin()
            path = self.folder / f"{self.stem}.parquet" / f"part-{self.files:05d}.parquet"
            self._file = parquet.ParquetWriter(path, self.schema, compression="zstd")
            self.files += 1
        self._file.write_table(Table.from_pandas(frame, self.schema, preserve_index=False), row_group_size=self.batch)
        if self.csv:
            write_csv(frame, self.written[0], follows=self.rows > 0)
        self.rows += len(frame)
        if self.rows >= self.files * PART:
            self._close()

    def _begin(self) -> None:
        from pyarrow import Schema

        self.schema = Schema.from_pandas(self.frame_of([]), preserve_index=False)
        folder = self.folder / f"{self.stem}.parquet"
        folder.unlink(missing_ok=True)  # of a smaller run before
        folder.mkdir(parents=True)
        self.written = [self.folder / f"{self.stem}.csv"] * self.csv + [folder]

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _in_order(frame: pd.DataFrame, rows: list[Row]) -> pd.DataFrame:
    """Return a table, which is sorted by document, in the order in which the documents came; that of files is in it already."""
    if "doc" not in frame or frame["doc"].isna().any():
        return frame
    order = {doc: at for at, doc in enumerate(dict.fromkeys(row["doc"] for row in rows))}
    return frame.sort_values("doc", key=lambda docs: docs.map(order), kind="stable", ignore_index=True)
