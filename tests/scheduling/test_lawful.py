"""
Generated shapes and the checker: the same placements, no more and no fewer.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Break, Shape
from wfm.rules.book import load_preset
from wfm.rules.breaks import (
    BreakAfter,
    BreakOptions,
    BreakTotal,
    LongestSequence,
    Meal,
    MealBy,
    PaidShortBreaks,
    RestPer,
)
from wfm.rules.registry import RULES as EVERY
from wfm.scheduling.lawful import Lawful
from wfm.scheduling.shapes import frames

sys.path.insert(0, str(Path(__file__).parents[1] / "rules"))
from tinycases import MONDAY, hard, person

LUNCH = Break("lunch", 45, window=(660, 900), after=60, before=60, step=30)
SHORT = Break("pause", 15, after=60, before=60, apart=30, step=30, paid=True)
LATE = Break("pause", 15, after=240, before=30, apart=30, step=30, paid=True)
DAY = Shape("day", (450, 540), (420, 480), (SHORT, LUNCH, LATE), step=90)
HALF = Shape("half", (480, 480), (240,), (Break("pause", 10, after=30, before=30, step=10),))
NIGHT = Shape("night", (1260, 1320), (480,), (SHORT, LATE), step=30)

RULES = [
    BreakAfter(6, 30),
    BreakAfter(6, 15, reached=True, times=3),
    BreakTotal(6, 60, 30),
    LongestSequence(3, 10),
    LongestSequence(2.5, 15),
    BreakOptions(("10 per 120", "15 per 180")),
    Meal(45, (690, 870), 4),
    MealBy(5, 30, 4),
    RestPer(4, 10),
    PaidShortBreaks(20),
]


def test_every_rule_about_breaks_is_held_against_shapes():
    """No rule of the registry that reads breaks is missing from the cases."""
    asking = {word for word in EVERY.values() if "breaks" in word.needs}
    assert {type(rule) for rule in RULES} == asking


@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("shape", [DAY, HALF, NIGHT], ids=lambda shape: shape.name)
def test_shapes_are_what_the_checker_accepts(rule, shape):
    """Of every placement that a shape allows, those that break no rule, each exactly once."""
    calendar = Calendar(Grid(MONDAY, 2, 15))
    every = frames(shape, calendar, 1)
    clean = [
        duty
        for frame in every
        for breaks in frame.placements()
        if not list(rule.breaches(Tour(person(), calendar, (duty := frame.duty(breaks, ()),))))
    ]

    cut = Lawful(hard(rule), person(), calendar)(every)
    made = [frame.duty(breaks, ()) for frame in cut for breaks in frame.placements()]
    assert sorted(made, key=repr) == sorted(clean, key=repr)


def test_a_day_when_clocks_change_is_cut_on_its_own():
    """25 October 2026 in Paris has 25 hours: its windows are not those of other days."""
    from datetime import date

    calendar = Calendar(Grid(date(2026, 10, 24), 3, 15, "Europe/Paris"))
    cut = Lawful(hard(Meal(45, (690, 870), 24)), person(), calendar)
    for day in range(3):
        every = frames(DAY, calendar, day)
        clean = sum(
            1
            for frame in every
            for breaks in frame.placements()
            if not list(
                Meal(45, (690, 870), 24).breaches(
                    Tour(person(), calendar, (frame.duty(breaks, ()),))
                )
            )
        )
        assert sum(1 for frame in cut(every) for _ in frame.placements()) == clean


def test_without_rules_about_breaks_nothing_is_cut():
    """The union's directive asks only for some break, which this shape always has."""
    calendar = Calendar(Grid(MONDAY, 1, 15))
    every = frames(DAY, calendar, 0)
    assert Lawful(load_preset("eu-wtd"), person(), calendar)(every) == every
