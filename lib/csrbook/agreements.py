"""How far two coders agree: percent and Krippendorff's alpha, field by field.

    measure_agreement([Coding("Ann", "c1", "theme", "rural"), Coding("Ben", "c1", "theme", "rural"), ...])

In      codings: who gave which code to which field of which claim.
Out     one Agreement a field on which two people coded the same claim; nothing where none did.
Never   counts a claim that one person coded alone, or gives an alpha where all codes are one and chance cannot be told.
Needs   nltk, imported when there is something to measure: it is slow.  Used by corrections.

Alpha is that of nominal codes: 1 for full agreement, 0 for what chance would bring.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

__all__ = ["Agreement", "Coding", "measure_agreement"]


class Coding(NamedTuple):
    """One code: who gave it, to which claim, for which field."""

    coder: str
    claim: str
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field: claims that two or more coded, the coders, the share of pairs that agree in percent, alpha (None: undefined)."""

    field: str
    claims: int
    coders: int
    percent: float
    alpha: float | None


def measure_agreement(codings: Iterable[Coding]) -> list[Agreement]:
    """Return the agreement on each field, in alphabetic order; of two codings of one person for one place the last counts."""
    fields: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for one in codings:
        fields[one.field][one.claim][one.coder] = one.code
    out = []
    for field, claims in sorted(fields.items()):
        shared = {claim: codes for claim, codes in claims.items() if len(codes) > 1}
        if shared:
            pairs = Counter(a == b for codes in shared.values() for a, b in combinations(codes.values(), 2))
            coders = {coder for codes in shared.values() for coder in codes}
            percent = round(100 * pairs[True] / pairs.total(), 1)
            out.append(Agreement(field, len(shared), len(coders), percent, _alpha(shared)))
    return out


def _alpha(shared: dict[str, dict[str, str]]) -> float | None:
    if len({code for codes in shared.values() for code in codes.values()}) == 1:
        return None
    from nltk.metrics.agreement import AnnotationTask

    data = [(coder, claim, code) for claim, codes in shared.items() for coder, code in codes.items()]
    return round(float(AnnotationTask(data=data).alpha()), 3)
