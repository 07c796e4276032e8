"""Set-up: one list of dependencies, one lock without an address, a conda file that says the same, a Makefile."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from csrbook.plan import read_plan
from csrbook.site_cli import publish

ROOT = Path(__file__).parents[1]
PYPI_NAME = {"dask-core": "dask", "matplotlib-base": "matplotlib"}  # conda's name: PyPI's, where they differ
NOT_PYPI = {"python", "pip"}
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())
CONDA = [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]
PIP = [line for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict) for line in entry["pip"]]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DIRECT = [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]
PLAN = tomllib.loads((ROOT / "notebooks" / "plan.toml").read_text())
LOCK_TEXT = (ROOT / "requirements.lock").read_text()
PINS = [Requirement(line) for line in re.findall(r"^([\w.-]+==[^\\\n]+)", LOCK_TEXT, re.MULTILINE)]
LOCK = {
    canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in PINS if not pin.marker or pin.marker.evaluate()
}  # a package may be pinned twice, for an older Python and a newer


def requirement_of(conda: str) -> tuple[str, str]:
    name = re.match(r"[\w.-]+", conda).group()
    return canonicalize_name(PYPI_NAME.get(name, name)), conda[len(name) :]


def test_conda_file_names_the_same_dependencies_with_the_same_bounds():
    conda = {requirement_of(line) for line in CONDA if requirement_of(line)[0] not in NOT_PYPI}
    pip = {(canonicalize_name(r.name), str(r.specifier)) for r in map(Requirement, PIP[1:])}
    direct = {(canonicalize_name(r.name), str(r.specifier)) for r in map(Requirement, DIRECT)}
    assert conda | pip == direct and not conda & pip
    assert f"python{PROJECT['requires-python']}" in CONDA


def test_conda_file_has_the_shape_conda_wants():
    assert set(ENVIRONMENT) == {"name", "channels", "dependencies"}
    assert ENVIRONMENT["channels"] == ["conda-forge", "nodefaults"]
    assert PIP[0] == "-e ." and "pip" in CONDA


@pytest.mark.parametrize("line", CONDA)
def test_conda_can_read_it_and_the_lock_obeys_it(line):
    spec = rattler.MatchSpec(line, strict=True)
    name, _ = requirement_of(line)
    if name not in NOT_PYPI:
        assert rattler.VersionSpec(str(spec.version)).matches(rattler.Version(LOCK[name]))


@pytest.mark.parametrize("line", DIRECT)
def test_lock_holds_every_direct_dependency(line):
    requirement = Requirement(line)
    assert requirement.specifier.contains(LOCK[canonicalize_name(requirement.name)])


def test_lists_are_sorted_and_hold_nothing_twice():
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        assert lines == sorted(lines)
    names = [Requirement(line).name for line in DIRECT]
    assert len(names) == len(set(names))


def test_lock_has_hashes_and_no_address():
    pins = re.split(r"^(?=[\w.-]+==)", LOCK_TEXT, flags=re.MULTILINE)[1:]
    assert len(pins) > 100 and all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in LOCK_TEXT and "-index" not in LOCK_TEXT


def test_environment_is_the_locked_one():
    """What the tests run on is what the lock says."""
    wrong = {}
    for name in (canonicalize_name(Requirement(line).name) for line in DIRECT):
        if importlib.metadata.version(name) != LOCK[name]:
            wrong[name] = importlib.metadata.version(name)
    assert not wrong


def test_ci_runs_exactly_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    told = [line for line in script.read_text().splitlines() if not line.startswith("#")]
    assert told == ['cd "$(dirname "$0")/.." && exec make test']
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    assert workflow["jobs"]["test"]["steps"][-1]["run"] == ".ci/run"


# --- the workflow that shows the site ---

PAGES = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text())
STEPS = [step for job in PAGES["jobs"].values() for step in job["steps"]]


def test_pages_are_built_by_hand_and_every_week_and_by_nothing_else():
    when = PAGES[True]  # YAML reads `on` as true
    assert set(when) == {"workflow_dispatch", "schedule"}
    (cron,) = when["schedule"]
    minute, hour, day, month, weekday = cron["cron"].split()
    assert minute.isdigit() and hour.isdigit() and (day, month) == ("*", "*") and weekday.isdigit()


def test_pages_have_no_more_rights_than_they_need():
    assert PAGES["permissions"] == {"contents": "read"}
    build, deploy = PAGES["jobs"]["build"], PAGES["jobs"]["deploy"]
    assert build["permissions"] == {"contents": "read", "pages": "read"} and deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert deploy["needs"] == "build" and deploy["environment"] == {"name": "github-pages", "url": "${{ steps.deployment.outputs.page_url }}"}
    assert PAGES["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert all(job["timeout-minutes"] <= 40 for job in PAGES["jobs"].values())


def test_pages_are_made_by_the_commands_that_a_person_has():
    used = [step["uses"].partition("@") for step in STEPS if "uses" in step]
    names = ["actions/checkout", "actions/configure-pages", "actions/upload-pages-artifact", "actions/deploy-pages"]
    assert [name for name, _, _ in used] == names and all(re.fullmatch(r"v\d+", version) for _, _, version in used)
    assert {step["id"] for step in STEPS if "id" in step} == {"pages", "deployment"}
    runs = [step["run"] for step in STEPS if "run" in step]
    assert runs[0] == "make run" and runs[1].startswith("make publish SITE=outputs/site ") and not any("${{" in line for line in runs)
    upload = next(step for step in STEPS if step.get("uses", "").startswith("actions/upload-pages-artifact"))
    assert upload["with"] == {"path": "outputs/site"}


def test_pages_are_published_with_options_that_exist(checkout):
    step = next(step for step in STEPS if "publish" in step.get("run", ""))
    assert step["env"] == {"ADDRESS": "${{ steps.pages.outputs.base_url }}"}
    told = subprocess.run(["sh", "-ec", step["run"]], cwd=checkout, capture_output=True, text=True, env=os.environ | {"ADDRESS": "https://example.org/csr"})
    words = re.findall("<(.*?)>", told.stdout)  # make says more where it was started by another make
    assert words == ["-m", "csrbook", "publish", "--to", "outputs/site", "--with-texts", "--address", "https://example.org/csr"]
    assert {word for word in words[2:] if word.startswith("--")} <= {name for option in publish.params for name in option.opts}


# --- the notebooks as they are stored: nbval passes over one without outputs, so this is asked here ---


def stored_notebooks() -> list[Path]:
    return [step.file for step in read_plan(ROOT / "notebooks" / "plan.toml").steps]


def test_plan_names_every_numbered_notebook():
    assert stored_notebooks() == sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("name", [*(entry["file"] for entry in PLAN["notebook"]), "explore.ipynb"])
def test_stored_notebook_holds_its_outputs_and_no_time(name):
    stored = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))
    code = [c for c in stored["cells"] if c["cell_type"] == "code" and "".join(c["source"]).strip()]
    assert [c["execution_count"] for c in code] == list(range(1, len(code) + 1))
    assert any(c["outputs"] for c in code)
    assert stored["metadata"]["kernelspec"]["name"] == "python3"
    assert not {"papermill", "execution"} & {key for c in stored["cells"] for key in c["metadata"]}
    assert "widgets" not in stored["metadata"] and not (name == "explore.ipynb" and (ROOT / "notebooks" / name).stat().st_size > 300_000)


# --- the Makefile, in a folder with a space, with stand-ins for pip and csrbook ---


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout whose environment counts as set up and whose python only tells its arguments."""
    folder = tmp_path / "a checkout 空"
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    python = folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\nfor a in "$@"; do printf "<%s>" "$a"; done; echo\n')
    python.chmod(0o755)
    make(folder, "setup")
    lock = subprocess.run("cksum < requirements.lock", shell=True, cwd=folder, capture_output=True, text=True)
    (folder / ".venv" / ".installed").write_text(lock.stdout)
    return folder


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k not in ("SEEDS", "OUT", "ARGS", "PY", "SITE", "PORT", "PDF")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, env=kept | environment, timeout=60
    )


