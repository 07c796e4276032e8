"""Find the counted noun where words are not parted, and modifiers stand before their head.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says. What the measure word tells narrows it: people, things, events, or the thing itself.
Never   reads a number, or names a language.
Needs   nouns, grammar, lexicon, tokens, rjieba by way of lemmas.  Used by phrases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from csrbook.grammar import qualifier_before
from csrbook.lemmas import tag_han
from csrbook.lexicon import Entry, Lexicon, Lexicons, Trie
from csrbook.nouns import MONEY_NOUN, PERSON, REACH_HAN, UNKNOWN, Counted, Nouns
from csrbook.tokens import DIGITS, HAN, JOINED, LINE, SIGN, WORD, Token

__all__ = ["Unspaced"]

REACH_QUOTED = 20  # signs of a name in quotation marks
REACH_SENTENCE = 40  # signs before a number in which a thing is still in mind
REACH_WORDS = 8  # signs before a number that are cut into words
SURE = 3  # signs of a noun that no cut between words overrules
ENDS = frozenset("pcdurmye")  # first letters of tags that no noun phrase goes on with
HEADS = frozenset(("vn", "an", "l", "i", "j", "q", "zg", "g", "k", "eng"))  # tags beside n- of what may be a head
ENDINGS = frozenset(("l", "i", "j", "q", "zg", "k"))  # of these, what may stand right before a number as what is counted
DEEDS, IDIOMS = frozenset(("v", "vn")), frozenset(("l", "i"))  # 40家|倡议 is what they do; 转危为安 is no noun
PLACES = frozenset(("ns", "nr", "nt", "nrt"))  # a name before a number tells who or where, not what
PEOPLE, THINGS, EVENTS, ITSELF = "people", "things", "events", "itself"  # what a measure word counts; else the units it may have
FULL = 18  # signs of a line that may be broken within a phrase
COLUMNS = frozenset("|(")  # what may part a label from the unit of its row
SUMS = frozenset(("donation", "loan", "grant", "bonus", "scholarship", "fund", "claim", "payment", "investment", "deposit"))
BRACKET = 5  # signs of a measure word in brackets, with them
COUNTS = frozenset((PEOPLE, THINGS, EVENTS, ITSELF, UNKNOWN))


class Unspaced(Nouns):
    """The order of Chinese."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons) -> None:
        super().__init__(tokens, lexicon, lexicons)
        self.results = lexicon.words("stop", part="result")
        self.places = lexicon.words("stop", part="place")
        self.measures = lexicon.trie("measure", backward=True)
        self.magnitudes = frozenset(lexicon.words_by("magnitude", "forms"))
        self.numbers = frozenset((*self.magnitudes, *lexicon.words_by("numeral", "forms"), *".,"))
        self.hedges = lexicon.trie("qualifier", place="after", backward=True)
        self.bridges, self.totals = lexicon.stops_before("bridge"), lexicon.stops_before("bridge", "total")

    def measure_at(self, at: int) -> tuple[Entry, int] | None:
        """A measure word of one sign that is but the first of a longer noun is none (300家庭), unless a noun follows it too.

        Nor is the first sign of a word that ends a phrase (300万|支持教育). Another may follow in brackets: 12台(套).
        """
        found = super().measure_at(at)
        if found and found[1] == at + 1:
            if (noun := self.trie.longest(self.tokens, at)) and noun[1] > found[1] and not self.trie.longest(self.tokens, found[1]):
                return None
            if "".join(token.text for token in self.tokens[at : at + 2]) in self.stops:
                return None
        bracket = found[1] if found else 0
        if found and bracket + 2 < len(self.tokens) and self.tokens[bracket].text == "(":
            second = super().measure_at(bracket + 1)
            if second and second[1] < len(self.tokens) and self.tokens[second[1]].text == ")":
                return found[0], second[1] + 1
        return found

    def _phrase(self, at: int) -> Counted | None:
        measure = self._measure(at)
        if not measure and self._is_sum(at):
            return None
        near = self._after_han(at, measure)
        owns = measure is not None and measure.get("counts", UNKNOWN) not in COUNTS
        if near and owns and near.unit in self.people and near.unit not in measure.counts.split():
            return replace(near, unit=measure.unit)  # 12万户居民 are households
        if near and near.rule != UNKNOWN and near.unit != MONEY_NOUN:
            return near
        near = self._after_modifier(at) or near
        bare = near and near.rule == UNKNOWN and not measure and at and self.tokens[at - 1].kind == DIGITS
        return None if bare else near  # digits without a measure word count what is known, or are part of a name

    def _is_sum(self, at: int) -> bool:
        """True after a magnitude with no measure word where a word for money stands before the number: 投资300万|修建道路."""
        tokens, first = self.tokens, at
        if not at or tokens[at - 1].text not in self.magnitudes:
            return False
        while first and (tokens[first - 1].text in self.numbers or tokens[first - 1].kind == DIGITS):
            first -= 1
        known = self.right_before(self._past_bridges(first, self.bridges))
        if not known or known.unit not in SUMS:
            return known is not None and known.unit == MONEY_NOUN
        word, _, tag = _Words(tokens, at, self._end_han(at)).at.get(at, ("", at, ""))
        return tag == "v" and len(word) > 1 and not self.trie.longest(tokens, at)  # 捐款300万|支持教育, but 捐赠300万|口罩

    def _measure(self, at: int) -> Entry | None:
        """The measure word that ends at `at`, or before a bracket or hedge there (50只|以上); None where there is none."""
        if at > 3 and self.tokens[at - 1].text == ")":
            opens = next((i for i in range(at - 2, at - BRACKET, -1) if self.tokens[i].text == "("), at)
            at = opens if self.measures.longest(self.tokens, at - 2) else at
        found = self.measures.longest(self.tokens, at - 1)
        hedge = None if found else self.hedges.longest(self.tokens, at - 1)
        return self._measure(hedge[1]) if hedge else found[0] if found else None

    def _fits(self, unit: str, counts: str) -> bool:
        """True unless the measure word speaks of things and the noun of people."""
        return counts not in (THINGS, EVENTS) or unit not in self.people

    # -- after the number --------------------------------------------------------------------------------------------

    def _after_han(self, at: int, measure: Entry | None) -> Counted | None:
        """Modifiers, then the head; a word that is neither noun nor modifier ends the phrase."""
        end, counts = self._end_han(at), measure.get("counts", "") if measure else ""
        if end == at:
            return None
        if quoted := self._quoted(at):
            return quoted
        found = self.trie.longest(self.tokens, at)
        if counts == ITSELF:
            fits = found and found[1] <= end and found[0].unit in self.people and measure.unit in self.people
            return Counted(found[0].unit, found[1], "counted noun") if fits else None
        if found and self._stands_alone(found, at, end, counts):
            return Counted(found[0].unit, found[1], "counted noun")
        return self._head(at, end, measure)

    def _stands_alone(self, found: tuple[Entry, int], at: int, end: int, counts: str) -> bool:
        """True where no words need to be told apart: the phrase ends with a noun that the measure word can count."""
        entry, after = found
        if after >= end:
            return after == end and (after - at > 1 and counts != EVENTS or self._fits(entry.unit, counts))  # 300家|客户
        follows = self.tokens[after].text
        sure = follows not in self.trie.root and (follows in self.stops or after - at >= SURE)
        return sure and entry.get("weak") is None and self._agrees(found, counts)

    def _head(self, at: int, end: int, measure: Entry | None) -> Counted | None:
        """The last known noun of the phrase at `at`, else its last word, as it stands."""
        tokens, words, deeds = self.tokens, _Words(self.tokens, at, end), measure is None or not measure.get("unit")
        counts = measure.get("counts", "") if measure else ""
        index, best, direct, last, other, led, before = at, None, False, None, None, False, None
        while index < end:
            found = self.trie.longest(tokens, index)
            word, after, tag = words.at.get(index, ("", index + 1, "n"))
            if best and counts == PEOPLE and found and self._agrees(best, counts) and not self._agrees(found, counts):
                break  # 4900名学童|热食
            named = deeds or tag not in DEEDS or not found or after < found[1] or found[0].unit in self.people  # 选手 is no deed
            if found and self._is_head(found, index, best, words, end) and named:
                if self._fits(found[0].unit, counts):
                    direct = index == at or (best is not None and direct)
                    best, index = found, found[1]
                else:
                    other, index = found, found[1]  # people before things are their makers or users: 60项义工活动
                continue
            if best and (best[0].get("weak") is None and self._agrees(best, counts) or tokens[index].kind == SIGN):
                break
            if tag == "v" and last and after - index == 1 and (after >= end or tokens[after].text in self.stops):
                last = last[0], after  # 粮食|包: a lone sign at the end belongs to the word before
                break
            if word in self.modifiers or tag == "eng" or index == at and tag == "m" and len(word) > 1:
                index = max(after, index + 1)  # 二手|冰柜, N95|口罩
                continue
            if word in self.stops or tag[:1] in ENDS or (tag == "v" and (best or (last and counts != PEOPLE) or word[-1] in self.results)):
                break
            if tag == "v" and counts == PEOPLE and not led:
                led, before = True, last  # 脊柱|侧弯|儿童: what a verb leads to must be people
            deeds = deeds and tag != "v"
            index, last = max(after, index + 1), (index, after) if self._is_name(word, tag, deeds) else None
        if led and not (best and self._agrees(best, counts)):
            best, last = None, before
        if best and (last is None or self._agrees(best, counts)):
            return Counted(best[0].unit, best[1], "counted noun", None, direct)
        if last:
            return self._as_it_stands(at, last, counts)
        return Counted(other[0].unit, other[1], "counted noun", None, False) if other else None

    def _is_head(self, found: tuple[Entry, int], index: int, best: tuple[Entry, int] | None, words: "_Words", end: int) -> bool:
        """True for a noun of the lexicon that is a whole word, and no verb after a noun."""
        (entry, after), tag = found, words.at.get(index, ("", 0, ""))[2]
        if tag == "v" and after - index == 1:
            return False  # 站出来
        cut = words.cuts(index, after) and not self._is_place(after, end, words)
        return after <= end and not cut and not (best and (tag == "v" or entry.unit == MONEY_NOUN))

    def _agrees(self, found: tuple[Entry, int], counts: str) -> bool:
        """True for people where the measure word counts people, and for anything else where it does not."""
        return found[0].unit in self.people if counts == PEOPLE else self._fits(found[0].unit, counts)

    def _is_place(self, at: int, end: int, words: "_Words") -> bool:
        """True for what makes a place of a noun, at the end of its phrase: 12个村|中, but not 30家国|内企业."""
        ends = at + 1 >= end or self.tokens[at + 1].text in self.stops or words.at.get(at + 1, ("", 0, ""))[2] == "v"
        return at < end and ends and self.tokens[at].text in self.places

    @staticmethod
    def _is_name(word: str, tag: str, deeds: bool) -> bool:
        """True for what may be a head; a deed only where the measure word and what stands before leave room for one."""
        return tag[:1] == "n" or tag in HEADS and (deeds or tag not in DEEDS) and not (tag in IDIOMS and len(word) > 3)

    def _as_it_stands(self, at: int, last: tuple[int, int], counts: str) -> Counted | None:
        """An unknown word: by the known noun that it ends with (救援车 is a vehicle), else as it is printed."""
        first, end = last
        if end - first == 1 and self.tokens[first].kind == HAN:
            first = max(at, first - 2)  # 充电|桩: a lone sign belongs to the word before
        for start in range(at, end):
            for entries, stop in self.trie.all(self.tokens, start):
                ends = stop == end and (stop - start > 1 or end - first > 2)
                if ends and entries[0].unit != MONEY_NOUN and self._agrees((entries[0], stop), counts):
                    return Counted(entries[0].unit, end, "counted noun", None, start == at)
        word = "".join(token.text for token in self.tokens[first:end])
        unit, rule = (PERSON, "measure word of people") if counts == PEOPLE else (word, UNKNOWN)
        return Counted(unit, end, rule, None, first == at) if len(word) > 1 else None

    # -- before the number -------------------------------------------------------------------------------------------

    def before(self, at: int, last: int = 0) -> Counted | None:
        """The noun before a number whose measure word, if any, ends at `last`; what the measure word tells comes first."""
        measure = self._measure(last) if last > at else None
        counts = measure.get("counts", "") if measure else ""
        if counts == ITSELF:
            return None
        owns = counts not in COUNTS and counts != ""
        bridges = (self.bridges,) if measure and measure.get("unit") and counts != PEOPLE else (self.bridges, self.totals)
        for kept in bridges:
            at = self._past_bridges(at, kept)
            known = self.right_before(at) or self._before_itself(at)
            if known and owns and not self._may_count(known.unit, measure):
                known = self.right_before(known.end)  # 供应商|审核|596家次
            if known and not measure and known.unit in SUMS and self.tokens[last - 1].text in self.magnitudes:
                return replace(known, unit=MONEY_NOUN)  # 捐款|800万
            if known and self._may_count(known.unit, measure):
                return known
        if not measure:
            found = super().before(at) if at and self.tokens[at - 1].text == ")" else None
            return found if found and found.unit == MONEY_NOUN else None
        if measure.get("unit"):
            return None
        word = self._word_before(at, counts)
        if word or counts == EVENTS:
            return word
        found = super().before(at)
        near = found and not any(token.text == "," for token in self.tokens[found.end : at])
        if near and found.unit != MONEY_NOUN and self._fits(found.unit, counts):
            return found
        return self._in_sentence(at) if counts == THINGS else None

    def _in_sentence(self, at: int) -> Counted | None:
        """停用塑料搅拌棒,一年少用|740万根: a thing said before in the sentence, for a measure word that tells nothing."""
        tokens, ends = self.tokens, self.traits["sentence_end"]
        for index in range(at - 2, max(-1, at - REACH_SENTENCE), -1):
            if tokens[index].text in ends or tokens[index + 1].gap > LINE:
                return None
            found = self.trie.longest(tokens, index) if tokens[index].text in self.trie.root else None
            if found and found[1] - index > 1 and found[1] <= at and found[0].unit not in self.people and found[0].unit != MONEY_NOUN:
                longer = (self.trie.longest(tokens, first) for first in range(max(0, index - 4), index))
                whole = next((noun for noun in longer if noun and noun[1] >= found[1]), found)
                return Counted(whole[0].unit, index, "noun said before")
        return None

    def runs_on(self, at: int, end: int) -> bool:
        """True for the hedge 许 of 300个许可证."""
        found = self.trie.longest(self.tokens, at)
        return found is not None and found[1] > end

    def column(self, at: int, index: int) -> Counted | None:
        """新增专利|件|87: a measure word in a column (or in brackets) of its own, what it counts in the label before it."""
        found = super().measure_at(index)
        if not found:
            return None
        (measure, end), known = found, None
        while at and self.tokens[at - 1].text in COLUMNS:
            at -= 1
        for kept in (self.bridges, self.totals):
            label = self._past_bridges(at, kept)
            known = known or self.right_before(label) or self._before_itself(label)
        itself = measure.get("counts") == ITSELF
        if not known or (known.unit not in self.people if itself else not self._fits(known.unit, measure.get("counts", ""))):
            known = None if itself else self.before(at, end)
        unit = known.unit if known and known.unit != MONEY_NOUN else measure.get("unit")
        return unit and Counted(unit, end, "counted noun")

    def _before_itself(self, at: int) -> Counted | None:
        """参与人次达12.3万, 志愿者人数达3000名: a measure word that says it all stands as a noun, after a nearer or alone."""
        found = self.measures.longest(self.tokens, at - 1)
        if not found or found[0].get("counts") != ITSELF or found[1] > at - 2:
            return None  # 打包|300份
        whose = self.right_before(found[1])
        return whose if whose and whose.unit in self.people else Counted(found[0].unit, found[1], "counted noun before")

    def _may_count(self, unit: str, measure: Entry | None) -> bool:
        if measure and measure.get("unit"):
            counts = measure.get("counts", "")
            return unit in self.people if counts == PEOPLE else counts == THINGS and unit != MONEY_NOUN or unit in counts.split()
        return self._fits(unit, measure.get("counts", "") if measure else "") and not (measure and unit == MONEY_NOUN)

    def _past_bridges(self, at: int, bridges: Trie) -> int:
        """Index before the hedges and fillers in front of a number: 口罩|共计超过|60万只."""
        while at > 0 and self.tokens[at].gap < LINE:
            if self.tokens[at - 1].text in self.traits["inside_noun"]:
                at -= 1  # “星光小屋”56间
                continue
            hedge = qualifier_before(self.tokens, at, self.lexicon, bridged=False)
            bridge = None if hedge else bridges.longest(self.tokens, at - 1)
            if not (hedge or bridge):
                break
            at = (hedge or bridge)[1]
        return at

    def _word_before(self, at: int, counts: str) -> Counted | None:
        """The unknown noun that ends where token `at` begins, as it stands: 排查隐患|9400余项."""
        tokens, first = self.tokens, at
        if at and tokens[at - 1].kind == WORD and tokens[at].gap < LINE:
            known = self.trie.longest(tokens, at - 1)  # AED 80台
            return Counted(known[0].unit, at - 1, "counted noun before") if known else Counted(tokens[at - 1].text, at - 1, UNKNOWN)
        while first > max(0, at - REACH_WORDS) and tokens[first - 1].kind == HAN and tokens[first].gap < LINE:
            first -= 1
        if first == at or tokens[at].gap >= LINE:
            return None
        words = sorted(_Words(tokens, first, at).at.items())
        start, (word, _, tag) = words[-1] if words else (0, ("", 0, ""))
        object_of = len(words) > 1 and words[-2][1][2] == "v"  # 举办|特展
        noun = tag[:1] == "n" and tag not in PLACES or tag in ENDINGS or (tag == "vn" and (counts == EVENTS or object_of))
        noun = noun and not (len(word) == 1 and word in self.measures.root)
        short = self.trie.longest(tokens, at - 1) if counts != PEOPLE else None
        if short and (len(word) == 1 or len(word) == 2 and tag in (*DEEDS, "nr")) and self._fits(short[0].unit, counts):
            return Counted(short[0].unit, at - 1, "counted noun before")  # 养羊|8000只, 手机课|1.5万场
        return self._as_it_stands(first, (start, at), counts) if noun and word not in self.stops else None

    # -- parts -------------------------------------------------------------------------------------------------------

    def _quoted(self, at: int) -> Counted | None:
        """A name in quotation marks has its head at its end: 1000个“菜鸟县域快递共配中心”."""
        tokens = self.tokens
        if tokens[at].text not in self.traits["inside_noun"]:
            return None
        marks = (i for i in range(at + 1, min(len(tokens), at + REACH_QUOTED)) if tokens[i].text in self.traits["inside_noun"])
        close = next(marks, at)
        for first in range(at + 1, close):
            if (found := self.trie.longest(tokens, first)) and found[1] == close:
                return Counted(found[0].unit, close, "counted noun", None, False)
        return None

    def _after_modifier(self, at: int) -> Counted | None:
        """10个产值过百亿的产业集群: a clause stands between the number and its noun, and a mark ends it."""
        tokens, mark, measure = self.tokens, self.traits["modifier_mark"], self._measure(at)
        people = measure is not None and measure.get("counts") == PEOPLE  # 5000名以上的新农人, but not 过百亿的集群
        for index in range(at, min(len(tokens) - 1, at + REACH_HAN)):
            if tokens[index].gap >= LINE or (tokens[index].kind == SIGN and tokens[index].text not in self.traits["inside_noun"]):
                return None
            if tokens[index].text == mark and (index > at or people):
                found = self._after_han(index + 1, measure)
                return found and replace(found, direct=False)
        return None

    def _end_han(self, at: int) -> int:
        end = at
        while end < len(self.tokens) and end - at < REACH_HAN:
            token = self.tokens[end]
            broken = token.gap >= LINE and not (end > at and self._wraps(end))
            if broken or token.kind == DIGITS and not self._is_code(end):
                break
            if token.kind == SIGN and token.text not in self.traits["inside_noun"]:
                break
            end += 1
        return end

    def _wraps(self, at: int) -> bool:
        """True where token `at` goes on with the phrase of a full line: 三部流动⏎银行车."""
        tokens = self.tokens
        row = range(at - 1, max(0, at - FULL) - 1, -1)
        full = len(row) == FULL and all(tokens[i].gap < LINE for i in row)
        return full and tokens[at].gap == LINE and tokens[at].kind == tokens[at - 1].kind == HAN

    def _is_code(self, at: int) -> bool:
        """True for digits that letters are joined to: N95口罩, 5G基站."""
        tokens = self.tokens
        grown = tokens[at - 1].kind == WORD and tokens[at].gap == JOINED
        follows = at + 1 < len(tokens) and tokens[at + 1].kind == WORD and tokens[at + 1].gap == JOINED
        return (grown or follows) and len(tokens[at].text) < FULL // 5


class _Words:
    """The words of a stretch of Chinese by the index of their first token: (word, index after, part of speech)."""

    def __init__(self, tokens: Sequence[Token], at: int, end: int) -> None:
        starts, position = dict(self._starts(tokens, at, end)), 0
        self.at: dict[int, tuple[str, int, str]] = {}
        for word, tag in tag_han("".join(token.text for token in tokens[at:end])):
            first, position = starts.get(position), position + len(word)
            if first is not None:
                self.at[first] = (word, starts.get(position, end), tag)

    @staticmethod
    def _starts(tokens: Sequence[Token], at: int, end: int) -> Iterator[tuple[int, int]]:
        position = 0
        for index in range(at, end):
            yield position, index
            position += len(tokens[index].text)

    def cuts(self, start: int, end: int) -> bool:
        """Return whether a form ends inside a word: 国家 in 国家级; a longer form is surer than how the words were parted."""
        return end - start < SURE and any(first < end < after for first, (_, after, _) in self.at.items())
