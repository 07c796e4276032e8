"""The ledger: every number printed in a document stands in one row, as part of a mention or set aside by a rule.

    account(document, mentions, skipped, lexicons) -> Ledger(rows, uncovered, twice, silent)

In      a document, its mentions (or claims) and its numerals set aside; the word lists of a Lexicon.
Out     one Row a numeral, the numerals that stand in no row or in two, and lines that tell the sums.
Never   uses the tokens, tries or grammar that found the mentions: it reads the raw text on its own, and so can prove them wrong.
Needs   lexicon.

What a numeral is stands at `numerals`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from csrbook.lexicon import Lexicon, Lexicons

__all__ = ["Ledger", "Numeral", "Row", "account", "numerals", "tell"]

Numeral = tuple[int, int, str]  # start, end, kind: digits or word
MENTION, ASIDE, NO_ROW, TWO_ROWS = "mention", "set aside", "no row", "two rows"
CLASSES = 15  # of what is set aside, told with samples
SAMPLES = 3
CONTEXT = 24  # letters quoted on each side of a sample

LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"  # of a word; accents may be printed apart from their letters
SPACE = r"(?:[^\S\n]++(?:\n[^\S\n]*+)?|\n[^\S\n]*+)"  # inside a form; a blank line ends it
PRINTED = {  # folded letter: all that are printed for it
    "\u0435": "\u0435\u0451",
    "-": "-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d",
    "'": "'\u2018\u2019\u02bc\uff07",
}
FOLD = {ord(sign): letter for letter, signs in PRINTED.items() for sign in signs}
END, GROWN, RUN = "end", "grown", "run"  # what may stand at a node of the tree of forms, beside its letters


# ---- what a numeral is -----------------------------------------------------------------------------------------------


def numerals(text: str, lexicon: Lexicon) -> Iterator[Numeral]:
    """Yield (start, end, kind) for every digit run and number word of a text, in order, none overlapping another.

    `digits`: a run of decimal digits of any script (Unicode Nd), as long as it goes on. Signs that only contain a number
    (circled, raised, Roman, vulgar fractions) are none.

    `word`: what states a number by itself, as listed in the lexicon, whatever it means where it stands:

    - `numeral` (forms) and `magnitude` (forms, and the `vague` ones: tens, hundreds); not a magnitude that must be joined to
      digits or follow money (40k, $5 m): the letter alone means nothing, and the digits are in the ledger;
    - `fraction` that stands for `itself` (half, a third); not one that needs a number before it (quarters), for the same reason;
    - `amount` (doubled);
    - a number and what it counts, grown together to a word, both halves listed as `joined` (tenfold).

    No number words, because they give a number only beside one, which is in the ledger: `vague` (several, odd), `plus` (and a
    half), `ordinal` (th), names of months. Words for an order (first) state no quantity and are not listed.

    Where words are parted by spaces a form counts as a whole word only, the longest first, any white space between its parts.
    Elsewhere all signs of `numeral` and `magnitude` that follow each other are one numeral, and a form of other signs that
    begins at the same place goes before. Capitals, yo, dashes and the `variants` of the language make no difference.
    """
    words, grown = lexicon.once(("ledger",), lambda: _compile(lexicon))
    low = text.lower()
    if len(low) != len(text):  # a few capitals have two-letter small forms
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    digits = ((*match.span(), "digits") for match in re.finditer(r"[\d]\d*", low))
    found = ((*match.span(), "word") for match in words.finditer(low) if not match.lastindex or _plain(match[0]) in grown)
    return merge(digits, found)


def _compile(lexicon: Lexicon) -> tuple[re.Pattern[str], frozenset[str]]:
    """Return the pattern of number words, and every word grown of a number and what it counts.

    The pattern opens with a plain letter in each branch, so that the search leaps from one possible beginning to the next.
    """
    spaced, printed = lexicon.traits["word_spacing"], dict(PRINTED)
    for other, letter in lexicon.traits["variants"]:
        printed[letter] = printed.get(letter, letter) + other
    counting, other, stems, tails = _forms(lexicon)
    tree: dict[str, Any] = {}
    if spaced:
        run = LETTER + "{2,}+"
        for form in stems:
            _plant(tree, form, GROWN)
    else:
        signs = {sign for form in counting for letter in form for sign in printed.get(letter, letter)}
        run = f"[{re.escape(''.join(sorted(signs)))}]*+"
        for sign in signs:
            _plant(tree, sign, RUN)
    for form in counting + other:
        if spaced or not signs.issuperset(form):
            _plant(tree, form, END)
    branches = (
        re.escape(sign) + (f"(?<!{LETTER}.)" if spaced else "") + _pattern(node, printed, run, spaced)
        for letter, node in tree.items()
        for sign in printed.get(letter, letter)
    )
    return re.compile("|".join(branches) or "(?!)", re.DOTALL), frozenset(stem + tail for stem in stems for tail in tails)


def _forms(lexicon: Lexicon) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return the forms of numbers, of other number words, and both halves of those grown together; see `numerals`."""
    entries = lexicon.entries
    magnitudes = [e for e in entries["magnitude"] if e.get("needs", "number") == "number"]
    fractions = [e for e in entries["fraction"] if e.get("place", "itself") == "itself"]
    parts = (
        [(entries["numeral"], "forms"), (magnitudes, "forms"), (magnitudes, "vague")],
        [(fractions, "forms"), (entries["amount"], "forms")],
        [(entries["numeral"], "joined")],
        [(entries["unit"], "joined"), (entries["magnitude"], "joined")],
    )
    return tuple(sorted({_plain(form) for rows, key in part for e in rows for form in e.get(key, ())}) for part in parts)


