"""The corpus that ships: annotated throughout, complete against the originals where these lie beside the project."""

import csv
import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from csrbook.scoring import read_records

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
GOLD = ROOT / "tests" / "gold"
MANIFEST = tomllib.loads((ROOT / "seeds" / "manifest.toml").read_text(encoding="utf-8"))["document"]
RECORDS = read_records([GOLD])
KINDS = {"money", "count", "percent", "multiple", "physical", "duration"}
QUALIFIERS = {"exact", "about", "over", "nearly", "upto"}

beside = pytest.mark.skipif(not SHARED.is_dir(), reason="the originals are not beside the project")


def text_of(doc):
    """The raw text of a shipped document."""
    return (ROOT / "seeds" / f"{doc}.txt").read_bytes().decode("utf-8")


def folded(text):
    """Text without white space, hyphens at line ends and case."""
    return re.sub(r"\s+", "", text).casefold()


def originals():
    """Shipped document id by the name of the original that it restates."""
    by_hash = {hashlib.sha256(f.read_bytes()).hexdigest(): f.stem for f in (SHARED / "seeds").glob("*.txt")}
    return {by_hash[row["sha256_original"]]: row["id"] for row in MANIFEST}


def test_five_documents_in_three_languages():
    assert sorted(row["language"] for row in MANIFEST) == ["en", "en", "ru", "zh", "zh"]


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["id"])
def test_annotations_lie_where_they_say(row):
    text, records = text_of(row["id"]), [r for r in RECORDS if r["doc"] == row["id"]]
    assert len(records) >= 10
    assert [(r["start"], r["text"]) for r in records if text[r["start"] : r["end"]] != r["text"]] == []
    starts = [r["start"] for r in records]
    assert starts == sorted(starts)
    assert all(a["end"] <= b["start"] for a, b in zip(records, records[1:], strict=False))


def test_annotations_use_the_fields_words():
    ids = {r["id"] for r in RECORDS}
    for record in RECORDS:
        assert record["kind"] in KINDS and record["qualifier"] in QUALIFIERS, record["id"]
        assert record["relevance"] in {"csr", "context"}, record["id"]
        assert {record["repeat_of"], record["restates"]} - {None} <= ids, record["id"]


def test_the_guide_breaks_numbers_over_line_ends():
    broken = [r for r in RECORDS if r["doc"] == "digital-action-guide" and "\n" in r["text"]]
    assert len(broken) >= 20


def test_every_programme_is_told_where_the_list_says():
    with (GOLD / "programmes.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len({row["programme"] for row in rows}) == 135
    absent = [row for row in rows if folded(row["words"]) not in folded(text_of(row["doc"]))]
    assert absent == []


@beside
def test_every_figure_of_the_originals_is_kept():
    names, kept = originals(), {}
    for r in RECORDS:
        facts = (r["value"], r["value_max"], r["unit"], r["qualifier"], r["actor"], r["programme"], r["when"])
        kept.setdefault(r["doc"], set()).add(facts)
    lost = []
    for r in read_records([SHARED / "gold"]):
        if r["relevance"] == "csr" and not r["repeat_of"]:
            facts = (r["value"], r["value_max"], r["unit"], r["qualifier"], r["actor"], r["programme"], r["when"])
            if facts not in kept[names[r["doc"]]]:
                lost.append((r["id"], r["text"]))
    assert lost == []


@beside
def test_every_programme_of_the_originals_is_told():
    with (SHARED / "gold" / "programmes.tsv").open(encoding="utf-8") as file:
        wanted = {line.split("\t")[0] for line in file.read().splitlines()[1:]}
    with (GOLD / "programmes.tsv").open(encoding="utf-8") as file:
        told = {row["programme"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert wanted <= told


@beside
def test_no_sentence_of_an_original_is_copied():
    ran = subprocess.run([sys.executable, SHARED / "check_verbatim.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")
