"""What tests ask of a page in a real browser: rules of axe-core, what it asked for, what is not ours, keys, narrow screens, paper.

    watched = Watched(browser, path); watched.look(dark=True, width=360); watched.axe(); watched.close()

All of it is done through the debugger's door, so that the page's own Content-Security-Policy stays in force.
"""

from importlib.resources import files
from pathlib import Path

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that another colour scheme can change
AXE = """async (more) => {
  const {violations, incomplete} = await axe.run({exclude: [['.text > .long']]}, {...more, preload: false, resultTypes: ['violations', 'incomplete']});
  const cut = (found) => found.map(({id, nodes}) => ({id, nodes: nodes.map((n) => `${n.target.join(' ')} ${n.html.slice(0, 120)} ${n.failureSummary}`)}));
  return {violations: cut(violations), incomplete: cut(incomplete)};
}"""
LISTEN = "window.refused = []; document.addEventListener('securitypolicyviolation', (e) => refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`))"
# what there may be in a page of ours; anything else came out of a document
FOREIGN = """() => {
  const found = [...document.querySelectorAll('iframe, object, embed, base, form, link:not([rel=icon]), meta[http-equiv]:not([http-equiv=Content-Security-Policy]), video, audio, svg script, foreignObject')];
  for (const e of document.querySelectorAll('*')) if ([...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'style' && !e.closest('dialog, .charts, figure'))) found.push(e);
  const scripts = [...document.scripts];
  if (scripts.length !== 2 || scripts.some((s) => s.src)) found.push(...scripts);
  return found.map((e) => e.outerHTML.slice(0, 200));
}"""
# a link over a chart is an svg element, whose own `href` is no text
FACTS = """() => ({
  pwned: window.PWNED ?? null,
  schemes: [...new Set([...document.querySelectorAll('a[href]')].map((a) => new URL(a.getAttribute('href'), document.baseURI).protocol))],
  links: [...new Set([...document.querySelectorAll('a[href]')].map((a) => new URL(a.getAttribute('href'), document.baseURI).href).filter((h) => h.startsWith('file:')))],
  missing: [...document.querySelectorAll('a[href^="#"]')].map((a) => decodeURIComponent(a.getAttribute('href').slice(1))).filter((id) => !document.getElementById(id)),
  headings: document.querySelectorAll('h1').length,
  moving: document.getAnimations().length,
})"""
# something cut off or sticking out: the page must not scroll sideways, nor a box hide the end of its words
WIDE = """(width) => {
  const over = [...document.querySelectorAll('main *, header *, footer *, dialog[open] *')].filter((e) => e.checkVisibility() && !e.closest('.table-scroll') && e.getBoundingClientRect().right > width + 1 && e.getBoundingClientRect().width);
  return document.documentElement.scrollWidth > width ? over.slice(0, 3).map((e) => e.outerHTML.slice(0, 160)).concat(`page is ${document.documentElement.scrollWidth} wide`) : [];
}"""
CUT = """() => [...document.querySelectorAll('main *')].filter((e) => {
  const style = getComputedStyle(e);
  return ['hidden', 'clip'].includes(style.overflowX) && style.clipPath === 'none' && !e.closest('svg') && e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map((e) => e.outerHTML.slice(0, 160))"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet];
}"""
PAPER = """(width) => {
  const shown = (what) => [...document.querySelectorAll(what)].filter((e) => e.checkVisibility());
  const told = (elements) => elements.map((e) => e.outerHTML.slice(0, 120));
  const {backgroundColor: ground, color: ink} = getComputedStyle(document.body);
  return {
    ground, ink,
    controls: told(shown('button, input, select, summary, .skip, header.site, dialog').filter((e) => !e.closest('thead'))),
    clipped: told(shown('main table, main img, main blockquote, main pre').filter((e) => e.getBoundingClientRect().right > width + 1)),
    split: told(shown('figure.chart, tr').filter((e) => getComputedStyle(e).breakInside !== 'avoid')),
  };
}"""
# where the focus is: who it is, whether it is marked and in view, and whether it comes after the stop before
STOP = """() => {
  const at = document.activeElement, before = window.stopped;
  if (!at || at === document.body || at === document.documentElement) return null;
  window.stopped = at;
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    name: `${at.tagName.toLowerCase()}.${at.className} ${(at.innerText || at.getAttribute('aria-label') || at.name || '').slice(0, 40)}`,
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0,
    later: !before || !before.isConnected || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
    inside: at.closest('dialog') ? 'drawer' : at.closest('main') ? 'main' : 'around',
  };
}"""


class Watched:
    """A page that is held, offline, to its own file and the pictures of charts beside it; `told` lists all that it asked, said, threw or opened."""

    def __init__(self, browser, path: Path, *, width: int = 1280, **options) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        self.page, self.told, self.path = self.context.new_page(), [], path
        self.context.on("page", lambda page: self.told.append(f"opened {page.url}"))
        self.page.on("console", lambda message: self.told.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.told.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("framenavigated", lambda frame: frame.url.partition("#")[0] == path.as_uri() or self.told.append(f"went to {frame.url}"))
        self.context.route("**/*", self._answer)
        self.page.add_init_script(LISTEN)
        self.page.goto(path.as_uri())

    def _answer(self, route) -> None:
        url = route.request.url.partition("#")[0]
        chart = url.startswith(f"{self.path.parent.as_uri()}/05-chart/") and route.request.resource_type == "image"
        if chart or url == self.path.as_uri() or url.startswith(("data:", "blob:")):
            return route.continue_()
        self.told.append(f"asked for {url}")
        return route.abort()

    def look(self, *, width: int = 1280, dark: bool = False) -> None:
        """Show the page at a width and in a colour scheme."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def axe(self, *, colour: bool = True, rest: bool = True) -> dict[str, list]:
        """Return violations and incomplete results of axe-core: of the rules that look at colours, of the rest, or of all.

        A line of megabytes is passed over: it is one run of words in the colours of all others.
        """
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8") + "; 0")
        off = {rule: {"enabled": False} for rule in OF_COLOUR if not colour}
        only = {"type": "tag", "values": RULES} if rest else {"type": "rule", "values": OF_COLOUR}
        return self.page.evaluate(AXE, {"runOnly": only, "rules": off})

    def walk(self, most: int, *, key: str = "Tab") -> list[dict]:
        """Press Tab until the focus leaves the page, and return every stop; past `most`, return those."""
        stops: list[dict] = []
        self.page.evaluate("window.stopped = null")
        while len(stops) < most:
            self.page.keyboard.press(key)
            stop = self.page.evaluate(STOP)
            if stop is None:
                break
            stops.append(stop)
        return stops

    def close(self) -> list[str]:
        """Close the page and return all that it told, with what its policy refused."""
        refused = self.page.evaluate("window.refused")
        self.context.close()
        return [*self.told, *(f"refused: {one}" for one in refused)]


def check_way_to_its_place(page, address: str, *, nth: int, text: str) -> None:
    """Go from a figure of a sentence on the front page to its place in the document, which has this address, and see it there."""
    page.locator(".headlines a.figure").nth(nth).click()
    page.locator("dialog a.place").click()
    page.wait_for_url(address)
    mark = page.locator(".m:target")
    assert mark.inner_text() == text
    assert mark.evaluate("e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }")
