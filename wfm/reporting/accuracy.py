"""
Earlier forecasts against facts, as a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from wfm.domain.accuracy import AccuracyRow
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
