"""Every error that csrbook raises on purpose; all derive from one base and carry their facts.

    CsrbookError
    ├── DocumentError    (ValueError)    a file that cannot be read as a document
    ├── NothingToRead    (ValueError)    a folder without one readable document: bad use, exit 2
    ├── LexiconError     (ValueError)    a lexicon file that breaks its own rules
    ├── AmbiguousNumber  (ValueError)    two readings fit and nothing decides
    ├── SchemaError      (ValueError)    a table without the columns or types it must have
    ├── SpanError        (ValueError)    a quotation is not at its place in the stored text
    ├── UsageError       (KeyError)      a name or parameter that does not exist: bad use, exit 2
    ├── CorrectionError  (ValueError)    a corrections file that cannot be read
    ├── PublishError     (ValueError)    a site that would tell what is nobody's business
    └── RunError         (RuntimeError)  a run that did not finish; the notebook and cell are named

In      where it happened, what is wrong, what was expected, what to do.
Out     one line a person can act on: "where: what is wrong; what was expected; what to do."
Never   prints, logs or exits; the command line does that.
"""

__all__ = [
    "AmbiguousNumber",
    "CorrectionError",
    "CsrbookError",
    "DocumentError",
    "LexiconError",
    "NothingToRead",
    "PublishError",
    "RunError",
    "SchemaError",
    "SpanError",
    "UsageError",
]


class CsrbookError(Exception):
    """Base of all: `where`, `what`, `expected`, `advice`, joined into one line.

    Parameters
    ----------
    where : str
        File, entry, notebook or parameter: what a person would open.
    what : str
        What is wrong there.
    expected, advice : str
        What would have been right, and what to do; left out of the line when empty.
    """

    def __init__(self, where: str, what: str, expected: str = "", advice: str = "") -> None:
        super().__init__(where, what, expected, advice)
        self.where, self.what, self.expected, self.advice = where, what, expected, advice

    def __str__(self) -> str:
        tail = "; ".join(part for part in (self.what, self.expected, self.advice) if part)
        return f"{self.where}: {tail}"

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it in a notebook: the line that a person can act on, not the way to it."""
        return [f"{type(self).__name__}: {self}"]


class DocumentError(CsrbookError, ValueError):
    """A file that cannot be read as a document."""


class NothingToRead(CsrbookError, ValueError):
    """No document could be read at all."""


class LexiconError(CsrbookError, ValueError):
    """A lexicon file that breaks the rules of lexicons/README.md."""


class AmbiguousNumber(CsrbookError, ValueError):
    """A printed number with two readings and no evidence for either."""


class SchemaError(CsrbookError, ValueError):
    """A table that lacks a column, or holds the wrong type in one."""


class SpanError(CsrbookError, ValueError):
    """A quotation that is not at its place in the stored text."""


class UsageError(CsrbookError, KeyError):
    """A name or parameter that does not exist, or a value of the wrong type."""

    __str__ = CsrbookError.__str__  # KeyError would print the repr of its arguments


class CorrectionError(CsrbookError, ValueError):
    """A corrections file that cannot be read."""


class PublishError(CsrbookError, ValueError):
    """A site that would tell a path of the machine that made it."""


class RunError(CsrbookError, RuntimeError):
    """A run that stopped before its last notebook ended."""
