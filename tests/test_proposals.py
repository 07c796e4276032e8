"""proposals: what the text alone names is offered to a person, and the line that is offered confirms it."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_claims import SOURCES, frame, record

from csrbook import columns
from csrbook.confirmations import without_unseen
from csrbook.corpus import claim_rows, extract, sighting_rows, telling_rows
from csrbook.proposals import names_to_review
from csrbook.tables import claims_frame, normalise, sightings_frame

TEXTS = {
    "en.txt": "The Rainbow Valley Foundation gave 300 books to 12 schools in May 2021. It began the “Two Wheels” programme for nurses.\n\n"
    "Through Two Wheels the Rainbow Valley Foundation handed out 40 bicycles in 2020.",
    "ru.txt": "Компания «Белый кит» открыла программу «Две реки». По программе «Две реки» компания «Белый кит» передала школам 500 книг.",
    "zh.txt": "白帆集团成立于1990年。2021年，白帆集团启动“清风书屋”项目，向学校捐赠图书500册。",
}
NAMES = {
    "actor": {"Rainbow Valley Foundation", "Белый кит", "白帆集团"},
    "programme": {"Two Wheels", "Две реки", "清风书屋"},
}


def sighting(number, name, *forms, kind="actor", **told):
    row = {
        "kind": kind, "name": name, "forms": forms or (name,), "sure": 2.0, "telling_id": f"{number:016x}", "doc": "a_north", "language": "en",
        "start": number * 100, "end": number * 100 + 5, "text": name, "heading": False, "sentence_start": number * 100,
        "sentence_end": number * 100 + 60, "sentence": f"{name} began.",
    }  # fmt: skip
    return row | told


def review_of(records, seen, **names):
    return names_to_review(frame(*records), sightings_frame(seen, SOURCES), names=names)


def entries(review, kind):
    """Return the lines of a kind as names.toml reads them."""
    lines = "\n".join(review.loc[review["kind"] == kind, "entry"].dropna())
    return tomllib.loads(f"{kind} = [\n{lines}\n]")[kind]


# ---- the table ---------------------------------------------------------------------------------------------------------


def test_most_used_come_first_then_the_least_sure():
    seen = [sighting(1, "Sure"), sighting(2, "Unsure", sure=-0.5), sighting(3, "Often")]
    records = [record(1, 5, "tree", actor="Often"), record(2, 5, "tree", actor="Often", relevance="context")]
    review = review_of([*records, record(3, 5, "tree", actor="Sure"), record(4, 5, "tree", actor="Unsure")], seen)
    assert review["name"].tolist() == ["Often", "Unsure", "Sure"]
    assert review.loc[0, ["claims", "claim_ids", "figure_ids"]].tolist() == [2, "c0001 c0002", "c0001"]


def test_a_row_tells_of_all_documents_and_of_the_first_place():
    seen = [
        sighting(1, "Shop", "Shop", "SHOP", doc="c_south", language="ru", sure=1.0), sighting(2, "Shop", "The Shop", "Shop", doc="b_east", sure=3.5),
        sighting(3, "Shop", "Shop", heading=True),
    ]  # fmt: skip
    row = review_of([], seen).loc[0]
    assert row[["documents", "docs", "languages", "sure"]].tolist() == [3, "a_north b_east c_south", "en ru", 3.5]
    assert row["forms"] == "Shop | The Shop | SHOP"
    assert row[["doc", "telling_id", "start"]].tolist() == ["b_east", f"{2:016x}", 200], "running text before a heading, the oldest document"


def test_a_programme_takes_owner_and_theme_from_its_claims_itself_apart():
    stated = {"programme": "Wheels", "theme": "education"}
    records = [record(1, 5, "tree", actor="Wheels", **stated), record(2, 6, "tree", actor="Wheels", **stated), record(3, 7, "tree", actor="Shop", **stated)]
    row = review_of(records, [sighting(1, "Wheels", kind="programme")]).loc[0]
    assert row[["kind", "owner", "theme", "claims"]].tolist() == ["programme", "Shop", "education", 3]


def test_what_a_document_found_is_proposed_whatever_the_table_has_of_that_name():
    seen = [sighting(1, "Shop"), sighting(2, "Shop", kind="programme")]
    review = review_of([], seen, actor=[{"name": "Shop", "forms": ["Shop Limited"]}])
    assert review["kind"].tolist() == ["actor", "programme"] and review["entry"].notna().all()


SEEN = {
    "a form of two names": (
        [sighting(1, "Calder Trust", "Calder Trust", "Old Calder"), sighting(2, "Calder Ltd", "old calder", "Calder Ltd")],
        {"Calder Ltd": ["Calder Ltd", "old calder"], "Calder Trust": ["Calder Trust"]},
    ),
    "a short form of two names": (
        [sighting(1, "Calder Trust", "Calder Trust", "Calder"), sighting(2, "Calder Ltd", "Calder Ltd", "Calder")],
        {"Calder Ltd": ["Calder Ltd"], "Calder Trust": ["Calder Trust"]},
    ),
    "a short form that begins a known name": ([sighting(1, "North Trust", "North Trust", "North")], {"North Trust": ["North Trust"]}),
    "a form of the table": ([sighting(1, "West Trust", "West Trust", "The North")], {"West Trust": ["West Trust"]}),
    "a short form of one name": ([sighting(1, "West Trust", "West Trust", "West")], {"West Trust": ["West Trust", "West"]}),
    "a form that is another name": ([sighting(1, "West", "West", "East"), sighting(2, "East")], {"East": ["East"], "West": ["West"]}),
    "one name in other capitals": ([sighting(1, "West"), sighting(2, "WEST")], {"WEST": ["WEST"]}),
}


@pytest.mark.parametrize(("seen", "lines"), SEEN.values(), ids=SEEN)
def test_a_form_stands_in_one_line(seen, lines):
    review = review_of([], seen, actor=[{"name": "Northern Light", "forms": ["North Light", "The North"]}])
    assert {entry["name"]: entry["forms"] for entry in entries(review, "actor")} == lines and len(review) == len(seen)


@pytest.mark.parametrize(
    ("bodies", "table", "owner"),
    [([], [], None), ([sighting(2, "Shop")], [], "Shop"), ([], [{"name": "The Shop", "forms": ["shop"]}], "Shop")],
    ids=["nobody knows it", "proposed", "known"],
)
def test_a_line_tells_an_owner_that_can_be_looked_up(bodies, table, owner):
    records = [record(1, 5, "tree", actor="Shop", programme="Wheels")]
    review = review_of(records, [sighting(1, "Wheels", kind="programme"), *bodies], actor=table)
    (entry,) = entries(review, "programme")
    assert entry.get("owner") == owner and "Shop" in review["owner"].tolist()


def test_types_are_the_same_with_and_without_rows():
    full, empty = review_of([record(1, 5, actor="Shop")], [sighting(1, "Shop")]), review_of([], [])
    assert full.dtypes.to_dict() == empty.dtypes.to_dict() and len(empty) == 0
    assert all(columns.column(name, "names_to_review").meaning for name in full.columns)


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1))
def test_any_name_is_a_line_that_reads_back(name, form):
    review = review_of([], [sighting(1, name, form)])
    (entry,) = entries(review, "actor")
    assert "\n" not in review.loc[0, "entry"] and entry["name"] == without_unseen(name) and entry["forms"][0] == name


# ---- the whole way -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A small document a language, each with a body and a programme that no table knows."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def reviewed(folder):
    """Return what a folder yields, its claims as a table, and the names to review."""
    harvest = extract(folder)
    claims = normalise(claims_frame(claim_rows(harvest.extractions)), harvest.lexicons.units)
    seen = sightings_frame(sighting_rows(harvest.extractions))
    return harvest, claims, names_to_review(claims, seen, names=harvest.lexicons.tables["names"])


def test_what_is_proposed_and_confirmed_is_known(folder):
    harvest, before, review = reviewed(folder)
    assert {kind: set(rows["name"]) for kind, rows in review.groupby("kind")} == NAMES
    lists = ("\n".join((f"{kind} = [", *rows["entry"], "]\n")) for kind, rows in review.groupby("kind"))
    (folder / "names.toml").write_text("".join(lists).replace('name = "Белый кит"', 'name = "White Whale"'), encoding="utf-8")
    harvest, after, left = reviewed(folder)
    assert left.empty and harvest.unread == ()
    assert not any(one["found"] for one in telling_rows(harvest.extractions))
    same = before.assign(actor=before["actor"].replace("Белый кит", "White Whale"))
    assert after[["claim_id", "actor", "programme"]].equals(same[["claim_id", "actor", "programme"]])
    owners = {row["name"]: row["owner"] for row in harvest.lexicons.tables["names"]["programme"] if row.get("confirmed")}
    assert owners == {"Two Wheels": "Rainbow Valley Foundation", "Две реки": "White Whale", "清风书屋": "白帆集团"}


def test_all_lines_pasted_together_are_taken(folder):
    for name in ("Calder Foundation", "Calder Group"):  # each is called Calder in its own document
        text = f"The {name} gave 300 books. Calder gave 12 desks. The {name} is old. The {name} is large."
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    review = reviewed(folder)[2]
    lists = ("\n".join((f"{kind} = [", *rows["entry"].dropna(), "]\n")) for kind, rows in review.groupby("kind"))
    (folder / "names.toml").write_text("".join(lists), encoding="utf-8")
    assert {"Calder Foundation", "Calder Group"} <= set(review["name"]) and not set(review["name"]) & set(reviewed(folder)[2]["name"])


def test_a_name_told_by_a_longer_form_is_known(folder):
    (folder / "names.toml").write_text('programme = [{ name = "Two Wheels", forms = ["Two Wheels Initiative"] }]', encoding="utf-8")
    harvest, _, review = reviewed(folder)
    assert "Two Wheels" not in set(review["name"])
    assert {one["programme"] for one in telling_rows(harvest.extractions) if one["found"]} <= set(review["name"])


def test_what_is_no_name_is_not_proposed_again(folder):
    (folder / "names.toml").write_text('neither = ["Two Wheels", "две реки", "清风书屋"]', encoding="utf-8")
    _, claims, review = reviewed(folder)
    assert set(review["name"]) == NAMES["actor"] and claims["programme"].isna().all()
