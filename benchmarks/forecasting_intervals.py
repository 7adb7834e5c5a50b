"""
Intervals: against the literature's methods, by paths, within the day, and handle times.
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks.forecasting_data import LINES, handle_time_history, line
from benchmarks.forecasting_slot_peers import installed_by_slot
from benchmarks.literature import METHODS
from wfm.domain.demand import History, QueueHistory, kindred_factors
from wfm.forecasting.aht import handle_times
from wfm.forecasting.backtesting import Trial
from wfm.forecasting.bands import negative_binomial
from wfm.forecasting.combining import day_forecast, study
from wfm.forecasting.intervals import IntervalForecast, forecast_intervals, with_slots
from wfm.forecasting.intraday import update
from wfm.forecasting.volumes import Volumes

LITERATURE = ("Shen-Huang", "Weinberg-Brown-Stroud", "mixed effects")
PATHS = 300
TODAY = ("bank 30 min", "Technion 30 min")

Rows = list[tuple[str, str, float]]


def own(past: Volumes, interval: int) -> IntervalForecast:
    """The product's forecast of the days after ``past``."""
    found = with_slots(study(past.days), past, interval)
    return forecast_intervals(past, interval, day_forecast(past.days, found), found)


def measure_intervals(count: int, slow: int, tested: int) -> Rows:
    """
    All lines, a fortnight and (where it is the literature's habit) the next day.

    ``slow`` origins for other people's libraries; ``tested`` days of mid-day updates.
    """
    rows: Rows = []
    for name in LINES:
        horizons = (14,) if name.startswith("AXA") else (14, 1)
        for horizon in horizons:
            rows += measure(name, horizon, count if horizon > 1 else 2 * count, slow)
    ratios = [value for name, figure, value in rows if "AXA" in name and "best" in figure]
    if ratios:
        rows.append(("AXA", "WAPE over the best of the literature", _geometric(ratios)))
    for name in TODAY:
        rows += measure_today(name, tested)
    rows += measure_handle_times()
    for row in rows:
        print(f"{row[0]:40s} {row[1]:44s} {row[2]:.4f}")
    return rows


def _geometric(ratios: list[float]) -> float:
    return float(np.exp(np.mean(np.log(ratios))))


def some(origins: list[int], count: int) -> list[int]:
    """So many of the origins, evenly spread, the latest among them."""
    return origins[:: max(1, round(len(origins) / max(count, 1)))][:count]


