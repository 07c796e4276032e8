"""Conversions and equivalents, by what their Axes hold: marks, labels, no overlap, findings that equal the data."""

import pytest
from drawn import astray, clashes, entry, points, texts
from made_checks import EQUIVALENTS, SUMS, checked, many, pair, relations_of, table

from csrbook.labels import languages, load_labels
from csrbook.ratio_charts import draw_conversions, draw_equivalents

EN = load_labels("en")
DRAW = {
    "conversions": lambda claims, relations, labels: draw_conversions(claims, relations, labels=labels),
    "equivalents": lambda claims, _, labels: draw_equivalents(claims, labels=labels),
}
ONE = {
    "conversions": pair(1, SUMS[0], when="2020-04-17"),
    "equivalents": pair(1, EQUIVALENTS[0]),
}


def told(rows):
    return table(rows), relations_of(rows)


@pytest.fixture(scope="module", params=[(name, language) for name in DRAW for language in languages()], ids="-".join)
def chart(request):
    name, language = request.param
    return DRAW[name](*checked(), load_labels(language))


def test_no_text_lies_over_another_or_outside(chart):
    assert len(texts(chart.figure)) > 5 and clashes(chart.figure) == []


def test_words_are_whole_and_claims_are_those_of_the_rows(chart):
    assert "{" not in chart.title + chart.alt + chart.caption and chart.caption.startswith(chart.title)
    assert set(chart.claims) == set(chart.data["of_id"]) | set(chart.data["claim_id"])
    assert chart.figure.get_figwidth() == 7.0 and chart.figure.get_figheight() < 9


def test_every_mark_leads_to_its_claims(chart):
    assert {claim for mark in chart.marks for claim in mark["claims"]} == set(chart.claims)
    assert astray(chart) == [] and all(mark["label"] for mark in chart.marks)


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("language", languages())
def test_many_pairs_stay_readable_and_the_rest_is_counted(name, language):
    labels = load_labels(language)
    chart = DRAW[name](*many(), labels)
    assert clashes(chart.figure) == [] and len(chart.data) == 14 and chart.figure.get_figheight() < 9
    assert labels.text("word.more", n={"conversions": 2, "equivalents": 5}[name]) in chart.caption


@pytest.mark.parametrize("name", DRAW)
def test_one_pair_is_a_picture_too(name):
    chart = DRAW[name](*told(ONE[name]), load_labels("zh"))
    assert clashes(chart.figure) == [] and len(chart.data) == 1 and len(chart.claims) == 2


@pytest.mark.parametrize("name", DRAW)
@pytest.mark.parametrize("language", languages())
def test_nothing_to_show_is_said(name, language):
    claims, relations = checked()
    labels = load_labels(language)
    chart = DRAW[name](claims[:0], relations[:0], labels)
    assert chart.alt == f"{labels.text('word.nothing')}: {labels.text(f'chart.{name}.empty')}" and chart.claims == ()
    assert clashes(chart.figure) == [] and not chart.marks


def test_saved_it_lists_its_marks_and_is_the_same_bytes_twice(tmp_path):
    chart = draw_conversions(*checked(), labels=load_labels("zh"))
    row = entry(chart, tmp_path / "one")
    assert row["language"] == "zh" and row["size"][0] == 504 and [m["claims"] for m in row["marks"]] == [list(m["claims"]) for m in chart.marks]
    draw_conversions(*checked(), labels=load_labels("zh")).save(tmp_path / "two", "09-x")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_conversions_stand_at_their_ratio_and_those_that_fail_are_told_apart_by_mark():
    chart = draw_conversions(*checked(), labels=EN)
    data = chart.data
    for gid, fits in (("fits", True), ("fails", False)):
        assert points(chart.figure, gid) == [(row.ratio, at) for at, row in enumerate(data.itertuples()) if row.fits is fits]
    paths = {c.get_gid(): c.get_paths()[0].vertices.tolist() for c in chart.figure.axes[0].collections if c.get_gid() in ("fits", "fails")}
    assert paths["fits"] != paths["fails"] and chart.figure.axes[0].get_xscale() == "log"
    segments = [s.tolist() for c in chart.figure.axes[0].collections if hasattr(c, "get_segments") for s in c.get_segments()]
    assert [[round(x, 5) for x, _ in s] for s in segments] == data[["ratio_low", "ratio_high"]].to_numpy().tolist()


