"""Tell a promise from a result: whether a number is planned or reached.

In      a Topic, and a Text with hits of the kinds target.plan, done, not and list, name.joint and programme.
Out     (target, rule, direct).
Never   reads a word that is not in a table.
Needs   texts, topics.
"""

from csrbook.texts import Hit, Text
from csrbook.topics import Topic

__all__ = ["is_target"]

PLAN_AFTER = 8  # tokens between a number and a verb after it that promises it


def is_target(topic: Topic, text: Text, *, lead: tuple[int, int] | None) -> tuple[bool, str, bool]:
    """Return (target, rule, direct): the nearest governing verb before the number decides, promise or result.

    A list under "the measures are:" takes the promise of its first line.
    """
    clause = text.clause(topic.first)
    if lead and text.find("target.list", *lead):
        return True, "list_of_measures", True
    start = text.statement(topic.first)[0]
    plan = [h for h in text.find("target.plan", start, topic.first) if not _negated(h, text) and not _in_name(h, text)]
    done = [h for h in text.find("target.done", start, topic.first) if not _in_name(h, text)]
    if plan and not any(h.first > plan[-1].last for h in done):
        return True, "plan_before", True
    after = [h for h in text.find("target.plan", topic.last, clause[1]) if not _negated(h, text) and not _in_name(h, text)]
    if after and after[0].first - topic.last <= PLAN_AFTER and not any(h.first >= clause[0] for h in done):
        if not text.find("name.joint", topic.last, after[0].first):  # "planted 5 trees and will water them"
            return True, "plan_after", True
    return False, "result" if done else "no_plan", bool(done)


def _negated(hit: Hit, text: Text) -> bool:
    return bool(text.ends_at("target.not", hit.first) or text.starts_at("target.not", hit.last))


def _in_name(hit: Hit, text: Text) -> bool:
    found = text.find("programme", max(0, hit.first - 12), hit.last)
    return any(h.first <= hit.first and h.last >= hit.last for h in found)
