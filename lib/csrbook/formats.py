"""Turn the bytes of one file into text: read_content("letter.txt", b"...") -> Content(text, "gb18030", ...).

In      the bytes of a .txt, .md, .html, .pdf or .docx file; its name decides the format, its bytes the encoding.
Out     Content: the text, its encoding, and what the file says of its own title, date and publisher.
        Plain text and Markdown come back code point for code point, line ends included; only a byte order mark at the
        very start is left out. From the other formats the text is what the page, the pages or the paragraphs print.
Never   opens a file, guesses over damaged bytes, or gives empty text: each is a DocumentError that says what to do.
        HTML, PDF and DOCX are read in a child process under limits (apart.py): a file that was made to crash or to fill the
        memory of those who read it fails alone.
Needs   apart, errors; charset-normalizer, trafilatura, pypdfium2 and python-docx, each loaded when first wanted.
"""

import codecs
import io
import re
import unicodedata
import zipfile
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import PurePath

from csrbook import apart
from csrbook.errors import DocumentError

__all__ = ["Content", "FORMATS", "decode", "read_content", "read_here", "tell_content"]

FORMATS = {
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip
APART = ("html", "pdf", "docx")     # their readers are large, partly native, and meet files that were made to break them
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
LEGACY = ("gb18030", "windows-1251", "koi8-r")
OTHERS = ((b"%PDF-", "a PDF", ".pdf"), (b"PK\x03\x04", "a ZIP archive (DOCX, XLSX, EPUB)", ".docx if it is one"),
          (b"\xd0\xcf\x11\xe0", "an old Office or encrypted file", ""), (b"\x89PNG", "a picture", ""),
          (b"\xff\xd8\xff", "a picture", ""), (b"GIF8", "a picture", ""), (b"\x1f\x8b", "a gzip archive", ""))  # fmt: skip
SAMPLE = 20_000                     # bytes of evidence: a page or two settle an encoding
MESS = 0.3                          # charset-normalizer's measure of "no text"; _fit looks closer
COMMON_CYRILLIC = "\u043e\u0435\u0430\u0438\u043d\u0442\u0441\u0440\u0432\u043b"     # ten letters, 60 to 70 % of any Russian page
UNPACKED = 1 << 30                  # bytes of a DOCX once unpacked; more is a trap and no report
PACKED_XML = 200 << 20              # of these, bytes of XML, which takes ten times the room in memory
ENTRIES = 20_000                    # files in a DOCX
PAGES = 50_000                      # of a PDF
LONGEST_TITLE = 500                 # characters of a title or a publisher that a file names itself
NO_TEXT_ENCODINGS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}   # no page is written in
SAVE = "save it as UTF-8 text"
AGAIN = "get the file again, or open it in its own program and save it anew"
DOCX_TEMPLATE_YEAR = 2013           # python-docx stamps its template's date on files that never set one


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one file and what the file says of itself; `encoding` is None where the format settles it."""

    text: str
    format: str
    encoding: str | None = None
    title: str | None = None
    date: str | None = None
    publisher: str | None = None


def read_content(name: str, data: bytes) -> Content:
    """Return the text of one file.

    Parameters
    ----------
    name : str
        File name as messages should show it; its ending decides the format.
    data : bytes
        The whole file.

    Raises
    ------
    DocumentError
        Unknown ending, empty, damaged, encrypted, without text, in no encoding that fits, or beyond the limits of a child.
    """
    if FORMATS.get(PurePath(name).suffix.lower()) not in APART:
        return read_here(name, data)
    try:
        told = apart.call("csrbook.formats:tell_content", name, data)
    except apart.Ended as error:
        raise DocumentError(name, error.what, "", AGAIN) from error
    if "error" in told:
        raise DocumentError(*told["error"])
    return Content(**told)


def tell_content(name: str, data: bytes) -> dict[str, object]:
    """Return what `read_here` does in the form of JSON: the fields of a Content, or those of its error under "error"."""
    try:
        return asdict(read_here(name, data))
    except DocumentError as error:
        return {"error": [error.where, error.what, error.expected, error.advice]}


def read_here(name: str, data: bytes) -> Content:
    """As `read_content`, in this process."""
    kind = FORMATS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise DocumentError(name, "is of a kind that is not read", f"endings read are {', '.join(FORMATS)}", f"{SAVE}, or take it out")
    if not data.strip():
        raise DocumentError(name, "is empty", "", "put its text in, or take it out")
    try:
        content = {"html": _read_html, "pdf": _read_pdf, "docx": _read_docx}.get(kind, _read_plain)(name, data)
    except DocumentError:
        raise
    except MemoryError:
        what = f"needs more than {apart.MEMORY >> 30} GB of memory to be read"
        raise DocumentError(name, what, "", "split it, or save its text") from None
    except Exception as error:     # four libraries meet files that were made to break them; one file never stops the rest
        raise DocumentError(name, f"is a broken {kind.upper()} ({type(error).__name__})", "", AGAIN) from error
    if not any(map(str.isalnum, content.text)):
        raise DocumentError(name, "holds no text", "", "check the file, or take it out")
    if not _is_text(content.text):
        raise DocumentError(name, "holds halves of characters (surrogates)", "", f"open it in an editor and {SAVE}")
    return content


def _is_text(text: str) -> bool:
    """Whether it can be written down at all."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# ---- encodings -------------------------------------------------------------------------------------------------------


