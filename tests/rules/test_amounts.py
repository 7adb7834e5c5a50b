"""
By how much, and on which day: the figures of findings, worked out by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from rulecases import CASES
from test_rest import found, tour
from tinycases import MONDAY, Case, catalogue, compiled, contract, duty, person, priced, with_pause

from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity
from wfm.errors import SettingsError
from wfm.rules.averages import HighWeeks, LowWeek
from wfm.rules.breaks import BreakOptions, LongestSequence, PaidShortBreaks
from wfm.rules.holidays import ClosedWeekdays, ReplacementRest
from wfm.rules.lengths import DailyMaximum, RollingMaximum, SpellMinimum, SplitDays
from wfm.rules.nights import LateThenEarly
from wfm.rules.overtime import ComplementaryHours, OvertimeQuota, PartTimeDrift, PartTimeMinimum
from wfm.rules.person import Skills
from wfm.rules.premiums import PremiumHolidays, PremiumTime
from wfm.rules.rest import FortnightlyRest
from wfm.rules.team import TeamPresence
from wfm.rules.words import Count, DutyRule, Memory, day_in

# what each duty of a case breaks on one day, in the rule's unit
BY_HAND = {
    ("break after 6 h", 0): (0, 20, 0, 1),
    ("break once 6 h are reached", 0): (0, 20, 0),
    ("break total", 0): (0, 30, 0, 10),
    ("longest sequence", 0): (0, 1, 0, 180),
    ("break options", 0): (0, 0, 0, 5, 0),
    ("paid short breaks", 0): (0, 20, 0),
    ("meal", 0): (0, 1, 45, 0, 0, 45, 45),
    ("meal by", 0): (0, 30, 0, 30),
    ("rest per four hours", 0): (0, 10, 0, 10, 10),
    ("two breaks after 10 h", 0): (30, 0, 1, 0),
    ("rests are no meals", 0): (10, 0, 0, 1),
    ("closed afternoons", 0): (0, 0, 0, 1),
    ("closed afternoons", 1): (0, 1, 120, 120),
    ("duty maximum", 0): (0, 1, 0),
    ("amplitude", 0): (0, 1),
    ("amplitude ratio", 0): (0, 1, 0),
    ("split days", 0): (0, 1, 10),
    ("least spell", 0): (0, 1, 0, 1),
    ("daily reduction", 0): (0, 1),
    ("no night", 0): (0, 1, 0, 1),
    ("night duty maximum", 0): (0, 1, 0, 1, 0, 0),
    ("closed Sunday", 0): (0, 1, 0),
    ("closed Sunday", 1): (480, 480, 360),  # and the minute after midnight is Monday's
    ("no holidays", 1): (0, 1),
    ("no holidays", 2): (480, 480),
    ("closed dates", 0): (0, 1),
    ("availability", 0): (0, 1, 1),
    ("absences", 0): (0, 1, 0),
    ("absences", 1): (0, 0, 119),
    ("on the team", 0): (1,),
    ("on the team", 1): (0,),
    ("on the team", 4): (0,),
    ("on the team", 5): (1,),
    ("rotation of a contract", 0): (0, 1, 1),
    ("rotation of a contract", 7): (1, 0, 1),
    ("skills", 0): (0, 480, 0, 480),
    ("premium by night", 0): (0, 1, 0, 1),
    ("premium on Sunday", 0): (0, 1, 360),  # a Saturday's duties that run into it
    ("premium on Sunday", 1): (540, 540, 120),
    ("premium on Saturday evenings", 0): (0, 0, 0, 0),
    ("premium on Saturday evenings", 1): (0, 1, 240, 0),
    ("premium on Saturday evenings", 2): (0, 0, 0, 120),  # the evening goes on until two
    ("premium on holidays", 0): (0, 1, 0),
    ("premium on holidays", 1): (540, 540, 60),
    ("wishes", 0): (500, 500, 500),
    ("wishes", 1): (0, 300, 300),
    ("wishes", 2): (200, 200, 0),
    ("wishes", 3): (100, 0, 100),
}
NAMED = {case.name: case for case in CASES}


@pytest.mark.parametrize(("name", "day"), BY_HAND, ids=str)
def test_amount_of_each_duty(name: str, day: int):
    """Rules about one duty, at their thresholds and a minute either side."""
    case = NAMED[name]
    amounts = [
        sum(one.amount for one in case.rule.breaches(replace(case.tour, duties=(own,))))
        for own in catalogue(case)[day]
    ]
    assert tuple(amounts) == BY_HAND[name, day]


def test_every_rule_about_duties_has_figures_by_hand():
    """No such rule escapes the table above."""
    shown = {type(NAMED[name].rule) for name, _ in BY_HAND}
    assert shown == {type(case.rule) for case in CASES if isinstance(case.rule, DutyRule)}


MEMORIES = [
    case
    for case in CASES
    if isinstance(case.rule.declare(case.terms), Memory)
    and not isinstance(case.rule, OvertimeQuota | HighWeeks)  # told at the week's end
]


@pytest.mark.parametrize("case", MEMORIES, ids=lambda case: case.name)
def test_a_breach_is_told_on_the_day_it_is_certain(case: Case):
    """Day by day, checker and tables charge the same."""
    tables, menu, before = compiled(case, priced(case.rule)), catalogue(case), case.tour
    for options in case.choices[:: max(1, len(case.choices) // 200)]:
        planned = tuple(menu[day][k - 1] for day, k in enumerate(options) if k)
        told = np.zeros(case.days, dtype=int)
        for breach in case.rule.breaches(
            Tour(before.person, before.calendar, (*before.duties, *planned))
        ):
            told[breach.day] += breach.amount * 7
            assert breach.amount > 0
        charged, node = [], tables.terms["ann"].start
        for day, layer in enumerate(tables.layers):
            column = layer.classes[options[day]]
            charged.append(int(layer.price[node, column]))
            node = layer.target[node, column]
        assert charged == told.tolist()


COUNTS = [
    case
    for case in CASES
    if isinstance(case.rule.declare(case.terms), Count)
    or isinstance(case.rule, OvertimeQuota | HighWeeks)
]


@pytest.mark.parametrize("case", COUNTS, ids=lambda case: case.name)
def test_a_sum_is_told_on_the_last_day_of_its_week(case: Case):
    """Or on the last day of the horizon, where that comes first."""
    calendar, menu, before = case.calendar, catalogue(case), case.tour
    ends = {
        day
        for day in range(case.days)
        if calendar.week(day + 1) != calendar.week(day) or day == case.days - 1
    }
    for options in case.choices[:: max(1, len(case.choices) // 100)]:
        planned = tuple(menu[day][k - 1] for day, k in enumerate(options) if k)
        whole = Tour(before.person, calendar, (*before.duties, *planned))
        for breach in case.rule.breaches(whole):
            assert breach.day in ends
            assert breach.amount > 0


def test_the_longest_interruptions_are_the_ones_allowed():
    """Of gaps of 150, 30 and 40 minutes, one of two hours is allowed: 30 + 30 + 40 too many."""
    day = ((480, 540), (690, 750), (780, 840), (880, 900))
    calendar = Calendar(Grid(MONDAY, 1, 30))
    whole = Tour(person(), calendar, (duty(calendar, 0, day),))
    assert found(SplitDays(1, 2), whole) == [(0, 100)]
    assert found(SplitDays(2, 2), whole) == [(0, 60)]
    assert found(SplitDays(3, 3), whole) == []


def test_each_short_spell_counts():
    """Spells of 30 and 50 minutes miss 30 and 10 of an hour."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    whole = Tour(person(), calendar, (duty(calendar, 0, ((480, 510), (600, 650), (700, 760))),))
    assert found(SpellMinimum(3, 1), whole) == [(0, 40)]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ((), "empty"),
        (("10 per",), "10 per"),
        (("0 per 120",), "0 per 120"),
        (("10 per 120", "x"), "10 per 120, x"),
    ],
)
def test_break_options_are_well_written(options: tuple[str, ...], shown: str):
    """A measure that cannot be read is refused with the way to write it."""
    with pytest.raises(SettingsError) as refused:
        BreakOptions(options)
    (problem,) = refused.value.problems
    assert problem.message == f"break options are {shown}"
    assert problem.hint == 'write each as "10 per 120": minutes of break per minutes of work'


