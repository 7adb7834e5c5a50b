"""
The book: whom rules bind, what breaches tell, and what is left in doubt.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_rest import tour
from tinycases import MONDAY, contract, duty, person

from wfm.domain.demand import Queue
from wfm.domain.roster import Calendar, Roster, Severity, Status, Tour, Violation
from wfm.domain.timegrid import Grid
from wfm.errors import SettingsError
from wfm.rules.averages import AverageHours
from wfm.rules.book import Book, house_rules, load_preset
from wfm.rules.breaks import BreakAfter
from wfm.rules.days import ConsecutiveDays
from wfm.rules.entry import Entry
from wfm.rules.hours import ContractHours
from wfm.rules.lengths import DutyMaximum
from wfm.rules.notice import Notice
from wfm.rules.person import Skills
from wfm.rules.rest import DailyRest
from wfm.rules.team import TeamPresence

REST = Entry(
    "REST", DailyRest(11), source="Code", clause="art. 1", agreement="accord", status=Status.READ
)
DAY = (480, 960)


def named(agent: str, one: Tour, **changes: object) -> Tour:
    """The same tour of somebody else."""
    someone = person(**changes)
    return replace(one, person=replace(someone, agent=replace(someone.agent, agent=agent)))


def team(*tours: Tour) -> Roster:
    return Roster(tours[0].calendar.grid, tours)


def test_a_breach_tells_everything_its_reader_needs():
    """Code, severity, person, date, amount, unit, sentence, source with agreement, status."""
    found = Book("b", (REST,)).check(tour((0, 720, 1200), (1, 360, 600)))
    assert found == (
        Violation(
            "REST",
            Severity.HARD,
            "ann",
            MONDAY + timedelta(days=1),
            60,
            "minutes",
            "Between the end of a duty and the start of the next lie at least 11 hours.",
            "Code art. 1 accord",
            Status.READ,
        ),
    )


def test_a_shortage_tells_everything_its_reader_needs():
    """The team stands in the person's place."""
    rule = TeamPresence(at_least=2, window=(480, 540), weekdays=frozenset({"monday"}))
    entry = Entry("T", rule, Severity.INFO, source="s", status=Status.SETTING)
    assert Book("b", (entry,)).check_roster(team(tour((0, *DAY)))) == (
        Violation(
            "T",
            Severity.INFO,
            "team",
            MONDAY,
            60,
            "minutes",
            "From 08:00 to 09:00 on Monday, at least 2 people are on duty together. "
            "Not so from 08:00 to 09:00: 1 missing.",
            "s",
            Status.SETTING,
        ),
    )


def test_two_who_come_and_go_together_are_two():
    """Both begin and end at the same minute."""
    both = team(named("ann", tour((0, *DAY))), named("bea", tour((0, *DAY))))
    rule = TeamPresence(at_least=2, window=DAY, weekdays=frozenset({"monday"}))
    assert list(rule.shortages(both)) == []
    later = replace(rule, window=(480, 1020))
    assert [(one.start, one.end, one.people) for one in later.shortages(both)] == [(960, 1020, 2)]


def test_breaches_come_by_date_then_code():
    """And a person's before the next person's."""
    long = Entry("LONG", DutyMaximum(8))
    book = Book("b", (REST, long))
    one = tour((0, 720, 1210), (1, 360, 900))
    found = book.check_roster(team(named("bea", one), named("ann", one)))
    assert [(v.agent, v.date.day, v.code) for v in found] == [
        *(("bea", 23, "LONG"), ("bea", 24, "LONG"), ("bea", 24, "REST")),
        *(("ann", 23, "LONG"), ("ann", 24, "LONG"), ("ann", 24, "REST")),
    ]


def test_a_rule_stands_once_in_a_book():
    """Twice the same code is a fault that names it and the book."""
    with pytest.raises(SettingsError, match="rule REST stands twice in the book b"):
        Book("b", (REST, REST))


NOTICE = Entry("NOTICE", Notice(7, reduced=3, counterpart="an hour's pay"))


def changes(told: int, *entries: Entry) -> list[tuple[str, int, str, Severity, float]]:
    """Findings on a Monday taken off ann's, and a Tuesday put into bea's plan."""
    before = team(named("bea", tour((0, *DAY))), named("ann", tour((0, *DAY))))
    after = team(
        named("bea", tour((0, *DAY), (1, *DAY))),
        named("ann", tour((2, *DAY))),
        named("new", tour((0, *DAY))),
    )
    found = Book("b", (REST, *entries)).check_changes(after, before, MONDAY + timedelta(days=told))
    return [(v.agent, v.date.day, v.code, v.severity, v.amount) for v in found]


