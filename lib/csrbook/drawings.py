"""What every figure has: a page opened and closed in the house style, its words, its marks, its files.

    chart = finished("money", page, data, labels, high="...", low="...");  chart.save(folder, "03-money-by-theme")

In      a drawn Page, the table of its marks, facts for its words; the language as Labels.
Out     Chart(figure, data, title, alt, caption, claims, language, marks); files svg (light and dark), png, csv and an
        entry of charts.json.
Never   decides what is drawn; writes another byte for the same chart.
Needs   exports, labels, naming, palettes, picks, style; matplotlib, pandas.  Used by lanes, charts, grids, promised.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from csrbook.exports import write_csv
from csrbook.labels import Labels
from csrbook.naming import document_names, own_names
from csrbook.palettes import darken
from csrbook.picks import short_names
from csrbook.style import QUIET, Page, house, open_page, picture, printable

__all__ = [
    "Chart", "amount_of", "called", "close_chart", "finished", "introduce", "measure", "name_docs", "name_of", "nothing", "open_chart",
    "save", "short", "source_line", "tell_mark", "title_of",
]  # fmt: skip

NAMED = 6  # documents named under a figure
NAME = 64  # characters of the name of a document
PICTURES: tuple[tuple[str, str, Callable[[bytes], bytes]], ...] = (  # ending of the file, its kind, what is done to it
    (".svg", "svg", bytes),
    ("-dark.svg", "svg", lambda drawn: darken(drawn.decode()).encode()),
    (".png", "png", bytes),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with everything that must travel with it.

    `marks` are boxes around its marks and cells: x, y, width, height in points from the top left, the claims that each
    draws, and the words that name it.
    """

    figure: Figure
    data: pd.DataFrame
    title: str
    alt: str
    caption: str
    claims: tuple[str, ...]
    language: str = ""
    marks: tuple[Mapping[str, Any], ...] = ()
    drawn: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points, the units of the SVG."""
        wide, high = (round(72 * float(inches), 1) for inches in self.figure.get_size_inches())
        return wide, high

    def picture(self, kind: str) -> bytes:
        """Return the chart as svg or png, drawn once."""
        if kind not in self.drawn:
            self.drawn[kind] = picture(self.figure, kind)
        return self.drawn[kind]

    def save(self, folder: str | Path, stem: str) -> list[Path]:
        """Write this chart; see `save`."""
        return save(self, folder, stem)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        wide = round(self.figure.get_figwidth() * 96)
        return {"image/png": self.picture("png"), "text/plain": self.alt}, {"image/png": {"alt": self.alt, "width": wide}}


def save(chart: Chart, folder: str | Path, stem: str) -> list[Path]:
    """Write `<stem>.svg`, `<stem>-dark.svg`, `.png` and `.csv`, and the entry of the chart in charts.json; return the paths.

    Parameters
    ----------
    chart : Chart
        As `finished` returns it.
    folder : path
        Made where it is missing.
    stem : str
        "NN-what-by-what"; a chart saved again under its stem takes the place of the first.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{stem}{ending}" for ending, _, _ in PICTURES]
    for path, (_, kind, turned) in zip(paths, PICTURES, strict=True):
        path.write_bytes(turned(chart.picture(kind)))
    paths.append(write_csv(chart.data, folder / f"{stem}.csv"))
    row = {"stem": stem, "title": chart.title, "alt": chart.alt, "caption": chart.caption, "language": chart.language}
    row |= {"size": list(chart.size), "claims": list(chart.claims)}
    row |= {"files": [path.name for path in paths if not path.stem.endswith("-dark")], "marks": list(chart.marks)}
    return [*paths, _list_in(folder / "charts.json", row)]


def _list_in(index: Path, row: Mapping[str, Any]) -> Path:
    rows = json.loads(index.read_text(encoding="utf-8")) if index.exists() else []
    rows = sorted([r for r in rows if r["stem"] != row["stem"]] + [row], key=lambda r: r["stem"])
    part = index.with_suffix(".part")
    part.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, index)
    return index


def title_of(chart: str, labels: Labels, **facts: Any) -> str:
    """Return the title of a chart: what it found where its facts are given and it has words for that, else what it shows."""
    headline = bool(facts) and "headline" in labels.table["chart"][chart]
    words = labels.text(f"chart.{chart}.{'headline' if headline else 'title'}", **facts)
    return words[:1].upper() + words[1:]


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
    words = {"title": title, "alt": alt, "caption": labels.sentences(title, page.source)}
    return Chart(page.figure, data, **words, claims=claims, language=labels.language, marks=tuple(page.boxes()))


