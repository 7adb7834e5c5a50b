"""
Rules across people, by hand.
"""

from __future__ import annotations

from dataclasses import replace

from tinycases import MONDAY, contract, duty, person, with_pause

from wfm.domain.roster import Calendar, Roster, Severity, Status, Tour
from wfm.domain.timegrid import Grid
from wfm.rules.book import Book, load_preset
from wfm.rules.entry import Entry
from wfm.rules.team import TeamPresence

CALENDAR = Calendar(Grid(MONDAY, 1, 30))


def roster(*told) -> Roster:
    """(name, traits, duty) of each person."""
    tours = []
    for name, traits, own in told:
        one = person(traits=frozenset(traits))
        one = replace(one, agent=replace(one.agent, agent=name))
        tours.append(Tour(one, CALENDAR, (own,)))
    return Roster(CALENDAR.grid, tuple(tours))


def wrong(rule: TeamPresence, team: Roster) -> list[tuple[int, int, int]]:
    return [(one.start, one.end, one.people) for one in rule.shortages(team)]


def test_a_supervisor_is_on_duty_throughout():
    """From 8:00 to 18:00 one is needed; the gap from 12:00 to 13:00 is found."""
    rule = TeamPresence("supervisor", window=(480, 1080))
    team = roster(
        ("ann", {"supervisor"}, duty(CALENDAR, 0, (480, 720))),
        ("bea", {"supervisor"}, duty(CALENDAR, 0, (780, 1080))),
        ("cem", set(), duty(CALENDAR, 0, (480, 1080))),
    )
    assert wrong(rule, team) == [(720, 780, 1)]


def test_breaks_count_unless_told_otherwise():
    """Who rests is in the house, but not at work."""
    team = roster(("ann", {"supervisor"}, with_pause(CALENDAR, 0, 480, 720, (600, 630))))
    assert wrong(TeamPresence("supervisor", window=(480, 720)), team) == []
    rule = TeamPresence("supervisor", window=(480, 720), resting=False)
    assert wrong(rule, team) == [(600, 630, 1)]


def test_too_many_is_wrong_too():
    """At most one at a time."""
    team = roster(
        ("ann", set(), duty(CALENDAR, 0, (480, 720))),
        ("bea", set(), duty(CALENDAR, 0, (700, 800))),
    )
    rule = TeamPresence(at_least=0, at_most=1, window=(480, 800))
    assert wrong(rule, team) == [(700, 720, 1)]


def test_other_weekdays_are_free():
    """A rule for Sundays says nothing of a Monday."""
    assert wrong(TeamPresence(weekdays=frozenset({"sunday"})), roster()) == []
    assert wrong(TeamPresence(weekdays=frozenset({"monday"})), roster()) == [(0, 1440, 1)]


def test_a_skill_counts_like_a_trait():
    """Somebody with the skill at any level counts; at none, not."""
    shift = duty(CALENDAR, 0, (480, 720))
    able = Tour(person(skills={"fr": 0.5}), CALENDAR, (shift,))
    rule = TeamPresence("fr", window=(480, 720))
    assert wrong(rule, Roster(CALENDAR.grid, (able,))) == []
    rusty = Tour(person(skills={"fr": 0.0}), CALENDAR, (shift,))
    assert wrong(rule, Roster(CALENDAR.grid, (rusty,))) == [(480, 720, 1)]


def test_people_who_begin_and_end_together():
    """Two that begin at once are two, and leave together."""
    shift = duty(CALENDAR, 0, (480, 600))
    team = roster(("ann", set(), shift), ("bea", set(), shift))
    rule = TeamPresence(at_least=2, window=(480, 660))
    assert wrong(rule, team) == [(600, 660, 2)]


def test_who_is_paid_for_no_work_is_not_at_work():
    """Time that is neither work nor a break does not count where resting does not."""
    from wfm.domain.roster import Block, Duty
    from wfm.domain.workforce import Activity

    errand = Duty(0, (Block(480, 600, Activity("errand", work=False)),))
    rule = TeamPresence(window=(480, 600), resting=False)
    assert wrong(rule, roster(("ann", set(), errand))) == [(480, 600, 1)]


def test_a_book_tells_what_the_team_breaks():
    """Times and people of a shortage stand in its sentence; the amount is minutes of people."""
    row = {"code": "HOUSE-1", "rule": "TeamPresence", "skill": "supervisor", "at_least": 2,
           "window": "09:00-12:00", "weekdays": ["monday"]}  # fmt: skip
    book = load_preset("us-flsa", added=[row], house=False)
    team = roster(
        ("ann", {"supervisor"}, duty(CALENDAR, 0, (480, 660))),
        ("bea", {"supervisor"}, duty(CALENDAR, 0, (540, 720))),
    )
    (short,) = [one for one in book.check_roster(team) if one.code == "HOUSE-1"]
    assert (short.agent, short.date, short.amount, short.unit) == ("team", MONDAY, 60, "minutes")
    assert short.sentence == (
        "From 09:00 to 12:00 on Monday, at least 2 people with supervisor are on duty together. "
        "Not so from 11:00 to 12:00: 1 missing."
    )
    assert (short.severity, short.status) == (Severity.HARD, Status.SETTING)


def test_too_many_are_told_as_too_many():
    """The other bound has its own word."""
    rule = TeamPresence(at_least=0, at_most=0, window=(480, 540), resting=False)
    entry = Entry("T", rule)
    (short,) = rule.shortages(roster(("ann", set(), duty(CALENDAR, 0, (480, 720)))))
    told = entry.team_violation(CALENDAR.grid, short)
    assert told.sentence == (
        "From 08:00 to 09:00, at least 0 and at most 0 people are at work, breaks not counted, "
        "together. Not so from 08:00 to 09:00: 1 too many."
    )


def test_one_tour_breaks_no_rule_of_the_team():
    """It forbids no tour alone; at a price, what is missing is a priced breach."""
    rule = TeamPresence(at_least=9)
    team = roster(("ann", set(), duty(CALENDAR, 0, (480, 720))))
    assert list(rule.breaches(team.tours[0])) == []
    assert rule.declare(contract()).amount(team.tours[0].person, None) == 0
    book = Book("b", (Entry("T", rule, Severity.PRICED, 5),))
    assert [(one.severity, one.amount) for one in book.check_roster(team)] == [
        (Severity.PRICED, 9 * 480),
        (Severity.PRICED, 8 * 240),
        (Severity.PRICED, 9 * 720),
    ]