def test_changes_told_late_and_those_that_owe_something():
    """Two days before: too late. Three to six: the counterpart is owed, as information."""
    assert changes(-2, NOTICE) == [
        ("ann", 23, "NOTICE", Severity.HARD, 1),
        ("ann", 25, "NOTICE", Severity.INFO, 3),
        ("bea", 24, "NOTICE", Severity.INFO, 4),
    ]


def test_changes_are_looked_at_by_rules_of_notice_that_bind():
    """Other rules say nothing of changes, nor those for other people; who is new has no past."""
    young = replace(NOTICE, traits=frozenset({"minor"}))
    assert changes(-2, young) == []
    assert changes(-8, NOTICE) == []
    more = replace(NOTICE, code="A-NOTICE", rule=Notice(3))
    assert [row[:3] for row in changes(0, NOTICE, more)] == [
        ("ann", 23, "A-NOTICE"),
        ("ann", 23, "NOTICE"),
        ("ann", 25, "A-NOTICE"),
        ("ann", 25, "NOTICE"),
        ("bea", 24, "A-NOTICE"),
        ("bea", 24, "NOTICE"),
    ]


HOURS = Entry("HOURS", ContractHours())
BREAK = Entry("BREAK", BreakAfter(6, 20))
MINOR = Entry("MINOR", DutyMaximum(8), traits=frozenset({"minor"}))
AVERAGE = Entry("AVERAGE", AverageHours(44, 12))
RUN = Entry("RUN", ConsecutiveDays(6))
WHOLE = Book("b", (REST, HOURS, BREAK, MINOR, AVERAGE, RUN))


def test_what_is_left_in_doubt_is_told_with_what_to_give():
    """By rule, in the book's order; a rule that needs nothing more is in no doubt."""
    roster = team(tour((0, *DAY)))
    assert WHOLE.not_checked(roster, frozenset({"contract", "breaks"})) == (
        ("HOURS", "the contracts, in a workspace with agents.csv"),
        ("BREAK", "the breaks, as rows of a roster"),
        (
            "MINOR",
            "who is part-time, minor, night worker ...: contracts and traits, in agents.csv",
        ),
        ("AVERAGE", "11 more past weeks, with --past"),
    )
    assert WHOLE.not_checked(roster) == (("AVERAGE", "11 more past weeks, with --past"),)


@pytest.mark.parametrize(
    ("first", "known", "weeks"),
    [(0, 0, 11), (0, -7, 10), (0, -8, 10), (0, -6, 11), (0, -77, 0), (0, -76, 1), (3, 0, 12),
     (3, -3, 11)],
)  # fmt: skip
def test_past_weeks_that_are_missing(first: int, known: int, weeks: int):
    """Whole weeks from the first that the average asks for to the first day that is known."""
    calendar = Calendar(Grid(MONDAY + timedelta(days=first), 7, 30), known_from=known)
    book = Book("b", (AVERAGE,))
    found = book.not_checked(team(Tour(person(), calendar)))
    assert found == ((("AVERAGE", f"{weeks} more past weeks, with --past"),) if weeks else ())


def test_the_person_of_whom_least_is_known_decides():
    """One has three weeks behind her, another none."""
    known = tour((0, *DAY), known=-21)
    assert WHOLE.not_checked(team(named("ann", known), named("bea", tour((0, *DAY))))) == (
        ("AVERAGE", "11 more past weeks, with --past"),
    )
    assert WHOLE.not_checked(team(named("ann", known))) == (
        ("AVERAGE", "8 more past weeks, with --past"),
    )


def test_two_things_missing_are_both_told():
    """In one sentence."""

    class Both(BreakAfter):
        needs = frozenset({"contract", "breaks"})

    told = Book("b", (Entry("X", Both()),)).not_checked(
        team(tour((0, *DAY))), frozenset({"breaks", "contract"})
    )
    assert told == (
        ("X", "the breaks, as rows of a roster; the contracts, in a workspace with agents.csv"),
    )


def test_nothing_is_in_doubt_of_an_empty_roster():
    """Rules bind people; where nobody is, none binds."""
    assert WHOLE.not_checked(Roster(Grid(MONDAY, 7, 30), ())) == ()


