"""Judge whether two claims state the same measure, from codes that hold in every language and from the words of their sentences.

    compare(one, other).score -> 4.3, made of {"unit": 0.7, "programme": 2.0, "words": 1.6}

In      claim records, the stored texts they point into, the Lexicons.
Out     Statements, the pairs of them worth a look, and for a pair a Likeness: a sum of weights, each of them kept.
Never   compares numbers for how they differ (verdicts does), or holds a word of a language.
Needs   lemmas, lexicon, names, texts, tokens.

Words differ by language, so a sentence is also read for concepts (lexicons/concepts.toml) and known names. A word, concept,
unit, time or number weighs the more the fewer claims share it; a word fades with its distance from the number. What semicolons
and bullets part in a sentence is told apart: place, scope and measure are those of the number's own part.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache, partial
from itertools import chain, groupby
from math import log, sqrt
from typing import Any, NamedTuple

from csrbook.lemmas import lemma
from csrbook.lexicon import Lexicon, Lexicons
from csrbook.names import name_rows
from csrbook.texts import Cues, Hit
from csrbook.tokens import JOINED, Token, tokenize

__all__ = [
    "CLOSE", "COMMON", "OTHER_ACTOR", "Likeness", "Statement", "Weights", "compare", "find_pairs", "quotation", "read_statements",
    "round_to", "times_apart",
]  # fmt: skip

FADE = 12  # tokens from the number at which a word weighs half
BARRIER = 0.7  # what a word keeps of its weight for every other number between it and this one
NEAR = 14  # tokens from the number within which place, scope and measure are the number's own, in its sentence
NAMED = 24  # the same for the name of a programme
LEAST_TOKENS = 8  # a sentence shorter than this is read with what stands around it
AROUND = 120  # characters on either side of a claim whose sentence is not known, or too short
BLOCK = 300  # claims that share one key; more of them and the key tells nothing
NEIGHBOURS = 8  # passages that are kept: claims of one sentence come one after the other
RARE = 4  # of the rarest words of a claim that serve as keys
HAN, WORD = "han", "word"
NAME, SHARE = "name", "share"  # groups of concepts: a programme, and words that make a number a part of another, or more besides it
PARTING = frozenset(";\uff1b\u2022\u25cf\u00b7")  # semicolons and bullets
ROUND_DIGITS = 2  # to which numbers in other units are rounded when their claims are looked for together

# What each sign of one measure is worth.
UNIT, NUMBER, LONG_NUMBER = 2.0, 1.0, 0.6  # the rarest unit; the same number; each of its digits after the first
CLOSE, NEARBY = (Decimal("1.15"), 1.0), (Decimal("1.3"), 0.5)  # other numbers up to so many times as great, and their worth
COMMON = ("duration",)  # kinds whose numbers repeat by chance: two days, 24 hours
WHEN = 1.0  # the rarest time; a bare year tells nothing
PROGRAMME, OTHER_PROGRAMME, OTHER_NAME = 2.0, -1.0, -0.5  # two names in two documents may stand for one thing
INDICATOR, OTHER_INDICATOR = 1.0, -1.0
ACTOR, SISTER_ACTOR, OTHER_ACTOR = 0.5, -0.5, -1.0
THEME, OTHER_THEME = 0.5, -0.5
PLACE, OTHER_PLACE, PARTLY_OTHER, OTHER_MEASURE = 0.5, -1.5, -0.5, -1.0
WORDS = 5.0  # times the cosine of the words
YEAR = len("2020")
DIGITS = 4  # digits beyond which a number is no rarer


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim with what its sentence speaks of: weights of words and concepts, and the codes that stand near the number."""

    record: Mapping[str, Any]
    language: str
    words: Mapping[str, float]  # of its own language
    concepts: Mapping[str, float]  # of any
    place: frozenset[str]
    measure: frozenset[str]
    scope: frozenset[str]
    share: frozenset[str] = frozenset()  # what is said before the number of its being a part, or more, of another
    names: frozenset[str] = frozenset()  # programmes told in its part of the sentence
    name: str = ""  # the nearest of them, where it is near
    part: int = 0  # where that part begins, in the document
    length: int = 0  # its words, in Chinese its characters
    sentence: tuple[str, int] = field(init=False)  # what two claims of one sentence share

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", (self.record["doc"], _sentence(self.record)[0]))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two statements are: the sum, and each sign with its weight."""

    score: float
    signs: Mapping[str, float]
    words: float  # cosine of the words, 0 to 1


# ---- reading -------------------------------------------------------------------------------------------------------


