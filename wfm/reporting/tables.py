"""
Rows of tables, as text with units, for the terminal and for pages alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from wfm.domain.accuracy import Backtest, BacktestRow
from wfm.domain.demand import Forecast
from wfm.domain.outcome import (
    CostLine,
    Estimate,
    Plan,
    PromiseVerdict,
    QueueSimulation,
    SimulationResult,
    Verdict,
)
from wfm.domain.promise import OnTime, Promise, Requirement, ServiceLevel
from wfm.domain.roster import Status, Violation
from wfm.domain.timegrid import Grid
from wfm.reporting import facts, service, words
from wfm.reporting.table import Table, make_table
from wfm.rules.book import Book
from wfm.rules.entry import Entry

Rows = tuple[tuple[str, ...], ...]
KINDS = {"answer_rate": "answered", "service_level": "answered in time", "on_time": "on time"}


def forecast_table(forecast: Forecast, seed: int = 0) -> Table:
    """
    Contacts by day and queue, with the range that holds the day in 80 % of scenarios.
    """
    grid, rows = forecast.grid, []
    for name, days in facts.day_ranges(forecast, seed).items():
        aht = forecast.queues[name].aht_s
        for number, today in enumerate(days):
            here = forecast.open[name] & (grid.day == number)
            if here.any():
                handle = np.average(aht[here], weights=_weights(forecast, name, here))
                rows.append(
                    (
                        *(name, words.day(grid.date(number)), words.number(today.expected)),
                        f"{words.number(today.low)}–{words.number(today.high)}",
                        words.number(float(handle)),
                    )
                )
    columns = ("queue", "day", "contacts", "80 % range", "AHT, s")
    note = "The range holds the day's count in 80 % of the forecast's own scenarios."
    return make_table("Contacts expected", columns, "llrrr", rows, note)


def _weights(forecast: Forecast, queue: str, here: np.ndarray) -> np.ndarray | None:
    contacts = forecast.queues[queue].contacts[here]
    return contacts if contacts.sum() > 0 else None


def backtest_table(backtest: Backtest) -> Table:
    """
    Every candidate on past weeks: means over origins, the best first, the chosen one marked.
    """
    groups: dict[tuple[str, int, str], list[BacktestRow]] = {}
    for row in backtest.rows:
        groups.setdefault((row.queue, row.horizon, row.model), []).append(row)
    queues = list(dict.fromkeys(row.queue for row in backtest.rows))
    ordered = sorted(
        groups.items(), key=lambda group: (queues.index(group[0][0]), group[0][1], _wape(group[1]))
    )
    rows = []
    for (queue, horizon, model), found in ordered:
        wape, bias, crps, cover80, cover95 = (
            words.percent(_mean(found, name))
            for name in ("wape", "bias", "crps", "cover80", "cover95")
        )
        chosen = "chosen" if backtest.choice.get(queue) == model else ""
        mase = words.number(_mean(found, "mase"), 2)
        rows.append(
            (
                *(queue, f"to {horizon}", model, wape, mase, bias, crps, cover80, cover95),
                *(str(len(found)), chosen),
            )
        )
    reasons = [
        f"{queue}: {backtest.choice[queue]}, {why}." for queue, why in backtest.reasons.items()
    ]
    return make_table(
        "Accuracy on past weeks, each forecast with what was known before it",
        (
            *("queue", "days ahead", "model", "WAPE", "MASE", "bias", "CRPS"),
            *("in 80 %", "in 95 %", "tests", ""),
        ),
        "lllrrrrrrrl",
        rows,
        "WAPE: absolute errors over contacts, per interval. MASE: error over that of last "
        "week's same weekday. CRPS: error of the whole distribution over contacts. 'in 80 %': "
        "how often the count lay inside the 80 % band; 80 % is right.",
        *reasons,
    )


def _wape(rows: Sequence[BacktestRow]) -> float:
    found = _mean(rows, "wape")
    return found if np.isfinite(found) else float("inf")


def _mean(rows: Sequence[BacktestRow], name: str) -> float:
    values = np.array([getattr(row, name) for row in rows], dtype=float)
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def requirement_table(requirement: Requirement) -> Table:
    """
    People needed by queue and day, in head-hours and at the peak.
    """
    grid, rows = requirement.grid, []
    step = grid.interval / 60
    for name, queue in requirement.queues.items():
        for number in range(grid.days):
            here = requirement.open[name] & (grid.day == number)
            if here.any():
                rows.append(
                    (
                        *(name, words.day(grid.date(number))),
                        words.number(float(queue.load_erlangs[here].sum() * step), 1),
                        words.number(float(queue.agents[here].sum() * step), 1),
                        words.number(float(queue.to_schedule[here].sum() * step), 1),
                        words.number(float(queue.agents_erlang_c[here].sum() * step), 1),
                        words.number(float(queue.to_schedule[here].max())),
                    )
                )
    columns = (
        *("queue", "day", "load, erlang-h", "on contacts, h", "to schedule, h"),
        *("plain Erlang C, h", "peak, people"),
    )
    note = "'to schedule' includes shrinkage; hours are people x hours."
    return make_table("People required", columns, "llrrrrr", rows, note)


def fit_table(requirement: Requirement, cover: Mapping[str, np.ndarray]) -> Table:
    """
    Requirement against cover, by queue and day.
    """
    rows = [
        (
            *(name, words.day(requirement.grid.date(number))),
            *(words.number(fit.alone, 1), words.number(fit.planned, 1)),
            *(words.number(fit.least, 1), words.number(fit.short, 1)),
            f"{fit.short_intervals} of {fit.open_intervals}",
        )
        for name, days in service.fits(requirement, cover).items()
        for number, fit in enumerate(days)
        if fit.open_intervals
    ]
    columns = (
        *("queue", "day", "alone, h", "on the roster, h", "least, h", "below least, h"),
        "intervals below",
    )
    note = (
        "Hours are people x hours. 'alone': what the queue would need for itself, in whole "
        "people. 'least': what the floor and the occupancy limit ask for in each interval."
    )
    return make_table("Requirement and cover", columns, "llrrrrr", rows, note)


def cost_table(costs: Sequence[CostLine], currency: str = "") -> Table:
    """
    Costs by item, and their sum.
    """
    total = sum(line.amount for line in costs)
    rows = [
        (
            *(item.item, words.listed(item.rules, 3), words.number(item.hours, 1)),
            words.money(item.amount, currency),
            words.percent(item.amount / total if total else float("nan")),
        )
        for item in facts.items(costs)
    ]
    rows.append(("all", "", "", words.money(total, currency), ""))
    columns = ("item", "rule", "hours", "amount", "of all")
    return make_table("Cost", columns, "llrrr", rows)


def promise_table(verdict: Verdict, requirement: Requirement) -> Table:
    """
    Each promise: asked, planned, simulated, kept or not.
    """
    rows = [
        (
            *(promise.queue, kind_words(promise)),
            period_text(promise.period, requirement.grid),
            *(words.percent(promise.target), words.percent(promise.planned)),
            simulated_text(promise),
            kept_text(promise),
        )
        for promise in verdict.promises
    ]
    columns = ("queue", "promise", "over", "target", "planned", "simulated (95 % interval)", "kept")
    return make_table("Promise to callers", columns, "lllrrrl", rows)


def outcome_table(
    simulation: SimulationResult, requirement: Requirement, cover: Mapping[str, np.ndarray]
) -> Table:
    """
    What callers meet in the simulation: answers, waits, and how busy people are.
    """
    rows = []
    for name, line in simulation.queues.items():
        if name not in cover or name not in requirement.queues:
            continue
        found = service.outcome(simulation, cover, name)
        rows.append(
            (
                *(name, words.number(found.offered), words.percent(found.answered)),
                *(words.percent(found.in_time), _in_time(line, requirement.queues[name].promise)),
                *(words.number(found.asa), words.percent(found.occupancy)),
            )
        )
    columns = (
        *("queue", "contacts", "answered", "in time", "in time is"),
        *("mean wait of the answered, s", "occupancy"),
    )
    note = "Shares are of all contacts offered. Occupancy: busy time over time on the queue."
    return make_table("What callers meet, simulated", columns, "lrrrlrr", rows, note)


def _in_time(line: QueueSimulation, promise: Promise | None) -> str:
    return in_time_words(promise) if line.within_s is None else f"within {line.within_s:g} s"


def in_time_words(promise: Promise | None) -> str:
    """
    What counts as in time: ``within 20 s``, which also stands where nothing says otherwise.
    """
    if isinstance(promise, OnTime):
        return f"finished in {promise.due:g} open hours"
    return f"within {promise.threshold if isinstance(promise, ServiceLevel) else 20:g} s"


def kind_words(promise: PromiseVerdict) -> str:
    """
    A promise in words: ``answered``, ``answered within 20 s``, ``finished in 24 open hours``.
    """
    if promise.within is not None and promise.kind == "service_level":
        return f"answered within {promise.within:g} s"
    if promise.within is not None and promise.kind == "on_time":
        return f"finished in {promise.within:g} open hours"
    return KINDS.get(promise.kind, promise.kind)


def period_text(period: str, grid: Grid) -> str:
    """
    ``day 2`` as its date; other periods as they are.
    """
    kind, _, index = period.partition(" ")
    if kind == "day" and index.isdigit():
        return words.day(grid.date(int(index)))
    return period


def simulated_text(promise: PromiseVerdict) -> str:
    """
    ``93.4 % (92.9–93.9)``; a dash where nothing was simulated.
    """
    return words.NOTHING if promise.simulated is None else estimate_text(promise.simulated)


def estimate_text(found: Estimate) -> str:
    """
    A simulated share and its 95 % interval: ``93.4 % (92.9–93.9)``.
    """
    low, high = words.percent(found.low), words.percent(found.high)
    return f"{words.percent(found.value)} ({low.split(words.THIN)[0]}–{high.split(words.THIN)[0]})"


def kept_text(promise: PromiseVerdict) -> str:
    """
    ``yes``, ``no`` or ``not simulated``.
    """
    if promise.simulated is None:
        return "not simulated"
    return "no" if promise.missed else "yes"


def amount_text(violation: Violation, currency: str = "") -> str:
    """
    By how much a rule is broken: ``45 minutes``; a price as money.
    """
    if violation.unit == "cents":
        return words.money(round(violation.amount), currency)
    figure = words.number(violation.amount, 2).rstrip("0").rstrip(".")
    unit = violation.unit.removesuffix("s") if violation.amount == 1 else violation.unit
    return f"{figure}{words.THIN}{unit}"


def source_text(violation: Violation) -> str:
    """
    Where a rule is written and how well that is known.
    """
    if violation.status is Status.SETTING:
        return violation.source or "this workspace"
    return f"{violation.source} ({violation.status.value})"


def violations_table(verdict: Verdict, currency: str = "") -> Table:
    """
    What the rules found, hard breaches first.
    """
    order = ("hard", "priced", "info")
    found = sorted(
        verdict.violations, key=lambda v: (order.index(v.severity), v.date, v.agent, v.code)
    )
    rows = [
        (
            *(v.severity.value, v.code, v.agent, words.day(v.date)),
            amount_text(v, currency),
            *(v.sentence, source_text(v)),
        )
        for v in found
    ]
    columns = ("severity", "rule", "agent", "day", "by", "sentence", "source")
    return make_table("Findings", columns, "llllrll", rows)


def rules_table(book: Book, violations: Sequence[Violation]) -> Table:
    """
    Every rule in force: its sentence with its numbers, where it stands, and what was found.
    """
    found = Counter(violation.code for violation in violations)
    rows = [
        (
            *(entry.code, entry.severity.value, " ".join(entry.rule.sentence.split())),
            _entry_source(entry),
            str(found[entry.code]) if found[entry.code] else "none",
        )
        for entry in book
    ]
    columns = ("rule", "severity", "sentence", "source", "findings")
    return make_table(f"The rules of the book {book.name}", columns, "llllr", rows)


def _entry_source(entry: Entry) -> str:
    """Where a rule stands, how well that is known, and who changed its numbers."""
    if entry.status is Status.SETTING:
        return entry.source or "this workspace"
    parts = [" ".join(filter(None, (entry.source, entry.clause))), f"({entry.status.value})"]
    if entry.agreement:
        parts.append(f"changed by {entry.agreement}")
    return " ".join(parts)


def certificate_table(plan: Plan, currency: str = "") -> Table:
    """
    The objective in its parts, the proven bound and the gap between them.
    """
    cost = plan.cost
    rows = [
        ("pay", words.money(cost.pay, currency)),
        ("wishes refused", words.money(cost.wishes, currency)),
        ("shortfall", words.money(cost.shortfall, currency)),
        *([("changes", words.money(cost.changes, currency))] if cost.changes else []),
        ("objective: their sum", words.money(cost.total, currency)),
        ("proven lower bound", words.money(round(plan.bound), currency)),
        ("gap", words.percent(plan.gap, 2)),
        ("gap over what planning can change", words.percent(plan.gap_on_controllable, 2)),
        ("how the solver ended", plan.status.value),
        ("solver", plan.solver),
        ("seed", str(plan.seed)),
    ]
    return make_table("Certificate", ("", "value"), "lr", rows)
