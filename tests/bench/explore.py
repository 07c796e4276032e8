"""How fast the explorer answers, in a real JupyterLab and a real browser: from the change of a control to table and charts redrawn.

    python tests/bench/explore.py [--run outputs/latest] [--claims 20000] [--rounds 10]

The run is grown to the number of claims by copying its documents under other names. Printed are medians and the slowest of some
rounds, in milliseconds, and the seconds from the kernel's start to the first table; exit 1 when an answer takes over LIMIT.
"""

import argparse
import hashlib
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from bench import ROOT

sys.path.insert(0, str(ROOT / "tests"))
LIMIT, START = 300, 5  # milliseconds of an answer, seconds of a start
CHANGE = """async ([act, value]) => {
  const root = document.querySelector('.csrbook-explorer:not(.paste)'), menu = root.querySelector(`[data-facet=${act}]`);
  if (menu && !menu.open) { menu.open = true; await new Promise((done) => menu.addEventListener('toggle', () => setTimeout(done), {once: true})); }
  return new Promise((done) => {
  const before = root.dataset.answered, begun = performance.now();
  const seen = new MutationObserver(() => { if (root.dataset.answered !== before) { seen.disconnect(); requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun))); } });
  seen.observe(root, {attributes: true});
  if (act === 'words') { const box = root.querySelector('input[type=search]'); box.value = value; box.dispatchEvent(new Event('input', {bubbles: true})); }
  else if (act === 'sort') root.querySelector('th button').click();
  else if (act === 'page') root.querySelector('.pager button:last-child').click();
  else menu.querySelectorAll('label input')[value].click();
})}"""
CHANGES = {
    "a theme": ("theme", 0), "no theme": ("theme", 0), "a body": ("actor", 0), "no body": ("actor", 0), "words": ("words", "million"),
    "other words": ("words", "no such"), "no words": ("words", ""), "an order": ("sort", None), "next page": ("page", None),
}  # fmt: skip


def grow(run: Path, folder: Path, claims: int) -> int:
    """Write a run of about so many claims; return how many."""
    rows = [json.loads(line) for line in (run / "02-extract" / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    relations = [json.loads(line) for line in (run / "04-reconcile" / "relations.jsonl").read_text(encoding="utf-8").splitlines()]
    normal, sources = (pd.read_parquet(run / path) for path in ("03-tabulate/claims_normal.parquet", "01-sources/sources.parquet"))
    copies = -(-claims // len(rows))

    def renamed(key: str, copy: int) -> str:
        return hashlib.sha256(f"{key}{copy}".encode()).hexdigest()[:16]

    for step in ("01-sources/texts", "02-extract", "03-tabulate", "04-reconcile"):
        (folder / step).mkdir(parents=True)
    grown, related, tables, listed = [], [], [], []
    for copy in range(copies):
        grown += [row | {"doc": f"{row['doc']}-{copy}", "claim_id": renamed(row["claim_id"], copy), "id": f"{row['id']}-{copy}"} for row in rows]
        related += [one | {"members": [member | {"claim_id": renamed(member["claim_id"], copy)} if isinstance(member, dict) else renamed(member, copy) for member in one["members"]]} for one in relations]
        tables.append(normal.assign(doc=normal["doc"] + f"-{copy}", claim_id=[renamed(key, copy) for key in normal["claim_id"]]))
        listed.append(sources.assign(doc=sources["doc"] + f"-{copy}", title=sources["title"] + f" {copy}"))
        for text in (run / "01-sources" / "texts").glob("*.txt"):
            shutil.copy(text, folder / "01-sources" / "texts" / f"{text.stem}-{copy}.txt")
    for path, told in (("02-extract/claims.jsonl", grown), ("04-reconcile/relations.jsonl", related)):
        (folder / path).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told), encoding="utf-8")
    pd.concat(tables).to_parquet(folder / "03-tabulate" / "claims_normal.parquet")
    pd.concat(listed).to_parquet(folder / "01-sources" / "sources.parquet")
    return len(grown)


def measure(run: Path, rounds: int, tmp: Path) -> tuple[float, dict[str, list[float]]]:
    """Return the seconds from the kernel's start to the first table, and the milliseconds of every change."""
    from explored import lay_out
    from labs import open_lab
    from pictures import ARGS, find_browser
    from playwright.sync_api import sync_playwright

    lay_out(tmp / "book", run)
    (tmp / "lab").mkdir()
    with sync_playwright() as playwright, open_lab(tmp / "book", tmp / "lab") as lab:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGS)
        with lab.page(browser, width=1600) as page:
            lab.open(page, "notebooks/explore.ipynb")
            page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
            begun = time.perf_counter()
            page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells') && null")
            page.wait_for_function("Number(document.querySelector('.csrbook-explorer')?.dataset.answered) > 0", timeout=120_000)
            start = time.perf_counter() - begun
            page.wait_for_timeout(3000)  # the decisions come after the table
            taken = {name: [] for name in CHANGES}
            for _ in range(rounds):
                for name, change in CHANGES.items():
                    taken[name].append(page.evaluate(CHANGE, list(change)))
        browser.close()
    return start, taken


def main() -> int:
    """Measure the run as it is and grown; print a table."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--run", type=Path, default=ROOT / "outputs" / "latest")
    ask.add_argument("--claims", type=int, default=20_000)
    ask.add_argument("--rounds", type=int, default=10)
    given, slow = ask.parse_args(), False
    print("## The explorer in JupyterLab\n\n| claims | start, s | " + " | ".join(f"{name}, ms" for name in CHANGES) + " |\n|---|---|" + "---|" * len(CHANGES))
    with tempfile.TemporaryDirectory() as home:
        grown = Path(home) / "grown"
        count = grow(given.run, grown, given.claims)
        for name, run in (("as shipped", given.run), (f"{count:,}", grown)):
            start, taken = measure(run, given.rounds, Path(home) / name.replace(",", ""))
            print(f"| {name} | {start:.1f} | " + " | ".join(f"{statistics.median(one):.0f} ({max(one):.0f})" for one in taken.values()) + " |", flush=True)
            slow |= any(statistics.median(one) > LIMIT for one in taken.values()) or (name == "as shipped" and start > START)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
