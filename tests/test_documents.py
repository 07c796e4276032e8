"""Folders to Documents: ids, languages, titles and dates, the manifest, and every kind of bad file."""

import hashlib
import os
import pickle
import time
from pathlib import Path

import pytest
from test_formats import make_docx, make_pdf, make_scan, page

from csrbook.documents import Corpus, Passage, Unread, find_sources, read_document, read_documents
from csrbook.errors import DocumentError, NothingToRead, UsageError

EN = "Harvest fair\n\nThe fund gave 300 chairs to forty towns in the hills, and the towns said thanks.\n"
RU = "Ярмарка урожая\n\nФонд передал сорока посёлкам 300 стульев, и посёлки поблагодарили его.\n"
ZH = "丰收节\n\n基金会向四十个乡镇捐赠了300把椅子,乡镇表示感谢。\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with one good document beside which bad ones are put."""
    home = tmp_path / "texts"
    home.mkdir()
    (home / "good.txt").write_text(EN, encoding="utf-8")
    return home


def docs(corpus: Corpus) -> list[str]:
    return [one.doc for one in corpus.documents]


def reasons(corpus: Corpus) -> dict[str, str]:
    return {one.path: one.reason for one in corpus.unread}


# ---- good files --------------------------------------------------------------------------------------------------------


def test_document_tells_what_it_is(folder):
    (one,) = read_documents(folder).documents
    assert (one.doc, one.path, one.text, one.format, one.encoding) == ("good", "good.txt", EN, "txt", "utf-8")
    assert (one.language, one.language_by, one.title, one.title_by) == ("en", "script", "Harvest fair", "text")
    assert (one.date, one.date_by, one.publisher, one.kind, one.original_sha256) == (None,) * 5
    assert one.sha256 == hashlib.sha256((folder / "good.txt").read_bytes()).hexdigest()
    assert pickle.loads(pickle.dumps(one)) == one


def test_text_is_the_decoded_file_line_ends_included(folder):
    raw = "\r\n\r\nOne\rtwo \n\tthree 12 \U0001f333 trees\u2028 end  \n\n".encode()
    (folder / "raw.md").write_bytes(raw)
    assert read_document(folder / "raw.md").text == raw.decode()
    (folder / "mark.txt").write_bytes(b"\xef\xbb\xbf" + raw)
    marked = read_document(folder / "mark.txt")
    assert marked.text == raw.decode() and marked.encoding == "utf-8-sig"


@pytest.mark.parametrize(("text", "language"), [(EN, "en"), (RU, "ru"), (ZH, "zh"), (ZH + "Alibaba Cloud, Tmall", "zh"),
                                                (RU + "DingTalk, Ele.me", "ru"), (EN + "基金会", "en")])  # fmt: skip
def test_language_is_decided_by_script(folder, text, language):
    (folder / "a.txt").write_text(text, encoding="utf-8")
    one = read_document(folder / "a.txt")
    assert (one.language, one.language_by) == (language, "script")


def test_language_can_be_given_and_is_checked(folder):
    assert (read_document(folder / "good.txt", language="zh").language_by) == "given"
    with pytest.raises(UsageError, match=r"no language 'eng'; one of .*; did you mean en\?"):
        read_documents(folder, language="eng")


@pytest.mark.parametrize("text", ["日本の学校に本をたくさんおくりました。", "بنى الصندوق أربعين مدرسة", "1234 5678 %"])
def test_a_language_that_is_not_read_is_said(folder, text):
    (folder / "other.txt").write_text(text, encoding="utf-8")
    assert "not in a language that is read" in reasons(read_documents(folder))["other.txt"]


class Lexicons(dict):
    """What reading wants of the real ones: languages by code, and the furniture table."""

    tables = {"furniture": {
        "script": [{"id": "a", "language": "en", "weight": 1.0, "ranges": [["0041", "007A"]], "source": "", "sample": ""}],
        "cue": [{"id": "b", "language": "en", "reason": "odd", "place": "line", "forms": ["harvest fair"], "source": "", "sample": ""}],
    }}  # fmt: skip


