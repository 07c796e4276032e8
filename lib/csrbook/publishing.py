"""Make a site of a run: a folder that any host of plain files can show, in which nothing tells of the machine that made it.

    publish(Path("outputs/latest"), Path("outputs/site"))

In      the folder of a whole run, each file as the run left it; whether the texts may be shown whole; the address of the site
        where it is known.
Out     all pages, charts, tables and exports, with 404.html, rights.txt and .nojekyll; robots.txt and sitemap.xml with an address.
        run.json and the crate are written anew for the files that are there. The same run gives the same bytes.
Never   changes the run, or publishes what else lies in its folder; replaces a folder that is no site of ours, or a site by half
        of another; shows a text whole unless told to, or lets a path of this machine out (PublishError says which file holds it).
Needs   abridgements, annotations, crate, digests, errors, evidence, leaks, lost_pages, records, share, swaps.  Used by site_cli.
"""

import dataclasses
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from csrbook.abridgements import abridge
from csrbook.annotations import write_annotations
from csrbook.crate import CRATE, RIGHTS, write_crate
from csrbook.digests import digest_files, walk_files
from csrbook.errors import PublishError, UsageError
from csrbook.evidence import read_run
from csrbook.leaks import find_leak, private_paths
from csrbook.lost_pages import lost_page
from csrbook.records import read_json, write_json
from csrbook.share import make_pages
from csrbook.swaps import make_aside

__all__ = ["Published", "publish"]

RECORD = "run.json"
MARK = "published"  # in the run.json of a site, and of no run
RECORDED = {"parameters": dict, "inputs": dict, "notebooks": list, "pages": dict, "ended": str}  # without these it is no whole run
TEXTS = Path("01-sources", "texts")
PACKAGE = "datapackage.json"
ATTRIBUTION = (
    "Names of places: GeoNames (https://www.geonames.org, CC BY 4.0) and Unicode CLDR (Unicode licence v3), shortened and inflected. "
    "Rates of exchange: European Central Bank."
)
LOST = "This site has no such page. It may have belonged to an earlier run: the figures are found from the front page."


@dataclass(frozen=True, slots=True)
class Published:
    """What was made: its folder, how many files and bytes."""

    folder: Path
    files: int
    size: int


def publish(run: Path, to: Path, *, with_texts: bool = False, address: str = "") -> Published:
    """Make a site of a run under `to`, in one step, and return what was made.

    Parameters
    ----------
    run : Path
        Folder of a whole run.
    to : Path
        Absent, empty, or a site that this made before; it is replaced.
    with_texts : bool
        Show the documents whole and give the stored texts out; else the sentences around figures alone.
    address : str
        Where the site will be found, as https://example.org/csr/; "" when unknown.

    Raises
    ------
    UsageError
        `to` is something else than a place for a site, `run` no whole run, the address none.
    PublishError
        A file of the run was changed or would tell a path of this machine, or the folder cannot be written.
    RunError
        Another process publishes there at the moment.
    """
    run, to = Path(os.path.realpath(run)), Path(os.path.realpath(to))  # Path.resolve raises where links go in a circle
    record, address = _whole_record(run), _checked(address)
    try:
        _check_place(to, run)
        with make_aside(to) as site:
            _fill(site, run, record, with_texts=with_texts, address=address)
            for name, leak in find_leak(site, private_paths(run, record)):
                advice = "leave it out of the notebook, and run again"
                raise PublishError(name, f"names {leak}, a path of this machine", advice=advice)
            if read_json(run / RECORD) != record:  # --keep of another process removed it: what was read may be half of it
                raise PublishError(str(run), "is no longer there", "a run that stays", "publish another run")
    except OSError as error:
        raise PublishError(str(to), f"cannot be written: {error.strerror or error}", advice="make room, or choose another --to") from error
    files = list(walk_files(to))
    return Published(to, len(files), sum(file.stat().st_size for file in files))


def _whole_record(run: Path) -> dict[str, Any]:
    """Return what a run says of itself, once every file is found as it says."""
    record = read_json(run / RECORD)
    whole = MARK not in record and all(isinstance(record.get(name), kind) for name, kind in RECORDED.items())
    if not (whole and all(isinstance(entry, dict) and isinstance(entry.get("files"), dict) for entry in record["notebooks"])):
        raise UsageError(str(run), "is no whole run", f"a folder with the {RECORD} of a run", "make run, or name another")
    found = digest_files(run)
    for name, sha in _left_by(record).items():
        if found.get(name) != sha or (run / name).is_symlink():
            raise PublishError(str(run / name), "is not as the run left it", advice="make run makes it anew, then publish again")
    return record


