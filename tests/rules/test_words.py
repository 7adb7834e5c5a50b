"""
What rules say of themselves, and what they may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from tinycases import MONDAY, contract

from wfm.domain.roster import Calendar
from wfm.domain.timegrid import Grid
from wfm.rules.breaks import BreakAfter, BreakOptions, Meal
from wfm.rules.days import ConsecutiveDays
from wfm.rules.daysoff import DaysOffTogether
from wfm.rules.holidays import ClosedDates, ClosedWeekdays, NoHolidays
from wfm.rules.lengths import Amplitude, SplitDays
from wfm.rules.nights import LateThenEarly, NightDutyMaximum, NoNight
from wfm.rules.notice import Notice
from wfm.rules.patterns import KindLimit, KindsInARow
from wfm.rules.person import Skills
from wfm.rules.registry import RULES
from wfm.rules.rest import DailyRest
from wfm.rules.team import TeamPresence
from wfm.rules.words import (
    Blocks,
    DutyRule,
    Each,
    EachWeek,
    Horizon,
    Period,
    Rolling,
    Rule,
    Running,
    Today,
    View,
    Window,
    windows,
)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            DailyRest(11),
            "Between the end of a duty and the start of the next lie at least 11 hours.",
        ),
        (
            DailyRest(10.5),
            "Between the end of a duty and the start of the next lie at least 10.5 hours.",
        ),
        (NoNight((1260, 1800)), "Nobody works at night, between 21:00 and 06:00."),
        (NoNight((0, 1440)), "Nobody works at night, between 00:00 and 00:00."),
        (
            KindLimit(("late", "night"), 3, 2),
            "In any 2 weeks on end at most 3 of these shifts are worked: late, night.",
        ),
        (
            KindsInARow(("night", "late"), 2),
            "At most 2 of these shifts are worked in a row, day after day: night, late.",
        ),
        (
            KindsInARow((), 2),
            "At most 2 of these shifts are worked in a row, day after day: none.",
        ),
        (
            LateThenEarly((1320, 2160), (300, 600)),
            "After a day whose work ends between 22:00 and 12:00, none begins between 05:00 and "
            "10:00 on the next.",
        ),
        (
            Meal(45, (660, 900), 4),
            "Who is on duty all the time between 11:00 and 15:00 has a meal of 45 minutes on end "
            "in it, begun after at most 4 hours of work.",
        ),
        (
            BreakOptions(("10 per 120", "15 per 180")),
            "A day holds breaks by one of these measures: 10 per 120, 15 per 180.",
        ),
        (
            BreakAfter(6, 20),
            "A day of more than 6 hours of work has a break of at least 20 minutes on end.",
        ),
        (
            BreakAfter(6, 20, reached=True),
            "A day of 6 hours or more of work has a break of at least 20 minutes on end.",
        ),
        (
            BreakAfter(10, 30, times=2),
            "A day of more than 10 hours of work has 2 breaks of at least 30 minutes on end.",
        ),
        (
            ClosedWeekdays(frozenset({"sunday", "saturday"})),
            "Nobody works on Saturday or Sunday, from 0:00 to 24:00.",
        ),
        (ClosedDates(("05-01",)), "Nobody works on these dates of the year: 05-01."),
        (
            ClosedDates(("12-24", "12-31"), 14),
            "Nobody works on these dates of the year: 12-24, 12-31, from 14:00 on.",
        ),
        (
            Amplitude(13),
            "From the start of a day's first work to the end of its last pass at most 13 hours.",
        ),
    ],
)
def test_a_sentence_holds_its_numbers(rule: Rule, sentence: str):
    """Spans as clock times, lists with commas, whole numbers without a point."""
    assert rule.sentence == sentence


@dataclass(frozen=True)
class Some(Rule):
    """
    These: ``names``, of ``nobody``.
    """

    names: frozenset[str] = frozenset({"b", "c", "a"})


@pytest.mark.parametrize("names", [("b", "a", "d", "c"), ("c", "e", "b", "f"), ()])
def test_a_set_is_told_in_order(names: tuple[str, ...]):
    """Members of a set have no order of their own; a name that is no field stays as it is."""
    told = ", ".join(sorted(names)) or "none"
    assert Some(frozenset(names)).sentence == f"These: {told}, of nobody."


def test_a_rule_that_says_nothing_of_itself_has_no_sentence():
    """Rather than a stray word."""

    class Silent(Rule):
        __doc__ = None

    assert Silent().sentence == ""


def test_a_remark_is_the_second_paragraph():
    """And nothing where there is none, or where parameters are described."""
    assert DaysOffTogether(2).remark == "A week that is not wholly known is not judged."
    assert ConsecutiveDays(6).remark == ""
    assert NoHolidays().remark == ""
    assert Skills(()).remark == ""


def test_a_remark_names_what_is_true_or_false():
    """Numbers are told by their value, choices by their name."""
    assert TeamPresence("supervisor").remark.startswith(
        "With a skill or trait, such as supervisor, only those who have it count; without resting, "
    )
    assert Notice(7, working=True).remark.startswith("With working, only Mondays to Fridays")


def test_limits_that_bind_nobody_are_not_told():
    """Any time at night, interruptions of any length."""
    assert NightDutyMaximum(8, 0).sentence == (
        "A duty with any time between 21:00 and 06:00 holds at most 8 hours."
    )
    assert NightDutyMaximum(8, 3).sentence == (
        "A duty with 3 hours or more between 21:00 and 06:00 holds at most 8 hours."
    )
    assert SplitDays(2, 24).sentence == "A day is interrupted at most 2 times."
    assert SplitDays(1, 2).sentence == (
        "A day is interrupted at most 1 times, each time for at most 2 hours."
    )


def test_what_a_rule_does_not_see_it_cannot_read():
    """The message names the field that the declaration forgot."""
    view = View(Today(Calendar(Grid(MONDAY, 1, 30)), 0), ("works",))
    assert view.works is False
    with pytest.raises(AttributeError) as refused:
        _ = view.start
    assert str(refused.value) == "a rule reads 'start' of a day, but does not say that it sees it"


# nine days from a Tuesday on, of which the Sunday before is known
NINE = Calendar(Grid(MONDAY + timedelta(days=1), 9, 30), known_from=-2)


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (Horizon(), [(0, 8, True)]),
        (EachWeek(), [(-1, 5, True), (6, 8, False)]),
        (Rolling(2), [(-8, 5, False), (-1, 8, False)]),
        (Blocks(2), [(-1, 8, False)]),
        (Blocks(2, 1), [(-8, 5, False), (6, 8, False)]),
        (Blocks(3, 1), [(-8, 8, False)]),
    ],
)
def test_windows_of_a_period(period: Period, told: list[tuple[int, int, bool]]):
    """Those with a planned day, cut at its end; whole where all is known or planned."""
    assert windows(period, NINE) == tuple(Window(*one) for one in told)


def test_a_horizon_of_one_day_that_begins_a_week():
    """The Monday of a second week is a window of its own."""
    eight = Calendar(Grid(MONDAY, 8, 30))
    assert windows(EachWeek(), eight) == (Window(0, 6, True), Window(7, 7, False))
    assert windows(Rolling(2), eight) == (Window(-7, 6, False), Window(0, 7, False))


@pytest.mark.parametrize("name", [name for name in RULES if issubclass(RULES[name], DutyRule)])
def test_a_rule_about_duties_declares_what_it_reads(name: str):
    """The amount itself, whether it reads the person, and the days it speaks of."""
    rule = RULES[name]()
    assert rule.declare(contract()) == Each(rule.amount, rule.personal, rule.days)


def test_windows_of_a_contract_run_from_the_first_day_that_is_known():
    """Weeks of a plan from a Tuesday; blocks of two weeks to the end of each of theirs."""
    weekly, tuesday = Running(contract()), Calendar(Grid(MONDAY + timedelta(days=1), 9, 30))
    assert windows(weekly, NINE) == (Window(-1, 5, True), Window(6, 8, False))
    assert windows(weekly, tuesday) == (Window(-1, 5, False), Window(6, 8, False))
    two = Running(contract(average_weeks=2, average_from=MONDAY))
    assert windows(two, NINE) == (Window(-1, 5, True), Window(-1, 8, False))
    sunday = Calendar(Grid(MONDAY + timedelta(days=6), 2, 30))
    assert windows(weekly, sunday) == (Window(-6, 0, False), Window(1, 1, False))
