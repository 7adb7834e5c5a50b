"""
Sums beside the hours that are a dimension: shown never to bind, or put onto those hours.
"""

from __future__ import annotations

import numpy as np

from wfm.errors import SettingsError
from wfm.scheduling.catalogue import Group
from wfm.scheduling.compiling import Bound, Sum
from wfm.scheduling.pricing import Team


def tighten(group: Group, p: int, one: Sum, bounds: tuple[Bound, ...], team: Team) -> None:
    """
    Put another sum's bounds onto the week's hours, or see that they cannot bind.
    """
    hours = group.hours
    assert hours is not None
    paid = np.concatenate(hours.amounts)
    other = np.concatenate(one.amounts)
    for bound in bounds:
        least, most = _within(group, p, bound, team)
        most = most if (other <= paid).all() else 10**9
        least = least if (other >= paid).all() else 0
        low, high = bound.at_least or 0, bound.at_most
        if high is None or min(most, _most(group, one, bound)) <= high:
            high = None
        if least >= low:
            low = 0
        if not low and high is None:
            continue
        days = [(max(0, window.first), window.last) for window in hours.windows]
        same = (bound.first, bound.last) in days
        if not same or (other != paid).any() or one.price is not None:
            raise SettingsError(
                f"rule {one.code} sums what planning cannot bound yet over days "
                f"{bound.first} to {bound.last}",
                hint="make it `info` by an override in [rules], and `wfm check` the roster",
            )
        week = days.index((bound.first, bound.last))
        team.low[p, week] = max(team.low[p, week], -(-low // group.unit))
        if high is not None:
            team.high[p, week] = min(team.high[p, week], high // group.unit)


def _within(group: Group, p: int, bound: Bound, team: Team) -> tuple[int, int]:
    """
    Least and most paid minutes that somebody's hours leave on the days of a bound.
    """
    assert group.hours is not None
    least = most = 0
    for block in group.blocks:
        ends = {week: group.hours.windows[week].last for week in block}
        first = max(0, group.hours.windows[block[0]].first)
        if bound.last < first or bound.first > ends[block[-1]]:
            continue
        reached = [week for week in block if ends[week] <= bound.last]
        over = [week for week in block if ends[week] >= bound.last] or [block[-1]]
        low, high = int(team.low[p, reached[-1]]) if reached else 0, int(team.high[p, over[0]])
        if bound.first > first:  # what lies before the bound is not in it
            reached = [week for week in block if ends[week] < bound.first]
            over = [week for week in block if ends[week] >= bound.first - 1]
            low -= int(team.high[p, over[0]])
            high -= int(team.low[p, reached[-1]]) if reached else 0
        least, most = least + max(0, low), most + max(0, high)
    return least * group.unit, most * group.unit


def _most(group: Group, one: Sum, bound: Bound) -> int:
    """
    Most that a sum can come to on any way through the rules, whoever it is.
    """
    best = np.zeros(group.compiled.layers[bound.first].nodes)
    for day in range(bound.first, bound.last + 1):
        layer, amounts = group.compiled.layers[day], one.amounts[day]
        top = np.full(layer.target.shape[1], -1)
        np.maximum.at(top, layer.classes, amounts)
        reached = np.full(int(layer.target.max(initial=0)) + 1, -1.0)
        way = layer.target >= 0
        gained = (best[:, None] + top[None, :])[way]
        np.maximum.at(reached, layer.target[way], gained)
        best = reached
    return int(best.max(initial=0))
