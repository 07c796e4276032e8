"""Pages in a real Chromium, from disk: nothing is asked of any network, the drawer shows what the data say."""

import csv
import io
import json
import time

import pytest
from made_runs import make_record, write_run
from page_checks import check_way_to_its_place
from share_run import EVIL, TEXTS, build_full, build_hostile, build_large, build_run, claim_id, make_claim, write_lines, write_sources

from csrbook.changes import write_changes
from csrbook.citations import citation
from csrbook.evidence import read_run
from csrbook.share import make_pages

pytestmark = pytest.mark.browser
LOCAL = ("file:", "data:", "blob:")
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"  # what a script does at once is then done


@pytest.fixture
def open_page(browser):
    """Open a page of a run and hold it, at the end, to have asked for nothing, said nothing and thrown nothing."""
    told, contexts = [], []

    def opened(path, *, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(f"{path.name}: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"{path.name}: {error}"))
        page.on("dialog", lambda dialog: (told.append(f"{path.name}: dialog {dialog.message}"), dialog.dismiss()))
        context.route(
            lambda url: not url.startswith(LOCAL), lambda route: (told.append(f"asked for {route.request.url}"), route.abort())
        )
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert told == []


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    folder = build_run(tmp_path_factory.mktemp("pages") / "run")
    make_pages(read_run(folder))
    return folder


@pytest.fixture(scope="module")
def full_dir(tmp_path_factory):
    folder = build_full(tmp_path_factory.mktemp("pages") / "full")
    make_pages(read_run(folder))
    return folder


@pytest.fixture(scope="module")
def hostile_dir(tmp_path_factory):
    folder = build_hostile(tmp_path_factory.mktemp("pages") / "hostile")
    make_pages(read_run(folder))
    return folder


def test_every_page_opens_and_fits(full_dir, open_page):
    for path in sorted(full_dir.glob("*.html")):
        page = open_page(path)
        for width, scheme in ((360, "light"), (800, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "our style is let in"


def test_a_figure_opens_its_quotation(run_dir, open_page):
    page, run = open_page(run_dir / "index.html"), read_run(run_dir)
    page.locator(".headlines a.figure").first.click()
    cards = page.locator("dialog.drawer article")
    ids = [claim_id("garden", "4.5 million crowns"), claim_id("river", "450万克朗"), claim_id("bridge", "4,5 млн крон")]
    assert cards.count() == 3
    for place, one in enumerate(ids):
        claim = run.claims[one]
        card = cards.nth(place)
        quotation = card.locator("blockquote")
        assert quotation.locator("mark").inner_text() == claim["text"]
        assert quotation.inner_text() in run.sources[claim["doc"]].text
        assert quotation.get_attribute("lang") == run.sources[claim["doc"]].language
        assert one in card.locator(".cite").inner_text()
        assert card.locator("a.place").get_attribute("href") == f"doc-{claim['doc']}.html#c-{one}"
    assert "2021-05-03" in cards.first.inner_text() and "value: digits" in cards.first.inner_text()
    assert "4,250,000.5 to 4,500,000" in cards.nth(1).inner_text()
    assert "equal" in cards.first.inner_text()


def test_the_drawer_leads_to_the_place_and_the_place_is_seen(run_dir, open_page):
    page = open_page(run_dir / "index.html")
    check_way_to_its_place(page, "**/doc-garden.html#c-*", nth=1, text="1,200 saplings")


def test_keyboard_alone_opens_and_closes_and_comes_back(run_dir, open_page):
    page = open_page(run_dir / "index.html")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.headlines a.figure')"):
            break
    opener = page.evaluate("document.activeElement.textContent")
    assert opener == "4.5 million crowns"
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('dialog').open && document.activeElement.matches('dialog .close')")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('dialog').open")
    assert page.evaluate("document.activeElement.textContent") == opener


def test_a_click_beside_the_drawer_closes_it(run_dir, open_page):
    page = open_page(run_dir / "index.html")
    page.locator("a.figure").first.click()
    page.mouse.click(20, 400)
    assert not page.evaluate("document.querySelector('dialog').open")


def test_without_script_a_figure_leads_to_its_place(run_dir, open_page):
    page = open_page(run_dir / "index.html", java_script_enabled=False)
    page.locator(".headlines a.figure").first.click()
    page.wait_for_url("**/doc-garden.html#c-*")


def test_the_table_is_filtered_sorted_and_given_out(run_dir, open_page):
    page = open_page(run_dir / "claims.html", accept_downloads=True)
    rows = page.locator("table.claims tbody tr")
    assert rows.count() == 9
    page.locator("select[name=theme]").select_option("environment")
    assert rows.count() == 3 and page.locator(".found").inner_text() == "3 of 9 claims"
    page.locator("thead button", has_text="Value").click()
    page.locator("thead button", has_text="Value").click()
    assert [words.strip() for words in page.locator("td.n:not(.sure)").all_inner_texts()] == ["9,000", "1,300", "over 1,200"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    with page.expect_download() as given:
        page.locator("button.download").click()
    table = list(csv.DictReader(io.StringIO(given.value.path().read_text(encoding="utf-8-sig"), newline="")))
    assert [row["value"] for row in table] == ["9000", "1300", "1200"]
    assert table[1]["sentence"] == TEXTS["river"][1] and table[1]["verdicts"] == "conflict"
    page.locator(".further summary").click()
    page.locator("select[name=state]").select_option("promise")
    assert rows.count() == 1 and page.locator(".further summary").inner_text() == "More filters (1 set)"
    page.locator("button.reset").click()
    page.locator("input[name=q]").fill("КРОН")
    assert page.locator("a.figure").all_inner_texts() == ["4,5 млн крон", "1,2 тыс. саженцев"]
    page.locator("select[name=verdict]").select_option("equal")
    assert page.locator("tbody a.figure").all_inner_texts() == ["4,5 млн крон"]


def test_a_row_opens_its_evidence_by_mouse_and_by_key(run_dir, open_page):
    page = open_page(run_dir / "claims.html")
    page.locator("tbody tr").nth(3).locator("td.unit").click()
    assert page.locator("dialog mark").inner_text() == "1,200 saplings"
    page.keyboard.press("Escape")
    page.locator("tbody a.figure").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator("dialog mark").inner_text() == page.locator("tbody a.figure").nth(1).inner_text()


def test_the_table_can_be_asked_by_address(run_dir, open_page):
    page = open_page(run_dir / "index.html")
    page.goto((run_dir / "claims.html").as_uri() + "#group=chart-01-trees-by-document")
    assert page.locator("tbody tr").count() == 2
    one = claim_id("river", "1300棵")
    page.goto((run_dir / "claims.html").as_uri() + f"#c-{one}")
    assert page.locator("dialog mark").inner_text() == "1300棵"


def test_a_document_is_filtered_and_shows_what_was_set_aside(run_dir, open_page):
    page = open_page(run_dir / "doc-garden.html")
    seen = "[...document.querySelectorAll('.m:not(.off)')].map(m => m.textContent)"
    assert len(page.evaluate(seen)) == 4
    page.locator("input.show-context").uncheck()
    assert "12 clerks" not in page.evaluate(seen) and len(page.evaluate(seen)) == 3
    page.locator("input.show-theme[value=environment]").uncheck()
    assert page.evaluate(seen) == ["4.5 million crowns"]
    label = "getComputedStyle(document.querySelector('.x'), '::after').content"
    assert page.evaluate(label) == "none"
    page.locator("input.show-aside").check()
    assert "date" in page.evaluate("document.querySelector('.x').dataset.why") and page.evaluate(label) != "none"
    assert page.locator(".text").inner_text().startswith(TEXTS["garden"][1][:40])


def test_code_is_folded_and_opened_by_one_button(run_dir, open_page):
    page = open_page(run_dir / "01-sources.html")
    code = page.locator("details.code .highlight").first
    assert not code.is_visible()
    page.locator("button.toggle-code").click()
    assert code.is_visible() and page.locator("button.toggle-code").get_attribute("aria-pressed") == "true"
    page.locator("td a.figure").click()
    assert page.locator("dialog mark").inner_text() == "4.5 million crowns"


def test_paper_has_no_controls_and_keeps_the_quotations(run_dir, open_page):
    page = open_page(run_dir / "brief.html")
    page.emulate_media(media="print")
    assert page.locator(".notes mark").count() == 5
    page = open_page(run_dir / "index.html")
    page.emulate_media(media="print")
    assert not page.locator("header.site").is_visible() and page.locator(".headlines").is_visible()


def test_a_hostile_run_stays_harmless(hostile_dir, open_page):
    for path in sorted(hostile_dir.glob("*.html")):
        page = open_page(path)
        page.evaluate(TWO_FRAMES)
        figures = page.locator("a[data-claims]")
        if figures.count() and path.name != "claims.html":
            figures.first.click()
            assert page.locator("dialog blockquote").count() >= 1
            assert "\u202e" not in page.locator("dialog").inner_text()
            page.keyboard.press("Escape")
        for mark in page.locator("a.m").all():
            mark.hover()
        assert page.evaluate("window.PWNED") is None, path.name
        hrefs = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), location).protocol)")
        assert set(hrefs) <= {"file:", "http:", "https:", "mailto:"}, path.name


def test_a_place_deep_in_a_long_document_is_seen_at_once(tmp_path, open_page):
    lines = "Rain fell on the mill again, and nobody counted it.\n" * 12_000
    text = f"{lines}It gave 7 owls.\n{lines}{'x' * 5_000_000}"
    write_sources(tmp_path, {"long": ("en", text)})
    write_lines(tmp_path / "02-extract" / "claims.jsonl", [make_claim("long", text, "7 owls", value=7)])
    make_pages(read_run(tmp_path))
    started = time.monotonic()
    page = open_page(tmp_path / "index.html")
    page.goto((tmp_path / "doc-long.html").as_uri() + f"#c-{claim_id('long', '7 owls')}")
    assert time.monotonic() - started < 10
    page.wait_for_function(
        "() => { const b = document.querySelector('.m:target').getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }"
    )


def test_a_hostile_table_gives_out_no_formula(hostile_dir, open_page):
    page = open_page(hostile_dir / "claims.html", accept_downloads=True)
    assert page.locator("tbody tr").count() == 2
    for name in ("theme", "kind", "doc", "verdict", "actor", "programme", "state", "reviewed", "year"):
        assert page.locator(f"select[name={name}] option").count() >= 2
    with page.expect_download() as given:
        page.locator("button.download").click()
    rows = list(csv.reader(io.StringIO(given.value.path().read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == 3
    cells = [cell for row in rows for cell in row]
    assert "'=2+5 trees" in cells and "'@SUM(1)" in cells
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@")]


def test_twenty_thousand_rows_stay_quick(tmp_path, open_page):
    folder = build_large(tmp_path, 20_000)
    make_pages(read_run(folder))
    started = time.monotonic()
    page = open_page(folder / "claims.html")
    page.locator("tbody tr").first.wait_for()
    opened = time.monotonic() - started
    assert page.locator("tbody tr").count() == 100 and opened < 6
    spent = json.loads(page.evaluate(
        """() => {
          const take = (act) => { const t = performance.now(); act(); return performance.now() - t };
          const q = document.querySelector('[name=q]'), type = (w) => () => { q.value = w; q.dispatchEvent(new Event('input')) };
          const heads = [...document.querySelectorAll('thead button')];
          return JSON.stringify({first: take(type('week 7')), next: take(type('week 71')), none: take(type('')), sort: take(() => heads[1].click()), words: take(() => heads[4].click()), figure: take(() => heads[0].click()),
            theme: take(() => { const s = document.querySelector('[name=theme]'); s.value = 'rural'; s.dispatchEvent(new Event('input')) }),
            reset: take(() => document.querySelector('button.reset').click())});
        }"""
    ))  # fmt: skip
    assert max(spent.values()) < 500, spent  # 100 on a machine with nothing else to do; see what is printed
    assert page.locator(".found").inner_text() == "All 20,000 claims"
    page.locator("button.later").click()
    assert page.locator(".where").inner_text() == "101 to 200 of 20,000"
    print(f"opened in {opened:.2f} s; milliseconds: {spent}; {(folder / 'claims.html').stat().st_size / 1e6:.1f} MB")


# --- charts ---


def test_a_mark_of_a_chart_shows_its_box_and_opens_its_evidence(full_dir, open_page):
    for name in ("index.html", "05-chart.html"):
        page = open_page(full_dir / name)
        both, small, top = page.locator(".marks a").all()
        fill = "e => getComputedStyle(e.querySelector('rect')).fill"
        plain = small.evaluate(fill)
        small.hover()
        assert small.evaluate(fill) != plain and small.locator("title").text_content() == "1,200 saplings"
        small.click()
        assert page.locator("dialog mark").all_inner_texts() == ["1,200 saplings"]
        page.keyboard.press("Escape")
        top.click()
        assert page.locator("dialog mark").all_inner_texts() == ["9,000 saplings", "1,200 saplings"], "one lies over the other"
        page.keyboard.press("Escape")
        both.click(position={"x": 100, "y": 20})
        assert page.locator("dialog mark").all_inner_texts() == ["1,200 saplings", "1300棵"]


def test_the_boxes_lie_over_the_picture(full_dir, open_page):
    for width in (360, 1280):
        page = open_page(full_dir / "index.html", width=width)
        picture, overlay = (page.locator(one).first.bounding_box() for one in ("figure.chart img", ".marks"))
        assert all(abs(picture[side] - overlay[side]) < 1 for side in picture) and picture["width"] >= 560
        box = page.locator(".marks rect").first.bounding_box()  # from 0 to 70 of 70, from 12 to 28 of 30
        assert abs(box["x"] + box["width"] / 2 - picture["x"] - picture["width"] / 2) < 1
        assert abs(box["y"] + box["height"] / 2 - picture["y"] - picture["height"] * 20 / 30) < 1


def test_marks_are_no_tab_stops_but_a_chart_that_scrolls_is_one(full_dir, open_page):
    stops = "[...document.querySelectorAll('figure.chart [tabindex=\"0\"]')].length"
    wide, narrow = open_page(full_dir / "index.html"), open_page(full_dir / "index.html", width=360)
    wide.wait_for_function(f"() => {stops} === 0")
    narrow.wait_for_function(f"() => {stops} === {narrow.locator('.chart-scroll').count()}")
    assert wide.evaluate("[...document.querySelectorAll('.marks a')].every((a) => a.tabIndex === -1)")
    narrow.locator(".chart-scroll").first.focus()
    narrow.keyboard.press("ArrowRight")
    narrow.wait_for_function("() => document.querySelector('.chart-scroll').scrollLeft > 0")
    assert narrow.evaluate("document.documentElement.scrollWidth") == 360


def test_without_script_a_mark_leads_to_its_place(full_dir, open_page):
    page = open_page(full_dir / "index.html", java_script_enabled=False)
    page.locator(".marks a").nth(1).click()
    page.wait_for_url("**/doc-garden.html#c-*")
    assert page.locator(".m:target").inner_text() == "1,200 saplings"


@pytest.mark.parametrize("name", ["index.html", "05-chart.html", "brief.html"])
def test_a_dark_page_has_dark_pictures(full_dir, open_page, name):
    shown = "(() => { const i = document.querySelector('figure.chart img'); return [i.currentSrc, i.naturalWidth > 0] })()"
    light, dark = (open_page(full_dir / name, color_scheme=scheme).evaluate(shown) for scheme in ("light", "dark"))
    assert light[0] != dark[0] and light[1] and dark[1]
    assert name == "brief.html" or (light[0].endswith("document.svg") and dark[0].endswith("document-dark.svg"))


def test_other_charts_are_one_click_away(full_dir, open_page):
    page = open_page(full_dir / "index.html")
    assert page.locator("figure.chart").count() == 5
    page.locator(".gallery a").click()
    page.wait_for_url("**/05-chart.html#chart-06-more")
    assert page.locator("figure:target").count() == 1


# --- the drawer ---


def test_the_drawer_tells_value_conversion_decision_and_citation(full_dir, open_page):
    page, run = open_page(full_dir / "claims.html"), read_run(full_dir)
    page.goto((full_dir / "claims.html").as_uri() + f"#c-{claim_id('garden', '4.5 million crowns')}")
    told = page.locator("dialog dl").inner_text()
    assert "4,500,000 CZK" in told and "207,450.5 USD (1 CZK = 0.0461001 USD, 2021-05-03, Town Bank)" in told and "Printed" in told
    page.goto((full_dir / "claims.html").as_uri() + f"#c-{(one := claim_id('garden', '1,200 saplings'))}")
    page.wait_for_function("() => document.querySelector('dialog mark').textContent === '1,200 saplings'")
    card = page.locator("dialog article")
    assert "unit: sapling → tree" in card.inner_text() and "Ann Lee · 2024-05-02 · signed by Ben Roth · 2024-05-03" in card.inner_text()
    assert "see the <b>picture</b>" in card.inner_text()
    assert card.locator(".cite").inner_text() == citation(run.claims[one], {"doc": "garden", **run.sources["garden"].about})
    page.goto((full_dir / "claims.html").as_uri() + f"#c-{claim_id('garden', '9,000 saplings')}")
    page.wait_for_function("() => document.querySelector('dialog dl').textContent.includes('due and not heard of since')")


@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "no clipboard"])
def test_a_citation_is_copied_or_marked_for_copying(full_dir, open_page, allowed):
    page = open_page(full_dir / "index.html")
    page.evaluate("(allowed) => { navigator.clipboard.writeText = (w) => allowed ? (window.copied = w, Promise.resolve()) : Promise.reject(new Error('no')) }", allowed)
    page.locator(".headlines a.figure").nth(1).click()
    page.locator("dialog button.copy").click()
    page.wait_for_function("() => document.querySelector('.copying [role=status]').textContent !== ''")
    words = page.locator("dialog .cite").inner_text()
    assert words.endswith(".") and "The Post" in words
    assert page.evaluate("window.copied || String(getSelection())") == words
    assert page.locator(".copying [role=status]").inner_text() == ("Copied." if allowed else "Marked: copy it with the keyboard.")


# --- the address says what is shown ---


def test_filters_stand_in_the_address_and_back_takes_them_back(full_dir, open_page):
    page = open_page(full_dir / "claims.html")
    found = page.locator(".found")
    page.locator("select[name=theme]").select_option("environment")
    page.locator("select[name=language]").select_option("en")
    page.locator("thead button", has_text="Value").click()
    assert page.url.endswith("claims.html#theme=environment&language=en&sort=Value") and found.inner_text() == "2 of 9 claims"
    page.go_back()
    assert page.locator("th[aria-sort]").count() == 0 and found.inner_text() == "2 of 9 claims"
    page.go_back()
    assert page.locator("select[name=language]").input_value() == "" and found.inner_text() == "3 of 9 claims"
    page.go_back()
    assert page.url.endswith("claims.html") and found.inner_text() == "All 9 claims"
    page.go_forward()
    assert page.locator("select[name=theme]").input_value() == "environment"
    page.locator("input[name=q]").fill("saplings")
    page.wait_for_url("**#q=saplings&theme=environment")
    other = open_page(full_dir / "index.html")
    other.goto(page.url)
    assert other.locator(".found").inner_text() == found.inner_text() == "2 of 9 claims"
    assert other.locator("tbody a.figure").all_inner_texts() == page.locator("tbody a.figure").all_inner_texts()
    page.go_back()
    assert page.url.endswith("#theme=environment") and page.locator("input[name=q]").input_value() == "" and found.inner_text() == "3 of 9 claims"
    page.locator("button.reset").click()
    assert page.url.endswith("claims.html") and found.inner_text() == "All 9 claims"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("state=promise", ["9,000 saplings"]), ("state=due", ["9,000 saplings"]), ("state=result&theme=employment", ["12名"]),
        ("actor=Lantern+Mill", ["4.5 million crowns"]), ("programme=Town+Garden", ["1,200 saplings"]), ("reviewed=accepted", None),
        ("year=2021&verdict=conflict", ["1,200 saplings", "1300棵"]), ("group=headline-2&sort=-Value", ["1300棵", "1,200 saplings"]), ("theme=%E0%A4%A", None),
        ("group=constructor", None), ("group=__proto__", None), ("group=%3Cb%3Enone", None), ("sort=constructor&q=", None),
    ],
)  # fmt: skip
def test_an_address_is_what_it_says(full_dir, open_page, asked, shown):
    page = open_page(full_dir / "index.html")
    page.goto((full_dir / "claims.html").as_uri() + f"#{asked}")
    every = page.locator("tbody tr").count()
    assert every == (9 if shown is None else len(shown))  # what no row has, and what cannot be read, asks for nothing
    assert shown is None or page.locator("tbody a.figure").all_inner_texts() == shown
    assert page.locator(".group").is_visible() == ("group=headline-2" in asked)


