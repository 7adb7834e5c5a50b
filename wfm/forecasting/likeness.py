"""
A new queue's past, borrowed from one like it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wfm.domain.demand import History, QueueHistory
from wfm.errors import DataError, nearest

LEAST = 14  # known days from which a queue stands on its own


def known_days(history: History, queue: str) -> int:
    """Days of which anything is known."""
    known = ~np.isnan(history.queues[queue].contacts)
    return len(np.unique(history.grid.day[known]))


def borrow(history: History, queue: str, like: str) -> tuple[History, float]:
    """
    The history with the queue's unknown past taken from ``like``, scaled to its size.

    Returns
    -------
    history
        The queue's own intervals where known, else the other's times the factor.
    float
        The factor: contacts of the queue over the other's, where both are known; one
        where they share no interval.

    Raises
    ------
    DataError
        ``like`` is not in the history.
    """
    if like not in history.queues:
        raise DataError(
            f"queue {queue} is like '{like}', which has no history",
            hint=nearest(like, history.queues),
        )
    other = history.queues[like]
    own = history.queues.get(queue)
    unknown = np.full(history.grid.n, np.nan)
    mine = unknown if own is None else own.contacts
    both = ~np.isnan(mine) & ~np.isnan(other.contacts)
    theirs = float(other.contacts[both].sum())
    factor = float(mine[both].sum()) / theirs if theirs > 0 and mine[both].sum() > 0 else 1.0
    contacts = np.where(np.isnan(mine), other.contacts * factor, mine)
    channel = other.channel if own is None else own.channel
    aht = other.aht_s if own is None or own.aht_s is None else own.aht_s
    answered = other.answered if own is None or own.answered is None else own.answered
    stand_in = QueueHistory(queue, contacts, channel, aht_s=aht, answered=answered)
    return replace(history, queues={**history.queues, queue: stand_in}), factor
