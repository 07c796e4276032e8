"""explorer: in a real JupyterLab and a real browser: run all, filter, look up, correct a figure, run the workbook again, see it kept.

One server and one page serve all tests of this file, in their order; every test begins with no filter set.
"""

import csv
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from explored import make_book, rerun
from labs import open_lab
from page_checks import RULES

pytestmark = pytest.mark.browser
NOTEBOOK = "notebooks/explore.ipynb"
FIRST = ".csrbook-explorer:not(.paste)"
ANSWERED = f"(before) => Number(document.querySelector('{FIRST}')?.dataset.answered ?? 0) > before"
FOREIGN = "() => [...document.querySelectorAll('.csrbook-explorer :is(script, iframe, img, object, embed, form, link, [onclick], [onerror])')].map((e) => e.outerHTML)"
CELLS = "[window.jupyterapp.shell.currentWidget.content.activeCellIndex, window.jupyterapp.shell.currentWidget.content.widgets.length]"
ALIKE = "() => [...document.querySelectorAll('.csrbook-explorer [id]')].map((e) => e.id).filter((id, at, all) => all.indexOf(id) !== at)"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return make_book(tmp_path_factory.mktemp("a book \u7a7a") / "b")


@pytest.fixture(scope="module")
def lab(book, tmp_path_factory):
    with open_lab(book, tmp_path_factory.mktemp("lab")) as opened:
        yield opened
        assert (opened.asked, opened.errors) == ([], [])


@pytest.fixture(scope="module")
def opened(lab, browser):
    with lab.page(browser, width=1600, height=1100) as page:
        page.seconds = lab.run_all(page, NOTEBOOK)
        page.wait_for_function(ANSWERED, arg=0, timeout=60_000)
        yield page


@pytest.fixture
def page(opened):
    clear = opened.get_by_role("button", name="Clear filters")
    if clear.is_visible():
        after(opened, clear.click)
    return opened


def after(page, act):
    """Do something that asks the kernel, and wait until its answer is drawn."""
    before = page.evaluate(f"Number(document.querySelector('{FIRST}').dataset.answered)")
    act()
    page.wait_for_function(ANSWERED, arg=before, timeout=30_000)


def printed(page):
    """What the rows of the table print, in their order."""
    return page.locator(f"{FIRST} tbody .printed").all_inner_texts()


def choose(page, words):
    page.locator(f"{FIRST} tbody tr", has_text=words).get_by_role("button").click()
    page.locator(f"{FIRST} .evidence mark", has_text=words).wait_for()


def pick(page, facet, words):
    menu = page.locator(f"{FIRST} [data-facet={facet}]")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    after(page, menu.get_by_label(words).click)
    page.keyboard.press("Escape")


def decisions(book):
    file = book / "seeds" / "corrections.csv"
    return list(csv.DictReader(file.open(encoding="utf-8", newline=""))) if file.exists() else []


