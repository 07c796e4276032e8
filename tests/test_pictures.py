"""pictures: what README shows of the pages carries what it was taken from, and goes stale when that changes."""

import shutil

import pytest
from PIL import Image
from pictures import EXPLORE, FRONT, HIGH, LAB, MOST_BYTES, PICTURES, PLACE, SCALE, WIDE, digest_explorer, digest_page, find_browser, is_fresh, take
from share_run import build_run

from csrbook.evidence import read_run
from csrbook.share import make_pages

PAGE = "<!doctype html><style>{style}</style><p>{words}</p><script type='application/json'>{data}</script><script>{script}</script>"


def page(tmp_path, **told):
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(**({"style": "p{}", "words": "A b c", "data": "1", "script": "go()"} | told)), encoding="utf-8")
    return digest_page(path)


@pytest.mark.parametrize("told", [{"style": "p{color:red}"}, {"words": "A b d"}, {"script": "stop()"}])
def test_a_page_that_looks_otherwise_has_another_digest(tmp_path, told):
    assert page(tmp_path, **told) != page(tmp_path)


@pytest.mark.parametrize("told", [{"data": "2"}, {"words": "A  <b>b</b>\nc"}])
def test_data_and_spaces_are_not_seen(tmp_path, told):
    assert page(tmp_path, **told) == page(tmp_path)


@pytest.mark.browser
def test_pictures_are_taken_and_go_stale_with_their_page(tmp_path, browser):
    run = build_run(tmp_path / "run")
    make_pages(read_run(run))
    made = take(run, tmp_path, browser)
    assert [path.name for path in made] == [FRONT, PLACE] and all(is_fresh(path, run) for path in made)
    front = run / "index.html"
    front.write_text(front.read_text(encoding="utf-8").replace("Findings", "Found"), encoding="utf-8")
    assert [is_fresh(path, run) for path in made] == [False, True]
    front.unlink()
    assert not is_fresh(made[0], run)


@pytest.mark.parametrize(("name", "size"), [(FRONT, (WIDE * SCALE, HIGH * SCALE)), (PLACE, (WIDE * SCALE, HIGH * SCALE)), (EXPLORE, tuple(LAB.values()))])
def test_a_stored_picture_is_sharp_and_light(name, size):
    with Image.open(PICTURES / name) as image:
        assert image.size == size and set(image.text) == {"page", "of"}
    assert (PICTURES / name).stat().st_size <= MOST_BYTES


def test_a_chart_is_compared_byte_by_byte(tmp_path):
    chart = next(path for path in sorted(PICTURES.glob("*.png")) if path.name not in (FRONT, PLACE, EXPLORE))
    run = tmp_path / "run"
    (run / "05-chart").mkdir(parents=True)
    assert not is_fresh(chart, run)
    shutil.copyfile(chart, run / "05-chart" / chart.name)
    assert is_fresh(chart, run)
    (run / "05-chart" / chart.name).write_bytes(b"other")
    assert not is_fresh(chart, run)


def test_a_browser_is_found_where_it_is_told(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "somewhere/chromium")
    assert find_browser() == "somewhere/chromium"


def test_the_picture_of_the_explorer_goes_stale_with_what_makes_its_look(tmp_path, monkeypatch):
    assert is_fresh(PICTURES / EXPLORE, tmp_path), "make notebooks renews it"
    monkeypatch.setattr("pictures.LOOKS", ("notebooks/explore.ipynb", "README.md"))
    assert digest_explorer() and not is_fresh(PICTURES / EXPLORE, tmp_path)
