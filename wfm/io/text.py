"""
Bytes to rows: encodings, delimiters and headers, whatever program wrote the file.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from wfm.errors import DataError, Problem, nearest
from wfm.io.columns import Column, Sheet

DELIMITERS = (",", ";", "\t", "|")
STANDARD_INPUT = Path("-")


@dataclass(frozen=True)
class RawRows:
    """
    A file as text.

    Parameters
    ----------
    header
        Header cell by column name; columns that the sheet does not know are left out.
    cells
        By column name, one text per row.
    rows
        Number of each row as a spreadsheet shows it; the header is row 1.
    delimiter
        What separated the cells.
    faults
        Rows with too few or too many cells; they are left out.
    """

    path: Path
    header: dict[str, str]
    cells: dict[str, list[str]]
    rows: list[int]
    delimiter: str
    faults: list[Problem]


def read_raw(path: Path, sheet: Sheet) -> RawRows:
    """
    Read a CSV or Excel file as text, by the columns of a sheet.

    Raises
    ------
    DataError
        The file is missing, no text, or lacks a column.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        records, delimiter = _excel(path), ","
    else:
        text = _decode(path)
        delimiter = max(DELIMITERS, key=lambda mark: _known(_header(text, mark), sheet))
        records = _records(path, text, delimiter)
    top = next((at for at, record in enumerate(records) if any(map(str.strip, record))), None)
    if top is None:
        raise DataError("the file is empty", place=path.name, hint=_wanted(sheet))
    header = [cell.strip() for cell in records[top]]
    at = _columns(path, header, sheet)
    rows, faults = [], []
    cells: dict[str, list[str]] = {name: [] for name in at}
    for number, record in enumerate(records[top + 1 :], start=top + 2):
        if not any(map(str.strip, record)):
            continue
        if len(record) < len(header) or any(map(str.strip, record[len(header) :])):
            found = f"{len(record)} cells, expected {len(header)}"
            faults.append(Problem(f"{path.name}, row {number}", found, _separator(delimiter)))
            continue
        rows.append(number)
        for name, index in at.items():
            cells[name].append(record[index].strip())
    named = {name: header[index] for name, index in at.items()}
    return RawRows(path, named, cells, rows, delimiter, faults)


def read_records(path: Path, most: int | None = None) -> list[list[str]]:
    """
    A CSV or Excel file as rows of cells, with no header in mind: a grid typed by a person.

    The delimiter is the one that cuts most lines into the same number of cells. ``most``
    bounds the lines that are read; None: all.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _excel(path, most)
    text = _decode(path)
    if most is not None:
        text = "".join(text.splitlines(keepends=True)[:most])

    def shape(mark: str) -> tuple[int, int]:
        widths = [len(row) for row in _records(path, text, mark)]
        usual = max(set(widths), key=widths.count, default=0)
        return (widths.count(usual) if usual > 1 else 0), usual

    return _records(path, text, max(DELIMITERS, key=shape))


def _records(path: Path, text: str, delimiter: str) -> list[list[str]]:
    """The rows of a text; a cell of endless length, such as after a lone quote, is a fault."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            records.append(record)
    except csv.Error as error:
        raise DataError(
            f"a cell of more than {csv.field_size_limit():,} characters",
            place=f"{path.name}, row {len(records) + 1}",
            hint="is a quote left open there?",
        ) from error
    return records


def _decode(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if path == STANDARD_INPUT else path.read_bytes()
    except FileNotFoundError as error:
        near = [other.name for other in path.parent.glob("*.*")] if path.parent.is_dir() else []
        hint = nearest(path.name, near) if near else f"is '{path.parent}' the right folder?"
        raise DataError("there is no such file", place=str(path), hint=hint) from error
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", place=str(path)) from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise DataError(
                "begins like UTF-16 text but is not", place=path.name, hint="save it as CSV UTF-8"
            ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise DataError(
                f"byte {error.start} is neither UTF-8 nor Windows text",
                place=path.name,
                hint="save it as CSV UTF-8",
            ) from error
    if "\0" in text:
        raise DataError("is no text file", place=path.name, hint="save it as CSV UTF-8")
    return text


def _excel(path: Path, most: int | None = None) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=most)
        records = [[_excel_cell(value) for value in row] for row in rows]
        book.close()
    except FileNotFoundError as error:
        raise DataError("there is no such file", place=str(path)) from error
    except PermissionError as error:
        raise DataError(f"cannot be read: {error.strerror}", place=str(path)) from error
    except Exception as error:  # a damaged workbook fails wherever its parts are unpacked
        raise DataError(
            "is no Excel workbook, or a damaged one",
            place=path.name,
            hint="save it again from the spreadsheet; if it is CSV text, name it .csv",
        ) from error
    return records


def _excel_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _header(text: str, delimiter: str) -> list[str]:
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(map(str.strip, record)):
                return [cell.strip() for cell in record]
    except csv.Error:  # told when the rows are read
        pass
    return []


def _known(header: list[str], sheet: Sheet) -> tuple[int, int]:
    found = sum(1 for cell in header for column in sheet.columns if matches(cell, column))
    return found, len(header)


def matches(header: str, column: Column) -> bool:
    """
    Whether a header cell names a column, in its own name or an alias.
    """
    word = re.sub(r"[\s\-]+", "_", header.strip().casefold())
    names = (column.name, *column.aliases)
    return any(re.fullmatch(re.escape(name).replace(r"\#", r"\d+"), word) for name in names)


def _columns(path: Path, header: list[str], sheet: Sheet) -> dict[str, int]:
    """Where each column of the sheet stands; its own name goes before an alias."""
    at: dict[str, int] = {}
    faults: list[Problem] = []
    plain = [re.sub(r"[\s\-]+", "_", cell.casefold()) for cell in header]
    taken = {plain.index(column.name) for column in sheet.columns if column.name in plain}
    for column in sheet.columns:
        if plain.count(column.name) == 1:
            at[column.name] = plain.index(column.name)
            continue
        found = [i for i, cell in enumerate(header) if i not in taken and matches(cell, column)]
        if plain.count(column.name) > 1:
            text = f"column {column.name} stands twice"
            faults.append(Problem(f"{path.name}, row 1", text, "remove or rename one of the two"))
        elif len(found) > 1:
            twins = ", ".join(header[i] for i in found)
            text = f"several columns could be '{column.name}': {twins}"
            faults.append(Problem(f"{path.name}, row 1", text, "rename all but one"))
        elif found:
            at[column.name] = found[0]
            taken.add(found[0])
        elif column.required:
            text = f"column '{column.name}' ({column.meaning}) is missing"
            others = [cell for i, cell in enumerate(header) if i not in taken and cell]
            hint = f"is it '{_closest(column.name, others)}'?" if others else _wanted(sheet)
            faults.append(Problem(f"{path.name}, row 1", text, hint))
    if faults:
        raise DataError(problems=faults)
    return at


def _closest(word: str, others: list[str]) -> str:
    from difflib import SequenceMatcher

    return max(others, key=lambda cell: SequenceMatcher(None, word, cell.casefold()).ratio())


def _wanted(sheet: Sheet) -> str:
    names = ",".join(column.name for column in sheet.columns if column.required)
    return f"its first row must name the columns {names}"


def _separator(delimiter: str) -> str:
    name = "tab" if delimiter == "\t" else f"'{delimiter}'"
    return f"cells were split at {name}; a cell that holds it needs quotes"
