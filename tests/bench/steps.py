"""What each notebook needs as the corpus grows: CPU seconds and memory of the six, by plain papermill, on documents made by large.py.

    python tests/bench/steps.py [--documents 50,200] [--kilobytes 20] [--notebooks 6]

Prints Markdown. Every notebook is a papermill of its own with a stock kernel, whose start counts; the most memory is that of the
kernel. The made documents repeat the sentences of seeds/ with other numbers, so they tell far more of one measure than articles do:
relations grow with the square of their number.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import ROOT, machine, share_library, table
from large import make_corpus

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024, done.returncode, done.stderr[-2000:]]))
"""


def measure(notebook: Path, home: Path, seeds: Path) -> tuple[float, float]:
    """Run a notebook in a run's folder and return (CPU seconds, MB) of papermill and its kernel."""
    given = {"01": ["-p", "seeds", str(seeds)], "02": ["-p", "gold", str(ROOT / "tests" / "gold")]}.get(notebook.name[:2], [])
    call = [sys.executable, "-m", "papermill", str(notebook), str(home / notebook.name), "-p", "run_dir", str(home), *given]
    done = subprocess.run([sys.executable, "-c", MEASURED, *call], cwd=home, capture_output=True, text=True, check=True)
    spent, most, code, said = json.loads(done.stdout)
    if code:
        sys.exit(f"{notebook.name}\n{said}")
    return spent, most


def grow(home: Path, given: argparse.Namespace) -> str:
    """Return the table: a row a size of corpus, a column a notebook."""
    rows, names = [], [path.name[:2] for path in NOTEBOOKS[: given.notebooks]]
    for count in given.documents:
        seeds, run = make_corpus(home / f"{count} documents", count, given.kilobytes * 1000), home / f"run of {count}"
        run.mkdir()
        told = [measure(path, run, seeds) for path in NOTEBOOKS[: given.notebooks]]
        claims = run / "02-extract" / "claims.jsonl"
        figures = sum(1 for _ in claims.open(encoding="utf-8")) if claims.exists() else 0
        rows.append([f"{count:,} documents, {figures:,} figures", *(f"{spent:,.0f} s, {most:,.0f} MB" for spent, most in told)])
    return table(["", *names], rows)


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--documents", type=lambda text: [int(part) for part in text.split(",")], default=[50, 200], help="sizes of the corpus")
    ask.add_argument("--kilobytes", type=int, default=20, help="of each document")
    ask.add_argument("--notebooks", type=int, default=len(NOTEBOOKS), help="so many of the first")
    given = ask.parse_args()
    share_library()
    told = f"{machine('')}. Documents of {given.kilobytes} KB."
    print(f"## Each notebook as the corpus grows: CPU seconds, most memory\n\n{told}\n")
    with tempfile.TemporaryDirectory() as home:
        print(grow(Path(home), given), flush=True)


if __name__ == "__main__":
    main()
