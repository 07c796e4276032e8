"""orders: tasks begin when what they need is done, side by side, and the first failure in their order is told."""

import threading

import pytest

from csrbook.orders import Task, perform

PATIENCE = 30


class Log:
    """Tasks that note what happens to them; all that is noted is noted in order."""

    def __init__(self):
        self.told, self.lock = [], threading.Lock()

    def note(self, *words):
        with self.lock:
            self.told.append(words)

    def task(self, name, needs="", work=lambda: None, *, nothing=False, finish=lambda answer: None, end=lambda: None):
        def prepare():
            self.note("prepare", name)
            return None if nothing else work

        def finished(answer):
            self.note("finish", name, answer)
            finish(answer)

        def ended():
            self.note("end", name)
            end()

        return Task(name, frozenset(needs), prepare, finished, ended)


def fails(error):
    def work():
        raise error

    return work


def test_tasks_begin_in_their_order_after_what_they_need():
    log = Log()
    perform([log.task("a"), log.task("b", "a"), log.task("c", "ab")], at_once=2)
    assert [words[:2] for words in log.told] == [(what, name) for name in "abc" for what in ("prepare", "finish")]


def test_tasks_that_need_nothing_of_each_other_run_side_by_side():
    log, both = Log(), threading.Barrier(2, timeout=PATIENCE)
    perform([log.task("a", work=both.wait), log.task("b", work=both.wait), log.task("c", "b")], at_once=2)
    told = [words[:2] for words in log.told]
    assert told[:2] == [("prepare", "a"), ("prepare", "b")] and told.index(("finish", "b")) < told.index(("prepare", "c"))


def test_no_more_run_at_once_than_allowed():
    at_work, most = [], []

    def work():
        at_work.append(1)
        most.append(len(at_work))
        at_work.pop()

    log = Log()
    perform([log.task(str(n), work=work) for n in range(6)], at_once=1)
    assert set(most) == {1}


def test_what_the_work_returned_is_finished_in_the_calling_thread():
    here, seen = threading.get_ident(), []
    log = Log()
    perform([log.task("a", work=threading.get_ident, finish=lambda answer: seen.append((answer, threading.get_ident())))], at_once=2)
    assert seen[0][0] != here and seen[0][1] == here


def test_task_with_nothing_to_do_is_finished_at_once():
    log = Log()
    perform([log.task("a", nothing=True), log.task("b", "a")], at_once=1)
    assert log.told[1] == ("finish", "a", None) and log.told[-1][:2] == ("finish", "b")


@pytest.mark.parametrize("where", ["prepare", "work", "finish"])
def test_failure_anywhere_is_raised_and_nothing_begins_after_it(where):
    log = Log()
    broken = log.task("a", work=fails(KeyError("a")) if where == "work" else lambda: None, finish=fails1 if where == "finish" else lambda _: None)
    if where == "prepare":
        broken = Task("a", frozenset(), fails(KeyError("a")), broken.finish, broken.end)
    with pytest.raises(KeyError, match="a"):
        perform([broken, log.task("b", "a"), log.task("c")], at_once=1)
    assert not any(words[1] in "bc" for words in log.told)


def fails1(_):
    raise KeyError("a")


def test_failure_ends_what_runs_after_it_in_order():
    ended = threading.Event()

    def long():
        assert ended.wait(PATIENCE)
        raise ValueError("ended")

    log = Log()
    with pytest.raises(KeyError, match="first"):
        perform([log.task("a", work=fails(KeyError("first"))), log.task("b", work=long, end=ended.set)], at_once=2)
    assert ("end", "b") in log.told


def test_first_failure_in_order_is_told_whichever_came_first():
    later = threading.Event()

    def early():
        assert later.wait(PATIENCE)
        raise KeyError("early")

    def late():
        later.set()
        raise ValueError("late")

    log = Log()
    with pytest.raises(KeyError, match="early"):
        perform([log.task("a", work=early), log.task("b", work=late)], at_once=2)
    assert ("end", "a") not in log.told


def test_interrupt_ends_all_that_runs():
    ended = threading.Event()

    def interrupt(_):
        raise KeyboardInterrupt

    log = Log()
    with pytest.raises(KeyboardInterrupt):
        perform([log.task("a", work=lambda: ended.wait(PATIENCE), end=ended.set), log.task("b", finish=interrupt)], at_once=2)
    assert ("end", "a") in log.told
