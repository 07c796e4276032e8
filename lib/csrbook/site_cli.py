"""The commands that show a run to people: `csrbook serve`, `csrbook publish`, `csrbook pdf`.

In      arguments.
Out     the address, the front page or the file on stdout, messages to stderr; exit 0 done, 2 bad use or no run yet, 1 an error.
Never   computes anything itself, or changes a run.
Needs   arguments; serving, publishing, printing, each imported by the command that uses it; terminals; click.  Used by cli.
"""

import threading
import webbrowser
from pathlib import Path

import click

from csrbook.arguments import FOLDER, out_option
from csrbook.terminals import near

__all__ = ["pdf", "publish", "serve"]

run_argument = click.argument("run", required=False)


@click.command()
@run_argument
@out_option
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="Port on this machine; 0 for any.")
@click.option("--open/--no-open", "opened", default=False, show_default=True, help="Open the browser of this machine too.")
def serve(run: str | None, out: Path, port: int, opened: bool) -> None:
    """Show a run in the browser, on this machine alone, until Ctrl-C.

    RUN is the name of a run in the folder of all runs, or the path of one; without it the latest, also when a later one comes.

    Example: csrbook serve --open
    """
    from csrbook.serving import find_run
    from csrbook.serving import serve as serve_run

    folder = find_run(out, run)

    def ready(address: str) -> None:
        click.echo(f"{address} shows {near(folder)}; Ctrl-C ends it")
        if opened:
            threading.Thread(target=_open, args=[address], daemon=True).start()

    serve_run(folder, port, ready=ready)


@click.command()
@run_argument
@out_option
@click.option("--to", required=True, type=FOLDER, help="Folder of the site: new, empty, or a site made before.")
@click.option("--with-texts/--without-texts", default=False, show_default=True, help="Documents whole, or the sentences around figures.")
@click.option("--address", default="", help="Where the site will be found, as https://example.org/csr/, for search engines.")
def publish(run: str | None, out: Path, to: Path, with_texts: bool, address: str) -> None:
    """Make a site of a run, for any host of plain files.

    It replaces the site that was there in one step.

    RUN is the name of a run in the folder of all runs, or the path of one; without it the latest.

    Example: csrbook publish --to outputs/site
    """
    from csrbook.publishing import publish as publish_run
    from csrbook.serving import find_run

    made = publish_run(find_run(out, run), to, with_texts=with_texts, address=address)
    shown = "documents whole" if with_texts else "of the documents the sentences around figures, --with-texts shows them whole"
    click.echo(f"{made.files} files, {made.size / 1e6:.1f} MB; {shown}", err=True)
    click.echo(near(made.folder / "index.html"))


@click.command()
@run_argument
@out_option
@click.option("--to", default=Path("brief.pdf"), show_default=True, type=click.Path(path_type=Path), help="The file to write.")
def pdf(run: str | None, out: Path, to: Path) -> None:
    """Print the brief of a run as a PDF, by the Chromium of this machine.

    RUN is the name of a run in the folder of all runs, or the path of one; without it the latest.

    Example: csrbook pdf --to brief.pdf
    """
    from csrbook.printing import find_chromium, print_brief
    from csrbook.serving import find_run

    click.echo(near(print_brief(find_run(out, run), to, find_chromium())))


def _open(address: str) -> None:
    if not webbrowser.open(address):
        click.echo("no browser could be opened; go to the address by hand", err=True)
