"""
The recursions behind Erlang B, C and A, for one queue at a time.

Plain arithmetic on floats: the same text runs interpreted (a calculator must start at
once) and compiled by numba (``batch``), so both give the same digits. Every recursion has
positive terms only and forgets its start, so nothing cancels and nothing overflows.

Throughout, ``load`` is in erlangs, ``agents`` may be fractional, ``patience`` and
``threshold`` are in units of the handle time.
"""

from __future__ import annotations

import math

SURE = 50.0  # exp(-50): what is left of a wrong start, of a cut-off tail
WIDE = 10.0  # standard deviations that give exp(-50)
TINY = 1e-300


def fractional_start(load: float, part: float) -> float:
    """
    1 / B for fewer than one agent: exp(A) A^-x Gamma(1 + x, A), x in [0, 1).

    By its series below 1.5 erlangs, by Legendre's continued fraction above.
    """
    if part == 0.0:
        return 1.0
    if load < 1.5:
        term = load / (1.0 + part)
        total = term
        k = 2.0
        while term > 1e-18 * total:
            term *= load / (part + k)
            total += term
            k += 1.0
        return math.exp(load - part * math.log(load)) * math.gamma(1.0 + part) - total
    s = 1.0 + part
    b = load + 1.0 - s
    c = 1.0 / TINY
    d = 1.0 / b
    value = d
    k = 1.0
    while k < 500.0:
        a = -k * (k - s)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        change = c * d
        value *= change
        if abs(change - 1.0) < 1e-16:
            break
        k += 1.0
    return load * value


def inverse_b(load: float, agents: float) -> float:
    """
    1 / B(agents), by 1 / B(n) = 1 + (n / A) / B(n - 1) from where B is sure to be known.

    Each step keeps the share 1 - B of an earlier error, so that a start ten standard
    deviations below leaves exp(-50) of it. Infinite once B is below the smallest float.
    """
    if load <= 0.0:
        return 1.0 if agents <= 0.0 else math.inf
    whole = math.floor(agents)
    part = agents - whole
    first = math.floor(min(agents, load) - WIDE * math.sqrt(load))
    if first > 0:
        x = first + part
        value = load / max(load - x, 1.0)
    else:
        first = 0
        x = part
        value = fractional_start(load, part)
    for _ in range(int(whole - first)):
        x += 1.0
        value = 1.0 + x / load * value
        if value == math.inf:
            break
    return value


def wait_share_c(load: float, agents: float, inverse: float) -> float:
    """
    Erlang C from 1 / B: the share that waits; one when the queue never drains.
    """
    if agents <= load:
        return 1.0
    rho = load / agents
    return 1.0 / (rho + (1.0 - rho) * inverse)


def log_gamma_ratio(a: float, gap: float) -> float:
    """
    log of Gamma(a + 1) e^z z^-a with z = a + gap, for z far above a.

    Grouped by Stirling's series so that large numbers do not cancel.
    """
    if a < 10.0:
        z = a + gap
        return math.lgamma(a + 1.0) + z - a * math.log(z)
    series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * a * a)) / (a * a)) / a
    x = gap / a
    return 0.5 * math.log(2.0 * math.pi * a) + series + a * (x - math.log1p(x))


def digamma(x: float) -> float:
    """
    The derivative of log Gamma, for x > 0, by recurrence and its asymptotic series.
    """
    total = 0.0
    while x < 10.0:
        total -= 1.0 / x
        x += 1.0
    y = 1.0 / (x * x)
    tail = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))))
    return total + math.log(x) - 0.5 / x - tail


