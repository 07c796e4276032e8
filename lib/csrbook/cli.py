"""The command line: `csrbook run`, `csrbook extract seeds`, `csrbook explain "nearly 3.4 billion yuan"`.

In      arguments.
Out     results to stdout, messages to stderr; exit 0 done or nothing new, 1 an error told in one
        line, 2 bad use or nothing to read, 3 done, with something to look at.
Never   computes anything itself, or shows a traceback without --debug.
Needs   every module, each imported by the command that uses it, so that -h is quick.
"""

import errno
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import click

from csrbook import __version__
from csrbook.arguments import FOLDER, ROOT, jsonl_option, out_option
from csrbook.corrections_cli import corrections
from csrbook.errors import CsrbookError, UsageError
from csrbook.exits import code_of
from csrbook.harvest_cli import harvest
from csrbook.interrupts import Interrupted, heed
from csrbook.read_cli import explain, extract, ledger, print_rows, reconcile, score
from csrbook.run_cli import Asked, RunCommand, carry_out
from csrbook.schedule_cli import schedule
from csrbook.site_cli import pdf, publish, serve
from csrbook.terminals import prepare, say

__all__ = ["main"]

# the order in which a person needs them; a test holds that every command stands here
SECTIONS = {
    "Run the workbook": ("run", "changes", "schedule", "check", "notebooks"),
    "Show and share a run": ("serve", "publish", "pdf"),
    "Correct what was read": ("corrections",),
    "Read documents without a run": ("extract", "ledger", "reconcile", "explain", "score", "harvest"),
}


