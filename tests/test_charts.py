"""Figures, by what their Axes hold and by their files: marks in their places, labels, no overlap, no missing glyph, both schemes, the same bytes."""

import dataclasses
import json
import re
import warnings
from functools import cache
from xml.etree import ElementTree

import pandas as pd
import pytest
from drawn import clashes, points, texts
from made_claims import corpus, frame, record
from matplotlib.colors import to_hex

from csrbook import charts, grids
from csrbook.drawings import called, introduce
from csrbook.exports import write_csv
from csrbook.labels import languages, load_labels
from csrbook.lexicon import load_lexicons
from csrbook.palettes import CATEGORY, DARK, GRID, GROUND, INK, PROMISE, QUIET, RESULT, SHADES, contrast, darken, on
from csrbook.picks import (
    pick_confirmation,
    pick_disagreement,
    pick_money,
    pick_promises,
    pick_reach,
    pick_series,
    pick_shares,
    pick_theme_year,
    short_names,
)
from csrbook.pivots import account, by_theme_year, countable, promises
from csrbook.style import house, open_page, printable
from csrbook.tables import ledger_frame

LEDGER = ledger_frame(
    [{"doc": doc, "start": n, "end": n + 1, "text": "1", "reason": reason} for doc in ("a_north", "b_east", "c_south") for n, reason in enumerate(["date", "date", "name", "ordinal", "odd_one"])]
)
RESULT_OF = {"state": "partly", "result_id": "c0002", "result": "960 factories", "result_doc": "c_south", "result_when": "2021", "share": 96.0}


def with_results(claims):
    """The promises as notebook 04 leaves them, the first of them with a result."""
    table = promises(claims).assign(**dict.fromkeys(RESULT_OF.keys() - {"state", "share"}, pd.Series(dtype="str")), share=pd.Series(dtype="float64"))
    for name, value in RESULT_OF.items() if len(table) else ():
        table.loc[0, name] = value
    return table


DRAW = {
    "disagreement": lambda claims, labels: charts.draw_disagreement(claims, labels=labels),
    "then_and_now": lambda claims, labels: charts.draw_then_and_now(claims, labels=labels),
    "money": lambda claims, labels: charts.draw_money(claims, labels=labels),
    "reach": lambda claims, labels: charts.draw_reach(claims, labels=labels),
    "promises": lambda claims, labels: charts.draw_promises(with_results(claims), labels=labels),
    "confirmation": lambda claims, labels: grids.draw_confirmation(claims, labels=labels),
    "theme_year": lambda claims, labels: grids.draw_theme_year(claims, labels=labels),
    "accounting": lambda claims, labels: grids.draw_accounting(claims, account(claims, LEDGER if len(claims) else LEDGER[:0]), labels=labels),
}
CELLS = ("confirmation", "theme_year", "accounting")
EN = load_labels("en")


def large():
    """Many documents, themes, programmes with long names, measures and promises, some with an interval."""
    units = ["person", "student", "city", "tree", "CNY", "company", "CNY", "village"]
    themes = [None, "rural", "education", "environment", "health_of_seas", "philanthropy"]
    measures = [None, "money_given", "money_lent", "fees_waived", "produce_sold_value"]
    rows = []
    for n in range(1, 300):
        value = 10 ** (1 + n % 9) * (1 + n % 7)
        row = {"doc": f"report {n % 23} of the year", "theme": themes[n % 6], "when": str(2001 + n % 19), "when_type": "during", "target": n % 11 == 0}
        row |= {"programme": f"Programme number {n % 40} for everyone in all the villages", "indicator": measures[n % 5]}
        row |= [{}, {"qualifier": "over", "high": None}, {"qualifier": "upto", "low": None}, {"low": value * 0.9, "qualifier": "nearly"}][n % 4]
        rows.append(record(n, value, units[n % 8], **row))
    return frame(*rows)


SIZES = {"small": corpus, "large": large}


@cache
def claims_of(size):
    return SIZES[size]()


@cache
def made(name, size, language):
    return DRAW[name](claims_of(size), load_labels(language))


def drawn(name, claims=None, language="en"):
    return made(name, "small", language) if claims is None else DRAW[name](claims, load_labels(language))


