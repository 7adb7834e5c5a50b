"""
Rules across people as cells: how many of a kind are there in each slot, and what lacks cost.

A post is one such rule in one slot of time in which its bounds hold. Its cell stands behind
those of the queues and is read by the same kernels: cents for heads below the least, and
for heads above the most, which the cells of queues never have. Whoever counts is one head
there, whatever they serve. A hard rule is priced so high that breaking it never pays; its
multipliers stay what Lagrange allows, so every bound is one on rosters that keep it, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.roster import Calendar, Roster, Severity, Violation
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Agent
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.team import TeamPresence
from wfm.scheduling.cover import Cells, cell_cost, smooth_price
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.problem import Problem

LONGEST = 24  # hours of cover that a shift moved for the sake of a post can spoil, and more


class Posts(NamedTuple):
    """
    Posts of a problem, by cell from the first behind the queues on.

    ``cell`` is -1 in slots where a rule says nothing. ``resting`` says whether people on a
    break count. Heads of duties carried in are taken off ``least`` and ``most``, where -1
    means no bound; ``most`` may lie below what is there already by ``beyond``.
    """

    cell: np.ndarray  # int64 [rules, slots + 1]
    resting: np.ndarray  # int64 [rules]
    at: np.ndarray  # int64 [posts, 2]: rule and slot
    least: np.ndarray  # int64 [posts]
    most: np.ndarray  # int64 [posts]
    beyond: np.ndarray  # int64 [posts]
    price: np.ndarray  # float64 [posts]: cents a head
    hard: np.ndarray  # bool [posts]

    @property
    def lowest(self) -> np.ndarray:
        """Least multiplier that proves anything: more heads cost this much less, for ever."""
        return np.where(self.most >= 0, -self.price, 0.0)


def team_rules(book: Book) -> tuple[tuple[Entry, TeamPresence], ...]:
    """
    The entries across people that a plan must heed: hard or priced.
    """
    return tuple(
        (entry, entry.rule)
        for entry in book
        if isinstance(entry.rule, TeamPresence) and entry.severity is not Severity.INFO
    )


def counted(book: Book, agent: Agent) -> tuple[bool, ...]:
    """
    For each of ``team_rules``, whether somebody is among those whom it counts.
    """
    return tuple(rule.counts(agent) for _, rule in team_rules(book))


def edges(problem: Problem) -> Iterator[Minutes]:
    """
    Minutes at which what posts ask for, or what carried-in duties give them, may change.
    """
    rules = team_rules(problem.book)
    calendar = Calendar(problem.grid)
    for _, rule in rules:
        for span in rule.windows(calendar):
            yield from span
    if rules:
        for person in problem.people:
            for duty in problem.carried(person).duties:
                for block in duty.blocks:
                    if block.end > 0:
                        yield from (block.start, block.end)


def hard_price(problem: Problem) -> float:
    """
    Cents for a minute in which a head of a hard rule is missing, or too many.

    A quarter of an hour costs more than all that a long shift can spoil elsewhere.
    """
    prices, interval = problem.shortfall_prices, problem.grid.interval
    gains = [aim.yields[:, 1] - aim.yields[:, 0] for aim in problem.aims.values()
             if aim.yields is not None]  # fmt: skip
    most = max((float(gain.max(initial=0.0)) for gain in gains), default=0.0) * 60 / interval
    return LONGEST * (prices.head_hour + prices.contact * most) / 15


def posts_of(problem: Problem, unit: int, pad: int, slots: int, first: int) -> Posts:
    """
    The posts of a problem; ``first`` is the number of cells that queues have.
    """
    rules = team_rules(problem.book)
    calendar = Calendar(problem.grid)
    cell = np.full((len(rules), slots + 1), -1, np.int64)
    at: list[tuple[int, int]] = []
    bounds: list[tuple[int, int, int]] = []
    prices: list[float] = []
    hard = hard_price(problem) if rules else 0.0
    for number, (entry, rule) in enumerate(rules):
        there = _carried(problem, rule, unit, pad, slots)
        price = float(entry.price) if entry.severity is Severity.PRICED else hard
        for start, end in rule.windows(calendar):
            for slot in range(start // unit + pad, min(end // unit + pad, slots)):
                if cell[number, slot] >= 0:
                    continue  # windows of two days overlap: the rule is broken but once
                cell[number, slot] = first + len(at)
                at.append((number, slot))
                now = int(there[slot])
                most = -1 if rule.at_most is None else max(0, rule.at_most - now)
                over = 0 if rule.at_most is None else max(0, now - rule.at_most)
                bounds.append((max(0, rule.at_least - now), most, over))
                prices.append(price * unit)
    table = np.array(bounds, dtype=np.int64).reshape(-1, 3)
    return Posts(
        cell,
        np.array([rule.resting for _, rule in rules], dtype=np.int64),
        np.array(at, dtype=np.int64).reshape(-1, 2),
        table[:, 0].copy(),
        table[:, 1].copy(),
        table[:, 2].copy(),
        np.array(prices, dtype=float),
        np.array([not rules[number][0].price for number, _ in at], dtype=bool),
    )


def _carried(problem: Problem, rule: TeamPresence, unit: int, pad: int, slots: int) -> np.ndarray:
    """Heads that duties carried in give a rule in each slot."""
    found = np.zeros(slots, np.int64)
    for person in problem.people:
        for duty in problem.carried(person).duties:
            for block in duty.blocks:
                if block.end > 0 and rule.contribution(person.agent, block):
                    found[max(0, block.start // unit + pad) : block.end // unit + pad] += 1
    return found


def joined_cells(cells: Cells, posts: Posts) -> Cells:
    """
    The cells of queues with those of posts behind them.
    """
    count = len(posts.at)
    if not count:
        return cells
    width = max(cells.at.shape[1], 3)
    at, fine = np.zeros((count, width)), np.zeros((count, width))
    corners = np.ones(count, np.int64)
    for row, (least, most, price) in enumerate(
        zip(posts.least.tolist(), posts.most.tolist(), posts.price.tolist(), strict=True)
    ):
        pieces = {0: price if least else 0.0}
        if least:
            pieces[least] = 0.0
        if most >= 0:
            pieces[most] = -price
        corners[row] = len(pieces)
        at[row, : len(pieces)] = list(pieces)
        fine[row, : len(pieces)] = list(pieces.values())
    grow = ((0, 0), (0, width - cells.at.shape[1]))
    return Cells(
        np.concatenate([cells.corners, corners]),
        np.vstack([np.pad(cells.at, grow), at]),
        np.vstack([np.pad(cells.gain, grow), np.zeros((count, width))]),
        np.vstack([np.pad(cells.fine, grow), fine]),
        np.concatenate([cells.nothing, posts.price * (posts.least + posts.beyond)]),
        np.concatenate([cells.idle, np.zeros(count)]),
        np.concatenate([cells.period, np.full(count, -1)]),
        cells.target,
        cells.price,
    )


def queue_cells(cells: Cells, count: int) -> Cells:
    """
    The first ``count`` cells: those of queues.
    """
    own = {name: getattr(cells, name)[:count] for name in Cells._fields[:7]}
    return cells._replace(**own)


def broken_together(problem: Problem, roster: Roster) -> list[Violation]:
    """
    What the team of a roster breaks of the hard rules across people.
    """
    found = problem.book.together(roster)
    return [one for one in found if one.severity is Severity.HARD]


# Kernels.


@njit(**LEAN)
def counts_there(kinds, k, starts, resting, s):  # type: ignore[no-untyped-def]
    """
    Whether somebody on a kind counts in a slot of it, its breaks being where they are.
    """
    for b in range(kinds.breaks[k]):
        away = kinds.shape[k, b, 8]
        gone = away == 2 or (away == 1 and not resting)
        if gone and starts[b] <= s < starts[b] + kinds.shape[k, b, 0]:
            return False
    return True


@njit(**LEAN)
def join_duty(kinds, cells, team, p, k, starts, sign, heads):  # type: ignore[no-untyped-def]
    """
    Add a duty to the heads of posts, or take it away with ``sign`` -1; the change in cost.
    """
    cost = 0.0
    skill = team.skill[p]
    for r in range(team.post.shape[0]):
        if not team.counted[skill, r]:
            continue
        for s in range(kinds.start[k], kinds.end[k]):
            c = team.post[r, s]
            if c >= 0 and counts_there(kinds, k, starts, team.resting[r], s):
                cost -= cell_cost(cells, c, heads[c], 0.0)
                heads[c] += sign
                cost += cell_cost(cells, c, heads[c], 0.0)
    return cost


@njit(**LEAN)
def join_posts(kinds, cells, team, p, tour, starts, sign, heads):  # type: ignore[no-untyped-def]
    """
    Add a tour to the heads of posts, or take it away with ``sign`` -1; the change in cost.
    """
    cost = 0.0
    if team.post.shape[0] == 0:
        return cost
    for d in range(tour.shape[0]):
        if tour[d] >= 0:
            cost += join_duty(kinds, cells, team, p, tour[d], starts[d], sign, heads)
    return cost


@njit(**LEAN)
def meet_posts(kinds, team, p, tour, starts, posts, vertex):  # type: ignore[no-untyped-def]
    """
    Put a tour's heads on posts into ``vertex``, float [cells]; what they are worth at prices.
    """
    worth = 0.0
    own = vertex.shape[0] - posts.shape[0]
    skill = team.skill[p]
    for r in range(team.post.shape[0]):
        if not team.counted[skill, r]:
            continue
        for d in range(tour.shape[0]):
            k = tour[d]
            if k < 0:
                continue
            for s in range(kinds.start[k], kinds.end[k]):
                c = team.post[r, s]
                if c >= 0 and counts_there(kinds, k, starts[d], team.resting[r], s):
                    vertex[c] = 1.0
                    worth += posts[c - own]
    return worth


@njit(**LEAN)
def post_values(team, p, posts, own, stay):  # type: ignore[no-untyped-def]
    """
    Running sums of what slots on duty are worth to posts: in ``stay[0]`` to those that count
    breaks, in ``stay[1]`` to the others. ``own`` is the number of cells that queues have.
    """
    skill = team.skill[p]
    stay[:, 0] = 0.0
    for s in range(stay.shape[1] - 1):
        for i in range(2):
            value = 0.0
            for r in range(team.post.shape[0]):
                c = team.post[r, s]
                if c >= 0 and team.counted[skill, r] and team.resting[r] == 1 - i:
                    value += posts[c - own]
            stay[i, s + 1] = stay[i, s] + value


@njit(**LEAN)
def post_prices(cells, team, p, heads, centre, rho, posts):  # type: ignore[no-untyped-def]
    """
    What one more head saves at each post; ``rho`` 0 for the true cost.
    """
    own = heads.shape[0] - posts.shape[0]
    skill = team.skill[p]
    for i in range(posts.shape[0]):
        posts[i] = 0.0
        if not team.counted[skill, team.posts[i, 0]]:
            continue
        c = own + i
        if rho > 0:
            near = smooth_price(cells, c, heads[c] + 0.25, centre[c], rho, 0.0)
            far = smooth_price(cells, c, heads[c] + 0.75, centre[c], rho, 0.0)
            posts[i] = (near + far) / 2
        else:
            saved = cell_cost(cells, c, heads[c], 0.0)
            posts[i] = saved - cell_cost(cells, c, heads[c] + 1.0, 0.0)
