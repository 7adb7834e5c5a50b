"""
Hours, by hand.
"""

from __future__ import annotations

from dataclasses import replace

from test_rest import found, tour
from tinycases import contract, person

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
