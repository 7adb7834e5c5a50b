"""
``wfm check``: the labour-law linter alone, on any plan.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import AsOfOption, FromOption, OutputOption, WorkspaceOption, today
from wfm.errors import SettingsError, nearest

if TYPE_CHECKING:
    from wfm.domain.roster import Calendar, Roster
    from wfm.domain.timegrid import Grid
    from wfm.domain.workforce import Activity, Person
    from wfm.io.workplans import PlanKind, Workplan
    from wfm.reporting.findings import Findings
    from wfm.rules.book import Book
    from wfm.workspace import Workspace

FORMATS = ("text", "json", "sarif", "csv", "html")


def check(
    roster: Annotated[
        Path, typer.Argument(metavar="ROSTER", help="Roster, shifts, grid (CSV, Excel) or ICS.")
    ],
    rules: Annotated[
        str | None,
        typer.Option("--rules", metavar="PRESET", help="See `wfm rules list`; else wfm.toml's."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="How findings are written.")
    ] = "text",
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CODE", help="Only rules whose code begins so."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="CODE", help="Leave out rules whose code begins so."),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option("--since", metavar="PLAN", help="Published before: checks notice of changes."),
    ] = None,
    past: Annotated[
        list[Path] | None,
        typer.Option("--past", metavar="ROSTER", help="Plans of the weeks before."),
    ] = None,
    unpaid_break: Annotated[
        int,
        typer.Option(
            "--unpaid-break",
            min=0,
            metavar="MINUTES",
            help="Taken off days over 6 h that show no break.",
        ),
    ] = 0,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CODE", help="For public holidays.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="Zone of the clock times.")
    ] = None,
    first: FromOption = None,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
) -> int:
    """
    Check any plan against labour law: who breaks which rule, when, by how much.

      wfm check plan.xlsx --rules fr-code
      wfm check plan.csv --rules fr-2098 --past last-month.csv --format json
      wfm check roster.csv -w centre             with its contracts and its own rules

    Reads our roster, a table of shifts (agent, shift_start, shift_end), a grid of people by
    days as typed in Excel (08:00-16:00, 8h-16h, OFF, RTT), or a calendar file. Says which
    rules it could not check, and why. Exit 7 when a hard rule is broken.
    """
    from wfm import console
    from wfm.errors import Exit
    from wfm.rules.book import load_preset
    from wfm.rules.preset import preset, preset_names
    from wfm.workspace import Workspace

    if form not in FORMATS:
        raise SettingsError(f"--format is '{form}'", hint=nearest(form, FORMATS))
    place = Workspace.near(workspace) if workspace or rules is None else None
    if workspace and place is None:
        place = Workspace.find(workspace)
    if rules is None and place is None:
        known = ", ".join(preset_names())
        raise SettingsError("no rules are named", hint=f"add --rules with one of {known}")
    own = place.settings.rules if place else None
    name = rules or (own.preset if own else "")
    overrides = own.override if own and own.preset == name else ()
    queues = place.settings.queues.values() if place else ()
    book = load_preset(name, overrides, today(as_of), queues=queues, house=place is not None)
    book = chosen(book, select or (), ignore or ())
    law = preset(name)
    where = Where(
        place,
        timezone or (place.settings.timezone if place else law.zone_name or "UTC"),
        country or (place.settings.country if place else law.country),
        first,
        unpaid_break,
    )
    found = where.findings(roster, book, since, past or (), today(as_of))
    write(found, form, output)
    console.remarks(found.remarks)
    return Exit.RULE_BROKEN if found.broken else Exit.DONE


def chosen(book: Book, select: list[str] | tuple[()], ignore: list[str] | tuple[()]) -> Book:
    """
    The part of a book that ``--select`` and ``--ignore`` leave.

    Raises
    ------
    SettingsError
        A code that no rule begins with.
    """
    codes = [entry.code for entry in book]
    for told in (*select, *ignore):
        if not any(code.startswith(told) for code in codes):
            raise SettingsError(f"no rule begins with '{told}'", hint=nearest(told, codes))
    gone = [
        code
        for code in codes
        if (select and not code.startswith(tuple(select)))
        or (ignore and code.startswith(tuple(ignore)))
    ]
    return book.without(gone)


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

        roster, lacks = self.roster(plan, past)
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
        from wfm.io.workplans import PlanKind, plan_kind, workplan_roster

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
        from wfm.io.workplans import stranger

        lacks = set() if self.country else {"holidays"}
        if self.place is None:
            found = {agent: stranger(agent, self.zone_name) for agent in agents}
            return found, lacks | {"contract", "availability", "absences", "wishes"}
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
        early = grid.first + timedelta(days=min(0, known_from)) - reach
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


def write(found: Findings, form: str, output: Path | None) -> None:
    """
    The findings to a file or standard output, in one of ``FORMATS``.
    """
    import json

    from wfm import __version__, console
    from wfm.io.files import write_files
    from wfm.io.rosters import violations_csv
    from wfm.reporting.findings import (
        findings_record,
        findings_table,
        people_summary,
        rules_summary,
        sarif_record,
        unchecked_table,
    )

    tables = [rules_summary(found), people_summary(found), findings_table(found)]
    shown = [table for table in (*tables, unchecked_table(found)) if table.rows]
    if form == "text" and output is None:
        for table in shown:
            console.show(table)
        console.show_text(found.headline)
        return
    if form == "json":
        text = json.dumps(findings_record(found), indent=2, ensure_ascii=False)
    elif form == "sarif":
        text = json.dumps(sarif_record(found, __version__), indent=2, ensure_ascii=False)
    elif form == "csv":
        text = violations_csv(found.violations)
    elif form == "html":
        from wfm.reporting.pages.document import document

        text = document("Labour-law check", found.headline, [*found.remarks, *shown])
    else:
        lines = ["\t".join(row) for row in findings_table(found).rows]
        text = "\n".join([found.headline, *lines])
    write_files({output or Path("-"): text if text.endswith("\n") else text + "\n"})
