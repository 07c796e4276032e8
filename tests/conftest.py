"""Fixtures of all tests, and the rule that CI may not skip what a person may."""

import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import settings

# nothing here is timed: an example may take as long as a busy machine makes it
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# see engine.py: importing this costs over a second and serves one rarely used format
sys.modules.setdefault("rfc3987_syntax", None)

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


# Files that take longest, longest first: begun at once, they leave no worker alone with minutes of work at the end.
LONGEST = (
    "test_workbook.py", "test_lab.py", "test_whole_run.py", "test_runner.py", "test_changed_runs.py", "test_other_runs.py", "test_stored_notebooks.py",
    "test_papermill.py", "test_mentions.py", "test_samples.py", "test_alternatives.py", "test_pages.py", "test_bench.py", "test_corrections_cli.py",
    "test_lab_jobs.py", "test_cli.py", "test_site.py", "test_training.py",
)  # fmt: skip


def pytest_configure(config):
    # a job of a script in the background is deaf to SIGINT, and so would be all that the tests start
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.option.loadscopereorder = False  # xdist would begin with the files of the most tests, which are the quickest ones


def pytest_collection_modifyitems(items):
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a real Chromium; absent, CI fails and a person's run skips."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        told = "no Chromium: apt-get install chromium, or set CHROMIUM to a browser's path"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(told)
    return found


@pytest.fixture(scope="session")
def browser(chromium, tmp_path_factory):
    """The one browser of all browser tests of a worker; it draws Chinese, whatever fonts the machine has."""
    from playwright.sync_api import sync_playwright

    from csrbook.fonts import tell_fonts

    with sync_playwright() as playwright:
        env = os.environ | tell_fonts(tmp_path_factory.mktemp("fonts"))
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM, env=env)
        yield opened
        opened.close()


@pytest.fixture
def offline(monkeypatch):
    """No address can be reached, and asking for one is an error."""

    def refuse(*arguments, **more):
        raise AssertionError("a file was not enough")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
