"""rehearsals: what is made ahead leaves a process that forks well, covers every language, and changes no row."""

import subprocess
import sys

from csrbook import rehearsals
from csrbook.lexicon import load_lexicons
from csrbook.yields import extract_one, unpack

FORKS = "from csrbook.rehearsals import rehearse\nfrom csrbook.warm_process import _find_problem\nlist(rehearse())\nprint(repr(_find_problem()))"


def test_every_language_is_extracted_and_repeats_its_rows(monkeypatch):
    seen = []
    monkeypatch.setattr(rehearsals, "extract_one", lambda item, task: seen.append((item, extract_one(item, task=task))))
    for _ in range(2):
        steps = list(rehearsals.rehearse())
    assert len(steps) > len(seen) / 2
    half = len(seen) // 2
    assert [taken.data for _, taken in seen[:half]] == [taken.data for _, taken in seen[half:]]
    found = {item[0].language: unpack(taken.data)["found"] for item, taken in seen}
    assert found.keys() == set(load_lexicons()) and min(found.values()) >= 3


def test_process_can_still_fork_without_a_warning_thread_or_open_file():
    done = subprocess.run([sys.executable, "-W", "error", "-c", FORKS], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("''\n", "")
