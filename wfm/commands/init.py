"""
``wfm init``: a new workspace, empty or from a scenario.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm import console
from wfm.commands.common import DryRunOption


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder to make.", show_default="here")
    ] = Path(),
    example: Annotated[
        str | None,
        typer.Option("--example", metavar="NAME", help="A scenario: technion.", show_default=False),
    ] = None,
    dry_run: DryRunOption = False,
) -> None:
    """
    Make a workspace: wfm.toml with every key explained, and its tables.

      wfm init my-centre                  empty tables to fill
      wfm init demo --example technion    six real weeks of a bank's calls

    Files that are there already are never touched.
    """
    from wfm.io.files import write_files
    from wfm.io.templates import empty_workspace, example_workspace

    files = example_workspace(example) if example else empty_workspace()
    refuse_existing(folder, files)
    if dry_run:
        console.remarks(f"would write {folder / name}" for name in sorted(files))
        return
    write_files({folder / name: content for name, content in files.items()}, folders=[folder])
    console.remark(f"wrote {', '.join(sorted(files))} in {folder}")
    console.remark(f"next: wfm plan{'' if folder == Path() else f' -w {folder}'}")


def refuse_existing(folder: Path, files: dict[str, bytes]) -> None:
    """
    Demand that none of the files is there.

    Raises
    ------
    SettingsError
        With every one that is.
    """
    from wfm.errors import Problem, SettingsError

    there = [name for name in sorted(files) if (folder / name).exists()]
    if there:
        raise SettingsError(
            problems=[
                Problem(str(folder / name), "is there already", "choose a new folder")
                for name in there
            ]
        )
