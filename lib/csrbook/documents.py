"""Read a folder into Documents: read_documents("seeds") -> Corpus(documents, unread); one bad file never stops the rest.

In      a folder, a file, or several of them; a manifest.toml beside the files where there is one.
Out     Documents with text, language, title, date, furniture and repeats; Unread rows for every file that was set aside.
        `text` is the decoded file (a leading byte order mark left out); every offset is a code point of it.
        `sha256` is the digest of that text in UTF-8, which is the file's own for plain UTF-8.
Never   follows a symbolic link that it met in a folder, changes a text, or decides a language twice.
Needs   confirmations, decisions, errors, formats, furniture, manifest, repeats.

Document ids are file names without ending. Where two files share one (report.txt and report.pdf, or two sub-folders), each of
them is named by its whole path instead, "/" written as "--": no id ever passes from one file to another.
"""

import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from csrbook.confirmations import NAMES
from csrbook.decisions import CORRECTIONS
from csrbook.errors import DocumentError, NothingToRead, UsageError
from csrbook.formats import FORMATS, Content, read_content
from csrbook.furniture import Cues, Passage, find_furniture, load_cues, read_cues
from csrbook.manifest import MANIFEST, read_manifest, short_id
from csrbook.repeats import find_repeats

__all__ = [
    "Corpus", "Document", "Passage", "Source", "Unread", "find_folders", "find_sources", "read_document", "read_documents",
    "read_source", "stated_date",
]  # fmt: skip

NO_TEXTS = (MANIFEST, NAMES, CORRECTIONS)
NUMERIC_DATE = re.compile(r"(?P<y>\d{4})([./-])(?P<m>\d{1,2})\2(?P<d>\d{1,2})|(?P<D>\d{1,2})\.(?P<M>\d{1,2})\.(?P<Y>\d{4})")
SAVED = ("pdf", "docx")
TITLE = 200         # longest title taken from a text; a first paragraph beyond that is cut at its first sentence


@dataclass(frozen=True, slots=True)
class Document:
    """One source, decoded and described; see the head of this module for `text` and `sha256`.

    `language_by`, `title_by`, `date_by` are "given", "manifest", "metadata", "script" or "text"; `date` is ISO, as exact as known.
    """

    doc: str
    path: str
    text: str = field(repr=False)
    sha256: str
    language: str
    language_by: str
    title: str
    title_by: str
    publisher: str | None
    date: str | None
    date_by: str | None
    kind: str | None
    encoding: str | None
    format: str
    furniture: tuple[Passage, ...] = field(repr=False)
    repeats: tuple[Passage, ...] = field(repr=False)
    original_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """One file that was set aside: what is wrong with it and what to do."""

    path: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.advice}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a folder held; both sorted by path."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: where it is, what it is called, and its row of the manifest."""

    file: Path
    path: str
    doc: str
    row: Mapping[str, str] = field(default_factory=dict)


def read_documents(
    folder_or_files: str | Path | Iterable[str | Path], lexicons: Any = None, *, language: str | None = None, limit_mb: float = 200
) -> Corpus:
    """Return every document of a folder (with its sub-folders) or of a list of files.

    Parameters
    ----------
    folder_or_files : path or iterable of paths
        Hidden files, manifest.toml, names.toml and corrections.csv are passed over; of a sub-folder the last two are set aside.
    lexicons : Lexicons, optional
        Its languages are those that can be read, its furniture table the cues; by default those of lexicons/furniture.toml.
    language : str, optional
        Language of every document, over manifest and script.
    limit_mb : float
        Larger files are set aside.

    Raises
    ------
    NothingToRead
        The folder is absent or holds no file at all.
    DocumentError
        manifest.toml cannot be read, or has an unknown key.
    UsageError
        There is no such language.
    """
    sources, unread = find_sources(folder_or_files)
    documents, unread = {}, list(unread)
    for source in sources:
        try:
            document = read_source(source, lexicons, language=language, limit_mb=limit_mb)
        except DocumentError as error:
            unread.append(_unread(error))
            continue
        twin = documents.setdefault(document.sha256, document)
        if twin is not document:
            unread.append(Unread(document.path, f"has the same text as {twin.path}", "its figures are counted once, there"))
    return Corpus(tuple(documents.values()), tuple(sorted(unread, key=lambda one: one.path.split("/"))))


