"""Runs of tiny notebooks: what is published, what is refused, what is kept when something breaks."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from csrbook.errors import NothingToRead, RunError, UsageError
from csrbook.plan import read_plan
from csrbook.runner import run_workbook
from csrbook.storing import store_notebooks

TINY = Path(__file__).parent / "notebooks"
LISTS = {"file": "01_lists.ipynb", "reads": ["{seeds}"], "writes": ["01-lists"]}
COUNTS = {"file": "02_counts.ipynb", "reads": ["01-lists"], "writes": ["02-counts.csv"]}


@pytest.fixture(scope="module", autouse=True)
def library():
    """A library that does not change while it is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("csrbook.runner.digest_library", lambda lock: {"library": "0" * 64, "lexicons": "1" * 64})
        yield


class Book:
    """A small workbook in a temporary folder: notebooks, a plan, two documents, a folder of runs."""

    def __init__(self, folder: Path, *entries: dict, head: str = 'paths = ["seeds"]', runs: Path | None = None) -> None:
        self.folder, self.out, self.seeds = folder, folder / "outputs", folder / "notebooks" / "seeds"
        self.seeds.mkdir(parents=True)
        if runs:  # of another such book, so that what stands there need not run again
            shutil.copytree(runs, self.out, symlinks=True)
        (self.seeds / "one.txt").write_text("one")
        (self.seeds / "文 件.txt").write_text("two")
        for entry in entries:
            shutil.copy(TINY / entry["file"], folder / "notebooks")
        tables = [head]
        for entry in entries:
            tables.append("[[notebook]]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in entry.items()))
        self.plan = folder / "notebooks" / "plan.toml"
        self.plan.write_text("\n".join(tables))

    def run(self, **options):
        return run_workbook(self.plan, **({"out": self.out} | options))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / "notebooks" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    @property
    def latest(self) -> str:
        return os.readlink(self.out / "latest")

    @property
    def folder_of_latest(self) -> Path:
        return self.out / self.latest


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path / "a folder 空 {x}", LISTS, COUNTS)


@pytest.fixture(scope="module")
def runs(tmp_path_factory, library):
    """The folder of runs of a book that has run once."""
    made = Book(tmp_path_factory.mktemp("made") / "book", LISTS, COUNTS)
    made.run()
    return made.out


@pytest.fixture
def ran(tmp_path, runs):
    """A book that has run once."""
    return Book(tmp_path / "a folder 空 {x}", LISTS, COUNTS, runs=runs)


def one(tmp_path, file, *, runs: Path | None = None, **entry) -> Book:
    """A workbook whose second notebook is the one under test."""
    return Book(tmp_path / "book", LISTS, {"file": file, "reads": [], "writes": []} | entry, runs=runs)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_run_publishes_whole(book):
    outcome = book.run()
    assert outcome.ran == ("01-lists.ipynb", "02-counts.ipynb")
    assert book.latest == outcome.folder.name and re.fullmatch(r"\d{8}T\d{6}Z", book.latest)
    written = files_of(outcome.folder)
    assert set(written) == {"01-lists.ipynb", "01-lists/names.txt", "02-counts.csv", "02-counts.ipynb", "run.json"}
    assert written["01-lists/names.txt"].decode() == "a=b #1\none.txt\n文 件.txt"
    assert {p.name for p in book.out.iterdir()} == {book.latest, "latest", ".lock"}
    assert not list((book.folder / "notebooks").glob(".*"))


def test_seal_sees_the_record_before_the_run_is_latest(book):
    seen = []

    def seal(folder):
        seen.append((json.loads((folder / "run.json").read_text())["run"], (book.out / "latest").exists()))
        (folder / "seal.txt").write_text("sealed")

    folder = book.run(seal=seal).folder
    assert seen == [(folder.name, False)] and (book.out / "latest" / "seal.txt").read_text() == "sealed"
    assert "seal.txt" not in (folder / "run.json").read_text()
    assert book.run(seal=seal).folder == folder and len(seen) == 1, "nothing changed, nothing to seal"


def test_failing_seal_leaves_latest_as_it_was(ran):
    book, before = ran, ran.latest

    def seal(folder):
        raise ValueError("no wax")

    with pytest.raises(RunError, match=r"after the last notebook: ValueError: no wax; .*\.failed"):
        book.run(seal=seal, force=True)
    assert book.latest == before and not list(book.out.glob("*.failed/run.json"))


