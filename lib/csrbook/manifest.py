"""Read manifest.toml: what a person says of the documents in a folder, one [[document]] a file.

    [[document]]
    file = "letter.txt"                # the only key that must be there; relative to the folder
    id = "letter-2020"                 # instead of the file name without its ending
    title = "A letter to our partners"
    publisher = "Valley Herald"
    date = 2020-04-07                  # or "2020-04", "2020"
    language = "en"
    kind = "letter"                    # news, report, letter
    sha256_original = "..."            # digest of the document that this one restates

In      the path of a manifest.
Out     its rows, every value as text.
Never   passes over a key that it does not know: a mistyped title would be lost without a word.
Needs   errors.  Used by documents.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from csrbook.errors import DocumentError

__all__ = ["MANIFEST", "read_manifest", "short_id"]

MANIFEST = "manifest.toml"
KEYS = ("id", "file", "title", "publisher", "date", "language", "kind", "sha256_original")
LONGEST_ID = 200  # bytes; systems allow 255 in the name of a file, and it gets an ending of ours
ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def read_manifest(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (file, row) for every [[document]], in the order written; an absent manifest has none.

    Raises
    ------
    DocumentError
        No TOML in UTF-8, an unknown key, an empty value, an id that no file can be named by, a date that is not ISO.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DocumentError(MANIFEST, f"cannot be read ({error})", "TOML in UTF-8", "correct that line") from None
    if unknown := set(tables) - {"document", "format"}:
        raise DocumentError(MANIFEST, f"unknown table {min(unknown)!r}", "every row is a [[document]]", "rename or delete it")
    rows = tables.get("document", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DocumentError(MANIFEST, "document is no list of rows", "every row begins with [[document]]", "correct it")
    for number, row in enumerate(rows, 1):
        where = f"{MANIFEST}, document {number}"
        for key, value in row.items():
            if key not in KEYS:
                near = get_close_matches(key, KEYS, 1)
                advice = f"did you mean {near[0]}?" if near else "delete it"
                raise DocumentError(where, f"unknown key {key!r}", f"keys are {', '.join(KEYS)}", advice)
            if not isinstance(value, str | date) or not str(value).strip():
                raise DocumentError(where, f"{key} is {value!r}", "words between quotation marks", "correct it")
        row = {key: str(value) for key, value in row.items()}
        if "file" not in row:
            raise DocumentError(where, "no file", "the name of the file, relative to the folder", "add it")
        if re.search(r"[/\\\0]", row.get("id", "")) or len(row.get("id", "").encode()) > LONGEST_ID:
            raise DocumentError(where, f"id is {row['id']!r}", "a short id without a slash: files are named by it", "correct it")
        if not ISO_DATE.fullmatch(row.get("date", "2020")):
            raise DocumentError(where, f"date is {row['date']!r}", "2020, 2020-04 or 2020-04-07", "correct it")
        yield row["file"], row


def short_id(name: str) -> str:
    """Return a name that a file can bear: a long one is cut, and told apart from others by its digest."""
    if len(name.encode()) <= LONGEST_ID:
        return name
    return f"{name.encode()[: LONGEST_ID // 2].decode(errors='ignore')}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
