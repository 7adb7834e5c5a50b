"""
Breaks, by hand.
"""

from __future__ import annotations

from tinycases import MONDAY, person, with_pause

from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity
from wfm.rules.breaks import BreakAfter, Meal, MealBy, pauses

CALENDAR = Calendar(Grid(MONDAY, 1, 30))


def missing(rule, start: int, end: int, *inside: tuple[int, int]) -> int:
    whole = Tour(person(), CALENDAR, (with_pause(CALENDAR, 0, start, end, *inside),))
    return sum(breach.amount for breach in rule.breaches(whole))


def test_six_hours_need_no_break():
    """The threshold is more than six hours."""
    assert missing(BreakAfter(6, 20), 480, 840) == 0
    assert missing(BreakAfter(6, 20), 480, 841) == 20


def test_six_hours_reached_need_one():
    """French law: once six hours are reached."""
    assert missing(BreakAfter(6, 20, reached=True), 480, 840) == 20
    assert missing(BreakAfter(6, 20, reached=True), 480, 839) == 0


def test_minutes_must_be_on_end():
    """Two breaks of ten minutes are not one of twenty."""
    assert missing(BreakAfter(6, 20), 480, 960, (600, 610), (700, 710)) == 10
    assert missing(BreakAfter(6, 20), 480, 960, (600, 610), (610, 620)) == 0


def test_a_break_at_the_end_is_none():
    """Going home is no break."""
    assert missing(BreakAfter(6, 20), 480, 960, (930, 960)) == 20


def test_breaks_of_a_night_lie_inside_it():
    """A break past midnight is a break of the night that it interrupts."""
    night = with_pause(CALENDAR, 0, 1320, 1800, (1500, 1530))
    assert pauses((night,)) == ((1500, 1530),)
    assert missing(BreakAfter(6, 20), 1320, 1800, (1500, 1530)) == 0


def test_the_longest_break_counts_wherever_it_lies():
    """Ten minutes before or after twenty change nothing."""
    assert missing(BreakAfter(6, 20), 480, 960, (600, 610), (700, 720)) == 0
    assert missing(BreakAfter(6, 20), 480, 960, (600, 620), (700, 710)) == 0
    twice = BreakAfter(6, 20, times=2)
    assert missing(twice, 480, 960, (540, 550), (600, 620), (700, 715)) == 5


def test_a_paid_break_is_no_work_before_a_meal():
    """Four hours and a counted break of ten minutes: the meal still begins after four hours."""
    counted = Activity("rest", paid=True, work=True, pause=True)
    blocks = (
        Block(480, 600, WORK),
        Block(600, 610, counted),
        Block(610, 730, WORK),
        Block(775, 1020, WORK),
    )
    whole = Tour(person(), CALENDAR, (Duty(0, blocks),))
    assert list(Meal(45, (660, 900), 4).breaches(whole)) == []
    assert list(MealBy(5, 45, 4).breaches(whole)) == []
    assert [breach.amount for breach in MealBy(5, 45, 3).breaches(whole)] == [35]
