"""Start the command line as a person does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def csrbook(*arguments, cwd=ROOT):
    """Run the command line as a person would, and return what it printed."""
    command = [sys.executable, "-m", "csrbook", *map(str, arguments)]
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout
