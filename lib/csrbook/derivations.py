"""Tell how a text is read, step by step: tokens, lexicon entries with file and line, rule, reading, interval.

In      a short text, its language, the Lexicons.
Out     lines to print: for every numeral its derivation, or the reason why it was set aside.
Never   reads by other rules than a document is read by: it runs them on a lexicon that notes what is found in it.
Needs   lexicon, mentions, numerals, tokens.  Used by cli.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from decimal import Decimal
from importlib.resources import files
from typing import Any

from csrbook.lexicon import Entry, Lexicon, Lexicons, Trie
from csrbook.mentions import Mention, Skipped, find_mentions
from csrbook.numerals import Numerals
from csrbook.tokens import Token

__all__ = ["explain", "line_of"]

TELLS = {  # what an entry of a section says, by key; the other sections only rule readings out
    "numeral": "value", "magnitude": "value", "vague": "value", "plus": "value", "fraction": "percent", "amount": "unit",
    "range": "", "qualifier": "qualifier", "unit": "unit", "measure": "unit", "noun": "unit", "ordinal": "", "lookalike": "reason",
}  # fmt: skip
NAMED = ("unit", "noun", "measure", "amount")  # sections that name what is measured
HEDGES = 24  # code points before or after a mention in which its hedge may stand


@dataclass(frozen=True, slots=True)
class _Find:
    """An entry found in the text, at code points [start, end)."""

    start: int
    end: int
    entry: Entry


class _NotingTrie(Trie):
    """A trie that notes what is found in it."""

    def __init__(self, trie: Trie, found: list[_Find]) -> None:
        self.root, self.backward, self.found = trie.root, trie.backward, found

    def all(self, tokens: Sequence[Token], at: int) -> list[tuple[list[Any], int]]:
        every = super().all(tokens, at)
        for entries, end in every:
            first, last = (end, at + 1) if self.backward else (at, end)
            self.found += [_Find(tokens[first].start, tokens[last - 1].end, entry) for entry in entries]
        return every

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[Any, int] | None:
        every = self.all(tokens, at) if 0 <= at < len(tokens) else None
        return (every[-1][0][0], every[-1][1]) if every else None


@dataclass(frozen=True, eq=False)
class _NotingLexicon(Lexicon):
    """A lexicon whose tries note what is found in them."""

    found: list[_Find] = field(default_factory=list)

    def trie(self, section: str, *, place: str | None = None, forms: str = "forms", backward: bool = False) -> Trie:
        return _NotingTrie(super().trie(section, place=place, forms=forms, backward=backward), self.found)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text without a file."""

    doc: str
    text: str
    language: str
    furniture: tuple = ()


def explain(text: str, lexicons: Lexicons, *, language: str) -> list[str]:
    """Return how every numeral of `text` is read, as lines to print, in text order.

    Examples
    --------
    >>> from csrbook.lexicon import load_lexicons
    >>> for line in explain("over 5 tonnes", load_lexicons(), language="en"):
    ...     print(line.split("lexicons")[0].rstrip())
    '5 tonnes' at 5 to 13
      tokens     5 | tonnes
      qualifier  over = over
      unit       tonnes = t
      rule       digits
      reading    5 t, over
      interval   [5, open)
    """
    lexicon = lexicons[language]
    noting = _NotingLexicon(language, lexicon.where, lexicon.traits, lexicon.entries)
    noted = Lexicons({**lexicons.languages, language: noting}, lexicons.tables, lexicons.units, lexicons.digest)
    mentions, skipped = find_mentions(_Plain("text", text, language), noted)
    rows = sorted((*mentions, *skipped), key=lambda row: row.start)
    return [line for row in rows for line in _derivation(row, text, noting)]


