"""
Erlang B, C, A and X, and chat: what callers meet when so many agents answer so many.

Exact from 0 to 100,000 erlangs, for whole and fractional agents. No calls need nobody;
an overloaded queue without abandonment has an infinite wait.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from wfm.domain.promise import Abandons
from wfm.errors import SettingsError
from wfm.staffing.erlang.kernels import impatient, inverse_b, wait_share_c
from wfm.staffing.erlang.sides import met


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What callers and agents meet in a steady state; shares of offered contacts.

    Parameters
    ----------
    model
        ``b``, ``c``, ``a``, ``x`` (callers who hang up call again) or ``chat``.
    load, agents
        Offered load in erlangs; agents on contacts, may be fractional. The load of
        ``x`` is that of first attempts, its shares are of all attempts.
    wait
        Share that finds every agent busy.
    abandoned
        Share that hangs up (Erlang B: that is turned away).
    answered_in, abandoned_in
        Shares answered, and gone, within the threshold.
    virtual_in
        Share of waits that would end within the threshold if nobody hung up.
    short
        Share gone within the short-abandon limit.
    asa_s
        Mean wait of those answered, seconds; infinite when the queue never drains, NaN
        when nobody is answered.
    busy
        Mean number of busy agents; None: the answered load, one contact an agent.
    tried
        Load of all attempts, erlangs; None: each caller tries once.
    """

    model: str
    load: float
    agents: float
    wait: float
    abandoned: float
    answered_in: float
    abandoned_in: float
    virtual_in: float
    short: float
    asa_s: float
    busy: float | None = None
    tried: float | None = None

    @property
    def answer_rate(self) -> float:
        """
        Answered over offered; short abandons, if a limit was given, are not offered.

        An overloaded queue that nobody leaves answers what its agents can, for ever behind.
        """
        if self.asa_s == math.inf:
            return self.agents / self.load
        return _ratio(1 - self.abandoned, 1 - self.short)

    @property
    def occupancy(self) -> float:
        """Busy time over time on queue: answered load over agents."""
        if self.load == 0:
            return 0.0
        if self.agents == 0:
            return 1.0
        busy = self.load * (1 - self.abandoned) if self.busy is None else self.busy
        return min(1.0, busy / self.agents)

    def service_level(self, abandons: Abandons = Abandons.OFFERED) -> float:
        """
        Share answered within the threshold, in one of the five usual definitions.

        Short abandons, where a limit was given, are taken out of what was offered.
        """
        if abandons is Abandons.VIRTUAL:
            return self.virtual_in
        if abandons is Abandons.ANSWERED:
            return _ratio(self.answered_in, 1 - self.abandoned)
        if abandons is Abandons.IGNORE:
            return _ratio(self.answered_in, 1 - max(self.abandoned_in, self.short))
        if abandons is Abandons.POSITIVE:
            gone = max(0.0, self.abandoned_in - self.short)
            return _ratio(self.answered_in + gone, 1 - self.short)
        return _ratio(self.answered_in, 1 - self.short)


