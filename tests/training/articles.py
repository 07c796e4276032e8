"""Read the annotated articles: texts of our own whose quantities are marked with what is said of them.

An article begins with a line `=== id`. A mark is [[printed text|relevance|theme|when|when_type|plan|actor|programme]];
an empty field is null; the fields are those of the gold standard. Articles marked for what they are about alone have marks
[[printed text|relevance|theme]], of which nothing more is known.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csrbook.documents import Document, read_document

FOLDER = Path(__file__).parent
ABOUT = ("text", "relevance", "theme")
FIELDS = (*ABOUT, "when", "when_type", "plan", "actor", "programme")
HEAD = re.compile(r"^=== *(\S+)[^\n]*\n", re.M)
MARK = re.compile(r"\[\[(.*?)\]\]", re.S)


@dataclass(frozen=True)
class Article:
    """One text and its marks: dicts of FIELDS, or of ABOUT, with start and end (half-open code points), and target where known."""

    id: str
    text: str
    marks: tuple[dict[str, Any], ...]

    @property
    def whole(self) -> bool:
        """True where every field of the marks is known."""
        return all("when" in mark for mark in self.marks)


def read_articles(language: str, folder: Path = FOLDER) -> Iterator[Article]:
    """Yield the articles of a language, file by file."""
    for path in sorted((folder / language).glob("*.txt")):
        parts = HEAD.split(path.read_text(encoding="utf-8"))
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            article = _article(name, body)
            if len({"when" in mark for mark in article.marks}) > 1:
                raise ValueError(f"{name}: some marks have {len(ABOUT)} fields and some {len(FIELDS)}, expected one kind an article")
            yield article


def _article(name: str, body: str) -> Article:
    text, marks, place = "", [], 0
    for found in MARK.finditer(body):
        values = [value.strip() or None for value in found[1].split("|")]
        if len(values) not in (len(ABOUT), len(FIELDS)):
            raise ValueError(f"{name}: {found[0]} has {len(values)} fields, expected {len(ABOUT)} or {len(FIELDS)}")
        text += body[place : found.start()]
        mark: dict[str, Any] = dict(zip(FIELDS, values, strict=False)) | {"start": len(text)}
        text += found[1].split("|")[0]
        marks.append(mark | {"end": len(text)} | ({"target": mark["plan"] == "plan"} if "plan" in mark else {}))
        place = found.end()
    return Article(name, text + body[place:], tuple(marks))


def documents(language: str, folder: Path = FOLDER) -> Iterator[tuple[Document, Article]]:
    """Yield every article read as a user's file would be, with its marks."""
    with tempfile.TemporaryDirectory() as place:
        for article in read_articles(language, folder):
            path = Path(place) / f"{article.id}.txt"
            path.write_text(article.text, encoding="utf-8", newline="")
            yield read_document(path, language=language), article
