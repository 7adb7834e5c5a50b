"""
What a promise asks of the roster beyond its share: floors, occupancy, priorities.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import AnswerRate, Curve, Period, QueueRequirement, Requirement
from wfm.domain.roster import Calendar
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Contract, Pay, Person, Shape
from wfm.rules.book import load_preset
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule

DAY = Grid(date(2024, 1, 1), 1, 60)
MORNING, NOON = slice(8, 10), slice(10, 12)
HALF_DAY = Shape("two", (480, 600), (120,), step=120)  # from eight to ten, or from ten to twelve


def asked(promise: AnswerRate, *, people: int = 2, noon: float = 1.0) -> Problem:
    """
    Ten contacts an hour in the morning, ``noon`` an hour until twelve; one head answers all.

    Everybody may work one shift of two hours, or none.
    """
    contacts, zeros = np.zeros(DAY.n), np.zeros(DAY.n)
    contacts[MORNING], contacts[NOON] = 10.0, noon
    opened = contacts > 0
    answered = contacts[:, None] * np.array([0.0, 1.0, 1.0])
    occupancy = np.where(opened[:, None], np.array([1.0, 0.9, 0.6]), 0.0)
    required = QueueRequirement(
        "a", contacts, zeros + 180, zeros, zeros, zeros, *[zeros] * 5, promise,
        Curve(answered, answered, occupancy),
    )  # fmt: skip
    contract = Contract("c", 2, 1, (HALF_DAY,), Pay("base", 1000), tolerance=2.0)
    team = tuple(Person(Agent(f"p{n}", contract, skills={"a": 1.0})) for n in range(people))
    return Problem(
        Requirement(DAY, {"a": required}, {"a": opened}),
        {"a": Queue("a")},
        team,
        load_preset("eu-wtd", queues=[Queue("a")]),
        calendars={person.agent.agent: Calendar(DAY) for person in team},
    )


def test_without_a_floor_the_share_is_kept_where_it_is_cheapest():
    """Half of all contacts: one shift in the morning answers 20 of 22, and noon is left alone."""
    plan = schedule(asked(AnswerRate(share=0.5, over=Period.DAY)))

    assert plan.cover["a"][8:12].tolist() == [1, 1, 0, 0]


def test_a_floor_has_every_interval_served():
    """With a tenth answered in each hour somebody comes at noon too, for two contacts."""
    plan = schedule(asked(AnswerRate(share=0.5, over=Period.DAY, floor=0.1)))

    assert (plan.cover["a"][8:12] >= 0.1).all()
    assert plan.cost.shortfall == 0
    assert plan.cost.pay == 4000


def test_who_asks_for_a_floor_has_it_before_a_shift_is_saved():
    """
    A tenth of a head that is missing for two hours costs six hours' pay, and a shift two.

    At three hours' pay for a missing head-hour, as where heads are counted, it would cost 0.6.
    """
    problem = asked(AnswerRate(share=0.5, over=Period.DAY, floor=0.1))
    prices = problem.shortfall_prices

    assert 0.2 * prices.head(problem.aims["a"]) > 2 * 1000
    cheaper = replace(problem, prices=replace(prices, floor_hour=prices.head_hour))
    assert schedule(cheaper).cover["a"][10:12].tolist() == [0, 0]


def test_the_occupancy_cap_asks_for_more_heads_than_the_share():
    """One head answers everybody at 90 % busy; at most 80 % take a third of another."""
    plan = schedule(asked(AnswerRate(share=0.5, over=Period.DAY, max_occupancy=0.8), people=4))

    assert plan.cover["a"][8:12].tolist() == [2, 2, 2, 2]
    assert plan.cost.shortfall == 0


def test_a_floor_that_nobody_can_keep_is_told_by_interval():
    """One person cannot be there morning and noon: what is missing has its hours."""
    problem = asked(AnswerRate(share=0.4, over=Period.DAY, floor=0.5), people=1)
    plan = schedule(problem)

    assert plan.cost.shortfall > 0
    (said,) = problem.aims["a"].told(plan.cover["a"], DAY)
    assert (
        said == "a: 1.0 head-hours are missing, at 2024-01-01T10:00 (0.50), 2024-01-01T11:00 (0.50)"
    )


def test_queues_of_a_shift_are_named_in_order_of_priority():
    """B is served before A, though its name comes later."""
    one = asked(AnswerRate(share=0.5, over=Period.DAY))
    queues = {"a": Queue("a", priority=2), "b": Queue("b", priority=1)}
    needed = one.requirement
    both = replace(
        needed,
        queues={"a": needed.queues["a"], "b": replace(needed.queues["a"], queue="b")},
        open={"a": needed.open["a"], "b": needed.open["a"]},
    )
    able = {"a": 1.0, "b": 1.0}
    people = tuple(replace(p, agent=replace(p.agent, skills=able)) for p in one.people)
    book = load_preset("eu-wtd", queues=queues.values())
    plan = schedule(replace(one, requirement=both, queues=queues, people=people, book=book))

    blocks = [b for tour in plan.roster for duty in tour.planned for b in duty.blocks]
    assert blocks
    assert {block.queues for block in blocks} == {("b", "a")}


def test_shapes_that_a_shift_fits_alike_are_said():
    """From ten o'clock for two hours is 'two' and 'noon': files and rules know the first."""
    problem = asked(AnswerRate(share=0.5, over=Period.DAY))
    noon = Shape("noon", (600, 660), (120, 180))
    people = tuple(
        replace(
            p, agent=replace(p.agent, contract=replace(p.agent.contract, shapes=(HALF_DAY, noon)))
        )
        for p in problem.people
    )
    plan = schedule(replace(problem, people=people), effort=0.1)

    assert plan.remarks == (
        "contract c: shifts fit 'two' and 'noon' alike; a roster's file names none, and rules "
        "and wishes know them as 'two'",
    )