def _plain(text: str) -> str:
    return text.lower().translate(FOLD).rstrip(".")  # the stop of an abbreviation is none of its letters


def _plant(tree: dict[str, Any], form: str, mark: str) -> None:
    for letter in form:
        tree = tree.setdefault(letter, {})
    tree[mark] = None


def _pattern(node: Mapping[str, Any], printed: Mapping[str, str], run: str, spaced: bool) -> str:
    """Return what may follow, longest first: more letters, the end of a form, the rest of a word or of a run."""
    ways = []
    for letter, below in node.items():
        if len(letter) == 1:
            opening = SPACE if letter == " " else f"[{re.escape(printed[letter])}]" if letter in printed else re.escape(letter)
            ways.append(opening + _pattern(below, printed, run, spaced))
    ways += [run] if RUN in node else []
    ways += [f"(?!{LETTER})" if spaced else ""] if END in node else []
    ways += [f"({run})"] if GROWN in node else []
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


# ---- where every numeral went ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One numeral and where it went.

    `outcome` is "mention", "set aside", "no row" or "two rows"; `by` the span of the mention ("120-131") or the rule that set the
    numeral aside, `reason` that of the rule.
    """

    doc: str
    start: int
    end: int
    text: str
    kind: str
    outcome: str
    reason: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """All numerals of a document: in `rows` those in exactly one mention or rule, in `uncovered` and `twice` the faults.

    `silent` are mentions and rows set aside that hold no numeral at all; they are no fault of the sums, but a person should know.
    """

    doc: str
    text: str = field(repr=False)
    rows: tuple[Row, ...]
    uncovered: tuple[Row, ...]
    twice: tuple[Row, ...]
    silent: tuple[Row, ...]

    @property
    def adds_up(self) -> bool:
        """True when every numeral stands in exactly one row."""
        return not self.uncovered and not self.twice

    @property
    def every(self) -> list[Row]:
        """Every numeral of the document by place, the faults among them."""
        return sorted((*self.rows, *self.uncovered, *self.twice), key=attrgetter("start", "end"))

    def quote(self, row: Row) -> str:
        """Return a row's text in square brackets, with a little of what stands around it, on one line."""
        before, after = self.text[max(0, row.start - CONTEXT) : row.start], self.text[row.end : row.end + CONTEXT]
        told = f"{before}[{self.text[row.start : row.end]}]{after}"
        return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())


