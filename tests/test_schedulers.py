"""One thing done to many items: the same answers in the same order, whoever does it and whatever becomes of them."""

import functools
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import chores
import pytest
from clusters import DEADLINE, LIB, cluster, end, without, worker
from csrbook import clusters as cluster_module
from csrbook import schedulers
from csrbook.errors import RunError, UsageError
from csrbook.jobs import make_job, pack, pack_work
from csrbook.schedulers import Answer, spread
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

TESTS = Path(__file__).parent
ELSEWHERE = ("processes", "cluster")
KINDS = some.none() | some.booleans() | some.integers() | some.binary() | some.text() | some.tuples(some.integers(), some.text())


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A scheduler and two workers that come back when they are killed; a task is given up at the second death."""
    with cluster(workers=2, folder=tmp_path_factory.mktemp("cluster"), pythonpath=[LIB, TESTS], failures=1) as (address, _):
        yield address


@pytest.fixture(params=["", *ELSEWHERE], ids=["here", *ELSEWHERE])
def anywhere(request):
    return request.getfixturevalue("address") if request.param == "cluster" else request.param and "processes:2"


@pytest.fixture(params=ELSEWHERE)
def elsewhere(request):
    return request.getfixturevalue("address") if request.param == "cluster" else "processes:2"


def wait_until(condition):
    until = time.monotonic() + DEADLINE
    while not (found := condition()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


def is_alive(pid):
    """Whether a process runs; one that only waits to be buried by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# ---- the same answers ----------------------------------------------------------------------------------------------------


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=some.lists(KINDS, max_size=40), chunk=some.sampled_from([1, 300, 5000, 4_000_000]))
def test_any_items_give_the_same_answers_everywhere(address, items, chunk):
    expected = list(spread(chores.turn, items))
    assert [answer.item for answer in expected] == items
    assert list(spread(chores.turn, items, scheduler="processes:2", chunk=chunk)) == expected
    assert list(spread(chores.turn, iter(items), scheduler=address, chunk=chunk)) == expected


def test_ten_thousand_tiny_items_keep_their_order(anywhere):
    assert [answer.result for answer in spread(chores.double, range(10_000), scheduler=anywhere)] == list(range(0, 20_000, 2))


def test_no_items_give_no_answers(anywhere):
    assert list(spread(chores.double, [], scheduler=anywhere)) == []


def test_an_item_that_raises_is_a_problem_of_its_own(anywhere):
    items = ["a", "leave", "b", "mute", "lines", "deep", "memory", "interrupt", "c"]
    answers = list(spread(chores.misbehave, items, scheduler=anywhere))
    assert [answer.item for answer in answers] == items
    assert {answer.item: answer.result for answer in answers if answer.problem is None} == {"a": "a", "b": "b", "c": "c"}
    told = {answer.item: answer.problem for answer in answers if answer.problem}
    assert told["leave"] == "SystemExit: 4" and told["mute"] == "Mute" and told["memory"] == "MemoryError"
    assert told["lines"].startswith("ValueError: one two xxx") and len(told["lines"]) < 600
    assert told["deep"].startswith("RecursionError: ") and told["interrupt"] == "InterruptedError: not by a person"


def test_what_cannot_travel_is_a_problem_of_its_own(elsewhere):
    loose, unreadable = (lambda: 0), chores.Unreadable()
    answers = list(spread(chores.misbehave, ["a", "closure", loose, "unreadable", unreadable, "b"], scheduler=elsewhere))
    assert [answer.result for answer in answers] == ["a", None, None, None, None, "b"]
    closure, item, result, given = [answer.problem for answer in answers[1:5]]
    assert closure.startswith("result cannot be sent between processes: ") and item.startswith("cannot be sent between processes: ")
    assert result == "result cannot be read: LookupError: nothing of the kind here" and given == "LookupError: nothing of the kind here"
    assert not any("\n" in answer.problem for answer in answers[1:5])


def test_hash_seeds_of_workers_are_alike():
    first, again = ({answer.result for answer in spread(chores.hash_of, ["word"] * 9, scheduler="processes:2", chunk=1)} for _ in "12")
    assert len(first) == 1 and first == again


# ---- workers that die ----------------------------------------------------------------------------------------------------


