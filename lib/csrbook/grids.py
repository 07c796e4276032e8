"""Figures of cells and bars: who confirms what, themes by years, and where every numeral went.

    draw_confirmation(claims, labels=load_labels("en")).save(folder, "05-programmes-by-document")

In      normalised claims, or a table of pivots; the language as Labels.
Out     drawings.Chart, as in `charts`.
Never   raises for want of data, paints a cell that has no claim, or starts a bar above zero.
Needs   drawings, labels, picks, pivots, style; matplotlib, pandas.
"""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.legend import Legend
from matplotlib.ticker import FuncFormatter, MultipleLocator

from csrbook.drawings import Chart, called, finished, name_docs, nothing, open_chart, short, source_line
from csrbook.labels import Labels, load_labels
from csrbook.picks import pick_confirmation, pick_shares, pick_theme_year
from csrbook.pivots import by_theme_year, countable
from csrbook.style import CATEGORY, GROUND, HEAT, INK, QUIET, SIZES, Page, house, on, printable

__all__ = ["draw_accounting", "draw_confirmation", "draw_theme_year"]

ROW = 0.3
Ids = Mapping[tuple[str, str], Sequence[str]]  # row and column of a cell -> the claims in it
FEW = 6  # claims: where no cell has more, none is painted as dark as can be
MARGINS = 0.9  # inches beside names and columns of a grid
KEY = 6.0  # inches that a key may be wide
LINES = 4  # of the head of a column
UPRIGHT = 2.0  # inches of a name that stands on end above its column
NAME = 1.3  # inches of the name of a document beside its bar
NARROW = 9.0  # percent: a part of a bar below this has no room for its number


