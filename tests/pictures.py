"""Take the pictures of pages that README shows, and tell whether they still show what a run gives.

    python tests/pictures.py          the workbook is run over seeds/ into a folder of its own, then its pages are looked at

One picture is the front page with the evidence of a figure open, one that figure at its place in its document, one the explorer. The
bytes of a picture depend on the browser and the fonts of a machine, so each carries, as text beside its dots, the page that
it was taken from and a digest of all that made its look: its words, its style, its script. A test computes the digest anew.
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import html
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from csrbook.fonts import tell_fonts

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "img"
WIDE, HIGH, SCALE = 1280, 860, 1.5
COLOURS, MOST_BYTES = 128, 250_000
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
FRONT, PLACE, EXPLORE = "front-page-with-evidence.png", "document-with-marks.png", "explore.png"
LAB = {"width": 1440, "height": 1080}  # the explorer, inside JupyterLab
LOOKS = ("notebooks/explore.ipynb", "lib/csrbook/pages/explorer/explorer.js", "lib/csrbook/pages/explorer/explorer.css")
BESIDE = 0.56  # share of the width that stays free beside the drawer


def digest_page(page: Path) -> str:
    """Digest what a reader sees of a page: words in order, spaces aside, and style and script; not the data that it holds."""
    tree = html.fromstring(page.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    looks = [node.text or "" for node in tree.iter("style", "script") if "json" not in node.get("type", "")]
    for node in list(tree.iter("style", "script", "template")):
        node.drop_tree()
    words = " ".join(tree.text_content().split())
    return hashlib.sha256("\0".join([words, *looks]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digest_explorer() -> str:
    """Digest all that makes the look of the explorer: its notebook, whose stored outputs tell what a run gives, its script, its style."""
    return hashlib.sha256(b"\0".join((ROOT / path).read_bytes() for path in LOOKS)).hexdigest()[:16]


def is_fresh(picture: Path, run: Path) -> bool:
    """Whether a picture shows what a run gives: a page by its digest, a chart by its bytes."""
    with Image.open(picture) as image:
        told = dict(image.text)
    if told.get("page") == LOOKS[0]:
        return told["of"] == digest_explorer()
    if "page" not in told:
        chart = run / "05-chart" / picture.name
        return chart.is_file() and chart.read_bytes() == picture.read_bytes()
    page = run / told["page"]
    return page.is_file() and digest_page(page) == told["of"]


def find_browser() -> str | None:
    """Return the path of a Chromium, if this machine has one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def take(run: Path, folder: Path, browser) -> list[Path]:
    """Write both pictures of a run, each with its page and the digest of it; return their paths."""
    window = {"viewport": {"width": WIDE, "height": HIGH}, "device_scale_factor": SCALE}
    context = browser.new_context(**window, reduced_motion="reduce", color_scheme="light")
    try:
        page = context.new_page()
        page.goto((run / "index.html").as_uri())
        _open_figure(page)
        page.locator("dialog a.place").first.wait_for()
        made = [_write(page, folder / FRONT, run)]
        page.locator("dialog a.place").first.click()
        page.locator(".m:target").wait_for()
        return [*made, _write(page, folder / PLACE, run)]
    finally:
        context.close()


def take_explorer(run: Path, folder: Path, browser) -> Path:
    """Write the picture of the explorer in JupyterLab, the evidence of a figure open."""
    from explored import lay_out
    from labs import FIRST_ANSWER, open_lab

    with tempfile.TemporaryDirectory() as home:
        lay_out(Path(home) / "book", run)
        (Path(home) / "lab").mkdir()
        with open_lab(Path(home) / "book", Path(home) / "lab") as lab, lab.page(browser, **LAB, reduced_motion="reduce") as page:
            lab.run_all(page, LOOKS[0])
            page.wait_for_function(FIRST_ANSWER, timeout=60_000)
            page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
            page.locator(".csrbook-explorer .pick").nth(1).click()
            page.locator(".csrbook-explorer blockquote").wait_for()
            page.locator(".csrbook-explorer .decisions .tag, .csrbook-explorer .decisions summary", has_text=":").first.wait_for()
            page.evaluate("document.querySelector('.csrbook-explorer').scrollIntoView()")
            told = PngInfo()
            told.add_text("page", LOOKS[0])
            told.add_text("of", digest_explorer())
            with Image.open(io.BytesIO(page.screenshot())) as image:
                image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(folder / EXPLORE, optimize=True, pnginfo=told)
    return folder / EXPLORE


def _open_figure(page) -> None:
    """Open the evidence of the first figure with one claim behind it that the drawer will not hide."""
    figures = page.locator(".headlines a.figure[data-claims]").all()
    alone = [figure for figure in figures if " " not in figure.get_attribute("data-claims")]
    boxes = [(figure, figure.bounding_box()) for figure in alone]
    seen = [figure for figure, box in boxes if box and box["x"] + box["width"] < WIDE * BESIDE and box["y"] + box["height"] < HIGH]
    (seen or figures)[0].click()


def _write(page, picture: Path, run: Path) -> Path:
    """Write what the window shows, in as few colours as a page has."""
    page.evaluate("document.fonts.ready.then(() => true)")
    shown, told = page.evaluate("decodeURIComponent(location.pathname)").rpartition("/")[2], PngInfo()
    told.add_text("page", shown)
    told.add_text("of", digest_page(run / shown))
    with Image.open(io.BytesIO(page.screenshot())) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True, pnginfo=told)
    return picture


def main() -> None:
    """Run the workbook as it is and renew the pictures."""
    from playwright.sync_api import sync_playwright

    chromium = find_browser()
    if not chromium:
        print("no Chromium: the pictures of pages in docs/img were not renewed (apt-get install chromium, or set CHROMIUM)")
        return
    with tempfile.TemporaryDirectory() as out, sync_playwright() as playwright:
        subprocess.run([sys.executable, "-m", "csrbook", "run", "--out", out], check=True, cwd=ROOT)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS, env=os.environ | tell_fonts(Path(out)))
        run = (Path(out) / "latest").resolve()
        for picture in [*take(run, PICTURES, browser), take_explorer(run, PICTURES, browser)]:
            print(f"{picture.relative_to(ROOT)}, {picture.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
