"""A run that is served, and a site under a sub-path, in a real Chromium: the drawer opens under the policy of the header, links lead on."""

import http.server
import threading
from functools import partial

import pytest
from page_checks import check_way_to_its_place
from share_run import build_run
from site_run import build_whole

from csrbook.evidence import read_run
from csrbook.publishing import publish
from csrbook.serving import Shelf, _Server
from csrbook.share import make_pages

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(browser):
    """Open an address and hold the page, at the end, to have asked nobody else and thrown nothing."""
    told, contexts = [], []

    def opened(address):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: told.append(str(error)))
        home = "/".join(address.split("/")[:3]) + "/"
        page.on("request", lambda request: None if request.url.startswith((home, "data:")) else told.append(request.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert told == []


@pytest.fixture
def listening():
    """Start a server in this process, and end it."""
    servers = []

    def start(server):
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_served_run_works_under_the_policy_of_the_header(tmp_path, listening, open_page):
    run = build_run(tmp_path / "20210601T080000Z")
    make_pages(read_run(run))
    home = listening(_Server(0, Shelf(run)))
    page = open_page(f"{home}/")
    assert page.url == f"{home}/20210601T080000Z/index.html"
    page.locator(".headlines a.figure").first.click()
    assert page.locator("dialog.drawer blockquote mark").first.inner_text() == "4.5 million crowns"
    page.locator("dialog a.place").first.click()
    page.wait_for_url("**/doc-garden.html#c-*")
    assert page.locator(".m:target").inner_text() == "4.5 million crowns"
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "our style is let in"


def test_a_lost_address_leads_home(tmp_path, listening, browser):
    run = build_run(tmp_path / "run")
    make_pages(read_run(run))
    home = listening(_Server(0, Shelf(run)))
    page = browser.new_page()
    assert page.goto(f"{home}/run/nowhere.html").status == 404
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "our style is let in"
    page.get_by_role("link", name="To the front page").click()
    page.wait_for_url("**/run/index.html")
    page.context.close()


def test_site_works_under_a_sub_path_and_shows_sentences(tmp_path, listening, open_page):
    publish(build_whole(tmp_path / "20210601T080000Z"), tmp_path / "host" / "csr")
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *a: None})
    home = listening(http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=tmp_path / "host")))
    page = open_page(f"{home}/csr/")
    check_way_to_its_place(page, "**/csr/doc-garden.html#c-*", nth=1, text="1,200 saplings")
    assert page.locator(".gap").count() == 1 and "lanterns" not in page.locator(".text").inner_text()
    page.get_by_role("link", name="Claims").first.click()
    page.wait_for_url("**/csr/claims.html")
    assert "9" in page.locator(".found").inner_text()
