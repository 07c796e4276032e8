"""Decide whether two claims state the same measure: the rules that a likeness must pass before two figures are judged.

    is_one_measure(one, other, (figure, figure), lambda: compare(one, other, ...), weights=weights) -> True

In      two Statements, their Figures, how to get their Likeness, the Weights of the corpus.
Out     True or False.
Never   says how two figures differ (verdicts does), or holds a word of a language.
Needs   likeness, verdicts.  Used by reconcile.

The same number is the same measure when told alike; the rounder the number, the more alike. Other numbers need more: one unit,
one measure, no place of their own. In a sentence two numbers are a series when each has its date and nothing parts them.

Most pairs are told apart by their codes alone: words are compared, which costs the most, when nothing else parts two claims.
"""

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

from csrbook.likeness import CLOSE, OTHER_ACTOR, Likeness, Statement, Weights, round_to, times_apart
from csrbook.verdicts import Figure, significant_digits

__all__ = ["is_one_measure"]

SAME_NUMBER = 4.0  # likeness from which the same number is the same measure
OTHER_UNIT = 0.5  # more, where the units differ (merchants, companies)
OTHER_NUMBER = 5.0  # likeness from which different numbers are of one measure
CLOSE_NUMBER = 3.5  # the same, for numbers of two documents that are close to one another
ROUNDED = 3.0  # the same, for a number and its rounding in a unit that only one claim has
ALIKE, ALIKE_FAR = 0.15, 0.3  # cosine of the words that they need besides; numbers further apart, unless of one programme
ALIKE_ROUND, ALIKE_RELATIVE = 0.3, 0.3  # the same for equal numbers of one digit (10,000), and for equal shares and lengths of time
ALIKE_UNNAMED = 0.45  # for a share or a length of time that no measure and no programme says the meaning of
VERY_ALIKE = 0.6  # from which two documents may tell one measure in words for different measures (joined, applied to join)
FURTHEST, FURTHEST_NAMED = Decimal("1.5"), Decimal(3)  # times as great as the other, without and with the same programme
RELATIVE = ("duration", "percent", "multiple")  # kinds that state one measure only over the same number
ELLIPSIS = 3  # words up to which a part of a sentence leaves out what it speaks of ("7,000 in 2020")
ROUND_DIGITS, EXACT_DIGITS = 2, 3  # of a number and of what it rounds, before their closeness tells anything


def is_one_measure(
    a: Statement, b: Statement, figures: tuple[Figure, Figure], likeness: Callable[[], Likeness], *, weights: Weights
) -> bool:
    """True when two claims state the same measure, whatever their numbers.

    Parameters
    ----------
    likeness : callable
        Returns how alike the two are; called when all else holds, perhaps more than once.
    """
    one, other = figures
    if one.kind != other.kind:
        return False
    if (one.value, one.value_max) == (other.value, other.value_max):
        return a.sentence != b.sentence and _is_told_alike(a, b, figures, likeness) and not _are_strangers(a, b, figures, likeness())
    if one.unit is None or other.unit is None or one.kind in RELATIVE or a.share != b.share:
        return False
    if one.unit != other.unit:
        return _is_rounding_in_a_slip(a, b, figures, likeness, weights)
    if a.sentence == b.sentence:
        return _is_series_of_a_sentence(a, b, figures)
    return _is_told_otherwise(a, b, figures, likeness) and not _are_strangers(a, b, figures, likeness())


def _are_strangers(a: Statement, b: Statement, figures: tuple[Figure, Figure], likeness: Likeness) -> bool:
    """True when two bodies of no common house are named, and no programme that both share."""
    named = not any(figure.inferred for figure in figures)
    return named and likeness.signs.get("actor", 0) <= OTHER_ACTOR and not _is_named_alike(a, b)


def _is_named_alike(a: Statement, b: Statement) -> bool:
    return bool(a.record.get("programme")) and a.record.get("programme") == b.record.get("programme")


def _differ(a: Statement, b: Statement, field: str) -> bool:
    """True when both have a value in a field, and not the same."""
    return bool(a.record.get(field) and b.record.get(field)) and a.record[field] != b.record[field]


# ---- the same number -----------------------------------------------------------------------------------------------


def _is_told_alike(a: Statement, b: Statement, figures: tuple[Figure, Figure], likeness: Callable[[], Likeness]) -> bool:
    """The same number of one measure; a round one, a share or a length of time must be told in like words too.

    A document that names two places for a number means two things, and so it does with "another 10 billion".
    """
    one, other = figures
    within = one.doc == other.doc
    if within and a.place and b.place and a.place != b.place:
        return False
    if one.unit != other.unit and not (a.record.get("indicator") and a.record.get("indicator") == b.record.get("indicator")):
        return False
    if one.kind in RELATIVE:
        if not _is_one_share(a, b, likeness, within=within):
            return False
    elif significant_digits(one.value) == 1 and not _is_one_round_number(a, b, figures, likeness):
        return False
    return likeness().score >= SAME_NUMBER + OTHER_UNIT * (one.unit != other.unit)


