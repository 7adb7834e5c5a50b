"""
What is drawn before a replication is played: who contacts us, when, for how long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wfm.domain.calibration import QueueCalibration
from wfm.domain.demand import Forecast, Queue
from wfm.errors import DataError, SettingsError
from wfm.simulation.engine import CONTACT

POOL = 8  # paths drawn for each one that is kept


@dataclass(frozen=True)
class Behaviour:
    """
    How the contacts of a queue behave, beyond what the forecast says.

    Parameters
    ----------
    handle_cv
        Standard deviation over mean of a handle time within an interval; handle times are
        lognormal. 0: all alike. Banks measure about 1.1.
    patience_s
        Mean patience, exponential, seconds; None: endless.
    patience_curve
        Measured patience, in place of the mean: (seconds, share of callers whose patience
        is longer). Between two points, and beyond the last, callers hang up at a constant
        rate.
    redial
        Chance that a caller who hung up tries again, each time with the same patience.
    redial_delay_s
        Mean time until then, exponential, seconds.
    callback_after_s, callback
        A caller who has waited so long is offered a call-back, and this share accepts.
        They leave the line, and wait without limit from ``callback_delay_s`` later on.
    slowing
        For contacts handled side by side (chat): how many times longer each takes among
        1, 2, 3 ... of them. The forecast's AHT is that of the first entry.
    reserve
        For deferrable work: people on live queues who must stay idle beside it.
    """

    handle_cv: float = 1.0
    patience_s: float | None = None
    patience_curve: tuple[tuple[float, float], ...] = ()
    redial: float = 0.0
    redial_delay_s: float = 600.0
    callback: float = 0.0
    callback_after_s: float = 60.0
    callback_delay_s: float = 900.0
    slowing: tuple[float, ...] = (1.0,)
    reserve: int = 0

    def __post_init__(self) -> None:
        if self.handle_cv < 0:
            raise SettingsError(f"handle_cv is {self.handle_cv:g}, expected 0 or more")
        for name in ("redial", "callback"):
            if not 0 <= getattr(self, name) < 1:
                raise SettingsError(
                    f"{name} is {getattr(self, name):g}, expected a share from 0 to below 1"
                )
        if not self.slowing or min(self.slowing) <= 0:
            raise SettingsError("slowing needs a positive factor for each number of contacts")
        if self.patience_s is not None and self.patience_s <= 0:
            raise SettingsError(
                f"patience is {self.patience_s:g} s, expected more than 0",
                hint="measure it with `wfm calibrate`, or leave it out for callers who wait on",
            )


def check(forecast: Forecast) -> None:
    """
    Refuse a forecast whose contacts take no time.

    Raises
    ------
    DataError
        An interval has contacts and an AHT of 0.
    """
    for name, queue in forecast.queues.items():
        wrong = np.flatnonzero((queue.contacts > 0) & (queue.aht_s <= 0))
        if len(wrong):
            raise DataError(
                f"queue {name} has contacts at {forecast.grid.stamps[wrong[0]]} with an AHT of 0 s",
                place="forecast",
                hint="give aht_s, the mean handle time in seconds, for every interval",
            )


def batches(replications: int) -> list[range]:
    """
    Replications in groups that are independent of each other; each is stratified.

    Up to ten replications stand alone; beyond, there are ten groups, or one for every
    ten replications.
    """
    count = max(min(replications, 10), replications // 10)
    edges = np.linspace(0, replications, count + 1).round().astype(int)
    return [range(a, b) for a, b in pairwise(edges)]


def stratified_paths(
    forecast: Forecast, groups: Sequence[range], seed: int
) -> dict[str, np.ndarray]:
    """
    Scenarios whose busy and quiet days balance within each group of replications.

    ``POOL`` times as many paths are drawn as are kept. A queue's day is one unit of a
    path: within a group its days are put in order of their total, cut into as many
    strata as the group has replications, and one is drawn from each. Every path of the
    pool is as likely to be kept as any other, so means stay what they were.

    Returns
    -------
    dict
        By queue, float [replications, intervals] of expected contacts.
    """
    total = groups[-1].stop
    pool = forecast.paths(POOL * total, seed)
    stream = np.random.default_rng([seed, 1])
    kept: dict[str, np.ndarray] = {}
    for name in sorted(pool):
        chosen = np.empty((total, forecast.grid.n))
        for day in range(forecast.grid.days):
            rows = np.flatnonzero(forecast.grid.day == day)
            days = pool[name][:, rows]
            for group in groups:
                chosen[group.start : group.stop, rows] = _balanced(
                    days[POOL * group.start : POOL * group.stop], stream
                )
        kept[name] = chosen
    return kept


def _balanced(days: np.ndarray, stream: np.random.Generator) -> np.ndarray:
    strata = np.argsort(days.sum(axis=1), kind="stable").reshape(-1, POOL)
    picks = strata[np.arange(len(strata)), stream.integers(0, POOL, len(strata))]
    return np.asarray(days[stream.permutation(picks)])


def draw(
    rates: Mapping[str, np.ndarray],
    forecast: Forecast,
    behaviours: Mapping[str, Behaviour],
    key: Sequence[int],
) -> tuple[np.ndarray, int]:
    """
    The contacts of one replication.

    Arrivals are Poisson around ``rates`` (float [intervals] by queue), uniform in their
    interval. The same ``key`` gives the same contacts for any roster.

    Returns
    -------
    tuple
        The contacts, further attempts after the arrivals; and the number of arrivals.
    """
    drawn = [
        _draw_queue(
            number,
            rates[name],
            forecast.queues[name].aht_s,
            forecast.grid.interval * 60.0,
            behaviours[name],
            np.random.default_rng([*key, *name.encode()]),
        )
        for number, name in enumerate(rates)
    ]
    rows = np.concatenate([contacts for contacts, _ in drawn])
    tries = np.concatenate([attempts for _, attempts in drawn])
    if len(drawn) > 1:
        order = np.argsort(rows["arrival"], kind="stable")
        rows, tries = rows[order], tries[order]
    return (_with_attempts(rows, tries) if tries.any() else rows), len(rows)


def _draw_queue(
    number: int,
    rates: np.ndarray,
    aht_s: np.ndarray,
    width: float,
    behaviour: Behaviour,
    stream: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Contacts of one queue in order of arrival, and how often each would try again."""
    interval = np.repeat(np.arange(len(rates)), stream.poisson(rates))
    size = len(interval)
    rows = contacts(np.sort((interval + stream.random(size)) * width))
    rows["queue"] = number
    rows["work"] = aht_s[interval] * lognormal(stream, behaviour.handle_cv, size)
    rows["patience"] = _patience(behaviour, stream, size)
    tries = np.zeros(size, dtype=np.int64)
    if behaviour.redial > 0:
        tries = stream.geometric(1 - behaviour.redial, size) - 1
        rows["delay"] = stream.exponential(behaviour.redial_delay_s, size)
    return rows, tries


