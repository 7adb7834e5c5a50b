"""
Calls one by one, as a telephone system logged them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.errors import DataError


@dataclass(frozen=True)
class Calls:
    """
    A log of calls, in order of arrival; arrays [n].

    Parameters
    ----------
    queue
        Names, object.
    arrival_s
        Seconds of the local wall clock since midnight of the first day, float.
    answered
        Bool; the others hung up.
    wait_s, service_s
        Seconds, float; NaN where nothing is recorded.
    agent
        Keys, object; empty where unknown.
    """

    queue: np.ndarray
    arrival_s: np.ndarray
    answered: np.ndarray
    wait_s: np.ndarray
    service_s: np.ndarray
    agent: np.ndarray
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.arrival_s) == 0:
            raise DataError("the log holds no call")

    @property
    def hour(self) -> np.ndarray:
        """Hour of the day of each arrival, int64 [n]."""
        return (self.arrival_s // 3600 % 24).astype(np.int64)

    def of(self, queue: str) -> np.ndarray:
        """Which calls are of one queue, bool [n]."""
        return np.asarray(self.queue == queue)
