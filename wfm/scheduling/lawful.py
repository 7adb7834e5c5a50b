"""
Breaks where the law wants them: frames cut down to the placements that rules admit.

A rule about breaks judges one duty, so it is settled before any search: of a frame's
placements, those that break a hard rule are taken out. What is left is said again as
frames, exactly: earliest and latest starts, least and greatest distances, and where these
do not suffice, several frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from wfm.domain.roster import Calendar, Severity
from wfm.domain.timegrid import DAY, Minutes
from wfm.domain.workforce import Person
from wfm.rules.book import Book
from wfm.rules.words import DutyRule, Today
from wfm.scheduling.shapes import Frame

Placement = tuple[Minutes, ...]
Known = dict[tuple[tuple[DutyRule, ...], Frame], tuple[Frame, ...]]  # frames cut before


class Lawful:
    """
    Cuts the frames of one person's law; days that look alike are cut once.

    Parameters
    ----------
    book
        Rules; only the hard ones about breaks matter here.
    known
        What has been cut already, also for others: whoever is under the same rules shares it,
        unless a rule is about the person.
    """

    def __init__(self, book: Book, person: Person, calendar: Calendar, known: Known | None = None):
        self.person, self.calendar = person, calendar
        of_duties = [
            entry.rule
            for entry in book.for_agent(person.agent)
            if entry.severity is Severity.HARD and isinstance(entry.rule, DutyRule)
        ]
        self.rules = [rule for rule in of_duties if "breaks" in rule.needs]
        # where a shift is split, its parts are what other rules judge, too
        self.of_splits = [rule for rule in of_duties if not rule.personal]
        personal = any(rule.personal for rule in self.rules)
        self.known: Known = {} if known is None or personal else known

    def __call__(self, frames: Iterable[Frame]) -> tuple[Frame, ...]:
        """The frames with what law admits of their breaks; those without any are left out."""
        return tuple(cut for frame in frames for cut in self.cut(frame))

    def cut(self, frame: Frame) -> tuple[Frame, ...]:
        """One frame as those that hold exactly its lawful placements."""
        if not self._rules(frame):
            return (frame,)
        midnight = self.calendar.midnight(frame.day)
        if not self._ordinary(frame.day):
            return narrowed(frame, lambda breaks: self.admits(frame, breaks))
        key = tuple(self._rules(frame)), replace(_moved(frame, -midnight), day=0)
        if key not in self.known:
            found = narrowed(frame, lambda breaks: self.admits(frame, breaks))
            self.known[key] = tuple(replace(_moved(one, -midnight), day=0) for one in found)
        return tuple(replace(_moved(one, midnight), day=frame.day) for one in self.known[key])

    def admits(self, frame: Frame, breaks: Placement) -> bool:
        """Whether no rule about breaks is broken."""
        today = Today(self.calendar, frame.day, (frame.duty(breaks, ()),))
        return not any(rule.amount(self.person, today) for rule in self._rules(frame))

    def _rules(self, frame: Frame) -> list[DutyRule]:
        return self.of_splits if any(slot.pause.split for slot in frame.slots) else self.rules

    def _ordinary(self, day: int) -> bool:
        """Whether clocks do not change on a day or the next."""
        midnights = [self.calendar.midnight(day + step) for step in range(3)]
        return midnights[2] - midnights[0] == 2 * DAY and midnights[1] - midnights[0] == DAY


def narrowed(frame: Frame, admits: Callable[[Placement], bool]) -> tuple[Frame, ...]:
    """
    Frames whose placements together are those of ``frame`` that are admitted, each once.
    """
    every = list(frame.placements())
    good = [breaks for breaks in every if admits(breaks)]
    if len(good) == len(every):
        return (frame,)
    return tuple(boxes(frame, good))


def boxes(frame: Frame, good: Sequence[Placement]) -> Iterable[Frame]:
    """
    Frames like ``frame`` whose placements together are the ``good`` ones, each once.
    """
    if not good:
        return
    box = _box(frame, good)
    if sum(1 for _ in box.placements()) == len(good):
        yield box
        return
    # the box holds more: halve the good ones at the break that moves most
    spread = [len({breaks[at] for breaks in good}) for at in range(len(frame.slots))]
    at = spread.index(max(spread))
    starts = sorted({breaks[at] for breaks in good})
    middle = starts[len(starts) // 2]
    yield from boxes(frame, [breaks for breaks in good if breaks[at] < middle])
    yield from boxes(frame, [breaks for breaks in good if breaks[at] >= middle])


def _box(frame: Frame, good: Sequence[Placement]) -> Frame:
    """The smallest frame that holds these placements."""
    slots = []
    for at, slot in enumerate(frame.slots):
        starts = [breaks[at] for breaks in good]
        gap, far = slot.gap, slot.far
        if at:
            length = frame.slots[at - 1].pause.minutes
            gaps = [breaks[at] - breaks[at - 1] - length for breaks in good]
            gap, far = min(gaps), max(gaps)
        slots.append(replace(slot, first=min(starts), last=max(starts), gap=gap, far=far))
    return replace(frame, slots=tuple(slots))


def _moved(frame: Frame, by: Minutes) -> Frame:
    return replace(
        frame,
        start=frame.start + by,
        end=frame.end + by,
        slots=tuple(
            replace(slot, first=slot.first + by, last=slot.last + by) for slot in frame.slots
        ),
    )
