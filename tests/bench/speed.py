"""Measure what it costs to read a document into mentions and ledger rows: start, speed, growth, memory.

    python tests/bench/speed.py [--chars 5000000] [--megabytes 20] [--rounds 3]

Prints Markdown. Seconds are CPU seconds of one process; a round is the whole document. Start-up and memory are measured
in processes of their own.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench import LANGUAGES, document, folder, machine, repeated, spread, table, texts

BARS = {"speed": 1_000_000, "start": 0.3, "memory": 200}
SIZES = (100, 10, 1)  # the growth table: this part of --chars
DIGITS = "0123456789"


def seconds(text: str, language: str) -> tuple[float, int]:
    """Read one document; return (CPU seconds, rows found)."""
    from csrbook.lexicon import load_lexicons
    from csrbook.mentions import find_mentions

    lexicons, doc = load_lexicons(), document(text, language)
    start = time.process_time()
    mentions, skipped = find_mentions(doc, lexicons)
    return time.process_time() - start, len(mentions) + len(skipped)


def start_up(language: str) -> dict[str, float]:
    """Import, read the lexicons, read a first short text; for a process that has done nothing else."""
    parts = texts(language)
    begin = time.process_time()
    from csrbook.lexicon import load_lexicons
    from csrbook.mentions import find_mentions

    imported = time.process_time()
    lexicons = load_lexicons()
    loaded = time.process_time()
    find_mentions(document(parts[0][:500], language), lexicons)
    return {"import": imported - begin, "lexicons": loaded - imported, "first": time.process_time() - loaded}


def memory(language: str, size: int) -> dict[str, float]:
    """Read one document of `size` UTF-8 bytes; return megabytes (2^20 bytes) and seconds, for a process of its own."""
    parts = texts(language)
    unit = "\n\n".join([*parts, ""])
    seconds(parts[0], language)
    before = peak()
    text = repeated(parts, size * len(unit) // len(unit.encode()))
    held = sys.getsizeof(text) / 2**20
    spent, rows = seconds(text, language)
    return {"before": before, "text": held, "peak": peak(), "seconds": spent, "rows": rows, "chars": len(text)}


def peak() -> float:
    """Return the most memory this process ever held, in MB.

    Linux's getrusage starts a child at the peak of the process that started it, so its own record is asked first;
    macOS counts bytes where Linux counts kilobytes.
    """
    status = Path("/proc/self/status")
    if own := re.search(r"VmHWM:\s*(\d+)", status.read_text() if status.exists() else ""):
        return int(own[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def child(task: str, language: str, size: int = 0) -> dict[str, float]:
    """Run `task` of this script in a fresh process and return what it measured."""
    call = [sys.executable, __file__, "--task", task, "--language", language, "--size", str(size)]
    return json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)


def varied(parts: list[str], chars: int) -> str:
    """Return the repeated text with other digits in each of ten repetitions, so that no line returns soon."""
    turned = [text.translate(str.maketrans(DIGITS, DIGITS[n:] + DIGITS[:n])) for n in range(10) for text in parts]
    return repeated(turned, chars)


def warm(chars: int, rounds: int) -> str:
    """Return the tables of speed and growth."""
    speeds, growth = [], []
    for language in LANGUAGES:
        parts = texts(language)
        seconds(repeated(parts, min(chars, 20_000)), language)
        spent = {}
        for part in SIZES:
            text = repeated(parts, chars // part)
            spent[part] = [seconds(text, language)[0] for _ in range(rounds)]
        other = len(text := varied(parts, chars)) / seconds(text, language)[0]
        rates = [chars / max(s, 1e-6) for s in spent[1]]
        reached = "yes" if median(rates) >= BARS["speed"] else "no"
        speeds.append([language, spread(rates, "{:,.0f}"), f"{other:,.0f}", reached])
        each = {part: median(spent[part]) * part / chars * 1e6 for part in SIZES}
        growth.append([language, *(f"{each[part]:.3f}" for part in SIZES), f"{each[1] / max(each[SIZES[0]], 1e-9):.2f}"])
    told = table(["language", "characters a second, median (range)", "same, digits varied", f"{BARS['speed']:,} reached"], speeds)
    head = ["language", *(f"{chars // part:,} characters" for part in SIZES), "last / first"]
    return f"### One document of {chars:,} characters\n\n{told}\n### Microseconds a character as the text grows\n\n{table(head, growth)}"


def starts(rounds: int) -> str:
    """Return the table of start-up times."""
    rows = []
    for language in LANGUAGES:
        runs = [child("start", language) for _ in range(rounds)]
        both = [run["import"] + run["lexicons"] for run in runs]
        every = [sum(run.values()) for run in runs]
        columns = [[run["import"] for run in runs], [run["lexicons"] for run in runs], both, every]
        reached = [("yes" if median(figures) < BARS["start"] else "no") for figures in (both, every)]
        rows.append([language, *(spread(figures) for figures in columns), " / ".join(reached)])
    head = ["language", "import s", "lexicons s", "together s", "and a first 500 characters s", f"under {BARS['start']} s (together / all)"]
    return "### Start, in a fresh process\n\n" + table(head, rows)


def memories(megabytes: float) -> str:
    """Return the table of the large document."""
    rows = []
    for language in LANGUAGES:
        told = child("memory", language, int(megabytes * 1_000_000))
        figures = [f"{told['chars']:,}", f"{told['rows']:,}", f"{told['seconds']:.2f}", f"{told['chars'] / max(told['seconds'], 1e-6):,.0f}"]
        held = [f"{told[key]:.0f}" for key in ("before", "text", "peak")]
        rows.append([language, *figures, *held, "yes" if told["peak"] < BARS["memory"] else "no"])
    head = ["language", "characters", "rows", "s", "characters a second", "MB before", "MB of the text", "MB at most", f"under {BARS['memory']}"]
    note = "Before: the interpreter, the library and the lexicons in use. At most: the whole process, the text and all rows among it.\n"
    return f"### One document of {megabytes:g} MB (UTF-8)\n\n{table(head, rows)}\n{note}"


def main() -> None:
    """Print every table, or as a child do one task."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--chars", type=int, default=5_000_000)
    ask.add_argument("--megabytes", type=float, default=20)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--task", choices=("start", "memory"), help=argparse.SUPPRESS)
    ask.add_argument("--language", help=argparse.SUPPRESS)
    ask.add_argument("--size", type=int, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.task:
        print(json.dumps(start_up(given.language) if given.task == "start" else memory(given.language, given.size)))
        return
    print(f"## Reading a document into mentions and ledger\n\n{machine()}. CPU seconds; texts: {folder().parent.name}/{folder().name}.\n")
    print(starts(given.rounds), flush=True)
    print(warm(given.chars, given.rounds), flush=True)
    print(memories(given.megabytes), flush=True)


if __name__ == "__main__":
    main()
