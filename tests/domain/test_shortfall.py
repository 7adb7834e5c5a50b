"""
What is missing from a promise, by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.promise import AnswerRate, Curve, OnTime, Period, QueueRequirement, Requirement
from wfm.domain.shortfall import (
    Aim,
    ShortfallPrices,
    above,
    above_any_wage,
    aims,
    between,
    envelope,
    fewest,
    shortfall,
)
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Contract, Pay, Shape

DAY = Grid(date(2024, 1, 1), 1, 60)


def requirement(promise: AnswerRate, answered: list[float], occupancy: list[float]) -> Requirement:
    """Two open hours of 10 contacts each, the same curve in both."""
    n = DAY.n
    opened = np.zeros(n, dtype=bool)
    opened[8:10] = True
    zeros = np.zeros(n)
    table = np.where(opened[:, None], np.array(answered), 0.0)
    curve = Curve(table, table, np.where(opened[:, None], np.array(occupancy), 0.0))
    contacts = np.where(opened, 10.0, 0.0)
    queue = QueueRequirement(
        "sales", contacts, zeros, zeros, zeros, zeros, zeros, zeros, zeros, zeros, zeros,
        promise, curve,
    )  # fmt: skip
    return Requirement(DAY, {"sales": queue}, {"sales": opened})


def test_envelope_lies_above_a_curve_that_starts_flat():
    """A value below the chord of its neighbours is lifted onto it."""
    assert envelope(np.array([[0.0, 1.0, 8.0, 10.0]])).tolist() == [[0.0, 4.0, 8.0, 10.0]]


def test_above_its_floor_a_curve_stays_true():
    """From two heads on 8 and 10 stand; below them the line of two a head goes on."""
    steep = np.array([[0.0, 1.0, 8.0, 10.0]])

    assert above(steep, np.array([2.0])).tolist() == [[0.0, 4.0, 8.0, 10.0]]
    assert above(np.array([[0.0, 0.0, 1.0, 8.0, 10.0]]), np.array([3.0])).tolist() == [
        [0.0, 8 / 3, 16 / 3, 8.0, 10.0]
    ]


def test_a_chord_from_nobody_promises_nothing_above_the_floor():
    """0, 0, 5, 8, 10: the chord from nobody to three heads would make five of two 5.3."""
    steep = np.array([[0.0, 0.0, 5.0, 8.0, 10.0]])

    assert above(steep, np.array([2.4])).tolist() == [[-1.0, 2.0, 5.0, 8.0, 10.0]]


def test_a_concave_curve_stands_as_it_is():
    """Answer rates are concave from nobody on: nothing is changed at any floor."""
    flat = np.array([[0.0, 4.0, 7.0, 9.0, 10.0]])

    for floor in (0.0, 1.5, 3.0, 4.0):
        assert above(flat, np.array([floor])).tolist() == flat.tolist()


def test_between_heads_curves_are_linear_and_end_flat():
    """Half a head yields half of the next head's gain; a third head nothing more."""
    assert between(np.array([[0.0, 4.0, 6.0]] * 2), np.array([1.5, 3.0])).tolist() == [5.0, 6.0]


def test_fewest_heads_interpolates():
    """Five contacts lie half way between one head's 4 and two heads' 6."""
    assert fewest(np.array([[0.0, 4.0, 6.0]]), np.array([5.0])) == pytest.approx(1.5)


def test_floor_and_occupancy_both_ask_for_heads():
    """A floor of half the contacts needs 1.25 heads, an occupancy of 0.7 needs 2."""
    promise = AnswerRate(share=0.8, over=Period.DAY, floor=0.5, max_occupancy=0.7)
    aim = aims(requirement(promise, [0, 4, 8, 10], [1.0, 0.9, 0.7, 0.5]))["sales"]

    assert aim.heads[8:10] == pytest.approx([2.0, 2.0])
    assert aim.heads[:8].sum() == 0


def test_shortfall_prices_contacts_over_the_period_and_heads_in_the_interval():
    """3 heads then 1 yield 14 of 16 contacts; a floor of half misses a quarter head once."""
    promise = AnswerRate(share=0.8, over=Period.DAY, floor=0.5)
    wanted = aims(requirement(promise, [0, 4, 8, 10], [1.0, 0.9, 0.7, 0.5]))
    heads = np.zeros(DAY.n)
    heads[8:10] = [3, 1]

    price = shortfall(wanted, {"sales": heads}, ShortfallPrices(1000, 4000), DAY.interval)

    assert price == pytest.approx(2 * 1000 + 0.25 * 4000, abs=0.1)


