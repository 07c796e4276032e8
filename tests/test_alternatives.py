"""alternatives: a notebook run once for every other choice, two at a time, each kept for itself."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest

from csrbook.alternatives import list_alternatives
from csrbook.errors import RunError, UsageError
from csrbook.plan import read_plan
from csrbook.progress import Progress
from csrbook.runner import run_workbook
from csrbook.storing import store_notebooks

TINY = Path(__file__).parent / "notebooks"
GRID = 'grid = { way = ["left", "right", "straight"], steps = [1, 2] }'


@pytest.fixture(scope="module", autouse=True)
def library():
    """A library that does not change while it is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("csrbook.runner.digest_library", lambda lock: {"library": "0" * 64, "lexicons": "1" * 64})
        yield


@pytest.fixture
def plan(tmp_path):
    """A plan of one notebook with a grid, in a folder that no template and no shell would like."""
    return make_plan(tmp_path / "a {x} 空", GRID)


@pytest.fixture(scope="module")
def runs(tmp_path_factory, library):
    """The folder of runs of such a plan, run once."""
    return run(make_plan(tmp_path_factory.mktemp("made") / "a {x} 空", GRID)).folder.parent


@pytest.fixture
def first(plan, runs):
    """The folder of the first run of the plan."""
    out = shutil.copytree(runs, plan.parent.parent / "outputs", symlinks=True)
    return out / os.readlink(out / "latest")


def make_plan(folder, *lines):
    (folder / "notebooks").mkdir(parents=True)
    shutil.copy(TINY / "03_ways.ipynb", folder / "notebooks")
    path = folder / "notebooks" / "plan.toml"
    path.write_text("\n".join(['[[notebook]]\nfile = "03_ways.ipynb"\nwrites = ["03-ways"]', *lines]))
    return path


def run(plan, **options):
    return run_workbook(plan, **({"out": plan.parent.parent / "outputs"} | options))


def record_of(folder):
    return json.loads((folder / "run.json").read_text())["notebooks"][0]


def ways(folder):
    return {p.parent.name: p.read_text() for p in folder.glob("03-ways/choices/*/way.txt")}


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.name != "run.json"}


WAYS = {"way-right": "right 1", "way-straight": "straight 1", "steps-2": "left 2"}


# --- which alternatives there are ---


def test_one_choice_is_changed_at_a_time(plan):
    (step,) = read_plan(plan).steps
    assert [one.name for one in list_alternatives(step, {"way": "left", "steps": 1})] == list(WAYS)
    given = list_alternatives(step, {"way": "right", "steps": 7})
    assert [dict(one.changed) for one in given] == [{"way": "left"}, {"way": "straight"}, {"steps": 1}, {"steps": 2}]


def test_the_product_holds_every_combination_but_the_run_itself(tmp_path):
    (step,) = read_plan(make_plan(tmp_path, "product = true", GRID)).steps
    every = list_alternatives(step, {"way": "left", "steps": 1})
    assert [one.name for one in every] == ["steps-2", "way-right", "way-right+steps-2", "way-straight", "way-straight+steps-2"]


def test_names_are_safe_and_apart(tmp_path):
    (step,) = read_plan(make_plan(tmp_path, 'grid = { fail = ["a/b", "a b", "..", ""] }')).steps
    assert [one.name for one in list_alternatives(step, {"fail": "x"})] == ["fail-a_b", "fail-a_b-", "fail-none", "fail-none-"]


# --- runs ---


def test_a_run_holds_its_alternatives_and_reads_them(plan):
    outcome = run(plan)
    assert outcome.ran == ("03-ways.ipynb",) and ways(outcome.folder) == WAYS
    assert (outcome.folder / "03-ways" / "all.txt").read_text() == "left 2\nright 1\nstraight 1"
    told = record_of(outcome.folder)["alternatives"]
    assert list(told) == list(WAYS) and all(one["seconds"] > 0 and len(one["files"]) == 2 for one in told.values())
    assert nbformat.read(outcome.folder / "03-ways" / "choices" / "steps-2" / "03-ways.ipynb", 4).cells[-1].execution_count == 5
    assert not [p for p in outcome.folder.rglob(".*")]


def test_the_same_bytes_twice_also_with_the_stock_engine(plan, first):
    before = files_of(first)
    assert files_of(run(plan, force=True).folder) == before == files_of(run(plan, force=True, engine="stock").folder)


def test_unchanged_alternatives_are_not_run_again(plan, first):
    again = run(plan)
    assert again.folder == first and again.ran == ()


def test_other_given_values_run_what_is_not_there_yet(plan, first):
    outcome = run(plan, parameters={"way": "right"})
    assert ways(outcome.folder) == {"way-left": "left 1", "way-straight": "straight 1", "steps-2": "right 2"}
    ran = {name: one["seconds"] for name, one in record_of(outcome.folder)["alternatives"].items()}
    back = record_of(run(plan, parameters={"way": "right"}, force=True).folder)["alternatives"]
    assert ran.keys() == back.keys()


def test_a_value_added_to_the_grid_runs_alone(plan, first):
    before = record_of(first)["alternatives"]
    plan.write_text(plan.read_text().replace("[1, 2]", "[1, 2, 3]"))
    outcome = run(plan)
    after = record_of(outcome.folder)["alternatives"]
    assert {name: after[name] for name in before} == before and ways(outcome.folder)["steps-3"] == "left 3"
    assert outcome.ran == ("03-ways.ipynb",) and "left 3" in (outcome.folder / "03-ways" / "all.txt").read_text()