def _ratio(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0


def erlang_b(load: float, agents: float) -> float:
    """
    Share of calls turned away when nobody can wait, in an M/G/c/c system.

    Parameters
    ----------
    load
        Offered load, in erlangs: calls per hour x AHT in hours.
    agents
        Agents or lines; may be fractional.

    References
    ----------
    Jagerman (1974). Some properties of the Erlang loss function. BSTJ 53(3), 525-551.
    """
    _check(load, agents)
    return 1 / inverse_b(load, agents)


def erlang_c(load: float, agents: float) -> float:
    """
    Share of arriving calls that must wait, in an M/M/c queue.

    Parameters
    ----------
    load
        Offered load, in erlangs: calls per hour x AHT in hours.
    agents
        Agents answering calls. Shrinkage is not in this number.

    Returns
    -------
    float
        In [0, 1]. One when ``agents <= load``: the queue never drains.

    References
    ----------
    Gans, Koole and Mandelbaum (2003). Telephone call centers: tutorial,
    review, and research prospects. M&SOM 5(2), 79-141.
    """
    _check(load, agents)
    if load == 0:
        return 0.0
    return wait_share_c(load, agents, inverse_b(load, agents))


def perform(
    load: float,
    agents: float,
    aht_s: float,
    *,
    patience_s: float | None = None,
    threshold_s: float = 20.0,
    short_s: float = 0.0,
    loss: bool = False,
    redial: float = 0.0,
    slowing: tuple[float, ...] = (),
) -> Outcome:
    """
    What callers meet: Erlang A with patience, Erlang C without, Erlang B with ``loss``.

    Parameters
    ----------
    load, agents
        Erlangs; agents on contacts.
    aht_s
        Mean handle time, seconds; above 0 where there is load.
    patience_s
        Mean time to hang up, seconds; None or infinite: nobody does; 0: at once.
    threshold_s
        Of the service level, seconds.
    short_s
        Who hangs up within it does not count as offered, seconds.
    loss
        Callers who find everybody busy are turned away.
    redial
        Share of those who hang up that call again: Erlang X.
    slowing
        How many times longer a chat takes among 1, 2, ... that an agent handles at once.
    """
    _check(load, agents)
    _check_sides(redial, slowing, patience_s)
    for name, value in (("threshold", threshold_s), ("short-abandon limit", short_s)):
        if not value >= 0:
            raise SettingsError(f"{name} is {value:g} s, expected 0 or more")
    if patience_s is not None and not patience_s >= 0:
        raise SettingsError(f"patience is {patience_s:g} s, expected 0 or more")
    if load > 0 and not aht_s > 0:
        raise SettingsError(
            f"AHT is {aht_s:g} s with calls to handle, expected more than 0",
            hint="give the mean handle time in seconds: talk, hold and wrap-up",
        )
    if load > 0 and agents > 0 and (redial > 0 or len(slowing) > 1):
        return _beside(load, agents, aht_s, patience_s, threshold_s, short_s, redial, slowing)
    if loss or patience_s == 0:
        return _lossy("b" if loss else "a", load, agents)
    if patience_s is None or math.isinf(patience_s):
        return _patient(load, agents, aht_s, threshold_s)
    if load == 0:
        return Outcome("a", 0.0, agents, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0)
    return _impatient(load, agents, aht_s, patience_s, threshold_s, short_s)


def _lossy(model: str, load: float, agents: float) -> Outcome:
    """Nobody waits: answered at once or gone at once."""
    gone = 1 / inverse_b(load, agents)
    asa = 0.0 if gone < 1 else math.nan
    return Outcome(model, load, agents, gone, gone, 1 - gone, gone, 1 - gone, 0.0, asa)


def _patient(load: float, agents: float, aht_s: float, threshold_s: float) -> Outcome:
    wait = erlang_c(load, agents)
    if load == 0:
        late, asa = 0.0, 0.0
    elif agents <= load:
        late, asa = 1.0, math.inf
    else:
        spare = (agents - load) / aht_s  # at which the queue drains, calls per second
        late, asa = wait * math.exp(-spare * threshold_s), wait / spare
    return Outcome("c", load, agents, wait, 0.0, 1 - late, 0.0, 1 - late, 0.0, asa)


def _impatient(
    load: float, agents: float, aht_s: float, patience_s: float, threshold_s: float, short_s: float
) -> Outcome:
    if agents == 0:
        gone, short = (-math.expm1(-t / patience_s) for t in (threshold_s, short_s))
        return Outcome("a", load, 0.0, 1.0, 1.0, 0.0, gone, 0.0, short, math.nan)
    patience = patience_s / aht_s
    wait, abandoned, late, answered_late, waited = impatient(
        load, agents, patience, threshold_s / aht_s
    )
    answered = 1 - abandoned
    short = 0.0
    if short_s > 0:
        _, _, after, answered_after, _ = impatient(load, agents, patience, short_s / aht_s)
        short = _gone_by(short_s / patience_s, abandoned, after, answered_after)
    return Outcome(
        "a",
        load,
        agents,
        wait,
        abandoned,
        max(0.0, answered - answered_late),
        _gone_by(threshold_s / patience_s, abandoned, late, answered_late),
        1 - late,
        short,
        waited * aht_s / answered if answered > 0 else math.nan,
    )


def _beside(
    load: float,
    agents: float,
    aht_s: float,
    patience_s: float | None,
    threshold_s: float,
    short_s: float,
    redial: float,
    slowing: tuple[float, ...],
) -> Outcome:
    """Chat and redials: the same queue above a different house."""
    patience = math.inf if patience_s is None else patience_s / aht_s
    speeds = slowing or (1.0,)

    def told(at: float) -> tuple[float, ...]:
        return met(load, agents, speeds, patience, (), (), redial, at / aht_s)

    def gone(at: float) -> float:
        if patience == math.inf or at == 0:
            return 0.0
        _, lost, late, answered_late, *_ = told(at)
        return _gone_by(at / aht_s / patience, lost, late, answered_late)

    wait, lost, late, answered_late, waited, busy, tried = told(threshold_s)
    return Outcome(
        model="chat" if len(slowing) > 1 else "x",
        load=load,
        agents=agents,
        wait=wait,
        abandoned=lost if patience < math.inf else 0.0,
        answered_in=max(0.0, 1 - lost - answered_late),
        abandoned_in=gone(threshold_s),
        virtual_in=1 - late,
        short=gone(short_s),
        asa_s=waited * aht_s / (1 - lost) if lost < 1 else math.nan,
        busy=busy,
        tried=tried,
    )


def _check_sides(redial: float, slowing: tuple[float, ...], patience_s: float | None) -> None:
    if not 0 <= redial < 1:
        raise SettingsError(f"redial is {redial:g}, expected a share from 0 to below 1")
    if redial > 0 and not patience_s:
        raise SettingsError(
            "redials need callers' patience: nobody calls again who never hangs up",
            hint="give --patience SECONDS, or measure it with `wfm calibrate`",
        )
    if any(not factor > 0 for factor in slowing):
        raise SettingsError("slowing holds a factor of 0 or less, expected more than 0")


def _gone_by(x: float, abandoned: float, late: float, answered_late: float) -> float:
    """
    Share that hangs up within x mean patiences.

    Who hangs up later has patience beyond x and a wait beyond the own patience: of those
    still waiting at x, all but the ones answered later.
    """
    return max(0.0, abandoned - (math.exp(-x) * late - answered_late))


def _check(load: float, agents: float) -> None:
    if not 0 <= load < math.inf:
        raise SettingsError(f"load is {load:g} erlangs, expected 0 or more")
    if not 0 <= agents < math.inf:
        raise SettingsError(f"{agents:g} agents, expected 0 or more")
