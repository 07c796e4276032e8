"""Print the brief of a run as a PDF, by the Chromium of this machine where it has one.

    print_brief(Path("outputs/latest"), Path("brief.pdf"), find_chromium())

In      the folder of a run, in which brief.html is whole by itself.
Out     a PDF, whose page and margins are those that the style of the pages gives to print. Its dates are the run's: the same
        run and the same Chromium give the same bytes.
Never   reaches a network, touches the profile of a person's browser, waits for ever, or leaves half a file.
Needs   errors, fonts, records; Chromium, which is asked as a program.  Used by site_cli.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from csrbook.errors import RunError, UsageError
from csrbook.fonts import tell_fonts
from csrbook.records import read_json

__all__ = ["find_chromium", "print_brief"]

BRIEF = "brief.html"
KNOWN = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 120
SWITCHES = (
    "--headless", "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--disable-gpu", "--disable-dev-shm-usage", "--no-pdf-header-footer",
    "--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND",  # whatever is asked for, nothing answers
)  # fmt: skip
DATES = re.compile(rb"/(?:CreationDate|ModDate) \(D:(\d{14})")
NODES = re.compile(rb"\((node\d{8})\)")


def find_chromium() -> str:
    """Return the path of a Chromium: the one that CHROMIUM names, else the first by a known name.

    Raises
    ------
    UsageError
        There is none.
    """
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else KNOWN:
        if found := shutil.which(name):
            return found
    what = f"is {named!r}, which is no program" if named else f"is not set, and there is no {', '.join(KNOWN[:-1])} or {KNOWN[-1]}"
    advice = f"install Chromium; or open {BRIEF} in any browser, and print it into a file (Ctrl-P)"
    raise UsageError("CHROMIUM", what, advice=advice)


def print_brief(run: Path, to: Path, chromium: str, *, seconds: float = SECONDS) -> Path:
    """Print brief.html of a run and return the path of the PDF, which replaces one that was there.

    Raises
    ------
    UsageError
        The run has no brief, or `to` lies inside the run, which is sealed.
    RunError
        Chromium failed or took too long, or the file cannot be written.
    """
    run, to = Path(os.path.realpath(run)), Path(os.path.realpath(to))  # Path.resolve raises where links go in a circle
    if not os.path.isfile(run / BRIEF):
        raise UsageError(str(run), f"has no {BRIEF}", "a whole run", "make run, or name another")
    if to.is_relative_to(run) or (os.path.exists(to) and not os.path.isfile(to)):  # a folder, a device
        raise UsageError(str(to), "is no place for the PDF", "a file outside of the run's folder", "choose another --to")
    try:
        with tempfile.TemporaryDirectory(prefix="csrbook-", ignore_cleanup_errors=True) as folder:
            page = Path(folder, BRIEF)
            shutil.copyfile(run / BRIEF, page)
            printed = _print(page, chromium, seconds)
    except OSError as error:
        what = f"cannot be laid out for printing: {error.strerror or error}"
        raise RunError(str(run / BRIEF), what, advice="make room, or set TMPDIR to a folder that has some") from error
    return _write(to, _numbered(_dated(printed, str(read_json(run / "run.json").get("ended") or ""))))


def _print(page: Path, chromium: str, seconds: float) -> bytes:
    """Return the bytes of the PDF, made in the folder of the page, which is also the home of the browser."""
    home, made = page.parent, page.with_suffix(".pdf")
    switches = [*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]  # Chromium has no sandbox for root
    command = [chromium, *switches, f"--user-data-dir={home / 'profile'}", f"--print-to-pdf={made}", page.as_uri()]
    fonts = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    kept = {"PATH": os.environ["PATH"]} if "PATH" in os.environ else {}
    surroundings = kept | tell_fonts(home) | {"HOME": str(home), "XDG_DATA_HOME": fonts, "LANG": "C.UTF-8", "TZ": "UTC"}
    log = home / "log"
    with log.open("wb") as told:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=surroundings, start_new_session=True
            )
        except OSError as error:
            raise RunError(chromium, f"cannot be started: {error.strerror}", advice="set CHROMIUM to another") from error
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            what = f"did not print the brief within {seconds:g} s"
            raise RunError(chromium, what, advice="try again, or set CHROMIUM to another") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # and what it started
            process.wait()
    printed = made.read_bytes() if made.is_file() else b""
    if code or not printed.startswith(b"%PDF-") or b"%%EOF" not in printed[-64:]:
        what = f"printed nothing, exit {code}: {_last(log)}"
        raise RunError(chromium, what, advice=f"open {BRIEF} in a browser and print it into a file")
    return printed


def _last(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"]
    return "".join(sign if sign.isprintable() else " " for sign in lines[-1])[-200:]


def _dated(printed: bytes, ended: str) -> bytes:
    """Return the PDF with the run's end in the place of its dates; no byte moves, so its table of places still holds."""
    digits = re.sub(r"\D", "", ended)[:14].encode()
    day = digits if len(digits) == 14 else b"19800101000000"
    return DATES.sub(lambda found: found[0].replace(found[1], day), printed)


def _numbered(printed: bytes) -> bytes:
    """Return the PDF with its cells numbered from 1: Chromium goes on from whatever it counted before the page, now more, now less."""
    counted = sorted(set(NODES.findall(printed)))  # in order, as the tree of their names has to be
    places = {name: b"(node%08d)" % place for place, name in enumerate(counted, 1)}
    return NODES.sub(lambda found: places[found[1]], printed)


def _write(to: Path, printed: bytes) -> Path:
    part = to.with_name(f".{to.name}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # never through a link that lies there
        part.write_bytes(printed)
        os.replace(part, to)
    except OSError as error:
        raise RunError(str(to), f"cannot be written: {error.strerror}", advice="choose another --to") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return to
