"""
Measuring: by hand, against known laws, and on the shipped calls.
"""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from wfm.domain.calibration import Calibration, QueueCalibration, calibrated
from wfm.domain.calls import Calls
from wfm.domain.demand import Forecast, History, QueueForecast, QueueHistory
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import (
    WORK,
    Absence,
    AbsenceKind,
    Agent,
    Contract,
    Pay,
    Person,
    Shape,
)
from wfm.io.calls import read_calls
from wfm.staffing.calibration import (
    FEW,
    calibrate,
    from_calls,
    from_intervals,
    hidden_gaps,
    kaplan_meier,
    missed_minutes,
    spread,
    unplanned_shrinkage,
)

LOG = Path(__file__).parents[3] / "shared" / "data" / "technion1999_percall.csv.gz"


def log(rows: list[tuple[float, bool, float, float, str]]) -> Calls:
    """Rows of arrival, answered, wait, service, agent; one queue."""
    arrival, answered, wait, service, agent = zip(*rows, strict=True)
    return Calls(
        np.array(["sales"] * len(rows), dtype=object),
        np.array(arrival, dtype=float),
        np.array(answered),
        np.array(wait, dtype=float),
        np.array(service, dtype=float),
        np.array(agent, dtype=object),
    )


def test_hidden_time_is_the_gap_before_a_waiting_caller():
    """The call ends at 100; the next caller, there since 90, is answered at 120."""
    gaps = hidden_gaps(log([(0, True, 0, 100, "ann"), (90, True, 30, 50, "ann")]))

    assert gaps[0] == 20
    assert np.isnan(gaps[1])


def test_idle_time_is_not_hidden_time():
    """Nobody waited at 100: the gap until the next call says nothing."""
    gaps = hidden_gaps(log([(0, True, 0, 100, "ann"), (130, True, 0, 50, "ann")]))

    assert np.isnan(gaps).all()


def test_a_break_is_not_hidden_time():
    """Ten minutes away while a caller waits is a break, not work on the last call."""
    gaps = hidden_gaps(log([(0, True, 0, 100, "ann"), (90, True, 610, 50, "ann")]))

    assert np.isnan(gaps).all()


def test_kaplan_meier_by_hand():
    """Of 200, 100 hang up at 10 s; of the others 50 are answered at 20 s, 25 gone at 30 s."""
    waits = np.array([10.0] * 100 + [20.0] * 50 + [30.0] * 25 + [700.0] * 25 + [800.0] * 200)
    gone = np.array([True] * 100 + [False] * 50 + [True] * 25 + [False] * 225)
    curve = dict(kaplan_meier(waits, gone))

    assert curve[10] == pytest.approx(1 - 100 / 400)
    assert curve[30] == pytest.approx((1 - 100 / 400) * (1 - 25 / 250))
    assert 5 not in curve  # nobody hangs up before: no new point


def test_patience_of_exponential_callers_is_found_again():
    """Callers with a mean patience of 300 s who are offered waits of about a minute."""
    stream = np.random.default_rng(1)
    patience, offered = stream.exponential(300, 20_000), stream.exponential(60, 20_000)
    rows = [
        (float(at), bool(o < p), float(min(o, p)), 100.0, "")
        for at, (p, o) in enumerate(zip(patience, offered, strict=True))
    ]
    found = from_calls(log(rows))["sales"]

    assert found.patience_s == pytest.approx(300, rel=0.05)  # four standard errors are 7 %
    for seconds, share in found.patience_curve:
        assert share == pytest.approx(np.exp(-seconds / 300), abs=0.03)


def test_handle_times_by_hour():
    """100 calls at nine of 60 s, 100 at ten of 120 s: mean 90, variation a third."""
    rows = [
        (hour * 3600 + at, True, 0.0, seconds, "")
        for hour, seconds in ((9, 60.0), (10, 120.0))
        for at in range(100)
    ]
    found = from_calls(log(rows))["sales"]

    assert found.aht_s == 90
    assert found.aht_cv == pytest.approx(1 / 3)
    assert found.aht_by_hour == {9: 60, 10: 120}


def test_few_calls_say_nothing():
    """Below fifty abandonments no patience is concluded, and a remark says so."""
    rows = [(float(at), at % 10 > 0, 20.0, 100.0, "") for at in range(10 * FEW - 20)]
    found = calibrate(calls=log(rows))

    assert found.queues["sales"].patience_s is None
    assert any("patience is not known" in remark for remark in found.remarks)


