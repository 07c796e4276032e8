"""The commands that read documents and print what they find: `csrbook extract`, `ledger`, `reconcile`, `explain`, `score`.

In      files and folders of documents, a text, records.
Out     results to stdout, messages to stderr; exit 0 done, 1 a numeral that is not accounted for, 2 bad use or nothing to read.
Never   computes anything itself, or writes a file.
Needs   arguments, errors; click; and what each command imports for itself: claims, cards, corpus, corrections, derivations, documents,
        explanations, ledger, lexicon, reconcile, scoring, states.  Used by cli.
"""

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from csrbook.arguments import FOLDER, Language, jsonl_option, language_option, limit_option, paths_argument
from csrbook.errors import CsrbookError, DocumentError, NothingToRead, UsageError

__all__ = ["explain", "extract", "ledger", "print_rows", "reconcile", "score"]


@click.command()
@paths_argument
@language_option
@limit_option
@jsonl_option
@click.option("--corrected", is_flag=True, help="Apply the corrections.csv beside the documents; else the machine's own reading.")
def extract(paths: tuple[Path, ...], language: str | None, limit_mb: int, jsonl: bool, corrected: bool) -> None:
    """Print one record for every figure that the documents state.

    As the machine reads it; with --corrected as people decided.

    Example: csrbook extract seeds --jsonl > claims.jsonl
    """
    from csrbook.claims import record

    harvest = _harvest(paths, language, limit_mb)
    claims = _corrected_rows(harvest, paths) if corrected else (record(claim) for each in harvest.extractions for claim in each.claims)
    print_rows(claims, ("doc", "start", "value", "unit", "qualifier", "when", "relevance", "text"), jsonl)


@click.command()
@paths_argument
@language_option
@limit_option
@jsonl_option
@click.option("--all", "every", is_flag=True, help="Print the numerals that were extracted as well, one a row.")
@click.option("--check", "checked", is_flag=True, help="Prove that every numeral stands in one row; exit 1 where not.")
def ledger(paths: tuple[Path, ...], language: str | None, limit_mb: int, jsonl: bool, every: bool, checked: bool) -> None:
    """Print every numeral that was set aside, and by which rule.

    Example: csrbook ledger seeds/report.pdf --check
    """
    if checked and (every or jsonl):
        raise click.UsageError("--check prints sums and samples; leave out --all and --jsonl")
    extractions = _harvest(paths, language, limit_mb).extractions
    if every or checked:
        _print_ledgers(extractions, jsonl=jsonl, checked=checked)
        return
    skipped = (dataclasses.asdict(one) for each in extractions for one in each.skipped)
    print_rows(skipped, ("doc", "start", "reason", "rule", "text"), jsonl)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@language_option
@limit_option
@jsonl_option
def reconcile(folder: Path, language: str | None, limit_mb: int, jsonl: bool) -> None:
    """Print which figures state one measure, and if they agree.

    The corrections.csv beside the documents is applied.

    Example: csrbook reconcile seeds --jsonl
    """
    from csrbook.reconcile import find_relations, to_json

    harvest = _harvest((folder,), language, limit_mb)
    documents = [each.document for each in harvest.extractions]
    relations = find_relations(_corrected_rows(harvest, (folder,)), harvest.lexicons, documents=documents)
    print_rows((to_json(one) for one in relations), ("kind", "verdict", "members"), jsonl)


@click.command()
@click.argument("text")
@click.option("--language", type=Language(), help="The language of the text; decided from it when absent.")
def explain(text: str, language: str | None) -> None:
    """Print how a text is read, step by step.

    Tokens, lexicon entries with file and line, rule, reading, interval; then what each number is taken to say, and what spoke for
    its time, theme and relevance.

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


@click.command()
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=FOLDER)
@click.argument("predictions", type=FOLDER)
@click.option("--seeds", type=FOLDER, help="The documents: their languages, kinds and formats are judged too.")
@click.option("--misses", default=20, show_default=True, type=click.IntRange(min=0), help="List so many misses; --json lists all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: every row of the card.")
def score(gold: tuple[Path, ...], predictions: Path, seeds: Path | None, misses: int, as_json: bool) -> None:
    """Print how well documents were read, against annotated records.

    Precision, recall and F1 with 95% intervals, misses, and where the reader is untested.

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
    from csrbook.corrections import apply_decisions, corrected_rows, find_decisions
    from csrbook.states import OPEN

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
        print_rows(rows, ("doc", "start", "outcome", "reason", "by", "text"), jsonl)
        return
    for line in tell_sums(ledgers):
        click.echo(line)
    lost, twice = (sum(len(getattr(one, name)) for one in ledgers) for name in ("uncovered", "twice"))
    if lost or twice:
        told = f"{lost} numerals stand in no row and {twice} in two"
        raise CsrbookError("ledger", told, "every numeral stands in exactly one", "their places end the list")


def print_rows(records: Iterable[Mapping], columns: tuple[str, ...], jsonl: bool) -> None:
    """Print JSON Lines, or on a terminal one line of columns a record."""
    plain = sys.stdout.isatty() and not jsonl
    for one in records:
        if plain:
            click.echo("  ".join("-" if one[c] is None else str(one[c]).replace("\n", " ") for c in columns))
        else:
            click.echo(json.dumps(one, ensure_ascii=False, default=str))
