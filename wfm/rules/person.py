"""
What one person can and would like to do: never the same for two people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from wfm.domain.roster import Calendar
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Person, Wish, WishKind
from wfm.rules.hours import on_team
from wfm.rules.words import DutyRule, Today


@dataclass(frozen=True)
class OnTheTeam(DutyRule):
    """
    Nobody works before their first day on the team or after their last.
    """

    unit: ClassVar[str] = "days"
    personal: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"contract"})

    def days(self, person: Person, calendar: Calendar) -> Collection[int]:
        """Those outside employment."""
        return [day for day in range(calendar.days) if not on_team(person, calendar, day)]

    def amount(self, person: Person, today: Today) -> int:
        """One for a day outside employment."""
        return int(today.works and not on_team(person, today.calendar, today.day))


@dataclass(frozen=True)
class Availability(DutyRule):
    """
    A duty lies wholly within one of the times in which the person can work.
    """

    personal: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"availability"})

    def days(self, person: Person, calendar: Calendar) -> Collection[int] | None:  # noqa: ARG002
        """None for who can always work."""
        return () if person.available is None else None

    def amount(self, person: Person, today: Today) -> int:
        """Minutes of duties outside the span that holds most of them."""
        if person.available is None:
            return 0
        outside = 0
        for duty in today.duties:
            within = [
                max(0, min(end, duty.end) - max(start, duty.start))
                for start, end in person.available
            ]
            outside += duty.end - duty.start - max(within, default=0)
        return outside


@dataclass(frozen=True)
class Absences(DutyRule):
    """
    Nobody works while they are absent.
    """

    personal: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"absences"})

    def days(self, person: Person, calendar: Calendar) -> Collection[int]:
        """Those of an absence, and the day before: a duty may run into it."""
        return {
            day
            for one in person.absences
            for day in range(calendar.day_of(one.start) - 2, calendar.day_of(one.end) + 1)
        }

    def amount(self, person: Person, today: Today) -> int:
        """Minutes of duties inside absences."""
        return sum(
            max(0, min(absence.end, duty.end) - max(absence.start, duty.start))
            for duty in today.duties
            for absence in person.absences
        )


@dataclass(frozen=True)
class Skills(DutyRule):
    """
    Everybody works only on queues whose skills they have.

    Parameters
    ----------
    queues
        Each queue with the skills that it needs, all of them.
    """

    personal: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"skills"})
    queues: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def days(self, person: Person, calendar: Calendar) -> Collection[int] | None:  # noqa: ARG002
        """None for who has every skill that a queue needs."""
        needed = {skill for _, skills in self.queues for skill in skills}
        able = {skill for skill, level in person.agent.skills.items() if level > 0}
        return () if self.queues and needed <= able else None

    def amount(self, person: Person, today: Today) -> int:
        """Minutes on queues that the person cannot serve."""
        known = dict(self.queues)
        skills = {skill for skill, level in person.agent.skills.items() if level > 0}
        return sum(
            block.minutes
            for duty in today.duties
            for block in duty.blocks
            if any(not skills.issuperset(known.get(queue, (queue,))) for queue in block.queues)
        )


@dataclass(frozen=True)
class Wishes(DutyRule):
    """
    What somebody wished for a day is granted.

    A wish for a day off is refused by any duty; one for an early, late or named shift only
    by another shift, not by a day off. Early is a duty that begins before ``early`` minutes
    of the day, late one that ends after ``late``. The amount is the wish's own price.
    """

    unit: ClassVar[str] = "cents"
    personal: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"wishes"})
    early: Minutes = 600
    late: Minutes = 1080

    def days(self, person: Person, calendar: Calendar) -> Collection[int]:  # noqa: ARG002
        """Those with a wish."""
        return {wish.day for wish in person.wishes}

    def amount(self, person: Person, today: Today) -> int:
        """Prices of the wishes that the day's duty refuses."""
        return sum(
            wish.price
            for wish in person.wishes
            if wish.day == today.day and today.works and not self.granted(wish, today)
        )

    def granted(self, wish: Wish, today: Today) -> bool:
        """Whether a working day is what was wished for."""
        if wish.kind is WishKind.EARLY:
            return today.start < self.early
        if wish.kind is WishKind.LATE:
            return today.end > self.late
        return wish.kind is WishKind.SHIFT and today.kind == wish.shape
