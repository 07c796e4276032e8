"""Choose between the readings that a text offers by a linear score whose weights stand in a table.

An option is a set of traits ("clause_before", "role as_of"); its score is the sum of their weights, and the highest wins.
The weights are fitted by tests/training/fit.py on the articles beside it, and stand in lexicons/weights.toml to be read.

In      options as traits with amounts, and a table of weights.
Out     the number of the best option, its score, and its lead over the next.
Never   reads a trait that has no weight, or draws lots: of two equal options the first wins.
Needs   nothing.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

__all__ = ["Best", "best", "in_style", "score"]

Traits = Mapping[str, float]


class Best(NamedTuple):
    """The option chosen: its number, its score, and how far it lies before the next (infinite for an only option)."""

    number: int
    score: float
    lead: float


def in_style(traits: Traits, style: str) -> dict[str, float]:
    """Return traits as they hold for every text, and for texts that print names in this way."""
    return {f"{trait}{told}": amount for trait, amount in traits.items() for told in ("", f" ({style})")}


def score(traits: Traits, weights: Mapping[str, float]) -> float:
    """Return the sum of the weights of the traits, each times its amount."""
    return sum(amount * weights.get(trait, 0.0) for trait, amount in traits.items())


def best(options: Sequence[Traits], weights: Mapping[str, float]) -> Best:
    """Return the option with the highest score; of equals the first.

    Raises
    ------
    ValueError
        There is no option.
    """
    if not options:
        raise ValueError("nothing to choose from")
    scores = [score(traits, weights) for traits in options]
    number = max(range(len(scores)), key=lambda n: (scores[n], -n))
    others = scores[:number] + scores[number + 1 :]
    return Best(number, scores[number], scores[number] - max(others) if others else float("inf"))
