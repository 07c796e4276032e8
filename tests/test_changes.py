"""What changed from run to run, and what did it: one made-up pair of runs a kind and a cause."""

import json
import time

import pandas as pd
import pytest
from made_runs import make_record, write_run

from csrbook import columns
from csrbook.changes import Comparison, compare_runs, read_line, write_changes
from csrbook.errors import SchemaError, UsageError
from csrbook.snapshots import choose_runs, read_snapshot

TEXT = {
    "letter": "The mill gave [40 schools|40|school|theme=education;actor=Mill;when=2021] paint. It planted [1,200 trees|1200|tree|theme=environment;when=2021] by the road. "
    "Then it lent [3 million crowns|3000000|CZK|theme=philanthropy;when=2021] to [7 farms|7|farm|theme=rural] nearby.",
}
SCHOOLS, TREES, CROWNS, FARMS = range(4)
LEXICON = make_record(digests={"library": "l", "lexicons": "y", "data": {"lexicons/en.toml": "2", "lexicons/units.toml": "1"}})
CODE = make_record(digests=make_record()["digests"] | {"library": "m"})
BOTH = make_record(digests=LEXICON["digests"] | {"library": "m"})
RATES = make_record(versions={"python": "3", "currencyconverter": "2"})
UNITS = make_record(digests=make_record()["digests"] | {"lexicons": "y", "data": {"lexicons/en.toml": "1", "lexicons/units.toml": "2"}})


def inputs(**files: str) -> dict:
    """A record of a run that read these files besides the documents."""
    return make_record(inputs={"seeds": {f"{name}.toml" if name in ("names", "manifest") else f"{name}.csv": sha for name, sha in files.items()} | {"letter.txt": "1"}})


def edit(old: str, new: str, text: str = TEXT["letter"]) -> dict[str, str]:
    """The letter with some of its words changed."""
    assert old in text
    return {"letter": text.replace(old, new)}


