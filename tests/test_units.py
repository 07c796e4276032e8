"""The table of units against UCUM: every code is worked out here from the definitions of the standard, apart from the library."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from csrbook.lexicon import load_lexicons

UNITS = load_lexicons().units
PREFIXES = {"k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "c": -2, "m": -3, "u": -6, "d": -1}
FOOT, POUND, BTU = Fraction(3048, 10000), Fraction(45359237, 10**8), Fraction("1055.05585262")
GRAIN = POUND / 7000
ATOMS = {  # UCUM 2.1, tables of base, derived, customary and other units, in SI; a byte is counted in bytes, a bit in bits
    "m": 1, "g": Fraction(1, 1000), "s": 1, "min": 60, "h": 3600, "d": 86400, "wk": 604800, "a": Fraction("365.25") * 86400,
    "mo": Fraction("365.25") * 86400 / 12, "t": 1000, "har": 10000, "L": Fraction(1, 1000), "J": 1, "W": 1, "V": 1, "A": 1, "By": 1, "bit": 1,
    "cal": Fraction("4.184"), "cal_IT": Fraction("4.1868"), "[lb_av]": POUND, "[oz_tr]": 480 * GRAIN, "[car_m]": Fraction(2, 10**4),
    "[in_i]": FOOT / 12, "[ft_i]": FOOT, "[yd_i]": 3 * FOOT, "[mi_i]": 5280 * FOOT, "[nmi_i]": 1852, "[kn_i]": Fraction(1852, 3600),
    "[sft_i]": FOOT**2, "[syd_i]": 9 * FOOT**2, "[cft_i]": FOOT**3, "[gal_us]": 231 * (FOOT / 12) ** 3, "[bbl_us]": 42 * 231 * (FOOT / 12) ** 3,
    "[Btu_IT]": BTU, "%": Fraction(1, 100), "[ppm]": Fraction(1, 10**6), "[ppb]": Fraction(1, 10**9),
}  # fmt: skip
NOT_METRIC = {"min", "h", "d", "wk", "a", "mo", "%"}
SPECIAL = {"Cel", "dB"}  # no ratio scale: never converted
SI = {"kg": 1, "m": 1, "m2": 1, "m3": 1, "s": 1, "J": 1, "W": 1, "V": 1, "m/s": 1, "kg/m3": 1, "kg.m": 1, "kgCO2e": 1, "byte": 1, "bps": 1}
CONVERTED = sorted(code for code, row in UNITS.items() if "si" in row)


def ucum(code):
    """Return what a UCUM code comes to in SI: terms with exponents, multiplied by dots and divided by slashes, from the left."""
    value, divide = Fraction(1), False
    for part in re.findall(r"[./]|[^./\[\]]*\[[^\]]*\]\d*|[^./]+", re.sub(r"\{[^}]*\}", "", code)):
        if part in "./":
            divide = part == "/"
            continue
        value = value / term(part) if divide else value * term(part)
        divide = False
    return value


def term(part):
    if found := re.fullmatch(r"10\*(-?\d+)", part):
        return Fraction(10) ** int(found[1])
    if part.isdigit():
        return Fraction(part)
    atom, power = (part, 1) if part in ATOMS or not part[-1].isdigit() else (part[:-1], int(part[-1]))
    scale = Fraction(1)
    if atom not in ATOMS:
        scale, atom = Fraction(10) ** PREFIXES[atom[0]], atom[1:]
        assert atom in ATOMS and atom not in NOT_METRIC, f"{part} is no UCUM code"
    return (scale * ATOMS[atom]) ** power


@pytest.mark.parametrize("code", CONVERTED)
def test_factor_is_what_the_ucum_code_says(code):
    row = UNITS[code]
    assert row["si"] in SI, "a normal unit that no test knows"
    told, exact = Fraction(Decimal(row["factor"])), ucum(row["ucum"]) / SI[row["si"]]
    assert abs(told / exact - 1) < Fraction(1, 10**16), f"{code}: {row['factor']} is not {float(exact)!r}"


@pytest.mark.parametrize("code", sorted(code for code, row in UNITS.items() if "ucum" in row and "si" not in row))
def test_code_without_a_factor_is_a_ucum_code(code):
    assert UNITS[code]["ucum"] in SPECIAL or ucum(UNITS[code]["ucum"]) > 0


@pytest.mark.parametrize(
    ("code", "definition"),
    [
        ("mu", Fraction(10000, 15)), ("ping", Fraction(400, 121)), ("acre", Fraction("4046.8564224")), ("mi2", Fraction("1609.344") ** 2),
        ("toe", Fraction("41.868e9")), ("tce", Fraction("29.3076e9")), ("Gcal", Fraction("4.1868e9")), ("barrel", Fraction("0.158987294928")),
        ("lb", Fraction("0.45359237")), ("oz", Fraction("0.0311034768")), ("MMBtu", BTU * 10**6), ("knot", Fraction(1852, 3600)),
        ("month", Fraction("365.25") * 7200), ("quarter", Fraction("365.25") * 21600), ("century", Fraction("365.25") * 8640000),
    ],
)  # fmt: skip
def test_factor_is_the_definition_of_the_unit(code, definition):
    assert abs(Fraction(Decimal(UNITS[code]["factor"])) / definition - 1) < Fraction(1, 10**16)


def test_jin_is_half_a_kilogram_and_crore_and_lakh_are_numbers():
    lexicons = load_lexicons()
    assert [e.value for e in lexicons["zh"].entries["unit"] if "\u65a4" in e.forms] == ["0.5"]
    numbers = {form: e.value for e in lexicons["en"].entries["magnitude"] for form in e.forms}
    assert (numbers["crore"], numbers["lakh"]) == ("10000000", "100000")
    assert not {"jin", "crore", "lakh"} & set(UNITS)


def test_no_temperature_and_no_level_is_multiplied():
    assert all("si" not in UNITS[code] for code in ("degree", "degree C", "dB", "percent", "times"))


def test_units_stand_there_once():
    rows = [row["unit"] for row in load_lexicons().tables["units"]["unit"]]
    assert len(rows) == len(set(rows))
