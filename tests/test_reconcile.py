"""reconcile, likeness and verdicts: which claims are of one measure, and what they are to one another."""

import dataclasses
import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import unmark

from csrbook.corpus import claim_rows, extract
from csrbook.grammar import split_sentences
from csrbook.lexicon import load_lexicons
from csrbook.likeness import Weights, compare, find_pairs, read_statements, times_apart
from csrbook.reconcile import find_relations, relation_rows, to_json
from csrbook.tokens import tokenize
from csrbook.verdicts import KINDS, judge, judge_borrowed, make_figure, significant_digits

CASES = tomllib.loads((Path(__file__).parent / "cases" / "relations.toml").read_text(encoding="utf-8"))


def figure(name: str, told: dict):
    """Return the figure of a row of the cases."""
    row = {"doc": name, "start": ord(name), "end": ord(name) + 1, "text": "", "unit": "item", "kind": "count", "id": name} | told
    day = row.pop("told", None)
    publisher, scope = row.pop("publisher", None), frozenset(row.pop("scope", ()))
    return make_figure(row, told=day and date.fromisoformat(day), publisher=publisher, scope=scope)


def corpus(row: dict) -> tuple[list[dict], list]:
    """Return the claim records and the documents of a row of the cases."""
    documents, records, lexicons = [], [], load_lexicons()
    fields = iter(row["claims"])
    for number, told in enumerate(row["documents"]):
        text, spans = unmark(told["text"])
        tokens = tokenize(text)
        ends = [(tokens[a].start, tokens[b - 1].end) for a, b in split_sentences(tokens, lexicons[told["language"]])]
        doc = f"{number}-{told['language']}"
        about = {"date": told.get("date"), "publisher": told.get("publisher")}
        documents.append(SimpleNamespace(doc=doc, text=text, language=told["language"], **about))
        for start, end in spans:
            first, last = next(s for s in ends if s[0] <= start < s[1])
            place = {"doc": doc, "start": start, "end": end, "text": text[start:end], "kind": "count", "relevance": "csr"}
            more = {"id": f"c{len(records)}", "sentence_start": first, "sentence_end": last}
            records.append(place | more | next(fields))
    for record in records:
        record.setdefault("claim_id", record["id"])
    return records, documents


def relations_of(row: dict):
    records, documents = corpus(row)
    return find_relations(records, load_lexicons(), documents=documents)


def row(name: str) -> dict:
    return next(r for r in CASES["relation"] if r["id"] == name)


# ---- rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["verdict"], ids=lambda c: c["id"])
def test_verdict(case):
    a, b = figure("a", case["a"]), figure("b", case["b"])
    found = judge(a, b)
    assert judge(b, a) == found, "the order of the two must not matter"
    if case.get("none"):
        assert found is None
    else:
        assert found.verdict == case["is"], found.test
        assert case.get("test", "") in found.test


@pytest.mark.parametrize("case", CASES["relation"], ids=lambda c: c["id"])
def test_relation(case):
    records, documents = corpus(case)
    numbers = {(r["doc"], r["start"]): n for n, r in enumerate(records)}
    found = find_relations(records, load_lexicons(), documents=documents)
    told = [{"verdict": r.verdict, "members": [numbers[m.doc, m.start] for m in r.members]} for r in found]
    wanted = [{"verdict": f["verdict"], "members": f["members"]} for f in case["found"]]
    assert told == wanted, [r.test for r in found]
    assert all(f.get("test", "") in r.test for f, r in zip(case["found"], found, strict=True))
    assert all(r.kind == KINDS[r.verdict] and r.test and len(r.members) > 1 for r in found)


def test_every_verdict_has_a_case():
    shown = {c.get("is") for c in CASES["verdict"]} | {f["verdict"] for c in CASES["relation"] for f in c["found"]}
    assert shown - {None} == set(KINDS)


DAYS = [None, "2019", "2020", "2020-04", "2020-04-19", "2020-03/2020-04", "2016/2020-09-26"]
CLAIMS = st.fixed_dictionaries(
    {
        "doc": st.sampled_from("ab"), "value": st.decimals(0, 10**12, places=2), "when": st.sampled_from(DAYS),
        "qualifier": st.sampled_from(["exact", "about", "over", "nearly", "upto"]), "target": st.booleans(),
        "when_type": st.sampled_from(["as_of", "during", "on"]), "told": st.sampled_from([None, "2020-04-19", "2021-08-05"]),
        "publisher": st.sampled_from([None, "North"]), "scope": st.sampled_from([(), ("and_regions",)]),
    }
)  # fmt: skip


