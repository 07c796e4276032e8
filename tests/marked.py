"""Texts with the mention in square brackets: the marks are taken out and become offsets."""

from types import SimpleNamespace

from csrbook.lexicon import load_lexicons
from csrbook.mentions import find_mentions


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without its square brackets, and the half-open span of each bracket."""
    plain, spans, start = "", [], None
    for char in text:
        if char == "[":
            start = len(plain)
        elif char == "]" and start is not None:
            spans.append((start, len(plain)))
            start = None
        else:
            plain += char
    return plain, spans


def document(text: str, language: str, **fields):
    """Return what find_mentions needs of a Document."""
    return SimpleNamespace(doc="case", text=text, language=language, furniture=(), **fields)


def read(text: str, language: str):
    """Return (mentions, skipped) of a text."""
    return find_mentions(document(text, language), load_lexicons())