def read_statements(
    records: Sequence[Mapping[str, Any]], lexicons: Lexicons, texts: Mapping[str, str], languages: Mapping[str, str]
) -> list[Statement]:
    """Return a statement for every record, in the same order; a document without a stored text gives no words."""
    starts: dict[str, list[int]] = defaultdict(list)
    for record in records:
        starts[record["doc"]].append(int(record["start"]))
    for places in starts.values():
        places.sort()
    index = cache(lambda language: _cues(lexicons, lexicons[language]))
    out = []
    for doc, group in groupby(records, key=lambda record: record["doc"]):
        language = languages.get(doc, "")
        if language not in lexicons or doc not in texts:
            out += [Statement(record, language, {}, {}, frozenset(), frozenset(), frozenset()) for record in group]
            continue
        look = lru_cache(maxsize=NEIGHBOURS)(partial(_look, texts[doc], cues=index(language)))
        out += [_statement(record, starts[doc], look=look, language=language) for record in group]
    return out


class _Passage(NamedTuple):
    """What a passage says, whichever of its numbers is asked for: tokens, (index, word), and hits of concepts and names."""

    tokens: Sequence[Token]
    words: Sequence[tuple[int, str]]
    hits: Sequence[Hit]


def _look(text: str, first: int, last: int, *, cues: Cues) -> _Passage:
    tokens = tokenize(text[first:last])
    return _Passage(tokens, tuple(_words(tokens, cues)), tuple(chain.from_iterable(cues.find(tokens).values())))


def _cues(lexicons: Lexicons, lexicon: Lexicon) -> Cues:
    """Return the concepts and names of a language as one index; `code` is what a hit stands for in every language."""
    rows = []
    for entry in lexicons.tables["concepts"]["concept"]:
        row = {"is": f"concept.{entry['id']}", "code": entry["id"], "group": entry.get("group", "")}
        rows += [(form, row) for form in entry[lexicon.language]]
    for form, row in name_rows(lexicons.tables["names"]):
        if row["is"] == "programme":
            rows.append((form, {"is": "name", "code": row["name"], "group": NAME}))
    return Cues(rows, partial(lemma, lexicon=lexicon))


def _statement(record: Mapping[str, Any], starts: Sequence[int], *, look: Callable[[int, int], _Passage], language: str) -> Statement:
    inside, (first, last) = _sentence(record), _window(record, look)
    tokens, told, hits = look(first, last)
    begin, end = int(record["start"]) - first, int(record["end"]) - first
    own = [i for i, t in enumerate(tokens) if t.start < end and t.end > begin] or [0]
    others = [place - first for place in starts[bisect_left(starts, first) : bisect_left(starts, last)] if place != begin + first]
    barriers = [bisect_left(tokens, o, key=lambda t: t.end - 1) for o in others]
    weight = partial(_weight, own=(own[0], own[-1]), barriers=barriers)
    words: dict[str, float] = {}
    for at, word in told:
        words[word] = max(words.get(word, 0.0), weight(at))
    concepts: dict[str, float] = {}
    near: dict[str, set] = defaultdict(set)
    part = _part(tokens, own, inside[0] - first, inside[1] - first)
    lead = max([part[0], *(b + 1 for b in barriers if b < own[0])])  # after the number before
    for hit in hits:
        group, code = hit.row["group"], hit.row["code"]
        at = min((hit.first, hit.last - 1), key=lambda i: _distance(i, own[0], own[-1]))
        concepts[code] = max(concepts.get(code, 0.0), weight(at))
        away = _distance(at, own[0], own[-1])
        if lead <= hit.first < own[0] if group == SHARE else part[0] <= at < part[1] and (group == NAME or away <= NEAR):
            near[group].add(code)
        if group == NAME and code in near[NAME] and away <= NAMED:
            near["named"].add((away, code))
    groups = {group: frozenset(near[group]) for group in ("place", "measure", "scope", SHARE)}
    names = {"names": frozenset(near[NAME]), "name": min(near["named"], default=(0, ""))[1]}
    where = {"part": first + tokens[part[0]].start, "length": sum(t.kind in (WORD, HAN) for t in tokens[part[0] : part[1]])}
    return Statement(record, language, words, concepts, **names, **where, **groups)


def _part(tokens: Sequence[Token], own: Sequence[int], begin: int, end: int) -> tuple[int, int]:
    """Return the part of the sentence at [begin, end) that holds a number, from semicolon or bullet to the next, as token indices."""
    first = last = own[0]
    while first and tokens[first - 1].start >= begin and tokens[first - 1].text not in PARTING:
        first -= 1
    while last < len(tokens) and (last <= own[-1] or tokens[last].end <= end and tokens[last].text not in PARTING):
        last += 1
    return first, last