def _is_one_share(a: Statement, b: Statement, likeness: Callable[[], Likeness], *, within: bool) -> bool:
    """Shares, lengths of time and multiples repeat by chance: what they are of, and where, must be the same."""
    if a.place != b.place and not a.place & b.place:
        return False
    if not within and not (a.record.get("actor") and b.record.get("actor")):
        return False
    indicator = a.record.get("indicator")
    if _is_named_alike(a, b) or indicator and indicator == b.record.get("indicator"):
        return likeness().words >= ALIKE_RELATIVE
    return not _differ(a, b, "theme") and not _differ(a, b, "indicator") and likeness().words >= max(ALIKE_UNNAMED, ALIKE_RELATIVE)


def _is_one_round_number(a: Statement, b: Statement, figures: tuple[Figure, Figure], likeness: Callable[[], Likeness]) -> bool:
    """A number of one digit is everybody's number: 1 billion, 100, hundreds."""
    one, other = figures
    if one.doc == other.doc and (a.measure != b.measure or a.share != b.share):
        return False
    vague = _is_vague(one), _is_vague(other)
    if vague[0] != vague[1]:
        return False  # "hundreds" is not 100
    least = VERY_ALIKE if one.kind == "money" and a.name and b.name and a.name != b.name else 0.0
    if any(vague) or not _is_named_alike(a, b):
        if one.kind == "money" and _differ(a, b, "theme"):
            return False
        least = max(least, ALIKE_ROUND)
    return likeness().words >= least


def _is_vague(figure: Figure) -> bool:
    """True for hundreds, millions: over a number that is written without a digit."""
    return figure.qualifier == "over" and bool(figure.text) and not any(c.isdecimal() for c in figure.text)


# ---- other numbers -------------------------------------------------------------------------------------------------


def _is_told_otherwise(a: Statement, b: Statement, figures: tuple[Figure, Figure], likeness: Callable[[], Likeness]) -> bool:
    """Two numbers of one measure: alike in words, in what is measured and where, and not too far apart.

    A document seldom contradicts itself: there both must have a date. Separate events (when_type "on") are separate acts; a day
    taken over from another sentence may be that of another event, and tells two documents nothing.
    """
    one, other = figures
    within, named = one.doc == other.doc, _is_named_alike(a, b)
    times = times_apart(a.record, b.record)
    if times is None or times > (FURTHEST_NAMED if named else FURTHEST):
        return False
    if "context" in (a.record.get("relevance"), b.record.get("relevance")):
        return False
    if any(f.when_type == "on" and (within or not f.borrowed) for f in figures):
        return False
    if within and not (one.last and other.last and one.last != other.last):
        return False
    if (a.place and b.place and not a.place & b.place) or (a.measure != b.measure and (within or not named)):
        return False
    least = VERY_ALIKE if a.measure != b.measure else ALIKE
    close = times <= CLOSE[0] and not within
    alike = likeness()
    if not close and not named:
        least = max(least, ALIKE_FAR)
        if alike.signs.get("actor", 0) <= 0:
            return False
    return alike.words >= least and alike.score >= (CLOSE_NUMBER if close else OTHER_NUMBER)


def _is_series_of_a_sentence(a: Statement, b: Statement, figures: tuple[Figure, Figure]) -> bool:
    """A sentence that tells one measure of two years: 20 villages in 2013, 5,425 in 2020.

    What stands in another part of the sentence speaks of another thing, unless that part leaves out what it speaks of.
    """
    one, other = figures
    told = [s.record.get("indicator") or s.record.get("theme") for s in (a, b)]
    if not (one.last and other.last) or told[0] != told[1] or a.scope != b.scope or a.share | b.share:
        return False
    if a.part != b.part and min(a.length, b.length) > ELLIPSIS:
        return False
    early, late = sorted(figures, key=lambda f: f.last)
    if late.kind == "count" and late.when_type == "as_of" and late.high < early.low:
        return False  # what has been counted up to now does not fall: the earlier number is a plan, or of all there are
    return early.last < late.first


def _is_rounding_in_a_slip(
    a: Statement, b: Statement, figures: tuple[Figure, Figure], likeness: Callable[[], Likeness], weights: Weights
) -> bool:
    """A count and its rounding under a noun found nowhere else: 223 million "ants" of a forest of that name, 220 million trees."""
    if not any(weights.is_told_once(figure.unit) for figure in figures):
        return False
    one, other = sorted(figures, key=lambda f: significant_digits(f.value), reverse=True)
    if one.kind != "count" or one.doc == other.doc or one.value_max is not None or other.value_max is not None:
        return False
    digits = significant_digits(other.value)
    if significant_digits(one.value) < EXACT_DIGITS or not ROUND_DIGITS <= digits < significant_digits(one.value):
        return False
    if other.value not in (round_to(one.value, digits), round_to(one.value, digits, ROUND_DOWN)):
        return False
    told = [s.names | {s.record.get("programme")} - {None} for s in (a, b)]
    return bool(told[0] & told[1]) and not _differ(a, b, "indicator") and likeness().score >= ROUNDED
