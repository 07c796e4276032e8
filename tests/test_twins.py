"""twins, differences, alignment: one announcement told twice is recognised, and every difference is listed, no other."""

import sys
import tempfile
import tomllib
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import combinations, islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csrbook.alignment import Entry, Units, align, chance, digits_of, in_order, is_rounded
from csrbook.claims import make_claims, record
from csrbook.columns import columns_of
from csrbook.corpus import claim_rows, extract
from csrbook.differences import DIFFERENCES, compare
from csrbook.displays import show, side_by_side
from csrbook.documents import read_documents
from csrbook.exports import read_table, write_table
from csrbook.lexicon import load_lexicons
from csrbook.twins import find_twins, parity_frame, twin_rows, twins_frame
from csrbook.verdicts import make_figure

sys.path.insert(0, str(Path(__file__).parent / "training"))
import articles  # noqa: E402

FOLDER = Path(__file__).parent / "cases" / "twins"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


def case(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def told() -> tuple[list[dict], tuple]:
    """Return the records and the documents of all cases, read as any folder is."""
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for name in NAMES:
            for side in ("one", "other"):
                row, file = case(name)[side], f"{name}.{side}.txt"
                Path(folder, file).write_text(row["text"].strip() + "\n", encoding="utf-8")
                told_of = {"file": file, "id": f"{name}.{side}", "language": row["language"], "date": row["date"]}
                rows.append("[[document]]\n" + "".join(f'{key} = "{value}"\n' for key, value in told_of.items()))
        Path(folder, "manifest.toml").write_text("\n".join(rows), encoding="utf-8")
        documents = read_documents(folder, load_lexicons()).documents
    return [record(claim) for d in documents for claim in make_claims(d, load_lexicons()).claims], documents


@cache
def found() -> dict:
    """Return the twins of all cases together, by the pair of documents."""
    records, documents = told()
    return {(twin.one, twin.other): twin for twin in find_twins(records, load_lexicons(), documents=documents)}


def listed(name: str) -> Counter:
    """Return the differences found in a case as (kind, printed, printed)."""
    texts = {r["claim_id"]: " ".join(r["text"].split()) for r in told()[0]}
    twin = found()[f"{name}.one", f"{name}.other"]
    return Counter((d.kind, texts.get(d.one), texts.get(d.other)) for d in twin.differences)


def rows(name: str, table: str = "difference") -> list[tuple]:
    """Return the (kind, printed, printed) of a table of a case."""
    return [(r["kind"], r.get("one"), r.get("other")) for r in case(name).get(table, ())]


TWINS = [name for name in NAMES if case(name)["form"]]
PLANTED = [(name, row) for name in TWINS for row in rows(name)]
INVENTED = [
    pytest.param(name, row, marks=pytest.mark.xfail(strict=True, reason=told["why"]), id=f"{name}-{row[0]}-{row[1]}")
    for name in TWINS
    for row, told in zip(rows(name, "invented"), case(name).get("invented", ()), strict=True)
]


# ---- announcements told twice --------------------------------------------------------------------------------------


def test_only_twins_are_twins():
    assert set(found()) == {(f"{name}.one", f"{name}.other") for name in TWINS}


def test_announcements_are_twins_of_one_folder_and_of_their_own():
    records, documents = told()
    for (one, other), twin in found().items():
        mine = [r for r in records if r["doc"] in (one, other)]
        assert find_twins(mine, load_lexicons(), documents=documents) == (twin,)


@pytest.mark.parametrize("name", TWINS)
def test_form_is_told(name):
    twin = found()[f"{name}.one", f"{name}.other"]
    assert twin.form == case(name)["form"] and twin.chance < -6 and 0.5 <= twin.share <= 1


@pytest.mark.parametrize(("name", "row"), PLANTED, ids=[f"{n}-{r[0]}-{r[1] or r[2]}" for n, r in PLANTED])
def test_planted_difference_is_listed_once(name, row):
    assert listed(name)[row] == 1


@pytest.mark.parametrize("name", TWINS)
def test_no_other_difference_is_listed(name):
    assert listed(name) - Counter(rows(name)) - Counter(rows(name, "invented")) == Counter()


@pytest.mark.parametrize(("name", "row"), INVENTED)
def test_misreading_invents_no_difference(name, row):
    assert row not in listed(name)


def test_every_kind_of_difference_is_planted():
    assert {row[0] for _, row in PLANTED} == set(DIFFERENCES)


def test_planted_are_found_with_few_besides():
    found_rows = sum(map(listed, TWINS), Counter())
    right = sum((found_rows & Counter(row for _, row in PLANTED)).values())
    assert right / len(PLANTED) == 1 and right / found_rows.total() > 0.9


@pytest.mark.parametrize("name", TWINS)
def test_order_of_the_documents_does_not_matter(name):
    records, documents = told()
    swapped = {f"{name}.one": "z", f"{name}.other": "a"}
    mine = [dict(r, doc=swapped[r["doc"]]) for r in records if r["doc"] in swapped]
    here_too = [SimpleNamespace(doc=swapped[d.doc], language=d.language, date=d.date) for d in documents if d.doc in swapped]
    (twin,) = find_twins(mine, load_lexicons(), documents=here_too)
    known, here = {tuple(sorted(p)) for p in twin.pairs}, found()[f"{name}.one", f"{name}.other"]
    assert known == {tuple(sorted(p)) for p in here.pairs}
    missing = {(d.one or d.other) for d in twin.differences if d.kind == "missing"}
    assert missing == {(d.one or d.other) for d in here.differences if d.kind == "missing"}


# ---- what is no twin -----------------------------------------------------------------------------------------------


def figures(doc: str, numbers, *, unit: str = "tree", **more) -> list[dict]:
    """Return records of counts, one a sentence."""
    return [
        {"doc": doc, "start": n * 50, "end": n * 50 + 5, "text": str(v), "value": v, "unit": unit, "kind": "count", "low": v, "high": v}
        | {"qualifier": "exact", "claim_id": f"{doc}{n}", "id": f"{doc}{n}", "sentence_start": n * 50, "sentence_end": n * 50 + 40} | more
        for n, v in enumerate(numbers)
    ]  # fmt: skip


LONG = [317, 2480, 156, 9120, 45, 688, 1730]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([10, 20, 100, 3], [10, 20, 100, 3]),  # round numbers meet by chance
        ([317, 2480, 5], [317, 2480, 7, 8]),  # two long numbers alone may be one company's size
        (LONG, [317, 2480, 156, *range(11, 99, 3)]),  # three of many
        (LONG, []),
        ([], []),
        ([0, 0, 0], [0, 0, 0]),
    ],
)
def test_few_or_round_numbers_make_no_twin(one, other):
    assert find_twins(figures("a", one) + figures("b", other), load_lexicons()) == ()


