"""
``wfm export``: any result file in the form that another program opens.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from wfm import console
from wfm.errors import SettingsError


class Form(StrEnum):
    """
    The forms that exist.
    """

    CSV = "csv"
    CSV_FR = "csv-fr"


def export(
    source: Annotated[
        Path, typer.Argument(metavar="FILE|DIR", help="A result file, or a folder of them.")
    ],
    to: Annotated[
        Form,
        typer.Option(
            "--to", help="csv: as wfm writes it; csv-fr: for a French Excel (; and decimal comma)."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File to write, or folder for a folder's files; - is standard output.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """
    Write result files in another form: CSV, French CSV.

      wfm export plans/1999-02-28/roster.csv --to csv-fr -o roster.fr.csv
      wfm export plans/1999-02-28 --to csv-fr -o for-excel

    A file goes to standard output unless -o names one; a folder needs -o. What was changed
    in a spreadsheet comes back with --to csv.
    """
    from wfm.io.exports.sheets import exported
    from wfm.io.files import apart, write_files

    if not source.is_dir():
        apart([output], [source])
        write_files({output or Path("-"): exported(source, to.value)})
        return
    if output is None:
        raise SettingsError("a folder of files needs a folder to go to", hint="give it with -o DIR")
    found = sorted(source.glob("*.csv"))
    if not found:
        raise SettingsError(f"'{source}' holds no CSV file", hint="give a plan's folder")
    texts = {output / path.name: exported(path, to.value) for path in found}
    apart(texts, found)
    write_files(texts, folders=[output])
    console.remark(f"wrote {len(found)} files to {output}")
