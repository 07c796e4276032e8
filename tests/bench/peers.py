"""Measure existing extractors beside ours: same texts, same machine, same run.

    python tests/bench/peers.py [--chars 200000] [--rounds 3] [--budget 10]

The peers are run by ../shared/peers.py as it stands, each that is installed under .venv-peers (`make bench PEERS=1`
installs those of peers.txt). A peer gets whole documents and, in other runs, single lines; ours always reads whole
documents. Wall-clock seconds on both sides; every run of a peer has a run of ours just before it, and the ratio is the
median of these pairs, so that it holds when the machine's speed drifts. Prints Markdown.
"""

import argparse
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from statistics import median

from bench import LANGUAGES, ROOT, document, files, folder, machine, spread, table, texts

RUNNER = ROOT.parent / "shared" / "peers.py"
HOME = ROOT / ".venv-peers"
BAR = 10
LONGER = 3  # ours is so fast that it reads more, to be timed well
READS = {
    "en": ("quantulum3", "quantulum3-clf", "recognizers", "spacy", "cqe", "compromise", "recognizers-js"),
    "zh": ("jionlp", "recognizers", "duckling-zh", "recognizers-js"),
    "ru": ("yargy", "natasha", "pullenti"),
}
TOLD = {"en": ("compromise", 103_000), "zh": ("jionlp", 78_000), "ru": ("yargy", 96_000)}  # fastest ever measured, 2026-11
ABSENT = "No peers: this needs ../shared/peers.py beside the checkout and, from `make bench PEERS=1`, the environment .venv-peers.\n"


def installed() -> dict[str, bool]:
    """Return every peer that the runner knows, and whether its environment is there."""
    spec = importlib.util.spec_from_file_location("peers_runner", RUNNER)
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    node = bool(shutil.which("node")) and (HOME / "npm" / "node_modules").is_dir()
    return {peer: (HOME / place / "bin" / "python").exists() if place else node for peer, place in runner.VENV.items()}


def peer_run(peer: str, language: str, chunk: str, given: argparse.Namespace) -> float:
    """Return the characters a second of one run of one peer; 0 where it fails, with its last words on stderr."""
    call = [sys.executable, str(RUNNER), "--peer", peer, "--bench", "--chunk", chunk]
    call += ["--chars", str(given.chars), "--budget", str(given.budget), *map(str, files()[language])]
    done = subprocess.run(call, capture_output=True, text=True, env=os.environ | {"PEERS_ROOT": str(HOME)})
    if done.returncode:
        print(f"{peer}, {language}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return 0.0
    return float(json.loads(done.stdout)["chars_per_s"])


def our_run(language: str, chars: int) -> float:
    """Return our characters a second as the runner counts a peer's: warm, its documents in turn until `chars` are read."""
    from csrbook.lexicon import load_lexicons
    from csrbook.mentions import find_mentions

    lexicons, documents = load_lexicons(), [document(text, language) for text in texts(language)]
    find_mentions(document(documents[0].text[:1500], language), lexicons)
    count, start = 0, time.perf_counter()
    while count < chars:
        for one in documents:
            find_mentions(one, lexicons)
            count += len(one.text)
    return count / (time.perf_counter() - start)


def measure(language: str, peers: dict[str, bool], given: argparse.Namespace) -> list[list[str]]:
    """Return the rows of one language: ours, then its installed peers, fastest first."""
    ours, found = [], []
    for peer, chunk in itertools.product((name for name in READS[language] if peers.get(name)), ("doc", "line")):
        pairs = [(our_run(language, given.chars * LONGER), peer_run(peer, language, chunk, given)) for _ in range(given.rounds)]
        ours += [our for our, _ in pairs]
        if all(other for _, other in pairs):
            found.append((peer, chunk, [other for _, other in pairs], median(our / other for our, other in pairs)))
    rows = []
    for peer, chunk, runs, ratio in sorted(found, key=lambda row: row[3]):
        rows.append([f"{language}, {peer}", {"doc": "document", "line": "line"}[chunk], spread(runs, "{:,.0f}"), f"{ratio:.1f}"])
    if not found:
        return rows
    reached = "yes" if min(row[3] for row in found) >= BAR else "no"
    return [[f"**{language}, csrbook**", "document", spread(ours, "{:,.0f}"), f"{BAR} x every one: {reached}"], *rows]


def main() -> None:
    """Print ours and the peers by language."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--chars", type=int, default=200_000)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--budget", type=float, default=10)
    given = ask.parse_args()
    print(f"## Beside existing extractors\n\n{machine()}. Texts: {folder().parent.name}/{folder().name}.\n")
    peers = installed() if RUNNER.exists() else {}
    if not any(peers.values()):
        print(ABSENT)
        return
    rows = [row for language in LANGUAGES for row in measure(language, peers, given)]
    print(table(["language, extractor", "one call gets a", "characters a second, median (range)", "ours / it, median of pairs"], rows))
    known = "; ".join(f"{language} {name} {speed:,}" for language, (name, speed) in TOLD.items())
    print(f"Not installed here: {', '.join(sorted(peer for peer, there in peers.items() if not there))}.")
    print(f"The fastest that were ever measured, on another day: {known} characters a second.")


if __name__ == "__main__":
    main()
