"""
Other people's forecasters on intervals; left out where not installed.

They take what the literature's methods take: contacts by day and slot with gaps NaN, the
weekdays, the weekdays ahead. None is told holidays. Each looks back twelve weeks, which is
where its makers' advice and an hour's patience meet.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.util import find_spec

import numpy as np

from benchmarks.forecasting_peers import TREES

Peer = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]

BACK = 84  # days of history
MONDAY = datetime(2001, 1, 1)


def _recent(
    table: np.ndarray, weekday: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """
    The last weeks without days that are mostly closed: roots with gaps filled by the same
    weekday's last values, the days' numbers, the weekdays that open, the slots used.
    """
    start = max(0, len(table) - BACK)
    days = start + np.flatnonzero(~np.isnan(table[start:]).all(axis=1))
    slots = np.flatnonzero(np.nansum(table[days], axis=0) > 0)
    root = np.sqrt(table[np.ix_(days, slots)])
    for row, day in enumerate(days):
        alike = np.flatnonzero(weekday[days[:row]] == weekday[day])
        other = root[alike[-1]] if alike.size else np.nanmean(root, axis=0)
        root[row] = np.where(np.isnan(root[row]), np.nan_to_num(other), root[row])
    return root, days, np.unique(weekday[days]), slots


def lightgbm(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """
    Boosted trees on slot, weekday, horizon and lags of root contacts, direct.
    """
    import lightgbm as theirs

    root, days, opens, slots = _recent(table, weekday)

    def features(seen: int, weekdays: np.ndarray, gap: np.ndarray) -> np.ndarray:
        blocks = []
        for day, far in zip(weekdays, gap, strict=True):
            alike = np.flatnonzero(weekday[days[:seen]] == day)[-4:][::-1]
            lags = np.full((4, len(slots)), np.nan)
            lags[: len(alike)] = root[alike]
            recent = root[max(0, seen - 5) : seen]
            flat = [np.full(len(slots), x) for x in (day, far, root[seen - 1].mean())]
            blocks.append(np.stack([slots, *flat, *lags, recent.mean(0)], axis=1))
        return np.concatenate(blocks)

    inputs, target = [], []
    for seen in range(10, len(days), 2):
        rows = np.flatnonzero(days[seen:] < days[seen - 1] + 1 + len(ahead)) + seen
        if rows.size:  # none where the next open day lies beyond the horizon
            inputs.append(features(seen, weekday[days[rows]], days[rows] - days[seen - 1]))
            target.append(root[rows].ravel())
    data = theirs.Dataset(np.concatenate(inputs), np.concatenate(target))
    model = theirs.train(TREES, data, num_boost_round=150)
    gap = len(table) + np.arange(len(ahead)) - days[-1]
    found = np.asarray(model.predict(features(len(days), ahead, gap)))
    return _on_table(found.reshape(len(ahead), -1) ** 2, ahead, opens, slots, table.shape[1])


def prophet(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """
    Prophet with a day's and a week's season, multiplied.
    """
    import pandas as pd
    from prophet import Prophet

    root, days, opens, slots = _recent(table, weekday)
    minutes = 1440 / table.shape[1]
    origin = MONDAY + timedelta(days=int(weekday[0]))

    def stamps(numbers: np.ndarray) -> list[datetime]:
        step = timedelta(minutes=minutes)
        return [
            origin + timedelta(days=int(day)) + step * int(at) for day in numbers for at in slots
        ]

    model = Prophet(
        daily_seasonality=12,  # harmonics: the default of 4 has no lunch hour
        weekly_seasonality=True,
        yearly_seasonality=False,
        seasonality_mode="multiplicative",
        uncertainty_samples=0,
    )
    model.fit(pd.DataFrame({"ds": stamps(days), "y": (root**2).ravel()}))
    target = len(table) + np.arange(len(ahead))
    found = np.asarray(model.predict(pd.DataFrame({"ds": stamps(target)}))["yhat"])
    rows = np.maximum(found, 0.0).reshape(len(ahead), -1)
    return _on_table(rows, ahead, opens, slots, table.shape[1])


def mstl(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """
    statsforecast's MSTL with the seasons of a day and a week, on root contacts of open days.
    """
    from statsforecast.models import MSTL

    root, _, opens, slots = _recent(table, weekday)
    model = MSTL(season_length=[len(slots), len(slots) * len(opens)])
    coming = np.isin(ahead, opens)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = model.forecast(y=root.ravel(), h=int(coming.sum()) * len(slots))["mean"]
    rows = np.zeros((len(ahead), len(slots)))
    rows[coming] = np.maximum(found, 0.0).reshape(-1, len(slots)) ** 2
    return _on_table(rows, ahead, opens, slots, table.shape[1])


def _on_table(
    rows: np.ndarray, ahead: np.ndarray, opens: np.ndarray, slots: np.ndarray, width: int
) -> np.ndarray:
    """Contacts by day and slot, zero on weekdays and slots that never open."""
    out = np.zeros((len(ahead), width))
    out[:, slots] = np.where(np.isin(ahead, opens)[:, None], rows, 0.0)
    return out


def installed_by_slot() -> dict[str, Peer]:
    """Those whose library is there, by name."""
    made: dict[str, tuple[str, Peer]] = {
        "LightGBM": ("lightgbm", lightgbm),
        "prophet": ("prophet", prophet),
        "MSTL of statsforecast": ("statsforecast", mstl),
    }
    return {name: peer for name, (library, peer) in made.items() if find_spec(library)}
