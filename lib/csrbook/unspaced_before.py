"""Find what a number counts in what stands before it, where words are not parted: 员工约8700人, 驿站已建成176个.

In      the tokens of a document and a Lexicon; then the index of a number, and the index after its measure word.
Out     Counted, as nouns.py says. What the measure word tells narrows it: people, things, objects, events, or the thing itself.
Never   reads a number, names a language, or looks at what follows a number (heads_unspaced does).
Needs   grammar, han_words, lexicon, nouns, tokens.  Used by heads_unspaced.
"""

from collections.abc import Sequence
from dataclasses import replace

from csrbook.grammar import qualifier_before
from csrbook.han_words import DEEDS, HanWords
from csrbook.lexicon import Entry, Lexicon, Lexicons, Trie
from csrbook.nouns import MONEY_NOUN, PERSON, SAID_BEFORE, UNKNOWN, Counted, Nouns
from csrbook.tokens import HAN, LINE, WORD, Token

__all__ = ["EVENTS", "IDIOMS", "ITSELF", "PEOPLE", "ROLE", "SUMS", "THINGS", "UnspacedBefore", "counts_of", "owns_unit"]

REACH_SENTENCE = 40  # signs before a number in which a thing is still in mind
REACH_WORDS = 8  # signs before a number that are cut into words
REACH_BRACKET = 24  # signs in brackets between a noun and its number
PASSED_VERBS = 3  # verbs and adverbs between a noun and its number
ENDINGS = frozenset(("l", "i", "j", "q", "zg", "k"))  # tags of what may stand right before a number as what is counted
IDIOMS = frozenset(("l", "i"))  # 转危为安 is no noun
PLACES = frozenset(("ns", "nr", "nt", "nrt"))  # a name before a number tells who or where, not what
COLUMNS = frozenset("|(")  # what may part a label from the unit of its row
BRACKET = 5  # signs of a measure word in brackets, with them
PEOPLE, THINGS, EVENTS, ITSELF = "people", "things", "events", "itself"  # what a measure word counts; else the units it may have
OBJECTS, ROLE = "objects", "role"  # things that are no deeds; itself, but for a role right before it: 员工300人
COUNTS = frozenset((PEOPLE, THINGS, OBJECTS, EVENTS, ITSELF, ROLE, UNKNOWN))
SUMS = frozenset(("donation", "loan", "grant", "bonus", "scholarship", "fund", "claim", "payment", "investment", "deposit"))
ABSTRACT = SUMS | frozenset("commitment action activity goal target field training service event campaign plan support task".split())
HOSTS = frozenset("city country county school hospital university store factory airport".split())
AGENTS = HOSTS | frozenset("company organization institution group foundation bank team government agency".split())  # who gives and builds


def counts_of(measure: Entry | None) -> str:
    """Return what a measure word is said of; objects are things."""
    counts = measure.get("counts", "") if measure else ""
    return THINGS if counts == OBJECTS else counts


def owns_unit(measure: Entry | None) -> bool:
    """True where a measure word names what it counts but for a few nouns: 户 are households, customers, companies."""
    return measure is not None and measure.get("counts", UNKNOWN) not in COUNTS


