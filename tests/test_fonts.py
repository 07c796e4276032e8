"""fonts: a program that asks fontconfig finds the font of Chinese, and still all that the machine has."""

import os
import shutil
import subprocess
from xml.etree import ElementTree

import pytest

from csrbook.fonts import chinese_font, tell_fonts


@pytest.mark.parametrize("own, included", [("", "fonts.conf"), ("/my/fonts & more.conf", "/my/fonts & more.conf")])
def test_own_fonts_of_the_machine_stay(tmp_path, monkeypatch, own, included):
    monkeypatch.setenv("FONTCONFIG_FILE", own)
    monkeypatch.setenv("FONTCONFIG_PATH", "/etc/other")
    told = tell_fonts(tmp_path)
    root = ElementTree.parse(told["FONTCONFIG_FILE"]).getroot()
    assert (root.findtext("include"), root.findtext("dir")) == (included, str(chinese_font().parent))
    assert told["FONTCONFIG_PATH"] == "/etc/other"


def test_fontconfig_itself_finds_both(tmp_path, chromium):
    """Where there is a Chromium there is fontconfig; its own program tells what it found."""
    listed = shutil.which("fc-list")
    if not listed:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no fc-list: apt-get install fontconfig")
    told = subprocess.run([listed, ":", "file"], env=os.environ | tell_fonts(tmp_path), capture_output=True, text=True, check=True).stdout
    usual = subprocess.run([listed, ":", "file"], capture_output=True, text=True, check=True).stdout
    assert str(chinese_font()) in told and str(chinese_font()) not in usual
    assert set(usual.splitlines()) <= set(told.splitlines())
