"""Fit the weights of choices that lean on their neighbours: theme and relevance of the numbers of an article.

The loss is that of a linear-chain conditional random field over pairs (theme, relevance), with a square penalty; its
marginals are those of csrbook.sequences, here for all articles at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from topic_questions import Row, theme_names, without_rare

from csrbook.subjects import RELEVANCES, WORDS, chances_of, with_words

__all__ = ["cross_validate_rows", "fit_rows"]

FOLDS = 5
PENALTY, CAUTIOUS, LOOSE = 1.0, 16.0, 0.3  # for traits of themes, of relevance; for ties and pairs, of which there are few
WORD = 0.4  # what a word counts beside a trait; less holds its weights back
THEMES, KINDS = len(theme_names()), len(RELEVANCES)
STATES = THEMES * KINDS
THEME_OF, KIND_OF = np.divmod(np.arange(STATES), KINDS)
SAME_THEME, SAME_KIND = THEME_OF[:, None] == THEME_OF, KIND_OF[:, None] == KIND_OF
STEPS = 150  # of the search; more change no answer
LEAST = 0.05  # a weight nearer to nothing is left out


@dataclass
class Table:
    """Traits as a sparse matrix, and their names in the order of its columns."""

    names: list[str]
    matrix: csr_matrix

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, float]]) -> "Table":
        rows = list(rows)
        names = sorted({name for row in rows for name in row})
        column = {name: n for n, name in enumerate(names)}
        cells = [(n, column[name], amount) for n, row in enumerate(rows) for name, amount in sorted(row.items())]
        index, columns, amounts = zip(*cells, strict=True)
        return cls(names, csr_matrix((amounts, (index, columns)), shape=(len(rows), len(names))))


class Chains:
    """The rows as matrices, and the loss of weights with its slope."""

    def __init__(self, rows: Sequence[Row]) -> None:
        every = [e for row in rows for e in row.evidence]
        self.theme, self.csr = Table.of(t for e in every for t in e.themes), Table.of(e.csr for e in every)
        self.link = Table.of(dict.fromkeys(link, 1.0) for row in rows for link in row.links)
        self.word = Table.of(dict.fromkeys(e.words, WORD) for e in every)
        lengths = [len(row.right) for row in rows]
        starts = np.cumsum([0, *lengths])[:-1]
        self.count, self.places = len(every), np.full((max(lengths), len(rows)), -1)
        for n, (start, length) in enumerate(zip(starts, lengths, strict=True)):
            self.places[:length, n] = np.arange(start, start + length)
        self.lasts = (np.array(lengths) - 1, np.arange(len(rows)))
        right = np.array([t * KINDS + k for row in rows for t, k in row.right])
        self.right = right
        follows = np.ones(self.count, bool)
        follows[starts] = False
        back = np.roll(right, 1)
        self.same = [follows & (of[right] == of[back]) for of in (THEME_OF, KIND_OF)]
        words = len(self.word.names)
        sizes = [len(self.theme.names), len(self.csr.names), len(self.link.names), len(self.link.names), STATES, words * THEMES, words]
        self.cuts = np.cumsum(sizes)[:-1]
        self.penalty = np.repeat([PENALTY, CAUTIOUS, LOOSE, LOOSE, LOOSE, PENALTY, CAUTIOUS], sizes)

    def loss(self, weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the loss and its slope."""
        of_theme, of_csr, hold_theme, hold_kind, pairs, word_theme, word_csr = np.split(weights, self.cuts)
        own = (self.theme.matrix @ of_theme).reshape(self.count, THEMES) + self.word.matrix @ word_theme.reshape(-1, THEMES)
        done = self.csr.matrix @ of_csr + self.word.matrix @ word_csr
        scores = own[:, THEME_OF] + done[:, None] * (KIND_OF == 0) + pairs
        holds = [self.link.matrix @ hold_theme, self.link.matrix @ hold_kind]
        chances, alike, total = self._weigh(scores, holds)
        likely = scores[np.arange(self.count), self.right].sum() + sum((h * s).sum() for h, s in zip(holds, self.same, strict=True))
        miss = -chances
        miss[np.arange(self.count), self.right] += 1
        themes, done = miss.reshape(-1, THEMES, KINDS).sum(2), miss[:, KIND_OF == 0].sum(1)
        slope = [
            self.theme.matrix.T @ themes.ravel(), self.csr.matrix.T @ done,
            *(self.link.matrix.T @ (s - a) for s, a in zip(self.same, alike, strict=True)), miss.sum(0),
            (self.word.matrix.T @ themes).ravel(), self.word.matrix.T @ done,
        ]  # fmt: skip
        return total - likely + (self.penalty * weights**2).sum(), 2 * self.penalty * weights - np.concatenate(slope)

    def _weigh(self, scores: np.ndarray, holds: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray], float]:
        """Return the chances of every state, of being like the number before in theme and kind, and the log of all sums."""
        shape = (*self.places.shape, STATES)
        ahead, behind = np.zeros(shape), np.zeros(shape)
        ahead[0] = scores[self.places[0]]
        steps = [(step, self.places[step] >= 0) for step in range(1, len(self.places))]
        ties = {step: self._ties(holds, self.places[step][there]) for step, there in steps}
        for step, there in steps:
            ahead[step, there] = scores[self.places[step][there]] + logsumexp(ahead[step - 1, there][:, :, None] + ties[step], axis=1)
        for step, there in reversed(steps):
            after = scores[self.places[step][there]] + behind[step, there]
            behind[step - 1, there] = logsumexp(ties[step] + after[:, None, :], axis=2)
        total = logsumexp(ahead[self.lasts], axis=1)
        chances, alike = np.zeros((self.count, STATES)), [np.zeros(self.count), np.zeros(self.count)]
        for step, there in [(0, self.places[0] >= 0), *steps]:
            at = self.places[step][there]
            chances[at] = np.exp(ahead[step, there] + behind[step, there] - total[there][:, None])
            if step:
                after = (scores[at] + behind[step, there] - total[there][:, None])[:, None, :]
                both = np.exp(ahead[step - 1, there][:, :, None] + ties[step] + after)
                for chance, same in zip(alike, (SAME_THEME, SAME_KIND), strict=True):
                    chance[at] = (both * same).sum((1, 2))
        return chances, alike, total.sum()

    @staticmethod
    def _ties(holds: Sequence[np.ndarray], at: np.ndarray) -> np.ndarray:
        return holds[0][at][:, None, None] * SAME_THEME + holds[1][at][:, None, None] * SAME_KIND


