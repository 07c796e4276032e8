"""Decide a row of questions together, where neighbours tend to have the same answers.

Every question asks two things at once; the number before answers alike the more likely, the nearer it stands.

In      scores of every pair of answers to every question, and how strongly each question holds to the one before it.
Out     the chances of every pair of answers, all questions weighed together (the marginals of a linear chain).
Never   draws lots, or forgets a question: each gets chances that sum to one.
Needs   nothing.
"""

from collections.abc import Sequence
from math import exp

__all__ = ["settle"]

Table = Sequence[Sequence[float]]  # rows are answers to the first thing asked, columns to the second


def settle(scores: Sequence[Table], stays: Sequence[tuple[float, float]]) -> list[Table]:
    """Return the chances of each pair of answers to each question.

    Parameters
    ----------
    scores : sequence of tables
        The score of every pair of answers; what counts is how far they lie apart.
    stays : sequence of (float, float)
        What it adds to the score that the first, and the second, answer is that of the question before; the first is not read.
    """
    odds = [_odds(table) for table in scores]
    if not odds:
        return []
    before, after = [odds[0]], [_even(odds[-1])]
    for table, stay in zip(odds[1:], stays[1:], strict=True):
        before.append(_normal(_product(_carried(before[-1], stay), table)))
    for table, stay in zip(odds[:0:-1], stays[:0:-1], strict=True):
        after.append(_normal(_carried(_product(after[-1], table), stay)))
    return [_normal(_product(b, a)) for b, a in zip(before, reversed(after), strict=True)]


def _carried(table: Table, stay: tuple[float, float]) -> Table:
    """Return what a question hands to its neighbour: every pair, and more for the same answers."""
    first, second = exp(stay[0]) - 1, exp(stay[1]) - 1
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    total = sum(rows)
    return [
        [total + first * rows[r] + second * columns[c] + first * second * value for c, value in enumerate(row)]
        for r, row in enumerate(table)
    ]


def _odds(table: Table) -> Table:
    highest = max(max(row) for row in table)
    return [[exp(value - highest) for value in row] for row in table]


def _even(table: Table) -> Table:
    return [[1.0] * len(row) for row in table]


def _product(left: Table, right: Table) -> Table:
    return [[a * b for a, b in zip(one, other, strict=True)] for one, other in zip(left, right, strict=True)]


def _normal(table: Table) -> Table:
    total = sum(map(sum, table))
    return [[value / total for value in row] for row in table]
