"""
Pay, by hand.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity, Agent, Contract, Pay, Person, Premium, Shape
from wfm.paying.costs import cost, total
from wfm.paying.tariff import absence_pay, duty_pay, overtime_pay, tour_pay

MONDAY = date(2026, 11, 23)
LUNCH = Activity("lunch", paid=False, work=False, pause=True)
NIGHT = Premium("night", 0.5, window=(1260, 1800))  # 21:00 to 06:00
SUNDAY = Premium("sunday", 1.0, days=frozenset({"sunday"}))
HOLIDAY = Premium("holiday", 1.0, days=frozenset({"holiday"}))


def someone(rate: int = 1500, premiums=(), overtime=(), **changes: object) -> Person:
    pay = Pay("base", rate, tuple(premiums), tuple(overtime))
    terms = Contract("full", 35.0, 5, (Shape("day", (0, 0), (480,)),), pay)
    return Person(Agent("ann", terms), **changes)


def calendar(days: int = 7, **changes: object) -> Calendar:
    return Calendar(Grid(MONDAY, days, 30), **changes)


def shift(cal: Calendar, day: int, *spells: tuple[int, int, Activity]) -> Duty:
    at = cal.midnight(day)
    return Duty(day, tuple(Block(at + a, at + b, what, ("q",)) for a, b, what in spells))


def test_paid_minutes_at_the_rate():
    """Seven paid hours around an unpaid lunch at 15.00."""
    cal = calendar()
    duty = shift(cal, 0, (480, 720, WORK), (720, 780, LUNCH), (780, 960, WORK))
    assert duty_pay(someone(), cal, duty) == 7 * 1500


def test_rounded_once_for_a_duty():
    """Twice 10 minutes at 14.21 are 4.74 together, not twice 2.37 rounded up."""
    cal = calendar()
    duty = shift(cal, 0, (480, 490, WORK), (490, 500, LUNCH), (500, 510, WORK))
    assert duty_pay(someone(1421), cal, duty) == 474


def test_night_minutes_earn_their_premium():
    """20:00 to 23:00 holds two night hours at half the rate."""
    cal = calendar()
    duty = shift(cal, 0, (1200, 1380, WORK))
    assert duty_pay(someone(premiums=[NIGHT]), cal, duty) == 3 * 1500 + 2 * 750


def test_sunday_begins_at_midnight():
    """Of Saturday 22:00 to 02:00, two hours are Sunday's."""
    cal = calendar()
    duty = shift(cal, 5, (1320, 1560, WORK))
    assert duty_pay(someone(premiums=[SUNDAY]), cal, duty) == 4 * 1500 + 2 * 1500


def test_early_morning_belongs_to_the_night_before():
    """04:00 to 07:00 holds two night hours."""
    cal = calendar()
    assert duty_pay(someone(premiums=[NIGHT]), cal, shift(cal, 0, (240, 420, WORK))) == 4500 + 1500


def test_holiday_premium():
    """A public holiday pays double."""
    cal = calendar(holidays={MONDAY: "feast"})
    duty = shift(cal, 0, (480, 540, WORK))
    assert duty_pay(someone(premiums=[HOLIDAY]), cal, duty) == 3000


@pytest.mark.parametrize(
    ("hours", "cents"), [(35, 0), (36, 375), (43, 8 * 375), (45, 8 * 375 + 2 * 750)]
)
def test_overtime_tiers(hours: int, cents: int):
    """25 % from 35 to 43 hours, 50 % after, on top of base pay."""
    assert overtime_pay(someone(overtime=[(35, 0.25), (43, 0.5)]), hours * 60) == cents


def test_overtime_of_past_days_is_not_paid_again():
    """Of a week with 34 hours behind, the next two hold one of overtime."""
    person = someone(overtime=[(35, 0.25)])
    assert overtime_pay(person, 36 * 60, past=34 * 60) == 375
    assert overtime_pay(person, 38 * 60, past=36 * 60) == 2 * 375


def test_absences_are_paid_up_to_the_contract():
    """Seven credited days of seven hours are a week of 35."""
    person = someone(credit=dict.fromkeys(range(7), 420))
    assert absence_pay(person, calendar()) == 35 * 1500


def test_costs_add_up_to_pay():
    """Every line together is the tour's pay, to the cent."""
    cal = calendar(14, holidays={MONDAY + timedelta(days=3): "feast"})
    person = someone(
        1437, [NIGHT, SUNDAY, HOLIDAY], [(35, 0.25), (43, 0.5)], credit={0: 418, 8: 420}
    )
    duties = tuple(
        shift(cal, day, (600, 725, WORK), (725, 763, LUNCH), (763, 1361 + day, WORK))
        for day in (1, 2, 3, 4, 5, 6, 9, 10)
    )
    whole = Tour(person, cal, duties)
    lines = cost(Roster(cal.grid, (whole,)))
    assert total(lines) == tour_pay(whole)
    assert {line.item for line in lines} == {
        "base", "night", "sunday", "holiday", "overtime", "absence",
    }  # fmt: skip


def test_every_line_of_base_pay_is_its_hours_at_its_rate():
    """A reader can check a line: hours x rate, to the cent."""
    cal = calendar()
    whole = Tour(someone(1437), cal, (shift(cal, 0, (480, 605, WORK), (605, 1000, WORK)),))
    for line in cost(Roster(cal.grid, (whole,))):
        assert abs(line.hours * line.rate - line.amount) <= 1


def test_night_premium_when_clocks_go_back():
    """The night of 25 October 2026 in Paris has ten hours from 21:00 to 06:00."""
    cal = Calendar(Grid(date(2026, 10, 24), 2, 30, "Europe/Paris"))
    duty = shift(cal, 0, (1260, 1260 + 600, WORK))
    assert duty_pay(someone(premiums=[NIGHT]), cal, duty) == 10 * 1500 + 10 * 750


def test_overtime_of_averaged_hours_begins_at_their_average():
    """
    Two weeks of 38 and 33 hours at 35 a week: one hour beyond 70, on the last day worked.

    Planned a week later, with 38 hours known and paid, the same hour is overtime.
    """
    pay = Pay("base", 1600, overtime=((35, 0.25),))
    shape = (Shape("day", (0, 0), (480,)),)
    terms = Contract("c", 35, 5, shape, pay, average_weeks=2, average_from=MONDAY)
    ann = Person(Agent("ann", terms))
    hours = [8, 8, 8, 7, 7, 0, 0, 7, 7, 7, 6, 6]

    def worked(cal: Calendar, behind: int) -> Roster:
        told = [(day - behind, h) for day, h in enumerate(hours) if h]
        duties = tuple(shift(cal, day, (480, 480 + 60 * h, WORK)) for day, h in told)
        return Roster(cal.grid, (Tour(ann, cal, duties),))

    both = cost(worked(calendar(14), 0))
    later = Calendar(Grid(MONDAY + timedelta(days=7), 7, 30), known_from=-7)
    second = cost(worked(later, 7))

    extra = [line for line in both if line.item == "overtime"]
    assert [(one.date, one.hours, one.amount, one.rule) for one in extra] == [
        (MONDAY + timedelta(days=11), 1.0, 400, "base: from 70 h in 2 weeks +25%")
    ]
    assert [one.amount for one in second if one.item == "overtime"] == [400]
    assert total(both) == 71 * 1600 + 400 == tour_pay(worked(calendar(14), 0).tours[0])
