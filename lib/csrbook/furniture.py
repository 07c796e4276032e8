"""Mark what a page prints around and beside its article: "Home > News", "Read also ...", a heading set letter by letter.

In      the text of a document, the language it is in, and the cue words of lexicons/furniture.toml.
Out     Passages: spans with a reason, sorted and disjoint. Furniture holds no mentions; a repeat has been printed before.
Never   changes or deletes text, or marks running text for being short.
Needs   errors.  Used by documents.

The rules speak of lines, blocks (lines between blank lines) and pages (a form feed, or three blank lines):

    related       a line that opens a list of other articles, and the list: short blocks with dates, key words, cut ends
    disclaimer    a block that opens with such a label; copyright, keywords and navigation likewise, by the line
    navigation    a breadcrumb, or a line that is nothing but a button
    stamp         a line that is a date and a clock time, and perhaps a count of views
    keywords      also a line of four or more capitalised words printed as one
    vertical      four or more lines of six letters at most, two and a half on average: a heading set upright
    running_head  the same line at the edge of three pages or more; its page number may grow with the pages
    page_number   numbers alone between blank lines that grow through the text; others in running text or at the edge of a page
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from csrbook.errors import LexiconError

__all__ = ["Cues", "Passage", "Script", "find_furniture", "load_cues", "read_cues"]

WHERE = "lexicons/furniture.toml"
KEYS = {
    "script": {"id", "language", "weight", "ranges", "source", "sample"},
    "stamp": {"id", "language", "year", "month", "day", "source", "sample"},
    "cue": {"id", "language", "reason", "place", "forms", "source", "sample", "counter"},
}
PLACES = ("line", "label", "mark", "path", "opens")
# bullets, brackets, dashes and stops that may stand around a cue, full-width ones among them
EDGE = " \t\u00a0\u3000\u2022\u00b7\u25cf\u25aa\u25a0\u25c6>\u203a\u00bb<\u2039\u00ab|*#-\u2013\u2014:.,;!?\u2026[]()\u3010\u3011"
STEP = re.compile(r"\s*[>\u203a\u00bb|\u2192]+\s*|\s+/\s+")
CLOCK = r"\s*[ T]\s*\d{1,2}:\d{2}(?::\d{2})?"
STAMP = re.compile(rf"(?:\d{{4}}([./-])\d{{1,2}}\1\d{{1,2}}|\d{{1,2}}([./])\d{{1,2}}\2\d{{4}}){CLOCK}(?:\s+\d{{1,7}})?")
CLOSING = r"[\"'\u201d\u2019\u00bb)\uff09\]]*$"
CLOSED = re.compile(r"[.!?;\u3002\uff01\uff1f\uff1b]" + CLOSING)
CUT = re.compile(r"(?:\.{3}|\u2026)" + CLOSING)
LONG = 240              # letters: a teaser is shorter, a paragraph of an article that comes after it is not always


@dataclass(frozen=True, slots=True)
class Passage:
    """A half-open span of the text with the reason it is marked; `first` is where a repeat was first printed."""

    start: int
    end: int
    reason: str
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Letters of one writing system, the language read from them, and what one letter weighs."""

    language: str
    weight: float
    letters: re.Pattern


@dataclass(frozen=True, slots=True)
class Cues:
    """The compiled furniture.toml: scripts in the order of the file, date patterns, and cue reasons by place and form."""

    scripts: tuple[Script, ...]
    dates: tuple[re.Pattern, ...]
    forms: Mapping[str, Mapping[str, str]]

    def reason(self, place: str, line: str) -> str | None:
        """Return why a line is furniture by a cue of this place, or None."""
        return self.forms[place].get(_fold(line))

    def weigh(self, text: str) -> dict[str, float]:
        """Return the weight of the letters of every language in a text, heaviest first."""
        weights = {s.language: s.weight * sum(map(len, s.letters.findall(text))) for s in self.scripts}
        return dict(sorted(weights.items(), key=lambda item: -item[1]))


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    blank: bool       # a blank line, or the beginning of the text, stands before
    page: str         # what begins a page here: "" nothing, "blank" lines, a form "feed"


def load_cues() -> Cues:
    """Return the cues that ship with csrbook; read once a process."""
    return _load()


@cache
def _load() -> Cues:
    return read_cues(tomllib.loads(files("csrbook").joinpath("lexicons", "furniture.toml").read_text("utf-8")))


