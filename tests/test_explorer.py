"""explorer: what it answers to messages, told in one line where something is wrong; the verbs of the package, with examples that run."""

import doctest
import io
import json
import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from share_run import build_full, claim_id

import csrbook
from csrbook import explorer as explorers
from csrbook import opened, pasted, verbs
from csrbook.errors import NothingToRead, UsageError

TREES = claim_id("garden", "1,200 saplings")
COMPLETE = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
try:
    client.execute("import csrbook; run = csrbook.latest_run()", silent=True, reply=True, timeout=60)
    for code in sys.argv[1:]:
        told = client.complete(code, reply=True, timeout=60)["content"]["matches"]
        print(" ".join(sorted(told)))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory, root):
    """A folder with seeds and a latest run, made without a kernel."""
    home = tmp_path_factory.mktemp("a book")
    run = build_full(home / "outputs" / "latest")
    claims = [json.loads(line) for line in (run / "02-extract" / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    pd.DataFrame(claims).drop(columns="rule").to_parquet(run / "02-extract" / "claims.parquet")
    shutil.copytree(root / "seeds", home / "seeds")
    return home


@pytest.fixture
def explorer(book):
    made = csrbook.explore(book / "outputs", seeds=book / "seeds", reviewer="Ann Lee")
    made.sent = []
    made.send = lambda message, buffers=None: made.sent.append(json.loads(json.dumps(message, allow_nan=False)))
    return made


def answer(explorer, **message):
    explorer.hear(message)
    return explorer.sent[-1]


def test_it_opens_with_all_figures_and_follows_what_is_asked(explorer):
    told = answer(explorer, what="open")
    assert (told["what"], told["claims"], told["reviewer"], told["closed"]) == ("start", 9, "Ann Lee", "")
    told = answer(explorer, what="find", number=3, query={"words": "saplings", "chosen": {"language": ["en"]}})
    assert told["number"] == 3 and told["total"] == len(explorer.shown) > 0
    assert set(explorer.shown["doc"]) == {"garden"}


def test_filters_can_be_set_from_code(explorer):
    left = explorer.filter(theme="philanthropy")
    assert explorer.sent[-1] == {"what": "set", "query": {"chosen": {"theme": ["philanthropy"]}, "since": None, "until": None, "words": "", "order": "place", "falling": False}}
    assert set(left["theme"]) == {"philanthropy"}
    with pytest.raises(UsageError, match="did you mean theme"):
        explorer.filter(thme="philanthropy")


def test_the_chosen_figure_is_at_hand_in_code(explorer):
    assert explorer.chosen is None
    assert answer(explorer, what="choose", id=TREES)["text"] == "1,200 saplings" == explorer.chosen["text"]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"what": "choose", "id": "nobody"}, "choose was not understood"),
        ({"what": "find", "query": {"chosen": {"thme": ["x"]}}}, "did you mean theme"),
        ({"what": "decide", "id": TREES, "field": "value", "value": "5", "who": "Ann Lee", "why": "x"}, "holds no document 'garden'"),
        ({"what": "undo", "line": 2, "who": "Ann Lee"}, "is a decision of editor of this corpus"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(explorer, message, told):
    said = answer(explorer, **message)
    assert said["what"] == "problem" and told in said["text"] and "\n" not in said["text"]


def test_what_is_left_is_saved_as_csv(explorer):
    sent = []
    explorer.send = lambda message, buffers=None: sent.append((message, buffers))
    explorer.filter(theme="philanthropy")
    explorer.hear({"what": "save"})
    message, [rows] = sent[-1]
    assert message == {"what": "saved", "name": "figures-latest.csv"}
    assert list(pd.read_csv(io.BytesIO(rows))["claim_id"]) == list(explorer.shown["claim_id"])


def test_choices_of_a_filter_are_found_by_words(explorer):
    told = answer(explorer, what="find", query={}, find={"doc": "GARDEN", "theme": "no such"})["counts"]
    assert [value for value, *_ in told["doc"]] == ["garden"] and told["theme"] == []


def test_decisions_are_those_of_the_run_while_their_file_is_the_same(book, explorer, monkeypatch):
    kept = book / "outputs" / "latest" / "01-sources" / "corrections.csv"
    shutil.copy(book / "seeds" / "corrections.csv", kept)
    explorer._told = [{"state": "orphan", "quotation": "5 mills", "line": 2}]
    explorer._before = {("", "5 mills", "", "", "", "")}
    monkeypatch.setattr(explorers.Explorer, "desk", property(lambda self: pytest.fail("a document was read")))
    told = answer(explorer, what="findings")
    kept.unlink()
    assert [(one["state"], one["quotation"], one["new"]) for one in told["findings"]] == [("orphan", "5 mills", False)] and told["waiting"] == 0


def test_changes_since_the_run_wait_for_the_next(explorer):
    explorer._before = set()
    told = answer(explorer, what="findings")
    assert told["waiting"] == len(told["findings"]) > 0 and all(one["new"] for one in told["findings"])


def test_an_explored_run_stays_when_another_becomes_the_latest(book, tmp_path):
    shutil.copytree(book / "outputs" / "latest", tmp_path / "one")
    (tmp_path / "latest").symlink_to("one")
    explorer = csrbook.explore(tmp_path)
    explorer.sent = []
    explorer.send = explorer.sent.append
    assert answer(explorer, what="find", query={})["newer"] is False
    (tmp_path / "two").mkdir()
    (tmp_path / "latest").unlink()
    (tmp_path / "latest").symlink_to("two")
    assert answer(explorer, what="find", query={})["newer"] is True and len(explorer.shown) == 9


@pytest.mark.parametrize("message", [{"what": "send"}, {"what": "__init__"}, {}, "open", {"what": "close"}])
def test_nothing_else_is_called(explorer, message):
    explorer.hear(message)
    assert explorer.sent == []


def test_without_documents_it_only_shows(book):
    told = csrbook.explore(book / "outputs")
    told.sent = []
    told.send = told.sent.append
    assert "looked at, not decided on" in answer(told, what="open")["closed"]
    assert answer(told, what="decide", id=TREES, field="claim", value="accept", who="A", why="b")["what"] == "problem"


def test_where_no_kernel_runs_its_first_rows_are_seen(explorer):
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "Explorer(9 figures of 3 documents)" and "1,200 saplings" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle and len(bundle["text/html"]) < 20_000


def test_no_run_yet_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NothingToRead, match="there is no run yet; .*; make run in a terminal"):
        csrbook.latest_run()
    shown = NothingToRead("outputs", "there is no run yet")._render_traceback_()
    assert shown == ["NothingToRead: outputs: there is no run yet"]


