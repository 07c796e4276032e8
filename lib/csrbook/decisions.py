"""Read and write corrections.csv: what people decided about claims, one decision a row, kept beside the documents.

    doc,quotation,before,after,field,expect,value,who,when,why,signed_by,signed_on
    letter,40 schools,"the fund gave to ",", and",unit,school,college,Ann Lee,2024-05-02,see the picture,,

`quotation` is the claim's printed text, `before` and `after` a little of what is printed around it, `expect` the machine's
value of `field`, `value` the person's. Of the field "claim" the value is accept or reject, and the machine's value its figure.

In      the path of a corrections file; the Lexicons, which know themes, units and measures.
Out     a Decision a row, in the order of the file; what is wrong with a row stands in its `problem`, and the other rows count.
        Written files stay as they are, but for the row that is added or signed; they are replaced in one step, one writer at a time.
Never   lets a text become a formula of a spreadsheet: it gets an apostrophe before it, which is taken off when it is read.
Needs   answers, errors, lexicon; filelock, when it writes.  Used by corrections, corpus, datapackage, documents, exports, runner.
"""

import codecs
import contextlib
import csv
import hashlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from csrbook.answers import CLAIM, is_day, read_answer
from csrbook.errors import CorrectionError
from csrbook.lexicon import Lexicons

__all__ = [
    "COLUMNS", "CORRECTIONS", "LIVE", "Decision", "add_decision", "defuse", "is_same_person", "problem_of", "read_decisions",
    "sign_decision", "withdraw_decision",
]  # fmt: skip

CORRECTIONS = "corrections.csv"
DELIMITERS = ",;\t"  # what spreadsheets of different countries write
NEEDED = ("doc", "quotation", "field", "who", "when", "why")
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # full width: East Asian spreadsheets
TYPED = ("field", "expect", "value", "who", "why")  # by a person, and not copied from a document
LONGEST = 10_000  # code points of a cell that a person fills; readers of CSV stop at some length, Python's at 131,072
NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # controls, and halves of letters, which no file can hold
WAIT = 10  # seconds for another writer
MARK = "\ufeff"
OTHERS = (  # what spreadsheets write too, by its first bytes
    (codecs.BOM_UTF16_LE, "is UTF-16"), (codecs.BOM_UTF16_BE, "is UTF-16"),
    (b"PK\x03\x04", "is a workbook"), (b"\xd0\xcf\x11\xe0", "is a workbook"),
)  # fmt: skip
WIDE = 40  # bytes: in UTF-16 without a mark the names of the columns are full of NULs


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: texts as a person wrote them. `line` is where it begins in the file; `problem` is empty for a good row."""

    doc: str
    quotation: str
    before: str
    after: str
    field: str
    expect: str
    value: str
    who: str
    when: str
    why: str
    signed_by: str = ""
    signed_on: str = ""
    line: int = 0
    problem: str = ""


COLUMNS = tuple(f.name for f in fields(Decision))[:-2]
PLAIN = ("doc", "before", "after", "quotation")  # of a document: white space counts


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A file taken apart: its lines, which of them is the head, how they end, the mark between cells, the column of every name."""

    lines: Sequence[str]
    head: int
    delimiter: str
    places: Mapping[str, int]
    width: int
    opening: str = ""  # the byte order mark of a spreadsheet

    @property
    def ending(self) -> str:
        head = self.lines[self.head]
        return head[len(head.rstrip("\r\n")) :] or "\n"


def read_decisions(path: Path, lexicons: Lexicons) -> tuple[Decision, ...]:
    """Return every row of a file that is not empty, the bad ones too; an absent or empty file has none.

    Raises
    ------
    CorrectionError
        No plain file, one that cannot be opened, or one without the columns; never for a row.
    """
    sheet = _open(path)
    return tuple(_checked(one, lexicons) for _, _, one in _decisions(sheet)) if sheet else ()


def add_decision(path: Path, decision: Decision) -> int:
    """Write a decision after the last row, the file with its head row where there is none; return its line.

    What stood there stays byte for byte.

    Raises
    ------
    CorrectionError
        The file is not UTF-8, lacks a column or ends inside a quotation mark; or another writer holds it.
    """

    def grown(sheet: _Sheet | None) -> tuple[str, int]:
        sheet = sheet or _headed(path, [_line(COLUMNS, ",", "\n")], 0)
        before = sheet.opening + "".join(sheet.lines)
        before += "" if before.endswith(("\n", "\r")) else sheet.ending
        if broken := [one.line for _, _, one in _decisions(sheet) if "quotation mark" in one.problem]:
            raise CorrectionError(str(path), f"line {broken[0]} cannot be read", "a row that ends", "correct that line first")
        return before + _written(decision, sheet), len(list(io.StringIO(before, newline=""))) + 1

    return _change(path, grown)


