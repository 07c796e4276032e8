"""Load, check and freeze the TOML data of the languages: forms, values, codes and traits.

In      the files of lexicons/ (see lexicons/README.md there for every key).
Out     Lexicons: one Lexicon a language, with its entries in tries of tokens, and the shared tables.
Never   holds a word of a language or picks between two readings.
Needs   errors, tokens.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from csrbook.errors import LexiconError
from csrbook.tokens import BLANK, Token, fold, tokenize

__all__ = ["Entry", "Lexicon", "Lexicons", "Trie", "load_lexicons"]

FORMAT = 1
REQUIRED = {"forms"}
SECTIONS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "numeral": {"value": str, "forms": list, "multiplies": bool, "joined": list, "sample": str},
    "magnitude": {"value": str, "forms": list, "vague": list, "needs": str, "sample": str},
    "vague": {"value": str, "forms": list, "place": str, "sample": str},
    "fraction": {"percent": str, "forms": list, "sample": str},
    "unit": {"unit": str, "value": str, "forms": list, "place": str, "joined": list, "sample": str},
    "measure": {"unit": str, "forms": list, "sample": str},
    "noun": {"unit": str, "forms": list, "weak": bool, "sample": str},
    "qualifier": {"qualifier": str, "forms": list, "place": str, "sample": str},
    "range": {"forms": list, "place": str, "sample": str},
    "date": {"patterns": list, "gives": str, "sample": str},
    "month": {"value": str, "forms": list, "sample": str},
    "ordinal": {"forms": list, "place": str, "sample": str},
    "lookalike": {"forms": list, "reason": str, "place": str, "sample": str},
    "stop": {"forms": list, "part": str},
    "abbreviation": {"forms": list},
}


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
        for form, found in pairs:
            words = [token.text for token in tokenize(form)]
            node = self.root
            for word in reversed(words) if backward else words:
                node = node.setdefault(word, {})
            node.setdefault("", []).append(found)

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[Any, int] | None:
        """Return (what the longest form at `at` stands for, index after it), or None.

        Backward tries read towards the beginning: `at` is the last token of the form, and the index returned is that
        of its first token. A blank line ends every form.
        """
        every = self.all(tokens, at)
        return (every[-1][0][0], every[-1][1]) if every else None

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


@dataclass(frozen=True)
class Lexicon:
    """One language: traits, entries by section, and tries made on first use."""

    language: str
    where: str
    traits: Mapping[str, Any]
    entries: Mapping[str, tuple[Entry, ...]]
    _tries: dict[tuple, Any] = field(default_factory=dict, repr=False)

    def trie(self, section: str, *, place: str | None = None, forms: str = "forms", backward: bool = False) -> Trie:
        """Return the trie of one section; `place` keeps the entries that stand there (or in both places)."""
        key = section, place, forms, backward
        if key not in self._tries:
            kept = (e for e in self.entries[section] if place is None or e.get("place", place) in (place, "both"))
            self._tries[key] = Trie(((form, e) for e in kept for form in e.get(forms, ())), backward=backward)
        return self._tries[key]

    def words_by(self, section: str, key: str) -> dict[str, Entry]:
        """Return the one-word forms under `key` of a section, folded, each with its entry."""
        name = "words_by", section, key
        if name not in self._tries:
            rows = ((form, entry) for entry in self.entries[section] for form in entry.get(key, ()))
            self._tries[name] = {fold(form): entry for form, entry in rows}
        return self._tries[name]

    def words(self, section: str, **traits: str) -> frozenset[str]:
        """Return the folded one-token forms of a section, as a set."""
        key = ("words", section, *sorted(traits.items()))
        if key not in self._tries:
            kept = (e for e in self.entries[section] if all(e.get(k) == v for k, v in traits.items()))
            self._tries[key] = frozenset("".join(t.text for t in tokenize(form)) for e in kept for form in e.forms)
        return self._tries[key]


@dataclass(frozen=True)
class Lexicons(Mapping):
    """Every language by its code, the shared tables, and the digest of the files they came from."""

    languages: Mapping[str, Lexicon]
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]
    units: Mapping[str, Mapping[str, Any]]
    digest: str

    def __getitem__(self, language: str) -> Lexicon:
        return self.languages[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self.languages)

    def __len__(self) -> int:
        return len(self.languages)

    def kind(self, unit: str | None) -> str:
        """Return money, percent, multiple, physical or duration for a unit code, count for everything else."""
        return self.units[unit]["kind"] if unit in self.units else "count"


def _entries(where: str, data: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, tuple[Entry, ...]]:
    unknown = set(data) - set(SECTIONS) - {"format", "language", "traits"}
    if unknown:
        raise LexiconError(where, f"unknown section {sorted(unknown)}", f"sections are {', '.join(SECTIONS)}", "rename or delete it")
    out = {}
    for section, schema in SECTIONS.items():
        rows = []
        for number, keys in enumerate(data.get(section, ()), 1):
            place = f"{where}, {section} {number} {keys.get('forms', keys.get('patterns', ['?']))[:1]}"
            _check(place, keys, schema)
            rows.append(Entry(section, place, keys))
        out[section] = tuple(rows)
    return out


def _check(where: str, keys: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    for key, value in keys.items():
        if key not in schema:
            raise LexiconError(where, f"unknown key {key!r}", f"keys are {', '.join(schema)}", "rename or delete it")
        if not isinstance(value, schema[key]):
            raise LexiconError(where, f"{key} is {value!r}", f"expected {schema[key].__name__}", "correct its type")
    for name in ("forms", "patterns", "joined"):
        forms = keys.get(name, [])
        if any(not isinstance(form, str) or not form.strip() for form in forms) or len(set(forms)) != len(forms):
            raise LexiconError(where, f"{name} holds an empty or repeated form", "every form once", "delete it")
    if "value" in keys:
        try:
            Decimal(keys["value"])
        except InvalidOperation:
            raise LexiconError(where, f"value {keys['value']!r} is no number", "digits as a string", "correct it") from None


def _read(name: str, content: bytes) -> dict[str, Any]:
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"lexicons/{name}", str(error), "a TOML file in UTF-8", "correct the line") from error
    if data.get("format") != FORMAT:
        raise LexiconError(f"lexicons/{name}", f"format is {data.get('format')!r}", f"expected {FORMAT}", "update the file")
    return data


@cache
def load_lexicons() -> Lexicons:
    """Return every file of lexicons/, checked; read once a process.

    Raises
    ------
    LexiconError
        A file that cannot be read, an unknown key, a wrong type, an empty or repeated form.
    """
    digest, data = hashlib.sha256(), {}
    for path in sorted(files("csrbook").joinpath("lexicons").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            content = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + content)
            data[path.name] = _read(path.name, content)
    units = {row["unit"]: row for row in data["units.toml"]["unit"]}
    languages = {
        d["language"]: Lexicon(d["language"], f"lexicons/{name}", d["traits"], _entries(f"lexicons/{name}", d, units))
        for name, d in data.items()
        if name == f"{d.get('language')}.toml"
    }
    tables = {stem: d for name, d in data.items() if (stem := name.removesuffix(".toml")) not in languages}
    return Lexicons(languages, tables, units, digest.hexdigest())
