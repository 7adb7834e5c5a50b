"""
What is fixed stays: what the checker counts when it does not.
"""

from __future__ import annotations

from tinycases import MONDAY, PAUSE, contract, person

from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import TRAINING, WORK, Fixed
from wfm.rules.fixed import FixedDuties
from wfm.rules.words import Breach, Each

CALENDAR = Calendar(Grid(MONDAY, 3, 30))
SHIFT = Duty(0, (Block(480, 720, WORK), Block(720, 780, PAUSE), Block(780, 960, WORK)))


def found(fixed: tuple[Fixed, ...], *duties: Duty) -> list[Breach]:
    return list(FixedDuties().breaches(Tour(person(fixed=fixed), CALENDAR, duties)))


def test_a_fixed_shift_may_hold_its_break_where_it_likes():
    """Fixed from 08:00 to 16:00 without a break: one at noon keeps it."""
    assert found((Fixed(0, 480, 960, WORK),), SHIFT) == []


def test_a_fixed_break_stays_to_the_minute():
    """Fixed at 11:30, taken at 12:00: half an hour of break and half an hour of work are off."""
    fixed = (Fixed(0, 480, 690, WORK), Fixed(0, 690, 750, PAUSE), Fixed(0, 750, 960, WORK))

    assert found(fixed, SHIFT) == [Breach(0, 30 + 30)]


def test_a_fixed_training_that_is_missing_counts_whole():
    """An hour of training is not among the blocks of the day."""
    assert found((Fixed(0, 480, 540, TRAINING),), SHIFT) == [Breach(0, 60)]


def test_a_day_off_in_place_of_a_fixed_shift_is_told():
    """Nobody works, eight hours were fixed."""
    assert found((Fixed(1, 1440 + 480, 1440 + 960, WORK),), SHIFT) == [Breach(1, 480)]


def test_a_time_off_is_broken_by_the_minutes_worked_in_it():
    """Off from 15:00: the last hour is too much."""
    assert found((Fixed(0, 900, 2880, None),), SHIFT) == [Breach(0, 60)]


def test_a_longer_shift_than_fixed_is_no_fixed_shift():
    """Fixed until 15:30, worked until 16:00."""
    assert found((Fixed(0, 480, 930, WORK),), SHIFT) == [Breach(0, 30)]


def test_a_time_off_and_a_fixed_shift_of_one_day_add_up():
    """Off until nine, fixed from ten: an hour worked while off, two hours outside the shift."""
    fixed = (Fixed(0, 0, 540, None), Fixed(0, 600, 960, WORK))

    assert found(fixed, SHIFT) == [Breach(0, 60 + 120)]


def test_a_duty_beside_the_fixed_shift_is_wholly_outside():
    """Fixed from 08:00 to 12:00, worked from 13:00 to 15:00: four hours and two."""
    late = Duty(0, (Block(780, 900, WORK),))

    assert found((Fixed(0, 480, 720, WORK),), late) == [Breach(0, 240 + 120)]


def test_what_is_fixed_after_the_horizon_is_not_judged():
    """The fourth day of three."""
    assert found((Fixed(3, 3 * 1440 + 480, 3 * 1440 + 960, WORK),)) == []


def test_days_of_which_something_is_fixed():
    """A shift its own day; a time off its days and two before, from which duties reach into it."""
    calendar = Calendar(Grid(MONDAY, 14, 30))
    shift, off = Fixed(1, 1440 + 480, 1440 + 960, WORK), Fixed(5, 5 * 1440, 6 * 1440 + 60, None)
    assert FixedDuties().days(person(fixed=(shift,)), calendar) == {1}
    assert FixedDuties().days(person(fixed=(off,)), calendar) == {3, 4, 5, 6}


def test_it_is_declared_for_each_person_and_for_days_off():
    """Duties and days off alike are judged by what is fixed of the person."""
    rule = FixedDuties()
    assert rule.declare(contract()) == Each(rule.amount, personal=True, days=rule.days, off=True)
