"""
Sessions inside shifts: small days whose best slot is known by hand.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.scheduling.tiny import Case, person
from wfm.domain.courses import Course, unplaced
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.workforce import MEETING, TRAINING, WORK, Activity
from wfm.scheduling.placing import place
from wfm.scheduling.schedule import schedule

LUNCH = Activity("lunch", paid=False, work=False, pause=True)
DAY = 24 * 60


def case(people, heads, *courses, days=1):
    """People on one queue who are needed as ``heads`` says, hour by hour of every day."""
    open_clock = (480, 900)
    problem = Case(people, days=days, open_clock=open_clock).problem()
    problem = replace(problem, courses=courses)
    line = problem.requirement.queues["a"]
    needed = np.tile(np.asarray(heads, dtype=float), days)
    required = {"a": replace(line, agents=needed, to_schedule=needed)}
    return replace(problem, requirement=replace(problem.requirement, queues=required))


def roster(problem, *spans):
    """Everybody at work from 08:00 to 12:00 and 13:00 to 15:00, or as ``spans`` say, each day."""
    tours = []
    for one in problem.people:
        duties = []
        for day in range(problem.grid.days):
            blocks = [
                Block(day * DAY + first * 60, day * DAY + last * 60, WORK, ("a",))
                for first, last in spans or ((8, 12), (13, 15))
            ]
            if not spans:
                blocks.insert(1, Block(day * DAY + 720, day * DAY + 780, LUNCH))
            duties.append(Duty(day, tuple(blocks)))
        tours.append(Tour(one, Calendar(problem.grid), tuple(duties)))
    return Roster(problem.grid, tuple(tours))


def hours(**needed):
    """Heads needed by hour: those named by ``h9=2``, else none."""
    return [float(needed.get(f"h{hour}", 0)) for hour in range(24)]


def sessions(made, agent, activity=TRAINING):
    """Hours of the day at which somebody's sessions begin and end."""
    return [
        (block.start / 60, block.end / 60)
        for duty in made.by_agent[agent].planned
        for block in duty.blocks
        if block.activity == activity
    ]


def training(*agents, minutes=60, count=1, end=DAY, **more):
    return Course(TRAINING, agents, minutes, count, 0, end, **more)


def placed(problem, made):
    heads = {"a": sum(presence(problem, made))}
    return place(problem, made, heads, problem.courses)


def presence(problem, made):
    edges = np.append(problem.grid.starts, problem.grid.midnights[-1])
    for tour in made:
        found = np.zeros(problem.grid.n)
        for block in (b for d in tour.duties for b in d.blocks if b.activity.on_contacts):
            inside = np.minimum(edges[1:], block.end) - np.maximum(edges[:-1], block.start)
            found += np.maximum(inside, 0) / problem.grid.interval
        yield found


def test_a_session_goes_where_nobody_is_missed():
    """One head is needed in every hour but from ten to eleven: training is then."""
    needed = hours(h8=1, h9=1, h11=1, h13=1, h14=1)
    problem = case((person("ada", {"a": 1}),), needed, training("ada"))

    assert sessions(placed(problem, roster(problem)).roster, "ada") == [(10, 11)]


def test_two_people_do_not_go_at_once():
    """One of two is needed in every hour: each goes alone, and nothing is missing."""
    needed = hours(**{f"h{hour}": 1 for hour in (8, 9, 10, 11, 13, 14)})
    people = (person("ada", {"a": 1}), person("bob", {"a": 1}))
    problem = case(people, needed, training("ada", "bob"))
    made = placed(problem, roster(problem)).roster

    assert sessions(made, "ada") != sessions(made, "bob")
    assert (sum(presence(problem, made)) >= np.array(needed)).all()