@pytest.mark.parametrize(
    "word",
    [
        ClosedWeekdays,
        lambda days: TeamPresence(weekdays=days),
        lambda days: PremiumTime(weekdays=days),
    ],
)
def test_weekdays_are_well_written(word):
    """A weekday that does not exist is refused with the nearest."""
    with pytest.raises(SettingsError) as refused:
        word(frozenset({"sundy"}))
    (problem,) = refused.value.problems
    assert problem.message == "'sundy' is no weekday"
    assert problem.hint == "did you mean 'sunday'?"


@pytest.mark.parametrize(
    ("end", "start", "wrong"),
    [
        (1320, 300, 0),  # until 22:00 is not late, a minute more is
        (1321, 300, 1),
        (1321, 299, 0),  # before 5:00 is not early, from 5:00 on it is
        (1321, 599, 1),
        (1321, 600, 0),
        (1300, 400, 0),
        (1440 + 300, 420, 1),
    ],
)
def test_late_then_early_at_its_thresholds(end: int, start: int, wrong: int):
    """A minute either side of both spans; both halves of the rule read the same spans."""
    two = tour((0, 900, end), (1, start, start + 240))
    assert found(LateThenEarly((1320, 2160), (300, 600)), two) == [(1, 1)] * wrong


def test_late_ends_where_its_span_ends():
    """A duty until noon of the next day is late to the minute, one until 12:01 is no more."""
    for end, wrong in ((2160, 1), (2161, 0)):
        two = tour((0, 1500, end), (1, 300, 480))
        assert found(LateThenEarly((1320, 2160), (300, 600)), two) == [(1, 1)] * wrong


