"""
Callers whose patience was measured: Poisson arrivals, exponential handle times, and any
patience that hangs up at a constant rate between two measured points (M/M/n+G).

Plain arithmetic, interpreted or compiled, as in ``kernels``; so are its units.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Figures = np.ndarray | tuple[float, ...]

FADED = 45.0  # exp(-45) of the largest density: what is cut off
NODES = (
    *(-0.9602898564975363, -0.7966664774136267, -0.5255324099163290, -0.1834346424956498),
    *(0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363),
)  # of Gauss and Legendre
WEIGHTS = (
    *(0.1012285362903763, 0.2223810344533745, 0.3137066458778873, 0.3626837833783620),
    *(0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763),
)


def grown(length: float, rate: float) -> float:
    """
    Integral of exp(-rate u) for u from 0 to ``length``.
    """
    x = rate * length
    if x < 1e-5:
        return length * (1.0 - x / 2.0 + x * x / 6.0)
    return -math.expm1(-x) / rate


def top_exponent(load: float, agents: float, times: Figures, rates: Figures) -> float:
    """
    Largest value of load x (integral of the share still there) - agents x wait.

    It rises while more than ``agents`` are left of ``load``, so it has one top.
    """
    top = 0.0
    left = 1.0
    for k in range(len(times)):
        if load * left <= agents:
            return top
        length = math.inf if k == len(times) - 1 else times[k + 1] - times[k]
        until = math.log(load * left / agents) / rates[k]
        length = min(length, until)
        top += load * left * grown(length, rates[k]) - agents * length
        left *= math.exp(-rates[k] * length)
    return top


def measured_patience(
    inverse: float,
    load: float,
    agents: float,
    times: Figures,
    rates: Figures,
    threshold: float,
) -> tuple[float, float, float, float, float]:
    """
    What ``kernels.impatient_above`` returns, for a measured patience.

    The wait of somebody who never hangs up has the density
    exp(load x H(x) - agents x x), H the integral of the share with more patience. It is
    integrated panel by panel, each short against the width of its bend, and cut at the
    measured times and at the threshold.

    Parameters
    ----------
    times, rates
        Of ``loops.rates_of``; handle times.

    References
    ----------
    Zeltyn and Mandelbaum (2005). Call centers with impatient customers: many-server
    asymptotics of the M/M/n+G queue. Queueing Systems 51, 361-402, section 2.
    """
    below = (inverse - 1.0) / agents  # 1 / B(n - 1), over load
    top = top_exponent(load, agents, times, rates)
    whole = served = late = served_late = waited = 0.0
    k = 0
    start = 0.0
    left = 1.0
    grew = 0.0
    while True:
        rate = rates[k]
        slope = load * left - agents
        end = times[k + 1] if k < len(times) - 1 else math.inf
        bend = max(abs(slope), math.sqrt(load * left * rate), 1e-6)
        length = min(end - start, 3.0 / bend)
        if start < threshold:
            length = min(length, threshold - start)
        for node in range(8):
            u = length * (1.0 + NODES[node]) / 2.0
            still = left * math.exp(-rate * u)
            exponent = grew + load * left * grown(u, rate) - agents * (start + u) - top
            density = WEIGHTS[node] * length / 2.0 * math.exp(exponent)
            whole += density
            served += density * still
            waited += density * still * (start + u)
            if start >= threshold:
                late += density
                served_late += density * still
        grew += load * left * grown(length, rate)
        left *= math.exp(-rate * length)
        start += length
        if start >= end:
            k += 1
        falling = load * left < agents
        if falling and start >= threshold and grew - agents * start - top < -FADED:
            break
    below *= math.exp(-top)
    total = below + whole
    return (
        whole / total,
        (whole - served) / total,
        late / total,
        served_late / total,
        waited / total,
    )
