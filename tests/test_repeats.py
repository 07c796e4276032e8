"""Passages printed twice: found over line ends and small differences, and only where they say the same."""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csrbook.furniture import find_furniture, load_cues
from csrbook.repeats import find_repeats

ORIGINALS = Path(__file__).parents[2] / "shared"
LINE = "The fund sent forty lorries of drinking water to all the towns along the northern coast."
BETWEEN = "\n\nThen came a month of rain, and nobody wanted water any more.\n\n"


def repeats(text: str, **options) -> list[tuple[str, str]]:
    """(what is printed again, the same length of text at its first printing)"""
    return [(text[r.start : r.end], text[r.first : r.first + r.end - r.start]) for r in find_repeats(text, **options)]


@pytest.mark.parametrize(
    "again",
    [
        LINE,
        LINE.replace(" of ", "\nof ").replace(" the ", " \n\n the  "),
        LINE.replace("drinking", "drink-\ning"),
        LINE.replace("drinking", "drink\u00ading"),
        LINE.upper(),
        LINE.replace("forty", "fourty"),
        LINE.replace("towns", "town"),
        LINE.replace("northern ", "very northern "),
        "«" + LINE.replace(".", "»."),
    ],
    ids=["same", "line ends", "hyphen", "soft hyphen", "capitals", "misprint", "ending", "a word more", "quotation marks"],
)
def test_a_second_printing_is_found(again):
    text = LINE + BETWEEN + again + "\n\nThe end."
    (found,) = find_repeats(text)
    assert text[found.start : found.end] == again and found.first == 0


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (LINE[:58], LINE[:58]),                                                     # 48 letters: a phrase
        (LINE, LINE.replace("drinking water", "warm woollen blankets and tea")),
        ("In 2019 the fund gave 300 chairs to schools in the hills and the towns.",
         "In 2020 the fund gave 450 chairs to schools in the hills and the towns."),
    ],
)  # fmt: skip
def test_less_than_a_passage_is_no_repeat(first, again):
    assert repeats(first + BETWEEN + again) == []


def test_a_number_is_never_cut_nor_stepped_over():
    first = "It paid 15 million to the schools of the hills, and to the hospitals of the northern coast, and 25 million to farmers."
    again = first.replace("15", "25").replace("25 million to f", "75 million to f")
    ((found, _),) = repeats(first + BETWEEN + again)
    assert found == "million to the schools of the hills, and to the hospitals of the northern coast, and"
    for mark in (",", ".", " ", "\u00a0"):
        first = f"It paid 1{mark}500 dollars to the schools of the hills and to the hospitals of the northern coast."
        ((found, _),) = repeats(first + BETWEEN + first.replace("1", "3"))
        assert found.startswith("dollars to")


def test_words_are_not_cut():
    ((found, _),) = repeats("Re" + LINE.lower() + BETWEEN + "Un" + LINE.lower())
    assert found == LINE.lower()[4:]


def test_signs_at_the_ends_belong_to_the_passage():
    first = "$300 were given to the schools of the hills and to the hospitals of the northern coast: up by 7%"
    ((found, _),) = repeats(first + BETWEEN + first + " since")
    assert found == first


def test_chinese_needs_fewer_letters_and_may_begin_within_a_line():
    first = "基金会去年向北部沿海的四十个乡镇送去了七车饮用水和三百把椅子。"
    text = first + "后来下了一个月的雨。据介绍,基金会去年向北部沿海的四十个\n乡镇送去了七车饮用水和三百把椅子。"
    assert [found.replace("\n", "") for found, _ in repeats(text, weight=2.5)] == [first]
    assert repeats(first[:20] + "。后来下了一个月的雨。" + first[:20], weight=2.5) == []


def test_what_is_looked_past_does_not_part_a_passage():
    head = "\n\nHEAD OF A PAGE WITH MANY WORDS IN IT\n\n"
    text = LINE + BETWEEN + LINE[:45] + head + LINE[45:]
    assert len(repeats(text)) == 0
    ((found, _),) = repeats(text, skip=[(text.index(head), text.index(head) + len(head))])
    assert found == LINE[:45] + head + LINE[45:]


def test_a_third_printing_points_to_the_first():
    text = LINE + BETWEEN + LINE + "\n\nOnce more.\n\n" + LINE
    assert [r.first for r in find_repeats(text)] == [0, 0]


@given(st.text(max_size=300), st.sampled_from([1.0, 2.5]))
def test_any_text_gives_sorted_disjoint_spans_after_their_first_printing(text, weight):
    doubled = text + LINE + text + LINE + text
    ends = 0
    for found in find_repeats(doubled, weight=weight):
        assert ends <= found.start < found.end <= len(doubled) and found.first < found.start
        ends = found.end


@given(st.integers(0, 10**6))
def test_a_passage_put_in_anywhere_is_found(seed):
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghij", k=draw.randint(3, 9))) for _ in range(300)]
    at, length, to = draw.randrange(100), draw.randrange(20, 60), draw.randrange(170, 300)
    passage = words[at : at + length]
    text = " ".join(words[:to] + passage + words[to:])
    start = len(" ".join(words[:to])) + 1
    assert any(r.start <= start and r.end >= start + len(" ".join(passage)) for r in find_repeats(text))


@pytest.mark.parametrize("piece", ["a", "ab ", "0", "x\n", "The order was shipped to a customer in the usual time.\n"])
def test_time_grows_with_length(piece):
    begun = time.process_time()
    find_repeats(piece * (1_000_000 // len(piece)))
    assert time.process_time() - begun < 5       # 0.5 s measured


@pytest.mark.skipif(not (ORIGINALS / "gold").is_dir(), reason="the originals are not beside this project")
def test_mentions_of_the_originals_that_are_reprinted_are_found():
    """All but the two whose second printing is in other words; and no other mention."""
    missed, extra = [], []
    for path in sorted((ORIGINALS / "gold").glob("*.jsonl")):
        text = (ORIGINALS / "seeds" / f"{path.stem}.txt").read_bytes().decode()
        cues = load_cues()
        language = next(iter(cues.weigh(text)))
        furniture = [(p.start, p.end) for p in find_furniture(text, cues, language)]
        weight = {script.language: script.weight for script in cues.scripts}[language]
        spans = find_repeats(text, skip=furniture, weight=weight)
        for mention in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            inside = any(r.start <= mention["start"] and mention["end"] <= r.end for r in spans)
            if inside != bool(mention["repeat_of"]):
                (extra if inside else missed).append(mention["id"])
    assert extra == [] and len(missed) <= 2