def test_make_lab_opens_the_explorer_on_a_first_run_and_asks_no_news(checkout):
    told = make(checkout, "lab", "ARGS=--no-browser").stdout
    assert "<-m><csrbook><run>" in told and told.rstrip().endswith("<--no-browser><notebooks/explore.ipynb>")
    (checkout / "outputs" / "latest").mkdir(parents=True)
    told = make(checkout, "lab").stdout
    assert "<run>" not in told and f"<--ServerApp.root_dir={checkout}>" in told
    settings = json.loads((checkout / ".venv/share/jupyter/lab/settings/overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_make_run_passes_folders_whole(checkout):
    told = make(checkout, "run", "SEEDS=my docs 'x' 空", "OUT=../elsewhere", "ARGS=--force")
    assert told.stdout.splitlines()[-1] == "<-m><csrbook><run><--seeds><my docs 'x' 空><--out><../elsewhere><--force>"
    assert make(checkout, "run").stdout.splitlines()[-1] == "<-m><csrbook><run>"


def test_make_shows_publishes_and_prints_what_it_is_told(checkout):
    def last(*arguments):
        return make(checkout, *arguments).stdout.splitlines()[-1]

    assert last("serve", "PORT=80 1", "OUT=my runs") == "<-m><csrbook><serve><--port><80 1><--out><my runs>" and last("serve") == "<-m><csrbook><serve>"
    assert last("publish") == "<-m><csrbook><publish><--to><outputs/site>"
    assert last("publish", "SITE=my site", "ARGS=--with-texts") == "<-m><csrbook><publish><--to><my site><--with-texts>"
    assert last("pdf") == "<-m><csrbook><pdf>" and last("pdf", "PDF=my 'brief.pdf") == "<-m><csrbook><pdf><--to><my 'brief.pdf>"


def test_make_again_installs_nothing(checkout):
    make(checkout, "setup")
    assert make(checkout, "setup").stdout == ""


def test_changed_lock_or_moved_folder_is_noticed(checkout):
    make(checkout, "setup")
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert "1/3 environment" in make(checkout, "--dry-run", "setup").stdout
    moved = checkout.with_name("moved")
    checkout.rename(moved)
    (moved / "requirements.lock").write_text((ROOT / "requirements.lock").read_text())
    assert "<--editable>" in make(moved, "setup").stdout


@pytest.mark.parametrize("missing", ["ensurepip", "venv"])
def test_python_that_makes_no_environment_gets_the_one_command(checkout, tmp_path, missing):
    (tmp_path / f"{missing}.py").write_text("raise ImportError\n")
    told = make(checkout, "environment", f"PY={sys.executable}", PYTHONPATH=str(tmp_path))
    assert told.returncode == 2 and "apt-get install -y python3-venv" in told.stderr


def test_absent_or_old_python_is_told(checkout):
    told = make(checkout, "environment", "PY=/nowhere/python3")
    assert told.returncode == 2 and "Python 3.11 or newer" in told.stderr


def test_make_alone_lists_the_targets(checkout):
    told = make(checkout).stdout
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"\.PHONY: (.+)", text).group(1).split()
    hidden = {"help", "setup", "environment", "chromium", "systemd-analyze"}
    assert all(f"make {target}" in told for target in targets if target not in hidden)
