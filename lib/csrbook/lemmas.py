"""Dictionary forms and parts of speech, from the lemmatiser that a language names.

In      one folded word and a Lexicon, or a run of Chinese.
Out     its dictionary form, its part of speech, whether a dictionary knows it; the words of the run with their tags;
        words that a hyphen breaks at a line end, put together.
Never   reads a number, or keeps a word of a language in code.
Needs   lexicon, tokens; pymorphy3, simplemma and rjieba, loaded on first use (each takes longer than a short document).
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from csrbook.lexicon import Lexicon
from csrbook.tokens import JOINED, LINE, SIGN, WORD, Token

__all__ = ["HYPHENS", "bases", "broken_word", "counted_forms", "is_word", "lemma", "mended", "noun_bases", "parse", "tag_han", "tags"]

VERBAL = frozenset({"VERB", "INFN", "GRND", "PREP", "NPRO", "NUMR"})  # what is one of these first is no noun: to become, in, they
HYPHENS = frozenset("-\u00ad\ufffe")  # at a line end; a soft one, or one that a printing program left behind, anywhere
WORDS = 30_000  # whose forms are kept by each of five questions: 200 bytes to 1 KB a word, and workers read documents without end
LONGEST_WORD = 40  # letters; what is longer is no word, and lemmatisers take their time over it


@cache
def _morph():
    """Return the analyzer without its estimate of how likely each reading is: half of its time, and most words need none."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(probability_estimator_cls=None)


@cache
def _estimator():
    from pymorphy3.analyzer import ProbabilityEstimator

    return ProbabilityEstimator(_morph().choose_dictionary_path(lang=_morph().lang))


def _readings(word: str) -> list:
    """Return the parses of a word in no order."""
    try:
        return _morph().parse(word)
    except ValueError:  # a letter that Unicode has no name for
        return []


def _parses(word: str, readings: Sequence | None = None) -> list:
    """Return the parses of a word, the likeliest first; `readings` are those it has, where they are known."""
    readings = _readings(word) if readings is None else readings
    return [type(readings[0])(*told) for told in _estimator().apply_to_parses(word, word.lower(), readings)]


@lru_cache(maxsize=WORDS)
def parse(word: str, lemmatiser: str, language: str) -> tuple[str, str]:
    """Return (lemma, part of speech) of one folded word: noun, adjective, verb, other; "" where the lemmatiser tells none."""
    if len(word) > LONGEST_WORD:
        return word, "other"
    if lemmatiser == "pymorphy3":
        readings = _readings(word)
        if not readings:
            return word, "other"
        alike = len({(p.normal_form, p.tag.POS) for p in readings}) == 1  # whichever is likelier: nine words of ten
        best = readings[0] if alike else _likeliest(_parses(word, readings))
        kind = {"NOUN": "noun", "ADJF": "adjective", "PRTF": "adjective", "VERB": "verb", "PRTS": "verb"}
        return best.normal_form.replace("\u0451", "\u0435"), kind.get(str(best.tag.POS), "other")
    if lemmatiser == "simplemma":
        import simplemma

        return simplemma.lemmatize(word, lang=language), ""
    return word, ""


def _likeliest(parses: Sequence) -> Any:
    """Return the parse that a word is taken for: a noun that is likely enough, an adjective used as one, else the first."""
    best = next((p for p in parses if p.tag.POS == "NOUN" and p.score > 0.2), None)
    return best or next((p for p in parses if p.tag.POS == "ADJF" and "Subx" in p.tag), parses[0])


@lru_cache(maxsize=WORDS)
def tags(word: str, lemmatiser: str) -> tuple[tuple[str, tuple[str, str], frozenset[str]], ...]:
    """Return (part of speech, (number, case), grammemes) of every reading of one folded word, where a lemmatiser tells them."""
    if lemmatiser != "pymorphy3" or len(word) > LONGEST_WORD:
        return ()
    kind = {"NOUN": "noun", "ADJF": "adjective", "PRTF": "adjective"}
    found = (p.tag for p in _parses(word))
    return tuple((kind.get(str(t.POS), "other"), (str(t.number), str(t.case)), t.grammemes) for t in found)


@lru_cache(maxsize=WORDS)
def bases(word: str, lemmatiser: str) -> tuple[str, ...]:
    """Return every dictionary form that one folded word may have, participles as adjectives, where a lemmatiser tells them."""
    if lemmatiser != "pymorphy3" or len(word) > LONGEST_WORD:
        return ()
    found, parses = [], _parses(word)
    if not parses or parses[0].tag.POS in VERBAL:
        return ()
    for each in (p for p in parses if p.tag.POS in ("NOUN", "ADJF", "PRTF")):
        plain = each.inflect({"masc", "sing", "nomn"}) if each.tag.POS == "PRTF" else None
        found.append((plain.word if plain else each.normal_form).replace("\u0451", "\u0435"))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=WORDS)