def read_cues(table: Mapping[str, Any]) -> Cues:
    """Return the cues of a parsed furniture.toml.

    Raises
    ------
    LexiconError
        An unknown section, key or place, a missing sample, an empty form, or one form with two reasons in a place.
    """
    for section in set(table) - {"format"}:
        for row in table[section]:
            known = KEYS.get(section, set())
            where = f'{WHERE}, {section} "{row.get("id", "?")}"'
            if unknown := sorted(set(row) - known):
                raise LexiconError(where, f"unknown key {unknown[0]!r}", f"keys are {', '.join(sorted(known))}", "rename or delete it")
            if missing := sorted(known - set(row) - {"counter"}):
                raise LexiconError(where, f"no {missing[0]}", "", "add it")
    scripts = (Script(row["language"], row["weight"], _letters(row["ranges"])) for row in table.get("script", ()))
    dates = (re.compile(rf"(\d{{4}})\s*{row['year']}\s*(\d{{1,2}})\s*{row['month']}\s*(\d{{1,2}})\s*{row['day']}")
             for row in table.get("stamp", ()))  # fmt: skip
    return Cues(tuple(scripts), tuple(dates), _forms(table.get("cue", ())))


def _letters(ranges: list[list[str]]) -> re.Pattern:
    return re.compile("[" + "".join(f"\\U{first:0>8}-\\U{last:0>8}" for first, last in ranges) + "]+")


