"""Pages: every figure at its place, nothing from outside, nothing a document says is markup, same run same bytes."""

import base64
import hashlib
import html
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from share_run import (
    CLAIMS, TELLINGS, TEXTS, build_full, build_hostile, build_large, build_run, claim_id, make_claim, write_json, write_lines, write_sources, write_table,
)  # fmt: skip

from csrbook.errors import CsrbookError, RunError, SchemaError, SpanError
from csrbook.accuracies import describe_accuracy
from csrbook.chart_figures import AT_HAND, ROOM, carried, describe_charts, embed
from csrbook.citations import citation
from csrbook.displays import format_number, format_value
from csrbook.escapes import name_controls
from csrbook.evidence import Source, account_for, read_run, segment
from csrbook.labels import load_labels
from csrbook.payloads import make_payload, unpack
from csrbook.share import make_pages

EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr", "rect"}


class Page(HTMLParser):
    """Elements of a page as (tag, attributes), with the text inside style, script and .text kept apart."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements, self.inside, self.raw, self.words, self.depth = [], [], {}, [], None
        self.feed(path.read_bytes().decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements.append((tag, attrs))
        if tag not in EMPTY:
            self.inside.append(tag)
            if attrs.get("class") == "text":
                self.depth = len(self.inside)

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            assert self.inside.pop() == tag, "elements are nested"
            if self.depth is not None and len(self.inside) < self.depth:
                self.depth = None

    def handle_data(self, data):
        if self.inside and self.inside[-1] in ("style", "script"):
            kind = next(a.get("type", "") for t, a in reversed(self.elements) if t == self.inside[-1])
            self.raw.setdefault(f"{self.inside[-1]} {kind}".strip(), []).append(data)
        if self.depth is not None:
            self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]

    @property
    def data(self):
        return json.loads("".join(self.raw["script application/json"]))


def hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    folder = build_run(tmp_path_factory.mktemp("share") / "run")
    make_pages(read_run(folder))
    return folder


@pytest.fixture(scope="module")
def hostile_dir(tmp_path_factory):
    folder = build_hostile(tmp_path_factory.mktemp("share") / "hostile")
    make_pages(read_run(folder))
    return folder


@pytest.fixture(scope="module")
def full_dir(tmp_path_factory):
    folder = build_full(tmp_path_factory.mktemp("share") / "full")
    make_pages(read_run(folder))
    return folder


@pytest.fixture(params=["run_dir", "full_dir", "hostile_dir"])
def any_dir(request):
    return request.getfixturevalue(request.param)


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.html"))


def test_front_page_is_returned_with_one_page_a_part(run_dir):
    names = {path.name for path in pages_of(run_dir)}
    assert names == {"index.html", "claims.html", "changes.html", "brief.html", "01-sources.html", "02-extract.html"} | {f"doc-{d}.html" for d in TEXTS}


def test_every_link_to_a_page_and_a_place_leads_somewhere(any_dir):
    from urllib.parse import unquote

    pages = {path.name: Page(path) for path in pages_of(any_dir)}
    ids = {name: {a["id"] for _, a in page.elements if a.get("id")} for name, page in pages.items()}
    links = [(name, a["href"]) for name, page in pages.items() for a in page.all("a") if a.get("href")]
    assert len(links) > 20
    for name, href in links:
        target, _, place = href.partition("#")
        target = unquote(target) or name
        if re.match(r"https?:|mailto:", target):
            continue
        assert target in pages or (any_dir / target).is_file() or target in ("run.json", "ro-crate-metadata.json"), href
        if place and target in pages and target != "claims.html":  # the table's places are made by its script
            assert unquote(place) in ids[target], href


def test_every_cited_figure_has_its_evidence_in_the_page(run_dir):
    for path in pages_of(run_dir):
        page = Page(path)
        there = set(page.data["columns"].get("claim_id", ()))
        cited = {one for a in page.all("a") if "data-claims" in a for one in a["data-claims"].split()}
        assert cited <= there, path.name
    assert len(cited) > 0


def test_evidence_quotes_the_stored_text(run_dir):
    run = read_run(run_dir)
    payload = make_payload(run, run.claims)
    assert payload["rows"] == len(CLAIMS)
    unpacked = {name: unpack(column) for name, column in payload["columns"].items()}
    for row in range(payload["rows"]):
        one = {name: values[row] for name, values in unpacked.items()}
        stored = TEXTS[one["doc"]][1]
        assert stored[one["start"] : one["end"]] == one["text"]
        assert one["before"] + one["text"] + one["after"] in stored.split("\n")
        assert payload["related"].get(one["claim_id"], []) == [i for i, r in enumerate(payload["relations"]) if one["claim_id"] in r["members"]]


def test_document_page_holds_the_whole_text(run_dir):
    for doc, (_, text) in TEXTS.items():
        assert "".join(Page(run_dir / f"doc-{doc}.html").words) == text


def test_document_marks_tell_theme_without_colour(run_dir):
    marks = [a for a in Page(run_dir / "doc-garden.html").all("a") if "m" in a.get("class", "").split()]
    assert [m["data-tag"] for m in marks] == ["PH", "EN", "CO", "EN \u2192"]
    assert "context" in marks[2]["class"] and "promise" in marks[3]["title"]


def test_numerals_set_aside_say_why(run_dir):
    why = [a["data-why"] for a in Page(run_dir / "doc-garden.html").all("span") if a.get("class") == "x"]
    assert why == ["date", "date"]


def test_same_run_gives_same_bytes(tmp_path):
    first, second = build_run(tmp_path / "one"), build_run(tmp_path / "somewhere" / "else")
    make_pages(read_run(first)), make_pages(read_run(second))
    make_pages(read_run(first))  # over its own pages
    assert {p.name: p.read_bytes() for p in pages_of(first)} == {p.name: p.read_bytes() for p in pages_of(second)}
    assert str(tmp_path) not in "".join(p.read_text() for p in pages_of(first))


# ---------------------------------------------------------------- the span lock


def break_claim(folder, **change):
    path = folder / "02-extract" / "claims.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[1] |= change
    write_lines(path, rows)


@pytest.mark.parametrize(
    "change",
    [{"start": 5}, {"end": 10**9}, {"text": "1,300 saplings"}, {"doc": "nowhere"}, {"text": "", "end": 0, "start": 0}],
    ids=["start", "past_the_end", "text", "no_document", "empty"],
)
def test_a_quotation_out_of_place_stops_all_pages(tmp_path, change):
    folder = build_run(tmp_path / "run")
    break_claim(folder, **change)
    with pytest.raises(SpanError):
        make_pages(read_run(folder))
    assert pages_of(folder) == []


def test_a_numeral_set_aside_out_of_place_stops_all_pages(tmp_path):
    folder = build_run(tmp_path / "run")
    path = folder / "02-extract" / "ledger.csv"
    path.write_text(path.read_text().replace("2025", "2026"))
    with pytest.raises(SpanError, match="set aside as date"):
        make_pages(read_run(folder))


@pytest.mark.parametrize("part", ["05-chart/charts.json", "06-brief/brief.json", "04-reconcile/relations.jsonl"])
def test_citing_a_claim_that_does_not_exist_stops_all_pages(tmp_path, part):
    folder = build_run(tmp_path / "run")
    path = folder / part
    path.write_text(path.read_text().replace(claim_id("garden", "1,200 saplings"), "0123456789abcdef"))
    with pytest.raises(SpanError, match="0123456789abcdef, which is no claim of this run"):
        make_pages(read_run(folder))


def test_a_mark_that_cites_no_claim_of_the_run_stops_all_pages(tmp_path):
    folder = build_full(tmp_path / "run")
    charts = json.loads((folder / "05-chart" / "charts.json").read_text())
    charts[0]["marks"][0]["claims"] = ["0123456789abcdef"]
    write_json(folder / "05-chart" / "charts.json", charts)
    with pytest.raises(SpanError, match="charts.json: cites 0123456789abcdef|0123456789abcdef, which is no claim of this run"):
        make_pages(read_run(folder))


@pytest.mark.parametrize(
    ("part", "words", "told"),
    [
        ("05-chart/charts.json", "{", "charts.json: cannot be read as JSON"),
        ("05-chart/charts.json", "", "charts.json: cannot be read as JSON"),
        ("05-chart/charts.json", "null", "charts.json: holds 'None' in the place of a list"),
        ("05-chart/charts.json", '["bars"]', "charts.json: holds 'bars' in the place of an object"),
        ("05-chart/charts.json", '{"bars": 7}', "charts.json: holds '7' in the place of an object"),
        ("05-chart/charts.json", '[{"claims": "c1"}]', "charts.json: holds 'c1' in the place of a list"),
        ("05-chart/charts.json", '[{"claims": [["c1"]]}]', "charts.json: cites"),
        ("05-chart/charts.json", '[{"marks": {"x": 1}}]', "in the place of a list"),
        ("05-chart/charts.json", '[{"marks": ["x"]}]', "charts.json: holds 'x' in the place of an object"),
        ("06-brief/brief.json", "[]", "brief.json: holds '\\[\\]' in the place of an object"),
        ("06-brief/brief.json", '{"sentences": "all"}', "brief.json: holds 'all' in the place of a list"),
        ("06-brief/brief.json", '{"sentences": [5]}', "brief.json: holds '5' in the place of an object"),
        ("06-brief/brief.json", '{"sentences": [{"parts": [null]}]}', "in the place of an object with text"),
        ("06-brief/brief.json", '{"sentences": [{"text": "7", "numbers": [{}]}]}', "in the place of an object with text"),
    ],
)
def test_a_file_that_is_not_what_its_notebook_writes_is_named(tmp_path, part, words, told):
    folder = build_run(tmp_path / "run")
    (folder / part).write_text(words)
    with pytest.raises(CsrbookError, match=told):
        read_run(folder)


@pytest.mark.parametrize("change", [{"x": 10**400}, {"width": float("nan")}, {"y": "7"}, {"height": True}, {"width": 0}, {"x": -500}], ids=str)
def test_a_mark_without_a_place_in_the_picture_is_left_out(tmp_path, change):
    folder = build_full(tmp_path / "run")
    charts = json.loads((folder / "05-chart" / "charts.json").read_text())
    before = len(describe_charts(read_run(folder), str)[0].marks)
    charts[0]["marks"][0] |= change
    write_json(folder / "05-chart" / "charts.json", charts)
    assert len(describe_charts(read_run(folder), str)[0].marks) == before - 1


def test_a_chart_with_a_name_that_no_disk_takes_has_no_picture(tmp_path):
    folder = build_run(tmp_path / "run")
    write_json(folder / "05-chart" / "charts.json", [{"stem": "a" * 5000, "title": "Long"}])
    assert [chart.image for chart in describe_charts(read_run(folder), str)] == [None]
    assert "Long" in make_pages(read_run(folder)).read_text()


def test_a_publisher_that_turns_the_words_about_is_shown_by_its_code(tmp_path):
    folder = build_run(tmp_path / "run")
    write_sources(folder, TEXTS, publisher="Post\u202e", title="About\u202e")
    make_pages(read_run(folder))
    for name in ("index.html", "doc-garden.html", "brief.html"):
        words = "".join(re.split(r"<script.*?</script>", (folder / name).read_text(), flags=re.DOTALL))
        assert "\u202e" not in words and "U+202E" in words, name


def test_a_number_that_is_not_in_its_sentence_stops_all_pages(tmp_path):
    folder = build_run(tmp_path / "run")
    sentence = {"text": "Nothing here.", "numbers": [{"text": "7", "claims": [claim_id("garden", "12 clerks")]}]}
    write_json(folder / "06-brief" / "brief.json", {"sentences": [sentence]})
    with pytest.raises(SpanError, match="not in its sentence"):
        make_pages(read_run(folder))


def test_a_claim_without_a_needed_field_is_named(tmp_path):
    folder = build_run(tmp_path / "run")
    write_lines(folder / "02-extract" / "claims.jsonl", [{"doc": "garden", "start": 0}])
    with pytest.raises(SchemaError, match="a claim has no end"):
        make_pages(read_run(folder))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"doc": "gar', "02-extract/claims.jsonl, line 1: '{\"doc\": \"gar' is no record"), (b"[1]", "line 1: '[1]' is no record"),
        (b"\xff\xfe", "is no record; one JSON object; run again"), (b"7", "'7' is no record"),
        (b'{"doc": "garden", "start": "x", "end": 2, "text": "t", "value": 1, "unit": null, "kind": "count", "claim_id": "c"}', "start 'x' and end 2 are no place"),
        (b'{"doc": "garden", "start": null, "end": 2, "text": "t", "value": 1, "unit": null, "kind": "count", "claim_id": "c"}', "start None and end 2"),
    ],
)  # fmt: skip
def test_a_damaged_claim_is_named(tmp_path, line, told):
    folder = build_run(tmp_path / "run")
    (folder / "02-extract" / "claims.jsonl").write_bytes(line + b"\n")
    with pytest.raises(SchemaError) as raised:
        read_run(folder)
    assert told in str(raised.value) and "\n" not in str(raised.value)


def test_offsets_are_code_points_of_the_raw_text(tmp_path):
    text = "\U0001f333\r\n\r\n  7 owls\r\n"
    write_sources(tmp_path, {"owls": ("en", text)})
    write_lines(tmp_path / "02-extract" / "claims.jsonl", [make_claim("owls", text, "7 owls", value=7)])
    assert list(read_run(tmp_path).claims) == [claim_id("owls", "7 owls")]


# ---------------------------------------------------------------- runs cut short


@pytest.mark.parametrize(
    "gone",
    [
        ["02-extract", "04-reconcile", "05-chart", "06-brief"],
        ["01-sources", "02-extract", "04-reconcile", "05-chart", "06-brief", "01-sources.ipynb", "02_extract.ipynb"],
        ["04-reconcile"], ["05-chart"], ["05-chart/01-trees-by-document.svg"], ["06-brief"], ["01-sources/sources.csv"],
        ["02-extract/ledger.csv"], ["01-sources.ipynb"],
    ],
    ids=lambda gone: "+".join(gone)[:40],
)  # fmt: skip
def test_a_run_cut_short_still_has_a_front_page(tmp_path, gone):
    folder = build_run(tmp_path / "run")
    for name in gone:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert make_pages(read_run(folder)) == folder / "index.html"
    for path in pages_of(folder):
        assert len(Page(path).all("h1")) == 1, path.name


def test_a_file_that_could_not_be_read_is_told(tmp_path):
    folder = build_run(tmp_path / "run")
    with (folder / "01-sources" / "sources.csv").open("a") as table:
        table.write(",locked.pdf,,,,The file is encrypted.,Save it without a password.,,,\n")
    make_pages(read_run(folder))
    assert "The file is encrypted." in (folder / "index.html").read_text()
    assert "Save it without a password." in (folder / "doc-locked.pdf.html").read_text()


def test_parquet_serves_as_well_as_lines(tmp_path):
    import pandas as pd

    folder = build_run(tmp_path / "run")
    make_pages(read_run(folder))
    before = (folder / "claims.html").read_bytes()
    lines = folder / "02-extract" / "claims.jsonl"
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    for row in rows:
        row["rule"] = json.dumps(row["rule"])
    pd.DataFrame(rows).to_parquet(lines.with_suffix(".parquet"))
    lines.unlink()
    make_pages(read_run(folder))
    one, other = (re.sub(r'"(?:low|high|value)":\[[^]]*\]', "", text.decode()) for text in (before, (folder / "claims.html").read_bytes()))
    assert one == other  # but for whole numbers, which parquet holds as floats


def test_a_notebook_that_cannot_be_shown_is_named(tmp_path):
    folder = build_run(tmp_path / "run")
    (folder / "01-sources.ipynb").write_text("{}")
    with pytest.raises((RunError, CsrbookError), match="01-sources.ipynb: cannot be made a page"):
        make_pages(read_run(folder))


# ---------------------------------------------------------------- nothing from outside, nothing gets out


def test_policy_allows_our_style_and_script_and_no_network(any_dir):
    for path in pages_of(any_dir):
        page = Page(path)
        policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv"))
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert rules["style-src"] == hash_source("".join(page.raw["style"]))
        assert rules["script-src"] == hash_source("".join(page.raw["script"]))
        assert rules["img-src"] == ("data:" if path.name == "brief.html" else "'self' file: data:")


def test_nothing_is_loaded_and_no_attribute_acts(any_dir):
    for path in pages_of(any_dir):
        for tag, attrs in Page(path).elements:
            assert tag not in ("iframe", "form", "object", "embed", "base"), path.name
            assert not [a for a in attrs if a.startswith("on") or a in ("style", "srcdoc", "formaction")], (path.name, tag)
            for name in ("src", "srcset", "poster", "background"):
                address = attrs.get(name) or "data:"
                beside = path.name != "brief.html" and re.fullmatch(r"05-chart/[A-Za-z0-9_.-]+", address) and (any_dir / address).is_file()
                assert address.startswith("data:") or beside, (path.name, tag)
            if tag == "link":
                assert attrs["href"] == "data:,"
            assert not re.match(r"\s*(javascript|data|vbscript):", attrs.get("href") or "" if tag != "link" else "", re.I)


def test_each_page_has_one_script_one_style_and_data_without_markup(any_dir):
    for path in pages_of(any_dir):
        page = Page(path)
        assert [a.get("type") for a in page.all("script")] == ["application/json", None], path.name
        assert len(page.all("style")) == 1
        assert not re.search("[<>&\u2028]", "".join(page.raw["script application/json"]))


def test_words_of_a_hostile_document_stay_words(hostile_dir):
    name = next(path for path in pages_of(hostile_dir) if path.name.startswith("doc-"))
    assert re.fullmatch(r"doc-[A-Za-z0-9.-]+\.html", name.name)
    page = Page(name)
    words = "".join(page.words)
    assert "<script>window.PWNED=1</script>" in words and "{{ 7 * 7 }}" in words
    assert "\u202e" not in words and "\x07" not in words
    assert {"U+202E", "U+202C", "U+0007"} <= {a.get("data-code") for a in page.all("span")}


def test_a_line_of_ten_megabytes_does_not_enter_the_table(tmp_path):
    text = f"{'x' * 5_000_000} 7 owls {'y' * 5_000_000}"
    write_sources(tmp_path, {"long": ("en", text)})
    write_lines(tmp_path / "02-extract" / "claims.jsonl", [make_claim("long", text, "7 owls", value=7)])
    make_pages(read_run(tmp_path))
    assert "".join(Page(tmp_path / "doc-long.html").words) == text
    assert (tmp_path / "claims.html").stat().st_size < 100_000
    assert Page(tmp_path / "claims.html").data["columns"]["after"][0].endswith("\u2026")


# ---------------------------------------------------------------- the pages themselves


def test_every_page_has_one_title_and_one_h1(any_dir):
    for path in pages_of(any_dir):
        page = Page(path)
        assert [len(page.all(tag)) for tag in ("h1", "main")] == [1, 1], path.name
        assert len(page.all("title")) == 1 + len(marks_of(path)), path.name  # its own, and one for every mark of a chart


def test_pictures_have_alternative_texts(run_dir):
    pictures = [a for path in pages_of(run_dir) for a in Page(path).all("img")]
    assert len(pictures) == 2 and all(a["alt"] == "Two bars of trees" for a in pictures)


def test_quotations_carry_their_language(run_dir):
    languages = {a.get("lang") for a in Page(run_dir / "brief.html").all("q")}
    assert languages == {"en", "zh", "ru"}
    assert next(a for a in Page(run_dir / "doc-river.html").all("div") if a.get("class") == "text")["lang"] == "zh"


def test_notebook_folds_code_and_lists_its_contents(run_dir):
    page = Page(run_dir / "01-sources.html")
    text = (run_dir / "01-sources.html").read_text()
    assert [a.get("class") for a in page.all("details")] == ["code", "code"]
    assert re.findall(r'<li class="level-\d"><a href="#([^"]+)">', text) == ["s-The-table", "s-A-second-title", "s-What-is-missing?"]
    assert "\x1b" not in text and "done &lt;b&gt;" in text
    money = claim_id("garden", "4.5 million crowns")
    assert len([a for a in page.all("a") if a.get("data-claims") == money]) == 2  # the link and the cell


def test_notebook_without_a_title_gets_one_from_its_file(run_dir):
    assert "<h1>2 Extract</h1>" in (run_dir / "02-extract.html").read_text()


def test_a_telling_in_a_notebook_leads_to_its_place(run_dir):
    one = TELLINGS[0][0]
    assert f'<a href="doc-garden.html#t-{one}"' in (run_dir / "02-extract.html").read_text(encoding="utf-8")
    assert f'<span class="told" id="t-{one}"></span>garden for the town' in (run_dir / "doc-garden.html").read_text(encoding="utf-8")


def test_a_name_to_review_leads_to_its_place(tmp_path):
    folder = build_run(tmp_path / "run")
    start = (folder / "01-sources" / "texts" / "garden.txt").read_bytes().decode("utf-8").index("garden for the town")
    seen = {"telling_id": "00000000000000bb", "kind": "actor", "name": "Garden", "doc": "garden", "start": start, "end": start + 6, "text": "garden"}
    write_table(folder / "02-extract" / "sightings.csv", [seen])
    make_pages(read_run(folder))
    assert 'id="t-00000000000000bb"' in (folder / "doc-garden.html").read_text(encoding="utf-8")
    write_table(folder / "02-extract" / "sightings.csv", [seen | {"text": "Garden"}])
    with pytest.raises(SpanError, match="telling of Garden"):
        make_pages(read_run(folder))


def test_brief_stands_alone(run_dir):
    page = Page(run_dir / "brief.html")
    assert all(a["href"].startswith("#") for a in page.all("a"))
    assert "1,200 saplings" in html.unescape((run_dir / "brief.html").read_text())
    assert page.data["alone"] is True


def test_a_count_of_many_claims_leads_to_the_table_and_has_no_notes(tmp_path):
    folder = build_large(tmp_path / "run", 100)
    ids = [json.loads(line)["claim_id"] for line in (folder / "02-extract" / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    parts = ["Figures: ", {"text": "100", "claims": ids}, "; least: ", {"text": "1 tree", "claims": ids[:1]}, "; in May: ", {"text": "4", "claims": ids[:4]}]
    write_json(folder / "06-brief" / "brief.json", {"sentences": [{"parts": parts}]})
    make_pages(read_run(folder))
    assert [a["id"] for a in Page(folder / "brief.html").all("li") if a.get("id")] == [f"e-{ids[0]}"]
    brief = (folder / "brief.html").read_text(encoding="utf-8")
    assert "<b>100</b>" in brief and "<b>4</b>" in brief and f'<a class="figure short" href="#e-{ids[0]}" data-claims="{ids[0]}">1 tree</a><sup>1</sup>' in brief
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert '<a class="figure" href="claims.html#group=headline-1">100</a>' in index and f'data-claims="{" ".join(ids[:4])}"' in index


@pytest.mark.parametrize(("choices", "told"), [(["1 of 2 sentences stand.", "Low end: 1 changed."], True), (["Not computed."], False), ([], False)])
def test_front_page_says_which_sentences_stand(tmp_path, choices, told):
    folder = build_run(tmp_path / "run")
    brief = json.loads((folder / "06-brief" / "brief.json").read_text(encoding="utf-8"))
    write_json(folder / "06-brief" / "brief.json", brief | {"sensitivity": choices})
    make_pages(read_run(folder))
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert ("1 of 2 sentences stand." in index) is told and "Not computed" not in index and "changes.html" in index


def weigh(folder, letters, ending=".svg"):
    (folder / "05-chart" / f"01-trees-by-document{ending}").write_text("<svg xmlns='http://www.w3.org/2000/svg'>" + " " * letters + "</svg>")


def test_brief_stays_small_and_names_the_charts_it_leaves_out(tmp_path):
    folder = build_run(tmp_path / "run")
    weigh(folder, 3_000_000)
    make_pages(read_run(folder))
    brief = folder / "brief.html"
    assert brief.stat().st_size < 3_000_000 and not Page(brief).all("img")
    assert "Two bars of trees" in brief.read_text()


@pytest.mark.parametrize(
    ("light", "dark", "points", "pictures"),
    [(1000, 1000, True, ("svg", "svg")), (1000, 3_000_000, True, ("svg", None)), (3_000_000, 1000, True, ("png", "svg")), (3_000_000, 1000, False, (None, None))],
    ids=["both", "no room for the dark one", "points instead of paths", "none"],
)  # fmt: skip
def test_brief_gives_up_what_weighs_most(tmp_path, light, dark, points, pictures):
    folder = build_full(tmp_path / "run")
    weigh(folder, light)
    weigh(folder, dark, "-dark.svg")
    if not points:
        (folder / "05-chart" / "01-trees-by-document.png").unlink()
    run = read_run(folder)
    first, *others = embed(describe_charts(run, str), folder, room=2_000_000)
    assert tuple(found and re.match(r"data:image/(\w+)", found)[1] for found in (first.image, first.dark)) == pictures
    assert all(other.image for other in others) and first.marks == ()


def test_only_disagreements_are_told_as_such(run_dir):
    text = (run_dir / "index.html").read_text()
    part = text[text.index('id="disputes"') : text.index('id="charts"')]
    assert "Same trees, other number" in part and "both say four and a half" not in part


@pytest.mark.parametrize(
    ("row", "differs"),
    [
        ({"kind": "same", "verdict": "qualifier"}, False), ({"kind": "conflict", "verdict": "rounding"}, True),
        ({"kind": "series", "verdict": "period"}, False), ({"kind": "bad_conversion", "verdict": "conversion"}, True),
        ({"verdict": "scope"}, True), ({"verdict": "rounding"}, False), ({"kind": "fulfilled"}, False),
    ],
)  # fmt: skip
def test_the_kind_of_a_relation_decides_whether_its_figures_disagree(tmp_path, row, differs):
    folder = build_run(tmp_path / "run")
    members = [claim_id("garden", "1,200 saplings"), claim_id("river", "1300棵")]
    write_lines(folder / "04-reconcile" / "relations.jsonl", [row | {"members": members, "measure": "trees_planted, tree", "test": "intervals meet: upto 1200 tree"}])
    (relation,) = read_run(folder).relations
    assert relation.is_disagreement is differs
    assert (relation.measure, relation.note) == ("Town Garden", "intervals meet: up to 1,200 trees")


def test_counts_add_up_document_by_document(run_dir):
    rows = {row["source"].doc: row for row in account_for(read_run(run_dir))}
    assert [(rows[d]["csr"], rows[d]["context"], rows[d]["aside"], rows[d]["total"]) for d in sorted(rows)] == [(2, 0, 1, 3), (3, 1, 2, 6), (3, 0, 0, 3)]


def test_every_theme_has_a_colour_and_every_colour_a_theme(root):
    style = (root / "lib" / "csrbook" / "pages" / "style.css").read_text()
    assert set(re.findall(r"\.t-(\w+) \{ --hue", style)) == set(load_labels().order("theme"))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("letters", "ground"),
    [(letters, ground) for letters in ("ink", "soft", "accent", "alert") for ground in ("paper", "raised", "wash")] + [("ink", "mark")],
)
def test_contrast_is_enough_to_read(root, scheme, ground, letters):
    style = (root / "lib" / "csrbook" / "pages" / "style.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)  # light, dark, print
    light, dark, _ = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks)
    colours = light if scheme == "light" else light | dark
    one, other = sorted((luminance(colours[ground]), luminance(colours[letters])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5


# ---------------------------------------------------------------- charts


def marks_of(path: Path) -> list[dict]:
    """The links of the overlays of a page, each with the box after it."""
    elements = Page(path).elements
    return [attrs | elements[at + 2][1] for at, (tag, attrs) in enumerate(elements) if tag == "a" and elements[at + 1 : at + 2] == [("title", {})]]


@pytest.mark.parametrize("name", ["index.html", "05-chart.html"])
def test_every_mark_of_a_chart_leads_to_what_it_draws(full_dir, name):
    one, other = claim_id("garden", "1,200 saplings"), claim_id("river", "1300棵")
    marks = marks_of(full_dir / name)
    last = claim_id("garden", "9,000 saplings")
    told = [(m["data-claims"].split(), m["href"].rpartition("#c-")[2]) for m in marks]
    assert told == [([one, other], one), ([one], one), ([last], last)] and all(m["href"].startswith("doc-garden.html#") for m in marks)
    assert [(m["width"], m["height"]) for m in marks] == [("70", "16"), ("40", "10"), ("10", "10")]  # the smaller one lies on top
    (frame,) = [a for a in Page(full_dir / name).all("svg") if a.get("class") == "marks"]
    assert frame["viewbox"] == "0 0 70 30" and frame["aria-hidden"] == "true" and {m["tabindex"] for m in marks} == {"-1"}
    assert {one, other} <= set(Page(full_dir / name).data["columns"]["claim_id"])


def test_a_chart_of_an_older_run_has_its_picture_and_no_marks(run_dir):
    page = Page(run_dir / "index.html")
    assert [a["src"] for a in page.all("img")] == ["05-chart/01-trees-by-document.svg"] and not page.all("source")
    assert not [a for a in page.all("svg") if a.get("class") == "marks"]


def test_a_mark_of_many_claims_leads_to_the_table_of_them(tmp_path):
    folder = build_large(tmp_path / "run", 200)
    ids = list(read_run(folder).claims)
    many = {"x": 1, "y": 1, "width": 5, "height": 5, "claims": ids[50:150], "label": "a hundred"}
    (folder / "05-chart").mkdir()
    (folder / "05-chart" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    write_json(folder / "05-chart" / "charts.json", [{"stem": "a", "title": "A", "alt": "A chart", "caption": "", "claims": ids, "size": [9, 9], "marks": [many]}])
    make_pages(read_run(folder))
    (mark,) = marks_of(folder / "index.html")
    assert mark["href"] == "claims.html#group=chart-a-1" and "data-claims" not in mark
    groups = Page(folder / "claims.html").data["groups"]
    assert groups["chart-a-1"] == list(range(50, 150)) and groups["chart-a"] == list(range(200))


def test_a_page_carries_the_evidence_of_so_many_marks_and_no_more(tmp_path):
    folder = build_large(tmp_path / "run", 1200)
    ids = list(read_run(folder).claims)
    marks = [{"x": 1, "y": n, "width": 5, "height": 1, "claims": ids[n * 50 : n * 50 + 50]} for n in range(24)]
    (folder / "05-chart").mkdir()
    write_json(folder / "05-chart" / "charts.json", [{"stem": "a", "alt": "A chart", "claims": ids, "size": [9, 99], "marks": marks}])
    (figure,), held = carried(describe_charts(read_run(folder), str))
    assert len(held) == ROOM and [bool(mark.claims) for mark in figure.marks] == [True] * 20 + [False] * 4
    assert figure.marks[-1].href == ids[23 * 50] and AT_HAND >= 50


@pytest.mark.parametrize("size", [None, [], [70], [70, 0], [70, "30"], [70, float("inf")], [True, True]], ids=str)
def test_marks_of_a_picture_without_a_size_are_left_out(tmp_path, size):
    folder = build_full(tmp_path / "run")
    charts = json.loads((folder / "05-chart" / "charts.json").read_text())
    charts[0] |= {"size": size}
    write_json(folder / "05-chart" / "charts.json", charts)
    figure = describe_charts(read_run(folder), str)[0]
    assert figure.marks == () and figure.size is None and figure.image


def test_a_dark_picture_stands_beside_the_light_one(full_dir):
    for name, begins in (("index.html", "05-chart/01-trees-by-document-dark.svg"), ("05-chart.html", "05-chart/"), ("brief.html", "data:image/svg+xml;base64,")):
        (source,) = Page(full_dir / name).all("source")
        assert source["media"] == "screen and (prefers-color-scheme: dark)" and source["srcset"].startswith(begins)
    first, second, *_ = Page(full_dir / "index.html").all("img")
    assert "class" not in first and second["class"] == "paper"  # a picture for light grounds alone keeps one


def test_the_front_page_shows_few_charts_large_and_leads_to_the_others(full_dir):
    page, text = Page(full_dir / "index.html"), (full_dir / "index.html").read_text()
    large = [a["id"] for a in page.all("figure")]
    assert large == ["chart-01-trees-by-document", "chart-02-more", "chart-04-more", "chart-05-more", "chart-03-more"]  # 03 is in no notebook, and empty
    assert re.findall(r'<li><a href="(05-chart\.html#[^"]+)"', text) == ["05-chart.html#chart-06-more"]


def test_a_picture_of_a_notebook_gives_way_to_the_chart_that_it_shows(full_dir):
    page = Page(full_dir / "05-chart.html")
    assert [a["id"] for a in page.all("figure") if "id" in a] == ["chart-01-trees-by-document", "chart-05-more", "chart-06-more"]
    alts = [(a["alt"], a["src"][:9]) for a in page.all("img")]
    assert alts == [("Two bars of trees", "05-chart/"), ("Chart 5", "05-chart/"), ("Chart 6", "05-chart/"), ("A picture of its own", "data:imag"), ("Two bars of trees", "data:imag")]
    assert "<!--" not in (full_dir / "05-chart.html").read_text()


def test_words_carry_their_language(full_dir):
    page = Page(full_dir / "index.html")
    assert page.all("html") == [{"lang": "en"}]
    assert [a.get("lang") for a in page.all("ol") if a.get("class") == "headlines"] == ["zh"] and page.all("h1")[0]["lang"] == "zh"
    assert page.all("img")[0]["lang"] == "ru"
    caption = page.elements[next(at for at, (tag, _) in enumerate(page.elements) if tag == "figcaption") + 1]
    assert caption == ("span", {"class": "drawn", "lang": "ru"})
    assert [a["lang"] for a in Page(full_dir / "brief.html").all("ol") if a.get("class") == "headlines"] == ["zh"]


# ---------------------------------------------------------------- evidence


def row_of(folder: Path, doc: str, text: str) -> dict:
    payload = make_payload(read_run(folder), [claim_id(doc, text)])
    at = unpack(payload["columns"]["claim_id"]).index(claim_id(doc, text))
    row = {name: unpack(column)[at] for name, column in payload["columns"].items()}
    return row | {"cite": payload["documents"][doc]["cite"] + row["cite"], "decisions": payload["decisions"].get(claim_id(doc, text))}


def test_evidence_tells_normal_value_conversion_and_year(full_dir):
    money, crowns = row_of(full_dir, "garden", "4.5 million crowns"), row_of(full_dir, "river", "450万克朗")
    assert money["normal"] == "4,500,000 CZK" and money["money"] == "207,450.5 USD (1 CZK = 0.0461001 USD, 2021-05-03, Town Bank)"
    assert crowns["money"] == "none in USD: no rate of that day" and crowns["year"] == 2021
    assert row_of(full_dir, "river", "12名")["normal"] == "43,200 seconds (39,600 to 46,800)"
    assert row_of(full_dir, "garden", "12 clerks")["money"] is None


def test_evidence_without_normal_values_says_nothing_of_them(run_dir):
    promise = row_of(run_dir, "garden", "9,000 saplings")
    assert (promise["normal"], promise["money"], promise["year"], promise["state"]) == (None, None, 2025, "promise")
    assert row_of(run_dir, "garden", "12 clerks")["year"] is None


def test_evidence_tells_what_people_decided_and_how_a_promise_stands(full_dir):
    row = row_of(full_dir, "garden", "1,200 saplings")
    assert row["decisions"] == [{"state": "kept", "field": "unit", "found": "sapling", "value": "tree", "who": "Ann Lee", "when": "2024-05-02",
                                 "why": "see the <b>picture</b>", "signed_by": "Ben Roth", "signed_on": "2024-05-03"}]  # fmt: skip
    assert row["state"] is None and row_of(full_dir, "garden", "9,000 saplings")["state"] == "due"


def test_the_citation_of_a_page_is_that_of_the_tables(full_dir):
    run = read_run(full_dir)
    payload = make_payload(run, run.claims)
    for place, one in enumerate(unpack(payload["columns"]["claim_id"])):
        claim = run.claims[one]
        cite = payload["documents"][claim["doc"]]["cite"] + unpack(payload["columns"]["cite"])[place]
        assert cite == citation(claim, {"doc": claim["doc"], **run.sources[claim["doc"]].about})
    assert payload["documents"]["garden"]["cite"].startswith("The Post. ")


# ---------------------------------------------------------------- how well it reads, and what has not run


def test_accuracy_stands_on_the_front_page_with_its_intervals(full_dir):
    told = describe_accuracy(read_run(full_dir))
    assert [(row["name"], row["documents"], row["figures"], len(row["cells"])) for row in told["rows"]] == [
        ("All", 2, 25, 3), ("English", 2, 25, 3), ("Russian", 0, 0, 0), ("Chinese", 0, 0, 0),
    ]  # fmt: skip
    assert told["rows"][0]["cells"][0] == {"share": "96.0%", "low": "80.5%", "high": "99.3%"} == told["claim"]["recall"]
    text = (full_dir / "index.html").read_text()
    assert text.count("not measured: no annotated texts") == 2 and "Measured on 2 of 3 documents" in text and "96.0% of those told are right (80.5% to 99.3%)" in text


def test_no_annotated_texts_is_said_so(run_dir):
    assert describe_accuracy(read_run(run_dir)) == {"rows": [], "levels": [], "claim": None}
    assert "Accuracy is not measured: there are no annotated texts for these documents." in (run_dir / "index.html").read_text()


@pytest.mark.parametrize(
    ("claims", "made", "told"),
    [
        (True, False, ["the notebook that writes the brief has not run", "Nothing has been compared: the notebook that does it has not run"]),
        (True, True, ["none of the figures is money given", "no two figures speak of the same measure"]),
        (False, True, ["the documents hold no figure", "no two figures speak of the same measure"]),
    ],
    ids=["not run", "nothing to say", "no figure"],
)
def test_a_run_without_findings_says_why(tmp_path, claims, made, told):
    folder = build_run(tmp_path / "run")
    shutil.rmtree(folder / "04-reconcile"), shutil.rmtree(folder / "06-brief"), shutil.rmtree(folder / "05-chart")
    if made:
        write_json(folder / "06-brief" / "brief.json", {"sentences": []})
        write_lines(folder / "04-reconcile" / "relations.jsonl", [])
    if not claims:
        write_lines(folder / "02-extract" / "claims.jsonl", [])
    make_pages(read_run(folder))
    index = (folder / "index.html").read_text()
    assert all(words in index for words in told) and (("has not run" in index) is not made)


def test_code_that_follows_code_is_folded_together(full_dir):
    text = (full_dir / "05-chart.html").read_text()
    assert re.findall(r"<summary>(.*?)</summary>", text) == ["Parameters", "Set-up", "Code"]
    folds = [re.sub("<[^>]+>", "", fold) for fold in re.findall(r"</summary>(.*?)</details>", text, re.DOTALL)]
    assert [html.unescape(fold).split() for fold in folds] == [
        ["run_dir", "=", "'work'", "run_dir", "=", "'.'"], ["import", "this", "import", "that"], ["draw()", "show()"],
    ]  # fmt: skip
    assert text.index("</summary>") < text.rindex("</details>") < text.index('id="chart-01-trees-by-document"') < text.index('data-head="sentence"')


# ---------------------------------------------------------------- small parts


@pytest.mark.parametrize(("words", "named"), [("a\u202eb", "a[U+202E]b"), ("plain <b>", "plain <b>"), ("\x07", "[U+0007]"), (7, "7")])
def test_marks_that_are_not_seen_are_named_in_a_tooltip(words, named):
    assert name_controls(words) == named


@pytest.mark.parametrize(
    ("value", "written"),
    [(3400000000, "3,400,000,000"), (17.6, "17.6"), (17.60, "17.6"), (1e16, "10,000,000,000,000,000"), (0, "0"), (-5, "-5"), (100.0, "100"), ("2700.50", "2,700.5"), (0.1 + 0.2, "0.30000000000000004")],
)  # fmt: skip
def test_numbers_are_written_in_full(value, written):
    assert format_number(value) == written


@pytest.mark.parametrize(
    ("claim", "written"),
    [
        ({"value": 5, "value_max": 7, "unit": "percent"}, "5 to 7 percent"),
        ({"value": 3200, "qualifier": "over", "unit": "project"}, "over 3,200 projects"),
        ({"value": 1, "qualifier": "exact", "unit": "person"}, "1 person"),
        ({"value": 3, "qualifier": "exact"}, "3"),
    ],
)
def test_values_are_written_with_hedge_and_unit(claim, written):
    assert format_value(claim) == written


@pytest.mark.parametrize("doc", ["../../etc/passwd", "a b", "<x>", "", ".hidden", "x" * 300, "\u6811", "a#b?c", "CON\\x"])
def test_page_names_are_safe_and_their_own(doc):
    name = Source(doc, {}, "", ()).page
    assert re.fullmatch(r"doc-[A-Za-z0-9_.-]{0,120}\.html", name) and ".." not in name
    assert name != Source(doc + " ", {}, "", ()).page


def test_a_telling_is_an_anchor_and_takes_no_text_from_a_figure():
    source = Source("d", {}, "0123456789", ())
    pieces = list(segment(source, [{"start": 4, "end": 6}], [], [{"start": 2, "end": 8}, {"start": 4, "end": 6}]))
    assert [(kind, text) for kind, text, _ in pieces] == [
        ("plain", "01"), ("telling", ""), ("plain", "23"), ("telling", ""), ("claim", "45"), ("plain", "6789"),
    ]  # fmt: skip


def test_segments_join_to_the_text_even_where_spans_meet():
    text = "0123456789" * 3
    source = Source("d", {}, text, ({"start": 12, "end": 20, "reason": "navigation"}, {"start": 25, "end": 26, "reason": "repeat"}))
    claims = [{"start": 2, "end": 6}, {"start": 4, "end": 5}, {"start": 4, "end": 9}]
    pieces = list(segment(source, claims, [{"start": 14, "end": 15}]))
    assert "".join(text for _, text, _ in pieces) == text
    assert [kind for kind, _, _ in pieces] == ["plain", "claim", "claim", "claim", "plain", "passage", "skipped", "passage", "plain", "passage", "plain"]
