"""Show a document's words in a page as data: nothing in them is markup, script, or a sign that is not seen.

    show_controls("a\u202eb") -> Markup('a<span class="control" data-code="U+202E"></span>b')

In      any text; any data.
Out     HTML, JSON that may stand in a script element, or plain words for an attribute.
Never   drops a character.
Needs   markupsafe.  Used by document_pages, notebook_pages, share and templates.
"""

import json
import re
from typing import Any

from markupsafe import Markup, escape

__all__ = ["name_controls", "show_controls", "to_json"]

# characters that are not seen but change how others are seen or read: shown by their code
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def to_json(data: Any) -> Markup:
    """Return JSON that may stand in a script element: no character of markup is left in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return Markup(re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text))


def show_controls(text: Any) -> Markup:
    """Escape a document's words; characters that steer direction or are not seen become their code."""
    shown = str(escape(text))
    return Markup(CONTROLS.sub(lambda found: f'<span class="control" data-code="U+{ord(found[0]):04X}"></span>', shown))


def name_controls(text: Any) -> str:
    """Return words for an attribute or a tooltip, which hold no elements: such characters stand there as their code in brackets.

    >>> name_controls("a\u202eb")
    'a[U+202E]b'
    """
    return CONTROLS.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text))
