"""Bytes to text: encodings told apart, formats read, damage named in one line."""

import datetime
import io
import zipfile

import docx
import pypdf
import pytest
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from csrbook.errors import DocumentError
from csrbook.formats import FORMATS, decode, read_content, read_here

RU = "В 2020 году фонд передал больницам 2,5 млн масок и 300 тонн оборудования. Волонтёры помогли жителям 40 городов."
ZH = "2020年,基金会向医院捐赠了250万只口罩,志愿者帮助了40个城市的居民。"
EN = "The fund’s volunteers — 300 of them — helped “forty” towns."


# ---- files made while testing ------------------------------------------------------------------------------------------


def make_pdf(*pages: tuple[str, ...], title: str = "", password: str = "") -> bytes:
    """A PDF with the lines of each page; a page without lines has no text."""
    writer = pypdf.PdfWriter()
    font = DictionaryObject({NameObject(k): NameObject(v) for k, v in
                             (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica"))})  # fmt: skip
    for lines in pages:
        page = writer.add_blank_page(400, 400)
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 14 TL 40 350 Td {shown} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    if title:
        writer.add_metadata({"/Title": title, "/CreationDate": "D:20200407120000Z"})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_scan() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), "white").save(out, "PDF")
    return out.getvalue()


def make_docx(**about: object) -> bytes:
    document = docx.Document()
    document.add_paragraph("Before the table stand 30 trees.")
    table = document.add_table(rows=2, cols=3)
    for row, words in zip(table.rows, (("Year", "Trees", "Towns"), ("2019", "1,200", "14")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    wide = document.add_table(rows=1, cols=2)
    wide.cell(0, 0).merge(wide.cell(0, 1)).text = "Seven lorries"
    document.add_paragraph("After it comes a last line.")
    for key, value in about.items():
        setattr(document.core_properties, key, value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def page(body: str, charset: str = "utf-8", head: str = "") -> bytes:
    return f'<html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'.encode(charset)


# ---- encodings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written", "told"),
    [
        (RU, "utf-8", "utf-8"), (ZH, "utf-8", "utf-8"), (EN, "utf-8", "utf-8"), ("plain ascii 12", "ascii", "utf-8"),
        (RU, "utf-8-sig", "utf-8-sig"), (ZH, "utf-16", "utf-16"), (RU, "utf-32", "utf-32"),
        (EN, "utf-16-le", "utf-16-le"), (EN, "utf-16-be", "utf-16-be"), (RU, "utf-16-le", "utf-16-le"), (RU, "utf-16-be", "utf-16-be"),
        (ZH + "\n" + ZH + "\n", "utf-16-le", "utf-16-le"), (ZH + "\n" + ZH + "\n", "utf-16-be", "utf-16-be"),
        (ZH, "gb18030", "gb18030"), (ZH, "gb2312", "gb18030"), ("捐赠口罩250万只", "gbk", "gb18030"),
        ("基金會向醫院捐贈了250萬隻口罩，志願者幫助了40個城市的居民。", "gb18030", "gb18030"),
        (RU, "windows-1251", "windows-1251"), (RU.upper(), "windows-1251", "windows-1251"), ("Фонд передал 300 тонн.", "cp1251", "windows-1251"),
        (RU, "koi8-r", "koi8-r"), (RU.upper(), "koi8-r", "koi8-r"), ("Фонд передал 300 тонн.", "koi8-r", "koi8-r"),
        (EN, "windows-1252", "windows-1251"),      # curly quotes and dashes have the same bytes in both
    ],
)  # fmt: skip
def test_encoding_is_told(text, written, told):
    assert decode("a.txt", text.encode(written)) == (text, told)


@pytest.mark.parametrize("written", ["gb18030", "windows-1251", "koi8-r"])
def test_evidence_is_found_late_in_a_long_file(written):
    text = "plain line 12\n" * 5000 + {"gb18030": ZH}.get(written, RU) + "\n"
    assert decode("a.txt", text.encode(written)) == (text, written)


def test_line_ends_are_kept():
    text = "one\r\ntwo\rthree\n\n four \u2028 five"
    assert read_content("a.md", text.encode()).text == text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("L’été dernier, la société a donné 300 € aux écoles françaises à Orléans.".encode("cp1252"), "in none of the encodings"),
        ("先生方が学校を訪問しました。".encode("shift_jis"), "in none of the encodings"),
        ("Η εταιρεία βοήθησε σαράντα σχολεία στην περιοχή.".encode("iso8859_7"), "in none of the encodings"),
        (RU.encode()[:60] + b"\xff" + RU.encode()[60:], "byte 60 (0xff, about line 1)"),
        (("line\n" + RU).encode()[:-1] + b"\xd0", "about line 2"),
        (b"\xff\xfe" + "abc".encode("utf-16-le") + b"\x00", "says that it is utf-16"),
        (bytes(range(256)) * 20, "binary data"),
        (b"\x01\x02\x03\x04 text" * 30, "binary data"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"%PDF-1.7 ...", "a PDF under the name of a text"),
        (b"PK\x03\x04" + bytes(30), "a ZIP archive"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_its_place(data, told):
    with pytest.raises(DocumentError) as caught:
        read_content("a.txt", data)
    assert told in str(caught.value) and str(caught.value).startswith("a.txt: ")
    assert caught.value.advice and "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"-- ... --", b"\xef\xbb\xbf \n"])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_file_without_words_is_refused(name, data):
    with pytest.raises(DocumentError, match="is empty|no text|without text"):
        read_content(name, data)


# ---- formats -----------------------------------------------------------------------------------------------------------


def test_unknown_ending_names_the_known():
    with pytest.raises(DocumentError, match=r"photo\.xlsx: is of a kind that is not read; endings read are \.txt") as caught:
        read_content("photo.xlsx", b"x")
    assert all(ending in str(caught.value) for ending in FORMATS)


def test_html_gives_the_article_with_lists_and_tables():
    paragraphs = "".join(f"<p>Paragraph {n} tells of the {n}0 schools that the fund helped in the hills last year.</p>" for n in range(1, 6))
    body = f"<nav><a href='/'>Home</a></nav><article><h1>Schools</h1>{paragraphs}<ul><li>Chairs: 450 given</li></ul></article><footer>All rights</footer>"
    head = '<title>Schools in the hills</title><meta property="article:published_time" content="2020-04-07T10:00:00Z">'
    content = read_content("a.html", page(body, head=head))
    assert all(f"Paragraph {n} tells of the {n}0 schools" in content.text for n in range(1, 6))
    assert "450" in content.text and "All rights" not in content.text
    assert content.title in ("Schools", "Schools in the hills")
    assert (content.date, content.encoding, content.format) == ("2020-04-07", "utf-8", "html")


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "gb2312", "utf-8", "big5"])
def test_html_obeys_the_encoding_it_declares(charset):
    text = {"gb2312": ZH, "big5": "基金會向醫院捐贈了口罩"}.get(charset, RU)
    content = read_content("a.htm", page(f"<p>{text}</p>" * 3, charset))
    assert text in content.text and content.encoding == {"gb2312": "gb18030"}.get(charset, content.encoding)


def test_html_that_declares_the_wrong_encoding_is_read_by_its_bytes():
    data = page(f"<p>{RU}</p>", "windows-1251").replace(b"windows-1251", b"utf-8")
    content = read_content("a.html", data)
    assert RU in content.text and content.encoding == "windows-1251"


def test_html_made_by_scripts_is_refused():
    with pytest.raises(DocumentError, match="without text"):
        read_content("a.html", page("<div id='app'></div><script>render(42)</script>"))


def test_pdf_keeps_pages_apart_and_hyphens_at_line_ends():
    content = read_content("a.pdf", make_pdf(("The fund gave 300 exam-", "ple books."), ("Second page.",), title="Books for towns"))
    assert content.text == "The fund gave 300 exam-\nple books.\n\fSecond page."
    assert (content.title, content.date, content.format, content.encoding) == ("Books for towns", "2020-04-07", "pdf", None)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (make_pdf(("Secret 12",), password="key"), "is an encrypted PDF"),
        (make_pdf(("Cut 12",))[:120], "is a broken PDF"),
        (b"%PDF-1.4 and nothing more", "is a broken PDF"),
        (b"no pdf at all", "is a broken PDF"),
        (make_scan(), "without a text layer"),
        (make_pdf(()), "without a text layer"),
    ],
    ids=["encrypted", "cut", "head only", "text", "scan", "blank page"],
)
def test_bad_pdf_is_named_in_one_line(data, told):
    with pytest.raises(DocumentError, match=told) as caught:
        read_content("report.pdf", data)
    assert str(caught.value).startswith("report.pdf: ") and "\n" not in str(caught.value) and caught.value.advice


