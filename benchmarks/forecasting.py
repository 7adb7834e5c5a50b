"""
Forecasts against their peers, on real calls: ``python -m benchmarks.forecasting``.

Every method sees the same past. Daily series are scored on days 1-7, 8-14 and 15-28 ahead,
intervals on the next fortnight and the next day. What takes long is fitted from a few of
the origins, evenly spread, and compared on those alone. Figures go to
``benchmarks/forecasting.csv``, one row each, the bad ones too. ``--short`` takes minutes;
the figures that count take an hour or more.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.forecasting_data import DATA, Series, daily_series
from benchmarks.forecasting_intervals import measure_intervals, some
from benchmarks.forecasting_peers import installed
from benchmarks.forecasting_scale import measure_scale
from wfm import __version__
from wfm.errors import WfmError
from wfm.forecasting import scores
from wfm.forecasting.days import make_days
from wfm.forecasting.models import Model
from wfm.forecasting.registry import model_named

OWN = "combination"
NAIVE = "seasonal_naive"
QUICK = (OWN, NAIVE, "mean_4_weeks")  # fitted from every origin
NAMED = ("ets", "sarimax", "negative_binomial")
HORIZON = 28
DRAWS = 1000  # of the bootstrap
GROUPS = ((0, 7), (7, 14), (14, 28))
RESULTS = Path(__file__).with_name("forecasting.csv")

Scores = dict[tuple[str, str, int], dict[str, np.ndarray]]  # series, model, origin


def origins_of(series: Series, count: int) -> list[int]:
    """Origins in the last year, not all on one weekday."""
    n = len(series.y)
    first = n - 384 if n >= 700 else max(49, n // 2)
    last = n - 7
    step = max(3, (last - first) // max(count, 1))
    step += step % 7 == 0
    return list(range(last, first - 1, -step))[:count]


def score(series: Series, model: Model, origin: int) -> dict[str, np.ndarray] | None:
    """Sums of one forecast, by horizon group; None where the model cannot be fitted."""
    days = make_days(
        series.name, series.first, series.y[:origin], HORIZON, holidays=series.holidays
    )
    actual = np.full(HORIZON, np.nan)
    known = series.y[origin : origin + HORIZON]
    actual[: len(known)] = known
    begun = time.process_time()
    try:
        found = model.forecast(days)
    except WfmError:
        return None
    cpu = time.process_time() - begun
    table = []
    for start, end in GROUPS:
        y, f, q = actual[start:end], found.contacts[start:end], found.quantiles[start:end]
        total = float(np.nansum(y))
        in80, in95 = scores.cover(y, q) if total > 0 else (0.0, 0.0)
        days_known = float((~np.isnan(y)).sum())
        table.append(
            [
                np.nansum(np.abs(f - y)),
                scores.crps(y, q) * total if total > 0 else 0.0,
                total,
                np.nan_to_num(in80) * days_known,
                np.nan_to_num(in95) * days_known,
                days_known,
            ]
        )
    return {"sums": np.array(table), "cpu": np.array(cpu)}


def measure_daily(quick: Sequence[Model], slow: Sequence[Model], counts: tuple[int, int]) -> Scores:
    """Quick models on every series from many origins, slow ones from some of them."""
    found: Scores = {}
    for series in daily_series():
        origins = origins_of(series, counts[0])
        few = some(origins, counts[1])
        for origin in origins:
            for model in (*quick, *(slow if origin in few else ())):
                result = score(series, model, origin)
                if result is not None:
                    found[series.name, model.name, origin] = result
    return found


def relative(found: Scores, model: str, other: str, column: int) -> dict[str, float]:
    """By series: mean log ratio of a score to another model's, on common origins."""
    out = {}
    for name in sorted({key[0] for key in found}):
        common = [
            origin
            for series, who, origin in found
            if series == name and who == model and (series, other, origin) in found
        ]
        if not common:
            continue
        ours = sum(found[name, model, origin]["sums"] for origin in common)
        theirs = sum(found[name, other, origin]["sums"] for origin in common)
        usable = (ours[:, 2] > 0) & (theirs[:, column] > 0) & (ours[:, column] > 0)
        if usable.any():
            out[name] = float(np.mean(np.log(ours[usable, column] / theirs[usable, column])))
    return out


def bootstrap(found: Scores, model: str, other: str, column: int) -> tuple[float, float]:
    """95 % interval of the geometric mean ratio, by drawing origins within each series."""
    stream = np.random.default_rng(0)
    pairs: dict[str, list[np.ndarray]] = {}
    for (name, who, origin), value in sorted(found.items()):
        theirs = found.get((name, other, origin))
        if who == model and theirs is not None:
            both = np.stack([value["sums"][:, column], theirs["sums"][:, column]])
            pairs.setdefault(name, []).append(both)
    logs = []
    for common in pairs.values():
        both = np.stack(common)  # origins, ours and theirs, groups
        picked = stream.integers(len(both), size=(DRAWS, len(both)))
        ours, theirs = np.moveaxis(both[picked].sum(axis=1), 1, 0)
        usable = (ours > 0) & (theirs > 0)
        ratio = np.log(np.where(usable, ours, 1.0) / np.where(usable, theirs, 1.0))
        logs.append(ratio.sum(axis=1) / np.maximum(usable.sum(axis=1), 1))
    low, high = np.quantile(np.exp(np.mean(logs, axis=0)), [0.025, 0.975])
    return float(low), float(high)


