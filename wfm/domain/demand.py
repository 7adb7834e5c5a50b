"""
Contacts: what came, what will come, and the scenarios drawn from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np

from wfm.domain.promise import Promise
from wfm.domain.timegrid import Grid, Minutes
from wfm.errors import DataError, SettingsError

KINSHIP = 30.0  # minutes over which the correlation of interval shocks halves; measured on calls

Span = tuple[Minutes, Minutes]  # wall-clock minutes of the day; the end may pass midnight


class Channel(StrEnum):
    """
    How contacts come. E-mail, letters and fax can wait: they are deferrable.
    """

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    LETTER = "letter"
    FAX = "fax"
    CALLBACK = "callback"

    @property
    def deferrable(self) -> bool:
        """Whether contacts of this channel are a backlog and not a queue of waiting people."""
        return self in (Channel.EMAIL, Channel.LETTER, Channel.FAX)


@dataclass(frozen=True)
class Opening:
    """
    When a queue takes contacts.

    Parameters
    ----------
    week
        Spans of each weekday, Monday first; seven tuples.
    dates
        Spans of single dates, which replace the weekday's: empty is closed.
    """

    week: tuple[tuple[Span, ...], ...] = ((0, 1440),), *(((0, 1440),),) * 6
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise SettingsError(f"opening hours of {len(self.week)} weekdays, expected 7")

    def spans(self, day: date) -> tuple[Span, ...]:
        """Spans that begin on a date."""
        return self.dates.get(day, self.week[day.weekday()])

    def mask(self, grid: Grid) -> np.ndarray:
        """
        Which intervals are open, bool [n]: those that begin inside a span.

        On a daily grid, the days on which a span begins.
        """
        opened = np.zeros(grid.n, dtype=bool)
        for day in range(-1, grid.days):
            for start, end in self.spans(grid.date(day)):
                if grid.interval == 1440:
                    opened |= grid.day == day
                    continue
                today = (grid.day == day) & (grid.clock >= start) & (grid.clock < end)
                tomorrow = (grid.day == day + 1) & (grid.clock + 1440 < end)
                opened |= today | tomorrow
        return opened


@dataclass(frozen=True, slots=True)
class SelfService:
    """
    A website, voice menu or bot in front of a queue.

    Parameters
    ----------
    share
        Of contacts that it takes, from 0 to below 1.
    error
        Share of those that it fails: they come back and reach people after all.
    back_to
        The queue in which they come back; None: this one.
    """

    share: float
    error: float = 0.0
    back_to: str | None = None

    def __post_init__(self) -> None:
        for name, value in (("share", self.share), ("error", self.error)):
            if not 0 <= value < 1:
                raise SettingsError(
                    f"self_service: {name} is {value:g}, expected a share from 0 to below 1",
                    hint="55 % is 0.55",
                )

    @property
    def left(self) -> float:
        """Share of contacts that people of this queue handle."""
        return 1 - self.share * (1 - self.error) if self.back_to is None else 1 - self.share

    @property
    def failed(self) -> float:
        """Share of contacts that come back in another queue."""
        return 0.0 if self.back_to is None else self.share * self.error


@dataclass(frozen=True)
class Queue:
    """
    One line of contacts, what it needs and what it promises.

    Parameters
    ----------
    skills
        Skills that an agent must all have to serve it; empty: its own name is the skill.
    patience_s
        Mean time until a waiting caller hangs up, seconds; None: not known.
    concurrency
        Contacts that one agent handles at once (chat), at least 1.
    priority
        Lower is served first by agents who can serve several.
    like
        Another queue whose history stands in while this one has none.
    slowing
        How many times longer a contact takes among 1, 2, 3 ... handled at once (chat); the
        forecast's AHT is that of one alone. Empty: not known.
    reserve
        For deferrable work: people on live queues who must stay idle beside it.
    redial, redial_delay_s
        Chance that a caller who hung up tries again; mean seconds until then.
    callback, callback_after_s, callback_delay_s
        Share of callers who accept a call-back when they have waited so long, and the
        mean seconds until it is tried.
    self_service
        What takes contacts before people do; None: nothing, or contacts are counted after it.
    aht_between_s
        Mean handle times outside, seconds, are taken for another unit and refused.
    """

    name: str
    channel: Channel = Channel.PHONE
    opening: Opening | None = None  # None: inferred from history, and said
    skills: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    patience_s: float | None = None
    concurrency: int = 1
    priority: int = 1
    like: str | None = None
    slowing: tuple[float, ...] = ()
    reserve: int = 0
    redial: float | None = None  # None: as calibrated, else nobody does
    redial_delay_s: float = 600.0
    callback: float = 0.0
    callback_after_s: float = 60.0
    callback_delay_s: float = 900.0
    self_service: SelfService | None = None
    aht_between_s: tuple[float, float] = (5.0, 14400.0)

    def __post_init__(self) -> None:
        if self.patience_s is not None and self.patience_s <= 0:
            raise SettingsError(f"patience is {self.patience_s:g} s, expected more than 0")
        if self.concurrency < 1:
            raise SettingsError(f"concurrency is {self.concurrency}, expected 1 or more")
        for name, share in (("redial", self.redial or 0.0), ("callback", self.callback)):
            if not 0 <= share < 1:
                raise SettingsError(f"{name} is {share:g}, expected a share from 0 to below 1")
        least, most = self.aht_between_s
        if not 0 <= least < most:
            raise SettingsError(f"aht_between_s is [{least:g}, {most:g}], expected two that rise")
        if any(factor <= 0 for factor in self.slowing):
            raise SettingsError("slowing holds a factor of 0 or less, expected more than 0")

    @property
    def needs(self) -> tuple[str, ...]:
        """Skills an agent must have."""
        return self.skills or (self.name,)


@dataclass(frozen=True)
class QueueHistory:
    """
    What one queue saw; float [n] arrays, NaN where nothing is recorded (never a zero).

    ``contacts`` are offered. Seconds: ``aht_s`` over answered contacts, ``wait_s`` over
    all. The optional columns are None where the file has none.
    """

    queue: str
    contacts: np.ndarray
    channel: Channel = Channel.PHONE
    aht_s: np.ndarray | None = None
    answered: np.ndarray | None = None
    abandoned: np.ndarray | None = None
    wait_s: np.ndarray | None = None
    answered_in_threshold: np.ndarray | None = None
    threshold_s: float | None = None

    def __post_init__(self) -> None:
        if np.nanmin(self.contacts, initial=0.0) < 0:
            raise DataError(f"queue {self.queue}: negative contacts")


@dataclass(frozen=True)
class History:
    """
    Contact history of several queues on one grid.

    ``remarks`` are sentences for the user about what was read.
    """

    grid: Grid
    queues: Mapping[str, QueueHistory]
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for queue in self.queues.values():
            if queue.contacts.shape != (self.grid.n,):
                raise DataError(f"queue {queue.queue}: history does not fit its grid")

    def before(self, day: date) -> History:
        """
        What was known at midnight of ``day``: earlier days only.

        Raises
        ------
        DataError
            Nothing lies before it.
        """
        days = min((day - self.grid.first).days, self.grid.days)
        if days < 1:
            raise DataError(f"no history before {day}", hint="choose a later --from")
        grid = Grid(self.grid.first, days, self.grid.interval, self.grid.zone_name)
        queues = {name: _cut(queue, grid.n) for name, queue in self.queues.items()}
        return History(grid, queues, self.remarks)


def _cut(queue: QueueHistory, n: int) -> QueueHistory:
    columns: dict[str, Any] = {
        column.name: value[:n]
        for column in fields(queue)
        if isinstance(value := getattr(queue, column.name), np.ndarray)
    }
    return replace(queue, **columns)


@dataclass(frozen=True, slots=True)
class Event:
    """
    A dated occasion: sale, campaign, closure, feast, school holiday.

    ``day`` is its first day, ``until`` its last. ``queue`` None: every queue. ``effect``
    is a factor on contacts that somebody states; None: learnt from past occurrences of the
    same name, or unknown. ``closed`` days take no contacts. ``lead`` and ``lag`` are days
    before and after it that feel it as well, each learnt by itself.
    """

    day: date
    name: str
    until: date
    queue: str | None = None
    effect: float | None = None
    closed: bool = False
    lead: int = 0
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """
    A person's change to the forecast: a factor, with author and reason; never edited.
    """

    start: datetime  # local wall clock
    until: datetime  # exclusive
    queue: str | None  # None: every queue
    change: float  # factor on contacts
    reason: str
    author: str
    entered: datetime
    expires: date | None = None


@dataclass(frozen=True)
class QueueForecast:
    """
    What one queue will see; float [n] arrays, zeros where it is closed.

    ``contacts`` are expected; ``lo80`` to ``hi95`` bound the count of an interval.
    ``day_cv`` is the coefficient of variation of the shock that a whole day shares,
    ``interval_cv`` that of an interval's own, both beyond Poisson. ``waited`` is the backlog
    among the contacts of the first open interval, the oldest first: how many, and the open
    hours for which they have waited by then.
    """

    queue: str
    contacts: np.ndarray
    lo80: np.ndarray
    hi80: np.ndarray
    lo95: np.ndarray
    hi95: np.ndarray
    aht_s: np.ndarray
    day_cv: np.ndarray
    interval_cv: np.ndarray
    channel: Channel = Channel.PHONE
    waited: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("contacts", "lo80", "hi80", "lo95", "hi95", "aht_s", "day_cv", "interval_cv"):
            column = getattr(self, name)
            if not np.isfinite(column).all() or (column < 0).any():
                raise DataError(f"queue {self.queue}: column {name} is negative or not a number")


@dataclass(frozen=True)
class Forecast:
    """
    The contacts that will come, by queue, on one grid.

    ``open`` says in which intervals each queue takes contacts, bool [n]; files hold only
    those rows. ``remarks`` are sentences for the user (a feast never seen, opening hours
    inferred, contacts left out).
    """

    grid: Grid
    queues: Mapping[str, QueueForecast]
    open: Mapping[str, np.ndarray]
    remarks: tuple[str, ...] = ()

    def paths(self, n: int, seed: int) -> dict[str, np.ndarray]:
        """
        Scenarios of expected contacts per interval: the only ones in the product.

        A path is contacts x day factor x interval factor, with mean one and the row's
        ``day_cv`` and ``interval_cv``. The day factor is gamma, one draw for a queue's day;
        the interval factor is lognormal, and its correlation halves every ``KINSHIP``
        minutes, so that busy half hours come in runs. Arrivals are Poisson around a path.
        Only the columns of the file are used, so a forecast read from CSV gives the same
        paths.

        Parameters
        ----------
        n
            Number of paths.
        seed
            Same seed, same paths, whatever the order of queues.

        Returns
        -------
        dict
            By queue, float [n, intervals]; rates, not counts.
        """
        return {name: self._queue_paths(queue, n, seed) for name, queue in self.queues.items()}

    def _queue_paths(self, queue: QueueForecast, n: int, seed: int) -> np.ndarray:
        stream = np.random.default_rng([seed, *queue.queue.encode()])
        days = np.unique(self.grid.day)
        paths = np.empty((self.grid.n, n))  # by interval: what neighbours share is done at once
        for day in days:
            rows = self.grid.day == day
            spread = float(queue.day_cv[rows].max(initial=0.0))
            paths[rows] = gamma_factors(stream, spread, (1, n))
        opened = np.flatnonzero(self.open[queue.queue])
        starts = self.grid.starts[opened]
        paths[opened] *= kindred_factors(stream, queue.interval_cv[opened], n, starts).T
        paths *= queue.contacts[:, None]
        return paths.T


def kindred_factors(
    stream: np.random.Generator, cv: np.ndarray, n: int, starts: np.ndarray
) -> np.ndarray:
    """
    Lognormal factors, float [n, intervals], with mean one and ``cv``, alike in neighbours.

    A Gaussian copula: its correlation halves with every ``KINSHIP`` minutes between starts.
    """
    normal = stream.standard_normal((len(starts), n))
    near = 0.5 ** (np.diff(starts) / KINSHIP)
    for at in range(1, len(starts)):
        normal[at] *= np.sqrt(1 - near[at - 1] ** 2)
        normal[at] += near[at - 1] * normal[at - 1]
    variance = np.log1p(np.asarray(cv, dtype=float) ** 2)[:, None]
    normal *= np.sqrt(variance)
    normal -= variance / 2
    return np.asarray(np.exp(normal, out=normal).T)


def gamma_factors(
    stream: np.random.Generator, cv: float | np.ndarray, shape: Sequence[int]
) -> np.ndarray:
    """
    Gamma factors with mean one and coefficient of variation ``cv``; ones where it is 0.
    """
    spread = np.broadcast_to(np.asarray(cv, dtype=float), tuple(shape))
    degrees = 1 / np.maximum(spread, 1e-6) ** 2
    return np.where(spread > 0, stream.gamma(degrees, 1 / degrees), 1.0)
