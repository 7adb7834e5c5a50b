"""
Hours read off contacts, and tables of days by slots.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import History, Opening, QueueHistory
from wfm.domain.timegrid import Grid
from wfm.forecasting.opening import by_day, infer, shared_rates, words

GRID = Grid(date(2024, 1, 1), 56, 30)


def history(rate: np.ndarray, **others: np.ndarray) -> History:
    stream = np.random.default_rng(1)
    queues = {
        name: QueueHistory(name, stream.poisson(values).astype(float))
        for name, values in {"q": rate, **others}.items()
    }
    return History(GRID, queues)


def office(contacts: float) -> np.ndarray:
    """Contacts from eight to twelve and from two to six on weekdays."""
    weekday = (GRID.first.weekday() + GRID.day) % 7
    morning = (GRID.clock >= 480) & (GRID.clock < 720)
    afternoon = (GRID.clock >= 840) & (GRID.clock < 1080)
    return np.where((weekday < 5) & (morning | afternoon), contacts, 0.0)


def test_hours_with_a_long_pause_are_two_spans():
    """
    Closed from noon to two on weekdays, all of the weekend.
    """
    found = infer(history(office(20)), "q")

    assert found.week[0] == ((480, 1080),)  # two hours are a quiet lunch
    assert found.week[5] == ()


def test_a_pause_over_two_hours_splits_the_day():
    """
    Mornings and evenings: nothing from noon to six.
    """
    hour = GRID.clock // 60
    rate = np.where(((hour >= 8) & (hour < 12)) | ((hour >= 18) & (hour < 22)), 20.0, 0.0)

    assert infer(history(rate), "q").week[2] == ((480, 720), (1080, 1320))


def test_a_small_queue_takes_the_hours_of_all():
    """
    Two contacts a day say little: the hours are those of the busy queue beside it.
    """
    small = office(20) / 200
    found = history(small, big=office(20))

    assert infer(found, "q", shared_rates(found)).week[0] == ((480, 1080),)


def test_stray_contacts_at_night_open_nothing():
    """
    One call at three in the morning in eight weeks.
    """
    rate = office(20)
    found = history(rate)
    found.queues["q"].contacts[6] = 1

    assert infer(found, "q").week[0] == ((480, 1080),)


def test_hours_in_words():
    """
    Equal neighbours are joined, closed days left out.
    """
    day = ((480, 1080),)

    assert words(Opening((day, day, day, day, ((480, 960),), (), ()))) == (
        "Mon-Thu 08:00-18:00, Fri 08:00-16:00"
    )


def test_skipped_hour_is_a_gap():
    """
    On the day that clocks go forward, 02:00 and 02:30 do not exist in Paris.
    """
    grid = Grid(date(2024, 3, 31), 1, 30, "Europe/Paris")

    table = by_day(grid, np.ones(grid.n))

    assert np.isnan(table[0, [4, 5]]).all()
    assert np.nansum(table) == 46


def test_repeated_hour_is_averaged():
    """
    On the day that clocks go back, the hour from two has two counts.
    """
    grid = Grid(date(2024, 10, 27), 1, 60, "Europe/Paris")
    values = np.arange(25.0)

    assert by_day(grid, values)[0, 2] == pytest.approx(2.5)
