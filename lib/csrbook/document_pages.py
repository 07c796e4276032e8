"""Lay out a document for its page: every figure a mark with a link, every numeral set aside with its reason.

    lay_out([("plain", "It gave ", None), ("claim", "12 clerks", claim)]) -> Markup('<div class="part">It gave <a class="m ...')

In      the pieces of a text as `evidence.segment` cuts it.
Out     HTML whose words, joined, are the text.
Never   lets a word of the document be markup.
Needs   displays, escapes, labels; markupsafe.  Used by share.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from csrbook.displays import format_value, is_promise
from csrbook.escapes import show_controls
from csrbook.labels import load_labels

__all__ = ["TAGS", "lay_out"]

TAGS = {  # a tag stands by every mark, so that no colour has to be told apart
    "public_health": "HE", "business_support": "BS", "rural": "RU", "environment": "EN", "education": "ED",
    "employment": "EM", "philanthropy": "PH", "inclusion": "IN", "community": "CM", "corporate": "CO",
}  # fmt: skip
PART = 20_000  # code points of a document that are laid out together; a line of 10 MB would hold up the browser


def lay_out(pieces: Iterable[tuple[str, str, Any]]) -> Markup:
    """Return a document as parts that end at a line's end; where a line has none, a part is "long".

    A browser leaves a long part alone until it is seen; for the others it knows their height at once.
    """
    block, parts, size = Markup('<div class="{}">{}</div>'), [], 0
    whole: list[Markup] = []
    for kind, text, record in pieces:
        while kind in ("plain", "passage") and size + len(text) > PART:
            line_end = text.find("\n", max(0, PART - size), 2 * PART) + 1
            cut = line_end or max(0, PART - size)
            parts.append(_mark_piece(kind, text[:cut], record))
            whole.append(block.format("part" if line_end else "part long", Markup("").join(parts)))
            text, size, parts = text[cut:], 0, []
        parts.append(_mark_piece(kind, text, record))
        size += len(text)
    return Markup("").join([*whole, block.format("part", Markup("").join(parts))])


def _mark_piece(kind: str, text: str, record: Mapping[str, Any] | None) -> Markup:
    """Return one piece of a document as HTML."""
    words, labels = show_controls(text), load_labels()
    if kind == "claim":
        theme, relevance = record.get("theme"), "csr" if record.get("relevance") == "csr" else "context"
        promise = is_promise(record)
        told = f"{format_value(record)}. {labels.name('theme', theme)}, {relevance}{', promise' if promise else ''}"
        style = f"m {f't-{theme}' if theme in TAGS else 't-none'} {relevance}"
        tag, one = TAGS.get(theme, "") + (" \u2192" if promise else ""), str(record["claim_id"])
        return Markup(
            '<a class="{}" id="c-{}" href="claims.html#c-{}" data-claims="{}" data-tag="{}" title="{}">{}</a>'
        ).format(style, one, quote(one), one, tag, told, words)
    if kind == "skipped":
        why = labels.name("reason", str(record["reason"]))
        return Markup('<span class="x" data-why="{}" title="Set aside: {}">{}</span>').format(why, why, words)
    if kind == "telling":
        return Markup('<span class="told" id="t-{}"></span>').format(record["telling_id"])
    if kind == "gap":
        return Markup('<span class="gap">[\u2026]</span>')
    if kind == "passage":
        why = str(record.get("reason") or "furniture").replace("_", " ")
        return Markup('<span class="passage" title="{}">{}</span>').format(why, words)
    return words