def faults(figure, marks=()):
    return ([] if len(texts(figure)) > 3 else ["hardly a word"]) + clashes(figure, marks)


@pytest.fixture(scope="module", params=[(name, size, language) for name in DRAW for size in SIZES for language in languages()], ids="-".join)
def chart(request):
    return made(*request.param)


def test_no_text_lies_over_another_or_on_a_mark_or_outside(chart):
    assert not faults(chart.figure, chart.marks)


LONG_NAMES = ["x" * 300, "=HYPERLINK(\"http://203.0.113.1/\")" * 4, "\u6587\u6863" * 80, "\u201cIn 2021 the Larkspur Foundation planted 202 trees by the river and the hill\u201d"]


@pytest.mark.parametrize("name", DRAW)
def test_names_of_documents_without_an_end_leave_room_to_draw(name):
    claims = corpus()
    known = {doc: LONG_NAMES[at % len(LONG_NAMES)] for at, doc in enumerate(sorted(claims["doc"].unique()))}
    chart = DRAW[name](claims, dataclasses.replace(EN, documents=known))
    wide = min(axes.get_position().width for axes in chart.figure.axes)
    assert wide > 0.25 and not [fault for fault in faults(chart.figure, chart.marks) if "clipped" in fault]


def test_a_bad_figure_is_told():
    with house():
        page = open_page(height=1, title="x")
        page.mark(page.axes, 0.5, 0.5)
        page.axes.text(0.5, 0.5, "over the mark", ha="center", va="center")
        page.axes.text(0.52, 0.5, "over another", ha="center", va="center")
        page.figure.text(0.9, 0.2, "cut off " * 5)
        page.fit()
    told = " ".join(faults(page.figure, page.boxes()))
    assert "'over the mark' over 'over another'" in told and "'over the mark' on a mark" in told and "clipped: 'cut off" in told


def test_words_name_the_claims_and_documents_behind_it(chart, request):
    assert chart.title and chart.alt and chart.claims and "{" not in chart.alt + chart.caption
    assert set(chart.claims) <= set(claims_of(request.node.callspec.params["chart"][1])["claim_id"])
    assert chart.caption.startswith(chart.title) and chart.language == request.node.callspec.params["chart"][2]


def test_figure_has_column_width_and_the_source_line(chart):
    assert chart.figure.get_figwidth() == 7.0 and chart.figure.get_figheight() < 14
    assert [t for t in chart.figure.texts if t.get_gid() == "note" and t.get_text()]
    assert chart.size == pytest.approx((504, 72 * chart.figure.get_figheight()), abs=0.06)


# ---- marks


def test_every_row_has_its_mark_and_every_mark_its_claims(chart, request):
    name = request.node.callspec.params["chart"][0]
    behind = [claim for mark in chart.marks for claim in mark["claims"]]
    assert set(behind) <= set(chart.claims) and all(mark["label"] and "\n" not in mark["label"] for mark in chart.marks)
    if name == "promises":
        assert len(behind) == chart.data["claim_id"].nunique() + chart.data["result_id"].notna().sum()
    elif name not in CELLS:
        assert behind == [mark["claims"][0] for mark in chart.marks] and sorted(behind) == sorted(chart.data["claim_id"])
    elif name == "accounting":
        taken = chart.data[chart.data["group"] == "kinds"]
        assert len(chart.marks) == len(chart.data) and len(behind) == len(set(behind)) == taken["numerals"].sum()
    else:
        cells = [text for axes in chart.figure.axes for text in axes.texts if text.get_gid() == "cell"]
        assert [len(mark["claims"]) for mark in chart.marks] == [int(re.sub("\\D", "", cell.get_text())) for cell in cells]