def test_a_table_in_which_nothing_is_found_says_so(full_dir, open_page):
    page = open_page(full_dir / "claims.html")
    page.locator("input[name=q]").fill("zeppelin")
    assert page.locator("tbody tr").all_inner_texts() == ["No claim fits all of this. Clear the filters, or take one of them back."]
    page.locator("button.reset").click()
    assert page.locator("tbody a.figure").count() == 9


@pytest.mark.parametrize("width", [1280, 360])
def test_a_comparison_in_the_drawer_takes_the_whole_line(full_dir, open_page, width):
    page = open_page(full_dir / "claims.html", width=width)
    page.locator("tbody a.figure", has_text="1,200 saplings").click()
    widths = page.locator("dialog .verdicts > li.differs").first.evaluate("li => [li, li.querySelector('ul')].map(one => one.clientWidth)")
    assert widths[0] == widths[1] > 300 or width == 360 and widths[0] == widths[1] > 250


def test_no_table_of_a_phone_is_cut(full_dir, open_page):
    for name in ("claims.html", "index.html"):
        page = open_page(full_dir / name, width=360)
        assert all(page.evaluate("[...document.querySelectorAll('.table-scroll')].map(one => one.scrollWidth <= one.clientWidth + 1)")), name


def test_what_is_given_out_is_what_is_shown(full_dir, open_page):
    page = open_page(full_dir / "index.html", accept_downloads=True)
    page.goto((full_dir / "claims.html").as_uri() + "#verdict=differs&sort=-Value")
    with page.expect_download() as given:
        page.locator("button.download").click()
    table = list(csv.DictReader(io.StringIO(given.value.path().read_text(encoding="utf-8-sig"), newline="")))
    assert [row["text"] for row in table] == page.locator("tbody a.figure").all_inner_texts() == ["1300棵", "1,200 saplings"]
    assert table[1]["cite"].startswith("The Post. ") and table[1]["year"] == "2021" and table[1]["confidence"] == "0.75"
    page.locator("input[name=q]").fill("nobody says this")
    assert page.locator("button.download").is_disabled()


