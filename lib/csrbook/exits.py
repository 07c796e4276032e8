"""Exit codes of every command, and what a run is asked to say 3 about.

    code_of(error)                              1, or 2 where the person has to ask for something else
    read_findings("conflicts,unread")           ("conflicts", "unread")

In      an error; what --fail-on was given.
Out     0 done or nothing new, 1 failed, 2 bad use or nothing to read, 3 done with something to look at.
Never   exits.
Needs   errors.  Used by summaries, corrections_cli, run_cli, cli.
"""

from csrbook.errors import NothingToRead, UsageError

__all__ = ["BAD_USE", "DONE", "FAILED", "FINDINGS", "LOOK", "code_of", "read_findings"]

DONE, FAILED, BAD_USE, LOOK = 0, 1, 2, 3
FINDINGS = ("conflicts", "orphans", "unread")  # what a person may have to look at after a run
NONE = "none"


def code_of(error: BaseException) -> int:
    """Return the exit code of a command that ended with this error."""
    return BAD_USE if isinstance(error, UsageError | NothingToRead) else FAILED


def read_findings(text: str) -> tuple[str, ...]:
    """Return the findings that a comma-separated list names, in their own order; "none" names none.

    Raises
    ------
    UsageError
        Another word, or no word.
    """
    words = [word.strip() for word in text.split(",")]
    strange = [word for word in words if word not in (*FINDINGS, NONE)]
    if strange or (NONE in words and len(words) > 1):
        raise UsageError("--fail-on", f"{text!r} was given", f"{', '.join(FINDINGS)} with commas between them, or {NONE}")
    return tuple(name for name in FINDINGS if name in words)
