"""
Horizons of many weeks, fine grids, nights, clocks that change and zones of people: small
cases whose answer is known by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from wfm.domain.demand import Queue
from wfm.domain.promise import QueueRequirement, Requirement
from wfm.domain.roster import Calendar, Severity
from wfm.domain.shortfall import ShortfallPrices
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Break, Contract, Pay, Person, Premium, Shape
from wfm.errors import NoRosterError
from wfm.rules.book import load_preset
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule

PARIS = "Europe/Paris"
TEN = Pay("base", 1000)
DEAR = ShortfallPrices(contact=100_000, head_hour=100_000)  # a whole shift for any head missing


def problem(grid, need, shape, *, hours, zones=(PARIS,), pay=TEN):
    """People of one contract, a queue; ``need`` (clock minutes) says when one head is owed."""
    first, last = need
    clock = (grid.clock - first) % 1440
    heads = np.where(clock < (last - first) % 1440, 1.0, 0.0)
    zeros = np.zeros(grid.n)
    line = QueueRequirement("a", heads, zeros + 300, zeros, heads, heads, *[zeros] * 5)
    opened = heads > 0
    contract = Contract("c", hours, 7, (shape,), pay)
    people = tuple(
        Person(Agent(f"p{number}", contract, skills={"a": 1.0}, zone_name=zone))
        for number, zone in enumerate(zones)
    )
    queues = {"a": Queue("a")}
    calendars = {
        one.agent.agent: Calendar(grid, one.agent.zone_name, known_from=0) for one in people
    }
    book = load_preset("eu-wtd", queues=queues.values())
    required = Requirement(grid, {"a": line}, {"a": opened})
    return Problem(required, queues, people, book, {}, calendars, DEAR)


def solved(asked, effort=0.02):
    plan = schedule(asked, seed=1, effort=effort)
    hard = [
        found
        for tour in plan.roster
        for found in asked.book.check(tour)
        if found.severity is Severity.HARD
    ]
    assert not hard
    assert plan.bound <= plan.cost.total
    return plan


def starts(plan, grid, agent="p0"):
    """Wall-clock hours at which somebody's duties begin, by the grid's zone."""
    return [grid.local(duty.start).hour for duty in plan.roster.by_agent[agent].planned]


def test_eight_weeks_ask_for_the_same_hours_in_each():
    """Three mornings a week, eight times: 24 duties of four hours, three in each week."""
    grid = Grid(date(2024, 1, 1), 56, 60, PARIS)
    plan = solved(problem(grid, (480, 720), Shape("m", (480, 480), (240,)), hours=12))

    days = [duty.day for duty in plan.roster.by_agent["p0"].planned]
    assert [sum(day // 7 == week for day in days) for week in range(8)] == [3] * 8
    assert plan.cost.pay == 8 * 12 * 1000


def test_five_minutes_are_a_grid():
    """Owed from 08:20 to 12:20; shifts begin every five minutes, one fits: nothing is missing."""
    grid = Grid(date(2024, 1, 1), 1, 5, PARIS)
    shape = Shape("m", (480, 600), (240,), step=5)
    plan = solved(problem(grid, (500, 740), shape, hours=4))

    duty = plan.roster.by_agent["p0"].planned[0]
    assert (duty.start, duty.end) == (500, 740)
    assert plan.cost.shortfall == 0


@pytest.mark.parametrize(("first", "end"), [(date(2024, 3, 25), 4), (date(2024, 10, 21), 2)])
def test_a_night_on_which_clocks_change_lasts_as_it_passes(first, end):
    """Five hours from 22:00 on the Saturday end at four, or at two for the second time."""
    grid = Grid(first, 7, 60, PARIS)
    shape = Shape("n", (1320, 1320), (300,))
    plan = solved(problem(grid, (1320, 120), shape, hours=5, zones=(PARIS,) * 7))

    (night,) = (duty for tour in plan.roster for duty in tour.planned if duty.day == 5)
    assert night.end - night.start == night.paid == 300
    assert grid.local(night.end).hour == end


def test_a_night_covers_the_next_morning_and_not_its_own():
    """Owed from 22:00 to 03:00 on each of two nights; the morning is that of the night before."""
    grid = Grid(date(2024, 1, 1), 2, 60, PARIS)
    plan = solved(problem(grid, (1320, 180), Shape("n", (1320, 1320), (300,)), hours=10))
    covered = plan.cover["a"]

    assert covered[:3].sum() == 0  # nobody came in before the horizon
    assert covered[22:27].tolist() == [1] * 5
    assert covered[46:].tolist() == [1] * 2


def test_who_has_no_lawful_shift_is_named():
    """Eight hours without a break are against the directive: no shift is left, no bug."""
    grid = Grid(date(2024, 1, 1), 7, 60, PARIS)
    asked = problem(grid, (480, 960), Shape("d", (480, 480), (480,)), hours=8)

    with pytest.raises(NoRosterError, match="p0"):
        schedule(asked, effort=0.02)


def test_shifts_are_counted_in_the_zone_of_the_person():
    """Nine o'clock in Lisbon is ten in Paris: between them they cover nine to fourteen."""
    grid = Grid(date(2024, 1, 1), 1, 60, PARIS)
    shape = Shape("m", (540, 540), (240,))
    asked = problem(grid, (540, 840), shape, hours=4, zones=(PARIS, "Europe/Lisbon"))
    plan = solved(asked)

    assert (starts(plan, grid, "p0"), starts(plan, grid, "p1")) == ([9], [10])
    assert plan.cost.shortfall == 0


def test_premiums_and_overtime_are_in_the_objective_to_the_cent():
    """Sunday doubles four hours, and of the week's eight the last two are overtime at half more."""
    pay = Pay("base", 1111, (Premium("sunday", 1.0, days=frozenset({"sunday"})),), ((6, 0.5),))
    grid = Grid(date(2024, 1, 1), 7, 60, PARIS)
    asked = problem(grid, (480, 720), Shape("m", (480, 480), (240,)), hours=8, pay=pay)
    keep = {5, 6}
    free = tuple((grid.midnight(day), grid.midnight(day + 1)) for day in range(7) if day in keep)
    asked = replace(asked, people=(replace(asked.people[0], available=free),))
    plan = solved(asked)

    assert plan.cost.pay == 8 * 1111 + 4 * 1111 + 2 * 556
    assert grid.first + timedelta(days=6) == date(2024, 1, 7)


def test_breaks_of_people_alike_are_staggered():
    """Three people, one break each, two owed at every hour: no two are away together."""
    grid = Grid(date(2024, 1, 1), 1, 30, PARIS)
    pause = Break("pause", 30, after=60, before=60, apart=0, paid=True, step=30)
    shape = Shape("m", (480, 480), (300,), (pause,))
    asked = problem(grid, (480, 780), shape, hours=5, zones=(PARIS,) * 3)
    line = asked.requirement.queues["a"]
    doubled = replace(line, agents=2 * line.agents, to_schedule=2 * line.to_schedule)
    asked = replace(asked, requirement=replace(asked.requirement, queues={"a": doubled}))
    plan = solved(asked, effort=0.2)

    away = [b.start for t in plan.roster for d in t.planned for b in d.blocks if b.activity.pause]
    assert len(set(away)) == 3
    assert plan.cost.shortfall == 0