def test_lexicons_bring_the_cues_and_the_languages(folder):
    (folder / "ru.txt").write_text(RU, encoding="utf-8")
    corpus = read_documents(folder, Lexicons(en=None))
    assert [(one.doc, one.furniture[0].reason) for one in corpus.documents] == [("good", "odd")]
    assert reasons(corpus)["ru.txt"].startswith("is not in a language that is read; languages read are en")
    with pytest.raises(UsageError, match="one of en"):
        read_documents(folder, Lexicons(en=None), language="ru")


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", "Home > News\n\n  A title that\nruns on \n\nText.", "A title that runs on"),
        ("a.md", "# Forty *towns*\nThe first line of text.", "Forty towns"),
        ("a.txt", "学校得到了四十本书。" + "后来又有很多。" * 60, "学校得到了四十本书。"),
        ("a.txt", "word " * 100, ("word " * 100)[:199].rstrip() + "…"),
    ],
)
def test_title_is_taken_from_the_text(folder, name, text, title):
    (folder / name).write_text(text, encoding="utf-8")
    one = read_document(folder / name)
    assert (one.title, one.title_by) == (title, "text")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Title here\n\n2021/03/05 09:30:00 7\n\nText follows.", "2021-03-05"),
        ("Title here\n24.12.2020\nText follows.", "2020-12-24"),
        ("各位同事:\n\n我们捐了书。\n\n2020年4月7日\n\n版权所有", "2020-04-07"),
        ("Title here\n\nOn 2020-12-24 the fund gave books.", None),
        ("Title here\n\n2020-13-45\n\nText.", None),
    ],
)
def test_date_is_taken_from_a_line_that_is_a_date(folder, text, day):
    (folder / "a.txt").write_text(text, encoding="utf-8")
    one = read_document(folder / "a.txt")
    assert (one.date, one.date_by) == (day, "text" if day else None)


def test_every_format_is_read_in_one_folder(folder):
    (folder / "b.pdf").write_bytes(make_pdf(("The fund gave 300 books.",), title="Books given"))
    (folder / "c.docx").write_bytes(make_docx())
    (folder / "d.html").write_bytes(page("<p>The fund gave 300 books to forty schools in the hills.</p>"))
    (folder / "e.txt").write_bytes(RU.encode("koi8-r"))
    corpus = read_documents(folder)
    assert [(d.doc, d.format, d.encoding) for d in corpus.documents] == [
        ("b", "pdf", None), ("c", "docx", None), ("d", "html", "utf-8"), ("e", "txt", "koi8-r"), ("good", "txt", "utf-8")]  # fmt: skip
    assert (corpus.documents[0].title, corpus.documents[0].title_by, corpus.documents[0].date_by) == ("Books given", "metadata", "metadata")


def test_furniture_and_repeats_are_marked_in_place(folder):
    line = "The fund sent forty lorries of drinking water to all the towns along the northern coast."
    (folder / "a.txt").write_text(f"Home > News\n\n{line}\n\nThen it rained.\n\n{line.replace(' of ', chr(10) + 'of ')}\n\nShare\n", encoding="utf-8")
    one = read_document(folder / "a.txt")
    assert [(one.text[p.start : p.end], p.reason) for p in one.furniture] == [("Home > News", "navigation"), ("Share", "navigation")]
    assert one.repeats == (Passage(one.text.rindex("The fund"), one.text.rindex("coast.") + 6, "repeat", one.text.index("The fund")),)


# ---- names and ids -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stem", ["my report 2020", "社会责任报告", "отчёт", "trees 🌳👩‍🌾", "a.b.c"])
def test_any_printable_name_is_an_id(folder, stem):
    (folder / f"{stem}.txt").write_text(f"{EN} {stem}", encoding="utf-8")
    assert stem in docs(read_documents(folder))


def test_files_that_share_a_stem_are_all_named_by_path(folder):
    for name in ("report.txt", "sub/report.txt", "sub/deep/Report.md", "sub/only.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{EN} {name}", encoding="utf-8")
    (folder / "report.pdf").write_bytes(make_pdf(("The fund gave 300 books.",)))
    expected = ["good", "only", "report.pdf", "report.txt", "sub--deep--Report.md", "sub--report.txt"]
    assert sorted(docs(read_documents(folder))) == expected
    assert docs(read_documents(folder)) == docs(read_documents(str(folder)))


