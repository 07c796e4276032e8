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
    CLAIMS, TELLINGS, TEXTS, build_hostile, build_large, build_run, claim_id, make_claim, write_json, write_lines, write_sources, write_table,
)  # fmt: skip

from csrbook.errors import CsrbookError, RunError, SchemaError, SpanError
from csrbook.evidence import Source, account_for, format_number, format_value, make_payload, read_run, segment
from csrbook.labels import load_labels
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


@pytest.fixture(params=["run_dir", "hostile_dir"])
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
    unpacked = {k: v if isinstance(v, list) else [v["values"][c] for c in v["codes"]] for k, v in payload["columns"].items()}
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


def test_policy_allows_our_style_and_script_only(any_dir):
    for path in pages_of(any_dir):
        page = Page(path)
        policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv"))
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert rules["style-src"] == hash_source("".join(page.raw["style"]))
        assert rules["script-src"] == hash_source("".join(page.raw["script"]))


def test_nothing_is_loaded_and_no_attribute_acts(any_dir):
    for path in pages_of(any_dir):
        for tag, attrs in Page(path).elements:
            assert tag not in ("iframe", "form", "object", "embed", "base"), path.name
            assert not [a for a in attrs if a.startswith("on") or a in ("style", "srcdoc", "formaction")], (path.name, tag)
            for name in ("src", "srcset", "poster", "background"):
                assert (attrs.get(name) or "data:").startswith("data:"), (path.name, tag)
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
        assert [len(page.all(tag)) for tag in ("h1", "title", "main")] == [1, 1, 1], path.name


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
    assert "<b>100</b>" in brief and "<b>4</b>" in brief and f'<a class="figure" href="#e-{ids[0]}" data-claims="{ids[0]}">1 tree</a><sup>1</sup>' in brief
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


def test_brief_stays_small_and_names_the_charts_it_leaves_out(tmp_path):
    folder = build_run(tmp_path / "run")
    (folder / "05-chart" / "01-trees-by-document.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'>" + " " * 3_000_000 + "</svg>")
    make_pages(read_run(folder))
    brief = folder / "brief.html"
    assert brief.stat().st_size < 3_000_000 and not Page(brief).all("img")
    assert "Two bars of trees" in brief.read_text()


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


# ---------------------------------------------------------------- small parts


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