def test_boxes_stand_around_what_the_picture_draws(chart, request):
    name, _, _ = request.node.callspec.params["chart"]
    root = ElementTree.fromstring(chart.picture("svg"))
    assert tuple(float(side) for side in root.get("viewBox").split()[2:]) == pytest.approx(chart.size, abs=0.06)
    groups = {gid: [g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("id") == gid] for gid in ("results", "promises", "first", "latest", "due", "undated", "tile")}
    uses = [use for gid, found in groups.items() for g in found for use in g.iter("{http://www.w3.org/2000/svg}use") if use.get("x")]
    points = sorted((float(use.get("x")), float(use.get("y"))) for use in uses)
    middles = sorted((mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2) for mark in chart.marks)
    if name not in CELLS:
        assert len(points) == len(middles)
        near = [min(abs(x - a) + abs(y - b) for a, b in points) for x, y in middles]
        assert max(near) < 0.12, "a box is rounded to one decimal"
    elif name != "accounting":
        paths = [[float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path.get("d"))] for g in groups["tile"] for path in g]
        found = [(min(p[::2]), min(p[1::2]), max(p[::2]), max(p[1::2])) for p in paths]
        told = [(m["x"], m["y"], m["x"] + m["width"], m["y"] + m["height"]) for m in chart.marks]
        assert all(one == pytest.approx(other, abs=0.12) for one, other in zip(told, found, strict=True))
    for mark in chart.marks:
        assert 0 <= mark["x"] and mark["x"] + mark["width"] <= chart.size[0] and 0 <= mark["y"] and mark["y"] + mark["height"] <= chart.size[1]


@pytest.mark.parametrize("name", ["disagreement", "then_and_now", "money", "reach"])
@pytest.mark.parametrize("size", SIZES)
def test_interval_is_drawn_for_each_row_that_has_one(name, size):
    chart = made(name, size, "en")
    low, high, value = (chart.data[column] for column in ("low", "high", "value"))
    if name != "disagreement":
        low = low.where(low > 0)  # zero is no place on a logarithmic axis
    lines = ((low.notna() & (low != value)) | (high.notna() & (high != value))).sum()
    arrows = (low.isna() ^ high.isna()).sum()
    axes = chart.figure.axes[0]
    assert sum(c.get_gid() == "interval" for c in axes.collections) == lines
    assert sum(t.get_gid() == "arrow" for t in axes.texts) == arrows
    assert size == "small" or lines or arrows


# ---- schemes


def colours(svg):
    return set(re.findall(r"#[0-9a-f]{6}\b", " ".join(re.findall(r'style="[^"]*"', svg))))


def test_dark_picture_is_the_light_one_in_other_colours(chart):
    light = chart.picture("svg").decode()
    dark = darken(light)
    assert colours(light) <= set(DARK) and colours(dark) <= set(DARK.values()), "a colour has no name in palettes"
    blank = re.compile(r"#[0-9a-f]{6}\b")
    assert blank.sub("", light) == blank.sub("", dark) and DARK[GROUND] in dark


def test_numbers_can_be_read_on_their_cells(chart):
    for axes in chart.figure.axes:
        tiles = [patch for patch in axes.patches if patch.get_gid() == "tile" or patch.get_label() == "_nolegend_"]
        for text in (t for t in axes.texts if t.get_gid() == "cell"):
            under = [to_hex(tile.get_facecolor()) for tile in tiles if tile.contains_point(axes.transData.transform(text.get_position()))]
            ink = to_hex(text.get_color())
            assert len(under) == 1 and contrast(ink, under[0]) >= 4.5 and contrast(DARK[ink], DARK[under[0]]) >= 4.5, text.get_text()


@pytest.mark.parametrize("scheme", [{}, DARK], ids=["light", "dark"])
def test_words_and_marks_stand_out_from_the_ground(scheme):
    def shown(colour):
        return scheme.get(colour, colour)

    assert all(contrast(shown(colour), shown(GROUND)) >= 4.5 for colour in (INK, QUIET))
    assert all(contrast(shown(colour), shown(GROUND)) >= 3 for colour in (RESULT, PROMISE, *CATEGORY))
    assert all(contrast(shown(on(colour)), shown(colour)) >= 4.5 for colour in (*CATEGORY, *SHADES))
    assert len({shown(colour) for colour in (GROUND, INK, QUIET, GRID, PROMISE, *CATEGORY, *SHADES)}) == 5 + len(CATEGORY) + len(SHADES)


def test_words_of_a_document_that_look_like_a_colour_stay_as_they_are():
    chart = drawn("reach", frame(record(1, 500, "student", programme='style="fill: #ffffff"')))
    dark = darken(chart.picture("svg").decode())
    assert "#ffffff" not in re.sub("<!--.*?-->", "", dark) and chart.marks[0]["label"].count("#ffffff") == 1


# ---- files


