"""Start the command line as a person does."""

import os
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


def quick_environment(folder: Path) -> dict[str, str]:
    """Return the environment with that module out of reach which costs other programs of Jupyter a second each: see engine.py."""
    folder.mkdir()
    (folder / "rfc3987_syntax.py").write_text("raise ImportError\n")
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))}