class Commands(click.Group):
    """Lists commands by what they are for, and turns every error into one line and its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for names in SECTIONS.values() for name in names]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(200)) for name in names])

    def invoke(self, ctx: click.Context) -> object:
        prepare()
        try:
            with heed():
                return super().invoke(ctx)
        except Interrupted as told:
            advice = "latest is as it was; the next run clears up, run again" if ctx.invoked_subcommand == "run" else "run again"
            say(f"interrupted ({told.name}); {advice}")
            sys.exit(told.code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params.get("debug") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            known = isinstance(error, CsrbookError)
            say(str(error) if known else f"unexpected {type(error).__name__}: {error} (see --debug)")
            sys.exit(code_of(error))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__)
def main(debug: bool) -> None:
    """Find every figure that CSR articles and reports state, each tied to its sentence.

    Example: csrbook run --seeds my-documents; csrbook run -h tells more.
    """


plan_option = click.option("--plan", default=ROOT / "notebooks" / "plan.toml", type=FOLDER, help="Another plan.toml.")


@main.command(cls=RunCommand)
@click.option("--seeds", type=FOLDER, help="Folder of documents; the shipped corpus when absent.")
@out_option
@click.option("-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A notebook's parameter; `csrbook check` lists them.")
@click.option("--engine", type=click.Choice(["warm", "own", "stock"]), default="warm", help="Kernels: forked, own, or papermill's.")
@click.option("--force", is_flag=True, help="Run everything, also when nothing changed.")
@click.option("--if-changed", is_flag=True, help="For schedules: when nothing changed, print nothing and exit 0.")
@click.option("--fail-on", default="orphans", show_default=True, metavar="LIST", help="Exit 3 for conflicts,orphans,unread, or none.")
@click.option("--keep", type=int, metavar="N", help="Remove old runs but the latest and the N-1 before it; all stay when absent.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, also of a run that fails.")
@plan_option
def run(seeds: Path | None, given: tuple, engine: str, plan: Path, **asked: object) -> None:
    """Run the notebooks on a folder of documents.

    The results lie in OUT/latest, which is told at the end, and a log of the run in OUT/logs.

    \b
    Exit 0  done, or nothing changed
         1  failed; OUT/latest is as it was
         2  bad use, or nothing to read
         3  done, with something to look at (--fail-on): conflicts between
            sources, orphans (rows of corrections.csv that do not hold),
            unread files

    3 stays until the matter is settled; with --if-changed only the run that finds it says so.

    Example: csrbook run --seeds my-documents --out my-results
    """
    from csrbook.plan import read_plan, resolve
    from csrbook.runner import run_workbook

    def work(progress: object, note: Callable):
        read = read_plan(plan)
        values = _read_given(read, given, seeds)
        note(resolve(read, values))
        return run_workbook(
            read, out=asked["out"], parameters=values, engine=engine, force=asked["force"], finish=_finish, seal=_make_crate,
            progress=progress,
        )  # fmt: skip

    sys.exit(carry_out(Asked(**asked), work))


@main.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@out_option
@jsonl_option
def changes(old: str | None, new: str | None, out: Path, jsonl: bool) -> None:
    """Print what changed from one run to another, and what caused it.

    OLD and NEW are names of runs in the folder of all runs, or paths of runs; without NEW the latest one, without OLD the
    one before it.

    Example: csrbook changes
    """
    from csrbook.changes import compare_runs
    from csrbook.snapshots import choose_runs

    comparison = compare_runs(*choose_runs(out, old, new))
    click.echo(comparison.line, err=True)
    print_rows(comparison.rows, ("kind", "cause", "doc", "field", "before", "after", "quotation_after"), jsonl)


@main.command()
@plan_option
def check(plan: Path) -> None:
    """List the parameters; check plan, notebooks and lexicons.

    Example: csrbook check
    """
    from csrbook.lexicon import load_lexicons
    from csrbook.plan import read_plan

    lexicons, read = load_lexicons(), read_plan(plan)
    lexicons.check()
    for one in read.parameters.values():
        click.echo(f"-p {one.name} {one.default!r}  {one.type}; {one.help}")
    click.echo(f"lexicons {lexicons.digest[:12]} load; {plan.name} and its {len(read.steps)} notebooks agree", err=True)


@main.command()
@plan_option
def notebooks(plan: Path) -> None:
    """Run the notebooks in place, and store them with their outputs.

    The charts in the README are renewed as well.

    Example: csrbook notebooks
    """
    from csrbook.locks import hold
    from csrbook.plan import read_plan
    from csrbook.progress import shown
    from csrbook.storing import store_notebooks

    home, read = plan.resolve().parent.parent, read_plan(plan)
    aside = plan.resolve().parent / ".ipynb_checkpoints"  # git passes it over
    aside.mkdir(exist_ok=True)
    with hold(aside, "storing notebooks"):
        store_notebooks(read, progress=shown())
    for chart in sorted((home / "outputs" / "work" / "05-chart").glob("*.png")):
        if (picture := home / "docs" / "img" / chart.name).exists():
            shutil.copyfile(chart, picture)


for command in (schedule, serve, publish, pdf, corrections, extract, ledger, reconcile, explain, score, harvest):
    main.add_command(command)


def _read_given(plan: object, given: Iterable[tuple[str, str]], seeds: Path | None) -> dict[str, object]:
    """Return the -p values by their declared types; --seeds is short for -p seeds."""
    from csrbook.plan import read_text

    values: dict[str, object] = {}
    for name, text in [*given, *([("seeds", str(seeds))] if seeds is not None else [])]:
        if name in values:
            raise UsageError(f"-p {name}", "was given twice")
        values[name] = read_text(plan.parameters[name], text) if name in plan.parameters else text
    return values


def _finish(folder: Path, record: Mapping, before: Path | None) -> Path:
    """Compare with the run before, put the tables together and describe them, then make the pages, one of which tells what changed."""
    from csrbook.annotations import write_annotations
    from csrbook.changes import write_changes
    from csrbook.datapackage import write_package
    from csrbook.evidence import read_run
    from csrbook.exports import write_run_workbook
    from csrbook.share import make_pages

    write_changes(folder, record, before)
    write_run_workbook(folder)
    write_package(folder)
    run = read_run(folder)
    write_annotations(run)
    return make_pages(run)


def _make_crate(folder: Path) -> Path:
    from csrbook.crate import write_crate

    return write_crate(folder)