def queue_sums(a: float, gap: float) -> tuple[float, float, float, float]:
    """
    Sums over the states with a queue, for impatient callers.

    The weight of j waiting is w(j), the product of z / (a + i) over i = 1..j, where
    a = agents x patience and z = a + gap = load x patience. One backward recursion of
    positive terms; far above the balance, where it would be long, the sums are those of
    a gamma law whose cut-off tail is below exp(-50).

    Returns
    -------
    log_total
        log of S, the sum of w(j) from j = 0.
    log_next
        log of the same sum with a + 1 in place of a.
    queue
        Mean of j under w: (sum of j w(j)) / S.
    waits
        Sum of w(j) (1 / (a + 1) + ... + 1 / (a + j)), over S.
    """
    z = max(a + gap, 0.0)
    if gap > WIDE * math.sqrt(z) + 1.0:
        log_total = log_gamma_ratio(a, gap)
        log_next = log_gamma_ratio(a + 1.0, gap - 1.0)
        spread = math.log(z) - digamma(a + 1.0)
        return log_total, log_next, gap + a * math.exp(-log_total), spread
    reach = max(gap, 0.0) + SURE / 3.0 + math.sqrt(SURE * SURE / 9.0 + 2.0 * SURE * z)
    if gap < 0.0 and z > 0.0:
        reach = min(reach, SURE / math.log1p(-gap / z))
    total = 1.0
    after = 1.0
    queue = 0.0
    waits = 0.0
    x = a + math.floor(reach) + 2.0
    while x > a + 0.5:
        ratio = z / x
        after = total
        queue = ratio * (total + queue)
        waits = ratio * (total / x + waits)
        total = 1.0 + ratio * total
        x -= 1.0
    return math.log(total), math.log(after), queue / total, waits / total


def drift(gap: float, z: float, x: float) -> float:
    """
    (z - a) x + z (1 - exp(-x) - x): the exponent of the waiting time's tail.
    """
    if x > 0.5:
        return gap * x + z * (-math.expm1(-x) - x)
    term = -x * x / 2.0
    total = term
    k = 3.0
    while abs(term) > 1e-18 * abs(total):
        term *= -x / k
        total += term
        k += 1.0
    return gap * x + z * total


def impatient(
    load: float, agents: float, patience: float, threshold: float
) -> tuple[float, float, float, float, float]:
    """
    Erlang A: Poisson arrivals, exponential handle times and patience.

    Parameters
    ----------
    load, agents
        Above 0.
    patience, threshold
        In handle times; patience above 0 and finite.

    Returns
    -------
    wait
        P(V > 0): the share that finds every agent busy.
    abandon
        Share that hangs up.
    late
        P(V > threshold), V the wait of somebody who never hangs up.
    answered_late
        Share answered after more than the threshold.
    waited
        Mean of the wait over all callers, zero for those who hang up; handle times.

    References
    ----------
    Garnett, Mandelbaum and Reiman (2002). Designing a call center with impatient
    customers. M&SOM 4(3), 208-227. The tail is their incomplete gamma function, written
    as the same sum with load x exp(-threshold / patience) in place of load.
    """
    return impatient_above(inverse_b(load, agents), load, agents, patience, threshold)


def impatient_above(
    inverse: float, load: float, agents: float, patience: float, threshold: float
) -> tuple[float, float, float, float, float]:
    """
    Erlang A where all states below a full house are summed up in ``inverse``.

    ``inverse`` is their weight and the full house's, over the full house's: 1 / B for
    calls handled one at a time. ``agents`` is the rate at which a full house finishes, in
    contacts per handle time.
    """
    a = agents * patience
    z = load * patience
    gap = (load - agents) * patience
    log_total, log_next, queue, waits = queue_sums(a, gap)
    wait = 1.0 / (1.0 + (inverse - 1.0) * math.exp(-log_total))
    abandon = wait * queue / z
    waited = wait * waits * a / z * patience
    if threshold <= 0.0:
        answered = wait * a / (a + 1.0) * math.exp(log_next - log_total)
        return wait, abandon, wait, answered, waited
    x = threshold / patience
    fallen = z * -math.expm1(-x)
    log_late, log_late_next, _, _ = queue_sums(a, gap - fallen)
    exponent = drift(gap, z, x) - log_total
    late = wait * math.exp(min(0.0, exponent + log_late))
    answered_late = wait * a / (a + 1.0) * math.exp(min(0.0, exponent - x + log_late_next))
    return wait, abandon, late, answered_late, waited
