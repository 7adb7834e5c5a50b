"""
Column generation, a bound that holds at every moment, and dives to whole tours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from wfm.scheduling.columns import Rows
from wfm.scheduling.master import Column, Master, Relaxed
from wfm.scheduling.team import Answer, Frame, Team, grained

SMALL = 1e-6
BULKY = 16  # people of a master that is made smaller while a dive goes down


@dataclass(frozen=True)
class Generated:
    """
    What column generation came to.

    ``bound`` holds for the whole of what was asked (rows as given, free people alone);
    ``prices`` are those behind it.
    """

    relaxed: Relaxed
    bound: float
    prices: np.ndarray
    converged: bool


def lagrangian(
    team: Team,
    rows: Rows,
    who: Sequence[int],
    prices: np.ndarray,
    frame: Frame | None = None,
    *,
    rounds: int = 4,
    limit: int = 300,
) -> tuple[float, Answer]:
    """
    A lower bound on what free people and rows cost, valid for any prices, and the answer.
    """
    answer = team.ask(who, prices, frame=frame, rounds=rounds, limit=limit)
    return float(prices @ rows.need) - float(answer.bounds.sum()), answer


def raised(team: Team, bound: float) -> float:
    """A bound rounded up where every cost is an integer."""
    return float(ceil(bound - SMALL)) if team.whole else bound


def generate(
    team: Team,
    master: Master,
    who: Sequence[int],
    rows: Rows,
    *,
    fixed: Sequence[Column] = (),
    centre: np.ndarray | None = None,
    mixes: Sequence[float] = (0.0, 0.5, 0.9),
    frame: Frame | None = None,
    passes: int = 200,
    enough: float = float("inf"),
    content: float = -float("inf"),
    tolerance: float = SMALL,
    until: float = 1.0,
) -> Generated:
    """
    Add the best tours of free people at smoothed prices until none is missing.

    Parameters
    ----------
    who
        Numbers of the people who are still free.
    rows
        Needs and prices; fixed people are not yet taken off.
    fixed
        Columns of people who are not free any more but are in the master.
    centre
        Prices to stay near to at first.
    mixes
        Shares of the best prices so far in those that are tried after each solve.
    frame
        Days that may change; None: all.
    enough
        Stop once the bound proves that nothing below this is left.
    content
        Stop once the relaxed cost is as low as this.
    until
        Share of the work at which to end.
    """
    best, converged = -np.inf, False
    for _ in range(passes):
        relaxed = master.solve()
        team.work.spent += master.toil()
        if relaxed.objective <= content:
            return Generated(relaxed, best, grained(relaxed.prices, rows), True)
        prices = relaxed.prices
        shares = dict(zip(master.people, relaxed.shares.tolist(), strict=True))
        added, near = 0, centre
        for alpha in mixes if near is not None else (0.0,):
            mixed = prices if near is None else alpha * near + (1 - alpha) * prices
            tried = grained(mixed, rows)
            bound, answer = lagrangian(team, rows, who, tried, frame)
            bound -= sum(column.worth(tried) for column in fixed)
            if bound > best:
                best, centre = bound, tried
            for column in answer.columns:
                if column is not None and column.worth(prices) > SMALL - shares[column.person]:
                    added += master.add(column)
        done = relaxed.objective - best < tolerance or raised(team, best) >= enough - SMALL
        if done or not added:
            converged = True
            break
        if team.work.over() or team.work.share > until:
            break
    return Generated(relaxed, best, centre if centre is not None else prices, converged)


@dataclass(frozen=True)
class Dive:
    """How a dive goes down."""

    first: int = 40  # passes of column generation before the first fixing
    passes: int = 4  # after each fixing, twice as many once they do not suffice
    most: int = 4  # passes after a fixing, at most
    mixes: tuple[float, ...] = (0.5,)
    sure: float = 0.9  # weights from which tours are fixed together
    share: float = 0.15  # of the free people, at most, at once
    bold: int = 1  # tours fixed at once while that costs nothing, at most
    until: float = 1.0  # share of the work at which to give up with most people free
    last: float = 1.0  # share at which to give up in any case
    tolerance: float = 0.5  # gap of a relaxation that is not worth closing


def dive(
    team: Team,
    master: Master,
    rows: Rows,
    generated: Generated,
    *,
    manner: Dive = Dive(),
    frame: Frame | None = None,
    rng: np.random.Generator,
    enough: float = float("inf"),
) -> list[Column] | None:
    """
    Fix the heaviest tours, generate, repeat; one column for everybody in the master.

    Returns None once the relaxed cost reaches ``enough``, or work is over early; later on,
    those who are free take their heaviest tours.
    """
    free, passes, step = list(master.people), manner.passes, 1
    fixed: list[Column] = []
    done: list[Column] = []  # fixed before the master was made smaller
    relaxed, centre = generated.relaxed, generated.prices
    content = relaxed.objective + manner.tolerance
    while free:
        if team.work.over() or team.work.share > _end(manner, len(done) + len(fixed), len(free)):
            if 2 * (len(done) + len(fixed)) <= len(free):
                return None
            return done + fixed + rounded(master, relaxed, free)
        if len(master.people) >= BULKY and 2 * len(free) <= len(master.people):
            spent = sum(one.cost for one in fixed)
            rows, enough, content = rows_without(rows, fixed), enough - spent, content - spent
            master = master.only(free, rows)
            relaxed, done, fixed = master.solve(), done + fixed, []
        if raised(team, relaxed.objective) >= enough - SMALL:
            return None
        taken = _heaviest(master, relaxed, set(free), manner, step, rng)
        for number in taken:
            master.fix(number)
            column = master.columns[number]
            fixed.append(column)
            free.remove(column.person)
        if not free:
            break
        found = generate(
            team,
            master,
            free,
            rows,
            fixed=fixed,
            centre=centre,
            frame=frame,
            mixes=manner.mixes,
            passes=passes,
            enough=enough,
            content=content,
            tolerance=manner.tolerance,
        )
        if not found.converged:
            passes = min(manner.most, 2 * passes)
        step = min(manner.bold, step + 1) if found.relaxed.objective <= content else 1
        content = max(content, found.relaxed.objective + SMALL)
        relaxed, centre = found.relaxed, found.prices
    return done + fixed


def _end(manner: Dive, fixed: int, free: int) -> float:
    return max(manner.until, manner.last) if 2 * fixed > free else manner.until


def rounded(master: Master, relaxed: Relaxed, free: Sequence[int]) -> list[Column]:
    """The heaviest tour of everybody who is free."""
    weight = {id(one): w for one, w in zip(master.columns, relaxed.weights.tolist(), strict=False)}
    return [max(master.of(one), key=lambda column: weight.get(id(column), 0.0)) for one in free]


def _heaviest(
    master: Master,
    relaxed: Relaxed,
    free: set[int],
    manner: Dive,
    step: int,
    rng: np.random.Generator,
) -> list[int]:
    weights = relaxed.weights
    best: dict[int, int] = {}
    for number in np.flatnonzero(weights > 1e-9).tolist():
        person = master.columns[number].person
        if person in free and (person not in best or weights[number] > weights[best[person]]):
            best[person] = number
    shaken = {number: weights[number] + 1e-3 * rng.random() for number in best.values()}
    order = sorted(shaken, key=lambda number: -shaken[number])
    whole = [number for number in order if weights[number] > 1 - 1e-6]
    rest = [number for number in order if weights[number] <= 1 - 1e-6]
    some = max(1, int(manner.share * len(free)))
    sure = [number for number in rest if weights[number] >= manner.sure][:some]
    if len(whole) == len(free):
        return whole
    return sure or rest[: min(step, some)]


def rows_without(rows: Rows, columns: Sequence[Column]) -> Rows:
    """Needs after what these columns add."""
    need = rows.need.copy()
    for column in columns:
        column.add_to(need, -1)
    return replace(rows, need=need)
