"""The command `csrbook schedule`: a line for cron, or a service and a timer for systemd, with the paths of this installation.

In      where documents and runs lie, when to run, other options of `csrbook run`.
Out     text on stdout, or units in a folder; what to do with it on stderr.
Never   installs or starts anything, prints a line that cron or systemd would read otherwise, or replaces a unit of another maker.
Needs   arguments, errors, exits; click.  Used by cli.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from csrbook.arguments import FOLDER, ROOT
from csrbook.errors import UsageError
from csrbook.exits import read_findings

__all__ = ["cron_line", "quote_unit", "schedule", "units"]

MADE = "# Made by csrbook schedule; make it anew rather than edit it."
DAILY = {"cron": "15 6 * * *", "systemd": "*-*-* 06:15:00"}
FIELD = r"[\w*/,-]+"
TIMES = re.compile(rf"@(hourly|daily|weekly|monthly)|{FIELD}( +{FIELD}){{4}}")
LONGEST = 998  # characters of a command that cron takes
NAMES = ("csrbook.service", "csrbook.timer")
SERVICE = """\
{made}
[Unit]
Description=csrbook: read {seeds} and tell what changed
[Service]
Type=oneshot
# Exit 3, something to look at, counts as a failure, so that OnFailure= and `systemctl --user --failed` tell it.
# What that is, --fail-on decides; --fail-on none leaves failures alone.
ExecStart={command}
TimeoutStartSec=6h
Nice=10
MemoryMax=80%
CacheDirectory=csrbook
Environment=MPLCONFIGDIR=%C/csrbook
# Reads what this person may read, writes its own results, and reaches no network: nothing is ever fetched.
# Where users may make no namespaces (status 226 or 218), take out Protect..., Private... and ReadWritePaths.
ProtectSystem=strict
ReadWritePaths={out}
{temporary}
{network}NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
UMask=0027
"""
TIMER = """\
{made}
[Unit]
Description=csrbook on time
[Timer]
OnCalendar={when}
Persistent=true
[Install]
WantedBy=timers.target
"""


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("kind", type=click.Choice(["cron", "systemd"]))
@click.argument("more", nargs=-1, metavar="[-- OPTIONS OF RUN]")
@click.option("--seeds", default=ROOT / "seeds", type=FOLDER, help="Folder of documents.")
@click.option("--out", default=ROOT / "outputs", type=FOLDER, help="Folder of all runs; it must be there.")
@click.option("--keep", default=30, show_default=True, type=click.IntRange(min=1), help="Runs that stay, the latest among them.")
@click.option("--when", metavar="TIME", help="As cron or systemd writes it; daily at 06:15 when absent.")
@click.option("--to", type=FOLDER, help="systemd: folder to write the units into, as ~/.config/systemd/user.")
def schedule(kind: str, more: tuple[str, ...], seeds: Path, out: Path, keep: int, when: str | None, to: Path | None) -> None:
    """Print what cron or systemd needs to run csrbook on time.

    With the paths of this installation; options of `csrbook run` follow after --.

    Example: csrbook schedule cron --seeds my-documents --when "15 6 * * 1" -- --fail-on conflicts,orphans
    """
    if not out.is_dir():
        raise UsageError(str(out), "is no folder", "the folder of all runs", "make it, or run once by hand: csrbook run --out")
    if not seeds.exists():
        raise UsageError(str(seeds), "no such file or folder", "the documents", "correct --seeds")
    if kind == "cron" and to is not None:
        raise UsageError("--to", "was given with cron", "with systemd alone", "the line goes into crontab -e")
    command = _command(seeds, out, keep, more)
    _check(command[4:])
    when = when or DAILY[kind]
    if kind == "cron":
        click.echo(cron_line(command, when))
        click.echo("add this line with: crontab -e", err=True)
    elif to is None:
        click.echo("\n".join(f"# {name}\n{text}" for name, text in units(command, when, out=out, seeds=seeds).items()), nl=False)
        click.echo("--to ~/.config/systemd/user writes both there", err=True)
    else:
        _write(units(command, when, out=out, seeds=seeds), to)
        click.echo("now: systemctl --user daemon-reload && systemctl --user enable --now csrbook.timer", err=True)


def cron_line(command: Sequence[str], when: str) -> str:
    """Return one line of a crontab.

    Raises
    ------
    UsageError
        The time is none of cron's, or an argument holds what cron cannot pass on.
    """
    if not TIMES.fullmatch(when):
        raise UsageError("--when", f"{when!r} was given", "five fields as 15 6 * * 1, or @hourly, @daily, @weekly, @monthly")
    # cron ends a command at a bare %, and what it makes of a backslash before it depends on the cron
    line = shlex.join(command)
    if re.search(r"[\\\n\r\0]", line):
        raise UsageError("cron", "a path or option holds a backslash or a line's end", "none", "see csrbook schedule systemd")
    line = line.replace("%", r"\%")
    if len(line) > LONGEST:
        raise UsageError("cron", f"the command has {len(line)} characters", f"{LONGEST} at most", "see csrbook schedule systemd")
    return f"{when} {line}"


def units(command: Sequence[str], when: str, *, out: Path, seeds: Path) -> dict[str, str]:
    """Return the text of service and timer, by name.

    Raises
    ------
    UsageError
        The time or a path holds a line's end, or the time is none of systemd's.
    """
    if any(re.search(r"[\n\r\0]", text) for text in (*command, when)):
        raise UsageError("systemd", "a path, an option or the time holds a line's end", "none")
    if not _is_time(when):
        raise UsageError("--when", f"{when!r} was given", "a time as systemd writes it, say Mon 06:15", "man systemd.time")
    reached = any(address in part for part in command for address in ("tcp://", "tls://"))
    told = {
        "command": " ".join(quote_unit(part, dollars=True) for part in command), "out": quote_unit(str(out.absolute())),
        "temporary": "ReadWritePaths=/tmp /var/tmp" if any(_is_temporary(path) for path in (seeds, out)) else "PrivateTmp=yes",
        "seeds": str(seeds.absolute()).replace("%", "%%").replace("\\", "\\\\"), "network": "" if reached else "PrivateNetwork=yes\n",
    }  # fmt: skip
    return dict(zip(NAMES, (SERVICE.format(made=MADE, **told), TIMER.format(made=MADE, when=when)), strict=True))


def quote_unit(text: str, *, dollars: bool = False) -> str:
    """Return a text as one word of a unit file; `dollars` where systemd would put in variables."""
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), *([("$", "$$")] if dollars else [])):
        text = text.replace(sign, written)
    return f'"{text}"'


def _is_time(when: str) -> bool:
    """False where systemd is there and says so."""
    checker = shutil.which("systemd-analyze")
    return not checker or subprocess.run([checker, "calendar", "--", when], capture_output=True, check=False).returncode == 0


def _is_temporary(path: Path) -> bool:
    """True where a service with a /tmp of its own would not find a path."""
    return any(path.resolve().is_relative_to(folder) for folder in ("/tmp", "/var/tmp"))


def _command(seeds: Path, out: Path, keep: int, more: Sequence[str]) -> list[str]:
    """Return the command with absolute paths: neither cron nor systemd knows where the person stood."""
    told = ["--seeds", str(seeds.absolute()), "--out", str(out.absolute()), "--keep", str(keep), *more]
    return [sys.executable, "-m", "csrbook", "run", "--if-changed", *told]


def _check(arguments: Sequence[str]) -> None:
    """Refuse options that `csrbook run` would refuse every time, when nobody looks."""
    told = click.get_current_context().find_root().command.commands["run"].make_context("csrbook run", list(arguments)).params
    read_findings(told["fail_on"])
    if told["force"]:
        raise UsageError("--force", "was given", "a run on time goes by --if-changed", "leave it out")


def _write(texts: dict[str, str], folder: Path) -> None:
    """Write the units, over those of an earlier call alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in texts:
        if (folder / name).exists() and not (folder / name).read_text(encoding="utf-8", errors="replace").startswith(MADE):
            raise UsageError(str(folder / name), "was not made by csrbook schedule", advice="move it away, or choose another --to")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)
