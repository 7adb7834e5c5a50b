"""
What a rule can say: to the checker as breaches, to solvers as one small declaration.

A declaration is one of three words:

- ``Each``: about one duty alone (its length, its breaks, who may do it);
- ``Memory``: a small state, and how one more day changes it;
- ``Count``: a sum over a period, with bounds.

A rule does not know whether it is hard or priced, nor which solver reads it. The two
halves of a rule share the domain and nothing else, so that each can prove the other wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

from wfm.domain.roster import Calendar, Duty, Tour
from wfm.domain.timegrid import Minutes, clock_text
from wfm.domain.workforce import Contract, Person


@dataclass(frozen=True)
class Today:
    """
    One day of one person, as a declaration sees it.

    ``start`` and ``end`` are minutes that really pass after the midnight on which the
    day begins (an end may lie past the next midnight); 0 on a day off. Several duties of
    one day, which only past rosters and checked files hold, count as one.
    """

    calendar: Calendar
    day: int
    duties: tuple[Duty, ...] = ()

    @property
    def works(self) -> bool:
        """Whether a duty begins on this day."""
        return bool(self.duties)

    @cached_property
    def start(self) -> Minutes:
        """Start of the duty."""
        return self.duties[0].start - self.calendar.midnight(self.day) if self.duties else 0

    @cached_property
    def end(self) -> Minutes:
        """End of the duty."""
        if not self.duties:
            return 0
        return max(duty.end for duty in self.duties) - self.calendar.midnight(self.day)

    @cached_property
    def paid(self) -> Minutes:
        """Paid minutes."""
        return sum(duty.paid for duty in self.duties)

    @cached_property
    def work(self) -> Minutes:
        """Minutes of working time in the law's sense."""
        return sum(duty.work for duty in self.duties)

    @property
    def kind(self) -> str:
        """Name of the duty's shape, empty where it is not known."""
        return self.duties[0].shape if self.duties else ""

    @cached_property
    def weekday(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return self.calendar.weekday(self.day)

    @cached_property
    def week(self) -> int:
        """Number of the week; week 0 holds day 0."""
        return self.calendar.week(self.day)

    @cached_property
    def ends_week(self) -> bool:
        """Whether this is the last day of its week."""
        return self.calendar.week(self.day + 1) != self.week

    @cached_property
    def starts_week(self) -> bool:
        """Whether this is the first day of its week."""
        return self.calendar.week(self.day - 1) != self.week

    @property
    def last(self) -> bool:
        """Whether this is the last day of the horizon."""
        return self.day == self.calendar.days - 1

    @cached_property
    def length(self) -> Minutes:
        """Minutes of this day: 1,440, but 1,380 or 1,500 when clocks change."""
        return self.calendar.midnight(self.day + 1) - self.calendar.midnight(self.day)

    @property
    def holiday(self) -> bool:
        """Whether this is a public holiday."""
        return self.calendar.is_holiday(self.day)


class View:
    """
    A day of which only some fields can be read: what a rule does not see, it cannot use.
    """

    read: Hashable

    def __init__(self, today: Today, sees: tuple[str, ...]):
        for name in sees:
            setattr(self, name, getattr(today, name))

    @property
    def key(self) -> Hashable:
        """What two days have in common when a rule cannot tell them apart."""
        return tuple(vars(self).values())

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a rule reads '{name}' of a day, but does not say that it sees it")


@dataclass(frozen=True)
class EachWeek:
    """Every week on its own."""


@dataclass(frozen=True)
class Blocks:
    """
    Fixed blocks of ``weeks`` weeks, one after the other; ``offset`` weeks before the
    horizon's first week, a block began.
    """

    weeks: int
    offset: int = 0


@dataclass(frozen=True)
class Rolling:
    """Any ``weeks`` weeks in a row."""

    weeks: int


@dataclass(frozen=True)
class Running:
    """
    From the start of each week or block over which a contract's hours add up to the end of
    each of its weeks.
    """

    contract: Contract


@dataclass(frozen=True)
class Horizon:
    """The days that are planned, without the past."""


Period = EachWeek | Blocks | Rolling | Running | Horizon


@dataclass(frozen=True)
class Window:
    """
    One period of a count: days ``first`` to ``last``, both counted; ``first`` may be past.

    ``whole`` when every day of it is known or planned: only then can too little be told
    from too early.
    """

    first: int
    last: int
    whole: bool

    @property
    def days(self) -> range:
        """Its days."""
        return range(self.first, self.last + 1)


def windows(period: Period, calendar: Calendar) -> tuple[Window, ...]:
    """
    The windows of a period that hold at least one planned day, cut at the horizon's end.

    A count is bounded above also in a window that is cut or begins before
    ``calendar.known_from`` (what is known may be too much already), below only in whole ones.
    """
    if isinstance(period, Horizon):
        return (Window(0, calendar.days - 1, True),)
    if isinstance(period, Running):
        return tuple(_running(calendar, period.contract))
    if isinstance(period, EachWeek):
        period = Blocks(1)
    weeks, final = period.weeks, calendar.week(calendar.days - 1)
    if isinstance(period, Rolling):
        firsts = list(range(1 - weeks, final + 2 - weeks))
    else:
        begun = range(1 - weeks, final + 1)
        firsts = [week for week in begun if (week + period.offset) % weeks == 0]
    return tuple(_window(calendar, week, weeks) for week in firsts)


def _running(calendar: Calendar, contract: Contract) -> Iterator[Window]:
    for days in calendar.periods(contract):
        for week in range(calendar.week(max(0, days[0])), calendar.week(days[-1]) + 1):
            last = calendar.week_days(week)[-1]
            end = min(last, calendar.days - 1)
            yield Window(days[0], end, days[0] >= calendar.known_from and end == last)
            if end == calendar.days - 1:
                return


def _window(calendar: Calendar, week: int, length: int) -> Window:
    first = calendar.week_days(week)[0]
    last = calendar.week_days(week + length - 1)[-1]
    end = min(last, calendar.days - 1)
    return Window(first, end, first >= calendar.known_from and end == last)


Bounds = tuple[int | None, int | None]


@dataclass(frozen=True)
class Each:
    """
    A sentence about one duty: ``amount`` is by how much it is broken, 0 when it is kept.

    ``personal`` when it reads the person (availability, skills, wishes); other rules
    must not, and are tabulated once for everybody. ``days(person, calendar)`` are those on
    which the rule has anything to say; None: all. ``off`` when it judges days off as well.
    """

    amount: Callable[[Person, Today], int]
    personal: bool = False
    days: Callable[[Person, Calendar], Collection[int] | None] | None = None
    off: bool = False


@dataclass(frozen=True)
class Memory:
    """
    A state, and how one more day changes it.

    ``step(state, today)`` gives the next state and the amount broken on that day.
    ``today`` shows only the fields in ``sees``, and as ``today.read`` what ``reads`` makes
    of the whole day: a few numbers, worked out once for each duty (its night minutes).
    """

    start: Hashable
    step: Callable[[Any, Any], tuple[Hashable, int]]
    sees: tuple[str, ...] = ()
    reads: Callable[[Today], Hashable] | None = None

    def view(self, today: Today) -> View:
        """The day as this rule sees it."""
        view = View(today, self.sees)
        if self.reads is not None:
            view.read = self.reads(today)
        return view


@dataclass(frozen=True)
class Count:
    """
    A sum of ``what(today)``, never negative, over each window of a period.

    ``personal(person, calendar, window)`` replaces the two bounds where they depend on
    the person: what absences credit is taken off there.
    """

    what: Callable[[Any], int]
    period: Period
    at_least: int | None = None
    at_most: int | None = None
    sees: tuple[str, ...] = ()
    personal: Callable[[Person, Calendar, Window], Bounds] | None = None

    def bounds(self, person: Person, calendar: Calendar, window: Window) -> Bounds:
        """At least and at most in one window; None where there is no bound."""
        if self.personal is not None:
            low, high = self.personal(person, calendar, window)
        else:
            low, high = self.at_least, self.at_most
        return (low if window.whole else None), high


Declaration = Each | Memory | Count


@dataclass(frozen=True, slots=True)
class Breach:
    """
    A rule broken on a day, by ``amount`` in the rule's unit.

    The day is the first on which it is certain; only days of the horizon are told.
    """

    day: int
    amount: int


@dataclass(frozen=True)
class Rule:
    """
    One sentence of labour law. A subclass's docstring is the sentence, its fields the numbers.
    """

    unit: ClassVar[str] = "minutes"
    needs: ClassVar[frozenset[str]] = frozenset()  # contract, breaks, past, ...
    planned: ClassVar[bool] = True  # whether solvers hear of it; what is only checked has no price

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Where a finished tour breaks this rule, on days of the horizon."""
        raise NotImplementedError

    def declare(self, contract: Contract) -> Declaration:
        """The same sentence for solvers, for people of one contract."""
        raise NotImplementedError

    @property
    def weeks_back(self) -> int:
        """Weeks before the horizon that must be known to judge all of it."""
        return 0

    @property
    def sentence(self) -> str:
        """The sentence with its numbers: the docstring's first paragraph."""
        return self._told(0)

    @property
    def remark(self) -> str:
        """What the sentence leaves open: the docstring's second paragraph, or nothing."""
        return self._told(1)

    def _told(self, paragraph: int) -> str:
        parts = (type(self).__doc__ or "").strip().split("\n\n")
        if paragraph >= len(parts) or parts[paragraph].lstrip().startswith("Parameters"):
            return ""
        text = " ".join(parts[paragraph].split())
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values = {name: value for name, value in values.items() if not isinstance(value, bool)}
        return re.sub(r"``(\w+)``", lambda found: _said(values.get(found[1], found[1])), text)


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple) and len(value) == 2 and all(type(item) is int for item in value):
        return " and ".join(clock_text(item % 1440) for item in value)
    if isinstance(value, tuple | frozenset):
        items = sorted(map(_said, value)) if isinstance(value, frozenset) else map(_said, value)
        return ", ".join(items) or "none"
    return str(value)


