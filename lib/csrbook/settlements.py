"""Who wins where several people decided on one claim: those who agree count once, those who do not wait for a second person.

    settle([theme rural by A, theme education by B])              -> both "disputed", neither applies
    settle([theme rural by A, signed by C, theme education by B]) -> "kept" and "overruled"
    settle([claim accept by A, value 45 by B])                    -> both "disputed": what A accepts is the figure as it was read

In      the decisions that stand at one claim, each with its value read.
Out     a Ruling a decision, in the order given, and the value that applies to each field.
Never   weighs people or days, but for one: who decides anew on a field takes back what he decided before. What a second person
        signed is not one person's to take back: the new row needs a signature too.
Needs   answers, decisions, states.  Used by corrections.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csrbook.answers import ACCEPT, CLAIM, REJECT
from csrbook.decisions import Decision, is_same_person
from csrbook.states import DISPUTED, KEPT, OVERRULED

__all__ = ["Ruling", "Vote", "settle"]

FIGURE = ("value", "value_max", "unit")  # what is accepted with a claim
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Vote:
    """A decision, its value as a claim would hold it, and whether the machine says the same."""

    decision: Decision
    value: Any
    confirms: bool = False

    @property
    def stand(self) -> str:
        """Whether this is a claim at all: who corrects one takes it for one."""
        return REJECT if self.decision.field == CLAIM and self.value == REJECT else ACCEPT

    @property
    def figure(self) -> str | None:
        """Whether the figure is as the machine read it: accepted so, or another; None where this says nothing of it."""
        if self.decision.field == CLAIM:
            return ACCEPT if self.value == ACCEPT else None
        return OTHER if self.decision.field in FIGURE and not self.confirms else None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a decision: its state, why that is not "kept", and whether its own author took it back."""

    state: str
    told: str = ""
    taken_back: bool = False


def settle(votes: Sequence[Vote]) -> tuple[list[Ruling], Mapping[str, Any]]:
    """Return a ruling on each decision at one claim, and what applies: value by field; {"claim": "reject"} and no more for a rejection."""
    rulings = {at: ruling for at, vote in enumerate(votes) if (ruling := _taken_back(vote, votes))}
    stands = {at: vote.stand for at, vote in enumerate(votes) if at not in rulings}
    if REJECT in stands.values():
        rulings |= _decide(stands, votes)
        if any(rulings[at].state == KEPT for at, stand in stands.items() if stand == REJECT):
            return [rulings[at] for at in range(len(votes))], {CLAIM: REJECT}
        stands = {at: stand for at, stand in stands.items() if rulings[at].state == KEPT}
    figures = {at: figure for at in stands if (figure := votes[at].figure)}
    if len(set(figures.values())) > 1:
        rulings |= _decide(figures, votes)
        stands = {at: stand for at, stand in stands.items() if at not in figures or rulings[at].state == KEPT}
    applied = {}
    for field in dict.fromkeys(votes[at].decision.field for at in stands):
        answers = {at: votes[at].value for at in stands if votes[at].decision.field == field}
        rulings |= _decide(answers, votes)
        applied |= {field: value for at, value in answers.items() if rulings[at].state == KEPT}
    return [rulings[at] for at in range(len(votes))], applied


def _taken_back(vote: Vote, votes: Sequence[Vote]) -> Ruling | None:
    """Overrule what the same person decided otherwise on a later day, or further down on the same day; what is signed, when that is too."""
    mine = vote.decision
    for other in votes:
        told = other.decision
        later = is_same_person(told.who, mine.who) and (told.when, told.line) > (mine.when, mine.line)
        if later and _differ(vote, other) and (told.signed_by or not mine.signed_by):
            return Ruling(OVERRULED, f"{mine.who} decided anew on line {told.line}", taken_back=True)
    return None


def _differ(one: Vote, other: Vote) -> bool:
    """True where not both can be right."""
    fields, figures = {one.decision.field, other.decision.field}, {one.figure, other.figure}
    return len(fields) == 1 and one.value != other.value or one.stand != other.stand or figures == {ACCEPT, OTHER}


def _decide(answers: Mapping[int, Any], votes: Sequence[Vote]) -> dict[int, Ruling]:
    """Rule on the answers to one question, by place in `votes`: all alike, or those alone that a second person signed, apply."""
    signed = {value for at, value in answers.items() if votes[at].decision.signed_by}
    winners = set(answers.values()) if len(set(answers.values())) == 1 else signed if len(signed) == 1 else set()
    rulings = {}
    for at, value in answers.items():
        against = [votes[i].decision for i, other in answers.items() if other != value]
        if value in winners:
            rulings[at] = Ruling(KEPT)
        elif winners:
            first = next(one for one in against if one.signed_by)
            rulings[at] = Ruling(OVERRULED, f"line {first.line} of {first.who}, signed by {first.signed_by}, goes before")
        else:
            first = against[0]
            way = "both sides are signed: one has to decide anew" if signed else "a second person may sign one of them"
            rulings[at] = Ruling(DISPUTED, f"line {first.line} of {first.who} says otherwise; {way}")
    return rulings
