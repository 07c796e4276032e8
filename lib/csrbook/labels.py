"""Words and numbers as a reader of one language writes them: 3.4 bn, the same with a Chinese or a Russian magnitude.

    load_labels("en").number(3_400_000_000) -> "3.4 bn"
    load_labels("en").stated(2, 2, "child", "nearly") -> "nearly 2 children"
    load_labels("en").time("2020-02/2020-04") -> "from February to April 2020"

In      a key of lexicons/labels.toml, a number, a unit code, an ISO date.
Out     text in the language that was asked for; Sentence objects, which a notebook shows as markdown.
Never   holds a word of a language; rounds anywhere but in `Labels.number`.
Needs   errors.  Used by displays, naming, brief, charts, pages and the notebooks.
"""

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from csrbook.errors import LexiconError, UsageError

__all__ = ["Labels", "Marked", "Sentence", "escape_markdown", "languages", "load_labels", "sentence"]

FILE = "lexicons/labels.toml"
FIGURES = 3  # significant digits of a rounded number
DAY = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")
MARKUP = re.compile(r"[\\`*_{}\[\]$|~]|:(?=//)|(?<=www)\.|(?<=\w)@")  # two dollar signs would make a formula of what lies between
CHOICE = "|"  # between the words of a blank that agrees with a number