def _window(record: Mapping[str, Any], look: Callable[[int, int], _Passage]) -> tuple[int, int]:
    start, end = int(record["start"]), int(record["end"])
    first, last = _sentence(record)
    if len(look(first, last).tokens) < LEAST_TOKENS + (end - start) // 4:
        return max(0, first - AROUND), last + AROUND
    return first, last


def _sentence(record: Mapping[str, Any]) -> tuple[int, int]:
    """Return the span of a claim's sentence; that of the claim where it is not known."""
    first, last = record.get("sentence_start"), record.get("sentence_end")
    return int(record["start"] if first is None else first), int(record["end"] if last is None else last)


def quotation(record: Mapping[str, Any], document: Any) -> str:
    """Return the sentence of a claim as printed: its own where the record holds it, "" where neither tells."""
    if record.get("sentence"):
        return record["sentence"]
    if document is None or record.get("sentence_end") is None:
        return ""
    return document.text[int(record["sentence_start"]) : int(record["sentence_end"])]


def _words(tokens: Sequence[Token], cues: Cues) -> Iterator[tuple[int, str]]:
    """Yield (index, word): dictionary forms, and pairs of characters where a language does not part its words."""
    for at, token in enumerate(tokens):
        if token.kind == WORD and len(token.text) > 1:
            yield at, cues.lemma(token.text)
        elif token.kind == HAN and at and tokens[at - 1].kind == HAN and token.gap == JOINED:
            yield at, tokens[at - 1].text + token.text


def _distance(at: int, first: int, last: int) -> int:
    return max(first - at, at - last, 0)


def _weight(at: int, *, own: tuple[int, int], barriers: Sequence[int]) -> float:
    between = sum(own[1] < b <= at or at <= b < own[0] for b in barriers)
    return 0.5 ** (_distance(at, *own) / FADE) * BARRIER**between


# ---- what is rare --------------------------------------------------------------------------------------------------


class Weights:
    """How much a word, concept or unit tells, by how few claims of the corpus share it: 0 for all of them, 1 for one."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._most = log(len(statements) + 1) or 1.0
        self._all = len(statements)
        self._size = Counter(s.language for s in statements)
        self._words = Counter((s.language, word) for s in statements for word in s.words)
        self._concepts = Counter(code for s in statements for code in s.concepts)
        self._units = Counter(s.record.get("unit") for s in statements)
        self._whens = Counter(s.record.get("when") for s in statements)
        self.words = {id(s): _unit_vector({w: v * self.word(w, s.language) for w, v in s.words.items()}) for s in statements}
        self.concepts = {id(s): _unit_vector({c: v * self.concept(c) for c, v in s.concepts.items()}) for s in statements}

    def word(self, word: str, language: str) -> float:
        """Return the weight of a word of a language."""
        return log((self._size[language] + 1) / self._words[language, word]) / self._most

    def concept(self, code: str) -> float:
        """Return the weight of a concept."""
        return log((self._all + 1) / self._concepts[code]) / self._most

    def unit(self, unit: str | None) -> float:
        """Return the weight of a unit."""
        return log((self._all + 1) / self._units[unit]) / self._most

    def when(self, when: str | None) -> float:
        """Return the weight of a time: 0 for none, and for a bare year."""
        return log((self._all + 1) / self._whens[when]) / self._most if when and len(when) > YEAR else 0.0

    def is_told_once(self, unit: str | None) -> bool:
        """True for a unit that one claim alone is counted in: a slip of a translation is."""
        return self._units[unit] == 1

    def alike(self, a: Statement, b: Statement) -> float:
        """Return the cosine of what two sentences speak of: of their words too, where they are of one language."""
        concepts = _product(self.concepts[id(a)], self.concepts[id(b)])
        if a.language != b.language:
            return concepts
        words = _product(self.words[id(a)], self.words[id(b)])
        return max(words, (words + concepts) / 2)


def _unit_vector(vector: Mapping[str, float]) -> dict[str, float]:
    size = sqrt(sum(value * value for value in vector.values()))
    return {key: value / size for key, value in vector.items()} if size else {}


def _product(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    if len(b) < len(a):
        a, b = b, a
    return sum(value * b[key] for key, value in a.items() if key in b)


# ---- comparing -----------------------------------------------------------------------------------------------------


def compare(a: Statement, b: Statement, *, weights: Weights, parents: Mapping[str, str]) -> Likeness:
    """Return how alike two statements are."""
    one, other = a.record, b.record
    words = weights.alike(a, b)
    signs = {
        "unit": UNIT * weights.unit(one.get("unit")) if one.get("unit") == other.get("unit") else 0.0,
        "number": _number(one, other),
        "when": WHEN * weights.when(one.get("when")) if one.get("when") == other.get("when") else 0.0,
        "programme": _shared(one, other, "programme", PROGRAMME, OTHER_PROGRAMME if one["doc"] == other["doc"] else OTHER_NAME),
        "indicator": _shared(one, other, "indicator", INDICATOR, OTHER_INDICATOR),
        "actor": _actor(one.get("actor"), other.get("actor"), parents),
        "theme": _shared(one, other, "theme", THEME, OTHER_THEME),
        "place": _place(a.place, b.place),
        "measure": OTHER_MEASURE if a.measure != b.measure else 0.0,
        "words": WORDS * words,
    }
    return Likeness(sum(signs.values()), {name: round(v, 2) for name, v in signs.items() if v}, words)


def _shared(one: Mapping[str, Any], other: Mapping[str, Any], field: str, same: float, differs: float) -> float:
    left, right = one.get(field), other.get(field)
    return 0.0 if not left or not right else same if left == right else differs


def _actor(one: str | None, other: str | None, parents: Mapping[str, str]) -> float:
    """Return the worth of two actors: one body, a body and one above it, two of one house, strangers."""
    if not one or not other:
        return 0.0
    up, across = list(_line(one, parents)), list(_line(other, parents))
    if one == other:
        return ACTOR
    return 0.0 if one in across or other in up else SISTER_ACTOR if set(up) & set(across) else OTHER_ACTOR


def _line(name: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Yield a body and those it belongs to, upwards."""
    seen = set()
    while name and name not in seen:
        yield name
        seen.add(name)
        name = parents.get(name, "")