def test_a_floor_has_its_own_price_and_heads_without_a_curve_theirs():
    """A quarter head is missing from a floor at 50.00 an hour, a whole one at 7.00 elsewhere."""
    promise = AnswerRate(share=0.1, over=Period.DAY, floor=0.5)
    floor = aims(requirement(promise, [0, 4, 8, 10], [1.0, 0.9, 0.7, 0.5]))["sales"]
    wanted = {"sales": floor, "post": Aim("post", np.where(DAY.clock == 480, 1.0, 0.0))}
    heads = np.where((DAY.clock >= 480) & (DAY.clock < 600), 1.0, 0.0)
    heads[8] = 2.0
    prices = ShortfallPrices(1000, 700, floor_hour=5000)

    price = shortfall(wanted, {"sales": heads, "post": 0 * heads}, prices, DAY.interval)

    assert price == pytest.approx(0.25 * 5000 + 700)
    assert prices.times(8) == ShortfallPrices(8000, 5600, floor_hour=40_000)


def test_what_is_missing_is_told_by_interval_and_period():
    """
    Two heads are owed from 08:00 to 10:00; one serves the first hour, nobody the second.
    """
    owed = Aim("sales", np.where((DAY.clock >= 480) & (DAY.clock < 600), 2.0, 0.0))
    heads = np.where(DAY.clock == 480, 1.0, 0.0)

    assert list(owed.told(heads, DAY)) == [
        "sales: 3.0 head-hours are missing, at 2024-01-01T08:00 (1.00), 2024-01-01T09:00 (2.00)"
    ]


@pytest.mark.parametrize(
    ("tolerance", "head", "contact"),
    [(1.9, 6000, 1000), (2.0, 8800, 8800)],
)
def test_a_shift_that_can_be_bought_is_cheaper_than_what_it_makes_up_for(tolerance, head, contact):
    """
    Four hours at 20 an hour cost 80.00. Two hours either way leave a shift of four to be
    bought: a head missing for an hour costs a tenth more, and so does a contact. Less leaves
    none: three hours' pay for a head, ten times that of three minutes for a contact.
    """
    shape = Shape("half", (480, 480), (240,))
    contract = Contract("c", 20, 5, (shape,), Pay("base", 2000), tolerance=tolerance)
    plain = requirement(AnswerRate(share=0.9), [0, 10], [1, 0])
    short = replace(plain.queues["sales"], aht_s=np.full(DAY.n, 180.0))
    prices = above_any_wage(replace(plain, queues={"sales": short}), [Agent("ada", contract)])

    assert (prices.head_hour, prices.contact) == (head, contact)
    assert prices.floor_hour == 10 * head


def one_queue(promise: AnswerRate, **more) -> tuple[Requirement, Aim]:
    """The requirement of two open hours, and what it owes when more is known of its queue."""
    found = requirement(promise, [0, 5, 8, 10], [1, 1, 0.8, 0.6])
    line = replace(found.queues["sales"], **more)
    return found, aims(replace(found, queues={"sales": line}))["sales"]


def test_an_aim_stands_for_the_promised_share():
    """Kept on most days, 50 % needs a mean of 80 %: sixteen of twenty contacts and not ten."""
    promise = AnswerRate(share=0.5, over=Period.DAY)
    plain, owed = one_queue(promise, aim=np.full(DAY.n, 0.8))

    assert aims(plain)["sales"].targets[0].contacts == pytest.approx(10)
    assert owed.targets[0].contacts == pytest.approx(16)


def test_an_aim_of_intervals_is_owed_by_each():
    """80 % of ten contacts need two heads, where 50 % need one."""
    plain, owed = one_queue(AnswerRate(share=0.5, over=Period.INTERVAL), aim=np.full(DAY.n, 0.8))

    assert aims(plain)["sales"].heads[8:10] == pytest.approx([1, 1])
    assert owed.heads[8:10] == pytest.approx([2, 2])


def test_least_heads_of_other_promises_are_owed():
    """Three heads at eight for another promise; at nine the floor of this one asks for more."""
    least = np.where(DAY.clock == 480, 3.0, 0.0)
    _, owed = one_queue(AnswerRate(share=0.9, floor=0.5), least=least)

    assert owed.heads[8:10] == pytest.approx([3, 1])


def test_work_that_can_wait_is_owed_by_stretches():
    """
    Eight hours' time leave two in which a roster is free: of four open hours with a pace of
    1, 3, 2 and 0 letters the first two owe four, the others two, whoever comes when.
    """
    opened = (DAY.clock >= 480) & (DAY.clock < 720)
    zeros, pace = np.zeros(DAY.n), np.zeros(DAY.n)
    pace[8:12] = 1, 3, 2, 0
    table = np.where(opened[:, None], np.array([0.0, 4.0]), 0.0)
    line = QueueRequirement(
        *("mail", np.where(DAY.clock == 480, 6.0, 0.0), *[zeros] * 9),
        promise=OnTime(share=0.9, due=8),
        curve=Curve(table, table, np.zeros_like(table)),
        pace=pace,
    )
    owed = aims(Requirement(DAY, {"mail": line}, {"mail": opened}))["mail"]

    assert [target.contacts for target in owed.targets] == [4, 2]
    assert [np.flatnonzero(target.rows).tolist() for target in owed.targets] == [[8, 9], [10, 11]]
    assert owed.missing(np.where(DAY.clock == 540, 1.0, 0.0))[1] == {
        "the hours from 2024-01-01T10:00": 2
    }