def begin(tour: Tour) -> int:
    """
    The first day of which a tour tells: past duties reach back, also before ``known_from``.
    """
    return min([tour.calendar.known_from, *(duty.day for duty in tour.duties)])


@dataclass(frozen=True)
class DutyRule(Rule):
    """
    A rule about one duty alone: both halves ask ``amount``.
    """

    personal: ClassVar[bool] = False

    def amount(self, person: Person, today: Today) -> int:
        """By how much the duty of a day breaks the rule; 0 when it keeps it."""
        raise NotImplementedError

    def days(self, person: Person, calendar: Calendar) -> Collection[int] | None:  # noqa: ARG002
        """Days on which the rule has anything to say of a person; None: all."""
        return None

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every working day that breaks the rule."""
        for day in sorted(day for day in tour.by_day if day >= 0):
            amount = self.amount(tour.person, day_in(tour, day))
            if amount > 0:
                yield Breach(day, amount)

    def declare(self, contract: Contract) -> Declaration:  # noqa: ARG002 - same for all
        """The same amount, duty by duty."""
        return Each(self.amount, self.personal, self.days)


def day_in(tour: Tour, day: int) -> Today:
    """
    One day of a tour; what is read of it is worked out once for all rules.
    """
    known: dict[int, Today] = tour.notes.setdefault(Today, {})
    if day not in known:
        known[day] = Today(tour.calendar, day, tour.by_day.get(day, ()))
    return known[day]
