"""The brief as a PDF: by a real Chromium where there is one, and by stand-ins that fail in every way."""

import os
import shlex
import stat
import sys
import threading

import pytest
from pypdf import PdfReader
from share_run import build_run

from csrbook.errors import RunError, UsageError
from csrbook.evidence import read_run
from csrbook.printing import find_chromium, print_brief
from csrbook.records import write_json
from csrbook.share import make_pages


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = build_run(tmp_path_factory.mktemp("printed") / "a run 空")
    make_pages(read_run(folder))
    write_json(folder / "run.json", {"ended": "2021-06-02T09:10:11+00:00"})
    return folder


@pytest.fixture
def stand_in(tmp_path):
    """Make a program that takes the place of Chromium: a few lines of Python, which know `to` and `switches`."""

    def make(code):
        path = tmp_path / "browser"
        head = "import sys, os, time, subprocess\nswitches = sys.argv[1:]\nto = next(s for s in switches if s.startswith('--print-to-pdf=')).partition('=')[2]\n"
        path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(head + code)} "$@"\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


@pytest.mark.browser
def test_pdf_of_a_real_browser(run, tmp_path, chromium):
    first = print_brief(run, tmp_path / "deep" / "brief.pdf", chromium)
    read = PdfReader(first)
    words = " ".join(page.extract_text() for page in read.pages)
    assert "What did the mill do for the town?" in words and "4.5 million crowns" in words and "450万克朗" in words
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in read.pages} == {(595, 842)}, "A4"
    assert all(f"{number} / {len(read.pages)}" in page.extract_text() for number, page in enumerate(read.pages, 1))
    assert read.metadata.title == "What did the mill do for the town?"
    assert read.metadata["/CreationDate"] == read.metadata["/ModDate"] == "D:20210602091011+00'00'"
    links = [note.get_object().get("/A", {}).get("/URI", "") for page in read.pages for note in page.get("/Annots", ())]
    assert not any(links) and b"csrbook-" not in first.read_bytes(), "no address of a file"
    again = print_brief(run, tmp_path / "again.pdf", chromium)
    assert again.read_bytes() == first.read_bytes()


def test_cells_are_numbered_from_one_wherever_the_browser_began(run, tmp_path, stand_in):
    """It counts what it made before the page, and that differs from time to time."""
    made = [
        f"open(to, 'wb').write(b'%PDF-1.4 /ID (node{first + 1:08d}) /Headers [(node{first + 1:08d}) (node{first:08d})] /Alt (node1) %%EOF')"
        for first in (7, 1242)
    ]
    printed = {print_brief(run, tmp_path / "a.pdf", stand_in(code)).read_bytes() for code in made}
    assert printed == {b"%PDF-1.4 /ID (node00000002) /Headers [(node00000002) (node00000001)] /Alt (node1) %%EOF"}


@pytest.mark.parametrize("found", ["chromium", "chromium-browser", "google-chrome"])
def test_known_names_are_looked_for(tmp_path, monkeypatch, found):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"no chromium, chromium-browser or google-chrome; install Chromium; or open brief\.html .* print it into a file"):
        find_chromium()
    (tmp_path / found).write_text("#!/bin/sh\n")
    (tmp_path / found).chmod(0o755)
    assert find_chromium() == str(tmp_path / found)


def test_named_one_goes_before_and_must_exist(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert find_chromium() == sys.executable
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="CHROMIUM: is '.*none', which is no program"):
        find_chromium()


