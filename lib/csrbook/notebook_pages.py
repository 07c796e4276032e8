"""Turn an executed notebook into clean HTML: no script, no style, nothing loaded, one first heading as the title.

    convert_notebook(Path("outputs/latest/03-tabulate.ipynb")) -> ("What was given ...", "<p>Claims in normal units ...")

In      the file of an executed notebook.
Out     its title and its body as HTML with tables laid out for reading.
Never   lets markup through that runs or loads anything.
Needs   errors, escapes, frames; nbconvert, nbformat, nh3.  Used by share.
"""

import html
import re
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import escape

from csrbook.errors import CsrbookError, RunError
from csrbook.escapes import show_controls
from csrbook.frames import lay_out_tables

__all__ = ["convert_notebook"]


def convert_notebook(path: Path) -> tuple[str, str]:
    """Return title and body of an executed notebook as clean HTML; one first heading becomes the title."""
    exporter = _make_exporter()
    import nbformat

    try:
        body, _ = exporter.from_notebook_node(nbformat.read(path, 4), resources={"metadata": {"name": path.stem}})
    except CsrbookError:
        raise
    except Exception as error:  # nbconvert raises what its parts raise
        told = f"{type(error).__name__}: {error}"
        raise RunError(path.name, f"cannot be made a page: {told}", advice="open it in JupyterLab") from error
    first = re.search(r"<h1[^>]*>(.*?)</h1>\s*", body, re.DOTALL)
    title = re.sub(r"<[^>]+>", "", first[1]) if first else ""
    body = body[: first.start()] + body[first.end() :] if first else body
    body = re.sub(r"(</?)h1\b", r"\1h2", body)
    return title, lay_out_tables(re.sub(r"<(h[2-6])>(.*?)</\1>", _give_id, body, flags=re.DOTALL))


def _give_id(head: re.Match) -> str:
    """Return a heading with the id that Jupyter gives it, behind a prefix that keeps it from meeting our own."""
    words = html.unescape(re.sub(r"<[^>]+>", "", head[2])).strip()
    return f'<{head[1]} id="s-{escape(words.replace(" ", "-"))}">{head[2]}</{head[1]}>'


@cache
def _make_exporter() -> Any:
    """Return nbconvert with our template; every piece of HTML in a notebook goes through nh3."""
    sys.modules.setdefault("rfc3987_syntax", None)  # an optional part of jsonschema that costs a second to import
    from nbconvert import HTMLExporter
    from nbconvert.filters import strip_ansi
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.extra_template_basedirs = [str(files("csrbook") / "pages")]
    config.HTMLExporter.template_name = "workbook"
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.exclude_anchor_links = True
    exporter = HTMLExporter(config=config)
    exporter.register_filter("clean_html", _clean)
    exporter.register_filter("plain", lambda text: show_controls(strip_ansi(text)))
    return exporter


def _clean(markup: str) -> str:
    """Return HTML without script, style, form, id, or anything loaded."""
    import nh3

    kept = {name: set(allowed) for name, allowed in nh3.ALLOWED_ATTRIBUTES.items()}
    kept["*"] = {"class", "lang", "dir", "title", "scope", "colspan", "rowspan"}

    def check(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if value.startswith("data:image/") else None
        if name == "href" and value.startswith("#") and not value.startswith("#c-"):
            return f"#s-{value[1:]}"
        return None if name == "href" and value.lower().startswith("data:") else value

    return nh3.clean(
        str(markup),
        tags=nh3.ALLOWED_TAGS | {"figure", "figcaption", "section"},
        attributes=kept,
        attribute_filter=check,
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto", "data"},
    )
