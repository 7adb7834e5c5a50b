"""
Figures that pages and tables share, by hand.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import sample

from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Absence, AbsenceKind, Agent, Person, Wish, WishKind
from wfm.reporting import facts

GRID = Grid(date(1999, 3, 1), 7, 30)


def tour(*duties: tuple[int, int, int], wishes=(), absences=()) -> Tour:
    """A tour from (day, first hour, last hour)."""
    made = tuple(
        Duty(day, (Block(day * 1440 + first * 60, day * 1440 + last * 60, WORK, ("a",)),), "day")
        for day, first, last in duties
    )
    person = Person(Agent("ada", sample.CONTRACT), wishes=wishes, absences=absences)
    return Tour(person, Calendar(GRID), made)


def test_person():
    """
    Two duties of eight hours: 16 h paid, 14 h of rest between them, one late, one Saturday.
    """
    fact = facts.person(tour((4, 14, 22), (5, 12, 20)))

    assert (fact.paid, fact.days, fact.rest) == (960, 2, 840)
    assert (fact.lates, fact.saturdays, fact.sundays) == (1, 1, 0)
    assert fact.contract == 37.5 * 60


def test_rest_after_the_past():
    """
    The rest before the first duty counts from the shift carried in.
    """
    fact = facts.person(tour((-1, 14, 23), (0, 12, 20)))

    assert fact.rest == 13 * 60


@pytest.mark.parametrize(
    ("kind", "duties", "granted"),
    [
        (WishKind.OFF, (), True),
        (WishKind.OFF, ((2, 8, 16),), False),
        (WishKind.EARLY, ((2, 8, 16),), True),
        (WishKind.EARLY, ((2, 12, 20),), False),
        (WishKind.LATE, ((2, 12, 20),), True),
        (WishKind.LATE, ((2, 8, 16),), False),
    ],
)
def test_wishes(kind, duties, granted):
    """
    A wish is judged as the rules judge it.
    """
    assert facts.granted(Wish(2, kind, 100), tour(*duties)) is granted


def test_wish_of_the_absent():
    """
    Who is away has no wish to grant or to refuse.
    """
    away = (Absence(2 * 1440, 3 * 1440, AbsenceKind.LEAVE),)

    assert facts.granted(Wish(2, WishKind.OFF, 100), tour(absences=away)) is None


def test_day_ranges_hold_what_is_expected():
    """
    The expected count of a day lies in its 80 % range, and the range is not a point.
    """
    days = facts.day_ranges(sample.results(1).forecast, 0)["banking"]

    assert all(day.low < day.expected < day.high for day in days)


def test_day_range_of_poisson():
    """
    Without shocks a day of mean 400 has the Poisson range 400 +- 1.2816 x 20.
    """
    made = sample.results(1, ["a"]).forecast
    queue = made.queues["a"]
    zeros = np.zeros_like(queue.contacts)
    flat = type(queue)(
        *("a", queue.contacts * 400 / queue.contacts[made.grid.day == 0].sum()),
        *(queue.lo80, queue.hi80, queue.lo95, queue.hi95, queue.aht_s, zeros, zeros),
    )
    day = facts.day_ranges(type(made)(made.grid, {"a": flat}, made.open), 0)["a"][0]

    # Quantiles of 1,000 draws have a standard error of about 1.1 contacts.
    assert day.low == pytest.approx(400 - 25.6, abs=5)
    assert day.high == pytest.approx(400 + 25.6, abs=5)


def test_items_add_up():
    """
    Costs by item add up to all lines, the largest item first.
    """
    costs = sample.results(5).costs

    items = facts.items(costs)

    assert sum(item.amount for item in items) == sum(line.amount for line in costs)
    assert [item.item for item in items] == ["base", "late"]


def test_duties_past_midnight_stay_with_their_day():
    """
    A shift from 16:00 to 00:15 belongs to the day on which it begins.
    """
    roster = Roster(GRID, (tour((2, 16, 25)),))

    assert list(facts.duties_by_day(roster)) == [2]
