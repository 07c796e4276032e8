"""Load, check and freeze the data of the languages: forms, values, codes and traits.

In      the files of lexicons/ (see lexicons/README.md there for every key).
Out     Lexicons: one Lexicon a language, with its entries in tries of tokens, and the shared tables.
Never   holds a word of a language or picks between two readings.
Needs   errors, tokens.
"""

import csv
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import isfinite
from pathlib import Path
from typing import Any
from unicodedata import normalize

from csrbook.errors import LexiconError
from csrbook.tokens import BLANK, FOLD, Token, Tokens, cut_forms, fold, tokenize

__all__ = ["Entry", "Lexicon", "Lexicons", "Trie", "load_lexicons", "read_lexicons"]

FORMAT = 1
UNITS = "units.toml"
AMOUNTS = ".csv"  # tables of numbers
MIXED = re.compile("[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]")  # two scripts in one word: one of them was mistyped
CODE = 2  # letters of a language code
NOUNS = ".nouns.toml"  # the nouns of a language in a file of their own
PLACES = {"before", "after", "both", "between", "joiner", "within", "itself", "number", "unit", "tail", "change", "share", "parts"}
QUALIFIERS = {"exact", "about", "over", "nearly", "upto"}
Schema = Mapping[str, type]
SECTIONS: dict[str, Schema] = {
    "numeral": {"value": str, "forms": list, "multiplies": bool, "joined": list, "sample": str},
    "magnitude": {"value": str, "forms": list, "joined": list, "vague": list, "needs": str, "sample": str},
    "vague": {"value": str, "forms": list, "place": str, "sample": str},
    "plus": {"value": str, "forms": list, "place": str, "sample": str},
    "fraction": {"percent": str, "forms": list, "place": str, "sample": str},
    "amount": {"value": str, "unit": str, "forms": list, "sample": str},
    "range": {"forms": list, "place": str, "needs": str, "sample": str},
    "ordinal": {"forms": list, "place": str, "needs": str, "sample": str},
    "qualifier": {
        "qualifier": str, "forms": list, "place": str, "opens": bool, "level": bool, "measured": bool, "spans": bool, "sample": str,
    },
    "unit": {
        "unit": str, "value": str, "forms": list, "place": str, "joined": list,
        "cased": bool, "tenths": bool, "also": list, "usual": bool, "needs": str, "note": str, "of": str, "sample": str,
    },
    "measure": {"unit": str, "forms": list, "counts": str, "sample": str},
    "noun": {"unit": str, "forms": list, "weak": bool, "sample": str},
    "stop": {"forms": list, "part": str, "sample": str},
    "abbreviation": {"forms": list, "sample": str},
    "date": {"patterns": list, "gives": str, "sample": str},
    "month": {"value": str, "forms": list, "sample": str},
    "lookalike": {"forms": list, "reason": str, "place": str, "cased": bool, "sample": str},
}  # fmt: skip
TRAITS: Schema = {
    "word_spacing": bool, "decimal_mark": list, "grouping_marks": list, "point": list, "parts_of": str, "modifier_mark": str,
    "magnitude_alone": bool, "currency_default": str, "lemmatiser": str, "noun_head": str,
    "plural_endings": list, "no_noun_endings": list, "and": list, "of": list, "article": list, "list_marks": list, "inside_noun": list,
    "line_is_paragraph": bool, "clause_end": list, "sentence_end": list, "closing_marks": list, "variants": list,
}  # fmt: skip
KNOWN_UNITS = {"unit", "amount"}  # sections whose `unit` must stand in units.toml; a noun may be any English word


@dataclass(frozen=True, slots=True)
class Entry:
    """One lexicon entry as written in its file: section, keys, and where it stands."""

    section: str
    where: str
    keys: Mapping[str, Any] = field(hash=False)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.keys[name]
        except KeyError:
            raise AttributeError(name) from None

    def get(self, name: str, default: Any = None) -> Any:
        """Return a key of the entry, or `default` where it is left out."""
        return self.keys.get(name, default)

    @property
    def number(self) -> Decimal:
        """The entry's `value` as an exact number."""
        return Decimal(self.keys["value"])