def test_what_the_browser_is_told(run, tmp_path, stand_in, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://203.0.113.1")
    told = tmp_path / "told"
    code = f"open(to, 'wb').write(b'%PDF-1.4 /CreationDate (D:20300101000000+00) %%EOF'); open({str(told)!r}, 'w').write(repr((switches, dict(os.environ))))"
    assert print_brief(run, tmp_path / "a.pdf", stand_in(code)).read_bytes() == b"%PDF-1.4 /CreationDate (D:20210602091011+00) %%EOF"
    switches, surroundings = eval(told.read_text())
    assert ("--no-sandbox" in switches) is (os.geteuid() == 0)
    home = surroundings["HOME"]
    assert f"--user-data-dir={home}/profile" in switches and switches[-1] == f"file://{home}/brief.html" and not os.path.exists(home)
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in switches and "HTTP_PROXY" not in surroundings


@pytest.mark.parametrize(
    "code, told",
    [
        ("sys.exit('a\\x1b[1m line\\nlast line')", "printed nothing, exit 1: last line"),
        ("pass", "printed nothing, exit 0: it said nothing"),
        ("open(to, 'wb').write(b'%PDF-1.4 cut')", "printed nothing, exit 0"),
        ("open(to, 'wb').write(b'%PDF-1.4 %%EOF'); sys.exit(3)", "exit 3"),
    ],
)
def test_failures_are_one_line_and_leave_no_file(run, tmp_path, stand_in, code, told):
    with pytest.raises(RunError, match=told) as caught:
        print_brief(run, tmp_path / "a.pdf", stand_in(code))
    assert "\n" not in str(caught.value) and sorted(path.name for path in tmp_path.iterdir()) == ["browser"]


def test_one_that_hangs_is_ended_with_all_that_it_started(run, tmp_path):
    """All of them hold a pipe open: its end is read when the last one is gone."""
    pipe, browser = tmp_path / "pipe", tmp_path / "browser"
    os.mkfifo(pipe)
    browser.write_text(f"#!/bin/sh\nexec 3>'{pipe}'\nsleep 600 &\nsleep 600\n")
    browser.chmod(0o755)
    told = []
    reader = threading.Thread(target=lambda: told.append(pipe.read_bytes()), daemon=True)
    reader.start()
    with pytest.raises(RunError, match=r"did not print the brief within 3 s"):
        print_brief(run, tmp_path / "a.pdf", str(browser), seconds=3)
    reader.join(30)
    assert told == [b""] and not (tmp_path / "a.pdf").exists()


def test_what_cannot_be_started_or_written(run, tmp_path, stand_in):
    with pytest.raises(RunError, match="cannot be started"):
        print_brief(run, tmp_path / "a.pdf", str(tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be written"):
        print_brief(run, tmp_path / "file" / "a.pdf", stand_in("open(to, 'wb').write(b'%PDF-1.4 %%EOF')"))


@pytest.mark.parametrize("name, told", [("pipe", "is no place for the PDF"), ("a" * 300, "cannot be written: File name too long")])
def test_nothing_but_a_file_is_replaced(run, tmp_path, stand_in, name, told):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError if name == "pipe" else RunError, match=told):
        print_brief(run, tmp_path / name, stand_in("open(to, 'wb').write(b'%PDF-1.4 %%EOF')"))
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_beside_it_is_not_written_through(run, tmp_path, stand_in):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / ".a.pdf.part").symlink_to("mine")
    print_brief(run, tmp_path / "a.pdf", stand_in("open(to, 'wb').write(b'%PDF-1.4 %%EOF')"))
    assert (tmp_path / "mine").read_text() == "mine" and not (tmp_path / "a.pdf").is_symlink()


def test_no_room_to_lay_it_out(run, tmp_path, stand_in, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(RunError, match=r"brief\.html: cannot be laid out for printing: No such file .*; make room, or set TMPDIR"):
        print_brief(run, tmp_path / "a.pdf", stand_in("pass"))


@pytest.mark.parametrize("place", ["brief.pdf", "02-extract/a.pdf", "."])
def test_the_run_is_sealed(run, place):
    with pytest.raises(UsageError, match="is no place for the PDF"):
        print_brief(run, run / place, "chromium")


def test_a_folder_without_a_brief(tmp_path):
    with pytest.raises(UsageError, match=r"has no brief\.html"):
        print_brief(tmp_path, tmp_path / "a.pdf", "chromium")


def test_dates_of_a_run_without_a_record(run, tmp_path, stand_in):
    folder = build_run(tmp_path / "run")
    make_pages(read_run(folder))
    code = "open(to, 'wb').write(b'%PDF-1.4 /ModDate (D:20300101000000) %%EOF')"
    assert b"(D:19800101000000)" in print_brief(folder, tmp_path / "a.pdf", stand_in(code)).read_bytes()
