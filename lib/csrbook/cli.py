"""The command line: `csrbook run`, `csrbook extract seeds`, `csrbook explain "nearly 3.4 billion yuan"`.

In      arguments.
Out     results to stdout, messages to stderr; exit 0 done or nothing new, 1 an error told in one
        line, 2 bad use or nothing to read, 3 done and a decision of corrections.csv to look at.
Never   computes anything itself, or shows a traceback without --debug.
Needs   every module, each imported by the command that uses it, so that -h is quick.
"""

import dataclasses
import errno
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from csrbook import __version__
from csrbook.corrections_cli import LOOK, corrections, tell_open
from csrbook.errors import CsrbookError, DocumentError, NothingToRead, UsageError
from csrbook.site_cli import pdf, publish, serve

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
LEXICONS = Path(__file__).resolve().parent / "lexicons"


class Commands(click.Group):
    """Turns every error into one line and its exit code."""

    def invoke(self, ctx: click.Context) -> object:
        if sys.stdout.encoding.lower() != "utf-8" or sys.stdout.errors == "strict":
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # a file name may hold any byte
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params.get("debug") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            known = isinstance(error, CsrbookError)
            click.echo(str(error) if known else f"unexpected {type(error).__name__}: {error} (see --debug)", err=True)
            sys.exit(2 if isinstance(error, UsageError | NothingToRead) else 1)


