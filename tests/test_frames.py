"""frames: numbers to the right, counted rows left out, nothing else touched."""

import re

import pandas as pd
import pytest

from csrbook.frames import DITTO, lay_out_tables


def table_of(frame):
    """The table of a frame as a clean notebook page holds it."""
    return frame.to_html(border=0).replace(' style="text-align: right;"', "").replace(' border="0"', "")


def test_numbers_and_their_heads_are_told_apart():
    laid = lay_out_tables(table_of(pd.DataFrame({"doc": ["a", "b"], "chars": [1200, 35]})))
    assert '<th class="n">chars</th>' in laid and '<td class="n">1200</td>' in laid
    assert "<th>doc</th>" in laid and "<td>a</td>" in laid


def test_an_index_that_only_counts_is_left_out():
    laid = lay_out_tables(table_of(pd.DataFrame({"doc": ["a", "b"]})))
    assert "<th>0</th>" not in laid and laid.count("<th>") == 1


def test_an_index_that_says_something_stays():
    laid = lay_out_tables(table_of(pd.DataFrame({"n": [1, 2]}, index=["first", "second"])))
    assert "<th>first</th>" in laid


def test_a_missing_number_keeps_its_column_numeric():
    laid = lay_out_tables(table_of(pd.DataFrame({"n": [1.5, None]})))
    assert '<th class="n">n</th>' in laid


@pytest.mark.parametrize(
    "markup", ["<p>no table</p>", "<table><tr><td>1</td></tr></table>"]
)
def test_other_markup_is_left_alone(markup):
    assert lay_out_tables(markup) == markup


def test_a_table_without_rows_says_so():
    assert lay_out_tables(table_of(pd.DataFrame({"a": []}))) == '<p class="missing">No rows.</p>'


def test_claim_ids_become_links_on_the_words_after_them():
    one, other = "0123456789abcdef", "fedcba9876543210"
    laid = lay_out_tables(table_of(pd.DataFrame({"claims": [f"{one} | {other}"], "printed": ["7 owls | 8 owls"]})))
    assert f'<td><a href="#c-{one}">7 owls</a><br><a href="#c-{other}">8 owls</a></td>' in laid and "claims" not in laid


def test_a_row_without_ids_keeps_its_words():
    one = "0123456789abcdef"
    laid = lay_out_tables(table_of(pd.DataFrame({"claims": [one, ""], "printed": ["7 owls", "no figure"]})))
    assert f'<td><a href="#c-{one}">7 owls</a></td>' in laid and "<td>no figure</td>" in laid and "claims" not in laid


def test_a_column_that_is_empty_in_every_row_is_left_out():
    laid = lay_out_tables(table_of(pd.DataFrame({"a": ["x", "y"], "why": ["", ""], "n": ["", "7"]})))
    assert "why" not in laid and '<th class="n">n</th>' in laid and "<td>x</td>" in laid


def test_an_empty_table_of_empty_cells_stays():
    assert "why" in lay_out_tables(table_of(pd.DataFrame({"why": ["", ""]})))


def test_a_ditto_mark_lets_the_cell_above_reach_down():
    laid = lay_out_tables(table_of(pd.DataFrame({"m": ["trees", DITTO, DITTO, "owls", "owls"], "p": [*"abcde"]})))
    assert '<td rowspan="3">trees</td>' in laid and DITTO not in laid and laid.count("<td>owls</td>") == 2 and laid.count("<tr>") == 6
    laid = lay_out_tables(table_of(pd.DataFrame({"m": [3, DITTO], "p": ["a", "b"]}, dtype="object")))
    assert '<td class="n" rowspan="2">3</td>' in laid


def test_a_ditto_mark_with_nothing_above_it_stays():
    assert f"<td>{DITTO}</td>" in lay_out_tables(table_of(pd.DataFrame({"m": [DITTO, "x"]})))


def test_long_words_ask_for_room():
    laid = lay_out_tables(table_of(pd.DataFrame({"s": ["owl " * 20], "p": ["owls | " * 20]})))
    assert laid.count('<td class="w"') == 1


def test_a_dot_among_counts_is_a_number_that_is_none():
    assert laid_heads(pd.DataFrame({"doc": ["7", "\u00b7"]})) == ['<th class="n">doc</th>']
    assert laid_heads(pd.DataFrame({"doc": ["\u00b7", ""]})) == ["<th>doc</th>"]


def laid_heads(frame):
    return re.findall(r"<th[^>]*>.+?</th>", lay_out_tables(table_of(frame)))


def test_claim_ids_without_a_column_after_them_stay():
    assert "<td>0123456789abcdef</td>" in lay_out_tables(table_of(pd.DataFrame({"id": ["0123456789abcdef"]})))


def test_dates_and_names_in_code_are_kept_whole():
    laid = lay_out_tables(table_of(pd.DataFrame({"day": ["2020-03-31"], "doc": ["csr-report-2021"], "words": ["well-known and long"]})))
    assert laid.count('<td class="k">') == 2


def test_a_head_of_two_rows_is_left_alone():
    grouped = pd.DataFrame({("a", "x"): [1], ("a", "y"): [2]})
    assert lay_out_tables(table_of(grouped)) == table_of(grouped)


def test_a_table_of_words_names_its_columns_in_its_cells():
    laid = lay_out_tables(table_of(pd.DataFrame({"what <b>": ["owl " * 20, "owl"], 'who "x"': ["a", "b"], "n": [1, 2]})))
    assert '<table class="dataframe stack">' in laid and laid.count('data-head="what &lt;b&gt;"') == 2 and 'data-head="who &quot;x&quot;"' in laid
    assert 'class="n" data-head="n"' in laid and "<th data-head" not in laid


@pytest.mark.parametrize(("columns", "stacked"), [("abc", False), ("abcd", True)])
def test_many_columns_of_words_are_too_many_for_a_narrow_screen(columns, stacked):
    laid = lay_out_tables(table_of(pd.DataFrame({name: ["x", "y"] for name in columns})))
    assert ("stack" in laid) is stacked
    assert "stack" not in lay_out_tables(table_of(pd.DataFrame({name: [1, 2] for name in "abcdefgh"})))