def test_an_item_that_ends_its_process_is_found(elsewhere):
    items = [*range(30), "kill", *range(30, 45), "exit", *range(45, 70)]
    answers = list(spread(chores.misbehave, items, scheduler=elsewhere))
    assert answers == [Answer(item, None, "ended its process") if isinstance(item, str) else Answer(item, item) for item in items]


def test_a_worker_that_is_killed_half_way_loses_nothing(elsewhere, tmp_path):
    def kill_and_go():
        here = wait_until(lambda: list(tmp_path.glob("*.here")))
        os.kill(int(here[0].stem), signal.SIGKILL)
        (tmp_path / "go").touch()

    killer = threading.Thread(target=kill_and_go)
    killer.start()
    answers = list(spread(functools.partial(chores.linger, folder=tmp_path), range(300), scheduler=elsewhere))
    killer.join()
    assert answers == [Answer(number, number) for number in range(300)]


def test_a_cluster_worker_of_many_threads_does_one_job_at_a_time(tmp_path):
    work, job = pack_work(functools.partial(chores.meet, folder=tmp_path)), make_job(map(pack, range(20)))
    with ThreadPoolExecutor(4) as threads:
        done = [each.result()[1] for each in [threads.submit(cluster_module._do_far, work, job, 0) for _ in range(4)]]
    assert [problem for outcomes in done for _, problem in outcomes] == [None] * 80


def test_a_cluster_worker_notes_no_stacks_of_the_work(address):
    """It keeps those of its own threads for an hour, which grows with what is read."""
    (answer,) = spread(chores.name_thread, [0], scheduler=address)
    assert answer.result == "csrbook cluster"


def test_a_worker_that_ends_as_it_begins_is_begun_again(tmp_path, monkeypatch):
    """As when the memory runs out while the first ones begin: only where it happens again and again is something wrong."""
    fake = tmp_path / "py thon"
    fake.write_text(f"""#!/bin/sh
for number in 1 2 3; do mkdir "{tmp_path}/$number" 2>/dev/null && kill -9 $$; done
exec "{sys.executable}" "$@"
""")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    assert [answer.result for answer in spread(chores.double, range(9), scheduler="processes:2")] == list(range(0, 18, 2))
    assert (tmp_path / "3").is_dir()


def test_an_item_that_never_ends_is_stopped():
    answers = list(spread(chores.dally, range(9), scheduler="processes:1", seconds=0.5))
    problems = {answer.item: answer.problem for answer in answers if answer.problem}
    assert problems == {3: "took longer than 0.5 seconds", 5: "ended its process"}
    assert [answer.result for answer in answers if not answer.problem] == [0, 1, 2, 4, 6, 7, 8]


def test_an_item_that_never_ends_ends_a_worker_of_a_cluster(tmp_path):
    """There work is done in another thread than the first, where no signal is heard."""
    script = """
        import threading
        import chores
        from csrbook import clusters
        from csrbook.jobs import make_job, pack, pack_work
        given = pack_work(chores.dally), make_job([pack(1), pack(3)]), 0.2
        threading.Thread(target=clusters._do_far, args=given).start()
    """
    assert start(tmp_path, script, stderr=subprocess.DEVNULL).wait(timeout=DEADLINE) == 1


# ---- bounds --------------------------------------------------------------------------------------------------------------


def test_one_large_item_is_nothing_to_warn_of(elsewhere, recwarn):
    (answer,) = spread(chores.double, [bytes(12_000_000)], scheduler=elsewhere)
    assert len(answer.result) == 24_000_000
    assert not [str(told.message) for told in recwarn if "large" in str(told.message)]  # others come and go with a busy machine


def test_endless_items_are_consumed_as_needed(anywhere):
    taken = itertools.count()
    answers = spread(chores.double, ((next(taken), number)[1] for number in itertools.count()), scheduler=anywhere)
    first = list(itertools.islice(answers, 3000))
    answers.close()
    assert [answer.item for answer in first] == list(range(3000))
    chunks = 2 * 2 + 3  # under way with two workers, and the one that is gathered
    assert next(taken) <= 3000 + (chunks * schedulers.MOST if anywhere else 0)


