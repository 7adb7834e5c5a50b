"""
Fixed duties and standing rosters, against every roster of a tiny case.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scheduling.beside import ADA, BOB, PAIR, PAUSE, best, fixed, standing
from tests.scheduling.tiny import HALF
from wfm.domain.roster import Block, Calendar, Duty
from wfm.domain.workforce import TRAINING, WORK, Fixed
from wfm.errors import NoRosterError
from wfm.scheduling.decided import around, exact
from wfm.scheduling.schedule import schedule
from wfm.scheduling.shapes import frames

FIXED = {
    "a shift": (Fixed(0, 600, 840, WORK),),
    "a training in some shift": (Fixed(0, 660, 720, TRAINING),),
    "a shift with a training": (
        Fixed(0, 600, 660, TRAINING),
        Fixed(0, 660, 840, WORK),
    ),
    "a time off": (Fixed(0, 0, 600, None),),
}


@pytest.mark.parametrize("name", FIXED)
def test_the_best_roster_around_what_is_fixed_is_found(name):
    """Of every roster that keeps it, none is cheaper than the plan or its bound."""
    problem = replace(PAIR, people=(fixed(ADA, *FIXED[name]), BOB)).problem()
    plan = schedule(problem, seed=3, effort=0.1)
    least = best(problem)

    assert plan.bound <= least + 1
    assert plan.cost.total == pytest.approx(least, abs=1.5)
    assert not [v for t in plan.roster for v in problem.book.check(t) if v.code == "FIXED"]


def test_a_fixed_shift_with_its_break_stays_as_it_is():
    """Four hours with a break of one are no shape of the contract, and stay all the same."""
    rows = (Fixed(0, 480, 540, WORK), Fixed(0, 540, 600, PAUSE), Fixed(0, 600, 720, WORK))
    problem = replace(PAIR, people=(fixed(ADA, *rows), BOB)).problem()
    blocks = schedule(problem, effort=0.1).roster.by_agent["ada"].by_day[0][0].blocks

    assert [(b.start, b.end, b.activity.name) for b in blocks] == [
        (480, 540, "work"),
        (540, 600, "pause"),
        (600, 720, "work"),
    ]


def test_a_week_that_is_fixed_whole_is_filled_around():
    """Ada's two days are given; only Bob is planned, and the plan is the best around her."""
    rows = (Fixed(0, 480, 720, WORK), Fixed(1, 1440 + 480, 1440 + 660, WORK))
    problem = replace(PAIR, people=(fixed(ADA, *rows), BOB)).problem()
    plan = schedule(problem, seed=3, effort=0.1)
    ada = plan.roster.by_agent["ada"]

    assert [(d.start, d.end) for d in ada.planned] == [(480, 720), (1920, 2100)]
    assert plan.cost.total == pytest.approx(best(problem), abs=1.5)


def test_a_fixed_shift_against_the_law_is_named_with_the_rule():
    """A fixed shift of fifteen hours leaves no daily rest: no roster, and both are named."""
    rows = (Fixed(0, 480, 1380, WORK), Fixed(1, 1440 + 480, 1440 + 600, WORK))
    problem = replace(PAIR, people=(fixed(ADA, *rows), BOB)).problem()

    with pytest.raises(NoRosterError) as found:
        schedule(problem, effort=0.1)

    assert "agent ada" in str(found.value)
    assert "FIXED" in str(found.value)


def test_two_fixed_things_at_once_are_named():
    """A training that is fixed in a time off: two parts of one rule that exclude each other."""
    rows = (Fixed(0, 480, 960, None), Fixed(0, 540, 600, TRAINING))
    problem = replace(PAIR, people=(fixed(ADA, *rows), BOB)).problem()

    with pytest.raises(NoRosterError, match="FIXED"):
        schedule(problem, effort=0.1)


def test_breaks_keep_their_distances_around_an_activity():
    """Every placement around a training is one of the shape's, with the training beside it."""
    calendar = Calendar(PAIR.grid)
    frame = next(f for f in frames(HALF, calendar, 0) if (f.start, f.end) == (480, 720))
    made = around(frame, (Fixed(0, 540, 600, TRAINING),))
    placed = [f.duty(breaks, ("a",)) for f in made for breaks in f.placements()]

    # of the breaks at 09:00 and 10:00 the training leaves the one at 10:00
    assert [[(b.start, b.activity.name) for b in d.blocks] for d in placed] == [
        [(480, "work"), (540, "training"), (600, "pause"), (660, "work")]
    ]


def test_an_exact_frame_is_its_duty_again():
    """Blocks, gap, queues and all; its paid and working minutes too."""
    duty = Duty(0, (Block(480, 540, WORK, ("b", "a")), Block(600, 660, TRAINING)))
    frame = exact(duty, ADA, Calendar(PAIR.grid))

    assert frame.duty((540, 600), ("a",)).blocks == duty.blocks
    assert (frame.paid, frame.work) == (duty.paid, duty.work)


@pytest.mark.parametrize("price", [0, 300, 1500])
def test_a_change_is_made_when_it_is_worth_its_price(price):
    """At every price the plan is the best of all rosters, changes counted."""
    stands = standing(price=price)
    problem = replace(PAIR.problem(), standing=stands)
    plan = schedule(problem, seed=3, effort=0.6)
    least = best(problem, tuple(d for tour in stands.duties.values() for d in tour.values()))

    assert plan.bound <= least + 1
    assert plan.cost.total == pytest.approx(least, abs=1.5)
    assert plan.cost.changes == price * sum(
        len(stands.changed(tour.agent, tour.by_day, 2)) for tour in plan.roster
    )


def test_a_kept_day_stays_whatever_it_costs():
    """Changes are free, and Ada's first day is kept."""
    stands = standing(kept={"ada": {0}})
    plan = schedule(replace(PAIR.problem(), standing=stands), effort=0.1)

    assert 0 not in stands.changed("ada", plan.roster.by_agent["ada"].by_day, 2)


def test_a_free_day_changes_at_no_price():
    """At a price beyond all reason only the days that are free differ."""
    stands = standing(price=100_000_00, free={"ada": {0, 1}, "bob": ()})
    plan = schedule(replace(PAIR.problem(), standing=stands), seed=3, effort=0.1)

    assert plan.cost.changes == 0
    assert not stands.changed("bob", plan.roster.by_agent["bob"].by_day, 2)


def test_who_is_spared_keeps_a_tour_that_rules_forbid():
    """Bob's night of two hours on Monday, against his hours: it stays, the rest is planned."""
    night = Duty(0, (Block(60, 180, WORK, ("a",)),))
    stands = replace(standing(), spared=frozenset({"bob"}))
    stands = replace(stands, duties={**stands.duties, "bob": {0: night}})
    problem = replace(PAIR.problem(), standing=stands)
    plan = schedule(problem, seed=3, effort=0.6)

    assert plan.roster.by_agent["bob"].planned[0].blocks == night.blocks
    assert len(plan.roster.by_agent["bob"].planned) == 1
    assert plan.bound <= plan.cost.total <= plan.bound * 1.2