def test_tables_of_a_run_are_attributes(book):
    run = csrbook.open_run(book / "outputs")
    assert "claims" in dir(run) and len(run.claims) == len(run["claims"]) == 9
    mine = run.claims
    mine["text"] = "mine"
    assert "mine" not in set(run.claims["text"])
    with pytest.raises(AttributeError, match="did you mean claims"):
        run.clams  # noqa: B018
    with pytest.raises(UsageError, match="did you mean claims"):
        run["clams"]


@pytest.mark.parametrize("module", [verbs, opened, explorers])
def test_examples_run(book, monkeypatch, module):
    monkeypatch.chdir(book)
    told = doctest.testmod(module)
    assert told.attempted and not told.failed


@pytest.mark.parametrize("name", csrbook.__all__)
def test_every_verb_shows_an_example(name):
    assert f"csrbook.{name}(" in getattr(csrbook, name).__doc__


def test_a_kernel_offers_the_verbs_and_the_tables(book):
    paths = os.pathsep.join(path for path in sys.path if path)
    ran = subprocess.run(
        [sys.executable, "-c", COMPLETE, "csrbook.", "csrbook.ex", "run.cla"], cwd=book, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    every, some, tables = ran.stdout.splitlines()
    assert {word.rpartition(".")[2] for word in every.split()} == set(csrbook.__all__)
    assert {word.rpartition(".")[2] for word in some.split()} == {"explain", "explore", "extract"}
    assert {word.rpartition(".")[2] for word in tables.split()} == {"claims"}


def test_a_pasted_text_comes_back_whole_with_its_figures_marked():
    text = "In 2019 the mill planted 500 trees <b>\r\nby 2030 it will plant 900 trees."
    told = pasted.read_pasted(text)
    assert "".join(words for words, _ in told["parts"]) == text
    assert [words for words, kind in told["parts"] if kind.isdigit()] == ["500 trees", "900 trees"]
    assert [row["promise"] for row in told["rows"]] == [False, True]
    assert pasted.read_pasted(" ") == {"parts": [], "rows": [], "language": "", "cut": False}
    assert pasted.read_pasted("The mill planted 500 trees. " * 900)["cut"]


def test_a_file_is_read_before_it_is_extracted(book, monkeypatch):
    monkeypatch.chdir(book)
    with pytest.raises(UsageError, match="csrbook.read"):
        csrbook.extract("seeds/spring-thunder-letter.txt")
    assert len(csrbook.read("seeds").documents) == 5
    assert csrbook.extract("In May it planted 500 trees.", date="2021-06-01").claims[0].when == "2021-05"
