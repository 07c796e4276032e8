"""A run in the browser: what is answered to whom, in this process and over real sockets."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from share_run import build_run

from csrbook.errors import NothingToRead, UsageError
from csrbook.evidence import read_run
from csrbook.serving import Shelf, find_run, serve
from csrbook.share import make_pages

ROOT = Path(__file__).parents[1]
FIRST, SECOND = "20210601T080000Z", "20210608T080000Z"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Two runs, `latest` on the first; links in it lead out of the run and inside of it."""
    folder = tmp_path_factory.mktemp("out 空")
    for name in (FIRST, SECOND):
        make_pages(read_run(build_run(folder / name)))
    (folder / "secret.txt").write_text("nobody's business")
    (folder / FIRST / "leak.txt").symlink_to(folder / "secret.txt")
    (folder / FIRST / "up").symlink_to(folder)
    (folder / FIRST / "front.html").symlink_to("index.html")
    (folder / FIRST / "loop").symlink_to("loop")
    os.mkfifo(folder / FIRST / "pipe.html")
    (folder / FIRST / ".hidden").write_text("hidden")
    (folder / FIRST / "odd \u043f#?%.csv").write_text("a,b\n")
    (folder / FIRST / "table.parquet").write_bytes(b"PAR1")
    (folder / FIRST / "plain").write_bytes(b"\0")
    return folder


@pytest.fixture(autouse=True)
def latest(out):
    (out / "latest").unlink(missing_ok=True)
    (out / "latest").symlink_to(FIRST)


# --- which run ---


def test_run_is_the_latest_or_named_or_a_path(out):
    assert find_run(out) == out / "latest" and find_run(out, SECOND) == out / SECOND
    assert find_run(Path("nowhere"), str(out / FIRST)) == out / FIRST


def test_no_run_is_told(out, tmp_path):
    with pytest.raises(NothingToRead, match="holds no run yet; make run first"):
        find_run(tmp_path)
    with pytest.raises(UsageError, match="is no run in"):
        find_run(out, "20200101T000000Z")
    with pytest.raises(UsageError, match="is no run in"):
        find_run(out, "r" * 300)
    (tmp_path / "latest").mkdir()
    with pytest.raises(UsageError, match="has no pages"):
        find_run(tmp_path)


# --- what an address leads to ---


@pytest.mark.parametrize(
    "target, kind",
    [
        ("index.html", "text/html; charset=utf-8"),
        ("index.html?a=../..#x", "text/html; charset=utf-8"),
        ("front.html", "text/html; charset=utf-8"),
        ("05-chart/01-trees-by-document.svg", "image/svg+xml"),
        ("05-chart/01-trees-by-document.csv", "text/csv; charset=utf-8"),
        ("02-extract/claims.jsonl", "application/x-ndjson; charset=utf-8"),
        ("01-sources.ipynb", "application/x-ipynb+json; charset=utf-8"),
        ("01-sources/texts/river.txt", "text/plain; charset=utf-8"),
        ("odd%20%D0%BF%23%3F%25.csv", "text/csv; charset=utf-8"),
        ("table.parquet", "application/vnd.apache.parquet"),
        ("plain", "application/octet-stream"),
    ],
)
def test_file_of_the_run(out, target, kind):
    answer = Shelf(out / "latest").answer(f"/{FIRST}/{target}")
    assert (answer.status, answer.kind) == (200, kind) and answer.body.is_relative_to(out / FIRST)


ABOVE = [
    "/../secret.txt", "/{run}/../secret.txt", "/{run}/../../etc/passwd", "/{run}/%2e%2e/secret.txt", "/{run}/..%2fsecret.txt", "/{run}/%2E%2E%2Fsecret.txt",
    "/{run}/..%5csecret.txt", "/{run}/a/../../secret.txt", "/{run}/leak.txt", "/{run}/up/secret.txt", "/{run}/up", "/{run}//index.html", "/{run}/.hidden",
    "/{run}/%2fetc/passwd", "/{run}/index.html%00.txt", "/secret.txt", "/latest/index.html", "/{other}/index.html", "/%2e%2e/{run}/index.html",
    "/{run}/05-chart/", "/{run}/05-chart", "/{run}/none.html", "//etc/passwd", "etc/passwd", "", "*", "http://127.0.0.1/", "/{run}/index.html/x", "/{run}/%ff%fe",
    "/{run}/index.html/", "/{run}/loop", "/{run}/" + "a" * 300, "/{run}/" + "a/" * 3000 + "b", "/" + "b" * 300, "/{run}/pipe.html",
]  # fmt: skip


@pytest.mark.parametrize("target", ABOVE)
def test_nothing_else_is_found(out, target):
    shelf = Shelf(out / "latest")
    answer = shelf.answer(target.format(run=FIRST, other=SECOND))
    assert answer.status == 404 and b"nobody's business" not in answer.body
    assert b'<a href="/">' in answer.body and b"none.html" not in answer.body


def test_front_leads_to_the_run_that_is_latest_now_and_pages_stay_of_their_run(out):
    shelf = Shelf(out / "latest")
    assert shelf.answer("/").headers["Location"] == f"/{FIRST}/index.html"
    (out / "latest").unlink()
    (out / "latest").symlink_to(SECOND)
    assert shelf.answer("/?x").headers["Location"] == f"/{SECOND}/index.html"
    for name in (FIRST, SECOND):
        assert shelf.answer(f"/{name}/claims.html").body == out / name / "claims.html"
        assert {shelf.answer(f"/{name}{end}").headers["Location"] for end in ("", "/")} == {f"/{name}/index.html"}
    (out / "latest").unlink()
    gone = shelf.answer("/")
    assert gone.status == 404 and b"make run" in gone.body
    (out / "latest").symlink_to("latest")
    assert shelf.answer("/").body == gone.body