def test_chunks_hold_all_items_in_order_and_grow():
    share = schedulers._Share(len, 64_000)
    items = [b"x" * (n % 700) for n in range(3000)]
    chunks = list(share.chunks(items))
    assert list(itertools.chain.from_iterable(chunk.items for chunk in chunks)) == items
    weights = [chunk.weight for chunk in chunks[:-1]]
    assert weights[0] < 2000 and 64_000 <= max(weights) < 65_000 and all(len(chunk.items) <= schedulers.MOST for chunk in chunks)


def test_chunks_shrink_where_results_are_large():
    share = schedulers._Share(None, 64_000)
    share.limit = 64_000
    chunks = share.chunks(itertools.repeat(b"x" * 1000))
    usual = next(chunks)
    share.heed(usual, [(b"x" * 16_000, None)] * len(usual.items))
    smaller = next(chunks)
    assert len(usual.items) == 63 and len(smaller.items) == 4
    for _ in range(50):
        share.heed(smaller, [(None, "problem")])
    assert len(next(chunks).items) == 63


def test_a_size_that_cannot_be_told_is_no_matter():
    answers = spread(chores.double, range(3), scheduler="processes:1", size=lambda number: 1 // (number - 1))
    assert [answer.result for answer in answers] == [0, 2, 4]


STREAM = """
    import re, sys
    import chores
    from csrbook.schedulers import spread
    def peak():
        return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1000
    answers = spread(chores.swell, range(1000), scheduler=sys.argv[1])
    size = sum(len(answer.result) for answer in answers)
    print(size, peak())
"""


def start(folder, script, *arguments, **more):
    """Start a script as a person writes it, with no guard around it."""
    path = os.pathsep.join(map(str, (LIB, TESTS)))
    (folder / "script.py").write_text(textwrap.dedent(script))
    return subprocess.Popen([sys.executable, folder / "script.py", *arguments], env=os.environ | {"PYTHONPATH": path}, **more)


def test_memory_stays_flat_while_200_mb_stream_through(elsewhere, tmp_path):
    script = start(tmp_path, STREAM, elsewhere, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    told, problem = script.communicate(timeout=DEADLINE)
    size, peak = map(int, told.split())
    assert size == 200_000_000 and peak < 140 and not problem


# ---- nothing is left behind ----------------------------------------------------------------------------------------------


def test_closed_early_leaves_no_process():
    answers = spread(chores.whoami, itertools.count(), scheduler="processes:2", chunk=1)
    pids = {answer.result for answer in itertools.islice(answers, 50)}
    answers.close()
    assert pids and os.getpid() not in pids and not any(map(is_alive, pids))
    assert not [thread for thread in threading.enumerate() if thread.name == "csrbook worker"]


SCRIPT = """
    import functools, pathlib, sys
    import chores
    from csrbook.schedulers import spread
    folder = pathlib.Path(sys.argv[1])
    with (folder / "runs").open("a") as file: file.write("once\\n")
    work = chores.whoami if sys.argv[2] == "error" else functools.partial(chores.stay, folder=folder)
    for answer in spread(work, range(9999), scheduler="processes:2"):
        (folder / f"{answer.result}.here").touch()
        raise ZeroDivisionError
"""


@pytest.mark.parametrize("way", ["SIGKILL", "SIGTERM", "SIGINT", "error"])
def test_workers_end_with_their_parent_however_it_ends(way, tmp_path):
    """The script is written as people write them, without a guard, and runs once."""
    with (tmp_path / "log").open("wb") as log:
        parent = start(tmp_path, SCRIPT, tmp_path, way, stderr=log, start_new_session=True)
    workers = wait_until(lambda: len(found := list(tmp_path.glob("*.here"))) >= (way != "error") + 1 and found)
    if way == "SIGINT":
        os.killpg(parent.pid, signal.SIGINT)  # as a terminal does
    elif way != "error":
        parent.send_signal(getattr(signal, way))
    parent.wait(timeout=DEADLINE)
    wait_until(lambda: not any(is_alive(int(worker.stem)) for worker in workers))
    assert (tmp_path / "runs").read_text() == "once\n"
    log = (tmp_path / "log").read_text()
    assert log.splitlines()[-1:] == {"SIGINT": ["KeyboardInterrupt"], "error": ["ZeroDivisionError"]}.get(way, [])
    assert log.count("Traceback") == len(log.splitlines()[-1:])


# ---- what is said when it cannot be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scheduler",
    ["process", "processes:0", "processes:-1", "processes:", "processes:2.5", "tcp://", "tcp://host", "http://host:80", "host:8786", " "],
)
def test_a_scheduler_that_is_none_is_bad_use(scheduler):
    with pytest.raises(UsageError, match="scheduler: is .*; empty, processes, processes:2, or the address"):
        spread(chores.double, [1], scheduler=scheduler)


def test_work_that_no_worker_finds_is_bad_use(monkeypatch):
    def local(item):
        return item

    mine = types.FunctionType(chores.double.__code__, {}, "mine")
    mine.__module__ = "__main__"
    for work in (local, lambda item: item, mine, functools.partial(chores.double, lambda: 0)):
        with pytest.raises(UsageError, match="a function of a module, or functools.partial of one; move it there"):
            spread(work, [1], scheduler="processes")
        assert [type(answer) for answer in spread(work, [1])] == [Answer]


def test_work_of_a_module_that_workers_lack(elsewhere, monkeypatch):
    passing = types.ModuleType("passing")
    exec("def work(item): return item", passing.__dict__)
    monkeypatch.setitem(sys.modules, "passing", passing)
    with pytest.raises(RunError, match="cannot do the work: ModuleNotFoundError: No module named 'passing'"):
        list(spread(passing.work, range(20), scheduler=elsewhere))


@pytest.mark.parametrize(
    "program, told",
    [("#!/bin/sh\nexit 3\n", r"ended as they began, 5 in a row \(exit code 3\)"), (None, "no worker process can be started")],
)
def test_workers_that_do_not_start(program, told, tmp_path, monkeypatch):
    fake = tmp_path / "py thon"
    if program:
        fake.write_text(program)
        fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(RunError, match=f"{told}.*leave scheduler empty"):
        list(spread(chores.double, range(20), scheduler="processes:2"))


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError, match="not installed; pip install"):
        list(spread(chores.double, [1], scheduler="tcp://127.0.0.1:8786"))


