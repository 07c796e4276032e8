"""Harvest many documents here, on two processes and on a Dask cluster: the same rows, how fast, in how much memory.

    python tests/bench/large.py [--documents 10000] [--kilobytes 20] [--work FOLDER] [--only here,two] [--quick]

Documents are made of the sentences of seeds/, shuffled, with other numbers; the same ones every time. Each harvest is a process
of its own; the most memory that it and its workers ever held is what Linux records. Parts: here, two, dask (what they need, and
whether the rows are the same), killed, poison, kept, estimate; each prints its table as it ends. With --work the documents and
what was measured stay there, and the next call goes on from them, as long as the library is the same. A harvest that takes far
too long is ended and told. Prints Markdown; exit 1 when rows differ, are lost, or a bar is missed.
"""

import argparse
import contextlib
import functools
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "lib")]  # the cluster and the poison of the tests

from bench import LANGUAGES, ROOT, machine, table  # noqa: E402

BARS = {"ratio": 1.7, "memory": 500}
SENTENCE = re.compile(r"[^.!?\n\u3002\uff01\uff1f]+[.!?\u3002\uff01\uff1f]+[\u201d\"]?")
NUMBER = re.compile(r"\d+")
YEAR = re.compile(r"(19|20)\d\d")
HERE_ALONE, TWO, CLUSTER = "this process", "two processes", "Dask, two workers"
WAYS = {"here": HERE_ALONE, "two": TWO, "dask": CLUSTER}
PARTS = (*WAYS, "killed", "poison", "kept", "estimate")
FEW = 300  # documents of the small corpus, at most: workers die there, and memory is compared with it
KEPT, LITTLE = 1000, 1000  # documents, and bytes of each, to which one is added
LONGEST, SLOW = 120, 0.5  # seconds that a harvest may take, and as many more for each KB: some thirty times what it needs
TEN_MILLION = 10_000_000
POISON, ADDED = "poison-kills.txt", "added.txt"


# ---- documents -----------------------------------------------------------------------------------------------------------


def sentences() -> dict[str, list[str]]:
    """Return the sentences of seeds/ by language."""
    import tomllib

    rows = tomllib.loads((ROOT / "seeds" / "manifest.toml").read_text(encoding="utf-8"))["document"]
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for row in rows:
        text = (ROOT / "seeds" / row["file"]).read_text(encoding="utf-8")
        found[row["language"]] += [" ".join(match[0].split()) for match in SENTENCE.finditer(text) if len(match[0]) < 600]
    return found


def make_document(number: int, size: int, known: dict[str, list[str]]) -> str:
    """Return a text of about `size` bytes in the language whose turn it is; no two are alike."""
    chance, language = random.Random(number), LANGUAGES[number % len(LANGUAGES)]
    paragraphs, filled = [], 0
    while filled < size:
        drawn = chance.choices(known[language], k=chance.randint(2, 5))
        chosen = [NUMBER.sub(lambda match: _other(match[0], chance), one) for one in drawn]
        paragraphs.append(("" if language == "zh" else " ").join(chosen))
        filled += len(paragraphs[-1].encode()) + 2
    return "\n\n".join(paragraphs) + "\n"


def _other(digits: str, chance: random.Random) -> str:
    """Return another number of as many digits; a year stays near."""
    if YEAR.fullmatch(digits):
        return str(chance.randint(2012, 2023))
    return "".join([chance.choice("123456789"), *(chance.choice("0123456789") for _ in digits[1:])])


def make_corpus(folder: Path, count: int, size: int) -> Path:
    """Write `count` documents of about `size` bytes, a thousand a folder, unless they are there already."""
    made = folder.with_suffix(".made")
    if not made.exists():
        shutil.rmtree(folder, ignore_errors=True)
        known = sentences()
        for number in range(count):
            path = folder / f"{number // 1000:03d}" / f"report-{number:06d}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make_document(number, size, known), encoding="utf-8", newline="\n")
        made.touch()
    for extra in (POISON, ADDED):  # of a call that was ended
        (folder / extra).unlink(missing_ok=True)
    return folder


# ---- one harvest, in a process of its own --------------------------------------------------------------------------------


def task(given: argparse.Namespace) -> None:
    """Harvest, as a child, and print what was measured."""
    from csrbook import harvests

    if given.poison:
        import poisons

        harvests.harvest_one = poisons.harvest_one
    begun, spent = time.perf_counter(), time.process_time()
    told = harvests.harvest(given.seeds, given.to, scheduler=given.scheduler, kept=given.kept)
    took = {"seconds": time.perf_counter() - begun, "own": time.process_time() - spent}
    print(json.dumps({"told": told, "peak": _held(os.getpid())[0]} | took))


