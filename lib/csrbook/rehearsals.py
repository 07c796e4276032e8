"""Extract a small text of every language, so that all that is made at first use is there: tries, patterns, dictionaries.

    for _ in rehearse(): ...        # a step at a time: whoever has something else to do may do it in between

In      nothing: the texts are the samples of the lexicons.
Out     nothing but what the process now holds; an extraction gives the same rows after it, sooner.
Never   writes a file, or takes long over one step.
Needs   documents, lexicon, money, yields.  Called by warm_process, which forks kernels that hold the same.
"""

from collections.abc import Iterator

from csrbook.documents import Document
from csrbook.lexicon import Lexicon, load_lexicons
from csrbook.money import currencies
from csrbook.yields import extract_one, make_task

__all__ = ["rehearse"]


def rehearse() -> Iterator[None]:
    """Yield after every step; each takes less than a second."""
    lexicons = load_lexicons()
    for part in (lexicons.languages, lexicons.tables):
        for key in part:
            part[key]
            yield
    task = make_task()
    for lexicon in lexicons.values():
        for text in _sample(lexicon):
            extract_one((_document(text, lexicon.language), ()), task=task)
            yield
    currencies()
    yield


def _sample(lexicon: Lexicon) -> Iterator[str]:
    """Yield one sentence, then one of every section."""
    found = [rows[0].sample.replace("[", "").replace("]", "") for rows in lexicon.entries.values() if rows]
    yield found[0]
    yield "\n\n".join(found)


def _document(text: str, language: str) -> Document:
    told = {"doc": "sample", "path": "sample.txt", "title": "sample", "encoding": "utf-8", "format": "text", "sha256": "0" * 64}
    how = dict.fromkeys(("language_by", "title_by", "date_by"), "given")
    unknown = dict.fromkeys(("publisher", "kind"))
    return Document(text=text, language=language, date="2020-01-01", furniture=(), repeats=(), **told, **how, **unknown)
