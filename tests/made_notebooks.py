"""Notebooks made of a few cells, and a look at processes, for tests of kernels.

    write_book(tmp_path / "one.ipynb", "1 + 1", ("1 / 0", "raises-exception"))
"""

import time
from pathlib import Path

import nbformat


def write_book(path: Path, *cells: str | tuple[str, str]) -> Path:
    """Write a notebook with a parameters cell and these cells of code, each a source or a source with a tag; return its path."""
    made = [nbformat.v4.new_code_cell('run_dir: str = "."  # folder of the run', id="parameters", metadata={"tags": ["parameters"]})]
    for number, cell in enumerate(cells):
        source, *tags = (cell,) if isinstance(cell, str) else cell
        made.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}", metadata={"tags": tags}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), path)
    return path


def wait_for(condition, seconds: float = 30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
