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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from wfm.errors import DataError, Problem, SettingsError
from wfm.io.cells import parse_column, written
from wfm.io.columns import Sheet
from wfm.io.text import STANDARD_INPUT, read_raw

QUOTED = 60  # signs of a cell that a message repeats


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
    table = Table(path, raw.header, {}, raw.rows, list(raw.faults))
    for column in sheet.columns:
        if column.name not in raw.cells:
            continue
        texts = raw.cells[column.name]
        values, faults = parse_column(texts, column.kind, raw.delimiter)
        for at, fault in faults.items():
            table.fault(
                at, column.name, f"'{_shown(texts[at])}', expected {fault.expected}", fault.hint
            )
        if column.required and column.name not in may_be_empty:
            for at, text in enumerate(texts):
                if not text:
                    table.fault(at, column.name, f"empty, expected {column.kind.value}")
        table.columns[column.name] = values
    return table


def _shown(text: str) -> str:
    """A cell as a message quotes it: short, and no sign that a terminal would obey."""
    short = text if len(text) <= QUOTED else f"{text[:QUOTED]}..."
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in short)


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


def write_files(files: Mapping[Path, str | bytes], *, folders: Sequence[Path] = ()) -> None:
    """
    Write several files so that all appear, or none.

    Each is written beside its place and synced; when every one is safe, all are renamed.
    ``-`` is standard output. What is there and no regular file, such as a device or a
    pipe, is opened and written to; a link stays, and the file that it names is replaced.

    Parameters
    ----------
    folders
        Folders that are made where missing; that of any other file must be there.

    Raises
    ------
    SettingsError
        A file cannot be written; none was.
    """
    ready: list[tuple[Path, Path]] = []
    open_ends: list[tuple[Path, str | bytes]] = []
    try:
        for path, content in files.items():
            if path == STANDARD_INPUT:
                continue
            place = placed(path, folders)
            if place.exists() and not place.is_file():
                open_ends.append((place, content))
            else:
                ready.append((_beside(place, content), place))
        for temporary, place in ready:
            temporary.replace(place)
        for place, content in open_ends:
            with place.open("wb") as end:
                end.write(_bytes(content))
    except OSError as error:
        raise _unwritable(error) from error
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
    for folder in {place.parent for _, place in ready}:
        _sync(folder)
    if STANDARD_INPUT in files:
        sys.stdout.write(_bytes(files[STANDARD_INPUT]).decode())


def placed(path: Path, folders: Sequence[Path] = ()) -> Path:
    """
    Where a file goes, links followed; folders are made where they may be.

    Raises
    ------
    SettingsError
        A folder is in its place, or none above it.
    """
    if path.is_dir():
        raise SettingsError(
            "is a folder, expected a file", place=str(path), hint="name a file in it"
        )
    if path.parent in folders:
        path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.is_dir():
        raise SettingsError(
            f"there is no folder '{path.parent}'", place=str(path), hint="make it first"
        )
    return path.resolve() if path.is_symlink() else path


def _unwritable(error: OSError) -> SettingsError:
    """What the system said about a file that cannot be written."""
    reason = (error.strerror or "the system refused").casefold()
    name = error.filename2 or error.filename
    return SettingsError(
        f"cannot be written: {reason}", place=str(name or ""), hint="write elsewhere with -o"
    )


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def apart(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """
    Demand that no output of a command is a file that it reads.

    Raises
    ------
    SettingsError
        For each that is.
    """
    read = [path for path in inputs if path is not None and path.exists()]
    problems = [
        Problem(str(target), f"is read by this command ({source})", "name another file with -o")
        for target in outputs
        if target is not None and target.exists()
        for source in read
        if target.samefile(source)
    ]
    if problems:
        raise SettingsError(problems=problems)


def _beside(path: Path, content: str | bytes) -> Path:
    data = _bytes(content)
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
    SettingsError
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
        reason = (error.strerror or "the system refused").casefold()
        raise SettingsError(
            f"cannot be written: {reason}", place=str(folder), hint="free space or permissions?"
        ) from error


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
