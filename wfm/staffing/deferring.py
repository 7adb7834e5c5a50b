"""
Work that can wait: mail, letters, fax. A backlog with due times, levelled over the hours.

What comes in an open interval must be finished within the promised opening hours. Idle
people of live queues take part of it, above a reserve that protects the callers; the rest
is spread so evenly that no hour needs more people than the due times force.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import Forecast, Queue
from wfm.domain.flowing import Backlog, in_time
from wfm.domain.promise import Also, Curve, OnTime, QueueRequirement
from wfm.staffing.erlang.inverses import to_schedule
from wfm.staffing.erlang.sides import above_reserve

SCENARIOS = 256  # of the forecast's, on which due times are tried
GROWTH = 1.03  # a day that misses its share is planned for so much more at a time
MOST = 3.0  # times as much as is expected: no day is planned for more
SALT = 0xDE  # keeps this chance apart from that of the forecast's paths


@dataclass(frozen=True)
class Live:
    """
    A live queue's people who may do waiting work when idle; [n] each.
    """

    loads: np.ndarray
    agents: np.ndarray


@dataclass(frozen=True)
class Due:
    """
    A due time of a queue, by its place among the promises, and the share that is asked for on
    each day, float [days]: as promised, or more where simulation found that less is kept.
    """

    place: int
    promise: OnTime
    shares: np.ndarray

    def after(self, interval: int) -> float:
        """Open intervals, of so many minutes, from receipt."""
        return self.promise.due * 60 / interval


def size_deferrable(
    forecast: Forecast,
    queue: Queue,
    asked: Sequence[Due],
    paths: np.ndarray,
    shrinkage: Shrinkage,
    beside: Sequence[Live],
    *,
    handle_cv: float = 1.0,
    seed: int = 0,
) -> QueueRequirement:
    """
    People for a queue whose contacts wait for their due time and not for seconds.

    ``agents`` are dedicated to it, beside what idle people of other queues do. All that is
    expected is finished by the end of the horizon; where more may come than expected, so
    much more is planned that over the scenarios each promised share is on time on each
    day. The promise with the shortest due time says in which stretches the roster owes it.

    Parameters
    ----------
    paths
        Contacts per interval of ``Forecast.paths``, float [scenarios, intervals].
    beside
        Live queues whose people have every skill of this one; their idle time counts
        where the queue has a reserve.
    handle_cv
        Coefficient of variation of the handle time.
    seed
        Of the chance in how many contacts come, and in how long each takes.
    """
    grid, expected = forecast.grid, forecast.queues[queue.name]
    opened = forecast.open[queue.name]
    rows = np.flatnonzero(opened)
    main = min(asked, key=lambda one: one.promise.due)
    per_head = grid.interval * 60.0 / np.maximum(expected.aht_s, 1e-9)  # contacts a head does
    work = np.where(opened, expected.contacts / per_head, 0.0)
    idle = np.zeros(grid.n)
    for live in beside if queue.reserve else ():
        idle += idle_released(live.loads, live.agents, queue.reserve)
    idle = np.where(opened, idle, 0.0)
    stream = np.random.default_rng([seed, *queue.name.encode(), SALT])
    there = np.zeros(len(rows))  # contacts that nobody need guess
    there[:1] = sum(contacts for contacts, _ in expected.waited)
    received = by_chance(paths[:SCENARIOS, rows], there, handle_cv, stream) / per_head[rows]
    waited = tuple(
        (contacts / per_head[rows[0]], hours * 60 / grid.interval)
        for contacts, hours in expected.waited
        if len(rows)
    )
    dues = [(one.after(grid.interval), one.shares) for one in asked]
    stretch = main.promise.stretch(grid.interval)
    agents, planned = np.zeros(grid.n), np.zeros(grid.n)
    agents[rows], planned[rows] = enough(
        work[rows], idle[rows], received, dues, grid.day[rows], stretch, waited
    )
    kept = in_time(received, agents[rows] + idle[rows], main.after(grid.interval), waited)
    shares = _spread(_share(kept, received), rows, grid.n)
    delay = mean_delay(work[rows], agents[rows] + idle[rows]) * grid.interval * 60
    comes = opened & (expected.contacts > 0)
    latest = max(due for due, _ in dues)
    curve = _curve(planned, rows, latest, per_head, idle, shrinkage.present, main.promise)
    waiting = curve.in_time[:, -1]
    return QueueRequirement(
        queue=queue.name,
        contacts=np.where(opened, expected.contacts, 0.0),
        aht_s=expected.aht_s,
        load_erlangs=work,
        agents=agents,
        to_schedule=np.array([float(to_schedule(number, shrinkage)) for number in agents]),
        service_level=np.where(comes, shares, 0.0),
        answer_rate=np.where(comes, 1.0, 0.0),
        occupancy=np.where(agents > 0, main.promise.max_occupancy, 0.0),
        asa_s=np.where(comes, delay, 0.0),
        agents_erlang_c=np.ceil(work - 1e-9),
        promise=main.promise,
        curve=curve,
        place=main.place,
        pace=np.minimum((agents + idle) * per_head, waiting),
        also={one.promise: Also(curve.in_time) for one in asked if one is not main},
    )


def by_chance(
    rates: np.ndarray, there: np.ndarray, handle_cv: float, stream: np.random.Generator
) -> np.ndarray:
    """
    Work that may come where ``rates`` are expected, in contacts of mean length.

    A Poisson number of contacts beside those that are ``there`` already, each as long as a
    gamma variable of mean one.
    """
    contacts = there + stream.poisson(np.maximum(rates - there, 0.0))
    if handle_cv <= 0:
        return np.asarray(contacts)
    square = handle_cv * handle_cv
    return np.asarray(stream.gamma(contacts / square, square))


def enough(
    work: np.ndarray,
    idle: np.ndarray,
    received: np.ndarray,
    dues: Sequence[tuple[float, np.ndarray]],
    day: np.ndarray,
    stretch: int = 1,
    waited: Backlog = (),
) -> tuple[np.ndarray, np.ndarray]:
    """
    Whole people in each interval, beside idle ones, that keep every due time; and the work
    for which they are planned, [n] each.

    The expected work is levelled so that it is done within a window, each day's work grown
    until over all scenarios its shares are on time, or three times as much would not do.
    Of windows that are shorter and shorter the one with fewest people counts; of equal
    ones that with the lowest peak. What is overdue when the first interval begins nobody
    can bring in time: then all of the rest is enough.

    Parameters
    ----------
    dues
        Open intervals from receipt, and the share asked for on each day, float [days].
    day
        Of each interval, int [n].
    stretch
        Intervals within which a roster is free to do the work: it may be as much later.
    """
    window = max(0, math.ceil(max(due for due, _ in dues)) - stretch)
    tried = []
    while True:
        tried.append(_grown(work, idle, received, dues, day, window, waited))
        if window == 0:
            break
        window //= 2
    best = min(tried, key=lambda one: (not one[0], one[1].sum(), one[1].max(initial=0)))
    return best[1:]


def _grown(
    work: np.ndarray,
    idle: np.ndarray,
    received: np.ndarray,
    dues: Sequence[tuple[float, np.ndarray]],
    day: np.ndarray,
    window: int,
    waited: Backlog,
) -> tuple[bool, np.ndarray, np.ndarray]:
    """Whether all shares are reached within a window; people, and the work they are for."""
    factor = np.ones(int(day.max(initial=0)) + 1)
    while True:
        grown = work * factor[day]
        left = after_idle(grown, idle, window)
        pace = levelled(left, window, _owed(waited, window, grown[:1] - left[:1]))
        done = np.ceil(np.cumsum(pace) - 1e-9)
        agents = np.maximum(0.0, np.diff(done, prepend=0.0))
        short = _short(received, agents + idle, dues, day, waited)
        if not short.any() or (factor[short] >= MOST).all():
            return not short.any(), agents, grown
        factor[short] = np.minimum(factor[short] * GROWTH, MOST)


def _short(
    received: np.ndarray,
    capacity: np.ndarray,
    dues: Sequence[tuple[float, np.ndarray]],
    day: np.ndarray,
    waited: Backlog,
) -> np.ndarray:
    """Days on which less is in time than is asked for, over all scenarios, bool [days]."""
    came = np.bincount(day, received.mean(axis=0))
    short = np.zeros(len(came), dtype=bool)
    for due, shares in dues:
        kept = np.bincount(day, in_time(received, capacity, due, waited).mean(axis=0))
        most = came.copy()
        most[day[:1]] -= sum(part for part, age in waited if age >= due)
        short |= kept < np.minimum(shares[: len(came)] * came, most) - 1e-9
    return short


def _owed(waited: Backlog, window: int, done: np.ndarray) -> list[tuple[int, float]]:
    """
    Interval by whose end a part of the backlog is due, and work due by then in all; less
    what is ``done`` of it otherwise.
    """
    found, total = [], -float(done.sum())
    for part, age in waited:
        total += part
        if age < window:
            found.append((math.floor(window - age), max(0.0, total)))
    return found


def mean_delay(work: np.ndarray, capacity: np.ndarray) -> float:
    """
    Mean time from receipt to done of the expected work, in intervals.
    """
    backlog = total = 0.0
    for came, heads in zip(work.tolist(), capacity.tolist(), strict=True):
        backlog = max(0.0, backlog + came - heads)
        total += backlog
    return total / float(work.sum()) if work.sum() > 0 else 0.0


def levelled(work: np.ndarray, window: int, owed: Sequence[tuple[int, float]] = ()) -> np.ndarray:
    """
    The evenest pace that finishes all work in time, float [n].

    Work of an interval can be done in it and in the ``window`` that follow. Of all paces
    that keep to what is there and what is due, the shortest string between the two: its
    largest value is as small as can be.

    Parameters
    ----------
    work
        Head-intervals received in each open interval, float [n].
    window
        Intervals, at least 1.
    owed
        An interval, and work of the first one that must be done by its end.
    """
    n = len(work)
    there = np.concatenate([[0.0], np.cumsum(work)])  # at the end of interval k at most
    due = np.zeros(n + 1)
    if window < n:
        due[window + 1 :] = there[1 : n - window + 1]
    for interval, total in owed:
        due[interval + 1 :] = np.maximum(due[interval + 1 :], min(total, there[1]))
    due[n] = there[n]
    done = np.zeros(n + 1)
    at = 0
    while at < n:
        steps = np.arange(1, n - at + 1)
        slowest = np.maximum.accumulate((due[at + 1 :] - done[at]) / steps)
        fastest = np.minimum.accumulate((there[at + 1 :] - done[at]) / steps)
        bound = np.flatnonzero(slowest > fastest + 1e-12)
        if len(bound) == 0:
            reach, slope = n - at, (due[n] - done[at]) / (n - at)
        else:
            first = int(bound[0])
            low, high = slowest[first - 1], fastest[first - 1]
            rises = (due[at + 1 + first] - done[at]) / (first + 1) > high
            slope = high if rises else low
            line = (there if rises else due)[at + 1 : at + 1 + first]
            hits = np.flatnonzero(np.abs(line - done[at] - slope * steps[:first]) < 1e-9)
            reach = int(hits[-1]) + 1 if len(hits) else first
        done[at + 1 : at + reach + 1] = done[at] + slope * np.arange(1, reach + 1)
        at += reach
    return np.diff(done)


def after_idle(work: np.ndarray, idle: np.ndarray, window: int) -> np.ndarray:
    """
    What is left of each interval's work when idle people have done what they could in time.

    First come, first served, from the interval after; what is not done when due is left.
    """
    left = work.copy()
    oldest = 0
    for now, spare in enumerate(idle):
        free = float(spare)
        while oldest < now and (now - oldest > window or left[oldest] <= 0):
            oldest += 1
        at = oldest
        while free > 0 and at < now:
            taken = min(free, left[at])
            left[at] -= taken
            free -= taken
            at += 1
    return left


def idle_released(loads: np.ndarray, agents: np.ndarray, reserve: int) -> np.ndarray:
    """
    Waiting work that idle people can do while ``reserve`` of them stay free, heads [n].
    """
    out = np.zeros(len(loads))
    pairs = zip(loads.tolist(), agents.astype(int).tolist(), strict=True)
    for i, (load, people) in enumerate(pairs):
        low = people - reserve
        if low <= 0 or load <= 0:
            out[i] = max(0, low)
            continue
        weight = float(np.prod(np.arange(low + 1, people + 1) / load))
        total = above_reserve(load, people, reserve)
        overload = load / people
        tail = overload / (1 - overload) if overload < 1 else np.inf
        out[i] = min(low * weight / (total + tail), max(0.0, people - load))
    return out


def _curve(
    work: np.ndarray,
    rows: np.ndarray,
    due: float,
    per_head: np.ndarray,
    idle: np.ndarray,
    present: float,
    promise: OnTime,
) -> Curve:
    """
    What heads finish in each interval, beside idle people of other queues: as much as they
    can, up to what may be there.
    """
    received = np.cumsum(work[rows])
    past = np.arange(len(rows)) - math.ceil(due)
    gone = np.where(past > 0, received[np.maximum(past - 1, 0)], 0.0)  # due before the interval
    waiting = np.maximum(0.0, received - gone)
    most = int(np.ceil(waiting.max(initial=0.0) / present)) + 1
    heads = np.arange(most + 1)
    table = np.zeros((len(work), most + 1))
    can = heads * present + idle[rows][:, None]
    table[rows] = np.minimum(can, waiting[:, None]) * per_head[rows][:, None]
    occupancy = np.zeros_like(table)
    occupancy[rows] = promise.max_occupancy
    return Curve(table, table.copy(), occupancy)


def _share(kept: np.ndarray, received: np.ndarray) -> np.ndarray:
    """Mean share over scenarios, [n]; nothing where nothing came."""
    came = received.mean(axis=0)
    found = np.divide(kept.mean(axis=0), came, out=np.zeros_like(came), where=came > 0)
    return np.asarray(found)


def _spread(values: np.ndarray, rows: np.ndarray, n: int) -> np.ndarray:
    """Values at their rows of the grid, [n]; zeros elsewhere."""
    out = np.zeros(n)
    out[rows] = values
    return out
