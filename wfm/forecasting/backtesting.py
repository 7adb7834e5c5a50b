"""
Rolling origin: what every candidate would have said, and how wrong it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module

import numpy as np

from wfm.domain.accuracy import Backtest, BacktestRow
from wfm.domain.demand import Event, History, Queue
from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.domain.timegrid import DAILY, Grid
from wfm.errors import DataError, WfmError
from wfm.forecasting import scores
from wfm.forecasting.bands import LEVELS, negative_binomial
from wfm.forecasting.combining import Combination, day_forecast, study
from wfm.forecasting.days import Days
from wfm.forecasting.intervals import forecast_intervals, with_slots
from wfm.forecasting.models import DayForecast, Model
from wfm.forecasting.opening import close, infer, shared_rates
from wfm.forecasting.registry import YARDSTICK, model_named
from wfm.forecasting.sharing import each
from wfm.forecasting.sparse import is_sparse
from wfm.forecasting.volumes import Volumes, closures, make_volumes

CANDIDATES = ("seasonal_naive", "mean_4_weeks", "ets", "combination")
HABIT = "combination"  # chosen unless another is clearly better: ...
SLACK = 0.01  # ... by more than this share of its error, ...
SURE = 2.0  # ... and by more than so many standard errors of the difference
GROUPS = (7, 14, 28, 56, 119, 371)  # last days of horizon groups
IMPORTS = (
    "scipy.stats",
    "scipy.signal",
    "scipy.optimize",
    "statsmodels.tsa.exponential_smoothing.ets",
)
MOVES = 48  # of the progress, at least where there are so many origins
WARM = 21  # days of history before the first origin, at least


def backtest(
    history: History,
    queues: Mapping[str, Queue],
    *,
    holidays: Mapping[date, str] | None = None,
    events: Sequence[Event] = (),
    horizon_days: int = 28,
    origins: int = 12,
    models: Sequence[str] | None = None,
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress = silent,
    stop: Stop = never,
) -> Backtest:
    """
    Try candidates on the past of every queue, from many origins, with past data only.

    Parameters
    ----------
    horizon_days
        Days forecast from each origin; shortened where history is too short.
    origins
        How many; they end where the last can still be scored.
    models
        Names of candidates; None: the yardsticks, ETS and the combination.
    workers
        Processes among which the queues are shared out.
    cluster
        Address of a Dask scheduler whose workers do it instead.

    Returns
    -------
    Backtest
        On daily grids days are scored, else intervals.
    """
    chosen = tuple(model_named(name).name for name in models or CANDIDATES)
    shared = shared_rates(history.before(_first_origin(history, horizon_days)))
    names = [name for name in history.queues if not queues or name in queues]
    parts = max(1, min(origins, -(-MOVES // max(len(names), 1))))
    tasks = [
        Rehearsal(
            replace(history, queues={name: history.queues[name]}),
            queues.get(name) or Queue(name),
            holidays or {},
            tuple(events),
            shared,
            (horizon_days, origins),
            chosen,
            (part, parts),
        )
        for name in names
        for part in range(parts)
    ]
    done = each(rehearse, tasks, workers=workers, cluster=cluster, progress=progress, stop=stop)
    tried = _by_queue(done)
    return Backtest(
        tuple(row for one in tried for row in one.rows),
        {one.queue: choose(one.rows)[0] for one in tried if not one.remark},
        {one.queue: choose(one.rows)[1] for one in tried if not one.remark},
        tuple(one.remark for one in tried if one.remark),
    )


def _first_origin(history: History, horizon: int) -> date:
    """A day before every origin: hours that queues share are read off before it."""
    days = history.grid.days
    return history.grid.date(min(days, max(WARM, days - 364 - horizon)))


@dataclass(frozen=True)
class Rehearsal:
    """
    All that the backtest of one queue needs, small enough to send to another process.

    ``extent`` are the days of horizon and the number of origins; ``part`` says which of so
    many shares of the origins are meant.
    """

    history: History
    queue: Queue
    holidays: Mapping[date, str]
    events: Sequence[Event]
    shared: np.ndarray | None
    extent: tuple[int, int]
    models: tuple[str, ...]
    part: tuple[int, int] = (0, 1)


@dataclass(frozen=True)
class Rehearsed:
    """
    The rows of one queue, or why there are none.
    """

    queue: str
    rows: tuple[BacktestRow, ...] = ()
    remark: str = ""


def _by_queue(parts: Iterable[Rehearsed]) -> list[Rehearsed]:
    """One result a queue, rows by origin, from those of its parts."""
    whole: dict[str, Rehearsed] = {}
    for one in parts:
        before = whole.get(one.queue, Rehearsed(one.queue))
        rows = sorted((*before.rows, *one.rows), key=lambda row: row.origin)
        whole[one.queue] = Rehearsed(one.queue, tuple(rows), one.remark)
    return list(whole.values())


def rehearse(task: Rehearsal) -> Rehearsed:
    """
    Every candidate from its share of the origins, on one queue.
    """
    name = task.queue.name
    for library in IMPORTS:  # so that no model is charged for them
        import_module(library)
    horizon, count = task.extent
    try:
        trial = Trial.of(task.history, task.queue, task.holidays, task.events, task.shared)
        part, parts = task.part
        origins = pick_origins(trial.facts.days, horizon, count)[part::parts]
    except DataError as error:
        return Rehearsed(name, remark=f"{name}: no backtest: {error.problems[0].message}")
    rows: list[BacktestRow] = []
    for origin in origins:
        length = min(horizon, trial.facts.days.n - origin)
        past = trial.past(origin, length)
        for model in task.models:
            rows += _score(trial, past, model_named(model), origin, length)
    return Rehearsed(name, tuple(rows))


@dataclass(frozen=True)
class Trial:
    """
    A queue's whole history: facts to score against, and what each origin may see of it.
    """

    history: History
    queue: Queue
    holidays: Mapping[date, str]
    events: Sequence[Event]
    facts: Volumes
    shared: np.ndarray | None = None

    @staticmethod
    def of(
        history: History,
        queue: Queue,
        holidays: Mapping[date, str] | None,
        events: Sequence[Event],
        shared: np.ndarray | None = None,
    ) -> Trial:
        """The trial of a queue; its facts are cut to the hours known in the end."""
        grid = history.grid
        ahead = Grid(grid.until, 1, grid.interval, grid.zone_name)
        facts = _volumes(history, queue, ahead, holidays or {}, events, shared)
        return Trial(history, queue, holidays or {}, events, facts, shared)

    def past(self, origin: int, horizon: int) -> Volumes:
        """What was known on the morning of a day, hours inferred from that alone."""
        grid = self.history.grid
        ahead = Grid(grid.date(origin), horizon, grid.interval, grid.zone_name)
        past = self.history.before(ahead.first)
        return _volumes(past, self.queue, ahead, self.holidays, self.events, self.shared)


def _volumes(
    history: History,
    queue: Queue,
    ahead: Grid,
    holidays: Mapping[date, str],
    events: Sequence[Event],
    shared: np.ndarray | None,
) -> Volumes:
    opening = queue.opening or infer(history, queue.name, shared)
    opening = close(opening, closures(events, queue.name))
    return make_volumes(history, queue.name, opening, ahead, holidays=holidays, events=events)


def pick_origins(days: Days, horizon: int, count: int) -> list[int]:
    """
    Days (index) to forecast from: evenly spread over the last year, every weekday in turn.

    Raises
    ------
    DataError
        Fewer than four weeks are known.
    """
    known = np.flatnonzero(~np.isnan(days.y))
    if known.size < 14 or days.n - known[0] < WARM + 7:
        raise DataError(f"{known.size} known days, a backtest needs four weeks")
    first = max(int(known[0]) + WARM, days.n - 364 - horizon)
    last = max(days.n - horizon, min(days.n - 7, first + 7 * max(1, (days.n - first) // 14)))
    if count == 1 or last <= first:
        return [last]
    step = max(1, (last - first) // (count - 1))
    if step > 7 and step % 7 == 0:
        step -= 1  # else every origin would be the same weekday
    return list(range(last, first - 1, -step))[:count][::-1]


def _score(
    trial: Trial, past: Volumes, model: Model, origin: int, length: int
) -> list[BacktestRow]:
    """One model from one origin: a row for each group of horizons with facts."""
    facts = trial.facts
    interval = trial.history.grid.interval
    started = time.process_time()
    try:
        scored = _daily if interval == DAILY else _slots
        contacts, quantiles = scored(past, model, interval)
    except WfmError:  # a model that this little history cannot feed has no row
        return []
    spent = time.process_time() - started
    actual = facts.table[origin : origin + length]
    contacts, quantiles = contacts[-length:], quantiles[-length:]
    scale = scores.weekly_scale(past.table.ravel(), 7 * past.table.shape[1])
    rows = []
    start = 0
    for end in (*(last for last in GROUPS if last < length), length):
        y = actual[start:end].ravel()
        q = quantiles[start:end].reshape(-1, len(LEVELS))
        f = contacts[start:end].ravel()
        start = end
        if not np.nansum(y) > 0:
            continue
        in80, in95 = scores.cover(y, q)
        rows.append(
            BacktestRow(
                trial.queue.name,
                model.name,
                end,
                facts.days.date(origin),
                scores.wape(y, f),
                scores.mase(y, f, scale),
                scores.bias(y, f),
                scores.crps(y, q),
                in80,
                in95,
                spent,
            )
        )
    return rows


def _daily(past: Volumes, model: Model, _interval: int) -> tuple[np.ndarray, np.ndarray]:
    """Contacts [days, 1] and quantiles [days, 1, 13]."""
    day = model.forecast(past.days)
    return day.contacts[:, None], day.quantiles[:, None, :]


def _slots(past: Volumes, model: Model, interval: int) -> tuple[np.ndarray, np.ndarray]:
    """Contacts [days, slots] and quantiles [days, slots, 13]."""
    few = is_sparse(past.days)
    found = None
    if isinstance(model, Combination) and not few:
        found = with_slots(study(past.days), past, interval)
    day: DayForecast = day_forecast(past.days, found) if found else model.forecast(past.days)
    ahead = forecast_intervals(past, interval, day, found)
    spread = np.sqrt((1 + ahead.day_cv[:, None] ** 2) * (1 + ahead.interval_cv**2) - 1)
    return ahead.contacts, negative_binomial(ahead.contacts, spread, LEVELS)


def choose(rows: Sequence[BacktestRow]) -> tuple[str, str]:
    """
    The candidate with the least mean WAPE, and the reason in words.

    The combination is chosen unless another is clearly better: a lead that a few origins
    give by chance is no reason to leave what is better on most queues.
    """
    errors: dict[str, list[float]] = {}
    for row in rows:
        if np.isfinite(row.wape):
            errors.setdefault(row.model, []).append(row.wape)
    if not errors:
        return HABIT, "no past day could be scored"
    most = max(len(values) for values in errors.values())
    means = {name: float(np.mean(v)) for name, v in errors.items() if len(v) == most}
    best = min(means, key=lambda name: (means[name], name))
    if HABIT in means and not _clearly(errors[best], errors[HABIT]):
        best = HABIT
    reason = f"WAPE {means[best]:.1%} on {most} past forecasts"
    if YARDSTICK in means and best != YARDSTICK:
        reason += f", seasonal naive {means[YARDSTICK]:.1%}"
    return best, reason


def _clearly(errors: Sequence[float], others: Sequence[float]) -> bool:
    """Whether errors are below others of the same past forecasts by more than chance gives."""
    lead = np.asarray(others) - np.asarray(errors)
    doubt = SURE * float(np.std(lead)) / np.sqrt(max(1, len(lead) - 1))
    return bool(lead.mean() > max(SLACK * float(np.mean(others)), doubt))
