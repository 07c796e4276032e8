"""Damaged documents, made from the documents that ship: the same number and the same seed give the same bytes.

    damaged(17, seed=1)      # -> Damaged(number=17, kind="text_cut", name="0017.txt", data=b"...")

A function of KINDS takes a source of chance and the texts, and returns an ending and bytes; or a whole name, where it is the
name that is odd. What some of them would do if they were believed (open a program, ask 203.0.113.1, write a file) is never done.
"""

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import damage_packed
from ground import ROOT

SLICE = 6_000  # code points of a text that a document is made from
Made = tuple[str, bytes]
KINDS: dict[str, Callable[[random.Random, Sequence[str]], Made]] = {}


@dataclass(frozen=True, slots=True)
class Damaged:
    """One document: its number, how it was damaged, the name of its file and the bytes."""

    number: int
    kind: str
    name: str
    data: bytes


@cache
def texts() -> tuple[str, ...]:
    """Return the texts that ship, by name of file."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))


def kind_of(number: int) -> str:
    """Return how a document is damaged; kinds take turns."""
    return list(KINDS)[number % len(KINDS)]


def damaged(number: int, *, seed: int) -> Damaged:
    """Return one document."""
    kind = kind_of(number)
    chance = random.Random(f"{seed} {number}")
    ending, data = KINDS[kind](chance, texts())
    name = ending if ending[0] != "." else f"{number:04}{ending}"
    return Damaged(number, kind, name, data)


def kind(make: Callable) -> Callable:
    """Enter a function under its name."""
    KINDS[make.__name__] = make
    return make


def piece(chance: random.Random, from_texts: Sequence[str], chars: int = SLICE) -> str:
    """Return some of one of the texts."""
    text = chance.choice(from_texts)
    start = chance.randrange(max(1, len(text) - chars))
    return text[start : start + chars]


def rare(chance: random.Random, usual: int, large: int) -> int:
    """Return a size, one time in sixteen the large one: a thousand documents are to be read while somebody waits."""
    return large if chance.random() < 1 / 16 else usual


def flipped(chance: random.Random, data: bytes, most: int = 60) -> bytes:
    """Return bytes with some bits turned round."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, most)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(chance: random.Random, data: bytes) -> bytes:
    """Return bytes that end too early, or begin too late."""
    place = chance.randrange(1, len(data))
    return data[:place] if chance.random() < 0.8 else data[place:]


def shuffled(chance: random.Random, data: bytes) -> bytes:
    """Return bytes with a stretch taken out, doubled, or put elsewhere."""
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randint(1, 2_000))
    rest = data[:start] + data[end:]
    place = chance.randrange(len(rest) + 1)
    return chance.choice((rest, data[:end] + data[start:], rest[:place] + data[start:end] + rest[place:]))


# ---- bytes and encodings ---------------------------------------------------------------------------------------------


@kind
def text_cut(chance, given):
    return ".txt", cut(chance, piece(chance, given).encode())


@kind
def text_flipped(chance, given):
    return ".txt", flipped(chance, piece(chance, given).encode(), chance.choice((1, 60, 2_000)))


@kind
def text_shuffled(chance, given):
    return chance.choice((".txt", ".md")), shuffled(chance, piece(chance, given).encode())


@kind
def text_with_nuls(chance, given):
    data = bytearray(piece(chance, given).encode())
    for _ in range(chance.choice((1, 20, 3_000))):
        data.insert(chance.randrange(len(data)), 0)
    return ".txt", bytes(data)


@kind
def text_in_another_encoding(chance, given):
    encoding = chance.choice((
        "cp1252", "shift_jis", "euc-kr", "iso8859-5", "cp866", "utf-16-le", "utf-16-be", "utf-32-le", "utf-7", "koi8-r", "gb18030", "big5",
        "cp037", "mac-cyrillic", "windows-1251",
    ))  # fmt: skip
    return ".txt", piece(chance, given).encode(encoding, "replace")