# --- a document, a notebook, paper ---


def test_figures_of_a_document_are_walked_by_key_and_button(full_dir, open_page):
    page = open_page(full_dir / "doc-garden.html")
    position, here = page.locator(".walk .position"), "document.activeElement.textContent"
    assert position.inner_text() == "4 figures"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert position.inner_text() == "2 of 4" and page.evaluate(here) == "1,200 saplings"
    page.keyboard.press("k")
    assert position.inner_text() == "1 of 4" and page.locator(".walk .earlier").is_disabled()
    page.locator("input.show-context").uncheck()
    page.locator(".walk .later").click()
    page.locator(".walk .later").click()
    assert position.inner_text() == "3 of 3" and page.evaluate(here) == "9,000 saplings" and page.locator(".walk .later").is_disabled()
    page.locator("input.show-theme[value=environment]").uncheck()
    assert position.inner_text() == "1 figure"
    page.keyboard.press("k")
    assert page.evaluate(here) == "4.5 million crowns"
    page.locator("input.show-theme[value=environment]").check()
    page.locator("input.keys").uncheck()
    page.keyboard.press("j")
    assert position.inner_text() == "1 of 3", "letters alone can be switched off"
    page.goto((full_dir / "doc-garden.html").as_uri() + f"#c-{claim_id('garden', '1,200 saplings')}")
    page.wait_for_function("() => document.querySelector('.walk .position').textContent === '2 of 3'")
    page.emulate_media(media="print")
    assert not page.locator(".walk").is_visible() and not page.locator("input.keys").is_visible()