def test_record_tells_all(book):
    record = json.loads((book.run(parameters={"times": 2}).folder / "run.json").read_text())
    assert record["parameters"]["times"] == 2 and record["parameters"]["round_to"] == 1.0
    assert set(record["inputs"]["seeds"]) == {"one.txt", "文 件.txt"}
    assert len(record["digests"]["library"]) == len(record["digests"]["lexicons"]) == 64
    assert {"python", "papermill", "pandas"} <= set(record["versions"])
    first = record["notebooks"][0]
    assert first["file"] == "01_lists.ipynb" and first["seconds"] > 0 and set(first["files"]) >= {"01-lists/names.txt"}
    assert str(book.folder) not in json.dumps(record, ensure_ascii=False)


def test_executed_notebook_repeats_byte_for_byte(ran):
    first = files_of(ran.folder_of_latest)
    second = files_of(ran.run(force=True).folder)
    del first["run.json"], second["run.json"]
    assert first == second
    cells = nbformat.reads(first["01-lists.ipynb"].decode(), 4).cells
    assert [c.execution_count for c in cells if c.cell_type == "code"] == [1, 2, 3, 4, 5]
    assert not re.search(rb"papermill\"|iopub|3\.1\d\.\d", first["01-lists.ipynb"])


def test_other_engines_give_the_same(ran):
    made = [ran.folder_of_latest, *(ran.run(force=True, engine=engine).folder for engine in ("own", "stock"))]
    warm, own, stock = ({name: told for name, told in files_of(folder).items() if name != "run.json"} for folder in made)
    assert warm == own == stock


def test_unchanged_run_does_nothing(ran):
    before = files_of(ran.out)
    again = ran.run()
    assert again.folder == ran.folder_of_latest and again.ran == () and again.seconds < 1
    assert files_of(ran.out) == before


def test_changed_seed_runs_what_reads_it(ran):
    (ran.seeds / "three.txt").write_text("3")
    outcome = ran.run()
    assert outcome.ran == ("01-lists.ipynb", "02-counts.ipynb")
    assert "three.txt" in (outcome.folder / "01-lists" / "names.txt").read_text()


@pytest.mark.parametrize("name", ["manifest.toml", "names.toml", "corrections.csv"])
def test_what_is_told_of_one_file_is_an_input_too(book, name):
    book.edit("01_lists.ipynb", "Path(seeds).iterdir()", "[Path(seeds)]")
    seeds = book.seeds / "one.txt"
    first = book.run(seeds=seeds)
    assert set(json.loads((first.folder / "run.json").read_text())["inputs"]["seeds"]) == {"one.txt"}
    (book.seeds / name).write_text("format = 1", encoding="utf-8")
    assert book.run(seeds=seeds).ran == ("01-lists.ipynb",) and book.run(seeds=seeds).ran == ()


def test_changed_content_that_gives_the_same_stops_there(ran):
    (ran.seeds / "one.txt").write_text("other words, same name")
    assert ran.run().ran == ("01-lists.ipynb",)


@pytest.mark.parametrize(
    "edit, again",
    [
        (("02_counts.ipynb", "letters", "signs"), ("02-counts.ipynb",)),
        (("01_lists.ipynb", "# Which", "# What"), ("01-lists.ipynb",)),
    ],
)
def test_only_the_edited_notebook_runs_and_skipping_changes_no_byte(ran, edit, again):
    book = ran
    book.edit(*edit)
    some, whole = book.run(), book.run(force=True)
    assert some.ran == again and len(some.copied) == 1
    some, whole = files_of(some.folder), files_of(whole.folder)
    del some["run.json"], whole["run.json"]
    assert some == whole


def test_changed_parameter_runs_again(ran):
    assert ran.run(parameters={"loud": True}).ran == ("02-counts.ipynb",)
    assert ran.run(parameters={"loud": True}).ran == ()


def test_damaged_output_is_made_again(ran):
    (ran.folder_of_latest / "02-counts.csv").write_text("tampered")
    outcome = ran.run()
    assert outcome.ran == ("02-counts.ipynb",)
    assert (outcome.folder / "02-counts.csv").read_text() == "letters,22\n"


