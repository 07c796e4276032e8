"""What several commands ask for in the same words: a folder, documents, their language, the form of what is printed.

    @click.option("--seeds", type=FOLDER)

In      arguments as they were typed.
Out     options and their types.
Never   opens a file.
Needs   click.  Used by corrections_cli, harvest_cli, read_cli, schedule_cli, site_cli, cli.
"""

from pathlib import Path

import click

__all__ = ["FOLDER", "LEXICONS", "ROOT", "Language", "jsonl_option", "language_option", "limit_option", "out_option", "paths_argument"]

ROOT = Path(__file__).resolve().parents[2]
LEXICONS = Path(__file__).resolve().parent / "lexicons"


class Folder(click.Path):
    """A path; the empty text, which a variable that is not set leaves behind, is not the folder where one stands."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        if value == "":
            self.fail("is empty; give a folder, . for this one", param, ctx)
        return super().convert(value, param, ctx)


class Language(click.ParamType):
    """A language that has a lexicon."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = sorted(path.stem for path in LEXICONS.glob("??.toml"))
        return click.Choice(known).convert(value, param, ctx)


FOLDER = Folder(path_type=Path)
out_option = click.option("--out", default=ROOT / "outputs", type=FOLDER, help="Folder of all runs.")
paths_argument = click.argument("paths", nargs=-1, required=True, metavar="FILE_OR_DIR...", type=FOLDER)
language_option = click.option("--language", type=Language(), help="Take every document as this language.")
limit_option = click.option("--limit-mb", default=200, show_default=True, type=click.IntRange(min=1), help="Refuse larger files.")
jsonl_option = click.option("--jsonl", is_flag=True, help="JSON Lines also on a terminal; elsewhere always.")
