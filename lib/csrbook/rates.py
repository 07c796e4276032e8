"""Say per what time a number counts: 3,000 meals a day, 40 million a year; such rates are never added to amounts.

In      a Text, the token range of a number, and the first tokens of all numbers.
Out     "hour", "day", "week", "month", "quarter" or "year", or None for an amount.
Never   works out what a rate comes to.
Needs   texts.
"""

from collections.abc import Sequence

from csrbook.texts import Text, count_within

__all__ = ["rate_of"]

AFTER, BEFORE = 5, 8  # tokens between a number and its "a day" or "every day"; the counted noun stands between


def rate_of(text: Text, first: int, last: int, numbers: Sequence[int]) -> str | None:
    """Return the time that a number at tokens [first, last) is counted by: the nearest word in its clause, no number between."""
    clause = text.clause(first)
    after = next((h for h in text.find("time.rate", last - 1, min(clause[1], last + AFTER)) if h.last > last), None)
    if after and after.row["place"] in ("after", "both") and not count_within(numbers, last, after.first):
        return after.row["per"]
    told = text.find("time.rate", max(clause[0], first - BEFORE), first)
    before = [hit for hit in told if hit.last <= first and hit.row["place"] in ("before", "both")]
    return before[-1].row["per"] if before and not count_within(numbers, before[-1].last, first) else None