def test_same_numbers_of_other_units_make_no_twin():
    other = [r | {"unit": "percent", "kind": "percent"} for r in figures("b", LONG)]
    assert find_twins(figures("a", LONG) + other, load_lexicons()) == ()


@pytest.mark.parametrize(("day", "twins"), [("2020-06-29", 1), ("2020-08-01", 0), (None, 1), ("2020", 0)])
def test_dates_of_documents_are_within_sixty_days(day, twins):
    records, documents = figures("a", LONG) + figures("b", LONG), [
        SimpleNamespace(doc=doc, date=told_on, language="en") for doc, told_on in (("a", "2020-05-01"), ("b", day))
    ]
    assert len(find_twins(records, load_lexicons(), documents=documents)) == twins


def test_articles_on_many_subjects_are_no_twins():
    records = []
    for language in ("en", "zh", "ru"):
        for document, _ in islice(articles.documents(language), 70):
            records += [record(claim) for claim in make_claims(document, load_lexicons()).claims]
    assert len({r["doc"] for r in records}) > 200
    assert find_twins(records, load_lexicons()) == ()


def test_shipped_documents_hold_no_twins(root):
    harvest = extract(root / "seeds")
    assert find_twins(claim_rows(harvest.extractions), harvest.lexicons, documents=[e.document for e in harvest.extractions]) == ()


# ---- arithmetic ----------------------------------------------------------------------------------------------------


def entry(value, *, unit: str | None = "tree", kind: str = "count", place: int = 0, language: str = "", **more) -> Entry:
    row = {"doc": "a", "start": place, "end": place + 1, "text": "", "value": Decimal(str(value)), "unit": unit, "kind": kind} | more
    return Entry(make_figure(row), place, place, str(place), language=language)


