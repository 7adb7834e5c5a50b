"""
A day's number is the product of its parts.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.forecasting.conftest import MONDAY, busy_days, daily_history
from wfm.domain.demand import Adjustment, Queue
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.explaining import explain
from wfm.forecasting.queuework import QueueWork, Task


def work(holidays: dict[date, str]) -> QueueWork:
    history = daily_history(busy_days(200))
    horizon = Grid(history.grid.until, 7, DAILY)
    return QueueWork.prepare(Task.of(history, Queue("q"), horizon, None, holidays=holidays))


def test_parts_multiply_to_the_number():
    """
    Level x weekday x season x occasion x orders x people.
    """
    for part in explain(work({})):
        product = part.level * part.weekday * part.season * part.occasion * part.orders
        assert product * part.people == pytest.approx(part.contacts)


def test_weekdays_are_told_apart():
    """
    Mondays are worth four times a Sunday in this series, whatever the level.
    """
    parts = {part.day.weekday(): part for part in explain(work({}))}

    assert parts[0].weekday / parts[6].weekday == pytest.approx(4, rel=0.1)
    assert parts[0].season == pytest.approx(1, abs=0.1)


def test_occasions_and_people_are_named():
    """
    A holiday is named; a change of 20 % for half a day is 10 %.
    """
    day = MONDAY + timedelta(days=202)
    start = datetime.combine(day, datetime.min.time())
    change = Adjustment(start, start + timedelta(hours=12), "q", 1.2, "mail", "Ann", start)

    parts = {part.day: part for part in explain(work({day: "feast"}), [change])}

    assert parts[day].name == "feast"
    assert parts[day].people == pytest.approx(1.1)
