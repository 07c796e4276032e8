"""A site of a run: what is in it and what is not, one step, the same bytes, every link whole."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile
from xml.etree import ElementTree

import pytest
from site_run import LONG, SEEDS, build_whole, dead_links

from csrbook.digests import digest_files
from csrbook.errors import PublishError, UsageError
from csrbook.publishing import publish

pytestmark = pytest.mark.usefixtures("offline")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return build_whole(tmp_path_factory.mktemp("published") / "20210601T080000Z")


@pytest.fixture(scope="module")
def site(run):
    return publish(run, run.parent / "site").folder


@pytest.fixture(scope="module")
def whole(run):
    return publish(run, run.parent / "whole", with_texts=True, address="https://example.org/csr").folder


def words_of(folder) -> str:
    return "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def test_every_page_and_file_of_the_run_is_there_but_the_texts(run, site, whole):
    mine, theirs = set(digest_files(run)), set(digest_files(site))
    texts = {name for name in mine if name.startswith("01-sources/texts/")}
    assert len(texts) == 3 and theirs == mine - texts | {"404.html", ".nojekyll", "rights.txt"}
    assert set(digest_files(whole)) == mine | {"404.html", ".nojekyll", "rights.txt", "robots.txt", "sitemap.xml"}


def test_every_link_leads_somewhere(site, whole):
    assert list(dead_links(site)) == []
    assert [one for one in dead_links(whole) if one != "404.html: https://example.org/csr/"] == []


def test_a_dead_link_would_be_seen(site, tmp_path):
    bad = shutil.copytree(site, tmp_path / "bad")
    (bad / "changes.html").write_text('<a href="nowhere.html">a</a><a href="index.html#no">b</a><img src="/c.png"><a href="../d">d</a>')
    assert {one.split(": ")[1] for one in dead_links(bad)} == {"nowhere.html", "index.html#no", "/c.png", "../d"}


def test_only_sentences_around_figures_are_shown_unless_texts_are_asked_for(run, site, whole):
    sentence = LONG.strip()
    assert sentence in words_of(run) and sentence in words_of(whole)
    told = words_of(site)
    pieces = [sentence[at : at + 16] for at in range(len(sentence) - 15)]  # annotations quote 32 code points on either side
    assert not [piece for piece in pieces if piece in told] and "1840" not in (site / "doc-garden.html").read_text()
    page = (site / "doc-garden.html").read_text()
    assert "It planted more than " in page and page.count('<span class="gap">[\u2026]</span>') == 1
    assert "Only the sentences around the figures" in page and "Only the sentences" not in (whole / "doc-garden.html").read_text()
    assert "texts" not in (site / "datapackage.json").read_text() and "A garden" in (site / "datapackage.json").read_text()


def test_account_and_fingerprint_stay_those_of_the_run(run, site):
    cite = re.compile(r"CSR workbook, csrbook .*?\.</code>")
    table = re.compile(r'<table class="account">.*?</table>', re.DOTALL)
    for pattern in (cite, table):
        assert pattern.findall((site / "index.html").read_text()) == pattern.findall((run / "index.html").read_text()) != []


def test_no_path_of_the_machine_is_told(run, site):
    assert SEEDS in (run / "run.json").read_text() and SEEDS in (run / "03_tabulate.ipynb").read_text() and "mira" in (run / "03-tabulate.html").read_text()
    told = words_of(site)
    assert "mira" not in told and str(run.parent) not in told
    assert '"seeds = \\"seeds\\"\\n"' in (site / "03_tabulate.ipynb").read_text()
    assert json.loads((site / "run.json").read_text())["parameters"] == {"seeds": "seeds", "limit_mb": 200}


@pytest.mark.parametrize("how", ["printed", "packed"])
def test_a_path_that_cannot_be_taken_out_stops_it(tmp_path, how):
    run = build_whole(tmp_path / "run", printed=f"read {tmp_path}/x" if how == "printed" else "")
    if how == "packed":
        with zipfile.ZipFile(run / "workbook.xlsx", "w") as book:
            book.writestr("xl/a.xml", f"<v>{tmp_path}</v>")
        record = json.loads((run / "run.json").read_text())
        record["pages"] |= digest_files(run / "workbook.xlsx")
        (run / "run.json").write_text(json.dumps(record))
    with pytest.raises(PublishError, match=f"names {tmp_path}, a path of this machine; leave it out") as caught:
        publish(run, tmp_path / "site")
    assert caught.value.where == ("03-tabulate.html" if how == "printed" else "workbook.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_record_and_crate_tell_of_the_files_that_are_there(site):
    record, crate = (json.loads((site / name).read_text()) for name in ("run.json", "ro-crate-metadata.json"))
    digests = digest_files(site)
    told = {**record["notebooks"][0]["files"], **record["pages"]}
    assert told == {name: sha for name, sha in digests.items() if name not in ("run.json", "ro-crate-metadata.json")}
    sealed = {one["name"]: one["sha256"] for one in crate["@graph"] if "sha256" in one and "contentSize" in one}
    assert sealed == {name: sha for name, sha in digests.items() if name != "ro-crate-metadata.json"}


def test_same_run_same_bytes_and_again_in_place(run, site, tmp_path):
    before = digest_files(site)
    assert digest_files(publish(shutil.copytree(run, tmp_path / "elsewhere"), tmp_path / "b" / "site").folder) == before
    assert digest_files(publish(run, site).folder) == before
    assert not list(site.parent.glob(".site*"))


def test_the_run_is_left_as_it_was(run, tmp_path):
    before = digest_files(run)
    publish(run, tmp_path / "site", with_texts=True)
    assert digest_files(run) == before


def test_address_gives_a_map_and_a_way_home(whole, site):
    root = ElementTree.parse(whole / "sitemap.xml").getroot()
    places = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert places == sorted(f"https://example.org/csr/{path.name}" for path in whole.glob("*.html") if path.name != "404.html")
    assert {one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod")} == {"2021-06-02"}
    assert "Sitemap: https://example.org/csr/sitemap.xml" in (whole / "robots.txt").read_text()
    assert 'href="https://example.org/csr/"' in (whole / "404.html").read_text() and 'href="./"' in (site / "404.html").read_text()


# --- the folder that it goes to ---


def spoil(folder, what):
    match what:
        case "file":
            folder.write_text("mine")
        case "stranger":
            folder.mkdir()
            (folder / "notes.txt").write_text("mine")
        case "folder":
            (folder / "empty").mkdir(parents=True)
        case "link":
            folder.mkdir()
            (folder / "a").symlink_to("nowhere")


@pytest.mark.parametrize("what, told", [("file", "is a file"), ("stranger", "holds notes.txt"), ("folder", "holds empty"), ("link", "holds a,")])
def test_a_folder_that_is_no_site_is_refused(run, tmp_path, what, told):
    spoil(tmp_path / "site", what)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=told):
        publish(run, tmp_path / "site")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_of_a_person_in_a_site_is_refused(run, tmp_path):
    to = publish(run, tmp_path / "site").folder
    (to / "CNAME").write_text("example.org")
    with pytest.raises(UsageError, match="holds CNAME, which no site of ours has"):
        publish(run, to)
    assert (to / "CNAME").read_text() == "example.org"


@pytest.mark.parametrize("place", [".", "..", "inside"])
def test_the_run_itself_is_refused(run, place):
    before = digest_files(run)
    with pytest.raises(UsageError, match="is the run itself"):
        publish(run, run / place)
    assert digest_files(run) == before


def test_a_site_is_no_run(site, tmp_path):
    with pytest.raises(UsageError, match="is no whole run"):
        publish(site, tmp_path / "again")


ODD = [
    "https://mira:secret@example.org/", "https://example.org:99999/", "https://[::1/", "https://example.org/\nDisallow: /", 'https://a"><b>/',
    "https://example.org/#a", "https://exa mple.org/", "https://" + "a" * 64 + ".org/",
]  # fmt: skip


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org", "https://", "https://example.org/?a", "javascript:1", *ODD])
def test_an_address_that_is_none_is_refused(run, tmp_path, address):
    with pytest.raises(UsageError, match="--address"):
        publish(run, tmp_path / "site", address=address)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "address, written",
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.org:8443/csr?", "https://example.org:8443/csr/"),
        ("https://\u7a7a.example/\u043f/a b/", "https://xn--grz.example/%D0%BF/a%20b/"),
        ("https://example.org/a%20b/'<i>\"", "https://example.org/a%20b/%27%3Ci%3E%22/"),
    ],
)
def test_an_address_is_written_as_every_program_reads_it(run, tmp_path, address, written):
    to = publish(run, tmp_path / "site", address=address).folder
    assert (to / "robots.txt").read_text().splitlines()[2:] == [f"Sitemap: {written}sitemap.xml"]
    assert f"<loc>{written}index.html</loc>" in (to / "sitemap.xml").read_text() and f'href="{written}"' in (to / "404.html").read_text()


# --- the run that it is made of ---


def test_what_a_person_left_in_the_run_is_not_published(run, tmp_path):
    mine = shutil.copytree(run, tmp_path / "run")
    (mine / "notes.txt").write_text("mine")
    (mine / ".ipynb_checkpoints").mkdir()
    (mine / ".ipynb_checkpoints" / "01_sources.ipynb").write_text("{}")
    (mine / "up").symlink_to(tmp_path)
    (mine / "passwords").symlink_to("/etc/passwd")
    os.mkfifo(mine / "pipe")
    assert digest_files(publish(mine, tmp_path / "a" / "site").folder) == digest_files(publish(run, tmp_path / "b" / "site").folder)


@pytest.mark.parametrize("name", ["02-extract/claims.jsonl", "03_tabulate.ipynb", "index.html"])
@pytest.mark.parametrize("how", ["changed", "gone", "link"])
def test_a_run_that_was_changed_is_refused(run, tmp_path, name, how):
    mine = shutil.copytree(run, tmp_path / "run")
    file = (mine / name).rename(tmp_path / "kept")
    if how == "changed":
        (mine / name).write_text("junk")
    elif how == "link":
        (mine / name).symlink_to(file)
    with pytest.raises(PublishError, match="is not as the run left it; make run makes it anew") as caught:
        publish(mine, tmp_path / "site")
    assert caught.value.where == str(mine / name) and not (tmp_path / "site").exists()


@pytest.mark.parametrize("change", [{"inputs": 1}, {"notebooks": [1]}, {"notebooks": [{}]}, {"pages": []}, {"ended": None}, {"published": 1}])
def test_a_record_of_another_shape_is_no_run(run, tmp_path, change):
    mine = shutil.copytree(run, tmp_path / "run")
    (mine / "run.json").write_text(json.dumps(json.loads((run / "run.json").read_text()) | change))
    with pytest.raises(UsageError, match="is no whole run"):
        publish(mine, tmp_path / "site")


def test_a_link_to_a_folder_is_followed(run, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert publish(run, tmp_path / "link").folder == (tmp_path / "real").resolve() and (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("mark", [1, {"files": 5}, {"files": [[1]]}, None])
def test_a_site_whose_record_was_changed_is_refused(run, tmp_path, mark):
    to = publish(run, tmp_path / "site").folder
    (to / "run.json").write_text(json.dumps({"published": mark}))
    with pytest.raises(UsageError, match=r"holds \.nojekyll, which no site of ours has"):
        publish(run, to)


@pytest.mark.parametrize("name", ["loop", "loop/site", "file/site", "a" * 300])
def test_a_place_that_cannot_be_is_one_line(run, tmp_path, name):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(PublishError, match="cannot be written: [A-Z]"):
        publish(run, tmp_path / name)
    assert sorted(tmp_path.rglob("*")) == before


def test_run_that_is_removed_meanwhile_leaves_the_old_site(run, tmp_path, monkeypatch):
    from csrbook import publishing

    def fill_and_lose(site, folder, record, **how):
        fill(site, folder, record, **how)
        folder.rename(tmp_path / "removed")

    fill, mine = publishing._fill, shutil.copytree(run, tmp_path / run.name)
    before = digest_files(publish(mine, tmp_path / "site").folder)
    monkeypatch.setattr(publishing, "_fill", fill_and_lose)
    with pytest.raises(PublishError, match="is no longer there"):
        publish(mine, tmp_path / "site", with_texts=True)
    assert digest_files(tmp_path / "site") == before


def test_killed_before_the_last_step_the_old_site_is_whole_and_the_next_one_clears_up(run, tmp_path):
    to = publish(run, tmp_path / "site", with_texts=True).folder
    before = digest_files(to)
    code = f"""
        import os, signal
        from pathlib import Path
        from csrbook import swaps
        swaps.put_in_place = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
        from csrbook.publishing import publish
        publish(Path({str(run)!r}), Path({str(to)!r}))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert done.returncode == -signal.SIGKILL and digest_files(to) == before
    assert (tmp_path / ".site.part" / "new" / "index.html").exists()
    publish(run, to)
    assert digest_files(to) != before and sorted(os.listdir(tmp_path)) == ["site"]
