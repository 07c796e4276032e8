"""Show a chart in a page: its picture, and over the picture a link for every mark that leads to what it draws.

    describe_charts(run, href)[0].marks[0]
    -> Mark(x=40.0, y=61.5, width=8.0, height=8.0, label="CNY 3.4 bn", claims=("1f2e...",), href="doc-a.html#c-1f2e...", ...)

In      the charts of a Run: 05-chart/charts.json with the pictures beside it.
Out     Figure: words, addresses of the pictures (of files, or holding them), and its marks, large ones first.
Never   reads what a picture says, or trusts the place of a mark that does not lie in it; an older chart simply has no marks.
Needs   evidence.  Used by share.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from csrbook.evidence import Run

__all__ = ["AT_HAND", "Figure", "Mark", "carried", "describe_charts", "embed", "plain_name"]

AT_HAND = 60  # claims of one chart, mark or sentence whose evidence lies in the page itself; the table has the rest
MOST = 100_000  # points of a place or a side: no picture is larger, and neither infinity nor "not a number" is smaller
ROOM = 1000  # claims of marks whose evidence one page carries
HOME = "05-chart"
Href = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A box over a chart, in the units of its picture, and where it leads; `claims` is empty where the page lacks their evidence."""

    x: float
    y: float
    width: float
    height: float
    label: str
    claims: tuple[str, ...]
    href: str
    group: str  # the name of its claims in the table of all


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as the pages show it."""

    stem: str
    title: str
    alt: str
    caption: str
    language: str
    claims: tuple[str, ...]
    image: str | None  # addresses of its pictures
    dark: str | None
    table: str | None
    size: tuple[float, float] | None
    marks: tuple[Mark, ...]
    groups: Mapping[str, tuple[str, ...]]  # its claims, and those of every mark of many, by the name that the table has for them


def describe_charts(run: Run, href: Href) -> list[Figure]:
    """Return every chart of a run, in the order of charts.json.

    Parameters
    ----------
    run : Run
        Whose charts they are; pictures that are not there stay None.
    href : callable
        The address of a claim's place in its document.
    """
    return [_figure(chart, run.folder / HOME, href) for chart in run.charts]


def carried(figures: Iterable[Figure]) -> tuple[list[Figure], list[str]]:
    """Return the figures as a page shows them that carries so much evidence and no more, and the claims it has to carry."""
    held: dict[str, None] = {}
    shown = []
    for figure in figures:
        marks = []
        for mark in figure.marks:
            fits = len(mark.claims) <= AT_HAND and len(held.keys() | set(mark.claims)) <= ROOM
            held |= dict.fromkeys(mark.claims if fits else ())
            marks.append(mark if fits else replace(mark, claims=()))
        if len(figure.claims) <= AT_HAND:
            held |= dict.fromkeys(figure.claims)
        shown.append(replace(figure, marks=tuple(marks)))
    return shown, list(held)


def embed(figures: Iterable[Figure], folder: Path, *, room: int) -> list[Figure]:
    """Return the figures with their pictures inside, without marks, in `room` bytes.

    Where the drawings are too much, the largest are given as points (a PNG weighs less than its letters as paths); what
    still has no room has no picture, and dark drawings come last, as far as they fit.
    """
    shown = list(figures)
    light = [_data_address(folder, figure.image) or "" for figure in shown]
    for place in sorted(range(len(shown)), key=lambda place: -len(light[place])):
        points = _data_address(folder, f"{HOME}/{quote(shown[place].stem)}.png") or ""
        if sum(map(len, light)) > room and 0 < len(points) < len(light[place]):
            light[place] = points
    for place, address in enumerate(light):
        light[place], room = (address, room - len(address)) if len(address) <= room else ("", room)
    dark = [_data_address(folder, figure.dark) or "" if light[place] else "" for place, figure in enumerate(shown)]
    for place, address in enumerate(dark):
        dark[place], room = (address, room - len(address)) if len(address) <= room else ("", room)
    pictures = zip(shown, light, dark, strict=True)
    return [replace(figure, marks=(), image=image or None, dark=other or None) for figure, image, other in pictures]


def plain_name(stem: str) -> str:
    """Return "05_chart" as "5 Chart"."""
    words = re.sub(r"[-_]+", " ", stem).strip()
    return re.sub(r"^0*(\d+ )?(.)", lambda found: (found[1] or "") + found[2].upper(), words)


def _figure(chart: Mapping[str, Any], home: Path, href: Href) -> Figure:
    stem = Path(str(chart.get("stem") or chart.get("file") or chart.get("name") or "")).name
    stem = re.sub(r"\.(svg|png|csv)$", "", stem)
    told = {key: str(chart.get(key) or "") for key in ("alt", "caption", "language")}
    marks = _marks(chart, f"chart-{stem}", href)
    groups = {f"chart-{stem}": chart["claims"]} | {mark.group: mark.claims for mark in marks if len(mark.claims) > AT_HAND}
    return Figure(
        stem=stem,
        title=str(chart.get("title") or "") or plain_name(stem),
        claims=chart["claims"],
        image=_address(home, f"{stem}.svg") or _address(home, f"{stem}.png"),
        dark=_address(home, f"{stem}-dark.svg"),
        table=_address(home, f"{stem}.csv"),
        size=_size(chart),
        marks=marks,
        groups=groups,
        **told,
    )


def _marks(chart: Mapping[str, Any], name: str, href: Href) -> tuple[Mark, ...]:
    """Return the marks that lie in the picture; the largest first, so that none covers a smaller one.

    A mark leads to the place of its claim, or of the first of several, which works without the script; one of more than a
    drawer holds leads to the table of them.
    """
    size, marks = _size(chart), []
    for number, raw in enumerate(chart.get("marks") or (), 1):
        box = [_number(raw.get(key)) for key in ("x", "y", "width", "height")]
        if size is None or None in box or not (box[2] > 0 and box[3] > 0):
            continue
        if box[0] + box[2] < 0 or box[1] + box[3] < 0 or box[0] > size[0] or box[1] > size[1]:
            continue
        claims, group = raw["claims"], f"{name}-{number}"
        where = href(claims[0]) if len(claims) <= AT_HAND else f"claims.html#group={quote(group)}"
        marks.append(Mark(*box, label=str(raw.get("label") or ""), claims=claims, href=where, group=group))
    return tuple(sorted(marks, key=lambda mark: -mark.width * mark.height))


def _size(chart: Mapping[str, Any]) -> tuple[float, float] | None:
    size = chart.get("size")
    sides = [_number(side) for side in size] if isinstance(size, list | tuple) else []
    return (sides[0], sides[1]) if len(sides) == 2 and all(side and side > 0 for side in sides) else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MOST else None


def _address(home: Path, name: str) -> str | None:
    return f"{HOME}/{quote(name)}" if _is_there(home / name) else None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for a disk
        return False


def _data_address(folder: Path, address: str | None) -> str | None:
    """Return a picture as an address that holds it."""
    path = folder / HOME / Path(unquote(address or "")).name
    if not address or not _is_there(path):
        return None
    kind = "svg+xml" if path.suffix == ".svg" else "png"
    return f"data:image/{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
