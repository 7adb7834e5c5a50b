"""
Notice of changes, by hand.
"""

from __future__ import annotations

from datetime import timedelta

from test_rest import tour
from tinycases import MONDAY

from wfm.rules.notice import Notice
from wfm.rules.words import Each, day_in

DAY = (480, 960)


def late(rule: Notice, before, after, told: int) -> list[tuple[int, int]]:
    day = MONDAY + timedelta(days=told)
    return [(breach.day, breach.amount) for breach in rule.late(after, before, day)]


def test_seven_days_before_is_in_time():
    """Told seven days before: in time; six: a day too late."""
    before, after = tour((3, *DAY)), tour((3, 500, 980))
    assert late(Notice(7), before, after, -4) == []
    assert late(Notice(7), before, after, -3) == [(3, 1)]


def test_working_days_leave_out_weekends():
    """From Friday to Monday is one working day."""
    before, after = tour((0, *DAY)), tour()
    assert late(Notice(7, working=True), before, after, -3) == [(0, 6)]
    # eleven days before, a Thursday: Fri Mon-Fri Mon are seven
    assert late(Notice(7, working=True), before, after, -11) == []
    assert late(Notice(7, working=True), before, after, -10) == [(0, 1)]


def test_an_agreement_reduces_notice_for_something_in_return():
    """Three working days suffice; from there to seven the counterpart is owed, and said."""
    rule = Notice(7, working=True, reduced=3, counterpart="an hour's pay")
    before, after = tour((0, *DAY)), tour()
    # told on the Thursday before: Fri and Mon are two; on the Wednesday: three
    assert late(rule, before, after, -4) == [(0, 1)]
    assert late(rule, before, after, -5) == []
    owed = [
        [(breach.day, breach.amount) for breach in rule.owed(after, before, day)]
        for day in (MONDAY + timedelta(days=told) for told in (-4, -5, -10, -11))
    ]
    assert owed == [[], [(0, 4)], [(0, 1)], []]


def test_one_plan_alone_says_nothing_of_changes():
    """A single tour breaks no notice, and solvers hear nothing of it."""
    rule, plan = Notice(7), tour((0, *DAY))
    assert list(rule.breaches(plan)) == []
    word = rule.declare(plan.person.agent.contract)
    assert isinstance(word, Each)
    assert word.amount(plan.person, day_in(plan, 0)) == 0


def test_without_a_counterpart_notice_is_never_reduced():
    """That an agreement could name one is not enough."""
    rule = Notice(7, working=True, reduced=3)
    before, after = tour((0, *DAY)), tour()
    assert late(rule, before, after, -5) == [(0, 4)]
    assert list(rule.owed(after, before, MONDAY + timedelta(days=-5))) == []


def test_the_sentence_tells_the_kind_of_days_and_what_is_owed():
    """Working days, and the counterpart by name."""
    assert Notice(7).sentence.endswith("is told at least 7 days before.")
    told = Notice(7, working=True, reduced=3, counterpart="an hour's pay").sentence
    assert told.endswith("at least 7 working days before, or 3 with this in return: an hour's pay.")


def test_what_stays_needs_no_notice():
    """Only days that change are looked at, new and cancelled ones among them."""
    before, after = tour((0, *DAY), (1, *DAY)), tour((0, *DAY), (2, *DAY))
    assert [day for day, _ in late(Notice(30), before, after, -1)] == [1, 2]


def test_days_already_gone_are_no_matter_of_notice():
    """A change of yesterday is a record, not a plan."""
    assert late(Notice(7), tour((0, *DAY)), tour(), 1) == []


def test_told_on_the_day_itself():
    """A change of today is told with no notice at all."""
    assert late(Notice(7), tour((0, *DAY)), tour(), 0) == [(0, 7)]


def test_only_days_that_both_plans_hold_are_compared():
    """The day after the published plan's last was never promised."""
    before = tour((0, *DAY), days=3)
    after = tour((0, *DAY), (2, *DAY), (3, *DAY), days=7)
    assert [day for day, _ in late(Notice(30), before, after, -1)] == [2]


def test_the_same_hours_on_another_horizon_are_the_same():
    """Plans that begin on other days are compared by date and clock."""
    published = tour((8, *DAY), days=14)
    from datetime import timedelta as step

    from tinycases import MONDAY as first

    again = tour((1, *DAY), days=7, first=first + step(days=7))
    assert list(Notice(30).late(again, published, first)) == []
