"""explanations: every number gets its lines, in text order, and they agree with the claims."""

import pytest
from click.testing import CliRunner
from test_claims import make_document

from csrbook.claims import make_claims
from csrbook.cli import main
from csrbook.explanations import explain_claims
from csrbook.lexicon import load_lexicons

LEXICONS = load_lexicons()
TEXTS = {
    "en": "By the end of 2019 the bank had lent 40 million dollars to 900 shops. Next year it will train 300 teachers.",
    "ru": "В 2019 году банк выдал 40 млн рублей займов 900 магазинам. В следующем году он обучит 300 учителей.",
    "zh": "2019年，银行向900家商店发放贷款4000万元。明年将培训300名教师。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_lines_agree_with_the_claims(language):
    lines = explain_claims(TEXTS[language], LEXICONS, language=language)
    claims = make_claims(make_document(TEXTS[language], language), LEXICONS).claims
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == [f"{c.text!r} at {c.start} to {c.end}" for c in claims]
    for name, attribute in (("theme", "theme"), ("relevance", "relevance"), ("time", "when")):
        told = [line.split()[1].rstrip(",") for line in lines if line.startswith(f"  {name} ")]
        assert told == [getattr(c, attribute) or "none" for c in claims]


def test_weights_are_shown_heaviest_first():
    (line,) = (one for one in explain_claims("In 2019 it planted 500 trees.", LEXICONS, language="en") if one.startswith("  theme "))
    shown = [abs(float(part.rpartition(" ")[2])) for part in line.partition(": ")[2].split(", ")]
    assert len(shown) >= 2 and shown == sorted(shown, reverse=True)


def test_a_text_without_a_number_has_no_lines():
    assert explain_claims("Nobody counted.", LEXICONS, language="en") == []


def test_the_command_prints_both_parts():
    printed = CliRunner().invoke(main, ["explain", TEXTS["en"]]).output
    assert "interval" in printed and "What the numbers say" in printed and "  relevance " in printed
