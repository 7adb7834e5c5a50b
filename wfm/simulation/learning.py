"""
What a simulation found beyond the curves: for the next plan, and for what is printed of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.outcome import SimulationResult
from wfm.domain.planned import RARE, moved, planned_counts
from wfm.domain.promise import OnTime, Promise, QueueRequirement, Requirement

Corrections = Mapping[tuple[str, int, int], float]  # by queue, place of the promise, day
FAR = 40.0  # log-odds beyond which every share is 0 or 1
HALVINGS = 60
# What days at a risk reach follows about two thirds of a step of log-odds far from the promise,
# where plans begin, and one and a half close to it, where they end: seen with 200 people.
FIRST_STEP, LATER_STEP = 1.6, 0.7


def corrections(
    requirement: Requirement,
    queues: Mapping[str, Queue],
    cover: Mapping[str, np.ndarray],
    played: SimulationResult,
    before: Corrections | None = None,
) -> dict[tuple[str, int, int], float]:
    """
    What simulation says must be added to the target share, by queue, promise and day.

    It is planned less simulated share, carried from where the plan stands to the target by
    the difference of their log-odds: so curves corrected by it print, for this roster, what
    was simulated. Pooling, late breaks and calls that run over, which no formula sees, are
    then in the plan of the next round.

    A promise at a risk is held against what its days reach as often as is promised: the
    mean that was planned is moved by the log-odds that this lies off the promised share: by
    ``FIRST_STEP`` of these, and by ``LATER_STEP`` of them from the second round on.

    Parameters
    ----------
    cover
        Heads that serve each queue, float [n]; those of the verdict.
    before
        The corrections with which ``requirement`` was made; what is found adds to them.
        Queues that share people follow a correction only in part, because people move to
        where the load goes: from the second round on they step half as far again.
    """
    stride = 1.5 if before and len(requirement.queues) > 1 else 1.0
    found: dict[tuple[str, int, int], float] = {}
    for one in _days(requirement, queues, cover, played):
        share = one.promise.share
        planned = float(one.counted.sum()) / one.offered
        if isinstance(one.promise, OnTime):
            # Whatever is done early counts as planned; more than the promise tells nothing.
            from_odds = _odds(share + (before or {}).get(one.key, 0.0))
            seen = one.simulated if one.reached is None else one.reached
            shift = _odds(min(planned, share)) - _odds(seen)
            if from_odds + stride * shift <= _odds(share):
                found[one.key] = 0.0
                continue
        elif one.reached is None:
            from_odds = _odds(share + (before or {}).get(one.key, 0.0))
            shift = _odds(planned) - _odds(one.simulated)
        else:
            from_odds = _odds(planned)
            shift = (LATER_STEP if before else FIRST_STEP) * (_odds(share) - _odds(one.reached))
        found[one.key] = float(1 / (1 + np.exp(-from_odds - stride * shift))) - share
    return found


def learned(
    requirement: Requirement,
    queues: Mapping[str, Queue],
    cover: Mapping[str, np.ndarray],
    played: SimulationResult,
) -> Requirement:
    """
    The same requirement, with what simulation found of one roster beyond its curves.

    What is then printed as planned for this cover is, day by day, what was simulated:
    another simulation of the same roster differs by chance alone.
    """
    shifts: dict[tuple[str, Promise], np.ndarray] = {}
    for one in _days(requirement, queues, cover, played):
        rows = requirement.grid.day == one.day
        contacts = requirement.queues[one.queue].contacts[rows]
        goal = one.simulated * float(contacts.sum())
        low, high = -FAR, FAR  # the sum rises with the shift
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if moved(one.counted, contacts, middle).sum() < goal:
                low = middle
            else:
                high = middle
        shift = shifts.setdefault((one.queue, one.promise), np.zeros(requirement.grid.n))
        shift[rows] = (low + high) / 2
    return replace(
        requirement,
        queues={name: _shifted(line, shifts) for name, line in requirement.queues.items()},
    )


def _shifted(
    line: QueueRequirement, shifts: Mapping[tuple[str, Promise], np.ndarray]
) -> QueueRequirement:
    """A queue's requirement with the shift of each of its promises."""
    if line.curve is None:
        return line
    own = next(
        (
            shift
            for (name, promise), shift in shifts.items()
            if name == line.queue and promise not in line.also
        ),
        line.correction,
    )
    also = {
        promise: replace(one, correction=shifts.get((line.queue, promise), one.correction))
        for promise, one in line.also.items()
    }
    return replace(line, correction=own, also=also)


@dataclass(frozen=True)
class _Day:
    """
    A promise on one day: contacts that it counts by interval on the curves as they are, and
    its share as simulated; with a risk, the share ``reached`` as often as is promised.
    """

    queue: str
    place: int
    day: int
    promise: Promise
    counted: np.ndarray
    offered: float
    simulated: float
    reached: float | None

    @property
    def key(self) -> tuple[str, int, int]:
        """Queue, place of the promise, day."""
        return self.queue, self.place, self.day


def _days(
    requirement: Requirement,
    queues: Mapping[str, Queue],
    cover: Mapping[str, np.ndarray],
    played: SimulationResult,
) -> Iterator[_Day]:
    """Every promise on every day of which all is known."""
    for name, seen in played.queues.items():
        line = requirement.queues.get(name)
        if line is None or line.curve is None:
            continue
        also = {promise: replace(one, correction=None) for promise, one in line.also.items()}
        bare = replace(requirement, queues={name: replace(line, correction=None, also=also)})
        asked = queues[name].promises or ((line.promise,) if line.promise else ())
        for place, promise in enumerate(asked):
            counted = planned_counts(bare, name, cover[name], promise)
            kept = seen.promise(place)
            for day in range(requirement.grid.days):
                rows = requirement.grid.day == day
                offered = float(line.contacts[rows].sum())
                found = kept.shares.get(f"day {day}")
                known = found is not None and np.isfinite(found.value)
                if found and known and offered > 0 and np.isfinite(counted[rows]).all():
                    reached = kept.reached.get(day)
                    yield _Day(
                        name, place, day, promise, counted[rows], offered, found.value, reached
                    )


def _odds(share: float) -> float:
    """Log-odds of a share; as if ``RARE`` of contacts always went the other way."""
    inside = min(max(share, RARE), 1 - RARE)
    return float(np.log(inside / (1 - inside)))
