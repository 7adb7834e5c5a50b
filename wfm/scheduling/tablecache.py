"""
Compiled tables kept on disk, by the hash of all that made them.

The hash covers rules, calendar, contract, duties, what is carried in, and the source of
the rules, the domain and the compiler: whatever could change a table changes its name. Files hold
arrays of numbers and nothing that could run; a damaged one is as good as none.
"""

from __future__ import annotations

import marshal
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from wfm.domain.roster import Calendar, Duty, Tour
from wfm.domain.workforce import Activity
from wfm.rules.book import Book

SOURCES = tuple(Path(__file__).parents[1] / room for room in ("rules", "domain"))
KINDS = (np.dtype(np.int64), np.dtype(np.int32), np.dtype(bool))  # of the arrays kept
COMPILER = ("compiling.py", "automata.py", "lawful.py", "shapes.py", "tablecache.py")
MOST = 200  # files kept in a folder: those used last


class Numbers:
    """
    Numbers for activities in order of appearance; an object seen before is not compared again.
    """

    def __init__(self) -> None:
        self.found: dict[Activity, int] = {}
        self.seen: dict[int, int] = {}

    def of(self, activity: Activity) -> int:
        """The number of an activity."""
        number = self.seen.get(id(activity))
        if number is None:
            number = self.found.setdefault(activity, len(self.found))
            self.seen[id(activity)] = number
        return number


def key_of(book: Book, tours: Sequence[Tour], catalogue: Sequence[Sequence[Duty]]) -> str:
    """
    The name under which tables are kept.
    """
    calendar, agent = tours[0].calendar, tours[0].person.agent
    activities = Numbers()
    parts = (
        source_hash(),
        plain(book.entries),
        plain(agent.contract),
        plain(calendar),
        [list(_duties(calendar, duties, activities)) for duties in catalogue],
        [list(_duties(calendar, tour.past, activities)) for tour in tours],
        [plain(activity) for activity in activities.found],
    )
    # version 2 of the format has no references: equal values, equal bytes
    return sha256(marshal.dumps(parts, 2)).hexdigest()


def _duties(
    calendar: Calendar, duties: Sequence[Duty], activities: Numbers
) -> Iterator[tuple[Any, ...]]:
    for duty in duties:
        at = calendar.midnight(duty.day)
        blocks = tuple(
            (
                block.start - at,
                block.end - at,
                activities.of(block.activity),
                block.queues,
            )
            for block in duty.blocks
        )
        yield duty.day, duty.shape, blocks


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
    """
    A value as tuples of numbers and texts, the same in every process.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        own = ((field.name, plain(getattr(value, field.name))) for field in fields(value))
        return (type(value).__name__, *own)
    if isinstance(value, Mapping):
        return tuple(sorted((plain(name), plain(item)) for name, item in value.items()))
    if isinstance(value, frozenset | set):
        return tuple(sorted(map(plain, value)))
    return tuple(map(plain, value))


@cache
def source_hash() -> str:
    """
    Hash of the source of the rules, of the words they are said in, and of the compiler.
    """
    rooms = [path for room in SOURCES for path in sorted(room.glob("*.py"))]
    found = sha256()
    for path in (*rooms, *(Path(__file__).with_name(name) for name in COMPILER)):
        found.update(path.read_bytes())
    return found.hexdigest()


def load(folder: Path, key: str) -> dict[str, np.ndarray] | None:
    """
    The arrays kept under a key; None when there are none, or what is there is damaged.
    """
    path = folder / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            packed, index = kept["packed"], kept["index"]
            names = str(kept["names"]).split("\n")
        found, at = {}, 0
        for name, (rows, columns, kind) in zip(names, index.tolist(), strict=True):
            size = rows * max(columns, 1)
            part = packed[at : at + size].astype(KINDS[kind])
            found[name] = part.reshape(rows, columns) if columns else part
            at += size
        os.utime(path)  # used last
    except (OSError, ValueError, TypeError, LookupError, EOFError, BadZipFile):
        return None
    return found if at == len(packed) else None


def keep(folder: Path, key: str, arrays: Mapping[str, np.ndarray]) -> None:
    """
    Keep arrays under a key; the file appears whole, and those used longest ago go.

    A folder that cannot be written keeps nothing: tables are then made anew each time.
    """
    parts = [np.asarray(array) for array in arrays.values()]
    index = [
        (part.shape[0], part.shape[1] if part.ndim == 2 else 0, KINDS.index(part.dtype))
        for part in parts
    ]
    packed = np.concatenate([part.astype(np.int64).ravel() for part in parts])
    if packed.size and abs(packed).max() < 2**31:
        packed = packed.astype(np.int32)
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        handle, name = tempfile.mkstemp(prefix=f".{key}.", suffix=".npz", dir=folder)
        with os.fdopen(handle, "wb") as file:
            np.savez(file, packed=packed, index=np.array(index), names=np.array("\n".join(arrays)))
        Path(name).replace(folder / f"{key}.npz")
        kept = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime_ns)
        for old in kept[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        return