def test_the_part_that_can_be_checked():
    """Rules that need what is not known are left out, the others stay in order."""
    part = WHOLE.checkable(frozenset({"breaks"}))
    assert [entry.code for entry in part] == ["REST", "HOURS", "MINOR", "AVERAGE", "RUN"]
    assert part.name == "b"


def test_a_book_with_more_entries_has_them_behind():
    """In the order in which they were added."""
    more = Book("b", (REST,)).with_entries([HOURS, RUN])
    assert [entry.code for entry in more] == ["REST", "HOURS", "RUN"]


def test_rules_for_some_people_bind_them_alone():
    """By trait, by exception, by contract, by name."""
    half = person(contract(hours_per_week=34.9)).agent
    full = person(contract(hours_per_week=35.0)).agent
    none = person(contract(hours_per_week=0.0)).agent
    part = Entry("P", DutyMaximum(8), traits=frozenset({"part_time"}))
    assert [part.binds(one) for one in (half, full, none)] == [True, False, False]
    assert part.binds(person(contract(hours_per_week=1.0)).agent)
    but = Entry("B", DutyMaximum(8), but_not=frozenset({"consents", "minor"}))
    assert not but.binds(person(traits=frozenset({"consents"})).agent)
    assert but.binds(full)
    own = Entry("O", DutyMaximum(8), agents=frozenset({"bea"}))
    assert [own.binds(replace(full, agent=name)) for name in ("ann", "bea")] == [False, True]


def test_a_loaded_book_has_its_name_and_its_order():
    """No overlap first, then the law, then rules of the house, then what a workspace settles."""
    row = {"code": "H", "rule": "DutyMaximum", "hours": 9}
    book = load_preset("us-flsa", added=[row], as_of=date(2026, 11, 20))
    codes = [entry.code for entry in book]
    assert (book.name, codes[0], codes[3], codes[4]) == ("us-flsa", "NO-OVERLAP", "H", "ON-TEAM")


def test_a_duty_before_the_horizon_is_no_finding_of_it():
    """What the past broke is not told again."""
    calendar = Calendar(Grid(MONDAY, 2, 30), known_from=-2)
    past = (duty(calendar, -2, (0, 1300)), duty(calendar, -1, (0, 1300)))
    assert Book("b", (Entry("D", DutyMaximum(8)),)).check(Tour(person(), calendar, past)) == ()


def test_what_a_workspace_settles_is_in_force_by_these_names():
    """Findings, wfm.toml and `--select` rely on the codes; skills come from the queues."""
    entries = {entry.code: entry for entry in house_rules((Queue("bank", skills=("fr", "money")),))}
    assert list(entries) == [
        *("ON-TEAM", "AVAILABLE", "ABSENT", "FIXED", "SKILL", "CONTRACT-DAYS", "CONTRACT-HOURS"),
        *("ROTATION", "WISH"),
    ]
    assert entries["SKILL"].rule == Skills((("bank", ("fr", "money")),))
    assert entries["WISH"].price == 1
    assert {entry.severity for code, entry in entries.items() if code != "WISH"} == {Severity.HARD}


def test_a_rule_that_looks_at_no_past_is_in_no_doubt():
    """Also where the horizon begins within a week of which nothing is known."""
    calendar = Calendar(Grid(MONDAY + timedelta(days=3), 7, 30))
    assert Book("b", (RUN,)).not_checked(team(Tour(person(), calendar))) == ()


def test_a_book_of_law_alone():
    """Without the house, contracts and wishes are nobody's rules."""
    codes = {entry.code for entry in load_preset("us-flsa", house=False)}
    assert codes.isdisjoint(entry.code for entry in house_rules())


@pytest.mark.parametrize(
    ("severity", "price", "message", "hint"),
    [
        (
            Severity.PRICED,
            0,
            "rule N is priced with a price of 0 cents",
            "a priced rule has a price above 0, any other has none",
        ),
        (
            Severity.HARD,
            1,
            "rule N is hard with a price of 1 cents",
            "a priced rule has a price above 0, any other has none",
        ),
        (
            Severity.PRICED,
            1,
            "rule N is priced, but it is checked, not planned for",
            "make it hard or info",
        ),
    ],
)
def test_a_price_that_cannot_be_says_what_to_write(severity, price, message, hint):
    """The whole message, and the whole hint."""
    with pytest.raises(SettingsError) as refused:
        Entry("N", Notice(7), severity, price)
    (problem,) = refused.value.problems
    assert (problem.message, problem.hint) == (message, hint)
