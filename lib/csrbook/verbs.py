"""The handful of verbs that a notebook needs: csrbook.read, extract, explain, compare, open_run, latest_run, explore.

    csrbook.extract("In 2019 it planted 500 trees.").claims[0].value     -> Decimal("500")

In      a path, a text, a Document, Extractions, a run.
Out     the records of the library, which show themselves in a notebook.
Never   does anything of its own: each verb calls the module that does.
Needs   claims, documents, errors, lexicon, opened, pasted, showings; late: derivations, explanations, explorer, reconcile.
"""

from pathlib import Path
from typing import Any

from csrbook.claims import Extraction, make_claims, record
from csrbook.documents import Corpus, Document, read_document, read_documents
from csrbook.errors import UsageError
from csrbook.lexicon import load_lexicons
from csrbook.opened import OpenRun, latest_run, open_run
from csrbook.pasted import read_text
from csrbook.showings import remember

__all__ = ["compare", "explain", "explore", "extract", "latest_run", "open_run", "read"]


class Explanation(str):
    """Lines of text that show themselves as they are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def read(path: str | Path, *, language: str | None = None) -> Document | Corpus:
    """Return a file as a Document, or a folder as a Corpus (its `documents`, and the files that are `unread`).

    Raises
    ------
    DocumentError, NothingToRead
        The file cannot be read; the folder is absent or empty.

    Examples
    --------
    >>> import csrbook
    >>> csrbook.read("seeds/spring-thunder-letter.txt").language
    'zh'
    """
    if Path(path).is_file():
        document = read_document(path, load_lexicons(), language=language)
        remember(document)
        return document
    corpus = read_documents(path, load_lexicons(), language=language)
    for document in corpus.documents:
        remember(document)
    return corpus


def extract(source: str | Document, *, language: str | None = None, date: str | None = None) -> Extraction:
    """Return the claims of a text, or of a Document that `read` gave, and the numerals set aside.

    Parameters
    ----------
    source : str or Document
        A text in English, Chinese or Russian; a file goes through `read` first.
    language, date : str, optional
        Of a text: its language code, told from the text where it is left out; its day, which "last year" is counted from.

    Examples
    --------
    >>> import csrbook
    >>> found = csrbook.extract("By 2019 the mill had planted more than 500 trees.")
    >>> [(claim.text, claim.value, claim.unit, claim.qualifier) for claim in found.claims]
    [('500 trees', Decimal('500'), 'tree', 'over')]
    """
    if isinstance(source, Document):
        remember(source)
        return make_claims(source, load_lexicons())
    if isinstance(source, Path) or len(source) < 1_000 and "\n" not in source and Path(source).exists():
        name = str(source)
        raise UsageError("extract", f"{name!r} is a file", "a text, or a Document", f"csrbook.extract(csrbook.read({name!r}))")
    found = read_text(source, language=language, date=date)
    remember(found.document)
    return found


def explain(text: str, *, language: str | None = None) -> Explanation:
    """Return how a text is read, line by line: its numbers with the entries and rules they were read by, then what they say, and why.

    Examples
    --------
    >>> import csrbook
    >>> "500 trees" in csrbook.explain("By 2019 the mill had planted more than 500 trees.")
    True
    """
    from csrbook.derivations import explain as explain_text
    from csrbook.explanations import explain_claims

    lexicons = load_lexicons()
    told = language or read_text(text).document.language
    said = explain_claims(text, lexicons, language=told)
    return Explanation("\n".join([*explain_text(text, lexicons, language=told), *(["", "What the numbers say", *said] if said else [])]))


def compare(*extractions: Extraction) -> list[Any]:
    """Return what figures of one measure are to one another, within these extractions and across them: a Relation each.

    Examples
    --------
    >>> import csrbook
    >>> one = csrbook.extract("In 2019 the Lantern Mill planted 500 trees.")
    >>> two = csrbook.extract("The Lantern Mill planted 600 trees in 2019, it says.")
    >>> isinstance(csrbook.compare(one, two), list)
    True
    """
    from csrbook.reconcile import find_relations

    records = [record(claim) for each in extractions for claim in each.claims]
    return find_relations(records, load_lexicons(), documents=[each.document for each in extractions])


def explore(run: Any = None, *, seeds: str | Path | None = None, reviewer: str = "") -> Any:
    """Return the explorer of a run, to be shown by the last line of a cell: filters, table, evidence, charts and a desk to review at.

    Parameters
    ----------
    run : path or OpenRun, optional
        A run, or a folder of runs; the latest where it is left out.
    seeds : path, optional
        The folder of its documents, whose corrections.csv takes what is decided; without it nothing can be decided.
    reviewer : str
        Your name, as decisions are signed.

    Raises
    ------
    NothingToRead
        There is no run.

    Examples
    --------
    >>> import csrbook
    >>> explorer = csrbook.explore(seeds="seeds", reviewer="Ann Lee")
    >>> len(explorer.filter(kind="money")) == len(explorer.shown)
    True
    """
    from csrbook.explorer import Explorer

    opened = run if isinstance(run, OpenRun) else latest_run() if run is None else open_run(run)
    return Explorer(opened, seeds=seeds, reviewer=reviewer)
