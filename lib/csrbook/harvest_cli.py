"""The command that reads a large corpus without notebooks: `csrbook harvest`.

In      arguments.
Out     a folder of partitioned Parquet; one line of sums on stdout, messages to stderr; exit 0 done, 2 bad use or nothing read, 1 an error.
Never   computes anything itself.
Needs   arguments; harvests, imported when the command runs; click.  Used by cli.
"""

import json
from pathlib import Path

import click

from csrbook.arguments import FOLDER, language_option, limit_option

__all__ = ["harvest"]

WHERE = "Where documents are read: processes, processes:4, or the address of a Dask scheduler (tcp://host:8786); empty: this process."
LIMIT = "A document on which a worker works longer is set aside; 0: none is."


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="DIR", type=FOLDER)
@click.option("--to", required=True, type=FOLDER, help="Folder of the tables: new, empty, or an earlier harvest.")
@click.option("--scheduler", default="", help=WHERE)
@click.option("--kept", default="", help="Folder of what earlier harvests made, so that only new and changed documents are read.")
@language_option
@limit_option
@click.option("--limit-seconds", default=3600, show_default=True, type=click.IntRange(0), help=LIMIT)
@click.option("--json", "as_json", is_flag=True, help="Print all sums as one JSON object.")
def harvest(
    paths: tuple[Path, ...], to: Path, scheduler: str, kept: str, language: str | None, limit_mb: int, limit_seconds: int, as_json: bool
) -> None:
    """Read a large folder into partitioned Parquet, without notebooks.

    Claims as people decided, ledger, programmes told, names, sources.

    Memory does not grow with the number of documents, and the rows are the same wherever they are read. No text is stored.

    Example: csrbook harvest reports --to harvest --scheduler processes --kept harvest.kept
    """
    from csrbook.harvests import harvest as harvest_all

    told = harvest_all(paths, to, language=language, limit_mb=limit_mb, scheduler=scheduler, kept=kept, seconds=limit_seconds)
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"{told['documents']:,} documents, {told['claims']:,} figures; {told['unread']:,} files could not be read: see sources")
