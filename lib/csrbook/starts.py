"""Tell by one token and the next that nothing can begin there, so that most of a text is passed over at once.

In      a Lexicon, its Numerals, the tries that quantities begin with; then two tokens.
Out     `nothing`: no quantity and no numeral begins here; `lone`: a one of nothing, a word.
Never   reads a number, or decides what a longer look could decide otherwise.
Needs   lexicon, numerals, tokens.  Used by quantities.
"""

from collections.abc import Iterable, Sequence

from csrbook.lexicon import Lexicon, Trie
from csrbook.numerals import Numerals
from csrbook.tokens import HAN, JOINED, Token

__all__ = ["Starts"]


class Starts:
    """What may follow the first token of a quantity in one language."""

    def __init__(self, lexicon: Lexicon, others: Iterable[Trie], numerals: Numerals) -> None:
        traits, trie, vague = lexicon.traits, lexicon.trie, numerals.before
        words = trie("numeral").root.keys() | trie("magnitude").root.keys() | set(traits["article"])
        others, spaced = tuple(others), traits["word_spacing"]
        self.numeric = numerals.openers.union(words, vague.root, numerals.open.root)
        self.every = self.numeric.union(*(each.root for each in others))
        self.seconds: dict[str, frozenset[str]] = {}
        for text in set().union(vague.root, *(each.root for each in others)) - words:
            nodes = [each.root[text] for each in others if text in each.root]
            opened = vague.root.get(text, {})
            if not any("" in node for node in nodes) and not (spaced and opened):
                self.seconds[text] = frozenset().union(*nodes, opened, words if opened else ())
        ones = () if spaced else (e for e in lexicon.entries["numeral"] if e.number == 1)
        self.ones = frozenset(form for entry in ones for form in entry.forms)
        after = [trie("unit", place="after"), trie("measure"), trie("ordinal", place="after"), trie("lookalike", place="after")]
        after += [trie("qualifier", place="after"), trie("range", place="between"), trie("plus", place="unit"), *others]
        self.after = frozenset(traits["parts_of"][:1]).union(numerals.parts, traits["list_marks"], "(/", *(each.root for each in after))
        before = [trie(section, place="before", backward=True).root for section in ("ordinal", "lookalike")]
        self.before = frozenset().union(*before)

    def nothing(self, tokens: Sequence[Token], at: int) -> bool:
        """True where no quantity and no numeral can begin at token `at`, as the next token shows: 人 but not 人民币."""
        seconds = self.seconds.get(tokens[at].text)
        return seconds is not None and (at + 1 >= len(tokens) or tokens[at + 1].text not in seconds)

    def lone(self, tokens: Sequence[Token], at: int) -> bool:
        """True for a one that no unit, measure word or other number stands at: 一 in 进一步."""
        if tokens[at].text not in self.ones or at + 1 >= len(tokens) or at and tokens[at - 1].text in self.before:
            return False
        follows = tokens[at + 1]
        return follows.kind == HAN and follows.gap == JOINED and follows.text not in self.after
