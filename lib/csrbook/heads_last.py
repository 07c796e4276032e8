"""Find the counted noun where words are parted by spaces and the head of a noun phrase stands last: small family farms.

In      the tokens of a document and a Lexicon; then the index after a number.
Out     Counted, as nouns.py says.
Never   reads a number, or names a language.
Needs   nouns, lexicon, tokens.  Used by phrases.
"""

from csrbook.nouns import UNKNOWN, Counted, Nouns
from csrbook.tokens import WORD

__all__ = ["HeadLast"]


class HeadLast(Nouns):
    """The order of English."""

    def _phrase(self, at: int) -> Counted | None:
        """Return the first known noun, carried on while the next word is a known noun too (office workers)."""
        tokens, best, window = self.tokens, None, self._window(at)
        for index in window:
            if best and index < best[1]:
                continue
            if found := self._known(index, len(tokens)):
                best = found
            if best and (not found or self._is_plural(best[1] - 1)):
                break
        if best and best[0].get("weak") and best[1] < len(tokens) and tokens[best[1]].text in self.traits["of"]:
            inner = self.after(best[1] + 1)
            if inner and inner.rule != UNKNOWN:
                return inner
        if best:
            return Counted(best[0].unit, best[1], "counted noun")
        words = [i for i in window if tokens[i].kind == WORD]
        if not words:
            return None
        return self._unknown(words[-1] if len(words) <= 3 else words[0])
