"""
The other way round: the fewest agents that keep what is promised, and people to schedule.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from wfm.domain.calibration import Shrinkage
from wfm.domain.promise import Abandons
from wfm.errors import SettingsError
from wfm.staffing.erlang.kernels import inverse_b
from wfm.staffing.erlang.models import Outcome, erlang_b, perform

CLOSE = 1e-12  # a target met to this is met: shares carry rounding of this size


@dataclass(frozen=True, slots=True)
class Target:
    """
    What an interval must reach; None: not asked.

    Parameters
    ----------
    service_level, answer_rate
        Shares in (0, 1).
    max_occupancy
        Share in (0, 1].
    asa_s
        Mean wait of those answered at most, seconds.
    blocking
        Share turned away at most (Erlang B).
    """

    service_level: float | None = None
    abandons: Abandons = Abandons.OFFERED
    answer_rate: float | None = None
    max_occupancy: float | None = None
    asa_s: float | None = None
    blocking: float | None = None

    def __post_init__(self) -> None:
        for name in ("service_level", "answer_rate", "max_occupancy", "blocking"):
            value = getattr(self, name)
            top = name == "max_occupancy"
            if value is not None and not (0 < value < 1 or (top and value == 1)):
                raise SettingsError(
                    f"{name} is {value:g}, expected a share between 0 and 1",
                    hint=f"write {value:g} % as {value / 100:g}" if 1 <= value <= 100 else "",
                )
        if self.asa_s is not None and not self.asa_s > 0:
            raise SettingsError(f"ASA is {self.asa_s:g} s, expected more than 0")

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        asked = (self.service_level, self.answer_rate, self.max_occupancy, self.asa_s)
        return all(value is None for value in (*asked, self.blocking))

    def kept(self, outcome: Outcome) -> bool:
        """Whether an outcome reaches everything that is asked."""
        if self.service_level is not None:
            reached = outcome.service_level(self.abandons)
            if reached < self.service_level - CLOSE:
                return False
        if self.answer_rate is not None and outcome.answer_rate < self.answer_rate - CLOSE:
            return False
        if self.max_occupancy is not None and outcome.occupancy > self.max_occupancy + CLOSE:
            return False
        if self.asa_s is not None and not outcome.asa_s <= self.asa_s + CLOSE:
            return False
        return self.blocking is None or outcome.abandoned <= self.blocking + CLOSE


def required_agents(
    load: float,
    aht_s: float,
    target: Target,
    *,
    patience_s: float | None = None,
    threshold_s: float = 20.0,
    short_s: float = 0.0,
    loss: bool = False,
    redial: float = 0.0,
    slowing: tuple[float, ...] = (),
) -> int:
    """
    The fewest whole agents that keep the target; 0 when there is no load.

    Parameters are those of ``perform``.

    Raises
    ------
    SettingsError
        An answer rate is asked where nobody hangs up, or nothing is asked.
    """
    if target.empty:
        raise SettingsError("no target", hint="ask for a service level, an answer rate, ...")
    if target.answer_rate is not None and patience_s is None and not loss:
        raise SettingsError(
            "an answer rate needs callers' patience: without it nobody ever hangs up",
            hint="give --patience SECONDS, or measure it with `wfm calibrate`",
        )
    if load == 0:
        return 0

    def kept(agents: int) -> bool:
        outcome = perform(
            load,
            agents,
            aht_s,
            patience_s=patience_s,
            threshold_s=threshold_s,
            short_s=short_s,
            loss=loss,
            redial=redial,
            slowing=slowing,
        )
        return target.kept(outcome)

    return first_true(kept, max(1, math.ceil(load)))


def first_true(holds: Callable[[int], bool], guess: int) -> int:
    """
    The smallest whole number from 1 at which a monotone condition holds.

    Doubling steps away from ``guess``, then halving: few evaluations near a good guess.
    """
    step = 1
    if holds(guess):
        high = guess
        low = guess - step
        while low >= 1 and holds(low):
            high = low
            step *= 2
            low = high - step
        low = max(low, 0)
    else:
        low = guess
        high = guess + step
        while not holds(high):
            low = high
            step *= 2
            high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def required_agents_c(load: float, aht_s: float, share: float, threshold_s: float) -> int:
    """
    Erlang C for one service level, by one upward walk of the recursion.
    """
    if load == 0:
        return 0
    agents = math.floor(load) + 1
    inverse = inverse_b(load, float(agents))
    while True:
        rho = load / agents
        wait = 1 / (rho + (1 - rho) * inverse)
        if 1 - wait * math.exp(-(agents - load) * threshold_s / aht_s) >= share - CLOSE:
            return agents
        agents += 1
        inverse = 1 + agents / load * inverse


def load_for_blocking(agents: float, blocking: float) -> float:
    """
    The load, in erlangs, at which a share ``blocking`` of calls is turned away.
    """
    Target(blocking=blocking)
    if not agents > 0:
        raise SettingsError(f"{agents:g} agents, expected more than 0")
    return bisect(lambda load: erlang_b(load, agents) - blocking, 0.0, agents)


def bisect(rising: Callable[[float], float], low: float, high: float) -> float:
    """
    Where an increasing function crosses zero, to the last bits of a float.

    ``high`` doubles until the function is positive there.
    """
    while rising(high) < 0:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def to_schedule(agents: float, shrinkage: Shrinkage) -> int:
    """
    People on the roster so that ``agents`` are on contacts.

    Rounded up, but not for the last bits of a float: 0.7 x 90 is 63, and back.
    """
    return math.ceil(agents / shrinkage.present - 1e-9)
