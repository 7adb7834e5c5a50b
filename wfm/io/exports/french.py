"""
What a French Excel opens by double click: ``;``, decimal comma, dd/mm/yyyy, BOM, CRLF.

A text that a spreadsheet would take for a formula gets an apostrophe before it, because
names in a file may come from anybody; reading takes it off again.
"""

from __future__ import annotations

import csv
import io
import re

from wfm.io.columns import Kind, Sheet

MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def french_csv(text: str, sheet: Sheet) -> str:
    """
    A file as wfm writes it, as a French spreadsheet does.

    Parameters
    ----------
    text
        CSV with the sheet's column names as its header.
    """
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows, [])
    kinds = [sheet.column(name).kind for name in header]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([french_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)])
    return f"\ufeff{out.getvalue()}"


def french_cell(cell: str, kind: Kind) -> str:
    """
    One cell.

    >>> french_cell("1999-02-28T07:30", Kind.MOMENT), french_cell("0.25", Kind.SHARE)
    ('28/02/1999 07:30', '0,25')
    """
    if kind is Kind.TEXT:
        return harmless(cell)
    if moment := MOMENT.fullmatch(cell):
        year, month, day, clock = moment.groups()
        return f"{day}/{month}/{year} {clock}"
    if date := DAY.fullmatch(cell):
        year, month, day = date.groups()
        return f"{day}/{month}/{year}"
    if NUMBER.fullmatch(cell):
        return cell.replace(".", ",")
    return harmless(cell)


def harmless(text: str) -> str:
    """
    A text that no spreadsheet takes for a formula; ``plain`` undoes it.
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def plain(text: str) -> str:
    """
    The text that ``harmless`` was given.
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
