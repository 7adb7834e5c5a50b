"""
A person in one horizon: what files say of their days, in minutes of the grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from wfm.domain.demand import Span
from wfm.domain.money import Cents
from wfm.domain.timegrid import WEEKDAYS, Grid, Minutes, zone
from wfm.domain.workforce import Absence, Agent, Fixed, Person, Wish, WishKind
from wfm.io.fixed import Decided
from wfm.io.people import Availability, Away, Wanted


def person(
    agent: Agent,
    grid: Grid,
    week_starts: str,
    *,
    availability: Availability | None = None,
    absences: Iterable[Away] = (),
    wishes: Iterable[Wanted] = (),
    fixed: Iterable[Decided] = (),
    prices: Mapping[WishKind, Cents],
) -> Person:
    """
    An agent in a horizon: spans and absences in its minutes, absences credited.

    Clock times are those of the agent's zone. A whole day away credits the contract's
    hours per day, a part of a day its length up to that, unless the absence says how many
    hours; a week credits at most the contract's hours.
    """
    absences = tuple(absences)
    inside = [away for away in absences if _touches(away, agent, grid)]
    return Person(
        agent=agent,
        available=_available(agent, grid, availability),
        absences=tuple(
            Absence(_minute(grid, agent, one.start), _minute(grid, agent, one.end), one.kind)
            for one in inside
        ),
        credit=_credit(agent, grid, week_starts, absences),
        wishes=tuple(
            Wish(
                (one.day - grid.first).days,
                one.kind,
                round(prices[one.kind] * one.weight),
                one.shape,
            )
            for one in wishes
            if grid.first <= one.day < grid.until
        ),
        fixed=tuple(_fixed(agent, grid, fixed)),
    )


def _fixed(agent: Agent, grid: Grid, rows: Iterable[Decided]) -> Iterator[Fixed]:
    """
    What is fixed in a horizon. A row that begins where another ends belongs to its day, so
    that a night stays one shift.
    """
    until, day = None, None
    for one in rows:
        if one.activity is None:
            start, end = _minute(grid, agent, one.start), _minute(grid, agent, one.end)
            if end > 0 and start < grid.midnights[-1] + 1440:
                yield Fixed(0, start, end, None)
            continue
        if one.start != until or day is None:
            day = one.start.date()
        until = one.end
        if grid.first <= day < grid.until:
            start, end = _minute(grid, agent, one.start), _minute(grid, agent, one.end)
            yield Fixed((day - grid.first).days, start, end, one.activity)


def _minute(grid: Grid, agent: Agent, moment: datetime) -> Minutes:
    return grid.minute(moment.replace(tzinfo=zone(agent.zone_name)))


def _touches(away: Away, agent: Agent, grid: Grid) -> bool:
    first, last = _minute(grid, agent, away.start), _minute(grid, agent, away.end)
    return last > -1440 and first < grid.midnights[-1] + 1440


def _available(
    agent: Agent, grid: Grid, availability: Availability | None
) -> tuple[tuple[Minutes, Minutes], ...] | None:
    """Merged spans in minutes; None: always. Outside employment nobody is available."""
    if availability is None and agent.starts is None and agent.ends is None:
        return None
    spans = []
    for day in (grid.first + timedelta(days=step) for step in range(-1, grid.days + 1)):
        if (agent.starts and day < agent.starts) or (agent.ends and day > agent.ends):
            continue
        whole: tuple[Span, ...] = ((0, 1440),)
        for first, last in whole if availability is None else availability.spans(day):
            spans.append((_clock(grid, agent, day, first), _clock(grid, agent, day, last)))
    merged: list[tuple[Minutes, Minutes]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _clock(grid: Grid, agent: Agent, day: date, minutes: int) -> Minutes:
    midnight = datetime.combine(day + timedelta(days=minutes // 1440), time())
    return _minute(grid, agent, midnight + timedelta(minutes=minutes % 1440))


def _credit(
    agent: Agent, grid: Grid, week_starts: str, absences: Iterable[Away]
) -> dict[int, Minutes]:
    """
    Paid minutes credited by day of the horizon, and of the weeks before it with which its
    hours are averaged, capped by the week.
    """
    full = agent.contract.minutes_per_day
    known = range(-7 * agent.contract.average_weeks, grid.days)
    credit: dict[int, int] = {}
    for away in absences:
        if away.hours is not None:
            at = (away.start.date() - grid.first).days
            credit[at] = credit.get(at, 0) + round(away.hours * 60)
            continue
        for day in away.days:
            credit[(day - grid.first).days] = full
        for day, minutes in _parts(away):
            at = (day - grid.first).days
            credit[at] = min(full, credit.get(at, 0) + minutes)
    left: dict[int, int] = {}
    into = (grid.first.weekday() - WEEKDAYS.index(week_starts)) % 7
    capped = {}
    for at in sorted(credit):
        week = (at + into) // 7
        left.setdefault(week, round(agent.contract.hours_per_week * 60))
        capped[at] = min(credit[at], left[week])
        left[week] -= capped[at]
    return {at: minutes for at, minutes in capped.items() if minutes > 0 and at in known}


def _parts(away: Away) -> list[tuple[date, int]]:
    """Days that an absence takes in part, with its minutes on them."""
    parts = []
    day = away.start.date()
    while datetime.combine(day, time()) < away.end:
        midnight = datetime.combine(day, time())
        first, last = max(away.start, midnight), min(away.end, midnight + timedelta(days=1))
        if day not in away.days:
            parts.append((day, round((last - first).total_seconds() / 60)))
        day += timedelta(days=1)
    return parts