def test_changed_library_runs_all(ran, monkeypatch):
    monkeypatch.setattr("csrbook.runner.digest_library", lambda lock: {"library": "new"})
    assert len(ran.run().ran) == 2


def test_finish_makes_the_page_and_its_failure_keeps_latest(book):
    def pages(folder, record, before):
        (folder / "index.html").write_text("page")
        return folder / "index.html"

    def broken(folder, record, before):
        raise ValueError("no template")

    outcome = book.run(finish=pages)
    assert outcome.page == outcome.folder / "index.html" and outcome.page.read_text() == "page"
    assert book.run(finish=pages).ran == ()
    outcome.page.unlink()
    again = book.run(finish=pages)
    assert again.copied == ("01-lists.ipynb", "02-counts.ipynb") and again.page.exists()
    with pytest.raises(RunError, match="ValueError: no template.*latest is as it was"):
        book.run(finish=broken)
    assert book.latest == again.folder.name


def test_finish_gets_the_record_so_far_and_the_run_before(book):
    got = []

    def look(folder, record, before):
        got.append((record, before))
        (folder / "page.html").touch()
        return folder / "page.html"

    first = book.run(finish=look)
    second = book.run(finish=look, force=True)
    assert [before for _, before in got] == [None, first.folder]
    told = json.loads((second.folder / "run.json").read_text())
    same = [key for key in told if key not in ("ended", "seconds", "page", "pages")]
    assert {key: got[1][0][key] for key in same} == {key: told[key] for key in same}


@pytest.mark.parametrize(
    "file, told",
    [
        ("fails.ipynb", r"fails.ipynb, cell \[4\]: ZeroDivisionError: division by zero"),
        ("dies.ipynb", r"dies.ipynb, cell \[4\]: DeadKernelError: Kernel died"),
        ("exits.ipynb", r"exits.ipynb, cell \[3\]: SystemExit: 0"),
        ("exits_last.ipynb", r"exits_last.ipynb, cell \[3\]: SystemExit: 0"),
        ("strays.ipynb", r"strays.ipynb: wrote or changed elsewhere.txt"),
        ("meddles.ipynb", r"meddles.ipynb: wrote or changed 01-lists/names.txt"),
    ],
)
@pytest.mark.parametrize("engine", ["warm", "stock"])
def test_failed_notebook_is_named_and_latest_stays(tmp_path, runs, file, told, engine):
    book = one(tmp_path, file, runs=runs)
    good = book.folder_of_latest
    with pytest.raises(RunError, match=told) as caught:
        book.run(engine=engine)
    assert "\n" not in str(caught.value) and "latest is as it was" in str(caught.value)
    assert book.latest == good.name
    failed = next(book.out.glob("*.failed"))
    assert not (failed / "run.json").exists() and not (book.out / ".part").exists()
    if "cell" in told:
        kept = nbformat.read(failed / file.replace("_", "-").replace(".ipynb", ".failed.ipynb"), 4)
        assert "stopped at cell [" in kept.cells[0].source
        assert not any("papermill-error" in str(cell.metadata) for cell in kept.cells)


def test_only_the_newest_failed_run_is_kept(tmp_path, runs):
    book = one(tmp_path, "fails.ipynb", runs=runs)
    for _ in range(2):
        with pytest.raises(RunError):
            book.run()
    assert len(list(book.out.glob("*.failed"))) == 1


def test_slow_cell_is_stopped(tmp_path):
    book = Book(tmp_path / "b", {"file": "hangs.ipynb", "reads": [], "writes": []}, head="cell_timeout = 2")
    with pytest.raises(RunError, match=r"hangs.ipynb, cell \[3\]: CellTimeoutError: A cell timed out"):
        book.run()


def test_declared_output_must_be_written(tmp_path, runs):
    book = one(tmp_path, "shirks.ipynb", runs=runs, writes=["02-promised"])
    with pytest.raises(RunError, match="did not write 02-promised"):
        book.run()


def test_error_that_a_cell_announces_is_no_failure(tmp_path, runs):
    assert one(tmp_path, "expects_an_error.ipynb", runs=runs).run().ran == ("expects-an-error.ipynb",)