def test_intervals_give_means():
    """100 contacts wait 30 s each and 10 hang up, in ten intervals: 300 s of patience."""
    grid = Grid(date(2024, 1, 1), 1, 60)
    full = np.full(24, np.nan)
    full[8:18] = 1
    queue = QueueHistory(
        "sales", 100 * full, aht_s=180 * full, wait_s=30 * full, abandoned=10 * full,
        answered=90 * full,
    )  # fmt: skip
    found = from_intervals(queue, History(grid, {"sales": queue}))

    assert found.patience_s == pytest.approx(300)
    assert found.aht_s == pytest.approx(180)
    assert found.aht_by_hour[9] == pytest.approx(180)


def test_spread_of_known_shocks_is_found_again():
    """A day shock of 0.10 and an interval shock of 0.15 on Poisson counts."""
    stream = np.random.default_rng(2)
    expected = np.tile(40 * np.sin(np.linspace(0.2, 3, 30)), 400)
    day = np.repeat(np.arange(400), 30)
    shared = stream.gamma(100, 1 / 100, 400)[day]
    own = stream.gamma(1 / 0.15**2, 0.15**2, len(day))
    day_cv, interval_cv = spread(
        stream.poisson(expected * shared * own).astype(float), expected, day
    )

    assert day_cv == pytest.approx(0.10, abs=0.016)  # four standard errors
    assert interval_cv == pytest.approx(0.15, abs=0.012)


def test_poisson_has_no_spread():
    """Counts that vary by chance alone have hardly any shock."""
    stream = np.random.default_rng(3)
    expected = np.full(6000, 50.0)
    day = np.repeat(np.arange(200), 30)

    assert max(spread(stream.poisson(expected).astype(float), expected, day)) < 0.03


def test_illness_in_past_plans():
    """Eight planned hours, ill for two of them: a quarter was missed; leave does not count."""
    grid = Grid(date(2024, 1, 1), 1, 60)
    shape = Shape("day", (480, 480), (480,))
    contract = Contract("full", 40, 5, (shape,), Pay("base", 1000))
    away = (
        Absence(480, 540, AbsenceKind.LEAVE),
        Absence(840, 1200, AbsenceKind.SICK),
    )
    person = Person(Agent("ann", contract), absences=away)
    duty = Duty(0, (Block(480, 960, WORK),))
    roster = Roster(grid, (Tour(person, Calendar(grid), (duty,)),))

    assert missed_minutes([roster]) == (480, 120)
    assert unplanned_shrinkage(480, 120).unplanned == 0.25
    assert unplanned_shrinkage(0, 0) is None


def test_forecast_takes_what_was_measured():
    """Hidden seconds on top of AHT; shocks only where the forecast has none of its own."""
    grid = Grid(date(2024, 1, 1), 1, 60)
    one, none = np.ones(24), np.zeros(24)
    bare = QueueForecast("a", one, one, one, one, one, 180 * one, none, none)
    own = QueueForecast("b", one, one, one, one, one, 180 * one, 0.05 * one, none)
    forecast = Forecast(grid, {"a": bare, "b": own}, {"a": one > 0, "b": one > 0})
    measured = QueueCalibration(hidden_s=20, day_cv=0.1, interval_cv=0.2)
    found = calibrated(forecast, Calibration({"a": measured, "b": measured}))

    assert (found.queues["a"].aht_s == 200).all()
    assert (found.queues["a"].day_cv == 0.1).all()
    assert (found.queues["b"].day_cv == 0.05).all()
    assert (found.queues["b"].interval_cv == 0).all()


@pytest.mark.skipif(not LOG.exists(), reason="the real calls are not beside this repository")
def test_bank_calls(tmp_path):
    """A bank's two months: what others measured on the same log."""
    path = tmp_path / "calls.csv"
    path.write_bytes(gzip.decompress(LOG.read_bytes()))
    calls = read_calls(path)
    found = from_calls(calls)
    banking = found["PS"]

    assert banking.aht_s - banking.hidden_s == pytest.approx(188, abs=6)
    assert banking.aht_cv == pytest.approx(1.09, abs=0.05)
    assert found["NW"].patience_s == pytest.approx(218, abs=10)
    assert found["NE"].patience_s == pytest.approx(850, abs=60)
    assert 5 < banking.hidden_s < 30
    assert any("abandoned_in_vru" in remark for remark in calls.remarks)
