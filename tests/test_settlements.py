"""settlements: who agrees counts once, who does not waits for a second person, who thinks again takes back."""

from dataclasses import replace

import pytest

from csrbook.decisions import Decision
from csrbook.settlements import Vote, settle

ONE = Decision("letter", "40 schools", "", "", "theme", "education", "rural", "", "2024-05-02", "why")


def vote(who: str, value, *, field: str = "theme", confirms: bool = False, **told) -> Vote:
    told = {"when": "2024-05-02", "line": 0, "signed_by": told.pop("signed", "")} | told
    return Vote(replace(ONE, who=who, field=field, value=str(value), **told), value, confirms)


CASES = {
    "one alone": ([vote("A", "rural")], "kept", {"theme": "rural"}),
    "two agree": ([vote("A", "rural"), vote("B", "rural")], "kept kept", {"theme": "rural"}),
    "two disagree": ([vote("A", "rural"), vote("B", "community")], "disputed disputed", {}),
    "one of them is signed": ([vote("A", "rural", signed="C"), vote("B", "community")], "kept overruled", {"theme": "rural"}),
    "both are signed": ([vote("A", "rural", signed="C"), vote("B", "community", signed="D")], "disputed disputed", {}),
    "three, two agree": ([vote("A", "rural"), vote("B", "community"), vote("C", "rural")], "disputed disputed disputed", {}),
    "three, one of two that agree is signed": (
        [vote("A", "rural", signed="D"), vote("B", "community"), vote("C", "rural")], "kept overruled kept", {"theme": "rural"},
    ),
    "two fields": ([vote("A", "rural"), vote("B", "about", field="qualifier")], "kept kept", {"theme": "rural", "qualifier": "about"}),
    "null is an answer": ([vote("A", None, field="when"), vote("B", None, field="when")], "kept kept", {"when": None}),
    "null against a value": ([vote("A", None, field="when"), vote("B", "2020", field="when")], "disputed disputed", {}),
    "the same person later": (
        [vote("A", "rural", when="2024-05-03"), vote("a ", "community", line=9)], "kept overruled", {"theme": "rural"},
    ),
    "the same person further down": ([vote("A", "rural", line=2), vote("A", "community", line=3)], "overruled kept", {"theme": "community"}),
    "taken back, the dispute is over": (
        [vote("A", "rural", line=2), vote("B", "community", line=3), vote("A", "community", line=4)],
        "overruled kept kept", {"theme": "community"},
    ),
    "rejected": ([vote("A", "reject", field="claim")], "kept", {"claim": "reject"}),
    "rejected by one, accepted by another": (
        [vote("A", "reject", field="claim"), vote("B", "accept", field="claim")], "disputed disputed", {},
    ),
    "rejected by one, corrected by another": ([vote("A", "reject", field="claim"), vote("B", "rural")], "disputed disputed", {}),
    "a signed rejection": (
        [vote("A", "reject", field="claim", signed="C"), vote("B", "rural")], "kept overruled", {"claim": "reject"},
    ),
    "a signed correction": (
        [vote("A", "reject", field="claim"), vote("B", "rural", signed="C")], "overruled kept", {"theme": "rural"},
    ),
    "corrected, then rejected by the same": (
        [vote("A", "rural"), vote("A", "reject", field="claim", line=5)], "overruled kept", {"claim": "reject"},
    ),
    "accepted and corrected": (
        [vote("A", "accept", field="claim"), vote("B", "rural")], "kept kept", {"claim": "accept", "theme": "rural"},
    ),
    "signed, then decided anew by the first alone": (
        [vote("A", "rural", signed="C", line=2), vote("A", "community", line=3)], "kept overruled", {"theme": "rural"},
    ),
    "signed, then decided anew and signed again": (
        [vote("A", "rural", signed="C", line=2), vote("A", "community", signed="D", line=3)], "overruled kept", {"theme": "community"},
    ),
    "signed, then rejected by the first alone": (
        [vote("A", "rural", signed="C", line=2), vote("A", "reject", field="claim", line=3)], "kept overruled", {"theme": "rural"},
    ),
    "a signed rejection, then corrected by the first alone": (
        [vote("A", "reject", field="claim", signed="C", line=2), vote("A", "rural", line=3)], "kept overruled", {"claim": "reject"},
    ),
    "decided, then decided anew and signed": (
        [vote("A", "rural", line=2), vote("A", "community", signed="C", line=3)], "overruled kept", {"theme": "community"},
    ),
    "accepted, and its value corrected by another": (
        [vote("A", "accept", field="claim"), vote("B", 45, field="value")], "disputed disputed", {},
    ),
    "accepted, and its second value corrected by another": (
        [vote("A", "accept", field="claim"), vote("B", None, field="value_max")], "disputed disputed", {},
    ),
    "accepted, and its unit corrected by another, who also gave a theme": (
        [vote("A", "accept", field="claim"), vote("B", "t", field="unit"), vote("B", "rural")], "disputed disputed kept", {"theme": "rural"},
    ),
    "accepted, and its value confirmed by another": (
        [vote("A", "accept", field="claim"), vote("B", 40, field="value", confirms=True)], "kept kept", {"claim": "accept", "value": 40},
    ),
    "accepted and signed, its value corrected by another": (
        [vote("A", "accept", field="claim", signed="C"), vote("B", 45, field="value")], "kept overruled", {"claim": "accept"},
    ),
    "accepted, its value corrected by another and signed": (
        [vote("A", "accept", field="claim"), vote("B", 45, field="value", signed="C")], "overruled kept", {"value": 45},
    ),
    "accepted, its value corrected by two who differ, one of them signed": (
        [vote("A", "accept", field="claim"), vote("B", 45, field="value", signed="C"), vote("D", 46, field="value")],
        "overruled kept overruled", {"value": 45},
    ),
    "accepted, then corrected by the same": (
        [vote("A", "accept", field="claim", line=2), vote("A", 45, field="value", line=3)], "overruled kept", {"value": 45},
    ),
    "corrected, then accepted as it was by the same": (
        [vote("A", 45, field="value", line=2), vote("A", "accept", field="claim", line=3)], "overruled kept", {"claim": "accept"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_states_and_what_applies(name):
    votes, states, applied = CASES[name]
    rulings, found = settle(votes)
    assert " ".join(one.state for one in rulings) == states
    assert found == applied
    assert all(bool(one.told) == (one.state != "kept") for one in rulings)


def test_reasons_name_line_and_person():
    rulings, _ = settle([vote("Ann", "rural", line=2, signed="Cy"), vote("Ben", "community", line=7)])
    assert rulings[1].told == "line 2 of Ann, signed by Cy, goes before"
    rulings, _ = settle([vote("Ann", "rural", line=2), vote("Ben", "community", line=7)])
    assert rulings[0].told.startswith("line 7 of Ben says otherwise")


def test_what_its_author_took_back_is_told_apart():
    rulings, _ = settle([vote("A", "rural", line=2), vote("A", "community", line=3), vote("B", "health", signed="C", line=4)])
    assert [(one.state, one.taken_back) for one in rulings] == [("overruled", True), ("overruled", False), ("kept", False)]


def test_order_of_the_rows_makes_no_difference():
    for votes, _, applied in CASES.values():
        rulings, found = settle(votes)
        back, other = settle(votes[::-1])
        assert dict(found) == dict(other) == applied
        assert [one.state for one in rulings] == [one.state for one in back[::-1]]


def test_a_dispute_of_two_that_are_signed_asks_for_no_third_signature():
    rulings, _ = settle([vote("A", "rural", signed="C"), vote("B", "community", signed="D")])
    assert [ruling.state for ruling in rulings] == ["disputed"] * 2 and all("both sides are signed" in ruling.told for ruling in rulings)
