"""Paths of the machine are found in every format that a run holds; other words are left alone."""

import zipfile

import pyarrow
import pytest
from pyarrow import parquet

from csrbook.leaks import find_leak, private_paths

PATHS = ["/srv/mira/reports", "/home/mira", "../../mira/reports", "/srv/\u7a7a x"]


@pytest.mark.parametrize(
    "words, found",
    [
        ("read from /home/mira/a.txt", "/home/mira"),
        ("file:///srv/mira/reports/a", "/srv/mira/reports"),
        ('{"seeds": "../../mira/reports"}', "../../mira/reports"),
        ("seeds=../../mira/reports", "../../mira/reports"),
        ("&#47;home/mira", "/home/mira"),
        ("/home/miranda", None),
        ("https://example.org/home/mira", None),
        ("mira", None),
        ("in /srv/\u7a7a x/a", "/srv/\u7a7a x"),
        ("file:///srv/%E7%A9%BA%20x/a", "/srv/%E7%A9%BA%20x"),
        (r'["/srv/\u7a7a x/a"]', r"/srv/\u7a7a x"),
        ("../../../mira/reports-2020", None),
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.xlsx"])
def test_what_is_found(tmp_path, words, found, name):
    if name == "a.xlsx":
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/sheet.xml", words)
    else:
        (tmp_path / name).write_text(words, encoding="utf-8")
    assert list(find_leak(tmp_path, PATHS)) == ([(name, found)] if found else [])


def test_tables_and_any_bytes_are_read(tmp_path):
    parquet.write_table(pyarrow.table({"a": [1, 2], "b": ["x", "in /home/mira"]}), tmp_path / "t.parquet")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\xff\x00/home/mira\x00")
    assert [name for name, _ in find_leak(tmp_path, PATHS)] == ["b.png", "t.parquet"]


def test_paths_are_those_of_the_run_and_the_person(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/mira")
    record = {"parameters": {"seeds": "../../x/reports", "gold": "", "currency": "a/b"}, "inputs": {"seeds": {"a": "1"}, "gold": {}}}
    told = private_paths(tmp_path / "out" / "run", record)
    assert {"/home/mira", "../../x/reports", str(tmp_path / "out" / "run"), str(tmp_path / "out"), str(tmp_path / "x" / "reports")} <= set(told)
    assert "a/b" not in told and "/" not in told and told == sorted(told, key=lambda path: (-len(path), path))
