"""
Forecasts judged and taken apart, as tables.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from wfm.domain.accuracy import AccuracyRow, DayParts
from wfm.reporting import words
from wfm.reporting.tables import Table

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