def fit_rows(rows: Sequence[Row]) -> tuple[dict[str, dict[str, float]], dict[str, tuple[float, ...]]]:
    """Return the five tables of weights that csrbook.subjects reads, and what every word says for each theme and for "csr"."""
    chains = Chains(without_rare(rows))
    found = minimize(chains.loss, np.zeros(len(chains.penalty)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    *fitted, word_theme, word_csr = np.split(found.x, chains.cuts)
    pairs = [f"{theme} {kind}" for theme in theme_names() for kind in RELEVANCES]
    names = [chains.theme.names, chains.csr.names, chains.link.names, chains.link.names, pairs]
    titles = ("theme", "relevance", "theme_stays", "relevance_stays", "theme_relevance")
    tables = {
        title: {name: round(float(w), 2) for name, w in zip(ids, weights, strict=True) if abs(w) >= LEAST}
        for title, ids, weights in zip(titles, names, fitted, strict=True)
    }
    told = np.round(WORD * np.column_stack([word_theme.reshape(-1, THEMES), word_csr]), 2) + 0.0
    words = {word: tuple(row) for word, row in zip(chains.word.names, told.tolist(), strict=True) if max(map(abs, row)) >= LEAST}
    return tables | {title: tables[title] | {WORDS: 1.0} for title in ("theme", "relevance")}, words


def cross_validate_rows(rows: Sequence[Row]) -> tuple[int, int, int]:
    """Return (right themes, right relevances, asked), every article answered by weights that never saw it."""
    themes = relevances = asked = 0
    for held in range(FOLDS):
        weights, words = fit_rows([row for n, row in enumerate(rows) if n % FOLDS != held])
        for row in (row for n, row in enumerate(rows) if n % FOLDS == held):
            evidence = [with_words(each, words) for each in row.evidence]
            for (theme, kind), chance in zip(row.right, chances_of(evidence, row.links, theme_names(), weights), strict=True):
                sums = [sum(pair) for pair in chance]
                themes += sums.index(max(sums)) == theme
                relevances += (sum(pair[0] for pair in chance) <= 0.5) == kind
                asked += 1
    return themes, relevances, asked