def test_notebook_that_finds_nothing_to_read_says_so(tmp_path, runs):
    with pytest.raises(NothingToRead, match="no document could be read"):
        one(tmp_path, "empty_handed.ipynb", runs=runs).run()


def test_kernel_is_this_python_in_the_runs_folder(tmp_path, runs, monkeypatch):
    other = tmp_path / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(json.dumps({"argv": ["/bin/false"], "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    book = one(tmp_path, "kernel.ipynb", runs=runs, writes=["kernel.json"])
    facts = json.loads((book.run().folder / "kernel.json").read_text())
    assert os.path.samefile(facts["python"], sys.executable) and facts["cwd"] == str(book.out / ".part")
    assert facts["backend"] != "agg"
    assert not _alive(facts["pid"])


@pytest.mark.parametrize("folder", ["absent", "empty"])
def test_no_input_is_nothing_to_read(book, folder):
    (book.folder / "empty").mkdir()
    with pytest.raises(NothingToRead, match=folder):
        book.run(seeds=book.folder / folder)


def test_results_inside_the_inputs_are_refused(book):
    with pytest.raises(UsageError, match="lies inside seeds"):
        book.run(out=book.seeds / "results")


def test_odd_files_among_the_inputs_stop_nothing(book):
    os.mkfifo(book.seeds / "pipe")
    (book.seeds / "gone.txt").symlink_to("nowhere")
    (book.seeds / "loop").symlink_to(book.seeds)
    record = json.loads((book.run().folder / "run.json").read_text())
    assert record["inputs"]["seeds"]["pipe"] == record["inputs"]["seeds"]["gone.txt"] == "no file"


def test_folder_that_cannot_be_written_is_one_line(book):
    book.out.write_text("a file where the folder should be")
    with pytest.raises(RunError, match="File exists.*--out"):
        book.run()


def test_latest_that_is_a_folder_is_left_alone(book):
    (book.out / "latest").mkdir(parents=True)
    with pytest.raises(RunError, match="no link made by a run"):
        book.run()


# --- two at once, and killed ones: real processes ---


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(condition, seconds: float = 30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def waiting(tmp_path):
    """A workbook with a good run, and a second run in another process that waits inside a cell."""
    book = one(tmp_path, "waits.ipynb", reads=["{seeds}"])
    (book.seeds / "go").touch()
    good = book.run().folder
    (book.seeds / "go").unlink()
    (book.seeds / "pid").unlink()
    code = "import sys; from csrbook.runner import run_workbook; run_workbook(sys.argv[1], out=sys.argv[2])"
    process = subprocess.Popen([sys.executable, "-c", code, str(book.plan), str(book.out)], stderr=subprocess.PIPE)
    try:
        wait_for(lambda: (book.seeds / "pid").exists() and (book.seeds / "pid").read_text())
        yield book, good, process
    finally:
        process.kill()
        process.communicate()


def test_second_run_is_told_who_holds_the_folder(waiting):
    book, good, process = waiting
    with pytest.raises(RunError, match=rf"another run is at work: process {process.pid} on .*, since \d{{4}}-"):
        book.run()
    (book.seeds / "go").touch()
    assert process.wait(30) == 0
    assert book.latest != good.name


def test_killed_run_leaves_latest_and_the_next_takes_over(waiting):
    book, good, process = waiting
    kernel = int((book.seeds / "pid").read_text())
    warm = int(Path(f"/proc/{kernel}/stat").read_text().rsplit(")", 1)[1].split()[1])
    assert warm != process.pid, "the kernel is a fork of the warm process"
    before = files_of(good)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert book.latest == good.name and files_of(good) == before
    assert (book.out / ".holder.json").exists()  # the dead holder's; the lock itself went with it
    wait_for(lambda: not _alive(kernel) and not _alive(warm))
    (book.seeds / "go").touch()
    outcome = book.run()
    assert book.latest == outcome.folder.name != good.name
    assert not (book.out / ".part").exists() and not (book.out / ".holder.json").exists()


# --- plan and parameters ---


@pytest.mark.parametrize(
    "given, told",
    [
        ({"tims": 2}, "no parameter 'tims'.*did you mean times"),
        ({"times": "2"}, "parameter times is '2'; a value of type int"),
        ({"times": True}, "parameter times is True"),
        ({"times": 2.0}, "parameter times is 2.0"),
        ({"loud": 1}, "parameter loud is 1"),
        ({"round_to": float("nan")}, "parameter round_to is nan"),
        ({"mark": None}, "parameter mark is None"),
        ({"only": ["a", 1]}, "parameter only"),
        ({"only": ("a",)}, "parameter only"),
        ({"run_dir": "x"}, "run_dir: is set by the runner"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_before_anything_runs(book, given, told):
    with pytest.raises(UsageError, match=told):
        book.run(parameters=given)
    assert not book.out.exists()


def test_parameters_that_fit_arrive(book):
    given = {"round_to": 2, "note": "中文 \"quoted\" = #", "only": ["a", "b"], "mark": "ё"}
    record = json.loads((book.run(parameters=given).folder / "run.json").read_text())
    assert record["notebooks"][1]["parameters"] == {
        "run_dir": ".", "round_to": 2.0, "loud": False, "note": given["note"], "only": ["a", "b"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "line, told",
    [
        ("x = 1", "'x = 1' declares no parameter"),
        ("import os", "'import os' declares no parameter"),
        ("x: int", "declares no parameter"),
        ("x: int = len([])", "is no literal"),
        ("x: int = 'a'", "parameter x is 'a'"),
        ("x: dict = {}", "type dict"),
        ("x: int = (", "parameters cell, line"),
    ],
)
def test_parameters_cell_must_declare(book, line, told):
    book.edit("02_counts.ipynb", "loud: bool = False  # shout", line)
    with pytest.raises(UsageError, match=re.escape(told)) as caught:
        read_plan(book.plan)
    assert caught.value.where.startswith("02_counts.ipynb")


def test_parameters_cell_is_read_with_its_comments(book):
    known = read_plan(book.plan).parameters
    assert (known["mark"].default, known["mark"].help) == ("a=b #1", "a value that papermill's own reader drops")
    assert known["note"].optional and known["note"].kind == "str"
    assert "run_dir" not in known


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("file = ", "fil = ", "no key in [[notebook]] 'fil'; there is file, grid, product, reads, writes; did you mean file?"),
        ("paths", "pths", "did you mean paths?"),
        ("01_lists", "07_lists", "no such notebook"),
        ('["01-lists"]\nwrites', '["01-list"]\nwrites', "reads '01-list', which nothing provides"),
        ("02-counts.csv", "../up.csv", "a path inside the run's folder"),
        ('paths = ["seeds"]', 'paths = ["seeds", "seed"]', "paths names 'seed'"),
        ("[[notebook]]", "[[notebook", "is not TOML"),
    ],
)
def test_plan_that_does_not_fit_is_refused(book, old, new, told):
    text = book.plan.read_text()
    assert old in text
    book.plan.write_text(text.replace(old, new))
    with pytest.raises(UsageError, match=re.escape(told)):
        read_plan(book.plan)


def test_notebook_without_parameters_cell_is_refused(tmp_path):
    with pytest.raises(UsageError, match="bare.ipynb: has 0 parameters cells"):
        one(tmp_path, "bare.ipynb").run()


def test_one_name_is_one_type_everywhere(book):
    book.edit("02_counts.ipynb", "loud: bool = False", "times: str = 'x'")
    with pytest.raises(UsageError, match="times is str; int, as in 01_lists.ipynb"):
        read_plan(book.plan)


# --- storing ---


def test_stored_notebooks_hold_outputs_and_are_stored_all_or_none(book):
    folder = book.folder / "notebooks"
    (folder / "work").mkdir()
    store_notebooks(read_plan(book.plan))
    cells = nbformat.read(folder / "01_lists.ipynb", 4).cells
    assert [c.execution_count for c in cells[1:]] == [1, 2, 3, 4] and cells[-1].outputs[-1].data["text/plain"] == "2"
    book.edit("02_counts.ipynb", "letters", "{1/0}")
    book.edit("01_lists.ipynb", "# Which", "# What")
    before = files_of(folder)
    with pytest.raises(RunError):
        store_notebooks(read_plan(book.plan))
    after = files_of(folder)
    assert {k: after[k] for k in before} == before