@pytest.mark.parametrize("silent", [False, True])
def test_an_address_where_nobody_answers(silent, monkeypatch, capfd):
    import socket

    assert cluster_module.REACH == 10
    monkeypatch.setattr(cluster_module, "REACH", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "tcp://127.0.0.1:{}".format(server.getsockname()[1])
        if not silent:
            server.close()
        with pytest.raises(RunError, match=f"{address}: no Dask scheduler answers: .*; start one"):
            list(spread(chores.double, [1], scheduler=address))
    assert capfd.readouterr().err == ""


def test_a_cluster_that_changes_half_way(tmp_path, monkeypatch, capfd):
    """No worker at first; then one of another csrbook; then one without; then the scheduler ends: each is said in one line."""
    other = tmp_path / "other" / "csrbook"
    other.mkdir(parents=True)
    for path in LIB.glob("csrbook/*.py"):
        (other / path.name).write_bytes(path.read_bytes())
    (other / "errors.py").write_text((LIB / "csrbook" / "errors.py").read_text() + "# another\n")
    (other / "lexicons").symlink_to(LIB / "csrbook" / "lexicons")
    monkeypatch.setattr(cluster_module, "LOOK", 0.2)

    def refused(address):
        with pytest.raises(RunError) as caught:
            list(spread(chores.double, range(100), scheduler=address))
        told = str(caught.value)
        assert told.startswith(f"{address}: ") and "\n" not in told
        return told

    with cluster(workers=0, folder=tmp_path / "logs") as (address, processes):
        monkeypatch.setattr(cluster_module, "ALONE", 0.5)
        assert "has had no worker for" in refused(address)
        monkeypatch.setattr(cluster_module, "ALONE", DEADLINE)
        with worker(address, tmp_path / "first", [tmp_path / "other", TESTS]):
            assert "a worker runs Python" in refused(address)
        with worker(address, tmp_path / "second", [without(tmp_path / "lacking"), TESTS]):
            assert "a worker cannot do the work: ModuleNotFoundError: No module named 'csrbook'" in refused(address)
        with worker(address, tmp_path / "third", [LIB, TESTS]):
            answers = spread(chores.double, itertools.count(), scheduler=address)
            assert next(answers) == Answer(0, 0)
            end(processes[0])
            with pytest.raises(RunError, match="the Dask scheduler went away; see why it ended"):
                list(answers)
    assert capfd.readouterr().err == ""