def test_band_is_what_the_verdict_allows():
    axes = draw_conversions(*checked(), labels=EN).figure.axes[0]
    band = next(patch for patch in axes.patches if patch.get_gid() == "band")
    assert (round(band.get_x(), 6), round(band.get_x() + band.get_width(), 6)) == (0.92, 1.08)


def test_a_sum_that_fails_is_labelled_with_what_it_should_be():
    chart = draw_conversions(*checked(), labels=EN)
    words = [t for t, _, _ in texts(chart.figure)]
    assert any(w.startswith("should be $5.6") for w in words) and "power of ten" in chart.alt
    assert any(w.startswith("should be $42.4 m") for w in words) and not any("power" in w for w in words)
    assert "−90%" in words and "+49.7%" in words and not any(w.startswith("should be $17") for w in words)


def test_alt_of_conversions_says_what_was_found():
    chart = draw_conversions(*checked(), labels=EN)
    assert "2 of 4" in chart.title and "not within 8% of the dated rate: 2" in chart.alt
    assert "CNY 40 bn, printed as $565 m; at the rate of 17 April 2020 it is $5.6" in chart.alt and "a power of ten off" in chart.alt
    assert "not checked: 1" in chart.caption and "Claims: 8" in chart.caption
    fine = draw_conversions(*told(pair(1, SUMS[1], when="2020-04-17")), labels=EN)
    assert "0 of 1" in fine.title and fine.alt.endswith("the dated rate: 0; the furthest is off by 0%.")


def test_equivalents_stand_where_both_figures_are():
    chart = draw_equivalents(checked()[0], labels=EN)
    data = chart.data
    assert points(chart.figure, "figures") == list(zip(data["x_of"], range(len(data)), strict=True))
    assert points(chart.figure, "equivalents") == list(zip(data["x"], range(len(data)), strict=True))
    breaks = [line.get_ydata()[0] for line in chart.figure.axes[0].lines if line.get_gid() == "break"]
    assert breaks == [2.5, 4.5], "kinds of equivalent are told apart"


def test_ratios_are_written_so_that_both_figures_can_be_checked():
    words = [t for t, _, _ in texts(draw_equivalents(checked()[0], labels=EN).figure)]
    assert words.count("1 : 55") == 2 and words.count("4 : 1") == 2 and {"1 : 22.2", "×2.5 apart", "agree", "3,000 : 1"} <= set(words)
    assert {"emissions avoided\ntonnes : trees\na_north", "meals given\nyuan : meals\nc_south"} <= set(words)


def test_both_ends_of_an_equivalent_have_their_units():
    words = [t for t, _, _ in texts(draw_equivalents(checked()[0], labels=EN).figure)]
    assert {"12,000 tonnes", "5 m kg", "660,000 trees"} <= set(words)


def test_alt_of_equivalents_says_whether_ratios_agree():
    chart = draw_equivalents(checked()[0], labels=EN)
    assert "told as something else: 6; documents: 3" in chart.alt
    assert "told more than once: 2; with ratios that rounding cannot reconcile: 1; the widest: tonnes : trees, ×2.5" in chart.alt
    assert chart.title == "Told as something else: tonnes : trees, ratios ×2.5 apart"
    alone = draw_equivalents(table(ONE["equivalents"]), labels=EN)
    assert alone.title == "Told as something else: 12,000 tonnes as 660,000 trees"
    assert "told more than once: 0, so that no ratio has another beside it" in alone.alt