@given(CLAIMS, CLAIMS, st.integers(0, 3))
def test_a_verdict_is_the_same_either_way_and_tells_both_numbers(one, other, same):
    a, b = figure("a", one), figure("b", other | ({"value": one["value"]} if same == 0 else {}))
    found = judge(a, b)
    assert judge(b, a) == found
    if found:
        assert found.verdict in KINDS
        assert all(f"{f.value.normalize():f}" in found.test for f in (a, b)), found.test


@given(CLAIMS, CLAIMS)
def test_a_borrowed_date_can_only_add_a_conflict(one, other):
    a, b = (dataclasses.replace(figure(name, told), borrowed=name == "a") for name, told in (("a", one), ("b", other)))
    found = judge_borrowed(a, b)
    assert judge_borrowed(b, a) == found
    assert found is None or found.verdict == "conflict" and a.told > (b.last or b.told) and a.high < b.low


# ---- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        ({"value": 223000000}, 222500000, 223500000),
        ({"value": 1234}, 1234, 1234),
        ({"value": 3000000000}, 2850000000, 3150000000),
        ({"value": 2000, "qualifier": "over"}, 2000, 2100),
        ({"value": 2000, "qualifier": "nearly"}, 1900, 2000),
        ({"value": 107, "qualifier": "upto", "low": 0, "high": 107}, "101.65", 107),
        ({"value": 7, "value_max": 5}, 5, 7),
        ({"value": 150, "low": float("nan"), "high": None}, 145, 155),
        ({"value": 96.5}, "96.45", "96.55"),
    ],
)
def test_bounds_follow_digits_and_hedge_and_are_capped(told, low, high):
    made = figure("a", told)
    assert (made.low, made.high) == (Decimal(str(low)), Decimal(str(high)))


@pytest.mark.parametrize(("value", "digits"), [(223000000, 3), (0.5, 1), (1000, 1), (104, 3), (Decimal("71.380"), 4)])
def test_significant_digits(value, digits):
    assert significant_digits(Decimal(str(value))) == digits


def test_a_table_with_its_blanks_reads_like_records():
    blank = {"value_max": float("nan"), "when": float("nan"), "when_type": None, "unit": float("nan"), "target": False}
    made = figure("a", {"value": 12.0} | blank)
    assert (made.value, made.value_max, made.when, made.unit, made.first) == (12, None, None, None, None)


def test_a_doubtful_date_is_no_date():
    assert figure("a", {"value": 1, "when": "2020-02-31"}).last is None


# ---- likeness ------------------------------------------------------------------------------------------------------


def statements(name: str):
    records, documents = corpus(row(name))
    texts, languages = {d.doc: d.text for d in documents}, {d.doc: d.language for d in documents}
    return read_statements(records, load_lexicons(), texts, languages)


def test_concepts_are_the_same_in_every_language():
    codes = [set(s.concepts) for s in statements("one number in three languages")]
    assert codes[0] & codes[1] & codes[2] >= {"mask", "donate", "hospital", "africa"}


def test_a_word_near_the_number_weighs_more_and_one_behind_another_number_less():
    first, second = statements("two lengths of time in one sentence")
    assert first.concepts["hotel"] > first.concepts["restaurant"]
    assert second.concepts["restaurant"] > second.concepts["hotel"]


def test_score_is_the_sum_of_its_signs():
    read = statements("one number in three languages")
    likeness = compare(read[0], read[1], weights=Weights(read), parents={})
    assert likeness.score == pytest.approx(sum(likeness.signs.values()), abs=0.05)
    assert likeness.signs["theme"] > 0 and 0 < likeness.words <= 1


@pytest.mark.parametrize(
    ("one", "other", "sign"),
    [("Alipay", "Alipay", 0.5), ("Alipay", "Ant Group", None), ("Alipay", "MYbank", -0.5), ("Alipay", "Tencent", -1.0)],
)
def test_bodies_of_one_house(one, other, sign):
    read = statements("one number in three languages")[:2]
    pair = [dataclasses.replace(s, record=dict(s.record) | {"actor": name}) for s, name in zip(read, (one, other), strict=True)]
    parents = {"Alipay": "Ant Group", "MYbank": "Ant Group"}
    assert compare(*pair, weights=Weights(pair), parents=parents).signs.get("actor") == sign


def test_actors_that_own_each_other_do_not_hang():
    read = statements("one number in three languages")[:2]
    pair = [dataclasses.replace(s, record=dict(s.record) | {"actor": name}) for s, name in zip(read, ("A", "B"), strict=True)]
    assert compare(*pair, weights=Weights(pair), parents={"A": "B", "B": "A"}).signs.get("actor") is None


