"""The group `csrbook corrections`: write a decision into corrections.csv, sign it, list all with their state, check them.

In      arguments.
Out     results to stdout, messages to stderr; exit 0, or 3 where a person has to look at a decision.
Never   computes anything itself, or writes but through add and sign.
Needs   arguments, exits, summaries, and every module of decisions, each imported by the command that uses it; click.  Used by cli.
"""

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from csrbook.arguments import FOLDER, ROOT
from csrbook.exits import LOOK
from csrbook.summaries import DECISIONS, open_decisions

__all__ = ["corrections", "tell_open"]

seeds_option = click.option(
    "--seeds", default=ROOT / "seeds", type=FOLDER, help="Folder of the documents; the shipped corpus when absent."
)


def _day(ctx: click.Context, option: click.Parameter, value: str | None) -> str:
    from csrbook.answers import is_day

    if value is not None and not is_day(value):
        raise click.BadParameter("a day was expected, as 2024-05-31")
    return value or datetime.date.today().isoformat()


day_option = click.option("--on", "day", callback=_day, metavar="DAY", help="Day of it, as 2024-05-31; today when absent.")


@click.group()
def corrections() -> None:
    """Keep what people decide about figures in corrections.csv.

    The file lies beside the documents, and every run applies it. A decision holds where its quotation, the words around it and the
    machine's old value stand exactly once; else it is listed.

    Example: csrbook corrections add report "40 schools" --field unit --value college --who "Ann Lee" --why "see the picture"
    """


@corrections.command()
@click.argument("doc")
@click.argument("quotation")
@click.option("--field", default="claim", show_default=True, help="value, unit, when, theme and so on; claim for the figure as a whole.")
@click.option("--value", required=True, help="What is right; of a claim accept or reject; '' for none.")
@click.option("--who", required=True, help="Who decides.")
@click.option("--why", required=True, help="The reason, for those who read it later.")
@click.option("--before", default="", help="Words right before the quotation, where it is printed several times.")
@click.option("--after", default="", help="Words right after it.")
@day_option
@seeds_option
def add(doc: str, quotation: str, field: str, value: str, who: str, why: str, before: str, after: str, day: str, seeds: Path) -> None:
    """Write one decision; its place and the machine's value are looked up in the document DOC.

    Example: csrbook corrections add report "40 schools" --field theme --value education --who "Ann Lee" --why "pupils"
    """
    from csrbook.reviews import Desk

    desk = Desk(seeds)
    told, line = desk.decide(doc, quotation, field=field, value=value, who=who, why=why, before=before, after=after, day=day)
    click.echo(f"{desk.file}, line {line}: {doc} {quotation!r}, {field} {told.expect!r} -> {value!r}")


@corrections.command()
@click.argument("line", type=click.IntRange(min=1))
@click.option("--who", required=True, help="Who signs: another person than the one who decided.")
@day_option
@seeds_option
def sign(line: int, who: str, day: str, seeds: Path) -> None:
    """Sign the decision that begins at LINE of the file, as its second person.

    Example: csrbook corrections sign 2 --who "Ben Roth"
    """
    from csrbook.decisions import sign_decision

    one = sign_decision(_file(seeds), line, by=who, on=day)
    told = f"{one.doc} {one.quotation!r}, {one.field} {one.value!r} of {one.who}"
    click.echo(f"{_file(seeds)}, line {line}: {told}, signed by {one.signed_by}")


@corrections.command("list")
@seeds_option
def list_(seeds: Path) -> None:
    """Print every decision with its line and state, and how far two people agree who decided on the same.

    Example: csrbook corrections list
    """
    from csrbook.corrections import find_agreement

    findings = _findings(seeds)
    for one in findings:
        click.echo(_line(one))
    for each in find_agreement(findings):
        alpha = "alpha undefined: one code alone" if each.alpha is None else f"alpha {each.alpha:.3f}"
        click.echo(f"agreement on {each.field}: {each.percent:g}% of pairs, {alpha}; {each.claims} claims, {each.coders} people")


@corrections.command()
@seeds_option
def check(seeds: Path) -> None:
    """Exit 0 when every decision holds, 3 when a person has to look at one; print those.

    Example: csrbook corrections check
    """
    from csrbook.states import OPEN, count_states

    findings = _findings(seeds)
    for one in findings:
        if one.state in OPEN:
            click.echo(_line(one))
    click.echo(_counted(count_states(one.state for one in findings)) or "no decisions", err=True)
    if any(one.state in OPEN for one in findings):
        sys.exit(LOOK)


def tell_open(run: Path) -> str:
    """Return one line on the decisions of a run that a person has to look at; "" where there are none."""
    told = _counted(open_decisions(run) or {})
    return f"corrections to look at: {told}; see {DECISIONS.as_posix()}, or csrbook corrections check" if told else ""


def _file(seeds: Path) -> Path:
    from csrbook.reviews import corrections_file

    return corrections_file(seeds)


def _findings(seeds: Path) -> Any:
    from csrbook.reviews import Desk

    return Desk(seeds).findings()


def _line(one: Any) -> str:
    told = one.decision
    signed = f", signed by {told.signed_by}" if told.signed_by else ""
    parts = (
        f"line {told.line}", one.state, told.doc, repr(told.quotation), f"{told.field} {told.expect!r} -> {told.value!r}",
        f"{told.who} {told.when}{signed}", told.why, one.told,
    )  # fmt: skip
    line = "  ".join(" ".join(part.split()) for part in parts if part)
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)  # a file may steer no terminal


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items())
