"""Find what a number counts: the noun after it (or, failing that, before it), as a canonical English singular.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted(unit, end, rule): the unit code of the noun, the token index after it, how it was found.
Never   reads a number, or knows the order of words: heads_last, heads_first and heads_unspaced do.
        An unknown noun is given as it stands, in its dictionary form, never dropped.
Needs   grammar, lemmas, lexicon, tokens.  Used by the three that know an order of words, and by quantities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from csrbook.grammar import entry_at, qualifier_before
from csrbook.lemmas import is_word, lemma, parse
from csrbook.lexicon import Entry, Lexicon, Lexicons
from csrbook.tokens import BLANK, DIGITS, HAN, JOINED, LINE, SIGN, WORD, Token

__all__ = ["ALONE", "MONEY_NOUN", "PERSON", "REACH_HAN", "SAID_BEFORE", "UNKNOWN", "Counted", "Nouns", "one_letter_off"]

REACH = 7  # words looked at after a number; a longer noun phrase is rare and a longer reach finds the next clause
REACH_HAN = 14  # signs
REACH_BACK = 12
CHANGE = 12  # tokens between a word of change or of paying and its number
REACH_OF = 6  # tokens between "of" and its noun: 300 of the 1,000 villages
SHORT = 3  # letters; an abbreviation keeps its length in a misprint
LEAST_MISPRINT = 6  # letters; shorter words have too many neighbours
MONEY_NOUN = "money"  # unit of nouns that name a sum (turnover): the number after them is money in the default currency
PERSON = "person"
ALIKE = str.maketrans("aceopxykmtbh", "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u043a\u043c\u0442\u0432\u043d")
UNKNOWN = "unknown noun"
PASSED = ("numeral", "magnitude", "qualifier")  # what may stand between "of" and its noun: of about 70 thousand staff
ALONE = "adjective alone"  # its noun was said before
SAID_BEFORE = "noun said before"


@dataclass(slots=True)
class Counted:
    """A counted noun: its unit code, the token index after it (or of its first token, before a number), how it was found."""

    unit: str
    end: int
    rule: str
    note: str | None = None
    direct: bool = True  # nothing stands between number and noun


def _edits(word: str, form: str) -> bool:
    """True when one letter added, lost, changed, or two neighbours swapped make a form of a word."""
    if abs(len(word) - len(form)) > 1 or word == form:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, form, strict=False)) if a != b), min(len(word), len(form)))
    rest, other = word[head:], form[head:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])


def one_letter_off(word: str, lexicon: Lexicon, section: str, *, least: int) -> Entry | None:
    """Return the one entry with a form that `word` misses by a letter, or None where none or several do."""
    forms = lexicon.words_by(section, "forms")
    alike = ((form, e) for form, e in forms.items() if len(form) >= least and (len(form) > SHORT or len(form) == len(word)))
    found = {id(e): e for form, e in alike if _edits(word, form)}
    return next(iter(found.values())) if len(found) == 1 else None


def _words_of_hedges(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon.trie("qualifier", place="before").root)


class Nouns:
    """Finds counted nouns at token positions of one document."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons) -> None:
        self.tokens, self.lexicon, self.traits = tokens, lexicon, lexicon.traits
        self.trie, self.stops = lexicon.trie("noun"), lexicon.words("stop", part="noun")
        self.passed = lexicon.once(("passed",), lambda: self.stops.union(*(lexicon.words_by(s, "forms") for s in PASSED)))
        self.people = frozenset(lexicons.tables["units"].get("people", ()))
        self.animals = frozenset(lexicons.tables["units"].get("animals", ()))
        self.kind = lexicons.kind
        self.plurals, self.verbs = lexicon.words("stop", part="plural"), lexicon.words("stop", part="verb")
        self.modifiers = lexicon.words("stop", part="modifier")
        self.asides, ends = lexicon.stops_before("aside"), lexicon.trie("range", place="between").root
        self.within = lexicon.once(("within",), lambda: frozenset(self.traits["list_marks"]).union(ends, _words_of_hedges(lexicon)))
        self.plural_endings, self.endings = tuple(self.traits["plural_endings"]), tuple(self.traits["no_noun_endings"])
        self._lemmas: dict[int, Token] = {}
        self.printed = ""  # the text as it stands, where capitals tell

    def after(self, at: int, count: Decimal | None = None) -> Counted | None:
        """Return the counted noun that follows directly at token `at`, or None; `count` is what it must agree with."""
        if at >= len(self.tokens) or self.tokens[at].gap == BLANK:
            return None
        found = self._phrase(at)
        return self._both(found) if found else None

    def _phrase(self, at: int) -> Counted | None:
        """Return the noun of the phrase that begins at token `at`; every order of words has its own way."""
        raise NotImplementedError

    def of(self, at: int) -> Counted | None:
        """Return the noun that "of" leads to: 300 of the 1,000 villages; 5 из 12 школ."""
        tokens = self.tokens
        at += at < len(tokens) and tokens[at].text == ")"  # 70% (or 210) of the trainees
        if at >= len(tokens) or tokens[at].text not in self.traits["of"] or tokens[at].gap > LINE:
            return None
        index, end = at + 1, min(len(tokens), at + REACH_OF)
        while index < end and (tokens[index].kind == DIGITS or tokens[index].text in self.passed or tokens[index].text in ",."):
            index += 1
        found = self.after(index)
        return replace(found, end=at, rule="counted noun after of") if found and found.rule != UNKNOWN else None

    def before(self, at: int, last: int = 0) -> Counted | None:
        """Return the nearest known noun before token `at` in the same clause ("a user base of 207 million"), or None.

        `last` is the index after the number and its measure word, where the language has measure words.
        """
        tokens, ends = self.tokens, self.traits["clause_end"]
        for index in range(at - 1, max(0, at - REACH_BACK) - 1, -1):
            token = tokens[index]
            if token.text in ends or tokens[index + 1].gap == BLANK:
                return None
            if token.kind == DIGITS or not (found := self._known(index, at)):
                continue
            if token.kind == HAN and found[1] == index + 1:
                continue  # one sign is part of a word more often than a word
            first = index
            for start in range(index - 1, max(0, index - 6), -1):
                longer = self._known(start, at)
                if longer and longer[1] >= found[1]:
                    first, found = start, longer
            return Counted(found[0].unit, first, "counted noun before")
        return None

    def right_before(self, at: int) -> Counted | None:
        """Return the longest known noun that ends where token `at` begins (专利105,845件), or None."""
        for first in range(max(0, at - REACH), at - 1):
            if (found := self._known(first, at)) and found[1] == at:
                return Counted(found[0].unit, first, "counted noun before")
        return None

    def measure_at(self, at: int) -> tuple[Entry, int] | None:
        """Return (measure word, index after it) at token `at`; none where it is but the first sign of a longer noun (员工)."""
        return entry_at(self.tokens, at, self.lexicon, "measure")

    def is_ordinal(self, at: int, count: Decimal) -> bool:
        """Return whether the word at token `at` is numbered, not counted, where the language shows it by the form."""
        return False

    def is_verb(self, index: int) -> bool:
        """Return whether the word at a token is a verb, where the language shows it by the form."""
        return False

    def is_inverted(self, at: int, count: Decimal) -> bool:
        """Return whether the word before token `at` stands there in the form that the number after it asks for."""
        return False

    def is_plural_adjective(self, index: int) -> bool:
        """Return whether the word at a token is an adjective in a plural form, where the language shows it: 25 summer camps."""
        return False

    def label(self, at: int) -> Counted | None:
        """Return what a label that ends before token `at` says is counted, where the language shows it by the form."""
        return None

    def in_label(self, label: range) -> str | None:
        """Return what the words of a row's label say is counted, where the language shows it: Volunteers, persons | 310."""
        return None

    def is_aside(self, first: int, last: int) -> bool:
        """Return whether the time at tokens [first, last) is none that a text reports: an age after "aged", how long to read."""
        tokens = self.tokens
        for index in range(first - 1, max(-1, first - REACH), -1):
            if self.asides.longest(tokens, index):
                return True
            if tokens[index].kind != DIGITS and tokens[index].text not in self.within:
                return False
        return False

    def is_in(self, first: int) -> bool:
        """True where the number at token `first` tells a place: in 5 towns."""
        hedge = qualifier_before(self.tokens, first, self.lexicon, bridged=False)
        first = hedge[1] if hedge else first
        return first > 0 and self.tokens[first - 1].text in self.lexicon.words("stop", part="where")

    def is_step(self, at: int) -> bool:
        """True where the word at a token comes between a change and how much it was: rose by 12, rose 12, a rise of 12."""
        words, steps = self.lexicon.words("stop", part="change"), self.lexicon.words("stop", part="step")
        before, last = self.tokens[at - 1].text, self.tokens[at].text
        return last in words or last in self.traits["of"] and before in words or last in steps and self.follows_word(at, "change")

    def compares(self, first: int) -> bool:
        """True after ", up from": what stands there is the same measure at an earlier time."""
        before, words = self.tokens[max(0, first - 3) : first], self.lexicon.words("stop", part="change")
        opens = self.lexicon.trie("qualifier", place="before").root.get(before[-1].text, {}).get("") if len(before) == 3 else None
        return bool(opens and opens[0].get("opens")) and before[1].text in words and before[0].text in ",(;"

    def follows_word(self, at: int, part: str) -> bool:
        """True where a word of one part stands before token `at` in its clause, in any form."""
        ends, changes = self.traits["clause_end"], self.lexicon.words("stop", part=part)
        if not changes:
            return False
        for index in range(at - 1, max(-1, at - CHANGE), -1):
            token = self.tokens[index]
            short = token.text == "." and index and self.tokens[index - 1].text in self.lexicon.words("abbreviation")
            if token.text in ends and not short or self.tokens[index + 1].gap == BLANK:
                return False
            if token.kind == WORD and lemma(token.text, self.lexicon) in changes:
                return True
        return False

    def column(self, at: int, index: int) -> Counted | None:
        """Return what a label that ends at token `at` and the measure word at `index` say is counted, where there are any."""
        return None

    def is_known_at(self, at: int) -> bool:
        """Return whether a noun of the lexicon begins at token `at`."""
        return at < len(self.tokens) and self._known(at, len(self.tokens)) is not None

    def known_end(self, at: int) -> int:
        """Return the index after the longest noun of the lexicon at token `at`; `at` where there is none."""
        found = self._known(at, len(self.tokens)) if self.tokens[at].text in self.trie.root else None
        return found[1] if found else at

    def is_told(self, first: int) -> bool:
        """Return whether what the number at token `first` counts stands right before it, where that is usual: of whom women 45."""
        return False

    def who(self, first: int, last: int) -> str | None:
        """Return who the persons of a number at tokens [first, last) are where their clause says it: 300 people work there."""
        return None

    def takes_object(self, index: int, since: int = 0) -> bool:
        """Return whether a verb that asks for an object, with no subject since a token, stands at `index`, where the language shows it."""
        return False

    def is_among(self, first: int) -> bool:
        """Return whether the number at token `first` is told as part of the people counted before it, where words are not parted."""
        return False

    def runs_on(self, at: int, end: int) -> bool:
        """Return whether what stands at tokens [at, end) is but the first part of a noun, where words are not parted."""
        return False

    def opens_row(self, at: int) -> bool:
        """Return whether the word at token `at` labels a line of its own, where the language shows it: Hours 500."""
        return False

    def may_count(self, at: int) -> bool:
        """Return whether the word at token `at` may be what a number after it counts (Volunteers 300)."""
        return self.is_known_at(at)

    # -- parts -------------------------------------------------------------------------------------------------------

    def _lemma(self, index: int) -> Token:
        if index not in self._lemmas:
            token = self.tokens[index]
            self._lemmas[index] = token._replace(text=lemma(token.text, self.lexicon)) if token.kind == WORD else token
        return self._lemmas[index]

    def _bases(self, index: int) -> tuple[str, ...]:
        """Other dictionary forms that the word at a token may have, where one form is that of several words."""
        return ()

    def _part(self, index: int) -> str:
        return parse(self.tokens[index].text, self.traits["lemmatiser"], self.lexicon.language)[1]

    def _known(self, at: int, end: int) -> tuple[Entry, int] | None:
        """The longest lexicon noun at `at`, each word as printed or in its dictionary form."""
        node, found, index = self.trie.root, None, at
        while index < min(end, len(self.tokens), at + REACH_HAN):
            token = self.tokens[index]
            if index > at and token.gap == BLANK:
                break
            child = node.get(token.text)
            if child is None and token.kind == WORD and not token.text.endswith(self.endings):
                child = node.get(self._lemma(index).text)
                child = child or next((node[base] for base in self._bases(index) if base in node), None)
            if child is None:
                break
            node, index = child, index + 1
            if "" in node:
                found = node[""][0], index
        return found

    def _both(self, noun: Counted) -> Counted:
        """Teachers and pupils, doctors and nurses: two kinds of people counted as one number are persons."""
        tokens = self.tokens
        if noun.unit not in self.people or noun.end + 1 >= len(tokens) or tokens[noun.end].gap > LINE:
            return noun
        if tokens[noun.end].text not in self.traits["and"] or tokens[noun.end + 1].gap > LINE:
            return noun
        second = self._known(noun.end + 1, len(tokens))
        if not second or second[0].unit not in self.people or second[0].unit == noun.unit:
            return noun
        return Counted(PERSON, second[1], "two counted nouns")

    # -- words between spaces ----------------------------------------------------------------------------------------

    def _window(self, at: int) -> range:
        """Token indices that may hold the noun phrase: words, hyphens and quotes up to a stop word or another sign."""
        index, words = at, 0
        while index < len(self.tokens) and words < REACH and index - at < 3 * REACH:
            token = self.tokens[index]
            if token.gap == BLANK or token.kind == DIGITS:
                break
            if token.text in self.stops and not (index > at and self._between_adjectives(index)):
                break
            if token.kind == SIGN and (token.text not in self.traits["inside_noun"] or self._is_bullet(index)):
                break
            words += token.kind == WORD
            index += 1
        return range(at, index)

    def _is_bullet(self, index: int) -> bool:
        """True for a sign that opens a line, with a space after it: an item of a list begins there."""
        return self.tokens[index].gap >= LINE and self.tokens[index + 1 : index + 2] != [] and self.tokens[index + 1].gap > JOINED

    def _between_adjectives(self, index: int) -> bool:
        """True for the "and" of "small and medium enterprises" where the language tells adjectives apart."""
        if self.tokens[index].text not in self.traits["and"] or index + 1 >= len(self.tokens):
            return False
        if self._part(index - 1) != "adjective":
            return False
        return self._part(index + 1) == "adjective" or self._known(index + 1, index + 3) is not None

    def _alike(self, index: int) -> Counted | None:
        """A unit or known noun with Latin letters that look like its own."""
        text = self.tokens[index].text
        word = text.translate(ALIKE)
        if word == text or word.isascii():
            return None
        units, nouns = self.lexicon.trie("unit", place="after").root, self.trie.root
        found = units.get(word, {}).get("") or nouns.get(lemma(word, self.lexicon), {}).get("")
        return Counted(found[0].unit, index + 1, "counted noun", f"misprint: read as {word}") if found else None

    def _unknown(self, index: int) -> Counted:
        """A noun that the lexicon lacks, in its dictionary form; a misprint of one that it has is read as that."""
        base = self._lemma(index).text
        if len(base) >= LEAST_MISPRINT and not is_word(self.tokens[index].text, self.lexicon):
            if entry := one_letter_off(base, self.lexicon, "noun", least=LEAST_MISPRINT):
                return Counted(entry.unit, index + 1, "misprinted noun", f"misprint: read as {entry.forms[0]}")
        return Counted(base, index + 1, UNKNOWN)
