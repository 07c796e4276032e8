"""The notebooks as they are stored: run in their order in the work folder, every cell still gives what is kept below it."""

import shutil
import subprocess
import sys

ASKED = ("-o", "addopts=", "-p", "no:cacheprovider", "-q", "--nbval", "--nbval-current-env", "--nbval-cell-timeout", "300")


def test_stored_notebooks_still_give_what_they_hold(root):
    notebooks = sorted((root / "notebooks").glob("0*.ipynb"))
    shutil.rmtree(root / "outputs" / "work", ignore_errors=True)  # what an earlier run left there must not help
    command = [sys.executable, "-m", "pytest", *ASKED, "--nbval-sanitize-with", root / "tests" / "nbval_sanitize.cfg", *notebooks]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert len(notebooks) == 6 and ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
