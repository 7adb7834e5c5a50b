"""
People: who can work, when, under which contract, and what they wish.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations

from wfm.domain.demand import Queue, Span
from wfm.domain.money import Cents
from wfm.domain.timegrid import Minutes
from wfm.errors import SettingsError

FIRST_WEEK = date(2024, 1, 1)  # a Monday: rotations and averages without a start begin here


@dataclass(frozen=True, slots=True)
class Activity:
    """
    What somebody does in a block of a duty.

    ``on_contacts``: available to callers. ``paid``: counts towards contract hours and
    pay. ``work``: is working time in the law's sense (a paid break is paid, not work).
    ``pause``: is a break or meal, whether or not it is paid or counts as work.
    """

    name: str
    on_contacts: bool = False
    paid: bool = True
    work: bool = True
    pause: bool = False


WORK = Activity("work", on_contacts=True)
CLOSING = Activity("closing")  # work off the queues at the end of a shift
TRAINING = Activity("training")
MEETING = Activity("meeting")


@dataclass(frozen=True, slots=True)
class Break:
    """
    A break that a shape places inside its shift.

    Parameters
    ----------
    minutes
        Length, a multiple of 5.
    window
        Wall-clock span in which it must lie; None: anywhere.
    after, before
        Minutes from the shift's start to the break's start at least; from the break's
        end to the shift's end at least.
    apart
        Minutes between this break and another at least.
    paid, work
        Whether it is paid; whether it counts as working time.
    split
        Whether it parts the shift in two: people leave, and the roster shows no block.
    step
        Minutes between the starts that are tried.
    """

    name: str
    minutes: Minutes
    window: Span | None = None
    after: Minutes = 60
    before: Minutes = 60
    apart: Minutes = 60
    paid: bool = False
    work: bool = False
    step: Minutes = 15
    split: bool = False

    def __post_init__(self) -> None:
        if self.split and (self.paid or self.work):
            raise SettingsError(
                f"break {self.name} splits the shift, so it is no paid or work time"
            )
        if self.minutes <= 0 or self.minutes % 5:
            raise SettingsError(
                f"break {self.name} lasts {self.minutes} minutes, expected a multiple of 5"
            )

    @property
    def activity(self) -> Activity:
        """The activity of its block."""
        return Activity(self.name, on_contacts=False, paid=self.paid, work=self.work, pause=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """
    A kind of shift: when it may start, how long it is, which breaks it holds.

    Parameters
    ----------
    start
        First and last wall-clock start, minutes of the day.
    step
        Minutes between starts.
    lengths
        Paid minutes; unpaid breaks come on top.
    breaks
        Breaks it must hold, in order of the day.
    closing
        Minutes of work off the queues at its end, inside its paid minutes.
    """

    name: str
    start: Span
    lengths: tuple[Minutes, ...]
    breaks: tuple[Break, ...] = ()
    closing: Minutes = 0
    step: Minutes = 30

    def __post_init__(self) -> None:
        if not self.lengths or min(self.lengths) <= 0:
            raise SettingsError(f"shape {self.name} has no length")
        if self.start[1] < self.start[0]:
            raise SettingsError(f"shape {self.name}: its last start lies before its first")
        if self.step < 5 or self.step % 5:
            raise SettingsError(f"shape {self.name}: step is {self.step}, a multiple of 5 needed")


@dataclass(frozen=True, slots=True)
class Premium:
    """
    Extra pay for some hours: ``share`` of the hourly rate on top.

    ``window`` (wall clock) or ``days`` ("saturday", "sunday", "holiday") say which.
    """

    name: str
    share: float
    window: Span | None = None
    days: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pay:
    """
    What an hour costs.

    ``overtime`` are tiers (weekly hours from which, extra share), increasing.
    """

    name: str
    per_hour: Cents
    premiums: tuple[Premium, ...] = ()
    overtime: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """
    What a person has agreed to.

    ``tolerance`` hours: how far a week's paid and credited hours may lie from
    ``hours_per_week``; a hard limit. ``days_per_week`` is a maximum. ``rotation`` names the
    shapes of each week of a cycle, one after the other; empty: all in every week.

    Above 1, ``average_weeks`` are the weeks over which hours are averaged, one block after
    the other; one begins with the week of ``average_from``. Then the tolerance is that of a
    whole block, and at the end of each of its other weeks hours may be ``balance`` ahead or
    behind (None: those of a day).
    """

    name: str
    hours_per_week: float
    days_per_week: int
    shapes: tuple[Shape, ...]
    pay: Pay
    tolerance: float = 0.0
    rotation: tuple[tuple[str, ...], ...] = ()
    average_weeks: int = 1
    average_from: date = FIRST_WEEK
    balance: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.hours_per_week <= 168:
            raise SettingsError(f"contract {self.name}: {self.hours_per_week:g} hours per week")
        if not 1 <= self.days_per_week <= 7:
            raise SettingsError(f"contract {self.name}: {self.days_per_week} days per week")
        if self.average_weeks < 1:
            raise SettingsError(f"contract {self.name}: an average over {self.average_weeks} weeks")

    def minutes(self, days: int) -> int:
        """Minutes that it asks for in so many days of a week or block."""
        return round(round(self.hours_per_week * 60) * days / 7)

    def slack(self, *, closed: bool) -> int:
        """Minutes by which they may be missed: in a week or ``closed`` block, or on its way."""
        if closed or self.average_weeks == 1:
            return round(self.tolerance * 60)
        return self.minutes_per_day if self.balance is None else round(self.balance * 60)

    def shape_of(self, clock: Minutes, paid: Minutes) -> str:
        """
        Name of the first shape that a duty fits, empty if none does.

        ``clock`` is its wall-clock start in minutes of the day, ``paid`` its paid minutes.
        """
        fitting = (
            shape.name
            for shape in self.shapes
            if shape.start[0] <= clock <= shape.start[1] and paid in shape.lengths
        )
        return next(fitting, "")

    def alike(self) -> Iterator[tuple[str, str]]:
        """
        Names of two shapes that one shift can fit, the first of which names it.
        """
        for one, other in combinations(self.shapes, 2):
            starts = (set(range(s.start[0], s.start[1] + 1, s.step)) for s in (one, other))
            if set.intersection(*starts) and set(one.lengths) & set(other.lengths):
                yield one.name, other.name

    @property
    def minutes_per_day(self) -> int:
        """Paid minutes that a whole day of absence credits."""
        return round(self.hours_per_week * 60 / self.days_per_week)


TRAITS = (  # what law asks of a person; ``part_time`` follows from the contract
    *("minor", "under_16", "pregnant", "student", "night_worker", "on_call", "annualised"),
    *("back_office", "consents", "opted_out", "compulsory_overtime", "staggered_hours"),
    *("multi_shift", "fortnightly_rest"),
    *("short_hours_on_request", "meal_waived", "second_meal_waived", "supervisor", "part_time"),
)


@dataclass(frozen=True)
class Agent:
    """
    A person on the team, as ``agents.csv`` names them.

    ``skills`` hold an efficiency above 0: 0.8 takes 1 / 0.8 of the handle time.
    ``zone_name`` is where law is applied to them. ``per_hour`` replaces the contract's
    rate. Who starts or leaves is on the team from ``starts`` to ``ends``, both worked. The
    week of ``rotation_from`` has the first turn of the contract's rotation.
    """

    agent: str
    contract: Contract
    name: str = ""
    site: str = ""
    zone_name: str = "UTC"
    skills: Mapping[str, float] = field(default_factory=dict)
    per_hour: Cents | None = None
    starts: date | None = None
    ends: date | None = None
    traits: frozenset[str] = frozenset()  # what law asks of them, some of ``TRAITS``
    rotation_from: date | None = None

    def efficiency(self, queue: Queue) -> float:
        """Efficiency on a queue: the least over the skills it needs; 0 if one is missing."""
        return min(self.skills.get(skill, 0.0) for skill in queue.needs)

    @property
    def rate(self) -> Cents:
        """Cents per hour."""
        return self.contract.pay.per_hour if self.per_hour is None else self.per_hour


class AbsenceKind(StrEnum):
    """
    Why somebody is away. Outputs say ``absent``: illness is health data.
    """

    LEAVE = "leave"
    TRAINING = "training"
    MEETING = "meeting"
    SICK = "sick"


@dataclass(frozen=True, slots=True)
class Absence:
    """
    A time away, minutes of the horizon; its planned hours are credited.
    """

    start: Minutes
    end: Minutes
    kind: AbsenceKind


@dataclass(frozen=True, slots=True)
class Fixed:
    """
    Something of somebody's days that is decided already, minutes of the horizon.

    A day with work in it has its whole shift fixed: with its breaks where a break is among
    its rows, else from its first start to its last end, breaks still to be placed. A day
    with other activities alone is a shift still to be found around them.

    ``day`` is the day (in the agent's zone) on which the shift begins that it belongs to.
    ``activity`` None is a time off: no duty touches it, and nothing is credited.
    """

    day: int
    start: Minutes
    end: Minutes
    activity: Activity | None


class WishKind(StrEnum):
    """
    What a person would like on a date.
    """

    OFF = "off"
    EARLY = "early"
    LATE = "late"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Wish:
    """
    A wish for one day, with the price of refusing it.

    ``shape`` names the shape wished for by ``SHIFT``; ``price`` is in cents.
    """

    day: int
    kind: WishKind
    price: Cents
    shape: str = ""


@dataclass(frozen=True)
class Person:
    """
    An agent in one horizon: what is known of their days, in minutes of the horizon.

    Parameters
    ----------
    available
        Spans in which they can work, sorted and merged; None: always.
    absences
        Times away, sorted.
    credit
        Paid minutes that absences credit, by day (in the agent's zone).
    fixed
        What is decided already, sorted.
    """

    agent: Agent
    available: tuple[tuple[Minutes, Minutes], ...] | None = None
    absences: tuple[Absence, ...] = ()
    credit: Mapping[int, Minutes] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()
    fixed: tuple[Fixed, ...] = ()

    def can_work(self, start: Minutes, end: Minutes) -> bool:
        """Whether a duty from ``start`` to ``end`` lies in availability and outside absences."""
        if any(start < absence.end and absence.start < end for absence in self.absences):
            return False
        if self.available is None:
            return True
        return any(first <= start and end <= last for first, last in self.available)
