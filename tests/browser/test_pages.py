"""Pages in a real Chromium, from disk: nothing is asked of any network, the drawer shows what the data say."""

import csv
import io
import json
import time

import pytest
from made_runs import make_record, write_run
from share_run import EVIL, TEXTS, build_hostile, build_large, build_run, claim_id, make_claim, write_lines, write_sources

from csrbook.changes import write_changes
from csrbook.evidence import read_run
from csrbook.share import make_pages

pytestmark = pytest.mark.browser
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LOCAL = ("file:", "data:", "blob:")


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield opened
        opened.close()


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
def hostile_dir(tmp_path_factory):
    folder = build_hostile(tmp_path_factory.mktemp("pages") / "hostile")
    make_pages(read_run(folder))
    return folder


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_every_page_opens_and_fits(run_dir, open_page, width):
    for path in sorted(run_dir.glob("*.html")):
        page = open_page(path, width=width, color_scheme="dark" if width == 800 else "light")
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
    page.locator(".headlines a.figure").nth(1).click()
    page.locator("dialog a.place").click()
    page.wait_for_url("**/doc-garden.html#c-*")
    mark = page.locator(".m:target")
    assert mark.inner_text() == "1,200 saplings"
    assert mark.evaluate("e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }")


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
    assert [words.strip() for words in page.locator("td.n").all_inner_texts()] == ["9,000", "1,300", "over 1,200"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    with page.expect_download() as given:
        page.locator("button.download").click()
    table = list(csv.DictReader(io.StringIO(given.value.path().read_text(encoding="utf-8-sig"), newline="")))
    assert [row["value"] for row in table] == ["9000", "1300", "1200"]
    assert table[1]["sentence"] == TEXTS["river"][1] and table[1]["verdicts"] == "conflict"
    page.locator("input[name=target]").check()
    assert rows.count() == 1
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
        page.wait_for_timeout(50)
        figures = page.locator("a[data-claims]")
        if figures.count() and path.name != "claims.html":
            figures.first.click()
            assert page.locator("dialog blockquote").count() >= 1
            assert "\u202e" not in page.locator("dialog").inner_text()
            page.keyboard.press("Escape")
        for mark in page.locator("a.m").all():
            mark.hover()
        assert page.evaluate("window.PWNED") is None, path.name
        hrefs = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.protocol)")
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
    for name in ("theme", "kind", "doc", "verdict"):
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
          return JSON.stringify({first: take(type('week 7')), next: take(type('week 71')), none: take(type('')), sort: take(() => heads[1].click()), words: take(() => heads[4].click())});
        }"""
    ))  # fmt: skip
    assert max(spent.values()) < 1500, spent
    assert page.locator(".found").inner_text() == "All 20,000 claims"
    page.locator("button.later").click()
    assert page.locator(".where").inner_text() == "101 to 200 of 20,000"
    print(f"opened in {opened:.2f} s; milliseconds: {spent}; {(folder / 'claims.html').stat().st_size / 1e6:.1f} MB")


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
    page.wait_for_timeout(50)
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
