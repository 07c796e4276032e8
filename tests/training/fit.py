"""Fit the weights by which the workbook chooses among readings, and say how well they carry to articles not fitted on.

    python tests/training/fit.py [--write] [--folder FOLDER]

Each question ("when", ...) puts the same options before the fit that the library weighs (csrbook.choices). The loss is that of
a conditional logit, with a square penalty; accuracy is measured by cross-validation, whole articles held out.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from json import dumps
from pathlib import Path

import numpy as np
from articles import FOLDER, read_articles
from chain_fit import cross_validate_rows, fit_rows
from name_questions import ask_actor, ask_kind, ask_programme
from questions import Question, scenes
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from topic_questions import ask_subjects, theme_names
from when_questions import ask_when

from csrbook.choices import best
from csrbook.lexicon import load_lexicons
from csrbook.subjects import RELEVANCES

LANGUAGES = ("en", "ru", "zh")
FOLDS = 5
WEIGHTS = Path(__file__).parents[2] / "lib" / "csrbook" / "lexicons" / "weights.toml"


QUESTIONS = {"when": ask_when, "kind": ask_kind, "programme": ask_programme, "actor": ask_actor}
FIRST, SECOND = ("kind",), ("programme", "actor")  # the second are asked of names that the first have found
ROUNDS = 3
PENALTY = {"when": 0.5, "kind": 0.6, "programme": 2.0, "actor": 2.0}  # found by cross-validation


def fit(questions: Sequence[Question], penalty: float) -> dict[str, float]:
    """Return the weight of every trait, by maximum likelihood with a square penalty; questions without a right option are left out."""
    questions = [q for q in questions if q.right]
    names = sorted({trait for q in questions for option in q.options for trait in option})
    column = {name: n for n, name in enumerate(names)}
    rows = [(n, column[t], a) for n, o in enumerate(o for q in questions for o in q.options) for t, a in sorted(o.items())]
    index, columns, amounts = zip(*rows, strict=True)
    starts = np.cumsum([0, *(len(q.options) for q in questions)])
    matrix = csr_matrix((amounts, (index, columns)), shape=(starts[-1], len(names)))
    right = np.concatenate([[n in q.right for n in range(len(q.options))] for q in questions])
    counts = np.array([q.weight for q in questions])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts[:-1]), np.diff(starts))
        odds = np.exp(scores)
        every, good = np.add.reduceat(odds, starts[:-1]), np.add.reduceat(odds * right, starts[:-1]) + 1e-300
        pull = odds / np.repeat(every, np.diff(starts)) - odds * right / np.repeat(good, np.diff(starts))
        value = (counts * (np.log(every) - np.log(good))).sum() + penalty * (weights**2).sum()
        return value, matrix.T @ (pull * np.repeat(counts, np.diff(starts))) + 2 * penalty * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return {name: round(float(weight), 2) for name, weight in zip(names, found.x, strict=True) if abs(weight) >= 0.05}


def accuracy(questions: Sequence[Question], weights: Mapping[str, float]) -> tuple[int, int]:
    """Return (right, asked) over the questions that count in full."""
    asked = [q for q in questions if q.weight == 1.0]
    return sum(best(q.options, weights).number in q.right for q in asked), len(asked)


def cross_validate(questions: Sequence[Question], penalty: float) -> tuple[int, int]:
    """Return (right, asked) where every question is answered by weights that never saw its article."""
    articles = sorted({q.article for q in questions})
    fold = {name: n % FOLDS for n, name in enumerate(articles)}
    right = asked = 0
    for held in range(FOLDS):
        weights = fit([q for q in questions if fold[q.article] != held], penalty)
        r, a = accuracy([q for q in questions if fold[q.article] == held], weights)
        right, asked = right + r, asked + a
    return right, asked


def ask(topics: Sequence[str], found: Iterable[tuple]) -> dict[str, list[Question]]:
    """Return the questions of every topic over the scenes given."""
    asked: dict[str, list[Question]] = {topic: [] for topic in topics}
    for scene in found:
        for topic in topics:
            asked[topic].extend(QUESTIONS[topic](*scene))
    return asked


def restaged(kinds: Sequence[Question], folder: Path) -> list[tuple]:
    """Return the scenes as they look to weights of names that never saw their article."""
    articles = sorted(article.id for language in LANGUAGES for article in read_articles(language, folder))
    weights, out = load_lexicons().tables["weights"], []
    for held in range(FOLDS):
        only = {name for n, name in enumerate(articles) if n % FOLDS == held}
        weights["kind"] = fit([q for q in kinds if q.article not in only], PENALTY["kind"])
        out += [scene for language in LANGUAGES for scene in scenes(language, folder, only)]
    return out


def report(topic: str, questions: Sequence[Question], weights: Mapping[str, float]) -> None:
    """Print how often the right option is on offer, and how often it is chosen."""
    full = [q for q in questions if q.weight == 1.0]
    right, count = cross_validate(questions, PENALTY[topic])
    fitted = accuracy(questions, weights)
    print(f"{topic}: right option offered {sum(bool(q.right) for q in full)} of {len(full)}")
    print(f"{topic}: held out {right / count:.3f} of {count}; fitted {fitted[0] / fitted[1]:.3f}; {len(weights)} weights")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--write", action="store_true", help="replace lexicons/weights.toml")
    arguments = parser.parse_args()
    weights = load_lexicons().tables["weights"]
    asked = ask(FIRST, [scene for language in LANGUAGES for scene in scenes(language, arguments.folder, whole=True)])
    staged = restaged(asked["kind"], arguments.folder)
    whole = [scene for scene in staged if all("when" in mark for mark in scene[2].values())]
    tables = {topic: fit(asked[topic], PENALTY[topic]) for topic in FIRST}
    weights |= {topic: {} for topic in SECOND}
    for _ in range(ROUNDS):  # the first without what is said of the number before, which nothing says yet
        asked |= ask(SECOND, whole)
        weights |= {topic: fit(asked[topic], PENALTY[topic]) for topic in SECOND}
    tables |= {topic: weights[topic] for topic in SECOND}
    asked |= ask(("when",), whole)
    tables["when"] = fit(asked["when"], PENALTY["when"])
    for topic, table in tables.items():
        report(topic, asked[topic], table)
    rows = [ask_subjects(*scene) for scene in staged]
    themes, relevances, count = cross_validate_rows(rows)
    print(f"theme: held out {themes / count:.3f}, relevance: held out {relevances / count:.3f} of {count}")
    weights |= tables  # themes are fitted on the names that the workbook will find
    about, words = fit_rows([ask_subjects(*scene) for language in LANGUAGES for scene in scenes(language, arguments.folder)])
    if arguments.write:
        WEIGHTS.write_text(toml(tables | about), encoding="utf-8")
        WEIGHTS.with_name("words.csv").write_text(amounts(words), encoding="utf-8")


def toml(tables: Mapping[str, Mapping[str, float]]) -> str:
    lines = ["# Weights of traits, made by tests/training/fit.py; higher wins. Not written by hand.", "format = 1"]
    for topic, weights in tables.items():
        lines += ["", f"[{topic}]", *(f"{dumps(trait, ensure_ascii=False)} = {weight}" for trait, weight in sorted(weights.items()))]
    return "\n".join(lines) + "\n"


def amounts(words: Mapping[str, Sequence[float]]) -> str:
    """Return words.csv: what a word around a number adds to the score of every theme, and to that of "csr"."""
    rows = [("word", *theme_names(), RELEVANCES[0]), *((word, *(f"{a:g}" for a in row)) for word, row in sorted(words.items()))]
    return "".join(",".join(row) + "\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