@pytest.mark.parametrize("damage", ["edited", "removed"])
def test_a_damaged_alternative_is_made_again(plan, first, damage):
    file = first / "03-ways" / "choices" / "steps-2" / "way.txt"
    file.write_text("tampered") if damage == "edited" else file.unlink()
    assert ways(run(plan).folder) == WAYS


def test_a_failing_alternative_is_named_and_latest_stays(plan, first):
    with pytest.raises(RunError, match=r"03_ways.ipynb \(way-right\), cell \[4\]: AssertionError: stop here.*latest is as it was") as caught:
        run(plan, parameters={"fail": "way-right"})
    out = plan.parent.parent / "outputs"
    assert "\n" not in str(caught.value) and os.readlink(out / "latest") == first.name
    assert len(list(out.glob("*.failed/03-ways/choices/way-right/03-ways.failed.ipynb"))) == 1


def test_an_alternative_that_writes_elsewhere_is_refused(plan):
    with pytest.raises(RunError, match="an alternative wrote or changed 03-ways/elsewhere; only its folder in 03-ways/choices"):
        run(plan, parameters={"fail": "stray"})


def test_progress_counts_every_cell_of_every_alternative(plan):
    class Count(Progress):
        def __init__(self):
            self.cells, self.told = 0, []

        def begin(self, steps, cells):
            self.told.append((steps, cells))

        def cell(self):
            self.cells += 1

        def step(self, name, cells, done):
            self.told.append((name, cells))

    seen = Count()
    run(plan, progress=seen)
    assert seen.told == [(1, 16), ("03-ways.ipynb, 3 alternatives", 16)]
    assert seen.cells >= 16


def test_stored_notebooks_read_alternatives_too(plan):
    folder = plan.parent
    (folder / "03-ways" / "choices" / "way-gone").mkdir(parents=True)
    (folder / "03-ways" / "choices" / "way-gone" / "way.txt").write_text("of an old grid")
    store_notebooks(read_plan(plan))
    stored = nbformat.read(folder / "03_ways.ipynb", 4)
    assert stored.cells[-1].outputs[0].data["text/plain"] == "['left 2', 'right 1', 'straight 1']"
    assert ways(folder) == WAYS


# --- what a plan and a parameters cell may say ---


@pytest.mark.parametrize(
    "line, told",
    [
        ("grid = { wya = ['left'] }", "no parameter for the grid 'wya'; there is fail, steps, way; did you mean way?"),
        ("grid = { run_dir = ['x'] }", "no parameter for the grid 'run_dir'"),
        ("grid = { variant = ['x'] }", "no parameter for the grid 'variant'"),
        ("grid = { way = ['lfet'] }", "plan.toml, 03_ways.ipynb, grid: parameter way is 'lfet'; one of left, right, straight, no where; did you mean left?"),
        ("grid = { steps = ['1'] }", "parameter steps is '1'; a value of type int"),
        ("grid = { way = 'left' }", "lists of values by parameter"),
        ("grid = { way = [] }", "lists of values by parameter"),
        ("grid = ['way']", "lists of values by parameter"),
        ("product = 'yes'\ngrid = { way = ['left'] }", "product is 'yes'; true or false"),
        ("product = true", "product is True; true or false, beside a grid"),
    ],
)
def test_grid_that_does_not_fit_is_refused(tmp_path, line, told):
    with pytest.raises(UsageError) as caught:
        read_plan(make_plan(tmp_path, line))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('variant: str = \\"\\"', 'other: str = \\"\\"', "has a grid and no parameter variant"),
        ('\\"left\\"  #', '\\"lost\\"  #', "parameter way is 'lost'; one of left, right, straight, no where"),
    ],
)
def test_parameters_that_do_not_fit_a_grid_are_refused(plan, old, new, told):
    file = plan.parent / "03_ways.ipynb"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(UsageError, match=told):
        read_plan(plan)


def test_a_grid_needs_a_folder_to_write_into(plan):
    plan.write_text(plan.read_text().replace('writes = ["03-ways"]', ""))
    with pytest.raises(UsageError, match="has a grid and writes nothing"):
        read_plan(plan)


@pytest.mark.parametrize(
    "given, told",
    [
        ({"way": "rihgt"}, "-p way: parameter way is 'rihgt'; one of left, right, straight, no where; did you mean right?"),
        ({"way": ""}, "parameter way is ''"),
        ({"variant": "x"}, "variant: is set by the runner"),
    ],
)
def test_a_value_that_is_no_choice_is_refused_before_anything_runs(plan, given, told):
    with pytest.raises(UsageError) as caught:
        run(plan, parameters=given)
    assert told in str(caught.value) and not (plan.parent.parent / "outputs").exists()


def test_choices_of_one_name_are_the_same_everywhere(tmp_path):
    plan = make_plan(tmp_path)
    text = (plan.parent / "03_ways.ipynb").read_text()
    (plan.parent / "04_ways.ipynb").write_text(text.replace(", straight", ""))
    plan.write_text(plan.read_text() + '\n[[notebook]]\nfile = "04_ways.ipynb"\nwrites = ["04-ways"]')
    with pytest.raises(UsageError, match="way is one of left, right, no where; one of left, right, straight, no where, as elsewhere"):
        read_plan(plan)


def test_choices_told_in_one_notebook_hold_for_all(tmp_path):
    plan = make_plan(tmp_path)
    text = (plan.parent / "03_ways.ipynb").read_text()
    (plan.parent / "04_ways.ipynb").write_text(text.replace("; one of: left, right, straight, \\\"no where\\\"", ""))
    plan.write_text(plan.read_text() + '\n[[notebook]]\nfile = "04_ways.ipynb"\nwrites = ["04-ways"]')
    assert read_plan(plan).parameters["way"].choices == ("left", "right", "straight", "no where")
