"""Turn an executed notebook into clean HTML: no script, no style, nothing loaded, one first heading as the title.

    convert_notebook(Path("outputs/latest/03-tabulate.ipynb")) -> ("What was given ...", "<p>Claims in normal units ...")

In      the file of an executed notebook; the words of pictures that the page has better than the notebook.
Out     its title and its body as HTML with tables laid out for reading. Cells of code that follow one another are folded
        together, and what they gave stands below.
Never   lets markup through that runs or loads anything.
Needs   errors, escapes, frames; nbconvert, nbformat, nh3.  Used by share.
"""

import html
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import escape

from csrbook.errors import CsrbookError, RunError
from csrbook.escapes import name_controls, show_controls
from csrbook.frames import lay_out_tables

__all__ = ["convert_notebook"]

BETWEEN = re.compile(r"(?P<kept><pre\b.*?</pre>)|(?<=>)\s+(?=<)", re.DOTALL)  # tags: one blank or line end says as much as many
TEXT = "text"  # of cells that stay by themselves
APART = {"parameters": "parameters", "injected-parameters": "parameters", "hide-input": "hidden", "open": "open"}  # by tag


def convert_notebook(path: Path, slots: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return title and body of an executed notebook as clean HTML; one first heading becomes the title.

    Parameters
    ----------
    path : Path
        The notebook's file.
    slots : mapping, optional
        What to put in the place of a picture, by its alternative text; of several such pictures in that of the first.
    """
    exporter = _make_exporter()
    import nbformat

    left = dict(slots or {})
    exporter.register_filter("slot", lambda alt: left.pop(alt, ""))
    try:
        notebook = nbformat.read(path, 4)
        notebook.cells = list(_gather(notebook.cells))
        body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": path.stem}})
        body = re.sub(r"<img(?![^>]*\salt=)", '<img alt="Picture without description"', body)
        body = BETWEEN.sub(lambda found: found["kept"] or ("\n" if "\n" in found[0] else " "), body)
    except CsrbookError:
        raise
    except Exception as error:  # nbconvert raises what its parts raise
        told = f"{type(error).__name__}: {error}"
        raise RunError(path.name, f"cannot be made a page: {told}", advice="open it in JupyterLab") from error
    first = re.search(r"<h1[^>]*>(.*?)</h1>\s*", body, re.DOTALL)
    title = re.sub(r"<[^>]+>", "", first[1]) if first else ""
    body = body[: first.start()] + body[first.end() :] if first else body
    body = re.sub(r"(</?)h1\b", r"\1h2", body)
    body = lay_out_tables(re.sub(r"<(h[2-6])>(.*?)</\1>", _give_id, body, flags=re.DOTALL))
    return title, re.sub(r"<th\b([^>]*)>\s*</th>", r"<td\1></td>", body)  # a head that says nothing is none to those who hear the table


def _gather(cells: Iterable[Any]) -> Iterator[Any]:
    """Yield the cells, those of code that follow one another as one; parameters and hidden code are not gathered with other code."""
    for apart, run in groupby(cells, key=_apart):
        if apart == TEXT:
            yield from run
            continue
        first, *others = run
        first.source = "\n\n".join(cell.source for cell in (first, *others) if cell.source.strip())
        first.outputs = [output for cell in (first, *others) for output in cell.outputs]
        yield first


def _apart(cell: Any) -> str:
    """Return what keeps a cell from being gathered with its neighbours."""
    tags = cell.metadata.get("tags", [])
    return TEXT if cell.cell_type != "code" else next((kind for tag, kind in APART.items() if tag in tags), "code")


def _give_id(head: re.Match) -> str:
    """Return a heading with the id that Jupyter gives it, behind a prefix that keeps it from meeting our own."""
    words = html.unescape(re.sub(r"<[^>]+>", "", head[2])).strip()
    return f'<{head[1]} id="s-{escape(words.replace(" ", "-"))}">{head[2]}</{head[1]}>'


@cache
def _make_exporter() -> Any:
    """Return nbconvert with our template; every piece of HTML in a notebook goes through nh3."""
    sys.modules.setdefault("rfc3987_syntax", None)  # an optional part of jsonschema that costs a second to import
    from nbconvert import HTMLExporter, TemplateExporter
    from nbconvert.filters import Highlight2HTML, strip_ansi
    from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
    from traitlets.config import Config

    class Exporter(HTMLExporter):
        """Does not parse the page that it has made once more to mark what our template has marked: that takes longer than all else."""

        def from_notebook_node(self, nb: Any, resources: dict | None = None, **kw: Any) -> tuple[str, dict]:
            told, language = self._init_resources(resources), nb.metadata.get("language_info", {})
            lexer = language.get("pygments_lexer", language.get("name"))
            self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
            kinds = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=told)
            self.register_filter("filter_data_type", kinds)
            return TemplateExporter.from_notebook_node(self, nb, told, **kw)

    config = Config()
    config.HTMLExporter.extra_template_basedirs = [str(files("csrbook") / "pages")]
    config.HTMLExporter.template_name = "workbook"
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.exclude_anchor_links = True
    exporter = Exporter(config=config)
    exporter.register_filter("clean_html", _clean)
    exporter.register_filter("plain", lambda text: show_controls(strip_ansi(text)))
    return exporter


def _clean(markup: str) -> str:
    """Return HTML without script, style, form, id, or anything loaded; characters that are not seen become their code in brackets."""
    import nh3

    kept = {name: set(allowed) for name, allowed in nh3.ALLOWED_ATTRIBUTES.items()}
    kept["*"] = {"class", "lang", "dir", "title", "scope", "colspan", "rowspan"}

    def check(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if value.startswith("data:image/") else None
        if name == "href" and value.startswith("#") and not value.startswith("#c-"):
            return f"#s-{value[1:]}"
        return None if name == "href" and value.lower().startswith("data:") else value

    cleaned = nh3.clean(
        str(markup),
        tags=nh3.ALLOWED_TAGS | {"figure", "figcaption", "section"},
        attributes=kept,
        attribute_filter=check,
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto", "data"},
    )
    return name_controls(cleaned.replace('<div class=" highlight', '<div class="highlight', 1))