def _place(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    return PLACE if one == other else PARTLY_OTHER if one & other else OTHER_PLACE


def _number(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    times = times_apart(one, other)
    if times == 1 and one.get("value_max") == other.get("value_max"):
        digits = len(Decimal(str(one["value"])).normalize().as_tuple().digits)
        return (0.0 if one.get("kind") in COMMON else NUMBER) + LONG_NUMBER * (min(digits, DIGITS) - 1)
    return next((worth for most, worth in (CLOSE, NEARBY) if times is not None and times <= most), 0.0)


def round_to(value: Decimal, digits: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Return a number rounded to its first digits: 223000000 to two of them -> 220000000."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), rounding) if value else value


def times_apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> Decimal | None:
    """Return how many times the greater of two values is as great as the other, 1 for equal ones; None over zero or a sign."""
    low, high = sorted(Decimal(str(r["value"])) for r in (one, other))
    return high / low if low > 0 else Decimal(1) if low == high else None


# ---- pairs ---------------------------------------------------------------------------------------------------------


def find_pairs(statements: Sequence[Statement], *, weights: Weights, families: Mapping[str, frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs (i, j), i < j, that share a key: unit and number, programme, sentence or one of the rarest words.

    Keys keep the work near linear in the number of claims.

    Parameters
    ----------
    families : mapping of unit to the measures that may be counted in it
        Units of one family may count the same (merchant, store); they meet only over the same number.
    """
    blocks: dict[tuple, list[int]] = defaultdict(list)
    held: list[list[list[int]]] = []
    for number, statement in enumerate(statements):
        held.append([blocks[key] for key in _keys(statement, weights, families)])
        for block in held[-1]:
            block.append(number)
    for number, own in enumerate(held):
        told = [block[bisect_right(block, number) :] for block in own if len(block) <= BLOCK]
        yield from ((number, other) for other in sorted(set(chain.from_iterable(told))))


def _keys(statement: Statement, weights: Weights, families: Mapping[str, frozenset[str]]) -> Iterator[tuple]:
    record = statement.record
    unit, value = record.get("unit"), record["value"]
    yield from (("number", family, value) for family in sorted(families.get(unit, ())) or (unit,))
    yield "sentence", unit, *statement.sentence
    if record.get("kind") == "count" and unit and len(str(value).strip("0")) >= ROUND_DIGITS:
        rounded = round_to(Decimal(str(value)), ROUND_DIGITS)
        yield from (("rounded", name, rounded) for name in sorted(statement.names | {record.get("programme")} - {None}))
    yield "programme", unit, record.get("programme") or record.get("actor")
    yield "actor", unit, record.get("actor"), record.get("indicator") or record.get("theme")
    rare = sorted(statement.concepts, key=lambda c: (-statement.concepts[c] * weights.concept(c), c))[:RARE]
    for code in rare:
        yield "concept", unit, code
    rare = sorted(statement.words, key=lambda w: (-statement.words[w] * weights.word(w, statement.language), w))[:RARE]
    for word in rare:
        yield "word", unit, statement.language, word
