"""agreements: Krippendorff's alpha is that of published worked examples; nothing is measured where nobody coded the same."""

import pytest

from csrbook.agreements import Agreement, Coding, measure_agreement

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), Annenberg School for Communication, University of Pennsylvania:
# examples A (two observers, two codes), B (two observers, nominal) and C (four observers, nominal, missing data)
EXAMPLES = {
    "A": ({"Jon": "0100000010", "Han": "1110010000"}, 0.095, 60.0),
    "B": ({"Ben": "aabbdcccedda", "Gerry": "babbbcccedd" + "d"}, 0.692, 75.0),
    "C": ({"A": "123321412...", "B": "12332241" + "25.3", "C": ".33323422" + "51.", "D": "123324412" + "51."}, 0.743, None),
}


def codings(rows: dict[str, str]) -> list[Coding]:
    return [Coding(who, f"c{at}", "theme", code) for who, codes in rows.items() for at, code in enumerate(codes) if code != "."]


@pytest.mark.parametrize("name", EXAMPLES)
def test_alpha_of_published_examples(name):
    rows, alpha, percent = EXAMPLES[name]
    (found,) = measure_agreement(codings(rows))
    assert found.alpha == pytest.approx(alpha, abs=0.0006)
    assert found.coders == len(rows)
    assert percent is None or found.percent == percent


def test_fields_are_measured_apart_and_lone_codings_left_out():
    rows = [
        Coding("Ann", "1", "theme", "rural"), Coding("Ben", "1", "theme", "rural"), Coding("Ann", "2", "theme", "community"),
        Coding("Ann", "1", "unit", "t"), Coding("Ann", "3", "value", "5"), Coding("Ben", "3", "value", "6"),
    ]  # fmt: skip
    assert measure_agreement(rows) == [Agreement("theme", 1, 2, 100.0, None), Agreement("value", 1, 2, 0.0, 0.0)]


def test_the_last_coding_of_a_person_counts():
    rows = [Coding("Ann", "1", "theme", "rural"), Coding("Ben", "1", "theme", "community"), Coding("Ann", "1", "theme", "community")]
    assert measure_agreement(rows)[0].percent == 100.0


def test_nothing_coded_is_nothing_measured():
    assert measure_agreement([]) == measure_agreement([Coding("Ann", "1", "theme", "rural")]) == []
