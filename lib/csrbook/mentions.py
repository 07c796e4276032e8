"""Find every quantity of a document, and account for every numeral that is none.

In      a Document (text, furniture) and the Lexicons.
Out     Mentions and Skipped rows, each sorted by start and disjoint; offsets are half-open code points of Document.text.
        A Mention's value is exact (Decimal), its magnitude applied, percent as 96; `low` and `high` bound what the printed
        digits and the qualifier allow, None where open.
Never   changes the text, sums, converts, or drops a number in silence.
Needs   figures, lexicon, quantities, reasons, stretches, tokens.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from operator import attrgetter
from sys import intern

from csrbook.figures import Habits, read_habits
from csrbook.lexicon import Lexicons
from csrbook.quantities import Quantities, Quantity
from csrbook.reasons import Blocked, phone_end, set_aside
from csrbook.stretches import stretches
from csrbook.tokens import DIGITS, Token, Tokens

__all__ = ["Mention", "Skipped", "find_mentions", "interval"]

Aside = tuple[int, int, str, str]  # a numeral that is no quantity: token indices [first, last), reason, rule

ZERO = Decimal(0)


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


def interval(value: Decimal, value_max: Decimal | None, *, qualifier: str, step: Decimal, rounded: bool):
    """Return (low, high) that the printed digits and the qualifier allow; None is open.

    A number with a magnitude or decimals is taken as rounded to its last printed place (2.2亿 is 2.15 to 2.25);
    "nearly" runs from one half place below to the number, "over" from the number up, "up to" from nothing to the number.
    """
    half = step / 2 if rounded else ZERO
    if value_max is not None:
        return value, value_max
    if qualifier == "over":
        return value, None
    if qualifier == "upto":
        return ZERO, value
    if qualifier == "nearly":
        return value - _place(value, step, rounded=rounded) / 2, value
    if qualifier == "about":
        return value - max(half, value / 20), value + max(half, value / 20)
    return (value - half, value + half) if half else (value, value)


def _place(value: Decimal, step: Decimal, *, rounded: bool) -> Decimal:
    """The place that a hedge speaks of: the last printed one, or the round one of a plain number (a thousand for 2,000)."""
    zeros = value.normalize().as_tuple().exponent
    return step if rounded or zeros <= 0 else max(step, Decimal(10) ** zeros)


def _numeral_end(tokens: Sequence[Token], at: int, quantities: Quantities) -> int | None:
    """Index after the numeral at `at`: a number, the digits of a code, a word that states one; None where there is none.

    What counts as a word that states a number is said in ledger.numerals.
    """
    numerals, ends = quantities.numerals, [0]
    if reading := numerals.number(at):
        ends.append(reading.end)
    if tokens[at].kind == DIGITS:
        ends.append(numerals.figures.extent(at))
    for trie in (numerals.numerals, numerals.magnitudes, numerals.open, quantities.amounts, quantities.fractions.named):
        if (found := trie.longest(tokens, at)) and found[0].get("needs", "number") == "number":
            ends.append(found[1])
    if numerals.joined(tokens[at].text):
        ends.append(at + 1)
    return max(ends) or None


def _scan(document, tokens: Tokens, furniture: Sequence, lexicons: Lexicons, habits: Habits) -> Iterator[Quantity | Aside]:
    """Go through a stretch once; every numeral is yielded as a quantity or as (first, last, reason, rule)."""
    lexicon, after = lexicons[document.language], 0
    quantities = Quantities(tokens, lexicon, lexicons, document.text, habits)
    blocked = set_aside(tokens, lexicon, furniture, document.text)
    for index in sorted({*tokens.where(quantities.may_start), *blocked}):
        if index < after:
            continue
        reason, rule, end = blocked.get(index, ("", "", index))
        if reason == "furniture":
            found = _in_furniture(index, rule, tokens, quantities, blocked)
        else:
            found = (index, end, reason, rule) if reason else _at(index, tokens, quantities, blocked)
        if isinstance(found, Quantity) and found.first < after:
            found = index, found.last, "other", "unit of the number before"
        if found:
            yield found
            after = found.last if isinstance(found, Quantity) else found[1]


def _in_furniture(index: int, rule: str, tokens: Tokens, quantities: Quantities, blocked: Blocked) -> Aside | None:
    """The numeral that begins at a token of furniture, up to where the furniture ends."""
    if not quantities.may_start(tokens[index].text) or not (end := _numeral_end(tokens, index, quantities)):
        return None
    last = next((i for i in range(index, end) if blocked.get(i, ("",))[0] != "furniture"), end)
    return index, last, "furniture", rule


def _at(index: int, tokens: Sequence[Token], quantities: Quantities, blocked: Blocked) -> Quantity | Aside | None:
    if quantities.quick.nothing(tokens, index):
        return None
    if tokens[index].kind == DIGITS and (phone := phone_end(tokens, index)):
        return index, phone, "phone", "phone"
    found = quantities.read(index)
    if isinstance(found, Quantity) and not any(_cuts(blocked[i], found.last) for i in range(index, found.last) if i in blocked):
        return found
    end = _numeral_end(tokens, index, quantities)
    if not end:
        return None
    end = min([end, *(i for i in range(index + 1, end) if i in blocked)])
    is_code = tokens[index].kind == DIGITS and quantities.numerals.number(index) is None
    reason = found if isinstance(found, str) else "name" if is_code else "other"
    return index, end, reason, "code" if is_code else reason


def _cuts(block: tuple[str, str, int], end: int) -> bool:
    """True for a date or furniture inside a quantity, or a lookalike that runs past it; CO2 in "2 Mt CO2e" does neither."""
    return block[0] not in ("name", "word") or block[2] > end


def find_mentions(document, lexicons: Lexicons) -> tuple[tuple[Mention, ...], tuple[Skipped, ...]]:
    """Return the quantities of a document and the numerals set aside; together they cover every numeral in its text.

    Raises
    ------
    KeyError
        The document's language has no lexicon.
    """
    text, lexicon, habits = document.text, lexicons[document.language], read_habits(document.text)
    mentions, skipped = [], []
    passages = deque(sorted(document.furniture, key=attrgetter("start")))
    for first, last in stretches(text):
        while passages and passages[0].end <= first:
            passages.popleft()
        near = [*takewhile(lambda passage, last=last: passage.start < last, passages)]
        tokens = lexicon.tokens(text[first:last], offset=first)
        for found in _scan(document, tokens, near, lexicons, habits):
            if isinstance(found, Quantity):
                mentions.append(_mention(found, tokens, document, lexicons))
            else:
                start, end = tokens[found[0]].start, tokens[found[1] - 1].end
                skipped.append(Skipped(document.doc, start, end, intern(text[start:end]), found[2], found[3]))
    return tuple(mentions), tuple(skipped)


def _mention(found: Quantity, tokens: Sequence[Token], document, lexicons: Lexicons) -> Mention:
    start, end = tokens[found.first].start, tokens[found.last - 1].end
    qualifier = found.qualifier or "exact"
    rounded = found.scaled or found.step < 1
    low, high = interval(found.value, found.value_max, qualifier=qualifier, step=found.step, rounded=rounded)
    return Mention(
        document.doc, start, end, document.text[start:end], found.value, found.value_max, found.unit,
        lexicons.kind(found.unit), qualifier, low, high, intern(found.rule), found.note,
    )  # fmt: skip
