"""The commands that show a run, as a person meets them."""

import subprocess
import sys

import pytest
from click.testing import CliRunner
from site_run import build_whole

from csrbook import cli, site_cli


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commands")
    build_whole(folder / "20210601T080000Z")
    (folder / "latest").symlink_to("20210601T080000Z")
    return folder


def call(*arguments):
    return CliRunner().invoke(cli.main, [str(a) for a in arguments])


def test_publish_says_what_and_where(out, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("publish", "--out", out, "--to", "site")
    assert (done.exit_code, done.stdout) == (0, "site/index.html\n") and (tmp_path / "site" / "404.html").is_file()
    assert "of the documents the sentences around figures, --with-texts shows them whole\n" in done.stderr and " MB; " in done.stderr
    again = call("publish", out / "20210601T080000Z", "--to", "site", "--with-texts", "--address", "https://example.org")
    assert again.exit_code == 0 and again.stderr.endswith("MB; documents whole\n") and (tmp_path / "site" / "sitemap.xml").is_file()


@pytest.mark.parametrize(
    "arguments, code, told",
    [
        (["publish", "--to", "{out}"], 2, "is the run itself, or holds it"),
        (["publish", "--to", "{tmp}", "--out", "{tmp}"], 2, "holds no run yet; make run first"),
        (["publish", "--to", "{tmp}/site", "--address", "example.org"], 2, "is no address of a site; as https://example.org/csr/"),
        (["publish"], 2, "Missing option '--to'"),
        (["publish", "--to", "/proc/nothing/site"], 1, "cannot be written"),
        (["pdf", "nosuch"], 2, "nosuch: is no run in"),
        (["pdf", "--to", "{out}/latest/brief.pdf"], 2, "is no place for the PDF"),
        (["serve", "--port", "65536"], 2, "65536 is not in the range"),
        (["serve", "nosuch"], 2, "nosuch: is no run in"),
    ],
)
def test_what_does_not_fit_is_one_line(out, tmp_path, monkeypatch, arguments, code, told):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    arguments = [a.format(out=out, tmp=tmp_path) for a in arguments]
    done = call(*arguments, *([] if "--out" in arguments else ["--out", out]))
    assert (done.exit_code, done.stdout) == (code, "") and told in done.stderr
    assert "Traceback" not in done.stderr and (done.stderr.count("\n") == 1 or done.stderr.startswith("Usage:"))


def test_pdf_without_chromium_says_how_to_print(out, tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = call("pdf", "--out", out, "--to", tmp_path / "a.pdf")
    assert done.exit_code == 2 and done.stderr.count("\n") == 1 and "open brief.html in any browser, and print it into a file" in done.stderr


@pytest.mark.parametrize("opened", [True, False])
def test_serve_opens_a_browser_only_when_told(out, monkeypatch, opened):
    asked = []
    monkeypatch.setattr(site_cli.webbrowser, "open", lambda address: asked.append(address))
    monkeypatch.setattr("csrbook.serving.serve", lambda folder, port, *, ready: ready(f"http://127.0.0.1:{port}/"))
    monkeypatch.setattr(site_cli.threading, "Thread", Now)
    done = call("serve", "--out", out, *(["--open"] if opened else []))
    assert done.exit_code == 0 and done.stdout.startswith("http://127.0.0.1:8765/ shows ") and done.stdout.endswith("latest; Ctrl-C ends it\n")
    assert asked == (["http://127.0.0.1:8765/"] if opened else [])
    assert done.stderr == ("no browser could be opened; go to the address by hand\n" if opened else "")


class Now:
    """A thread that does its work at once."""

    def __init__(self, *, target, args, daemon):
        self.start = lambda: target(*args)


def test_commands_import_little():
    code = "import sys; from csrbook import site_cli; print({'pandas', 'csrbook.share', 'csrbook.serving'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