def test_premiums_are_said_in_full():
    """Days in the week's order, the clock, and the share as a percentage."""
    night = PremiumTime(0.5, window=(1290, 1830))
    assert night.sentence == "Work between 21:30 and 06:30 earns 50 % more."
    both = PremiumTime(weekdays=frozenset({"sunday", "saturday"}))
    assert both.sentence == "Work on Saturday and Sunday earns 100 % more."
    assert PremiumHolidays(0.25).sentence == (
        "Work on public holidays, from 0:00 to 24:00, earns 25 % more."
    )


def test_breaks_earn_no_premium():
    """An hour off from 22:00 in a duty until midnight leaves an hour and a half by night."""
    late = tour((0, 1200, 1440))
    assert found(PremiumTime(0.5, window=(1290, 1830)), late) == [(0, 150)]
    calendar = late.calendar
    own = with_pause(calendar, 0, 1200, 1440, (1320, 1380))
    assert found(PremiumTime(0.5, window=(1290, 1830)), replace(late, duties=(own,))) == [(0, 90)]


def test_high_weeks_need_a_year_and_count_no_week_twice():
    """The highest two of three weeks: 8 and 7 h hold one more than 14 h, in any order."""
    rule = HighWeeks(7, 2, 3)
    assert (rule.weeks_back, HighWeeks().weeks_back, HighWeeks().limit) == (2, 51, 30240)
    assert found(rule, tour((0, 480, 960), (7, 480, 500), (14, 480, 900), days=21)) == [(20, 60)]
    assert found(rule, tour((0, 480, 900), (7, 480, 960), (14, 480, 500), days=21)) == [(13, 60)]
    assert found(rule, tour((0, 480, 960), (14, 480, 840), days=21)) == []


def test_fortnights_follow_the_calendar():
    """Those of one plan go on in the next: the block of a Monday does not begin with the plan."""
    rule = FortnightlyRest(since="2026-11-30")  # a week after MONDAY
    work = [(day, 480, 960) for day in range(14)]
    assert found(rule, tour(*work, days=14)) == []  # weeks of two fortnights
    later = replace(rule, since="2026-11-23")
    assert found(later, tour(*work, days=14)) == [(13, 2)]
    assert found(later, tour(*work[:12], days=14)) == [(13, 1)]  # 56 h, of which 11 are daily
    assert found(later, tour(*work[:11], days=14)) == []
    assert replace(rule, since="2026-12-07").weeks_back == 1
    with pytest.raises(SettingsError, match="'soon' is no date"):
        FortnightlyRest(since="soon")


