"""What a person may say of a claim: the fields that can be corrected, and the type or closed list of each.

    read_answer("when", "2020-03", lexicons) -> "2020-03"
    read_answer("value", "2.5e6", lexicons)  -> Decimal("2.5E+6")
    write_answer(True)                       -> "true"

In      the name of a field, what a person wrote for it, and the Lexicons: themes, measures, units and countries are theirs.
Out     the value as a Claim holds it, None for an empty one where a claim may have none; or the text of such a value.
Never   guesses what was meant: 2,5 is refused, since it may be two values.
Needs   lexicon.  Used by decisions and those who apply them.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from csrbook.lexicon import QUALIFIERS, Lexicons

__all__ = ["ACCEPT", "CLAIM", "FIELDS", "REJECT", "is_day", "read_answer", "write_answer"]

CLAIM, ACCEPT, REJECT = "claim", "accept", "reject"  # the claim as a whole
KINDS = ("money", "count", "percent", "multiple", "physical", "duration")
TIMES = ("as_of", "during", "on")
TRUTH = {"true": True, "yes": True, "false": False, "no": False}
RATES = ("hour", "day", "week", "month", "quarter", "year")
RELEVANCE = ("csr", "context")
NULLABLE = {"value_max", "unit", "when", "when_type", "actor", "programme", "indicator", "country", "place", "per"}
PLACES = 30  # powers of ten that a number may reach, either way
DIGITS = 40
LONGEST = 120  # letters of a name or a unit
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
NOUN = re.compile(r"[A-Za-z]*[a-z][A-Za-z]*(?:[ -][A-Za-z]+)*")


def read_answer(field: str, text: str, lexicons: Lexicons) -> Any:
    """Return what a person wrote for a field, as a Claim holds it.

    Parameters
    ----------
    field : str
        One of FIELDS.
    text : str
        As written; white space at its ends counts for nothing, and nothing at all is null.

    Raises
    ------
    ValueError
        No such field, or no value of it; the message says what was expected.
    """
    text = text.strip()
    if field not in FIELDS:
        raise ValueError(f"unknown field {field!r}; fields are {', '.join(FIELDS)}{_near(field, FIELDS)}")
    if not text:
        if field in NULLABLE:
            return None
        raise ValueError(f"{field} is empty; a claim always has one")
    return FIELDS[field](field, text, lexicons)


def write_answer(value: Any) -> str:
    """Return a value of a claim as a person writes it: numbers in full, null as nothing.

    >>> write_answer(Decimal("2.50E+6")), write_answer(None), write_answer(False)
    ('2500000', '', 'false')
    """
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, Decimal):
        told = format(value, "f")
        return told.rstrip("0").rstrip(".") if "." in told else told
    return str(value)


def is_day(text: str) -> bool:
    """True for an ISO day, as 2020-03-31."""
    return len(text) == len("2020-03-31") and _span(text) is not None


# ---- one reader a type -------------------------------------------------------------------------------------------------


def _number(field: str, text: str, lexicons: Lexicons) -> Decimal:
    value = Decimal(text) if NUMBER.fullmatch(text) else None
    if value is None or abs(value.adjusted()) > PLACES or len(value.as_tuple().digits) > DIGITS:
        raise ValueError(f"{field} is {text!r}; digits and a point were expected, as 2500000, 2.5 or 2.5e6")
    return value or Decimal(0)  # -0 is 0


def _when(field: str, text: str, lexicons: Lexicons) -> str:
    spans = [_span(part) for part in text.split("/")]
    if len(spans) > 2 or None in spans or spans[0][0] > spans[-1][1]:
        raise ValueError(f"{field} is {text!r}; 2020, 2020-03, 2020-03-31 or two such times as 2019/2020-03 were expected")
    return text


def _span(text: str) -> tuple[str, str] | None:
    """First and last day of an ISO day, month or year; None for anything else."""
    found = ISO.fullmatch(text) if text.isascii() else None
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if not year or found[2] and not 1 <= month <= 12 or found[3] and not 1 <= day <= monthrange(year, month)[1]:
        return None
    return f"{year:04}-{month or 1:02}-{day or 1:02}", f"{year:04}-{month or 12:02}-{day or 31:02}"


def _truth(field: str, text: str, lexicons: Lexicons) -> bool:
    return TRUTH[_one_of(TRUTH, field, text.lower())]


def _name(field: str, text: str, lexicons: Lexicons) -> str:
    if not text.isprintable() or not any(map(str.isalpha, text)) or len(text) > LONGEST:
        raise ValueError(f"{field} is {text[:LONGEST]!r}; a name on one line was expected")
    return text


def _unit(field: str, text: str, lexicons: Lexicons) -> str:
    if text in lexicons.units or NOUN.fullmatch(text) and len(text) <= LONGEST:
        return text
    near = _near(text, lexicons.units)
    raise ValueError(f"no unit {text[:LONGEST]!r}; a currency or unit code, or what is counted as an English noun, was expected{near}")


def _country(field: str, text: str, lexicons: Lexicons) -> str:
    rows = [line.split("|", 4)[:4] for line in lexicons.tables["places"]["rows"].strip().splitlines()]
    if any(text == row[0] for row in rows):
        return text
    names = {name: code for code, name, _, level in rows if level == "country"}
    near = [names[name] for name in get_close_matches(text, names, 1)] + [code for code in names.values() if code == text.upper()]
    told = f"no country {text[:LONGEST]!r}; its code of two letters after ISO 3166-1 was expected, as CN"
    raise ValueError(f"{told}; did you mean {near[0]}?" if near else told)


def _listed(choices: Callable[[Lexicons], Iterable[str]]) -> Callable[[str, str, Lexicons], str]:
    return lambda field, text, lexicons: _one_of(tuple(choices(lexicons)), field, text)


def _one_of(choices: Iterable[str], field: str, text: str) -> str:
    if text not in choices:
        raise ValueError(f"no {field} {text!r}; one of {', '.join(choices)} was expected{_near(text, choices)}")
    return text


def _near(text: str, choices: Iterable[str]) -> str:
    near = get_close_matches(text, list(choices), 1)
    return f"; did you mean {near[0]}?" if near else ""


FIELDS: Mapping[str, Callable[[str, str, Lexicons], Any]] = {
    CLAIM: _listed(lambda lexicons: (ACCEPT, REJECT)),
    "value": _number,
    "value_max": _number,
    "unit": _unit,
    "kind": _listed(lambda lexicons: KINDS),
    "qualifier": _listed(lambda lexicons: sorted(QUALIFIERS)),
    "when": _when,
    "when_type": _listed(lambda lexicons: TIMES),
    "target": _truth,
    "actor": _name,
    "programme": _name,
    "theme": _listed(lambda lexicons: [theme["id"] for theme in lexicons.tables["themes"]["theme"]]),
    "relevance": _listed(lambda lexicons: RELEVANCE),
    "indicator": _listed(lambda lexicons: [one["id"] for one in lexicons.tables["indicators"]["indicator"]]),
    "country": _country,
    "place": _name,
    "per": _listed(lambda lexicons: RATES),
}