def sign_decision(path: Path, line: int, *, by: str, on: str) -> Decision:
    """Sign the row that begins at a line as its second person, and return it; every other row stays byte for byte.

    Raises
    ------
    CorrectionError
        No row begins there, it is signed already, or `by` made it.
    """

    def signed(sheet: _Sheet | None) -> tuple[str, Decision]:
        first, last, one = _row_at(path, sheet, line)
        if told := one.problem or (f"was signed by {one.signed_by}" if one.signed_by else "") or _signing(one.who, by, on):
            raise CorrectionError(f"{path}, line {line}", told, "", "nothing was changed")
        one = replace(one, signed_by=by.strip(), signed_on=on)
        return "".join([sheet.opening, *sheet.lines[:first], _written(one, sheet, sheet.lines[first:last]), *sheet.lines[last:]]), one

    return _change(path, signed)


def withdraw_decision(path: Path, line: int, *, by: str) -> Decision:
    """Remove the row that begins at a line, and return it; every other row stays byte for byte.

    Raises
    ------
    CorrectionError
        No row begins there, another person made it, or a second person signed it.
    """

    def withdrawn(sheet: _Sheet | None) -> tuple[str, Decision]:
        first, last, one = _row_at(path, sheet, line)
        told = f"was signed by {one.signed_by}" if one.signed_by else "" if is_same_person(one.who, by) else f"is a decision of {one.who}"
        if one.problem or told:
            raise CorrectionError(f"{path}, line {line}", one.problem or told, "a decision of one's own", "nothing was changed")
        return "".join([sheet.opening, *sheet.lines[:first], *sheet.lines[last:]]), one

    return _change(path, withdrawn)


def _row_at(path: Path, sheet: _Sheet | None, line: int) -> tuple[int, int, Decision]:
    rows = {one.line: (first, last, one) for first, last, one in _decisions(sheet)} if sheet else {}
    if line not in rows:
        raise CorrectionError(str(path), f"no row begins at line {line}", "a line that the list shows", "see csrbook corrections list")
    return rows[line]


def is_same_person(one: str, other: str) -> bool:
    """True where two names differ in nothing but capitals, white space and how their letters are put together."""
    return normalize("NFKC", one).casefold().split() == normalize("NFKC", other).casefold().split()