def _forms(rows: list[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    forms: dict[str, dict[str, str]] = {place: {} for place in PLACES}
    for row in rows:
        where = f'{WHERE}, cue "{row["id"]}"'
        if row["place"] not in forms:
            raise LexiconError(where, f"place is {row['place']!r}", f"one of {', '.join(PLACES)}", "correct it")
        for form in row["forms"]:
            folded = form.casefold() if row["place"] == "mark" else _fold(form)
            if not folded:
                raise LexiconError(where, f"form {form!r} is empty", "", "delete it")
            if forms[row["place"]].setdefault(folded, row["reason"]) != row["reason"]:
                raise LexiconError(where, f"form {form!r} has two reasons", "one reason in a place", "delete it from one")
    return forms


def _fold(line: str) -> str:
    return " ".join(line.casefold().replace("\uff1a", ":").split()).strip(EDGE)


def find_furniture(text: str, cues: Cues, language: str | None = None) -> tuple[Passage, ...]:
    """Return the furniture of a text: sorted, disjoint, whole lines.

    Parameters
    ----------
    text : str
        A document as read.
    language : str, optional
        What the document is in; a teaser in another script is then a sign of a list of other articles.
    """
    lines = _split(text)
    reasons: dict[int, str] = {}
    for rule in RULES:
        for index, reason in rule(lines, cues, language):
            reasons.setdefault(index, reason)
    found: list[Passage] = []
    last = None
    for index in sorted(reasons):
        line, reason = lines[index], reasons[index]
        if last == index - 1 and found[-1].reason == reason and not line.page:
            found[-1] = Passage(found[-1].start, line.end, reason)
        else:
            found.append(Passage(line.start, line.end, reason))
        last = index
    return tuple(found)


def _split(text: str) -> list[_Line]:
    """Return the lines that are not blank, without the space around them."""
    lines: list[_Line] = []
    blanks, page = 1, ""
    for match in re.finditer(r"([^\n\r\f]*)(\r\n|[\n\r\f]|\Z)", text):
        printed = match[1].strip()
        if printed:
            start = match.start() + match[1].index(printed[0])
            lines.append(_Line(start, start + len(printed), printed, blanks > 0, page or ("blank" if blanks > 2 else "")))
            blanks, page = 0, ""
        else:
            blanks += 1
        if match[2] == "\f":
            page = "feed"
    return lines


# ---- rules: each gives (index of a line, reason); where two mark a line the earlier in RULES is kept -------------------


def _related(lines: list[_Line], cues: Cues, language: str | None) -> Iterator[tuple[int, str]]:
    """A cue marks all that follows it to the foot, if that reads as a list; else what hangs on it within the article."""
    if not any(cues.reason("opens", line.text) for line in lines):
        return
    blocks = list(_blocks(lines, cues))
    signs = [cues.reason("opens", lines[f].text) and "cue" or _sign(lines[f:l], cues, language) for f, l in blocks]
    left = Counter(signs)
    marked = False
    for number, (first, last) in enumerate(blocks):
        cue = cues.reason("opens", lines[first].text)
        if cue and _is_tail(left):
            yield from ((index, cue) for index in range(first, len(lines)))
            return
        hangs = signs[number] == "teaser" or signs[number] == "headline" and not lines[first].blank
        marked = bool(cue) or marked and hangs
        if marked:
            yield from ((index, "related") for index in range(first, last))
        left[signs[number]] -= 1


def _blocks(lines: list[_Line], cues: Cues) -> Iterator[tuple[int, int]]:
    """Lines between blank lines; a cue is a block of its own."""
    first = 0
    for index in range(1, len(lines) + 1):
        opens = cues.reason("opens", lines[index - 1].text)
        if index == len(lines) or lines[index].blank or opens or cues.reason("opens", lines[index].text):
            yield first, index
            first = index


def _sign(block: list[_Line], cues: Cues, language: str | None) -> str:
    """Return how a block reads: "teaser" for sure, a "headline" without a full stop, or a "paragraph"."""
    printed = " ".join(line.text for line in block)
    weights = cues.weigh(printed)
    other, weight = next(iter(weights.items()), (None, 0))
    if CUT.search(printed) or language and weight > 20 and weights.get(language, 0) < weight / 10 and other != language:
        return "teaser" if weight <= 2 * LONG else "paragraph"
    if any(STAMP.fullmatch(line.text) or _label(line, cues) or _button(line, cues) for line in block):
        return "teaser" if weight <= 2 * LONG else "paragraph"
    return "headline" if weight <= LONG / 2 and not CLOSED.search(printed) else "paragraph"


def _is_tail(signs: Counter) -> bool:
    """A list of other articles to the foot of the page: a third sure teasers, or nothing but a few headlines."""
    blocks = signs.total() - signs["cue"]
    return 0 < blocks <= 3 * signs["teaser"] or 0 < blocks <= 12 and not signs["paragraph"]


def _labelled(lines: list[_Line], cues: Cues, language: str | None) -> Iterator[tuple[int, str]]:
    for index, line in enumerate(lines):
        reason = _label(line, cues) or _button(line, cues)
        if reason:
            yield index, reason
        if reason == "disclaimer":
            for below in range(index + 1, len(lines)):
                if lines[below].blank or _button(lines[below], cues) or cues.reason("opens", lines[below].text):
                    break
                yield below, reason


def _label(line: _Line, cues: Cues) -> str | None:
    label, colon, _ = line.text.replace("\uff1a", ":").partition(":")
    if colon and len(label) < 60 and (reason := cues.reason("label", label)):
        return reason
    printed = line.text.casefold()
    return next((reason for form, reason in cues.forms["mark"].items() if printed.startswith(form)), None)


def _button(line: _Line, cues: Cues) -> str | None:
    """A line that is a button, or the steps of a breadcrumb from the front page on."""
    if len(line.text) > 160:
        return None
    if reason := cues.reason("line", line.text):
        return reason
    steps = [step for step in STEP.split(line.text) if step]
    if steps and STEP.search(line.text) and max(map(len, steps)) < 60:
        return cues.reason("path", steps[0]) if not CLOSED.search(line.text) else None
    return None


def _stamps(lines: list[_Line], cues: Cues, language: str | None) -> Iterator[tuple[int, str]]:
    clock = re.compile(CLOCK + r"(?:\s+\d{1,7})?")
    for index, line in enumerate(lines):
        if len(line.text) < 60:
            rest = (line.text[date.end():] for pattern in cues.dates if (date := pattern.match(line.text)))
            if STAMP.fullmatch(line.text) or any(clock.fullmatch(" " + words) for words in rest):
                yield index, "stamp"
        if line.text.isalpha() and sum(a.islower() and b.isupper() for a, b in pairwise(line.text)) >= 3:
            yield index, "keywords"


def _vertical(lines: list[_Line], cues: Cues, language: str | None) -> Iterator[tuple[int, str]]:
    run: list[int] = []
    for index, line in enumerate([*lines, _Line(0, 0, "end of the text", True, "feed")]):
        upright = 0 < _count_letters(line.text) <= 6 and not re.search(r"\d|[.,;:!?\u3002\uff0c\uff1b\uff01\uff1f]$", line.text)
        tail = run and re.fullmatch(r"-\w{1,5}", line.text)        # "-19" under "COVID" set upright
        if (upright or tail) and not (run and line.page):
            run.append(index)
            continue
        # a short word above or below is no part of it
        ends = [place for place, i in enumerate(run) if _count_letters(lines[i].text) <= 3]
        run = run[ends[0] : ends[-1] + 1] if ends else []
        if len(run) >= 4 and sum(_count_letters(lines[i].text) for i in run) <= 2.5 * len(run):
            yield from ((i, "vertical") for i in run)
        run = [index] if upright else []


def _count_letters(line: str) -> float:
    """Letters of a line; a wide one (Chinese) counts two and a half, so that only single ones pass for upright."""
    return sum(2.5 if char > "\u2e80" else 1 for char in line[:12] if char.isalpha())


def _running_heads(lines: list[_Line], cues: Cues, language: str | None) -> Iterator[tuple[int, str]]:
    """Lines that three pages have at their edge; where only blank lines part the pages, lines of capitals at the top."""
    seen: dict[tuple[str, int | None], dict[int, int]] = defaultdict(dict)
    fed = any(line.page == "feed" for line in lines)
    for page, (first, last) in enumerate(_pages(lines)):
        edges = {*range(first, min(first + 2, last)), *range(max(first, last - 2), last)} if fed else set()
        for index in edges | set(range(first, _end_of_capitals(lines, first, last))):
            printed = lines[index].text
            if len(printed) <= 80 and not CLOSED.search(printed) and any(map(str.isalpha, printed)):
                seen[_head(printed, page if fed else None)].setdefault(page, index)
    for indexes in seen.values():
        if len(indexes) >= 3:
            yield from ((index, "running_head") for index in indexes.values())


def _head(printed: str, page: int | None) -> tuple[str, int | None]:
    """What a line prints; a number at either end of it is taken off and counted from the page, as page numbers grow."""
    number = re.match(r"\d{1,4}\b", printed) or re.search(r"\b\d{1,4}$", printed)
    if page is None or not number:
        return _fold(printed), None
    return _fold(printed[: number.start()] + printed[number.end() :]), int(number[0]) - page


def _pages(lines: list[_Line]) -> Iterator[tuple[int, int]]:
    starts = [index for index, line in enumerate(lines) if line.page or index == 0]
    yield from pairwise([*starts, len(lines)])


def _end_of_capitals(lines: list[_Line], first: int, last: int) -> int:
    end = first
    while end < last and lines[end].text.isupper() and len(lines[end].text) <= 80:
        end += 1
    return end


def _page_numbers(lines: list[_Line], cues: Cues, language: str | None) -> Iterator[tuple[int, str]]:
    """Numbers alone between blank lines: four or more that grow through the text; on pages also others, if no caption is near."""
    ends = [line.blank for line in lines[1:]] + [True]
    alone = {i: int(line.text) for i, line in enumerate(lines) if line.blank and ends[i] and re.fullmatch(r"\d{1,3}", line.text)}
    yield from ((index, "page_number") for index in _growing(alone))
    if not any(line.page for line in lines[1:]):
        return
    runs: list[list[int]] = []
    for index in alone:
        joined = runs and index == runs[-1][-1] + 1 and not lines[index].page
        runs[-1].append(index) if joined else runs.append([index])
    for run in runs:
        first, below = run[0], run[-1] + 1
        # a short neighbour may be the caption of a figure set apart; a long column is a table
        top = first == 0 or lines[first].page or len(lines[first - 1].text) >= 25
        foot = below == len(lines) or lines[below].page or len(lines[below].text) >= 25
        if top and foot and len(run) <= 9:
            yield from ((index, "page_number") for index in run if alone[index] < 100)


def _growing(alone: Mapping[int, int]) -> set[int]:
    """Lines whose numbers count pages: each one or two more than the one before it, four or more in a chain."""
    chains: dict[int, tuple[int, int]] = {}      # number: (length of the longest chain that ends with it, line)
    before: dict[int, tuple[int, int]] = {}
    for index, number in alone.items():
        before[index] = max(chains.get(number - 1, (0, -1)), chains.get(number - 2, (0, -1)))
        chains[number] = max(chains.get(number, (0, -1)), (before[index][0] + 1, index))
    kept: set[int] = set()
    for length, index in chains.values():
        while length >= 4 and index >= 0 and index not in kept:
            kept.add(index)
            index = before[index][1]
    return kept


RULES: tuple[Callable[[list[_Line], Cues, str | None], Iterator[tuple[int, str]]], ...] = (
    _related, _labelled, _stamps, _vertical, _running_heads, _page_numbers,
)  # fmt: skip