def test_docx_gives_paragraphs_and_tables_in_order_merged_cells_once():
    content = read_content("a.docx", make_docx(title="Trees and towns", created=datetime.datetime(2020, 4, 7)))
    assert content.text == "\n\n".join((
        "Before the table stand 30 trees.", "Year\tTrees\tTowns\n2019\t1,200\t14", "Seven lorries", "After it comes a last line."))  # fmt: skip
    assert (content.title, content.date) == ("Trees and towns", "2020-04-07")


def test_docx_date_of_the_writing_librarys_template_is_no_date():
    assert read_content("a.docx", make_docx()).date is None


def test_bad_docx_is_named():
    hollow = io.BytesIO()
    with zipfile.ZipFile(hollow, "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    cases = {b"PK\x03\x04 cut": "broken DOCX", hollow.getvalue(): "broken DOCX", b"\xd0\xcf\x11\xe0" + bytes(600): "encrypted DOCX or an old"}
    for data, told in cases.items():
        with pytest.raises(DocumentError, match=told):
            read_content("a.docx", data)


def test_docx_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("csrbook.formats.UNPACKED", 100)
    with pytest.raises(DocumentError, match="unpacks to more"):
        read_here("a.docx", make_docx())


def test_a_library_that_stumbles_becomes_one_line(monkeypatch):
    data = make_docx()
    monkeypatch.setattr("docx.Document", lambda _: 1 / 0)
    with pytest.raises(DocumentError, match=r"a\.docx: is a broken DOCX \(ZeroDivisionError\)"):
        read_here("a.docx", data)


# ---- files made to break who reads them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["utf-7", "idna", "punycode", "unicode_escape", "zlib", "rot13", "undefined"])
def test_a_page_in_no_encoding_of_text_is_read_as_what_it_is(said):
    content = read_here("a.html", page("<p>The fund gave 300 books to forty schools.</p>").replace(b"utf-8", said.encode(), 1))
    assert "300 books" in content.text and content.encoding == "utf-8"


def test_halves_of_characters_are_refused(monkeypatch):
    monkeypatch.setattr("csrbook.formats.decode", lambda name, data: ("40 books \ud800", "utf-8"))
    with pytest.raises(DocumentError, match="halves of characters"):
        read_content("a.txt", b"x")


def test_a_title_that_is_no_text_is_no_title_and_a_long_one_is_cut():
    assert read_here("a.docx", make_docx(title="Trees " * 40)).title == ("Trees " * 40).strip()
    content = read_here("a.html", page("<p>The fund gave 300 books.</p>", head=f"<title>{'long ' * 900}</title>"))
    assert content.title is None or len(content.title) <= 500


def test_a_day_that_is_in_no_calendar_is_no_date():
    data = make_pdf(("The fund gave 300 books.",), title="Books").replace(b"20200407", b"20209999")
    assert read_here("a.pdf", data).date is None


def test_a_reader_out_of_memory_is_told(monkeypatch):
    def fail(data):
        raise MemoryError

    data = make_docx()
    monkeypatch.setattr("docx.Document", fail)
    with pytest.raises(DocumentError, match="needs more than 2 GB of memory.*split it"):
        read_here("a.docx", data)


@pytest.mark.parametrize(("name", "most"), [("ENTRIES", 3), ("PACKED_XML", 50)])
def test_docx_of_too_many_parts_or_too_much_xml_is_refused(monkeypatch, name, most):
    monkeypatch.setattr(f"csrbook.formats.{name}", most)
    with pytest.raises(DocumentError, match="unpacks to more than any text needs"):
        read_here("a.docx", make_docx())


def test_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr("csrbook.formats.PAGES", 1)
    with pytest.raises(DocumentError, match="says that it has 2 pages; at most 1 are read"):
        read_here("a.pdf", make_pdf(("One.",), ("Two.",)))
