"""
A centre's folder: which file holds what, its lock, and whole-or-nothing writes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from wfm.domain.backlog import Waiting, joined
from wfm.domain.calibration import Calibration, Shrinkage
from wfm.domain.courses import Course
from wfm.domain.demand import Adjustment, Event, Forecast, History, Opening
from wfm.domain.promise import Requirement
from wfm.domain.roster import Calendar, Duty, Roster
from wfm.domain.timegrid import Grid, first_whole_week
from wfm.domain.workforce import Agent, Person
from wfm.errors import DataError, LockedError, Problem, SettingsError, StaleError, nearest
from wfm.io import demand, people, promises, rosters
from wfm.io.calibrations import read_calibration
from wfm.io.completeness import openings
from wfm.io.courses import read_courses
from wfm.io.files import digest, write_files, write_folder
from wfm.io.fixed import read_fixed
from wfm.io.horizon import person
from wfm.settings.load import NAME, Settings, read_settings

INPUTS = (
    NAME,
    *("history.csv", "orders.csv", "events.csv", "adjustments.csv", "backlog.csv"),
    *("agents.csv", "availability.csv", "absences.csv", "fixed.csv", "wishes.csv"),
    *("activities.csv", "past.csv", "calibration.toml"),
)


@dataclass(frozen=True)
class Workspace:
    """
    A folder with a ``wfm.toml``.
    """

    folder: Path

    @staticmethod
    def find(folder: Path | None = None) -> Workspace:
        """
        The workspace that is named, else the nearest at or above the current folder.

        Raises
        ------
        SettingsError
            There is none.
        """
        found = Workspace.near(folder)
        if found is None:
            place = str(folder) if folder else "here and above"
            raise SettingsError(
                f"no {NAME}",
                place=place,
                hint="make a workspace with `wfm init`, or name one with -w DIR",
            )
        return found

    @staticmethod
    def near(folder: Path | None = None) -> Workspace | None:
        """The workspace that ``find`` finds, or None."""
        here = Path.cwd()
        places = [folder] if folder is not None else [here, *here.parents]
        return next((Workspace(place) for place in places if (place / NAME).is_file()), None)

    @cached_property
    def settings(self) -> Settings:
        """What ``wfm.toml`` says."""
        return read_settings(self.folder / NAME)

    def path(self, name: str) -> Path:
        """A file of the workspace."""
        return self.folder / name

    @property
    def cache(self) -> Path:
        """Folder of what can be made again, such as compiled rules; it may be deleted."""
        return self.path(".wfm.cache")

    def _there(self, name: str) -> Path | None:
        path = self.path(name)
        return path if path.is_file() else None

    def _needed(self, given: Path | None, name: str, maker: str) -> Path:
        """The file that is given, else the workspace's own, which must be there."""
        if given is not None:
            return given
        path = self._there(name)
        if path is None:
            raise StaleError(f"{name} is missing", place=str(self.folder), hint=maker)
        return path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """
        Be the only run in this workspace.

        Raises
        ------
        LockedError
            Another run holds it; the message says which, and for how long.
        """
        from filelock import FileLock, Timeout

        holder = self.path(".wfm.holder")
        lock = FileLock(self.path(".wfm.lock"), timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise LockedError(
                f"another run holds this workspace: {_holder(holder)}",
                place=str(self.folder),
                hint="wait for it, or stop that process",
            ) from error
        try:
            holder.write_text(f"process {os.getpid()}", encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def inputs(self, given: Sequence[Path] = ()) -> dict[str, str]:
        """SHA-256 of every input that is there, by name, and of other files given."""
        own = {name: digest(path) for name in INPUTS if (path := self._there(name))}
        return own | {self._known_as(path): digest(path) for path in given}

    def _known_as(self, path: Path) -> str:
        """A file's name in a record: inside the workspace the same wherever that stands."""
        inside = path.is_relative_to(self.folder)
        return path.relative_to(self.folder).as_posix() if inside else str(path)

    def horizon(self, as_of: date, *, first: date | None = None, weeks: int | None = None) -> Grid:
        """
        The days to plan: whole weeks, the first at least ``notice_days`` after ``as_of``.

        Raises
        ------
        SettingsError
            ``first`` does not begin a week.
        """
        settings = self.settings
        if first is None:
            first = first_whole_week(as_of, settings.week_starts, settings.plan.notice_days)
        elif first != first_whole_week(first, settings.week_starts, 0):
            raise SettingsError(
                f"--from {first} is a {first:%A}, but weeks start on {settings.week_starts}",
                hint=f"take {first_whole_week(first, settings.week_starts, 0)}",
            )
        days = 7 * (weeks or settings.plan.weeks)
        return Grid(first, days, settings.interval, settings.timezone)

    def history(self, given: Path | None = None) -> History:
        """Contact history on the workspace's grid, of queues that it knows."""
        settings = self.settings
        path = self._needed(given, "history.csv", "put your contact history there")
        found = demand.read_history(path, settings.timezone, interval=settings.interval)
        demand.known_queues(found, settings.queues, path.name)
        return found

    def events(self) -> tuple[Event, ...]:
        """Events; none without a file."""
        path = self._there("events.csv")
        return demand.read_events(path) if path else ()

    def adjustments(self) -> tuple[Adjustment, ...]:
        """Adjustments; none without a file."""
        path = self._there("adjustments.csv")
        return demand.read_adjustments(path) if path else ()

    def orders(self) -> dict[str | None, dict[date, float]]:
        """Orders by queue and date, past and planned; none without a file."""
        path = self._there("orders.csv")
        return demand.read_orders(path) if path else {}

    def backlog(self) -> tuple[Waiting, ...]:
        """Deferrable work not yet done; none without a file."""
        path = self._there("backlog.csv")
        return demand.read_backlog(path) if path else ()

    def calibration(self) -> Calibration | None:
        """What was measured; None before anything was."""
        path = self._there("calibration.toml")
        return read_calibration(path) if path else None

    @property
    def shrinkage(self) -> Shrinkage:
        """As ``wfm.toml`` sets it; where it says nothing, as it was measured."""
        stated = self.settings.shrinkage
        measured = self.calibration()
        if stated != Shrinkage() or measured is None or measured.shrinkage is None:
            return stated
        return measured.shrinkage

    def _hours(self) -> dict[str, Opening]:
        """Stated opening hours by queue, less the days that events close."""
        return openings(self.settings.queues.values(), self.events())

    def forecast(
        self, given: Path | None = None, horizon: Grid | None = None, *, whole: bool = False
    ) -> Forecast:
        """
        A forecast: the file given, else ``forecast.csv``; what waits from before joins it.

        ``whole`` demands a row for every open interval of its weeks: people are planned by it.
        """
        settings = self.settings
        path = self._needed(given, "forecast.csv", "`wfm forecast` makes it")
        found = demand.read_forecast(
            path,
            settings.timezone,
            interval=settings.interval,
            week_starts=settings.week_starts,
            horizon=horizon,
            hours=self._hours() if whole else None,
        )
        return joined(found, self.backlog(), settings.queues)

    def requirement(
        self,
        given: Path | None = None,
        curves: Path | None = None,
        horizon: Grid | None = None,
        *,
        whole: bool = False,
    ) -> Requirement:
        """
        A requirement: the file given, else ``requirement.csv``, with ``curves.csv``.

        ``whole`` demands a row for every open interval of its weeks: people are planned by it.
        """
        settings = self.settings
        path = self._needed(given, "requirement.csv", "`wfm staff` makes it")
        beside = path.with_name("curves.csv")
        return promises.read_requirement(
            path,
            settings.queues,
            settings.timezone,
            curves=curves or (beside if beside.is_file() else None),
            interval=settings.interval,
            week_starts=settings.week_starts,
            horizon=horizon,
            hours=self._hours() if whole else None,
        )

    @cached_property
    def agents(self) -> tuple[Agent, ...]:
        """
        The team and the pools, sorted.

        Raises
        ------
        DataError
            A queue needs a skill that nobody has.
        """
        queues = self.settings.queues
        path = self._needed(None, "agents.csv", "name your team there: agent,contract,skills")
        had = people.skill_names(path)  # first: else a slip here would blame every row there
        had = sorted({*had, *(skill for agent in self.settings.pool for skill in agent.skills)})
        faults = [
            Problem(
                f"{NAME}, [queue.{queue.name}], key 'skills'",
                f"no agent in {path.name} has '{skill}'",
                nearest(skill, had),
            )
            for queue in queues.values()
            for skill in queue.needs
            if skill not in had
        ]
        if faults:
            raise DataError(problems=faults)
        skills = [skill for queue in queues.values() for skill in queue.needs]
        named = people.read_agents(path, self.settings.contracts, skills, self.settings.timezone)
        twice = {agent.agent for agent in named} & {agent.agent for agent in self.settings.pool}
        if twice:
            raise DataError(
                f"agent '{min(twice)}' is one of [pool.{min(twice)[:-4]}] already",
                place=path.name,
                hint="give one of the two another name",
            )
        return tuple(sorted((*named, *self.settings.pool), key=lambda agent: agent.agent))

    def people(self, grid: Grid, fixed: Path | None = None) -> tuple[Person, ...]:
        """
        The team in a horizon, with availability, absences, wishes and what is fixed.

        ``fixed`` is read in place of ``fixed.csv``.
        """
        names = [agent.agent for agent in self.agents]
        settings = self.settings
        availability, absences, wishes = (
            self._there(f"{name}.csv") for name in ("availability", "absences", "wishes")
        )
        free = people.read_availability(availability, names) if availability else {}
        away = people.read_absences(absences, names) if absences else {}
        wanted = people.read_wishes(wishes, names) if wishes else {}
        pins = fixed or self._there("fixed.csv")
        decided = read_fixed(pins, names, settings.activities) if pins else {}
        return tuple(
            person(
                agent,
                grid,
                settings.week_starts,
                availability=free.get(agent.agent),
                absences=away.get(agent.agent, ()),
                wishes=wanted.get(agent.agent, ()),
                fixed=decided.get(agent.agent, ()),
                prices=settings.wish_prices,
            )
            for agent in self.agents
        )

    def courses(self, grid: Grid) -> tuple[Course, ...]:
        """Training and meetings to be placed in a horizon; none without a file."""
        path = self._there("activities.csv")
        activities = self.settings.activities
        return read_courses(path, grid, activities, self.agents) if path else ()

    def past(self, grid: Grid, given: Sequence[Path] = ()) -> rosters.Duties:
        """
        Duties before a horizon, by agent: those of the rosters given, else of ``past.csv``.

        A day that several rosters hold is taken from the last of them.
        """
        own = self._there("past.csv")
        known: dict[str, dict[int, Duty]] = {}
        for path in given or ([own] if own else []):
            for agent, duties in self._duties(path, grid).items():
                known.setdefault(agent, {}).update((one.day, one) for one in duties if one.day < 0)
        return {
            agent: tuple(duties[day] for day in sorted(duties)) for agent, duties in known.items()
        }

    def _duties(self, path: Path, grid: Grid, *, typed: bool = False) -> rosters.Duties:
        settings = self.settings
        return rosters.read_duties(
            path,
            grid,
            settings.activities,
            agents=[agent.agent for agent in self.agents],
            queues=settings.queues,
            typed=typed,
        )

    def draft(self, given: Path | None = None) -> Path:
        """
        The roster made last: the file or plan folder given, else ``roster.csv``, else that of
        the latest plan.
        """
        if given is not None:
            return given / "roster.csv" if given.is_dir() else given
        plans = sorted(self.path("plans").glob("*/roster.csv"))
        own = self.path("roster.csv")
        return own if own.is_file() or not plans else plans[-1]

    def typed_roster(self, path: Path, people: Sequence[Person], grid: Grid) -> Roster:
        """
        A roster of a horizon that somebody may have changed in a spreadsheet; no past days.

        Raises
        ------
        DataError
            Cells that cannot be, days outside the horizon, odd minutes: all of them.
        """
        path = self._needed(path if path.is_file() else None, path.name, "`wfm schedule` makes it")
        duties = self._duties(path, grid, typed=True)
        return rosters.roster_of(grid, people, self.calendars(grid, {}), duties, {})

    def calendars(self, grid: Grid, past: rosters.Duties | None = None) -> dict[str, Calendar]:
        """The days on which law is counted, by agent."""
        settings = self.settings
        known = self.past(grid) if past is None else past
        from_day = min([0, *(duty.day for duties in known.values() for duty in duties)])
        holidays = settings.holidays(
            grid.first + timedelta(days=from_day - 7), grid.until + timedelta(days=7)
        )
        return {
            agent.agent: Calendar(
                grid, agent.zone_name, settings.week_starts, holidays, known_from=from_day
            )
            for agent in self.agents
        }

    def roster(self, given: Path | None, grid: Grid) -> Roster:
        """A roster: the file given, else ``roster.csv``, with the duties before it."""
        path = self._needed(given, "roster.csv", "`wfm schedule` makes it")
        past = self.past(grid)
        return rosters.roster_of(
            grid, self.people(grid), self.calendars(grid, past), self._duties(path, grid), past
        )

    def write(self, files: Mapping[Path, str | bytes]) -> None:
        """Write several files so that all appear, or none."""
        write_files(files)

    def write_plan(self, first: date, files: Mapping[str, str | bytes]) -> Path:
        """Put a plan's files into ``plans/START`` by one rename."""
        folder = self.folder / "plans" / first.isoformat()
        write_folder(folder, files)
        return folder


def _holder(path: Path) -> str:
    """Who holds a lock, and since when."""
    try:
        who, since = path.read_text(encoding="utf-8"), path.stat().st_mtime
    except OSError:
        return "a process that is just starting"
    return f"{who}, since {max(0, time.time() - since):.0f} seconds"