def test_a_table_of_words_stacks_on_a_narrow_screen(full_dir, open_page):
    narrow, wide = (open_page(full_dir / "05-chart.html", width=width).locator("table.stack") for width in (360, 1280))
    boxes = [narrow.locator("td").nth(at).bounding_box() for at in (0, 1)]
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"] and boxes[1]["x"] + boxes[1]["width"] <= 360
    assert narrow.locator("td").last.evaluate("e => getComputedStyle(e, '::before').content") == '"sentence: "'
    assert wide.locator("td").last.evaluate("e => getComputedStyle(e, '::before').content") == "none"


# --- what changed ---

CHANGED = "The mill gave [40 schools|40|school|theme=education] paint. It planted [1,200 trees|1200|tree|theme=environment] by the road."


@pytest.fixture(scope="module")
def changed_dir(tmp_path_factory):
    """A run after another: a figure revised, a theme and a verdict changed, one figure new, one a hostile quotation."""
    folder, pair = tmp_path_factory.mktemp("changed"), [("letter", 0), ("letter", 1)]
    evil = f"{EVIL}\u202e gave [=2+5 <b>trees</b> {{{{ 7 * 7 }}}}|{{}}|<i>tree</i>] away."
    lexicon = make_record(digests={"library": "l", "lexicons": "y", "data": {"lexicons/en.toml": EVIL, "lexicons/units.toml": "1"}})
    old = write_run(folder / "20260301T061500Z", {"letter": CHANGED, "evil' onclick=x": evil.replace("{}", "7")}, relations=[("equal", pair)])
    new = {"letter": CHANGED.replace("40 schools|40", "45 schools|45") + " Owls got [5 nests|5|nest].", "evil' onclick=x": evil.replace("{}", "8")}
    run = write_run(folder / "20260308T061500Z", new, relations=[("conflict", pair)], record=lexicon, changed=lambda table: table.assign(theme=table["theme"].replace("environment", EVIL)))
    write_changes(run, lexicon, old)
    make_pages(read_run(run))
    return run


