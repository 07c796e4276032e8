"""reviews: a decision is written with its guard, holds or is refused, and only its author takes it back."""

import threading

import pytest

from csrbook import reviews
from csrbook.decisions import CORRECTIONS
from csrbook.documents import read_source
from csrbook.errors import CorrectionError, NothingToRead
from csrbook.reviews import Desk

TEXT = "In 2020 the Lantern Mill planted 500 trees. In 2021 it planted 500 trees, and gave 3 million yuan to schools.\n"
ANN = {"who": "Ann Lee", "why": "see the picture", "day": "2024-05-31"}


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "mill.txt").write_text(TEXT, encoding="utf-8")
    return Desk(tmp_path)


def test_a_decision_is_guarded_by_what_stands_around_it(desk):
    told, line = desk.decide("mill", "500 trees", start=TEXT.rindex("500"), field="value", value="600", **ANN)
    assert line == 2 and told.expect == "500" and TEXT[: TEXT.rindex("500")].endswith(told.before) and "In 2021" in told.before
    [found] = desk.findings()
    assert (found.state, found.found, found.decision.value) == ("kept", "500", "600")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"doc": "mil", "quotation": "500 trees"}, "did you mean mill"),
        ({"doc": "mill", "quotation": "500 trees"}, "is printed 2 times"),
        ({"doc": "mill", "quotation": "500 trees", "start": 3}, "run the workbook again"),
        ({"doc": "mill", "quotation": "3 million yuan", "value": "1,5"}, "digits and a point"),
        ({"doc": "mill", "quotation": "3 million yuan", "who": " "}, "who is empty"),
        ({"doc": "mill", "quotation": "3 million yuan", "who": "Ann\ud83d"}, r"who holds U\+D83D"),
        ({"doc": "mill", "quotation": "3 million yuan", "why": "x" * 200_000}, "why is 200,000 characters long"),
    ],
)
def test_what_would_not_hold_is_not_written(desk, told, message):
    with pytest.raises(CorrectionError, match=message):
        desk.decide(**({"field": "value", "value": "600"} | ANN | told))
    assert not (desk.seeds / CORRECTIONS).exists() and desk.findings() == ()


def test_two_people_dispute_and_each_takes_back_ones_own_alone(desk):
    for who, theme in (("Ann Lee", "rural"), ("Ben Roth", "education")):
        desk.decide("mill", "3 million yuan", field="theme", value=theme, **(ANN | {"who": who}))
    assert [one.state for one in desk.findings()] == ["disputed", "disputed"]
    before = desk.file.read_bytes()
    with pytest.raises(CorrectionError, match="is a decision of Ann Lee"):
        desk.take_back(2, who="Ben Roth")
    with pytest.raises(CorrectionError, match="no row begins at line 9"):
        desk.take_back(9, who="Ben Roth")
    assert desk.file.read_bytes() == before
    desk.take_back(3, who="ben  ROTH")
    assert [one.decision.who for one in desk.findings()] == ["Ann Lee"]


def test_what_was_added_and_taken_back_leaves_every_other_byte(desk):
    desk.file.write_bytes(b"\xef\xbb\xbfdoc;quotation;before;after;field;expect;value;who;when;why;signed_by;signed_on;mine\r\nmill;gone;;;claim;1;accept;Carl;2024-01-01;x;;;note\r\n")
    before = desk.file.read_bytes()
    _, line = desk.decide("mill", "3 million yuan", field="claim", value="reject", **ANN)
    assert [one.state for one in desk.findings()] == ["orphan", "kept"]
    desk.take_back(line, who="Ann Lee")
    assert desk.file.read_bytes() == before


def test_people_who_decide_at_once_lose_nothing(desk):
    people = [Desk(desk.seeds) for _ in range(4)]
    threads = [threading.Thread(target=decide_often, args=(one, f"Person {number}")) for number, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [(one.decision.who, one.decision.why) for one in desk.findings()]
    assert sorted(written) == [(f"Person {number}", f"reason {n}") for number in range(4) for n in range(5)]


def decide_often(desk, who):
    for n in range(5):
        desk.decide("mill", "3 million yuan", field="claim", value="accept", who=who, why=f"reason {n}")


def test_a_signed_decision_stays(desk):
    from csrbook.decisions import sign_decision

    _, line = desk.decide("mill", "3 million yuan", field="claim", value="accept", **ANN)
    sign_decision(desk.file, line, by="Ben Roth", on="2024-06-01")
    with pytest.raises(CorrectionError, match="was signed by Ben Roth"):
        desk.take_back(line, who="Ann Lee")


def test_a_changed_document_is_read_anew(desk):
    desk.decide("mill", "3 million yuan", field="claim", value="accept", **ANN)
    (desk.seeds / "mill.txt").write_text(TEXT.replace("3 million", "4 million"), encoding="utf-8")
    assert [one.state for one in desk.findings()] == ["orphan"]


def test_only_documents_that_a_decision_names_are_read(desk, monkeypatch):
    for at in range(3):
        (desk.seeds / f"other{at}.txt").write_text(f"The River Works planted {at + 2} trees.\n", encoding="utf-8")
    read = []
    monkeypatch.setattr(reviews, "read_source", lambda source, *more: (read.append(source.doc), read_source(source, *more))[1])
    desk.decide("mill", "3 million yuan", field="claim", value="accept", **ANN)
    assert [one.state for one in desk.findings()] == ["kept"] and desk.findings() == desk.findings()
    assert read == ["mill"]


def test_a_copy_of_an_earlier_document_has_no_decisions_of_its_own(desk):
    (desk.seeds / "zzz.txt").write_bytes((desk.seeds / "mill.txt").read_bytes())
    with pytest.raises(CorrectionError, match="holds no document 'zzz'"):
        desk.decide("zzz", "3 million yuan", field="claim", value="accept", **ANN)


def test_no_folder_is_told(tmp_path):
    with pytest.raises(NothingToRead, match="is no folder"):
        Desk(tmp_path / "nowhere")
