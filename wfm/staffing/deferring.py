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
from wfm.domain.promise import Curve, OnTime, QueueRequirement
from wfm.staffing.erlang.inverses import to_schedule
from wfm.staffing.erlang.sides import above_reserve

Backlog = Sequence[tuple[float, int]]  # head-intervals and open intervals waited, oldest first


@dataclass(frozen=True)
class Live:
    """
    A live queue's people who may do waiting work when idle; [n] each.
    """

    loads: np.ndarray
    agents: np.ndarray


def size_deferrable(
    forecast: Forecast,
    queue: Queue,
    promise: OnTime,
    paths: np.ndarray,
    shrinkage: Shrinkage,
    beside: Sequence[Live],
) -> QueueRequirement:
    """
    People for a queue whose contacts wait for their due time and not for seconds.

    ``agents`` are dedicated to it, beside what idle people of other queues do. Everything
    expected is finished by its due time, and all of it by the end of the horizon; where
    more may come than expected, so much more is planned that over the scenarios the
    promised share is on time.

    Parameters
    ----------
    paths
        Contacts per interval of ``Forecast.paths``, float [scenarios, intervals].
    beside
        Live queues whose people have every skill of this one; their idle time counts
        where the queue has a reserve.
    """
    grid = forecast.grid
    expected = forecast.queues[queue.name]
    opened = forecast.open[queue.name]
    rows = np.flatnonzero(opened)
    per_head = grid.interval * 60.0 / np.maximum(expected.aht_s, 1e-9)  # contacts a head does
    work = np.where(opened, expected.contacts / per_head, 0.0)
    window = max(1, int(promise.due * 60 // grid.interval))
    idle = np.zeros(grid.n)
    for live in beside if queue.reserve else ():
        idle += idle_released(live.loads, live.agents, queue.reserve)
    received = paths[:, rows] / per_head[rows]
    agents = np.zeros(grid.n)
    waited = tuple(
        (contacts / per_head[rows[0]], math.ceil(hours * 60 / grid.interval - 1e-9))
        for contacts, hours in expected.waited
        if len(rows)
    )
    agents[rows] = enough(work[rows], idle[rows], received, window, promise.share, waited)
    came, kept = on_time(received, agents[rows] + idle[rows], window, waited)
    shares = np.zeros(grid.n)
    shares[rows] = np.divide(kept, came, out=np.zeros_like(kept), where=came > 0)
    delay = np.zeros(grid.n)
    delay[rows] = mean_delay(work[rows], agents[rows] + idle[rows]) * grid.interval * 60
    there = opened & (expected.contacts > 0)
    return QueueRequirement(
        queue=queue.name,
        contacts=np.where(opened, expected.contacts, 0.0),
        aht_s=expected.aht_s,
        load_erlangs=work,
        agents=agents,
        to_schedule=np.array([float(to_schedule(number, shrinkage)) for number in agents]),
        service_level=np.where(there, shares, 0.0),
        answer_rate=np.where(there, 1.0, 0.0),
        occupancy=np.where(agents > 0, promise.max_occupancy, 0.0),
        asa_s=np.where(there, delay, 0.0),
        agents_erlang_c=np.ceil(work - 1e-9),
        promise=promise,
        curve=_curve(work, rows, window, per_head, shrinkage.present, promise.max_occupancy),
    )


def enough(
    work: np.ndarray,
    idle: np.ndarray,
    received: np.ndarray,
    window: int,
    share: float,
    waited: Backlog = (),
) -> np.ndarray:
    """
    Whole people in each interval, beside idle ones, so that ``share`` is on time, [n].

    The expected work, levelled; scaled up in steps of two per cent until over all
    scenarios the share is reached, or three times as many people would not. What is overdue
    when the first interval begins nobody can bring in time: then all of the rest is enough.
    """
    agents = np.zeros(len(work))
    late = sum(part for part, age in waited if age >= window)
    for step in range(101):
        scaled = work * (1 + 0.02 * step)
        left = after_idle(scaled, idle, window)
        pace = levelled(left, window, _owed(waited, window, scaled[:1] - left[:1]))
        done = np.ceil(np.cumsum(pace) - 1e-9)
        agents = np.maximum(0.0, np.diff(done, prepend=0.0))
        came, kept = on_time(received, agents + idle, window, waited)
        if kept.sum() >= min(share * came.sum(), came.sum() - late) - 1e-9:
            break
    return agents


def _owed(waited: Backlog, window: int, done: np.ndarray) -> list[tuple[int, float]]:
    """
    Interval by whose end a part of the backlog is due, and work due by then in all; less
    what is ``done`` of it otherwise.
    """
    found, total = [], -float(done.sum())
    for part, age in waited:
        total += part
        if age < window:
            found.append((window - age, max(0.0, total)))
    return found


def on_time(
    received: np.ndarray, capacity: np.ndarray, window: int, waited: Backlog = ()
) -> tuple[np.ndarray, np.ndarray]:
    """
    Work of each interval, and what of it is done in time; means over scenarios, [n] each.

    First come, first served, each interval's work from that interval on.

    Parameters
    ----------
    received
        Head-intervals, float [scenarios, n].
    capacity
        Heads, float [n].
    waited
        The part of the first interval's work that has waited already.
    """
    n = received.shape[1]
    there = np.cumsum(received, axis=1)
    done = np.zeros_like(there)
    now = np.zeros(len(there))
    for k in range(n):
        now = np.minimum(now + capacity[k], there[:, k])
        done[:, k] = now
    last = np.minimum(np.arange(n) + window, n - 1)
    kept = np.clip(done[:, last] - (there - received), 0.0, received)
    if waited:
        kept[:, 0] = _first_kept(received[:, 0], done, window, waited)
    return received.mean(axis=0), kept.mean(axis=0)


def _first_kept(received: np.ndarray, done: np.ndarray, window: int, waited: Backlog) -> np.ndarray:
    """What of the first interval's work is done in time, the backlog by its own due times."""
    kept, before = np.zeros(len(received)), 0.0
    for part, age in waited:
        if age < window:
            by = done[:, min(window - age, done.shape[1] - 1)]
            kept += np.clip(by - before, 0.0, np.clip(received - before, 0.0, part))
        before += part
    by = done[:, min(window, done.shape[1] - 1)]
    return np.asarray(kept + np.clip(by - before, 0.0, np.maximum(received - before, 0.0)))


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
    window: int,
    per_head: np.ndarray,
    present: float,
    max_occupancy: float,
) -> Curve:
    """What heads finish in each interval: as much as they can, up to what may be there."""
    received = np.cumsum(work[rows])
    due = np.concatenate([np.zeros(min(window, len(rows))), received])[: len(rows)]
    waiting = np.maximum(0.0, received - np.concatenate([[0.0], due[:-1]]))
    most = int(np.ceil(waiting.max(initial=0.0) / present)) + 1
    heads = np.arange(most + 1)
    table = np.zeros((len(work), most + 1))
    table[rows] = np.minimum(heads * present, waiting[:, None]) * per_head[rows][:, None]
    occupancy = np.zeros_like(table)
    occupancy[rows] = max_occupancy
    return Curve(table, table.copy(), occupancy)
