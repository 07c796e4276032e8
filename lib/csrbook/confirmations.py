"""Read names.toml of a corpus: the bodies and programmes that a person confirmed, and the words that are no names.

    actor = [
      { name = "White Whale", parent = "Northern Group", forms = ["White Whale", "White Whale Ltd"] },
    ]
    programme = [
      { name = "Two Rivers", owner = "White Whale", theme = "environment", forms = ["Two Rivers"] },
    ]
    neither = ["Harbour Street"]       # never offered as a name

Only `name` must be there; it is a form too, unless another row has it.

In      the path of a names.toml, and the Lexicons.
Out     the Lexicons with those names in the table of names. What the person says of a word goes before what the table says
        of it; a name that the table has already gets the forms and facts given here on top of its own.
        Of two files read one upon the other the second goes before the first.
Never   passes over a key, a theme or a body that it does not know: a mistyped one would be lost without a word.
Needs   errors, lexicon, tokens.  Used by documents, corpus, proposals, runner.
"""

import tomllib
import unicodedata
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from csrbook.errors import LexiconError
from csrbook.lexicon import Lexicons
from csrbook.tokens import fold

__all__ = ["NAMES", "add_names", "read_names", "with_names", "without_unseen"]

NAMES = "names.toml"
KEYS = {"actor": ("name", "parent", "forms"), "programme": ("name", "owner", "theme", "forms")}
KINDS = ("actor", "programme", "event")
NEITHER = "neither"
FORMAT = 1
UNSEEN = "Cf"  # characters that print nothing: joiners, marks of direction
SURE = 3.5  # the lead of a confirmed name, that of a name of the text that is right; with more it would outdo what stands nearer
NEW = {"forms": [], "confirmed": True, "sure": SURE}
Row = dict[str, Any]


def with_names(lexicons: Lexicons, path: Path) -> Lexicons:
    """Return the lexicons with the names of a file; the very same where there is no such file.

    Raises
    ------
    LexiconError
        No plain file, no TOML in UTF-8, an unknown key, theme or body, a value of the wrong type, a form of two rows.
    """
    content = read_names(path)
    return lexicons if content is None else add_names(lexicons, content, path)


def read_names(path: Path) -> bytes | None:
    """Return the bytes of a names.toml; None where there is none.

    Raises
    ------
    LexiconError
        No plain file, or one that cannot be opened.
    """
    try:
        return _read(path)
    except LexiconError as error:
        raise _at(path, error) from None


def add_names(lexicons: Lexicons, content: bytes, path: Path) -> Lexicons:
    """Return the lexicons with the names of a file that was read already, maybe on another machine; errors name `path`.

    Raises
    ------
    LexiconError
        As `with_names`.
    """
    try:
        own, neither = _told(content, lexicons)
    except LexiconError as error:
        raise _at(path, error) from None
    names = _merged(lexicons.tables["names"], own, neither)
    digest = sha256(lexicons.digest.encode() + b"\0" + content).hexdigest()
    return replace(lexicons, tables=ChainMap({"names": names}, lexicons.tables), digest=digest)


def _at(path: Path, error: LexiconError) -> LexiconError:
    """What is wrong is told of names.toml; a person opens this one."""
    return LexiconError(str(path.with_name(error.where)), error.what, error.expected, error.advice)


def _merged(names: Mapping[str, Any], own: Mapping[str, Sequence[Row]], neither: Sequence[str]) -> dict[str, Any]:
    """Return the table of names with a person's rows; a form that the person speaks of is taken from every other row."""
    spoken = {fold(form) for rows in own.values() for row in rows for form in row["forms"]} | set(map(fold, neither))
    out = dict(names) | {NEITHER: [*(word for word in names.get(NEITHER, ()) if fold(word) not in spoken), *neither]}
    for kind in KINDS:
        rows = {row["name"]: _without(row, spoken) for row in names[kind]}
        for row in own.get(kind, ()):
            before = rows.get(row["name"], NEW)
            rows[row["name"]] = before | row | {"forms": [*before["forms"], *row["forms"]]}
        out[kind] = list(rows.values())
    return out


def _without(row: Mapping[str, Any], spoken: set[str]) -> Row:
    return dict(row) | {key: [f for f in row[key] if fold(f) not in spoken] for key in ("forms", "slips") if key in row}


# ---- reading and checking ----------------------------------------------------------------------------------------------


def _read(path: Path) -> bytes | None:
    """Return the bytes of a file; None where there is none."""
    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise LexiconError(NAMES, "is no plain file", "TOML in UTF-8", "rename it, or take it out")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        told = f"cannot be opened ({error.strerror or error})"
        raise LexiconError(NAMES, told, "", "give yourself the right to read it (chmod u+r), or take it out") from None


def _told(content: bytes, lexicons: Lexicons) -> tuple[dict[str, list[Row]], list[str]]:
    """Return the rows of a file by kind, and its words that are no names; everything checked and settled."""
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError:
        raise LexiconError(NAMES, "holds brackets in brackets in brackets", "lists of rows", "take them out") from None
    except ValueError as error:
        raise LexiconError(NAMES, f"cannot be read ({error})", "TOML in UTF-8", "correct it there") from None
    _refuse_unknown(NAMES, told, (*KEYS, NEITHER, "format"), what="table")
    if told.get("format", FORMAT) != FORMAT:
        raise LexiconError(NAMES, f"format is {told['format']!r}", f"format = {FORMAT}", "correct it, or leave it out")
    own = {kind: _rows(kind, told.get(kind, [])) for kind in KEYS}
    neither = _words(NAMES, NEITHER, told.get(NEITHER, []))
    _check_forms(own, neither)
    _settle_names(own, neither, lexicons.tables["names"])
    _settle_facts(own, lexicons)
    return own, neither


