"""Choose theme and relevance for all numbers of a document together: what is told in a row is mostly about one thing.

In      Topics in text order, a Text, the tables of themes, of weights, and of words.
Out     a Subject each: theme, relevance, the rules that chose them, and whether a cue of the sentence speaks for them.
Never   reads a word that is not in a table, or a trait that has no weight.
Needs   choices, relevance, sequences, texts, themes, topics, wording.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from csrbook.choices import score
from csrbook.relevance import relevance_echoes, relevance_traits
from csrbook.sequences import settle
from csrbook.texts import Text
from csrbook.themes import theme_echoes, theme_traits, units_of
from csrbook.topics import IN_SENTENCE, Topic
from csrbook.wording import words_around

__all__ = [
    "RELEVANCES", "WORDS", "Evidence", "Subject", "chances_of", "choose_subjects", "evidence_of", "links_of", "theme_weights",
    "with_words",
]  # fmt: skip

RELEVANCES = ("csr", "context")
WORDS = "words"  # the trait that holds what the plain words around say together
SURE = {"programme": 2.5, "programme near": 4.0}  # a known programme tells its theme; no text of the training knows one


class Evidence(NamedTuple):
    """What speaks for each theme, in the order of the table, and for the relevance "csr"; the words around."""

    themes: list[dict[str, float]]
    csr: dict[str, float]
    words: Sequence[str]


class Subject(NamedTuple):
    """What a number is about: each attribute with its rule and whether it was told in the number's own sentence."""

    theme: str
    theme_rule: str
    theme_direct: bool
    relevance: str
    relevance_rule: str
    relevance_direct: bool


def choose_subjects(
    topics: Sequence[Topic], text: Text, *,
    themes: Sequence[Mapping[str, Any]], weights: Mapping[str, Mapping[str, float]], words: Mapping[str, Sequence[float]],
) -> list[Subject]:  # fmt: skip
    """Return the Subject of every number.

    Parameters
    ----------
    weights : mapping
        The tables theme, relevance, theme_stays, relevance_stays and theme_relevance of weights.toml.
    words : mapping
        The table words.csv.
    """
    found = [with_words(evidence, words)._replace(words=()) for evidence in evidence_of(topics, text, themes)]
    names, of_theme = [theme["id"] for theme in themes], theme_weights(weights)
    chances = chances_of(found, links_of(topics, text), names, weights)
    return [_subject(evidence, chance, names, of_theme, weights["relevance"]) for evidence, chance in zip(found, chances, strict=True)]


def chances_of(
    found: Sequence[Evidence], links: Sequence[Sequence[str]], names: Sequence[str], weights: Mapping[str, Mapping[str, float]]
) -> list[Sequence[Sequence[float]]]:
    """Return for every number the chances of each theme, in the order of `names`, with each relevance."""
    of_theme = theme_weights(weights)
    scores = [_scores(evidence, names, of_theme, weights) for evidence in found]
    tied = (dict.fromkeys(link, 1.0) for link in links)
    return settle(scores, [(score(tie, weights["theme_stays"]), score(tie, weights["relevance_stays"])) for tie in tied])


def theme_weights(weights: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the weights of the traits of themes, those of known programmes included."""
    return {**weights["theme"], **SURE}


def evidence_of(topics: Sequence[Topic], text: Text, themes: Sequence[Mapping[str, Any]]) -> Iterator[Evidence]:
    """Yield the Evidence of every number."""
    units, names = units_of(themes), [theme["id"] for theme in themes]
    words = words_around(text, (topic.first for topic in topics))
    heard = zip(theme_echoes(topics, text), relevance_echoes(topics, text), words, strict=True)
    for topic, (about, told, said) in zip(topics, heard, strict=True):
        yield Evidence(
            theme_traits(topic, text, names, heard=about, units=units),
            relevance_traits(topic, text, heard=told, units=units),
            said,
        )


def with_words(evidence: Evidence, words: Mapping[str, Sequence[float]]) -> Evidence:
    """Return evidence with what its words say together, by theme in the order of the table, and last for "csr"."""
    said = [words[word] for word in evidence.words if word in words]
    if not said:
        return evidence
    *themes, csr = map(sum, zip(*said, strict=True))
    told = [{**traits, WORDS: amount} for traits, amount in zip(evidence.themes, themes, strict=True)]
    return Evidence(told, {**evidence.csr, WORDS: csr}, evidence.words)


def links_of(topics: Sequence[Topic], text: Text) -> list[list[str]]:
    """Return what ties every number to the one before it; the first has no tie."""
    return [[], *(list(_links(text, before.first, topic.first)) for before, topic in pairwise(topics))][: len(topics)]


def _links(text: Text, before: int, at: int) -> Iterator[str]:
    if text.sentence(before) == text.sentence(at):
        yield "sentence"
        if text.clause(before) == text.clause(at):
            yield "clause"
    elif text.paragraph(before) == text.paragraph(at):
        yield "paragraph"
    else:
        yield "next paragraph" if text.paragraph(before)[1] == text.paragraph(at)[0] else "further off"


def _scores(
    evidence: Evidence, names: Sequence[str], of_theme: Mapping[str, float], weights: Mapping[str, Mapping[str, float]]
) -> list[list[float]]:
    """Return the score of every theme with every relevance."""
    done, pairs = score(evidence.csr, weights["relevance"]), weights["theme_relevance"]
    return [
        [own + pairs.get(f"{name} csr", 0.0) + done, own + pairs.get(f"{name} context", 0.0)]
        for name, own in zip(names, (score(traits, of_theme) for traits in evidence.themes), strict=True)
    ]


def _subject(
    evidence: Evidence, chance: Sequence[Sequence[float]], names: Sequence[str],
    of_theme: Mapping[str, float], of_relevance: Mapping[str, float],
) -> Subject:  # fmt: skip
    sums = [sum(row) for row in chance]
    theme = max(range(len(names)), key=lambda n: (sums[n], -n))
    csr = sum(row[0] for row in chance)
    relevance = RELEVANCES[csr <= 0.5]
    traits = evidence.themes[theme]
    near = any(name.rpartition(" ")[2] in IN_SENTENCE for name in traits) or "unit" in traits or "programme near" in traits
    told = any(name.rpartition(" ")[2] in IN_SENTENCE for name in evidence.csr)
    why = _strongest(evidence.csr, of_relevance, 1 if csr > 0.5 else -1)
    return Subject(names[theme], _strongest(traits, of_theme, 1), near, relevance, why, told)


def _strongest(traits: Mapping[str, float], weights: Mapping[str, float], sign: int) -> str:
    """Return the trait that speaks most for what was chosen, or that the numbers beside it did."""
    best = max(traits, key=lambda name: sign * traits[name] * weights.get(name, 0.0), default=None)
    return best if best and sign * weights.get(best, 0.0) > 0 else "numbers_beside"
