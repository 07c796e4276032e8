"""Find the counted noun where words are parted by spaces and what depends on the head follows it.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   nouns, lexicon, tokens.  Used by phrases.
"""

from csrbook.nouns import UNKNOWN, Counted, Nouns
from csrbook.tokens import JOINED, WORD

__all__ = ["HeadFirst"]


class HeadFirst(Nouns):
    """The order of Russian: adjectives, then the head; what depends on it follows."""

    def _phrase(self, at: int) -> Counted | None:
        return self._head(self._window(at))

    def _head(self, window: range) -> Counted | None:
        for index in window:
            token = self.tokens[index]
            if found := self._known(index, len(self.tokens)):
                entry, end = found
                if entry.get("weak") and end < window.stop:
                    inner = self._head(range(end, min(window.stop, end + 4)))
                    if inner and inner.rule != UNKNOWN:
                        return inner
                return Counted(entry.unit, end, "counted noun")
            if token.kind != WORD or token.text in self.lexicon.words("stop", part="modifier") or token.text in self.traits["and"]:
                continue
            followed = index + 1 < window.stop and self.tokens[index + 1].text == "-" and self.tokens[index + 1].gap == JOINED
            part = self._part(index)
            if part == "noun" and not followed:
                return self._unknown(index)
            if part in ("verb", "other") and not followed and token.text.isalpha() and not token.text.isascii():
                return None
        return None