def nothing(chart: str, data: pd.DataFrame, labels: Labels) -> Chart:
    """Return the chart that says, in its own place, that there is nothing to show and why."""
    words = f"{labels.text('word.nothing')}: {labels.text(f'chart.{chart}.empty')}"
    title = title_of(chart, labels)
    with house():
        page = open_page(height=0.5, title=title)
        page.axes.set_axis_off()
        page.axes.text(0, 0.5, printable(words), color=QUIET, va="center", fontsize=9.5)
        page.fit()
    return Chart(page.figure, data, title, words, words, (), labels.language)


def introduce(labels: Labels, *, sources: Any, names: Mapping[str, Any]) -> Labels:
    """Return the labels with the names of documents, bodies and programmes that a brief of the same run uses.

    Parameters
    ----------
    sources : DataFrame, or iterable of mapping
        As naming.document_names takes them.
    names : mapping
        The table of names, `lexicons.tables["names"]`.
    """
    return replace(labels, documents=document_names(sources, labels=labels), proper=own_names(names, labels=labels))


def name_docs(docs: Sequence[str], labels: Labels) -> dict[str, str]:
    """Return the name of each document: the one it was introduced by, else a short one that tells it from the others."""
    return {doc: short(labels.documents.get(doc, name), NAME) for doc, name in short_names(docs).items()}


def called(name: Any, labels: Labels) -> str:
    """Return what the labels call a document, a body or a programme: its own id or name where they know none; "" for a null."""
    return labels.documents.get(name) or labels.proper.get(name, name) if isinstance(name, str) else ""


def measure(row: Any, labels: Labels) -> str:
    """Return the words for what a claim measures: the noun that is counted, else the indicator, else theme or unit.

    The noun goes first, for "places reached" would not say that these are villages.
    """
    if isinstance(row["indicator"], str) and not (row["kind"] == "count" and row["unit"] in labels.order("noun")):
        return labels.name("indicator", row["indicator"])
    return labels.name("theme", row["theme"]) if row["kind"] == "money" else labels.noun(row["unit"])


def source_line(docs: Sequence[str], claims: int, labels: Labels, more: Sequence[str] = ()) -> str:
    """Return "Claims: 34 · documents: 5 (a, b, c)", with what was left out behind it."""
    names = list(name_docs(docs, labels).values())
    shown = names[:NAMED] + ([f"+{len(names) - NAMED}"] if len(names) > NAMED else [])
    listed = labels.text("brief.between").join(shown) if labels.documents else labels.join(shown)  # a name may hold a comma
    facts = {"claims": str(claims), "documents": str(len(names)), "names": listed}
    return " \u00b7 ".join([labels.text("note.source", **facts), *more])


def short(words: Any, longest: int = 30) -> str:
    """Return a text that can be drawn, cut to `longest` characters, after a whole word where one ends near; an empty one for a null."""
    text = printable(words) if isinstance(words, str) else ""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    whole = cut.rpartition(" ")[0] if text[longest - 1] != " " else cut
    return (whole if len(whole) >= longest * 0.6 else cut).rstrip(" ,;:\u3001\uff0c") + "\u2026"


def name_of(row: Any, labels: Labels, longest: int = 30) -> str:
    """Return the name of the programme of a claim, else of its actor, in the language of the labels; an empty text where it has none."""
    named = next((name for name in (row["programme"], row["actor"]) if isinstance(name, str)), None)
    return short(called(named, labels), longest)


def amount_of(row: Any, labels: Labels) -> str:
    """Return what a claim counts, hedged as it is worded; as it is printed where its unit has no name in the language."""
    unit = row["unit"]
    known = not isinstance(unit, str) or unit in {"percent", "times", *labels.order("unit"), *labels.order("noun")}
    if not known and not (len(unit) == 3 and unit.isupper()):
        return labels.text("word.printed", text=short(row["text"], 24))
    low, high = row["value"], row["value_max"]
    hedge = row["qualifier"] if row["qualifier"] in labels.order("hedge") else "exact"
    return labels.stated(low, low if high is None or high != high else high, unit, hedge)


def tell_mark(row: Any, labels: Labels, *more: str) -> str:
    """Return the words that name a mark: amount, who, and what else is said of it, such as the document."""
    return " \u00b7 ".join(part for part in (amount_of(row, labels), name_of(row, labels, 60), *more) if part)
