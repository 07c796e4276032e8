"""The rules that every module of the grammar shares: sentences, hedges, and what of a lexicon stands at a token.

In      the tokens of a document and a Lexicon.
Out     sentences as token ranges; (entry, index) pairs for the slots around a number.
Never   reads a number's value (numerals does), opens a file, or names a language.
Needs   lexicon, tokens.
"""

from collections.abc import Sequence

from csrbook.lexicon import Entry, Lexicon
from csrbook.tokens import BLANK, DIGITS, JOINED, LINE, Token

__all__ = ["ends_sentence", "entry_at", "qualifier_after", "qualifier_before", "split_sentences"]

BRIDGES = 3  # words between a hedge and its number


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


def ends_sentence(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> bool:
    """Return whether the mark at token `index` ends a sentence: no full stop inside a number or word, or after an abbreviation."""
    text = tokens[index].text
    if text not in lexicon.traits["sentence_end"]:
        return False
    joined = index + 1 < len(tokens) and tokens[index + 1].gap == JOINED
    return text != "." or not joined and not (index and tokens[index - 1].text in lexicon.words("abbreviation"))


# ---- slots around a number -----------------------------------------------------------------------------------------


def qualifier_before(tokens: Sequence[Token], at: int, lexicon: Lexicon, *, bridged: bool = True) -> tuple[Entry, int] | None:
    """Return (entry, index of its first token) for a hedge that ends right before token `at`.

    Bridge words (of, the, a total of) may stand between.
    """
    trie, bridge = lexicon.trie("qualifier", place="before", backward=True), lexicon.words("stop", part="bridge")
    index = at - 1
    for _ in range(BRIDGES + 1 if bridged else 1):
        if index < 0 or tokens[index + 1].gap == BLANK:
            return None
        if found := trie.longest(tokens, index):
            return found
        if tokens[index].text not in bridge:
            return None
        index -= 1
    return None


def qualifier_after(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[Entry, int] | None:
    """Return (entry, index after it) for a hedge that begins at token `at`: 多, 以上, с лишним, or more."""
    found = entry_at(tokens, at, lexicon, "qualifier", place="after")
    inside = (entry_at(tokens, i, lexicon, "qualifier", place="before") for i in range(at, found[1])) if found else ()
    if any(hedge and hedge[1] > found[1] for hedge in inside):
        return None  # 96 pupils and more than 450 parents
    next_one = found and found[1] - at > 1 and found[1] < len(tokens) and tokens[found[1]].kind == DIGITS
    return None if next_one else found  # three years and over 400 grants


def entry_at(tokens: Sequence[Token], at: int, lexicon: Lexicon, section: str, *, place: str | None = None) -> tuple[Entry, int] | None:
    """Return (entry, index after) of the longest form of a section at token `at`, on the same paragraph, or None."""
    if not 0 <= at < len(tokens):
        return None
    trie, token = lexicon.trie(section, place=place), tokens[at]
    return trie.longest(tokens, at) if token.text in trie.root and token.gap != BLANK else None
