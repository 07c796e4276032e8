"""Figures of cells and bars: who confirms what, themes by years, and where every numeral went.

    draw_confirmation(claims, labels=load_labels("en")).save(folder, "05-programmes-by-document")

In      normalised claims, or a table of pivots; the language as Labels.
Out     drawings.Chart, as in `charts`.
Never   raises for want of data, paints a cell that has no claim, or starts a bar above zero.
Needs   drawings, labels, picks, pivots, style; matplotlib, pandas.
"""

from collections.abc import Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from csrbook.drawings import Chart, finished, nothing, open_chart, short, source_line
from csrbook.labels import Labels, load_labels
from csrbook.picks import pick_confirmation, pick_shares, pick_theme_year, short_names
from csrbook.pivots import by_theme_year, countable
from csrbook.style import CATEGORY, HEAT, INK, QUIET, Page, house, printable

__all__ = ["draw_accounting", "draw_confirmation", "draw_theme_year"]

ROW = 0.3
DARK = (CATEGORY[0], CATEGORY[2], CATEGORY[5])  # white is read on these, black on the rest
KEY = 5.6  # inches that a key may be wide
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
    with house():
        page = open_chart("confirmation", labels, height=ROW * len(matrix) + 0.5)
        names = short_names(claims["doc"])
        _heat(page, matrix[docs], rows=matrix.index.tolist(), heads=[names[doc] for doc in docs])
        for at, count in enumerate(matrix["documents"]):
            page.margin(page.axes, at, str(count), color=INK if count > 1 else QUIET)
        page.margin(page.axes, -0.85, labels.text("chart.confirmation.total"))
        more = [labels.text("chart.confirmation.more", n=len(told) - len(matrix))] if len(told) > len(matrix) else []
        page.note(source_line(named["doc"].unique().tolist(), len(named), labels, more))
        page.fit()
    facts = {"many": int((told > 1).sum()), "all": len(told), "single": int((told == 1).sum())}
    top = {"top": matrix.index[0], "docs": int(matrix["documents"].iloc[0]), "documents": named["doc"].nunique()}
    return finished("confirmation", page, matrix.reset_index(), labels, ids=named["claim_id"], **facts, **top)


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
    with house():
        page = open_chart("theme_year", labels, height=ROW * len(matrix) + 0.5)
        _heat(page, matrix, rows=[labels.name("theme", theme) for theme in matrix.index], heads=heads)
        for at in _breaks(matrix.columns):
            page.axes.axvline(at, color=QUIET, lw=0.8, linestyle=(0, (1, 3)), gid="break")
        for at, count in enumerate(matrix.sum(axis=1)):
            page.margin(page.axes, at, labels.number(count), color=INK)
        page.note(source_line(themed["doc"].unique().tolist(), len(themed), labels))
        page.fit()
    dated = matrix.drop(columns="none", errors="ignore")  # "most in no year" would say nothing
    theme, year = (dated if len(dated.columns) else matrix).stack().idxmax()
    facts = {"theme": labels.name("theme", theme), "year": _year(year, labels), "n": int(matrix.loc[theme, year])}
    facts |= {"years": sum(name != "none" for name in matrix.columns), "documents": themed["doc"].nunique()}
    top = labels.name("theme", matrix.sum(axis=1).idxmax())
    return finished("theme_year", page, matrix.reset_index(), labels, ids=themed["claim_id"], top=top, **facts)


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
    with house():
        page = open_chart("accounting", labels, height=0.36 * sum(heights) + 0.7 * len(parts), rows=heights)
        names = short_names(accounting["doc"])
        for axes, (name, section, part) in zip(page.plots, parts, strict=True):
            axes.set_title(printable(labels.text(f"chart.accounting.{name}")), loc="left", fontsize=9, color=INK, pad=22)
            _stacked(page, axes, part, section, names=names, labels=labels)
        page.plots[-1].set_xlabel(labels.text("chart.accounting.axis"))
        page.note(source_line(accounting["doc"].unique().tolist(), len(claims), labels))
        page.fit()
    data = pd.concat([part.rename(columns={section: "reason"}).assign(group=name) for name, section, part in parts])
    counts, everything = aside.groupby("reason")["numerals"].sum(), int(accounting["numerals"].sum())
    reason = counts.idxmax() if len(counts) else "other"
    facts = {"all": everything, "taken": everything - int(counts.sum()), "aside": int(counts.sum())}
    facts |= {"reason": labels.name("reason", reason), "n": int(counts.get(reason, 0))}
    return finished("accounting", page, data, labels, ids=claims["claim_id"], documents=accounting["doc"].nunique(), **facts)


