"""
The requirement: the fewest agent-hours that keep each queue's promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage, calibrated
from wfm.domain.demand import Forecast, Queue
from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.domain.promise import (
    Abandons,
    Also,
    AnswerRate,
    Curve,
    OnTime,
    Period,
    Promise,
    QueueRequirement,
    Requirement,
    ServiceLevel,
)
from wfm.domain.reaching import reaching
from wfm.domain.shortfall import aim
from wfm.domain.timegrid import Grid
from wfm.errors import InterruptedRun, SettingsError
from wfm.staffing.allotting import fewest_agents
from wfm.staffing.binding import LITTLE, Asked, binding, corrected, counting_of, level_of, raised
from wfm.staffing.curves import Knots, curve, level, patience_with_callbacks, yields
from wfm.staffing.deferring import Due, Live, size_deferrable
from wfm.staffing.erlang.inverses import required_agents_c, to_schedule
from wfm.staffing.risk import risk_targets
from wfm.staffing.scenarios import PATHS, Scenarios, scenarios

STEEP = 3.0  # erlangs from which few people answer nobody in time, and a few more most
THRESHOLD = 20.0  # seconds: the service level that is printed where none is promised
SHARE = 0.8  # and its share, for the plain Erlang C column


def size(
    forecast: Forecast,
    queues: Mapping[str, Queue],
    *,
    shrinkage: Shrinkage,
    calibration: Calibration | None = None,
    corrections: Mapping[tuple[str, int, int], float] | None = None,
    seed: int = 0,
    progress: Progress = silent,
    stop: Stop = never,
) -> Requirement:
    """
    People needed in every interval, and what every number of them yields.

    Parameters
    ----------
    queues
        Settings of every queue in the forecast.
    shrinkage
        Paid time that is not available for contacts.
    calibration
        What was measured; a queue's own settings come first.
    corrections
        By (queue, place of the promise, day): what simulation says must be added to the
        target share, because the formulas promise too much (or, negative, too little).
    seed
        Of the forecast's scenarios.

    Raises
    ------
    SettingsError
        A queue has no promise, or one that cannot be worked out from what is known.
    """
    reached = reaching(forecast, queues)
    remarks = list(reached.remarks[len(forecast.remarks) :])
    forecast = calibrated(reached, calibration)
    paths = forecast.paths(PATHS, seed)
    found: dict[str, QueueRequirement] = {}
    alone: dict[str, QueueRequirement] = {}  # live queues as if nobody did waiting work beside
    measured = calibration.queues if calibration else {}
    wanted = {
        name: known(name, queues, measured.get(name, QueueCalibration()))
        for name in forecast.queues
    }
    # Live queues first: waiting work may use their idle time.
    for at, name in enumerate(sorted(wanted, key=lambda name: wanted[name].channel.deferrable)):
        progress(at, len(wanted), name)
        if stop():
            raise InterruptedRun("stopped before every queue had its requirement")
        queue, own = wanted[name], measured.get(name, QueueCalibration())
        handle_cv = 1.0 if own.aht_cv is None else own.aht_cv
        if queue.channel.deferrable:
            beside = _beside(queue, wanted, alone)
            found[name] = size_deferrable(
                forecast,
                queue,
                _on_time(queue, corrections or {}, forecast.grid),
                paths[name],
                shrinkage,
                beside,
                handle_cv=handle_cv,
                seed=seed,
            )
            remarks += _reserve_remarks(queue, beside)
            continue
        spread = scenarios(forecast, name, paths[name], handle_cv)
        known_of = forecast, queue, own, spread, shrinkage
        found[name], said = _size_queue(*known_of, corrections or {})
        waits = any(one.channel.deferrable and one.reserve for one in wanted.values())
        alone[name] = _size_queue(*known_of, {})[0] if waits and corrections else found[name]
        remarks += said
    ordered = {name: found[name] for name in forecast.queues}
    return Requirement(forecast.grid, ordered, forecast.open, tuple(remarks))


def _on_time(
    queue: Queue, corrections: Mapping[tuple[str, int, int], float], grid: Grid
) -> list[Due]:
    """What a queue whose contacts can wait promises, as simulation corrected it."""
    found = []
    for place, one in enumerate(queue.promises):
        if isinstance(one, OnTime):
            added = _shifts(queue, place, corrections, grid)
            first = grid.day.searchsorted(np.arange(grid.days))
            shares = one.share + (np.zeros(grid.days) if added is None else added[first])
            found.append(Due(place, one, np.clip(shares, one.share, 1 - LITTLE)))
    if found and len(found) == len(queue.promises):
        return found
    raise SettingsError(
        f"queue {queue.name} is {queue.channel}, which waits for hours and not for seconds",
        place=f"[queue.{queue.name}] promise",
        hint='promise = [{ kind = "on_time", share = 0.95, due_h = 8 }]',
    )


def _beside(
    queue: Queue, wanted: Mapping[str, Queue], alone: Mapping[str, QueueRequirement]
) -> list[Live]:
    """
    Live queues whose people have every skill that waiting work needs.

    People that simulation found missing there are no idle ones: the work beside takes them.
    """
    return [
        Live(sized.load_erlangs, sized.agents)
        for name, sized in alone.items()
        if set(queue.needs) <= set(wanted[name].needs)
    ]


def _reserve_remarks(queue: Queue, beside: list[Live]) -> list[str]:
    if not beside or queue.reserve:
        return []
    return [
        f"queue {queue.name}: idle time of people with its skills is not counted on; with "
        "reserve = 3 it is, while so many of them stay free for callers"
    ]


def known(name: str, queues: Mapping[str, Queue], measured: QueueCalibration) -> Queue:
    """
    A queue with its patience and redials, checked for what its promise needs.

    Raises
    ------
    SettingsError
        It promises nothing, or something that cannot be worked out from what is known.
    """
    queue = queues.get(name)
    if queue is None or not queue.promises:
        raise SettingsError(
            f"queue {name} promises nothing",
            place=f"[queue.{name}] promise",
            hint='for instance promise = [{ kind = "answer_rate", share = 0.90 }]',
        )
    timed = any(isinstance(promise, OnTime) for promise in queue.promises)
    if timed and not queue.channel.deferrable:
        raise SettingsError(
            f"queue {name} promises on_time, but {queue.channel} does not wait for hours",
            place=f"[queue.{name}] promise",
            hint="promise an answer_rate or a service_level, or set its channel",
        )
    if queue.concurrency > 1 and len(queue.slowing) < queue.concurrency:
        raise SettingsError(
            f"queue {name} handles {queue.concurrency} contacts at once, but how much longer "
            f"each then takes is known for {len(queue.slowing)}",
            place=f"[queue.{name}] slowing",
            hint="measure handle times by concurrency: slowing = [1.0, 1.3, 1.6] for three",
        )
    if queue.patience_s is None:
        queue = replace(queue, patience_s=measured.patience_s)
    if queue.redial is None:
        queue = replace(queue, redial=measured.redial)
    rates = any(isinstance(promise, AnswerRate) for promise in queue.promises)
    if rates and queue.patience_s is None:
        raise SettingsError(
            f"queue {name} promises an answer rate, but nobody knows its callers' patience",
            place=f"[queue.{name}] patience_s",
            hint="measure it with `wfm calibrate`, or set patience_s: the mean number of "
            "seconds after which a waiting caller hangs up",
        )
    return queue


def _shifts(
    queue: Queue,
    place: int,
    corrections: Mapping[tuple[str, int, int], float],
    grid: Grid,
) -> np.ndarray | None:
    """What is added to a promised share in each interval, float [n]; None: nothing."""
    days = np.array([corrections.get((queue.name, place, day), 0.0) for day in range(grid.days)])
    return days[grid.day] if days.any() else None


def _size_queue(
    forecast: Forecast,
    queue: Queue,
    measured: QueueCalibration,
    spread: Scenarios,
    shrinkage: Shrinkage,
    corrections: Mapping[tuple[str, int, int], float],
) -> tuple[QueueRequirement, list[str]]:
    grid = forecast.grid
    set_by_hand = queue.patience_s != measured.patience_s
    patience = patience_with_callbacks(queue, () if set_by_hand else measured.patience_curve)
    asked = [
        _asked(queue, place, spread, patience, _shifts(queue, place, corrections, grid), grid)
        for place in range(len(queue.promises))
    ]
    main = binding(asked, grid)
    others = [one for one in asked if one is not main]
    agents = np.zeros(len(spread.rows), dtype=np.int64)
    for one in (main, *others):
        agents = np.maximum(agents, fewest_agents(one.aimed, one.promise, grid, agents))
    requirement = replace(
        _requirement(forecast, queue, main, agents, shrinkage),
        promise=main.promise,
        place=main.place,
        curve=_heads(main, grid, shrinkage, main.in_intervals.floor),
    )
    if others:
        requirement, main = _beside_others(requirement, main, others, forecast, shrinkage)
    if main.aim is not None:
        aims = np.full(grid.n, main.promise.share)
        aims[spread.rows] = main.aim
        requirement = replace(requirement, aim=aims)
    said = _remarks(
        queue,
        float(requirement.load_erlangs.max(initial=0.0)),
        float(main.found.aht_s.min(initial=np.inf)),
    )
    return requirement, said + [_planned_on(queue.name, main.promise)] * bool(others)


def _planned_on(name: str, promise: Promise) -> str:
    within = f" within {promise.threshold:g} s" if isinstance(promise, ServiceLevel) else ""
    return (
        f"queue {name}: of its promises, {100 * promise.share:g} % answered{within} asks for "
        "most; the roster is planned on it, and the others are kept beside it"
    )


def _asked(
    queue: Queue,
    place: int,
    spread: Scenarios,
    patience: Knots,
    shifts: np.ndarray | None,
    grid: Grid,
) -> Asked:
    """One promise of a queue with what it takes; simulation may have corrected it."""
    promise = queue.promises[place]
    counting = counting_of(queue, promise, patience)
    found = yields(spread, counting)
    own = None if shifts is None else shifts[found.rows]
    if promise.risk is None:
        return Asked(place, promise, found if own is None else corrected(found, promise, own))
    if own is not None:
        return Asked(place, promise, found, np.clip(promise.share + own, LITTLE, 1 - LITTLE))
    aims = risk_targets(found, spread, counting, promise, grid)
    return Asked(place, promise, found, np.array([aims[day] for day in grid.day[found.rows]]))


def _heads(one: Asked, grid: Grid, shrinkage: Shrinkage, floor: float) -> Curve:
    return curve(
        one.found,
        grid.n,
        present=shrinkage.present,
        floor=floor,
        by_answer=isinstance(one.promise, AnswerRate),
    )


def _beside_others(
    requirement: QueueRequirement,
    main: Asked,
    others: list[Asked],
    forecast: Forecast,
    shrinkage: Shrinkage,
) -> tuple[QueueRequirement, Asked]:
    """
    A requirement whose one curve keeps the other promises too.

    Their floors and caps become the least heads of each interval; where their totals then
    are not reached, the main promise aims higher.
    """
    grid = forecast.grid
    opened = forecast.open[requirement.queue]
    also, least = {}, np.zeros(grid.n)
    agents = np.zeros(len(main.found.rows), dtype=np.int64)
    for one in others:
        heads = _heads(one, grid, shrinkage, floor=1.0)  # as they are: nobody plans on these
        alone = replace(requirement, promise=one.promise, curve=heads)
        least = np.maximum(least, aim(alone, grid, opened).heads)
        by_answer = isinstance(one.promise, AnswerRate)
        also[one.promise] = Also(heads.answered if by_answer else heads.in_time)
        agents = np.maximum(agents, fewest_agents(one.aimed, one.in_intervals, grid, agents))
    return (
        replace(requirement, least=least, also=also),
        raised(main, others, grid, agents),
    )


def _requirement(
    forecast: Forecast, queue: Queue, main: Asked, agents: np.ndarray, shrinkage: Shrinkage
) -> QueueRequirement:
    found, counted = main.found, level_of(queue, main.promise)
    expected = forecast.queues[queue.name]
    at = np.arange(len(agents))
    answered, waited = found.answered[at, agents], found.waited[at, agents]
    shares = level(found, agents, counted.abandons if counted else Abandons.OFFERED)
    load = expected.contacts * expected.aht_s / (forecast.grid.interval * 60)
    asa = np.divide(waited, answered, out=np.full_like(waited, np.inf), where=answered > 0)
    occupancy = np.where(agents > 0, found.occupancy[at, agents], 0.0)
    n = forecast.grid.n

    def placed(values: np.ndarray) -> np.ndarray:
        out = np.zeros(n)
        out[found.rows] = values
        return out

    return QueueRequirement(
        queue=queue.name,
        contacts=np.where(forecast.open[queue.name], expected.contacts, 0.0),
        aht_s=expected.aht_s,
        load_erlangs=np.where(forecast.open[queue.name], load, 0.0),
        agents=placed(agents),
        to_schedule=placed(np.array([to_schedule(int(number), shrinkage) for number in agents])),
        service_level=placed(shares),
        answer_rate=placed(answered / found.offered),
        occupancy=placed(occupancy),
        asa_s=placed(asa),
        agents_erlang_c=placed(_plain_erlang_c(counted, load[found.rows], found.aht_s)),
        level=counted,
    )


def _plain_erlang_c(
    counted: ServiceLevel | None, loads: np.ndarray, aht_s: np.ndarray
) -> np.ndarray:
    """The number that people know: Erlang C, interval by interval, load as forecast."""
    share = counted.share if counted else SHARE
    threshold = counted.threshold if counted else THRESHOLD
    pairs = zip(loads.tolist(), aht_s.tolist(), strict=True)
    return np.array([required_agents_c(load, aht, share, threshold) for load, aht in pairs])


def _remarks(queue: Queue, busiest: float, shortest: float) -> list[str]:
    said = []
    if queue.patience_s is None:
        said.append(
            f"queue {queue.name}: callers' patience is not known, so nobody is taken to hang "
            "up (Erlang C); `wfm calibrate` measures it"
        )
    if 0 < shortest < 15:
        said.append(f"queue {queue.name}: an AHT of {shortest:g} seconds; is it in minutes?")
    main = queue.promises[0]
    bare = isinstance(main, ServiceLevel) and main.floor == 0 and main.over is not Period.INTERVAL
    if bare and busiest > STEEP:
        said.append(
            f"queue {queue.name}: a service level without a floor lets whole intervals fail "
            "for the total of the period; floor = 0.5 keeps each of them above one half"
        )
    return said


def totals(requirement: Requirement) -> dict[str, dict[str, float]]:
    """
    By queue: erlang-hours, agent-hours, and what the agents give over the whole horizon.
    """
    hours = requirement.grid.interval / 60
    out = {}
    for name, queue in requirement.queues.items():
        offered = float(queue.contacts.sum())
        weights = queue.contacts / offered if offered else queue.contacts
        out[name] = {
            "contacts": offered,
            "erlang_hours": float(queue.load_erlangs.sum()) * hours,
            "agent_hours": float(queue.agents.sum()) * hours,
            "to_schedule_hours": float(queue.to_schedule.sum()) * hours,
            "erlang_c_hours": float(queue.agents_erlang_c.sum()) * hours,
            "service_level": float(queue.service_level @ weights),
            "answer_rate": float(queue.answer_rate @ weights),
            "peak": float(queue.to_schedule.max(initial=0.0)),
        }
    return out
