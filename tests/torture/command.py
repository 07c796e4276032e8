"""The command line with another clock, or without pages for notebooks that make no tables; it says when it hears signals, and when it is done.

    CSRBOOK_CLOCK=2020-01-01T00:00:00+00:00 CSRBOOK_TINY=1 python tests/torture/command.py run --plan ...
"""

import contextlib
import datetime
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from csrbook import cli, runner


def write_page(folder: Path, record: object, before: Path | None) -> Path:
    """Stand in for the pages."""
    (folder / "index.html").write_text("page", encoding="utf-8")
    return folder / "index.html"


if clock := os.environ.get("CSRBOOK_CLOCK"):
    runner._now = lambda: datetime.datetime.fromisoformat(clock)
if os.environ.get("CSRBOOK_TINY"):
    cli._finish, cli._make_crate, cli._changes_of = write_page, lambda folder: folder, lambda folder: ""
if ready := os.environ.pop("CSRBOOK_READY", ""):
    heed = cli.heed

    @contextlib.contextmanager
    def told() -> Iterator[None]:
        """Tell by files when signals are heeded, and when the work is done."""
        with heed():
            Path(ready).touch()
            try:
                yield
            finally:
                if not isinstance(sys.exc_info()[1], KeyboardInterrupt):
                    Path(f"{ready}.over").touch()

    cli.heed = told
cli.main(prog_name="csrbook")