class Missed(Exception):
    """A harvest that failed or did not end."""


def run(
    seeds: Path, to: Path, scheduler: str = "", *, kept: str = "", poison: bool = False, workers: tuple[int, ...] = (), kill: float = 0,
    limit: float,
) -> dict:  # fmt: skip
    """Harvest in a child; return what it measured, with CPU seconds, the peaks of the workers, and its own after half of the time.

    `kill` one worker once it worked that long; end all after `limit` seconds.
    """
    call = [sys.executable, __file__, "--seeds", str(seeds), "--to", str(to), "--scheduler", scheduler, "--kept", kept]
    path = os.pathsep.join([str(ROOT / "lib"), str(HERE.parent)])
    before = {pid: _held(pid)[1] for pid in workers}
    seen: dict[int, tuple[float, float]] = {}
    call, surroundings = [*call, *["--poison"] * poison], os.environ | {"PYTHONPATH": path}
    child = subprocess.Popen(call, stdout=subprocess.PIPE, text=True, env=surroundings, start_new_session=True)
    try:
        killed, begun, peaks = 0, time.monotonic(), []
        until = begun + limit
        while child.poll() is None:
            if time.monotonic() > until:
                raise Missed(f"did not end within {limit:,.0f} seconds")
            peaks.append((time.monotonic() - begun, _held(child.pid)[0]))
            here = workers or _threads_children(child.pid)
            seen |= {pid: held for pid in here if (held := _held(pid))[0]}
            busy = [pid for pid in here if pid in seen and seen[pid][1] - before.get(pid, 0) > kill]
            if kill and not killed and busy:
                killed = busy[0]
                os.kill(killed, signal.SIGKILL)
            time.sleep(0.1)
        told = child.stdout.read()
        if child.returncode:
            raise Missed(f"ended with {child.returncode}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    told = json.loads(told)
    told["half"] = next((peak for after, peak in peaks if after > peaks[-1][0] / 2), told["peak"])
    cpu = told["own"] + sum(spent - before.get(pid, 0) for pid, (_, spent) in seen.items())
    return told | {"cpu": cpu, "workers": [peak for peak, _ in seen.values()], "killed": killed}


def _threads_children(pid: int) -> list[int]:
    """Return what the threads of a process started."""
    with contextlib.suppress(OSError):
        return sorted(int(one) for each in Path(f"/proc/{pid}/task").iterdir() for one in (each / "children").read_text().split())
    return []


def _held(pid: int) -> tuple[float, float]:
    """Return the most memory that a process ever held, in MB (2^20 bytes), and its CPU seconds; nought when it is gone."""
    try:
        peak = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(peak[1]) / 2**10 if peak else 0.0, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0, 0.0


# ---- what was written ----------------------------------------------------------------------------------------------------


def sorted_rows(folder: Path, *, but: str = "\0") -> str:
    """Return a digest of all rows of all tables, sorted; rows that name `but` are passed over."""
    from pyarrow import dataset

    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        rows = []
        for batch in dataset.dataset(path).to_batches(batch_size=5000):
            for row in batch.to_pylist():
                line = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
                if but not in line:
                    rows.append(hashlib.blake2b(line.encode(), digest_size=16).digest())
        whole.update(path.name.encode() + b"".join(sorted(rows)))
    return whole.hexdigest()[:16]


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextlib.contextmanager
def dask(work: Path, *, nanny: bool = False) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the address of a cluster of two workers, and the numbers of their processes; with a nanny, a worker that ends begins again."""
    from clusters import cluster

    with cluster(workers=2, folder=work, pythonpath=(ROOT / "lib", HERE.parent), nanny=nanny, failures=1) as (address, processes):
        yield address, tuple(process.pid for process in processes[1:])


# ---- the tables ----------------------------------------------------------------------------------------------------------


class Bench:
    """Documents, a few of them, and what was measured on them, now or by an earlier call on the same folder."""

    def __init__(self, work: Path, count: int, size: int, *, quick: bool) -> None:
        from csrbook.yields import make_task

        self.work, self.count, self.size, self.quick, self.faults = work, count, size, quick, []
        self.few = count if quick else min(max(count // 10, 3), FEW)
        self.large, self.small = (make_corpus(work / f"{number}-of-{size}", number, size) for number in (count, self.few))
        self.file, self.library = work / "measured.json", make_task().library
        known = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.measured = known["figures"] if known.get("library") == self.library else {}

    def run(self, seeds: Path, way: str, name: str = "", **more) -> dict:
        """Harvest in one of the ways; return what was measured, with the digest of the sorted rows."""
        key = " ".join(filter(None, (way, seeds.name, name)))
        if key not in self.measured:
            to, but = self.work / "harvest", "poison" if more.get("poison") else "\0"
            shutil.rmtree(to, ignore_errors=True)
            more["limit"] = LONGEST + SLOW * size_of(seeds) / 1000
            try:
                if way == CLUSTER:
                    with tempfile.TemporaryDirectory() as logs, dask(Path(logs), nanny=bool(more.get("poison"))) as (address, workers):
                        told = run(seeds, to, address, workers=workers, **more)
                else:
                    told = run(seeds, to, "" if way == HERE_ALONE else "processes:2", **more)
            except Missed as error:
                raise Missed(f"{key}: {error}") from error
            self.measured[key] = told | {"rows": sorted_rows(to, but=but), "bytes": size_of(to)}
            self.file.write_text(json.dumps({"library": self.library, "figures": self.measured}))
            print(f"{key}: {told['seconds']:,.1f} s", file=sys.stderr, flush=True)
        return self.measured[key]

    def expect(self, holds: bool, what: str) -> str:
        """Return yes or no; remember what does not hold."""
        self.faults += [] if holds else [what]
        return "yes" if holds else "NO"

    def ways(self, chosen: list[str]) -> str:
        """Return the table of these ways; what is compared with is this process."""
        rows, first = [], self.run(self.large, HERE_ALONE)
        for way in chosen:
            few, one = self.run(self.small, way), self.run(self.large, way)
            ratio = first["seconds"] / one["seconds"]
            peaks = [one["peak"], *one["workers"]]
            same = self.expect(one["rows"] == first["rows"], f"other rows: {way}")
            slow = f"less than {BARS['ratio']} times as fast: {way}"
            fast = "" if way == HERE_ALONE or self.quick else self.expect(ratio >= BARS["ratio"], slow)
            flat = self.expect(max(peaks) < BARS["memory"], f"{BARS['memory']} MB: {way}")
            rows.append([way, f"{one['seconds']:,.1f}", f"{one['cpu']:,.1f}", f"{ratio:.2f}", fast, same, _peaks(few), _peaks(one), flat])
        head = ["where", "s", "CPU s", "times as fast", f"at least {BARS['ratio']}", "the same sorted rows"]
        head += [*(f"MB at most, {count:,} documents" for count in (self.few, self.count)), f"each under {BARS['memory']}"]
        return table(head, rows) + "\nMB at most: the process that writes; then its workers.\n"

    def killed(self) -> str:
        """Return the table of workers killed half-way."""
        whole, rows = self.run(self.small, HERE_ALONE)["rows"], []
        for way in (TWO, CLUSTER):
            usual = self.run(self.small, way)
            told = self.run(self.small, way, "killed", kill=0.5 * (usual["cpu"] - usual["own"]) / 2)
            same = self.expect(bool(told["killed"]) and told["rows"] == whole, f"rows lost with a worker: {way}")
            rows.append([f"{way}; one is killed half-way", f"{told['seconds']:,.1f}", f"{told['told']['unread']}", same])
        return self._harm(rows)

    def poison(self) -> str:
        """Return the table of a document that kills whoever reads it."""
        whole, rows = self.run(self.small, HERE_ALONE)["rows"], []
        poison = self.small / POISON
        poison.write_text(make_document(0, 2000, sentences()), encoding="utf-8")
        try:
            for way in (TWO, CLUSTER):
                told = self.run(self.small, way, "poison", poison=True)
                same = self.expect(told["rows"] == whole and told["told"]["unread"] == 1, f"poison harmed others: {way}")
                rows.append([f"{way}; a document kills its reader", f"{told['seconds']:,.1f}", f"{told['told']['unread']}", same])
        finally:
            poison.unlink()
        return self._harm(rows)

    def _harm(self, rows: list[list[str]]) -> str:
        return table([f"{self.few:,} documents", "s", "documents set aside", "all other rows the same"], rows)

    def kept(self) -> str:
        """Return the table of a second harvest, and of one with a document more."""
        seeds = make_corpus(self.work / f"{KEPT}-of-{LITTLE}", KEPT, LITTLE)
        rows, kept, known = [], self.work / "kept", set()
        shutil.rmtree(kept, ignore_errors=True)
        for what in ("first", "nothing changed", "one document added"):
            if what == "one document added":
                (seeds / ADDED).write_text(make_document(10**6, 20_000, sentences()), encoding="utf-8")
            self.measured.pop(f"{TWO} {seeds.name} {what}", None)
            told = self.run(seeds, TWO, what, kept=str(kept))
            entries = {path.relative_to(kept) for path in kept.rglob("*") if path.is_file()}
            documents, made = told["told"]["documents"], len(entries - known)
            rows.append([what, f"{documents:,}", f"{made:,}", f"{told['seconds']:.1f}", f"{told['cpu']:.1f}"])
            known = entries
        (seeds / ADDED).unlink()
        self.expect([row[2] for row in rows[1:]] == ["0", "1"], "more was extracted again than what was added")
        return table(["", "documents", "extracted", "s", "CPU s"], rows)

    def estimate(self) -> str:
        """Return what ten million documents would take, from what was measured; lines to paste into the README."""
        one, two = self.run(self.large, HERE_ALONE), self.run(self.large, TWO)
        each, own = one["cpu"] / self.count, two["own"] / self.count
        growth = (two["peak"] - two["half"]) * 2**20 / (self.count / 2)  # the first half filled what is held of every corpus
        days = each * TEN_MILLION / 86_400
        source, tables = size_of(self.large) / self.count, one["bytes"] / self.count
        needs = two["peak"] + growth * (100_000 - self.count) / 2**20
        lines = (
            f"Measured on {self.count:,} documents of {source / 1000:.0f} KB: {each:.2f} CPU seconds a document, {own * 1000:.1f} ms",
            f"in the process that writes; {tables / 1000:.1f} KB of tables a document; {growth / 1000:.1f} KB of memory more a document.",
            f"10 million such documents: {source * TEN_MILLION / 1e9:,.0f} GB, {days:,.0f} days of one core,",
            f"{24 * days / 64:,.0f} hours of 64 cores, {tables * TEN_MILLION / 1e9:,.0f} GB of tables.",
            f"One process that writes feeds {each / own:,.0f} workers; in folders of 100,000 documents it needs {needs:,.0f} MB.",
        )
        return "\n".join(lines)


def _peaks(told) -> str:
    return "; ".join(filter(None, (f"{told['peak']:.0f}", ", ".join(f"{peak:.0f}" for peak in told["workers"]))))


def main() -> int:
    """Print every table, or as a child harvest once."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--documents", type=int, default=10_000)
    ask.add_argument("--kilobytes", type=float, default=20)
    ask.add_argument("--work", type=Path, help="folder for documents and figures, which stay; by default a temporary one")
    ask.add_argument("--only", default="", help=f"some of {','.join(PARTS)}; by default all")
    ask.add_argument("--quick", action="store_true", help="here, two and estimate, and no bar of speed")
    for name in ("seeds", "to", "scheduler", "kept"):
        ask.add_argument(f"--{name}", help=argparse.SUPPRESS)
    ask.add_argument("--poison", action="store_true", help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.seeds:
        task(given)
        return 0
    parts = given.only.split(",") if given.only else ["here", "two", "estimate"] if given.quick else list(PARTS)
    if unknown := set(parts) - set(PARTS):
        ask.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    with contextlib.ExitStack() as ends:
        work = given.work or Path(ends.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        return measure(Bench(work.resolve(), given.documents, int(given.kilobytes * 1000), quick=given.quick), parts)


def measure(bench: Bench, parts: list[str]) -> int:
    """Print each table as soon as it is there; return 1 when something is missed."""
    total = size_of(bench.large) / 1e6
    print(f"## {bench.count:,} documents, {total:,.1f} MB, in {len(LANGUAGES)} languages\n", flush=True)
    print(f"{machine(' (shared)')}.\n", flush=True)
    ways = [way for name, way in WAYS.items() if name in parts]
    steps = [functools.partial(bench.ways, ways)] * bool(ways) + [getattr(bench, part) for part in parts if part not in WAYS]
    for step in steps:
        try:
            print(step() + "\n", flush=True)
        except Missed as error:
            bench.faults.append(str(error))
    for fault in bench.faults:
        print(f"missed: {fault}")
    return int(bool(bench.faults))


if __name__ == "__main__":
    sys.exit(main())