class Trie:
    """Forms as sequences of tokens; finds the longest that begins, or ends, at a token."""

    def __init__(self, pairs: Iterable[tuple[str, Any]], *, backward: bool = False) -> None:
        self.root: dict[str, Any] = {}
        self.backward = backward
        pairs = list(pairs)
        for words, (_, found) in zip(cut_forms(form for form, _ in pairs), pairs, strict=True):
            node = self.root
            for word in reversed(words) if backward else words:
                node = node.setdefault(word, {})
            node.setdefault("", []).append(found)

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[Any, int] | None:
        """Return (what the longest form at `at` stands for, index after it), or None.

        Backward tries read towards the beginning: `at` is the last token of the form, and the index returned is that
        of its first token. A blank line ends every form.
        """
        size = len(tokens)
        if not 0 <= at < size or (node := self.root.get(tokens[at].text)) is None:
            return None  # nine times of ten
        found, index = None, at
        step, after = (-1, 0) if self.backward else (1, 1)
        while node is not None:
            if "" in node:
                found = node[""][0], index + after
            index += step
            if not 0 <= index < size or tokens[index + 1 - after].gap == BLANK:
                break
            node = node.get(tokens[index].text)
        return found

    def all(self, tokens: Sequence[Token], at: int) -> list[tuple[list[Any], int]]:
        """Return every form at `at`, shortest first, as (what it stands for, index as in `longest`)."""
        node, found, index, step = self.root, [], at, -1 if self.backward else 1
        while 0 <= index < len(tokens):
            token = tokens[index]
            if index != at:
                gap = tokens[index + 1].gap if self.backward else token.gap
                if gap == BLANK:
                    break
            node = node.get(token.text)
            if node is None:
                break
            index += step
            if "" in node:
                found.append((node[""], index if not self.backward else index + 1))
        return found


