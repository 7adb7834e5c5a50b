"""
Rosters of whole tours, made better: best responses, and parts of the team planned anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfm.scheduling.columns import Rows
from wfm.scheduling.diving import SMALL, Dive, dive, generate, raised, rows_without
from wfm.scheduling.layout import HOPELESS
from wfm.scheduling.master import Column, Master
from wfm.scheduling.team import Frame, Team, grained


def covered(rows: Rows, columns: Sequence[Column]) -> np.ndarray:
    """What some tours add to each row."""
    cover = np.zeros(len(rows.need))
    for column in columns:
        column.add_to(cover)
    return cover


def total_cost(rows: Rows, columns: Sequence[Column]) -> float:
    """What tours and rows cost together."""
    return sum(column.cost for column in columns) + rows.cost(covered(rows, columns))


def one_more(rows: Rows, cover: np.ndarray) -> np.ndarray:
    """What the next unit of each row saves; negative where it is too much."""
    gap = np.clip(rows.need - cover, 0.0, 1.0)
    return np.asarray(rows.short * gap - rows.surplus * (1.0 - gap))


def begin(team: Team, rows: Rows, order: Sequence[int]) -> dict[int, Column]:
    """
    A first roster: one after the other takes the best tour around those before.

    Raises
    ------
    NoRosterError
        Somebody has no tour that keeps every hard rule.
    """
    roster: dict[int, Column] = {}
    cover = np.zeros(len(rows.need))
    without: list[int] = []
    proven: list[int] = []
    for person in order:
        prices = grained(one_more(rows, cover), rows)
        answer = team.ask([person], prices, rounds=20, limit=100_000)
        if answer.columns[0] is None:  # sums alone may be easier to keep
            answer = team.ask([person], 0 * prices, rounds=20, limit=1_000_000)
        found = answer.columns[0]
        if found is not None:
            roster[person] = found
            found.add_to(cover)
            continue
        without.append(person)
        if answer.bounds[0] <= HOPELESS:
            proven.append(person)
    team.refuse(without, proven)
    return roster


def respond(team: Team, rows: Rows, roster: dict[int, Column], order: Sequence[int]) -> bool:
    """
    Give everybody in ``order`` their best tour against all others; whether any was better.
    """
    cover = covered(rows, list(roster.values()))
    better = False
    for person in order:
        if team.work.over():
            break
        mine = roster[person]
        mine.add_to(cover, -1)
        found = team.ask([person], grained(one_more(rows, cover), rows)).columns[0]
        if found is not None:
            before = mine.cost + _after(rows, cover, mine)
            after = found.cost + _after(rows, cover, found)
            if after < before - SMALL:
                better = True
                roster[person] = mine = found
        mine.add_to(cover)
    return better


def _after(rows: Rows, cover: np.ndarray, column: Column) -> float:
    then = cover.copy()
    column.add_to(then)
    return rows.cost(then)


def settle(team: Team, rows: Rows, roster: dict[int, Column], rng: np.random.Generator) -> None:
    """
    Best responses until nobody alone can do better.
    """
    while not team.work.over():
        if not respond(team, rows, roster, rng.permutation(list(roster)).tolist()):
            return


def replan(
    team: Team,
    rows: Rows,
    roster: dict[int, Column],
    who: Sequence[int],
    days: tuple[int, int],
    pool: Sequence[Column],
    *,
    prices: np.ndarray | None,
    manner: Dive,
    rng: np.random.Generator,
) -> dict[int, Column] | None:
    """
    Some days of a part of the team planned anew around all else, if that costs no more.
    """
    part = set(who)
    others = [column for person, column in roster.items() if person not in part]
    left = rows_without(rows, others)
    mine = [roster[person] for person in who]
    now = total_cost(left, mine)
    active = (team.day_of >= days[0]) & (team.day_of < days[1])
    whole = days == (0, team.days)
    frame = None if whole else Frame(np.array([roster[p].tour for p in sorted(roster)]), *days)
    left, constant = _inside(left, mine, active)
    now -= constant
    master = Master(left, list(who), np.flatnonzero(active))
    for column in (*mine, *pool):
        master.add(column)
    start = None if prices is None else np.where(active, prices, 0.0)
    generated = generate(
        team,
        master,
        who,
        left,
        centre=start,
        frame=frame,
        enough=now,
        passes=60,
        tolerance=manner.tolerance,
    )
    if raised(team, generated.bound) >= now - SMALL and team.whole:
        return None
    found = dive(team, master, left, generated, manner=manner, frame=frame, rng=rng, enough=now + 1)
    if found is None:
        return None
    then = sum(column.cost for column in found) + left.cost(_added(left, found, active))
    return {column.person: column for column in found} if then <= now + SMALL else None


def _inside(rows: Rows, mine: Sequence[Column], active: np.ndarray) -> tuple[Rows, float]:
    """Rows without price or need where they are not active, and what those cost now."""
    outside = Rows(
        rows.need, np.where(active, 0.0, rows.short), np.where(active, 0.0, rows.surplus)
    )
    inside = Rows(
        np.where(active, rows.need, 0.0),
        np.where(active, rows.short, 0.0),
        np.where(active, rows.surplus, 0.0),
    )
    return inside, outside.cost(covered(rows, mine))


def _added(rows: Rows, columns: Sequence[Column], active: np.ndarray) -> np.ndarray:
    return np.where(active, covered(rows, columns), 0.0)


def around(
    team: Team,
    rows: Rows,
    roster: dict[int, Column],
    size: int,
    prices: np.ndarray,
    rng: np.random.Generator,
) -> list[int]:
    """
    People around a row that costs much, the likelier the more their tours lose at ``prices``.

    In a roster without any gap to the bound, no tour loses against the best at the bound's
    prices; so who loses most stands in the way, and who is near a costly row can help.
    """
    people = list(roster)
    answer = team.ask(people, prices)
    lost = answer.bounds - [roster[person].worth(prices) for person in people]
    odds = np.maximum(lost, 0) + 0.3 * max(1.0, float(lost.mean()))
    cover = covered(rows, list(roster.values()))
    gap = rows.need - cover
    cost = np.where(gap > 0, (rows.short - prices) * gap, -(rows.surplus + prices) * gap)
    cost = np.maximum(cost, 0) + 1e-3
    row = int(rng.choice(len(cost), p=cost / cost.sum()))
    near = [
        float(np.exp(-np.abs(team.day_of[roster[p].rows] - team.day_of[row]) / 2).sum())
        for p in people
    ]
    odds = odds * (0.5 + np.array(near) / max(near))
    size = min(size, len(people))
    chosen = rng.choice(people, size=size, replace=False, p=odds / odds.sum())
    return [int(person) for person in chosen]


def _nearness(team: Team, column: Column, row: int) -> float:
    away = np.abs(team.day_of[column.rows] - team.day_of[row])
    return float(np.exp(-away / 2).sum())
