"""
A team that can be asked for tours: everybody's tables, and the prices of their long sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from wfm.domain.outcome import Stop, never
from wfm.errors import NoRosterError
from wfm.scheduling.columns import Covering, Rows
from wfm.scheduling.flattening import Staff, staff
from wfm.scheduling.layout import HOPELESS, option_values, tour_cost
from wfm.scheduling.master import Column
from wfm.scheduling.touring import best_tours

GRAIN = float(1 << 20)  # prices are whole multiples of 1 / GRAIN, so that values add up exactly


@dataclass
class Work:
    """
    Work done and allowed, in table cells; a count, so that runs repeat.

    ``clock`` tells the share of the allowance used by other means, such as processor
    time; then runs do not repeat.
    """

    limit: float = float("inf")
    stop: Stop = never
    clock: Callable[[], float] | None = None
    spent: float = 0.0

    @property
    def share(self) -> float:
        """Share of the allowance that is used."""
        return self.spent / self.limit if self.clock is None else self.clock()

    def over(self) -> bool:
        """Whether to end."""
        return self.share >= 1 or self.stop()


@dataclass(frozen=True)
class Frame:
    """
    Tours of everybody, int64 [people, days], kept but for the days ``begin`` to ``end``.
    """

    tours: np.ndarray
    begin: int
    end: int


@dataclass(frozen=True)
class Answer:
    """
    Best tours at some prices.

    ``values`` are worth less cost, by person asked; ``bounds`` are at least the best value.
    """

    columns: tuple[Column | None, ...]
    values: np.ndarray
    bounds: np.ndarray


@dataclass
class Team:
    """
    Everybody, numbered through the groups.
    """

    covering: Covering
    work: Work = field(default_factory=Work)

    def __post_init__(self) -> None:
        self.laid: Staff = staff(self.covering.groups)
        self.space = self.laid.space()
        self.multipliers = np.zeros(self.laid.crowd.least.shape)
        self.people = len(self.laid.agents)
        self.days = self.laid.tables.arc.shape[1]
        shape = (len(self.covering.groups), self.laid.tables.set_of.shape[1])
        self.worth = np.zeros(shape)
        cost = self.laid.crowd.cost
        self.day_of = self._days_of_rows()
        self.whole = self.rows.whole() and all(
            bool((one % 1 == 0).all())
            for one in (cost[np.isfinite(cost)], self.laid.tables.price, self.laid.adds.amount)
        )

    def _days_of_rows(self) -> np.ndarray:
        """A day on which each row can be added to; -1 where none is."""
        day_of = np.full(len(self.rows.need), -1, dtype=np.int64)
        for g, first in enumerate(self.laid.tables.first):
            firsts = self.laid.adds.first[g]
            for day in range(self.days):
                day_of[self.laid.adds.row[firsts[first[day]] : firsts[first[day + 1]]]] = day
        return day_of

    @property
    def rows(self) -> Rows:
        """What is to be covered."""
        return self.covering.rows

    def ask(
        self,
        who: Sequence[int],
        prices: np.ndarray,
        *,
        frame: Frame | None = None,
        rounds: int = 4,
        limit: int = 300,
    ) -> Answer:
        """
        Best tours of some people at prices of rows, which should be multiples of 1 / GRAIN.
        """
        laid = self.laid
        asked = np.asarray(who, dtype=np.int64)
        tours = np.zeros((len(asked), self.days), dtype=np.int64)
        values, bounds = np.empty(len(asked)), np.empty(len(asked))
        option_values(laid.tables, laid.adds, prices, self.worth)
        best_tours(
            laid.tables,
            laid.crowd,
            asked,
            self.worth,
            tours if frame is None else frame.tours[asked],
            (0, self.days) if frame is None else (frame.begin, frame.end),
            self.multipliers,
            rounds,
            limit,
            self.space,
            tours,
            values,
            bounds,
        )
        self.work.spent += float(laid.cells[asked].sum())
        columns = tuple(
            self.column(person, tour) if value > HOPELESS else None
            for person, tour, value in zip(asked.tolist(), tours, values, strict=True)
        )
        return Answer(columns, values, bounds)

    def column(self, person: int, tour: np.ndarray) -> Column:
        """A tour with what it costs and adds."""
        laid = self.laid
        first = laid.adds.first[laid.crowd.group[person]]
        begin, end = first[tour], first[tour + 1]
        if ((end - begin) <= 1).all():
            entries = begin[end > begin]
        else:
            entries = np.concatenate([np.arange(a, b) for a, b in zip(begin, end, strict=True)])
        cost = float(tour_cost(laid.tables, laid.crowd, person, tour))
        return Column(person, tour, cost, laid.adds.row[entries], laid.adds.amount[entries])

    def refuse(self, without: Sequence[int], proven: Sequence[int]) -> None:
        """
        Nobody may be without a legal tour.

        Raises
        ------
        NoRosterError
            Names everybody for whom none was found; ``proven`` are those who have none.
        """
        if proven:
            names = ", ".join(self.laid.agents[person] for person in proven)
            raise NoRosterError(f"no tour keeps every hard rule for {names}")
        if without:
            names = ", ".join(self.laid.agents[person] for person in without)
            raise NoRosterError(
                f"no tour was found for {names}, though one may exist",
                hint="look at their bounds on hours and at caps on kinds of duty",
            )


def grained(prices: np.ndarray, rows: Rows) -> np.ndarray:
    """Prices between what a missing and a superfluous unit cost, exact in few digits."""
    kept = np.clip(prices, -rows.surplus, rows.short)
    return np.asarray(np.round(kept * GRAIN) / GRAIN)
