"""Web Annotations, read back by rdflib without a network: one for every claim, each selector at its place."""

import hashlib
import json
import time
from urllib.parse import unquote, urlparse

import pytest
import rdflib
from annotation_graph import OA, graph_of
from share_run import CLAIMS, build_hostile, build_large, build_run, claim_id, make_claim, write_lines, write_sources

from csrbook.annotations import READING, STANDARD, make_annotations, write_annotations
from csrbook.citations import citation
from csrbook.columns import column
from csrbook.errors import SpanError
from csrbook.evidence import read_run

pytestmark = pytest.mark.usefixtures("offline")

NAMES = """
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX as: <http://www.w3.org/ns/activitystreams#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX csr: <urn:csrbook:> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
PLACES = """SELECT ?a ?source ?exact ?prefix ?suffix ?start ?end ?cite ?page WHERE {
  ?a a oa:Annotation ; oa:motivatedBy oa:describing ; oa:hasTarget ?t ; dcterms:bibliographicCitation ?cite ; rdfs:seeAlso ?page .
  ?t a oa:SpecificResource ; oa:hasSource ?source ; oa:hasSelector ?q , ?p .
  ?q a oa:TextQuoteSelector ; oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix .
  ?p a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end . }"""


@pytest.fixture(params=[build_run, build_hostile], ids=["honest", "hostile"])
def run_dir(request, tmp_path):
    folder = request.param(tmp_path / "a run 空")
    write_annotations(read_run(folder))
    return folder


def ask(graph, query):
    return list(graph.query(NAMES + query))


def text_of(address):
    with open(unquote(urlparse(address).path), "rb") as file:
        return file.read()


def test_every_claim_has_one_annotation(run_dir):
    graph, claims = graph_of(run_dir), read_run(run_dir).claims
    assert {str(row.a) for row in ask(graph, PLACES)} == {f"urn:csrbook:claim:{one}" for one in claims}
    (row,) = ask(graph, "SELECT ?n (COUNT(?a) AS ?all) WHERE { ?c a as:OrderedCollection ; as:totalItems ?n . ?a a oa:Annotation } GROUP BY ?n")
    assert int(row.n) == int(row["all"]) == len(claims)


def test_both_selectors_lead_to_the_stored_words(run_dir):
    for row in ask(graph_of(run_dir), PLACES):
        text = text_of(row.source).decode("utf-8")
        start, end = int(row.start), int(row.end)
        assert text[start:end] == str(row.exact) != ""
        quoted = str(row.prefix) + str(row.exact) + str(row.suffix)
        assert text.find(quoted, start - len(row.prefix)) == start - len(row.prefix)
        assert len(row.prefix) == min(32, start) and len(row.suffix) == min(32, len(text) - end)


def test_place_and_review_are_told_and_described(tmp_path):
    text = "It gave 5 coins."
    write_sources(tmp_path, {"coins": ("en", text)})
    more = {"country": "CZ", "place": "Brno", "reviewed": "corrected", "reviewer": "Ann Lee, signed by Ben Roth"}
    write_lines(tmp_path / "02-extract" / "claims.jsonl", [make_claim("coins", text, "5 coins", **more)])
    write_annotations(read_run(tmp_path))
    graph = graph_of(tmp_path)
    query = "SELECT ?c ?p ?r ?who WHERE { ?b a csr:Reading ; csr:country ?c ; csr:place ?p ; csr:reviewed ?r ; csr:reviewer ?who }"
    assert [tuple(map(str, row)) for row in ask(graph, query)] == [("CZ", "Brno", "corrected", "Ann Lee, signed by Ben Roth")]
    for name in ("country", "place", "reviewed", "reviewer"):
        (row,) = ask(graph, f"SELECT ?told WHERE {{ csr:{name} a rdf:Property ; rdfs:comment ?told }}")
        assert str(row.told) == column(name).meaning


def test_documents_stand_with_their_digest(run_dir):
    rows = ask(graph_of(run_dir), "SELECT ?d ?sha ?title WHERE { ?c csr:documents ?d . ?d csr:sha256 ?sha ; dcterms:title ?title }")
    assert len(rows) == len(list((run_dir / "01-sources" / "texts").iterdir()))
    assert all(hashlib.sha256(text_of(row.d)).hexdigest() == str(row.sha) for row in rows)


def test_readings_are_the_claims(run_dir):
    graph = graph_of(run_dir)
    for one, claim in read_run(run_dir).claims.items():
        (body,) = [b for b in graph.objects(rdflib.URIRef(f"urn:csrbook:claim:{one}"), rdflib.URIRef(OA + "hasBody")) if (b, rdflib.RDF.type, rdflib.URIRef("urn:csrbook:Reading")) in graph]
        told = {str(p).rpartition(":")[2]: o.toPython() for p, o in graph.predicate_objects(body) if str(p).startswith("urn:csrbook:")}
        wanted = {name: claim[name] for name in READING if name != "value" and claim.get(name) is not None}
        assert told == wanted and graph.value(body, rdflib.RDF.value).toPython() == claim["value"]


def test_words_and_citation_are_those_of_the_claim(tmp_path):
    folder = build_run(tmp_path / "run")
    write_annotations(read_run(folder))
    graph, claims = graph_of(folder), read_run(folder).claims
    words = {str(row.v) for row in ask(graph, "SELECT ?v WHERE { ?a oa:hasBody ?b . ?b a oa:TextualBody ; rdf:value ?v }")}
    assert "over 1,200 trees; Town Garden; environment" in words
    assert any(one.startswith("9,000 trees; 2021 to 2025;") and one.endswith("promised") for one in words)
    source = {"publisher": "The Post", "title": "About the garden", "date": "2021-06-01"}
    one = claim_id("garden", "12 clerks")
    (row,) = [row for row in ask(graph, PLACES) if str(row.a).endswith(one)]
    assert str(row.cite) == citation(claims[one], source) and str(row.page).endswith(f"/doc-garden.html#c-{one}")


def test_own_terms_are_described_by_the_registry(run_dir):
    rows = ask(graph_of(run_dir), "SELECT ?p ?label ?comment WHERE { ?c csr:vocabulary ?p . ?p a rdf:Property ; rdfs:label ?label ; rdfs:comment ?comment }")
    assert {str(row.label) for row in rows} == set(READING) - {"value"}
    assert all(str(row.comment).startswith(column(str(row.label)).meaning) and str(row.p) == f"urn:csrbook:{row.label}" for row in rows)


def test_nothing_is_loaded_to_read_it(run_dir):
    told = json.loads((run_dir / "annotations.jsonld").read_bytes())
    assert told["@context"][0] == STANDARD and len(told["first"]["items"]) == told["total"]


def test_run_without_a_claim_has_an_empty_collection(tmp_path):
    write_sources(tmp_path, {"empty": ("en", "No figure at all.")})
    write_annotations(read_run(tmp_path))
    (row,) = ask(graph_of(tmp_path), "SELECT ?n WHERE { ?c as:totalItems ?n ; as:first ?p . ?p as:items rdf:nil }")
    assert int(row.n) == 0


def test_number_that_json_cannot_tell_is_left_out(tmp_path):
    text = "It gave 5 coins."
    write_sources(tmp_path, {"coins": ("en", text)})
    write_lines(tmp_path / "02-extract" / "claims.jsonl", [make_claim("coins", text, "5 coins", value=5.0, low=float("nan"), high=float("inf"))])
    (one,) = json.loads(write_annotations(read_run(tmp_path)).read_bytes())["first"]["items"]
    assert one["body"][1]["value"] == 5 and not {"low", "high"} & one["body"][1].keys()


def test_quotation_out_of_place_writes_nothing(tmp_path):
    folder = build_run(tmp_path / "run")
    (folder / "01-sources" / "texts" / "garden.txt").write_text("Another text.")
    with pytest.raises(SpanError):
        write_annotations(read_run(folder))
    assert not (folder / "annotations.jsonld").exists()


def test_same_run_gives_the_same_bytes(tmp_path):
    one, other = (write_annotations(read_run(build_run(tmp_path / name))).read_bytes() for name in ("one", "other"))
    assert one == other and len(CLAIMS) == one.count(b'"type":"Annotation"') and str(tmp_path).encode() not in one


def test_twenty_thousand_claims_take_seconds(tmp_path):
    run = read_run(build_large(tmp_path, 20_000))
    begun = time.process_time()
    told = make_annotations(run)
    assert time.process_time() - begun < 10
    assert json.loads(told)["total"] == 20_000
