"""
What an independent reading of a roster finds: rules, cover, cost, and the promise.

Everything here follows from the roster alone: which rules it breaks, what it costs, how
its people cover the queues at best, and what callers meet when it is played call by call.
Nothing of the scheduler is used, so that an error there cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from wfm.domain.calibration import Calibration, Shrinkage
from wfm.domain.courses import Course, unplaced
from wfm.domain.demand import Forecast, Queue
from wfm.domain.outcome import (
    Cost,
    Estimate,
    Kept,
    Plan,
    Progress,
    PromiseVerdict,
    SimulationResult,
    Stop,
    Verdict,
    never,
    silent,
)
from wfm.domain.planned import planned_counts
from wfm.domain.promise import (
    OnTime,
    Period,
    Promise,
    Requirement,
    ServiceLevel,
)
from wfm.domain.roster import Roster, Severity, Violation
from wfm.domain.shortfall import Aim, ShortfallPrices, above_any_wage, aims, shortfall
from wfm.errors import Exit
from wfm.paying.costs import cost, total
from wfm.rules.book import Book
from wfm.simulation.cover import split
from wfm.simulation.result import kind_of, periods
from wfm.simulation.scenario import Behaviour
from wfm.simulation.simulate import simulate

AT_RISK = "days kept"  # the period of a promise at a risk


def verify(
    roster: Roster,
    requirement: Requirement,
    queues: Mapping[str, Queue],
    book: Book,
    *,
    forecast: Forecast | None = None,
    shrinkage: Shrinkage = Shrinkage(),  # noqa: B008 - frozen
    calibration: Calibration | None = None,
    behaviours: Mapping[str, Behaviour] | None = None,
    prices: ShortfallPrices | None = None,
    lacks: frozenset[str] = frozenset(),
    courses: Sequence[Course] = (),
    replications: int = 200,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = silent,
    stop: Stop = never,
) -> Verdict:
    """
    Judge a roster.

    Parameters
    ----------
    forecast
        The contacts to play against it; None: nothing is simulated, and that is said.
    prices
        What missing heads and contacts cost; None: more than any wage of the team.
    lacks
        What rules would have to know and is not known, as ``Book.not_checked`` takes it.
    courses
        Training and meetings that the roster must hold.
    replications, seed, workers, shrinkage, calibration, behaviours
        As ``wfm.simulation.simulate.simulate`` takes them.

    Returns
    -------
    Verdict
        ``reasons`` holds RULE_BROKEN when a hard rule is broken, TARGET_MISSED when the
        cover falls short of the requirement, a simulated promise is missed or a session
        of training or of a meeting is not in the roster.
    """
    violations = book.check_roster(roster)
    charged = prices or above_any_wage(requirement, [tour.person.agent for tour in roster])
    owed = aims(requirement)
    cover = split(roster, requirement, queues, charged, owed)
    missing = shortfall(owed, cover, charged, requirement.grid.interval)
    played = (
        None
        if forecast is None
        else simulate(
            roster,
            forecast,
            queues,
            shrinkage=shrinkage,
            calibration=calibration,
            behaviours=behaviours,
            replications=replications,
            seed=seed,
            workers=workers,
            progress=progress,
            stop=stop,
        )
    )
    verdicts = promises(requirement, queues, cover, played)
    broken = any(one.severity is Severity.HARD for one in violations)
    owing = unplaced(roster, courses)
    missed = missing > 0.5 or bool(owing) or any(one.missed for one in verdicts)
    return Verdict(
        violations,
        verdicts,
        Cost(total(cost(roster)), _priced(violations, book), round(missing)),
        cover,
        played,
        not_checked=book.not_checked(roster, lacks),
        remarks=(
            *_remarks(roster, requirement, owed, cover, played),
            *(one.sentence for one in owing),
        ),
        reasons=(Exit.RULE_BROKEN,) * broken + (Exit.TARGET_MISSED,) * missed,
    )


def _priced(violations: tuple[Violation, ...], book: Book) -> int:
    """What breaches of priced rules cost, cents."""
    prices = {entry.code: entry.price for entry in book}
    return round(
        sum(v.amount * prices[v.code] for v in violations if v.severity is Severity.PRICED)
    )


# The promise: as planned, and as simulated.


def promises(
    requirement: Requirement,
    queues: Mapping[str, Queue],
    cover: Mapping[str, np.ndarray],
    played: SimulationResult | None,
) -> tuple[PromiseVerdict, ...]:
    """
    Every promise over each of its periods: asked, planned for this cover, and simulated.
    """
    return tuple(
        one
        for name in requirement.queues
        for one in _promises(requirement, queues[name], cover[name], played)
    )


def _promises(
    requirement: Requirement, queue: Queue, heads: np.ndarray, played: SimulationResult | None
) -> Iterator[PromiseVerdict]:
    line = requirement.queues[queue.name]
    asked = queue.promises or ((line.promise,) if line.promise else ())
    for place, promise in enumerate(asked):
        kind = kind_of(promise)
        seen = played.queues.get(queue.name) if played else None
        kept = seen.promise(place) if seen else None
        within = _within(promise)
        if promise.risk is not None:
            yield _at_risk(queue.name, promise, kept, played)
            continue
        counted = planned_counts(requirement, queue.name, heads, promise)
        for name, days in periods(requirement.grid).items():
            if name.startswith(promise.over.value.replace("interval", "day")):
                rows = np.isin(requirement.grid.day, days)
                offered = float(line.contacts[rows].sum())
                if offered > 0:
                    share = float(counted[rows].sum()) / offered
                    simulated = kept.shares.get(name) if kept else None
                    yield PromiseVerdict(
                        queue.name, kind, name, promise.share, share, simulated, within
                    )


def _within(promise: Promise) -> float | None:
    """What tells two promises of one kind apart: seconds, or open hours."""
    if isinstance(promise, ServiceLevel):
        return promise.threshold
    return promise.due if isinstance(promise, OnTime) else None


def _at_risk(
    name: str, promise: Promise, kept: Kept | None, played: SimulationResult | None
) -> PromiseVerdict:
    """A promise that must be kept on a share of days: how many days keep it."""
    simulated = None
    if kept and kept.days and played is not None:
        share = float(np.mean(list(kept.days.values())))
        half = 1.96 * float(np.sqrt(share * (1 - share) / (len(kept.days) * played.replications)))
        simulated = Estimate(share, max(0.0, share - half), min(1.0, share + half))
    target = 1 - (promise.risk or 0.0)
    return PromiseVerdict(
        name, kind_of(promise), AT_RISK, target, float("nan"), simulated, _within(promise)
    )


def _remarks(
    roster: Roster,
    requirement: Requirement,
    owed: Mapping[str, Aim],
    cover: Mapping[str, np.ndarray],
    played: SimulationResult | None,
) -> Iterator[str]:
    for name, aim in owed.items():
        yield from aim.told(cover[name], requirement.grid)
        promise = requirement.queues[name].promise
        if promise is not None and promise.over is Period.INTERVAL:
            yield f"{name}: the promise of each interval is judged by its cover, days by simulation"
    if played is not None:
        duties = sum(len(tour.planned) for tour in roster)
        yield (
            f"simulated, breaks start {played.late_break_s:.0f} s late on average, and duties end "
            f"{played.overrun_s:.0f} s late, which the rest after them loses: about "
            f"{played.overrun_s * duties / 3600:.1f} hours in all, worked and paid on top"
        )
    else:
        yield "the promise was not simulated: give the forecast"


def differences(plan: Plan, verdict: Verdict) -> Iterator[str]:
    """
    What a plan says of its roster and the reading of its file does not confirm.

    Pay and wishes are compared to the cent. The two programmes that split people's time
    stop at their own tolerances, so the shortfall may differ by a thousandth.
    """
    for name in ("pay", "wishes"):
        said, read = getattr(plan.cost, name), getattr(verdict.cost, name)
        if said != read:
            yield f"{name} {said / 100:.2f} in the plan, {read / 100:.2f} in its file"
    said, read = plan.cost.shortfall, verdict.cost.shortfall
    if abs(said - read) > 2 + max(said, read) / 1000:
        yield f"shortfall {said / 100:.2f} in the plan, {read / 100:.2f} in its file"
    for one in verdict.violations:
        if one.severity is Severity.HARD and one.agent not in plan.spared:
            yield f"{one.agent} breaks {one.code} on {one.date}"
