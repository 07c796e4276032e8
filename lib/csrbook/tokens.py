"""Cut a text into tokens without moving an offset: "71,38 млн" becomes 71 | , | 38 | млн.

In      the raw text of a document.
Out     Tokens in text order; start and end are half-open code points of that raw text, `text` is the folded form
        (full-width digits, dashes, quotes, case and the Russian yo folded), one code point for one.
Never   drops, adds or reorders a character; knows no language.
Needs   nothing.
"""

import gc
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import accumulate, chain, compress, repeat
from typing import NamedTuple

__all__ = [
    "BLANK", "DIGITS", "FOLD", "HAN", "JOINED", "LINE", "SIGN", "SPACE", "WORD", "Token", "Tokens", "cut_forms", "fold", "is_han",
    "tokenize",
]  # fmt: skip

# What lies between a token and the one before it, in rising strength.
JOINED, SPACE, LINE, BLANK = 0, 1, 2, 3

DIGITS, WORD, HAN, SIGN = "digits", "word", "han", "sign"

ZEROS = (  # of the decimal digits of other scripts (Unicode 15.0, category Nd), each followed by its one to nine
    "660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 1c40 "
    "1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 11730 "
    "118e0 11950 11c50 11d50 11da0 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e950 1fbf0"
)
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
FOLD |= dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63], ord("-"))
FOLD |= dict.fromkeys([0x2018, 0x2019, 0x02BC], ord("'"))
FOLD |= dict.fromkeys([0x00A0, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F, 0x3000, 0x000B, 0x000C], ord(" "))
FOLD |= dict.fromkeys([0x2219, 0x22C5, 0x30FB], 0x00B7)
FOLD |= {int(zero, 16) + digit: ord("0") + digit for zero in ZEROS.split() for digit in range(10)}
FOLD |= {0x0451: 0x0435, 0x0401: 0x0435}  # yo is printed as ye as often as not

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_LETTER = rf"(?:[^\W\d_{_HAN}]|[\u0300-\u036f])"
_ITEM = re.compile(rf"\s+|[0-9]+|[{_HAN}]|{_LETTER}+|\S")
_KIND = re.compile(rf"(?P<digits>[0-9])|(?P<han>[{_HAN}])|(?P<word>{_LETTER})|(?P<sign>\S)|\s")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


class Token(NamedTuple):
    """One token: folded text, half-open offsets, what it is made of, and the gap before it."""

    text: str
    start: int
    end: int
    kind: str  # digits, word, han or sign
    gap: int  # JOINED, SPACE, LINE or BLANK


class Tokens(list):
    """The tokens of a stretch of text, in order, with what they were cut from.

    `folded` is the folded stretch, `offset` where it begins in the document; `texts` and `starts` are those of the tokens.
    """

    __slots__ = ("distinct", "folded", "offset", "starts", "texts")

    def __init__(self, tokens: Iterable[Token], folded: str, offset: int, texts: list[str], starts: list[int]) -> None:
        super().__init__(tokens)
        self.folded, self.offset, self.texts, self.starts, self.distinct = folded, offset, texts, starts, set(texts)

    def at(self, place: int) -> int:
        """Return the index of the token that begins at, or next after, a place of the folded stretch."""
        return bisect_left(self.starts, place + self.offset)

    def where(self, ask: Callable[[str], bool]) -> list[int]:
        """Return the indices of the tokens whose text `ask` says yes to; every text is asked about once."""
        kept = {text for text in self.distinct if ask(text)}
        return [index for index, text in enumerate(self.texts) if text in kept]


class _Memo(dict):
    """What a function says of an item, asked once an item."""

    def __init__(self, ask: Callable[[str], object]) -> None:
        self.ask = ask

    def __missing__(self, item: str) -> object:
        told = self[item] = self.ask(item)
        return told


def _kind(item: str) -> str | None:
    return _KIND.match(item).lastgroup


def _gap(item: str) -> int:
    """Return the gap that an item leaves between its neighbours: none but for white space."""
    if not item[0].isspace():
        return JOINED
    return SPACE if "\n" not in item else BLANK if _PARAGRAPH.search(item) else LINE


def is_han(char: str) -> bool:
    """Return whether one character is a Chinese one, which is a token of its own."""
    return _KIND.match(char).lastgroup == HAN


def fold(text: str, table: Mapping[int, object] = FOLD) -> str:
    """Return `text` folded for comparison, code point for code point, so that offsets stay.

    Examples
    --------
    >>> fold("\uff13\uff05 Of\u00a0ALL")
    '3% of all'
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals have two-letter small forms
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(table)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the search for cyclic garbage while many small records are made that cannot be any: it doubles their cost."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def tokenize(text: str, *, table: Mapping[int, object] = FOLD, offset: int = 0) -> Tokens:
    """Return the tokens of `text`, in order; white space is told by each token's `gap`.

    Parameters
    ----------
    table : mapping
        How single characters are folded, as str.translate takes it.
    offset : int
        Where the text begins in its document; added to every start and end.
    """
    folded = fold(text, table)
    items = _ITEM.findall(folded)
    kinds = list(map(_Memo(_kind).__getitem__, items))
    ends = list(accumulate(map(len, items), initial=offset))
    gaps = chain([JOINED], map(_Memo(_gap).__getitem__, items))
    rows = compress(zip(items, ends, ends[1:], kinds, gaps, strict=False), kinds)
    with _no_collection():
        made = map(tuple.__new__, repeat(Token), rows)  # quicker than a call of Token each
        return Tokens(made, folded, offset, list(compress(items, kinds)), list(compress(ends, kinds)))


def cut_forms(forms: Iterable[str]) -> list[list[str]]:
    """Return the texts of the tokens of each form; all forms are folded and cut at once, which is far quicker than one by one.

    Examples
    --------
    >>> cut_forms(["3% Of", "ALL"])
    [['3', '%', 'of'], ['all']]
    """
    out: list[list[str]] = []
    opens = True
    for item in _ITEM.findall(fold("\n\n".join(forms))):
        if item.isspace():
            opens = opens or _gap(item) == BLANK
            continue
        if opens:
            out.append([])
            opens = False
        out[-1].append(item)
    return out
