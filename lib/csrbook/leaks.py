"""Find the paths of this machine in files that are to be shown to others.

    list(find_leak(Path("site"), private_paths(run, record)))  -> [("01-sources.html", "/home/ann")]

In      a folder of files; the run's record, which names the places that it read.
Out     the files that hold such a path, each with the path.
Never   changes a file, or takes a word of a text for a path: only paths that exist for this run are looked for.
Needs   digests, records (Parquet).  Used by publishing.
"""

import html
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csrbook.digests import walk_files
from csrbook.records import read_parquet

__all__ = ["find_leak", "private_paths"]

LIBRARY = Path(__file__).resolve().parents[2]


def private_paths(run: Path, record: Mapping[str, Any]) -> list[str]:
    """Return the paths that nothing may tell: of the person, the run, the library, Python, and of what the run read; longest first."""
    read = [str(record["parameters"].get(name) or "") for name, files in record["inputs"].items() if files]
    places = [run, run.parent, LIBRARY, Path(sys.prefix), *(Path(os.path.normpath(run / path)) for path in read)]
    told = {str(place) for place in places if len(place.parts) > 2}  # /usr and /tmp tell nothing
    told |= {str(Path.home()), *(path for path in read if "/" in path)} - {"/"}
    return sorted(told, key=lambda path: (-len(path), path))


def find_leak(folder: Path, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (file, path) for every file of the folder that holds one of the paths, or is named by one; in order of the files."""
    # as it is, in an address, and in JSON of ASCII alone; not in the middle of another path or of an address on the web
    forms = [form for path in paths for form in dict.fromkeys((path, quote(os.fsencode(path)), json.dumps(path)[1:-1]))]
    pattern = re.compile(rf"(?:(?<![\w./-])|(?<=file://))(?:{'|'.join(map(re.escape, forms))})(?![\w-])")
    for file in walk_files(folder):
        for words in _words(file):
            if found := pattern.search(words):
                yield file.relative_to(folder).as_posix(), found[0]
                break


def _words(file: Path) -> Iterator[str]:
    """Yield what a file says, packed formats unpacked, pages also as they are read."""
    if file.suffix == ".parquet":
        yield "\n".join(str(value) for row in read_parquet(file) for value in row.values())
        return
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as parts:
            yield from (html.unescape(parts.read(name).decode("utf-8", "replace")) for name in parts.namelist())
        return
    text = file.read_bytes().decode("utf-8", "replace")
    yield text
    if file.suffix in (".html", ".svg", ".xml"):
        yield html.unescape(text)
