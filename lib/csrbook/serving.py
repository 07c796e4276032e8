"""Show a run in a browser of this machine: its files at an address on 127.0.0.1, and nothing else of the disk.

    serve(find_run(Path("outputs")), 8765, ready=print)

In      the folder of a run, or the link `latest`; a port.
Out     answers to GET and HEAD. The front page leads to /<run>/index.html: `latest` is followed anew each time, so that a later
        run shows without a restart, and what one page leads to stays of its own run.
Never   answers another machine, a page of another site (the Host header is checked), or for a file outside of the run's
        folder, however the address is written; lists a folder; writes.
Needs   crate (media types), errors, lost_pages.  Used by site_cli, which also finds with it the run to publish or to print.
"""

import errno
import html
import os
import re
import shutil
import signal
import socketserver
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote_to_bytes

from csrbook.crate import FORMATS
from csrbook.errors import NothingToRead, UsageError
from csrbook.lost_pages import lost_page

__all__ = ["Answer", "Shelf", "find_run", "serve"]

HOST = "127.0.0.1"  # this machine alone
FRONT = "index.html"
NAMES = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)  # the port may be another one behind a tunnel
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([ -~]{1,4000}?)">')
HEAD = 8192  # bytes of a page that hold its policy
BARE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"  # of a file that is no page: a chart, a table
LOST = "There is no such page or file in this run. It may belong to another run, or its address may be cut short."
ALWAYS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip


def find_run(out: Path, name: str | None = None) -> Path:
    """Return the folder of a run that has pages: named in the folder of all runs, by path, or the link to the latest.

    Raises
    ------
    NothingToRead
        There is no run yet.
    UsageError
        There is no such run, or it has no pages.
    """
    for path in (out / name, Path(name)) if name else (out / "latest",):
        if os.path.isfile(path / FRONT):  # unlike Path.is_file, never raises: for a name too long, or links in a circle
            return path
    if name:
        raise UsageError(name, f"is no run in {out}, and no folder of one", f"a folder with an {FRONT}", "leave RUN out for the latest")
    if (out / "latest").exists():
        raise UsageError(str(out / "latest"), "has no pages", "a whole run", "csrbook run --force makes them anew")
    raise NothingToRead(str(out), "holds no run yet", advice="make run first")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: a file or a page of ours, and what is said of it."""

    status: int
    body: Path | bytes
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Shelf:
    """The run that is shown, and those that the link led to before: pages of these may still be open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: dict[str, Path] = {}

    def answer(self, target: str) -> Answer:
        """Return what an address leads to; `target` is what stands in the first line of a request."""
        parts = _parts(target)
        if parts is None:
            return _lost(LOST)
        if not parts or parts[0] not in self.shown:
            latest = self._follow()
        if not parts:
            return _moved(latest) if latest else _lost("There is no run with pages at the moment. Make one: make run, or csrbook run.")
        folder = self.shown.get(parts[0])
        if folder is None:
            return _lost("This run is not the one that is shown, or is no run.")
        if len(parts) == 1:
            return _moved(parts[0])
        file = Path(os.path.realpath(folder.joinpath(*parts[1:])))
        inside = file.is_relative_to(folder) and os.path.isfile(file)
        if not inside or target.partition("?")[0].endswith("/"):  # a page under the name of a folder: its links would lead astray
            return _lost(LOST)
        return Answer(200, file, _kind(file))

    def _follow(self) -> str | None:
        """Return the name of the run that the link leads to now."""
        folder = Path(os.path.realpath(self.folder))
        if not os.path.isfile(folder / FRONT):
            return None
        self.shown[folder.name] = folder
        return folder.name


def serve(folder: Path, port: int, *, ready: Callable[[str], object]) -> None:
    """Answer until the person ends it, by Ctrl-C or by a signal to terminate; `ready` is called with the address.

    Raises
    ------
    UsageError
        The port is taken, or not for this person to use.
    """
    server = _bind(port, Shelf(folder))
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        ready(f"http://{HOST}:{server.server_port}/")
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        server.server_close()