def _left_by(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of all files that a run left; whatever else lies in its folder is a person's."""
    every = (record["pages"], *(entry["files"] for entry in record["notebooks"]))
    return {name: sha for files in every for name, sha in files.items()}


def _checked(address: str) -> str:
    """Return the address as every program reads it, a slash at its end: nothing in it but ASCII, no sign that means anything elsewhere."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a port beyond 65535, half an IPv6 address, a name that can be none
        host = ""
    if not address:
        return ""
    wrong = not re.fullmatch(r"[a-z0-9.-]+", host) or parts.scheme not in ("http", "https") or "@" in parts.netloc
    if wrong or parts.query or parts.fragment or not address.isprintable():
        raise UsageError("--address", f"{address!r} is no address of a site", "as https://example.org/csr/")
    path = quote(parts.path.rstrip("/"), safe="/%~!$&()*+,;=:@")
    return urlunsplit((parts.scheme, host + port, f"{path}/", "", ""))


def _check_place(to: Path, run: Path) -> None:
    """Refuse a folder in which anything would be lost."""
    expected = "a new or empty folder, or a site made before"
    if to.is_relative_to(run) or run.is_relative_to(to):
        raise UsageError(str(to), "is the run itself, or holds it, or lies inside it", expected, "choose another --to")
    if to.exists() and not to.is_dir():
        raise UsageError(str(to), "is a file", expected, "choose another --to")
    strange = next(_strange_files(to), None) if to.exists() else None
    if strange is not None:
        raise UsageError(str(to), f"holds {strange}, which no site of ours has", expected, "move it away, or choose another --to")


def _strange_files(to: Path) -> Iterator[str]:
    """Yield the files, links and empty folders that were not published there."""
    told = read_json(to / RECORD).get(MARK)
    files = told.get("files") if isinstance(told, dict) else None
    known = {*map(str, files), RECORD, CRATE} if isinstance(files, list) else set()
    for path in sorted(to.rglob("*")):
        name = path.relative_to(to).as_posix()
        if path.is_symlink() or (name not in known if not path.is_dir() else not any(path.iterdir())):
            yield name


def _fill(site: Path, run: Path, record: Mapping[str, Any], *, with_texts: bool, address: str) -> None:
    """Write everything: what the notebooks left first, then the pages, which show some of it, then what tells of all."""
    told = {name: name for name, files in record["inputs"].items() if files}  # paths, told by what they are for
    left = _left_by(record)
    for path in walk_files(run):
        name = path.relative_to(run)
        page = name.suffix == ".html" and name.as_posix() in record["pages"]
        if name.as_posix() in left and not page and (with_texts or not name.is_relative_to(TEXTS)):
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            _copy(path, site / name, told)
    (site / "rights.txt").write_text(f"{RIGHTS}\n\n{ATTRIBUTION}\n", encoding="utf-8")
    whole = read_run(run)
    shown = dataclasses.replace(whole if with_texts else abridge(whole), folder=site)
    make_pages(shown)
    write_annotations(shown)
    (site / "404.html").write_bytes(lost_page(address or "./", LOST))
    (site / ".nojekyll").touch()
    if address:
        _write_map(site, address, record["ended"][:10])
    if not with_texts and (package := read_json(site / PACKAGE)):
        write_json(site / PACKAGE, package | {"sources": [{"title": one["title"]} for one in package.get("sources", ())]})
    texts = "whole" if with_texts else "sentences around figures"
    write_json(site / RECORD, _record(record, told, digest_files(site), {"texts": texts, "address": address}))
    write_crate(site)


def _copy(path: Path, to: Path, told: Mapping[str, str]) -> None:
    """Copy a file; in a notebook, what it was told of places on this machine becomes the name of the parameter."""
    if path.suffix != ".ipynb":
        shutil.copyfile(path, to)
        return
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            source = "".join(cell["source"])
            for name, word in told.items():
                source = re.sub(rf"(?m)^{re.escape(name)} = .*$", f'{name} = "{word}"', source)
            cell["source"] = source.splitlines(keepends=True)
    write_json(to, notebook)


def _record(record: Mapping[str, Any], told: Mapping[str, str], files: Mapping[str, str], how: Mapping[str, Any]) -> dict[str, Any]:
    """Return what run.json says in a site: no path, and the digests of the files that are in it."""

    def kept(entry: Mapping[str, Any]) -> dict[str, Any]:
        own = {"files": {name: files[name] for name in entry["files"] if name in files}}
        own |= {"parameters": entry["parameters"] | _told(entry["parameters"], told)} if "parameters" in entry else {}
        own |= {"alternatives": {name: kept(one) for name, one in entry["alternatives"].items()}} if "alternatives" in entry else {}
        return dict(entry) | own

    made = {name for entry in record["notebooks"] for name in entry["files"]}
    return dict(record) | {
        "parameters": record["parameters"] | _told(record["parameters"], told),
        "notebooks": [kept(entry) for entry in record["notebooks"]],
        "pages": {name: sha for name, sha in files.items() if name not in made},
        MARK: dict(how) | {"files": sorted(files)},
    }


def _told(parameters: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, str]:
    return {name: word for name, word in told.items() if parameters.get(name)}


def _write_map(site: Path, address: str, day: str) -> None:
    """Write for search engines which pages there are, as of the day of the run."""
    pages = sorted(path.name for path in site.glob("*.html") if path.name != "404.html")
    rows = "".join(f"<url><loc>{escape(address + quote(name))}</loc><lastmod>{day}</lastmod></url>\n" for name in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    (site / "sitemap.xml").write_text(f"{head}{rows}</urlset>\n", encoding="utf-8")
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address}sitemap.xml\n", encoding="utf-8")
