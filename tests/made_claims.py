"""Claims made up for tests: a dict a claim, with what matters said and the rest filled in."""

from csrbook.tables import claims_frame, normalise

UNITS = {
    "CNY": {"kind": "money"},
    "USD": {"kind": "money"},
    "RUB": {"kind": "money"},
    "percent": {"kind": "percent", "ucum": "%"},
    "mu": {"kind": "physical", "si": "m2", "factor": "666.66666666666666667"},
    "t": {"kind": "physical", "si": "kg", "factor": "1000", "ucum": "t"},
}
SOURCES = [
    {"doc": "a_north", "date": "2020-04-19", "language": "en", "publisher": "North"},
    {"doc": "b_east", "date": "2020-09-26", "language": "zh", "publisher": "East"},
    {"doc": "c_south", "date": "2021-08-05", "language": "ru", "publisher": "South"},
]


def record(number: int, value: float, unit: str = "CNY", **told) -> dict:
    """Return one claim record; low and high are the value unless told."""
    kind = UNITS[unit]["kind"] if unit in UNITS else "count"
    row = {
        "id": f"x-{number:04}", "claim_id": f"c{number:04}", "doc": "a_north", "start": number * 100, "end": number * 100 + 8,
        "text": f"{value:g} {unit}", "value": value, "value_max": None, "unit": unit, "kind": kind, "qualifier": "exact",
        "when": None, "when_type": None, "target": False, "actor": "Acme", "programme": None, "theme": "rural",
        "relevance": "csr", "optional": False, "repeat_of": None, "restates": None, "note": None, "indicator": None, "per": None,
        "low": value, "high": value, "rule": {"value": "number"}, "confidence": 0.9,
        "sentence_start": number * 100, "sentence_end": number * 100 + 60,
        "country": None, "place": None,
    }  # fmt: skip
    return row | told


def frame(*rows: dict, currency: str = "USD"):
    """Return the rows as a normalised table."""
    return normalise(claims_frame(rows, SOURCES), UNITS, currency=currency)


def corpus():
    """Return a small corpus in which every chart finds something to show."""
    health = {"theme": "public_health", "indicator": "money_given", "when_type": "as_of"}
    return frame(
        record(1, 3.0e9, when="2020-04-19", **health),
        record(2, 3.3e9, when="2020-03-31", **health | {"doc": "b_east"}),
        record(3, 3.4e9, when="2021-03", qualifier="nearly", low=3.35e9, **health | {"doc": "c_south"}),
        record(4, 20, "village", doc="c_south", when="2013", when_type="during", programme="Market Villages"),
        record(5, 5425, "village", doc="c_south", when="2020", when_type="as_of", programme="Market Villages"),
        record(6, 76_000, "tree", doc="c_south", when="2010", when_type="during", theme="environment", indicator="trees_planted"),
        record(7, 223e6, "tree", doc="b_east", when="2020", theme="environment", indicator="trees_planted", qualifier="over", high=None, programme="Green Desert"),
        record(8, 220e6, "tree", doc="c_south", when="2020", when_type="during", theme="environment", indicator="trees_planted", programme="Green Desert"),
        record(9, 10e9, theme="business_support", target=True, when="2023-04", when_type="during", programme="Spring Works"),
        record(10, 1000, "factory", theme="business_support", target=True, when="2023", when_type="during", programme="Spring Works"),
        record(11, 10e6, "company", theme="business_support", target=True, programme="Spring Works", doc="b_east"),
        record(12, 200e6, "student", theme="education", when="2020-04-19", when_type="as_of", actor="School Cloud"),
        record(13, 170_000, "teacher", theme="education", doc="c_south", qualifier="upto", low=None),
        record(14, 20, "percent", theme="business_support"),
        record(15, 17, "percent", relevance="context"),
        record(16, 3.4e9, repeat_of="x-0003", **health | {"doc": "c_south"}),
        record(17, 5e8, "USD", restates="x-0003", **health | {"doc": "c_south"}),
        record(18, 7e9, "RUB", doc="d_west", when="2023", theme="philanthropy"),
        record(19, 1e6, doc="c_south", theme="philanthropy", when="2007"),
    )
