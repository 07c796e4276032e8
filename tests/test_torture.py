"""torture: a few of the kills, full disks and damaged documents of `make torture`, and that its page tells what it does."""

import os
import random
import sys
from pathlib import Path

import pytest

PLACE = Path(__file__).parent / "torture"
sys.path.insert(0, str(PLACE))

import documents  # noqa: E402
import report  # noqa: E402
import run  # noqa: E402
import runs  # noqa: E402
from damage import KINDS, damaged  # noqa: E402

REAL = ("killed_whole_runs", "interrupted_commands", "corrupt_cache", "offline", "damaged_together")  # runs of the real notebooks: minutes
QUICK = [name for name in runs.SCENARIOS if name not in REAL]


@pytest.fixture(autouse=True)
def library(monkeypatch):
    """What a book starts finds the library that is tested."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PLACE.parents[1] / "lib"), os.environ.get("PYTHONPATH", "")]))


@pytest.mark.parametrize("name", QUICK)
def test_promise_is_kept(name):
    times, happened, *_ = runs.SCENARIOS[name](random.Random(f"1 {name}"), "quick")
    assert times and happened


def test_page_covers_every_scenario_and_is_not_stale():
    assert report.find_stale(report.PAGE, run.told()) == []


def result(name: str, **told) -> report.Result:
    kinds = {"text_cut": {"read": 3, "unread": 1, "broken": 0, "slowest": 0.2}} if name == "damaged_documents" else None
    return report.Result(**({"name": name, "times": 2, "happened": "it | held", "broken": "", "seconds": 1.4, "library": "0123456789ab",
                             "seed": 7, "machine": "a machine", "kinds": kinds} | told))  # fmt: skip


def test_page_is_the_same_for_the_same_results_and_tells_what_broke(tmp_path):
    told, path = run.told(), tmp_path / "page.md"
    page = report.page([result(name) for name in told], told)
    assert page == report.page([result(name) for name in reversed(list(told))], told)
    path.write_text(page, encoding="utf-8")
    assert report.find_stale(path, told) == [] and "| all | 3 | 1 | 0 | 0.2 |" in page
    assert "**broken**: latest is gone" in report.page([result(name, broken="latest is gone") for name in told], told)


def test_page_goes_stale_with_a_scenario_and_with_a_version(tmp_path, monkeypatch):
    told, path = run.told(), tmp_path / "page.md"
    path.write_text(report.page([result(name) for name in told], told), encoding="utf-8")
    assert report.find_stale(path, told | {"drowned": ("under water", "it swims")}) == ["scenario drowned"]
    assert report.find_stale(path, told | {"clock": ("set on", told["clock"][1])}) == ["scenario clock"]
    path.write_text(report.page([], told), encoding="utf-8")
    assert report.find_stale(path, told) == [] and path.read_text(encoding="utf-8").count("| not done yet |") == len(told)
    monkeypatch.setattr(report, "__version__", "99")
    assert report.find_stale(path, told) == ["version of csrbook"]


def test_damaged_documents_are_the_same_for_the_same_seed():
    for number in range(len(KINDS)):
        assert damaged(number, seed=3) == damaged(number, seed=3)
    assert [damaged(n, seed=3).data for n in range(5)] != [damaged(n, seed=4).data for n in range(5)]


def test_a_document_that_ends_its_reader_is_blamed_alone(monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import os, csrbook.documents as d\nreal = d.read_content\n"
        "d.read_content = lambda name, data: os.kill(os.getpid(), 9) if name.startswith('0001') else real(name, data)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(PLACE.parents[1] / "lib")]))
    told = list(documents.read_many(range(3), seed=1))
    assert [one.number for one in told] == [0, 1, 2]
    assert [one.status == "broken" for one in told] == [False, True, False] and "exit -9" in told[1].words
