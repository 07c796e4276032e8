"""Tell why a number is no quantity: a date, a name with digits, an ordinal, a list number, a phone number.

In      the tokens of a document, its furniture, a Lexicon; then one Reading.
Out     reasons: date clock ordinal list_number name phone furniture word other (see the ledger in mentions).
Never   reads a value, or drops a number: what is refused here becomes a row of the ledger.
Needs   datemarks, figures, grammar, han_words, lexicon, nouns, tokens.  Used by quantities and mentions.
"""

from collections.abc import Callable, Iterable, Sequence

from csrbook.datemarks import find_dates
from csrbook.figures import GROUP, Reading
from csrbook.grammar import entry_at, qualifier_after, qualifier_before
from csrbook.han_words import HanWords
from csrbook.lexicon import Lexicon
from csrbook.nouns import Nouns
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, LINE, SIGN, SPACE, Token, Tokens, WORD

__all__ = ["Blocked", "is_idle", "is_named", "is_titled", "phone_end", "refuse", "set_aside"]

Blocked = dict[int, tuple[str, str, int]]  # first token index: (reason, rule, index after)
QUOTES = frozenset("\u00ab\u00bb\u201c\u201d\u201e\"'\u300c\u300d\u300a\u300b")
OPENS, CLOSES, TITLE = "\u00ab", "\u00bb", 6  # marks of a title in print, and how many tokens it may have after its number
PHONE_DIGITS = range(9, 16)  # how many digits a telephone number has
AREA = 3  # digits of the code of a country or area in brackets
PAGE_DIGITS = 3
ROW = 5  # tokens; a number at the end of a shorter line is the value of a row, of a longer one the number of the page
OLD_YEARS = range(1000, 1900)  # later ones are dates by themselves
AGE = 120
YEARS = 10000  # a name has a number of at most four digits
LIST_ITEMS = 6
STATE, POSTCODE, STREET = 2, 5, 4  # letters of a state, digits of a postal code, words of the name of a street
PHONE_SIGNS = frozenset("-()+")
RUN = 12  # signs on either side that are parted into words
TOPICS, ADVERBS = ("n", "r"), frozenset("ad")  # parts of speech: what a sentence is about; what may stand before its verb


def set_aside(tokens: Tokens, lexicon: Lexicon, furniture: Iterable, printed: str) -> Blocked:
    """Return the stretches that hold no quantity: furniture (by start), dates and clock times, lookalikes of the lexicon."""
    out: Blocked = {}
    for passage in furniture:
        for index in range(tokens.at(passage.start - tokens.offset), tokens.at(passage.end - tokens.offset)):
            out.setdefault(index, ("furniture", passage.reason, index + 1))
    for date in find_dates(tokens, lexicon, printed):
        if date.first not in out and not (date.gives == "day" and _is_span(tokens, date.first, date.last, lexicon)):
            out[date.first] = ("clock" if date.gives == "clock" else "date", date.gives, date.last)
    trie, texts = lexicon.trie("lookalike", place="itself"), (*tokens.texts, None)
    for index in tokens.where(trie.root.__contains__):
        node = trie.root[texts[index]]
        if "" not in node and texts[index + 1] not in node:
            continue
        if out.get(index, ("", "", 0))[0] != "furniture":
            found = trie.longest(tokens, index)
            ends = found and found[1] > out.get(index, ("", "", 0))[2]
            whole = ends and not _is_article(found, tokens, index, lexicon) and not _is_parts(tokens, index, found[1], lexicon)
            if whole and _is_printed(found, tokens, index, printed):
                out[index] = (found[0].reason, found[0].where, found[1])
    return out


