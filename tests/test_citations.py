"""Citation lines: every part that is known, in each language, on one line whatever a document says."""

import pytest
from made_claims import SOURCES, corpus

from csrbook import __version__
from csrbook.citations import citation, citations_of
from csrbook.errors import UsageError
from csrbook.labels import languages

CLAIM = {"claim_id": "00112233445566aa", "doc": "garden", "start": 90, "end": 99, "text": "12 clerks"}
SOURCE = {"doc": "garden", "title": "A garden", "publisher": "The Post", "date": "2021-06-01"}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (None, "The Post. “A garden”. 1 June 2021. “12 clerks”, code points 90 to 99. Claim 00112233445566aa, csrbook {v}."),
        ("zh", "The Post。《A garden》。2021年6月1日。“12 clerks”，第90至99个码位。陈述00112233445566aa，csrbook {v}。"),
        ("ru", "The Post. «A garden». 1 июня 2021. «12 clerks», кодовые позиции с 90 по 99. Утверждение 00112233445566aa, csrbook {v}."),
    ],
)
def test_line_tells_all_in_each_language(language, line):
    assert citation(CLAIM, SOURCE, language=language) == line.replace("{v}", __version__)


@pytest.mark.parametrize("source", [None, {}, {"title": None, "publisher": float("nan"), "date": ""}])
def test_what_a_document_does_not_tell_is_left_out(source):
    assert citation(CLAIM, source).startswith("“garden”. “12 clerks”, code points")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("odd", ["\n", "\r\n", "\u2028", "\u202e", "\x00", "\x1b[1m", "\udcff", "{publisher}", "{0.__class__}"])
def test_nothing_in_a_document_breaks_the_line(language, odd):
    line = citation(CLAIM | {"text": f"12{odd}clerks"}, SOURCE | {"title": f"A{odd}garden"}, language=language)
    assert line.isprintable() and line.encode() and len(line.splitlines()) == 1
    assert CLAIM["claim_id"] in line and (odd in line) is odd.startswith("{")


def test_every_claim_of_a_table_gets_its_own_line():
    claims = corpus()
    lines = citations_of(claims, SOURCES)
    assert len(set(lines)) == len(claims) and all(one in line for one, line in zip(claims["claim_id"], lines, strict=True))
    assert lines[0].startswith("North. “a_north”. 19 April 2020. ")
    assert "d_west" in next(line for line, doc in zip(lines, claims["doc"], strict=True) if doc == "d_west"), "a document that is not told of"


def test_language_without_labels_is_refused():
    with pytest.raises(UsageError, match="no labels"):
        citation(CLAIM, SOURCE, language="xx")
