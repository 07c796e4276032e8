"""Find what a number counts: the noun after it (or, failing that, before it), as a canonical English singular.

In      tokens, the index after a number, and a Lexicon.
Out     Counted(unit, end, text): the unit code of the noun, the token index after it, the noun as it stands.
Never   reads a number; an unknown noun is given as it stands, in its dictionary form, never dropped.
Needs   grammar, lexicon, tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from csrbook.grammar import lemma, parse, tag_han
from csrbook.lexicon import Entry, Lexicon
from csrbook.tokens import BLANK, JOINED, LINE, Token

__all__ = ["MONEY_NOUN", "Counted", "noun_after", "noun_before"]

REACH = 7  # words looked at after a number; a longer noun phrase is rare and a longer reach finds the next clause
REACH_HAN = 14  # signs
REACH_BACK = 12
MONEY_NOUN = "money"  # unit of nouns that name a sum (turnover): the number after them is money in the default currency


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted noun: its unit code, the token index after it (or of its first token, before a number), as it stands."""

    unit: str
    end: int
    rule: str


def noun_after(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Counted | None:
    """Return the counted noun that follows directly at token `at`, or None."""
    if at >= len(tokens) or tokens[at].gap == BLANK:
        return None
    if not lexicon.traits["word_spacing"]:
        return _after_han(tokens, at, lexicon)
    window = _window(tokens, at, lexicon)
    if not window:
        return None
    if lexicon.traits["noun_head"] == "first":
        return _head_first(tokens, window, lexicon)
    return _head_last(tokens, window, lexicon)


def _window(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> range:
    """Token indices that may hold the noun phrase: words, hyphens and quotes up to a stop word or another sign."""
    stops, index, words = lexicon.words("stop", part="noun"), at, 0
    while index < len(tokens) and words < REACH:
        token = tokens[index]
        if token.gap == BLANK or token.kind == "digits":
            break
        if token.text in stops and not _between_adjectives(tokens, index, lexicon):
            break
        if token.kind == "sign" and token.text not in lexicon.traits["inside_noun"]:
            break
        words += token.kind == "word"
        index += 1
    return range(at, index)


def _between_adjectives(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> bool:
    """True for the "and" of "small and medium enterprises" where the language tells adjectives apart."""
    if tokens[index].text not in lexicon.traits["and"] or index + 1 >= len(tokens):
        return False
    lemmatiser, language = lexicon.traits["lemmatiser"], lexicon.language
    return all(parse(tokens[i].text, lemmatiser, language)[1] == "adjective" for i in (index - 1, index + 1)) or _and_compound(tokens, index, lexicon)


def _and_compound(tokens: Sequence[Token], index: int, lexicon: Lexicon) -> bool:
    """True when an adjective stands before the "and" and a noun known to the lexicon right after it."""
    lemmatiser, language = lexicon.traits["lemmatiser"], lexicon.language
    adjective = parse(tokens[index - 1].text, lemmatiser, language)[1] == "adjective"
    return adjective and _known(tokens, index + 1, index + 3, lexicon) is not None


def _known(tokens: Sequence[Token], at: int, end: int, lexicon: Lexicon) -> tuple[Entry, int] | None:
    """The longest lexicon noun at `at`, by its printed form or by its words' dictionary forms."""
    trie = lexicon.trie("noun")
    if found := trie.longest(tokens[:end], at):
        return found
    lemmas = [t._replace(text=lemma(t.text, lexicon)) if t.kind == "word" else t for t in tokens[at : min(end, at + 5)]]
    if found := trie.longest(lemmas, 0):
        return found[0], at + found[1]
    return None


def _head_last(tokens: Sequence[Token], window: range, lexicon: Lexicon) -> Counted | None:
    """English order: the first known noun, carried on while the next word is a known noun too (office workers)."""
    best = None
    for index in window:
        if best and index < best[1]:
            continue
        found = _known(tokens, index, window.stop, lexicon)
        if found:
            best = found
        elif best:
            break
    if best and best[0].get("weak") and best[1] < len(tokens) and tokens[best[1]].text in lexicon.traits["of"]:
        inner = noun_after(tokens, best[1] + 1, lexicon)
        if inner and inner.rule != "unknown noun":
            return inner
    if best:
        return Counted(best[0].unit, best[1], "counted noun")
    words = [i for i in window if tokens[i].kind == "word"]
    if not words:
        return None
    head = words[-1] if len(words) <= 3 else words[0]
    return Counted(lemma(tokens[head].text, lexicon), head + 1, "unknown noun")


def _head_first(tokens: Sequence[Token], window: range, lexicon: Lexicon) -> Counted | None:
    """Russian order: adjectives, then the head; what depends on it follows."""
    for index in window:
        token = tokens[index]
        if found := _known(tokens, index, window.stop, lexicon):
            entry, end = found
            if entry.get("weak") and end < window.stop:
                inner = _head_first(tokens, range(end, min(window.stop, end + 4)), lexicon)
                if inner and inner.rule != "unknown noun":
                    return inner
            return Counted(entry.unit, end, "counted noun")
        if token.kind != "word":
            continue
        followed = index + 1 < window.stop and tokens[index + 1].text == "-" and tokens[index + 1].gap == JOINED
        base, part = parse(token.text, lexicon.traits["lemmatiser"], lexicon.language)
        if token.text in lexicon.words("stop", part="modifier"):
            continue
        if part == "noun" and not followed:
            return Counted(base, index + 1, "unknown noun")
        if part in ("verb", "other") and not followed and token.text.isalpha() and not token.text.isascii():
            return None
    return None


def _after_han(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Counted | None:
    """Chinese order: modifiers, then the head; a word that is neither noun nor modifier ends the phrase."""
    end = at
    while end < len(tokens) and end - at < REACH_HAN:
        token = tokens[end]
        if token.gap >= LINE or token.kind == "digits":
            break
        if token.kind == "sign" and token.text not in lexicon.traits["inside_noun"]:
            break
        end += 1
    if end == at:
        return None
    tags = _tags(tokens, at, end)
    trie, index, best = lexicon.trie("noun"), at, None
    stops = lexicon.words("stop", part="noun")
    while index < end:
        found = trie.longest(tokens[:end], index)
        if found and not _cuts_word(tags, found[1]) and not (best and found[0].unit == MONEY_NOUN):
            best, index = found, found[1]
            continue
        if best and (best[0].get("weak") is None or tokens[index].kind == "sign"):
            break
        word, after, tag = tags.get(index, ("", index + 1, "n"))
        if word in stops or tag[:1] in "pcdurmy" or (tag == "v" and best):
            break
        index = max(after, index + 1)
    return Counted(best[0].unit, best[1], "counted noun") if best else None


def _cuts_word(tags: dict[int, tuple[str, int, str]], end: int) -> bool:
    """True when a form ends inside a word: 国家 in 国家级."""
    return any(first < end < after for first, (_, after, _) in tags.items())


def _tags(tokens: Sequence[Token], at: int, end: int) -> dict[int, tuple[str, int, str]]:
    """Word segments by the index of their first token: (word, index after, part-of-speech tag)."""
    text, starts = "", {}
    for index in range(at, end):
        starts[len(text)] = index
        text += tokens[index].text
    out, position = {}, 0
    for word, tag in tag_han(text):
        first, position = starts.get(position), position + len(word)
        if first is not None:
            out[first] = (word, starts.get(position, end), tag)
    return out


def noun_before(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Counted | None:
    """Return the nearest known noun before token `at` in the same clause ("a user base of 207 million"), or None."""
    ends, index = lexicon.traits["clause_end"], at - 1
    while index >= max(0, at - REACH_BACK):
        token = tokens[index]
        if token.text in ends or tokens[index + 1].gap == BLANK:
            return None
        found = _known(tokens, index, at, lexicon) if token.kind != "digits" else None
        if found:
            first = index
            for start in range(index - 1, max(0, index - 6), -1):
                longer = _known(tokens, start, at, lexicon)
                if longer and longer[1] >= found[1]:
                    first, found = start, longer
            return Counted(found[0].unit, first, "counted noun before")
        index -= 1
    return None