def _heat(page: Page, matrix: pd.DataFrame, *, rows: Sequence[str], heads: Sequence[str]) -> None:
    """Paint the cells that are not zero, each with its number, heads above, one shade a count from pale to dark."""
    axes, top = page.axes, max(int(matrix.to_numpy().max()), 1)
    colours = mpl.colormaps[HEAT]
    for y, (_, row) in enumerate(matrix.iterrows()):
        for x, count in enumerate(row):
            if count:
                shade = 0.12 + 0.78 * (count / top) ** 0.5
                axes.add_patch(mpl.patches.Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=colours(shade), linewidth=0))
                axes.text(x, y, str(count), ha="center", va="center", color="white" if shade > 0.55 else INK, gid="cell")
    axes.set_xlim(-0.5, len(heads) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [short(name, 36) for name in rows])
    slant = {"rotation": 35, "ha": "left"} if max(len(head) for head in heads) * len(heads) > 60 else {}
    axes.set_xticks(range(len(heads)), [printable(head) for head in heads], **slant)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.grid(axis="y")


def _stacked(page: Page, axes: Axes, part: pd.DataFrame, section: str, *, names: dict[str, str], labels: Labels) -> None:
    """Draw one bar a document, from zero to a hundred percent, its parts in one order and the count at its right."""
    docs = part["doc"].drop_duplicates().tolist()
    known = [code for code in labels.order(section) if code in set(part[section]) and code != "other"]
    codes = known + sorted(set(part[section]) - {*known, "other"}) + (["other"] if "other" in set(part[section]) else [])
    cells = part.set_index(["doc", section])
    share, counts = (cells[name].unstack(fill_value=0).reindex(index=docs, columns=codes) for name in ("share", "numerals"))
    left = pd.Series(0.0, index=docs)
    for code, colour in zip(codes, CATEGORY, strict=False):
        edge = {"edgecolor": "white", "linewidth": 0.8, "label": labels.name(section, code)}
        axes.barh(range(len(docs)), share[code], left=left, height=0.66, color=colour, **edge)
        middle, ink = left + share[code] / 2, "white" if colour in DARK else INK
        for at, doc in enumerate(docs):
            if share.loc[doc, code] >= NARROW:
                axes.text(middle[doc], at, str(counts.loc[doc, code]), ha="center", va="center", color=ink, gid="cell")
        left += share[code]
    for at, doc in enumerate(docs):
        page.margin(axes, at, labels.number(counts.loc[doc].sum()), color=INK)
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_locator(MultipleLocator(25))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: labels.amount(value, "percent")))
    axes.set_ylim(len(docs) - 0.5, -0.5)
    axes.set_yticks(range(len(docs)), [printable(names[doc]) for doc in docs])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _key(page, axes)


def _key(page: Page, axes: Axes) -> None:
    """Write the key above the bars, in as many lines as its words need, and lift the heading over it."""
    for columns in range(len(axes.get_legend_handles_labels()[1]), 0, -1):
        close = {"borderaxespad": 0.1, "handlelength": 0.9, "columnspacing": 0.9, "handletextpad": 0.4}
        key = axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=columns, frameon=False, fontsize=7.6, **close)
        box = key.get_window_extent(page.figure.canvas.get_renderer())
        if box.width / page.figure.dpi < KEY:
            break
    axes.set_title(axes.get_title(loc="left"), loc="left", fontsize=9, color=INK, pad=box.height / page.figure.dpi * 72 + 4)


def _breaks(years: Sequence[str]) -> list[float]:
    """Return the places between columns where years were left out, so that 2013 and 2020 do not pass for neighbours."""
    pairs = enumerate(zip(years, years[1:], strict=False))
    return [at + 0.5 for at, (a, b) in pairs if a.isdigit() and b.isdigit() and int(b) > int(a) + 1]


def _year(name: str, labels: Labels) -> str:
    if name == "none":
        return labels.text("word.undated")
    return labels.text("word.before", year=name[2:]) if name.startswith("<=") else name
