"""The states of people's decisions, and how many are in each.

    count_states(["kept", "orphan", "kept"])    -> {"kept": 2, "orphan": 1}

In      states by name.
Out     counts, in the order of STATES.
Never   decides which state a decision is in.
Needs   nothing but the standard library.  Used by placements, settlements, corrections, corrections_cli, harvests, summaries, cli.
"""

from collections import Counter
from collections.abc import Iterable

__all__ = ["AMBIGUOUS", "BAD", "DISPUTED", "KEPT", "OPEN", "ORPHAN", "OVERRULED", "STATES", "count_states"]

KEPT, OVERRULED, ORPHAN, AMBIGUOUS, DISPUTED, BAD = STATES = ("kept", "overruled", "orphan", "ambiguous", "disputed", "bad")
OPEN = (ORPHAN, AMBIGUOUS, DISPUTED, BAD)  # a person has to look at these


def count_states(states: Iterable[str]) -> dict[str, int]:
    """Return how many decisions are in each state, those of no decision left out, in the order of STATES."""
    counts = Counter(states)
    return {state: counts[state] for state in STATES if counts[state]}