def test_a_file_of_the_same_text_is_named_and_counted_once(folder):
    (folder / "twin").mkdir()
    (folder / "twin" / "copy.txt").write_text((folder / "good.txt").read_text(encoding="utf-8"), encoding="utf-8")
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"]
    assert corpus.unread == (Unread("twin/copy.txt", "has the same text as good.txt", "its figures are counted once, there"),)


def test_a_pdf_speaks_from_the_day_printed_in_it_not_the_day_it_was_saved(folder):
    page = make_pdf(("The fund gave 300 books.", "2021-06-30"))
    (folder / "saved.pdf").write_bytes(page)
    assert read_document(folder / "saved.pdf").date_by != "metadata"


@pytest.mark.parametrize("rows", ["document = 3", "document = [3]", 'document = "abc"', "[document]\nfile = 'good.txt'"])
def test_a_manifest_that_is_no_list_of_rows_is_told(folder, rows):
    (folder / "manifest.toml").write_text(rows, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"\[\[document\]\]"):
        read_documents(folder)


def test_order_is_that_of_paths(folder):
    for name in ("b/z.txt", "b/a.txt", "b.txt", "a.txt", "c/m.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"{EN} {name}", encoding="utf-8")
    paths = [one.path for one in read_documents(folder).documents]
    assert paths == ["a.txt", "b/a.txt", "b/z.txt", "b.txt", "c/m.txt", "good.txt"]


def test_hidden_files_and_our_own_are_passed_over_in_silence(folder):
    for name in (".hidden.txt", ".git/config.txt", "~$letter.docx", "corrections.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    for name in ("manifest.toml", "names.toml"):
        (folder / name).write_text("", encoding="utf-8")
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"] and corpus.unread == ()


def test_our_own_files_in_other_letters_are_told(folder):
    (folder / "Corrections.CSV").write_text("doc,quotation", encoding="utf-8")
    (one,) = (one for one in read_documents(folder).unread if one.path == "Corrections.CSV")
    assert str(one) == "Corrections.CSV: counts only under the name corrections.csv; rename it"


def test_names_of_a_sub_folder_are_set_aside_unless_it_is_given_too(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "names.toml").write_text("", encoding="utf-8")
    (folder / "sub" / "other.txt").write_text(RU, encoding="utf-8")
    (aside,) = read_documents(folder).unread
    assert str(aside) == "sub/names.toml: counts only beside the documents given; move it up"
    assert read_documents([folder, folder / "sub"]).unread == read_documents([folder, folder / "sub" / "other.txt"]).unread == ()


def test_files_and_folders_can_be_given_together_and_twice(folder, tmp_path):
    (tmp_path / "other.txt").write_text(RU, encoding="utf-8")
    corpus = read_documents([folder, tmp_path / "other.txt", folder / "good.txt"])
    assert [one.path for one in corpus.documents] == ["other.txt", "texts/good.txt"]


# ---- bad files ---------------------------------------------------------------------------------------------------------

BAD = {
    "empty.txt": (b"", "is empty"),
    "binary.txt": (bytes(range(256)) * 9, "binary data"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(90), "picture"),
    "broken.pdf": (b"%PDF-1.4 broken", "broken PDF"),
    "locked.pdf": (make_pdf(("Secret",), password="key"), "encrypted PDF"),
    "scan.pdf": (make_scan(), "without a text layer"),
    "wrong.txt": ("Η εταιρεία βοήθησε σαράντα σχολεία στην περιοχή.".encode("iso8859_7"), "none of the encodings"),
    "sheet.xlsx": (b"PK\x03\x04", "of a kind that is not read"),
    "noending": (b"words", "of a kind that is not read"),
    "broken.docx": (b"PK\x03\x04 not a docx", "broken DOCX"),
    "with 空 and 🌳.txt": (b"", "is empty"),
}


def test_bad_files_become_rows_and_never_stop_the_rest(folder):
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"]
    assert [one.path for one in corpus.unread] == sorted(BAD)
    for one in corpus.unread:
        assert BAD[one.path][1] in one.reason
        assert one.advice and "\n" not in str(one) and str(one).startswith(one.path)


def test_a_bad_file_alone_raises_the_same_line(folder):
    (folder / "empty.txt").write_bytes(b"")
    with pytest.raises(DocumentError, match=r"^empty\.txt: is empty; put its text in"):
        read_document(folder / "empty.txt")
    with pytest.raises(DocumentError, match=r"^sheet\.xlsx: is of a kind"):
        (folder / "sheet.xlsx").write_bytes(b"x")
        read_document(folder / "sheet.xlsx")


def test_the_limit_is_stated_and_the_file_not_read(folder, monkeypatch):
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(200_000_001)
    monkeypatch.setattr(Path, "read_bytes", lambda self: EN.encode() if self.name == "good.txt" else pytest.fail("was read"))
    told = {one.path: str(one) for one in read_documents(folder).unread}
    assert told["huge.txt"] == "huge.txt: is 200.0 MB; the limit is 200 MB; split it, or raise limit_mb"
    assert reasons(read_documents(folder, limit_mb=0.00001))["good.txt"].endswith("the limit is 1e-05 MB")


def test_a_file_without_permission_is_named(folder, monkeypatch):
    (folder / "mine.txt").write_text(EN, encoding="utf-8")
    if os.geteuid():
        (folder / "mine.txt").chmod(0)
    else:                                   # root may read everything
        def refuse(self, real=Path.read_bytes):
            if self.name == "mine.txt":
                raise PermissionError(13, "Permission denied", str(self))
            return real(self)

        monkeypatch.setattr(Path, "read_bytes", refuse)
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"]
    assert str(corpus.unread[0]).startswith("mine.txt: cannot be opened (Permission denied); give yourself the right")


def test_a_folder_without_permission_is_named(folder, monkeypatch):
    (folder / "closed").mkdir()
    real = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert reasons(read_documents(folder)) == {"closed": "cannot be opened (Permission denied)"}


def test_symbolic_links_are_reported_and_not_followed(folder, tmp_path):
    (tmp_path / "outside.txt").write_text(EN, encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "more.txt").write_text(EN, encoding="utf-8")
    (folder / "sub").mkdir()
    for name, target in (("out.txt", "../outside.txt"), ("outdir", "../elsewhere"), ("loop.txt", "loop.txt"), ("a.txt", "b.txt"),
                         ("b.txt", "a.txt"), ("gone.txt", "nowhere.txt"), ("same.txt", "good.txt"), ("sub/up", "..")):  # fmt: skip
        (folder / name).symlink_to(target)
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"]
    told = reasons(corpus)
    assert all("out of the folder" in told[name] for name in ("out.txt", "outdir"))
    assert all("leads nowhere, or in a circle" in told[name] for name in ("loop.txt", "a.txt", "b.txt", "gone.txt"))
    assert told["same.txt"] == "is a symbolic link to good.txt" and "symbolic link" in told["sub/up"] and len(told) == 8


def test_a_link_that_a_person_names_is_read(folder, tmp_path):
    (tmp_path / "link.txt").symlink_to(folder / "good.txt")
    (tmp_path / "linked").symlink_to(folder)
    assert read_document(tmp_path / "link.txt").text == EN
    assert docs(read_documents(tmp_path / "linked")) == ["good"]


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.txt")
    assert reasons(read_documents(folder)) == {"pipe.txt": "is no plain file"}


def test_names_that_cannot_be_printed_are_escaped(folder):
    for name in (b"bad\xff.txt", b"two\nlines.txt"):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text(EN)
    told = reasons(read_documents(folder))
    assert told == {"bad\\udcff.txt": "has a name that cannot be printed", "two\\nlines.txt": "has a name that cannot be printed"}


@pytest.mark.parametrize("made", [True, False])
def test_nothing_to_read_stops(tmp_path, made):
    home = tmp_path / "none"
    if made:
        home.mkdir()
        (home / ".hidden.txt").write_text(EN)
        (home / "manifest.toml").write_text("")
    with pytest.raises(NothingToRead, match="holds no document; endings read are" if made else "no such file or folder"):
        read_documents(home)
    with pytest.raises(NothingToRead, match="no files given"):
        read_documents([])


# ---- manifest ----------------------------------------------------------------------------------------------------------

ROW = """
[[document]]
file = "good.txt"
id = "harvest-2020"
title = "A fair"
publisher = "Valley Herald"
date = 2020-04-07
language = "ru"
kind = "news"
sha256_original = "abc"
"""


def test_manifest_goes_before_what_the_file_says(folder):
    (folder / "manifest.toml").write_text(ROW, encoding="utf-8")
    (one,) = read_documents(folder).documents
    assert (one.doc, one.title, one.title_by, one.publisher) == ("harvest-2020", "A fair", "manifest", "Valley Herald")
    assert (one.date, one.date_by, one.language, one.language_by) == ("2020-04-07", "manifest", "ru", "manifest")
    assert (one.kind, one.original_sha256) == ("news", "abc")
    assert read_document(folder / "good.txt") == one, "the same file gives the same document alone"
    assert read_documents(folder, language="en").documents[0].language_by == "given"


def test_manifest_finds_names_however_they_are_composed(folder):
    (folder / "cafe\u0301.txt").write_text(f"{EN} Again.", encoding="utf-8")
    (folder / "manifest.toml").write_text('[[document]]\nfile = "caf\u00e9.txt"\nkind = "letter"', encoding="utf-8")
    assert [one.kind for one in read_documents(folder).documents] == ["letter", None]


def test_manifest_row_without_its_file_is_a_row(folder):
    (folder / "manifest.toml").write_text('[[document]]\nfile = "sub/gone.txt"\n', encoding="utf-8")
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"]
    assert corpus.unread == (Unread("sub/gone.txt", "is in manifest.toml and not in the folder", "put the file there, or delete the row"),)
    assert read_documents([folder / "good.txt"]).unread == (), "only a folder is held to its manifest"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('[[document]]\nfile = "good.txt"\ntittle = "x"', r"document 1: unknown key 'tittle'; keys are .*; did you mean title\?"),
        ('[[documents]]\nfile = "good.txt"', "unknown table 'documents'"),
        ("[[document]\n", "cannot be read"),
        ('[[document]]\ntitle = "x"', "document 1: no file"),
        ('[[document]]\nfile = "good.txt"\ndate = "7 April"', "date is '7 April'; 2020, 2020-04 or 2020-04-07"),
        ('[[document]]\nfile = "good.txt"\nkind = 3', "kind is 3"),
        ('[[document]]\nfile = "good.txt"\nid = "../x"', "id is '../x'"),
        ('[[document]]\nfile = "good.txt"\nid = "b"\n[[document]]\nfile = "b.txt"\nid = "b"', "id 'b' belongs to 2 files"),
    ],
)
def test_manifest_mistakes_are_named(folder, written, told):
    (folder / "b.txt").write_text(EN, encoding="utf-8")
    (folder / "manifest.toml").write_text(written, encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"^manifest\.toml.*{told}"):
        read_documents(folder)


