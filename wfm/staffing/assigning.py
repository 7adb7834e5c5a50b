"""
A requirement against a team: people with several skills count once.

In each interval a person's time is split over the queues they can serve; the split that
leaves least missing, and then uses fewest people, is a linear programme.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import Requirement
from wfm.domain.workforce import Agent

MISSING = 1000.0  # price of a head that is missing, in people

Signature = tuple[tuple[str, float], ...]  # queues that a group serves, with its efficiency


@dataclass(frozen=True)
class Group:
    """
    People who serve the same queues equally well.
    """

    serves: Signature
    people: int

    def with_queue(self, queue: str, efficiency: float = 1.0) -> Signature:
        """What its people serve when they have learnt one queue more."""
        return tuple(sorted((*self.serves, (queue, efficiency))))


@dataclass(frozen=True)
class Assigned:
    """
    The best split in every interval; float [n].

    ``people`` are on queues, each counted once; ``missing`` are heads by queue that the
    whole team, if all of it were there, could not give.
    """

    people: np.ndarray
    missing: Mapping[str, np.ndarray]

    @property
    def short(self) -> float:
        """Head-intervals missing in all."""
        return float(sum(heads.sum() for heads in self.missing.values()))


@dataclass(frozen=True, slots=True)
class Training:
    """
    What one person of a group brings by learning one queue: head-hours less missing.
    """

    group: Signature
    queue: str
    hours: float


def groups_of(team: Iterable[Agent], queues: Mapping[str, Queue]) -> tuple[Group, ...]:
    """
    The team by what its people serve; who serves nothing is left out.
    """
    counts: Counter[Signature] = Counter()
    for agent in team:
        able = ((name, agent.efficiency(queue)) for name, queue in queues.items())
        serves = tuple(sorted((name, share) for name, share in able if share > 0))
        if serves:
            counts[serves] += 1
    return tuple(Group(serves, people) for serves, people in sorted(counts.items()))


def assign(requirement: Requirement, groups: Sequence[Group]) -> Assigned:
    """
    Fewest people who give every queue the heads that are to be scheduled.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    names = list(requirement.queues)
    needs = np.array([requirement.queues[name].to_schedule for name in names])
    rows = np.flatnonzero(needs.sum(axis=0) > 0)
    n = requirement.grid.n
    missing = {name: np.zeros(n) for name in names}
    people = np.zeros(n)
    pairs = [
        (at, names.index(name), share)
        for at, group in enumerate(groups)
        for name, share in group.serves
        if name in names
    ]
    if len(rows) == 0:
        return Assigned(people, missing)
    # Columns of an interval: people by pair, then heads missing by queue. Rows: what each
    # queue needs, as "at most" with the sign turned, then what each group has.
    wide, tall = len(pairs) + len(names), len(names) + len(groups)
    block_row, block_column, block_value = [], [], []
    for column, (group, queue, share) in enumerate(pairs):
        block_row += [queue, len(names) + group]
        block_column += [column, column]
        block_value += [-share, 1.0]
    for queue in range(len(names)):
        block_row.append(queue)
        block_column.append(len(pairs) + queue)
        block_value.append(-1.0)
    index = np.arange(len(rows))
    matrix = coo_array(
        (
            np.tile(block_value, len(rows)),
            (
                (np.array(block_row) + tall * index[:, None]).ravel(),
                (np.array(block_column) + wide * index[:, None]).ravel(),
            ),
        ),
        shape=(tall * len(rows), wide * len(rows)),
    )
    sizes = np.array([group.people for group in groups], dtype=float)
    limits = np.concatenate([np.concatenate([-needs[:, row], sizes]) for row in rows])
    cost = np.tile([1.0] * len(pairs) + [MISSING] * len(names), len(rows))
    answer = linprog(  # type: ignore[call-overload]  # its stubs know dense matrices alone
        cost, A_ub=matrix.tocsr(), b_ub=limits, method="highs"
    )
    if answer.status != 0:
        raise RuntimeError(f"the split of people's time has no solution: {answer.message}")
    split = answer.x.reshape(len(rows), wide)
    people[rows] = split[:, : len(pairs)].sum(axis=1)
    for queue, name in enumerate(names):
        missing[name][rows] = split[:, len(pairs) + queue]
    return Assigned(people, missing)


def trainings(
    requirement: Requirement, groups: Sequence[Group], now: Assigned
) -> tuple[Training, ...]:
    """
    What each single training brings to a team that is short, the best first.

    One person of one group learns one queue; what is then missing less is its gain.
    """
    if now.short < 1e-6:
        return ()
    hours = requirement.grid.interval / 60
    found = []
    for at, group in enumerate(groups):
        known = {name for name, _ in group.serves}
        for queue in (name for name in requirement.queues if name not in known):
            rest = [Group(other.serves, other.people - (k == at)) for k, other in enumerate(groups)]
            taught = assign(requirement, [*rest, Group(group.with_queue(queue), 1)])
            gain = (now.short - taught.short) * hours
            if gain > 1e-6:
                found.append(Training(group.serves, queue, gain))
    return tuple(sorted(found, key=lambda training: (-training.hours, training.queue)))
