"""
Earlier forecasts against facts: errors, bands, and whether they lean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfm.domain.accuracy import AccuracyRow
from wfm.domain.demand import Adjustment, Forecast, History
from wfm.forecasting import scores
from wfm.forecasting.adjusting import factors, valid

LEANING = 4.0  # tracking signal beyond which a forecast leans


def accuracy(
    forecasts: Sequence[Forecast], history: History, adjustments: Sequence[Adjustment] = ()
) -> tuple[AccuracyRow, ...]:
    """
    A row for each queue and forecast of which anything has come true; earlier ones first.

    Parameters
    ----------
    forecasts
        As they were made, on the history's grain.
    adjustments
        Those that the forecasts hold already are measured, too: not what was entered after
        a forecast's first day.
    """
    rows: list[AccuracyRow] = []
    past: dict[str, list[float]] = {}
    for found in sorted(forecasts, key=lambda one: one.grid.first):
        facts = facts_of(found, history)
        for name, queue in found.queues.items():
            if name not in facts:
                continue
            actual = np.where(found.open[name], facts[name], np.nan)
            known = ~np.isnan(actual)
            if not known.any() or not np.nansum(actual) > 0:
                continue
            errors = past.setdefault(name, [])
            errors.append(float((queue.contacts - actual)[known].sum()))
            in80, in95 = (
                float(np.mean(((actual >= low) & (actual <= high))[known]))
                for low, high in ((queue.lo80, queue.hi80), (queue.lo95, queue.hi95))
            )
            rows.append(
                AccuracyRow(
                    name,
                    found.grid.first,
                    int(known.sum()),
                    scores.wape(actual, queue.contacts),
                    scores.bias(actual, queue.contacts),
                    in80,
                    in95,
                    tracking_signal(errors),
                    _untouched(found, name, actual, adjustments),
                )
            )
    return tuple(rows)


def facts_of(found: Forecast, history: History) -> dict[str, np.ndarray]:
    """Contacts that came in each interval of a forecast, by queue; NaN where unknown."""
    grid, past = found.grid, history.grid
    at = {stamp: row for row, stamp in enumerate(zip(past.stamps, past.offsets, strict=True))}
    rows = [at.get(stamp, -1) for stamp in zip(grid.stamps, grid.offsets, strict=True)]
    return {
        name: np.append(queue.contacts, np.nan)[rows]
        for name, queue in history.queues.items()
        if name in found.queues
    }


def tracking_signal(errors: Sequence[float]) -> float:
    """
    Sum of errors over their mean size: with n forecasts it lies between -n and n.
    """
    size = float(np.mean(np.abs(errors)))
    return float(np.sum(errors)) / size if size > 0 else 0.0


def _untouched(
    found: Forecast, queue: str, actual: np.ndarray, adjustments: Sequence[Adjustment]
) -> float:
    """WAPE without the adjustments that the forecast holds; NaN where none touches it."""
    first = found.grid.first
    held = [one for one in valid(adjustments, first) if one.entered.date() <= first]
    change = factors(found.grid, queue, held)
    if (change == 1).all() or (change == 0).any():
        return float("nan")
    return scores.wape(actual, found.queues[queue].contacts / change)
