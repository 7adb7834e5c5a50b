"""
How the queues of a scenario work: sessions, chats side by side, reserves, due times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wfm.domain.demand import Forecast, Queue
from wfm.domain.promise import OnTime, ServiceLevel
from wfm.simulation.engine import Floor
from wfm.simulation.scenario import Behaviour
from wfm.simulation.team import CONTACTS, Team

THRESHOLD = 20.0  # seconds; shown beside the promise where none names a threshold


def floor_of(
    team: Team,
    forecast: Forecast,
    queues: Mapping[str, Queue],
    behaviours: Mapping[str, Behaviour],
) -> Floor:
    """
    The floor on which a team works.
    """
    reserve = np.array([behaviours[name].reserve for name in team.queues], dtype=np.int64)
    room = np.array([queues[name].concurrency for name in team.queues], dtype=np.int64)
    slow = np.ones((len(team.queues), int(room.max(initial=1)) + 1))
    for number, name in enumerate(team.queues):
        factors = behaviours[name].slowing
        for load in range(1, slow.shape[1]):
            slow[number, load] = factors[min(load, len(factors)) - 1]
    live = (team.skills.rank >= 0) & (reserve == 0)[None, :]
    shared = (live[:, None, :] & live[None, :, :]).any(axis=2)
    clear = np.stack([_sessions(team, forecast, queues[name]) for name in team.queues])
    return Floor(clear, forecast.grid.interval * 60.0, room, slow, reserve, shared)


def _sessions(team: Team, forecast: Forecast, queue: Queue) -> np.ndarray:
    """
    When callers who arrived in each interval are sent home, seconds; -1 where closed.

    A session lasts while the queue is open and, after closing, while somebody is planned
    on it without a gap; but not into the next opening. Deferrable contacts stay.
    """
    grid = forecast.grid
    if queue.channel.deferrable:
        return np.full(grid.n, np.inf)
    opened = forecast.open[queue.name]
    number = team.queues.index(queue.name)
    blocks = team.blocks
    serving = blocks[blocks["kind"] == CONTACTS]
    serving = serving[team.skills.rank[serving["group"], number] >= 0]
    spans = sorted(zip(serving["start"], serving["end"], strict=True))
    clear = np.full(grid.n, -1.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], opened, [False]]).astype(int)))
    width = grid.interval * 60.0
    for k, (first, after) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
        next_opening = edges[2 * k + 2] * width if 2 * k + 2 < len(edges) else np.inf
        close = after * width
        for start, end in spans:
            if start <= close < end:
                close = end
        clear[first:after] = min(close, next_opening)
    return clear


def thresholds(queues: Sequence[Queue]) -> np.ndarray:
    """
    Seconds within which an answer is in time, by queue and place of its promise.

    Where the promise is no service level: as the queue's first service level says, else
    ``THRESHOLD``. Float [queues, most promises of a queue, at least 1].
    """
    places = max((len(queue.promises) for queue in queues), default=1)
    found = np.full((len(queues), max(places, 1)), THRESHOLD)
    for row, queue in zip(found, queues, strict=True):
        levels = [p.threshold for p in queue.promises if isinstance(p, ServiceLevel)]
        row[:] = levels[0] if levels else THRESHOLD
        for place, promise in enumerate(queue.promises):
            if isinstance(promise, ServiceLevel):
                row[place] = promise.threshold
    return found


def due_times(rows: np.ndarray, forecast: Forecast, queues: Sequence[Queue]) -> np.ndarray:
    """
    When each deferrable contact must be finished, by place of its queue's promise, seconds.

    NaN for contacts that wait live; without contacts where no queue is deferrable. Where a
    promise names no due time, the queue's first that does is meant.

    Due time is counted in opening hours, from receipt: the first contacts of a queue are
    its backlog. What is due after the horizon is due at infinity: it is next week's plan
    that keeps it.
    """
    if not any(queue.channel.deferrable for queue in queues):
        return np.empty((0, 1))
    places = max(1, *(len(queue.promises) for queue in queues))
    due = np.full((len(rows), places), np.nan)
    width = forecast.grid.interval * 60.0
    edges = np.arange(forecast.grid.n + 1) * width
    for index, queue in enumerate(queues):
        if not queue.channel.deferrable:
            continue
        mine = rows["queue"] == index
        timed = [promise for promise in queue.promises if isinstance(promise, OnTime)]
        due[mine] = np.inf
        hours = np.concatenate([[0.0], np.cumsum(forecast.open[queue.name])]) * width
        received = np.interp(rows["arrival"][mine], edges, hours)
        received = _since(received, forecast.queues[queue.name].waited, width)
        for place in range(places if timed else 0):
            own = queue.promises[place] if place < len(queue.promises) else timed[0]
            promise = own if isinstance(own, OnTime) else timed[0]
            wanted = received + promise.due * 3600
            after = np.searchsorted(hours, wanted, side="left")
            inside = np.minimum(after, len(hours) - 1)
            exact = edges[inside] - (hours[inside] - wanted)
            due[mine, place] = np.where(after < len(hours), exact, np.inf)
    return due


def _since(received: np.ndarray, waited: Sequence[tuple[float, float]], width: float) -> np.ndarray:
    """
    When contacts were received, in seconds of opening hours: before the horizon where they
    are its backlog, which comes first in the first open interval.
    """
    if not waited:
        return received
    contacts, hours = np.array(waited).T
    order = np.argsort(received, kind="stable")
    first = order[received[order] < width][: round(float(contacts.sum()))]
    part = np.searchsorted(np.cumsum(contacts), np.arange(len(first)), side="right")
    since = received.copy()
    since[first] = -3600 * hours[np.minimum(part, len(hours) - 1)]
    return since