@pytest.mark.parametrize("seed", range(8))
def test_no_other_slots_hurt_less(seed):
    """Of all starts of three sessions, on whole hours, none misses fewer heads."""
    rng = np.random.default_rng(seed)
    needed = hours(**{f"h{hour}": rng.integers(0, 4) for hour in (8, 9, 10, 11, 13, 14)})
    people = tuple(person(name, {"a": 1}) for name in ("ada", "bob", "eve"))
    problem = case(people, needed, training("ada", "bob", "eve", minutes=120))
    full = sum(presence(problem, roster(problem)))

    def missing(starts):
        heads = full.copy()
        for start in starts:
            heads[start : start + 2] -= 1
        return np.maximum(np.array(needed) - heads, 0).sum()

    made = placed(problem, roster(problem)).roster
    found = missing([int(sessions(made, name)[0][0]) for name in ("ada", "bob", "eve")])
    assert found == min(missing(starts) for starts in product((8, 9, 10, 13), repeat=3))


def test_a_session_is_whole_where_some_block_holds_it():
    """Four hours before lunch hold three; the cheaper hours around lunch would cut it."""
    needed = hours(h8=1, h9=1, h10=1)
    problem = case((person("ada", {"a": 1}),), needed, training("ada", minutes=180))

    assert sessions(placed(problem, roster(problem)).roster, "ada") == [(9, 12)]


def test_a_long_session_goes_on_after_lunch():
    """Five hours are in no block: they begin at nine and end at three."""
    problem = case((person("ada", {"a": 1}),), hours(h8=1), training("ada", minutes=300))

    assert sessions(placed(problem, roster(problem)).roster, "ada") == [(9, 12), (13, 15)]


def test_sessions_of_a_course_lie_on_different_days():
    """Two sessions on two days; a third has no day and is named."""
    owed = training("ada", count=3, end=2 * DAY)
    problem = case((person("ada", {"a": 1}),), hours(), owed, days=2)
    made = placed(problem, roster(problem)).roster

    assert [start // 24 for start, _ in sessions(made, "ada")] == [0, 1]
    assert [one.sessions for one in unplaced(made, (owed,))] == [1]


def test_a_meeting_is_one_slot_for_everybody():
    """Bob comes at ten and Ada leaves at twelve: of the hours they share, eleven is free."""
    people = (person("ada", {"a": 1}), person("bob", {"a": 1}))
    owed = Course(MEETING, ("ada", "bob"), 60, 1, 0, DAY, together=True)
    problem = case(people, hours(h10=2), owed)
    whole = roster(problem, (8, 12)).tours[0], roster(problem, (10, 14)).tours[1]
    made = placed(problem, Roster(problem.grid, whole)).roster

    assert sessions(made, "ada", MEETING) == sessions(made, "bob", MEETING) == [(11, 12)]
    assert not unplaced(made, (owed,))


def test_who_is_not_there_is_named():
    """Three of four share a slot; who works later is the one without."""
    people = tuple(person(name, {"a": 1}) for name in ("ada", "bob", "eve", "joe"))
    owed = Course(MEETING, ("ada", "bob", "eve", "joe"), 60, 1, 0, DAY, together=True)
    problem = case(people, hours(), owed)
    tours = (*roster(problem, (8, 11)).tours[:3], roster(problem, (12, 15)).tours[3])
    made = placed(problem, Roster(problem.grid, tours)).roster

    assert [one.agent for one in unplaced(made, (owed,))] == ["joe"]


def test_a_session_outside_its_time_is_not_placed():
    """What must be over by nine does not go into a shift that begins at ten."""
    owed = training("ada", end=9 * 60)
    problem = case((person("ada", {"a": 1}),), hours(), owed)
    made = placed(problem, roster(problem, (10, 14))).roster

    assert not sessions(made, "ada")
    assert [one.agent for one in unplaced(made, (owed,))] == ["ada"]


def test_a_plan_pays_sessions_and_does_not_count_them_as_cover():
    """Cover loses the session's hour, pay is that of the contract, the bound still holds."""
    problem = case(
        (person("ada", {"a": 1}),), hours(h8=1, h9=1), training("ada", end=2 * DAY), days=2
    )
    plain = schedule(replace(problem, courses=()), seed=1)
    plan = schedule(problem, seed=1)

    assert plan.cost.pay == plain.cost.pay == 5000
    assert plan.cover["a"].sum() == pytest.approx(plain.cover["a"].sum() - 1)
    assert plan.bound <= plan.cost.total
    assert not plan.unplaced
