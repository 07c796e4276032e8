"""Find every quantity of a document, and account for every numeral that is none.

In      a Document (text, furniture) and the Lexicons.
Out     Mentions and Skipped rows, each sorted by start and disjoint; offsets are half-open code points of Document.text.
        A Mention's value is exact (Decimal), its magnitude applied, percent as 96; `low` and `high` bound what the printed
        digits and the qualifier allow, None where open.
Never   changes the text, sums, converts, or drops a number in silence.
Needs   grammar, lexicon, nouns, numerals, tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from csrbook.grammar import entries_at, find_dates, qualifier_after, qualifier_before
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.nouns import MONEY_NOUN, noun_after, noun_before
from csrbook.numerals import Reading, read_digits, read_joined, read_number
from csrbook.tokens import BLANK, JOINED, LINE, SPACE, Token, tokenize

__all__ = ["Mention", "Skipped", "explain", "find_mentions", "interval"]


QUOTES = "\u00ab\u00bb\u201c\u201d\u201e\"'\u300c\u300d\u300a\u300b"


@dataclass(frozen=True, slots=True)
class Mention:
    """One quantity as printed: span, exact value, unit, kind, qualifier, interval, and the rule that read it."""

    doc: str
    start: int
    end: int
    text: str
    value: Decimal
    value_max: Decimal | None
    unit: str | None
    kind: str
    qualifier: str
    low: Decimal | None
    high: Decimal | None
    rule: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """One numeral set aside, with the reason (date, clock, ordinal, list_number, name, phone, furniture, word, other)."""

    doc: str
    start: int
    end: int
    text: str
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A quantity under way, in token indices."""

    first: int
    last: int
    value: Decimal
    value_max: Decimal | None
    unit: str | None
    qualifier: str | None
    step: Decimal
    scaled: bool
    rule: str
    note: str | None = None


def interval(value: Decimal, value_max: Decimal | None, *, qualifier: str, step: Decimal, rounded: bool):
    """Return (low, high) that the printed digits and the qualifier allow; None is open.

    A number with a magnitude or decimals is taken as rounded to its last printed place (2.2亿 is 2.15 to 2.25);
    "nearly" runs from one half place below to the number, "over" from the number up, "up to" from nothing to the number.
    """
    half = step / 2 if rounded else Decimal(0)
    if value_max is not None:
        return value, value_max
    if qualifier == "over":
        return value, None
    if qualifier == "upto":
        return Decimal(0), value
    if qualifier == "nearly":
        return value - step / 2, value
    if qualifier == "about":
        return value - max(half, value / 20), value + max(half, value / 20)
    return value - half, value + half


