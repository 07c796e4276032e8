"""Find what may be a name: what stands in quotation marks, what is printed with capitals, what ends in a word like bank.

In      a Text with hits of kinds name.*, and the traits of its language.
Out     Candidates: a name in its fullest and plainest form, every form it takes, and where it stands.
Never   says what a name stands for, or makes up one that is not printed.
Needs   texts, tokens.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csrbook.texts import Hit, Text
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, LINE, SIGN, SPACE, WORD, tokenize

__all__ = ["Candidate", "find_candidates", "initials", "source_line"]

Span = tuple[int, int]

LONGEST_QUOTE = 8  # tokens of a quoted name; twice as many where one token is one character
LONGEST_HEAD = 6  # characters before a word like bank
SHORTEST_HEAD = 2
LONGEST_RUN = 6  # words with capitals in a row; a longer one is a headline
REPEATED, LONGEST_REPEATED = 3, 6  # printings and characters of a name that nothing else tells
HEAD, SOURCE_LINE = 90, 20  # tokens at the head of a text, and of a line there that tells source and date
CENTURIES = ("19", "20")
PLACE = "place"
BEYOND_LATIN = 0x370  # letters below are Latin
OFTENER = 2  # times more printings that make a short form a name of its own
PLAIN = 3  # what a form counts more that is surely not inflected
KNOWN_KINDS = ("actor", "programme", "event")


@dataclass(slots=True)
class Candidate:
    """What may be a name: its words in dictionary form, its forms with their counts, and its spans with a mark for quoted ones."""

    key: tuple[str, ...]
    forms: Counter[str] = field(default_factory=Counter)
    spans: dict[Span, bool] = field(default_factory=dict)
    short: dict[str, Span] = field(default_factory=dict)  # forms that stand for this name: its first word, its initials

    @property
    def name(self) -> str:
        """Return the form to show: the one that speaks most for being the plain one, of equals the first."""
        name = max(self.forms, key=lambda form: (self.forms[form], not form.isupper()))
        return name.title() if name.isupper() and " " in name else name


def find_candidates(text: Text, traits: Mapping[str, Any]) -> list[Candidate]:
    """Return what may be a name and is not known yet, in the order of the text."""
    hits = (h for kind in KNOWN_KINDS for h in text.hits.get(kind, ()) if not h.row.get("found"))
    known = {at for h in hits for at in range(h.first, h.last)}
    quotes = set(_quoted(text, traits))
    runs = list(_capitals(text) if traits["capitals"] else _before_suffix(text))
    nots = text.hits.get("name.not", ())
    never = {tuple(text.lemmas(h.first, h.last)) for h in nots}
    whole = {at: (h.first, h.last) for h in nots if h.row.get("neither") for at in range(h.first, h.last)}
    found: dict[tuple[str, ...], Candidate] = {}
    for span in sorted({*quotes, *runs}):
        key = tuple(text.lemmas(*span))
        if key in never or known & set(range(*span)) or _cuts(span, whole) or not any(map(str.isalpha, "".join(key))):
            continue
        candidate = found.setdefault(key, Candidate(key))
        candidate.spans[span] = span in quotes
        candidate.forms[_printed(text, span)] += 1 + PLAIN * _is_plain(text, span, quoted=span in quotes)
    for candidate in found.values():
        _add_plain(candidate)
        _drop_legal(text, candidate, found)
    variants = {ord(one): other for one, other in traits["variants"]}
    kept = [candidate for candidate in found.values() if _words(text, candidate.name.translate(variants)) not in never]
    return _without_short(text, kept, capitals=traits["capitals"])


def source_line(text: Text) -> Iterator[int]:
    """Yield the tokens of a line at the head that tells source, place and date: it may name who prints, not who acts."""
    first = 0
    for at in range(1, min(len(text.tokens), HEAD) + 1):
        if at < len(text.tokens) and text.tokens[at].gap < LINE:
            continue
        line = text.tokens[first:at]
        dated = any(t.kind == DIGITS and len(t.text) == len("2020") and t.text[:2] in CENTURIES for t in line)
        if first and dated and len(line) <= SOURCE_LINE and line[-1].text not in text.stops:
            yield from range(first, at)
        first = at


def _cuts(span: Span, whole: Mapping[int, Span]) -> bool:
    """True for a span that holds a part of what a person says is no name, and not all of it."""
    ends = (whole.get(at, span) for at in (span[0], span[1] - 1))
    return any(first < span[0] or last > span[1] for first, last in ends)


def _words(text: Text, name: str) -> tuple[str, ...]:
    """Return the words of a name in dictionary form, as those of a candidate."""
    return tuple(text.lemma(token.text) for token in tokenize(name) if token.kind != SIGN)


def _printed(text: Text, span: Span) -> str:
    return " ".join(text.raw[text.tokens[span[0]].start : text.tokens[span[1] - 1].end].split())


def _is_plain(text: Text, span: Span, *, quoted: bool) -> bool:
    """True for a form that is surely not inflected: its words are their own dictionary forms, or it stands by a noun that is."""
    beside = quoted and text.ends_at("name.role", span[0] - 1)
    return bool(beside) or text.words(*span) == text.lemmas(*span)


def _add_plain(candidate: Candidate) -> None:
    """Give a quoted name of one word its dictionary form where it is printed inflected only."""
    if len(candidate.key) == 1 and all(candidate.spans.values()) and max(candidate.forms.values()) <= PLAIN:
        form = max(candidate.forms, key=candidate.forms.get)
        if form[1:].islower() and form.lower() != candidate.key[0]:
            candidate.forms[candidate.key[0].capitalize()] = PLAIN + 1


def _drop_legal(text: Text, candidate: Candidate, found: Mapping[tuple[str, ...], Candidate]) -> None:
    """Show a name without its legal form, as Limited, where it is printed without it as often."""
    span = next(iter(candidate.spans))
    legal = next((h for h in text.find("name.legal", *span) if h.last == span[1] and h.first > span[0]), None)
    if legal is None:
        return
    bare = candidate.key[: len(candidate.key) - len(text.lemmas(legal.first, legal.last))]
    form = _printed(text, (span[0], legal.first)).rstrip(",")
    others = len(found[bare].spans) if bare in found else text.raw.count(form) - len(candidate.spans)
    if others >= len(candidate.spans):
        candidate.forms[form] = max(candidate.forms.values()) + PLAIN


# ---- quotation marks and capitals ------------------------------------------------------------------------------------


def _quoted(text: Text, traits: Mapping[str, Any]) -> Iterator[Span]:
    tokens = text.tokens
    for opening, closing in traits["quote_marks"]:
        start = None
        for at, token in enumerate(tokens):
            if token.gap == BLANK:  # a paragraph ends what was left open
                start = None
            if start is None and token.text == opening:
                start = at + 1
            elif start is not None and token.text == closing:
                limit = LONGEST_QUOTE * (2 if start < len(tokens) and tokens[start].kind == HAN else 1)
                inner = tokens[start:at]
                if 0 < len(inner) <= limit and not any(t.text in text.stops for t in inner):
                    yield start, at
                start = None


def _capitals(text: Text) -> Iterator[Span]:
    """Yield runs of capitalised words, also without what opens a sentence; and such runs joined by a word like of."""
    runs = [run for run in _runs(text) if run[1] - run[0] <= LONGEST_RUN]
    inside = {tuple(text.words(*run)) for run in runs if not _opens(text, run[0])}
    kept: list[Span] = []
    for first, last in runs:
        bare = _without_opener(text, first, last)
        if bare == first or tuple(text.words(first, last)) in inside:
            kept.append((first, last))
        if first < bare < last:
            kept.append((bare, last))
    kept = [(first, last) for first, last in kept if text.tokens[last - 1].end - text.tokens[first].start > 2]
    yield from kept
    yield from _joined(text, kept)


def _without_opener(text: Text, first: int, last: int) -> int:
    """Return where a name begins that opens a sentence with small words, or with the word for what it is: insurer, publisher."""
    if not _opens(text, first):
        return first
    for kind in ("name.small", "name.role"):
        while first < last and (hit := text.starts_at(kind, first)) and hit.last <= last and hit.row.get("of") != PLACE:
            first = hit.last
    return first


def _runs(text: Text) -> Iterator[Span]:
    """Yield runs of capitalised words on one line, the parts of a hyphenated word together."""
    tokens, at = text.tokens, 0
    while at < len(tokens):
        last = at
        while last < len(tokens) and (
            (tokens[last].kind == WORD and text.is_capital(last) and (last == at or _goes_on(text, last)))
            or (last > at and (_is_hyphened(text, last) or (tokens[last].kind == DIGITS and tokens[last].gap == JOINED)))
        ):
            last += 1
        while last > at and tokens[last - 1].kind == SIGN:
            last -= 1
        if last > at:
            yield at, last
        at = max(last, at + 1)


def _goes_on(text: Text, at: int) -> bool:
    """True for a word one space behind another in the same letters."""
    one, two = text.tokens[at - 1], text.tokens[at]
    return two.gap == SPACE and (ord(one.text[0]) < BEYOND_LATIN) == (ord(two.text[0]) < BEYOND_LATIN)


def _is_hyphened(text: Text, at: int) -> bool:
    """True for a hyphen inside a word, and for the word behind it."""
    tokens = text.tokens
    if tokens[at].gap != JOINED:
        return False
    if tokens[at].text == "-":
        return at + 1 < len(tokens) and tokens[at + 1].gap == JOINED and tokens[at + 1].kind == WORD
    return tokens[at].kind == WORD and tokens[at - 1].text == "-"


def _opens(text: Text, at: int) -> bool:
    """True at the head of a sentence or line, or right after a mark other than a comma, where any word may be capitalised."""
    if at == text.sentence(at)[0] or text.tokens[at].gap >= LINE:
        return True
    return text.tokens[at - 1].kind == SIGN and text.tokens[at - 1].text not in text.marks


def _joined(text: Text, runs: list[Span]) -> Iterator[Span]:
    """Yield two or three runs with a small word between them: "Roots and Pods", "Red Cross of Namibia".

    What follows the small word must not be a name by itself: "the head of Harbour Bank" is none, "Women in Trade" is one.
    """
    ends = {first: last for first, last in runs}
    often = Counter(tuple(text.words(*run)) for run in runs)
    for first, last in runs:
        for _ in range(2):
            link = text.starts_at("name.inside", last) if last < len(text.tokens) else None
            if not link or link.last not in ends or any(t.gap != SPACE for t in text.tokens[last : link.last + 1]):
                break
            part, last = (link.last, ends[link.last]), ends[link.last]
            whole = any(h.last == last and h.first > part[0] and h.row.get("actor") for h in text.find("name.suffix", *part))
            if not whole and often[tuple(text.words(*part))] == 1:
                yield first, last


# ---- where capitals do not tell --------------------------------------------------------------------------------------


def _before_suffix(text: Text) -> Iterator[Span]:
    """Yield names that end in a word like group: back to the last mark or small word, no further than they are printed again."""
    counts = _counts(text)
    blocked = _blocked(text)
    for hit in text.hits.get("name.suffix", ()):
        if not hit.row.get("actor"):
            continue
        first = _head(text, hit, counts, blocked)
        if hit.first - first >= SHORTEST_HEAD:
            yield first, hit.last
    yield from _repeated(text, counts, blocked)


def _counts(text: Text) -> Counter[str]:
    """How often every run of up to LONGEST_HEAD characters is printed in one piece."""
    out: Counter[str] = Counter()
    for piece in _han(text).split():
        for length in range(1, LONGEST_HEAD + 6):
            out.update(piece[at : at + length] for at in range(len(piece) - length + 1))
    return out


def _han(text: Text) -> str:
    """Return one sign a token: itself where it is Chinese, else a space."""
    return "".join(t.text if t.kind == HAN else " " for t in text.tokens)


def _blocked(text: Text) -> set[int]:
    """Tokens that no name holds: small words, those before a name, times, and words of doing."""
    kinds = ("name.small", "name.object", "time.mark", "time.now", "name.joint")
    return {at for kind in kinds for h in text.hits.get(kind, ()) for at in range(h.first, h.last)}


def _head(text: Text, hit: Hit, counts: Mapping[str, int], blocked: set[int]) -> int:
    """Return where the name begins that the suffix ends: each character more must be printed about as often with it."""
    base = hit.first
    while before := text.ends_at("name.suffix", base):
        base = before.first
    tail = "".join(t.text for t in text.tokens[base : hit.last])
    first = best = base
    often = 0
    while first > 0 and base - first < LONGEST_HEAD and text.tokens[first - 1].kind == HAN and text.tokens[first].gap == 0:
        tail = text.tokens[first - 1].text + tail
        again = counts[tail] > 1 and counts[tail] * 2 > often
        stopped = first - 1 in blocked or (base - first >= SHORTEST_HEAD and text.ends_at("name.role", first))
        if (stopped and not again) or (often and counts[tail] * 2 <= often):
            break
        first -= 1
        if base - first >= SHORTEST_HEAD:
            often, best = counts[tail], first
    return best


def _repeated(text: Text, counts: Mapping[str, int], blocked: set[int]) -> Iterator[Span]:
    """Yield strings printed often, of no small word, among various neighbours: names that no word like bank tells."""
    places: dict[str, list[int]] = defaultdict(list)
    words = _han(text)
    for at in range(len(words)):
        if at in blocked:
            continue
        for length in range(SHORTEST_HEAD + 1, min(LONGEST_REPEATED, len(words) - at) + 1):
            run = words[at : at + length]
            if counts[run] < REPEATED:
                break  # a longer one is printed no oftener
            if at + length - 1 in blocked:
                continue
            if not places[run] or places[run][-1] + length <= at:  # one sign printed a thousand times is no thousand names
                places[run].append(at)
    for run, starts in places.items():
        before = {words[at - 1] if at else " " for at in starts}
        after = {words[at + len(run)] if at + len(run) < len(words) else " " for at in starts}
        if len(before) > 1 and len(after) > 1 and " " in before:
            yield from ((at, at + len(run)) for at in starts)


# ---- short forms -----------------------------------------------------------------------------------------------------


def _without_short(text: Text, found: list[Candidate], *, capitals: bool) -> list[Candidate]:
    """Return the candidates, those that are a short form of a fuller one put under it."""
    suffixes = {tuple(text.lemmas(h.first, h.last)) for h in text.hits.get("name.suffix", ()) if h.row.get("actor")}
    leads = {text.lemma(w) for h in text.hits.get("name.role", ()) if h.row["of"] == "company" for w in text.words(h.first, h.last)}
    kin: dict[object, list[Candidate]] = defaultdict(list)  # by first word, by all but the first, by initials
    for candidate in found:
        for key in {candidate.key[0], candidate.key[1:], (initials(candidate.key),)}:
            kin[key].append(candidate)
    out = []
    for candidate in found:
        alike = [c for key in (candidate.key[0], candidate.key) for c in kin[key]]
        whole = _whole(candidate, alike, suffixes, least=1 if capitals else 2) or _led(candidate, alike, leads)
        if whole is None:
            out.append(candidate)
            continue
        whole.spans |= candidate.spans
        whole.short |= dict.fromkeys(candidate.forms, next(iter(candidate.spans)))
    if not capitals:
        for candidate in out:
            _cut_suffix(text, candidate, suffixes)
    return out


def _whole(part: Candidate, found: Iterable[Candidate], suffixes: set[tuple[str, ...]], *, least: int) -> Candidate | None:
    """Return the fuller candidate that begins with this one and goes on with a word like group, or whose initials it is.

    Where several do, as a foundation and a bank of one group, the short form is a name of its own; so it is beside a fuller
    name that is printed less.
    """
    size = len(part.key)
    fuller = [c for c in found if len(c.key) > size >= least and c.key[:size] == part.key and _ends(c.key, size, suffixes)]
    if len(fuller) > 1 or any(len(part.spans) > OFTENER * len(c.spans) for c in fuller):
        return None
    fuller += [c for c in found if len(part.key) == 1 and len(c.key) > 2 and initials(c.key) == part.key[0]]
    return max(fuller, key=lambda c: len(c.spans), default=None)


def _led(part: Candidate, found: Iterable[Candidate], leads: set[str]) -> Candidate | None:
    """Return the fuller candidate that puts a word like group before this one."""
    return next((c for c in found if len(c.key) > 1 and c.key[1:] == part.key and c.key[0] in leads), None)


def _ends(key: tuple[str, ...], size: int, suffixes: set[tuple[str, ...]]) -> bool:
    return any(key[start:] in suffixes for start in range(size, len(key)))


def initials(key: Iterable[str]) -> str:
    """Return the first letters of words."""
    return "".join(word[0] for word in key)


def _cut_suffix(text: Text, candidate: Candidate, suffixes: set[tuple[str, ...]]) -> None:
    """Give a name its form without the word like group, where that is long enough to stand alone."""
    key = candidate.key
    cut = min((at for at in range(SHORTEST_HEAD, len(key)) if _all_suffix(key[at:], suffixes)), default=None)
    if cut is not None:
        candidate.short.setdefault("".join(key[:cut]), next(iter(candidate.spans)))


def _all_suffix(key: tuple[str, ...], suffixes: set[tuple[str, ...]]) -> bool:
    return not key or any(key[:at] in suffixes and _all_suffix(key[at:], suffixes) for at in range(1, len(key) + 1))
