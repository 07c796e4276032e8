"""Say who acts where a number stands, and under which programme.

Of all the bodies and programmes that stand around a number the one with the highest score is chosen. Where the main body is
one that the table knows, with its programmes and who owns them, the offer that stands strongest is taken as it is.

In      a Text with hits of kinds actor, programme and name.*, and the tables of weights.
Out     Named(name, rule, direct) and programmes for a number; (form, row) pairs of the table of names.
Never   makes up a name: what is not a hit is not seen.
Needs   actors, choices, programmes, stage, texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from csrbook.actors import ActorOffer, actor_offers
from csrbook.choices import best
from csrbook.programmes import BY_ORDER, ProgrammeOffer, programme_offers
from csrbook.stage import Stage, Told
from csrbook.texts import Hit

__all__ = ["Cast", "Named", "Told", "name_rows"]


class Named(NamedTuple):
    """A name, the rule that chose it, and whether a cue stood in the sentence itself."""

    name: str | None
    rule: str
    direct: bool


def name_rows(table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (form, row) for every actor, programme and event of names.toml, and for what is no name.

    Slips carry `slip = true`, what a person says is no name `neither = true`.
    """
    for kind in ("actor", "programme", "event"):
        for entry in table[kind]:
            row = {key: value for key, value in entry.items() if key not in ("forms", "slips")} | {"is": kind}
            yield from ((form, row) for form in entry["forms"])
            if slips := entry.get("slips"):
                slip = row | {"slip": True}
                yield from ((form, slip) for form in slips)
    yield from ((form, {"is": "name.not", "neither": True}) for form in table.get("neither", ()))


@dataclass(slots=True)
class Cast(Stage):
    """The names on stage in one document, and the choice among them; `weights` are those of actor and programme."""

    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    style: str = ""  # how the language prints names

    def actor_offers(self, at: int, programme: Hit | None, *, end: int, told: Told | None = None) -> list[ActorOffer]:
        """Return who may have acted where a number stands at [at, end); `told` is what was said of the number before."""
        return actor_offers(self, at, programme, end=end, style=self.style, told=told)

    def actor(self, at: int, programme: Hit | None, *, end: int, told: Told | None = None) -> Named:
        """Return who acts where a number stands at token `at` and ends before token `end`."""
        offers = self.actor_offers(at, programme, end=end, told=told)
        chosen = offers[0 if self.known else best([offer.traits for offer in offers], self.weights["actor"]).number]
        lead = self.lead(at)
        if chosen.name and chosen.name == self.main and lead != self.main and self.parents.get(lead) == self.main:
            return Named(lead, "chapter_of_group", chosen.direct)
        return Named(chosen.name, chosen.rule, chosen.direct)

    def programme_offers(self, at: int, *, end: int, told: Told | None = None) -> list[ProgrammeOffer]:
        """Return the programmes that a number at [at, end) may belong to."""
        return programme_offers(self, at, end=end, style=self.style, told=told)

    def programme(self, at: int, *, end: int, told: Told | None = None) -> tuple[Hit | None, str, bool]:
        """Return (programme, rule, direct) for the number at [at, end)."""
        offers = self.programme_offers(at, end=end, told=told)
        if self.known:
            chosen = next((offer for offer in offers if offer.rule in BY_ORDER), offers[-1])
        else:
            chosen = offers[best([offer.traits for offer in offers], self.weights["programme"]).number]
        return chosen.hit, chosen.rule, chosen.direct
