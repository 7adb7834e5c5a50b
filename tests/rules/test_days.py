"""
Days, by hand.
"""

from __future__ import annotations

from test_rest import found, tour

from wfm.rules.days import ConsecutiveDays, ContractDays, DaysPerWeek


def day(number: int) -> tuple[int, int, int]:
    return (number, 480, 960)


def test_the_seventh_day_breaks_a_limit_of_six():
    """Each day beyond the limit is a breach."""
    assert found(ConsecutiveDays(6), tour(*map(day, range(9)), days=9)) == [(6, 1), (7, 1), (8, 1)]


def test_days_carried_in_count():
    """Four days before the horizon leave two."""
    worked = tour(*map(day, range(-4, 3)), known=-7)
    assert found(ConsecutiveDays(6), worked) == [(2, 1)]


def test_a_day_off_starts_anew():
    """Six, one off, six is fine."""
    assert found(ConsecutiveDays(6), tour(*map(day, (*range(6), *range(7, 13))), days=14)) == []


def test_days_of_a_week_are_told_on_its_last():
    """Six days where five are allowed are one too many."""
    assert found(DaysPerWeek(5), tour(*map(day, range(6)))) == [(6, 1)]


def test_contract_says_how_many_days():
    """The contract of the tests has five days."""
    assert found(ContractDays(), tour(*map(day, range(5)))) == []
    assert found(ContractDays(), tour(*map(day, range(7)))) == [(6, 2)]


def test_what_the_past_exceeded_is_not_told_again():
    """Six days already worked in a week of five allow no more, but are not this plan's breach."""
    from datetime import timedelta

    from tinycases import MONDAY

    sunday = MONDAY + timedelta(days=6)
    worked = [day(number) for number in range(-6, 0)]
    assert found(DaysPerWeek(5), tour(*worked, days=1, known=-6, first=sunday)) == []
    assert found(DaysPerWeek(5), tour(*worked, day(0), days=1, known=-6, first=sunday)) == [(0, 1)]
