"""Find the counted noun where words are not parted, and modifiers stand before their head.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says. What the measure word tells narrows it: people, things, events, or the thing itself.
Never   reads a number, or names a language.
Needs   han_words, lexicon, nouns, tokens, unspaced_before.  Used by phrases.
"""

from dataclasses import replace

from csrbook.han_words import DEEDS, SURE, HanWords
from csrbook.lexicon import Entry
from csrbook.nouns import MONEY_NOUN, REACH_HAN, UNKNOWN, Counted
from csrbook.tokens import DIGITS, HAN, JOINED, LINE, SIGN, WORD
from csrbook.unspaced_before import EVENTS, IDIOMS, ITSELF, PEOPLE, ROLE, SUMS, UnspacedBefore, counts_of, owns_unit

__all__ = ["Unspaced"]

REACH_QUOTED = 20  # signs of a name in quotation marks
ENDS = frozenset("pcdurmye")  # first letters of tags that no noun phrase goes on with
HEADS = frozenset(("vn", "an", "l", "i", "j", "q", "zg", "g", "k", "eng"))  # tags beside n- of what may be a head
FULL = 18  # signs of a line that may be broken within a phrase


class Unspaced(UnspacedBefore):
    """The order of Chinese."""

    def measure_at(self, at: int) -> tuple[Entry, int] | None:
        """A measure word of one sign that is but the first of a longer noun is none (300家庭), unless a noun follows it too.

        Nor is the first sign of a word that ends a phrase (300万|支持教育). Another may follow in brackets: 12台(套).
        """
        found = super().measure_at(at)
        if found and found[1] == at + 1:
            noun, stops = self.trie.longest(self.tokens, at), self._is_stop(found[1])
            if noun and noun[1] > found[1] and not self.trie.longest(self.tokens, found[1]) and not (stops and noun[1] == at + 2):
                return None
            if self._is_stop(at) or self._is_verb_after_sum(at):
                return None
        bracket = found[1] if found else 0
        if found and bracket + 2 < len(self.tokens) and self.tokens[bracket].text == "(":
            second = super().measure_at(bracket + 1)
            if second and second[1] < len(self.tokens) and self.tokens[second[1]].text == ")":
                return found[0], second[1] + 1
        return found

    def _is_stop(self, at: int) -> bool:
        """True for a word of two signs that ends a phrase: 85家|属于, 300万|支持."""
        return "".join(token.text for token in self.tokens[at : at + 2]) in self.stops

    def _is_verb_after_sum(self, at: int) -> bool:
        """1.2亿|支援小店: after a magnitude, a verb that begins with the sign of a measure word, unless what is left is a noun."""
        tokens = self.tokens
        if not at or tokens[at - 1].text not in self.magnitudes or at + 1 >= len(tokens) or tokens[at + 1].kind != HAN:
            return False
        word, after, tag = HanWords(tokens, at, self._end_han(at)).at.get(at, ("", at, ""))
        return tag == "v" and len(word) > 1 and self.trie.longest(tokens, at + 1) is None

    def _phrase(self, at: int) -> Counted | None:
        measure = self._measure(at)
        if not measure and self._is_sum(at):
            return None
        near = self._after_han(at, measure)
        loose = near and (near.unit in self.people or near.rule == UNKNOWN) and owns_unit(measure)
        if loose and near.unit.split()[-1] not in measure.counts.split():
            return replace(near, unit=measure.unit)  # 12万户居民 are households, 15例患者 cases
        if near and near.rule != UNKNOWN and near.unit != MONEY_NOUN:
            return self._people_of(near, at, measure) or near
        if past := self._past_attribute(at, near, measure):
            return past
        near = self._after_modifier(at) or near
        bare = near and near.rule == UNKNOWN and not measure and at and self.tokens[at - 1].kind == DIGITS
        return None if bare else near  # digits without a measure word count what is known, or are part of a name

    def _people_of(self, near: Counted, at: int, measure: Entry | None) -> Counted | None:
        """300名|山区的|孩子: the people whom a place is said of, where the measure word asks for people."""
        if counts_of(measure) != PEOPLE or near.unit in self.people:
            return None
        found = self._after_modifier(at)
        return found if found and found.unit in self.people else None

    def _is_sum(self, at: int) -> bool:
        """True after a magnitude with no measure word where a word for money stands before the number: 投资300万|修建道路."""
        tokens, first = self.tokens, at
        if not at or tokens[at - 1].text not in self.magnitudes:
            return False
        while first and (tokens[first - 1].text in self.numbers or tokens[first - 1].kind == DIGITS):
            first -= 1
        known = self.right_before(self._past_bridges(first, self.bridges))
        if not self.follows_word(first, "pays") and (not known or known.unit not in SUMS):
            return known is not None and known.unit == MONEY_NOUN
        word, _, tag = HanWords(tokens, at, self._end_han(at)).at.get(at, ("", at, ""))
        return self._is_stop(at) or tag == "v" and len(word) > 1 and not self.trie.longest(tokens, at)  # 捐款300万|支持教育, but 捐赠300万|口罩

    # -- after the number --------------------------------------------------------------------------------------------

    def _after_han(self, at: int, measure: Entry | None) -> Counted | None:
        """Modifiers, then the head; a word that is neither noun nor modifier ends the phrase."""
        end, counts = self._end_han(at), counts_of(measure)
        if end == at:
            return None
        found = self.trie.longest(self.tokens, at)
        if counts in (ITSELF, ROLE):
            fits = found and found[1] <= end and found[0].unit in self.people and measure.unit in self.people
            return Counted(found[0].unit, found[1], "counted noun") if fits else None
        if quoted := self._quoted(at):
            return quoted
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
        tokens, words, counts = self.tokens, HanWords(self.tokens, at, end), counts_of(measure)
        deeds = measure is None or not measure.get("unit")
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
            if last and not best and word in self.traits["and"]:
                index = after  # 慈善|及|社区项目
                continue
            if word in self.stops or tag[:1] in ENDS or (tag == "v" and (best or (last and counts != PEOPLE) or word[-1] in self.results)):
                break
            if tag == "v" and counts == PEOPLE and not led:
                led, before = True, last  # 脊柱|侧弯|儿童: what a verb leads to must be people
            deeds = deeds and tag != "v"
            index, last = max(after, index + 1), (index, after) if self._is_name(word, tag, deeds) else None
        if led and not (best and self._agrees(best, counts)):
            best, last = None, before
        if last and not (best and self._agrees(best, counts)):
            return self._as_it_stands(at, last, counts)
        found = best or other
        return Counted(found[0].unit, found[1], "counted noun", None, direct and best is not None) if found else None

    def _is_head(self, found: tuple[Entry, int], index: int, best: tuple[Entry, int] | None, words: HanWords, end: int) -> bool:
        """True for a noun of the lexicon that is a whole word, and no verb after a noun."""
        (entry, after), tag = found, words.at.get(index, ("", 0, ""))[2]
        if tag == "v" and after - index == 1:
            return False  # 站出来
        cut = words.cuts(index, after) and not self._is_place(after, end, words)
        return after <= end and not cut and not (best and (tag == "v" and after <= words.at[index][1] or entry.unit == MONEY_NOUN))

    def _is_place(self, at: int, end: int, words: HanWords) -> bool:
        """True for what makes a place of a noun, at the end of its phrase: 12个村|中, but not 30家国|内企业."""
        ends = at + 1 >= end or self.tokens[at + 1].text in self.stops or words.at.get(at + 1, ("", 0, ""))[2] == "v"
        return at < end and ends and self.tokens[at].text in self.places

    @staticmethod
    def _is_name(word: str, tag: str, deeds: bool) -> bool:
        """True for what may be a head; a deed only where the measure word and what stands before leave room for one."""
        return tag[:1] == "n" or tag in HEADS and (deeds or tag not in DEEDS) and not (tag in IDIOMS and len(word) > 3)

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

    def _past_attribute(self, at: int, near: Counted | None, measure: Entry | None) -> Counted | None:
        """What a phrase with no known noun leads to: 823项节能、节水|专案, 12座14.4兆瓦|电站; None where nothing known follows."""
        tokens, end = self.tokens, self._end_han(at)
        if measure is None or end >= len(tokens) or tokens[end].gap >= LINE or near and near.rule == UNKNOWN and not near.direct:
            return None
        listed = tokens[end].text in self.traits["list_marks"] and end > at
        if not listed and tokens[end].kind != DIGITS:
            return None
        index = end + listed
        while index < len(tokens) and (tokens[index].kind == DIGITS or tokens[index].text == "."):
            index += 1
        if listed and index > end + 1:
            return None  # what is listed has a number of its own
        unit = None if listed else self.lexicon.trie("unit", place="after").longest(tokens, index)
        index = unit[1] if unit else index
        found = self._after_han(index, measure) if index < len(tokens) and tokens[index].gap < LINE else None
        return replace(found, direct=False) if found and found.rule != UNKNOWN and found.unit != MONEY_NOUN else None

    def _after_modifier(self, at: int) -> Counted | None:
        """10个产值过百亿的产业集群: a clause stands between the number and its noun, and a mark ends it."""
        tokens, mark, measure = self.tokens, self.traits["modifier_mark"], self._measure(at)
        measured = measure is not None and (not measure.get("unit") or measure.get("counts") == PEOPLE)  # 一百多台的电脑, 5000名以上的农人
        for index in range(at, min(len(tokens) - 1, at + REACH_HAN)):
            if tokens[index].gap >= LINE or (tokens[index].kind == SIGN and tokens[index].text not in self.traits["inside_noun"]):
                return None
            if tokens[index].text == mark and (index > at or measured):
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


