"""Run the benchmarks one after another; print their tables and keep them in outputs/bench.md. Called by `make bench`.

    python tests/bench/run.py [--peers] [--quick] [--out outputs/bench.md]
"""

import argparse
import subprocess
import sys
from pathlib import Path

from bench import ROOT

HERE = Path(__file__).parent
QUICK = {"speed.py": ["--chars", "20000", "--megabytes", "0.1", "--rounds", "1"], "fuzz.py": ["--count", "900"],
         "whole.py": ["--rounds", "1", "--counts", "1", "--tiny"], "large.py": ["--documents", "3", "--kilobytes", "1", "--quick"],
         "steps.py": ["--documents", "1", "--kilobytes", "1", "--notebooks", "1"],
         "peers.py": ["--chars", "20000", "--rounds", "1", "--budget", "3"]}  # fmt: skip


def main() -> int:
    """Run speed, fuzz, whole, large, steps and, when asked, peers; return 1 when one of them fails."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--peers", action="store_true", help="also those of .venv-peers")
    ask.add_argument("--quick", action="store_true", help="tiny sizes: does it still run")
    ask.add_argument("--out", type=Path, default=ROOT / "outputs" / "bench.md", help="where the tables are kept")
    given = ask.parse_args()
    told, code = [], 0
    for script in ("speed.py", "fuzz.py", "whole.py", "large.py", "steps.py", *(["peers.py"] if given.peers else [])):
        call = [sys.executable, str(HERE / script), *(QUICK[script] if given.quick else [])]
        with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            for line in process.stdout:
                print(line, end="", flush=True)
                told.append(line)
        print()
        told.append("\n")
        code = code or int(process.returncode != 0)
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text("# Benchmarks\n\n" + "".join(told), encoding="utf-8")
    print(f"kept in {given.out.name}")
    return code


if __name__ == "__main__":
    sys.exit(main())