@dataclass(frozen=True, slots=True)
class Labels:
    """The words and number formats of one language."""

    language: str
    table: Mapping[str, Any] = field(repr=False)
    nouns: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)  # forms of units that the table lacks (naming.own_nouns)
    documents: Mapping[str, str] = field(default_factory=dict, repr=False)  # names of documents by their ids (drawings.introduce)
    proper: Mapping[str, str] = field(default_factory=dict, repr=False)  # bodies and programmes as the language calls them (the same)

    def text(self, key: str, **facts: Any) -> str:
        """Return the words of a key such as "chart.money.title", with the facts filled in; numbers are written out."""
        return _Writer(self).vformat(self._find(key), (), facts)

    def name(self, section: str, code: Any) -> str:
        """Return the name of a code ("theme", "rural"); a code that has none is shown as it is, without underscores."""
        if not isinstance(code, str):
            return self.name(section, "none") if "none" in self.table[section] else ""
        words = self.table[section].get(code)
        return words[self.language] if words else code.replace("_", " ")

    def knows(self, unit: str) -> bool:
        """Whether a unit has a name of its own here."""
        return unit in self.table["unit"]

    def noun(self, unit: Any) -> str:
        """Return the name of a unit or counted noun standing alone, as at the left of a row."""
        return self.name("noun" if unit in self.table["noun"] else "unit", unit)

    def sentences(self, *parts: str) -> str:
        """Return texts set one after the other, each ended as this language ends a sentence."""
        stop = self._numbers["stop"]
        return "".join(part.rstrip(stop.strip()) + stop for part in parts if part).strip()

    def order(self, section: str) -> tuple[str, ...]:
        """Return the codes of a section in the order that every figure keeps."""
        return tuple(self.table[section])

    @property
    def beneficiaries(self) -> frozenset[str]:
        """Units that name who or what is reached."""
        return frozenset(self.table["beneficiary"]["units"])

    def number(self, value: Any, *, figures: int = FIGURES) -> str:
        """Return a number as this language writes it: rounded with a magnitude word where it has one, whole below it.

        A null gives an empty text.
        """
        if value is None or value != value:
            return ""
        number = Decimal(str(value))
        rounded, word = _scale(number, self._numbers["magnitudes"], figures)
        digits = format(abs(rounded), "f")
        whole, _, part = digits.partition(".")
        if len(whole) >= self._numbers["from_digits"]:
            whole = f"{int(whole):,}".replace(",", self._numbers["group"])
        part = part.rstrip("0")
        sign = "\u2212" if rounded < 0 else ""
        return sign + whole + (self._numbers["decimal"] + part if part else "") + word

    def amount(self, value: Any, unit: Any) -> str:
        """Return a number with its unit: money by the currency's pattern, percent and times by theirs, else number and noun."""
        return self._with_unit(self.number(value), unit, value)

    def stated(self, low: Any, high: Any, unit: Any, hedge: str = "exact") -> str:
        """Return one number or a range, with its unit in the form that number and hedge ask for, and the hedge before it."""
        governs = self._agreement["governs"]
        written = self.span(self.number(low), self.number(high), hedged=hedge != "exact")
        governed = hedge in governs or low != high and "range" in governs
        return self.name("hedge", hedge).replace("{n}", self._with_unit(written, unit, high, governed=governed))

    def counted(self, value: Any, unit: str) -> str:
        """Return the name of a unit in the form that it has after a number."""
        return self._noun(unit, value, governed=False)

    def choose(self, value: Any, words: Sequence[str]) -> str:
        """Return the one of some words that goes with a number, in the order of this language's forms."""
        return self._pick(words, self._form(value))

    def span(self, low: str, high: str, *, hedged: bool = False) -> str:
        """Return "from low to high" for two written numbers, as it stands alone or after a hedge, or the one where they read the same."""
        return low if low == high else self._numbers["hedged" if hedged else "range"].replace("{low}", low).replace("{high}", high)

    def date(self, when: Any) -> str:
        """Return an ISO date, month or year, or a time from one to another, as this language writes it in a sentence."""
        if not isinstance(when, str):
            return ""
        ends = [self._day(end) for end in when.split("/")]
        return self.table["dates"][self.language]["between"].format(low=ends[0], high=ends[-1]) if len(ends) == 2 else ends[0]

    def time(self, when: Any, role: str = "at") -> str:
        """Return an ISO date or a time between two as a sentence tells it: "in 2020", "as of 31 March 2020", "from 2010 to 2020".

        `role` is a key of [time]: at, as_of, after, plain. A time between two has words of its own, whatever the role.
        """
        if not isinstance(when, str):
            return ""
        ends = when.split("/")
        if len(ends) == 1:
            return self._told(when, role)
        alike = ends[0][:4] == ends[1][:4] and len(ends[0]) == len(ends[1]) > 4
        words = self.table["time"][self.language]
        told = [self._told(end, f"{side}_within" if alike else side) for side, end in zip(("since", "until"), ends, strict=False)]
        return words["between"].format(since=told[0], until=told[1])

    def _told(self, day: str, role: str) -> str:
        """Return a year, a month or a day by the pattern of its role."""
        found, words = DAY.fullmatch(day), self.table["time"][self.language]
        if not found:
            return day
        month = int(found[2] or 1)
        names = {case: words[case][month - 1] if words[case] else "" for case in ("name", "of", "within")}
        return words[role][sum(part is not None for part in found.groups()) - 1].format(y=found[1], m=month, d=int(found[3] or 1), **names)

    def join(self, words: Sequence[str]) -> str:
        """Return words as a list of this language."""
        return self._numbers["between"].join(words)

    def _with_unit(self, written: str, unit: Any, value: Any, *, governed: bool = False) -> str:
        """Return a written number with its unit, which agrees with `value`; `governed`: a word before it asks for another case."""
        if not isinstance(unit, str):
            return written
        if unit in self.table["money"]:
            pattern = self.table["money"][unit][self.language]
        elif len(unit) == 3 and unit.isupper():
            return self.table["money"]["other"][self.language].replace("{n}", written).replace("{unit}", unit)
        else:
            pattern = self._numbers[unit if unit in ("percent", "times") else "count"]
        return pattern.replace("{n}", written).replace("{unit}", self._noun(unit, value, governed=governed))

    def _noun(self, unit: str, value: Any, *, governed: bool) -> str:
        forms, form = self.table["counted"].get(self.language, {}).get(unit), self._form(value)
        if not self.knows(unit):
            forms = forms or self.nouns.get(unit)
        if forms:
            asked = self._agreement["governed"]
            return self._pick(forms, asked[form] if governed and form < len(asked) else form)
        one = self._numbers["one"] == "code" and form == 0 and (unit in self.table["noun"] or not self.knows(unit))
        return unit.replace("_", " ") if one else self.name("unit", unit)

    def _form(self, value: Any) -> int:
        """Return which form of a noun goes with a number as it is written: that of a magnitude word, of a part, or of the last digits."""
        rule, number = self._agreement, Decimal(str(value))
        rounded, word = _scale(number, self._numbers["magnitudes"], FIGURES)
        if word:
            return rule["large"]
        if rounded != rounded.to_integral_value():
            return rule["part"]
        whole = abs(int(rounded))
        for form, told in enumerate(rule["rules"]):
            if (whole % told["by"] if told["by"] else whole) in told["left"] and whole % 100 not in told["but"]:
                return form
        return len(rule["rules"])

    def _pick(self, words: Sequence[str], form: int) -> str:
        return words[form if form < len(words) else self._agreement["else"]]

    @property
    def _agreement(self) -> Mapping[str, Any]:
        return self.table["agreement"][self.language]

    def _day(self, day: str) -> str:
        found = DAY.fullmatch(day)
        if not (found and found[2]):
            return day
        words, month = self.table["dates"][self.language], int(found[2])
        names = {key: words[key][month - 1] if words[key] else "" for key in ("names", "of")}
        pattern = words["day" if found[3] else "month"]
        return pattern.format(y=found[1], m=month, d=int(found[3] or 1), name=names["names"], of=names["of"])

    @property
    def _numbers(self) -> Mapping[str, Any]:
        return self.table["numbers"][self.language]

    def _find(self, key: str) -> str:
        node: Any = self.table
        for part in key.split("."):
            if part not in node:
                raise UsageError(f"{FILE}, {key}", "no such label", f"{part!r} is not in it", "correct the key or add the label")
            node = node[part]
        return node[self.language]


