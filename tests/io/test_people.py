"""
The team: agents, availability, absences, wishes, and a person's days in minutes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Contract, Pay, Shape, WishKind
from wfm.errors import DataError
from wfm.io import people
from wfm.io.horizon import person

SHAPE = Shape("day", (480, 480), (420,))
FULL = Contract("full", 35, 5, (SHAPE,), Pay("base", 1400))
WEEK = Grid(date(2026, 1, 5), 7, 30, "Europe/Paris")  # a Monday
PRICES = dict.fromkeys(WishKind, 1000)


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def team(tmp_path, *rows, header="agent,contract,skills"):
    path = write(tmp_path / "agents.csv", "\n".join([header, *rows]) + "\n")
    return people.read_agents(path, {"full": FULL}, ["billing", "sales"], "Europe/Paris")


def in_week(contract=FULL, **known):
    ann = Agent("ann", contract, zone_name="Europe/Paris")
    return person(ann, WEEK, "monday", prices=PRICES, **known)


def spans(known):
    """Spans that begin in the week; the day after it is known too."""
    return [span for span in known.available if span[0] < 7 * 1440]


def test_skills_carry_their_efficiency(tmp_path):
    """
    billing;sales:0.8 is full at billing and four fifths at sales.
    """
    (ann,) = team(tmp_path, "ann,full,billing;sales:0.8")

    assert ann.skills == {"billing": 1.0, "sales": 0.8}


def test_an_unknown_skill_lists_the_known(tmp_path):
    """
    The words of the style guide, with every bad row.
    """
    with pytest.raises(DataError) as caught:
        team(tmp_path, "ann,full,biling", "bob,half,sales", "ann,full,sales:80")

    said = [str(problem) for problem in caught.value.problems]
    assert said[0] == (
        "agents.csv, row 2, column skills: 'biling' is not a known skill\n"
        "hint:  known skills are billing, sales"
    )
    assert "row 3, column contract: 'half' is no contract" in said[1]
    assert any("row 4, column agent: 'ann' stands twice" in text for text in said)
    assert any("write sales:0.8" in text for text in said)


def availability(tmp_path, *rows):
    path = write(tmp_path / "av.csv", "\n".join(["agent,weekday_or_date,from,until", *rows]) + "\n")
    return people.read_availability(path, ["ann"])


def test_availability_by_weekday_and_date(tmp_path):
    """
    Monday to Tuesday 08:00-18:00, but from noon on Tuesday the 6th; no other day.
    """
    free = availability(tmp_path, "ann,mon-tue,08:00,18:00", "ann,2026-01-06,12:00,18:00")["ann"]

    assert spans(in_week(availability=free)) == [(480, 1080), (1440 + 720, 1440 + 1080)]


def test_availability_past_midnight_joins_the_next_day(tmp_path):
    """
    16:00 to 00:30 ends the next day; a whole next day goes on from there without a seam.
    """
    free = availability(tmp_path, "ann,mon,16:00,00:30", "ann,tue,,")["ann"]

    assert spans(in_week(availability=free)) == [(960, 2880)]


def test_a_strange_weekday_is_a_fault(tmp_path):
    """
    Neither a weekday nor a date; and an agent whom nobody knows.
    """
    with pytest.raises(DataError) as caught:
        availability(tmp_path, "ann,lundi,08:00,18:00", "bob,mon,08:00,18:00")

    assert len(caught.value.problems) == 2


def absences(tmp_path, *rows):
    path = write(tmp_path / "ab.csv", "\n".join(["agent,start,end,kind", *rows]) + "\n")
    return people.read_absences(path, ["ann"])["ann"]


def test_days_away_are_credited_up_to_the_contract(tmp_path):
    """
    Seven days away at 7 hours a day would be 49 hours; the contract pays 35.
    """
    away = in_week(absences=absences(tmp_path, "ann,2026-01-05,2026-01-11,leave"))

    assert (away.absences[0].start, away.absences[0].end) == (0, 7 * 1440)
    assert away.credit == dict.fromkeys(range(5), 420)


def test_leave_before_the_week_counts_where_hours_are_averaged(tmp_path):
    """
    The Thursday and Friday before, out of the horizon, are in a block of two weeks; the one
    three weeks before is in none.
    """
    rows = "ann,2026-01-01,2026-01-02,leave", "ann,2025-12-15,2025-12-15,leave"
    averaged = replace(FULL, average_weeks=2)
    away = in_week(contract=averaged, absences=absences(tmp_path, *rows))

    assert away.credit == {-4: 420, -3: 420}
    assert not away.absences


def test_hours_away_are_credited_by_their_length(tmp_path):
    """
    A training of three hours is three hours.
    """
    away = in_week(absences=absences(tmp_path, "ann,2026-01-06T09:00,2026-01-06T12:00,training"))

    assert away.credit == {1: 180}


def test_an_absence_must_end_after_it_starts(tmp_path):
    """
    And be of a kind that is known.
    """
    with pytest.raises(DataError) as caught:
        absences(tmp_path, "ann,2026-01-06,2026-01-05,leave", "ann,2026-01-06,2026-01-06,lieve")

    assert "is not after" in str(caught.value)
    assert "'leave'" in str(caught.value)


def test_who_leaves_is_available_to_the_last_day():
    """
    Somebody whose last day is Wednesday cannot be planned on Thursday.
    """
    leaver = Agent("ann", FULL, zone_name="Europe/Paris", ends=date(2026, 1, 7))

    known = person(leaver, WEEK, "monday", prices=PRICES)

    assert known.can_work(2 * 1440 + 480, 2 * 1440 + 960)
    assert not known.can_work(3 * 1440 + 480, 3 * 1440 + 960)


def test_wishes_are_priced_by_kind_and_weight(tmp_path):
    """
    Twice the price of the settings for a weight of 2; an empty weight is 1.
    """
    text = "agent,date,kind,weight\nann,2026-01-06,off,2\nann,2026-01-07,early,\n"
    wanted = people.read_wishes(write(tmp_path / "w.csv", text), ["ann"])["ann"]

    wishes = in_week(wishes=wanted).wishes

    assert [(wish.day, wish.kind, wish.price) for wish in wishes] == [
        (1, WishKind.OFF, 2000),
        (2, WishKind.EARLY, 1000),
    ]


def test_an_agent_of_another_zone_is_free_by_their_own_clock(tmp_path):
    """
    09:00 in London is 10:00 in Paris.
    """
    free = availability(tmp_path, "ann,mon,09:00,17:00")["ann"]
    londoner = Agent("ann", FULL, zone_name="Europe/London")

    known = person(londoner, WEEK, "monday", availability=free, prices=PRICES)

    assert spans(known) == [(600, 1080)]


def test_traits_are_what_law_asks(tmp_path):
    """
    minor;night worker are two traits; a slip of the keyboard is a fault.
    """
    header = "agent,contract,skills,traits"
    (ann,) = team(tmp_path, "ann,full,billing,minor;night worker", header=header)
    assert ann.traits == {"minor", "night_worker"}
    with pytest.raises(DataError, match="'nigth_worker' is no trait"):
        team(tmp_path, "ann,full,billing,nigth_worker", header=header)


def test_a_header_alone_is_no_team(tmp_path):
    """
    agents.csv without a row names the file.
    """
    with pytest.raises(DataError, match=r"agents\.csv: names nobody"):
        team(tmp_path)


def test_an_absence_until_the_end_of_time_is_a_bad_cell(tmp_path):
    """
    9999-12-31 as an end: row and column, not an overflow.
    """
    path = write(
        tmp_path / "absences.csv", "agent,start,end,kind\nann,2026-01-05,9999-12-31,sick\n"
    )

    with pytest.raises(DataError, match=r"absences\.csv, row 2, column end: .*1900 to 2100"):
        people.read_absences(path, ["ann"])