@pytest.mark.parametrize("name", DRAW)
def test_saved_twice_it_is_the_same_bytes(tmp_path, name):
    for folder, claims in (("one", None), ("two", corpus())):
        drawn(name, claims, language="zh").save(tmp_path / folder, "01-x")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    svg = (tmp_path / "one" / "01-x.svg").read_text()
    assert "<dc:date>" not in svg and "matplotlib.org" not in svg.partition("<metadata>")[2].partition("</metadata>")[0]


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("rows", [[], [record(1, 5, "odd_thing", theme=None, actor=None, relevance="context")]], ids=["empty", "poor"])
def test_nothing_to_show_is_said_and_does_not_raise(tmp_path, name, rows):
    chart = drawn(name, frame(*rows))
    chart.save(tmp_path, "01-x")
    if not rows:
        assert chart.alt.startswith("Nothing to show") and chart.claims == ()


def test_save_writes_pictures_data_and_index(tmp_path):
    chart = drawn("money")
    paths = chart.save(tmp_path, "02-money")
    assert [p.name for p in paths] == ["02-money.svg", "02-money-dark.svg", "02-money.png", "02-money.csv", "charts.json"]
    assert (tmp_path / "02-money.csv").read_bytes() == write_csv(chart.data, tmp_path / "again.csv").read_bytes()
    drawn("reach").save(tmp_path, "01-reach")
    again = drawn("money", language="ru")
    again.save(tmp_path, "02-money")
    rows = json.loads((tmp_path / "charts.json").read_text(encoding="utf-8"))
    assert [(row["stem"], row["language"]) for row in rows] == [("01-reach", "en"), ("02-money", "ru")]
    row = rows[1]
    assert row["files"] == ["02-money.svg", "02-money.png", "02-money.csv"], "what is light; the dark one lies beside it"
    assert row["claims"] == list(chart.claims) and row["size"] == list(again.size) and len(row["marks"]) == len(chart.marks)
    assert set(row["marks"][0]) == {"x", "y", "width", "height", "claims", "label"}


def test_chart_shows_itself_with_its_alternative_text():
    data, told = drawn("reach")._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG") and told["image/png"]["alt"] == data["text/plain"]


def test_missing_glyph_is_an_error():
    with house(), pytest.raises(UserWarning, match="missing"):
        page = open_page(height=1, title="x")
        page.axes.text(0, 0, "\U0001f333")
        page.figure.canvas.draw()


