"""Accuracy, standing and absence, by what their Axes hold: marks, bars from zero, no overlap, findings that equal the data."""

import pytest
from drawn import astray, bars, clashes, points, texts
from made_checks import card, checked, covered, stands
from made_claims import frame, record

from csrbook.labels import languages, load_labels
from csrbook.trust_charts import draw_absence, draw_extraction, draw_standing

EN = load_labels("en")
DRAW = {
    "extraction": lambda labels: draw_extraction(checked()[0], *card(), labels=labels),
    "unmeasured": lambda labels: draw_extraction(checked()[0], *card({}), labels=labels),
    "standing": lambda labels: draw_standing(stands(), labels=labels),
    "absence": lambda labels: draw_absence(covered(), labels=labels),
}
EMPTY = {
    "extraction": lambda labels: draw_extraction(checked()[0][:0], *card({}), labels=labels),
    "standing": lambda labels: draw_standing(stands()[:0], labels=labels),
    "absence": lambda labels: draw_absence(covered()[:0], labels=labels),
}


def many_files():
    """Coverage of more documents than a page has room for, one of them in a language that cannot be searched."""
    names = [f"report number {n} of the year" for n in range(1, 17)]
    sources = [{"doc": name, "path": f"{name}.txt", "status": "read", "chars": 900, "furniture_chars": 0, "language": "en" if n else "fr"} for n, name in enumerate(names)]
    rows = [record(n, n, "tree", doc=names[n], indicator=("trees_planted", "meals_given", "places_reached")[n % 3], target=n % 5 == 0) for n in range(1, 16)]
    return covered(frame(*rows), sources)


@pytest.fixture(scope="module", params=[(name, language) for name in DRAW for language in languages()], ids="-".join)
def chart(request):
    name, language = request.param
    return DRAW[name](load_labels(language))


def test_no_text_lies_over_another_or_outside(chart):
    assert len(texts(chart.figure)) > 5 and clashes(chart.figure) == []
    assert chart.figure.get_figwidth() == 7.0 and chart.figure.get_figheight() < 9


def test_words_are_whole(chart):
    assert "{" not in chart.title + chart.alt + chart.caption and chart.alt
    assert chart.caption.startswith(chart.title) and [t for t in chart.figure.texts if t.get_gid() == "note" and t.get_text()]


def test_marks_lie_on_the_page_and_lead_to_the_claims(chart):
    assert chart.marks and {claim for mark in chart.marks for claim in mark["claims"]} == set(chart.claims)
    assert astray(chart) == [] and all(mark["label"] for mark in chart.marks)


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("language", languages())
def test_nothing_to_show_is_said(name, language):
    labels = load_labels(language)
    chart = EMPTY[name](labels)
    assert chart.alt == f"{labels.text('word.nothing')}: {labels.text(f'chart.{name}.empty')}" and chart.claims == ()
    assert clashes(chart.figure) == []


def test_saved_twice_it_is_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        DRAW["standing"](load_labels("ru")).save(tmp_path / folder, "11-x")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


# ---- how well it was read


def test_every_share_has_its_mark_and_its_interval():
    chart = DRAW["extraction"](EN)
    axes, data = chart.figure.axes[0], chart.data
    found = sorted(round(x, 4) for group in data["group"].unique() for x, _ in points(chart.figure, f"group {group}"))
    assert found == sorted((data["share"] * 100).round(4))
    segments = [s.tolist() for c in axes.collections if hasattr(c, "get_segments") for s in c.get_segments()]
    assert sorted([round(x, 4) for x, _ in s] for s in segments) == sorted((data[["low", "high"]] * 100).round(4).to_numpy().tolist())


def test_groups_too_small_to_judge_by_are_hollow():
    axes = DRAW["extraction"](EN).figure.axes[0]
    filled = {c.get_gid(): len({tuple(c.get_facecolor()[0]), tuple(c.get_edgecolor()[0])}) == 1 for c in axes.collections if str(c.get_gid()).startswith("group")}
    assert filled == {"group all": True, "group en": True, "group ru": False, "group zh": False}


