"""
The formulas over many rows: loops that ``batch`` compiles.
"""

from __future__ import annotations

import math

import numpy as np

from wfm.staffing.erlang.kernels import impatient, inverse_b
from wfm.staffing.erlang.sides import met

SURE_SHARE = 1e-12  # a target met to this is met
SLOW = 1e-7  # rate of hanging up, per handle time, that stands for never


def rates_of(times: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """
    Rate of hanging up from each measured time on; the last one stays.

    Parameters
    ----------
    times
        Increasing, the first is 0.
    shares
        Of callers with more patience, falling, the first is 1; above 0.
    """
    rates = np.empty(len(times))
    for k in range(len(times) - 1):
        rates[k] = math.log(shares[k] / shares[k + 1]) / (times[k + 1] - times[k])
        rates[k] = max(rates[k], SLOW)
    rates[-1] = rates[-2] if len(times) > 1 else SLOW
    return rates


def fill_yields(
    loads: np.ndarray,
    contacts: np.ndarray,
    grid: np.ndarray,
    sizes: np.ndarray,
    aht_s: np.ndarray,
    patience_s: float,
    curve: np.ndarray,
    slowing: np.ndarray,
    redial: float,
    threshold_s: float,
    out: np.ndarray,
) -> None:
    """
    What each number of agents yields in many intervals, summed over likely loads.

    Parameters
    ----------
    loads, contacts
        Erlangs and contacts of each scenario, [intervals, scenarios]; one without
        contacts is none.
    grid, sizes
        Agents to evaluate, [intervals, most]; how many of a row count, [intervals].
    aht_s
        Seconds, [intervals].
    patience_s
        Mean patience, seconds; infinite is Erlang C.
    curve
        Measured patience in its place, [points, 2]: seconds, share with more; or empty.
    slowing, redial
        As in ``sides.met``.
    threshold_s
        Seconds.
    out
        Zeros, filled, [intervals, most, 6]: contacts answered, answered in time, gone in
        time, not waiting longer; wait of all in handle times; mean busy agents.
    """
    one = np.zeros(6)
    for i in range(loads.shape[0]):
        times = curve[:, 0] / aht_s[i]
        rates = rates_of(times, curve[:, 1]) if len(times) > 0 else times
        patience = patience_s / aht_s[i]
        threshold = threshold_s / aht_s[i]
        likely = 0
        for k in range(loads.shape[1]):
            if contacts[i, k] <= 0.0:
                continue
            likely += 1
            for m in range(sizes[i]):
                fill_yield(
                    loads[i, k], grid[i, m], slowing, patience, times, rates, redial, threshold, one
                )
                for column in range(5):
                    out[i, m, column] += contacts[i, k] * one[column]
                out[i, m, 5] += one[5]
        for m in range(sizes[i]):
            out[i, m, 5] /= max(likely, 1)


def fill_yield(
    load: float,
    agents: float,
    slowing: np.ndarray,
    patience: float,
    times: np.ndarray,
    rates: np.ndarray,
    redial: float,
    threshold: float,
    out: np.ndarray,
) -> None:
    """
    Shares answered, answered in time, gone in time, not waiting longer; wait; busy agents.
    """
    out[:] = 0.0
    still = 1.0
    if len(times) > 0:
        still = share_after(times, rates, threshold)
    elif patience < math.inf:
        still = math.exp(-threshold / patience)
    if load <= 0.0:
        out[0] = out[1] = out[3] = 1.0
    elif agents <= 0.0:
        out[2] = 1.0 - still
    else:
        _, gone, late, answered_late, waited, busy, _ = met(
            load, agents, slowing, patience, times, rates, redial, threshold
        )
        out[0] = 1.0 - gone
        out[1] = max(0.0, 1.0 - gone - answered_late)
        out[2] = max(0.0, gone - (still * late - answered_late)) if still < 1.0 else 0.0
        out[3] = 1.0 - late
        out[4] = waited
        out[5] = busy


def share_after(times: np.ndarray, rates: np.ndarray, moment: float) -> float:
    """
    Share of callers with more patience than ``moment``.
    """
    total = 0.0
    for k in range(len(times)):
        end = times[k + 1] if k < len(times) - 1 else math.inf
        if moment <= times[k]:
            break
        total += rates[k] * (min(end, moment) - times[k])
    return math.exp(-total)


def fill_agents_c(loads: np.ndarray, threshold: np.ndarray, share: float, out: np.ndarray) -> None:
    """
    Fewest agents by Erlang C, for each load; ``threshold`` in handle times.
    """
    for i in range(len(loads)):
        load = loads[i]
        if load <= 0.0:
            out[i] = 0
            continue
        agents = math.floor(load) + 1.0
        inverse = inverse_b(load, agents)
        while True:
            rho = load / agents
            wait = 1.0 / (rho + (1.0 - rho) * inverse)
            late = wait * math.exp(-(agents - load) * threshold[i])
            if 1.0 - late >= share - SURE_SHARE:
                break
            agents += 1.0
            inverse = 1.0 + agents / load * inverse
        out[i] = int(agents)


def reached(load: float, agents: float, patience: float, threshold: float, answered: bool) -> float:
    """
    Share answered, or answered in time, of callers who hang up.
    """
    if agents <= 0.0:
        return 0.0
    _, gone, _, answered_late, _ = impatient(load, agents, patience, threshold)
    return 1.0 - gone if answered else 1.0 - gone - answered_late


def fill_agents_a(
    loads: np.ndarray,
    patience: np.ndarray,
    threshold: np.ndarray,
    share: float,
    answered: bool,
    out: np.ndarray,
) -> None:
    """
    Fewest agents by Erlang A, for each load: secant steps on the log-odds, kept inside a
    bracket. Of an answer rate where ``answered``, else of a service level.
    """
    goal = math.log(share / (1.0 - share))
    for i in range(len(loads)):
        load = loads[i]
        if load <= 0.0:
            out[i] = 0
            continue
        low, high = 0.0, math.inf
        at = max(1.0, math.ceil(load * share if answered else load))
        last, last_odds = 0.0, -math.inf
        while high - low > 1.0:
            value = reached(load, at, patience[i], threshold[i], answered)
            value = min(max(value, 1e-15), 1.0 - 1e-15)
            odds = math.log(value / (1.0 - value))
            if value >= share - SURE_SHARE:
                high = at
            else:
                low = at
            step = max(1.0, 0.3 * math.sqrt(load))
            if last_odds > -math.inf and odds != last_odds:
                aim = at + (goal - odds) * (at - last) / (odds - last_odds)
            else:
                aim = at + step if low == at else at - step
            last, last_odds = at, odds
            aim = math.ceil(aim - 1e-9) if low == at else math.floor(aim + 1e-9)
            top = high - 1.0 if high < math.inf else at + 8.0 * step
            at = min(max(aim, low + 1.0), top)
        out[i] = int(high)