def test_a_rounded_number_is_told_from_another():
    million = Decimal(12_836_000)
    near = entry(12_800_000, low=12_750_000, high=12_850_000).figure
    assert is_rounded(near, entry(million).figure) and is_rounded(entry(million).figure, near)
    assert is_rounded(entry(12_000_000, qualifier="over").figure, entry(12_400_000).figure)
    assert not is_rounded(entry(12_000_000, qualifier="over").figure, entry(12_400_000, qualifier="over").figure)
    assert not is_rounded(entry(100, low=100, high=100).figure, entry(98, low=98, high=98).figure)
    assert not is_rounded(entry(13_000_000, qualifier="over").figure, entry(12_836_000).figure)


@pytest.mark.parametrize(
    ("one", "other", "here", "abroad"),
    [
        ("tree", "tree", True, True), (None, "tree", True, True), ("pupil", "student", True, True), ("person", "nurse", True, True),
        ("teacher", "student", False, False), ("town", "city", False, True), ("school", "hospital", False, False),
        ("item", "mask", True, True), ("dye work", "factory", False, True),
    ],
)  # fmt: skip
def test_nouns_of_two_languages_agree_unless_the_tables_part_them(one, other, here, abroad):
    units = Units.of(load_lexicons())
    assert units.agree(entry(5, unit=one, language="en"), entry(5, unit=other, language="en")) is here
    assert units.agree(entry(5, unit=one, language="en"), entry(5, unit=other, language="ru")) is abroad


def test_tonnes_of_something_are_tonnes():
    units, told_of = Units.of(load_lexicons()), {"kind": "physical"}
    assert units.agree(entry(5, unit="t", **told_of), entry(5, unit="tCO2e", **told_of))
    assert not units.agree(entry(5, unit="t", **told_of), entry(5, unit="kg", **told_of))
    assert not units.agree(entry(5, unit="CNY", kind="money"), entry(5, unit="USD", kind="money"))


def test_chance_grows_with_the_choice_and_falls_with_the_digits():
    assert chance([1, 1, 1], 10, 10) > 0 > -6 > chance([3, 3, 3, 2], 5, 5)
    assert chance([3, 3, 3], 3, 3) == -9 and chance([3, 3, 3], 10, 3) == pytest.approx(-9 + 2.079, abs=0.001)
    assert [digits_of(entry(v).figure) for v in (5_000_000, 0, 120, 12_345)] == [1, 1, 2, 3]


def compared(one, other):
    return compare(one, other, Units.of(load_lexicons()))


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ({"value": 317}, {"value": 317}, None),
        ({"value": 317}, {"value": 371}, "value"),
        ({"value": 317}, {"value": 3170}, "slip"),
        ({"value": 3}, {"value": 3}, None),
        ({"value": 317, "qualifier": "over"}, {"value": 317}, "hedge"),
        ({"value": 317, "target": True}, {"value": 317}, "promise"),
        ({"value": 317, "when": "2020"}, {"value": 317, "when": "2021"}, "time"),
        ({"value": 317, "when": "2020"}, {"value": 317, "when": "2020-03"}, None),
        ({"value": 317, "when": "2020/2022"}, {"value": 317, "when": "2020/2021"}, "time"),
        ({"value": 317, "unit": "t", "kind": "physical"}, {"value": 317, "unit": "kg", "kind": "physical"}, "unit"),
        ({"value": 24, "unit": "h", "kind": "duration"}, {"value": 1, "unit": "day", "kind": "duration"}, "conversion"),
        ({"value": 70, "when": "2020", "unit": "CNY", "kind": "money"}, {"value": 10, "unit": "USD", "kind": "money"}, "conversion"),
        ({"value": 3, "value_max": 4}, {"value": 3}, "value"),
    ],
)
def test_one_figure_differs_in_one_way(one, other, kind):
    lone = compared([entry(**one)], [entry(**other)])
    assert [d.kind for d in lone.differences] == ([kind] if kind else []) and lone.pairs == ((0, 0),)


def test_unlike_figures_are_two_that_are_missing():
    found = compared([entry(317)], [entry(46, unit="percent", kind="percent")])
    assert [(d.kind, d.one, d.other) for d in found.differences] == [("missing", 0, None), ("missing", None, 0)]


def test_a_figure_told_at_another_place_too_is_not_missing():
    assert compared([entry(317), entry(317, place=9)], [entry(317)]).differences == ()


numbers = st.lists(st.integers(1, 99_999), max_size=12)


@settings(max_examples=60, deadline=None)
@given(numbers)
def test_a_document_is_its_own_twin_without_a_difference(told_numbers):
    row = [entry(v, place=n) for n, v in enumerate(told_numbers)]
    found = compared(row, row)
    assert found.differences == () and found.pairs == tuple((n, n) for n in range(len(row)))


