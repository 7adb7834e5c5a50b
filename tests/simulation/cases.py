"""
Small teams and contacts for tests of the engine, written down by hand.
"""

from __future__ import annotations

import math

import numpy as np

from wfm.simulation.engine import Floor
from wfm.simulation.scenario import contacts
from wfm.simulation.team import BLOCK, BREAK, CONTACTS, OTHER, Skills, Team

NAMES = ("a", "b", "c", "mail")


def team_from(people, names=NAMES):
    """
    A team from [(parts, efficiency by queue)]; a part is (start, end, kind, queues), seconds.
    """
    groups, rows = {}, []
    for number, (parts, _) in enumerate(people):
        duty_end = max((end for _, end, _, _ in parts), default=0)
        for start, end, kind, queues in parts:
            group = groups.setdefault(queues, len(groups)) if kind == CONTACTS else -1
            rows.append((number, kind, group, number, 1, start, end, duty_end, np.nan, np.nan))
    listed = list(groups) or [()]
    rank = np.full((len(listed), len(names)), -1)
    order = np.full((len(listed), len(names)), -1)
    for g, queues in enumerate(listed):
        for place, queue in enumerate(queues):
            rank[g, names.index(queue)] = place
            order[g, place] = names.index(queue)
    servers = np.full((len(names), len(listed)), -1)
    for q in range(len(names)):
        able = sorted((rank[g, q], g) for g in range(len(listed)) if rank[g, q] >= 0)
        servers[q, : len(able)] = [g for _, g in able]
    pace = np.array([[1 / skills.get(q, 1.0) for q in names] for _, skills in people])
    return Team(
        tuple(f"p{i}" for i in range(len(people))),
        names,
        tuple(listed),
        np.array(rows, dtype=BLOCK),
        Skills(order, rank, servers, pace),
        len(people),
    )


def floor_from(team, room=(1, 1, 1, 1), reserve=(0, 0, 0, 0), closing=math.inf, slow=None):
    n = len(team.queues)
    room, reserve = np.array(room[:n]), np.array(reserve[:n])
    factors = np.ones((n, room.max() + 1)) if slow is None else np.array(slow)
    live = (team.skills.rank >= 0) & (reserve == 0)
    return Floor(
        np.full((n, 1), float(closing)),
        1e9,
        room,
        factors,
        reserve,
        (live[:, None, :] & live[None, :, :]).any(axis=2),
    )


def calls(team, *listed):
    """Contacts from (arrival, queue, work, patience)."""
    rows = contacts(np.array([float(c[0]) for c in listed]))
    rows["queue"] = [team.queues.index(c[1]) for c in listed]
    rows["work"] = [c[2] for c in listed]
    rows["patience"] = [c[3] if len(c) > 3 else math.inf for c in listed]
    return rows


def on(start, end, *queues):
    return (float(start), float(end), CONTACTS, queues or ("a",))


def off(start, end):
    return (float(start), float(end), BREAK, ())


def other(start, end):
    return (float(start), float(end), OTHER, ())