@pytest.mark.parametrize(("one", "other", "times"), [(4, 2, 2), (2, 4, 2), (0, 0, 1), (0, 3, None), (-3, 3, None), (0.3, 0.1, 3)])
def test_times_apart(one, other, times):
    assert times_apart({"value": one}, {"value": other}) == times


def test_a_key_that_everything_shares_pairs_nothing():
    read = statements("one number in three languages")[:1]
    many = [dataclasses.replace(read[0], record=dict(read[0].record) | {"value": n, "start": n, "sentence_start": n}) for n in range(400)]
    assert list(find_pairs(many, weights=Weights(many), families={})) == []


# ---- relations -----------------------------------------------------------------------------------------------------


def test_relations_do_not_depend_on_the_order_of_records():
    records, documents = corpus(row("a series over three documents"))
    ahead = find_relations(records, load_lexicons(), documents=documents)
    assert find_relations(records[::-1], load_lexicons(), documents=documents[::-1]) == ahead


def test_without_texts_the_codes_alone_still_find_the_plain_cases():
    records, _ = corpus(row("one number in three languages"))
    for record in records:
        record |= {"programme": "Clear Air", "indicator": "items_donated"}
    (found,) = find_relations(records, load_lexicons())
    assert found.verdict == "equal" and len(found.members) == 3


def test_rows_of_a_table_serve_as_records():
    records, documents = corpus(row("one number in three languages"))
    ahead = find_relations(records, load_lexicons(), documents=documents)
    blank = {"repeat_of": float("nan"), "restates": float("nan"), "value_max": float("nan"), "programme": float("nan")}
    rows = [r | blank | {"value": float(r["value"])} for r in records]
    assert find_relations(rows, load_lexicons(), documents=documents)[0].members == ahead[0].members


def test_nothing_in_nothing_out():
    assert find_relations([], load_lexicons()) == []


def test_json_and_rows_tell_the_same():
    records, documents = corpus(row("a target and its result in two languages"))
    (found,) = find_relations(records, load_lexicons(), documents=documents)
    told = json.loads(json.dumps(to_json(found)))
    assert told["members"][0] == {"doc": "0-zh", "start": records[0]["start"], "end": records[0]["end"], "claim_id": "c0"}
    (shown,) = relation_rows([found], records, documents=documents)
    assert (shown["kind"], shown["verdict"], shown["claims"], shown["languages"]) == ("fulfilled", "fulfilled", "c0 | c1", "zh | en")
    assert shown["quotations"].split(" | ")[1] == documents[1].text
    assert shown["test"] == told["test"] and "rural, base" == shown["measure"]


def test_concepts_have_every_key_and_no_form_twice():
    entries = load_lexicons().tables["concepts"]["concept"]
    assert len({e["id"] for e in entries}) == len(entries)
    assert {e.get("group", "") for e in entries} == {"", "place", "scope", "measure", "share"}
    for language in load_lexicons():
        forms = [form for e in entries for form in e[language]]
        assert len(set(forms)) == len(forms) and all(form.strip() for form in forms)


# ---- the corpus that ships -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(root):
    """The relations of the shipped documents, each as (relation, its records)."""
    harvest = extract(root / "seeds")
    records = claim_rows(harvest.extractions)
    told = {r["claim_id"]: r for r in records}
    found = find_relations(records, harvest.lexicons, documents=[e.document for e in harvest.extractions])
    return [(relation, [told[m.claim_id] for m in relation.members]) for relation in found]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({3_000_000_000, 3_300_000_000, 3_400_000_000}, "series"),
        ({3_000_000_000, 3_300_000_000}, "conflict"),
        ({76_000, 220_000_000, 223_000_000}, "series"),
        ({220_000_000, 223_000_000}, "same"),
        ({125_000, 150_000, 157_000}, "series"),
        ({229, 233}, "conflict"),
        ({104, 233}, "conflict"),
        ({270_000_000_000}, "conflict"),
        ({5_000_000_000_000, 77_510_000_000}, "bad_conversion"),
        ({1_000}, "fulfilled"),
    ],
    ids=str,
)  # fmt: skip
def test_known_relations_of_the_shipped_documents(shipped, values, kind):
    assert any({r["value"] for r in records} == values and relation.kind == kind for relation, records in shipped)


@pytest.mark.parametrize("values", [{125_000, 150_000, 157_000}, {220_000_000, 223_000_000}])
def test_relations_cross_languages(shipped, values):
    (records,) = (records for _, records in shipped if {r["value"] for r in records} == values)
    assert len({r["doc"] for r in records}) == 2
