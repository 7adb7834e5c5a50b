"""
Pictures of a plan as SVG text: the same bytes for the same results, whatever the machine.

Text stays text, so that it can be searched, read aloud and follows the page's font.
Colours are told apart by people with any colour sight; shape or label says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wfm.domain.demand import Forecast, History
from wfm.domain.outcome import CostLine, QueueSimulation, Verdict
from wfm.domain.promise import Requirement
from wfm.domain.shortfall import aims
from wfm.domain.timegrid import Grid
from wfm.reporting import facts, service, words
from wfm.reporting.drawing import (
    BAND,
    INK,
    LINES,
    NEED,
    PAST,
    PLAN,
    QUIET,
    SHORT,
    WIDTH,
    drawing,
    svg,
)

PAST_WEEKS = 4  # earlier weeks behind a forecast


@dataclass(frozen=True)
class _Axis:
    """
    The open intervals of a horizon side by side: nights when all is closed take no room.
    """

    grid: Grid
    shown: np.ndarray  # intervals, int64 [k]

    def days(self) -> Iterator[tuple[int, int, int]]:
        """Each day that has room: its number, its first position and the one after it."""
        day = self.grid.day[self.shown]
        for number in np.unique(day):
            where = np.flatnonzero(day == number)
            yield int(number), int(where[0]), int(where[-1]) + 1

    def stairs(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Positions and values of a step line that breaks between days."""
        xs: list[float] = []
        ys: list[float] = []
        for _, first, last in self.days():
            xs += [*np.repeat(np.arange(first, last + 1), 2)[1:-1], np.nan]
            ys += [*np.repeat(values[self.shown[first:last]], 2), np.nan]
        return np.array(xs), np.array(ys)

    def dress(self, axes: Axes) -> None:
        """Name the days below, mark noon, and part the days by lines."""
        bounds = [(number, first, last) for number, first, last in self.days()]
        axes.set_xlim(0, len(self.shown))
        axes.set_xticks([(first + last) / 2 for _, first, last in bounds])
        step = 1 if len(bounds) <= 10 else -(-len(bounds) // 10)
        axes.set_xticklabels(
            words.day(self.grid.date(number)) if at % step == 0 else ""
            for at, (number, _, _) in enumerate(bounds)
        )
        axes.tick_params(axis="x", length=0)
        for _, first, _ in bounds[1:]:
            axes.axvline(first, color=LINES, linewidth=1)
        clock = self.grid.clock[self.shown]
        noons = np.flatnonzero(clock == 720) if len(bounds) <= 10 else np.zeros(0)
        axes.set_xticks(noons, minor=True)
        axes.tick_params(axis="x", which="minor", length=3, color=QUIET)
        axes.grid(axis="y")
        axes.set_ylim(bottom=0)


def _open_axis(grid: Grid, opened: Mapping[str, np.ndarray]) -> _Axis:
    everywhere = np.zeros(grid.n, dtype=bool)
    for mask in opened.values():
        everywhere |= mask
    if not everywhere.any():
        everywhere[:] = True
    return _Axis(grid, np.flatnonzero(everywhere))


def forecast_figure(forecast: Forecast, history: History | None, queue: str) -> str:
    """
    One queue's forecast with its bands, over the same weekdays of the weeks before.
    """
    grid, data = forecast.grid, forecast.queues[queue]
    axis = _open_axis(grid, {queue: forecast.open[queue]})
    with drawing(WIDTH, 2.7) as figure:
        axes = figure.subplots()
        for low, high, depth, name in (
            (data.lo95, data.hi95, 0.15, "95 % of counts"),
            (data.lo80, data.hi80, 0.25, "80 % of counts"),
        ):
            xs, lows = axis.stairs(low)
            highs = axis.stairs(high)[1]
            axes.fill_between(xs, lows, highs, color=BAND, alpha=depth, linewidth=0, label=name)
        for at, past in enumerate(_past_weeks(grid, history, queue)):
            axes.plot(
                np.arange(len(axis.shown)) + 0.5,
                past[axis.shown],
                "o",
                color=PAST,
                markersize=1.6,
                label=f"each of the {PAST_WEEKS} weeks before" if at == 0 else None,
            )
        axes.plot(*axis.stairs(data.contacts), color=PLAN, linewidth=1.8, label="forecast")
        axis.dress(axes)
        axes.set_title(queue)
        axes.set_ylabel(f"contacts per {grid.interval} min")
        figure.legend(loc="outside upper left", ncols=4)
        return svg(figure)


def _past_weeks(grid: Grid, history: History | None, queue: str) -> list[np.ndarray]:
    """What the queue saw 1, 2, ... weeks before, on the forecast's grid; NaN is unknown."""
    if history is None or queue not in history.queues or history.grid.interval != grid.interval:
        return []
    seen = history.grid
    known = {
        (seen.date(int(day)), int(clock)): value
        for day, clock, value in zip(
            seen.day, seen.clock, history.queues[queue].contacts, strict=True
        )
    }
    weeks = []
    for back in range(1, PAST_WEEKS + 1):
        lag = timedelta(weeks=back + max(0, -(-(grid.days - 7) // 7)))
        values = [
            known.get((grid.date(int(day)) - lag, int(clock)), np.nan)
            for day, clock in zip(grid.day, grid.clock, strict=True)
        ]
        if np.isfinite(values).any():
            weeks.append(np.array(values))
    return weeks


def daily_figure(forecast: Forecast, history: History, seed: int = 0) -> str:
    """
    Contacts by day: the history's last eight weeks, then the forecast with its 80 % range.
    """
    ranges = facts.day_ranges(forecast, seed)
    names = [name for name in forecast.queues if name in history.queues]
    with drawing(WIDTH, 0.6 + 1.15 * len(names)) as figure:
        panels = np.atleast_1d(figure.subplots(len(names), 1, sharex=True))
        for axes, name in zip(panels, names, strict=True):
            days, totals = _past_days(history, name, forecast.grid)
            axes.plot(days, totals, "o", color=PAST, markersize=3.5, label="seen")
            ahead = np.arange(forecast.grid.days)
            here = list(ranges[name])
            low = np.array([today.expected - today.low for today in here])
            high = np.array([today.high - today.expected for today in here])
            middle = np.array([today.expected for today in here])
            keep = middle > 0
            axes.errorbar(
                ahead[keep],
                middle[keep],
                yerr=np.clip([low[keep], high[keep]], 0, None),
                fmt="D",
                markersize=4,
                color=PLAN,
                capsize=2,
                label="forecast, with the 80 % range",
            )
            axes.axvline(-0.5, color=LINES, linewidth=1)
            axes.set_title(name)
            axes.set_ylim(bottom=0)
            axes.grid(axis="y")
        _date_ticks(panels[-1], forecast.grid)
        panels[len(names) // 2].set_ylabel("contacts per day")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=2)
        return svg(figure)


def _past_days(history: History, queue: str, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Days before the forecast (negative) and their totals; days without records are left out."""
    seen, contacts = history.grid, history.queues[queue].contacts
    offset = (seen.first - grid.first).days
    days, totals = [], []
    for number in range(seen.days):
        values = contacts[seen.day == number]
        if -56 <= number + offset < 0 and np.isfinite(values).any() and np.nansum(values) > 0:
            days.append(number + offset)
            totals.append(float(np.nansum(values)))
    return np.array(days), np.array(totals)


def _date_ticks(axes: Axes, grid: Grid) -> None:
    first, last = axes.get_xlim()
    ticks = [day for day in range(int(first) - 7, int(last) + 1) if day % 7 == 0 and day >= first]
    axes.set_xticks(ticks)
    axes.set_xticklabels(words.day(grid.first + timedelta(days=day)) for day in ticks)


def cover_figure(requirement: Requirement, cover: Mapping[str, np.ndarray]) -> str:
    """
    People on the roster by queue, against what it would need alone and what it needs at
    least; where cover lies below the least, the gap is filled.
    """
    owed = {name: aim for name, aim in aims(requirement).items() if name in cover}
    axis = _open_axis(requirement.grid, requirement.open)
    with drawing(WIDTH, 0.5 + 1.55 * len(owed)) as figure:
        panels = np.atleast_1d(figure.subplots(max(1, len(owed)), 1, sharex=True))
        for axes, (name, aim) in zip(panels, owed.items(), strict=False):
            opened = requirement.open[name]
            alone = requirement.queues[name].to_schedule
            xs, heads = axis.stairs(np.where(opened, cover[name], np.nan))
            least = axis.stairs(np.where(opened, aim.heads, np.nan))[1]
            axes.fill_between(
                xs, 0, heads, color=PLAN, alpha=0.3, linewidth=0, label="on the roster"
            )
            axes.fill_between(
                *(xs, heads, least),
                where=least > heads + 1e-6,
                color=SHORT,
                alpha=0.65,
                linewidth=0,
                label="missing",
            )
            axes.plot(xs, least, color=NEED, linewidth=1.2, label="needed at least")
            axes.plot(
                *axis.stairs(np.where(opened, alone, np.nan)),
                color=PAST,
                linewidth=0.9,
                label="enough for the queue alone, in whole people",
            )
            axes.set_title(name)
            axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
            axis.dress(axes)
        panels[len(owed) // 2].set_ylabel("people")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=4)
        return svg(figure)


def promise_figure(
    verdict: Verdict,
    requirement: Requirement,
    cover: Mapping[str, np.ndarray],
    queues: Sequence[str],
) -> str:
    """
    The promise of some queues by day, planned and simulated, and their simulated occupancy.
    """
    simulation = verdict.simulation
    if simulation is None:
        raise ValueError("a plan that was not simulated has no such picture")
    planned = service.planned_days(requirement, cover)
    with drawing(WIDTH, 4.4) as figure:
        panels = figure.subplots(2, len(queues), sharex=True, sharey="row", squeeze=False)
        for at, name in enumerate(queues):
            _promise_panel(panels[0, at], verdict, name, planned.get(name))
            _occupancy_panel(panels[1, at], service.day_occupancy(simulation, cover, name))
            panels[0, at].set_title(name)
            _day_ticks(panels[1, at], simulation.grid)
        panels[0, 0].set_ylabel("share of contacts, %")
        panels[1, 0].set_ylabel("occupancy, %")
        handles: dict[str, Any] = {}
        for axes in panels.flat:
            found, labels = axes.get_legend_handles_labels()
            handles |= dict(zip(labels, found, strict=True))
        figure.legend(list(handles.values()), list(handles), loc="outside upper left", ncols=4)
        return svg(figure)


def _day_ticks(axes: Axes, grid: Grid) -> None:
    """Weekdays below a narrow panel; the first day of each week where there are many."""
    step = 1 if grid.days <= 7 else 7
    axes.set_xticks(range(0, grid.days, step))
    names = [words.day(grid.date(day)) for day in range(0, grid.days, step)]
    axes.set_xticklabels(name[:2] if step == 1 else name[4:] for name in names)


def _promise_panel(axes: Axes, verdict: Verdict, queue: str, planned: np.ndarray | None) -> None:
    promises = [promise for promise in verdict.promises if promise.queue == queue]
    simulation = verdict.simulation
    if simulation is not None:
        kind = promises[0].kind if promises else ""
        _simulated_days(axes, simulation.queues[queue], simulation.grid, kind)
    if planned is not None and np.isfinite(planned).any():
        axes.plot(
            range(len(planned)),
            100 * planned,
            "D",
            markersize=5,
            markerfacecolor="none",
            color=INK,
            label="planned",
        )
    for target in sorted({promise.target for promise in promises}):
        axes.axhline(100 * target, color=SHORT, linewidth=1.2, linestyle="--", label="target")
    axes.grid(axis="y")


def _simulated_days(axes: Axes, queue: QueueSimulation, grid: Grid, kind: str) -> None:
    """The promised share by day: with its interval where that is known, else the mean."""
    days = {
        int(period.split()[1]): estimate
        for period, estimate in queue.kept.items()
        if period.startswith("day ") and np.isfinite(estimate.value)
    }
    if not days:
        means = service.simulated_days(queue, grid, kind)
        axes.plot(range(grid.days), 100 * means, "o", color=PLAN, label="simulated")
        return
    values = np.array([estimate.value for estimate in days.values()])
    below = values - [estimate.low for estimate in days.values()]
    above = np.array([estimate.high for estimate in days.values()]) - values
    axes.errorbar(
        list(days),
        100 * values,
        yerr=100 * np.clip([below, above], 0, None),
        fmt="o",
        markersize=5,
        capsize=3,
        color=PLAN,
        label="simulated, with its 95 % interval",
    )


def _occupancy_panel(axes: Axes, occupancy: np.ndarray) -> None:
    axes.bar(range(len(occupancy)), 100 * np.nan_to_num(occupancy), color=PAST, width=0.6)
    axes.set_ylim(0, 100)
    axes.grid(axis="y")


def cost_figure(costs: Sequence[CostLine], currency: str = "") -> str:
    """
    Cost by item, the largest on top, each bar with its amount.
    """
    items = facts.items(costs)
    with drawing(WIDTH, 0.7 + 0.34 * max(1, len(items))) as figure:
        axes = figure.subplots()
        amounts = [item.amount / 100 for item in items]
        bars = axes.barh([item.item for item in items], amounts, color=PLAN, height=0.6)
        labels = [f"{words.money(item.amount, currency)}" for item in items]
        axes.bar_label(bars, labels, color=INK, padding=4)
        axes.invert_yaxis()
        axes.margins(x=0.15)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.xaxis.set_major_formatter(lambda value, _: words.number(value))
        axes.set_xlabel(f"cost, {currency or 'currency units'}")
        axes.grid(axis="x")
        return svg(figure)
