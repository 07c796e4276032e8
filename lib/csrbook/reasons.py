"""Tell why a number is no quantity: a date, a name with digits, an ordinal, a list number, a phone number.

In      the tokens of a document, its furniture, a Lexicon; then one Reading.
Out     reasons: date clock ordinal list_number name phone furniture word other (see the ledger in mentions).
Never   reads a value, or drops a number: what is refused here becomes a row of the ledger.
Needs   figures, grammar, lexicon, tokens.  Used by quantities and mentions.
"""

from collections.abc import Callable, Iterable, Sequence

from csrbook.figures import Reading
from csrbook.datemarks import find_dates
from csrbook.grammar import entry_at
from csrbook.lexicon import Lexicon
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, LINE, SPACE, WORD, Token

__all__ = ["Blocked", "phone_end", "refuse", "set_aside"]

Blocked = dict[int, tuple[str, str, int]]  # first token index: (reason, rule, index after)
QUOTES = frozenset("\u00ab\u00bb\u201c\u201d\u201e\"'\u300c\u300d\u300a\u300b")
PHONE_DIGITS = range(9, 16)  # how many digits a telephone number has
PAGE_DIGITS = 3
LIST_ITEMS = 6
PHONE_SIGNS = frozenset("-()+")


def set_aside(tokens: Sequence[Token], lexicon: Lexicon, furniture: Iterable, printed: str) -> Blocked:
    """Return the stretches that hold no quantity: furniture, dates and clock times, lookalikes of the lexicon."""
    out: Blocked = {}
    passages = iter(sorted((p.start, p.end, p.reason) for p in furniture))
    passage = next(passages, None)
    if passage:
        for index, token in enumerate(tokens):
            while passage and token.start >= passage[1]:
                passage = next(passages, None)
            if not passage:
                break
            if token.start >= passage[0]:
                out[index] = ("furniture", passage[2], index + 1)
    for date in find_dates(tokens, lexicon):
        if date.first not in out:
            out[date.first] = ("clock" if date.gives == "clock" else "date", date.gives, date.last)
    trie = lexicon.trie("lookalike", place="itself")
    for index, token in enumerate(tokens):
        if token.text in trie.root and out.get(index, ("", "", 0))[0] != "furniture":
            found = trie.longest(tokens, index)
            if found and found[1] > out.get(index, ("", "", 0))[2] and _is_printed(found, tokens, index, printed):
                out[index] = (found[0].reason, found[0].where, found[1])
    return out


def _is_printed(found, tokens: Sequence[Token], at: int, printed: str) -> bool:
    """True unless capitals matter and differ: 5G is a name, 5g a weight."""
    entry, after = found
    return not entry.get("cased") or printed[tokens[at].start : tokens[after - 1].end] in entry.forms


def phone_end(tokens: Sequence[Token], at: int) -> int | None:
    """Return the index after a telephone number (+86 571 8502 2088, 400-800-1688) whose digits begin at `at`, or None."""
    index, digits, groups, joined = at, 0, 0, True
    while index < len(tokens) and index - at < 2 * max(PHONE_DIGITS):
        token = tokens[index]
        if index > at and token.gap > SPACE or not (token.kind == DIGITS or token.text in PHONE_SIGNS):
            break
        digits, groups = digits + len(token.text) * (token.kind == DIGITS), groups + (token.kind == DIGITS)
        joined = joined and (index == at or token.gap == JOINED)
        index += 1
    while index > at and tokens[index - 1].kind != DIGITS:
        index -= 1
    opened = at > 0 and tokens[at - 1].text == "+" and tokens[at].gap == JOINED
    hyphened = joined and groups > 2 and "-" in (t.text for t in tokens[at:index])
    return index if digits in PHONE_DIGITS and (opened or hyphened) else None


def refuse(tokens: Sequence[Token], reading: Reading, lexicon: Lexicon, has_unit: Callable[[int], bool]) -> str | None:
    """Return the reason why a number with no unit before it is no quantity, or None."""
    at, end = reading.start, reading.end
    if entry_at(tokens, end, lexicon, "ordinal", place="after") or _preceded(tokens, at, lexicon, "ordinal"):
        return "ordinal"
    if entry_at(tokens, end, lexicon, "lookalike", place="after") and not has_unit(end):
        return "name"
    if tokens[at].kind == DIGITS:
        reason = _part_of_name(tokens, reading, lexicon, has_unit) or _list_number(tokens, reading, lexicon, has_unit)
        if reason:
            return reason
    if _preceded(tokens, at, lexicon, "lookalike") and not has_unit(end):
        return "name"
    return None


