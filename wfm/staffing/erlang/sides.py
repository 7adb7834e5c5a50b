"""
What surrounds the queue: contacts handled side by side (chat), callers who call again
(redials), work that fills idle time (mail beside the phone).

Plain arithmetic, interpreted or compiled, as in ``kernels``; so are its units.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wfm.staffing.erlang.kernels import impatient_above, inverse_b, wait_share_c
from wfm.staffing.erlang.measured import measured_patience

if TYPE_CHECKING:  # arrays come from compiled loops; a single question has tuples
    import numpy as np

    Figures = np.ndarray | tuple[float, ...]

ROUNDS = 200  # of the redial balance, at most


def finishing_rate(inside: int, agents: int, slowing: Figures) -> float:
    """
    Contacts finished per handle time when ``inside`` are spread evenly over the agents.

    ``slowing`` says how many times longer a contact takes among 1, 2, ... of one agent.
    """
    each = inside // agents
    more = inside - each * agents
    rate = more * (each + 1) / slowing[each] if more > 0 else 0.0
    if each > 0:
        rate += (agents - more) * each / slowing[each - 1]
    return rate


def beside(load: float, agents: int, slowing: Figures) -> tuple[float, float]:
    """
    The states of chat agents below and at a full house, over the full house's weight.

    Returns
    -------
    float
        Their sum: what 1 / B is for calls.
    float
        The same sum, each state times its busy agents.
    """
    total = 1.0
    busy = 0.0
    for inside in range(1, agents * len(slowing) + 1):
        step = finishing_rate(inside, agents, slowing) / load
        total = 1.0 + step * total
        busy = min(inside, agents) + step * busy
        if total > 1e280:
            return math.inf, math.inf
    return total, busy


def above_reserve(load: float, agents: int, reserve: int) -> float:
    """
    What 1 / B is where waiting work fills idle agents down to ``reserve`` of them.

    Fewer than agents - reserve are then never busy: the chain begins there. Handle times
    of both kinds are taken as equal.

    References
    ----------
    Bhulai and Koole (2003). A queueing model for call blending in call centers. IEEE
    Transactions on Automatic Control 48(8), 1434-1438.
    """
    value = 1.0
    for x in range(agents - reserve + 1, agents + 1):
        value = 1.0 + x / load * value
    return value


def outcome_above(
    inverse: float,
    load: float,
    capacity: float,
    patience: float,
    times: Figures,
    rates: Figures,
    threshold: float,
) -> tuple[float, float, float, float, float]:
    """
    What callers meet above a full house, whatever is known of their patience.

    As ``kernels.impatient_above``; infinite patience is Erlang C, whose overload answers
    what it can and lets everybody wait for ever.
    """
    if len(times) > 0:
        return measured_patience(inverse, load, capacity, times, rates, threshold)
    if patience < math.inf:
        return impatient_above(inverse, load, capacity, patience, threshold)
    if capacity <= load:
        return 1.0, 1.0 - capacity / load, 1.0, capacity / load, math.inf
    wait = wait_share_c(load, capacity, inverse)
    late = wait * math.exp(-(capacity - load) * threshold)
    return wait, 0.0, late, late, wait / (capacity - load)


def met(
    load: float,
    agents: float,
    slowing: Figures,
    patience: float,
    times: Figures,
    rates: Figures,
    redial: float,
    threshold: float,
) -> tuple[float, float, float, float, float, float, float]:
    """
    What callers meet: of all attempts, and with redials until these balance.

    Of those who hang up a share ``redial`` calls again, so attempts are
    load / (1 - redial x abandoned), where abandonment depends on the attempts. Iterated
    from below, which rises to the smallest balance.

    Returns
    -------
    wait, abandon, late, answered_late, waited
        As ``kernels.impatient``, shares of attempts.
    busy
        Mean number of busy agents.
    tried
        Load of all attempts, erlangs.
    """
    whole = int(agents)
    chat = len(slowing) > 1
    capacity = whole * len(slowing) / slowing[-1] if chat else agents
    tried = load
    for _ in range(ROUNDS):
        crowd = 0.0
        if chat:
            inverse, crowd = beside(tried, whole, slowing)
        else:
            inverse = inverse_b(tried, agents)
        told = outcome_above(inverse, tried, capacity, patience, times, rates, threshold)
        again = load / (1.0 - redial * told[1])
        if again - tried <= 1e-13 * again:
            break
        tried = again
    busy = min(tried * (1.0 - told[1]), agents)
    if chat:
        busy = float(whole)
        if told[0] < 1.0 and inverse < math.inf:
            total = (inverse - 1.0) / (1.0 - told[0])
            busy = min(busy, (crowd + whole * (total - inverse)) / total)
        elif inverse == math.inf:
            busy = min(busy, tried)
    return told[0], told[1], told[2], told[3], told[4], busy, tried
