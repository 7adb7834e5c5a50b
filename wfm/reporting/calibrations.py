"""
What was measured, as a table.
"""

from __future__ import annotations

from wfm.domain.calibration import Calibration
from wfm.reporting import words
from wfm.reporting.table import Table


def calibration_table(calibration: Calibration) -> Table:
    """
    One row a queue; a dash where nothing could be measured.
    """
    rows = tuple(
        (
            name,
            words.number(queue.calls),
            _seconds(queue.aht_s),
            _share(queue.aht_cv),
            _seconds(queue.hidden_s),
            _seconds(queue.patience_s),
            _share(queue.day_cv),
            _share(queue.interval_cv),
        )
        for name, queue in calibration.queues.items()
    )
    columns = (
        *("queue", "contacts", "AHT s", "AHT cv", "hidden s", "patience s"),
        *("day cv", "interval cv"),
    )
    notes = ["cv: standard deviation over mean; day and interval: the forecast's error"]
    if calibration.shrinkage is not None:
        away = words.percent(calibration.shrinkage.unplanned)
        notes.append(f"{away} of the planned time of past plans was missed by illness")
    return Table("What was measured", columns, rows, "lrrrrrrr", tuple(notes))


def _seconds(value: float | None) -> str:
    return words.NOTHING if value is None else words.number(value)


def _share(value: float | None) -> str:
    return words.NOTHING if value is None else words.number(value, 2)
