"""Say what is known of every number before its theme is asked for: its programme, who acts, what the words promise.

In      a Scene.
Out     a Part for every number, in text order; the times on offer for a number.
Never   looks at a number that comes later.
Needs   names, promises, scenes, times, topics.
"""

from dataclasses import dataclass, replace

from csrbook.names import Named, Told
from csrbook.promises import is_target
from csrbook.scenes import Scene
from csrbook.times import Moment, Offer, offers
from csrbook.topics import Topic

__all__ = ["Part", "offers_of", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a number: the Topic, and the rules that found programme, actor and promise."""

    topic: Topic
    programme_rule: str
    actor: Named
    promise_rule: str
    promise_direct: bool

    @property
    def programme(self) -> str | None:
        return self.topic.programme["name"] if self.topic.programme else None


def parts_of(scene: Scene) -> list[Part]:
    """Return the Part of every number; each name is chosen with an eye on the number before."""
    out: list[Part] = []
    for number, (mention, (first, last)) in enumerate(zip(scene.mentions, scene.spans, strict=True)):
        cast, at = scene.reading.cast, scene.numbers[number - 1] if number else 0
        before = out[-1] if out else None
        programme, rule, near = cast.programme(first, end=last, told=before and Told(at, before.programme))
        actor = cast.actor(first, programme, end=last, told=before and Told(at, before.actor.name))
        row = programme.row if programme else None
        topic = Topic(first, last, mention.unit, mention.kind, row, near, actor.name, actor.direct, cast.main)
        target, *promise = is_target(topic, scene.reading.text, lead=cast.list_lead(first))
        out.append(Part(replace(topic, target=target), rule, actor, *promise))
    return out


def offers_of(scene: Scene, number: int, part: Part, *, told: str | None, earlier: tuple[str, ...]) -> list[Offer]:
    """Return the times on offer for a number; `told` and `earlier` are the time of the number before, and those before it."""
    (first, last), reading = scene.spans[number], scene.reading
    before = scene.numbers[number - 1] if number else None
    moment = Moment(first, last, scene.mentions[number].kind, part.topic.target, before, told, earlier)
    return offers(moment, reading.text, scene.points, numbers=scene.numbers, today=reading.today, report=scene.report)
