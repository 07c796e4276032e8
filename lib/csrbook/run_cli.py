"""What `csrbook run` does around a run: the log, the line of summary or the JSON, old runs removed, the exit code.

    sys.exit(carry_out(Asked(out=Path("outputs")), work))

In      what the person asked for; `work`, which runs the notebooks and reports its progress.
Out     one line a matter on stderr, the page to open or one JSON object on stdout; a log; the exit code.
Never   runs a notebook itself, prints when nothing changed and --if-changed asked so, or lets a log or an old run spoil a good run.
Needs   corrections_cli, errors, exits, interrupts, progress, retention, run_logs, summaries, terminals; click.  Used by cli.
"""

import contextlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from csrbook.corrections_cli import tell_open
from csrbook.errors import CsrbookError, UsageError
from csrbook.exits import BAD_USE, DONE, LOOK, code_of, read_findings
from csrbook.interrupts import Interrupted
from csrbook.progress import Both, Progress, shown
from csrbook.terminals import hand_over, near, say

__all__ = ["Asked", "RunCommand", "carry_out"]

FORMAT = 1  # of the JSON object
DEFAULT = "orphans"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run is to be told of: the options of `csrbook run` that its results do not depend on."""

    out: Path
    force: bool = False
    if_changed: bool = False
    fail_on: str = DEFAULT
    keep: int | None = None
    as_json: bool = False

    def check(self) -> None:
        """Refuse what does not fit together, before anything runs."""
        if self.force and self.if_changed:
            raise UsageError("--force", "was given with --if-changed", "one of the two", "--force runs also when nothing changed")
        if self.keep is not None and self.keep < 1:
            raise UsageError("--keep", f"{self.keep} was given", "1 or more", "1 keeps the latest run alone")
        read_findings(self.fail_on)


class RunCommand(click.Command):
    """Tells arguments that do not parse as JSON too, where --json is among them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if "--json" in given:
                told = UsageError("csrbook run", error.format_message(), advice="csrbook run -h lists the options")
                hand_over(json.dumps(_failed(told, None), ensure_ascii=False))
            raise


def carry_out(asked: Asked, work: Callable[[Progress, Callable[[Mapping], None]], Any]) -> int:
    """Run, and tell what came of it; return the exit code. `work` gets what to report its progress to, and its parameters.

    Raises
    ------
    Exception
        Whatever stopped the run: it stands in the log, and on stdout where JSON was asked for.
    """
    from csrbook.run_logs import RunLog

    begun, log = time.monotonic(), RunLog(asked.out, ["csrbook", *sys.argv[1:]])
    try:
        asked.check()
        outcome = work(Both(shown(), log), log.parameters)
    except BaseException as error:
        code = code_of(error) if isinstance(error, Exception) else None
        log.fail(error, code)
        _trim(asked.out)
        if log.begun and log.path:
            say(f"log: {near(log.path)}")
        if asked.as_json and isinstance(error, Exception | Interrupted):
            hand_over(json.dumps(_failed(error, log.path) | {"seconds": round(time.monotonic() - begun, 2)}, ensure_ascii=False))
        raise
    return _tell(asked, outcome, log)


def _tell(asked: Asked, outcome: Any, log: Any) -> int:
    """Say what was done, as far as it is news, and return the exit code."""
    from csrbook.summaries import summarise

    removed, kept = _remove(asked)
    if asked.if_changed and not log.begun and not asked.as_json:
        return DONE
    summary = summarise(outcome.folder)
    found = summary.to_look_at(read_findings(asked.fail_on))
    code = LOOK if found and (log.begun or not asked.if_changed) else DONE
    page = near(asked.out / "latest" / (outcome.page.name if outcome.page else ""))
    lines = [
        summary.changes["line"] if outcome.ran else "",
        f"removed {_count(len(removed), 'old run')}: {', '.join(removed)}" if removed else "",
        kept,
        _sum_up(summary, outcome, page, begun=log.begun), f"to look at: {', '.join(found)}" if found else "", tell_open(outcome.folder),
    ]  # fmt: skip
    if log.begun or not asked.if_changed:
        for line in filter(None, lines):
            say(line)
    if log.begun:
        for line in filter(None, lines):
            log.tell(line)
        log.close(code)
    _trim(asked.out)
    done = _done(outcome, summary, log, code=code, found=found, removed=removed)
    hand_over(json.dumps(done, ensure_ascii=False) if asked.as_json else str(page), f"the run is whole: {page}")
    return code


def _sum_up(summary: Any, outcome: Any, page: Path, *, begun: bool) -> str:
    """Return the line of summary: counts, notebooks, seconds, where to look."""
    done = f"{_count(len(outcome.ran), 'notebook')} run, {len(outcome.copied)} unchanged, {outcome.seconds:.0f} s"
    if not begun:
        done = f"nothing changed since {outcome.folder.name}; --force runs all the same"
    return "; ".join(part for part in (summary.line, done, f"see {page}") if part)


def _done(outcome: Any, summary: Any, log: Any, *, code: int, found: Sequence[str], removed: Sequence[str]) -> dict[str, Any]:
    """Return the JSON object of a run that is whole."""
    return _object(
        state="done" if log.begun else "unchanged", run=outcome.folder.name, folder=str(outcome.folder), exit=code,
        page=str(outcome.page) if outcome.page else None, counts=dict(summary.counts), changes=dict(summary.changes),
        to_look_at=list(found), notebooks={"run": list(outcome.ran), "unchanged": list(outcome.copied)},
        seconds=round(outcome.seconds, 2), removed=list(removed), log=str(log.path) if log.path else None,
    )  # fmt: skip


def _failed(error: BaseException, log: Path | None) -> dict[str, Any]:
    """Return the JSON object of a run that failed, was interrupted, or was refused before it began."""
    if isinstance(error, Interrupted):
        told = {"kind": "Interrupted", "where": "csrbook run", "what": error.name, "expected": "", "advice": "run again"}
        return _object(state="interrupted", exit=error.code, log=str(log) if log else None, error=told)
    known = isinstance(error, CsrbookError)
    where, what = (error.where, error.what) if known else (type(error).__name__, str(error))
    told = {"kind": type(error).__name__, "where": where, "what": what}
    told |= {"expected": error.expected, "advice": error.advice} if known else {"expected": "", "advice": "see --debug"}
    code = code_of(error)
    return _object(state="refused" if code == BAD_USE else "failed", exit=code, log=str(log) if log else None, error=told)


def _object(**told: Any) -> dict[str, Any]:
    """Return the JSON object with every key, those that are not told as null."""
    keys = ("state", "exit", "run", "folder", "page", "counts", "changes", "to_look_at", "notebooks", "seconds", "removed", "log", "error")
    return {"format": FORMAT} | dict.fromkeys(keys) | told


def _remove(asked: Asked) -> tuple[tuple[str, ...], str]:
    """Remove old runs where that was asked for; return their names, and a line where it could not be done."""
    if asked.keep is None:
        return (), ""
    from csrbook.retention import remove_old

    try:
        return remove_old(asked.out, asked.keep), ""
    except (CsrbookError, OSError) as error:  # the run itself is whole
        return (), f"old runs were not removed: {error}"


def _trim(out: Path) -> None:
    from csrbook.retention import trim_logs

    with contextlib.suppress(OSError):
        trim_logs(out)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
