"""Fixtures of all tests, and the rule that CI may not skip what a person may."""

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# nothing here is timed: an example may take as long as a busy machine makes it
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# see engine.py: importing this costs over a second and serves one rarely used format
sys.modules.setdefault("rfc3987_syntax", None)

ROOT = Path(__file__).resolve().parents[1]


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


@pytest.fixture
def offline(monkeypatch):
    """No address can be reached, and asking for one is an error."""

    def refuse(*arguments, **more):
        raise AssertionError("a file was not enough")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
