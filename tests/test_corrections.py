"""corrections: what people decided is applied where it holds; ids and places stay, nothing is lost, nothing else is touched."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from made_decisions import LEXICONS, decide, read

from csrbook import columns, ledger, pivots, tables
from csrbook.claims import record
from csrbook.corpus import claim_rows, extract, ledger_rows, store_corrections
from csrbook.corrections import (
    apply_decisions, corrected_rows, count_states, decision_rows, find_agreement, find_decisions, judge,
)  # fmt: skip
from csrbook.decisions import COLUMNS, CORRECTIONS, add_decision
from csrbook.documents import read_documents
from csrbook.states import OPEN, STATES

TEXT = """The year at Larkspur

Larkspur gave 2.5 million euros to 40 schools in March 2021. Volunteers cleaned 12 beaches. Sales rose by 5% - 7%.

It plans to plant 3,000 trees by 2025.
"""


@pytest.fixture
def letter(tmp_path):
    return read(tmp_path, TEXT)


def apply(letter, *decisions):
    return apply_decisions([letter], decisions, LEXICONS)


def of(corrected, quotation):
    (found,) = (claim for each in corrected.extractions for claim in each.claims if claim.text == quotation)
    return found


def test_without_decisions_nothing_changes(letter):
    corrected = apply(letter)
    assert corrected.extractions == (letter,) and corrected.findings == ()
    rows = corrected_rows(corrected)
    assert rows == [row | {"reviewed": None, "reviewer": None} for row in claim_rows([letter])]


FIELDS = [  # figure, field, what a person wrote, what the claim says then
    ("40 schools", "value", "41", Decimal(41)),
    ("5% - 7%", "value_max", "8", Decimal(8)),
    ("5% - 7%", "value_max", "", None),
    ("40 schools", "unit", "university", "university"),
    ("40 schools", "qualifier", "over", "over"),
    ("40 schools", "when", "2020/2021-03", "2020/2021-03"),
    ("40 schools", "when_type", "on", "on"),
    ("3,000 trees", "target", "false", False),
    ("40 schools", "actor", "Larkspur Trust", "Larkspur Trust"),
    ("40 schools", "programme", "Open Books", "Open Books"),
    ("40 schools", "theme", "rural", "rural"),
    ("40 schools", "relevance", "context", "context"),
    ("40 schools", "indicator", "", None),
    ("40 schools", "per", "month", "month"),
    ("40 schools", "country", "PE", "PE"),
    ("40 schools", "place", "Trujillo", "Trujillo"),
]


@pytest.mark.parametrize(("quotation", "field", "written", "value"), FIELDS)
def test_a_field_is_corrected_and_says_by_whom(quotation, field, written, value, letter):
    before = next(claim for claim in letter.claims if claim.text == quotation)
    corrected = apply(letter, decide(letter, quotation, field, written))
    after = of(corrected, quotation)
    assert getattr(after, field) == value != getattr(before, field)
    assert after.rule == dict(before.rule) | {field: "correction"}
    changing = {field, "rule"} | ({"low", "high"} if field in ("value", "value_max", "qualifier") else set())
    same = {name: v for name, v in record(after).items() if name not in changing}
    assert same == {name: v for name, v in record(before).items() if name not in changing}
    assert corrected.reviews == {before.claim_id: ("corrected", "Ann Lee")}
    (finding,) = corrected.findings
    assert (finding.state, finding.told, finding.claim_id) == ("kept", "", before.claim_id)


def test_a_measure_goes_with_the_unit_it_is_counted_in(letter):
    trees = of(apply(letter, decide(letter, "40 schools", "unit", "cat")), "40 schools")
    assert (trees.unit, trees.indicator, trees.rule["indicator"]) == ("cat", None, "correction")
    told = decide(letter, "40 schools", "unit", "tree"), decide(letter, "40 schools", "indicator", "trees_planted")
    assert of(apply(letter, *told), "40 schools").indicator == "trees_planted"


def test_a_time_that_is_taken_away_takes_its_type(letter):
    corrected = apply(letter, decide(letter, "40 schools", "when", ""), decide(letter, "40 schools", "when_type", "on"))
    after = of(corrected, "40 schools")
    assert (after.when, after.when_type) == (None, None) and [one.state for one in corrected.findings] == ["kept", "bad"]


def test_a_count_below_zero_is_refused(letter):
    corrected = apply(letter, decide(letter, "40 schools", "value", "-5"))
    assert of(corrected, "40 schools").value == 40 and corrected.findings[0].state == "bad"


def test_every_field_that_can_be_corrected_has_a_case():
    from csrbook.answers import FIELDS as KNOWN

    assert {field for _, field, _, _ in FIELDS} == set(KNOWN) - {"claim", "kind"}  # those two have tests of their own


def test_bounds_follow_number_and_hedge(letter):
    corrected = apply(letter, decide(letter, "2.5 million euros", "value", "2.5e9"), decide(letter, "40 schools", "qualifier", "over"))
    assert (of(corrected, "2.5 million euros").low, of(corrected, "2.5 million euros").high) == (2_450_000_000, 2_550_000_000)
    assert (of(corrected, "40 schools").low, of(corrected, "40 schools").high) == (40, None)
    ranged = of(apply(letter, decide(letter, "5% - 7%", "value_max", "9")), "5% - 7%")
    assert (ranged.low, ranged.high) == (5, 9)


def test_kind_goes_with_the_unit(letter):
    paid = of(apply(letter, decide(letter, "40 schools", "unit", "USD")), "40 schools")
    assert (paid.unit, paid.kind, paid.rule["kind"]) == ("USD", "money", "correction")
    both = apply(letter, decide(letter, "40 schools", "unit", "t"), decide(letter, "40 schools", "kind", "physical"))
    assert (of(both, "40 schools").kind, count_states(f.state for f in both.findings)) == ("physical", {"kept": 2})


@pytest.mark.parametrize(
    ("quotation", "field", "written", "told"),
    [
        ("40 schools", "kind", "money", "a number of school is count, no money"),
        ("5% - 7%", "value_max", "4", "value_max 4 would lie below value 5"),
        ("5% - 7%", "value", "9", "value_max 7 would lie below value 9"),
        ("12 beaches", "when_type", "on", "a claim without a time"),
    ],
)
def test_what_does_not_go_together_is_refused_and_changes_nothing(quotation, field, written, told, tmp_path):
    letter = read(tmp_path, TEXT.replace(" in March 2021", "").replace(" by 2025", ""))
    corrected = apply(letter, decide(letter, quotation, field, written))
    assert corrected.extractions == (letter,) and corrected.reviews == {}
    (finding,) = corrected.findings
    assert finding.state == "bad" and told in finding.told


def test_one_that_is_refused_leaves_the_others_of_its_claim(letter):
    corrected = apply(letter, decide(letter, "40 schools", "kind", "money"), decide(letter, "40 schools", "theme", "rural"))
    assert [one.state for one in corrected.findings] == ["bad", "kept"]
    assert (of(corrected, "40 schools").kind, of(corrected, "40 schools").theme) == ("count", "rural")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"country": "PE"}, ("PE", None)),
        ({"country": ""}, (None, None)),
        ({"country": "PE", "place": "Trujillo"}, ("PE", "Trujillo")),
        ({"country": "PE", "place": "Hubei"}, ("PE", "Hubei")),
        ({"place": "Wuhan"}, ("CN", "Wuhan")),
        ({"place": ""}, ("CN", None)),
        ({"country": "CN"}, ("CN", "Hubei")),
    ],
)
def test_a_country_that_is_changed_takes_its_place_with_it(changes, told, tmp_path):
    letter = read(tmp_path, "Larkspur gave books to 40 schools in Hubei.")
    assert [(claim.country, claim.place) for claim in letter.claims] == [("CN", "Hubei")]
    corrected = apply(letter, *(decide(letter, "40 schools", field, value) for field, value in changes.items()))
    assert {one.state for one in corrected.findings} == {"kept"}
    assert (of(corrected, "40 schools").country, of(corrected, "40 schools").place) == told


def test_a_time_that_is_taken_away_takes_its_type_with_it(letter):
    told = of(apply(letter, decide(letter, "40 schools", "when", "")), "40 schools")
    assert (told.when, told.when_type) == (None, None)


def test_an_accepted_claim_stays_as_it_is_and_says_so(letter):
    corrected = apply(letter, replace(decide(letter, "40 schools"), signed_by="Ben Roth", signed_on="2024-05-03"))
    assert corrected.extractions == (letter,)
    row = next(row for row in corrected_rows(corrected) if row["text"] == "40 schools")
    assert (row["reviewed"], row["reviewer"]) == ("accepted", "Ann Lee, signed by Ben Roth")


def test_a_value_that_is_confirmed_changes_nothing(letter):
    corrected = apply(letter, decide(letter, "40 schools", "unit", "school"), decide(letter, "40 schools", "value", "4e1", who="Ben Roth"))
    assert corrected.extractions == (letter,)
    assert list(corrected.reviews.values()) == [("accepted", "Ann Lee; Ben Roth")]


def test_two_who_disagree_change_nothing_until_one_is_signed(letter):
    one, other = decide(letter, "40 schools", "theme", "rural"), decide(letter, "40 schools", "theme", "community", who="Ben", line=3)
    corrected = apply(letter, one, other)
    assert corrected.extractions == (letter,) and corrected.reviews == {}
    assert [finding.state for finding in corrected.findings] == ["disputed", "disputed"]
    signed = apply(letter, one, replace(other, signed_by="Cy", signed_on="2024-05-03"))
    assert of(signed, "40 schools").theme == "community"
    assert [finding.state for finding in signed.findings] == ["overruled", "kept"]


def test_who_accepts_a_figure_is_no_reviewer_of_another(letter):
    accept, value = decide(letter, "40 schools"), decide(letter, "40 schools", "value", "45", who="Ben", line=3)
    corrected = apply(letter, accept, value)
    assert [one.state for one in corrected.findings] == ["disputed", "disputed"]
    assert corrected.extractions == (letter,) and corrected.reviews == {}
    signed = apply(letter, accept, replace(value, signed_by="Cy", signed_on="2024-05-03"))
    assert of(signed, "40 schools").value == 45 and list(signed.reviews.values()) == [("corrected", "Ben, signed by Cy")]
    same = apply(letter, accept, replace(value, value="4e1"))
    assert list(same.reviews.values()) == [("accepted", "Ann Lee; Ben")]


def test_a_value_of_any_size_is_applied(letter):
    for value in ("1e27", "1e30", "1234567890123456789012345678901", "1.234567890123456789012345678901234567891"):
        claim = of(apply(letter, decide(letter, "2.5 million euros", "value", value)), "2.5 million euros")
        assert claim.low <= claim.value == Decimal(value) <= claim.high


def test_bad_rows_and_unknown_documents_are_findings(letter):
    bad = replace(decide(letter, "40 schools"), problem="who is empty")
    corrected = apply(letter, bad, decide(letter, "40 schools", doc="gone"), decide(letter, "12 beaches"))
    assert [finding.state for finding in corrected.findings] == ["bad", "orphan", "kept"]
    assert set(OPEN) < set(STATES)


def test_a_decision_speaks_of_its_document_alone(tmp_path):
    letter = read(tmp_path, TEXT)
    (tmp_path / "other").mkdir()
    twin = read(tmp_path / "other", f"{TEXT} ", "twin")
    corrected = apply_decisions([letter, twin], [decide(letter, "40 schools", "theme", "rural")], LEXICONS)
    assert corrected.extractions[1] == twin and corrected.extractions[0] != letter


# ---- rejecting ---------------------------------------------------------------------------------------------------------


def test_a_rejected_claim_is_set_aside_and_the_sums_stand(letter):
    corrected = apply(letter, decide(letter, "12 beaches", value="reject"))
    (after,) = corrected.extractions
    assert len(after.claims) + len(after.skipped) == len(letter.claims) + len(letter.skipped)
    (gone,) = (claim for claim in letter.claims if claim not in after.claims)
    (aside,) = (row for row in after.skipped if row not in letter.skipped)
    assert (aside.start, aside.end, aside.text) == (gone.start, gone.end, "12 beaches")
    assert (aside.reason, aside.rule) == ("rejected", "correction")
    assert list(after.skipped) == sorted(after.skipped, key=lambda row: row.start)
    assert ledger.account(after.document, after.claims, after.skipped, LEXICONS).adds_up
    rows = tables.ledger_frame(ledger_rows(corrected.extractions))
    counted = pivots.account(tables.claims_frame(corrected_rows(corrected)), rows)
    assert counted.set_index("reason")["numerals"]["rejected"] == 1
    assert counted["numerals"].sum() == len(letter.claims) + len(letter.skipped)


REPEATED = "Larkspur gave books to 40 schools in the hills."
CHAIN = f"{REPEATED} Then came rain.\n\n{REPEATED} Then came sun.\n\n{REPEATED} Then came snow."


def test_repeats_of_a_rejected_claim_have_a_new_first(tmp_path):
    letter = read(tmp_path, CHAIN)
    assert [claim.repeat_of for claim in letter.claims] == [None, "letter-0001", "letter-0001"]
    first = decide(letter, "40 schools", value="reject", after=" in the hills. Then came rain.")
    (after,) = apply(letter, first).extractions
    assert [(claim.id, claim.repeat_of) for claim in after.claims] == [("letter-0002", None), ("letter-0003", "letter-0002")]


def test_a_rejected_repeat_leaves_the_others_where_they_point(tmp_path):
    letter = read(tmp_path, CHAIN)
    middle = decide(letter, "40 schools", value="reject", after=" in the hills. Then came sun.")
    (after,) = apply(letter, middle).extractions
    assert [(claim.id, claim.repeat_of) for claim in after.claims] == [("letter-0001", None), ("letter-0003", "letter-0001")]


def test_what_restates_a_rejected_claim_stands_by_itself(tmp_path):
    letter = read(tmp_path, "Larkspur gave 1 billion yuan ($141 million) to schools.")
    assert [claim.restates for claim in letter.claims] == [None, "letter-0001"]
    (after,) = apply(letter, decide(letter, "1 billion yuan", value="reject")).extractions
    assert [(claim.id, claim.restates) for claim in after.claims] == [("letter-0002", None)]


def test_what_is_corrected_at_the_first_printing_is_not_corrected_at_its_repeat(tmp_path):
    letter = read(tmp_path, CHAIN)
    corrected = apply(letter, decide(letter, "40 schools", "unit", "college", after=" in the hills. Then came rain."))
    assert [claim.unit for claim in corrected.extractions[0].claims] == ["college", "school", "school"]
    assert [claim.repeat_of for claim in corrected.extractions[0].claims] == [None, "letter-0001", "letter-0001"]


# ---- folders and tables ------------------------------------------------------------------------------------------------


def test_decisions_of_a_folder_are_found_and_judged_without_reading_the_rest(tmp_path):
    letter = read(tmp_path, TEXT)
    read(tmp_path, "Nothing was decided here on 5 rafts.", "other")
    add_decision(tmp_path / CORRECTIONS, decide(letter, "40 schools", "theme", "rural"))
    decisions = find_decisions(tmp_path, LEXICONS)
    documents = read_documents(tmp_path, LEXICONS).documents
    judged = judge(documents, decisions, LEXICONS)
    whole = apply_decisions(extract(tmp_path).extractions, decisions, LEXICONS)
    assert judged.findings == whole.findings and [one.state for one in judged.findings] == ["kept"]
    assert [each.document.doc for each in judged.extractions] == ["letter"]
    assert find_decisions([tmp_path / "letter.txt"], LEXICONS) == decisions


def test_a_file_in_a_sub_folder_is_set_aside_and_told(tmp_path):
    read(tmp_path, TEXT)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / CORRECTIONS).write_text("x")
    assert [(one.path, one.reason) for one in read_documents(tmp_path).unread] == [
        (f"sub/{CORRECTIONS}", "counts only beside the documents given")
    ]


def test_a_run_keeps_the_file_byte_for_byte_and_drops_one_that_is_gone(tmp_path):
    read(tmp_path, TEXT)
    (tmp_path / CORRECTIONS).write_bytes(b"\xef\xbb\xbfdoc;\r\n\xff")
    kept = tmp_path / "kept"
    kept.mkdir()
    assert store_corrections(tmp_path, kept) == [kept / CORRECTIONS]
    assert (kept / CORRECTIONS).read_bytes() == (tmp_path / CORRECTIONS).read_bytes()
    (tmp_path / CORRECTIONS).unlink()
    assert store_corrections(tmp_path, kept) == [] and not (kept / CORRECTIONS).exists()


def test_the_table_of_decisions_has_the_columns_of_the_registry(letter):
    rows = decision_rows(apply(letter, decide(letter, "40 schools", "when", "")).findings)
    frame = tables.typed_frame(rows, columns.columns_of("decisions"))
    assert set(rows[0]) == set(frame.columns) == {"state", "told", "line", "claim_id", "found", *COLUMNS}
    assert (frame["state"][0], frame["found"][0], frame["line"][0]) == ("kept", "2021-03", 2)
    assert frame["value"].isna()[0] and frame["told"].isna()[0]
    assert len(tables.typed_frame(decision_rows([]), columns.columns_of("decisions"))) == 0


def test_review_goes_into_the_table_of_claims(letter):
    corrected = apply(letter, decide(letter, "40 schools", "theme", "rural"))
    frame = tables.claims_frame(corrected_rows(corrected)).set_index("text")
    assert (frame["reviewed"]["40 schools"], frame["reviewer"]["40 schools"]) == ("corrected", "Ann Lee")
    assert frame["reviewed"].isna()["12 beaches"]
    assert json.loads(frame["rule"]["40 schools"])["theme"] == "correction"


def test_agreement_is_of_those_who_decided_on_the_same(letter):
    decisions = [
        decide(letter, "40 schools", "theme", "rural"), decide(letter, "40 schools", "theme", "community", who="Ben"),
        decide(letter, "12 beaches", "theme", "environment"), decide(letter, "12 beaches", "theme", "environment", who="ben"),
        decide(letter, "40 schools", "value", "40"), decide(letter, "40 schools", "value", "4e1", who="Ben"),
        decide(letter, "3,000 trees", "theme", "rural"), decide(letter, "3,000 trees", "theme", "rural", doc="gone", who="Ben"),
    ]  # fmt: skip
    found = {one.field: (one.claims, one.coders, one.percent) for one in find_agreement(apply(letter, *decisions).findings)}
    assert found == {"theme": (2, 2, 50.0), "value": (1, 2, 100.0)}


def test_answers_that_settle_alike_agree(letter):
    pairs = {"target": ("yes", "TRUE"), "value": ("4.0e1", " 40.00 "), "when": ("", "  ")}
    decisions = [decide(letter, "40 schools", field, text, who=who) for field, two in pairs.items() for who, text in zip("AB", two, strict=True)]
    assert {one.field: one.percent for one in find_agreement(apply(letter, *decisions).findings)} == dict.fromkeys(pairs, 100.0)


def test_what_was_taken_back_is_no_answer(letter):
    theme = decide(letter, "40 schools", "theme", "rural", line=2)
    other = decide(letter, "40 schools", "theme", "community", who="Ben", line=4)
    assert [one.percent for one in find_agreement(apply(letter, theme, other).findings)] == [0.0]
    for back in ({"field": "claim", "value": "reject"}, {"field": "theme", "value": "community"}):
        found = find_agreement(apply(letter, theme, other, decide(letter, "40 schools", line=3, **back)).findings)
        assert [one.percent for one in found] == ([100.0] if back["field"] == "theme" else [])
    overruled = replace(other, signed_by="Cy", signed_on="2024-05-03")
    assert [one.percent for one in find_agreement(apply(letter, theme, overruled).findings)] == [0.0], "who lost did not agree"
