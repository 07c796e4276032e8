"""Figures of trust: how well it was read, how figures stand among the documents, and what no document reports.

    draw_standing(stands, labels=load_labels("en")).save(folder, "12-standing-by-theme")

In      tables of a run: score, attributes, fitness, standing, coverage; normalised claims; the language as Labels.
Out     drawings.Chart, as in `charts`.
Never   raises for want of data, starts a bar above zero, or shows as nought what nobody could look for.
Needs   absence, checks, drawings, labels, layouts, style; matplotlib, pandas.
"""

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from csrbook.absence import NOT_FOUND, NOT_SEARCHED, REPORTED
from csrbook.checks import LEVELS, SPLIT, pick_absence, pick_accuracy, pick_confidence, pick_standing
from csrbook.drawings import Chart, finished, name_docs, nothing, open_chart, short, source_line
from csrbook.labels import Labels, load_labels
from csrbook.layouts import lay_counts, lay_key, lay_percent, lay_rows, percents
from csrbook.style import CATEGORY, GRID, GROUND, INK, PROMISE, QUIET, RESULT, Page, house, printable

__all__ = ["draw_absence", "draw_extraction", "draw_standing"]

GROUPS = (("o", INK), ("s", CATEGORY[0]), ("^", CATEGORY[2]), ("D", CATEGORY[3]), ("v", CATEGORY[1]))  # all, then languages
STANDING = {  # in the order of a bar: what rests on one document begins at zero, and can be compared
    "single source": CATEGORY[6], "repeated": GRID, "other hedge": CATEGORY[7], "moved": CATEGORY[4],
    "same publisher": CATEGORY[2], "solid": CATEGORY[0], "contradicted": CATEGORY[5],
}  # fmt: skip
ALONE = ("single source", "repeated")
FILES, MEASURES = 10, 70  # that a page of measures has room for
WIDE, PITCH, EDGE = 3.38, 0.175, 0.06  # inches: a block of rows, a row or column of cells in it, its right edge
HEAD = 28  # letters of the name of a document, which stands on end
KEY = 1.2  # rows that the key takes
Place = tuple[float, int]
STATES = {
    "result": {"marker": "s", "s": 38, "color": RESULT, "linewidth": 0},
    "promise": {"marker": "D", "s": 24, "facecolor": GROUND, "edgecolor": PROMISE, "linewidth": 1.3},
    "not_found": {"marker": "o", "s": 4, "color": QUIET, "linewidth": 0},
    "not_searched": {"marker": "x", "s": 14, "color": QUIET, "linewidth": 0.8},
}


def draw_extraction(
    claims: pd.DataFrame, score: pd.DataFrame, attributes: pd.DataFrame, fitness: pd.DataFrame, *, labels: Labels | None = None
) -> Chart:
    """Draw how well figures and attributes were read, with intervals, by language; without annotated documents what is known instead."""
    labels = labels or load_labels()
    data = pick_accuracy(score, attributes, fitness)
    if data.empty:
        return _unmeasured(claims, labels)
    names, groups = data["name"].drop_duplicates().tolist(), data["group"].drop_duplicates().tolist()
    start = math.floor(min(data["low"].min(), 0.9) * 10) / 10
    whole = data[(data["group"] == "all")].set_index("name")
    facts = {"documents": int(whole["documents"].max()), "gold": int(whole.loc[LEVELS[0], "of"])}
    unit = whole.loc[LEVELS[2]]
    facts |= {"f1": percents(unit["share"], labels), "interval": labels.span(*(percents(unit[end], labels) for end in ("low", "high")))}
    judged = data[data["group"] != "all"].drop_duplicates("group")
    facts |= {"few": int((judged["verdict"] != "measured").sum()), "groups": len(judged)} | _surest(whole, labels)
    with house():
        page = open_chart("extraction", labels, height=(0.09 + 0.08 * len(groups)) * len(names) + 0.6, **facts)
        axes = page.axes
        lay_rows(axes, [labels.text(f"chart.extraction.{name}") for name in names])
        axes.axhline(sum(name in LEVELS for name in names) - 0.5, color=QUIET, lw=0.8, linestyle=(0, (1, 3)), gid="break")
        axes.set_xlim(start * 100 - 1, 101)
        lay_percent(axes, labels)
        words = "axis" if start else "axis_zero"
        axes.set_xlabel(labels.text(f"chart.extraction.{words}", **({"start": labels.amount(start * 100, "percent")} if start else {})))
        for at, name in enumerate(names):
            page.margin(axes, at, f"{percents(whole.loc[name, 'share'], labels)} \u00b7 {labels.number(whole.loc[name, 'of'])}", color=INK)
        _forest(page, data, names=names, groups=groups, labels=labels)
        page.note(labels.text("chart.extraction.note", **facts))
        page.fit()
    return finished("extraction", page, data, labels, ids=(), **facts)


