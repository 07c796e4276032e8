"""Set the names of a document on stage: who is named where, who the document and its chapters are about, who owns what.

In      a Text with hits of kinds actor, programme and name.*.
Out     Stage: found once, asked for by token range.
Never   says who acts where a number stands, or makes up a name: what is not a hit is not seen.
Needs   texts, tokens.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Any, NamedTuple

from csrbook.texts import HEADING_TOKENS, Hit, Text, count_within
from csrbook.tokens import LINE, SIGN

__all__ = ["APPOSED", "HEAD", "Stage", "Told", "doubts", "leaning", "standings"]

HEAD = 60  # tokens at the head of a document
EARLY, FOUND_EARLY = 5, 2  # what a name at the head counts; one that the text alone tells may be a place or a paper
SHORT_LINE = 8  # tokens of a line that heads the text right below it
APPOSED = 4  # tokens between a number and the programme it counts
LIST_GAP = 5  # tokens between two names of one list
LEAD_ITEMS = 12  # paragraphs of a list, upwards, to the line that opens it
BESIDE = 4  # tokens between a name and the noun that tells what it is
SURE = 6.0  # a lead that leaves no doubt; a name of the table has it
LEANS = {"given": 1, "built": 1, "told": -1, "leaning": -1}  # what a word of relevance says of a sentence
BODIES = ("company", "charity", "authority")


def doubts(row: Mapping[str, Any]) -> dict[str, float]:
    """Return how sure it is that a name stands for what its row says, and how far another reading leads, as traits."""
    return {"sure": min(row.get("sure", SURE), SURE) / 3, "rival": max(row.get("rival", 0.0), 0.0)}


def leaning(text: Text, first: int, last: int) -> str:
    """Return "social" where words of deeds for society outnumber words of mere telling in a range, else "told only" or "plain"."""
    weight = sum(LEANS.get(hit.row["tells"], 0) for hit in text.find("relevance", first, last))
    return "social" if weight > 0 else "told only" if weight < 0 else "plain"


def standings(placed: Iterable[tuple[str, str]]) -> tuple[dict[str, dict[str, int]], Container[str]]:
    """Return where each name of (place, name) stands, in the order met, with the names that stand nearer there; and all places met."""
    stands: dict[str, dict[str, int]] = {}
    met: dict[str, dict[str, int]] = {}  # the names of each place, with their ranks
    for place, name in placed:
        names = met.setdefault(place, {})
        stands.setdefault(name, {}).setdefault(place, names.setdefault(name, len(names)))
    return stands, met


def _of_table(hit: Hit) -> bool:
    """True for a name of the table, which knows the family of its bodies; not for one of the text or that a person confirmed."""
    return not (hit.row.get("found") or hit.row.get("confirmed"))


class Told(NamedTuple):
    """What was said of the number before: its first token, and the name it was given, if any."""

    at: int
    name: str | None


@dataclass(slots=True)
class Stage:
    """The names on stage in one document."""

    text: Text
    times: Sequence[int] = ()  # first tokens of the dates, in order: a new date begins a new statement
    actors: list[Hit] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    main: str | None = None
    known: bool = False  # most of the actors named are those of the table
    counts: Counter[str] = field(default_factory=Counter)  # how often each actor is named
    headings: list[tuple[int, Hit]] = field(default_factory=list)
    nouns: dict[str, set[str]] = field(default_factory=dict)  # what each actor is: the bank, the brewery
    kinds: dict[str, set[str]] = field(default_factory=dict)  # and which kind of body that is
    leads: dict[int, str | None] = field(default_factory=dict)
    company: dict[str, str | None] = field(default_factory=dict)  # the actor beside each programme
    words: dict[int, list[tuple[Hit, set[str]]]] = field(default_factory=dict)  # of the programmes' names, by chapter
    rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # of each actor
    ranks: dict[str, int] = field(default_factory=dict)  # each actor's place among those named most
    called: dict[str, list[str]] = field(default_factory=dict)  # the actors that each noun stands for
    programmes: list[Hit] = field(default_factory=list)  # with a name of their own
    programme_names: frozenset[str] = frozenset()
    heading_firsts: list[int] = field(default_factory=list)
    echoes: dict[int, Hit | None] = field(default_factory=dict)  # the programme that a paragraph echoes
    _firsts: list[int] = field(default_factory=list)  # of the actors
    _programme_firsts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = self.text
        titles = [(h.first, h.last) for kind in ("programme", "event") for h in text.hits.get(kind, ())]
        inside = {at for first, last in titles for at in range(first, last) if last - first > 1}
        family = {h.row.get("parent") or h.row["name"] for h in text.hits.get("actor", ()) if not h.row.get("slip")}
        for hit in text.hits.get("actor", ()):
            slip = hit.row.get("slip") and hit.row.get("parent") not in family
            if not slip and not (hit.first in inside and self._is_longer_title(hit)):
                self.actors.append(hit)
        self._firsts = [hit.first for hit in self.actors]
        self.parents = {h.row["name"]: h.row["parent"] for h in self.actors if h.row.get("parent")}
        self.known = bool(self.actors) and sum(map(_of_table, self.actors)) * 2 > len(self.actors)
        self.counts = Counter(hit.row["name"] for hit in self.actors)
        self.rows = {hit.row["name"]: hit.row for hit in self.actors}
        self.ranks = {name: rank for rank, (name, _) in enumerate(self.counts.most_common())}
        self.main = self._main()
        owned = (h.row for h in text.hits.get("programme", ()) if h.row.get("owner"))
        self.owners = {row["name"]: row["owner"] for row in owned} | self._made_by()
        self.programmes = [hit for hit in text.hits.get("programme", ()) if not hit.row.get("weak")]
        self._programme_firsts = [hit.first for hit in self.programmes]
        self.headings = self._headings()
        self.heading_firsts = [first for first, _ in self.headings]
        self.programme_names = frozenset(hit.row["name"] for hit in self.programmes)
        self.nouns = self._nouns()
        for name, nouns in self.nouns.items():
            for noun in nouns:
                self.called.setdefault(noun, []).append(name)

    def _is_longer_title(self, hit: Hit) -> bool:
        found = self.text.find("programme", max(0, hit.first - 12), hit.first + 1)
        return any(h.first <= hit.first and h.last >= hit.last and h.last - h.first > hit.last - hit.first for h in found)

    def _main(self) -> str | None:
        """The actor named most, the head of the document counting more, a doubtful name less."""
        counts: Counter[str] = Counter()
        for hit in self.actors:
            if not hit.row.get("minor"):
                lead = min(hit.row.get("sure", SURE), -hit.row.get("rival", -SURE))
                chance = 1 / (1 + exp(-lead))
                early = FOUND_EARLY if hit.row.get("found") else EARLY
                counts[hit.row["name"]] += (early if hit.first < HEAD else 1) * chance
        return counts.most_common(1)[0][0] if counts else None

    def _made_by(self) -> dict[str, str]:
        """Owners that the document itself states: "the forest created by X"."""
        out = {}
        for hit in self.text.hits.get("name.made", ()):
            programme = self.text.ends_at("programme", hit.first, reach=14)
            actor = next(iter(self.between(hit.last, hit.last + 2)), None)
            if programme and actor:
                out[programme.row["name"]] = actor.row["name"]
        return out

    def _headings(self) -> list[tuple[int, Hit]]:
        out = []
        for paragraph in self.text.paragraphs:
            last = self._first_line(paragraph)
            if self.text.is_heading((paragraph[0], last)):
                out += [(paragraph[0], hit) for hit in self.named(paragraph[0], last)[:1]]
        return out

    def _first_line(self, paragraph: tuple[int, int]) -> int:
        first, last = paragraph
        if last - first <= HEADING_TOKENS:
            return last
        line = next((i for i in range(first + 1, last) if self.text.tokens[i].gap >= LINE), last)
        marked = any(t.text in self.text.marks for t in self.text.tokens[first:line])
        return last if marked or line - first > SHORT_LINE or not self.text.is_capital(line) else line

    def _nouns(self) -> dict[str, set[str]]:
        """What the document calls each actor: the nouns in its name and right beside it."""
        out: dict[str, set[str]] = defaultdict(set)
        for hit in self.actors:
            for noun in self.text.find("name.role", hit.first - BESIDE, hit.last + BESIDE):
                before = noun.first < hit.first and noun.last >= hit.first - 1
                after = noun.first > hit.last and self.text.tokens[hit.last].text in self.text.marks
                if noun.row["of"] in BODIES and (before or after or hit.first <= noun.first < hit.last):
                    out[hit.row["name"]].add(self.noun(noun))
                    self.kinds.setdefault(hit.row["name"], set()).add(noun.row["of"])
        return dict(out)

    def noun(self, hit: Hit) -> str:
        """Return the dictionary form of a noun that stands for a body."""
        return " ".join(self.text.lemmas(hit.first, hit.last))

    def beside(self, programme: str) -> str | None:
        """Return the actor named most often in the sentences that name a programme, its own name apart."""
        if programme not in self.company:
            hits = (h for h in self.text.hits.get("programme", ()) if h.row["name"] == programme)
            named = (a.row["name"] for h in hits for a in self.between(*self.text.sentence(h.first)))
            often = Counter(name for name in named if name != programme).most_common(1)
            self.company[programme] = often[0][0] if often else None
        return self.company[programme]

    def bodies(self, first: int, last: int) -> list[Hit]:
        """Return the nouns for bodies in [first, last) that are no part of a name: "the bank", "the ministry"."""
        names = {at for h in self.between(max(0, first - 6), last) for at in range(h.first, h.last)}
        return [h for h in self.text.find("name.role", first, last) if h.row["of"] in BODIES and h.first not in names]

    def as_before(self, name: str | None, told: Told | None, at: int) -> str:
        """Return how near the number before is that was given the same name, or nobody's like this one; "" where it was not."""
        if told is None or told.name != name:
            return ""
        near = (("sentence", self.text.sentence(at)), ("paragraph", self.text.paragraph(at)))
        reach = next((part for part, (first, last) in near if first <= told.at < last), "text")
        return f"as before in the {reach}"

    def sides(self, at: int, end: int) -> tuple[tuple[str, tuple[int, int]], ...]:
        """Return the clause of a number at [at, end), and its sentence before and after it."""
        sentence = self.text.sentence(at)
        return ("clause", self.text.clause(at)), ("before", (sentence[0], at)), ("after", (end, sentence[1]))

    def count(self, first: int, last: int) -> int:
        """Return how many actors begin in [first, last)."""
        return count_within(self._firsts, first, last)

    def between(self, first: int, last: int) -> list[Hit]:
        """Return the actors that begin in [first, last)."""
        return self.actors[bisect_left(self._firsts, first) : bisect_left(self._firsts, last)]

    def named(self, first: int, last: int) -> list[Hit]:
        """Return the programmes with a name of their own that begin in [first, last)."""
        return self.programmes[bisect_left(self._programme_firsts, first) : bisect_left(self._programme_firsts, last)]

    def subjects(self, first: int, last: int) -> list[Hit]:
        """Return the actors of [first, last) that act: no preposition before them; of "A and B" only A."""
        out: list[Hit] = []
        previous: Hit | None = None
        for hit in self.between(first, last):
            joined = previous is not None and self.joined(previous, hit)
            if not joined and not self._is_object(hit):
                out.append(hit)
            previous = hit
        return out

    def joined(self, left: Hit, right: Hit) -> bool:
        """True for two names of one list: "A and B", "A, B and C", or one name right behind the other."""
        middle = self.text.tokens[left.last : right.first]
        if len(middle) > LIST_GAP or any(t.kind == "digits" for t in middle):
            return False
        if not middle or any(h.last <= right.first for h in self.text.find("name.joint", left.last, right.first)):
            return True
        return middle[-1].text == "," and bool(self.text.find("name.joint", right.last, right.last + 2))

    def _is_object(self, hit: Hit) -> bool:
        at = hit.first
        ends = self.text.marks | self.text.stops
        while at > 0 and self.text.tokens[at - 1].kind == SIGN and self.text.tokens[at - 1].text not in ends:
            at -= 1  # a quotation mark before the name
        return bool(self.text.ends_at("name.object", at) or self.text.ends_at("name.agent", at))

    def lead(self, at: int) -> str | None:
        """Return who the chapter is about: the actor named most in it, the document's own only where alone."""
        chapter = self.text.chapter(at)
        if chapter[0] not in self.leads:
            counts = Counter(h.row["name"] for h in self.between(*chapter) if not h.row.get("minor"))
            others = [(name, n) for name, n in counts.most_common() if name != self.main]
            whole = chapter == (0, len(self.text.tokens))
            own = whole or not others or others[0][1] < counts[self.main]
            self.leads[chapter[0]] = self.main if own else others[0][0]
        return self.leads[chapter[0]]

    def start(self, at: int) -> int:
        """Return where the statement that holds token `at` begins: after the last semicolon or date of its sentence."""
        first = self.text.statement(at)[0]
        place = bisect_right(self.times, at) - 1
        if place < 0 or self.times[place] <= first:
            return first
        dated = self.times[place]
        covering = [h.first for h in self.text.find("programme", max(first, dated - 8), dated) if h.last > dated]
        return min([dated, *covering])

    def list_lead(self, at: int) -> tuple[int, int] | None:
        """Return the paragraph that opens the list which holds token `at`, or None outside a list."""
        text = self.text
        number = bisect_right(text.paragraphs, at, key=lambda p: p[0]) - 1
        steps = 0
        while number > 0 and steps < LEAD_ITEMS and text.starts_at("list.mark", text.paragraphs[number][0]) is not None:
            number, steps = number - 1, steps + 1
        lead = text.paragraphs[number]
        return lead if steps and text.tokens[lead[1] - 1].text == ":" else None
