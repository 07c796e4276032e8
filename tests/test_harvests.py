"""harvests: the same files on every scheduler and from what was kept; one bad document is alone; nothing but what changed is read again."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import poisons
import pytest
from click.testing import CliRunner
from clusters import cluster

from csrbook import cli, harvests, partitions, streams
from csrbook.columns import columns_of
from csrbook.corpus import extract, ledger_rows, sighting_rows, source_rows, telling_rows
from csrbook.corrections import apply_decisions, corrected_rows, decision_rows, find_decisions
from csrbook.documents import read_documents
from csrbook.errors import NothingToRead, RunError, UsageError
from csrbook.exports import read_table
from csrbook.harvests import SUMMARY, harvest
from csrbook.tables import claims_frame, ledger_frame, sightings_frame, sources_frame, tellings_frame, typed_frame

TESTS = Path(__file__).parent
TEXTS = {
    "a/letter.txt": "Northwind gave 2.5 million euros to 40 schools in March 2021. It plans to plant 3,000 trees by 2025.",
    "a/copy.txt": "Northwind gave 2.5 million euros to 40 schools in March 2021. It plans to plant 3,000 trees by 2025.",
    "b.txt": "2021年3月,北风公司向40所学校捐款250万元。公司计划到2025年种树3000棵。",
    "a-b.txt": "The \u201cWarm Hands\u201d programme of Northwind reached 1,200 pupils in 2020, and 40 teachers.",
    "empty.txt": "",
    "photo.jpg": "no text at all",
}
DECISIONS = """doc,quotation,before,after,field,expect,value,who,when,why,signed_by,signed_on
copy,40 schools,,,unit,school,university,Ann Lee,2022-01-01,asked,,
gone,4,,,claim,,reject,Ann Lee,2022-01-01,asked,,
"""


@pytest.fixture
def seeds(tmp_path):
    """Documents in three folders: a twin, an empty one, one that is no text, a name that a person confirmed, two decisions."""
    home = tmp_path / "my seeds"
    for name, text in TEXTS.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    (home / "names.toml").write_text('actor = [{ name = "North Wind", forms = ["Northwind"] }]', encoding="utf-8")
    (home / "corrections.csv").write_text(DECISIONS, encoding="utf-8")
    return home


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def table(folder, stem):
    return read_table(folder / f"{stem}.parquet")


def by_path(frame):
    return frame.sort_values("path", ignore_index=True)


# ---- rows and objects are one ------------------------------------------------------------------------------------------


def test_rows_are_those_of_the_objects(seeds, tmp_path):
    told = harvest(seeds, tmp_path / "h")
    found = extract(seeds)
    sources = source_rows(read_documents(seeds, found.lexicons), found.lexicons)
    decided = apply_decisions(found.extractions, find_decisions(seeds, found.lexicons), found.lexicons)
    frames = {
        "claims": claims_frame(corrected_rows(decided), sources),
        "ledger": ledger_frame(ledger_rows(decided.extractions)),
        "tellings": tellings_frame(telling_rows(decided.extractions), sources),
        "sightings": sightings_frame(sighting_rows(decided.extractions), sources),
    }
    for stem, frame in frames.items():
        keys = [key for key in ("doc", "start", "end") if key in frame]
        pd.testing.assert_frame_equal(table(tmp_path / "h", stem).sort_values(keys, kind="stable", ignore_index=True), frame)
    pd.testing.assert_frame_equal(by_path(table(tmp_path / "h", "sources")), by_path(sources_frame(sources)))
    pd.testing.assert_frame_equal(table(tmp_path / "h", "decisions"), typed_frame(decision_rows(decided.findings), columns_of("decisions")))
    assert told == json.loads((tmp_path / "h" / SUMMARY).read_text())
    assert (told["documents"], told["unread"], told["claims"]) == (3, 3, len(frames["claims"]))
    assert told["decisions"] == {"kept": 1, "orphan": 1} and (told["lost"], told["adrift"]) == (0, 0)


def test_files_are_told_in_their_order_and_twins_once(seeds, tmp_path):
    harvest(seeds, tmp_path / "h")
    rows = table(tmp_path / "h", "sources").to_dict("records")
    assert [row["path"] for row in rows] == ["a/copy.txt", "a/letter.txt", "a-b.txt", "b.txt", "empty.txt", "photo.jpg"]
    told = {row["path"]: row["problem"] for row in rows if row["status"] == "unread"}
    assert told["a/letter.txt"] == "has the same text as a/copy.txt" and set(told) == {"a/letter.txt", "empty.txt", "photo.jpg"}
    assert list(dict.fromkeys(table(tmp_path / "h", "claims")["doc"])) == ["copy", "a-b", "b"]


def test_large_tables_lie_in_parts_and_groups(seeds, tmp_path, monkeypatch):
    harvest(seeds, tmp_path / "one")
    monkeypatch.setattr(partitions, "BATCH", 3)
    monkeypatch.setattr(harvests, "FILES", 2)
    monkeypatch.setattr(partitions, "PART", 6)
    harvest(seeds, tmp_path / "many")
    parts = sorted((tmp_path / "many" / "claims.parquet").iterdir())
    assert len(parts) > 1 and parts[0].name == "part-00000.parquet"
    for stem in ("claims", "sources", "ledger", "tellings", "sightings", "decisions"):
        pd.testing.assert_frame_equal(table(tmp_path / "many", stem), table(tmp_path / "one", stem))
    assert set(pd.read_parquet(parts[0]).dtypes.items()) == set(pd.read_parquet(parts[-1]).dtypes.items())


# ---- wherever it is done -----------------------------------------------------------------------------------------------


def test_processes_write_the_same_files(seeds, tmp_path):
    harvest(seeds, tmp_path / "here")
    harvest(seeds, tmp_path / "there", scheduler="processes:2")
    assert files(tmp_path / "there") == files(tmp_path / "here")


def test_a_cluster_writes_the_same_files_and_poison_is_alone(seeds, tmp_path, monkeypatch):
    """One cluster for both, since a cluster takes seconds to begin; its nannies begin killed workers again."""
    harvest(seeds, tmp_path / "here")
    with cluster(workers=2, folder=tmp_path / "dask", pythonpath=[TESTS.parent / "lib", TESTS], failures=1) as (address, _):
        harvest(seeds, tmp_path / "there", scheduler=address)
        assert files(tmp_path / "there") == files(tmp_path / "here")
        monkeypatch.setattr(harvests, "harvest_one", poisons.harvest_one)
        for name in (poisons.RAISES, poisons.KILLS):
            (seeds / f"{name}.txt").write_text(f"{TEXTS['a-b.txt']} Odd, said {name}.", encoding="utf-8")
        harvest(seeds, tmp_path / "there", scheduler=address)
    for stem in ("claims", "ledger", "tellings", "sightings"):
        pd.testing.assert_frame_equal(table(tmp_path / "there", stem), table(tmp_path / "here", stem))
    rows = table(tmp_path / "there", "sources").to_dict("records")
    problems = {row["path"]: row["problem"] for row in rows if row["path"].startswith("poison")}
    assert problems == {
        f"{poisons.KILLS}.txt": "stops the reader (ended its process)",
        f"{poisons.RAISES}.txt": "stops the reader (ValueError: a reader that nobody foresaw stops here)",
    }


def test_poisoned_documents_fail_alone(seeds, tmp_path, monkeypatch):
    harvest(seeds, tmp_path / "before")
    for name in (poisons.RAISES, poisons.KILLS, poisons.STARVES):
        (seeds / f"{name}.txt").write_text(f"The fund gave 300 chairs to forty towns, said {name}.", encoding="utf-8")
    monkeypatch.setattr(harvests, "harvest_one", poisons.harvest_one)
    told = harvest(seeds, tmp_path / "after", scheduler="processes:1")
    rows = {row["path"]: row for row in table(tmp_path / "after", "sources").to_dict("records") if row["path"].startswith("poison")}
    assert told["unread"] == 6 and {row["status"] for row in rows.values()} == {"unread"}
    problems = {name.split("-")[1].removesuffix(".txt"): row["problem"] for name, row in rows.items()}
    assert problems["raises"] == "stops the reader (ValueError: a reader that nobody foresaw stops here)"
    assert problems["kills"] == "stops the reader (ended its process)"
    assert problems["starves"].startswith("stops the reader (MemoryError")
    assert {row["advice"] for row in rows.values()} == {streams.ADVICE}
    for stem in ("claims", "ledger", "tellings", "sightings"):
        pd.testing.assert_frame_equal(table(tmp_path / "after", stem), table(tmp_path / "before", stem))


def test_a_worker_of_another_library_stops_everything(seeds, tmp_path, monkeypatch):
    true = harvests.make_task
    monkeypatch.setattr(harvests, "make_task", lambda *given, **more: replace(true(*given, **more), library="another"))
    with pytest.raises(RunError, match="has another csrbook, or other packages"):
        harvest(seeds, tmp_path / "h")
    assert not (tmp_path / "h").exists()


# ---- what is kept ------------------------------------------------------------------------------------------------------


def entries(kept):
    return {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}


def test_one_document_added_is_the_only_one_read(seeds, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    harvest(seeds, tmp_path / "h", kept=str(kept))
    first = entries(kept)
    assert len(first) == 4, "a document that was read has an entry, its twin too"
    (seeds / "more.txt").write_text("Northwind lent 12 vans to 3 clinics in 2019.", encoding="utf-8")
    harvest(seeds, tmp_path / "h", kept=str(kept), scheduler="processes:1")
    assert len(entries(kept).keys() - first.keys()) == 1 and first.items() <= entries(kept).items()
    harvest(seeds, tmp_path / "anew")
    assert files(tmp_path / "h") == files(tmp_path / "anew")


@pytest.mark.parametrize("change", ["text", "manifest", "names", "decision"])
def test_what_a_row_depends_on_makes_it_anew(seeds, tmp_path, change):
    kept = tmp_path / "kept"
    harvest(seeds, tmp_path / "h", kept=str(kept))
    first = set(entries(kept))
    if change == "text":
        (seeds / "b.txt").write_text(TEXTS["b.txt"] + "2022年种树500棵。", encoding="utf-8")
    elif change == "manifest":
        (seeds / "manifest.toml").write_text('[[document]]\nfile = "b.txt"\ndate = "2021-04"\n', encoding="utf-8")
    elif change == "names":
        (seeds / "names.toml").write_text('actor = [{ name = "Polar Wind", forms = ["Northwind"] }]', encoding="utf-8")
    else:
        (seeds / "corrections.csv").write_text(DECISIONS + "b,40,,,claim,,accept,Ann Lee,2022-01-02,seen,,\n", encoding="utf-8")
    harvest(seeds, tmp_path / "h", kept=str(kept))
    second = set(entries(kept))
    assert (len(second - first), len(first - second)) == ((4, 4) if change == "names" else (1, 1)), "what nobody asks for is swept"
    harvest(seeds, tmp_path / "anew")
    assert files(tmp_path / "h") == files(tmp_path / "anew")


def test_damaged_entries_are_made_anew(seeds, tmp_path):
    kept = tmp_path / "kept"
    harvest(seeds, tmp_path / "h", kept=str(kept))
    first = entries(kept)
    for number, (path, data) in enumerate(first.items()):
        path.write_bytes((b"", data[:-3], b"x" + data, data[:60] + b"?" + data[61:])[number % 4])
    harvest(seeds, tmp_path / "again", kept=str(kept))
    assert files(tmp_path / "again") == files(tmp_path / "h") and entries(kept) == first


# ---- what stands under the name ----------------------------------------------------------------------------------------


def test_a_folder_of_something_else_is_refused(seeds, tmp_path):
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "mine.txt").write_text("keep me")
    with pytest.raises(UsageError, match="holds something else than a harvest"):
        harvest(seeds, tmp_path / "h")
    assert files(tmp_path / "h") == {"mine.txt": b"keep me"}


def test_a_harvest_that_fails_leaves_the_one_before(seeds, tmp_path, monkeypatch):
    harvest(seeds, tmp_path / "h")
    before = files(tmp_path / "h")
    with pytest.raises(UsageError, match="no language 'xx'"):
        harvest(seeds, tmp_path / "h", language="xx")
    with pytest.raises(UsageError, match="scheduler"):
        harvest(seeds, tmp_path / "h", scheduler="processors")
    assert files(tmp_path / "h") == before and sorted(p.name for p in tmp_path.iterdir()) == ["h", "my seeds"]


def test_nothing_to_read_is_told(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "empty.txt").write_text("")
    with pytest.raises(NothingToRead, match="no document could be read"):
        harvest(tmp_path / "s", tmp_path / "h")
    assert not (tmp_path / "h").exists()


def test_a_worker_that_is_killed_loses_nothing(seeds, tmp_path, monkeypatch):
    for number in range(8):
        text = f"Northwind gave {number + 200} chairs to {number + 30} towns."
        (seeds / f"{poisons.KILLS_ONCE}-{number}.txt").write_text(text, encoding="utf-8")
    harvest(seeds, tmp_path / "whole")
    monkeypatch.setattr(harvests, "harvest_one", poisons.harvest_one)
    for number in range(1, 8):
        (seeds / f".{poisons.KILLS_ONCE}-{number}.txt").touch()  # one of them is enough
    harvest(seeds, tmp_path / "h", scheduler="processes:1")
    assert (seeds / f".{poisons.KILLS_ONCE}-0.txt").exists(), "a worker was killed"
    assert files(tmp_path / "h") == files(tmp_path / "whole")


def test_the_command_tells_the_sums(seeds, tmp_path):
    done = CliRunner().invoke(cli.main, ["harvest", str(seeds), "--to", str(tmp_path / "h"), "--kept", str(tmp_path / "kept")])
    figures = len(table(tmp_path / "h", "claims"))
    assert done.exit_code == 0, done.output
    assert done.stdout == f"3 documents, {figures} figures; 3 files could not be read: see sources\n"
    done = CliRunner().invoke(cli.main, ["harvest", str(seeds), "--to", str(tmp_path / "h"), "--kept", str(tmp_path / "kept"), "--json"])
    assert json.loads(done.stdout) == json.loads((tmp_path / "h" / SUMMARY).read_text())


def test_memory_holds_few_rows_whatever_the_number(seeds, tmp_path, monkeypatch):
    """Rows held at any time: no more than a batch and the largest document, however many documents there are."""
    for number in range(60):
        (seeds / f"more-{number}.txt").write_text(f"Northwind gave {number + 200} chairs to {number + 30} towns.", encoding="utf-8")
    monkeypatch.setattr(partitions, "BATCH", 20)
    monkeypatch.setattr(harvests, "FILES", 20)
    held, true = [], partitions.Partitions.add

    def watched(self, rows):
        true(self, rows)
        held.append(len(self.held))

    monkeypatch.setattr(partitions.Partitions, "add", watched)
    told = harvest(seeds, tmp_path / "h")
    assert told["claims"] > 100 and max(held) < 20
