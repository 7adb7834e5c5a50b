"""
Any result file, typed by the columns it has, and its text in another form.
"""

from __future__ import annotations

from pathlib import Path

from wfm.errors import DataError
from wfm.io.columns import SHEETS, Sheet
from wfm.io.exports.french import french_csv
from wfm.io.files import csv_text, read_table
from wfm.io.text import read_raw

FORMS = ("csv", "csv-fr")


def exported(path: Path, form: str) -> str:
    """
    A file in another form; it may come in any form that reading accepts.

    Parameters
    ----------
    form
        ``csv``: as wfm writes it. ``csv-fr``: what a French Excel opens by double click.

    Raises
    ------
    DataError
        The file is none that wfm knows, or cells of it cannot be read; all are listed.
    """
    sheet = sheet_of(path)
    everything = [column.name for column in sheet.columns]
    table = read_table(path, sheet, may_be_empty=everything)
    table.check()
    text = csv_text(sheet, table.columns)
    return french_csv(text, sheet) if form == "csv-fr" else text


def sheet_of(path: Path) -> Sheet:
    """
    The kind of a file: by its name where that fits its columns, else by its columns.

    Raises
    ------
    DataError
        It fits none; for a file that has the name of one, what it lacks.
    """
    named = [sheet for sheet in SHEETS if path.stem.split(".")[0] == sheet.name]
    for sheet in named:
        read_raw(path, sheet)
        return sheet
    known = {sheet.name: _known(path, sheet) for sheet in SHEETS}
    best = max(SHEETS, key=lambda sheet: known[sheet.name])
    if not known[best.name]:
        raise DataError(
            "its columns are those of no file that wfm writes",
            place=path.name,
            hint=f"files that can be exported: {', '.join(known)}",
        )
    return best


def _known(path: Path, sheet: Sheet) -> int:
    """How many columns of a sheet a file has; 0 if it lacks one that must be there."""
    if not path.exists():
        read_raw(path, sheet)  # says that there is no such file, and which is near
    try:
        return len(read_raw(path, sheet).header)
    except DataError:
        return 0
