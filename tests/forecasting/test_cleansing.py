"""
Level shifts, special days and outliers on series made by hand.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, busy_days
from wfm.domain.demand import Event
from wfm.forecasting.cleansing import cleanse, median_last, relevel, weekday_reference
from wfm.forecasting.days import make_days


def test_median_leaves_gaps_out():
    """
    Of 1, gap, 3, 4 the median is 3; of gaps alone it is a gap.
    """
    found = median_last(np.array([[1, np.nan, 3, 4], [np.nan] * 4]))

    assert found[0] == 3
    assert np.isnan(found[1])


def test_reference_is_of_the_same_weekday():
    """
    A pattern that repeats every week is its own reference.
    """
    z = np.resize(np.arange(7.0), 40)

    np.testing.assert_array_equal(weekday_reference(z), z)


def test_lasting_jump_is_relevelled():
    """
    Contacts that treble overnight and stay there: the past is brought to the new level.
    """
    y = busy_days(140)
    y[70:] *= 3

    z, shifts = relevel(np.log(y))

    assert len(shifts) == 1
    assert abs(shifts[0] - 70) <= 1
    assert z[:70].mean() - z[70:].mean() == pytest.approx(0, abs=0.1)


def test_a_busy_fortnight_is_no_shift():
    """
    Two weeks at three times the volume, then back: the past stays as it was.
    """
    y = busy_days(140)
    y[70:84] *= 3

    assert relevel(np.log(y))[1] == ()


def test_event_seen_twice_is_learnt():
    """
    Two sales that doubled their day: the next one is expected close to double.
    """
    y = busy_days(120, noise=0.0)
    y[[40, 75]] *= 2
    days = [MONDAY + timedelta(days=at) for at in (40, 75, 122)]
    events = [Event(day, "sale", day) for day in days]

    clean = cleanse(make_days("q", MONDAY, y, 7, events=events))

    assert 0.45 < clean.effect[2] < np.log(2.1)
    assert clean.unknown == ()


def test_event_never_seen_is_unknown():
    """
    An event without a past changes nothing, and is named.
    """
    day = MONDAY + timedelta(days=62)
    clean = cleanse(make_days("q", MONDAY, busy_days(60), 7, events=[Event(day, "moon", day)]))

    assert not clean.effect.any()
    assert clean.unknown == ("moon",)


def test_new_holiday_leans_on_others():
    """
    Three holidays of other names that halved the day: a new one is expected lower.
    """
    y = busy_days(120, noise=0.0)
    y[[30, 58, 86]] /= 2
    names = {MONDAY + timedelta(days=at): f"feast {at}" for at in (30, 58, 86, 122)}

    clean = cleanse(make_days("q", MONDAY, y, 7, holidays=names))

    assert -0.7 < clean.effect[2] < -0.3


def test_special_days_are_gaps_for_smoothing():
    """
    A holiday's count says nothing about ordinary days.
    """
    holiday = {date(2024, 1, 10): "feast"}
    clean = cleanse(make_days("q", MONDAY, busy_days(60), 7, holidays=holiday))

    assert np.isnan(clean.z[9])
    assert not np.isnan(clean.raw[9])


def test_school_holidays_are_learnt_and_their_days_kept():
    """
    Four past fortnights at 70 %: the next is expected near that, and no day is lost.
    """
    y = busy_days(400, noise=0.02)
    begins = (40, 130, 220, 310, 402)
    for start in begins:
        y[start : start + 14] *= 0.7
    school = [
        Event(MONDAY + timedelta(days=at), "school", MONDAY + timedelta(days=at + 13))
        for at in begins
    ]

    clean = cleanse(make_days("q", MONDAY, y, 7, events=school))

    np.testing.assert_allclose(clean.effect[:2], 0, atol=0.01)
    # the mean of four with weight 4 / 4.5
    np.testing.assert_allclose(clean.effect[2:], np.log(0.7) * 4 / 4.5, atol=0.03)
    assert not np.isnan(clean.z).any()
    assert clean.unknown == ()


def test_period_never_seen_is_unknown_and_its_days_count():
    """
    In the middle of a first campaign: its days so far are taken as the level, and it is named.
    """
    y = busy_days(100)
    campaign = Event(MONDAY + timedelta(days=98), "campaign", MONDAY + timedelta(days=120))

    clean = cleanse(make_days("q", MONDAY, y, 7, events=[campaign]))

    assert clean.unknown == ("campaign",)
    assert not clean.effect.any()
    assert not np.isnan(clean.z[98:]).any()


def test_past_is_moved_to_todays_level():
    """
    Volumes doubled for good on day 100: the days before count double.
    """
    y = busy_days(200, noise=0.02)
    y[100:] *= 2

    moved = cleanse(make_days("q", MONDAY, y, 7)).moved

    np.testing.assert_allclose(moved[:100], np.log(2), atol=0.05)
    assert not moved[100:].any()


def high_season(n: int, first: date, until: int = 24) -> np.ndarray:
    """Contacts that treble from the first of each December up to a day of it."""
    y = busy_days(n, level=300)
    days = [first + timedelta(at) for at in range(n)]
    return y * np.array([3.0 if day.month == 12 and day.day <= until else 1.0 for day in days])


def test_the_end_of_a_high_season_is_no_shift():
    """
    Three weeks at three times the volume end overnight, seen once: the past stays as it was.
    """
    y = high_season(400, date(2024, 3, 4))

    assert relevel(np.log(y))[1] == ()


def test_what_comes_every_year_is_no_shift():
    """
    A high season of eleven weeks, too long to be told from two shifts when seen once, is
    the year's season when it came twice.
    """
    y = busy_days(800, level=300)
    for begin in (150, 150 + 364):
        y[begin : begin + 77] *= 2.5

    assert len(relevel(np.log(y[:300]))[1]) == 2
    assert relevel(np.log(y))[1] == ()


def test_a_shift_beside_a_high_season_is_found():
    """
    Contacts that double for good in June, beside two high seasons: that day alone.
    """
    y = high_season(800, date(2024, 3, 4))
    y[460:] *= 2

    found = relevel(np.log(y))[1]

    assert len(found) == 1
    assert abs(found[0] - 460) <= 1
