"""
A plan made elsewhere as a roster of people and duties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid, Minutes, zone
from wfm.domain.workforce import WORK, Activity, Agent, Contract, Pay, Person
from wfm.errors import DataError, Problem
from wfm.io.rosters import STEP
from wfm.io.workplans import PlanKind, Spell, Workplan, plan_kind, read_workplan

HIDDEN_BREAK = Activity("break", paid=False, work=False, pause=True)
UNKNOWN = Contract("not known", 0, 7, (), Pay("not known", 0))


def workplan_roster(
    plan: Workplan,
    grid: Grid,
    people: Mapping[str, Person],
    calendars: Mapping[str, Calendar],
    unpaid_break: Minutes = 0,
) -> Roster:
    """
    A plan as a roster, days before the grid as past.

    Parameters
    ----------
    people, calendars
        By agent.
    unpaid_break
        Minutes taken off each day of more than six hours that shows no break: they are
        put in its middle, and no rule about breaks can be judged by them.
    """
    duties: dict[str, dict[int, list[Spell]]] = {}
    for spell in plan.spells:
        own = zone(calendars[spell.agent].zone_name or grid.zone_name)
        when = spell.start.astimezone(own).date() if spell.start.tzinfo else spell.date
        day = (when - grid.first).days
        duties.setdefault(spell.agent, {}).setdefault(day, []).append(spell)
    tours = []
    known: dict[tuple[str, datetime], Minutes] = {}
    for agent in plan.agents:
        own = zone(calendars[agent].zone_name or grid.zone_name)

        def minute(moment: datetime, own: ZoneInfo = own) -> Minutes:
            if moment.tzinfo:
                return grid.minute(moment)
            key = own.key, moment  # a team shares few starts and ends
            if key not in known:
                known[key] = grid.minute(moment.replace(tzinfo=own))
            return known[key]

        made = [
            Duty(day, tuple(_blocks(spells, minute, unpaid_break)))
            for day, spells in duties.get(agent, {}).items()
            if day < grid.days
        ]
        made.sort(key=lambda duty: duty.start)
        tours.append(Tour(people[agent], calendars[agent], tuple(made)))
    return Roster(grid, tuple(tours))


def read_times(
    path: Path, grid: Grid, people: Sequence[Person], calendars: Mapping[str, Calendar]
) -> tuple[Roster, range]:
    """
    The shifts of a horizon by their times alone, and the days that the file tells of.

    A grid tells of the days above its columns, another plan of all.

    Raises
    ------
    DataError
        As of `read_workplan`; also shifts outside the horizon, or on no five minutes.
    """
    kind = plan_kind(path)
    plan = read_workplan(path, kind, grid.first, calendars)
    faults = []
    for spell in plan.spells:
        if not grid.first <= spell.date < grid.until:
            last = grid.date(grid.days - 1)
            said = f"{spell.date}, expected a day from {grid.first} to {last}"
            faults.append(Problem(spell.place, said))
        odd = [moment for moment in (spell.start, spell.end) if moment.minute % STEP]
        faults += [
            Problem(spell.place, f"{moment:%H:%M}, expected a multiple of {STEP} minutes")
            for moment in odd
        ]
    if faults:
        raise DataError(problems=faults)
    known = {person.agent.agent: person for person in people}
    roster = workplan_roster(plan, grid, known, calendars)
    if kind is not PlanKind.GRID:
        return roster, range(grid.days)
    begin, end = ((day - grid.first).days for day in plan.days)
    return roster, range(begin, end + 1)


def _blocks(
    spells: Sequence[Spell], minute: Callable[[datetime], Minutes], unpaid_break: Minutes
) -> Iterator[Block]:
    shown = len(spells) > 1
    for spell in spells:
        start, end = minute(spell.start), minute(spell.end)
        hidden = spell.unplaced
        if not hidden and not shown and end - start > 6 * 60:
            hidden = unpaid_break
        if not 0 < hidden < end - start:
            yield Block(start, end, WORK)
            continue
        middle = start + (end - start - hidden) // 2
        yield Block(start, middle, WORK)
        yield Block(middle, middle + hidden, HIDDEN_BREAK)
        yield Block(middle + hidden, end, WORK)


def stranger(agent: str, zone_name: str) -> Person:
    """
    Somebody of whom only the name is known.
    """
    return Person(Agent(agent, UNKNOWN, zone_name=zone_name))
