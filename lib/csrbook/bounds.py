"""Bounds of a claim whose number or hedge a person corrected: what the printed digits and the hedge allow.

    bounds_of(claim, value=Decimal("3.4e9"), value_max=None, qualifier="nearly", document=document, lexicon=lexicon) -> (low, high)

In      a claim, the number and hedge that apply now, its document and language.
Out     (low, high) by the rule that mentions are read by; None is open.
Never   takes a longer number than was printed for a more exact one: 3400000000 for a printed "3.4bn" stays as rough as that.
Needs   figures, lexicon, mentions, numerals.  Used by corrections.
"""

from decimal import Decimal, localcontext
from typing import Any

from csrbook.figures import Reading, read_habits
from csrbook.lexicon import Lexicon
from csrbook.mentions import interval
from csrbook.numerals import Numerals

__all__ = ["bounds_of"]

ONE = Decimal(1)
EXACT = 200  # digits that no number of a person's and no printed place needs more of: nothing is rounded


def bounds_of(
    claim: Any, *, value: Decimal, value_max: Decimal | None, qualifier: str, document: Any, lexicon: Lexicon
) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the greatest value that a claim allows, once its number is `value`.

    The last printed place keeps its rank among the digits: 2.5 read as 2.5 is good to a tenth, and to a tenth of a million once it is
    2.5 million. A number finer than that is good to its own last digit.
    """
    printed = _printed(claim.text, document, lexicon)  # rounded as the machine rounds
    with localcontext() as context:
        context.prec = EXACT
        return _bounds(claim, value, value_max, qualifier, printed)


def _bounds(
    claim: Any, value: Decimal, value_max: Decimal | None, qualifier: str, printed: Reading | None
) -> tuple[Decimal | None, Decimal | None]:
    step, scaled = (printed.step, printed.scaled) if printed else (ONE, False)
    for base in (printed.value if printed else claim.value, claim.value):
        shift = _shift(base, value)
        if shift is not None:
            step, scaled = step.scaleb(shift), scaled or shift > 0
            break
    if _last_place(value) < _last_place(step):
        step = ONE.scaleb(_last_place(value))
    return interval(value, value_max, qualifier=qualifier, step=step, rounded=scaled or step < 1)


def _printed(text: str, document: Any, lexicon: Lexicon) -> Reading | None:
    """Return the number that stands in a quotation, read by itself."""
    tokens = lexicon.tokens(text)
    numerals = Numerals(tokens, lexicon, read_habits(document.text))
    return next((reading for at in range(len(tokens)) if (reading := numerals.number(at))), None)


def _last_place(number: Decimal) -> int:
    """Return the power of ten of the last digit that is no zero."""
    return number.normalize().as_tuple().exponent


def _shift(one: Decimal, other: Decimal) -> int | None:
    """Return by how many places the point moves from one number to another of the same digits; None where they differ in digits."""
    one, other = one.normalize().as_tuple(), other.normalize().as_tuple()
    return other.exponent - one.exponent if (one.sign, one.digits) == (other.sign, other.digits) else None