def account(document, mentions: Iterable, skipped: Iterable, lexicons: Lexicons) -> Ledger:
    """Return where every numeral of a document (`doc`, `text`, `language`) went.

    Parameters
    ----------
    mentions, skipped
        What find_mentions returned, or its claims; whatever has `start` and `end`, the skipped also `reason` and `rule`.

    Raises
    ------
    KeyError
        The document's language has no lexicon.

    Notes
    -----
    A numeral is in a row when a mention or a rule covers all of it. One of several words (a third) may be divided, if every word has
    a row; one of several signs in a language without spaces may be divided anywhere. Each part then counts as a numeral. Digits and
    single words may not be divided.
    """
    lexicon, text = lexicons[document.language], document.text
    spans, shared = _disjoint([*(_span(m, MENTION) for m in mentions), *(_span(s, ASIDE) for s in skipped)])
    out: dict[str, list[Row]] = {MENTION: [], ASIDE: [], NO_ROW: [], TWO_ROWS: []}
    used = set()
    for (start, end, kind), by in _place(numerals(text, lexicon), spans, shared, text, spaced=lexicon.traits["word_spacing"]):
        used.add(by)
        out[by.outcome].append(Row(document.doc, start, end, text[start:end], kind, by.outcome, by.reason, by.by))
    silent = (Row(document.doc, s.start, s.end, text[s.start : s.end], "none", s.outcome, s.reason, s.by) for s in spans if s not in used)
    rows = sorted(out[MENTION] + out[ASIDE], key=attrgetter("start"))
    return Ledger(document.doc, text, tuple(rows), tuple(out[NO_ROW]), tuple(out[TWO_ROWS]), tuple(silent))


class _Span(NamedTuple):
    """A stretch of text that a mention or a rule claims."""

    start: int
    end: int
    outcome: str
    reason: str | None = None
    by: str | None = None


def _span(found: Any, outcome: str) -> _Span:
    if outcome == ASIDE:
        return _Span(found.start, found.end, ASIDE, found.reason, found.rule)
    return _Span(found.start, found.end, MENTION, None, f"{found.start}-{found.end}")


def _disjoint(spans: Iterable[_Span]) -> tuple[list[_Span], list[_Span]]:
    """Return the spans by place with what they share cut from the later one, and the stretches that two of them claim."""
    kept: list[_Span] = []
    shared: list[_Span] = []
    for span in sorted(spans, key=attrgetter("start", "end")):
        if kept and span.start < kept[-1].end:
            last = kept[-1]
            both = f"{last.reason or last.outcome} {last.by}, {span.reason or span.outcome} {span.by}"
            shared.append(_Span(span.start, min(span.end, last.end), TWO_ROWS, None, both))
            span = span._replace(start=last.end)
        if span.start < span.end:
            kept.append(span)
    return kept, shared


def _place(
    found: Iterable[Numeral], spans: Sequence[_Span], shared: Sequence[_Span], text: str, *, spaced: bool
) -> Iterator[tuple[Numeral, _Span]]:
    """Yield each numeral, or each of its parts, with the span that it stands in; two spans, or none, are told by the outcome."""
    found = list(found)
    doubled = {numeral: meets[0] for numeral, meets in _meet(found, shared) if meets}
    for numeral, meets in _meet(found, spans):
        if numeral in doubled:
            yield numeral, doubled[numeral]
        elif _holds(meets, numeral):
            yield numeral, meets[0]
        else:
            parts = list(_meet(_parts(numeral, meets, text, spaced=spaced), meets))
            if spaced and not all(_holds(touched, part) for part, touched in parts):
                yield numeral, _fault(meets, hole=not all(touched for _, touched in parts))
                continue
            for part, touched in parts:
                yield part, touched[0] if _holds(touched, part) else _fault(touched)