@pytest.mark.parametrize("width", [360, 1280])
def test_changes_stand_side_by_side(changed_dir, open_page, width):
    page = open_page(changed_dir / "changes.html", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    row = page.locator("table.changes tbody tr", has_text="45 schools")
    before, after = row.locator("td").nth(0), row.locator("td").nth(1)
    assert "40 schools" in before.first.inner_text() and "45 schools" in after.first.inner_text()
    boxes = [cell.first.bounding_box() for cell in (before, after)]
    assert (boxes[0]["x"] < boxes[1]["x"]) == (width > 360) and (boxes[0]["y"] < boxes[1]["y"]) == (width == 360)
    after.locator("a.figure").first.click()
    assert page.locator("dialog mark").inner_text() == "45 schools"
    page.locator("dialog a.place").click()
    page.wait_for_url("**/doc-letter.html#c-*")


def test_changes_are_filtered_by_kind_and_cause(changed_dir, open_page):
    page = open_page(changed_dir / "changes.html")
    rows = page.locator("table.changes tbody tr:visible")
    every = rows.count()
    assert page.locator(".changefilter .found").inner_text() == f"{every} of {every} rows" and every >= 5
    page.locator(".changefilter select[name=kind]").select_option("new")
    assert rows.count() == 1 and "5 nests" in rows.inner_text()
    page.locator(".changefilter select[name=cause]").select_option("lexicon")
    assert rows.count() == 0
    page.locator(".changefilter select[name=kind]").select_option("")
    assert 0 < rows.count() < every


def test_changes_without_script_lead_to_their_places(changed_dir, open_page):
    page = open_page(changed_dir / "changes.html", java_script_enabled=False)
    assert not page.locator(".changefilter").is_visible()
    page.locator("table.changes a.figure", has_text="5 nests").click()
    page.wait_for_url("**/doc-letter.html#c-*")


def test_hostile_quotation_stays_words_on_the_page_of_changes(changed_dir, open_page):
    page = open_page(changed_dir / "changes.html")
    page.evaluate(TWO_FRAMES)
    table = page.locator("table.changes")
    assert page.evaluate("window.PWNED") is None
    assert "=2+5 <b>trees</b> {{ 7 * 7 }}" in table.inner_text() and table.locator("b b, i, script, img").count() == 0
    assert set(page.evaluate("[...document.querySelectorAll('main a[href]')].map(a => a.protocol)")) == {"file:"}
    policy = page.evaluate("document.querySelector('meta[http-equiv]').content")
    assert "default-src 'none'" in policy


def test_first_run_has_a_page_that_says_what_will_stand_there(run_dir, open_page):
    page = open_page(run_dir / "changes.html")
    assert "Nothing to compare with" in page.locator(".lede").inner_text() and page.locator("table.changes").count() == 0
    assert page.locator("nav a[aria-current]").inner_text() == "Changes"
