"""The articles that the weights are fitted on, the fit itself, and that the stored weights still fit the library."""

import itertools
import math
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from csrbook.claims import make_claims
from csrbook.lexicon import load_lexicons
from csrbook.sequences import settle

FOLDER = Path(__file__).parent / "training"
sys.path.insert(0, str(FOLDER))
from articles import documents, read_articles  # noqa: E402
from fit import fit, toml  # noqa: E402
from questions import Question  # noqa: E402

LEXICONS = load_lexicons()
LANGUAGES = ("en", "ru", "zh")
NAMES = [theme["id"] for theme in LEXICONS.tables["themes"]["theme"]]
THEMES = set(NAMES)
LEXICON_FOLDER = FOLDER.parents[1] / "lib" / "csrbook" / "lexicons"
SOME = 3  # every third article is asked
LEAST = {"when": 0.6, "theme": 0.7, "relevance": 0.8, "target": 0.85, "actor": 0.6, "programme": 0.4}  # of the articles fitted on


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_hold_the_field_s_own_words(language):
    articles = list(read_articles(language))
    assert len({article.id for article in articles}) == len(articles) >= 90
    for article in articles:
        for mark in article.marks:
            assert article.text[mark["start"] : mark["end"]] == mark["text"], article.id
            assert mark["theme"] in THEMES and mark["relevance"] in ("csr", "context"), article.id
            if article.whole:
                assert (mark["when"] is None) == (mark["when_type"] is None), article.id
                assert mark["plan"] in (None, "plan"), article.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_stored_weights_still_fit_the_library(language):
    """A change of the library that needs new weights shows here: `make weights` fits them again."""
    right, asked = Counter(), Counter()
    for document, article in itertools.islice(documents(language), 0, None, SOME):
        claims = {claim.start: claim for claim in make_claims(document, LEXICONS).claims}
        for mark in article.marks:
            claim = next((claims[at] for at in range(mark["start"], mark["end"]) if at in claims), None)
            for name in LEAST if claim else ():
                if mark.get(name) is not None:
                    asked[name] += 1
                    right[name] += getattr(claim, name) == mark[name]
    assert {name: round(right[name] / asked[name], 3) for name in LEAST if right[name] < LEAST[name] * asked[name]} == {}


@pytest.mark.parametrize("marked", ["[[5 trees|csr]]", "[[5 trees|csr|environment|2019]]"])
def test_a_mark_with_too_few_fields_is_refused(tmp_path, marked):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.txt").write_text(f"=== en-a1\nIt planted {marked}.", encoding="utf-8")
    with pytest.raises(ValueError, match="expected 3 or 8"):
        list(read_articles("en", tmp_path))


def test_an_article_with_marks_of_two_kinds_is_refused(tmp_path):
    (tmp_path / "en").mkdir()
    marked = "=== en-a1\n[[5 trees|csr|environment]] and [[6 trees|csr|environment|2019|during|||]]"
    (tmp_path / "en" / "a.txt").write_text(marked, encoding="utf-8")
    with pytest.raises(ValueError, match="one kind an article"):
        list(read_articles("en", tmp_path))


def test_an_article_marked_for_its_themes_alone_is_not_whole(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.txt").write_text("=== en-a1\nIt planted [[5 trees|csr|environment]].\n=== en-a2\nNone.", encoding="utf-8")
    article, other = read_articles("en", tmp_path)
    assert article.text[article.marks[0]["start"] : article.marks[0]["end"]] == "5 trees" and not article.whole and other.whole


def test_words_speak_for_every_theme_and_for_relevance():
    amounts = LEXICONS.tables["words"]
    assert len(amounts) > 1000 and {len(row) for row in amounts.values()} == {len(THEMES) + 1}
    assert amounts["school"][NAMES.index("education")] == max(amounts["school"][:-1])
    head = (LEXICON_FOLDER / "words.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == ",".join(["word", *NAMES, "csr"])


def test_a_fit_prefers_what_was_right():
    rows = [({"near": 1.0}, {"far": 1.0}), ({"near": 1.0, "late": 1.0}, {"far": 1.0, "late": 1.0})]
    weights = fit([Question("one", options, frozenset({0})) for options in rows], penalty=0.1)
    assert weights["near"] > 0 > weights["far"] and "late" not in weights


def test_weights_are_stored_as_they_are_read():
    tables = {"when": {"clause_before": 1.25, 'a "quoted" trait': -0.5}}
    assert tomllib.loads(toml(tables))["when"] == tables["when"]


def test_a_row_of_questions_is_settled_as_by_trying_every_answer():
    scores = [[[0.5, -1.0], [2.0, 0.3]], [[0.0, 0.2], [-0.4, 1.0]], [[1.5, 0.0], [0.1, 0.1]]]
    stays = [(9.0, 9.0), (0.7, -0.2), (1.1, 0.4)]
    answers = list(itertools.product(range(2), range(2)))
    sums = [dict.fromkeys(answers, 0.0) for _ in scores]
    for row in itertools.product(answers, repeat=3):
        weight = sum(table[a][b] for table, (a, b) in zip(scores, row, strict=True))
        for stay, one, other in zip(stays[1:], row, row[1:], strict=False):
            weight += stay[0] * (one[0] == other[0]) + stay[1] * (one[1] == other[1])
        for number, answer in enumerate(row):
            sums[number][answer] += math.exp(weight)
    for chances, total in zip(settle(scores, stays), sums, strict=True):
        for a, b in answers:
            assert chances[a][b] == pytest.approx(total[a, b] / sum(total.values()))