def daily_figures(found: Scores) -> list[tuple[str, str, float]]:
    """Rows of the table: model, figure, value; printed as well, with each series' ratio."""
    rows: list[tuple[str, str, float]] = []
    print(f"{'model':26s} {'WAPE':>6s} {'CRPS':>6s} {'in 80':>6s} {'in 95':>6s} {'CPU s':>7s}")
    for model in sorted({key[1] for key in found}):
        mine = [value for key, value in found.items() if key[1] == model]
        sums = sum(value["sums"] for value in mine).sum(axis=0)
        figures = {
            "WAPE over seasonal naive": np.exp(
                np.mean([*relative(found, model, NAIVE, 0).values()])
            ),
            "CRPS over seasonal naive": np.exp(
                np.mean([*relative(found, model, NAIVE, 1).values()])
            ),
            "in 80 % band": sums[3] / sums[5],
            "in 95 % band": sums[4] / sums[5],
            "CPU s": np.mean([value["cpu"] for value in mine]),
        }
        rows += [(model, name, float(value)) for name, value in figures.items()]
        print(f"{model:26s}", " ".join(f"{value:6.3f}" for value in figures.values()))
    rows += coverage_by_series(found)
    for model in sorted({key[1] for key in found} - {OWN}):
        for column, name in ((0, "WAPE"), (1, "CRPS")):
            ratio = float(np.exp(np.mean([*relative(found, OWN, model, column).values()])))
            low, high = bootstrap(found, OWN, model, column)
            rows.append((OWN, f"{name} over {model}", ratio))
            rows.append((OWN, f"{name} over {model}, 2.5 % of bootstraps", low))
            rows.append((OWN, f"{name} over {model}, 97.5 % of bootstraps", high))
            print(f"{OWN} over {model}, {name}: {ratio:.3f} ({low:.3f} to {high:.3f})")
    print("by series, WAPE and CRPS of", OWN, "over each other:")
    others = sorted({key[1] for key in found} - {OWN})
    for name in sorted({key[0] for key in found}):
        ratios = {model: _both(found, model, name) for model in others}
        words = [f"{m} {w:.2f} {c:.2f}" for m, (w, c) in ratios.items() if np.isfinite(w)]
        print(f"  {name[:32]:32s}", ", ".join(words))
    return rows


def _both(found: Scores, model: str, series: str) -> tuple[float, float]:
    """Ratios of WAPE and CRPS to another model's on one series; NaN where none is common."""
    wape, crps = (
        float(np.exp(relative(found, OWN, model, column).get(series, np.nan))) for column in (0, 1)
    )
    return wape, crps


def coverage_by_series(found: Scores) -> list[tuple[str, str, float]]:
    """The least and the largest share in the bands of any series with 100 scored days."""
    shares = {}
    for name in {key[0] for key in found}:
        mine = [value["sums"] for key, value in found.items() if key[:2] == (name, OWN)]
        sums = sum(mine).sum(axis=0) if mine else np.zeros(6)
        if sums[5] > 100:
            shares[name] = (sums[3] / sums[5], sums[4] / sums[5])
    rows: list[tuple[str, str, float]] = []
    if not shares:  # few origins: every series has too few days to tell
        return rows
    for at, band in enumerate(("80", "95")):
        ordered = sorted(shares, key=lambda name: shares[name][at])
        for word, name in (("least", ordered[0]), ("most", ordered[-1])):
            print(f"in {band} % band, {word} of a series: {shares[name][at]:.3f} ({name})")
            figure = f"in {band} % band, {word} of a series"
            rows.append((OWN, figure, float(shares[name][at])))
    return rows


def main() -> None:
    """Measure, print, append to the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--origins", type=int, default=24, help="of each series")
    parser.add_argument("--slow", type=int, default=4, help="of them, for models that take long")
    parser.add_argument("--series", type=int, default=2000, help="forecast side by side")
    parser.add_argument("--short", action="store_true", help="some minutes: fewer of everything")
    parser.add_argument("--only", choices=("daily", "intervals", "scale"))
    options = parser.parse_args()
    tested = 60  # days with a mid-day update
    if options.short:
        options.origins, options.slow, options.series, tested = 4, 1, 60, 20
    if not DATA.exists():
        raise SystemExit(f"the real series are not in {DATA}")
    figures = 0
    if options.only in (None, "daily"):
        quick = [model_named(name) for name in QUICK]
        slow = [*(model_named(name) for name in NAMED), *installed()]
        found = measure_daily(quick, slow, (options.origins, options.slow))
        figures += keep(daily_figures(found), options.origins)
    if options.only in (None, "intervals"):
        rows = measure_intervals(options.origins, options.slow, tested)
        figures += keep(rows, options.origins)
    if options.only in (None, "scale"):
        figures += keep(measure_scale(options.series), options.origins)
    print(json.dumps({"figures": figures, "table": str(RESULTS.name)}))


def keep(rows: Sequence[tuple[str, str, float]], origins: int) -> int:
    """Append a part's figures to the table as soon as they are there; returns how many."""
    stamp = [date.today().isoformat(), __version__, platform.machine(), origins]
    fresh = not RESULTS.exists()
    with RESULTS.open("a", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream, lineterminator="\n")
        if fresh:
            table.writerow(["date", "version", "machine", "origins", "method", "figure", "value"])
        table.writerows([*stamp, *row[:2], f"{row[2]:.4f}"] for row in rows)
    return len(rows)


if __name__ == "__main__":
    main()