def test_part_time_minimum_is_said_once():
    """A contract of 20 hours misses four, whatever is planned; one of 24 none."""
    small = replace(tour((0, 480, 960)), person=person(contract(hours_per_week=20.0)))
    enough = replace(small, person=person(contract(hours_per_week=24.0)))
    assert found(PartTimeMinimum(24), small) == [(0, 240)]
    assert found(PartTimeMinimum(24), enough) == []
    word = PartTimeMinimum(24).declare(contract(hours_per_week=20.0))
    assert isinstance(word, Memory)
    state, charged = word.start, []
    for day in range(3):
        today = word.view(_off(day))
        state, breach = word.step(state, today)
        charged.append(breach)
    assert charged == [240, 0, 0]


def _off(day: int):
    from wfm.rules.words import Today

    return Today(Calendar(Grid(MONDAY, 3, 30)), day)


def test_a_queue_without_settings_needs_its_own_name():
    """A queue that nobody described is a skill by its name; a level of one is enough."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    shift = duty(calendar, 0, (480, 960), "", ("shop",))
    able = Tour(person(skills={"shop": 0.5}), calendar, (shift,))
    assert found(Skills(()), able) == []
    assert found(Skills(()), replace(able, person=person())) == [(0, 480)]


def test_overtime_of_the_past_uses_up_the_quota():
    """Two hours are allowed in the year; three last week leave none, and are not told again."""
    day = [(day, 480, 480 + 60 * 8) for day in (-7, 0)]
    told = tour(*day, days=7, known=-7)
    assert found(OvertimeQuota(2, 5), told) == [(6, 180)]
    # one hour was left: two of this week's three are too many
    assert found(OvertimeQuota(4, 5), told) == [(6, 120)]


def test_a_day_without_work_breaks_nothing():
    """What is said of a duty is said of no day off."""
    for case in CASES:
        if isinstance(case.rule, DutyRule):
            assert case.rule.amount(case.tour.person, _off(0)) == 0


def test_a_paid_break_is_paid():
    """Fifteen paid minutes are no fault, fifteen unpaid are, twenty-one may be unpaid."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    paid = Activity("pause", paid=True, work=False, pause=True)
    unpaid = replace(paid, paid=False)
    for kind, minutes, amount in ((paid, 15, 0), (unpaid, 15, 15), (unpaid, 21, 0)):
        blocks = (
            Block(480, 600, WORK),
            Block(600, 600 + minutes, kind),
            Block(600 + minutes, 960, WORK),
        )
        whole = Tour(person(), calendar, (Duty(0, blocks),))
        assert sum(one.amount for one in PaidShortBreaks(20).breaches(whole)) == amount