def noun_bases(word: str, lemmatiser: str) -> tuple[tuple[str, tuple[str, str], frozenset[str]], ...]:
    """Return (dictionary form, (number, case), grammemes) of every reading of one folded word as a noun."""
    if lemmatiser != "pymorphy3" or len(word) > LONGEST_WORD:
        return ()
    nouns = (p for p in _parses(word) if p.tag.POS == "NOUN")
    return tuple((p.normal_form.replace("\u0451", "\u0435"), (str(p.tag.number), str(p.tag.case)), p.tag.grammemes) for p in nouns)


def counted_forms(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return a noun in its dictionary form as it stands after 1, 2 and 5, and 2.5 where that differs; nothing for what is no noun."""
    if lexicon.traits["lemmatiser"] != "pymorphy3" or not is_word(word, lexicon):
        return ()
    nouns = [p for p in _parses(word) if p.tag.POS == "NOUN" and p.tag.case == "nomn" and p.tag.number == "sing"]
    told = _counted(nouns[0]) if nouns else []
    return tuple(p.word.replace("\u0451", "\u0435") for p in told) if all(told) else ()


def _counted(noun: Any) -> list:
    """Return the parses of a noun after 1, 2 and 5; of one that is declined as an adjective, a fourth after a part."""
    one, few, many = (noun.make_agree_with_number(n) for n in (1, 2, 5))
    plural = {case: noun.inflect({case, "plur"}) for case in ("nomn", "gent", "loct")}
    if not all(plural.values()) or plural["gent"].word != plural["loct"].word:
        return [one, few, many]
    return [one, plural["nomn" if noun.tag.gender == "femn" else "gent"], many, noun.inflect({"gent", "sing"})]


@lru_cache(maxsize=WORDS)
def _in_dictionary(word: str, lemmatiser: str, language: str) -> bool:
    if lemmatiser == "pymorphy3":
        return _morph().word_is_known(word)
    if lemmatiser == "simplemma":
        import simplemma

        return simplemma.is_known(word, lang=language)
    return True


def is_word(word: str, lexicon: Lexicon) -> bool:
    """Return whether a dictionary of the language knows a word; True where none is at hand."""
    return len(word) > LONGEST_WORD or _in_dictionary(word, lexicon.traits["lemmatiser"], lexicon.language)


def lemma(word: str, lexicon: Lexicon) -> str:
    """Return the dictionary form of one folded word, or the word itself where the language has no inflection."""
    return parse(word, lexicon.traits["lemmatiser"], lexicon.language)[0]


def tag_han(text: str) -> Iterator[tuple[str, str]]:
    """Yield (word, tag) for a run of Chinese, tags of the ICTCLAS set (n noun, v verb, a adjective ...)."""
    import rjieba

    yield from rjieba.tag(text)


def broken_word(tokens: Sequence[Token], at: int) -> str | None:
    """Return the word of which the first half stands at token `at`, a hyphen and the second half on the next line after it."""
    if at + 2 >= len(tokens):
        return None
    one, mark, two = tokens[at], tokens[at + 1], tokens[at + 2]
    if mark.text not in HYPHENS or mark.gap != JOINED or one.kind != WORD or two.kind != WORD:
        return None
    return one.text + two.text if two.gap == LINE or mark.text != "-" and two.gap == JOINED else None


def mended(tokens, lexicon):
    """The tokens as nouns are looked for in: a word broken at a line end stands whole at its second half, signs before it."""
    broken = [mark for mark in HYPHENS if f"{mark}\n" in tokens.folded or mark != "-" and mark in tokens.folded]
    if not broken:
        return tokens
    view = list(tokens)
    for index in range(1, len(tokens) - 1):
        one, mark, two = tokens[index - 1 : index + 2]
        if mark.text not in broken or one.kind != WORD or two.kind != WORD or mark.gap != JOINED:
            continue
        if (two.gap == LINE or mark.text != "-" and two.gap == JOINED) and is_word(one.text + two.text, lexicon):
            view[index - 1] = Token("-", one.start, one.end, SIGN, one.gap)
            view[index] = mark._replace(text="-")
            view[index + 1] = two._replace(text=one.text + two.text)
    return view