def test_axis_says_where_it_starts():
    chart = DRAW["extraction"](EN)
    start = chart.figure.axes[0].get_xlim()[0]
    assert 0 < start < 100 * chart.data["low"].min() and f"the scale starts at {start + 1:.0f}%" in chart.figure.axes[0].get_xlabel()


def test_alt_names_the_weakest_attribute_and_what_cannot_be_judged():
    chart = DRAW["extraction"](EN)
    unit = chart.data.query("name == 'unit' and group == 'all'").iloc[0]
    assert "7 annotated documents, 200 figures" in chart.alt and f"F1 {unit['share'] * 100:g}%" in chart.alt and f"{unit['share'] * 100:g}%" in chart.title
    assert "the weakest time (87%)" in chart.alt and "too little to judge by: 2 of 3" in chart.alt and chart.claims == ()


def test_without_annotated_documents_it_says_so_and_shows_what_to_review():
    chart = DRAW["unmeasured"](EN)
    assert "none of these documents is annotated" in chart.title and "Figures read: 22" in chart.alt
    assert [(left, round(wide, 2)) for left, wide, _ in bars(chart.figure)] == [(0, share) for share in chart.data["share"]]
    low = checked()[0].assign(confidence=0.1)
    half = draw_extraction(low, *card({}), labels=EN)
    assert "to review first: 22 (100%)" in half.alt and set(half.claims) == set(low["claim_id"])


# ---- how figures stand


def test_bars_begin_at_zero_with_what_rests_on_one_document():
    chart = DRAW["standing"](EN)
    first = bars(chart.figure, "single source")
    assert {left for left, _, _ in first} == {0} and chart.figure.axes[0].get_xlim()[0] == 0
    assert set(chart.data["standing"]) == {"single source", "repeated", "moved", "solid", "contradicted"}
    for name, part in chart.data.groupby("standing"):
        assert sum(wide for _, wide, _ in bars(chart.figure, name)) == part["claims"].sum(), name
    ends = {(row, round(left + wide, 6)) for left, wide, row in bars(chart.figure)}
    assert all(not left or (row, round(left, 6)) in ends for left, wide, row in bars(chart.figure) if wide), "parts follow one another"


def test_alt_of_standing_equals_the_table():
    chart, table = DRAW["standing"](EN), stands()
    results = table[~table["target"]]
    alone = results["standing"].isin(["single source", "repeated"]).sum()
    assert f"{alone} of {len(results)}" in chart.title and f"Of {len(results)} results {alone} rest on one document" in chart.alt
    assert "confirmed by another document: 2, moved with time: 2, contradicted: 2" in chart.alt
    assert f"left out: {table['target'].sum()} (promised)" in chart.caption


# ---- what nobody reports


def test_cells_are_those_of_the_documents():
    chart = DRAW["absence"](EN)
    data = chart.data[chart.data["state"] == "reported"]
    only = data["promises"] == data["claims"]
    assert len(points(chart.figure, "result")) == (~only).sum() and len(points(chart.figure, "promise")) == only.sum()
    aside = {name.replace(" ", "_"): count for name, count in chart.data["state"].value_counts().items() if name != "reported"}
    assert {name: len(points(chart.figure, name)) for name in aside} == aside
    assert len(chart.marks) == len(data)


def test_what_nobody_reports_is_named_and_counted():
    chart = DRAW["absence"](EN)
    absent = chart.data[chart.data["split"] == "none"]["indicator"].drop_duplicates()
    assert f"{len(absent)} of {chart.data['indicator'].nunique()}" in chart.title
    assert all(EN.name("indicator", name) in chart.alt for name in absent) and "volunteer hours" in chart.alt
    words = [t for t, _, _ in texts(chart.figure)]
    assert f"Reported by no document ({len(absent)})" in words and "could not be searched" in words


@pytest.mark.parametrize("language", languages())
def test_many_documents_stay_readable_and_the_rest_is_counted(language):
    labels = load_labels(language)
    chart = draw_absence(many_files(), labels=labels)
    assert clashes(chart.figure) == [] and chart.figure.get_figheight() < 9
    assert labels.text("chart.absence.files", n=6) in chart.caption
    assert len(points(chart.figure, "result")) + len(points(chart.figure, "promise")) == 10