def read_document(path: str | Path, lexicons: Any = None, *, language: str | None = None, limit_mb: float = 200) -> Document:
    """Return one file as a Document; its manifest row counts if there is a manifest beside it.

    Raises
    ------
    DocumentError
        The file cannot be read; the message says why and what to do.
    """
    sources, unread = find_sources([path])
    if not sources:
        raise DocumentError(unread[0].path, unread[0].reason, "", unread[0].advice)
    return read_source(sources[0], lexicons, language=language, limit_mb=limit_mb)


def read_source(source: Source, lexicons: Any = None, *, language: str | None = None, limit_mb: float = 200) -> Document:
    """Return one source as a Document: a pure function of its bytes, its manifest row and the cues."""
    cues = read_cues(lexicons.tables["furniture"]) if lexicons is not None else load_cues()
    known = list(lexicons) if lexicons is not None else [script.language for script in cues.scripts]
    if language is not None:
        _check_language(language, known, "language")
    content = read_content(source.path, _read_bytes(source, limit_mb))
    row = source.row
    language, language_by = _decide_language(source, content, cues, given=language, known=known)
    furniture = find_furniture(content.text, cues, language)
    weight = next((script.weight for script in cues.scripts if script.language == language), 1.0)
    repeats = find_repeats(content.text, skip=[(p.start, p.end) for p in furniture], weight=weight)
    title, title_by = _first(manifest=row.get("title"), metadata=content.title, text=_written_title(content, furniture))
    told = {"metadata": content.date, "text": _written_date(content.text, cues, furniture)}
    if content.format in SAVED:  # such a file knows when it was last saved, which may be long after
        told = dict(reversed(told.items()))
    day, day_by = _first(manifest=row.get("date"), **told)
    return Document(
        doc=source.doc, path=source.path, text=content.text, sha256=hashlib.sha256(content.text.encode()).hexdigest(),
        language=language, language_by=language_by, title=title or source.doc, title_by=title_by or "path",
        publisher=row.get("publisher") or content.publisher, date=day, date_by=day_by, kind=row.get("kind"),
        encoding=content.encoding, format=content.format, furniture=furniture,
        repeats=tuple(Passage(r.start, r.end, "repeat", r.first) for r in repeats), original_sha256=row.get("sha256_original"),
    )  # fmt: skip


def stated_date(document: Any) -> str | None:
    """Return the date of a document, None where all that is known is when its file was saved: its text may say better."""
    return None if document.date_by == "metadata" and document.format in SAVED else document.date


def _first(**told: str | None) -> tuple[str | None, str | None]:
    return next(((value, by) for by, value in told.items() if value), (None, None))


# ---- what the text says of itself --------------------------------------------------------------------------------------


def _check_language(language: str, known: list[str], where: str) -> None:
    if language not in known:
        near = get_close_matches(language, known, 1)
        raise UsageError(where, f"no language {language!r}", f"one of {', '.join(known)}", f"did you mean {near[0]}?" if near else "")


def _decide_language(source: Source, content: Content, cues: Cues, *, given: str | None, known: list[str]) -> tuple[str, str]:
    """Once, on the whole text: as given, as the manifest says, or by the script with the most weight of letters."""
    if given or "language" in source.row:
        language, by = (given, "given") if given else (source.row["language"], "manifest")
        if language in known:
            return language, by
        raise DocumentError(source.path, f"has no language {language!r} to be in", f"one of {', '.join(known)}", f"correct {MANIFEST}")
    weights = cues.weigh(content.text)
    language, weight = next(iter(weights.items()))
    letters = sum(sum(map(len, script.letters.findall(content.text))) for script in cues.scripts)
    if not weight or letters < 0.5 * sum(map(str.isalpha, content.text)) or language not in known:
        readable = f"languages read are {', '.join(known)}"
        raise DocumentError(source.path, "is not in a language that is read", readable, "name its language in the manifest, or take it out")
    return language, "script"


def _body_lines(text: str, furniture: tuple[Passage, ...]) -> Iterator[tuple[str, bool]]:
    """Printed lines, with what is furniture marked so."""
    spans = iter([*furniture, Passage(len(text) + 1, len(text) + 1, "")])
    span = next(spans)
    for match in re.finditer(r"[^\n\r\f]+", text):
        while span.end <= match.start():
            span = next(spans)
        if match[0].strip():
            yield match[0].strip(), span.start < match.end()