@kind
def text_in_two_encodings(chance, given):
    parts = (piece(chance, given, 900).encode(encoding, "replace") for encoding in chance.sample(("utf-8", "cp1251", "gb18030", "utf-16"),
        2))
    return ".txt", b"\n".join(parts)


@kind
def text_with_a_lying_mark(chance, given):
    return ".txt", chance.choice((b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xef\xbb\xbf", b"%PDF-", b"PK\x03\x04")) + cut(
        chance, piece(chance, given).encode()
    )


@kind
def text_with_surrogates(chance, given):
    text = piece(chance, given, 500)
    half = chr(chance.randrange(0xD800, 0xE000)) * chance.choice((1, 2, 5_000))
    return ".txt", (text[:200] + half + text[200:]).encode(chance.choice(("utf-8", "utf-16", "utf-16-le")), "surrogatepass")


@kind
def noise(chance, given):
    return chance.choice((".txt", ".md", ".html", ".pdf", ".docx")), chance.randbytes(chance.choice((1, 2, 50, 5_000, 200_000)))


@kind
def nothing(chance, given):
    return chance.choice((".txt", ".md", ".html", ".pdf", ".docx")), chance.choice((b"", b" ", b"\n" * 99_999, b"\xef\xbb\xbf", b"\0",
        b"\0" * 9_999, b"."))


# ---- shapes of text ----------------------------------------------------------------------------------------------------


@kind
def huge_line(chance, given):
    text = " ".join(piece(chance, given).split())
    gap = chance.choice((" ", "", ", ", "\u3000"))
    return ".txt", gap.join([text] * (rare(chance, 15_000, 100_000) // len(text) + 1)).encode()


@kind
def one_word(chance, given):
    return ".txt", (piece(chance, given, 300) + chance.choice(("owl", "\u58eb", "\u0436", "-", "_", "a1", "%")) * rare(chance, 3_000,
        60_000)).encode()


@kind
def digits(chance, given):
    count = rare(chance, chance.choice((400, 5_000)), 100_000)
    run = chance.choice(("7", "1", "0", "1,000,", "1 000 ", "1.", "1,", "12-", "1/", "\uff11", "9e", "2020-01-", "10%", "1\u00bd",
        "\u4e00", "\u4e07", "\u96f6"))
    text = piece(chance, given, 800)
    return ".txt", f"{text[:400]} {(run * count)[:count]} {text[400:]}".encode()


@kind
def words_of_number(chance, given):
    word = chance.choice((
        "million ", "more than ", "hundred and ", "\u043c\u0438\u043b\u043b\u0438\u043e\u043d ", "\u0431\u043e\u043b\u0435\u0435 ",
            "\u4e94\u5341\u4e07\u4ebf",
        "\u8d85\u8fc7", "two ", "from 1 to ", "1 of the 2 ", "by 2020 ", "USD ", "$", "Q1 ", "per cent of ",
    ))  # fmt: skip
    return ".txt", (piece(chance, given, 400) + " " + word * rare(chance, chance.choice((50, 1_000)), 20_000) + " 5 " + piece(chance,
        given, 400)).encode()


@kind
def marks(chance, given):
    run = chance.choice(("\u0301", "\u200d", "\u202e", "\u2066", "\ufeff", "\u0489", "\u2028", "\r", "\x0b", "\x85", "\x1b", "\u00ad",
        "\U000e0041", "\ue000", "\u20dd"))
    text = piece(chance, given, 1_000)
    if chance.random() < 0.5:
        return ".txt", run.join(text).encode()
    return ".txt", (text[:500] + run * rare(chance, chance.choice((3, 3_000)), 60_000) + text[500:]).encode()


@kind
def both_directions(chance, given):
    hebrew, arabic = "\u05e9\u05dc\u05d5\u05dd 12 \u202b", "\u0661\u0662\u0663 \u202a\u0645\u0644\u064a\u0648\u0646 "
    words = piece(chance, given, 2_000).split(" ")
    return ".txt", " ".join(word + chance.choice(("", "", hebrew, arabic, "\u202e", "\u2069")) for word in words).encode()


@kind
def brackets(chance, given):
    one = chance.choice(("(", "[", "{", '"', "\u00ab", "\u300a", "\u201c", "<", "((1", "(2020 ", "*", "#", ">", "| 1 ", "![a](", "`"))
    return chance.choice((".txt", ".md")), (piece(chance, given, 500) + one * rare(chance, chance.choice((100, 1_500)),
        20_000) + piece(chance, given, 500)).encode()


@kind
def broken_lines(chance, given):
    ends = chance.choice((("\r",), ("\n\n\n\n",), ("\u2028", "\u2029"), ("\n", "\r\n", "\r", "\x0c", "\x85"), ("\n-\n",)))
    return ".txt", "".join(char + chance.choice(ends) * (chance.random() < 0.2) for char in piece(chance, given, 3_000)).encode()


@kind
def many_lines(chance, given):
    line = chance.choice(("5\n", "a\n", "1 tree.\n", "\u6811 5\u3002\n", "2020\n", "- 3\n", "\u0434\u0435\u0440\u0435\u0432\u043e 1\n"))
    return ".txt", (piece(chance, given, 300) + line * rare(chance, 300, 8_000)).encode()


@kind
def any_letters(chance, given):
    points = (chance.randrange(0x110000) for _ in range(rare(chance, chance.choice((30, 3_000)), 30_000)))
    return ".txt", "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000).encode()


@kind
def same_again(chance, given):
    return ".txt", "\n\n".join([piece(chance, given, 300)] * rare(chance, 5, 400)).encode()


# ---- names ---------------------------------------------------------------------------------------------------------------

NAMES = (
    "a" * 250 + ".txt", "\u6811" * 80 + ".txt", "two\nlines.txt", "tab\there.txt", " .txt", "CAPITALS.TXT", "..txt", "...dots...txt",
        "a.pdf.txt",
    "quote\"'`$(touch PWNED).txt", "%2e%2e%2fup.txt", "\u202etxt.exe.txt", "e\u0301.txt", "\u00e9.txt", "con.txt", "-rf.txt",
        "--help.txt", "=1+1.txt",
    "{{7*7}}.txt", "{run_dir}.txt", "a;b&c|d.txt", "\ud800.txt", "x" * 200 + "\U0001f333.txt", "no_ending", "wrong.xlsx", "sheet.csv",
)  # fmt: skip


@kind
def odd_name(chance, given):
    name = chance.choice(NAMES)
    return name.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"), piece(chance, given, 700).encode()


# ---- markup ----------------------------------------------------------------------------------------------------------------


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode("utf-8", "surrogatepass")


def article(chance, given) -> str:
    return "".join(f"<p>{line}</p>" for line in piece(chance, given, 3_000).splitlines() if line.strip())


@kind
def page_cut(chance, given):
    return ".html", cut(chance, page(article(chance, given)))


@kind
def page_flipped(chance, given):
    return ".html", flipped(chance, page(article(chance, given)), 400)


@kind
def page_deep(chance, given):
    tag = chance.choice(("div", "table><tr><td", "ul><li", "b", "span", "blockquote", "svg", "p", "article", "font", "iframe", "object"))
    deep = rare(chance, chance.choice((300, 5_000)), 60_000)
    close = f"</{tag.split('>')[0]}>" * (deep if chance.random() < 0.5 else 0)
    return ".html", page(f"<{tag}>" * deep + article(chance, given) + close)


@kind
def page_wide(chance, given):
    one = chance.choice(("<br>", "<p>1 tree", "<td>7", "<a href=x>5</a> ", "&#48;", "&amp", "<!--", "<li>3", "<img src=x alt=1>",
        "</div>", "<input value=2>"))
    return ".html", page(article(chance, given) + one * rare(chance, 500, 20_000))


@kind
def page_of_traps(chance, given):
    trap = chance.choice((
        "<script>" * 500, f"<p title=\"{'x' * 900_000}\">", "<!--" + "-" * 90_000, "<style>@import 'http://203.0.113.1/x'</style>",
            "<textarea>",
        "<meta http-equiv=refresh content='0;url=http://203.0.113.1/'><base href='http://203.0.113.1/'>", "<plaintext>",
            "<![CDATA[" * 2_000,
        "<iframe src='file:///etc/passwd'></iframe><object data='file:///etc/passwd'>", "&#xD800;&#x110000;&#0;" * 2_000, "<a" * 40_000,
        f"<{'x' * 200_000}>", "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">", "<template>" * 3_000, "<math>" * 3_000,
    ))  # fmt: skip
    return ".html", page(trap + article(chance, given)) if chance.random() < 0.5 else page(article(chance, given) + trap)


@kind
def page_of_entities(chance, given):
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    outside = '<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://203.0.113.1/">'
    head = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "owl">{levels}{outside}]>'
    body = f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{article(chance, given)}<p>&l11; &x; &y;</p></body></html>"
    return chance.choice((".html", ".xhtml")), (head + body).encode()


@kind
def page_lies_of_its_encoding(chance, given):
    said = chance.choice((
        "utf-7", "idna", "punycode", "zlib", "hex", "rot13", "unicode_escape", "raw_unicode_escape", "undefined", "utf-16", "utf-32",
            "shift_jis",
        "latin-1", "cp037", "x" * 3_000, "\u4e00", "mbcs", "base64", "utf-8-sig", "gb2312",
    ))  # fmt: skip
    body = article(chance, given) + chance.choice(("", "+2AA-+3/8-", "\\ud800", "xn--" * 500))
    return ".html", page(body, f'<meta charset="{said}">')


# ---- packed: DOCX and PDF ----------------------------------------------------------------------------------------------


@kind
def docx_cut(chance, given):
    return ".docx", cut(chance, damage_packed.docx(article(chance, given)))


@kind
def docx_flipped(chance, given):
    return ".docx", flipped(chance, damage_packed.docx(article(chance, given)), chance.choice((1, 5, 200)))


@kind
def docx_of_other_parts(chance, given):
    """A part of the archive is missing, doubled, or something else."""
    whole = zipfile.ZipFile(io.BytesIO(damage_packed.docx(article(chance, given))))
    parts = {name: whole.read(name) for name in whole.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice((b"", b"<x/>", b"\xff\xfe", parts["word/document.xml"], flipped(chance, parts[name]), cut(chance,
        parts[name])))
    if chance.random() < 0.3:
        del parts[name]
    return ".docx", damage_packed.packed(parts)


@kind
def docx_trap(chance, given):
    return ".docx", chance.choice(damage_packed.DOCX_TRAPS)(piece(chance, given, 500))


@kind
def pdf_cut(chance, given):
    return ".pdf", cut(chance, damage_packed.pdf(piece(chance, given[:1], 600)))


@kind
def pdf_flipped(chance, given):
    return ".pdf", flipped(chance, damage_packed.pdf(piece(chance, given[:1], 600)), chance.choice((1, 5, 40, 400)))


@kind
def pdf_shuffled(chance, given):
    return ".pdf", shuffled(chance, damage_packed.pdf(piece(chance, given[:1], 600)))


@kind
def pdf_trap(chance, given):
    return ".pdf", chance.choice(damage_packed.PDF_TRAPS)(piece(chance, given[:1], 300))


@kind
def wrong_ending(chance, given):
    made = chance.choice((damage_packed.pdf("In 2021 it gave 5 trees."), damage_packed.docx("<p>5</p>"), page(article(chance, given)),
        b"{\\rtf1 5 trees}"))
    return chance.choice((".txt", ".md", ".html", ".pdf", ".docx")), made
