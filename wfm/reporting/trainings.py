"""
What cross-training gains, as a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from wfm.domain.timegrid import Grid
from wfm.reporting import words
from wfm.reporting.table import Table


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
    def pooled(self) -> float:
        """What the formulas need when everybody has both skills."""

    @property
    def saved(self) -> tuple[tuple[float, float], ...]:
        """Hours saved, as simulated, by share of the people who have both skills."""


def training_table(gains: Sequence[Gained]) -> Table:
    """
    One row a pair of queues, the largest gain first.
    """
    rows = tuple(
        (
            " + ".join(gain.queues),
            words.number(gain.apart, 1),
            *(words.number(hours, 1) for _, hours in gain.saved),
            words.number(gain.apart - gain.pooled, 1),
        )
        for gain in gains
    )
    shares = [words.percent(share, 0) for share, _ in gains[0].saved] if gains else []
    trained = (f"{share} trained, h" for share in shares)
    columns = ("queues", "apart, h", *trained, "all, by formula, h")
    note = (
        "hours on contacts saved in the horizon when so many people of the two queues serve "
        "both and neither promise falls, as simulated"
    )
    align = "l" + "r" * (len(columns) - 1)
    return Table("What training for a second queue gains", columns, rows, align, (note,))


class Split(Protocol):
    """
    What is shown of a requirement split over the team.
    """

    @property
    def people(self) -> np.ndarray:
        """People on queues in each interval."""

    @property
    def missing(self) -> Mapping[str, np.ndarray]:
        """Heads missing in each interval, by queue."""


class Lesson(Protocol):
    """
    What is shown of one training.
    """

    @property
    def group(self) -> tuple[tuple[str, float], ...]:
        """What the person serves already."""

    @property
    def queue(self) -> str:
        """What they learn."""

    @property
    def hours(self) -> float:
        """Head-hours less missing."""


def team_table(grid: Grid, now: Split, lessons: Sequence[Lesson]) -> Table:
    """
    What the whole team, if everybody were there, could not give; and who should learn what.
    """
    hours = grid.interval / 60
    rows = [
        (name, words.number(float(heads.sum()) * hours, 1), words.number(float(heads.max()), 1))
        for name, heads in now.missing.items()
    ]
    peak = int(np.argmax(now.people))
    notes = [
        f"each person counted once, {words.number(float(now.people[peak]), 1)} people are needed "
        f"at the peak, {grid.stamps[peak]}; breaks, days off and absences come on top"
    ]
    for lesson in list(lessons)[:5]:
        known = ", ".join(name for name, _ in lesson.group)
        notes.append(
            f"one person of {known} who learns {lesson.queue}: "
            f"{words.number(lesson.hours, 1)} hours less missing"
        )
    columns = ("queue", "missing, h", "at worst, heads")
    return Table("Beyond the whole team", columns, tuple(rows), "lrr", tuple(notes))
