"""showings: records show themselves in a notebook, small, escaped, the figure marked in its sentence."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.formatters import DisplayFormatter

import csrbook
from csrbook.runner import Outcome
from csrbook.showings import KEPT, register, remember, show_claim, show_corpus, show_document, show_extraction, show_outcome, show_relation

TEXT = "In 2019 the Lantern Mill planted more than 500 trees <b onclick=alert(1)>here</b> \u202eand\u202c gave 3 million yuan."
SMALL = 12_000  # characters


@pytest.fixture(scope="module")
def found():
    return csrbook.extract(TEXT)


def test_a_claim_marks_its_figure_in_its_sentence(found):
    shown = show_claim(found.claims[0])
    assert "planted more than <mark>500 trees</mark> &lt;b onclick" in shown and "over 500 trees" in shown
    assert "<b onclick" not in shown and "\u202e" not in shown and "[U+202E]" in shown


def test_a_claim_of_a_document_that_is_not_at_hand_shows_its_quotation(found):
    for number in range(KEPT):
        remember(SimpleNamespace(doc=f"other {number}", text="500 trees"))
    assert "<bdi><mark>500 trees</mark></bdi>" in show_claim(found.claims[0])


def test_everything_is_small_whatever_its_size():
    many = csrbook.extract("The mill planted 500 trees. " * 300)
    shown = show_extraction(many)
    assert len(shown) < SMALL and "20 of 300" in shown and len(repr(many)) < 200
    assert len(show_document(many.document)) < SMALL and len(repr(many.document)) < 1_000


def test_a_relation_and_a_run_are_told():
    one, two = (csrbook.extract(f"In 2019 the Lantern Mill {words}.") for words in ("planted 500 trees", "planted 500 trees in all"))
    [relation] = csrbook.compare(one, two)[:1]
    shown = show_relation(relation)
    assert shown.count("<mark>500 trees</mark>") == 2 and f"Relation: {relation.verdict}" in shown and "trees planted" in shown
    told = show_outcome(Outcome(Path("out/<b>"), None, ("01.ipynb",), (), 1.25))
    assert "out/&lt;b&gt;" in told and "01.ipynb" in told and "page to open" not in told


def test_figures_of_a_conflict_stand_among_their_words_and_its_test_in_words():
    one, two = (csrbook.extract(f"In 2019 the Lantern Mill planted {count} trees {'on the hills ' * 9}.") for count in (500, 700))
    shown = show_relation(csrbook.compare(one, two)[0])
    assert "planted <mark>700 trees</mark> on the hills" in shown and "\u2026</bdi>" in shown
    assert "500 trees and 700 trees" in shown and "trees_planted" not in shown


def test_a_folder_shows_its_documents_and_what_was_set_aside(tmp_path):
    (tmp_path / "a.txt").write_text("<b>The mill</b> planted 500 trees.")
    (tmp_path / "b.pdf").write_bytes(b"no pdf")
    shown = show_corpus(csrbook.read(tmp_path))
    assert "1 document<" in shown and "1 file set aside" in shown and "b.pdf" in shown and "<b>The mill" not in shown


def test_a_kernel_shows_records_by_these(found):
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    register(shell)
    for one in (found, found.claims[0], found.document):
        assert "<table>" in shell.display_formatter.format(one)[0]["text/html"]


def test_the_package_asks_nothing_heavy_of_who_imports_it():
    code = "import sys, csrbook; print(sorted(m for m in sys.modules if m.startswith('csrbook.') or m in ('pandas', 'IPython')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_no_record_of_a_text_holds_its_markup(found):
    shown = "".join(show(one) for show, one in ((show_extraction, found), (show_document, found.document), (show_claim, found.claims[1])))
    assert set(re.findall(r"<(/?[a-z]+)", shown)) <= {"table", "/table", "caption", "/caption", "b", "/b", "thead", "/thead", "tbody", "/tbody", "tr", "/tr", "th", "/th", "td", "/td", "bdi", "/bdi", "mark", "/mark", "blockquote", "/blockquote"}