@settings(max_examples=60, deadline=None)
@given(numbers, numbers)
def test_pairs_never_cross_and_are_the_same_from_either_side(one, other):
    rows = [[entry(v, place=n, low=v, high=v) for n, v in enumerate(side)] for side in (one, other)]
    units = Units.of(load_lexicons())
    pairs = align(*rows, units)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in zip(pairs, pairs[1:], strict=False))
    assert len(set(pairs)) == len(pairs) and all(one[i] == other[j] for i, j in pairs)


@settings(max_examples=60, deadline=None)
@given(numbers, numbers)
def test_every_figure_is_paired_missing_or_told_elsewhere(one, other):
    rows = [[entry(v, place=n, low=v, high=v) for n, v in enumerate(side)] for side in (one, other)]
    found = compared(*rows)
    left = {i for i, _ in found.pairs} | {d.one for d in found.differences if d.kind == "missing"}
    assert all(i in left or v in other for i, v in enumerate(one))
    assert len({i for i, _ in found.pairs}) == len({j for _, j in found.pairs}) == len(found.pairs)


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=3, max_size=3), max_size=4))
def test_alignment_is_the_best_of_all(worths):
    cells = [(i, j) for i, row in enumerate(worths) for j, worth in enumerate(row) if worth]
    some = [chosen for size in range(4) for chosen in combinations(cells, size)]
    ordered = [c for c in some if all(a[0] < b[0] and a[1] < b[1] for a, b in zip(c, c[1:], strict=False))]
    best = max(sum(worths[i][j] for i, j in chosen) for chosen in ordered)
    assert sum(worths[i][j] for i, j in in_order(worths)) == best


# ---- handing on ----------------------------------------------------------------------------------------------------


def test_table_is_read_back_and_shown(tmp_path):
    records, documents = told()
    frame = twins_frame(found().values(), records, documents=documents)
    assert list(frame.columns) == [c.name for c in columns_of("twins")]
    assert len(frame) == sum(max(1, len(twin.differences)) for twin in found().values())
    write_table(frame, tmp_path, "twins")
    assert read_table(tmp_path / "twins.parquet").equals(frame)
    assert "3.45 million meals | 3450" in (tmp_path / "twins.csv").read_text(encoding="utf-8")
    assert len(show(frame, {"claims": "claims", "values": "printed", "test": "because"})) == len(frame)
    quoted = side_by_side(frame[frame["difference"] == "slip"])
    assert set(quoted["docs"]) == {name for pair in found() for name in pair if any(
        d.kind == "slip" for d in found()[pair].differences
    )}  # fmt: skip


def test_quotations_hold_the_figures():
    records, documents = told()
    for row in twin_rows(found().values(), records, documents=documents):
        parts = zip(row["values"].split(" | "), row["quotations"].split(" | "), strict=True)
        assert all(printed in sentence for printed, sentence in parts)
        assert (row["absent"] is not None) == (row["difference"] == "missing")


def test_faithful_translation_has_one_row_that_says_so():
    records, documents = told()
    (row,) = twin_rows([found()["zh_ru_qingyuan.one", "zh_ru_qingyuan.other"]], records, documents=documents)
    assert row["difference"] == "none" and row["share"] == 1


def test_parity_adds_up_document_by_document():
    records, documents = told()
    frame = parity_frame(found().values(), documents=documents)
    counts = Counter(r["doc"] for r in records if not r["repeat_of"])
    assert list(frame["figures"]) == [counts[doc] for doc in frame["doc"]] and len(frame) == 2 * len(TWINS)
    assert ((frame["paired"] <= frame["figures"]) & (frame["share"] * frame["figures"] <= frame["paired"] + 0.01)).all()
    absent = Counter(row["absent"] for row in twin_rows(found().values(), records, documents=documents))
    assert list(frame["left_out"]) == [absent[doc] for doc in frame["doc"]]
    assert {d.doc: d.language for d in documents}.items() >= dict(zip(frame["doc"], frame["language"], strict=True)).items()


def test_tables_without_twins_have_their_columns():
    assert list(parity_frame(()).columns) == [c.name for c in columns_of("twins_parity")]


def test_table_without_twins_has_its_columns():
    frame = twins_frame((), ())
    assert len(frame) == 0 and list(frame.columns) == [c.name for c in columns_of("twins")]
