"""The one set of rules: dates, sentences, qualifiers, units and counted nouns, found in tokens by any Lexicon.

In      the tokens of a document and a Lexicon.
Out     DateMatch and sentence spans; (what, index) pairs for the slots around a number.
Never   reads a number's value (numerals does), opens a file, or names a language.
Needs   lexicon, tokens; pymorphy3, simplemma and rjieba for lemmas and parts of speech, loaded on first use.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from csrbook.lexicon import Entry, Lexicon
from csrbook.tokens import BLANK, JOINED, LINE, Token

__all__ = ["DateMatch", "find_dates", "lemma", "parse", "qualifier_after", "qualifier_before", "split_sentences", "tag_han"]

YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A printed date or clock time: token indices [first, last), offsets [start, end), what it gives, its parts."""

    first: int
    last: int
    start: int
    end: int
    gives: str  # day month year quarter fiscal_year span clock stamp
    parts: dict[str, int]


# ---- dates ---------------------------------------------------------------------------------------------------------

SLOTS = {
    "year": lambda n, text: n in YEARS and len(text) == 4,
    "short_year": lambda n, text: len(text) == 2,
    "month": lambda n, text: 1 <= n <= 12 and len(text) <= 2,
    "day": lambda n, text: 1 <= n <= 31 and len(text) <= 2,
    "quarter": lambda n, text: 1 <= n <= 4 and len(text) == 1,
    "hour": lambda n, text: n <= 24 and len(text) <= 2,
    "minute": lambda n, text: n <= 59 and len(text) == 2,
}


@dataclass(frozen=True, slots=True)
class _Pattern:
    gives: str
    pieces: tuple[tuple[str, str, int], ...]  # (slot name or "", literal token, widest gap before it)


@cache
def _patterns(lexicon_key: int) -> list[_Pattern]:
    lexicon = _LEXICONS[lexicon_key]
    out = []
    for entry in lexicon.entries["date"]:
        out += [_Pattern(entry.gives, _pieces(pattern)) for pattern in entry.patterns]
    return sorted(out, key=lambda p: -len(p.pieces))


_LEXICONS: dict[int, Lexicon] = {}


def _pieces(pattern: str) -> tuple[tuple[str, str, int], ...]:
    from csrbook.tokens import tokenize  # the pattern language is the text's own tokens, with slots in braces

    out, tokens, index = [], tokenize(pattern), 0
    while index < len(tokens):
        token = tokens[index]
        gap = JOINED if token.gap == JOINED else LINE
        if token.text == "{":
            close = next(i for i in range(index, len(tokens)) if tokens[i].text == "}")
            out.append(("".join(t.text for t in tokens[index + 1 : close]), "", gap))
            index = close + 1
        else:
            out.append(("", token.text, gap))
            index += 1
    return tuple(out)


def _match(pattern: _Pattern, tokens: Sequence[Token], at: int, lexicon: Lexicon) -> DateMatch | None:
    index, parts = at, {}
    spacing = lexicon.traits["word_spacing"]
    for number, (slot, literal, gap) in enumerate(pattern.pieces):
        if index >= len(tokens):
            return None
        token = tokens[index]
        if number and token.gap > (gap if spacing or gap == JOINED and token.kind != "digits" else LINE):
            if not (not spacing and token.gap <= LINE):
                return None
        if not slot:
            if token.text != literal:
                return None
            index += 1
            continue
        name = slot.rstrip("0123456789")
        if name == "month_name":
            found = lexicon.trie("month").longest(tokens, index)
            if not found:
                return None
            parts["month" + slot[len(name) :]] = int(found[0].number)
            index = found[1]
        elif token.kind == "digits" and SLOTS[name](int(token.text), token.text):
            parts[("year" if name == "short_year" else name) + slot[len(name) :]] = int(token.text)
            index += 1
        else:
            return None
    if _glued(tokens, at, index) or (len(pattern.pieces) == 1 and _counts(tokens, at, lexicon)):
        return None
    return DateMatch(at, index, tokens[at].start, tokens[index - 1].end, pattern.gives, parts)


def _glued(tokens: Sequence[Token], first: int, last: int) -> bool:
    """True when the digits at either end go on: 2020.5 is no year and 12:30 no part of 112:305."""
    if first and tokens[first].kind == "digits" and tokens[first].gap == JOINED:
        before = tokens[first - 1]
        if before.kind in ("digits", "word") or before.text == "$":
            return True
        if before.text in ".,:/" and first > 1 and tokens[first - 2].kind == "digits" and before.gap == JOINED:
            return True
    if last < len(tokens) and tokens[last - 1].kind == "digits" and tokens[last].gap == JOINED:
        after = tokens[last]
        if after.kind == "word" or after.text in "%$":
            return True
        if after.text in ".,:/" and last + 1 < len(tokens) and tokens[last + 1].kind == "digits":
            return tokens[last + 1].gap == JOINED
    return False


