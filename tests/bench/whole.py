"""Measure a whole run beside stock papermill on empty notebooks, in one process, as many as a run executes.

    python tests/bench/whole.py [--rounds 5] [--counts 15,6] [--tiny]

Prints Markdown. Rounds alternate all that is compared, each in a process of its own, from its start to its end: a busy moment
meets all of them. The bar holds for the first count: a run executes six notebooks, and one of them for nine other choices as well.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench import ROOT, machine, share_library, spread, table

BAR, UNCHANGED = 1.5, 1.0
STOCK = """
import sys, papermill
for number in range(int(sys.argv[2])):
    papermill.execute_notebook(sys.argv[1], f"out-{number}.ipynb", engine_name="nbclient", kernel_name="python3", progress_bar=False)
"""
EMPTY = {"cells": [], "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}}
TINY = ("01_lists.ipynb", '["{seeds}"]', "01-lists"), ("02_counts.ipynb", '["01-lists"]', "02-counts.csv")


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command and return (seconds from start to end, CPU seconds of it and of what it started)."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    spent, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return spent, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def tiny_plan(home: Path) -> list[str]:
    """Write a plan of two small notebooks and return the options that name it and its documents."""
    (home / "notebooks" / "seeds").mkdir(parents=True)
    (home / "notebooks" / "seeds" / "one.txt").write_text("one", encoding="utf-8")
    told = ['paths = ["seeds"]']
    for file, reads, writes in TINY:
        shutil.copy(ROOT / "tests" / "notebooks" / file, home / "notebooks")
        told.append(f'[[notebook]]\nfile = "{file}"\nreads = {reads}\nwrites = ["{writes}"]')
    plan = home / "notebooks" / "plan.toml"
    plan.write_text("\n".join(told), encoding="utf-8")
    return ["--plan", str(plan), "--seeds", str(home / "notebooks" / "seeds")]


def commands(home: Path, counts: list[int], tiny: bool) -> dict[str, list[str]]:
    """Return what is compared, by its name; the last one follows a run in the same folder."""
    empty = home / "empty.ipynb"
    empty.write_text(json.dumps(EMPTY | {"nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    stock = {f"papermill, {count} empty notebooks": [sys.executable, "-c", STOCK, str(empty), str(count)] for count in counts}
    run = [sys.executable, "-m", "csrbook", "run", *(tiny_plan(home) if tiny else [])]
    runs = {f"csrbook run, {e} kernels": [*run, "--force", "--engine", e, "--out", str(home / e)] for e in ("warm", "own")}
    return stock | runs | {"csrbook run, nothing changed": [*run, "--out", str(home / "warm")]}


def measure(home: Path, given: argparse.Namespace) -> str:
    """Return the table."""
    compared = commands(home, given.counts, given.tiny)
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in compared}
    for _ in range(given.rounds):
        for name, command in compared.items():
            spent[name].append(seconds(command, home))
    walls = {name: [wall for wall, _ in figures] for name, figures in spent.items()}
    rows = []
    for name, figures in spent.items():
        ratios = [f"{median(walls[name]) / median(walls[f'papermill, {count} empty notebooks']):.2f}" for count in given.counts]
        rows.append([name, spread(walls[name]), spread([cpu for _, cpu in figures]), *ratios])
    head = ["", "s, median (range)", "CPU s", *(f"times papermill's {count}" for count in given.counts)]
    first, warm, idle = (median(walls[name]) for name in (next(iter(walls)), "csrbook run, warm kernels", "csrbook run, nothing changed"))
    told = f"At most {BAR} times stock papermill: {'yes' if warm <= BAR * first else 'no'} ({warm / first:.2f}). "
    return f"{table(head, rows)}\n{told}Nothing changed, under {UNCHANGED:g} s: {'yes' if idle < UNCHANGED else 'no'} ({idle:.2f} s).\n"


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--counts", type=lambda text: [int(part) for part in text.split(",")], default=[15, 6], help="of empty notebooks")
    ask.add_argument("--tiny", action="store_true", help="a run of two small notebooks in the place of the workbook")
    given = ask.parse_args()
    share_library()
    what = "two small notebooks" if given.tiny else "the shipped corpus"
    print(f"## A whole run beside stock papermill\n\n{machine('')}. {given.rounds} rounds, runs on {what}.\n")
    with tempfile.TemporaryDirectory() as home:
        print(measure(Path(home), given), flush=True)


if __name__ == "__main__":
    main()
