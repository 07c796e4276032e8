"""What is done to runs: each function does it, holds what was promised, and returns what happened in words and numbers.

A function of SCENARIOS takes a source of chance and a size, "full" or "quick"; its first line says what is done, its REQUIRED what
must hold. Broken tells the first promise that was not kept.
"""

import contextlib
import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from book import PATIENCE, Book, Broken, require, require_line, scratch
from ground import HERE, ROOT

SCENARIOS: dict[str, Callable[[random.Random, str], tuple[int, str]]] = {}
REQUIRED: dict[str, str] = {}
WAITING = """
import time
Path({place!r}).write_text("here")
while not Path({go!r}).exists():
    time.sleep(0.02)
"""


def scenario(required: str) -> Callable:
    """Enter a function under its name, with what must hold."""

    def enter(function: Callable) -> Callable:
        SCENARIOS[function.__name__], REQUIRED[function.__name__] = function, required
        return function

    return enter


@contextlib.contextmanager
def tiny() -> Iterator[Book]:
    """A book of two tiny notebooks that has run once."""
    with scratch() as home:
        book = Book(Path(home) / "a book", real=False)
        require_line(book.run(), 0)
        book.require_whole()
        yield book


@contextlib.contextmanager
def waiting(book: Book, *more: object, name: str = "01_lists.ipynb") -> Iterator[tuple[subprocess.Popen, Path]]:
    """A run that waits inside a cell until a file is there."""
    here, go = book.home / "here", book.home / "go"
    for path in (here, go):
        path.unlink(missing_ok=True)
    book.edit(name, WAITING.format(place=str(here), go=str(go)))
    process = book.start("--force", *more)
    end = time.monotonic() + PATIENCE
    while not here.exists():
        require(time.monotonic() < end and process.poll() is None, "the cell was never reached")
        time.sleep(0.02)
    yield process, go


# ---- killed and interrupted --------------------------------------------------------------------------------------------


SURVIVES = (
    "`latest` is a whole run after every kill; a run then goes to its end by itself, and its files are the bytes of one never disturbed"
)


@scenario(SURVIVES)
def killed(chance: random.Random, size: str) -> tuple[int, str]:
    """kill -9 at random moments of the whole length of a run of two tiny notebooks, start and publishing included"""
    return _kill(chance, *((20, 4) if size == "full" else (3, 3)), real=False)


@scenario(SURVIVES)
def killed_whole_runs(chance: random.Random, size: str) -> tuple[int, str]:
    """kill -9 at random moments of the whole length of a run of the real notebooks, pages and publishing included"""
    return _kill(chance, *((20, 5) if size == "full" else (2, 2)), real=True)


def compare(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Return the names of files that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _kill(chance: random.Random, kills: int, rest: int, *, real: bool) -> tuple[int, str]:
    """Kill so many runs, and let one go to its end after every `rest` of them."""
    with scratch() as home:
        book, controls, lengths = Book(Path(home) / "a book", real=real), [], []
        for state in (0, 1, 0):  # what a run says also depends on the run before it
            book.change(state)
            begun = time.monotonic()
            require_line(book.run(), 0)
            lengths.append(time.monotonic() - begun)
            book.require_whole()
            controls.append(book.files())
        state, done, late = 1, 0, 0
        while done < kills:
            book.change(state)
            seeds, before = book.digest(), book.latest()
            process = book.start()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.random() * min(lengths))
            ended = process.poll() is not None  # a quicker run than those that were measured: not counted, and looked at all the same
            process.kill()
            process.communicate()
            book.require_nobody()
            book.require_whole()
            whole = book.latest() == before or book.files() == controls[2 - state]
            require(whole, "latest is neither the old run nor the new")
            require(book.digest() == seeds, "a document changed")
            done, late = done + (not ended), late + ended
            if ended or done % rest == 0:
                require_line(book.run(), 0)
                book.require_whole()
                book.require_clean()
                others = compare(book.files(), controls[2 - state])
                require(not others, f"a run after a kill gives other bytes: {', '.join(others[:5])}")
                state = 1 - state
    more = f", {late} more ended before they were killed" if late else ""
    after = f"{kills // rest} runs then went to their end and gave the same bytes"
    return kills, f"{kills} kills within {min(lengths):.0f} s of a run{more}; {after}"


