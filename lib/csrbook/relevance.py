"""Say what speaks for a number telling of something done for society: deeds, surveys, who acts, where it stands.

In      a Topic, and a Text with hits of kind relevance.
Out     the traits of "csr"; "context" is the lack of them.
Never   reads a word that is not in a table, or decides.
Needs   echoes, texts, themes, topics.
"""

from collections.abc import Iterator, Mapping, Sequence

from csrbook.echoes import echoes
from csrbook.texts import Text
from csrbook.themes import cue_traits
from csrbook.topics import Topic

__all__ = ["relevance_echoes", "relevance_traits"]

HALF = 2  # sentences after which a cue of the text around is half as loud
COMPANY = ("name.self", "actor", "programme", "time.source", "time.base", "time.total", "time.state", "target.plan", "target.done")
FRAMES = ("time.past", "time.ago", "time.within", "time.length")
LEAD, END = 2, 2  # paragraphs at the head and the end of a text


def relevance_echoes(topics: Sequence[Topic], text: Text) -> list[dict[str, float]]:
    """Return for every number how loud the cues of each leaning are in the sentences around."""
    cues = [(hit.first, f"{hit.row['tells']} around", 1.0) for hit in text.hits.get("relevance", ())]
    return echoes(text, cues, [topic.first for topic in topics], half=HALF)


def relevance_traits(
    topic: Topic, text: Text, *, heard: Mapping[str, float], units: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """Return the traits of a number being told as something done for society; `heard` is what its echoes are here."""
    cues = cue_traits(topic, text, "relevance").get(None, {})
    names = ["bias", topic.kind, *(f"unit of {theme}" for theme in units.get(topic.unit or "", ())), *_known(topic)]
    names += [*_beside(topic, text), *_length(topic, text), _part(topic, text)]
    return cues | dict(heard) | dict.fromkeys(names, 1.0) | {"position": topic.first / len(text.tokens)}


def _known(topic: Topic) -> Iterator[str]:
    """Yield what is known of the number's actor, programme and promise."""
    yield "no actor" if topic.actor is None else "actor near" if topic.actor_near else "actor"
    yield "no programme" if topic.programme is None else "programme near" if topic.programme_near else "programme"
    if topic.actor is not None:
        yield "main actor" if topic.actor == topic.main else "other actor"
    if topic.target:
        yield "plan"


def _length(topic: Topic, text: Text) -> Iterator[str]:
    """Yield what a length of time measures: a frame that looks back or ahead, or how long a thing takes."""
    if topic.kind != "duration":
        return
    yield f"length in {topic.unit}"
    for kind in FRAMES:
        if text.ends_at(kind, topic.first) or text.starts_at(kind, topic.last):
            yield f"length {kind}"


def _beside(topic: Topic, text: Text) -> Iterator[str]:
    """Yield which names, times and verbs stand in the clause, in the sentence and in the paragraph."""
    clause, sentence, paragraph = text.clause(topic.first), text.sentence(topic.first), text.paragraph(topic.first)
    for kind in COMPANY:
        if text.find(kind, clause[0], topic.first):
            yield f"{kind} clause_before"
        if text.find(kind, topic.last, clause[1]):
            yield f"{kind} clause_after"
        if text.find(kind, sentence[0], clause[0]):
            yield f"{kind} sentence_before"
        if text.find(kind, clause[1], sentence[1]):
            yield f"{kind} sentence_after"
        if text.find(kind, paragraph[0], sentence[0]) or text.find(kind, sentence[1], paragraph[1]):
            yield f"{kind} paragraph"


def _part(topic: Topic, text: Text) -> str:
    """Return the part of the text that the number stands in."""
    paragraph = text.paragraph(topic.first)
    if paragraph[0] == 0:
        return "title"
    if text.is_heading(paragraph):
        return "heading"
    if paragraph in text.paragraphs[1 : 1 + LEAD]:
        return "lead"
    return "end" if paragraph in text.paragraphs[-END:] else "body"
