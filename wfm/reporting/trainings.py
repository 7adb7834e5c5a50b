"""
What cross-training gains, as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wfm.reporting import words
from wfm.reporting.tables import Table


class Gained(Protocol):
    """
    What is shown of a pair of queues.
    """

    @property
    def queues(self) -> tuple[str, str]:
        """The pair."""

    @property
    def apart(self) -> float:
        """Agent-hours with one skill each."""

    @property
    def whole(self) -> float:
        """Hours saved when everybody has both skills."""

    def with_share(self, trained: float) -> float:
        """Hours saved when a share of the people has both."""


def training_table(gains: Sequence[Gained]) -> Table:
    """
    One row a pair of queues, the largest gain first.
    """
    rows = tuple(
        (
            " + ".join(gain.queues),
            words.number(gain.apart, 1),
            *(words.number(gain.with_share(share), 1) for share in (0.1, 0.3)),
            words.number(gain.whole, 1),
        )
        for gain in gains
    )
    columns = ("queues", "apart, h", "10 % trained, h", "30 % trained, h", "all trained, h")
    note = (
        "hours on contacts saved in the horizon when so many people of the two queues serve "
        "both; computed for all of them, about for a part"
    )
    return Table("What training for a second queue gains", columns, rows, "lrrrr", (note,))
