"""Say what is known of every number before its theme is asked for: its programme, who acts, what the words promise.

In      a Scene.
Out     a Part for every number, in text order; the Moment of a number, of which its time is asked.
Never   looks at a number that comes later.
Needs   names, promises, scenes, times, topics.
"""

from dataclasses import dataclass, replace

from csrbook.names import Named, Told
from csrbook.promises import is_target
from csrbook.scenes import Scene
from csrbook.times import Moment
from csrbook.topics import Topic

__all__ = ["Part", "moment_of", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a number: the Topic, and the rules that found programme and actor."""

    topic: Topic
    programme_rule: str
    actor: Named

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
        target, _, _ = is_target(topic, scene.reading.text, lead=cast.list_lead(first), future=False)
        out.append(Part(replace(topic, target=target), rule, actor))
    return out


def moment_of(scene: Scene, number: int, part: Part, *, told: str | None, earlier: tuple[str, ...]) -> Moment:
    """Return what the choice of a time asks of a number: what the words around it promise, and the times of those before it."""
    first, last = scene.spans[number]
    before = scene.numbers[number - 1] if number else None
    return Moment(first, last, scene.mentions[number].kind, part.topic.target, before, told, earlier)
