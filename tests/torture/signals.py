"""Signals, once and twice, to every command that goes on for a while; what it started ends with it."""

import contextlib
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from book import TEXTS, Book, Ran, require, require_line, scratch
from runs import scenario, tiny, waiting

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
AT_ONCE = "exit 128 + the signal, one line that says what to do, `latest` as it was, no process left; the next run needs no help"
NOBODY = (
    "exit 128 + the signal and one line; no kernel, worker, reader or browser left, and after one signal no folder `csrbook-...` for "
    "temporary files; `latest` is a whole run; every command then does its work"
)


@scenario(AT_ONCE)
def interrupted(chance: random.Random, size: str) -> tuple[int, str]:
    """SIGINT, SIGTERM and SIGHUP in the middle of a cell, once, and twice within a twentieth of a second"""
    done = 0
    with tiny() as book:
        for name in NAMES:
            for times in (1, 2) if size == "full" else (2,) if name == "SIGTERM" else (1,):
                before, seeds = book.latest(), book.digest()
                with waiting(book) as (process, go):
                    send(process, name, times, chance)
                    ran = book.end(process)
                require(ran.code == 128 + getattr(signal, name), f"{name}: exit {ran.code}, {ran.told}")
                require(times == 2 or ("interrupted" in ran.told and "run again" in ran.told), f"{name}: {ran.told}")
                book.require_whole()
                require(book.latest() == before and book.digest() == seeds, "latest or a document changed")
                done += 1
        go.touch()
        require_line(book.run(), 0)
        book.require_whole()
        book.require_clean()
    return done, f"{done} interrupted runs ended at once"


@scenario(NOBODY)
def interrupted_commands(chance: random.Random, size: str) -> tuple[int, str]:
    """SIGINT, SIGTERM and SIGHUP, once and twice, at random moments of `run` over the real notebooks (forked kernels), of `harvest` on two
    processes, of `publish`, of `pdf` with its Chromium, and of `serve`"""
    ended, late = {}, 0
    with scratch() as home:
        book = Book(Path(home) / "a book")
        large = write_many(book.home / "large", 30)
        require_line(book.run(), 0)
        for verb, command in commands(book, large).items():
            length = 2.0 if verb == "serve" else time_of(book, command)
            for name in NAMES if size == "full" else NAMES[1:2]:
                for times in (1, 2):
                    process, ready = start(book, command)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(chance.random() * length)
                    there = set(temporary(book))
                    send(process, name, times, chance)
                    ran = book.end(process)
                    late += ran.code <= 0 and verb != "serve"
                    over = ready.with_name(f"{ready.name}.over")
                    look(book, ran, f"{verb}, {times} {name}", name, times, over=over.exists())
                    ready.unlink(missing_ok=True)
                    over.unlink(missing_ok=True)
                    for path in there.union(temporary(book)):  # what two signals may leave
                        shutil.rmtree(path, ignore_errors=True)
                    ended[verb] = ended.get(verb, 0) + 1
            if verb != "serve":
                time_of(book, command)
    told = ", ".join(f"{count} of {verb}" for verb, count in ended.items())
    return sum(ended.values()), f"{told}; {late} had done their work before the signal; nobody left"


def commands(book: Book, large: Path) -> dict[str, list[object]]:
    """Return what is interrupted; a browser only where there is one."""
    place = book.home / "made"
    verbs = {
        "run": book.command("--force")[2:],
        "harvest": ["harvest", large, "--to", place / "harvest", "--scheduler", "processes:2", "--kept", place / "kept"],
        "publish": ["publish", "--out", book.out, "--to", place / "site"],
        "pdf": ["pdf", "--out", book.out, "--to", place / "brief.pdf"],
        "serve": ["serve", "--out", book.out, "--port", 0],
    }
    if not shutil.which("chromium"):
        del verbs["pdf"]
    return verbs


def write_many(folder: Path, count: int) -> Path:
    """Write documents enough for a harvest to be interrupted in."""
    folder.mkdir()
    for number in range(count):
        for name, text in TEXTS.items():
            told = f"In 2021 the Larkspur Foundation gave {number + 3} lamps to schools.\n"
            (folder / f"{number}-{name}").write_text(text + told, encoding="utf-8")
            page = f"<html><body><p>{text}</p><p>{told}</p></body></html>"
            (folder / f"{number}-{name}.html").write_text(page, encoding="utf-8")
    return folder


def start(book: Book, command: list[object]) -> tuple[subprocess.Popen, Path]:
    """Start a command, and wait until it hears signals."""
    ready = book.home / "ready"
    (book.home / "tmp").mkdir(exist_ok=True)
    process = book.spawn(command, env={"CSRBOOK_READY": str(ready), "TMPDIR": str(book.home / "tmp")})
    while not ready.exists() and process.poll() is None:
        time.sleep(0.01)
    return process, ready


