"""
What cross-training brings: two queues of which some people serve both, played call by call.

Fewer and fewer people are played against the same callers, until one of the two promises
falls below what it was when everybody served one queue. The hours saved by then are the
gain. Nobody has shifts here: so many people as are needed come and go by the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from wfm.domain.calibration import Calibration, Shrinkage
from wfm.domain.demand import Forecast, Queue
from wfm.domain.outcome import Progress, SimulationResult, Stop, never, silent
from wfm.domain.promise import Requirement
from wfm.domain.reaching import reaching
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.simulation.simulate import simulate
from wfm.staffing.pooling import pooled

SHARES = (0.1, 0.3, 1.0)  # of people who serve both queues
CALLS = 100_000  # contacts that each simulation plays
LEAST, MOST = 10, 200  # replications of it
HALVINGS = 6
BEYOND = 1.5  # times what the formulas say of everybody; no training saves more
NOBODY = Contract("any", 40, 5, (Shape("any", (0, 0), (480,)),), Pay("any", 0))

Heads = Mapping[str, np.ndarray]  # people by queue in each interval, int [n]


@dataclass(frozen=True, slots=True)
class Gain:
    """
    Agent-hours of two queues in the horizon.

    ``apart`` with people of one skill each; ``pooled`` is what the formulas need when all
    have both. ``saved`` is, by share of the people who serve both, how many hours fewer
    leave both promises where they were, as simulated.
    """

    queues: tuple[str, str]
    apart: float
    pooled: float
    saved: tuple[tuple[float, float], ...]

    @property
    def whole(self) -> float:
        """Hours saved when everybody has both skills."""
        return self.saved[-1][1]


@dataclass(frozen=True)
class _Pair:
    """Two queues, their callers, and the people who answer them as things are."""

    names: tuple[str, str]
    forecast: Forecast
    queues: Mapping[str, Queue]
    calibration: Calibration | None
    apart: Heads
    pooled: np.ndarray
    seed: int

    def heads(self, part: float) -> Heads:
        """
        People when ``part`` of what pooling saves is saved, each queue's in proportion.

        Fractions are carried to the next interval, so that the total is right.
        """
        now = self.apart[self.names[0]] + self.apart[self.names[1]]
        left = now - part * (now - self.pooled)
        scale = np.divide(left, now, out=np.zeros(len(now)), where=now > 0)
        return {name: _whole(self.apart[name] * scale) for name in self.names}

    def shares(self, heads: Heads, trained: float) -> np.ndarray:
        """The promised share of each queue, as simulated."""
        contacts = sum(float(line.contacts.sum()) for line in self.forecast.queues.values())
        found = simulate(
            roster_of(self.forecast.grid, heads, self.queues, trained),
            self.forecast,
            self.queues,
            calibration=self.calibration,
            anonymous=True,
            replications=round(min(MOST, max(LEAST, CALLS / max(contacts, 1.0)))),
            seed=self.seed,
        )
        return np.array([_share(found, name) for name in self.names])


def training_gains(
    forecast: Forecast,
    queues: Mapping[str, Queue],
    apart: Requirement,
    *,
    shrinkage: Shrinkage,
    calibration: Calibration | None = None,
    seed: int = 0,
    progress: Progress = silent,
    stop: Stop = never,
) -> tuple[Gain, ...]:
    """
    What each pair of live queues gains when people are trained for both, largest first.

    Parameters
    ----------
    apart
        The requirement of the queues as they are.
    """
    forecast = reaching(forecast, queues)
    queues = {name: replace(queue, self_service=None) for name, queue in queues.items()}
    live = [
        name
        for name in forecast.queues
        if not queues[name].channel.deferrable and queues[name].concurrency == 1
    ]
    gains: list[Gain] = []
    pairs = list(combinations(live, 2))
    for done, names in enumerate(pairs):
        progress(done, len(pairs), " + ".join(names))
        if stop():
            break
        pair = _Pair(
            names,
            replace(
                forecast,
                queues={name: forecast.queues[name] for name in names},
                open={name: forecast.open[name] for name in names},
            ),
            {name: queues[name] for name in names},
            calibration,
            {name: apart.queues[name].agents for name in names},
            pooled(
                forecast, queues, names, shrinkage=shrinkage, calibration=calibration, seed=seed
            ),
            seed,
        )
        gains.append(_gain(pair))
    return tuple(sorted(gains, key=lambda gain: (-gain.whole, gain.queues)))


def _gain(pair: _Pair) -> Gain:
    """The most that can be saved with each share of people trained."""
    hours = pair.forecast.grid.interval / 60
    now = float(sum(heads.sum() for heads in pair.apart.values()))
    promised = pair.shares(pair.apart, 0.0)
    saved, low = [], 0.0
    for trained in SHARES:
        high = BEYOND  # and whoever trains more saves no less
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if (pair.shares(pair.heads(middle), trained) >= promised - 1e-9).all():
                low = middle
            else:
                high = middle
        left = float(sum(heads.sum() for heads in pair.heads(low).values()))
        saved.append((trained, max(0.0, (now - left) * hours)))
    return Gain(pair.names, now * hours, float(pair.pooled.sum()) * hours, tuple(saved))


def _whole(heads: np.ndarray) -> np.ndarray:
    """Whole people in each interval whose sum runs along with that of the fractions."""
    return np.diff(np.floor(np.cumsum(heads) + 1e-6), prepend=0.0).astype(np.int64)


def _share(found: SimulationResult, name: str) -> float:
    """A queue's first promise over the whole horizon; 1 where nobody calls."""
    kept = found.queues[name].kept
    weeks = [share.value for period, share in kept.items() if period.startswith("week")]
    return float(np.mean(weeks)) if weeks else 1.0


def roster_of(grid: Grid, heads: Heads, queues: Mapping[str, Queue], trained: float) -> Roster:
    """
    So many people on each queue in each interval, of whom a share serves the other one too.

    Posts are trained evenly, so that at any time about that share of those present is. A
    queue's own contacts come first.
    """
    tours = []
    for name in queues:
        other = next(one for one in queues if one != name)
        for post in range(int(heads[name].max(initial=0))):
            both = int((post + 1) * trained + 0.5) > int(post * trained + 0.5)
            served = (name, other) if both else (name,)
            skills = {skill: 1.0 for one in served for skill in queues[one].needs}
            agent = Agent(f"{name} {post:05d}", NOBODY, skills=skills)
            duties = _duties(grid, heads[name] > post, served)
            tours.append(Tour(Person(agent), Calendar(grid), duties))
    return Roster(grid, tuple(tours))


def _duties(grid: Grid, there: np.ndarray, served: tuple[str, ...]) -> tuple[Duty, ...]:
    """One duty for each run of intervals."""
    edges = np.flatnonzero(np.diff(there.astype(int), prepend=0, append=0)).tolist()
    duties = []
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        start, end = int(grid.starts[first]), int(grid.starts[after - 1]) + grid.interval
        duties.append(Duty(int(grid.day[first]), (Block(start, end, WORK, served),)))
    return tuple(duties)
