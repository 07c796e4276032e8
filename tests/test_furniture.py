"""What a page prints around its article is marked, what belongs to the article is not."""

import json
import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.errors import LexiconError
from csrbook.furniture import find_furniture, load_cues, read_cues

HERE = Path(__file__).parent
ROWS = tomllib.loads((HERE / "cases" / "furniture.toml").read_text(encoding="utf-8"))["row"]
DATA = HERE.parent / "lib" / "csrbook" / "lexicons" / "furniture.toml"
TABLE = tomllib.loads(DATA.read_text(encoding="utf-8"))
ORIGINALS = HERE.parents[1] / "shared"


def unmarked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Take the brackets out of a case: (plain text, spans with their reasons)."""
    plain, spans = "", []
    for part in re.split(r"(\[\[\w+: .*?\]\])", text, flags=re.DOTALL):
        if part.startswith("[["):
            reason, _, inside = part[2:-2].partition(": ")
            spans.append((len(plain), len(plain) + len(inside), reason))
            part = inside
        plain += part
    return plain, spans


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_layout(row):
    text, spans = unmarked(row["text"])
    found = [(p.start, p.end, p.reason) for p in find_furniture(text, load_cues(), row["language"])]
    assert [(text[a:b], why) for a, b, why in found] == [(text[a:b], why) for a, b, why in spans], row["why"]
    assert found == spans


# ---- the data ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE["cue"], ids=lambda row: row["id"])
def test_sample_of_a_cue_is_marked_and_its_counter_sample_is_not(row):
    sample = row["sample"].strip()
    found = find_furniture(sample, load_cues(), row["language"])
    assert found and (found[0].start, found[0].reason) == (0, row["reason"])
    assert found[0].end == len(sample), "all of the sample"
    assert not find_furniture(row.get("counter", ""), load_cues(), row["language"])


@pytest.mark.parametrize("row", TABLE["script"], ids=lambda row: row["id"])
def test_sample_of_a_script_weighs_most_in_its_language(row):
    assert next(iter(load_cues().weigh(row["sample"]))) == row["language"]


@pytest.mark.parametrize("row", TABLE["stamp"], ids=lambda row: row["id"])
def test_sample_of_a_stamp_is_a_date(row):
    assert [p.fullmatch(row["sample"]).groups() for p in load_cues().dates] == [("2021", "3", "5")]


def test_every_form_of_every_cue_is_met():
    frames = {"line": "{}", "label": "{}: some words", "mark": "{} some words", "path": "{} > News", "opens": "{}\n\nA town\n\nA fair"}
    for row in TABLE["cue"]:
        for form in row["forms"]:
            found = find_furniture(frames[row["place"]].format(form.capitalize()), load_cues(), row["language"])
            assert found and found[0].start == 0, (row["id"], form)


CUE = {"id": "a", "language": "en", "reason": "r", "place": "line", "forms": ["x"], "source": "s", "sample": "x"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (CUE | {"plase": "line"}, "unknown key 'plase'"),
        ({key: CUE[key] for key in CUE if key != "sample"}, "no sample"),
        (CUE | {"place": "foot"}, "place is 'foot'; one of line"),
        (CUE | {"forms": ["..."]}, "form '...' is empty"),
    ],
)
def test_bad_data_is_rejected_with_its_entry(row, told):
    with pytest.raises(LexiconError) as caught:
        read_cues({"format": 1, "cue": [row]})
    assert told in str(caught.value) and 'lexicons/furniture.toml, cue "a"' in str(caught.value)


def test_one_form_with_two_reasons_is_rejected():
    with pytest.raises(LexiconError, match="form 'X' has two reasons"):
        read_cues({"cue": [CUE, CUE | {"id": "b", "reason": "other", "forms": ["X"]}]})


def test_unknown_section_is_rejected():
    with pytest.raises(LexiconError, match="unknown"):
        read_cues({"cues": [CUE]})


# ---- properties --------------------------------------------------------------------------------------------------------

BITS = st.sampled_from(["Home > News", "Related reading", "12", "W", "\n", "\n\n", "\n\n\n\n", "\f", "\r\n", "HEAD", "word. ", "2021/03/05 09:30",
                        "关键字: x", "©", "|", ">", "Tags:", "...", "\x00", "\ud800", "\u2028"])  # fmt: skip


@given(st.lists(BITS, max_size=40).map("".join) | st.text())
def test_any_text_gives_sorted_disjoint_spans_of_printed_lines(text):
    found = find_furniture(text, load_cues(), "en")
    ends = [0, *(p.end for p in found)]
    for before, passage in zip(ends, found, strict=False):
        assert before <= passage.start < passage.end <= len(text)
        inside = text[passage.start : passage.end]
        assert inside == inside.strip()


@pytest.mark.parametrize("piece", ["a\n", "abcd\n", "Related reading\n\nclosed.\n\n", "12\n\fHead\n", "> ", ". ", "aB", "Related reading\n"])
def test_time_grows_with_length(piece):
    begun = time.process_time()
    find_furniture(piece * 40_000, load_cues(), "en")
    assert time.process_time() - begun < 5       # 0.6 s measured; quadratic work would take minutes


@pytest.mark.skipif(not (ORIGINALS / "gold").is_dir(), reason="the originals are not beside this project")
def test_no_mention_of_the_originals_stands_in_furniture():
    for path in sorted((ORIGINALS / "gold").glob("*.jsonl")):
        text = (ORIGINALS / "seeds" / f"{path.stem}.txt").read_bytes().decode()
        language = next(iter(load_cues().weigh(text)))
        spans = [(p.start, p.end) for p in find_furniture(text, load_cues(), language)]
        for mention in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            assert not any(a < mention["end"] and mention["start"] < b for a, b in spans), mention["id"]
