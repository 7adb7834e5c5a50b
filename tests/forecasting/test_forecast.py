"""
The forecast as other stages get it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, busy_days, daily_history
from wfm.domain.demand import Adjustment, Event, History, Opening, Queue, QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.errors import DataError
from wfm.forecasting.forecast import forecast
from wfm.forecasting.registry import all_models


def week_after(history: History, days: int = 7) -> Grid:
    return Grid(history.grid.until, days, history.grid.interval, history.grid.zone_name)


def test_future_is_not_looked_at():
    """
    Garbage from the horizon's first day on changes nothing.
    """
    y = busy_days(90)
    spoilt = np.concatenate([y[:83], np.full(7, 1e6)])
    horizon = Grid(MONDAY + timedelta(days=83), 7, DAILY)

    clean = forecast(daily_history(y), {}, horizon).queues["q"]
    dirty = forecast(daily_history(spoilt), {}, horizon).queues["q"]

    np.testing.assert_array_equal(clean.contacts, dirty.contacts)
    np.testing.assert_array_equal(clean.hi95, dirty.hi95)


def test_daily_forecast_is_near_the_truth():
    """
    A steady weekly pattern with 5 % noise is forecast within 6 %.
    """
    y = busy_days(120)
    history = daily_history(y[:113])

    found = forecast(history, {}, week_after(history)).queues["q"]

    assert np.abs(found.contacts - y[113:]).sum() / y[113:].sum() < 0.06
    assert (found.lo95 <= found.lo80).all()
    assert (found.hi80 <= found.hi95).all()


def test_two_weeks_of_history_give_wide_bands():
    """
    Fourteen days are enough for a forecast, with bands wider than those of a long history.
    """
    short, long = daily_history(busy_days(14)), daily_history(busy_days(140))

    young = forecast(short, {}, week_after(short)).queues["q"]
    old = forecast(long, {}, week_after(long)).queues["q"]

    width = (young.hi80 - young.lo80) / young.contacts
    assert (width > (old.hi80 - old.lo80) / old.contacts).all()


def test_event_never_seen_changes_nothing_and_is_said():
    """
    A feast without a past: the same numbers as without it, and a remark.
    """
    history = daily_history(busy_days(60))
    horizon = week_after(history)
    feast = Event(horizon.date(2), "Purim", horizon.date(2))

    plain = forecast(history, {}, horizon)
    named = forecast(history, {}, horizon, events=[feast])

    np.testing.assert_array_equal(plain.queues["q"].contacts, named.queues["q"].contacts)
    assert any("Purim" in remark and "unknown" in remark for remark in named.remarks)


def test_event_that_closes_leaves_no_contacts():
    """
    A closing event empties its day.
    """
    history = daily_history(busy_days(60))
    horizon = week_after(history)
    closing = Event(horizon.date(2), "strike", horizon.date(2), closed=True)

    found = forecast(history, {}, horizon, events=[closing])

    assert found.queues["q"].contacts[2] == 0
    assert not found.open["q"][2]


def test_stated_effect_scales_its_day():
    """
    An event stated at 1.5 raises its day by half, bands too, and says so.
    """
    history = daily_history(busy_days(60))
    horizon = week_after(history)
    sale = Event(horizon.date(1), "sale", horizon.date(1), effect=1.5)

    plain, raised = forecast(history, {}, horizon), forecast(history, {}, horizon, events=[sale])

    ratio = raised.queues["q"].hi80 / plain.queues["q"].hi80
    np.testing.assert_allclose(ratio, [1, 1.5, 1, 1, 1, 1, 1])
    assert any("sale" in remark for remark in raised.remarks)


def test_expired_adjustment_is_left_out():
    """
    An adjustment holds until it expires, not after.
    """
    history = daily_history(busy_days(60))
    horizon = week_after(history)
    start = datetime.combine(horizon.first, datetime.min.time())
    change = Adjustment(
        start, start + timedelta(days=1), "q", 2.0, "mailing", "Ann", start, horizon.first
    )

    found = forecast(history, {}, horizon, adjustments=[change])

    plain = forecast(history, {}, horizon)
    np.testing.assert_array_equal(found.queues["q"].contacts, plain.queues["q"].contacts)


def test_grains_must_agree():
    """
    Half-hour history gives no daily forecast by itself.
    """
    with pytest.raises(DataError, match="1440"):
        forecast(daily_history(busy_days(60)), {}, Grid(date(2024, 3, 1), 7, 30))


def test_queue_without_contacts_is_forecast_empty_and_said():
    """
    All zeros: next to nothing is expected, and the user hears why.
    """
    history = daily_history(np.zeros(60))

    found = forecast(history, {}, week_after(history))

    assert found.queues["q"].contacts.max() < 0.05
    assert any("no contact" in remark for remark in found.remarks)


def test_too_short_histories_are_all_named():
    """
    Thirteen days are not enough; both queues are listed, nothing is forecast.
    """
    grid = Grid(MONDAY, 13, DAILY)
    queues = {name: QueueHistory(name, busy_days(13)) for name in ("a", "b")}
    history = History(grid, queues)

    with pytest.raises(DataError) as caught:
        forecast(history, {}, week_after(history))

    assert [problem.message[:7] for problem in caught.value.problems] == ["queue a", "queue b"]


def test_new_queue_is_forecast_like_another():
    """
    Five days at half the volume of a known queue: its week at half, with wider bands.
    """
    grid = Grid(MONDAY, 120, DAILY)
    old = busy_days(120)
    young = np.full(120, np.nan)
    young[115:] = np.round(old[115:] / 2)
    history = History(grid, {"old": QueueHistory("old", old), "new": QueueHistory("new", young)})
    queues = {"old": Queue("old"), "new": Queue("new", like="old")}

    found = forecast(history, queues, week_after(history))

    new, known = found.queues["new"], found.queues["old"]
    np.testing.assert_allclose(new.contacts, known.contacts / 2, rtol=0.03)
    assert ((new.hi80 - new.lo80) / new.contacts > (known.hi80 - known.lo80) / known.contacts).all()
    assert any("old times 0.5" in remark for remark in found.remarks)


def test_queue_that_lives_by_events():
    """
    Nothing but on four launch days of about 300: the next launch is expected near that.
    """
    y = np.zeros(120)
    y[[20, 48, 76, 104]] = [290, 310, 305, 295]
    days = [MONDAY + timedelta(days=at) for at in (20, 48, 76, 104, 123)]
    history = daily_history(y)

    found = forecast(
        history, {}, week_after(history), events=[Event(day, "launch", day) for day in days]
    ).queues["q"]

    assert 240 < found.contacts[3] < 310
    assert found.contacts[[0, 1, 2, 4]].max() < 1


def test_missing_weeks_do_no_harm():
    """
    Five weeks without records: the forecast is that of the weeks around them.
    """
    y = busy_days(190)
    history = daily_history(np.where(np.arange(183) // 35 == 3, np.nan, y[:183]))

    found = forecast(history, {}, week_after(history)).queues["q"]

    assert np.abs(found.contacts - y[183:]).sum() / y[183:].sum() < 0.07


def test_overnight_step_is_followed():
    """
    Volumes that trebled ten days ago are forecast at their new level.
    """
    y = busy_days(207)
    y[190:] *= 3
    history = daily_history(y[:200])

    found = forecast(history, {}, week_after(history)).queues["q"]

    assert np.abs(found.contacts - y[200:]).sum() / y[200:].sum() < 0.12


def test_growth_goes_on():
    """
    A centre that grows by 45 % a year is not forecast at last month's level.
    """
    n = 400
    growth = 1.45 ** (np.arange(n + 28) / 365.25)
    y = np.round(800 * np.resize([1.1, 1, 1, 1, 0.9, 0.5, 0.4], n + 28) * growth)
    history = daily_history(y[:n])

    found = forecast(history, {}, week_after(history, 28)).queues["q"]

    assert found.contacts.sum() / y[n:].sum() == pytest.approx(1, abs=0.03)


def test_a_third_christmas_is_foreseen():
    """
    A shop whose contacts treble towards 24 December, and have twice: four weeks from the
    end of November are forecast with less than half the error of repeating the last.
    """
    first = date(2024, 9, 2)
    dates = [first + timedelta(days=at) for at in range(847)]
    away = np.array([(day - date(day.year, 12, 20)).days for day in dates])
    season = 1 + 2 * np.exp(-((away / 14) ** 2)) * (away <= 4)
    y = busy_days(847, level=200) * season
    history = daily_history(y[:819], first)

    found = forecast(history, {}, week_after(history, 28)).queues["q"].contacts

    ours, naive = (np.abs(guess - y[819:]).sum() for guess in (found, np.resize(y[812:819], 28)))
    assert ours < 0.5 * naive


def test_real_weeks_are_forecast_better_than_by_repeating(technion):
    """
    Week six of four real queues, half hour by half hour, from the first five.
    """
    history, queues = technion
    horizon = Grid(date(1999, 2, 21), 7, 30, "Asia/Jerusalem")

    found = forecast(history, queues, horizon)

    ours = naive = 0.0
    for name, queue in found.queues.items():
        facts = history.queues[name].contacts
        actual, repeated = facts[-horizon.n :], facts[-2 * horizon.n : -horizon.n]
        rows = found.open[name] & ~np.isnan(actual)
        ours += np.abs(actual - queue.contacts)[rows].sum()
        naive += np.abs(actual - repeated)[rows].sum()
    assert ours < 0.8 * naive


def test_contacts_outside_hours_are_said(technion):
    """
    A few calls at 06:30 and 00:00 are left out, with a remark.
    """
    history, queues = technion
    found = forecast(history, queues, week_after(history))

    assert any("outside opening hours" in remark for remark in found.remarks)
    banking = found.queues["banking"]
    assert not banking.contacts[~found.open["banking"]].any()


def test_hours_are_inferred_and_said(technion):
    """
    Without hours, those of the bank are found: seven to midnight, Friday to two.
    """
    history, _ = technion
    found = forecast(history, {}, week_after(history))

    said = next(remark for remark in found.remarks if remark.startswith("banking: opening"))
    assert "Mon-Thu 07:00-24:00, Fri 07:00-14:00, Sat 19:00-24:00" in said


def test_paths_agree_with_the_bands(technion):
    """
    Counts drawn around the paths lie in the printed 80 % bands four times in five.
    """
    history, queues = technion
    found = forecast(history, queues, week_after(history))
    paths = found.paths(400, seed=5)["banking"]
    counts = np.random.default_rng(1).poisson(paths)
    queue, rows = found.queues["banking"], found.open["banking"]

    inside = (counts >= np.floor(queue.lo80)) & (counts <= np.ceil(queue.hi80))

    assert 0.77 < inside[:, rows].mean() < 0.86


def test_day_that_clocks_repeat_an_hour():
    """
    A day of 25 hours: the repeated hour is forecast twice, every interval finite.
    """
    zone = "Europe/Paris"
    grid = Grid(date(2024, 9, 2), 55, 60, zone)  # to 26 October
    stream = np.random.default_rng(2)
    contacts = stream.poisson(20 + 10 * np.sin(grid.clock / 1440 * 6.28)).astype(float)
    history = History(grid, {"q": QueueHistory("q", contacts)})
    horizon = Grid(grid.until, 7, 60, zone)

    found = forecast(history, {"q": Queue("q", opening=Opening())}, horizon).queues["q"]

    assert horizon.n == 7 * 24 + 1
    assert found.contacts[2] == found.contacts[3] > 0


def test_two_weeks_with_closed_weekends_are_enough():
    """
    Ten known days, four closed ones: two weeks of a line that rests on weekends.
    """
    y = busy_days(14)
    y[[5, 6, 12, 13]] = np.nan
    history = daily_history(y)

    found = forecast(history, {}, week_after(history)).queues["q"]

    assert (found.contacts[:5] > 0).all()
    assert not found.contacts[5:].any()


def test_constant_series_is_forecast_without_warnings():
    """
    The same count every day for three months: no fit may stumble over it.
    """
    history = daily_history(np.full(90, 100.0))

    found = forecast(history, {}, week_after(history)).queues["q"]

    np.testing.assert_allclose(found.contacts, 100, rtol=0.02)


@pytest.mark.parametrize("model", sorted(all_models()))
def test_no_model_looks_ahead(model):
    """
    The future replaced by garbage changes no number of any model.
    """
    y = busy_days(90)
    spoilt = np.concatenate([y[:83], 1e6 * np.arange(1, 8)])
    horizon = Grid(MONDAY + timedelta(days=83), 7, DAILY)

    clean, dirty = (
        forecast(daily_history(values), {}, horizon, model=model).queues["q"]
        for values in (y, spoilt)
    )

    for column in ("contacts", "lo80", "hi95", "aht_s", "day_cv"):
        np.testing.assert_array_equal(getattr(clean, column), getattr(dirty, column))


def test_intervals_do_not_look_ahead(technion):
    """
    Real half hours with the last week spoilt, its handle times too: the same forecast of it.
    """
    history, _ = technion
    horizon = Grid(date(1999, 2, 21), 7, 30, "Asia/Jerusalem")
    late = history.grid.day >= 35
    spoilt = {
        name: replace(
            queue,
            contacts=np.where(late, 7e4, queue.contacts),
            answered=np.where(late, 7e4, queue.answered),
            aht_s=np.where(late, 9e3, queue.aht_s),
        )
        for name, queue in history.queues.items()
    }

    clean = forecast(history, {}, horizon)
    dirty = forecast(replace(history, queues=spoilt), {}, horizon)

    assert clean.remarks == dirty.remarks
    for name, queue in clean.queues.items():
        for column in ("contacts", "hi95", "aht_s", "day_cv", "interval_cv"):
            np.testing.assert_array_equal(
                getattr(queue, column), getattr(dirty.queues[name], column)
            )


def test_changes_are_shown_beside_the_untouched_forecast():
    """
    A person's factor of two on the whole week: both sums are said.
    """
    history = daily_history(busy_days(60))
    horizon = week_after(history)
    start = datetime.combine(horizon.first, datetime.min.time())
    change = Adjustment(start, start + timedelta(days=7), "q", 2.0, "mailing", "Ann", start)

    found = forecast(history, {}, horizon, adjustments=[change])

    total = found.queues["q"].contacts.sum()
    said = f"q: {total:.0f} contacts with these changes, {total / 2:.0f} without"
    assert said in found.remarks


@pytest.mark.parametrize("grain", [5, 6, 10, 15, 20, 30, 60])
def test_every_grain_gives_the_same_days(grain):
    """
    A hundred contacts an hour from 8 to 18, by whatever intervals: a thousand a day.
    """
    grid = Grid(MONDAY, 28, grain)
    busy = (grid.clock >= 480) & (grid.clock < 1080)
    rate = np.where(busy, grain / 0.6, 0.0)
    contacts = np.random.default_rng(grain).poisson(rate).astype(float)
    history = History(grid, {"q": QueueHistory("q", contacts)})

    found = forecast(history, {}, week_after(history)).queues["q"]

    days = found.contacts.reshape(7, -1).sum(axis=1)
    np.testing.assert_allclose(days, 1000, rtol=0.1)
    assert not found.contacts.reshape(7, -1)[:, : 480 // grain].any()