def _holds(meets: Sequence[_Span], numeral: Numeral) -> bool:
    return len(meets) == 1 and meets[0].start <= numeral[0] and meets[0].end >= numeral[1]


def _fault(touched: Sequence[_Span], *, hole: bool = False) -> _Span:
    by = ", ".join(f"{span.reason or span.outcome} {span.by}" for span in touched)
    return _Span(0, 0, TWO_ROWS if len(touched) > 1 and not hole else NO_ROW, None, by or None)


def _meet(found: Iterable[Numeral], spans: Sequence[_Span]) -> Iterator[tuple[Numeral, list[_Span]]]:
    """Yield each numeral with the spans that it meets; both go by place, so one walk does."""
    first = 0
    for numeral in found:
        while first < len(spans) and spans[first].end <= numeral[0]:
            first += 1
        last = first
        while last < len(spans) and spans[last].start < numeral[1]:
            last += 1
        yield numeral, list(spans[first:last])


def _parts(numeral: Numeral, meets: Sequence[_Span], text: str, *, spaced: bool) -> list[Numeral]:
    """Return what a numeral may be divided into: its words, or in a language without spaces the signs between two borders."""
    start, end, kind = numeral
    if kind == "digits":
        return [numeral]
    if spaced:
        return [(*match.span(), kind) for match in re.compile(LETTER + "+").finditer(text, start, end)] or [numeral]
    cuts = sorted({start, end, *(cut for span in meets for cut in span[:2] if start < cut < end)})
    return [(one, other, kind) for one, other in pairwise(cuts)]


# ---- what a person is told -------------------------------------------------------------------------------------------


def tell(ledgers: Sequence[Ledger]) -> Iterator[str]:
    """Yield lines: the sums of every document and of all, the largest classes set aside with samples, and every place at fault."""
    for ledger in ledgers:
        yield f"{ledger.doc}: {_sum([ledger])}"
    yield f"all {len(ledgers)} documents: {_sum(ledgers)}"
    yield ""
    classes: dict[tuple[str, str], list[tuple[Ledger, Row]]] = defaultdict(list)
    for ledger in ledgers:
        for row in ledger.rows:
            if row.outcome == ASIDE:
                classes[row.reason, row.by].append((ledger, row))
    largest = sorted(classes.items(), key=lambda item: (-len(item[1]), item[0]))
    yield f"set aside, by reason and rule ({len(largest)} classes)"
    for (reason, rule), members in largest[:CLASSES]:
        yield f"  {len(members)} {reason} by {rule}"
        first = {row.text.lower(): (ledger, row) for ledger, row in reversed(members)}  # samples that differ tell more
        for ledger, row in sorted(first.values(), key=lambda pair: (pair[1].doc, pair[1].start))[:SAMPLES]:
            yield f"      {ledger.doc} {row.start}: {ledger.quote(row)}"
    if rest := largest[CLASSES:]:
        yield f"  {sum(len(members) for _, members in rest)} in {len(rest)} smaller classes"
    for ledger in ledgers:
        for row in sorted(ledger.uncovered + ledger.twice, key=attrgetter("start")):
            yield f"{ledger.doc} {row.start}-{row.end}: {row.kind} in {row.outcome}{f' ({row.by})' if row.by else ''}: {ledger.quote(row)}"


def _sum(ledgers: Sequence[Ledger]) -> str:
    """Say how the numerals of some ledgers add up: 12 numerals = 7 extracted + 4 set aside (date 3, name 1) + 1 in no row."""
    outcomes = Counter(row.outcome for ledger in ledgers for row in ledger.every)
    reasons = Counter(row.reason for ledger in ledgers for row in ledger.rows if row.outcome == ASIDE)
    why = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
    told = f"{outcomes.total()} numerals = {outcomes[MENTION]} extracted + {outcomes[ASIDE]} set aside{f' ({why})' if why else ''}"
    return told + "".join(f" + {outcomes[fault]} in {fault}" for fault in (NO_ROW, TWO_ROWS) if outcomes[fault])
