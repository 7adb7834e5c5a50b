"""
Days that are unlike their weekday: public holidays, their eves, events, long periods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wfm.domain.demand import Event

HOLIDAY, EVE, AFTER, YEAR_END, EVENT = "holiday", "eve", "after", "year end", "event"
LONG = 7  # days beyond which an event is a period: it raises or lowers days, and replaces none


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

    An event outranks a holiday of the same date, a holiday the days around an event, those
    the eve of the next holiday. Events of more than ``LONG`` days are ``periods``.
    """
    named: dict[date, str] = {}
    around: dict[date, str] = {}
    for event in events:
        if not is_period(event):
            named |= dict.fromkeys(_span(event), event.name)
        for ahead in range(1, event.lead + 1):
            around[event.day - timedelta(days=ahead)] = f"{event.name}, {_days(ahead)} before"
        for ahead in range(1, event.lag + 1):
            around[event.until + timedelta(days=ahead)] = f"{event.name}, {_days(ahead)} after"
    return tuple(
        _special(first + timedelta(days=ahead), holidays, named, around) for ahead in range(days)
    )


def is_period(event: Event) -> bool:
    """Whether an event is so long that its days are days like others, at another level."""
    return (event.until - event.day).days >= LONG


def periods(first: date, days: int, events: Sequence[Event]) -> tuple[str | None, ...]:
    """
    The long event, such as school holidays, in which each day lies; None in none.

    Of several, that which began last.
    """
    named: dict[date, str] = {}
    for event in sorted(filter(is_period, events), key=lambda event: event.day):
        named |= dict.fromkeys(_span(event), event.name)
    return tuple(named.get(first + timedelta(days=ahead)) for ahead in range(days))


def _span(event: Event) -> list[date]:
    count = (event.until - event.day).days + 1
    return [event.day + timedelta(days=ahead) for ahead in range(count)]


def _days(count: int) -> str:
    return f"{count} day{'s' if count > 1 else ''}"


def _special(
    day: date, holidays: Mapping[date, str], events: Mapping[date, str], around: Mapping[date, str]
) -> Special | None:
    eve, after = day + timedelta(days=1), day - timedelta(days=1)
    ending = bool(holidays) and day.month == 12 and day.day >= 24
    for name, kind in (
        (events.get(day), EVENT),
        (holidays.get(day), HOLIDAY),
        (around.get(day), EVENT),
        (f"{day.day} December" if ending else None, YEAR_END),
        (f"eve of {holidays[eve]}" if eve in holidays else None, EVE),
        (f"day after {holidays[after]}" if after in holidays else None, AFTER),
    ):
        if name:
            return Special(name, kind)
    return None