def test_manifest_with_an_unknown_language_sets_that_file_aside(folder):
    (folder / "b.txt").write_text(EN, encoding="utf-8")
    (folder / "manifest.toml").write_text('[[document]]\nfile = "b.txt"\nlanguage = "russian"', encoding="utf-8")
    corpus = read_documents(folder)
    assert docs(corpus) == ["good"] and str(corpus.unread[0]).startswith("b.txt: has no language 'russian'")


# ---- size --------------------------------------------------------------------------------------------------------------


def test_600_small_files_take_seconds(tmp_path):
    for number in range(600):
        text = f"Note {number}\n\n" + "".join(f"The fund gave {number + n} chairs to town {n}. " for n in range(40))
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    begun = time.process_time()
    assert len(read_documents(tmp_path).documents) == 600
    assert time.process_time() - begun < 6       # 0.6 s measured


def test_sources_can_be_listed_without_being_read(folder, monkeypatch):
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("was read"))
    sources, unread = find_sources(folder)
    assert [(one.doc, one.path) for one in sources] == [("good", "good.txt")] and unread == ()


def test_a_long_name_makes_an_id_that_a_file_can_bear(folder):
    deep = "/".join(["a" * 100] * 3)
    for name in (f"{deep}/report.txt", f"{deep}b/report.txt", "\u6811" * 80 + ".txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{EN} {name}", encoding="utf-8")
    ids = docs(read_documents(folder))
    assert len(ids) == len(set(ids)) == 4 and all(len(one.encode()) <= 200 for one in ids)
    (folder / "manifest.toml").write_text(f'[[document]]\nfile = "good.txt"\nid = "{"x" * 300}"', encoding="utf-8")
    with pytest.raises(DocumentError, match="a short id without a slash"):
        read_documents(folder)
