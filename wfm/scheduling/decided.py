"""
Days that are decided already, as frames: fixed shifts, activities that a shift must hold,
and duties of a roster that stands.

Rules say what must stay (``wfm.rules.fixed``); here is only made what they admit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wfm.domain.money import Cents
from wfm.domain.roster import Block, Calendar, Duty
from wfm.domain.timegrid import Minutes, zone
from wfm.domain.workforce import Activity, Break, Fixed, Person, Shape
from wfm.rules.fixed import fixes_breaks, fixes_shift
from wfm.scheduling.lawful import boxes
from wfm.scheduling.shapes import Frame, Slot


@dataclass(frozen=True)
class Standing:
    """
    A roster that stands already, and what it costs to change it.

    Parameters
    ----------
    duties
        By agent, then by day of the horizon; a day that is not there is off.
    price
        Cents for each person-day that is not as it stands.
    kept
        Days that stay as they stand, by agent.
    free
        Days that may change at no price, by agent.
    spared
        Agents whose whole tour stays as it stands, whatever rules say.
    """

    duties: Mapping[str, Mapping[int, Duty]]
    price: Cents = 0
    kept: Mapping[str, Collection[int]] = field(default_factory=dict)
    free: Mapping[str, Collection[int]] = field(default_factory=dict)
    spared: frozenset[str] = frozenset()

    def duty(self, agent: str, day: int) -> Duty | None:
        """What stands on a day; None: nothing."""
        return self.duties.get(agent, {}).get(day)

    def keeps(self, agent: str, day: int) -> bool:
        """Whether a day must stay as it stands."""
        return agent in self.spared or day in self.kept.get(agent, ())

    def changed(self, agent: str, worked: Mapping[int, Sequence[Duty]], days: int) -> list[int]:
        """Days of a person that are not as they stand and not free, of ``days`` planned."""
        free = self.free.get(agent, ())
        return [
            day
            for day in range(days)
            if day not in free and not _same(self.duty(agent, day), worked.get(day, ()))
        ]


def _same(stands: Duty | None, worked: Sequence[Duty]) -> bool:
    if stands is None or len(worked) != 1:
        return stands is None and not worked
    return stands.blocks == worked[0].blocks


def exact(duty: Duty, person: Person, calendar: Calendar) -> Frame:
    """
    The frame of one duty as it is: every piece off contacts is a break that cannot move.
    """
    name = duty.shape or shape_name(duty, person, calendar)
    shape = Shape(name, (0, 0), (max(1, duty.paid),))
    slots = tuple(_held(start, end, activity) for start, end, activity in _off_contacts(duty))
    named = duty if duty.shape == name else replace(duty, shape=name)
    return Frame(shape, duty.day, duty.start, duty.end, duty.paid, slots, named)


def named(frame: Frame, person: Person, calendar: Calendar) -> Frame:
    """
    A frame under the name that a reader of its duty would give it: a file names no shapes.
    """
    own = zone(calendar.zone_name or calendar.grid.zone_name)
    start = calendar.grid.local(frame.start).astimezone(own)
    name = person.agent.contract.shape_of(start.hour * 60 + start.minute, frame.paid)
    same = not name or name == frame.shape.name
    return frame if same else replace(frame, shape=replace(frame.shape, name=name))


def shape_name(duty: Duty, person: Person, calendar: Calendar) -> str:
    """The first shape of the contract that a duty fits, empty if none does."""
    own = zone(calendar.zone_name or calendar.grid.zone_name)
    start = calendar.grid.local(duty.start).astimezone(own)
    return person.agent.contract.shape_of(start.hour * 60 + start.minute, duty.paid)


def _off_contacts(duty: Duty) -> Iterator[tuple[Minutes, Minutes, Activity]]:
    nothing = Activity("", paid=False, work=False)
    until = duty.start
    for block in duty.blocks:
        if block.start > until:
            yield until, block.start, nothing
        if not block.activity.on_contacts:
            yield block.start, block.end, block.activity
        until = block.end


def _held(start: Minutes, end: Minutes, activity: Activity) -> Slot:
    length = end - start
    kind = Break(
        activity.name,
        length,
        after=0,
        before=0,
        apart=0,
        paid=activity.paid,
        work=activity.work,
        step=length,
    )
    return Slot(kind, start, start, 0, activity=activity)


def fixed_frames(
    person: Person,
    calendar: Calendar,
    day: int,
    menu: Sequence[Frame],
    queues: tuple[str, ...],
) -> tuple[Frame, ...]:
    """
    Frames that keep what is fixed on a day; none where nothing but time off is.

    Parameters
    ----------
    menu
        Frames of the contract on that day.
    queues
        What the person serves, in order of priority.
    """
    held = [one for one in person.fixed if one.day == day and one.activity is not None]
    if not held:
        return ()
    if not fixes_shift(held):
        return tuple(made for frame in menu for made in around(frame, held))
    as_told = exact(Duty(day, tuple(_blocks(held, queues))), person, calendar)
    if fixes_breaks(held):
        return (as_told,)
    fitting = [f for f in menu if (f.start, f.end) == (as_told.start, as_told.end)]
    off = [one for one in held if not (one.activity and one.activity.on_contacts)]
    placed = tuple(made for frame in fitting for made in around(frame, off))
    return placed or (as_told,)


def _blocks(held: Iterable[Fixed], queues: tuple[str, ...]) -> Iterator[Block]:
    for one in sorted(held, key=lambda one: one.start):
        assert one.activity is not None
        yield Block(one.start, one.end, one.activity, queues if one.activity.on_contacts else ())


def around(frame: Frame, held: Sequence[Fixed]) -> tuple[Frame, ...]:
    """
    A frame with activities inside at their times, its breaks placed around them.

    None where they do not fit, or leave its breaks no place.
    """
    if any(one.start < frame.start or one.end > frame.closing_from for one in held):
        return ()
    if not held:
        return (frame,)
    fixed = [_held(one.start, one.end, one.activity) for one in held if one.activity is not None]
    slots = (*frame.slots, *fixed)
    orders: dict[tuple[int, ...], list[tuple[Minutes, ...]]] = {}
    for breaks in frame.placements():
        starts = (*breaks, *(slot.first for slot in fixed))
        order = tuple(sorted(range(len(slots)), key=starts.__getitem__))
        at = [(starts[k], starts[k] + slots[k].pause.minutes) for k in order]
        if all(earlier[1] <= later[0] for earlier, later in pairwise(at)):
            orders.setdefault(order, []).append(tuple(begin for begin, _ in at))
    return tuple(
        made
        for order, good in orders.items()
        for made in boxes(replace(frame, slots=tuple(slots[k] for k in order)), good)
    )
