"""
What every table is: rows of text under names of columns. It knows no stage, and loads none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Table:
    """
    A table of text. ``align`` has an ``l`` or ``r`` for each column; ``r`` is for figures.
    """

    title: str
    columns: tuple[str, ...]
    rows: Rows
    align: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        widths = {len(self.columns), len(self.align), *(len(row) for row in self.rows)}
        if len(widths) != 1:
            raise ValueError(f"table '{self.title}' has rows of different lengths: {widths}")

    @property
    def groups(self) -> bool:
        """Whether rows of one first cell belong together: some such cell repeats."""
        return len({row[0] for row in self.rows}) < len(self.rows)


def make_table(
    title: str, columns: Sequence[str], align: str, rows: Iterable[Sequence[str]], *notes: str
) -> Table:
    """
    A table from rows as they come.
    """
    return Table(title, tuple(columns), tuple(tuple(row) for row in rows), align, notes)
