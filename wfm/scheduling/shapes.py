"""
Every shift that a shape allows: start, length, and where its breaks may lie.

A frame is a shift with its breaks not yet placed. Times are minutes of the horizon, so a
shift that crosses midnight, or a night on which clocks change, needs no special case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import gcd

from wfm.domain.roster import Block, Calendar, Duty
from wfm.domain.timegrid import DAY, Minutes, zone
from wfm.domain.workforce import CLOSING, WORK, Activity, Break, Shape


@dataclass(frozen=True, slots=True)
class Slot:
    """
    Where one break of a frame may start: from ``first`` to ``last`` in steps.

    ``gap`` is the least time between the end of the break before it and its start, ``far``
    the greatest; None: no limit. ``activity`` is what fills it, where it is no break.
    """

    pause: Break
    first: Minutes
    last: Minutes
    gap: Minutes
    far: Minutes | None = None
    activity: Activity | None = None

    @property
    def starts(self) -> range:
        """The starts that are tried."""
        return range(self.first, self.last + 1, self.pause.step)


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A shift of a shape on a day, breaks not yet placed.

    ``paid`` are its paid minutes: unpaid breaks come on top. ``work`` are its minutes of
    working time, the same wherever its breaks lie. ``exact`` is the duty that it stands
    for, where that is one that a person was given before.
    """

    shape: Shape
    day: int
    start: Minutes
    end: Minutes
    paid: Minutes
    slots: tuple[Slot, ...]
    exact: Duty | None = None

    @property
    def work(self) -> Minutes:
        """Minutes of working time in the law's sense."""
        return self.end - self.start - sum(s.pause.minutes for s in self.slots if not s.pause.work)

    @property
    def closing_from(self) -> Minutes:
        """When work on contacts ends and closing work begins."""
        return self.end - self.shape.closing

    def placements(self) -> Iterator[tuple[Minutes, ...]]:
        """Every placement of its breaks: their starts, in order."""
        return _placements(self.slots, self.start - DAY)

    def first_placement(self) -> tuple[Minutes, ...] | None:
        """The placement with the earliest breaks; None where there is none."""
        return next(self.placements(), None)

    def duty(self, breaks: tuple[Minutes, ...], queues: tuple[str, ...]) -> Duty:
        """
        The frame with its breaks placed, for somebody who serves ``queues``.
        """
        if self.exact is not None:
            return self.exact
        blocks: list[Block] = []
        at = self.start
        for slot, begin in zip(self.slots, breaks, strict=True):
            if begin > at:
                blocks.append(Block(at, begin, WORK, queues))
            at = begin + slot.pause.minutes
            if not slot.pause.split:
                activity = slot.activity or slot.pause.activity
                blocks.append(Block(begin, at, activity))
        if self.closing_from > at:
            blocks.append(Block(at, self.closing_from, WORK, queues))
        if self.shape.closing:
            blocks.append(Block(self.closing_from, self.end, CLOSING))
        return Duty(self.day, tuple(blocks), self.shape.name)


def _placements(slots: tuple[Slot, ...], free: Minutes) -> Iterator[tuple[Minutes, ...]]:
    if not slots:
        yield ()
        return
    head, *rest = slots
    for begin in head.starts:
        if begin >= free + head.gap and (head.far is None or begin <= free + head.far):
            for tail in _placements(tuple(rest), begin + head.pause.minutes):
                yield (begin, *tail)


def frames(shape: Shape, calendar: Calendar, day: int) -> tuple[Frame, ...]:
    """
    Every frame of a shape that begins on a day, in a person's own zone.

    A frame whose breaks cannot all be placed is left out.
    """
    found: dict[tuple[Minutes, Minutes], Frame] = {}
    for clock in range(shape.start[0], shape.start[1] + 1, shape.step):
        start = moment(calendar, day, clock)
        for paid in shape.lengths:
            frame = _frame(shape, calendar, day, start, paid)
            if frame is not None:
                found[frame.start, frame.end] = frame
    return tuple(found[key] for key in sorted(found))


def _frame(
    shape: Shape, calendar: Calendar, day: int, start: Minutes, paid: Minutes
) -> Frame | None:
    end = start + paid + sum(pause.minutes for pause in shape.breaks if not pause.paid)
    slots: list[Slot] = []
    for i, pause in enumerate(shape.breaks):
        gap = max(pause.apart, shape.breaks[i - 1].apart) if i else 0
        slot = _slot(pause, calendar, day, (start, end - shape.closing), gap)
        if slot is None:
            return None
        slots.append(slot)
    frame = Frame(shape, day, start, end, paid, tuple(slots))
    return frame if frame.first_placement() is not None else None


def _slot(
    pause: Break, calendar: Calendar, day: int, shift: tuple[Minutes, Minutes], gap: Minutes
) -> Slot | None:
    earliest = shift[0] + pause.after
    latest = shift[1] - pause.before - pause.minutes
    for ahead in (0, DAY):  # a night shift may take its break after midnight
        first, last = earliest, latest
        if pause.window is not None:
            first = max(first, moment(calendar, day, pause.window[0] + ahead))
            last = min(last, moment(calendar, day, pause.window[1] + ahead) - pause.minutes)
        first += (calendar.midnight(day) - first) % pause.step
        if first <= last:
            return Slot(pause, first, first + (last - first) // pause.step * pause.step, gap)
        if pause.window is None:
            break
    return None


def moment(calendar: Calendar, day: int, clock: Minutes) -> Minutes:
    """
    Minute of the horizon at a wall-clock time of a day in the calendar's zone.

    ``clock`` may pass midnight: 1470 is half past midnight on the next day.
    """
    own = zone(calendar.zone_name or calendar.grid.zone_name)
    date = calendar.date(day) + timedelta(days=clock // DAY)
    wall = datetime.combine(date, time(clock % DAY // 60, clock % 60), own)
    return calendar.grid.minute(wall)


def fine_unit(interval: Minutes, every: Iterable[Frame]) -> Minutes:
    """
    The longest step of time on which every start, end and break of the frames lies.
    """
    unit = interval
    for frame in every:
        unit = gcd(unit, frame.start, frame.end, frame.closing_from)
        for slot in frame.slots:
            unit = gcd(
                unit, slot.first, slot.pause.minutes, slot.pause.step, slot.gap, slot.far or 0
            )
    return unit