class UnspacedBefore(Nouns):
    """What Chinese says before a number."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons) -> None:
        super().__init__(tokens, lexicon, lexicons)
        self.results = lexicon.words("stop", part="result")
        self.places = lexicon.words("stop", part="place")
        self.measures = lexicon.trie("measure", backward=True)
        self.magnitudes = frozenset(lexicon.words_by("magnitude", "forms"))
        self.numbers = frozenset((*self.magnitudes, *lexicon.words_by("numeral", "forms"), *".,"))
        self.hedges = lexicon.trie("qualifier", place="after", backward=True)
        self.bridges, self.totals = lexicon.stops_before("bridge"), lexicon.stops_before("bridge", "total")
        self.pays, self.amongs = lexicon.stops_before("pays"), lexicon.stops_before("among")
        self.givers = lexicon.words("stop", part="giver")

    def before(self, at: int, last: int = 0) -> Counted | None:
        """The noun before a number whose measure word, if any, ends at `last`; what the measure word tells comes first."""
        measure = self._measure(last) if last > at else None
        counts = counts_of(measure)
        if counts == ITSELF:
            return None
        for kept in self._kept(measure):
            at = self._past_bridges(at, kept)
            known = self.right_before(at) or self._before_itself(at)
            if known and owns_unit(measure) and known.unit not in self.people and not self._may_count(known.unit, measure):
                known = self.right_before(known.end)  # 供应商|审核|596家次
            if known and not measure and known.unit in SUMS and self.tokens[last - 1].text in self.magnitudes:
                return replace(known, unit=MONEY_NOUN)  # 捐款|800万
            if known and self._may_count(known.unit, measure):
                return self._with_others(known)
        if not measure:
            found = super().before(at) if at and self.tokens[at - 1].text == ")" else None
            return found if found and found.unit == MONEY_NOUN else None
        if counts == ROLE:
            return None
        if counts != EVENTS and (topic := self._topic(at, measure)):
            return topic
        if measure.get("unit"):
            return None
        return self._untold(at, measure, counts)

    def _kept(self, measure: Entry | None) -> tuple[Trie, ...]:
        """What may stand between the noun and the number: fillers, and totals unless the measure word names what any noun is."""
        tells = measure is not None and measure.get("unit") and not owns_unit(measure) and counts_of(measure) not in (PEOPLE, ROLE)
        return (self.bridges,) if tells else (self.bridges, self.totals)

    def _untold(self, at: int, measure: Entry, counts: str) -> Counted | None:
        """The noun of a measure word that tells nothing: the word before as it stands, else the nearest in the clause."""
        word = self._word_before(at, counts)
        if word or counts == EVENTS:
            return word
        found = super().before(at)
        near = found and not any(token.text == "," for token in self.tokens[found.end : at])
        meant = near and (found.unit not in AGENTS or not counts and found.unit in HOSTS)
        if meant and found.unit != MONEY_NOUN and self._may_count(found.unit, measure):
            return found
        return self._in_sentence(at) if counts == THINGS else None

    def _topic(self, at: int, measure: Entry) -> Counted | None:
        """通话站|共开设|67个: the noun before the verb, where it is what is done and not who does it."""
        tokens, first = self.tokens, at
        while first > max(0, at - REACH_WORDS) and tokens[first - 1].kind == HAN and tokens[first].gap < LINE:
            first -= 1
        words, passed = sorted(HanWords(tokens, first, at).at.items(), reverse=True), at
        for start, (word, _, tag) in words[:PASSED_VERBS]:
            if tag[:1] not in "vd" or word in self.givers or len(word) == 1 and self.trie.longest(tokens, start):
                break
            passed = start
        if passed == at:
            return None
        passed = self._past_bridges(passed, self.bridges)
        known = self.right_before(passed) or self._word_before(passed, counts_of(measure))
        known = known if known and known.rule != UNKNOWN else None
        fits = known and known.unit not in AGENTS and known.unit not in ABSTRACT and self._may_count(known.unit, measure)
        return known if fits else None

    def _with_others(self, known: Counted) -> Counted:
        """老师和社工约五千名: two kinds of people counted as one number are persons."""
        at = known.end
        if known.unit not in self.people or not at or self.tokens[at - 1].text not in self.traits["and"]:
            return known
        other = self.right_before(at - 1)
        both = other and other.unit in self.people and other.unit != known.unit
        return Counted(PERSON, other.end, "two counted nouns") if both else known

    def is_among(self, first: int) -> bool:
        """True where the number at token `first` is part of what was counted before it: 其中17人, 学生里只有17人."""
        return self.amongs.longest(self.tokens, self._past_bridges(first, self.bridges) - 1) is not None

    def follows_word(self, at: int, part: str) -> bool:
        """True after a verb of paying, which a number needs no unit after: 耗资近2000万."""
        if part != "pays":
            return super().follows_word(at, part)
        return self.pays.longest(self.tokens, self._past_bridges(at, self.totals) - 1) is not None

    def _in_sentence(self, at: int) -> Counted | None:
        """停用塑料搅拌棒,一年少用|740万根: a thing said before in the sentence, for a measure word that tells nothing."""
        tokens, ends = self.tokens, self.traits["sentence_end"]
        for index in range(at - 2, max(-1, at - REACH_SENTENCE), -1):
            if tokens[index].text in ends or tokens[index + 1].gap > LINE:
                return None
            found = self.trie.longest(tokens, index) if tokens[index].text in self.trie.root else None
            if found and found[1] - index > 1 and found[1] <= at and self._may_be_meant(found[0].unit):
                longer = (self.trie.longest(tokens, first) for first in range(max(0, index - 4), index))
                whole = next((noun for noun in longer if noun and noun[1] >= found[1]), found)
                return Counted(whole[0].unit, index, SAID_BEFORE)
        return None

    def _may_be_meant(self, unit: str) -> bool:
        """True for things that are no deeds, and not who does them."""
        return unit not in self.people and unit != MONEY_NOUN and unit not in ABSTRACT and unit not in AGENTS

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
        itself = measure.get("counts") in (ITSELF, ROLE)
        if not known or (known.unit not in self.people if itself else not self._fits(known.unit, counts_of(measure))):
            known = None if itself else self.before(at, end)
        unit = known.unit if known and known.unit != MONEY_NOUN else measure.get("unit")
        return unit and Counted(unit, end, "counted noun")

    def _before_itself(self, at: int) -> Counted | None:
        """参与人次达12.3万, 志愿者人数达3000名: a measure word that says it all stands as a noun, after a nearer or alone."""
        found = self.measures.longest(self.tokens, at - 1)
        if not found or found[0].get("counts") not in (ITSELF, ROLE) or found[1] > at - 2:
            return None  # 打包|300份
        whose = self.right_before(found[1])
        return whose if whose and whose.unit in self.people else Counted(found[0].unit, found[1], "counted noun before")

    def _may_count(self, unit: str, measure: Entry | None) -> bool:
        counts = counts_of(measure)
        if measure and (measure.get("counts") == OBJECTS and unit in ABSTRACT or counts == ROLE and unit not in self.people):
            return False
        if measure and measure.get("unit"):
            own = counts == THINGS and unit != MONEY_NOUN or unit.split()[-1] in counts.split()
            return unit in self.people if counts in (PEOPLE, ROLE) else own
        return self._fits(unit, counts) and not (measure and unit == MONEY_NOUN)

    def _past_bridges(self, at: int, bridges: Trie) -> int:
        """Index before the hedges and fillers in front of a number: 口罩|共计超过|60万只."""
        while at > 0 and self.tokens[at].gap < LINE:
            if self.tokens[at - 1].text in self.traits["inside_noun"]:
                at -= 1  # “星光小屋”56间
                continue
            hedge = qualifier_before(self.tokens, at, self.lexicon, bridged=False)
            bridge = None if hedge else bridges.longest(self.tokens, at - 1)
            if not (hedge or bridge):
                opens = self._past_bracket(at)
                if opens == at:
                    break
                at = opens
                continue
            at = (hedge or bridge)[1]
        return at

    def _past_bracket(self, at: int) -> int:
        """Index before an aside in brackets that a noun stands before: 活动(含志愿者服务)|409次."""
        tokens = self.tokens
        if tokens[at - 1].text != ")":
            return at
        opens = next((i for i in range(at - 2, max(0, at - REACH_BRACKET), -1) if tokens[i].text == "("), at)
        return opens if opens < at and self.right_before(opens) else at

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
        words = sorted(HanWords(tokens, first, at).at.items())
        start, (word, _, tag) = words[-1] if words else (0, ("", 0, ""))
        object_of = len(words) > 1 and words[-2][1][2] == "v"  # 举办|特展
        noun = tag[:1] == "n" and tag not in PLACES or tag in ENDINGS or (tag == "vn" and (counts == EVENTS or object_of))
        noun = noun and not (len(word) == 1 and word in self.measures.root)
        short = self.trie.longest(tokens, at - 1) if counts != PEOPLE else None
        if short and (len(word) == 1 or len(word) == 2 and tag in (*DEEDS, "nr")) and self._fits(short[0].unit, counts):
            return Counted(short[0].unit, at - 1, "counted noun before")  # 养羊|8000只, 手机课|1.5万场
        return self._as_it_stands(first, (start, at), counts) if noun and word not in self.stops else None

    # -- parts -------------------------------------------------------------------------------------------------------

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

    def _agrees(self, found: tuple[Entry, int], counts: str) -> bool:
        """True for people where the measure word counts people, and for anything else where it does not."""
        return found[0].unit in self.people if counts == PEOPLE else self._fits(found[0].unit, counts)

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