def _counts(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """True when four bare digits count something (more than 2000 users) and are no year."""
    if qualifier_before(tokens, at, lexicon, bridged=False):
        return True
    if lexicon.traits["noun_head"] != "first" or at + 1 >= len(tokens) or tokens[at + 1].kind != "word":
        return False
    return tokens[at + 1].gap <= LINE and bool(lexicon.trie("noun").longest([tokens[at + 1]._replace(text=lemma(tokens[at + 1].text, lexicon))], 0))


def find_dates(tokens: Sequence[Token], lexicon: Lexicon) -> list[DateMatch]:
    """Return every printed date, clock time and span of dates, in text order and disjoint; the longest pattern wins."""
    _LEXICONS[id(lexicon)] = lexicon
    patterns = _patterns(id(lexicon))
    openers = {literal for p in patterns for slot, literal, _ in p.pieces[:1] if not slot}
    months = {form.split()[0].rstrip(".") for e in lexicon.entries["month"] for form in e.forms}
    found, index = [], 0
    while index < len(tokens):
        token = tokens[index]
        match = None
        if token.kind == "digits" or token.text in openers or token.text in months:
            matches = (_match(pattern, tokens, index, lexicon) for pattern in patterns)
            match = max((m for m in matches if m), key=lambda m: m.last, default=None)
        if match:
            found.append(match)
        index = match.last if match else index + 1
    return found


# ---- sentences -----------------------------------------------------------------------------------------------------


def split_sentences(tokens: Sequence[Token], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return sentences as half-open token ranges; a full stop after an abbreviation or inside a number does not end one."""
    enders, closers = lexicon.traits["sentence_end"], lexicon.traits["closing_marks"]
    short = lexicon.words("abbreviation")
    out, first, index = [], 0, 0
    while index < len(tokens):
        token = tokens[index]
        if index > first and (token.gap == BLANK or (token.gap == LINE and lexicon.traits["line_is_paragraph"])):
            out.append((first, index))
            first = index
        if token.text in enders:
            after = index + 1
            while after < len(tokens) and tokens[after].text in closers and tokens[after].gap == JOINED:
                after += 1
            parted = after >= len(tokens) or tokens[after].gap > JOINED or token.kind != "sign" or token.text != "."
            if parted and not (token.text == "." and index and tokens[index - 1].text in short):
                out.append((first, after))
                first = after
            index = after
            continue
        index += 1
    if first < len(tokens):
        out.append((first, len(tokens)))
    return out


# ---- qualifiers ----------------------------------------------------------------------------------------------------


def qualifier_before(tokens: Sequence[Token], at: int, lexicon: Lexicon, *, bridged: bool = True) -> tuple[str, int] | None:
    """Return (qualifier, index of its first token) for a hedge that ends right before token `at`.

    Bridge words (of, the, a total of) may stand between.
    """
    trie, bridge = lexicon.trie("qualifier", place="before", backward=True), lexicon.words("stop", part="bridge")
    index = at - 1
    for _ in range(3 if bridged else 1):
        if index < 0 or tokens[index + 1].gap == BLANK:
            return None
        if found := trie.longest(tokens, index):
            return found[0].qualifier, found[1]
        if tokens[index].text not in bridge:
            return None
        index -= 1
    return None


def qualifier_after(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """Return (qualifier, index after it) for a hedge that begins at token `at`: 多, 以上, с лишним, or more."""
    if at < len(tokens) and (found := lexicon.trie("qualifier", place="after").longest(tokens, at)):
        return found[0].qualifier, found[1]
    return None


# ---- lemmas and parts of speech ------------------------------------------------------------------------------------


@cache
def _morph():
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


@cache
def parse(word: str, lemmatiser: str, language: str) -> tuple[str, str]:
    """Return (lemma, part of speech) of one folded word: noun, adjective, verb, other; "" where the lemmatiser tells none."""
    if lemmatiser == "pymorphy3":
        parses = _morph().parse(word)
        best = next((p for p in parses if p.tag.POS == "NOUN" and p.score > 0.2), parses[0])
        kind = {"NOUN": "noun", "ADJF": "adjective", "PRTF": "adjective", "VERB": "verb", "PRTS": "verb"}
        return best.normal_form.replace("\u0451", "\u0435"), kind.get(str(best.tag.POS), "other")
    if lemmatiser == "simplemma":
        import simplemma

        return simplemma.lemmatize(word, lang=language), ""
    return word, ""


def lemma(word: str, lexicon: Lexicon) -> str:
    """Return the dictionary form of one folded word, or the word itself where the language has no inflection."""
    return parse(word, lexicon.traits["lemmatiser"], lexicon.language)[0]


def tag_han(text: str) -> Iterator[tuple[str, str]]:
    """Yield (word, tag) for a run of Chinese, tags of the ICTCLAS set (n noun, v verb, a adjective ...)."""
    import rjieba

    yield from rjieba.tag(text)


def entries_at(tokens: Sequence[Token], at: int, lexicon: Lexicon, section: str, *, place: str | None = None) -> tuple[Entry, int] | None:
    """Return (entry, index after) of the longest form of a section at token `at`, on the same paragraph, or None."""
    if at >= len(tokens) or tokens[at].gap == BLANK:
        return None
    return lexicon.trie(section, place=place).longest(tokens, at)
