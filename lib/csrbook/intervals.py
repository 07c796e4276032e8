"""How sure a share is: 95% intervals of precision, recall and F1 from resamples, the same for the same counts.

    drawn = draw_sums(counts, docs)             sums of every resample of the rows
    rate(24, 25, (drawn[:, 0], drawn[:, 1]))    -> (0.96, 0.8046, 0.9929)

In      one row of counts a figure, and the document of each.
Out     shares with the ends of their intervals.
Never   draws other resamples on another day: the seed is fixed.
Needs   numpy.  Used by cards.

An interval is the middle 95% of 1,000 resamples: of documents where there are enough, because figures of one document are
alike, else of figures. Where fewer than ten are right, or wrong, resamples differ too little and an interval from them would
be too narrow: Wilson's score interval stands instead.
"""

from collections.abc import Iterable, Sequence

import numpy as np

__all__ = ["DRAWS", "ENOUGH_DOCUMENTS", "FEW_CASES", "draw_sums", "rate", "resampled"]

DRAWS = 1000
SEED = 95
TAIL = 0.025           # left out at either end of an interval
Z = 1.959964           # the same in standard deviations
FEW_CASES = 10         # right or wrong ones, below which resamples differ too little
ENOUGH_DOCUMENTS = 20  # fewer are too few to resample: 5 have only 126 different resamples


def resampled(docs: Iterable[str]) -> str:
    """Return what is drawn for figures of these documents: "documents" or "figures"."""
    return "documents" if len(set(docs)) >= ENOUGH_DOCUMENTS else "figures"


def draw_sums(rows: np.ndarray, docs: Sequence[str]) -> np.ndarray:
    """Return the sums of the columns in every resample, one row a resample.

    Equal rows are drawn together, by how often they occur, which comes to the same and takes milliseconds at any size.

    Parameters
    ----------
    rows : array of whole numbers
        One row a figure.
    docs : sequence of str
        The document of each row.
    """
    if resampled(docs) == "documents":
        place = {doc: at for at, doc in enumerate(sorted(set(docs)))}
        sums = np.zeros((len(place), rows.shape[1]), dtype=np.int64)
        np.add.at(sums, [place[doc] for doc in docs], rows)
        rows = sums
    unlike, times = np.unique(rows, axis=0, return_counts=True)
    drawn = np.random.default_rng(SEED).multinomial(len(rows), times / len(rows), size=DRAWS)
    return drawn @ unlike


def rate(right: int, of: float, drawn: tuple[np.ndarray, np.ndarray]) -> tuple[float | None, float | None, float | None]:
    """Return a share and the ends of its interval; None three times where there is nothing to divide by.

    Parameters
    ----------
    right, of : numbers
        The share is right / of.
    drawn : two arrays
        The same two numbers in every resample.
    """
    if not of:
        return None, None, None
    if min(right, of - right) < FEW_CASES:
        low, high = _wilson(right / of, of)
    else:
        some = drawn[1] > 0
        low, high = np.quantile(drawn[0][some] / drawn[1][some], (TAIL, 1 - TAIL))
    return round(right / of, 4), round(float(low), 4), round(float(high), 4)


def _wilson(share: float, of: float) -> tuple[float, float]:
    middle, spread = share + Z * Z / (2 * of), Z * (share * (1 - share) / of + Z * Z / (4 * of * of)) ** 0.5
    low, high = ((middle + side * spread) / (1 + Z * Z / of) for side in (-1, 1))
    return max(low, 0.0), min(high, 1.0)
