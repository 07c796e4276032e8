"""docs/RELIABILITY.md, made of results: what was done, how often, what was required, what happened.

    write(results, Path("docs/RELIABILITY.md")); find_stale(Path("docs/RELIABILITY.md")) -> what it no longer says of this code

A page is stale when a scenario is new, gone or described otherwise, or csrbook has another version; not with every commit. The
digest of the library says which code was tortured.
"""

import os
import platform
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ground import ROOT

from csrbook import __version__
from csrbook.digests import digest_library

PAGE = ROOT / "docs" / "RELIABILITY.md"
HEAD = """# How hard csrbook is to break

Made by `make torture`, which does all this on this machine and writes this page; nothing here is typed. A run is the six notebooks
over three small documents with pages and publishing, or two tiny notebooks where the kind of work does not matter; all go through the
command line. Before and after each, the documents in the folder that is read are the same bytes, and no process is left.
"""
ROW = re.compile(r"^\| \*\*(\w+)\*\* \| (.*?) \| (.*?) \| (\d+) \| (.*?) \| [\d.]+ \| `([0-9a-f]{12}|none)` \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario, done: how often, what happened ("" in `broken` where all held), in how many seconds, to which library."""

    name: str
    times: int
    happened: str
    broken: str
    seconds: float
    library: str
    seed: int
    machine: str
    kinds: Mapping[str, Mapping[str, float]] | None = None  # of damaged documents: read, unread, broken, seconds of the slowest

    def to_json(self) -> dict:
        return asdict(self)


def library() -> str:
    """Return the digest that names the code of the library."""
    return digest_library(ROOT / "requirements.lock")["library"][:12]


def machine() -> str:
    """Return what the figures were measured on."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", told)
    name = model[1].strip() if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"


def page(results: Iterable[Result], told: Mapping[str, tuple[str, str]]) -> str:
    """Return the page; `told` says of every scenario what is done and what is required, in the order of the page."""
    by_name = {one.name: one for one in results}
    chosen = [by_name.get(name) or Result(name, 0, "", "", 0.0, "", 0, "") for name in told]
    lines = [HEAD, f"csrbook {__version__}; {'; '.join(dict.fromkeys(one.machine for one in chosen if one.machine))}.\n"]
    lines += ["| scenario | what is done | what is required | times | what happened | seconds | library |", "|---|---|---|---|---|---|---|"]
    for one in chosen:
        done, required = told[one.name]
        happened = f"**broken**: {one.broken}" if one.broken else f"held: {one.happened}" if one.library else "not done yet"
        cells = (f"**{one.name}**", done, required, one.times, _cell(happened), f"{one.seconds:.0f}", f"`{one.library or 'none'}`")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    for one in chosen:
        if one.kinds:
            lines += ["", *_table_of_kinds(one.kinds)]
    seeds = ", ".join(f"{seed}" for seed in sorted({one.seed for one in chosen if one.library}))
    lines += ["", f"Moments and damages are drawn from seed {seeds}: `make torture ARGS='--seed N'` draws others.", "", PROMISE]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _table_of_kinds(kinds: Mapping[str, Mapping[str, float]]) -> list[str]:
    total = Counter()
    heads = "| kind | read | set aside, with reason and advice | broken | seconds of the slowest |"
    lines = ["## Damaged documents, by kind", "", heads, "|---|---|---|---|---|"]
    for name, counts in sorted(kinds.items()):
        lines.append(f"| {name} | {counts['read']} | {counts['unread']} | {counts['broken']} | {counts['slowest']:.1f} |")
        total.update({key: counts[key] for key in ("read", "unread", "broken")})
    return [*lines, f"| all | {total['read']} | {total['unread']} | {total['broken']} | {max(c['slowest'] for c in kinds.values()):.1f} |"]


PROMISE = """## What is promised, and what is not

- `outputs/latest` is a whole run at every moment: a run is made in `outputs/.part`, written through to the disk, renamed, and `latest` is
  moved onto it in one step. After a loss of power it is the old run or the new one, on a file system that keeps the order of what it was
  told.
- What a killed run leaves (`outputs/.part`, a lock that nobody holds) is cleared by the next run. In the system's folder for temporary
  files kill -9, or a second signal, may leave a small folder `csrbook-...`; whoever clears that folder may remove it.
- A document that is read in a child process (HTML, PDF, DOCX) may take 60 s of a core and 2 GB; beyond that it is set aside with that
  reason. Plain text is bounded by `limit_mb`; its cost grows with its length, and faster where one paragraph of a megabyte states
  thousands of figures.
- A run during which a notebook or the library changes is refused. One during which a document changes is published, and read again by
  the next.
"""


def find_stale(path: Path, told: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return what the page says no more of this code: versions, and scenarios that are new, gone or other."""
    text = path.read_text(encoding="utf-8")
    rows = {name: (done, required) for name, done, required, *_ in ROW.findall(text)}
    stale = [f"scenario {name}" for name in rows.keys() | told.keys() if rows.get(name) != told.get(name)]
    return sorted(stale) + ([] if f"csrbook {__version__};" in text else ["version of csrbook"])
