"""Read damaged documents one by one in a child process under limits, and put what breaks down to the one that broke it.

    python tests/torture/reading.py --seed 1 --first 0 --count 100      # one line of JSON a document

A document counts as told when the table of sources has exactly one row for its file: read, or unread with a reason and advice
on one line; its figures, where it is read, quote its text.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from damage import damaged, kind_of

MEMORY = 3 << 30  # bytes of address space, of the process that reads and of each that it starts
SECONDS = 40  # that one document may take of a core, child processes included


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one document."""

    number: int
    kind: str
    status: str  # read, unread, or broken: a promise was not kept
    words: str  # reason and advice, or what broke
    seconds: float
    claims: int = 0


def read_many(numbers: range, *, seed: int) -> Iterator[Told]:
    """Yield what became of each document, whatever it does to the process that reads it."""
    first = numbers.start
    while first < numbers.stop:
        command = [sys.executable, __file__, "--seed", str(seed), "--first", str(first), "--count", str(numbers.stop - first)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
            for line in child.stdout:
                told = Told(**json.loads(line))
                if told.status != "begun":
                    yield told
                    first = told.number + 1
                else:
                    begun = told
        if child.returncode or first < numbers.stop:
            yield Told(begun.number, begun.kind, "broken", f"ended the process that read it, exit {child.returncode}", SECONDS)
            first = begun.number + 1


def _read_one(number: int, seed: int, home: Path) -> Told:
    from csrbook.corpus import extract_documents, source_rows
    from csrbook.documents import read_documents
    from csrbook.errors import CsrbookError
    from csrbook.lexicon import load_lexicons

    one = damaged(number, seed=seed)
    begun, lexicons, claims = _used(), load_lexicons(), 0
    folder = home / str(number)
    folder.mkdir()
    (folder / one.name).write_bytes(one.data)
    try:
        corpus = read_documents(folder, lexicons)
        rows = source_rows(corpus, lexicons)
        for extraction in extract_documents(corpus.documents, lexicons):
            claims += len(extraction.claims)
            text = extraction.document.text
            assert all(text[claim.start : claim.end] == claim.text for claim in extraction.claims), "a figure does not quote its text"
        json.dumps(rows, ensure_ascii=False, default=str).encode()
        (row,) = rows
        words = "" if row["status"] == "read" else f"{row['problem']}; {row['advice']}"
        assert row["status"] == "read" or (row["problem"] and row["advice"]), "no reason, or no advice"
        assert len(words.splitlines()) <= 1 and len(words) < 600, "more than one line"
        status = row["status"]
    except CsrbookError as error:
        status, words = "broken", f"stops the rest: {error}"
    except Exception as error:  # any at all is the finding
        status, words = "broken", f"raised {type(error).__name__}: {str(error)[:200]}"
    seconds = _used() - begun
    if seconds > SECONDS:
        status, words = "broken", f"took {seconds:.0f} s"
    return Told(number, one.kind, status, words, round(seconds, 3), claims)


def _used() -> float:
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def main() -> None:
    ask = argparse.ArgumentParser()
    for name in ("seed", "first", "count"):
        ask.add_argument(f"--{name}", type=int, required=True)
    given = ask.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as home:
        os.chdir(home)
        for number in range(given.first, given.first + given.count):
            kind = kind_of(number)
            print(json.dumps(asdict(Told(number, kind, "begun", "", 0.0))), flush=True)
            used = int(_used()) + 2 * SECONDS  # the last resort: the system ends it
            resource.setrlimit(resource.RLIMIT_CPU, (used, resource.getrlimit(resource.RLIMIT_CPU)[1]))
            print(json.dumps(asdict(_read_one(number, given.seed, Path(home)))), flush=True)
        assert not list(Path(home).glob("**/PWNED")), "a marker file was made"


if __name__ == "__main__":
    main()