class Language(click.ParamType):
    """A language that has a lexicon."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = sorted(path.stem for path in LEXICONS.glob("??.toml"))
        return click.Choice(known).convert(value, param, ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__)
def main(debug: bool) -> None:
    """Find every figure that CSR articles and reports state, each tied to its sentence.

    Example: csrbook run --seeds my-documents
    """


paths_argument = click.argument("paths", nargs=-1, required=True, metavar="FILE_OR_DIR...", type=click.Path(path_type=Path))
language_option = click.option("--language", type=Language(), help="Take every document as this language.")
limit_option = click.option("--limit-mb", default=200, show_default=True, help="Refuse larger files.")
jsonl_option = click.option("--jsonl", is_flag=True, help="JSON Lines also on a terminal; elsewhere always.")
plan_option = click.option(
    "--plan", default=ROOT / "notebooks" / "plan.toml", type=click.Path(path_type=Path), help="Another plan.toml."
)


@main.command()
@click.option("--seeds", type=click.Path(path_type=Path), help="Folder of documents; the shipped corpus when absent.")
@click.option("--out", default=ROOT / "outputs", type=click.Path(path_type=Path), help="Folder of all runs.")
@click.option("-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="A notebook's parameter; `csrbook check` lists them.")
@click.option("--engine", type=click.Choice(["own", "stock"]), default="own", help="stock: papermill's own kernels.")
@click.option("--force", is_flag=True, help="Run everything, also when nothing changed.")
@plan_option
def run(seeds: Path | None, out: Path, given: tuple, engine: str, force: bool, plan: Path) -> None:
    """Run the notebooks on a folder of documents and say where to look.

    Example: csrbook run --seeds my-documents --out my-results
    """
    from csrbook.plan import read_plan
    from csrbook.runner import run_workbook

    read = read_plan(plan)
    values = _read_given(read, given, seeds)
    outcome = run_workbook(
        read, out=out, parameters=values, engine=engine, force=force, finish=_finish, seal=_make_crate, progress=_progress()
    )
    _tell(outcome, out)
    if told := tell_open(outcome.folder):
        click.echo(told, err=True)
        sys.exit(LOOK)


@main.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--out", default=ROOT / "outputs", type=click.Path(path_type=Path), help="Folder of all runs.")
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
    _print(comparison.rows, ("kind", "cause", "doc", "field", "before", "after", "quotation_after"), jsonl)


@main.command()
@paths_argument
@language_option
@limit_option
@jsonl_option
@click.option("--corrected", is_flag=True, help="Apply the corrections.csv beside the documents; else the machine's own reading.")
def extract(paths: tuple[Path, ...], language: str | None, limit_mb: int, jsonl: bool, corrected: bool) -> None:
    """Print one record for every quantity that the documents state, as the machine reads it; --corrected as people decided.

    Example: csrbook extract seeds --jsonl > claims.jsonl
    """
    from csrbook.claims import record

    harvest = _harvest(paths, language, limit_mb)
    claims = _corrected_rows(harvest, paths) if corrected else (record(claim) for each in harvest.extractions for claim in each.claims)
    _print(claims, ("doc", "start", "value", "unit", "qualifier", "when", "relevance", "text"), jsonl)


@main.command()
@paths_argument
@language_option
@limit_option
@jsonl_option
@click.option("--all", "every", is_flag=True, help="Print the numerals that were extracted as well, one a row.")
@click.option("--check", "checked", is_flag=True, help="Prove that every numeral stands in one row; exit 1 where not.")
def ledger(paths: tuple[Path, ...], language: str | None, limit_mb: int, jsonl: bool, every: bool, checked: bool) -> None:
    """Print every numeral that was set aside, and the rule that did it.

    Example: csrbook ledger seeds/report.pdf --check
    """
    if checked and (every or jsonl):
        raise click.UsageError("--check prints sums and samples; leave out --all and --jsonl")
    extractions = _harvest(paths, language, limit_mb).extractions
    if every or checked:
        _print_ledgers(extractions, jsonl=jsonl, checked=checked)
        return
    skipped = (dataclasses.asdict(one) for each in extractions for one in each.skipped)
    _print(skipped, ("doc", "start", "reason", "rule", "text"), jsonl)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@language_option
@limit_option
@jsonl_option
def reconcile(folder: Path, language: str | None, limit_mb: int, jsonl: bool) -> None:
    """Print which claims state the same measure, and how far they agree; corrections.csv beside the documents is applied.

    Example: csrbook reconcile seeds --jsonl
    """
    from csrbook.reconcile import find_relations, to_json

    harvest = _harvest((folder,), language, limit_mb)
    documents = [each.document for each in harvest.extractions]
    relations = find_relations(_corrected_rows(harvest, (folder,)), harvest.lexicons, documents=documents)
    _print((to_json(one) for one in relations), ("kind", "verdict", "members"), jsonl)


@main.command()
@click.argument("text")
@click.option("--language", type=Language(), help="The language of the text; decided from it when absent.")
def explain(text: str, language: str | None) -> None:
    """Print how a text is read: tokens, lexicon entries with file and line, rule, reading, interval; then what each number
    is taken to say, and what spoke for its time, theme and relevance.

    Example: csrbook explain "nearly 3.4 billion yuan"
    """
    from csrbook.derivations import explain as explain_text
    from csrbook.explanations import explain_claims
    from csrbook.lexicon import load_lexicons

    told = language or _language_of(text)
    for line in explain_text(text, load_lexicons(), language=told):
        click.echo(line)
    if said := explain_claims(text, load_lexicons(), language=told):
        click.echo("\nWhat the numbers say")
        for line in said:
            click.echo(line)


@main.command()
@plan_option
def check(plan: Path) -> None:
    """Check that lexicons load and plan and notebooks agree; list the parameters.

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
    """Run the notebooks where they lie, store them with their outputs, and renew the charts in the README.

    Example: csrbook notebooks
    """
    from csrbook.plan import read_plan
    from csrbook.storing import store_notebooks

    store_notebooks(read_plan(plan), progress=_progress())
    home = plan.resolve().parent.parent
    for chart in sorted((home / "outputs" / "work" / "05-chart").glob("*.png")):
        if (picture := home / "docs" / "img" / chart.name).exists():
            shutil.copyfile(chart, picture)


