"""
Cover by rows, tours by columns: the problem that column generation solves, laid out flat.

Each day a person takes one option, a day off or a duty. An option adds to *rows* (a shift
on a day, a queue in an interval); each row has a need, and a price for every unit short
and every unit above it. A convex cost with more corners is several rows with the same
additions. The rules are those of `wfm.scheduling.compiling`; a column is one tour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.scheduling.compiling import Compiled


@dataclass(frozen=True)
class Rows:
    """
    What is to be covered; float64 [rows] each.

    Parameters
    ----------
    need
        Units wanted.
    short, surplus
        Cost of a unit missing, of a unit too many; not negative.
    """

    need: np.ndarray
    short: np.ndarray
    surplus: np.ndarray

    def cost(self, cover: np.ndarray) -> float:
        """What a cover costs."""
        gap = self.need - cover
        return float(self.short @ np.maximum(gap, 0) + self.surplus @ np.maximum(-gap, 0))

    def whole(self) -> bool:
        """Whether every price and need is an integer."""
        return all(
            bool((one == np.round(one)).all()) for one in (self.need, self.short, self.surplus)
        )


@dataclass(frozen=True)
class Adds:
    """
    What options add to rows: entries ``first[o]`` to ``first[o + 1]`` are those of option o.

    Options are numbered through the days, each day's first one its day off.
    """

    first: np.ndarray  # int64 [options + 1]
    row: np.ndarray  # int64
    amount: np.ndarray  # float64


@dataclass(frozen=True)
class Group:
    """
    People compiled together, what their options add to rows, and what they cost.

    ``cost`` is on top of what rules charge (pay), float64 [people, options] or None.
    """

    compiled: Compiled
    agents: tuple[str, ...]
    adds: Adds
    cost: np.ndarray | None = None


@dataclass(frozen=True)
class Covering:
    """
    The whole problem: groups of people and the rows that they cover together.
    """

    groups: tuple[Group, ...]
    rows: Rows
