"""
What formulas need to know, measured: handle times, patience, hidden time, forecast error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage
from wfm.domain.calls import Calls
from wfm.domain.demand import History, QueueHistory
from wfm.domain.roster import Roster
from wfm.domain.workforce import AbsenceKind

FEW = 50  # calls or abandonments below which nothing is concluded
LONGEST_HIDDEN = 180.0  # seconds; a longer gap before a waiting caller is a break
KNOTS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800)


def calibrate(
    *,
    calls: Calls | None = None,
    history: History | None = None,
    spreads: Mapping[str, tuple[float, float]] | None = None,
    shrinkage: Shrinkage | None = None,
) -> Calibration:
    """
    Put together what each source can tell.

    Parameters
    ----------
    calls
        Single calls: distributions, patience, hidden time.
    history
        Intervals: means alone, for queues that have no calls.
    spreads
        By queue, day and interval coefficients of variation of the forecast's error.
    shrinkage
        As past plans show it.
    """
    queues: dict[str, QueueCalibration] = {}
    remarks: list[str] = []
    if history is not None:
        queues |= {name: from_intervals(queue, history) for name, queue in history.queues.items()}
    if calls is not None:
        remarks += calls.remarks
        queues |= from_calls(calls)
    for name, (day_cv, interval_cv) in (spreads or {}).items():
        measured = queues.get(name, QueueCalibration())
        queues[name] = replace(measured, day_cv=day_cv, interval_cv=interval_cv)
    for name, measured in sorted(queues.items()):
        remarks += _doubts(name, measured)
    return Calibration(dict(sorted(queues.items())), shrinkage, tuple(remarks))


def _doubts(name: str, measured: QueueCalibration) -> Iterable[str]:
    if measured.patience_s is None:
        yield f"queue {name}: fewer than {FEW} abandonments, patience is not known"
    if measured.aht_s is None:
        yield f"queue {name}: fewer than {FEW} handle times, AHT is not known"


def from_calls(calls: Calls) -> dict[str, QueueCalibration]:
    """
    What single calls tell, by queue.
    """
    gaps = hidden_gaps(calls)
    found = {}
    for name in sorted(set(calls.queue.tolist())):
        mine = calls.of(name)
        hidden = gaps[mine & ~np.isnan(gaps)]
        extra = float(hidden.mean()) if len(hidden) >= FEW else 0.0
        served = mine & calls.answered & (calls.service_s > 0)
        measured = QueueCalibration(calls=int(mine.sum()), hidden_s=extra)
        found[name] = _with_patience(
            _with_handle_times(measured, calls.service_s[served] + extra, calls.hour[served]),
            calls.wait_s[mine],
            ~calls.answered[mine],
        )
    return found


def _with_handle_times(
    measured: QueueCalibration, seconds: np.ndarray, hours: np.ndarray
) -> QueueCalibration:
    """Mean and variation of handle times, and their mean by hour of the day."""
    if len(seconds) < FEW:
        return measured
    by_hour = {
        int(hour): float(seconds[hours == hour].mean())
        for hour in np.unique(hours)
        if (hours == hour).sum() >= FEW
    }
    mean = float(seconds.mean())
    return replace(measured, aht_s=mean, aht_cv=float(seconds.std() / mean), aht_by_hour=by_hour)


def hidden_gaps(calls: Calls) -> np.ndarray:
    """
    Seconds between the end of a call and the agent's next, where a caller already waited.

    Nobody lets a caller wait for fun: what lies between is work that the log of talk time
    does not hold. NaN where the agent's next caller had not come yet, or where the gap is
    long enough to be a break; float [n], at the earlier call.
    """
    out = np.full(len(calls.arrival_s), np.nan)
    begun = calls.arrival_s + np.nan_to_num(calls.wait_s)
    ended = begun + calls.service_s
    known = calls.answered & (calls.agent != "") & ~np.isnan(calls.service_s)
    for agent in set(calls.agent[known].tolist()):
        rows = np.flatnonzero(known & (calls.agent == agent))
        rows = rows[np.argsort(begun[rows], kind="stable")]
        before, after = rows[:-1], rows[1:]
        gap = begun[after] - ended[before]
        waited = calls.arrival_s[after] < ended[before]
        good = waited & (gap >= 0) & (gap <= LONGEST_HIDDEN)
        out[before[good]] = gap[good]
    return out


def _with_patience(
    measured: QueueCalibration, waits: np.ndarray, gone: np.ndarray
) -> QueueCalibration:
    known = ~np.isnan(waits)
    waits, gone = waits[known], gone[known]
    if gone.sum() < FEW:
        return measured
    mean = float(waits.sum() / gone.sum())
    return replace(measured, patience_s=mean, patience_curve=kaplan_meier(waits, gone))


def kaplan_meier(waits: np.ndarray, gone: np.ndarray) -> tuple[tuple[float, float], ...]:
    """
    Share of callers with more patience than a wait, at a few waits.

    Who was answered had patience for at least that wait: the estimate of Kaplan and Meier
    (1958) counts them as long as they waited. It ends where fewer than ``FEW`` wait on.

    Parameters
    ----------
    waits
        Seconds, [n].
    gone
        Who hung up, bool [n]; the others were answered.
    """
    order = np.argsort(waits, kind="stable")
    times, events = waits[order], gone[order]
    moments, first = np.unique(times, return_index=True)
    at_risk = len(times) - first
    lost = np.add.reduceat(events.astype(float), first)
    left = np.cumprod(1 - lost / at_risk)
    curve = [(0.0, 1.0)]
    for knot in KNOTS:
        until = np.searchsorted(moments, knot, side="right") - 1
        waiting = len(times) - np.searchsorted(times, knot, side="right")
        if until >= 0 and waiting >= FEW and 0 < left[until] < curve[-1][1]:
            curve.append((float(knot), float(left[until])))
    return tuple(curve)


def from_intervals(queue: QueueHistory, history: History) -> QueueCalibration:
    """
    What interval totals tell: means, no distributions.

    Patience is the time waited by all over the number who hung up: exact for exponential
    patience, whatever the staffing was.
    """
    contacts = np.nan_to_num(queue.contacts)
    measured = QueueCalibration(calls=int(contacts.sum()))
    if queue.aht_s is not None:
        answered = contacts if queue.answered is None else np.nan_to_num(queue.answered)
        known = ~np.isnan(queue.aht_s) & (answered > 0)
        if answered[known].sum() >= FEW:
            hours = history.grid.clock // 60
            measured = replace(
                measured,
                aht_s=_mean(queue.aht_s[known], answered[known]),
                aht_by_hour={
                    int(hour): _mean(queue.aht_s[here], answered[here])
                    for hour in np.unique(hours[known])
                    if answered[here := known & (hours == hour)].sum() >= FEW
                },
            )
    if queue.wait_s is not None and queue.abandoned is not None:
        known = ~np.isnan(queue.wait_s) & ~np.isnan(queue.abandoned)
        lost = queue.abandoned[known].sum()
        waited = (queue.wait_s[known] * contacts[known]).sum()
        if lost >= FEW and waited > 0:
            measured = replace(measured, patience_s=float(waited / lost))
    return measured


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float((values * weights).sum() / weights.sum())


def spread(actual: np.ndarray, expected: np.ndarray, day: np.ndarray) -> tuple[float, float]:
    """
    Coefficients of variation of a forecast's error beyond Poisson: a day's, an interval's.

    With the day's total given, an interval varies by chance and by its own shock; the
    day's total varies by chance, by these, and by the shock that all its intervals share.
    Each is what is left when the others are taken away; not below zero.

    Parameters
    ----------
    actual, expected
        Contacts that came and that were forecast, [n]; rows without forecast are ignored.
    day
        Day of each row, [n].
    """
    use = (expected > 0) & ~np.isnan(actual)
    actual, expected, day = actual[use], expected[use], day[use]
    if len(actual) == 0:
        return 0.0, 0.0
    _, place = np.unique(day, return_inverse=True)
    came, foreseen = np.bincount(place, actual), np.bincount(place, expected)
    scaled = expected * (came / foreseen)[place]
    share = expected / foreseen[place]
    own = (actual - scaled) ** 2 - scaled * (1 - share)
    base = (scaled**2 * (1 - share)).sum()
    interval = max(0.0, float(own.sum() / base)) if base > 0 else 0.0
    squares = np.bincount(place, expected**2)
    shared = ((came - foreseen) ** 2 - foreseen - interval * squares).sum()
    return float(np.sqrt(max(0.0, shared / (foreseen**2).sum()))), float(np.sqrt(interval))


def unplanned_shrinkage(scheduled: float, missed: float) -> Shrinkage | None:
    """
    The share of scheduled minutes that people were unexpectedly away; None without plans.
    """
    if scheduled <= 0:
        return None
    return Shrinkage(unplanned=min(0.99, max(0.0, missed / scheduled)))


def missed_minutes(rosters: Iterable[Roster]) -> tuple[float, float]:
    """
    Paid minutes that past rosters planned, and those of them in which people were ill.

    Only absences that were found out on the day overlap a planned duty.
    """
    planned = missed = 0.0
    for tour in (tour for roster in rosters for tour in roster):
        ill = [away for away in tour.person.absences if away.kind is AbsenceKind.SICK]
        for block in (block for duty in tour.planned for block in duty.blocks):
            if not block.activity.paid:
                continue
            planned += block.minutes
            missed += sum(
                max(0, min(block.end, away.end) - max(block.start, away.start)) for away in ill
            )
    return planned, missed
