"""What every figure has: a page opened and closed in the house style, its words, its files.

    chart = finished("money", page, data, labels, high="...", low="...");  chart.save(folder, "03-money-by-theme")

In      a drawn Page, the table of its marks, facts for its words; the language as Labels.
Out     Chart(figure, data, title, alt, caption, claims); files svg, png, csv and a line of charts.json.
Never   decides what is drawn; writes another byte for the same chart.
Needs   labels, style, picks, exports; matplotlib, pandas.  Used by charts and grids.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from csrbook.exports import write_csv
from csrbook.labels import Labels
from csrbook.picks import short_names
from csrbook.style import QUIET, Page, house, open_page, printable, write_figure

__all__ = ["Chart", "close_chart", "finished", "measure", "nothing", "open_chart", "save", "short", "source_line", "title_of"]

NAMED = 6  # documents named under a figure


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with everything that must travel with it."""

    figure: Figure
    data: pd.DataFrame
    title: str
    alt: str
    caption: str
    claims: tuple[str, ...]

    def save(self, folder: str | Path, stem: str) -> list[Path]:
        """Write this chart; see `save`."""
        facts = {"title": self.title, "alt": self.alt, "caption": self.caption, "claims": self.claims}
        return save(self.figure, folder, stem=stem, data=self.data, **facts)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        buffer = BytesIO()
        with house():
            self.figure.savefig(buffer, format="png", metadata={"Software": None})
        wide = round(self.figure.get_figwidth() * 96)
        return {"image/png": buffer.getvalue(), "text/plain": self.alt}, {"image/png": {"alt": self.alt, "width": wide}}


def save(
    fig: Figure,
    folder: str | Path,
    *,
    stem: str,
    data: pd.DataFrame,
    alt: str,
    caption: str,
    title: str = "",
    claims: Sequence[str] = (),
) -> list[Path]:
    """Write `<stem>.svg`, `.png` and `.csv`, and the line of the chart in charts.json; return the paths.

    Parameters
    ----------
    fig : Figure
        Drawn inside `style.house()`.
    folder : path
        Made where it is missing.
    stem : str
        "NN-what-by-what"; a chart saved again under its stem takes the place of the first.
    data : DataFrame
        What the marks show.
    alt, caption, title : str
        What it shows in words; the documents and claims behind it; the quantity.
    claims : sequence of str
        Ids of the claims that are drawn.
    """
    folder = Path(folder)
    paths = [write_figure(fig, folder / f"{stem}{ending}") for ending in (".svg", ".png")]
    paths.append(write_csv(data, folder / f"{stem}.csv"))
    index = folder / "charts.json"
    rows = json.loads(index.read_text(encoding="utf-8")) if index.exists() else []
    row = {"stem": stem, "title": title, "alt": alt, "caption": caption, "claims": list(claims), "files": [p.name for p in paths]}
    rows = sorted([r for r in rows if r["stem"] != stem] + [row], key=lambda r: r["stem"])
    part = index.with_suffix(".part")
    part.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, index)
    return [*paths, index]


def title_of(chart: str, labels: Labels, **facts: Any) -> str:
    """Return the title of a chart, without a colon that nothing follows."""
    return labels.text(f"chart.{chart}.title", **{"what": "", **facts}).rstrip(": \uff1a")


def open_chart(chart: str, labels: Labels, *, height: float, rows: Sequence[float] = (1,), **facts: Any) -> Page:
    """Return a page with the title and subtitle of a chart; see `style.open_page`."""
    subtitle = labels.text(f"chart.{chart}.subtitle", **facts)
    return open_page(height=height, title=title_of(chart, labels, **facts), subtitle=subtitle, rows=rows)


def close_chart(page: Page, data: pd.DataFrame, labels: Labels, more: Sequence[str] = ()) -> None:
    """Write the line of sources under a chart of claims, and give the plot its room; labels come after."""
    page.note(source_line(data["doc"].unique().tolist(), data["claim_id"].nunique(), labels, more))
    page.fit()


def finished(
    chart: str, page: Page, data: pd.DataFrame, labels: Labels, *, ids: Sequence[str] | None = None, **facts: Any
) -> Chart:
    """Return the Chart of a drawn page: alternative text and caption filled in, claims listed in order, each once."""
    claims = tuple(dict.fromkeys(data["claim_id"] if ids is None else ids))
    docs = data["doc"].nunique() if "doc" in data else 0
    alt = labels.sentences(labels.text(f"chart.{chart}.alt", **{"claims": len(claims), "documents": docs, **facts}))
    title = title_of(chart, labels, **facts)
    notes = [t.get_text().replace("\n", " ") for t in page.figure.texts if t.get_gid() == "note"]
    return Chart(page.figure, data, title, alt, labels.sentences(title, *notes), claims)


def nothing(chart: str, data: pd.DataFrame, labels: Labels) -> Chart:
    """Return the chart that says, in its own place, that there is nothing to show and why."""
    words = f"{labels.text('word.nothing')}: {labels.text(f'chart.{chart}.empty')}"
    with house():
        page = open_page(height=0.5, title=title_of(chart, labels))
        page.axes.set_axis_off()
        page.axes.text(0, 0.5, printable(words), color=QUIET, va="center", fontsize=9.5)
        page.fit()
    return Chart(page.figure, data, title_of(chart, labels), words, words, ())


def measure(row: Any, labels: Labels) -> str:
    """Return the words for what a claim measures: the noun that is counted, else the indicator, else theme or unit.

    The noun goes first, for "places reached" would not say that these are villages.
    """
    if isinstance(row["indicator"], str) and not (row["kind"] == "count" and row["unit"] in labels.order("noun")):
        return labels.name("indicator", row["indicator"])
    return labels.name("theme", row["theme"]) if row["kind"] == "money" else labels.noun(row["unit"])


def source_line(docs: Sequence[str], claims: int, labels: Labels, more: Sequence[str] = ()) -> str:
    """Return "Claims: 34 · documents: 5 (a, b, c)", with what was left out behind it."""
    names = list(short_names(docs).values())
    shown = names[:NAMED] + ([f"+{len(names) - NAMED}"] if len(names) > NAMED else [])
    facts = {"claims": str(claims), "documents": str(len(names)), "names": labels.join(shown)}
    return " \u00b7 ".join([labels.text("note.source", **facts), *more])


def short(words: Any, longest: int = 26) -> str:
    """Return a text that can be drawn, cut to `longest` characters; an empty one for a null."""
    text = printable(words) if isinstance(words, str) else ""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\u2026"