# ---- places that cannot be written ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def disk(place: Path, megabytes: float) -> Iterator[bool]:
    """Mount a small disk there; yields whether this machine lets us."""
    place.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={int(megabytes * 1024)}k", "none", place], capture_output=True, check=False)
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", place], check=False)


@scenario("exit 1, one line that says to make room, `latest` as it was; once there is room the next run needs no help")
def disk_full(chance: random.Random, size: str) -> tuple[int, str]:
    """no room left: on a small disk of its own with a few kB free, where mounting is allowed; and by a limit on the size of files"""
    done, how = 0, []
    with tiny() as book:
        for most in (0, 4_000) if size == "full" else (0,):  # bytes that any file may have
            before = book.latest()
            ran = book.run("--force", preexec_fn=lambda most=most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
            require_line(ran, 1, "out")
            book.require_whole()
            require(book.latest() == before, "latest moved")
            done += 1
        limited = done
        how.append(f"{limited} by limit")
        with disk(book.out, 2) as mounted:
            if mounted:
                require_line(book.run(), 0)
                for free in (0, 1, 4, 12, 24) if size == "full" else (4,):  # kB
                    before = book.latest()
                    filler = book.out / "filler"
                    filler.write_bytes(bytes(max(0, shutil.disk_usage(book.out).free - free * 1024)))
                    require_line(book.run("--force"), 1, "make room")
                    book.require_whole()
                    require(book.latest() == before, "latest moved")
                    filler.unlink()
                    require_line(book.run("--force"), 0)
                    book.require_clean()
                    book.require_whole()
                    done += 1
                how.append(f"{done - limited} on a full disk")
        require_line(book.run("--force"), 0)
        book.require_whole()
    return done, ", ".join(how)


@scenario(
    "exit 1, one line that names the folder and --out; nothing is written, `latest` as it was; once it can be written the next run needs "
    "no help"
)
def read_only(chance: random.Random, size: str) -> tuple[int, str]:
    """a folder of runs on a disk that is mounted read-only, where mounting is allowed; and without the right to write"""
    done = 0
    with tiny() as book:
        with disk(book.out, 8) as mounted:
            if mounted:
                require_line(book.run(), 0)
                remount = ["mount", "-o", "remount"]
                subprocess.run([*remount, "-r", book.out], check=True, capture_output=True)
                require_line(book.run("--force"), 1, "Read-only file system", "--out")
                book.require_whole()
                subprocess.run([*remount, "-w", book.out], check=True, capture_output=True)
                require_line(book.run("--force"), 0)
                book.require_clean()
                done += 1
        locked = book.home / "locked"
        locked.mkdir(mode=0o555)
        less = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", "--ambient-caps=-all"] if os.geteuid() == 0 else []
        if less and not shutil.which("setpriv"):
            return done, "mounted read-only alone: root may write anywhere else"
        ran = book.run("--force", out=locked / "out", before=tuple(less))
        require_line(ran, 1, "Permission denied", "--out")
        done += 1
    return done, f"{done} ways"


# ---- memory, caches, notebooks, clocks -----------------------------------------------------------------------------------


@scenario(
    "exit 1, one line that says that the system ended it, or that memory ran out, and what to do; `latest` as it was; the next run goes "
    "to its end"
)
def out_of_memory(chance: random.Random, size: str) -> tuple[int, str]:
    """a cell that wants more memory than it may have: by a limit of address space; killed as the system does; in a memory
    cgroup, where there is one"""
    how = []
    with tiny() as book:
        good = book.plan.parent.joinpath("02_counts.ipynb").read_bytes()
        wants = {
            "limit": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\nheld = bytearray(2 << 30)",
            "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "cgroup": "held = [b'1' * (8 << 20) for _ in range(200)]",
        }
        for way, source in list(wants.items())[: 3 if size == "full" else 2]:
            before, place = book.latest(), Path("/sys/fs/cgroup/memory") / f"csrbook-{book.token[:8]}"
            start: tuple[str, ...] = ()
            if way == "cgroup":
                try:
                    place.mkdir()
                    place.joinpath("memory.limit_in_bytes").write_text(str(700 << 20))
                except OSError:
                    continue
                start = ("sh", "-c", f'echo $$ > {place}/cgroup.procs; exec "$@"', "sh")
            book.edit("02_counts.ipynb", source)
            try:
                ran = book.run("--force", before=start)
            finally:
                if way == "cgroup":
                    place.rmdir()
            require_line(ran, 1, "02_counts.ipynb, cell", "memory", "latest is as it was")
            book.require_whole()
            require(book.latest() == before, "latest moved")
            how.append(way)
        book.plan.parent.joinpath("02_counts.ipynb").write_bytes(good)
        require_line(book.run("--force"), 0)
        book.require_whole()
    return len(how), ", ".join(how)


def _spoil(book: Book, chance: random.Random) -> Iterator[str]:
    """Damage what lies in the folder of runs in one way after the other; yield its name after each."""
    out, victim = book.out, book.home / "victim"
    record = lambda: out / "latest" / "run.json"  # noqa: E731
    for name, text in (("cut", None), ("empty", ""), ("a list", "[]"), ("no record", '{"format": 1}'), ("NULs", "\0" * 99)):
        record().write_text(record().read_text()[: chance.randrange(20, 400)] if text is None else text)
        yield f"run.json, {name}"
    told = record().read_text().replace('"02-counts.csv"', '"../../../victim/new.csv"')
    record().write_text(told)
    yield "run.json that names a file elsewhere"
    record().write_text(record().read_text().replace('"files": {', '"files": {"01-lists": 7, '))
    yield "run.json of other types"
    for path in sorted(path for path in (out / "latest").rglob("*") if path.is_file() and path.name != "run.json"):
        path = out / "latest" / path.relative_to(path.parents[len(path.relative_to(out).parts) - 2])
        path.write_bytes(path.read_bytes()[: chance.randrange(9)] if chance.random() < 0.5 else b"\0other")
        yield f"{path.name}, other bytes"
    (out / "latest" / "02-counts.csv").unlink()
    yield "a file that is gone"
    (out / "latest").unlink()
    (out / "latest").symlink_to("nowhere")
    yield "latest that leads nowhere"
    for name in (".lock", ".holder.json", ".part", ".latest"):
        (out / name).unlink(missing_ok=True)
        (out / name).write_bytes(b"\0{garbage")
        yield f"{name} of garbage"
    (out / ".part" / "deep").mkdir(parents=True)
    (out / ".part" / "deep" / "file").write_text("left")
    yield ".part of a dead run"
    (out / ".latest").symlink_to("nowhere")
    yield ".latest of a dead run"
    for name in (".part", ".latest", ".holder.json"):
        (out / name).unlink(missing_ok=True)
        (out / name).symlink_to(victim if name != ".holder.json" else victim / "kept.txt")
        yield f"{name} that is a link out"


@scenario("every damage is made good by the next run: exit 0, `latest` whole, what a link leads to untouched")
def corrupt(chance: random.Random, size: str) -> tuple[int, str]:
    """records, files of the latest run, lock, unfinished run and links in the folder of runs: cut, garbled, gone, or leading elsewhere"""
    done = 0
    with tiny() as book:
        (book.home / "victim").mkdir()
        (book.home / "victim" / "kept.txt").write_text("mine")
        seeds = book.digest()
        for what in _spoil(book, chance):
            if size == "quick" and (what.endswith("bytes") or what.startswith("run.json,")):
                continue  # the next damage comes on top
            ran = book.run()
            require(ran.code == 0, f"{what}: exit {ran.code}, {ran.told}")
            try:
                book.require_whole()
                book.require_clean()
            except (Broken, OSError, ValueError) as error:
                raise Broken(f"{what}: {error}") from error
            kept = {path.name: path.read_text() for path in (book.home / "victim").iterdir()}
            require(kept == {"kept.txt": "mine"} and book.digest() == seeds, f"{what}: something outside changed")
            done += 1
    return done, f"{done} damages made good"


@scenario("the run is refused and says which notebook changed; `latest` as it was; the next run goes to its end with the new code")
def edited(chance: random.Random, size: str) -> tuple[int, str]:
    """a notebook that is edited while an earlier one runs, and one that is edited while it runs itself"""
    with tiny() as book:
        for name in ("02_counts.ipynb", "01_lists.ipynb")[: 2 if size == "full" else 1]:
            before = book.latest()
            with waiting(book) as (process, go):
                book.edit(name, "Path('01-lists').exists()")
                go.touch()
                ran = book.end(process)
            require_line(ran, 1, name, "changed while the run went on", "latest is as it was")
            book.require_whole()
            require(book.latest() == before, "latest moved")
        for name in ("02_counts.ipynb", "01_lists.ipynb"):
            shutil.copy(HERE.parent / "notebooks" / name, book.plan.parent)
        require_line(book.run("--force"), 0)
        book.require_whole()
    return 2, "2 edited runs refused"


@scenario("names of runs stay unique, `latest` is the run that was made last, seconds are not below nought")
def clock(chance: random.Random, size: str) -> tuple[int, str]:
    """the clock is set back by a day, stands still for three runs, and is set back to the year 1970"""
    days = ("2026-06-02T10:00:00", "2026-06-01T10:00:00", "2026-06-01T10:00:00", "2026-06-01T10:00:00", "1970-01-01T00:00:00")
    with tiny() as book:
        for number, day in enumerate(days if size == "full" else days[1:3], 2):
            before = book.latest()
            require_line(book.run("--force", env={"CSRBOOK_CLOCK": f"{day}+00:00"}), 0)
            book.require_whole()
            runs = {path.parent.name for path in book.out.glob("*/run.json") if path.parent.name != "latest"}
            require(len(runs) == number and book.latest() != before, "a run took the place of another")
        require_line(book.run(), 0)
    return len(days), f"{len(days)} runs, {len(days)} names"


# ---- ways out ------------------------------------------------------------------------------------------------------------


@scenario("refused with exit 2 before anything runs, or kept inside: nothing is made or changed outside of the folder of runs")
def paths(chance: random.Random, size: str) -> tuple[int, str]:
    """parameters, plans, names of alternatives and ids of documents that lead out of the folder of runs"""
    with tiny() as book:
        outside = lambda: sorted(str(p) for p in book.home.rglob("*") if not p.is_relative_to(book.out))  # noqa: E731
        before, plan = outside(), book.plan.read_text(encoding="utf-8")
        for name in ("run_dir", "kept", "variant"):
            require_line(book.run("-p", name, "../../up"), 2)
        for writes in ("../up", "/up", "a/../../up"):
            book.plan.write_text(plan.replace('"02-counts.csv"', f'"{writes}"'), encoding="utf-8")
            require_line(book.run(), 2, "inside the run's folder")
        book.plan.write_text(plan, encoding="utf-8")
        require(outside() == before, "something was made outside")
        if size == "quick":
            return 6, "6 refused before anything ran"
    with scratch() as home:
        book = Book(Path(home) / "a book")
        (book.seeds / "manifest.toml").write_text('[[document]]\nfile = "mill.txt"\nid = "../../up"\n', encoding="utf-8")
        ran = book.run()
        require(ran.code in (1, 2) and "id is '../../up'" in ran.told, f"exit {ran.code}: {ran.told}")
    return 7, "6 refused before anything ran, 1 by the first notebook"


@scenario("exit 0, no address asked for, no marker file made")
def offline(chance: random.Random, size: str) -> tuple[int, str]:
    """a whole run over documents of formulas, scripts and templates, in a network of its own without an
    interface; and every Python refusing addresses"""
    from hostile_seeds import write_seeds

    with scratch() as home:
        book, asked = Book(Path(home) / "a book"), Path(home) / "asked"
        shutil.rmtree(book.seeds)
        write_seeds(book.seeds)
        shell = "!touch PWNED\n%%bash\ntouch PWNED\nIn 2021 it gave $(touch PWNED) 5 `touch PWNED` trees.\n"
        (book.seeds / "shell.txt").write_text(shell, encoding="utf-8")
        apart = ("unshare", "-n") if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0 else ()
        paths = os.pathsep.join((str(HERE / "no_network"), str(ROOT / "lib")))
        ran = book.run(before=apart, env={"PYTHONPATH": paths, "CSRBOOK_ASKED": str(asked)})
        require(ran.code in (0, 3), f"exit {ran.code}: {ran.told}")
        book.require_whole()
        require(not asked.exists(), f"asked for {asked.read_text()[:200] if asked.exists() else ''}")
        require(not list(Path(home).rglob("*PWNED*")), "a marker file was made")
    return 1, "no interface" if apart else "refused by every Python: no leave for a network of its own"
