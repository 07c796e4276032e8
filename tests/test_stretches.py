"""stretches: a long text is cut where nothing is read across the cut, and read there as if it were not."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csrbook import mentions
from csrbook.lexicon import load_lexicons
from csrbook.stretches import REACH, stretches

TEXTS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))


@given(text=st.text(alphabet="a1. ,\n\u5341\u3002-", max_size=300), size=st.integers(5, 40))
@settings(max_examples=300, deadline=None)
def test_stretches_cover_the_text_in_order(text, size):
    parts = list(stretches(text, size))
    assert "".join(text[first:last] for first, last in parts) == text
    assert all(first < last for first, last in parts)


@pytest.mark.parametrize(
    ("text", "size", "cut"),
    [
        ("a b\n\nc d", 2, 5),
        ("one two three\nfour.\nfive six", 6, 20),
        ("it is so. And so on and on", 4, 10),
        ("\u4e00\u4e8c\u3002\u4e09\u56db\u4e94\u516d", 2, 3),
    ],
)
def test_the_best_place_in_reach_is_taken(text, size, cut):
    assert next(iter(stretches(text, size))) == (0, cut)


@pytest.mark.parametrize("heap", ["7", "a", "\u4e07", "x1", ".", " "])
def test_a_text_without_any_end_is_cut_all_the_same_or_left_whole(heap):
    text = heap * 1_000
    assert "".join(text[first:last] for first, last in stretches(text, 10)) == text


def test_a_number_is_never_cut():
    text = "1,234,567 " * 200
    for size in range(7, 60):
        assert all(text[first:last].count("1,234,567") * 10 == last - first for first, last in stretches(text, size)), size


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_document_reads_the_same_in_stretches_as_whole(path, monkeypatch):
    text = path.read_text(encoding="utf-8")
    language = "zh" if "\u7684" in text else "ru" if "\u0438" in text else "en"
    document = SimpleNamespace(doc="d", text=text, language=language, furniture=())
    lexicons = load_lexicons()
    monkeypatch.setattr(mentions, "stretches", lambda text: [(0, len(text))])
    whole = mentions.find_mentions(document, lexicons)
    monkeypatch.setattr(mentions, "stretches", lambda text: stretches(text, 600))
    assert len(list(stretches(text, 600))) > 5 * REACH or len(text) < 20_000
    assert mentions.find_mentions(document, lexicons) == whole
