"""Find names that no table knows: quoted or capitalised beside a word like programme, foundation or group.

In      a Text with hits of kind name.suffix, and the traits of its language.
Out     (form, row) pairs, as name_rows gives them, with found = true: a person may confirm them.
Never   invents an English name, and keeps no name longer than its document.
Needs   texts, tokens.  Used by claims.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from csrbook.texts import Hit, Text
from csrbook.tokens import BLANK, SPACE, fold

__all__ = ["discover"]

LONGEST_QUOTE = 10  # tokens of a quoted name; twice as many where one token is one character
OFTEN = 3  # a capitalised name without such a word counts from this many printings, one of them at the head
HEAD = 60  # tokens at the head of a document
HAN, SIGN, WORD = "han", "sign", "word"


def discover(text: Text, traits: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return (form, row) for actors and programmes that only this document names.

    A programme is quoted or capitalised beside a word like plan or programme, an actor beside a word like foundation or
    group; a capitalised name printed often, first of all at the head, is an actor too.
    """
    known = {at for kind in ("actor", "programme", "event") for h in text.hits.get(kind, ()) for at in range(h.first, h.last)}
    suffixes = {kind: _suffixes(text, kind) for kind in ("programme", "actor")}
    never = {"".join(text.words(h.first, h.last)) for h in text.hits.get("name.not", ())}
    kinds: dict[str, str] = {}
    short: dict[str, str] = {}
    often: Counter[str] = Counter()
    quotes = [(first, last, True) for first, last in _quoted(text, traits)]
    runs = _capitals(text) if traits["capitals"] else _before_suffix(text, suffixes["actor"])
    for first, last, quoted in (*quotes, *((first, last, False) for first, last in runs)):
        name = _printed(text, first, last)
        if known & set(range(first, last)) or fold(name) in never:
            continue
        if kind := _kind(text, (first, last), suffixes, quoted=quoted):
            kinds.setdefault(name, kind)
            bare = max((at for at in range(first + 1, last) if at in suffixes["actor"]), default=last)
            if kind == "actor" and bare < last and bare - first >= (2 if text.tokens[first].kind == HAN else 1):
                short.setdefault(_printed(text, first, bare), name)
        elif not quoted and not _after_preposition(text, first):
            often[name] += 3 if first < HEAD else 1
    if len(text.hits.get("actor", ())) < OFTEN and "actor" not in kinds.values():  # nobody the table knows is at work here
        kinds |= {name: "actor" for name, count in often.most_common(1) if count >= OFTEN + 3}
    rows = [(name, {"is": kind, "name": name, "found": True}) for name, kind in kinds.items()]
    return rows + [(form, {"is": "actor", "name": name, "found": True}) for form, name in short.items() if form not in kinds]


def _printed(text: Text, first: int, last: int) -> str:
    return " ".join(text.raw[text.tokens[first].start : text.tokens[last - 1].end].split())


def _suffixes(text: Text, kind: str) -> dict[int, Hit]:
    """Return the words that make a name one of an actor or programme, by their first token."""
    return {hit.first: hit for hit in text.hits.get("name.suffix", ()) if hit.row.get(kind)}


def _quoted(text: Text, traits: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    tokens = text.tokens
    for opening, closing in traits["quote_marks"]:
        start = None
        for at, token in enumerate(tokens):
            if start is None and token.text == opening:
                start = at + 1
            elif start is not None and (token.text == closing or token.gap == BLANK):
                limit = LONGEST_QUOTE * (2 if tokens[start].kind == HAN else 1)
                if token.text == closing and 0 < at - start <= limit and tokens[start].kind != SIGN:
                    yield start, at
                start = None


def _capitals(text: Text) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words that are nowhere printed small."""
    tokens, at = text.tokens, 0
    small = {t.text for t in tokens if t.kind == WORD and text.raw[t.start].islower()}
    while at < len(tokens):
        last = at
        while last < len(tokens) and tokens[last].kind == WORD and text.is_capital(last):
            if last > at and tokens[last].gap != SPACE:
                break
            last += 1
        following = last
        while last > at and tokens[at].text in small:
            at += 1  # "The" before a name
        name = text.raw[tokens[at].start : tokens[last - 1].end] if last > at else ""
        shouted = last - at > 1 and name.isupper()
        if len(name) > 2 and not shouted:
            yield at, last
        at = max(following, at + 1)


def _before_suffix(text: Text, suffixes: Mapping[int, Hit]) -> Iterator[tuple[int, int]]:
    """Yield names where capitals do not tell: from the last mark, digit or small word up to a word like group."""
    kinds = ("name.object", "name.joint", "time.mark", "time.now", "name.self")
    small = {h.last for kind in kinds for h in text.hits.get(kind, ())}
    runs = []
    for hit in suffixes.values():
        first = hit.first
        while first > 0 and hit.first - first < 6 and text.tokens[first - 1].kind == HAN and first not in small:
            first -= 1
        if 2 <= hit.first - first < 6:
            runs.append((first, hit.last))
    heads = Counter("".join(text.words(first, first + 2)) for first, _ in runs)
    yield from (run for run in runs if heads["".join(text.words(run[0], run[0] + 2))] > 1)


def _kind(text: Text, span: tuple[int, int], suffixes: Mapping[str, Mapping[int, Hit]], *, quoted: bool) -> str | None:
    """Return programme or actor where a word of that kind ends the name, or stands right beside it."""
    first, last = span
    edge = int(quoted)  # the quotation mark between a name and the word beside it
    for kind, hits in suffixes.items():
        if any(hit.last == last and hit.first > first for at in range(first, last) if (hit := hits.get(at))):
            return kind
        if kind == "programme" and not quoted:
            continue
        beside = (hits[at] for at in range(max(0, first - 4), first) if at in hits and hits[at].last == first - edge)
        before = any(hit.row["place"] == "before" for hit in beside)
        inside = quoted or first > text.sentence(first)[0]
        after = inside and last + edge in hits and hits[last + edge].row["place"] == "end"
        if (before or after) and not any(at in hits for at in range(first, last) if last - first == 1):
            return kind
    return None


def _after_preposition(text: Text, first: int) -> bool:
    return text.ends_at("name.object", first) is not None or text.ends_at("time.mark", first) is not None