@main.command()
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=click.Path(path_type=Path))
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option("--seeds", type=click.Path(path_type=Path), help="The documents: their languages, kinds and formats are judged too.")
@click.option("--misses", default=20, show_default=True, type=click.IntRange(min=0), help="List so many misses; --json lists all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: every row of the card.")
def score(gold: tuple[Path, ...], predictions: Path, seeds: Path | None, misses: int, as_json: bool) -> None:
    """Print the accuracy card: precision, recall and F1 with 95% intervals, misses, and where the reader is untested.

    GOLD are folders or files of annotated records, PREDICTIONS the records of `csrbook extract --jsonl`. Without --seeds a
    document's language is the `language` of its predictions, or that of the script of its annotated texts.

    Example: csrbook score tests/gold claims.jsonl --seeds seeds
    """
    from csrbook.cards import card_lines, describe, make_card
    from csrbook.documents import read_documents
    from csrbook.scoring import check_documents, read_gold, read_records

    annotated, found = read_gold(gold), read_records([predictions])
    check_documents(annotated, found, where=str(predictions))
    card = make_card(annotated, found, describe(read_documents(seeds).documents) if seeds else None)
    if as_json:
        click.echo(json.dumps(card.to_json(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(card_lines(card, misses=misses)))


for command in (corrections, serve, publish, pdf):
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


def _language_of(text: str) -> str:
    """Decide as for a document, which is a file."""
    from csrbook.documents import read_document

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.txt"
        file.write_text(text, encoding="utf-8")
        try:
            return read_document(file).language
        except DocumentError as error:
            raise UsageError("TEXT", "its language cannot be told", advice="give --language") from error


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


def _harvest(paths: Iterable[Path], language: str | None, limit_mb: int):
    """Extract, tell on stderr what could not be read, and stop when that was everything."""
    from csrbook.corpus import extract as extract_all

    harvest = extract_all(list(paths), language=language, limit_mb=limit_mb)
    for one in harvest.unread:
        click.echo(f"{one.path}: {one.reason}; {one.advice}", err=True)
    if not harvest.extractions:
        raise NothingToRead(", ".join(map(str, paths)), "no document could be read")
    return harvest


def _corrected_rows(harvest, paths: Iterable[Path]) -> list[dict]:
    """Return the claims with the decisions beside the documents applied, and tell on stderr which do not hold."""
    from csrbook.corrections import OPEN, apply_decisions, corrected_rows, find_decisions

    applied = apply_decisions(harvest.extractions, find_decisions(list(paths), harvest.lexicons), harvest.lexicons)
    for one in applied.findings:
        if one.state in OPEN:
            click.echo(f"corrections.csv, line {one.decision.line}: {one.state}; {one.told}", err=True)
    return corrected_rows(applied)


def _print_ledgers(extractions: Iterable, *, jsonl: bool, checked: bool) -> None:
    """Print a row for every numeral, or the sums; fail where a numeral stands in no row or in two."""
    from csrbook.ledger import account
    from csrbook.ledger import tell as tell_sums
    from csrbook.lexicon import load_lexicons

    ledgers = [account(each.document, each.claims, each.skipped, load_lexicons()) for each in extractions]
    if not checked:
        rows = (dataclasses.asdict(row) for one in ledgers for row in one.every)
        _print(rows, ("doc", "start", "outcome", "reason", "by", "text"), jsonl)
        return
    for line in tell_sums(ledgers):
        click.echo(line)
    lost, twice = (sum(len(getattr(one, name)) for one in ledgers) for name in ("uncovered", "twice"))
    if lost or twice:
        told = f"{lost} numerals stand in no row and {twice} in two"
        raise CsrbookError("ledger", told, "every numeral stands in exactly one", "their places end the list")


def _print(records: Iterable[Mapping], columns: tuple[str, ...], jsonl: bool) -> None:
    """Print JSON Lines, or on a terminal one line of columns a record."""
    plain = sys.stdout.isatty() and not jsonl
    for one in records:
        if plain:
            click.echo("  ".join("-" if one[c] is None else str(one[c]).replace("\n", " ") for c in columns))
        else:
            click.echo(json.dumps(one, ensure_ascii=False, default=str))


def _progress():
    """Return a bar where somebody watches, else plain lines."""
    from csrbook.progress import Bar, Lines

    return Bar() if sys.stderr.isatty() else Lines()


def _changes_of(folder: Path) -> str:
    from csrbook.changes import read_line

    return read_line(folder)


def _tell(outcome, out: Path) -> None:
    """Say what was done and print the page to open."""
    if outcome.ran:
        done = f"{len(outcome.ran)} notebooks run, {len(outcome.copied)} unchanged, {outcome.seconds:.0f} s"
    else:
        done = f"nothing changed since {outcome.folder.name}; --force runs all the same"
    click.echo(done, err=True)
    if outcome.ran and (line := _changes_of(outcome.folder)):
        click.echo(line, err=True)
    page = (out / "latest" / (outcome.page.name if outcome.page else "")).absolute()
    click.echo(page.relative_to(Path.cwd()) if page.is_relative_to(Path.cwd()) else page)