def decode(name: str, data: bytes) -> tuple[str, str]:
    """Return (text, encoding) of plain text bytes: byte order mark, UTF-8, UTF-16 by its zeros, then the older ones.

    Raises
    ------
    DocumentError
        The bytes are no text, or no encoding fits all of them.

    Examples
    --------
    >>> decode("a.txt", "trees".encode("utf-16"))
    ('trees', 'utf-16')
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(name, data, encoding), encoding
    for magic, what, ending in OTHERS:
        if data.startswith(magic):
            rename = f"give it the ending {ending}" if ending else f"{SAVE}, or take it out"
            raise DocumentError(name, f"is {what} under the name of a text", "", rename)
    if b"\0" in data:
        return _from_wide(name, data)
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        text, encoding = _from_legacy(name, data, error)
    if _noise(text) > 0.02:
        raise DocumentError(name, "is binary data and no text", "", f"{SAVE}, or take it out")
    return text, encoding


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(name, error, f"says that it is {encoding}, but byte") from None


def _damaged(name: str, error: UnicodeDecodeError, what: str) -> DocumentError:
    line = error.object.count(b"\n", 0, error.start) + 1
    at = f"{what} {error.start} (0x{error.object[error.start]:02x}, about line {line}) does not fit"
    return DocumentError(name, at, "", f"open it in an editor, correct that place and {SAVE}")


def _from_wide(name: str, data: bytes) -> tuple[str, str]:
    """UTF-16 without a mark: in the wrong byte order nearly every letter is one that nobody uses."""
    orders = ("utf-16-le", "utf-16-be")
    best = max(orders, key=lambda order: sum(map(_is_common, data[: 2 * SAMPLE].decode(order, "ignore"))))
    try:
        text = data.decode(best)
    except UnicodeDecodeError:
        text = ""
    sample = text[:SAMPLE]
    if not text or "\0" in text or sum(map(_is_common, sample)) < 0.8 * len(sample):
        raise DocumentError(name, "is binary data and no text", "", f"{SAVE}, or take it out")
    return text, best


def _is_common(char: str) -> bool:
    """ASCII, Latin, Cyrillic, the signs of either and of Chinese, and the usual Chinese characters."""
    return char < "\u0500" and char.isprintable() or char in "\r\n\t\f" or "\u2010" <= char < "\u2122" or _is_common_han(char)


def _from_legacy(name: str, data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """The older encoding that decodes every byte, reads as text to charset-normalizer, and fits its script best."""
    from charset_normalizer import from_bytes

    outside = [char for char in data.decode("utf-8", "replace") if char > "\x7f"]
    if outside.count("\ufffd") < 0.1 * len(outside):
        raise _damaged(name, error, "is UTF-8 but for some bytes: byte") from None
    # only lines with foreign letters are evidence: a long file may begin with pages of plain ASCII
    lines = (line for line in io.BytesIO(data) if not line.isascii())
    sample = b"".join(islice(lines, 200))
    if len(sample) > SAMPLE:      # at a line end: a character cut in two would spoil the evidence
        sample = sample[: sample.rfind(b"\n", 0, SAMPLE) + 1] or sample[:SAMPLE]
    names = {codecs.lookup(encoding).name.replace("-", "_"): encoding for encoding in LEGACY}
    found = from_bytes(sample, cp_isolation=list(names), threshold=MESS, enable_fallback=False)
    for match in sorted(found, key=lambda match: _fit(str(match)) - match.chaos, reverse=True):
        try:
            text = data.decode(match.encoding)
        except UnicodeDecodeError:
            continue
        if _fit(str(match)) >= 0:
            return text, names[match.encoding]
    tried = "UTF-8, UTF-16, GB18030, Windows-1251, KOI8-R"
    raise DocumentError(name, f"is in none of the encodings that are read ({tried})", "", f"open it in an editor and {SAVE}") from None


def _fit(text: str) -> float:
    """How far a text is Cyrillic or Han throughout, in whole words and usual letters; below 0 it is neither.

    Japanese, Greek and others decode without an error too, but into letters that are seldom used; a short text is given
    the benefit of chance.
    """
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    if not letters:
        return 0.0
    scripts = [unicodedata.name(char, "").partition(" ")[0] for char in letters]
    cyrillic, han = scripts.count("CYRILLIC") / len(letters), scripts.count("CJK") / len(letters)
    chance = len(letters) ** -0.5
    if max(cyrillic, han) < 0.9 - chance / 2:
        return -1.0
    if han > cyrillic:
        return sum(map(_is_common_han, letters)) / len(letters) - 0.5 + chance / 2
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    odd = sum(not (word.islower() or word.isupper() or word[1:].islower()) or any(map(str.isascii, word)) for word in words)
    shouted = sum(map(str.isupper, words)) > len(words) / 2      # KOI8-R read as Windows-1251 is all capitals, and back
    usual = sum(char.lower() in COMMON_CYRILLIC for char in letters) / len(letters)
    return usual - 0.54 + chance - odd / len(words) - 0.1 * shouted


def _is_common_han(char: str) -> bool:
    """A sign of Chinese print or one of the 3,755 characters of level 1 of GB 2312: its rows 1, 3 and 16 to 55."""
    code = char.encode("gb2312", "ignore")
    return len(code) == 2 and (code[0] in (0xA1, 0xA3) or 0xB0 <= code[0] <= 0xD7)


def _noise(text: str) -> float:
    """Share of control, private and unassigned characters in the first page."""
    sample = text[:SAMPLE]
    bad = sum(unicodedata.category(char) in ("Cc", "Co", "Cn") and char not in "\t\n\r\f\v\x85" for char in sample)
    return bad / max(len(sample), 1)


# ---- formats ---------------------------------------------------------------------------------------------------------


def _read_plain(name: str, data: bytes) -> Content:
    text, encoding = decode(name, data)
    return Content(text, FORMATS[PurePath(name).suffix.lower()], encoding)


def _read_html(name: str, data: bytes) -> Content:
    import logging

    from trafilatura import bare_extraction, html2txt

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)      # its complaints become our one line
    page, encoding = _decode_page(name, data)
    found = bare_extraction(page, favor_recall=True, include_comments=False, with_metadata=True,
                            date_extraction_params={"extensive_search": False, "original_date": True})  # fmt: skip
    text = (found and found.text) or html2txt(page)
    if not text.strip():
        raise DocumentError(name, "is a page without text", "text in the HTML itself, not loaded by a script",
                            "save the page from a browser as text")  # fmt: skip
    if not found:
        return Content(text, "html", encoding)
    return Content(text, "html", encoding, _name(found.title), _day(found.date or ""), _name(found.sitename))


def _decode_page(name: str, data: bytes) -> tuple[str, str]:
    declared = re.search(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", data[:4096])
    if declared and not data.startswith(tuple(mark for mark, _ in MARKS)):
        try:
            encoding = codecs.lookup(declared[1].decode("ascii", "replace")).name
            if encoding.replace("_", "-") in NO_TEXT_ENCODINGS:
                raise LookupError
            encoding = "gb18030" if encoding in ("gb2312", "gbk") else encoding     # as browsers do
            return data.decode(encoding), encoding
        except (LookupError, UnicodeDecodeError):
            pass                                                     # a page may be wrong about itself
    return decode(name, data)


def _read_pdf(name: str, data: bytes) -> Content:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentError(name, "is an encrypted PDF", "", "save a copy without a password") from None
        raise DocumentError(name, "is a broken PDF", "", AGAIN) from None
    try:
        if len(pdf) > PAGES:
            told = f"says that it has {len(pdf):,} pages"
            raise DocumentError(name, told, f"at most {PAGES:,} are read", "split it, or get the file again")
        pages = [_page_text(pdf[number]) for number in range(len(pdf))]
        about = pdf.get_metadata_dict()
    finally:
        pdf.close()
    text = "\n\f".join(pages)
    if not any(map(str.isalnum, text)):
        raise DocumentError(name, "is a PDF without a text layer (scanned pages)", "", "run text recognition (OCR) on it first")
    day = re.match(r"D:(\d{4})(\d\d)(\d\d)", about.get("CreationDate", ""))
    return Content(text, "pdf", None, _title(about.get("Title")), day and _day("-".join(day.groups())))


def _page_text(page) -> str:
    """Text of a page; PDFium writes U+FFFE (or U+0002) where a hyphen ends a line, and joins the two lines."""
    lines = page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return re.sub("[\ufffe\x02]\n?", "-\n", lines)


def _read_docx(name: str, data: bytes) -> Content:
    import docx

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError(name, "is an encrypted DOCX or an old .doc", "", "save it as .docx without a password")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > UNPACKED:
            raise DocumentError(name, "unpacks to more than a gigabyte", "", "save it without its pictures")
        if len(parts) > ENTRIES or sum(p.file_size for p in parts if p.filename.endswith((".xml", ".rels"))) > PACKED_XML:
            raise DocumentError(name, "unpacks to more than any text needs", "", "save its text alone as a new file")
    document = docx.Document(io.BytesIO(data))
    text = "\n\n".join(block for block in _blocks(document) if block.strip())
    about = document.core_properties
    day = about.created if about.created and about.created.year != DOCX_TEMPLATE_YEAR else None
    return Content(text, "docx", None, _title(about.title), day and day.date().isoformat())


def _blocks(part):
    """Paragraphs and tables in reading order; a table is a block, a row a line, cells apart by tabs, merged cells once."""
    from docx.table import Table

    for block in part.iter_inner_content():
        if isinstance(block, Table):
            yield "\n".join("\t".join(_cells(row)) for row in block.rows)
        else:
            yield block.text


def _cells(row):
    seen = None
    for cell in row.cells:
        if cell._tc is not seen:
            yield " ".join("\n".join(_blocks(cell)).split())
        seen = cell._tc


def _title(written: str | None) -> str | None:
    """A title worth the name: not empty, and not the file name that a writing program put there."""
    title = _name(" ".join((written or "").split())) or ""
    return None if len(title) < 4 or re.search(r"\.\w{2,4}$", title) else title


def _name(written: str | None) -> str | None:
    """What a file calls itself or its publisher, if that is text, and cut where nobody would read on."""
    return written[:LONGEST_TITLE] if written and _is_text(written) else None


def _day(written: str) -> str | None:
    """The day, if there is such a day in the calendar."""
    try:
        date.fromisoformat(written)
    except ValueError:
        return None
    return written
