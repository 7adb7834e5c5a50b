"""
Rosters where cover is by row: column generation, annealing, dives, parts planned anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.columns import Covering, Rows
from wfm.scheduling.diving import SMALL, Dive, Generated, dive, generate, lagrangian, raised
from wfm.scheduling.improving import around, begin, replan, settle, total_cost
from wfm.scheduling.master import Column, Master
from wfm.scheduling.responding import anneal
from wfm.scheduling.team import Team, Work, grained

EFFORT = 4e10  # table cells: about a minute
# linear programmes are dearer than tours: ask for tours at many prices after each
DEEP = Dive(most=16, bold=6, mixes=(0.0, 0.25, 0.5, 0.75, 0.9))
TURNS = 400  # of annealing between two looks at the work done


@dataclass(frozen=True)
class Rostered:
    """
    Tours for everybody, in order of the groups, and a lower bound on what any cost.

    ``tours`` are options by day, int64 [people, days]; 0 of a day is its day off.
    """

    tours: np.ndarray
    objective: float
    bound: float


@dataclass(frozen=True)
class Recipe:
    """
    Shares of the work, at most, and how annealing cools.
    """

    root: float = 0.35
    anneal: float = 0.5
    dive: float = 0.15  # or ``depth`` once a third of the people have their tour
    depth: float = 0.95
    hot: float = 2.5
    cold: float = 0.2
    shake: float = 1.0
    lean: float = 0.5
    sizes: tuple[int, ...] = (5, 8, 10)
    manner: Dive = DEEP


def roster_by_columns(
    covering: Covering,
    *,
    seed: int = 0,
    effort: float = EFFORT,
    clock: Callable[[], float] | None = None,
    recipe: Recipe = Recipe(),
    progress: Progress = silent,
    stop: Stop = never,
) -> Rostered:
    """
    A roster for everybody, with a proven bound.

    Parameters
    ----------
    effort
        Work allowed, in table cells: a count, so that the same seed gives the same roster.
    clock
        Share of some other allowance that is used; replaces ``effort``.

    Raises
    ------
    NoRosterError
        Somebody has no tour that keeps every hard rule.
    """
    work = Work(effort, stop, clock)
    team = Team(covering, work)
    return _Search(team, np.random.default_rng(seed), recipe, progress).run()


def compile_kernels(covering: Covering) -> None:
    """
    Have everything compiled that a roster needs, on a small problem.
    """
    search = _Search(Team(covering, Work(1e6)), np.random.default_rng(0), Recipe(), silent)
    search.roster = begin(search.team, search.rows, search.everybody)
    search.anneal_once(
        np.array([search.roster[p].tour for p in search.everybody]), search.rows.short, 1.0, 1
    )


class _Search:
    """One run: the best roster so far, and the bound behind it."""

    def __init__(self, team: Team, rng: np.random.Generator, recipe: Recipe, progress: Progress):
        self.team, self.rng, self.recipe, self.progress = team, rng, recipe, progress
        self.rows: Rows = team.rows
        self.everybody = list(range(team.people))
        self.roster: dict[int, Column] = {}
        self.best = np.inf
        self.bound = -np.inf

    def run(self) -> Rostered:
        self.bound = max(self._least_costs(), self._alone())
        self._take(begin(self.team, self.rows, self.everybody))
        if self.team.work.share > self.recipe.root:
            return self._result()  # a pass over everybody costs too much to be repeated
        roster = dict(self.roster)
        settle(self.team, self.rows, roster, self.rng)
        self._take(roster)
        master, root = self._root()
        if not self._done():
            self._dive(master, root)
        if not self._done():
            self._anneal(root.prices)
        while not self._done():
            self._replan(master, root.prices)
        return self._result()

    def _least_costs(self) -> float:
        """What tours cost at least: on each day the cheapest option."""
        laid = self.team.laid
        least = 0.0
        for person, cost in enumerate(laid.crowd.cost):
            first = laid.tables.first[laid.crowd.group[person]]
            least += float(np.minimum.reduceat(cost[: first[-1]], first[:-1]).sum())
        return least

    def _alone(self) -> float:
        """What tours cost at least where nobody is missed: sums of their own may ask for work."""
        free = np.zeros(len(self.rows.need))
        bound, _ = lagrangian(self.team, self.rows, self.everybody, free, rounds=12, limit=3000)
        return raised(self.team, bound)

    def _result(self) -> Rostered:
        tours = np.array([self.roster[p].tour for p in self.everybody])
        group = self.team.laid.crowd.group
        tours -= self.team.laid.tables.first[group, :-1]
        return Rostered(tours, self.best, min(self.bound, self.best))

    def _done(self) -> bool:
        reached = self.best <= self.bound + SMALL
        return reached or self.team.work.over()

    def _take(self, roster: dict[int, Column]) -> None:
        cost = total_cost(self.rows, list(roster.values()))
        if cost <= self.best:
            self.best, self.roster = cost, dict(roster)
        self.progress(self.team.work.share, 1.0, f"{self.best:,.0f} (bound {self.bound:,.0f})")

    def _root(self) -> tuple[Master, Generated]:
        """Column generation for everybody; each share of work gives a bound."""
        master = Master(self.rows, self.everybody)
        for column in self.roster.values():
            master.add(column)
        root = generate(self.team, master, self.everybody, self.rows, until=self.recipe.root)
        prices = grained(root.relaxed.prices, self.rows)
        exact, _ = lagrangian(self.team, self.rows, self.everybody, prices, rounds=12, limit=20_000)
        self.bound = max(self.bound, raised(self.team, max(exact, root.bound)))
        return master, root

    def _dive(self, master: Master, root: Generated) -> None:
        share = self.team.work.share
        until = share + self.recipe.dive
        manner = replace(self.recipe.manner, until=until, last=self.recipe.depth)
        found = dive(self.team, master, self.rows, root, manner=manner, rng=self.rng)
        if found is not None:
            roster = {column.person: column for column in found}
            settle(self.team, self.rows, roster, self.rng)
            self._take(roster)

    def _anneal(self, prices: np.ndarray) -> None:
        """Start hot where the roster is far from the bound, and cool with the work done."""
        team, recipe = self.team, self.recipe
        gap = (self.best - self.bound) / max(1.0, abs(self.best))
        if gap < 0.01:
            return
        tours = np.array([self.roster[p].tour for p in self.everybody])
        begin = team.work.share
        while (share := (team.work.share - begin) / recipe.anneal) < 1 and not self._done():
            heat = recipe.hot * (recipe.cold / recipe.hot) ** share
            best, least = self.anneal_once(tours, prices, heat, TURNS)
            if least < self.best - SMALL:
                self._take({p: team.column(p, best[p].copy()) for p in self.everybody})

    def anneal_once(
        self, tours: np.ndarray, prices: np.ndarray, heat: float, turns: int
    ) -> tuple[np.ndarray, float]:
        """Some turns at one heat: the best tours seen and their cost; ``tours`` move on."""
        laid, rows, team = self.team.laid, self.rows, self.team
        best = tours.copy()
        cover = np.zeros(len(rows.need))
        for person in self.everybody:
            team.column(person, tours[person]).add_to(cover)
        _, least = anneal(
            laid.tables,
            laid.crowd,
            laid.adds,
            (rows.need, rows.short, rows.surplus),
            (team.day_of, prices, self.recipe.lean),
            tours,
            best,
            cover,
            team.multipliers,
            team.space,
            (int(self.rng.integers(1 << 30)), turns, heat, self.recipe.shake),
        )
        team.work.spent += turns * 1.5 * float(laid.cells.mean())
        return best, float(least)

    def _replan(self, master: Master, prices: np.ndarray) -> None:
        size = int(self.rng.choice(self.recipe.sizes))
        people = around(self.team, self.rows, self.roster, size, prices, self.rng)
        pool = [
            column
            for person in people
            for column in sorted(master.of(person), key=lambda column: -column.worth(prices))[:15]
        ]
        days = (0, self.team.days)
        found = replan(
            self.team,
            self.rows,
            self.roster,
            people,
            days,
            pool,
            prices=prices,
            manner=Dive(),
            rng=self.rng,
        )
        if found is not None:
            self._take({**self.roster, **found})