def put(at: int, **cells):
    """A change of cells in the table of normal claims."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        for name, value in cells.items():
            frame.loc[at, name] = value
        return frame

    return changed


SAME = {"record": inputs()}
ROWS = {  # name: (what the later run has, kind, field, before, after, cause)
    "figure edited": ({"marked": edit("40 schools|40", "45 schools|45")}, "revised", "value", "40", "45", "text"),
    "unit edited": ({"marked": edit("40 schools|40|school", "40 colleges|40|college")}, "revised", "unit", "school", "college", "text"),
    "hedge edited": ({"marked": edit("planted [1,200 trees|1200|tree|", "planted nearly [1,200 trees|1200|tree|qualifier=nearly;")}, "revised", "qualifier", None, "nearly", "text"),
    "written otherwise": ({"marked": edit("[40 schools|", "[forty schools|")}, "revised", "text", "40 schools", "forty schools", "text"),
    "sentence removed": ({"marked": edit("It planted [1,200 trees|1200|tree|theme=environment;when=2021] by the road. ", "")}, "gone", None, "1200 tree", None, "text"),
    "sentence added": ({"marked": edit("paint. ", "paint. Rain fell on [9 days|9|day] that week. ")}, "new", None, None, "9 day", "text"),
    "year edited": ({"marked": edit("=2021] by the road", "=2020] by the road in 2020")}, "redated", "when", "2021", "2020", "text"),
    "document added": ({"marked": TEXT | {"more": "Owls got [5 nests|5|nest]."}}, "new", None, None, "5 nest", "text"),
    "document gone": ({"marked": {"other": "Nothing is counted here."}}, "gone", None, "40 school", None, "text"),
    "document renamed": ({"marked": {"brief": TEXT["letter"]}}, "renamed", "doc", "letter", "brief", "file"),
    "lexicon, theme": ({"record": LEXICON, "changed": put(FARMS, theme="employment")}, "reclassified", "theme", "rural", "employment", "lexicon"),
    "lexicon, when": ({"record": LEXICON, "changed": put(FARMS, when="2019")}, "redated", "when", None, "2019", "lexicon"),
    "lexicon, promise": ({"record": LEXICON, "changed": put(FARMS, target=True)}, "reclassified", "target", "false", "true", "lexicon"),
    "lexicon, relevance": ({"record": LEXICON, "changed": put(FARMS, relevance="context")}, "reclassified", "relevance", None, "context", "lexicon"),
    "lexicon, value": ({"record": LEXICON, "changed": put(FARMS, value=8.0)}, "revised", "value", "7", "8", "lexicon"),
    "lexicon, span": ({"record": LEXICON, "changed": lambda frame: put(FARMS, text="to 7 farms", claim_id="f" * 16, start=frame.loc[FARMS, "start"] - 3)(frame)}, "revised", "text", "7 farms", "to 7 farms", "lexicon"),
    "lexicon, no claim": ({"record": LEXICON, "changed": lambda frame: frame.drop(index=FARMS)}, "gone", None, "7 farm", None, "lexicon"),
    "code alone": ({"record": CODE, "changed": put(FARMS, theme="employment")}, "reclassified", "theme", "rural", "employment", "library"),
    "lexicon and code": ({"record": BOTH, "changed": put(FARMS, theme="employment")}, "reclassified", "theme", "rural", "employment", "lexicon or library"),
    "units, normal value": ({"record": UNITS, "changed": put(FARMS, value_si=7.5)}, "reconverted", "value_si", "7", "7.5", "units"),
    "units, normal unit": ({"record": UNITS, "changed": put(FARMS, unit_si="site")}, "reconverted", "unit_si", "farm", "site", "units"),
    "units, code": ({"record": UNITS, "changed": put(FARMS, ucum="{farm}")}, "reconverted", "ucum", None, "{farm}", "units"),
    "units, reading": ({"record": UNITS, "changed": put(FARMS, kind="physical")}, "revised", "kind", "count", "physical", "units"),
    "units, nothing told": ({"changed": put(FARMS, value_si=7.5)}, "reconverted", "value_si", "7", "7.5", "units"),
    "rate": ({"record": RATES, "changed": put(CROWNS, value_usd=131.5, rate=0.1)}, "reconverted", "value_usd", None, "131.5 USD", "rate"),
    "rate, nothing told": ({"changed": put(CROWNS, value_usd=131.5)}, "reconverted", "value_usd", None, "131.5 USD", "rate"),
    "parameter, currency": ({"currency": "EUR"}, "reconverted", "value_eur", None, "EUR", "parameter"),
    "names": ({"record": inputs(names="2"), "changed": put(SCHOOLS, actor="Mill Trust")}, "reclassified", "actor", "Mill", "Mill Trust", "names"),
    "names and lexicon": ({"record": LEXICON | {"inputs": inputs(names="2")["inputs"]}, "changed": put(SCHOOLS, actor="Mill Trust")}, "reclassified", "actor", "Mill", "Mill Trust", "names or lexicon"),
    "manifest": ({"record": inputs(manifest="2"), "about": {"letter": {"date": "2022-01-01"}}, "changed": put(FARMS, when="2022")}, "redated", "when", None, "2022", "manifest"),
    "date of publication": ({"record": inputs(manifest="2"), "about": {"letter": {"date": "2022-01-01"}}}, "redated", "dated", "2021-06-01", "2022-01-01", "manifest"),
    "manifest of another document": ({"record": inputs(manifest="2"), "changed": put(FARMS, when="2022")}, "redated", "when", None, "2022", "unknown"),
    "correction, by its rule": ({"changed": put(FARMS, unit="estate", rule='{"unit": "correction"}')}, "revised", "unit", "farm", "estate", "correction"),
    "correction goes before lexicon": ({"record": LEXICON, "changed": put(FARMS, unit="estate", rule='{"unit": "correction"}')}, "revised", "unit", "farm", "estate", "correction"),
    "another parameter": ({"record": make_record(notebooks=[make_record()["notebooks"][0] | {"parameters": {"language": "en"}}]), "changed": put(FARMS, theme="community")}, "reclassified", "theme", "rural", "community", "parameter"),
    "a package": ({"record": make_record(versions={"python": "4"}), "changed": put(FARMS, theme="community")}, "reclassified", "theme", "rural", "community", "library"),
    "a notebook": ({"record": make_record(notebooks=[make_record()["notebooks"][0] | {"code_sha256": "d"}]), "changed": put(FARMS, theme="community")}, "reclassified", "theme", "rural", "community", "library"),
    "another document": ({"record": make_record(inputs={"seeds": {"letter.txt": "1", "more.txt": "1"}}), "changed": put(FARMS, indicator="farms_helped")}, "reclassified", "indicator", None, "farms_helped", "text"),
    "nothing told": ({"changed": put(FARMS, theme="community")}, "reclassified", "theme", "rural", "community", "unknown"),
}  # fmt: skip


@pytest.fixture
def runs(tmp_path):
    """Write two runs of the letter, and compare them."""

    def compared(first: dict | None = None, **then) -> Comparison:
        write_run(tmp_path / "20260301T061500Z", **({"marked": TEXT, **SAME} | (first or {})))
        write_run(tmp_path / "20260308T061500Z", **({"marked": TEXT, **SAME} | then))
        return compare_runs(tmp_path / "20260301T061500Z", tmp_path / "20260308T061500Z")

    return compared


def rows_of(comparison: Comparison) -> list[tuple]:
    return [(row["kind"], row["field"], row["before"], row["after"], row["cause"]) for row in comparison.rows]


@pytest.mark.parametrize("name", ROWS)
def test_change_and_its_cause(runs, name):
    then, kind, field, before, after, cause = ROWS[name]
    if name == "parameter, currency":  # the made-up rates are those of the day
        found = runs(**then).rows
        assert [(row["kind"], row["field"], row["cause"]) for row in found] == [(kind, field, cause)]
        assert found[0]["before"].endswith(" USD") and found[0]["after"].endswith(" EUR") and found[0]["evidence"] == "currency USD to EUR"
        return
    first = None
    if name.startswith("rate"):  # both runs have a rate, another one
        first, before = {"changed": put(CROWNS, value_usd=130.0, rate=0.2)}, "130 USD"
    rows = runs(first, **then).rows
    assert (kind, field, before, after, cause) in rows_of(Comparison("x", rows))
    others = {row["cause"] for row in rows}
    assert others <= {cause}, "whatever else changed has the same cause"
    assert all(row["evidence"] for row in rows)


def test_every_kind_and_cause_has_a_row():
    from csrbook.causes import CAUSES
    from csrbook.changes import KINDS

    told = {cause for *_, cause in ROWS.values() for cause in cause.split(" or ")}
    assert told == set(CAUSES)
    assert {row[1] for row in ROWS.values()} | {"relation_new", "relation_gone", "verdict", "members"} == set(KINDS)


def test_same_run_twice_has_no_change(runs):
    comparison = runs()
    assert comparison.rows == () and comparison.line == "since the run of 2026-03-01 06:15: no figure changed"


def test_line_counts_figures_by_cause(runs):
    first, second, third = TEXT["letter"].split(". ")
    text = ". ".join([first.replace("40 schools|40", "45 schools|45"), "Rain fell on [9 days|9|day]", third])
    comparison = runs(marked={"letter": text}, record=inputs(names="2"), changed=put(2, actor="Bank"))
    assert comparison.line == "since the run of 2026-03-01 06:15: 1 figure revised, 1 new, 1 gone (text); 1 actor changed (text or names)"


def test_moved_sentences_are_no_change(runs):
    first, second, third = TEXT["letter"].rstrip(".").split(". ")
    assert runs(marked={"letter": f"{third}. {first}. {second}.\n"}).rows == ()


def test_paragraph_set_anew_is_no_change(runs):
    assert runs({"marked": edit("paint. It", "paint, for the winter. It")}, marked=edit("paint. It", "paint,   for  the winter. It")).rows == ()


def test_sentence_printed_twice_loses_the_right_one(runs):
    twice = "Mills gave [5 tons|5|t|when=2019]. Owls slept. Mills gave [5 tons|5|t|when=2021]. Bees [6 hives|6|hive] woke."
    once = "Owls slept. Mills gave [5 tons|5|t|when=2021]. Bees [6 hives|6|hive] woke."
    assert rows_of(runs({"marked": {"letter": twice}}, marked={"letter": once})) == [("gone", None, "5 t", None, "text")]


def test_figures_of_an_edited_sentence_stay_apart(runs):
    old = "In spring the mill sent [12 nurses|12|nurse] and [30 beds|30|bed] to the town by the sea, and rested."
    new = "In early spring the old mill sent [30 beds|30|bed], [14 nurses|14|nurse] and [2 cooks|2|cook] to the town by the sea, and rested."
    found = rows_of(runs({"marked": {"letter": old}}, marked={"letter": new}))
    assert found == [("revised", "value", "12", "14", "text"), ("new", None, None, "2 cook", "text")]


def test_edited_text_leaves_what_a_lexicon_did_open(runs):
    comparison = runs(marked=edit("40 schools|40", "45 schools|45"), record=LEXICON, changed=put(FARMS, theme="employment"))
    assert rows_of(comparison) == [("revised", "value", "40", "45", "text"), ("reclassified", "theme", "rural", "employment", "text or lexicon")]


@pytest.mark.parametrize("first", [0, 1])
def test_link_to_another_claim_is_no_change_when_its_number_shifts(runs, first):
    text = ["Rain fell on [9 days|9|day]. " * (first == 0), "Owls got [5 nests|5|nest]. Again: [5 nests|5|nest|repeat_of={}]."]
    old, new = "".join(text).format(f"letter-000{2 - first}"), ("Snow fell on [8 days|8|day]. " + "".join(text)).format(f"letter-000{3 - first}")
    assert rows_of(runs({"marked": {"letter": old}}, marked={"letter": new})) == [("new", None, None, "8 day", "text")]


def test_link_to_another_claim_is_a_change_when_it_moves(runs):
    text = "Owls got [5 nests|5|nest], then [5 nests|5|nest]. Again: [5 nests|5|nest|repeat_of=letter-000{}]."
    (row,) = runs({"marked": {"letter": text.format(1)}}, marked={"letter": text.format(2)}, record=LEXICON).rows
    assert (row["kind"], row["field"], row["cause"]) == ("reclassified", "repeat_of", "lexicon") and row["before"] != row["after"]


def test_currency_follows_a_new_date(runs):
    first = {"changed": put(CROWNS, value_usd=130.0)}
    found = runs(first, record=LEXICON, changed=lambda frame: put(CROWNS, value_usd=140.0, when="2020", dated="2020-12-31")(frame))
    assert rows_of(found) == [("redated", "when", "2021", "2020", "lexicon"), ("reconverted", "value_usd", "130 USD", "140 USD", "lexicon")]
    assert found.rows[1]["evidence"] == "follows from when"


@pytest.mark.parametrize("later", [False, True])
def test_decision_of_a_person_is_a_correction(runs, later):
    row = {"field": "unit", "value": "college", "state": "kept"}
    decided = {"decisions": [("letter", SCHOOLS, row)], "changed": put(SCHOOLS, unit="college")}
    comparison = runs(None if later else decided, record=LEXICON, **decided if later else {})
    (row,) = comparison.rows
    assert (row["kind"], row["field"], row["cause"]) == ("revised", "unit", "correction")
    assert row["evidence"] == ("decision on unit: none, then kept college" if later else "decision on unit: kept college, then none")


def test_rejected_claim_is_gone_by_correction(runs):
    row = {"field": "claim", "value": "reject", "state": "kept"}
    assert rows_of(runs(record=LEXICON, decisions=[("letter", SCHOOLS, row)], changed=lambda frame: frame.drop(index=SCHOOLS))) == [("gone", None, "40 school", None, "correction")]


def test_decision_that_found_no_place_stops_nothing(runs):
    lost = ("letter", None, {"field": "unit", "value": "college", "state": "orphan"})
    assert runs(decisions=[lost]).rows == ()


# --- relations ---

PAIR = [("letter", SCHOOLS), ("letter", TREES)]
RELATIONS = {
    "verdict": ([("equal", PAIR)], [("conflict", PAIR)], ("verdict", "verdict", "equal", "conflict")),
    "new": ([], [("equal", PAIR)], ("relation_new", None, None, "equal")),
    "gone": ([("equal", PAIR)], [], ("relation_gone", None, "equal", None)),
    "members": ([("period", PAIR)], [("period", [*PAIR, ("letter", FARMS)])], ("members", "members", "2", "3")),
}


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("record, cause", [(LEXICON, "lexicon"), (CODE, "library"), (SAME["record"], "unknown")])
def test_relation_and_its_cause(runs, name, record, cause):
    old, new, told = RELATIONS[name]
    assert rows_of(runs({"relations": old}, relations=new, record=record)) == [(*told, cause)]


def test_relation_follows_its_figures(runs):
    comparison = runs({"relations": [("equal", PAIR)]}, relations=[("conflict", PAIR)], marked=edit("40 schools|40", "45 schools|45"), record=LEXICON)
    assert rows_of(comparison)[1] == ("verdict", "verdict", "equal", "conflict", "text")
    row = comparison.rows[1]
    assert (row["quotation_before"], row["quotation_after"]) == ("40 schools | 1,200 trees", "45 schools | 1,200 trees")
    assert row["evidence"] == "follows from its figures" and row["doc"] == "letter | letter"


def test_relation_keeps_with_new_ids(runs):
    assert runs({"relations": [("equal", PAIR)]}, relations=[("equal", PAIR)], marked=edit("paint. ", "paint. Owls slept. ")).rows == ()


# --- what cannot be compared, or only in part ---


def test_first_run_says_that_there_is_none_before(tmp_path):
    one, other = (write_run(tmp_path / name, TEXT) for name in ("a", "b"))
    for run in (one, other):
        assert write_changes(run, make_record(), None).line == ""
    files = [{p.name: p.read_bytes() for p in (run / "changes").iterdir()} for run in (one, other)]
    assert files[0] == files[1] and set(files[0]) == {"changes.csv", "changes.parquet", "changes.json"}
    assert json.loads(files[0]["changes.json"])["note"] == "there is no run before this one"


def damage(run, how: str) -> None:
    if how == "format":
        (run / "run.json").write_text('{"format": 7}')
    elif how == "no record":
        (run / "run.json").unlink()
    elif how == "no JSON":
        (run / "run.json").write_text("{")
    elif how == "a list":
        (run / "run.json").write_text("[]")
    elif how == "claims":
        (run / "03-tabulate" / "claims_normal.parquet").write_bytes(b"PAR1 no table PAR1")
    elif how == "places":
        frame = pd.read_parquet(run / "03-tabulate" / "claims_normal.parquet")
        frame.assign(start="here").to_parquet(run / "03-tabulate" / "claims_normal.parquet")
    elif how == "no ids":
        frame = pd.read_parquet(run / "03-tabulate" / "claims_normal.parquet")
        frame.drop(columns="claim_id").to_parquet(run / "03-tabulate" / "claims_normal.parquet")
    elif how == "relations":
        (run / "04-reconcile" / "relations.jsonl").write_text('{"verdict": "equal"}\n')
    else:
        (run / "01-sources" / "texts" / "letter.txt").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize("how", ["format", "no record", "no JSON", "a list", "claims", "places", "no ids", "relations", "text"])
def test_damaged_run_before_is_said_in_one_line(tmp_path, how):
    old, new = write_run(tmp_path / "20260301T061500Z", TEXT), write_run(tmp_path / "new", edit("40 schools|40", "45 schools|45"))
    damage(old, how)
    comparison = write_changes(new, make_record(), old)
    assert comparison.rows == () and "\n" not in comparison.line
    assert comparison.line.startswith("since the run of 2026-03-01 06:15: not compared: 20260301T061500Z: ")
    assert read_line(new) == comparison.line
    with pytest.raises(SchemaError, match="20260301T061500Z"):
        compare_runs(old, new)


def test_record_of_another_hand_stops_nothing(runs):
    odd = {"format": 1, "inputs": [], "digests": "x", "versions": None, "parameters": [], "notebooks": ["x", {"files": []}, None]}
    assert rows_of(runs({"record": odd}, changed=put(FARMS, theme="community"))) == [("reclassified", "theme", "rural", "community", "unknown")]


def test_older_tables_are_compared_in_what_they_have(runs):
    comparison = runs({"changed": lambda frame: frame.drop(columns=["theme", "per", "value_si", "unit_si", "ucum", "currency"])}, changed=put(FARMS, theme="community", value=9.0))
    assert rows_of(comparison) == [("revised", "value", "7", "9", "unknown")]


def test_run_without_normal_claims_is_compared_by_claims(runs, tmp_path):
    runs(marked=edit("40 schools|40", "45 schools|45"))
    old = tmp_path / "20260301T061500Z"
    (old / "03-tabulate" / "claims_normal.parquet").unlink()
    assert rows_of(compare_runs(old, tmp_path / "20260308T061500Z")) == [("revised", "value", "40", "45", "text")]


def test_older_sources_without_digests_are_compared_by_their_texts(runs):
    bare = {"letter": {"sha256": None}}
    edited = runs({"about": bare}, about=bare, marked=edit("paint. ", "paint. Rain fell on [9 days|9|day]. "))
    assert rows_of(edited) == [("new", None, None, "9 day", "text")]


def test_older_record_does_not_tell_units_apart(runs):
    old = make_record(digests={"library": "l", "lexicons": "w"})
    assert rows_of(runs({"record": old}, changed=put(FARMS, theme="community"))) == [("reclassified", "theme", "rural", "community", "lexicon")]


def test_another_folder_is_one_line(runs):
    other = {f"page{n}": f"Owls built [{n} nests|{n}|nest] here." for n in range(1, 30)}
    elsewhere = make_record(parameters={"seeds": "elsewhere"})
    comparison = runs(marked=other, record=elsewhere)
    assert comparison.rows == ()
    assert comparison.line == "since the run of 2026-03-01 06:15: another folder was read, so its figures are not compared"


def test_same_documents_elsewhere_are_compared(runs):
    elsewhere = make_record(parameters={"seeds": "elsewhere"})
    assert rows_of(runs(marked=TEXT | {"more": "Owls got [5 nests|5|nest]."}, record=elsewhere)) == [("new", None, None, "5 nest", "text")]


def test_document_that_cannot_be_read_any_more(runs):
    gone = {"letter": {"sha256": None, "status": "unread", "problem": "is encrypted"}}
    comparison = runs(about=gone, changed=lambda frame: frame.iloc[:0])
    assert {row["kind"] for row in comparison.rows} == {"gone"} and len(comparison.rows) == 4
    assert comparison.rows[0]["evidence"] == "the document could not be read now: is encrypted"


def test_two_copies_of_a_document_stay_two(runs):
    copies = {"a": "Owls got [5 nests|5|nest].", "b": "Owls got [5 nests|5|nest]."}
    found = runs({"marked": copies}, marked=copies | {"b": "Owls got [6 nests|6|nest]."})
    assert [(row["doc"], row["before"], row["after"]) for row in found.rows] == [("b", "5", "6")]


def test_no_relations_in_one_run_is_said(runs, tmp_path):
    runs({"relations": [("equal", PAIR)]})
    (tmp_path / "20260308T061500Z" / "04-reconcile" / "relations.jsonl").unlink()
    comparison = compare_runs(tmp_path / "20260301T061500Z", tmp_path / "20260308T061500Z")
    assert comparison.rows == () and comparison.line.endswith("the later run has no relations to compare")


# --- what is written, and which runs are chosen ---


def test_table_has_the_columns_of_the_registry_and_no_formula(tmp_path):
    old, new = write_run(tmp_path / "old", {"letter": "It gave [=2+5 t|5|t]."}), write_run(tmp_path / "new", {"letter": "It gave [=2+6 t|6|t]."})
    write_changes(new, make_record(), old)
    table = pd.read_parquet(new / "changes" / "changes.parquet")
    assert table.columns.tolist() == [c.name for c in columns.columns_of("changes")] and table["quotation_after"].tolist() == ["=2+6 t"]
    assert "'=2+6 t" in (new / "changes" / "changes.csv").read_text() and ",=2" not in (new / "changes" / "changes.csv").read_text()
    told = json.loads((new / "changes" / "changes.json").read_text())
    assert told["counts"] == [{"kind": "revised", "cause": "text", "changes": 1}] and told["before"] == "old"


def test_runs_are_chosen_by_age(tmp_path):
    for name in ("20260301T061500Z", "20260301T061500Z-2", "20260301T061500Z-10", "20260308T061500Z", "20260309T061500Z.failed"):
        write_run(tmp_path / name, TEXT)
    (tmp_path / "latest").symlink_to("20260308T061500Z")
    names = [run.name for run in choose_runs(tmp_path)]
    assert names == ["20260301T061500Z-10", "20260308T061500Z"]
    assert [run.name for run in choose_runs(tmp_path, "20260301T061500Z", "20260301T061500Z-2")] == ["20260301T061500Z", "20260301T061500Z-2"]
    for wrong in (("nowhere", None), (None, "20260301T061500Z")):
        with pytest.raises(UsageError):
            choose_runs(tmp_path, *wrong)


def test_twenty_thousand_claims_take_seconds(tmp_path):
    sentences = [f"In week {n} the mill at crossing {n * 7} planted [{n + 10} trees|{n + 10}|tree] along road {n % 9}. " for n in range(20_000)]
    old = write_run(tmp_path / "old", {f"doc{at}": "".join(sentences[at : at + 5000]) for at in range(0, 20_000, 5000)})
    sentences[7] = sentences[7].replace("17 trees|17", "18 trees|18")
    sentences[5001], sentences[5900] = sentences[5900], sentences[5001]
    sentences[10_000:10_003] = ["Owls slept. "]
    new = write_run(tmp_path / "new", {f"doc{at}": "".join(sentences[at : at + 5000]) for at in range(0, 10_000, 5000)} | {"doc10000": "".join(sentences[10_000:14_998]), "doc15000": "".join(sentences[14_998:])})
    begun = time.monotonic()
    comparison = compare_runs(old, new)
    seconds = time.monotonic() - begun
    print(f"20,000 claims compared in {seconds:.1f} s, of which reading {reading(old, new):.1f} s")
    assert seconds < 30
    assert [row["kind"] for row in comparison.rows] == ["revised", "gone", "gone", "gone"]


def reading(*runs) -> float:
    begun = time.monotonic()
    for run in runs:
        read_snapshot(run)
    return time.monotonic() - begun
