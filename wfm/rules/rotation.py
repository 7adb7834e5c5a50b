"""
Rotations: which kinds of shift a contract allows in which week, as early and late weeks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from wfm.domain.roster import Calendar, Duty
from wfm.domain.timegrid import zone
from wfm.domain.workforce import FIRST_WEEK, Person, Shape
from wfm.rules.words import DutyRule, Today


@dataclass(frozen=True)
class ContractRotation(DutyRule):
    """
    In each week only the shifts are worked whose turn it is in the contract's rotation.
    """

    unit: ClassVar[str] = "days"
    personal: ClassVar[bool] = True
    needs: ClassVar[frozenset[str]] = frozenset({"contract"})

    def days(self, person: Person, calendar: Calendar) -> Collection[int] | None:  # noqa: ARG002
        """None where the contract has no rotation."""
        return None if person.agent.contract.rotation else ()

    def amount(self, person: Person, today: Today) -> int:
        """One for a day whose shift is not that of its week."""
        if not person.agent.contract.rotation or not today.works:
            return 0
        shapes = turn(person, today.calendar, today.day)
        return int(not any(_fits(duty, today.calendar, shapes) for duty in today.duties))


def turn(person: Person, calendar: Calendar, day: int) -> tuple[Shape, ...]:
    """
    The shapes whose turn it is for somebody in the week of a day.
    """
    agent = person.agent
    anchor = agent.rotation_from or FIRST_WEEK
    week = calendar.date(calendar.week_days(calendar.week(day))[0])
    back = (anchor - week).days // 7  # whole weeks, wherever in its week the anchor lies
    names = agent.contract.rotation[-back % len(agent.contract.rotation)]
    return tuple(shape for shape in agent.contract.shapes if shape.name in names)


def _fits(duty: Duty, calendar: Calendar, shapes: tuple[Shape, ...]) -> bool:
    own = zone(calendar.zone_name or calendar.grid.zone_name)
    start = calendar.grid.local(duty.start).astimezone(own)
    clock = start.hour * 60 + start.minute
    return any(
        shape.start[0] <= clock <= shape.start[1] and duty.paid in shape.lengths for shape in shapes
    )
