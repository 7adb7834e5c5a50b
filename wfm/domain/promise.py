"""
What is promised to callers, what each number of heads yields, and what is required.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from wfm.errors import DataError, SettingsError

if TYPE_CHECKING:  # the words of promises are read by `wfm --help`, which loads no numpy
    import numpy as np

    from wfm.domain.timegrid import Grid


class Period(StrEnum):
    """
    Over what a promise holds. Totals over a period are weighted by contacts.
    """

    INTERVAL = "interval"
    DAY = "day"
    WEEK = "week"


class Abandons(StrEnum):
    """
    How callers who hang up count in a service level.

    With S answered within the threshold, A abandoned within it, N offered:
    OFFERED S/N (every offered contact counts; the default), IGNORE S/(N - A),
    POSITIVE (S + A)/N, ANSWERED S/answered, VIRTUAL the share of waits that would be
    within the threshold if nobody hung up.
    """

    OFFERED = "offered"
    IGNORE = "ignore"
    POSITIVE = "positive"
    ANSWERED = "answered"
    VIRTUAL = "virtual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """
    What all promises share: a share of offered contacts, over a period.

    Parameters
    ----------
    share
        In (0, 1): the promised share.
    over
        The period whose total must reach ``share``.
    floor
        In [0, 1): no interval may fall below it. 0 is no floor.
    max_occupancy
        In (0, 1]: busy time over time on queue, in each interval.
    risk
        In (0, 1), or None: kept on the average. With 0.2, kept on 80 % of days.
    """

    share: float
    over: Period = Period.DAY
    floor: float = 0.0
    max_occupancy: float = 1.0
    risk: float | None = None

    def __post_init__(self) -> None:
        _share("share", self.share)
        if not 0 <= self.floor < 1:
            raise SettingsError(f"floor is {self.floor:g}, expected 0 to below 1")
        if not 0 < self.max_occupancy <= 1:
            raise SettingsError(
                f"max_occupancy is {self.max_occupancy:g}, expected above 0 to 1",
                hint="write 90 % as 0.90",
            )
        if self.risk is not None:
            _share("risk", self.risk)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRate(Promise):
    """
    This share of offered contacts is answered: one minus abandonment.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel(Promise):
    """
    This share of offered contacts is answered within the threshold.

    ``threshold`` is in seconds; a promise, unlike the average speed of answer, an outcome.
    """

    threshold: float
    abandons: Abandons = Abandons.OFFERED

    def __post_init__(self) -> None:
        Promise.__post_init__(self)
        if self.threshold < 0:
            raise SettingsError(f"threshold is {self.threshold:g} s, expected 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTime(Promise):
    """
    This share of deferrable contacts is finished within ``due`` opening hours.
    """

    due: float  # hours in which the queue is open

    def __post_init__(self) -> None:
        Promise.__post_init__(self)
        if self.due <= 0:
            raise SettingsError(f"due time is {self.due:g} h, expected more than 0")

    def stretch(self, interval: int) -> int:
        """
        Open intervals, of so many minutes, within which a roster is free to do the work.

        A quarter of the due time: work is planned to be done by so much earlier.
        """
        return max(1, int(self.due * 60 / interval / 4))


def _share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise SettingsError(
            f"{name} is {value:g}, expected a share between 0 and 1",
            hint=f"write {value:g} % as {value / 100:g}" if 1 < value < 100 else "",
        )


@dataclass(frozen=True)
class Curve:
    """
    What each number of heads on one queue yields in each interval.

    Linear between whole heads; constant beyond the last. Averaged over the forecast's
    uncertainty and over unplanned absence: ``heads`` are people on the roster.

    Parameters
    ----------
    answered, in_time
        Contacts per interval, float [n, heads + 1], non-decreasing in heads; column 0 is
        nobody. ``in_time`` counts what the queue's promise counts: contacts answered
        within the threshold, or finished in time.
    occupancy
        Share, float [n, heads + 1], non-increasing in heads.
    """

    answered: np.ndarray
    in_time: np.ndarray
    occupancy: np.ndarray

    def __post_init__(self) -> None:
        if not self.answered.shape == self.in_time.shape == self.occupancy.shape:
            raise DataError("the columns of a curve differ in length")
        if self.answered.ndim != 2 or self.answered.shape[1] < 1:
            raise DataError("a curve needs a value for nobody on duty")

    @property
    def max_heads(self) -> int:
        """The largest number of heads that the curve knows."""
        return int(self.answered.shape[1]) - 1


@dataclass(frozen=True)
class Also:
    """
    What heads yield for a promise that is not the one the roster is planned on.

    ``counted`` [n, heads + 1] are contacts that it counts; ``correction`` [n] is what
    simulation found beyond them, as ``QueueRequirement.correction``.
    """

    counted: np.ndarray
    correction: np.ndarray | None = None


@dataclass(frozen=True)
class QueueRequirement:
    """
    People needed on one queue in every interval; float [n] unless said.

    Closed intervals hold zeros. ``agents`` are on contacts; ``to_schedule`` are on the
    roster: shrinkage included. ``agents_erlang_c`` is the plain per-interval baseline.
    The last five are what ``agents`` alone would give. ``correction`` is what simulation
    found of one roster beyond the curves (pooling, late breaks), as a shift of the log-odds
    of being counted, the same in every interval of a day; None: nothing is known.

    Of several promises ``promise`` is the one that asks for most, the one at ``place`` among
    them; its share is what the curve must yield, or ``aim`` where that is more or less: a
    promise kept on most days needs a higher mean, and what simulation found is in it too.
    ``least`` are the heads that floors and occupancy caps of the other promises ask for.
    ``pace`` are contacts that can wait, as they are to be finished so that each due time is
    kept: the roster owes their total over each stretch of hours.
    ``level`` is the service level that ``curve.in_time`` counts, None: not said. ``also``
    is what heads yield for the other promises; no file holds it.
    """

    queue: str
    contacts: np.ndarray
    aht_s: np.ndarray
    load_erlangs: np.ndarray
    agents: np.ndarray
    to_schedule: np.ndarray
    service_level: np.ndarray
    answer_rate: np.ndarray
    occupancy: np.ndarray
    asa_s: np.ndarray
    agents_erlang_c: np.ndarray
    promise: Promise | None = None
    curve: Curve | None = None
    correction: np.ndarray | None = None
    place: int = 0
    aim: np.ndarray | None = None
    least: np.ndarray | None = None
    pace: np.ndarray | None = None
    level: ServiceLevel | None = None
    also: Mapping[Promise, Also] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.agents < 0).any() or (self.to_schedule < 0).any():
            raise DataError(f"queue {self.queue}: fewer than no agents required")


@dataclass(frozen=True)
class Requirement:
    """
    The people needed, by queue, on one grid.

    ``open`` says in which intervals each queue takes contacts, bool [n].
    ``remarks`` are sentences for the user.
    """

    grid: Grid
    queues: Mapping[str, QueueRequirement]
    open: Mapping[str, np.ndarray]
    remarks: tuple[str, ...] = ()

    def by_heads(self) -> Requirement:
        """The same without curves: each interval is owed its heads, whatever they yield."""
        bare = {name: replace(queue, curve=None) for name, queue in self.queues.items()}
        return replace(self, queues=bare)