def _preceded(tokens: Sequence[Token], at: int, lexicon: Lexicon, section: str) -> bool:
    """True after No., Scope, SDG and the like, and further on in their list: Scope 1 and 2."""
    trie = lexicon.trie(section, place="before", backward=True)
    for index in range(at - 1, max(-1, at - 2 * LIST_ITEMS), -2):
        if tokens[index + 1].gap > LINE:
            return False
        if trie.longest(tokens, index):
            return True
        if index < 1 or tokens[index - 1].kind != DIGITS or tokens[index].text not in (*lexicon.traits["list_marks"], *"+-/"):
            return False
    return False


def _part_of_name(tokens: Sequence[Token], reading: Reading, lexicon: Lexicon, has_unit: Callable[[int], bool]) -> str | None:
    """Digits grown to letters or to a code (Web3, 302-1, 1688.com, 007), or alone between quotation marks."""
    at, end = reading.start, reading.end
    first, before = tokens[at], tokens[at - 1] if at else None
    after = tokens[end] if end < len(tokens) else None
    if before is not None and first.gap == JOINED:
        if before.kind == WORD and (lexicon.traits["word_spacing"] or before.text.isascii()):
            return "name"
        if before.text in "-./@_#:" and at > 1 and before.gap == JOINED and tokens[at - 2].kind in (WORD, DIGITS):
            return "name"
    if after is not None and after.gap == JOINED and end == at + 1:
        if after.text in ".@_/" and end + 1 < len(tokens) and tokens[end + 1].gap == JOINED and tokens[end + 1].kind == WORD:
            return "name"
        if after.kind == WORD and not has_unit(end):
            return "name"
    if len(first.text) > 1 and first.text[0] == "0":
        return "phone" if len(first.text) > 4 else "name"
    quoted = before is not None and after is not None and before.text in QUOTES and after.text in QUOTES
    return "name" if quoted and end == at + 1 else None


def _list_number(tokens: Sequence[Token], reading: Reading, lexicon: Lexicon, has_unit: Callable[[int], bool]) -> str | None:
    """1. or 2) or (3) at the head of a line, a section number (2.3), a number set beside the text."""
    at, end = reading.start, reading.end
    after = tokens[end] if end < len(tokens) else None
    opens = at == 0 or tokens[at].gap >= LINE
    if end == at + 1:
        if opens and (after is None or after.gap >= LINE or _list_mark(tokens, end)):
            return "list_number"
        if len(tokens[at].text) == 1 and after is not None and after.gap == LINE and not has_unit(end):
            return "list_number"  # set beside the text, it ends up at the end of a line
        inside = at > 0 and tokens[at - 1].kind == WORD
        if inside and len(tokens[at].text) <= PAGE_DIGITS and after is not None and after.gap == BLANK and not has_unit(end):
            return "list_number"  # a page number between two lines
        bracketed = at and tokens[at - 1].text == "(" and after is not None and after.text == ")"
        if bracketed and (at == 1 or tokens[at - 1].gap >= LINE) and len(tokens[at].text) <= 2:
            return "list_number"
    elif end == at + 3 and tokens[at + 1].text == "." and len(tokens[at].text) < 3 and after is not None and not has_unit(end):
        if opens and after.kind in (WORD, HAN) and after.gap <= SPACE:
            return "list_number"
        closes = lexicon.trie("unit", place="after", backward=True)
        if tokens[at].gap == JOINED and after.kind == HAN and closes.longest(tokens, at - 1):
            return "list_number"  # a heading run on to the unit before: 3541万元2.3本项目
    return None


def _list_mark(tokens: Sequence[Token], at: int) -> bool:
    mark = tokens[at].text in ".)" and tokens[at].gap == JOINED
    return mark and (at + 1 >= len(tokens) or tokens[at + 1].gap > JOINED or tokens[at + 1].kind in (WORD, HAN))