def test_text_of_a_document_is_made_drawable(tmp_path):
    assert printable("a\u202eb\n c \U0001f333") == "ab c \ufffd"
    doc = "\u6587\u6863 \U0001f333 <b>$x$"
    rows = [record(n, n * 10**n, "person", doc=doc, programme="<i>$\\frac{1}{2}$ & \U0001f333") for n in range(1, 5)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("reach", "confirmation", "accounting"):
            drawn(name, frame(*rows)).save(tmp_path, name)


def test_disagreement_draws_each_statement_at_its_date_and_value():
    chart = drawn("disagreement")
    assert sorted(y for _, y in points(chart.figure, "results")) == [3.0e9, 3.3e9, 3.4e9]
    assert chart.data["doc"].tolist() == ["b_east", "a_north", "c_south"]
    axes = chart.figure.axes[0]
    assert "does not start at zero" in axes.get_title(loc="left") and axes.get_ylim()[0] > 0
    words = " ".join(t.get_text() for t in axes.texts)
    assert all(told in words for told in ("CNY 3 bn", "CNY 3.3 bn", "CNY 3.4 bn"))
    assert ": CNY 3 bn to 3.4 bn;" in chart.alt


def test_interval_of_nearly_is_drawn():
    axes = drawn("disagreement").figure.axes[0]
    segments = [s.tolist() for c in axes.collections if hasattr(c, "get_segments") for s in c.get_segments()]
    assert [[y for _, y in s] for s in segments] == [[3.35e9, 3.4e9]]


def test_series_keep_both_ends_and_their_ratio():
    chart = drawn("then_and_now")
    assert sorted(points(chart.figure, "first")) == [(20, 1), (76_000, 0)]
    assert sorted(points(chart.figure, "latest")) == [(5425, 1), (220e6, 0)]
    assert chart.figure.axes[0].get_xscale() == "log" and "logarithmic" in chart.figure.axes[0].get_xlabel()
    assert any(t.get_text() == "×2,900" for t in chart.figure.axes[0].texts)


def test_promise_and_result_differ_by_mark_not_by_colour_alone():
    chart = drawn("money")
    done, promised = (len(points(chart.figure, gid)) for gid in ("results", "promises"))
    assert (done, promised) == ((~chart.data["target"]).sum(), chart.data["target"].sum()) and promised == 1
    keys = [t.get_text() for t in chart.figure.axes[0].get_legend().get_texts()]
    assert keys == ["done", "promised"]
    assert "no rate" in chart.caption, "roubles of 2023 have no rate, and it says so"


def test_money_of_each_kind_has_a_row_and_results_one_look():
    rows = [record(n, 10.0**n, indicator=told) for n, told in enumerate(["money_given", "money_lent", "fees_waived", "produce_sold_value", None, "money_raised"], 3)]
    chart = drawn("money", frame(*rows))
    assert sorted(chart.data["giving"]) == ["given", "given", "lent", "other", "sold", "waived"]
    axes = chart.figure.axes[0]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["given, raised", "lent", "waived", "sold", "other"]
    shapes = {c.get_paths()[0].vertices.tobytes() for c in axes.collections if c.get_gid() == "results" and len(c.get_offsets())}
    inks = {to_hex(c.get_facecolor()[0]) for c in axes.collections if c.get_gid() == "results" and len(c.get_offsets())}
    assert len(shapes) == 1 and inks == {RESULT}, "the key knows one mark for what is done"
    assert "given, raised 2, lent 1, waived 1, sold 1, other 1" in chart.alt
    assert [t.get_text() for t in axes.texts if t.get_gid() == "block"] == ["rural areas"]


@pytest.mark.parametrize("indicator", [name for names in EN.table["giving_of"].values() for name in names])
def test_kinds_of_giving_are_of_measures_of_money(indicator):
    measures = {row["id"]: row["kinds"] for row in load_lexicons().tables["indicators"]["indicator"]}
    assert "money" in measures[indicator]


def test_reach_shows_beneficiaries_only_the_greatest_first():
    chart = drawn("reach")
    assert chart.data["unit"].drop_duplicates().tolist() == ["student", "company", "teacher", "village"]
    ticks = [t.get_text() for t in chart.figure.axes[0].get_yticklabels()]
    assert ticks == ["students", "companies", "teachers", "villages"]


def test_confirmation_counts_claims_and_documents():
    chart = drawn("confirmation")
    cells = {t.get_text() for t in chart.figure.axes[0].texts if t.get_gid() == "cell"}
    assert chart.data.set_index("programme").loc["Spring Works", ["a_north", "b_east", "documents"]].tolist() == [2, 1, 2]
    assert cells == {"1", "2"} and "two documents or more: 2" in chart.alt


def test_theme_year_marks_where_years_were_left_out():
    chart = drawn("theme_year")
    assert chart.data.set_index("theme").loc["environment", ["2010", "2020"]].tolist() == [1, 2]
    breaks = [line.get_xdata()[0] for line in chart.figure.axes[0].lines if line.get_gid() == "break"]
    assert breaks == [0.5, 1.5, 2.5, 4.5], "2007 | 2010 | 2013 | 2020 2021 | 2023"


def test_bars_begin_at_zero_and_add_up_to_a_hundred():
    chart = drawn("accounting")
    assert chart.figure.axes[0].get_xlim()[0] == 0
    shares = chart.data.groupby(["group", "doc"])["share"].sum()
    assert shares.round(3).eq(100).all() and shares.index.get_level_values(0).unique().tolist() == ["kinds", "reasons"]
    everything = len(corpus()) + len(LEDGER)
    assert f"Numerals: {everything}" in chart.alt


def test_promises_stand_from_statement_to_due_date_and_results_at_theirs():
    chart = drawn("promises")
    due = [round(x, 1) for x, _ in points(chart.figure, "due")]
    assert due == [2023.3, 2024.0] and len(points(chart.figure, "undated")) == 1
    assert chart.data["due"].isna().tolist() == [False, False, True]
    assert [round(x, 1) for x, _ in points(chart.figure, "results")] == [2022.0]
    words = [t.get_text() for t in chart.figure.axes[0].texts]
    assert "96% of the promise" in words and chart.title == "Promises: 3; with a result: 1; date passed without one: 0"
    assert {"c0002"} == set(chart.claims) - set(chart.data["claim_id"]), "the result is a claim behind the figure too"


def test_promises_are_grouped_by_what_came_of_them():
    states = ["undated", "open", "due", "kept", "undated", "due"]
    rows = [record(n, n, "tree", target=True) for n in range(1, 8)] + [record(9, 3, "year", kind="duration", target=True)]
    table = promises(frame(*rows)).assign(state=[*states, "partly", "open"], as_of="2021-08-05")
    chart = charts.draw_promises(table, labels=EN)
    axes = chart.figure.axes[0]
    heads = sorted((t for t in axes.texts if t.get_gid() == "head"), key=lambda t: t.get_position()[1])
    assert [t.get_text().partition(",")[0] for t in heads] == ["a result is told of", "date passed by 5 August 2021", "still open on 5 August 2021", "without a date"]
    assert [round(t.get_position()[1]) for t in heads] == [0, 3, 6, 8] and "left out: 1 (durations)" in chart.caption
    assert chart.alt.startswith("Promises: 7. With a result in these documents: 2;")


def test_of_many_promises_each_group_keeps_its_first():
    rows = [record(n, n, "tree", target=True) for n in range(1, 60)]
    table = promises(frame(*rows)).assign(state=["due"] * 40 + ["open"] * 18 + ["kept"])
    found = pick_promises(table)["group"].value_counts()
    assert found.to_dict() == {"due": 7, "open": 6, "met": 1}


@pytest.mark.parametrize(("language", "told"), [("en", "March 2020"), ("zh", "2020\u5e743\u6708"), ("ru", "\u043c\u0430\u0440\u0442 2020")])
def test_dates_of_an_axis_are_written_in_the_language(language, told):
    rows = [record(n, 3e9 + n * 1e8, doc=doc, when=when) for n, doc, when in ((1, "a_north", "2020-03-05"), (2, "b_east", "2020-04-20"))]
    chart = drawn("disagreement", frame(*rows), language=language)
    assert told in [t.get_text() for t in chart.figure.axes[0].get_xticklabels()]


def known(language, **sources):
    """Labels of a language that know the names of the lexicons, and documents by their publishers."""
    rows = [{"doc": doc, "publisher": publisher, "title": None, "date": None} for doc, publisher in sources.items()]
    return introduce(load_labels(language), sources=rows, names=load_lexicons().tables["names"])


def test_names_are_those_of_the_language():
    words = known("ru", a_north="The Post", b_east="The Post", c_south="The Guild")
    chart = charts.draw_reach(frame(record(1, 500, "student", actor="Sberbank")), labels=words)
    name = words.proper["Sberbank"]
    assert name != "Sberbank" and any(name in t.get_text() for t in chart.figure.axes[0].texts) and name in chart.alt


@pytest.mark.parametrize(
    ("name", "shown"), [("c_south", "The Guild"), ("d_west", "d_west"), ("A body that no table knows", "A body that no table knows"), (None, ""), (float("nan"), "")]
)
def test_what_nobody_introduced_keeps_its_name(name, shown):
    assert called(name, known("en", c_south="The Guild")) == shown


def test_a_document_has_one_name_in_source_line_heads_and_marks():
    words = known("en", a_north="The Post", b_east="The River Valley Guild of Teachers", c_south="The Ledger")
    chart = grids.draw_confirmation(corpus(), labels=words)
    heads = {tick.get_text().replace("\n", " ") for tick in chart.figure.axes[0].get_xticklabels()}
    assert heads == {"The Post", "The River Valley Guild of Teachers", "The Ledger"}
    assert all(head in chart.caption and any(head in mark["label"] for mark in chart.marks) for head in heads)


def test_unit_without_a_name_is_shown_as_printed():
    table = promises(frame(record(1, 1e8, "odd_thing", text="100\nthings", target=True)))
    assert [t.get_text() for t in charts.draw_promises(table, labels=load_labels("ru")).figure.axes[0].get_yticklabels()] == ["\u00ab100 things\u00bb"]


def test_money_in_another_currency_is_labelled_so():
    chart = charts.draw_money(frame(record(1, 1e9), currency="EUR"), labels=EN)
    assert "euros" in chart.figure.axes[0].get_xlabel() and "€" in chart.alt


# ---- what is picked


def test_amounts_in_one_document_or_of_one_figure_are_no_disagreement():
    assert pick_disagreement(countable(frame(record(1, 3.0e9), record(2, 3.3e9)))).empty
    assert pick_disagreement(countable(frame(record(1, 3e9), record(2, 3e9, doc="b_east")))).empty
    assert pick_disagreement(countable(frame(record(1, 3e9), record(2, 30e9, doc="b_east")))).empty


def test_claim_without_a_measure_joins_the_one_that_has_it():
    rows = record(1, 3.0e9, indicator="money_given"), record(2, 3.3e9, doc="b_east"), record(3, 3.2e9, doc="b_east", indicator="money_lent")
    found = pick_disagreement(countable(frame(*rows)))
    assert set(found["claim_id"]) in ({"c0001", "c0002"}, {"c0002", "c0003"}, {"c0001", "c0002"}) and len(found) == 2


def test_figures_make_a_series_side_by_side_or_in_one_programme():
    near = [record(1, 20, "village", when="2013"), record(2, 5000, "village", when="2020")]
    assert len(pick_series(countable(frame(*near)))) == 2
    far = [near[0], near[1] | {"start": 9000, "end": 9008}]
    assert pick_series(countable(frame(*far))).empty
    told = {"programme": "Villages", "indicator": "places_reached"}
    assert len(pick_series(countable(frame(*[row | told for row in far])))) == 2
    assert pick_series(countable(frame(near[0], near[1] | {"when": "2015"}))).empty, "two years apart is not long"


def test_oldest_of_many_years_are_joined():
    rows = [record(n, 1, "tree", when=str(2000 + n)) for n in range(1, 16)]
    matrix = pick_theme_year(by_theme_year(frame(*rows)), years=12)
    assert matrix.columns[0] == "<=2004" and matrix.iloc[0].tolist() == [4, *[1] * 11]


def test_rare_reasons_are_joined_as_other():
    counts = pd.DataFrame({"doc": "a", "reason": [f"r{n}" for n in range(9)], "numerals": range(9, 0, -1)})
    found = pick_shares(counts, "reason", most=3)
    assert set(found["reason"]) == {"r0", "r1", "r2", "other"} and found["numerals"].sum() == 45


def test_durations_are_no_promise_of_their_own():
    table = promises(frame(record(1, 3, "year", kind="duration", target=True), record(2, 5, "tree", target=True)))
    assert pick_promises(table)["claim_id"].tolist() == ["c0002"] and len(table) == 2


def test_one_row_of_many_marks_keeps_the_greatest():
    rows = [record(n, n, "person") for n in range(1, 100)]
    found = pick_reach(countable(frame(*rows)), {"person"})
    assert len(found) == 40 and found["value"].min() == 60
    assert pick_reach(countable(frame(record(1, 5, "person", per="day"))), {"person"}).empty, "so many a day is no number of people"
    assert "not shown: 59" in charts.draw_reach(frame(*rows), labels=EN).caption


def test_of_many_lanes_of_money_the_greatest_stay():
    rows = [record(n, float(n), theme=f"theme {n}") for n in range(1, 40)]
    found = pick_money(countable(frame(*rows)), "value_usd", {"given": ["money_given"]})
    assert len(found) == 20 and found["value"].min() == 20 and set(found["giving"]) == {"other"}


def test_matrix_has_documents_in_order_of_date():
    assert pick_confirmation(countable(corpus())).columns.tolist() == ["a_north", "b_east", "c_south", "documents"]


@pytest.mark.parametrize(
    ("docs", "names"),
    [
        (["2020_report", "2021_report"], ["2020", "2021"]),
        (["report-en-1", "report-en-2"], ["report_en_1", "report_en_2"]),
        (["a" * 40 + "1", "a" * 40 + "2"], ["a" * 12 + "...aa1", "a" * 12 + "...aa2"]),
        (["alone"], ["alone"]),
    ],
)
def test_short_names_still_tell_documents_apart(docs, names):
    assert list(short_names(docs).values()) == names
