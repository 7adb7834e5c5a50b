"""
``wfm show``: pictures in the terminal, or in a file or an e-mail.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm import console
from wfm.commands.common import WorkspaceOption

if TYPE_CHECKING:
    from wfm.commands.results import Folder

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Pictures in plain text: a forecast, a requirement, a roster.",
)

FileArgument = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="Else the workspace's, or its latest plan's."),
]
WidthOption = Annotated[
    int | None,
    typer.Option(
        "--width", min=60, help="Characters; else the terminal's, or 80.", show_default=False
    ),
]


def look(width: int | None) -> tuple[int, bool]:
    """Characters of a line, and whether standard output knows no block characters."""
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    room = width or (shutil.get_terminal_size().columns if sys.stdout.isatty() else 80)
    return max(room, 60), not encoding.startswith("utf")


def _folder(file: Path | None, asked: str, workspace: Path | None) -> Folder:
    """Where a result stands; said where nobody named it."""
    from wfm.commands.results import Folder

    folder = Folder.of(file, asked, workspace)
    if file is None:
        console.remark(f"from {folder.file}")
    return folder


@app.command()
def forecast(
    file: FileArgument = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Also what each day's number is made of, from history."),
    ] = False,
    workspace: WorkspaceOption = None,
    width: WidthOption = None,
) -> None:
    """
    Contacts by queue and day.

      wfm show forecast forecast.csv
      wfm show forecast --explain        in a workspace
    """
    from wfm.commands.forecast import Given
    from wfm.domain.timegrid import DAILY
    from wfm.reporting.accuracy import parts_table
    from wfm.reporting.terminal import forecast_text

    room, plain = look(width)
    folder = _folder(file, "forecast.csv", workspace)
    found = folder.forecast()
    console.show_text(forecast_text(found, width=room, ascii_only=plain))
    console.remarks(found.remarks)
    if explain:
        centre = folder.place.folder if folder.place else workspace
        daily = found.grid.interval == DAILY
        source = Given(None, daily, None, None, None, None, centre).source()
        console.show(parts_table(source.parts(found.grid, "auto")))


@app.command()
def requirement(
    file: FileArgument = None, workspace: WorkspaceOption = None, width: WidthOption = None
) -> None:
    """
    People to schedule, and on the roster where known.

      wfm show requirement requirement.csv
    """
    from wfm.reporting.terminal import requirement_text

    room, plain = look(width)
    folder = _folder(file, "requirement.csv", workspace)
    found = folder.requirement()
    cover = folder.cover(found) if folder.holds("coverage.csv") else None
    console.show_text(requirement_text(found, cover, width=room, ascii_only=plain))
    console.remarks(found.remarks)


@app.command()
def roster(
    file: FileArgument = None, workspace: WorkspaceOption = None, width: WidthOption = None
) -> None:
    """
    Who works when, day by day.

      wfm show roster roster.csv
    """
    from wfm.reporting.terminal import roster_text

    room, plain = look(width)
    folder = _folder(file, "roster.csv", workspace)
    found = folder.roster()
    console.show_text(roster_text(found, folder.queues, width=room, ascii_only=plain))
