"""
Hours, by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from test_rest import found, tour
from tinycases import MONDAY, contract, person

from wfm.domain.roster import Tour
from wfm.rules.hours import ContractHours, WeeklyMaximum


def week(*hours: float) -> Tour:
    return tour(*[(day, 420, 420 + round(60 * h)) for day, h in enumerate(hours) if h])


def test_forty_eight_hours_are_allowed():
    """Six days of eight hours keep the maximum."""
    assert found(WeeklyMaximum(48), week(8, 8, 8, 8, 8, 8)) == []


def test_a_minute_beyond_is_told():
    """One minute more is a breach of one minute."""
    assert found(WeeklyMaximum(48), week(8, 8, 8, 8, 8, 8 + 1 / 60)) == [(6, 1)]


def test_contract_hours_bind_both_ways():
    """The contract of the tests has 35 hours and no tolerance."""
    assert found(ContractHours(), week(7, 7, 7, 7, 7)) == []
    assert found(ContractHours(), week(7, 7, 7, 7, 6)) == [(6, 60)]
    assert found(ContractHours(), week(7, 7, 7, 7, 8)) == [(6, 60)]


def test_tolerance_is_kept():
    """With two hours of tolerance, 33 are enough and 37.5 half an hour too many."""
    terms = person(contract(tolerance=2.0))
    assert found(ContractHours(), replace(week(7, 7, 7, 7, 5), person=terms)) == []
    assert found(ContractHours(), replace(week(7, 7, 7, 8, 8.5), person=terms)) == [(6, 30)]


def test_absence_credits_its_hours():
    """A day of leave credits seven hours: 28 are left to work."""
    away = person(credit={0: 420})
    assert found(ContractHours(), replace(week(0, 7, 7, 7, 7), person=away)) == []
    assert found(ContractHours(), replace(week(0, 7, 7, 7, 8), person=away)) == [(6, 60)]


def test_credit_is_no_more_than_the_contract():
    """Seven days of leave credit 35 hours, not 49."""
    away = person(credit=dict.fromkeys(range(7), 420))
    assert found(ContractHours(), replace(week(), person=away)) == []


def test_half_a_week_asks_for_no_minimum():
    """What lies outside the horizon may still hold the hours."""
    assert found(ContractHours(), tour((0, 420, 840), days=5)) == []


def two_weeks(first: tuple[float, ...], second: tuple[float, ...], **more: object) -> Tour:
    """Hours by day of two weeks, averaged over both; ``more`` changes the contract or the tour."""
    told = [(day, 420, 420 + round(60 * h)) for day, h in enumerate(first) if h]
    told += [(7 + day, 420, 420 + round(60 * h)) for day, h in enumerate(second) if h]
    terms = {"average_weeks": 2, "average_from": MONDAY, "balance": 4.0, **more}
    known, days = terms.pop("known", 0), terms.pop("days", 14)
    return replace(tour(*told, days=days, known=known), person=person(contract(**terms)))


def test_hours_average_over_a_block_of_weeks():
    """39 and 31 hours are 35 on average, each week four hours off; five are too many."""
    assert found(ContractHours(), two_weeks((8, 8, 8, 8, 7), (6, 6, 6, 6, 7))) == []
    assert found(ContractHours(), two_weeks((8, 8, 8, 8, 8), (6, 6, 6, 6, 6))) == [(6, 60)]


def test_a_block_is_as_near_as_a_week_must_be():
    """36 and 35 hours are an hour too many, unless the contract leaves one; so are too few."""
    long = (8, 7, 7, 7, 7), (7, 7, 7, 7, 7)
    assert found(ContractHours(), two_weeks(*long)) == [(13, 60)]
    assert found(ContractHours(), two_weeks(*long, tolerance=1.0)) == []
    assert found(ContractHours(), two_weeks((7, 7, 7, 7, 7), (7, 7, 7, 7, 6))) == [(13, 60)]


def test_a_block_begins_with_the_week_that_is_named():
    """From the second week on: the first ends a block of which its first week is not known."""
    later = {"average_from": MONDAY + timedelta(days=9)}
    weeks = (7, 7, 7, 7, 7), (8, 8, 8, 8, 7)
    assert found(ContractHours(), two_weeks(*weeks, **later)) == []
    assert found(ContractHours(), two_weeks((8, 7, 7, 7, 7), weeks[1], **later)) == [(6, 60)]


def test_weeks_before_the_horizon_are_in_the_block():
    """After 31 hours that are known, 39 are owed; where the past is not known, 35 are."""
    before = [
        (day, 420, 420 + 60 * h) for day, h in zip(range(-7, -2), (6, 6, 6, 6, 7), strict=True)
    ]
    worked = [(day, 420, 420 + 60 * h) for day, h in zip(range(5), (8, 8, 8, 8, 7), strict=True)]
    terms = contract(average_weeks=2, average_from=MONDAY - timedelta(days=7), balance=4.0)
    known = replace(tour(*before, *worked, known=-7), person=person(terms))
    assert found(ContractHours(), known) == []
    assert found(ContractHours(), replace(tour(*worked), person=person(terms))) == [(6, 240)]


def test_leave_of_a_week_before_is_credited_in_its_block():
    """A week away counts its 35 hours, not more: the other week owes 35."""
    away = dict.fromkeys(range(-7, 0), 420)
    terms = contract(average_weeks=2, average_from=MONDAY - timedelta(days=7), balance=4.0)
    rested = replace(week(7, 7, 7, 7, 7), person=person(terms, credit=away))
    calendar = replace(rested.calendar, known_from=-7)
    assert found(ContractHours(), replace(rested, calendar=calendar)) == []


def test_a_day_ahead_is_the_balance_where_none_is_said():
    """35 hours on five days are seven a day: 42 in a first week, and not 43."""
    assert found(ContractHours(), two_weeks((9, 9, 8, 8, 8), (6, 6, 6, 5, 5), balance=None)) == []
    over = two_weeks((9, 9, 9, 8, 8), (6, 6, 5, 5, 5), balance=None)
    assert found(ContractHours(), over) == [(6, 60)]


def test_a_week_of_one_planned_day_has_its_most():
    """The horizon ends on a Monday of eight hours, of a contract of seven a week."""
    small = replace(tour((7, 480, 960), days=8), person=person(contract(hours_per_week=7.0)))
    assert found(ContractHours(), small) == [(6, 420), (7, 60)]


def test_hours_beyond_the_contract_of_the_past_are_not_told_again():
    """Twelve hours before a Sunday of a contract of seven: an hour more is an hour too many."""
    small, sunday = person(contract(hours_per_week=7.0)), MONDAY + timedelta(days=6)
    past = tour((-6, 480, 1200), days=1, known=-6, first=sunday)
    more = tour((-6, 480, 1200), (0, 480, 540), days=1, known=-6, first=sunday)
    assert found(ContractHours(), replace(past, person=small)) == []
    assert found(ContractHours(), replace(more, person=small)) == [(0, 60)]


def test_a_week_known_from_tuesday_asks_for_no_minimum():
    """Its Monday may hold the hours; known from Monday it holds none."""
    wednesday = MONDAY + timedelta(days=2)
    assert found(ContractHours(), tour(days=5, known=-1, first=wednesday)) == []
    assert found(ContractHours(), tour(days=5, known=-2, first=wednesday)) == [(4, 35 * 60)]
