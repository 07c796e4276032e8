"""answers: each field takes its own type or list and refuses everything else with what was expected; what is written is read back."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csrbook.answers import FIELDS, is_day, read_answer, write_answer
from csrbook.lexicon import load_lexicons

LEXICONS = load_lexicons()
GOOD = [
    ("claim", "accept", "accept"), ("claim", "reject", "reject"),
    ("value", "2500000", Decimal(2500000)), ("value", " 2.5e6 ", Decimal(2500000)), ("value", "-3", Decimal(-3)),
    ("value_max", "", None), ("value_max", "7", Decimal(7)),
    ("unit", "CNY", "CNY"), ("unit", "mu", "mu"), ("unit", "sewing machine", "sewing machine"), ("unit", "", None),
    ("kind", "money", "money"), ("qualifier", "nearly", "nearly"),
    ("when", "2020", "2020"), ("when", "2020-02-29", "2020-02-29"), ("when", "2019-12/2020", "2019-12/2020"), ("when", "", None),
    ("when_type", "as_of", "as_of"), ("when_type", "", None),
    ("target", "true", True), ("target", "No", False),
    ("actor", "Larkspur & Söhne", "Larkspur & Söhne"), ("programme", "", None),
    ("theme", "rural", "rural"), ("relevance", "context", "context"), ("indicator", "trees_planted", "trees_planted"), ("per", "day", "day"),
    ("country", "CN", "CN"), ("country", " KZ ", "KZ"), ("country", "", None), ("place", "Hubei", "Hubei"), ("place", "Karshi-2", "Karshi-2"), ("place", "", None),
]  # fmt: skip
BAD = [
    ("colour", "red", "unknown field 'colour'; fields are"), ("themes", "rural", "did you mean theme?"),
    ("claim", "maybe", "one of accept, reject"), ("claim", "", "claim is empty"),
    ("value", "", "a claim always has one"), ("value", "2,5", "digits and a point"), ("value", "many", "digits and a point"),
    ("value", "nan", "digits and a point"), ("value", "-Infinity", "digits and a point"), ("value", "1e999999999", "digits and a point"),
    ("unit", "RBM", "no unit 'RBM'"), ("unit", "a\nb", "no unit"), ("unit", "x" * 200, "no unit"), ("kind", "weight", "one of money"),
    ("qualifier", "almost", "one of about, exact"),
    ("when", "2020-13", "were expected"), ("when", "2021-02-29", "were expected"), ("when", "02.03.2020", "were expected"),
    ("when", "2020/2019", "were expected"), ("when", "2020/2021/2022", "were expected"), ("when", "٢٠٢٠", "were expected"),
    ("when", "0000", "were expected"), ("when_type", "at", "one of as_of"), ("target", "perhaps", "one of true"),
    ("actor", "---", "a name on one line"), ("actor", "A\u200bB", "a name on one line"), ("actor", "A\nB", "a name on one line"),
    ("theme", "", "theme is empty"), ("theme", "trees", "no theme 'trees'"), ("relevance", "yes", "one of csr, context"),
    ("indicator", "trees_plantd", "did you mean trees_planted?"), ("per", "minute", "one of hour"),
    ("country", "XX", "its code of two letters after ISO 3166-1"), ("country", "China", "did you mean CN?"), ("country", "kz", "did you mean KZ?"),
    ("country", "CHN", "no country 'CHN'"), ("country", "C" * 200, "no country"), ("place", "A\nB", "a name on one line"), ("place", "x" * 200, "a name on"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "value"), GOOD)
def test_what_fits_is_read(field, text, value):
    assert read_answer(field, text, LEXICONS) == value


@pytest.mark.parametrize(("field", "text", "told"), BAD)
def test_what_does_not_fit_is_refused_with_what_was_expected(field, text, told):
    with pytest.raises(ValueError) as caught:
        read_answer(field, text, LEXICONS)
    assert told in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_a_good_and_a_bad_answer(field):
    assert {field} <= {row[0] for row in GOOD}
    assert {field} <= {row[0] for row in BAD} | {"value_max", "programme"}  # as value and as actor


@settings(deadline=None)
@given(st.decimals(min_value=-(10**25), max_value=10**25, places=6) | st.integers(-(10**25), 10**25).map(Decimal))
def test_a_number_is_read_back_equal(value):
    assert read_answer("value", write_answer(value), LEXICONS) == value


@pytest.mark.parametrize("text", ["0", "-0", "0e7", "-0.00"])
def test_nought_has_one_spelling(text):
    assert write_answer(read_answer("value", text, LEXICONS)) == "0"


@settings(deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.text())
def test_any_text_is_read_or_refused(field, text):
    try:
        read_answer(field, text, LEXICONS)
    except ValueError:
        pass


@pytest.mark.parametrize(("text", "day"), [("2024-05-02", True), ("2024-02-30", False), ("2024-05", False), ("2.5.2024", False), ("", False)])
def test_a_day_is_an_iso_day(text, day):
    assert is_day(text) is day
