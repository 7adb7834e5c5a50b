"""
From counts to figures: shares with their 95 % intervals, by period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import t as student

from wfm.domain.demand import Forecast, Queue
from wfm.domain.outcome import Estimate, Kept, QueueSimulation, SimulationResult
from wfm.domain.promise import Abandons, AnswerRate, Promise, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.simulation.floor import THRESHOLD, thresholds
from wfm.simulation.tally import (
    ABANDONED,
    ANSWERED,
    BREAKS,
    DUTIES,
    LATE,
    OFFERED,
    OVERRUN,
    WAIT,
    Tally,
    timed,
)
from wfm.simulation.team import Team

DEFAULT = ServiceLevel(share=0.8, threshold=THRESHOLD)  # shown where nothing is promised


def periods(grid: Grid) -> dict[str, range]:
    """
    The days of each period over which shares are told.

    ``week`` (``week 0``, ``week 1`` ... in a longer horizon, sevens of days from its start)
    and ``day 0`` to the last.
    """
    weeks = [range(first, min(first + 7, grid.days)) for first in range(0, grid.days, 7)]
    named = {"week" if len(weeks) == 1 else f"week {i}": week for i, week in enumerate(weeks)}
    return named | {f"day {day}": range(day, day + 1) for day in range(grid.days)}


def counted(counts: np.ndarray, promise: Promise, place: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """
    What a promise counts, and out of how many.

    Parameters
    ----------
    counts
        Float [..., columns], the columns of a tally.
    promise
        Its kind, and its treatment of callers who hang up. A ``VIRTUAL`` service level
        is judged like ``IGNORE``: simulated callers do hang up.
    place
        Of the promise among those of its queue.
    """
    offered = counts[..., OFFERED]
    if isinstance(promise, AnswerRate):
        return counts[..., ANSWERED], offered
    in_time, gone = timed(place)
    kept = counts[..., in_time]
    if not isinstance(promise, ServiceLevel):
        return kept, offered
    early = counts[..., gone]
    match promise.abandons:
        case Abandons.OFFERED:
            return kept, offered
        case Abandons.POSITIVE:
            return kept + early, offered
        case Abandons.ANSWERED:
            return kept, counts[..., ANSWERED]
        case Abandons.IGNORE | Abandons.VIRTUAL:
            return kept, offered - early


def estimate(kept: np.ndarray, offered: np.ndarray, groups: Sequence[range]) -> Estimate:
    """
    A share of sums and its 95 % interval.

    The groups of replications are independent; the interval is Student's over their
    deviations from the common share. One group alone tells nothing: 0 to 1.

    Parameters
    ----------
    kept, offered
        Float [replications].
    """
    total = offered.sum()
    if total <= 0:
        return Estimate(float("nan"), float("nan"), float("nan"))
    share = float(kept.sum() / total)
    if len(groups) < 2:
        return Estimate(share, 0.0, 1.0)
    deviations = np.array(
        [(kept[g.start : g.stop] - share * offered[g.start : g.stop]).sum() for g in groups]
    )
    spread = np.std(deviations, ddof=1) * np.sqrt(len(groups)) / total
    half = float(student.ppf(0.975, len(groups) - 1) * spread)
    return Estimate(share, max(0.0, share - half), min(1.0, share + half))


def kept_shares(
    days: np.ndarray, promise: Promise, grid: Grid, groups: Sequence[range], place: int = 0
) -> dict[str, Estimate]:
    """
    The promised share over every period with contacts.

    ``days`` is float [replications, days, columns] of one queue.
    """
    kept, offered = counted(days, promise, place)
    found = {}
    for name, span in periods(grid).items():
        some = slice(span.start, span.stop)
        if offered[:, some].sum() > 0:
            found[name] = estimate(kept[:, some].sum(axis=1), offered[:, some].sum(axis=1), groups)
    return found


def days_in_promise(days: np.ndarray, promise: Promise, place: int = 0) -> dict[int, float]:
    """
    Share of replications in which each day keeps the promise; days with contacts only.
    """
    kept, offered = counted(days, promise, place)
    some = offered > 0
    good = (kept >= promise.share * offered - 1e-9) & some
    return {
        day: float(good[:, day].sum() / some[:, day].sum())
        for day in range(days.shape[1])
        if some[:, day].any()
    }


def reached_often(days: np.ndarray, promise: Promise, place: int = 0) -> dict[int, float]:
    """
    The share that each day reaches with the chance 1 - ``risk``; days with contacts only.

    Nothing where the promise is kept on the average and not at a risk.
    """
    if promise.risk is None:
        return {}
    kept, offered = counted(days, promise, place)
    found = {}
    for day in range(days.shape[1]):
        some = offered[:, day] > 0
        if some.any():
            found[day] = float(np.quantile(kept[some, day] / offered[some, day], promise.risk))
    return found


def result_of(
    tally: Tally,
    team: Team,
    forecast: Forecast,
    queues: Mapping[str, Queue],
    groups: Sequence[range],
    seed: int,
) -> SimulationResult:
    """
    What the replications of a roster say.
    """
    done = groups[-1].stop
    lines = {
        name: _queue(number, tally, team, forecast.grid, queues[name], groups)
        for number, name in enumerate(team.queues)
    }
    busy, ready = tally.agents.T
    occupancy = {
        agent: float(busy[a] / ready[a]) for a, agent in enumerate(team.agents) if ready[a] > 0
    }
    late = tally.lateness
    return SimulationResult(
        forecast.grid,
        lines,
        done,
        seed,
        occupancy,
        float(late[LATE] / late[BREAKS]) if late[BREAKS] else 0.0,
        float(late[OVERRUN] / late[DUTIES]) if late[DUTIES] else 0.0,
    )


def _queue(
    number: int,
    tally: Tally,
    team: Team,
    grid: Grid,
    queue: Queue,
    groups: Sequence[range],
) -> QueueSimulation:
    done = groups[-1].stop
    counts = tally.counts[number] / done
    days = tally.days[:done, number]
    serving = team.skills.rank[:, number] >= 0
    busy, ready = tally.busy[serving].sum(axis=0), tally.ready[serving].sum(axis=0)
    answered = counts[:, ANSWERED]
    first, *further = (
        Kept(
            kept_shares(days, promise, grid, groups, place),
            days_in_promise(days, promise, place),
            reached_often(days, promise, place),
            counts[:, timed(place)[0]],
        )
        for place, promise in enumerate(queue.promises or (DEFAULT,))
    )
    return QueueSimulation(
        queue.name,
        counts[:, OFFERED],
        answered,
        first.in_time,
        counts[:, ABANDONED],
        np.divide(counts[:, WAIT], answered, out=np.zeros(grid.n), where=answered > 0),
        np.divide(busy, ready, out=np.full(grid.n, np.nan), where=ready > 0),
        first.shares,
        first.days,
        first.reached,
        tuple(further),
        None if queue.channel.deferrable else float(thresholds((queue,))[0, 0]),
    )


def kind_of(promise: Promise) -> str:
    """
    A promise's kind as settings spell it.
    """
    if isinstance(promise, AnswerRate):
        return "answer_rate"
    return "service_level" if isinstance(promise, ServiceLevel) else "on_time"


def worst_interval(
    queue: QueueSimulation, promise: Promise, fewest: float = 1.0
) -> tuple[int, float] | None:
    """
    The interval with the lowest promised share, and that share.

    Intervals with fewer than ``fewest`` expected contacts are left out; None when all are.
    """
    good = queue.answered if isinstance(promise, AnswerRate) else queue.in_time
    some = queue.offered >= fewest
    if not some.any():
        return None
    share = np.divide(good, queue.offered, out=np.full(len(good), np.inf), where=some)
    place = int(share.argmin())
    return place, float(share[place])