# --- a real server ---


@pytest.fixture(scope="module")
def server(out):
    """One server for all; at the end it has said nothing but its address."""
    (out / "latest").unlink(missing_ok=True)
    (out / "latest").symlink_to(FIRST)
    process = start(out)
    yield process.stdout.readline().split()[0]
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=30)
    assert (process.returncode, told) == (0, ("", ""))


def start(out, *arguments):
    command = [sys.executable, "-m", "csrbook", "serve", "--out", str(out), "--port", "0", *arguments]
    return subprocess.Popen(command, cwd=out, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def ask(server, target="/", *, method="GET", host=None, version="HTTP/1.0", more=""):
    """Send a request as it is written, and return status line, headers and body."""
    port = int(server.rstrip("/").rsplit(":", 1)[1])
    host = f"127.0.0.1:{port}" if host is None else host
    head = f"{method} {target} {version}\r\n" + (f"Host: {host}\r\n" if host else "") + f"{more}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode())
        told = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body


def test_front_page_over_http(server, out):
    with urllib.request.urlopen(server, timeout=30) as page:
        assert page.url == f"{server}{FIRST}/index.html" and page.read() == (out / FIRST / "index.html").read_bytes()
        told = page.headers
    policy = told["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self' file: data:; style-src 'sha256-") and policy.endswith("; frame-ancestors 'none'")
    assert "script-src 'sha256-" in policy and "unsafe" not in policy
    assert (told["X-Content-Type-Options"], told["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert told["Cross-Origin-Resource-Policy"] == "same-origin" and "Python" not in told["Server"]


def test_later_run_shows_without_a_restart(server, out):
    assert ask(server)[1]["Location"] == f"/{FIRST}/index.html"
    (out / ".latest").symlink_to(SECOND)
    os.replace(out / ".latest", out / "latest")
    assert ask(server)[1]["Location"] == f"/{SECOND}/index.html"
    assert ask(server, f"/{FIRST}/claims.html")[0] == 200


@pytest.mark.parametrize("target", [one for one in ABOVE if one.startswith("/") and "{other}" not in one])
def test_paths_out_of_the_run_as_they_are_sent(server, target):
    status, headers, body = ask(server, target.format(run=FIRST, other=SECOND))
    assert status == 404 and b"nobody's business" not in body and b"To the front page" in body
    assert headers["X-Content-Type-Options"] == "nosniff" and "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_head_is_get_without_a_body(server):
    for target in ("/", f"/{FIRST}/index.html", "/none"):
        (status, headers, _), (again, same, body) = (ask(server, target, method=method) for method in ("GET", "HEAD"))
        assert (status, headers | {"Date": ""}) == (again, same | {"Date": ""}) and body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get"])
def test_other_methods_are_refused(server, method):
    status, headers, body = ask(server, f"/{FIRST}/index.html", method=method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD") and b"nothing else" in body


@pytest.mark.parametrize(
    "host, status",
    [("localhost", 302), ("LOCALHOST:1", 302), ("127.0.0.1", 302), ("[::1]:80", 302), ("", 403), ("evil.example", 403), ("127.0.0.1.evil.example", 403),
     ("localhost.evil.example:8765", 403), ("127.0.0.1:8765@evil.example", 403), ("localhost:8765\r\nHost: evil.example", 403)],
)  # fmt: skip
def test_host_is_checked(server, host, status):
    assert ask(server, host=host)[0] == status


@pytest.mark.parametrize("request_line, status", [("GET", 400), ("GET /" + "a" * 70000, 414), ("GET / HTTP/9.0", 505), ("\x16\x03\x01", 400)])
def test_what_is_no_request(server, request_line, status):
    port = int(server.rstrip("/").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"{request_line}\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        try:
            told = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionResetError:  # it did not read all of what was too long
            told = b""
    assert b"Traceback" not in told and (not told or told.startswith(b"<!doctype") or int(told.split()[1]) == status)
    assert ask(server)[0] == 302


def test_a_browser_that_goes_away_is_no_error(server):
    port = int(server.rstrip("/").rsplit(":", 1)[1])
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(f"GET /{FIRST}/index.html HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
    assert ask(server)[0] == 302  # and nothing was said on stderr, which the fixture looks at


def test_only_this_machine_is_listened_to(server):
    port = int(server.rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ends_in_peace(out, sent):
    process = start(out, SECOND)
    line = process.stdout.readline()
    assert line.startswith("http://127.0.0.1:") and line.endswith(f" shows {SECOND}; Ctrl-C ends it\n")
    process.send_signal(sent)
    assert (process.communicate(timeout=30), process.returncode) == (("", ""), 0)


def test_taken_port_is_told_with_a_free_one(out):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(UsageError) as caught:
            serve(out / "latest", port, ready=print)
    told = str(caught.value)
    free = int(told.removesuffix(" is free").rsplit(" ", 1)[1])
    assert told.startswith(f"--port {port}: is taken; --port ") and free != port


def test_no_run_yet_is_one_line(tmp_path):
    done = subprocess.run([sys.executable, "-m", "csrbook", "serve", "--out", str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{tmp_path}: holds no run yet; make run first\n")