def defuse(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run, or that begins as one that has been defused.

    >>> defuse("=1+1"), defuse("'=1+1"), defuse("'tis")
    ("'=1+1", "''=1+1", "'tis")
    """
    return f"'{text}" if _is_live(text) else text


def problem_of(decision: Decision, lexicons: Lexicons) -> str:
    """Return what is wrong with a decision by itself; "" where nothing is."""
    if lacking := [name for name in NEEDED if not getattr(decision, name).strip()]:
        return f"{lacking[0]} is empty"
    if unfit := [told for name in TYPED if (told := _unfit(name, getattr(decision, name)))]:
        return unfit[0]
    try:
        read_answer(decision.field, decision.value, lexicons)
        if decision.field != CLAIM and decision.expect.strip():
            read_answer(decision.field, decision.expect, lexicons)
    except ValueError as error:
        return str(error)
    if not is_day(decision.when.strip()):
        return f"when is {decision.when!r}; a day was expected, as 2024-05-31"
    if decision.signed_by.strip() or decision.signed_on.strip():
        return _signing(decision.who, decision.signed_by, decision.signed_on)
    return ""


def _unfit(name: str, text: str) -> str:
    """Return why a text is none for a cell; "" where it is."""
    if len(text) > LONGEST:
        return f"{name} is {len(text):,} characters long; {LONGEST:,} at most were expected"
    odd = NO_TEXT.search(text)
    return f"{name} holds U+{ord(odd[0]):04X}, which is no letter of a text" if odd else ""


def _signing(who: str, by: str, on: str) -> str:
    if not by.strip() or not is_day(on.strip()):
        return f"it is signed by {by!r} on {on!r}; a name and a day were expected, as 2024-05-31"
    return _unfit("signed_by", by) or (f"{by.strip()} made it; another person signs" if is_same_person(who, by) else "")


# ---- taking a file apart -----------------------------------------------------------------------------------------------


def _open(path: Path) -> _Sheet | None:
    """Return a file taken apart; None where there is none, or nothing in it."""
    try:
        if os.path.lexists(path) and not path.is_file():  # a pipe would never end, a link to nothing hides what was decided
            raise CorrectionError(str(path), "is no plain file", "CSV in UTF-8", "rename it, or take it out")
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        told = f"cannot be opened ({error.strerror or error})"
        raise CorrectionError(str(path), told, "", "give yourself the right to read it (chmod u+r)") from None
    if told := next((told for magic, told in OTHERS if content.startswith(magic)), "is UTF-16" if b"\0" in content[:WIDE] else ""):
        raise CorrectionError(str(path), f"{told} and not CSV in UTF-8", "", "save it anew, as CSV in UTF-8; its rows are not lost")
    # a byte that is no UTF-8 spoils its own row alone; the mark before the first column is a spreadsheet's
    text = content.decode("utf-8", "surrogateescape")
    lines = list(io.StringIO(text.removeprefix(MARK), newline=""))
    head = next((at for at, line in enumerate(lines) if line.strip(" \t\r\n,;") and not line.startswith("sep=")), None)
    return None if head is None else _headed(path, lines, head, MARK if text.startswith(MARK) else "")


def _headed(path: Path, lines: Sequence[str], head: int, opening: str = "") -> _Sheet:
    heads = ([name.strip().lower() for name in next(csv.reader([lines[head]], delimiter=mark))] for mark in DELIMITERS)
    delimiter, names = max(zip(DELIMITERS, heads, strict=True), key=lambda one: len(set(COLUMNS) & set(one[1])))
    lacking = [name for name in COLUMNS if name not in names]
    if lacking or any(names.count(name) > 1 for name in COLUMNS):
        told = f"has no column {', '.join(lacking)}" if lacking else "has a column twice"
        raise CorrectionError(str(path), told, f"the columns {', '.join(COLUMNS)}", "correct its first row, and save it as CSV in UTF-8")
    return _Sheet(lines, head, delimiter, {name: names.index(name) for name in COLUMNS}, len(names), opening)


def _decisions(sheet: _Sheet) -> Iterator[tuple[int, int, Decision]]:
    """Yield (first line, line after the last, decision) for every row below the head; blank ones are passed over."""
    for first, last, cells, broken in _records(sheet.lines, sheet.head + 1, sheet.delimiter):
        if broken or any(cell.strip() for cell in cells):
            yield first, last, _decision(sheet, first, cells, broken)


def _records(lines: Sequence[str], start: int, delimiter: str) -> Iterator[tuple[int, int, list[str], str]]:
    """Yield (first line, line after the last, cells, what is wrong); after a row that cannot be read the next line begins one."""
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True)
        while True:
            first = start + reader.line_num
            try:
                cells = next(reader)
                yield first, start + reader.line_num, cells, ""
            except StopIteration:
                return
            except csv.Error as error:
                told = "a quotation mark is not closed, or stands inside a cell" if "field" not in str(error) else str(error)
                yield first, first + 1, [], told
                start = first + 1
                break


def _decision(sheet: _Sheet, first: int, cells: Sequence[str], broken: str) -> Decision:
    if not broken and any(cell.strip() for cell in cells[sheet.width :]):
        broken = f"{len(cells)} cells; {sheet.width} were expected: put quotation marks around a cell that holds {sheet.delimiter!r}"
    if not broken and any("\udc80" <= sign <= "\udcff" for cell in cells for sign in cell):
        broken = "holds letters that are not UTF-8; save the file as CSV in UTF-8, or type the row anew"
    cells = [_alive(cell.encode("utf-8", "replace").decode()) for cell in cells] + [""] * sheet.width
    told = {name: cells[at] if name in PLAIN else cells[at].strip() for name, at in sheet.places.items()}
    return Decision(**told, line=first + 1, problem=broken)


def _checked(decision: Decision, lexicons: Lexicons) -> Decision:
    return replace(decision, problem=decision.problem or problem_of(decision, lexicons))


# ---- writing -----------------------------------------------------------------------------------------------------------


def _written(decision: Decision, sheet: _Sheet, before: Sequence[str] = ()) -> str:
    """Return a decision as a row of a sheet; `before` are the lines that it stands for, whose further columns stay."""
    cells = next(csv.reader(before, delimiter=sheet.delimiter), [])
    cells += [""] * (sheet.width - len(cells))
    for (name, at), text in zip(((n, sheet.places[n]) for n in COLUMNS), astuple(decision), strict=False):
        cells[at] = defuse(text)
    return _line(cells, sheet.delimiter, sheet.ending)


def _line(cells: Sequence[str], delimiter: str, ending: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(cells)  # both signs make it put a cell between marks
    return out.getvalue().removesuffix("\r\n") + ending


def _alive(cell: str) -> str:
    """Take off what `defuse` put before a text."""
    return cell[1:] if cell.startswith("'") and _is_live(cell) else cell


def _is_live(text: str) -> bool:
    return text.lstrip("'").startswith(LIVE)


def _change(path: Path, make: Callable[[_Sheet | None], tuple[str, Any]]) -> Any:
    """Read, make anew and replace a file, while no other writer can."""
    path = path.resolve()  # of a link the file itself is replaced
    part = path.with_name(f".{path.name}.part")
    try:
        with _locked(path):
            text, result = make(_open(path))
            part.write_bytes(text.encode("utf-8"))
            if path.exists():
                shutil.copymode(path, part)
            os.replace(part, path)
            return result
    except UnicodeEncodeError:
        raise CorrectionError(str(path), "is not UTF-8 all through", "CSV in UTF-8", "save it so first; nothing was changed") from None
    except OSError as error:
        raise CorrectionError(str(path), f"cannot be written ({error.strerror or error})", "", "nothing was changed") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    import filelock

    path.parent.stat()  # a folder that is not there is told before anything is locked
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:32]  # the folder of the documents is a person's: no file is left there
    lock = filelock.FileLock(Path(tempfile.gettempdir(), f"csrbook-{name}.lock"), mode=0o666)
    try:
        lock.acquire(timeout=WAIT)
    except filelock.Timeout:
        raise CorrectionError(str(path), "is being written by another", "", "wait and try again") from None
    try:
        yield
    finally:
        lock.release()