def _derivation(row: Mention | Skipped, text: str, lexicon: _NotingLexicon) -> Iterator[str]:
    yield f"{row.text!r} at {row.start} to {row.end}"
    yield _line("tokens", " | ".join(text[t.start : t.end] for t in lexicon.tokens(row.text, offset=row.start)))
    for find in _finds(row, lexicon.found):
        told = TELLS[find.entry.section]
        said = f" = {find.entry.get(told)}" if told and find.entry.get(told) else ""
        yield _line(find.entry.section, f"{text[find.start : find.end]}{said}  {line_of(find.entry)}")
    if isinstance(row, Skipped):
        yield _line("set aside", f"{row.reason} [{row.rule}]")
        return
    yield from _joined(row, lexicon)
    yield _line("rule", row.rule)
    most = "" if row.value_max is None else f" to {_plain(row.value_max)}"
    yield _line("reading", f"{_plain(row.value)}{most} {row.unit or '(no unit)'}, {row.qualifier}")
    yield _line("interval", _interval(row))
    if row.note:
        yield _line("note", row.note)


def _line(name: str, said: str) -> str:
    return f"  {name:<9}  {said}"


def _plain(value: Decimal) -> str:
    """A number without the zeros that only its arithmetic left behind."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _joined(mention: Mention, lexicon: Lexicon) -> Iterator[str]:
    """The entry of a unit or magnitude that has grown into one word with its number."""
    tokens = lexicon.tokens(mention.text)
    if grown := Numerals(tokens, lexicon).joined(tokens[0].text):
        yield _line(grown[1].section, f"{mention.text} = {grown[0]:f} {grown[1].get('unit', '')}  {line_of(grown[1])}")


def _finds(row: Mention | Skipped, found: Sequence[_Find]) -> list[_Find]:
    """The entries that the reading rests on, in text order: the longest at each place, and those that say what was read."""
    kept: dict[tuple[str, int], _Find] = {}
    for find in found:
        section = find.entry.section
        near = HEDGES if section == "qualifier" else 0
        if section not in TELLS or not (row.start - near <= find.start and find.end <= row.end + near) or not _agrees(find, row):
            continue
        before = kept.get((section, find.start))
        if before is None or find.end > before.end:
            kept[section, find.start] = find
    return sorted(kept.values(), key=lambda find: (find.start, -find.end))


def _agrees(find: _Find, row: Mention | Skipped) -> bool:
    """False for an entry that says something else than what was read."""
    section, entry = find.entry.section, find.entry
    if isinstance(row, Skipped):
        return section not in (*NAMED, "qualifier")
    if section in ("ordinal", "lookalike"):
        return False
    if section == "qualifier":
        return entry.qualifier == row.qualifier
    return section not in NAMED or entry.get("unit") == row.unit


def _interval(mention: Mention) -> str:
    """The interval with brackets: round where the end itself is left out."""
    low, high = ("open" if end is None else _plain(end) for end in (mention.low, mention.high))
    opening = "(" if mention.qualifier == "nearly" or mention.low is None else "["
    rounded = mention.qualifier == "exact" and mention.value_max is None and mention.low != mention.high
    return f"{opening}{low}, {high}{')' if rounded or mention.high is None else ']'}"


def line_of(entry: Entry) -> str:
    """Return file and line of an entry: "lexicons/en.toml:99"."""
    name, _, rest = entry.where.partition(", ")
    return f"{name}:{_lines(name)[entry.section, int(rest.split()[1])]}"


@cache
def _lines(name: str) -> Mapping[tuple[str, int], int]:
    """The line of every entry of a lexicon file, by section and number; one entry stands on one line."""
    out, section, number = {}, "", 0
    text = files("csrbook").joinpath(*name.split("/")).read_text(encoding="utf-8")
    for line, printed in enumerate(text.splitlines(), 1):
        name_of, opens, rest = printed.partition(" = [")
        if opens and name_of.isalpha():
            section, number, printed = name_of, 0, rest
        if printed.lstrip().startswith("{"):
            number += 1
            out[section, number] = line
    return out
