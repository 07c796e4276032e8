"""What the benchmark scripts share: the texts, the documents made of them, the machine's name, and tables in Markdown.

Texts: the five originals beside the checkout (../shared/seeds), or, where that folder is absent, the five that ship (seeds).
A text's language is told by its script, as the peers' runner tells it.
"""

import os
import platform
import re
from pathlib import Path
from statistics import median
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
ORIGINALS = ROOT.parent / "shared" / "seeds"
LANGUAGES = ("en", "zh", "ru")
SCRIPTS = {"zh": "[\u4e00-\u9fff]", "ru": "[\u0400-\u04ff]"}


def folder() -> Path:
    """Return the folder of the texts that are measured."""
    return ORIGINALS if any(ORIGINALS.glob("*.txt")) else ROOT / "seeds"


def files() -> dict[str, list[Path]]:
    """Return the measured files by language, each list sorted by name."""
    found: dict[str, list[Path]] = {language: [] for language in LANGUAGES}
    for path in sorted(folder().glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        shares = {language: len(re.findall(letters, text)) for language, letters in SCRIPTS.items()}
        best = max(shares, key=shares.__getitem__)
        found[best if shares[best] > len(text) / 10 else "en"].append(path)
    return found


def texts(language: str) -> list[str]:
    """Return the texts of one language, line ends as they stand in the files."""
    return [path.read_bytes().decode("utf-8") for path in files()[language]]


def repeated(parts: list[str], chars: int) -> str:
    """Return one text of exactly `chars` code points: the parts with a blank line between, again and again."""
    unit = "\n\n".join([*parts, ""])
    return "".join([unit] * (chars // len(unit)) + [unit[: chars % len(unit)]])


def document(text: str, language: str, furniture=()) -> SimpleNamespace:
    """Return the least that a reader of documents asks for."""
    return SimpleNamespace(doc="bench", text=text, language=language, furniture=furniture)


def share_library() -> None:
    """Let every Python that is started from here on import the library of this checkout."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT / "lib"), os.environ.get("PYTHONPATH"))))


def machine(cores: str = " (one used)") -> str:
    """Return the processor, its cores with what is told of their use, and the Python, in one line."""
    told = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", told)
    name = model[1].strip() if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores{cores}, {platform.system()}, Python {platform.python_version()}"


def spread(figures: list[float], form: str = "{:,.2f}") -> str:
    """Return "median (least to greatest)" of some figures, each written as `form` says."""
    return "{} ({} to {})".format(*(form.format(f) for f in (median(figures), min(figures), max(figures))))


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table; all columns but the first are aligned to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