def starts(trial: Trial, horizon: int, count: int) -> list[int]:
    """Origins over the last year, every weekday in turn."""
    days = trial.facts.days
    first = max(70, days.n - 364 if days.n > 420 else days.n // 2)
    step = max(1, (days.n - horizon - first) // count)
    step += step % 7 == 0
    rows = range(days.n - horizon, first, -step)
    return [at for at in rows if horizon > 1 or not np.isnan(days.y[at])][:count]


def measure(name: str, horizon: int, count: int, slow: int = 0) -> Rows:
    """WAPE of every method, bands, paths and CPU on one line; peers from ``slow`` origins."""
    given = line(name)
    trial = Trial.of(given.history, given.queue, given.holidays, ())
    interval = given.history.grid.interval
    errors: dict[str, float] = dict.fromkeys(("own", *METHODS), 0.0)
    total, inside, cells, cpu = 0.0, np.zeros(2), 0, 0.0
    days_in, days_seen = 0, 0
    origins = starts(trial, horizon, count)
    rivals = Rivals(some(origins, slow) if slow else [])
    for origin in origins:
        past = trial.past(origin, horizon)
        actual = trial.facts.table[origin : origin + horizon]
        known = ~np.isnan(actual)
        begun = time.process_time()
        found = own(past, interval)
        cpu += time.process_time() - begun
        table, weekday = past.table, past.days.weekday
        guesses = {"own": found.contacts[-horizon:]}
        for method, make in METHODS.items():
            guesses[method] = make(table, weekday, weekday[len(table) :])[-horizon:]
        rivals.meet(origin, past, horizon, actual, guesses["own"])
        for method, guess in guesses.items():
            errors[method] += float(np.abs(guess - actual)[known].sum())
        total += float(actual[known].sum())
        day_cv, own_cv = found.day_cv[-horizon:], found.interval_cv[-horizon:]
        cv = np.sqrt((1 + day_cv[:, None] ** 2) * (1 + own_cv**2) - 1)
        bands = negative_binomial(guesses["own"], cv, np.array([0.025, 0.1, 0.9, 0.975]))
        for at, (low, high) in enumerate(((1, 2), (0, 3))):
            hit = (actual >= bands[..., low]) & (actual <= bands[..., high])
            inside[at] += hit[known].sum()
        cells += int(known.sum())
        hits, seen = _day_totals(guesses["own"], day_cv, own_cv, actual, interval)
        days_in, days_seen = days_in + hits, days_seen + seen
    wapes = {method: error / total for method, error in errors.items()}
    best = min(wapes[method] for method in LITERATURE)
    when = "next day" if horizon == 1 else f"{horizon} days"
    rows: Rows = [(f"{name}, {method}", f"WAPE, {when}", value) for method, value in wapes.items()]
    rows.append((name, f"WAPE over the best of the literature, {when}", wapes["own"] / best))
    rows.append((name, f"in 80 % band, {when}", float(inside[0] / cells)))
    rows.append((name, f"in 95 % band, {when}", float(inside[1] / cells)))
    rows.append((name, f"day total in 80 % of paths, {when}", days_in / max(days_seen, 1)))
    rows.append((name, f"CPU s, {when}", cpu / max(len(origins), 1)))
    return rows + rivals.rows(name, when)


class Rivals:
    """
    Other people's forecasters from a few of the origins, and the product's own from the same.
    """

    def __init__(self, origins: list[int]):
        self.origins = origins
        self.peers = installed_by_slot() if origins else {}
        self.sums = {name: np.zeros(3) for name in self.peers}  # theirs, own, CPU s

    def meet(
        self, origin: int, past: Volumes, horizon: int, actual: np.ndarray, mine: np.ndarray
    ) -> None:
        """Add up the errors of one origin."""
        if origin not in self.origins:
            return
        known = ~np.isnan(actual)
        table, weekday = past.table, past.days.weekday
        for name, make in self.peers.items():
            begun = time.process_time()
            guess = make(table, weekday[: len(table)], weekday[len(table) :])[-horizon:]
            cpu = time.process_time() - begun
            misses = [float(np.abs(one - actual)[known].sum()) for one in (guess, mine)]
            self.sums[name] += [*misses, cpu]

    def rows(self, line: str, when: str) -> Rows:
        """Own error over each peer's, and what the peer took."""
        out: Rows = []
        for name, (theirs, mine, cpu) in self.sums.items():
            out.append((line, f"WAPE over {name}, {when}", mine / theirs))
            out.append((f"{line}, {name}", f"CPU s, {when}", cpu / len(self.origins)))
        return out


def _day_totals(
    contacts: np.ndarray, day_cv: np.ndarray, own_cv: np.ndarray, actual: np.ndarray, interval: int
) -> tuple[int, int]:
    """How many days' totals lie between the 10 % and 90 % quantiles of the paths."""
    stream = np.random.default_rng(1)
    hits = seen = 0
    clock = np.arange(contacts.shape[1]) * interval
    for row, cv, own_row, facts in zip(contacts, day_cv, own_cv, actual, strict=True):
        if np.isnan(facts).all() or row.sum() <= 0:
            continue
        shape = 1 / max(float(cv), 1e-6) ** 2
        shared = stream.gamma(shape, 1 / shape, (PATHS, 1))
        rates = row * shared * kindred_factors(stream, own_row, PATHS, clock)
        low, high = np.quantile(stream.poisson(rates).sum(axis=1), [0.1, 0.9])
        hits += int(low <= np.nansum(facts) <= high)
        seen += 1
    return hits, seen


def measure_today(name: str, count: int) -> Rows:
    """How far the mid-day update cuts the error of the rest of the day."""
    given = line(name)
    trial = Trial.of(given.history, given.queue, given.holidays, ())
    facts, interval = trial.facts, given.history.grid.interval
    days = [at for at in range(60, facts.days.n) if not np.isnan(facts.days.y[at])][-2 * count :]
    expected = np.zeros(facts.table.shape)
    for at in days:
        expected[at] = own(trial.past(at, 1), interval).contacts[-1]
    counts = np.nan_to_num(facts.table)
    before, after, due = np.zeros(2), np.zeros(2), 0.0
    for at in days[len(days) // 2 :]:
        earlier = [day for day in days if day < at][-120:]
        row = expected[at]
        k = int(np.searchsorted(np.cumsum(row) / row.sum(), 0.5)) + 1
        found = update(row, counts[at, :k], counts[earlier], expected[earlier], interval).contacts
        rest = (row > 0) & (np.arange(len(row)) >= k)
        for sums, guess in ((before, row), (after, found)):
            miss = (guess - counts[at])[rest]
            sums += [np.abs(miss).sum(), abs(miss.sum())]
        due += counts[at][rest].sum()
    cut = 1 - after / before
    absolute = [
        (name, f"mid-day update: WAPE of the rest's {what}, {when}", float(sums[at] / due))
        for at, what in enumerate(("intervals", "total"))
        for when, sums in (("as forecast", before), ("updated", after))
    ]
    return [
        *absolute,
        (name, "mid-day update: cut of interval error", float(cut[0])),
        (name, "mid-day update: cut of the rest's total error", float(cut[1])),
    ]


def measure_handle_times(tested: int = 24) -> Rows:
    """Error of the workload of a half hour, calls known, against the mean so far."""
    history = handle_time_history()
    rows: Rows = []
    for name in history.queues:
        own, mean, work = _workload_errors(history, name, tested)
        rows.append((f"handle times, {name}", "workload error per half hour, own", own / work))
        rows.append((f"handle times, {name}", "the same of the mean so far", mean / work))
        rows.append((f"handle times, {name}", "own over the mean so far", own / mean))
    return rows


def _workload_errors(history: History, name: str, tested: int) -> np.ndarray:
    """Sums over the last days with calls: own error, that of the mean so far, the work."""
    grid = history.grid
    calls, actual = _calls(history.queues[name])
    sums = np.zeros(3)
    for day in [day for day in range(grid.days) if calls[grid.day == day].any()][-tested:]:
        today = grid.day == day
        past = history.before(grid.date(day))
        before, seconds = _calls(past.queues[name])
        mean = float((before * seconds).sum() / before.sum())
        own = handle_times(past.grid, past.queues[name], 1)[0][grid.clock[today] // grid.interval]
        for at, guess in enumerate((own, mean, 0.0)):
            sums[at] += (calls[today] * np.abs(guess - actual[today])).sum()
    return sums


def _calls(queue: QueueHistory) -> tuple[np.ndarray, np.ndarray]:
    """Answered calls and their mean handle time; zeros where either is unknown."""
    known = ~np.isnan(queue.answered * queue.aht_s)
    return np.where(known, queue.answered, 0.0), np.where(known, queue.aht_s, 0.0)
