"""
What makes a day special, by hand.
"""

from __future__ import annotations

from datetime import date

from wfm.domain.demand import Event
from wfm.forecasting.calendar import AFTER, EVE, EVENT, HOLIDAY, YEAR_END, periods, specials

MAY_DAY = {date(2024, 5, 1): "May Day"}


def kinds(first: date, days: int, holidays: dict, events: tuple = ()) -> list[str | None]:
    return [mark and mark.kind for mark in specials(first, days, holidays, events)]


def test_a_holiday_has_an_eve_and_a_day_after():
    """
    30 April, 1 and 2 May around a holiday on the first.
    """
    assert kinds(date(2024, 4, 29), 5, MAY_DAY) == [None, EVE, HOLIDAY, AFTER, None]


def test_an_event_outranks_a_holiday():
    """
    A sale on a holiday is a sale.
    """
    sale = Event(date(2024, 5, 1), "sale", date(2024, 5, 2))

    assert kinds(date(2024, 4, 30), 3, MAY_DAY, (sale,)) == [EVE, EVENT, EVENT]


def test_the_end_of_december_is_special_where_holidays_are_known():
    """
    27 December is like no other weekday; without a calendar nobody says so.
    """
    assert kinds(date(2024, 12, 27), 1, MAY_DAY) == [YEAR_END]
    assert kinds(date(2024, 12, 27), 1, {}) == [None]


def test_days_around_an_event_have_names_of_their_own():
    """
    A mailing on Wednesday with two days of lag and one of lead; a feast on Friday stays one.
    """
    mailing = Event(date(2024, 6, 5), "mailing", date(2024, 6, 5), lead=1, lag=2)
    feast = {date(2024, 6, 7): "feast"}

    found = [mark and mark.name for mark in specials(date(2024, 6, 3), 5, feast, (mailing,))]

    assert found == [None, "mailing, 1 day before", "mailing", "mailing, 1 day after", "feast"]


def test_a_long_event_is_a_period_and_hides_no_holiday():
    """
    Eight days of school holidays: no day of them is special, All Saints among them is.
    """
    school = Event(date(2024, 10, 28), "school holidays", date(2024, 11, 4))
    saints = {date(2024, 11, 1): "All Saints"}

    assert kinds(date(2024, 10, 28), 7, saints, (school,)) == [
        *(None, None, None, EVE, HOLIDAY, AFTER, None)
    ]
    assert periods(date(2024, 10, 27), 3, (school,)) == (None, "school holidays", "school holidays")
