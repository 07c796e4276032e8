"""partitions: one file while a table is small, parts once it is not, the same rows and types either way."""

import pandas as pd
import pytest

from csrbook import partitions
from csrbook.columns import columns_of
from csrbook.exports import read_table, write_table
from csrbook.partitions import Partitions
from csrbook.tables import ledger_frame, typed_frame


def rows(count, doc="a"):
    row = {"doc": doc, "reason": "date", "rule": "day"}
    return [row | {"start": n, "end": n + 1, "text": f"=1+{n}" if n % 3 else None} for n in range(count)]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(partitions, "BATCH", 4)
    monkeypatch.setattr(partitions, "PART", 8)


def write(folder, batches, **more):
    folder.mkdir(exist_ok=True)
    with Partitions(folder, "ledger", ledger_frame, **more) as table:
        for batch in batches:
            table.add(batch)
    return table


def test_a_small_table_is_what_write_table_writes(tmp_path):
    told = write(tmp_path / "one", [rows(3), rows(5, "b")], whole=10)
    write_table(ledger_frame(rows(3) + rows(5, "b")), tmp_path / "two", "ledger")
    assert [path.name for path in told.written] == ["ledger.csv", "ledger.parquet"] and told.rows == 8
    assert all(path.read_bytes() == (tmp_path / "two" / path.name).read_bytes() for path in told.written)


def test_a_large_one_lies_in_parts_with_one_csv(tmp_path):
    told = write(tmp_path / "many", [rows(7), rows(12, "b"), rows(2, "c")], whole=10)
    write_table(ledger_frame(rows(7) + rows(12, "b") + rows(2, "c")), tmp_path / "one", "ledger")
    assert [path.name for path in sorted((tmp_path / "many" / "ledger.parquet").iterdir())] == [f"part-{n:05d}.parquet" for n in range(3)]
    pd.testing.assert_frame_equal(read_table(tmp_path / "many" / "ledger.parquet"), read_table(tmp_path / "one" / "ledger.parquet"))
    assert (tmp_path / "many" / "ledger.csv").read_bytes() == (tmp_path / "one" / "ledger.csv").read_bytes()
    assert told.rows == 21


def test_documents_stay_in_the_order_in_which_they_came(tmp_path):
    write(tmp_path, [rows(3, "z"), rows(3, "a"), rows(3, "m")], whole=0)
    assert list(dict.fromkeys(read_table(tmp_path / "ledger.parquet")["doc"])) == ["z", "a", "m"]


@pytest.mark.parametrize("cuts", [[20], [1] * 20, [7, 0, 13]])
def test_parts_do_not_depend_on_how_rows_came(tmp_path, cuts):
    def files(folder):
        return {path.name: path.read_bytes() for path in sorted((folder / "ledger.parquet").iterdir())}

    every, batches = rows(20), []
    for cut in cuts:
        batches.append(every[:cut])
        every = every[cut:]
    write(tmp_path / "one", [rows(20)], whole=0)
    write(tmp_path / "two", batches, whole=0)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_no_rows_have_their_columns(tmp_path):
    write(tmp_path, [], whole=0)
    frame = read_table(tmp_path / "ledger.parquet")
    assert frame.empty and list(frame.dtypes.items()) == list(typed_frame([], columns_of("ledger")).dtypes.items())


def test_some_columns_alone_are_read(tmp_path):
    write(tmp_path, [rows(9)], whole=0)
    assert list(read_table(tmp_path / "ledger.parquet", ["doc", "reason"])) == ["doc", "reason"]


@pytest.mark.parametrize(("first", "second"), [(20, 3), (3, 20), (20, 12)])
def test_a_table_of_a_run_before_is_replaced(tmp_path, first, second):
    write(tmp_path, [rows(first)], whole=10)
    told = write(tmp_path, [rows(second)], whole=10)
    assert len(read_table(tmp_path / "ledger.parquet")) == told.rows == second
    assert len((tmp_path / "ledger.csv").read_text().splitlines()) == second + 1