def _bind(port: int, shelf: Shelf) -> "_Server":
    try:
        return _Server(port, shelf)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"--port {port}", "is taken", advice=f"--port {_free_port(port)} is free") from error
        raise UsageError(f"--port {port}", f"cannot be used: {error.strerror}", "1024 to 65535", "leave --port out") from error


def _free_port(taken: int) -> int:
    """Return the next port that nobody holds, or any."""
    for port in (*range(taken + 1, min(taken + 50, 65536)), 0):
        try:
            with _Server(port, None) as server:
                return server.server_port
        except OSError:
            continue
    return 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # one that still sends does not hold up the end

    def __init__(self, port: int, shelf: Shelf | None) -> None:
        self.shelf = shelf
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking for the name of the address, which could wait on a network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say in one line what went wrong; nothing where the browser went away."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            print(f"csrbook serve: {type(error).__name__}: {error}", file=sys.stderr)


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "csrbook", ""
    timeout = 30  # seconds in which a request has to be told

    def do_GET(self) -> None:
        self.send(self.find())

    def do_HEAD(self) -> None:
        self.send(self.find())

    def find(self) -> Answer:
        hosts = self.headers.get_all("Host") or []
        if len(hosts) == 1 and NAMES.fullmatch(hosts[0].strip()):
            return self.server.shelf.answer(self.path)
        return _lost(f"This workbook answers to {HOST} and to localhost alone.", status=403, title="Not under this name")

    def send(self, answer: Answer) -> None:
        """Send head and body; the policy of a page is the one that it states itself, and nobody may frame it."""
        try:
            stream = answer.body.open("rb") if isinstance(answer.body, Path) else None
        except OSError:
            answer, stream = _lost("This file cannot be read."), None
        size = os.fstat(stream.fileno()).st_size if stream else len(answer.body)
        self.send_response(answer.status)
        told = {"Content-Type": answer.kind, "Content-Length": str(size), "Content-Security-Policy": _policy(answer, stream)}
        for name, value in (ALWAYS | told | dict(answer.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if stream is None:
            self.wfile.write(b"" if self.command == "HEAD" else answer.body)
            return
        with stream:
            if self.command != "HEAD":
                shutil.copyfileobj(stream, self.wfile)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that is none, or of another method, as everything else is answered."""
        refused = code == 501  # what the base class says of a method that it does not find
        told = "Pages can be read here, nothing else." if refused else "This request cannot be read."
        answer = _lost(told, status=405 if refused else code, title="Not understood")
        self.command = self.command or "GET"
        self.send(Answer(answer.status, answer.body, answer.kind, {"Allow": "GET, HEAD", "Connection": "close"}))
        self.close_connection = True

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing: one line told the address."""


def _parts(target: str) -> list[str] | None:
    """Return the names that an address is made of, [] for the front; None where one of them is no plain name."""
    path = target.partition("?")[0].partition("#")[0]
    if not path.startswith("/"):
        return None
    parts = [os.fsdecode(unquote_to_bytes(part)) for part in path[1:].split("/")]
    parts = parts[:-1] if parts[-1] == "" else parts
    if any(part.startswith(".") or not part or re.search(r"[/\\\0]", part) for part in parts):
        return None
    return parts


def _moved(name: str) -> Answer:
    where = f"/{quote(os.fsencode(name))}/{FRONT}"
    return Answer(302, b"", headers={"Location": where, "Cache-Control": "no-store"})


def _lost(told: str, *, status: int = 404, title: str = "Nothing is here") -> Answer:
    return Answer(status, lost_page("/", told, title=title))


def _kind(file: Path) -> str:
    kind = FORMATS.get(file.suffix.lower(), "application/octet-stream")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("json") else kind


def _policy(answer: Answer, stream: BinaryIO | None) -> str:
    """Return the policy that a page states itself; of any other file that it may do nothing at all."""
    found = None
    if answer.kind.startswith("text/html"):
        head = stream.read(HEAD) if stream else answer.body
        found = POLICY.search(head)
        if stream:
            stream.seek(0)
    own = html.unescape(found[1].decode("ascii")) if found else BARE
    return f"{own}; frame-ancestors 'none'"