class _Scanner:
    """Reads quantities at token positions of one document in one language."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons) -> None:
        self.tokens, self.lexicon, self.lexicons = tokens, lexicon, lexicons
        self.spaced = lexicon.traits["word_spacing"]

    # -- slots -------------------------------------------------------------------------------------------------------

    def quantity(self, at: int) -> _Quantity | str | None:
        """Return the quantity that begins at token `at`, the reason why a number there is none, or None for no number."""
        if joined := read_joined(self.tokens[at], self.lexicon):
            value, entry = joined
            return self._with_unit(at, at + 1, value, entry, rule="joined word")
        before = entries_at(self.tokens, at, self.lexicon, "unit", place="before")
        number = before[1] if before else at
        if number >= len(self.tokens) or (before and self.tokens[number].gap > SPACE):
            return None
        if fraction := self._fraction(number):
            return fraction
        reading = read_number(self.tokens, number, self.lexicon)
        if not reading:
            return None
        if not before and (reason := self._no_quantity(reading)):
            return reason
        quantity = self._measured(reading, before)
        return quantity if isinstance(quantity, str) else self._hedged(quantity)

    def _with_unit(self, first: int, last: int, value: Decimal, entry: Entry, *, rule: str) -> _Quantity:
        value *= Decimal(entry.get("value", "1"))
        unit = entry.unit
        smaller = self.lexicons.units.get(unit, {}).get("half")
        if value == Decimal("0.5") and smaller:
            value, unit = Decimal(smaller[0]), smaller[1]
        return self._hedged(_Quantity(first, last, value, None, unit, None, Decimal(1), False, rule))

    def _fraction(self, at: int) -> _Quantity | None:
        """Half a million, half a day, one quarter, 两成 and the like; a bare fraction is a percentage."""
        times, index = Decimal(1), at
        found = entries_at(self.tokens, at, self.lexicon, "fraction")
        if not found and (reading := read_number(self.tokens, at, self.lexicon)) and "words" in reading.rule:
            found = entries_at(self.tokens, reading.end, self.lexicon, "fraction")
            times = reading.value
        if not found:
            return None
        percent, index = Decimal(found[0].percent) * times, found[1]
        article = index + (index < len(self.tokens) and self.tokens[index].text in self.lexicon.traits["article"])
        if magnitude := entries_at(self.tokens, article, self.lexicon, "magnitude"):
            value = percent / 100 * magnitude[0].number
            reading = Reading(value, at, magnitude[1], value, "fraction of a magnitude", scaled=True)
            quantity = self._measured(reading, None)
            return None if isinstance(quantity, str) else self._hedged(quantity)
        unit = entries_at(self.tokens, article, self.lexicon, "unit", place="after")
        if unit and self.lexicons.kind(unit[0].unit) == "duration":
            return self._with_unit(at, unit[1], percent / 100, unit[0], rule="fraction of a unit")
        return self._hedged(_Quantity(at, index, percent, None, "percent", None, Decimal(1), False, "fraction"))

    def _no_quantity(self, reading: Reading) -> str | None:
        """The reason why a number is no quantity: part of a name, an ordinal, a list number, a phone number."""
        tokens, at, end = self.tokens, reading.start, reading.end
        first, digits = tokens[at], tokens[at].kind == "digits"
        before = tokens[at - 1] if at else None
        after = tokens[end] if end < len(tokens) else None
        if entries_at(tokens, end, self.lexicon, "ordinal", place="after") or self._preceded("ordinal", at):
            return "ordinal"
        if digits and before is not None and first.gap == JOINED and before.kind == "word" and self.spaced:
            return "name"
        if digits and before is not None and first.gap == JOINED and before.text in "-./@_#:" and at > 1:
            if before.gap == JOINED and tokens[at - 2].kind in ("word", "digits"):
                return "name"
        if digits and after is not None and after.gap == JOINED and end == at + 1:
            if after.text in ".@_/" and end + 1 < len(tokens) and tokens[end + 1].gap == JOINED and tokens[end + 1].kind == "word":
                return "name"
            if after.kind == "word" and not self._unit_at(end):
                return "name"
        if digits and before is not None and before.text == "+" and first.gap == JOINED or len(first.text) > 4 and first.text[0] == "0":
            return "phone"
        alone = digits and end == at + 1
        if alone and self._opens_line(at) and (after is None or after.gap >= LINE or self._list_mark(end)):
            return "list_number"
        if alone and len(first.text) == 1 and after is not None and after.gap == LINE and not self._unit_at(end):
            return "list_number"  # set beside the text, it ends up at the end of a line
        if alone and before is not None and after is not None and before.text in QUOTES and after.text in QUOTES:
            return "name"
        if self._preceded("lookalike", at) and not self._unit_at(end):
            return "name"
        return None

    def _preceded(self, section: str, at: int) -> bool:
        trie = self.lexicon.trie(section, place="before", backward=True)
        return bool(at and self.tokens[at].gap <= LINE and trie.longest(self.tokens, at - 1))

    def _unit_at(self, at: int) -> bool:
        return self._unit(at, None)[0] is not None

    def _opens_line(self, at: int) -> bool:
        return at == 0 or self.tokens[at].gap >= LINE

    def _list_mark(self, at: int) -> bool:
        tokens = self.tokens
        mark = tokens[at].text in ".)" and tokens[at].gap == JOINED
        return mark and (at + 1 >= len(tokens) or tokens[at + 1].gap > JOINED or tokens[at + 1].kind in ("word", "han"))

    # -- number, unit, noun ------------------------------------------------------------------------------------------

    def _measured(self, reading: Reading, before: tuple[Entry, int] | None) -> _Quantity | str:
        """Add unit, range and noun to a number; a reason where a bare number measures nothing."""
        first = reading.start - (before[1] - self._unit_start(before, reading.start)) if before else reading.start
        index, qualifier = reading.end, reading.qualifier
        if tail := entries_at(self.tokens, index, self.lexicon, "stop", place=None):
            if tail[0].part == "suffix" and self.tokens[index].gap == JOINED:
                index = tail[1]
        if hedge := qualifier_after(self.tokens, index, self.lexicon):
            qualifier, index = qualifier or hedge[0], hedge[1]
        if (of := self._parts_of(reading, index)) is not None:
            return of
        unit, index, factor = self._unit(index, before)
        quantity = _Quantity(
            first, index, reading.value * factor, None, unit, qualifier, reading.step * factor, reading.scaled, reading.rule, reading.note
        )
        if span := self._range(quantity):
            quantity = span
        if quantity.unit is None:
            return self._counted(quantity, reading)
        if (before or factor != 1 or quantity.unit) and self._too_small(reading, quantity):
            return "word"
        return self._half(quantity)

    def _unit_start(self, before: tuple[Entry, int], number: int) -> int:
        trie = self.lexicon.trie("unit", place="before", backward=True)
        found = trie.longest(self.tokens, number - 1)
        return found[1] if found else number - 1

    def _half(self, quantity: _Quantity) -> _Quantity:
        smaller = self.lexicons.units.get(quantity.unit, {}).get("half")
        if quantity.value == Decimal("0.5") and smaller and not quantity.scaled and quantity.step == 1:
            return replace(quantity, value=Decimal(smaller[0]), unit=smaller[1])
        return quantity

    def _parts_of(self, reading: Reading, index: int) -> _Quantity | None:
        """三分之一 and 百分之五: a number, the mark of parts, a number of parts."""
        mark = self.lexicon.traits["parts_of"]
        if not mark or "".join(t.text for t in self.tokens[index : index + len(mark)]) != mark:
            return None
        parts = read_number(self.tokens, index + len(mark), self.lexicon)
        if not parts:
            return None
        return _Quantity(reading.start, parts.end, parts.value / reading.value * 100, None, "percent", None, Decimal(1), False, "parts of")

    def _unit(self, index: int, before: tuple[Entry, int] | None) -> tuple[str | None, int, Decimal]:
        """(unit code, token index after it, factor) of a unit that follows, else of the currency before the number."""
        tokens = self.tokens
        hyphen = index + 1 < len(tokens) and tokens[index].text == "-" and tokens[index].gap == JOINED
        for at in (index, index + 1) if hyphen else (index,):
            if at >= len(tokens) or tokens[at].gap > LINE:
                continue
            found = entries_at(tokens, at, self.lexicon, "unit", place="after")
            if found and not self._goes_on(found[1]):
                entry, end = found
            elif entry := self.lexicon.words_by("unit", "joined").get(tokens[at].text):
                end = at + 1
            else:
                continue
            if not before or self.lexicons.kind(entry.unit) == "money":
                return entry.unit, end, Decimal(entry.get("value", "1"))
        return (before[0].unit if before else None), index, Decimal(1)

    def _goes_on(self, at: int) -> bool:
        """True when a unit is but the first half of a hyphened word."""
        tokens = self.tokens
        if at + 1 >= len(tokens) or tokens[at].text != "-" or tokens[at].gap != JOINED:
            return False
        return self.spaced and tokens[at - 1].kind == "word" and tokens[at + 1].gap == JOINED and tokens[at + 1].kind == "word"

    def _range(self, quantity: _Quantity) -> _Quantity | None:
        """5% - 7%, 50-100 bn, 3至5年: the second number gives its magnitude and unit to the first where that has none."""
        mark = entries_at(self.tokens, quantity.last, self.lexicon, "range", place="between")
        if not mark or mark[1] >= len(self.tokens) or self.tokens[mark[1]].gap > LINE:
            return None
        second = entries_at(self.tokens, mark[1], self.lexicon, "unit", place="before")
        reading = read_number(self.tokens, second[1] if second else mark[1], self.lexicon)
        if not reading:
            return None
        unit, index, factor = self._unit(reading.end, second)
        low, high = quantity.value, reading.value * factor
        if reading.scaled and not quantity.scaled and low < reading.value / reading.step:
            low *= reading.step if reading.step > 1 else reading.value / (reading.value / reading.step)
        if quantity.unit and unit and quantity.unit != unit or low >= high:
            return None
        return replace(quantity, last=index, value=low, value_max=high, unit=quantity.unit or unit, step=reading.step, rule="range")

    def _counted(self, quantity: _Quantity, reading: Reading) -> _Quantity | str:
        """Give a number without a unit the noun that it counts; a small number word needs a noun that is known."""
        measure = entries_at(self.tokens, quantity.last, self.lexicon, "measure")
        index, default = (measure[1], measure[0].get("unit")) if measure else (quantity.last, None)
        if measure and (hedge := qualifier_after(self.tokens, index, self.lexicon)):
            quantity, index = replace(quantity, qualifier=quantity.qualifier or hedge[0]), hedge[1]
        noun = noun_after(self.tokens, index, self.lexicon)
        words = "words" in reading.rule or reading.rule in ("magnitude", "open number")
        if reading.value == 1 and words and not reading.scaled or reading.value == 0:
            return "word"
        if reading.bare and reading.end == reading.start + 1 and reading.scaled and not self._hedge_before(quantity):
            return "word"  # a magnitude alone is a word more often than a sum
        if noun and (not words or noun.rule != "unknown noun" or reading.scaled) and noun.unit != MONEY_NOUN:
            near = noun.end if noun.end - index <= 2 or self.spaced else index
            return replace(quantity, last=near, unit=noun.unit, rule=f"{quantity.rule}, {noun.rule}")
        if words and not measure and not (reading.scaled and (reading.bare is False or self._hedge_before(quantity))):
            return "word"
        back = noun_before(self.tokens, quantity.first, self.lexicon)
        unit = default or (back.unit if back else None)
        if back and back.unit == MONEY_NOUN:
            unit = self.lexicon.traits["currency_default"] if not default else default
        if unit is None and not (reading.scaled or reading.step > 1 or "grouped" in reading.rule or measure):
            return "other"
        return replace(quantity, last=index, unit=unit, rule=f"{quantity.rule}, {back.rule if back and not default else 'measure word'}")

    def _hedge_before(self, quantity: _Quantity) -> bool:
        return qualifier_before(self.tokens, quantity.first, self.lexicon) is not None

    def _too_small(self, reading: Reading, quantity: _Quantity) -> bool:
        """A number word for one counts only with a unit of time, money or a magnitude."""
        words = "words" in reading.rule
        return words and reading.value == 1 and self.lexicons.kind(quantity.unit) not in ("duration", "money", "percent", "physical")

    def _hedged(self, quantity: _Quantity) -> _Quantity:
        """Add the qualifier that stands before or after."""
        qualifier = quantity.qualifier
        if qualifier is None and (found := qualifier_before(self.tokens, quantity.first, self.lexicon)):
            qualifier = found[0]
        if qualifier is None and (found := qualifier_after(self.tokens, quantity.last, self.lexicon)):
            qualifier = found[0]
        return replace(quantity, qualifier=qualifier)


def _blocked(tokens: Sequence[Token], lexicon: Lexicon, furniture) -> dict[int, tuple[str, str, int]]:
    """Tokens that hold no quantity: {first index: (reason, rule, index after)} for furniture, dates and lookalikes."""
    out: dict[int, tuple[str, str, int]] = {}
    passages = iter(sorted((p.start, p.end, p.reason) for p in furniture))
    passage = next(passages, None)
    for index, token in enumerate(tokens):
        while passage and token.start >= passage[1]:
            passage = next(passages, None)
        if passage and token.start >= passage[0]:
            out[index] = ("furniture", passage[2], index + 1)
    for date in find_dates(tokens, lexicon):
        if date.first not in out:
            out[date.first] = ("clock" if date.gives == "clock" else "date", date.gives, date.last)
    trie = lexicon.trie("lookalike", place="itself")
    for index in range(len(tokens)):
        if index not in out and (found := trie.longest(tokens, index)):
            out[index] = (found[0].get("reason", "name"), found[0].where, found[1])
    return out


def _numeral_end(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    """Index after the numeral at `at` (digits, or a number word or magnitude), None where there is none."""
    if tokens[at].kind == "digits":
        reading = read_digits(tokens, at, lexicon)
        return reading.end if reading else at + 1
    for section in ("numeral", "magnitude"):
        if found := lexicon.trie(section).longest(tokens, at):
            if not any(entry.get("needs") for entry in [found[0]]):
                return found[1]
    return None


def _scan(tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons, furniture) -> Iterator[_Quantity | tuple[int, int, str, str]]:
    scanner, blocked, index = _Scanner(tokens, lexicon, lexicons), _blocked(tokens, lexicon, furniture), 0
    while index < len(tokens):
        if index in blocked:
            reason, rule, after = blocked[index]
            for inner in range(index, after):
                if tokens[inner].kind == "digits" or reason == "date":
                    yield (index, after, reason, rule)
                    break
            index = after
            continue
        found = scanner.quantity(index)
        if isinstance(found, _Quantity) and not any(i in blocked for i in range(index, found.last)):
            yield found
            index = max(found.last, index + 1)
            continue
        end = _numeral_end(tokens, index, lexicon)
        if end:
            reason = found if isinstance(found, str) else "other"
            yield (index, end, reason, reason)
        index = end or index + 1


def find_mentions(document, lexicons: Lexicons) -> tuple[tuple[Mention, ...], tuple[Skipped, ...]]:
    """Return the quantities of a document and the numerals set aside; together they cover every numeral in its text.

    Raises
    ------
    KeyError
        The document's language has no lexicon.
    """
    lexicon, text = lexicons[document.language], document.text
    tokens = tokenize(text)
    mentions, skipped = [], []
    for found in _scan(tokens, lexicon, lexicons, document.furniture):
        if isinstance(found, _Quantity):
            mentions.append(_mention(found, tokens, document, lexicons))
        else:
            first, last, reason, rule = found
            start, end = tokens[first].start, tokens[last - 1].end
            skipped.append(Skipped(document.doc, start, end, text[start:end], reason, rule))
    return tuple(mentions), tuple(skipped)


def _mention(found: _Quantity, tokens: Sequence[Token], document, lexicons: Lexicons) -> Mention:
    start, end = tokens[found.first].start, tokens[found.last - 1].end
    qualifier = found.qualifier or "exact"
    rounded = found.scaled or found.step < 1
    low, high = interval(found.value, found.value_max, qualifier=qualifier, step=found.step, rounded=rounded)
    return Mention(
        document.doc, start, end, document.text[start:end], found.value, found.value_max, found.unit,
        lexicons.kind(found.unit), qualifier, low, high, found.rule, found.note,
    )  # fmt: skip


def explain(text: str, lexicons: Lexicons, *, language: str) -> list[str]:
    """Return one line for each numeral of `text`: how it was read, or why it was set aside."""
    document = _Plain("text", text, language, ())
    mentions, skipped = find_mentions(document, lexicons)
    lines = [(m.start, f"{m.text!r}: {m.value}{f' to {m.value_max}' if m.value_max else ''} {m.unit}, {m.qualifier} [{m.rule}]") for m in mentions]
    lines += [(s.start, f"{s.text!r}: set aside as {s.reason} [{s.rule}]") for s in skipped]
    return [line for _, line in sorted(lines)]


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text without a file, for `explain`."""

    doc: str
    text: str
    language: str
    furniture: tuple
