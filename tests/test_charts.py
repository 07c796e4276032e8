"""Figures, by what their Axes hold and by their files: marks, labels, no overlap, no missing glyph, the same bytes."""

import json
import warnings

import pandas as pd
import pytest
from made_claims import corpus, frame, record

from csrbook import charts, grids
from csrbook.exports import write_csv
from csrbook.drawings import save
from csrbook.labels import languages, load_labels
from csrbook.picks import (
    pick_confirmation,
    pick_disagreement,
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
DRAW = {
    "disagreement": lambda claims, labels: charts.draw_disagreement(claims, labels=labels),
    "then_and_now": lambda claims, labels: charts.draw_then_and_now(claims, labels=labels),
    "money": lambda claims, labels: charts.draw_money(claims, labels=labels),
    "reach": lambda claims, labels: charts.draw_reach(claims, labels=labels),
    "promises": lambda claims, labels: charts.draw_promises(promises(claims), labels=labels),
    "confirmation": lambda claims, labels: grids.draw_confirmation(claims, labels=labels),
    "theme_year": lambda claims, labels: grids.draw_theme_year(claims, labels=labels),
    "accounting": lambda claims, labels: grids.draw_accounting(claims, account(claims, LEDGER if len(claims) else LEDGER[:0]), labels=labels),
}
EN = load_labels("en")


def drawn(name, claims=None, language="en"):
    return DRAW[name](corpus() if claims is None else claims, load_labels(language))


def texts(figure):
    """Every visible text of a figure, with its box in pixels."""
    figure.canvas.draw()
    found = list(figure.texts)
    for axes in figure.axes:
        keys = axes.get_legend().get_texts() if axes.get_legend() else []
        shown = [tick for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks()] if axes.axison else []
        ticks = [label for tick in shown for label in (tick.label1, tick.label2)]
        heads = [axes.title, axes._left_title, axes._right_title, axes.xaxis.label, axes.yaxis.label]
        found += [*axes.texts, *keys, *ticks, *heads]
    seen = [(t.get_text(), t.get_window_extent()) for t in found if t.get_visible() and t.get_text().strip()]
    return [(words, box) for words, box in seen if box.width]


def marks(figure, gid):
    return [tuple(point) for axes in figure.axes for c in axes.collections if c.get_gid() == gid for point in c.get_offsets().tolist()]


@pytest.fixture(scope="module", params=[(name, language) for name in DRAW for language in languages()], ids="-".join)
def chart(request):
    return drawn(*request.param[:1], language=request.param[1])


def test_no_text_lies_over_another_or_outside(chart):
    with house():
        found = texts(chart.figure)
    assert len(found) > 3
    page = chart.figure.bbox
    for words, box in found:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= page.x1 + 1 and box.y1 <= page.y1 + 1, f"clipped: {words}"
    for at, (words, box) in enumerate(found):
        for other, there in found[at + 1 :]:
            apart = box.x1 <= there.x0 + 1 or there.x1 <= box.x0 + 1 or box.y1 <= there.y0 + 1 or there.y1 <= box.y0 + 1
            assert apart, f"{words!r} over {other!r}"


def test_words_name_the_claims_and_documents_behind_it(chart):
    assert chart.title and chart.alt and chart.claims and "{" not in chart.alt + chart.caption
    assert set(chart.claims) <= set(corpus()["claim_id"])
    assert chart.caption.startswith(chart.title)


def test_figure_has_column_width_and_the_source_line(chart):
    assert chart.figure.get_figwidth() == 7.0 and chart.figure.get_figheight() < 9
    assert [t for t in chart.figure.texts if t.get_gid() == "note" and t.get_text()]


@pytest.mark.parametrize("name", DRAW)
def test_saved_twice_it_is_the_same_bytes(tmp_path, name):
    for folder in ("one", "two"):
        drawn(name, language="zh").save(tmp_path / folder, "01-x")
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


def test_save_writes_picture_data_and_index(tmp_path):
    chart = drawn("money")
    paths = chart.save(tmp_path, "02-money")
    assert [p.name for p in paths] == ["02-money.svg", "02-money.png", "02-money.csv", "charts.json"]
    assert (tmp_path / "02-money.csv").read_bytes() == write_csv(chart.data, tmp_path / "again.csv").read_bytes()
    drawn("reach").save(tmp_path, "01-reach")
    save(chart.figure, tmp_path, stem="02-money", data=chart.data, alt="other", caption="c", claims=["c0001"])
    rows = json.loads((tmp_path / "charts.json").read_text(encoding="utf-8"))
    assert [(row["stem"], row["alt"] == "other") for row in rows] == [("01-reach", False), ("02-money", True)]
    assert rows[1]["claims"] == ["c0001"] and rows[1]["files"] == ["02-money.svg", "02-money.png", "02-money.csv"]


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
    assert sorted(y for _, y in marks(chart.figure, "results")) == [3.0e9, 3.3e9, 3.4e9]
    assert chart.data["doc"].tolist() == ["b_east", "a_north", "c_south"]
    axes = chart.figure.axes[0]
    assert "does not start at zero" in axes.get_title(loc="left") and axes.get_ylim()[0] > 0
    words = " ".join(t.get_text() for t in axes.texts)
    assert all(told in words for told in ("CNY 3 bn", "CNY 3.3 bn", "CNY 3.4 bn"))
    assert "from CNY 3 bn to CNY 3.4 bn" in chart.alt


def test_interval_of_nearly_is_drawn():
    axes = drawn("disagreement").figure.axes[0]
    segments = [s.tolist() for c in axes.collections if hasattr(c, "get_segments") for s in c.get_segments()]
    assert [[y for _, y in s] for s in segments] == [[3.35e9, 3.4e9]]


def test_series_keep_both_ends_and_their_ratio():
    chart = drawn("then_and_now")
    assert sorted(marks(chart.figure, "first")) == [(20, 1), (76_000, 0)]
    assert sorted(marks(chart.figure, "latest")) == [(5425, 1), (220e6, 0)]
    assert chart.figure.axes[0].get_xscale() == "log" and "logarithmic" in chart.figure.axes[0].get_xlabel()
    assert any(t.get_text() == "×2,900" for t in chart.figure.axes[0].texts)


def test_promise_and_result_differ_by_mark_not_by_colour_alone():
    chart = drawn("money")
    done, promised = (len(marks(chart.figure, gid)) for gid in ("results", "promises"))
    assert (done, promised) == ((~chart.data["target"]).sum(), chart.data["target"].sum()) and promised == 1
    keys = [t.get_text() for t in chart.figure.axes[0].get_legend().get_texts()]
    assert keys == ["done", "promised"]
    assert "no rate" in chart.caption, "roubles of 2023 have no rate, and it says so"


def test_reach_shows_beneficiaries_only_the_greatest_first():
    chart = drawn("reach")
    assert chart.data["unit"].drop_duplicates().tolist() == ["student", "company", "teacher", "village"]
    ticks = [t.get_text() for t in chart.figure.axes[0].get_yticklabels()]
    assert ticks == ["students", "companies", "teachers", "villages"]


def test_confirmation_counts_claims_and_documents():
    chart = drawn("confirmation")
    cells = {t.get_text() for t in chart.figure.axes[0].texts if t.get_gid() == "cell"}
    assert chart.data.set_index("programme").loc["Spring Works", ["a_north", "b_east", "documents"]].tolist() == [2, 1, 2]
    assert cells == {"1", "2"} and "2 of 3 programmes" in chart.alt


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
    assert f"{everything} numerals" in chart.alt


def test_promises_stand_from_statement_to_due_date():
    chart = drawn("promises")
    due = sorted(round(x, 1) for x, _ in marks(chart.figure, "due") if x is not None)
    assert due == [2023.3, 2024.0]
    assert chart.data["due"].isna().tolist() == [False, False, True]


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
    assert "not shown: 59" in charts.draw_reach(frame(*rows), labels=EN).caption


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


def test_many_documents_and_claims_stay_drawable(tmp_path):
    units = ["person", "student", "city", "tree", "CNY", "company"]
    themes = [None, "rural", "education", "environment", "health_of_seas"]
    rows = [
        record(n, 10 ** (1 + n % 9) * (1 + n % 7), units[n % 6], doc=f"report {n % 23} of the year", theme=themes[n % 5], when=str(2001 + n % 19),
               programme=f"Programme number {n % 40} for everyone", target=n % 11 == 0, when_type="during")
        for n in range(1, 1500)
    ]  # fmt: skip
    for name in DRAW:
        chart = drawn(name, frame(*rows))
        chart.save(tmp_path, name)
        assert chart.figure.get_figheight() < 14
