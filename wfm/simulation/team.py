"""
The people of a roster as arrays: who is on which queues from when to when.

What a simulated person does follows the roster's blocks. A break (a block that is neither
on contacts nor work, or a gap between two blocks of a duty) starts when the call ends and
keeps its length; any other activity stays where it is planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.roster import Block, Duty, Roster, Tour
from wfm.errors import DataError, nearest

CONTACTS, BREAK, OTHER, PAUSE = 0, 1, 2, 3  # a pause is a break that nobody planned


# A block of somebody's duty, seconds of the horizon. ``kind`` is one of the four above;
# ``group`` is the list of queues served, -1 off contacts; ``duty`` numbers the duties, and
# ``present`` is 0 where its duty is not worked. Played: when it ``began`` and was ``left``.
BLOCK = np.dtype(
    [
        *((name, np.int64) for name in ("agent", "kind", "group", "duty", "present")),
        *((name, np.float64) for name in ("start", "end", "duty_end", "began", "left")),
    ]
)


class Skills(NamedTuple):
    """
    Who serves what: groups of people share a list of queues in order of priority.

    ``order`` [groups, longest list] holds queues, -1 beyond the list's end. ``rank``
    [groups, queues] is a queue's place in the list, -1 if not served. ``servers``
    [queues, groups] holds the groups that serve a queue, best rank first, -1 beyond.
    ``pace`` [agents, queues] is what a handle time is multiplied by: 1 / efficiency.
    """

    order: np.ndarray
    rank: np.ndarray
    servers: np.ndarray
    pace: np.ndarray


@dataclass(frozen=True)
class Team:
    """
    A roster ready to be simulated.

    ``groups`` names the queues of each group. ``blocks`` [blocks] are everyone's, agent by
    agent in order of time; ``duties`` is the number of duties.
    """

    agents: tuple[str, ...]
    queues: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    blocks: np.ndarray
    skills: Skills
    duties: int


def team_of(roster: Roster, queues: Mapping[str, Queue], names: Sequence[str]) -> Team:
    """
    The people of a roster on the queues ``names``, in that order.

    A block on contacts without queues serves every queue that its agent can, the more
    urgent first. Queues that the agent has no skill for are not served; queues outside
    ``names`` have no calls and are left out.

    Raises
    ------
    DataError
        A block names a queue that nobody knows.
    """
    groups: dict[tuple[str, ...], int] = {}
    rows: list[tuple[float, ...]] = []
    duties = 0
    for number, tour in enumerate(roster):
        for duty in tour.duties:
            rows += [
                (number, *line, duties, duty.end * 60)
                for line in _lines(duty, tour, queues, names, groups)
            ]
            duties += 1
    return Team(
        tuple(tour.agent for tour in roster),
        tuple(names),
        tuple(groups),
        _blocks(rows),
        _skills(list(groups), roster, queues, names),
        duties,
    )


def _lines(
    duty: Duty,
    tour: Tour,
    queues: Mapping[str, Queue],
    names: Sequence[str],
    groups: dict[tuple[str, ...], int],
) -> list[tuple[float, ...]]:
    """One duty as rows of start, end, kind and group, gaps filled, equal neighbours joined."""
    lines: list[tuple[float, ...]] = []
    clock = duty.start
    for block in duty.blocks:
        if block.start > clock:
            lines.append((clock * 60, block.start * 60, BREAK, -1))
        clock = block.end
        kind, group = _kind(block, tour, queues, names, groups)
        before = lines[-1] if lines else None
        if before and kind == CONTACTS and before[1:] == (block.start * 60, kind, group):
            lines[-1] = (before[0], block.end * 60, kind, group)
        else:
            lines.append((block.start * 60, block.end * 60, kind, group))
    return lines


def _kind(
    block: Block,
    tour: Tour,
    queues: Mapping[str, Queue],
    names: Sequence[str],
    groups: dict[tuple[str, ...], int],
) -> tuple[int, int]:
    if not block.activity.on_contacts:
        return (OTHER if block.activity.work else BREAK), -1
    served = tuple(name for name in queues_of(block, tour, queues) if name in names)
    if not served:
        return OTHER, -1
    return CONTACTS, groups.setdefault(served, len(groups))


def queues_of(block: Block, tour: Tour, queues: Mapping[str, Queue]) -> tuple[str, ...]:
    """
    The queues that an agent truly serves in a block, in order of priority.

    Raises
    ------
    DataError
        The block names a queue that nobody knows.
    """
    unknown = [name for name in block.queues if name not in queues]
    if unknown:
        raise DataError(
            f"'{unknown[0]}' is not a known queue",
            place=f"roster, agent {tour.agent}",
            hint=nearest(unknown[0], queues),
        )
    listed = block.queues or sorted(queues, key=lambda name: (queues[name].priority, name))
    return tuple(name for name in listed if tour.person.agent.efficiency(queues[name]) > 0)


def _blocks(rows: list[tuple[float, ...]]) -> np.ndarray:
    blocks = np.zeros(len(rows), dtype=BLOCK)
    table = np.array(rows, dtype=float).reshape(len(rows), 7)
    for column, name in enumerate(("agent", "start", "end", "kind", "group", "duty", "duty_end")):
        blocks[name] = table[:, column]
    blocks["present"] = 1
    blocks["began"] = blocks["left"] = np.nan
    return blocks


def _skills(
    groups: list[tuple[str, ...]],
    roster: Roster,
    queues: Mapping[str, Queue],
    names: Sequence[str],
) -> Skills:
    rank = np.full((len(groups), len(names)), -1, dtype=np.int64)
    order = np.full((len(groups), max(map(len, groups), default=1)), -1, dtype=np.int64)
    for number, group in enumerate(groups):
        for place, name in enumerate(group):
            order[number, place] = names.index(name)
            rank[number, names.index(name)] = place
    servers = np.full((len(names), max(len(groups), 1)), -1, dtype=np.int64)
    for queue in range(len(names)):
        able = [g for g in range(len(groups)) if rank[g, queue] >= 0]
        able.sort(key=lambda g: (rank[g, queue], g))
        servers[queue, : len(able)] = able
    efficiency = [[tour.person.agent.efficiency(queues[name]) for name in names] for tour in roster]
    spread = np.array(efficiency, dtype=float).reshape(len(roster.tours), len(names))
    pace = np.divide(1.0, spread, out=np.full_like(spread, np.inf), where=spread > 0)
    return Skills(order, rank, servers, pace)


def with_pauses(blocks: np.ndarray, share: float, stream: np.random.Generator) -> np.ndarray:
    """
    Planned shrinkage that the roster does not place: a pause in every block on contacts.

    Each block loses ``share`` of its length to one pause at a uniformly drawn moment. Like
    a break, it starts when the call ends and keeps its length.
    """
    if share <= 0:
        return blocks.copy()
    on_contacts = blocks["kind"] == CONTACTS
    times = np.where(on_contacts, 3, 1)
    cut = blocks[np.repeat(np.arange(len(times)), times)]
    length = share * (blocks["end"] - blocks["start"])
    begin = blocks["start"] + stream.random(len(times)) * (blocks["end"] - length - blocks["start"])
    before = (np.cumsum(times) - times)[on_contacts]
    pause, after = before + 1, before + 2
    cut["end"][before] = cut["start"][pause] = begin[on_contacts]
    cut["end"][pause] = cut["start"][after] = (begin + length)[on_contacts]
    cut["kind"][pause] = PAUSE
    cut["group"][pause] = -1
    return cut


def present(blocks: np.ndarray, comes: np.ndarray) -> np.ndarray:
    """
    Blocks marked by whether their duty is worked, bool [duties].
    """
    blocks["present"] = comes[blocks["duty"]]
    return blocks