def test_a_break_that_counts_as_work_still_cuts_a_sequence():
    """In some laws breaks are hours worked; they are breaks all the same."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    counted = Activity("rest", paid=True, work=True, pause=True)
    blocks = (Block(480, 660, WORK), Block(660, 670, counted), Block(670, 850, WORK))
    whole = Tour(person(), calendar, (Duty(0, blocks),))
    assert found(LongestSequence(3, 10), whole) == []
    assert found(LongestSequence(3, 11), whole) == [(0, 180)]


def test_who_works_full_time_drifts_nowhere():
    """Thirty-five hours are full time: long weeks are overtime, not drift."""
    long = tour(*[(day, 480, 1080) for day in range(5)])
    full = replace(long, person=person(contract(hours_per_week=35.0)))
    part = replace(long, person=person(contract(hours_per_week=34.0)))
    assert found(PartTimeDrift(2, 1, 1, 35), full) == []
    assert found(PartTimeDrift(2, 1, 1, 35), part) == [(6, 1)]
    word = PartTimeDrift(2, 1, 1, 35).declare(contract(hours_per_week=35.0))
    assert isinstance(word, Memory)
    state = word.start
    for day in range(7):
        state, breach = word.step(state, word.view(day_in(long, day)))
        assert breach == 0


@pytest.mark.parametrize(
    ("hours", "most"),
    [(20.0, 22 * 60), (30.0, 33 * 60), (33.0, 35 * 60 - 1), (35.0, 7 * 1440), (39.0, 7 * 1440)],
)
def test_most_hours_of_a_part_timer(hours: float, most: int):
    """A tenth more, but a minute less than 35 hours; who works full time has the whole week."""
    assert ComplementaryHours(0.1, 35).limit(contract(hours_per_week=hours)) == most


def test_a_sunday_worked_has_its_replacement_in_time():
    """Sunday the 29th worked: with two days for it, Tuesday is the last; a Sunday off is none."""
    sunday = replace(tour((6, 480, 960), (7, 480, 960), (8, 480, 960), days=10))
    assert found(ReplacementRest(2), sunday) == [(8, 1)]
    assert found(ReplacementRest(3), sunday) == []
    assert found(ReplacementRest(2), replace(sunday, duties=sunday.duties[:2])) == []
    assert found(ReplacementRest(2), replace(sunday, duties=sunday.duties[1:])) == []


def test_a_replacement_due_on_the_first_day():
    """The Sunday before, worked, with one day for it: Monday, the first day, is the last."""
    before = tour((-1, 480, 960), (0, 480, 960), known=-1)
    assert found(ReplacementRest(1), before) == [(0, 1)]
    assert found(ReplacementRest(2), before) == []


def test_each_sunday_has_a_replacement_of_its_own():
    """Two Sundays worked, one day off between and after them: the second is owed still."""
    work = [day for day in range(6, 16) if day != 14]
    both = tour(*[(day, 480, 960) for day in work], days=16)
    # off on Monday the 8th of the plan: it pays for day 6, so that day 13 waits until 15
    assert found(ReplacementRest(9), both) == []
    assert found(ReplacementRest(2), both) == [(8, 1)]
    one = tour(*[(day, 480, 960) for day in (6, 7, 8, 13, 15)], days=18)
    assert found(ReplacementRest(14), one) == []


def test_low_weeks_credit_their_own_absences_only():
    """Absences of the weeks around do not fill a low week."""
    low = tour((0, 480, 960), (7, 480, 960), days=14)
    away = person(credit={8: 420, 13: 420})
    assert found(LowWeek(14), replace(low, person=away)) == [(6, 360)]
    assert found(LowWeek(14), replace(low, person=person(credit={6: 420}))) == [(13, 360)]
    assert found(LowWeek(14), replace(low, person=person(credit={7: 420}))) == [(6, 360)]


def test_breaks_of_a_spell_are_no_interruptions():
    """Blocks that touch, or that another duty of the day covers, are one spell."""
    calendar = Calendar(Grid(MONDAY, 1, 30))
    paused = with_pause(calendar, 0, 480, 960, (600, 615), (720, 765))
    assert found(SplitDays(1, 2), Tour(person(), calendar, (paused,))) == []
    assert found(SpellMinimum(8, 1), Tour(person(), calendar, (paused,))) == []
    covered = (duty(calendar, 0, (480, 960)), duty(calendar, 0, (600, 700)))
    assert found(SpellMinimum(8, 8), Tour(person(), calendar, covered)) == []
    three = (*covered, duty(calendar, 0, (1000, 1060)))
    assert found(SplitDays(0, 2), Tour(person(), calendar, three)) == [(0, 40)]


def test_what_the_past_works_of_today_is_not_told_again():
    """Twelve hours reach into a Monday of at most ten: an hour more is an hour too many."""
    carried = tour((-1, 1440, 2160), (0, 1320, 1380), known=-1)
    assert found(DailyMaximum(10), carried) == [(0, 60)]
    assert found(DailyMaximum(10), tour((-1, 1440, 2160), known=-1)) == []
    calendar = Calendar(Grid(MONDAY, 7, 30), known_from=-1)
    parts = duty(calendar, -1, ((1320, 1560), (1620, 2160)))  # two hours and nine of Monday
    late = Tour(person(), calendar, (parts, duty(calendar, 0, (1320, 1380))))
    assert found(DailyMaximum(10), late) == [(0, 60)]


def test_a_duty_of_the_last_day_after_midnight_is_told_on_it():
    """Eleven hours of the day after the horizon, of ten."""
    assert found(DailyMaximum(10), tour((0, 1439, 2100), days=1)) == [(0, 60)]


def test_a_day_of_23_hours_is_followed_sooner():
    """29 March 2026 in Paris: a duty of 23 hours and five minutes works five on the Monday."""
    spring = tour((0, 600, 1385), days=2, zone="Europe/Paris", first=date(2026, 3, 29))
    assert found(ClosedWeekdays(frozenset({"monday"})), spring) == [(0, 5)]


def test_overtime_of_a_week_of_one_planned_day():
    """The horizon ends on a Monday of eight hours, of five that are no overtime."""
    assert found(OvertimeQuota(0, 5), tour((7, 480, 960), days=8)) == [(7, 180)]


def test_a_week_that_lacks_a_minute_is_not_long():
    """Seven hours and two on top are long, a minute less is not, also in the first week."""
    terms = contract(hours_per_week=7.0)
    rule = PartTimeDrift(2, 1, 1, 35)
    for minutes, told in ((540, 1), (539, 0)):
        week = replace(tour((0, 480, 480 + minutes)), person=person(terms))
        word = rule.declare(terms)
        assert isinstance(word, Memory)
        state, charged = word.start, 0
        for day in range(7):
            state, breach = word.step(state, word.view(day_in(week, day)))
            charged += breach
        assert charged == told
        assert len(found(rule, week)) == told


def test_a_holiday_worked_has_its_replacement_in_time():
    """A Monday: with one day for it, Tuesday is the last; a Monday like others asks for none."""
    worked = tour((0, 480, 960), (1, 480, 960), (2, 480, 960))
    feast = replace(worked, calendar=replace(worked.calendar, holidays={MONDAY: "feast"}))
    assert found(ReplacementRest(9, 1), feast) == [(1, 1)]
    assert found(ReplacementRest(9, 3), feast) == []
    assert found(ReplacementRest(9, 1), worked) == []


def test_past_duties_too_close_together_are_not_told_again():
    """Ten hours and then six within a day, both before the horizon."""
    worked = tour((-2, 480, 1080), (-1, 360, 720), known=-2)
    assert found(RollingMaximum(10), worked) == []
    today = tour((-1, 480, 1080), (0, 360, 720), known=-2)
    assert found(RollingMaximum(10), today) == [(0, 120)]


def test_complementary_hours_of_an_average_are_told_of_their_block():
    """Two weeks of 14 hours and a tenth more hold 30 hours 48; each block has its own."""
    terms = contract(hours_per_week=14.0, average_weeks=2, average_from=MONDAY)
    rule, part = ComplementaryHours(0.1, 35), person(terms)
    long = [(0, 0, 930), (1, 0, 930)]
    assert found(rule, replace(tour(*long, days=28), person=part)) == [(13, 12)]
    assert found(rule, replace(tour(*long, days=7), person=part)) == [(6, 12)]
    second = MONDAY + timedelta(days=7)
    past = [(-7, 0, 930), (-6, 0, 930)]
    begun = tour(*past, (0, 480, 540), known=-7, first=second)
    assert found(rule, replace(begun, person=part)) == [(6, 60)]
    assert found(rule, replace(tour(*past, known=-7, first=second), person=part)) == []


@pytest.mark.parametrize(
    ("day", "window", "start", "end", "minutes"),
    [
        ("monday", (1, 1440), 0, 60, 59),
        ("monday", (0, 1441), 1380, 1500, 61),
        ("tuesday", (0, 360), 1380, 1441, 1),
        ("sunday", (1320, 1800), 240, 420, 120),
    ],
)
def test_premium_time_at_the_edges_of_its_window(day, window, start, end, minutes):
    """A minute in or out; the night before the first day is that of its own weekday."""
    rule = PremiumTime(weekdays=frozenset({day}), window=window)
    assert found(rule, tour((0, start, end))) == [(0, minutes)]
