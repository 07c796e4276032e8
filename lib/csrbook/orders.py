"""Do tasks in an order that their needs allow, some of them side by side.

    perform([Task("list", frozenset(), ...), Task("count", frozenset({"list"}), ...)], at_once=2)

In      tasks in the order of the plan, each with the names of those that it needs.
Out     nothing; each task was prepared and finished in the calling thread, and did its work in another.
Never   begins a task before all that it needs are finished, or tells of a later failure where an earlier task failed as well.
Needs   nothing but the standard library.  Used by executions, storing.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

__all__ = ["Task", "perform"]


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: `prepare` returns the work, or None where there is nothing left to do; `finish` gets what the work returned.

    `end` makes work that is under way stop soon, by an error; it may do nothing.
    """

    name: str
    needs: frozenset[str]
    prepare: Callable[[], Callable[[], object] | None]
    finish: Callable[[object], None]
    end: Callable[[], None]


def perform(tasks: Sequence[Task], *, at_once: int) -> None:
    """Do all tasks, at most so many at once; of those that can begin, the first in their order begins.

    When one fails, none is begun any more, those after it in order are ended, and those before it may still come to their end: the
    failure that is raised is the first in order, whichever happened first.

    Raises
    ------
    Exception
        What `prepare`, the work or `finish` of a task raised.
    """
    place = {task.name: number for number, task in enumerate(tasks)}
    waiting, running, done = list(tasks), {}, set()
    failures: dict[int, Exception] = {}

    def fail(task: Task, error: Exception) -> None:
        failures[place[task.name]] = error
        for other in running.values():
            if place[other.name] > min(failures):
                other.end()

    with ThreadPoolExecutor(at_once) as pool:
        try:
            while True:
                ready = next((task for task in waiting if task.needs <= done), None)
                if ready and not failures and len(running) < at_once:
                    waiting.remove(ready)
                    _begin(ready, pool, running, done, fail)
                elif running:
                    ended, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in sorted(ended, key=lambda one: place[running[one].name]):
                        _finish(running.pop(future), future.result, done, fail)
                else:
                    break
        except BaseException:  # the person interrupted: nothing of it may go on
            for task in running.values():
                task.end()
            raise
    if failures:
        raise failures[min(failures)]
    assert not waiting, f"tasks wait for what nobody does: {waiting[0].name}"


def _begin(task: Task, pool: ThreadPoolExecutor, running: dict[Future, Task], done: set[str], fail: Callable) -> None:
    """Prepare a task, and let its work begin where there is any."""
    try:
        work = task.prepare()
    except Exception as error:
        fail(task, error)
        return
    if work is None:
        _finish(task, lambda: None, done, fail)
    else:
        running[pool.submit(work)] = task


def _finish(task: Task, answer: Callable[[], object], done: set[str], fail: Callable) -> None:
    """Take what the work of a task returned or raised."""
    try:
        task.finish(answer())
        done.add(task.name)
    except Exception as error:
        fail(task, error)
