"""Pick the order of words in which counted nouns are found: Chinese, English or Russian, by the traits of a Lexicon.

In      the tokens of a document, its Lexicon, the Lexicons.
Out     Nouns that know the order.
Never   looks at a token.
Needs   heads_first, heads_last, heads_unspaced, lexicon, nouns, tokens.  Used by quantities.
"""

from collections.abc import Sequence

from csrbook.heads_first import HeadFirst
from csrbook.heads_last import HeadLast
from csrbook.heads_unspaced import Unspaced
from csrbook.lexicon import Lexicon, Lexicons
from csrbook.nouns import Nouns
from csrbook.tokens import Token

__all__ = ["nouns_of"]

ORDERS = {"first": HeadFirst, "last": HeadLast}  # by the trait noun_head


def nouns_of(tokens: Sequence[Token], lexicon: Lexicon, lexicons: Lexicons) -> Nouns:
    """Return what finds the counted nouns of one document."""
    order = ORDERS[lexicon.traits["noun_head"]] if lexicon.traits["word_spacing"] else Unspaced
    return order(tokens, lexicon, lexicons)