def _written_title(content: Content, furniture: tuple[Passage, ...]) -> str:
    """The first lines that are no furniture, up to a blank line; of a long first paragraph its first sentence."""
    blanked, at = [], 0
    for passage in furniture:
        blanked.append(content.text[at : passage.start])
        at = passage.end
        if sum(map(len, blanked)) > 20 * TITLE:
            break
    blanked.append(content.text[at : at + 20 * TITLE])
    block = next((block for block in re.split(r"\r?\n\s*\n", "\n\n".join(blanked)) if any(map(str.isalnum, block))), "")
    lines = block.strip().splitlines()
    if lines and (content.format == "md" or len(lines[0]) > TITLE // 2):
        lines = lines[:1]
    title = " ".join(" ".join(lines).split())
    if content.format == "md":
        title = title.strip("# ").replace("*", "")
    if len(title) > TITLE:
        sentence = re.match(r".{8,200}?[.!?\u3002\uff01\uff1f](?=\s|[^\s\d\w]|[\u2e80-\uffff]|$)", title)
        title = sentence[0] if sentence else title[: TITLE - 1].rstrip() + "\u2026"
    return title


def _written_date(text: str, cues: Cues, furniture: tuple[Passage, ...]) -> str | None:
    """The date of a line that is nothing else: a stamp among the first lines, or under the last."""
    head: list[str] = []
    foot: list[str] = []
    for line, is_furniture in _body_lines(text, furniture):
        if len(head) < 12:
            head.append(line)
        elif not is_furniture:
            foot = [*foot[-2:], line]
    for line in [*head, *reversed(foot)]:
        for pattern in (NUMERIC_DATE, *cues.dates):
            found = pattern.match(line)
            if found and not any(map(str.isalpha, line[found.end() :])) and len(line) < 40:
                numbers = [n for n in (found.groupdict() or dict(zip("ymd", found.groups(), strict=True))).items() if n[1]]
                parts = {key.lower(): int(number) for key, number in numbers}
                try:
                    return date(parts["y"], parts["m"], parts["d"]).isoformat()
                except ValueError:
                    continue
    return None


# ---- finding files ------------------------------------------------------------------------------------------------------


def find_folders(folder_or_files: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    """Return the folders whose manifest.toml and names.toml count, as given: these, and those of the files given; sorted by whole path."""
    given = [folder_or_files] if isinstance(folder_or_files, str | Path) else folder_or_files
    folders = (path if path.is_dir() else path.parent for path in map(Path, given))
    return tuple(folder for _, folder in sorted({Path(os.path.abspath(folder)): folder for folder in folders}.items()))


def find_sources(folder_or_files: str | Path | Iterable[str | Path]) -> tuple[tuple[Source, ...], tuple[Unread, ...]]:
    """Return the files to read, each with its id and manifest row, and those set aside unread; both sorted by path.

    Raises
    ------
    NothingToRead, DocumentError
        As `read_documents`.
    """
    given = [folder_or_files] if isinstance(folder_or_files, str | Path) else folder_or_files
    given = [Path(os.path.abspath(path)) for path in given]
    if len(given) == 1 and not given[0].exists() and not given[0].is_symlink():
        raise NothingToRead(str(given[0]), "no such file or folder", "", "check the path")
    folders, roots = {path for path in given if path.is_dir()}, find_folders(given)
    base = Path(os.path.commonpath(roots)) if roots else Path()
    files: dict[Path, str] = {}
    unread: set[Unread] = set()
    for path in given:
        for file, problem in _walk(path, roots) if path in folders else [(path, _problem(path))]:
            name = _printable(file.relative_to(base).as_posix())
            if problem:
                unread.add(Unread(name, *problem))
            else:
                files[file] = name
    if not files and not unread:
        where = ", ".join(map(str, given)) or "no files given"
        raise NothingToRead(where, "holds no document", f"endings read are {', '.join(FORMATS)}", "put documents into it")
    met = {*map(_normal, files), *(_normal(base / one.path) for one in unread)}
    rows = {root: {_normal(root / name): row for name, row in read_manifest(root / MANIFEST)} for root in roots}
    for file in (file for root in folders for file in rows[root] if file not in met):
        name = _printable(os.path.relpath(file, base))
        unread.add(Unread(name, f"is in {MANIFEST} and not in the folder", "put the file there, or delete the row"))
    rows = {file: row for each in rows.values() for file, row in each.items()}
    files = dict(sorted(files.items(), key=lambda item: item[1].split("/")))
    ids = _ids(files, rows)
    sources = (Source(file, name, ids[file], rows.get(_normal(file), {})) for file, name in files.items())
    return tuple(sources), tuple(sorted(unread, key=lambda one: one.path.split("/")))


def _walk(folder: Path, roots: Container[Path]) -> Iterator[tuple[Path, tuple[str, str] | None]]:
    """Every file below a folder that is not hidden, with what is wrong with it before it is opened, if anything is.

    A names.toml or corrections.csv is silent in `roots` alone.
    """
    errors: list[OSError] = []
    for here, folders, names in os.walk(folder, onerror=errors.append):
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        for name in [*names, *links]:
            if not name.startswith((".", "~$")) and name not in NO_TEXTS:
                path = Path(here, name)
                yield path, _problem_of_link(path, folder) if path.is_symlink() else _problem(path)
        for name in {NAMES, CORRECTIONS}.intersection(names if Path(here) not in roots else ()):
            yield Path(here, name), ("counts only beside the documents given", "move it up")
    for error in errors:
        yield Path(error.filename), (f"cannot be opened ({error.strerror})", "give yourself the right to read it")


def _problem_of_link(path: Path, folder: Path) -> tuple[str, str]:
    try:
        target, home = path.resolve(strict=True), folder.resolve()
    except (OSError, RuntimeError):
        return "is a symbolic link that leads nowhere, or in a circle", "put the file itself here, or take the link out"
    if not target.is_relative_to(home):
        return "is a symbolic link out of the folder, and is not followed", "put a copy of the file here"
    return f"is a symbolic link to {_printable(target.relative_to(home).as_posix())}", "take the link out; the folder is read without it"


def _problem(path: Path) -> tuple[str, str] | None:
    """What can be told without reading: absent, no plain file, a name or an ending that cannot be read."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be opened ({error.strerror})", "check the name and the right to read it"
    if not stat.S_ISREG(mode):
        return "is no plain file", "take it out"
    if _printable(path.name) != path.name:
        return "has a name that cannot be printed", "rename it"
    if path.name.lower() in NO_TEXTS:  # in other letters than those that are looked for
        return f"counts only under the name {path.name.lower()}", "rename it"
    if path.suffix.lower() not in FORMATS:
        return "is of a kind that is not read", f"save it as one of {', '.join(FORMATS)}, or take it out"
    return None


def _printable(name: str) -> str:
    """The name on one line and in UTF-8; what has no printed form is escaped. Joiners of emoji are kept."""
    return "".join(char if char.isprintable() or char == "\u200d" else ascii(char)[1:-1] for char in name)


def _normal(path: Path) -> Path:
    return Path(unicodedata.normalize("NFC", str(path)))


def _ids(files: Mapping[Path, str], rows: Mapping[Path, Mapping[str, str]]) -> dict[Path, str]:
    """Name every file: by the manifest, else by its stem, else (where stems meet) by its whole path."""
    named = {file: rows.get(_normal(file), {}).get("id", "") for file in files}
    stems = {file: unicodedata.normalize("NFC", file.stem) for file in files}
    taken = Counter((named[file] or stems[file]).casefold() for file in files)
    ids = {
        file: named[file] or short_id(stems[file] if taken[stems[file].casefold()] == 1 else name.replace("/", "--"))
        for file, name in files.items()
    }
    for name, count in Counter(ids.values()).items():
        if count > 1:
            raise DocumentError(MANIFEST, f"id {name!r} belongs to {count} files", "an id of its own for each", "change one")
    return ids


def _read_bytes(source: Source, limit_mb: float) -> bytes:
    try:
        size = source.file.stat().st_size
        if size > limit_mb * 1_000_000:
            raise DocumentError(source.path, f"is {size / 1e6:,.1f} MB", f"the limit is {limit_mb:g} MB", "split it, or raise limit_mb")
        return source.file.read_bytes()
    except OSError as error:
        told = f"cannot be opened ({error.strerror or error})"
        raise DocumentError(source.path, told, "", "give yourself the right to read it (chmod u+r), or take it out") from None


def _unread(error: DocumentError) -> Unread:
    return Unread(error.where, "; ".join(filter(None, (error.what, error.expected))), error.advice)