def _is_span(tokens: Sequence[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """True for a day alone that a hedge or a longer unit makes a number of days, where words are not parted: 近15日, 15日内."""
    if lexicon.traits["word_spacing"] or end != at + 2:
        return False
    longer = entry_at(tokens, at + 1, lexicon, "unit", place="after")
    before, after = qualifier_before(tokens, at, lexicon, bridged=False), qualifier_after(tokens, end, lexicon)
    opened = before is not None and not before[0].get("opens") and before[0].qualifier != "about"
    level = entry_at(tokens, end, lexicon, "qualifier", place="before")  # 由60日缩短至14日
    opened = opened or level is not None and level[0].qualifier == "exact" and not level[0].get("opens")
    return opened or longer is not None and longer[1] > end or after is not None and after[0].qualifier == "upto"


def _is_parts(tokens: Sequence[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """True for 十分 and 之一 in 十分之一, which the mark of parts makes a fraction."""
    mark = lexicon.traits["parts_of"]
    around = "".join(token.text for token in tokens[max(0, at - 1) : end + 1]) if mark else ""
    return bool(mark) and (around.startswith(mark) or around.endswith(mark))


def _is_printed(found, tokens: Sequence[Token], at: int, printed: str) -> bool:
    """True unless capitals matter and differ: 5G is a name, 5g a weight."""
    entry, after = found
    return not entry.get("cased") or printed[tokens[at].start : tokens[after - 1].end] in entry.forms


def _is_article(found, tokens: Tokens, at: int, lexicon: Lexicon) -> bool:
    """True for the article and number of "a 4-km walk", which are no A4."""
    entry, after = found
    if tokens[at].text not in lexicon.traits["article"] or after < at + 2 or tokens[at + 1].gap == JOINED:
        return False
    text = tokens.folded[tokens[at].start - tokens.offset : tokens[after - 1].end - tokens.offset]
    return " ".join(text.split()) not in entry.forms


def phone_end(tokens: Sequence[Token], at: int) -> int | None:
    """Return the index after a telephone number (+86 571 8502 2088, 400-800-1688) whose digits begin at `at`, or None."""
    if len(tokens[at].text) < min(PHONE_DIGITS) and (at + 1 >= len(tokens) or not _goes_on(tokens[at + 1])):
        return None
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
    opened = opened or tokens[at].text[0] == "0" and len(tokens[at].text) > 2 and groups > 1  # 0345 600 1122
    head = 0 < at < len(tokens) - 2 and tokens[at - 1].text == "(" and tokens[at + 1].text == ")" and len(tokens[at].text) == AREA
    opened = opened or head and groups > 1 and len(tokens[at + 2].text) >= AREA  # (852) 2555 0188
    hyphens = sum(t.text == "-" and t.gap == JOINED for t in tokens[at:index])
    hyphened = groups > 2 and (joined and hyphens > 0 or groups > 3 and hyphens > 1)  # 8 800 200-00-00
    return index if digits in PHONE_DIGITS and (opened or hyphened) else None


def _goes_on(token: Token) -> bool:
    return token.kind == DIGITS or token.text in PHONE_SIGNS


def refuse(tokens: Sequence[Token], reading: Reading, lexicon: Lexicon, has_unit: Callable[[int], bool]) -> str | None:
    """Return the reason why a number with no unit before it is no quantity, or None."""
    at, end = reading.start, reading.end
    after = entry_at(tokens, end, lexicon, "ordinal", place="after")
    if after and after[0].get("needs"):
        year = tokens[at].kind == DIGITS and end == at + 1 and len(tokens[at].text) == 4 and reading.value in OLD_YEARS
        if year and at and tokens[at - 1].text in lexicon.words("stop", part=after[0].needs) and not _lasts(tokens, after[1], lexicon):
            return "date"
    elif after and not reading.scaled and not _runs_on(tokens, end, after[1], lexicon):
        return "ordinal"
    if _preceded(tokens, at, lexicon, "ordinal") and (not has_unit(end) or _preceded(tokens, at, lexicon, "ordinal", listed=False)):
        return "ordinal"  # in school No. 3, 5 million roubles are a sum
    alike = entry_at(tokens, end, lexicon, "lookalike", place="after")
    if alike and (alike[1] > end + 1 or not has_unit(end)):
        return "name"
    if tokens[at].kind == DIGITS:
        reason = _part_of_name(tokens, reading, lexicon, has_unit) or _list_number(tokens, reading, lexicon, has_unit)
        if reason:
            return reason
    if _preceded(tokens, at, lexicon, "lookalike") and not has_unit(end) and not _is_counted(tokens, reading, lexicon):
        return "name"
    return None


def _lasts(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """True before what years are told of, 在1200年(的)历史; in 在1887年的大火 it is a year."""
    at += bool(lexicon.traits["modifier_mark"]) and [token.text for token in tokens[at : at + 1]] == [lexicon.traits["modifier_mark"]]
    return any(entry.part == "lasting" for entries, _ in lexicon.trie("stop").all(tokens, at) for entry in entries)


def is_idle(tokens: Sequence[Token], told, lexicon: Lexicon) -> bool:
    """True for 一年 in 项目一年减排5000吨, where words are not parted: a verb with a number after it, a clause or a noun before it."""
    at, end = first, last = told.first, told.last
    if lexicon.traits["word_spacing"] or told.value != 1 or qualifier_before(tokens, at, lexicon, bridged=False):
        return False
    while first > max(0, at - RUN) and tokens[first].gap == JOINED and tokens[first - 1].kind == HAN:
        first -= 1
    while last < min(len(tokens), end + RUN) and tokens[last].gap == JOINED and tokens[last].kind == HAN:
        last += 1
    before, after = sorted(HanWords(tokens, first, at).at.items()), sorted(HanWords(tokens, end, last).at.items())
    opens = not before or before[-1][1][2].startswith(TOPICS)
    tags = [tag for _, (_, _, tag) in after if tag not in ADVERBS] + ["m"] * (last < len(tokens) and tokens[last].kind == DIGITS)
    return opens and "m" in tags and (tags[0] == "v" or tags[:2] == ["vn", "m"])


def _is_counted(tokens: Sequence[Token], reading: Reading, lexicon: Lexicon) -> bool:
    """True for 诈骗电话1.3亿次 and 救援航班86架次, where words are not parted: a magnitude, or a measure word after a word of two signs."""
    if lexicon.traits["word_spacing"] or reading.scaled:
        return not lexicon.traits["word_spacing"]
    named = lexicon.trie("lookalike", place="before", backward=True).longest(tokens, reading.start - 1)
    return bool(named) and named[1] < reading.start - 1 and entry_at(tokens, reading.end, lexicon, "measure") is not None


def _runs_on(tokens: Sequence[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """True for 版权 and 线上课程 after a number, where words are not parted: a noun that begins as an ordinal ends."""
    noun = None if lexicon.traits["word_spacing"] else entry_at(tokens, at, lexicon, "noun")
    return noun is not None and noun[1] > end


def is_named(tokens: Sequence[Token], reading: Reading, printed: str, nouns: Nouns) -> bool:
    """True for a small number that counts nothing after a name (Class 10, Mobile 2.0), or between commas, as an age is."""
    at, end = reading.start, reading.end
    if reading.words or reading.scaled or "grouped" in reading.rule or at < 2:
        return False
    before = tokens[at - 1]
    if before.text == "," and end < len(tokens) and tokens[end].text == "," and reading.value < AGE and reading.step == 1:
        return printed[tokens[at - 2].start : tokens[at - 2].end].istitle()
    name = printed[before.start : before.end]
    if not nouns.traits["word_spacing"] and before.kind == WORD and tokens[at].gap <= SPACE and reading.step < 1:
        return True  # TOPCon 3.0
    if _is_address(tokens, reading, printed, nouns):
        return True
    inside = before.gap <= SPACE and tokens[at - 2].kind == WORD  # a capital that no sentence or line begins with
    named = before.kind == WORD and tokens[at].gap <= SPACE and len(name) > 1 and name.istitle() and reading.value < YEARS
    part = end < len(tokens) and tokens[end].text in nouns.traits["of"]  # in Tula 32 of the 45 donors
    return inside and named and not part and before.text not in nouns.stops and not nouns.may_count(at - 1)


def is_titled(tokens: Sequence[Token], reading: Reading, printed: str, lexicon: Lexicon) -> bool:
    """True for the number of a title, every word of it with a capital, before a word for what bears it: the 100 Million Trees campaign."""
    titled, index = lexicon.words("stop", part="titled"), reading.end
    if not titled or reading.words or any(not printed[t.start].isupper() for t in tokens[reading.start : index] if t.kind == WORD):
        return False
    while index < len(tokens) and index - reading.end < TITLE and tokens[index].kind == WORD and tokens[index].gap <= LINE:
        if index > reading.end and tokens[index].text in titled:
            return True
        if not printed[tokens[index].start].isupper() or tokens[index].text in lexicon.words("stop", part="noun"):
            return False
        index += 1
    return False


def _is_address(tokens: Sequence[Token], reading: Reading, printed: str, nouns: Nouns) -> bool:
    """True for the number of a house, 14 Harbour Street, and a postal code after two capitals: Fort Wayne, IN 46802."""
    at, end = reading.start, reading.end
    state = printed[tokens[at - 1].start : tokens[at - 1].end]
    if state.isupper() and len(state) == STATE and tokens[at - 2].text == "," and len(tokens[at].text) == POSTCODE:
        return True
    streets = nouns.lexicon.words("stop", part="street")
    for index in range(end, min(len(tokens), end + STREET)):
        if tokens[index].kind != WORD or tokens[index].gap > LINE or not printed[tokens[index].start].isupper():
            return False
        if index > end and tokens[index].text in streets:
            return True
    return False


def _preceded(tokens: Sequence[Token], at: int, lexicon: Lexicon, section: str, *, listed: bool = True) -> bool:
    """True after No., Scope, SDG and the like, and further on in their list: Scope 1 and 2."""
    trie = lexicon.trie(section, place="before", backward=True)
    between = lexicon.trie("range", place="between").root
    marks = lexicon.once(("marks of lists",), lambda: frozenset((*lexicon.traits["list_marks"], *"+/", *between)))
    for index in range(at - 1, max(-1, at - 2 * LIST_ITEMS), -2):
        wide = tokens[index + 1].start - tokens[index].end > 1 and tokens[index + 1].gap == SPACE
        if tokens[index + 1].gap > LINE or wide and section == "ordinal":
            return False  # a column of its own that says what is told there: "Staff   No.   1,160"
        if trie.longest(tokens, index):
            return True
        if not listed or index < 1 or tokens[index - 1].kind != DIGITS or tokens[index].text not in marks:
            return False
        if tokens[index].text == "," and len(tokens[index + 1].text) > len(tokens[index - 1].text) + 1:
            return False  # in phase 2, 300 wells
    return False


def _part_of_name(tokens: Sequence[Token], reading: Reading, lexicon: Lexicon, has_unit: Callable[[int], bool]) -> str | None:
    """Digits grown to letters or to a code (Web3, 302-1, 1688.com, 007), or alone between quotation marks."""
    at, end = reading.start, reading.end
    first, before = tokens[at], tokens[at - 1] if at else None
    after = tokens[end] if end < len(tokens) else None
    if before is not None and first.gap == JOINED:
        if before.kind == WORD and (lexicon.traits["word_spacing"] or before.text.isascii()):
            return "name"
        grown = before.text in "-./@_#:^\u00b7" and at > 1 and before.gap == JOINED and tokens[at - 2].kind in (WORD, DIGITS)
        told = before.text == ":" and len(tokens[at - 2].text) == len("2021") and has_unit(end)  # (2021:9.5%)
        told = told or before.text == ":" and tokens[at - 2].kind == WORD and lexicon.traits["word_spacing"]  # Volunteers:350
        if grown and not told and not qualifier_before(tokens, at, lexicon, bridged=False):  # c.60
            return "name"
    if after is not None and after.gap == JOINED and end == at + 1:
        if after.text == "\u00b7" and tokens[end + 1 : end + 2] and tokens[end + 1].kind == DIGITS:
            return "name"  # a day as a name: 5\u00b712
        if after.text in ".@_/" and end + 1 < len(tokens) and tokens[end + 1].gap == JOINED and tokens[end + 1].kind == WORD:
            return "name"
        if after.kind == WORD and not has_unit(end):
            return "name"
        if after.text == ":" and end + 1 < len(tokens) and tokens[end + 1].gap == JOINED and tokens[end + 1].kind == DIGITS:
            return "name"  # a score, a ratio: 3:2
    if len(first.text) > 1 and first.text[0] == "0":
        return "phone" if len(first.text) > 4 else "name"
    if before is not None and before.text == OPENS and first.gap == JOINED:
        inside = range(end, min(len(tokens), end + TITLE))
        if any(tokens[i].text == CLOSES for i in inside):
            return "name"  # the title of a programme: 5 steps
    if before is not None and before.kind == HAN and first.gap == JOINED and end == at + 3 and tokens[end - 1].text == "0":
        counted = has_unit(end) or entry_at(tokens, end, lexicon, "measure") or qualifier_before(tokens, at, lexicon)
        if len(first.text) == 1 and not counted and not reading.scaled:
            return "name"  # a plan in its second version: 2.0
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
        cell = at > 0 and tokens[at - 1].text == "|"
        if len(tokens[at].text) == 1 and after is not None and after.gap == LINE and not cell and not has_unit(end):
            return "list_number"  # set beside the text, it ends up at the end of a line
        inside = at >= ROW and tokens[at - 1].kind == WORD and all(token.gap < LINE for token in tokens[at - ROW + 1 : at + 1])
        if inside and len(tokens[at].text) <= PAGE_DIGITS and after is not None and after.gap == BLANK and not has_unit(end):
            return "list_number"  # a page number between two lines
        bracketed = at and tokens[at - 1].text == "(" and after is not None and after.text == ")"
        behind = at > 1 and tokens[at - 2].kind == SIGN and not lexicon.traits["word_spacing"]
        opened = bracketed and (at == 1 or tokens[at - 1].gap >= LINE or behind)
        if opened and len(tokens[at].text) <= 2:
            return "list_number"
    elif end == at + 3 and _is_section(tokens, at) and after is not None and not has_unit(end):
        if opens and after.kind in (WORD, HAN) and after.gap <= SPACE:
            return "list_number"
        closes = lexicon.trie("unit", place="after", backward=True)
        if tokens[at].gap == JOINED and after.kind == HAN and closes.longest(tokens, at - 1):
            return "list_number"  # a heading run on to the unit before: 3541万元2.3本项目
    return None


def _is_section(tokens: Sequence[Token], at: int) -> bool:
    """True for 2.3 and 12.11, which may number a section; three digits after the mark are a group of thousands."""
    return tokens[at + 1].text == "." and len(tokens[at].text) < GROUP and len(tokens[at + 2].text) < GROUP


def _list_mark(tokens: Sequence[Token], at: int) -> bool:
    mark = tokens[at].text in ".)" and tokens[at].gap == JOINED
    return mark and (at + 1 >= len(tokens) or tokens[at + 1].gap > JOINED or tokens[at + 1].kind in (WORD, HAN))
