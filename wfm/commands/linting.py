"""
What ``wfm check`` knows beside the plan, and what it finds in it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfm.domain.roster import Calendar, Roster
    from wfm.domain.timegrid import Grid
    from wfm.domain.workforce import Activity, Person
    from wfm.io.workplans import PlanKind, Workplan
    from wfm.reporting.findings import Findings
    from wfm.rules.book import Book
    from wfm.workspace import Workspace


@contextmanager
def uncollected() -> Iterator[None]:
    """
    Keep everything that is made: a plan's objects live until its check ends, and looking for
    garbage among them takes a fifth of the time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class Where:
    """
    What is known beside the plan: a workspace, or a zone and a country alone.
    """

    def __init__(
        self,
        place: Workspace | None,
        zone_name: str,
        country: str | None,
        first: date | None,
        unpaid_break: int,
    ):
        self.place, self.zone_name, self.country = place, zone_name, country
        self.first, self.unpaid_break = first, unpaid_break
        self.read_plans: dict[Path, Workplan] = {}

    def findings(
        self, plan: Path, book: Book, since: Path | None, past: list[Path] | tuple[()], told: date
    ) -> Findings:
        """Everything that a plan breaks, and what it leaves in doubt."""
        from wfm.reporting.findings import Findings

        roster, lacks = self.roster(plan, past or self.own_past())
        violations = book.checkable(frozenset(lacks)).check_roster(roster)
        remarks = []
        if since is None:
            lacks |= {"published"}
        else:
            published, _ = self.roster(since, ())
            violations = (*violations, *book.check_changes(roster, published, told))
        if "breaks" in lacks:
            taken = f"less {self.unpaid_break} min a day over 6 h" if self.unpaid_break else "whole"
            remarks.append(
                f"{plan.name} shows no breaks: hours are counted from start to end, {taken}"
            )
        return Findings(
            plan=plan.name,
            rules=book.name,
            violations=tuple(sorted(violations, key=lambda v: (v.agent, v.date, v.code))),
            not_checked=book.not_checked(roster, frozenset(lacks)),
            people=len(roster.tours),
            days=roster.grid.days,
            remarks=tuple(remarks),
        )

    def places(self, plan: Path) -> dict[tuple[str, date], tuple[int, str]]:
        """Row of a plan's file, and in a grid the column, of somebody's day."""
        from wfm.io.workplans import PlanKind, places, plan_kind

        kind = plan_kind(plan)
        typed = None if kind is PlanKind.ROSTER else self.typed(plan, kind)
        found = places(plan, kind, typed)
        return {key: (cell.row, cell.column) for key, cell in found.items()}

    def own_past(self) -> list[Path]:
        """The workspace's own ``past.csv``, where it has one."""
        known = self.place.path("past.csv") if self.place else None
        return [known] if known is not None and known.is_file() else []

    def roster(self, plan: Path, past: list[Path] | tuple[()]) -> tuple[Roster, set[str]]:
        """A plan with its past, and what it does not tell."""
        from wfm.domain.roster import Roster, Tour
        from wfm.domain.timegrid import Grid

        grid, days = self.horizon(plan)
        before = [self.horizon(one)[1][0] for one in past]
        reach = min([days[0], *before])
        known_from = (reach - grid.first).days
        found, lacks = self.read(plan, grid, known_from)
        tours = {tour.agent: tour for tour in found}
        for one in past:
            earlier, _ = self.read(one, grid, known_from)
            for tour in earlier:
                if tour.agent in tours:
                    now = tours[tour.agent]
                    duties = sorted((*tour.past, *now.duties), key=lambda duty: duty.start)
                    tours[tour.agent] = Tour(now.person, now.calendar, tuple(duties))
        roster = Roster(Grid(grid.first, grid.days, 15, self.zone_name), tuple(tours.values()))
        return roster, lacks

    def horizon(self, plan: Path) -> tuple[Grid, tuple[date, date]]:
        """The days of a plan."""
        from wfm.domain.timegrid import Grid
        from wfm.io.rosters import grid_of_roster
        from wfm.io.workplans import PlanKind, plan_kind

        kind = plan_kind(plan)
        if kind is PlanKind.ROSTER:
            grid = grid_of_roster(plan, self.zone_name)
            return grid, (grid.first, grid.until - timedelta(days=1))
        days = self.typed(plan, kind).days
        return Grid(days[0], (days[1] - days[0]).days + 1, 15, self.zone_name), days

    def typed(self, plan: Path, kind: PlanKind) -> Workplan:
        """A plan as it was typed, read once."""
        from wfm.io.workplans import read_workplan

        if plan not in self.read_plans:
            team = [agent.agent for agent in self.place.agents] if self.place else None
            self.read_plans[plan] = read_workplan(plan, kind, self.first, team)
        return self.read_plans[plan]

    def read(self, plan: Path, grid: Grid, known_from: int) -> tuple[Roster, set[str]]:
        """A file as a roster on a grid, and what it does not tell."""
        from wfm.io.planrosters import workplan_roster
        from wfm.io.workplans import PlanKind, plan_kind

        kind = plan_kind(plan)
        if kind is PlanKind.ROSTER:
            return self.roster_file(plan, grid, known_from)
        told = self.typed(plan, kind)
        people, lacks = self.people(grid, told.agents)
        calendars = self.calendars(grid, people, known_from)
        lacks |= {"breaks", "shapes", "skills"}
        return workplan_roster(told, grid, people, calendars, self.unpaid_break), lacks

    def roster_file(self, plan: Path, grid: Grid, known_from: int) -> tuple[Roster, set[str]]:
        """Our own roster file, with its breaks."""
        from wfm.domain.roster import Roster, Tour
        from wfm.io.rosters import read_duties

        names = None
        if self.place:
            names = [agent.agent for agent in self.place.agents]
        duties = read_duties(plan, grid, self.activities(plan), agents=names)
        people, lacks = self.people(grid, tuple(sorted(duties)))
        calendars = self.calendars(grid, people, known_from)
        tours = tuple(
            Tour(people[agent], calendars[agent], own) for agent, own in sorted(duties.items())
        )
        return Roster(grid, tours), lacks | {"shapes"} | (set() if self.place else {"skills"})

    def activities(self, plan: Path) -> dict[str, Activity]:
        """Activities by name: the workspace's, else every other than work is an unpaid break."""
        from wfm.domain.workforce import CLOSING, MEETING, TRAINING, WORK, Activity
        from wfm.io import columns
        from wfm.io.files import read_table

        if self.place:
            return dict(self.place.settings.activities)
        named = read_table(plan, columns.ROSTER).get("activity")
        known = {one.name: one for one in (WORK, CLOSING, TRAINING, MEETING)}
        breaks = {
            name: Activity(name, paid=False, work=False, pause=True) for name in named if name
        }
        return breaks | known

    def people(self, grid: Grid, agents: tuple[str, ...]) -> tuple[dict[str, Person], set[str]]:
        """Who is in the plan, and what is not known of them."""
        from wfm.io.planrosters import stranger

        lacks = set() if self.country else {"holidays"}
        if self.place is None:
            found = {agent: stranger(agent, self.zone_name) for agent in agents}
            return found, lacks | {"contract", "availability", "absences", "fixed", "wishes"}
        team = {person.agent.agent: person for person in self.place.people(grid)}
        return team, lacks

    def calendars(
        self, grid: Grid, people: dict[str, Person], known_from: int
    ) -> dict[str, Calendar]:
        """The days on which law is counted, by agent."""
        from wfm.domain.holidays import public_holidays
        from wfm.domain.roster import Calendar

        settings = self.place.settings if self.place else None
        reach = timedelta(days=7)
        early = grid.first + timedelta(days=known_from) - reach
        holidays = (
            settings.holidays(early, grid.until + reach)
            if settings
            else public_holidays(self.country, None, early, grid.until + reach)
        )
        starts = settings.week_starts if settings else "monday"
        plain = Calendar(grid, self.zone_name, starts, holidays, known_from)
        return {
            agent: plain
            if person.agent.zone_name == self.zone_name
            else replace(plain, zone_name=person.agent.zone_name)
            for agent, person in people.items()
        }