def draw_confirmation(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw programmes by documents: the number of claims a cell, and how many documents tell of each."""
    labels = labels or load_labels()
    kept = countable(claims)
    named = kept.dropna(subset=["programme"])
    if named.empty:
        return nothing("confirmation", named, labels)
    matrix = pick_confirmation(kept)
    docs = [name for name in matrix.columns if name != "documents"]
    told = named.groupby("programme")["doc"].nunique()
    facts = {"many": int((told > 1).sum()), "all": len(told), "single": int((told == 1).sum())}
    facts |= {"top": called(matrix.index[0], labels), "docs": int(matrix["documents"].iloc[0])}
    with house():
        page = open_chart("confirmation", labels, height=ROW * len(matrix) + 0.5, **facts)
        names, rows = name_docs(claims["doc"], labels), [called(name, labels) for name in matrix.index]
        ids = named.groupby(["programme", "doc"])["claim_id"].agg(list).to_dict()
        _heat(page, matrix[docs], rows=rows, heads=[names[doc] for doc in docs], ids=ids, labels=labels)
        for at, count in enumerate(matrix["documents"]):
            page.margin(page.axes, at, str(count), color=INK if count > 1 else QUIET)
        _over_margin(page.axes, labels.text("chart.confirmation.total"))
        more = [labels.text("chart.confirmation.more", n=len(told) - len(matrix))] if len(told) > len(matrix) else []
        page.note(source_line(named["doc"].unique().tolist(), len(named), labels, more))
        page.fit()
    count = named["doc"].nunique()
    return finished("confirmation", page, matrix.reset_index(), labels, ids=named["claim_id"], documents=count, **facts)


def draw_theme_year(claims: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw the number of claims by theme and year; themes keep the order of the labels, years without a claim are left out."""
    labels = labels or load_labels()
    kept = countable(claims)
    themed = kept.dropna(subset=["theme"])
    if themed.empty:
        return nothing("theme_year", themed, labels)
    matrix = pick_theme_year(by_theme_year(claims))
    order = [theme for theme in labels.order("theme") if theme in matrix.index]
    matrix = matrix.reindex([*order, *sorted(set(matrix.index) - set(order))])
    heads = [_year(name, labels) for name in matrix.columns]
    facts = {"top": labels.name("theme", matrix.sum(axis=1).idxmax())}
    with house():
        page = open_chart("theme_year", labels, height=ROW * len(matrix) + 0.5, **facts)
        rows = [labels.name("theme", theme) for theme in matrix.index]
        _heat(page, matrix, rows=rows, heads=heads, ids=_by_theme_year(themed, matrix.columns), labels=labels)
        for at in _breaks(matrix.columns):
            page.axes.axvline(at, color=QUIET, lw=0.8, linestyle=(0, (1, 3)), gid="break")
        for at, count in enumerate(matrix.sum(axis=1)):
            page.margin(page.axes, at, labels.number(count), color=INK)
        page.note(source_line(themed["doc"].unique().tolist(), len(themed), labels))
        page.fit()
    dated = matrix.drop(columns="none", errors="ignore")  # "most in no year" would say nothing
    theme, year = (dated if len(dated.columns) else matrix).stack().idxmax()
    facts |= {"theme": labels.name("theme", theme), "year": _year(year, labels), "n": int(matrix.loc[theme, year])}
    facts |= {"years": sum(name != "none" for name in matrix.columns), "documents": themed["doc"].nunique()}
    return finished("theme_year", page, matrix.reset_index(), labels, ids=themed["claim_id"], **facts)


def _by_theme_year(themed: pd.DataFrame, columns: Sequence[str]) -> Ids:
    """Return the claims of each theme and column of years, the oldest of which may stand for all before it."""
    joined = next((int(name[2:]) for name in columns if name.startswith("<=")), None)

    def column(year: object) -> str:
        if pd.isna(year):
            return "none"
        return f"<={joined}" if joined is not None and int(year) <= joined else str(int(year))

    return themed.assign(column=themed["year"].map(column)).groupby(["theme", "column"])["claim_id"].agg(list).to_dict()


def draw_accounting(claims: pd.DataFrame, accounting: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw what became of every numeral: kinds of what was extracted, reasons of what was set aside, document by document.

    Parameters
    ----------
    claims : DataFrame
        Normalised claims, for their kinds.
    accounting : DataFrame
        From pivots.account.
    """
    labels = labels or load_labels()
    if accounting.empty:
        return nothing("accounting", accounting, labels)
    kinds = claims.groupby(["doc", "kind"]).size().rename("numerals").reset_index()
    aside = accounting[accounting["group"] == "set_aside"]
    parts = [("kinds", "kind", pick_shares(kinds, "kind", most=7)), ("reasons", "reason", pick_shares(aside, "reason", most=7))]
    parts = [(name, section, part) for name, section, part in parts if len(part)]
    heights = [part["doc"].nunique() + 1 for _, _, part in parts]
    counts, everything = aside.groupby("reason")["numerals"].sum(), int(accounting["numerals"].sum())
    facts = {"all": everything, "taken": everything - int(counts.sum()), "aside": int(counts.sum())}
    ids = _by_kind(claims, parts[0][2]) if parts[0][0] == "kinds" else {}
    with house():
        page = open_chart("accounting", labels, height=0.34 * sum(heights) + 0.7 * len(parts), rows=heights, **facts)
        names = name_docs(accounting["doc"], labels)
        for axes, (name, section, part) in zip(page.plots, parts, strict=True):
            axes.set_title(printable(labels.text(f"chart.accounting.{name}")), loc="left", fontsize=9, color=INK, pad=22)
            _stacked(page, axes, part, section, names=names, labels=labels, ids=ids if name == "kinds" else {})
        page.plots[-1].set_xlabel(labels.text("chart.accounting.axis"))
        page.note(source_line(accounting["doc"].unique().tolist(), len(claims), labels))
        page.fit()
    data = pd.concat([part.rename(columns={section: "reason"}).assign(group=name) for name, section, part in parts])
    reason = counts.idxmax() if len(counts) else "other"
    facts |= {"reason": labels.name("reason", reason), "n": int(counts.get(reason, 0))}
    return finished("accounting", page, data, labels, ids=claims["claim_id"], documents=accounting["doc"].nunique(), **facts)


def _by_kind(claims: pd.DataFrame, part: pd.DataFrame) -> Ids:
    """Return the claims of each document and kind, rare kinds joined as they are in the shares."""
    kinds = claims["kind"].where(claims["kind"].isin(set(part["kind"])), "other")
    return claims.assign(kind=kinds).groupby(["doc", "kind"])["claim_id"].agg(list).to_dict()


def _heat(page: Page, matrix: pd.DataFrame, *, rows: Sequence[str], heads: Sequence[str], ids: Ids, labels: Labels) -> None:
    """Paint the cells that are not zero, each with its number, heads above, one shade a count from few to many."""
    axes, top = page.axes, max(int(matrix.to_numpy().max()), FEW)
    shades = mpl.colormaps[HEAT]
    for y, (row, counts) in enumerate(matrix.iterrows()):
        for x, (column, count) in enumerate(counts.items()):
            if count:
                colour = to_hex(shades((count / top) ** 0.5 * 0.99))
                axes.add_patch(mpl.patches.Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=colour, linewidth=0, gid="tile"))
                axes.text(x, y, labels.number(count), ha="center", va="center", color=on(colour), gid="cell")
                told = f"{rows[y]} \u00b7 {heads[x]}: {labels.number(count)}"
                page.cell(axes, x - 0.48, y - 0.46, 0.96, 0.92, claims=ids.get((row, column), ()), label=told)
    axes.set_xlim(-0.5, len(heads) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [short(name, 36) for name in rows])
    room = page.figure.bbox.width - max(page.wide(short(name, 36)) for name in rows) - MARGINS * page.figure.dpi
    wide = room / len(heads) - 4
    folded = [page.fold(head, wide / page.figure.dpi) for head in heads]
    upright = any(page.wide(head) > wide or head.count("\n") >= LINES for head in folded)
    shown = [_cut(page, head) for head in heads] if upright else folded
    axes.set_xticks(range(len(heads)), shown, rotation=90 if upright else 0)
    if upright:
        page.figure.set_figheight(page.figure.get_figheight() + max(page.wide(head) for head in shown) / page.figure.dpi)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.grid(axis="y")


def _over_margin(axes: Axes, words: str) -> None:
    """Write the heading of the numbers in the margin, level with the heads of the columns."""
    axes.annotate(
        printable(words), (1, 1), xycoords="axes fraction", xytext=(6, 3.5), textcoords="offset points", va="bottom", color=QUIET,
        fontsize=SIZES["label"], annotation_clip=False, gid="margin",
    )  # fmt: skip


def _stacked(
    page: Page, axes: Axes, part: pd.DataFrame, section: str, *, names: dict[str, str], labels: Labels, ids: Ids
) -> None:
    """Draw one bar a document, from zero to a hundred percent, its parts in one order and the count at its right."""
    docs = part["doc"].drop_duplicates().tolist()
    known = [code for code in labels.order(section) if code in set(part[section]) and code != "other"]
    codes = known + sorted(set(part[section]) - {*known, "other"}) + (["other"] if "other" in set(part[section]) else [])
    cells = part.set_index(["doc", section])
    share, counts = (cells[name].unstack(fill_value=0).reindex(index=docs, columns=codes) for name in ("share", "numerals"))
    left = pd.Series(0.0, index=docs)
    for code, colour in zip(codes, CATEGORY, strict=False):
        edge = {"edgecolor": GROUND, "linewidth": 0.8, "label": labels.name(section, code)}
        axes.barh(range(len(docs)), share[code], left=left, height=0.66, color=colour, **edge)
        for at, doc in enumerate(docs):
            part_of, written = share.loc[doc, code], labels.number(counts.loc[doc, code])
            if part_of >= NARROW:
                axes.text(left[doc] + part_of / 2, at, written, ha="center", va="center", color=on(colour), gid="cell")
            if part_of:
                told = f"{labels.name(section, code)} \u00b7 {names[doc]}: {written}"
                page.cell(axes, left[doc], at - 0.33, part_of, 0.66, claims=ids.get((doc, code), ()), label=told)
        left += share[code]
    for at, doc in enumerate(docs):
        page.margin(axes, at, labels.number(counts.loc[doc].sum()), color=INK)
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_locator(MultipleLocator(25))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.amount(value, "percent")))
    axes.set_ylim(len(docs) - 0.5, -0.5)
    axes.set_yticks(range(len(docs)), [_in_two_lines(page, names[doc]) for doc in docs])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _key(page, axes)


def _cut(page: Page, name: str) -> str:
    """Return a name that stands on end above its column, cut to what room there is."""
    cuts = (short(name, longest) for longest in range(30, 0, -1))
    return next(cut for cut in cuts if page.wide(cut) <= UPRIGHT * page.figure.dpi)


def _in_two_lines(page: Page, name: str) -> str:
    """Return a name folded beside its bar, cut where two lines do not hold it."""
    for longest in range(min(len(name), 60), 0, -1):
        folded = page.fold(short(name, longest), NAME)
        if folded.count("\n") < 2 and page.wide(folded) <= 1.5 * NAME * page.figure.dpi:
            return folded
    return ""


def _key(page: Page, axes: Axes) -> None:
    """Write the key above the bars in the order of their parts, in as many lines as its words need, and lift the heading over it."""
    handles, words = axes.get_legend_handles_labels()
    for columns in range(len(words), 0, -1):
        key = _legend(axes, handles, words, columns)
        box = key.get_window_extent(page.figure.canvas.get_renderer())
        if box.width / page.figure.dpi < KEY:
            break
    axes.set_title(axes.get_title(loc="left"), loc="left", fontsize=9, color=INK, pad=box.height / page.figure.dpi * 72 + 4)


def _legend(axes: Axes, handles: Sequence[object], words: Sequence[str], columns: int) -> Legend:
    """Return a legend read line by line; it fills its columns from top to bottom, so they are dealt out first."""
    dealt = [at for column in range(columns) for at in range(column, len(words), columns)]
    close = {"borderaxespad": 0.1, "handlelength": 0.9, "columnspacing": 0.9, "handletextpad": 0.4}
    handles, words = ([row[at] for at in dealt] for row in (handles, words))
    return axes.legend(handles, words, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=columns, frameon=False, fontsize=8, **close)


def _breaks(years: Sequence[str]) -> list[float]:
    """Return the places between columns where years were left out, so that 2013 and 2020 do not pass for neighbours."""
    pairs = enumerate(zip(years, years[1:], strict=False))
    return [at + 0.5 for at, (a, b) in pairs if a.isdigit() and b.isdigit() and int(b) > int(a) + 1]


def _year(name: str, labels: Labels) -> str:
    if name == "none":
        return labels.text("word.undated")
    return labels.text("word.before", year=name[2:]) if name.startswith("<=") else labels.text("word.year", y=name)
