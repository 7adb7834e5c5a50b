"""
Forecasts judged and taken apart, as tables and as a picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wfm.domain.accuracy import AccuracyRow, Backtest, DayParts
from wfm.reporting import words
from wfm.reporting.table import Table

COLUMNS = (
    *("queue", "forecast from", "intervals", "WAPE", "bias", "in 80 %", "in 95 %"),
    *("tracking", "WAPE untouched"),
)


def accuracy_table(rows: Sequence[AccuracyRow]) -> Table:
    """
    A line for each queue and forecast.
    """
    lines = tuple(
        (
            row.queue,
            row.plan.isoformat(),
            words.number(row.intervals),
            words.percent(row.wape),
            words.percent(row.bias),
            words.percent(row.cover80),
            words.percent(row.cover95),
            words.number(row.tracking, 1),
            "" if math.isnan(row.untouched) else words.percent(row.untouched),
        )
        for row in rows
    )
    notes = (
        "Bias is forecast less actual. Tracking: errors summed over their mean size; beyond 4 "
        "either way the forecast leans. Untouched: as it would have been without adjustments.",
    )
    return Table("Forecasts against facts", COLUMNS, lines, "llrrrrrrr", notes)


def parts_table(parts: Sequence[DayParts]) -> Table:
    """
    What each day's number is made of: a level, and factors on it.
    """
    columns = (
        *("queue", "day", "contacts", "level", "weekday", "season", "occasion", "orders"),
        *("people", ""),
    )
    lines = tuple(
        (
            part.queue,
            f"{part.day:%a %d %b %Y}",
            words.number(part.contacts),
            words.number(part.level),
            *(
                words.number(factor, 2)
                for factor in (
                    *(part.weekday, part.season, part.occasion, part.orders, part.people),
                )
            ),
            part.name,
        )
        for part in parts
    )
    note = (
        "Contacts are the product of the rest. Level: an ordinary day of the last four weeks. "
        "Season: trend and time of year. Occasion: holiday, event, turn of the month. People: "
        "stated effects and adjustments."
    )
    return Table("What the days are made of", columns, lines, "llrrrrrrrl", (note,))


def backtest_text(backtest: Backtest, *, width: int = 80, ascii_only: bool = False) -> str:
    """
    A bar for each candidate's mean WAPE, by queue and days ahead; the best first.
    """
    errors: dict[str, dict[int, dict[str, list[float]]]] = {}
    for row in backtest.rows:
        group = errors.setdefault(row.queue, {}).setdefault(row.horizon, {})
        group.setdefault(row.model, []).append(row.wape)
    lines = ["WAPE on past weeks, the shorter the better; * is the choice"]
    for queue, groups in errors.items():
        means = {
            (horizon, model): float(np.nanmean(values))
            for horizon, models in sorted(groups.items())
            for model, values in models.items()
            if np.isfinite(values).any()
        }
        names = max((len(model) for _, model in means), default=0)
        room = max(width - names - 22, 10)
        longest = max(means.values(), default=0.0)
        lines += ["", queue]
        before = None
        for (horizon, model), wape in sorted(means.items(), key=lambda one: (one[0][0], one[1])):
            bar = ("#" if ascii_only else "█") * max(1, round(room * wape / max(longest, 1e-9)))
            label = f"to {horizon}" if horizon != before else ""
            mark = "*" if backtest.choice.get(queue) == model else " "
            lines.append(f"  {label:<7}{mark} {model:<{names}} {words.percent(wape):>8} {bar}")
            before = horizon
    text = "\n".join(lines) + "\n"
    return text.replace("\u00a0", " ").encode("ascii", "replace").decode() if ascii_only else text