def _surest(whole: pd.DataFrame, labels: Labels) -> dict[str, str]:
    fields = whole[whole["part"] == "attribute"]
    if fields.empty:
        return dict.fromkeys(("best", "most", "worst", "least"), "")
    best, worst = fields["share"].idxmax(), fields["share"].idxmin()
    facts = {"best": labels.text(f"chart.extraction.{best}"), "worst": labels.text(f"chart.extraction.{worst}")}
    return facts | {"most": percents(fields.loc[best, "share"], labels), "least": percents(fields.loc[worst, "share"], labels)}


def _forest(page: Page, data: pd.DataFrame, *, names: Sequence[str], groups: Sequence[str], labels: Labels) -> None:
    """Draw a mark and an interval a row and group, the groups of a row below one another; hollow where too little is known."""
    axes, rows = page.axes, {name: at for at, name in enumerate(names)}
    step = 0.72 / len(groups)
    for number, (group, (marker, colour)) in enumerate(zip(groups, GROUPS, strict=False)):
        part = data[data["group"] == group]
        few = group != "all" and (part["verdict"] != "measured").any()
        ys = part["name"].map(rows) + (number - (len(groups) - 1) / 2) * step
        axes.hlines(ys, part["low"] * 100, part["high"] * 100, color=colour, lw=1.1, zorder=2)
        told = part[part["name"] == LEVELS[0]]
        name = labels.text("chart.extraction.all") if group == "all" else labels.name("language", group)
        counts = {"gold": int(told["of"].max()), "documents": int(told["documents"].max())}
        look = {"facecolor": GROUND if few else colour, "edgecolor": colour, "linewidth": 1.1}
        words = labels.text("chart.extraction.key", group=name, **counts)
        axes.scatter(part["share"] * 100, ys, marker=marker, s=20, zorder=3, label=printable(words), gid=f"group {group}", **look)
        for y, row in zip(ys, part.itertuples(), strict=True):
            field = labels.text(f"chart.extraction.{row.name}")
            page.mark(axes, row.share * 100, y, label=f"{field}, {name}: {percents(row.share, labels)}")
    lay_key(page, columns=2)


def _unmeasured(claims: pd.DataFrame, labels: Labels) -> Chart:
    """Draw, where no document is annotated, the share of figures to review first, by language: bars from zero."""
    data = pick_confidence(claims)
    if data.empty:
        return nothing("extraction", data, labels)
    with house():
        page = open_chart("unmeasured", labels, height=0.34 * len(data) + 0.5)
        axes = page.axes
        names = [labels.name("language", code) or labels.text("chart.unmeasured.unknown") for code in data["language"]]
        lay_rows(axes, names)
        axes.barh(range(len(data)), data["share"], height=0.6, color=RESULT)
        axes.set_xlim(0, 100)
        lay_percent(axes, labels)
        axes.set_xlabel(labels.text("chart.unmeasured.axis"))
        for at, row in enumerate(data.itertuples()):
            page.margin(axes, at, labels.text("chart.unmeasured.of", n=row.doubtful, all=row.figures), color=INK)
            page.cell(axes, 0, at - 0.3, row.share, 0.6, claims=row.claim_ids.split(), label=names[at])
        page.note(source_line(claims["doc"].unique().tolist(), len(claims), labels))
        page.fit()
    doubtful, everything = int(data["doubtful"].sum()), int(data["figures"].sum())
    facts = {"all": everything, "doubtful": doubtful, "share": percents(doubtful / everything, labels)}
    facts |= {"reviewed": int(data["reviewed"].sum())}
    return finished("unmeasured", page, data, labels, ids=" ".join(data["claim_ids"]).split(), **facts)


# ---- how figures stand, and what is absent -----------------------------------------------------------------------------


