"""
The stages in order, and the loop that hands what simulation says back to the target.

Everything is in memory: who calls reads the inputs and writes the results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from pathlib import Path

from wfm.domain.accuracy import Backtest
from wfm.domain.backlog import Waiting, joined
from wfm.domain.calibration import Calibration, Shrinkage
from wfm.domain.courses import Course
from wfm.domain.demand import Adjustment, Event, Forecast, History, Queue
from wfm.domain.outcome import (
    CostLine,
    Plan,
    Progress,
    PromiseVerdict,
    SimulationResult,
    Stop,
    Verdict,
    never,
    silent,
)
from wfm.domain.promise import Requirement
from wfm.domain.roster import Calendar, Duty
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Person
from wfm.errors import Exit
from wfm.forecasting.backtesting import backtest
from wfm.forecasting.forecast import forecast
from wfm.paying.costs import cost
from wfm.rules.book import Book
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule
from wfm.simulation.learning import Corrections, corrections, learned
from wfm.simulation.simulate import simulate
from wfm.staffing.sizing import size
from wfm.verifying import AT_RISK, promises, verify

Watch = Callable[[str], AbstractContextManager[Progress]]
CLOSE = 0.01  # planned less simulated share from which another round is worth its time
DAYS = 0.02  # share of days kept off the promised one from which it is
SKETCH = 0.25  # of the effort, for all rounds but the last
DEARER = 8  # times the usual price of what is missing: half an hour then costs a long shift
REPAIRS = 2  # times, at most, that a plan that falls short is made again
PRINTED = 2  # what is printed rests on so many times the replications of ``enough``
APART = 104_729  # between the seeds of a plan's simulations
CALLS = 2_000_000  # contacts that a simulation plays to learn what is beyond the curves
TOLD = 0.05  # points from which a change of the targets is said
DOUBT = 0.002  # by so much may a simulated share lie below its target
LEAST, MOST = 50, 400  # replications of it
RISKY = 200  # at least, for a promise at a risk
LONG = 1600  # at most, where work can wait
ORIGINS = 8  # weeks of history from which each candidate model is tried


def unwatched(_stage: str) -> AbstractContextManager[Progress]:
    """A watch that shows nothing."""
    return nullcontext(silent)


@dataclass(frozen=True)
class Centre:
    """
    All that is known of a centre before a horizon is planned.

    Parameters
    ----------
    history
        Contacts of days before the plan is made.
    holidays
        Public holidays in history and horizon, by date.
    orders
        Past and planned orders, by queue (None: every queue) and date.
    backlog
        Deferrable work not yet done.
    past
        Duties before the horizon, by agent.
    courses
        Training and meetings to be placed.
    by_heads
        Whether the roster owes each interval its heads, and not the promise on its curves.
    cache
        Folder in which compiled rules are kept from one run to the next; None: nowhere.
    """

    horizon: Grid
    queues: Mapping[str, Queue]
    history: History
    people: tuple[Person, ...]
    book: Book
    holidays: Mapping[date, str] = field(default_factory=dict)
    events: Sequence[Event] = ()
    adjustments: Sequence[Adjustment] = ()
    orders: Mapping[str | None, Mapping[date, float]] = field(default_factory=dict)
    backlog: Sequence[Waiting] = ()
    past: Mapping[str, tuple[Duty, ...]] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    shrinkage: Shrinkage = Shrinkage()  # noqa: RUF009 - frozen
    calibration: Calibration | None = None
    courses: tuple[Course, ...] = ()
    by_heads: bool = False
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """
    How much is worked on a plan, and from which seed: counts, never seconds.

    ``rounds`` is how many plans are made, each with what simulation found of the last one;
    all but the last are sketches.
    """

    seed: int = 0
    effort: float = 1.0
    replications: int = 200
    workers: int = 1
    rounds: int = 3


@dataclass(frozen=True)
class Foreseen:
    """
    The forecast, and how its models were chosen.

    ``expected`` is the forecast with what waits from before: it is to be staffed.
    """

    forecast: Forecast
    expected: Forecast
    backtest: Backtest


@dataclass(frozen=True)
class Settled:
    """
    A plan with what led to it and what was found of it.

    ``corrections`` is what simulations of the rounds before added to the targets of this
    one, by queue, promise and day; empty for a plan of one round.
    """

    requirement: Requirement
    plan: Plan
    verdict: Verdict
    costs: tuple[CostLine, ...]
    corrections: Corrections = field(default_factory=dict)

    @property
    def remarks(self) -> tuple[str, ...]:
        """
        What simulation added to the targets of this plan, a sentence for each queue.
        """
        added: dict[str, list[float]] = {}
        for (queue, _, _), share in sorted(self.corrections.items()):
            added.setdefault(queue, []).append(100 * share)
        return tuple(
            f"{queue}: what simulation found changes each day's target on the curves by "
            f"{min(points):+.1f} to {max(points):+.1f} points"
            for queue, points in added.items()
            if max(map(abs, points)) >= TOLD
        )

    @property
    def kept(self) -> bool:
        """Whether nothing is short, and every promise is simulated as kept, without a doubt."""
        return not self.verdict.reasons and all(
            one.simulated is None or one.simulated.value >= one.target - DOUBT
            for one in self.verdict.promises
        )

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """
        Lower is better: law first, then the promise as simulated, as planned, then money.

        Shortfall is left out: rounds price it against different targets.
        """
        reasons, cost = self.verdict.reasons, self.plan.cost
        return (
            Exit.RULE_BROKEN in reasons,
            any(one.missed for one in self.verdict.promises),
            Exit.TARGET_MISSED in reasons,
            cost.pay + cost.wishes,
        )


def foresee(
    centre: Centre, *, workers: int = 1, watch: Watch = unwatched, stop: Stop = never
) -> Foreseen:
    """
    Choose a model for each queue on its own history, and forecast with it.

    ``workers`` processes share the queues of the backtest; the result is the same.
    """
    with watch("backtest") as progress:
        tried = backtest(
            centre.history,
            centre.queues,
            holidays=centre.holidays,
            events=centre.events,
            horizon_days=centre.horizon.days,
            origins=ORIGINS,
            workers=workers,
            progress=progress,
            stop=stop,
        )
    with watch("forecast") as progress:
        seen = forecast(
            centre.history,
            centre.queues,
            centre.horizon,
            holidays=centre.holidays,
            events=centre.events,
            adjustments=centre.adjustments,
            orders=centre.orders,
            model=tried.choice,
            progress=progress,
            stop=stop,
        )
    return Foreseen(seen, joined(seen, centre.backlog, centre.queues), tried)


def settle(
    centre: Centre,
    expected: Forecast,
    work: Work = Work(),
    *,
    watch: Watch = unwatched,
    stop: Stop = never,
) -> Settled:
    """
    Staff, schedule and verify; then again, with what the simulation found.

    The formulas see neither pooling nor late breaks. What they promise too much, or too
    little, is added to the targets of the next round. All rounds but the last are sketches,
    made with a part of the effort, until planned and simulated agree. If the plan then
    falls short of a promise it is made again, at most twice, with what is missing priced so
    high that no shift saved outweighs it, and no day asked for less than before; it is taken
    if it lacks nothing. What is printed as planned counts what a simulation of its own found
    of this very roster; the verdict's simulation is another one, from another seed.

    Raises
    ------
    NoRosterError
        The hard rules admit no roster.
    """
    found: Corrections = {}
    sketch, many = None, enough(expected, centre.queues)
    for number in range(1, work.rounds):
        quick = replace(work, effort=SKETCH * work.effort, replications=many)
        sketch = _round(centre, expected, found, quick, work.seed + number * APART, watch, stop)
        played = sketch.verdict.simulation
        assert played is not None  # a forecast was given
        if stop():
            return _told(centre, sketch, played)
        if agreed(sketch.verdict):
            break
        found = _next(centre, sketch, played)
    best = _round(centre, expected, found, work, work.seed, watch, stop)
    played = _probe(centre, expected, best, work, watch)
    last, seen = best, played
    for _ in range(REPAIRS if sketch is not None else 0):
        if best.kept or stop():
            break
        found = _raised(found, _next(centre, last, seen))
        last = _round(centre, expected, found, work, work.seed, watch, stop, dearer=DEARER)
        seen = _probe(centre, expected, last, work, watch)
        if not last.plan.cost.shortfall and last.rank < best.rank:
            best, played = last, seen
    return _told(centre, best, played)


def agreed(verdict: Verdict) -> bool:
    """
    Whether what is planned is what was simulated, within a point, for every promise.

    A promise that is planned to be kept and yet simulated as missed is no agreement. One at
    a risk is planned to be kept on so many days as it says.
    """
    return all(
        abs(one.target - one.simulated.value) <= DAYS
        if one.period == AT_RISK
        else abs(_told_apart(one, one.planned) - _told_apart(one, one.simulated.value)) <= CLOSE
        and not (one.missed and one.planned >= one.target)
        for one in verdict.promises
        if one.simulated is not None and (isfinite(one.planned) or one.period == AT_RISK)
    )


def _told_apart(one: PromiseVerdict, share: float) -> float:
    """A share as it matters: of work that can wait all that is kept is alike."""
    return min(share, one.target) if one.kind == "on_time" else share


def asked(centre: Centre, requirement: Requirement) -> Problem:
    """
    What the scheduler is asked for a requirement.
    """
    return Problem(
        requirement.by_heads() if centre.by_heads else requirement,
        centre.queues,
        centre.people,
        centre.book,
        centre.past,
        centre.calendars,
        courses=centre.courses,
        cache=centre.cache,
    )


def _round(
    centre: Centre,
    expected: Forecast,
    corrected: Corrections,
    work: Work,
    judge: int,
    watch: Watch,
    stop: Stop,
    dearer: int = 1,
) -> Settled:
    """
    One plan; ``judge`` is the seed of the simulation in its verdict, and what is missing is
    priced so many times as ``dearer`` says.
    """
    with watch("staff") as progress:
        requirement = size(
            expected,
            centre.queues,
            shrinkage=centre.shrinkage,
            calibration=centre.calibration,
            corrections=corrected,
            seed=work.seed,
            progress=progress,
        )
    problem = asked(centre, requirement)
    if dearer > 1:
        problem = replace(problem, prices=problem.shortfall_prices.times(dearer))
    with watch("schedule") as progress:
        plan = schedule(problem, seed=work.seed, effort=work.effort, progress=progress, stop=stop)
    with watch("verify") as progress:
        verdict = verify(
            plan.roster,
            problem.requirement,
            centre.queues,
            centre.book,
            forecast=expected,
            shrinkage=centre.shrinkage,
            calibration=centre.calibration,
            prices=problem.shortfall_prices,
            courses=centre.courses,
            replications=work.replications,
            seed=judge,
            workers=work.workers,
            progress=progress,
        )
    return Settled(requirement, plan, verdict, cost(plan.roster), corrected)


def enough(expected: Forecast, queues: Mapping[str, Queue]) -> int:
    """
    Replications that tell what is beyond the curves: more of them for fewer contacts.

    What chance then leaves is about a tenth of a point in a small centre; in a large one it
    is that of its days, of which there are hundreds. How often a day keeps a promise is
    known less well than its mean, and what one day leaves undone is the next day's too.
    """
    contacts = sum(float(queue.contacts.sum()) for queue in expected.queues.values())
    known = [queues[name] for name in expected.queues]
    waits = any(queue.channel.deferrable for queue in known)
    risky = any(promise.risk is not None for queue in known for promise in queue.promises)
    least, most = RISKY if risky else LEAST, LONG if waits else MOST
    return round(min(most, max(least, CALLS / max(contacts, 1.0))))


def _probe(
    centre: Centre, expected: Forecast, made: Settled, work: Work, watch: Watch
) -> SimulationResult:
    """A plan played with a seed that its verdict does not see."""
    with watch("simulate") as progress:
        return simulate(
            made.plan.roster,
            expected,
            centre.queues,
            shrinkage=centre.shrinkage,
            calibration=centre.calibration,
            replications=PRINTED * enough(expected, centre.queues),
            seed=work.seed + APART * (work.rounds + 1),
            workers=work.workers,
            progress=progress,
        )


def _next(centre: Centre, made: Settled, played: SimulationResult) -> Corrections:
    """What is added to the targets of the next round."""
    cover = made.verdict.cover
    return corrections(made.requirement, centre.queues, cover, played, made.corrections)


def _raised(before: Corrections, found: Corrections) -> Corrections:
    """The same as found, but nothing less than before: days that were kept are not risked."""
    return {**before, **{key: max(share, before.get(key, share)) for key, share in found.items()}}


def _told(centre: Centre, made: Settled, played: SimulationResult) -> Settled:
    """The same plan; what is printed as planned counts what simulation found beyond the curves."""
    if centre.by_heads:
        return made  # cover by heads: no share was planned
    cover = made.verdict.cover
    requirement = learned(made.requirement, centre.queues, cover, played)
    told = promises(requirement, centre.queues, cover, made.verdict.simulation)
    return replace(made, requirement=requirement, verdict=replace(made.verdict, promises=told))
