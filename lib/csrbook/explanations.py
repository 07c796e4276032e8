"""Tell why a claim got its time, its theme and its relevance: what spoke for each, and how much; of the rest, the rule.

Theme and relevance lean on the numbers beside them too, which a list of traits does not show.

In      a text, the Lexicons, a language.
Out     lines to print, for every number of the text.
Never   decides anything: it asks what the claims ask, and shows the weights that answered.
Needs   choices, claims, documents, lexicon, mentions, parts, scenes, subjects, times.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from csrbook.choices import score
from csrbook.claims import Claim, attach
from csrbook.documents import Document
from csrbook.lexicon import Lexicons
from csrbook.mentions import find_mentions
from csrbook.parts import Part, offers_of, parts_of
from csrbook.scenes import Scene, set_scene
from csrbook.subjects import Evidence, evidence_of, theme_weights, with_words
from csrbook.times import Offer, chosen, remember

__all__ = ["explain_claims"]

MOST = 4  # traits shown of one choice
LEAST = 0.05  # a trait that weighs less is not shown


def explain_claims(text: str, lexicons: Lexicons, *, language: str) -> list[str]:
    """Return what every number of `text` is taken to say, and what spoke for it, as lines to print, in text order.

    Examples
    --------
    >>> from csrbook.lexicon import load_lexicons
    >>> lines = explain_claims("In 2019 it planted 500 trees.", load_lexicons(), language="en")
    >>> lines[0], lines[1].split("  +")[0]
    ("'500 trees' at 19 to 28", '  time       2019, during [clause_before:date]')
    """
    digest = sha256(text.encode()).hexdigest()
    document = Document(
        doc="text", path="text", text=text, sha256=digest, language=language, language_by="given", title="", title_by="none",
        publisher=None, date=None, date_by=None, kind=None, encoding="utf-8", format="txt", furniture=(), repeats=(),
    )  # fmt: skip
    mentions, _ = find_mentions(document, lexicons)
    scene, tables = set_scene(document, mentions, lexicons), lexicons.tables
    parts = parts_of(scene)
    bare = evidence_of([part.topic for part in parts], scene.reading.text, tables["themes"]["theme"])
    evidence = (with_words(each, tables["words"]) for each in bare)
    claims = attach(document, mentions, lexicons=lexicons)
    told = zip(claims, _times(scene, parts, tables["weights"]["when"]), evidence, strict=True)
    return [line for claim, time, seen in told for line in _lines(claim, time, seen, tables)]


def _times(scene: Scene, parts: Sequence[Part], weights: Mapping[str, float]) -> Iterator[Offer]:
    """Yield the time that is chosen for every number, with its traits."""
    before, earlier = None, ()
    for number, part in enumerate(parts):
        offer = chosen(offers_of(scene, number, part, told=before, earlier=earlier), weights)
        before, earlier = offer.when, remember(earlier, offer.when, offer.rule)
        yield offer


def _lines(claim: Claim, time: Offer, evidence: Evidence, tables: Mapping[str, Any]) -> Iterator[str]:
    weights, rule = tables["weights"], claim.rule
    yield f"{claim.text!r} at {claim.start} to {claim.end}"
    when = f"{claim.when}, {claim.when_type}" if claim.when else "none"
    yield _line("time", f"{when} [{rule['when']}]{_reasons(time.traits, weights['when'])}")
    yield _line("promise", f"{'promise' if claim.target else 'result'} [{rule['target']}]")
    yield _line("actor", f"{claim.actor or 'none'} [{rule['actor']}]")
    yield _line("programme", f"{claim.programme or 'none'} [{rule['programme']}]")
    names = [theme["id"] for theme in tables["themes"]["theme"]]
    number, told = names.index(claim.theme), {word: tables["words"][word] for word in evidence.words if word in tables["words"]}
    traits = evidence.themes[number]
    yield _line("theme", f"{claim.theme} [{rule['theme']}]{_reasons(traits, theme_weights(weights))}")
    yield _line("", f"words: {_heaviest({word: amounts[number] for word, amounts in told.items()})}")
    yield _line("relevance", f"{claim.relevance} [{rule['relevance']}]{_reasons(evidence.csr, weights['relevance'])}")
    yield _line("", f"words: {_heaviest({word: amounts[-1] for word, amounts in told.items()})}")
    yield _line("measure", f"{claim.indicator or 'none'} [{rule['indicator']}]" + (f", per {claim.per}" if claim.per else ""))


def _reasons(traits: Mapping[str, float], weights: Mapping[str, float]) -> str:
    """Return the score of a choice and the traits that weigh most in it, heaviest first."""
    told = {trait: amount * weights.get(trait, 0.0) for trait, amount in traits.items()}
    return f"  {score(traits, weights):+.1f}: {_heaviest(told)}"


def _heaviest(told: Mapping[str, float]) -> str:
    """Return what weighs most, with its amounts, heaviest first."""
    most = sorted((name for name in told if abs(told[name]) >= LEAST), key=lambda name: (-abs(told[name]), name))[:MOST]
    return ", ".join(f"{name} {told[name]:+.1f}" for name in most) or "none"


def _line(name: str, said: str) -> str:
    return f"  {name:<9}  {said}"
