"""
Days that are unlike their weekday: public holidays, their eves, events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wfm.domain.demand import Event

HOLIDAY, EVE, AFTER, YEAR_END, EVENT = "holiday", "eve", "after", "year end", "event"


@dataclass(frozen=True, slots=True)
class Special:
    """
    Why a day is unlike its weekday.

    ``name`` pools the occurrences of one occasion; ``kind`` pools occasions that
    behave alike (holidays, their eves, the days after, the year's end, events).
    """

    name: str
    kind: str


def specials(
    first: date, days: int, holidays: Mapping[date, str], events: Sequence[Event]
) -> tuple[Special | None, ...]:
    """
    What is special about each day from ``first`` on; None on ordinary days.

    An event outranks a holiday of the same date, a holiday the eve of the next one.
    """
    named = {
        event.day + timedelta(days=ahead): event.name
        for event in events
        for ahead in range((event.until - event.day).days + 1)
    }
    return tuple(_special(first + timedelta(days=ahead), holidays, named) for ahead in range(days))


def _special(day: date, holidays: Mapping[date, str], events: Mapping[date, str]) -> Special | None:
    eve, after = day + timedelta(days=1), day - timedelta(days=1)
    if day in events:
        return Special(events[day], EVENT)
    if day in holidays:
        return Special(holidays[day], HOLIDAY)
    if holidays and day.month == 12 and day.day >= 24:
        return Special(f"{day.day} December", YEAR_END)
    if eve in holidays:
        return Special(f"eve of {holidays[eve]}", EVE)
    if after in holidays:
        return Special(f"day after {holidays[after]}", AFTER)
    return None
