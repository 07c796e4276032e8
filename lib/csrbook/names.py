"""Say who acts where a number stands, and under which programme.

The subject nearest before a number acts; failing that the programme's owner, the paragraph, the chapter, the document.

In      a Text with hits of kinds actor, programme and name.*.
Out     Named(name, rule, direct) and programmes for a number; (form, row) pairs of the table of names.
Never   makes up a name: what is not a hit is not seen.
Needs   texts, tokens.  Used by claims.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from csrbook.texts import Hit, Text
from csrbook.tokens import LINE

__all__ = ["Cast", "Named", "name_rows"]

APPOSED = 4  # tokens between a number and the programme it counts
ECHO_LETTERS = 10  # letters of a name that must come again for a paragraph to be about it
HEADING_REACH = 1600  # tokens that a heading with a programme governs
HEAD = 60  # tokens at the head of a document
SIGN = "sign"
HEADING_TOKENS, SHORT_LINE = 26, 8  # a heading of its own; a line that heads the text right below it
LIST_GAP = 5  # tokens between two names of one list
LEAD_ITEMS = 12  # paragraphs of a list, upwards, to the line that opens it


class Named(NamedTuple):
    """A name, the rule that chose it, and whether a cue stood in the sentence itself."""

    name: str | None
    rule: str
    direct: bool


def name_rows(table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (form, row) for every actor, programme and event of names.toml; slips carry `slip = true`."""
    for kind in ("actor", "programme", "event"):
        for entry in table[kind]:
            row = {key: value for key, value in entry.items() if key not in ("forms", "slips")} | {"is": kind}
            yield from ((form, row) for form in entry["forms"])
            if slips := entry.get("slips"):
                slip = row | {"slip": True}
                yield from ((form, slip) for form in slips)


# ---- who acts ------------------------------------------------------------------------------------------------------


def _named(hits: Iterable[Hit]) -> list[Hit]:
    """Return the programmes that have a name of their own."""
    return [hit for hit in hits if not hit.row.get("weak")]


