"""Say where a number's claim holds: the country and the narrowest place that its own words name.

    places_of(scene, "en", lexicons)(3) -> Place(country="CN", name="Hubei", rule="clause")

In      a Scene, its language, the Lexicons with the table of places (lexicons/places.toml).
Out     Place(country, name, rule): ISO 3166-1 code and canonical English name, both None where the sentence names none.
Never   looks beyond the sentence, reads an adjective (Chinese farmers), or takes a place out of the name of a body.
Needs   han_words, lemmas, lexicon, scenes, texts, tokens.

The rule, simple on purpose. A name of a place counts as printed, with its capital, in any case form. It does not count
  - inside a number's own words (US$5 million), a name of a body or programme, a short quotation, a word with a hyphen;
  - beside another word with a capital, in Chinese before a word for a body: Wuhan University, Bank of China are bodies;
  - as a dateline, or after "outside"; after "from" it counts for the numbers before it only.
Names one right after the other are one place told in steps (Wuhan, Hubei), or a list. Of a list, and of what is only an
example (including Hubei, "Hubei and others"), the country alone is kept, where it is one. Of the places in the clause of the
number the nearest is taken; one beyond another number counts as farther, and one that follows another number closely is that
number's. "Abroad" and "nationwide" are places without a name; countries that are counted lie in none.
A clause without a place takes that of the nearest clause before it, in the same statement, that says no more than where
("In Hubei, ..."), unless it tells of an event or a seat (at a forum in Beijing). Everything else has no place.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from csrbook.han_words import HanWords
from csrbook.lemmas import lemma
from csrbook.lexicon import Lexicon, Lexicons, Trie
from csrbook.scenes import Scene
from csrbook.texts import Cues, Hit, Text, count_within
from csrbook.tokens import HAN, JOINED, SIGN, SPACE, WORD, Token, fold

__all__ = ["NOWHERE", "Place", "Row", "place_rows", "places_of"]

LEVELS = ("city", "region", "country")  # from narrow to wide
BEYOND = 10  # tokens that another number between a place and this one counts for
REACH, REACH_HAN = 20, 30  # tokens between a number and a place of its clause; Han are tokens of their own
SPARE, SPARE_HAN = 3, 4  # tokens beside the place of a clause that says no more than where
STEP = 3  # tokens between a place and the wider one around it: Wuhan, the capital of Hubei
QUOTED = 12  # tokens of a quotation that is a title
NAMED = 8  # tokens that a name of a body goes back
BODIES = ("company", "charity", "authority", "media")
BODY_REACH = 4  # Han between a place and the word for a body that it opens
FIRST, FIRST_HAN = re.compile(r"[^\W\d_]+"), re.compile(r".")  # the first token of a name
SPELT = ("nr", "nrt", "nrfg", "nz", "x")  # tags of foreign names spelt in Han, of which what looks like a place may be the end
COUNTRIES = ("country", "country and region", "continent")  # what lies in no country
WIRE_REACH = 12  # tokens of a dateline


class Row(NamedTuple):
    """One place: ISO code of its country, canonical name, the region it lies in, its level, whether the form found is all capitals."""

    country: str
    name: str
    region: str
    level: str
    capitals: bool = False


class Place(NamedTuple):
    """Where a claim holds, and the rule that said so: clause, opening, list or none."""

    country: str | None
    name: str | None
    rule: str


class _Group(NamedTuple):
    """Places named one right after the other, and what they come to.

    `event`: their clause tells of an event or a seat; `origin`: they stand after "from".
    """

    first: int
    last: int
    place: Place
    event: bool
    origin: bool


NOWHERE = Place(None, None, "none")


# ---- the table -----------------------------------------------------------------------------------------------------


def place_rows(table: Mapping[str, Any], language: str) -> Iterator[tuple[str, Row]]:
    """Yield (form, Row) for every name of a place in a language."""
    column = len(Row._fields) - 1 + table["languages"].index(language)
    for line in table["rows"].strip().splitlines():
        cells = line.split("|")
        if cells[column]:
            row, capitals = Row(*cells[:4]), Row(*cells[:4], True)
            yield from ((form, capitals if form.isupper() else row) for form in cells[column].split(";"))


class _Index:
    """The names of places of one language by their first token, and the words around them; a trie is made when its token is met."""

    def __init__(self, lexicon: Lexicon, table: Mapping[str, Any]) -> None:
        variants = {ord(one): other for one, other in lexicon.traits["variants"]}  # as the tokens of a document are folded
        self.forms: dict[str, list[tuple[str, Row]]] = defaultdict(list)
        first = FIRST if lexicon.traits["word_spacing"] else FIRST_HAN
        for form, row in place_rows(table, lexicon.language):
            form = form.translate(variants)
            self.forms[fold(first.match(form)[0])].append((form, row))
        cues = ((form, cue) for cue in table["cue"] for form in cue[lexicon.language])
        self.cues = Cues(cues, partial(lemma, lexicon=lexicon))
        self.tries: dict[str, Trie] = {}

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[Row, int] | None:
        """Return the place whose longest name begins at a token, and the index after it."""
        word = tokens[at].text
        if word not in self.forms:
            return None
        if word not in self.tries:
            self.tries[word] = Trie(self.forms[word])
        return self.tries[word].longest(tokens, at)


_INDEX: dict[tuple[str, str], _Index] = {}


def places_of(scene: Scene, language: str, lexicons: Lexicons) -> Callable[[int], Place]:
    """Return what tells the place of mention `number` of a scene; names are read once a process and language."""
    key, lexicon = (lexicons.digest, language), lexicons[language]
    if key not in _INDEX:
        _INDEX[key] = _Index(lexicon, lexicons.tables["places"])
    return _Map(scene, _INDEX[key], spaced=lexicon.traits["word_spacing"]).place


# ---- the places of a document --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Map:
    """The places that the sentences of a document name, found when first asked for."""

    scene: Scene
    index: _Index
    spaced: bool
    text: Text = field(init=False)
    dated: set[int] = field(init=False)  # tokens that are part of a date
    cues: dict[str, list[Hit]] = field(default_factory=dict)  # of the sentence at hand
    words: HanWords | None = None  # of the same
    _groups: dict[int, list[_Group]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text = self.scene.reading.text
        self.dated = {at for date in self.scene.reading.dates for at in range(date.first, date.last)}

    def place(self, number: int) -> Place:
        """Return where the claim of a mention holds."""
        first, last = self.scene.spans[number]
        if self.scene.mentions[number].unit in COUNTRIES:
            return NOWHERE
        sentence = self.text.sentence(first)
        if sentence[0] not in self._groups:
            self._groups[sentence[0]] = self._find(*sentence)
        groups = self._groups[sentence[0]]
        if not groups:
            return NOWHERE
        clause, reach = self.text.clause(first), REACH if self.spaced else REACH_HAN
        own = (g for g in groups if g.first < clause[1] and g.last > clause[0] and self._is_own(g, number))
        near = [(*self._distance(g, first, last), g) for g in own]
        best = min(near, key=lambda found: found[:2], default=None)
        if best and best[0] <= reach:
            return best[2].place
        return self._opening(groups, first)

    def _distance(self, group: _Group, first: int, last: int) -> tuple[int, bool]:
        """Return how far a group is from a number, and whether it stands on the side that is the less usual one."""
        before = group.first < first
        gap = (group.last, first) if before else (last, group.first)
        return gap[1] - gap[0] + BEYOND * count_within(self.scene.numbers, *gap), before == self.spaced

    def _is_own(self, group: _Group, number: int) -> bool:
        """False for a place that a number leaves for others ("from Kenya to 70 towns"), or that stands close behind the number before."""
        first = self.scene.numbers[number]
        if group.first > first:
            return True
        if group.origin:
            return False
        before = self.scene.spans[number - 1][1] if number else -1
        return not (self.spaced and group.first >= before >= self.text.clause(first)[0] and group.first - before < first - group.last)

    def _opening(self, groups: Sequence[_Group], first: int) -> Place:
        """Return the place of the nearest clause before a number that says no more than where."""
        start, spare = self.text.statement(first)[0], SPARE if self.spaced else SPARE_HAN
        for group in reversed([g for g in groups if start <= g.first and g.last <= first]):
            left, right = self.text.clause(group.first)[0], self.text.clause(group.last - 1)[1]
            beside = [at for at in (*range(left, group.first), *range(group.last, right)) if at not in self.dated]
            bare = len(beside) <= spare and not group.event and not group.origin
            if right <= first and bare and not count_within(self.scene.numbers, left, right):
                return group.place if group.place.rule == "list" else group.place._replace(rule="opening")
        return NOWHERE

    # ---- what a sentence names ----

    def _find(self, first: int, last: int) -> list[_Group]:
        """Return the places named in a sentence, those told in one breath as one."""
        hits = list(self._named(first, last))
        if not hits:
            return []  # few sentences name a place: the rest is not looked at any further
        found = self.index.cues.find(self.text.tokens[first:last])
        self.cues = {kind: [Hit(h.first + first, h.last + first, h.row) for h in some] for kind, some in found.items()}
        self.words = None if self.spaced else HanWords(self.text.tokens, first, last)
        hits = [hit for hit in hits if self._counts(hit, (first, last))]
        chains: list[list[Hit]] = []
        for hit in hits:
            if chains and self._joined(chains[-1][-1], hit):
                chains[-1].append(hit)
            else:
                chains.append([hit])
        elsewhere = [_Group(h.first, h.last, NOWHERE, True, False) for h in self.cues.get("elsewhere", ())]
        return sorted([*map(self._group, chains), *elsewhere], key=lambda group: group.first)

    def _named(self, first: int, last: int) -> Iterator[Hit]:
        """Yield the names of places of a sentence as printed; of two that overlap the first, of two at one token the longer."""
        tokens, at = self.text.tokens, first
        while at < last:
            found = self.index.longest(tokens, at)
            if found and found[1] <= last and self._is_printed(found[0], at, found[1]):
                yield Hit(at, found[1], found[0])
                at = found[1]
            else:
                at += 1

    def _is_printed(self, row: Row, first: int, last: int) -> bool:
        if not self.spaced:
            return True
        printed = self.text.raw[self.text.tokens[first].start : self.text.tokens[last - 1].end]
        return printed.isupper() if row.capitals else printed[0].isupper()

    def _counts(self, hit: Hit, sentence: tuple[int, int]) -> bool:
        """True for a place that stands for itself: in no number, name, title or dateline."""
        if self._follows("outside", hit.first) or any(hit.last <= h.first <= hit.last + 1 for h in self.cues.get("without", ())):
            return False
        if self._in_number(hit) or self._in_name(hit) or self._in_quotation(hit, sentence) or self._is_dateline(hit):
            return False
        return self._stands_alone(hit, sentence) if self.spaced else self._is_word(hit)

    def _in_number(self, hit: Hit) -> bool:
        at = bisect_left(self.scene.numbers, hit.last)
        return at > 0 and self.scene.spans[at - 1][1] > hit.first

    def _in_name(self, hit: Hit) -> bool:
        """True inside a longer name of a body, programme or event."""
        named = (h for kind in ("actor", "programme", "event") for h in self.text.find(kind, max(0, hit.first - NAMED), hit.last))
        return any(h.first <= hit.first and h.last >= hit.last and not self._is_list(h.first, h.last) for h in named)

    def _is_list(self, first: int, last: int) -> bool:
        """True for words that are names of places and what joins them: no name of a body, whatever was made of them."""
        places = {at for hit in self._named(first, last) for at in range(hit.first, hit.last)}
        joins = {at for h in self.cues.get("list", ()) for at in range(h.first, h.last)}
        return set(range(first, last)) <= places | joins

    def _in_quotation(self, hit: Hit, sentence: tuple[int, int]) -> bool:
        texts = [token.text for token in self.text.tokens[sentence[0] : sentence[1]]]
        before, after = texts[: hit.first - sentence[0]], texts[hit.last - sentence[0] :]
        for opening, closing in self.scene.reading.traits["quote_marks"]:
            inside = before.count(opening) % 2 if opening == closing else before.count(opening) > before.count(closing)
            if inside and closing in after:
                opened = len(before) - 1 - before[::-1].index(opening)
                if len(before) - opened + after.index(closing) <= QUOTED:
                    return True
        return False

    def _is_dateline(self, hit: Hit) -> bool:
        """True for the place from which a piece of news was sent: it opens a paragraph, and a date or a sign and a dash follow."""
        tokens, wire = self.text.tokens, self._cue_firsts("wire")
        if not self.spaced:
            after = next((d.last for d in self.scene.reading.dates if d.first == hit.last), None)
            return after is not None and after in wire
        first, last, root = self.text.paragraph(hit.first)[0], hit.last, self.index.forms
        opens = hit.first - first <= STEP and all(t.kind == SIGN or t.text in root for t in tokens[first : hit.first])
        if not opens or last >= len(tokens) or tokens[last].kind != SIGN:
            return False
        return last + 1 in self.dated or any(last <= at <= last + WIRE_REACH and tokens[at].gap >= SPACE for at in wire)

    def _is_word(self, hit: Hit) -> bool:
        """True for a run of Chinese that begins and ends where words do, and opens no name of a body."""
        words = self.words.at
        inside = any(first < hit.first < after or first < hit.last < after for first, (_, after, _) in words.items())
        before = self.text.tokens[hit.first - 1].kind if hit.first else ""
        spelt = before == HAN and any(after == hit.first and tag in SPELT for _, after, tag in words.values())
        return not inside and not spelt and not self._opens_body(hit)

    def _opens_body(self, hit: Hit) -> bool:
        bodies, apart = self._body_firsts(hit.last, hit.last + BODY_REACH + 1), self._cue_firsts("apart")
        for at in range(hit.last, min(hit.last + BODY_REACH + 1, len(self.text.tokens))):
            token = self.text.tokens[at]
            if token.kind != HAN or at in apart:
                return False
            if at in bodies:
                return True
        return False

    def _stands_alone(self, hit: Hit, sentence: tuple[int, int]) -> bool:
        """True for a place with no other capital and no word for a body beside it: words such as Province and Northern apart."""
        tokens, left, right = self.text.tokens, hit.first - 1, hit.last
        if any(0 < at < len(tokens) and tokens[at].text == "-" and tokens[at].gap == JOINED for at in (left, right)):
            return False
        while inside := next((h for h in self.cues.get("inside", ()) if h.first == right), None):
            right = inside.last
        if own := next((h for h in self.cues.get("own", ()) if h.first == right), None):
            right = own.last
        if right < sentence[1] and self._is_name(right) and tokens[right].gap <= SPACE:
            return False
        while inside := next((h for h in self.cues.get("inside", ()) if h.last == left + 1), None):
            if not inside.row.get("link") and not self.text.is_capital(inside.first):
                return True  # the province of Hubei; a name goes on in capitals
            left = inside.first - 1
        if left < sentence[0] or not self._is_name(left):
            return True
        opens = left == sentence[0] or tokens[left - 1].kind == SIGN
        return opens and left not in self._body_firsts(left, left + 1) and self.scene.reading.is_word(tokens[left].text)

    def _is_name(self, at: int) -> bool:
        """True for a word with a capital that is no place and part of no date."""
        token = self.text.tokens[at]
        return token.kind == WORD and self.text.is_capital(at) and at not in self.dated and token.text not in self.index.forms

    def _body_firsts(self, first: int, last: int) -> set[int]:
        roles = {h.first for h in self.text.find("name.role", first, last) if h.row["of"] in BODIES}
        return roles | {h.first for h in self.cues.get("body", ()) if first <= h.first < last}

    def _cue_firsts(self, kind: str) -> set[int]:
        return {hit.first for hit in self.cues.get(kind, ())}

    # ---- places in one breath ----

    def _joined(self, one: Hit, other: Hit) -> bool:
        """True for two places of a list, or of which the second holds the first: Wuhan, the capital of Hubei."""
        between = range(one.last, other.first)
        held = _holds(other.row, one.row) or _holds(one.row, other.row)
        if held and len(between) <= STEP and not count_within(self.scene.numbers, one.last, other.first):
            return True
        if self._follows("origin", one.first) and 0 < len(between) <= STEP and not count_within(self.scene.numbers, one.last, other.first):
            return True
        plain = {at for kind in ("list", "inside") for h in self.cues.get(kind, ()) for at in range(h.first, h.last)}
        return set(between) <= plain

    def _group(self, chain: Sequence[Hit]) -> _Group:
        first, last = chain[0].first, chain[-1].last
        place = _settle([hit.row for hit in chain])
        example = any(first - 2 <= h.last <= first for h in self.cues.get("example", ()))
        others = any(last <= h.first <= last + 1 for h in self.cues.get("others", ()))
        if example or others or self._goes_on(first, last):
            whole = all(hit.row.level == "country" for hit in chain)
            place = Place(None if whole else place.country, None, "list")
        clause = self.text.clause(first)[0], self.text.clause(last - 1)[1]
        event = any(clause[0] <= h.first < clause[1] for h in self.cues.get("event", ()))
        return _Group(first, last, place, event, self._follows("origin", first))

    def _goes_on(self, first: int, last: int) -> bool:
        """True where names that are not in the table continue a list of places."""
        if not self.spaced:
            return False
        joins = {h.first: h.last for h in self.cues.get("list", ())}
        if any(end == first and start - 1 >= 0 and self._is_name(start - 1) for start, end in joins.items()):
            return True
        while last in joins and joins[last] < len(self.text.tokens) and self._is_name(joins[last]):
            if self.text.tokens[last].kind == WORD:
                return True
            last = joins[last] + 1
        return False

    def _follows(self, kind: str, first: int) -> bool:
        """True where a cue stands before token `first`, words such as province between them or none."""
        while inside := next((h for h in self.cues.get("inside", ()) if h.last == first), None):
            first = inside.first
        return any(h.last == first for h in self.cues.get(kind, ()))


def _holds(wide: Row, narrow: Row) -> bool:
    """True where one place lies in another."""
    if wide.country != narrow.country or LEVELS.index(wide.level) <= LEVELS.index(narrow.level):
        return False
    return wide.level == "country" or wide.name == narrow.region


def _settle(rows: Sequence[Row]) -> Place:
    """Return what places told in one breath come to: the narrowest where the others hold it, else the country that they share."""
    narrow = min(rows, key=lambda row: LEVELS.index(row.level))
    if all(row[:4] == narrow[:4] or _holds(row, narrow) for row in rows):
        return Place(narrow.country, narrow.name, "clause")
    return Place(narrow.country if len({row.country for row in rows}) == 1 else None, None, "list")