@dataclass(frozen=True, slots=True)
class Marked:
    """A place in a text that is filled in later, and the number that the words around it agree with."""

    mark: str
    n: Any = None

    def __str__(self) -> str:
        return self.mark


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with computed numbers in it: shows itself as markdown, keeps its facts and the claims behind it."""

    text: str
    facts: Mapping[str, Any]
    claims: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return escape_markdown(self.text)


def escape_markdown(text: str) -> str:
    """Keep words from being read as markdown, HTML, a formula or an address: names and titles come from documents."""
    return MARKUP.sub(r"\\\g<0>", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def sentence(template: str, *, labels: Labels | None = None, claims: Sequence[str] = (), **facts: Any) -> Sentence:
    """Return a sentence whose numbers are filled in and rounded as everywhere else.

    Parameters
    ----------
    template : str
        Words with {names}. A number alone is written by `Labels.number`; `{x:CNY}`, `{x:tree}` or any unit code by
        `Labels.amount`; `{x:raw}` is left as Python prints it. Years are written `{x:raw}`. `{x:was|were}` are words that agree with x.
    labels : Labels, optional
        The language; that of the file's `default` where it is left out.
    claims : sequence of str
        Ids of the claims that the sentence rests on.

    Examples
    --------
    >>> str(sentence("{n} documents give {low:USD} to {high:USD}.", n=3, low=3e9, high=3.4e9))
    '3 documents give $3 bn to $3.4 bn.'
    """
    written = _Writer(labels or load_labels()).vformat(template, (), facts)
    return Sentence(written, MappingProxyType(dict(facts)), tuple(claims))


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that labels can be shown in."""
    return tuple(_table()["numbers"])


@cache
def load_labels(language: str | None = None) -> Labels:
    """Return the labels of a language, by default the first one of the project.

    Raises
    ------
    UsageError
        There are no labels in that language.
    """
    table = _table()
    code = language or table["default"]
    if code not in table["numbers"]:
        known = list(table["numbers"])
        near = get_close_matches(code, known, 1)
        advice = f"did you mean {near[0]}?" if near else "choose one of them"
        raise UsageError("language", f"no labels in {code!r}", f"there are {', '.join(known)}", advice)
    return Labels(code, table)


@cache
def _table() -> Mapping[str, Any]:
    table = tomllib.loads(files("csrbook").joinpath(FILE).read_text(encoding="utf-8"))
    _check(table, set(table["numbers"]), FILE)
    return table


def _check(node: Mapping[str, Any], codes: set[str], where: str) -> None:
    """Refuse words that lack a language; that their {braces} name the same is left to the tests."""
    for key, value in node.items():
        place = f"{where}, {key}"
        if not isinstance(value, Mapping) or key == "numbers":
            continue
        if all(isinstance(v, str) for v in value.values()):
            if set(value) != codes:
                told, wanted = (" ".join(sorted(names)) for names in (value, codes))
                raise LexiconError(place, f"languages are {told}", f"expected {wanted}", "add the missing words")
        else:
            _check(value, codes, place)


def _scale(number: Decimal, magnitudes: Sequence[Sequence[str]], figures: int) -> tuple[Decimal, str]:
    """Return the rounded number and its magnitude word; 999.96 million becomes 1 billion, not 1000 million."""
    for size, least, word in magnitudes:
        rounded = _round(number / Decimal(size), figures)
        if abs(rounded) * Decimal(size) >= Decimal(least):
            return rounded, word
    return _round(number, figures, whole=True), ""


def _round(number: Decimal, figures: int, *, whole: bool = False) -> Decimal:
    """Round half up to `figures` significant digits; `whole` keeps all digits before the mark."""
    if not number:
        return Decimal(0)
    last = number.adjusted() - figures + 1
    if whole:
        last = min(last, 0)
    return number.quantize(Decimal(1).scaleb(last), rounding=ROUND_HALF_UP)


class _Writer(string.Formatter):
    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def format_field(self, value: Any, format_spec: str) -> str:
        if CHOICE in format_spec:  # "{n:school|schools}"
            return self.labels.choose(value.n if isinstance(value, Marked) else value, format_spec.split(CHOICE))
        if isinstance(value, bool | str) or format_spec == "raw" or not isinstance(value, int | float | Decimal):
            return str(value) if value is not None else ""
        return self.labels.amount(value, format_spec) if format_spec else self.labels.number(value)

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        if field_name not in kwargs:  # also refuses "{x.__class__}": a template names facts and nothing inside them
            given = ", ".join(sorted(kwargs))
            raise UsageError("sentence", f"no fact {field_name!r}", f"given are {given}", "name it in the call")
        return kwargs[field_name], field_name