def draw_standing(standing: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw results by theme and standing: bars of counts from zero, first what rests on one document alone."""
    labels = labels or load_labels()
    data = pick_standing(standing)
    if data.empty:
        return nothing("standing", data, labels)
    counts = data.assign(theme=data["theme"].fillna("none")).set_index(["theme", "standing"])["claims"].unstack(fill_value=0)
    themes = [theme for theme in labels.order("theme") if theme in counts.index]
    counts = counts.reindex(themes + sorted(set(counts.index) - set(themes)))
    alone, whole = counts[[name for name in ALONE if name in counts]].sum(axis=1), counts.sum(axis=1)
    facts = {"alone": int(alone.sum()), "all": int(whole.sum())}
    with house():
        page = open_chart("standing", labels, height=0.34 * len(counts) + 0.7, **facts)
        lay_rows(page.axes, [labels.name("theme", theme) for theme in counts.index])
        ids = data.assign(theme=data["theme"].fillna("none")).set_index(["theme", "standing"])["claim_ids"]
        _stacks(page, counts, ids, labels)
        page.axes.set_xlabel(labels.text("chart.standing.axis"))
        for at, theme in enumerate(counts.index):
            page.margin(page.axes, at, labels.text("chart.standing.of", n=int(alone[theme]), all=int(whole[theme])), color=INK)
        promised = int(standing["target"].sum())
        more = [labels.text("note.left_out", n=promised, why=labels.text("word.promise"))] if promised else []
        page.note(source_line(standing.loc[~standing["target"], "doc"].unique().tolist(), facts["all"], labels, more))
        page.fit()
    top, told = alone.idxmax(), counts.sum()
    facts |= {name: int(told.get(name, 0)) for name in ("solid", "moved", "contradicted")}
    facts |= {"share": percents(facts["alone"] / facts["all"], labels), "n": int(alone[top]), "count": int(whole[top])}
    listed = " ".join(data["claim_ids"]).split()
    return finished("standing", page, data, labels, ids=listed, theme=labels.name("theme", None if top == "none" else top), **facts)


def _stacks(page: Page, counts: pd.DataFrame, ids: pd.Series, labels: Labels) -> None:
    """Draw the bar of each theme, its parts in the order of STANDING, each remembered with its claims."""
    axes, left = page.axes, pd.Series(0, index=counts.index)
    for name, colour in STANDING.items():
        if name not in counts:
            continue
        words = labels.text(f"chart.standing.{name.replace(' ', '_')}")
        look = {"height": 0.64, "color": colour, "edgecolor": GROUND, "linewidth": 0.8, "gid": name}
        axes.barh(range(len(counts)), counts[name], left=left, label=words, **look)
        for at, (theme, count) in enumerate(counts[name].items()):
            if count:
                said = f"{labels.name('theme', theme)}, {words}: {count}"
                page.cell(axes, left[theme], at - 0.32, count, 0.64, claims=ids[theme, name].split(), label=said)
        left += counts[name]
    lay_counts(axes, left.max(), labels)
    lay_key(page, columns=3)


def draw_absence(coverage: pd.DataFrame, *, labels: Labels | None = None) -> Chart:
    """Draw measures by documents in two columns of rows: reported, promised only, not found, not searched; last what nobody reports."""
    labels = labels or load_labels()
    data = pick_absence(coverage)
    if data.empty:
        return nothing("absence", data, labels)
    measures, told = data.drop_duplicates("indicator"), data[data["state"] == REPORTED]
    counts = {split: int((measures["split"] == split).sum()) for split in SPLIT}
    facts = {"measures": len(measures), "nobody": counts["none"], "files": data["path"].nunique()}
    files = told["file"].value_counts().reindex(data["file"].unique(), fill_value=0)
    files = files.sort_values(ascending=False, kind="stable").index[:FILES].tolist()
    rows, names = _rows_of(measures.tail(MEASURES)), name_docs(data["file"], labels)
    with house():
        page = open_chart("absence", labels, height=PITCH * (len(rows) / 2 + KEY) + 1.0, **facts)
        _lay_blocks(page.axes, len(rows), [short(names[file], HEAD) for file in files])
        _key_of_states(page.axes, data, labels)
        hidden = {"files": facts["files"] - len(files), "measures": len(measures) - MEASURES}
        more = [labels.text(f"chart.absence.{name}", n=count) for name, count in hidden.items() if count > 0]
        page.note(source_line(told["doc"].unique().tolist(), int(told["claims"].sum()), labels, more))
        page.fit()
        _name_rows(page, rows, counts, PITCH * len(files), labels)
        _draw_states(page, data, rows, {file: names[file] for file in files}, labels)
    absent = labels.join([labels.name("indicator", name) for name in measures.loc[measures["split"] == "none", "indicator"]])
    facts |= {"one": counts["one"], "several": counts["several"], "names": absent or labels.text("chart.absence.nothing")}
    return finished("absence", page, data, labels, ids=" ".join(told["claim_ids"]).split(), **facts)


def _rows_of(measures: pd.DataFrame) -> dict[str, Place]:
    """Return where each row stands, its right end and height: headings (by split) and measures, down one block, then the other."""
    rows = [name for split, part in measures.groupby("split", sort=False) for name in (split, *part["indicator"])]
    long = (len(rows) + 1) // 2
    return {name: (WIDE * (1 + number // long), number % long) for number, name in enumerate(rows)}


def _lay_blocks(axes: Axes, rows: int, heads: Sequence[str]) -> None:
    """Set two blocks of rows side by side, in inches across, with the documents above each and room for a key below."""
    axes.set_axis_off()
    axes.set_xlim(0, 2 * WIDE)
    axes.set_ylim((rows + 1) // 2 - 0.5 + KEY, -0.5)
    for right in (WIDE, 2 * WIDE) if rows > 1 else ():
        for at, head in enumerate(heads):
            x = right - PITCH * (len(heads) - at - 0.5) - EDGE
            axes.text(x, -0.6, printable(head), rotation=90, ha="center", va="bottom", color=QUIET, fontsize=7.6, gid="head")


def _key_of_states(axes: Axes, data: pd.DataFrame, labels: Labels) -> None:
    """Write under the rows what the marks mean, as far as they occur."""
    for name, chosen in _states(data).items():
        if chosen.any():
            words = labels.text(f"chart.absence.{name}" if name in (_key(NOT_FOUND), _key(NOT_SEARCHED)) else f"word.{name}")
            axes.scatter([], [], label=words, gid="key", **STATES[name])
    close = {"handletextpad": 0.1, "borderpad": 0, "borderaxespad": 0}
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0), ncols=4, frameon=False, fontsize=8, **close)


def _states(data: pd.DataFrame) -> dict[str, pd.Series]:
    """Return which rows are done (a result at least), only promised, looked for in vain, not searched."""
    reported, promised = data["state"] == REPORTED, data["promises"] == data["claims"]
    aside = {_key(state): data["state"] == state for state in (NOT_FOUND, NOT_SEARCHED)}
    return {"result": reported & ~promised, "promise": reported & promised} | aside


def _key(state: str) -> str:
    return state.replace(" ", "_")


def _name_rows(page: Page, rows: Mapping[str, Place], counts: Mapping[str, int], cells: float, labels: Labels) -> None:
    """Write headings at the left of their block and the names of measures beside their cells, cut where there is no room."""
    for name, (right, y) in rows.items():
        if name in SPLIT:
            words = labels.text(f"chart.absence.{name}", n=counts[name])
            page.axes.text(right - WIDE, y, printable(words), va="center", ha="left", fontsize=8.2, gid="heading")
            page.axes.hlines(y + 0.5, right - WIDE, right - EDGE, color=QUIET, lw=0.6)
            continue
        words = printable(labels.name("indicator", name))
        text = page.axes.text(right - EDGE - cells - 0.05, y, words, va="center", ha="right", fontsize=7.8, gid="measure")
        longest = len(words)
        while longest > 8 and text.get_window_extent().x0 < page.axes.transData.transform((right - WIDE + 0.02, 0))[0]:
            longest -= 1
            text.set_text(short(words, longest))


def _draw_states(page: Page, data: pd.DataFrame, rows: Mapping[str, Place], names: Mapping[str, str], labels: Labels) -> None:
    files = list(names)
    shown = data[data["file"].isin(files) & data["indicator"].isin(rows)]
    spots = [(right - PITCH * (len(files) - files.index(file) - 0.5) - EDGE, y)
             for (right, y), file in zip(shown["indicator"].map(rows), shown["file"], strict=True)]  # fmt: skip
    shown = shown.assign(x=[x for x, _ in spots], y=[y for _, y in spots])
    for name, chosen in _states(shown).items():
        page.axes.scatter(shown.loc[chosen, "x"], shown.loc[chosen, "y"], gid=name, zorder=3, **STATES[name])
    for row in shown[shown["state"] == REPORTED].itertuples():
        words = f"{labels.name('indicator', row.indicator)}, {names[row.file]}: {row.claims}"
        page.cell(page.axes, row.x - PITCH / 2, row.y - 0.5, PITCH, 1, claims=row.claim_ids.split(), label=words)
