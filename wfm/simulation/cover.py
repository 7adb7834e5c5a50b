"""
Cover: how the people of a roster serve the queues at best, reckoned without a simulation.

A person's time in an interval is split over the queues they serve and sums to at most one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import Requirement
from wfm.domain.roster import Roster
from wfm.domain.shortfall import Aim, ShortfallPrices, aims
from wfm.domain.timegrid import Grid
from wfm.simulation.team import queues_of

Signature = tuple[tuple[str, float], ...]  # queues that somebody serves, with efficiency
REWARD = 1e-3  # of a missing contact's price: what keeps an hour with the first of a list


def presence(
    roster: Roster, grid: Grid, queues: Mapping[str, Queue]
) -> dict[Signature, np.ndarray]:
    """
    People on contacts in each interval, by what they serve in order of priority; float [n].

    A person counts for the share of the interval's minutes on contacts.
    """
    found: dict[Signature, np.ndarray] = {}
    edges = np.append(grid.starts, grid.midnights[-1])
    for tour in roster:
        for block in (block for duty in tour.duties for block in duty.blocks):
            if not block.activity.on_contacts:
                continue
            agent = tour.person.agent
            served = queues_of(block, tour, queues)
            signature = tuple((name, agent.efficiency(queues[name])) for name in served)
            overlap = np.minimum(edges[1:], block.end) - np.maximum(edges[:-1], block.start)
            heads = found.setdefault(signature, np.zeros(grid.n))
            heads += np.maximum(overlap, 0) / grid.interval
    return found


def split(
    roster: Roster,
    requirement: Requirement,
    queues: Mapping[str, Queue],
    prices: ShortfallPrices,
    owed: Mapping[str, Aim] | None = None,
) -> dict[str, np.ndarray]:
    """
    The best use of everybody's time: heads on each queue, float [n], efficiency included.

    The price of what is missing is least; what is left of people's time stays with the
    queues that come first in their lists, as it does when calls are routed. The heads of
    one optimum are returned; the price is that of all. ``owed`` is what the
    requirement asks for, where that is known already.
    """
    owed = owed or aims(requirement)
    heads = {name: np.zeros(requirement.grid.n) for name in requirement.queues}
    shared: dict[Signature, np.ndarray] = {}
    for signature, people in presence(roster, requirement.grid, queues).items():
        known = tuple((name, e) for name, e in signature if name in heads)
        if len(known) == 1:
            heads[known[0][0]] += known[0][1] * people
        elif known and people.any():
            shared[known] = shared.get(known, np.zeros(len(people))) + people
    if not shared:
        return heads
    programme = _Programme(owed, heads, shared, prices, requirement.grid)
    for name, more in programme.solve().items():
        heads[name] = heads[name] + more
    return heads


@dataclass
class _Programme:
    """
    The linear programme of the split: one column for each share of somebody's time.

    Columns: heads given to a queue by a signature in an interval; then by cell (queue and
    interval that shared people can serve) contacts yielded and heads missing; then contacts
    missing by period. Cells that nobody shared can serve are settled beforehand.
    """

    owed: Mapping[str, Aim]
    fixed: Mapping[str, np.ndarray]
    shared: Mapping[Signature, np.ndarray]
    prices: ShortfallPrices
    grid: Grid

    def __post_init__(self) -> None:
        self.cost: list[float] = []
        self.lowest: list[float | None] = []  # of each column; None: no bound
        self.limit: list[float] = []  # right-hand sides of rows, all "at most"
        self.entries: list[tuple[int, int, float]] = []  # row, column, factor
        self.given: dict[tuple[str, int], list[tuple[int, float]]] = {}
        self.most: dict[tuple[str, int], float] = {}

    def _column(self, cost: float, lowest: float | None = 0.0) -> int:
        self.cost.append(cost)
        self.lowest.append(lowest)
        return len(self.cost) - 1

    def _row(self, limit: float, *terms: tuple[int, float]) -> None:
        self.entries += [(len(self.limit), column, factor) for column, factor in terms]
        self.limit.append(limit)

    def solve(self) -> dict[str, np.ndarray]:
        """Heads that shared people give to each queue, float [n]."""
        from scipy.optimize import linprog
        from scipy.sparse import coo_array

        self._people()
        yielded = {cell: self._cell(*cell) for cell in self.given}
        self._targets(yielded)
        rows, columns, factors = zip(*self.entries, strict=True)
        matrix = coo_array((factors, (rows, columns)), shape=(len(self.limit), len(self.cost)))
        answer = linprog(  # type: ignore[call-overload]  # its stubs know dense matrices alone
            self.cost,
            A_ub=matrix.tocsr(),
            b_ub=self.limit,
            bounds=[(low, None) for low in self.lowest],
            method="highs",
        )
        if answer.status != 0:
            raise RuntimeError(f"the split of people's time has no solution: {answer.message}")
        heads = {name: np.zeros(self.grid.n) for name in self.owed}
        for (name, at), terms in self.given.items():
            heads[name][at] = sum(answer.x[column] * factor for column, factor in terms)
        return heads

    def _people(self) -> None:
        """Nobody gives more time than they have."""
        for signature, people in self.shared.items():
            for at in np.flatnonzero(people > 0):
                hour = REWARD * self.prices.contact * self.grid.interval / 60
                columns = [self._column(-hour / (1 + rank)) for rank in range(len(signature))]
                self._row(float(people[at]), *((column, 1.0) for column in columns))
                for column, (name, efficiency) in zip(columns, signature, strict=True):
                    cell = (name, int(at))
                    self.given.setdefault(cell, []).append((column, efficiency))
                    self.most[cell] = self.most.get(cell, 0.0) + efficiency * float(people[at])

    def _cell(self, name: str, at: int) -> int | None:
        """The yield column of a cell, None without a curve; heads missing are priced."""
        owed, least = self.owed[name], float(self.fixed[name][at])
        terms = self.given[name, at]
        if owed.heads[at] > least:
            price = self.prices.head(owed) * self.grid.interval / 60
            missing = self._column(price)
            self._row(least - owed.heads[at], (missing, -1.0), *((c, -f) for c, f in terms))
        if owed.yields is None:
            return None
        table = owed.yields[at]
        column = self._column(-REWARD * self.prices.contact, lowest=None)
        for slope, level in _pieces(table, least, least + self.most[name, at]):
            self._row(level + slope * least, (column, 1.0), *((c, -slope * f) for c, f in terms))
        return column

    def _targets(self, yielded: Mapping[tuple[str, int], int | None]) -> None:
        """Contacts missing from the promise of a period."""
        for name, owed in self.owed.items():
            settled = owed.at(self.fixed[name])
            for target in owed.targets:
                columns = {
                    int(at): column
                    for at in np.flatnonzero(target.rows)
                    if (column := yielded.get((name, int(at)))) is not None
                }
                rest = target.rows.copy()
                rest[list(columns)] = False
                short = self._column(float(self.prices.contact))
                self._row(
                    float(settled[rest].sum()) - target.contacts,
                    (short, -1.0),
                    *((column, -1.0) for column in columns.values()),
                )


def _pieces(table: np.ndarray, least: float, most: float) -> Iterator[tuple[float, float]]:
    """
    Slope and level of the straight pieces of a concave table between two numbers of heads.
    """
    last = len(table) - 1
    yield 0.0, float(table[last])
    slopes = np.diff(table)
    first = min(int(least), last)
    for k in range(first, min(int(np.ceil(most)), last)):
        if k == first or slopes[k] < slopes[k - 1] - 1e-12:
            yield float(slopes[k]), float(table[k] - slopes[k] * k)