def test_run_all_opens_the_latest_run(page):
    assert page.seconds < 60
    assert len(printed(page)) == 9 and page.locator(f"{FIRST} .total").inner_text() == "9 figures"
    assert page.locator(".jp-OutputArea-output [data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0


def test_filters_leave_what_was_asked_for_in_table_and_charts(page):
    pick(page, "language", "Chinese")
    assert printed(page) == ["450\u4e07\u5143", "1300\u68f5\u6811\u82d7"]
    assert page.locator(f"{FIRST} .charts figure").nth(0).locator(".number").all_inner_texts() == ["2"]
    assert page.locator(f"{FIRST} [data-facet=language] .chosen").inner_text() == "Chinese"
    after(page, page.get_by_role("button", name="Clear filters").click)
    pick(page, "promise", "promise or forecast")
    assert printed(page) == ["9,000 trees"]


def test_words_are_searched_in_the_whole_sentence(page):
    after(page, lambda: page.get_by_role("searchbox", name="Search").fill("CLERKS pupils"))
    assert printed(page) == ["Twelve clerks", "340 pupils", "85%"]
    after(page, lambda: page.get_by_role("searchbox", name="Search").fill("nowhere"))
    assert page.locator(f"{FIRST} tbody").inner_text() == "No figure is left by these filters."


def test_years_and_bars_are_filters_too(page):
    after(page, lambda: page.get_by_label("From year").select_option("2030"))
    assert printed(page) == ["9,000 trees"]
    after(page, lambda: page.get_by_label("From year").select_option(""))
    after(page, page.get_by_role("button", name="2019: 1 results, 0 promises").click)
    assert printed(page) == ["3 million yuan"]


def test_a_heading_sorts_both_ways_and_back(page):
    heading, rows = page.get_by_role("button", name="Figure", exact=True), []
    for way in ("ascending", "descending", None):
        after(page, heading.click)
        assert page.locator(f"{FIRST} th").first.get_attribute("aria-sort") == way
        rows.append(printed(page))
    assert rows[0] != rows[2] and sorted(rows[0]) == sorted(rows[1]) == sorted(rows[2])
    assert [row for row in rows[1] if "yuan" in row or "\u5143" in row][-1] == "3 million yuan"


def test_evidence_shows_the_marked_sentence_and_runs_nothing_of_it(page):
    choose(page, "1,200 trees")
    quoted = page.locator(f"{FIRST} .evidence blockquote")
    assert quoted.inner_text() == "It planted more than 1,200 trees <script>window.PWNED=1</script> in the town."
    assert quoted.locator("mark").inner_text() == "1,200 trees"
    choose(page, "340 pupils")
    assert "340 pupils [U+202E]online[U+202C] in 2020" in quoted.inner_text()
    assert page.evaluate("window.PWNED") is None and page.evaluate(FOREIGN) == []


def test_evidence_leads_to_its_place_in_the_document(page):
    choose(page, "1,200 trees")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open in its document").click()
    assert "/files/outputs/" in opened.value.url and "/doc-mill.html#c-" in opened.value.url
    opened.value.close()


def test_what_the_filters_leave_is_saved_as_csv(page):
    pick(page, "language", "Chinese")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    with open(saved.value.path(), encoding="utf-8-sig", newline="") as lines:
        assert [row["text"] for row in csv.DictReader(lines)] == printed(page)


def test_arrows_go_through_the_table_and_leave_the_notebook_alone(page):
    choose(page, "4.5 million yuan")
    cells = page.evaluate(CELLS)
    page.locator(f"{FIRST} tr.here button").focus()
    page.keyboard.press("ArrowDown")
    page.locator(f"{FIRST} .evidence mark", has_text="1,200 trees").wait_for()
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.evaluate(CELLS) == cells
    assert page.locator(f"{FIRST} tr.here button").evaluate("(e) => e === document.activeElement && getComputedStyle(e).outlineStyle !== 'none'")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_everybody_can_read_and_use_it(page, theme):
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.wait_for_function("(light) => document.body.dataset.jpThemeLight === light", arg=str("Light" in theme).lower())
    choose(page, "9,000 trees")
    page.locator(f"{FIRST} [data-facet=theme] summary").click()
    told = Axe().run(page, context=".csrbook-explorer", options={"runOnly": RULES, "preload": False})
    found = [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in told.response["violations"] for node in one["nodes"]]
    page.keyboard.press("Escape")
    assert found == [] and page.evaluate(ALIKE) == []


def test_a_pasted_text_is_read_at_once_as_text(page):
    box = page.locator(".csrbook-explorer.paste")
    box.get_by_label("Text", exact=True).fill("In 2019 the mill planted 500 trees <img src=x onerror=window.PWNED=true>.")
    box.locator("mark", has_text="500 trees").wait_for()
    assert box.locator(".aside").all_inner_texts() == ["2019"] and "<img src=x" in box.locator(".pasted").inner_text()
    assert box.locator("tbody td").nth(0).inner_text() == "500 trees"
    assert page.evaluate("window.PWNED") is None and page.evaluate(FOREIGN) == []


def test_a_decision_needs_a_name_a_reason_and_a_value_that_can_be(page, book):
    choose(page, "1,200 trees")
    desk, answer = page.locator(f"{FIRST} .desk"), page.locator(f"{FIRST} .desk .answer")
    desk.get_by_role("button", name="Save correction").click()
    assert answer.inner_text() == "Your name is needed: decisions are signed."
    desk.get_by_label("Your name").fill("Ann Lee")
    desk.get_by_role("button", name="Accept").click()
    assert answer.inner_text() == "A reason is needed, for those who read it later."
    desk.get_by_label("Reason").fill("=see the picture")
    desk.get_by_label("Right is").fill("1,5")
    desk.get_by_role("button", name="Save correction").click()
    answer.filter(has_text="digits and a point were expected").wait_for()
    assert decisions(book) == []


def test_a_correction_is_kept_by_the_next_run_and_its_author_may_undo_it(page, book, lab):
    choose(page, "1,200 trees")
    desk = page.locator(f"{FIRST} .desk")
    desk.get_by_label("Your name").fill("Ann Lee")
    desk.get_by_label("Reason").fill("=see the picture")
    desk.get_by_label("Right is").fill("1500")
    desk.get_by_role("button", name="Save correction").click()
    desk.locator(".own", has_text="value: 1200 \u2192 1500").wait_for(timeout=30_000)
    assert "waits for the next run" in desk.locator(".own").inner_text()
    assert page.locator(f"{FIRST} .notice").inner_text().startswith('1 change of decisions waits for the next run: type "make run"')
    page.locator(f"{FIRST} tr.here .tag", has_text="corrected").wait_for()
    [row] = decisions(book)
    assert {key: row[key] for key in ("doc", "quotation", "field", "expect", "value", "who", "why")} == {
        "doc": "mill", "quotation": "1,200 trees", "field": "value", "expect": "1200", "value": "1500", "who": "Ann Lee", "why": "'=see the picture",
    }  # fmt: skip
    assert row["before"].endswith("more than ") and row["after"].startswith(" <script>")

    rerun(book)
    lab.run_all(page, NOTEBOOK)
    page.wait_for_function(ANSWERED, arg=0, timeout=60_000)
    again = page.locator(f"{FIRST} tbody tr", has_text="1,200 trees")
    again.filter(has_text="corrected").wait_for(timeout=30_000)
    assert again.get_by_role("button").inner_text() == "over 1,500 trees"
    choose(page, "1,200 trees")
    own = desk.locator(".own li")
    own.filter(has_text="kept").wait_for(timeout=30_000)
    assert page.locator(f"{FIRST} .notice").is_hidden()
    desk.get_by_label("Your name").fill("Ben Roth")
    own.get_by_role("button", name="Undo").click()
    desk.locator(".answer", has_text="is a decision of Ann Lee").wait_for(timeout=30_000)
    assert len(decisions(book)) == 1
    desk.get_by_label("Your name").fill("ann lee")
    own.get_by_role("button", name="Undo").click()
    desk.locator(".answer", has_text="taken back").wait_for(timeout=30_000)
    assert decisions(book) == [] and own.count() == 0


def test_the_saved_notebook_holds_no_state_of_widgets(page, book):
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    saved = json.loads((book / NOTEBOOK).read_text(encoding="utf-8"))
    assert "widgets" not in saved["metadata"] and (book / NOTEBOOK).stat().st_size < 300_000
    assert str(book) not in (book / NOTEBOOK).read_text(encoding="utf-8")
