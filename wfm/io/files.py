"""
Whole files: typed tables in and out, several files of one command appearing together.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from wfm.errors import DataError, Problem
from wfm.io.cells import parse_column, written
from wfm.io.columns import Sheet
from wfm.io.text import STANDARD_INPUT, read_raw


@dataclass
class Table:
    """
    A file read by its sheet: one list of values per column, faults gathered as found.

    A column that the file lacks is not in ``columns``; an empty cell is None.
    """

    path: Path
    header: dict[str, str]
    columns: dict[str, list[Any]]
    rows: list[int]
    problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, name: str, default: Any = None) -> list[Any]:
        """A column, or as many defaults where the file has none."""
        return self.columns.get(name, [default] * len(self))

    def place(self, at: int, column: str) -> str:
        """Where a cell stands, as an error says it."""
        return f"{self.path.name}, row {self.rows[at]}, column {self.header.get(column, column)}"

    def fault(self, at: int, column: str, message: str, hint: str = "") -> None:
        """Note a fault; ``check`` raises all of them."""
        self.problems.append(Problem(self.place(at, column), message, hint))

    def check(self) -> None:
        """
        Raise every fault noted so far.

        Raises
        ------
        DataError
            There is at least one.
        """
        if self.problems:
            raise DataError(problems=self.problems)


def read_table(path: Path, sheet: Sheet, *, may_be_empty: Sequence[str] = ()) -> Table:
    """
    Read a CSV or Excel file, typed.

    Cells that cannot be read are noted in the table; its caller adds what it finds and
    calls ``check``, so that one run lists all faults.

    Parameters
    ----------
    may_be_empty
        Required columns whose cells may be empty.
    """
    raw = read_raw(path, sheet)
    table = Table(path, raw.header, {}, raw.rows)
    for column in sheet.columns:
        if column.name not in raw.cells:
            continue
        texts = raw.cells[column.name]
        values, faults = parse_column(texts, column.kind, raw.delimiter)
        for at, fault in faults.items():
            table.fault(at, column.name, f"'{texts[at]}', expected {fault.expected}", fault.hint)
        if column.required and column.name not in may_be_empty:
            for at, text in enumerate(texts):
                if not text:
                    table.fault(at, column.name, f"empty, expected {column.kind.value}")
        table.columns[column.name] = values
    return table


def csv_text(sheet: Sheet, columns: Mapping[str, Sequence[Any]]) -> str:
    """
    A file as text: the sheet's columns that are given, in its order.
    """
    names = [column.name for column in sheet.columns if column.name in columns]
    kinds = [sheet.column(name).kind for name in names]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    lists = [columns[name] for name in names]
    for row in zip(*lists, strict=True):
        writer.writerow([written(value, kind) for value, kind in zip(row, kinds, strict=True)])
    return out.getvalue()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()


def write_files(files: Mapping[Path, str | bytes]) -> None:
    """
    Write several files so that all appear, or none.

    Each is written beside its place and synced; when every one is safe, all are renamed.
    ``-`` is standard output.

    Raises
    ------
    DataError
        A file cannot be written; none was.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, content in files.items():
            if path != STANDARD_INPUT:
                ready.append((_beside(path, content), path))
        for temporary, path in ready:
            temporary.replace(path)
    except OSError as error:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
        raise DataError(
            f"cannot be written: {error.strerror}", place=str(error.filename2 or error.filename)
        ) from error
    for folder in {path.parent for _, path in ready}:
        _sync(folder)
    for path, content in files.items():
        if path == STANDARD_INPUT:
            sys.stdout.write(content if isinstance(content, str) else content.decode())


def _beside(path: Path, content: str | bytes) -> Path:
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """
    Make a folder of files that appears by one rename; an older one of its name goes.

    Raises
    ------
    DataError
        It cannot be written; what stood there before still does.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        part.chmod(0o777 & ~_umask())
        try:
            for name, content in files.items():
                _beside(part / name, content).replace(part / name)
            _sync(part)
            _swap(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        _sync(folder.parent)
    except OSError as error:
        raise DataError(f"cannot be written: {error.strerror}", place=str(folder)) from error


def _swap(part: Path, folder: Path) -> None:
    """Put ``part`` where ``folder`` is; the old folder ends up at ``part``'s name."""
    if not folder.exists():
        part.rename(folder)
        return
    old = part.with_suffix(".old")
    folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
