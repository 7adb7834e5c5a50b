"""
Breaks where the law wants them: frames cut down to the placements that rules admit.

A rule about breaks judges one duty, so it is settled before any search: of a frame's
placements, those that break a hard rule are taken out. What is left is said again as
frames, exactly: earliest and latest starts, least and greatest distances, and where these
do not suffice, several frames.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from wfm.domain.roster import Calendar, Severity
from wfm.domain.timegrid import DAY, Minutes
from wfm.domain.workforce import Person
from wfm.rules.book import Book
from wfm.rules.words import DutyRule, Today
from wfm.scheduling.shapes import Frame
from wfm.scheduling.tablecache import keep, load, plain, source_hash

Placement = tuple[Minutes, ...]
Law = tuple[DutyRule, ...]
FREE = -1  # in the file of cuts: no greatest distance
CUTS = 2000  # frames in a file; beyond, only those that this run asked for stay


@dataclass
class Known:
    """
    What has been cut before: the frames that are left of each, by the rules that cut it.

    Parameters
    ----------
    folder
        Where cuts are kept from one run to the next, a file for each law; None: nowhere.
    """

    folder: Path | None = None
    cuts: dict[tuple[Law, Frame], tuple[Frame, ...]] = field(default_factory=dict)
    files: dict[Law, dict[str, np.ndarray]] = field(default_factory=dict)
    added: set[Law] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def cut(self, law: Law, frame: Frame, make: Callable[[], Iterable[Frame]]) -> tuple[Frame, ...]:
        """What a law leaves of a frame of day 0, which ``make`` says where it is not known."""
        if (law, frame) not in self.cuts:
            self.cuts[law, frame] = self._read(law, frame, make)
        return self.cuts[law, frame]

    def _read(
        self, law: Law, frame: Frame, make: Callable[[], Iterable[Frame]]
    ) -> tuple[Frame, ...]:
        if self.folder is None or frame.exact is not None or not frame.slots:
            return tuple(make())
        if law not in self.files:
            self.files[law] = load(self.folder, _name(law)) or {}
        name = sha256(marshal.dumps(plain(frame), 2)).hexdigest()[:32]
        self.asked.add(name)
        kept = self.files[law].get(name)
        if kept is not None and kept.ndim == 2 and kept.shape[1] == 4 * len(frame.slots):
            return tuple(_narrow(frame, row) for row in kept.tolist())
        found = tuple(make())
        self.files[law][name] = np.array([_numbers(one) for one in found], dtype=np.int64).reshape(
            len(found), 4 * len(frame.slots)
        )
        self.added.add(law)
        return found

    def close(self) -> None:
        """Keep what is new."""
        for law in self.added:
            assert self.folder is not None
            cuts = self.files[law]
            if len(cuts) > CUTS:
                cuts = {name: cuts[name] for name in sorted(self.asked & set(cuts))}
            keep(self.folder, _name(law), cuts)
        self.added.clear()


def _name(law: Law) -> str:
    return sha256(marshal.dumps((source_hash(), plain(law)), 2)).hexdigest()


def _numbers(frame: Frame) -> list[int]:
    """Where the breaks of a frame may lie."""
    return [
        number
        for slot in frame.slots
        for number in (slot.first, slot.last, slot.gap, FREE if slot.far is None else slot.far)
    ]


def _narrow(frame: Frame, numbers: Sequence[int]) -> Frame:
    """The frame whose breaks may lie where the numbers say."""
    slots = []
    for at, slot in enumerate(frame.slots):
        first, last, gap, far = numbers[4 * at : 4 * at + 4]
        far_off = None if far == FREE else far
        slots.append(replace(slot, first=first, last=last, gap=gap, far=far_off))
    return replace(frame, slots=tuple(slots))


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
        self.known = Known() if known is None or personal else known

    def __call__(self, frames: Iterable[Frame]) -> tuple[Frame, ...]:
        """The frames with what law admits of their breaks; those without any are left out."""
        return tuple(cut for frame in frames for cut in self.cut(frame))

    def cut(self, frame: Frame) -> tuple[Frame, ...]:
        """One frame as those that hold exactly its lawful placements."""
        law = tuple(self._rules(frame))
        if not law:
            return (frame,)
        midnight = self.calendar.midnight(frame.day)
        if not self._ordinary(frame.day):
            return narrowed(frame, lambda breaks: self.admits(frame, breaks))
        plain_day = replace(_moved(frame, -midnight), day=0)

        def make() -> Iterable[Frame]:
            found = narrowed(frame, lambda breaks: self.admits(frame, breaks))
            return (replace(_moved(one, -midnight), day=0) for one in found)

        kept = self.known.cut(law, plain_day, make)
        return tuple(replace(_moved(one, midnight), day=frame.day) for one in kept)

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