def _rows(kind: str, rows: Any) -> list[Row]:
    """Return the rows of a kind, white space made plain, every one with its forms."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LexiconError(NAMES, f"{kind} is no list of rows", f'{kind} = [ {{ name = "..." }}, ]', "correct it")
    out = []
    for number, row in enumerate(rows, 1):
        where = _where(kind, number)
        _refuse_unknown(where, row, KEYS[kind], what="key")
        if "name" not in row:
            raise LexiconError(where, "no name", "the name to show in tables", "add it")
        texts = {key: _shown(where, key, value) for key, value in row.items() if key != "forms"}
        forms = _words(where, "forms", row.get("forms", [texts["name"]]))
        if not forms:
            raise LexiconError(where, "forms is empty", "the name as it is printed, once or more", "add a form, or leave forms out")
        out.append(texts | {"forms": forms})
    return out


def _text(where: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not any(map(str.isalpha, value)):
        raise LexiconError(where, f"{key} is {value!r}", "words between quotation marks", "correct it")
    return " ".join(value.split())


def _shown(where: str, key: str, value: Any) -> str:
    """Return a text that tables show, its characters composed; a form may hold what a document prints unseen, a name may not."""
    text = _text(where, key, value)
    if without_unseen(text) != text:
        raise LexiconError(where, f"{key} holds what prints nothing: {ascii(text)}", "characters that can be seen", "type it anew")
    return _composed(text)


def without_unseen(text: str) -> str:
    """Return a text without the characters that print nothing."""
    return "".join(char for char in text if unicodedata.category(char) != UNSEEN)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words(where: str, key: str, values: Any) -> list[str]:
    """Return words in their order, also with their characters composed; those that differ in capitals only once."""
    if not isinstance(values, list):
        raise LexiconError(where, f"{key} is {values!r}", 'a list of words, as ["...", "..."]', "correct it")
    texts = [_text(where, f"{key} {number}", value) for number, value in enumerate(values, 1)]
    kept: dict[str, str] = {}
    for text in (form for text in texts for form in (text, _composed(text))):
        kept.setdefault(fold(text), text)
    return list(kept.values())


def _refuse_unknown(where: str, given: Iterable[str], known: Sequence[str], *, what: str) -> None:
    for key in given:
        if key not in known:
            raise LexiconError(where, f"unknown {what} {key!r}", f"{what}s are {', '.join(known)}", _nearest(key, known, "delete it"))


def _nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(word, list(known), 1)
    return f"did you mean {near[0]}?" if near else otherwise


def _check_forms(own: Mapping[str, Sequence[Row]], neither: Sequence[str]) -> None:
    """Refuse a name or a form that two rows of a kind have, and a form that is among the words that are no names."""
    for kind, rows in own.items():
        seen = {("form", fold(word)): NEITHER for word in neither}
        for number, row in enumerate(rows, 1):
            here = f"{kind} {number}"
            for key, word in (("name", row["name"]), *(("form", form) for form in row["forms"])):
                other = seen.setdefault((key, fold(word)), here)
                if other != here:
                    told = f"{key} {word!r} also belongs to {other}"
                    raise LexiconError(_where(kind, number), told, f"one place a {key}", "delete it from one")


def _settle_names(own: Mapping[str, Sequence[Row]], neither: Sequence[str], names: Mapping[str, Any]) -> None:
    """Write a name that the table has as the table does; any other is a form of its row, where nothing else is printed so."""
    taken = {fold(form) for rows in own.values() for row in rows for form in row["forms"]} | set(map(fold, neither))
    taken |= {fold(word) for kind in KINDS for row in names[kind] for word in (row["name"], *row["forms"])}
    for kind, rows in own.items():
        known = {fold(row["name"]): row["name"] for row in names[kind]}
        for row in rows:
            row["name"] = known.get(fold(row["name"]), row["name"])
            if fold(row["name"]) not in taken:
                row["forms"].append(row["name"])


def _settle_facts(own: Mapping[str, Sequence[Row]], lexicons: Lexicons) -> None:
    """Refuse a theme or a body that no table knows; write a body that is told by another of its forms by its name."""
    themes = [theme["id"] for theme in lexicons.tables["themes"]["theme"]]
    actors = (*lexicons.tables["names"]["actor"], *own["actor"])
    bodies = {fold(form): row["name"] for row in actors for form in (*row["forms"], row["name"])}
    for kind, key in (("actor", "parent"), ("programme", "owner")):
        for number, row in enumerate(own[kind], 1):
            where = _where(kind, number)
            if "theme" in row and row["theme"] not in themes:
                advice = _nearest(row["theme"], themes, "correct it, or leave it out")
                raise LexiconError(where, f"no theme {row['theme']!r}", f"themes are {', '.join(themes)}", advice)
            if key in row and fold(row[key]) not in bodies:
                advice = _nearest(row[key], bodies.values(), f"add a row for it to actor, or leave {key} out")
                raise LexiconError(where, f"{key} {row[key]!r} is no body that is known", "an actor of this file or of the table", advice)
            if key in row:
                row[key] = bodies[fold(row[key])]


def _where(kind: str, number: int) -> str:
    return f"{NAMES}, {kind} {number}"