@dataclass(slots=True)
class Cast:
    """The names on stage in one document: found once, asked for by token."""

    text: Text
    times: Sequence[int] = ()  # first tokens of the dates, in order: a new date begins a new statement
    actors: list[Hit] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    main: str | None = None
    headings: list[tuple[int, Hit]] = field(default_factory=list)
    leads: dict[int, str | None] = field(default_factory=dict)
    _firsts: list[int] = field(default_factory=list)
    _words: dict[int, list[tuple[Hit, set[str]]]] = field(default_factory=dict)
    _parents: dict[str, str] = field(default_factory=dict)

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
        self._parents = {h.row["name"]: h.row["parent"] for h in self.actors if h.row.get("parent")}
        self.main = self._main()
        owned = (h.row for h in text.hits.get("programme", ()) if h.row.get("owner"))
        self.owners = {row["name"]: row["owner"] for row in owned} | self._made_by()
        self.headings = self._headings()

    def _is_longer_title(self, hit: Hit) -> bool:
        found = self.text.find("programme", max(0, hit.first - 12), hit.first + 1)
        return any(h.first <= hit.first and h.last >= hit.last and h.last - h.first > hit.last - hit.first for h in found)

    def _main(self) -> str | None:
        """The actor named most, the head of the document counting five times; its parent where most of a family act."""
        counts: Counter[str] = Counter()
        for hit in self.actors:
            if not hit.row.get("minor"):
                counts[hit.row["name"]] += 5 if hit.first < HEAD else 1
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
            if last - paragraph[0] <= HEADING_TOKENS and self.text.is_heading((paragraph[0], last)):
                out += [(paragraph[0], hit) for hit in _named(self.text.find("programme", paragraph[0], last))[:1]]
        return out

    def _first_line(self, paragraph: tuple[int, int]) -> int:
        first, last = paragraph
        if last - first <= HEADING_TOKENS:
            return last
        line = next((i for i in range(first + 1, last) if self.text.tokens[i].gap >= LINE), last)
        marked = any(t.text in self.text.marks for t in self.text.tokens[first:line])
        return last if marked or line - first > SHORT_LINE or not self.text.is_capital(line) else line

    def between(self, first: int, last: int) -> list[Hit]:
        """Return the actors that begin in [first, last)."""
        return self.actors[bisect_right(self._firsts, first - 1) : bisect_right(self._firsts, last - 1)]

    def subjects(self, first: int, last: int) -> list[Hit]:
        """Return the actors of [first, last) that act: no preposition before them; of "A and B" only A."""
        out: list[Hit] = []
        previous: Hit | None = None
        for hit in self.between(first, last):
            joined = previous is not None and self._joined(previous, hit)
            if not joined and not self._is_object(hit):
                out.append(hit)
            previous = hit
        return out

    def _joined(self, left: Hit, right: Hit) -> bool:
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

    def actor(self, at: int, programme: Hit | None, *, end: int) -> Named:
        """Return who acts where a number stands at token `at` and ends before token `end`."""
        found = self._actor(at, programme, end)
        lead = self.lead(at)
        if found.name == self.main and lead != self.main and self._parents.get(lead) == self.main:
            return Named(lead, "chapter_of_group", found.direct)
        return found

    def _actor(self, at: int, programme: Hit | None, end: int) -> Named:
        text, sentence, clause = self.text, self.text.sentence(at), self.text.clause(at)
        start = self.start(at)
        if found := self.subjects(clause[0], at):
            return Named(found[-1].row["name"], "subject_of_clause", True)
        owner = self.owners.get(programme.row["name"]) if programme and not programme.row.get("weak") else None
        apposed = owner and end <= programme.first < min(clause[1], end + APPOSED + 1)
        if apposed or (owner and clause[0] <= programme.first < at):
            return Named(owner, "owner_of_programme", True)
        if agent := self._agent(end, sentence[1]):
            return Named(agent.row["name"], "agent_after", True)
        if found := self.subjects(start, at):
            return Named(found[-1].row["name"], "subject_of_sentence", True)
        if owner and start <= programme.first < at:
            return Named(owner, "owner_of_programme", True)
        paragraph = text.paragraph(at)
        if found := self.subjects(paragraph[0], sentence[0]):
            return Named(found[-1].row["name"], "subject_of_paragraph", False)
        if found := self.between(start, at):
            return Named(found[0].row["name"], "named_before", True)
        if owner:
            return Named(owner, "owner_of_programme", start <= programme.first < sentence[1])
        if found := self.between(end, sentence[1]):
            return Named(found[0].row["name"], "named_after", True)
        lead = self.lead(at)
        return Named(lead, "chapter" if lead and lead != self.main else "document", False)

    def start(self, at: int) -> int:
        """Return where the statement that holds token `at` begins: after the last semicolon or date of its sentence."""
        first = self.text.statement(at)[0]
        place = bisect_right(self.times, at) - 1
        if place < 0 or self.times[place] <= first:
            return first
        dated = self.times[place]
        covering = [h.first for h in self.text.find("programme", max(first, dated - 8), dated) if h.last > dated]
        return min([dated, *covering])

    def _agent(self, first: int, last: int) -> Hit | None:
        """Return the actor named right after a passive: "donated by X"."""
        return next((hit for hit in self.between(first, last) if self.text.ends_at("name.agent", hit.first)), None)

    # ---- programmes ----

    def programme(self, at: int, *, end: int) -> tuple[Hit | None, str, bool]:
        """Return (programme, rule, direct) for the number at [at, end).

        The list's own first; then the clause's, the sentence's, the paragraph's, the heading's.
        """
        text, sentence, clause = self.text, self.text.sentence(at), self.text.clause(at)
        if (lead := self.list_lead(at)) and (found := _named(text.find("programme", *lead))):
            return found[-1], "list_lead", True
        start = self.start(at)
        here = text.find("programme", start, text.statement(at)[1])
        inside = [h for h in here if clause[0] <= h.first < clause[1]]
        left, right = [h for h in inside if h.last <= at], [h for h in inside if h.last > at]
        for rule, found in (
            ("apposed", [h for h in right[:1] if h.first - end <= APPOSED]),
            ("clause", left[-1:]),
            ("clause_after", right[:1]),
            ("sentence", _named(h for h in here if h.last <= at)[-1:]),
            ("sentence_after", _named(h for h in here if h.last > at)[:1]),
            ("paragraph", _named(text.find("programme", text.paragraph(at)[0], sentence[0]))[-1:]),
        ):
            if found:
                return self._first_of_list(found[0], start), rule, rule != "paragraph"
        if found := self._echoed(at):
            return found, "echo", False
        return self._of_heading(at)

    def _first_of_list(self, hit: Hit, start: int) -> Hit:
        """Return the first of "A, B and C": of joint programmes the first named stands for all."""
        for before in reversed(self.text.find("programme", start, hit.first)):
            if not self._joined(before, hit):
                break
            hit = before
        return hit

    def _echoed(self, at: int) -> Hit | None:
        """Return the programme of the chapter whose name's words the paragraph uses again, most of them and most of all."""
        chapter, paragraph = self.text.chapter(at), self.text.paragraph(at)
        if chapter[0] not in self._words:
            named = _named(self.text.find("programme", *chapter))
            self._words[chapter[0]] = [(h, {w for w in self.text.lemmas(h.first, h.last) if len(w) > 1}) for h in named]
        here = set(self.text.lemmas(*paragraph))
        best, score = None, 0.0
        for hit, words in self._words[chapter[0]]:
            shared = sum(len(word) for word in words & here)
            if shared >= ECHO_LETTERS and shared * 2 >= sum(map(len, words)) and shared > score:
                best, score = hit, shared
        return best

    def _of_heading(self, at: int) -> tuple[Hit | None, str, bool]:
        chapter = self.text.chapter(at)
        number = bisect_right([first for first, _ in self.headings], at) - 1
        if number >= 0 and self.headings[number][0] >= max(chapter[0], at - HEADING_REACH):
            return self.headings[number][1], "heading", False
        return None, "none", False

    def list_lead(self, at: int) -> tuple[int, int] | None:
        """Return the paragraph that opens the list which holds token `at`, or None outside a list."""
        text = self.text
        number = bisect_right(text.paragraphs, at, key=lambda p: p[0]) - 1
        steps = 0
        while number > 0 and steps < LEAD_ITEMS and self._is_item(text.paragraphs[number]):
            number, steps = number - 1, steps + 1
        lead = text.paragraphs[number]
        return lead if steps and text.tokens[lead[1] - 1].text == ":" else None

    def _is_item(self, paragraph: tuple[int, int]) -> bool:
        return self.text.starts_at("list.mark", paragraph[0]) is not None