def contacts(arrival: np.ndarray) -> np.ndarray:
    """
    Rows of contacts that arrive at these seconds; handle time and patience still to fill.
    """
    rows = np.zeros(len(arrival), dtype=CONTACT)
    rows["arrival"] = arrival
    rows["patience"] = np.inf
    for name in ("deadline", "start", "end", "busy"):
        rows[name] = np.nan
    for name in ("again", "block", "next"):
        rows[name] = -1
    return rows


def lognormal(stream: np.random.Generator, cv: float, size: int) -> np.ndarray:
    """
    Lognormal factors with mean one and coefficient of variation ``cv``.
    """
    if cv == 0:
        return np.ones(size)
    sigma = np.sqrt(np.log1p(cv * cv))
    return np.asarray(np.exp(sigma * stream.standard_normal(size) - sigma * sigma / 2))


def behaviour_of(queue: Queue, measured: QueueCalibration | None) -> Behaviour:
    """
    The behaviour of a queue's contacts: what settings say, else what was measured.
    """
    known = measured or QueueCalibration()
    curve = () if queue.patience_s is not None else known.patience_curve
    patience = queue.patience_s if queue.patience_s is not None else known.patience_s
    if queue.channel.deferrable or (patience is not None and np.isinf(patience)):
        patience, curve = None, ()
    return Behaviour(
        handle_cv=1.0 if known.aht_cv is None else known.aht_cv,
        patience_s=patience or None,
        patience_curve=tuple(curve),
        redial=known.redial or 0.0,
    )


def _patience(behaviour: Behaviour, stream: np.random.Generator, size: int) -> np.ndarray:
    if behaviour.patience_curve:
        return _measured_patience(behaviour.patience_curve, stream.standard_exponential(size))
    if behaviour.patience_s is None:
        return np.full(size, np.inf)
    return stream.exponential(behaviour.patience_s, size)


def _measured_patience(curve: Sequence[tuple[float, float]], hazard: np.ndarray) -> np.ndarray:
    """Patience at which the cumulative rate of hanging up reaches ``hazard``."""
    seconds, share = np.array([(0.0, 1.0), *curve]).T
    total = -np.log(np.maximum(share, 1e-12))
    slope = (total[-1] - total[-2]) / max(seconds[-1] - seconds[-2], 1e-9)
    beyond = (hazard - total[-1]) / slope if slope > 0 else np.full(len(hazard), np.inf)
    return np.asarray(np.interp(hazard, total, seconds) + np.maximum(beyond, 0.0))


def _with_attempts(base: np.ndarray, tries: np.ndarray) -> np.ndarray:
    """Rows for the further attempts of each caller, chained by ``again``."""
    n = len(base)
    more = base[np.repeat(np.arange(n), tries)]
    more["arrival"] = np.inf
    more["again"] = n + 1 + np.arange(len(more))
    firsts = n + np.cumsum(tries) - tries
    more["again"][(firsts + tries - 1 - n)[tries > 0]] = -1
    rows = np.concatenate([base, more])
    rows["again"][:n] = np.where(tries > 0, firsts, -1)
    return rows