@dataclass(frozen=True, eq=False)
class Lexicon:
    """One language: traits, entries by section, and what is made from them on first use."""

    language: str
    where: str
    traits: Mapping[str, Any]
    entries: Mapping[str, tuple[Entry, ...]]
    _made: dict[tuple, Any] = field(default_factory=dict, repr=False)

    def once(self, key: tuple, make: Callable[[], Any]) -> Any:
        """Return what `make` gives, made once for this lexicon and kept under `key`."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def tokens(self, text: str, *, offset: int = 0) -> Tokens:
        """Return the tokens of a text in this language, characters that are variants of one another made one."""
        variants = self.traits["variants"]
        table = self.once(("fold",), lambda: FOLD | {ord(one): other for one, other in variants})
        return tokenize(text, table=table, offset=offset)

    def trie(self, section: str, *, place: str | None = None, forms: str = "forms", backward: bool = False) -> Trie:
        """Return the trie of one section; `place` keeps the entries that stand there (or in both places)."""
        key = section, place, forms, backward
        if key not in self._made:
            kept = [e for e in self.entries[section] if place is None or e.get("place", place) in (place, "both")]
            self._made[key] = Trie(((form, e) for e in kept for form in e.get(forms, ())), backward=backward)
        return self._made[key]

    def stops_before(self, *parts: str) -> Trie:
        """Return the stop words that play one of some parts, read backward from what they stand before."""
        kept = (entry for entry in self.entries["stop"] if entry.get("part") in parts)
        return self.once(("stops before", *parts), lambda: Trie(((f, e) for e in kept for f in e.forms), backward=True))

    def words_by(self, section: str, key: str) -> dict[str, Entry]:
        """Return the one-word forms under `key` of a section, folded, each with its entry."""
        rows = self.entries[section]
        return self.once(("words_by", section, key), lambda: {fold(form): e for e in rows for form in e.get(key, ())})

    def words(self, section: str, **traits: str) -> frozenset[str]:
        """Return the folded one-token forms of a section, as a set."""
        key = ("words", section, *traits.items())
        if key not in self._made:
            kept = [e for e in self.entries[section] if all(e.get(k) == v for k, v in traits.items())]
            self._made[key] = frozenset("".join(t.text for t in tokenize(form)) for e in kept for form in e.forms)
        return self._made[key]


@dataclass(frozen=True)
class Lexicons(Mapping):
    """Every language by its code, the shared tables, and the digest of the files they came from."""

    languages: Mapping[str, Lexicon]
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]
    units: Mapping[str, Mapping[str, Any]]
    digest: str

    def __getitem__(self, language: str) -> Lexicon:
        return self.languages[language]

    def __contains__(self, language: object) -> bool:
        return language in self.languages  # without reading it

    def __iter__(self) -> Iterator[str]:
        return iter(self.languages)

    def __len__(self) -> int:
        return len(self.languages)

    def check(self) -> None:
        """Read and check every language and table.

        Raises
        ------
        LexiconError
            A file that cannot be read, or breaks a rule of lexicons/README.md.
        """
        for part in (self.languages, self.tables):
            for key in part:
                part[key]

    def kind(self, unit: str | None) -> str:
        """Return money, percent, multiple, physical or duration for a unit code, count for everything else."""
        return self.units[unit]["kind"] if unit in self.units else "count"


# ---- reading and checking the files ----------------------------------------------------------------------------------


def _language(name: str, data: Mapping[str, Mapping[str, Any]], units: Mapping[str, Any]) -> dict[str, tuple[Entry, ...]]:
    """Return the entries of a language file, with those of its nouns where they have a file of their own."""
    entries = _entries(f"lexicons/{name}", data[name], units)
    nouns = name.removesuffix(".toml") + NOUNS
    if nouns in data:
        entries["noun"] = _section("noun", f"lexicons/{nouns}", data[nouns], units)
    return entries


def _entries(where: str, data: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, tuple[Entry, ...]]:
    if unknown := sorted(set(data) - set(SECTIONS) - {"format", "language", "traits"}):
        raise LexiconError(where, f"unknown section {unknown}", f"sections are {', '.join(SECTIONS)}", "rename or delete it")
    _check_traits(where, data.get("traits", {}), units)
    return {section: _section(section, where, data, units) for section in SECTIONS}


def _section(section: str, where: str, data: Mapping[str, Any], units: Mapping[str, Any]) -> tuple[Entry, ...]:
    rows, owners = [], {}
    for number, keys in enumerate(data.get(section, ()), 1):
        forms = keys.get("forms", keys.get("patterns", []))
        entry = Entry(section, f"{where}, {section} {number} {forms[:1]}", keys)
        _check_keys(entry, SECTIONS[section])
        _check_values(entry, units)
        _check_forms(entry, owners)
        rows.append(entry)
    return tuple(rows)


def _check_traits(where: str, traits: Mapping[str, Any], units: Mapping[str, Any]) -> None:
    if wrong := sorted(set(traits) ^ set(TRAITS)):
        raise LexiconError(where, f"traits missing or unknown: {wrong}", f"traits are {', '.join(TRAITS)}", "set or delete them")
    for name, kind in TRAITS.items():
        if not isinstance(traits[name], kind):
            raise LexiconError(where, f"trait {name} is {traits[name]!r}", f"expected {kind.__name__}", "correct its type")
    if units.get(traits["currency_default"], {}).get("kind") != "money":
        raise LexiconError(where, f"currency_default is {traits['currency_default']!r}", "a money unit of units.toml", "correct it")


def _check_keys(entry: Entry, schema: Schema) -> None:
    for key, value in entry.keys.items():
        if key not in schema:
            raise LexiconError(entry.where, f"unknown key {key!r}", f"keys are {', '.join(schema)}", "rename or delete it")
        if not isinstance(value, schema[key]):
            raise LexiconError(entry.where, f"{key} is {value!r}", f"expected {schema[key].__name__}", "correct its type")
    for key in ("patterns" if entry.section == "date" else "forms", "sample"):
        if key not in entry.keys:
            raise LexiconError(entry.where, f"no {key}", "every entry has forms and a sample", f"add {key}")


def _check_values(entry: Entry, units: Mapping[str, Any]) -> None:
    for key in ("value", "percent"):
        try:
            Decimal(entry.get(key, "0"))
        except InvalidOperation:
            raise LexiconError(entry.where, f"{key} {entry.get(key)!r} is no number", "digits as a string", "correct it") from None
    if entry.section in KNOWN_UNITS and entry.unit not in units:
        raise LexiconError(entry.where, f"unknown unit {entry.unit!r}", "a unit of units.toml", "correct it or add it there")
    for key, known in (("place", PLACES), ("qualifier", QUALIFIERS)):
        if entry.get(key, min(known)) not in known:
            raise LexiconError(entry.where, f"{key} is {entry.get(key)!r}", f"one of {', '.join(sorted(known))}", "correct it")


def _check_forms(entry: Entry, owners: dict[tuple, Entry]) -> None:
    """Reject a form that is empty, printed twice, of two scripts in one word, or claimed by two entries alike."""
    for name in ("forms", "patterns", "joined", "vague"):
        forms = entry.get(name, [])
        if any(not isinstance(form, str) or not form.strip() for form in forms) or len(set(forms)) != len(forms):
            raise LexiconError(entry.where, f"{name} holds an empty or repeated form", "every form once", "delete it")
        for form in forms:
            if normalize("NFC", form) != form:
                raise LexiconError(entry.where, f"form {form!r} is not in NFC", "composed letters", "normalise it")
            if MIXED.search(form.lower()):
                raise LexiconError(entry.where, f"form {form!r} mixes Latin and Cyrillic letters", "one script a word", "retype it")
            key = name, form if entry.get("cased") else fold(form), entry.get("place"), entry.get("needs"), entry.get("part")
            if (other := owners.setdefault(key, entry)) is not entry:
                raise LexiconError(entry.where, f"form {form!r} also belongs to {other.where}", "one entry a form", "delete it from one")


def _read(name: str, content: bytes) -> dict[str, Any]:
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"lexicons/{name}", str(error), "a TOML file in UTF-8", "correct the line") from error
    if data.get("format") != FORMAT:
        raise LexiconError(f"lexicons/{name}", f"format is {data.get('format')!r}", f"expected {FORMAT}", "update the file")
    return data


def _read_amounts(name: str, content: bytes) -> dict[str, tuple[float, ...]]:
    """Return a CSV table as {first cell: the numbers of its row}; the head of the table only names them."""
    try:
        head, *rows = csv.reader(content.decode("utf-8").splitlines())
        table = {key: tuple(map(float, cells)) for key, *cells in rows}
    except (ValueError, csv.Error) as error:
        raise LexiconError(f"lexicons/{name}", str(error), "UTF-8, a name and numbers in every row", "correct the line") from error
    if len(table) != len(rows) or any(len(row) != len(head) - 1 or not all(map(isfinite, row)) for row in table.values()):
        said = "a row is too short, too long, there twice or without end"
        raise LexiconError(f"lexicons/{name}", said, f"{len(head)} cells", "correct it")
    return table


class _OnDemand(Mapping):
    """Values made when they are first asked for: a run needs one language and few tables, and reading them all takes long."""

    def __init__(self, makers: Mapping[str, Callable[[], Any]]) -> None:
        self.makers, self.made = makers, {}

    def __getitem__(self, key: str) -> Any:
        if key not in self.made:
            self.made[key] = self.makers[key]()
        return self.made[key]

    def __contains__(self, key: object) -> bool:
        return key in self.makers  # without making it

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


def read_lexicons(folder: Path | Traversable) -> Lexicons:
    """Return every TOML and CSV file of a folder; a language or a table is read and checked when it is first asked for.

    Raises
    ------
    LexiconError
        A file that cannot be read, or breaks a rule of lexicons/README.md; the message names file, entry and key. Raised
        here for units.toml, for the others when they are asked for; `Lexicons.check` asks for all.
    """
    digest, content = hashlib.sha256(), {}
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith((".toml", AMOUNTS)):
            content[path.name] = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + content[path.name])
    if UNITS not in content:
        raise LexiconError(f"lexicons/{UNITS}", "not there", "the shared table of units", "restore it")
    readers = {name: _read_amounts if name.endswith(AMOUNTS) else _read for name in content}
    data = _OnDemand({name: partial(readers[name], name, held) for name, held in content.items()})
    units = {row["unit"]: row for row in data[UNITS]["unit"]}
    stems = {name.rpartition(".")[0]: name for name in data}
    codes = [stem for stem in stems if len(stem) == CODE]
    languages = _OnDemand({code: partial(_lexicon, code, data, units) for code in codes})
    own = {f"{code}{ending}".removesuffix(".toml") for code in codes for ending in (".toml", NOUNS)}
    tables = _OnDemand({stem: partial(data.__getitem__, name) for stem, name in stems.items() if stem not in own})
    return Lexicons(languages, tables, units, digest.hexdigest())


def _lexicon(code: str, data: Mapping[str, Mapping[str, Any]], units: Mapping[str, Any]) -> Lexicon:
    name, told = f"{code}.toml", data[f"{code}.toml"]
    if told.get("language") != code:
        raise LexiconError(f"lexicons/{name}", f"language is {told.get('language')!r}", "the name of its file", "correct one of them")
    return Lexicon(code, f"lexicons/{name}", told.get("traits", {}), _language(name, data, units))


@cache
def load_lexicons() -> Lexicons:
    """Return the lexicons that come with the package; read once a process."""
    return read_lexicons(files("csrbook").joinpath("lexicons"))