def time_of(book: Book, command: list[object]) -> float:
    """Have a command do its work, and return how long it took from when it was ready."""
    process, ready = start(book, command)
    begun = time.monotonic()
    require_line(book.end(process), 0)
    took = time.monotonic() - begun
    ready.unlink()
    ready.with_name(f"{ready.name}.over").unlink()
    book.require_whole()
    require(not temporary(book), f"left behind: {temporary(book)}")
    return took


def temporary(book: Book) -> list[Path]:
    """Return the folders for temporary files that are there."""
    return [path for path in (book.home / "tmp").glob("csrbook-*") if path.is_dir()]


def send(process: subprocess.Popen, name: str, times: int, chance: random.Random) -> None:
    """Send a signal, and another within a twentieth of a second."""
    process.send_signal(getattr(signal, name))
    if times == 2:
        time.sleep(chance.random() / 20)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(getattr(signal, name))


def look(book: Book, ran: Ran, told: str, name: str, times: int, *, over: bool) -> None:
    """Hold what must hold of a command that was interrupted; once it is `over`, nobody is left to tell of a signal."""
    number = getattr(signal, name)
    codes = (0, 128 + number, *([-number] if times == 2 or over else []))  # the second may come when the first has been told
    require(ran.code in codes, f"{told}: exit {ran.code}, {ran.told}")
    require(ran.code == 0 or over or times == 2 or "interrupted" in ran.told, f"{told}: {ran.told}")
    book.require_whole()
    require(times == 2 or not temporary(book), f"{told}: left {[path.name for path in temporary(book)]}")


# ---- what earlier runs read ----------------------------------------------------------------------------------------------


def _keeps(book: Book, chance: random.Random, victim: Path) -> dict[str, Callable[[], None]]:
    kept, logs = book.out / ".kept", book.out / "logs"

    def entries() -> list[Path]:
        found = sorted(path for path in kept.rglob("*") if path.is_file() and not path.is_symlink())
        require(bool(found), "nothing was kept")
        return found

    def bytes_() -> None:
        for path in entries():
            data = path.read_bytes()
            path.write_bytes(chance.choice((b"", b"\0", data[:-1], data + b"x", data[: len(data) // 2], data.replace(b"e", b"f"))))

    def swapped() -> None:
        paths = entries()
        held = [path.read_bytes() for path in paths]
        for path, data in zip(paths, held[1:] + held[:1], strict=True):
            path.write_bytes(data)

    def put(make: Callable[[Path], object]) -> Callable[[], None]:
        def entered() -> None:
            for path in entries():
                path.unlink()
                make(path)

        return entered

    def homes() -> None:
        for path in sorted({path.parent for path in entries()}):
            shutil.rmtree(path)
            path.symlink_to(victim)

    def instead(path: Path, make: Callable[[Path], object]) -> Callable[[], None]:
        def entered() -> None:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
            make(path)

        return entered

    link, file = (lambda path: path.symlink_to(victim)), (lambda path: path.write_bytes(b"\0"))
    return {
        "entries cut, grown, emptied and garbled": bytes_,
        "entries under each other's names": swapped,
        "entries that are folders": put(lambda path: path.mkdir()),
        "entries that are links out": put(lambda path: path.symlink_to(victim / "kept.txt")),
        "folders of entries that are links out": homes,
        "a cache that is a link out": instead(kept, link),
        "a cache that is a file": instead(kept, file),
        "logs that are a link out": instead(logs, link),
        "logs that are a file": instead(logs, file),
    }


@scenario("exit 0 and the same bytes as without a cache; what a link leads to untouched")
def corrupt_cache(chance: random.Random, size: str) -> tuple[int, str]:
    """what earlier runs read (`.kept`) and the logs: cut, garbled, exchanged, folders or links out of the folder in their place; the
    notebooks that read documents run over each"""
    with scratch() as home:
        book = Book(Path(home) / "a book", steps=2)
        victim = book.home / "victim"
        victim.mkdir()
        mine = {"kept.txt": "mine", "20200101T000000Z.log": "mine", "20200101T000000Z.failed.log": "mine"}
        for name, text in mine.items():
            (victim / name).write_text(text, encoding="utf-8")
        require_line(book.run(), 0)
        control = book.files()
        ways = _keeps(book, chance, victim)
        for what, spoil in ways.items():
            spoil()
            ran = book.run("--force")
            require(ran.code == 0, f"{what}: exit {ran.code}, {ran.told}")
            book.require_whole()
            require(book.files() == control, f"{what}: other bytes")
            there = {path.name: path.read_text(encoding="utf-8") if path.is_file() else "" for path in victim.iterdir()}
            require(there == mine, f"{what}: something outside changed: {sorted(there)}")
            if "logs" in what:
                (book.out / "logs").unlink()
            elif "folders" in what:  # what is no entry is left alone, and nothing can be kept in its place
                shutil.rmtree(book.out / ".kept")
                require_line(book.run("--force"), 0)
    return len(ways), f"{len(ways)} damages, the same bytes"
