"""
Two rosters held against each other, day by day.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfm.domain.changes import Change, Days
from wfm.domain.roster import Duty, Roster
from wfm.errors import DataError
from wfm.errors import Problem as Fault


def by_day(roster: Roster) -> dict[str, dict[int, Duty]]:
    """
    The planned duties of everybody, by day.

    Raises
    ------
    DataError
        Somebody has two shifts on one day.
    """
    found: dict[str, dict[int, Duty]] = {}
    for tour in roster:
        days = found.setdefault(tour.agent, {})
        for duty in tour.planned:
            if duty.day in days:
                raise DataError(f"{tour.agent} has two shifts on {tour.calendar.date(duty.day)}")
            days[duty.day] = duty
    return found


def compared(before: Days, after: Days) -> Iterator[Change]:
    """
    Every person-day on which blocks differ, by agent and day.
    """
    for agent in sorted({*before, *after}):
        was, now = before.get(agent, {}), after.get(agent, {})
        for day in sorted({*was, *now}):
            old, new = was.get(day), now.get(day)
            if old is None or new is None or old.blocks != new.blocks:
                yield Change(agent, day, old, new)


def edits(base: Days, edited: Days, file: str) -> tuple[Change, ...]:
    """
    What somebody changed by hand.

    Raises
    ------
    DataError
        People of the base without a row in the edited roster: is their week to be empty, or
        were they left out? Only the person who edited knows.
    """
    lost = [agent for agent, days in sorted(base.items()) if days and not edited.get(agent)]
    if lost:
        raise DataError(
            problems=[
                Fault(
                    file,
                    f"{agent} has no row, and {len(base[agent])} shifts in the base",
                    "keep everybody in the file; for somebody who is away use `wfm replan`",
                )
                for agent in lost
            ]
        )
    return tuple(compared(base, edited))
